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
# # 2 · Linear classifiers: score, loss, optimisation
#
# The nearest-neighbour classifier remembers everything and learns nothing. This notebook builds the opposite: a classifier that is
# nothing but a matrix of numbers, together with the three ideas that every network in this course is made of.
#
# 1. A **score function** turns a picture into one number per class.
# 2. A **loss** says how unhappy we are with those numbers.
# 3. **Optimisation** changes the matrix, downhill along the loss's gradient, until we are less unhappy.
#
# | exercise | | points |
# |---|---|---|
# | 1 | From scores to a label: `predict_linear` | 3 |
# | 2 | A slope without calculus: `numerical_gradient` | 8 |
# | 3 | The SVM loss, with loops | 12 |
# | 4 | The SVM loss, without loops | 12 |
# | 5 | Why penalise weights: `regularization` | 8 |
# | 6 | From scores to probabilities: `softmax` | 6 |
# | 7 | The softmax loss, with loops | 10 |
# | 8 | The softmax loss, without loops | 12 |
# | 9 | A mini-batch: `sample_batch` | 5 |
# | 10 | Gradient descent: `train_linear` | 9 |
# | 11 | Choosing hyper-parameters | 7 |
# | | Two written questions | 8 |
#
# Work from top to bottom, as in the first notebook. Each check prints a tick, or says what it expected and what to try; more tests run when
# the notebook is graded. About three hours.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import time

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import checks, gradcheck, plotting
from cs231n_kit.data import load_picturebook

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# ## The pictures, as rows of numbers
#
# The same picture book as before. Three things happen to each picture on its way to becoming a row of `X`:
#
# - its pixels are divided by 255, so that they lie between 0 and 1;
# - the **mean training picture** is subtracted, so that the numbers are centred on 0 (the mean comes from the training pictures only: validation and
#   test pictures are not to be looked at, not even for this);
# - a **1 is appended**. A linear score is $w \cdot x + b$; with a 1 at the end of every $x$, the bias $b$ is simply one more weight, and there is
#   only a matrix $W$ to learn.

# %% tags=["explore"]
data = load_picturebook(num_train=5000, num_val=1000, num_test=1000)
flat = data.tensors(np.float64, layout="flat")


def append_one(X):
    return np.hstack([X, np.ones((len(X), 1))])


X_train, X_val, X_test = append_one(flat.X_train), append_one(flat.X_val), append_one(flat.X_test)
y_train, y_val, y_test = flat.y_train, flat.y_val, flat.y_test
print("X_train", X_train.shape, " X_val", X_val.shape, " X_test", X_test.shape)
plotting.show_samples(data.X_train, data.y_train, data.class_names)
plt.show()

# %% [markdown]
# ## Exercise 1 · From scores to a label  `[3 points · ●○○ · 5 min]`
#
# With $D$ numbers in a row of $X$ and $C$ classes, a **linear classifier** is a matrix $W$ of shape $(D, C)$. Its scores for $N$ pictures are one matrix product,
#
# $$S = X W \qquad (N, D) \times (D, C) \to (N, C)$$
#
# Column $c$ of $W$ is a **template** for class $c$: the score is the dot product of picture and template, large where they agree. The predicted
# label of a picture is the class with the highest score in its row.
#
# <details><summary>Hint</summary>
#
# `np.argmax(..., axis=1)` gives, for each row, the position of its largest entry.
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_linear", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_linear(W, X):
    """Label of the highest score, for each row of X.

    Parameters
    ----------
    W : (D, C) weights
    X : (N, D) examples

    Returns
    -------
    labels : (N,) integers in 0 .. C - 1; of equal scores the smaller label
    """
    ### BEGIN SOLUTION
    return np.argmax(X @ W, axis=1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict_linear_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: two templates, four pictures of two pixels. The first template likes the first pixel, the second the second.
labels = predict_linear(np.eye(2), np.array([[3.0, 1.0], [0.5, 0.9], [-2.0, -1.0], [7.0, 0.0]]))
checks.equal(
    labels, [0, 1, 1, 0], "labels of four pictures", hint="the position of the highest score in each row"
)

# %% nbgrader={"grade": true, "grade_id": "predict_linear_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, one picture, equal scores.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
for n, d, c in [(6, 4, 3), (3, 5, 7), (1, 4, 2), (9, 2, 9)]:  # N above and below C, a single picture
    W = rng.normal(size=(d, c))
    wanted = rng.integers(c, size=n)
    # pictures built so that the wanted score is the highest: least squares onto a one-hot row does it for d >= c
    X = np.linalg.pinv(W)[wanted] if d >= c else rng.normal(size=(n, d))
    if d < c:
        wanted = [max(range(c), key=lambda j, row=row: float(row @ W[:, j])) for row in X]
    X_before, W_before = X.copy(), W.copy()
    found = predict_linear(W, X)
    checks.equal(found, wanted, f"labels of {n} pictures, {c} classes", hint="argmax over axis 1 of X @ W")
    checks.dtype(found, np.integer, "labels are integers")
    checks.unchanged(X, X_before, "X")
    checks.unchanged(W, W_before, "W")
# all scores negative: the highest is still the answer, and absolute values are not
checks.equal(
    predict_linear(np.array([[-1.0, -5.0, -0.5]]), np.array([[2.0]])),
    [2],
    "all scores negative",
    hint="the highest, not the farthest from 0",
)
checks.equal(predict_linear(np.zeros((3, 4)), np.ones((2, 3))), [0, 0], "of equal scores the smaller label")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Ten training pictures, and what a matrix of random numbers takes them for. One in ten is right by luck. All that follows is about better numbers.

# %% tags=["explore"]
W_random = 0.001 * np.random.default_rng(0).normal(size=(X_train.shape[1], 10))
guesses = predict_linear(W_random, X_train)
plotting.show_grid(
    data.X_train[:10],
    [data.class_names[label] + "?" for label in guesses[:10]],
    title=f"Random weights: {np.mean(guesses == y_train):.0%} of the training pictures are right",
)
plt.show()

# %% [markdown]
# ## Exercise 2 · A slope without calculus  `[8 points · ●●○ · 15 min]`
#
# To walk downhill we need to know which way is down: the **gradient**, the slope of the loss along each entry of $W$. There is a way to find it that needs no
# calculus at all. Nudge one entry up by $h$, nudge it down by $h$, and see how the loss answers:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}$$
#
# This **centred difference** is off by something proportional to $h^2$; the one-sided $(f(x + h e_i) - f(x))/h$ is off by something proportional to $h$. It is approximate,
# and slow (two evaluations of $f$ for *each* entry: 61,460 for our $W$). So we shall find gradients by calculus, which is exact and fast and easy to get
# wrong, and use this one to check them. That is what happens behind every gradient check of this course.
#
# Do it at every entry of an array of any shape. Two things go wrong in practice: `x` must be left as it was, and `x` may hold **integers** or
# **float32**, in which a nudge of 0.00001 disappears. Compute on a float64 copy.
#
# <details><summary>Hint</summary>
#
# `for index in np.ndindex(x.shape):` goes through all entries of an array of any shape; `x[index]` is then one of them. `x.astype(float)` is a float64
# copy.
# </details>


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """Gradient of f at x by centred differences.

    Parameters
    ----------
    f : function of one array shaped like x; returns a number
    x : array of any shape, floats or integers; left as it is
    h : step

    Returns
    -------
    gradient : array of float64 shaped like x
    """
    ### BEGIN SOLUTION
    point = np.array(x, dtype=np.float64)
    gradient = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        centre = point[index]
        point[index] = centre + h
        above = f(point)
        point[index] = centre - h
        gradient[index] = (above - f(point)) / (2 * h)
        point[index] = centre
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "numerical_gradient_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the slope of x squared is 2x; of x cubed, with a long step h = 0.5, a centred difference gives 3 x^2 + h^2.
x = np.array([[1.0, -2.0], [3.0, 0.5]])
kept = x.copy()
checks.close(
    numerical_gradient(lambda z: np.sum(z**2), x),
    2 * x,
    "the gradient of the sum of squares",
    rtol=1e-6,
    hint="divide by 2h: the two points are 2h apart",
)
checks.unchanged(x, kept, "x", hint="work on a float64 copy of x")
checks.close(
    numerical_gradient(lambda z: np.sum(z**3), np.array([2.0]), h=0.5),
    [12.25],
    "x cubed at 2, with h = 0.5",
    hint="one point h above, one h below, and use the h that is passed in",
)

# %% nbgrader={"grade": true, "grade_id": "numerical_gradient_hidden", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: integers, float32, other shapes, entries that matter to each other.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
A = rng.normal(size=(5, 5))
A = A + A.T
x = rng.normal(size=5)
# entries interact: an entry that is not put back spoils all that follow
checks.close(
    numerical_gradient(lambda z: 0.5 * z @ A @ z, x),
    A @ x,
    "a quadratic form",
    rtol=1e-6,
    hint="put each entry back before you nudge the next",
)
for shape in [(2, 3, 4), (1,), (4, 1), ()]:  # any number of axes, none at all
    x = rng.normal(size=shape)
    before = x.copy()
    found = numerical_gradient(lambda z: np.sum(np.sin(z)), x)
    checks.close(
        found,
        np.cos(x),
        f"x of shape {shape}",
        rtol=1e-6,
        hint="np.ndindex(x.shape) goes through every entry",
    )
    checks.unchanged(x, before, "x")
integers = np.array([[1, 2, 3], [4, 5, 6]])  # in an integer array, a nudge of 1e-5 is rounded away
found = numerical_gradient(lambda z: np.sum(z**2), integers)
checks.close(
    found, 2.0 * integers, "x of integers", rtol=1e-6, hint="a float64 copy: np.array(x, dtype=float)"
)
single = np.array([1.0, 2.0, 3.0], dtype=np.float32)  # in float32, 1 + 1e-5 has two digits of the nudge left
found = numerical_gradient(lambda z: np.sum(z**2), single)
checks.close(
    found, [2.0, 4.0, 6.0], "x in float32", rtol=1e-6, hint="a float64 copy: np.array(x, dtype=float)"
)
checks.dtype(found, np.float64, "the gradient is float64")
for h in (0.1, 0.01):  # the step that was asked for is used: for a quartic the difference is 4 x^3 + 4 x h^2
    checks.close(
        numerical_gradient(lambda z: np.sum(z**4), np.array([1.0, -2.0]), h),
        [4 + 4 * h**2, -32 - 8 * h**2],
        f"x to the fourth, h = {h}",
        rtol=1e-6,
        hint="centred, and with the h that is passed in",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The error of both differences for the slope of $e^x$ at 1, as $h$ shrinks. The centred one falls twice as steeply. Then both turn round and *rise*: when the two
# values of $f$ agree in nearly all of their 16 digits, their difference has few digits left. The best $h$ is a compromise, near $10^{-5}$.

# %% tags=["explore"]
plotting.show_difference_errors(np.exp, np.exp, 1.0)
plt.show()

# %% [markdown]
# ## Exercise 3 · The SVM loss, with loops  `[12 points · ●●○ · 25 min]`
#
# How unhappy are we with the scores of a picture? The **multiclass SVM loss** wants the score of the right class to beat each of the others by a margin of 1. For picture $i$ with
# label $y_i$ and scores $s$, every other class $j$ that comes too close costs what it lacks:
#
# $$L_i = \sum_{j \neq y_i} \max(0,\; s_j - s_{y_i} + 1)$$
#
# Here are three pictures, a cat, a car and a frog, and their scores:
#
# | | cat picture | car picture | frog picture |
# |---|---|---|---|
# | score *cat* | **3.2** | 1.3 | 2.2 |
# | score *car* | 5.1 | **4.9** | 2.5 |
# | score *frog* | -1.7 | 2.0 | **-3.1** |
# | loss | 2.9 | 0 | 12.9 |
#
# The cat: *car* scores 5.1, which is 1.9 above 3.2; with the margin it costs 2.9. *Frog* is safely below, and costs 0.
#
# The loss of the batch is the **mean** over its $N$ pictures, plus a penalty on large weights (exercise 5 says why):
#
# $$L = \frac1N \sum_i L_i \;+\; \lambda \sum_{k,c} W_{kc}^2$$
#
# where $\lambda$ is the argument `reg`. There is no one half in front of the penalty, here and in the whole course.
#
# **The gradient.** Take one picture and one class $j$ whose margin is violated. Its cost is $w_j \cdot x_i - w_{y_i} \cdot x_i + 1$: raising $w_j$ along $x_i$ makes it worse,
# raising $w_{y_i}$ along $x_i$ makes it better. So each violation adds $+x_i$ to column $j$ of $dW$ and $-x_i$ to column $y_i$. A class that is safely below adds
# nothing. Then the mean's $1/N$, and the penalty's $2 \lambda W$.
#
# First with plain loops over pictures and classes: slow and easy to read.
#
# <details><summary>Hint</summary>
#
# Start with `dW = np.zeros(W.shape)`. In the innermost `if margin > 0:`, add the margin to the loss and change two columns of `dW` with `+=` and `-=`. Divide
# by N after the loops, and add the penalty after that: the penalty is not averaged.
# </details>


# %% nbgrader={"grade": false, "grade_id": "svm_loss_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss_naive(W, X, y, reg):
    """Multiclass SVM loss and its gradient, with loops.

    Parameters
    ----------
    W : (D, C) weights
    X : (N, D) examples
    y : (N,) labels in 0 .. C - 1
    reg : strength of the penalty reg * sum(W * W)

    Returns
    -------
    loss : float, mean over the N examples plus penalty
    dW : (D, C) gradient of the loss
    """
    ### BEGIN SOLUTION
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y, strict=True):
        scores = x @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[label] + 1
            if j != label and margin > 0:
                loss += margin
                dW[:, j] += x
                dW[:, label] -= x
    loss = loss / len(X) + reg * np.sum(W * W)
    dW = dW / len(X) + 2 * reg * W
    return loss, dW
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "svm_loss_naive_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the cat, the car and the frog of the table. With W the identity, the scores are X itself.
pictures = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
for i, name, wanted in [(0, "cat", 2.9), (1, "car", 0.0), (2, "frog", 12.9)]:
    loss, _ = checks.unpack(
        svm_loss_naive(np.eye(3), pictures[[i]], np.array([i]), 0.0), "loss", "dW", what="svm_loss_naive"
    )
    checks.close(
        loss,
        wanted,
        f"the loss of the {name}",
        hint="sum max(0, s_j - s_y + 1) over the classes j that are not y",
    )
loss, _ = svm_loss_naive(np.eye(3), pictures, np.array([0, 1, 2]), 0.0)
checks.close(loss, 15.8 / 3, "their mean, 5.2667", hint="divide by the number of pictures")
loss, _ = svm_loss_naive(np.eye(3), pictures, np.array([0, 1, 2]), 0.5)
checks.close(
    loss,
    15.8 / 3 + 1.5,
    "the same with a penalty",
    hint="0.5 times the sum of the three squares of W; no one half, and not averaged",
)

# Five pictures of four numbers, three classes: the gradient against centred differences.
rng = np.random.default_rng(0)
W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 0])
W_kept, X_kept = W.copy(), X.copy()
loss, dW = svm_loss_naive(W, X, y, 0.3)
checks.unchanged(W, W_kept, "W")
checks.unchanged(X, X_kept, "X")
gradcheck.check(
    lambda w: svm_loss_naive(w, X, y, 0.3)[0],
    W,
    dW,
    "dW of svm_loss_naive",
    terms={"the penalty's gradient 2 * reg * W": 0.6 * W},
    sizes={"N": 5, "C": 3},
    hint="each violated margin adds x to column j and takes x from column y; then 1/N; then the penalty",
)

