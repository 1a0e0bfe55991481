"""The tiny course in Otter's format, and its grading by `otter run`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

from benchmarks.attacks_sandbox import run_in_sandbox
from cs231n_kit.grading.doctor.tiny import NAME

QUESTIONS = {
    "double": (
        "def double(x):\n    return 2 * x  # SOLUTION",
        [
            (40, False, "checks.close(double(np.array([1.0, 2.0])), [2.0, 4.0], 'double')"),
            (50, True, "assert (double(np.arange(3.0)) == [0, 2, 4]).all() and double(2.5) == 5.0"),
        ],
    ),
    "apply": (
        "def apply(f, x):\n    return f(x)  # SOLUTION",
        [(10, False, "checks.equal(apply(lambda v: v + 1, 41), 42, 'apply')")],
    ),
}


def otter():
    """Return the path of the command, which the variable OTTER names."""
    path = os.environ.get("OTTER") or shutil.which("otter")
    if not path:
        sys.exit("Otter is not installed here: the first lines of benchmarks/grading_attacks.py say how.")
    return path


def source():
    """Return the notebook that `otter assign` reads: the tiny course's exercises and tests."""
    cells = [
        new_raw_cell("# ASSIGNMENT CONFIG\ngenerate: true\nrun_tests: true\ntests:\n  ok_format: false\n"),
        new_code_cell("import numpy as np\n\nfrom cs231n_kit import checks"),
    ]
    for name, (solution, tests) in QUESTIONS.items():
        cells += [new_raw_cell(f"# BEGIN QUESTION\nname: {name}"), new_raw_cell("# BEGIN SOLUTION")]
        # the attacks know an answer cell by nbgrader's metadata, which Otter leaves alone
        marks = {"grade_id": name, "solution": True, "grade": False, "locked": False, "schema_version": 3}
        cells += [new_code_cell(solution, metadata={"nbgrader": marks}), new_raw_cell("# END SOLUTION")]
        cells.append(new_raw_cell("# BEGIN TESTS"))
        for number, (points, hidden, text) in enumerate(tests):
            config = f"points: {points}\nhidden: {str(hidden).lower()}"
            test = f"def test_{number}({name}, np, checks):\n    {text}\ntest_{number}({name}, np, checks)"
            cells.append(new_code_cell(f'""" # BEGIN TEST CONFIG\n{config}\n""" # END TEST CONFIG\n{test}'))
        cells += [new_raw_cell("# END TESTS"), new_raw_cell("# END QUESTION")]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})


def release(folder):
    """Run `otter assign` in a folder and return the folder."""
    folder = Path(folder)
    nbformat.write(source(), folder / "tiny.ipynb")
    environment = {**os.environ, "PATH": f"{Path(otter()).parent}:{os.environ['PATH']}"}
    subprocess.run([otter(), "assign", "tiny.ipynb", "dist"], cwd=folder, env=environment, check=True)
    return str(folder)


def released():
    """Return the student's notebook."""
    path = Path(os.environ["OTTER_RELEASE"]) / "dist" / "student" / "tiny.ipynb"
    return nbformat.read(path, as_version=4)


def grade(course):
    """Run `otter run` on each student's file; returns points: student -> points, or None without a grade."""
    tests = course.root / "autograder.zip"
    (packed,) = (Path(os.environ["OTTER_RELEASE"]) / "dist" / "autograder").glob("*.zip")
    shutil.copy(packed, tests)
    points = {}
    for student in ("a", "b"):
        results = course.autograded / student
        results.mkdir(parents=True)
        handed_in = sorted((course.submitted / student / NAME).glob("*"))  # the folder may be missing
        for submission in [path for path in handed_in if path.suffix in (".ipynb", ".zip")][:1]:
            run_in_sandbox(
                [otter(), "run", "-a", tests, "-o", results, "--no-logo", submission], course.root, otter()
            )
        points[student] = _score(results / "results.json")
    tests.unlink()
    return points


def _score(path):
    if not path.is_file():
        return None
    return sum(test.get("score") or 0 for test in json.loads(path.read_text())["tests"])
