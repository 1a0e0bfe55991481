"""The attack table under our grading and under plain nbgrader: rows held of rows tried, by group.

``python -m benchmarks.grading_attacks [ours|nbgrader] [jobs]``. A row is held when the attacker has the points that are
deserved, the honest student behind them has theirs, and the course's files and gradebook are as they should be. Plain
nbgrader runs as it is installed, inside one sandbox together with the whole course, so that this machine is safe.
The table counts; it does not say which rows a peer loses.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from cs231n_kit.grading.doctor.attacks import ATTACKS, Scene, write
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, answered, make_course
from cs231n_kit.grading.doctor.trial import course_tree, run_in_temporary

SECONDS = 120
PLAIN = "\nc.Execute.timeout = 4\nc.Execute.iopub_timeout = 10\n"


def plain_holds(attack):
    """Grade one attacker and one honest student with plain nbgrader; returns whether the row is held."""
    with tempfile.TemporaryDirectory(prefix="cs231n-plain-") as folder:
        course, _, released = make_course(Path(folder) / "course")
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + PLAIN)
        scene = Scene(course.root, released, 1, f"cs231n-plain-{secrets.token_hex(4)}")
        for student, submit in (("a", attack.submit), ("b", lambda s, f: write(f, answered(released, GOOD)))):
            place = course.submitted / student / NAME
            place.mkdir(parents=True)
            submit(scene, place)
        shutil.rmtree(course.build)
        before = course_tree(course.root)
        _autograde(course, folder)
        with contextlib.suppress(Exception):
            return _as_deserved(course, attack) and course_tree(course.root) == before
        return False  # the gradebook cannot even be read


def _plain_holds_row(number):
    return plain_holds(ATTACKS[number])


def _autograde(course, folder):
    # The course, nbgrader and the kernels together in one sandbox: an attack on nbgrader ends there.
    box = [
        "bwrap",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--die-with-parent",
        "--ro-bind",
        "/",
        "/",
    ]
    box += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", str(Path.home() / ".ipython")]
    box += ["--bind", folder, folder, "--chdir", str(course.root), "--", "prlimit", f"--as={8 * 2**30}"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [*box, sys.executable, "-m", "nbgrader", "autograde", NAME],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )


def _as_deserved(course, attack):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        found = {}
        for student in ("a", "b"):
            try:
                submission = gradebook.find_submission(NAME, student)
            except MissingEntry:
                continue
            graded = (course.autograded / student / NAME / "tiny.ipynb").exists()
            found[student] = submission.score if graded else None
    return found.get("b") == 100 and (found.get("a") or 0) == attack.points


def main():
    """Run and print a row a group."""
    which = sys.argv[1] if len(sys.argv) > 1 else "ours"
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    if which == "nbgrader":
        with ProcessPoolExecutor(jobs) as pool:
            kept = pool.map(_plain_holds_row, range(len(ATTACKS)))
            held = dict(zip([attack.name for attack in ATTACKS], kept, strict=True))
    else:
        held = {row.name: row.held for row in run_in_temporary(jobs=jobs)}
    tried = Counter(attack.group for attack in ATTACKS)
    kept = Counter(attack.group for attack in ATTACKS if held[attack.name])
    for group, count in tried.items():
        print(f"{group}: {kept[group]} of {count}")
    print(f"all: {kept.total()} of {tried.total()}")


if __name__ == "__main__":
    main()
