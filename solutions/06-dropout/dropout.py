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
# # 6 · Noise in training, its mean at test time
#
# A network with more weights than examples can learn the examples by heart. It then does splendidly on pictures it has seen and poorly on all others: it
# **overfits**, and the distance between its accuracy in training and in validation, the *gap*, says how much. What makes the gap smaller is called
# **regularisation**. You know one way, the penalty on large weights.
#
# This notebook builds the others, and they all follow one pattern: *disturb the network at random while it trains, and use the average over the
# disturbances at test time*. What differs is the thing that is disturbed: units, weights, whole layers, pooling regions, or the pictures themselves.
#
# | exercise | | points |
# |---|---|---|
# | 1 | Dropout: `dropout_forward`, `dropout_backward` | 16 |
# | 2 | Dropout as it was first written: `dropout_predict_scaled` | 4 |
# | 3 | A network with dropout: `FullyConnectedNet` | 12 |
# | 4 | Averaging noisy passes: `monte_carlo_predict` | 4 |
# | 5 | DropConnect: `dropconnect_forward`, `dropconnect_backward` | 12 |
# | 6 | Stochastic depth: `stochastic_depth_forward`, `_backward` | 10 |
# | 7 | Fractional max pooling: `fractional_max_pool_forward`, `_backward` | 14 |
# | 8 | Augmentation: `random_flip`, `random_crop`, `color_jitter`, `pca_jitter` | 20 |
# | | Two written questions | 8 |
#
# **How to work.** Run the cells from top to bottom (`Shift`+`Enter`). Where a cell says `raise NotImplementedError`, put your code in its place. Below each stub is a check: it
# prints a tick, or says what it expected and what to try. More tests, which you do not see, run when the notebook is graded; the text above each exercise says
# all that they ask for. About four hours.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import softmax
from tqdm.auto import tqdm

from cs231n_kit import checks, gradcheck, plotting
from cs231n_kit.data import load_picturebook
from cs231n_kit.notebooks import load_functions
from cs231n_kit.solver import Solver

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# The layers that you wrote in `03-backprop` are used again here, in exercises 3 and 5.

# %% nbgrader={"grade": false, "grade_id": "layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
affine_forward, affine_backward, relu_forward, relu_backward, softmax_loss = load_functions(
    "03-backprop", "affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss"
)

# %% [markdown]
# ## Randomness that can be tested
#
# Dropout, DropConnect and stochastic depth take a dict with up to three keys:
#
# - `'p'`, the probability of **keeping** something, above 0 and at most 1. (Many libraries count the other way round and ask for the share to drop. Read their page before you
#   carry a number over.)
# - `'mode'`, which is `'train'` or `'test'`. Anything else is a mistake and raises `ValueError`: a layer that quietly does the wrong thing for `'Train'` costs a night.
# - `'seed'`, if it is there: the same seed gives the same random choice in every call, so that a gradient can be checked. **0 is a seed too.** Without a seed, every call makes a new choice.
#
# `np.random.default_rng(seed)` is a generator of random numbers that starts from `seed`; `np.random.default_rng(None)` starts somewhere new each time. `param.get("seed")` is the seed, or
# `None` if there is none.
#
# Nobody can test "is this the right random number?". What can be tested are the things that hold *whatever* the numbers are: how often something is kept, what the mean is and how far values scatter
# around it, that the backward pass uses the choice of the forward pass, that `p = 1` changes nothing, and that test mode has no randomness in it. The tests do exactly that. Each limit is wide enough (six standard
# deviations) that a right answer never fails by bad luck.
#
# ## Exercise 1 · Dropout, forwards  `[10 points · ●●○ · 20 min]`
#
# In training, **dropout** sets each number of `x` to zero with probability $1 - p$, each by a coin of its own: no unit can rely on another one being there. So a unit has to be useful
# together with almost any others, and the network cannot store an example in a fragile conspiracy of a few. Seen differently, each batch trains another, *thinned* network, and all $2^n$ of
# them share their weights.
#
# With a **mask** $m$ of independent zeros and ones, 1 with probability $p$:
#
# $$\text{train:}\quad \text{out} = \frac{m}{p} \odot x \qquad\qquad \text{test:}\quad \text{out} = x$$
#
# Why divide by $p$? The mean of $m$ is $p$, so the mean of $m x / p$ is $x$: the next layer sees, on average, what it will see at test time, when nothing is dropped. Without the division
# everything at test time is $1/p$ times as large as anything the next layer was trained on. This form, with the scaling in training, is called **inverted dropout**. Its price is noise: the variance of
# an output is $x^2 (1 - p)/p$.
#
# What the tests look at: `x` of any shape, a coin for every single number in it (not one for a row or a column), `x` unchanged, test mode exact, any other mode a `ValueError`, the seed (0 too)
# respected, and a fresh mask in each call without seed. What you put into `cache` is up to you, as long as your backward pass finds in it what it needs.
#
# <details><summary>Hint</summary>
#
# `rng.random(x.shape) < p` is an array of True and False, True with probability p. It may be divided by p like numbers. Put the scaled mask into the cache.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_forward(x, dropout_param):
    """Inverted dropout, forward pass.

    Parameters
    ----------
    x : array of any shape
    dropout_param : dict with 'p', the probability of keeping each entry; 'mode', 'train' or 'test'; and perhaps 'seed'

    Returns
    -------
    out : same shape as x
    cache : what the backward pass needs

    Raises
    ------
    ValueError : any other mode
    """
    ### BEGIN SOLUTION
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode not in ("train", "test"):
        raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
    if mode == "test":
        return x, None
    kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
    mask = kept.astype(x.dtype) / p
    return x * mask, mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_forward_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: 4000 ones, four of five kept, in an array of three axes. Each becomes 0 or 1 / 0.8 = 1.25, and
# their mean stays near 1. Then other numbers, one of four kept.
x = np.ones((8, 5, 100))
out, cache = checks.unpack(
    dropout_forward(x, {"p": 0.8, "mode": "train"}), "out", "cache", what="dropout_forward"
)
checks.shape(out, (8, 5, 100), "the shape of out")
checks.equal(np.unique(out), [0, 1.25], "ones become 0 or 1.25", hint="what is kept is divided by p")
kept = np.asarray(out) != 0
checks.holds(
    np.any(kept[0] != kept[1]) and np.any(kept[:, 0] != kept[:, 1]) and np.any(kept[..., 0] != kept[..., 1]),
    "each number has a coin of its own",
    hint="draw as many random numbers as x has entries",
)
checks.holds(
    abs(np.mean(out) - 1) < 0.05,
    "the mean stays where it was",
    f"the mean of the ones is {np.mean(out):.3f} after dropout",
    hint="p is the probability of KEEPING, and what is kept is divided by p",
)
x = np.linspace(1, 2, 4000).reshape(40, 100)
out = np.asarray(dropout_forward(x.copy(), {"p": 0.25, "mode": "train"})[0])
checks.close(
    out, np.where(out != 0, 4 * x, 0), "p = 0.25: what is kept is 4 x", hint="divide what is kept by p"
)
checks.holds(
    abs(np.mean(out != 0) - 0.25) < 0.05, "p = 0.25: a quarter is kept", f"{np.mean(out != 0):.1%} are kept"
)
test_out, _ = dropout_forward(x.copy(), {"p": 0.8, "mode": "test"})
checks.equal(test_out, x, "test mode changes nothing", hint="in test mode, out is x")

# %% nbgrader={"grade": true, "grade_id": "dropout_forward_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: other modes, the seed, and x left as it is.
x = np.linspace(1, 2, 4000).reshape(40, 100)
before = x.copy()
for mode in ("Train", "eval"):
    checks.raises(
        ValueError, dropout_forward, x, {"p": 0.25, "mode": mode}, what=f"mode {mode!r} raises ValueError"
    )
for seed, hint in [(3, "start the generator from dropout_param['seed']"), (0, "0 is a seed, too")]:
    one, two = (
        np.asarray(dropout_forward(x, {"p": 0.25, "mode": "train", "seed": seed})[0]) for _ in range(2)
    )
    checks.unchanged(x, before, "x", hint="`x *= mask` changes the caller's array")
    checks.close(one, np.where(one != 0, 4 * before, 0), f"seed {seed}: what is kept is 4 x")
    checks.holds(
        abs(np.mean(one != 0) - 0.25) < 0.05,
        f"seed {seed}: a quarter is kept",
        f"{np.mean(one != 0):.1%} are",
    )
    share = np.mean(one != 0, axis=0)
    checks.holds(np.any((share > 0) & (share < 1)), f"seed {seed}: each number has a coin of its own")
    checks.equal(two, one, f"seed {seed} twice gives the same mask", hint=hint)
one, two = (np.asarray(dropout_forward(x, {"p": 0.25, "mode": "train"})[0]) for _ in range(2))
checks.holds(
    (one != two).any(),
    "without a seed, every call has a new mask",
    hint="default_rng(None), not default_rng(0)",
)
checks.equal(
    dropout_forward(x, {"p": 0.25, "mode": "test", "seed": 3})[0],
    before,
    "test mode changes nothing, seed or not",
)

# %% nbgrader={"grade": true, "grade_id": "dropout_forward_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: shares, mean and variance, shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(61)
# one coin a number: a mask of one row would drop a unit for the whole batch, one of one column a whole example
out, _ = checks.unpack(
    dropout_forward(np.ones((150, 150)), {"p": 0.5, "mode": "train"}), "out", "cache", what="dropout_forward"
)
kept = np.asarray(out) != 0
for axis, whose in [(0, "column"), (1, "row")]:
    share = kept.mean(axis=axis)
    checks.holds(
        share.min() > 0 and share.max() < 1,
        f"no {whose} is kept or dropped as a whole",
        hint="draw one random number for every entry: rng.random(x.shape)",
    )
checks.holds(
    np.corrcoef(kept[:-1].ravel(), kept[1:].ravel())[0, 1] < 0.1,
    "rows have masks of their own",
    hint="rng.random(x.shape) draws them all",
)
# both sides of one half: keeping and dropping must not be confused; vectors, matrices and pictures
for p, shape in [(0.25, (400, 150)), (0.75, (50, 8, 12, 10)), (0.5, (40000,))]:
    x = rng.uniform(0.5, 2.0, size=shape)
    out = np.asarray(dropout_forward(x.copy(), {"p": p, "mode": "train"})[0])
    checks.shape(out, shape, f"the shape of out, for x of shape {shape}")
    kept = out != 0
    bound = 6 * np.sqrt(p * (1 - p) / x.size)
    checks.holds(
        abs(kept.mean() - p) < bound,
        f"p = {p}: the share that is kept",
        f"expected {p} up to {bound:.3f}",
        f"got      {kept.mean():.3f}",
        hint="p is the probability of KEEPING: rng.random(x.shape) < p",
    )
    checks.close(
        out, np.where(kept, x / p, 0), f"p = {p}: what is kept is x / p", hint="divide what is kept by p"
    )
    checks.equal(
        dropout_forward(x.copy(), {"p": p, "mode": "test"})[0],
        x,
        f"test mode with p = {p}",
        hint="out is x, unscaled",
    )
out = np.asarray(dropout_forward(np.full(100000, 3.0), {"p": 0.4, "mode": "train"})[0])
checks.close(out.mean(), 3.0, "the mean of 100,000 threes", rtol=0.025, hint="divide what is kept by p")
checks.close(out.var(), 9 * 0.6 / 0.4, "their variance, x * x * (1 - p) / p", rtol=0.03)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "dropout_forward_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the seed, other modes, p = 1, float32, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(62)
x = rng.normal(size=(100, 9, 10))
before, param = x.copy(), {"p": 0.3, "mode": "train", "seed": 2}
kept_param = dict(param)
out = np.asarray(dropout_forward(x, param)[0])
checks.unchanged(x, before, "x")
checks.equal(param, kept_param, "dropout_param is left as it was")
kept = out != 0
checks.close(out, np.where(kept, before / 0.3, 0), "what is kept is x / p", hint="divide what is kept by p")
checks.holds(abs(kept.mean() - 0.3) < 0.05, "p = 0.3: the share that is kept", f"it is {kept.mean():.2f}")
checks.holds(
    all(kept.mean(axis=axes).min() > 0 and kept.mean(axis=axes).max() < 1 for axes in (0, (1, 2))),
    "each number has a coin of its own",
)
# the seed: the same one twice, 0 among them; others; none
for seed, hint in [
    (7, "start the generator from dropout_param['seed']"),
    (0, "0 is a seed too: ask `is not None`"),
]:
    one, two = (dropout_forward(x, {"p": 0.6, "mode": "train", "seed": seed})[0] for _ in range(2))
    checks.equal(two, one, f"seed {seed} twice gives the same mask", hint=hint)
masks = [
    np.asarray(dropout_forward(x, {"p": 0.6, "mode": "train", "seed": seed})[0]) != 0 for seed in (0, 1, 2)
]
checks.holds(
    (masks[0] != masks[1]).any() and (masks[1] != masks[2]).any(),
    "other seeds give other masks",
    hint="start the generator from dropout_param['seed']",
)
param = {"p": 0.6, "mode": "train"}
one, two = (np.asarray(dropout_forward(x, param)[0]) for _ in range(2))
checks.holds(
    (one != two).any(),
    "without a seed, every call has a new mask",
    hint="default_rng(None), not default_rng(0)",
)
# nothing is dropped at p = 1, and nothing is random at test time
checks.close(dropout_forward(x, {"p": 1, "mode": "train"})[0], before, "p = 1 changes nothing")
for p in (0.1, 0.6):
    checks.equal(
        dropout_forward(x, {"p": p, "mode": "test"})[0],
        before,
        f"test mode with p = {p}",
        hint="out is x, unscaled",
    )
