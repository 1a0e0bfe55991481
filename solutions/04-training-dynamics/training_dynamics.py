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
# # 4 · Training dynamics: activations, initialisation, normalisation
#
# In the last notebook the gradients became right. A network with right gradients can still refuse to learn: its units saturate or
# die, its signal fades on the way through ten layers, its first steps zig-zag. This notebook is about why networks do not train, how
# to *see* which illness it is, and what helps: better activations, better first weights, prepared data, and normalisation.
#
# | exercise | | points |
# |---|---|---|
# | 1 | Sigmoid, forward and backward | 4 |
# | 2 | Tanh | 4 |
# | 3 | Leaky ReLU | 4 |
# | 4 | PReLU: a slope that is learned | 5 |
# | 5 | ELU | 4 |
# | 6 | Maxout | 7 |
# | 7 | Two diseases: `saturated_fraction`, `dead_fraction` | 4 |
# | 8 | Preparing the data | 6 |
# | 9 | The first weights | 5 |
# | 10 | Batch normalisation, forward | 9 |
# | 11 | Batch normalisation, backward | 7 |
# | 12 | The same backward pass in closed form | 5 |
# | 13 | Layer normalisation | 6 |
# | 14 | `FullyConnectedNet`, as deep as you like | 12 |
# | 15 | A sanity check | 4 |
# | 16 | The update ratio | 2 |
# | 17 | Reading loss curves | 6 |
# | | Two written questions | 6 |
#
# **How to work.** Run the cells from top to bottom, fill in the stubs, run the check under each. More tests run when the notebook is
# graded; the text says all that they ask for. Three to four hours; exercises 1 to 9 make a good first evening.
#
# **Conventions**, as in the last notebook. A forward function returns `(out, cache)`: the result, and whatever you want to have at hand
# on the way back. The backward function takes `(dout, cache)`, where `dout` is the gradient of the loss by `out`, and returns the
# gradients by the inputs. What the cache holds is your choice. Inputs, `dout` included, are never changed in place.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import time

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import checks, gradcheck, plotting
from cs231n_kit.data import load_loss_curves, load_picturebook
from cs231n_kit.notebooks import load_functions
from cs231n_kit.solver import Solver

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# From your own third notebook come the affine layer, ReLU and the softmax loss. If this cell complains, open that notebook, finish what it
# names, and **save** it.

# %% nbgrader={"grade": false, "grade_id": "earlier", "locked": true, "schema_version": 3, "solution": false, "task": false}
affine_forward, affine_backward, relu_forward, relu_backward, softmax_loss = load_functions(
    "03-backprop", "affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss"
)

# %% [markdown]
# # Part one: activations
#
# Without a nonlinearity between them, ten affine layers are one affine layer. Which nonlinearity? Each of the next six has a story: what
# it cures, and what it costs. All of them work **entry by entry** on arrays of any shape (Maxout aside), so their backward pass is simple:
# the upstream gradient times the local slope.
#
# ## Exercise 1 · Sigmoid  `[4 points · ●○○ · 10 min]`
#
# The oldest one squashes every number into $(0, 1)$, like the firing rate of a nerve cell:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^{x}}{1 + e^{x}} \qquad \sigma'(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr)$$
#
# Both forms are right on paper. On a computer $e^{1000}$ is infinite, and $\infty / \infty$ is not a number: the second form breaks down at
# $x = 1000$, while the first only warns at $x = -1000$. A version without any overflow uses the form in $e^{-|x|}$ which suits the sign
# of each entry. The tests go to $\pm 1000$, and ask for finite numbers that are right far out too: $\sigma(-40)$ is $4.2 \cdot 10^{-18}$, and not 0.
#
# The slope is at most $\frac14$. Far out it is nearly 0: the unit is **saturated**, and no gradient gets through it.
#
# <details><summary>Hint</summary>
#
# With z = exp(-|x|), which never exceeds 1, the sigmoid is 1 / (1 + z) where x is at least 0 and z / (1 + z) elsewhere. `np.where`
# chooses. On the way back you need only the output, so keep that in the cache.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sigmoid_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_forward(x):
    """The logistic function of every entry.

    Parameters
    ----------
    x : any shape

    Returns
    -------
    out : same shape as x, between 0 and 1
    cache : what `sigmoid_backward` needs
    """
    ### BEGIN SOLUTION
    z = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, z) / (1 + z)
    return out, out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: e to the power ln 3 is 3, so the sigmoid of ln 3 is 1 / (1 + 1/3) = 3/4.
out, _ = checks.unpack(
    sigmoid_forward(np.array([0.0, np.log(3), -np.log(3)])), "out", "cache", what="sigmoid_forward"
)
checks.close(
    out, [0.5, 0.75, 0.25], "sigmoid of 0, ln 3 and -ln 3", hint="is the minus sign in the exponent?"
)

# %% nbgrader={"grade": true, "grade_id": "sigmoid_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, float32, entries of 1000 and -1000.
### BEGIN HIDDEN TESTS
from scipy.special import expit

rng = np.random.default_rng(1)
for size in [(5, 7), (2, 3, 4, 5), (6,), (1, 1)]:  # dense layers, pictures, single rows
    x = rng.normal(scale=4, size=size)
    before = x.copy()
    out = checks.unpack(sigmoid_forward(x), "out", "cache", what="sigmoid_forward")[0]
    checks.close(out, expit(x), f"sigmoid on shape {size}")
    checks.unchanged(x, before, "x")
with np.errstate(all="ignore"):
    out, _ = sigmoid_forward(np.array([-1000.0, -40.0, 0.0, 1000.0]))
checks.finite(out, "sigmoid at -1000 and 1000", hint="exp(1000) overflows; use exp(-abs(x)) and np.where")
# at -1000 any number as tiny as that will do, as an input clipped at -500 gives; clipped at -30 it is far off at -40
checks.close(
    out,
    [0, expit(-40.0), 0.5, 1],
    "sigmoid at -1000, -40, 0, 1000",
    atol=1e-40,
    hint="for negative x the form in exp(x), and no clipping",
)
with np.errstate(all="ignore"):
    out, _ = sigmoid_forward(np.array([-1000, -100, 1.5, 100], dtype=np.float32))
checks.close(out, expit(np.array([-1000, -100, 1.5, 100])), "float32 input", rtol=1e-5, atol=1e-30)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "sigmoid_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dout, cache):
    """Backward pass of the sigmoid.

    Parameters
    ----------
    dout : upstream gradient, shaped like the output
    cache : from `sigmoid_forward`

    Returns
    -------
    dx : same shape
    """
    ### BEGIN SOLUTION
    out = cache
    return dout * out * (1 - out)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the slope is 1/2 * 1/2 at 0 and 3/4 * 1/4 at ln 3; the upstream gradient multiplies it.
_, cache = sigmoid_forward(np.array([0.0, np.log(3)]))
dx = sigmoid_backward(np.array([1.0, 8.0]), cache)
checks.close(dx, [0.25, 1.5], "dx", hint="upstream gradient * out * (1 - out)")

# %% nbgrader={"grade": true, "grade_id": "sigmoid_backward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, saturated units.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(2)
for size in [(4, 6), (3, 2, 2, 2), (5,)]:
    x, dout = rng.normal(scale=2, size=size), rng.normal(size=size)
    before = dout.copy()
    dx = sigmoid_backward(dout, sigmoid_forward(x)[1])
    checks.close(
        dx, dout / (4 * np.cosh(x / 2) ** 2), f"dx of shape {size}", hint="out * (1 - out)", rtol=1e-6
    )
    checks.unchanged(dout, before, "dout")
with np.errstate(all="ignore"):
    dx = sigmoid_backward(np.ones(3), sigmoid_forward(np.array([-1000.0, 0.0, 1000.0]))[1])
checks.close(dx, [0, 0.25, 0], "dx at -1000, 0, 1000", atol=1e-40, hint="use the output, not exp(x)")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2 · Tanh  `[4 points · ●○○ · 5 min]`
#
# The sigmoid's outputs are all positive. (Why that is bad for the layer above is seen in part two.) The hyperbolic tangent is a sigmoid
# stretched to $(-1, 1)$, **centred at zero**: $\tanh(x) = 2\sigma(2x) - 1$.
#
# $$\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}} \qquad \tanh'(x) = 1 - \tanh^2(x)$$
#
# It saturates all the same. NumPy has it, and computes it well at $\pm 1000$ too.
#
# <details><summary>Hint</summary>
#
# `np.tanh`. Once more the output is all that the way back needs.
# </details>


# %% nbgrader={"grade": false, "grade_id": "tanh_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_forward(x):
    """The hyperbolic tangent of every entry.

    Parameters
    ----------
    x : any shape

    Returns
    -------
    out : same shape, between -1 and 1
    cache : what `tanh_backward` needs
    """
    ### BEGIN SOLUTION
    out = np.tanh(x)
    return out, out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: at ln 2 it is (2 - 1/2) / (2 + 1/2) = 0.6.
out, _ = checks.unpack(
    tanh_forward(np.array([[0.0, np.log(2)], [-np.log(2), 0.0]])), "out", "cache", what="tanh_forward"
)
checks.close(out, [[0, 0.6], [-0.6, 0]], "tanh of 0, ln 2 and -ln 2", hint="np.tanh works on whole arrays")

# %% nbgrader={"grade": true, "grade_id": "tanh_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, float32, entries of 1000 and -1000.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(3)
for size in [(5, 7), (2, 3, 4, 5), (6,)]:
    x = rng.normal(scale=2, size=size)
    before = x.copy()
    out = checks.unpack(tanh_forward(x), "out", "cache", what="tanh_forward")[0]
    checks.close(out, np.sinh(x) / np.cosh(x), f"tanh on shape {size}")
    checks.unchanged(x, before, "x")
with np.errstate(all="ignore"):
    out, _ = tanh_forward(np.array([-1000.0, 0.0, 1000.0]))
