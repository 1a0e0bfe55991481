"""Textures and coloured digits: their bits, prefixes and classes."""

import hashlib
import sys

import numpy as np
import pytest

from cs231n_kit.data import load_digits_rgb, load_textures
from cs231n_kit.data.textures import PATTERNS, draw_sheet

# If one of these has to change, raise textures.EDITION too: else old caches mix with new pictures.
HASHES = {
    (231, 0, 0): "aef3ed0721f6340152a0e8a935a2608c0bfac5994f0e09cb76492d0e07a96519",
    (5, 2, 7): "876c06fc87639fd8a543ed204283f1527d64fdd78168c2353d21adbcf1bf93c5",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CS231N_DATA", str(tmp_path))


@pytest.mark.parametrize("key", HASHES, ids=str)
def test_a_sheet_is_the_same_bits_everywhere(key):
    pictures, labels = draw_sheet(*key)
    assert hashlib.sha256(pictures.tobytes() + labels.tobytes()).hexdigest() == HASHES[key]


def test_a_sheet_has_ten_of_each_texture():
    pictures, labels = draw_sheet(1, 2, 3)
    assert pictures.shape == (100, 32, 32, 3) and labels.shape == (100, 1)
    assert np.bincount(labels[:, 0]).tolist() == [10] * len(PATTERNS)


def test_the_first_textures_do_not_depend_on_how_many_are_asked_for():
    few, many = load_textures(70, 5, 0, seed=4), load_textures(510, 5, 5, seed=4)
    assert np.array_equal(few.X_train, many.X_train[:70]) and np.array_equal(few.y_train, many.y_train[:70])
    assert np.array_equal(few.X_val, many.X_val)
    assert not np.array_equal(many.X_val, many.X_test)
    assert few.class_names == tuple(PATTERNS)


def test_grain_is_finer_than_cloud():
    pictures, labels = draw_sheet(7, 0, 0)

    def seen_from_afar(name):
        """What is left of the contrast when 8 x 8 pixels become one."""
        chosen = pictures[labels[:, 0] == list(PATTERNS).index(name)].mean(axis=3)
        blocks = chosen.reshape(-1, 4, 8, 4, 8).mean(axis=(2, 4))
        return np.mean(blocks.std(axis=(1, 2)) / chosen.std(axis=(1, 2)))

    assert seen_from_afar("cloud") > 1.2 * seen_from_afar("grain")


def test_digits_are_split_and_coloured():
    digits = load_digits_rgb(1000, 300, 497)
    assert digits.X_train.shape == (1000, 32, 32, 3) and digits.X_train.dtype == np.uint8
    assert digits.y_test.shape == (497,) and digits.y_test.dtype == np.int64
    assert digits.class_names == tuple("0123456789")
    assert np.bincount(digits.y_train, minlength=10).min() > 70
    contrast = np.ptp(digits.X_train.reshape(1000, -1, 3).astype(int), axis=1).max(axis=1)
    assert contrast.min() > 50  # every digit can be told from its paper


def test_digits_follow_the_seed():
    first, second, other = (load_digits_rgb(50, 0, 0, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.X_train, second.X_train)
    assert not np.array_equal(first.X_train, other.X_train)


def test_there_are_only_so_many_digits():
    with pytest.raises(ValueError, match="=1798 asks for more examples than there are: 1797"):
        load_digits_rgb(1797, 1, 0)


def test_without_scikit_learn_digits_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        load_digits_rgb()
