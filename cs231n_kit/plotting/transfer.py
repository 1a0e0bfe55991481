"""The pictures of transfer: features in a plane, probes at every stage, the table of four cells."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

COLOURS = ["C0", "C1", "C2", "C3", "C4"]  # the course's style says which they are
MARKS = ["o", "s", "^", "D", "v"]
# The free baseline stands back, what was trained from scratch apart; a pattern for readers who see no colours.
WAYS = {
    "pixels, probe": ("#b0b0b0", ""),
    "early probe": ("#56b4e9", ""),
    "late probe": ("#0072b2", ""),
    "from scratch": ("#e69f00", "///"),
    "fine-tuned": ("#d55e00", ""),
}


def show_planes(
    stages, y, class_names, classes, title="In the plane of the two largest principal components"
):
    """Show examples in two dimensions, by principal component analysis of each stage's features.

    Parameters
    ----------
    stages : dict name -> (N, D) features
    y : (N,) labels
    class_names : C names
    classes : labels of those that are shown, at most five; the plane is that of their examples

    Returns
    -------
    array of Axes, one for each stage
    """
    shown = np.flatnonzero(np.isin(y, classes))
    figure, axes = plt.subplots(1, len(stages), figsize=(3.5 * len(stages), 3.7), squeeze=False)
    for ax, (stage, rows) in zip(axes[0], stages.items(), strict=True):
        plane = principal_plane(rows[shown])
        for label, colour, mark in zip(classes, COLOURS, MARKS, strict=False):
            x1, x2 = plane[y[shown] == label].T
            looks = {"s": 14, "color": colour, "marker": mark, "alpha": 0.65, "linewidths": 0}
            ax.scatter(x1, x2, label=class_names[label], **looks)
        ax.set(title=stage, xlabel="first component", xticks=[], yticks=[])
    axes[0, 0].set_ylabel("second component")
    handles, names = axes[0, 0].get_legend_handles_labels()
    legend = figure.legend(handles, names, loc="outside lower center", ncols=5, markerscale=2)
    for handle in legend.legend_handles:
        handle.set_alpha(1)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[0]


def principal_plane(rows):
    """Coordinates (N, 2) of rows along the two directions in which they vary most."""
    centred = rows - rows.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return centred @ directions.T


def show_stage_probes(curves, stages, num_examples, title="Probes at every stage", *, ax=None):
    """Show the accuracy of a linear probe on each stage of a network; the first stage, the pixels, is the measure.

    Parameters
    ----------
    curves : dict question -> accuracies, one for each stage
    stages : names of the stages, the pixels first
    num_examples : examples that were classified, which give the error bars (two standard errors)

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7.6, 4))[1]
    for (question, accuracies), colour, mark in zip(curves.items(), COLOURS, MARKS, strict=False):
        accuracies = np.asarray(accuracies)
        ax.axhline(accuracies[0], color=colour, linestyle="--", linewidth=1.1, alpha=0.8)
        bars = 2 * standard_error(accuracies, num_examples)
        ax.errorbar(stages, accuracies, bars, color=colour, marker=mark, capsize=3, label=question)
    ax.yaxis.set_major_formatter(PercentFormatter(1, 0))
    ax.set(ylim=(0, 1), xlabel="features taken from", ylabel="accuracy of the probe")
    ax.plot([], [], "--", color="#666666", linewidth=1.1, label="its probe on the pixels")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    ax.set_title(title)
    return ax


def show_accuracies(accuracies, num_examples, title, *, ax=None):
    """Show accuracies as bars, with their values and two standard errors.

    Parameters
    ----------
    accuracies : dict name -> accuracy
    num_examples : examples that were classified

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7.6, 0.42 * len(accuracies) + 1.1))[1]
    _draw_bars(ax, accuracies, num_examples, [("#0072b2", "")] * len(accuracies))
    ax.set_title(title)
    ax.set_xlabel("accuracy, with two standard errors")
    return ax


def show_transfer_table(table, titles, num_examples, title="The table, measured: accuracy of each way"):
    """Show the two by two table of transfer learning: a small bar chart in each cell.

    Parameters
    ----------
    table : dict (similarity, amount) -> dict way -> accuracy; cells may be missing
    titles : dict (similarity, amount) -> what was measured there; its order is that of the cells
    num_examples : examples that were classified

    Returns
    -------
    (2, 2) array of Axes
    """
    figure, axes = plt.subplots(2, 2, figsize=(10, 5.4), sharex=True)
    for ax, (cell, what) in zip(axes.flat, titles.items(), strict=True):
        row = table.get(cell, {})
        _draw_bars(ax, row, num_examples, [WAYS.get(way, ("#0072b2", "")) for way in row])
        ax.set_title(f"{', '.join(cell)} · {what}", fontsize=10)
        if not row:
            ax.text(0.5, 0.5, "not measured", ha="center", transform=ax.transAxes)
            ax.set_yticks([])
    for ax in axes[1]:
        ax.set_xlabel("accuracy, with two standard errors")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def standard_error(accuracy, count):
    """Standard error of a fraction that was measured on `count` examples."""
    return np.sqrt(np.asarray(accuracy) * (1 - np.asarray(accuracy)) / count)


def _draw_bars(ax, accuracies, num_examples, looks):
    rows, values = np.arange(len(accuracies)), np.array(list(accuracies.values()))
    for row, value, (colour, hatch) in zip(rows, values, looks, strict=True):
        ax.barh(row, value, color=colour, hatch=hatch, edgecolor="#fcfcfa", linewidth=0, height=0.68)
        spread = 2 * standard_error(value, num_examples)
        ax.errorbar(value, row, xerr=spread, color="#222222", linewidth=1, capsize=2)
        ax.text(value + spread + 0.012, row, f"{value:.1%}", va="center", fontsize=9)
    ax.set_yticks(rows, list(accuracies))
    ax.invert_yaxis()
    ax.set_xlim(0, 1.12)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(PercentFormatter(1, 0))
