"""The class comes from a platform's export and the grades go back into its table; nothing else there is touched."""

import csv
import io

import pytest

from cs231n_kit.grading.authoring.build import scratch_course
from cs231n_kit.grading.course import Course, UserError, open_gradebook
from cs231n_kit.grading.desk.export import export
from cs231n_kit.grading.desk.grades import Grade
from cs231n_kit.grading.desk.roster import make_roster
from cs231n_kit.grading.intake.roster import Roster

CANVAS = """\
\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,01-knn (9988),Essay (7),Final Score
    Points Possible,,,,,100.00,10.00,(read only)
"Lovelace, Ada",501,U1,alove,Sec 1,,=7+1,88
"Müller, José",502,U2,jmull,Sec 1,3,,
"Student, Test",509,,,Sec 1,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 77,Ada Lovelace,ada@x.edu,Submitted,,100.00,"well, yes"
Participant 78,José Müller,jose@x.edu,Submitted,,100.00,
"""
GRADESCOPE = (
    "First Name,Last Name,SID,Email,Sections\nAda,Lovelace,alove,ADA@x.edu,1\nGrace,Hopper,ghop,g@x.edu,1\n"
)


@pytest.fixture
def course(tmp_path):
    home = Course.find()
    return scratch_course(home, home.assignment("01-knn"), tmp_path / "course")


def read(course, tmp_path, text):
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return make_roster(course, path)


def grade(student, total, state="graded"):
    return Grade(student, "01-knn", {}, total, 100.0, "", state)


def cells(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_canvas_then_moodle_then_gradescope_are_one_class(course, tmp_path):
    change = read(course, tmp_path, CANVAS)
    assert (change.platform, change.came, change.left) == ("Canvas", ["alove", "jmull"], [])
    assert "Section" in change.unknown
    with open_gradebook(course) as gradebook:
        assert gradebook.find_student("jmull").last_name == "Müller"
    # Moodle knows no login: until an email says who it is, Ada there would be somebody else.
    text = (course.root / "students.csv").read_text(encoding="utf-8")
    lines = text.replace("alove,Ada,Lovelace,", "alove,Ada,Lovelace,ada@x.edu").replace(
        "jmull,José,Müller,", "jmull,José,Müller,jose@x.edu"
    )
    (course.root / "students.csv").write_text(lines, encoding="utf-8")
    change = read(course, tmp_path, MOODLE)
    assert (change.platform, change.came, change.left) == ("Moodle", [], [])
    ada = Roster.read(course).students["alove"]
    assert (ada["canvas_id"], ada["moodle_id"], ada["email"]) == ("501", "77", "ada@x.edu")
    change = read(course, tmp_path, GRADESCOPE)
    assert (change.platform, change.came, change.left) == ("Gradescope", ["ghop"], ["jmull"])
    assert Roster.read(course).students["alove"]["sid"] == "alove"
    with open_gradebook(course) as gradebook:
        assert {student.id for student in gradebook.students} == {"alove", "jmull", "ghop"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SID,Email\na,x@y\na,z@y\n", "row 3: 'a' stands there twice"),
        ("what,is,this\n1,2,3\n", "no column id"),
        ("SID,Email\n../a,x@y\n", "no student's id"),
    ],
)
def test_what_is_wrong_with_an_export_is_said_and_nothing_is_written(course, tmp_path, text, words):
    with pytest.raises(UserError, match=words):
        read(course, tmp_path, text)
    assert not (course.root / "students.csv").exists()


def test_a_formula_in_a_name_is_none_in_students_csv(course, tmp_path):
    read(course, tmp_path, "First Name,Last Name,SID,Email\n=1+1,B,a,x@y\n")
    assert "'=1+1" in (course.root / "students.csv").read_text()


def test_canvas_merged_touches_its_own_column_alone(course, tmp_path):
    read(course, tmp_path, CANVAS)
    rows = [grade("alove", 87.5), grade("jmull", 0.0, "missing"), grade("nobody", 5.0)]
    made = export(rows, Roster.read(course), "canvas", CANVAS.encode())
    expected = cells(CANVAS)
    expected[2][5] = "87.5"
    assert cells(made.text) == expected
    assert made.text.startswith("\ufeffStudent")
    assert made.entered == 1
    assert [student for student, _ in made.left_out] == ["jmull", "nobody"]


def test_moodles_worksheet(course, tmp_path):
    read(course, tmp_path, MOODLE)
    made = export([grade("ada@x.edu", 91.0)], Roster.read(course), "moodle", MOODLE.encode())
    expected = cells(MOODLE)
    expected[1][4] = "91"
    assert cells(made.text) == expected


def test_new_tables_have_the_platforms_headings(course, tmp_path):
    read(course, tmp_path, CANVAS)
    roster, rows = Roster.read(course), [grade("alove", 87.5), grade("jmull", 10.0)]
    assert cells(export(rows, roster, "canvas").text) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01-knn"],
        ["    Points Possible", "", "", "", "", "100"],
        ["Lovelace, Ada", "501", "U1", "alove", "", "87.5"],
        ["Müller, José", "502", "U2", "jmull", "", "10"],
    ]
    assert cells(export(rows, roster, "gradescope").text)[:2] == [
        ["First Name", "Last Name", "SID", "Email", "01-knn"],
        ["Ada", "Lovelace", "alove", "", "87.5"],
    ]
    moodle = cells(export(rows, roster, "moodle").text)
    assert moodle[0] == ["First name", "Last name", "ID number", "Email address", "01-knn"]


def test_two_rows_that_could_be_one_student_are_left(course, tmp_path):
    read(course, tmp_path, GRADESCOPE)
    twice = GRADESCOPE + "Ada,Lovelace,alove,ADA@x.edu,2\n"
    made = export([grade("alove", 1.0)], Roster.read(course), "gradescope", twice.encode())
    assert made.left_out == [("alove", "01-knn: could be 2 rows of the table")]
    assert cells(made.text)[1] == ["Ada", "Lovelace", "alove", "ADA@x.edu", "1", ""]
