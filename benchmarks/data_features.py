"""Two features that people designed, and nearest neighbours: what came before learned features."""

import numpy as np

CELL = 8  # pixels
ORIENTATIONS = 9
HUES = 10


def hog(pictures):
    """Histograms of oriented gradients (Dalal and Triggs 2005, without block normalisation).

    Parameters
    ----------
    pictures : (N, 32, 32, 3) uint8

    Returns
    -------
    (N, 144) float32: 4 x 4 cells, 9 orientations
    """
    grey = pictures @ np.array([0.299, 0.587, 0.114], np.float32)
    down, right = np.gradient(grey, axis=(1, 2))
    strength, angle = np.hypot(down, right), np.arctan2(down, right) % np.pi
    bins = np.minimum((angle * (ORIENTATIONS / np.pi)).astype(int), ORIENTATIONS - 1)
    cells = [np.where(bins == k, strength, 0) for k in range(ORIENTATIONS)]
    side = 32 // CELL
    means = [cell.reshape(-1, side, CELL, side, CELL).mean((2, 4)) for cell in cells]
    return np.stack(means, axis=-1).reshape(len(pictures), -1)


def hue_histogram(pictures):
    """How much of each hue there is, (N, 10) float32; grey pixels count little."""
    rgb = pictures.astype(np.float32) / 255
    top, chroma = rgb.max(-1), np.ptp(rgb, axis=-1)
    red, green, blue = np.moveaxis(rgb, -1, 0)
    sixths = np.select(
        [top == red, top == green], [(green - blue), 2 * chroma + (blue - red)], 4 * chroma + (red - green)
    )
    hue = sixths / np.maximum(chroma, 1e-6) % 6
    bins = np.minimum((hue * (HUES / 6)).astype(int), HUES - 1)
    return np.stack([np.where(bins == k, chroma, 0).mean((1, 2)) for k in range(HUES)], axis=1)


def standardised(train, *others):
    """Each feature to mean 0 and deviation 1 over the training split."""
    mean, deviation = train.mean(0), train.std(0) + 1e-6
    return [((features - mean) / deviation).astype(np.float32) for features in (train, *others)]


def neighbours(X, X_train, most):
    """Indices of the `most` nearest training rows of each row, nearest first."""
    squared = (X_train**2).sum(1) - 2 * X @ X_train.T
    near = np.argpartition(squared, most, axis=1)[:, :most]
    return np.take_along_axis(near, np.argsort(np.take_along_axis(squared, near, 1), axis=1), 1)


def vote(labels, k):
    """Majority of the k nearest labels (N, most); a tie goes to the smaller label."""
    counts = np.stack([(labels[:, :k] == label).sum(1) for label in range(10)], axis=1)
    return counts.argmax(1)
