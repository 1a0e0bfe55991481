"""Grade the solution and the stubs of an assignment under nbgrader: full marks for one, none for the other."""

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade, is_grade

from cs231n_kit.grading.authoring.generate import why
from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.source import grade_id, is_test


def trial_problems(scratch, assignment, source):
    """Yield every cell of a freshly generated assignment that the solution fails or the stubs pass."""
    yield from _solution_problems(grade_as(scratch, assignment, "solution", nbformat.writes(source)))
    stubs = assignment.released.read_text(encoding="utf-8")
    yield from _stub_problems(grade_as(scratch, assignment, "stubs", stubs))


def grade_as(scratch, assignment, student, text):
    """Submit a notebook's text as a student's, autograde it with nbgrader, and return what was executed."""
    folder = scratch.submitted / student / assignment.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment.stem}.ipynb").write_text(text, encoding="utf-8")
    outcome = scratch.nbgrader().autograde(assignment.name, student)
    graded = scratch.autograded / student / assignment.name / f"{assignment.stem}.ipynb"
    if not outcome["success"] or not graded.is_file():
        raise UserError(f"nbgrader could not grade {assignment.name} as {student}: {why(outcome)}")
    return nbformat.read(graded, as_version=4)


def scores(scratch, assignment, student):
    """Return what nbgrader recorded for a student, grade_id -> (score, max)."""
    with Gradebook(f"sqlite:///{scratch.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(assignment.name, student)
        return {g.name: (g.score, g.max_score) for n in submission.notebooks for g in n.grades}


def _solution_problems(notebook):
    for cell in notebook.cells:
        if is_test(cell):
            score, most = determine_grade(cell)
            if score != most:
                yield grade_id(cell), f"the solution earns {score:g} of {most:g} points: {_error(cell)}"
        elif cell.cell_type == "code" and _error(cell):
            yield grade_id(cell) or cell.id, f"the solution's own cell fails: {_error(cell)}"


def _stub_problems(notebook):
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        score, _ = determine_grade(cell)
        if score:
            yield grade_id(cell), f"an empty notebook earns {score:g} points here"
        elif is_test(cell) and not any(o.get("ename") == "NotImplementedError" for o in cell.outputs):
            yield grade_id(cell), f"a stub does not raise NotImplementedError here: {_error(cell)}"


def _error(cell):
    """Describe how a cell failed, in a line; None when it did not."""
    for output in cell.outputs:
        if output.output_type == "error":
            return " ".join(f"{output.ename}: {output.evalue}".split())
        if output.output_type == "stream" and output.name == "stderr":
            return f"it writes to stderr: {output.text.strip()[:200]}"
    return None