# %% nbgrader={"grade": true, "grade_id": "svm_loss_naive_hidden", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: values and gradients for other shapes and penalties, one picture, float32.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(21)
for n, d, c, reg in [
    (7, 5, 4, 0.0),
    (4, 9, 6, 0.25),
    (1, 3, 5, 0.1),
    (6, 2, 2, 1.5),
]:  # no penalty, one picture, two classes
    W, X, y = rng.normal(size=(d, c)), rng.normal(size=(n, d)), rng.integers(c, size=n)
    before = W.copy(), X.copy(), y.copy()
    loss, dW = checks.unpack(svm_loss_naive(W, X, y, reg), "loss", "dW", what="svm_loss_naive")
    # the right class would itself cost 1 a picture: sum over all classes and take that off again
    S = X @ W
    reference = (
        (S - np.take_along_axis(S, y[:, None], axis=1) + 1).clip(min=0).sum() / n
        - 1
        + reg * np.square(W).sum()
    )
    checks.close(
        loss,
        reference,
        f"the loss of {n} pictures, {c} classes, reg {reg}",
        hint="mean over pictures, then the penalty",
    )
    gradcheck.check(
        lambda w, X=X, y=y, reg=reg: svm_loss_naive(w, X, y, reg)[0],
        W,
        dW,
        f"dW for {n} pictures, {c} classes, reg {reg}",
        terms={"the penalty's gradient 2 * reg * W": 2 * reg * W},
        sizes={"N": n, "C": c},
    )
    for array, kept, name in zip((W, X, y), before, "WXy", strict=True):
        checks.unchanged(array, kept, name)
