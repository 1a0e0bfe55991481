"""Make students.csv from a platform's own export, and enter the class into nbgrader's gradebook."""

import csv
import io
from dataclasses import dataclass, field

from cs231n_kit.grading.course import UserError, open_gradebook
from cs231n_kit.grading.files import write_atomically
from cs231n_kit.grading.intake.roster import COLUMNS, NAME, Roster, folded, parse, read_table
from cs231n_kit.grading.text import spreadsheet_cell

# The headings of each platform's export -> the columns of students.csv; the first of `ids` with a value is the id.
# Canvas: gradebook export, community.canvaslms.com "How do I export grades in the Gradebook?". Moodle: gradebook export
# and grading worksheet, docs.moodle.org "Grade export", "Assignment settings". Gradescope: help.gradescope.com, roster.
PLATFORMS = {
    "Canvas": {
        "student": "name",
        "id": "canvas_id",
        "sis user id": "sis_user_id",
        "sis login id": "login",
        "integration id": "integration_id",
    },
    "Moodle": {
        "first name": "first_name",
        "last name": "last_name",
        "surname": "last_name",
        "full name": "name",
        "identifier": "moodle_id",
        "username": "login",
        "id number": "id_number",
        "email address": "email",
    },
    "Gradescope": {
        "first name": "first_name",
        "last name": "last_name",
        "name": "name",
        "sid": "sid",
        "email": "email",
    },
}
SIGNS = {"Canvas": {"student", "id", "section"}, "Moodle": {"email address"}, "Gradescope": {"sid", "email"}}
IDS = ("login", "sid", "id_number", "sis_user_id", "email", "canvas_id", "moodle_id")


@dataclass
class Change:
    """What a new roster changes."""

    students: dict
    came: list = field(default_factory=list)
    left: list = field(default_factory=list)
    unknown: list = field(default_factory=list)  # columns that were not taken
    platform: str = "students.csv"


def make_roster(course, path):
    """Read a platform's export or a students.csv, write the course's students.csv, and enter all into the gradebook.

    Who is in the course's students.csv already keeps their id and what other platforms call them. Nobody is taken out
    of the gradebook.
    """
    if not path.is_file():
        raise UserError(f"{path} is no file: FROM= names the table of the class that the platform exports.")
    before = Roster.read(course).students
    change = _read(path)
    students = {}
    for row in change.students.values():
        known = _same(before, row, path)
        merged = (before[known] if known else {}) | {
            k: v for k, v in row.items() if v and (k != "id" or not known)
        }
        if merged["id"] in students:
            raise UserError(f"{path} has two rows that are {merged['id']!r} of {NAME}.")
        students[merged["id"]] = merged
    change.students = students
    change.came = [student for student in students if student not in before]
    change.left = [student for student in before if student not in students]
    content = _csv(students)
    parse(content.encode(), NAME)
    write_atomically(course.root / NAME, content)
    with open_gradebook(course) as gradebook:
        for student, row in students.items():
            named = {key: row[key] for key in COLUMNS[1:] if row.get(key)}
            gradebook.update_or_create_student(student, **named)
    return change


def _read(path):
    content = path.read_bytes()
    rows, header = read_table(content, path.name)
    columns = [column.strip().lower() for column in header]
    platform = next((name for name, signs in SIGNS.items() if signs <= set(columns)), None)
    if platform is None:
        return Change(parse(content, path.name))
    meaning = PLATFORMS[platform]
    students = {}
    for line, values in enumerate(rows, start=2):
        row = {}
        for column, value in zip(columns, values, strict=False):
            if column in meaning:
                row[meaning[column]] = value.strip()
        if not any(row.values()) or _is_no_student(platform, row):
            continue
        row = _named(row)
        row["moodle_id"] = row.get("moodle_id", "").removeprefix("Participant ").strip()
        student = next((row[key] for key in IDS if row.get(key)), "")
        if student in students:
            raise UserError(f"{path.name}, row {line}: {student!r} stands there twice.")
        students[student] = {"id": student} | {key: value for key, value in row.items() if value}
    unknown = [name for name, column in zip(header, columns, strict=True) if column not in meaning]
    checked = parse(_csv(students).encode(), path.name)
    return Change(checked, unknown=unknown, platform=platform)


def _is_no_student(platform, row):
    """Whether a row of Canvas's is that of the points possible, or of the test student."""
    return platform == "Canvas" and (
        row.get("name", "").lower() in ("points possible", "student, test") or not row.get("canvas_id")
    )


def _named(row):
    """Split `Family, Given` or `Given Family` where a platform has one column for both."""
    name = row.pop("name", "")
    if name and not row.get("last_name"):
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        row |= {"first_name": first.strip(), "last_name": last.strip()}
    return row


def _same(before, row, path):
    """Return the id of the student of `before` who is meant: by id, by a platform's id, by email; None if new."""
    keys = [key for key in row if key not in ("first_name", "last_name") and row[key]]
    found = [s for s, old in before.items() if any(folded(old.get(key)) == folded(row[key]) for key in keys)]
    if len(found) > 1:
        raise UserError(
            f"{path.name}: {row['id']!r} has ids of several students of {NAME}: {', '.join(found)}."
        )
    return found[0] if found else None


def _csv(students):
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in students.values() for name in row)]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in students.values():
        writer.writerow([spreadsheet_cell(row.get(name, "")) for name in columns])
    return text.getvalue()
