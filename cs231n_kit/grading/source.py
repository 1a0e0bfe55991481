"""Read the source of a notebook, and say what is wrong with how it is written."""

import re
from dataclasses import dataclass, field

import jupytext
from nbgrader.utils import is_grade, is_locked, is_solution

from cs231n_kit.grading.course import UserError

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
MARKERS = {name: (f"### BEGIN {name}", f"### END {name}") for name in ("SOLUTION", "HIDDEN TESTS")}
GO_ON = "raises-exception"  # Jupyter's tag: *Run All Cells* goes on past a cell that fails
GRADED_ID = re.compile(r"(?P<exercise>\w+?)_(?P<kind>check|hidden)(_\d+)?")


@dataclass
class Exercise:
    """What a student fills in, and the points of the cells that test it."""

    name: str
    visible: float = 0
    hidden: float = 0
    by_hand: float = 0
    graded: list = field(default_factory=list)  # grade_ids

    @property
    def points(self):
        return self.visible + self.hidden + self.by_hand


def read_source(path):
    """Read a percent script as a notebook with stable cell ids and no metadata but nbgrader's and the tags.

    Every code cell but the set-up is tagged so that *Run All Cells* goes on past it when it fails: a student who
    runs a notebook to its end sees all that is wrong, and not an end with nothing red.
    """
    try:
        notebook = jupytext.read(path, fmt="py:percent")
    except FileNotFoundError:
        raise UserError(f"{path} does not exist.") from None
    except Exception as error:  # Jupytext raises what its parsers raise
        raise UserError(f"{path} is not a Jupytext percent script: {error}") from error
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    for index, cell in enumerate(notebook.cells):
        cell.metadata = {key: cell.metadata[key] for key in ("nbgrader", "tags") if key in cell.metadata}
        cell.id = grade_id(cell) or f"cell-{index:03d}"
        if cell.cell_type == "code" and (is_grade(cell) or not is_locked(cell)):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), GO_ON]
    return notebook


def grade_id(cell):
    """Return a cell's nbgrader id, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_explore(cell):
    """Whether a cell trains or draws, and grading skips it."""
    return "explore" in cell.metadata.get("tags", [])


def is_test(cell):
    """Whether a cell holds instructor's tests that earn points."""
    return is_grade(cell) and not is_solution(cell)


def exercises(notebook):
    """Return the exercises of a notebook in order, name -> `Exercise`, written questions included."""
    found = {}
    for cell in notebook.cells:
        if is_solution(cell):
            exercise = found.setdefault(grade_id(cell), Exercise(grade_id(cell)))
            if is_grade(cell):
                exercise.by_hand += _points(cell)
                exercise.graded.append(grade_id(cell))
        elif is_grade(cell):
            match = GRADED_ID.fullmatch(grade_id(cell))
            name = match["exercise"] if match else grade_id(cell)
            exercise = found.setdefault(name, Exercise(name))
            kind = "hidden" if match and match["kind"] == "hidden" else "visible"
            setattr(exercise, kind, getattr(exercise, kind) + _points(cell))
            exercise.graded.append(grade_id(cell))
    return found


def _points(cell):
    return cell.metadata.nbgrader.get("points") or 0


def blocks(source, name):
    """Return the lines between the markers of one kind, and what is wrong with the markers (or None)."""
    begin, end = MARKERS[name]
    inside, lines = False, []
    for line in source.splitlines():
        if begin in line:
            if inside:
                return lines, f"a second `{begin}` before `{end}`"
            inside = True
        elif end in line:
            if not inside:
                return lines, f"`{end}` without `{begin}`"
            inside = False
        elif inside:
            lines.append(line)
    return lines, f"`{begin}` without `{end}`" if inside else None


def problems(notebook):
    """Yield what is wrong with how a notebook is written, as (cell id, sentence)."""
    seen = set()
    names = {grade_id(cell) for cell in notebook.cells if is_solution(cell)}
    for cell in notebook.cells:
        for kind in MARKERS:
            lines, wrong = blocks(cell.source, kind)
            if wrong:
                yield cell.id, wrong
            if kind == "SOLUTION" and lines and not is_solution(cell):
                yield cell.id, "a solution outside an answer cell would be released"
            if kind == "HIDDEN TESTS" and lines and not is_test(cell):
                yield cell.id, "hidden tests outside a graded test cell would be released"
        if "nbgrader" in cell.metadata:
            yield from _metadata_problems(cell, seen, names)
    total = sum(exercise.points for exercise in exercises(notebook).values())
    if total != 100:
        yield "the notebook", f"its points add up to {total:g}, not to 100"


def _metadata_problems(cell, seen, names):
    name = grade_id(cell)
    if not name:
        yield cell.id, "a cell with nbgrader metadata has no grade_id"
    elif name in seen:
        yield name, "its grade_id stands twice"
    seen.add(name)
    if is_grade(cell) and not _points(cell):
        yield name, "a graded cell has no points"
    if is_solution(cell) and not blocks(cell.source, "SOLUTION")[0]:
        yield name, "an answer cell has no `### BEGIN SOLUTION`: all of it would be released"
    if is_test(cell):
        match = GRADED_ID.fullmatch(name or "")
        if not match or match["exercise"] not in names:
            yield name, "a test's grade_id is that of an answer cell with _check or _hidden behind it"
        if not is_locked(cell):
            yield name, "a test cell is not locked"
        if is_explore(cell):
            yield name, "a graded cell is tagged explore, so grading would skip it"
        if (match and match["kind"] == "hidden") != bool(blocks(cell.source, "HIDDEN TESTS")[0]):
            yield name, "`_hidden` and `### BEGIN HIDDEN TESTS` go together"
