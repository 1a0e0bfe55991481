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
# # 7 · Convolutional networks
#
# So far a picture was a row of 3072 numbers. Had we shuffled the pixels, the same way in every picture, no classifier of the notebooks so far would have
# noticed (the crops and flips of `06-dropout` would have). A **convolutional network** does notice. It looks through small windows, with the same weights at every place, because what makes an edge in one
# corner makes an edge in the other. In this notebook you build one from nothing but NumPy: first so that it is plainly right, then so that
# it is fast, and then you count where its memory and its time go.
#
# | exercise | | points |
# |---|---|---|
# | 1 | How large is the output? | 3 |
# | 2 | Convolution, forward | 8 |
# | 3 | Convolution, backward | 8 |
# | 4 | Max pooling, forward | 4 |
# | 5 | Max pooling, backward | 5 |
# | 6 | From pictures to columns: `im2col`, `col2im` | 9 |
# | 7 | Fast convolution | 10 |
# | 8 | Fast pooling | 6 |
# | 9 | Spatial batch normalisation | 7 |
# | 10 | Group normalisation | 8 |
# | 11 | The arithmetic of an architecture | 10 |
# | 12 | Inception and the bottleneck | 4 |
# | 13 | The residual block | 5 |
# | 14 | `ThreeLayerConvNet` | 7 |
# | | Two written questions | 6 |
#
# **How to work.** Run the cells from top to bottom, fill in the stubs, run the check under each. More tests run when the notebook is
# graded; the text says all that they ask for. Five to six hours; exercises 1 to 5 make a good first evening, 6 to 10 a second.
#
# **Conventions.** Pictures are arrays of shape $(N, C, H, W)$: $N$ pictures, $C$ channels, height, width. Filters are $(F, C, HH, WW)$. A forward function
# returns `(out, cache)`; its backward function takes `(dout, cache)`, where `dout` is the gradient of the loss by `out`, and returns the gradients
# by the inputs. What the cache holds is your choice, but it must survive: the backward function may be called twice with the same one. Inputs, `dout` included,
# are never changed in place.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import math
import time

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import checks, gradcheck, plotting
from cs231n_kit.data import load_picturebook
from cs231n_kit.notebooks import load_functions
from cs231n_kit.solver import Solver

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# Your own functions from earlier notebooks. (If one of them is not finished, the message says which. When this notebook is graded, the course's own
# versions are used, so that an old mistake does not cost points twice.)

# %% nbgrader={"grade": false, "grade_id": "earlier", "locked": true, "schema_version": 3, "solution": false, "task": false}
affine_forward, affine_backward, relu_forward, relu_backward, softmax_loss = load_functions(
    "03-backprop", "affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss"
)
batchnorm_forward, batchnorm_backward = load_functions(
    "04-training-dynamics", "batchnorm_forward", "batchnorm_backward_alt"
)

# %% [markdown]
# ## Exercise 1 · How large is the output?  `[3 points · ●○○ · 5 min]`
#
# A window of length $K$ slides along a line of $S$ pixels. It starts at one end and moves by `stride` pixels at a time, as long as it lies inside. Before that,
# the line is made longer by `pad` zeros **at each end**. How many places does the window visit?
#
# $$\text{places} = \left\lfloor \frac{S + 2\,\text{pad} - K}{\text{stride}} \right\rfloor + 1$$
#
# When the stride does not divide evenly, the last few pixels are left out: round down. When the window is longer than the padded line it visits no place at all;
# that is a mistake in the architecture, so raise a `ValueError` with a message that you would like to read yourself. Return a Python `int`.
#
# <details><summary>Hint</summary>
#
# `//` divides integers and rounds down.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_output_size(size, field, stride=1, pad=0):
    """Number of places that a sliding window visits along one direction.

    Parameters
    ----------
    size : pixels along that direction
    field : length of the window
    stride : pixels from one place to the next
    pad : zeros at each end

    Returns
    -------
    int

    Raises
    ------
    ValueError : when the window is longer than the padded input
    """
    ### BEGIN SOLUTION
    if field > size + 2 * pad:
        raise ValueError(f"a window of {field} does not fit into {size} pixels with {pad} zeros at each end")
    return (size + 2 * pad - field) // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_output_size_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: six 5x5 filters make 28 x 28 x 6 of 32 x 32 x 3. The chain of sizes in AlexNet, where each
# number is the input of the next layer. And sizes that do not divide: what is left over is not seen.
checks.equal(
    conv_output_size(32, 5),
    28,
    "a 5x5 filter on 32 pixels",
    hint="the first window starts at 0, the last at 27",
)
sizes = [227]
for field, stride, pad in [
    (11, 4, 0),
    (3, 2, 0),
    (5, 1, 2),
    (3, 2, 0),
    (3, 1, 1),
    (3, 1, 1),
    (3, 1, 1),
    (3, 2, 0),
]:
    sizes.append(conv_output_size(sizes[-1], field, stride, pad))
checks.equal(
    sizes,
    [227, 55, 27, 27, 13, 13, 13, 13, 6],
    "AlexNet, from the picture to the last pooling layer",
    hint="add the padding twice, divide rounding down, then add 1",
)
for size, field, stride, pad, places in [
    (8, 3, 2, 0, 3),
    (9, 4, 3, 2, 4),
    (10, 2, 5, 0, 2),
    (12, 3, 4, 1, 3),
]:
    checks.equal(
        conv_output_size(size, field, stride, pad),
        places,
        f"window {field}, stride {stride}, pad {pad} on {size} pixels",
        hint="the last window must fit: round down, with //",
    )

# %% nbgrader={"grade": true, "grade_id": "conv_output_size_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: a whole number, windows that just fit, and windows that do not.
checks.equal(
    type(conv_output_size(7, 3, 2, 1)).__name__, "int", "the type of the answer", hint="use // in place of /"
)
checks.equal(
    conv_output_size(3, 7, 2, 2), 1, "a window of 7 just fits into 3 pixels with 2 zeros at each end"
)
for size, field, pad in [(5, 6, 0), (3, 8, 2), (9, 12, 1)]:
    checks.raises(
        ValueError,
        conv_output_size,
        size,
        field,
        1,
        pad,
        what=f"a window of {field} does not fit into {size} pixels with {pad} zeros at each end: ValueError",
        hint="compare field with size + 2 * pad",
    )

# %% nbgrader={"grade": true, "grade_id": "conv_output_size_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other windows, strides and pads.
### BEGIN HIDDEN TESTS
for size in range(5, 20):  # against counting the places one by one
    for field, stride, pad in [(1, 1, 0), (3, 2, 0), (3, 2, 1), (4, 3, 1), (5, 4, 2), (2, 5, 0)]:
        checks.equal(
            conv_output_size(size, field, stride, pad),
            len(range(0, size + 2 * pad - field + 1, stride)),
            f"window {field}, stride {stride}, pad {pad} on {size} pixels",
            hint="pad counts at both ends; round down, then add 1",
        )
checks.equal(conv_output_size(7, 3, stride=2), 3, "pad is 0 when not given")
checks.equal(conv_output_size(7, 3, pad=1), 7, "stride is 1 when not given")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "conv_output_size_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: windows that just fit, windows that do not, the type.
### BEGIN HIDDEN TESTS
for size in range(1, 7):
    for field, stride, pad in [(1, 1, 0), (3, 2, 0), (3, 2, 1), (4, 3, 1), (5, 4, 2), (2, 5, 0), (7, 1, 2)]:
        count = len(range(0, size + 2 * pad - field + 1, stride))
        what = f"window {field}, stride {stride}, pad {pad} on {size} pixels"
        if count:
            checks.equal(conv_output_size(size, field, stride, pad), count, what)
            checks.equal(type(conv_output_size(size, field, stride, pad)).__name__, "int", f"{what}: an int")
        else:
            checks.raises(
                ValueError,
                conv_output_size,
                size,
                field,
                stride,
                pad,
                what=what + ": does not fit",
                hint="compare field with size + 2 * pad",
            )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2 · Convolution, forward  `[8 points · ●●○ · 30 min]`
