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
# # 1 · Nearest neighbours and honest evaluation
#
# What is the simplest program that can tell a boat from a cat? One that remembers every picture it was shown, and
# for a new picture says what the most similar of them was. This notebook builds that program, measures it
# honestly, and finds out why it is not good enough: which is where the rest of the course begins.
#
# | exercise | | points |
# |---|---|---|
# | 0 | How this works: `warm_up` | 2 |
# | 1 | Distances with two loops | 12 |
# | 2 | Distances with one loop | 12 |
# | 3 | Distances with no loop | 20 |
# | 4 | From distances to a label | 18 |
# | 5 | Cross-validation | 20 |
# | 6 | Choosing k | 6 |
# | | Two written questions | 10 |
#
# **How to work.** Run the cells from top to bottom (`Shift`+`Enter`). Where a cell says `raise NotImplementedError`, put
# your code in its place. Below each stub is a check: it prints a tick, or says what it expected and what to try. More
# tests, which you do not see, run when the notebook is graded; the text above each exercise says all that they ask for.
# About two hours.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import time

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import checks, plotting
from cs231n_kit.data import load_picturebook

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# ## Exercise 0 · How this works  `[2 points · ●○○ · 2 min]`
#
# Every exercise has the same rhythm: a text, a **stub** for you to fill in, a **check** to run as often as you like. Try it on
# something small. `warm_up("Ada")` returns the text `Hello, Ada!`.
#
# Run the check once before you write anything, to see what an unfinished exercise looks like. Then replace the `raise` line, run
# the stub's cell, and run the check again. When the notebook is done, save it (`Ctrl`+`S`) and hand it in under the name it has.
#
# <details><summary>Hint</summary>
#
# An f-string puts a value into a text: `f"2 + 2 = {2 + 2}"`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "warm_up", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warm_up(name):
    """Greet somebody.

    Parameters
    ----------
    name : str

    Returns
    -------
    str : "Hello, NAME!"
    """
    ### BEGIN SOLUTION
    return f"Hello, {name}!"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "warm_up_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: run this cell after the one above it.
checks.equal(warm_up("Ada"), "Hello, Ada!", 'warm_up("Ada")', hint="return the text; do not print it")
checks.equal(warm_up("Alan"), "Hello, Alan!", 'warm_up("Alan")', hint="use the name that is passed in")

# %% nbgrader={"grade": true, "grade_id": "warm_up_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: does it greet others too?
### BEGIN HIDDEN TESTS
for someone in ("Grace", "Yann", ""):  # the answer to one name must not be written in
    checks.equal(
        warm_up(someone),
        "Hello, " + someone + "!",
        f"warm_up({someone!r})",
        hint="use the name that is passed in",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## The pictures
#
# The **picture book** has ten classes of small colour pictures, 32 x 32 pixels with three colour channels each. Things change
# place, size, colour, background and light, and may be half hidden: as in photographs, no two pictures of a class agree pixel
# by pixel. The pictures come in three parts, and what each part is *for* is half of this notebook:
#
# - the **training set**, which the program may learn from,
# - the **validation set**, on which we choose between programs,
# - the **test set**, which we look at once, at the very end.
#
# To try everything on real photographs, replace the loading line by `from cs231n_kit.data import load_cifar10` and
# `data = load_cifar10(num_train=5000, num_val=500, num_test=500)`.

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false}
data = load_picturebook(num_train=5000, num_val=500, num_test=500)

# A picture becomes a row of 32 * 32 * 3 = 3072 numbers. They are bytes, and bytes wrap around (3 - 5 is 254), so make them floats.
X_train = data.X_train.reshape(len(data.X_train), -1).astype(float)
X_test = data.X_test.reshape(len(data.X_test), -1).astype(float)
y_train, y_test = data.y_train, data.y_test
print("X_train", X_train.shape, " y_train", y_train.shape, " X_test", X_test.shape, " y_test", y_test.shape)

# %% tags=["explore"]
plotting.show_samples(data.X_train, data.y_train, data.class_names)
plt.show()

# %% [markdown]
# ## Exercise 1 · Distances with two loops  `[12 points · ●○○ · 15 min]`
#
# "Most similar" needs a number. Take two pictures as rows $a$ and $b$ of $D$ numbers, and measure the straight line between them,
# the **Euclidean (L2) distance**:
#
# $$d(a, b) = \sqrt{\sum_{j=1}^{D} (a_j - b_j)^2}$$
#
# Given $M$ pictures in the rows of `X` and $N$ in the rows of `X_train`, fill an $M \times N$ matrix: entry $(i, j)$ is the distance
# between row $i$ of `X` and row $j$ of `X_train`. Here with one loop over $i$ and one inside it over $j$. Slow, and hard to get wrong: the
# measure for the faster versions to come. Write the formula out yourself, without `np.linalg.norm` or SciPy's distances.
#
# <details><summary>Hint</summary>
#
# `X[i]` is row i. `X[i] - X_train[j]` subtracts entry by entry; square it, sum it, take the root. Which of the three is easy to forget?
# </details>


# %% nbgrader={"grade": false, "grade_id": "compute_distances_two_loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_distances_two_loops(X, X_train):
    """Euclidean distances between all rows of X and all rows of X_train, one pair at a time.

    Parameters
    ----------
    X : (M, D) floats
    X_train : (N, D) floats

    Returns
    -------
    dists : (M, N)
    """
    ### BEGIN SOLUTION
    dists = np.zeros((len(X), len(X_train)))
    for i in range(len(X)):
        for j in range(len(X_train)):
            dists[i, j] = np.sqrt(np.sum((X[i] - X_train[j]) ** 2))
    return dists
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "compute_distances_two_loops_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: right triangles with legs (3, 4), (5, 12) and (8, 15) have hypotenuses of length 5, 13 and 17.
dists = compute_distances_two_loops(
    np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [5.0, 12.0], [8.0, 15.0]])
)
checks.shape(
    dists, (2, 3), "two rows against three", hint="a row for each row of X, a column for each row of X_train"
)
dists = np.array(dists)
checks.close(dists[0], [5, 13, 17], "distances from (0, 0)", hint="square, sum, and then the root of the sum")
checks.close(
    dists[1] ** 2, [13, 137, 245], "the squared distances from (1, 1)", hint="the first is 2 * 2 + 3 * 3"
)
checks.avoids(
    compute_distances_two_loops,
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)

