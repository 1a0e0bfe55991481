"""The attack table under our grading and under its peers: rows held of rows tried, by group.

``python -m benchmarks.grading_attacks [ours|nbgrader|otter] [jobs]``. A row is held when the attacker has no point that
is not deserved and all that are, the honest student behind them has theirs, and the course's files are as they should
be. The peers run as they are installed, inside one sandbox together with the whole course, so that this host is safe.
What a row attacks that a peer does not have (another grader's metadata, our referee) is held there. Otter needs an
environment of its own, named by the variable OTTER:

    python3 -m venv /tmp/otter && /tmp/otter/bin/pip install otter-grader==7.0.0 nbgrader msgpack
    /tmp/otter/bin/pip install --no-deps -e . && OTTER=/tmp/otter/bin/otter python -m benchmarks.grading_attacks otter

The table counts; it does not say which rows a peer loses.
"""

import contextlib
import os
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from benchmarks import attacks_otter
from benchmarks.attacks_sandbox import run_in_sandbox
from cs231n_kit.grading.doctor.rows import Scene, write
from cs231n_kit.grading.doctor.table import ATTACKS
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, answered, make_course
from cs231n_kit.grading.doctor.trial import course_tree, run_in_temporary

PLAIN = "\nc.Execute.timeout = 20\nc.Execute.iopub_timeout = 10\n"


def peer_holds(peer, number):
    """Grade one attacker and one honest student with a peer; returns whether row `number` is held."""
    attack = ATTACKS[number]
    with tempfile.TemporaryDirectory(prefix="cs231n-peer-") as folder:
        course, _, released = make_course(Path(folder) / "course")
        released = attacks_otter.released() if peer == "otter" else released
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + PLAIN)
        scene = Scene(course.root, released, 1, f"cs231n-peer-{secrets.token_hex(4)}")
        for student, submit in (("a", attack.submit), ("b", lambda s, f: write(f, answered(released, GOOD)))):
            place = course.submitted / student / NAME
            place.mkdir(parents=True)
            submit(scene, place)
        shutil.rmtree(course.build)
        before = course_tree(course.root)
        with contextlib.suppress(Exception):  # as when the gradebook cannot even be read
            points = attacks_otter.grade(course) if peer == "otter" else grade_with_nbgrader(course)
            deserved = attack.points <= (points["a"] or 0) <= attack.most and points["b"] == 100
            return deserved and course_tree(course.root) == before
        return False


def grade_with_nbgrader(course):
    """Run plain `nbgrader autograde`; returns points: student -> points, or None without a grade."""
    run_in_sandbox([sys.executable, "-m", "nbgrader", "autograde", NAME], course.root)
    points = {}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        for student in ("a", "b"):
            with contextlib.suppress(MissingEntry):
                points[student] = gradebook.find_submission(NAME, student).score
            if not (course.autograded / student / NAME / "tiny.ipynb").exists():
                points[student] = None
    return points


def main():
    """Run and print a row a group."""
    which = sys.argv[1] if len(sys.argv) > 1 else "ours"
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    if which == "ours":
        held = {row.name: row.held for row in run_in_temporary(jobs=jobs)}
    elif which in ("nbgrader", "otter"):
        if which == "otter":
            os.environ["OTTER_RELEASE"] = attacks_otter.release(tempfile.mkdtemp(prefix="cs231n-otter-"))
        with ProcessPoolExecutor(jobs) as pool:
            kept = pool.map(peer_holds, [which] * len(ATTACKS), range(len(ATTACKS)))
            held = dict(zip([attack.name for attack in ATTACKS], kept, strict=True))
    else:
        sys.exit(f"There is no grader {which!r} here. There are: ours, nbgrader, otter.")
    tried = Counter(attack.group for attack in ATTACKS)
    kept = Counter(attack.group for attack in ATTACKS if held[attack.name])
    for group, count in tried.items():
        print(f"{group}: {kept[group]} of {count}")
    print(f"all: {kept.total()} of {tried.total()}")


if __name__ == "__main__":
    main()
