"""gradcheck: numerical gradients, relative errors, and which gradients are accepted."""

import re
import warnings

import numpy as np
import pytest

from cs231n_kit import checks, gradcheck


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int64, np.uint8])
def test_numerical_gradient_is_right_for_every_real_dtype(dtype):
    x = np.array([[1, 2], [3, 4]], dtype=dtype)
    gradient = gradcheck.numerical_gradient(lambda z: np.sum(z**2), x)
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, [[2, 4], [6, 8]], rtol=1e-9)


def test_numerical_gradient_of_an_array_function_uses_the_upstream_gradient(rng):
    x, w, df = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
    np.testing.assert_allclose(gradcheck.numerical_gradient(lambda z: z @ w, x, df), df @ w.T, rtol=1e-8)


def test_numerical_gradient_raises_the_step_for_a_function_that_computes_in_float32():
    gradient = gradcheck.numerical_gradient(
        lambda z: np.sum(z.astype(np.float32) ** 2), np.array([1.5, -2.0])
    )
    np.testing.assert_allclose(gradient, [3, -4], rtol=1e-3)


def test_numerical_gradient_takes_a_number_and_an_empty_array():
    assert gradcheck.numerical_gradient(lambda z: z**2, 3.0) == pytest.approx(6)
    assert gradcheck.numerical_gradient(lambda z: 1.0, np.zeros((0, 3))).shape == (0, 3)


def test_x_is_left_untouched_by_a_function_that_changes_it_and_by_one_that_raises():
    x = np.array([1.0, 2.0, 3.0])

    def greedy(z):
        total = np.sum(z**2)
        z *= 0
        return total

    np.testing.assert_allclose(gradcheck.numerical_gradient(greedy, x), [2, 4, 6], rtol=1e-8)

    def breaks(z):
        if z[1] != 2.0:
            raise KeyError("no")
        return 0.0

    with pytest.raises(KeyError):
        gradcheck.numerical_gradient(breaks, x)
    np.testing.assert_array_equal(x, [1, 2, 3])


def test_a_function_that_returns_the_same_buffer_each_time():
    buffer = np.zeros(2)

    def f(z):
        buffer[:] = z**2
        return buffer

    np.testing.assert_allclose(gradcheck.numerical_gradient(f, [1.0, 2.0], np.ones(2)), [2, 4], rtol=1e-8)


@pytest.mark.parametrize(
    ("f", "x", "df", "error", "words"),
    [
        (lambda z: (1.0, z), [1.0], None, TypeError, "returned a tuple.*loss\\(w\\)\\[0\\]"),
        (lambda z: z, [1.0, 2.0], None, ValueError, "pass df"),
        (lambda z: z, [1.0, 2.0], np.ones(3), ValueError, "df has shape \\(3,\\)"),
        (lambda z: None, [1.0], None, TypeError, "NoneType"),
        (lambda z: "text", [1.0], None, TypeError, "real numbers"),
        (3.0, [1.0], None, TypeError, "must be a function"),
        (lambda z: 1.0, ["a"], None, TypeError, "real numbers"),
        (lambda z: 1.0, [1j], None, TypeError, "real numbers"),
    ],
)
def test_bad_input_is_told_in_words(f, x, df, error, words):
    with pytest.raises(error, match=words):
        gradcheck.numerical_gradient(f, x, df)


def test_relative_error():
    assert gradcheck.relative_error([1.0, 2.0], [1.0, 2.0]) == 0
    assert gradcheck.relative_error([1.0, 2.0], [1.0, 2.2]) == pytest.approx(0.2 / 4.2)
    assert gradcheck.relative_error([], []) == 0
    for bad in (np.nan, np.inf, -np.inf):
        assert not gradcheck.relative_error([bad], [bad]) < 1e9
        assert not gradcheck.relative_error([bad], [1.0]) < 1e9


def test_warnings_of_f_stay_inside():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gradcheck.numerical_gradient(lambda z: np.sum(np.log(z)), np.array([0.0, -1.0]))
        gradcheck.check_gradient(lambda z: np.sum(1 / z), np.array([0.0, 1.0]), np.ones(2))


def test_a_right_gradient_costs_a_handful_of_evaluations_whatever_the_size(rng):
    for shape in ((3, 2), (300, 200)):
        report = gradcheck.check_gradient(
            lambda z: np.sum(np.sin(z)), (x := rng.normal(size=shape)), np.cos(x)
        )
        assert report and report.evaluations == 7


@pytest.mark.parametrize("entry", [0, 777, 8399])
def test_a_single_wrong_entry_among_many_is_found_and_named(rng, entry):
    x = rng.normal(size=(140, 60))
    gradient = np.cos(x)
    gradient.flat[entry] *= 1.5
    report = gradcheck.check_gradient(lambda z: np.sum(np.sin(z)), x, gradient)
    assert not report
    row, column = divmod(entry, 60)
    assert f"[{row}, {column}]" in str(report)


