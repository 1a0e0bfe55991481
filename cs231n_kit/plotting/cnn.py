"""The pictures of convolutional networks: feature maps, receptive fields, where a network's memory and work sit."""

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit.plotting.pictures import show_picture

KINDS = {"conv": "#0072b2", "fc": "#e69f00", "pool": "#999999"}
ONE_BY_ONE = "#007a5a"
SEEN, UNSEEN = "#56b4e9", "#ececea"


def show_filtering(picture, weights, out, title="A filter of one row finds both edges of a bright bar"):
    """Show a picture, a filter and what comes out, numbers in the cells, all cells of one size.

    Parameters
    ----------
    picture, weights, out : arrays of two axes, of small whole numbers

    Returns
    -------
    (3,) array of Axes
    """
    panels = {"picture": np.asarray(picture), "filter": np.asarray(weights), "output": np.asarray(out)}
    ratios = [panel.shape[1] for panel in panels.values()]
    size = (0.62 * sum(ratios) + 1, 0.62 * max(panel.shape[0] for panel in panels.values()) + 0.8)
    figure, axes = plt.subplots(1, 3, figsize=size, width_ratios=ratios)
    for ax, (name, panel) in zip(axes, panels.items(), strict=True):
        limit = np.abs(panel).max() * 1.6  # so that the numbers stay readable on the darkest cells
        ax.imshow(panel, cmap="PuOr_r", vmin=-limit, vmax=limit)
        for (row, column), value in np.ndenumerate(panel):
            ax.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=9)
        ax.set(xticks=[], yticks=[])
        ax.set_title(name, fontsize=10, loc="center", fontweight="normal")
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_feature_maps(picture, maps, title="A picture, and what each filter makes of it", *, columns=16):
    """Show a picture large, beside the feature maps it gives rise to.

    Parameters
    ----------
    picture : (H, W, 3)
    maps : (F, H', W'); all on one grey scale, from black at 0 to white at the largest

    Returns
    -------
    list of Axes, the picture's first
    """
    rows = -(-len(maps) // columns)
    figure = plt.figure(figsize=(0.62 * columns + 1.4, 0.64 * rows + 0.4))
    grid = figure.add_gridspec(rows, columns + 2)
    axes = [show_picture(picture, ax=figure.add_subplot(grid[:2, :2] if rows > 1 else grid[0, :2]))]
    top = np.max(maps) or 1
    for index, values in enumerate(maps):
        ax = figure.add_subplot(grid[index // columns, 2 + index % columns])
        show_picture(np.uint8(255 * np.clip(np.repeat(values[..., None], 3, axis=2) / top, 0, 1)), ax=ax)
        axes.append(ax)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes


def show_receptive_fields(networks, title="What one number at the top depends on"):
    """Show slices through stacks of layers, and the numbers that the middle one at the top depends on.

    Parameters
    ----------
    networks : dict name -> list of layer specs, dicts with "field" and "stride"

    Returns
    -------
    array of Axes, one a network
    """
    figure, axes = plt.subplots(1, len(networks), figsize=(3.5 * len(networks), 2.6), squeeze=False)
    for ax, (name, layers) in zip(axes[0], networks.items(), strict=True):
        _draw_slice(ax, layers)
        ax.set_ylim(-0.9, max(map(len, networks.values())) + 0.5)
        ax.set_title(name, fontsize=10)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[0]


def _draw_slice(ax, layers):
    """Rows of squares, the input below; from the top downwards, what each row must know of the one below it."""
    jumps = np.cumprod([1] + [layer["stride"] for layer in layers])
    seen = [(0.0, 0.0)]  # left and right end in input pixels, from the top row down
    for layer, jump in zip(layers[::-1], jumps[-2::-1], strict=True):
        reach = (layer["field"] - 1) / 2 * jump
        seen.append((seen[-1][0] - reach, seen[-1][1] + reach))
    limit = seen[-1][1] + 1.6
    for level, (left, right) in enumerate(seen[::-1]):
        jump = jumps[level]
        places = np.arange(left - 6 * jump, right + 6 * jump + 0.5, jump)
        for place in places[np.abs(places) <= limit]:
            inside = left - 0.01 <= place <= right + 0.01
            colour = SEEN if inside else UNSEEN
            ax.add_patch(plt.Rectangle((place - 0.4, level - 0.28), 0.8, 0.56, fc=colour, ec="white"))
    for level, ((low, high), (left, right)) in enumerate(zip(seen[:0:-1], seen[-2::-1], strict=True)):
        for below, above in ((low - 0.4, left - 0.4), (high + 0.4, right + 0.4)):
            ax.plot([below, above], [level + 0.28, level + 0.72], color="#0072b2", linewidth=1)
    low, high = seen[-1]
    ax.text(0, -0.62, f"{high - low + 1:.0f} pixels", ha="center", va="center", fontsize=9)
    ax.set_xlim(-limit - 0.5, limit + 0.5)
    ax.set_yticks(range(len(layers) + 1), ["input", *(f"layer {i + 1}" for i in range(len(layers)))])
    ax.tick_params(length=0)
    ax.set_xticks([])
    ax.spines[:].set_visible(False)


def show_network_weights(networks, title="Where memory, parameters and work sit, as shares of each network"):
    """Show three bars for each network, each cut into its layers from first to last.

    Parameters
    ----------
    networks : dict name -> list of (layer name, activations, parameters, multiply-adds)

    Returns
    -------
    array of Axes, one a network
    """
    height = 1.35 * len(networks) + 0.9
    figure, axes = plt.subplots(len(networks), 1, figsize=(10, height), sharex=True, squeeze=False)
    columns = ("activations", "parameters", "multiply-adds")
    for ax, (name, layers) in zip(axes[:, 0], networks.items(), strict=True):
        for row in (1, 2, 3):
            _draw_stack(ax, row, [(layer[0], layer[row]) for layer in layers], share=True)
        totals = [sum(layer[row] for layer in layers) for row in (1, 2, 3)]
        labels = [f"{column}: {_amount(n)}" for column, n in zip(columns, totals, strict=True)]
        ax.set_yticks((1, 2, 3), labels)
        ax.invert_yaxis()
        ax.set_title(name, fontsize=10)
        ax.set(xlim=(0, 1))
    axes[-1, 0].set_xlabel("share of the network, first layer left, last layer right")
    axes[-1, 0].xaxis.set_major_formatter("{x:.0%}")
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in KINDS.values()]
    names = ("convolution", "affine", "pooling")
    figure.legend(handles, names, loc="outside upper right", ncols=3, fontsize=9)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    return axes[:, 0]


def show_stacks(stacks, xlabel, title, *, ax=None):
    """Show a horizontal bar for each stack, cut into its parts, with its sum at the end.

    Parameters
    ----------
    stacks : dict name -> list of (part's name, amount)

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(9.5, 0.6 * len(stacks) + 1.2))[1]
    longest = max(sum(amount for _, amount in parts) for parts in stacks.values())
    for row, parts in enumerate(stacks.values()):
        total = _draw_stack(ax, row, parts, room=0.0095 * longest)
        ax.text(total + 0.01 * longest, row, _amount(total), va="center", fontsize=9, fontweight="bold")
    ax.set_yticks(range(len(stacks)), list(stacks))
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.1 * longest), xlabel=xlabel, title=title)
    ax.xaxis.set_major_formatter(lambda x, _: _amount(x))
    return ax


def _draw_stack(ax, row, parts, *, share=False, room=0.0085):
    """A bar of parts, named where each letter has so much room; returns its length."""
    left, total = 0.0, sum(amount for _, amount in parts)
    for name, amount in parts:
        width = amount / total if share else amount
        colour = ONE_BY_ONE if name.startswith("conv 1x1") else KINDS[name.split()[0]]
        ax.barh(row, width, left=left, height=0.72, color=colour, edgecolor="#fcfcfa", linewidth=0.7)
        if width > room * len(name):
            text = "black" if colour == KINDS["fc"] else "white"
            ax.text(left + width / 2, row, name, ha="center", va="center", fontsize=7, color=text)
        left += width
    return left


def _amount(number):
    """A count in three digits."""
    for unit, size in ((" G", 1e9), (" M", 1e6), (" k", 1e3)):
        if number >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.0f}"


def show_company(
    batch_sizes, spread, title="How much a picture's result depends on the other pictures", *, ax=None
):
    """Show how far the result for one picture scatters over random batches, for several normalisations.

    Parameters
    ----------
    batch_sizes : B sizes
    spread : dict name -> B standard deviations of the result

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7, 3.4))[1]
    for (name, values), marker in zip(spread.items(), "os^v", strict=False):
        ax.plot(batch_sizes, values, marker=marker, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(batch_sizes, [str(size) for size in batch_sizes])
    ax.minorticks_off()
    ax.set(xlabel="pictures in the batch", ylabel="standard deviation\nover random batches", title=title)
    ax.legend()
    return ax


def show_gradient_depth(norms, title="How much of the gradient arrives", *, ax=None):
    """Show the size of a gradient on its way down through a stack of blocks, for several stacks.

    Parameters
    ----------
    norms : dict name -> norm at the top, then below each block

    Returns
    -------
    Axes
    """
    ax = ax or plt.subplots(figsize=(7.5, 3.6))[1]
    for name, values in norms.items():
        ax.semilogy(range(len(values)), values, marker=".", label=name)
    ax.set(
        xlabel="blocks that the gradient has passed, from the top", ylabel="norm of the gradient", title=title
    )
    ax.legend()
    return ax
