"""gradcheck's explanations: each mistake gets its sentence, and a near miss does not."""

import numpy as np
import pytest

from cs231n_kit.gradcheck import check_gradient

N, D, C = 5, 4, 3
REG = 0.1


@pytest.fixture
def problem():
    """A softmax loss with a penalty: f, W, the data part of the gradient, the penalty's part."""
    rng = np.random.default_rng(3)
    X, W, y = rng.normal(size=(N, D)), rng.normal(size=(D, C)), np.array([0, 1, 2, 1, 0])

    def probabilities(w):
        p = np.exp(X @ w)
        return p / p.sum(axis=1, keepdims=True)

    def f(w):
        return -np.log(probabilities(w)[range(N), y]).mean() + REG * np.sum(w * w)

    return f, W, X.T @ (probabilities(W) - np.eye(C)[y]) / N, 2 * REG * W


def explanation(f, x, gradient, **options):
    report = check_gradient(f, x, gradient, **options)
    assert not report.ok
    return str(report)


def penalised(problem, data, part):
    """What is said of `data` times the data gradient plus `part` times the penalty's."""
    f, W, dW, penalty = problem
    return explanation(
        f, W, data * dW + part * penalty, terms={"the penalty's gradient": penalty}, sizes={"N": N}
    )


def square(x):
    return np.sum(x**2)


@pytest.fixture
def x():
    return np.random.default_rng(5).normal(size=(4, 7))


# --- a constant factor ---


@pytest.mark.parametrize(
    ("factor", "written", "cause"),
    [
        (-1, "-1", "sign is flipped"),
        (2, "2", "a 2 too many"),
        (0.5, "1/2", "the 2 of the derivative of a square"),
        (5, "5", "that is N = 5. Summed where it should be meaned"),
        (1 / 5, "1/5", "that is 1 over N = 5. Meaned where it should be summed"),
        (11, "11", "if 11 is the number of examples, the mean's division by it is missing"),
        (1 / 11, "1/11", "if 11 is the number of examples, it is divided by it once too often"),
        (5 / 4, "1.25", "N / (N - 1) with N = 5"),
        (5 / 3, "1.6667", "that is N / C = 5/3. It is divided by C where N is meant"),
        (0.83, "0.83", "a factor of the forward pass is missing"),
        (-3, "-3", "the sign is flipped, and the size is wrong besides"),
    ],
)
def test_constant_factor(x, factor, written, cause):
    text = explanation(square, x, factor * 2 * x, sizes={"N": 5, "C": 3})
    assert f"off by a constant factor, {written}: " in text
    assert cause in text


def test_a_factor_is_explained_by_the_sizes_of_x_and_of_the_output():
    rng = np.random.default_rng(1)
    x, df = rng.normal(size=(6, 3)), rng.normal(size=(6, 9))
    w = rng.normal(size=(3, 9))
    assert "f(x).shape[1] = 9" in explanation(lambda z: z @ w, x, 9 * (df @ w.T), df=df)


def test_a_factor_of_three_is_not_explained_by_five_examples(x):
    assert "N = 5" not in explanation(square, x, 3 * 2 * x, sizes={"N": 5})
    assert "N / C" not in explanation(square, x, 1.6 * 2 * x, sizes={"N": 5, "C": 3})
    assert "- 1" not in explanation(square, x, 4 / 3 * 2 * x, sizes={"N": 5})  # 4 is only a side of x


def test_one_entry_that_is_off_otherwise_is_no_constant_factor(x):
    gradient = 2 * 2 * x
    gradient[1, 1] *= 1.1
    assert "constant factor" not in explanation(square, x, gradient)


# --- a term of a sum ---


@pytest.mark.parametrize(
    ("data", "part", "words"),
    [
        (1, 0, "proportional to the penalty's gradient: it is missing"),
        (1, 0.5, "it counts 1/2 times. Halved"),
        (1, 2, "it counts 2 times. Doubled"),
        (1, -1, "it has the wrong sign"),
        (1, 1 / N, "It is divided by N = 5"),
        (1, N, "It is added N = 5 times"),
        (
            N,
            1,
            "Apart from the penalty's gradient, which is right, the gradient is off by a constant factor, 5",
        ),
        (N, 0.5, "which counts 1/2 times, the gradient is off by a constant factor, 5"),
        (0, 1, "Only the penalty's gradient is there"),
    ],
)
def test_known_term(problem, data, part, words):
    assert words in penalised(problem, data, part)


