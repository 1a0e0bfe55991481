"""A submission is read as plain data, or quarantined with a reason; nothing is followed, unpacked or believed."""

import io
import json
import os
import random
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cs231n_kit.grading.intake.read import Quarantined, cells_of, take
from cs231n_kit.grading.limits import Limits

LIMITS = Limits(
    notebook_bytes=20_000,
    folder_files=10,
    notebook_cells=5,
    notebook_depth=20,
    notebook_parts=500,
    source_bytes=5000,
)
CELL = {
    "cell_type": "code",
    "source": ["a = 1\n", "b"],
    "id": "x",
    "metadata": {"nbgrader": {"grade_id": "g"}, "tags": ["t"]},
}
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "student" / "01-tiny"
    made.mkdir(parents=True)
    return made


def test_a_notebook_is_read_with_the_collectors_time(folder):
    (folder / "tiny.ipynb").write_text(json.dumps(NOTEBOOK))
    (folder / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    os.utime(folder / "tiny.ipynb", (1e9, 1e9))
    taken = take(folder, "tiny", LIMITS)
    assert taken.timestamp == datetime.fromtimestamp(1e9, UTC).replace(tzinfo=None)
    assert taken.cells[0]["source"] == "a = 1\nb"
    assert (taken.cells[0]["grade_id"], taken.cells[0]["tags"], taken.note) == ("g", ["t"], "")


def test_a_byte_order_mark_changes_nothing(folder):
    (folder / "tiny.ipynb").write_bytes(b"\xef\xbb\xbf" + json.dumps(NOTEBOOK).encode())
    assert take(folder, "tiny", LIMITS).cells[0]["source"] == "a = 1\nb"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_encoding_is_named_in_plain_words(folder, encoding):
    (folder / "tiny.ipynb").write_bytes(json.dumps(NOTEBOOK).encode(encoding))
    with pytest.raises(Quarantined, match=rf"saved as .*{encoding[:6].upper()}.*save it as UTF-8"):
        take(folder, "tiny", LIMITS)


def test_an_eight_bit_encoding_is_told_apart_from_broken_json(folder):
    text = json.dumps(NOTEBOOK | {"metadata": {"name": "Zoë"}}, ensure_ascii=False)
    (folder / "tiny.ipynb").write_bytes(text.encode("latin-1"))
    with pytest.raises(Quarantined, match=r"not UTF-8.*0xeb.*save it as UTF-8"):
        take(folder, "tiny", LIMITS)


def test_nothing_handed_in(folder):
    assert take(folder, "tiny", LIMITS) is None
    assert take(folder / "no such", "tiny", LIMITS) is None


def test_a_renamed_notebook_is_taken_and_two_are_not_guessed(folder):
    (folder / "work.ipynb").write_text(json.dumps(NOTEBOOK))
    assert take(folder, "tiny", LIMITS).note == "handed in as work.ipynb"
    (folder / "more.ipynb").write_text(json.dumps(NOTEBOOK))
    with pytest.raises(Quarantined, match="2 notebooks"):
        take(folder, "tiny", LIMITS)


def test_a_crowd_of_files(folder):
    for number in range(12):
        (folder / f"{number}.txt").write_text("")
    with pytest.raises(Quarantined, match="more than 10"):
        take(folder, "tiny", LIMITS)


def test_the_students_folder_is_no_link(folder, tmp_path):
    (folder / "tiny.ipynb").write_text(json.dumps(NOTEBOOK))
    (tmp_path / "thief").symlink_to(tmp_path / "student")
    with pytest.raises(Quarantined, match="link"):
        take(tmp_path / "thief" / "01-tiny", "tiny", LIMITS)


def nested(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


BROKEN = {
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
    "no cells": b'{"nbformat": 4}',
    "nbformat 3": b'{"nbformat": 3, "worksheets": []}',
    "nbformat true": json.dumps({**NOTEBOOK, "nbformat": "4"}).encode(),
    "too many cells": json.dumps({**NOTEBOOK, "cells": [CELL] * 6}).encode(),
    "a cell that is a list": json.dumps({**NOTEBOOK, "cells": [[]]}).encode(),
    "a cell of no known type": json.dumps({**NOTEBOOK, "cells": [{**CELL, "cell_type": "heading"}]}).encode(),
    "a source that is a number": json.dumps({**NOTEBOOK, "cells": [{**CELL, "source": 3}]}).encode(),
    "a lone surrogate": json.dumps({**NOTEBOOK, "cells": [{**CELL, "source": "\ud800"}]}).encode(),
    "too much text": json.dumps({**NOTEBOOK, "cells": [{**CELL, "source": "x" * 6000}]}).encode(),
    "crowds of empty lists": b'{"nbformat": 4, "cells": [], "metadata": [' + b"[]," * 1000 + b"[]]}",
    "a number of 5,000 digits": b'{"nbformat": 4, "cells": ' + b"9" * 5000 + b"}",
    "nested too deep": json.dumps({**NOTEBOOK, "metadata": nested(30)}).encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_read_is_quarantined_with_a_reason(content):
    with pytest.raises(Quarantined, match=r"\w{3,}.*\w{3,}"):
        cells_of(content, LIMITS)


def test_metadata_of_any_shape_are_survived():
    strange = [
        {**CELL, "metadata": value, "id": value} for value in (None, 3, [], {"nbgrader": []}, {"tags": 3})
    ]
    cells = cells_of(json.dumps({**NOTEBOOK, "cells": strange}).encode(), LIMITS)
    assert [cell["grade_id"] for cell in cells] == [None] * 5


@pytest.mark.parametrize("name", ["tiny.IPYNB", "Tiny.Ipynb"])
def test_an_extension_in_capitals_is_one(folder, name):
    (folder / name).write_text(json.dumps(NOTEBOOK))
    assert take(folder, "tiny", LIMITS).note == f"handed in as {name}"


@pytest.mark.parametrize(
    "aside", [".ipynb_checkpoints/tiny-checkpoint.ipynb", "__MACOSX/._work.ipynb", "._work.ipynb"]
)
def test_what_editors_and_archivers_leave_beside_a_notebook_is_none(folder, aside):
    (folder / "work.ipynb").write_text(json.dumps(NOTEBOOK))
    (folder / aside).parent.mkdir(exist_ok=True)
    (folder / aside).write_text("rubbish")
    assert take(folder, "tiny", LIMITS).note == "handed in as work.ipynb"


def zipped(*entries, kind=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", kind) as archive:
        for name in entries:
            archive.writestr(name, json.dumps(NOTEBOOK) if name.lower().endswith("ipynb") else "text")
    return content.getvalue()


@pytest.mark.parametrize(
    "beside", ["notes 12:30.txt", ".ipynb_checkpoints/tiny-checkpoint.ipynb", "__MACOSX/._work.ipynb"]
)
def test_a_zip_file_with_harmless_things_beside_the_notebook(folder, beside):
    (folder / "work.ZIP").write_bytes(zipped("work.IPYNB", beside))
    assert take(folder, "tiny", LIMITS).note == "taken from work.ZIP"


@pytest.mark.parametrize("entry", ["C:/tiny.ipynb", "..\\tiny.ipynb", "/tiny.ipynb"])
def test_a_zip_entry_that_points_outside(folder, entry):
    (folder / "work.zip").write_bytes(zipped(entry))
    with pytest.raises(Quarantined, match="points outside"):
        take(folder, "tiny", LIMITS)


def test_two_zip_files_and_an_unusual_one(folder):
    (folder / "work.zip").write_bytes(zipped("tiny.ipynb", kind=zipfile.ZIP_LZMA))
    with pytest.raises(Quarantined, match="unusual way"):
        take(folder, "tiny", LIMITS)
    (folder / "more.zip").write_bytes(zipped("tiny.ipynb"))
    with pytest.raises(Quarantined, match="2 zip files"):
        take(folder, "tiny", LIMITS)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_quarantined(folder, seed):
    rng = random.Random(seed)
    for whole, name in (
        (zipped("tiny.ipynb", "a.txt"), "tiny.zip"),
        (json.dumps(NOTEBOOK).encode(), "tiny.ipynb"),
    ):
        for _ in range(300):
            content = bytearray(whole)
            for _ in range(rng.randrange(1, 6)):
                content[rng.randrange(len(content))] = rng.randrange(256)
            (folder / name).write_bytes(content[: rng.choice([None, rng.randrange(len(content))])])
            try:
                taken = take(folder, "tiny", LIMITS)
                assert all(isinstance(cell["source"], str) for cell in taken.cells)
            except Quarantined as reason:
                assert str(reason)
        (folder / name).unlink()


@pytest.mark.parametrize("seconds", [2**50, -(2**50)])
def test_a_time_that_is_no_date(seconds):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:  # other file systems keep no such time
        path = Path(memory) / "tiny.ipynb"
        path.write_text(json.dumps(NOTEBOOK))
        os.utime(path, (seconds, seconds))
        with pytest.raises(Quarantined, match="no date"):
            take(Path(memory), "tiny", LIMITS)