# a picture whose margins all hold costs nothing and pulls at nothing
loss, dW = svm_loss_naive(10 * np.eye(3), np.eye(3), np.arange(3), 0.0)
checks.close(loss, 0.0, "all margins hold", atol=1e-12)
checks.close(dW, np.zeros((3, 3)), "no violated margin, no gradient", atol=1e-12)
# weights of zero: every wrong class lacks exactly the margin
checks.close(
    svm_loss_naive(np.zeros((4, 10)), rng.normal(size=(3, 4)), np.array([1, 9, 4]), 5.0)[0],
    9.0,
    "W = 0: the loss is C - 1",
)
# float32 is what networks compute in
W, X, y = (
    rng.normal(size=(5, 4)).astype(np.float32),
    rng.normal(size=(6, 5)).astype(np.float32),
    rng.integers(4, size=6),
)
loss, dW = svm_loss_naive(W, X, y, 0.1)
wide_loss, wide_dW = svm_loss_naive(W.astype(float), X.astype(float), y, 0.1)
checks.close(loss, wide_loss, "the loss in float32", rtol=1e-4)
checks.close(dW, wide_dW, "dW in float32", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The three pictures again. Each score is a dot; the shaded band reaches one margin below the right class's score. What lies in the band or to the right of it has to pay: the
# orange bars are the **slack**, and their lengths add up to the loss.

# %% tags=["explore"]
pictures = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
plotting.show_svm_slack(pictures, [0, 1, 2], ["cat", "car", "frog"])
plt.show()

# %% [markdown]
# **What a gradient check says.** When a check in this course finds a gradient wrong, it compares it with centred differences entry by entry, and looks for a pattern. Here is a
# gradient that was spoiled on purpose: one column of it was forgotten. The picture shows where the error sits. Spoil it in other ways (twice as large, transposed, without the penalty) and
# see what it says.

# %% tags=["explore"]
rng = np.random.default_rng(0)
W, X, y = rng.normal(size=(8, 5)), rng.normal(size=(20, 8)), rng.integers(5, size=20)
loss, dW = svm_loss_naive(W, X, y, 0.3)
spoiled = dW.copy()
spoiled[:, 3] = 0
gradcheck.check_gradient(lambda w: svm_loss_naive(w, X, y, 0.3)[0], W, spoiled, what="dW")

# %% [markdown]
# ## Exercise 4 · The SVM loss, without loops  `[12 points · ●●● · 25 min]`
#
# Loops in Python take many times as long as the arithmetic in them. The same loss in whole-array steps, no Python loop:
#
# 1. All scores at once: $S = XW$, shape $(N, C)$.
# 2. The right scores, **one from each row**: $S_{i, y_i}$ for $i = 0 \dots N-1$, a column of shape $(N, 1)$.
# 3. All margins: subtract that column from $S$, add 1, cut off below 0; the right class itself has margin 0 by definition.
# 4. For the gradient, write the bookkeeping of exercise 3 as a matrix $G$ of shape $(N, C)$: how often $x_i$ is added to column $j$. It is 1 where a margin is violated, and in
#    the right class's place minus the *number* of violations in that row. Then $dW = X^\top G / N$ plus the penalty's part.
#
# **Watch out.** `S[:, y]` takes *columns* of $S$, an $(N, N)$ matrix. One entry from each row is `S[np.arange(N), y]`.
#
# <details><summary>Hint</summary>
#
# `np.maximum(0, ...)` for the cut. `(margins > 0)` is a matrix of True and False; `.astype(float)` makes numbers of them, and a sum along axis 1 counts
# them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "svm_loss_vectorized", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss_vectorized(W, X, y, reg):
    """Multiclass SVM loss and its gradient, without loops.

    Parameters
    ----------
    W : (D, C) weights
    X : (N, D) examples
    y : (N,) labels in 0 .. C - 1
    reg : strength of the penalty reg * sum(W * W)

    Returns
    -------
    loss : float, mean over the N examples plus penalty
    dW : (D, C) gradient of the loss
    """
    ### BEGIN SOLUTION
    N, rows = len(X), np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y, None] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)

    pull = (margins > 0).astype(W.dtype)
    pull[rows, y] = -pull.sum(axis=1)
    dW = X.T @ pull / N + 2 * reg * W
    return loss, dW
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "svm_loss_vectorized_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the same table, and the same small gradient.
pictures = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
for i, name, wanted in [(0, "cat", 2.9), (1, "car", 0.0), (2, "frog", 12.9)]:
    loss, _ = checks.unpack(
        svm_loss_vectorized(np.eye(3), pictures[[i]], np.array([i]), 0.0),
        "loss",
        "dW",
        what="svm_loss_vectorized",
    )
    checks.close(
        loss, wanted, f"the loss of the {name}", hint="the right class has no margin of its own: set it to 0"
    )
loss, _ = svm_loss_vectorized(np.eye(3), pictures, np.array([0, 1, 2]), 0.0)
checks.close(
    loss, 15.8 / 3, "their mean, 5.2667", hint="one score from each row: S[np.arange(N), y], not S[:, y]"
)
loss, _ = svm_loss_vectorized(np.eye(3), pictures, np.array([0, 1, 2]), 0.5)
checks.close(
    loss,
    15.8 / 3 + 1.5,
    "the same with a penalty",
    hint="0.5 times the sum of the three squares of W; no one half, and not averaged",
)
rng = np.random.default_rng(0)
W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 0])
W_kept, X_kept = W.copy(), X.copy()
loss, dW = svm_loss_vectorized(W, X, y, 0.3)
checks.unchanged(W, W_kept, "W")
checks.unchanged(X, X_kept, "X")
gradcheck.check(
    lambda w: svm_loss_vectorized(w, X, y, 0.3)[0],
    W,
    dW,
    "dW of svm_loss_vectorized",
    terms={"the penalty's gradient 2 * reg * W": 0.6 * W},
    sizes={"N": 5, "C": 3},
    hint="the right class's entry of G is minus the number of violations in its row",
)
checks.no_loops(svm_loss_vectorized, "no Python loop")
checks.avoids(svm_loss_vectorized, "svm_loss_naive", what="it does not hand over to the loops")


# and what the rule is for, with a generous margin: a right answer is some ten times as fast
def hinge_by_hinge(W, X, y):
    return sum(max(0.0, x @ w - x @ W[:, c] + 1) for x, c in zip(X, y, strict=True) for w in W.T)


many = np.random.default_rng(3).normal(size=(500, 20))
classes, weights = np.arange(500) % 10, many[:10].T.copy()
checks.faster(
    lambda: svm_loss_vectorized(weights, many, classes, 0.1),
    lambda: hinge_by_hinge(weights, many, classes),
    "faster than hinge by hinge",
    ratio=2,
)

# %% nbgrader={"grade": true, "grade_id": "svm_loss_vectorized_hidden", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: values and gradients for other shapes and penalties, one picture, float32, many pictures.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(22)
for n, d, c, reg in [
    (8, 5, 3, 0.0),
    (3, 7, 6, 0.4),
    (1, 4, 5, 0.1),
    (5, 3, 2, 2.0),
    (6, 6, 6, 0.2),
]:  # one picture; N = D = C, where a wrong axis fits
    W, X, y = rng.normal(size=(d, c)), rng.normal(size=(n, d)), rng.integers(c, size=n)
    before = W.copy(), X.copy(), y.copy()
    loss, dW = checks.unpack(svm_loss_vectorized(W, X, y, reg), "loss", "dW", what="svm_loss_vectorized")
    # the right class would itself cost 1 a picture: sum over all classes and take that off again
    S = X @ W
    reference = (
        (S - np.take_along_axis(S, y[:, None], axis=1) + 1).clip(min=0).sum() / n
        - 1
        + reg * np.square(W).sum()
    )
    checks.close(
        loss,
        reference,
        f"the loss of {n} pictures, {c} classes, reg {reg}",
        hint="mean over pictures, then the penalty",
    )
    gradcheck.check(
        lambda w, X=X, y=y, reg=reg: svm_loss_vectorized(w, X, y, reg)[0],
        W,
        dW,
        f"dW for {n} pictures, {c} classes, reg {reg}",
        terms={"the penalty's gradient 2 * reg * W": 2 * reg * W},
        sizes={"N": n, "C": c},
    )
    for array, kept, name in zip((W, X, y), before, "WXy", strict=True):
        checks.unchanged(array, kept, name)