def test_a_tiny_penalty_that_is_missing_is_named():
    rng = np.random.default_rng(2)
    x, slope = rng.normal(size=20), rng.normal(size=20)
    reg = 1e-5
    text = explanation(
        lambda z: slope @ z + reg * np.sum(z * z), x, slope, terms={"2 * reg * x": 2 * reg * x}
    )
    assert "proportional to 2 * reg * x: it is missing" in text


def test_a_difference_that_is_not_proportional_to_the_term_is_not_blamed_on_it(problem):
    f, W, dW, penalty = problem
    text = explanation(f, W, dW + penalty + W**2, terms={"the penalty's gradient": penalty})
    assert "penalty" not in text


def test_a_small_difference_of_another_form_is_not_blamed_on_the_term(problem):
    f, W, dW, penalty = problem
    text = explanation(f, W, dW + penalty + 1e-2 * W**2, terms={"the penalty's gradient": penalty})
    assert "penalty" not in text


def test_a_missing_l2_penalty_is_guessed_without_being_given(problem):
    f, W, dW, _ = problem
    assert "proportional to x: 1/5 times x. That is the gradient of an L2 penalty" in explanation(f, W, dW)


def test_a_missing_l1_penalty_is_guessed(x):
    text = explanation(lambda z: np.sum(z**3) + np.sum(np.abs(z)), x, 3 * x**2)
    assert "proportional to the sign of x: 1 times" in text and "an L1 penalty" in text


def test_few_wrong_entries_are_no_penalty():
    x = np.array([1.0, -1.0])
    assert "penalty" not in explanation(
        lambda z: z @ [2.0, 4.0], x, np.array([4.0, 2.0])
    )  # the two are swapped


def test_a_missing_constant_is_no_penalty(x):
    x = np.abs(x)
    assert "penalty" not in explanation(lambda z: np.sum(z**3) + np.sum(z), x, 3 * x**2)


# --- axes and order ---


def test_transposed():
    rng = np.random.default_rng(1)
    x, w, df = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    right = df @ w.T
    assert "The gradient is transposed: " in explanation(lambda z: z @ w, x, right.T, df=df)
    nearly = right.T.copy()
    nearly[0, 1] += 0.1
    assert "transposed" not in explanation(lambda z: z @ w, x, nearly, df=df)


def test_two_axes_of_several_are_swapped():
    rng = np.random.default_rng(1)
    x, a = rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 3, 3))
    assert "transposed in axes 1 and 2" in explanation(lambda z: np.sum(a * z), x, a.swapaxes(1, 2))


def test_permuted():
    rng = np.random.default_rng(1)
    x, a = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    reshaped = a.T.reshape(3, 4)
    assert "in the wrong places" in explanation(lambda z: np.sum(a * z), x, reshaped)
    reshaped[0, 0] += 0.5
    assert "in the wrong places" not in explanation(lambda z: np.sum(a * z), x, reshaped)


# --- zero, NaN, infinite, shape ---


def test_zero_everywhere(x):
    assert "zero where it should not be: everywhere" in explanation(square, x, np.zeros_like(x))
    assert "zero" not in explanation(square, x, np.full_like(x, 1e-9))


def test_nan_and_infinite(x):
    gradient = 2 * x
    gradient[2, 3] = np.nan
    assert "is NaN in 1 of 28 entries, first at [2, 3]" in explanation(square, x, gradient)
    for value in (np.inf, -np.inf, 1e300, -1e200):
        gradient[2, 3] = value
        text = explanation(square, x, gradient)
        assert "is infinite, or larger than 1e+100, in 1 of 28 entries, first at [2, 3]" in text
    gradient[2, 3] = 1e90
    text = explanation(square, x, gradient)
    assert "NaN" not in text and "infinite" not in text


