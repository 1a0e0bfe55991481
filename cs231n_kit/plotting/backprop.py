"""The pictures of backpropagation: gates, expressions, small matrices, decision regions, training curves, weights."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from cs231n_kit.plotting.graph import Node, draw_graph
from cs231n_kit.plotting.pictures import show_grid

LABELS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]


def show_value_graph(value, title="Values going forward, gradients coming back", *, ax=None):
    """Show the expression that ends in `value`: each gate with its value, its gradient, and local derivatives.

    Parameters
    ----------
    value : object with `data`, `grad`, `op`, `name` and `inputs`, pairs of (input, local derivative)

    Returns
    -------
    Axes
    """
    ax = draw_graph(value, ax=ax)
    ax.set_title(title)
    return ax


def show_gates():
    """Show what three gates do with the gradient that arrives: `+` copies it, `*` swaps its inputs in, `max` routes it.

    Returns
    -------
    (3,) array of Axes
    """
    _, axes = plt.subplots(1, 3, figsize=(10.5, 2.6))
    gates = (
        ("+", 1.0, 1.0, 2.0, "+ hands it on to every input"),
        ("*", -4.0, 3.0, -12.0, "* gives each input it times the other"),
        ("max", 1.0, 0.0, 3.0, "max sends it all to the larger input"),
    )
    for ax, (op, dx, dy, out, title) in zip(axes, gates, strict=True):
        x = Node(3.0, 2 * dx, name="x")
        y = Node(-4.0 if op == "*" else -1.0, 2 * dy, name="y")
        gate = Node(out, 2.0, op=op, inputs=((x, dx), (y, dy)))
        draw_graph(gate, ax=ax, legend=ax is axes[0])
        ax.set_title(title, fontsize=10)
    return axes


def show_two_two_two(weights, dweights, title="Eight weights, and which way each wants to go"):
    """Show the 2-2-2 network: each connection with its weight, and its gradient as colour and width.

    Parameters
    ----------
    weights, dweights : (8,) w1 ... w8 and the gradient of the error by them

    Returns
    -------
    Axes
    """
    ax = plt.subplots(figsize=(7.5, 4))[1]
    columns = (("x1", "x2"), ("h1", "h2"), ("o1", "o2"))
    strongest = np.max(np.abs(dweights))
    for i, (weight, gradient) in enumerate(zip(weights, dweights, strict=True)):
        layer, target, source = i // 4, i // 2 % 2, i % 2
        colour = "#d55e00" if gradient > 0 else "#0072b2"
        start, end = np.array([layer, -source]), np.array([layer + 1, -target])
        width = 1 + 5 * np.sqrt(abs(gradient) / strongest)
        ax.plot(*np.stack([start, end], axis=1), color=colour, linewidth=width, alpha=0.75, zorder=1)
        x, y = start + (0.3 if source == target else 0.24) * (end - start)
        text = f"w{i + 1} = {weight:.2f}\n{gradient:+.2g}"
        ax.text(
            x, y, text, ha="center", va="center", fontsize=8, bbox={"fc": "#fcfcfa", "ec": "none", "pad": 1}
        )
    for layer, names in enumerate(columns):
        for row, name in enumerate(names):
            ax.text(
                layer,
                -row,
                name,
                ha="center",
                va="center",
                bbox={"boxstyle": "circle,pad=0.5", "fc": "#fff3c4"},
            )
    ax.set(xlim=(-0.25, 2.25), ylim=(-1.35, 0.35), title=title)
    ax.axis("off")
    ax.text(1, -1.32, "orange: the error rises with the weight; blue: it falls", ha="center", fontsize=9)
    return ax


def show_matrices(matrices, title=""):
    """Show small matrices side by side, numbers in the cells: orange above zero, purple below.

    Parameters
    ----------
    matrices : dict name -> (rows, columns) array

    Returns
    -------
    array of Axes, one a matrix
    """
    columns = [np.shape(matrix)[1] for matrix in matrices.values()]
    rows = max(np.shape(matrix)[0] for matrix in matrices.values())
    figsize = (0.62 * sum(columns) + 0.4 * len(columns), 0.42 * rows + 1.0)
    _, axes = plt.subplots(1, len(matrices), figsize=figsize, width_ratios=columns, squeeze=False)
    for ax, (name, matrix) in zip(axes[0], matrices.items(), strict=True):
        limit = np.max(np.abs(matrix)) or 1.0
        ax.imshow(matrix, cmap="PuOr_r", vmin=-1.6 * limit, vmax=1.6 * limit, aspect="auto")
        for (row, column), entry in np.ndenumerate(matrix):
            text = f"{entry:.2f}".replace("-0.00", "0.00")
            ax.text(column, row, text, ha="center", va="center", fontsize=8)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_title(name, fontsize=10, loc="center", fontweight="normal")
    axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[0]


def show_decision_regions(predict, X, y, title="What the network answers, point by point", *, ax=None):
    """Show which class a classifier of points in the plane answers where, and the training points.

    Parameters
    ----------
    predict : function (M, 2) -> (M,) labels
    X, y : (N, 2) points and their labels (N,), at most seven classes

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(4.6, 4.4))[1]
    low, high = X.min(axis=0) - 0.15, X.max(axis=0) + 0.15
    grid = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    points = np.stack([axis.ravel() for axis in grid], axis=1).astype(X.dtype)
    regions = np.asarray(predict(points)).reshape(grid[0].shape)
    colours = ListedColormap(LABELS)
    extent = (low[0], high[0], low[1], high[1])
    ax.imshow(regions, origin="lower", extent=extent, cmap=colours, vmin=0, vmax=6, alpha=0.3, aspect="equal")
    ax.scatter(
        X[:, 0], X[:, 1], c=y, cmap=colours, vmin=0, vmax=6, s=12, edgecolors="#fcfcfa", linewidths=0.4
    )
    ax.set(xticks=[], yticks=[], xlabel="$x_1$", ylabel="$x_2$")
    ax.set_title(title, fontsize=10)
    return ax