# %% nbgrader={"grade": true, "grade_id": "compute_distances_two_loops_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

rng = np.random.default_rng(1)
for m, n, dim in [(4, 6, 3), (6, 4, 9), (7, 7, 20)]:  # M above and below N; square, where X.T has a shape too
    X, Y = rng.normal(scale=9, size=(m, dim)), rng.normal(scale=9, size=(n, dim))
    expected = cdist(X, Y)  # before the call, which may change X
    checks.close(
        compute_distances_two_loops(X, Y),
        expected,
        f"distances of {m} rows to {n} rows of {dim} numbers",
        hint="square, sum over all D, root",
    )
checks.avoids(
    compute_distances_two_loops,
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "compute_distances_two_loops_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the caller's pictures stay as they are, and the formula is your own.
X, X_train_small = np.array([[1.0, 2.0], [4.0, 6.0]]), np.array([[1.0, 2.0], [7.0, 10.0], [4.0, 2.0]])
X_before, X_train_before = X.copy(), X_train_small.copy()
dists = compute_distances_two_loops(X, X_train_small)
checks.close(dists, [[0, 10, 3], [5, 5, 4]], "two rows against three others")
checks.unchanged(X, X_before, "X", hint="`row = X[i]` is no copy: `row -= ...` changes X")
checks.unchanged(X_train_small, X_train_before, "X_train")
checks.avoids(compute_distances_two_loops, "norm", what="the root of the sum is written out")

# %% nbgrader={"grade": true, "grade_id": "compute_distances_two_loops_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: single rows, float32, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

rng = np.random.default_rng(11)
for m, n, dim in [(5, 3, 4), (1, 5, 2), (3, 1, 1)]:  # an ordinary case first; then single rows, and D = 1
    X, Y = rng.normal(scale=9, size=(m, dim)), rng.normal(scale=9, size=(n, dim))
    X_before, Y_before, expected = X.copy(), Y.copy(), cdist(X, Y)
    checks.close(compute_distances_two_loops(X, Y), expected, f"{m} rows to {n} rows of {dim} numbers")
    checks.unchanged(X, X_before, "X")
    checks.unchanged(Y, Y_before, "X_train")
X, Y = rng.normal(scale=9, size=(4, 5)), rng.normal(scale=9, size=(3, 5))
expected = cdist(X, Y)
# float32 is what networks compute in
single = compute_distances_two_loops(X.astype(np.float32), Y.astype(np.float32))
checks.close(single, expected, "float32 input", rtol=1e-4)
same = compute_distances_two_loops(X, X.copy())  # a picture is at distance 0 from itself
checks.close(np.diag(same), np.zeros(4), "distance of each row to itself", atol=1e-9)
checks.avoids(compute_distances_two_loops, "norm", what="the root of the sum is written out")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Twenty test pictures against 300 training pictures. The matrix has a pattern: keep an eye on the bright rows and
# columns, there is a question about them.

# %% tags=["explore"]
dists = compute_distances_two_loops(X_test[:20], X_train[:300])
plotting.show_distances(dists)
plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_bright_rows", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# ### Question · Bright rows, bright columns  `[5 points]`
#
# Some rows of the matrix are brighter than the others along their whole length, and so are some columns. What must be true of the test
# picture behind a bright row? Of the training picture behind a bright column? Name a kind of picture for which you expect it, and say
# what this means for a classifier that trusts these distances.
#
# ### BEGIN SOLUTION
# A bright row is a test picture that is far from nearly *all* training pictures; a bright column is a training picture that is far from
# nearly all test pictures. Squared differences are largest for pictures whose overall brightness or contrast is unusual (a night scene, a
# snow field, a washed-out picture): every pixel contributes, whatever the picture shows. Such a test picture finds its neighbours by its
# background and its light rather than by the thing in it, and a bright column's picture is hardly ever anybody's neighbour.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 2 · Distances with one loop  `[12 points · ●●○ · 10 min]`
#
# NumPy can subtract one row from a whole matrix at once (**broadcasting**): `X_train - X[i]` has the shape of `X_train`, and every row of it is a
# difference. So the loop over $j$ is not needed. One loop over the rows of `X`, and no other.
#
# <details><summary>Hint</summary>
#
# `np.sum(..., axis=1)` sums along each row and leaves one number per row. Without `axis` it sums everything.
# </details>


# %% nbgrader={"grade": false, "grade_id": "compute_distances_one_loop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_distances_one_loop(X, X_train):
    """Euclidean distances between all rows of X and all rows of X_train, one row of X at a time.

    Parameters
    ----------
    X : (M, D) floats
    X_train : (N, D) floats

    Returns
    -------
    dists : (M, N)
    """
    ### BEGIN SOLUTION
    dists = np.zeros((len(X), len(X_train)))
    for i, row in enumerate(X):
        dists[i] = np.sqrt(np.sum((X_train - row) ** 2, axis=1))
    return dists
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "compute_distances_one_loop_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the same triangles, the other way round, and one loop at most.
from cs231n_kit.source import loops_in

dists = compute_distances_one_loop(
    np.array([[3.0, 4.0], [5.0, 12.0], [8.0, 15.0]]), np.array([[0.0, 0.0], [1.0, 1.0]])
)
checks.shape(
    dists, (3, 2), "three rows against two", hint="a row for each row of X, a column for each row of X_train"
)
dists = np.array(dists)
checks.close(
    dists[:, 0], [5, 13, 17], "distances to (0, 0)", hint="sum along axis 1: over the D numbers of a row"
)
checks.close(dists[:, 1] ** 2, [13, 137, 245], "the squared distances to (1, 1)")
loops = loops_in(checks.source_of(compute_distances_one_loop))
checks.holds(
    len(loops) <= 1,
    "one loop at most",
    f"the cell has {len(loops)} loops",
    hint="`X_train - X[i]` subtracts from all rows at once",
)
checks.avoids(
    compute_distances_one_loop,
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)

# %% nbgrader={"grade": true, "grade_id": "compute_distances_one_loop_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, one loop only.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

from cs231n_kit.source import loops_in

rng = np.random.default_rng(2)
for m, n, dim in [(5, 8, 4), (8, 5, 13), (6, 6, 6)]:  # square too, where a wrong axis has the right shape
    X, Y = rng.normal(scale=7, size=(m, dim)), rng.normal(scale=7, size=(n, dim))
    expected = cdist(X, Y)  # before the call, which may change X
    checks.close(
        compute_distances_one_loop(X, Y),
        expected,
        f"distances of {m} rows to {n} rows of {dim} numbers",
        hint="sum along axis 1, then the root",
    )
loops = loops_in(checks.source_of(compute_distances_one_loop))
checks.holds(
    len(loops) <= 1,
    "one loop at most",
    f"the cell has {len(loops)} loops",
    hint="`X_train - X[i]` subtracts from all rows at once",
)
checks.avoids(
    compute_distances_one_loop,
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "compute_distances_one_loop_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the caller's pictures stay as they are, and the formula is your own.
X, X_train_small = np.array([[1.0, 2.0], [4.0, 6.0]]), np.array([[1.0, 2.0], [7.0, 10.0], [4.0, 2.0]])
X_before, X_train_before = X.copy(), X_train_small.copy()
dists = compute_distances_one_loop(X, X_train_small)
checks.close(dists, [[0, 10, 3], [5, 5, 4]], "two rows against three others")
checks.unchanged(X, X_before, "X")
checks.unchanged(X_train_small, X_train_before, "X_train", hint="`X_train -= ...` changes the caller's array")
checks.avoids(compute_distances_one_loop, "norm", what="the root of the sum is written out")

# %% nbgrader={"grade": true, "grade_id": "compute_distances_one_loop_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: single rows, float32, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

rng = np.random.default_rng(12)
for m, n, dim in [(5, 3, 4), (1, 6, 3), (4, 1, 5)]:  # an ordinary case first; then single rows
    X, Y = rng.normal(scale=7, size=(m, dim)), rng.normal(scale=7, size=(n, dim))
    X_before, Y_before, expected = X.copy(), Y.copy(), cdist(X, Y)
    checks.close(compute_distances_one_loop(X, Y), expected, f"{m} rows to {n} rows of {dim} numbers")
    checks.unchanged(X, X_before, "X")
    checks.unchanged(Y, Y_before, "X_train")
X, Y = rng.normal(scale=7, size=(4, 5)), rng.normal(scale=7, size=(3, 5))
expected = cdist(X, Y)
single = compute_distances_one_loop(X.astype(np.float32), Y.astype(np.float32))
checks.close(single, expected, "float32 input", rtol=1e-4)
checks.avoids(compute_distances_one_loop, "norm", what="the root of the sum is written out")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3 · Distances with no loop  `[20 points · ●●● · 25 min]`
#
# Two rows broadcast against each other would need an array of $M \times N \times D$ numbers: for 500 test and 5000 training pictures that
# is 61 GB. Multiply the square out instead:
#
# $$\lVert a - b \rVert^2 = \lVert a \rVert^2 - 2\, a \cdot b + \lVert b \rVert^2$$
#
# All the products $a \cdot b$ together are **one matrix product**, the operation that computers do best; the squared lengths
# are two vectors that broadcast over it. No Python loop (comprehensions and `np.vectorize` are loops too), no array of shape $(M, N, D)$.
#
# **Watch out.** Far from zero, rounding can make the right-hand side slightly *negative* for a picture and itself, and the root of a
# negative number is not a number (`nan`).
#
# <details><summary>Hint</summary>
#
# With the squared lengths of `X` as a column of shape (M, 1) and those of `X_train` as a row of shape (N,), their sum has shape (M, N).
# `np.maximum(..., 0)` lifts what rounding pushed below zero.
# </details>


# %% nbgrader={"grade": false, "grade_id": "compute_distances_no_loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_distances_no_loops(X, X_train):
    """Euclidean distances between all rows of X and all rows of X_train, by one matrix product.

    Parameters
    ----------
    X : (M, D) floats
    X_train : (N, D) floats

    Returns
    -------
    dists : (M, N)
    """
    ### BEGIN SOLUTION
    squares = np.sum(X**2, axis=1, keepdims=True) - 2 * X @ X_train.T + np.sum(X_train**2, axis=1)
    return np.sqrt(np.maximum(squares, 0))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "compute_distances_no_loops_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: the triangles again, no loop, and a matrix product.
import ast

from cs231n_kit.source import calls_in

dists = compute_distances_no_loops(
    np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [5.0, 12.0], [8.0, 15.0]])
)
checks.shape(dists, (2, 3), "two rows against three", hint="squared lengths of X as a column: keepdims=True")
dists = np.array(dists)
checks.close(dists[0], [5, 13, 17], "distances from (0, 0)", hint="is the root there?")
checks.close(
    dists[1] ** 2, [13, 137, 245], "squared distances from (1, 1)", hint="the product term has the factor -2"
)
checks.no_loops(compute_distances_no_loops, "no Python loop")


