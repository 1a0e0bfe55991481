"""The pretrained files are those that the kit expects; damaged, unknown and missing ones are refused in words."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cs231n_kit.data import load_picturebook, pretrained
from cs231n_kit.data.pretrained import load_pretrained, read_sums

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "datasets" / "pretrained"


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student's folder with a notebook's folder in it, no checkout in sight; returns (run, folder).

    `run(code)` runs Python in the notebook's folder with an installed kit.
    """
    installed = tmp_path / "site" / "cs231n_kit"
    shutil.copytree(ROOT / "cs231n_kit", installed, ignore=shutil.ignore_patterns("grading", "__pycache__"))
    notebook = tmp_path / "assignments" / "08-transfer-learning"
    notebook.mkdir(parents=True)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.setenv("CS231N_DATA", str(tmp_path / "data"))

    def run(name="network"):
        code = f"from cs231n_kit.data.pretrained import load_pretrained; print(sorted(load_pretrained({name!r})))"
        return subprocess.run(
            [sys.executable, "-c", code], cwd=notebook, capture_output=True, text=True, check=False
        )

    return run, notebook.parent


def test_what_ships_is_what_the_kit_expects_and_small():
    assert {path.name for path in SHIPPED.glob("*.npz")} == set(read_sums())
    assert sum(path.stat().st_size for path in SHIPPED.glob("*.npz")) < 2_000_000
    card = (SHIPPED.parent / "pretrained.md").read_text(encoding="utf-8")
    for name, digest in read_sums().items():
        assert name in card and digest in card


def test_the_weights_are_numbers_of_one_network():
    weights = load_pretrained("network")
    for i in (1, 2, 3):
        filters = len(weights[f"W{i}"])
        for name in (f"gamma{i}", f"beta{i}", f"running_mean_block{i}", f"running_var_block{i}"):
            assert weights[name].shape == (filters,)
    assert weights["W4"].shape == (filters * 16, 10) and weights["mean"].shape == (3, 1, 1)
    for value in weights.values():
        assert value.dtype == np.float32 and np.isfinite(value).all()


def test_the_features_belong_to_the_pictures_that_the_loader_draws():
    features = load_pretrained("features")
    sizes = {split: len(features[f"object_{split}"]) for split in ("train", "test")}
    for target in ("object", "scene"):
        book = load_picturebook(sizes["train"], 0, sizes["test"], classes="more", target=target)
        for split in sizes:
            assert np.array_equal(features[f"{target}_{split}"], book.split(split)[1])
    for block in ("block1", "block2", "block3"):
        assert features[f"{block}_train"].dtype == np.uint8
        assert len(features[f"{block}_train"]) == sizes["train"]
        assert features[f"{block}_train"].max() == 255


def test_an_unknown_name_is_told_which_there_are():
    with pytest.raises(ValueError, match=r"'weights'.*'network'"):
        load_pretrained("weights")


@pytest.mark.parametrize("place", ["pretrained", "08-transfer-learning/pretrained", "../data/pretrained"])
def test_a_student_finds_them_in_the_unpacked_zip(student, place):
    run, folder = student
    shutil.copytree(SHIPPED, folder / place)
    assert "'running_mean_block1'" in run().stdout


def test_a_missing_file_is_told_where_it_was_looked_for(student):
    run, folder = student
    done = run()
    assert "FileNotFoundError: network.npz was not found" in done.stderr
    assert str(folder / "pretrained") in done.stderr


def test_a_changed_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    content = bytearray((SHIPPED / "network.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "network.npz").write_bytes(content)
    monkeypatch.setattr(pretrained, "folders", lambda: [tmp_path])
    with pytest.raises(ValueError, match="damaged or another version"):
        load_pretrained("network")


def test_nothing_is_unpickled(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    np.savez(path, W1=np.array([print], dtype=object))
    sums = tmp_path / "sums"
    sums.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  network.npz\n")
    monkeypatch.setattr(pretrained, "folders", lambda: [tmp_path])
    monkeypatch.setattr(pretrained, "SUMS", sums)
    with pytest.raises(ValueError, match="allow_pickle"):
        load_pretrained("network")
