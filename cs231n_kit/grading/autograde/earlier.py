"""Earlier notebooks as a box sees them: the definitions that the assignment loads, and nothing else of them."""

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from cs231n_kit.grading.course import UserError
from cs231n_kit.notebooks import NotebookError, extract


@contextmanager
def earlier_notebooks(course, assignment, path):
    """Make a folder with what an assignment's cells load from the instructor's earlier notebooks.

    Parameters
    ----------
    path : of the assignment's released notebook
    """
    # nbgrader_config.py says where the instructor's notebooks are.
    home = Path(os.environ.get("CS231N_NOTEBOOKS", course.solutions))
    try:
        found = extract(path, home)
    except NotebookError as error:
        raise UserError(f"{assignment.name} cannot be graded: {error}") from None
    with TemporaryDirectory(prefix="cs231n-earlier-") as private:
        folder = Path(private) / "notebooks"  # the box sees this one; nobody else gets past `private`
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        for name, source in found.items():
            target = folder / name / f"{course.assignment(name).stem}.ipynb"
            target.parent.mkdir(mode=0o755)
            notebook = new_notebook(cells=[new_code_cell(source, id="definitions")])
            target.write_text(nbformat.writes(notebook), encoding="utf-8")
        yield str(folder)
