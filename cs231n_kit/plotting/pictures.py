"""Pictures as pictures: one, a grid, samples of each class."""

import matplotlib.pyplot as plt
import numpy as np


def show_picture(picture, title="", *, ax=None, colour=None):
    """Show one picture without ticks.

    Parameters
    ----------
    picture : (H, W, 3) or (H, W); uint8, or floats, which are stretched from their least to their largest value
    title : text above it
    ax : Axes to draw on; a new one by default
    colour : of a frame and the title, to mark right and wrong

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(2, 2))[1]
    ax.imshow(_stretched(np.asarray(picture)), cmap="gray")
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9, loc="center", fontweight="normal", color=colour or "#222222", pad=3)
    for spine in ax.spines.values():
        spine.set(visible=colour is not None, color=colour or "none", linewidth=2.5)
    return ax


def show_grid(pictures, titles=None, *, columns=10, size=0.85, title="", colours=None):
    """Show pictures in rows of `columns`.

    Parameters
    ----------
    pictures : (N, H, W, 3) or (N, H, W)
    titles : N texts, one above each
    size : inches of one picture
    title : of the whole figure
    colours : N frame colours

    Returns
    -------
    (rows, columns) array of Axes
    """
    count = len(pictures)
    columns = max(1, min(columns, count))
    rows = max(1, -(-count // columns))
    height = rows * (size + (0.2 if titles is not None else 0.03)) + (0.35 if title else 0)
    _, axes = plt.subplots(rows, columns, figsize=(columns * (size + 0.05), height), squeeze=False)
    for index, ax in enumerate(axes.flat):
        ax.axis("off")
        if index < count:
            ax.axis("on")
            text = titles[index] if titles is not None else ""
            show_picture(pictures[index], text, ax=ax, colour=colours[index] if colours is not None else None)
    if title:
        axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_samples(X, y, class_names, *, per_class=8, title="Samples of each class"):
    """Show the first `per_class` pictures of every class, a row each with its name.

    Parameters
    ----------
    X : (N, H, W, 3) pictures
    y : (N,) labels, indices into `class_names`

    Returns
    -------
    (C, per_class) array of Axes
    """
    size = 0.62
    figsize = (per_class * size + 1.1, len(class_names) * size + 0.4)
    _, axes = plt.subplots(len(class_names), per_class, figsize=figsize, squeeze=False)
    for label, name in enumerate(class_names):
        members = np.flatnonzero(np.asarray(y) == label)[:per_class]
        for ax in axes[label]:
            ax.axis("off")
        for ax, index in zip(axes[label], members, strict=False):
            ax.axis("on")
            show_picture(X[index], ax=ax)
        axes[label, 0].axis("on")
        axes[label, 0].set(xticks=[], yticks=[])
        axes[label, 0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def _stretched(picture):
    if picture.dtype == np.uint8:
        return picture
    low, high = picture.min(), picture.max()
    return (picture - low) / ((high - low) or 1)
