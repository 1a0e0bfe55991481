"""The pictures of optimisation: walks over landscapes, schedules, training curves, searches, snapshots."""

import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

# One colour and one dash a rule, so that seven walks in one picture can be told apart without colour, too.
LOOKS = {
    "sgd": ("#000000", "-"),
    "sgd_momentum": ("#0072b2", "-"),
    "nesterov": ("#56b4e9", "--"),
    "adagrad": ("#009e73", "-"),
    "rmsprop": ("#e69f00", "-"),
    "adam": ("#d55e00", "-"),
    "adamw": ("#cc79a7", "--"),
}
ICONS = {
    "minus": "−",
    "fast-backward": "|◀◀",
    "step-backward": "|◀",
    "play fa-flip-horizontal": "◀",
    "pause": "❚❚",
    "play": "▶",
    "step-forward": "▶|",
    "fast-forward": "▶▶|",
    "plus": "+",
}
OTHER_LOOKS = [("#0072b2", "-"), ("#d55e00", "--"), ("#009e73", "-."), ("#cc79a7", ":"), ("#000000", "-")]


def show_trajectories(function, paths, bounds, title="", *, ax=None, legend=True):
    """Show walks over a landscape of two parameters: contours, a line for each walk, a dot where it ends.

    Parameters
    ----------
    function : f(x, y) for arrays
    paths : dict name -> (T, 2) positions; a walk is drawn up to its last finite one
    bounds : (left, right, bottom, top)

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(8.5, 3.6))[1]
    _draw_landscape(ax, function, bounds)
    for (name, path), look in zip(paths.items(), _looks(paths), strict=True):
        path = path[np.cumprod(np.isfinite(path).all(axis=1)).astype(bool)]
        _draw_walk(ax, path, *look, name)
    ax.plot(*next(iter(paths.values()))[0], "s", color="#222222", markersize=6, zorder=5)
    ax.set_title(title, fontsize=10)
    if legend:
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def show_landscapes(walks, title="Seven optimizers, three landscapes"):
    """Show the walks of all rules over several landscapes, side by side under one legend.

    Parameters
    ----------
    walks : list of (function, paths, bounds, name), each as for `show_trajectories`

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(1, len(walks), figsize=(11.5, 3.9), squeeze=False)
    axes = axes[0]
    for ax, (function, paths, bounds, name) in zip(axes, walks, strict=True):
        show_trajectories(function, paths, bounds, name, ax=ax, legend=False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=7)
    figure.suptitle(f"{title} (square: start, dot: end)", x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def animate_landscapes(walks, *, frames=21, milliseconds=200):
    """Animate the same walks; the player is plain HTML and JavaScript, so that no other program is needed.

    Parameters
    ----------
    walks : list of (function, paths, bounds, name), each as for `show_trajectories`
    frames : pictures in the film; the walks are cut into as many parts

    Returns
    -------
    IPython.display.HTML
    """
    from IPython.display import HTML
    from matplotlib.animation import FuncAnimation

    # Every frame is drawn anew: no layout engine (a figure without one takes the style's when it is saved), no
    # ticks, few pixels. The player stops at the end: a picture that never rests distracts from the text.
    with plt.rc_context({"figure.constrained_layout.use": False}):
        figure, axes = plt.subplots(1, len(walks), figsize=(11.5, 3.5), dpi=65, squeeze=False)
        axes = axes[0]
        figure.subplots_adjust(left=0.01, right=0.99, bottom=0.1, top=0.91, wspace=0.04)
        drawn = []
        for ax, (function, paths, bounds, name) in zip(axes, walks, strict=True):
            _draw_landscape(ax, function, bounds)
            ax.set(title=name, xlabel="", ylabel="", xticks=[], yticks=[])
            for (rule, path), look in zip(paths.items(), _looks(paths), strict=True):
                drawn.append((path, *_draw_walk(ax, path[:1], *look, rule)))
        figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncols=7)

        def draw(frame):
            for path, line, dot in drawn:
                end = round(frame * (len(path) - 1) / (frames - 1)) + 1
                line.set_data(*path[:end].T)
                dot.set_data(*path[end - 1 : end].T)

        film = FuncAnimation(figure, draw, frames=frames, interval=milliseconds, init_func=lambda: None)
        page = film.to_jshtml(default_mode="once")
        plt.close(figure)
    # The player finds the first picture in its place: a place that is empty while the cell is out of sight stays
    # so in JupyterLab, and where no script runs there is a picture at least.
    first = re.search(r'frames\[0\] = "(.*?)"', page, re.DOTALL)
    if first:  # another Matplotlib may write its player in other words
        page = page.replace("<img ", '<img src="{}" '.format(first[1].replace("\\\n", "")))
    # The buttons are letters of a font from the network: characters need none.
    page = re.sub(r"<link[^>]*font-awesome[^>]*>", "", page)
    return HTML(re.sub(r'<i class="fa fa-([^"]*)"></i>', lambda icon: ICONS.get(icon[1], icon[0]), page))


