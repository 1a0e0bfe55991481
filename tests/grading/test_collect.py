"""Downloads are sorted into submitted/ by student, and nothing strange is followed or believed."""

import json

import pytest

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.course import Course, UserError
from cs231n_kit.grading.intake.collect import collect


@pytest.fixture
def course(tmp_path):
    home = Course.find()
    scratch = scratch_course(home, home.assignment("01-knn"), tmp_path / "course")
    released = scratch.assignment("01-knn").released
    released.parent.mkdir(parents=True)
    released.write_bytes(home.assignment("01-knn").released.read_bytes())
    (tmp_path / "downloads").mkdir()
    return scratch


@pytest.fixture
def downloads(tmp_path, course):
    return tmp_path / "downloads"


def collected(course, downloads):
    return dict(collect(course, course.assignment("01-knn"), downloads))


def test_files_and_folders(course, downloads):
    text = course.assignment("01-knn").released.read_bytes()
    (downloads / "ada_knn.ipynb").write_bytes(text)
    (downloads / "carl-12 - final.ipynb").write_bytes(text)
    (downloads / "emmy").mkdir()
    (downloads / "emmy" / "Untitled.ipynb").write_bytes(text)
    said = collected(course, downloads)
    assert said["ada"] == "collected"
    assert said["carl-12"] == "collected, renamed from 'carl-12 - final.ipynb'"
    assert said["emmy"] == "collected, renamed from 'Untitled.ipynb'"
    for student in said:
        assert (course.submitted / student / "01-knn" / "knn.ipynb").read_bytes() == text
    assert collected(course, downloads)["ada"] == "collected before, unchanged"


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"[" * 100000, b'{"cells": []}'],
)
def test_what_is_no_notebook_of_ours_is_skipped(course, downloads, content):
    (downloads / "ada_homework.ipynb").write_bytes(content)
    assert "skipped" in collected(course, downloads)["ada"]
    assert not course.submitted.exists()


def test_links_are_not_followed(course, downloads, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(course.assignment("01-knn").released.read_bytes())
    (downloads / "ada_knn.ipynb").symlink_to(secret)
    (downloads / "emmy").mkdir()
    (downloads / "emmy" / "knn.ipynb").symlink_to(secret)
    said = collected(course, downloads)
    assert "a link" in said["ada"]
    assert "skipped" in said["emmy"]


def test_two_candidates_are_not_guessed(course, downloads):
    text = course.assignment("01-knn").released.read_bytes()
    (downloads / "ada").mkdir()
    for name in ("a.ipynb", "b.ipynb"):
        (downloads / "ada" / name).write_bytes(text)
    assert "2 notebooks that could be knn.ipynb" in collected(course, downloads)["ada"]


def test_another_assignment_is_not_taken_for_this_one(course, downloads):
    other = json.dumps({"cells": [{"metadata": {"nbgrader": {"grade_id": "warm_up"}}}]})
    (downloads / "ada_other.ipynb").write_text(other)
    assert "skipped" in collected(course, downloads)["ada"]


def test_a_missing_folder_is_one_clear_line(course, tmp_path):
    with pytest.raises(UserError, match="is not a folder"):
        collected(course, tmp_path / "nowhere")