loss, dW = svm_loss_vectorized(10 * np.eye(4), np.eye(4), np.arange(4), 0.0)
checks.close(loss, 0.0, "all margins hold", atol=1e-12)
checks.close(dW, np.zeros((4, 4)), "no violated margin, no gradient", atol=1e-12)
checks.close(
    svm_loss_vectorized(np.zeros((4, 7)), rng.normal(size=(3, 4)), np.array([1, 6, 4]), 5.0)[0],
    6.0,
    "W = 0: the loss is C - 1",
)
# many pictures of one class: whole columns are not to be wiped
X, W = rng.normal(size=(50, 6)), rng.normal(size=(6, 3))
S = X @ W
loss, _ = svm_loss_vectorized(W, X, np.full(50, 1), 0.0)
checks.close(loss, np.clip(S[:, [0, 2]] - S[:, [1]] + 1, 0, None).sum() / 50, "fifty pictures of one class")
# float32 is what networks compute in
W, X, y = (
    rng.normal(size=(5, 4)).astype(np.float32),
    rng.normal(size=(6, 5)).astype(np.float32),
    rng.integers(4, size=6),
)
loss, dW = svm_loss_vectorized(W, X, y, 0.1)
wide_loss, wide_dW = svm_loss_vectorized(W.astype(float), X.astype(float), y, 0.1)
checks.close(loss, wide_loss, "the loss in float32", rtol=1e-4)
checks.close(dW, wide_dW, "dW in float32", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The same numbers, with and without loops, on 500 pictures.

# %% tags=["explore"]
seconds, results = {}, {}
for loss_fn in (svm_loss_naive, svm_loss_vectorized):
    start = time.perf_counter()
    results[loss_fn.__name__] = loss_fn(W_random, X_train[:500], y_train[:500], 0.1)
    seconds[loss_fn.__name__] = time.perf_counter() - start
error = gradcheck.relative_error(results["svm_loss_naive"][1], results["svm_loss_vectorized"][1])
print(f"largest relative difference of the two gradients: {error:.0e}")
plotting.show_timings(seconds, "The SVM loss of 500 pictures: the same numbers, in less time")
plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "first_loss", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · The first loss  `[4 points]`
#
# Training starts from weights that are nearly zero. Before the first step, which loss should the SVM report on ten classes, and which the softmax loss of exercise 7 (come back when you
# have met it)? Why? You start training, and the softmax loss begins at 7.1: name two things that could be wrong.
#
# ### BEGIN SOLUTION
# With $W \approx 0$ all scores are about 0. SVM: each of the $C - 1 = 9$ wrong classes lacks exactly the margin of 1, so the loss is 9. Softmax: every class has
# probability 1/10, so the loss is $-\ln(1/10) = \ln 10 \approx 2.303$. Both hold whatever the labels are; the penalty adds next to nothing.
# A first softmax loss of 7.1 says that the scores are not near zero (initial weights or inputs too large, for example pixels that were not scaled), or that the loss
# is not the mean of $-\ln p$ (summed over some axis, the penalty much too strong or wrong, wrong entries picked by the labels).
# ### END SOLUTION

# %% [markdown]
# ## Exercise 5 · Why penalise weights  `[8 points · ●●○ · 15 min]`
#
# Take a picture of four pixels, $x = (1, 1, 1, 1)$, and two templates, $w_1 = (1, 0, 0, 0)$ and $w_2 = (\tfrac14, \tfrac14, \tfrac14, \tfrac14)$. Both score
# $w \cdot x = 1$: no data loss can tell them apart. But $w_1$ bets everything on one pixel, while $w_2$ listens to all four. To prefer one we add a **penalty** on
# the weights themselves. With strength $\lambda$:
#
# | kind | penalty | gradient | likes |
# |---|---|---|---|
# | `'l2'` | $\lambda \sum W^2$ | $2 \lambda W$ | many small weights: $w_2$, at 1/4 against 1 |
# | `'l1'` | $\lambda \sum \lvert W \rvert$ | $\lambda\, \mathrm{sign}(W)$ | weights that are exactly 0; $w_1$ and $w_2$ cost the same |
# | `'elastic'` | $\lambda \sum (\beta W^2 + \lvert W \rvert)$ | their sum | a bit of both |
#
# A penalty also holds the model back from fitting every accident of the training pictures. How strongly is a matter of $\lambda$, and $\lambda$ is chosen on validation pictures (exercise 11).
#
# Where a weight is exactly 0, $|W|$ has a kink and no gradient; take 0 there. Any other `kind` is a mistake of the caller: raise a `ValueError`.
#
# <details><summary>Hint</summary>
#
# `np.sign(0.0)` is 0. In the elastic penalty the strength multiplies both parts, and beta only the squares.
# </details>


# %% nbgrader={"grade": false, "grade_id": "regularization", "locked": false, "schema_version": 3, "solution": true, "task": false}
def regularization(W, kind, strength, beta=0.5):
    """Penalty on weights, and its gradient.

    Parameters
    ----------
    W : weights, any shape
    kind : 'l2', 'l1' or 'elastic'
    strength : what the penalty is multiplied by
    beta : share of the squares in the elastic penalty

    Returns
    -------
    penalty : float
    dW : shaped like W

    Raises
    ------
    ValueError : another kind
    """
    ### BEGIN SOLUTION
    if kind == "l2":
        return strength * np.sum(W * W), 2 * strength * W
    if kind == "l1":
        return strength * np.sum(np.abs(W)), strength * np.sign(W)
    if kind == "elastic":
        penalty = strength * np.sum(beta * W * W + np.abs(W))
        return penalty, strength * (2 * beta * W + np.sign(W))
    raise ValueError(f"kind is 'l2', 'l1' or 'elastic', not {kind!r}")
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "regularization_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the two templates of the text. L2 prefers the second, L1 does not mind, elastic is in between.
w_1, w_2 = np.array([1.0, 0.0, 0.0, 0.0]), np.full(4, 0.25)
for kind, first, second in [("l2", 1.0, 0.25), ("l1", 1.0, 1.0), ("elastic", 1.5, 1.125)]:
    for w, name, wanted in [(w_1, "w1", first), (w_2, "w2", second)]:
        penalty, dw = checks.unpack(regularization(w, kind, 1.0), "penalty", "dW", what="regularization")
        checks.close(
            penalty, wanted, f"{kind} of {name}", hint="sum over all weights; beta is 0.5 when not given"
        )
    gradcheck.check(
        lambda v, kind=kind: regularization(v, kind, 1.0)[0], w_2, dw, f"the gradient of {kind} at w2"
    )

# %% nbgrader={"grade": true, "grade_id": "regularization_hidden", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other strengths and betas, weights of exactly 0, an unknown kind.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(13)
for shape in [(6, 4), (3,), (2, 3, 5)]:
    W = rng.normal(size=shape)
    before = W.copy()
    norm1, norm2 = np.linalg.norm(W.ravel(), 1), np.linalg.norm(W.ravel()) ** 2
    for strength in (0.3, 2.5):  # strength 1 alone would hide a missing one
        for kind, beta, wanted in [
            ("l2", 0.5, norm2),
            ("l1", 0.5, norm1),
            ("elastic", 0.2, 0.2 * norm2 + norm1),
            ("elastic", 3.0, 3 * norm2 + norm1),
        ]:
            penalty, dW = checks.unpack(
                regularization(W, kind, strength, beta), "penalty", "dW", what="regularization"
            )
            checks.close(
                penalty,
                strength * wanted,
                f"{kind}, strength {strength}, beta {beta}",
                hint="strength times the sum; beta belongs to the squares alone",
            )
            gradcheck.check(
                lambda v, kind=kind, strength=strength, beta=beta: regularization(v, kind, strength, beta)[0],
                W,
                dW,
                f"the gradient of {kind}, strength {strength}, beta {beta}",
            )
            checks.unchanged(W, before, "W")
# a weight of exactly 0: |W| has a kink, W / |W| would be 0 / 0
with np.errstate(all="ignore"):
    for kind in ("l2", "l1", "elastic"):
        penalty, dW = regularization(np.array([0.0, -2.0, 0.0]), kind, 0.7)
        checks.finite(dW, f"the gradient of {kind} at weights of 0", hint="np.sign(0) is 0")
        checks.close(dW[[0, 2]], [0, 0], f"{kind} at weights of 0", atol=1e-12, hint="at the kink take 0")
checks.close(
    regularization(np.array([1.0, -2.0]), "elastic", 2.0)[0], 2 * (0.5 * 5 + 3), "beta is 0.5 when not given"
)
for kind in ("L3", "", None):
    checks.raises(
        ValueError,
        regularization,
        np.ones(2),
        kind,
        1.0,
        what=f"kind {kind!r} is refused",
        hint="raise ValueError(...)",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** All weight pairs on the dashed line score alike on $x = (1, 1)$. The curves are weights of equal penalty, and the dot is the cheapest pair on the line. L2 shares the score between the
# two weights; along L1's diamond the whole line costs the same, so that the data decide, and with the slightest preference a corner wins, where one weight is 0.

# %% tags=["explore"]
plotting.show_penalties(regularization)
plt.show()

# %% [markdown]
# ## Exercise 6 · From scores to probabilities  `[6 points · ●●○ · 10 min]`
#
# The SVM's scores have no unit: is 5.1 much? **Softmax** makes probabilities of them. Exponentials are positive, and divided by their sum they add up to 1:
#
# $$p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}$$
#
# For the cat's scores $(3.2, 5.1, -1.7)$ that is $(0.130, 0.869, 0.001)$.
#
# **Watch out.** $e^{1000}$ is too large for any float, and `inf / inf` is not a number. But adding a constant to all scores of a row changes nothing ($e^{s+a} = e^a e^s$, and $e^a$ cancels), so
# subtract **each row's own maximum** first: the largest exponent is then 0. One maximum for the whole matrix is not enough: a row far below it would become 0 / 0.
#
# <details><summary>Hint</summary>
#
# `np.max(scores, axis=1, keepdims=True)` has shape (N, 1) and broadcasts against (N, C). Without `keepdims` it has shape (N,), which broadcasts along the wrong
# axis, or not at all.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(scores):
    """Probabilities of the classes, row by row.

    Parameters
    ----------
    scores : (N, C) any finite numbers

    Returns
    -------
    probabilities : (N, C), each row sums to 1
    """
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the cat's scores; and scores so large that their exponentials are not numbers any more.
p = softmax(np.array([[3.2, 5.1, -1.7], [0.0, 0.0, 0.0]]))
checks.close(
    p[0],
    [0.12998, 0.86905, 0.00097],
    "probabilities of the cat's scores",
    atol=1e-5,
    hint="exponentials, divided by the sum of their row",
)
checks.close(p[1], [1 / 3, 1 / 3, 1 / 3], "equal scores, equal probabilities")
with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
    p = softmax(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]]))
checks.close(
    p,
    [[0.5, 0.5], [0.5, 0.5]],
    "scores of 1000 and of -1000",
    hint="subtract each row's maximum before the exponentials",
)

# %% nbgrader={"grade": true, "grade_id": "softmax_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, mixed extremes, input left alone.
### BEGIN HIDDEN TESTS
import scipy.special

rng = np.random.default_rng(14)
for n, c, scale in [
    (5, 3, 1),
    (2, 7, 10),
    (4, 4, 3),
    (1, 6, 1),
    (6, 1, 1),
]:  # N = C, where a sum along the wrong axis has a right shape
    scores = rng.normal(scale=scale, size=(n, c))
    before = scores.copy()
    p = softmax(scores)
    checks.close(
        p,
        scipy.special.softmax(scores, axis=1),
        f"{n} rows of {c} scores",
        hint="each row sums to 1: axis=1, keepdims=True",
    )
    checks.unchanged(scores, before, "scores")
with np.errstate(all="ignore"):
    extreme = np.array(
        [[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -1002.0], [1000.0, 1001.0, 999.0], [3.0, 1e5, -1e5]]
    )
    p = softmax(extreme)
