"""The pictures of regularisation: thinned networks, dropped weights and blocks, augmented batches, gaps."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit.plotting.pictures import show_picture

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#888888"


def show_thinned_networks(layers, masks, title="One network, and three that dropout makes of it"):
    """Show a small network with all its units, and the networks that are left when some are dropped.

    Parameters
    ----------
    layers : units of each layer, input and output included
    masks : for each thinned network, for each hidden layer, an array of truth values: is the unit there

    Returns
    -------
    (1 + len(masks),) array of Axes
    """
    everything = [[True] * width for width in layers]
    networks = [everything] + [[everything[0], *mask, everything[-1]] for mask in masks]
    figure, axes = plt.subplots(1, len(networks), figsize=(2.6 * len(networks), 2.9))
    for ax, network in zip(axes, networks, strict=True):
        _draw_network(ax, network)
        hidden = [there for layer in network[1:-1] for there in layer]
        ax.set_title(f"{sum(hidden)} of {len(hidden)} hidden units", fontsize=10, loc="center")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_mean_and_spread(ps, inverted, original, at_test):
    """Show mean and variance of both forms of dropout on a unit whose output is 1, with their formulas.

    Parameters
    ----------
    ps : (K,) probabilities of keeping
    inverted, original : K arrays of samples each, outputs in training
    at_test : (K,) what the original form puts in their place at test time

    Returns
    -------
    (2,) array of Axes
    """
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    fine = np.linspace(0.095, 1, 200)
    forms = (
        ("inverted", inverted, BLUE, np.ones_like(fine), (1 - fine) / fine),
        ("original", original, ORANGE, fine, fine * (1 - fine)),
    )
    for name, samples, colour, mean, variance in forms:
        left.plot(fine, mean, color=colour, linewidth=1.2)
        left.plot(ps, [np.mean(s) for s in samples], "o", color=colour, label=f"{name}, training")
        right.plot(fine, variance, color=colour, linewidth=1.2)
        right.plot(ps, [np.var(s) for s in samples], "o", color=colour, label=name)
    ring = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.2}
    left.plot(ps, np.ones(len(ps)), "s", color=BLUE, label="inverted, test", **ring)
    left.plot(ps, at_test, "s", color=ORANGE, label="original, test", **ring)
    left.set(xlabel="p, probability of keeping", ylabel="mean of the output", ylim=(0, 1.15))
    left.set_title("Training and test agree in the mean")
    left.legend(fontsize=9, loc="lower right")
    right.set(xlabel="p, probability of keeping", ylabel="variance of the output", yscale="log")
    right.set_title("The inverted form is noisier")
    right.text(0.2, 5.2, r"$(1-p)\,/\,p$", color=BLUE)
    right.text(0.12, 0.05, r"$p\,(1-p)$", color=ORANGE)
    right.set_ylim(0.03, 15)
    right.legend(fontsize=9)
    return np.array([left, right])


def show_dropped_weights(weights, title="What is left of the weights"):
    """Show weight matrices as colours, orange above zero and purple below; a weight of exactly zero is white.

    Parameters
    ----------
    weights : dict name -> (D, M) array

    Returns
    -------
    array of Axes, one a matrix
    """
    figure, axes = plt.subplots(1, len(weights), figsize=(3.3 * len(weights), 2.7))
    limit = max(np.max(np.abs(matrix)) for matrix in weights.values())
    colours = plt.get_cmap("PuOr_r").with_extremes(bad="white")
    for ax, (name, matrix) in zip(axes, weights.items(), strict=True):
        image = np.ma.masked_equal(matrix, 0)
        ax.imshow(image, cmap=colours, vmin=-limit, vmax=limit, aspect="auto")
        ax.set(xticks=[], yticks=[], xlabel="output unit")
        ax.set_title(f"{name}: {np.mean(matrix != 0):.0%} in use", fontsize=10)
        ax.spines[:].set_visible(True)
    axes[0].set_ylabel("input unit")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_surviving_blocks(there, survival, title="A network of another depth in every step"):
    """Show which residual blocks took part in each training step, and how often each did.

    Parameters
    ----------
    there : (T, L) truth values: did block l take part in step t
    survival : (L,) its probability

    Returns
    -------
    (2,) array of Axes
    """
    there = np.asarray(there, dtype=float)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3), width_ratios=(3.4, 1), sharey=True)
    blocks = np.arange(1, len(survival) + 1)
    colours = np.where(there.T[..., None] > 0, (0.0, 0.447, 0.698), (0.93, 0.93, 0.92))
    left.imshow(colours, aspect="auto", extent=(0.5, len(there) + 0.5, len(survival) + 0.5, 0.5))
    left.set_xticks(np.arange(0.5, len(there) + 1), minor=True)
    left.set_yticks(np.arange(0.5, len(survival) + 1), minor=True)
    left.grid(which="minor", color="#fcfcfa", linewidth=1.5)
    left.tick_params(which="minor", length=0)
    left.set(xlabel="training step", ylabel="block, from input to output", yticks=blocks[1::2])
    left.set_title(f"{there.sum(axis=1).mean():.1f} of {len(survival)} blocks on average", fontsize=10)
    right.barh(blocks, there.mean(axis=0), color="#56b4e9")
    right.plot(survival, blocks, "o-", color=ORANGE, markersize=3, linewidth=1.2)
    right.set(xlim=(0, 1.02), xlabel="share of steps")
    right.set_title("measured (bars), p (line)", fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.array([left, right])


def show_pooling_regions(picture, cuts, pooled, title="The same picture, pooled in three random ways"):
    """Show the regions of fractional pooling drawn into a picture, and what pooling makes of it.

    Parameters
    ----------
    picture : (H, W, 3)
    cuts : K pairs (rows, columns) of edges
    pooled : K pictures (P, Q, 3)

    Returns
    -------
    (2, K) array of Axes
    """
    figure, axes = plt.subplots(2, len(cuts), figsize=(2.7 * len(cuts), 5.6))
    for (above, below), (rows, columns), small in zip(axes.T, cuts, pooled, strict=True):
        show_picture(picture, f"{picture.shape[0]} x {picture.shape[1]}, with cuts", ax=above)
        line = {"color": "white", "linewidth": 0.7, "alpha": 0.9}
        above.hlines(np.asarray(rows) - 0.5, -0.5, picture.shape[1] - 0.5, **line)
        above.vlines(np.asarray(columns) - 0.5, -0.5, picture.shape[0] - 0.5, **line)
        show_picture(small, f"pooled to {small.shape[0]} x {small.shape[1]}", ax=below)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_augmented(batches, labels, title="The same pictures, before and after"):
    """Show batches of the same pictures below each other, a row for each way to change them.

    Parameters
    ----------
    batches : dict name -> (N, H, W, 3); the first one is the original
    labels : N names of classes, which all rows share

    Returns
    -------
    (len(batches), N) array of Axes
    """
    size = 0.95
    figsize = (len(labels) * size + 1.2, len(batches) * size + 0.6)
    figure, axes = plt.subplots(len(batches), len(labels), figsize=figsize, squeeze=False)
    for row, (name, batch) in zip(axes, batches.items(), strict=True):
        for ax, picture in zip(row, batch, strict=True):
            show_picture(picture, ax=ax)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    for ax, label in zip(axes[0], labels, strict=True):
        ax.set_title(label, fontsize=9, loc="center", fontweight="normal", pad=3)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_gap_curves(solvers, title="The gap between training and validation"):
    """Show the accuracies of several `Solver`s over the epochs, the gap between them shaded.

    Parameters
    ----------
    solvers : dict name -> Solver that has been trained

    Returns
    -------
    array of Axes, one a Solver
    """
    figsize = (min(4.6 * len(solvers), 11), 3.5)
    figure, axes = plt.subplots(1, len(solvers), figsize=figsize, sharey=True, squeeze=False)
    for ax, (name, solver) in zip(axes[0], solvers.items(), strict=True):
        train, val = np.asarray(solver.train_acc_history), np.asarray(solver.val_acc_history)
        epochs = np.arange(len(train))
        ax.fill_between(epochs, val, train, color=GREY, alpha=0.18, linewidth=0)
        ax.plot(epochs, train, color=BLUE, label="training")
        ax.plot(epochs, val, color=ORANGE, linestyle="--", label="validation")
        ax.annotate(
            f"gap {100 * (train[-1] - val[-1]):.0f} points",
            (epochs[-1], (train[-1] + val[-1]) / 2),
            ha="right",
            va="center",
            xytext=(-8, 0),
            textcoords="offset points",
        )
        ax.set(xlabel="epoch", ylim=(0, 1.02))
        ax.set_title(f"{name}: {train[-1]:.0%} and {val[-1]:.0%}", fontsize=10)
    axes[0, 0].set_ylabel("accuracy")
    axes[0, 0].legend(loc="upper left", fontsize=9)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[0]


def show_gaps(
    solvers, title="Training and validation accuracy at the end: the shorter the line, the smaller the gap"
):
    """Show the last accuracies of several `Solver`s as two dots each, joined by the gap.

    Parameters
    ----------
    solvers : dict name -> Solver that has been trained; the first one is drawn on as the measure for the others

    Returns
    -------
    Axes
    """
    ax = plt.subplots(figsize=(8.6, 0.42 * len(solvers) + 1.3))[1]
    rows = np.arange(len(solvers))
    train = np.array([solver.train_acc_history[-1] for solver in solvers.values()])
    val = np.array([solver.val_acc_history[-1] for solver in solvers.values()])
    ax.axvline(val[0], color=ORANGE, linestyle=":", linewidth=1.2)
    ax.hlines(rows, val, train, color=GREY, linewidth=2.5, alpha=0.5)
    ax.plot(train, rows, "o", color=BLUE, label="training")
    ax.plot(val, rows, "D", color=ORANGE, label="validation")
    blank = {
        "facecolor": ax.get_facecolor(),
        "edgecolor": "none",
        "pad": 1,
    }  # the dotted line stays out of it
    for row, low, high in zip(rows, val, train, strict=True):
        ax.text(low - 0.012, row, f"{low:.1%}", ha="right", va="center", fontsize=9, color=ORANGE, bbox=blank)
        ax.text(high + 0.012, row, f"{high:.1%}", ha="left", va="center", fontsize=9, color=BLUE)
    ax.set_yticks(rows, list(solvers))
    ax.invert_yaxis()
    ax.set(xlim=(min(val) - 0.1, min(1.08, max(train) + 0.1)), xlabel="accuracy")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, fontsize=9)
    ax.set_title(title, x=-0.16, fontsize=11)
    return ax


def show_monte_carlo(
    counts, averaged, one_pass, title="Many noisy passes, averaged, against one pass in test mode"
):
    """Show how good averaged noisy predictions are over the number of passes.

    Parameters
    ----------
    counts : (K,) numbers of passes
    averaged : dict name of a measure -> (K, R) values, R repetitions of each
    one_pass : dict name -> value of one pass in test mode

    Returns
    -------
    array of Axes, one a measure
    """
    figure, axes = plt.subplots(1, len(averaged), figsize=(5 * len(averaged), 3.5), squeeze=False)
    for ax, (name, values) in zip(axes[0], averaged.items(), strict=True):
        values = np.asarray(values)
        repeated = np.repeat(counts, values.shape[1])
        ax.plot(repeated, values.ravel(), "o", color="#56b4e9", markersize=4, label="one average")
        ax.plot(counts, values.mean(axis=1), "o-", color=BLUE, label="their mean")
        ax.axhline(one_pass[name], color=ORANGE, linestyle="--", linewidth=1.4, label="test mode")
        ax.set_xscale("log", base=2)
        ax.set_xticks(counts, [str(count) for count in counts])
        ax.set(xlabel="noisy passes averaged", ylabel=f"validation {name}")
    axes[0, 0].legend(fontsize=9)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[0]


def _draw_network(ax, there):
    """Draw units layer by layer, and the connections between those that are there."""
    places = [
        [(column, (len(units) - 1) / 2 - row) for row in range(len(units))]
        for column, units in enumerate(there)
    ]
    for (sources, alive), (targets, used) in pairwise(zip(places, there, strict=True)):
        for start, starts in zip(sources, alive, strict=True):
            for end, ends in zip(targets, used, strict=True):
                if starts and ends:
                    ax.plot(*zip(start, end, strict=True), color=GREY, linewidth=0.6, alpha=0.7, zorder=1)
    for units, alive in zip(places, there, strict=True):
        for (x, y), is_there in zip(units, alive, strict=True):
            edge = (
                {"edgecolors": BLUE, "linewidths": 1.3}
                if is_there
                else {"edgecolors": "#c8c8c4", "linewidths": 1}
            )
            ax.scatter(x, y, s=110, color="#cfe3f1" if is_there else "#fcfcfa", zorder=2, **edge)
            if not is_there:
                ax.plot(x, y, "x", color="#b0b0aa", markersize=6, zorder=3)
    ax.axis("off")
    ax.set(xlim=(-0.3, len(there) - 0.7))
