"""What a gradient check found: as text, and as a picture of where the error sits."""

import base64
import html
import io
from dataclasses import dataclass

import matplotlib.style
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from cs231n_kit.gradcheck.locate import Case


@dataclass(frozen=True)
class GradientReport:
    """Outcome of `check_gradient`; true if the gradient is right.

    Attributes
    ----------
    what : name of the gradient
    ok : whether it is right (a kink is no error)
    error : largest difference along a random direction, relative to the gradient's size
    evaluations : how many times f was called
    findings : sentences that explain what is wrong
    case : the entries that were compared, or None if the directions agreed or nothing could be compared
    told : False where rounding in f hides the slope, so that nothing can be said of the gradient
    precision : a remark on a gradient that is zero up to rounding, or an f that computes in less than float64
    """

    what: str
    ok: bool
    error: float
    evaluations: int
    findings: tuple[str, ...] = ()
    case: Case | None = None
    told: bool = True
    precision: str = ""

    def __bool__(self):
        return self.ok

    @property
    def note(self):
        """The result in a few words."""
        if self.case is not None and self.case.kink.any():
            return "kink, which is no error" if self.ok else "wrong"
        if not self.told:
            return "cannot tell here"
        remark = f"; {self.precision}" if self.precision else ""
        return f"relative error {self.error:.0e}{remark}" if self.ok else "wrong"

    def __str__(self):
        lines = [
            f"{'✓' if self.ok else '✗'} {self.what}  ({self.note})",
            *(f"  {line}" for line in self.findings),
        ]
        return "\n".join(lines)

    __repr__ = __str__

    @matplotlib.style.context("cs231n_kit.plotting.course")
    def figure(self):
        """Figure of the checked gradient, the centred differences and the error; None if no entry was compared."""
        case = self.case
        if case is None:
            return None
        figure = Figure(figsize=(10, 3.4))
        left, middle, right = figure.subplots(1, 3)
        limit = np.abs(np.concatenate([case.analytic, case.numeric])).max() or 1.0
        for ax, values, title in (
            (left, case.analytic, f"{self.what}: what came"),
            (middle, case.numeric, "centred differences"),
        ):
            image = _paint(ax, case, values, cmap="RdBu_r", vmin=-limit, vmax=limit)
            ax.set_title(title, wrap=True)
        figure.colorbar(image, ax=[left, middle], shrink=0.85)
        gap = np.abs(case.analytic - case.numeric)
        # Below a millionth of the largest entry nothing is wrong: one colour for all of that.
        top = max(gap.max() / limit, 1e-5)
        image = _paint(right, case, np.maximum(gap / limit, 1e-6), cmap="Reds", norm=LogNorm(1e-6, top))
        right.set_title("error / largest entry")
        figure.colorbar(image, ax=right, shrink=0.85)
        return figure

    def _repr_html_(self):
        text = "".join(f"<p>{html.escape(line)}</p>" for line in self.findings)
        title = html.escape(f"{'✓' if self.ok else '✗'} {self.what} ({self.note})")
        figure = self.figure()
        picture = ""
        if figure is not None:
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=90)
            data = base64.b64encode(buffer.getvalue()).decode("ascii")
            picture = f'<img alt="where the error sits" src="data:image/png;base64,{data}">'
        return f"<div><strong>{title}</strong>{text}{picture}</div>"


def _paint(ax, case, values, **colours):
    """Draw entries at their place in x, laid out flat: four axes as tiles, others with the first axis down."""
    ax.set_facecolor("0.85")  # of entries that were not compared
    rows, columns, shape = _layout(case)
    ax.set(xlabel="last axis" if case.x.ndim > 2 else "column", ylabel="row")
    if case.complete:
        grid = np.full(shape, np.nan)
        grid[rows, columns] = values
        return ax.imshow(grid, aspect="auto", interpolation="nearest", **colours)
    dots = ax.scatter(columns, rows, c=values, s=9, **colours)
    ax.set(xlim=(-0.5, shape[1] - 0.5), ylim=(shape[0] - 0.5, -0.5))
    return dots


def _layout(case):
    """Row and column of each compared entry in a flat picture of x, and that picture's shape."""
    dims, index = case.x.shape, case.index.T
    if len(dims) == 4:  # (N, C, H, W): a grid of N by C tiles of H by W
        return (
            index[0] * dims[2] + index[2],
            index[1] * dims[3] + index[3],
            (dims[0] * dims[2], dims[1] * dims[3]),
        )
    if len(dims) == 0:
        return np.array([0]), np.array([0]), (1, 1)
    first = 0 if len(dims) == 1 else dims[0]
    flat = np.ravel_multi_index(tuple(index), dims)
    width = case.x.size // (first or 1)
    return flat // width, flat % width, (first or 1, width)
