"""The graded notebook is the instructor's, whatever was done to the submission; only answers and scratch are new."""

import json

import nbformat
import pytest

from cs231n_kit.grading.doctor.tiny import GOOD, answered, make_course
from cs231n_kit.grading.intake.read import cells_of
from cs231n_kit.grading.intake.transplant import role_of, transplant
from cs231n_kit.grading.limits import Limits


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("tiny") / "course")[2]


def submitted(released, change=lambda notebook: None):
    notebook = json.loads(nbformat.writes(answered(released, GOOD)))
    change(notebook)
    return cells_of(json.dumps(notebook).encode(), Limits())


def each(**changes):
    def change(notebook):
        for cell in notebook["cells"]:
            cell.update(changes)

    return change


def metadata(**changes):
    def change(notebook):
        for cell in notebook["cells"]:
            cell["metadata"].get("nbgrader", {}).update(changes)

    return change


def each_tagged(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]


def go_on_untagged(notebook):
    tagged = [c["metadata"] for c in notebook["cells"] if "raises-exception" in c["metadata"].get("tags", [])]
    assert tagged
    for cell_metadata in tagged:
        cell_metadata["tags"].remove("raises-exception")


CHANGES = {
    "nothing": (lambda n: None, None),
    "without the tag that Run All goes on past": (go_on_untagged, None),
    "retagged": (each_tagged, "had other tags: skip-execution"),
    "reversed": (lambda n: n["cells"].reverse(), "moved"),
    "twice": (lambda n: n["cells"].extend(n["cells"][:]), "is a copy of double"),
    "all raw": (each(cell_type="raw"), "turned into a raw cell"),
    "points": (metadata(points=1000), "points changed to '1000'"),
    "flags": (metadata(grade=False, solution=True), "grade changed to 'False'"),
    "tests gone": (
        lambda n: n.update(cells=[c for c in n["cells"] if "_check" not in str(c["id"])]),
        "test cell double_check was missing",
    ),
    "set-up edited": (
        lambda n: n["cells"][0].update(source="import os"),
        "setup is locked and had been edited",
    ),
}


@pytest.mark.parametrize(("change", "note"), CHANGES.values(), ids=CHANGES.keys())
def test_no_change_reaches_what_is_graded(released, change, note):
    plain = transplant(released, submitted(released))
    planted = transplant(released, submitted(released, change))
    keep = [i for i, role in enumerate(planted.roles) if role not in ("scratch",)]
    assert [planted.notebook.cells[i].source for i in keep] == [cell.source for cell in plain.notebook.cells]
    assert [planted.notebook.cells[i].metadata for i in keep] == [cell.metadata for cell in released.cells]
    assert [planted.roles[i] for i in keep] == [role_of(cell) for cell in released.cells]
    assert planted.notebook.metadata == released.metadata
    assert any(note in each for each in planted.notes) if note else planted.notes == []


def test_a_missing_answer_is_the_stub(released):
    planted = transplant(released, submitted(released, lambda n: n["cells"].pop(1)))
    assert "NotImplementedError" in planted.notebook.cells[1].source
    assert "the answer cell double was missing and was put back" in planted.notes


def test_own_cells_follow_the_cell_they_followed(released):
    def add(notebook):
        for place, text in ((2, "helper = 1"), (0, "first = 1"), (9, "last = 1")):
            notebook["cells"].insert(
                place, {"cell_type": "code", "source": text, "metadata": {"tags": ["explore"] * (place == 9)}}
            )

    planted = transplant(released, submitted(released, add))
    texts = [cell.source for cell in planted.notebook.cells]
    assert texts[0] == "first = 1"
    assert texts[3] == "helper = 1"
    assert [role for role, text in zip(planted.roles, texts, strict=True) if text.endswith("= 1")] == [
        "scratch",
        "scratch",
        "explore",
    ]
    assert all(
        cell.id.startswith("student-") for cell in planted.notebook.cells if cell.source.endswith(" = 1")
    )


def test_cells_are_known_by_their_text_when_an_editor_lost_the_ids(released):
    def lose(notebook):
        for cell in notebook["cells"]:
            cell.pop("id")

    planted = transplant(released, submitted(released, lose))
    assert "scratch" not in planted.roles