def test_a_wrong_row_of_a_large_array_is_named(rng):
    x = rng.normal(size=(140, 60))
    gradient = np.cos(x)
    gradient[123] = 0
    text = str(gradcheck.check_gradient(lambda z: np.sum(np.sin(z)), x, gradient))
    assert "Only row 123 is wrong: the gradient is zero" in text


def test_equal_and_opposite_errors_do_not_cancel(rng):
    for seed in range(20):
        gradient = np.array([1.0, -1.0]) * 0.01 + 1
        report = gradcheck.check_gradient(np.sum, np.ones(2), gradient, rng=np.random.default_rng(seed))
        assert not report


def test_a_right_gradient_passes_near_kinks_on_steep_and_on_flat_functions(rng):
    x = rng.normal(size=(50, 40))
    x.flat[::7] = 3e-6  # nearer to the kink than the step
    df = rng.normal(size=x.shape)
    assert gradcheck.check_gradient(lambda z: np.maximum(z, 0), x, (x > 0) * df, df=df)
    steep = rng.normal(size=30)
    report = gradcheck.check_gradient(lambda z: np.sum(np.sin(1e3 * z)), steep, 1e3 * np.cos(1e3 * steep))
    assert report and report.evaluations < 30  # another step, not a search
    assert gradcheck.check_gradient(lambda z: 5.0, steep, np.zeros(30))
    assert gradcheck.check_gradient(lambda z: 1e6 + np.sum(z), steep, np.ones(30))


def test_float32_gradients_and_integer_points_are_accepted(rng):
    x = rng.normal(size=40)
    assert gradcheck.check_gradient(lambda z: np.sum(z**3), x, (3 * x**2).astype(np.float32))
    assert gradcheck.check_gradient(lambda z: np.sum(z**3), np.arange(5), 3 * np.arange(5) ** 2)


def test_check_prints_one_tick_returns_nothing_and_is_the_same_each_time(capsys):
    x = np.arange(1.0, 5)
    for _ in range(2):
        assert gradcheck.check(lambda z: np.sum(z**2), x, 2 * x, "dx of the square") is None
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert re.fullmatch(r"✓ dx of the square  \(relative error \d?e?-?\d+\)", first)


def test_check_fails_with_the_explanation_and_the_hint(capsys):
    x = np.arange(1.0, 5)
    with pytest.raises(checks.CheckFailed) as caught:
        gradcheck.check(lambda z: np.sum(z**2), x, x, "dx of the square", hint="look at the power rule")
    text = str(caught.value)
    assert text.startswith("✗ dx of the square")
    assert "constant factor, 1/2" in text and "look at the power rule" in text
    assert capsys.readouterr().out == ""


def test_a_tighter_or_wider_tolerance_is_respected():
    x = np.arange(1.0, 5)
    wrong_by_1e_4 = 2 * x * (1 + 1e-4)
    assert not gradcheck.check_gradient(lambda z: np.sum(z**2), x, wrong_by_1e_4)
    assert gradcheck.check_gradient(lambda z: np.sum(z**2), x, wrong_by_1e_4, rtol=1e-3)


def test_the_report_shows_a_picture_only_when_there_is_something_to_see(rng):
    x = rng.normal(size=(2, 3, 4, 5))
    right = gradcheck.check_gradient(lambda z: np.sum(z**2), x, 2 * x)
    wrong = gradcheck.check_gradient(lambda z: np.sum(z**2), x, 2 * np.abs(x))
    assert right.figure() is None and "<img" not in right._repr_html_()
    assert "data:image/png" in wrong._repr_html_()
    assert wrong.figure().axes[0].images[0].get_array().shape == (2 * 4, 3 * 5)


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4), (60, 70)])
def test_a_picture_for_every_number_of_axes(rng, shape):
    x = rng.normal(size=shape)
    figure = gradcheck.check_gradient(lambda z: np.sum(np.sin(z)), x, 3 + np.cos(x)).figure()
    assert len(figure.axes) >= 3


def test_what_is_not_a_gradient_is_told():
    def text(gradient):
        return str(gradcheck.check_gradient(lambda z: np.sum(z**2), np.ones((2, 2)), gradient))

    assert "is None" in text(None)
    assert "real numbers of shape (2, 2)" in text([[1.0], [1.0, 2.0]])
    assert "a str came" in text("2")
    assert "f itself is not finite" in str(gradcheck.check_gradient(lambda z: np.nan, np.ones(2), np.ones(2)))
