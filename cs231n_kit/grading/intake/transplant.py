"""Put a student's answers into the instructor's notebook.

Order, tests, tags, ids, points and metadata are the instructor's. Taken from the submission are the sources of
answer cells and the student's own cells ("scratch"), each behind the instructor's cell that it followed.
"""

import copy
from dataclasses import dataclass

from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from cs231n_kit.grading.intake.names import bound_names, owned_names, takeovers
from cs231n_kit.grading.source import GO_ON, MARKERS, grade_id, is_explore, is_test

# What happens to a cell: `setup` runs in both processes; of `shared` (the instructor's, not locked) the referee runs
# the imports; `answer` and `scratch` run in the student's process; `test` in the referee; the others are not run.
RUN = ("setup", "shared", "answer", "scratch", "test")


@dataclass
class Transplanted:
    """A notebook to be graded, the role of each of its cells, and what was noticed."""

    notebook: object
    roles: list
    notes: list
    asked: dict  # grade_id of an answer cell -> the names that its stub defines
    origins: dict  # id of a cell that holds the student's text -> index of the submission's cell


def master(recorded, source_cells):
    """Return the instructor's notebook with its hidden tests: the recorded release, cells' text from the gradebook."""
    notebook = copy.deepcopy(recorded)
    for cell in notebook.cells:
        source = source_cells.get(grade_id(cell))
        if source is not None:
            cell.metadata.nbgrader["checksum"] = source.checksum
            if is_locked(cell) or is_task(cell):
                cell.source = source.source
    return notebook


def role_of(cell):
    """Return what happens to one of the instructor's cells."""
    if cell.cell_type != "code" or is_task(cell):
        return "text"
    if is_test(cell):
        return "test"
    if is_explore(cell):
        return "explore"
    if is_solution(cell):
        return "answer"
    return "setup" if is_locked(cell) else "shared"


def is_hidden(cell):
    """Whether a test cell has tests that students do not see."""
    return MARKERS["HIDDEN TESTS"][0] in cell.source


def transplant(instructors, cells):
    """Return the instructor's notebook with the answers among `cells` (from `intake`) in it."""
    match = _match(instructors, cells)
    notes = list(_notes(instructors, cells, match))
    notebook = copy.deepcopy(instructors)
    notebook.cells, roles, origins = [], [], {}
    for index, original in enumerate([None, *instructors.cells]):
        if original is not None:
            cell = copy.deepcopy(original)
            if is_solution(cell):
                found = match.answers.get(grade_id(cell))
                if found is not None:
                    cell.source = cells[found]["source"]
                    origins[cell.id] = found
            notebook.cells.append(cell)
            roles.append(role_of(cell))
        for number in match.scratch.get(index - 1, ()):
            notebook.cells.append(_scratch(cells[number], number))
            origins[notebook.cells[-1].id] = number
            roles.append(_scratch_role(cells[number]))
    asked = {
        grade_id(cell): bound_names(cell.source) for cell in instructors.cells if role_of(cell) == "answer"
    }
    return Transplanted(notebook, roles, notes, asked, origins)


@dataclass
class Match:
    """Which of a submission's cells are which."""

    answers: dict  # grade_id -> index of the submission's cell
    scratch: dict  # index of the instructor's cell (-1: before all) -> indices of the student's own cells
    known: dict  # index of the submission's cell -> index of the instructor's
    repeated: list  # indices of submission cells that copy a cell of the instructor's


def _match(instructors, cells):
    by_grade_id = {grade_id(cell): i for i, cell in enumerate(instructors.cells) if grade_id(cell)}
    by_id = {cell.id: i for i, cell in enumerate(instructors.cells) if not grade_id(cell)}
    by_source = {cell.source.strip(): i for i, cell in enumerate(instructors.cells) if not grade_id(cell)}
    known, latest = {}, {}
    for number, cell in enumerate(cells):
        place = by_grade_id.get(cell["grade_id"]) if cell["grade_id"] else by_id.get(cell["id"])
        if place is None and not cell["grade_id"]:
            place = by_source.get(cell["source"].strip())
        if place is not None:
            known[number] = place
            latest[place] = number  # of copies, the last: so it is in the student's own kernel
    scratch, repeated, anchor = {}, [], -1
    for number, cell in enumerate(cells):
        place = known.get(number)
        if place is None:
            scratch.setdefault(anchor, []).append(number)
            continue
        anchor = place
        original = instructors.cells[place]
        if latest[place] != number:
            repeated.append(number)
        if is_solution(original):
            if latest[place] != number:
                scratch.setdefault(place - 1, []).append(number)
        elif role_of(original) == "shared" and cell["source"].strip() != original.source.strip():
            scratch.setdefault(place, []).append(number)
    answers = {
        grade_id(c): latest[i] for i, c in enumerate(instructors.cells) if is_solution(c) and i in latest
    }
    return Match(answers, scratch, known, repeated)


