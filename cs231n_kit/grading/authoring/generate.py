"""nbgrader as the maker of assignments: generate the students' notebook, and record its cells and points."""

import nbformat

from cs231n_kit.grading.course import UserError
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
    """Make sure that the gradebook knows an assignment's cells and points, and return its source notebook."""
    source = read_source(assignment.source)
    generate(course, assignment, source, release_directory=course.build / "recorded")
    return source
