"""Tables for a terminal of any width, or for a pipe: what does not fit is folded or left out, never cut."""

import sys
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cs231n_kit.grading.text import visible

PIPE = 240  # columns; a pipe or a log file has no width of its own
BORDER = 3  # characters between two cells


@dataclass(frozen=True)
class Column:
    """A column: its heading, whether it holds numbers, and whether a narrow terminal may go without it."""

    heading: str
    numeric: bool = False
    optional: bool = False


def console():
    """Return the console of a command: as wide as the terminal, or wide enough for every table."""
    return Console(width=None if sys.stdout.isatty() else PIPE)


def table(columns, rows, width, **options):
    """Make a Rich table that fits into `width`.

    Parameters
    ----------
    columns : list of `Column`
    rows : lists of texts, one for each column
    width : of the terminal
    options : for `rich.table.Table`: title, caption
    """
    rows = [[visible(str(item)) for item in row] for row in rows]
    widths = [max([len(c.heading), *(len(row[i]) for row in rows)]) for i, c in enumerate(columns)]
    shown = list(range(len(columns)))
    for i in reversed(range(len(columns))):
        if sum(widths[j] + BORDER for j in shown) + 1 > width and columns[i].optional:
            shown.remove(i)
    made = Table(**options)
    for i in shown:
        least = max([1, *(len(row[i]) for row in rows)]) if columns[i].numeric else None
        made.add_column(
            columns[i].heading,
            justify="right" if columns[i].numeric else "left",
            overflow="fold",
            min_width=least,
        )
    for row in rows:
        made.add_row(*(Text(row[i]) for i in shown))  # as text: brackets are no markup
    return made
