"""Where a gradient is wrong: entries compared one by one, chosen so that every row and column is seen."""

from dataclasses import dataclass, field

import numpy as np

from cs231n_kit.gradcheck.numeric import Probe


@dataclass(frozen=True)
class Case:
    """A gradient under suspicion: the entries that were compared, and all that a diagnosis may look at."""

    x: np.ndarray
    gradient: np.ndarray  # shaped like x
    index: np.ndarray  # (m, x.ndim) which entries were compared
    numeric: np.ndarray  # (m,) centred differences there
    wrong: np.ndarray  # (m,) bool: disagrees
    kink: np.ndarray  # (m,) bool: f has a kink there, and the gradient is one of its slopes
    probe: Probe
    h: float
    terms: dict = field(default_factory=dict)
    sizes: dict = field(default_factory=dict)

    @property
    def analytic(self):
        """(m,) the gradient under suspicion at the compared entries."""
        return self.gradient[tuple(self.index.T)].reshape(len(self.index))

    @property
    def hidden(self):
        """Whether rounding is so large beside the entries that a wrong one would not show."""
        return self.probe.noise(self.h) > 1e-3 * np.abs(self.numeric[np.isfinite(self.numeric)]).max(
            initial=0.0
        )

    @property
    def complete(self):
        """Whether every entry of x was compared."""
        return len(self.index) == self.x.size


def locate(probe, x, gradient, h, rtol, terms, sizes, max_entries, rng):
    """Compare entries of `gradient` with centred differences, and return the `Case`.

    All entries if there are at most `max_entries`; else a sample that spreads over every axis. If that finds next to
    nothing, the rows and columns through one wrong entry are looked at too.
    """
    if x.size <= max_entries:
        index = np.array(list(np.ndindex(x.shape)), dtype=int).reshape(x.size, x.ndim)
        numeric, wrong, kink = _compare(probe, x, gradient, index, h, rtol)
    else:
        index = _spread(x.shape, max_entries // 2, rng)
        numeric, wrong, kink = _compare(probe, x, gradient, index, h, rtol)
        if wrong.mean() < 0.1:
            found = index[np.argmax(wrong)] if wrong.any() else _halve(probe, x, gradient, h, rng)
            index = np.unique(np.concatenate([index, _around(found, x.shape, max_entries // 2, rng)]), axis=0)
            numeric, wrong, kink = _compare(probe, x, gradient, index, h, rtol)
    return Case(x, gradient, index, numeric, wrong, kink, probe, h, terms, sizes)


def _compare(probe, x, gradient, index, h, rtol):
    """Centred differences at `index`, which of them disagree, and which of those are kinks."""
    entries = [tuple(entry) for entry in index]
    claimed = np.array([gradient[entry] for entry in entries])
    numeric = np.array([probe.slope(x, entry, h) for entry in entries])
    scale = np.abs(numeric[np.isfinite(numeric)]).max(initial=0.0)
    wrong = ~(np.abs(numeric - claimed) <= rtol * scale + probe.noise(h))
    kink = np.zeros_like(wrong)
    for i in np.flatnonzero(wrong):
        # A kink near x, but not at it, drops out of a shorter step; rounding drops out of a longer one.
        for step in (h / 100, 10 * h):
            again, noise = probe.slope(x, entries[i], step), probe.noise(step)
            if abs(again - claimed[i]) <= rtol * scale + noise and noise <= 1e-3 * scale:
                numeric[i], wrong[i] = again, False
                break
        else:
            if _at_kink(probe, x, entries[i], h, claimed[i]):
                wrong[i], kink[i] = False, True
    return numeric, wrong, kink


def _at_kink(probe, x, entry, h, claimed):
    """Whether the slopes to both sides differ however short the step is, and `claimed` lies between them."""
    left, right = probe.one_sided(x, entry, h)
    near_left, near_right = probe.one_sided(x, entry, h / 10)
    jump, near_jump = abs(right - left), abs(near_right - near_left)
    # On a smooth curve the two slopes approach each other as the step shrinks.
    if not (jump > 1e3 * probe.noise(h / 10) and near_jump > 0.5 * jump):
        return False
    slack = 1e-3 * jump
    return min(near_left, near_right) - slack <= claimed <= max(near_left, near_right) + slack


def _spread(shape, count, rng):
    """`count` entries that between them visit every index of every axis, as evenly as can be."""
    axes = [np.concatenate([rng.permutation(n) for _ in range(-(-count // n))])[:count] for n in shape]
    return np.unique(np.stack(axes, axis=1), axis=0)


def _halve(probe, x, gradient, h, rng):
    """One entry where the gradient is wrong, found by halving x and following the half that disagrees more."""
    suspects = np.arange(x.size)
    direction = rng.uniform(0.5, 1.5, size=x.size)
    while len(suspects) > 1:
        halves = np.array_split(suspects, 2)
        gaps = []
        for half in halves:
            part = np.zeros(x.size)
            part[half] = direction[half]
            measured, claimed = probe.along(x, part.reshape(x.shape), gradient, h)
            gaps.append(abs(measured - claimed))
        suspects = halves[int(gaps[1] > gaps[0])]
    return np.unravel_index(suspects[0], x.shape)


def _around(entry, shape, count, rng):
    """`entry`, and others that share all but one of its indices."""
    rows = [np.array([entry])]
    for axis, n in enumerate(shape):
        line = np.tile(np.array(entry), (min(n, count // len(shape)), 1))
        line[:, axis] = rng.permutation(n)[: len(line)]
        rows.append(line)
    return np.concatenate(rows)
