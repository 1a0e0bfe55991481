"""gradcheck at the edge of rounding: agreement is said only where a wrong gradient would have shown."""

import numpy as np
import pytest

from cs231n_kit import checks, gradcheck
from cs231n_kit.gradcheck import check_gradient

SCALES = 10.0 ** np.arange(-12, 13, 3)


def mistakes(gradient):
    """The usual wrong gradients."""
    yield "doubled", 2 * gradient
    yield "zero", 0 * gradient
    yield "its sign flipped", -gradient
    yield "off by a hundredth", 1.01 * gradient
    one_off = gradient.copy()
    one_off.flat[3] *= 1.5
    yield "one entry off", one_off


def judged(f, x, gradient, df=None):
    """(report of the right gradient, reports of wrong ones by name)."""
    wrong = {name: check_gradient(f, x, bad, df=df) for name, bad in mistakes(gradient)}
    return check_gradient(f, x, gradient, df=df), wrong


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", SCALES)
def test_right_is_right_and_wrong_is_wrong_at_every_scale_of_f_and_of_x(scale, dtype, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(4, 6)), rng.normal(size=(6, 5))
    slope = (1 - np.tanh(x @ w) ** 2) @ w.T

    def plain(z):
        return np.sum(np.tanh(z.astype(dtype) @ w.astype(dtype)))

    cases = [
        (lambda z: dtype(scale) * plain(z), x, scale * slope),
        (lambda z: plain(z / scale), scale * x, slope / scale),
        (lambda z: float(plain(z / scale)), scale * x, slope / scale),  # float32 inside, float64 outside
    ]
    for f, point, gradient in cases:
        right, wrong = judged(f, point, gradient)
        assert right, right
        assert not any(wrong.values()), wrong


def test_a_function_that_computes_in_float32_is_told_to():
    x = np.random.default_rng(0).normal(size=30)
    report = check_gradient(lambda z: float(np.sum(np.sin(z.astype(np.float32)))), x, np.cos(x))
    assert report
    assert "f computes in float32" in str(report)


def batchnorm(x):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_a_gradient_that_is_zero_by_cancellation_is_right(seed):
    x = np.random.default_rng(seed).normal(size=(8, 3))
    tiny = 1e-17 * np.random.default_rng(seed).normal(size=x.shape)
    for gradient in (np.zeros_like(x), tiny):
        assert check_gradient(lambda z: batchnorm(z).sum(), x, gradient)
        assert check_gradient(batchnorm, x, gradient, df=np.ones_like(x))
    for size in (1e-6, 1.0):
        wrong = size * np.random.default_rng(seed).normal(size=x.shape)
        assert not check_gradient(lambda z: batchnorm(z).sum(), x, wrong)
        assert not check_gradient(batchnorm, x, wrong, df=np.ones_like(x))


def test_a_bias_before_batchnorm_has_no_gradient_whatever_is_added_to_the_loss():
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(8, 3)), rng.normal(size=(8, 3))
    bias = np.zeros(3)
    for point in (bias, rng.normal(size=3)):
        assert "zero, up to rounding" in str(
            check_gradient(lambda b: 3 + np.sum(w * batchnorm(x + b)), point, 1e-17 * np.ones(3))
        )
        assert not check_gradient(lambda b: 3 + np.sum(w * batchnorm(x + b)), point, 1e-6 * np.ones(3))


def deep_network(rng, layers):
    """(loss as a function of the first layer's weights, those weights, their gradient)."""
    weights = [rng.normal(size=(20, 20)) * 1e-2 for _ in range(layers)]
    x, y = rng.normal(size=(5, 20)), rng.integers(20, size=5)

    def forward(first):
        outs = [x]
        for i, w in enumerate([first, *weights[1:]]):
            out = outs[-1] @ w
            outs.append(np.maximum(out, 0) if i < layers - 1 else out)
        p = np.exp(outs[-1] - outs[-1].max(axis=1, keepdims=True))
        return outs, p / p.sum(axis=1, keepdims=True)

    outs, d = forward(weights[0])
    d[np.arange(5), y] -= 1
    d /= 5
    for i in range(layers - 1, 0, -1):
        d = d @ weights[i].T * (outs[i] > 0)
    return lambda first: -np.log(forward(first)[1][np.arange(5), y]).mean(), weights[0], x.T @ d


@pytest.mark.parametrize("seed", range(4))
def test_where_rounding_hides_the_slope_nothing_is_ticked(seed):
    f, w, gradient = deep_network(np.random.default_rng(seed), layers=8)
    assert np.abs(gradient).max() < 1e-10
    right, wrong = judged(f, w, gradient)
    assert not any(wrong.values())
    assert right or not right.told
    with pytest.raises(checks.CheckFailed, match=r"Cannot tell here.*Scale f or x up"):
        gradcheck.check(f, w, 0 * gradient, "dW1")


@pytest.mark.parametrize("layers", [2, 4])
def test_a_small_slope_that_shows_is_judged(layers):
    f, w, gradient = deep_network(np.random.default_rng(layers), layers)
    right, wrong = judged(f, w, gradient)
    assert right
    assert all(not report and report.told for report in wrong.values())


def test_zero_is_the_gradient_of_a_function_that_never_moves():
    x = np.ones(4)
    assert check_gradient(lambda z: 5.0, x, np.zeros(4))
    assert not check_gradient(lambda z: 5.0, x, np.full(4, 1e-3))
    assert check_gradient(lambda z: np.maximum(z, 0), -x, np.zeros(4), df=x)
