"""Grading that is killed at any moment: no process stays behind, nothing is lost, the next run does the rest."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from cs231n_kit.grading.autograde.ledger import Ledger
from cs231n_kit.grading.autograde.report import read_report
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, WRONG, answered, make_course

pytestmark = pytest.mark.boxed
CLASS = {f"student{i}": GOOD if i % 2 else WRONG for i in range(8)}
COMMAND = [sys.executable, "-m", "cs231n_kit.grading"]


@pytest.fixture
def course(tmp_path):
    course, _, released = make_course(tmp_path)
    for student, answers in CLASS.items():
        folder = course.submitted / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(answered(released, answers), folder / "tiny.ipynb")
    return course


def logged(course):
    """{student: line of the log} of those graded so far; a student is done when that line is written."""
    return {student: line for (student, _), line in Ledger(course.autograded).latest().items()}


@pytest.fixture
def temporary(monkeypatch):
    """The folder for temporary files of the runs; its path is short, for sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def run(course, *arguments):
    return subprocess.run(
        [*COMMAND, *arguments], cwd=course.root, capture_output=True, text=True, check=False
    )


def test_a_killed_run_leaves_no_process_and_the_next_one_does_the_rest(course, temporary):
    grader = psutil.Popen([*COMMAND, "autograde", NAME], cwd=course.root, stdout=subprocess.DEVNULL)
    patience = time.monotonic() + 120
    while not logged(course) and time.monotonic() < patience:
        time.sleep(0.1)
    family = grader.children(recursive=True)
    assert grader.poll() is None and family, "the run was over before it could be killed"
    grader.kill()
    grader.wait()
    done = logged(course)
    _, left = psutil.wait_procs(family, timeout=30)
    assert not left, f"still there half a minute after the grader was killed: {left}"
    assert 0 < len(done) < len(CLASS)
    assert list(temporary.glob("cs231n-run-*/*")), "the run kept its temporary files elsewhere"
    (temporary / "cs231n-run-of-no-one").write_text("a file")
    (temporary / "somebody's").mkdir()

    again = run(course, "autograde", NAME)
    assert again.returncode == 0, again.stdout + again.stderr
    lines = (course.autograded / "grades.log").read_text().splitlines()
    assert len(lines) == len(CLASS), "somebody was graded a second time"
    points = {s: read_report(course, course.assignment(NAME), s).score for s in CLASS}
    assert points == {s: 100.0 if answers is GOOD else 0.0 for s, answers in CLASS.items()}
    assert sorted(path.name for path in temporary.iterdir()) == ["cs231n-run-of-no-one", "somebody's"]
    grades = run(course, "grades")
    assert grades.returncode == 0, grades.stdout + grades.stderr
