"""The box, seen from inside, and used by plain nbgrader through configuration alone."""

import asyncio
import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from cs231n_kit.grading.autograde.kernel import StudentKernel
from cs231n_kit.grading.box import calls
from cs231n_kit.grading.box.provisioner import KERNEL, KERNELS
from cs231n_kit.grading.doctor.rows import write
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, answered, make_course
from cs231n_kit.grading.limits import Limits

pytestmark = pytest.mark.boxed

LOOK = """
import json, os, resource
def can_write(folder):
    try:
        open(folder + "/probe", "w").close()
        return True
    except OSError:
        return False
def refused():
    import ctypes, socket, subprocess, threading
    libc, found = ctypes.CDLL(None), []
    for name, call in {
        "unshare": lambda: libc.unshare(0x10000000),
        "ptrace": lambda: libc.ptrace(0, 0, 0, 0),
        "a socket of the crypto interface": lambda: socket.socket(38, 5) and 0,
    }.items():
        try:
            found += [name] if call() == -1 else []
        except OSError:
            found.append(name)
    thread = threading.Thread(target=print)
    thread.start(), thread.join(), subprocess.run(["true"], check=True)
    return found
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines() if ":" in line)
places = ["/", "/usr", "/etc", "/dev", "/tmp", "/home/student", "/course/notebooks", os.path.dirname(os.__file__)]
print(json.dumps({
    "user": os.getuid(),
    "root": sorted(os.listdir("/")),
    "writable": [place for place in places if can_write(place)],
    "capabilities": int(status["CapEff"], 16) + int(status["CapPrm"], 16),
    "new_privileges": status["NoNewPrivs"].strip(),
    "filter": status["Seccomp"].strip(),
    "refused": refused(),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "environment": dict(os.environ),
    "notebooks": os.listdir("/course/notebooks"),
    "limits": [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC)],
}))
"""


async def outputs(*cells, box=None, limits=None):
    kernel = StudentKernel(limits or Limits(), box or {})
    try:
        await kernel.start()
        return [await kernel.run(cell, 30) for cell in cells], kernel.manager.provisioner.folder
    finally:
        await kernel.close()


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    """What a cell in the box sees."""
    earlier = tmp_path_factory.mktemp("earlier")
    earlier.chmod(0o755)
    (earlier / "01-tiny").mkdir()
    os.environ["SECRET_TOKEN"] = "do not tell"
    try:
        found, folder = asyncio.run(outputs(LOOK, box={"notebooks": str(earlier)}))
    finally:
        del os.environ["SECRET_TOKEN"]
    return json.loads(found[0][0].text), folder


def test_it_has_a_user_of_its_own_and_no_powers(inside):
    seen, _ = inside
    assert seen["user"] != 0
    assert seen["capabilities"] == 0
    assert seen["new_privileges"] == "1"


@pytest.mark.skipif(calls.why_not() is not None, reason="no libseccomp here")
def test_its_system_calls_are_filtered(inside):
    seen, _ = inside
    assert seen["filter"] == "2"
    assert seen["refused"] == ["unshare", "ptrace", "a socket of the crypto interface"]


def test_without_the_library_nothing_is_filtered_and_the_reason_is_given(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    calls._filter.cache_clear()
    assert "pyseccomp" in calls.why_not()
    calls.install()
    assert "Seccomp:\t0" in Path("/proc/self/status").read_text()
    calls._filter.cache_clear()


def test_it_sees_little_and_writes_where_nothing_lasts(inside):
    seen, folder = inside
    assert seen["writable"] == ["/tmp", "/home/student"]
    assert "sys" not in seen["root"]
    assert seen["notebooks"] == ["01-tiny"]
    assert seen["processes"] < 6
    assert not folder.exists()


def test_the_hosts_environment_stays_outside(inside):
    environment = inside[0]["environment"]
    assert "SECRET_TOKEN" not in environment
    assert environment["HOME"] == "/home/student"
    assert environment["CS231N_NOTEBOOKS"] == "/course/notebooks"


def test_limits_are_those_of_the_configuration(inside):
    assert inside[0]["limits"] == [Limits().file_bytes, Limits().processes]


def test_the_course_is_not_there():
    text = (
        f"import os; print([os.path.exists({str(Path.cwd())!r} + name) for name in ('/solutions', '/tests')])"
    )
    (found,), _ = asyncio.run(outputs(text))
    assert found[0].text == "[False, False]\n"


def test_a_cell_that_takes_too_long_is_interrupted_and_the_next_one_runs():
    async def run():
        kernel = StudentKernel(Limits(), {})
        await kernel.start()
        try:
            slow = await kernel.run("kept = 1\nwhile True: pass", 1)
            return slow, await kernel.run("print(kept)", 20)
        finally:
            await kernel.close()

    slow, after = asyncio.run(run())
    assert [output.ename for output in slow] == ["TimeoutError"]
    assert after[0].text == "1\n"


def test_plain_nbgrader_uses_the_box_by_configuration_alone(tmp_path, monkeypatch):
    course, _, released = make_course(tmp_path / "course")
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.Execute.kernel_name = {KERNEL!r}\n")
    monkeypatch.setenv("JUPYTER_PATH", str(KERNELS.parent))
    notebook = answered(released, GOOD)
    notebook.cells.insert(0, new_code_cell(f"import os; print(os.getuid(), os.path.exists({str(config)!r}))"))
    (course.submitted / "ada" / NAME).mkdir(parents=True)
    write(course.submitted / "ada" / NAME, notebook)
    assert course.nbgrader().autograde(NAME, "ada")["success"]
    user, sees_course = (
        nbformat.read(course.autograded / "ada" / NAME / "tiny.ipynb", 4).cells[0].outputs[0].text.split()
    )
    assert user != "0"
    assert sees_course == "False"
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 100


@pytest.mark.parametrize(
    ("name", "value"),
    [("cell_second", 3), ("cell_seconds", 0), ("cell_seconds", "ten"), ("memory_bytes", True)],
)
def test_a_limit_that_means_nothing_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Limits.of({"Limits": {name: value}})


def test_a_figure_prints_nothing_that_is_no_one_s_fault():
    (found,), _ = asyncio.run(
        outputs("import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('x'); plt.show()")
    )
    assert [output["output_type"] for output in found] == ["display_data"], found
