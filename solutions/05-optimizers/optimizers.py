# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · Walking downhill well
#
# A gradient says which way is down, here, for a tiny step. How far to go, what to remember of the steps before, when to slow down, and how
# to choose all those numbers: that is optimisation, and it decides whether a network learns in a minute or never. This notebook
# builds the update rules that networks are trained with, repairs five that are broken in the ways that people really break them, and
# searches for good settings without wasting time.
#
# | exercise | | points |
# |---|---|---|
# | 1 | Plain gradient descent: `sgd` | 2 |
# | 2, 3 | Momentum, and looking ahead: `sgd_momentum`, `nesterov` | 10 |
# | 4, 5 | A rate for every parameter: `adagrad`, `rmsprop` | 8 |
# | 6, 7 | Both ideas together: `adam`, `adamw` | 12 |
# | 8 | Five broken optimizers: find the slip, mend it | 18 |
# | 9 | Learning rates that change: four schedules | 10 |
# | 10 | The second derivative: `newton_step` | 4 |
# | 11 | Searching for settings: `sample_log_uniform`, `random_search`, `refine` | 14 |
# | 12 | More than one model: `ensemble_predict`, `snapshot_ensemble`, `polyak_average` | 11 |
# | | Two written questions | 11 |
#
# **How to work.** Run the cells from top to bottom (`Shift`+`Enter`). Where a cell says `raise NotImplementedError`, put
# your code in its place. Below each stub is a check: it prints a tick, or says what it expected and what to try. More
# tests, which you do not see, run when the notebook is graded; the text above each exercise says all that they ask for.
# No function changes its inputs, unless the text allows it. About three hours.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import math

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax
from tqdm.auto import tqdm

from cs231n_kit import checks, plotting
from cs231n_kit.data import load_picturebook
from cs231n_kit.notebooks import load_functions
from cs231n_kit.solver import Solver

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# ## What an update rule looks like
#
# Every rule in this notebook has the same shape, the one that the kit's training loop, `Solver`, expects:
#
# ```
# next_w, config = rule(w, dw, config)
# ```
#
# `w` is one parameter (an array of any shape), `dw` its gradient (the same shape). `config` is a dict that holds the rule's settings, such as
# `learning_rate`, and its **memory**, such as a velocity. The rule returns the new parameter and the config *for its next call*. So:
#
# - `config` may be `None`, or hold only some of the settings: the others take the **defaults** that the docstring names;
# - memory that is not in `config` yet starts at **zero**, in the shape and dtype of `w`. It goes into the returned config under the name that the
#   docstring gives, and the next call finds it there;
# - every parameter has a config of its own. A rule keeps nothing anywhere else: a fresh `config=None` means a fresh start;
# - `dw` is left as it was. `w`, `config` and the memory in it are yours: change them in place and return them, or return new ones;
# - `float32` in, `float32` out: networks are trained in it. (Beware of `np.sqrt` of a plain number: it makes a NumPy `float64`, which turns all it
#   touches into `float64`. `math.sqrt` does not.)
#
# The next cell has two helpers for checks and pictures: `follow` applies a rule to a list of gradients; `descend` asks a function for the
# gradient at each point. Below it are three landscapes to walk in, each with two parameters.


# %% nbgrader={"grade": false, "grade_id": "helpers", "locked": true, "schema_version": 3, "solution": false, "task": false}
def follow(rule, w, gradients, config=None):
    """Feed a rule one gradient after another; returns the positions, (T + 1, ...), the first being w."""
    w = np.array(w)
    config = None if config is None else dict(config)  # a rule may write into it
    path = [w.copy()]
    for dw in gradients:
        before = np.array(dw)
        w, config = checks.unpack(rule(w, dw, config), "next_w", "config", what="the update rule")
        if not np.array_equal(dw, before):
            checks.unchanged(dw, before, "dw")
        if not isinstance(config, dict):
            checks.holds(False, "the update rule returns its config", hint="`return next_w, config`, a dict")
        path.append(np.array(w))
    return np.array(path)


def descend(rule, gradient, start, steps, config=None):
    """Walk downhill: a rule, a function w -> dw, a starting point (2,); returns the path (steps + 1, 2)."""
    w = np.array(start, dtype=float)
    config = None if config is None else dict(config)
    path = [w.copy()]
    for _ in range(steps):
        w, config = rule(w, gradient(w), config)
        path.append(np.array(w))
    return np.array(path)


def ravine(x, y):
    """A long valley with steep walls: 25 times as steep across as along."""
    return 0.5 * (0.04 * x**2 + y**2)


def ravine_gradient(w):
    return np.array([0.04, 1.0]) * w


def saddle(x, y):
    """Downhill both ways along y, uphill along x; the gradient at the pass is zero."""
    return 0.5 * x**2 - 0.5 * y**2 + 0.05 * y**4


def saddle_gradient(w):
    return np.array([w[0], -w[1] + 0.2 * w[1] ** 3])


def bowl(x, y):
    """A round bowl, of which only noisy gradients are to be had, as from small batches."""
    return 0.5 * (x**2 + y**2)


def noisy_bowl_gradient(rng):
    """A function w -> gradient of the bowl plus noise of its own."""
    return lambda w: w + rng.normal(scale=1.5, size=2)


# %% [markdown]
# ## Exercise 1 · Plain gradient descent  `[2 points · ●○○ · 5 min]`
#
# Stochastic gradient descent takes a step against the gradient, as long as the gradient is steep, times the **learning rate** $\eta$:
#
# $$w \leftarrow w - \eta\, dw$$
#
# There is no memory here; the only setting is `learning_rate`, by default 0.01.
#
# <details><summary>Hint</summary>
#
# `config = {"learning_rate": 0.5, **(config or {})}` makes a dict with a default that the caller's settings override, also when `config` is `None`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd(w, dw, config=None):
    """Stochastic gradient descent.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; setting `learning_rate` (default 1e-2)

    Returns
    -------
    next_w : like w
    config : dict
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2} | (config or {})
    return w - config["learning_rate"] * dw, config
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: from (1, 2) with gradient (0.5, -1) and rate 0.1 by hand; then with the default rate.
w, dw = np.array([1.0, 2.0]), np.array([0.5, -1.0])
next_w, config = checks.unpack(
    sgd(w.copy(), dw.copy(), {"learning_rate": 0.1}), "next_w", "config", what="sgd"
)
checks.close(
    next_w, [0.95, 2.1], "one step", hint="against the gradient: minus the rate, which config gives, times dw"
)
checks.close(follow(sgd, w, [dw])[1], [0.995, 2.01], "config=None", hint="the default learning_rate is 1e-2")

# %% nbgrader={"grade": true, "grade_id": "sgd_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: shapes, float32, several steps, dw left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(1)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    for config, lr in [(None, 0.01), (None, 0.01), ({}, 0.01), ({"learning_rate": 0.37}, 0.37)]:
        expected = w - lr * np.cumsum(g, axis=0)
        found = follow(sgd, w, g, config)[1:]
        checks.close(found, expected, f"six steps, shape {shape}, config={config}", hint="w - rate * dw")
    checks.unchanged(g, before, "dw")
small = follow(sgd, w.astype(np.float32), g.astype(np.float32))[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, w - 0.01 * np.cumsum(g, axis=0), "float32 input", rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** A ravine, 25 times as steep across as along. On the left a rate that is right for the steep direction: it is at the bottom at once, and then creeps along the
# valley with ever smaller steps. On the right about twice that rate: it bounces from wall to wall, and a little more would throw it out altogether. No single rate suits both
# directions, and that is the problem that the next rules solve.

# %% tags=["explore"]
start = np.array([-9.0, 2.5])
fig, axes = plt.subplots(1, 2, figsize=(10, 3.2))
for ax, rate in zip(axes, (0.9, 1.95), strict=True):
    path = descend(sgd, ravine_gradient, start, 40, {"learning_rate": rate})
    plotting.show_trajectories(
        ravine, {"sgd": path}, (-10, 2.5, -3.2, 3.2), f"40 steps at rate {rate}", ax=ax, legend=False
    )
plt.show()

# %% [markdown]
# ## Exercise 2 · Momentum  `[5 points · ●○○ · 10 min]`
#
# A ball does not turn on the spot. Give the parameter a **velocity** $v$ that keeps a share $\mu$ of itself and is pushed by the gradient:
#
# $$v \leftarrow \mu\, v - \eta\, dw \qquad\qquad w \leftarrow w + v$$
#
# Across the ravine the pushes alternate and cancel; along it they add up, in the end to $1/(1-\mu)$ times a plain step. The velocity already has the minus
# sign in it, so it is **added** to $w$. (Other books keep $v \leftarrow \mu v + dw$ and subtract $\eta v$. Both work. Half of one and half of the other walks uphill.)
#
# Settings `learning_rate` (0.01) and `momentum` (0.9); memory `velocity`.
#
# <details><summary>Hint</summary>
#
# `np.zeros_like(w)` is the first velocity. Compute the new velocity, add *it* to `w`, and put it into the config that you return.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sgd_momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum (Polyak, 1964).

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-2) and `momentum` (0.9); memory `velocity`,
        shaped like w, zero at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `velocity`
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config | {"velocity": velocity}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd_momentum_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: rate 0.1, momentum 0.5, the gradient 1 three times: velocities -0.1, -0.15, -0.175.
path = follow(sgd_momentum, np.array([1.0]), np.ones((3, 1)), {"learning_rate": 0.1, "momentum": 0.5})
checks.close(
    path[1],
    [0.9],
    "the first step is a plain one",
    hint="the old velocity is 0, so the new one is minus the rate times dw; it is added to w",
)
checks.close(
    path[2], [0.75], "the second step", hint="half the old velocity stays; is it in the returned config?"
)
checks.close(path[3], [0.575], "the third step", hint="add the new velocity to w")

# %% nbgrader={"grade": true, "grade_id": "sgd_momentum_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: a velocity to start from, defaults, shapes, float32, two parameters.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(2)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g, v0 = rng.normal(size=shape), rng.normal(size=(6, *shape)), rng.normal(size=shape)
    before = g.copy()
    # a moving velocity is a linear filter of the gradients: SciPy's, with the state it starts from
    for lr, mu in [(0.3, 0.7), (0.05, 0.95)]:
        v = lfilter([-lr], [1, -mu], g, axis=0, zi=mu * v0[None])[0]
        config = {"learning_rate": lr, "momentum": mu, "velocity": v0.copy()}
        found = follow(sgd_momentum, w, g, config)[1:]
        checks.close(
            found,
            w + np.cumsum(v, axis=0),
            f"six steps from a velocity, shape {shape}",
            hint="start from config['velocity'] if it is there; the minus sign and the rate are in it already",
        )
    checks.unchanged(g, before, "dw")
    for config, lr, mu in [
        (None, 0.01, 0.9),
        (None, 0.01, 0.9),
        ({"learning_rate": 0.2}, 0.2, 0.9),
        ({"momentum": 0.6}, 0.01, 0.6),
    ]:
        v = lfilter([-lr], [1, -mu], g, axis=0)
        # each walk is a fresh start, the first one twice: a default `config={}` or a global would remember
        found = follow(sgd_momentum, w, g, config)[1:]
        checks.close(
            found,
            w + np.cumsum(v, axis=0),
            f"a fresh start with config={config}",
            hint="defaults 1e-2 and 0.9, velocity 0; nothing is remembered outside the config",
        )
small = follow(sgd_momentum, w.astype(np.float32), g.astype(np.float32), {"momentum": 0.6})[1:]
checks.dtype(small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w) has the dtype of w")
checks.close(small, w + np.cumsum(v, axis=0), "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3 · Looking ahead: Nesterov  `[5 points · ●●○ · 15 min]`
#
# Momentum will carry us to about $w + \mu v$ whatever the gradient says. So why not ask for the gradient *there*, where it can still correct
# the step? That is Nesterov's rule. With the gradient taken at the look-ahead point $\tilde w = w + \mu v$:
#
# $$v_{\text{new}} = \mu\, v - \eta\, \nabla f(\tilde w) \qquad\qquad w \leftarrow w + v_{\text{new}}$$
#
# Our rule is handed one gradient, at the one point that it returned before. The trick is to let `w` *be* the look-ahead point all the time. Written
# for $\tilde w$ (subtract the old look-ahead, take the step, add the new look-ahead) it becomes
#
# $$v_{\text{new}} = \mu\, v - \eta\, dw \qquad\qquad \tilde w \leftarrow \tilde w - \mu\, v + (1 + \mu)\, v_{\text{new}}$$
#
# Settings and memory as for `sgd_momentum`.
#
# <details><summary>Hint</summary>
#
# Two velocities are in the last formula, the old and the new one: keep the old one in a variable of its own before you compute the new one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "nesterov", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nesterov(w, dw, config=None):
    """Gradient descent with Nesterov momentum; w is the look-ahead point (Nesterov, 1983; Bengio et al., 2012).

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-2) and `momentum` (0.9); memory `velocity`,
        shaped like w, zero at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `velocity`
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w)} | (config or {})
    mu, old = config["momentum"], config["velocity"]
    new = mu * old - config["learning_rate"] * dw
    return w - mu * old + (1 + mu) * new, config | {"velocity": new}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "nesterov_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: rate 0.1, momentum 0.5, the gradient 1 three times: velocities -0.1, -0.15, -0.175 once more.
path = follow(nesterov, np.array([1.0]), np.ones((3, 1)), {"learning_rate": 0.1, "momentum": 0.5})
checks.close(
    path[1],
    [0.85],
    "the first step",
    hint="1.5 times the new velocity; the old one is 0 (did it change with the new one?)",
)
checks.close(
    path[2],
    [0.675],
    "the second step",
    hint="- 0.5 * (-0.1) for the old velocity, from the config, and 1.5 * (-0.15) for the new",
)
checks.close(path[3], [0.4875], "the third step", hint="- mu * old + (1 + mu) * new")

# %% nbgrader={"grade": true, "grade_id": "nesterov_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the look-ahead form, defaults, shapes, float32, two parameters.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

# the textbook form, two points and the gradient taken at the look-ahead: the same walk in other coordinates
A = np.array([[2.0, 0.3], [0.3, 0.5]])
theta, v, lr, mu, ahead = np.array([3.0, -2.0]), np.array([0.4, 0.1]), 0.2, 0.8, []
config = {"learning_rate": lr, "momentum": mu, "velocity": v.copy()}
for _ in range(7):
    ahead.append(theta + mu * v)
    v = mu * v - lr * A @ ahead[-1]
    theta = theta + v