def test_shape_and_what_would_mend_it():
    rng = np.random.default_rng(1)
    x, w, b, df = (
        rng.normal(size=(5, 4)),
        rng.normal(size=(4, 3)),
        rng.normal(size=3),
        rng.normal(size=(5, 3)),
    )
    of_w = explanation(lambda v: x @ v, w, (x.T @ df).T, df=df)
    assert "shape (3, 4), but x has shape (4, 3)" in of_w and "It is the transpose" in of_w
    assert "Summed over axis 0 it is right" in explanation(lambda v: x @ w + v, b, df, df=df)
    assert "reshape(x.shape)" in explanation(lambda v: x @ w + v, b, df.sum(axis=0, keepdims=True), df=df)
    other = explanation(lambda v: x @ w + v, b, 2 * df, df=df)
    assert "Summed" not in other and "must be the same" in other


# --- some rows, columns, channels, the border ---


def test_only_some_slices(x):
    def damaged(where, factor):
        gradient = 2 * x
        gradient[where] *= factor
        return explanation(square, x, gradient)

    assert "Only row 2 is wrong: the gradient is zero where it should not be" in damaged(np.s_[2], 0)
    assert "Only columns 1 and 4 are wrong: the gradient is off by the factor -1" in damaged(
        np.s_[:, [1, 4]], -1
    )
    assert "Only" not in damaged(np.s_[[0, 1, 2, 3], [0, 2, 4, 6]], -1)  # scattered: no row is wrong
    assert "Where it is wrong, the gradient is off by the factor -1" in damaged(
        np.s_[[0, 1, 2, 3], [0, 2, 4, 6]], -1
    )


def test_a_single_entry_is_not_called_a_row(x):
    gradient = 2 * x
    gradient[2, 3] += 1
    text = explanation(square, x, gradient)
    assert "Only" not in text and "[2, 3]" in text


def test_only_some_entries_of_a_vector():
    x = np.arange(1.0, 9)
    gradient = 2 * x
    gradient[[1, 6]] += 0.3
    assert "Only entries 1 and 6 are wrong." in explanation(square, x, gradient)


def test_only_a_channel_or_only_the_border_of_pictures():
    x = np.random.default_rng(1).normal(size=(2, 3, 5, 5))
    gradient = 2 * x
    gradient[:, 1] *= 1.5
    assert "Only channel 1 (axis 1) is wrong" in explanation(square, x, gradient)
    gradient = 2 * x
    gradient[..., [0, -1], :] += 1 + x[..., [0, -1], :] ** 2
    gradient[..., [0, -1]] -= 1 + x[..., [0, -1]] ** 2
    assert "Only the border of the last two axes is wrong" in explanation(square, x, gradient)
    gradient[0, 0, 2, 2] += 1
    assert "border" not in explanation(square, x, gradient)
    gradient = 2 * x
    gradient[[0, 1], [0, 2], [0, 4], [0, 4]] += 1  # two corners are not the border
    assert "border" not in explanation(square, x, gradient)


# --- the chain rule ---


def test_upstream_ignored(x):
    df = np.random.default_rng(2).normal(size=x.shape)
    assert "The upstream gradient is not used" in explanation(np.sin, x, np.cos(x), df=df)
    assert "upstream" not in explanation(np.sin, x, np.cos(x) * df**2, df=df)
    assert "upstream" not in explanation(
        np.sin, x, np.cos(x), df=np.full_like(x, 2.0)
    )  # that is a factor 1/2


def windows(x):
    """Overlapping sums: each x (but at the ends) is used three times."""
    return x[:-2] + 2 * x[1:-1] + 3 * x[2:]


def windows_backward(df, n, add):
    dx = np.zeros(n)
    for i, d in enumerate(df):
        dx[i : i + 3] = (dx[i : i + 3] if add else 0) + d * np.array([1, 2, 3])
    return dx


def test_overwritten():
    rng = np.random.default_rng(4)
    x, df = rng.normal(size=9), rng.normal(size=7)
    assert check_gradient(windows, x, windows_backward(df, 9, add=True), df=df)
    overwritten = windows_backward(df, 9, add=False)
    assert "it is overwritten (`=`) where contributions must accumulate" in explanation(
        windows, x, overwritten, df=df
    )
    partial = overwritten.copy()
    partial[2:7] += df[2:7] * 0.5  # more than one contribution, less than all
    assert "overwritten" not in explanation(windows, x, partial, df=df)


def test_entries_that_nothing_depends_on_are_not_overwritten():
    x, df = np.arange(1.0, 7), np.array([0.5, -1.5, 2.0])
    gradient = np.concatenate([df, [1.0, 2.0, 5.0]])
    text = explanation(lambda z: z[:3], x, gradient, df=df)
    assert "overwritten" not in text and "Only entries 3, 4 and 5 are wrong" in text


