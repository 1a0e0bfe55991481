"""nbgrader as the maker of assignments: generate the students' notebook, and record its cells and points."""

import hashlib

import nbformat
from nbgrader.api import MissingEntry

from cs231n_kit.grading.course import CONFIG, UserError, open_gradebook
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.source import read_source


def generate(course, assignment, source, **course_directory):
    """Run nbgrader's generate_assignment on a source notebook; returns the path of the student's notebook.

    The source's .ipynb is written beside its percent script, where nbgrader looks for it.
    """
    write_atomically(assignment.source.with_suffix(".ipynb"), nbformat.writes(source) + "\n")
    outcome = course.nbgrader(**course_directory).generate_assignment(assignment.name, force=True)
    if not outcome["success"]:
        raise UserError(f"nbgrader could not generate {assignment.name}:\n{why(outcome)}")
    return assignment.released


def why(outcome):
    """Return the error lines of a failed run of nbgrader, without tracebacks."""
    lines = (outcome.get("log") or outcome.get("error") or "no reason given").strip().splitlines()
    errors = [line for line in lines if line.startswith("[ERROR]") and "Traceback" not in line]
    return "\n".join(errors or lines[-1:])


def record(course, assignment):
    """Make sure that the gradebook knows an assignment's cells and points, and return its source notebook.

    Nothing is done again as long as source and configuration are those that were recorded.
    """
    source = read_source(assignment.source)
    stamp = course.build / "recorded" / f"{assignment.name}.sha256"
    released = course.build / "recorded" / assignment.name / f"{assignment.stem}.ipynb"
    digest = hashlib.sha256(assignment.source.read_bytes() + (course.root / CONFIG).read_bytes()).hexdigest()
    known = stamp.is_file() and stamp.read_text() == digest
    if not (known and released.is_file() and _in_gradebook(course, assignment)):
        generate(course, assignment, source, release_directory=course.build / "recorded")
        write_atomically(stamp, digest)
    return source


def _in_gradebook(course, assignment):
    with open_gradebook(course) as gradebook:
        try:
            return bool(gradebook.find_notebook(assignment.stem, assignment.name).source_cells)
        except MissingEntry:
            return False
