"""Words for factors and places."""

import itertools

import numpy as np

from cs231n_kit.gradcheck.patterns import is_about


def number(value):
    """A factor as a person would write it: 2, 1/5, -1, 0.7."""
    for top, bottom in itertools.chain(
        ((n, 1) for n in range(1, 1001)), ((1, n) for n in range(2, 1001)), ((3, 2), (2, 3))
    ):
        if abs(abs(value) * bottom / top - 1) < 1e-5:
            return ("-" if value < 0 else "") + (str(top) if bottom == 1 else f"{top}/{bottom}")
    return f"{value:.5g}"


def place(entry):
    """An entry's index: [2, 0]."""
    return "[" + ", ".join(str(int(i)) for i in entry) + "]"


def listing(words, most=6):
    """'a', 'a and b', 'a, b and c'; a long one is cut short."""
    if len(words) > most:
        return ", ".join(words[:most]) + f" and {len(words) - most} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def factor_reason(factor, case):
    """What usually multiplies a gradient by `factor`, as a sentence."""
    if is_about(factor, -1):
        return "the sign is flipped. Is a difference taken the wrong way round, or a minus lost?"
    reasons = []
    if is_about(factor, 2):
        reasons.append("the loss has a one half, the gradient has a 2 too many, or a part is added twice")
    if is_about(factor, 0.5):
        reasons.append("the 2 of the derivative of a square is missing")
    if name := named_size(factor, case):
        reasons.append(
            f"that is {name}. Summed where it should be meaned: the mean in f divides the gradient too"
        )
    if name := named_size(1 / factor, case):
        reasons.append(
            f"that is 1 over {name}. Meaned where it should be summed: it is divided once too often"
        )
    for (name, n), (other, m) in itertools.permutations(case.sizes.items(), 2):
        if n != m and is_about(factor, n / m):
            reasons.append(
                f"that is {name} / {other} = {n}/{m}. It is divided by {other} where {name} is meant"
            )
    if reasons:
        return "; or ".join(reasons) + "."
    if factor < 0:
        return "the sign is flipped, and the size is wrong besides."
    whole = max(factor, 1 / factor)
    if is_about(whole, round(whole)):
        side = "the mean's division by it is missing" if factor > 1 else "it is divided by it once too often"
        return f"if {round(whole)} is the number of examples, {side}."
    return "a factor of the forward pass is missing, or applied twice, going back (such as dropout's 1 / p)."


def part_reason(part, case):
    """What usually multiplies one term of a sum by `part`, as a sentence."""
    if is_about(part, 0.5):
        return "Halved: the 2 of the derivative of a square is missing."
    if is_about(part, 2):
        return "Doubled: it is added twice, or has a 2 too many."
    if name := named_size(1 / part, case):
        return f"It is divided by {name}, as only the mean over the examples should be."
    if name := named_size(part, case):
        return f"It is added {name} times: once an example, and not once in all."
    return "It should count once."


def named_size(factor, case):
    """The given or evident size that equals `factor`, as 'N = 5'; or None."""
    sizes = dict(case.sizes)
    if case.probe.df is not None:
        sizes |= {f"f(x).shape[{axis}]": n for axis, n in enumerate(case.probe.df.shape)}
        sizes["f(x).size"] = case.probe.df.size
    sizes |= {f"x.shape[{axis}]": n for axis, n in enumerate(case.x.shape)}
    sizes["x.size"] = case.x.size
    for name, n in sizes.items():
        if n > 1 and is_about(factor, n):
            return f"{name} = {n}"
    for name, n in case.sizes.items():
        if n > 2 and is_about(factor - 1, 1 / (n - 1)):
            return f"{name} / ({name} - 1) with {name} = {n}"
    return None


def where(case):
    """Words for the slices that hold all wrong entries, such as 'rows 0 and 3 are'; None if they are all over."""
    best, share = None, 0.5  # more than half of the rows are not "only some"
    for axis, n in enumerate(case.x.shape):
        hit = np.unique(case.index[case.wrong, axis])
        inside = np.isin(case.index[:, axis], hit)
        if inside.all() or case.wrong[inside].mean() < 0.5:
            continue
        if len(hit) == 1 or len(hit) / n <= share:
            best, share = (axis, hit), len(hit) / n
    if best is not None:
        return _slices(case.x.ndim, *best)
    if case.x.ndim >= 2 and min(case.x.shape[-2:]) > 2:
        last = np.array(case.x.shape[-2:]) - 1
        border = ((case.index[:, -2:] == 0) | (case.index[:, -2:] == last)).any(axis=1)
        if not case.wrong[~border].any() and case.wrong[border].mean() >= 0.5:
            return "the border of the last two axes is"
    return None


def _slices(ndim, axis, hit):
    """'row 2 is', 'columns 0 and 3 are', 'indices 1 and 2 of axis 2 are'."""
    if ndim == 1:
        one, many, of = "entry", "entries", ""
    elif ndim == 2:
        one, many, of = *(("row", "rows"), ("column", "columns"))[axis], ""
    elif ndim == 4 and axis == 1:
        one, many, of = "channel", "channels", " (axis 1)"
    else:
        one, many, of = "index", "indices", f" of axis {axis}"
    if len(hit) == 1:
        return f"{one} {hit[0]}{of} is"
    return f"{many} {listing([str(i) for i in hit])}{of} are"
