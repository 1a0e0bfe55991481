"""Find an earlier notebook and read its code cells, from an `.ipynb` file or a Jupytext percent script."""

import contextlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from cs231n_kit.notebooks.errors import NotebookError

VARIABLE = "CS231N_NOTEBOOKS"
# Cell magics under which a cell is Python all the same.
PYTHON_MAGICS = re.compile(r"%%(time|timeit|capture|prun)\b")
CELL_HEAD = re.compile(r"# ?%%(?=\s|$)(?P<options>.*)")
GRADE_ID = re.compile(r'"grade_id":\s*"([^"]+)"')


@dataclass(frozen=True)
class Cell:
    """A code cell: where it stands, counted over all cells from 1, and what it says in plain Python."""

    notebook: str
    position: int
    grade_id: str | None
    source: str

    def __str__(self):
        name = f" ({self.grade_id})" if self.grade_id else ""
        return f"{self.notebook}, cell {self.position}{name}"


def notebooks_root():
    """The folder that holds the assignments' folders, and whether an instructor chose it."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen), True
    here = Path.cwd()
    # Run from the course's folder and not from the notebook's, as some editors do.
    inside = here / "assignments" if (here / "assignments").is_dir() else here
    return (inside if any(inside.glob("[0-9][0-9]-*")) else here.parent), False


def find_notebook(assignment, root):
    """The file of `assignment` under `root`: its percent script, if that is the course's own, or its `.ipynb`."""
    folder = root / assignment
    if not re.fullmatch(r"[\w.-]+", assignment) or not folder.is_dir():
        there = ", ".join(sorted(path.name for path in root.glob("[0-9][0-9]-*") if path.is_dir()))
        raise NotebookError(
            f"there is no folder {assignment!r} in {root}; it has {there or 'no notebook folder at all'}. "
            f"Keep the notebooks in sister folders, as they were handed out: {assignment}/ beside this one's folder."
        )
    name = assignment.split("-", 1)[-1].replace("-", "_")  # as the course names its files
    script = folder / f"{name}.py"
    if script.is_file() and script.read_text(encoding="utf-8").startswith("# ---\n# jupyter:"):
        return script
    found = sorted(folder.glob("*.ipynb"))
    named = [path for path in found if path.stem == name]
    if named or len(found) == 1:
        return (named or found)[0]
    if not found:
        raise NotebookError(
            f"the folder {folder} has no notebook: put {name}.ipynb there, as it was handed out."
        )
    raise NotebookError(
        f"{folder} has several notebooks ({', '.join(path.name for path in found)}): call the one to use {name}.ipynb."
    )


def read_cells(path):
    """The code cells of a notebook, magics made Python; cells in another language are left out."""
    shown = f"{path.parent.name}/{path.name}"
    raw = _percent_cells(path) if path.suffix == ".py" else _notebook_cells(path, shown)
    cells = []
    for position, (source, grade_id) in enumerate(raw, start=1):
        source = None if source is None else as_python(source)
        if source is not None:
            cells.append(Cell(shown, position, grade_id, source))
    return cells


def as_python(source):
    """A code cell's text in plain Python, magics turned into calls; None if the cell is in another language."""
    if PYTHON_MAGICS.match(source):
        source = "# " + source
    if source.startswith("%%"):
        return None
    with contextlib.suppress(SyntaxError):  # the text as it stands is reported when a name of it is needed
        source = TransformerManager().transform_cell(source)
    return source


def saved(path):
    """How long ago a file was saved, in words."""
    minutes = (time.time() - path.stat().st_mtime) / 60
    for unit, length in (("days", 60 * 24), ("hours", 60), ("minutes", 1)):
        if minutes >= 2 * length:
            return f"saved {minutes / length:.0f} {unit} ago"
    return "saved just now"


def _notebook_cells(path, shown):
    """(source or None, grade_id) of each cell."""
    # Not with nbformat, whose validator takes a second to import: every notebook would wait for it.
    try:
        cells = [_parts(cell) for cell in json.loads(path.read_text(encoding="utf-8-sig"))["cells"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"it has no {error}" if isinstance(error, KeyError) else str(error).partition("\n")[0]
        raise NotebookError(
            f"{shown} cannot be read as a notebook ({reason:.100}). Open it in JupyterLab: if it does not open, go "
            "back to a copy that does (File > Revert Notebook to Checkpoint)."
        ) from None
    return cells


def _parts(cell):
    """(source or None, grade_id) of a cell as it stands in the file, where a text may be a list of its lines."""
    source = "".join(cell["source"])
    marks = cell.get("metadata", {}).get("nbgrader") or {}
    return (source if cell["cell_type"] == "code" else None), marks.get("grade_id")


def _percent_cells(path):
    """(source or None, grade_id) of each cell; what stands before the first head is the script's own header."""
    cells = []
    for line in path.read_text(encoding="utf-8").splitlines():
        head = CELL_HEAD.match(line)
        if head:
            grade_id = GRADE_ID.search(head["options"])
            is_code = not re.match(r".*?\[(markdown|md|raw)\]", head["options"].split("{")[0])
            cells.append(([], is_code, grade_id and grade_id[1]))
        elif cells:
            cells[-1][0].append(line)
    return [("\n".join(lines) if is_code else None, grade_id) for lines, is_code, grade_id in cells]
