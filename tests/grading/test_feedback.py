"""A feedback page tells the student what came, and has nothing that runs, calls out or gives a hidden test away."""

import pytest

from cs231n_kit.grading.desk.feedback import _check, clean

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
    assert 'href="https://example.org"' in clean('<a href="https://example.org">x</a>')
    assert "data:image/png;base64,AAAA" in clean('<img src="data:image/png;base64,AAAA">')


def line(**changes):
    test = {
        "grade_id": "double_hidden",
        "points": 3.0,
        "score": 0.0,
        "error": None,
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
    row = line(error=["CheckFailed", "✗ double\n  expected 4\n  got      2\n  Try: twice"])
    assert row["lines"] == ["✗ double", "expected 4", "got      2"]
    assert row["hint"] == "twice"
    assert not row["passed"]


def test_a_bare_assertion_of_a_hidden_test_shows_no_message():
    assert line(error=["AssertionError", "assert secret == 3"])["lines"] == ["AssertionError"]
    assert line(error=["AssertionError", "x"], hidden=False)["lines"] == ["AssertionError: x"]
    assert line(error=["ValueError", "in your code"])["lines"] == ["ValueError: in your code"]
