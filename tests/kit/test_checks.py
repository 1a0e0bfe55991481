"""A check passes what is right, refuses what is wrong, and says what was expected, what came and what to try."""

import functools
import re

import numpy as np
import pytest
import scipy.sparse

from cs231n_kit import checks

A = np.arange(6.0).reshape(2, 3)


def refused(check, *args, **kwargs):
    """Return the message of a check that must fail."""
    with pytest.raises(checks.CheckFailed) as caught:
        check(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("check", "args"),
    [
        (checks.close, (A, A)),
        (checks.close, (A + 1e-9, A)),
        (checks.close, (A.tolist(), A)),
        (checks.close, (3, 3.0)),
        (checks.close, (np.inf, np.inf)),
        (checks.close, (np.zeros((0, 3)), np.zeros((0, 3)))),
        (checks.close, ([1e9, 1e-9], [1e9, 0.0])),  # nothing beside the largest entry
        (checks.equal, ([1, 2], np.array([1, 2]))),
        (checks.equal, (np.int64(5), 5)),
        (checks.equal, ("a", "a")),
        (checks.equal, ({"a": 1}, {"a": 1})),
        (checks.shape, (A, (2, 3))),
        (checks.dtype, (A, np.floating)),
        (checks.dtype, (A.astype("f4"), "float32")),
        (checks.finite, (A,)),
        (checks.unchanged, (A, A.copy())),
        (checks.unchanged, ([np.nan], [np.nan])),
        (checks.holds, (True,)),
    ],
)
def test_what_passes_prints_one_line(check, args, capsys):
    assert check(*args, "the thing") is None
    out = capsys.readouterr().out
    assert out.startswith("✓ ")
    assert "the thing" in out
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("check", "args", "says"),
    [
        (checks.close, (A + 1e-5, A), "6 of 6 entries are off; the worst is at"),
        (checks.close, (A.T, A), "expected shape (2, 3)\n  got      shape (3, 2)"),
        (checks.close, (A[0], A), "got      shape (3,)"),
        (checks.close, (None, A), "got      None\n  Try: does the function end with `return`?"),
        (checks.close, ([np.nan, 1.0], [1.0, 1.0]), "the worst is at [0]\n  expected 1\n  got      nan"),
        (checks.close, ([np.inf, 5.0], [1.0, 1.0]), "2 of 2 entries are off; the worst is at [0]"),
        (checks.close, (np.nan, np.nan), "got      nan"),
        (checks.close, (-np.inf, np.inf), "got      -inf"),
        (checks.close, ("text", 1.0), "expected numbers, got str"),
        (checks.close, ([[1], [1, 2]], A), "rows of unequal length"),
        (checks.close, ([object()], [1.0]), "expected numbers"),
        (checks.close, (2.0, 1.0), "expected 1\n  got      2"),
        (
            checks.equal,
            ([1, 2, 3], [1, 2, 4]),
            "1 of 3 entries differ; the first is at [2]\n  expected 4\n  got      3",
        ),
        (checks.equal, ("b", "a"), "expected 'a'\n  got      'b'"),
        (checks.equal, (None, "a"), "got      None"),
        (checks.equal, (4, 3), "expected 3\n  got      4"),
        (checks.shape, (A, (3, 2)), "expected shape (3, 2)"),
        (checks.dtype, (A, np.integer), "expected dtype integer\n  got      dtype float64"),
        (checks.finite, ([0, np.inf, np.nan],), "2 of 3 entries are not finite\n  the first, at [1], is inf"),
        (checks.unchanged, (A, A + 1), "changed its input the thing in place"),
        (checks.unchanged, (A, A[0]), "changed its input"),
        (checks.holds, (False,), "✗ the thing"),
    ],
)
def test_what_fails_says_why(check, args, says):
    message = refused(check, *args, "the thing", hint="look twice")
    assert "the thing" in message.splitlines()[0]
    assert says in message
    assert message.splitlines()[-1].startswith("  Try: ")


def test_unpack():
    assert checks.unpack((1, 2), "out", "cache") == (1, 2)
    assert "expected 2 results\n  got      3 results" in refused(
        checks.unpack, (1, 2, 3), "out", "cache", what="f"
    )
    assert "f returns (out, cache)" in refused(checks.unpack, A, "out", "cache", what="f")
    assert "Try: end with `return out, cache`" in refused(checks.unpack, None, "out", "cache")


