"""The log of grades shows whoever changes it, and a gradebook that says something else."""

import json
from types import SimpleNamespace

import pytest

from cs231n_kit.grading.autograde import ledger as module
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

    def assignment_submissions(self, assignment):
        for student, score in self.scores.items():
            grade = SimpleNamespace(name="double_check", auto_score=score)
            book = SimpleNamespace(grades=[grade])
            yield SimpleNamespace(student_id=student, notebooks=[book])


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


def test_a_missing_an_empty_and_a_shortened_log_are_reported_against_the_gradebook(ledger):
    book, kept = Book(ada=5.0, carl=0.0, emmy=None), lines(ledger)  # emmy waits for a hand
    ledger.path.write_bytes(kept[0])
    assert ledger.verify(book, ["01-tiny"]) == [
        "carl, 01-tiny: graded according to the gradebook, but not in grades.log",
        "ada, 01-tiny, double_check: 5.0 in the gradebook, 3.0 was graded",
    ]
    for remove in (lambda: ledger.path.write_bytes(b""), ledger.path.unlink):
        remove()
        assert [problem[:4] for problem in ledger.verify(book, ["01-tiny"])] == ["ada,", "carl"]


FOREIGN = [
    b"\n",
    b"\xff\xfe\n",
    b"[]\n",
    b"null\n",
    b'{"hash": "x", "previous": 3}\n',
    b"[" * 100_000 + b"\n",
]


@pytest.mark.parametrize("line", FOREIGN, ids=["blank", "bytes", "list", "null", "no entry", "deep"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_foreign_line_is_reported_and_stops_nothing(ledger, line, place):
    rows = lines(ledger)
    ledger.path.write_bytes(b"".join([*rows[:place], line, *rows[place:]]))
    ledger.append(student="emmy", assignment="01-tiny", key="k", scores={})
    assert ledger.entries()[1] == [f"line {place + 1} of grades.log cannot be read"]
    assert list(ledger.latest()) == [("ada", "01-tiny"), ("carl", "01-tiny"), ("emmy", "01-tiny")]


def test_a_head_that_was_kept_shows_a_log_written_anew(ledger, tmp_path):
    head = ledger.head()
    ledger.append(student="emmy", assignment="01-tiny", key="k", scores={})
    assert ledger.verify_head(head) == [] and ledger.verify_head(ledger.head()) == []
    ledger.path.write_bytes(b"".join(lines(ledger)[:2]))
    assert ledger.verify_head(head) == [
        "grades.log has 2 lines, and it had 3: it was shortened or begun anew"
    ]
    ledger.path.unlink()
    for _ in range(3):  # a chain that is whole, and another
        ledger.append(student="ada", assignment="01-tiny", key="k", scores={"double_check": 9.0})
    assert ledger.entries()[1] == []
    assert "written anew" in ledger.verify_head(head)[0]
    assert "is no head" in ledger.verify_head("abc")[0]
    assert Ledger(tmp_path / "none").head() == "0:" + "0" * 64


def test_the_end_of_a_long_log_is_enough_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TAIL", 64)
    log = Ledger(tmp_path)
    for number in range(30):
        log.append(student=f"s{number}", assignment="01-tiny", scores={"a": 1.0})
        if number == 10:
            with log.path.open("ab") as file:
                file.write(b'{"cut off')
        if number == 20:
            with log.path.open("ab") as file:
                file.write(b"noise of a foreign line " * 20 + b"\n")
    entries, problems = log.entries()
    assert [entry["student"] for entry in entries] == [f"s{number}" for number in range(30)]
    assert problems == ["line 22 of grades.log cannot be read"]
