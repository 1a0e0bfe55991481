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
# # 8 · Transfer learning: the norm, not the exception
#
# Hardly anybody trains a large network from scratch. You take one that somebody has trained on *another* task, and put it to use on your own. When
# does that pay? How much of the network should be reused, and how much trained again? In this notebook you take a network that tells ten things
# apart, give it ten new things, then a quite different question, and **measure** what each way of reusing it is worth. The network is your own code from the
# earlier notebooks. Only its weights are ours.
#
# | exercise | | points |
# |---|---|---|
# | 1 | A frozen network as a source of features: `extract_features` | 16 |
# | 2 | A linear classifier on top: `linear_probe` | 16 |
# | 3, 4 | Looking closer at a classifier: `top_k_accuracy`, `confusion_matrix` | 16 |
# | 5 | Slower below, faster above: `discriminative_learning_rates` | 10 |
# | 6 | Train what you name, and nothing else: `fine_tune` | 24 |
# | 7 | The rule of thumb: `choose_strategy` | 8 |
# | | Two written questions | 10 |
#
# **How to work.** Run the cells from top to bottom (`Shift`+`Enter`). Where a cell says `raise NotImplementedError`, put
# your code in its place. Below each stub is a check: it prints a tick, or says what it expected and what to try. More
# tests, which you do not see, run when the notebook is graded; the text above each exercise says all that they ask for.
# No function changes its inputs, unless the text allows it. About two and a half hours, of which the computer needs a few minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
from dataclasses import replace
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from tqdm.auto import tqdm

from cs231n_kit import checks, plotting
from cs231n_kit.data import load_picturebook, load_pretrained, load_textures
from cs231n_kit.notebooks import load_functions

plt.style.use("cs231n_kit.plotting.course")
network_ready = False  # until your earlier functions have been found, and the network has run

# %% [markdown]
# ## The network is yours
#
# The next cell takes the layers from your notebooks `03-backprop`, `05-optimizers` and `07-cnn` (which uses `04-training-dynamics`). **If it stops with a message**, an answer is missing
# there: the message names the function and the cell. You need not be stuck. Every exercise below can be solved and checked without those layers, on a network of
# a few numbers that is given. Where pictures have to go through the real network, the notebook takes features from a file that we have made with it, and leaves out the
# trainings. So go on with the cell after it, and come back when the function is written.

# %% nbgrader={"grade": false, "grade_id": "earlier", "locked": true, "schema_version": 3, "solution": false, "task": false}
affine_forward, affine_backward, relu_forward, relu_backward, softmax_loss = load_functions(
    "03-backprop", "affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss"
)
adam = load_functions("05-optimizers", "adam")
conv_forward, conv_backward, max_pool_forward, max_pool_backward = load_functions(
    "07-cnn", "conv_forward_im2col", "conv_backward_im2col", "max_pool_forward_fast", "max_pool_backward_fast"
)
spatial_batchnorm_forward, spatial_batchnorm_backward = load_functions(
    "07-cnn", "spatial_batchnorm_forward", "spatial_batchnorm_backward"
)

# %% [markdown]
# Put together, they make a small modern ConvNet: three blocks of *convolution, batch normalisation, ReLU, 2 × 2 max pooling*, each with half the width and height and twice
# the channels of the one before, and an affine **head** that makes scores of what comes out. What you need to know of the class:
#
# | | |
# |---|---|
# | `model.params` | dict: name → array. `W1`, `gamma1`, `beta1` belong to the first block, ..., `W4`, `b4` to the head |
# | `model.layers` | dict: layer → names of its parameters, from the input to the output. The layers are `"block1"`, `"block2"`, `"block3"`, `"head"` |
# | `model.bn_params` | dict: block → its `bn_param`, with `"mode"` (`"train"` or `"test"`), `"running_mean"`, `"running_var"`. The head has none |
# | `model.forward(X, layer)` | what that layer puts out; every batch normalisation works in the mode that its `bn_param` says |
# | `model.loss(X, y)` | loss, and gradients of **all** parameters, in the modes that the `bn_param`s say |
# | `model.loss(X)` | scores, always in test mode |


# %% nbgrader={"grade": false, "grade_id": "network", "locked": true, "schema_version": 3, "solution": false, "task": false}
class TransferNet:
    """Blocks of 3 x 3 convolution, batch normalisation, ReLU and 2 x 2 max pooling; an affine head.

    Parameters
    ----------
    num_classes : outputs of the head
    channels : filters of each block
    input_shape : (C, H, W) of a picture
    rng : numpy.random.Generator, or a seed for one
    """

    def __init__(
        self, num_classes=10, channels=(20, 40, 80), input_shape=(3, 32, 32), dtype=np.float32, rng=None
    ):
        self.params, self.layers, self.bn_params = {}, {}, {}
        generator = np.random.default_rng(rng)
        depth, height, width = input_shape
        for i, filters in enumerate(channels, start=1):
            he = np.sqrt(2 / (9 * depth))
            self.params[f"W{i}"] = (he * generator.normal(size=(filters, depth, 3, 3))).astype(dtype)
            self.params[f"gamma{i}"] = np.ones(filters, dtype)
            self.params[f"beta{i}"] = np.zeros(filters, dtype)
            self.layers[f"block{i}"] = [f"W{i}", f"gamma{i}", f"beta{i}"]
            self.bn_params[f"block{i}"] = {
                "mode": "train",
                "running_mean": np.zeros(filters, dtype),
                "running_var": np.ones(filters, dtype),
            }
            depth, height, width = filters, height // 2, width // 2
        head = len(channels) + 1
        self.layers["head"] = [f"W{head}", f"b{head}"]
        size = depth * height * width
        self.params[f"W{head}"] = (generator.normal(size=(size, num_classes)) / np.sqrt(size)).astype(dtype)
        self.params[f"b{head}"] = np.zeros(num_classes, dtype)

    def forward(self, X, layer="head"):
        """What a layer makes of pictures (N, C, H, W)."""
        return self._forward(X, layer, self.bn_params)[0]

    def loss(self, X, y=None):
        """Scores (N, num_classes); with labels y (N,), the softmax loss and a dict of gradients."""
        if y is None:
            testing = {block: bn_param | {"mode": "test"} for block, bn_param in self.bn_params.items()}
            return self._forward(X, "head", testing)[0]
        scores, caches = self._forward(X, "head", self.bn_params)
        loss, dout = softmax_loss(scores, y)
        grads = {}
        for layer in reversed(self.layers):
            backward = affine_backward if layer == "head" else block_backward
            dout, *found = backward(dout, caches.pop())
            grads |= dict(zip(self.layers[layer], found, strict=True))
        return loss, grads

    def _forward(self, X, layer, bn_params):
        if layer not in self.layers:
            raise ValueError(f"unknown layer {layer!r}: choose one of {', '.join(self.layers)}")
        out, caches = X, []
        for each, names in self.layers.items():
            params = [self.params[name] for name in names]
            if each == "head":
                out, cache = affine_forward(out, *params)
            else:
                out, cache = block_forward(out, *params, bn_params[each])
            caches.append(cache)
            if each == layer:
                return out, caches


def block_forward(x, W, gamma, beta, bn_param):
    """Convolution, batch normalisation, ReLU, pooling."""
    no_bias = np.zeros(len(W), W.dtype)  # the batch normalisation would take it away again
    maps, conv_cache = conv_forward(x, W, no_bias, {"stride": 1, "pad": 1})
    out, norm_cache = spatial_batchnorm_forward(maps, gamma, beta, bn_param)
    out, relu_cache = relu_forward(out)
    out, pool_cache = max_pool_forward(out, {"pool_height": 2, "pool_width": 2, "stride": 2})
    if bn_param["mode"] == "test":
        norm_cache = maps, gamma, bn_param
    return out, (conv_cache, norm_cache, relu_cache, pool_cache, bn_param["mode"])


def block_backward(dout, cache):
    """Gradients with respect to the input, W, gamma and beta."""
    conv_cache, norm_cache, relu_cache, pool_cache, mode = cache
    dout = relu_backward(max_pool_backward(dout, pool_cache), relu_cache)
    norm_backward = spatial_batchnorm_backward if mode == "train" else frozen_batchnorm_backward
    dout, dgamma, dbeta = norm_backward(dout, norm_cache)
    dx, dW, _ = conv_backward(dout, conv_cache)
    return dx, dW, dgamma, dbeta


def frozen_batchnorm_backward(dout, cache):
    """Backward pass of batch normalisation in test mode: mean and variance are constants."""
    x, gamma, bn_param = cache
    mean, var = (bn_param[name][:, None, None] for name in ("running_mean", "running_var"))
    scale = 1 / np.sqrt(var + x.dtype.type(bn_param.get("eps", 1e-5)))
    dgamma = np.sum(dout * (x - mean) * scale, axis=(0, 2, 3))
    return dout * gamma[:, None, None] * scale, dgamma, dout.sum(axis=(0, 2, 3))


# %% nbgrader={"grade": false, "grade_id": "try_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# A network of a few channels, once forward and backward: do all the layers work?
try:
    tiny = TransferNet(3, channels=(2, 2), input_shape=(3, 8, 8), rng=0)
    tiny.loss(np.random.default_rng(0).normal(size=(4, 3, 8, 8)).astype(np.float32), np.array([0, 1, 2, 0]))
    network_ready = True
    print("✓ the network runs")
except (NameError, NotImplementedError) as missing:
    print(
        f"The network cannot run yet: {missing}\nGo on all the same: every exercise below can be solved without it."
    )

# %% [markdown]
# ## The weights are ours
#
# We have trained this network on 10,000 pictures of the picture book's set `main`: cats, cars and eight other things. `load_pretrained` finds the file, compares its
# SHA-256 with the one that this kit knows, and reads it without pickle, for a pickle from the internet may do anything to your computer. With the weights come the running statistics
# of the batch normalisations, without which the weights are worth nothing, and the **mean colour** that was subtracted from the pictures: a pretrained network wants its pictures prepared exactly as
# they were in *its* training, with *its* mean, not with that of your data. `as_input` does that.


# %% nbgrader={"grade": false, "grade_id": "pretrained", "locked": true, "schema_version": 3, "solution": false, "task": false}
def as_input(pictures, mean):
    """uint8 pictures (N, H, W, 3) -> float32 (N, 3, H, W), 0 .. 1 less the mean colour."""
    return pictures.transpose(0, 3, 1, 2) / np.float32(255) - mean


def pretrained_network():
    """The network with our weights, a new copy each time, in test mode."""
    weights = load_pretrained("network")
    model = TransferNet()
    model.params.update({name: weights[name] for name in model.params})
    for block, bn_param in model.bn_params.items():
        statistics = {name: weights[f"{name}_{block}"] for name in ("running_mean", "running_var")}
        bn_param.update(mode="test", **statistics)
    return model