#
# A filter is a small picture of what to look for, of the same depth as its input. Lay it over a window of the input, multiply number by number, add everything up, and
# add the filter's bias: one output number, large where the window looks like the filter. Then move the window and do it again.
#
# $$\text{out}_{n, f, i, j} = b_f + \sum_{c} \sum_{p} \sum_{q} w_{f, c, p, q} \; \tilde x_{n,\, c,\; i \cdot \text{stride} + p,\; j \cdot \text{stride} + q}$$
#
# where $\tilde x$ is $x$ with a frame of `pad` zeros around each channel. The filter is *not* flipped, which mathematicians would call correlation; networks
# learn their filters, so nobody cares which way round they are.
#
# The output has a channel for each filter: $(N, F, H', W')$, with $H'$ and $W'$ from `conv_output_size`. Use as many loops as you like. Speed comes later; for now, make it plainly right. Also
# with `pad` 0, on one picture, with a stride of 2 on pictures that are not square, with filters that are not square. Pictures may hold integers; the output holds floats.
#
# <details><summary>Hint 1</summary>
#
# `np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))` pads the last two axes only.
# </details>
# <details><summary>Hint 2</summary>
#
# Four loops: over pictures n, filters f, rows i and columns j of the *output*. The window starts at `i * stride`, `j * stride` of the padded picture and has the shape `w[f]`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_forward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_forward_naive(x, w, b, conv_param):
    """Forward pass of a convolution layer, window by window.

    Parameters
    ----------
    x : (N, C, H, W) pictures
    w : (F, C, HH, WW) filters
    b : (F,) biases
    conv_param : dict with "stride", pixels between neighbouring windows, and "pad", zeros on each side

    Returns
    -------
    out : (N, F, H', W')
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)))
    for n, f, i, j in np.ndindex(out.shape):
        window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, conv_param)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_forward_naive_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: a filter that subtracts the right neighbour's column from the left one's finds the two vertical
# edges of a bright bar. By hand, each row:
bar = np.array([[0.0, 300.0, 300.0, 0.0]] * 5).reshape(1, 1, 5, 4)
vertical = np.array([[1.0, -1.0]]).reshape(1, 1, 1, 2)
out, _ = checks.unpack(
    conv_forward_naive(bar.copy(), vertical.copy(), np.zeros(1), {"stride": 1, "pad": 0}),
    "out",
    "cache",
    what="conv_forward_naive",
)
checks.shape(
    out,
    (1, 1, 5, 3),
    "a filter of 1 x 2 on 5 x 4 pixels",
    hint="HH and WW differ here: rows go with HH, columns with WW",
)
checks.close(
    out[0, 0],
    [[-300, 0, 300]] * 5,
    "left edge, nothing, right edge",
    hint="the filter is not flipped; the window is HH rows high and WW columns wide",
)
out, _ = conv_forward_naive(
    np.ones((1, 1, 5, 7)), np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 2, "pad": 1}
)
checks.close(
    out[0, 0],
    [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]],
    "zeros all around, stride 2",
    hint="the window starts at i * stride; in the corner four ones are under the filter, at a side six",
)
# Two pictures of two channels under three filters: whole numbers, which we have computed with SciPy.
x = (np.arange(2 * 2 * 5 * 7) * 7 % 11 - 5.0).reshape(2, 2, 5, 7)
w = (np.arange(3 * 2 * 3 * 3) * 5 % 7 - 3.0).reshape(3, 2, 3, 3)
out, _ = conv_forward_naive(x, w, np.array([10.0, 20.0, 30.0]), {"stride": 2, "pad": 1})
checks.close(
    out,
    [
        [
            [[-22, 5, 7, 46], [5, 42, -11, 35], [5, 32, 29, 10]],
            [[25, 13, -23, 39], [37, 15, 15, 37], [39, -23, 13, 25]],
            [[30, 49, 52, 25], [55, 9, 62, 25], [66, 27, 25, -2]],
        ],
        [
            [[15, 53, 0, -15], [-6, 35, -51, 22], [34, -7, 1, 31]],
            [[-12, 62, -18, 27], [27, 48, 26, 36], [29, 16, 63, 18]],
            [[31, 22, -8, 62], [46, 5, 47, 36], [17, -10, 76, 5]],
        ],
    ],
    "two pictures, two channels, three filters",
    hint="sum over the window and all channels of the picture n, for each filter f; add b[f] once",
)

# %% nbgrader={"grade": true, "grade_id": "conv_forward_naive_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: sizes that do not divide, pictures of integers, everything left as it is.
x, w, b = np.arange(24).reshape(1, 1, 6, 4), np.array([[[[0.5, 0.0, 1.0]]]]), np.array([0.25])
before, param = (x.copy(), w.copy(), b.copy()), {"stride": 2, "pad": 0}
out, _ = checks.unpack(conv_forward_naive(x, w, b, param), "out", "cache", what="conv_forward_naive")
checks.close(
    out[0, 0],
    [[2.25], [14.25], [26.25]],
    "6 x 4 integers, stride 2: what is left over is not seen",
    hint="conv_output_size rounds down; an array made like x would round the output: make it of floats",
)
for value, old, name in zip((x, w, b), before, "xwb", strict=True):
    checks.unchanged(value, old, name)
checks.equal(param, {"stride": 2, "pad": 0}, "conv_param is left as it was")

# %% nbgrader={"grade": true, "grade_id": "conv_forward_naive_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: pad 0 to 2, strides on rectangles, filters that are not
# square.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(71)
for N, C, H, W, F, HH, WW, stride, pad in [
    (2, 3, 6, 7, 4, 3, 3, 1, 1),  # the ordinary case, but not square
    (3, 2, 7, 5, 2, 3, 3, 1, 0),  # pad 0: a slice 0:-0 is empty
    (2, 2, 5, 6, 3, 3, 3, 1, 2),  # more padding than the filter's middle needs
    (2, 3, 9, 5, 2, 3, 3, 2, 1),  # stride 2 on a rectangle
    (2, 2, 8, 6, 3, 4, 2, 2, 0),  # a filter that is not square
    (2, 5, 4, 3, 2, 1, 1, 1, 0),  # 1x1
]:
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    found = conv_forward_naive(x.copy(), w.copy(), b.copy(), {"stride": stride, "pad": pad})
    out, _ = checks.unpack(found, "out", "cache", what="conv_forward_naive")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    expected = np.stack(
        [[correlate(p, f, mode="valid", method="direct")[0, ::stride, ::stride] for f in w] for p in padded]
    )
    checks.close(
        out,
        expected + b[:, None, None],
        f"{H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad}",
        hint="H' and H belong to HH, W' and W to WW; the window starts at i * stride",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "conv_forward_naive_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: sizes that do not divide, one picture, one channel, one
# place, integers, float32, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(72)
for N, C, H, W, F, HH, WW, stride, pad in [
    (1, 2, 8, 5, 3, 3, 2, 2, 0),  # stride 2 that does not divide evenly; a batch of one
    (2, 1, 4, 9, 1, 2, 5, 3, 2),  # one channel, one filter
    (1, 4, 3, 3, 5, 3, 3, 1, 0),  # the filter covers the picture: one number for each filter
]:
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    before, param = (x.copy(), w.copy(), b.copy()), {"stride": stride, "pad": pad}
    out, _ = checks.unpack(conv_forward_naive(x, w, b, param), "out", "cache", what="conv_forward_naive")
    for value, old, name in zip((x, w, b), before, ("x", "w", "b"), strict=True):
        checks.unchanged(value, old, name)
    checks.equal(param, {"stride": stride, "pad": pad}, "conv_param is left as it was")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    expected = np.stack(
        [[correlate(p, f, mode="valid", method="direct")[0, ::stride, ::stride] for f in w] for p in padded]
    )
    what = f"{H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad}"
    checks.close(out, expected + b[:, None, None], what, hint="what is left over is not seen")
    out32, _ = checks.unpack(
        conv_forward_naive(x.astype(np.float32), w.astype(np.float32), b.astype(np.float32), param),
        "out",
        "cache",
        what="conv_forward_naive",
    )
    checks.close(out32, expected + b[:, None, None], f"{what}, float32", rtol=1e-4, atol=1e-5)
whole, _ = checks.unpack(
    conv_forward_naive(
        np.arange(16).reshape(1, 1, 4, 4),
        np.full((1, 1, 1, 1), 0.5),
        np.array([0.25]),
        {"stride": 1, "pad": 0},
    ),
    "out",
    "cache",
    what="conv_forward_naive",
)
checks.close(
    whole.ravel(),
    np.arange(16) * 0.5 + 0.25,
    "pictures of integers",
    hint="an array made like x would round the output: make it of floats",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Above, the bar of the check, with numbers. Below, four filters that people wrote by hand long before networks learned their own. A filter has a layer for each colour channel: in the
# first three they are alike, the last one takes blue away from red. Which of them would you expect to find again inside a trained network?

# %% tags=["explore"]
bar_out = conv_forward_naive(bar, vertical, np.zeros(1), {"stride": 1, "pad": 0})[0]
plotting.show_filtering(bar[0, 0], vertical[0, 0], bar_out[0, 0])
plt.show()

# %% tags=["explore"]
book = load_picturebook(num_train=5000, num_val=1000, num_test=1000)
picture = book.X_train[31]
by_hand = {
    "vertical edges": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]) * np.ones((3, 1, 1)),
    "horizontal edges": np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]) * np.ones((3, 1, 1)),
    "blur": np.ones((3, 3, 3)) / 27,
    "red, not blue": np.array([1, 0, -1])[:, None, None] * np.ones((3, 3, 3)) / 9,
}
filters = np.stack(list(by_hand.values()))
maps, _ = conv_forward_naive(
    picture.transpose(2, 0, 1)[None] / 255, filters, np.zeros(4), {"stride": 1, "pad": 0}
)
plotting.show_grid([picture, *maps[0]], ["picture", *by_hand], size=1.7, title="One filter, one feature map")
plt.show()

# %% [markdown]
# ## Exercise 3 · Convolution, backward  `[8 points · ●●● · 40 min]`
#
# Every output number is a plain sum of products, so the chain rule has no new trick; only the book-keeping is new. One output number
# $\text{out}_{n,f,i,j}$ was made of one window and one filter. Its gradient $\text{dout}_{n,f,i,j}$ flows back to both of them, **times the other**, and
# all that arrives at the same weight or the same pixel is **added up**:
#
# $$dw_f \mathrel{+}= \text{dout}_{n,f,i,j} \cdot \text{window}_{n,i,j} \qquad d\tilde x\text{'s window}_{n,i,j} \mathrel{+}= \text{dout}_{n,f,i,j} \cdot w_f \qquad db_f \mathrel{+}= \text{dout}_{n,f,i,j}$$
#
# $d\tilde x$ has the shape of the *padded* pictures. The frame was not the caller's, so cut it off at the end.
#
# **Watch out.** With `pad` 0 nothing is to be cut off, but the slice `[pad:-pad]` is then `[0:0]`, which is empty. It is the commonest mistake of
# this exercise: of 35 public solutions that we put to a reference of our own, 23 were wrong with pad 0. (`[pad : pad + H]` works for any pad.)
#
# <details><summary>Hint</summary>
#
# The same four loops as forward. Start from `dx_padded = np.zeros_like(padded)` and add to the same window that was read. Windows overlap: `+=`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_backward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_backward_naive(dout, cache):
    """Backward pass of a convolution layer, window by window.

    Parameters
    ----------
    dout : (N, F, H', W') upstream gradient
    cache : from `conv_forward_naive`

    Returns
    -------
    dx : (N, C, H, W)
    dw : (F, C, HH, WW)
    db : (F,)
    """
    ### BEGIN SOLUTION
    x, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    (_, _, H, W), (_, _, HH, WW) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for n, f, i, j in np.ndindex(dout.shape):
        window = n, slice(None), slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
        dw[f] += dout[n, f, i, j] * padded[window]
        dpadded[window] += dout[n, f, i, j] * w[f]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_backward_naive_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: by centred differences, with a frame of zeros, with strides 1 and 2, filters that are not square.
rng = np.random.default_rng(3)
for (H, W), (HH, WW), param in [
    ((5, 4), (3, 3), {"stride": 1, "pad": 1}),
    ((6, 7), (2, 3), {"stride": 2, "pad": 1}),
]:
    x, w, b = rng.normal(size=(2, 3, H, W)), rng.normal(size=(4, 3, HH, WW)), rng.normal(size=4)
    out, cache = conv_forward_naive(x.copy(), w.copy(), b.copy(), param)
    dout = rng.normal(size=out.shape)
    dx, dw, db = checks.unpack(
        conv_backward_naive(dout.copy(), cache), "dx", "dw", "db", what="conv_backward_naive"
    )
    case = f"({H}x{W} pixels, filters {HH}x{WW}, stride {param['stride']})"
    gradcheck.check(
        lambda pictures, w=w, b=b, param=param: conv_forward_naive(pictures, w, b, param)[0],
        x,
        dx,
        f"dx {case}",
        df=dout,
        hint="add to the window of the padded picture that was read forward, then cut the frame of zeros off",
    )
    gradcheck.check(
        lambda filters, x=x, b=b, param=param: conv_forward_naive(x, filters, b, param)[0],
        w,
        dw,
        f"dw {case}",
        df=dout,
        hint="windows of the *padded* picture, starting at i * stride; add over pictures and places",
    )
    gradcheck.check(
        lambda biases, x=x, w=w, param=param: conv_forward_naive(x, w, biases, param)[0],
        b,
        db,
        f"db {case}",
        df=dout,
        hint="add over pictures, rows and columns: axes 0, 2 and 3",
    )

# %% nbgrader={"grade": true, "grade_id": "conv_backward_naive_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: pad 0, by hand. A picture of one row (1, 2, 3), a filter (10, 20), stride 1: two windows, (1, 2)
# and (2, 3), which share the pixel in the middle.
row, pair = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3), np.array([10.0, 20.0]).reshape(1, 1, 1, 2)
dout = np.array([5.0, 7.0]).reshape(1, 1, 1, 2)
_, cache = conv_forward_naive(row, pair, np.zeros(1), {"stride": 1, "pad": 0})
for attempt in ("once", "and again with the same cache"):
    dx, dw, db = conv_backward_naive(dout, cache)
    checks.close(db, [12], f"{attempt}: db is 5 + 7")
    checks.close(
        dw.ravel(),
        [5 * 1 + 7 * 2, 5 * 2 + 7 * 3],
        f"{attempt}: dw, each window times its dout, added up",
        hint="start from zeros and add (+=); the window and the filter themselves must not change",
    )
    checks.shape(
        dx,
        (1, 1, 1, 3),
        f"{attempt}: dx with pad 0",
        hint="[pad:-pad] is empty when pad is 0; [pad : pad + H] is not. Rows go with H, columns with W",
    )
    checks.close(
        dx.ravel(),
        [50, 170, 140],
        f"{attempt}: dx, 5 * 10, then 5 * 20 + 7 * 10, then 7 * 20",
        hint="the filter is not flipped; the middle pixel belongs to both windows: += and not =",
    )
    checks.equal(row.ravel(), [1, 2, 3], "x is left as it was")
    checks.equal(pair.ravel(), [10, 20], "w is left as it was")
    checks.equal(dout.ravel(), [5, 7], "dout is left as it was")

# %% nbgrader={"grade": true, "grade_id": "conv_backward_naive_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other pads, strides, filters.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(72)


def check_gradients(N, C, H, W, F, HH, WW, stride, pad):
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    param = {"stride": stride, "pad": pad}
    out, cache = conv_forward_naive(x.copy(), w.copy(), b.copy(), param)
    dout = rng.normal(size=out.shape)
    found = conv_backward_naive(dout.copy(), cache)
    dx, dw, db = checks.unpack(found, "dx", "dw", "db", what="conv_backward_naive")
    case = f"({H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad})"
    sizes = {"N": N, "F": F, "C": C}
    gradcheck.check(
        lambda v: conv_forward_naive(v, w, b, param)[0],
        x,
        dx,
        f"dx {case}",
        df=dout,
        sizes=sizes,
        hint="add to the same window of the padded picture that was read forward; then cut the frame off with [pad : pad + H]",
    )
    gradcheck.check(
        lambda v: conv_forward_naive(x, v, b, param)[0],
        w,
        dw,
        f"dw {case}",
        df=dout,
        sizes=sizes,
        hint="windows of the *padded* picture, starting at i * stride; add over pictures and places",
    )
    gradcheck.check(
        lambda v: conv_forward_naive(x, w, v, param)[0],
        b,
        db,
        f"db {case}",
        df=dout,
        sizes=sizes,
        hint="add over pictures, rows and columns; no mean",
    )


for case in [
    (2, 3, 5, 4, 2, 3, 3, 1, 2),  # pad 2
    (3, 2, 7, 5, 2, 3, 3, 2, 1),  # stride 2 on a rectangle
    (2, 2, 6, 5, 3, 2, 3, 1, 1),  # a filter that is not square
]:
    check_gradients(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "conv_backward_naive_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: pad 0, pixels that no window reaches, one picture, float32,
# a second pass, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(73)


def check_gradients(N, C, H, W, F, HH, WW, stride, pad):
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    param = {"stride": stride, "pad": pad}
    out, cache = conv_forward_naive(x, w, b, param)
    dout = rng.normal(size=out.shape)
    before, case = (x.copy(), w.copy(), dout.copy()), f"({H}x{W} pixels, stride {stride}, pad {pad})"
    found = checks.unpack(conv_backward_naive(dout, cache), "dx", "dw", "db", what="conv_backward_naive")
    for value, old, name in zip((x, w, dout), before, ("x", "w", "dout"), strict=True):
        checks.unchanged(value, old, name)
    for i, (name, value) in enumerate({"x": x, "w": w, "b": b}.items()):
        gradcheck.check(
            lambda v, i=i: conv_forward_naive(*(v if i == j else (x, w, b)[j] for j in range(3)), param)[0],
            value,
            found[i],
            f"d{name} {case}",
            df=dout,
            hint="[pad : pad + H] works for pad 0, too",
        )
    return x, w, b, param, dout, cache, *found[:2]


for case in [
    (2, 2, 6, 5, 3, 3, 3, 1, 0),  # pad 0: a slice 0:-0 is empty
    (1, 2, 8, 5, 3, 3, 2, 2, 0),  # uneven: the last row is seen by no window, its gradient is 0; one picture
    (2, 1, 4, 9, 1, 2, 5, 3, 2),  # one channel, one filter, a filter that is not square
    (2, 3, 4, 4, 2, 1, 1, 2, 0),  # 1x1 with stride 2 skips pixels
]:
    x, w, b, param, dout, cache, dx, dw = check_gradients(*case)
again = conv_backward_naive(dout, cache)  # the cache is not used up
checks.close(
    again[1], dw, "a second backward pass with the same cache", hint="do not change what is in the cache"
)
arrays32 = [a.astype(np.float32) for a in (x, w, b)]
dx32, dw32, _ = conv_backward_naive(dout.astype(np.float32), conv_forward_naive(*arrays32, param)[1])
checks.close(dx32, dx, "dx with float32 input", rtol=1e-4, atol=1e-5)
checks.close(dw32, dw, "dw with float32 input", rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4 · Max pooling, forward  `[4 points · ●○○ · 10 min]`
#
# A feature map says where something was found, to the pixel. Further up, "about here" is enough, and a quarter of the numbers is cheaper than all of them. **Max pooling** slides a window
# over each channel *by itself* and keeps the largest number. It has no weights and no padding.
#
# $$\text{out}_{n,c,i,j} = \max_{p < PH,\; q < PW} \; x_{n,\,c,\; i \cdot \text{stride} + p,\; j \cdot \text{stride} + q}$$
#
# Usually windows are 2 x 2 with stride 2 and tile the picture. Not always: AlexNet pools 3 x 3 with stride 2, so that neighbouring windows **overlap**; and a window need not be square.
# Pixels at the end that no window reaches are left out, as before.


# %% nbgrader={"grade": false, "grade_id": "max_pool_forward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_forward_naive(x, pool_param):
    """Forward pass of max pooling, window by window.

    Parameters
    ----------
    x : (N, C, H, W)
    pool_param : dict with "pool_height", "pool_width" and "stride"

    Returns
    -------
    out : (N, C, H', W')
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, conv_output_size(H, height, stride), conv_output_size(W, width, stride)))
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_naive_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: the slice from the lecture. The largest of each 2x2 block: 6 and 8, 3 and 4. Beside it, its mirror image
# as a second picture; ten times as much as a second channel.
textbook = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
slices = np.array([[textbook, 10 * textbook], [textbook[:, ::-1], 20 * textbook]])
out, _ = checks.unpack(
    max_pool_forward_naive(slices.copy(), {"pool_height": 2, "pool_width": 2, "stride": 2}),
    "out",
    "cache",
    what="max_pool_forward_naive",
)
checks.close(
    out,
    [[[[6, 8], [3, 4]], [[60, 80], [30, 40]]], [[[8, 6], [4, 3]], [[120, 160], [60, 80]]]],
    "2x2 windows, stride 2",
    hint="the largest number of each window, in each channel of each picture",
)
out, _ = max_pool_forward_naive(slices.copy(), {"pool_height": 2, "pool_width": 2, "stride": 1})
checks.close(
    out[0],
    [[[6, 7, 8], [6, 7, 8], [3, 3, 4]], [[60, 70, 80], [60, 70, 80], [30, 30, 40]]],
    "stride 1: windows overlap",
    hint="the window starts at i * stride, and there are conv_output_size(H, PH, stride) of them",
)
out, _ = max_pool_forward_naive(slices.copy(), {"pool_height": 1, "pool_width": 3, "stride": 1})
checks.close(
    out[0, 0],
    [[2, 4], [7, 8], [3, 2], [3, 4]],
    "windows of 1 x 3",
    hint="a window has pool_height rows and pool_width columns",
)

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_naive_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: numbers below zero, sizes that do not divide, x left as it is.
x = -np.array([[1.0, 1, 2, 4, 0], [5, 6, 7, 8, 0], [3, 2, 1, 3, 0]]).reshape(1, 1, 3, 5)
before, param = x.copy(), {"pool_height": 2, "pool_width": 2, "stride": 2}
out, _ = checks.unpack(max_pool_forward_naive(x, param), "out", "cache", what="max_pool_forward_naive")
checks.close(
    out.ravel(),
    [-1, -2],
    "negative numbers, 3 x 5 pixels: what is left over is not seen",
    hint="the largest may be below zero, so do not start from 0",
)
checks.unchanged(x, before, "x")
checks.equal(param, {"pool_height": 2, "pool_width": 2, "stride": 2}, "pool_param is left as it was")

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_naive_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: overlapping and non-square windows, several pictures and
# channels.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(73)
for N, C, H, W, PH, PW, stride in [
    (2, 3, 6, 8, 2, 2, 2),  # tiles
    (2, 3, 7, 9, 3, 3, 2),  # AlexNet's, overlapping
    (3, 2, 5, 8, 3, 2, 1),  # not square
    (3, 2, 8, 9, 2, 3, 3),  # a stride longer than the window is high: gaps
]:
    x = rng.uniform(0.1, 3, size=(N, C, H, W))
    found = max_pool_forward_naive(x.copy(), {"pool_height": PH, "pool_width": PW, "stride": stride})
    out, _ = checks.unpack(found, "out", "cache", what="max_pool_forward_naive")
    checks.close(
        out,
        sliding_window_view(x, (PH, PW), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(4, 5)),
        f"{H}x{W} pixels, windows {PH}x{PW}, stride {stride}",
        hint="each channel by itself; the step is the stride, not the window's size; rows go with pool_height",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_naive_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: negative numbers, uneven windows, one picture, float32, x left
# alone.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(74)
for N, C, H, W, PH, PW, stride in [
    (1, 2, 5, 8, 3, 2, 1),  # one picture
    (2, 2, 7, 5, 2, 2, 2),  # uneven: the last row and column are left out
    (2, 2, 3, 4, 3, 4, 1),  # the window covers everything
]:
    x = rng.normal(size=(N, C, H, W)) - 5  # all below zero
    before, param = x.copy(), {"pool_height": PH, "pool_width": PW, "stride": stride}
    for array in (x, x.astype(np.float32)):
        out, _ = checks.unpack(
            max_pool_forward_naive(array, param), "out", "cache", what="max_pool_forward_naive"
        )
        checks.unchanged(x, before, "x")
        checks.close(
            out,
            sliding_window_view(before, (PH, PW), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(4, 5)),
            f"{H}x{W} pixels, windows {PH}x{PW}, stride {stride}, {array.dtype.name}",
            rtol=1e-6,
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5 · Max pooling, backward  `[5 points · ●●○ · 20 min]`
#
# A maximum is a switch. The gradient goes to the pixel that won, undivided; the others, which could have been a little larger without changing anything, get nothing. Windows that
# overlap may have the same winner: it gets the **sum**.
#
# **Ties.** Two pixels of a window that are both the largest (after a ReLU, often zeros) have no gradient in the strict sense. Give it to the first, to any other, or share it; but what is handed out
# must sum to what arrived. A mask `window == window.max()` times dout gives it to *every* winner, and so hands out two or four times as much.
#
# <details><summary>Hint</summary>
#
# `np.argmax` of a window counts through it row by row; `np.unravel_index(k, window.shape)` turns the count into (row, column).
# </details>


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward_naive(dout, cache):
    """Backward pass of max pooling, window by window.

    Parameters
    ----------
    dout : (N, C, H', W') upstream gradient
    cache : from `max_pool_forward_naive`

    Returns
    -------
    dx : (N, C, H, W) floats, even if x holds integers
    """
    ### BEGIN SOLUTION
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + height, left : left + width]
        p, q = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, top + p, left + q] += dout[n, c, i, j]
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_naive_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the winners of the lecture's slice get what arrives: 10 to the 6, 20 to the 8, 30 to the 3,
# 40 to the 4.
textbook = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]).reshape(1, 1, 4, 4)
_, cache = max_pool_forward_naive(textbook.copy(), {"pool_height": 2, "pool_width": 2, "stride": 2})
dx = max_pool_backward_naive(np.array([[[[10.0, 20], [30, 40]]]]), cache)
checks.close(
    dx[0, 0],
    [[0, 0, 0, 0], [0, 10, 0, 20], [30, 0, 0, 0], [0, 0, 0, 40]],
    "to the winners, and to nobody else",
    hint="dout as it is, added at row i * stride + p, column j * stride + q, where (p, q) is the winner's place in the window",
)
# By centred differences: two pictures, three channels, windows that overlap and are not square.
rng = np.random.default_rng(4)
x, param = (
    rng.permutation(2 * 3 * 5 * 7).reshape(2, 3, 5, 7) * 0.1 - 8,
    {"pool_height": 3, "pool_width": 2, "stride": 1},
)
out, cache = max_pool_forward_naive(x.copy(), param)
dout = rng.normal(size=out.shape)
dx = max_pool_backward_naive(dout.copy(), cache)
gradcheck.check(
    lambda maps: max_pool_forward_naive(maps, param)[0],
    x,
    dx,
    "dx, windows of 3 x 2 that overlap",
    df=dout,
    hint="add (+=) to what is there; `np.unravel_index` gives the row first, then the column",
)

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_naive_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: ties, pictures of whole numbers, everything left as it is.
x, param = (
    np.array([[3, 1, 0, 0], [3, 3, 0, 0]]).reshape(1, 1, 2, 4),
    {"pool_height": 2, "pool_width": 2, "stride": 2},
)
dout, before = np.array([[[[0.75, -0.5]]]]), x.copy()
dx = np.asarray(max_pool_backward_naive(dout, max_pool_forward_naive(x, param)[1]))
checks.unchanged(x, before, "x")
checks.unchanged(dout, np.array([[[[0.75, -0.5]]]]), "dout")
checks.close(
    [dx[..., :2].sum(), dx[..., 2:].sum()],
    [0.75, -0.5],
    "ties in whole numbers: each window hands out what arrived, once",
    hint="divide by the number of winners, or take the first; np.zeros_like(x) cuts off what follows the point if x holds integers",
)
checks.equal(dx[0, 0, 0, 1], 0, "a pixel that is no winner gets nothing")

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_naive_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: overlapping and non-square windows.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(74)


def check_gradient(N, C, H, W, PH, PW, stride):
    # distinct numbers, far enough apart that a centred difference does not change a winner
    x = rng.permutation(N * C * H * W).reshape(N, C, H, W) * 0.01 - 1
    param = {"pool_height": PH, "pool_width": PW, "stride": stride}
    out, cache = max_pool_forward_naive(x.copy(), param)
    dout = rng.normal(size=out.shape)
    dx = max_pool_backward_naive(dout.copy(), cache)
    checks.shape(dx, x.shape, "dx")
    gradcheck.check(
        lambda v: max_pool_forward_naive(v, param)[0],
        x,
        dx,
        f"dx ({H}x{W} pixels, windows {PH}x{PW}, stride {stride})",
        df=dout,
        hint="add dout to the winner's pixel, which is at i * stride + row, j * stride + column",
    )


