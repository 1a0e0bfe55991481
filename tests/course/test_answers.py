"""Every right answer that is kept earns full marks, and every wrong one loses some, with a message that helps."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import exercises, grade_id, read_source
from tests.course.answers_file import read_answers
from tests.course.harness import Outcome

COURSE = Course.find()
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", COURSE.names())
def test_answers(name):
    command = [sys.executable, "-m", "tests.course.harness", name, "--json"]
    done = subprocess.run(command, cwd=COURSE.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [Outcome(**fields) for fields in json.loads(done.stdout)]
    found = [f"{o.exercise} | {o.name}: {o.problem}" for o in outcomes if o.problem]
    only_hidden = sum(o.caught_by == ["hidden"] for o in outcomes)
    print(f"{name}: {len(outcomes)} answers, {only_hidden} caught by hidden tests alone")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", COURSE.names())
def test_every_exercise_has_its_answers(name):
    notebook = read_source(COURSE.assignment(name).source)
    solutions = {
        grade_id(cell): cell.source for cell in notebook.cells if cell.cell_type == "code" and grade_id(cell)
    }
    answers = read_answers(name, solutions)
    right = Counter(answer.exercise for answer in answers if answer.right)
    wrong = Counter(answer.exercise for answer in answers if not answer.right)
    for exercise in exercises(notebook).values():
        if exercise.visible or exercise.hidden:
            assert right[exercise.name] >= 4, (
                f"{exercise.name} has {right[exercise.name]} right answers, 4 are wanted"
            )
            assert wrong[exercise.name] >= 1, f"{exercise.name} has no wrong answer"
    names = Counter((answer.exercise, answer.name) for answer in answers)
    assert max(names.values()) == 1, f"named twice: {names.most_common(1)}"