checks.finite(p, "probabilities of extreme scores", hint="subtract each row's own maximum")
checks.close(
    p,
    scipy.special.softmax(extreme, axis=1),
    "probabilities of extreme scores",
    hint="each row's own maximum, not the whole matrix's",
)
checks.close(softmax(extreme[1:2] + 500), p[1:2], "a constant added to all scores of a row changes nothing")
scores = rng.normal(size=(3, 4)).astype(np.float32)
checks.close(
    softmax(scores), scipy.special.softmax(scores.astype(float), axis=1), "scores in float32", rtol=1e-5
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The cat's scores, multiplied by 0.2, 1 and 5. Larger scores do not change the order, but the confidence: softmax is as sure of itself as its scores are far apart.

# %% tags=["explore"]
plotting.show_softmax(softmax, np.array([3.2, 5.1, -1.7]), ["cat", "car", "frog"], scales=(0.2, 1, 5))
plt.show()

# %% [markdown]
# ## Exercise 7 · The softmax loss, with loops  `[10 points · ●●○ · 20 min]`
#
# If $p$ are probabilities, a good classifier gives the right class a high one. The **softmax loss** (cross-entropy) is how surprised it is by the truth,
#
# $$L_i = -\ln p_{y_i} = -s_{y_i} + \ln \sum_k e^{s_k} \qquad\qquad L = \frac1N \sum_i L_i + \lambda \sum W^2$$
#
# 0 when it was certain and right, huge when it was certain and wrong. For the cat: $-\ln 0.130 = 2.0404$.
#
# Its gradient is the simplest formula of the course. Differentiate the right-hand form: $\partial L_i / \partial s_j = p_j$, minus 1 if $j$ is the right class. In words,
# *what was said, minus what is true*. And because $s_j = x_i \cdot w_j$, each picture adds $(p_j - \mathbb 1[j = y_i])\, x_i$ to column $j$ of $dW$.
#
# **Watch out.** When $p_{y_i}$ is so small that it is rounded to 0, its logarithm is $-\infty$, though the true loss is an ordinary number. The right-hand form is safe if you subtract the
# row's maximum from all scores first: then the sum is at least 1 and its logarithm harmless. A small constant inside the logarithm only hides the problem, and gives wrong
# values.
#
# <details><summary>Hint</summary>
#
# For each picture: scores, shifted by their maximum; the sum of the exponentials; the loss is the logarithm of that sum minus the shifted right score. Then a loop over classes for the
# columns of dW.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_loss_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_loss_naive(W, X, y, reg):
    """Softmax loss and its gradient, with loops.

    Parameters
    ----------
    W : (D, C) weights
    X : (N, D) examples
    y : (N,) labels in 0 .. C - 1
    reg : strength of the penalty reg * sum(W * W)

    Returns
    -------
    loss : float, mean over the N examples plus penalty; finite for any finite scores
    dW : (D, C) gradient of the loss
    """
    ### BEGIN SOLUTION
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y, strict=True):
        shifted = x @ W
        shifted = shifted - shifted.max()
        total = np.sum(np.exp(shifted))
        loss += np.log(total) - shifted[label]
        for j in range(W.shape[1]):
            dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
    loss = loss / len(X) + reg * np.sum(W * W)
    dW = dW / len(X) + 2 * reg * W
    return loss, dW
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_naive_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the cat's loss is 2.0404; the gradient of a small case against centred differences.
loss, _ = checks.unpack(
    softmax_loss_naive(np.eye(3), np.array([[3.2, 5.1, -1.7]]), np.array([0]), 0.0),
    "loss",
    "dW",
    what="softmax_loss_naive",
)
checks.close(
    loss,
    2.0404,
    "the loss of the cat",
    atol=5e-5,
    hint="the natural logarithm of the right class's probability, with a minus",
)
loss, _ = softmax_loss_naive(np.eye(3), np.array([[3.2, 5.1, -1.7]] * 2), np.array([0, 0]), 0.5)
checks.close(
    loss,
    2.0404 + 1.5,
    "two such cats, with a penalty",
    atol=5e-5,
    hint="the mean over pictures, plus 0.5 times the sum of the three squares of W",
)
rng = np.random.default_rng(0)
W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 0])
W_kept, X_kept = W.copy(), X.copy()
loss, dW = softmax_loss_naive(W, X, y, 0.3)
checks.unchanged(W, W_kept, "W")
checks.unchanged(X, X_kept, "X")
gradcheck.check(
    lambda w: softmax_loss_naive(w, X, y, 0.3)[0],
    W,
    dW,
    "dW of softmax_loss_naive",
    terms={"the penalty's gradient 2 * reg * W": 0.6 * W},
    sizes={"N": 5, "C": 3},
    hint="(p_j - 1 for the right class) times x, summed over pictures; then 1/N; then the penalty",
)

# %% nbgrader={"grade": true, "grade_id": "softmax_loss_naive_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes and penalties, one picture, scores in the thousands, float32.
### BEGIN HIDDEN TESTS
import scipy.special

rng = np.random.default_rng(31)
for n, d, c, reg, scale in [
    (7, 5, 4, 0.0, 1),
    (3, 8, 6, 0.25, 1),
    (1, 3, 5, 0.1, 2),
    (6, 2, 2, 1.5, 1),
    (4, 5, 3, 0.05, 1000),
]:
    # logits x 1000: most probabilities are rounded to 0, and the loss is in the thousands
    W, X, y = scale * rng.normal(size=(d, c)), rng.normal(size=(n, d)), rng.integers(c, size=n)
    before = W.copy(), X.copy(), y.copy()
    with np.errstate(all="ignore"):
        loss, dW = checks.unpack(softmax_loss_naive(W, X, y, reg), "loss", "dW", what="softmax_loss_naive")
    S = X @ W
    hits = np.equal.outer(y, np.arange(c))
    reference = np.mean(scipy.special.logsumexp(S, axis=1) - S[hits]) + reg * np.square(W).sum()
    name = f"{n} pictures, {c} classes, reg {reg}" + (", scores x 1000" if scale == 1000 else "")
    checks.finite(
        loss,
        f"the loss of {name}",
        hint="ln(sum of exponentials) - s_y, with shifted scores: never the logarithm of a rounded p",
    )
    checks.close(
        loss,
        reference,
        f"the loss of {name}",
        hint="mean over pictures, then the penalty; nothing added inside the logarithm",
    )
    closed = np.einsum("nd,nc->dc", X, scipy.special.softmax(S, axis=1) - hits) / n
    checks.close(
        dW,
        closed + reg * (W + W),
        f"dW of {name}",
        rtol=1e-6,
        hint="(p - 1 at the right class) times x, over N, plus 2 * reg * W",
    )
    for array, kept, letter in zip((W, X, y), before, "WXy", strict=True):
        checks.unchanged(array, kept, letter)
checks.close(
    softmax_loss_naive(np.zeros((4, 10)), rng.normal(size=(3, 4)), np.array([1, 9, 4]), 5.0)[0],
    np.log(10),
    "W = 0: the loss is ln C",
)
W, X, y = (
    rng.normal(size=(5, 4)).astype(np.float32),
    rng.normal(size=(6, 5)).astype(np.float32),
    rng.integers(4, size=6),
)
loss, dW = softmax_loss_naive(W, X, y, 0.1)
wide_loss, wide_dW = softmax_loss_naive(W.astype(float), X.astype(float), y, 0.1)
checks.close(loss, wide_loss, "the loss in float32", rtol=1e-4)
checks.close(dW, wide_dW, "dW in float32", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The cat once more. Keep the scores of *car* and *frog*, and let the score of *cat* grow: what do the two losses say? Once the margin holds, the SVM is content and stops
# pulling; softmax is never quite content. Far on the wrong side both fall with slopes of their own: the SVM's by one for every class in the way.

# %% tags=["explore"]
plotting.show_losses_over_score(svm_loss_naive, softmax_loss_naive, np.array([3.2, 5.1, -1.7]), right=0)
plt.show()

# %% [markdown]
# ## Exercise 8 · The softmax loss, without loops  `[12 points · ●●● · 20 min]`
#
# The same in whole-array steps, with no Python loop. With the rows of $S = XW$ shifted by their maxima, $P$ the probabilities and $Y$ the matrix with a 1 in each row at the right class,
#
# $$dW = \frac1N X^\top (P - Y) + 2 \lambda W$$
#
# All of the last exercise holds: finite and exact for scores in the thousands, nothing added inside the logarithm, the inputs left as they are.
#
# <details><summary>Hint</summary>
#
# You need not build Y: take P and subtract 1 at `[np.arange(N), y]`. If you change an array in place, make sure that it is yours.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_loss_vectorized", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_loss_vectorized(W, X, y, reg):
    """Softmax loss and its gradient, without loops.

    Parameters
    ----------
    W : (D, C) weights
    X : (N, D) examples
    y : (N,) labels in 0 .. C - 1
    reg : strength of the penalty reg * sum(W * W)

    Returns
    -------
    loss : float, mean over the N examples plus penalty; finite for any finite scores
    dW : (D, C) gradient of the loss
    """
    ### BEGIN SOLUTION
    N, rows = len(X), np.arange(len(X))
    shifted = X @ W
    shifted = shifted - shifted.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    totals = powers.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)

    dscores = powers / totals
    dscores[rows, y] -= 1
    dW = X.T @ dscores / N + 2 * reg * W
    return loss, dW
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_vectorized_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the cat's loss, the small gradient, and scores x 1000.
loss, _ = checks.unpack(
    softmax_loss_vectorized(np.eye(3), np.array([[3.2, 5.1, -1.7]]), np.array([0]), 0.0),
    "loss",
    "dW",
    what="softmax_loss_vectorized",
)
checks.close(
    loss,
    2.0404,
    "the loss of the cat",
    atol=5e-5,
    hint="the natural logarithm of the right class's probability, with a minus",
)
loss, _ = softmax_loss_vectorized(np.eye(3), np.array([[3.2, 5.1, -1.7]] * 2), np.array([0, 0]), 0.5)
checks.close(
    loss,
    2.0404 + 1.5,
    "two such cats, with a penalty",
    atol=5e-5,
    hint="the mean over pictures, plus 0.5 times the sum of the three squares of W",
)
rng = np.random.default_rng(0)
W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 4)), np.array([2, 0, 1, 1, 0])
W_kept, X_kept = W.copy(), X.copy()
loss, dW = softmax_loss_vectorized(W, X, y, 0.3)
checks.unchanged(W, W_kept, "W")
checks.unchanged(X, X_kept, "X")
gradcheck.check(
    lambda w: softmax_loss_vectorized(w, X, y, 0.3)[0],
    W,
    dW,
    "dW of softmax_loss_vectorized",
    terms={"the penalty's gradient 2 * reg * W": 0.6 * W},
    sizes={"N": 5, "C": 3},
    hint="X transposed times (P - Y), then 1/N, then the penalty",
)
with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
    loss, _ = softmax_loss_vectorized(1000 * np.eye(3), np.array([[3.2, 5.1, -1.7]]), np.array([0]), 0.0)
