"""The log of grades shows whoever changes it, and a gradebook that says something else."""

import json
from types import SimpleNamespace

import pytest

from cs231n_kit.grading.autograde.ledger import Ledger


@pytest.fixture
def ledger(tmp_path):
    log = Ledger(tmp_path)
    for student, score in (("ada", 3.0), ("carl", 0.0), ("ada", 5.0)):
        log.append(student=student, assignment="01-tiny", key="k", scores={"double_check": score})
    return log


class Book:
    """A gradebook that holds one score for everybody."""

    def __init__(self, **scores):
        self.scores = scores

    def find_submission(self, assignment, student):
        grade = SimpleNamespace(name="double_check", auto_score=self.scores[student])
        return SimpleNamespace(notebooks=[SimpleNamespace(grades=[grade])])


def test_an_honest_log_verifies_against_the_latest_grades(ledger):
    assert ledger.verify(Book(ada=5.0, carl=0.0), ["01-tiny"]) == []
    assert ledger.latest()["ada", "01-tiny"]["scores"] == {"double_check": 5.0}


def test_a_gradebook_edited_by_hand_is_reported(ledger):
    (problem,) = ledger.verify(Book(ada=5.0, carl=4.0), ["01-tiny"])
    assert problem == "carl, 01-tiny, double_check: 4.0 in the gradebook, 0.0 was graded"


def lines(ledger):
    return ledger.path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [rows[0].replace(b"3.0", b"9.0"), *rows[1:]],
        lambda rows: rows[1:],
        lambda rows: [rows[0], rows[2]],
        lambda rows: [rows[1], rows[0], rows[2]],
        lambda rows: [*rows, rows[2]],
        lambda rows: [b"{}\n", *rows],
    ],
    ids=["edited", "first removed", "middle removed", "reordered", "repeated", "inserted"],
)
def test_a_changed_log_is_reported(ledger, change):
    ledger.path.write_bytes(b"".join(change(lines(ledger))))
    assert ledger.entries()[1]


def test_a_line_cut_off_by_a_crash_is_taken_away(ledger):
    ledger.path.write_bytes(b"".join(lines(ledger)) + b'{"stud')
    ledger.append(student="emmy", assignment="01-tiny", key="k", scores={})
    entries, problems = ledger.entries()
    assert [entry["student"] for entry in entries] == ["ada", "carl", "ada", "emmy"]
    assert problems == []
    assert json.loads(lines(ledger)[-1])["previous"] == json.loads(lines(ledger)[-2])["hash"]