def _scratch(cell, number):
    """Make one of the student's own cells; its metadata stay behind."""
    make = new_markdown_cell if cell["cell_type"] != "code" else new_code_cell
    return make(cell["source"], id=f"student-{number:04d}")


def _scratch_role(cell):
    if cell["cell_type"] != "code":
        return "text"
    return "explore" if "explore" in cell["tags"] else "scratch"


def _notes(instructors, cells, match):
    """Yield what differs from the released notebook and changes nothing, in sentences for the report."""
    present = set(match.known.values())
    for place, original in enumerate(instructors.cells):
        if grade_id(original) and place not in present:
            kind = "answer" if is_solution(original) else "test" if is_grade(original) else "cell"
            yield f"the {kind} cell {grade_id(original)} was missing and was put back"
    for number in match.repeated:
        yield f"cell {number + 1} is a copy of {_name(instructors, match, number)}"
    for number, place in match.known.items():
        original, cell = instructors.cells[place], cells[number]
        name = _name(instructors, match, number)
        if cell["cell_type"] != original.cell_type:
            yield f"{name} had been turned into a {cell['cell_type']} cell"
        # A notebook from before cells had this tag is as good: grading goes on past every failing cell.
        if set(cell["tags"]) - {GO_ON} != set(original.metadata.get("tags", [])) - {GO_ON}:
            yield f"{name} had other tags: {', '.join(cell['tags'])[:100] or 'none'}"
        if grade_id(original):
            yield from _changed_metadata(original, cell, name)
        if is_locked(original) and not _same_text(cell["source"], original.source):
            yield f"{name} is locked and had been edited"
    yield from _takeovers(instructors, cells, match)
    order = [match.known[number] for number in sorted(match.known) if number not in match.repeated]
    if order != sorted(order):
        yield "cells had been moved; they are graded in the released order"
    for number, cell in enumerate(cells):
        if cell["grade_id"] and number not in match.known:
            yield f"cell {number + 1} has an id that the assignment does not know: {cell['grade_id'][:60]!r}"


def _takeovers(instructors, cells, match):
    """Yield what the student's cells do to names that are the instructor's."""
    asked = {
        name for cell in instructors.cells if role_of(cell) == "answer" for name in bound_names(cell.source)
    }
    theirs = [cell.source for cell in instructors.cells if role_of(cell) in ("setup", "shared")]
    owned = {name: text for name, text in owned_names(theirs).items() if name not in asked}
    for number, cell in enumerate(cells):
        place = match.known.get(number)
        if cell["cell_type"] == "code" and (place is None or is_solution(instructors.cells[place])):
            for sentence in takeovers(cell["source"], owned):
                yield f"cell {number + 1} {sentence}"


def _changed_metadata(original, cell, name):
    for key, value in cell["nbgrader"].items():
        expected = original.metadata.nbgrader.get(key)
        if value is not None and expected is not None and value != expected:
            yield f"{name} had its {key} changed to {str(value)[:20]!r}"


def _same_text(submitted, original):
    """Whether a locked cell's text is the released one: the original without its hidden tests."""
    begin, end = MARKERS["HIDDEN TESTS"]
    kept, inside = [], False
    for line in original.splitlines():
        inside = inside or begin in line
        if not inside:
            kept.append(line.rstrip())
        if end in line:
            inside = False
    shown = [line.rstrip() for line in submitted.splitlines()]
    return "\n".join(shown).strip() == "\n".join(kept).strip()


def _name(instructors, match, number):
    original = instructors.cells[match.known[number]]
    return grade_id(original) or f"the instructor's cell {match.known[number] + 1}"
