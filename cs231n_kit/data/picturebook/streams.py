"""Random numbers that are the same bits on every machine and with every NumPy."""

import numpy as np

HALF_WORD = np.uint64(0xFFFF)


class Stream:
    """Draws from one PCG64 stream, named by a key of whole numbers.

    NumPy promises the raw output of a bit generator for ever (NEP 19), but not what `Generator` makes of
    it; so the pictures take raw words and turn them into numbers themselves.

    Parameters
    ----------
    *key : whole numbers below 2**32; two keys of the same length give independent streams
    """

    def __init__(self, *key):
        self._words = np.random.PCG64(np.random.SeedSequence(key))

    def uniform(self, *shape, low=0.0, high=1.0):
        """float64 of the given shape in [low, high)."""
        words = self._words.random_raw(int(np.prod(shape))).reshape(shape)
        return low + (high - low) * ((words >> np.uint64(11)) * 2.0**-53)

    def uniform32(self, *shape, low=0.0, high=1.0):
        """The same, rounded to float32."""
        return self.uniform(*shape, low=low, high=high).astype(np.float32)

    def below(self, bound, *shape):
        """int64 of the given shape in 0 .. bound - 1."""
        return (self.uniform(*shape) * bound).astype(np.int64)

    def bell(self, *shape):
        """float32, nearly normal: the sum of the four 16-bit quarters of a word, to mean 0 and deviation 1."""
        words = self._words.random_raw(int(np.prod(shape))).reshape(shape)
        total = sum((words >> np.uint64(shift)) & HALF_WORD for shift in (0, 16, 32, 48))
        return (total.astype(np.int64) - 131070).astype(np.float32) * np.float32(1 / 37837)

    def shuffled(self, labels):
        """A permutation of a 1-D array."""
        return labels[np.argsort(self.uniform(len(labels)), kind="stable")]


def cos_sin(angle):
    """Cosine and sine in float64, rounded to 2**-20.

    Mathematics libraries differ in the last bit of a sine; after the rounding they agree.
    """
    return tuple(np.round(f(angle) * 2.0**20) * 2.0**-20 for f in (np.cos, np.sin))


def smooth_noise(stream, n, channels, cells, size):
    """Clouds: random values on a coarse grid, interpolated in between.

    Returns
    -------
    (n, channels, size, size) float32 in about -1 .. 1
    """
    knots = stream.uniform32(n, channels, cells + 1, cells + 1, low=-1)
    position = (np.arange(size) + 0.5) * (cells / size)
    left = np.floor(position).astype(np.int64)
    near = (position - left).astype(np.float32)
    rows = knots[:, :, left] * (1 - near)[:, None] + knots[:, :, left + 1] * near[:, None]
    return rows[..., left] * (1 - near) + rows[..., left + 1] * near