found = descend(nesterov, lambda w: A @ w, ahead[0], 6, config)
checks.close(
    found, ahead, "the gradient is taken at the look-ahead point", hint="- mu * old + (1 + mu) * new velocity"
)

rng = np.random.default_rng(3)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g, v0 = rng.normal(size=shape), rng.normal(size=(6, *shape)), rng.normal(size=shape)
    before = g.copy()
    lr, mu = 0.3, 0.7
    v = lfilter([-lr], [1, -mu], g, axis=0, zi=mu * v0[None])[0]
    found = follow(nesterov, w, g, {"learning_rate": lr, "momentum": mu, "velocity": v0.copy()})[1:]
    # the steps v telescope: look-ahead = position + mu * v
    expected = w - mu * v0 + np.cumsum(v, axis=0) + mu * v
    checks.close(
        found,
        expected,
        f"six steps from a velocity, shape {shape}",
        hint="keep the old velocity for - mu * old",
    )
    checks.unchanged(g, before, "dw")
    for config, lr, mu in [
        (None, 0.01, 0.9),
        (None, 0.01, 0.9),
        ({"learning_rate": 0.2}, 0.2, 0.9),
        ({"momentum": 0.6}, 0.01, 0.6),
    ]:
        v = lfilter([-lr], [1, -mu], g, axis=0)
        found = follow(nesterov, w, g, config)[1:]
        checks.close(
            found,
            w + np.cumsum(v, axis=0) + mu * v,
            f"a fresh start with config={config}",
            hint="defaults 1e-2 and 0.9, velocity 0; nothing is remembered outside the config",
        )
small = follow(nesterov, w.astype(np.float32), g.astype(np.float32), {"momentum": 0.6})[1:]
checks.dtype(small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w) has the dtype of w")
checks.close(small, w + np.cumsum(v, axis=0) + mu * v, "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The same ravine and the same rate for all three. Momentum gets to the end of the valley and swings past it; looking ahead brakes earlier.

# %% tags=["explore"]
options = {"learning_rate": 0.3}
paths = {
    rule.__name__: descend(rule, ravine_gradient, start, 60, options)
    for rule in (sgd, sgd_momentum, nesterov)
}
plotting.show_trajectories(
    ravine, paths, (-10, 7, -4, 4), "60 steps at rate 0.3: momentum arrives, and overshoots"
)
plt.show()

# %% [markdown]
# ## Exercise 4 · A rate for every parameter: AdaGrad  `[4 points · ●●○ · 10 min]`
#
# Momentum treats all directions alike. AdaGrad divides each parameter's step by how large its gradients have been: it keeps, entry by entry,
# the **sum of squared gradients**, the *cache* $c$:
#
# $$c \leftarrow c + dw^2 \qquad\qquad w \leftarrow w - \eta\, \frac{dw}{\sqrt{c} + \varepsilon}$$
#
# Steep directions are slowed down, flat ones keep going. $\varepsilon$ stands **outside** the root and only prevents a division by zero. The cache never shrinks, so
# the steps become smaller and smaller: fine for a bowl, too early an end for a network.
#
# Settings `learning_rate` (0.01) and `epsilon` (1e-8); memory `cache`.
#
# <details><summary>Hint</summary>
#
# Everything is entry by entry: `dw**2` and `np.sqrt` already are. Update the cache first; the step uses the new one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad(w, dw, config=None):
    """AdaGrad: steps divided by the root of the sum of squared gradients (Duchi, Hazan and Singer, 2011).

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-2) and `epsilon` (1e-8); memory `cache`, shaped
        like w, zero at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `cache`
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w)} | (config or {})
    cache = config["cache"] + dw**2
    step = config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    return w - step, config | {"cache": cache}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "adagrad_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: gradients 3 and 4, rate 1: the cache is 9 and then 25, so the steps are 3/3 and 4/5, and the next 0/5.
path = follow(adagrad, np.array([10.0]), np.array([[3.0], [4.0], [0.0]]), {"learning_rate": 1.0})
checks.close(path[1], [9.0], "the first step", hint="dw over the root of dw squared: only its sign is left")
checks.close(path[2], [8.2], "the second step", hint="the cache remembers: 9 + 16, and then the root")
checks.close(path[3], [8.2], "no gradient, no step")

# %% nbgrader={"grade": true, "grade_id": "adagrad_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: a cache to start from, tiny gradients, defaults, shapes, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(4)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g, c0 = rng.normal(size=shape), rng.normal(size=(6, *shape)), rng.uniform(0.5, 3, size=shape)
    before = g.copy()
    lr, eps = 0.3, 0.05  # so large that its place matters
    c = c0 + np.cumsum(g**2, axis=0)
    found = follow(adagrad, w, g, {"learning_rate": lr, "epsilon": eps, "cache": c0.copy()})[1:]
    checks.close(
        found,
        w - np.cumsum(lr * g / (c**0.5 + eps), axis=0),
        f"six steps from a cache, shape {shape}",
        hint="start from config['cache'] if it is there; entry by entry; epsilon is added after the root",
    )
    checks.unchanged(g, before, "dw")
    for config, lr in [(None, 0.01), (None, 0.01), ({"learning_rate": 0.2}, 0.2)]:
        expected = w - np.cumsum(lr * g / (np.cumsum(g**2, axis=0) ** 0.5 + 1e-8), axis=0)
        found = follow(adagrad, w, g, config)[1:]
        checks.close(
            found,
            expected,
            f"a fresh start with config={config}",
            hint="defaults 1e-2 and 1e-8, cache 0; nothing is remembered outside the config",
        )
# gradients as small as epsilon: under the root it would swallow them
tiny = 1e-9 * g
found = follow(adagrad, w, tiny, {"learning_rate": 1.0})[1:]
expected = w - np.cumsum(tiny / (np.cumsum(tiny**2, axis=0) ** 0.5 + 1e-8), axis=0)
checks.close(found, expected, "tiny gradients", hint="the default epsilon is 1e-8, added after the root")
zero = follow(adagrad, w, np.zeros_like(g))
checks.close(
    zero, np.broadcast_to(w, zero.shape), "gradients of zero move nothing", hint="0 / (0 + epsilon) is 0"
)
small = follow(adagrad, w.astype(np.float32), g.astype(np.float32), {"learning_rate": 0.2})[1:]
checks.dtype(small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w) has the dtype of w")
expected = w - np.cumsum(0.2 * g / (np.cumsum(g**2, axis=0) ** 0.5 + 1e-8), axis=0)
checks.close(small, expected, "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5 · RMSProp forgets  `[4 points · ●●○ · 10 min]`
#
# Keep AdaGrad's division, but let the cache be a **moving average** that forgets old gradients, with a decay rate $\rho$ a little below 1:
#
# $$c \leftarrow \rho\, c + (1 - \rho)\, dw^2 \qquad\qquad w \leftarrow w - \eta\, \frac{dw}{\sqrt{c} + \varepsilon}$$
#
# Now the steps do not die out: with steady gradients each is about $\eta$ long, whatever the gradient's size. The assignment is a plain `=`. With `+=` the cache
# grows for ever, and that is one of the slips you will meet below.
#
# Settings `learning_rate` (0.01), `decay_rate` (0.99) and `epsilon` (1e-8); memory `cache`.
#
# <details><summary>Hint</summary>
#
# The share that stays and the share that is new add up to 1. With `decay_rate` 0.99 the new squared gradient has the weight 0.01.
# </details>


# %% nbgrader={"grade": false, "grade_id": "rmsprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop(w, dw, config=None):
    """RMSProp: steps divided by a moving root mean square of the gradients (Tieleman and Hinton, 2012).

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-2), `decay_rate` (0.99) and `epsilon` (1e-8);
        memory `cache`, shaped like w, zero at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `cache`
    """
    ### BEGIN SOLUTION
    defaults = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w)}
    config = defaults | (config or {})
    rho = config["decay_rate"]
    config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rmsprop_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: decay 0.75, cache 4 at first. Gradient 2: 0.75 * 4 + 0.25 * 4 = 4, the root is 2. Gradient 4: 0.75 * 4 + 0.25 * 16 = 7.
options = {"learning_rate": 1.0, "decay_rate": 0.75, "cache": np.array([4.0])}
path = follow(rmsprop, np.array([10.0]), np.array([[2.0], [4.0]]), options)
checks.close(
    path[1],
    [9.0],
    "the first step",
    hint="the cache stays at 4: three quarters old, one quarter new; dw is divided by its root, 2",
)
checks.close(
    path[2],
    [9 - 4 / 7**0.5],
    "the second step",
    hint="the cache is 7 now: the old one keeps the share `decay_rate`, and the average takes its place",
)

# %% nbgrader={"grade": true, "grade_id": "rmsprop_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: a cache to start from, tiny gradients, defaults, shapes, float32.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(5)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g, c0 = rng.normal(size=shape), rng.normal(size=(6, *shape)), rng.uniform(0.5, 3, size=shape)
    before = g.copy()
    lr, rho, eps = 0.3, 0.8, 0.05  # epsilon so large that its place matters
    c = lfilter([1 - rho], [1, -rho], g**2, axis=0, zi=rho * c0[None])[0]
    config = {"learning_rate": lr, "decay_rate": rho, "epsilon": eps, "cache": c0.copy()}
    found = follow(rmsprop, w, g, config)[1:]
    checks.close(
        found,
        w - np.cumsum(lr * g / (c**0.5 + eps), axis=0),
        f"six steps from a cache, shape {shape}",
        hint="rho * old + (1 - rho) * dw**2; epsilon is added after the root",
    )
    checks.unchanged(g, before, "dw")
    for config, lr, rho in [
        (None, 0.01, 0.99),
        (None, 0.01, 0.99),
        ({"learning_rate": 0.2}, 0.2, 0.99),
        ({"decay_rate": 0.9}, 0.01, 0.9),
    ]:
        c = lfilter([1 - rho], [1, -rho], g**2, axis=0)
        found = follow(rmsprop, w, g, config)[1:]
        checks.close(
            found,
            w - np.cumsum(lr * g / (c**0.5 + 1e-8), axis=0),
            f"a fresh start with config={config}",
            hint="defaults 1e-2, 0.99 and 1e-8, cache 0; nothing is remembered outside the config",
        )
small = follow(rmsprop, w.astype(np.float32), g.astype(np.float32), {"decay_rate": 0.9})[1:]
checks.dtype(small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w) has the dtype of w")
checks.close(small, w - np.cumsum(0.01 * g / (c**0.5 + 1e-8), axis=0), "float32 input", rtol=1e-4)
# gradients as small as epsilon: under the root it would swallow them
tiny = 1e-9 * g
found = follow(rmsprop, w, tiny, {"learning_rate": 1.0, "decay_rate": 0.9})[1:]
expected = w - np.cumsum(tiny / (1e-9 * c**0.5 + 1e-8), axis=0)
checks.close(found, expected, "tiny gradients", hint="the default epsilon is 1e-8, added after the root")
zero = follow(rmsprop, w, np.zeros_like(g))
checks.close(
    zero, np.broadcast_to(w, zero.shape), "gradients of zero move nothing", hint="0 / (0 + epsilon) is 0"
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Both cut the corner and head for the goal, where plain descent falls to the bottom first. They take the same way (at first the two lines lie on each other), but AdaGrad grows
# tired on it, and RMSProp arrives. There it goes on stepping to and fro under its dot, because its steps do not become smaller by themselves.

# %% tags=["explore"]
paths = {
    "sgd": descend(sgd, ravine_gradient, start, 60, {"learning_rate": 0.3}),
    "adagrad": descend(adagrad, ravine_gradient, start, 60, {"learning_rate": 0.5}),
    "rmsprop": descend(rmsprop, ravine_gradient, start, 60, {"learning_rate": 0.3, "decay_rate": 0.9}),
}
plotting.show_trajectories(ravine, paths, (-10, 2.5, -3.2, 3.2), "60 steps: a rate for every direction")
plt.show()

# %% [markdown]
# ## Exercise 6 · Adam  `[8 points · ●●● · 20 min]`
#
# Adam joins both ideas: a moving average $m$ of the gradients, as in momentum, and a moving average $v$ of their squares, as in RMSProp:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, dw^2$$
#
# Both start at zero, and that is a lie they take long to forget: after one step $m$ is only a tenth of the gradient, and $v$ a thousandth of its square. How much of the
# truth is there by step $t$ is known exactly, $1 - \beta^t$. So divide by it, the **bias correction**:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# **Watch out.** The step counter $t$ is memory too. It starts at 0 and is raised **before** it is used: in the first call it is 1. (With $t = 0$ the correction divides by
# zero. Some old course material started at 1 and raised it to 2 for the first step: wrong.) What goes into the config is the *uncorrected* $m$ and $v$; the
# corrected ones are for this one step. And $\varepsilon$ stands outside the root of the *corrected* $\hat v$.
#
# Settings `learning_rate` (**0.001**), `beta1` (0.9), `beta2` (0.999), `epsilon` (1e-8); memory `m`, `v` and `t` (a whole number, how many steps were taken).
#
# <details><summary>Hint</summary>
#
# What is the very first step, by hand? Both corrections give back exactly `dw` and `dw**2`, so the first step is the learning rate, with the
# sign of `dw`, whatever the size of `dw`. If your first step has another length, the counter or the correction is off.
# </details>


# %% nbgrader={"grade": false, "grade_id": "adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam(w, dw, config=None):
    """Adam: moving averages of the gradient and its square, both corrected for their start at zero.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-3), `beta1` (0.9), `beta2` (0.999) and `epsilon`
        (1e-8); memory `m` and `v`, shaped like w, zero at first, and `t`, the number of steps taken, 0 at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `m`, `v` and `t`
    """
    ### BEGIN SOLUTION
    settings = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    memory = {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    config = settings | memory | (config or {})
    beta1, beta2 = config["beta1"], config["beta2"]
    t = config["t"] + 1
    m = beta1 * config["m"] + (1 - beta1) * dw
    v = beta2 * config["v"] + (1 - beta2) * dw**2
    corrected_m = m / (1 - beta1**t)
    corrected_v = v / (1 - beta2**t)
    step = config["learning_rate"] * corrected_m / (np.sqrt(corrected_v) + config["epsilon"])
    return w - step, config | {"m": m, "v": v, "t": t}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "adam_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the first step is the learning rate long, whatever the gradient; with a steady gradient all later ones are too.
w, dw = np.array([1.0, 1.0, 1.0]), np.array([0.02, -3.0, 500.0])
path = follow(adam, w, [dw] * 4, {"learning_rate": 0.1})
checks.close(
    path[1],
    [0.9, 1.1, 0.9],
    "the first step is one learning rate long",
    rtol=1e-5,
    hint="t is 1 in the first call, and both moments are divided by 1 - beta**t",
)
checks.close(
    path[4],
    [0.6, 1.4, 0.6],
    "four steps with a steady gradient",
    rtol=1e-5,
    hint="the returned config holds the uncorrected m and v, and t, which grows; beta**t is a power",
)
# By hand, beta1 = beta2 = 0.5, gradients 1 and then 3: m = 0.5, 1.75 and v = 0.5, 4.75; corrected 1, 7/3 and 1, 19/3.
path = follow(
    adam, np.array([0.0]), np.array([[1.0], [3.0]]), {"learning_rate": 1.0, "beta1": 0.5, "beta2": 0.5}
)
checks.close(
    path[2],
    [-1 - (7 / 3) / (19 / 3) ** 0.5],
    "the second step",
    hint="the correction is 1 - 0.5**2 = 0.75 now",
)

# %% nbgrader={"grade": true, "grade_id": "adam_hidden", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: moments and a counter to start from, tiny gradients, defaults, shapes, float32.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter


def moments(g, b1, b2, m0, v0, t0):
    """Corrected moments after each of the gradients g, by SciPy's linear filter."""
    t = (t0 + 1 + np.arange(len(g))).reshape(-1, *[1] * (g.ndim - 1))
    m = lfilter([1 - b1], [1, -b1], g, axis=0, zi=b1 * m0[None])[0]
    v = lfilter([1 - b2], [1, -b2], g**2, axis=0, zi=b2 * v0[None])[0]
    return m / (1 - b1**t), v / (1 - b2**t)