def pooled(maps, grid=4):
    """Feature maps (N, C, H, W) -> rows (N, C * grid * grid): the mean over each cell of a grid."""
    n, channels, height, width = maps.shape
    cells = maps.reshape(n, channels, grid, height // grid, grid, width // grid)
    return cells.mean(axis=(3, 5)).reshape(n, -1)


def standardized(rows, *others):
    """Rows with mean 0 and deviation 1 in each column, and others on the scale of the first."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    return [(each - mean) / spread for each in (rows, *others)]


# %% [markdown]
# What can it do? On pictures of `main` that it has never seen it should be right about nine times in ten. If it is not, your layers differ from those that the weights were trained with.

# %% tags=["explore"]
mean_colour = load_pretrained("network")["mean"]
main = load_picturebook(0, 0, 1000, classes="main")
if network_ready:
    model = pretrained_network()
    X = as_input(main.X_test, mean_colour)
    scores = np.concatenate([model.loss(X[i : i + 100]) for i in range(0, len(X), 100)])
    right = np.mean(scores.argmax(axis=1) == main.y_test)
    print(f"right on {right:.1%} of 1000 test pictures of {', '.join(main.class_names)}")
else:
    print("Left out: the network cannot run yet.")

# %% [markdown]
# And these are the new tasks. The set `more` holds ten other things, drawn in the same manner: a **similar** task. The same pictures can also be asked *where* the thing is: on the meadow, in the sea, in a room?
# A network that learned to name the thing whatever is behind it has never been asked that: a **different** question. Most different of all are the textures, with no things and no places.
#
# Each task has 2000 training, 2000 validation and 1000 test pictures. This notebook is full of choices: which layer, which way, what may move, at which rate. All of them are made
# on the **validation** pictures. The test pictures are touched once, at the very end, by what has been chosen.

# %% tags=["explore"]
things = load_picturebook(2000, 2000, 1000, classes="more")
scenes = load_picturebook(2000, 2000, 1000, classes="more", target="scene")
textures = load_textures(2000, 2000, 1000)
for task, title in [(things, "Ten new things"), (scenes, "What is behind them?"), (textures, "Textures")]:
    plotting.show_samples(task.X_train, task.y_train, task.class_names, per_class=4, title=title)
    plt.show()

# %% [markdown]
# ## A network for checks
#
# `ToyNet` has the attributes and methods of `TransferNet`, but it works on rows of a few numbers, in plain NumPy, and keeps a **diary** of what it was asked. The checks below use it, and you can
# use it to try things. Its blocks are affine, batch normalisation and tanh; what they put out has the shape `(N, units / 2, 2)`, because features need not be flat.


# %% nbgrader={"grade": false, "grade_id": "toy", "locked": true, "schema_version": 3, "solution": false, "task": false}
class ToyNet:
    """A network of a few numbers that looks like a TransferNet, and notes what it is asked.

    `diary` has an entry for each call of `forward` and `loss`: a dict with the rows `X`, the labels `y`
    if there are any, and the `modes` of the blocks.
    """

    def __init__(self, sizes=(6, 4, 4), num_classes=3, mode="train", dtype=float, seed=0):
        rng = np.random.default_rng(seed)
        self.params, self.layers, self.bn_params, self.diary = {}, {}, {}, []
        for i, (fan_in, units) in enumerate(pairwise(sizes), start=1):
            self.params[f"W{i}"] = rng.normal(size=(fan_in, units)).astype(dtype)
            self.params[f"gamma{i}"] = rng.uniform(0.5, 1.5, units).astype(dtype)
            self.params[f"beta{i}"] = rng.normal(size=units).astype(dtype)
            self.layers[f"block{i}"] = [f"W{i}", f"gamma{i}", f"beta{i}"]
            self.bn_params[f"block{i}"] = {
                "mode": mode,
                "running_mean": rng.normal(size=units).astype(dtype),
                "running_var": rng.uniform(0.5, 2, units).astype(dtype),
            }
        head = len(sizes)
        self.params[f"W{head}"] = rng.normal(size=(sizes[-1], num_classes)).astype(dtype)
        self.params[f"b{head}"] = rng.normal(size=num_classes).astype(dtype)
        self.layers["head"] = [f"W{head}", f"b{head}"]

    def forward(self, X, layer="head"):
        """What a layer makes of rows X."""
        self.diary.append({"X": np.array(X), "modes": self.modes()})
        return self._forward(X, layer)[0]

    def loss(self, X, y):
        """(softmax loss, gradients of all parameters)."""
        if len(X) != len(y):
            raise ValueError(f"{len(X)} rows came with {len(y)} labels")
        self.diary.append({"X": np.array(X), "y": np.array(y), "modes": self.modes()})
        scores, caches = self._forward(X, "head")
        P = np.exp(scores - scores.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(P[np.arange(len(y)), y]))
        P[np.arange(len(y)), y] -= 1
        dout, head = P / len(y), len(caches)
        grads = {f"W{head}": caches[-1][0].T @ dout, f"b{head}": dout.sum(axis=0)}
        dout = dout @ self.params[f"W{head}"].T
        for i in range(head - 1, 0, -1):
            x, z, spread, out, mode = caches[i - 1]
            dout = dout * (1 - out**2)
            grads[f"gamma{i}"], grads[f"beta{i}"] = (dout * z).sum(axis=0), dout.sum(axis=0)
            dout = dout * self.params[f"gamma{i}"] / spread
            if mode == "train":  # the batch's mean and spread depend on x, too
                dout = dout - dout.mean(axis=0) - z * (dout * z).mean(axis=0)
            grads[f"W{i}"] = x.T @ dout
            dout = dout @ self.params[f"W{i}"].T
        return loss, grads

    def modes(self):
        """The mode of each block."""
        return {block: bn_param["mode"] for block, bn_param in self.bn_params.items()}

    def numbers(self):
        """Copies of all that it knows: dict layer -> dict name -> parameter or running statistic."""
        known = {
            layer: {name: np.array(self.params[name]) for name in self.layers[layer]} for layer in self.layers
        }
        for block, bn_param in self.bn_params.items():
            known[block] |= {name: np.array(bn_param[name]) for name in ("running_mean", "running_var")}
        return known

    def changed_since(self, before, layer):
        """Names of what in a layer is not bit for bit as in `before`, from an earlier `numbers()`."""
        now = self.numbers()[layer]
        return [name for name, value in before[layer].items() if now[name].tobytes() != value.tobytes()]

    def _forward(self, X, layer):
        if layer not in self.layers:
            raise ValueError(f"unknown layer {layer!r}: choose one of {', '.join(self.layers)}")
        out, caches = X, []
        for i, (block, bn_param) in enumerate(self.bn_params.items(), start=1):
            x, a = out, out @ self.params[f"W{i}"]
            mean, var = bn_param["running_mean"], bn_param["running_var"]
            if bn_param["mode"] == "train":
                bn_param["running_mean"] = 0.9 * mean + 0.1 * a.mean(axis=0)
                bn_param["running_var"] = 0.9 * var + 0.1 * a.var(axis=0)
                mean, var = a.mean(axis=0), a.var(axis=0)
            spread = np.sqrt(var + a.dtype.type(1e-5))
            z = (a - mean) / spread
            out = np.tanh(self.params[f"gamma{i}"] * z + self.params[f"beta{i}"])
            caches.append((x, z, spread, out, bn_param["mode"]))
            if block == layer:
                return out.reshape(len(X), -1, 2), caches
        caches.append((out,))
        head = len(caches)
        return out @ self.params[f"W{head}"] + self.params[f"b{head}"], caches


def step_with_decay(w, dw, config):
    """An update rule with weight decay: what it is given changes even if its gradient is zero."""
    return w - config["learning_rate"] * (dw + 0.1 * w), config


# %% [markdown]
# ## Exercise 1 · A frozen network as a source of features  `[16 points · ●●○ · 25 min]`
#
# Send a picture through the network, stop half-way, and what you hold is a **description** of the picture: 80 maps of edges, corners, blobs, whatever was useful for telling
# the ten things of `main` apart. These numbers are called *features*. A simple classifier on good features beats a clever one on pixels.
#
# `extract_features(model, X, layer, batch_size=100)` returns what `layer` puts out for every row of X, in the order of X, as **one** array of shape `(N, ...)` and of the dtype that the network gives. Do not flatten it.
#
# - **Batched.** Half a gigabyte of feature maps at once does not help anybody: `model.forward` gets at most `batch_size` rows at a time. The last batch is what is left over.
# - **Frozen.** The features of a picture must not depend on which other pictures are in the batch, and looking at a network must not change it. So every batch normalisation works in **test mode** while you extract. In training mode it would use the batch's own mean and variance, and
#   move the running statistics, although no parameter is trained: the classical way of spoiling a "frozen" network.
# - **Leave it as you found it.** Afterwards the model's modes are what they were before the call: some blocks may have been in training mode, others not. Parameters and running statistics are untouched.
#
# `layer` is a key of `model.layers`. A model may have no batch normalisation at all; then `model.bn_params` is an empty dict.
#
# <details><summary>Hint</summary>
#
# Before the loop, keep the modes in a dict of your own (block → mode) and set each `model.bn_params[block]["mode"]` to `"test"`; put them back after it. `range(0, len(X), batch_size)` gives where the batches start, a slice that goes beyond the end stops there,
# and `np.concatenate` joins a list of arrays along their first axis.
# </details>


# %% nbgrader={"grade": false, "grade_id": "extract_features", "locked": false, "schema_version": 3, "solution": true, "task": false}
def extract_features(model, X, layer, batch_size=100):
    """What a layer of a frozen network puts out.

    Parameters
    ----------
    model : a network as above (TransferNet or ToyNet); it is left as it was
    X : (N, ...) inputs
    layer : a key of `model.layers`
    batch_size : most rows that the network sees at once

    Returns
    -------
    features : (N, ...), the layer's output for each row of X, all batch normalisations in test mode
    """
    ### BEGIN SOLUTION
    modes = {block: bn_param["mode"] for block, bn_param in model.bn_params.items()}
    for bn_param in model.bn_params.values():
        bn_param["mode"] = "test"
    features = [model.forward(X[i : i + batch_size], layer) for i in range(0, len(X), batch_size)]
    for block, mode in modes.items():
        model.bn_params[block]["mode"] = mode
    return np.concatenate(features)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "extract_features_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: seven rows in batches of at most three, through a network that was left in training mode;
# two layers.
X = np.random.default_rng(1).normal(size=(7, 6))
for layer, size in [("block1", (7, 2, 2)), ("head", (7, 3))]:
    expected = ToyNet(mode="test").forward(X, layer)
    found = extract_features(ToyNet(mode="train"), X.copy(), layer, batch_size=3)
    checks.shape(
        found,
        size,
        f"features of seven rows, {layer}",
        hint="join the batches; the last one has one row only",
    )
    checks.close(
        found,
        expected,
        f"{layer}: the features are those of test mode",
        hint='set model.bn_params[block]["mode"] = "test" for every block before you call forward',
    )

# %% nbgrader={"grade": true, "grade_id": "extract_features_check_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: what else is asked. One block in training mode, the other not; float32; 300 rows in batches
# of the default size.
X = np.random.default_rng(2).normal(size=(300, 6)).astype(np.float32)
expected = ToyNet(mode="test", dtype=np.float32).forward(X, "block2")
toy = ToyNet(mode="train", dtype=np.float32)
toy.bn_params["block2"]["mode"] = "test"
start, before = toy.numbers(), X.copy()
found = extract_features(toy, X, "block2")
checks.close(found, expected, "300 rows, in their order", rtol=1e-4)
checks.dtype(found, np.float32, "float32 as the network gives it", hint="np.concatenate keeps the dtype")
batches = [len(entry["X"]) for entry in toy.diary]
checks.holds(
    max(batches) <= 100 and sum(batches) == 300 and len(batches) == 3,
    "the network sees every row once, at most 100 at a time",
    f"it was given batches of {batches}",
    hint="X[i : i + batch_size] for i in range(0, len(X), batch_size)",
)
checks.equal(
    toy.modes(),
    {"block1": "train", "block2": "test"},
    "the modes are put back, each its own",
    hint="keep them before you change them",
)
moved = [name for layer in toy.layers for name in toy.changed_since(start, layer)]
checks.holds(
    not moved,
    "no parameter and no running statistic has moved",
    f"changed: {', '.join(moved)}",
    hint="in training mode every forward pass moves the running statistics",
)
checks.unchanged(X, before, "X")

# %% nbgrader={"grade": true, "grade_id": "extract_features_hidden", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every layer, other batch sizes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(11)
for count, batch_size, mode in [
    (9, 4, "train"),  # something is left over
    (8, 4, "train"),  # nothing is left over
    (5, 2, "test"),
]:
    for layer in ("block1", "block2", "head"):
        toy = ToyNet(sizes=(5, 8, 6), num_classes=4, mode=mode, seed=count)
        X, start = rng.normal(size=(count, 5)), toy.numbers()
        # the same by hand: test mode is an affine map of every row alone
        out = X.copy()
        for block in ("block1", "block2"):
            W, gamma, beta, mean, var = start[block].values()
            out = np.tanh((out @ W - mean) * (gamma / np.sqrt(var + 1e-5)) + beta)
            if layer == block:
                break
        expected = out.reshape(count, -1, 2)
        if layer == "head":
            W, b = start["head"].values()
            expected = out @ W + b
        checks.close(
            extract_features(toy, X, layer, batch_size),
            expected,
            f"{count} rows, batches of {batch_size}, {layer}, in {mode} mode before",
            hint="test mode in every block, rows in the order of X, not flattened",
        )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "extract_features_hidden_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: mixed modes, one row, the batches' sizes,
# float32, no batch normalisation, nothing changed.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(12)
for count, batch_size, modes in [
    (8, 4, ("train", "test")),  # mixed modes come back as they were
    (5, 1, ("test", "train")),  # alone in a batch, training mode would give beta whatever the row
    (1, 100, ("test", "test")),  # one row, and a batch size beyond the end
    (6, 6, ("train", "train")),
]:
    toy, twin = (ToyNet(sizes=(5, 8, 6), num_classes=4, mode="test", seed=count) for _ in range(2))
    for bn_param, mode in zip(toy.bn_params.values(), modes, strict=True):
        bn_param["mode"] = mode
    X = rng.normal(size=(count, 5))
    before, start, expected = X.copy(), toy.numbers(), twin.forward(X, "block2")
    found = extract_features(toy, X, "block2", batch_size)
    what = f"{count} rows, batches of {batch_size}, modes {' and '.join(modes)}"
    checks.close(found, expected, what, hint="test mode in every block")
    sizes = [len(entry["X"]) for entry in toy.diary]
    checks.holds(
        max(sizes) <= batch_size and sum(sizes) == count,
        f"{what}: every row once, at most {batch_size} at a time",
        f"the batches were {sizes}",
    )
    checks.equal(tuple(toy.modes().values()), modes, f"{what}: the modes are put back, each its own")
    moved = [name for each in toy.layers for name in toy.changed_since(start, each)]
    checks.holds(
        not moved,
        f"{what}: the network is as it was",
        f"changed: {', '.join(moved)}",
        hint="test mode, in every block",
    )
    checks.unchanged(X, before, "X")
# the default batch size
toy = ToyNet(seed=0)
extract_features(toy, rng.normal(size=(300, 6)), "block1")
sizes = [len(entry["X"]) for entry in toy.diary]
checks.holds(
    max(sizes) <= 100 and len(sizes) == 3,
    "batch_size is 100 by default",
    f"300 rows came in batches of {sizes}",
)
# float32 as the network gives it: filling an array of zeros would make float64 of it
toy = ToyNet(dtype=np.float32)
found = extract_features(toy, rng.normal(size=(7, 6)).astype(np.float32), "block2", batch_size=3)
checks.dtype(found, np.float32, "float32 in, float32 out", hint="np.concatenate keeps the dtype")
# no batch normalisation
toy = ToyNet(sizes=(6,))
X = rng.normal(size=(5, 6))
expected = X @ toy.params["W1"] + toy.params["b1"]
checks.close(
    extract_features(toy, X, "head", batch_size=2), expected, "a network without batch normalisation"
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One picture, and what the blocks make of it. The first block still looks like the picture: edges, and patches of a colour. Of the third, 80 grids of 4 × 4 numbers are left. What each of them stands for is nothing
# that one could draw.

# %% tags=["explore"]
if network_ready:
    one = as_input(things.X_val[3:4], mean_colour)
    for layer in ("block1", "block3"):
        maps = extract_features(pretrained_network(), one, layer)[0]
        plotting.show_feature_maps(
            things.X_val[3], maps[:16], title=f"A picture, and 16 maps of {layer}", columns=8
        )
        plt.show()
else:
    print("Left out: the network cannot run yet.")

# %% [markdown]
# **See more.** The next cell computes the features of all pictures of `more` once, for all three blocks, and keeps them: everything that follows uses these. So that blocks can be compared, and because a linear classifier on 5000 numbers a
# picture would be slow, each map is averaged to a grid of 4 × 4 (`pooled`). The pixels themselves, averaged in the same way, are the **baseline**: features that cost nothing.
#
# Below, the validation pictures of three classes that the network has *never* been trained on, each a dot in the plane of its features' two largest principal components. Nobody has told the network
# that these classes exist. In the plane of the pixels they lie in one heap, and in that of the first block, too; in that of the third block they have begun to part.

# %% tags=["explore"]
STAGES = ("pixels", "block1", "block2", "block3")


def stages_of(pictures, network):
    """The rows that each stage of a network makes of pictures: dict stage -> (N, D)."""
    X = as_input(pictures, mean_colour)
    parts = {"pixels": pooled(X)}
    for layer in tqdm(STAGES[1:], desc="features"):
        parts[layer] = pooled(extract_features(network, X, layer))
    return parts


if network_ready:
    features = {split: stages_of(things.split(split)[0], pretrained_network()) for split in ("train", "val")}
else:  # what we computed with our layers, for fewer pictures: 200 to train, 200 to choose, 200 for the end
    given = load_pretrained("features")
    things, scenes = (
        replace(
            task.subset(num_train=200),
            X_val=task.X_test[:200],
            y_val=task.y_test[:200],
            X_test=task.X_test[200:400],
            y_test=task.y_test[200:400],
        )
        for task in (things, scenes)
    )
    features = {}
    for split, part in [("train", slice(200)), ("val", slice(200)), ("test", slice(200, 400))]:
        kept = "train" if split == "train" else "test"
        features[split] = {
            "pixels": pooled(as_input(things.split(split)[0], mean_colour)),
            **{layer: given[f"{layer}_{kept}"][part] * given[f"step_{layer}"] for layer in STAGES[1:]},
        }
print({stage: rows.shape for stage, rows in features["train"].items()})
plotting.show_planes(
    {stage: features["val"][stage] for stage in ("pixels", "block1", "block3")},
    things.y_val,
    things.class_names,
    classes=(5, 6, 9),
)
plt.show()

# %% [markdown]
# ## Exercise 2 · A linear classifier on top  `[16 points · ●●○ · 25 min]`
#
# The least that one can do with features $f_1, \dots, f_N$ is to train a linear classifier on them, a **linear probe**. The network stays as it is; only a matrix $W$ and a vector $b$ are learned. The best ones minimize
#
# $$L(W, b) = \frac1N \sum_{i=1}^N -\log p_{i, y_i} \;+\; \lambda \sum_{d, c} W_{dc}^2, \qquad p_i = \operatorname{softmax}(f_i W + b)$$
#
# The penalty $\lambda$ is `reg`. It is on $W$ alone, not on $b$. With it the problem has exactly **one** minimum, so however you look for it, you find the same classifier. (What is free is a constant that is added to all of $b$: it changes no probability. And a class that does not occur in `y` pushes its $b$ down without end: far down is enough.)
#
# Any way down is allowed, your own gradient descent or SciPy. The tests ask that your $L$ be at most **one per cent** above the lowest possible, and that the probabilities be those of the minimum to within 0.03. The features that they pass in have about
# mean 0 and deviation 1 (the given `standardized` sees to that below). Classes are counted by `num_classes`: it may be that a class does not occur in `y`.
#
# <details><summary>Hint 1: the gradient</summary>
#
# Your `softmax_loss(scores, y)` from 03-backprop returns the mean loss and its gradient with respect to the scores, `dscores`. Then `dW` is `features.T @ dscores` plus the penalty's part, $2 \lambda W$, and `db` is the sum of `dscores` over the rows. (If that notebook is unfinished: `dscores` is the probabilities, less 1 at the true class of each row, divided by N. Subtract each row's largest score before the exponential.)
# </details>
# <details><summary>Hint 2: the way down</summary>
#
# L-BFGS, which you met in 05-optimizers, needs no learning rate: `minimize(f, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})` wants a function of **one flat vector** that returns value and flat gradient, and gives back an object whose `.x` is the best vector. Put
# `W` and `b` into one vector, or one matrix of `D + 1` rows, and start at zero. Plain gradient descent does it too: about a thousand steps at rate 0.3 from zero, each with all rows.
# </details>


# %% nbgrader={"grade": false, "grade_id": "linear_probe", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_probe(features, y, num_classes, reg=0.01):
    """Softmax regression on features that are given.

    Parameters
    ----------
    features : (N, D) floats
    y : (N,) labels, 0 .. num_classes - 1
    num_classes : C; not every class need occur in y
    reg : strength of the penalty, reg * sum(W * W)

    Returns
    -------
    W : (D, C) and b : (C,), with the lowest mean softmax loss plus penalty
    """
    ### BEGIN SOLUTION
    size = features.shape[1]

    def objective(flat):
        W, b = np.split(flat.reshape(size + 1, num_classes), [size])
        loss, dscores = softmax_loss(features @ W + b, y)
        dW = features.T @ dscores + 2 * reg * W
        return loss + reg * np.sum(W * W), np.vstack([dW, dscores.sum(axis=0)]).ravel()

    start = np.zeros((size + 1) * num_classes)
    best = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    best = best.reshape(size + 1, num_classes)
    return best[:-1], best[-1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear_probe_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Check: one feature, two examples at -1 and 1. By symmetry W is (-w, w) and b is equal for both
# classes: L = log(1 + exp(-2w)) + 2 reg w^2.
# Its derivative is 0 at w = 1/2 if reg = 1 / (1 + e), the number e being 2.718...
reg = 1 / (1 + np.e)
W, b = checks.unpack(
    linear_probe(np.array([[-1.0], [1.0]]), np.array([0, 1]), 2, reg), "W", "b", what="linear_probe"
)
checks.shape(W, (1, 2), "W")
checks.shape(b, (2,), "b")
checks.close(
    W,
    [[-0.5, 0.5]],
    "two examples",
    atol=0.02,
    hint="the mean of the two losses plus reg * sum(W * W), whose gradient is 2 * reg * W; enough steps?",
)
# The same, moved to 2 and 4: the bias makes up for the move, since it costs no penalty. b[1] - b[0]
# is minus 3 times 2w.
W, b = linear_probe(np.array([[2.0], [4.0]]), np.array([0, 1]), 2, reg)
checks.close(W, [[-0.5, 0.5]], "two examples, moved: W", atol=0.05, hint="no penalty on b")
checks.close(
    b[1] - b[0], -3.0, "two examples, moved: the bias", atol=0.3, hint="no penalty on b; more steps?"
)
# Three uneven classes: at the minimum the mean of the probabilities is the share of each class.
rng = np.random.default_rng(2)
rows, labels = rng.normal(size=(20, 4)), np.repeat([0, 1, 2], [12, 5, 3])
W, b = linear_probe(rows.copy(), labels.copy(), 3, reg=0.1)
checks.shape(W, (4, 3), "three classes: W")
P = np.exp(rows @ W + b)
checks.close(
    (P / P.sum(axis=1, keepdims=True)).mean(axis=0),
    [0.6, 0.25, 0.15],
    "three uneven classes: the mean of the probabilities",
    rtol=0,
    atol=0.02,
    hint="the bias takes care of this, if it has no penalty and there are enough steps",
)

# %% nbgrader={"grade": true, "grade_id": "linear_probe_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the default penalty, a class without examples, and inputs left as they are.
W, b = linear_probe(np.array([[-1.0], [1.0]]), np.array([0, 1]), 2)
checks.close(W, [[-1.68, 1.68]], "two examples, reg by default 0.01", atol=0.1)
rng = np.random.default_rng(2)
rows, labels = rng.normal(size=(20, 4)), rng.integers(2, size=20)
before, kept = rows.copy(), labels.copy()
W, b = linear_probe(rows, labels, 3, reg=0.1)
checks.shape(W, (4, 3), "a class without examples has a column, too", hint="num_classes says how many, not y")
checks.unchanged(rows, before, "features")
checks.unchanged(labels, kept, "y")

# %% nbgrader={"grade": true, "grade_id": "linear_probe_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the loss and the probabilities against the
# minimum, uneven classes, other penalties, more features than examples.
### BEGIN HIDDEN TESTS
from scipy.special import log_softmax


def total(W, b, rows, labels, reg):
    log_p = log_softmax(rows @ W + b, axis=1)
    return -np.mean(log_p[np.arange(len(labels)), labels]) + reg * np.sum(np.square(W))


def lowest(rows, labels, classes, reg):
    # Newton's method, which owes nothing to a learning rate: the Hessian of softmax regression is
    # small here
    n, d = rows.shape
    ones = np.hstack([rows, np.ones((n, 1))])
    ridge = np.diag(np.repeat(np.append(np.full(d, 2.0 * reg), 0.0), classes)) + 1e-9 * np.eye(
        (d + 1) * classes
    )
    theta, truth = np.zeros((d + 1) * classes), np.eye(classes)[labels]
    for _ in range(60):
        P = np.exp(log_softmax(ones @ theta.reshape(d + 1, classes), axis=1))
        gradient = (ones.T @ (P - truth) / n).ravel() + ridge @ theta
        middle = np.einsum("nc,ce->nce", P, np.eye(classes)) - np.einsum("nc,ne->nce", P, P)
        hessian = np.einsum("ni,nce,nj->icje", ones, middle, ones) / n
        step = np.linalg.solve(hessian.reshape(len(theta), -1) + ridge, gradient)
        theta = theta - step * min(1.0, 2.0 / np.abs(step).max(initial=1e-12))
    theta = theta.reshape(d + 1, classes)
    return theta[:-1], theta[-1]


rng = np.random.default_rng(12)
for n, d, classes, reg, share in [
    (60, 5, 3, 0.01, (0.6, 0.3, 0.1)),  # uneven classes need the bias
    (40, 8, 4, 0.1, (0.25,) * 4),
    (30, 3, 2, 1.0, (0.9, 0.1)),  # a strong penalty: on b it would be felt
    (25, 40, 5, 0.05, (0.2,) * 5),  # more features than examples
]:
    labels = rng.choice(classes, size=n, p=share)
    labels[:classes] = np.arange(classes)
    rows = rng.normal(size=(n, d)) + 1.5 * rng.normal(size=(classes, d))[labels]
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0) + 0.3  # about mean 0, not quite
    what = f"{n} examples, {d} features, {classes} classes, reg {reg}"
    W, b = checks.unpack(
        linear_probe(rows.copy(), labels.copy(), classes, reg), "W", "b", what="linear_probe"
    )
    checks.shape(W, (d, classes), f"{what}: W")
    checks.shape(b, (classes,), f"{what}: b")
    checks.finite(W, f"{what}: W")
    best = lowest(rows, labels, classes, reg)
    floor, reached = total(*best, rows, labels, reg), total(W, b, rows, labels, reg)
    checks.holds(
        reached <= 1.01 * floor,
        f"{what}: the loss is the lowest possible",
        f"the lowest is {floor:.4f}, yours {reached:.4f}",
        hint="mean over the examples, reg * sum(W * W) without the bias; more steps?",
    )
    new = rng.normal(size=(200, d))
    checks.close(
        np.exp(log_softmax(new @ np.asarray(W) + b, axis=1)),
        np.exp(log_softmax(new @ best[0] + best[1], axis=1)),
        f"{what}: the probabilities of new examples",
        rtol=0,
        atol=0.03,
        hint="the penalty is reg * sum(W * W), of which the gradient is 2 * reg * W; none on b",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "linear_probe_hidden_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: classes without examples, one example, the
# default penalty, float32, nothing changed.
### BEGIN HIDDEN TESTS
from scipy.special import log_softmax


def total(W, b, rows, labels, reg):
    log_p = log_softmax(rows @ W + b, axis=1)
    return -np.mean(log_p[np.arange(len(labels)), labels]) + reg * np.sum(np.square(W))


def slope(W, b, rows, labels, reg):
    # how far from the minimum: the largest entry of the gradient, the absent classes' biases aside
    classes = W.shape[1]
    error = np.exp(log_softmax(rows @ W + b, axis=1)) - np.eye(classes)[labels]
    return np.abs(rows.T @ error / len(rows) + 2 * reg * W).max(), np.abs(error.mean(axis=0)).max()


rng = np.random.default_rng(12)
# the default penalty is 0.01; float32 features
labels = rng.integers(3, size=60)
rows = rng.normal(size=(60, 6)) + rng.normal(size=(3, 6))[labels]
rows = ((rows - rows.mean(axis=0)) / rows.std(axis=0)).astype(np.float32)
W, b = checks.unpack(linear_probe(rows.copy(), labels, 3), "W", "b", what="linear_probe")
checks.shape(W, (6, 3), "float32 features: W")
checks.holds(
    max(slope(np.asarray(W, float), np.asarray(b, float), rows.astype(float), labels, 0.01)) < 0.01,
    "float32 features, reg by default 0.01: the loss is flat where you stopped",
    "its gradient is not near 0 there",
    hint="reg=0.01; features of float32 are nothing special",
)
# classes without examples: their biases may fall without end; far down is enough
labels = rng.integers(2, size=50)
rows = rng.normal(size=(50, 6)) + rng.normal(size=(2, 6))[labels]
rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
before, kept = rows.copy(), labels.copy()
W, b = linear_probe(rows, labels, 4, 0.02)
checks.shape(W, (6, 4), "two of four classes occur: W")
checks.unchanged(rows, before, "features")
checks.unchanged(labels, kept, "y")
steep, shares = slope(np.asarray(W), np.asarray(b), rows, labels, 0.02)
checks.holds(
    steep < 0.02 and shares < 0.02,
    "two of four classes occur: the loss is flat where you stopped",
    f"its gradient with respect to W is up to {steep:.3f}, to b up to {shares:.3f}",
    hint="more steps; penalty on W alone; a bias",
)
# one example: b alone can fit it
W, b = linear_probe(np.zeros((1, 4)), np.array([1]), 3, 0.5)
checks.shape(W, (4, 3), "one example: W")
checks.holds(
    total(W, b, np.zeros((1, 4)), np.array([1]), 0.5) <= 0.02,
    "one example: the bias fits it",
    "the loss should be almost 0",
    hint="no penalty on b",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One hundred pictures, about ten of each new class. From so few, a classifier on the pixels learns little. One on the features of a network that has never seen these classes does much better.


# %% tags=["explore"]
def probe(features, stage, y_train, y, count=100, split="val"):
    """A probe trained on the first `count` pictures: its scores on those of `split`, its accuracy."""
    rows, others = standardized(features["train"][stage][:count], features[split][stage])
    W, b = linear_probe(rows, y_train[:count], num_classes=10)
    scores = others @ W + b
    return scores, np.mean(scores.argmax(axis=1) == y)


for stage in STAGES:
    scores, right = probe(features, stage, things.y_train, things.y_val)
    print(f"100 pictures, probe on {stage}: right on {right:.1%} of {len(things.y_val)} validation pictures")

# %% [markdown]
# ## Exercise 3 · Nearly right  `[8 points · ●○○ · 10 min]`
#
# A classifier that says "dog, or perhaps wolf" about a wolf knows more than one that says "dog, or perhaps teapot". **Top-k accuracy** is the fraction of examples whose true class is among the $k$ highest scores. Top 1 is plain accuracy.
#
# Equal scores are ranked as `argmax` does: the **smaller label first**. With $k \ge C$ everything is right. The result is a fraction, 0 to 1.
#
# <details><summary>Hint</summary>
#
# `np.argsort` goes from low to high, and in a sort that is not stable equal scores come in any order: sort `-scores` with `kind="stable"`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "top_k_accuracy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def top_k_accuracy(scores, y, k):
    """Fraction of examples whose true class is among the k highest scores.

    Parameters
    ----------
    scores : (N, C)
    y : (N,) true labels
    k : how many guesses are allowed, at least 1

    Returns
    -------
    accuracy : float, 0 to 1
    """
    ### BEGIN SOLUTION
    guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.mean(np.any(guesses == y[:, None], axis=1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "top_k_accuracy_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: three examples of four classes. The true class comes first, second, last.
scores = np.array([[0.1, 3.0, 0.2, 0.3], [2.0, 1.0, 5.0, 0.0], [-1.0, -3.0, -2.0, 0.0]])
y = np.array([1, 0, 1])
for k, expected in [(1, 1 / 3), (2, 2 / 3), (3, 2 / 3), (4, 1.0)]:
    checks.close(
        top_k_accuracy(scores.copy(), y.copy(), k),
        expected,
        f"top {k}",
        hint="the k HIGHEST scores of each row",
    )

# %% nbgrader={"grade": true, "grade_id": "top_k_accuracy_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: equal scores, k beyond the number of classes, and inputs left as they are.
scores, y = np.array([[1.0, 1.0, 0.0], [2.0, 3.0, 3.0]]), np.array([1, 2])
before, kept = scores.copy(), y.copy()
for k, expected in [(1, 0.0), (2, 1.0), (5, 1.0)]:
    checks.close(
        top_k_accuracy(scores, y, k),
        expected,
        f"equal scores, the smaller label first: top {k}",
        hint="-scores, sorted with kind='stable'",
    )
    checks.unchanged(scores, before, "scores")
    checks.unchanged(y, kept, "y")

# %% nbgrader={"grade": true, "grade_id": "top_k_accuracy_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other sizes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(13)
for n, classes in [(50, 7), (10, 10), (5, 2)]:
    scores, y = (
        rng.permuted(np.arange(n * classes).reshape(n, classes) / 7, axis=1),
        rng.integers(classes, size=n),
    )
    # the rank of the true class: how many are higher
    ranks = np.array([sum(scores[i] > scores[i, y[i]]) for i in range(n)])
    for k in sorted({1, 2, min(3, classes), classes}):
        checks.close(
            top_k_accuracy(scores.copy(), y.copy(), k),
            np.mean(ranks < k),
            f"{n} examples, {classes} classes, top {k}",
            hint="is the true class among the k highest?",
        )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "top_k_accuracy_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: ties, k beyond the number of classes, one
# example, float32, nothing changed.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(14)
for n, classes in [(50, 7), (1, 3), (200, 30), (5, 2)]:  # a short row hides a sort that is not stable
    # whole numbers: full of ties
    scores, y = rng.integers(-3, 3, size=(n, classes)).astype(float), rng.integers(classes, size=n)
    before, kept = scores.copy(), y.copy()
    # the rank of the true class: how many are higher, or equal with a smaller label
    ranks = [
        sum(
            scores[i, c] > scores[i, y[i]] or (scores[i, c] == scores[i, y[i]] and c < y[i])
            for c in range(classes)
        )
        for i in range(n)
    ]
    for k in (1, 2, 5, classes, classes + 4):
        checks.close(
            top_k_accuracy(scores, y, k),
            np.mean(np.array(ranks) < k),
            f"{n} examples, {classes} classes, ties, top {k}",
            hint="equal scores: the smaller label first",
        )
        checks.unchanged(scores, before, "scores")
        checks.unchanged(y, kept, "y")
checks.close(top_k_accuracy(np.zeros((6, 3)), np.array([0, 1, 2, 0, 1, 2]), 2), 4 / 6, "all scores equal")
checks.close(
    top_k_accuracy(np.array([[0.1, 0.2], [0.4, 0.3]], np.float32), np.array([0, 0]), 1), 0.5, "float32"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4 · What is taken for what  `[8 points · ●○○ · 10 min]`
#
# One number hides *which* mistakes are made. The **confusion matrix** has a row for each true class and a column for each predicted one; entry $(t, p)$ counts the examples of class $t$ that were taken for $p$. Right answers are on the
# diagonal; a row sums to the number of examples of its class.
#
# <details><summary>Hint</summary>
#
# `M[y_true, y_pred] += 1` counts a pair that occurs twice only **once**, since NumPy reads all, adds, and writes all. `np.add.at(M, (y_true, y_pred), 1)` counts every one; so does a loop.
# </details>


# %% nbgrader={"grade": false, "grade_id": "confusion_matrix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def confusion_matrix(y_true, y_pred, num_classes):
    """Count what is taken for what.

    Parameters
    ----------
    y_true, y_pred : (N,) labels, 0 .. num_classes - 1
    num_classes : C; not every class need occur

    Returns
    -------
    matrix : (C, C) whole numbers; row: true class, column: predicted class
    """
    ### BEGIN SOLUTION
    pairs = np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2)
    return pairs.reshape(num_classes, num_classes)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "confusion_matrix_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: seven examples of three classes; class 2 is taken for class 0 twice.
checks.equal(
    np.asarray(
        confusion_matrix(np.array([0, 0, 1, 2, 2, 2, 2]), np.array([0, 1, 1, 0, 0, 2, 1]), 3)
    ).tolist(),
    [[1, 1, 0], [0, 1, 0], [2, 1, 1]],
    "seven examples",
    hint="rows are true classes, columns predicted ones; every example counts, also the second of a kind",
)

# %% nbgrader={"grade": true, "grade_id": "confusion_matrix_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: classes 1 and 3 do not occur, and have a row and a column all the same; 300 examples of one
# kind; whole numbers.
y_true, y_pred = np.repeat([0, 2], [2, 300]), np.repeat([0, 2], [1, 301])
before, kept = y_true.copy(), y_pred.copy()
try:
    matrix = confusion_matrix(y_true, y_pred, 4)
except (ValueError, IndexError) as error:
    matrix = f"your function stops: {error}"
checks.holds(
    np.shape(matrix) == (4, 4),
    "four classes of which two occur: a matrix of 4 x 4",
    f"{matrix if isinstance(matrix, str) else f'its shape is {np.shape(matrix)}'}",
    hint="num_classes says how large it is, not the labels: np.bincount has a minlength",
)
checks.equal(
    np.asarray(matrix).tolist(), [[1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 300, 0], [0, 0, 0, 0]], "302 examples"
)
checks.dtype(matrix, np.integer, "counts are whole numbers", hint="np.zeros((C, C), dtype=int)")
checks.unchanged(y_true, before, "y_true")
checks.unchanged(y_pred, kept, "y_pred")

# %% nbgrader={"grade": true, "grade_id": "confusion_matrix_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other sizes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(14)
for n, classes in [(100, 4), (200, 20), (9, 2)]:
    y_true, y_pred = (np.append(rng.integers(classes, size=n), [0, classes - 1]) for _ in range(2))
    pairs = list(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    expected = [[pairs.count((t, p)) for p in range(classes)] for t in range(classes)]
    checks.equal(
        np.asarray(confusion_matrix(y_true, y_pred, classes)).tolist(),
        expected,
        f"{n + 2} examples, {classes} classes",
        hint="(C, C), row true, column predicted, every pair counted",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "confusion_matrix_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: classes that do not occur, no examples at all,
# labels of another type, counts beyond a byte, nothing changed.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(15)
for n, classes, dtype in [
    (900, 3, np.int64),  # a kind that occurs more than 255 times
    (7, 10, np.int64),  # most classes do not occur, the last among them
    (1, 2, np.int64),
    (0, 3, np.int64),  # none: all zeros
    (500, 20, np.int32),
]:
    y_true, y_pred = (rng.integers(max(1, classes - 1), size=n).astype(dtype) for _ in range(2))
    before = y_true.copy(), y_pred.copy()
    pairs = list(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    expected = [[pairs.count((t, p)) for p in range(classes)] for t in range(classes)]
    try:
        matrix = confusion_matrix(y_true, y_pred, classes)
    except (ValueError, IndexError) as error:
        matrix = f"your function stops: {error}"
    checks.holds(
        np.shape(matrix) == (classes, classes),
        f"{n} examples, {classes} classes: the matrix is square",
        f"{matrix if isinstance(matrix, str) else f'its shape is {np.shape(matrix)}'}",
    )
    checks.equal(
        matrix,
        expected,
        f"{n} examples, {classes} classes, labels {np.dtype(dtype).name}",
        hint="(C, C), row true, column predicted, every pair counted",
    )
    checks.dtype(matrix, np.integer, "counts are whole numbers")
    checks.unchanged(y_true, before[0], "y_true")
    checks.unchanged(y_pred, before[1], "y_pred")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The probe on the third block, trained on one hundred pictures. In which pairs do its mistakes gather, and can you see why? Often the right answer is the second or third guess.

# %% tags=["explore"]
scores, _ = probe(features, "block3", things.y_train, things.y_val)
for k in (1, 2, 3, 5):
    print(f"top {k}: {top_k_accuracy(scores, things.y_val, k):.1%}")
plotting.show_confusion(
    confusion_matrix(things.y_val, scores.argmax(axis=1), 10),
    things.class_names,
    title="A probe on block3, from 100 pictures",
)
plt.show()

# %% [markdown]
# ## Which layer transfers?
#
# A probe on every stage tells what the stage *knows*, in a form that a linear classifier can use. Below are two questions about **the same pictures**: what is the thing (similar to what the network was trained for), and what is behind it (a
# different question). The dashed lines are the probes on plain pixels: a layer that is not above its line has nothing to offer. The third line is a network of the same layers with random weights: what the architecture gives without any training.


# %% tags=["explore"]
curves = {
    "which thing? (similar)": [probe(features, s, things.y_train, things.y_val)[1] for s in STAGES],
    "which scene? (different)": [probe(features, s, scenes.y_train, scenes.y_val)[1] for s in STAGES],
}
if network_ready:
    never_trained = TransferNet(rng=0)
    random_features = {
        "train": stages_of(things.X_train[:100], never_trained),
        "val": stages_of(things.X_val, never_trained),
    }
    curves["which thing? random network"] = [
        probe(random_features, s, things.y_train, things.y_val)[1] for s in STAGES
    ]
plotting.show_stage_probes(
    curves, STAGES, len(things.y_val), title="Probes at every stage, trained on 100 pictures"
)
plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "which_layer", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# ### Question · Which layer transfers?  `[5 points]`
#
# Look at **your** figure. (a) For the things: which stage would you use, and by how much does it beat the pixels? (b) For the scenes: does the best stage beat the pixels by more than chance? (With 2000 validation pictures the standard error of one accuracy is about 1 %.) (c) Why
# does the third block, the best for one question, do badly on the other, although it looks at the same pictures? (d) What would you have reported about (b) if you had left out the line of the pixels?
#
# ### BEGIN SOLUTION
# (a) The third block: its probe is right about twice as often as that of the pixels. The classes are new, but they are made of parts like those of the old ones. (b) No: the first block is about as good as the pixels, and from there it goes down. The colours
# of the background already say most of what is asked, and the network was never rewarded for knowing more. (c) It was trained to name the thing on *whatever* background. What differs between backgrounds is noise for that question, and
# a layer close to the answer has learned to throw it away. Early layers keep nearly everything. (d) That an early layer of the pretrained network transfers to scenes, far better than the last: true, and worthless, since the pixels do as well without any network. A baseline that costs nothing belongs in every such figure.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 5 · Slower below, faster above  `[10 points · ●●○ · 15 min]`
#
# A probe does not touch the network. **Fine-tuning** goes on training it, gently. Which layers should move most? The early ones know about edges and colours, which every task needs; the late ones know about the old task, and the head is new. So give each
# layer its own learning rate, the smaller the earlier it comes: **discriminative learning rates**. With the head's rate $\eta$ (`base`) and a `factor` $q \ge 1$, the layer of number $i$ gets
#
# $$\eta_i = \frac{\eta}{q^{\,L - i}}$$
#
# $L$ being the highest number of all: the head's. In the paper that had the idea (ULMFiT, 2018) $q$ is 2.6.
#
# `discriminative_learning_rates(params, base, factor)` gets the dict of parameters and returns a dict with the **same names**, name → rate. The layer's number is the whole number **at the end of the name**: `W1`, `gamma1`, `beta1` share a rate, and `W12` belongs to layer 12. The dict may be in any order, and
# numbers may be missing: it is the number that counts, not the place in the list.
#
# <details><summary>Hint</summary>
#
# `re.search(r"\d+$", name)` finds the digits at the end of a name (import `re` in your cell); so does a loop from the end over `name[i].isdigit()`. As text `"10"` comes before `"9"`: make numbers of them.
# </details>


# %% nbgrader={"grade": false, "grade_id": "discriminative_learning_rates", "locked": false, "schema_version": 3, "solution": true, "task": false}
def discriminative_learning_rates(params, base, factor):
    """A learning rate for every parameter, smaller in earlier layers.

    Source: Howard and Ruder, "Universal language model fine-tuning for text classification", ACL 2018.

    Parameters
    ----------
    params : dict name -> array; the number at the end of a name is that of its layer
    base : the rate of the last layer
    factor : from one layer to the one before, the rate is divided by this

    Returns
    -------
    rates : dict name -> float
    """
    ### BEGIN SOLUTION
    import re

    depth = {name: int(re.search(r"\d+$", name).group()) for name in params}
    deepest = max(depth.values())
    return {name: base / factor ** (deepest - i) for name, i in depth.items()}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "discriminative_learning_rates_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: three layers, factor 10: the head's rate is 0.1, the block's before it 0.01, the first
# one's 0.001.
names = ["W1", "gamma1", "beta1", "W2", "gamma2", "beta2", "W3", "b3"]
params = {name: np.zeros(2) for name in names}
rates = discriminative_learning_rates(params, 0.1, 10.0)
checks.holds(
    isinstance(rates, dict) and sorted(rates) == sorted(names),
    "a dict with the names of params",
    f"it is {rates!r}",
)
for name, expected in [
    ("W3", 0.1),
    ("b3", 0.1),
    ("W2", 0.01),
    ("beta2", 0.01),
    ("W1", 0.001),
    ("gamma1", 0.001),
]:
    checks.close(
        rates[name],
        expected,
        f"the rate of {name}",
        hint="base for the last layer, a tenth for each one before",
    )
checks.holds(
    list(params) == names and not any(value.any() for value in params.values()), "params is left as it was"
)

# %% nbgrader={"grade": true, "grade_id": "discriminative_learning_rates_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: names with other digits in them, in any order, a number that is missing, and 10 after 9:
# each is halved once for each number between it and 10.
names = ["conv3x3_W8", "fc100_W10", "W3", "beta9", "b10"]
params = {name: np.ones(2) for name in names}
rates = discriminative_learning_rates(params, 0.4, 2.0)
checks.holds(
    isinstance(rates, dict) and sorted(rates) == sorted(names),
    "a dict with the names of params",
    f"it is {rates!r}",
)
for name, expected in [
    ("fc100_W10", 0.4),
    ("b10", 0.4),
    ("beta9", 0.2),
    ("conv3x3_W8", 0.1),
    ("W3", 0.003125),
]:
    checks.close(
        rates[name],
        expected,
        f"the rate of {name}",
        hint="the whole number at the end of the name counts, as a number and not as text",
    )

# %% nbgrader={"grade": true, "grade_id": "discriminative_learning_rates_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other layers, rates and factors.
### BEGIN HIDDEN TESTS
layers = {
    "one layer": ["W1", "b1"],
    "two layers": ["W1", "b1", "W2", "b2"],
    "five layers": [f"{kind}{i}" for i in range(1, 6) for kind in ("W", "gamma", "beta")],
}
for what, names in layers.items():
    for base, factor in [(1e-3, 2.6), (0.5, 1.0), (2.0, 3)]:
        rates = discriminative_learning_rates({name: np.ones((2, 3)) for name in names}, base, factor)
        checks.holds(
            isinstance(rates, dict) and sorted(rates) == sorted(names),
            f"{what}: a rate for every name",
            f"what came is {rates!r}",
        )
        found = [rates[name] for name in names]
        checks.shape(found, (len(names),), f"{what}: every rate is a number")
        expected = [base * float(factor) ** (int(name[-1]) - int(names[-1][-1])) for name in names]
        checks.close(
            found,
            expected,
            f"{what}: base {base}, factor {factor}",
            rtol=1e-9,
            atol=0,
            hint="divide once for each number between the layer and the last one",
        )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "discriminative_learning_rates_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: twelve layers, any order, missing numbers, digits
# elsewhere in the name, nothing changed.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(15)
layers = {
    "twelve layers": [f"{kind}{i}" for i in range(1, 13) for kind in ("W", "b")],  # 10 comes after 9
    "in any order": ["b3", "W1", "W10", "gamma2", "b10", "W2", "W3", "b1"],
    "numbers are missing": ["W2", "b2", "W5", "W9"],  # it is the number that counts
    "one layer": ["W7", "b7"],
    "digits elsewhere in the name": ["conv3x3_W1", "conv3x3_W2", "fc100_W3", "l2_scale11"],
}
for what, names in layers.items():
    params = {name: rng.normal(size=(2, 3)) for name in names}
    before = {name: value.copy() for name, value in params.items()}
    numbers = {name: int("".join(c if c.isdigit() else " " for c in name).split()[-1]) for name in names}
    for base, factor in [(1e-3, 2.6), (2.0, 3)]:
        rates = discriminative_learning_rates(params, base, factor)
        checks.holds(
            isinstance(rates, dict) and sorted(rates) == sorted(names),
            f"{what}: a rate for every name",
            f"what came is {rates!r}",
        )
        found = [rates[name] for name in names]
        checks.shape(found, (len(names),), f"{what}: every rate is a number")
        expected = [base * float(factor) ** (numbers[name] - max(numbers.values())) for name in names]
        checks.close(
            found,
            expected,
            f"{what}: base {base}, factor {factor}",
            rtol=1e-9,
            atol=0,
            hint="the whole number at the end of the name, as a number",
        )
    checks.holds(
        list(params) == names and all(np.array_equal(params[name], value) for name, value in before.items()),
        f"{what}: params is left as it was",
    )
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The rates of the four layers, for three factors. With a factor of 10 the first block hardly moves at all: nearly frozen, without being frozen.

# %% tags=["explore"]
names = {"block1": "W1", "block2": "W2", "block3": "W3", "head": "W4"}
params = dict.fromkeys(names.values(), np.zeros(1))
curves = {
    f"factor {factor:g}": list(discriminative_learning_rates(params, 1e-3, factor).values())
    for factor in (1, 2.6, 10)
}
plotting.show_curves(
    curves,
    "",
    "learning rate",
    "Slower below, faster above",
    x=list(names),
    log=True,
    ax=plt.figure(figsize=(7, 3)).gca(),
)
plt.show()

# %% [markdown]
# ## Exercise 6 · Train what you name, and nothing else  `[24 points · ●●● · 40 min]`
#
# `fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs, batch_size, rng)` goes on training the layers that `trainable` names, a list of keys of `model.layers`, such as `["block3", "head"]`. It changes the model itself, and returns the list of the losses, one for each step. **All other layers are frozen**: afterwards
# every number in them is the same, *bit for bit*.
#
# - **An epoch** visits every example once, in a random order that is new in each epoch: `order = rng.permutation(len(X))`, then pieces of `batch_size`; the last piece is what is left over.
# - **A step** asks `model.loss(X_batch, y_batch)` for loss and gradients, and gives each parameter of the trainable layers to the update rule, `update_rule(w, dw, config) -> (next_w, config)`, as in 05-optimizers. `learning_rates` may hold rates for the trained parameters only. Every parameter has a config of **its own**, which starts as
#   `{"learning_rate": learning_rates[name]}` and is the one that the rule returned from then on. Parameters of frozen layers never meet the rule. Setting their gradients or rates to zero is not enough: weight decay, or a momentum, moves a parameter without any gradient.
# - **Batch normalisation.** Its running statistics are no parameters, and yet they are part of what the network knows. In a frozen block it works in **test mode** during the training: it uses the statistics that are stored, and does not move them. In a trainable block it works in **train mode**: the block's weights change, so its
#   statistics must follow. When all is done, **every** block is in test mode, ready for use, whatever the modes were before.
# - A name in `trainable` that is no layer raises a `ValueError` that says the name, before anything is changed. `trainable` may be empty: then nothing is trained, and the losses are those of the frozen network.
#
# <details><summary>Hint 1: in which order</summary>
#
# Check the names. Set the modes. Collect the names of the parameters to be trained from `model.layers`, and a dict of configs. Then two loops, epochs and batches. At the end set the modes to test.
# </details>
# <details><summary>Hint 2: a step</summary>
#
# `model.params[name], configs[name] = update_rule(model.params[name], grads[name], configs[name])`, for the trainable names only. The gradients are for all parameters; ignore the others.
# </details>


# %% nbgrader={"grade": false, "grade_id": "fine_tune", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    """Train some layers of a network, leaving the others as they are.

    Parameters
    ----------
    model : a network as above; its trainable layers are changed, and all its blocks end in test mode
    X, y : (N, ...) inputs and (N,) labels
    trainable : list of keys of `model.layers`
    learning_rates : dict parameter name -> rate
    update_rule : function (w, dw, config) -> (next_w, config)
    num_epochs : passes over the examples
    batch_size : examples in a step; the last step of an epoch takes what is left over
    rng : numpy.random.Generator for the order of the examples; a new one if None

    Returns
    -------
    losses : list of floats, one per step

    Raises
    ------
    ValueError : `trainable` names something that is no layer
    """
    ### BEGIN SOLUTION
    unknown = [layer for layer in trainable if layer not in model.layers]
    if unknown:
        raise ValueError(f"no such layer: {', '.join(unknown)}; there are {', '.join(model.layers)}")
    rng = np.random.default_rng(rng)
    for block, bn_param in model.bn_params.items():
        bn_param["mode"] = "train" if block in trainable else "test"
    configs = {
        name: {"learning_rate": learning_rates[name]} for layer in trainable for name in model.layers[layer]
    }
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            loss, grads = model.loss(X[rows], y[rows])
            losses.append(loss)
            for name, config in configs.items():
                model.params[name], configs[name] = update_rule(model.params[name], grads[name], config)
    for bn_param in model.bn_params.values():
        bn_param["mode"] = "test"
    return losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fine_tune_check", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# Check: block2 and head of a toy are trained for four steps, by a rule that has a memory, and with
# rates of their own. All rows are one batch, so that their order does not matter. The losses come
# from a program of ours that knows nothing of yours.


def step_with_memory(w, dw, config):
    config = dict(config)
    config["calls"] = config.get("calls", 0) + 1
    config["velocity"] = 0.5 * config.get("velocity", np.zeros(w.shape)) + dw + 0.05 * w
    return w - config["learning_rate"] / config["calls"] ** 0.5 * config["velocity"], config


rng = np.random.default_rng(3)
X, y = rng.normal(size=(10, 6)), rng.integers(3, size=10)
toy = ToyNet(mode="train")
rates = {"W1": 0.1, "gamma1": 0.1, "beta1": 0.1, "W2": 0.3, "gamma2": 0.2, "beta2": 0.1, "W3": 0.4, "b3": 0.5}
losses = fine_tune(
    toy, X.copy(), y.copy(), ["block2", "head"], rates, step_with_memory, num_epochs=4, batch_size=10, rng=rng
)
checks.shape(losses, (4,), "a loss for each of the four steps")
checks.close(
    losses,
    [3.009733, 2.171971, 1.661496, 1.420273],
    "the losses of four steps",
    rtol=0,
    atol=1e-5,
    hint="frozen: test mode, trainable: train mode; each parameter keeps the config that the rule returned, with its own rate",
)
# Batches: nine rows in 4, 4 and what is left over, each row with its label.
rows, labels = np.arange(9.0)[:, None] + np.zeros(6), np.arange(9) * 5 % 3
toy = ToyNet()
losses = fine_tune(
    toy, rows.copy(), labels.copy(), ["head"], rates, step_with_decay, 2, 4, np.random.default_rng(0)
)
checks.shape(losses, (6,), "a loss for each step, not for each epoch")
seen = [(entry["X"][:, 0].tolist(), entry["y"].tolist()) for entry in toy.diary]
checks.equal([len(batch) for batch, _ in seen], [4, 4, 1] * 2, "batches of 4, 4 and what is left over")
for epoch in (seen[:3], seen[3:]):
    checks.equal(
        sorted((row, label) for batch, its in epoch for row, label in zip(batch, its, strict=True)),
        list(zip(rows[:, 0].tolist(), labels.tolist(), strict=True)),
        "an epoch visits every example once, with its label",
        hint="order = rng.permutation(len(X)); the same rows of X and of y",
    )

# %% nbgrader={"grade": true, "grade_id": "fine_tune_check_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: with `step_with_decay`, what the rule is given changes even if its gradient is zero. What is
# frozen is the same, bit for bit.
rng = np.random.default_rng(3)
X, y = rng.normal(size=(10, 6)), rng.integers(3, size=10)
toy = ToyNet(mode="train")
before, rates = toy.numbers(), dict.fromkeys(toy.params, 0.1)
losses = fine_tune(
    toy, X, y, ["block2", "head"], rates, step_with_decay, num_epochs=20, batch_size=4, rng=rng
)
checks.shape(
    losses, (60,), "a loss for each of 20 times 3 steps", hint="ten rows in batches of 4 are 4, 4 and 2"
)
changed = toy.changed_since(before, "block1")
checks.holds(
    not changed,
    "block1 is frozen: not a bit has changed",
    f"changed: {', '.join(changed)}",
    hint="the update rule gets the parameters of trainable layers only; frozen blocks work in test mode",
)
checks.equal(
    toy.changed_since(before, "block2"),
    ["W2", "gamma2", "beta2", "running_mean", "running_var"],
    "all of block2 has been trained, its running statistics too",
    hint='model.params[name] = next_w; its mode is "train" during the training',
)
checks.equal(toy.changed_since(before, "head"), ["W3", "b3"], "the head has been trained")
checks.holds(
    np.mean(losses[-6:]) < 0.7 * np.mean(losses[:6]),
    "the loss falls",
    f"first {np.mean(losses[:6]):.3f}, last {np.mean(losses[-6:]):.3f}",
)

# %% nbgrader={"grade": true, "grade_id": "fine_tune_check_3", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the rest. A new order in each epoch, which `rng` alone decides; test mode in the end; inputs
# left as they are; a layer that does not exist; the defaults.
rows, labels = np.arange(9.0)[:, None] + np.zeros(6), np.arange(9) * 5 % 3
before, kept = rows.copy(), labels.copy()
rates = dict.fromkeys(("W2", "gamma2", "beta2", "W3", "b3"), 0.1)  # frozen layers need none
kept_rates = dict(rates)
orders = []
for _ in range(2):
    toy = ToyNet()
    fine_tune(toy, rows, labels, ["block2", "head"], rates, step_with_decay, 3, 4, np.random.default_rng(0))
    checks.equal(toy.modes(), {"block1": "test", "block2": "test"}, "afterwards every block is in test mode")
    seen = [row for entry in toy.diary for row in entry["X"][:, 0].tolist()]
    orders.append([seen[:9], seen[9:18], seen[18:]])
    checks.unchanged(rows, before, "X")
    checks.unchanged(labels, kept, "y")
checks.holds(rates == kept_rates, "learning_rates is left as it was", f"it has become {rates!r:.200}")
checks.holds(
    orders[0][0] != orders[0][1] != orders[0][2] and orders[0][0] != before[:, 0].tolist(),
    "a random order, a new one in each epoch",
    f"the orders were {orders[0]}",
    hint="draw the permutation inside the loop over epochs",
)
checks.equal(
    orders[0], orders[1], "the same rng gives the same orders", hint="rng.permutation, not np.random"
)
toy = ToyNet()
fine_tune(toy, np.ones((100, 6)), np.zeros(100, int), ["head"], rates, step_with_decay)
checks.equal(
    [len(entry["X"]) for entry in toy.diary],
    [50] * 10,
    "by default 5 epochs of batches of 50, and a generator of its own",
    hint="rng is None by default: np.random.default_rng(rng) takes that, too",
)
toy = ToyNet()
start = toy.numbers()
checks.raises(
    ValueError,
    fine_tune,
    toy,
    rows,
    labels,
    ["head", "block7"],
    rates,
    step_with_decay,
    what="a layer that does not exist raises ValueError",
)
moved = [name for layer in toy.layers for name in toy.changed_since(start, layer)]
checks.holds(
    not moved and toy.modes() == {"block1": "train", "block2": "train"},
    "nothing has been changed before that",
    f"changed: {', '.join(moved) or 'the modes'}",
    hint="check the names first",
)

# %% nbgrader={"grade": true, "grade_id": "fine_tune_hidden", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every choice of layers; configs, rates, batches.
### BEGIN HIDDEN TESTS
from itertools import combinations


def counting(w, dw, config):
    """Momentum and decay with a memory: a rule that notices a config that is shared, lost or reset."""
    config = dict(config)
    config["calls"] = config.get("calls", 0) + 1
    config["velocity"] = 0.5 * config.get("velocity", np.zeros(w.shape)) + dw + 0.05 * w
    return w - config["learning_rate"] / config["calls"] ** 0.5 * config["velocity"], config


LAYERS = ("block1", "block2", "head")
rng = np.random.default_rng(16)
for chosen in [c for size in range(1, 4) for c in combinations(LAYERS, size)]:
    # one batch of all rows: the order does not matter, and the same steps can be taken here
    toy, twin = (ToyNet(sizes=(5, 6, 4), num_classes=4, mode="train", seed=7) for _ in range(2))
    X, y = rng.normal(size=(11, 5)), rng.integers(4, size=11)
    rates = {name: 0.02 * (1 + i) for i, name in enumerate(toy.params)}
    what = f"trainable {list(chosen)}"
    expected, memory = [], {}
    for block, bn_param in twin.bn_params.items():
        bn_param["mode"] = ("test", "train")[block in chosen]
    for _ in range(6):
        value, gradients = twin.loss(X, y)
        expected.append(value)
        for key in [name for c in chosen for name in twin.layers[c]]:
            memory.setdefault(key, {"learning_rate": rates[key]})
            twin.params[key], memory[key] = counting(twin.params[key], gradients[key], memory[key])
    history = fine_tune(
        toy,
        X.copy(),
        y.copy(),
        list(chosen),
        dict(rates),
        counting,
        num_epochs=6,
        batch_size=11,
        rng=np.random.default_rng(1),
    )
    wanted = {block: "train" if block in chosen else "test" for block in toy.bn_params}
    wrong = next((entry["modes"] for entry in toy.diary if entry["modes"] != wanted), wanted)
    checks.equal(
        wrong,
        wanted,
        f"{what}: the modes while it trains",
        hint="train mode in trainable blocks, test mode in frozen ones",
    )
    checks.equal(
        [len(entry["X"]) for entry in toy.diary], [11] * 6, f"{what}: one batch of all rows an epoch"
    )
    checks.close(
        history,
        expected,
        f"{what}: the losses",
        rtol=1e-6,
        hint="a loss for each step, before its update; every trainable parameter keeps a config of its own",
    )
    for layer in LAYERS:
        for (name, value), right in zip(
            toy.numbers()[layer].items(), twin.numbers()[layer].values(), strict=True
        ):
            checks.close(
                value,
                right,
                f"{what}: {name} of {layer} after six steps",
                rtol=1e-6,
                hint="a config of its own for every parameter, kept from step to step, with its own rate",
            )
# batches: every example once an epoch, rows and labels together
for count, batch_size, epochs in [(13, 5, 3), (12, 4, 2)]:
    X = np.column_stack([np.arange(count) / 7.0, rng.normal(size=(count, 5))])
    toy, y = ToyNet(mode="test"), np.arange(count) * 5 % 3
    rates = dict.fromkeys(toy.params, 0.01)
    what = f"{count} examples, batches of {batch_size}, {epochs} epochs"
    history = fine_tune(toy, X, y, ["head"], rates, counting, epochs, batch_size, np.random.default_rng(2))
    wanted = [min(batch_size, count - i) for i in range(0, count, batch_size)] * epochs
    checks.equal(
        [len(entry["X"]) for entry in toy.diary],
        wanted,
        f"{what}: the sizes of the batches",
        hint="the last piece of an epoch is what is left over",
    )
    checks.shape(history, (len(wanted),), f"{what}: a loss for each step")
    asked = [
        (round(7 * row[0]), int(label))
        for entry in toy.diary
        for row, label in zip(entry["X"], entry["y"], strict=True)
    ]
    checks.equal(
        [sorted(asked[e * count : (e + 1) * count]) for e in range(epochs)],
        [[(i, i * 5 % 3) for i in range(count)]] * epochs,
        f"{what}: every example once an epoch, with its label",
    )
### END HIDDEN TESTS


# %% nbgrader={"grade": true, "grade_id": "fine_tune_hidden_2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: nothing to train, bit for bit, one example, the
# order, float32, modes in the end, nothing else changed.
### BEGIN HIDDEN TESTS
def counting(w, dw, config):
    """Momentum and decay with a memory: a rule that notices a config that is shared, lost or reset."""
    config = dict(config)
    config["calls"] = config.get("calls", 0) + 1
    config["velocity"] = 0.5 * config.get("velocity", np.zeros(w.shape)) + dw + 0.05 * w
    return w - config["learning_rate"] / config["calls"] ** 0.5 * config["velocity"], config


LAYERS = ("block1", "block2", "head")
rng = np.random.default_rng(17)
X, y = rng.normal(size=(9, 6)), np.arange(9) % 3
kept_X, kept_y = X.copy(), y.copy()
for chosen in [[], ["head"], ["block2"], ["block2", "head"]]:
    toy, named, rates = (
        ToyNet(mode="train", seed=7),
        list(chosen),
        {name: 0.05 * i for i, name in enumerate(ToyNet().params)},
    )
    start, twin = toy.numbers(), ToyNet(mode="test", seed=7)
    if "block2" in chosen:
        twin.bn_params["block2"]["mode"] = "train"
    expected, memory = [], {}
    for _ in range(3):
        value, gradients = twin.loss(X, y)
        expected.append(value)
        for key in [name for c in chosen for name in twin.layers[c]]:
            memory.setdefault(key, {"learning_rate": rates[key]})
            twin.params[key], memory[key] = counting(twin.params[key], gradients[key], memory[key])
    history = fine_tune(toy, X, y, named, rates, counting, 3, 9, np.random.default_rng(1))
    what = f"trainable {chosen}"
    checks.close(history, expected, f"{what}: the losses", rtol=1e-6)
    for layer in LAYERS:
        moved = toy.changed_since(start, layer)
        checks.holds(
            bool(moved) == (layer in chosen),
            f"{what}: {layer} is {'trained' if layer in chosen else 'frozen, bit for bit'}",
            f"changed: {', '.join(moved) or 'nothing'}",
            hint="frozen parameters never meet the update rule; frozen blocks work in test mode",
        )
    checks.equal(toy.modes(), {"block1": "test", "block2": "test"}, f"{what}: test mode in the end")
    checks.unchanged(X, kept_X, "X")
    checks.unchanged(y, kept_y, "y")
    checks.equal(named, chosen, f"{what}: the list is left as it was")
    checks.holds(
        rates == {name: 0.05 * i for i, name in enumerate(toy.params)},
        "learning_rates is left as it was",
        f"it is {rates!r:.200}",
    )
# few examples, and a new order in each epoch
for count, batch_size, epochs in [(3, 10, 2), (1, 1, 2), (7, 1, 2)]:
    rows = np.column_stack([np.arange(count) / 7.0, rng.normal(size=(count, 5))])
    toy, labels = ToyNet(mode="test"), np.arange(count) * 5 % 3
    rates, what = dict.fromkeys(toy.params, 0.01), f"{count} examples, batches of {batch_size}"
    fine_tune(toy, rows, labels, ["head"], rates, counting, epochs, batch_size, np.random.default_rng(2))
    asked = [round(7 * row[0]) for entry in toy.diary for row in entry["X"]]
    checks.equal(
        [sorted(asked[:count]), sorted(asked[count:])], [list(range(count))] * 2, f"{what}: all, twice"
    )
    if count > 6:
        checks.holds(
            asked[:count] != sorted(asked[:count]) and asked[:count] != asked[count:],
            f"{what}: a random order, a new one each epoch",
            f"the first epoch's order is {asked[:count]}",
        )
# the given generator decides the order: the same seed gives the same bits
rates = dict.fromkeys(ToyNet().params, 0.1)
runs = []
for _ in range(2):
    toy = ToyNet(seed=0)
    fine_tune(toy, X, y, ["block2", "head"], rates, counting, 2, 4, np.random.default_rng(5))
    runs.append(
        np.concatenate([value.ravel() for known in toy.numbers().values() for value in known.values()])
    )
checks.equal(runs[1], runs[0], "the same seed twice", hint="use rng, not np.random")
# rng is None by default, and so are 5 epochs and batches of 50
toy = ToyNet(seed=0)
fine_tune(toy, np.ones((100, 6)), np.zeros(100, int), ["head"], rates, counting)
checks.equal([len(entry["X"]) for entry in toy.diary], [50] * 10, "by default 5 epochs of batches of 50")
# float32 stays float32, frozen and trained
toy, small = ToyNet(dtype=np.float32), X.astype(np.float32)
fine_tune(
    toy,
    small,
    y,
    ["block1"],
    rates,
    lambda w, dw, config: (w - np.float32(0.1) * dw, config),
    1,
    9,
    np.random.default_rng(5),
)
checks.equal({value.dtype.name for value in toy.params.values()}, {"float32"}, "all parameters stay float32")
# only some rates are given: those that are needed
toy = ToyNet(seed=0)
fine_tune(toy, X, y, ["head"], {"W3": 0.1, "b3": 0.2}, counting, 1, 9, np.random.default_rng(5))
checks.equal(
    toy.modes(), {"block1": "test", "block2": "test"}, "rates of frozen parameters are not asked for"
)
# an unknown name: nothing has been changed, and the message says the name
toy = ToyNet(seed=0)
start = toy.numbers()
try:
    fine_tune(toy, X, y, ["head", "blok2"], rates, counting)
    message = None
except ValueError as error:
    message = str(error)
checks.holds(
    message is not None and "blok2" in message,
    "an unknown layer raises a ValueError that says its name",
    f"the message is {message!r}",
    hint="check the names first",
)
moved = [name for layer in LAYERS for name in toy.changed_since(start, layer)]
checks.holds(
    not moved and toy.modes() == {"block1": "train", "block2": "train"},
    "an unknown layer: nothing has been changed",
    f"changed: {', '.join(moved) or 'the modes'}",
    hint="check the names first",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** One hundred pictures of the new things. The head is the probe of exercise 2, so that training goes on from a good place (a random head would send random gradients into layers that are good already). Then more and more of the network is allowed to move, with Adam and the rates of
# exercise 5. The last bar is the classical accident: everything moves at a full rate, with batches of four.


# %% tags=["explore"]
def network_for(rows, y, num_classes=10):
    """The pretrained network with a new head: the probe on its third block."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    W, b = linear_probe((rows - mean) / spread, y, num_classes)
    model = pretrained_network()
    # scores of standardised rows, written as scores of the rows themselves
    model.params["W4"] = (W / spread[:, None]).astype(np.float32)
    model.params["b4"] = (b - mean / spread @ W).astype(np.float32)
    return model


def accuracy(model, X, y):
    scores = np.concatenate([model.loss(X[i : i + 100]) for i in range(0, len(X), 100)])
    return top_k_accuracy(scores, y, 1)


def gently(model, X, y, layers, rate, factor, num_epochs, batch_size=50):
    """Fine-tune in two parts, the second, a quarter as long, at a tenth of the rate."""
    for share, epochs in [(1, num_epochs), (0.1, max(1, num_epochs // 4))]:
        rates = discriminative_learning_rates(model.params, share * rate, factor)
        fine_tune(model, X, y, layers, rates, adam, epochs, batch_size, np.random.default_rng(0))
    return model


if network_ready:
    X, X_val = as_input(things.X_train[:100], mean_colour), as_input(things.X_val[:1000], mean_colour)
    y, y_val = things.y_train[:100], things.y_val[:1000]
    plans = {
        "nothing: the probe": ([], 0.0005, 2.6, 1, 50),
        "head": (["head"], 0.0005, 2.6, 8, 50),
        "block3, head": (["block3", "head"], 0.0005, 2.6, 8, 50),
        "all, gently": (["block1", "block2", "block3", "head"], 0.0005, 2.6, 8, 50),
        "all, rate 0.01, batches of 4": (["block1", "block2", "block3", "head"], 0.01, 1.0, 4, 4),
    }
    measured = {}
    for name, plan in tqdm(plans.items(), desc="fine-tuning"):
        model = gently(network_for(features["train"]["block3"][:100], y), X, y, *plan)
        measured[name] = accuracy(model, X_val, y_val)
    plotting.show_accuracies(measured, len(y_val), title="Fine-tuning on 100 pictures: what may move?")
    plt.show()
else:
    print("Left out: the network cannot run yet.")

# %% [markdown]
# ## Exercise 7 · The rule of thumb  `[8 points · ●○○ · 10 min]`
#
# Two questions decide how a pretrained network is best reused: how much labelled data is there, and how similar is the new task to the old one? The lectures answer: *similar, little data*: a linear classifier on the top layer;
# *similar, much data*: fine-tune a few layers; *different, much data*: fine-tune a larger number of layers; *different, little data*: you are in trouble, try a linear classifier on different stages. Sharpened to four commands, of which two differ a little from the lectures' (with batch
# normalisation and small rates, training *all* layers has become usual where there is much data; and of all stages we name an early one), the table of this notebook is:
#
# | | little data: **fewer than 1000** examples | much data: 1000 or more |
# |---|---|---|
# | `"similar"` task | `"late probe"`: a linear classifier on the last block. Training more would only fit the few examples | `"fine-tune"`: go on training all layers, gently; there is enough data not to spoil them |
# | `"different"` task | `"early probe"`: a linear classifier on an early block, before the features became those of the old task | `"train all"`: start from the pretrained weights, which seldom hurt, and let every layer move at its full rate |
#
# `choose_strategy(num_examples, similarity)` returns the string in the table. A `similarity` that is neither `"similar"` nor `"different"` raises a `ValueError`.
#
# <details><summary>Hint</summary>
#
# Refuse the unknown first. Then a dict with pairs as keys, or two `if`s.
# </details>


# %% nbgrader={"grade": false, "grade_id": "choose_strategy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def choose_strategy(num_examples, similarity):
    """How to reuse a pretrained network, by rule of thumb.

    Parameters
    ----------
    num_examples : labelled examples of the new task
    similarity : 'similar' or 'different', the new task compared with the old one

    Returns
    -------
    strategy : 'late probe', 'early probe', 'fine-tune' or 'train all'

    Raises
    ------
    ValueError : another similarity
    """
    ### BEGIN SOLUTION
    table = {"similar": ("late probe", "fine-tune"), "different": ("early probe", "train all")}
    if similarity not in table:
        raise ValueError(f"similarity is 'similar' or 'different'; came {similarity!r}")
    return table[similarity][num_examples >= 1000]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "choose_strategy_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the four cells of the table.
for count in (20, 100, 500):
    checks.equal(
        choose_strategy(count, "similar"),
        "late probe",
        f"{count} examples, similar",
        hint="the string in the table",
    )
    checks.equal(choose_strategy(count, "different"), "early probe", f"{count} examples, different")
for count in (2000, 50_000):
    checks.equal(choose_strategy(count, "similar"), "fine-tune", f"{count} examples, similar")
    checks.equal(choose_strategy(count, "different"), "train all", f"{count} examples, different")

# %% nbgrader={"grade": true, "grade_id": "choose_strategy_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the border, and words that are neither.
checks.equal(choose_strategy(999, "similar"), "late probe", "999 examples are little")
checks.equal(
    choose_strategy(1000, "different"),
    "train all",
    "1000 examples are much",
    hint="fewer than 1000 is little",
)
for word in ("perhaps", "Similar"):
    for count in (100, 5000):
        checks.raises(
            ValueError,
            choose_strategy,
            count,
            word,
            what=f"{count} examples, similarity {word!r}: ValueError",
        )

# %% nbgrader={"grade": true, "grade_id": "choose_strategy_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: all four cells, other numbers.
### BEGIN HIDDEN TESTS
for counts, column in [((1, 50, 800), 0), ((1500, 10**7), 1)]:
    for similarity, row in [
        ("similar", ("late probe", "fine-tune")),
        ("different", ("early probe", "train all")),
    ]:
        for count in counts:
            checks.equal(
                choose_strategy(count, similarity),
                row[column],
                f"{count} examples, {similarity}",
                hint="fewer than 1000 is little, 1000 is much",
            )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "choose_strategy_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: the border between little and much, other words.
### BEGIN HIDDEN TESTS
for counts, column in [((1, 20, 999), 0), ((1000, 1001, 10**7), 1)]:  # 1000 is much
    for similarity, row in [
        ("similar", ("late probe", "fine-tune")),
        ("different", ("early probe", "train all")),
    ]:
        for count in counts:
            checks.equal(
                choose_strategy(count, similarity),
                row[column],
                f"{count} examples, {similarity}",
                hint="fewer than 1000 is little, 1000 is much",
            )
for count in (10, 5000):  # refused whatever the number
    for word in ("Similar", "", "same"):
        checks.raises(
            ValueError,
            choose_strategy,
            count,
            word,
            what=f"{count} examples, similarity {word!r}: ValueError",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## The table, measured
#
# Do not believe a rule of thumb that you can test. Here are the four cells, with the tasks from above and with 100 or 2000 examples:
#
# | | little | much |
# |---|---|---|
# | similar | 100 pictures, which thing? | 2000 pictures, which thing? |
# | different | 100 pictures, which scene? | 2000 textures |
#
# In each cell five ways are measured: the probe on the **pixels**, for comparison; the **early probe** (`block1`) and the **late probe** (`block3`); the same network trained **from scratch**; and the pretrained one **fine-tuned**, gently and with the rates of exercise 5 where the task is similar, with every
# layer at its full rate where it is different. Both trainings of a cell take the same number of steps. (The probes take seconds, for the features are kept. The trainings take a minute or two.)


# %% tags=["explore"]
STAGE_OF = {"pixels, probe": "pixels", "early probe": "block1", "late probe": "block3"}


def trained(task, count, rows, similarity):
    """The network trained from scratch, and the pretrained one, fine-tuned: dict way -> network."""
    X, y = as_input(task.X_train[:count], mean_colour), task.y_train[:count]
    epochs, size = (24, 25) if count < 1000 else (5, 50)
    layers = list(pretrained_network().layers)
    rate, factor = (5e-4, 2.6) if similarity == "similar" else (2e-3, 1.0)
    return {
        "from scratch": gently(TransferNet(rng=0), X, y, layers, 2e-3, 1.0, epochs, size),
        "fine-tuned": gently(
            network_for(rows["block3"][:count], y), X, y, layers, rate, factor, epochs, size
        ),
    }


cells = {
    ("similar", "little"): ("100 pictures: which thing?", things, 100),
    ("similar", "much"): ("2000 pictures: which thing?", things, 2000),
    ("different", "little"): ("100 pictures: which scene?", scenes, 100),
    ("different", "much"): ("2000 textures", textures, 2000),
}
table, networks, texture_features = {}, {}, {}
for cell, (_, task, count) in tqdm(cells.items(), desc="cells of the table"):
    if not network_ready and (task is textures or count > len(task.y_train)):
        continue  # not in our file
    if task is textures:
        texture_features = {
            split: stages_of(task.split(split)[0], pretrained_network()) for split in ("train", "val")
        }
    its = texture_features if task is textures else features
    table[cell] = {
        way: probe(its, stage, task.y_train, task.y_val, count)[1] for way, stage in STAGE_OF.items()
    }
    if network_ready:
        networks[cell] = trained(task, count, its["train"], cell[0])
        X_val = as_input(task.X_val, mean_colour)
        table[cell] |= {way: accuracy(model, X_val, task.y_val) for way, model in networks[cell].items()}
num_val = len(things.y_val)
plotting.show_transfer_table(
    table,
    {key: title for key, (title, *_) in cells.items()},
    num_val,
    title="The table, measured: validation accuracy of each way",
)
plt.show()

# %% [markdown]
# What do *your* numbers say? The next cell reads them out: for each cell the best way, what is as good within two standard errors, and whether the rule of thumb is among them. "As good as" matters: of several ways that are equally good, the cheapest wins.
#
# Three things to look for. **Little and similar**: how much of what fine-tuning reaches has the probe already, for a thousandth of the work? **Little and different**: is anything better than the pixels? **Much**: training from scratch gets better with more data and more steps, and the
# lead of the pretrained network shrinks with both. (With 5000 textures and four times the work, a larger network trained from scratch reaches about 74 %, a fine-tuned one about 78 %: what transfer saves is data and time, more than the last per cent.)

# %% tags=["explore"]
WAY = {
    "late probe": "late probe",
    "early probe": "early probe",
    "fine-tune": "fine-tuned",
    "train all": "fine-tuned",
}
for (similarity, amount), row in table.items():
    best = max(row, key=row.get)
    error = np.sqrt(2 * row[best] * (1 - row[best]) / num_val)  # of a difference
    equal = [way for way in row if way != best and row[way] > row[best] - 2 * error]
    rule = WAY[choose_strategy(cells[similarity, amount][2], similarity)]
    print(
        f"{similarity}, {amount}: best is {best} with {row[best]:.1%}"
        + (f"; as good: {', '.join(equal)}" if equal else "")
    )
    print(
        f"    the rule says {rule} ({row.get(rule, np.nan):.1%}): {'yes' if rule in [best, *equal] else 'no'}"
    )
    if "from scratch" in row:
        gain = (
            max(value for way, value in row.items() if way in ("early probe", "late probe", "fine-tuned"))
            - row["from scratch"]
        )
        print(
            f"    what the pretrained network is worth, over training from scratch: {100 * gain:+.1f} points"
        )
    if "pixels, probe" in [best, *equal]:
        print("    plain pixels are as good as anything here: nobody needed a network")

# %% [markdown]
# ## The end: the test pictures, once
#
# Whoever takes the best of five on the validation pictures has chosen a little luck with it, so its validation accuracy is a little too good. What the choice is worth, pictures say that had no part in it. For each cell of the table, the way that was best on the
# validation pictures, and nothing else, is measured on the test pictures. After that, nothing is changed any more.

# %% tags=["explore"]
for cell, row in table.items():
    _, task, count = cells[cell]
    way = max(row, key=row.get)
    if way in STAGE_OF:
        its = texture_features if task is textures else features
        if "test" not in its:
            its["test"] = stages_of(task.X_test, pretrained_network())
        final = probe(its, STAGE_OF[way], task.y_train, task.y_test, count, split="test")[1]
    else:
        final = accuracy(networks[cell][way], as_input(task.X_test, mean_colour), task.y_test)
    error = np.sqrt(final * (1 - final) / len(task.y_test))
    print(
        f"{', '.join(cell)}: {way}, validation {row[way]:.1%}, test {final:.1%} (standard error {error:.1%})"
    )

# %% [markdown] nbgrader={"grade": true, "grade_id": "mushrooms", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# ### Question · Mushrooms  `[5 points]`
#
# A colleague has 60 photographs of two kinds of mushrooms, and a network that was pretrained on a million photographs of everyday things. He subtracts the mean of *his* 60 photographs, puts a random head on, makes all layers trainable at rate 0.01, leaves every batch normalisation in training mode and takes batches
# of 4. After ten epochs the training loss is almost 0, and the validation accuracy 53 %. Name **four** things that he should do otherwise, each with its reason. What would you have tried first, and what would you compare it with?
#
# ### BEGIN SOLUTION
# (1) Prepare the pictures as in pretraining, with the mean of the pretrained network: otherwise every layer gets inputs that it was not trained on. (2) Little data, a similar task: freeze the network and train a linear classifier on the last block; with 60 examples millions of parameters learn them by heart, which is what a training loss of 0 says.
# (3) If layers are trained at all, then at a much smaller rate, smaller still in the early layers: at 0.01 for everything the pretrained weights are gone after a few steps. (4) Batch normalisation of frozen blocks in test mode: the mean and variance of four pictures are noise, and the running statistics forget a million pictures. (5) Begin with the
# head alone, or with the probe as a head, for a random head sends large random gradients down. First of all the probe on frozen features, which takes seconds, compared with the same classifier on the pixels, and with 50 %, the guess; with so few pictures by cross-validation, since 53 % of a small validation set is no different from chance.
# ### END SOLUTION

# %% [markdown]
# ## What you take with you
#
# - Try the cheapest first: features of a frozen network, and a linear classifier on them. With little data and a similar task it is hard to beat, and it takes seconds.
# - Frozen means *all* of it: parameters out of reach of the optimizer, batch normalisation in test mode.
# - With much data fine-tune, with small rates, smaller still for early layers. Start from a trained head.
# - The last layers know the old task, the early ones everything a little. Which layer is best is a question for a measurement, and so is whether *any* is better than the pixels.
# - A pretrained network comes with its preprocessing and its running statistics. And weights from the internet are data of a stranger: check the sum, and never unpickle them.
#
# This was the last notebook. You have built everything from the distance between two pictures to a network that learns a new task from a hundred of them. The large models of today are larger, and most of what they do in training you have by now written yourself.
