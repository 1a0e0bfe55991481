"""Tables of measurements: printed, and kept as Markdown in benchmarks/results/."""

from pathlib import Path

RESULTS = Path(__file__).parent / "results"


class Report:
    """Collects Markdown and prints each part as it comes."""

    def __init__(self, title, introduction):
        self._parts = []
        self.say(f"# {title}")
        self.say(introduction)

    def say(self, text):
        print(text, end="\n\n", flush=True)
        self._parts.append(text)

    def table(self, header, rows):
        cells = [[_cell(value) for value in row] for row in (header, *rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [_line(row, widths) for row in cells]
        lines.insert(1, _line(["-" * width for width in widths], widths))
        self.say("\n".join(lines))

    def claims(self, claims):
        """A list of (claim, whether it holds)."""
        self.table(["claim", "holds"], [[claim, "yes" if holds else "**no**"] for claim, holds in claims])

    def save(self, name):
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / name
        part = path.with_suffix(".part")
        part.write_text("\n\n".join(self._parts) + "\n", encoding="utf-8")
        part.replace(path)
        print(f"Written to {path}")


def _cell(value):
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _line(cells, widths):
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"
