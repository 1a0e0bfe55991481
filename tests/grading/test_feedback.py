"""A feedback page tells the student what came, and has nothing that runs, calls out or gives a hidden test away."""

from datetime import datetime, timedelta

import pytest

from cs231n_kit.grading.autograde.bounds import bounded
from cs231n_kit.grading.autograde.grade import shown
from cs231n_kit.grading.course import open_gradebook
from cs231n_kit.grading.desk.feedback import _check, _output, clean, still_open
from cs231n_kit.grading.doctor.tiny import make_course

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='http://evil.example/x.png'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<iframe src='http://evil.example'></iframe>",
    "<form action='http://evil.example'><input name=x></form>",
    "<style>@import 'http://evil.example'</style>",
    "<p style='background:url(http://evil.example)'>x</p>",
    "<svg onload=alert(1)></svg>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href='http://evil.example'>",
    "<object data='http://evil.example'></object>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_what_runs_or_loads_is_taken_out(html):
    cleaned = clean(html)
    assert "alert" not in cleaned
    assert "evil" not in cleaned


def test_what_is_harmless_stays():
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    assert clean(table) == table
    assert clean("<b>bold</b> <code>x</code>") == "<b>bold</b> <code>x</code>"
    assert "data:image/png;base64,AAAA" in clean('<img src="data:image/png;base64,AAAA">')


def line(**changes):
    test = {
        "grade_id": "double_hidden",
        "points": 3.0,
        "score": 0.0,
        "error": None,
        "shown": None,
        "output": "✓ the sum  (largest error 2e-16)\n✓ the mean  (largest error 3e-09)\n",
        "call": "double(float64 (4,))",
        "seconds": 0.1,
        "hidden": True,
        "printed": "",
    }
    return _check(test | changes)


def test_the_line_of_a_check():
    row = line()
    assert (row["passed"], row["error"], row["call"]) == (True, "3e-09", "double(float64 (4,))")
    assert row["ticks"] == []
    assert len(line(hidden=False)["ticks"]) == 2


def test_a_failed_check_shows_its_own_words_and_the_hint():
    shown = "✗ double\n  expected 4\n  got      2\n  Try: twice"
    row = line(error=["CheckFailed", "what the instructor sees"], shown=shown)
    assert row["lines"] == ["✗ double", "expected 4", "got      2"]
    assert row["hint"] == "twice"
    assert not row["passed"]


def test_an_error_without_words_for_the_student_shows_its_kind():
    assert line(error=["ValueError", "secret"])["lines"] == ["ValueError"]
    assert line(error=["MadeOfSecrets", "secret"])["lines"] == ["an exception of another kind"]


TEST = 'checks.close(double(x), [0.25, 3.5], "twice x", hint="multiply by two")'


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "✗ twice x\n  expected shape (3,), got shape (2, 4)\n  Try: multiply by two",
            "✗ twice x\n  expected shape (3,), got shape (2, 4)\n  Try: multiply by two",
        ),
        ("expected 0.25\n  got      -1.5e-07", "expected 0.25\n  got      -1.5e-07"),
        ("got 'the inputs were 1.25 and more'", "got '…'"),
        ("got str sesame", "got str …"),
        ("got 123456789012345678901234567890", "got 123456789012…"),
        ("got Exfiltrated: abc def ghi", "got …"),
        ("got \u202eevil\u2066", "got …"),
        ("got {'0.25': 1, 'twice x': 2, 'x': 3, '3.5]': 4}", "got {'…': 1, 'twice x': 2, 'x': 3, '…': 4}"),
    ],
)
def test_a_message_of_a_hidden_test_carries_numbers_shapes_and_fixed_words(message, expected):
    assert bounded(message, TEST) == expected


def test_a_message_carries_so_many_digits_and_no_more():
    digits = bounded("\n".join(["got " + "123456789012 " * 20] * 12), TEST)
    assert sum(character.isdigit() for character in digits) == 240


def test_what_is_said_of_a_hidden_test_that_failed():
    def said(kind, message, theirs, hidden=True):
        return shown({"error": [kind, message, []], "theirs": theirs}, TEST, hidden)

    assert said("ValueError", "inputs 1.25", True) == "ValueError in your code"
    assert said("Secret125", "x", True) == "an exception of another kind in your code"
    assert said("AssertionError", "assert secret == 3", False) == "AssertionError"
    assert said("CheckFailed", "✗ twice x\n  got 'smuggled'", False) == "✗ twice x\n  got '…'"
    assert said("ValueError", "kept from a hidden test", True, hidden=False) == "ValueError in your code"
    assert said("AssertionError", "twice x", False, hidden=False) == "twice x"


@pytest.mark.parametrize(
    "output",
    [
        None,
        3,
        {},
        {"output_type": "stream"},
        {"output_type": "stream", "text": [1, 2]},
        {"output_type": "display_data", "data": []},
        {"output_type": "display_data", "data": {"text/html": {"a": 1}, "image/png": 3}},
        {"output_type": "error", "traceback": "x"},
    ],
)
def test_an_output_that_was_handed_in_may_be_anything(output):
    assert all(isinstance(value, str) for out in _output(output) for value in out.values())


def test_an_output_that_was_handed_in_is_shown_and_harmless():
    (out,) = _output(
        {"output_type": "display_data", "data": {"text/html": ["<b>yes</b>", "<script>1</script>"]}}
    )
    assert out["html"] == "<b>yes</b>"
    (out,) = _output({"output_type": "stream", "text": ["one\n", "\x1b[31mtwo"]})
    assert out["text"] == "one\ntwo"


def test_feedback_before_the_due_date_is_warned_of(tmp_path):
    course, assignment, _ = make_course(tmp_path)
    now = datetime(2026, 5, 1, 12)
    assert still_open(course, assignment, now) is None  # no date is known
    with open_gradebook(course) as gradebook:
        gradebook.find_assignment(assignment.name).duedate = now
        gradebook.db.commit()
    assert still_open(course, assignment, now) is None
    assert "due at 2026-05-01 12:00 UTC" in still_open(course, assignment, now - timedelta(seconds=1))
