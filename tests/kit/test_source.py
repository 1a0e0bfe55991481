"""Rules about sources are judged on what runs: the function, what it reaches, and what cannot be seen through."""

import pytest

from cs231n_kit import checks
from cs231n_kit.source import definitions, opaque_in


class StandIn:
    """A function of a notebook given by its cells' texts, as a grader sees it."""

    __name__ = "f"

    def __init__(self, own, *cells, opaque=()):
        self.notebook = {}
        for cell in (*cells, own):
            self.notebook |= definitions(cell)
        self.cell_source, self.opaque = self.notebook["f"], opaque


def refused(check, *args, **kwargs):
    with pytest.raises(checks.CheckFailed) as error:
        check(*args, **kwargs)
    return str(error.value)


CLEAN = [
    ("def f(x):\n    return x @ x.T",),
    ("def f(x):\n    return norm(x)", "def norm(x):\n    return (x * x).sum(axis=1)"),
    ("def f(x):\n    return np.maximum.reduce(np.add.accumulate(x))", "import numpy as np"),
    ("def f(x):\n    total = x.sum()\n    return total", "total = [i for i in range(3)]"),
    ("def f(x):\n    return x + EPS", "EPS = 1e-8\nfor i in range(10):\n    print(i)"),
    ("def f(x):\n    return getattr(x, 'T')",),
    ("def f(x):\n    return np.sort(x, axis=0)",),
]
LOOPS = {
    "a helper in another cell": ("def f(x):\n    return g(x)", "def g(x):\n    return [v for v in x]"),
    "two helpers away": (
        "def f(x):\n    return g(x)",
        "def g(x):\n    return h(x)",
        "def h(x):\n    while x: pass",
    ),
    "an alias": ("def f(x):\n    return m(float, x)", "m = map"),
    "an import under another name": ("def f(x):\n    return s(f, x)", "from itertools import starmap as s"),
    "a lambda": ("def f(x):\n    return g(x)", "g = lambda x: [v for v in x]"),
    "a class": (
        "def f(x):\n    return G()(x)",
        "class G:\n    def __call__(self, x):\n        return {v for v in x}",
    ),
    "a decorator": ("@vectorize\ndef f(x):\n    return x", "from numpy import vectorize"),
    "a partial": ("def f(x):\n    return g(x)", "from functools import partial\ng = partial(map, float)"),
    "recursion": ("def f(x, i=0):\n    return 0 if i == len(x) else x[i] + f(x, i + 1)",),
    "recursion of two": ("def f(x):\n    return g(x)", "def g(x):\n    return f(x[1:])"),
    "starmap": ("def f(x):\n    return list(itertools.starmap(pow, x))", "import itertools"),
    "piecewise": ("def f(x):\n    return np.piecewise(x, [x > 0], [abs])",),
    "generic_filter": ("def f(x):\n    return ndimage.generic_filter(x, g, 3)",),
    "a key": ("def f(x):\n    return sorted(x, key=g)", "def g(v):\n    return v"),
    "apply_along_axis": ("def f(x):\n    return np.apply_along_axis(g, 0, x)",),
}
OPAQUE = {
    "exec": ("def f(x):\n    exec('for v in x: pass')",),
    "eval in a helper": ("def f(x):\n    return g(x)", "def g(x):\n    return eval('[v for v in x]')"),
    "globals": ("def f(x):\n    return globals()['g'](x)",),
    "a built name": ("def f(x):\n    return getattr(np, 'vec' + 'torize')(g)(x)",),
    "vars": ("def f(x):\n    return vars(m)['cd' + 'ist'](x, x)", "import scipy.spatial.distance as m"),
    "a dictionary of a module": ("def f(x):\n    return np.__dict__['x'](x)",),
    "an import by name": ("def f(x):\n    return __import__('m').g(x)",),
    "a patched library": ("def f(x):\n    np.add = g\n    return np.add(x, x)",),
}


@pytest.mark.parametrize("cells", CLEAN)
def test_what_does_not_loop_passes(cells):
    checks.no_loops(StandIn(*cells), "no loop")


@pytest.mark.parametrize("cells", LOOPS.values(), ids=LOOPS.keys())
def test_a_loop_is_found_wherever_it_is_reached(cells):
    message = refused(checks.no_loops, StandIn(*cells), "no loop")
    assert "loop" in message or "comprehension" in message


@pytest.mark.parametrize("cells", OPAQUE.values(), ids=OPAQUE.keys())
def test_what_cannot_be_seen_through_fails_and_is_named(cells):
    for check in (
        lambda f: checks.no_loops(f, "no loop"),
        lambda f: checks.avoids(f, "norm", what="by hand"),
    ):
        assert "cannot see through" in refused(check, StandIn(*cells))


def test_the_message_names_function_and_line():
    message = refused(
        checks.no_loops, StandIn("def f(x):\n    return g(x)", "def g(x):\n    return [v for v in x]"), ""
    )
    assert "line 2 of `g`, which it calls, has a list comprehension" in message


@pytest.mark.parametrize(
    "cells",
    [
        ("def f(x):\n    return np.linalg.norm(x)",),
        ("def f(x):\n    return g(x)", "def g(x):\n    return np.linalg.norm(x)"),
        ("def f(x):\n    return n(x)", "from numpy.linalg import norm as n"),
        ("def f(x):\n    return n(x)", "import numpy as np\nn = np.linalg.norm"),
        ("def f(x):\n    return getattr(np.linalg, 'norm')(x)",),
        ("def f(x):\n    return operator.attrgetter('norm')(np.linalg)(x)",),
    ],
)
def test_a_name_that_is_to_be_avoided_is_found_wherever_it_is_reached(cells):
    assert "uses norm" in refused(checks.avoids, StandIn(*cells), "norm", what="by hand")


def test_words_in_a_docstring_are_no_use():
    checks.avoids(StandIn('def f(x):\n    "norm"\n    return x'), "norm", what="by hand")


def test_a_cell_that_may_have_changed_names_fails_the_rule():
    opaque = [which for _, which in opaque_in("globals().update(f=loopy)")]
    assert "a cell of the notebook uses `globals`" in refused(
        checks.no_loops, StandIn("def f(x):\n    return x", opaque=opaque), "no loop"
    )


def test_functions_of_a_module_are_followed_too():
    assert "which it calls, has a for loop" in refused(checks.no_loops, reaches, "no loop")


def reaches(x):
    return _loops(x)


def _loops(x):
    for v in x:
        return v
