"""Every command on a fresh clone, in any order: one clear message, no traceback, nothing lost."""

import json
import shutil
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell

from cs231n_kit.grading.course import Course
from cs231n_kit.grading.doctor.tiny import GOOD, answered, make_course
from cs231n_kit.grading.doctor.tiny import NAME as TINY

HOME = Course.find()
NAME = "01-knn"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A course as it is cloned, but never released: sources and configuration alone."""
    root = tmp_path_factory.mktemp("clone")
    shutil.copytree(
        HOME.solutions / NAME, root / "solutions" / NAME, ignore=shutil.ignore_patterns("*.ipynb")
    )
    shutil.copy(HOME.root / "nbgrader_config.py", root)
    downloads = root / "downloads"
    downloads.mkdir()
    (downloads / "ada_knn.ipynb").write_text('{"nbformat": 4, "cells": []}')
    (downloads / "ada_other.ipynb").write_text('{"nbformat": 4, "cells": []}')
    return root


def run(clone, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "cs231n_kit.grading", *arguments],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["collect", NAME, "downloads"], "make release"),
        (["collect", NAME, "nowhere"], "not a folder"),
        (["collect", "99-nothing", "downloads"], "There is no assignment"),
        (["autograde", NAME, "--unboxed"], "The class is empty"),
        (["autograde", "99-nothing"], "There is no assignment"),
        (["feedback", NAME], "make autograde"),
        (["feedback", "99-nothing"], "There is no assignment"),
        (["grades"], "The class is empty"),
        (["grades", "99-nothing"], "There is no assignment"),
        (["release", "99-nothing"], "There is no assignment"),
        (["release", NAME, "--exchange", "nowhere"], "nowhere"),
        (["autograde", NAME, "--jobs", "0"], "0"),
        (["nonsense"], "nonsense"),
        (["collect"], "ASSIGNMENT"),
    ],
)
def test_what_cannot_be_done_yet_is_said_in_words(clone, arguments, words):
    done = run(clone, *arguments)
    assert done.returncode != 0
    assert words in done.stderr, done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_class_of_nobody_but_refused_names_says_so(tmp_path):
    course, _, _ = make_course(tmp_path)
    (course.submitted / "=1+1" / TINY).mkdir(parents=True)
    done = run(course.root, "autograde", TINY, "--unboxed")
    assert done.returncode == 1
    assert "The class is empty" in done.stderr and "'=1+1' in submitted/ is no student's id" in done.stderr


def test_a_refused_name_ends_the_command_after_the_class_was_reported(tmp_path):
    course, _, _ = make_course(tmp_path)
    for name in ("-rf", "ada"):
        (course.submitted / name / TINY).mkdir(parents=True)
    done = run(course.root, "grades")
    assert done.returncode == 1
    assert "ada" in (course.root / "grades.csv").read_text()
    assert "'-rf' in submitted/ is no student's id" in done.stderr


def test_outside_of_a_course(tmp_path):
    done = run(tmp_path, "grades")
    assert done.returncode == 1
    assert "No course here" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.boxed
def test_cells_that_share_an_id_warn_nobody(tmp_path):
    course, _, released = make_course(tmp_path)
    notebook = answered(released, GOOD)
    notebook.cells += [new_code_cell("1 + 1"), new_code_cell("2 + 2")]
    for cell in notebook.cells:
        cell["id"] = "same"
    folder = course.submitted / "ada" / TINY
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook))
    for command in (["autograde", TINY], ["feedback", TINY], ["grades"]):
        done = run(course.root, *command)
        assert (done.returncode, done.stderr) == (0, "")
    head = done.stdout.split("kept elsewhere: ")[1].split()[0]
    assert run(course.root, "grades", "--head", head).returncode == 0
    (course.autograded / "grades.log").unlink()
    done = run(course.root, "grades", "--head", head)
    assert done.returncode == 1
    assert "ada, 01-tiny: graded according to the gradebook, but not in grades.log" in done.stderr
    assert "shortened or begun anew" in done.stderr
