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
from cs231n_kit.plotting.linear import (
    show_difference_errors,
    show_hyperparameters,
    show_loss_curves,
    show_losses_over_score,
    show_penalties,
    show_softmax,
    show_svm_slack,
    show_templates,
)
from cs231n_kit.plotting.pictures import show_grid, show_picture, show_samples

__all__ = [
    "show_accuracy_over_k",
    "show_confusion",
    "show_difference_errors",
    "show_distances",
    "show_grid",
    "show_hyperparameters",
    "show_loss_curves",
    "show_losses_over_score",
    "show_neighbours",
    "show_penalties",
    "show_picture",
    "show_samples",
    "show_softmax",
    "show_svm_slack",
    "show_templates",
    "show_timings",
]