rng = np.random.default_rng(6)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    m0, v0, none = rng.normal(size=shape), rng.uniform(0.5, 3, size=shape), np.zeros(shape)
    before = g.copy()
    # epsilon is so large that its place matters
    config = {
        "learning_rate": 0.3,
        "beta1": 0.7,
        "beta2": 0.8,
        "epsilon": 0.05,
        "m": m0.copy(),
        "v": v0.copy(),
        "t": 3,
    }
    m, v = moments(g, 0.7, 0.8, m0, v0, 3)
    found = follow(adam, w, g, config)[1:]
    checks.close(
        found,
        w - np.cumsum(0.3 * m / (v**0.5 + 0.05), axis=0),
        f"six steps from moments and t = 3, shape {shape}",
        hint="go on from config's m, v and t; store them uncorrected; epsilon is added after the root",
    )
    checks.unchanged(g, before, "dw")
    for config, lr, b1, b2 in [
        (None, 1e-3, 0.9, 0.999),
        (None, 1e-3, 0.9, 0.999),
        ({"learning_rate": 0.2}, 0.2, 0.9, 0.999),
        ({"beta1": 0.6}, 1e-3, 0.6, 0.999),
        ({"beta2": 0.9}, 1e-3, 0.9, 0.9),
    ]:
        m, v = moments(g, b1, b2, none, none, 0)
        found = follow(adam, w, g, config)[1:]
        checks.close(
            found - w,
            np.cumsum(-lr * m / (v**0.5 + 1e-8), axis=0),
            f"a fresh start with config={config}",
            rtol=1e-6,
            hint="defaults 1e-3, 0.9, 0.999, 1e-8; m, v, t start at 0; nothing is remembered outside the config",
        )
