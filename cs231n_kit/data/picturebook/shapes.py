"""Shapes as signed distances: negative inside, positive outside, zero on the rim.

Every shape takes a `Grid` first. Only + - * / sqrt, min, max and abs are used: IEEE 754 fixes
their last bit, so that a picture is the same everywhere. (`np.hypot` is not among them.)
Distances as in Inigo Quilez, "2D distance functions"; the ellipse's is his first approximation.
"""

import math
from typing import NamedTuple

import numpy as np


class Grid(NamedTuple):
    """Where each pixel lies in a drawing's own coordinates: u to the right, v down, about -1 .. 1."""

    u: np.ndarray
    v: np.ndarray

    def mirrored(self):
        """The right half on both sides."""
        return Grid(np.abs(self.u), self.v)

    def sheared(self, slope, around):
        """Slanted: v grows by `slope` for each unit of u, and stays where u = `around`."""
        return Grid(self.u, self.v + (self.u - around) * slope)


def length(a, b):
    """Euclidean length of (a, b)."""
    return np.sqrt(a * a + b * b)


def circle(at, x, y, radius):
    return length(at.u - x, at.v - y) - radius


def ellipse(at, x, y, half_width, half_height):
    return (length((at.u - x) / half_width, (at.v - y) / half_height) - 1) * np.minimum(
        half_width, half_height
    )


def box(at, x, y, half_width, half_height):
    return np.maximum(np.abs(at.u - x) - half_width, np.abs(at.v - y) - half_height)


def polygon(at, *corners):
    """A convex polygon: the greatest of the distances to the lines through its sides."""
    centre_x, centre_y = (sum(c) / len(corners) for c in zip(*corners, strict=True))
    sides = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        side = math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
        normal_x, normal_y = (y1 - y0) / side, (x0 - x1) / side
        if (
            normal_x * (centre_x - x0) + normal_y * (centre_y - y0) > 0
        ):  # outward, whatever the corners' order
            normal_x, normal_y = -normal_x, -normal_y
        sides.append(normal_x * at.u + normal_y * at.v - (normal_x * x0 + normal_y * y0))
    return both(*sides)


def stroke(at, start, end, radius):
    """A line from start to end with round ends."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    along = ((at.u - x0) * dx + (at.v - y0) * dy) * (1 / (dx * dx + dy * dy))
    along = np.minimum(np.maximum(along, 0), 1)
    return length(at.u - x0 - along * dx, at.v - y0 - along * dy) - radius


def ring(at, x, y, radius, half_width):
    return np.abs(circle(at, x, y, radius)) - half_width


def either(*distances):
    """Union."""
    out = distances[0]
    for distance in distances[1:]:
        out = np.minimum(out, distance)
    return out


def both(*distances):
    """Intersection."""
    out = distances[0]
    for distance in distances[1:]:
        out = np.maximum(out, distance)
    return out


def coverage(distance, pixel):
    """How much of a pixel of the given width lies inside, 0 .. 1: soft edges, no staircase."""
    return np.minimum(np.maximum(0.5 - distance / pixel, 0), 1)
