"""Patterns in numbers: the same up to a factor, a sum of two parts, one of several contributions."""

import numpy as np

ALIKE = 1e-4  # two patterns are the same if they differ by no more than this, relative to the larger


def alike(a, b):
    """Whether two arrays are the same up to what finite differences resolve."""
    return bool(np.abs(a - b).max(initial=0.0) <= ALIKE * np.abs(b).max(initial=0.0))


def is_about(value, target):
    """Whether a measured factor stands for `target`."""
    return abs(value - target) <= 10 * ALIKE * abs(target)


def common_factor(a, b):
    """The c for which a = c * b, if there is one and it is neither 0 nor 1.

    One entry is always proportional to another, so at least two of b must not be zero (unless b is a number).
    """
    telling = np.count_nonzero(np.abs(b) > ALIKE * np.abs(b).max(initial=0.0))
    if telling < min(2, b.size) or not telling:
        return None
    factor = float(a @ b) / float(b @ b)
    if abs(factor) < 1e-8 or is_about(factor, 1) or not alike(a / factor, b):
        return None
    return factor


def two_factors(a, b, c):
    """(k, m) for which a = k * b + m * c, if there are any and they are not a matter of chance."""
    parts = np.stack([b, c], axis=1)
    sizes = np.abs(parts).max(axis=0)
    if len(parts) < 4 or not sizes.all() or np.linalg.matrix_rank(parts / sizes, tol=100 * ALIKE) < 2:
        return None
    factors = np.linalg.lstsq(parts / sizes, a, rcond=None)[0] / sizes
    if np.abs(parts @ factors - a).max() > ALIKE * sizes.min():  # a small part is no excuse for a loose fit
        return None
    return tuple(float(factor) if abs(factor) > 10 * ALIKE else 0.0 for factor in factors)


def is_one_of(value, parts, scale):
    """Whether `value` is one of at least two contributions that are not zero."""
    parts = parts[np.abs(parts) > 1e-7 * scale]
    return len(parts) > 1 and bool(np.abs(parts - value).min() <= 1e-6 * scale)