small = follow(adam, w.astype(np.float32), g.astype(np.float32), {"beta2": 0.9, "learning_rate": 0.1})[1:]
checks.dtype(
    small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w); math.sqrt for plain numbers"
)
checks.close(small, w - np.cumsum(0.1 * m / (v**0.5 + 1e-8), axis=0), "float32 input", rtol=1e-4)
# gradients as small as epsilon: under the root, or beside the uncorrected v, it would weigh differently
tiny = 1e-9 * g
found = follow(adam, w, tiny, {"learning_rate": 1.0})[1:]
m, v = moments(tiny, 0.9, 0.999, none, none, 0)
checks.close(
    found,
    w - np.cumsum(m / (v**0.5 + 1e-8), axis=0),
    "tiny gradients",
    rtol=1e-6,
    hint="epsilon 1e-8 is added to the root of the corrected v",
)
# late in training the correction has nothing left to do
late = {"learning_rate": 0.3, "m": m0.copy(), "v": v0.copy(), "t": 100_000}
m, v = moments(g, 0.9, 0.999, m0, v0, 100_000)
checks.close(
    follow(adam, w, g, late)[1:],
    w - np.cumsum(0.3 * m / (v**0.5 + 1e-8), axis=0),
    "six steps from t = 100,000",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7 · AdamW: decay beside the moments  `[4 points · ●●○ · 10 min]`
#
# A penalty on the weights adds $2\lambda w$ to the gradient. With plain descent that shrinks every weight by the same share. With Adam it does not: the penalty's gradient is
# divided by $\sqrt{\hat v}$ like the rest, so a weight with large gradients is hardly decayed at all. **Decoupled weight decay** leaves the moments to the data and shrinks the
# weight directly:
#
# $$w \leftarrow w - \eta \left( \frac{\hat m}{\sqrt{\hat v} + \varepsilon} + \lambda\, w \right)$$
#
# $m$ and $v$ see `dw` alone. Both terms use the $w$ from *before* the step, and both are multiplied by the learning rate.
#
# Settings and memory as for `adam`, and `weight_decay` $\lambda$ (default 0.01).
#
# <details><summary>Hint</summary>
#
# You may call `adam`: it returns where the moments alone would go. Then subtract the decay of the old weight. (Careful if your `adam` changes `w` in place: then the
# old weight is gone.)
# </details>


# %% nbgrader={"grade": false, "grade_id": "adamw", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adamw(w, dw, config=None):
    """Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019, algorithm 2).

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; settings `learning_rate` (default 1e-3), `beta1` (0.9), `beta2` (0.999), `epsilon`
        (1e-8) and `weight_decay` (1e-2); memory `m` and `v`, shaped like w, zero at first, and `t`, 0 at first

    Returns
    -------
    next_w : like w
    config : dict, with the new `m`, `v` and `t`
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-3, "weight_decay": 1e-2} | (config or {})
    decay = config["learning_rate"] * config["weight_decay"] * w
    next_w, config = adam(w, dw, config)
    return next_w - decay, config
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "adamw_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: without a gradient only the decay is left: 8, times 1 - 0.5 * 0.2 = 0.9, twice.
path = follow(adamw, np.array([8.0]), np.zeros((2, 1)), {"learning_rate": 0.5, "weight_decay": 0.2})
checks.close(
    path[1:, 0],
    [7.2, 6.48],
    "decay alone",
    hint="subtract learning_rate * weight_decay * w, beside the moments",
)
path = follow(adamw, np.array([8.0]), np.full((1, 1), 30.0), {"learning_rate": 0.5, "weight_decay": 0.2})
checks.close(
    path[1],
    [6.7],
    "a first step: the rate, and the decay",
    rtol=1e-6,
    hint="0.5 from Adam, 0.8 from the decay of the old w",
)

# %% nbgrader={"grade": true, "grade_id": "adamw_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: moments to start from, no decay is Adam, defaults, shapes, float32.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter


def moments(g, b1, b2, m0, v0, t0):
    """Corrected moments after each of the gradients g, by SciPy's linear filter."""
    t = (t0 + 1 + np.arange(len(g))).reshape(-1, *[1] * (g.ndim - 1))
    m = lfilter([1 - b1], [1, -b1], g, axis=0, zi=b1 * m0[None])[0]
    v = lfilter([1 - b2], [1, -b2], g**2, axis=0, zi=b2 * v0[None])[0]
    return m / (1 - b1**t), v / (1 - b2**t)


def decayed(w, steps, keep):
    """w <- keep * w - step, for each of the steps: a linear filter again."""
    return lfilter([-1], [1, -keep], steps, axis=0, zi=keep * w[None])[0]


rng = np.random.default_rng(7)
for shape in [(7,), (3, 5), (2, 1, 3, 2)]:
    w, g = 5 * rng.normal(size=shape), rng.normal(size=(6, *shape))
    m0, v0, none = rng.normal(size=shape), rng.uniform(0.5, 3, size=shape), np.zeros(shape)
    before = g.copy()
    config = {"learning_rate": 0.3, "beta1": 0.7, "beta2": 0.8, "epsilon": 0.05, "weight_decay": 0.4}
    m, v = moments(g, 0.7, 0.8, m0, v0, 3)
    found = follow(adamw, w, g, config | {"m": m0.copy(), "v": v0.copy(), "t": 3})[1:]
    checks.close(
        found,
        decayed(w, 0.3 * m / (v**0.5 + 0.05), 1 - 0.3 * 0.4),
        f"six steps from moments and t = 3, shape {shape}",
        hint="the moments see dw alone; the decay is learning_rate * weight_decay * (w before the step)",
    )
    checks.unchanged(g, before, "dw")
    for config, lr, wd in [
        (None, 1e-3, 0.01),
        (None, 1e-3, 0.01),
        ({"learning_rate": 0.2}, 0.2, 0.01),
        ({"weight_decay": 0.0}, 1e-3, 0.0),
    ]:
        m, v = moments(g, 0.9, 0.999, none, none, 0)
        found = follow(adamw, w, g, config)[1:]
        expected = decayed(w, lr * m / (v**0.5 + 1e-8), 1 - lr * wd)
        checks.close(
            found - w,
            expected - w,
            f"a fresh start with config={config}",
            rtol=1e-6,
            hint="defaults 1e-3, 0.9, 0.999, 1e-8 and weight_decay 1e-2; nothing is remembered outside the config",
        )
small = follow(adamw, w.astype(np.float32), g.astype(np.float32), {"learning_rate": 0.2})[1:]
checks.dtype(
    small, np.float32, "float32 in, float32 out", hint="np.zeros_like(w); math.sqrt for plain numbers"
)
m, v = moments(g, 0.9, 0.999, none, none, 0)
checks.close(small, decayed(w, 0.2 * m / (v**0.5 + 1e-8), 1 - 0.2 * 0.01), "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it: all seven, three landscapes.** The ravine you know. The saddle starts almost on the ridge, where the gradient is close to zero: who notices first that
# there is a way down? The noisy bowl gives every rule the same noisy gradients, as small batches do.
#
# Below the figure the same walks as an animation (play it with the buttons; making it takes a few seconds).

# %% tags=["explore"]
rates = {sgd: 0.3, sgd_momentum: 0.1, nesterov: 0.1, adagrad: 0.8, rmsprop: 0.15, adam: 0.4, adamw: 0.4}
landscapes = {
    "ravine": (ravine, lambda: ravine_gradient, (-9.0, 2.5), (-10, 7, -4, 4)),
    "saddle": (saddle, lambda: saddle_gradient, (-1.8, 0.01), (-2, 2, -4, 4)),
    "noisy bowl": (bowl, lambda: noisy_bowl_gradient(np.random.default_rng(5)), (-4.0, 3.0), (-5, 5, -4, 4)),
}
walks = []
for name, (function, gradient, start, bounds) in landscapes.items():
    paths = {}
    for rule, rate in rates.items():
        options = {"learning_rate": rate} | ({"decay_rate": 0.9} if rule is rmsprop else {})
        paths[rule.__name__] = descend(rule, gradient(), start, 60, options)
    walks.append((function, paths, bounds, name))
plotting.show_landscapes(walks)
plt.show()

# %% tags=["explore"]
plotting.animate_landscapes(walks)

# %% [markdown]
# Plain descent creeps. Momentum and Nesterov overshoot, and come back. The rules that divide by the size of the gradient leave the saddle at once: near the ridge the gradient is tiny, and
# they divide by it. In the noisy bowl nobody rests at the goal while the rate stays as it is; exercise 9 is about that.
#
# AdamW seems to be the same as Adam here. In a network trained for longer, its decay is what keeps the weights small.

# %% [markdown]
# ## Exercise 8 · Five broken optimizers  `[18 points · ●●● · 40 min]`
#
# Every one of these rules has been handed in, published, and taught: of forty public solutions of a course like this one, nine had an Adam without its
# correction. They run, some of them even train. Each of the five below has **one** slip. Read the code, look at where they walk, find the slip, mend it.


# %% nbgrader={"grade": false, "grade_id": "broken", "locked": true, "schema_version": 3, "solution": false, "task": false}
def broken_a(w, dw, config=None):
    """RMSProp."""
    setting = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
    sq = setting.get("cache", 0 * w)
    sq = sq + setting["decay_rate"] * sq + (1 - setting["decay_rate"]) * dw * dw
    setting["cache"] = sq
    return w - setting["learning_rate"] * dw / (sq**0.5 + setting["epsilon"]), setting


def broken_b(w, dw, config=None):
    """Adam."""
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2, now = setting["beta1"], setting["beta2"], setting.get("t", 0)
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    first_unbiased = np.divide(first, 1 - b1**now)
    second_unbiased = np.divide(second, 1 - b2**now)
    setting.update(m=first, v=second, t=now + 1)
    return w - setting["learning_rate"] * first_unbiased / (
        second_unbiased**0.5 + setting["epsilon"]
    ), setting


def broken_c(w, dw, config=None):
    """AdamW."""
    setting = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    setting = {"learning_rate": 1e-3, "weight_decay": 1e-2, **setting}
    b1, b2, now = setting["beta1"], setting["beta2"], setting.get("t", 0) + 1
    pull = dw + setting["weight_decay"] * w
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * pull
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * pull * pull
    setting.update(m=first, v=second, t=now)
    first_unbiased, second_unbiased = first / (1 - b1**now), second / (1 - b2**now)
    return w - setting["learning_rate"] * first_unbiased / (
        second_unbiased**0.5 + setting["epsilon"]
    ), setting


def broken_d(w, dw, config=None):
    """Momentum, in the form that keeps the sum of the gradients and applies the rate last."""
    setting = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    push = setting["momentum"] * setting.get("velocity", 0 * w) - dw
    setting["velocity"] = push
    return w - setting["learning_rate"] * push, setting


def broken_e(w, dw, config=None):
    """Adam, once more."""
    setting = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
    b1, b2, now = setting["beta1"], setting["beta2"], setting.get("t", 0) + 1
    first = b1 * setting.get("m", 0 * w) + (1 - b1) * dw
    second = b2 * setting.get("v", 0 * w) + (1 - b2) * dw * dw
    setting.update(m=first, v=second, t=now)
    return w - setting["learning_rate"] * first / (second**0.5 + setting["epsilon"]), setting


# %% [markdown]
# Their trajectories, on the ravine, beside those of your own rules with the same settings. (C is shown with a strong decay of 0.3, so that one sees it. A walk that ends in
# numbers that are not finite stops where it was last seen.)

# %% tags=["explore"]
start = np.array([-9.0, 2.5])
cases = {
    "A": (broken_a, rmsprop, {"learning_rate": 0.3, "decay_rate": 0.9}),
    "B": (broken_b, adam, {"learning_rate": 0.4}),
    "C": (broken_c, adamw, {"learning_rate": 0.4, "weight_decay": 0.3}),
    "D": (broken_d, sgd_momentum, {"learning_rate": 0.05, "momentum": 0.5}),
    "E": (broken_e, adam, {"learning_rate": 0.4}),
}
with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
    pairs = {
        f"{letter}: {right.__name__}": (
            descend(broken, ravine_gradient, start, 40, options),
            descend(right, ravine_gradient, start, 40, options),
        )
        for letter, (broken, right, options) in cases.items()
    }
plotting.show_broken(ravine, pairs, (-14, 8, -6, 6))
plt.show()
with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
    for letter, (broken, _, options) in cases.items():
        steps = np.diff(descend(broken, ravine_gradient, start, 4, options), axis=0)
        print(f"{letter}: lengths of its first four steps", np.round(np.linalg.norm(steps, axis=1), 3))

# %% [markdown]
# ### 8a · Find them  `[3 points]`
#
# Which slip is in which rule? Return a dict from letter to the number in this list. Three of the eight do not occur.
#
# 1. The moments are used without their bias correction.
# 2. $\varepsilon$ stands inside the root.
# 3. The weight decay goes through the moments.
# 4. The state is not kept from one call to the next.
# 5. The velocity pushes uphill.
# 6. The cache is added on top of itself, so it never forgets but grows.
# 7. The two decay rates are swapped.
# 8. The step counter is raised too late, and is 0 in the first correction.
#
# <details><summary>Hint</summary>
#
# Write each rule's formula beside its code and compare term by term. The pictures and the lengths of the first steps say what to look for: which one climbs, which
# one stalls, which one leaps at once, which one vanishes, which one ends in another place?
# </details>


# %% nbgrader={"grade": false, "grade_id": "find_slips", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_slips():
    """Say which slip is in which broken rule.

    Returns
    -------
    dict : "A", "B", "C", "D", "E" -> number of the slip, 1 to 8
    """
    ### BEGIN SOLUTION
    return {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "find_slips_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: is it a dict with five letters and five different numbers? (Whether they are the right ones is found out when the notebook is graded.)
found = find_slips()
checks.holds(
    isinstance(found, dict) and sorted(map(str, found)) == list("ABCDE"),
    "a dict with the keys A to E",
    f"got {found!r}",
    hint='return {"A": ..., "B": ..., ...}',
)
checks.holds(
    len(set(found.values())) == 5 and set(found.values()) <= set(range(1, 9)),
    "five different slips of the eight",
    f"got {sorted(map(str, found.values()))}",
    hint="whole numbers from 1 to 8, each at most once",
)

# %% nbgrader={"grade": true, "grade_id": "find_slips_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# The answers are compared when the notebook is graded.
### BEGIN HIDDEN TESTS
slips = find_slips()
checks.holds(isinstance(slips, dict), "find_slips returns a dict")
told = {"A": 6, "B": 8, "C": 3, "D": 5, "E": 1}
wrong = [letter for letter, number in told.items() if slips.get(letter) != number]
checks.holds(
    not wrong,
    "all five slips are found",
    f"not right: {', '.join(wrong)}",
    hint="compare code and formula term by term",
)
### END HIDDEN TESTS

# %% [markdown]
# ### 8b · Mend them  `[5 × 3 points]`
#
# Five stubs follow, one for each. Copy the body of the broken rule into the stub and change as little as you can: **mend the rule itself**, do not call one of
# yours from above (the tests look). The contract is the usual one: `config` may be `None`, defaults as in the broken code, `dw` left alone, `float32` in, `float32` out, nothing
# remembered outside the config. Your own rules are there to compare with: what does a mended rule have in common with them after five steps?
#
# <details><summary>Hint for A</summary>
#
# Compare the second line with exercise 5. How often does the old cache occur on its right-hand side, and how often should it?
# </details>
# <details><summary>Hint for B</summary>
#
# What is `1 - 0.9**0`? When should the counter be raised?
# </details>
# <details><summary>Hint for C</summary>
#
# The moments must see the gradient of the data alone. Where does the decay belong?
# </details>
# <details><summary>Hint for D</summary>
#
# Two conventions are mixed: minus inside the velocity, and minus when it is applied. One of them must go; which one does not matter.
# </details>
# <details><summary>Hint for E</summary>
#
# The counter is kept with care. What is it there for?
# </details>


# %% nbgrader={"grade": false, "grade_id": "mended_a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_a(w, dw, config=None):
    """RMSProp, mended: config as for `broken_a`.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; see the broken rule

    Returns
    -------
    next_w : like w
    config : dict, for the next call
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8} | (config or {})
    squares = config.get("cache", np.zeros_like(w)) * config["decay_rate"]
    squares = squares + (1 - config["decay_rate"]) * np.square(dw)
    step = dw / (np.sqrt(squares) + config["epsilon"]) * config["learning_rate"]
    return w - step, config | {"cache": squares}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mended_a_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: with a steady gradient of 1 the cache goes 1/2, 3/4, 7/8 when the decay rate is one half.
path = follow(mended_a, np.array([0.0]), np.ones((3, 1)), {"learning_rate": 1.0, "decay_rate": 0.5})
steps = [2**0.5, (4 / 3) ** 0.5, (8 / 7) ** 0.5]
checks.close(
    -np.diff(path, axis=0)[:, 0],
    steps,
    "three steps with a steady gradient",
    rtol=1e-6,
    hint="the new cache takes the old one's place",
)

# %% nbgrader={"grade": true, "grade_id": "mended_a_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: six steps, settings and defaults, shapes, float32, mended in its own place.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(81)
for shape, config, lr, rho in [
    ((4,), None, 1e-2, 0.99),
    ((4,), None, 1e-2, 0.99),  # once more: nothing may be left over
    ((3, 5), {"learning_rate": 0.3, "decay_rate": 0.7}, 0.3, 0.7),
]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    c = lfilter([1 - rho], [1, -rho], g**2, axis=0)
    expected = w - np.cumsum(lr * g / (c**0.5 + 1e-8), axis=0)
    checks.close(
        follow(mended_a, w, g, config)[1:],
        expected,
        f"six steps, config={config}",
        hint="rho * old + (1 - rho) * dw**2",
    )
    checks.unchanged(g, before, "dw")
small = follow(mended_a, w.astype(np.float32), g.astype(np.float32), config)[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, expected, "float32 input", rtol=1e-4)
checks.holds(
    "def mended_a(" in checks.source_of(mended_a),
    "mended_a is written out",
    hint="copy the broken rule's body into the stub and change the line that is wrong",
)
checks.avoids(
    mended_a,
    "sgd",
    "sgd_momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    what="the rule itself is mended",
    hint="copy the broken rule's body and change the line that is wrong",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "mended_b", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_b(w, dw, config=None):
    """Adam, mended: config as for `broken_b`.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; see the broken rule

    Returns
    -------
    next_w : like w
    config : dict, for the next call
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0} | (config or {})
    t = 1 + config["t"]
    m = config.get("m", np.zeros_like(w)) * config["beta1"] + (1 - config["beta1"]) * dw
    v = config.get("v", np.zeros_like(w)) * config["beta2"] + (1 - config["beta2"]) * np.square(dw)
    root = np.sqrt(v / (1 - config["beta2"] ** t))
    step = config["learning_rate"] * (m / (1 - config["beta1"] ** t)) / (root + config["epsilon"])
    return w - step, config | {"m": m, "v": v, "t": t}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mended_b_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the first step is finite, and one learning rate long.
with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
    path = follow(mended_b, np.array([1.0, 1.0]), np.array([[0.02, -300.0]] * 3), {"learning_rate": 0.1})
checks.finite(path, "three steps", hint="1 - beta**0 is 0: which t belongs to the first call?")
checks.close(
    path[1],
    [0.9, 1.1],
    "the first step is one learning rate long",
    rtol=1e-5,
    hint="keep both corrections as they are; t is 1 in the first call",
)
checks.close(
    path[3],
    [0.7, 1.3],
    "three steps with a steady gradient",
    rtol=1e-5,
    hint="is the raised t in the returned config?",
)

# %% nbgrader={"grade": true, "grade_id": "mended_b_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: six steps, settings and defaults, shapes, float32, mended in its own place.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(82)
for shape, config, lr, b1, b2 in [
    ((4,), None, 1e-3, 0.9, 0.999),
    ((4,), None, 1e-3, 0.9, 0.999),  # once more: nothing may be left over
    ((3, 5), {"learning_rate": 0.3, "beta1": 0.7, "beta2": 0.8}, 0.3, 0.7, 0.8),
]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    t = np.arange(1, 7).reshape(-1, *[1] * len(shape))
    m = lfilter([1 - b1], [1, -b1], g, axis=0) / (1 - b1**t)
    v = lfilter([1 - b2], [1, -b2], g**2, axis=0) / (1 - b2**t)
    expected = w - np.cumsum(lr * m / (v**0.5 + 1e-8), axis=0)
    with np.errstate(all="ignore"):
        found = follow(mended_b, w, g, config)[1:]
    checks.close(
        found - w,
        expected - w,
        f"six steps, config={config}",
        rtol=1e-6,
        hint="t is 1, 2, 3, ... in the corrections",
    )
    checks.unchanged(g, before, "dw")
small = follow(mended_b, w.astype(np.float32), g.astype(np.float32), config)[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, expected, "float32 input", rtol=1e-4)
checks.holds(
    "def mended_b(" in checks.source_of(mended_b),
    "mended_b is written out",
    hint="copy the broken rule's body into the stub and change the line that is wrong",
)
checks.avoids(
    mended_b,
    "sgd",
    "sgd_momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    what="the rule itself is mended",
    hint="copy the broken rule's body and change the line that is wrong",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "mended_c", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_c(w, dw, config=None):
    """AdamW, mended: config as for `broken_c`.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; see the broken rule

    Returns
    -------
    next_w : like w
    config : dict, for the next call
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-3, "weight_decay": 1e-2, "t": 0} | (config or {})
    config = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} | config
    t = 1 + config["t"]
    m = config.get("m", np.zeros_like(w)) * config["beta1"] + (1 - config["beta1"]) * dw
    v = config.get("v", np.zeros_like(w)) * config["beta2"] + (1 - config["beta2"]) * np.square(dw)
    root = np.sqrt(v / (1 - config["beta2"] ** t))
    direction = m / (1 - config["beta1"] ** t) / (root + config["epsilon"]) + config["weight_decay"] * w
    return w - config["learning_rate"] * direction, config | {"m": m, "v": v, "t": t}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mended_c_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: without a gradient only the decay is left, and it is a share of the weight, not a step of one learning rate.
options = {"learning_rate": 0.5, "weight_decay": 0.2}
path = follow(mended_c, np.array([8.0, -80.0]), np.zeros((2, 2)), options)
checks.close(
    path[1],
    [7.2, -72.0],
    "decay alone",
    hint="out of both moments, which see dw alone, and beside them: minus rate times decay times w",
)
checks.close(
    path[2],
    [6.48, -64.8],
    "decay alone, a second time",
    hint="learning_rate * weight_decay * w, subtracted beside the moments",
)

# %% nbgrader={"grade": true, "grade_id": "mended_c_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: six steps, settings and defaults, shapes, float32, mended in its own place.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(83)
for shape, config, lr, b1, b2, wd in [
    ((4,), None, 1e-3, 0.9, 0.999, 0.01),
    ((4,), None, 1e-3, 0.9, 0.999, 0.01),  # once more: nothing may be left over
    ((3, 5), {"learning_rate": 0.3, "beta1": 0.7, "beta2": 0.8, "weight_decay": 0.4}, 0.3, 0.7, 0.8, 0.4),
]:
    w, g = 5 * rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    t = np.arange(1, 7).reshape(-1, *[1] * len(shape))
    m = lfilter([1 - b1], [1, -b1], g, axis=0) / (1 - b1**t)
    v = lfilter([1 - b2], [1, -b2], g**2, axis=0) / (1 - b2**t)
    keep = 1 - lr * wd
    expected = lfilter([-1], [1, -keep], lr * m / (v**0.5 + 1e-8), axis=0, zi=keep * w[None])[0]
    found = follow(mended_c, w, g, config)[1:]
    checks.close(
        found - w,
        expected - w,
        f"six steps, config={config}",
        rtol=1e-6,
        hint="the moments see dw alone; rate * decay * (w before the step)",
    )
    checks.unchanged(g, before, "dw")
small = follow(mended_c, w.astype(np.float32), g.astype(np.float32), config)[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, expected, "float32 input", rtol=1e-4)
checks.holds(
    "def mended_c(" in checks.source_of(mended_c),
    "mended_c is written out",
    hint="copy the broken rule's body into the stub and change the line that is wrong",
)
checks.avoids(
    mended_c,
    "sgd",
    "sgd_momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    what="the rule itself is mended",
    hint="copy the broken rule's body and change the line that is wrong",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "mended_d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_d(w, dw, config=None):
    """Momentum, mended: config as for `broken_d`.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; see the broken rule

    Returns
    -------
    next_w : like w
    config : dict, for the next call
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-2, "momentum": 0.9} | (config or {})
    total = config["momentum"] * config.get("velocity", np.zeros_like(w)) + dw
    return w - config["learning_rate"] * total, config | {"velocity": total}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mended_d_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the gradient 1 three times, momentum one half, rate 0.1: steps of -0.1, -0.15, -0.175.
path = follow(mended_d, np.array([1.0]), np.ones((3, 1)), {"learning_rate": 0.1, "momentum": 0.5})
checks.close(
    np.diff(path, axis=0)[:, 0],
    [-0.1, -0.15, -0.175],
    "three steps",
    hint="against the gradient, and ever longer while it is steady",
)

# %% nbgrader={"grade": true, "grade_id": "mended_d_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: six steps, settings and defaults, shapes, float32, mended in its own place.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(84)
for shape, config, lr, mu in [
    ((4,), None, 1e-2, 0.9),
    ((4,), None, 1e-2, 0.9),
    ((3, 5), {"learning_rate": 0.3, "momentum": 0.7}, 0.3, 0.7),
]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    expected = w - lr * np.cumsum(lfilter([1], [1, -mu], g, axis=0), axis=0)
    checks.close(
        follow(mended_d, w, g, config)[1:],
        expected,
        f"six steps, config={config}",
        hint="one minus sign, not two; the momentum keeps its own sign",
    )
    checks.unchanged(g, before, "dw")
small = follow(mended_d, w.astype(np.float32), g.astype(np.float32), config)[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, expected, "float32 input", rtol=1e-4)
checks.holds(
    "def mended_d(" in checks.source_of(mended_d),
    "mended_d is written out",
    hint="copy the broken rule's body into the stub and change the line that is wrong",
)
checks.avoids(
    mended_d,
    "sgd",
    "sgd_momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    what="the rule itself is mended",
    hint="copy the broken rule's body and change the line that is wrong",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "mended_e", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mended_e(w, dw, config=None):
    """Adam, mended: config as for `broken_e`.

    Parameters
    ----------
    w, dw : parameter and its gradient, arrays of the same shape
    config : dict or None; see the broken rule

    Returns
    -------
    next_w : like w
    config : dict, for the next call
    """
    ### BEGIN SOLUTION
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0} | (config or {})
    t = 1 + config["t"]
    m = config.get("m", np.zeros_like(w)) * config["beta1"] + (1 - config["beta1"]) * dw
    v = config.get("v", np.zeros_like(w)) * config["beta2"] + (1 - config["beta2"]) * np.square(dw)
    root = np.sqrt(v / (1 - config["beta2"] ** t))
    step = config["learning_rate"] * (m / (1 - config["beta1"] ** t)) / (root + config["epsilon"])
    return w - step, config | {"m": m, "v": v, "t": t}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mended_e_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the broken rule's first step is 3.2 learning rates long. A right one is exactly one.
path = follow(mended_e, np.array([1.0, 1.0]), np.array([[0.02, -300.0]] * 3), {"learning_rate": 0.1})
checks.close(
    path[1],
    [0.9, 1.1],
    "the first step is one learning rate long",
    rtol=1e-5,
    hint="use the corrected moments, both of them",
)
checks.close(
    path[3],
    [0.7, 1.3],
    "three steps with a steady gradient",
    rtol=1e-5,
    hint="what is stored stays uncorrected",
)

# %% nbgrader={"grade": true, "grade_id": "mended_e_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: six steps, settings and defaults, shapes, float32, mended in its own place.
### BEGIN HIDDEN TESTS
from scipy.signal import lfilter

rng = np.random.default_rng(85)
for shape, config, lr, b1, b2 in [
    ((4,), None, 1e-3, 0.9, 0.999),
    ((4,), None, 1e-3, 0.9, 0.999),  # once more: nothing may be left over
    ((3, 5), {"learning_rate": 0.3, "beta1": 0.7, "beta2": 0.8}, 0.3, 0.7, 0.8),
]:
    w, g = rng.normal(size=shape), rng.normal(size=(6, *shape))
    before = g.copy()
    t = np.arange(1, 7).reshape(-1, *[1] * len(shape))
    m = lfilter([1 - b1], [1, -b1], g, axis=0) / (1 - b1**t)
    v = lfilter([1 - b2], [1, -b2], g**2, axis=0) / (1 - b2**t)
    expected = w - np.cumsum(lr * m / (v**0.5 + 1e-8), axis=0)
    found = follow(mended_e, w, g, config)[1:]
    checks.close(
        found - w,
        expected - w,
        f"six steps, config={config}",
        rtol=1e-6,
        hint="both corrected moments in the step, epsilon beside the corrected root; the uncorrected ones in the config",
    )
    checks.unchanged(g, before, "dw")
small = follow(mended_e, w.astype(np.float32), g.astype(np.float32), config)[1:]
checks.dtype(small, np.float32, "float32 in, float32 out")
checks.close(small, expected, "float32 input", rtol=1e-4)
checks.holds(
    "def mended_e(" in checks.source_of(mended_e),
    "mended_e is written out",
    hint="copy the broken rule's body into the stub and change the line that is wrong",
)
checks.avoids(
    mended_e,
    "sgd",
    "sgd_momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "adamw",
    what="the rule itself is mended",
    hint="copy the broken rule's body and change the line that is wrong",
)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_correction", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# ### Question · A training run, from the first step  `[6 points]`
#
# Your friend's Adam has no bias correction (it is rule E), and yet after an hour the training loss is as good as yours. (a) With the default $\beta_1 = 0.9$ and $\beta_2 = 0.999$,
# how much too long is its very first step, and why too long rather than too short, although *both* moments are too small? (b) For how many steps, roughly, does the slip
# matter, and why does it not matter after that? (c) Name a situation in which it ruins the training all the same.
#
# ### BEGIN SOLUTION
# (a) After one step m is 0.1 of the gradient and v is 0.001 of its square. The step divides by the root of v: 0.1 / sqrt(0.001) = 3.16, so the first step is 3.16 learning rates long
# instead of 1. The second moment is the slower one to fill, and it stands below the line: what is too small there makes the step too long. (b) The corrections are
# 1 - beta^t. That of the first moment is done after some tens of steps, that of the second after a few thousand: 1 / (1 - 0.999) = 1000 is its memory, and at t = 1000 the root is still 0.8. Later
# both factors are 1, and the rules agree. (c) When the first steps decide: a high learning rate, no warm-up, a deep network that the first few long steps
# push to where units are dead or saturated. Or when fine-tuning trained weights, which the first steps throw away. Or when beta2 is closer to 1.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 9 · Learning rates that change  `[10 points · ●●○ · 20 min]`
#
# In the noisy bowl nobody came to rest: a high rate travels fast and shivers at the end, a low one does neither. So begin high and end low. A **schedule** is a function of the first rate $\eta_0$
# and the time $t$ (a number, in epochs; it may be a fraction, such as 2.5). It returns the rate, a plain number. `Solver(..., lr_schedule=...)` calls it
# before every step.
#
# | | | |
# |---|---|---|
# | step | $\eta_0 \cdot \text{drop}^{\lfloor t / \text{every} \rfloor}$ | multiplied by `drop` each time that `every` epochs are full |
# | exponential | $\eta_0\, e^{-k t}$ | the same share lost in every epoch |
# | inverse time | $\eta_0 / (1 + k t)$ | fast at first, then very slow |
# | cosine with restarts | $\eta_{\min} + \tfrac12 (\eta_0 - \eta_{\min}) \left(1 + \cos \dfrac{\pi\, s}{P}\right)$ | half a wave down, then up again at once |
#
# In the last one, $P$ is the length of the present cycle and $s$ the time since it began. The first cycle lasts `period` epochs; each following one is `stretch` times as long as the one before
# (10, 20, 40, ... for `stretch=2`; all alike for `stretch=1`). At the very moment that a cycle is full the next one has begun: the rate is $\eta_0$ again. Restarts
# shake the weights out of where they settled; exercise 12 makes use of it.
#
# <details><summary>Hint</summary>
#
# For the cosine: while the time is at least a period, subtract the period from it and multiply the period by `stretch`. What remains is s, and the period is P. `math.floor`, `math.exp` and
# `math.cos` return plain numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "step_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_decay(lr0, t, drop=0.5, every=10):
    """Multiply the learning rate by `drop` after every `every` epochs.

    Parameters
    ----------
    lr0 : rate at the start
    t : epochs since the start, 0 or more, may be a fraction
    drop, every : factor, and number of epochs between drops

    Returns
    -------
    lr : float
    """
    ### BEGIN SOLUTION
    return lr0 * drop ** math.floor(t / every)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step_decay_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: 0.8, halved after 10 and after 20 epochs.
found = [step_decay(0.8, t) for t in (0, 9.9, 10, 19, 20)]
checks.close(
    found,
    [0.8, 0.8, 0.4, 0.4, 0.2],
    "at 0, 9.9, 10, 19 and 20 epochs",
    hint="the exponent is a whole number, rounded down",
)

# %% nbgrader={"grade": true, "grade_id": "step_decay_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other factors and intervals, fractions of epochs.
### BEGIN HIDDEN TESTS
found = [step_decay(3.0, t, drop=0.1, every=4) for t in (0.5, 3.99, 4.0, 6, 7.5, 8, 41)]
checks.close(found, [3, 3, 0.3, 0.3, 0.3, 0.03, 3e-10], "drop 0.1 every 4 epochs", hint="use drop and every")
found = [step_decay(1.0, t, 0.9, 0.5) for t in (0, 0.25, 0.5, 1.0, 1.25)]
checks.close(
    found,
    [1, 1, 0.9, 0.81, 0.81],
    "drop 0.9 every half epoch",
    hint="count whole intervals, not whole epochs",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "exponential_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exponential_decay(lr0, t, k=0.1):
    """Let the learning rate fall exponentially.

    Parameters
    ----------
    lr0 : rate at the start
    t : epochs since the start, 0 or more, may be a fraction
    k : decay per epoch

    Returns
    -------
    lr : float
    """
    ### BEGIN SOLUTION
    return lr0 * math.exp(-k * t)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "exponential_decay_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: nothing has happened at t = 0; after ln(2) / k epochs half of it is left.
found = [exponential_decay(0.8, t, 0.05) for t in (0, math.log(2) / 0.05, math.log(4) / 0.05)]
checks.close(found, [0.8, 0.4, 0.2], "after 0, 1 and 2 half-lives", hint="e to the minus k t")

# %% nbgrader={"grade": true, "grade_id": "exponential_decay_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other k, the default.
### BEGIN HIDDEN TESTS
found = [exponential_decay(3.0, t, k=0.7) for t in (1, 2.5, 10)]
checks.close(found, 3 * np.exp([-0.7, -1.75, -7.0]), "k = 0.7", hint="e to the minus k t")
checks.close(exponential_decay(1.0, 10), np.exp(-1.0), "the default k", hint="k is 0.1 when not given")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "inverse_time_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inverse_time_decay(lr0, t, k=0.1):
    """Let the learning rate fall as one over the time.

    Parameters
    ----------
    lr0 : rate at the start
    t : epochs since the start, 0 or more, may be a fraction
    k : decay per epoch

    Returns
    -------
    lr : float
    """
    ### BEGIN SOLUTION
    return lr0 / (1 + k * t)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "inverse_time_decay_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: with k = 0.5 half is left after 2 epochs, a third after 4.
found = [inverse_time_decay(0.6, t, 0.5) for t in (0, 2, 4)]
checks.close(found, [0.6, 0.3, 0.2], "at 0, 2 and 4 epochs", hint="divide by one plus k t")

# %% nbgrader={"grade": true, "grade_id": "inverse_time_decay_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other k, the default.
### BEGIN HIDDEN TESTS
found = [inverse_time_decay(3.0, t, k=0.7) for t in (1, 2.5, 10)]
checks.close(found, [3 / 1.7, 3 / 2.75, 3 / 8], "k = 0.7", hint="divide by one plus k t")
checks.close(inverse_time_decay(1.0, 10), 0.5, "the default k", hint="k is 0.1 when not given")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "cosine_restarts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_restarts(lr0, t, period=10, stretch=1, lr_min=0.0):
    """Let the learning rate fall along half a cosine wave, and start again.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, section 3.

    Parameters
    ----------
    lr0 : rate at the start of every cycle
    t : epochs since the start, 0 or more, may be a fraction
    period : epochs of the first cycle
    stretch : each cycle is so many times as long as the one before; at least 1
    lr_min : rate that a cycle falls to

    Returns
    -------
    lr : float
    """
    ### BEGIN SOLUTION
    while t >= period:
        t, period = t - period, stretch * period
    return lr_min + 0.5 * (lr0 - lr_min) * (1 + math.cos(math.pi * t / period))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cosine_restarts_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: cycles of 10 epochs; then cycles of 10 and 20, down to 0.1.
found = [cosine_restarts(0.8, t) for t in (0, 5, 10, 15, 30)]
checks.close(
    found,
    [0.8, 0.4, 0.8, 0.4, 0.8],
    "at 0, 5, 10, 15 and 30 epochs",
    hint="half-way is half; a full cycle starts again",
)
found = [cosine_restarts(0.5, t, 10, 2, 0.1) for t in (5, 10, 20, 30)]
checks.close(
    found,
    [0.3, 0.5, 0.3, 0.5],
    "cycles of 10 and 20 epochs, between 0.1 and 0.5",
    hint="the second cycle goes from 10 to 30, so 20 is its middle; lr_min is the bottom, lr0 stays the top",
)

# %% nbgrader={"grade": true, "grade_id": "cosine_restarts_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the whole curve, stretched cycles, a lowest rate.
### BEGIN HIDDEN TESTS
# the cosine in another dress: cos(x / 2) squared, cycle by cycle from a list of cycles
for period, stretch, low in [(7, 1, 0.0), (3, 2, 0.05), (4, 1.5, 0.2), (0.5, 3, 0.0)]:
    begin = 0.0
    for cycle in range(4):
        length = period * stretch**cycle
        for share in (0.01, 0.2, 0.5, 0.77, 0.99):
            expected = low + (0.9 - low) * np.cos(np.pi * share / 2) ** 2
            found = cosine_restarts(0.9, begin + share * length, period, stretch, low)
            checks.close(
                found,
                expected,
                f"period {period}, stretch {stretch}, cycle {cycle + 1}, {share:.0%} of it",
                rtol=1e-6,
                hint="s counts from the start of the cycle, P is the length of this cycle; lr_min is the bottom, lr0 the top",
            )
        begin += length
checks.close(
    cosine_restarts(0.9, 10 - 1e-4), 0.0, "the end of a cycle", atol=1e-6, hint="lr_min is 0 when not given"
)
checks.close(
    [cosine_restarts(0.9, t, period=4, stretch=2) for t in (4, 12, 28)],
    [0.9] * 3,
    "at each restart",
    hint="at a full cycle the next one has begun",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The four shapes; and the noisy bowl once more, with and without a schedule. (Here one epoch is ten steps.)

# %% tags=["explore"]
schedules = {
    "step_decay": lambda t: step_decay(1.0, t),
    "exponential_decay": lambda t: exponential_decay(1.0, t),
    "inverse_time_decay": lambda t: inverse_time_decay(1.0, t, k=0.5),
    "cosine_restarts": lambda t: cosine_restarts(1.0, t, period=10, stretch=2),
}
plotting.show_schedules(schedules, 40)
plt.show()

distances = {}
for name, schedule in {**schedules, "constant": lambda t: 1.0}.items():
    distances[name] = np.zeros(401)
    for seed in range(30):
        gradient, w, path = noisy_bowl_gradient(np.random.default_rng(seed)), np.array([-4.0, 3.0]), []
        for step in range(401):
            path.append(w.copy())
            w, _ = sgd(w, gradient(w), {"learning_rate": 0.3 * schedule(step / 10)})
        distances[name] += np.linalg.norm(path, axis=1) / 30
plotting.show_curves(
    distances,
    "step",
    "distance from the goal (log scale)",
    "The noisy bowl: who comes to rest? Mean of 30 walks",
    log=True,
)
plt.show()

# %% [markdown]
# With a constant rate the distance stops falling where the noise holds the balance. Every schedule gets closer; the restarts pay for each new start, and end where they ended before.

# %% [markdown]
# ## Exercise 10 · The second derivative  `[4 points · ●●○ · 10 min]`
#
# All rules so far guess how far to go. The matrix $H$ of second derivatives, the **Hessian**, knows. Near $w$ the function is about
#
# $$f(w + \Delta) \approx f(w) + g^\top \Delta + \tfrac12\, \Delta^\top H\, \Delta$$
#
# and the gradient of this parabola is zero where $H \Delta = -g$. So **Newton's step** is
#
# $$\Delta = -H^{-1} g$$
#
# No learning rate; on a quadratic function one step ends at the place where the gradient is zero, whatever ravine lies between. Return $\Delta$, the step that is to be **added** to $w$.
#
# Two things keep it from networks. For a million parameters $H$ has $10^{12}$ entries. And "where the gradient is zero" need not be a minimum.
#
# <details><summary>Hint</summary>
#
# `np.linalg.solve(A, b)` finds the x with A x = b, faster and more exactly than the inverse matrix times b.
# </details>


# %% nbgrader={"grade": false, "grade_id": "newton_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def newton_step(grad, hessian):
    """Newton's step: where the quadratic approximation has gradient zero.

    Parameters
    ----------
    grad : (D,) gradient at w
    hessian : (D, D) second derivatives at w, symmetric and invertible

    Returns
    -------
    step : (D,), to be added to w
    """
    ### BEGIN SOLUTION
    return -np.linalg.solve(hessian, grad)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "newton_step_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: f = x**2 + 8 y**2 + 2 x y at (3, -1): gradient (4, -10), and one step ends at the minimum, the origin.
step = newton_step(np.array([4.0, -10.0]), np.array([[2.0, 2.0], [2.0, 16.0]]))
checks.shape(
    step, (2,), "a step for each parameter", hint="a vector solves H step = -g; no division of arrays"
)
checks.close(
    step,
    [-3, 1],
    "from (3, -1) to the origin",
    hint="the step solves H step = -g; mind the sign, and use the whole matrix",
)

# %% nbgrader={"grade": true, "grade_id": "newton_step_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: quadratics of several sizes, a saddle, a second use on a function that is no quadratic.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(10)
for size in (1, 2, 5, 12):
    root = rng.normal(size=(size, size))
    H, goal, w = root @ root.T + 0.1 * np.eye(size), rng.normal(size=size), rng.normal(size=size)
    g = H @ (w - goal)
    before = g.copy(), H.copy()
    checks.close(
        w + newton_step(g, H),
        goal,
        f"one step to the minimum of a quadratic of {size}",
        rtol=1e-6,
        hint="solve H step = -g",
    )
    checks.unchanged(g, before[0], "grad")
    checks.unchanged(H, before[1], "hessian")
# a pass between two hills: the gradient is zero there, so that is where Newton goes
checks.close(
    newton_step(np.array([3.0, -4.0]), np.diag([1.0, -2.0])),
    [-3, -2],
    "a saddle attracts it",
    hint="no absolute values: H as it is",
)
# exp(x) - x has its minimum at 0; the error is squared by each step, about
x = np.array([1.0])
for _ in range(6):
    x = x + newton_step(np.exp(x) - 1, np.exp(x)[:, None])
checks.close(x, [0.0], "six steps on exp(x) - x", atol=1e-12)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One Newton step on the ravine, and one on the saddle (where it goes to the pass, *uphill* along $w_2$, and would stay there).

# %% tags=["explore"]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), width_ratios=(1.4, 1))
start = np.array([-9.0, 2.5])
paths = {
    "sgd_momentum": descend(sgd_momentum, ravine_gradient, start, 40, {"learning_rate": 0.1}),
    "newton_step": np.array([start, start + newton_step(ravine_gradient(start), np.diag([0.04, 1.0]))]),
}
plotting.show_trajectories(
    ravine, paths, (-10, 7, -4, 4), "The ravine: 40 steps, or one", ax=axes[0], legend=False
)
start = np.array([-1.5, 0.6])
hessian = np.diag([1.0, -1 + 0.6 * start[1] ** 2])
paths = {
    "sgd_momentum": descend(sgd_momentum, saddle_gradient, start, 40, {"learning_rate": 0.1}),
    "newton_step": np.array([start, start + newton_step(saddle_gradient(start), hessian)]),
}
plotting.show_trajectories(saddle, paths, (-2, 2, -4, 4), "The saddle: Newton likes the pass", ax=axes[1])
plt.show()

# %% [markdown]
# ## Training a network with all of them
#
# Now pictures. The network is the two-layer one that you wrote in `03-backprop` (save that notebook first); the training loop is the kit's `Solver`, with
# your rules plugged in.

# %% nbgrader={"grade": false, "grade_id": "earlier", "locked": true, "schema_version": 3, "solution": false, "task": false}
TwoLayerNet = load_functions("03-backprop", "TwoLayerNet")

# %% tags=["explore"]
data = load_picturebook(num_train=5000, num_val=1000, num_test=2000)
flat = data.tensors(
    np.float32, layout="flat"
)  # floats with the mean subtracted, a row of 3072 for each picture


def new_network(hidden=100, reg=0.0, seed=0):
    """A two-layer network in float32 whose first weights depend on the seed alone."""
    rng = np.random.default_rng(seed)
    model = TwoLayerNet(3072, hidden, 10, reg=reg)
    for name, w in model.params.items():
        scale = np.sqrt(2 / len(w)) if w.ndim == 2 else 0.0
        model.params[name] = rng.normal(scale=scale, size=w.shape).astype(np.float32)
    return model


# %% [markdown]
# Every rule starts from the same weights and sees the same batches, five epochs long; each has a learning rate that suits it (about half a minute in all).

# %% tags=["explore"]
rates = {sgd: 0.03, sgd_momentum: 0.01, nesterov: 0.01, adagrad: 5e-3, rmsprop: 3e-4, adam: 1e-3, adamw: 1e-3}
solvers = {}
for rule, rate in tqdm(rates.items(), desc="seven optimizers", unit="run"):
    solver = Solver(
        new_network(),
        flat,
        rule,
        {"learning_rate": rate},
        rng=np.random.default_rng(1),
        num_epochs=5,
        verbose=False,
    )
    solver.train()
    solvers[rule.__name__] = solver
plotting.show_optimizers(solvers)
plt.show()

# %% [markdown]
# Plain descent is behind, and would need a far longer run. The others are close to each other here: what tells a good run from a bad one is less *which* of them than whether its rate was chosen with
# care. Adam has the advantage that its default works nearly everywhere.
#
# ### A look at L-BFGS
#
# Between Newton and gradient descent there is a family that *estimates* curvature from the last few gradients: L-BFGS, ready-made in `scipy.optimize.minimize`. It wants exact losses and
# gradients, so the next cell uses one fixed set of 500 pictures, all of them in every step. Then the same once more with a fresh batch of 100 in each call, as
# training on much data has to do.

# %% tags=["explore"]
X_small, y_small = flat.X_train[:500], flat.y_train[:500]
evaluations = 80


def flat_loss(model, record, rng=None):
    """A function of one long vector -> (loss, gradient), as SciPy wants it; notes the loss on all 500 pictures."""
    shapes = {name: w.shape for name, w in model.params.items()}
    cuts = np.cumsum([w.size for w in model.params.values()])[:-1]

    def f(vector):
        for (name, shape), piece in zip(shapes.items(), np.split(vector, cuts), strict=True):
            model.params[name] = piece.reshape(shape).astype(np.float32)
        loss, grads = model.loss(X_small, y_small)
        record.append(loss)
        if rng is not None:
            batch = rng.integers(500, size=100)
            loss, grads = model.loss(X_small[batch], y_small[batch])
        return float(loss), np.concatenate([grads[name].ravel() for name in shapes]).astype(float)

    return f, np.concatenate([w.ravel() for w in model.params.values()]).astype(float)


curves = {}
for name, rng in (
    ("L-BFGS, all pictures", None),
    ("L-BFGS, a fresh batch in each call", np.random.default_rng(0)),
):
    curves[name] = []
    f, x0 = flat_loss(new_network(), curves[name], rng)
    minimize(f, x0, jac=True, method="L-BFGS-B", options={"maxfun": evaluations, "maxiter": evaluations})
for rule, rate in ((adam, 1e-3), (sgd_momentum, 0.01)):
    model, configs, losses = new_network(), {}, []
    for _ in range(evaluations):
        loss, grads = model.loss(X_small, y_small)
        losses.append(loss)
        for name, w in model.params.items():
            config = configs.get(name, {"learning_rate": rate})
            model.params[name], configs[name] = rule(w, grads[name], config)
    curves[f"{rule.__name__}, all pictures"] = losses
plotting.show_curves(
    curves,
    "calls of the loss",
    "loss on the 500 pictures",
    "L-BFGS: strong on exact gradients, lost in noise",
)
plt.show()

# %% [markdown]
# On exact gradients L-BFGS is hard to beat. With fresh batches the differences between two gradients are mostly noise, its picture of the curvature is wrong, and the line search soon gives
# up. If your data fit into one batch, try it. Otherwise stay with Adam or momentum.

# %% [markdown]
# ## Exercise 11 · Searching for settings  `[14 points · ●●○ · 30 min]`
#
# Learning rate, penalty, decay: nobody can compute the best ones, they have to be tried. Trying well has three parts.
#
# **On a log scale.** A learning rate of 0.001 differs from 0.002 as 0.1 does from 0.2: what counts is the *factor*. Drawn uniformly between 0.0001 and 1, nine of ten values are above 0.1, and all
# the small ones share what is left. So draw the **logarithm** uniformly: every factor of ten gets the same number of trials.
#
# `sample_log_uniform(low, high, size, rng)` returns an array of `size` such numbers between `low` and `high`, both positive. `rng` is a NumPy `Generator`, the only source of chance: the same seed
# must give the same numbers. `size` is a number or a tuple.
#
# <details><summary>Hint</summary>
#
# `rng.uniform(a, b, size)` draws between a and b. Which a and b, and what is done with the result? Use the same logarithm both ways.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample_log_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_log_uniform(low, high, size, rng):
    """Draw numbers whose logarithm is uniform.

    Parameters
    ----------
    low, high : ends of the range, 0 < low <= high
    size : int or tuple, the shape of the result
    rng : numpy.random.Generator

    Returns
    -------
    array of shape `size`, floats between low and high
    """
    ### BEGIN SOLUTION
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sample_log_uniform_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: a thousand draws between 1e-4 and 1, a quarter of them in each of the four factors of ten.
draws = sample_log_uniform(1e-4, 1.0, 1000, np.random.default_rng(0))
checks.shape(draws, (1000,), "a thousand numbers")
checks.holds(
    bool(np.all((draws >= 1e-4 * 0.999) & (draws <= 1.001))),
    "all between low and high",
    f"from {np.min(draws):.3g} to {np.max(draws):.3g}",
    hint="the logarithms of low and high, and back again",
)
counts = np.histogram(np.log10(draws), bins=4, range=(-4, 0))[0]
checks.holds(
    bool(np.all((counts > 180) & (counts < 320))),
    "as many in each factor of ten",
    f"counts {counts.tolist()}",
    hint="draw the logarithm uniformly, not the number, and undo that same logarithm",
)

# %% nbgrader={"grade": true, "grade_id": "sample_log_uniform_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the distribution, shapes, other ranges, the same seed twice.
### BEGIN HIDDEN TESTS
from scipy.stats import kstest

for low, high, size in [
    (1e-4, 1.0, 3000),
    (0.5, 3.0, (60, 50)),
    (20.0, 5e6, 3000),
]:  # below, around and above 1
    draws = np.asarray(sample_log_uniform(low, high, size, np.random.default_rng(11)))
    checks.shape(draws, size if isinstance(size, tuple) else (size,), f"size={size}")
    checks.holds(
        bool(draws.min() >= low * (1 - 1e-9) and draws.max() <= high * (1 + 1e-9)),
        f"between {low:g} and {high:g}",
        f"from {draws.min():.3g} to {draws.max():.3g}",
        hint="logarithm and exponential must belong together",
    )
    share = np.log(draws / low).ravel() / np.log(high / low)
    checks.holds(
        kstest(share, "uniform").pvalue > 1e-6,
        f"uniform in the logarithm between {low:g} and {high:g}",
        f"in ten equal parts of the logarithm there are {np.histogram(share, 10, (0, 1))[0].tolist()}",
        hint="draw the logarithm uniformly",
    )
again = [sample_log_uniform(1e-3, 1.0, 5, np.random.default_rng(seed)) for seed in (1, 1, 2)]
checks.equal(again[0], again[1], "the same seed, the same numbers", hint="draw from rng, not from np.random")
checks.holds(not np.array_equal(again[0], again[2]), "another seed, other numbers", hint="draw from rng")
checks.close(sample_log_uniform(3.0, 3.0, 2, np.random.default_rng(0)), [3, 3], "a range of one value")
### END HIDDEN TESTS

# %% [markdown]
# ### Random beats grid
#
# A grid of 4 x 4 tries sixteen combinations but only four different learning rates. If the other setting hardly matters (nearly always one of them hardly matters, and you do not know which), twelve of
# the trials are repetitions. Sixteen random points try sixteen learning rates. A grid may be lucky; on the average it finds less, as the line under the picture says. In the picture the score depends strongly on the setting along the x axis and weakly on the other one; the marks at the top are the
# values that were tried (after Bergstra and Bengio, 2012).


# %% tags=["explore"]
def score(important, unimportant, best=0.5):
    return np.exp(-0.5 * ((important - best) / 0.08) ** 2) + 0.1 * np.sin(3 * unimportant)


ticks = (np.arange(4) + 0.5) / 4
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
scattered = np.random.default_rng(4).random((16, 2))
plotting.show_grid_and_random(score, grid, scattered)
plt.show()
rng = np.random.default_rng(0)
places = rng.random(2000)  # the best value may be anywhere
on_grid = np.mean([score(*grid.T, best).max() for best in places])
at_random = np.mean([score(*rng.random((2, 16)), best).max() for best in places])
print(f"best of 16, mean over 2000 such landscapes: {on_grid:.2f} on the grid, {at_random:.2f} at random")

# %% [markdown]
# **At random.** `random_search(train_fn, space, trials, rng)` draws `trials` settings and tries each once. `space` is a dict from a setting's name to its `(low, high)`; every setting is drawn log-uniformly and independently
# of the others, anew in every trial. `train_fn` takes a dict of settings and returns a score, the higher the better (a validation accuracy, as a rule). The result is a list of pairs `(score, settings)`,
# **best first**; equal scores stay in the order in which they were tried. A training run that blew up scores `nan`, "not a number": it belongs at the **end** of the list.
#
# <details><summary>Hint</summary>
#
# Comparisons with `nan` are always false, so a plain sort does what it likes. Sort by a key that is minus infinity for `nan`. `math.isnan` tells. `sorted` keeps the order of equal elements, with `reverse=True` too.
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_search(train_fn, space, trials, rng):
    """Try settings drawn at random.

    Parameters
    ----------
    train_fn : function of a dict name -> value; returns a score, higher is better, `nan` if it failed
    space : dict name -> (low, high), both positive; drawn log-uniformly
    trials : number of settings to try
    rng : numpy.random.Generator

    Returns
    -------
    results : list of (score, settings), best first, `nan` last; settings is a dict name -> float
    """
    ### BEGIN SOLUTION
    results = []
    for _ in range(trials):
        settings = {name: float(sample_log_uniform(*ends, 1, rng)[0]) for name, ends in space.items()}
        results.append((train_fn(settings), settings))
    return sorted(results, key=lambda result: -math.inf if math.isnan(result[0]) else result[0], reverse=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "random_search_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: a score that is best where rate is 0.01, and a trial that fails.
tried = []


def pretend(settings):
    tried.append(dict(settings))
    return math.nan if len(tried) == 3 else -abs(math.log10(np.max(settings["rate"])) + 2)


results = random_search(pretend, {"rate": (1e-4, 1.0), "reg": (1e-6, 1e-2)}, 12, np.random.default_rng(0))
checks.equal(len(tried), 12, "train_fn is called once a trial", hint="keep what it returns")
checks.holds(
    all(np.ndim(value) == 0 for settings in tried for value in settings.values()),
    "each setting is one number",
    f"got {tried[0]}",
    hint="an array with one number in it is not a number: take its first entry",
)
checks.equal(len(results), 12, "a result for each trial", hint="append (score, settings)")
scores = [checks.unpack(result, "score", "settings", what="each result")[0] for result in results]
checks.holds(
    not any(isinstance(score, dict) for score in scores), "the score comes first", hint="(score, settings)"
)
checks.holds(
    math.isnan(scores[-1]),
    "the failed trial comes last",
    f"scores {np.round(scores, 2)}",
    hint="a key of minus infinity for nan, and the highest first",
)
checks.equal(
    scores[:-1], sorted(scores[:-1], reverse=True), "best first", hint="sort by the score, the highest first"
)
checks.equal(sorted(results[0][1]), ["rate", "reg"], "settings by name")

# %% nbgrader={"grade": true, "grade_id": "random_search_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: independent log-uniform draws, scores beside their own settings, ties, the same seed.
### BEGIN HIDDEN TESTS
from scipy.stats import kstest

space = {"lr": (1e-5, 1e-1), "reg": (1e-3, 1e3), "decay": (0.5, 0.9)}
before = dict(space)
seen = []


def note(settings):
    seen.append([settings[name] for name in space])
    return math.sin(1e3 * settings["lr"]) + math.log(settings["reg"])


results = random_search(note, space, 300, np.random.default_rng(12))
checks.holds(
    len(results) == 300
    and all(isinstance(r, (tuple, list)) and len(r) == 2 and isinstance(r[1], dict) for r in results),
    "300 pairs (score, settings)",
    f"the first: {results[0]!r:.80}",
    hint="append (score, settings), a pair for each trial",
)
checks.equal(space, before, "space is left unchanged")
checks.equal(len(seen), 300, "300 trials, 300 calls", hint="each setting is tried once")
drawn = np.array(seen)
for column, (name, (low, high)) in enumerate(space.items()):
    share = np.log(drawn[:, column] / low) / np.log(high / low)
    # a grid, a uniform draw, or a value drawn once for all trials would show
    checks.holds(
        kstest(share, "uniform").pvalue > 1e-6,
        f"{name} is log-uniform between {low:g} and {high:g}",
        f"{len(set(share))} different values; in ten equal parts {np.histogram(share, 10, (0, 1))[0].tolist()}",
        hint="sample_log_uniform, anew for every trial",
    )
correlation = np.corrcoef(np.log(drawn).T)[np.triu_indices(3, 1)]
checks.holds(
    np.abs(correlation).max() < 0.35,
    "the settings are drawn independently",
    f"correlations {np.round(correlation, 2)}",
    hint="a draw of its own for each name",
)
# one dict used again in every trial would show the last trial's values everywhere
expected = [math.sin(1e3 * settings["lr"]) + math.log(settings["reg"]) for _, settings in results]
checks.close(
    [score for score, _ in results],
    expected,
    "each score beside its own settings",
    hint="a new dict for each trial",
)
checks.equal(
    sorted(settings["lr"] for _, settings in results),
    sorted(drawn[:, 0]),
    "the settings that were tried are returned",
)
checks.equal([score for score, _ in results], sorted(expected, reverse=True), "best first")
again = [
    random_search(lambda s: s["lr"], {"lr": (1e-3, 1.0)}, 4, np.random.default_rng(seed))
    for seed in (1, 1, 2)
]
checks.equal(
    [s for s, _ in again[0]],
    [s for s, _ in again[1]],
    "the same seed, the same search",
    hint="draw from rng, not from np.random",
)
checks.holds(
    [s for s, _ in again[0]] != [s for s, _ in again[2]], "another seed, another search", hint="draw from rng"
)
# equal scores keep their order, and nan goes last from wherever it was
order, script = [], iter([0.5, math.nan, 0.5, 0.9, math.nan, 0.5])


def scripted(settings):
    order.append(settings["lr"])
    return next(script)


results = random_search(scripted, {"lr": (1e-3, 1.0)}, 6, np.random.default_rng(3))
checks.equal(
    [settings["lr"] for _, settings in results],
    [order[i] for i in (3, 0, 2, 5, 1, 4)],
    "ties in the order tried, nan last",
    hint="a stable sort; nan counts as minus infinity",
)
### END HIDDEN TESTS

# %% [markdown]
# **Coarse, then fine.** A first search over a wide space, with short runs, finds the region. The second one looks closer, with longer runs. `refine(space, results, keep)` makes the space for it from the `keep` best results: for
# every setting from the smallest to the largest value among them, **widened** at both ends by a tenth of the old width *on the log scale* (the best value may lie just outside, and with `keep=1` there would be no width at all), but
# **never beyond** the old ends. With $\text{pad} = (\text{high}/\text{low})^{0.1}$:
#
# $$\text{low}' = \max(\text{low},\ \text{smallest kept} / \text{pad}) \qquad \text{high}' = \min(\text{high},\ \text{largest kept} \cdot \text{pad})$$
#
# The results may come in any order, and a `nan` is never among the best as long as there are others. The returned dict is a new one; `space` and `results` stay as they are. (If the best results crowd at an end of the
# old space, that space was too small: no formula can mend that, start again with a wider one.)
#
# <details><summary>Hint</summary>
#
# Sort as in `random_search`, take the first `keep`, and then for each name collect the kept values in a list.
# </details>


# %% nbgrader={"grade": false, "grade_id": "refine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def refine(space, results, keep):
    """Narrow a search space to the neighbourhood of its best results.

    Parameters
    ----------
    space : dict name -> (low, high) that was searched
    results : list of (score, settings), in any order; `nan` is the worst score
    keep : how many of the best results to look at, 1 or more

    Returns
    -------
    dict name -> (low, high), the space for the next search
    """
    ### BEGIN SOLUTION
    ranked = sorted(results, key=lambda result: math.inf if math.isnan(result[0]) else -result[0])
    finer = {}
    for name, (low, high) in space.items():
        kept = [settings[name] for _, settings in ranked[:keep]]
        pad = (high / low) ** 0.1
        finer[name] = (max(low, min(kept) / pad), min(high, max(kept) * pad))
    return finer
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "refine_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: ten factors of ten wide, so the pad is one factor of ten. The two best results have 1e3 and 1e5.
results = [(0.1, {"a": 1e9}), (0.8, {"a": 1e5}), (0.2, {"a": 4.0}), (0.9, {"a": 1e3})]
found = refine({"a": (1.0, 1e10)}, results, 2)
checks.close(
    found["a"],
    (1e2, 1e6),
    "the two best, widened",
    hint="the highest scores; divide and multiply by (high / low)**0.1",
)
checks.close(
    refine({"a": (1.0, 1e10)}, [(0.5, {"a": 3.0})], 1)["a"],
    (1, 30),
    "not beyond the old end",
    hint="max(low, ...)",
)

# %% nbgrader={"grade": true, "grade_id": "refine_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: several settings, any order, failed runs, both ends, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(13)
space = {"lr": (1e-5, 1e-1), "reg": (1e-3, 1e3), "decay": (0.5, 0.9)}
for keep in (1, 3, 8):
    scores = rng.permutation(20) / 20
    values = {
        name: 10 ** rng.uniform(np.log10(low), np.log10(high), 20) for name, (low, high) in space.items()
    }
    results = [(float(scores[i]), {name: float(values[name][i]) for name in space}) for i in range(20)]
    results[4] = (math.nan, results[4][1])
    scores[4] = -1
    before = list(results), dict(space)
    found = refine(space, results, keep)
    checks.holds(
        space == before[1] and repr(results) == repr(before[0]),
        "space and results are left unchanged",
        hint="the result is a new dict; sorted() makes a new list, results.sort() changes yours",
    )
    best = np.argsort(-scores)[:keep]
    for name, (low, high) in space.items():
        logs, width = np.log(values[name][best]), 0.1 * (np.log(high) - np.log(low))
        expected = np.exp(np.clip([logs.min() - width, logs.max() + width], np.log(low), np.log(high)))
        checks.close(
            found[name],
            expected,
            f"{name}, the best {keep} of 20",
            rtol=1e-6,
            hint="each setting's own range of the kept results; nan is the worst",
        )
    checks.equal(sorted(found), sorted(space), "a range for every setting")
# near the upper end the range must not grow beyond it
checks.close(
    refine({"a": (1.0, 1e10)}, [(0.1, {"a": 7e9}), (math.nan, {"a": 2.0})], 1)["a"],
    (7e8, 1e10),
    "not beyond the upper end",
    hint="min(high, ...)",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it on real training.** A small network on 1000 pictures, momentum, two settings over many factors of ten. Coarse: 30 trials of three epochs. Fine: 20 trials of six epochs, in the space that `refine` returns.

# %% tags=["explore"]
small = flat.subset(num_train=1000, num_val=500)


def search_stage(name, space, trials, epochs, seed):
    """A random search with a progress bar that shows the best score so far."""
    with tqdm(total=trials, desc=name, unit="trial") as bar:
        best = 0.0

        def train_fn(settings):
            nonlocal best
            solver = Solver(
                new_network(hidden=50, reg=settings["reg"]),
                small,
                sgd_momentum,
                {"learning_rate": settings["learning_rate"]},
                rng=np.random.default_rng(0),
                batch_size=50,
                num_epochs=epochs,
                num_train_samples=100,
                verbose=False,
            )
            try:
                with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                    solver.train()
                score = solver.best_val_acc
            except FloatingPointError:
                score = math.nan
            best = max(best, 0.0 if math.isnan(score) else score)
            bar.set_postfix(best=f"{best:.3f}")
            bar.update()
            return score

        return random_search(train_fn, space, trials, np.random.default_rng(seed))


space = {"learning_rate": (1e-6, 1.0), "reg": (1e-6, 1e1)}
coarse = search_stage("coarse", space, 30, 3, seed=0)
finer = refine(space, coarse, keep=6)
fine = search_stage("fine", finer, 20, 6, seed=1)
plotting.show_search({"coarse": coarse, "fine": fine}, finer, ("learning_rate", "reg"))
plt.show()
for name, results in (("coarse", coarse), ("fine", fine)):
    print(
        name,
        *(f"{score:.3f} at " + ", ".join(f"{k} {v:.2g}" for k, v in s.items()) for score, s in results[:3]),
        sep="\n   ",
    )

# %% [markdown]
# The columns of like colours say it: the score changes along the learning rate's axis, and only weakly along the other as long as the penalty is not huge. So the learning rate is the important setting, and a grid would have spent most of its
# trials on repeating the same few learning rates. (The fine runs are twice as long, which makes their colours brighter, too.) The fine stage's box is narrow in the one direction and wide in the other, and most of its trials are good.

# %% [markdown] nbgrader={"grade": true, "grade_id": "which_space", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# ### Question · The best is at the edge  `[5 points]`
#
# In a coarse search over learning rates from 1e-6 to 1e-3 the three best results are 41 %, 44 % and 47 %, at 2e-4, 5e-4 and 9.6e-4. (a) What does that say about the space, and what should come next: `refine`, or something else? (b) All accuracies were
# measured on the validation set, and the best of the fine stage, 53.1 %, stands in the report as "our accuracy". What is wrong with that number? (c) Why is a random search over six settings not hopeless, though nobody can fill a six-dimensional space?
#
# ### BEGIN SOLUTION
# (a) The score still rises at the upper end, so the best rates are probably above 1e-3, where nobody has looked. `refine` never leaves the old space. Search again with a space that reaches further up, 1e-4 to 1e-1 say, until
# the best results lie well inside. (b) It is the largest of many noisy measurements on the very data that the choice was made on: too high by the luck of the luckiest trial. The network that was chosen is measured once on the test set, and that number is
# reported. (c) Because usually only one or two of the settings matter much. Projected on those, N random trials are N different values; the useless dimensions cost nothing. What has to be hit is a good interval in a
# few dimensions: if 5 % of the space is good, 60 trials miss it with a probability of 0.95 ** 60, less than 5 %.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 12 · More than one model  `[11 points · ●●○ · 25 min]`
#
# **Ensembles.** Several models make different mistakes. Average their **probabilities**, then take the class with the highest average. (Not a vote of their labels: a model that is sure should count more than one that hesitates.) It is good
# for a point or two, nearly always.
#
# `ensemble_predict(probabilities)` gets the probabilities of $M$ models for $N$ examples and $C$ classes, as an array `(M, N, C)` or a list of $M$ arrays `(N, C)`, and returns $N$ labels. A tie goes to the smaller label.
#
# <details><summary>Hint</summary>
#
# `np.mean(..., axis=0)` averages over the models, for lists of arrays too; `argmax` along the last axis takes the first of equal maxima.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ensemble_predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ensemble_predict(probabilities):
    """Predict with the average of several models.

    Parameters
    ----------
    probabilities : (M, N, C), or list of M arrays (N, C): M models, N examples, C classes

    Returns
    -------
    y_pred : (N,) labels; a tie goes to the smaller one
    """
    ### BEGIN SOLUTION
    return np.mean(probabilities, axis=0).argmax(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "ensemble_predict_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: two models lean to class 0 without conviction, one is sure of class 1. Averages 0.40 and 0.60: class 1.
one = [[0.55, 0.45], [0.9, 0.1]]
two = [[0.55, 0.45], [0.2, 0.8]]
three = [[0.1, 0.9], [0.3, 0.7]]
checks.equal(
    ensemble_predict(np.array([one, two, three])),
    [1, 1],
    "three models, two examples",
    hint="average the probabilities first, then argmax",
)

# %% nbgrader={"grade": true, "grade_id": "ensemble_predict_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, lists, ties, one model.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(14)
for models, count, classes in [
    (3, 40, 5),
    (5, 5, 5),
    (1, 7, 3),
    (4, 1, 6),
    (2, 30, 10),
]:  # equal sizes hide a wrong axis, so others too
    p = rng.dirichlet(0.5 * np.ones(classes), size=(models, count))
    before = p.copy()
    expected = [
        max(range(classes), key=lambda c: sum(p[m, n, c] for m in range(models))) for n in range(count)
    ]
    checks.equal(
        ensemble_predict(p),
        expected,
        f"{models} models, {count} examples, {classes} classes",
        hint="mean over models (axis 0), argmax over classes (last axis)",
    )
    checks.unchanged(p, before, "probabilities")
    checks.equal(
        ensemble_predict(list(p)),
        expected,
        "the same as a list of arrays",
        hint="np.mean and np.stack take lists too",
    )
    checks.unchanged(p, before, "probabilities")
tie = np.array([[[0.25, 0.5, 0.25]], [[0.25, 0.0, 0.75]], [[0.25, 0.5, 0.0]], [[0.25, 0.0, 0.0]]])
checks.equal(
    ensemble_predict(tie),
    [0],
    "three classes with equal sums: the smaller label",
    hint="argmax of the average takes the first",
)
### END HIDDEN TESTS

# %% [markdown]
# **Snapshots.** Training five networks costs five times as much. A schedule with restarts visits several good places in *one* run: save a copy of the weights, a **snapshot** or checkpoint, at the end of every cycle, and average what they predict.
#
# `snapshot_ensemble(checkpoints, predict_fn, X)` gets a list of checkpoints (each a dict of parameters) and a function `predict_fn(params, X)` that returns probabilities `(N, C)`. It calls that function once for each checkpoint, with the whole of `X`, and returns the ensemble's $N$ labels.
#
# <details><summary>Hint</summary>
#
# Collect each checkpoint's probabilities in a list; the rest is written already.
# </details>


# %% nbgrader={"grade": false, "grade_id": "snapshot_ensemble", "locked": false, "schema_version": 3, "solution": true, "task": false}
def snapshot_ensemble(checkpoints, predict_fn, X):
    """Predict with the average over checkpoints of one training run.

    Source: Huang et al., "Snapshot ensembles: train 1, get M for free", ICLR 2017.

    Parameters
    ----------
    checkpoints : list of M dicts of parameters
    predict_fn : function (params, X) -> (N, C) probabilities
    X : (N, ...) examples

    Returns
    -------
    y_pred : (N,) labels
    """
    ### BEGIN SOLUTION
    return ensemble_predict([predict_fn(params, X) for params in checkpoints])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "snapshot_ensemble_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: three checkpoints of a tiny linear model with two classes. Two lean to class 0, the third is sure
# of class 1. The averages for class 1 are 0.57 and 0.48.
def tiny(params, X):
    score = 1 / (1 + np.exp(-X @ params["w"]))
    return np.stack([1 - score, score], axis=1)


X = np.array([[1.0, 0.0], [0.0, 1.0]])
checkpoints = [{"w": np.array(w)} for w in ([-0.5, -1.0], [-0.5, -1.5], [3.0, 5.0])]
checks.equal(
    snapshot_ensemble(checkpoints, tiny, X),
    [1, 0],
    "three checkpoints, two examples",
    hint="predict_fn(params, X) for each, the average of the probabilities, then the labels",
)

# %% nbgrader={"grade": true, "grade_id": "snapshot_ensemble_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every checkpoint counts once, other sizes, nothing changed.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(15)
calls = []


def linear(params, X):
    calls.append(float(params["b"][0]))
    scores = np.exp(X @ params["W"] + params["b"])
    return scores / scores.sum(axis=1, keepdims=True)


for models, count, classes in [(4, 50, 6), (1, 9, 3), (7, 1, 4)]:
    X = rng.normal(size=(count, 8))
    checkpoints = [{"W": rng.normal(size=(8, classes)), "b": rng.normal(size=classes)} for _ in range(models)]
    total = sum(linear(params, X) for params in checkpoints)
    calls.clear()
    kept = X.copy(), [params["W"].copy() for params in checkpoints]
    found = snapshot_ensemble(checkpoints, linear, X)
    checks.equal(
        found,
        total.argmax(axis=1),
        f"{models} checkpoints, {count} examples, {classes} classes",
        hint="all checkpoints, averaged as probabilities",
    )
    checks.equal(
        sorted(calls),
        sorted(params["b"][0] for params in checkpoints),
        "predict_fn is called once a checkpoint",
        hint="it takes the whole of X",
    )
    checks.unchanged(X, kept[0], "X")
    checks.unchanged([params["W"] for params in checkpoints], kept[1], "the checkpoints")
### END HIDDEN TESTS

# %% [markdown]
# **Averaging the weights.** Late in training the weights jitter around a good place, as in the noisy bowl. Their running average jitters less, and costs nothing at test time: **Polyak averaging**. The average $a$ starts at the *first* entry of the history, and then takes in each later one:
#
# $$a \leftarrow d\, a + (1 - d)\, w$$
#
# with a `decay` $d$ such as 0.99. `polyak_average(history, decay)` returns the last $a$. `history` is a list of arrays of one shape, or an array whose first axis is time; it is not changed.
#
# <details><summary>Hint</summary>
#
# Begin with a copy, or write `a = d * a + ...`: with `a *= d` on `history[0]` itself the history would change.
# </details>


# %% nbgrader={"grade": false, "grade_id": "polyak_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def polyak_average(history, decay):
    """Exponential moving average of a parameter over its history.

    Source: Polyak and Juditsky, 1992; in the exponential form that networks use.

    Parameters
    ----------
    history : list of T arrays of one shape, or (T, ...), oldest first
    decay : share of the average that stays in each step, 0 to 1

    Returns
    -------
    average : shape of one entry
    """
    ### BEGIN SOLUTION
    average = history[0]
    for w in history[1:]:
        average = decay * average + (1 - decay) * w
    return average
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "polyak_average_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: 8, then 4, then 0, with one half: 8, 6, 3.
checks.close(
    polyak_average(np.array([[8.0], [4.0], [0.0]]), 0.5),
    [3.0],
    "8, 4, 0 with decay one half",
    hint="start at the first entry; the old average keeps the share `decay`",
)
checks.close(
    polyak_average(np.array([[8.0], [0.0]]), 0.9),
    [7.2],
    "8, 0 with decay 0.9",
    hint="0.9 of the old, 0.1 of the new",
)

# %% nbgrader={"grade": true, "grade_id": "polyak_average_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: shapes, lists, decay 0 and 1, one entry, history left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(16)
for shape, length, decay in [((3,), 9, 0.8), ((2, 4), 5, 0.99), ((1, 3, 2), 30, 0.5)]:
    history = rng.normal(size=(length, *shape))
    before = history.copy()
    # the weight of each entry, in closed form: the first keeps d to the power T - 1
    weights = (1 - decay) * decay ** np.arange(length - 1, -1, -1.0)
    weights[0] = decay ** (length - 1)
    expected = np.tensordot(weights, history, axes=1)
    checks.close(
        polyak_average(history, decay),
        expected,
        f"{length} entries of shape {shape}, decay {decay}",
        hint="from old to new; start at the first entry, not at 0",
    )
    checks.unchanged(
        history,
        before,
        "history",
        hint="a *= decay on history[0] changes the history: write a = decay * a + ...",
    )
    checks.close(polyak_average(list(history), decay), expected, "the same as a list of arrays")
    checks.unchanged(history, before, "history", hint="a copy of the first entry can be changed in place")
steady = np.full((6, 2), 7.0)
checks.close(
    polyak_average(steady, 0.99),
    [7, 7],
    "the average of a constant is that constant",
    hint="a start at 0 pulls the average down",
)
checks.close(polyak_average(history, 0.0), history[-1], "decay 0 keeps the last entry alone")
checks.close(polyak_average(history, 1.0), history[0], "decay 1 keeps the first entry alone")
checks.close(polyak_average(history[:1], 0.9), history[0], "a history of one entry")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The noisy bowl: a walk at a constant rate, and its running average.

# %% tags=["explore"]
path = descend(sgd, noisy_bowl_gradient(np.random.default_rng(3)), (-4.0, 3.0), 150, {"learning_rate": 0.3})
averages = np.array([polyak_average(path[: t + 1], 0.95) for t in range(len(path))])
plotting.show_trajectories(
    bowl,
    {"sgd": path, "polyak_average": averages},
    (-5, 3, -3, 4),
    "The noisy bowl: a walk, and its running average",
)
plt.show()

# %% [markdown]
# Now the picture book. The first run has a schedule that restarts every five epochs, with a snapshot at the end of each cycle; the second, as long, has a single cosine. The third is shorter and keeps a constant rate:
# its last weights, and the running average of the weights over its last two epochs. (About twenty seconds.)


# %% tags=["explore"]
def train(schedule, epochs, seed=0):
    """Train with a schedule; yields the weights (not copies) after every step, with the epochs that are done."""
    model, rng, configs = new_network(seed=seed), np.random.default_rng(seed), {}
    for epoch in tqdm(range(epochs), desc="training", unit="epoch"):
        for step, (X, y) in enumerate(flat.minibatches(100, rng)):
            _, grads = model.loss(X, y)
            rate = schedule(epoch + step / 50)
            for name, w in model.params.items():
                config = configs.get(name, {}) | {"learning_rate": rate}
                model.params[name], configs[name] = nesterov(w, grads[name], config)
            yield model.params, epoch + (step + 1) / 50


def copy_of(params):
    return {name: w.copy() for name, w in params.items()}


def probabilities(params, X):
    model = new_network()
    model.params.update(params)
    return softmax(model.loss(X), axis=1)


def accuracy(checkpoints, X=flat.X_test, y=flat.y_test):
    return np.mean(snapshot_ensemble(checkpoints, probabilities, X) == y)


curves, snapshots = {}, {}
for name, period in (("restarts every 5 epochs", 5), ("one long cosine", 25)):
    curves[name], snapshots[name] = [], []
    for params, epoch in train(lambda t, period=period: cosine_restarts(0.1, t, period), 25):
        if epoch % 1 == 0:
            curves[name].append(accuracy([params], flat.X_val, flat.y_val))
        if epoch % period == 0:
            snapshots[name].append(copy_of(params))
cycles, single = snapshots.values()
measured = {f"snapshot {i + 1}": accuracy([params]) for i, params in enumerate(cycles)}
measured["mean of these five"] = np.mean(list(measured.values()))
measured["all five, averaged"] = accuracy(cycles)
measured["one long cosine"] = accuracy(single)
plotting.show_snapshots(curves, measured, period=5)
plt.show()

history = [copy_of(params) for params, epoch in train(lambda t: 0.05, 12) if epoch > 10]
average = {name: polyak_average([params[name] for params in history], 0.97) for name in history[-1]}
print(f"constant rate: last weights {accuracy(history[-1:]):.1%}, averaged weights {accuracy([average]):.1%}")

# %% [markdown]
# The first snapshot comes too early; the later ones are about equally good. Together they are more than one point better than a snapshot is in the mean, and about as good as the best of them, or better. Which one
# will be the best nobody knows beforehand, so that is a gain, and it costs no training. (On 2000 test pictures one point is about one standard error of a single accuracy: look at the order, do not trust the decimals.) The snapshots
# are relatives, each begun where the one before ended. Separately trained networks differ more and gain a little more, at a multiple of the cost. With a constant rate the average of the weights
# does some of what a falling rate would have done: two or three points, for one line of code.

# %% [markdown]
# ## What you take with you
#
# - An update rule is a few lines with a memory. Momentum smooths the gradient, RMSProp and AdaGrad rescale it, Adam does both and corrects for its start at zero; AdamW keeps the decay out of it.
# - A rule with a slip still runs, and often still trains. Test it on a case that you can compute by hand: Adam's first step is one learning rate long.
# - Begin with a high rate and end with a low one. If you have time for one setting only, search the learning rate.
# - Search at random, on a log scale, coarse and then fine; if the best is at the edge, widen the space.
# - Averages of models, in their answers or in their weights, give the last points for little work. In `06-dropout` the averaging moves *inside* the network.
