"""Ids, file names and words of a student's that reach a path, a page, a terminal or a spreadsheet do nothing there."""

import csv
import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from cs231n_kit.grading.autograde.pipeline import autograde
from cs231n_kit.grading.autograde.report import read_report
from cs231n_kit.grading.course import class_list, open_gradebook, refused
from cs231n_kit.grading.desk.feedback import write_feedback
from cs231n_kit.grading.desk.grades import Grade, grades, write_csv
from cs231n_kit.grading.doctor.tiny import GOOD, NAME, answered, make_course
from cs231n_kit.grading.tables import Column, console, table
from cs231n_kit.grading.text import visible, why_no_id

HONEST = ["ada", "ada.lovelace@example.org", "s-01_b", "Zoë", "李明", "अनिता", "1999"]
HOSTILE = {
    "a formula": "=cmd|' '!A1",
    "a formula of another kind": "@SUM(A1)",
    "an option": "-rf",
    "HTML": "<img src=x onerror=alert(1)>",
    "quotes and commas": "a','b\"",
    "SQL": "x'; DROP TABLE student;--",
    "an escape sequence": "ada\x1b[2J",
    "a bidirectional control": "ada\u202egro",
    "a newline": "ada\nemmy",
    "a backslash": "ada\\emmy",
    "white space": "ada lovelace",
    "a look-alike": "\uff41\uff44\uff41",
    "bytes that are no text": "ada\udcff",
    "markup": "[red]ada[/]",
    "very long": "a" * 101,
    "a variable": "$HOME",
}


@pytest.mark.parametrize("name", HONEST)
def test_ids_that_people_have_are_ids(name):
    assert why_no_id(name) is None


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_other_ids_are_refused_at_the_door_with_a_message(tmp_path, name):
    assert re.search(r"\w+ \w+ \w+", why_no_id(name))
    course, _, _ = make_course(tmp_path)
    for folder in (name, "ada"):
        (course.submitted / folder).mkdir(parents=True)
    assert class_list(course) == ["ada"]
    (sentence,) = refused(course)
    assert "is no student's id" in sentence and sentence == visible(sentence)


def test_the_roster_may_have_other_ids_but_none_that_is_no_name_of_a_folder(tmp_path):
    course, _, _ = make_course(tmp_path)
    with open_gradebook(course) as gradebook:
        for name in ("Lovelace, Ada", "../../etc", "a/b", "x\x1b[2J"):
            gradebook.add_student(name)
    assert class_list(course) == ["Lovelace, Ada"]
    assert len(refused(course)) == 3


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(tmp_path, text):
    write_csv(tmp_path / "grades.csv", [Grade(text, NAME, {"double": 1.0}, 1.0, 2.0, "", text)])
    with (tmp_path / "grades.csv").open(newline="") as file:
        _, row = csv.reader(file)
    assert row[0][0] not in "=+-@\t\r" and row[-1][0] not in "=+-@\t\r"
    assert row[2] == "1"


@pytest.mark.parametrize("text", ["[/]", "[red]x", "x\x1b[2Jy", "x\u202ey", ":smile:"])
def test_a_table_prints_text_as_text(text):
    out = console()
    with out.capture() as printed:
        out.print(table([Column("student")], [[text]], 80))
    assert visible(text) in printed.get()
    assert "\x1b[2J" not in printed.get() and "\u202e" not in printed.get()


@pytest.mark.boxed
def test_hostile_words_in_a_notebook_reach_no_page_as_they_are(tmp_path):
    course, assignment, released = make_course(tmp_path)
    notebook = answered(released, GOOD)
    notebook.cells[0].metadata["tags"] = ["\x1b[2J\u202e<b>"]
    notebook.cells += [
        new_code_cell("x = 1  # \u202e \u2066 \x1b[2J"),
        new_markdown_cell("# Total 100 of 100\n[a link](http://evil.example) <h1>Total</h1>"),
        new_markdown_cell("<div>" * 100_000),
    ]
    text = nbformat.v4.writes(notebook)
    notebook = json.loads(text)
    notebook["cells"][-3]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b]0;title\x07 \ud800 \u202e"},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": "<h1>100 of 100</h1><a href='http://evil.example'>x</a>\ud800"},
        },
    ]
    folder = course.submitted / "eve" / NAME
    folder.mkdir(parents=True)
    (folder / "[red]\x1b[2J.ipynb").write_text(json.dumps(notebook))
    (outcome,) = autograde(course, assignment, jobs=1)
    assert outcome.score == 100
    assert write_feedback(course, assignment) == 1
    page = (course.feedback / "eve" / NAME / "tiny.html").read_text(encoding="utf-8")
    assert not set(page) & set("\x1b\x07\u202e\u2066")
    assert page.count("<h1>") == 1 and "href=" not in page
    assert all(note == visible(note) for note in read_report(course, assignment, "eve").notes)
    assert grades(course, [assignment])[0].total == 100
