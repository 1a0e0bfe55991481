"""The cache of drawn pictures: found again, mended, shared, and done without."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cs231n_kit.data import cache, picturebook
from cs231n_kit.data.drawn import load_drawn

LOAD = """
import hashlib
from cs231n_kit.data import load_picturebook
print(hashlib.sha256(load_picturebook(1000, 500, 0, seed=9).X_train.tobytes()).hexdigest())
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


class Drawer:
    """Draws plain sheets (every pixel the sheet's number) and counts them."""

    def __init__(self):
        self.drawn = []

    def __call__(self, split, index):
        self.drawn.append((split, index))
        number = 50 * split + index
        return np.full((100, 32, 32, 3), number, np.uint8), np.full((100, 1), number, np.uint8)

    def load(self, *sizes):
        return load_drawn("plain", self, sizes, num_labels=1)


def test_what_was_drawn_is_not_drawn_again():
    first, second = Drawer(), Drawer()
    drawn, loaded = first.load(620, 10, 0), second.load(620, 10, 0)
    assert len(first.drawn) == 15  # two blocks and one, five sheets each
    assert second.drawn == []
    for (X, labels), (X_again, labels_again) in zip(drawn, loaded, strict=True):
        assert np.array_equal(X, X_again) and np.array_equal(labels, labels_again)
    assert (drawn[0][0][619] == 6).all() and (drawn[1][1] == 50).all()


def test_more_pictures_extend_the_cache():
    Drawer().load(500, 0, 0)
    more = Drawer()
    more.load(501, 0, 0)
    assert more.drawn == [(0, index) for index in range(5, 10)]


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty"])
def test_a_damaged_file_is_noticed_and_drawn_again(folder, capsys, damage):
    Drawer().load(1000, 0, 0)
    path = sorted(folder.rglob("*.bin"))[1]
    raw = bytearray(path.read_bytes())
    raw[1234] ^= 1
    path.write_bytes({"flip": raw, "truncate": raw[:-1], "empty": b""}[damage])
    mending = Drawer()
    [(X, _), *_] = mending.load(1000, 0, 0)
    assert mending.drawn == [(0, index) for index in range(5, 10)]
    assert (X[:, 0, 0, 0] == np.repeat(np.arange(10), 100)).all()
    assert f"{path} is damaged: drawing it again" in capsys.readouterr().out
    again = Drawer()
    again.load(1000, 0, 0)
    assert again.drawn == []


def test_a_folder_that_cannot_be_written_costs_one_line(folder, capsys):
    folder.write_text("a file where the folder should be")  # holds for root too, whom no permission stops
    drawing = Drawer()
    [(X, _), *_] = drawing.load(1000, 500, 0)
    assert (X[999] == 9).all()
    assert len(drawing.drawn) == 15
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 and "cannot write to" in lines[0] and "CS231N_DATA" in lines[0]


def test_a_full_disk_leaves_no_half_file(folder, monkeypatch, capsys):
    def full(self, data):
        with self.open("wb") as file:
            file.write(data[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    Drawer().load(500, 0, 0)
    assert "No space left on device" in capsys.readouterr().out
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_appears_whole_or_not_at_all(folder, monkeypatch):
    def interrupted(self, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", interrupted)  # the last step, that puts a finished file in its place
    Drawer().load(500, 0, 0)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_two_processes_may_draw_at_the_same_time(folder):
    processes = [
        subprocess.Popen([sys.executable, "-c", LOAD], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    hashes = {process.communicate()[0] for process in processes}
    assert len(hashes) == 1
    [(X, _), *_] = load_drawn(  # now from the cache, or it would be drawn by None
        f"picturebook-{picturebook.EDITION}/main-9", None, (1000, 500, 0), num_labels=2
    )
    assert hashlib.sha256(X.tobytes()).hexdigest() == hashes.pop().decode().strip()
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".bin"}


def test_a_file_that_others_may_read_is_written(folder):
    Drawer().load(1, 0, 0)
    [path] = folder.rglob("*.bin")
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o644


def test_an_edition_has_its_own_folder(folder):
    load_drawn("a", Drawer(), (1, 0, 0), num_labels=1)
    other = Drawer()
    load_drawn("b", other, (1, 0, 0), num_labels=1)
    assert other.drawn


def test_the_folder_is_the_checkout_or_the_users_own(monkeypatch, tmp_path):
    monkeypatch.delenv("CS231N_DATA")
    root = Path(__file__).parents[2]
    assert cache.folder() == root / "datasets" / "cache"
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "site-packages" / "cs231n_kit" / "cache.py"))
    assert "cs231n_kit" in cache.folder().parts
    assert root not in cache.folder().parents