checks.close(
    loss,
    1900.0,
    "the loss of the cat, scores x 1000",
    hint="shift by the maximum, and take the logarithm of the sum, not of p",
)
checks.no_loops(softmax_loss_vectorized, "no Python loop")
checks.avoids(softmax_loss_vectorized, "softmax_loss_naive", what="it does not hand over to the loops")


# and what the rule is for, with a generous margin: a right answer is some ten times as fast
def score_by_score(W, X):
    return sum(np.exp(x @ w) for x in X for w in W.T)


many = np.random.default_rng(3).normal(size=(500, 20))
classes, weights = np.arange(500) % 10, 0.1 * many[:10].T
checks.faster(
    lambda: softmax_loss_vectorized(weights, many, classes, 0.1),
    lambda: score_by_score(weights, many),
    "faster than score by score",
    ratio=2,
)

# %% nbgrader={"grade": true, "grade_id": "softmax_loss_vectorized_hidden", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes and penalties, one picture, scores in the thousands, float32.
### BEGIN HIDDEN TESTS
import scipy.special

rng = np.random.default_rng(32)
for n, d, c, reg, scale in [
    (8, 5, 3, 0.0, 1),
    (3, 7, 6, 0.4, 1),
    (1, 4, 5, 0.1, 2),
    (5, 3, 2, 2.0, 1),
    (6, 6, 6, 0.2, 1),
    (4, 5, 3, 0.05, 1000),
]:
    # one picture; N = D = C, where a wrong axis fits; logits x 1000
    W, X, y = scale * rng.normal(size=(d, c)), rng.normal(size=(n, d)), rng.integers(c, size=n)
    before = W.copy(), X.copy(), y.copy()
    with np.errstate(all="ignore"):
        loss, dW = checks.unpack(
            softmax_loss_vectorized(W, X, y, reg), "loss", "dW", what="softmax_loss_vectorized"
        )
    S = X @ W
    hits = np.equal.outer(y, np.arange(c))
    reference = np.mean(scipy.special.logsumexp(S, axis=1) - S[hits]) + reg * np.square(W).sum()
    name = f"{n} pictures, {c} classes, reg {reg}" + (", scores x 1000" if scale == 1000 else "")
    checks.finite(
        loss,
        f"the loss of {name}",
        hint="ln(sum of exponentials) - s_y, with shifted scores: never the logarithm of a rounded p",
    )
    checks.close(
        loss,
        reference,
        f"the loss of {name}",
        hint="mean over pictures, then the penalty; nothing added inside the logarithm",
    )
    closed = np.einsum("nd,nc->dc", X, scipy.special.softmax(S, axis=1) - hits) / n
    checks.close(
        dW, closed + reg * (W + W), f"dW of {name}", rtol=1e-6, hint="X.T @ (P - Y) over N, plus 2 * reg * W"
    )
    for array, kept, letter in zip((W, X, y), before, "WXy", strict=True):
        checks.unchanged(array, kept, letter)
# rows far apart: one maximum for all rows turns the lower row's exponentials into 0
with np.errstate(all="ignore"):
    loss, dW = softmax_loss_vectorized(
        np.eye(2), np.array([[900.0, 901.0], [-901.0, -900.0]]), np.array([0, 0]), 0.0
    )
