"""Every picture that a notebook shows; each function returns its Axes.

The set-up cell of a notebook calls ``plt.style.use("cs231n_kit.plotting.course")``.
"""

from cs231n_kit.plotting.knn import (
    show_accuracy_over_k,
    show_confusion,
    show_distances,
    show_neighbours,
    show_timings,
)
from cs231n_kit.plotting.pictures import show_grid, show_picture, show_samples

__all__ = [
    "show_accuracy_over_k",
    "show_confusion",
    "show_distances",
    "show_grid",
    "show_neighbours",
    "show_picture",
    "show_samples",
    "show_timings",
]
