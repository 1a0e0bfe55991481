"""The assertions that visible and hidden tests are written with.

Each check says what was expected, what came and what to try. A check that passes prints one
line with a tick; one that fails raises `CheckFailed`, an `AssertionError`, which nbgrader
scores like any other.
"""

import time

import numpy as np

from cs231n_kit.source import calls_in, loops_in, opaque_in, reached, recursion_in, source_of

__all__ = [
    "CheckFailed",
    "avoids",
    "close",
    "dtype",
    "equal",
    "faster",
    "finite",
    "holds",
    "no_loops",
    "passed",
    "raises",
    "shape",
    "source_of",
    "unchanged",
    "unpack",
]

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"  # no colour: red on the error panel of a dark theme is hard to read


class CheckFailed(AssertionError):
    """A check that did not hold; its message is written for the student."""

    def _render_traceback_(self):
        """Tell IPython to show the message alone: the frames between it and the student's code say nothing."""
        title, *rest = str(self).splitlines() or ["a check failed"]
        return [f"{BOLD}{title}{PLAIN}", *rest]


def passed(what, note=""):
    """Print the line of a check that holds."""
    print(f"✓ {what}" + (f"  ({note})" if note else ""))


def failed(what, *lines, hint=None):
    """Raise `CheckFailed` with a title, the facts line by line, and what to try."""
    text = [f"✗ {what}", *(f"  {line}" for line in lines)]
    if hint:
        text.append(f"  Try: {hint}")
    raise CheckFailed("\n".join(text))


def holds(condition, what, *facts, hint=None):
    """Check a condition that no other check covers.

    Parameters
    ----------
    condition : bool
    what : what is being checked, as a statement ("the loss falls")
    *facts : lines that say what came, shown when it fails
    hint : what to try
    """
    if not condition:
        failed(what, *facts, hint=hint)
    passed(what)


def shape(actual, expected, what, *, hint=None):
    """Check the shape of an array, `expected` being a tuple."""
    _same_shape(_as_array(actual, what), tuple(expected), what, hint)
    passed(what, f"shape {tuple(expected)}")


def dtype(actual, expected, what, *, hint=None):
    """Check that an array has the dtype `expected`, or is a kind of it (`np.floating`)."""
    found = _as_array(actual, what).dtype
    if not np.issubdtype(found, expected):
        wanted = expected if isinstance(expected, str) else expected.__name__
        failed(what, f"expected dtype {wanted}", f"got      dtype {found}", hint=hint)
    passed(what, f"dtype {found}")


def finite(actual, what, *, hint=None):
    """Check that no entry is NaN or infinite."""
    array = _as_array(actual, what)
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        failed(
            what,
            f"{bad.sum()} of {array.size} entries are not finite",
            f"the first, at {_at(where)}, is {array[where]}",
            hint=hint,
        )
    passed(what, "finite")


def close(actual, expected, what, *, rtol=1e-7, atol=None, hint=None):
    """Check values up to rounding: shape first, then NaN and infinity, then every entry.

    An entry passes when it is within ``atol + rtol * |expected|``. By default `atol` is one hundredth of
    `rtol` times the largest entry expected, so that entries that cancel to nearly zero are not judged by
    rounding errors of their neighbours.

    Parameters
    ----------
    actual : array or number that came
    expected : array or number, any shape that NumPy can read
    what : what is being checked ("the gradient of W")
    rtol, atol : tolerances
    hint : what to try when it fails
    """
    actual, expected = _as_array(actual, what), np.asarray(expected, dtype=float)
    _same_shape(actual, expected.shape, what, hint)
    actual = np.asarray(actual, dtype=float)
    largest = np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected))
    allowed = (0.01 * rtol * largest if atol is None else atol) + rtol * np.abs(expected)
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(actual - expected)
        wrong = ~(((error <= allowed) & np.isfinite(expected)) | (actual == expected))
    if wrong.any():
        failed(what, *_worst(actual, expected, error, wrong), hint=hint)
    passed(
        what, f"largest error {np.max(error, initial=0.0, where=np.isfinite(error)) / (largest or 1.0):.0e}"
    )


