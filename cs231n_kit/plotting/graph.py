"""Draw an expression as a graph of boxes and arrows, left to right, with Matplotlib alone."""

from dataclasses import dataclass
from graphlib import TopologicalSorter

import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

VALUE, GRADIENT = "#0072b2", "#b34700"
WIDTH, HEIGHT = 0.6, 0.7  # of a box; columns and rows are 1 apart
LEGEND = "blue: value, forward     orange: gradient, backward     grey, on an arrow: local derivative"


@dataclass(eq=False)
class Node:
    """What `draw_graph` draws; a student's `Value` has the same attributes."""

    data: float
    grad: float
    op: str = ""
    name: str = ""
    inputs: tuple = ()


def draw_graph(root, *, legend=True, ax=None):
    """Draw the graph that ends in `root`, inputs to the left of what they go into.

    Parameters
    ----------
    root : node with `data`, `grad`, `op`, `name` and `inputs`, pairs of (node, local derivative)
    legend : whether to say below what the colours mean

    Returns
    -------
    Axes
    """
    nodes, leaves = _walk(root)
    places = _places(nodes, leaves)
    columns = [x for x, _ in places.values()]
    rows = [y for _, y in places.values()]
    edges = [
        (places[parent], places[node], 0.3 * (i - (len(node.inputs) - 1) / 2), local)
        for node in nodes
        for i, (parent, local) in enumerate(node.inputs)
    ]
    room = 0.5 if any(_is_long(start, end) for start, end, *_ in edges) else 0.0  # for the arrows that bend
    if ax is None:
        height = 0.85 * (max(rows) - min(rows) + 1.5 + 2 * room) + 0.4
        ax = plt.subplots(figsize=(1.35 * (max(columns) - min(columns) + 1), height))[1]
    for edge in edges:
        _draw_edge(ax, *edge)
    for node in nodes:
        _draw_node(ax, places[node], node)
    ax.set(
        xlim=(min(columns) - 0.5, max(columns) + 0.5), ylim=(max(rows) + 0.9 + room, min(rows) - 0.6 - room)
    )
    ax.axis("off")
    if legend:
        place = (min(columns) - 0.45, max(rows) + 0.8 + room)
        ax.text(*place, LEGEND, fontsize=7.5, color="#555555", va="bottom").set_in_layout(False)
    return ax


def _walk(root):
    """All nodes, inputs before what they go into; and those without inputs, in the order in which they are met."""
    inputs, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if node not in inputs:
            inputs[node] = [parent for parent, _ in node.inputs]
            waiting += reversed(inputs[node])
    return list(TopologicalSorter(inputs).static_order()), [node for node in inputs if not inputs[node]]


def _places(nodes, leaves):
    """(column, row) of each node: as far right as what it goes into allows, no two in one place."""
    column = dict.fromkeys(nodes, 0)
    for node in reversed(nodes):
        for parent, _ in node.inputs:
            column[parent] = min(column[parent], column[node] - 1)
    row = {leaf: float(i) for i, leaf in enumerate(leaves)}
    for node in nodes:
        if node.inputs:
            row[node] = sum(row[parent] for parent, _ in node.inputs) / len(node.inputs)
    places = {}
    for level in sorted(set(column.values())):
        lowest = float("-inf")
        for node in sorted((node for node in nodes if column[node] == level), key=row.get):
            lowest = max(row[node], lowest + 1)
            places[node] = (level, lowest)
    return places


def _draw_node(ax, place, node):
    x, y = place
    corner, fill = (x - WIDTH / 2, y - HEIGHT / 2), "#fff3c4" if node.inputs else "#eaf2f8"
    style = "round,pad=0,rounding_size=0.08"
    ax.add_patch(FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle=style, fc=fill, ec="#888888", zorder=3))
    lines = (
        (node.name or node.op, "#222222"),
        (f"{node.data:.4g}", VALUE),
        (f"{node.grad:.4g}", GRADIENT),
    )
    for i, (line, colour) in enumerate(lines):
        weight = "normal" if i else "bold"
        ax.text(
            x, y + 0.21 * (i - 1), line, color=colour, fontsize=8, fontweight=weight, ha="center", va="center", zorder=4
        )  # fmt: skip


def _draw_edge(ax, start, end, port, local):
    """An arrow into the left side of a box; a long way round bends, to pass the boxes between."""
    from_, to = (start[0] + WIDTH / 2, start[1]), (end[0] - WIDTH / 2, end[1] + port)
    bend = 0.0 if not _is_long(start, end) else 1.2 if port >= 0 else -1.2
    middle = ((from_[0] + to[0]) / 2, (from_[1] + to[1]) / 2 + bend)
    path = Path([from_, middle, to], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    style = "-|>,head_length=5,head_width=2.5"
    ax.add_patch(FancyArrowPatch(path=path, arrowstyle=style, color="#888888", zorder=1))
    box = {"fc": "#fcfcfa", "ec": "none", "pad": 0.8}
    x, y = middle[0], middle[1] - bend / 2  # the curve's own middle
    ax.text(x, y, f"{local:.3g}", fontsize=7, color="#666666", ha="center", va="center", bbox=box, zorder=2)


def _is_long(start, end):
    """Whether an arrow passes other columns on its way."""
    return end[0] - start[0] > 1
