"""Tables are readable at any width: numbers and paths are whole, whatever is folded or left out."""

import io

import pytest
from rich.console import Console

from cs231n_kit.grading.tables import Column, table

COLUMNS = [
    Column("assignment"),
    *(Column(name, numeric=True) for name in ("exercises", "points", "visible", "hidden", "by hand")),
    Column("where", optional=True),
    Column(""),
]
PATH = "assignments/04-training-dynamics/training_dynamics.ipynb"
ROWS = [["04-training-dynamics", 27, 100, 39.25, 55, 1234567, PATH, "unchanged"]]


def printed(width):
    out = Console(file=io.StringIO(), width=width)
    out.print(table(COLUMNS, ROWS, width, title="Released"))
    return out.file.getvalue()


@pytest.mark.parametrize("width", [60, 70, 80, 100, 130, 200])
def test_nothing_is_cut(width):
    text = printed(width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    for number in ("27", "100", "39.25", "55", "1234567"):
        assert number in text
    if width >= 90:
        assert "04-training-dynamics" in text


def test_where_it_fits_everything_is_there():
    text = printed(200)
    assert PATH in text
    assert all(column.heading in text for column in COLUMNS)


def test_what_can_be_done_without_goes_first():
    assert "where" not in printed(100)
    assert "unchanged" in printed(100)
