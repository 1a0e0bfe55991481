"""The pictures of linear classifiers: slack, losses, penalties, probabilities, training, templates."""

import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#999999"


def show_difference_errors(f, slope, x, *, ax=None):
    """Show the error of one-sided and centred differences against their step, on log axes.

    Parameters
    ----------
    f, slope : functions of a number, the second the derivative of the first
    x : where

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7, 3.8))[1]
    h = np.logspace(-15, 0, 151)
    exact = slope(x)
    one_sided = np.abs((f(x + h) - f(x)) / h - exact) / abs(exact)
    centred = np.abs((f(x + h) - f(x - h)) / (2 * h) - exact) / abs(exact)
    # an error of exactly 0 has no place on a log axis
    ax.loglog(h, np.maximum(one_sided, 1e-16), color=ORANGE, label="one-sided: falls as h")
    ax.loglog(h, np.maximum(centred, 1e-16), color=BLUE, label="centred: falls as h squared")
    ax.axvline(1e-5, color=GREY, linestyle=":", linewidth=1.3)
    ax.text(1.3e-5, 0.3, "h = 1e-5", color="#444444", va="top")
    ax.set(xlabel="step h", ylabel="relative error of the slope", ylim=(1e-13, 1))
    ax.set_title("To the right the formula errs, to the left the rounding")
    ax.legend(loc="lower left")
    return ax


def show_svm_slack(scores, y, class_names):
    """Show what each class's score costs under the SVM loss: dots on a line, the margin, the slack as bars.

    Parameters
    ----------
    scores : (N, C)
    y : (N,) labels

    Returns
    -------
    (N,) array of Axes
    """
    scores, y = np.asarray(scores, dtype=float), np.asarray(y)
    N, C = scores.shape
    _, axes = plt.subplots(N, 1, figsize=(8, 1.45 * N + 0.4), sharex=True, squeeze=False)
    for ax, row, label in zip(axes[:, 0], scores, y, strict=True):
        edge = row[label] - 1
        slack = np.maximum(0, row - edge)
        slack[label] = 0
        ax.axvspan(edge, row[label], color=GREEN, alpha=0.18, linewidth=0)
        ax.barh(range(C), slack, left=edge, height=0.22, color=ORANGE, alpha=0.8)
        ax.plot(row, range(C), "o", color="#333333", markersize=7)
        ax.plot(row[label], label, "o", color=GREEN, markersize=9)
        for j in np.flatnonzero(slack):
            ax.text(row[j] + 0.15, j, f"{slack[j]:.1f}", va="center", color=ORANGE, fontweight="bold")
        ax.set_yticks(range(C), class_names)
        ax.set_ylim(C - 0.4, -0.6)
        ax.set_title(f"{class_names[label]} picture: loss {slack.sum():.1f}", fontsize=10)
    axes[-1, 0].set_xlim(scores.min() - 1.5, scores.max() + 1)
    axes[-1, 0].set_xlabel("score (green: the right class, with its margin of 1 below it)")
    return axes[:, 0]


def show_penalties(regularization, kinds=("l2", "l1", "elastic")):
    """Show weights of equal penalty in a plane, with the cheapest pair of those that score alike.

    Parameters
    ----------
    regularization : function (W, kind, strength) -> (penalty, dW)

    Returns
    -------
    (len(kinds),) array of Axes
    """
    _, axes = plt.subplots(1, len(kinds), figsize=(3.3 * len(kinds), 3.6), sharey=True, squeeze=False)
    ticks = np.linspace(-1.25, 1.25, 81)
    line = np.linspace(-0.25, 1.25, 301)
    for ax, kind in zip(axes[0], kinds, strict=True):
        levels = [[regularization(np.array([a, b]), kind, 1.0)[0] for a in ticks] for b in ticks]
        ax.contour(ticks, ticks, levels, levels=8, colors=BLUE, linewidths=0.9, alpha=0.7)
        ax.plot(line, 1 - line, "k--", linewidth=1.3)
        costs = np.array([regularization(np.array([a, 1 - a]), kind, 1.0)[0] for a in line])
        cheapest = line[costs <= costs.min() + 1e-9]
        ax.plot(
            cheapest,
            1 - cheapest,
            "o" if len(cheapest) == 1 else "-",
            color=ORANGE,
            markersize=8,
            linewidth=4,
        )
        ax.set(xlabel="first weight", title=kind, aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    axes[0, 0].set_ylabel("second weight")
    axes[0, 0].figure.suptitle(
        "Equal penalty (blue), equal score (dashed), cheapest (orange)", x=0.01, ha="left", fontweight="bold"
    )
    return axes[0]


def show_softmax(softmax, scores, class_names, scales=(0.2, 1, 5)):
    """Show the probabilities of one row of scores, multiplied by several factors.

    Parameters
    ----------
    softmax : function (N, C) -> (N, C)
    scores : (C,)

    Returns
    -------
    (len(scales),) array of Axes
    """
    _, axes = plt.subplots(1, len(scales), figsize=(2.9 * len(scales), 2.8), sharey=True, squeeze=False)
    for ax, scale in zip(axes[0], scales, strict=True):
        row = scale * np.asarray(scores, dtype=float)
        bars = ax.bar(class_names, softmax(row[None])[0], color=BLUE, width=0.65)
        ax.bar_label(bars, fmt="%.3f", fontsize=9)
        numbers = ", ".join(f"{s:.3g}" for s in row)
        ax.set_title(f"scores x {scale:g}\n({numbers})", fontsize=9)
        ax.set_ylim(0, 1.12)
    axes[0, 0].set_ylabel("probability")
    return axes[0]


def show_losses_over_score(svm_loss, softmax_loss, scores, right, *, ax=None):
    """Show both losses of one picture as the score of its right class varies.

    Parameters
    ----------
    svm_loss, softmax_loss : functions (W, X, y, reg) -> (loss, dW)
    scores : (C,) the other classes keep theirs
    right : the right class

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7, 3.8))[1]
    scores = np.asarray(scores, dtype=float)
    rivals = np.delete(scores, right)
    values = np.linspace(rivals.min() - 3, rivals.max() + 4, 200)
    identity, label = np.eye(len(scores)), np.array([right])
    for name, loss_fn, colour in (("SVM", svm_loss, BLUE), ("softmax", softmax_loss, ORANGE)):
        losses = []
        for value in values:
            row = scores.copy()
            row[right] = value
            losses.append(loss_fn(identity, row[None], label, 0.0)[0])
        ax.plot(values, losses, color=colour, label=name)
    for rival in rivals:
        ax.axvline(rival, color=GREY, linestyle=":", linewidth=1.2)
    ax.axvline(rivals.max() + 1, color=GREEN, linestyle="--", linewidth=1.3, label="every margin holds")
    ax.set(
        xlabel="score of the right class (dotted: the scores of the others)", ylabel="loss", ylim=(0, None)
    )
    ax.set_title("The SVM is content once the margin holds; softmax never quite is")
    ax.legend()
    return ax


