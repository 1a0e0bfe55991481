"""Every row of the attack table, in one class: nobody earns what is not deserved, nobody is lost."""

import pytest

from cs231n_kit.grading.autograde.ledger import Ledger
from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.desk.feedback import write_feedback
from cs231n_kit.grading.doctor.table import ATTACKS
from cs231n_kit.grading.doctor.tiny import NAME
from cs231n_kit.grading.doctor.trial import GOOD_STUDENT, VICTIM, planted_words, run

WORDS = planted_words()
pytestmark = [pytest.mark.slow, pytest.mark.boxed, pytest.mark.xdist_group("attacks")]


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The whole table, graded once; returns (course, rows by name)."""
    folder = tmp_path_factory.mktemp("doctor")
    rows = run(folder, words=WORDS)
    return Course((folder / "course").resolve()), {row.name: row for row in rows}


@pytest.mark.parametrize("name", [attack.name for attack in ATTACKS])
def test_the_attack_is_held(scene, name):
    assert scene[1][name].problems == []


def test_nothing_outside_was_touched_and_the_honest_were_graded(scene):
    assert scene[1]["graded, and nothing outside touched"].problems == []


def test_names_of_rows_are_unique():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_feedback_has_nothing_that_runs(scene):
    course, _ = scene
    assert write_feedback(course, course.assignment(NAME)) == len(ATTACKS) + 2
    for page in course.feedback.glob("*/*/*.html"):
        text = page.read_text()
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert not any(f"<{tag}" in text for tag in ("iframe", "object", "form", "link ", "svg"))
        assert ' onerror="' not in text.replace("&#34;", "")
        own = page.parents[1].name in (VICTIM, GOOD_STUDENT)  # they wrote one of the words themselves
        assert not [name for name, word in WORDS.items() if word in text and not (own and name == "others")]
        assert "javascript:" not in text


def test_a_second_run_grades_nobody_again(scene):
    course, _ = scene
    lines = len(Ledger(course.autograded).entries()[0])

    class Broken:
        def submit(self, *args):
            raise AssertionError("there is nothing to run")

    outcomes = autograde(course, course.assignment(NAME), executor=Broken())
    assert len(Ledger(course.autograded).entries()[0]) == lines
    assert next(o for o in outcomes if o.student == VICTIM).score == 100


def test_an_edited_gradebook_is_reported(scene):
    from cs231n_kit.grading.course import open_gradebook

    course, _ = scene
    with open_gradebook(course) as gradebook:
        ledger = Ledger(course.autograded)
        assert ledger.verify(gradebook, [NAME]) == []
        grade = gradebook.find_grade("double_check", "tiny", NAME, VICTIM)
        grade.auto_score = 12
        gradebook.db.commit()
        assert ledger.verify(gradebook, [NAME]) == [
            f"{VICTIM}, {NAME}, double_check: 12.0 in the gradebook, 40.0 was graded"
        ]
