"""What a row of the attack table is, and ways to write one.

Every row is a submission to the tiny course. It holds when the student ends in the state and with the points that
are deserved, nothing outside the box was touched, no secret shows, and the honest student after it is graded.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell

from cs231n_kit.grading.autograde.report import GRADED, QUARANTINED
from cs231n_kit.grading.doctor.tiny import GOOD, WRONG, answered

ATTACKS = []


@dataclass
class Attack:
    """One row: how the submission is made, and what must come of it."""

    group: str
    name: str
    submit: Callable  # (scene, folder) -> None: writes the submission
    state: str
    points: float
    most: float  # that is deserved: another grader may be kinder to right answers in a broken notebook
    hoards: bool = False  # whether it keeps inputs of hidden tests, which the instructor's files then show


@dataclass
class Scene:
    """What an attack knows of the host: where things are that it goes for."""

    root: object
    released: object
    port: int
    marker: str


def add(group, name, submit, points=0.0, state=GRADED, answers=WRONG, hoards=False):
    most = 100.0 if answers is GOOD else points
    ATTACKS.append(Attack(group, name, submit, state, points, most, hoards))


def write(folder, notebook, name="tiny.ipynb"):
    text = notebook if isinstance(notebook, (str, bytes)) else nbformat.writes(notebook)
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


def code(group, name, text, answers=WRONG, points=0.0, where=0):
    """Add a row: a cell of the student's own in front of the answers (or at index `where`)."""

    def submit(scene, folder):
        notebook = answered(scene.released, answers)
        filled = text
        for key in ("root", "port", "marker"):
            filled = filled.replace(f"<{key}>", str(getattr(scene, key)))
        notebook.cells.insert(len(notebook.cells) if where == -1 else where, new_code_cell(filled))
        write(folder, notebook)

    add(group, name, submit, points, answers=answers)


def answer(group, name, text, points=0.0):
    """Add a row: another answer to `double`; `apply` is wrong."""
    add(
        group,
        name,
        lambda scene, folder: write(folder, answered(scene.released, {**WRONG, "double": text})),
        points,
    )


def edited(group, name, change, answers=WRONG, points=0.0, state=GRADED):
    """Add a row: the notebook's JSON changed by hand."""

    def submit(scene, folder):
        notebook = json.loads(nbformat.writes(answered(scene.released, answers)))
        notebook = change(notebook) or notebook
        write(folder, json.dumps(notebook))

    add(group, name, submit, points, state, answers)


def raw(group, name, content, state=QUARANTINED):
    """Add a row: a file that is no notebook."""
    add(group, name, lambda scene, folder: write(folder, content), state=state)


def files(group, name, make, answers=GOOD, points=100.0, state=GRADED):
    """Add a row: an honest notebook (or none) with something beside it."""

    def submit(scene, folder):
        if answers is not None:
            write(folder, answered(scene.released, answers))
        make(scene, folder)

    add(group, name, submit, points, state)