def equal(actual, expected, what, *, hint=None):
    """Check values exactly: labels, counts, names, or containers of them."""
    if isinstance(expected, (str, bytes, dict, set, bool)) or expected is None:
        if not isinstance(actual, type(expected)) or actual != expected:
            failed(what, f"expected {expected!r}", f"got      {actual!r}", hint=hint)
    else:
        array, expected = _as_array(actual, what, "biufcSU"), np.asarray(expected)
        _same_shape(array, expected.shape, what, hint)
        wrong = np.asarray(array != expected)
        if wrong.any():
            where = tuple(int(i) for i in np.argwhere(wrong)[0])
            facts = [f"expected {expected[where]!s}", f"got      {array[where]!s}"]
            if where:
                facts.insert(0, f"{wrong.sum()} of {wrong.size} entries differ; the first is at {_at(where)}")
            failed(what, *facts, hint=hint)
    passed(what)


def unchanged(array, before, what, *, hint=None):
    """Check that an input still equals the copy taken before the call."""
    array, before = np.asarray(array), np.asarray(before)
    if array.shape != before.shape or not np.array_equal(array, before, equal_nan=array.dtype.kind in "fc"):
        fact = f"the function changed its input {what} in place"
        failed(
            f"{what} is left unchanged",
            fact,
            hint=hint or "work on a copy: `x = x.copy()`, or write `x = x - y` in place of `x -= y`",
        )
    passed(f"{what} is left unchanged")


def unpack(value, *names, what="the function"):
    """Check that a function returned a tuple of the named results, and return it."""
    if not isinstance(value, (tuple, list)) or len(value) != len(names):
        got = f"{len(value)} results" if isinstance(value, (tuple, list)) else _describe(value)
        failed(
            f"{what} returns ({', '.join(names)})",
            f"expected {len(names)} results",
            f"got      {got}",
            hint=f"end with `return {', '.join(names)}`",
        )
    return tuple(value)


def raises(exception, function, *args, what, hint=None, **kwargs):
    """Check that ``function(*args, **kwargs)`` raises `exception`."""
    try:
        result = function(*args, **kwargs)
    except exception:
        passed(what)
        return
    except NotImplementedError:
        raise
    except Exception as other:
        failed(what, f"expected {exception.__name__}", f"got      {type(other).__name__}: {other}", hint=hint)
    failed(what, f"expected {exception.__name__}", f"got      a result: {_describe(result)}", hint=hint)


def faster(fast, slow, what, *, ratio, hint=None):
    """Check that ``fast()`` takes at most 1/`ratio` of the time of ``slow()``.

    Each is run three times and its best time counts. On a busy machine a right answer may be unlucky, so that
    a ratio that is missed is measured again, up to four times in all; the best times of all runs count.
    Choose `ratio` well below what a right answer reaches on an idle machine.
    """
    fastest = slowest = float("inf")
    for _ in range(4):
        fastest, slowest = min(fastest, _best_of_three(fast)), min(slowest, _best_of_three(slow))
        if slowest >= ratio * fastest:
            passed(what, f"{slowest / fastest:.0f} times as fast")
            return
    times = f"{fastest * 1e3:.1f} ms against {slowest * 1e3:.1f} ms"
    failed(
        what,
        f"expected at least {ratio:g} times as fast",
        f"got      {slowest / fastest:.1f} times ({times})",
        hint=hint,
    )


def _best_of_three(call):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return max(min(seconds), 1e-9)


def no_loops(function, what, *, hint=None):
    """Check that nothing loops in Python: not the function, and nothing of the notebook that it reaches.

    Loops are `for`, `while`, comprehensions, recursion, and calls that loop over a Python function for one: `map`,
    `np.vectorize`, `sorted(key=...)`. What cannot be seen through (`exec`, `globals`) fails too, and is named.
    """
    texts = reached(function)
    problems = [(name, line, kind) for name, text in texts.items() for line, kind in loops_in(text)]
    if problems:
        failed(
            what,
            *(f"{_line(function, name, line)} has {kind}" for name, line, kind in problems),
            hint=hint or "let NumPy loop: matrix products, broadcasting, sums along an axis",
        )
    if name := recursion_in(texts):
        failed(what, f"`{name}` calls itself, which is a loop", hint=hint or "let NumPy loop")
    _refuse_opaque(function, texts, what)
    passed(what)