def show_loss_curves(histories, *, smooth=25):
    """Show training losses, each in its own panel: every step faintly, and a running mean.

    Parameters
    ----------
    histories : dict name -> list of losses, one a step
    smooth : steps in the running mean

    Returns
    -------
    (len(histories),) array of Axes
    """
    _, axes = plt.subplots(1, len(histories), figsize=(4.4 * len(histories), 3.4), squeeze=False)
    for ax, (name, losses), colour in zip(
        axes[0], histories.items(), (BLUE, ORANGE, GREEN) * 9, strict=False
    ):
        losses = np.asarray(losses, dtype=float)
        window = max(1, min(smooth, len(losses)))
        ax.plot(losses, color=colour, alpha=0.3, linewidth=0.8)
        mean = np.convolve(losses, np.ones(window) / window, mode="valid")
        ax.plot(np.arange(len(mean)) + window - 1, mean, color=colour)
        ax.set(xlabel="step", ylabel="loss of the mini-batch", ylim=(0, None))
        ax.set_title(f"{name}: from {losses[0]:.2f} to about {mean[-1]:.2f}")
    return axes[0]


def show_hyperparameters(results, *, best=None):
    """Show training and validation accuracy over learning rate and penalty, on log axes.

    Parameters
    ----------
    results : dict (learning_rate, reg) -> (training accuracy, validation accuracy)
    best : a pair to mark

    Returns
    -------
    (2,) array of Axes
    """
    _, axes = plt.subplots(1, 2, figsize=(9.5, 3.9), sharey=True)
    pairs, accuracies = np.array(list(results)), np.array(list(results.values()), dtype=float)
    for ax, values, name in zip(axes, accuracies.T, ("training", "validation"), strict=True):
        dots = ax.scatter(
            pairs[:, 0], pairs[:, 1], c=values, s=420, vmin=accuracies.min(), vmax=accuracies.max()
        )
        middle = (accuracies.min() + accuracies.max()) / 2
        for (learning_rate, reg), value in zip(pairs, values, strict=True):
            colour = "black" if value > middle else "white"
            ax.text(
                learning_rate, reg, f"{100 * value:.0f}", ha="center", va="center", fontsize=8, color=colour
            )
        ax.set(xscale="log", yscale="log", xlabel="learning rate", title=f"{name} accuracy, %")
        ax.margins(0.15)
    if best is not None:
        axes[1].scatter(*best, s=640, facecolors="none", edgecolors=ORANGE, linewidths=2.5)
    axes[0].set_ylabel("penalty strength")
    axes[0].figure.colorbar(dots, ax=axes, label="accuracy")
    return axes


def show_templates(W, class_names, title="The template of each class", *, shape=(32, 32, 3)):
    """Show the columns of a weight matrix as pictures, each stretched to its own range; a bias row is left out.

    Parameters
    ----------
    W : (D, C) or (D + 1, C) with D the product of `shape`

    Returns
    -------
    (rows, columns) array of Axes
    """
    weights = np.asarray(W)[: np.prod(shape)].T.reshape(-1, *shape)
    rows = -(-len(weights) // 5)
    _, axes = plt.subplots(rows, 5, figsize=(8.5, 1.85 * rows + 0.4), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, template, name in zip(axes.flat, weights, class_names, strict=False):
        # the outermost hundredth of the weights would make everything else grey
        low, high = np.percentile(template, (1, 99))
        ax.imshow(np.clip((template - low) / (high - low or 1.0), 0, 1))
        ax.set_title(name, fontsize=10, loc="center", fontweight="normal")
    axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes
