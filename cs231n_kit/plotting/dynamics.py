"""The pictures of training dynamics: activations, zig-zags, layers, loss landscapes, runs side by side, loss curves."""

import matplotlib.pyplot as plt
import numpy as np

BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"


def show_activations(curves, title="Seven activations: the value forward, the slope backward"):
    """Show activations, each with its derivative.

    Parameters
    ----------
    curves : dict name -> (x, value, slope), three arrays (N,)

    Returns
    -------
    array of Axes, one an activation
    """
    columns = 4
    rows = -(-len(curves) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(10.5, 2.5 * rows), sharex=True, sharey=True)
    for ax, (name, (x, value, slope)) in zip(axes.flat, curves.items(), strict=False):
        ax.axhline(0, color="#cccccc", linewidth=0.8, zorder=0)
        ax.axvline(0, color="#cccccc", linewidth=0.8, zorder=0)
        ax.plot(x, value, color=BLUE, label="value")
        ax.plot(x, slope, color=ORANGE, linestyle="--", label="slope")
        ax.set(title=name, ylim=(-1.6, 3.2))
        ax.xaxis.set_tick_params(labelbottom=True)
    for ax in axes.flat[len(curves) :]:
        ax.axis("off")
        ax.legend(*axes.flat[0].get_legend_handles_labels(), loc="center", fontsize=11)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes.ravel()[: len(curves)]


def show_descent(loss, paths, goal, title="The same neuron, the same start and goal"):
    """Show paths of gradient descent on the contours of the loss of two weights, a panel each.

    Parameters
    ----------
    loss : dict name -> function ((..., 2) weights) -> (...) losses
    paths : dict with the same names -> (T, 2) weights, from the start to the end
    goal : (2,) the best weights

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(1, len(paths), figsize=(4.6 * len(paths), 4.1), sharex=True, sharey=True)
    everything = np.concatenate([*paths.values(), [goal]])
    low, high = everything.min(axis=0) - 0.4, everything.max(axis=0) + 0.4
    grid = np.stack(np.meshgrid(*(np.linspace(a, b, 120) for a, b in zip(low, high, strict=True))), axis=-1)
    for ax, (name, path) in zip(np.ravel(axes), paths.items(), strict=True):
        height = np.sqrt(loss[name](grid))
        ax.contourf(grid[..., 0], grid[..., 1], height, levels=14, cmap="Greys", alpha=0.55)
        ax.plot(path[:, 0], path[:, 1], ".-", color=BLUE, linewidth=1, markersize=4)
        ax.plot(*path[0], "o", color=ORANGE, markersize=8)
        ax.plot(*goal, "*", color=GREEN, markersize=15)
        ax.annotate("start", path[0], (8, -4), textcoords="offset points", fontsize=9)
        ax.annotate("goal", goal, (9, -4), textcoords="offset points", fontsize=9)
        ax.set(xlabel="$w_1$", ylabel="$w_2$")
        ax.set_title(name, fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return np.ravel(axes)


def show_preprocessing(
    data, title="The same points, prepared four ways, and the loss of a linear model on them"
):
    """Show points of the plane, and below them the landscape of a least-squares loss over two weights.

    Parameters
    ----------
    data : dict name -> (N, 2) points

    Returns
    -------
    (2, K) array of Axes
    """
    figure, axes = plt.subplots(2, len(data), figsize=(2.7 * len(data), 5.4))
    w = np.stack(np.meshgrid(*[np.linspace(-1, 1, 101)] * 2), axis=-1)
    for column, (name, X) in zip(axes.T, data.items(), strict=True):
        top, bottom = column
        top.scatter(X[:, 0], X[:, 1], s=4, alpha=0.4, color=BLUE)
        top.axhline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
        top.axvline(0, color="#bbbbbb", linewidth=0.8, zorder=0)
        reach = 1.05 * max(4.0, np.abs(X).max())
        top.set(title=name, xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="$x_1$")
        second_moment = X.T @ X / len(X)
        rise = np.einsum("...i,ij,...j", w, second_moment, w)
        bottom.contour(w[..., 0], w[..., 1], rise, levels=12, cmap="viridis")
        steepness = np.linalg.eigvalsh(second_moment)
        bottom.set(aspect="equal", xticks=[], yticks=[], xlabel="$w_1$ around its best value")
        bottom.set_title(f"{steepness[1] / steepness[0]:.0f} : 1", fontweight="normal", fontsize=10)
    axes[0, 0].set_ylabel("$x_2$")
    axes[1, 0].set_ylabel("$w_2$")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_layers(histories, title="Ten layers: a level band is healthy, a slope dies or explodes"):
    """Show how values and gradients are spread in each layer of deep networks; a column of panels each.

    Parameters
    ----------
    histories : dict (activation, scheme) -> (values, gradients), two lists with an array a layer, first layer first;
        the activations, and the schemes, in the order to be shown

    Returns
    -------
    (2 * activations, schemes) array of Axes
    """
    activations = list(dict.fromkeys(activation for activation, _ in histories))
    schemes = list(dict.fromkeys(scheme for _, scheme in histories))
    rows = 2 * len(activations)
    figure, axes = plt.subplots(
        rows, len(schemes), figsize=(2.6 * len(schemes), 1.75 * rows), sharex=True, squeeze=False
    )
    for (activation, scheme), pair in histories.items():
        for part, (arrays, what) in enumerate(zip(pair, ("values", "gradients"), strict=True)):
            row, column = 2 * activations.index(activation) + part, schemes.index(scheme)
            ax = axes[row, column]
            _spread(ax, arrays)
            if column == 0:
                ax.set_ylabel(f"{activation}\n{what}", fontsize=10)
            else:
                ax.tick_params(labelleft=False)
            if row == 0:
                ax.set_title(scheme)
    for ax in axes[-1]:
        ax.set_xlabel("layer")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def _spread(ax, arrays):
    """A histogram of the sizes in each layer, side by side: how dark says how many; zeros are left out."""
    low, high = -12, 12
    bins = np.linspace(low, high, 61)
    picture = np.zeros((len(bins) - 1, len(arrays)))
    for layer, array in enumerate(arrays):
        sizes = np.abs(np.asarray(array, dtype=float))
        logs = np.log10(sizes[sizes > 0])
        counts = np.histogram(np.clip(logs, low + 0.01, high - 0.01), bins)[0]
        picture[:, layer] = counts / max(counts.max(), 1)
    extent = (0.5, len(arrays) + 0.5, low, high)
    ax.imshow(picture, aspect="auto", origin="lower", extent=extent, cmap="Blues", vmin=0, vmax=1)
    ax.axhline(0, color=ORANGE, linewidth=0.8, linestyle=":")
    ax.set(yticks=(-10, -5, 0, 5, 10), yticklabels=("$10^{-10}$", "$10^{-5}$", "1", "$10^5$", "$10^{10}$"))


def show_tanh_histograms(values, title="What the last of ten tanh layers puts out"):
    """Show histograms of values between -1 and 1, a panel each.

    Parameters
    ----------
    values : dict name -> array

    Returns
    -------
    array of Axes
    """
    figure, axes = plt.subplots(1, len(values), figsize=(2.6 * len(values), 2.1), sharey=True)
    bins = np.linspace(-1, 1, 42)
    for ax, (name, array) in zip(axes, values.items(), strict=True):
        share = np.full(np.size(array), 1 / np.size(array))
        ax.hist(np.ravel(array), bins, weights=share, color=BLUE)
        ax.set(title=name, xlabel="value", xlim=(-1.05, 1.05))
    axes[0].set(ylabel="share", yscale="log")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes
