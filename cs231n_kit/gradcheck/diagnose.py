"""What the pattern of a gradient's errors says about the mistake behind it.

Each diagnosis takes a `Case` and returns a sentence or two, or None. The first that speaks is the explanation,
so the more particular come first.
"""

import itertools

import numpy as np

from cs231n_kit.gradcheck.numeric import numerical_gradient
from cs231n_kit.gradcheck.patterns import alike, common_factor, is_about, is_one_of, two_factors
from cs231n_kit.gradcheck.words import factor_reason, listing, number, part_reason, place, where

HUGE = 1e100  # beyond it, norms overflow and nothing can be compared


def unusable(array, gradient, probe, x, h):
    """Why a gradient cannot be compared at all: not numbers, another shape, NaN or infinity; or None."""
    if gradient is None:
        return "The gradient is None. Does the function return it?"
    if array is None:
        return f"The gradient must be an array of real numbers of shape {x.shape}; a {type(gradient).__name__} came."
    if array.shape != x.shape:
        message = f"The gradient has shape {array.shape}, but x has shape {x.shape}; they must be the same."
        return message + _shape_reason(array, probe, x, h)
    bad = np.argwhere(~(np.abs(array) < HUGE))
    if len(bad):
        kind = "NaN" if np.isnan(array).any() else f"infinite, or larger than {HUGE:.0e},"
        return (
            f"The gradient is {kind} in {len(bad)} of {array.size} entries, first at {place(bad[0])}. "
            "Look for 0 / 0, the logarithm of 0, inf - inf, or the exponential of a large number."
        )
    return None


def explain(case):
    """Findings about a located `Case`, as a tuple of sentences; empty if nothing is wrong and there is no kink."""
    if case.wrong.any():
        sentences = (diagnosis(case) for diagnosis in DIAGNOSES)
        return (*itertools.islice(filter(None, sentences), 1), _worst(case))
    if case.kink.any():
        places = listing([place(entry) for entry in case.index[case.kink]])
        return (
            f"f has a kink at {places} (such as ReLU at 0, or a tie of two maxima): its slopes to the left and to "
            "the right differ, and the gradient is one of them or lies between. That is no error.",
        )
    return ()


def hidden(probe):
    """What to do where f's rounding hides the slope."""
    digits = "" if probe.digits > 12 else f" f computes in about {probe.digits:.0f} digits."
    return (
        "Cannot tell here: the slope of f is smaller than what f's own rounding makes of it, so that a wrong gradient "
        f"would look the same.{digits} Scale f or x up, or compute in float64."
    )


def _shape_reason(array, probe, x, h):
    """What would give the right shape and the right values, if anything simple does."""
    if x.size > 2000:
        return ""
    right = numerical_gradient(probe.f, x, probe.df, h)
    if array.ndim > 1 and array.T.shape == x.shape and alike(array.T, right):
        return " It is the transpose of the right one: return its .T, or swap the factors of the product."
    if array.size == x.size and alike(array.reshape(x.shape), right):
        return " The values are right: give them x's shape with .reshape(x.shape)."
    for axis in range(array.ndim):
        total = array.sum(axis)
        if total.shape == x.shape and alike(total, right):
            return f" Summed over axis {axis} it is right: what was broadcast going forward is summed going back."
    return ""


def _worst(case):
    """How many entries are wrong, and the numbers at the worst."""
    gap = np.where(case.wrong, np.abs(case.analytic - case.numeric), 0)
    i = int(np.argmax(gap))
    which = "" if case.complete else f" compared, of {case.x.size} in all"
    return (
        f"Wrong entries: {case.wrong.sum()} of {len(case.index)}{which}. The worst is {place(case.index[i])}: "
        f"{case.analytic[i]:.6g} came, centred differences give {case.numeric[i]:.6g}."
    )


# The diagnoses, in the order in which they are asked.


def not_a_function(case):
    """f answers differently when asked twice: noise that is not fixed by a seed."""
    if np.array_equal(case.probe.values(case.x), case.probe.values(case.x), equal_nan=True):
        return None
    return (
        "f gives two different values at the same x, so it has no gradient to compare with. If it draws random "
        "numbers, as dropout does, give it the same seed at each call."
    )


def broken_nearby(case):
    """f is finite at x, but not a small step away."""
    if np.isfinite(case.numeric).all():
        return None
    return "f is not finite a small step away from x (an overflow, or the logarithm of a negative number?)."


def constant(case):
    """f does not change with x at all."""
    if case.numeric.any():
        return None
    return (
        "f does not change when x changes. Either it does not use its argument (it gets a changed copy of x, so it "
        "must compute from that, not from an array outside), or the gradient is zero here."
    )


def zero(case):
    """Nothing was filled in."""
    if case.gradient.any():
        return None
    return "The gradient is zero where it should not be: everywhere. Was it filled in after np.zeros?"


def constant_factor(case):
    """Every entry is off by the same factor."""
    factor = common_factor(case.analytic, case.numeric)
    if factor is None:
        return None
    return f"The gradient is off by a constant factor, {number(factor)}: {factor_reason(factor, case)}"


def transposed(case):
    """Two axes of the same length are swapped."""
    for first, second in itertools.combinations(range(case.x.ndim), 2):
        if case.x.shape[first] != case.x.shape[second]:
            continue
        swapped = np.swapaxes(case.gradient, first, second)
        if alike(swapped[tuple(case.index.T)], case.numeric):
            axes = "" if case.x.ndim == 2 else f" in axes {first} and {second}"
            return (
                f"The gradient is transposed{axes}: swap the factors of the product, or return its transpose."
            )
    return None


def upstream_ignored(case):
    """The local gradient came, without the upstream one."""
    df = case.probe.df
    if df is None or not df.all():
        return None
    some = case.index[:64]
    local = np.array([(case.probe.contributions(case.x, tuple(entry), case.h) / df).sum() for entry in some])
    if not alike(case.analytic[:64], local):
        return None
    return (
        "The upstream gradient is not used: this is the gradient of sum(f(x)), as if dout were all ones. "
        "By the chain rule each output's slope is multiplied by its entry of dout."
    )


def known_term(case):
    """The gradient is a sum, and one part of it, which was given by name, or the rest, has the wrong factor."""
    for name, term in case.terms.items():
        part = np.broadcast_to(np.asarray(term, float), case.x.shape)[tuple(case.index.T)]
        factors = two_factors(case.analytic, case.numeric - part, part)
        if factors is None:
            continue
        of_rest, of_part = factors
        if is_about(of_rest, 1) and is_about(of_part, 1):
            continue
        if is_about(of_rest, 1):
            if of_part == 0:
                return f"The difference is proportional to {name}: it is missing."
            if is_about(of_part, -1):
                return f"The difference is proportional to {name}: it has the wrong sign."
            return (
                f"The difference is proportional to {name}: it counts {number(of_part)} times. "
                + part_reason(of_part, case)
            )
        if of_rest == 0:
            return f"Only {name} is there; the rest of the gradient is missing."
        state = "which is right" if is_about(of_part, 1) else f"which counts {number(of_part)} times"
        return (
            f"Apart from {name}, {state}, the gradient is off by a constant factor, {number(of_rest)}: "
            + factor_reason(of_rest, case)
        )
    return None


def penalty(case):
    """No term was given, but what is missing looks like a penalty's gradient."""
    if len(case.index) < 4:
        return None  # so few errors are proportional to something by chance: two swapped entries are
    error = case.numeric - case.analytic
    for name, guess, kind in (("x", case.x, "an L2"), ("the sign of x", np.sign(case.x), "an L1")):
        guess = guess[tuple(case.index.T)]
        if not np.ptp(guess) > 0:
            continue  # all the same: any constant is proportional to it
        factor = common_factor(error, guess) if not alike(error, guess) else 1.0
        if factor is not None:
            return (
                f"What is missing is proportional to {name}: {number(factor)} times {name}. That is the gradient of "
                f"{kind} penalty, left out or wrongly scaled (for reg * sum(W * W) it is 2 * reg * W)."
            )
    return None


def overwritten(case):
    """Entries hold one contribution in place of the sum of all: `=` where `+=` is meant."""
    wrong = [tuple(entry) for entry in case.index[case.wrong][:24]]
    if case.probe.df is None or len(wrong) < 2 or not any(case.gradient[entry] for entry in wrong):
        return None
    parts = [case.probe.contributions(case.x, entry, case.h) for entry in wrong]
    scale = np.abs(case.numeric).max()
    ndim = case.probe.df.ndim
    # A contribution is what one turn of the loop adds: summed over the output's axes that the loop does not run over.
    for axes in itertools.chain.from_iterable(itertools.combinations(range(ndim), k) for k in range(ndim)):
        turns = [part.sum(axis=axes).ravel() for part in parts]
        if all(
            is_one_of(case.gradient[entry], turn, scale) for entry, turn in zip(wrong, turns, strict=True)
        ):
            return (
                "Each wrong entry holds a single one of its contributions and not their sum: it is overwritten "
                "(`=`) where contributions must accumulate (`+=`)."
            )
    return None


def some_slices(case):
    """Only some rows, columns or channels, or only the border, are wrong; or the wrong ones have one cause."""
    place_words, nature = where(case), _nature(case)
    if place_words is None:
        return nature and f"Where it is wrong, {nature}"
    return f"Only {place_words} wrong" + (f": {nature}" if nature else ".")


def _nature(case):
    """What the wrong entries have in common, as a sentence without its beginning; or None."""
    analytic, numeric = case.analytic[case.wrong], case.numeric[case.wrong]
    if not analytic.any():
        return "the gradient is zero where it should not be."
    factor = common_factor(analytic, numeric) if len(numeric) > 2 else None
    if factor is None:
        return None
    return f"the gradient is off by the factor {number(factor)}; {factor_reason(factor, case)}"


def permuted(case):
    """All values are there, in other places."""
    if not alike(np.sort(case.analytic), np.sort(case.numeric)):
        return None
    return (
        "All the right values are there, but in the wrong places: look for a reshape where a transpose is meant, "
        "or for axes in another order."
    )


def nearly(case):
    """Right to a few digits."""
    gap = np.abs(case.analytic - case.numeric).max() / np.abs(case.numeric).max()
    if gap > 1e-3:
        return None
    return (
        f"The gradient is nearly right (to {gap:.0e} of its largest entry): look for float32 on the way, an epsilon in "
        "another place than going forward, or a small term that is left out."
    )


DIAGNOSES = (
    not_a_function,
    broken_nearby,
    constant,
    zero,
    constant_factor,
    known_term,
    penalty,
    nearly,  # before all that compare with a pattern: what is nearly right is nearly like its own rearrangements
    transposed,
    upstream_ignored,
    overwritten,
    permuted,
    some_slices,
)
