"""What is released is current, the same every time, and gives nothing away; nbgrader grades it as it should."""

import nbformat
import pytest
from nbgrader.utils import is_grade, is_locked, is_solution

from cs231n_kit.grading.authoring.build import build, scratch_course
from cs231n_kit.grading.authoring.generate import generate
from cs231n_kit.grading.authoring.leaks import leaks_in_notebook, secret_lines
from cs231n_kit.grading.authoring.trial import grade_as, scores
from cs231n_kit.grading.course import Course
from cs231n_kit.grading.source import exercises, problems, read_source

COURSE = Course.find()


@pytest.mark.parametrize("name", COURSE.names())
def test_release_is_current_and_deterministic(name):
    first, row = build(COURSE.root, name, trial=False)
    second, _ = build(COURSE.root, name, trial=False)
    assert first == second
    released = COURSE.assignment(name).released
    assert released.is_file(), f"run `make release A={name}` and commit assignments/"
    assert released.read_text(encoding="utf-8") == first, (
        f"assignments/ is out of date: `make release A={name}`"
    )
    assert row["points"] == 100


@pytest.mark.parametrize("name", COURSE.names())
def test_released_notebook_gives_nothing_away(name):
    source = read_source(COURSE.assignment(name).source)
    released = nbformat.read(COURSE.assignment(name).released, as_version=4)
    nbformat.validate(released)
    assert not list(problems(source))
    assert not list(leaks_in_notebook(released, secret_lines(source)))
    assert len(secret_lines(source)) > 20
    stubs = [cell for cell in released.cells if cell.cell_type == "code" and is_solution(cell)]
    assert stubs
    assert all("raise NotImplementedError" in cell.source for cell in stubs)


@pytest.mark.parametrize("name", COURSE.names())
def test_run_all_goes_on_past_every_cell_that_may_fail_and_stops_where_the_set_up_does(name):
    released = nbformat.read(COURSE.assignment(name).released, as_version=4)
    code = [cell for cell in released.cells if cell.cell_type == "code"]
    stops = [cell for cell in code if "raises-exception" not in cell.metadata.get("tags", [])]
    assert [cell.id for cell in stops] == [c.id for c in code if is_locked(c) and not is_grade(c)]
    assert stops[0].id == "setup"


@pytest.mark.slow
@pytest.mark.parametrize("name", COURSE.names())
def test_the_solution_scores_100_and_the_stubs_0(name, tmp_path):
    assignment = COURSE.assignment(name)
    source = read_source(assignment.source)
    scratch = scratch_course(COURSE, assignment, tmp_path)
    there = scratch.assignment(name)
    stubs = generate(scratch, there, source).read_text(encoding="utf-8")
    grade_as(scratch, there, "solution", nbformat.writes(source))
    grade_as(scratch, there, "stubs", stubs)
    found = exercises(source)
    by_hand = {cell for exercise in found.values() if exercise.by_hand for cell in exercise.graded}
    full = scores(scratch, there, "solution")
    assert sum(most for _, most in full.values()) == 100
    assert {cell for cell, (score, most) in full.items() if score != most} == by_hand
    assert all(score == 0 for score, _ in scores(scratch, there, "stubs").values())
