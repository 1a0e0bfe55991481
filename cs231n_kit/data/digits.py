"""Handwritten digits from scikit-learn, as coloured 32 x 32 pictures."""

from itertools import pairwise

import numpy as np

from cs231n_kit.data.dataset import Dataset, check_count

SIZE = 32  # pixels, from scikit-learn's 8


def load_digits_rgb(num_train=1000, num_val=300, num_test=497, seed=231):
    """The 1,797 handwritten digits that come with scikit-learn (Alpaydin and Kaynak 1998), in colour.

    Each digit is enlarged from 8 x 8 to 32 x 32 pixels and printed in one random colour on another. The
    splits are cut from one random order, so here what is in a split does depend on the sizes asked for.

    Parameters
    ----------
    num_train, num_val, num_test : at most 1,797 together
    seed : of the order and the colours

    Returns
    -------
    Dataset of uint8 pictures

    Raises
    ------
    ValueError : more digits than there are
    ImportError : scikit-learn is not installed
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise ImportError(
            "load_digits_rgb takes its digits from scikit-learn, which is not installed: pip install scikit-learn"
            " (or the kit's extra: pip install 'cs231n-kit[digits]')."
        ) from None

    digits = load_digits()
    sizes = {"num_train": num_train, "num_val": num_val, "num_test": num_test}
    counts = [check_count(name, count) for name, count in sizes.items()]
    check_count("num_train + num_val + num_test", sum(counts), len(digits.target))
    rng = np.random.default_rng(check_count("seed", seed))
    order = rng.permutation(len(digits.target))
    pictures = _printed(_enlarged(digits.images[order] / 16), rng)
    labels = digits.target[order].astype(np.int64)
    ends = np.cumsum([0, *counts])
    splits = [part[start:stop] for start, stop in pairwise(ends) for part in (pictures, labels)]
    return Dataset(f"digits in colour (seed {seed})", tuple(map(str, range(10))), *splits)


def _enlarged(ink):
    """(N, 8, 8) -> (N, 32, 32), interpolated between pixel centres."""
    position = np.clip((np.arange(SIZE) + 0.5) / (SIZE / 8) - 0.5, 0, 7)
    left = np.minimum(np.floor(position).astype(int), 6)
    share = position - left
    rows = ink[:, left] * (1 - share)[:, None] + ink[:, left + 1] * share[:, None]
    return rows[:, :, left] * (1 - share) + rows[:, :, left + 1] * share


def _printed(ink, rng):
    """Digits in one colour on another, (N, 32, 32, 3) uint8; the two differ by at least 0.3 in one channel."""
    paper, pen = rng.random((2, len(ink), 1, 1, 3))
    alike = np.abs(paper - pen).max(axis=-1, keepdims=True) < 0.3
    pen = np.where(alike, (paper + 0.5) % 1, pen)
    return np.round(255 * (paper + ink[..., None] * (pen - paper))).astype(np.uint8)
