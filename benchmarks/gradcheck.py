"""The gradient check of a (3072, 100) weight matrix against comparing every entry by centred differences.

The full comparison would take half an hour, so 500 of its entries are timed and the time is scaled to all of them.
"""

import time

import numpy as np

from cs231n_kit.gradcheck import check_gradient

D, C, N = 3072, 100, 20
TIMED_ENTRIES = 500
GOAL = 50


def softmax_problem(rng):
    """A softmax loss on N examples: f, W, its gradient."""
    X, W, y = rng.normal(size=(N, D)), 0.01 * rng.normal(size=(D, C)), rng.integers(C, size=N)

    def probabilities(w):
        p = np.exp(X @ w)
        return p / p.sum(axis=1, keepdims=True)

    def loss(w):
        return -np.log(probabilities(w)[np.arange(N), y]).mean()

    return loss, W, X.T @ (probabilities(W) - np.eye(C)[y]) / N


def entrywise(f, x, entries, h=1e-5):
    """Centred differences of some entries, x changed in place and put back: the usual loop."""
    slopes = []
    for entry in entries:
        kept = x[entry]
        x[entry] = kept + h
        up = f(x)
        x[entry] = kept - h
        down = f(x)
        x[entry] = kept
        slopes.append((up - down) / (2 * h))
    return np.array(slopes)


def seconds(call):
    """Time of the call, and what it returned."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main():
    """Time both, and print one line."""
    rng = np.random.default_rng(0)
    f, W, gradient = softmax_problem(rng)
    entries = [np.unravel_index(i, W.shape) for i in rng.integers(W.size, size=TIMED_ENTRIES)]
    fast, report = min(
        (seconds(lambda: check_gradient(f, W, gradient)) for _ in range(5)), key=lambda run: run[0]
    )
    part, slopes = seconds(lambda: entrywise(f, W, entries))
    assert report.ok
    np.testing.assert_allclose(slopes, [gradient[entry] for entry in entries], rtol=1e-4, atol=1e-8)
    full = part * W.size / TIMED_ENTRIES
    print(
        f"gradient check, W ({D}, {C}): {report.evaluations} evaluations, {fast * 1e3:.0f} ms; every entry: "
        f"{2 * W.size:,} evaluations, {full:.0f} s (from {TIMED_ENTRIES} entries): {full / fast:,.0f}x (goal {GOAL}x)"
    )


if __name__ == "__main__":
    main()