def show_broken(function, pairs, bounds):
    """Show each broken rule's walk beside that of a right one.

    Parameters
    ----------
    function, bounds : the landscape, as for `show_trajectories`
    pairs : dict title -> (broken, right), two paths (T, 2)

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(2, 3, figsize=(11.5, 5.6))
    for ax, (title, (broken, right)) in zip(axes.flat, pairs.items(), strict=False):
        _draw_landscape(ax, function, bounds)
        finite = np.isfinite(broken).all(axis=1)
        last = len(broken) if finite.all() else int(np.argmin(finite))
        _draw_walk(ax, right, "#0072b2", "-", "right")
        _draw_walk(ax, broken[:last], "#d55e00", "--", "broken")
        ax.plot(*broken[0], "s", color="#222222", markersize=6, zorder=5)
        ax.set_title(title, fontsize=10)
        if last < len(broken):
            ax.text(*(broken[last - 1] + [0.4, 0.6]), f"not finite after step {last - 1}", fontsize=8)
    for ax in axes.flat[len(pairs) :]:
        ax.axis("off")
        handles, names = axes[0, 0].get_legend_handles_labels()
        ax.legend(handles, names, loc="center", fontsize=11)
    figure.suptitle(
        "Five broken optimizers, 40 steps each", x=0.01, ha="left", fontweight="bold", fontsize=11
    )
    return axes


def show_schedules(schedules, epochs, title="Four ways to slow down"):
    """Show learning rates over time.

    Parameters
    ----------
    schedules : dict name -> function of the time in epochs
    epochs : how far to draw

    Returns
    -------
    Axes
    """
    times = np.linspace(0, epochs, 40 * epochs + 1)
    curves = {name: [schedule(t) for t in times] for name, schedule in schedules.items()}
    return show_curves(curves, "epoch", "learning rate / first rate", title, x=times)


def show_curves(curves, xlabel, ylabel, title, *, x=None, log=False, ax=None):
    """Show several curves in one picture.

    Parameters
    ----------
    curves : dict name -> (T,) values
    x : (T,) places; 0, 1, 2, ... by default
    log : whether the y axis is logarithmic

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(9, 3.8))[1]
    for (name, values), (colour, dash) in zip(curves.items(), OTHER_LOOKS, strict=False):
        ax.plot(np.arange(len(values)) if x is None else x, values, color=colour, linestyle=dash, label=name)
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(NullLocator())
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return ax


def show_optimizers(solvers, window=25):
    """Show the training of several rules: running means of the loss, and validation accuracies.

    Parameters
    ----------
    solvers : dict name of the rule -> trained `Solver`
    window : steps that a mean of the loss is taken over

    Returns
    -------
    (2,) array of Axes
    """
    figure, axes = plt.subplots(1, 2, figsize=(11.5, 3.9))
    for (name, solver), (colour, dash) in zip(solvers.items(), _looks(solvers), strict=True):
        means = np.convolve(solver.loss_history, np.ones(window) / window, mode="valid")
        axes[0].plot(np.arange(len(means)) + window, means, color=colour, linestyle=dash, label=name)
        axes[1].plot(solver.val_acc_history, marker="o", markersize=3, color=colour, linestyle=dash)
    axes[0].set(xlabel="step", ylabel=f"loss, mean of {window} steps", title="Training loss")
    axes[1].set(xlabel="epoch", ylabel="validation accuracy", title="Validation accuracy")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=7)
    return axes


