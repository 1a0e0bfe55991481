"""The pictures of nearest neighbours: distances, neighbours, accuracy over k, timings, confusion."""

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit.plotting.pictures import show_picture

RIGHT, WRONG = "#009e73", "#d55e00"


def show_distances(dists, title="Distances between test and training pictures", *, ax=None):
    """Show a matrix of distances as a picture, dark for near and bright for far.

    Parameters
    ----------
    dists : (M, N) distances of M queries to N training examples

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(9, 3.4))[1]
    image = ax.imshow(dists, aspect="auto", interpolation="none")
    ax.figure.colorbar(image, ax=ax, label="distance", pad=0.01)
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel="training picture", ylabel="test picture", title=title)
    return ax


def show_neighbours(queries, query_labels, X_train, y_train, nearest, class_names):
    """Show queries, each beside its nearest training pictures; a frame says whether the class agrees.

    Parameters
    ----------
    queries : (Q, H, W, 3) pictures, `query_labels` (Q,)
    X_train, y_train : (N, H, W, 3), (N,)
    nearest : (Q, K) indices into X_train, nearest first

    Returns
    -------
    (Q, K + 1) array of Axes
    """
    nearest = np.asarray(nearest)
    rows, columns = nearest.shape[0], nearest.shape[1] + 1
    figsize = (columns * 0.92 + 0.2, rows * 1.08 + 0.3)
    _, axes = plt.subplots(rows, columns, figsize=figsize, squeeze=False)
    for row, (query, label) in enumerate(zip(queries, query_labels, strict=True)):
        show_picture(query, class_names[label], ax=axes[row, 0])
        axes[row, 0].title.set_fontweight("bold")
        for ax, index in zip(axes[row, 1:], nearest[row], strict=True):
            colour = RIGHT if y_train[index] == label else WRONG
            show_picture(X_train[index], class_names[y_train[index]], ax=ax, colour=colour)
    text = "A picture, then its nearest neighbours (green: same class, orange: another)"
    axes[0, 0].figure.suptitle(text, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_accuracy_over_k(k_to_accuracies, *, chosen=None, ax=None):
    """Show cross-validation accuracies: every fold a dot, their mean a line with standard deviations.

    Parameters
    ----------
    k_to_accuracies : dict k -> list of accuracies, one a fold
    chosen : a k to mark

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7, 3.8))[1]
    ks = sorted(k_to_accuracies)
    folds = [np.asarray(k_to_accuracies[k]) for k in ks]
    for k, values in zip(ks, folds, strict=True):
        ax.plot([k] * len(values), values, "o", color="#56b4e9", markersize=4, alpha=0.7)
    means = [values.mean() for values in folds]
    ax.errorbar(
        ks, means, [values.std() for values in folds], marker="o", capsize=3, label="mean and deviation"
    )
    if chosen is not None:
        ax.axvline(chosen, color="#d55e00", linestyle="--", linewidth=1.3, label=f"chosen: k = {chosen}")
    ax.set_xscale("log")
    ax.set_xticks(ks, [str(k) for k in ks])
    ax.minorticks_off()
    ax.set(xlabel="k, number of neighbours (log scale)", ylabel="validation accuracy")
    ax.set_title(f"{len(folds[0])}-fold cross-validation: too few neighbours are noise, too many are blur")
    ax.legend()
    return ax


def show_timings(seconds, title="The same numbers, in less time", *, ax=None):
    """Show times as bars on a log scale, each with its ratio to the slowest.

    Parameters
    ----------
    seconds : dict name -> seconds

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7, 0.5 * len(seconds) + 1.2))[1]
    slowest = max(seconds.values())
    bars = ax.barh(list(seconds), list(seconds.values()), color="#0072b2", height=0.6)
    labels = [f" {_duration(s)}  ({_ratio(slowest / s)}x)" for s in seconds.values()]
    ax.bar_label(bars, labels)
    ax.set_xscale("log")
    ax.set_xlim(min(seconds.values()) / 3, slowest * 12)
    ax.invert_yaxis()
    ax.set(xlabel="seconds (log scale)", title=title)
    return ax


def show_confusion(matrix, class_names, title="What is taken for what", *, ax=None):
    """Show a confusion matrix, counts in the cells.

    Parameters
    ----------
    matrix : (C, C) counts, row: true class, column: predicted class

    Returns
    -------
    Axes
    """
    matrix = np.asarray(matrix)
    ax = ax or plt.subplots(figsize=(5.6, 5))[1]
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            colour = "white" if share[row, column] > 0.55 else "#333333"
            ax.text(column, row, f"{count:g}", ha="center", va="center", fontsize=8, color=colour)
    ax.set_xticks(range(len(class_names)), class_names, rotation=45, ha="right")
    ax.set_yticks(range(len(class_names)), class_names)
    ax.set(xlabel="predicted class", ylabel="true class", title=title)
    return ax


def _ratio(ratio):
    return f"{ratio:.3g}" if ratio < 100 else f"{ratio:,.0f}"


def _duration(seconds):
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
