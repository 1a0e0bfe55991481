"""Derivatives by finite differences: of every entry, along a direction, and how far they can be trusted."""

import numpy as np

__all__ = ["Probe", "as_point", "numerical_gradient", "relative_error"]


def numerical_gradient(f, x, df=None, h=1e-5):
    """Gradient of `f` at `x` by centred differences, one entry at a time.

    Parameters
    ----------
    f : function of one array; returns a number, or an array if `df` is given
    x : array of any shape; computed with in float64 whatever its dtype, and never changed
    df : array shaped like `f(x)`; upstream gradient. The result is then the gradient of `sum(f(x) * df)`
    h : step. Where `f` returns float32 it is raised to what that precision can resolve

    Returns
    -------
    float64 array shaped like `x`

    Raises
    ------
    TypeError : `x` does not hold real numbers, or `f` returns something that is not a number or an array
    ValueError : `f` returns an array and there is no `df` of its shape

    Notes
    -----
    (f(x + h) - f(x - h)) / 2h, whose error falls as h squared (CS231n notes, "Gradient checks"). It takes two
    evaluations an entry; `check_gradient` needs a handful in all.
    """
    x, probe = as_point(x), Probe(f, df)
    probe.values(x)  # tells which precision f computes in
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = probe.slope(x, index, h)
    return gradient


def relative_error(a, b):
    """Largest difference of `a` and `b`, entry by entry, relative to the size of the two.

    Parameters
    ----------
    a, b : arrays of one shape, or that broadcast

    Returns
    -------
    float, max |a - b| / max(1e-8, |a| + |b|); 0 for empty arrays, and inf where either is NaN or infinite,
    so that `relative_error(a, b) < 1e-6` never lets them through
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return np.inf
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)), initial=0.0))


def as_point(x):
    """`x` as a float64 copy of its own; TypeError if it does not hold real numbers."""
    array = np.asarray(x)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"x must be an array of real numbers, not {type(x).__name__} of dtype {array.dtype}")
    return np.array(array, dtype=np.float64)


class Probe:
    """`f` seen through an upstream gradient: gives f its own copy of x, keeps NumPy quiet, counts evaluations."""

    def __init__(self, f, df=None):
        if not callable(f):
            raise TypeError(
                f"f must be a function of x, such as lambda w: loss(w)[0], not {type(f).__name__}"
            )
        self.f = f
        self.df = None if df is None else np.array(df, dtype=np.float64)
        self.evaluations = 0
        self.eps = np.finfo(np.float64).eps
        self.size = 0.0  # of the largest output so far: rounding errors are proportional to it
        # Deviation of f's rounding errors, and the decimal digits that it computes in, once they were measured.
        self.rounding, self.digits = None, 16

    def values(self, x):
        """f(x) as a float64 array of its own: f may change its input, and may return the same buffer each time."""
        self.evaluations += 1
        with np.errstate(all="ignore"):
            out = self.f(x.copy())
        if isinstance(out, (tuple, list, dict)) or out is None:
            raise TypeError(
                f"f returned a {type(out).__name__}; it must return the value alone, a number or an array. "
                "If your function returns (loss, gradient), pass lambda w: loss(w)[0]."
            )
        out = np.asarray(out)
        if out.dtype.kind not in "fiub":
            raise TypeError(f"f returned dtype {out.dtype}; it must return real numbers")
        if self.df is None and out.size != 1:
            raise ValueError(
                f"f returned an array of shape {out.shape}: pass df, an upstream gradient of that shape"
            )
        if self.df is not None and self.df.shape != out.shape:
            raise ValueError(
                f"df has shape {self.df.shape}, but f returned shape {out.shape}; they must be the same"
            )
        if out.dtype.kind == "f":
            self.eps = max(self.eps, float(np.finfo(out.dtype).eps))
        out = np.array(out, dtype=np.float64)
        with np.errstate(all="ignore"):
            self.size = max(self.size, float(np.linalg.norm(self.weigh(out))))
        return out

    def weigh(self, out):
        """Each output times its upstream gradient."""
        return out if self.df is None else out * self.df

    def total(self, x):
        """sum(f(x) * df) as a float."""
        with np.errstate(all="ignore"):
            return float(self.weigh(self.values(x)).sum())

    def step(self, h):
        """`h`, or the smallest step that the precision of f can resolve: the cube root of its epsilon.

        Once the rounding was measured, steps are chosen with it in mind, and `h` it is.
        """
        coarse = self.rounding is None and self.eps > np.finfo(np.float64).eps
        return max(h, self.eps ** (1 / 3)) if coarse else h

    def noise(self, h):
        """What rounding alone may add to a slope taken with step `h`."""
        if self.rounding is None:
            return 16 * self.eps * self.size / self.step(h)
        return (8 * self.rounding + np.finfo(np.float64).eps * self.size) / h

    def contributions(self, x, index, h):
        """Derivative of each output by one entry of x, times its upstream gradient; shaped like f(x)."""
        h = self.step(h)
        plus, minus = x.copy(), x.copy()
        plus[index] += h
        minus[index] -= h
        with np.errstate(all="ignore"):
            change = self.weigh(self.values(plus) - self.values(minus))
            return change / (plus[index] - minus[index])  # the step as it was represented

    def slope(self, x, index, h):
        """Derivative of sum(f * df) by one entry of x."""
        return self.contributions(x, index, h).sum()

    def along(self, x, direction, gradient, h):
        """Change along `direction` per unit of step: measured by f, and claimed by `gradient`."""
        h = self.step(h)
        plus, minus = x + h * direction, x - h * direction
        with np.errstate(all="ignore"):
            measured = self.weigh(self.values(plus) - self.values(minus)).sum() / (2 * h)
            claimed = float(np.vdot(gradient, (plus - minus) / (2 * h)))
        return float(measured), claimed

    def one_sided(self, x, index, h):
        """Slopes to the left and to the right of one entry of x."""
        h = self.step(h)
        slopes = []
        here = self.values(x)
        for step in (-h, h):
            there = x.copy()
            there[index] += step
            with np.errstate(all="ignore"):
                slopes.append(self.weigh(self.values(there) - here).sum() / (there[index] - x[index]))
        return tuple(slopes)
