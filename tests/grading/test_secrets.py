"""What a hostile submission to the real course takes home: no earlier solution, no hidden test, no input of one."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.utils import is_solution

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.authoring.generate import record
from cs231n_kit.grading.autograde.earlier import earlier_notebooks
from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.autograde.report import read_report
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.desk.feedback import write_feedback
from cs231n_kit.grading.source import grade_id
from cs231n_kit.notebooks import load_functions

HOME = Course.find()
NAME = "04-training-dynamics"
READ = """
import glob
for path in sorted(glob.glob("/course/[!d]*/**/*", recursive=True)):
    print("PATH", path)
    try:
        print(open(path).read())
    except OSError:
        pass
"""
HOARD = """
import numpy as np
KEPT = []
def sigmoid_forward(x):
    KEPT.append(repr(x))
    raise ValueError("the inputs were " + repr(x))
def tanh_forward(x):
    KEPT.append(repr(x))
    return "smuggled " + repr(x), x
"""
TELL = "print('KEPT', len(KEPT), KEPT)\nKEPT"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(page, instructor's notebook as text, report) of a submission that reads, hoards and tells."""
    course = scratch_course(HOME, HOME.assignment(NAME), tmp_path_factory.mktemp("course"))
    for name in ("03-backprop",):
        source = HOME.assignment(name).source
        target = course.solutions / name / source.name
        target.parent.mkdir()
        target.write_bytes(source.read_bytes())
    assignment = course.assignment(NAME)
    record(course, assignment)
    notebook = nbformat.read(course.build / "recorded" / NAME / f"{assignment.stem}.ipynb", as_version=4)
    for cell in notebook.cells:
        if is_solution(cell) and grade_id(cell) in ("sigmoid", "tanh", "sigmoid_forward"):
            cell.source = HOARD
    notebook.cells.insert(0, new_code_cell(READ))
    notebook.cells.append(new_code_cell(TELL))
    folder = course.submitted / "eve" / NAME
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{assignment.stem}.ipynb")
    autograde(course, assignment, jobs=1)
    write_feedback(course, assignment)
    page = (course.feedback / "eve" / NAME / f"{assignment.stem}.html").read_text(encoding="utf-8")
    kept = (course.autograded / "eve" / NAME / f"{assignment.stem}.ipynb").read_text(encoding="utf-8")
    return page, kept, read_report(course, assignment, "eve")


@pytest.mark.boxed
def test_the_box_holds_no_test_and_no_other_solution(graded):
    _, kept, _ = graded
    assert "PATH /course/notebooks/03-backprop/backprop.ipynb" in kept, "the attack did not run"
    assert "HIDDEN TESTS" not in kept.partition("PATH")[2].partition("KEPT")[0]
    assert "class Value" not in kept
    assert "def affine_forward" in kept  # what the assignment loads is there


@pytest.mark.boxed
def test_what_was_hoarded_stays_with_the_instructor(graded):
    page, kept, report = graded
    assert "KEPT " in kept and "array(" in kept, "the attack did not run"
    for word in (
        "PATH /course",
        "def affine_forward",
        "the inputs were array",
        "smuggled array",
        "KEPT 1",
        "KEPT 2",
    ):
        assert word not in page
    assert any(test["hidden"] and test["error"] for test in report.tests)


@pytest.mark.parametrize("name", HOME.names())
def test_every_assignment_finds_what_it_loads_and_nothing_else(name, monkeypatch):
    assignment = HOME.assignment(name)
    monkeypatch.setenv("CS231N_NOTEBOOKS", str(HOME.solutions))  # another test's course may have set it
    with earlier_notebooks(HOME, assignment, assignment.released) as folder:
        from pathlib import Path

        texts = [path.read_text(encoding="utf-8") for path in Path(folder).rglob("*") if path.is_file()]
        assert not any(words in text for text in texts for words in ("###", "HIDDEN", "checks.", "assert "))
        monkeypatch.setenv("CS231N_NOTEBOOKS", folder)
        monkeypatch.chdir(folder)
        for path in Path(folder).glob("*/*.ipynb"):
            definitions = nbformat.read(path, as_version=4).cells[0].source
            first = definitions.partition("def ")[2].partition("(")[0]
            assert callable(load_functions(path.parent.name, first))
