"""Sort a folder of downloads (from a learning platform, from mail) into submitted/STUDENT/ASSIGNMENT/."""

import json
import re
from pathlib import Path

from cs231n_kit.grading.course import UserError
from cs231n_kit.grading.files import write_atomically

LARGEST = 20 * 2**20  # bytes; a notebook with pictures is about 1 MB
STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@-]*")


def collect(course, assignment, folder):
    """Copy every student's notebook from `folder` to where grading looks for it.

    `folder` holds one entry a student: a notebook whose file name begins with the student's name
    (``ada_knn.ipynb``, ``ada-anything (2).ipynb``), or a folder of that name with one notebook in it.

    Returns
    -------
    list of (student, sentence) : what was done with each entry, in order
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(
            f"{folder} is not a folder: FROM= names the folder that holds the downloaded submissions."
        )
    return [
        _collect_one(course, assignment, entry) for entry in sorted(folder.iterdir()) if entry.name[0] != "."
    ]


def _collect_one(course, assignment, entry):
    student = entry.name if entry.is_dir() else re.split(r"[_\s]|-(?=\D)|\.ipynb$", entry.name)[0]
    if not STUDENT.fullmatch(student):
        return entry.name, "skipped: its name does not begin with a student's name (letters, digits, . @ -)"
    if entry.is_symlink():
        return student, "skipped: a link, not a file"
    found = [entry] if entry.is_file() else sorted(p for p in entry.glob("*.ipynb") if not p.is_symlink())
    wanted = f"{assignment.stem}.ipynb"
    chosen = [path for path in found if path.name == wanted] or [p for p in found if _is_ours(p, assignment)]
    if len(chosen) != 1:
        return student, f"skipped: {len(chosen)} notebooks that could be {wanted}, one is expected"
    changed = write_atomically(course.submitted / student / assignment.name / wanted, chosen[0].read_bytes())
    own_name = chosen[0].name.removeprefix(student).lstrip("_- ")
    renamed = "" if own_name == wanted else f", renamed from {chosen[0].name!r}"
    return student, ("collected" if changed else "collected before, unchanged") + renamed


def _is_ours(path, assignment):
    """Whether a file is a notebook with at least half of the assignment's answer cells."""
    if path.suffix != ".ipynb" or path.stat().st_size > LARGEST:
        return False
    try:
        cells = json.loads(path.read_bytes())["cells"]
        ids = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells}
        ours = {cell["metadata"]["nbgrader"]["grade_id"] for cell in _answer_cells(assignment)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return len(ids & ours) * 2 >= len(ours)


def _answer_cells(assignment):
    if not assignment.released.is_file():
        raise UserError(
            f"{assignment.name} is not released yet: run `make release A={assignment.name}` first."
        )
    cells = json.loads(assignment.released.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