# and what the rule is for, measured with a generous margin: a right answer is some ten times as fast
def pair_by_pair(X, Y):
    return [[np.sqrt(((row - other) ** 2).sum()) for other in Y] for row in X]


X, Y = np.random.default_rng(3).normal(size=(2, 50, 50))
checks.faster(
    lambda: compute_distances_no_loops(X, Y), lambda: pair_by_pair(X, Y), "faster than pair by pair", ratio=2
)
# without a product of X and X_train there is only the (M, N, D) array of differences left
source = checks.source_of(compute_distances_no_loops)
operators = {type(node) for node in ast.walk(ast.parse(source))}
products = {"dot", "matmul", "inner", "einsum", "tensordot"} & calls_in(source)
checks.holds(
    products or ast.MatMult in operators,
    "a matrix product, and no (M, N, D) array",
    hint="multiply the square out: the products of all rows are one matrix product",
)
checks.avoids(
    compute_distances_no_loops,
    "compute_distances_one_loop",
    "compute_distances_two_loops",
    what="it stands on its own",
    hint="calling the version with loops is looping",
)
checks.avoids(
    compute_distances_no_loops,
    "norm",
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)

# %% nbgrader={"grade": true, "grade_id": "compute_distances_no_loops_hidden", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other shapes, one matrix product.
### BEGIN HIDDEN TESTS
import ast

