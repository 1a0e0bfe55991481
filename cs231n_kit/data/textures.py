"""Ten textures drawn by code: a target domain that looks nothing like the picture book's things.

Each pattern is a signed field: one colour where it is positive, the other where it is negative. As in the
picture book, only arithmetic whose last bit IEEE 754 fixes is used.
"""

import math
from typing import NamedTuple

import numpy as np

from cs231n_kit.data.picturebook.camera import halve, to_bytes
from cs231n_kit.data.picturebook.scenes import each
from cs231n_kit.data.picturebook.shapes import length
from cs231n_kit.data.picturebook.streams import Stream, cos_sin, smooth_noise

# Raise it with every change that changes a pixel: what was drawn before is then no longer used.
EDITION = 1
TAG = 3  # the picture book's two sets have 1 and 2

SHEET = 100
CANVAS = 64
PERIOD = (4.5, 10.0)  # pixels of the picture, of which there are 32
BALANCE = 0.35  # how far one colour may outweigh the other
LEAST_CONTRAST = 0.25
NOISE = (0.02, 0.12)
SHADE = 0.1


class Weave(NamedTuple):
    """Where each pixel of n pictures lies, (n, H, H): along and across the pattern, in periods."""

    stream: Stream
    along: np.ndarray
    across: np.ndarray
    period: np.ndarray
    balance: np.ndarray


def fraction(t):
    return t - np.floor(t)


def triangle_wave(t):
    """-1 .. 1, period 1."""
    return np.abs(fraction(t) - 0.5) * 4 - 1


def every_other(t):
    """Half a period's shift in every other row."""
    return 0.5 * (np.floor(t) % 2)


def stripes(weave):
    return triangle_wave(weave.along) - weave.balance


def checker(weave):
    same = (triangle_wave(weave.along) > 0) == (triangle_wave(weave.across) > 0)
    return np.where(same, np.float32(1), np.float32(-1))


def dots(weave):
    middle = length(fraction(weave.along) - 0.5, fraction(weave.across) - 0.5)
    return (middle - 0.3 + 0.15 * weave.balance) * 6


def bricks(weave):
    upright = fraction(0.5 * weave.along + every_other(weave.across)) * 8 - 0.8
    return np.minimum(upright, fraction(weave.across) * 4 - 0.8) * 2


def rings(weave):
    x, y = _pixels(weave)
    dx, dy = (each(weave.stream.uniform(len(x), low=-14, high=14)) for _ in range(2))
    return triangle_wave(length(x - dx, y - dy) / weave.period) - weave.balance


def zigzag(weave):
    return triangle_wave(weave.along + 0.35 * triangle_wave(0.8 * weave.across)) - weave.balance


def grid(weave):
    return np.minimum(fraction(weave.along) * 5 - 1, fraction(weave.across) * 5 - 1) * 2


def scales(weave):
    """Rows of discs that hang over one another like tiles: positive within a disc, negative on its rim."""
    row = 2 * weave.across
    beside = np.abs(fraction(0.5 * weave.along + every_other(row)) - 0.5)
    below = 0.25 * fraction(row)
    above = length(0.5 - beside, below + 0.25)  # from the disc that hangs down from the row above
    own = length(beside, below)
    return (0.42 - np.where(above < 0.5, above, own)) * 12


def cloud(weave):
    return smooth_noise(weave.stream, len(weave.period), 1, 5, CANVAS)[:, 0] * 3 - weave.balance


def grain(weave):
    return smooth_noise(weave.stream, len(weave.period), 1, 21, CANVAS)[:, 0] * 3 - weave.balance


PATTERNS = {
    pattern.__name__: pattern
    for pattern in (stripes, checker, dots, bricks, rings, zigzag, grid, scales, cloud, grain)
}


def _axis():
    """Pixel centres of the canvas in the picture's pixels, -16 .. 16."""
    return ((np.arange(CANVAS) + 0.5) * (32 / CANVAS) - 16).astype(np.float32)


def _pixels(weave):
    axis = _axis()
    shape = (len(weave.period), CANVAS, CANVAS)
    return np.broadcast_to(axis, shape), np.broadcast_to(axis[:, None], shape)


def _weave(stream, n):
    """A turned and shifted pattern for each of n pictures."""
    axis = _axis()
    x, y = axis[None, None, :], axis[None, :, None]
    cosine, sine = (each(c) for c in cos_sin(stream.uniform(n, high=math.pi)))
    period = each(stream.uniform(n, low=PERIOD[0], high=PERIOD[1]))
    along = (cosine * x + sine * y) / period + each(stream.uniform(n))
    across = (cosine * y - sine * x) / period + each(stream.uniform(n))
    return Weave(stream, along, across, period, each(stream.uniform(n, low=-BALANCE, high=BALANCE)))


def _two_colours(stream, n):
    """Two colours for each picture, (n, 3, 1, 1), never too much alike."""
    first, second = (stream.uniform32(n, 3, 1, 1) for _ in range(2))
    alike = np.abs(first - second).max(axis=1, keepdims=True) < LEAST_CONTRAST
    return first, np.where(alike, 1 - first, second)


def _draw(stream, pattern, n):
    """n pictures of one pattern, (n, 32, 32, 3) uint8."""
    field = pattern(_weave(stream, n))
    mix = np.minimum(np.maximum(1.2 * field + 0.5, 0), 1)[:, None]
    first, second = _two_colours(stream, n)
    canvas = first + mix * (second - first) + SHADE * smooth_noise(stream, n, 1, 3, CANVAS)
    noise = stream.uniform32(n, 1, 1, 1, low=NOISE[0], high=NOISE[1])
    return to_bytes(halve(canvas) + noise * stream.bell(n, 3, 32, 32))


def draw_sheet(seed, split, index):
    """Draw 100 textures, ten of each class.

    Parameters
    ----------
    seed, split, index : whole numbers; each triple is another sheet, always the same one

    Returns
    -------
    pictures : (100, 32, 32, 3) uint8
    labels : (100, 1) uint8
    """
    stream = Stream(seed, TAG, split, index)
    labels = stream.shuffled(np.repeat(np.arange(len(PATTERNS)), SHEET // len(PATTERNS)))
    pictures = np.empty((SHEET, 32, 32, 3), np.uint8)
    for label, pattern in enumerate(PATTERNS.values()):
        mine = np.flatnonzero(labels == label)
        pictures[mine] = _draw(stream, pattern, len(mine))
    return pictures, labels[:, None].astype(np.uint8)