checks.close(loss, np.log1p(np.e), "rows far apart", hint="each row's own maximum")
checks.finite(dW, "dW of rows far apart")
checks.close(
    softmax_loss_vectorized(np.zeros((4, 7)), rng.normal(size=(3, 4)), np.array([1, 6, 4]), 5.0)[0],
    np.log(7),
    "W = 0: the loss is ln C",
)
W, X, y = (
    rng.normal(size=(5, 4)).astype(np.float32),
    rng.normal(size=(6, 5)).astype(np.float32),
    rng.integers(4, size=6),
)
loss, dW = softmax_loss_vectorized(W, X, y, 0.1)
wide_loss, wide_dW = softmax_loss_vectorized(W.astype(float), X.astype(float), y, 0.1)
checks.close(loss, wide_loss, "the loss in float32", rtol=1e-4)
checks.close(dW, wide_dW, "dW in float32", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** With and without loops, on 500 pictures. And the gradient itself, which is a picture too: downhill means *away* from it, so here are the ten columns of $-dW$ for random weights. The
# very first step already adds ghosts of each class's pictures.

# %% tags=["explore"]
seconds, results = {}, {}
for loss_fn in (softmax_loss_naive, softmax_loss_vectorized):
    start = time.perf_counter()
    results[loss_fn.__name__] = loss_fn(W_random, X_train[:500], y_train[:500], 0.1)
    seconds[loss_fn.__name__] = time.perf_counter() - start
plotting.show_timings(seconds, "The softmax loss of 500 pictures: the same numbers, in less time")
plotting.show_templates(
    -softmax_loss_vectorized(W_random, X_train, y_train, 0.0)[1], data.class_names, "The first step downhill"
)
plt.show()

# %% [markdown]
# ## Exercise 9 · A mini-batch  `[5 points · ●○○ · 5 min]`
#
# One step of gradient descent on all 5000 pictures costs 5000 pictures' work. A random handful of them gives nearly the same direction for a fraction of it: that is **stochastic**
# gradient descent. Draw `batch_size` rows at random **with replacement** (a row may come twice, and a batch may be larger than the data), and take the same rows of `X` and of `y`.
#
# All randomness comes from `rng`, a NumPy `Generator` that is passed in. Then the same seed gives the same batches, and an experiment can be repeated.
#
# <details><summary>Hint</summary>
#
# `rng.integers(n, size=k)` draws k integers from 0 up to, but not including, n. An array of integers in square brackets picks those rows.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_batch(X, y, batch_size, rng):
    """Random rows of X with their labels, drawn with replacement.

    Parameters
    ----------
    X : (N, ...) examples
    y : (N,) labels
    batch_size : how many to draw; may be more than N
    rng : numpy Generator

    Returns
    -------
    X_batch : (batch_size, ...)
    y_batch : (batch_size,)
    """
    ### BEGIN SOLUTION
    rows = rng.integers(len(X), size=batch_size)
    return X[rows], y[rows]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sample_batch_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: ten examples whose only number is ten times their label, so that pairs can be recognised.
y = np.arange(10)
X = 10.0 * y[:, None]
batch = sample_batch(X, y, 25, np.random.default_rng(0))
X_batch, y_batch = checks.unpack(batch, "X_batch", "y_batch", what="sample_batch")
checks.shape(
    X_batch, (25, 1), "25 rows drawn from 10", hint="with replacement, a batch may be larger than the data"
)
checks.equal(
    X_batch[:, 0],
    10.0 * np.asarray(y_batch),
    "examples and labels stay paired",
    hint="draw the rows once, and use them for X and for y",
)

# %% nbgrader={"grade": true, "grade_id": "sample_batch_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every row equally likely, the same seed gives the same batch.
### BEGIN HIDDEN TESTS
y = np.arange(7)
X = y[:, None, None] * np.ones((1, 2, 3))  # examples of any shape
X_before, y_before = X.copy(), y.copy()
X_batch, y_batch = checks.unpack(
    sample_batch(X, y, 7000, np.random.default_rng(15)), "X_batch", "y_batch", what="sample_batch"
)
checks.shape(X_batch, (7000, 2, 3), "rows of a three-dimensional X")
checks.equal(X_batch[:, 1, 2], np.asarray(y_batch, dtype=float), "pairs in a large batch")
counts = np.bincount(np.asarray(y_batch, dtype=int), minlength=7)
# 1000 expected of each, standard deviation 29: the first and the last row must not be left out
checks.holds(
    counts.min() > 850 and counts.max() < 1150,
    "every row is equally likely",
    f"drawn {counts.tolist()} times",
    hint="from 0 to N - 1, both included",
)
X_batch, y_batch = sample_batch(X, y, 6, np.random.default_rng(3))
again_X, again_y = sample_batch(X, y, 6, np.random.default_rng(3))
checks.equal(
    again_y, y_batch, "the same seed, the same batch", hint="use rng and no other source of randomness"
)
rng = np.random.default_rng(3)
drawn = [tuple(np.asarray(sample_batch(X, y, 6, rng)[1]).tolist()) for _ in range(20)]
checks.holds(
    len(set(drawn)) > 15,
    "a new batch each time",
    f"{len(set(drawn))} different ones in 20 draws",
    hint="do not seed inside the function",
)
# with replacement, six of seven rows are all different only one time in 23
checks.holds(
    sum(len(set(batch)) < 6 for batch in drawn) >= 10,
    "drawn with replacement",
    hint="a row may come twice in a batch",
)
checks.shape(sample_batch(X, y, 1, rng)[0], (1, 2, 3), "a batch of one keeps its axis")
checks.unchanged(X, X_before, "X")
checks.unchanged(y, y_before, "y")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Twenty pictures of a batch. The label travels with its picture.

# %% tags=["explore"]
X_batch, y_batch = sample_batch(data.X_train, y_train, 20, np.random.default_rng(0))
plotting.show_grid(X_batch, [data.class_names[label] for label in y_batch], title="A mini-batch of twenty")
plt.show()

# %% [markdown]
# ## Exercise 10 · Gradient descent  `[9 points · ●●○ · 20 min]`
#
# Now everything comes together. Start with small random weights, then repeat: draw a mini-batch, ask the loss function for loss and gradient, remember the loss, and take a small step
# **against** the gradient:
#
# $$W \leftarrow W - \eta \, \frac{\partial L}{\partial W}$$
#
# with the **learning rate** $\eta$. `train_linear` does not know which loss it minimises: any function `loss_fn(W, X, y, reg)` that returns `(loss, dW)` will do, yours or
# another's.
#
# - $W$ starts as 0.001 times standard normal numbers from `rng`, shape $(D, C)$. The number of classes is the largest label plus one.
# - `loss_history` holds the loss of each of the `num_iters` steps, as the loss function reported it before that step.
#
# <details><summary>Hint</summary>
#
# Four lines in a loop: `sample_batch`, `loss_fn`, `append`, and the step. `rng.normal(size=(D, C))` draws standard normal numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "train_linear", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_linear(loss_fn, X, y, *, learning_rate, reg, num_iters, batch_size, rng):
    """Minimise a loss by stochastic gradient descent.

    Parameters
    ----------
    loss_fn : function (W, X, y, reg) -> (loss, dW)
    X : (N, D) examples
    y : (N,) labels in 0 .. C - 1; C is the largest label plus one
    learning_rate : step along the negative gradient
    reg : handed to loss_fn
    num_iters : number of steps
    batch_size : examples for each step, drawn with `sample_batch`
    rng : numpy Generator, for the first weights and the batches

    Returns
    -------
    W : (D, C) weights after the last step
    loss_history : list of num_iters losses
    """
    ### BEGIN SOLUTION
    W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
    loss_history = []
    for _ in range(num_iters):
        loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
        loss_history.append(loss)
        W = W - learning_rate * dW
    return W, loss_history
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_linear_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: a loss whose gradient is always 1, so that every step lowers every weight by the learning rate.
def slope_of_one(W, X, y, reg):
    return float(W.mean()), np.ones(W.shape)


X, y = np.random.default_rng(0).normal(size=(30, 6)), np.arange(30) % 4
result = train_linear(
    slope_of_one, X, y, learning_rate=0.25, reg=0.0, num_iters=8, batch_size=5, rng=np.random.default_rng(1)
)
W, loss_history = checks.unpack(result, "W", "loss_history", what="train_linear")
checks.shape(W, (6, 4), "W is (D, C)", hint="C is the largest label plus one")
checks.close(
    W,
    np.full((6, 4), -2.0),
    "W after 8 steps of 0.25",
    atol=0.01,
    hint="each step subtracts learning_rate * dW",
)
checks.close(
    loss_history,
    -0.25 * np.arange(8),
    "the losses before each step",
    atol=0.01,
    hint="a list of num_iters numbers, the first before any step",
)

# %% nbgrader={"grade": true, "grade_id": "train_linear_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the first weights, the batches, every step, and that it learns.
### BEGIN HIDDEN TESTS
seen = []


def watching(W, X, y, reg):
    """A loss that writes down what it is asked, and answers with a gradient that depends on it."""
    loss, dW = float(10 + len(seen)), np.cos(W) + reg
    seen.append((np.array(W), np.array(X), np.array(y), reg, dW))
    return loss, dW


rng = np.random.default_rng(41)
y = rng.integers(5, size=60) + 1  # no example of class 0: C is the largest label plus one all the same
X = np.hstack(
    [y[:, None].astype(float), rng.normal(size=(60, 199))]
)  # the first number of a row gives its label away
X_before, y_before = X.copy(), y.copy()
W, history = checks.unpack(
    train_linear(
        watching, X, y, learning_rate=0.1, reg=0.7, num_iters=12, batch_size=9, rng=np.random.default_rng(42)
    ),
    "W",
    "loss_history",
    what="train_linear",
)
checks.equal(len(seen), 12, "the loss function is called once a step", hint="num_iters steps")
checks.close(
    history, 10.0 + np.arange(12), "the losses, as they were reported", hint="append the loss of every step"
)
first = seen[0][0]
checks.shape(
    first,
    (200, 6),
    "W where no example has label 0",
    hint="the largest label plus one, not the number of different labels",
)
checks.holds(
    8e-4 < first.std() < 1.2e-3 and abs(first.mean()) < 1.5e-4,
    "W starts at 0.001 * normal",
    f"mean {first.mean():.1e}, standard deviation {first.std():.1e}",
    hint="0.001 * rng.normal(size=(D, C))",
)
checks.holds(np.abs(first).max() > 2e-3, "the first weights are normal, not uniform", hint="rng.normal")
for step, (before, X_batch, y_batch, reg, dW) in enumerate(seen):
    checks.shape(X_batch, (9, 200), f"step {step}: the batch", hint="sample_batch(X, y, batch_size, rng)")
    checks.equal(X_batch[:, 0], y_batch.astype(float), f"step {step}: examples and labels are paired")
    checks.close(reg, 0.7, f"step {step}: reg is handed on")
    after = seen[step + 1][0] if step < 11 else W
    checks.close(
        after,
        before - 0.1 * dW,
        f"step {step}: W goes down by learning_rate * dW",
        hint="subtract; and return the weights after the last step",
    )
checks.holds(
    len({batch[1][:, 1].tobytes() for batch in seen}) == 12,
    "a new batch for each step",
    hint="draw inside the loop",
)
checks.unchanged(X, X_before, "X")
checks.unchanged(y, y_before, "y")


def distance_to_two(W, X, y, reg):
    return float(np.sum((W - 2) ** 2)), 2 * (W - 2)


# the same seed gives the same weights, another seed others; and it converges
runs = [
    train_linear(
        distance_to_two,
        X,
        y,
        learning_rate=0.01,
        reg=0.0,
        num_iters=3,
        batch_size=4,
        rng=np.random.default_rng(seed),
    )[0]
    for seed in (5, 5, 6)
]
checks.close(
    runs[1],
    runs[0],
    "the same seed, the same weights",
    rtol=1e-12,
    hint="use rng and no other source of randomness",
)
checks.holds(
    np.abs(runs[2] - runs[0]).max() > 1e-5,
    "another seed, other weights",
    hint="do not seed inside the function",
)
W, history = train_linear(
    distance_to_two,
    X,
    y,
    learning_rate=0.3,
    reg=0.0,
    num_iters=60,
    batch_size=70,
    rng=np.random.default_rng(5),
)
checks.close(W, np.full((200, 6), 2.0), "it finds the minimum of a bowl", rtol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Both losses, 1500 steps on mini-batches of 200. The bar shows the progress: the loss function is wrapped so that every call moves it.

# %% tags=["explore"]
from tqdm.auto import tqdm


def train_with_bar(loss_fn, name, num_iters, **options):
    with tqdm(total=num_iters, desc=name) as bar:

        def watched(W, X, y, reg):
            bar.update()
            return loss_fn(W, X, y, reg)

        return train_linear(watched, X_train, y_train, num_iters=num_iters, **options)


classifiers, histories = {}, {}
for name, loss_fn, rate in [("SVM", svm_loss_vectorized, 0.003), ("softmax", softmax_loss_vectorized, 0.03)]:
    classifiers[name], histories[name] = train_with_bar(
        loss_fn, name, 1500, learning_rate=rate, reg=0.001, batch_size=200, rng=np.random.default_rng(0)
    )
    accuracies = [
        np.mean(predict_linear(classifiers[name], X) == y) for X, y in ((X_train, y_train), (X_val, y_val))
    ]
    print(
        f"{name}: {accuracies[0]:.1%} of the training and {accuracies[1]:.1%} of the validation pictures are right"
    )
plotting.show_loss_curves(histories)
plt.show()

# %% [markdown]
# On the picture book the SVM gets 49% of the training and 44% of the validation pictures right, softmax 51% and 46%; guessing would get 10%. The curves flicker
# because every step sees another handful of pictures. And look where they begin: the first written question is about that.
#
# ## Exercise 11 · Choosing hyper-parameters  `[7 points · ●●○ · 15 min]`
#
# Learning rate and penalty are **hyper-parameters**: training does not find them, we do, by trying. For every learning rate and every penalty strength of a grid, train on the
# training pictures and measure the accuracy (the share of right labels) on training and on validation pictures. The best pair is the one with the highest **validation** accuracy; which does well
# on the pictures it was trained on is of no interest.
#
# Use your `train_linear` and `predict_linear`. When two pairs are equally good, keep the one that came first.
#
# <details><summary>Hint</summary>
#
# Two nested loops, a dict with the pair `(learning_rate, reg)` as key. `max(results, key=...)` walks through the keys of a dict.
# </details>


# %% nbgrader={"grade": false, "grade_id": "choose_hyperparameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def choose_hyperparameters(
    X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng
):
    """Train a grid of learning rates and penalties, and return the best by validation accuracy.

    Parameters
    ----------
    X_train, y_train : (N, D), (N,) what to train on
    X_val, y_val : (M, D), (M,) what to choose by
    loss_fn : function (W, X, y, reg) -> (loss, dW)
    learning_rates, regs : lists of the values to try; every pair is tried, learning rates in the outer loop
    num_iters, batch_size, rng : as for `train_linear`

    Returns
    -------
    best : (learning_rate, reg) with the highest validation accuracy, the first of equals
    results : dict (learning_rate, reg) -> (training accuracy, validation accuracy)
    """
    ### BEGIN SOLUTION
    results = {}
    for learning_rate in learning_rates:
        for reg in regs:
            W, _ = train_linear(
                loss_fn,
                X_train,
                y_train,
                learning_rate=learning_rate,
                reg=reg,
                num_iters=num_iters,
                batch_size=batch_size,
                rng=rng,
            )
            results[learning_rate, reg] = (
                np.mean(predict_linear(W, X_train) == y_train),
                np.mean(predict_linear(W, X_val) == y_val),
            )
    best = max(results, key=lambda pair: results[pair][1])
    return best, results
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "choose_hyperparameters_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: a made-up loss. Its minimum is a matrix that predicts every label right, unless the penalty is 1: then it predicts none.
labels = np.arange(12) % 3
one_hot = np.eye(3)[labels]


def made_up_loss(W, X, y, reg):
    target = np.eye(3) if reg < 1 else -np.eye(3)
    error = W - target
    return float(np.sum(error**2)), 2 * error


result = choose_hyperparameters(
    one_hot,
    labels,
    one_hot[:6],
    labels[:6],
    loss_fn=made_up_loss,
    learning_rates=[0.5],
    regs=[1.0, 0.01],
    num_iters=5,
    batch_size=8,
    rng=np.random.default_rng(0),
)
best, results = checks.unpack(result, "best", "results", what="choose_hyperparameters")
checks.holds(
    isinstance(results, dict), "results is a dict", hint="the best pair first, then the dict of all results"
)
checks.equal(
    sorted(results),
    [(0.5, 0.01), (0.5, 1.0)],
    "a result for each pair",
    hint="keys are pairs (learning_rate, reg)",
)
checks.close(
    results[0.5, 0.01],
    [1, 1],
    "accuracies with reg 0.01",
    hint="(training accuracy, validation accuracy), each a share of right labels",
)
checks.close(results[0.5, 1.0], [0, 0], "accuracies with reg 1", atol=1e-12)
checks.equal(best, (0.5, 0.01), "the best pair", hint="return the pair, not its accuracy")

# %% nbgrader={"grade": true, "grade_id": "choose_hyperparameters_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: training and validation disagree, everything is handed on.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(51)
C, calls = 4, []
seen_y, unseen_y = rng.permutation(np.arange(40) % C), rng.permutation(np.arange(20) % C)
# every picture has a number of its own that only its template sees, so that any set of labels can be learned
seen_X, unseen_X = np.eye(60)[:40], np.eye(60)[40:]
share = {
    0.5: (1.0, 0.4),
    0.25: (0.7, 0.8),
    0.125: (0.5, 0.6),
}  # reg -> accuracies: the best in training is the worst in validation


def pretend(labels, right):
    """Labels of which the given share is right."""
    labels = labels.copy()
    wrong = len(labels) - round(right * len(labels))
    labels[:wrong] = (labels[:wrong] + 1) % C
    return labels


def known_minimum(W, X, y, reg):
    calls.append((np.array(X), reg))
    target = np.eye(C)[np.concatenate([pretend(seen_y, share[reg][0]), pretend(unseen_y, share[reg][1])])]
    return float(np.sum((W - target) ** 2)), 2 * (W - target)


best, results = checks.unpack(
    choose_hyperparameters(
        seen_X,
        seen_y,
        unseen_X,
        unseen_y,
        loss_fn=known_minimum,
        learning_rates=[1e-9, 0.5],  # the first learns nothing
        regs=[0.5, 0.25, 0.125],
        num_iters=6,
        batch_size=7,
        rng=np.random.default_rng(52),
    ),
    "best",
    "results",
    what="choose_hyperparameters",
)
checks.holds(isinstance(results, dict), "results is a dict", hint="return best, results")
pairs = sorted((rate, reg) for rate in (1e-9, 0.5) for reg in share)
checks.equal(sorted(results), pairs, "six pairs, six results", hint="every learning rate with every penalty")
for reg, accuracies in share.items():
    checks.close(
        results[0.5, reg],
        accuracies,
        f"accuracies with learning rate 0.5, reg {reg}",
        hint="training first, then validation",
    )
checks.equal(
    best, (0.5, 0.25), "the best by validation accuracy", hint="not by training accuracy, and not the last"
)
checks.equal(len(calls), 36, "six trainings of six steps", hint="hand num_iters on")
checks.holds(all(X.shape == (7, 60) for X, _ in calls), "batches of seven", hint="hand batch_size on")
checks.holds(not any(X[:, 40:].any() for X, _ in calls), "no validation picture is trained on")
# equals: all pairs learn the same, the first is kept
share = {0.5: (1.0, 0.5), 0.25: (0.5, 0.5)}
best, _ = choose_hyperparameters(
    seen_X,
    seen_y,
    unseen_X,
    unseen_y,
    loss_fn=known_minimum,
    learning_rates=[0.5, 0.25],
    regs=[0.5, 0.25],
    num_iters=40,
    batch_size=3,
    rng=np.random.default_rng(53),
)
checks.equal(
    best,
    (0.5, 0.5),
    "of equal pairs the first",
    hint="a later pair replaces the best only if it is strictly better",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Twenty-five pairs for the softmax loss, both on a **logarithmic** grid: between 0.001 and 0.01 there is as much to discover as between 0.1 and 1. Under half a minute.

# %% tags=["explore"]
learning_rates = [0.003, 0.01, 0.03, 0.1, 0.3]
regs = [0.0001, 0.001, 0.01, 0.1, 1.0]
with tqdm(total=len(learning_rates) * len(regs) * 500, desc="grid") as bar:

    def watched(W, X, y, reg):
        bar.update()
        return softmax_loss_vectorized(W, X, y, reg)

    best, results = choose_hyperparameters(
        X_train,
        y_train,
        X_val,
        y_val,
        loss_fn=watched,
        learning_rates=learning_rates,
        regs=regs,
        num_iters=500,
        batch_size=100,
        rng=np.random.default_rng(0),
    )
print(f"best: learning rate {best[0]:g}, reg {best[1]:g}, validation accuracy {results[best][1]:.1%}")
plotting.show_hyperparameters(results, best=best)
plt.show()

# %% [markdown]
# On the picture book the winner is a learning rate of 0.03 with the weakest penalty, at 45%. Read the right panel from left to right: too small a rate has not
# arrived after 500 steps, too large a rate jumps about the minimum and does not settle. Upwards, a strong penalty drowns the pictures. Now compare the panels: the highest *training*
# accuracy is elsewhere, at 0.1, where validation is no better. And do not read too much into one point: an accuracy measured on 1000 pictures has a standard error of 1.6 points, so that the best
# few pairs are equally good for all we know.
#
# ## The test set, once, and what was learned
#
# With the best pair, train longer, and look at the test pictures. Then look at the weights themselves: each column of $W$, without its bias, is a picture.

# %% tags=["explore"]
W_best, history = train_with_bar(
    softmax_loss_vectorized,
    "best pair",
    2000,
    learning_rate=best[0],
    reg=best[1],
    batch_size=200,
    rng=np.random.default_rng(1),
)
accuracies = [np.mean(predict_linear(W_best, X) == y) for X, y in ((X_train, y_train), (X_test, y_test))]
print(
    f"best pair: {accuracies[0]:.1%} of the training and {accuracies[1]:.1%} of the test pictures are right (chance: 10%)"
)
plotting.show_templates(W_best, data.class_names)
plt.show()

# %% [markdown]
# 44% of the test pictures are right, after 52% of the training pictures. The templates are blurred ghosts of their classes: whatever in a picture of that class is usually
# bright, at its usual place. They are noisy too: thousands of weights, each free to fit an accident of the training pictures. Here is what a penalty does about that.

# %% tags=["explore"]
strong, _ = train_with_bar(
    softmax_loss_vectorized,
    "reg = 0.1",
    2000,
    learning_rate=0.03,
    reg=0.1,
    batch_size=200,
    rng=np.random.default_rng(1),
)
accuracies = [np.mean(predict_linear(strong, X) == y) for X, y in ((X_train, y_train), (X_test, y_test))]
print(
    f"reg = 0.1: {accuracies[0]:.1%} of the training and {accuracies[1]:.1%} of the test pictures are right"
)
plotting.show_templates(strong, data.class_names, title="The same, with a strong penalty: smoother")
plt.show()

# %% [markdown]
# Every weight now has to earn its keep, and neighbouring pixels share: the same ghosts, but smooth. The gap between training (41%) and test (40%) has nearly closed; both are lower than before,
# though, for a penalty this strong also holds back what would have been worth learning. That is why its strength is chosen by validation, and not by how the templates look.

# %% [markdown] nbgrader={"grade": true, "grade_id": "one_template", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · One template for each class  `[4 points]`
#
# Describe the template of one class of your choice: which colours and shapes can you make out, and what in the training pictures put them there? Name one kind of picture of that class that must get a
# low score whatever the training did, and say which property of a linear classifier is to blame.
#
# ### BEGIN SOLUTION
# A template is a kind of average of what tells a class from the others: bright where its pictures tend to be brighter than the rest, dark where they tend to be darker, in the colours of
# typical backgrounds and of the thing itself at its usual place; shapes are blurred, because the thing appears at many places, in many sizes and both ways round, and all of these
# share one template. A picture of the class with unusual colours or background, or with the thing in another corner, scores low: each pixel's contribution is fixed by its
# position and adds up independently of the others, so one template can neither be in two places at once ("here or there") nor say "a red
# thing or a blue thing". That needs several templates and a way to combine them: a hidden layer.
# ### END SOLUTION

# %% [markdown]
# ## What you take with you
#
# - Score, loss, optimisation: replace the score function by a network, and the rest of this notebook stays as it is.
# - The gradient of the softmax loss by the scores is $p - y$: what was said, minus what is true.
# - A gradient by calculus is fast and easily wrong; centred differences are slow and easily right. Check one with the other.
# - Large scores break naive exponentials and logarithms. Shift first, and never take the logarithm of something that was rounded to 0.
# - Learning rate and penalty are chosen on validation pictures, on a logarithmic grid.
# - One template a class is not enough. The next notebook stacks layers, and needs the chain rule to find their gradients.