def test_raises():
    checks.raises(ValueError, int, "x", what="no number")
    assert "got      a result: int 3" in refused(checks.raises, ValueError, int, "3", what="no number")
    assert "got      TypeError" in refused(checks.raises, ValueError, int, None, what="no number")

    def stub():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):  # a stub is unfinished, not wrong
        checks.raises(ValueError, stub, what="no number")


def test_faster():
    small, large = np.ones((30, 30)), np.ones((900, 900))
    checks.faster(lambda: small @ small, lambda: large @ large, "small", ratio=2)
    message = refused(checks.faster, lambda: large @ large, lambda: small @ small, "large", ratio=2, hint="h")
    assert "expected at least 2 times as fast" in message


def test_a_busy_moment_is_forgiven():
    calls = iter([0.05, 0.05, 0.05] + [0] * 100)  # the first three runs of the fast one are disturbed
    import time

    checks.faster(lambda: time.sleep(next(calls)), lambda: time.sleep(0.01), "disturbed", ratio=2)


def loops(x):
    return [v + 1 for v in x]


def no_loop(x):
    "for while map: words in a text are no loops"
    return x.sum()


def hidden_loop(x):
    return np.vectorize(float)(x)


def ufunc_method(x):
    return np.maximum.reduce(x)


def python_reduce(x):
    return functools.reduce(max, x)


def uses_norm(x):
    return np.linalg.norm(x)


def test_source_rules():
    checks.no_loops(no_loop, "no loop")
    assert "line 2 of the cell has a list comprehension" in refused(checks.no_loops, loops, "no loop")
    checks.no_loops(ufunc_method, "no loop")
    assert "`vectorize`, which loops in Python" in refused(checks.no_loops, hidden_loop, "no loop")
    assert "`reduce`, which loops in Python" in refused(checks.no_loops, python_reduce, "no loop")
    checks.avoids(no_loop, "norm", what="by hand")
    assert "the cell uses norm" in refused(checks.avoids, uses_norm, "norm", "cdist", what="by hand")


def test_the_source_of_a_stand_in_is_the_text_it_carries():
    def stand_in():
        pass

    stand_in.cell_source = "def f(x):\n    while True: pass\n"
    assert checks.source_of(stand_in) == stand_in.cell_source
    assert "a while loop" in refused(checks.no_loops, stand_in, "no loop")


def test_ipython_shows_the_message_and_no_frames():
    with pytest.raises(checks.CheckFailed) as caught:
        checks.close(1, 2, "one", hint="two")
    lines = caught.value._render_traceback_()
    assert "✗ one" in lines[0]
    assert lines[-1] == "  Try: two"
    assert not any("checks.py" in line for line in lines)
    assert set(re.findall(r"\x1b\[(\d+)m", "".join(lines))) == {"0", "1"}, "bold, in the theme's own colour"


class _Tensor:
    """Stands for a PyTorch tensor, which the course does not install."""

    __module__ = "torch"
    shape = (1, 3)

    def detach(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return np.ones((1, 3))


@pytest.mark.parametrize(
    ("value", "name", "way_out"),
    [
        (np.asmatrix([1.0, 2, 3]), "np.matrix", "np.asarray"),
        (np.ma.array([1.0, 2, 3], mask=[0, 1, 0]), "masked array", ".filled(0)"),
        (scipy.sparse.csr_array(np.eye(3)), "sparse SciPy matrix", ".toarray()"),
        (scipy.sparse.csr_matrix(np.eye(3)), "sparse SciPy matrix", ".toarray()"),
        (_Tensor(), "PyTorch tensor", ".detach().numpy()"),
    ],
)
def test_what_only_looks_like_an_array_is_called_by_its_name(value, name, way_out):
    for check in (
        lambda: checks.shape(value, (3,), "out"),
        lambda: checks.close(value, np.ones(3), "out"),
        lambda: checks.equal(value, np.ones(3), "out"),
        lambda: checks.finite(value, "out"),
        lambda: checks.dtype(value, np.float64, "out"),
    ):
        with pytest.raises(checks.CheckFailed) as error:
            check()
        assert name in str(error.value)
        assert way_out in str(error.value)