checks.finite(out, "tanh at -1000 and 1000", hint="exp(1000) overflows; np.tanh knows how to avoid it")
checks.close(out, [-1, 0, 1], "tanh at -1000, 0 and 1000")
small, _ = tanh_forward(x.astype(np.float32))
checks.close(small, np.sinh(x) / np.cosh(x), "float32 input", rtol=1e-5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "tanh_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_backward(dout, cache):
    """Backward pass of tanh.

    Parameters
    ----------
    dout : upstream gradient, shaped like the output
    cache : from `tanh_forward`

    Returns
    -------
    dx : same shape
    """
    ### BEGIN SOLUTION
    out = cache
    return dout * (1 - out**2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the slope is 1 at 0 and 1 - 0.36 = 0.64 at ln 2.
_, cache = tanh_forward(np.array([0.0, np.log(2)]))
checks.close(tanh_backward(np.array([3.0, -10.0]), cache), [3, -6.4], "dx", hint="1 - out ** 2, times dout")

# %% nbgrader={"grade": true, "grade_id": "tanh_backward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, saturated units.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(4)
for size in [(4, 6), (3, 2, 2, 2), (5,)]:
    x, dout = rng.normal(size=size), rng.normal(size=size)
    before = dout.copy()
    dx = tanh_backward(dout, tanh_forward(x)[1])
    checks.close(dx, dout / np.cosh(x) ** 2, f"dx of shape {size}", hint="1 - tanh(x) ** 2", rtol=1e-6)
    checks.unchanged(dout, before, "dout")
with np.errstate(all="ignore"):
    dx = tanh_backward(np.ones(2), tanh_forward(np.array([-1000.0, 1000.0]))[1])
checks.close(dx, [0, 0], "dx at -1000 and 1000", atol=1e-300)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3 · Leaky ReLU  `[4 points · ●○○ · 10 min]`
#
# ReLU, $\max(0, x)$, does not saturate for positive inputs, costs nothing, and made deep networks practical. But where its input is negative
# its slope is exactly 0. A unit whose input is negative for *every* example gets no gradient, so it never changes again: it is **dead**.
# Too large a learning rate kills units by the dozen. The leaky ReLU leaves a little slope on the negative side:
#
# $$f(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases} \qquad f'(x) = \begin{cases} 1 & x > 0 \\ \alpha & x \le 0 \end{cases}$$
#
# (At exactly 0 there is a corner, and either slope will do.)
#
# <details><summary>Hint</summary>
#
# `np.where(condition, a, b)` picks entry by entry. The backward pass needs the *signs of the input* and alpha, so put both in the cache.
# </details>


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu_forward(x, alpha=0.1):
    """x where it is positive, alpha * x elsewhere.

    Parameters
    ----------
    x : any shape
    alpha : slope on the negative side

    Returns
    -------
    out : same shape
    cache : what `leaky_relu_backward` needs
    """
    ### BEGIN SOLUTION
    slope = np.where(x > 0, 1, alpha).astype(x.dtype)
    return slope * x, slope
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: a tenth of what is negative.
out, _ = checks.unpack(
    leaky_relu_forward(np.array([-2.0, 0.0, 3.0])), "out", "cache", what="leaky_relu_forward"
)
checks.close(out, [-0.2, 0, 3], "leaky ReLU of -2, 0 and 3", hint="alpha * x on the negative side")

# %% nbgrader={"grade": true, "grade_id": "leaky_relu_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, other slopes, float32, entries of 1000 and -1000.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(5)
for size, alpha in [((5, 7), 0.1), ((2, 3, 4, 5), 0.3), ((6,), 0.01), ((4, 4), 0.0)]:  # alpha = 0 is ReLU
    x = rng.normal(scale=3, size=size)
    before = x.copy()
    out = checks.unpack(leaky_relu_forward(x, alpha), "out", "cache", what="leaky_relu_forward")[0]
    expected = (1 + alpha) / 2 * x + (1 - alpha) / 2 * np.abs(x)
    checks.close(out, expected, f"alpha = {alpha}, shape {size}", hint="use the alpha that is passed in")
    checks.unchanged(x, before, "x")
checks.close(leaky_relu_forward(np.array([-1000.0, 1000.0]))[0], [-100, 1000], "at -1000 and 1000")
checks.close(leaky_relu_forward(np.array([-4, 4], np.float32), 0.25)[0], [-1, 4], "float32 input", rtol=1e-6)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu_backward(dout, cache):
    """Backward pass of the leaky ReLU.

    Parameters
    ----------
    dout : upstream gradient, shaped like the output
    cache : from `leaky_relu_forward`

    Returns
    -------
    dx : same shape
    """
    ### BEGIN SOLUTION
    return dout * cache
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: slope 1 to the right of zero, alpha to the left.
_, cache = leaky_relu_forward(np.array([-2.0, 3.0]), 0.2)
checks.close(
    leaky_relu_backward(np.array([10.0, 10.0]), cache), [2, 10], "dx", hint="slopes 0.2 and 1, times dout"
)

# %% nbgrader={"grade": true, "grade_id": "leaky_relu_backward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, other slopes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(6)
for size, alpha in [((5, 7), 0.1), ((2, 3, 2, 2), 0.3), ((6,), 0.0)]:
    x, dout = rng.normal(size=size), rng.normal(size=size)
    x_before, dout_before = x.copy(), dout.copy()
    dx = leaky_relu_backward(dout, leaky_relu_forward(x, alpha)[1])
    expected = dout * ((1 + alpha) / 2 + (1 - alpha) / 2 * np.sign(x))
    # the sign of x decides, not that of dout
    checks.close(
        dx, expected, f"dx for alpha = {alpha}, shape {size}", hint="the sign of the input x decides"
    )
    checks.unchanged(dout, dout_before, "dout")
    checks.unchanged(x, x_before, "x")
checks.close(
    leaky_relu_backward(np.ones(2), leaky_relu_forward(np.array([-1000.0, 1000.0]))[1]),
    [0.1, 1],
    "at -1000, 1000",
)
corner = leaky_relu_backward(np.ones(1), leaky_relu_forward(np.zeros(1), 0.1)[1])
checks.holds(0.1 - 1e-9 <= corner[0] <= 1 + 1e-9, "at 0 either slope, or one between", f"it is {corner[0]}")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4 · PReLU: a slope that is learned  `[5 points · ●●○ · 15 min]`
#
# Why guess $\alpha$? Make it a **parameter**, one slope $a_j$ for each of the $D$ features, and let gradient descent choose it. (It may choose a negative
# one, or one above 1.)
#
# $$f(x_{ij}) = \begin{cases} x_{ij} & x_{ij} > 0 \\ a_j\, x_{ij} & x_{ij} \le 0 \end{cases}$$
#
# So there are two gradients. The one by $x$ is that of the leaky ReLU. For the one by $a_j$: where $x_{ij} \le 0$ the output is $a_j x_{ij}$, with
# the slope $x_{ij}$ by $a_j$; elsewhere $a_j$ plays no part. And $a_j$ is used in **every row**, so its gradient is a sum over the rows.
#
# <details><summary>Hint</summary>
#
# `np.minimum(x, 0)` is x where it is negative and 0 elsewhere. A parameter that is used N times collects N gradients: `sum(axis=0)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "prelu_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prelu_forward(x, a):
    """x where it is positive, a * x elsewhere; one slope a feature.

    Parameters
    ----------
    x : (N, D)
    a : (D,) slopes on the negative side

    Returns
    -------
    out : (N, D)
    cache : what `prelu_backward` needs
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, a * x), (x, a)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "prelu_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: slopes 0.1 and 0.5 for the two columns.
x = np.array([[-2.0, 3.0], [-4.0, -1.0]])
out, _ = checks.unpack(prelu_forward(x, np.array([0.1, 0.5])), "out", "cache", what="prelu_forward")
checks.close(out, [[-0.2, 3], [-0.4, -0.5]], "PReLU of a small matrix", hint="column j has the slope a[j]")

# %% nbgrader={"grade": true, "grade_id": "prelu_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, negative slopes, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(7)
for n, dim in [(5, 3), (3, 5), (1, 4), (4, 4), (6, 1)]:
    x, a = (
        rng.normal(scale=3, size=(n, dim)),
        rng.normal(size=dim),
    )  # a learned slope may be negative, or above 1
    x_before, a_before = x.copy(), a.copy()
    out = checks.unpack(prelu_forward(x, a), "out", "cache", what="prelu_forward")[0]
    expected = (x + np.abs(x)) / 2 + a[None, :] * (x - np.abs(x)) / 2
    checks.close(out, expected, f"PReLU on shape ({n}, {dim})", hint="choose by the sign of x, whatever a is")
    checks.unchanged(x, x_before, "x")
    checks.unchanged(a, a_before, "a")
checks.close(
    prelu_forward(np.array([[-1000.0], [1000.0]]), np.array([0.1]))[0], [[-100], [1000]], "at -1000, 1000"
)
checks.close(
    prelu_forward(np.array([[-4, 4]], np.float32), np.array([0.5, 0.5], np.float32))[0],
    [[-2, 4]],
    "float32 input",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "prelu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prelu_backward(dout, cache):
    """Backward pass of PReLU.

    Parameters
    ----------
    dout : (N, D) upstream gradient
    cache : from `prelu_forward`

    Returns
    -------
    dx : (N, D)
    da : (D,)
    """
    ### BEGIN SOLUTION
    x, a = cache
    dx = np.where(x > 0, dout, a * dout)
    da = np.sum(dout * np.minimum(x, 0), axis=0)
    return dx, da
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "prelu_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: da is -2 * 1 - 4 * 100 in the first column; in the second only the lower entry is negative.
x = np.array([[-2.0, 3.0], [-4.0, -1.0]])
_, cache = prelu_forward(x, np.array([0.1, 0.5]))
dx, da = checks.unpack(
    prelu_backward(np.array([[1.0, 10.0], [100.0, 1000.0]]), cache), "dx", "da", what="prelu_backward"
)
checks.close(dx, [[0.1, 10], [10, 500]], "dx", hint="the slope is a[j] where x is negative, 1 elsewhere")
checks.close(da, [-402, -1000], "da", hint="sum dout * x down each column, over the entries with negative x")

# %% nbgrader={"grade": true, "grade_id": "prelu_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: both gradients against centred differences.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(8)


def examine_prelu(n, dim):
    x, a, dout = rng.normal(size=(n, dim)), rng.normal(size=dim), rng.normal(size=(n, dim))
    before = dout.copy()
    dx, da = checks.unpack(prelu_backward(dout, prelu_forward(x, a)[1]), "dx", "da", what="prelu_backward")
    checks.shape(da, (dim,), "da", hint="one number a feature: sum over the rows")
    gradcheck.check(lambda v: prelu_forward(v, a)[0], x, dx, "dx of prelu", df=dout)
    gradcheck.check(
        lambda v: prelu_forward(x, v)[0],
        a,
        da,
        "da of prelu",
        df=dout,
        sizes={"N": n},
        hint="the sum over the rows of dout * x, where x is negative",
    )
    checks.unchanged(dout, before, "dout")


for shape in [(5, 3), (3, 5), (1, 4), (4, 4)]:  # square too, where a wrong axis has the right shape
    examine_prelu(*shape)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5 · ELU  `[4 points · ●●○ · 10 min]`
#
# The exponential linear unit bends smoothly (for $\alpha = 1$) and levels off at $-\alpha$, so that outputs are nearer to mean zero, and far negative
# inputs (mostly noise) all look alike:
#
# $$f(x) = \begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & x \le 0 \end{cases} \qquad f'(x) = \begin{cases} 1 & x > 0 \\ \alpha\, e^{x} & x \le 0 \end{cases}$$
#
# **Watch out.** `np.where` computes *both* branches everywhere, and $e^{1000}$ overflows. Where you multiply that infinity by a mask of 0 you get
# `nan`. Keep the exponent from being positive.
#
# <details><summary>Hint</summary>
#
# `np.exp(np.minimum(x, 0))` never overflows, and is 1 where x is positive.
# </details>


# %% nbgrader={"grade": false, "grade_id": "elu_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu_forward(x, alpha=1.0):
    """x where it is positive, alpha * (exp(x) - 1) elsewhere.

    Parameters
    ----------
    x : any shape
    alpha : positive; minus alpha is what very negative inputs give

    Returns
    -------
    out : same shape
    cache : what `elu_backward` needs
    """
    ### BEGIN SOLUTION
    out = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return out, (x, alpha)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: at -ln 2 it is alpha * (1/2 - 1).
out, _ = checks.unpack(elu_forward(np.array([-np.log(2), 0.0, 3.0])), "out", "cache", what="elu_forward")
checks.close(out, [-0.5, 0, 3], "ELU of -ln 2, 0 and 3", hint="exp(x) - 1 on the negative side")
checks.close(elu_forward(np.array([-np.log(2)]), 4.0)[0], [-2], "with alpha = 4", hint="alpha times it all")

# %% nbgrader={"grade": true, "grade_id": "elu_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, other alphas, float32, entries of 1000 and -1000.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(9)
for size, alpha in [((5, 7), 1.0), ((2, 3, 4, 5), 0.3), ((6,), 2.5)]:
    x = rng.normal(scale=2, size=size)
    before = x.copy()
    out = checks.unpack(elu_forward(x, alpha), "out", "cache", what="elu_forward")[0]
    expected = [v if v > 0 else alpha * (np.e**v - 1) for v in x.ravel()]
    checks.close(np.ravel(out), expected, f"alpha = {alpha}, shape {size}")
    checks.shape(out, size, "the shape stays")
    checks.unchanged(x, before, "x")
with np.errstate(all="ignore"):
    out, _ = elu_forward(np.array([-1000.0, 0.0, 1000.0]), 1.5)
checks.finite(out, "ELU at -1000 and 1000", hint="exp(1000) overflows: np.exp(np.minimum(x, 0))")
checks.close(out, [-1.5, 0, 1000], "ELU at -1000, 0 and 1000")
checks.close(elu_forward(np.array([-1, 1], np.float32))[0], [1 / np.e - 1, 1], "float32 input", rtol=1e-5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "elu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu_backward(dout, cache):
    """Backward pass of ELU.

    Parameters
    ----------
    dout : upstream gradient, shaped like the output
    cache : from `elu_forward`

    Returns
    -------
    dx : same shape
    """
    ### BEGIN SOLUTION
    x, alpha = cache
    return dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: at -ln 2 the slope is alpha / 2.
_, cache = elu_forward(np.array([-np.log(2), 3.0]), 4.0)
checks.close(
    elu_backward(np.array([10.0, 10.0]), cache), [20, 10], "dx for alpha = 4", hint="alpha * exp(x), or 1"
)

# %% nbgrader={"grade": true, "grade_id": "elu_backward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, other alphas, entries of 1000 and -1000.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(10)
for size, alpha in [((5, 7), 1.0), ((2, 3, 2, 2), 0.3), ((6,), 2.5)]:
    x, dout = rng.normal(size=size), rng.normal(size=size)
    before = dout.copy()
    dx = elu_backward(dout, elu_forward(x, alpha)[1])
    expected = [g * (1 if v > 0 else alpha * np.e**v) for g, v in zip(dout.ravel(), x.ravel(), strict=True)]
    checks.close(np.ravel(dx), expected, f"dx for alpha = {alpha}, shape {size}", rtol=1e-6)
    checks.unchanged(dout, before, "dout")
with np.errstate(all="ignore"):
    dx = elu_backward(np.ones(2), elu_forward(np.array([-1000.0, 1000.0]))[1])
checks.finite(dx, "dx at -1000 and 1000", hint="infinity times a mask of 0 is nan: np.exp(np.minimum(x, 0))")
checks.close(dx, [0, 1], "dx at -1000 and 1000", atol=1e-300)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6 · Maxout  `[7 points · ●●● · 25 min]`
#
# ReLU is the larger of 0 and a linear function. Maxout takes the larger of **two linear functions**, both learned:
#
# $$f(x) = \max(x W_1 + b_1,\; x W_2 + b_2)$$
#
# It contains ReLU ($W_1 = 0$, $b_1 = 0$) and the leaky ReLU, never saturates and never dies, at the price of twice as many parameters.
# It is a layer and an activation in one: $x$ is $N \times D$, both $W$ are $D \times H$, the output $N \times H$.
#
# On the way back, each entry of `dout` goes to the piece that **won** there, and to it alone; then each piece is an affine layer. Where the two
# are exactly equal, give the gradient to either of them, or half to each, but not to both in full. $x$ feeds both pieces, so `dx` is a sum.
#
# <details><summary>Hint</summary>
#
# Split dout in two arrays: dout where the first piece won, and the rest. `x.T @ d1` and `d1.sum(axis=0)` are the gradients of the first piece.
# </details>


# %% nbgrader={"grade": false, "grade_id": "maxout_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def maxout_forward(x, w1, b1, w2, b2):
    """The larger of two affine functions, entry by entry.

    Parameters
    ----------
    x : (N, D)
    w1, w2 : (D, H)
    b1, b2 : (H,)

    Returns
    -------
    out : (N, H)
    cache : what `maxout_backward` needs
    """
    ### BEGIN SOLUTION
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first > second)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "maxout_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: x = (1, 2). The pieces are 1 and 2 - 0.5 in the first column, 3 and 0 - 1 in the second.
x = np.array([[1.0, 2.0]])
w1, b1 = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([0.0, 0.0])
w2, b2 = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([-0.5, -1.0])
out, _ = checks.unpack(maxout_forward(x, w1, b1, w2, b2), "out", "cache", what="maxout_forward")
checks.close(
    out, [[1.5, 3]], "maxout of (1, 2)", hint="two affine functions, then np.maximum, entry by entry"
)

# %% nbgrader={"grade": true, "grade_id": "maxout_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, ReLU as a special case, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
for n, dim, hidden in [(5, 3, 4), (3, 6, 2), (1, 4, 4), (4, 1, 1)]:
    x, w1, w2 = rng.normal(size=(n, dim)), rng.normal(size=(dim, hidden)), rng.normal(size=(dim, hidden))
    b1, b2 = rng.normal(size=hidden), rng.normal(size=hidden)
    before = [v.copy() for v in (x, w1, b1, w2, b2)]
    out = checks.unpack(maxout_forward(x, w1, b1, w2, b2), "out", "cache", what="maxout_forward")[0]
    pieces = np.stack([np.einsum("nd,dh->nh", x, w1) + b1, np.einsum("nd,dh->nh", x, w2) + b2])
    checks.close(
        out, pieces.max(axis=0), f"maxout, N, D, H = {n}, {dim}, {hidden}", hint="are both biases there?"
    )
    for name, v, old in zip(("x", "w1", "b1", "w2", "b2"), (x, w1, b1, w2, b2), before, strict=True):
        checks.unchanged(v, old, name)
x, w = rng.normal(size=(4, 3)), rng.normal(size=(3, 5))
relu = maxout_forward(x, w, np.zeros(5), np.zeros((3, 5)), np.zeros(5))[0]
checks.close(relu, np.clip(x @ w, 0, None), "with one piece zero it is ReLU")
arrays = [v.astype(np.float32) for v in (x, w, np.ones(5), -w, np.ones(5))]
checks.close(maxout_forward(*arrays)[0], np.abs(x @ w) + 1, "float32 input", rtol=1e-4)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "maxout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def maxout_backward(dout, cache):
    """Backward pass of maxout.

    Parameters
    ----------
    dout : (N, H) upstream gradient
    cache : from `maxout_forward`

    Returns
    -------
    dx : (N, D)
    dw1 : (D, H)
    db1 : (H,)
    dw2 : (D, H)
    db2 : (H,)
    """
    ### BEGIN SOLUTION
    x, w1, w2, first_won = cache
    d1 = dout * first_won
    d2 = dout - d1
    return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "maxout_backward_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: one unit at x = (1, 2); the second piece wins with 1.5 against 1, so it gets the whole gradient.
x, one = np.array([[1.0, 2.0]]), np.array([[1.0], [0.0]])
_, cache = maxout_forward(x, one, np.array([0.0]), np.array([[0.0], [1.0]]), np.array([-0.5]))
names = ("dx", "dw1", "db1", "dw2", "db2")
found = checks.unpack(maxout_backward(np.array([[10.0]]), cache), *names, what="maxout_backward")
for name, value, expected in zip(names, found, ([[0, 10]], [[0], [0]], [0], [[10], [20]], [10]), strict=True):
    checks.close(value, expected, name, hint="dout goes to the piece that won, and to it alone")

# %% nbgrader={"grade": true, "grade_id": "maxout_backward_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: all five gradients against centred differences, ties.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
names = ("x", "w1", "b1", "w2", "b2")


def examine_maxout(n, dim, hidden):
    inputs = [rng.normal(size=s) for s in ((n, dim), (dim, hidden), (hidden,), (dim, hidden), (hidden,))]
    dout = rng.normal(size=(n, hidden))
    before = dout.copy()
    found = maxout_backward(dout, maxout_forward(*inputs)[1])
    found = checks.unpack(found, "dx", "dw1", "db1", "dw2", "db2", what="maxout_backward")
    for i, name in enumerate(names):
        gradcheck.check(
            lambda v, i=i: maxout_forward(*inputs[:i], v, *inputs[i + 1 :])[0],
            inputs[i],
            found[i],
            f"d{name} of maxout",
            df=dout,
            sizes={"N": n},
            hint="x feeds both pieces, so their gradients add up" if name == "x" else None,
        )
    checks.unchanged(dout, before, "dout")


for sizes in [(5, 3, 4), (3, 6, 2), (1, 4, 4), (4, 4, 4)]:
    examine_maxout(*sizes)
# equal pieces: everywhere a tie, and the gradient must be handed out once
x, w, b, dout = (rng.normal(size=size) for size in ((4, 3), (3, 5), (5,), (4, 5)))
found = maxout_backward(dout, maxout_forward(x, w, b, w, b)[1])
checks.close(
    np.add(found[1], found[3]), x.T @ dout, "a tie: dw1 + dw2 is one gradient", hint="not to both in full"
)
checks.close(found[0], dout @ w.T, "a tie: dx is one gradient", hint="> for one piece, <= for the other")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** All of them with their slopes, computed by your functions. Look at the dashed lines: where are they near 0? Which value curves are
# centred around 0? (Maxout here is the larger of $-0.3x - 0.5$ and $0.8x$; the PReLU has learned the slope $-0.25$.)

# %% tags=["explore"]
x = np.linspace(-4, 4, 401)
column, ones = x[:, None], np.ones((len(x), 1))
w1, b1, w2, b2 = np.array([[-0.3]]), np.array([-0.5]), np.array([[0.8]]), np.zeros(1)
pieces = {
    "sigmoid": (sigmoid_forward(x), sigmoid_backward),
    "tanh": (tanh_forward(x), tanh_backward),
    "ReLU": (relu_forward(x), relu_backward),
    "leaky ReLU": (leaky_relu_forward(x), leaky_relu_backward),
    "PReLU": (prelu_forward(column, np.array([-0.25])), lambda d, c: prelu_backward(d[:, None], c)[0]),
    "ELU": (elu_forward(x), elu_backward),
    "maxout": (maxout_forward(column, w1, b1, w2, b2), lambda d, c: maxout_backward(d[:, None], c)[0]),
}
plotting.show_activations(
    {
        name: (x, np.ravel(out), np.ravel(backward(np.ones(len(x)), cache)))
        for name, ((out, cache), backward) in pieces.items()
    }
)
plt.show()

# %% [markdown]
# **Which one?** ReLU first, with a careful learning rate; leaky ReLU, PReLU, ELU or maxout when units die; tanh where outputs must be bounded;
# the sigmoid for probabilities at the end of a network, and hardly anywhere inside.
#
# ## Exercise 7 · Two diseases, as numbers  `[4 points · ●○○ · 15 min]`
#
# **Saturation.** Call a sigmoid or tanh unit saturated for an input if its slope there is **less than 1 % of the largest slope**
# that the function has (¼ for the sigmoid, 1 for tanh). Write the share of all entries that are saturated.
#
# **Death.** Call a ReLU unit dead if it puts out 0 for **every** example of the batch. A zero here and there is what ReLU is for: about half the
# entries are zero in a healthy layer. Write the share of *units* (columns) that are dead.
#
# <details><summary>Hint</summary>
#
# Your backward functions, fed with an upstream gradient of ones, give the slopes. `np.all(condition, axis=0)` asks for each column whether
# the condition holds in all rows; the mean of an array of True and False is the share of True.
# </details>


# %% nbgrader={"grade": false, "grade_id": "saturated_fraction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def saturated_fraction(activation, x):
    """Share of entries at which a squashing activation is nearly flat.

    Parameters
    ----------
    activation : 'sigmoid' or 'tanh'
    x : any shape; inputs of the activation

    Returns
    -------
    fraction : float between 0 and 1

    Raises
    ------
    ValueError : another name
    """
    ### BEGIN SOLUTION
    if activation == "sigmoid":
        slope, steepest = sigmoid_backward(np.ones(x.shape), sigmoid_forward(x)[1]), 0.25
    elif activation == "tanh":
        slope, steepest = tanh_backward(np.ones(x.shape), tanh_forward(x)[1]), 1.0
    else:
        raise ValueError(f"activation is 'sigmoid' or 'tanh', not {activation!r}")
    return np.mean(slope < 0.01 * steepest)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "saturated_fraction_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: at 5 tanh has the slope 0.0002, below 0.01; the sigmoid has 0.0066, above 0.0025. At 8 both are saturated.
x = np.array([[0.0, 1.0, -5.0], [5.0, 0.5, -8.0]])
checks.close(saturated_fraction("tanh", x), 3 / 6, "tanh: three of six entries", hint="slope below 0.01")
checks.close(saturated_fraction("sigmoid", x), 1 / 6, "sigmoid: one of six", hint="slope below 0.01 * 0.25")

# %% nbgrader={"grade": true, "grade_id": "saturated_fraction_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: both sides, near the edge, any shape, other names.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(13)
for size in [(40, 9), (3, 4, 5, 6), (50,)]:
    x = rng.normal(scale=5, size=size)
    before = x.copy()
    # slope = 1% of the largest where cosh(x) = 10 for tanh, at twice that x for the sigmoid
    edge = np.arccosh(10)
    checks.close(
        saturated_fraction("tanh", x), np.mean(np.abs(x) > edge), f"tanh on shape {size}", hint="both sides"
    )
    checks.close(saturated_fraction("sigmoid", x), np.mean(np.abs(x) > 2 * edge), f"sigmoid on shape {size}")
    checks.unchanged(x, before, "x")
close = np.array([2.98, 3.0, -2.98, -3.0, 5.97, 6.0])  # just on either side of both edges
checks.close(
    saturated_fraction("tanh", close), 4 / 6, "tanh just around the edge", hint="1% of the largest slope"
)
checks.close(saturated_fraction("sigmoid", close), 1 / 6, "sigmoid just around the edge")
with np.errstate(all="ignore"):
    checks.close(
        saturated_fraction("sigmoid", np.array([-1000.0, 0.0, 1000.0, 0.0])), 0.5, "far out on both sides"
    )
checks.raises(ValueError, saturated_fraction, "relu", np.ones(3), what="ValueError for another activation")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "dead_fraction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dead_fraction(out):
    """Share of ReLU units that are 0 for every example.

    Parameters
    ----------
    out : (N, H) outputs of a ReLU layer, rows are examples, columns are units

    Returns
    -------
    fraction : float between 0 and 1
    """
    ### BEGIN SOLUTION
    return np.mean(np.all(out == 0, axis=0))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dead_fraction_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the third of four units is 0 in both examples; the others fire at least once.
out = np.array([[1.0, 0.0, 0.0, 2.0], [0.0, 3.0, 0.0, 5.0]])
checks.close(dead_fraction(out), 0.25, "one unit of four is dead", hint="all rows of a column: axis=0")

# %% nbgrader={"grade": true, "grade_id": "dead_fraction_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, none dead, all dead.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(14)
for n, hidden, dead in [(30, 8, 3), (6, 20, 5), (9, 9, 0), (5, 4, 4), (1, 6, 2)]:
    out = rng.uniform(0.1, 1, size=(n, hidden))
    if n > 1:
        out[rng.integers(n), :] = 0  # an example for which nothing fires: no unit is dead because of it
    out[:, rng.permutation(hidden)[:dead]] = 0
    before = out.copy()
    checks.close(
        dead_fraction(out),
        dead / hidden,
        f"{dead} of {hidden} units, {n} examples",
        hint="axis=0, then the mean",
    )
    checks.unchanged(out, before, "out")
tiny = np.array([[0.0, 0.0], [1e-30, 0.0]])
checks.close(dead_fraction(tiny), 0.5, "a unit that fires faintly is alive", hint="exactly 0 in every row")
### END HIDDEN TESTS

# %% [markdown]
# # Part two: before the first step
#
# ## An experiment: inputs that are all positive
#
# Take one linear neuron with two weights, $f = w_1 x_1 + w_2 x_2$, squared error, one example a step. The gradient by $w$ is
# $(f - t)\, x$: the *same* number times $x_1$ and times $x_2$. If both inputs are always positive (pixels are, and so are sigmoid
# outputs), both weights must rise together or fall together. To go down-right they have to **zig-zag**.
#
# Run it: 80 steps from the same start towards the same goal, with positive inputs, and with the same inputs centred. Then change the learning
# rate and look again.


# %% tags=["explore"]
def descend(X, goal, start, learning_rate=0.25):
    """Weights after each step of gradient descent on one example at a time."""
    path, together = [np.array(start)], []
    for x in X:
        gradient = (x @ path[-1] - x @ goal) * x
        together.append(gradient[0] * gradient[1] > 0)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path), np.mean(together)


rng = np.random.default_rng(0)
positive = rng.uniform(0.4, 1.6, size=(80, 2))
goal, start = np.array([2.0, -1.0]), (-1.0, 1.0)
paths, losses = {}, {}
for name, X in [("all inputs positive", positive), ("centred", positive - positive.mean(axis=0))]:
    # Centred inputs are smaller numbers: a higher rate makes up for some of that.
    rate = 0.25 * np.sqrt(np.mean(positive**2) / np.mean(X**2))
    path, together = descend(X, goal, start, rate)
    title = f"{name}\n(both weights the same way: {together:.0%} of steps)"
    paths[title], losses[title] = path, lambda w, X=X: np.mean(((w - goal) @ X.T) ** 2, axis=-1)
plotting.show_descent(losses, paths, goal)
plt.show()

# %% [markdown]
# The mean over a batch softens this, since examples may disagree about the sign; it does not remove it. Hence: centre the data, and
# prefer activations centred at zero.
#
# ## Exercise 8 · Preparing the data  `[6 points · ●●○ · 25 min]`
#
# Three kinds, all of which centre. With the features in columns, $\mu_j$ and $\sigma_j$ the mean and the standard deviation of
# column $j$ (as `np.std` has it, over $N$ and not $N - 1$):
#
# - `'center'`: subtract $\mu_j$ from column $j$.
# - `'normalize'`: centre, then divide column $j$ by $\sigma_j$. A column that never varies has $\sigma_j = 0$; divide it by 1 instead. (Not by a
#   tiny number: tomorrow's picture may differ there, and would become enormous.)
# - `'whiten'`: centre, and rotate and scale so that the covariance matrix becomes the identity. With the covariance
#   $\frac1N X^\top X$ of the centred training data, its eigenvectors in the columns of $U$ and its eigenvalues $\lambda_k$:
#   $X_\text{white} = X U \,/\, \sqrt{\lambda + 10^{-5}}$, where column $k$ is divided by the root of its own $\lambda_k$.
#   (Rotating back with $U^\top$ afterwards, "ZCA", is fine too.)
#
# **The statistics come from `X_train` alone**, also for the data in `X_other`, which stand for the pictures of tomorrow: they get exactly the
# map that was found on the training data. Looking at them would be peeking. An unknown kind is a `ValueError`.
#
# For pictures centring is usually all that is done: their pixels are on one scale already.
#
# <details><summary>Hint</summary>
#
# `np.linalg.eigh(C)` returns the eigenvalues and the matrix U of a symmetric matrix. `np.where(std > 0, std, 1)`. Find the numbers from
# X_train first, then apply the same lines to both arrays.
# </details>


# %% nbgrader={"grade": false, "grade_id": "preprocess", "locked": false, "schema_version": 3, "solution": true, "task": false}
def preprocess(X_train, X_other, kind):
    """Prepare data with statistics of the training set.

    Parameters
    ----------
    X_train : (N, D) floats
    X_other : (M, D) floats, prepared with the numbers found on X_train
    kind : 'center', 'normalize' or 'whiten'

    Returns
    -------
    train : (N, D)
    other : (M, D)

    Raises
    ------
    ValueError : another kind
    """
    ### BEGIN SOLUTION
    mean = X_train.mean(axis=0)
    centred = X_train - mean
    if kind == "center":
        transform = np.eye(len(mean))
    elif kind == "normalize":
        std = centred.std(axis=0)
        transform = np.diag(1 / np.where(std > 0, std, 1))
    elif kind == "whiten":
        eigenvalues, U = np.linalg.eigh(centred.T @ centred / len(centred))
        transform = U / np.sqrt(eigenvalues + 1e-5)
    else:
        raise ValueError(f"kind is 'center', 'normalize' or 'whiten', not {kind!r}")
    return centred @ transform, (X_other - mean) @ transform
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "preprocess_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the columns (0, 2, 4) and (10, 10, 40) have means 2 and 20, and variances 8/3 and 200.
# Then thirty points in space are whitened.
X, new = np.array([[0.0, 10.0], [2.0, 10.0], [4.0, 40.0]]), np.array([[5.0, 20.0]])
train, other = checks.unpack(preprocess(X, new, "center"), "train", "other", what="preprocess")
checks.close(train, [[-2, -10], [0, -10], [2, 20]], "centred", hint="the mean of each column: axis=0")
checks.close(other, [[3, 0]], "new data, centred", hint="subtract the mean of X_train from X_other as well")
train, other = preprocess(X, new, "normalize")
checks.close(
    np.mean(np.square(train), axis=0),
    [1, 1],
    "normalised: variance 1",
    hint="subtract the mean first, then divide by the deviation, with 1/N",
)
checks.close(other, [[3 / np.sqrt(8 / 3), 0]], "new data, normalised", hint="with the numbers of X_train")
cloud = np.random.default_rng(0).normal(size=(30, 3)) @ np.array([[2.0, 1, 0], [0, 1, 1], [0, 0, 1]])
train, _ = preprocess(cloud, cloud, "whiten")
checks.close(
    np.dot(np.transpose(train), train) / 30,
    np.eye(3),
    "whitened: covariance",
    rtol=1e-4,
    atol=1e-4,
    hint="the eigenvectors are the columns of U; column k by the root of its own λ",
)

# %% nbgrader={"grade": true, "grade_id": "preprocess_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, constant columns, more columns than rows, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(15)
for n, m, dim in [(500, 7, 4), (400, 1, 3), (300, 300, 5)]:
    mixing = np.eye(dim) + rng.uniform(0, 1, size=(dim, dim))
    X = rng.normal(size=(n, dim)) @ mixing + rng.normal(scale=5, size=dim)
    new = (
        rng.normal(scale=3, size=(m, dim)) + 4
    )  # from elsewhere: its own statistics would be quite different
    X_before, new_before = X.copy(), new.copy()
    mean = X.sum(axis=0) / n
    std = np.sqrt(((X - mean) ** 2).sum(axis=0) / n)
    for kind, scale in [("center", np.ones(dim)), ("normalize", std)]:
        train, other = checks.unpack(preprocess(X, new, kind), "train", "other", what="preprocess")
        checks.close(train, (X - mean) / scale, f"{kind}: training data", rtol=1e-6, hint="column by column")
        checks.close(
            other, (new - mean) / scale, f"{kind}: other data", rtol=1e-6, hint="numbers of X_train alone"
        )
    train, other = checks.unpack(preprocess(X, new, "whiten"), "train", "other", what="preprocess")
    train, other = np.asarray(train), np.asarray(other)
    checks.shape(other, (m, dim), "whiten: other data")
    checks.close(
        train.mean(axis=0), np.zeros(dim), "whiten: mean 0", atol=1e-8, hint="centre before you rotate"
    )
    checks.close(
        train.T @ train / n,
        np.eye(dim),
        "whiten: the covariance is the identity",
        rtol=1e-3,
        atol=1e-3,
        hint="eigenvectors in the columns of U, each column divided by the root of its own eigenvalue",
    )
    # whatever rotation was chosen: one affine map takes X to train, and it must take new to other
    design = np.column_stack([X, np.ones(n)])
    affine = np.linalg.lstsq(design, train, rcond=None)[0]
    expected = np.column_stack([new, np.ones(m)]) @ affine
    checks.close(
        other, expected, "whiten: other data get the same map", rtol=1e-5, hint="mean, U and λ of X_train"
    )
    checks.unchanged(X, X_before, "X_train")
    checks.unchanged(new, new_before, "X_other")
flat = np.column_stack([np.full(6, 3.5), np.arange(6.0)])  # a pixel that is always the same
with np.errstate(all="ignore"):
    train, other = preprocess(flat, flat[:2], "normalize")
checks.finite(train, "a column that never varies", hint="its deviation is 0: divide by 1 instead")
checks.close(np.asarray(train)[:, 0], np.zeros(6), "a column that never varies becomes 0")
# tomorrow's picture differs there: divided by a tiny number it would be enormous
_, other = preprocess(flat, flat[:2] + 1, "normalize")
checks.close(np.asarray(other)[:, 0], [1, 1], "new data in such a column", rtol=1e-6, hint="divide by 1")
wide = rng.normal(size=(4, 9))  # the covariance of 4 examples in 9 dimensions has eigenvalues of 0
with np.errstate(all="ignore"):
    checks.finite(
        preprocess(wide, wide, "whiten")[0], "fewer examples than features", hint="λ + 1e-5 under the root"
    )
small = preprocess(X.astype(np.float32), new.astype(np.float32), "normalize")[1]
checks.close(small, (new - mean) / std, "float32 input", rtol=1e-3)
checks.raises(ValueError, preprocess, X, new, "minmax", what="ValueError for another kind")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Five hundred points, raw and prepared. Below each: the loss of a linear model around its best weights. The number is the ratio of the
# steepest to the flattest direction. One learning rate has to serve both, so a long valley is slow to walk: too fast across,
# too slow along.

# %% tags=["explore"]
rng = np.random.default_rng(3)
points = rng.normal(size=(500, 2)) @ np.array([[1.8, 0.6], [0.0, 0.5]]) + (2.5, 2.0)
prepared = {kind: preprocess(points, points[:1], kind)[0] for kind in ("center", "normalize", "whiten")}
plotting.show_preprocessing({"raw": points, **prepared})
plt.show()

# %% [markdown]
# ## Exercise 9 · The first weights  `[5 points · ●●○ · 20 min]`
#
# With all weights 0, every unit of a layer computes the same and gets the same gradient, for ever. So they start at random; how large?
# Look at one unit of a linear layer, $s = \sum_{i=1}^{n} w_i x_i$, with $n$ inputs (the **fan-in**). For independent terms of mean 0 variances add up:
#
# $$\operatorname{Var}(s) = n \operatorname{Var}(w) \operatorname{Var}(x)$$
#
# If $n \operatorname{Var}(w) = 1$, the signal keeps its size from layer to layer. Ten layers with a factor of 0.1 each leave $10^{-10}$ of
# it, and ten with a factor of 15 make it explode. ReLU throws away half of the signal's mean square, so there the factor must be 2. Four schemes, all
# Gaussian with mean 0:
#
# | scheme | standard deviation |
# |---|---|
# | `'small'` | 0.01 |
# | `'large'` | 1 |
# | `'xavier'` (Glorot and Bengio, 2010; the fan-in form) | $\sqrt{1 / n}$ |
# | `'he'` (He et al., 2015) | $\sqrt{2 / n}$ |
#
# Draw from the generator `rng` that is passed in, so that equal generators give equal weights. An unknown scheme is a `ValueError`.
#
# <details><summary>Hint</summary>
#
# `rng.normal(size=(fan_in, fan_out))` has the standard deviation 1. The fan-in is the number of *rows* of the weight matrix.
# </details>


# %% nbgrader={"grade": false, "grade_id": "initialize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize(fan_in, fan_out, scheme, rng):
    """Random weights for an affine layer.

    Parameters
    ----------
    fan_in, fan_out : numbers of inputs and outputs of the layer
    scheme : 'small', 'large', 'xavier' or 'he'
    rng : numpy.random.Generator

    Returns
    -------
    W : (fan_in, fan_out)

    Raises
    ------
    ValueError : another scheme
    """
    ### BEGIN SOLUTION
    deviations = {"small": 0.01, "large": 1.0, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
    if scheme not in deviations:
        raise ValueError(f"scheme is one of {', '.join(deviations)}, not {scheme!r}")
    return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "initialize_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: 20,000 weights of a layer with 50 inputs. The standard deviation of so many comes out within 2 %.
for scheme, deviation in [("small", 0.01), ("large", 1.0), ("xavier", 0.1414), ("he", 0.2)]:
    W = initialize(50, 400, scheme, np.random.default_rng(0))
    checks.shape(W, (50, 400), f"{scheme}: fan_in rows, fan_out columns")
    checks.close(
        np.std(W),
        deviation,
        f"{scheme}: standard deviation",
        rtol=0.03,
        hint="rng.normal; with a root for xavier and he, where n is the fan-in: 50, not 400",
    )

# %% nbgrader={"grade": true, "grade_id": "initialize_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: what each scheme keeps, the generator, other schemes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(16)
for fan_in, fan_out in [(400, 60), (60, 400), (120, 120)]:  # far from square both ways
    x = rng.normal(size=(300, fan_in))
    W = initialize(fan_in, fan_out, "xavier", rng)
    checks.shape(W, (fan_in, fan_out), "xavier: fan_in rows, fan_out columns")
    linear = x @ W
    checks.close(
        np.var(linear),
        1,
        f"xavier keeps the variance, {fan_in} to {fan_out}",
        rtol=0.15,
        hint="fan_in, and the root",
    )
    rectified = np.maximum(x, 0)  # mean square 1/2: half of it is gone
    found = np.mean((rectified @ initialize(fan_in, fan_out, "he", rng)) ** 2)
    checks.close(found, 1, f"he makes up for ReLU, {fan_in} to {fan_out}", rtol=0.15, hint="sqrt(2 / fan_in)")
    for scheme, deviation in [("small", 0.01), ("large", 1.0)]:
        W = np.asarray(initialize(fan_in, fan_out, scheme, rng))
        checks.shape(W, (fan_in, fan_out), "fan_in rows, fan_out columns")
        checks.close(np.std(W), deviation, f"{scheme}: whatever the fan-in", rtol=0.05)
        checks.close(
            np.mean(W), 0, f"{scheme}: mean 0", atol=0.05 * deviation, hint="normal, not uniform from 0"
        )
first, second = (initialize(5, 4, "he", np.random.default_rng(7)) for _ in range(2))
checks.equal(first, second, "equal generators give equal weights", hint="draw from rng, not from np.random")
other = initialize(5, 4, "he", np.random.default_rng(8))
checks.holds(not np.array_equal(first, other), "another generator, other weights", hint="do not seed inside")
checks.raises(
    ValueError, initialize, 3, 3, "zeros", np.random.default_rng(0), what="ValueError for another scheme"
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Ten layers of 300 units, unit noise fed in below and, on the way back, unit noise fed in above. Each column of a panel is a layer, and
# how dark says how many of its values have that size, on a scale of powers of ten. A level band means that layer ten sees as much as layer one. The
# rows of gradients are read from right to left.


# %% tags=["explore"]
def send_through(activation, scheme, layers=10, width=300, seed=0):
    """Values of each layer on the way forward, and gradients on the way back."""
    rng = np.random.default_rng(seed)
    forward, backward = {"tanh": (tanh_forward, tanh_backward), "ReLU": (relu_forward, relu_backward)}[
        activation
    ]
    x, values, inputs, caches = rng.normal(size=(200, width)), [], [], []
    for _ in range(layers):
        x, affine_cache = affine_forward(x, initialize(width, width, scheme, rng), np.zeros(width))
        inputs.append(x)
        x, cache = forward(x)
        values.append(x)
        caches.append((affine_cache, cache))
    dout, gradients = rng.normal(size=x.shape), []
    for affine_cache, cache in reversed(caches):
        gradients.insert(0, dout)
        dout = affine_backward(backward(dout, cache), affine_cache)[0]
    return values, gradients, inputs


schemes = ("small", "large", "xavier", "he")
journeys = {(a, s): send_through(a, s) for a in ("tanh", "ReLU") for s in schemes}
plotting.show_layers({key: journey[:2] for key, journey in journeys.items()})
plt.show()
plotting.show_tanh_histograms({s: journeys["tanh", s][0][-1] for s in schemes})
plt.show()
for scheme in schemes:
    values, _, inputs = journeys["tanh", scheme]
    relu_values, relu_gradients, _ = journeys["ReLU", scheme]
    print(
        f"{scheme:7} tanh, layer 10: {saturated_fraction('tanh', inputs[-1]):4.0%} saturated | "
        f"ReLU, layer 10: root mean square {np.sqrt(np.mean(relu_values[-1] ** 2)):.1e}, "
        f"{dead_fraction(relu_values[-1]):.0%} dead; gradient at layer 1: {np.sqrt(np.mean(relu_gradients[0] ** 2)):.1e}"
    )

# %% [markdown]
# - **small**: the values fade layer by layer, and with them the weights' gradients (they are products of the two).
# - **large**: most tanh units, about 85 %, sit at $\pm 1$, saturated; through the few that are not, gradients come back multiplied by large weights, and grow. With ReLU
#   everything explodes, both ways.
# - **xavier** suits tanh; with ReLU each layer halves the mean square, so $2^{-10}$ of it arrives.
# - **he** is level for ReLU, forward and backward.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_not_zero", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### Question · All zeros, all equal  `[3 points]`
#
# A friend sets all weights and biases of a ReLU network with one hidden layer to **0** and trains. What happens to the weights of both layers, and why? Your friend then
# sets all *weights* to **0.1**, which is not zero. Is everything well now? What do random numbers have that these do not?
#
# ### BEGIN SOLUTION
# With zeros, the hidden units all put out 0. The gradient of the second layer's weights is a product with those outputs, so it is 0; the gradient that
# reaches the hidden layer is a product with the second layer's weights, 0 as well. Only the last bias learns: the class frequencies. With 0.1
# gradients flow, but all hidden units compute the same number from the same input and get the same gradient, so they stay equal for ever: the layer
# has one unit in many copies. Random numbers break the symmetry: each unit starts elsewhere, sees another gradient, and can become a
# feature of its own.
# ### END SOLUTION

# %% [markdown]
# # Part three: normalisation
#
# ## Exercise 10 · Batch normalisation, forward  `[9 points · ●●● · 30 min]`
#
# Good first weights make good statistics at the *first* step. Then the weights move. Batch normalisation (Ioffe and Szegedy, 2015) makes the
# statistics right at *every* step: put a layer behind the affine one that normalises each feature over the batch.
#
# $$\mu_j = \frac1N \sum_i x_{ij} \qquad \sigma_j^2 = \frac1N \sum_i (x_{ij} - \mu_j)^2 \qquad
# \hat x_{ij} = \frac{x_{ij} - \mu_j}{\sqrt{\sigma_j^2 + \varepsilon}} \qquad y_{ij} = \gamma_j\, \hat x_{ij} + \beta_j$$
#
# $\gamma$ and $\beta$ are learned: if the network is better off without normalisation, it can undo it. $\varepsilon$ stands *inside* the root and keeps
# constant features from dividing by 0. The variance is the biased one ($\frac1N$).
#
# **Training** uses the statistics of the batch. **At test time** there may be one picture only, and an answer should not depend on who else is in the
# batch. So training keeps *running* averages on the side, and testing uses them in place of $\mu$ and $\sigma^2$:
#
# $$\text{running} \leftarrow \text{momentum} \cdot \text{running} + (1 - \text{momentum}) \cdot \text{of this batch}$$
#
# All this lives in the dict `bn_param`:
#
# | key | |
# |---|---|
# | `mode` | `'train'` or `'test'`; anything else is a `ValueError` |
# | `eps` | 1e-5 if it is missing |
# | `momentum` | 0.9 if it is missing |
# | `running_mean`, `running_var` | (D,), zeros if missing; in training the updated values are **written back into the dict** |
#
# Testing changes nothing in the dict.
#
# <details><summary>Hint</summary>
#
# `bn_param.get("eps", 1e-5)` is the value, or the default. `x.var(axis=0)` is the biased variance of each column. For the way back you will want
# the normalised x, gamma, and the root.
# </details>


# %% nbgrader={"grade": false, "grade_id": "batchnorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalisation of each feature.

    Parameters
    ----------
    x : (N, D)
    gamma, beta : (D,) scale and shift
    bn_param : dict with mode, eps, momentum, running_mean, running_var; see above

    Returns
    -------
    out : (N, D)
    cache : what the backward passes need, in mode 'train'

    Raises
    ------
    ValueError : another mode
    """
    ### BEGIN SOLUTION
    mode = bn_param["mode"]
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    nothing = np.zeros(x.shape[1], dtype=x.dtype)
    running_mean, running_var = bn_param.get("running_mean", nothing), bn_param.get("running_var", nothing)
    if mode == "train":
        mean, var = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    elif mode == "test":
        mean, var = running_mean, running_var
    else:
        raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_forward_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: columns (1, 3) and (10, 30): means 2 and 20, variances 1 and 100. Normalised, both are (-1, 1).
x, gamma, beta = np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([1.0, 2.0]), np.array([0.0, 5.0])
bn_param = {"mode": "train"}
out, _ = checks.unpack(batchnorm_forward(x, gamma, beta, bn_param), "out", "cache", what="batchnorm_forward")
checks.close(
    out, [[-1, 3], [1, 7]], "out", rtol=1e-5, hint="normalise each column, then times gamma, plus beta"
)
checks.holds("running_mean" in bn_param, "bn_param holds running_mean", hint='bn_param["running_mean"] = ...')
checks.close(bn_param["running_mean"], [0.2, 2], "running mean", hint="0.9 * 0 + 0.1 * mean")
checks.close(
    bn_param["running_var"], [0.1, 10], "running variance", hint="0.9 * 0 + 0.1 * variance, with 1/N"
)
stored = {"mode": "test", "running_mean": np.array([1.0, 0.0]), "running_var": np.array([4.0, 25.0])}
out, _ = batchnorm_forward(x, gamma, beta, stored)
checks.close(
    out, [[0, 9], [1, 17]], "out at test time", rtol=1e-5, hint="running statistics, not the batch's"
)
checks.raises(
    ValueError, batchnorm_forward, x, gamma, beta, {"mode": "eval"}, what="ValueError for another mode"
)

# %% nbgrader={"grade": true, "grade_id": "batchnorm_forward_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: both modes, many batches, batch of one, constant features, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(17)
for n, dim in [(7, 4), (4, 9), (5, 5), (60, 1)]:
    x = rng.normal(scale=3, size=(n, dim)) + rng.normal(scale=5, size=dim)
    gamma, beta = rng.normal(size=dim), rng.normal(size=dim)
    before = [v.copy() for v in (x, gamma, beta)]
    eps = 1e-5
    out = checks.unpack(
        batchnorm_forward(x, gamma, beta, {"mode": "train"}), "out", "cache", what="batchnorm_forward"
    )[0]
    out = np.asarray(out)
    checks.shape(out, (n, dim), "out")
    # what defines it: mean beta, variance gamma^2 (up to eps), and an increasing line in each column
    var = ((x - x.sum(axis=0) / n) ** 2).sum(axis=0) / n
    checks.close(
        out.mean(axis=0),
        beta,
        "mean over the batch is beta",
        rtol=1e-6,
        hint="subtract the mean of each column",
    )
    checks.close(
        ((out - beta) ** 2).mean(axis=0),
        gamma**2 * var / (var + eps),
        "variance over the batch is gamma squared",
        rtol=1e-6,
        hint="divide by the root of variance + eps, eps inside the root, the variance with 1/N",
    )
    checks.close(
        out - beta,
        gamma * (x - x.sum(axis=0) / n) / np.sqrt(var + eps),
        "out",
        rtol=1e-6,
        hint="sign and order kept",
    )
    for name, v, old in zip(("x", "gamma", "beta"), (x, gamma, beta), before, strict=True):
        checks.unchanged(v, old, name)
# eps is read from the dict, and matters where the variance is small
faint = 1e-3 * rng.normal(size=(8, 3))
out, _ = batchnorm_forward(faint, np.ones(3), np.zeros(3), {"mode": "train", "eps": 1e-2})
expected = (faint - faint.mean(axis=0)) / np.sqrt(faint.var(axis=0) + 1e-2)
checks.close(out, expected, "eps = 0.01, small variance", hint='bn_param.get("eps", 1e-5), inside the root')
# several batches: after T of them batch t has the weight (1 - momentum) * momentum ** (T - 1 - t)
for momentum in (None, 0.6):
    bn_param = {"mode": "train"} if momentum is None else {"mode": "train", "momentum": momentum}
    m = 0.9 if momentum is None else momentum
    batches = [rng.normal(scale=2, size=(6, 3)) + 10 for _ in range(5)]
    for batch in batches:
        batchnorm_forward(batch, np.full(3, 2.0), np.ones(3), bn_param)
    weights = [(1 - m) * m ** (4 - t) for t in range(5)]
    mean = sum(w * b.mean(axis=0) for w, b in zip(weights, batches, strict=True))
    var = sum(w * b.var(axis=0) for w, b in zip(weights, batches, strict=True))
    for key in ("running_mean", "running_var"):
        checks.holds(
            key in bn_param, f"bn_param holds {key} after training", hint="write it back into the dict"
        )
    checks.close(
        bn_param["running_mean"],
        mean,
        f"running mean after five batches, momentum {m}",
        hint="momentum weighs the OLD value",
    )
    checks.close(
        bn_param["running_var"],
        var,
        f"running variance after five batches, momentum {m}",
        hint="write it back",
    )
    # testing: the stored numbers, whoever is in the batch, and nothing written
    kept = {key: np.copy(bn_param[key]) for key in ("running_mean", "running_var")}
    bn_param["mode"] = "test"
    probe = rng.normal(size=(4, 3)) + 9
    out, _ = batchnorm_forward(probe, np.full(3, 2.0), np.ones(3), bn_param)
    expected = 2 * (probe - mean) / np.sqrt(var + 1e-5) + 1
    checks.close(
        out, expected, "out at test time", rtol=1e-6, hint="the running statistics in place of the batch's"
    )
    alone, _ = batchnorm_forward(probe[:1], np.full(3, 2.0), np.ones(3), bn_param)
    checks.close(alone, expected[:1], "a test example alone gets the same answer", rtol=1e-6)
    for key, old in kept.items():
        checks.unchanged(
            bn_param[key], old, f"{key} in mode 'test'", hint="update the running values in training only"
        )
# a batch of one, and a constant feature, have variance 0
with np.errstate(all="ignore"):
    out, _ = batchnorm_forward(
        np.array([[3.0, -2.0]]), np.array([5.0, 5.0]), np.array([1.0, 2.0]), {"mode": "train"}
    )
checks.close(out, [[1, 2]], "a batch of one gives beta", hint="x - mean is 0, and eps keeps 0 / 0 away")
constant = np.column_stack([np.full(5, 7.0), rng.normal(size=5)])
with np.errstate(all="ignore"):
    out, _ = batchnorm_forward(constant, np.ones(2), np.zeros(2), {"mode": "train"})
checks.finite(out, "a constant feature", hint="eps inside the root")
checks.close(np.asarray(out)[:, 0], np.zeros(5), "a constant feature becomes beta", atol=1e-6)
x32 = rng.normal(size=(6, 3)).astype(np.float32)
out, _ = batchnorm_forward(x32, np.ones(3, np.float32), np.zeros(3, np.float32), {"mode": "train"})
wide = x32.astype(float)
checks.close(
    out, (wide - wide.mean(axis=0)) / np.sqrt(wide.var(axis=0) + 1e-5), "float32 input", rtol=1e-4, atol=1e-5
)
for mode in ("val", None, ""):
    checks.raises(
        ValueError, batchnorm_forward, x, gamma, beta, {"mode": mode}, what=f"ValueError for mode {mode!r}"
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 11 · Batch normalisation, backward  `[7 points · ●●● · 40 min]`
#
# Now $\mu$ and $\sigma^2$ depend on **every row**, so moving one $x_{ij}$ moves the whole column. Draw the graph of small steps and walk it backwards, as in the last
# notebook. From the output to the input, for one column (sums run over the batch):
#
# 1. $d\beta = \sum_i dy_i$ and $d\gamma = \sum_i dy_i\, \hat x_i$, and $d\hat x_i = \gamma\, dy_i$.
# 2. With $c_i = x_i - \mu$ and $s = \sqrt{\sigma^2 + \varepsilon}$, so that $\hat x_i = c_i / s$: two branches, to $c_i$ with $d\hat x_i / s$, and to $s$ with
#    $ds = -\sum_i d\hat x_i\, c_i / s^2$.
# 3. From $s$ to the variance: $d\sigma^2 = ds / (2 s)$. From the variance to $c_i$: $\frac{2}{N} c_i\, d\sigma^2$.
# 4. From $c_i$ to $x_i$ directly, and to $\mu$, which was subtracted from every row: $d\mu = -\sum_i dc_i$. From $\mu$ back to each $x_i$: $\frac1N d\mu$.
#
# Where branches meet, gradients add up. Write it in these stages; the next exercise makes it short. (For caches of mode `'train'`.)
#
# **A check you can do in your head.** Adding a constant to a column changes nothing in the output, so the column of `dx` must sum to 0.
#
# <details><summary>Hint</summary>
#
# Give every step of the forward pass a name, and write one line for it on the way back, in reverse order. The normalised x and the root may be all
# the cache needs: c is x_hat * s.
# </details>


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Backward pass of batch normalisation, step by step along the graph.

    Parameters
    ----------
    dout : (N, D) upstream gradient
    cache : from `batchnorm_forward` in mode 'train'

    Returns
    -------
    dx : (N, D)
    dgamma, dbeta : (D,)
    """
    ### BEGIN SOLUTION
    x_hat, gamma, std = cache
    centred = x_hat * std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    dx_hat = dout * gamma
    dstd = -(dx_hat * centred).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dcentred = dx_hat / std + 2 * centred * dvar / len(dout)
    dx = dcentred - dcentred.mean(axis=0)
    return dx, dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: a small batch against centred differences; the report says where and how a gradient is off.
rng = np.random.default_rng(0)
x, dout = rng.normal(scale=3, size=(5, 3)) + 7, rng.normal(size=(5, 3))
gamma, beta = rng.normal(size=3), rng.normal(size=3)
_, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})
dx, dgamma, dbeta = checks.unpack(
    batchnorm_backward(dout, cache), "dx", "dgamma", "dbeta", what="batchnorm_backward"
)
checks.close(dbeta, dout.sum(axis=0), "dbeta", hint="beta is added to every row")
gradcheck.check(
    lambda v: batchnorm_forward(x, v, beta, {"mode": "train"})[0],
    gamma,
    dgamma,
    "dgamma",
    df=dout,
    hint="gamma multiplies the normalised x in every row",
)
checks.close(
    np.sum(dx, axis=0),
    np.zeros(3),
    "each column of dx sums to 0",
    atol=1e-9,
    hint="the branch through the mean",
)
gradcheck.check(
    lambda v: batchnorm_forward(v, gamma, beta, {"mode": "train"})[0],
    x,
    dx,
    "dx",
    df=dout,
    hint="three branches lead to x: directly, through the mean, through the variance",
)

# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, a batch of one, constant features, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(18)


def examine_batchnorm(n, dim, eps):
    x, dout = rng.normal(scale=2, size=(n, dim)) + 4, rng.normal(size=(n, dim))
    gamma, beta = rng.normal(size=dim), rng.normal(size=dim)
    before = dout.copy()
    param = {"mode": "train", "eps": eps}
    found = batchnorm_backward(dout, batchnorm_forward(x, gamma, beta, dict(param))[1])
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="batchnorm_backward")
    sizes = {"N": n, "D": dim}
    gradcheck.check(
        lambda v: batchnorm_forward(v, gamma, beta, dict(param))[0],
        x,
        dx,
        "dx of batchnorm",
        df=dout,
        sizes=sizes,
    )
    gradcheck.check(
        lambda v: batchnorm_forward(x, v, beta, dict(param))[0], gamma, dgamma, "dgamma", df=dout, sizes=sizes
    )
    gradcheck.check(
        lambda v: batchnorm_forward(x, gamma, v, dict(param))[0], beta, dbeta, "dbeta", df=dout, sizes=sizes
    )
    checks.unchanged(dout, before, "dout")


for case in [(7, 4, 1e-5), (4, 9, 1e-5), (5, 5, 0.5), (2, 3, 0.1)]:  # a large eps shows a misplaced one
    examine_batchnorm(*case)
for x in (rng.normal(size=(1, 3)), np.full((4, 3), 2.0)):  # a batch of one; features that never vary
    found = batchnorm_backward(
        np.ones(x.shape), batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train"})[1]
    )
    checks.close(found[0], np.zeros(x.shape), f"dx where nothing varies, shape {x.shape}", atol=1e-6)
x, dout, gamma, beta = (rng.normal(size=size) for size in ((6, 3), (6, 3), 3, 3))
wide = batchnorm_backward(dout, batchnorm_forward(x, gamma, beta, {"mode": "train"})[1])[0]
x, dout, g, b = (v.astype(np.float32) for v in (x, dout, gamma, beta))
narrow = batchnorm_backward(dout, batchnorm_forward(x, g, b, {"mode": "train"})[1])[0]
checks.close(narrow, wide, "float32 input", rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 12 · The same in closed form  `[5 points · ●●● · 25 min]`
#
# Most of those stages cancel. Put them into one another on paper. You will find that `dx` needs only two sums over the batch, and
# you have both already: they are $d\beta$ and $d\gamma$. For one column:
#
# $$dx_i = \frac{\gamma}{N s} \Bigl( N\, dy_i - d\beta - \hat x_i\, d\gamma \Bigr), \qquad s = \sqrt{\sigma^2 + \varepsilon}$$
#
# Read it: the upstream gradient, less its part along a constant (shifting the column changes nothing), less its part along $\hat x$ (nor does
# stretching it). Write it without calling the staged version.
#
# <details><summary>Hint</summary>
#
# Derive it once: start from stage 3, insert ds, and use c = x_hat * s. The sum of x_hat over the batch is 0.
# </details>


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward_alt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward_alt(dout, cache):
    """Backward pass of batch normalisation, simplified on paper first.

    Parameters
    ----------
    dout : (N, D) upstream gradient
    cache : from `batchnorm_forward` in mode 'train'

    Returns
    -------
    dx : (N, D)
    dgamma, dbeta : (D,)
    """
    ### BEGIN SOLUTION
    x_hat, gamma, s = cache
    dbeta, dgamma = np.sum(dout, axis=0), np.sum(x_hat * dout, axis=0)
    n = len(dout)
    return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_alt_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the same numbers as the staged version.
rng = np.random.default_rng(1)
x, dout = rng.normal(scale=3, size=(6, 4)) + 5, rng.normal(size=(6, 4))
_, cache = batchnorm_forward(x, rng.normal(size=4), rng.normal(size=4), {"mode": "train"})
staged = batchnorm_backward(dout, cache)
found = checks.unpack(
    batchnorm_backward_alt(dout, cache), "dx", "dgamma", "dbeta", what="batchnorm_backward_alt"
)
for name, value, expected in zip(("dx", "dgamma", "dbeta"), found, staged, strict=True):
    checks.close(
        value, expected, f"{name}, as in the staged version", rtol=1e-6, hint="N dy - dbeta - x_hat dgamma"
    )
checks.avoids(batchnorm_backward_alt, "batchnorm_backward", what="written on its own")

# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward_alt_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: against centred differences, other shapes, a batch of one.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(19)


def examine_batchnorm_alt(n, dim, eps):
    x, dout = rng.normal(scale=2, size=(n, dim)) - 3, rng.normal(size=(n, dim))
    gamma, beta = rng.normal(size=dim), rng.normal(size=dim)
    before = dout.copy()
    param = {"mode": "train", "eps": eps}
    found = batchnorm_backward_alt(dout, batchnorm_forward(x, gamma, beta, dict(param))[1])
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="batchnorm_backward_alt")
    gradcheck.check(
        lambda v: batchnorm_forward(v, gamma, beta, dict(param))[0], x, dx, "dx", df=dout, sizes={"N": n}
    )
    gradcheck.check(
        lambda v: batchnorm_forward(x, v, beta, dict(param))[0],
        gamma,
        dgamma,
        "dgamma",
        df=dout,
        sizes={"N": n},
    )
    gradcheck.check(
        lambda v: batchnorm_forward(x, gamma, v, dict(param))[0],
        beta,
        dbeta,
        "dbeta",
        df=dout,
        sizes={"N": n},
    )
    checks.unchanged(dout, before, "dout")


for case in [(7, 4, 1e-5), (4, 9, 1e-5), (5, 5, 0.5), (2, 3, 0.1)]:
    examine_batchnorm_alt(*case)
x = rng.normal(size=(1, 3))
alone = batchnorm_backward_alt(
    np.ones((1, 3)), batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train"})[1]
)
checks.close(alone[0], np.zeros((1, 3)), "dx for a batch of one", atol=1e-6)
checks.avoids(batchnorm_backward_alt, "batchnorm_backward", what="written without the staged version")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Is it worth the paper? The best of several runs on a batch of 512 examples with 512 features.

# %% tags=["explore"]
rng = np.random.default_rng(0)
x, dout = rng.normal(size=(512, 512)), rng.normal(size=(512, 512))
_, cache = batchnorm_forward(x, np.ones(512), np.zeros(512), {"mode": "train"})
milliseconds = {}
for function in (batchnorm_backward, batchnorm_backward_alt):
    runs = []
    for _ in range(15):
        begin = time.perf_counter()
        function(dout, cache)
        runs.append(1000 * (time.perf_counter() - begin))
    milliseconds[function.__name__] = min(runs)
    print(f"{function.__name__:24} {min(runs):6.2f} ms")
staged, short = milliseconds.values()
print(f"the closed form is {staged / short:.1f} times as fast as the staged version")

# %% [markdown]
# ## Why does it help?
#
# **The first explanation** (Ioffe and Szegedy, 2015): while a network learns, the inputs of each layer keep changing their distribution, because the layers below
# change. Every layer chases a moving target; they called it *internal covariate shift*. Normalising fixes mean and variance, and the target stands
# stiller.
#
# **The later finding** (Santurkar et al., 2018): that is not it. When they added noise behind batchnorm, so that the distributions
# shifted *more* than without any normalisation, training was still as fast. What they measured instead is that the **loss becomes smoother**: along the
# gradient it changes less abruptly, and so does the gradient itself. The next step is where the gradient said it would be, so larger steps are
# safe. After exercise 14 you can measure it on your own network.
#
# What it brings in practice: higher learning rates, much less dependence on the first weights, and a little noise from the batch, which regularises.
# What it costs: examples in a batch depend on each other, small batches have noisy statistics, and training and testing are not the same function.
#
# ## Exercise 13 · Layer normalisation  `[6 points · ●●○ · 20 min]`
#
# Turn it by ninety degrees: normalise each **example** over its $D$ features (Ba, Kiros and Hinton, 2016). No example
# depends on another, there is nothing to keep for later, and training and testing are the same. It works with a batch of one, and it is what
# sequence models and transformers use.
#
# $$\hat x_{ij} = \frac{x_{ij} - \mu_i}{\sqrt{\sigma_i^2 + \varepsilon}} \qquad y_{ij} = \gamma_j\, \hat x_{ij} + \beta_j$$
#
# where $\mu_i$ and $\sigma_i^2$ are the mean and the (biased) variance of **row** $i$. $\gamma$ and $\beta$ still belong to the **features**, so their gradients are
# still sums over the rows. `ln_param` may hold `eps` (1e-5 if missing), and no mode.
#
# **Watch out** on the way back: the closed form holds along each row now, with $D$ in place of $N$, and $\gamma$ differs along a row. So it goes into the
# upstream gradient *before* the sums: let $g_{ij} = \gamma_j\, dy_{ij}$, and take the two sums of $g$ and of $g\, \hat x$ along each row.
#
# <details><summary>Hint</summary>
#
# `axis=1, keepdims=True` gives columns of shape (N, 1), which broadcast along the rows.
# </details>


# %% nbgrader={"grade": false, "grade_id": "layernorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layernorm_forward(x, gamma, beta, ln_param):
    """Normalisation of each example over its features.

    Parameters
    ----------
    x : (N, D)
    gamma, beta : (D,) scale and shift
    ln_param : dict, may hold eps

    Returns
    -------
    out : (N, D)
    cache : what `layernorm_backward` needs
    """
    ### BEGIN SOLUTION
    s = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) / s
    return gamma * x_hat + beta, (x_hat, gamma, s)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "layernorm_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: rows (1, 3) and (30, 10): means 2 and 20, deviations 1 and 10.
x, gamma, beta = np.array([[1.0, 3.0], [30.0, 10.0]]), np.array([1.0, 2.0]), np.array([0.0, 5.0])
out, _ = checks.unpack(layernorm_forward(x, gamma, beta, {}), "out", "cache", what="layernorm_forward")
checks.close(out, [[-1, 7], [1, 3]], "out", rtol=1e-5, hint="each row by its own mean and variance: axis=1")

# %% nbgrader={"grade": true, "grade_id": "layernorm_forward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, one example, eps, constant rows, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(20)
for n, dim, eps in [(7, 4, None), (4, 9, 0.5), (5, 5, None), (1, 6, 0.01)]:
    x = rng.normal(scale=3, size=(n, dim)) + rng.normal(scale=5, size=(n, 1))
    gamma, beta = rng.normal(size=dim), rng.normal(size=dim)
    before = [v.copy() for v in (x, gamma, beta)]
    out, _ = layernorm_forward(x, gamma, beta, {} if eps is None else {"eps": eps})
    rows = []
    for row in x:  # one example at a time: none depends on another
        centred = row - sum(row) / dim
        rows.append(
            gamma * centred / np.sqrt(centred @ centred / dim + (1e-5 if eps is None else eps)) + beta
        )
    checks.close(
        out,
        rows,
        f"out, shape ({n}, {dim}), eps {eps}",
        rtol=1e-6,
        hint="axis=1 for the statistics, gamma along features",
    )
    for name, v, old in zip(("x", "gamma", "beta"), (x, gamma, beta), before, strict=True):
        checks.unchanged(v, old, name)
with np.errstate(all="ignore"):
    out, _ = layernorm_forward(np.full((2, 3), 4.0), np.ones(3), np.arange(3.0), {})
checks.close(out, [[0, 1, 2], [0, 1, 2]], "a constant example gives beta", hint="eps inside the root")
small = layernorm_forward(
    x.astype(np.float32), gamma.astype(np.float32), beta.astype(np.float32), {"eps": 0.01}
)[0]
checks.close(small, rows, "float32 input", rtol=1e-4, atol=1e-4)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "layernorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layernorm_backward(dout, cache):
    """Backward pass of layer normalisation.

    Parameters
    ----------
    dout : (N, D) upstream gradient
    cache : from `layernorm_forward`

    Returns
    -------
    dx : (N, D)
    dgamma, dbeta : (D,)
    """
    ### BEGIN SOLUTION
    x_hat, gamma, s = cache
    g = dout * gamma
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / s
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "layernorm_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: a small batch against centred differences.
rng = np.random.default_rng(2)
x, dout = rng.normal(scale=3, size=(3, 5)) + 7, rng.normal(size=(3, 5))
gamma, beta = rng.normal(size=5), rng.normal(size=5)
_, cache = layernorm_forward(x, gamma, beta, {})
dx, dgamma, dbeta = checks.unpack(
    layernorm_backward(dout, cache), "dx", "dgamma", "dbeta", what="layernorm_backward"
)
checks.shape(dgamma, (5,), "dgamma", hint="gamma belongs to the features: sum over the rows, axis=0")
gradcheck.check(lambda v: layernorm_forward(x, v, beta, {})[0], gamma, dgamma, "dgamma", df=dout)
gradcheck.check(
    lambda v: layernorm_forward(v, gamma, beta, {})[0],
    x,
    dx,
    "dx",
    df=dout,
    hint="gamma * dout before the sums along a row",
)

# %% nbgrader={"grade": true, "grade_id": "layernorm_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, all three gradients.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)


def examine_layernorm(n, dim, eps):
    x, dout = rng.normal(scale=2, size=(n, dim)) + 4, rng.normal(size=(n, dim))
    gamma, beta = rng.normal(size=dim), rng.normal(size=dim)
    before = dout.copy()
    found = layernorm_backward(dout, layernorm_forward(x, gamma, beta, {"eps": eps})[1])
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="layernorm_backward")
    sizes = {"N": n, "D": dim}
    gradcheck.check(
        lambda v: layernorm_forward(v, gamma, beta, {"eps": eps})[0],
        x,
        dx,
        "dx of layernorm",
        df=dout,
        sizes=sizes,
    )
    gradcheck.check(
        lambda v: layernorm_forward(x, v, beta, {"eps": eps})[0],
        gamma,
        dgamma,
        "dgamma",
        df=dout,
        sizes=sizes,
    )
    gradcheck.check(
        lambda v: layernorm_forward(x, gamma, v, {"eps": eps})[0], beta, dbeta, "dbeta", df=dout, sizes=sizes
    )
    checks.unchanged(dout, before, "dout")


for case in [(7, 4, 1e-5), (4, 9, 0.5), (5, 5, 1e-5), (1, 6, 0.1)]:
    examine_layernorm(*case)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 14 · `FullyConnectedNet`  `[12 points · ●●● · 60 min]`
#
# Put it all together: a network with any number of hidden layers, and normalisation if wanted:
#
# $$\{\text{affine} \to [\text{batchnorm or layernorm}] \to \text{ReLU}\} \times L \;\to\; \text{affine} \to \text{softmax}$$
#
# **Parameters.** `params` is a dict. Layer $i$, counted **from 1**, has `W1`, `b1`, then `W2`, `b2`, ...; with normalisation each *hidden* layer has `gamma1`, `beta1`, ...
# too, and the last affine layer has none. Biases and `beta` start at 0, `gamma` at 1. Weights are Gaussian with the standard deviation `weight_scale`; if that is `None`, by
# your `initialize` with `'he'`. All have the dtype `dtype`. (`hidden_dims` may be empty: then there is one affine layer.)
#
# **`loss(X, y)`** trains: it returns the loss and a dict of gradients with the same keys as `params`, each with its parameter's shape. The loss is the
# softmax loss plus the penalty `reg` times the sum of the squares of all **weights** W (no one half; not the biases, not gamma and beta).
#
# **`loss(X)`**, without labels, answers: it returns the scores (N, C), with batchnorm in mode `'test'`. Answering changes nothing in the model.
#
# The constructor gives you `self.bn_params`, a dict for each hidden layer, where your batchnorm keeps its running statistics from call to call; set the `mode` in it
# before each use. Cast `X` to `self.dtype` first; the scores have that dtype too. (If a normalisation of yours makes float64 of float32, cast behind it.)
# Pictures of shape (N, 3, 32, 32) come in too, and your `affine_forward` lays them flat.
#
# <details><summary>Hint</summary>
#
# Two loops: upwards for i = 1 ... L, keeping the caches of each layer in a list; downwards through the list in reverse. f-strings make the
# names: `self.params[f"W{i}"]`. `gradcheck.check` on a tiny float64 network finds the layer that is wrong.
# </details>


# %% nbgrader={"grade": false, "grade_id": "FullyConnectedNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class FullyConnectedNet:
    """A fully connected ReLU network of any depth, with batch or layer normalisation if wanted.

    Parameters
    ----------
    hidden_dims : list of the sizes of the hidden layers
    input_dim : numbers in one example
    num_classes : C
    normalization : None, 'batchnorm' or 'layernorm'
    weight_scale : standard deviation of the first weights; None takes He's
    reg : strength of the penalty
    dtype : of the parameters and of all computation
    rng : numpy.random.Generator for the first weights (or a seed for one)
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        normalization=None,
        weight_scale=None,
        reg=0.0,
        dtype=np.float32,
        rng=None,
    ):
        if normalization not in (None, "batchnorm", "layernorm"):
            raise ValueError(f"normalization is None, 'batchnorm' or 'layernorm', not {normalization!r}")
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.num_layers = len(hidden_dims) + 1
        self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        self.params = {}
        rng = np.random.default_rng(rng)
        ### BEGIN SOLUTION
        dims = [input_dim, *hidden_dims, num_classes]
        for i in range(1, self.num_layers + 1):
            fan_in, fan_out = dims[i - 1], dims[i]
            if weight_scale is None:
                self.params[f"W{i}"] = initialize(fan_in, fan_out, "he", rng)
            else:
                self.params[f"W{i}"] = weight_scale * rng.normal(size=(fan_in, fan_out))
            self.params[f"b{i}"] = np.zeros(fan_out)
            if normalization and i < self.num_layers:
                self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.ones(fan_out), np.zeros(fan_out)
        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores at test time, or the loss and its gradients in training.

        Parameters
        ----------
        X : (N, ...) examples
        y : (N,) labels; None asks for scores

        Returns
        -------
        scores : (N, C), if y is None
        loss, grads : number, and dict with the keys of `params`, otherwise
        """
        ### BEGIN SOLUTION
        mode = "test" if y is None else "train"
        out, caches = X.astype(self.dtype), []
        for i in range(1, self.num_layers):
            out, cache = self._hidden_forward(out, i, mode)
            caches.append(cache)
        last = self.num_layers
        scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = {}
        dout, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dout, cache)
        for i in range(self.num_layers - 1, 0, -1):
            dout = self._hidden_backward(dout, caches[i - 1], i, grads)
        for i in range(1, self.num_layers + 1):
            W = self.params[f"W{i}"]
            loss += self.reg * np.sum(W * W)
            grads[f"W{i}"] = grads[f"W{i}"] + 2 * self.reg * W
        return loss, grads

    def _hidden_forward(self, x, i, mode):
        """Hidden layer i: affine, normalisation, ReLU."""
        out, affine_cache = affine_forward(x, self.params[f"W{i}"], self.params[f"b{i}"])
        norm_cache, param = None, self.bn_params[i - 1]
        if self.normalization:
            scale_and_shift = self.params[f"gamma{i}"], self.params[f"beta{i}"]
        if self.normalization == "batchnorm":
            param["mode"] = mode
            out, norm_cache = batchnorm_forward(out, *scale_and_shift, param)
        elif self.normalization == "layernorm":
            out, norm_cache = layernorm_forward(out, *scale_and_shift, param)
        out, relu_cache = relu_forward(out)
        return out, (affine_cache, norm_cache, relu_cache)

    def _hidden_backward(self, dout, cache, i, grads):
        """The way back through hidden layer i; enters its gradients in `grads`."""
        affine_cache, norm_cache, relu_cache = cache
        dout = relu_backward(dout, relu_cache)
        if self.normalization:
            backward = batchnorm_backward_alt if self.normalization == "batchnorm" else layernorm_backward
            dout, grads[f"gamma{i}"], grads[f"beta{i}"] = backward(dout, norm_cache)
        dx, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, affine_cache)
        return dx
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: names and shapes; the penalty; every gradient of a tiny network, for each kind of normalisation; float32.
X, y = np.random.default_rng(3).normal(size=(6, 5)), np.array([0, 2, 1, 1, 0, 2])
for normalization in (None, "batchnorm", "layernorm"):
    model = FullyConnectedNet(
        [4, 3],
        input_dim=5,
        num_classes=3,
        normalization=normalization,
        reg=0.7,
        weight_scale=0.5,
        dtype=np.float64,
    )
    wanted = ["W1", "W2", "W3", "b1", "b2", "b3"]
    wanted += ["beta1", "beta2", "gamma1", "gamma2"] if normalization else []
    checks.equal(
        " ".join(sorted(model.params)),
        " ".join(sorted(wanted)),
        f"names of the parameters, normalization {normalization}",
    )
    shapes = {"W1": (5, 4), "b1": (4,), "W3": (3, 3), "b3": (3,)}
    for name, shape in shapes.items():
        checks.shape(model.params[name], shape, name)
    checks.shape(model.loss(X), (6, 3), "scores")
    loss, grads = checks.unpack(model.loss(X, y), "loss", "grads", what="loss(X, y)")
    checks.equal(" ".join(sorted(grads)), " ".join(sorted(wanted)), "a gradient for each parameter")
    model.reg = 0.0
    penalty = loss - model.loss(X, y)[0]
    model.reg = 0.7
    checks.close(
        penalty,
        0.7 * sum(np.sum(np.square(model.params[name])) for name in ("W1", "W2", "W3")),
        "the penalty: loss with reg = 0.7, less loss with reg = 0",
        rtol=1e-6,
        hint="self.reg times the sum of the squares of every W, no one half",
    )
    for name in wanted:

        def loss_at(value, name=name, model=model):
            before, model.params[name] = model.params[name], value
            loss = model.loss(X, y)[0]
            model.params[name] = before
            return loss

        gradcheck.check(
            loss_at,
            model.params[name],
            grads[name],
            f"gradient of {name}, {normalization}",
            terms={"the penalty's gradient 2 * reg * W": 2 * 0.7 * model.params[name]}
            if name[0] == "W"
            else None,
        )
model = FullyConnectedNet([4], input_dim=5, num_classes=3, normalization="layernorm")
checks.dtype(model.params["W1"], np.float32, "W1, without a word on the dtype")
checks.dtype(
    model.loss(X), np.float32, "scores", hint="cast X; which of your layers makes float64 of float32?"
)

# %% nbgrader={"grade": true, "grade_id": "FullyConnectedNet_hidden", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: first weights, depths, modes, penalty, dtype, pictures.
### BEGIN HIDDEN TESTS
from scipy.special import log_softmax

rng = np.random.default_rng(22)


def fill(built):
    """Parameters in general position: biases, gamma and beta that a forgotten one would show."""
    for name in sorted(built.params):
        shape = np.shape(built.params[name])
        spread = 1 / np.sqrt(shape[0]) if name[0] == "W" else 0.5
        built.params[name] = rng.normal(scale=spread, size=shape) + (name[:5] == "gamma")
    return {name: np.array(built.params[name]) for name in sorted(built.params)}


def scores_of(p, X, depth, statistics):
    """The scores, written out; statistics(h, i) are mean and variance, or None."""
    h = X.reshape(len(X), -1)
    for i in range(1, depth):
        h = np.einsum("nd,dh->nh", h, p[f"W{i}"]) + p[f"b{i}"]
        found = statistics(h, i)
        if found is not None:
            h = p[f"gamma{i}"] * (h - found[0]) / np.sqrt(found[1] + 1e-5) + p[f"beta{i}"]
        h = (h + np.abs(h)) / 2
    return np.einsum("nd,dh->nh", h, p[f"W{depth}"]) + p[f"b{depth}"]


nothing = {
    None: lambda h, i: None,
    "layernorm": lambda h, i: (h.mean(1, keepdims=True), h.var(1, keepdims=True)),
}
batch = {**nothing, "batchnorm": lambda h, i: (h.mean(0), h.var(0))}

# first weights: sizes, standard deviations, what starts at 0 and at 1
for scale, deviations in [
    (0.05, (0.05, 0.05, 0.05)),
    (None, (np.sqrt(2 / 90), np.sqrt(2 / 40), np.sqrt(2 / 60))),
]:
    built = FullyConnectedNet(
        [40, 60], input_dim=90, num_classes=30, weight_scale=scale, normalization="batchnorm"
    )
    for i, (deviation, shape) in enumerate(
        zip(deviations, ((90, 40), (40, 60), (60, 30)), strict=True), start=1
    ):
        checks.shape(built.params[f"W{i}"], shape, f"W{i}")
        checks.close(
            np.std(built.params[f"W{i}"]),
            deviation,
            f"first W{i}, weight_scale {scale}",
            rtol=0.1,
            hint="weight_scale, or He's: sqrt(2 / fan_in) of each layer",
        )
        checks.equal(built.params[f"b{i}"], np.zeros(shape[1]), f"first b{i}")
        if i < 3:
            checks.equal(built.params[f"gamma{i}"], np.ones(shape[1]), f"first gamma{i}")
            checks.equal(built.params[f"beta{i}"], np.zeros(shape[1]), f"first beta{i}")
    checks.holds("gamma3" not in built.params, "no normalisation behind the last affine layer")

# depths and kinds: the loss against the formula, scores, every gradient
for hidden, normalization, reg in [
    ([], None, 0.3),
    ([5], "batchnorm", 0.3),
    ([7, 4, 6], None, 0.2),
    ([6, 5, 4, 3], "batchnorm", 0.0),
    ([6, 3, 5], "layernorm", 0.1),
]:
    depth = len(hidden) + 1
    name = f"{depth} layers, {normalization}"
    options = {"normalization": normalization, "reg": reg, "weight_scale": 0.1, "dtype": np.float64}
    built = FullyConnectedNet(hidden, input_dim=12, num_classes=4, **options)
    p = fill(built)
    X, y = rng.normal(size=(8, 3, 2, 2)), rng.integers(4, size=8)  # pictures
    X_before, y_before = X.copy(), y.copy()
    value, grads = checks.unpack(built.loss(X, y), "loss", "grads", what="loss(X, y)")
    data_loss = -np.mean(log_softmax(scores_of(p, X, depth, batch[normalization]), axis=1)[np.arange(8), y])
    penalty = reg * sum(np.sum(p[f"W{i}"] ** 2) for i in range(1, depth + 1))
    checks.close(
        value,
        data_loss + penalty,
        f"the loss: {name}",
        rtol=1e-6,
        hint="softmax loss + reg * sum of W * W over all W",
    )
    checks.equal(sorted(grads), sorted(p), f"a gradient for each parameter: {name}")

    def loss_at(value, key, built=built, X=X, y=y):
        kept, built.params[key] = built.params[key], value
        found = built.loss(X, y)[0]
        built.params[key] = kept
        return found

    # answering in between must not spoil training: gradients are taken again after a call in test mode
    built.loss(X)
    _, again = built.loss(X, y)
    for key in sorted(p):
        terms = {"the penalty's gradient 2 * reg * W": 2 * reg * p[key]} if key[0] == "W" and reg else None
        gradcheck.check(
            lambda v, key=key: loss_at(v, key), p[key], again[key], f"gradient of {key}: {name}", terms=terms
        )
        checks.close(
            grads[key], again[key], f"gradient of {key} after an answer: {name}", atol=1e-9, rtol=1e-6
        )
    checks.unchanged(X, X_before, "X")
    checks.unchanged(y, y_before, "y")
    if normalization != "batchnorm":
        checks.close(
            built.loss(X), scores_of(p, X, depth, nothing[normalization]), f"scores: {name}", rtol=1e-6
        )

# batchnorm at test time: running statistics of its own in each layer; after many looks at one batch they are that batch's
built = FullyConnectedNet([5, 4], input_dim=6, num_classes=3, normalization="batchnorm", dtype=np.float64)
p = fill(built)
X, y = 2 * rng.normal(size=(9, 6)) + 1, rng.integers(3, size=9)
for _ in range(200):  # 0.9 to the power 200 is 7e-10
    built.loss(X, y)
answer = np.array(built.loss(X))
checks.close(
    answer,
    scores_of(p, X, 3, batch["batchnorm"]),
    "running statistics after 200 looks at a batch",
    rtol=1e-5,
    hint="each hidden layer keeps its own bn_params[i], from call to call",
)
checks.close(
    built.loss(X[:1]), answer[:1], "an example alone gets the same scores", hint="mode 'test' when y is None"
)
for _ in range(3):
    built.loss(50 * rng.normal(size=(9, 6)))
checks.close(
    built.loss(X), answer, "answering changes nothing in the model", hint="mode 'test' when y is None"
)

# float32 stays float32
built = FullyConnectedNet(
    [5], input_dim=6, num_classes=3, normalization="layernorm", reg=0.1, dtype=np.float32
)
for key in sorted(built.params):
    checks.dtype(built.params[key], np.float32, f"{key} of a float32 network")
checks.dtype(
    built.loss(X),
    np.float32,
    "scores of a float32 network",
    hint="cast X; which of your layers makes float64 of float32?",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Does it train?
#
# Two thousand pictures, laid flat and centred, five hidden layers. First without normalisation, then with each kind; the same learning rate, the same seed.
# (`Solver` is the kit's training loop.)

# %% tags=["explore"]
book = load_picturebook(num_train=2000, num_val=500, num_test=100).tensors(layout="flat")
solvers = {}
for normalization in (None, "batchnorm", "layernorm"):
    net = FullyConnectedNet([100] * 5, normalization=normalization, rng=np.random.default_rng(0))
    solver = Solver(net, book, optim_config={"learning_rate": 0.05}, batch_size=100, num_epochs=10, rng=0)
    solver.train()
    solvers[normalization or "none"] = solver
plotting.show_runs(solvers, "Five hidden layers, the same steps: with and without normalisation")
plt.show()

# %% [markdown]
# With normalisation the loss falls clearly faster. The validation accuracies differ less, at about 40 %: two thousand pictures are few, and whoever learns them
# sooner begins to overfit sooner (06-dropout is about that).
#
# **How much do the first weights matter?** A smaller network, from weights of eleven sizes, six epochs each. Without normalisation there is a narrow range in which it
# learns at all. With batchnorm it learns from any of them: a layer's scale is divided out right behind it, and only the *direction* of its weights counts. Not
# equally fast, though: large weights need many steps to turn, and the last layer has no normalisation behind it.

# %% tags=["explore"]
few = load_picturebook(num_train=1000, num_val=500, num_test=100).tensors(layout="flat")
scales = np.logspace(-3, 0, 11)
accuracies, losses = {}, {}
for normalization in (None, "batchnorm", "layernorm"):
    name = normalization or "none"
    accuracies[name], losses[name] = [], []
    for scale in scales:
        net = FullyConnectedNet(
            [50] * 5, normalization=normalization, weight_scale=scale, rng=np.random.default_rng(0)
        )
        solver = Solver(
            net, few, optim_config={"learning_rate": 0.05}, batch_size=50, num_epochs=6, rng=0, verbose=False
        )
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                solver.train()
                losses[name].append(np.mean(solver.loss_history[-20:]))
            except FloatingPointError:  # the loss overflowed
                losses[name].append(np.nan)
        accuracies[name].append(max(solver.val_acc_history))
plotting.show_weight_scales(scales, accuracies, losses)
plt.show()

# %% [markdown]
# **Is the landscape smoother?** The measurement behind the later explanation. At each of 60 steps, stand still, look along the gradient, and note the loss after
# steps of several lengths. The band is the range that was met. Where it reaches *above* the line, a step along the gradient would have made things worse: the
# gradient's promise did not hold that far.


# %% tags=["explore"]
def walk(normalization, learning_rate, steps=60, lengths=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5)):
    """Losses along the gradient at each step: (steps, lengths)."""
    net = FullyConnectedNet([100] * 5, normalization=normalization, rng=np.random.default_rng(0))
    rng, found = np.random.default_rng(1), []
    for _ in range(steps):
        rows = rng.choice(len(few.X_train), 100, replace=False)
        X, y = few.X_train[rows], few.y_train[rows]
        _, grads = net.loss(X, y)
        here, seen = dict(net.params), []
        for length in lengths:
            for key in here:
                net.params[key] = here[key] - length * grads[key]
            seen.append(net.loss(X, y)[0])
        for key in here:
            net.params[key] = here[key] - learning_rate * grads[key]
        found.append(seen)
    return np.array(found)


plotting.show_gradient_walks(
    {"without normalisation": walk(None, 0.1), "with batchnorm": walk("batchnorm", 0.1)}
)
plt.show()

# %% [markdown]
# **Small batches.** Batchnorm's statistics are those of the batch. How does it fare when the batch is small? Layernorm does not care.

# %% tags=["explore"]
solvers = {}
for normalization, size in [("batchnorm", 50), ("batchnorm", 4), ("batchnorm", 2), ("layernorm", 2)]:
    net = FullyConnectedNet([50] * 3, normalization=normalization, rng=np.random.default_rng(0))
    rate = 0.05 * np.sqrt(size / 50)  # smaller batches, more and noisier steps: shorter ones
    solver = Solver(
        net, few, optim_config={"learning_rate": rate}, batch_size=size, num_epochs=6, rng=0, verbose=False
    )
    solver.train()
    solvers[f"{normalization}, batches of {size}"] = solver
plotting.show_runs(solvers, "Normalising over the batch needs a batch")
plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "works_in_training", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### Question · It worked in training  `[3 points]`
#
# A network with batchnorm reaches 90 % in training. In the field it gets **one** picture at a time, and its programmer left the mode at `'train'`. What does every hidden
# layer put out for a picture alone, and what are the answers worth? Another programmer remembers to switch to `'test'`, but evaluates after only **three** training steps, and
# finds accuracies near chance while the training loss looks fine. What went wrong here?
#
# ### BEGIN SOLUTION
# In a batch of one each feature's mean is the feature itself, so x minus the mean is 0 and the layer puts out beta, whatever the picture: the same answer for every
# picture. (And each call moves the running statistics.) In test mode the running statistics are used. They start at 0 and move by a tenth of the way with
# each batch, so after three steps they hold only 1 - 0.9^3 = 27 % of the batch statistics: the mean is too near to 0 and the variance about four times too
# small. The layers above get inputs they have never been trained on, shifted and too large. Train longer, or correct the averages for their start.
# ### END SOLUTION

# %% [markdown]
# # Part four: babysitting
#
# ## Exercise 15 · A sanity check  `[4 points · ●●○ · 25 min]`
#
# Three questions to ask any classifier before a long training. They take seconds and find most bugs:
#
# 1. **Is the first loss $\ln C$?** A network that knows nothing gives each of $C$ classes the probability $1/C$, and the softmax loss is $\ln C$ (2.303 for ten).
#    Ask with `model.reg` set to 0, and be content with anything that differs from $\ln C$ by **at most 0.5**.
# 2. **Does a penalty raise the loss?** With `model.reg` set to 1 the same loss must be *larger*.
# 3. **Does it fit twenty examples?** Take the first 20 (all, if there are fewer), `model.reg` 0, and do `num_steps` steps of plain gradient descent on them as one batch:
#    parameter minus learning rate times gradient. Afterwards the model must label **all** of them right. A network that cannot even learn twenty pictures by heart has a bug.
#
# Any model with `params`, `reg` and `loss(X, y=None)` can be checked. $C$ is the number of columns of its scores; not every class need occur in `y`. Questions 1 and 2 use
# all of X. And a check must leave things as they were: when you are done, **put back** `model.reg` and every parameter.
#
# <details><summary>Hint</summary>
#
# Keep copies first: a dict of `value.copy()`. Set `model.params[name] = model.params[name] - learning_rate * grads[name]`, which makes new arrays.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sanity_check", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    """Ask a classifier three questions before training it; leaves the model as it was.

    Parameters
    ----------
    model : has a dict `params`, a number `reg`, and `loss(X, y)` -> (loss, grads), `loss(X)` -> scores
    X : (N, ...) examples
    y : (N,) labels
    learning_rate, num_steps : of the gradient descent in the third question

    Returns
    -------
    answers : dict with the keys 'initial loss', 'penalty', 'overfits'; each value True or False
    """
    ### BEGIN SOLUTION
    reg, params = model.reg, {name: np.copy(value) for name, value in model.params.items()}
    num_classes = model.loss(X).shape[1]
    model.reg = 0.0
    plain, _ = model.loss(X, y)
    model.reg = 1.0
    penalised, _ = model.loss(X, y)
    model.reg = 0.0
    few, labels = X[:20], y[:20]
    for _ in range(num_steps):
        _, grads = model.loss(few, labels)
        for name in params:
            model.params[name] = model.params[name] - learning_rate * grads[name]
    right = np.argmax(model.loss(few), axis=1) == labels
    model.reg = reg
    model.params.update(params)
    return {
        "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
        "penalty": bool(penalised > plain),
        "overfits": bool(np.all(right)),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sanity_check_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: a linear classifier of five classes, first right, then with the sign of its gradient turned round.
class LinearModel:
    """Scores X @ W, softmax loss; `fault` puts a bug in."""

    def __init__(self, fault="", dim=30, num_classes=5):
        W = 0.1 * np.random.default_rng(0).normal(size=(dim, num_classes))
        self.params, self.reg, self.fault = {"W": W}, 0.01, fault

    def loss(self, X, y=None):
        W = self.params["W"]
        scores = X @ W
        if y is None:
            return scores
        P = np.exp(scores - scores.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        total = -np.mean(np.log(P[rows, y])) + self.reg * np.sum(W * W)
        P[rows, y] -= 1
        dW = X.T @ P / len(X) + 2 * self.reg * W
        return total, {"W": -dW if self.fault == "sign" else dW}


rng = np.random.default_rng(4)
X, y = rng.normal(size=(60, 30)), rng.integers(5, size=60)
healthy = {"initial loss": True, "penalty": True, "overfits": True}
checks.equal(
    sanity_check(LinearModel(), X, y),
    healthy,
    "a healthy model",
    hint="which one is False? ln C, C being the number of scores; reg is 0, then 1, then 0 again; all num_steps",
)
found = sanity_check(LinearModel("sign"), X, y)
checks.equal(
    found, {**healthy, "overfits": False}, "a model that climbs instead of descending", hint="all 20 right?"
)

# %% nbgrader={"grade": true, "grade_id": "sanity_check_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other bugs, other numbers of classes; is the model left as it was?
### BEGIN HIDDEN TESTS
from scipy.special import log_softmax


class Suspect:
    """A linear classifier with one bug of several."""

    def __init__(self, fault, dim, num_classes, reg):
        W = 0.1 * np.random.default_rng(1).normal(size=(dim, num_classes))
        self.params, self.reg, self.fault = {"W": W, "b": np.zeros(num_classes)}, reg, fault

    def loss(self, inputs, labels=None):
        W, b = self.params["W"], self.params["b"]
        scores = inputs @ W + b
        if labels is None:
            return scores
        if self.fault == "loud":  # weights too large at the start
            scores = 30 * scores
        log_p = log_softmax(scores, axis=1)
        truth = np.eye(len(b))[labels]
        value = -np.mean(np.sum(log_p * truth, axis=1))
        shift = {"low": -0.8, "high": 0.8, "near": 0.3}.get(self.fault, 0)
        value = shift + (len(labels) * value if self.fault == "sum" else value)
        sign = {"no penalty": 0, "negative penalty": -1}.get(self.fault, 1)
        scale = {"no gradient": 0, "climbs": -1, "slow": 1e-6}.get(self.fault, 1)
        error = scale * (np.exp(log_p) - truth) / len(labels)
        value = value + sign * self.reg * np.sum(W * W)
        grads = {"W": inputs.T @ error + 2 * sign * self.reg * W, "b": error.sum(axis=0)}
        return value, grads


rng = np.random.default_rng(23)
good = {"initial loss": True, "penalty": True, "overfits": True}
cases = [
    ("", {}, "a healthy model"),
    ("near", {}, "a first loss 0.3 above ln C is near enough"),
    ("low", {"initial loss": False}, "a first loss far below ln C"),
    ("high", {"initial loss": False}, "a first loss far above ln C"),
    ("sum", {"initial loss": False}, "a loss summed in place of averaged"),
    ("loud", {"initial loss": False}, "weights that are far too large"),
    ("no penalty", {"penalty": False}, "a penalty that is forgotten"),
    ("negative penalty", {"penalty": False}, "a penalty that is subtracted"),
    ("no gradient", {"overfits": False}, "gradients of zero"),
    ("climbs", {"overfits": False}, "gradients with the wrong sign"),
    ("slow", {"overfits": False}, "gradients a million times too small"),
]
for fault, differs, what in cases:
    # the first labels leave classes out; reg is large before the check, and would spoil all three questions
    num_classes = 7 if fault != "near" else 3
    X, y = rng.normal(size=(50, 40)), rng.integers(num_classes - 1, size=50)
    model = Suspect(fault, 40, num_classes, reg=9.0)
    before = {name: value.copy() for name, value in model.params.items()}
    with np.errstate(all="ignore"):
        found = sanity_check(model, X, y, learning_rate=0.5, num_steps=40)
    checks.holds(
        isinstance(found, dict) and sorted(found) == sorted(good),
        "a dict with three keys",
        f"it is {found!r}",
    )
    for key, verdict in {**good, **differs}.items():
        checks.holds(
            bool(found[key]) == verdict,
            f"{what}: {key!r} is {verdict}",
            f"it is {found[key]!r}",
            hint="reg is 0 for the first and third question; C counts the columns of the scores",
        )
    checks.equal(model.reg, 9.0, "model.reg is put back")
    for name, old in before.items():
        checks.equal(
            model.params[name], old, f"params[{name!r}] is put back", hint="keep copies, and put them back"
        )
X, y = rng.normal(size=(12, 40)), rng.integers(4, size=12)
checks.equal(
    bool(sanity_check(Suspect("", 40, 4, 0.0), X, y)["overfits"]), True, "fewer than twenty examples"
)
short = sanity_check(Suspect("", 40, 4, 0.0), X, y, learning_rate=1e-9, num_steps=1)
checks.equal(bool(short["overfits"]), False, "learning_rate and num_steps are used", hint="use the arguments")
# the same picture under two labels: nineteen of twenty at best
X, y = rng.normal(size=(20, 40)), rng.integers(4, size=20)
X[1], y[1] = X[0], (y[0] + 1) % 4
found = sanity_check(Suspect("", 40, 4, 0.0), X, y, learning_rate=0.5, num_steps=40)
checks.equal(bool(found["overfits"]), False, "nineteen of twenty are not all", hint="np.all")
# 20 examples are asked for: random labels of 400 cannot be learned by heart, twenty of them can
X, y = rng.normal(size=(400, 40)), rng.integers(4, size=400)
found = sanity_check(Suspect("", 40, 4, 0.0), X, y, learning_rate=0.5, num_steps=40)
checks.equal(bool(found["overfits"]), True, "only the first twenty are fitted")
### END HIDDEN TESTS

# %% [markdown]
# **Try it** on four real networks: two healthy ones, one with weights that are far too large, and one whose gradients by the weights have a
# wrong sign. (Batchnorm with He's weights says False to the first question without being broken: its hidden layers are at full size from the start, so the scores
# have a variance of about 1, and the network begins with opinions. Smaller weights in the last layer would cure it. A check asks; you judge.)


# %% tags=["explore"]
class Forgetful(FullyConnectedNet):
    """A network whose scores are right and whose gradients are not."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        value, grads = super().loss(X, y)
        return value, {name: -g if name.startswith("W") else g for name, g in grads.items()}


suspects = {
    "He, no normalisation": FullyConnectedNet([100, 100], rng=np.random.default_rng(0)),
    "He, batchnorm": FullyConnectedNet([100, 100], normalization="batchnorm", rng=np.random.default_rng(0)),
    "weights far too large": FullyConnectedNet([100, 100], weight_scale=1.0, rng=np.random.default_rng(0)),
    "a sign is wrong": Forgetful([100, 100], rng=np.random.default_rng(0)),
}
for name, suspect in suspects.items():
    with np.errstate(over="ignore", invalid="ignore"):
        answers = sanity_check(suspect, few.X_train[:200], few.y_train[:200])
    print(f"{name:22}", {question: bool(answer) for question, answer in answers.items()})

# %% [markdown]
# ## Exercise 16 · The update ratio  `[2 points · ●○○ · 5 min]`
#
# Is the learning rate right? Compare what a step *changes* with what is there: the norm of the update, divided by the norm of the parameter before it. About
# $10^{-3}$ is healthy. At $10^{-1}$ each step rewrites a tenth of the weights; at $10^{-6}$ nothing happens before next year.
#
# The norm is the Euclidean one over **all** entries, whatever the shape. (For weights. Biases start at 0 and have no ratio.)
#
# <details><summary>Hint</summary>
#
# Lay the array flat first: for a matrix, `np.linalg.norm` can mean several things.
# </details>


# %% nbgrader={"grade": false, "grade_id": "update_ratio", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_ratio(param, update):
    """Norm of an update over the norm of the parameter.

    Parameters
    ----------
    param : any shape, not all zero
    update : same shape, what is added to it

    Returns
    -------
    ratio : float
    """
    ### BEGIN SOLUTION
    return np.linalg.norm(np.ravel(update)) / np.linalg.norm(np.ravel(param))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "update_ratio_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the norms are 0.005 and 5.
checks.close(
    update_ratio(np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[0.0, -0.003], [0.004, 0.0]])),
    0.001,
    "update (-0.003, 0.004) of a parameter (3, 4)",
    hint="root of the sum of the squares, update over parameter",
)