def show_grid_and_random(score, grid, scattered):
    """Show why random search beats a grid: the values tried, along an important and an unimportant setting.

    Parameters
    ----------
    score : f(important, unimportant) for arrays over 0 .. 1
    grid, scattered : (N, 2) points of the two searches

    Returns
    -------
    (2, 2) array of Axes: above, the score along the important setting; below, the plane
    """
    _, axes = plt.subplots(2, 2, figsize=(9, 5.2), sharex=True, height_ratios=(1, 2.4))
    ticks = np.linspace(0, 1, 200)
    x, y = np.meshgrid(ticks, ticks)
    for column, (name, points) in enumerate({"grid": grid, "random": scattered}.items()):
        above, below = axes[:, column]
        tried = np.unique(points[:, 0].round(9))
        curve = score(ticks, 0.5)
        above.fill_between(ticks, curve.min(), curve, color="#cfe3f1")
        above.vlines(tried, curve.min(), score(tried, 0.5), color="#d55e00", linewidth=1.5)
        above.plot(tried, score(tried, 0.5), "o", color="#d55e00", markersize=4)
        above.set(yticks=[], title=f"{name}: {len(points)} trials, {len(tried)} different values")
        below.contourf(x, y, score(x, y), levels=12, cmap="Blues", alpha=0.8)
        below.plot(*points.T, "o", color="#d55e00", markeredgecolor="#fcfcfa", markersize=7)
        below.set(xlabel="important setting", xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    axes[0, 0].set_ylabel("score")
    axes[1, 0].set_ylabel("unimportant setting")
    return axes


def show_search(stages, box, names):
    """Show random searches over two settings, on log axes, coloured by their scores; failed trials are crosses.

    Parameters
    ----------
    stages : dict name of the stage -> list of (score, settings)
    box : dict name -> (low, high), the space of the last stage
    names : the two settings, for the x and the y axis

    Returns
    -------
    Axes
    """
    figure, ax = plt.subplots(figsize=(8.5, 4.6))
    scores = np.array([score for results in stages.values() for score, _ in results])
    low, high = np.nanmin(scores), np.nanmax(scores)
    for (stage, results), marker in zip(stages.items(), "o^sD", strict=False):
        x, y = ([settings[name] for _, settings in results] for name in names)
        colours = np.array([score for score, _ in results])
        failed = np.isnan(colours)
        dots = ax.scatter(
            np.array(x)[~failed], np.array(y)[~failed], c=colours[~failed], vmin=low, vmax=high, marker=marker,
            s=65, edgecolors="#222222", linewidths=0.6, label=f"{stage}: {len(results)} trials", zorder=3,
        )  # fmt: skip
        ax.plot(np.array(x)[failed], np.array(y)[failed], "x", color="#d55e00", markersize=7, zorder=3)
    (left, right), (bottom, top) = (box[name] for name in names)
    ax.plot(
        [left, right, right, left, left],
        [bottom, bottom, top, top, bottom],
        "--",
        color="#333333",
        linewidth=1.2,
    )
    ax.set(xscale="log", yscale="log", xlabel=f"{names[0]} (log scale)", ylabel=f"{names[1]} (log scale)")
    ax.set_title("One of the two settings matters; the box is where the fine search looks")
    figure.colorbar(dots, ax=ax, label="validation accuracy")
    handles, _ = ax.get_legend_handles_labels()
    failed = Line2D([], [], color="#d55e00", marker="x", linestyle="none", label="blew up")
    ax.legend(handles=[*handles, failed], loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
    return ax


def show_snapshots(accuracies, measured, period):
    """Show validation accuracy over a run with restarts, and what its snapshots reach alone and together.

    Parameters
    ----------
    accuracies : dict name of the run -> accuracy after each epoch
    measured : dict name -> test accuracy
    period : epochs in a cycle; snapshots are taken at the end of each

    Returns
    -------
    (2,) array of Axes
    """
    _, axes = plt.subplots(1, 2, figsize=(11.5, 3.8))
    for (name, values), (colour, dash) in zip(accuracies.items(), OTHER_LOOKS, strict=False):
        epochs = np.arange(1, len(values) + 1)
        axes[0].plot(epochs, values, color=colour, linestyle=dash, label=name)
    values = np.asarray(next(iter(accuracies.values())))
    ends = np.arange(period, len(values) + 1, period)
    axes[0].plot(ends, values[ends - 1], "o", color="#0072b2", label="snapshot")
    axes[0].set(xlabel="epoch", ylabel="validation accuracy", title="Each restart shakes, each cycle settles")
    axes[0].xaxis.set_major_locator(MaxNLocator(integer=True))
    axes[0].legend()
    scores = np.array(list(measured.values()))
    colours = ["#d55e00" if "averaged" in name else "#0072b2" for name in measured]
    axes[1].scatter(scores, list(measured), c=colours, s=60, zorder=3)
    for name, score in measured.items():
        axes[1].annotate(
            f"{score:.1%}", (score, name), (9, 0), textcoords="offset points", va="center",
            bbox={"facecolor": axes[1].get_facecolor(), "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    axes[1].invert_yaxis()
    axes[1].margins(y=0.12)
    axes[1].grid(axis="y")
    axes[1].set(
        xlabel="test accuracy",
        xlim=(scores.min() - 0.01, scores.max() + 0.02),
        title="Alone, and together",
    )
    return axes


def _draw_landscape(ax, function, bounds):
    left, right, bottom, top = bounds
    x, y = np.meshgrid(np.linspace(left, right, 160), np.linspace(bottom, top, 160))
    height = function(x, y)
    # The root spreads the contours out: near the goal, where a quadratic is flat, there are enough of them.
    levels = height.min() + (np.linspace(0, 1, 13) * np.sqrt(np.ptp(height))) ** 2
    ax.contourf(x, y, height, levels=levels, cmap="Greys_r", alpha=0.22)
    ax.contour(x, y, height, levels=levels, colors="#999999", linewidths=0.5)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$w_1$", ylabel="$w_2$")


def _draw_walk(ax, path, colour, dash, name):
    """A line and a dot at its end."""
    (line,) = ax.plot(
        *path.T, color=colour, linestyle=dash, linewidth=1.4, marker=".", markersize=3, label=name, zorder=3
    )
    (dot,) = ax.plot(*path[-1:].T, "o", color=colour, markeredgecolor="#fcfcfa", markersize=8, zorder=4)
    return line, dot


def _looks(names):
    """(colour, dash) of each name: its own if it is a rule, else the next one that is free."""
    taken = [LOOKS[name] for name in names if name in LOOKS]
    free = iter(look for look in OTHER_LOOKS if look not in taken)
    return [LOOKS[name] if name in LOOKS else next(free) for name in names]
