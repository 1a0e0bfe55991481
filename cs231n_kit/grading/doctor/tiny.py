"""A course of one tiny assignment, on which the attacks are tried."""
# ruff: noqa: E501 - short programs and metadata, a line each

import copy
from pathlib import Path

import nbformat

from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.course import Course

NAME = "01-tiny"
SCRIPT = '''\
# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from cs231n_kit import checks


# %% nbgrader={"grade": false, "grade_id": "double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x  # <solution>
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "double_check", "locked": true, "points": 40, "schema_version": 3, "solution": false, "task": false}
checks.close(double(np.array([1.0, 2.0])), [2.0, 4.0], "double")

# %% nbgrader={"grade": true, "grade_id": "double_hidden", "locked": true, "points": 50, "schema_version": 3, "solution": false, "task": false}
# More tests run when the notebook is graded.
### BEGIN HIDDEN TESTS
secret = "<secret>"
checks.close(double(<number>), 2 * <number>, "double of a number")
for x in np.random.default_rng(5).normal(size=(3, 4)):
    before = x.copy()
    result = double(x)
    checks.unchanged(x, before, "x")
    assert np.abs(result - 2 * x).max() < 1e-9
    assert (result == 2 * x).all(), "twice x"
checks.close(double(2.5), 5.0, "double of a number")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "apply", "locked": false, "schema_version": 3, "solution": true, "task": false}
def apply(f, x):
    """Return f(x)."""
    ### BEGIN SOLUTION
    return f(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "apply_check", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
checks.equal(apply(lambda v: v + 1, 41), 42, "apply")
'''
CONFIG = """\
c = get_config()  # noqa: F821
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.py"]
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "."
c.Limits.cell_seconds = 6
c.Limits.grace_seconds = 2
c.Limits.notebook_seconds = 60
c.Limits.memory_bytes = 2**30
c.Limits.value_bytes = 2**26
"""
GOOD = {"double": "def double(x):\n    return x * 2\n", "apply": "def apply(f, x):\n    return f(x)\n"}
WRONG = {"double": "def double(x):\n    return x\n", "apply": "def apply(f, x):\n    return None\n"}


def make_course(folder, secret="", solution="", number="3.5"):
    """Write the tiny course into a folder and record its assignment; returns (course, assignment, released notebook).

    The words `secret` and `solution` are written into a hidden test and into the solution, to see whether they get
    out; `double` is called with `number` by a hidden test.
    """
    folder = Path(folder).resolve()
    (folder / "solutions" / NAME).mkdir(parents=True)
    (folder / "solutions" / NAME / "tiny.py").write_text(
        SCRIPT.replace("<secret>", secret).replace("<solution>", solution).replace("<number>", number)
    )
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)))
    course = Course(folder)
    assignment = course.assignment(NAME)
    record(course, assignment)
    released = nbformat.read(course.build / "recorded" / NAME / "tiny.ipynb", as_version=4)
    return course, assignment, released


def answered(released, answers):
    """Return the released notebook with answers in it."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return notebook