def test_overwritten_by_the_last_example_of_a_batch():
    rng = np.random.default_rng(4)
    X, W, df = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
    last = np.outer(X[-1], df[-1])
    assert "overwritten" in explanation(lambda w: X @ w, W, last, df=df)


# --- f itself ---


def test_a_function_that_ignores_its_argument(x):
    outside = x.copy()
    assert "does not use its argument" in explanation(lambda z: square(outside), x, 2 * x)
    assert "does not use" not in explanation(lambda z: 1e-3 * square(z), x, 2 * x)


def test_a_function_that_draws_at_random(x):
    rng = np.random.default_rng(0)
    noisy = explanation(lambda z: square(z * (rng.random(z.shape) < 0.5)), x, 2 * x)
    assert "two different values at the same x" in noisy

    def seeded(z):
        return square(z * (np.random.default_rng(0).random(z.shape) < 0.5))

    assert "two different values" not in explanation(seeded, x, 2 * x)


def test_a_function_that_is_not_finite_next_door():
    x = np.array([0.0, 1.0])
    assert "not finite a small step away" in explanation(lambda z: np.sum(np.sqrt(z)), x, np.ones(2))
    assert "not finite" not in explanation(lambda z: np.sum(np.sqrt(z + 1)), x, np.ones(2))


# --- kinks ---


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_a_kink_is_no_error(slope):
    x, df = np.array([-1.0, 0.0, 2.0]), np.array([0.3, -0.7, 0.9])
    report = check_gradient(lambda z: np.maximum(z, 0), x, np.array([0, slope, 1]) * df, df=df)
    assert report.ok
    assert "f has a kink at [1]" in str(report)


def test_the_middle_of_a_kink_is_what_centred_differences_give_anyway():
    x, df = np.array([-1.0, 0.0, 2.0]), np.array([0.3, -0.7, 0.9])
    assert check_gradient(lambda z: np.maximum(z, 0), x, np.array([0, 0.5, 1]) * df, df=df)


def test_a_tie_of_two_maxima_is_a_kink():
    report = check_gradient(np.max, np.array([3.0, 1.0, 3.0]), np.array([1.0, 0.0, 0.0]))
    assert report.ok and "a kink at [0] and [2]" in str(report)


def test_a_wrong_gradient_at_a_kink_is_an_error():
    x, df = np.array([-1.0, 0.0, 2.0]), np.ones(3)
    text = explanation(lambda z: np.maximum(z, 0), x, np.array([0.0, 1.4, 1.0]), df=df)
    assert "kink" not in text and "[1]" in text


def test_a_wrong_gradient_beside_a_kink_is_an_error():
    x, df = np.array([-1.0, 0.0, 2.0]), np.ones(3)
    assert "kink" not in explanation(lambda z: np.maximum(z, 0), x, np.array([0.0, 1.0, 1.5]), df=df)


def test_a_wrong_slope_at_a_sharp_bend_is_no_kink():
    for slope in (-0.004, 0.006):  # between the slopes to both sides, which draw together as the step shrinks
        assert "kink" not in explanation(lambda z: np.sum(1e4 * z**2), np.array([1e-7]), np.array([slope]))


def test_a_sharp_bend_is_no_kink():
    x = np.array([1e-7, 1.0])
    text = explanation(lambda z: np.sum(1e4 * z**2), x, np.array([0.05, 2e4]))
    assert "kink" not in text


# --- right but for a little ---


def test_nearly_right(x):
    noise = 1 + 1e-4 * np.random.default_rng(0).normal(size=x.shape)
    assert "nearly right (to " in explanation(square, x, 2 * x * noise)
    noise = 1 + 1e-1 * np.random.default_rng(0).normal(size=x.shape)
    assert "nearly right" not in explanation(square, x, 2 * x * noise)


def test_what_is_nearly_right_is_not_called_rearranged():
    x = np.random.default_rng(1).normal(size=(5, 5))
    noise = 1 + 2e-5 * np.random.default_rng(0).normal(size=x.shape)
    text = explanation(lambda z: z**2, x, 2 * x * noise, df=np.ones_like(x))
    assert "nearly right" in text and "places" not in text and "upstream" not in text
