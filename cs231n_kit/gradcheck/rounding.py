"""How much of what f returns is rounding: measured, for a sum that cancels or a float32 inside does not show."""

from math import comb

import numpy as np

POINTS = 9
ORDERS = (3, 4, 5)
# Relative steps of the tables: rounding of float64 shows in the first; where f does not even move there, it
# computes in a lower precision, which shows in the second.
STEPS = (1e-9, 1e-5)


def measured(probe, x, direction):
    """Standard deviation of the rounding errors of sum(f * df) near x, along a direction.

    Parameters
    ----------
    probe : `Probe`, f seen through its upstream gradient
    x, direction : arrays of one shape

    Returns
    -------
    deviation : float; 0 where f does not move at all
    digits : int, decimal digits that f computes in; 16 is float64

    Notes
    -----
    High differences of f at even steps: what is smooth drops out of them, what is rounding does not (Moré and
    Wild 2011, "Estimating Computational Noise", section 3). There is a table to each side of x, for x may be at a
    kink; the quieter one counts.
    """
    (fine, _, plateaus), (rough, moves, _) = (_look(probe, x, direction, step) for step in STEPS)
    if not plateaus:
        return fine, 16
    deviation = max(fine, rough)
    lower = moves > 100 * deviation > 0 and probe.size > 0
    return deviation, round(-np.log10(deviation / probe.size)) if lower else 16


def _look(probe, x, direction, step):
    """(deviation of the errors, how far f moves, whether it moves in plateaus) in tables of one relative step."""
    length = step * scale_of(x)
    tables = [
        np.array([probe.total(x + side * i * length * direction) for i in range(1, POINTS + 1)])
        for side in (-1, 1)
    ]
    plateaus = min(len(np.unique(table)) for table in tables) <= POINTS / 2
    return min(map(_deviation, tables)), max(map(np.ptp, tables)), plateaus


def scale_of(x):
    """Root mean square of an array's entries, 1 if all are zero: the length that steps are measured in."""
    largest = float(np.abs(x).max(initial=0.0))
    return largest * float(np.sqrt(np.mean(np.square(x / largest)))) if largest > 0 else 1.0


def _deviation(table):
    """Estimate the deviation of the errors in a table of values of a smooth function."""
    if not np.isfinite(table).all():
        return 0.0
    estimates = []
    for order in ORDERS:
        # The square of a difference of independent errors is binom(2k, k) times their variance.
        estimates.append(np.sqrt(np.mean(np.square(np.diff(table, order))) / comb(2 * order, order)))
    return float(np.median(estimates))
