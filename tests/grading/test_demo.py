"""The demo's class gets exactly the grades it deserves."""

import csv

import pytest

from cs231n_kit.grading import demo
from cs231n_kit.grading.course import Course, UserError

EXPECTED = {  # student: (total, points lost in these exercises alone, state)
    "ada": (90, {}, "to be graded by hand"),
    "barbara": (0, None, "missing"),
    "blaise": (0, None, "graded"),
    "carl": (70, {"compute_distances_no_loops": 20}, "to be graded by hand"),
    "emmy": (85, {"predict_labels": 5}, "to be graded by hand"),
    "sofia": (90, {}, "to be graded by hand"),
}
FULL = {
    "warm_up": 2,
    "compute_distances_two_loops": 12,
    "why_bright_rows": 0,
    "compute_distances_one_loop": 12,
    "compute_distances_no_loops": 20,
    "predict_labels": 18,
    "cross_validate": 20,
    "choose_k": 6,
    "why_test_last": 0,
}


class Silence:
    def print(self, *args, **kwargs):
        pass

    def status(self, *args):
        from contextlib import nullcontext

        return nullcontext(type("Status", (), {"update": lambda *args: None})())


@pytest.fixture(scope="module")
def rows():
    return {
        row.student: row for row in demo.run(Course.find(), Silence(), lambda rows: None, lambda rows: None)
    }


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("student", EXPECTED)
def test_grades(rows, student):
    total, lost, state = EXPECTED[student]
    row = rows[student]
    assert (row.total, row.max, row.state, row.late) == (total, 100, state, "")
    expected = (
        dict.fromkeys(FULL, 0) if lost is None else {name: FULL[name] - lost.get(name, 0) for name in FULL}
    )
    assert row.exercises == expected


@pytest.mark.xdist_group("demo")
def test_csv(rows, tmp_path):
    from cs231n_kit.grading.desk.grades import write_csv

    write_csv(tmp_path / "grades.csv", list(rows.values()))
    with (tmp_path / "grades.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [line["student"] for line in table] == sorted(EXPECTED)
    assert list(table[0]) == ["student", "assignment", *FULL, "total", "max", "late", "state"]
    assert table[4]["predict_labels"] == "13"


def test_an_empty_class_is_one_clear_line(tmp_path):
    from cs231n_kit.grading.authoring.build import scratch_course
    from cs231n_kit.grading.autograde.pipeline import autograde

    course = Course.find()
    empty = scratch_course(course, course.assignment("01-knn"), tmp_path)
    with pytest.raises(UserError, match="The class is empty"):
        autograde(empty, empty.assignment("01-knn"), unboxed=True)