for case in [
    (2, 3, 6, 4, 2, 2, 2),  # tiles
    (2, 2, 7, 9, 3, 3, 2),  # overlapping
    (2, 3, 5, 8, 3, 2, 1),  # not square, much overlap
]:
    check_gradient(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_naive_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, whole numbers, uneven windows, one picture, inputs left
# alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(75)
for N, C, H, W, PH, PW, stride in [
    (1, 3, 5, 8, 3, 2, 1),  # one picture
    (2, 1, 7, 6, 2, 3, 3),  # gaps between windows
    (2, 2, 7, 5, 2, 2, 2),  # a row and a column that no window reaches: gradient 0
]:
    x = rng.permutation(N * C * H * W).reshape(N, C, H, W) * 0.01 - 1
    param = {"pool_height": PH, "pool_width": PW, "stride": stride}
    out, cache = max_pool_forward_naive(x, param)
    dout = rng.normal(size=out.shape)
    before = x.copy(), dout.copy()
    dx = max_pool_backward_naive(dout, cache)
    checks.unchanged(x, before[0], "x")
    checks.unchanged(dout, before[1], "dout")
    gradcheck.check(
        lambda v, param=param: max_pool_forward_naive(v, param)[0],
        x,
        dx,
        f"dx ({H}x{W} pixels, windows {PH}x{PW}, stride {stride})",
        df=dout,
    )
for dtype in (np.float64, np.int64, np.float32):
    tied = np.zeros((2, 2, 4, 6), dtype)  # what a ReLU leaves behind: all zeros
    tied[0, 0, :2, :2] = [[3, 1], [3, 3]]
    _, cache = max_pool_forward_naive(tied, {"pool_height": 2, "pool_width": 2, "stride": 2})
    dout = rng.normal(size=(2, 2, 2, 3))
    dx = np.asarray(max_pool_backward_naive(dout, cache))
    checks.close(
        dx.reshape(2, 2, 2, 2, 3, 2).sum(axis=(3, 5)),
        dout,
        f"ties, {np.dtype(dtype).name}: each window hands out what arrived",
        rtol=1e-5,
        hint="a mask of all the winners counts a tie twice: divide by their number, or take the first",
    )
    checks.close(dx[0, 0, 0, 1], 0, "a pixel that is no winner gets nothing", atol=1e-12)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The vertical edges of the picture above, light or dark, after one, two and three rounds of 2 x 2 pooling. *That* there is an edge survives longer than *where* it is.

# %% tags=["explore"]
stages = [np.abs(maps[:, :1])]
for _ in range(3):
    stages.append(max_pool_forward_naive(stages[-1], {"pool_height": 2, "pool_width": 2, "stride": 2})[0])
titles = [f"{s.shape[2]} x {s.shape[3]}" for s in stages]
plotting.show_grid(
    [s[0, 0] for s in stages], titles, size=1.7, title="Max pooling keeps what was found and forgets where"
)
plt.show()

# %% [markdown]
# ## Exercise 6 · From pictures to columns: `im2col`  `[5 points · ●●● · 25 min]`
#
# The naive convolution spends its time in Python, starting tiny sums one after the other. A computer is at its best in **one large matrix product**, and a convolution can be
# written as one: lay every window out as a column, every filter as a row, and the product of the two holds every filter at every window.
#
# $$\underbrace{(N, C, H, W)}_{\text{pictures}} \;\longrightarrow\; \underbrace{(N,\; C \cdot HH \cdot WW,\; H' \cdot W')}_{\text{columns}}$$
#
# Column $l = i \cdot W' + j$ of picture $n$ is the window at row $i$, column $j$ of the output, flattened in the order channel, row, column: the order in which `w.reshape(F, -1)` lays out a
# filter. A pixel is copied once for each window it is in, about nine times for a 3 x 3 filter: memory is paid for speed.
#
# Work in the dtype of `x`: float32 in, float32 out. Anything faster than a loop over all windows is fast enough for the tests. Three ways to write it, from simple to quick:
#
# 1. a loop over the $H' \cdot W'$ windows, all pictures at once, a column each;
# 2. a loop over the $HH \cdot WW$ positions *inside* a window: `padded[:, :, p : ... : stride, q : ... : stride]` is the pixel at (p, q) of *every* window;
# 3. no loop: `np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))` shows all windows as one array of shape $(N, C, \cdot, \cdot, HH, WW)$ without copying
#    anything; take every `stride`-th, bring the axes into order with `transpose`, and `reshape` makes the copy.
#
# <details><summary>Hint for the second way</summary>
#
# The last window starts at row `stride * (out_h - 1)`, so position p of all windows is the slice `p : p + stride * out_h : stride`. Collect them in an array (N, C, HH, WW, out_h, out_w), and reshape once at
# the end.
# </details>


# %% nbgrader={"grade": false, "grade_id": "im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, field_height, field_width, stride, pad):
    """Lay the windows of pictures out as columns.

    Parameters
    ----------
    x : (N, C, H, W)
    field_height, field_width : size of the window, HH and WW
    stride : pixels between neighbouring windows
    pad : zeros on each side

    Returns
    -------
    cols : (N, C * HH * WW, H' * W'), of the dtype of x
    """
    ### BEGIN SOLUTION
    N, C, _, _ = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (field_height, field_width), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    return windows.reshape(N, C * field_height * field_width, -1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "im2col_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the picture (1 2 3; 4 5 6; 7 8 9) and windows of 2 x 2. Four windows, four columns: the first is
# 1 2 4 5, read from top to bottom.
nine = np.arange(1.0, 10).reshape(1, 1, 3, 3)
cols = im2col(nine.copy(), 2, 2, 1, 0)
checks.shape(
    cols,
    (1, 4, 4),
    "one picture, four numbers per window, four windows",
    hint="the pictures stay apart: axis 0 is N",
)
checks.close(
    cols[0, :, 0],
    [1, 2, 4, 5],
    "the first column is the first window",
    hint="read the window row by row, and lay it down a column: cols[n, :, l]",
)
checks.close(
    cols[0],
    [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]],
    "the columns are the windows",
    hint="windows from left to right, then the next row",
)
checks.close(
    im2col(np.stack([nine[0], 10 * nine[0]], axis=1), 2, 3, 1, 0)[0, :, 1],
    [4, 5, 6, 7, 8, 9, 40, 50, 60, 70, 80, 90],
    "two channels: all of the first, then all of the second",
    hint="axis 1 is the window, axis 2 counts windows; order inside a column: channel, row, column",
)
# Two pictures of 3 x 5, a frame of zeros, stride 2: the windows of 3 x 3 stand at 2 x 3 places.
pictures = np.arange(1.0, 31).reshape(2, 1, 3, 5)
checks.close(
    im2col(pictures, 3, 3, 2, 1),
    [
        [
            [0, 0, 0, 0, 7, 9],
            [0, 0, 0, 6, 8, 10],
            [0, 0, 0, 7, 9, 0],
            [0, 2, 4, 0, 12, 14],
            [1, 3, 5, 11, 13, 15],
            [2, 4, 0, 12, 14, 0],
            [0, 7, 9, 0, 0, 0],
            [6, 8, 10, 0, 0, 0],
            [7, 9, 0, 0, 0, 0],
        ],
        [
            [0, 0, 0, 0, 22, 24],
            [0, 0, 0, 21, 23, 25],
            [0, 0, 0, 22, 24, 0],
            [0, 17, 19, 0, 27, 29],
            [16, 18, 20, 26, 28, 30],
            [17, 19, 0, 27, 29, 0],
            [0, 22, 24, 0, 0, 0],
            [21, 23, 25, 0, 0, 0],
            [22, 24, 0, 0, 0, 0],
        ],
    ],
    "two pictures, pad 1, stride 2",
    hint="pad all four sides, take every stride-th window",
)

# %% nbgrader={"grade": true, "grade_id": "im2col_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: float32, sizes that do not divide, x left as it is.
x = np.arange(1, 13, dtype=np.float32).reshape(1, 1, 3, 4)
before = x.copy()
cols = im2col(x, 2, 2, 2, 0)
checks.unchanged(x, before, "x")
checks.close(cols, [[[1, 3], [2, 4], [5, 7], [6, 8]]], "3 x 4 pixels, windows of 2 x 2, stride 2")
checks.dtype(cols, "float32", "float32 in, float32 out", hint="np.zeros(shape, dtype=x.dtype)")

# %% nbgrader={"grade": true, "grade_id": "im2col_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: padding, stride 2 on rectangles, windows that are not
# square.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(75)
for N, C, H, W, HH, WW, stride, pad in [
    (2, 3, 5, 6, 3, 3, 1, 1),  # N and C differ, and so do H and W
    (3, 2, 8, 5, 2, 3, 2, 0),  # stride 2, not square
    (2, 2, 7, 5, 3, 3, 2, 2),  # pad 2
    (2, 4, 3, 3, 1, 1, 1, 0),  # 1x1: nothing is copied twice
]:
    x = rng.normal(size=(N, C, H, W))
    cols = im2col(x.copy(), HH, WW, stride, pad)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    tops, lefts = range(0, H + 2 * pad - HH + 1, stride), range(0, W + 2 * pad - WW + 1, stride)
    flat = [padded[:, :, t : t + HH, s : s + WW].reshape(N, -1) for t in tops for s in lefts]
    checks.close(
        cols,
        np.stack(flat, axis=2),
        f"{H}x{W} pixels, windows {HH}x{WW}, stride {stride}, pad {pad}",
        hint="pad all four sides, take every stride-th window; axis 0 the picture; axis 1 channel, row, column in the window; axis 2 the window's row, then its column",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "im2col_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: sizes that do not divide, one picture, both dtypes, x left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(76)
for N, C, H, W, HH, WW, stride, pad in [
    (1, 2, 8, 5, 3, 3, 2, 2),  # uneven, pad 2, one picture
    (2, 1, 4, 7, 4, 2, 3, 0),  # one channel, a window as high as the picture
]:
    for dtype in (np.float64, np.float32):
        x = rng.normal(size=(N, C, H, W)).astype(dtype)
        before = x.copy()
        cols = im2col(x, HH, WW, stride, pad)
        checks.unchanged(x, before, "x")
        padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype)
        padded[:, :, pad : pad + H, pad : pad + W] = x
        tops, lefts = range(0, H + 2 * pad - HH + 1, stride), range(0, W + 2 * pad - WW + 1, stride)
        flat = [padded[:, :, t : t + HH, s : s + WW].reshape(N, -1) for t in tops for s in lefts]
        what = f"{H}x{W} pixels, windows {HH}x{WW}, stride {stride}, pad {pad}, {np.dtype(dtype).name}"
        checks.close(cols, np.stack(flat, axis=2), what)
        checks.dtype(cols, dtype, f"{what}: the dtype of x")
### END HIDDEN TESTS

# %% [markdown]
# ## And back: `col2im`  `[4 points · ●●○ · 15 min]`
#
# `im2col` copies each pixel to several places. Backward, the gradients of all the copies **add up** in the pixel they came from. That is all: `col2im` puts each column
# back where its window was, with `+=`, and cuts the frame of zeros off. (It is not the inverse of `im2col`: a pixel that was in four windows comes back four times.)
#
# `x_shape` is the shape of the pictures without padding. Float32 in, float32 out.
#
# <details><summary>Hint</summary>
#
# Reshape the columns to (N, C, HH, WW, out_h, out_w). Loop over the HH * WW positions (p, q) inside a window: `cols[:, :, p, q]` is added to the slice
# that `im2col` took it from.
# </details>


# %% nbgrader={"grade": false, "grade_id": "col2im", "locked": false, "schema_version": 3, "solution": true, "task": false}
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    """Add columns back into the windows they came from: the gradient of `im2col`.

    Parameters
    ----------
    cols : (N, C * HH * WW, H' * W')
    x_shape : (N, C, H, W) of the pictures
    field_height, field_width, stride, pad : as for `im2col`

    Returns
    -------
    x : (N, C, H, W), of the dtype of cols
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    out_h = conv_output_size(H, field_height, stride, pad)
    out_w = conv_output_size(W, field_width, stride, pad)
    cols = cols.reshape(N, C, field_height, field_width, out_h, out_w)
    strips = np.zeros((N, C, field_width, H + 2 * pad, out_w), dtype=cols.dtype)
    for p in range(field_height):  # first the rows, then the columns: HH + WW additions in place of HH * WW
        strips[:, :, :, p : p + stride * out_h : stride] += cols[:, :, p]
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for q in range(field_width):
        padded[:, :, :, q : q + stride * out_w : stride] += strips[:, :, q]
    return padded[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "col2im_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: columns of ones count in how many windows each pixel is: with 2 x 2 windows of a 3 x 4 picture, once in
# the corners, four times in the middle.
checks.close(
    col2im(np.ones((1, 9, 12)), (1, 1, 3, 4), 3, 3, 1, 1)[0, 0],
    [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]],
    "in how many 3 x 3 windows each pixel is, with padding",
    hint="add (+=), and do not overwrite; build the padded picture, then cut the frame off",
)
# Two pictures, two channels, windows of 3 x 2, stride 2: this is the gradient of laying the windows out.
rng = np.random.default_rng(6)
x = rng.normal(size=(2, 2, 5, 6))
cols = rng.normal(size=im2col(x, 3, 2, 2, 1).shape)
gradcheck.check(
    lambda pictures: im2col(pictures, 3, 2, 2, 1),
    x,
    col2im(cols.copy(), x.shape, 3, 2, 2, 1),
    "col2im is the gradient of im2col",
    df=cols,
    hint="each column is added to the window it came from, which starts at i * stride; order in a column: channel, row, column",
)

# %% nbgrader={"grade": true, "grade_id": "col2im_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: pad 0, both dtypes, cols left as it is.
for dtype in ("float32", "float64"):
    cols = np.ones((1, 4, 4), dtype)
    back = col2im(cols, (1, 1, 3, 3), 2, 2, 1, 0)
    checks.unchanged(cols, np.ones((1, 4, 4), dtype), "cols")
    checks.close(
        back[0, 0],
        [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
        f"in how many 2 x 2 windows each pixel is, {dtype}",
        hint="with pad 0, [pad:-pad] is empty",
    )
    checks.dtype(back, dtype, f"{dtype} in, {dtype} out", hint="np.zeros(shape, dtype=cols.dtype)")

# %% nbgrader={"grade": true, "grade_id": "col2im_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the shapes of im2col's tests.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(76)
for N, C, H, W, HH, WW, stride, pad in [
    (2, 3, 5, 6, 3, 3, 1, 1),
    (3, 2, 6, 5, 2, 3, 2, 1),  # stride 2, not square
    (2, 2, 7, 5, 3, 3, 2, 2),  # pad 2
]:

    def windows(v, HH=HH, WW=WW, stride=stride, pad=pad):
        padded = np.pad(v, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        view = sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
        return np.moveaxis(view, (4, 5), (2, 3)).reshape(len(v), v.shape[1] * HH * WW, -1)

    x = rng.normal(size=(N, C, H, W))
    cols = rng.normal(size=windows(x).shape)
    back = col2im(cols.copy(), x.shape, HH, WW, stride, pad)
    checks.shape(back, x.shape, "the pictures come back without their frame")
    gradcheck.check(
        windows,
        x,
        back,
        f"col2im is the gradient of im2col ({H}x{W} pixels, windows {HH}x{WW}, stride {stride}, pad {pad})",
        df=cols,
        hint="each column is added to the window it came from, which starts at i * stride; order in a column: channel, row, column",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "col2im_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: pad 0, gaps, one picture, both dtypes, cols left alone.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(77)
for N, C, H, W, HH, WW, stride, pad in [
    (2, 3, 5, 6, 3, 3, 1, 0),  # pad 0: a slice 0:-0 is empty
    (1, 2, 8, 5, 3, 3, 2, 2),  # uneven, one picture
    (2, 1, 7, 8, 2, 2, 3, 0),  # gaps: pixels in no window
]:

    def windows(v, HH=HH, WW=WW, stride=stride, pad=pad):
        padded = np.pad(v, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        view = sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
        return np.moveaxis(view, (4, 5), (2, 3)).reshape(len(v), v.shape[1] * HH * WW, -1)

    x = rng.normal(size=(N, C, H, W))
    cols = rng.normal(size=windows(x).shape)
    before = cols.copy()
    back = col2im(cols, x.shape, HH, WW, stride, pad)
    checks.unchanged(cols, before, "cols")
    what = f"{H}x{W} pixels, windows {HH}x{WW}, stride {stride}, pad {pad}"
    checks.shape(back, x.shape, f"{what}: the shape", hint="[pad : pad + H] works for pad 0 too")
    gradcheck.check(windows, x, back, f"col2im is the gradient of im2col ({what})", df=before)
    for dtype in (np.float32, np.float64):
        found = col2im(cols.astype(dtype), x.shape, HH, WW, stride, pad)
        checks.dtype(found, dtype, f"{np.dtype(dtype).name} in, {np.dtype(dtype).name} out")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7 · Fast convolution  `[10 points · ●●○ · 35 min]`
#
# With $W_{row}$ = `w.reshape(F, -1)`, of shape $(F, K)$ with $K = C \cdot HH \cdot WW$, and the columns of a picture $X_{col}$, of shape $(K, L)$ with $L = H' W'$:
#
# $$\text{out} = W_{row} X_{col} + b \qquad dW_{row} = \sum_n \text{dout}_n X_{col,n}^T \qquad dX_{col,n} = W_{row}^T\, \text{dout}_n$$
#
# It is an affine layer, with the gradients you know from it, and `col2im` takes $dX_{col}$ home. `@` multiplies stacks of matrices: $(F, K)$ times $(N, K, L)$ is $(N, F, L)$, a product
# for each picture, and the result needs only a `reshape` to become $(N, F, H', W')$.
#
# Same contract as the naive pair, with two more demands: results have the dtype of the inputs (**float32 stays float32**, which halves memory and time), and it is at least
# **50 times as fast as four nested loops** on 50 pictures of 3 x 32 x 32.
#
# **Going further** (for speed, not for points). The columns of 100 pictures under 7 x 7 filters are 60 MB, far more than the processor's cache. Work through a few pictures at a time,
# keep x rather than the columns in `cache`, and make them again on the way back: copying is cheap, memory is not. And do the rows of the columns have to be copied at all? If windows are laid out along the width only,
# those of one output row lie in memory one after the other already. With both, plain NumPy comes within a factor of two of PyTorch, on one processor core.
#
# <details><summary>Hint for dW</summary>
#
# `dout.reshape(N, F, -1) @ cols.transpose(0, 2, 1)` is (N, F, K): one product a picture. Sum over the pictures, then give it the shape of w.
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_forward_im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_forward_im2col(x, w, b, conv_param):
    """Forward pass of a convolution layer, as a matrix product.

    Parameters
    ----------
    x : (N, C, H, W) pictures
    w : (F, C, HH, WW) filters
    b : (F,) biases
    conv_param : dict with "stride" and "pad"

    Returns
    -------
    out : (N, F, H', W'), of the dtype of x
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out_h, out_w = conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    # Columns along the width only. Along the height the windows of a strip overlap in memory, and nothing is copied
    # (Cho and Brand, "MEC: memory-efficient convolution", 2017).
    across = np.lib.stride_tricks.sliding_window_view(padded, WW, axis=3)[:, :, :, ::stride]
    strips = np.ascontiguousarray(across.transpose(0, 2, 1, 4, 3))  # (N, rows, C, WW, W')
    windows = np.lib.stride_tricks.sliding_window_view(strips, HH, axis=1)[:, ::stride]
    cols = windows.transpose(0, 1, 5, 2, 3, 4).reshape(N, out_h, -1, out_w)
    out = np.empty((N, F, out_h, out_w), dtype=x.dtype)
    np.matmul(w.transpose(0, 2, 1, 3).reshape(F, -1), cols, out=out.transpose(0, 2, 1, 3))
    out += b[:, None, None]
    return out, (x, w, conv_param)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_forward_im2col_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the whole numbers from exercise 2, which we have computed with SciPy.
x = (np.arange(2 * 2 * 5 * 7) * 7 % 11 - 5.0).reshape(2, 2, 5, 7)
w = (np.arange(3 * 2 * 3 * 3) * 5 % 7 - 3.0).reshape(3, 2, 3, 3)
out, _ = checks.unpack(
    conv_forward_im2col(x, w, np.array([10.0, 20.0, 30.0]), {"stride": 2, "pad": 1}),
    "out",
    "cache",
    what="conv_forward_im2col",
)
checks.close(
    out,
    [
        [
            [[-22, 5, 7, 46], [5, 42, -11, 35], [5, 32, 29, 10]],
            [[25, 13, -23, 39], [37, 15, 15, 37], [39, -23, 13, 25]],
            [[30, 49, 52, 25], [55, 9, 62, 25], [66, 27, 25, -2]],
        ],
        [
            [[15, 53, 0, -15], [-6, 35, -51, 22], [34, -7, 1, 31]],
            [[-12, 62, -18, 27], [27, 48, 26, 36], [29, 16, 63, 18]],
            [[31, 22, -8, 62], [46, 5, 47, 36], [17, -10, 76, 5]],
        ],
    ],
    "two pictures, two channels, three filters, stride 2",
    hint="(F, K) @ (N, K, L) is (N, F, L); add b[:, None]; reshape to (N, F, H', W')",
)
# Filters that are not square, pad 0: each window's sum, by hand.
out, _ = conv_forward_im2col(
    np.arange(30.0).reshape(5, 1, 2, 3), np.ones((1, 1, 1, 2)), np.array([0.5]), {"stride": 1, "pad": 0}
)
checks.close(
    out[:, 0],
    2 * np.arange(30.0).reshape(5, 2, 3)[:, :, :2] + 1.5,
    "five pictures of 2 x 3, a filter of 1 x 2",
    hint="H' belongs to H and HH, W' to W and WW",
)

# %% nbgrader={"grade": true, "grade_id": "conv_forward_im2col_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: float32, everything left as it is, and faster than your naive version. (Ready-made functions that convolve are
# not the point here.)
rng = np.random.default_rng(7)
pictures, filters, biases = rng.normal(size=(6, 3, 32, 32)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
layer, before = {"stride": 1, "pad": 1}, (pictures.copy(), filters.copy(), biases.copy())
small, _ = checks.unpack(
    conv_forward_im2col(*(a.astype(np.float32) for a in before), layer),
    "out",
    "cache",
    what="conv_forward_im2col",
)
checks.dtype(small, "float32", "float32 in, float32 out", hint="np.zeros without a dtype is float64")
out, _ = checks.unpack(
    conv_forward_im2col(pictures, filters, biases, layer), "out", "cache", what="conv_forward_im2col"
)
for value, old, name in zip((pictures, filters, biases), before, "xwb", strict=True):
    checks.unchanged(value, old, name)
checks.close(small, out, "float32 and float64 agree", rtol=1e-3, atol=1e-4)
checks.close(
    out[2, 1, 4:7, 5],
    [np.sum(before[0][2, :, i - 1 : i + 2, 4:7] * before[1][1]) + before[2][1] for i in (4, 5, 6)],
    "three numbers out of the middle of a map",
)
checks.faster(
    lambda: conv_forward_im2col(pictures, filters, biases, layer),
    lambda: [pictures[0, :, :3, :3].sum() for _ in range(6 * 4 * 32 * 32)],
    "the fast version against one small sum for each window and filter",
    ratio=2,
    hint="one matrix product over the columns, no loop over windows",
)

# %% nbgrader={"grade": true, "grade_id": "conv_forward_im2col_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: strides, rectangles, padding.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(77)
for N, C, H, W, F, HH, WW, stride, pad in [
    (5, 3, 6, 7, 4, 3, 3, 1, 1),  # the ordinary case; N is no multiple of anything
    (3, 2, 7, 5, 2, 3, 3, 1, 0),  # pad 0
    (2, 3, 9, 6, 2, 3, 2, 2, 1),  # stride 2 on a rectangle, a filter that is not square
]:
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    found = conv_forward_im2col(x.copy(), w.copy(), b.copy(), {"stride": stride, "pad": pad})
    out, _ = checks.unpack(found, "out", "cache", what="conv_forward_im2col")
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    expected = np.stack(
        [[correlate(p, f, mode="valid", method="direct")[0, ::stride, ::stride] for f in w] for p in padded]
    )
    checks.close(
        out,
        expected + b[:, None, None],
        f"{H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad}",
        hint="H' comes before W'; the order of w.reshape(F, -1) is that of a column: channel, row, column",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "conv_forward_im2col_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one picture, sizes that do not divide, float32, inputs left
# alone, and 50 times as fast as four nested loops.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(78)
for N, C, H, W, F, HH, WW, stride, pad in [
    (1, 2, 8, 5, 3, 3, 3, 2, 2),  # one picture, uneven, pad 2
    (2, 1, 4, 9, 1, 2, 5, 3, 2),  # one channel, one filter
]:
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    before, param = (x.copy(), w.copy(), b.copy()), {"stride": stride, "pad": pad}
    out, _ = checks.unpack(conv_forward_im2col(x, w, b, param), "out", "cache", what="conv_forward_im2col")
    for value, old, name in zip((x, w, b), before, ("x", "w", "b"), strict=True):
        checks.unchanged(value, old, name)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    expected = np.stack(
        [[correlate(p, f, mode="valid", method="direct")[0, ::stride, ::stride] for f in w] for p in padded]
    )
    what = f"{H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad}"
    checks.close(out, expected + b[:, None, None], what)
    for dtype in (np.float32, np.float64):
        out, _ = checks.unpack(
            conv_forward_im2col(*(a.astype(dtype) for a in before), param),
            "out",
            "cache",
            what="conv_forward_im2col",
        )
        name = np.dtype(dtype).name
        checks.dtype(out, dtype, f"{name} in, {name} out", hint="np.zeros without a dtype is float64")
        checks.close(out, expected + b[:, None, None], f"{what}, {name}", rtol=1e-4, atol=1e-5)


def four_loops(x, w, b):  # the yardstick
    padded, out = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), np.zeros((len(x), len(w), 32, 32))
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(32):
                for j in range(32):
                    out[n, f, i, j] = np.sum(padded[n, :, i : i + 3, j : j + 3] * w[f]) + b[f]
    return out


x, w, b, param = (
    rng.normal(size=(50, 3, 32, 32)),
    rng.normal(size=(32, 3, 3, 3)),
    rng.normal(size=32),
    {"stride": 1, "pad": 1},
)
slow = "no loop over pictures, filters and windows: one matrix product over columns that NumPy laid out"
checks.faster(  # quickly, so that nobody waits for minutes to be told
    lambda: conv_forward_im2col(x[:1], w, b, param),
    lambda: four_loops(x[:1], w[:16], b),
    "one picture under 32 filters takes no longer than under 16 in four nested loops",
    ratio=1,
    hint=slow,
)
checks.faster(
    lambda: conv_forward_im2col(x, w, b, param),
    lambda: four_loops(x[:1], w, b),
    "50 pictures take no longer than one picture in four nested loops",
    ratio=1,
    hint=slow,
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "conv_backward_im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_backward_im2col(dout, cache):
    """Backward pass of a convolution layer, as matrix products.

    Parameters
    ----------
    dout : (N, F, H', W') upstream gradient
    cache : from `conv_forward_im2col`

    Returns
    -------
    dx : (N, C, H, W)
    dw : (F, C, HH, WW)
    db : (F,)
    """
    ### BEGIN SOLUTION
    x, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    (N, _, _, _), (F, _, HH, WW) = x.shape, w.shape
    dout, w_rows = dout.reshape(N, F, -1), w.reshape(F, -1)
    dx, dw_columns = np.empty_like(x), np.zeros_like(w_rows.T)
    for few in range(0, N, 4):  # the columns of a few pictures stay in the processor's cache
        part = slice(few, few + 4)
        cols = im2col(x[part], HH, WW, stride, pad)
        dw_columns += (cols @ dout[part].transpose(0, 2, 1)).sum(axis=0)
        dx[part] = col2im(w_rows.T @ dout[part], x[part].shape, HH, WW, stride, pad)
    return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_backward_im2col_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: by centred differences, on your fast forward pass. Five pictures, a rectangle, a filter that is not square.
rng = np.random.default_rng(8)
for param, shape in [({"stride": 1, "pad": 1}, (3, 2)), ({"stride": 2, "pad": 0}, (2, 3))]:
    x, w, b = rng.normal(size=(5, 3, 6, 5)), rng.normal(size=(4, 3, *shape)), rng.normal(size=4)
    out, cache = conv_forward_im2col(x.copy(), w.copy(), b.copy(), param)
    dout = rng.normal(size=out.shape)
    found = checks.unpack(
        conv_backward_im2col(dout.copy(), cache), "dx", "dw", "db", what="conv_backward_im2col"
    )
    hints = (
        "W_row transposed times dout, then col2im",
        "dout times the columns transposed, (F, K), added over all pictures, no mean; then the shape of w",
        "add over pictures, rows and columns",
    )
    for i, (name, value) in enumerate({"x": x, "w": w, "b": b}.items()):
        gradcheck.check(
            lambda v, i=i, param=param, arrays=(x, w, b): conv_forward_im2col(
                *arrays[:i], v, *arrays[i + 1 :], param
            )[0],
            value,
            found[i],
            f"d{name}, stride {param['stride']}, pad {param['pad']}",
            df=dout,
            hint=hints[i],
        )

# %% nbgrader={"grade": true, "grade_id": "conv_backward_im2col_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: float32, everything left as it is, and faster than your naive version.
rng = np.random.default_rng(9)
pictures, filters, biases = rng.normal(size=(6, 3, 32, 32)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
layer, dout = {"stride": 1, "pad": 1}, rng.normal(size=(6, 4, 32, 32))
before = pictures.copy(), filters.copy(), dout.copy()
_, cache = conv_forward_im2col(pictures, filters, biases, layer)
exact = checks.unpack(conv_backward_im2col(dout, cache), "dx", "dw", "db", what="conv_backward_im2col")
for value, old, name in zip((pictures, filters, dout), before, ("x", "w", "dout"), strict=True):
    checks.unchanged(value, old, name)
checks.close(exact[2], before[2].sum(axis=(0, 2, 3)), "db", rtol=1e-6)
_, cache32 = conv_forward_im2col(*(a.astype(np.float32) for a in (pictures, filters, biases)), layer)
for value, old, name in zip(
    conv_backward_im2col(dout.astype(np.float32), cache32), exact, ("dx", "dw", "db"), strict=True
):
    checks.dtype(
        value, "float32", f"{name}: float32 in, float32 out", hint="np.zeros without a dtype is float64"
    )
    checks.close(value, old, f"{name}: float32 and float64 agree", rtol=1e-3, atol=1e-2)
checks.faster(
    lambda: conv_backward_im2col(dout, cache),
    lambda: [pictures[0, :, :3, :3].sum() for _ in range(6 * 4 * 32 * 32)],
    "the fast version against one small sum for each window and filter",
    ratio=2,
    hint="matrix products and col2im, no loop over windows",
)

# %% nbgrader={"grade": true, "grade_id": "conv_backward_im2col_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: strides, rectangles, padding.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(78)


def check_gradients(N, C, H, W, F, HH, WW, stride, pad):
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    param = {"stride": stride, "pad": pad}
    out, cache = conv_forward_im2col(x.copy(), w.copy(), b.copy(), param)
    dout = rng.normal(size=out.shape)
    found = conv_backward_im2col(dout.copy(), cache)
    dx, dw, db = checks.unpack(found, "dx", "dw", "db", what="conv_backward_im2col")
    case, sizes = f"({H}x{W} pixels, filters {HH}x{WW}, stride {stride}, pad {pad})", {"N": N, "F": F, "C": C}
    gradcheck.check(
        lambda v: conv_forward_im2col(v, w, b, param)[0],
        x,
        dx,
        f"dx {case}",
        df=dout,
        sizes=sizes,
        hint="W_row.T @ dout, then col2im",
    )
    gradcheck.check(
        lambda v: conv_forward_im2col(x, v, b, param)[0],
        w,
        dw,
        f"dw {case}",
        df=dout,
        sizes=sizes,
        hint="dout @ columns transposed, added over pictures, no mean; the shape of w comes last",
    )
    gradcheck.check(
        lambda v: conv_forward_im2col(x, w, v, param)[0],
        b,
        db,
        f"db {case}",
        df=dout,
        sizes=sizes,
        hint="add over pictures, rows and columns",
    )


for case in [
    (5, 2, 6, 5, 3, 3, 3, 1, 0),  # pad 0
    (3, 2, 7, 4, 2, 3, 2, 2, 1),  # stride 2 on a rectangle, a filter that is not square
    (6, 3, 4, 5, 2, 3, 3, 1, 1),
]:
    check_gradients(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "conv_backward_im2col_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one picture, sizes that do not divide, float32, inputs left
# alone, and 50 times as fast as four nested loops.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(79)
for N, C, H, W, F, HH, WW, stride, pad in [
    (1, 2, 8, 5, 3, 3, 3, 2, 2),  # one picture, uneven, pad 2
    (2, 1, 4, 9, 1, 2, 5, 3, 2),  # one channel, one filter
]:
    x, w, b = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW)), rng.normal(size=F)
    param = {"stride": stride, "pad": pad}
    out, cache = conv_forward_im2col(x, w, b, param)
    dout = rng.normal(size=out.shape)
    before = x.copy(), w.copy(), dout.copy()
    found = checks.unpack(conv_backward_im2col(dout, cache), "dx", "dw", "db", what="conv_backward_im2col")
    for value, old, name in zip((x, w, dout), before, ("x", "w", "dout"), strict=True):
        checks.unchanged(value, old, name)
    for i, (name, value) in enumerate({"x": x, "w": w, "b": b}.items()):
        gradcheck.check(
            lambda v, i=i, param=param, arrays=(x, w, b): conv_forward_im2col(
                *arrays[:i], v, *arrays[i + 1 :], param
            )[0],
            value,
            found[i],
            f"d{name} ({H}x{W} pixels, stride {stride}, pad {pad})",
            df=before[2],
        )
    arrays32 = [a.astype(np.float32) for a in (x, w, b)]
    results32 = conv_backward_im2col(dout.astype(np.float32), conv_forward_im2col(*arrays32, param)[1])
    for value, exact, name in zip(results32, found, ("dx", "dw", "db"), strict=True):
        checks.dtype(
            value, "float32", f"{name}: float32 in, float32 out", hint="np.zeros without a dtype is float64"
        )
        checks.close(value, exact, f"{name} with float32 input", rtol=1e-4, atol=1e-5)


def four_loops_back(dout, x, w):  # the yardstick
    padded, dw = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), np.zeros_like(w)
    dx = np.zeros_like(padded)
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(32):
                for j in range(32):
                    dx[n, :, i : i + 3, j : j + 3] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * padded[n, :, i : i + 3, j : j + 3]
    return dx, dw


x, w, b, param = (
    rng.normal(size=(50, 3, 32, 32)),
    rng.normal(size=(32, 3, 3, 3)),
    rng.normal(size=32),
    {"stride": 1, "pad": 1},
)
dout = rng.normal(size=(50, 32, 32, 32))
slow = "two matrix products and col2im; loop over the positions inside a window, not over windows"
_, one = conv_forward_im2col(x[:1], w, b, param)
checks.faster(  # quickly, so that nobody waits for minutes to be told
    lambda: conv_backward_im2col(dout[:1], one),
    lambda: four_loops_back(dout[:1], x[:1], w[:16]),
    "one picture under 32 filters takes no longer than under 16 in four nested loops",
    ratio=1,
    hint=slow,
)
_, cache = conv_forward_im2col(x, w, b, param)
checks.faster(
    lambda: conv_backward_im2col(dout, cache),
    lambda: four_loops_back(dout[:1], x[:1], w),
    "50 pictures take no longer than one picture in four nested loops",
    ratio=1,
    hint=slow,
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 8 · Fast pooling  `[6 points · ●●○ · 20 min]`
#
# Next to a fast convolution, pooling window by window would now take most of the time. Turn the loops inside out. There are many windows, but each has only a few positions: four
# for 2 x 2. The pixels at position (p, q) of *all* windows are one strided slice, of the shape of the output,
#
# $$x_{pq} = x[:, :,\; p : p + \text{stride} \cdot H' : \text{stride},\;\; q : q + \text{stride} \cdot W' : \text{stride}]$$
#
# and the maximum of all windows at once is `np.maximum` over these few slices. Backward, the same slices of `dx` receive `dout` wherever the slice of x equals the output: which is the mask that counts
# ties twice, so remember which windows have given their gradient away already.
#
# Same contract as before, any windows and strides, overlapping too; float32 stays float32; at least **10 times as fast** as a loop over all windows of all pictures, one by one.
#
# <details><summary>Hint for backward</summary>
#
# Start with `free = np.ones(out.shape, dtype=bool)`. For each position: `here = free & (slice == out)`; add `dout * here` to the slice of dx; then `free &= ~here`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "max_pool_forward_fast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_forward_fast(x, pool_param):
    """Forward pass of max pooling, all windows at once.

    Parameters
    ----------
    x : (N, C, H, W)
    pool_param : dict with "pool_height", "pool_width" and "stride"

    Returns
    -------
    out : (N, C, H', W'), of the dtype of x
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows = stride * conv_output_size(x.shape[2], height, stride)
    columns = stride * conv_output_size(x.shape[3], width, stride)
    out = x[:, :, :rows:stride, :columns:stride].copy()
    for p, q in np.ndindex(height, width):
        np.maximum(out, x[:, :, p : p + rows : stride, q : q + columns : stride], out=out)
    return out, (x, out, pool_param)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_fast_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: two pictures of 5 x 7 whole numbers; windows of 3 x 2 that overlap, by hand, and then windows of 2 x 2.
maps = (np.arange(70.0) * 29 % 71).reshape(2, 1, 5, 7)
out, _ = checks.unpack(
    max_pool_forward_fast(maps.copy(), {"pool_height": 3, "pool_width": 2, "stride": 2}),
    "out",
    "cache",
    what="max_pool_forward_fast",
)
checks.close(
    out,
    [[[[61, 67, 64], [70, 67, 54]]], [[[50, 69, 66], [62, 68, 65]]]],
    "windows 3x2, stride 2",
    hint="strided slices, which may overlap; rows go with pool_height, columns with pool_width",
)
out, _ = max_pool_forward_fast(
    np.stack([maps[:, 0], -maps[:, 0] + 80], axis=1), {"pool_height": 2, "pool_width": 2, "stride": 1}
)
checks.close(
    out[0, :, 0],
    [[61, 58, 58, 45, 64, 64], [80, 61, 74, 74, 77, 77]],
    "windows 2x2, stride 1, two channels: the first row of each",
    hint="each channel by itself",
)

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_fast_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: numbers below zero, both dtypes, x left as it is, and faster than your naive version.
rng = np.random.default_rng(9)
maps, param = rng.normal(size=(20, 8, 32, 32)) - 9, {"pool_height": 2, "pool_width": 2, "stride": 2}
before = maps.copy()
out, _ = checks.unpack(max_pool_forward_fast(maps, param), "out", "cache", what="max_pool_forward_fast")
checks.unchanged(maps, before, "x", hint="start from a *copy* of the first slice")
checks.close(
    out[3, 2, 4, :2],
    [before[3, 2, 8:10, :2].max(), before[3, 2, 8:10, 2:4].max()],
    "negative numbers",
    hint="start from a copy of the first slice, not from zeros",
)
small = max_pool_forward_fast(maps.astype(np.float32), param)[0]
checks.dtype(small, "float32", "float32 in, float32 out", hint="np.zeros without a dtype is float64")
checks.dtype(out, "float64", "float64 in, float64 out")
checks.faster(
    lambda: max_pool_forward_fast(maps, param),
    lambda: [maps[0, 0, :2, :2].max() for _ in range(20 * 8 * 16 * 16)],
    "the fast version against one maximum for each window",
    ratio=2,
    hint="loop over the positions inside a window, of which there are four",
)

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_fast_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: overlapping and non-square windows.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(79)
for N, C, H, W, PH, PW, stride in [
    (2, 3, 6, 8, 2, 2, 2),  # tiles
    (2, 3, 7, 9, 3, 3, 2),  # overlapping
    (2, 2, 5, 8, 3, 2, 1),  # not square
]:
    x = rng.uniform(0.1, 3, size=(N, C, H, W))
    found = max_pool_forward_fast(x.copy(), {"pool_height": PH, "pool_width": PW, "stride": stride})
    out, _ = checks.unpack(found, "out", "cache", what="max_pool_forward_fast")
    checks.close(
        out,
        sliding_window_view(x, (PH, PW), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(4, 5)),
        f"{H}x{W} pixels, windows {PH}x{PW}, stride {stride}",
        hint="a reshape into blocks works for windows that tile only; strided slices work always",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "max_pool_forward_fast_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: negative numbers, uneven windows, one picture, both dtypes, and
# 10 times as fast as a loop over windows.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(80)
for N, C, H, W, PH, PW, stride in [
    (1, 2, 5, 8, 3, 2, 1),  # one picture
    (3, 1, 7, 6, 2, 3, 3),  # gaps between windows
    (2, 2, 7, 5, 2, 2, 2),  # uneven
]:
    x = rng.normal(size=(N, C, H, W)) - 5  # all below zero
    before, param = x.copy(), {"pool_height": PH, "pool_width": PW, "stride": stride}
    expected = sliding_window_view(before, (PH, PW), axis=(2, 3))[:, :, ::stride, ::stride].max(axis=(4, 5))
    for array in (x, x.astype(np.float32)):
        out = max_pool_forward_fast(array, param)[0]
        checks.unchanged(x, before, "x")
        what = f"{H}x{W} pixels, windows {PH}x{PW}, stride {stride}, {array.dtype.name}"
        checks.close(out, expected, what, rtol=1e-6)
        checks.dtype(
            out, array.dtype.type, f"{what}: the dtype of x", hint="np.zeros without a dtype is float64"
        )


def window_by_window(x):  # the yardstick
    out = np.zeros((len(x), x.shape[1], 16, 16))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()


x, param = rng.normal(size=(50, 4, 32, 32)), {"pool_height": 2, "pool_width": 2, "stride": 2}
checks.faster(
    lambda: max_pool_forward_fast(x, param),
    lambda: window_by_window(x[:5]),
    "50 pictures take no longer than five, window by window",
    ratio=1,
    hint="loop over the positions inside a window, of which there are four",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_fast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward_fast(dout, cache):
    """Backward pass of max pooling, all windows at once.

    Parameters
    ----------
    dout : (N, C, H', W') upstream gradient
    cache : from `max_pool_forward_fast`

    Returns
    -------
    dx : (N, C, H, W), of the dtype of x
    """
    ### BEGIN SOLUTION
    x, out, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows, columns = stride * out.shape[2], stride * out.shape[3]
    dx, free = np.zeros_like(x), np.ones(out.shape, dtype=bool)
    for p, q in np.ndindex(height, width):
        at = np.s_[:, :, p : p + rows : stride, q : q + columns : stride]
        here = free & (x[at] == out)
        dx[at] += dout * here
        free &= ~here
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_fast_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: by centred differences, on your fast forward pass. Windows that tile, and windows that overlap and are not square.
rng = np.random.default_rng(10)
x = rng.permutation(2 * 3 * 6 * 5).reshape(2, 3, 6, 5) * 0.1 - 7
for height, width, stride in [(2, 2, 2), (3, 2, 1)]:
    param = {"pool_height": height, "pool_width": width, "stride": stride}
    out, cache = max_pool_forward_fast(x.copy(), param)
    dout = rng.normal(size=out.shape)
    gradcheck.check(
        lambda maps, param=param: max_pool_forward_fast(maps, param)[0],
        x,
        max_pool_backward_fast(dout.copy(), cache),
        f"dx, windows {height}x{width}, stride {stride}",
        df=dout,
        hint="dout as it is, only where the slice equals the maximum; add (+=), for windows overlap",
    )

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_fast_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: ties, both dtypes, dout left as it is, and faster than your naive version.
rng = np.random.default_rng(11)
maps, param = (
    rng.integers(0, 3, size=(20, 8, 32, 32)).astype(np.float32),
    {"pool_height": 2, "pool_width": 2, "stride": 2},
)
dout = rng.normal(size=(20, 8, 16, 16)).astype(np.float32)
before, maps_before = dout.copy(), maps.copy()
_, cache = max_pool_forward_fast(maps, param)
dx = max_pool_backward_fast(dout, cache)
checks.unchanged(dout, before, "dout")
checks.unchanged(maps, maps_before, "x")
checks.close(
    np.asarray(dx)[3, 2].reshape(16, 2, 16, 2).sum(axis=(1, 3)),
    before[3, 2],
    "ties: each window gives its gradient away once",
    rtol=1e-4,
    hint="keep a mask of the windows that have not yet",
)
checks.dtype(dx, "float32", "float32 in, float32 out", hint="np.zeros without a dtype is float64")
wide = max_pool_backward_fast(dout.astype(float), max_pool_forward_fast(maps.astype(float), param)[1])
checks.dtype(wide, "float64", "float64 in, float64 out")
checks.faster(
    lambda: max_pool_backward_fast(dout, cache),
    lambda: [maps[0, 0, :2, :2].argmax() for _ in range(20 * 8 * 16 * 16)],
    "the fast version against one argmax for each window",
    ratio=2,
    hint="loop over the positions inside a window, of which there are four",
)

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_fast_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: overlapping and non-square windows.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(80)


def check_gradient(N, C, H, W, PH, PW, stride):
    x = rng.permutation(N * C * H * W).reshape(N, C, H, W) * 0.01 - 1  # distinct numbers
    param = {"pool_height": PH, "pool_width": PW, "stride": stride}
    out, cache = max_pool_forward_fast(x.copy(), param)
    dout = rng.normal(size=out.shape)
    dx = max_pool_backward_fast(dout.copy(), cache)
    checks.shape(dx, x.shape, "dx")
    gradcheck.check(
        lambda v: max_pool_forward_fast(v, param)[0],
        x,
        dx,
        f"dx ({H}x{W} pixels, windows {PH}x{PW}, stride {stride})",
        df=dout,
        hint="add (+=) to the slice of dx: with overlapping windows a pixel is in several slices",
    )


for case in [
    (2, 3, 6, 4, 2, 2, 2),  # tiles
    (2, 2, 7, 9, 3, 3, 2),  # overlapping
    (2, 3, 5, 8, 3, 2, 1),  # not square
]:
    check_gradient(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "max_pool_backward_fast_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, uneven windows, one picture, both dtypes, inputs left
# alone, and 10 times as fast as a loop over windows.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(81)
for N, C, H, W, PH, PW, stride in [
    (1, 3, 5, 8, 3, 2, 1),  # one picture
    (2, 1, 7, 6, 2, 3, 3),  # gaps between windows
    (2, 2, 7, 5, 2, 2, 2),  # a row and a column that no window reaches
]:
    x = rng.permutation(N * C * H * W).reshape(N, C, H, W) * 0.01 - 1
    param = {"pool_height": PH, "pool_width": PW, "stride": stride}
    out, cache = max_pool_forward_fast(x, param)
    dout = rng.normal(size=out.shape)
    before = x.copy(), dout.copy()
    dx = max_pool_backward_fast(dout, cache)
    checks.unchanged(x, before[0], "x")
    checks.unchanged(dout, before[1], "dout")
    gradcheck.check(
        lambda v, param=param: max_pool_forward_fast(v, param)[0],
        x,
        dx,
        f"dx ({H}x{W} pixels, windows {PH}x{PW}, stride {stride})",
        df=dout,
    )
tied = np.maximum(rng.normal(size=(3, 2, 6, 4)) - 1, 0)  # mostly zeros, as after a ReLU
dout = rng.normal(size=(3, 2, 3, 2))
for dtype in (np.float32, np.float64):
    _, cache = max_pool_forward_fast(tied.astype(dtype), {"pool_height": 2, "pool_width": 2, "stride": 2})
    dx = max_pool_backward_fast(dout.astype(dtype), cache)
    checks.shape(dx, (3, 2, 6, 4), "dx")
    checks.close(
        np.asarray(dx).reshape(3, 2, 3, 2, 2, 2).sum(axis=(3, 5)),
        dout,
        "ties: each window hands out what arrived",
        rtol=1e-5,
        hint="free &= ~here, so that a second winner finds nothing left",
    )
    name = np.dtype(dtype).name
    checks.dtype(
        dx,
        dtype,
        f"{name} in, {name} out",
        hint="np.zeros without a dtype is float64: np.zeros_like(x) is not",
    )


def window_by_window_back(dout, x):  # the yardstick
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        dx[n, c, 2 * i + window.argmax() // 2, 2 * j + window.argmax() % 2] += dout[n, c, i, j]


x, param = rng.normal(size=(50, 4, 32, 32)), {"pool_height": 2, "pool_width": 2, "stride": 2}
dout = rng.normal(size=(50, 4, 16, 16))
_, cache = max_pool_forward_fast(x, param)
checks.faster(
    lambda: max_pool_backward_fast(dout, cache),
    lambda: window_by_window_back(dout[:5], x[:5]),
    "50 pictures take no longer than five, window by window",
    ratio=1,
    hint="loop over the positions inside a window, of which there are four",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The timing ladder: forward and backward, 50 pictures of 3 x 32 x 32 under 16 filters of 3 x 3. The naive version is timed on four pictures, and the time scaled up. How long would one
# epoch of 5000 pictures take with each?


# %% tags=["explore"]
def seconds(call, repeats=3):
    """The best time of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def there_and_back(forward, backward, *arguments):
    out, cache = forward(*arguments)
    backward(out, cache)


rng = np.random.default_rng(0)
layer = rng.normal(size=(50, 3, 32, 32)), rng.normal(size=(16, 3, 3, 3)), rng.normal(size=16)
layer32 = [array.astype(np.float32) for array in layer]
way = {"pad": 1, "stride": 1}
ladder = {
    "naive, window by window": 12.5
    * seconds(
        lambda: there_and_back(conv_forward_naive, conv_backward_naive, layer[0][:4], *layer[1:], way),
        repeats=1,
    ),
    "im2col, float64": seconds(
        lambda: there_and_back(conv_forward_im2col, conv_backward_im2col, *layer, way)
    ),
    "im2col, float32": seconds(
        lambda: there_and_back(conv_forward_im2col, conv_backward_im2col, *layer32, way)
    ),
}
plotting.show_timings(ladder, "One convolution layer, forward and backward, 50 pictures")
plt.show()
print("\n".join(f"an epoch of 5000 pictures, {name}: {100 * s:.3g} s" for name, s in ladder.items()))

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_im2col", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### Question · What im2col buys, and what it costs  `[3 points]`
#
# Both versions do the same multiplications and additions. (a) Why is the one with columns so much faster? (b) By what factor do the columns need more memory than the input, for a 3 x 3
# filter with stride 1 and pad 1? And for a 1 x 1 filter? (c) Why can `col2im(im2col(x))` not be x?
#
# ### BEGIN SOLUTION
# (a) The naive version starts a handful of multiplications at a time from Python, and starting them costs a thousand times what they cost. The columns lie in memory in the order in which the matrix product
# reads them, so that the processor does several multiplications at once on numbers that are already in its cache. (b) Each window becomes a column of $9C$ numbers, and there are as many windows as
# pixels: 9 times. A 1 x 1 filter has columns of $C$ numbers: the input itself, factor 1. (c) A pixel in several windows is copied several times, and `col2im` adds up the copies: every pixel comes back multiplied by the number of
# windows it is in (9 in the middle, 4 in a corner). It is the transpose of `im2col`, which gradients need, not its inverse.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 9 · Spatial batch normalisation  `[7 points · ●●○ · 20 min]`
#
# Batch normalisation gave every *feature* of an affine layer mean 0 and variance 1 over the batch. In a convolution layer the feature is the **channel**: the same filter made all of
# its numbers, wherever they stand. So statistics are taken over pictures, rows and columns together, $N \cdot H \cdot W$ numbers a channel, and there is one $\gamma$ and one $\beta$ for each channel.
#
# $$\mu_c = \frac{1}{NHW} \sum_{n, h, w} x_{n,c,h,w} \qquad y_{n,c,h,w} = \gamma_c \, \frac{x_{n,c,h,w} - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c$$
#
# You have written batch normalisation for arrays of shape (examples, features). Every pixel of every picture is an example here: arrange x as $(N \cdot H \cdot W,\; C)$, call
# `batchnorm_forward(x, gamma, beta, bn_param)`, arrange the result back. `batchnorm_backward(dout, cache)` (your closed form) works the same way and returns dx, dgamma, dbeta. Running averages, modes and `bn_param`
# are taken care of: hand the dict through.
#
# **Watch out.** `x.reshape(-1, C)` has the right shape and the wrong numbers: a reshape never changes the order in memory, in which the channels are not last. Move the axis first.
#
# <details><summary>Hint</summary>
#
# `x.transpose(0, 2, 3, 1)` brings the channels to the end; after the call, reshape to that four-dimensional shape and `transpose(0, 3, 1, 2)` back.
# </details>


# %% nbgrader={"grade": false, "grade_id": "spatial_batchnorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalisation of each channel.

    Parameters
    ----------
    x : (N, C, H, W)
    gamma, beta : (C,) scale and shift
    bn_param : dict as for `batchnorm_forward`: "mode" ('train' or 'test'), "eps", "momentum";
        "running_mean" and "running_var" are (C,)

    Returns
    -------
    out : (N, C, H, W)
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    rows, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
    return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_forward_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: three channels with very different means and spreads. Afterwards each has mean beta and standard
# deviation gamma, and the pattern that it had.
rng = np.random.default_rng(11)
x = (
    rng.normal(size=(4, 3, 5, 6)) * np.array([1.0, 10, 0.1])[:, None, None]
    + np.array([5.0, -20, 0])[:, None, None]
)
gamma, beta = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
out, _ = checks.unpack(
    spatial_batchnorm_forward(x.copy(), gamma, beta, {"mode": "train", "eps": 1e-8}),
    "out",
    "cache",
    what="spatial_batchnorm_forward",
)
checks.shape(out, x.shape, "the shape stays")
checks.close(
    np.mean(out, axis=(0, 2, 3)),
    beta,
    "the mean of each channel is beta",
    hint="move the channel axis to the end before the reshape, and back afterwards",
)
checks.close(np.std(out, axis=(0, 2, 3)), gamma, "the standard deviation of each channel is gamma", rtol=1e-4)
for c in range(3):
    z = (x[:, c] - x[:, c].mean()) / x[:, c].std()
    checks.close(
        (out[:, c] - beta[c]) / gamma[c],
        z,
        f"channel {c}: every pixel stands where it stood",
        rtol=1e-4,
        hint="the statistics of a channel are over pictures, rows and columns; arrange the result back as (N, C, H, W)",
    )

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_forward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: the running averages, test mode, everything left as it is.
rng = np.random.default_rng(12)
x, bn_param = 3 * rng.normal(size=(2, 2, 3, 4)) + 1, {"mode": "train", "momentum": 0.8}
before, gamma, beta = x.copy(), np.array([1.0, -2.0]), np.array([0.5, 0.0])
spatial_batchnorm_forward(x, gamma, beta, bn_param)
checks.unchanged(x, before, "x")
mean = 0.2 * before.mean(axis=(0, 2, 3))
checks.close(
    bn_param.get("running_mean", np.zeros(2)),
    mean,
    "the running mean of each channel",
    hint="hand bn_param itself to batchnorm_forward, no copy",
)
out, _ = spatial_batchnorm_forward(
    x, gamma, beta, {"mode": "test", "running_mean": mean, "running_var": np.array([4.0, 9.0])}
)
checks.close(
    out[:, 1],
    -2 * (before[:, 1] - mean[1]) / 3,
    "test mode uses the running averages",
    rtol=1e-5,
    hint="hand bn_param through as it is, mode and all",
)

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_forward_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other gamma, beta and eps, rectangles.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(81)
for n, C, eps in [(5, 3, 1e-3), (4, 2, 0.1)]:
    gamma, beta = rng.normal(size=C), rng.normal(size=C)
    x = (
        rng.normal(size=(n, C, 4, 7)) * rng.uniform(0.2, 3, C)[:, None, None]
        + rng.normal(size=C)[:, None, None]
    )
    found = spatial_batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train", "eps": eps})
    out, _ = checks.unpack(found, "out", "cache", what="spatial_batchnorm_forward")
    m, v = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    expected = [gamma[c] * (x[:, c] - m[c]) / np.sqrt(v[c] + eps) + beta[c] for c in range(C)]
    checks.close(
        out,
        np.stack(expected, axis=1),
        f"training on {n} pictures of {C} channels",
        hint="each channel by itself, over pictures, rows and columns; and the result arranged back as (N, C, H, W)",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_forward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: training over several batches, then test mode; one picture;
# an unknown mode; x left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(82)
gamma, beta, bn_param = (
    rng.normal(size=3),
    rng.normal(size=3),
    {"mode": "train", "eps": 1e-3, "momentum": 0.7},
)
mean, var = np.zeros(3), np.zeros(3)
for n in (5, 1, 4):  # a batch of one picture still has H * W examples per channel
    x = (
        rng.normal(size=(n, 3, 4, 7)) * np.array([1.0, 3, 0.2])[:, None, None]
        + np.array([1.0, -2, 3])[:, None, None]
    )
    before = x.copy()
    out, _ = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    checks.unchanged(x, before, "x")
    m, v = before.mean(axis=(0, 2, 3)), before.var(axis=(0, 2, 3))
    mean, var = 0.7 * mean + 0.3 * m, 0.7 * var + 0.3 * v
    expected = np.stack(
        [gamma[c] * (before[:, c] - m[c]) / np.sqrt(v[c] + 1e-3) + beta[c] for c in range(3)], axis=1
    )
    checks.close(out, expected, f"training on {n} pictures")
checks.close(
    bn_param.get("running_mean", np.zeros(3)),
    mean,
    "the running means after three batches",
    hint="hand bn_param itself to batchnorm_forward",
)
checks.close(
    bn_param.get("running_var", np.zeros(3)),
    var,
    "the running variances after three batches",
    hint="hand bn_param itself to batchnorm_forward",
)
out, _ = spatial_batchnorm_forward(
    x, gamma, beta, {"mode": "test", "eps": 1e-3, "running_mean": mean, "running_var": var}
)
expected = np.stack(
    [gamma[c] * (before[:, c] - mean[c]) / np.sqrt(var[c] + 1e-3) + beta[c] for c in range(3)], axis=1
)
checks.close(
    out, expected, "test mode uses the running averages", hint="hand bn_param through as it is, mode and all"
)
checks.raises(
    ValueError,
    spatial_batchnorm_forward,
    x,
    gamma,
    beta,
    {"mode": "validate"},
    what="an unknown mode is refused",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "spatial_batchnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spatial_batchnorm_backward(dout, cache):
    """Backward pass of spatial batch normalisation (training mode).

    Parameters
    ----------
    dout : (N, C, H, W)
    cache : from `spatial_batchnorm_forward`

    Returns
    -------
    dx : (N, C, H, W)
    dgamma, dbeta : (C,)
    """
    ### BEGIN SOLUTION
    N, C, H, W = dout.shape
    drows, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), cache)
    return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: dbeta is known in advance, for beta is added to every number of its channel. The rest by centred differences.
rng = np.random.default_rng(12)
x, dout, gamma, beta = (
    rng.normal(size=(3, 2, 4, 5)),
    rng.normal(size=(3, 2, 4, 5)),
    np.array([2.0, -0.5]),
    np.array([1.0, 3.0]),
)
_, cache = spatial_batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train"})
dx, dgamma, dbeta = checks.unpack(
    spatial_batchnorm_backward(dout.copy(), cache), "dx", "dgamma", "dbeta", what="spatial_batchnorm_backward"
)
checks.close(dbeta, dout.sum(axis=(0, 2, 3)), "dbeta", hint="arrange dout as you arranged x, channels last")
gradcheck.check(
    lambda v: spatial_batchnorm_forward(x, v, beta, {"mode": "train"})[0], gamma, dgamma, "dgamma", df=dout
)
gradcheck.check(
    lambda v: spatial_batchnorm_forward(v, gamma, beta, {"mode": "train"})[0],
    x,
    dx,
    "dx",
    df=dout,
    rtol=1e-5,
    hint="arrange dx back as (N, C, H, W)",
)

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_backward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: one picture, dout left as it is.
rng = np.random.default_rng(13)
x, dout = rng.normal(size=(1, 3, 4, 5)), rng.normal(size=(1, 3, 4, 5))
before = dout.copy()
_, cache = spatial_batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train"})
dx = spatial_batchnorm_backward(dout, cache)[0]
checks.unchanged(dout, before, "dout")
gradcheck.check(
    lambda v: spatial_batchnorm_forward(v, np.ones(3), np.zeros(3), {"mode": "train"})[0],
    x,
    dx,
    "dx of one picture",
    df=before,
    rtol=1e-5,
)

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_backward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: rectangles, other gamma and beta.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(82)


def check_gradients(shape):
    x, dout = 2 * rng.normal(size=shape) + 1, rng.normal(size=shape)
    gamma, beta = rng.normal(size=shape[1]), rng.normal(size=shape[1])
    _, cache = spatial_batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train"})
    found = spatial_batchnorm_backward(dout.copy(), cache)
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="spatial_batchnorm_backward")

    def forward(x, gamma, beta):
        return spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]

    hint = "arrange dout as (N * H * W, C), channels last, and dx back"
    gradcheck.check(lambda v: forward(v, gamma, beta), x, dx, f"dx of {shape}", df=dout, rtol=1e-5, hint=hint)
    gradcheck.check(lambda v: forward(x, v, beta), gamma, dgamma, f"dgamma of {shape}", df=dout, hint=hint)
    gradcheck.check(lambda v: forward(x, gamma, v), beta, dbeta, f"dbeta of {shape}", df=dout, hint=hint)


for shape in [(3, 4, 5, 2), (2, 3, 4, 4)]:
    check_gradients(shape)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "spatial_batchnorm_backward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one picture, one channel, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(83)
for shape in [(1, 3, 4, 4), (4, 1, 2, 3)]:
    x, dout = 2 * rng.normal(size=shape) + 1, rng.normal(size=shape)
    gamma, beta, before = rng.normal(size=shape[1]), rng.normal(size=shape[1]), dout.copy()
    _, cache = spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    found = spatial_batchnorm_backward(dout, cache)
    checks.unchanged(dout, before, "dout")
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="spatial_batchnorm_backward")
    for i, (value, gradient, name) in enumerate(
        [(x, dx, "dx"), (gamma, dgamma, "dgamma"), (beta, dbeta, "dbeta")]
    ):
        gradcheck.check(
            lambda v, i=i, arrays=(x, gamma, beta): spatial_batchnorm_forward(
                *arrays[:i], v, *arrays[i + 1 :], {"mode": "train"}
            )[0],
            value,
            gradient,
            f"{name} of {shape}",
            df=before,
            rtol=1e-5,
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 10 · Group normalisation  `[8 points · ●●● · 35 min]`
#
# Batch statistics are noise when the batch is small, and in large networks two pictures may be all that fits into memory. **Group normalisation** (Wu and He, 2018) asks nothing of the other
# pictures. Within *one* picture it cuts the channels into $G$ groups of $C / G$ neighbours, and normalises each group over its channels, rows and columns. $G = 1$ is layer normalisation, $G = C$ each channel
# by itself. Training and testing are the same; there are no running averages.
#
# With $M = (C/G) \cdot H \cdot W$ numbers in a group, mean $\mu$, variance $\sigma^2$ (divided by $M$), and $\hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$:
#
# $$y = \gamma_c\, \hat x + \beta_c \qquad d\hat x = \gamma_c\, dy \qquad dx = \frac{1}{\sqrt{\sigma^2 + \epsilon}} \left( d\hat x - \overline{d\hat x} - \hat x \; \overline{d\hat x \, \hat x} \right)$$
#
# where a bar is the mean over the group: the formula of batch normalisation, with another set to average over. $\gamma$ and $\beta$ still belong to *channels*; here they come in the shape $(1, C, 1, 1)$, which
# broadcasts, and their gradients go back in the same shape. `eps` is `gn_param.get("eps", 1e-5)`. $C$ is a multiple of $G$.
#
# <details><summary>Hint</summary>
#
# `x.reshape(N, G, -1)` has a group in each row of its last axis, for neighbouring channels are neighbours in memory. Average with `axis=2, keepdims=True`, and reshape back to `x.shape` before gamma comes in.
# </details>


# %% nbgrader={"grade": false, "grade_id": "spatial_groupnorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Normalisation over groups of neighbouring channels of each picture.

    Parameters
    ----------
    x : (N, C, H, W)
    gamma, beta : (1, C, 1, 1) scale and shift of each channel
    G : number of groups, a divisor of C
    gn_param : dict with "eps", 1e-5 if not given

    Returns
    -------
    out : (N, C, H, W)
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    groups = x.reshape(len(x), G, -1)
    centred = groups - groups.mean(axis=2, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
    normal = (centred / std).reshape(x.shape)
    return gamma * normal + beta, (normal, std, gamma, G)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_forward_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: two pictures, six channels, two groups: channels 0, 1, 2 belong together, and 3, 4, 5.
rng = np.random.default_rng(13)
x = (
    rng.normal(size=(2, 6, 3, 5)) * np.array([1.0, 2, 3, 30, 40, 50])[:, None, None]
    + np.array([1.0, 2, 0, 300, 400, 500])[:, None, None]
)
gamma, beta = np.arange(1.0, 7).reshape(1, 6, 1, 1), np.arange(10.0, 16).reshape(1, 6, 1, 1)
out, _ = checks.unpack(
    spatial_groupnorm_forward(x.copy(), gamma.copy(), beta.copy(), 2, {}),
    "out",
    "cache",
    what="spatial_groupnorm_forward",
)
checks.shape(out, x.shape, "the shape stays")
normal = (np.asarray(out) - beta) / gamma
for first in (0, 3):
    group, what = normal[:, first : first + 3], f"channels {first} to {first + 2} of each picture"
    checks.close(
        group.mean(axis=(1, 2, 3)),
        [0, 0],
        f"before gamma and beta, the mean of {what}",
        atol=1e-9,
        hint="x.reshape(N, G, -1), and the mean over the last axis; then gamma times it, plus beta",
    )
    checks.close(
        group.std(axis=(1, 2, 3)),
        [1, 1],
        f"before gamma and beta, the deviation of {what}",
        rtol=1e-4,
        hint="divide by the *root* of variance + eps; the variance is the mean of squares, over M and not M - 1",
    )
    checks.close(
        group[1] / np.ptp(group[1]),
        (x[1, first : first + 3] - x[1, first : first + 3].mean()) / np.ptp(x[1, first : first + 3]),
        f"the pattern of {what}",
        hint="a group is G neighbouring channels, C / G of them",
    )

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_forward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: eps, one group and C groups, x left as it is.
x = np.array([1.0, 3, 5, 7, 2, 4, 6, 0]).reshape(1, 2, 2, 2)
before, ones, zeros = x.copy(), np.ones((1, 2, 1, 1)), np.zeros((1, 2, 1, 1))
out, _ = spatial_groupnorm_forward(x, ones, zeros, 2, {"eps": 4.0})
checks.unchanged(x, before, "x")
checks.close(
    out.ravel(),
    [-1, -1 / 3, 1 / 3, 1, -1 / 3, 1 / 3, 1, -1],
    "two groups, variance 5 in each, eps 4: divided by 3",
    hint="eps, of gn_param, belongs inside the root",
)
out, _ = spatial_groupnorm_forward(x, ones, zeros, 1, {"eps": 0.0})
checks.close(out.ravel(), (before.ravel() - 3.5) / 5.25**0.5, "one group, variance 5.25, eps 0")
small = 1e-3 * before
out, _ = spatial_groupnorm_forward(small, ones, zeros, 2, {})
checks.close(
    out[0, 0, 1, 1],
    0.003 / (5e-6 + 1e-5) ** 0.5,
    "eps is 1e-5 if none is given",
    hint='gn_param.get("eps", 1e-5)',
)

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_forward_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other G, gamma and beta.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(83)
for (N, C, H, W), G in [((3, 6, 4, 5), 2), ((2, 6, 3, 2), 3), ((2, 8, 3, 3), 2)]:
    x = 3 * rng.normal(size=(N, C, H, W)) + np.arange(C)[:, None, None]
    gamma, beta = rng.normal(size=(1, C, 1, 1)), rng.normal(size=(1, C, 1, 1))
    found = spatial_groupnorm_forward(x.copy(), gamma.copy(), beta.copy(), G, {})
    out, _ = checks.unpack(found, "out", "cache", what="spatial_groupnorm_forward")
    expected = np.empty_like(x)
    for n in range(N):
        for first in range(0, C, C // G):
            part = np.s_[n, first : first + C // G]
            expected[part] = (x[part] - x[part].mean()) / x[part].std()
    checks.close(
        out,
        gamma * expected + beta,
        f"{C} channels in {G} groups",
        rtol=1e-4,
        hint="a group is C / G neighbouring channels; then gamma times it, plus beta",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_forward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: eps, one group, C groups, one picture, x left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(84)
for (N, C, H, W), G, gn_param in [
    ((2, 6, 3, 2), 3, {"eps": 0.1}),
    ((2, 4, 3, 3), 1, {}),
    ((1, 4, 5, 3), 4, {"eps": 1e-3}),
    ((2, 4, 5, 3), 2, {"eps": 3.0}),
]:  # G = 1, G = C, one picture, a large eps
    x = 0.3 * rng.normal(size=(N, C, H, W)) + np.arange(C)[:, None, None]
    gamma, beta = rng.normal(size=(1, C, 1, 1)), rng.normal(size=(1, C, 1, 1))
    before, eps = x.copy(), gn_param.get("eps", 1e-5)
    out = spatial_groupnorm_forward(x, gamma, beta, G, gn_param)[0]
    checks.unchanged(x, before, "x")
    expected = np.empty_like(before)
    for n in range(N):
        for first in range(0, C, C // G):
            part = np.s_[n, first : first + C // G]
            expected[part] = (before[part] - before[part].mean()) / (before[part].var() + eps) ** 0.5
    checks.close(
        out,
        gamma * expected + beta,
        f"{C} channels in {G} groups, eps {eps}",
        hint="eps belongs inside the root",
    )
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "spatial_groupnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spatial_groupnorm_backward(dout, cache):
    """Backward pass of group normalisation.

    Parameters
    ----------
    dout : (N, C, H, W)
    cache : from `spatial_groupnorm_forward`

    Returns
    -------
    dx : (N, C, H, W)
    dgamma, dbeta : (1, C, 1, 1)
    """
    ### BEGIN SOLUTION
    normal, std, gamma, G = cache
    dgamma = (dout * normal).sum(axis=(0, 2, 3), keepdims=True)
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    dnormal = (dout * gamma).reshape(len(dout), G, -1)
    groups = normal.reshape(dnormal.shape)
    along = groups * (dnormal * groups).mean(axis=2, keepdims=True)
    dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
    return dgroups.reshape(dout.shape), dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_backward_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: by centred differences.
rng = np.random.default_rng(14)
x, dout, gamma, beta = (
    rng.normal(size=(2, 6, 3, 2)),
    rng.normal(size=(2, 6, 3, 2)),
    rng.normal(size=(1, 6, 1, 1)),
    rng.normal(size=(1, 6, 1, 1)),
)
_, cache = spatial_groupnorm_forward(x.copy(), gamma.copy(), beta.copy(), 2, {})
dx, dgamma, dbeta = checks.unpack(
    spatial_groupnorm_backward(dout.copy(), cache), "dx", "dgamma", "dbeta", what="spatial_groupnorm_backward"
)
checks.shape(dgamma, (1, 6, 1, 1), "dgamma", hint="sum with keepdims=True")
checks.shape(dbeta, (1, 6, 1, 1), "dbeta", hint="sum with keepdims=True")
hint = "gamma and beta belong to a channel: add over pictures, rows and columns, axes 0, 2 and 3"
gradcheck.check(
    lambda v: spatial_groupnorm_forward(x, gamma, v, 2, {})[0], beta, dbeta, "dbeta", df=dout, hint=hint
)
gradcheck.check(
    lambda v: spatial_groupnorm_forward(x, v, beta, 2, {})[0], gamma, dgamma, "dgamma", df=dout, hint=hint
)
gradcheck.check(
    lambda v: spatial_groupnorm_forward(v, gamma, beta, 2, {})[0],
    x,
    dx,
    "dx",
    df=dout,
    rtol=1e-5,
    hint="gamma times dout comes first; then two means over each group of each picture are taken away; divide by the root",
)

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_backward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: a large eps, one picture, dout left as it is.
rng = np.random.default_rng(15)
x, dout, gamma, beta = (
    rng.normal(size=(1, 4, 3, 2)),
    rng.normal(size=(1, 4, 3, 2)),
    2 * np.ones((1, 4, 1, 1)),
    np.zeros((1, 4, 1, 1)),
)
before = dout.copy()
dx = spatial_groupnorm_backward(dout, spatial_groupnorm_forward(x, gamma, beta, 4, {"eps": 0.5})[1])[0]
checks.unchanged(dout, before, "dout")
gradcheck.check(
    lambda v: spatial_groupnorm_forward(v, gamma, beta, 4, {"eps": 0.5})[0],
    x,
    dx,
    "dx, eps 0.5",
    df=before,
    rtol=1e-5,
)

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_backward_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other G.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(84)


def check_gradients(N, C, H, W, G):
    x, dout = 2 * rng.normal(size=(N, C, H, W)), rng.normal(size=(N, C, H, W))
    gamma, beta = rng.normal(size=(1, C, 1, 1)), rng.normal(size=(1, C, 1, 1))
    _, cache = spatial_groupnorm_forward(x.copy(), gamma.copy(), beta.copy(), G, {})
    found = spatial_groupnorm_backward(dout.copy(), cache)
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="spatial_groupnorm_backward")
    case = f"({C} channels in {G} groups)"
    gradcheck.check(
        lambda v: spatial_groupnorm_forward(v, gamma, beta, G, {})[0],
        x,
        dx,
        f"dx {case}",
        df=dout,
        rtol=1e-5,
        hint="the means are over a group: axis 2 of (N, G, ...)",
    )
    gradcheck.check(
        lambda v: spatial_groupnorm_forward(x, v, beta, G, {})[0],
        gamma,
        dgamma,
        f"dgamma {case}",
        df=dout,
        hint="gamma belongs to a channel: add over pictures, rows and columns",
    )
    gradcheck.check(
        lambda v: spatial_groupnorm_forward(x, gamma, v, G, {})[0],
        beta,
        dbeta,
        f"dbeta {case}",
        df=dout,
        hint="add over pictures, rows and columns",
    )


for case in [(3, 6, 3, 2, 3), (2, 6, 2, 2, 2)]:
    check_gradients(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "spatial_groupnorm_backward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: a large eps, one group, C groups, one picture, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(85)
for (N, C, H, W), G in [((2, 4, 2, 3), 1), ((1, 4, 3, 3), 4)]:
    x, dout = 2 * rng.normal(size=(N, C, H, W)), rng.normal(size=(N, C, H, W))
    gamma, beta = rng.normal(size=(1, C, 1, 1)), rng.normal(size=(1, C, 1, 1))
    before, gn_param = dout.copy(), {"eps": 0.1}
    found = spatial_groupnorm_backward(dout, spatial_groupnorm_forward(x, gamma, beta, G, gn_param)[1])
    checks.unchanged(dout, before, "dout")
    dx, dgamma, dbeta = checks.unpack(found, "dx", "dgamma", "dbeta", what="spatial_groupnorm_backward")
    for i, (value, gradient, name) in enumerate(
        [(x, dx, "dx"), (gamma, dgamma, "dgamma"), (beta, dbeta, "dbeta")]
    ):
        gradcheck.check(
            lambda v, i=i, G=G, arrays=(x, gamma, beta): spatial_groupnorm_forward(
                *arrays[:i], v, *arrays[i + 1 :], G, {"eps": 0.1}
            )[0],
            value,
            gradient,
            f"{name} ({C} channels in {G} groups, eps 0.1)",
            df=before,
            rtol=1e-5,
        )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One picture goes through both layers in batches with 1, 3, 7, ... others, drawn at random twenty times. How much does what comes out depend on the rest of the batch?

# %% tags=["explore"]
pictures = book.tensors(np.float64).X_train
rng, trials = np.random.default_rng(0), 20
spread = {"batch normalisation": [], "group normalisation": []}
batch_sizes = [2, 4, 8, 16, 32, 64, 128]
for size in batch_sizes:
    batches = [
        np.concatenate([pictures[:1], pictures[rng.integers(1, 5000, size - 1)]]) for _ in range(trials)
    ]
    by_batch = [
        spatial_batchnorm_forward(batch, np.ones(3), np.zeros(3), {"mode": "train"})[0][0]
        for batch in batches
    ]
    by_group = [
        spatial_groupnorm_forward(batch, np.ones((1, 3, 1, 1)), np.zeros((1, 3, 1, 1)), 1, {})[0][0]
        for batch in batches
    ]
    spread["batch normalisation"].append(np.std(by_batch, axis=0).mean())
    spread["group normalisation"].append(np.std(by_group, axis=0).mean())
plotting.show_company(batch_sizes, spread)
plt.show()

# %% [markdown]
# ## The arithmetic of an architecture
#
# Before a network is trained it can be weighed: how many weights, how much memory, how many multiplications. An architecture is a list of **layer specs**, made by three little functions that are
# given. A spec is a dict; look at one. A convolution's filters span all channels of its input; pooling works on each channel by itself; an affine layer ("fc", fully connected) takes
# whatever comes, flattened. ReLUs are left out: they have no weights, and work in place.
#
# `output_shapes(input_shape, layers)` follows a picture of shape (C, H, W) through the list, with your `conv_output_size`, and gives the shape after each layer; an affine layer's is `(units,)`.


# %% nbgrader={"grade": false, "grade_id": "architectures", "locked": true, "schema_version": 3, "solution": false, "task": false}
def conv(filters, field, stride=1, pad=0):
    return {"kind": "conv", "filters": filters, "field": field, "stride": stride, "pad": pad}


def pool(field, stride, pad=0):
    return {"kind": "pool", "field": field, "stride": stride, "pad": pad}


def fc(units):
    return {"kind": "fc", "units": units}


def output_shapes(input_shape, layers):
    """Shapes after each layer: (C, H, W), or (units,) after an affine layer."""
    shapes, shape = [], tuple(input_shape)
    for layer in layers:
        if layer["kind"] == "fc":
            shape = (layer["units"],)
        else:
            channels, height, width = shape
            channels = layer.get("filters", channels)
            window = layer["field"], layer["stride"], layer["pad"]
            shape = (channels, conv_output_size(height, *window), conv_output_size(width, *window))
        shapes.append(shape)
    return shapes


LENET5 = [
    conv(6, 5),
    pool(2, 2),
    conv(16, 5),
    pool(2, 2),
    fc(120),
    fc(84),
    fc(10),
]  # LeCun et al., 1998; 1 x 32 x 32
ALEXNET = [  # Krizhevsky et al., 2012, on one processor in place of two; 3 x 227 x 227
    conv(96, 11, stride=4), pool(3, 2), conv(256, 5, pad=2), pool(3, 2),
    conv(384, 3, pad=1), conv(384, 3, pad=1), conv(256, 3, pad=1), pool(3, 2), fc(4096), fc(4096), fc(1000),
]  # fmt: skip
VGG16 = []  # Simonyan and Zisserman, 2014; 3 x 224 x 224
for filters, depth in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
    VGG16 += [conv(filters, 3, pad=1)] * depth + [pool(2, 2)]
VGG16 += [fc(4096), fc(4096), fc(1000)]

print("one spec:", conv(6, 5))

# %% [markdown]
# ## Exercise 11 · Count  `[10 points · ●●○ · 35 min]`
#
# Four short functions. The first three return a list with **one number for each layer**; convolutions and affine layers have biases unless `bias=False`.
#
# | | convolution, $F$ filters of $K \times K$ on $C$ channels | pooling | affine, $M$ units on $D$ numbers |
# |---|---|---|---|
# | parameters | $F \cdot C \cdot K^2$ weights and $F$ biases | 0 | $D \cdot M$ weights and $M$ biases |
# | activations | how many numbers come out: $F \cdot H' \cdot W'$ | $C \cdot H' \cdot W'$ | $M$ |
# | multiply-adds | each output number costs $C \cdot K^2$ | 0 | $D \cdot M$ |
#
# Multiply-adds of the biases are not counted. `output_shapes` gives you what goes out of each layer; what goes in is what came out of the one before. $D$ is the product of that shape. All counts are Python ints.


# %% nbgrader={"grade": false, "grade_id": "count_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_parameters(input_shape, layers, bias=True):
    """Parameters of each layer.

    Parameters
    ----------
    input_shape : (C, H, W) of a picture
    layers : list of specs
    bias : whether biases are counted

    Returns
    -------
    list of int, one per layer
    """
    ### BEGIN SOLUTION
    counts = []
    for layer, before in zip(layers, [input_shape, *output_shapes(input_shape, layers)], strict=False):
        if layer["kind"] == "pool":
            counts.append(0)
        elif layer["kind"] == "conv":
            counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias))
        else:
            counts.append(layer["units"] * (math.prod(before) + bias))
    return counts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_parameters_check", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# Check: LeNet-5 layer by layer, by hand: 6 * (25 + 1), 16 * (150 + 1), 120 * (400 + 1), 84 * (120 + 1),
# 10 * (84 + 1).
checks.equal(
    count_parameters((1, 32, 32), LENET5),
    [156, 0, 2416, 0, 48120, 10164, 850],
    "LeNet-5",
    hint="a filter spans all channels of its input; the first affine layer sees 16 * 5 * 5 numbers",
)
checks.equal(
    np.sum(count_parameters((3, 224, 224), VGG16, bias=False)),
    138_344_128,
    "VGG-16 without biases",
    hint="bias=False counts the weights only",
)
checks.equal(
    count_parameters((3, 9, 4), [conv(2, 3), fc(5)]),
    [2 * 28, 5 * 29],
    "a picture of 9 x 4: the affine layer sees 2 * 7 * 2 numbers",
    hint="height and width differ: the product of all three sizes",
)

# %% nbgrader={"grade": true, "grade_id": "count_parameters_hidden", "locked": true, "points": 1.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: AlexNet, and a 7x7 layer against three of 3x3.
### BEGIN HIDDEN TESTS
checks.equal(np.sum(count_parameters((3, 227, 227), ALEXNET)), 62_378_344, "AlexNet")
checks.equal(
    np.sum(count_parameters((3, 224, 224), VGG16)),
    138_357_544,
    "VGG-16 with biases",
    hint="one bias per filter, one per unit",
)
for C in (1, 10):  # one 7x7 layer needs 49 C^2 weights, three 3x3 layers 27 C^2
    checks.equal(
        count_parameters((C, 20, 15), [conv(C, 7, pad=3)], bias=False),
        [49 * C * C],
        f"one 7x7 layer, {C} channels",
    )
    checks.equal(
        count_parameters((C, 20, 15), [conv(C, 3, pad=1)] * 3, bias=False),
        [9 * C * C] * 3,
        f"three 3x3 layers, {C} channels",
    )
mixed = [
    conv(4, 3, stride=2),
    pool(2, 1),
    fc(5),
    fc(3),
]  # 2 x 9 x 6 -> 4 x 4 x 2 -> 4 x 3 x 1 -> 5 -> 3: not square
checks.equal(
    count_parameters((2, 9, 6), mixed),
    [4 * 19, 0, 5 * 13, 3 * 6],
    "a network on 2 x 9 x 6",
    hint="the affine layer sees the product of all sizes, C * H * W",
)
checks.equal(count_parameters((2, 9, 6), []), [], "no layers")
checks.equal(
    count_parameters((3, 4, 5), [fc(7)], bias=False), [7 * 60], "an affine layer straight on the picture"
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "count_activations", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_activations(input_shape, layers):
    """Numbers that come out of each layer, for one picture.

    Parameters
    ----------
    input_shape : (C, H, W) of a picture
    layers : list of specs

    Returns
    -------
    list of int, one per layer
    """
    ### BEGIN SOLUTION
    return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_activations_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: LeNet-5: 6 * 28 * 28, 6 * 14 * 14, 16 * 10 * 10, ... And VGG-16 with its picture: 15.2 million
# numbers, 58 MiB in float32.
checks.equal(
    count_activations((1, 32, 32), LENET5),
    [4704, 1176, 1600, 400, 120, 84, 10],
    "LeNet-5",
    hint="one entry per layer, pooling too: the product of the shape that comes out, a count and not bytes",
)
checks.equal(
    3 * 224 * 224 + np.sum(count_activations((3, 224, 224), VGG16)),
    15_237_608,
    "VGG-16 and its picture",
    hint="one entry per layer, without the picture",
)
checks.equal(
    count_activations((3, 9, 4), [conv(2, 3), fc(5)]),
    [28, 5],
    "a picture of 9 x 4: the maps have 2 * 7 * 2 numbers",
)

# %% nbgrader={"grade": true, "grade_id": "count_activations_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: AlexNet, pictures that are not square.
### BEGIN HIDDEN TESTS
expected = [290400, 69984, 186624, 43264, 64896, 64896, 43264, 9216, 4096, 4096, 1000]
checks.equal(count_activations((3, 227, 227), ALEXNET), expected, "AlexNet", hint="F * H' * W'")
checks.equal(
    count_activations((2, 9, 6), [conv(4, 3, stride=2), pool(2, 1), fc(5)]),
    [32, 12, 5],
    "a network on 2 x 9 x 6",
    hint="height and width differ: the product of all three sizes",
)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "count_multiply_adds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_multiply_adds(input_shape, layers):
    """Multiplications (each with its addition) of each layer, for one picture.

    Parameters
    ----------
    input_shape : (C, H, W) of a picture
    layers : list of specs

    Returns
    -------
    list of int, one per layer
    """
    ### BEGIN SOLUTION
    counts, before = [], tuple(input_shape)
    for layer, after in zip(layers, output_shapes(input_shape, layers), strict=True):
        cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}
        counts.append(math.prod(after) * cost[layer["kind"]])
        before = after
    return counts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "count_multiply_adds_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: LeNet-5's first layer has 28 * 28 * 6 output numbers of 25 multiply-adds each; the second,
# 10 * 10 * 16 of 150.
checks.equal(
    count_multiply_adds((1, 32, 32), LENET5),
    [117600, 0, 240000, 0, 48000, 10080, 840],
    "LeNet-5",
    hint="the number of outputs times the size of a filter, all channels; biases do not count",
)

# %% nbgrader={"grade": true, "grade_id": "count_multiply_adds_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: VGG-16, AlexNet, strides, pictures that are not square.
### BEGIN HIDDEN TESTS
checks.equal(
    np.sum(count_multiply_adds((3, 224, 224), VGG16)),
    15_470_264_320,
    "VGG-16",
    hint="filters span the channels of the layer's *input*",
)
checks.equal(
    np.sum(count_multiply_adds((3, 227, 227), ALEXNET)),
    1_135_256_096,
    "AlexNet",
    hint="the output's size counts, which the stride makes smaller",
)
checks.equal(
    count_multiply_adds((2, 9, 6), [conv(4, 3, stride=2), pool(2, 1), fc(5)]),
    [32 * 18, 0, 60],
    "a network on 2 x 9 x 6",
)
checks.equal(count_multiply_adds((8, 5, 7), [conv(3, 1)]), [35 * 3 * 8], "a 1x1 convolution")
### END HIDDEN TESTS

# %% [markdown]
# **Receptive field.** How far can a number in layer 5 see? A window of $K$ numbers sees $K$ of the layer below, each of which sees further. Two numbers go along: the field $r$, and the **jump** $j$, how many
# input pixels lie between neighbours of the current layer. Both start at 1, and each layer makes
#
# $$r \leftarrow r + (K - 1) \cdot j \qquad\text{then}\qquad j \leftarrow j \cdot \text{stride}$$
#
# Padding plays no part. Return $r$ after each layer, in pixels along one side; lists hold convolutions and pooling only.


# %% nbgrader={"grade": false, "grade_id": "receptive_field", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field(layers):
    """Pixels of the input, along one side, that a number of each layer depends on.

    Parameters
    ----------
    layers : list of convolution and pooling specs

    Returns
    -------
    list of int, one per layer
    """
    ### BEGIN SOLUTION
    fields, field, jump = [], 1, 1
    for layer in layers:
        field += (layer["field"] - 1) * jump
        jump *= layer["stride"]
        fields.append(field)
    return fields
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "receptive_field_check", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# Check: three layers of 3x3 see as far as one of 7x7. A stride makes everything above it see further.
checks.equal(
    receptive_field([conv(8, 3)] * 3), [3, 5, 7], "three 3x3 layers", hint="the first layer sees K pixels"
)
checks.equal(
    receptive_field([conv(8, 3), pool(2, 2), conv(8, 3), pool(3, 3), conv(8, 2)]),
    [3, 4, 8, 12, 18],
    "3x3, 2x2 pooling, 3x3, 3x3 pooling, 2x2",
    hint="the stride of a layer counts for the layers after it; the new jump is the old one times the stride",
)

# %% nbgrader={"grade": true, "grade_id": "receptive_field_check_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# Check: the list and its layers are left as they are; no layers at all.
layers = [conv(8, 3, stride=2), pool(2, 2)]
checks.equal(receptive_field(layers), [3, 5], "3x3 with stride 2, 2x2")
checks.holds(
    layers == [conv(8, 3, stride=2), pool(2, 2)], "the list is left as it was", f"it has become {layers}"
)
checks.equal(len(receptive_field([])), 0, "no layers")

# %% nbgrader={"grade": true, "grade_id": "receptive_field_hidden", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: AlexNet, VGG-16.
### BEGIN HIDDEN TESTS
checks.equal(
    receptive_field(ALEXNET[:8]),
    [11, 19, 51, 67, 99, 131, 163, 195],
    "AlexNet up to its last pooling layer",
    hint="the new jump is the old one times the stride",
)
checks.equal(receptive_field(VGG16[:-3])[-1], 212, "VGG-16 up to its last pooling layer")
checks.equal(
    receptive_field([conv(1, 1, stride=3), conv(1, 5)]), [1, 13], "a 1x1 layer with stride 3 skips pixels"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "receptive_field_hidden_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: no layers, the list left alone.
### BEGIN HIDDEN TESTS
layers = [conv(1, 5, stride=3), pool(2, 2), conv(4, 3, pad=1)]
checks.equal(receptive_field(layers), [5, 8, 20], "5x5 with stride 3, 2x2 with stride 2, 3x3")
checks.holds(layers == [conv(1, 5, stride=3), pool(2, 2), conv(4, 3, pad=1)], "the list is left as it was")
checks.equal(receptive_field([]), [], "no layers")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One number at the top and everything below that it depends on, in a slice through the layers. To the left one 7 x 7 layer ($49\, C^2$ weights), in the middle three of 3 x 3, with the same view ($27\, C^2$
# weights and two more ReLUs), to the right what one pooling layer with stride 2 does.

# %% tags=["explore"]
plotting.show_receptive_fields(
    {
        "one 7x7": [conv(8, 7)],
        "three 3x3": [conv(8, 3)] * 3,
        "3x3, 2x2 pooling, 3x3": [conv(8, 3), pool(2, 2), conv(8, 3)],
    }
)
plt.show()

# %% [markdown]
# Three famous networks, layer by layer. Look at the three columns of numbers: where is the memory, where are the parameters, where is the work?

# %% tags=["explore"]
networks = {
    "LeNet-5": ((1, 32, 32), LENET5),
    "AlexNet": ((3, 227, 227), ALEXNET),
    "VGG-16": ((3, 224, 224), VGG16),
}


def name_of(layer):
    if layer["kind"] == "fc":
        return f"fc {layer['units']}"
    size = f"{layer['field']}x{layer['field']}"
    return f"conv {size}, {layer['filters']}" if layer["kind"] == "conv" else f"pool {size}"


for title, (shape, layers) in networks.items():
    names, shapes = [name_of(layer) for layer in layers], output_shapes(shape, layers)
    counted = [count(shape, layers) for count in (count_activations, count_parameters, count_multiply_adds)]
    print(f"\n{title:16}{'output':>14}{'activations':>14}{'parameters':>14}{'multiply-adds':>16}")
    for name, after, *numbers in zip(names, shapes, *counted, strict=True):
        print(
            f"{name:16}{' x '.join(map(str, after)):>14}{numbers[0]:>14,}{numbers[1]:>14,}{numbers[2]:>16,}"
        )
    totals = [sum(column) for column in counted]
    print(f"{'total':30}{totals[0]:>14,}{totals[1]:>14,}{totals[2]:>16,}")


# %% tags=["explore"]
def weights_of_network(title):
    """Name, and activations, parameters and multiply-adds of each layer that is no pooling layer."""
    shape, layers = networks[title]
    columns = [count(shape, layers) for count in (count_activations, count_parameters, count_multiply_adds)]
    return [(name_of(layer), *row) for layer, *row in zip(layers, *columns, strict=True)]


plotting.show_network_weights({title: weights_of_network(title) for title in networks})
plt.show()

# %% [markdown]
# In AlexNet and VGG-16 the memory of a training step sits in the *first* convolutions, whose maps are large; the parameters sit in the *first affine layer*, which holds more than half of each network; and the work
# is spread over the convolutions. Later networks (GoogLeNet, ResNet) average each final map to one number before a single small affine layer, and nine tenths of the parameters are gone.

# %% [markdown]
# ## Exercise 12 · Inception and the bottleneck  `[4 points · ●●○ · 15 min]`
#
# Which filter size is best? GoogLeNet's **inception** block (Szegedy et al., 2014) takes them all: several branches look at the same input, and their outputs are stacked along the channels. That works when all branches
# keep the same height and width; a pooling branch too, with stride 1 and padding.
#
# `inception_output_shape(input_shape, branches)`: each branch is a list of specs. Return the shape (C, H, W) of the stack, as a tuple of ints. Branches whose heights or widths differ cannot be stacked: raise a `ValueError`.
#
# Stacking makes many channels, and 3 x 3 filters over many channels are expensive. The **bottleneck** first squeezes the channels by a 1 x 1 convolution, which is an affine layer
# applied to each pixel. ResNet's goes $C \to R$ by 1 x 1, $R \to R$ by $K \times K$, $R \to C$ by 1 x 1.
#
# `bottleneck_parameters(channels, reduced, field=3)`: the number of weights of these three layers together, no biases.


# %% nbgrader={"grade": false, "grade_id": "inception_output_shape", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inception_output_shape(input_shape, branches):
    """Shape of parallel branches, stacked along the channels.

    Parameters
    ----------
    input_shape : (C, H, W)
    branches : list of lists of convolution and pooling specs

    Returns
    -------
    (C, H, W) of the stack

    Raises
    ------
    ValueError : when heights or widths of the branches differ
    """
    ### BEGIN SOLUTION
    shapes = [output_shapes(input_shape, branch)[-1] for branch in branches]
    if len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(f"branches of different sizes cannot be stacked: {shapes}")
    return (sum(shape[0] for shape in shapes), *shapes[0][1:])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "inception_output_shape_check", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# Check: the first inception block of GoogLeNet makes 256 channels of 192: 64 + 128 + 32 + 32. And a block that halves
# the size of a rectangle.
block = [
    [conv(64, 1)],
    [conv(96, 1), conv(128, 3, pad=1)],
    [conv(16, 1), conv(32, 5, pad=2)],
    [pool(3, 1, pad=1), conv(32, 1)],
]
checks.equal(
    inception_output_shape((192, 28, 28), block),
    [256, 28, 28],
    "GoogLeNet's inception (3a)",
    hint="the last layer of each branch counts; channels add up",
)
checks.equal(
    inception_output_shape(
        (4, 11, 8), [[conv(6, 3, stride=2, pad=1)], [pool(3, 2, pad=1)], [conv(5, 1), conv(3, 1, stride=2)]]
    ),
    [13, 6, 4],
    "three branches that halve 11 x 8",
    hint="a pooling branch keeps its channels; take height and width from the branches, not from the input",
)

# %% nbgrader={"grade": true, "grade_id": "inception_output_shape_check_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# Check: branches that cannot be stacked; the lists left as they are.
for branches, what in [
    ([[conv(4, 3, pad=1)], [conv(4, 3)]], "8 x 10 beside 6 x 8"),
    ([[pool(1, 1)], [pool(2, 2)], [pool(1, 1)]], "8 x 10, 4 x 5 and 8 x 10"),
]:
    checks.raises(
        ValueError,
        inception_output_shape,
        (2, 8, 10),
        branches,
        what=f"{what}: ValueError",
        hint="compare all branches",
    )
checks.raises(
    ValueError,
    inception_output_shape,
    (2, 2, 5),
    [[pool(2, 1)], [pool(2, 3)]],
    what="1 x 4 beside 1 x 2, of equal height: ValueError",
    hint="compare heights and widths",
)
checks.raises(
    ValueError,
    inception_output_shape,
    (2, 5, 2),
    [[pool(2, 1)], [pool(2, 3)]],
    what="4 x 1 beside 2 x 1, of equal width: ValueError",
)
branches = [[conv(4, 1), conv(5, 1)], [pool(1, 1)]]
checks.equal(inception_output_shape((7, 9, 12), branches), [12, 9, 12], "two branches")
checks.holds(
    branches == [[conv(4, 1), conv(5, 1)], [pool(1, 1)]], "the lists are left as they were", f"{branches}"
)

# %% nbgrader={"grade": true, "grade_id": "inception_output_shape_hidden", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: sizes that change.
### BEGIN HIDDEN TESTS
halving = [[conv(5, 3, stride=2, pad=1)], [pool(3, 2, pad=1)]]  # a pooling branch keeps its channels
checks.equal(
    inception_output_shape((7, 9, 12), halving),
    [12, 5, 6],
    "branches that halve the size",
    hint="take height and width from the branches, not from the input",
)
longer = [[conv(9, 1), conv(2, 3)], [conv(4, 3), conv(3, 1)], [pool(3, 1)]]
checks.equal(inception_output_shape((7, 9, 12), longer), [12, 7, 10], "branches of two layers, and of one")
checks.equal(inception_output_shape((7, 9, 12), [[conv(4, 3)]]), [4, 7, 10], "a single branch")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "inception_output_shape_hidden_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: branches that do not fit together; the lists left alone.
### BEGIN HIDDEN TESTS
for shape, branches, what in [
    ((8, 10, 10), [[conv(4, 1)], [conv(4, 3)]], "10x10 beside 8x8"),
    ((2, 4, 5), [[pool(1, 1)], [pool(2, 2)], [pool(1, 1)]], "a middle branch of another size"),
    ((2, 2, 6), [[pool(2, 1)], [pool(2, 2)]], "equal heights, other widths"),  # 1 x 5 and 1 x 3
    ((2, 6, 2), [[pool(2, 1)], [pool(2, 2)]], "equal widths, other heights"),
]:
    checks.raises(
        ValueError,
        inception_output_shape,
        shape,
        branches,
        what=f"{what} is refused",
        hint="compare all branches' heights and widths",
    )
branches = [[conv(4, 3), conv(5, 3)], [pool(5, 1)]]
checks.equal(inception_output_shape((7, 9, 12), branches), [12, 5, 8], "branches that do fit")
checks.holds(branches == [[conv(4, 3), conv(5, 3)], [pool(5, 1)]], "the lists are left as they were")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "bottleneck_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bottleneck_parameters(channels, reduced, field=3):
    """Weights of 1x1 down, field x field, 1x1 up, without biases.

    Parameters
    ----------
    channels : C, of the input and of the output
    reduced : R, in between
    field : side of the middle filters

    Returns
    -------
    int
    """
    ### BEGIN SOLUTION
    return 2 * channels * reduced + reduced**2 * field**2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "bottleneck_parameters_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: ResNet-50's first kind of block, 256 -> 64 -> 64 -> 256: 16384 + 36864 + 16384. Two plain 3x3
# layers on 256 channels have 1,179,648.
checks.equal(bottleneck_parameters(256, 64), 69_632, "256 -> 64 -> 64 -> 256", hint="1x1 down, 3x3, 1x1 up")
checks.equal(bottleneck_parameters(10, 3, 5), 285, "10 -> 3 -> 3 -> 10 with 5x5: 30 + 225 + 30")

# %% nbgrader={"grade": true, "grade_id": "bottleneck_parameters_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other sizes.
### BEGIN HIDDEN TESTS
for C, R, K in [(10, 3, 3), (7, 7, 5), (1, 2, 1)]:
    expected = C * R + R * R * K * K + R * C
    checks.equal(
        bottleneck_parameters(C, R, K),
        expected,
        f"{C} -> {R} -> {R} -> {C} with {K}x{K}",
        hint="field * field weights for every pair of a reduced channel in and out",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** What the 1 x 1 convolutions save: multiply-adds of GoogLeNet's block with and without them on 256 channels of 28 x 28 pixels, and weights of ResNet's block on 256 channels.

# %% tags=["explore"]
wide = [[conv(128, 1)], [conv(192, 3, pad=1)], [conv(96, 5, pad=2)]]
narrow = [
    [conv(128, 1)],
    [conv(64, 1), conv(192, 3, pad=1)],
    [conv(64, 1), conv(96, 5, pad=2)],
    [pool(3, 1, pad=1), conv(64, 1)],
]
work = {}
for title, branches in (("all on 256 channels", wide), ("squeezed to 64 first", narrow)):
    work[title] = [
        (name_of(layer), count)
        for branch in branches
        for layer, count in zip(branch, count_multiply_adds((256, 28, 28), branch), strict=True)
        if count
    ]
plain = {
    "two 3x3 on 256": [
        (name_of(layer), n)
        for layer, n in zip(
            [conv(256, 3, pad=1)] * 2,
            count_parameters((256, 9, 9), [conv(256, 3, pad=1)] * 2, bias=False),
            strict=True,
        )
    ],
    "bottleneck of 64": [
        (name_of(layer), n)
        for layer, n in zip(
            [conv(64, 1), conv(64, 3, pad=1), conv(256, 1)],
            count_parameters((256, 9, 9), [conv(64, 1), conv(64, 3, pad=1), conv(256, 1)], bias=False),
            strict=True,
        )
    ],
}
figure, axes = plt.subplots(2, 1, figsize=(9.5, 5))
plotting.show_stacks(
    work,
    "multiply-adds of one picture",
    "Inception: a third of the work, and a fourth branch (green: 1x1)",
    ax=axes[0],
)
plotting.show_stacks(plain, "weights", "ResNet: a seventeenth of the weights (green: 1x1)", ax=axes[1])
plt.show()

# %% [markdown]
# ## Exercise 13 · The residual block  `[5 points · ●●○ · 25 min]`
#
# In the paper (He et al., 2015), 56 plain layers in a row trained worse than 20, on the *training* pictures, though their gradients were healthy: it is hard for a stack of layers to learn to do nothing. For a **residual block**
# it is easy. Its layers compute a change, which is added to the input:
#
# $$\text{out} = \mathrm{relu}\big(\, x + \mathrm{conv}_2(\mathrm{relu}(\mathrm{conv}_1(x)))\, \big)$$
#
# Both convolutions are 3 x 3 with stride 1 and pad 1, which keeps height and width. `w1` is (M, C, 3, 3), `w2` is (C, M, 3, 3): the change has the shape of x. Use `conv_forward_im2col` and `relu_forward`.
#
# **Backward**, at the plus sign the gradient is copied to both paths, and where the paths part, at x, the two gradients **add**. One of them arrives untouched by any weight.


# %% nbgrader={"grade": false, "grade_id": "residual_block_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def residual_block_forward(x, w1, b1, w2, b2):
    """Forward pass of a residual block: two 3x3 convolutions and a way around them.

    Parameters
    ----------
    x : (N, C, H, W)
    w1, b1 : (M, C, 3, 3), (M,)
    w2, b2 : (C, M, 3, 3), (C,)

    Returns
    -------
    out : (N, C, H, W)
    cache : what the backward pass needs
    """
    ### BEGIN SOLUTION
    same = {"stride": 1, "pad": 1}
    hidden, conv1 = conv_forward_im2col(x, w1, b1, same)
    hidden, relu1 = relu_forward(hidden)
    change, conv2 = conv_forward_im2col(hidden, w2, b2, same)
    out, relu2 = relu_forward(x + change)
    return out, (conv1, relu1, conv2, relu2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "residual_block_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: with all weights 0 the block does nothing but the last ReLU. With a change of +3 everywhere, it
# adds 3 first.
x = np.arange(-8.0, 8.0).reshape(2, 2, 2, 2)
w1, w2 = np.zeros((5, 2, 3, 3)), np.zeros((2, 5, 3, 3))
out, _ = checks.unpack(
    residual_block_forward(x.copy(), w1, np.zeros(5), w2, np.zeros(2)),
    "out",
    "cache",
    what="residual_block_forward",
)
checks.close(
    out,
    np.maximum(x, 0),
    "no change: relu(x)",
    hint="x goes around the convolutions and is added before the last ReLU",
)
out, _ = residual_block_forward(x.copy(), w1, np.zeros(5), w2, np.full(2, 3.0))
checks.close(
    out,
    np.maximum(x + 3, 0),
    "a change of 3: relu(x + 3)",
    hint="the last ReLU comes after the sum",
)
# Filters that look at the pixel in the middle only: h = relu(2 x0 - 1), change = (10 h, -h).
w1, w2 = np.zeros((1, 2, 3, 3)), np.zeros((2, 1, 3, 3))
w1[0, 0, 1, 1], w2[0, 0, 1, 1], w2[1, 0, 1, 1] = 2, 10, -1
h = np.maximum(2 * x[:, 0] - 1, 0)
out, _ = residual_block_forward(x.copy(), w1, np.array([-1.0]), w2, np.array([0.5, 4.0]))
checks.close(
    out,
    np.stack([np.maximum(x[:, 0] + 10 * h + 0.5, 0), np.maximum(x[:, 1] - h + 4, 0)], axis=1),
    "filters of one pixel",
    hint="relu between the convolutions, which have filters of their own",
)

# %% nbgrader={"grade": true, "grade_id": "residual_block_forward_check_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# Check: x and the filters are left as they are.
x, w1, w2 = np.arange(-4.0, 4.0).reshape(1, 2, 2, 2), np.zeros((5, 2, 3, 3)), np.zeros((2, 5, 3, 3))
before = x.copy()
out = residual_block_forward(x, w1, np.zeros(5), w2, np.full(2, 2.0))[0]
checks.close(out, np.maximum(before + 2, 0), "a change of 2: relu(x + 2)")
checks.unchanged(x, before, "x", hint="`x += change` changes the caller's array")
checks.unchanged(w1, np.zeros((5, 2, 3, 3)), "w1")

# %% nbgrader={"grade": true, "grade_id": "residual_block_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: random weights, rectangles.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(85)
for N, C, M, H, W in [(2, 3, 4, 5, 6), (3, 2, 2, 4, 3)]:
    x, w1, b1, w2, b2 = (rng.normal(size=s) for s in ((N, C, H, W), (M, C, 3, 3), (M,), (C, M, 3, 3), (C,)))

    def convolve(x, w, b):
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        return (
            np.stack([[correlate(p, f, mode="valid", method="direct")[0] for f in w] for p in padded])
            + b[:, None, None]
        )

    expected = np.maximum(x + convolve(np.maximum(convolve(x, w1, b1), 0), w2, b2), 0)
    found = residual_block_forward(*(a.copy() for a in (x, w1, b1, w2, b2)))
    out, _ = checks.unpack(found, "out", "cache", what="residual_block_forward")
    checks.close(
        out,
        expected,
        f"{N} pictures of {C} x {H} x {W}",
        hint="relu between the convolutions, then add x, then relu",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "residual_block_forward_hidden_2", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one picture; everything left alone.
### BEGIN HIDDEN TESTS
from scipy.signal import correlate

rng = np.random.default_rng(86)
arrays = [rng.normal(size=s) for s in ((1, 2, 4, 3), (2, 2, 3, 3), (2,), (2, 2, 3, 3), (2,))]
before = [a.copy() for a in arrays]


def convolve(x, w, b):
    padded = np.pad(x, ((1, 1), (1, 1)) if x.ndim == 2 else ((0, 0), (1, 1), (1, 1)))
    return np.stack([correlate(padded, f, mode="valid", method="direct")[0] for f in w]) + b[:, None, None]


out = residual_block_forward(*arrays)[0]
for name, array, old in zip(("x", "w1", "b1", "w2", "b2"), arrays, before, strict=True):
    checks.unchanged(array, old, name, hint="`x += change` changes the caller's array: write x + change")
x, w1, b1, w2, b2 = before
expected = np.maximum(x[0] + convolve(np.maximum(convolve(x[0], w1, b1), 0), w2, b2), 0)
checks.close(out, expected[None], "one picture")
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "residual_block_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def residual_block_backward(dout, cache):
    """Backward pass of a residual block.

    Parameters
    ----------
    dout : (N, C, H, W)
    cache : from `residual_block_forward`

    Returns
    -------
    dx, dw1, db1, dw2, db2
    """
    ### BEGIN SOLUTION
    conv1, relu1, conv2, relu2 = cache
    dsum = relu_backward(dout, relu2)
    dhidden, dw2, db2 = conv_backward_im2col(dsum, conv2)
    dchange, dw1, db1 = conv_backward_im2col(relu_backward(dhidden, relu1), conv1)
    return dsum + dchange, dw1, db1, dw2, db2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "residual_block_backward_check", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# Check: with all weights 0, the gradient goes around the convolutions untouched, wherever the ReLU was open. Then all
# five gradients by centred differences.
x, dout = np.arange(-4.0, 4.0).reshape(1, 2, 2, 2) + 0.5, np.arange(10.0, 18).reshape(1, 2, 2, 2)
_, cache = residual_block_forward(
    x.copy(), np.zeros((5, 2, 3, 3)), np.zeros(5), np.zeros((2, 5, 3, 3)), np.zeros(2)
)
dx, dw1, db1, dw2, db2 = checks.unpack(
    residual_block_backward(dout.copy(), cache),
    "dx",
    "dw1",
    "db1",
    "dw2",
    "db2",
    what="residual_block_backward",
)
checks.close(
    dx,
    dout * (x > 0),
    "dx: what went around",
    hint="dx is the sum of two gradients: through the convolutions, and around them",
)
rng = np.random.default_rng(16)
inputs = [rng.normal(size=s) for s in ((2, 3, 4, 5), (2, 3, 3, 3), (2,), (3, 2, 3, 3), (3,))]
dout = rng.normal(size=(2, 3, 4, 5))
gradients = residual_block_backward(dout.copy(), residual_block_forward(*(a.copy() for a in inputs))[1])
for i, name in enumerate(("x", "w1", "b1", "w2", "b2")):
    gradcheck.check(
        lambda v, i=i: residual_block_forward(*inputs[:i], v, *inputs[i + 1 :])[0],
        inputs[i],
        gradients[i],
        f"d{name}",
        df=dout,
        hint="back through the last ReLU first, then the convolutions in the opposite order, with the ReLU between them",
    )

# %% nbgrader={"grade": true, "grade_id": "residual_block_backward_check_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# Check: dout is left as it is.
rng = np.random.default_rng(17)
inputs = [rng.normal(size=s) for s in ((1, 2, 3, 4), (3, 2, 3, 3), (3,), (2, 3, 3, 3), (2,))]
dout = rng.normal(size=(1, 2, 3, 4))
before = dout.copy()
dx = residual_block_backward(dout, residual_block_forward(*inputs)[1])[0]
checks.unchanged(dout, before, "dout")
gradcheck.check(
    lambda v: residual_block_forward(v, *inputs[1:])[0], inputs[0], dx, "dx of one picture", df=before
)

# %% nbgrader={"grade": true, "grade_id": "residual_block_backward_hidden", "locked": true, "points": 0.75, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: all five gradients by centred differences.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(86)


def check_gradients(N, C, M, H, W):
    inputs = [rng.normal(size=s) for s in ((N, C, H, W), (M, C, 3, 3), (M,), (C, M, 3, 3), (C,))]
    dout = rng.normal(size=(N, C, H, W))
    found = residual_block_backward(dout.copy(), residual_block_forward(*(a.copy() for a in inputs))[1])
    grads = checks.unpack(found, "dx", "dw1", "db1", "dw2", "db2", what="residual_block_backward")
    for i, name in enumerate(("x", "w1", "b1", "w2", "b2")):
        gradcheck.check(
            lambda v, i=i: residual_block_forward(*inputs[:i], v, *inputs[i + 1 :])[0],
            inputs[i],
            grads[i],
            f"d{name} of {N} pictures of {C} x {H} x {W}",
            df=dout,
            hint="back through the last ReLU; the sum copies to both paths; both arrive at x and add",
        )


for case in [(2, 3, 4, 4, 5), (3, 2, 2, 3, 3)]:
    check_gradients(*case)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "residual_block_backward_hidden_2", "locked": true, "points": 0.25, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one picture, one map inside, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(87)
inputs = [rng.normal(size=s) for s in ((1, 2, 3, 3), (1, 2, 3, 3), (1,), (2, 1, 3, 3), (2,))]
dout = rng.normal(size=(1, 2, 3, 3))
before = dout.copy()
found = residual_block_backward(dout, residual_block_forward(*inputs)[1])
checks.unchanged(dout, before, "dout")
grads = checks.unpack(found, "dx", "dw1", "db1", "dw2", "db2", what="residual_block_backward")
for i, name in enumerate(("x", "w1", "b1", "w2", "b2")):
    gradcheck.check(
        lambda v, i=i: residual_block_forward(*inputs[:i], v, *inputs[i + 1 :])[0],
        inputs[i],
        grads[i],
        f"d{name} of one picture",
        df=before,
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Thirty blocks in a row, and a gradient of norm 1 sent in at the top: how much of it arrives at the bottom? With and without the way around (the same two convolutions and ReLUs, x not added), and with weights of two
# sizes: those of He, which you know from `04-training-dynamics`, and 0.3 times those. The last curve has He's weights in the first convolution of each block and zeros in the second: at the start every block does nothing.


# %% tags=["explore"]
def gradient_norms(first, second, around, depth=30):
    """Norms of a gradient on its way down through blocks with weights of these deviations."""
    rng = np.random.default_rng(0)
    out = np.abs(rng.normal(size=(1, 8, 16, 16)))
    gradient = rng.normal(size=out.shape)
    norms, way_back = [1.0], []
    gradient /= np.linalg.norm(gradient)
    same = {"pad": 1, "stride": 1}
    for _ in range(depth):
        w1, w2 = (deviation * rng.normal(size=(8, 8, 3, 3)) for deviation in (first, second))
        if around:
            out, cache = residual_block_forward(out, w1, np.zeros(8), w2, np.zeros(8))
        else:
            cache = []
            for w in (w1, w2):
                out, conv_cache = conv_forward_im2col(out, w, np.zeros(8), same)
                out, relu_cache = relu_forward(out)
                cache.append((conv_cache, relu_cache))
        way_back.append(cache)
    for cache in reversed(way_back):
        if around:
            gradient = residual_block_backward(gradient, cache)[0]
        else:
            for conv_cache, relu_cache in reversed(cache):
                gradient = conv_backward_im2col(relu_backward(gradient, relu_cache), conv_cache)[0]
        norms.append(np.linalg.norm(gradient))
    return norms


he = np.sqrt(2 / (9 * 8))
plotting.show_gradient_depth(
    {
        "plain, 0.3 of He's weights": gradient_norms(0.3 * he, 0.3 * he, around=False),
        "plain, He's weights": gradient_norms(he, he, around=False),
        "residual, 0.3 of He's weights": gradient_norms(0.3 * he, 0.3 * he, around=True),
        "residual, He's weights": gradient_norms(he, he, around=True),
        "residual, second weights zero": gradient_norms(he, 0, around=True),
    }
)
plt.show()

# %% [markdown]
# **What to read off it.** Plain layers with small weights die: hardly anything of the gradient is left after a few blocks. But that is the fault of the weights, and He's mend it: the plain network's gradient arrives within a factor of a hundred or so. And the residual blocks do not get off free: each *adds*
# its change to what comes in, so with He's weights signal and gradient grow from block to block, by a factor of thousands over thirty of them. That is why real residual networks have batch normalisation inside the block, or begin with zeros in its last weights (the curve that stays at 1), so that a new network is the identity and every
# layer learns a change to it.
#
# So the shortcut is not there to rescue a gradient that dies. In the paper the plain networks had batch normalisation, and healthy gradients; nevertheless the *training* error of 56 layers was higher than that of 20. What residual blocks changed is how easily such a stack can be optimised.

# %% [markdown]
# ## Exercise 14 · A convolutional network  `[7 points · ●●○ · 40 min]`
#
# Everything is there. Put it together:
#
# > convolution – ReLU – 2 x 2 max pooling – affine – ReLU – affine – softmax
#
# The convolution has stride 1 and keeps the size (`filter_size` is odd, pad $(\text{filter\_size} - 1) / 2$); pooling has stride 2, and an odd height or width loses its last row or column.
#
# `params` holds `W1` $(F, C, K, K)$, `b1` $(F)$, `W2` $(F \lfloor H/2 \rfloor \lfloor W/2 \rfloor,\; \text{hidden})$, `b2`, `W3` (hidden, classes), `b3`, all of `dtype`. Weights are drawn from `rng` with mean 0 and standard
# deviation `weight_scale`, biases start at 0. `loss(X)` returns the scores; `loss(X, y)` the mean softmax loss plus the penalty $\text{reg} \cdot (\sum W_1^2 + \sum W_2^2 + \sum W_3^2)$, and a dict of gradients with the keys of `params`.
# Use your fast convolution and pooling: this one gets trained.
#
# <details><summary>Hint</summary>
#
# `affine_forward` takes pictures as they are, and `affine_backward` returns dx in their shape. Keep the six caches in names, and walk back through them. The gradient of reg * sum(W * W) is 2 * reg * W.
# </details>


# %% nbgrader={"grade": false, "grade_id": "ThreeLayerConvNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class ThreeLayerConvNet:
    """conv - relu - 2x2 max pool - affine - relu - affine - softmax."""

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        rng=None,
    ):
        self.params, self.reg = {}, reg
        rng = np.random.default_rng(rng)
        ### BEGIN SOLUTION
        C, H, W = input_dim
        shapes = {
            "W1": (num_filters, C, filter_size, filter_size),
            "W2": (num_filters * (H // 2) * (W // 2), hidden_dim),
            "W3": (hidden_dim, num_classes),
        }
        for name, shape in shapes.items():
            self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
        for name, size in (("b1", num_filters), ("b2", hidden_dim), ("b3", num_classes)):
            self.params[name] = np.zeros(size, dtype=dtype)
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores, or the loss and its gradients.

        Parameters
        ----------
        X : (N, C, H, W)
        y : (N,) labels; None asks for scores

        Returns
        -------
        scores : (N, num_classes), if y is None
        loss, grads : number, and dict with the keys of `params`, otherwise
        """
        ### BEGIN SOLUTION
        W1, W2, W3 = self.params["W1"], self.params["W2"], self.params["W3"]
        same = {"stride": 1, "pad": W1.shape[2] // 2}
        out, conv_cache = conv_forward_im2col(X, W1, self.params["b1"], same)
        out, relu1_cache = relu_forward(out)
        out, pool_cache = max_pool_forward_fast(out, {"pool_height": 2, "pool_width": 2, "stride": 2})
        out, affine1_cache = affine_forward(out, W2, self.params["b2"])
        out, relu2_cache = relu_forward(out)
        scores, affine2_cache = affine_forward(out, W3, self.params["b3"])
        if y is None:
            return scores

        loss, dout = softmax_loss(scores, y)
        loss += self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
        grads = {}
        dout, grads["W3"], grads["b3"] = affine_backward(dout, affine2_cache)
        dout, grads["W2"], grads["b2"] = affine_backward(relu_backward(dout, relu2_cache), affine1_cache)
        dout = relu_backward(max_pool_backward_fast(dout, pool_cache), relu1_cache)
        _, grads["W1"], grads["b1"] = conv_backward_im2col(dout, conv_cache)
        for name in ("W1", "W2", "W3"):
            grads[name] += 2 * self.reg * self.params[name]
        return loss, grads
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "ThreeLayerConvNet_check", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
# Check: shapes; the loss of a network that knows nothing, ln 10 = 2.3026; a network small enough for a sheet of paper.
model = ThreeLayerConvNet(reg=0.0, rng=0)
checks.equal(" ".join(sorted(model.params)), "W1 W2 W3 b1 b2 b3", "the names of the parameters")
checks.shape(model.params["W1"], (32, 3, 7, 7), "W1")
checks.shape(
    model.params["W2"], (32 * 16 * 16, 100), "W2", hint="after pooling, 16 x 16 pixels are left of 32 x 32"
)
rng = np.random.default_rng(15)
X, y = rng.normal(size=(6, 3, 32, 32)).astype(np.float32), rng.integers(10, size=6)
loss, _ = checks.unpack(model.loss(X, y), "loss", "grads", what="loss(X, y)")
checks.close(loss, np.log(10), "the loss before training is ln 10", rtol=1e-2)
# Two filters of 1x1 that keep the picture and turn its sign; 2x2 pooling leaves (6, 8) and (-1, -2) of the first
# picture below, ReLU (6, 8) and (0, 0). By hand, the second layer makes (14.5, -5.5) of these, ReLU (14.5, 0).
tiny = ThreeLayerConvNet((1, 2, 4), 2, 1, 2, 2, reg=0.1, dtype=np.float64, rng=1)
tiny.params["W1"], tiny.params["b1"] = np.array([1.0, -1.0]).reshape(2, 1, 1, 1), np.zeros(2)
tiny.params["W2"] = np.array([[1.0, -1.0], [1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
tiny.params["b2"], tiny.params["W3"] = np.array([0.5, 0.5]), np.array([[0.1, 0.2], [3.0, 0.0]])
tiny.params["b3"] = np.array([0.0, -1.0])
X = np.array([[[[1.0, 5, 2, 8], [6, 1, 7, 2]]], [[[-1.0, -5, -2, -8], [-6, -1, -7, -2]]]])
checks.close(
    tiny.loss(X),
    [[1.45, 1.9], [74.75, 1.5]],
    "scores, by hand",
    hint="relu, then pool; relu between the affine layers, none after the last",
)
checks.close(
    tiny.loss(X, np.array([1, 0]))[0],
    (np.log1p(np.exp(-0.45)) + np.log1p(np.exp(-73.25))) / 2 + 0.1 * (2 + 16 + 9.05),
    "the loss with reg = 0.1, by hand: the squares of all weights add up to 27.05",
    hint="reg * sum(W * W) for the three W, without one half, and no penalty on biases",
)
# Gradients by centred differences on a small network, with biases that are not 0.
small = ThreeLayerConvNet((2, 6, 4), 3, 3, 5, 4, weight_scale=0.3, reg=0.1, dtype=np.float64, rng=1)
X, y = rng.normal(size=(3, 2, 6, 4)), np.array([0, 3, 1])
for name in ("b1", "b2", "b3"):
    small.params[name] = 0.5 * rng.normal(size=len(small.params[name]))
loss, grads = small.loss(X.copy(), y.copy())
kept = {name: np.array(value) for name, value in small.params.items()}
checks.equal(" ".join(sorted(grads)), " ".join(sorted(kept)), "a gradient for each parameter")
way_back = (
    "back through all six layers, each with its own cache, both ReLUs too; no ReLU after the last layer"
)
for name in sorted(kept):

    def loss_at(value, name=name):
        small.params[name] = value
        found = small.loss(X, y)[0]
        small.params[name] = kept[name]
        return found

    penalty = {"the penalty's gradient 2 * reg * W": 0.2 * kept[name]} if name[0] == "W" else None
    gradcheck.check(
        loss_at,
        kept[name],
        grads[name],
        f"the gradient of {name}",
        rtol=1e-5,
        terms=penalty,
        hint=way_back,
    )

# %% nbgrader={"grade": true, "grade_id": "ThreeLayerConvNet_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: what the constructor promises, both dtypes, X left as it is.
rng = np.random.default_rng(16)
X, y = rng.normal(size=(2, 3, 10, 8)), np.array([1, 2])
before, nets = X.copy(), {}
for dtype in ("float32", "float64"):
    nets[dtype] = [
        ThreeLayerConvNet((3, 10, 8), 20, 5, 30, weight_scale=0.02, dtype=np.dtype(dtype).type, rng=seed)
        for seed in (3, 3, 4)
    ]
    for name, value in nets[dtype][0].params.items():
        checks.dtype(
            value,
            dtype,
            f"{name} of a {dtype} network",
            hint="`.astype(dtype)`, after the weights are scaled",
        )
    given = X.astype(dtype)
    loss, grads = checks.unpack(nets[dtype][0].loss(given, y), "loss", "grads", what="loss(X, y)")
    checks.dtype(
        grads["W1"],
        dtype,
        f"the gradient of W1, {dtype}",
        hint="an np.zeros without dtype somewhere on the way is float64",
    )
    checks.close(loss, np.log(10), f"the loss before training is ln 10, {dtype}", rtol=0.05)
    checks.unchanged(given, before.astype(dtype), "X")
first, again, other = (np.asarray(net.params["W2"]) for net in nets["float32"])
checks.close(
    first.std(),
    0.02,
    "the spread of W2 is weight_scale",
    rtol=0.1,
    hint="a standard normal times weight_scale",
)
checks.holds(abs(first.mean()) < 0.002, "the mean of W2 is about 0", f"mean {first.mean():.4f}")
checks.equal(
    again, first, "the same rng draws the same weights", hint="use the generator `rng`, not np.random"
)
checks.holds(np.any(other != first), "another rng draws others")
default = ThreeLayerConvNet(rng=5)
checks.close(np.asarray(default.params["W2"]).std(), 1e-3, "weight_scale is 0.001 by default", rtol=0.1)
checks.dtype(default.params["W2"], "float32", "float32 by default")

# %% nbgrader={"grade": true, "grade_id": "ThreeLayerConvNet_hidden", "locked": true, "points": 2.5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: scores against an independent calculation, the penalty,
# rectangles.
### BEGIN HIDDEN TESTS
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate


def scores_of(p, X):
    pad = p["W1"].shape[2] // 2
    padded = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    maps = (
        np.stack([[correlate(x, f, mode="valid", method="direct")[0] for f in p["W1"]] for x in padded])
        + p["b1"][:, None, None]
    )
    pooled = sliding_window_view(np.maximum(maps, 0), (2, 2), axis=(2, 3))[:, :, ::2, ::2].max(axis=(4, 5))
    return np.maximum(pooled.reshape(len(X), -1) @ p["W2"] + p["b2"], 0) @ p["W3"] + p["b3"]


rng = np.random.default_rng(87)
for input_dim, F, K, hidden, classes, N in [
    ((3, 8, 6), 4, 3, 7, 5, 3),
    ((2, 6, 10), 2, 5, 4, 3, 4),
    ((2, 6, 6), 3, 1, 5, 10, 2),
]:  # rectangles, 1x1 filters
    model = ThreeLayerConvNet(
        input_dim,
        num_filters=F,
        filter_size=K,
        hidden_dim=hidden,
        num_classes=classes,
        reg=0.3,
        dtype=np.float64,
        rng=2,
    )
    C, H, W = input_dim
    checks.shape(
        model.params["W2"],
        (F * (H // 2) * (W // 2), hidden),
        f"W2 for {input_dim}",
        hint="pooling halves height and width, each by itself",
    )
    p = {
        name: rng.normal(size=np.shape(value)) * (0.5 if name[0] == "W" else 1)
        for name, value in model.params.items()
    }
    for name, value in p.items():  # biases that are not 0, so that no ReLU sits on its kink
        model.params[name] = value
    X, y = rng.normal(size=(N, *input_dim)), rng.integers(classes, size=N)
    expected, case = scores_of(p, X), f"({input_dim}, {F} filters of {K}x{K})"
    checks.close(
        model.loss(X.copy()),
        expected,
        f"scores {case}",
        hint="pad (filter_size - 1) // 2; relu, then pool; no ReLU after the last layer",
    )
    shifted = expected - expected.max(axis=1, keepdims=True)
    data_loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(N), y])
    found = model.loss(X.copy(), y.copy())
    loss, grads = checks.unpack(found, "loss", "grads", what="loss(X, y)")
    checks.close(
        loss,
        data_loss + 0.3 * sum(np.sum(p[name] ** 2) for name in ("W1", "W2", "W3")),
        f"the loss {case}",
        hint="reg * sum(W * W) for the three W, without one half, and no penalty on biases",
    )
    checks.equal(" ".join(sorted(grads)), " ".join(sorted(p)), "a gradient for each parameter")
    for name in p:

        def loss_at(value, name=name, model=model, X=X, y=y, p=p):
            model.params[name] = value
            found = model.loss(X, y)[0]
            model.params[name] = p[name]
            return found

        terms = {"the penalty's gradient 2 * reg * W": 0.6 * p[name]} if name[0] == "W" else None
        gradcheck.check(
            loss_at, p[name], grads[name], f"the gradient of {name} {case}", rtol=1e-5, terms=terms
        )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "ThreeLayerConvNet_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: odd sizes, one picture, initialisation and defaults, both dtypes.
### BEGIN HIDDEN TESTS
odd = ThreeLayerConvNet((1, 7, 9), 2, 5, 4, 3, dtype=np.float64, rng=2)
checks.shape(odd.params["W2"], (2 * 3 * 4, 4), "W2 for odd sizes", hint="pooling rounds down")
rng = np.random.default_rng(88)
for name in odd.params:
    odd.params[name] = rng.normal(size=np.shape(odd.params[name]))
odd.params["W1"] = np.zeros((2, 1, 5, 5))
hidden = np.maximum(
    np.repeat(np.maximum(odd.params["b1"], 0), 12) @ np.asarray(odd.params["W2"]) + odd.params["b2"], 0
)
expected = hidden @ np.asarray(odd.params["W3"]) + odd.params["b3"]
X, y = rng.normal(size=(1, 1, 7, 9)), np.array([2])
before = X.copy()
checks.close(odd.loss(X), expected[None], "one picture of odd sizes, under filters of zeros: scores")
loss, _ = checks.unpack(odd.loss(X, y), "loss", "grads", what="loss(X, y)")
checks.close(
    loss,
    np.log(np.sum(np.exp(expected - expected[2]))),
    "its loss; by default there is no penalty",
)
checks.unchanged(X, before, "X")
expected_shapes = {
    "W1": (20, 3, 5, 5),
    "b1": (20,),
    "W2": (20 * 5 * 4, 30),
    "b2": (30,),
    "W3": (30, 10),
    "b3": (10,),
}
X, y = rng.normal(size=(2, 3, 10, 8)), np.array([1, 2])
for asked, dtype, scale in [
    ({"weight_scale": 0.02}, np.float32, 0.02),
    ({"dtype": np.float64}, np.float64, 1e-3),
]:
    fresh, same_seed = (
        ThreeLayerConvNet((3, 10, 8), num_filters=20, filter_size=5, hidden_dim=30, rng=3, **asked)
        for _ in range(2)
    )
    for name, expected in expected_shapes.items():
        value = np.asarray(fresh.params[name])
        checks.shape(value, expected, name)
        checks.dtype(
            value,
            dtype,
            f"{name} has the dtype of the network, float32 unless told otherwise",
            hint="`.astype(dtype)`, after the weights are scaled",
        )
        if name[0] == "b":
            checks.close(value, np.zeros(expected), f"{name} starts at 0", atol=0)
        else:
            checks.close(
                value.std(),
                scale,
                f"the spread of {name} is weight_scale",
                rtol=0.15,
                hint="weight_scale times a standard normal",
            )
            checks.holds(
                abs(value.mean()) < 0.2 * scale, f"the mean of {name} is about 0", f"mean {value.mean():.4f}"
            )
    scores, found = fresh.loss(X.astype(dtype)), fresh.loss(X.astype(dtype), y)
    loss, grads = checks.unpack(found, "loss", "grads", what="loss(X, y)")
    for what, value in [("scores", scores), ("the gradient of W1", grads["W1"])]:
        checks.dtype(
            value,
            dtype,
            f"{what} of {np.dtype(dtype).name} pictures",
            hint="an np.zeros without dtype somewhere on the way is float64",
        )
    checks.equal(
        same_seed.params["W1"],
        fresh.params["W1"],
        "the same seed draws the same weights",
        hint="use the generator `rng`, not np.random",
    )
default = ThreeLayerConvNet(rng=0)
for name, expected in [("W1", (32, 3, 7, 7)), ("W2", (8192, 100)), ("W3", (100, 10))]:
    checks.shape(default.params[name], expected, f"{name} by default")
### END HIDDEN TESTS

# %% [markdown]
# **Train it.** First the sanity check from notebook 4: twenty pictures must be learnt by heart. Then 5000 pictures, with Adam from notebook 5, for about a minute.

# %% tags=["explore"]
adam = load_functions("05-optimizers", "adam")
tensors = book.tensors(np.float32)
few = tensors.subset(num_train=20, num_val=100)
tiny = ThreeLayerConvNet(weight_scale=2e-2, rng=0)
memory = Solver(tiny, few, adam, {"learning_rate": 2e-3}, rng=0, batch_size=20, num_epochs=30, verbose=False)
memory.train()
print(f"twenty pictures, learnt by heart: {memory.train_acc_history[-1]:.0%} right")

# %% tags=["explore"]
model = ThreeLayerConvNet(weight_scale=2e-2, reg=1e-4, rng=1)
solver = Solver(
    model,
    tensors,
    adam,
    {"learning_rate": 2e-3},
    lambda lr, epoch: lr * 0.85**epoch,
    rng=1,
    batch_size=100,
    num_epochs=10,
)
start = time.perf_counter()
solver.train()
print(
    f"{time.perf_counter() - start:.0f} s; validation accuracy {solver.best_val_acc:.1%},",
    f"test accuracy {solver.check_accuracy(tensors.X_test, tensors.y_test):.1%}",
)
plotting.show_training_curves(solver, "A convolutional network on the picture book")
plt.show()

# %% [markdown]
# A linear classifier got about 45 % right on these pictures (`02-linear-classifiers`), a two-layer network about 50 %. This one gets about 70 %. It is not a fair race, for it has more parameters, another optimizer and another schedule than those. But more parameters alone did not do it for the two-layer network. What
# is new is an assumption: what is worth seeing in one place is worth seeing in every place.
#
# **What it has learned.** The 32 filters of the first layer, as small colour pictures, and what each makes of one picture. Compare with those that people wrote by hand: edges in several directions, and something
# they had not thought of, blobs of one colour against its opposite.

# %% tags=["explore"]
filters = np.asarray(model.params["W1"]).transpose(0, 2, 3, 1)
plotting.show_grid(filters, columns=16, size=0.6, title="32 learned filters of 7 x 7 x 3")
plt.show()

# %% tags=["explore"]
shown = [31, 57]
maps, _ = conv_forward_im2col(
    tensors.X_train[shown], model.params["W1"], model.params["b1"], {"stride": 1, "pad": 3}
)
for picture, after in zip(book.X_train[shown], np.maximum(maps, 0), strict=True):
    plotting.show_feature_maps(picture, after)
    plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_small_filters", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### Question · Three small filters or one large  `[3 points]`
#
# Since VGG, networks stack 3 x 3 filters where AlexNet used 11 x 11. Take $C$ channels in and out, height and width kept. (a) Compare three 3 x 3 layers with one 7 x 7 layer: receptive field, weights, multiply-adds for $H \times W$ pixels.
# (b) Name one thing that the stack can do and the single layer cannot, and one thing that the stack needs more of. (c) Why did VGG's authors not go on to 1 x 1?
#
# ### BEGIN SOLUTION
# (a) Both see 7 x 7 pixels. The stack has $27 C^2$ weights against $49 C^2$, and $27 C^2 HW$ multiply-adds against $49 C^2 HW$: 45 % less of each. (b) There is a ReLU after each of the three layers, so the stack
# computes functions that no single linear filter can. It needs more memory in training: three maps of $C \times H \times W$ are kept for the backward pass in place of one. (c) A 1 x 1 filter sees one pixel, and so does a stack of them,
# however high. It mixes channels (which makes it useful as a bottleneck) but never looks at a neighbour; 3 x 3 is the smallest filter that has a left and a right, an above and a below.
# ### END SOLUTION

# %% [markdown]
# ## What you take with you
#
# - A convolution is an affine layer on windows, with its weights shared by all of them. Backward, everything that was shared adds up.
# - The fast version is the same arithmetic, laid out so that one matrix product can do it. Most of performance is laying things out.
# - Memory sits in the first layers, parameters in the affine ones, work in the convolutions. Count before you train.
# - A way around every block keeps gradients alive at any depth; a 1 x 1 convolution makes wide layers affordable.
# - Next: a deep network of such layers has been trained for you. What can be done with it on pictures that it has never seen?
