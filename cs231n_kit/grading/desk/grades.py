"""The table of grades: what the gradebook holds of every student, and why a score is missing."""

import csv
import io
from dataclasses import dataclass

from nbgrader.api import MissingEntry

from cs231n_kit.grading.autograde.report import GRADED, MISSING, read_report
from cs231n_kit.grading.course import UserError, class_list, open_gradebook
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.source import exercises, read_source
from cs231n_kit.grading.text import spreadsheet_cell


def has_submitted(course, assignment, student):
    """Whether a student handed in the assignment's notebook under its own name."""
    return (course.submitted / student / assignment.name / f"{assignment.stem}.ipynb").is_file()


@dataclass
class Grade:
    """What the gradebook holds of one student's assignment."""

    student: str
    assignment: str
    exercises: dict
    total: float
    max: float
    late: str
    state: str


def grades(course, assignments):
    """Return the grades of the whole class in the given assignments, student by student."""
    rows = []
    students = class_list(course)
    if not students:
        raise UserError("The class is empty: nobody is in the gradebook and submitted/ has no folder.")
    found = {assignment.name: exercises(read_source(assignment.source)) for assignment in assignments}
    with open_gradebook(course) as gradebook:
        for student in students:
            for assignment in assignments:
                rows.append(_grade(gradebook, course, assignment, student, found[assignment.name]))
    return rows


def _grade(gradebook, course, assignment, student, found):
    most = sum(exercise.points for exercise in found.values())
    report = read_report(course, assignment, student)
    if report and report.state not in (GRADED, MISSING):
        return Grade(
            student,
            assignment.name,
            dict.fromkeys(found, 0.0),
            0.0,
            most,
            "",
            f"{report.state}: {report.reason}",
        )
    try:
        submission = gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        state = "not graded yet" if has_submitted(course, assignment, student) else "missing"
        return Grade(student, assignment.name, dict.fromkeys(found, 0.0), 0.0, most, "", state)
    points = {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}
    earned = {
        name: sum(points.get(cell) or 0.0 for cell in exercise.graded) for name, exercise in found.items()
    }
    seconds = submission.total_seconds_late
    state = "to be graded by hand" if submission.needs_manual_grade else "graded"
    late = f"{seconds / 3600:.1f} h" if seconds else ""
    return Grade(student, assignment.name, earned, sum(earned.values()), most, late, state)


def write_csv(path, rows):
    """Write grades as a table: student, assignment, every exercise, total, max, late, state."""
    columns = list(dict.fromkeys(name for row in rows for name in row.exercises))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "assignment", *columns, "total", "max", "late", "state"])
    for row in rows:
        cells = [f"{row.exercises[name]:g}" if name in row.exercises else "" for name in columns]
        writer.writerow(
            [
                spreadsheet_cell(row.student),
                row.assignment,
                *cells,
                f"{row.total:g}",
                f"{row.max:g}",
                row.late,
                spreadsheet_cell(row.state),
            ]
        )
    write_atomically(path, text.getvalue())
