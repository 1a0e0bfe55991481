"""The pictures of training runs side by side: accuracies, loss along the gradient, update ratios, loss curves."""

import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#888888"


def show_runs(solvers, title="The same network, trained in different ways"):
    """Show the loss (a running mean) and the validation accuracy of several `Solver`s over the epochs.

    Parameters
    ----------
    solvers : dict name -> Solver that has been trained

    Returns
    -------
    (2,) array of Axes
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
    for name, solver in solvers.items():
        losses = np.asarray(solver.loss_history)
        window = max(1, min(len(losses) // 8, solver.steps_per_epoch))
        means = np.convolve(losses, np.ones(window) / window, mode="valid")
        left.plot((np.arange(len(means)) + window) / solver.steps_per_epoch, means)
        right.plot(
            solver.val_acc_history, "o-", markersize=3, label=f"{name} (best {solver.best_val_acc:.2f})"
        )
    left.set(xlabel="epoch", ylabel="loss", title="Training loss")
    right.set(xlabel="epoch", ylabel="accuracy", title="Validation accuracy")
    figure.legend(loc="outside lower center", ncols=2 if len(solvers) == 4 else 3, fontsize=9)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.array([left, right])


def show_weight_scales(scales, accuracies, losses, title="How much the first weights matter"):
    """Show what networks reach from different initial weights, with and without normalisation.

    Parameters
    ----------
    scales : (K,) standard deviations of the initial weights
    accuracies, losses : dict name -> (K,) validation accuracy, final training loss (NaN where training broke down)

    Returns
    -------
    (2,) array of Axes
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.3), sharex=True)
    for marker, name in zip("osD^", accuracies, strict=False):
        left.semilogx(scales, accuracies[name], marker + "-", markersize=4, label=name)
        right.semilogx(scales, losses[name], marker + "-", markersize=4)
    left.axhline(0.1, color=GREY, linestyle=":", linewidth=1)
    left.text(scales[0], 0.093, "chance", va="top", fontsize=9, color=GREY)
    left.set_ylim(bottom=0.05)
    left.set(xlabel="standard deviation of the weights", ylabel="accuracy", title="Validation accuracy")
    left.legend(fontsize=9)
    right.set(xlabel="standard deviation of the weights", ylabel="loss", title="Training loss at the end")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.array([left, right])


def show_gradient_walks(walks, title="The loss one step ahead, for steps of many lengths"):
    """Show the range of losses that are met along the gradient at each step of training.

    Parameters
    ----------
    walks : dict name -> (T, K) losses after steps of K lengths, tried at each of T steps

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(1, len(walks), figsize=(4.8 * len(walks), 3.3), sharey=True)
    for ax, (name, losses) in zip(np.ravel(axes), walks.items(), strict=True):
        steps = np.arange(len(losses))
        ax.fill_between(steps, losses.min(axis=1), losses.max(axis=1), color=BLUE, alpha=0.3, linewidth=0)
        ax.plot(steps, losses[:, 0], color=BLUE)
        ax.set(xlabel="step", title=name, yscale="log")
        ax.set_yticks([0.5, 1, 2, 4, 8], ["0.5", "1", "2", "4", "8"])
        ax.set_yticks([], minor=True)
    np.ravel(axes)[0].set_ylabel("loss")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.ravel(axes)


def show_update_ratios(ratios, title="Update to weight: about one thousandth is healthy"):
    """Show update ratios over training, a panel for each run.

    Parameters
    ----------
    ratios : dict name of the run -> dict name of the parameter -> (T,) ratios

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(1, len(ratios), figsize=(3.5 * len(ratios), 3.2), sharey=True)
    for ax, (run, by_parameter) in zip(np.ravel(axes), ratios.items(), strict=True):
        ax.axhspan(10**-3.5, 10**-2.5, color="#009e73", alpha=0.15, linewidth=0)
        for name, series in by_parameter.items():
            ax.semilogy(series, label=name, linewidth=1.2)
        ax.set(xlabel="step", title=run)
    first = np.ravel(axes)[0]
    first.set_ylabel("norm of update / norm of weight")
    np.ravel(axes)[-1].legend(fontsize=8, loc="upper right", ncols=2)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.ravel(axes)


def show_curve_gallery(curves, title="Twelve training runs", *, columns=3):
    """Show training runs by their loss and their accuracies, a pair of panels each.

    Parameters
    ----------
    curves : dict letter -> dict with `loss` (T,), and `train` and `val` accuracies (E,), equally spaced over the run

    Returns
    -------
    (rows, 2 * columns) array of Axes
    """
    rows = -(-len(curves) // columns)
    figure, axes = plt.subplots(rows, 2 * columns, figsize=(3.7 * columns, 1.75 * rows), squeeze=False)
    pairs = axes.reshape(-1, 2)
    for ax in pairs[len(curves) :].flat:
        ax.axis("off")
    for (left, right), (letter, run) in zip(pairs, curves.items(), strict=False):
        epochs = len(run["train"]) - 1
        left.plot(np.linspace(0, epochs, len(run["loss"])), run["loss"], color=BLUE, linewidth=1.3)
        left.axhline(np.log(10), color=GREY, linestyle=":", linewidth=1)
        top = max(2.6, 1.08 * np.max(run["loss"]))
        left.set(ylim=(0, top))
        left.set_title(f"{letter}   loss", fontsize=10)
        right.plot(run["train"], color=BLUE, linewidth=1.3)
        right.plot(run["val"], color=ORANGE, linewidth=1.3, linestyle="--")
        right.axhline(0.1, color=GREY, linestyle=":", linewidth=1)
        right.set(ylim=(0, 1.03))
        right.set_title("accuracy", fontsize=10, fontweight="normal")
        for ax in (left, right):
            ax.tick_params(labelsize=8)
    for ax in axes[-1]:
        ax.set_xlabel("epoch", fontsize=9)
    key = "accuracy: training solid, validation dashed; dotted: ln 10 and chance"
    figure.suptitle(f"{title}  ({key})", x=0.01, ha="left", fontweight="bold", fontsize=10)
    return axes