# %% nbgrader={"grade": true, "grade_id": "update_ratio_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(24)
for size in [(7,), (5, 8), (2, 3, 4), (2, 3, 4, 5)]:
    param, update = rng.normal(size=size), 1e-2 * rng.normal(size=size)
    before = param.copy(), update.copy()
    expected = np.sqrt(np.sum(update**2) / np.sum(param**2))
    checks.close(update_ratio(param, update), expected, f"shape {size}", hint="the norm over all entries")
    checks.unchanged(param, before[0], "param")
    checks.unchanged(update, before[1], "update")
checks.close(update_ratio(np.array([2.0, 0.0]), np.zeros(2)), 0, "no update")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** A network with three hidden layers under three learning rates. The green band is what you want to see.

# %% tags=["explore"]
ratios = {}
for rate in (0.0003, 0.02, 0.5):
    net = FullyConnectedNet([100] * 3, rng=np.random.default_rng(0))
    rng, seen = np.random.default_rng(1), {f"W{i}": [] for i in range(1, 5)}
    for _ in range(100):
        rows = rng.choice(len(few.X_train), 50, replace=False)
        _, grads = net.loss(few.X_train[rows], few.y_train[rows])
        for key in net.params:
            step = -rate * grads[key]
            if key in seen:
                seen[key].append(update_ratio(net.params[key], step))
            net.params[key] = net.params[key] + step
    ratios[f"learning rate {rate:g}"] = seen