def show_training_curves(solver, title="Training"):
    """Show what a `Solver` recorded: the loss of each step with its running mean, and the accuracies of each epoch.

    Returns
    -------
    (2,) array of Axes
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
    losses = np.asarray(solver.loss_history)
    window = max(1, min(len(losses) // 10, solver.steps_per_epoch))
    if window > 1:
        left.plot(losses, ".", markersize=2, color="#56b4e9", label="each batch")
    means = np.convolve(losses, np.ones(window) / window, mode="valid")
    left.plot(
        np.arange(len(means)) + window - 1,
        means,
        color="#0072b2",
        label=f"mean of {window}" if window > 1 else "each step",
    )
    left.set(xlabel="step", ylabel="loss", title="Loss")
    left.legend()
    epochs = np.arange(len(solver.val_acc_history))
    right.plot(epochs, solver.train_acc_history, "o-", markersize=3, label="training")
    right.plot(epochs, solver.val_acc_history, "o-", markersize=3, label="validation")
    best = f"best validation: {solver.best_val_acc:.3f}"
    right.axhline(solver.best_val_acc, color="#666666", linestyle=":", linewidth=1.2, label=best)
    right.set(xlabel="epoch", ylabel="accuracy", title="Accuracy")
    right.legend()
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.array([left, right])


def show_first_layer(W1, shape=(32, 32, 3), title="What each hidden unit looks for", *, count=40):
    """Show first-layer weights as pictures, those of the largest norm first.

    Parameters
    ----------
    W1 : (D, H) weights of an affine layer that reads pictures laid flat
    shape : (height, width, channels) of a picture
    count : how many units to show

    Returns
    -------
    array of Axes
    """
    order = np.argsort(-np.linalg.norm(W1, axis=0), kind="stable")[:count]
    return show_grid([W1[:, unit].reshape(shape) for unit in order], title=title)
