"""The class list, students.csv: who is in the class, and whom a platform's id, email or name means."""

import csv
import io
import unicodedata
from dataclasses import dataclass

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.text import visible, why_no_id

NAME = "students.csv"
# nbgrader's own names (`nbgrader db student import`), so that it reads the file too. Every further column holds ids.
COLUMNS = ("id", "first_name", "last_name", "email")
SHORT = {"first": "first_name", "last": "last_name"}
LARGEST = 10 * 2**20  # bytes


@dataclass(frozen=True)
class Roster:
    """Students by id: {id: {column: value}}; empty where a course has no students.csv."""

    students: dict

    @classmethod
    def read(cls, course):
        """Read students.csv, or return an empty roster; what is wrong with the file is said with its line."""
        path = course.root / NAME
        return cls(parse(path.read_bytes(), NAME)) if path.is_file() else cls({})

    def find(self, claim):
        """Return the student that a `Claim` means, or raise LookupError with the reason in words.

        An id of the claim decides, then its email, then its name; what fits several students is not guessed.
        """
        if not (claim.id or claim.email or claim.name):
            raise LookupError(f"{claim.platform} does not say whose it is")
        if not self.students:
            return _without_roster(claim)
        own = claim.column == "id"  # a platform's numbers mean something in that platform's column alone
        columns = ("id", *self._more()) if own else (claim.column,)

        def open_to(row):  # who has another id of this platform is another person of the same name
            return own or not claim.id or folded(row.get(claim.column)) in ("", folded(claim.id))

        tests = [
            lambda s: claim.id and folded(s.get(claim.column)) == folded(claim.id),
            lambda s: claim.id and folded(claim.id) in {folded(s.get(column)) for column in columns},
            lambda s: claim.email and folded(s.get("email")) == folded(claim.email),
            lambda s: own and claim.id and folded(s.get("email")) == folded(claim.id),
            lambda s: claim.name and open_to(s) and letters(claim.name) in names_of(s),
            lambda s: claim.name and open_to(s) and bare(claim.name) in {bare(name) for name in names_of(s)},
        ]
        for test in tests:
            found = [student for student, row in self.students.items() if test(row)]
            if len(found) == 1:
                return found[0]
            if found:
                raise LookupError(f"it could be {' or '.join(found)}: {_ask(claim)}")
        raise LookupError(f"nobody in {NAME} is {claim.name or claim.email or claim.id!r}: {_ask(claim)}")

    def _more(self):
        return list(
            dict.fromkeys(name for row in self.students.values() for name in row if name not in COLUMNS)
        )


def _ask(claim):
    return f"put {claim.id or claim.email} into the student's {claim.column} in {NAME}"


def _without_roster(claim):
    """The student's id where there is no roster: the id that the name carries, else the name, as one word."""
    own = claim.id if claim.column == "id" else ""
    student = unicodedata.normalize("NFKC", own or claim.name or claim.email or claim.id)
    student = ".".join(student.split()) if not own else student.strip()
    if reason := why_no_id(student):
        raise LookupError(f"{visible(student)!r} is no student's id: {reason}")
    return student


def parse(content, name):
    """Read a table of students from bytes: {id: {column: value}}.

    Raises
    ------
    UserError : with the line: no id, an id twice, an id that could do harm elsewhere, a column twice
    """
    rows, columns = read_table(content, name)
    columns = [SHORT.get(column, column) for column in (c.strip().lower() for c in columns)]
    if "id" not in columns:
        raise UserError(f"{name} has no column id. It has: {', '.join(columns) or 'none'}.")
    twice = {c for c in columns if columns.count(c) > 1}
    if twice:
        raise UserError(f"{name} has the column {', '.join(sorted(twice))} twice.")
    students = {}
    for line, row in enumerate(rows, start=2):
        values = {c: v.strip() for c, v in zip(columns, row, strict=False)}
        if not any(values.values()):
            continue
        student = unicodedata.normalize("NFKC", values["id"])
        if reason := why_no_id(student):
            raise UserError(f"{name}, row {line}: {visible(student)!r} is no student's id: {reason}.")
        if folded(student) in {folded(other) for other in students}:
            raise UserError(f"{name}, row {line}: {student!r} stands there twice.")
        students[student] = values | {"id": student}
    return students


def read_table(content, name):
    """Read a CSV file's bytes as (rows, header); UTF-8 with or without a byte-order mark, comma, semicolon or tab."""
    if len(content) > LARGEST:
        raise UserError(f"{name} is larger than {LARGEST // 2**20} MiB, too large for a table of a class.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is not UTF-8 (byte {error.start}); save it as CSV UTF-8.") from None
    first = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise UserError(f"{name} is no CSV file: {error}") from None
    if not rows:
        raise UserError(f"{name} is empty.")
    return rows[1:], rows[0]


def folded(text):
    """Return a text in the one form in which ids and emails are compared."""
    return unicodedata.normalize("NFKC", text or "").strip().casefold()


def letters(text):
    """Return a name as its letters and digits alone, whatever its case, spaces, marks and form of Unicode."""
    return "".join(c for c in unicodedata.normalize("NFC", folded(text)) if c.isalnum())


def bare(text):
    """Return `letters` without accents, as platforms write a name into a file's: Müller is muller."""
    split = unicodedata.normalize("NFKD", letters(text))
    return unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))


def names_of(row):
    """Return both orders of a student's name, in `letters`."""
    first, last = row.get("first_name", ""), row.get("last_name", "")
    return {letters(first + last), letters(last + first)} - {""}