plotting.show_update_ratios(ratios)
plt.show()

# %% [markdown]
# ## Exercise 17 · Reading loss curves  `[6 points · ●●○ · 20 min]`
#
# Twelve recorded training runs of small networks on the picture book: the loss on the training batches and, beside it, the accuracies. Give each
# **one** diagnosis. Each of the six occurs twice:
#
# | diagnosis | what gives it away |
# |---|---|
# | `'good'` | the loss falls steeply and then levels off; both accuracies rise and stay fairly near each other |
# | `'rate too low'` | no accident anywhere: the loss creeps down in almost a straight line from the first step on, and is still far up when time is over |
# | `'rate too high'` | the loss begins near $\ln C$, as it should, shoots **up** in the first steps, comes back, and stays high, with jumps |
# | `'bad initialisation'` | the loss begins far above $\ln C$, or lies flat at $\ln C$ for epochs before anything happens |
# | `'overfitting'` | training accuracy goes to 1 and the loss to 0, while validation has learned something, but stays far below |
# | `'bug'` | what no setting explains: the loss *rises* without end, or the network learns its training examples while validation **never leaves chance** |

# %% tags=["explore"]
plotting.show_curve_gallery(load_loss_curves())
plt.show()

# %% [markdown]
# Dotted lines: the loss of pure guessing, $\ln 10 = 2.303$, and the accuracy of pure guessing, 0.1. Mind the scales of the loss axes: they differ.
#
# <details><summary>Hint</summary>
#
# First look where the loss begins. Then at its shape. Then at the gap between the accuracies: is validation low, or is it at chance?
# </details>