small = dropout_forward(x.astype(np.float32), {"p": 0.6, "mode": "train", "seed": 7})[0]
checks.finite(small, "float32 input")
kept = np.asarray(small) != 0
checks.close(small, np.where(kept, x / 0.6, 0), "float32 input: what is kept is x / p", rtol=1e-5)
for mode in ("eval", "TEST", None):
    checks.raises(
        ValueError,
        dropout_forward,
        x,
        {"p": 0.6, "mode": mode},
        what=f"mode {mode!r} raises ValueError",
        hint="accept 'train' and 'test', nothing else",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** A small network, and three of the thinned networks that dropout makes of it. Only the lines that are drawn are trained in that step.

# %% tags=["explore"]
layers = (5, 7, 7, 3)
thinned = [
    [dropout_forward(np.ones(n), {"p": 0.6, "mode": "train"})[0] > 0 for n in layers[1:3]] for _ in range(3)
]
plotting.show_thinned_networks(layers, thinned)
plt.show()

# %% [markdown]
# ## Exercise 1, continued · Dropout, backwards  `[6 points · ●○○ · 10 min]`
#
# Given the mask, dropout multiplies each number by a constant: $1/p$ or 0. So its gradient is multiplied by **the same** constant:
#
# $$\frac{\partial L}{\partial x} = \frac{m}{p} \odot \frac{\partial L}{\partial \text{out}}$$
#
# A new mask would be wrong: it would send gradients to units that had no part in the loss. In test mode, where out is x, the gradient passes through as it is.
#
# <details><summary>Hint</summary>
#
# Where is the forward pass's mask? In the cache. It cannot be read off `out`: a unit that is zero after a ReLU looks just like one that was dropped.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(dout, cache):
    """Inverted dropout, backward pass.

    Parameters
    ----------
    dout : upstream gradient, in the shape of x
    cache : from `dropout_forward`

    Returns
    -------
    dx : same shape as dout
    """
    ### BEGIN SOLUTION
    return dout if cache is None else dout * cache
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_backward_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: numbers of which we see what each was multiplied by; the gradient has to be multiplied by the
# same. Then the gradient by centred differences, with the mask held fixed by a seed.
rng = np.random.default_rng(5)
x, dout = rng.uniform(1, 2, size=(3, 4, 5)), rng.normal(size=(3, 4, 5))
out, cache = dropout_forward(x.copy(), {"p": 0.3, "mode": "train"})
factor = np.asarray(out) / x
for attempt in ("the gradient goes where the value went", "and again, if it is asked for twice"):
    checks.close(
        dropout_backward(dout.copy(), cache),
        dout * factor,
        attempt,
        hint="dout times the scaled mask of the forward pass",
    )
param = {"p": 0.6, "mode": "train", "seed": 1}
dx = dropout_backward(dout.copy(), dropout_forward(x.copy(), param)[1])
gradcheck.check(lambda z: dropout_forward(z, param)[0], x, dx, "dx by centred differences", df=dout)

# %% nbgrader={"grade": true, "grade_id": "dropout_backward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: test mode, numbers that are zero for another reason, two layers at once, dout left as it is.
rng = np.random.default_rng(6)
x, dout = np.maximum(rng.normal(size=(6, 5)), 0), rng.normal(size=(6, 5))
before = dout.copy()
dx = dropout_backward(dout, dropout_forward(x, {"p": 0.5, "mode": "test"})[1])
checks.unchanged(dout, before, "dout")
checks.close(dx, before, "in test mode it passes through", hint="dx is dout")
param = {"p": 0.5, "mode": "train", "seed": 2}
ones, _ = dropout_forward(np.ones((6, 5)), param)
_, cache = dropout_forward(x, param)
dropout_forward(x, {"p": 0.5, "mode": "train", "seed": 3})  # another layer, with another mask
dx = dropout_backward(dout, cache)
checks.unchanged(dout, before, "dout", hint="`dout *= ...` changes the caller's array")
checks.close(
    dx,
    before * ones,
    "after a ReLU, and with a second layer in between: the mask of the cache",
    hint="take the mask from the cache of that call: not from out, which is zero for other reasons too, and not from a global variable",
)

# %% nbgrader={"grade": true, "grade_id": "dropout_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes and p.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(62)
for p, shape in [(0.3, (7, 11)), (0.8, (3, 2, 4, 5)), (0.5, (2, 9))]:
    x, dout = rng.uniform(0.5, 2.0, size=shape), rng.normal(size=shape)
    out, cache = dropout_forward(x.copy(), {"p": p, "mode": "train"})
    # a mask drawn anew differs the second time
    for attempt in ("the gradient", "the gradient, asked for twice"):
        checks.close(
            dropout_backward(dout.copy(), cache),
            dout * np.asarray(out) / x,
            f"p = {p}: {attempt}",
            hint="the mask of the forward pass, divided by p, times dout",
        )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "dropout_backward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: zeros in x, several layers at once, test mode, float32, p = 1.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(63)
# after a ReLU half of x is zero, kept or not: the mask must not be guessed from out
x, dout = np.maximum(rng.normal(size=(8, 13)), 0), rng.normal(size=(8, 13))
before, param = dout.copy(), {"p": 0.6, "mode": "train", "seed": 3}
_, cache = dropout_forward(x, param)
dx = dropout_backward(dout, cache)
checks.unchanged(dout, before, "dout")
gradcheck.check(
    lambda z: dropout_forward(z, param)[0],
    x,
    dx,
    "dx where x has zeros",
    df=before,
    hint="take the mask from the cache; out is zero for other reasons too",
)
# a network has many dropout layers: each backward pass needs the mask of its own forward pass
first, cache_1 = dropout_forward(np.ones((5, 6)), {"p": 0.5, "mode": "train"})
second, cache_2 = dropout_forward(np.ones((5, 6)), {"p": 0.5, "mode": "train"})
dout = rng.normal(size=(5, 6))
checks.close(
    dropout_backward(dout, cache_1),
    dout * first,
    "two layers: the first one's mask",
    hint="each call's mask goes into the cache of that call, not into a global variable",
)
checks.close(dropout_backward(dout, cache_2), dout * second, "two layers: the second one's mask")
for param, shape in [({"p": 0.3, "mode": "test"}, (8, 13)), ({"p": 1.0, "mode": "train"}, (1, 6))]:
    x, dout = rng.normal(size=shape), rng.normal(size=shape)
    _, cache = dropout_forward(x, param)
    checks.close(
        dropout_backward(dout, cache), dout, f"{param}: dx is dout", hint="in test mode dx is dout, unscaled"
    )
x, dout, param = rng.normal(size=(4, 7)), rng.normal(size=(4, 7)), {"p": 0.6, "mode": "train", "seed": 3}
_, cache = dropout_forward(x.astype(np.float32), param)
small = dropout_backward(dout.astype(np.float32), cache)
checks.close(small, dropout_backward(dout, dropout_forward(x, param)[1]), "float32 input", rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2 · Dropout as it was first written  `[4 points · ●○○ · 5 min]`
#
# In the first papers (Hinton and others, 2012; Srivastava and others, 2014) training only multiplied by the mask, $\text{out} = m \odot x$, without dividing. Training then sees $p\,x$ on average, so it is
# the **test** pass that has to scale: each unit's output is multiplied by $p$.
#
# You will meet this form in old code. The networks are the same up to scale, but every prediction pays for the multiplication, and whoever writes the prediction must know
# what happened in training. That is why today's libraries use the inverted form.
#
# Write what the original form does **at test time**.
#
# <details><summary>Hint</summary>
#
# One line, no random numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropout_predict_scaled", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_predict_scaled(x, p):
    """Original dropout at test time: the mean over all masks of `mask * x`.

    Parameters
    ----------
    x : array of any shape
    p : probability with which a unit was kept in training

    Returns
    -------
    out : same shape as x
    """
    ### BEGIN SOLUTION
    return p * x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_predict_scaled_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: kept one time in four, 2 and -4 are 0.5 and -1 on average.
for attempt in ("2 and -4 at p = 0.25", "the same again"):
    checks.close(
        dropout_predict_scaled(np.array([[2.0], [-4.0]]), 0.25),
        [[0.5], [-1.0]],
        attempt,
        hint="scale by the probability of keeping; nothing is random at test time",
    )

# %% nbgrader={"grade": true, "grade_id": "dropout_predict_scaled_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: x is left as it is.
x = np.array([2.0, -4.0])
checks.close(dropout_predict_scaled(x, 0.75), [1.5, -3.0], "2 and -4 at p = 0.75")
checks.unchanged(x, np.array([2.0, -4.0]), "x", hint="`x *= p` changes the caller's array")

# %% nbgrader={"grade": true, "grade_id": "dropout_predict_scaled_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the mean over every possible mask.
### BEGIN HIDDEN TESTS
from itertools import product

rng = np.random.default_rng(63)
for p in (0.1, 0.5, 0.9, 1.0):
    x = rng.normal(size=(2, 3, 4))
    # eight masks for the three units in the middle, each with its probability: their mean is known exactly
    masks = np.array(list(product([0, 1], repeat=3)))
    weights = p ** masks.sum(axis=1) * (1 - p) ** (3 - masks.sum(axis=1))
    average = sum(w * x * m[None, :, None] for w, m in zip(weights, masks, strict=True))
    found = dropout_predict_scaled(x.copy(), p)
    checks.close(found, average, f"p = {p}: the mean over all masks", hint="the mean of a mask is p")
    checks.equal(
        dropout_predict_scaled(x.copy(), p),
        found,
        f"p = {p}: twice the same",
        hint="test time has no randomness",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "dropout_predict_scaled_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: float32, x left as it is.
### BEGIN HIDDEN TESTS
x = np.random.default_rng(64).normal(size=(3, 5))
before = x.copy()
found = dropout_predict_scaled(x, 0.3)
checks.unchanged(x, before, "x")
checks.close(found, 0.3 * before, "p = 0.3")
checks.close(dropout_predict_scaled(x.astype(np.float32), 0.3), 0.3 * before, "float32 input", rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Both forms of dropout, on a unit whose output is 1. Each dot is measured on 20,000 masks, each line is the formula. In both forms the mean of training is the value at test time: that is the
# point of dropout. But the inverted form has the larger variance, $(1-p)/p$ against $p(1-p)$: it is the same noise, magnified with the signal.

# %% tags=["explore"]
unit = np.ones(20000)
ps = np.linspace(0.1, 1, 10)
inverted = [dropout_forward(unit, {"p": p, "mode": "train"})[0] for p in ps]
original = [p * out for p, out in zip(ps, inverted, strict=True)]  # without the division by p
at_test = [dropout_predict_scaled(1.0, p) for p in ps]
plotting.show_mean_and_spread(ps, inverted, original, at_test)
plt.show()

# %% [markdown]
# ## Exercise 3 · A network with dropout  `[12 points · ●●● · 30 min]`
#
# Dropout goes after the ReLU of each **hidden** layer:
#
# $$\big[\,\text{affine} \to \text{ReLU} \to \text{dropout}\,\big] \times (L - 1) \;\to\; \text{affine} \to \text{softmax}$$
#
# The scores are never dropped, and the pictures are not either. The constructor is given: it makes the weights `W1`, `b1` ... `WL`, `bL` in the dict `params`, and `self.dropout_param` with the keep ratio (and the seed, if one is
# given). `self.num_layers` is $L$, the number of affine layers. Write
#
# - `scores(X, mode)`, the forward pass in training or in test mode. Besides the scores it returns a list of what the backward pass needs: what it holds is up to you.
# - `loss(X, y)`. **Without labels**, it returns the scores in *test* mode: they are for predictions, and predictions are not random. **With labels**, it runs in *train* mode and returns the loss
#   and the gradients, in a dict with the keys of `params`. The penalty is `reg * sum(W * W)` over all weight matrices (no one half, no biases).
#
# Everything is computed in `self.dtype`, that of the weights, whatever dtype the pictures come in: convert X first.
#
# <details><summary>Hint</summary>
#
# `self.dropout_param | {"mode": mode}` is a copy of the dict with the mode in it. Keep one tuple of three caches for each hidden layer. Going back, the order is that of the forward pass reversed: affine of the last layer,
# then for each hidden layer dropout, ReLU, affine.
# </details>


# %% nbgrader={"grade": false, "grade_id": "FullyConnectedNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class FullyConnectedNet:
    """A fully connected ReLU network of any depth, with dropout after each hidden layer.

    Parameters
    ----------
    hidden_dims : list of the sizes of the hidden layers
    input_dim : D, numbers in one example
    num_classes : C
    dropout_keep_ratio : p of dropout; 1 switches it off
    reg : strength of the penalty reg * sum(W * W)
    weight_scale : standard deviation of the first weights; None takes He's, the root of 2 / fan_in
    dtype : of the parameters and of all computation
    seed : if given, of every mask, so that all passes drop the same units (for gradient checks)
    rng : numpy.random.Generator for the first weights (or a seed for one)
    """

    def __init__(
        self,
        hidden_dims,
        input_dim,
        num_classes,
        dropout_keep_ratio=1.0,
        reg=0.0,
        weight_scale=None,
        dtype=np.float32,
        seed=None,
        rng=None,
    ):
        self.num_layers = len(hidden_dims) + 1
        self.reg, self.dtype = reg, dtype
        self.dropout_param = {"p": dropout_keep_ratio}
        if seed is not None:
            self.dropout_param["seed"] = seed
        rng = np.random.default_rng(rng)
        self.params = {}
        for layer, (fan_in, fan_out) in enumerate(pairwise([input_dim, *hidden_dims, num_classes]), start=1):
            scale = np.sqrt(2 / fan_in) if weight_scale is None else weight_scale
            self.params[f"W{layer}"] = (scale * rng.normal(size=(fan_in, fan_out))).astype(dtype)
            self.params[f"b{layer}"] = np.zeros(fan_out, dtype)

    def scores(self, X, mode="test"):
        """Forward pass up to the scores.

        Parameters
        ----------
        X : (N, d_1, ..., d_k) examples; d_1 * ... * d_k = D. They are converted to the network's dtype
        mode : 'train' drops units, 'test' does not

        Returns
        -------
        scores : (N, C)
        caches : list, for the backward pass
        """
        ### BEGIN SOLUTION
        dropout_param = self.dropout_param | {"mode": mode}
        out, caches = X.astype(self.dtype), []
        for layer in range(1, self.num_layers):
            out, affine_cache = affine_forward(out, self.params[f"W{layer}"], self.params[f"b{layer}"])
            out, relu_cache = relu_forward(out)
            out, dropout_cache = dropout_forward(out, dropout_param)
            caches.append((affine_cache, relu_cache, dropout_cache))
        last = self.num_layers
        scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        return scores, [*caches, cache]
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores at test time, or the loss and its gradients in training.

        Parameters
        ----------
        X : (N, d_1, ..., d_k) examples
        y : (N,) labels, or None

        Returns
        -------
        scores : (N, C), if y is None
        loss, grads : number, and dict with the keys of `params`, otherwise
        """
        ### BEGIN SOLUTION
        scores, caches = self.scores(X, "test" if y is None else "train")
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads, last = {}, self.num_layers
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dout, caches[-1])
        for layer in range(last - 1, 0, -1):
            affine_cache, relu_cache, dropout_cache = caches[layer - 1]
            dout = relu_backward(dropout_backward(dout, dropout_cache), relu_cache)
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(dout, affine_cache)
        for layer in range(1, last + 1):
            W = self.params[f"W{layer}"]
            loss += self.reg * np.sum(W * W)
            grads[f"W{layer}"] += 2 * self.reg * W
        return loss, grads
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: a network small enough for a sheet of paper, nothing dropped. The hidden units are (1, 2) and
# (3, 0), the scores below; the data loss is the mean of log(1 + exp(-2.5)) and log(1 + exp(-3.5)).
net = FullyConnectedNet([2], 2, 2, dropout_keep_ratio=1.0, reg=0.1, dtype=np.float64)
net.params["W1"], net.params["b1"] = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([0.0, 1.0])
net.params["W2"], net.params["b2"] = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.5, 0.0])
X, y = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([1, 0])
checks.close(
    net.loss(X), [[1.5, 4.0], [3.5, 0.0]], "scores, by hand", hint="without labels, return the scores alone"
)
loss, grads = checks.unpack(net.loss(X, y), "loss", "grads", what="with labels, loss(X, y)")
checks.close(
    loss,
    0.8 + np.mean(np.log1p(np.exp([-2.5, -3.5]))),
    "loss with reg = 0.1, by hand: the squares of all weights add up to 8",
    hint="reg * sum(W * W) for every weight matrix: no one half, no biases",
)
# Two hidden layers with dropout: test mode, and gradients with the masks held fixed by a seed.
rng = np.random.default_rng(6)
X, y = rng.normal(size=(5, 2, 4)), np.array([0, 2, 1, 2, 0])
net = FullyConnectedNet([7, 6], 8, 3, dropout_keep_ratio=0.5, reg=0.1, dtype=np.float64, seed=5, rng=1)
for parameter in ("b1", "b2", "b3"):
    net.params[parameter] = 0.5 * rng.normal(size=len(net.params[parameter]))
plain = FullyConnectedNet([7, 6], 8, 3, dropout_keep_ratio=1.0, dtype=np.float64)
plain.params = {parameter: value.copy() for parameter, value in net.params.items()}
scores = net.loss(X)
checks.shape(scores, (5, 3), "loss(X) gives scores")
checks.close(
    scores,
    plain.loss(X),
    "scores with dropout are those without",
    hint="without labels the mode is 'test': nothing is dropped, nothing scaled",
)
_, grads = checks.unpack(net.loss(X, y), "loss", "grads", what="with labels, loss(X, y)")
checks.equal(sorted(grads), ["W1", "W2", "W3", "b1", "b2", "b3"], "a gradient for each parameter")


def loss_with(name, value):
    """The loss when the parameter `name` has another value."""
    usual, net.params[name] = net.params[name], value
    try:
        return net.loss(X, y)[0]
    finally:
        net.params[name] = usual


for parameter in sorted(grads):
    gradcheck.check(
        lambda value, name=parameter: loss_with(name, value),
        net.params[parameter],
        grads[parameter],
        f"d{parameter}",
        hint="each layer's own cache, in the opposite order; nothing follows the last affine layer but softmax; "
        "the penalty has a gradient",
    )
# Which numbers are dropped? Weights that keep every unit alive, one example: a zero gradient marks a dropped unit.
net = FullyConnectedNet([400, 400], 30, 20, dropout_keep_ratio=0.25, dtype=np.float64, rng=2)
for parameter in ("W1", "W2"):
    net.params[parameter] = np.abs(net.params[parameter]) + 0.01
_, grads = net.loss(np.full((1, 30), 0.01), np.array([4]))
alive = {parameter: np.mean(np.asarray(grads[parameter]) != 0) for parameter in ("b1", "b2", "b3")}
for parameter in ("b1", "b2"):
    checks.holds(
        0.1 < alive[parameter] < 0.4,
        f"about a quarter of hidden layer {parameter[1]} takes part",
        f"it is {alive[parameter]:.0%}",
        hint="dropout after each hidden layer, with p = dropout_keep_ratio",
    )
checks.holds(alive["b3"] == 1, "no score is dropped", hint="the last layer has no dropout")
checks.holds(
    np.all(np.any(np.asarray(grads["W1"]) != 0, axis=1)), "no input is dropped", hint="dropout follows a ReLU"
)

# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_check_2", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: new masks in each step if there is no seed; float32 stays float32; X is left as it is.
rng = np.random.default_rng(7)
X, y = rng.normal(size=(5, 8)), np.array([0, 2, 1, 2, 0])
before = X.copy()
net = FullyConnectedNet([7, 6], 8, 3, dropout_keep_ratio=0.5, rng=1)
scores, found = net.loss(X), [net.loss(X, y) for _ in range(8)]
checks.unchanged(X, before, "X")
checks.dtype(scores, np.float32, "scores of a float32 network", hint="X.astype(self.dtype)")
checks.dtype(found[0][1]["W1"], np.float32, "gradients of a float32 network")
checks.close(net.loss(X), scores, "the same scores as before", hint="without labels the mode is 'test'")
losses = [loss for loss, _ in found]
checks.holds(
    max(losses) > min(losses),
    "the training loss is random",
    hint="with labels the mode is 'train': units are dropped, other ones in each step",
)

# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other depths, the penalty, which units are dropped, and when.
### BEGIN HIDDEN TESTS
from scipy.special import log_softmax

rng = np.random.default_rng(64)


def fill(net, rng):
    """Random weights and biases; returns them layer by layer."""
    for name in net.params:
        net.params[name] = rng.normal(size=np.shape(net.params[name])) * 0.5
    count = len(net.params) // 2
    return [(np.array(net.params[f"W{i}"]), np.array(net.params[f"b{i}"])) for i in range(1, count + 1)]


def plain_scores(weights, X):
    """What the network answers when nothing is dropped."""
    out = X.reshape(len(X), -1)
    for W, b in weights[:-1]:
        out = np.maximum(out @ W + b, 0)
    return out @ weights[-1][0] + weights[-1][1]


def at(net, name, value, X, y):
    """The training loss at another value of one parameter."""
    before = net.params[name]
    net.params[name] = value
    found = net.loss(X, y)[0]
    net.params[name] = before
    return found


# which numbers are dropped? One example, weights that keep every unit alive: a zero gradient marks a dropped unit
net = FullyConnectedNet([600, 500], input_dim=40, num_classes=30, dropout_keep_ratio=0.25, dtype=np.float64)
for name in ("W1", "W2"):
    net.params[name] = np.abs(rng.normal(size=np.shape(net.params[name]))) + 0.1
net.params["W3"] = 1e-4 * rng.normal(size=(500, 30))
_, grads = net.loss(np.abs(rng.normal(size=(1, 40))) * 0.01 + 0.001, np.array([4]))
for name, width in [("b1", 600), ("b2", 500)]:
    share, bound = np.mean(np.asarray(grads[name]) != 0), 6 * np.sqrt(0.25 * 0.75 / width)
    checks.holds(
        abs(share - 0.25) < bound,
        f"the share of hidden layer {name[1]} that takes part",
        f"expected 0.25 up to {bound:.2f}",
        f"got      {share:.2f}",
        hint="dropout after each hidden layer, with p = dropout_keep_ratio, in training",
    )
checks.holds(
    np.all(np.asarray(grads["b3"]) != 0), "no score is dropped", hint="the last layer has no dropout"
)
checks.holds(
    np.all(np.any(np.asarray(grads["W1"]) != 0, axis=1)),
    "no input is dropped",
    hint="dropout follows each ReLU",
)
# one layer, two, four: is the number of layers written in? N = 1, and pictures of more than one axis
for hidden, shape, keep in [
    ([], (4, 5), 0.5),
    ([9], (6, 2, 3), 0.3),
    ([8, 5, 6], (3, 7), 0.7),
    ([6], (2, 4), 1.0),
]:
    X, y = rng.normal(size=shape), rng.integers(3, size=shape[0])
    net = FullyConnectedNet(
        hidden,
        input_dim=int(np.prod(shape[1:])),
        num_classes=3,
        dropout_keep_ratio=keep,
        reg=0.3,
        dtype=np.float64,
        seed=11,
    )
    weights = fill(net, rng)
    expected = plain_scores(weights, X)
    loss, grads = checks.unpack(net.loss(X.copy(), y.copy()), "loss", "grads", what="loss(X, y)")
    checks.close(
        net.loss(X.copy()),
        expected,
        f"hidden layers {hidden}: scores after a training step",
        hint="scores are for predictions: nothing is dropped, nothing scaled",
    )
    for name in sorted(net.params):
        gradcheck.check(
            lambda value, net=net, name=name, X=X, y=y: at(net, name, value, X, y),
            net.params[name],
            grads[name],
            f"hidden layers {hidden}: d{name}",
            hint="the caches of each layer, in the opposite order of the forward pass",
        )
    if keep == 1 or not hidden:
        penalty = 0.3 * sum(np.sum(W * W) for W, _ in weights)
        data_loss = -np.mean(log_softmax(expected, axis=1)[np.arange(len(y)), y])
        checks.close(
            loss,
            data_loss + penalty,
            f"hidden layers {hidden}, keep ratio {keep}: the loss",
            hint="reg * sum(W * W) over all weight matrices, no one half, no biases",
        )
# averaged over masks, what the first hidden layer hands on is what it hands on at test time
net = FullyConnectedNet([2000], input_dim=3, num_classes=2, dropout_keep_ratio=0.5, dtype=np.float64)
net.params["W1"], net.params["b1"] = np.zeros((3, 2000)), np.ones(2000)
net.params["W2"], net.params["b2"] = np.tile([0.001, 0.0], (2000, 1)), np.zeros(2)
checks.close(
    np.mean([net.loss(np.ones((1, 3)), np.array([0]))[0] for _ in range(20)]),
    np.log1p(np.exp(-2.0)),
    "the mean training loss of 2000 equal units",
    rtol=0.1,
    hint="kept units are divided by p, once",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_hidden_2", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: a batch of one, both dtypes, new masks, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(65)
for dtype, given in [(np.float32, np.float64), (np.float64, np.float32)]:
    net = FullyConnectedNet([6], input_dim=4, num_classes=3, reg=0.3, dtype=dtype, rng=3)
    for name in net.params:
        net.params[name] = rng.normal(size=np.shape(net.params[name])).astype(dtype)
    X, y = rng.normal(size=(1, 4)).astype(given), np.array([2])
    before = X.copy()
    hidden = np.maximum(X @ np.asarray(net.params["W1"]) + net.params["b1"], 0)
    expected = hidden @ np.asarray(net.params["W2"]) + net.params["b2"]
    penalty = 0.3 * sum(np.sum(np.square(net.params[name])) for name in ("W1", "W2"))
    data_loss = np.log(np.sum(np.exp(expected - expected[0, 2])))
    what = f"a batch of one, {np.dtype(dtype).name} network"
    scores = net.loss(X)
    checks.close(scores, expected, f"{what}: scores", rtol=1e-4, atol=1e-5)
    checks.dtype(scores, dtype, f"{what}: scores are of its dtype", hint="X.astype(self.dtype)")
    loss, grads = net.loss(X, y)
    checks.close(loss, data_loss + penalty, f"{what}: loss", rtol=1e-4)
    for name in sorted(net.params):
        checks.dtype(grads[name], dtype, f"{what}: d{name}")
    checks.unchanged(X, before, "X")
net = FullyConnectedNet([50], input_dim=4, num_classes=3, dropout_keep_ratio=0.5, dtype=np.float64, rng=3)
losses = [net.loss(np.ones((2, 4)), np.array([0, 1]))[0] for _ in range(8)]
checks.holds(max(losses) > min(losses), "without a seed, masks are new each time")
net = FullyConnectedNet(
    [50], input_dim=4, num_classes=3, dropout_keep_ratio=0.5, dtype=np.float64, seed=4, rng=3
)
losses = [net.loss(np.ones((2, 4)), np.array([0, 1]))[0] for _ in range(3)]
checks.holds(max(losses) == min(losses), "with a seed, all passes drop the same units")
# what the constructor promises: He's weights or those asked for, from the generator given, no penalty, nothing dropped
for asked, deviation in [({}, np.sqrt(2 / 300)), ({"weight_scale": 0.5}, 0.5)]:
    nets = [FullyConnectedNet([400], 300, 10, rng=seed, **asked) for seed in (3, 3, 4)]
    first = [np.asarray(net.params["W1"]) for net in nets]
    checks.close(first[0].std(), deviation, f"{asked or 'by default'}: the deviation of W1", rtol=0.05)
    checks.equal(first[1], first[0], "the same rng gives the same weights", hint="draw from rng")
    checks.holds((first[2] != first[0]).any(), "another rng gives others")
    checks.dtype(nets[0].params["b1"], np.float32, "parameters are float32 by default")
    checks.equal(nets[0].params["b1"], np.zeros(400), "biases start at zero")
for name in ("W1", "W2"):
    nets[0].params[name] = 0 * np.asarray(nets[0].params[name])
nets[0].params["b2"] = np.arange(10, dtype=np.float32)
loss = nets[0].loss(np.ones((2, 300)), np.array([9, 9]))[0]
checks.close(loss, np.log(np.sum(np.exp(np.arange(10.0) - 9))), "no penalty by default", rtol=1e-5)
nets[1].reg = 0.0
losses = [nets[1].loss(np.ones((2, 300)), np.array([9, 9]))[0] for _ in range(3)]
checks.holds(max(losses) == min(losses), "by default nothing is dropped")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Two networks of 200 hidden units on 1000 pictures, one with dropout. The plain one knows its training pictures almost by heart, and that does not help it with others. Dropout keeps the curves closer together.
#
# The training loop of this notebook stands in the next cell. Pictures come as floats between 0 and 1; the mean picture is subtracted inside, so that exercise 8 can change the pictures before.

# %% tags=["explore"]
data = load_picturebook(num_train=1000, num_val=2000, num_test=0)
pictures = {
    "X_train": (data.X_train / 255).astype(np.float32),
    "y_train": data.y_train,
    "X_val": (data.X_val / 255).astype(np.float32),
    "y_val": data.y_val,
}
mean_picture = pictures["X_train"].mean(axis=0)
momentum = load_functions("05-optimizers", "sgd_momentum")


class OnPictures:
    """A network that subtracts the mean picture; in training it sees the pictures through `augment` first."""

    def __init__(self, net, augment=None):
        self.net, self.augment, self.params = net, augment, net.params

    def loss(self, X, y=None):
        if y is not None and self.augment is not None:
            X = self.augment(X)
        return self.net.loss(X - mean_picture, y)


def train(net, augment=None, epochs=40):
    """Train with momentum and a rate that falls to nearly nothing; returns the Solver."""
    solver = Solver(
        OnPictures(net, augment),
        pictures,
        momentum,
        {"learning_rate": 0.02},
        lambda lr0, t: lr0 * (1 - 0.95 * t / epochs),
        rng=1,
        num_epochs=epochs,
        verbose=False,
    )
    solver.train()
    return solver


sizes = {"hidden_dims": [200], "input_dim": 3072, "num_classes": 10, "rng": 0}
solvers = {"plain": train(FullyConnectedNet(**sizes))}
dropout_net = FullyConnectedNet(**sizes, dropout_keep_ratio=0.5)
solvers["dropout 0.5"] = train(dropout_net)
plotting.show_gap_curves(solvers)
plt.show()

# %% [markdown]
# ## Exercise 4 · Averaging noisy passes  `[4 points · ●○○ · 10 min]`
#
# Test mode puts the *mean of each unit* through the network. That is cheap, one pass, but it is not the mean of the network's *answers*: softmax and ReLU are not linear. The honest average is
# to leave dropout on at test time, ask many times, and average the probabilities:
#
# $$\bar P(x) = \frac{1}{S} \sum_{s=1}^{S} P(x; \text{mask}_s)$$
#
# This is called **Monte Carlo dropout** (Gal and Ghahramani, 2016). The answers' scatter even says how sure the network is. The same function averages over random crops, random pooling regions, or anything else that is noisy.
#
# `forward_fn(X, rng)` makes one noisy pass: it takes its randomness from `rng` and returns an array of probabilities. Call it `samples` times, each time with the same generator `rng` (a generator goes on from where it stopped, so each pass differs), and
# return the mean. Average the probabilities, not the labels.
#
# <details><summary>Hint</summary>
#
# A sum that starts at 0, a loop, a division.
# </details>


# %% nbgrader={"grade": false, "grade_id": "monte_carlo_predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def monte_carlo_predict(forward_fn, X, samples, rng):
    """Average of several noisy predictions.

    Parameters
    ----------
    forward_fn : function (X, rng) -> (N, C) probabilities, random
    X : (N, ...) examples
    samples : number of passes, at least 1
    rng : numpy.random.Generator, handed to each pass

    Returns
    -------
    probabilities : (N, C)
    """
    ### BEGIN SOLUTION
    return sum(forward_fn(X, rng) for _ in range(samples)) / samples
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "monte_carlo_predict_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: three passes that answer in turn. For the first row the mean is (0.5, 0.5), for the second (0.8, 0.2).
X = np.array([[1.0, 7.0], [2.0, 7.0]])
answers = iter([(1.0, 0.9), (0.4, 0.6), (0.1, 0.9)])


def forward(pictures, rng):
    """The next answer, for the rows that it knows."""
    first, second = next(answers)
    first, second = (first, second) if pictures[0, 0] == 1 and pictures[1, 0] == 2 else (0.0, 0.0)
    return np.array([[first, 1 - first], [second, 1 - second]])


checks.close(
    monte_carlo_predict(forward, X.copy(), 3, np.random.default_rng(0)),
    [[0.5, 0.5], [0.8, 0.2]],
    "the mean of three answers for each row",
    hint="call forward_fn(X, rng) `samples` times, add up, divide by samples",
)
answers = iter([(1.0, 0.9)])
checks.close(
    monte_carlo_predict(forward, X.copy(), 1, np.random.default_rng(0)),
    [[1.0, 0.0], [0.9, 0.1]],
    "one answer",
    hint="samples = 1 is one pass",
)

# %% nbgrader={"grade": true, "grade_id": "monte_carlo_predict_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: one generator goes through all passes, the one that was given; X is left as it is.
X, follow = np.ones((2, 3)), np.random.default_rng(4)
expected = np.mean([follow.random((2, 3)) for _ in range(5)], axis=0)
found = monte_carlo_predict(
    lambda pictures, rng: pictures * rng.random((2, 3)), X, 5, np.random.default_rng(4)
)
checks.close(
    found, expected, "the mean of five noisy answers", hint="hand the same rng to every pass, without a copy"
)
checks.unchanged(X, np.ones((2, 3)), "X")

# %% nbgrader={"grade": true, "grade_id": "monte_carlo_predict_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: how often it asks, for what.
### BEGIN HIDDEN TESTS
X = np.random.default_rng(65).normal(size=(6, 5))
for samples in (1, 2, 25):
    seen = []

    def noisy(pictures, rng, seen=seen, samples=samples):
        """Probabilities that differ from pass to pass."""
        seen.append(np.array(pictures))
        return softmax(pictures[:, :4] * len(seen) + np.array([0.0, 1.0, 2.0, len(seen) ** 2]), axis=1)

    expected = np.mean(
        [softmax(X[:, :4] * i + np.array([0.0, 1.0, 2.0, i**2]), axis=1) for i in range(1, samples + 1)],
        axis=0,
    )
    found = monte_carlo_predict(noisy, X.copy(), samples, np.random.default_rng(samples))
    checks.equal(len(seen), samples, f"{samples} passes", hint="one call of forward_fn for each sample")
    checks.equal(seen[-1], X, "each pass gets X as it is")
    checks.close(found, expected, f"the mean of {samples} answers", hint="average probabilities, not labels")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "monte_carlo_predict_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the generator, X left as it is.
### BEGIN HIDDEN TESTS
X = np.random.default_rng(65).normal(size=(6, 5))
before = X.copy()
for samples in (1, 2, 25):
    replay = np.random.default_rng(samples)  # the same generator, followed by hand
    expected = np.mean(
        [softmax(X[:, :4] + replay.normal(size=(6, 4)), axis=1) for _ in range(samples)], axis=0
    )
    found = monte_carlo_predict(
        lambda pictures, rng: softmax(pictures[:, :4] + rng.normal(size=(len(pictures), 4)), axis=1),
        X,
        samples,
        np.random.default_rng(samples),
    )
    checks.close(
        found,
        expected,
        f"the mean of {samples} noisy answers",
        hint="hand the same rng to each pass; average probabilities, not labels",
    )
    checks.unchanged(X, before, "X")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The network with dropout from above, on the validation pictures. In our run one noisy pass was right about 39 times in 100, four or five fewer than test mode. The average of many noisy passes climbs back to
# test mode's accuracy and stays there. In the **loss** it goes further: from about ten passes on it is below test mode's. Where the masks disagree the average is less sure of itself, and a network that is wrong with
# less conviction has a smaller loss. What you pay is the number of passes.


# %% tags=["explore"]
def noisy_pass(X, rng):
    """Probabilities with units dropped by the given generator."""
    dropout_net.dropout_param["seed"] = int(rng.integers(2**31))
    probabilities = softmax(dropout_net.scores(X, mode="train")[0], axis=1)
    del dropout_net.dropout_param["seed"]
    return probabilities


def accuracy_and_loss(probabilities, y):
    """Share of right answers, and mean cross-entropy."""
    right = probabilities[np.arange(len(y)), y]
    return np.mean(probabilities.argmax(axis=1) == y), -np.mean(np.log(right))


rng = np.random.default_rng(0)
X_val, y_val = pictures["X_val"] - mean_picture, pictures["y_val"]
test_accuracy, test_loss = accuracy_and_loss(softmax(dropout_net.loss(X_val), axis=1), y_val)
counts = [1, 2, 4, 8, 16, 32]
averaged = np.array(
    [
        [accuracy_and_loss(monte_carlo_predict(noisy_pass, X_val, count, rng), y_val) for _ in range(4)]
        for count in counts
    ]
)
plotting.show_monte_carlo(
    counts,
    {"accuracy": averaged[..., 0], "loss": averaged[..., 1]},
    {"accuracy": test_accuracy, "loss": test_loss},
)
plt.show()

# %% [markdown]
# ## Exercise 5 · DropConnect, forwards  `[7 points · ●●○ · 15 min]`
#
# Dropout removes units. **DropConnect** (Wan and others, 2013) removes single *connections*: it multiplies the weights of an affine layer by a mask.
#
# $$\text{train:}\quad \text{out} = x \left( \frac{M}{p} \odot W \right) + b \qquad\qquad \text{test:}\quad \text{out} = x W + b$$
#
# $M$ has the shape of $W$, each entry 1 with probability $p$. We draw **one mask per call**, for the whole batch, and leave the bias alone. Again the division by $p$ keeps the mean; the variance of an output
# is now $\frac{1-p}{p} \sum_i x_i^2 w_{ij}^2$, a little from each weight. As in your affine layer, `x` may have any shape $(N, d_1, \dots, d_k)$.
#
# <details><summary>Hint</summary>
#
# Make the mask as in dropout, but of the shape of w. Then this is an affine layer with other weights, and you have one of those.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropconnect_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropconnect_forward(x, w, b, param):
    """Affine layer that drops weights in training.

    Parameters
    ----------
    x : (N, d_1, ..., d_k) with d_1 * ... * d_k = D
    w : (D, M)
    b : (M,)
    param : dict with 'p', the probability of keeping each weight; 'mode', 'train' or 'test'; and perhaps 'seed'

    Returns
    -------
    out : (N, M)
    cache : what the backward pass needs

    Raises
    ------
    ValueError : any other mode
    """
    ### BEGIN SOLUTION
    in_use, dropout_cache = dropout_forward(w, param)
    out, affine_cache = affine_forward(x, in_use, b)
    return out, (affine_cache, dropout_cache)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropconnect_forward_check", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
# Check: three axes; the first three examples are unit vectors, so that out - b shows the weights in use: 0 where
# dropped, 4 w where kept.
w, b = np.arange(1.0, 601.0).reshape(6, 100), np.linspace(-1, 1, 100)
x = np.concatenate([np.eye(6), np.ones((2, 6))]).reshape(8, 2, 3)
out, cache = checks.unpack(
    dropconnect_forward(x.copy(), w.copy(), b.copy(), {"p": 0.25, "mode": "train"}),
    "out",
    "cache",
    what="dropconnect_forward",
)
checks.shape(
    out,
    (8, 100),
    "the shape of out",
    hint="an example has two axes here: flatten it, as an affine layer does",
)
factor = (np.asarray(out)[:6] - b) / w
checks.close(
    factor,
    np.where(factor > 2, 4.0, 0.0),
    "each weight is multiplied by 0 or 4",
    hint="the mask, divided by p = 0.25, multiplies w; the bias is neither dropped nor scaled",
)
checks.holds(
    0.1 < np.mean(factor > 2) < 0.4,
    "about a quarter of the weights is kept",
    f"{np.mean(factor > 2):.0%} are",
    hint="p is the probability of KEEPING; the mask has the shape of w",
)
kept = factor > 2
checks.holds(
    any(0 < kept[:, j].sum() < 6 for j in range(100)) and any(0 < kept[i].sum() < 100 for i in range(6)),
    "single weights are dropped, neither units nor inputs",
    hint="the mask has the shape of w",
)
checks.close(
    out[6:],
    np.tile((factor * w).sum(axis=0) + b, (2, 1)),
    "the whole batch uses the same weights",
    hint="one mask for each call, not for each example",
)
checks.close(
    dropconnect_forward(np.eye(6), w.copy(), b.copy(), {"p": 0.25, "mode": "test"})[0],
    w + b,
    "test mode uses every weight",
    hint="in test mode nothing is dropped and nothing scaled",
)

# %% nbgrader={"grade": true, "grade_id": "dropconnect_forward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: seeds, other modes, inputs left as they are.
x, w, b = np.eye(20).reshape(20, 4, 5), np.arange(1.0, 601.0).reshape(20, 30), np.linspace(-1, 1, 30)
before = x.copy(), w.copy(), b.copy()
for seed in (3, 0):
    param = {"p": 0.25, "mode": "train", "seed": seed}
    one, two = (np.asarray(dropconnect_forward(x, w, b, param)[0]) for _ in range(2))
    for array, old, name in zip((x, w, b), before, "xwb", strict=True):
        checks.unchanged(array, old, name)
    checks.close(
        one - b,
        np.where(np.abs(one - b) > 1e-6, 4 * before[1], 0),
        f"seed {seed}: each weight is multiplied by 0 or 4",
    )
    share = np.mean(np.abs(one - b) > 1e-6)
    checks.holds(abs(share - 0.25) < 0.1, f"seed {seed}: about a quarter is kept", f"{share:.0%} are")
    checks.equal(
        two, one, f"seed {seed} twice gives the same mask", hint="start the generator from param['seed']"
    )
outs = [np.asarray(dropconnect_forward(x, w, b, {"p": 0.25, "mode": "train"})[0]) for _ in range(2)]
checks.holds((outs[0] != outs[1]).any(), "without a seed, every call has a new mask")
checks.raises(
    ValueError,
    dropconnect_forward,
    x,
    w,
    b,
    {"p": 0.5, "mode": "Train"},
    what="mode 'Train' raises ValueError",
)

# %% nbgrader={"grade": true, "grade_id": "dropconnect_forward_hidden", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: shares, mean and variance, the bias, the batch's one mask.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(66)
# more examples than weights in a column: the weights in use can be solved for
for p, shape, M in [(0.3, (150, 120), 90), (0.75, (80, 3, 4, 5), 100)]:
    D = int(np.prod(shape[1:]))
    x, w, b = (
        rng.normal(size=shape),
        rng.choice([-1, 1], size=(D, M)) * rng.uniform(0.5, 2, size=(D, M)),
        rng.normal(size=M),
    )
    out = dropconnect_forward(x.copy(), w.copy(), b.copy(), {"p": p, "mode": "train"})[0]
    checks.shape(out, (len(x), M), f"x of shape {shape}: the shape of out")
    rows = np.hstack([x.reshape(len(x), -1), np.ones((len(x), 1))])
    used = np.linalg.lstsq(rows, out, rcond=None)[0]
    checks.close(
        rows @ used,
        out,
        f"p = {p}: the whole batch has the same weights",
        rtol=1e-6,
        hint="one mask for each call, of the shape of w",
    )
    checks.close(
        used[-1], b, f"p = {p}: the bias is as it was", rtol=1e-6, hint="b is neither dropped nor scaled"
    )
    factor = used[:-1] / w
    kept = factor > 0.5 / p
    checks.close(
        factor, kept / p, f"p = {p}: a weight is 0 or w / p", rtol=1e-6, hint="divide what is kept by p"
    )
    checks.holds(
        all(kept.mean(axis=axis).min() > 0 and kept.mean(axis=axis).max() < 1 for axis in (0, 1)),
        f"p = {p}: single weights are dropped, not units",
        hint="the mask has the shape of w, not of x or of out",
    )
    bound = 6 * np.sqrt(p * (1 - p) / w.size)
    checks.holds(
        abs(kept.mean() - p) < bound,
        f"p = {p}: the share of weights kept",
        f"expected {p} up to {bound:.3f}",
        f"got      {kept.mean():.3f}",
        hint="p is the probability of KEEPING",
    )
    checks.close(
        dropconnect_forward(x.copy(), w.copy(), b.copy(), {"p": p, "mode": "test"})[0],
        x.reshape(len(x), -1) @ w + b,
        "test mode: x @ w + b, unscaled",
    )
# 20,000 copies of one column are 20,000 samples of one output
x, column = rng.normal(size=(1, 8)), rng.normal(size=(8, 1))
out = np.asarray(
    dropconnect_forward(x, np.tile(column, 20000), np.zeros(20000), {"p": 0.4, "mode": "train"})[0]
)
variance = np.sum((x.T * column) ** 2) * 0.6 / 0.4
checks.holds(
    abs(out.mean() - (x @ column).item()) < 6 * np.sqrt(variance / 20000),
    "the mean of an output is x @ w + b",
    hint="divide what is kept by p",
)
checks.close(out.var(), variance, "its variance is as the formula says", rtol=0.1)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "dropconnect_forward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the seed, other modes, p = 1, float32, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(67)
x, w, b = rng.normal(size=(30, 4, 5)), rng.uniform(0.5, 2, size=(20, 40)), rng.normal(size=40)
before, param = (x.copy(), w.copy(), b.copy()), {"p": 0.3, "mode": "train"}
out = np.asarray(dropconnect_forward(x, w, b, param)[0])
for array, copy, name in zip((x, w, b), before, "xwb", strict=True):
    checks.unchanged(array, copy, name)
checks.equal(param, {"p": 0.3, "mode": "train"}, "param is left as it was")
factor = np.linalg.lstsq(before[0].reshape(30, 20), out - before[2], rcond=None)[0] / before[1]
kept = factor > 1
checks.close(factor, kept / 0.3, "a weight is 0 or w / p", rtol=1e-6, hint="one mask, of the shape of w")
checks.holds(abs(kept.mean() - 0.3) < 0.1, "p = 0.3: the share of weights kept", f"got {kept.mean():.2f}")
for seed, hint in [(3, "start the generator from param['seed']"), (0, "0 is a seed too: ask `is not None`")]:
    one, two = (dropconnect_forward(x, w, b, {"p": 0.5, "mode": "train", "seed": seed})[0] for _ in range(2))
    checks.close(two, one, f"seed {seed} twice gives the same mask", hint=hint)
outs = [np.asarray(dropconnect_forward(x, w, b, {"p": 0.5, "mode": "train"})[0]) for _ in range(4)]
checks.holds(
    any((outs[0] != other).any() for other in outs[1:]),
    "without a seed, every call has a new mask",
    hint="default_rng(None), not default_rng(0)",
)
flat = x.reshape(30, 20)
for param in ({"p": 0.5, "mode": "test"}, {"p": 1.0, "mode": "train"}):
    checks.close(dropconnect_forward(x, w, b, param)[0], flat @ w + b, f"{param}: x @ w + b")
for mode in ("eval", "TEST"):
    checks.raises(
        ValueError,
        dropconnect_forward,
        x,
        w,
        b,
        {"p": 0.5, "mode": mode},
        what=f"mode {mode!r} raises ValueError",
    )
small = dropconnect_forward(*(a.astype(np.float32) for a in (x, w, b)), {"p": 0.5, "mode": "test"})[0]
checks.close(small, flat @ w + b, "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5, continued · DropConnect, backwards  `[5 points · ●●○ · 10 min]`
#
# Call the weights that were in use $\tilde W = \frac{M}{p} \odot W$. The affine layer's backward pass gives $dx$, $d\tilde W$ and $db$. One step of the chain rule is left, from $\tilde W$ to $W$: a weight that was dropped had
# no part in the loss.
#
# <details><summary>Hint</summary>
#
# dx uses the weights in use, not w. From the masked weights to w it is the step that you wrote in `dropout_backward`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "dropconnect_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropconnect_backward(dout, cache):
    """Backward pass of an affine layer with dropped weights.

    Parameters
    ----------
    dout : (N, M) upstream gradient
    cache : from `dropconnect_forward`

    Returns
    -------
    dx : in the shape of x
    dw : (D, M)
    db : (M,)
    """
    ### BEGIN SOLUTION
    affine_cache, dropout_cache = cache
    dx, din_use, db = affine_backward(dout, affine_cache)
    return dx, dropout_backward(din_use, dropout_cache), db
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropconnect_backward_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: gradients by centred differences, with the mask held fixed by a seed. x has three axes.
rng = np.random.default_rng(7)
x, w, b = rng.normal(size=(4, 5, 2)), rng.normal(size=(10, 3)), rng.normal(size=3)
dout, param = rng.normal(size=(4, 3)), {"p": 0.6, "mode": "train", "seed": 9}
_, cache = dropconnect_forward(x.copy(), w.copy(), b.copy(), param)
dx, dw, db = checks.unpack(
    dropconnect_backward(dout.copy(), cache), "dx", "dw", "db", what="dropconnect_backward"
)
gradcheck.check(
    lambda z: dropconnect_forward(z, w, b, param)[0],
    x,
    dx,
    "dx",
    df=dout,
    hint="x met the masked weights, not w",
)
gradcheck.check(
    lambda z: dropconnect_forward(x, z, b, param)[0],
    w,
    dw,
    "dw",
    df=dout,
    hint="dropped weights have gradient 0, kept ones a factor 1 / p",
)
gradcheck.check(lambda z: dropconnect_forward(x, w, z, param)[0], b, db, "db", df=dout)

# %% nbgrader={"grade": true, "grade_id": "dropconnect_backward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: test mode, weights of zero, dout left as it is.
rng = np.random.default_rng(8)
x, w, b, dout = rng.normal(size=(3, 6)), rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=(3, 4))
w[2] = 0
before = dout.copy()
for param, what in [
    ({"p": 0.5, "mode": "test"}, "test mode"),
    ({"p": 0.5, "mode": "train", "seed": 0}, "weights of zero, kept or dropped"),
]:
    dx, dw, db = dropconnect_backward(dout, dropconnect_forward(x, w, b, param)[1])
    checks.unchanged(dout, before, "dout")
    for name, array, found in [("dx", x, dx), ("dw", w, dw), ("db", b, db)]:
        gradcheck.check(
            lambda z, name=name, param=param: dropconnect_forward(
                *(z if name == f"d{each}" else old for each, old in zip("xwb", (x, w, b), strict=True)), param
            )[0],
            array,
            found,
            f"{what}: {name}",
            df=before,
            hint="the mask comes from the cache; in test mode there is none",
        )

# %% nbgrader={"grade": true, "grade_id": "dropconnect_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: no seed, shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(67)
for p, shape, M in [(0.3, (40, 2, 3, 4), 7), (0.8, (30, 10), 12), (1.0, (8, 5), 3)]:
    D = int(np.prod(shape[1:]))
    x, w, b = (
        rng.normal(size=shape),
        rng.choice([-1, 1], size=(D, M)) * rng.uniform(0.5, 2, size=(D, M)),
        rng.normal(size=M),
    )
    dout = rng.normal(size=(len(x), M))
    out, cache = dropconnect_forward(x.copy(), w.copy(), b.copy(), {"p": p, "mode": "train"})
    flat = x.reshape(len(x), -1)
    used = np.linalg.lstsq(flat, out - b, rcond=None)[0]
    dx, dw, db = checks.unpack(
        dropconnect_backward(dout.copy(), cache), "dx", "dw", "db", what="dropconnect_backward"
    )
    checks.close(
        dx,
        np.einsum("nm,dm->nd", dout, used).reshape(shape),
        f"p = {p}: dx",
        rtol=1e-6,
        hint="x met the masked weights",
    )
    checks.close(
        dw,
        np.einsum("nd,nm->dm", flat, dout) * used / w,
        f"p = {p}: dw",
        rtol=1e-6,
        hint="the mask of the forward pass once more, divided by p",
    )
    checks.close(db, np.einsum("nm->m", dout), f"p = {p}: db", hint="the bias was not dropped")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "dropconnect_backward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: test mode, weights of zero, a batch of one, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(68)
x, w, b, dout = rng.normal(size=(1, 6)), rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=(1, 4))
w[2] = 0  # a weight of zero may be kept, and then it has a gradient: the mask must not be guessed from w
before, param = dout.copy(), {"p": 0.5, "mode": "train", "seed": 0}
_, dw, _ = dropconnect_backward(dout, dropconnect_forward(x, w, b, param)[1])
checks.unchanged(dout, before, "dout")
gradcheck.check(lambda z: dropconnect_forward(x, z, b, param)[0], w, dw, "dw with weights of zero", df=before)
_, cache = dropconnect_forward(x, w, b, {"p": 0.5, "mode": "test"})
dx, dw, db = dropconnect_backward(dout, cache)
checks.close(dx, dout @ w.T, "test mode: dx", hint="in test mode every weight is there")
checks.close(dw, np.outer(x, dout), "test mode: dw", hint="in test mode every weight is there")
checks.close(db, dout[0], "test mode: db")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The same 12 x 18 weights three times: as they are, as dropout of the *inputs* sees them (whole rows vanish, with the unit they come from), and as DropConnect sees them. White is a dropped weight.

# %% tags=["explore"]
weights = np.random.default_rng(0).normal(size=(12, 18))
unit_mask = dropout_forward(np.ones((12, 1)), {"p": 0.5, "mode": "train", "seed": 22})[0]
in_use = dropconnect_forward(np.eye(12), weights, np.zeros(18), {"p": 0.5, "mode": "train", "seed": 22})[0]
plotting.show_dropped_weights({"all weights": weights, "dropout": weights * unit_mask, "DropConnect": in_use})
plt.show()

# %% [markdown]
# ## Exercise 6 · Stochastic depth, forwards  `[6 points · ●●○ · 15 min]`
#
# A **residual block** adds a correction to what comes in: $\text{out} = x + f(x)$. Very deep networks are stacks of such blocks, and since $x$ passes through anyway, a block can be left out
# without cutting the network in two. **Stochastic depth** (Huang and others, 2016) leaves blocks out at random while training:
#
# $$\text{train:}\quad \text{out} = x + c \cdot f(x), \quad c = \begin{cases} 1 & \text{with probability } p \\ 0 & \text{otherwise} \end{cases} \qquad\qquad \text{test:}\quad \text{out} = x + p \cdot f(x)$$
#
# There are three differences from dropout. The coin $c$ is **one for the whole call**: the branch is there for all examples, or for none. Nothing is divided by $p$ in training; this method scales **at test time**, by its survival
# probability. And the path of $x$ itself is never touched.
#
# Here `residual` is $f(x)$, already computed, an array in the shape of `x`.
#
# <details><summary>Hint</summary>
#
# `rng.random() < p` is one coin. `out += residual` on x itself would change the caller's array: add into a new one.
# </details>


# %% nbgrader={"grade": false, "grade_id": "stochastic_depth_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stochastic_depth_forward(x, residual, param):
    """Residual connection whose branch is dropped at random in training.

    Parameters
    ----------
    x : array of any shape, the identity path
    residual : same shape, the branch
    param : dict with 'p', the probability that the branch survives; 'mode', 'train' or 'test'; and perhaps 'seed'

    Returns
    -------
    out : same shape
    cache : what the backward pass needs

    Raises
    ------
    ValueError : any other mode
    """
    ### BEGIN SOLUTION
    p, mode = param["p"], param["mode"]
    if mode not in ("train", "test"):
        raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
    scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
    return x + scale * residual, scale
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_forward_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the branch adds (10, 20) or nothing; at test time it adds 0.7 times that.
x, residual = np.array([[1.0], [2.0]]), np.array([[10.0], [20.0]])
out, cache = checks.unpack(
    stochastic_depth_forward(x.copy(), residual.copy(), {"p": 0.7, "mode": "test"}),
    "out",
    "cache",
    what="stochastic_depth_forward",
)
checks.close(
    out, [[8.0], [16.0]], "test mode: x + 0.7 * residual", hint="the branch is scaled by p, x is not"
)
param = {"p": 0.7, "mode": "train"}
pairs = [
    tuple(np.round(np.ravel(stochastic_depth_forward(x.copy(), residual.copy(), param)[0]), 9).tolist())
    for _ in range(200)
]
strange = [pair for pair in pairs if pair not in {(1, 2), (11, 22)}]
checks.holds(
    not strange,
    "in training, out is x alone or x + residual",
    f"expected (1, 2) or (11, 22), got {(*strange, None)[0]}",
    hint="one coin for all entries, x itself is always there, and nothing is divided by p",
)
checks.holds(
    100 < pairs.count((11, 22)) < 180,
    "in 200 passes the branch is there about 140 times",
    f"x alone {pairs.count((1, 2))} times, x + residual {pairs.count((11, 22))} times",
    hint="in training a new coin falls in each call: the branch is there with probability p",
)

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_forward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: seeds, other modes, inputs left as they are.
x, residual = np.array([1.0, 2.0]), np.array([10.0, 20.0])
outs = [
    [
        np.asarray(
            stochastic_depth_forward(x, residual, {"p": 0.3, "mode": "train", "seed": seed})[0]
        ).tolist()
        for _ in range(3)
    ]
    for seed in range(100)
]
checks.unchanged(x, np.array([1.0, 2.0]), "x", hint="`x += ...` changes the caller's array")
checks.unchanged(residual, np.array([10.0, 20.0]), "residual")
strange = [
    f"seed {seed}: {three}"
    for seed, three in enumerate(outs)
    if three != [three[0]] * 3 or three[0] not in ([1, 2], [11, 22])
]
checks.holds(
    not strange,
    "a seed gives the same coin three times, each of seeds 0 to 99",
    *strange[:1],
    hint="start the generator from param['seed'] in each call; 0 is a seed, too",
)
there = sum(three[0] == [11, 22] for three in outs)
checks.holds(5 <= there <= 60, "of 100 seeds, about 30 keep the branch", f"{there} do")
for mode in ("Train", "eval"):
    checks.raises(
        ValueError,
        stochastic_depth_forward,
        x,
        residual,
        {"p": 0.3, "mode": mode},
        what=f"mode {mode!r} raises ValueError",
    )
checks.close(
    stochastic_depth_forward(x, residual, {"p": 0.3, "mode": "test", "seed": 1})[0],
    [4, 8],
    "test mode, with a seed",
)

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_forward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: how often the branch survives, shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(68)
for p, shape in [(0.3, (5, 3)), (0.8, (2, 3, 4, 4)), (1, (7,))]:
    x, residual = rng.normal(size=shape), rng.normal(size=shape)
    param = {"p": p, "mode": "train"}
    out = stochastic_depth_forward(x.copy(), residual.copy(), param)[0]
    checks.shape(out, shape, f"p = {p}: the shape of out")
    outs = np.array(
        [np.ravel(stochastic_depth_forward(x.copy(), residual.copy(), param)[0]) for _ in range(400)]
    )
    alone = np.all(outs == np.ravel(x), axis=1)
    both = np.all(np.isclose(outs, np.ravel(x + residual), rtol=0, atol=1e-12), axis=1)
    strange = outs[~(alone | both)]
    checks.holds(
        len(strange) == 0,
        f"p = {p}: in 400 passes out is x + residual, or x",
        f"{len(strange)} of them gave something else, such as {strange[:1, :3]} ...",
        f"where x is {np.ravel(x)[:3]} ... and the residual {np.ravel(residual)[:3]} ...",
        hint="one coin for the whole call, and no scaling in training",
    )
    bound = 6 * np.sqrt(p * (1 - p) / 400) + 1e-12
    checks.holds(
        abs(np.mean(both) - p) < bound,
        f"p = {p}: how often the branch survives 400 passes",
        f"expected {p} up to {bound:.2f}",
        f"got      {np.mean(both):.2f}",
        hint="p is the probability that it SURVIVES; a new coin in each call",
    )
    for _ in range(2):
        out = stochastic_depth_forward(x.copy(), residual.copy(), {"p": p, "mode": "test"})[0]
        checks.close(out, x + p * residual, f"p = {p}: test mode", hint="x + p * residual, no coin")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_forward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the seed, other modes, float32, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(69)
x, residual = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
before = x.copy(), residual.copy()
for mode in ("train", "test"):
    outs = [np.asarray(stochastic_depth_forward(x, residual, {"p": 0.2, "mode": mode})[0]) for _ in range(50)]
    checks.unchanged(x, before[0], "x", hint="`x += ...` changes the caller's array: write out = x + ...")
    checks.unchanged(residual, before[1], "residual")
    scales = [((out - before[0]) / before[1]) for out in outs]
    known = [0.2] if mode == "test" else [0.0, 1.0]
    checks.holds(
        all(any(np.allclose(scale, one) for one in known) for scale in scales),
        f"{mode} mode, p = 0.2: the branch is multiplied by {' or '.join(map(str, known))}",
    )
    if mode == "train":
        checks.holds(np.mean(scales) < 0.6, "p = 0.2: the branch seldom survives")
for seed, hint in [
    (7, "start the generator from param['seed'] in each call"),
    (0, "0 is a seed too: ask `is not None`"),
]:
    outs = [
        stochastic_depth_forward(x, residual, {"p": 0.5, "mode": "train", "seed": seed})[0] for _ in range(20)
    ]
    checks.equal(outs[1:], [outs[0]] * 19, f"seed {seed}: the same coin twenty times", hint=hint)
outs = [stochastic_depth_forward(x, residual, {"p": 0.5, "mode": "train"})[0] for _ in range(40)]
checks.holds(
    0 < sum(np.array_equal(out, x) for out in outs) < 40, "without a seed, a new coin falls in each call"
)
outs = [
    stochastic_depth_forward(x, residual, {"p": 0.5, "mode": "train", "seed": seed})[0] for seed in range(40)
]
checks.holds(
    0 < sum(np.array_equal(out, x) for out in outs) < 40,
    "other seeds give other coins",
    hint="start the generator from param['seed']",
)
for mode in ("eval", "TEST", None):
    checks.raises(
        ValueError,
        stochastic_depth_forward,
        x,
        residual,
        {"p": 0.5, "mode": mode},
        what=f"mode {mode!r} raises ValueError",
    )
small = stochastic_depth_forward(
    x.astype(np.float32), residual.astype(np.float32), {"p": 0.4, "mode": "test"}
)[0]
checks.close(small, x + 0.4 * residual, "float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6, continued · Stochastic depth, backwards  `[4 points · ●○○ · 5 min]`
#
# A sum hands its gradient on to both of its terms; the branch's is multiplied by what the branch was multiplied by: $c$ in training, the same coin as in the forward pass, and $p$ in test mode. Return both gradients, each in the
# shape of `dout`: `(dx, dresidual)`. (The gradient that reaches $x$ *through* the branch comes later, from $f$'s own backward pass.)
#
# <details><summary>Hint</summary>
#
# One of the two is `dout` itself, always.
# </details>


# %% nbgrader={"grade": false, "grade_id": "stochastic_depth_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stochastic_depth_backward(dout, cache):
    """Backward pass of a residual connection with a branch that may have been dropped.

    Parameters
    ----------
    dout : upstream gradient
    cache : from `stochastic_depth_forward`

    Returns
    -------
    dx : gradient of the identity path, in the shape of dout
    dresidual : gradient of the branch, in the shape of dout
    """
    ### BEGIN SOLUTION
    return dout, cache * dout
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_backward_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: whether the branch survived shows in `out`; its gradient is dout then, and zeros otherwise.
rng = np.random.default_rng(9)
x, residual, dout = (rng.normal(size=(3, 4, 2)) for _ in range(3))
kept = {}  # a cache of each kind
for _ in range(60):
    out, cache = stochastic_depth_forward(x.copy(), residual.copy(), {"p": 0.5, "mode": "train"})
    kept["dropped" if np.array_equal(out, x) else "there"] = cache
for branch, expected in [("there", dout), ("dropped", 0 * dout)]:
    both = stochastic_depth_backward(dout.copy(), kept[branch])
    dx, dresidual = checks.unpack(both, "dx", "dresidual", what="what stochastic_depth_backward returns")
    checks.close(
        dx,
        dout,
        "x gets the whole gradient",
        hint="the identity path is never dropped or scaled; the order is (dx, dresidual)",
    )
    checks.close(
        dresidual,
        expected,
        f"the branch's gradient when it was {branch}",
        hint="the coin of the forward pass, times dout",
    )
again = [stochastic_depth_backward(dout.copy(), kept["there"])[1] for _ in range(20)]
checks.holds(
    all(np.array_equal(each, again[0]) for each in again),
    "the same cache gives the same gradient every time",
    "it changes from call to call",
    hint="the backward pass tosses no coin of its own: the forward pass has put its coin into the cache",
)
param = {"p": 0.5, "mode": "train", "seed": 1}
dx, dresidual = stochastic_depth_backward(dout.copy(), stochastic_depth_forward(x, residual, param)[1])
gradcheck.check(lambda z: stochastic_depth_forward(z, residual, param)[0], x, dx, "dx", df=dout)
gradcheck.check(lambda z: stochastic_depth_forward(x, z, param)[0], residual, dresidual, "dresidual", df=dout)

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_backward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: test mode; dout left as it is.
x, residual, dout = np.array([1.0, 2.0]), np.array([10.0, 20.0]), np.array([0.5, -3.0])
_, cache = stochastic_depth_forward(x, residual, {"p": 0.3, "mode": "test"})
dx, dresidual = stochastic_depth_backward(dout, cache)
checks.unchanged(dout, np.array([0.5, -3.0]), "dout")
checks.close(dx, [0.5, -3.0], "test mode: dx")
checks.close(
    dresidual,
    [0.15, -0.9],
    "test mode, p = 0.3: dresidual",
    hint="in test mode the branch is multiplied by p",
)

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_backward_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: several blocks.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(69)
# thirty blocks of one network: each keeps its own coin
douts, survived, caches = rng.normal(size=(30, 3, 4)), [], []
for _ in range(30):
    x, residual = rng.normal(size=(2, 3, 4))
    out, cache = stochastic_depth_forward(x.copy(), residual.copy(), {"p": 0.4, "mode": "train"})
    survived.append(np.allclose(out, x + residual))
    caches.append(cache)
gradients = [stochastic_depth_backward(dout.copy(), cache) for dout, cache in zip(douts, caches, strict=True)]
checks.unpack(gradients[0], "dx", "dresidual", what="stochastic_depth_backward")
checks.close(
    [dx for dx, _ in gradients],
    douts,
    "thirty blocks: the identity path's gradient",
    hint="dx is dout: x is never dropped or scaled",
)
checks.close(
    [dresidual for _, dresidual in gradients],
    douts * np.reshape(survived, (30, 1, 1)),
    "thirty blocks: the branch's gradient",
    hint="the coin of the forward pass, from the cache of that call",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "stochastic_depth_backward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: test mode, shapes, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(70)
for p, shape in [(0.3, (5,)), (0.9, (2, 3, 2))]:
    x, residual, dout = (rng.normal(size=shape) for _ in range(3))
    before = dout.copy()
    _, cache = stochastic_depth_forward(x, residual, {"p": p, "mode": "test"})
    dx, dresidual = stochastic_depth_backward(dout, cache)
    checks.unchanged(dout, before, "dout")
    checks.close(dx, before, f"test mode, p = {p}: dx")
    checks.close(
        dresidual,
        p * before,
        f"test mode, p = {p}: dresidual",
        hint="in test mode the branch was multiplied by p",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Forty training steps of a stack of twelve blocks. In the paper early blocks survive more often than late ones, since all others build on them: block $l$ of $L$ survives with probability $p_l = 1 - \frac{l}{L}(1 - p_L)$. The picture takes $p_L = 0.5$;
# a filled square is a block that was there. On average, about three quarters of the network are trained in each step, and the time is saved too.

# %% tags=["explore"]
survival = 1 - np.arange(1, 13) / 12 * 0.5
one, nothing = np.ones(1), np.zeros(1)
there = [
    [stochastic_depth_forward(nothing, one, {"p": p, "mode": "train"})[0][0] for p in survival]
    for _ in range(40)
]
plotting.show_surviving_blocks(np.array(there), survival)
plt.show()

# %% [markdown]
# **Measure it.** A stack of twelve residual blocks, $f(x) = \text{affine}(\text{ReLU}(x))$ with 64 units each, between an affine layer that reads the picture and one that gives scores. Three times: all blocks in each step, the
# paper's falling probabilities, and a much stronger dose, three blocks of ten at a time. Look at all three pictures before you read on.


# %% tags=["explore"]
class ResidualNet:
    """Affine, then residual blocks that survive with the probabilities `survival`, then affine and softmax."""

    def __init__(self, survival, width=64, rng=0):
        rng = np.random.default_rng(rng)
        self.survival = survival
        self.params = {
            "in": rng.normal(size=(3072, width)) * 3072**-0.5,
            "out": rng.normal(size=(width, 10)) * 0.01,
        }
        for l in range(len(survival)):
            self.params[f"block{l}"] = rng.normal(size=(width, width)) * (2 / width / len(survival)) ** 0.5
        self.params = {name: W.astype(np.float32) for name, W in self.params.items()}

    def loss(self, X, y=None):
        mode = "test" if y is None else "train"
        x, first = affine_forward(X, self.params["in"], np.float32(0))
        blocks = []
        for l, p in enumerate(self.survival):
            active, relu_cache = relu_forward(x)
            residual, affine_cache = affine_forward(active, self.params[f"block{l}"], np.float32(0))
            x, depth_cache = stochastic_depth_forward(x, residual, {"p": float(p), "mode": mode})
            blocks.append((relu_cache, affine_cache, depth_cache))
        scores, last = affine_forward(x, self.params["out"], np.float32(0))
        if y is None:
            return scores
        value, grad = softmax_loss(scores, y)
        grads = {}
        grad, grads["out"], _ = affine_backward(grad, last)
        for l, (relu_cache, affine_cache, depth_cache) in reversed(list(enumerate(blocks))):
            grad, dresidual = stochastic_depth_backward(grad, depth_cache)
            dactive, grads[f"block{l}"], _ = affine_backward(dresidual, affine_cache)
            grad = grad + relu_backward(dactive, relu_cache)
        _, grads["in"], _ = affine_backward(grad, first)
        return value, grads


depths = {
    "all blocks": train(ResidualNet(np.ones(12))),
    "p from 1 to 0.5": train(ResidualNet(1 - np.arange(1, 13) / 12 * 0.5)),
    "p = 0.3": train(ResidualNet(np.full(12, 0.3))),
}
plotting.show_gap_curves(depths)
plt.show()

# %% [markdown]
# In our run the falling probabilities hardly changed the gap, and the strong dose cut it by more than a third. The validation accuracy was near 40 % in all three: this stack is not deep enough to profit. In networks of a hundred blocks and more, for which the method was made, early layers
# get their gradients through far fewer blocks in each step, and training takes less time, since a dropped branch need not be computed at all.

# %% [markdown]
# ## Exercise 7 · Fractional max pooling, forwards  `[8 points · ●●○ · 20 min]`
#
# Max pooling cuts a picture into regions and keeps the largest number of each. Regions of 2 x 2 halve both sides at once: a drastic step, and always the same one. **Fractional max pooling** (Graham, 2014) shrinks more gently, say from 32 to 20, by
# mixing regions of width 1 and 2, and where the wide ones are is **drawn at random**. Each pass sees the picture a little stretched here and a little squeezed there.
#
# The regions are given as two **index sequences**, `regions = (rows, columns)`: the edges of the cuts. `rows = [0, 1, 3, 4]` cuts four rows into three bands: row 0, rows 1 and 2, row 3. Each sequence rises from 0 to the picture's height (or width). With
# $r_i$ and $c_j$ for the edges, every example and channel is pooled alike:
#
# $$\text{out}_{n, ch, i, j} = \max \{\, x_{n, ch, u, v} \;:\; r_i \le u < r_{i+1},\; c_j \le v < c_{j+1} \,\}$$
#
# Regions do not overlap: the upper edge belongs to the next one. A band may be of any width from 1 on. Layout is NCHW, as always in networks. The regions are the only randomness, and they come from outside: your function draws nothing. `random_edges` below draws such
# a sequence.
#
# <details><summary>Hint</summary>
#
# Two loops over the regions, none over examples and channels: a slice of x has shape (N, C, height, width), and `max` takes `axis=(2, 3)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_edges", "locked": true, "schema_version": 3, "solution": false, "task": false}
def random_edges(size, count, rng):
    """Edges of `count` bands of width 1 and 2 that fill `size`, in random order; size / 2 <= count <= size."""
    widths = np.ones(count, dtype=int)
    widths[: size - count] = 2
    return np.concatenate([[0], np.cumsum(rng.permutation(widths))])


# %% nbgrader={"grade": false, "grade_id": "fractional_max_pool_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fractional_max_pool_forward(x, regions):
    """Max pooling over given regions of unequal size.

    Parameters
    ----------
    x : (N, C, H, W)
    regions : (rows, columns), sequences of edges: P + 1 integers that rise from 0 to H, and Q + 1 from 0 to W

    Returns
    -------
    out : (N, C, P, Q)
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    rows, columns = regions
    out = np.empty((*x.shape[:2], len(rows) - 1, len(columns) - 1), dtype=x.dtype)
    for i, (top, bottom) in enumerate(pairwise(rows)):
        for j, (left, right) in enumerate(pairwise(columns)):
            out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
    return out, (x, regions)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_forward_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: a picture of 4 x 5 numbers, cut into 3 x 2 regions by hand. The middle row of regions is two numbers high, the
# left column of regions two wide, the right one three.
x = np.array([[1, 2, 3, 4, 3], [5, 6, 7, 1, 8], [9, 8, 0, 6, 1], [5, 4, 3, 2, 1]], dtype=float)
x = np.stack([[x, 10 + x], [100 - x, 2 * x], [x[::-1], x[:, ::-1]]])
regions = ([0, 1, 3, 4], [0, 2, 5])
out, cache = checks.unpack(
    fractional_max_pool_forward(x.copy(), regions), "out", "cache", what="fractional_max_pool_forward"
)
checks.shape(out, (3, 2, 3, 2), "the shape of out", hint="P + 1 edges make P regions")
checks.equal(
    out[0],
    [[[2, 4], [9, 8], [5, 3]], [[12, 14], [19, 18], [15, 13]]],
    "the maximum of each region, in both channels",
    hint="rows[i] <= u < rows[i + 1]: the upper edge is not in it; rows cut from top to bottom; each channel alone",
)
checks.equal(
    out[1:],
    [
        [[[99, 97], [95, 100], [96, 99]], [[4, 8], [18, 16], [10, 6]]],
        [[[5, 3], [9, 8], [2, 4]], [[4, 3], [8, 9], [2, 5]]],
    ],
    "the other pictures of the batch",
)
checks.holds(
    all(np.array_equal(fractional_max_pool_forward(x.copy(), regions)[0], out) for _ in range(9)),
    "the same regions again, the same result",
    hint="nothing is drawn here: use the regions that are given",
)

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_forward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: numbers below zero, edges as arrays, x left as it is.
x = -np.arange(1.0, 25.0).reshape(2, 1, 3, 4)
before = x.copy()
for regions in [(np.array([0, 2, 3]), np.array([0, 1, 4])), ((0, 2, 3), (0, 1, 4))]:
    out = fractional_max_pool_forward(x, regions)[0]
    checks.unchanged(x, before, "x")
    checks.equal(
        out,
        [[[[-1, -2], [-9, -10]]], [[[-13, -14], [-21, -22]]]],
        "negative numbers have negative maxima",
        hint="a running maximum starts at a number of the region (or at -inf), not at 0; -2 is larger than -8",
    )

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_forward_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: shapes that are not square, other widths.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(70)
# bands of width 1, 3, 4 and 5; the same cuts, the same result
x = 1 + rng.random((2, 2, 8, 8))
rows, columns = [0, 3, 4, 8], [0, 1, 5, 8]
once, twice = (np.asarray(fractional_max_pool_forward(x.copy(), (rows, columns))[0]) for _ in range(2))
checks.shape(once, (2, 2, 3, 3), "8 x 8 to 3 x 3: the shape of out")
checks.equal(
    twice, once, "the same regions twice, the same result", hint="nothing is drawn here: use the regions"
)
wide = np.maximum.reduceat(np.maximum.reduceat(x, rows[:-1], axis=2), columns[:-1], axis=3)
checks.equal(once, wide, "regions of width 1, 3, 4 and 5", hint="a band may be of any width from 1 on")
for (N, C, H, W), (P, Q) in [((3, 2, 19, 17), (13, 12)), ((2, 4, 6, 11), (6, 6)), ((5, 1, 8, 4), (4, 3))]:
    x = rng.uniform(0.5, 3, size=(N, C, H, W))
    rows, columns = random_edges(H, P, rng), random_edges(W, Q, rng)
    expected = np.maximum.reduceat(np.maximum.reduceat(x, rows[:-1], axis=2), columns[:-1], axis=3)
    checks.equal(
        fractional_max_pool_forward(x.copy(), (rows.tolist(), columns.tolist()))[0],
        expected,
        f"{H} x {W} to {P} x {Q}",
        hint="the regions are given: rows cut axis 2, columns axis 3; a max over both, in each channel alone",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_forward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: negative numbers, float32, edges of other types, x left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(71)
# all below zero: a maximum that starts from 0 would show
x = -1 - rng.random((2, 2, 8, 8))
before, rows, columns = x.copy(), [0, 3, 4, 8], [0, 1, 5, 8]
wide = np.maximum.reduceat(np.maximum.reduceat(x, rows[:-1], axis=2), columns[:-1], axis=3)
found = fractional_max_pool_forward(x, (rows, columns))[0]
checks.unchanged(x, before, "x")
checks.equal(found, wide, "negative numbers", hint="a running maximum starts at a number of the region")
whole = fractional_max_pool_forward(x, ([0, 8], [0, 8]))[0]
checks.equal(whole[:, :, 0, 0], x.max(axis=(2, 3)), "one region, the whole picture")
same = fractional_max_pool_forward(x, (np.arange(9), np.arange(9)))[0]
checks.equal(same, x, "regions of one number each change nothing")
small = fractional_max_pool_forward(x.astype(np.float32), (rows, columns))[0]
checks.close(small, wide, "float32 input", rtol=1e-6)
for kind, name in [(np.asarray, "arrays"), (list, "lists"), (tuple, "tuples")]:
    out = fractional_max_pool_forward(x[:1, :, :1, :2], (kind([0, 1]), kind([0, 2])))[0]
    checks.equal(out, x[:1, :, :1, :2].max(axis=3, keepdims=True), f"a batch of one, edges as {name}")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7, continued · Fractional max pooling, backwards  `[6 points · ●●● · 20 min]`
#
# Only the largest number of a region has any influence on the output; all others could change a little and nothing would happen. So the upstream gradient of a region goes to **its maximum**, and the rest of the region gets zero.
#
# **Watch out.** After a ReLU many regions hold nothing but zeros: all of them are the maximum. The gradient then goes to one of them, or is shared out; handing the *whole* of it to each would multiply it. So in each
# region the entries of `dx` add up to that region's entry of `dout`. `dx` holds floats, even if the picture holds whole numbers (`np.zeros_like(x)` would cut off what follows the point).
#
# <details><summary>Hint</summary>
#
# Divide by the number of winners: `window == window.max(axis=(2, 3), keepdims=True)` marks them, and a sum counts them. Or take one, with `argmax` on a window that is reshaped to (N, C, height * width).
# </details>


# %% nbgrader={"grade": false, "grade_id": "fractional_max_pool_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fractional_max_pool_backward(dout, cache):
    """Backward pass of max pooling over given regions.

    Parameters
    ----------
    dout : (N, C, P, Q) upstream gradient
    cache : from `fractional_max_pool_forward`

    Returns
    -------
    dx : (N, C, H, W) floats, even if x holds integers; of equal maxima in a region one gets the gradient, or they
        share it
    """
    ### BEGIN SOLUTION
    x, (rows, columns) = cache
    dx = np.zeros(x.shape, dout.dtype)
    for i, (top, bottom) in enumerate(pairwise(rows)):
        for j, (left, right) in enumerate(pairwise(columns)):
            window = x[:, :, top:bottom, left:right]
            winners = window == window.max(axis=(2, 3), keepdims=True)
            share = dout[:, :, i, j] / winners.sum(axis=(2, 3))
            dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_backward_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: 4 x 5 numbers, two pictures, 3 x 2 regions. Each region's gradient lands on its maximum. Then centred differences.
x = np.array([[1, 2, 3, 4, 3], [5, 6, 7, 1, 8], [9, 8, 0, 6, 1], [5, 4, 3, 2, 1]], dtype=float)
x, regions = np.stack([x, -x[:, ::-1]])[:, None], ([0, 1, 3, 4], [0, 2, 5])
_, cache = fractional_max_pool_forward(x.copy(), regions)
dout = np.arange(10.0, 130.0, 10.0).reshape(2, 1, 3, 2)
gradient = fractional_max_pool_backward(dout.copy(), cache)
checks.shape(gradient, (2, 1, 4, 5), "the shape of dx")
checks.close(
    gradient[0, 0],
    [[0, 10, 0, 20, 0], [0, 0, 0, 0, 40], [30, 0, 0, 0, 0], [50, 0, 60, 0, 0]],
    "gradients on the maxima",
    hint="zero everywhere but at the largest number of each region",
)
rng = np.random.default_rng(8)
x = rng.permutation(2 * 3 * 5 * 4).reshape(2, 3, 5, 4) * 0.1 - 3
dout = rng.normal(size=(2, 3, 2, 3))
regions = ([0, 3, 5], [0, 1, 2, 4])
dx = fractional_max_pool_backward(dout.copy(), fractional_max_pool_forward(x.copy(), regions)[1])
gradcheck.check(
    lambda z: fractional_max_pool_forward(z, regions)[0], x, dx, "dx by centred differences", df=dout
)

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_backward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: ties, whole numbers, dout left as it is.
dout = np.full((1, 1, 2, 2), 0.75)
dout[0, 0, 1] = -1.5
before = dout.copy()
for x, what in [
    (np.zeros((1, 1, 3, 3)), "nothing but ties"),
    (np.array([[7, 5, 5], [1, 7, 4], [2, 3, 3]])[None, None], "whole numbers"),
]:
    dx = np.asarray(
        fractional_max_pool_backward(dout, fractional_max_pool_forward(x, ([0, 2, 3], [0, 2, 3]))[1])
    )
    checks.unchanged(dout, before, "dout")
    sums = [
        [dx[0, 0, :2, :2].sum(), dx[0, 0, :2, 2:].sum()],
        [dx[0, 0, 2:, :2].sum(), dx[0, 0, 2:, 2:].sum()],
    ]
    checks.close(
        sums,
        before[0, 0],
        f"{what}: each region hands on what it got",
        hint="one of the equal maxima gets it, or they share it; dx holds floats, even if x holds integers",
    )
checks.holds(
    dx[0, 0, 0, 1] == 0 == dx[0, 0, 2, 0], "only maxima get a gradient", f"dx is {dx[0, 0].tolist()}"
)

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: gradients by centred differences, channels.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(71)
for (N, C, H, W), (P, Q) in [((3, 2, 9, 7), (6, 5)), ((1, 4, 6, 11), (4, 6)), ((4, 1, 5, 3), (5, 2))]:
    # all numbers differ by 0.01 or more: no tie, so the gradient is known
    x = rng.permutation(N * C * H * W).reshape(N, C, H, W) * 0.01 - 1
    rows, columns = random_edges(H, P, rng), random_edges(W, Q, rng)
    out, cache = fractional_max_pool_forward(x.copy(), (rows, columns))
    dout = rng.normal(size=(N, C, P, Q))
    dx = fractional_max_pool_backward(dout.copy(), cache)

    def spread(values, rows=rows, columns=columns):
        """Repeat each region's value over the region."""
        return np.repeat(np.repeat(values, np.diff(rows), axis=2), np.diff(columns), axis=3)

    checks.close(
        dx,
        np.where(x == spread(np.asarray(out)), spread(dout), 0),
        f"{H} x {W} to {P} x {Q}: dx",
        hint="dout of the region at the maximum of each example and channel, zero elsewhere",
    )
    gradcheck.check(
        lambda z, regions=(rows, columns): fractional_max_pool_forward(z, regions)[0],
        x,
        dx,
        "dx by centred differences",
        df=dout,
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "fractional_max_pool_backward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, whole numbers, float32, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(72)
# after a ReLU: ties of zeros in most regions. What a region gets is what it hands on, and only maxima get it
for dtype in (np.float64, np.int64, np.float32):
    x = np.maximum(rng.integers(-4, 3, size=(3, 2, 8, 8)), 0).astype(dtype)
    rows, columns = [0, 2, 5, 8], [0, 3, 4, 8]
    largest = np.maximum.reduceat(np.maximum.reduceat(x, rows[:-1], axis=2), columns[:-1], axis=3)
    _, cache = fractional_max_pool_forward(x.copy(), (rows, columns))
    dout = rng.normal(size=(3, 2, 3, 3))
    before = dout.copy()
    dx = np.asarray(fractional_max_pool_backward(dout, cache))
    checks.unchanged(dout, before, "dout")
    checks.shape(dx, (3, 2, 8, 8), "the shape of dx")
    sums = np.add.reduceat(np.add.reduceat(dx, rows[:-1], axis=2), columns[:-1], axis=3)
    what = f"ties, x of {np.dtype(dtype).name}"
    checks.close(
        sums,
        before,
        f"{what}: each region hands on what it got",
        rtol=1e-5,
        hint="share it among the equal maxima, or choose one of them",
    )
    checks.holds(
        np.all(dx[x < np.repeat(np.repeat(largest, [2, 3, 3], axis=2), [3, 1, 4], axis=3)] == 0),
        f"{what}: only maxima get a gradient",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One picture, and three random ways to pool it from 32 x 32 to 20 x 20. The cuts are drawn into the upper row; look at how the shapes in the lower row are stretched in different places.

# %% tags=["explore"]
picture = data.X_train[4]
rng = np.random.default_rng(3)
cuts = [(random_edges(32, 20, rng), random_edges(32, 20, rng)) for _ in range(3)]
pooled = [
    fractional_max_pool_forward(picture.transpose(2, 0, 1)[None], cut)[0][0].transpose(1, 2, 0)
    for cut in cuts
]
plotting.show_pooling_regions(picture, cuts, pooled)
plt.show()

# %% [markdown]
# **Measure it.** The network from above, on pictures pooled to 20 x 20. One always sees the same cuts, the other new ones with each batch. Afterwards the second one answers with one random cut, and with sixteen that your
# `monte_carlo_predict` averages. In our run the gap was about eight points smaller; one cut was worse than the even ones, the average of sixteen a little better.

# %% tags=["explore"]
evenly = np.round(np.linspace(0, 32, 21)).astype(int)


def pool(X, rng=None):
    """Pool pictures (N, 32, 32, 3) to 20 x 20: random cuts if rng is given, else even ones."""
    cuts = (evenly, evenly) if rng is None else (random_edges(32, 20, rng), random_edges(32, 20, rng))
    return fractional_max_pool_forward(X.transpose(0, 3, 1, 2), cuts)[0]


class Pooled:
    """A network that reads pooled pictures, with random cuts in training if rng is given."""

    def __init__(self, net, rng=None):
        self.net, self.rng, self.params = net, rng, net.params

    def loss(self, X, y=None):
        return self.net.loss(pool(X, None if y is None else self.rng), y)


smaller = sizes | {"input_dim": 1200}
random_net = FullyConnectedNet(**smaller)
pools = {
    "even cuts": train(Pooled(FullyConnectedNet(**smaller))),
    "random cuts": train(Pooled(random_net, np.random.default_rng(0))),
}
plotting.show_gap_curves(pools)
plt.show()


def one_cut(X, rng):
    """Probabilities for one random way to pool."""
    return softmax(random_net.loss(pool(X, rng)), axis=1)


for samples in (1, 16):
    answers = monte_carlo_predict(one_cut, X_val, samples, np.random.default_rng(0))
    print(
        f"trained with random cuts, averaged over {samples:2}: {np.mean(answers.argmax(axis=1) == y_val):.1%}"
    )

# %% [markdown]
# ## Exercise 8 · Augmentation: flips  `[4 points · ●○○ · 10 min]`
#
# The best regulariser is more data, and the next best is to make more of the data that you have. A boat seen in a mirror is a boat, a little to the left it is a boat, and by evening light it is a boat. **Augmentation** changes each training picture at random, in ways that leave its label
# true, each time it is used. The network hardly ever sees the same numbers twice, so it cannot learn them by heart.
#
# For all four functions of this exercise:
#
# - `X` is a batch of pictures, (N, H, W, 3): bytes (`uint8`) between 0 and 255, or floats between 0 and 1. The result has the **same shape, dtype and range**, and `X` itself is unchanged. Labels are not touched: they stay true.
# - **Each picture** has random numbers of its own.
# - All randomness comes from `rng`, a NumPy `Generator`: equal generators give equal results.
#
# The first one: `random_flip` mirrors each picture left to right with probability one half. A flip is exact: the first column becomes the last.
#
# <details><summary>Hint</summary>
#
# Which axis runs from left to right in (N, H, W, 3)? `X[chosen]`, with an array of N truth values, selects the pictures to be mirrored. Copy X first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_flip", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_flip(X, rng):
    """Mirror each picture left to right with probability one half.

    Parameters
    ----------
    X : (N, H, W, 3) pictures
    rng : numpy.random.Generator

    Returns
    -------
    flipped : (N, H, W, 3), same dtype
    """
    ### BEGIN SOLUTION
    flip = rng.random(len(X)) < 0.5
    return np.where(flip[:, None, None, None], X[:, :, ::-1], X)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "random_flip_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: 200 copies of a picture of 2 x 3 pixels, no two numbers alike. Each stays as it is or is mirrored.
X = np.tile(np.arange(18, dtype=np.uint8).reshape(2, 3, 3), (200, 1, 1, 1))
out = np.asarray(random_flip(X.copy(), np.random.default_rng(0)))
checks.shape(out, (200, 2, 3, 3), "the shape")
mirrored = np.array([np.array_equal(picture, X[0][:, [2, 1, 0]]) for picture in out])
same = np.array([np.array_equal(picture, X[0]) for picture in out])
checks.holds(
    np.all(same | mirrored),
    "each picture is itself or its mirror image",
    hint="columns are axis 2 of X, axis 1 of a picture; rows and colours stay in order",
)
checks.holds(
    60 < mirrored.sum() < 140,
    "about half of 200 are mirrored",
    f"{mirrored.sum()} are",
    hint="left to right is axis 2 of X, and each picture has a coin of its own",
)
checks.holds(
    60 < np.sum(mirrored[1:] != mirrored[:-1]) < 140,
    "at random: neighbours agree about as often as not",
    f"in {np.sum(mirrored[1:] == mirrored[:-1])} of 199 cases they do",
    hint="draw one random number for each picture",
)

# %% nbgrader={"grade": true, "grade_id": "random_flip_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: the dtype, the generator, X left as it is.
X = np.random.default_rng(1).integers(256, size=(200, 2, 4, 3)).astype(np.uint8)
before = X.copy()
one, two = (random_flip(X, np.random.default_rng(seed)) for seed in (3, 3))
checks.unchanged(X, before, "X", hint="write into a copy")
checks.dtype(one, np.uint8, "the dtype of bytes", hint="bytes in, bytes out: a flip needs no arithmetic")
checks.equal(two, one, "equal generators, equal results", hint="draw from rng, not from np.random")
checks.holds(
    np.array_equal(np.sort(one, axis=2), np.sort(before, axis=2)) and np.any(one != before),
    "columns move, and nothing else",
)

# %% nbgrader={"grade": true, "grade_id": "random_flip_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(72)
for shape in [(600, 4, 7, 3), (500, 5, 5, 3)]:
    X = rng.random(shape)
    out = np.asarray(random_flip(X.copy(), np.random.default_rng(5)))
    checks.shape(out, shape, f"{len(X)} pictures: the shape")
    mirrored = np.all(out == X[:, :, ::-1], axis=(1, 2, 3))
    same = np.all(out == X, axis=(1, 2, 3))
    checks.holds(
        np.all(mirrored | same),
        "each picture is itself or its exact mirror image",
        hint="left to right is axis 2; colours stay in order",
    )
    checks.holds(
        abs(mirrored.mean() - 0.5) < 3 / np.sqrt(len(X)),
        "about half are mirrored",
        f"{mirrored.sum()} of {len(X)} are",
        hint="each picture has a coin of its own",
    )
    checks.holds(
        abs(np.mean(mirrored[1:] == mirrored[:-1]) - 0.5) < 3 / np.sqrt(len(X)), "neighbours are independent"
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "random_flip_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: dtypes, one picture, the generator, X left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(73)
for shape, dtype in [((300, 4, 7, 3), np.float32), ((300, 5, 5, 3), np.uint8), ((1, 3, 2, 3), np.float64)]:
    X = (rng.random(shape) * (255 if dtype == np.uint8 else 1)).astype(dtype)
    before = X.copy()
    out = np.asarray(random_flip(X, np.random.default_rng(5)))
    checks.unchanged(X, before, "X")
    checks.dtype(
        out, dtype, f"{np.dtype(dtype).name} pictures: the dtype", hint="no arithmetic is needed for a flip"
    )
    checks.equal(np.sort(out, axis=2), np.sort(before, axis=2), "columns move, and nothing else")
    again = random_flip(X, np.random.default_rng(5))
    checks.equal(again, out, "equal generators, equal results", hint="draw from rng, not from np.random")
    if len(X) > 1:
        other = np.asarray(random_flip(X, np.random.default_rng(6)))
        checks.holds((other != out).any(), "another generator, another choice", hint="draw from rng")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8, continued · Crops  `[5 points · ●●○ · 15 min]`
#
# `random_crop` moves each picture a little. Put a frame of `pad` zeros on all four sides of it, so that it is $(H + 2\,\text{pad}) \times (W + 2\,\text{pad})$, and cut out a window of the old size, $H \times W$, at a random place. There are $2\,\text{pad} + 1$ places from
# top to bottom and as many from left to right; **all are equally likely**, the two ends too, and the choice of one says nothing about the other.
#
# <details><summary>Hint</summary>
#
# `np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))` pads the two middle axes. `rng.integers(n)` is a whole number from 0 to n - 1: which n makes the largest place possible?
# </details>


# %% nbgrader={"grade": false, "grade_id": "random_crop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_crop(X, pad, rng):
    """Pad each picture with zeros and cut a window of the old size out at a random place.

    Parameters
    ----------
    X : (N, H, W, 3) pictures
    pad : width of the frame of zeros, 0 or more
    rng : numpy.random.Generator

    Returns
    -------
    cropped : (N, H, W, 3), same dtype
    """
    ### BEGIN SOLUTION
    H, W = X.shape[1:3]
    framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    corners = rng.integers(2 * pad + 1, size=(len(X), 2))
    windows = [
        picture[top : top + H, left : left + W] for picture, (top, left) in zip(framed, corners, strict=True)
    ]
    return np.array(windows)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "random_crop_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: 400 pictures of 5 x 6 with one bright dot, and another number in every other pixel. With pad = 1 the dot lands on
# one of 3 x 3 places.
X = np.tile(np.arange(1, 91).reshape(5, 6, 3), (400, 1, 1, 1))
X[:, 2, 2] = 200
out = np.asarray(random_crop(X.copy(), 1, np.random.default_rng(0)))
checks.shape(out, (400, 5, 6, 3), "the old size", hint="the window is H x W, cut from the padded picture")
counts = np.sum(out[..., 0] == 200, axis=0)
checks.equal(
    counts.sum(),
    400,
    "one dot in each picture",
    hint="the frame goes around height and width, not the colours",
)
checks.holds(
    np.all(counts[1:4, 1:4] > 10) and counts[1:4, 1:4].sum() == 400,
    "it lands on each of the 3 x 3 places in the middle, about equally often",
    f"how often it is where: {counts.tolist()}",
    hint="2 * pad + 1 places in each direction, a draw for each picture and direction",
)
up, down = out[:, 0, :, 0] == 0, out[:, -1, :, 0] == 0
left, right = out[:, :, 0, 0] == 0, out[:, :, -1, 0] == 0
dots = np.argwhere(out[..., 0] == 200)[:, 1:]
for name, frame, shift in [
    ("below", down, dots[:, 0] == 1),
    ("above", up, dots[:, 0] == 3),
    ("right", right, dots[:, 1] == 1),
    ("left", left, dots[:, 1] == 3),
]:
    checks.equal(
        frame.all(axis=1),
        shift,
        f"zeros at the edge {name}, if the picture has moved away from it",
        hint="the frame is made of zeros; rows are axis 1, columns axis 2",
    )

# %% nbgrader={"grade": true, "grade_id": "random_crop_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: the dtype, the generator, pad = 0, X left as it is.
X = np.random.default_rng(1).integers(1, 256, size=(50, 4, 3, 3)).astype(np.uint8)
before = X.copy()
one, two = (random_crop(X, 2, np.random.default_rng(seed)) for seed in (3, 3))
checks.unchanged(X, before, "X")
checks.dtype(one, np.uint8, "the dtype of bytes", hint="bytes in, bytes out: .astype(X.dtype)")
checks.equal(two, one, "equal generators, equal results", hint="draw from rng, not from np.random")
checks.shape(one, (50, 4, 3, 3), "the shape")
checks.holds(
    all(set(np.unique(a)) <= {0, *np.unique(b)} for a, b in zip(one, before, strict=True))
    and np.any(one == 0),
    "numbers of the picture itself, and zeros",
)
checks.equal(random_crop(X, 0, np.random.default_rng(1)), before, "pad = 0 changes nothing")

# %% nbgrader={"grade": true, "grade_id": "random_crop_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every place equally often, zeros outside, other shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(73)
for (N, H, W), pad in [((2000, 4, 6), 2), ((400, 7, 5), 1)]:
    X = 0.01 + 0.99 * rng.random((N, H, W, 3))
    out = np.asarray(random_crop(X.copy(), pad, np.random.default_rng(8)))
    checks.shape(out, X.shape, f"pad = {pad}: the shape")
    places = 2 * pad + 1
    found = np.zeros((N, places, places), dtype=bool)
    for top in range(places):
        for left in range(places):
            moved = np.zeros_like(X)  # the picture moved by (pad - top, pad - left), zeros behind it
            dy, dx = pad - top, pad - left
            moved[:, max(dy, 0) : H + min(dy, 0), max(dx, 0) : W + min(dx, 0)] = X[
                :, max(-dy, 0) : H + min(-dy, 0), max(-dx, 0) : W + min(-dx, 0)
            ]
            found[:, top, left] = np.all(out == moved, axis=(1, 2, 3))
    checks.holds(
        np.all(found.any(axis=(1, 2))),
        f"pad = {pad}: each result is a window of the padded picture",
        hint="rows are axis 1, columns axis 2; a frame of zeros; the three colours move together",
    )
    share = found.mean(axis=0)
    bound = 6 * np.sqrt(1 / places**2 / N)  # below the share itself: a place that is never reached shows
    checks.holds(
        np.all(np.abs(share - 1 / places**2) < bound),
        f"pad = {pad}: all {places} x {places} places are equally likely",
        f"the shares of the corners are {share[0, 0]:.3f}, {share[0, -1]:.3f}, {share[-1, 0]:.3f}, {share[-1, -1]:.3f}",
        f"expected {1 / places**2:.3f}",
        hint="rng.integers(2 * pad + 1): its upper end is not included; rows and columns are drawn apart",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "random_crop_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: dtypes, a frame wider than the picture, the generator, X left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(74)
for (N, H, W), pad, dtype in [
    ((60, 4, 6), 2, np.float32),
    ((60, 7, 5), 1, np.uint8),
    ((1, 3, 4), 5, np.float64),
]:
    X = (1 + rng.random((N, H, W, 3)) * 100).astype(dtype)
    before = X.copy()
    out = np.asarray(random_crop(X, pad, np.random.default_rng(8)))
    checks.unchanged(X, before, "X")
    checks.shape(out, before.shape, f"pad = {pad}: the shape")
    checks.dtype(out, dtype, f"pad = {pad}: {np.dtype(dtype).name} stays {np.dtype(dtype).name}")
    framed = np.zeros((N, H + 2 * pad, W + 2 * pad, 3), dtype)
    framed[:, pad : pad + H, pad : pad + W] = before
    checks.holds(
        all(
            any(
                np.array_equal(out[n], framed[n, i : i + H, j : j + W])
                for i in range(2 * pad + 1)
                for j in range(2 * pad + 1)
            )
            for n in range(N)
        ),
        f"pad = {pad}: each result is a window of the padded picture",
    )
    again = random_crop(X, pad, np.random.default_rng(8))
    checks.equal(again, out, "equal generators, equal results", hint="draw from rng")
checks.equal(random_crop(X, 0, np.random.default_rng(1)), before, "pad = 0 changes nothing")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8, continued · Colour jitter  `[5 points · ●●○ · 15 min]`
#
# The light changes: brighter or darker, harsher or softer. Let $\mu$ be the mean of **one picture**, over all its pixels and colours. `color_jitter` draws two numbers for each picture, a brightness $\beta$ and a contrast $\gamma$, independently and uniformly from $[1 - s, 1 + s]$ ($s$ is `strength`), and returns
#
# $$\text{out} = \beta\,\mu + \gamma\,(X - \mu)$$
#
# so that brightness scales the mean, and contrast the distance from it. What falls out of the range is **clipped**: to 0 and 255 for bytes, to 0 and 1 for floats.
#
# **Watch out.** Bytes wrap around: 250 + 10 is 4. Compute in floats, clip, and convert at the end (rounded or cut off, both are accepted). Floats keep their dtype: `float32` in, `float32` out.
#
# <details><summary>Hint</summary>
#
# `X.mean(axis=(1, 2, 3), keepdims=True)` is one mean per picture; draw β and γ in the same shape, (N, 1, 1, 1). The range's upper end is `255 if X.dtype == np.uint8 else 1`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "color_jitter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def color_jitter(X, strength, rng):
    """Change brightness and contrast of each picture at random.

    Parameters
    ----------
    X : (N, H, W, 3) pictures, uint8 in 0 .. 255 or floats in 0 .. 1
    strength : s; both factors are uniform in [1 - s, 1 + s], 0 <= s <= 1
    rng : numpy.random.Generator

    Returns
    -------
    jittered : (N, H, W, 3), same dtype and range
    """
    ### BEGIN SOLUTION
    highest = 255 if X.dtype == np.uint8 else 1
    mean = X.mean(axis=(1, 2, 3), keepdims=True)
    brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
    return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "color_jitter_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: 400 colour pictures, nothing clipped. Two numbers explain each of them: how much lighter its mean has become, and
# how much farther from the mean its pixels lie.
X = np.random.default_rng(2).uniform(0.4, 0.6, size=(400, 2, 3, 3)) * [0.9, 1.0, 1.1]
X = np.where(np.arange(400)[:, None, None, None] % 2, X, 0.8 * X)
out = np.asarray(color_jitter(X.copy(), 0.2, np.random.default_rng(0)))
checks.shape(out, X.shape, "the shape")
average = np.mean(X, axis=(1, 2, 3))[:, None, None, None]
brightness = out.mean(axis=(1, 2, 3)) / average.ravel()
contrast = np.std(out, axis=(1, 2, 3)) / np.std(X, axis=(1, 2, 3))
checks.close(
    (out - out.mean(axis=(1, 2, 3), keepdims=True)) / contrast[:, None, None, None],
    X - average,
    "the pixels of a picture keep their pattern around its mean",
    atol=1e-9,
    hint="one β and one γ for all pixels and all colours of a picture, and the picture's own mean",
)
for name, factor in [("brightness", brightness), ("contrast", contrast)]:
    checks.holds(
        factor.min() + 1e-9 >= 0.8 and factor.max() <= 1.2 + 1e-9,
        f"{name} factors are between 0.8 and 1.2",
        f"they go from {factor.min():.3f} to {factor.max():.3f}",
        hint="β * mean + γ * (X - mean), the mean over the whole picture",
    )
    checks.holds(
        abs(np.mean(factor) - 1) < 0.03 and 0.1 < np.std(factor) < 0.13,
        f"{name} differs from picture to picture, up and down alike, no value more likely than another",
        f"its mean is {np.mean(factor):.3f}, its deviation {np.std(factor):.3f}; 1 and 0.115 are expected",
        hint="draw N of each, uniformly from 1 - s to 1 + s",
    )
checks.holds(
    abs(np.corrcoef(brightness, contrast)[0, 1]) < 0.3,
    "brightness and contrast are independent",
    hint="two draws, not one used twice",
)

# %% nbgrader={"grade": true, "grade_id": "color_jitter_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: bytes and floats at the ends of their ranges, float32, the generator, X left as it is.
X = np.random.default_rng(3).choice([5, 128, 250], size=(60, 3, 3, 3)).astype(np.uint8)
before = X.copy()
out = color_jitter(X, 0.4, np.random.default_rng(0))
checks.unchanged(X, before, "X")
checks.dtype(out, np.uint8, "the dtype of bytes", hint=".astype(X.dtype) at the end")
checks.holds(
    np.max(out) == 255
    and np.min(out) == 0
    and all(a[b == 250].min() > a[b == 128].max() for a, b in zip(out, before, strict=True)),
    "bytes: light stays light, up to 255, and dark stays dark",
    f"from {np.min(out)} to {np.max(out)}",
    hint="bytes wrap around: compute in floats, clip to 0 .. 255, convert last",
)
checks.equal(
    color_jitter(X, 0.4, np.random.default_rng(0)),
    out,
    "equal generators, equal results",
    hint="draw from rng",
)
floats = color_jitter((X / 255).astype(np.float32), 0.4, np.random.default_rng(0))
checks.dtype(floats, np.float32, "float32 stays float32")
checks.holds(
    np.max(floats) == 1 and np.min(floats) == 0,
    "floats are clipped to 0 .. 1",
    f"they go from {np.min(floats):.3f} to {np.max(floats):.3f}",
)

# %% nbgrader={"grade": true, "grade_id": "color_jitter_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the factors' distribution.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(74)
for strength, count in [(0.3, 800), (0.1, 900)]:
    # greys in the middle, so that nothing is clipped: two numbers explain each picture
    X = rng.uniform(0.4, 0.6, size=(count, 5, 4, 3))
    out = np.asarray(color_jitter(X.copy(), strength, np.random.default_rng(9)))
    checks.shape(out, X.shape, "the shape")
    mean = X.mean(axis=(1, 2, 3))
    deviation = X - mean[:, None, None, None]
    beta = out.mean(axis=(1, 2, 3)) / mean
    gamma = np.einsum("nhwc,nhwc->n", out, deviation) / np.einsum("nhwc,nhwc->n", deviation, deviation)
    checks.close(
        out,
        (beta * mean)[:, None, None, None] + gamma[:, None, None, None] * deviation,
        "each picture is β * mean + γ * (X - mean)",
        hint="one β and one γ for all pixels and colours of a picture, and the picture's own mean",
    )
    for name, factor in [("brightness", beta), ("contrast", gamma)]:
        checks.holds(
            factor.min() >= 1 - strength - 1e-5 and factor.max() <= 1 + strength + 1e-5,
            f"{name} is within 1 ± strength",
            f"from {factor.min():.3f} to {factor.max():.3f}",
            hint="β * mean + γ * (X - mean), with the mean of the picture itself, over all pixels and colours",
        )
        checks.close(
            factor.mean(), 1.0, f"{name} is 1 on average", rtol=0.04, hint="uniform from 1 - s to 1 + s"
        )
        checks.close(
            factor.std(),
            strength / np.sqrt(3),
            f"the spread of {name}",
            rtol=0.11,
            hint="uniform, a draw for each picture",
        )
    checks.holds(
        abs(np.corrcoef(beta, gamma)[0, 1]) < 6 / np.sqrt(count),
        "brightness and contrast are independent",
        hint="two draws, not one used twice",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "color_jitter_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: clipping, dtypes, the generator, X left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(75)
for dtype, high in [(np.uint8, 255), (np.float32, 1), (np.float64, 1)]:
    # near both ends of the range: clipped, never wrapped
    X = (rng.choice([2, 128, 253], size=(100, 4, 4, 3)) * (high / 255)).astype(dtype)
    before, what = X.copy(), np.dtype(dtype).name
    out = np.asarray(color_jitter(X, 0.6, np.random.default_rng(1)))
    checks.unchanged(X, before, "X")
    checks.dtype(out, dtype, f"{what} stays {what}", hint=".astype(X.dtype) at the end")
    checks.holds(
        np.all(
            [
                out[n][before[n] > 0.9 * high].min() >= out[n][before[n] < 0.6 * high].max()
                for n in range(100)
                if np.any(before[n] > 0.9 * high) and np.any(before[n] < 0.6 * high)
            ]
        ),
        f"{what}: light pixels stay lighter than dark ones",
        hint="bytes wrap around: compute in floats and clip before converting",
    )
    checks.holds(
        out.max() == high and out.min() == 0,
        f"{what} reaches both ends of its range",
        f"from {out.min()} to {out.max()}",
        hint="clip to 0 .. 255 for uint8, to 0 .. 1 for floats",
    )
    checks.equal(
        color_jitter(X, 0.6, np.random.default_rng(1)),
        out,
        "equal generators, equal results",
        hint="draw from rng",
    )
    checks.holds(
        np.max(np.abs(color_jitter(X, 0, np.random.default_rng(2)).astype(float) - before))
        <= 1.001 * high / 255,
        f"{what}: strength 0 changes nothing",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8, continued · PCA jitter  `[6 points · ●●● · 20 min]`
#
# The colours of pictures are not spread evenly: brightness varies most, blue against yellow less, green against purple least. A random shift that ignores this makes pictures nobody has ever seen. **PCA jitter** (Krizhevsky and others, 2012) shifts colours the way the data does.
#
# Take all pixels of the batch as points in colour space, and compute their 3 x 3 covariance matrix $\Sigma = P \Lambda P^T$, with eigenvectors in the *columns* of $P$ and eigenvalues $\lambda_1, \lambda_2, \lambda_3$. Each picture gets **one** shift for all its
# pixels:
#
# $$\text{offset} = \text{scale} \cdot \sum_{i=1}^{3} \alpha_i \sqrt{\lambda_i}\; P_{:, i}, \qquad \alpha_i \sim \mathcal N(0, 1)$$
#
# so that the offsets have mean zero and the covariance $\text{scale}^2\, \Sigma$: the same colours vary together. (Grey pictures have two eigenvalues of zero, which rounding may bring a little *below* zero: no root of those.) (The paper writes $\lambda_i$ in place of its root. The root has the unit of a pixel, so that bytes and floats are treated alike.) Add the offset and clip, with bytes treated as in
# the exercise above.
#
# <details><summary>Hint</summary>
#
# `np.cov(X.reshape(-1, 3), rowvar=False)` is Σ, and `np.linalg.eigh` its eigenvalues and vectors. `rng.multivariate_normal(mean, cov, size=N)` draws from a covariance directly. An offset of shape (N, 1, 1, 3) broadcasts over the pixels.
# </details>


# %% nbgrader={"grade": false, "grade_id": "pca_jitter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pca_jitter(X, scale, rng):
    """Shift each picture's colours at random along the principal axes of the batch's colours.

    Parameters
    ----------
    X : (N, H, W, 3) pictures, uint8 in 0 .. 255 or floats in 0 .. 1
    scale : the offsets' covariance is scale**2 times that of the pixels
    rng : numpy.random.Generator

    Returns
    -------
    jittered : (N, H, W, 3), same dtype and range
    """
    ### BEGIN SOLUTION
    highest = 255 if X.dtype == np.uint8 else 1
    variances, axes = np.linalg.eigh(np.cov(X.reshape(-1, 3), rowvar=False))
    steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
    offsets = scale * steps @ axes.T
    return np.clip(X + offsets[:, None, None, :], 0, highest).astype(X.dtype)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "pca_jitter_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: red and green vary together, blue a little. In the data's own axes, the offsets are normal numbers.
rng = np.random.default_rng(0)
mix = np.array([[0.05, 0.0, 0.0], [0.04, 0.02, 0.0], [0.0, 0.0, 0.005]])
X = np.array([0.35, 0.5, 0.65]) + np.clip(rng.normal(size=(600, 2, 3, 3)), -3, 3) @ mix.T
out = np.asarray(pca_jitter(X.copy(), 0.5, np.random.default_rng(1)))
checks.shape(out, X.shape, "the shape")
offsets = out - X
checks.close(
    offsets,
    np.broadcast_to(offsets[:, :1, :1], X.shape),
    "one offset for all pixels of a picture",
    atol=1e-9,
    hint="draw three numbers for each picture",
)
offsets = offsets[:, 0, 0]
spread = np.std(offsets, axis=0) / np.std(X, axis=(0, 1, 2))
checks.close(
    spread,
    [0.5, 0.5, 0.5],
    "each colour is shifted half as much as it varies in the data",
    rtol=0.15,
    hint="scale * sqrt(eigenvalue); eigenvectors are the COLUMNS of what np.linalg.eigh returns; "
    "the covariance is that of centred pixels",
)
checks.close(
    np.corrcoef(offsets.T),
    np.corrcoef(X.reshape(-1, 3).T),
    "the colours are shifted together as they vary together in the data",
    rtol=0,
    atol=0.25,
    hint="three numbers for each picture, one for each axis; each times the root of its own eigenvalue, along its own eigenvector",
)
checks.close(offsets.mean(axis=0) / np.std(X, axis=(0, 1, 2)), np.zeros(3), "up as often as down", atol=0.12)

# %% nbgrader={"grade": true, "grade_id": "pca_jitter_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: grey pictures, bytes and floats at the ends of their ranges, float32, the generator, X left as it is.
X = np.random.default_rng(5).choice([0, 128, 255], size=(80, 4, 4, 1)).astype(np.uint8).repeat(3, axis=3)
X[0, 0, 0] = [3, 2, 1]
for picture, high in [(X, 255), ((X / 255).astype(np.float32), 1)]:
    before, what = picture.copy(), f"{picture.dtype.name} pictures"
    out = np.asarray(pca_jitter(picture, 0.3, np.random.default_rng(2)))
    checks.unchanged(picture, before, "X")
    checks.dtype(out, before.dtype.type, f"{what}: the dtype", hint=".astype(X.dtype) at the end")
    checks.holds(
        out.min() == 0 and out.max() == high,
        f"{what} reach both ends of their range, and go no further",
        f"from {out.min()} to {out.max()}",
        hint="clip to 0 .. 255 for uint8, to 0 .. 1 for floats; convert after that",
    )
    shift = (out.astype(float) - before) / high
    checks.holds(
        np.abs(shift).max() < 0.9 and 0.05 < np.std(shift) < 0.2,
        f"{what}: nothing wraps around",
        f"the largest shift is {np.abs(shift).max():.2f} of the range, the deviation {np.std(shift):.2f}",
        hint="bytes wrap around: compute in floats, clip, convert last",
    )
    checks.equal(pca_jitter(picture, 0.3, np.random.default_rng(2)), out, "equal generators, equal results")
grey = np.random.default_rng(6).uniform(0.3, 0.7, size=(30, 5, 5, 1)).repeat(3, axis=3)
with np.errstate(all="ignore"):
    out = pca_jitter(grey, 0.3, np.random.default_rng(2))
checks.finite(
    out,
    "grey pictures",
    hint="an eigenvalue that should be 0 may come out a little below: np.maximum(eigenvalues, 0)",
)

# %% nbgrader={"grade": true, "grade_id": "pca_jitter_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: mean and covariance of the offsets.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(75)
# colours that vary together, around a mean that is not grey: forgetting to centre would show
mix = np.array([[0.05, 0.0, 0.0], [0.04, 0.02, 0.0], [-0.01, 0.02, 0.01]])
for scale in (0.5, 0.25):
    X = np.clip([0.35, 0.5, 0.65] + rng.normal(size=(2000, 4, 3, 3)) @ mix.T, 0.15, 0.85)
    out = np.asarray(pca_jitter(X.copy(), scale, np.random.default_rng(10)))
    checks.shape(out, X.shape, "the shape")
    shift = out - X
    offsets = shift[:, 0, 0]
    checks.close(
        shift,
        np.broadcast_to(offsets[:, None, None], X.shape),
        "one offset for each picture",
        atol=1e-9,
        hint="an offset of shape (N, 1, 1, 3)",
    )
    # seen in the data's own axes, in units of its deviations, offsets must be `scale` times standard normal
    root = np.linalg.cholesky(np.cov(X.reshape(-1, 3), rowvar=False))
    standard = np.linalg.solve(root, offsets.T) / scale
    checks.close(
        standard.mean(axis=1),
        np.zeros(3),
        "offsets are zero on average",
        atol=0.135,
        hint="normal numbers around 0",
    )
    checks.close(
        np.cov(standard),
        np.eye(3),
        "the offsets' covariance, divided by scale**2 times the data's",
        atol=0.2,
        hint="centre the pixels, sqrt of the eigenvalues, eigenvectors in COLUMNS",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "pca_jitter_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: dtypes, clipping, grey pictures, the generator, X left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(76)
mix = np.array([[0.05, 0.0, 0.0], [0.04, 0.02, 0.0], [-0.01, 0.02, 0.01]])
wide = np.clip([0.35, 0.5, 0.65] + rng.normal(size=(800, 4, 3, 3)) @ mix.T, 0.15, 0.85)
for dtype, high in [(np.float32, 1), (np.uint8, 255)]:
    X = (wide * high).astype(dtype)
    before, what = X.copy(), np.dtype(dtype).name
    out = np.asarray(pca_jitter(X, 0.5, np.random.default_rng(12)))
    checks.unchanged(X, before, "X")
    checks.dtype(out, dtype, f"{what} stays {what}", hint=".astype(X.dtype) at the end")
    # the same in units of bytes
    offsets = np.mean(out.astype(float) - before, axis=(1, 2))
    root = np.linalg.cholesky(np.cov(before.reshape(-1, 3).astype(float), rowvar=False))
    checks.close(
        np.cov(np.linalg.solve(root, offsets.T)) / 0.25,
        np.eye(3),
        f"{what}: the offsets' covariance",
        atol=0.35,
        hint="sqrt of the eigenvalues has the unit of a pixel",
    )
    checks.equal(
        pca_jitter(X, 0.5, np.random.default_rng(12)),
        out,
        "equal generators, equal results",
        hint="draw from rng",
    )
    other = np.asarray(pca_jitter(X, 0.5, np.random.default_rng(11)))
    checks.holds((other != out).any(), "another generator, other offsets", hint="draw from rng")
X = rng.choice([0, 255], size=(60, 4, 4, 3)).astype(np.uint8)
out = np.asarray(pca_jitter(X, 0.3, np.random.default_rng(13)))
# the deviation is about 127 and the scale 0.3: an honest shift of 255 has no chance, a wrapped one does it each time
checks.holds(
    np.max(np.abs(out.astype(int) - X)) < 250 and out.max() == 255,
    "bytes do not wrap around, and reach 255",
    hint="clip floats to 0 .. 255, and convert after that",
)
floats = np.asarray(pca_jitter(X / 255, 0.3, np.random.default_rng(13)))
checks.holds(
    floats.min() == 0 and floats.max() == 1, "floats stay between 0 and 1", hint="np.clip(..., 0, 1)"
)
checks.close(pca_jitter(X / 255, 0, np.random.default_rng(1)), X / 255, "scale 0 changes nothing", atol=1e-12)
# grey pictures: two eigenvalues are zero, and rounding makes them negative
for seed in range(5):
    grey = np.random.default_rng(seed).uniform(0.3, 0.7, size=(20, 5, 5, 1)).repeat(3, axis=3)
    with np.errstate(all="ignore"):
        out = pca_jitter(grey, 0.3, np.random.default_rng(2))
    checks.finite(out, "grey pictures", hint="np.maximum(eigenvalues, 0) before the root")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Eight pictures before (top row), and after each augmentation. Would you give every one of them the same label? That is the test an augmentation has to pass. The jitters are drawn stronger here than you would use them.

# %% tags=["explore"]
rng = np.random.default_rng(2)
batch, names = data.X_train[20:28], [data.class_names[label] for label in data.y_train[20:28]]
changed = {
    "as it is": batch,
    "random_flip": random_flip(batch, rng),
    "random_crop": random_crop(batch, 4, rng),
    "color_jitter": color_jitter(batch, 0.5, rng),
    "pca_jitter": pca_jitter(batch, 0.6, rng),
    "all four": pca_jitter(color_jitter(random_crop(random_flip(batch, rng), 4, rng), 0.4, rng), 0.4, rng),
}
plotting.show_augmented(changed, names)
plt.show()

# %% [markdown]
# ## What each of them is worth
#
# The same network of 200 hidden units, the same 1000 pictures, the same 40 passes over them, each time with another regulariser. (About a minute.) Dropped connections need no new network: an
# ordinary one does, trained with masked weights.


# %% tags=["explore"]
class WithDropConnect:
    """A network whose weights are dropped in training."""

    def __init__(self, net, p):
        self.net, self.p, self.params = net, p, net.params

    def loss(self, X, y=None):
        if y is None:
            return self.net.loss(X)
        weights = {name: W for name, W in self.params.items() if name.startswith("W")}
        in_use = {name: dropout_forward(W, {"p": self.p, "mode": "train"}) for name, W in weights.items()}
        self.params.update({name: W for name, (W, _) in in_use.items()})
        value, grads = self.net.loss(X, y)
        self.params.update(weights)
        return value, grads | {
            name: dropout_backward(grads[name], cache) for name, (_, cache) in in_use.items()
        }


rng = np.random.default_rng(0)
runs = {
    "L2, reg 0.008": (FullyConnectedNet(**sizes, reg=0.008), None),
    "DropConnect 0.5": (WithDropConnect(FullyConnectedNet(**sizes), 0.5), None),
    "colour jitter": (FullyConnectedNet(**sizes), lambda X: color_jitter(X, 0.3, rng)),
    "PCA jitter": (FullyConnectedNet(**sizes), lambda X: pca_jitter(X, 0.3, rng)),
    "crops": (FullyConnectedNet(**sizes), lambda X: random_crop(X, 2, rng)),
    "flips": (FullyConnectedNet(**sizes), lambda X: random_flip(X, rng)),
    "flips, dropout 0.5": (
        FullyConnectedNet(**sizes, dropout_keep_ratio=0.5),
        lambda X: random_flip(X, rng),
    ),
}
for name, (net, augment) in tqdm(runs.items()):
    solvers[name] = train(net, augment)
plotting.show_gaps(solvers)
plt.show()

# %% [markdown]
# **What to read off it.** (The masks are new each time, and on 2000 validation pictures one point is about one standard error: your numbers will be a point or so away from the ones named here.)
#
# - In our runs the plain network had a gap of about 50 points: over 90 % in training, about 42 % in validation. Every regulariser shortens the line: the jitters hardly, dropout and L2 by about ten points, flips, crops and DropConnect by fifteen to twenty-five.
# - **A shorter line is not yet a better network.** Most of it comes off the training accuracy. Dropout, DropConnect, L2 and the jitters bring one point of validation accuracy or so. Crops close two fifths of the gap and bring
#   nothing: this network has a weight of its own for every pixel, so to it a boat two pixels to the left is simply another picture.
# - Flips bring two or three points, since they tell the network something that is *true* and that 1000 pictures had not told it. With dropout on top it is about four points: regularisers of different kinds add up.

# %% [markdown] nbgrader={"grade": true, "grade_id": "noise_and_average", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · Noise and its average  `[4 points]`
#
# Batch normalisation regularises too, although nobody invented it for that. For **dropout**, **stochastic depth**, **random crops** and **batch normalisation**, say what is random in training, and what takes its place
# at test time. Which of the four replaces the noise by something that is *exactly* the average answer of the network?
#
# ### BEGIN SOLUTION
# Dropout: which units are there; at test time every unit is there, at its mean (the mask m / p is replaced by its mean 1). Stochastic depth: which residual branches are there; at test time every branch, multiplied by its survival
# probability, the mean of its coin. Random crops: where the picture lies; at test time the picture in its usual place, or the average of the answers to a few fixed crops. Batch normalisation: the mean and the variance that a picture is normalised with, since they depend on which others happen
# to be in its batch; at test time their running averages. None of the four is exact in general: all but the average over crops put the mean of the noise *into* the network, and the mean of the answers is not the answer to the mean, since ReLU and softmax are not linear. (An average over
# *all* crops would be exact. Averaging many noisy passes comes as close as one pays for.)
# ### END SOLUTION

# %% [markdown] nbgrader={"grade": true, "grade_id": "forgotten_scale", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · The forgotten division  `[4 points]`
#
# A network with three hidden layers is trained with dropout, $p = 0.5$; its layers multiply by the mask and never divide by $p$. Test mode returns x as it is. The training loss looks healthy, but on new pictures the network is far too sure of itself: probabilities
# of 0 and 1 nearly everywhere. Explain the symptom with a number. Then name two ways to mend it, one of them without training again.
#
# ### BEGIN SOLUTION
# In training each hidden layer hands on half of its units, so the next one's weighted sums are, on average, half of what they are at test time. At test time the second layer gets inputs twice as large as any it was trained on, its outputs double and are doubled again, and so on: after three
# dropout layers the scores are about 2 * 2 * 2 = 8 times as large (biases aside). Softmax of scores that are eight times as large is nearly 0 or 1. Without training again: multiply by p = 0.5 after each hidden layer in test mode, which is dropout in its original form (or, which is the same, multiply the weights that read
# those layers by 0.5). With training: divide by p in the training pass, inverted dropout, and leave test mode alone.
# ### END SOLUTION

# %% [markdown]
# ## What you take with you
#
# - Overfitting is a gap between training and validation. Regularisation closes it from above: the training accuracy falls, and the validation accuracy, if all goes well, rises.
# - One pattern: noise in training, its average at test time. What differs is what the noise acts on: units, weights, layers, regions, pictures.
# - Scale exactly once. Inverted dropout scales in training, so that test time is plain; a network that scales never, or twice, looks healthy in training and is wrong on everything new.
# - The backward pass uses the random choice of the forward pass. What is random is tested by what holds for every draw.
# - The cheapest good regulariser is a true statement about the data: a mirrored boat is a boat. The next notebook, `07-cnn`, builds such a statement into the network itself: what is worth looking for in one place is worth looking for in all.
