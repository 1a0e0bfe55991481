"""Forks of a warm box: each is alone in its world, whatever a sibling does, leaves behind or waits for."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest

from cs231n_kit.grading.autograde.kernel import StudentKernel
from cs231n_kit.grading.box import sandbox
from cs231n_kit.grading.box.provisioner import course_in_box
from cs231n_kit.grading.box.warm import WarmBox, WarmError, make_room
from cs231n_kit.grading.limits import Limits

pytestmark = pytest.mark.boxed
# The course itself may lie in /tmp, and its Python then shows there.
SHOWN = sorted({Path(path).parts[2] for path in sandbox.python_paths() if path.startswith("/tmp/")})
LIMITS = Limits(memory_bytes=2**30, grace_seconds=2)
LOOK = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines() if ":" in line)
print(json.dumps({
    "user": os.getuid(),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
    "rooms": os.listdir("/box"),
    "tmp": os.listdir("/tmp"),
    "shm": os.listdir("/dev/shm"),
    "capabilities": int(status["CapEff"], 16) + int(status["CapPrm"], 16),
    "new_privileges": status["NoNewPrivs"].strip(),
    "semaphores": len(open("/proc/sysvipc/shm").read().splitlines()) - 1,
    "random": __import__("numpy").random.default_rng().integers(10**9).item(),
}))
"""
LEAVE = """
import ctypes, os, signal
for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    open(folder + "/left-behind", "w").close()
ctypes.CDLL(None).shmget(1234, 4096, 0o1666)
own = {int(name) for name in os.listdir("/proc/self/task")}
for number in set(range(1, 4000)) - own:
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        pass
"""


@pytest.fixture(scope="module")
def box():
    mounts, environment = course_in_box()
    box = WarmBox(LIMITS, mounts, environment)
    try:
        box.try_out(LIMITS)
    except WarmError as error:
        box.close()
        pytest.skip(f"this host cannot keep a box warm: {error}")
    yield box
    box.close()


async def kernels(box, count, *rounds):
    """Run each round's cell in all of several kernels that live at the same time; returns outputs[round][kernel]."""
    made = [StudentKernel(LIMITS, {"warm": str(box.folder)}) for _ in range(count)]
    try:
        for kernel in made:
            await kernel.start()
        return [[await kernel.run(cell, 30) for kernel in made] for cell in rounds], made
    finally:
        for kernel in made:
            await kernel.close()


def text(outputs):
    return "".join(output.get("text", "") for output in outputs)


def test_siblings_see_nothing_of_each_other(box):
    (_, looks), _ = asyncio.run(kernels(box, 2, LEAVE, LOOK))
    one, two = (json.loads(text(look)) for look in looks)
    for found in (one, two):
        assert found["processes"] == [1, 2]
        assert len(found["rooms"]) == 1
        assert set(found["tmp"]) - {"left-behind"} == set(SHOWN)
        assert found["capabilities"] == 0
        assert found["new_privileges"] == "1"
        assert found["semaphores"] <= 1  # its own
    assert one["rooms"] != two["rooms"]
    assert one["random"] != two["random"]
    if os.getuid() == 0:
        assert one["user"] != two["user"] and 0 not in (one["user"], two["user"])


def test_what_one_leaves_the_next_does_not_find(box):
    asyncio.run(kernels(box, 1, LEAVE))
    (looks,), _ = asyncio.run(kernels(box, 1, LOOK))
    found = json.loads(text(looks[0]))
    assert (found["tmp"], found["shm"], found["semaphores"]) == (SHOWN, [], 0)


def test_one_that_dies_or_exhausts_itself_leaves_the_others_alone(box):
    async def go():
        victim, attacker = (StudentKernel(LIMITS, {"warm": str(box.folder)}) for _ in range(2))
        await victim.start()
        await attacker.start()
        await attacker.run("import os\nfor i in range(300):\n    os.fork()", 5)
        await attacker.run("import os; os._exit(1)", 5)
        outputs = await victim.run("print(6 * 7)", 20)
        await attacker.close()
        await victim.close()
        return text(outputs)

    assert asyncio.run(go()).strip() == "42"


def test_a_closed_kernel_leaves_no_process_and_no_room(box):
    import psutil

    def forks():
        return len(psutil.Process(box.process.pid).children(recursive=True))

    asyncio.run(
        kernels(box, 1, "import os\nif os.fork() == 0:\n    os.setsid()\n    import time; time.sleep(60)")
    )
    patience = time.monotonic() + 20
    while forks() > 2 and time.monotonic() < patience:  # bubblewrap's first process, and the warm one
        time.sleep(0.1)
    assert forks() == 2
    assert not [path for path in Path(box.folder).iterdir() if path.is_dir()]


def test_a_room_is_its_user_s_alone(box):
    room, inside = make_room(box.folder)
    assert room.is_dir() and str(inside).startswith("/box/")
    assert box.folder.stat().st_mode & 0o777 == 0o711
    room.rmdir()
