"""The one state that a student ends in, kept as a file beside the graded notebook."""

import json
from dataclasses import asdict, dataclass, field

from cs231n_kit.grading.files import write_atomically

GRADED, MISSING, QUARANTINED, FAILED = "graded", "missing", "quarantined", "infrastructure error"
REPORT, HANDED_IN = "report.json", "handed_in.json"


@dataclass
class Outcome:
    """The one state that a student ends in, and what the report says."""

    student: str
    state: str
    reason: str = ""
    score: float = 0.0
    notes: list = field(default_factory=list)
    tests: list = field(default_factory=list)
    seconds: float = 0.0
    key: str = ""
    boxed: bool = True
    box: str = ""  # which bubblewrap made the box


def write_report(course, assignment, outcome):
    """Keep an outcome beside the graded notebook."""
    path = course.autograded / outcome.student / assignment.name / REPORT
    write_atomically(path, json.dumps(asdict(outcome), indent=1, sort_keys=True) + "\n")


def read_report(course, assignment, student):
    """Return the `Outcome` of a student's last grading, or None."""
    try:
        content = (course.autograded / student / assignment.name / REPORT).read_text(encoding="utf-8")
        return Outcome(**json.loads(content))
    except (OSError, ValueError, TypeError):
        return None


def write_handed_in(folder, outputs):
    """Keep the outputs that a student handed in (cell id -> list) beside the notebook with those of grading."""
    write_atomically(folder / HANDED_IN, json.dumps(outputs) + "\n")


def read_handed_in(course, assignment, student):
    """Return the outputs that a student handed in: cell id -> list, hostile data."""
    try:
        content = (course.autograded / student / assignment.name / HANDED_IN).read_text(encoding="utf-8")
        return {cell: list(outputs) for cell, outputs in json.loads(content).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