def avoids(function, *names, what, hint=None):
    """Check that a function, and what it reaches in the notebook, uses none of `names`, such as ``"cdist"``."""
    texts = reached(function)
    used = {name: sorted(set(names) & calls_in(text)) for name, text in texts.items()}
    used[function.__name__] = [name for name in used[function.__name__] if name != function.__name__]
    facts = [f"{_whose(function, name)} uses {', '.join(found)}" for name, found in used.items() if found]
    if facts:
        failed(what, *facts, hint=hint or "the exercise asks you to write this yourself")
    _refuse_opaque(function, texts, what)
    passed(what)


def _refuse_opaque(function, texts, what):
    """Fail where a rule about the source cannot be judged, here or in a cell that may have changed what names mean."""
    facts = [
        f"{_line(function, name, line)} uses {which}"
        for name, text in texts.items()
        for line, which in opaque_in(text)
    ]
    facts += [f"a cell of the notebook uses {which}" for which in getattr(function, "opaque", ())]
    if facts:
        failed(
            what,
            *facts[:4],
            "which this rule cannot see through, so that it cannot tell what runs",
            hint="write plain functions, called by their names",
        )


def _whose(function, name):
    return "the cell" if name == function.__name__ else f"`{name}`, which it calls,"


def _line(function, name, line):
    return f"line {line} of {'the cell' if name == function.__name__ else f'`{name}`, which it calls,'}"


def _as_array(value, what, kinds="biuf"):
    """Read a result as a numeric array, or say why it is none."""
    if value is None:
        failed(what, "got      None", hint="does the function end with `return`?")
    if other := _other_array(value):
        kind, way_out = other
        failed(what, "expected a NumPy array", f"got      {kind} of shape {tuple(value.shape)}", hint=way_out)
    try:
        array = np.asarray(value)
    except ValueError:
        hint = "make one array of one shape before you return it"
        failed(what, f"expected an array, got {_describe(value)} with rows of unequal length", hint=hint)
    if array.dtype.kind not in kinds:
        failed(what, f"expected numbers, got {_describe(value)}", hint="return an array of numbers")
    return array


def _other_array(value):
    """(its name, how to make an array of it) of what looks like an array and behaves otherwise, or None."""
    if isinstance(value, np.matrix):
        return "an np.matrix, which keeps two axes and multiplies by *", "return an array: np.asarray(...)"
    if isinstance(value, np.ma.MaskedArray):
        return (
            "a masked array, which hides entries",
            "return its numbers: .filled(0), or what masked entries stand for",
        )
    module = type(value).__module__.partition(".")[0]
    if module == "scipy" and hasattr(value, "toarray"):
        return "a sparse SciPy matrix", "return an array: .toarray()"
    if module == "torch" and hasattr(value, "detach"):
        return "a PyTorch tensor", "return an array: .detach().numpy()"
    return None


def _same_shape(actual, expected, what, hint):
    if actual.shape != expected:
        failed(what, f"expected shape {expected}", f"got      shape {actual.shape}", hint=hint)


def _worst(actual, expected, error, wrong):
    """Describe the entry that is furthest off, and how many are."""
    if expected.ndim == 0:
        yield f"expected {expected:.10g}"
        yield f"got      {actual:.10g}"
        return
    ranked = np.where(wrong, np.nan_to_num(error, nan=np.inf), -1.0)
    where = tuple(int(i) for i in np.unravel_index(np.argmax(ranked), ranked.shape))
    yield f"{wrong.sum()} of {wrong.size} entries are off; the worst is at {_at(where)}"
    yield f"expected {expected[where]:.10g}"
    yield f"got      {actual[where]:.10g}"


def _at(index):
    return f"[{', '.join(map(str, index))}]"


def _describe(value):
    """Name a value in a few words."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
