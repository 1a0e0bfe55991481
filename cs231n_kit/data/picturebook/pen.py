"""The pen: lays coloured shapes over the pictures of one class."""

import numpy as np

from cs231n_kit.data.picturebook.shapes import coverage


class Pen:
    """Draws on n pictures at once; a drawing is a function of a pen.

    Parameters
    ----------
    stream : `Stream` that colours and proportions vary by
    canvas : (n, 3, H, H) float32, painted in place
    at : `Grid` of (n, H, H): the drawing's coordinates
    pixel : (n, 1, 1), a pixel's width in these coordinates
    light : (n, H, H), brightness of the light that falls on the thing
    opacity : (n, 1, 1), 1 hides what is behind
    first, second : (n, 3), the thing's two colours
    """

    def __init__(self, stream, canvas, at, pixel, light, opacity, first, second):
        self.at = at
        self.first = first
        self.second = second
        self._stream = stream
        self._canvas = canvas
        self._pixel = pixel
        self._light = light[:, None]
        self._opacity = opacity

    def between(self, low, high):
        """A length that differs from picture to picture, (n, 1, 1)."""
        return self._stream.uniform32(len(self._canvas), 1, 1, low=low, high=high)

    def sometimes(self, probability):
        """1 in some pictures and 0 in the others, (n, 1, 1)."""
        return (self._stream.uniform(len(self._canvas), 1, 1) < probability).astype(np.float32)

    def colour(self, red, green, blue, spread=0.06):
        """About this colour, each picture its own shade, (n, 3)."""
        shades = self._stream.uniform(len(self._canvas), 3, low=-spread, high=spread)
        return (np.array([red, green, blue]) + shades).astype(np.float32)

    def paint(self, distance, colour, where=1):
        """Fill a shape; `where` (0 or 1 for each picture or pixel) leaves some unpainted."""
        alpha = (coverage(distance, self._pixel) * self._opacity * where)[:, None]
        self._canvas += alpha * (colour[:, :, None, None] * self._light - self._canvas)