# %% nbgrader={"grade": false, "grade_id": "diagnose_curves", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diagnose_curves():
    """Your reading of the twelve runs.

    Returns
    -------
    diagnoses : dict letter 'A' ... 'L' -> one of 'good', 'rate too low', 'rate too high', 'bad initialisation',
        'overfitting', 'bug'
    """
    ### BEGIN SOLUTION
    return {
        "A": "good",
        "B": "rate too low",
        "C": "overfitting",
        "D": "bad initialisation",
        "E": "rate too high",
        "F": "bug",
        "G": "overfitting",
        "H": "bug",
        "I": "bad initialisation",
        "J": "good",
        "K": "rate too low",
        "L": "rate too high",
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "diagnose_curves_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: twelve letters, known diagnoses, each twice. (Whether they are right, you will learn when it is graded.)
diagnoses = diagnose_curves()
checks.holds(isinstance(diagnoses, dict), "a dict letter -> diagnosis", f"it is {diagnoses!r:.60}")
checks.equal("".join(sorted(diagnoses)), "ABCDEFGHIJKL", "a diagnosis for each run")
for diagnosis in ("good", "rate too low", "rate too high", "bad initialisation", "overfitting", "bug"):
    count = list(diagnoses.values()).count(diagnosis)
    checks.holds(
        count == 2, f"{diagnosis!r} twice", f"it stands there {count} times", hint="mind the spelling"
    )

# %% nbgrader={"grade": true, "grade_id": "diagnose_curves_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: are at least eight of the twelve right?
### BEGIN HIDDEN TESTS
pairs = {
    "good": "AJ",
    "rate too low": "BK",
    "overfitting": "CG",
    "bad initialisation": "DI",
    "rate too high": "EL",
    "bug": "FH",
}
truth = {letter: diagnosis for diagnosis, letters in pairs.items() for letter in letters}
found = diagnose_curves()
checks.holds(isinstance(found, dict), "a dict letter -> diagnosis", f"it is {found!r:.60}")
right = sum(found.get(letter) == diagnosis for letter, diagnosis in truth.items())
checks.holds(
    right >= 8,
    "at least eight of twelve are right",
    f"{right} are",
    hint="where does the loss begin, what is its shape, is validation low or at chance?",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "diagnose_curves_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: are all of them right?
### BEGIN HIDDEN TESTS
pairs = {
    "good": "AJ",
    "rate too low": "BK",
    "overfitting": "CG",
    "bad initialisation": "DI",
    "rate too high": "EL",
    "bug": "FH",
}
truth = {letter: diagnosis for diagnosis, letters in pairs.items() for letter in letters}
found = diagnose_curves()
checks.holds(isinstance(found, dict), "a dict letter -> diagnosis", f"it is {found!r:.60}")
wrong = [letter for letter, diagnosis in truth.items() if found.get(letter) != diagnosis]
checks.holds(
    not wrong,
    "all twelve are right",
    f"look again at {', '.join(wrong)}",
    hint="compare with the run that has the same diagnosis: does the table's description fit both?",
)
### END HIDDEN TESTS

# %% [markdown]
# ## What you take with you
#
# - ReLU or one of its relatives; centred data; weights with variance 2 / fan-in. Then a signal survives ten layers, both ways.
# - Saturated, dead, faded, exploded: each illness has a number and a picture. Look before you guess.
# - Batchnorm normalises each feature over the batch, layernorm each example over its features. Both make the loss smoother, and first weights nearly a
#   matter of taste. Batchnorm is two functions: remember the mode.
# - Before a long training: ln C, penalty, twenty examples. During it: update ratio and loss curve.
# - All of this walked downhill by plain gradient descent. The next notebook makes the walking better.
