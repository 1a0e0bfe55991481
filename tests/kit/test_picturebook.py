"""The picture book's pixels: the same everywhere, and what they promise."""

import hashlib

import numpy as np
import pytest

from cs231n_kit.data.picturebook import SCENES, SETS, draw_sheet
from cs231n_kit.data.picturebook.shapes import Grid, box, circle, coverage, ellipse, polygon, stroke
from cs231n_kit.data.picturebook.streams import Stream, smooth_noise

# If one of these has to change, raise picturebook.EDITION too: else old caches mix with new pictures.
HASHES = {
    ("main", 231, 0, 0): "b7955e578b45e0d5c1d6e464fe8ce238aa96e24b1e208765d49a1af055aaae81",
    ("more", 231, 0, 0): "b2f525ceb0602edfefd1ab760843c4914a45624f4691f4052f6b314fecdd0144",
    ("main", 5, 2, 7): "3dfe776dab3a297475c1cc3521c1d4c654f4b8f5f5159e4535e668f40a39573c",
}


@pytest.mark.parametrize("key", HASHES, ids=str)
def test_a_sheet_is_the_same_bits_everywhere(key):
    pictures, labels = draw_sheet(*key)
    assert hashlib.sha256(pictures.tobytes() + labels.tobytes()).hexdigest() == HASHES[key]


def test_a_sheet_has_ten_of_each_class():
    pictures, labels = draw_sheet("more", 3, 1, 4)
    assert pictures.shape == (100, 32, 32, 3)
    assert pictures.dtype == labels.dtype == np.uint8
    assert np.bincount(labels[:, 0]).tolist() == [10] * 10


def test_another_seed_split_or_number_is_another_sheet():
    keys = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1)]
    sheets = {draw_sheet("main", *key)[0].tobytes() for key in keys}
    assert len(sheets) == len(keys)


def test_the_two_sets_share_no_class():
    assert len(SETS["main"]) == len(SETS["more"]) == len(SCENES) == 10
    assert not set(SETS["main"]) & set(SETS["more"])


def test_things_are_mostly_where_they_are_at_home_but_not_only():
    labels = np.concatenate([draw_sheet("main", 8, 0, index)[1] for index in range(5)])
    boats = list(SETS["main"]).index("boat")
    scenes = np.bincount(labels[labels[:, 0] == boats, 1], minlength=10)
    assert scenes[list(SCENES).index("sea")] == scenes.max()
    assert (scenes > 0).sum() >= 5


@pytest.mark.parametrize(
    ("shape", "inside", "rim", "outside"),
    [
        (lambda at: circle(at, 1, 2, 3), (1, 2), (4, 2), (5, 2)),
        (lambda at: ellipse(at, 0, 0, 2, 1), (1.5, 0), (0, 1), (0, 1.5)),
        (lambda at: box(at, 0, 0, 2, 1), (1.9, 0.9), (2, 0), (0, 1.5)),
        (lambda at: polygon(at, (0, 0), (2, 0), (0, 2)), (0.5, 0.5), (1, 1), (1.5, 1.5)),
        (lambda at: polygon(at, (0, 2), (2, 0), (0, 0)), (0.5, 0.5), (1, 1), (1.5, 1.5)),  # other way round
        (lambda at: stroke(at, (0, 0), (2, 0), 0.5), (2.4, 0), (1, 0.5), (-0.6, 0)),
    ],
)
def test_a_distance_is_negative_inside_zero_on_the_rim_positive_outside(shape, inside, rim, outside):
    distances = [float(shape(Grid(np.float32(u), np.float32(v)))) for u, v in (inside, rim, outside)]
    assert distances[0] < 0
    assert distances[1] == pytest.approx(0, abs=1e-6)
    assert distances[2] > 0


def test_coverage_is_half_on_the_rim_and_a_pixel_wide():
    distances = np.array([-1, -0.1, 0, 0.1, 1], np.float32)
    assert coverage(distances, 0.2) == pytest.approx([1, 1, 0.5, 0, 0])


def test_streams_are_uniform_and_bell_shaped():
    uniform = Stream(1, 2, 3, 4).uniform(20000, low=-2, high=4)
    assert -2 <= uniform.min() < -1.9 and 3.9 < uniform.max() < 4
    assert uniform.mean() == pytest.approx(1, abs=0.05)
    bell = Stream(1, 2, 3, 4).bell(20000)
    assert bell.mean() == pytest.approx(0, abs=0.03)
    assert bell.std() == pytest.approx(1, abs=0.02)


def test_smooth_noise_passes_through_its_knots():
    noise = smooth_noise(Stream(6), 2, 3, 4, 64)
    assert noise.shape == (2, 3, 64, 64)
    assert np.abs(np.diff(noise, axis=-1)).max() < 2 * 4 / 64 + 1e-6  # no step steeper than the grid allows
    assert noise.std() > 0.3
