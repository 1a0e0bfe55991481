"""The camera: from a painted canvas to a small, slightly bad photograph."""

import numpy as np

BLUR = (0, 0.5)
CONTRAST = (0.65, 1.1)
GAIN = (0.5, 1.3)  # exposure
CAST = 0.2  # each colour's own exposure strays so far
NOISE = (0.01, 0.04)


def halve(canvas):
    """Average 2 x 2 pixels: (..., 2H, 2H) -> (..., H, H)."""
    rows = (canvas[..., ::2, :] + canvas[..., 1::2, :]) * 0.5
    return (rows[..., ::2] + rows[..., 1::2]) * 0.5


def blurred(picture):
    """Mean of each pixel's 3 x 3 neighbourhood, edges repeated."""
    third = np.float32(1 / 3)
    tall = np.pad(picture, ((0, 0), (0, 0), (1, 1), (0, 0)), mode="edge")
    rows = (tall[:, :, :-2] + tall[:, :, 1:-1] + tall[:, :, 2:]) * third
    wide = np.pad(rows, ((0, 0), (0, 0), (0, 0), (1, 1)), mode="edge")
    return (wide[..., :-2] + wide[..., 1:-1] + wide[..., 2:]) * third


def to_bytes(picture):
    """(n, 3, H, W) float, 0 black and 1 white -> (n, H, W, 3) uint8."""
    levels = np.minimum(np.maximum(np.floor(picture * 255 + 0.5), 0), 255).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(0, 2, 3, 1))


def photograph(stream, canvas):
    """Take a picture of each canvas.

    Parameters
    ----------
    canvas : (n, 3, 2H, 2H) float32

    Returns
    -------
    (n, H, H, 3) uint8
    """
    picture = halve(canvas)
    n = len(picture)
    picture += stream.uniform32(n, 1, 1, 1, low=BLUR[0], high=BLUR[1]) * (blurred(picture) - picture)
    contrast = stream.uniform32(n, 1, 1, 1, low=CONTRAST[0], high=CONTRAST[1])
    gain = stream.uniform(n, 1, 1, 1, low=GAIN[0], high=GAIN[1])
    gain = (gain * (1 + stream.uniform(n, 3, 1, 1, low=-CAST, high=CAST))).astype(np.float32)
    picture = ((picture - 0.5) * contrast + 0.5) * gain
    noise = stream.uniform32(n, 1, 1, 1, low=NOISE[0], high=NOISE[1])
    return to_bytes(picture + noise * stream.bell(*picture.shape))