from scipy.spatial.distance import cdist

from cs231n_kit.source import calls_in

rng = np.random.default_rng(3)
for m, n, dim in [(5, 8, 4), (8, 5, 30), (6, 6, 6)]:  # square too, where X and X_train may be swapped
    X, Y = rng.normal(scale=7, size=(m, dim)), rng.normal(scale=7, size=(n, dim))
    expected = cdist(X, Y)  # before the call, which may change X
    found = compute_distances_no_loops(X, Y)
    checks.close(found, expected, f"distances of {m} rows to {n} rows of {dim} numbers", rtol=1e-6)
checks.no_loops(compute_distances_no_loops, "no Python loop")
# without a product of X and X_train there is only the (M, N, D) array of differences left
source = checks.source_of(compute_distances_no_loops)
operators = {type(node) for node in ast.walk(ast.parse(source))}
products = {"dot", "matmul", "inner", "einsum", "tensordot"} & calls_in(source)
checks.holds(
    products or ast.MatMult in operators,
    "a matrix product, and no (M, N, D) array",
    hint="multiply the square out: the products of all rows are one matrix product",
)
checks.avoids(
    compute_distances_no_loops,
    "compute_distances_one_loop",
    "compute_distances_two_loops",
    what="it stands on its own",
    hint="calling the version with loops is looping",
)
checks.avoids(
    compute_distances_no_loops,
    "norm",
    "cdist",
    "distance_matrix",
    "euclidean_distances",
    what="the formula is written out",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "compute_distances_no_loops_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the caller's pictures stay as they are; and a bright picture against itself is 0 away, not nan.
X, X_train_small = np.array([[1.0, 2.0], [4.0, 6.0]]), np.array([[1.0, 2.0], [7.0, 10.0], [4.0, 2.0]])
X_before, X_train_before = X.copy(), X_train_small.copy()
dists = compute_distances_no_loops(X, X_train_small)
checks.close(dists, [[0, 10, 3], [5, 5, 4]], "two rows against three others", atol=1e-6)
checks.unchanged(X, X_before, "X")
checks.unchanged(X_train_small, X_train_before, "X_train")
bright = np.random.default_rng(0).uniform(100, 256, size=(20, 3072))
with np.errstate(all="ignore"):
    itself = compute_distances_no_loops(bright, bright)
checks.finite(
    itself,
    "bright pictures against themselves",
    hint="rounding makes some squares slightly negative: lift them to 0 before the root",
)
checks.close(np.diag(itself), np.zeros(20), "the distance of each to itself", atol=0.05)

# %% nbgrader={"grade": true, "grade_id": "compute_distances_no_loops_hidden_2", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: single rows, pictures and themselves, float32, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

rng = np.random.default_rng(13)
for m, n, dim in [(5, 3, 4), (1, 6, 3), (4, 1, 5), (3, 9, 1)]:  # an ordinary case; single rows; D = 1
    X, Y = rng.normal(scale=7, size=(m, dim)), rng.normal(scale=7, size=(n, dim))
    X_before, Y_before, expected = X.copy(), Y.copy(), cdist(X, Y)
    found = compute_distances_no_loops(X, Y)
    checks.close(found, expected, f"{m} rows to {n} rows of {dim} numbers", rtol=1e-6)
    checks.unchanged(X, X_before, "X")
    checks.unchanged(Y, Y_before, "X_train")
# a picture against itself, far from zero: rounding must not end in nan
pixels = rng.integers(100, 256, size=(40, 3072)) + 0.1 * rng.random((40, 3072))
expected = cdist(pixels, pixels)
single = pixels[:9].astype(np.float32), pixels[9:20].astype(np.float32)
with np.errstate(all="ignore"):
    itself = compute_distances_no_loops(pixels, pixels)
checks.finite(
    itself,
    "distances of pictures to themselves",
    hint="rounding makes some squares negative: lift them to 0 before the root",
)
checks.close(itself, expected, "distances of 40 pictures to each other", atol=0.05, rtol=1e-6)
checks.close(compute_distances_no_loops(*single), expected[:9, 9:20], "float32 input", rtol=1e-2)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The same numbers three times, on 100 test and 1000 training pictures. How long would each take for 10,000 test pictures
# and 50,000 training pictures, the size of CIFAR-10?

# %% tags=["explore"]
seconds = {}
for name, function in [
    ("two loops", compute_distances_two_loops),
    ("one loop", compute_distances_one_loop),
    ("no loops", compute_distances_no_loops),
]:
    start = time.perf_counter()
    function(X_test[:100], X_train[:1000])
    seconds[name] = time.perf_counter() - start
plotting.show_timings(seconds)
plt.show()

# %% [markdown]
# ## Exercise 4 · From distances to a label  `[18 points · ●●○ · 20 min]`
#
# The nearest neighbour decides ($k = 1$), or the nearest $k$ vote, and the **majority** wins. One wrong neighbour is then outvoted:
# a larger $k$ trades detail for calm.
#
# When classes are tied, the **smaller label** wins. (Any fixed rule would do; without one, two correct programs could disagree.)
#
# <details><summary>Hint</summary>
#
# `np.argsort(row)[:k]` are the indices of the k smallest numbers. `np.bincount(labels)` counts how often each label occurs, and `argmax`
# returns the *first* of equal maxima.
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_labels(dists, y_train, k=1):
    """Predict the label of each query by a vote of its k nearest training examples.

    Parameters
    ----------
    dists : (M, N) distances of M queries to N training examples
    y_train : (N,) labels, integers from 0
    k : number of neighbours that vote, 1 <= k <= N

    Returns
    -------
    y_pred : (M,) integers; a tie goes to the smaller label
    """
    ### BEGIN SOLUTION
    nearest = np.argsort(dists, axis=1)[:, :k]
    return np.array([np.bincount(votes).argmax() for votes in y_train[nearest]])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict_labels_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: two queries. From near to far, the first meets the labels 3, 0, 0, 1, 0, the second 1, 0, 1, 0, 0.
dists = np.array([[5.0, 1.0, 4.0, 2.0, 3.0], [3.0, 6.0, 1.0, 4.0, 2.0]])
labels = np.array([0, 3, 1, 0, 0])
checks.equal(
    predict_labels(dists, labels, k=1),
    [3, 1],
    "k = 1: the nearest decides",
    hint="look the label up: y_train[index of the smallest distance]",
)
checks.equal(
    predict_labels(dists, labels, k=3),
    [0, 0],
    "k = 3: the majority",
    hint="the most frequent label among the k nearest",
)
line = np.array([[3.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0]])
checks.equal(
    predict_labels(line, np.array([2, 9, 9, 5, 4, 0, 0]), k=5),
    [9],
    "k = 5: the labels 9, 9, 2, 5 and 4",
    hint="a label is a name: count how often each occurs, and take no mean of them",
)

# %% nbgrader={"grade": true, "grade_id": "predict_labels_hidden", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: many queries, many k.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(4)
for m, n, classes, k in [(9, 30, 4, 1), (30, 9, 3, 5), (12, 12, 5, 4), (20, 40, 10, 8)]:
    # each row a shuffle of 0 .. n - 1: no two distances are equal, so the k nearest are known
    rows = [rng.permutation(n) for _ in range(20 * m)]
    labels = rng.integers(classes, size=n)
    votes = np.array([np.bincount(labels[row < k], minlength=classes) for row in rows])
    clear = np.flatnonzero((votes == votes.max(axis=1, keepdims=True)).sum(axis=1) == 1)[:m]  # no ties here
    dists, expected = np.array(rows)[clear].astype(float), votes[clear].argmax(axis=1)
    found = predict_labels(dists, labels, k=k)
    checks.shape(found, expected.shape, f"{len(clear)} queries, one label each")
    checks.equal(
        found,
        expected,
        f"{len(clear)} queries, {n} examples, {classes} classes, k = {k}",
        hint="the majority of the k nearest",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "predict_labels_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: ties, and the caller's distances. From near to far the labels are 2, 0, 0, 2, and at last 1.
dists, labels = np.array([[4.0, 1.0, 2.0, 5.0, 3.0]]), np.array([2, 2, 0, 1, 0])
dists_before, labels_before = dists.copy(), labels.copy()
checks.equal(predict_labels(dists, labels, k=3), [0], "k = 3: two zeros against one 2")
checks.unchanged(
    dists, dists_before, "dists", hint="np.sort returns a sorted copy; dists.sort() sorts in place"
)
checks.equal(
    predict_labels(dists, labels, k=4),
    [0],
    "k = 4: 2 and 0 are tied, the smaller wins",
    hint="a tie goes to the smaller label, not to the nearest or the first that was counted",
)
checks.unchanged(labels, labels_before, "y_train")
checks.equal(predict_labels(dists, labels), [2], "k is 1 when not given")

# %% nbgrader={"grade": true, "grade_id": "predict_labels_hidden_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, all k, gaps between labels, one query, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.stats import mode

rng = np.random.default_rng(14)
for m, n, classes, k in [
    (9, 30, 4, 1),
    (12, 12, 5, 4),
    (1, 7, 2, 7),
    (20, 40, 10, 8),
]:  # an ordinary case first
    rows = [rng.permutation(n) for _ in range(m)]
    dists, labels = np.array(rows).astype(float), rng.integers(classes, size=n)
    dists_before, labels_before = dists.copy(), labels.copy()
    expected = mode([labels[row < k] for row in rows], axis=1).mode
    checks.equal(
        predict_labels(dists, labels, k=k),
        expected,
        f"{m} queries, {n} examples, {classes} classes, k = {k}",
        hint="a majority of the k nearest, ties to the smaller label",
    )
    checks.unchanged(dists, dists_before, "dists")
    checks.unchanged(labels, labels_before, "y_train")
# ties: here the nearest, the first in the list and the last seen are all the wrong one to choose
checks.equal(
    predict_labels(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([7, 2, 2, 7]), k=4),
    [2],
    "labels 7, 2, 2, 7: two each, the smaller wins",
    hint="a tie goes to the smaller label, not to the nearest",
)
checks.equal(
    predict_labels(np.array([[1.0, 2.0, 3.0]]), np.array([9, 5, 7]), k=3),
    [5],
    "three labels once each",
    hint="a tie goes to the smaller label",
)
# a label is a name: it may be large, and names in between may be missing
checks.equal(
    predict_labels(np.array([[3.0, 1.0, 2.0]]), np.array([4, 250, 250]), k=2), [250], "a large label"
)
checks.equal(
    predict_labels(np.array([[0.0, 9.0]]), np.array([6, 1])),
    [6],
    "k is 1 when not given",
    hint="a distance of 0 counts: the picture itself",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Six test pictures and their nearest neighbours. The background is often right where the thing is wrong: the
# distance sums over *all* pixels, and most pixels are background.

# %% tags=["explore"]
dists = compute_distances_no_loops(X_test, X_train)
queries = [int(np.flatnonzero(y_test == label)[1]) for label in range(6)]
nearest = np.argsort(dists[queries], axis=1)[:, :8]
plotting.show_neighbours(
    data.X_test[queries], y_test[queries], data.X_train, y_train, nearest, data.class_names
)
plt.show()
for k in (1, 15):
    print(
        f"accuracy with k = {k:2}: {np.mean(predict_labels(dists, y_train, k) == y_test):.1%} (chance: 10%)"
    )

# %% [markdown]
# **Why pixels are poor features.** Here is one picture changed four times, with the distance to the original above each. To your eye three
# of the four are the same picture. To the distance, the picture of *something else* is closer than two of these three.

# %% tags=["explore"]
original = data.X_test[queries[1]].astype(float)
shifted = np.roll(original, (3, 3), axis=(0, 1))
darker = original * 0.6
mirrored = original[:, ::-1]
others = np.flatnonzero(y_train != y_test[queries[1]])
stranger = data.X_train[others[np.argmin(dists[queries[1], others])]].astype(float)
changed = {
    "original": original,
    "shifted by 3": shifted,
    "darker": darker,
    "mirrored": mirrored,
    "something else": stranger,
}
titles = [f"{name}\n{np.sqrt(np.sum((picture - original) ** 2)):.0f}" for name, picture in changed.items()]
plotting.show_grid(
    [p.astype(np.uint8) for p in changed.values()],
    titles,
    size=1.25,
    title="The number is the distance to the original",
)
plt.show()

# %% [markdown]
# ## Exercise 5 · Cross-validation  `[20 points · ●●● · 30 min]`
#
# Which $k$ is best? $k$ is a **hyper-parameter**: not learned from the data but chosen by us. On the training pictures $k = 1$ is never
# wrong, since every picture is its own neighbour; and choosing on the test set would spoil the one honest number that we have.
#
# **Cross-validation** uses every training example for both. Cut the training set into `num_folds` parts, the **folds**. Each fold in turn is kept
# aside, the others serve as the training set, and the accuracy on the one kept aside is noted: the share of its examples that were labelled
# right. Every example is validated **exactly once**, by a classifier that has not seen it.
#
# Return a dict with a key for each $k$; its value is a list of `num_folds` accuracies. Use `compute_distances_no_loops` and
# `predict_labels`. Folds are as equal as they can be: 23 examples in 5 folds are 5, 5, 5, 4 and 4, and none is left out. The
# order of the examples is random already; shuffling is not needed.
#
# <details><summary>Hint</summary>
#
# `np.array_split(np.arange(len(X)), num_folds)` gives the indices of each fold, also when they do not divide evenly. `np.delete(X, indices,
# axis=0)` is everything else. Distances do not depend on k: compute them once per fold.
# </details>


# %% nbgrader={"grade": false, "grade_id": "cross_validate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_validate(X, y, k_choices, num_folds=5):
    """Validate a k-nearest-neighbour classifier on each fold in turn, for several k.

    Parameters
    ----------
    X : (N, D) examples
    y : (N,) labels, integers from 0
    k_choices : list of k to try
    num_folds : number of folds, 2 <= num_folds <= N

    Returns
    -------
    k_to_accuracies : dict k -> list of num_folds accuracies between 0 and 1
    """
    ### BEGIN SOLUTION
    k_to_accuracies = {k: [] for k in k_choices}
    for fold in np.array_split(np.arange(len(X)), num_folds):
        dists = compute_distances_no_loops(X[fold], np.delete(X, fold, axis=0))
        for k in k_choices:
            predicted = predict_labels(dists, np.delete(y, fold), k)
            k_to_accuracies[k].append(np.mean(predicted == y[fold]))
    return k_to_accuracies
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_validate_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: two clouds of points, far apart. Whatever the folds, every neighbour has the right label.
rng = np.random.default_rng(0)
labels = rng.permutation(np.repeat([0, 1], [12, 8]))
points = rng.normal(size=(20, 2)) + 100 * labels[:, None]
accuracies = cross_validate(points, labels, [1, 3], num_folds=4)
checks.equal(sorted(accuracies), [1, 3], "a key for each k", hint="return a dict k -> list of accuracies")
checks.shape(
    accuracies[1],
    (4,),
    "an accuracy for each of 4 folds",
    hint="append one number per fold, and return the lists",
)
checks.shape(accuracies[3], (4,), "and for k = 3 too")
checks.close(
    accuracies[1],
    [1, 1, 1, 1],
    "accuracies of two clouds far apart",
    hint="the share that is right: np.mean(predicted == actual)",
)
# Twenty points with twenty different labels: nobody else has the right label, so an honest validation finds none.
lonely = cross_validate(points, np.arange(20), [1], num_folds=4)
checks.close(
    lonely[1],
    [0, 0, 0, 0],
    "no point may vote for itself",
    hint="leave the fold out of the training examples",
)
# With 19 neighbours voting, the cloud of 12 outvotes the cloud of 8 everywhere.
outvoted = cross_validate(points, labels, [19], num_folds=20)
checks.close(
    np.mean(outvoted[19]),
    12 / 20,
    "k = 19: the smaller cloud is outvoted",
    hint="pass k on to predict_labels",
)

# %% nbgrader={"grade": true, "grade_id": "cross_validate_hidden", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: leaving one out, several k.
### BEGIN HIDDEN TESTS
from scipy.spatial.distance import cdist

rng = np.random.default_rng(5)
# one example per fold ("leave one out"): there is only one way to cut, so the accuracies are known, up to their order
points, labels = rng.normal(size=(31, 4)), rng.integers(3, size=31)
apart = cdist(points, points) + np.diag(np.full(31, np.inf))
right = np.sum(labels[apart.argmin(axis=1)] == labels)
found = cross_validate(points, labels, [1], num_folds=31)
checks.shape(found[1], (31,), "an accuracy for each of 31 folds")
checks.close(
    np.sum(found[1]),
    right,
    "leave one out: how many of 31 are right",
    hint="train on all folds but one, validate on that one",
)
# a larger k uses more neighbours: with 12 of one label and 8 of the other far away, k = 15 lets the many outvote the few
labels = rng.permutation(np.repeat([0, 1], [12, 8]))
points = 100 * labels[:, None] + rng.normal(size=(20, 3))
found = cross_validate(points.copy(), labels.copy(), [1, 15], num_folds=20)
checks.close(np.mean(found[1]), 1.0, "k = 1 on two clouds")
checks.close(
    np.mean(found[15]),
    12 / 20,
    "k = 15 on clouds of 12 and 8: the smaller cloud is outvoted",
    hint="pass k on to predict_labels",
)
# folds of four: one accuracy per fold, each of them a number of quarters
found = cross_validate(points.copy(), rng.permutation(labels), [1], num_folds=5)
checks.shape(found[1], (5,), "20 examples in 5 folds: five accuracies")
checks.holds(max(found[1]) <= 1, "no accuracy above 1", hint="the share of the fold that is right")
checks.close(
    np.array(found[1]) * 4, np.round(np.array(found[1]) * 4), "each a share of its four examples", atol=1e-9
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "cross_validate_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the caller's arrays and list stay as they are; and nobody is left out when folds do not divide evenly.
rng = np.random.default_rng(1)
points, labels, k_choices = np.arange(40.0).reshape(20, 2), np.repeat([0, 1], 10), [3, 1]
points[10:] += 1000
before = points.copy(), labels.copy()
accuracies = cross_validate(points, labels, k_choices, num_folds=10)
checks.close(np.mean(accuracies[1]), 1.0, "k = 1 on two clouds, ten folds")
checks.unchanged(points, before[0], "X", hint="shuffle indices, or a copy")
checks.unchanged(labels, before[1], "y", hint="shuffle indices, or a copy")
checks.equal(k_choices, [3, 1], "k_choices stays as it is")
# 23 points, two clouds; the last point, and it alone, has the wrong label: its fold must show it
for odd in (22,):
    labels = rng.permutation(np.arange(23) % 2)
    points = rng.normal(size=(23, 3)) + 50 * labels[:, None]
    labels[odd] = 1 - labels[odd]
    found = cross_validate(points, labels, [3], num_folds=5)
    checks.shape(found[3], (5,), "23 examples: five accuracies")
    checks.holds(
        min(found[3]) < 0.9,
        f"23 examples: number {odd} is validated too",
        hint="np.array_split leaves nobody out",
    )
    checks.holds(
        np.mean(found[3]) > 0.9,
        "23 examples: the others are right",
        f"mean accuracy {np.mean(found[3]):.3f}",
        hint="an accuracy is a share, between 0 and 1",
    )
checks.shape(cross_validate(points, labels, [1])[1], (5,), "num_folds is 5 when not given")

# %% nbgrader={"grade": true, "grade_id": "cross_validate_hidden_2", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: folds that do not divide evenly, each example once, the defaults.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(15)
labels = rng.permutation(np.repeat([0, 1], [12, 8]))
points = 100 * labels[:, None] + rng.normal(size=(20, 3))
before, k_choices = (points.copy(), labels.copy()), [15, 1]
found = cross_validate(points, labels, k_choices, num_folds=20)  # an ordinary case first
checks.close([np.mean(found[1]), np.mean(found[15])], [1, 12 / 20], "clouds of 12 and 8, k = 1 and 15")
checks.unchanged(points, before[0], "X")
checks.unchanged(labels, before[1], "y")
checks.equal(k_choices, [15, 1], "k_choices stays as it is")
lonely = cross_validate(points, np.arange(20), [1], num_folds=4)
checks.close(lonely[1], np.zeros(4), "no point may vote for itself")
# 23 examples in 5 folds: whichever example is the odd one out, its fold must show it
for odd in (0, 11, 22):
    labels = rng.permutation(np.arange(23) % 2)
    points = rng.normal(size=(23, 3)) + 50 * labels[:, None]
    labels[odd] = 1 - labels[odd]
    found = cross_validate(points, labels, [3], num_folds=5)
    checks.shape(found[3], (5,), "23 examples: five accuracies")
    checks.holds(
        min(found[3]) < 0.9,
        f"23 examples: number {odd} is validated too",
        hint="np.array_split leaves nobody out",
    )
    checks.holds(
        np.mean(found[3]) > 0.9,
        "23 examples: the others are right",
        f"mean accuracy {np.mean(found[3]):.3f}",
        hint="an accuracy is a share, between 0 and 1",
    )
checks.shape(cross_validate(points, labels, [1])[1], (5,), "num_folds is 5 when not given")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6 · Choosing k  `[6 points · ●○○ · 5 min]`
#
# The best $k$ has the highest **mean** accuracy over the folds, not the luckiest single fold. When two are equal, take the smaller $k$: the simpler
# choice that does as well.
#
# <details><summary>Hint</summary>
#
# Go through the k in ascending order and keep the best so far; a later one replaces it only when it is *strictly* better.
# </details>


# %% nbgrader={"grade": false, "grade_id": "choose_k", "locked": false, "schema_version": 3, "solution": true, "task": false}
def choose_k(k_to_accuracies):
    """Choose the k with the best mean accuracy.

    Parameters
    ----------
    k_to_accuracies : dict k -> list of accuracies, in any order of the keys

    Returns
    -------
    k : int; the smallest of equally good ones
    """
    ### BEGIN SOLUTION
    return max(sorted(k_to_accuracies), key=lambda k: np.mean(k_to_accuracies[k]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "choose_k_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: k = 1 has the best single fold, k = 5 the best mean; then k = 3 has the best median, and k = 2 the best mean.
checks.equal(
    choose_k({1: [0.9, 0.1], 5: [0.6, 0.5], 20: [0.3, 0.4]}),
    5,
    "the best mean of two folds",
    hint="compare means, and return k rather than its accuracy",
)
checks.equal(
    choose_k({1: [0.9, 0.2, 0.2], 2: [0.5, 0.5, 0.5], 3: [0.1, 0.6, 0.6]}),
    2,
    "the best mean of three folds",
    hint="not the best fold, not the best median",
)

# %% nbgrader={"grade": true, "grade_id": "choose_k_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other accuracies.
### BEGIN HIDDEN TESTS
checks.equal(choose_k({100: [0.2] * 4, 7: [0.1] * 4}), 100, "a large k may be the best")
checks.equal(choose_k({3: [0.1, 0.2, 0.9], 8: [0.5, 0.5, 0.5], 9: [0.1, 0.2, 0.3]}), 8, "the best mean")
checks.equal(
    choose_k({1: [0.9, 0.2, 0.2], 2: [0.5, 0.5, 0.5], 3: [0.1, 0.6, 0.6]}),
    2,
    "not the best fold, not the best median",
)
checks.equal(
    choose_k({4: [0.6, 0.0, 0.0], 5: [0.5, 0.5, 0.1], 6: [0.4, 0.4, 0.4]}), 6, "not the most frequent winner"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "choose_k_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: of three equal means the smallest k, whatever the order of the keys; the dict stays as it is.
tied = {8: [0.25, 0.75], 3: [0.5, 0.5], 12: [0.75, 0.25], 40: [0.25, 0.25]}
checks.equal(choose_k(tied), 3, "8, 3 and 12 are tied", hint="go through the k in ascending order")
checks.equal(list(tied), [8, 3, 12, 40], "the dict stays as it is")
checks.equal(
    choose_k({2: [0.4, 0.4, 0.4], 9: [0.5, 0.5]}),
    9,
    "a mean, not a sum",
    hint="the lists may differ in length",
)

# %% nbgrader={"grade": true, "grade_id": "choose_k_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, keys in any order.
### BEGIN HIDDEN TESTS
checks.equal(choose_k({2: [0.5, 0.5, 0.5], 1: [0.9, 0.2, 0.2], 3: [0.1, 0.6, 0.6]}), 2, "the best mean")
# sums of binary fractions: the means are exactly equal
tied = {8: [0.25, 0.75], 3: [0.5, 0.5], 12: [0.75, 0.25], 40: [0.25, 0.25]}
checks.equal(
    choose_k(tied), 3, "of three equal means, the smallest k", hint="go through the k in ascending order"
)
checks.equal(choose_k({3: [0.5, 0.5], 8: [0.25, 0.75]}), 3, "the smaller k first")
checks.equal(choose_k({4: [0.0, 0.0]}), 4, "one candidate, never right")
checks.equal(choose_k({7: [0.3] * 5, 11: [0.4] * 3}), 11, "lists of different lengths: a mean, not a sum")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Cross-validation on 3000 training pictures, for ten values of $k$ (under half a minute).

# %% tags=["explore"]
k_choices = [1, 3, 5, 8, 12, 15, 20, 30, 50, 100]
k_to_accuracies = cross_validate(X_train[:3000], y_train[:3000], k_choices)
best_k = choose_k(k_to_accuracies)
plotting.show_accuracy_over_k(k_to_accuracies, chosen=best_k)
plt.show()

# %% [markdown]
# Around its best the curve is flat, and the folds scatter by more than neighbouring $k$ differ: anything in that range would do. Look at the error bars
# before you read anything into the two ends. What to expect there: with $k = 1$ a single odd neighbour decides, and with a very large $k$ the vote
# drowns what is near in what is merely common.
#
# ## The test set, once
#
# Everything is chosen. Now, and only now, comes the test set.

# %% tags=["explore"]
dists = compute_distances_no_loops(X_test, X_train)
y_pred = predict_labels(dists, y_train, best_k)
print(f"k = {best_k}: test accuracy {np.mean(y_pred == y_test):.1%} on {len(y_test)} pictures (chance: 10%)")

confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (y_test, y_pred), 1)
plotting.show_confusion(confusion, data.class_names)
plt.show()

# %% [markdown]
# Read the confusion matrix by rows. Which classes are taken for each other, and what do they share? (Look at their backgrounds again.)

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_test_last", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# ### Question · Why the test set is for the last  `[5 points]`
#
# A friend tries a hundred values of $k$, takes the one with the highest accuracy **on the test set**, and reports that accuracy. What is wrong with
# the number, in which direction, and why does it get worse the more values are tried? What should your friend have done?
#
# ### BEGIN SOLUTION
# The number is too high. A test accuracy is an estimate with an error of its own: of a hundred of them, the highest is the one whose error was the
# luckiest, so taking the maximum picks luck along with merit. The more values are tried, the larger the luck of the luckiest. The test set has become
# a part of the training, and nothing is left to say how the classifier does on pictures that nobody has used. The choice belongs on
# validation data (a validation set, or cross-validation); the test set is used once, for the one classifier that was chosen.
# ### END SOLUTION

# %% [markdown]
# ## What you take with you
#
# - A nearest-neighbour classifier needs no training and pays for it at test time: every query looks at every example.
# - One matrix product in place of two loops: the same numbers, tens to hundreds of times as fast. The rest of the course lives on this.
# - Hyper-parameters are chosen on validation folds. The test set is used once.
# - Distances between pixels measure background and light as much as content. Better **features** are needed, and the next
#   notebook begins to learn them: one template for each class, found by minimising a loss.
