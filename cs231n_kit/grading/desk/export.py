"""Grades in the form in which Canvas, Moodle and Gradescope keep them, new or merged into what was downloaded."""

import csv
import io
from dataclasses import dataclass, field

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.intake.roster import folded, read_table
from cs231n_kit.grading.text import spreadsheet_cell


@dataclass(frozen=True)
class Format:
    """A platform's table: its headings, what of a student each holds, and by which a row is recognised."""

    columns: dict  # heading -> column of students.csv, or None for what we cannot know
    keys: tuple  # (heading, column of students.csv), the surest first
    one: str = ""  # heading of the grade where a table is of one assignment
    points_row: bool = False  # the first row holds the points possible
    source: str = ""


FORMATS = {
    "canvas": Format(
        {
            "Student": "name",
            "ID": "canvas_id",
            "SIS User ID": "sis_user_id",
            "SIS Login ID": "login",
            "Section": None,
        },
        (
            ("ID", "canvas_id"),
            ("SIS Login ID", "login"),
            ("SIS User ID", "sis_user_id"),
            ("SIS Login ID", "id"),
        ),
        points_row=True,
        source="community.canvaslms.com, 'How do I import grades in the Gradebook?'",
    ),
    "moodle": Format(
        {
            "First name": "first_name",
            "Last name": "last_name",
            "ID number": "id_number",
            "Email address": "email",
        },
        (
            ("Identifier", "moodle_id"),
            ("ID number", "id_number"),
            ("Email address", "email"),
            ("Username", "login"),
        ),
        one="Grade",
        source="docs.moodle.org, 'Grade import'; the heading Grade is that of the offline grading worksheet",
    ),
    "gradescope": Format(
        {"First Name": "first_name", "Last Name": "last_name", "SID": "sid", "Email": "email"},
        (("SID", "sid"), ("SID", "id"), ("Email", "email")),
        source="help.gradescope.com, the headings of its own export of grades",
    ),
}


@dataclass
class Export:
    """A table to be uploaded, and what is not in it."""

    text: str
    entered: int = 0
    left_out: list = field(default_factory=list)  # (student, why)


def export(rows, roster, name, downloaded=None):
    """Return the grades as a platform's table.

    Only final grades are entered: a cell of one who is missing, or still to be graded, is left as it is.

    Parameters
    ----------
    rows : list of `Grade`
    roster : Roster; students that it does not know have their id alone
    name : "canvas", "moodle" or "gradescope"
    downloaded : bytes of a table from the platform, to be merged into; other columns stay as they are
    """
    kind = FORMATS[name]
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    students = {row.student: roster.students.get(row.student, {"id": row.student}) for row in rows}
    mark = downloaded.startswith(b"\xef\xbb\xbf") if downloaded else False
    if downloaded is None:
        table, header = _new(kind, students, rows, assignments)
    else:
        table, header = read_table(downloaded, "the downloaded table")
    places = {each: _column(kind, header, each, assignments) for each in assignments}
    table = [line + [""] * (len(header) - len(line)) for line in table]
    done = Export("")
    for row in rows:
        if row.state != "graded":
            done.left_out.append((row.student, f"{row.assignment}: {row.state}"))
            continue
        found = _lines(kind, header, table, students[row.student])
        if len(found) != 1:
            why = "is in no row of the table" if not found else f"could be {len(found)} rows of the table"
            done.left_out.append((row.student, f"{row.assignment}: {why}"))
            continue
        found[0][places[row.assignment]] = f"{row.total:g}"
        done.entered += 1
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *table])
    done.text = ("\ufeff" if mark else "") + text.getvalue()
    return done


def _new(kind, students, rows, assignments):
    header, table = list(kind.columns), []
    if kind.points_row:
        most = {row.assignment: row.max for row in rows}
        table.append(
            ["    Points Possible", *[""] * (len(header) - 1), *(f"{most[each]:g}" for each in assignments)]
        )
    for student, known in students.items():
        known = {"login": student, "sid": student, "id_number": student} | known
        known["name"] = ", ".join(filter(None, [known.get("last_name"), known.get("first_name")])) or student
        table.append(
            [spreadsheet_cell(known.get(column) or "") if column else "" for column in kind.columns.values()]
        )
    return table, header


def _column(kind, header, assignment, assignments):
    """Return the place of an assignment's grades: 01-knn, `01-knn (12345)` as Canvas writes it; else a new column."""
    found = [i for i, name in enumerate(header) if name == assignment or name.startswith(f"{assignment} (")]
    if not found and kind.one in header and kind.one:
        if len(assignments) > 1:
            raise UserError(
                f"The table has one column {kind.one}: choose one assignment, A={assignments[0]}."
            )
        found = [header.index(kind.one)]
    if len(found) > 1:
        raise UserError(f"The table has {len(found)} columns for {assignment}.")
    if not found:
        header.append(assignment)
    return found[0] if found else len(header) - 1


def _lines(kind, header, table, student):
    """Return the lines of a table that are a student's, by the first key that says anything."""
    for heading, column in kind.keys:
        value = student.get(column) or (student["id"] if column in ("login", "sid", "id_number") else "")
        if value and heading in header:
            place = header.index(heading)
            found = [line for line in table if _cell(line[place]) == folded(value)]
            if found:
                return found
    return []


def _cell(text):
    return folded(text.removeprefix("Participant ").removeprefix("'"))
