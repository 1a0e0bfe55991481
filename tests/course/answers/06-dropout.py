"""Right and wrong answers to 06-dropout. docs/writing-exercises.md says how this file is read."""

# %% dropout_forward | right | as in the course's public solutions, global seed
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    else:
        raise ValueError("bad mode")
    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)
    return out, cache

def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout

# %% dropout_forward | right | binomial mask, where
def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "train":
        rng = np.random.default_rng(dropout_param.get("seed"))
        keep = rng.binomial(1, p, size=x.shape).astype(bool)
        return np.where(keep, x / p, 0.0), {"keep": keep, "p": p}
    if dropout_param["mode"] == "test":
        return x.copy(), {"keep": None, "p": p}
    raise ValueError(dropout_param["mode"])

# %% dropout_forward | right | choice, in place on a copy
def dropout_forward(x, dropout_param):
    mode, p = dropout_param["mode"], dropout_param["p"]
    assert_mode = {"train": True, "test": False}
    if mode not in assert_mode:
        raise ValueError("mode must be train or test")
    out = x.copy()
    if not assert_mode[mode]:
        return out, (mode, p, None)
    seed = dropout_param["seed"] if "seed" in dropout_param else None
    dropped = np.random.default_rng(seed).choice([True, False], p=[1 - p, p], size=x.shape)
    out[dropped] = 0
    out /= p
    return out, (mode, p, dropped)

# %% dropout_forward | right | a loop over the entries, RandomState
def dropout_forward(x, dropout_param):
    if dropout_param["mode"] not in ["train", "test"]:
        raise ValueError("mode")
    if dropout_param["mode"] == "test":
        return x, np.ones(x.shape)
    generator = np.random.RandomState(dropout_param.get("seed"))
    mask = np.zeros(x.size)
    for i in range(x.size):
        if generator.uniform() < dropout_param["p"]:
            mask[i] = 1 / dropout_param["p"]
    mask = mask.reshape(x.shape)
    return x * mask, mask

# %% dropout_forward | right | float32 mask, multiply
def dropout_forward(x, dropout_param):
    mode = dropout_param["mode"]
    if mode == "test":
        return np.array(x), None
    elif mode != "train":
        raise ValueError(f"unknown mode {mode}")
    keep = dropout_param["p"]
    uniform = np.random.default_rng(dropout_param.get("seed", None)).uniform(size=np.shape(x))
    mask = np.less(uniform, keep).astype(x.dtype)
    mask *= 1.0 / keep
    return np.multiply(x, mask), mask

# %% dropout_forward | right | from the release
def dropout_forward(x, dropout_param):
    mode = dropout_param["mode"]
    if mode == "test":
        return x + 0, None
    if mode == "train":
        keep_probability = dropout_param["p"]
        rng = np.random.default_rng(dropout_param.get("seed"))
        coins = rng.random(size=x.size).reshape(x.shape)
        factor = np.zeros_like(x)
        factor[coins < keep_probability] = 1 / keep_probability
        return factor * x, factor
    raise ValueError("the mode has to be 'train' or 'test'")

# %% dropout_forward | wrong | does not rescale
#- mask = kept.astype(x.dtype) / p
#+ mask = kept.astype(x.dtype)

# %% dropout_forward | wrong | multiplies by p
#- mask = kept.astype(x.dtype) / p
#+ mask = kept.astype(x.dtype) * p

# %% dropout_forward | wrong | p is the probability of dropping
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#- mask = kept.astype(x.dtype) / p
#+ kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) > p
#+ mask = kept.astype(x.dtype) / (1 - p if p < 1 else 1)

# %% dropout_forward | wrong | keeps 1 - p but divides by p
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) >= p

# %% dropout_forward | wrong | scales at test time as well
#- return x, None
#+ return x * p, None

# %% dropout_forward | wrong | drops at test time as well
#- if mode == "test":
#- return x, None
#+ pass

# %% dropout_forward | slip | any mode is test mode
#- if mode not in ("train", "test"):
#- raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
#- if mode == "test":
#+ if mode != "train":

# %% dropout_forward | slip | any mode but test is train mode
#- if mode not in ("train", "test"):
#- raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
#+ pass

# %% dropout_forward | slip | seed 0 taken for no seed
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.random.default_rng(dropout_param.get("seed") or None).random(x.shape) < p

# %% dropout_forward | slip | ignores the seed
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.random.rand(*x.shape) < p

# %% dropout_forward | slip | always the same mask
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.random.default_rng(dropout_param.get("seed", 0)).random(x.shape) < p

# %% dropout_forward | wrong | one mask for the whole batch
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.broadcast_to(np.random.default_rng(dropout_param.get("seed")).random(x.shape[1:]) < p, x.shape)

# %% dropout_forward | wrong | drops whole examples
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.broadcast_to(np.random.default_rng(dropout_param.get("seed")).random((len(x),) + (1,) * (x.ndim - 1)) < p, x.shape)

# %% dropout_forward | wrong | two axes only
#- kept = np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p
#+ kept = np.random.default_rng(dropout_param.get("seed")).random((x.shape[0], x.shape[1])) < p

# %% dropout_forward | slip | changes x in place
#- return x * mask, mask
#+ x *= mask
#+ return x, mask

# %% dropout_forward | wrong | an exact share of units, not a coin each
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode not in ("train", "test"):
        raise ValueError(mode)
    if mode == "test":
        return x, None
    mask = np.zeros(x.shape)
    mask[: int(p * len(x))] = 1 / p
    np.random.default_rng(dropout_param.get("seed")).shuffle(mask)
    return x * mask, mask

# %% dropout_forward | wrong | noise that is not a mask
#- mask = kept.astype(x.dtype) / p
#+ mask = 1 + (np.random.default_rng(dropout_param.get("seed")).normal(size=x.shape) * np.sqrt((1 - p) / p)).astype(x.dtype)

# %% dropout_forward | wrong | forgets the cache
#- return x * mask, mask
#+ return x * mask

# %% dropout_backward | right | if and else
def dropout_backward(dout, cache):
    if cache is None:
        dx = dout
    else:
        dx = cache * dout
    return dx

# %% dropout_backward | right | copy in test mode, in place on the copy
def dropout_backward(dout, cache):
    dx = dout.copy()
    if cache is not None:
        dx *= cache
    return dx

# %% dropout_backward | right | einsum
def dropout_backward(dout, cache):
    mask = np.ones_like(dout) if cache is None else cache
    return np.einsum("...,...->...", dout, mask)

# %% dropout_backward | right | where the mask is not zero
def dropout_backward(dout, cache):
    if cache is None:
        return np.array(dout)
    dx = np.zeros_like(dout)
    kept = cache != 0
    dx[kept] = dout[kept] * cache[kept]
    return dx

# %% dropout_backward | right | both functions anew, dict as cache
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode not in {"train", "test"}:
        raise ValueError(mode)
    mask = np.ones(x.shape)
    if mode == "train":
        mask = (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p
    return x * mask, {"mask": mask}

def dropout_backward(dout, cache):
    return dout * cache["mask"]

# %% dropout_backward | right | from the release
def dropout_backward(dout, cache):
    dx = np.array(dout)
    if cache is None:
        return dx
    np.multiply(dx, cache, out=dx)
    return dx

# %% dropout_backward | wrong | forgets the division by p
#- return dout if cache is None else dout * cache
#+ return dout if cache is None else dout * (cache > 0)

# %% dropout_backward | wrong | lets everything through
#- return dout if cache is None else dout * cache
#+ return dout

# %% dropout_backward | slip | fails in test mode
#- return dout if cache is None else dout * cache
#+ return dout * cache

# %% dropout_backward | wrong | divides where it should multiply
#- return dout if cache is None else dout * cache
#+ return dout if cache is None else dout * (cache > 0) / np.maximum(cache, 1)

# %% dropout_backward | wrong | inverted mask
#- return dout if cache is None else dout * cache
#+ return dout if cache is None else dout * (cache == 0)

# %% dropout_backward | wrong | a new mask
#- return dout if cache is None else dout * cache
#+ return dout if cache is None else dropout_forward(dout, {"p": 1 / max(cache.max(), 1), "mode": "train"})[0]

# %% dropout_backward | slip | guesses the mask from out
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode == "test":
        return x, (mode, x, p)
    out = x * (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p
    return out, (mode, out, p)

def dropout_backward(dout, cache):
    mode, out, p = cache
    return dout * (out != 0) / p if mode == "train" else dout

# %% dropout_backward | slip | mask in a global
def dropout_forward(x, dropout_param):
    global MASK
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode == "test":
        return x, mode
    MASK = (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p
    return x * MASK, mode

def dropout_backward(dout, cache):
    return dout * MASK if cache == "train" else dout

# %% dropout_backward | slip | in place on dout
#- return dout if cache is None else dout * cache
#+ if cache is not None:
#+     dout *= cache
#+ return dout

# %% dropout_backward | wrong | mask drawn anew with the same seed, none without
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if mode == "test":
        return x, dropout_param
    return x * (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p, dropout_param

def dropout_backward(dout, cache):
    return dropout_forward(dout, cache)[0]

# %% dropout_predict_scaled | right | product
def dropout_predict_scaled(x, p):
    return x * p

# %% dropout_predict_scaled | right | np.multiply
def dropout_predict_scaled(x, p):
    return np.multiply(x, p, dtype=x.dtype) if isinstance(x, np.ndarray) else x * p

# %% dropout_predict_scaled | right | in place on a copy
def dropout_predict_scaled(x, p):
    out = np.array(x, dtype=float)
    out *= p
    return out

# %% dropout_predict_scaled | right | what is left of x
def dropout_predict_scaled(x, p):
    return x - (1 - p) * x

# %% dropout_predict_scaled | right | from the release
def dropout_predict_scaled(x, p):
    average_of_mask = p * 1 + (1 - p) * 0
    return average_of_mask * x

# %% dropout_predict_scaled | wrong | divides
def dropout_predict_scaled(x, p):
    return x / p

# %% dropout_predict_scaled | wrong | x itself, as in the inverted form
def dropout_predict_scaled(x, p):
    return x

# %% dropout_predict_scaled | wrong | the share that is dropped
def dropout_predict_scaled(x, p):
    return (1 - p) * x

# %% dropout_predict_scaled | wrong | drops at test time
def dropout_predict_scaled(x, p):
    return p * x * (np.random.rand(*x.shape) < p)

# %% dropout_predict_scaled | slip | in place
def dropout_predict_scaled(x, p):
    x *= p
    return x

# %% dropout_predict_scaled | wrong | root of p
def dropout_predict_scaled(x, p):
    return np.sqrt(p) * x

# %% FullyConnectedNet | right | lists of caches by kind
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim, num_classes, dropout_keep_ratio=1, reg=0.0, weight_scale=None, dtype=np.float32, seed=None, rng=None):
        self.use_dropout = dropout_keep_ratio != 1
        self.reg, self.dtype, self.L = reg, dtype, len(hidden_dims) + 1
        self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
        if seed is not None:
            self.dropout_param["seed"] = seed
        rng = np.random.default_rng(rng)
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        self.params = {}
        for i in range(self.L):
            scale = weight_scale or np.sqrt(2 / dims[i])
            self.params["W%d" % (i + 1)] = rng.normal(0, scale, (dims[i], dims[i + 1])).astype(dtype)
            self.params["b%d" % (i + 1)] = np.zeros(dims[i + 1], dtype=dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        self.dropout_param["mode"] = mode
        affine, relu, drop = {}, {}, {}
        h = X
        for i in range(1, self.L):
            h, affine[i] = affine_forward(h, self.params[f"W{i}"], self.params[f"b{i}"])
            h, relu[i] = relu_forward(h)
            if self.use_dropout:
                h, drop[i] = dropout_forward(h, self.dropout_param)
        scores, affine[self.L] = affine_forward(h, self.params[f"W{self.L}"], self.params[f"b{self.L}"])
        if mode == "test":
            return scores
        loss, dh = softmax_loss(scores, y)
        grads = {}
        for i in reversed(range(1, self.L + 1)):
            if i < self.L:
                if self.use_dropout:
                    dh = dropout_backward(dh, drop[i])
                dh = relu_backward(dh, relu[i])
            dh, dW, grads[f"b{i}"] = affine_backward(dh, affine[i])
            grads[f"W{i}"] = dW + 2 * self.reg * self.params[f"W{i}"]
            loss += self.reg * (self.params[f"W{i}"] ** 2).sum()
        return loss, grads

# %% FullyConnectedNet | right | a stack of backward functions
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim, num_classes, dropout_keep_ratio=1.0, reg=0.0, weight_scale=None, dtype=np.float32, seed=None, rng=None):
        self.num_layers = len(hidden_dims) + 1
        self.reg, self.dtype, self.keep, self.seed = reg, dtype, dropout_keep_ratio, seed
        rng = np.random.default_rng(rng)
        self.params = {}
        for layer, (a, b) in enumerate(pairwise([input_dim, *hidden_dims, num_classes]), start=1):
            scale = np.sqrt(2 / a) if weight_scale is None else weight_scale
            self.params[f"W{layer}"] = (scale * rng.normal(size=(a, b))).astype(dtype)
            self.params[f"b{layer}"] = np.zeros(b, dtype)

    def scores(self, X, mode="test"):
        stack, out = [], X.astype(self.dtype)
        for layer in range(1, self.num_layers + 1):
            out, cache = affine_forward(out, self.params[f"W{layer}"], self.params[f"b{layer}"])
            stack.append(("affine", cache, layer))
            if layer < self.num_layers:
                out, cache = relu_forward(out)
                stack.append(("relu", cache, layer))
                param = {"p": self.keep, "mode": mode}
                if self.seed is not None:
                    param["seed"] = self.seed + layer
                out, cache = dropout_forward(out, param)
                stack.append(("dropout", cache, layer))
        return out, stack

    def loss(self, X, y=None):
        if y is None:
            return self.scores(X, "test")[0]
        scores, stack = self.scores(X, "train")
        loss, d = softmax_loss(scores, y)
        grads = {}
        while stack:
            kind, cache, layer = stack.pop()
            if kind == "dropout":
                d = dropout_backward(d, cache)
            elif kind == "relu":
                d = relu_backward(d, cache)
            else:
                d, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(d, cache)
        for name, W in self.params.items():
            if name[0] == "W":
                loss = loss + self.reg * float(np.sum(np.square(W)))
                grads[name] = grads[name] + self.reg * 2 * W
        return loss, grads

# %% FullyConnectedNet | right | by hand, without the layers
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim, num_classes, dropout_keep_ratio=1.0, reg=0.0, weight_scale=None, dtype=np.float32, seed=None, rng=None):
        self.num_layers = len(hidden_dims) + 1
        self.reg, self.dtype, self.p, self.seed = reg, dtype, dropout_keep_ratio, seed
        rng = np.random.default_rng(rng)
        self.params = {}
        for layer, (a, b) in enumerate(pairwise([input_dim, *hidden_dims, num_classes]), start=1):
            scale = np.sqrt(2 / a) if weight_scale is None else weight_scale
            self.params[f"W{layer}"] = (scale * rng.normal(size=(a, b))).astype(dtype)
            self.params[f"b{layer}"] = np.zeros(b, dtype)

    def loss(self, X, y=None):
        rng = np.random.default_rng(self.seed)
        inputs, factors = [X.reshape(X.shape[0], -1).astype(self.dtype)], []
        for layer in range(1, self.num_layers):
            z = inputs[-1] @ self.params[f"W{layer}"] + self.params[f"b{layer}"]
            factor = (z > 0).astype(self.dtype)
            if y is not None:
                factor *= (rng.random(z.shape) < self.p) / self.p
            factors.append(factor)
            inputs.append(z * factor)
        scores = inputs[-1] @ self.params[f"W{self.num_layers}"] + self.params[f"b{self.num_layers}"]
        if y is None:
            return scores
        P = softmax(scores, axis=1)
        N = len(y)
        loss = -np.log(P[np.arange(N), y]).mean()
        P[np.arange(N), y] -= 1
        d, grads = P / N, {}
        for layer in range(self.num_layers, 0, -1):
            W = self.params[f"W{layer}"]
            grads[f"W{layer}"] = inputs[layer - 1].T @ d + 2 * self.reg * W
            grads[f"b{layer}"] = d.sum(axis=0)
            loss += self.reg * np.sum(W**2)
            if layer > 1:
                d = (d @ W.T) * factors[layer - 2]
        return loss, grads

# %% FullyConnectedNet | right | dropout before the ReLU, which is the same
#- out, relu_cache = relu_forward(out)
#- out, dropout_cache = dropout_forward(out, dropout_param)
#+ out, dropout_cache = dropout_forward(out, dropout_param)
#+ out, relu_cache = relu_forward(out)
#- dout = relu_backward(dropout_backward(dout, dropout_cache), relu_cache)
#+ dout = dropout_backward(relu_backward(dout, relu_cache), dropout_cache)

# %% FullyConnectedNet | right | from the release
class FullyConnectedNet:
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

    def layer(self, i):
        return self.params["W" + str(i)], self.params["b" + str(i)]

    def scores(self, X, mode="test"):
        param = dict(self.dropout_param)
        param["mode"] = mode
        h = X.astype(self.dtype)
        todo = []
        i = 1
        while i < self.num_layers:
            h, a = affine_forward(h, *self.layer(i))
            h, r = relu_forward(h)
            h, d = dropout_forward(h, param)
            todo.append([a, r, d])
            i += 1
        h, a = affine_forward(h, *self.layer(i))
        todo.append([a])
        return h, todo

    def loss(self, X, y=None):
        if y is None:
            return self.scores(X)[0]
        s, todo = self.scores(X, mode="train")
        loss, d = softmax_loss(s, y)
        grads = {}
        i = self.num_layers
        for caches in todo[::-1]:
            if len(caches) == 3:
                d = dropout_backward(d, caches[2])
                d = relu_backward(d, caches[1])
            d, dW, db = affine_backward(d, caches[0])
            W = self.params["W" + str(i)]
            loss += self.reg * (W**2).sum()
            grads["W" + str(i)] = dW + 2 * self.reg * W
            grads["b" + str(i)] = db
            i -= 1
        return loss, grads

# %% FullyConnectedNet | wrong | test mode drops too
#- scores, caches = self.scores(X, "test" if y is None else "train")
#+ scores, caches = self.scores(X, "train")

# %% FullyConnectedNet | wrong | training does not drop
#- scores, caches = self.scores(X, "test" if y is None else "train")
#+ scores, caches = self.scores(X)

# %% FullyConnectedNet | wrong | modes the wrong way round
#- scores, caches = self.scores(X, "test" if y is None else "train")
#+ scores, caches = self.scores(X, "train" if y is None else "test")

# %% FullyConnectedNet | wrong | scales by p at test time too
#- out, dropout_cache = dropout_forward(out, dropout_param)
#+ out, dropout_cache = dropout_forward(out, dropout_param)
#+ if mode == "test":
#+     out = out * dropout_param["p"]

# %% FullyConnectedNet | wrong | forgets dropout going back
#- dout = relu_backward(dropout_backward(dout, dropout_cache), relu_cache)
#+ dout = relu_backward(dout, relu_cache)

# %% FullyConnectedNet | wrong | one half of the penalty
#- loss += self.reg * np.sum(W * W)
#- grads[f"W{layer}"] += 2 * self.reg * W
#+ loss += 0.5 * self.reg * np.sum(W * W)
#+ grads[f"W{layer}"] += self.reg * W

# %% FullyConnectedNet | wrong | penalty without its gradient
#- grads[f"W{layer}"] += 2 * self.reg * W
#+ pass

# %% FullyConnectedNet | wrong | no penalty on the last layer
#- for layer in range(1, last + 1):
#+ for layer in range(1, last):

# %% FullyConnectedNet | wrong | penalty on biases too
#- grads[f"W{layer}"] += 2 * self.reg * W
#+ grads[f"W{layer}"] += 2 * self.reg * W
#+ loss += self.reg * np.sum(self.params[f"b{layer}"] ** 2)
#+ grads[f"b{layer}"] += 2 * self.reg * self.params[f"b{layer}"]

# %% FullyConnectedNet | wrong | drops scores
#- return scores, [*caches, cache]
#+ scores, self.last_cache = dropout_forward(scores, dropout_param)
#+ return scores, [*caches, cache]
#- loss, dout = softmax_loss(scores, y)
#+ loss, dout = softmax_loss(scores, y)
#+ dout = dropout_backward(dout, self.last_cache)

# %% FullyConnectedNet | wrong | drops inputs too
#- out, caches = X.astype(self.dtype), []
#+ out, caches = dropout_forward(X.astype(self.dtype), dropout_param)[0], []

# %% FullyConnectedNet | wrong | dropout after the first layer only
#- out, dropout_cache = dropout_forward(out, dropout_param)
#+ out, dropout_cache = dropout_forward(out, dropout_param if layer == 1 else {"p": 1.0, "mode": mode})

# %% FullyConnectedNet | wrong | ReLU on the scores
#- return scores, [*caches, cache]
#+ return relu_forward(scores)[0], [*caches, cache]

# %% FullyConnectedNet | wrong | caches in the order of the forward pass
#- affine_cache, relu_cache, dropout_cache = caches[layer - 1]
#+ affine_cache, relu_cache, dropout_cache = caches[last - 1 - layer]

# %% FullyConnectedNet | wrong | returns scores and caches
#- return scores
#+ return scores, caches

# %% FullyConnectedNet | slip | a fixed seed for everybody
#- dropout_param = self.dropout_param | {"mode": mode}
#+ dropout_param = {"seed": 0} | self.dropout_param | {"mode": mode}

# %% monte_carlo_predict | right | accumulates
def monte_carlo_predict(forward_fn, X, samples, rng):
    total = 0
    for _ in range(samples):
        total = total + forward_fn(X, rng)
    return total / samples

# %% monte_carlo_predict | right | stack and mean
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.stack([forward_fn(X, rng) for _ in range(samples)]).mean(axis=0)

# %% monte_carlo_predict | right | running mean
def monte_carlo_predict(forward_fn, X, samples, rng):
    mean = np.array(forward_fn(X, rng), dtype=float)
    for s in range(2, samples + 1):
        mean += (forward_fn(X, rng) - mean) / s
    return mean

# %% monte_carlo_predict | right | np.average over a list
def monte_carlo_predict(forward_fn, X, samples, rng):
    answers = []
    while len(answers) < samples:
        answers.append(forward_fn(X, rng))
    return np.average(answers, axis=0)

# %% monte_carlo_predict | right | from the release
def monte_carlo_predict(forward_fn, X, samples, rng):
    mean = forward_fn(X, rng) / samples
    for _ in range(samples - 1):
        mean = mean + forward_fn(X, rng) / samples
    return mean

# %% monte_carlo_predict | wrong | forgets to divide
def monte_carlo_predict(forward_fn, X, samples, rng):
    return sum(forward_fn(X, rng) for _ in range(samples))

# %% monte_carlo_predict | wrong | one pass
def monte_carlo_predict(forward_fn, X, samples, rng):
    return forward_fn(X, rng)

# %% monte_carlo_predict | wrong | one pass counted many times
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.mean([forward_fn(X, rng)] * samples, axis=0)

# %% monte_carlo_predict | slip | the same noise in each pass
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.mean([forward_fn(X, np.random.default_rng(0)) for _ in range(samples)], axis=0)

# %% monte_carlo_predict | slip | a generator of its own
def monte_carlo_predict(forward_fn, X, samples, rng):
    rng = np.random.default_rng()
    return np.mean([forward_fn(X, rng) for _ in range(samples)], axis=0)

# %% monte_carlo_predict | wrong | votes
def monte_carlo_predict(forward_fn, X, samples, rng):
    total = 0
    for _ in range(samples):
        P = forward_fn(X, rng)
        total = total + np.eye(P.shape[1])[P.argmax(axis=1)]
    return total / samples

# %% monte_carlo_predict | wrong | mean over everything
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.mean([forward_fn(X, rng) for _ in range(samples)])

# %% monte_carlo_predict | wrong | one pass too few
def monte_carlo_predict(forward_fn, X, samples, rng):
    return sum(forward_fn(X, rng) for _ in range(1, samples)) / samples

# %% monte_carlo_predict | wrong | geometric mean
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.exp(np.mean([np.log(forward_fn(X, rng)) for _ in range(samples)], axis=0))

# %% monte_carlo_predict | wrong | a median
def monte_carlo_predict(forward_fn, X, samples, rng):
    return np.median([forward_fn(X, rng) for _ in range(samples)], axis=0)

# %% dropconnect_forward | right | mask by hand
def dropconnect_forward(x, w, b, param):
    mode, p = param["mode"], param["p"]
    if mode == "train":
        mask = (np.random.default_rng(param.get("seed")).random(w.shape) < p) / p
    elif mode == "test":
        mask = np.ones_like(w)
    else:
        raise ValueError(f"mode {mode!r}")
    out = x.reshape(x.shape[0], -1).dot(w * mask) + b
    return out, (x, w, b, mask)

# %% dropconnect_forward | right | einsum, global seed
def dropconnect_forward(x, w, b, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("train or test")
    used = w
    keep = None
    if param["mode"] == "train":
        if "seed" in param:
            np.random.seed(param["seed"])
        keep = np.random.rand(*w.shape) < param["p"]
        used = np.where(keep, w / param["p"], 0)
    out = np.einsum("nd,dm->nm", x.reshape(len(x), -1), used) + b[None]
    return out, (x, used, keep, param["p"])

# %% dropconnect_forward | right | in place on a copy of w
def dropconnect_forward(x, w, b, param):
    p = param["p"]
    if param["mode"] == "test":
        return affine_forward(x, w, b)
    if param["mode"] != "train":
        raise ValueError(param["mode"])
    used = w.copy()
    used[np.random.default_rng(param.get("seed")).random(w.shape) >= p] = 0
    used /= p
    return affine_forward(x, used, b)

# %% dropconnect_forward | right | a loop over the columns of w
def dropconnect_forward(x, w, b, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    rng = np.random.default_rng(param.get("seed"))
    flat, columns = x.reshape(len(x), -1), []
    for m in range(w.shape[1]):
        column = w[:, m]
        if param["mode"] == "train":
            column = column * rng.binomial(1, param["p"], size=len(column)) / param["p"]
        columns.append(flat @ column + b[m])
    return np.stack(columns, axis=1), None

# %% dropconnect_forward | right | from the release
def dropconnect_forward(x, w, b, param):
    p, mode = param["p"], param["mode"]
    if mode == "train":
        M = np.random.default_rng(param.get("seed")).random(w.shape) < p
        W = w * M / p
    elif mode == "test":
        M, p, W = np.ones(w.shape, bool), 1, w
    else:
        raise ValueError(mode)
    flat = x.reshape(x.shape[0], -1)
    return flat @ W + b, (x.shape, flat, W, M, p)

def dropconnect_backward(dout, cache):
    shape, flat, W, M, p = cache
    return (dout @ W.T).reshape(shape), (flat.T @ dout) * M / p, dout.sum(0)

# %% dropconnect_forward | wrong | does not rescale
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, param)
#+ if param["mode"] == "train":
#+     in_use = in_use * param["p"]

# %% dropconnect_forward | wrong | drops outputs in place of weights
def dropconnect_forward(x, w, b, param):
    out, affine_cache = affine_forward(x, w, b)
    out, cache = dropout_forward(out, param)
    return out, (affine_cache, cache)

# %% dropconnect_forward | wrong | drops inputs in place of weights
def dropconnect_forward(x, w, b, param):
    x, cache = dropout_forward(x, param)
    out, affine_cache = affine_forward(x, w, b)
    return out, (affine_cache, cache)

# %% dropconnect_forward | wrong | drops units of the layer before, for the whole batch
def dropconnect_forward(x, w, b, param):
    mask = dropout_forward(np.ones((len(w), 1)), param)[0]
    return affine_forward(x, w * mask, b)

# %% dropconnect_forward | wrong | drops the bias too
#- out, affine_cache = affine_forward(x, in_use, b)
#+ out, affine_cache = affine_forward(x, in_use, dropout_forward(b, param)[0])

# %% dropconnect_forward | wrong | p is the probability of dropping
def dropconnect_forward(x, w, b, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    p = param["p"]
    if param["mode"] == "train":
        w = w * (np.random.default_rng(param.get("seed")).random(w.shape) >= p) / p
    return affine_forward(x, w, b)

# %% dropconnect_forward | wrong | drops at test time too
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, param | {"mode": "train"})

# %% dropconnect_forward | wrong | scales by p at test time
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, param)
#+ in_use = in_use * (param["p"] if param["mode"] == "test" else 1)

# %% dropconnect_forward | wrong | a mask for each example
def dropconnect_forward(x, w, b, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    flat = x.reshape(len(x), -1)
    mask = dropout_forward(np.ones((len(x), *w.shape)), param)[0]
    return np.einsum("nd,ndm->nm", flat, w * mask) + b, mask

# %% dropconnect_forward | slip | changes w in place
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, param)
#+ w[...] = in_use

# %% dropconnect_forward | slip | ignores the mode
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, param | {"mode": "test" if param["mode"] == "test" else "train"})

# %% dropconnect_forward | slip | ignores the seed
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, {"p": param["p"], "mode": param["mode"]})

# %% dropconnect_forward | slip | the same mask always
#- in_use, dropout_cache = dropout_forward(w, param)
#+ in_use, dropout_cache = dropout_forward(w, {"seed": 1} | param)

# %% dropconnect_forward | wrong | x is not laid flat
#- out, affine_cache = affine_forward(x, in_use, b)
#+ out, affine_cache = x @ in_use + b, (x, in_use, b)

# %% dropconnect_backward | right | by hand
def dropconnect_backward(dout, cache):
    (x, used, _), mask = cache
    dx = (dout @ used.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    if mask is not None:
        dw = dw * mask
    return dx, dw, dout.sum(axis=0)

# %% dropconnect_backward | right | einsum
def dropconnect_backward(dout, cache):
    (x, used, b), mask = cache
    mask = 1 if mask is None else mask
    flat = x.reshape(len(x), -1)
    dx = np.einsum("nm,dm->nd", dout, used).reshape(x.shape)
    dw = np.einsum("nd,nm->dm", flat, dout) * mask
    return dx, dw, np.einsum("nm->m", dout)

# %% dropconnect_backward | right | loop over the examples
def dropconnect_backward(dout, cache):
    (x, used, b), mask = cache
    flat = x.reshape(len(x), -1)
    dx, dw, db = np.zeros(flat.shape), np.zeros(used.shape), np.zeros(used.shape[1])
    for row, upstream, into in zip(flat, dout, dx):
        into += used @ upstream
        dw += np.outer(row, upstream)
        db += upstream
    if mask is not None:
        dw *= mask
    return dx.reshape(x.shape), dw, db

# %% dropconnect_backward | right | both functions anew, boolean mask
def dropconnect_forward(x, w, b, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    keep, p = np.ones(w.shape, dtype=bool), 1.0
    if param["mode"] == "train":
        p = param["p"]
        keep = np.random.default_rng(param.get("seed")).random(w.shape) < p
    return x.reshape(len(x), -1) @ (w * keep / p) + b, (x, w, keep, p)

def dropconnect_backward(dout, cache):
    x, w, keep, p = cache
    dw = (x.reshape(len(x), -1).T @ dout) / p
    dw[~keep] = 0
    return (dout @ (w * keep / p).T).reshape(x.shape), dw, dout.sum(0)

# %% dropconnect_backward | right | from the release
def dropconnect_forward(x, w, b, param):
    p, mode = param["p"], param["mode"]
    if mode == "train":
        M = np.random.default_rng(param.get("seed")).random(w.shape) < p
        W = w * M / p
    elif mode == "test":
        M, p, W = np.ones(w.shape, bool), 1, w
    else:
        raise ValueError(mode)
    flat = x.reshape(x.shape[0], -1)
    return flat @ W + b, (x.shape, flat, W, M, p)

def dropconnect_backward(dout, cache):
    shape, flat, W, M, p = cache
    return (dout @ W.T).reshape(shape), (flat.T @ dout) * M / p, dout.sum(0)

# %% dropconnect_backward | wrong | dw is not masked
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx, din_use, db

# %% dropconnect_backward | wrong | dw masked but not divided by p
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx, din_use if dropout_cache is None else din_use * (dropout_cache > 0), db

# %% dropconnect_backward | wrong | dx from all weights
def dropconnect_forward(x, w, b, param):
    used, mask = dropout_forward(w, param)
    return affine_forward(x, used, b)[0], (x, w, b, mask)

def dropconnect_backward(dout, cache):
    x, w, b, mask = cache
    dx, dw, db = affine_backward(dout, (x, w, b))
    return dx, dropout_backward(dw, mask), db

# %% dropconnect_backward | wrong | a new mask
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx, dropout_forward(din_use, {"p": 0.6, "mode": "train"})[0], db

# %% dropconnect_backward | slip | mask guessed from the weights in use
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ p = 1.0 if dropout_cache is None else 1 / max(dropout_cache.max(), 1.0)
#+ return dx, din_use * (affine_cache[1] != 0) / p, db

# %% dropconnect_backward | slip | fails in test mode
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx, din_use * dropout_cache, db

# %% dropconnect_backward | wrong | dx from masked weights that are not divided by p
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ p = 1.0 if dropout_cache is None else 1 / max(dropout_cache.max(), 1.0)
#+ return p * dx, dropout_backward(din_use, dropout_cache), db

# %% dropconnect_backward | wrong | mean over the batch
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx, dropout_backward(din_use, dropout_cache) / len(dout), db / len(dout)

# %% dropconnect_backward | wrong | dx left flat
#- return dx, dropout_backward(din_use, dropout_cache), db
#+ return dx.reshape(len(dx), -1), dropout_backward(din_use, dropout_cache), db

# %% stochastic_depth_forward | right | if and else
def stochastic_depth_forward(x, residual, param):
    mode, p = param["mode"], param["p"]
    if mode == "train":
        coin = np.random.default_rng(param.get("seed")).random() < p
        out = x + residual if coin else x.copy()
        return out, (mode, coin, p)
    elif mode == "test":
        return x + p * residual, (mode, None, p)
    raise ValueError("mode")

# %% stochastic_depth_forward | right | binomial, in place on a copy
def stochastic_depth_forward(x, residual, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError(param["mode"])
    out = x.copy()
    c = param["p"]
    if param["mode"] == "train":
        c = np.random.default_rng(param.get("seed")).binomial(1, param["p"])
    out += c * residual
    return out, c

# %% stochastic_depth_forward | right | global seed
def stochastic_depth_forward(x, residual, param):
    if param["mode"] not in ["train", "test"]:
        raise ValueError()
    if param["mode"] == "test":
        return np.add(x, np.multiply(param["p"], residual)), param["p"]
    if "seed" in param:
        np.random.seed(param["seed"])
    c = 1.0 if np.random.rand() < param["p"] else 0.0
    return np.where(c, x + residual, x), c

# %% stochastic_depth_forward | right | choice
def stochastic_depth_forward(x, residual, param):
    if param["mode"] == "test":
        factor = param["p"]
    elif param["mode"] == "train":
        rng = np.random.default_rng(param["seed"] if "seed" in param else None)
        factor = rng.choice([0, 1], p=[1 - param["p"], param["p"]])
    else:
        raise ValueError("no such mode")
    return x + residual * factor, {"factor": factor}

# %% stochastic_depth_forward | right | from the release
def stochastic_depth_forward(x, residual, param):
    if param["mode"] == "test":
        return x + param["p"] * residual, param["p"]
    if param["mode"] != "train":
        raise ValueError("train or test")
    rng = np.random.default_rng(param.get("seed"))
    if rng.random() < param["p"]:
        return x + residual, 1
    return x.copy(), 0

# %% stochastic_depth_forward | wrong | inverted, as in dropout
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = 1.0 if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p) / p

# %% stochastic_depth_forward | wrong | no scaling at test time
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = 1.0 if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)

# %% stochastic_depth_forward | wrong | p is the probability of dropping
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() >= p)

# %% stochastic_depth_forward | wrong | a coin for each example
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ coins = np.random.default_rng(param.get("seed")).random((len(x),) + (1,) * (x.ndim - 1)) < p
#+ scale = p if mode == "test" else coins.astype(float)

# %% stochastic_depth_forward | wrong | a coin for each number
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = p if mode == "test" else (np.random.default_rng(param.get("seed")).random(x.shape) < p).astype(float)

# %% stochastic_depth_forward | wrong | drops x as well
#- return x + scale * residual, scale
#+ return scale * (x + residual), scale

# %% stochastic_depth_forward | wrong | scales x at test time too
#- return x + scale * residual, scale
#+ return (x + residual) * scale if mode == "test" else x + scale * residual, scale

# %% stochastic_depth_forward | slip | adds to x in place
#- return x + scale * residual, scale
#+ x += scale * residual
#+ return x, scale

# %% stochastic_depth_forward | slip | any mode trains
#- if mode not in ("train", "test"):
#- raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
#+ pass

# %% stochastic_depth_forward | wrong | the same coin always
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = p if mode == "test" else float(np.random.default_rng(param.get("seed", 0)).random() < p)

# %% stochastic_depth_forward | slip | ignores the seed
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = p if mode == "test" else float(np.random.default_rng().random() < p)

# %% stochastic_depth_forward | wrong | random at test time
#- scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
#+ scale = float(np.random.default_rng(param.get("seed")).random() < p)

# %% stochastic_depth_backward | right | copies
def stochastic_depth_backward(dout, cache):
    dx = dout.copy()
    dresidual = dout.copy()
    dresidual *= cache
    return dx, dresidual

# %% stochastic_depth_backward | right | if and zeros
def stochastic_depth_backward(dout, cache):
    if cache == 0:
        return dout, np.zeros(dout.shape)
    return dout, dout * cache

# %% stochastic_depth_backward | right | einsum, list
def stochastic_depth_backward(dout, cache):
    return [1.0 * dout, np.einsum("...,->...", dout, cache)]

# %% stochastic_depth_backward | right | both functions anew, tuple as cache
def stochastic_depth_forward(x, residual, param):
    if param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    survived = np.random.default_rng(param.get("seed")).random() < param["p"]
    if param["mode"] == "train":
        return x + survived * residual, ("train", survived)
    return x + param["p"] * residual, ("test", param["p"])

def stochastic_depth_backward(dout, cache):
    mode, value = cache
    if mode == "train":
        return dout, dout if value else np.zeros_like(dout)
    return dout, value * dout

# %% stochastic_depth_backward | right | from the release
def stochastic_depth_backward(dout, cache):
    return dout.copy(), dout * cache

# %% stochastic_depth_backward | wrong | the branch always gets it all
#- return dout, cache * dout
#+ return dout, dout

# %% stochastic_depth_backward | wrong | divides by p, as in dropout
def stochastic_depth_forward(x, residual, param):
    p, mode = param["p"], param["mode"]
    if mode not in ("train", "test"):
        raise ValueError(mode)
    scale = p if mode == "test" else float(np.random.default_rng(param.get("seed")).random() < p)
    return x + scale * residual, (scale, p)

def stochastic_depth_backward(dout, cache):
    return dout, cache[0] * dout / cache[1]

# %% stochastic_depth_backward | wrong | x is scaled too
#- return dout, cache * dout
#+ return cache * dout, cache * dout

# %% stochastic_depth_backward | wrong | sum of both paths
#- return dout, cache * dout
#+ return dout + cache * dout, cache * dout

# %% stochastic_depth_backward | wrong | None for a dropped branch
#- return dout, cache * dout
#+ return dout, cache * dout if cache else None

# %% stochastic_depth_backward | wrong | a number for a dropped branch
#- return dout, cache * dout
#+ return dout, cache * dout if cache else 0.0

# %% stochastic_depth_backward | wrong | a new coin
#- return dout, cache * dout
#+ return dout, float(np.random.rand() < 0.5) * dout

# %% stochastic_depth_backward | slip | no p at test time
#- return dout, cache * dout
#+ return dout, float(cache > 0) * dout

# %% stochastic_depth_backward | wrong | in the other order
#- return dout, cache * dout
#+ return cache * dout, dout

# %% fractional_max_pool_forward | right | reduceat
def fractional_max_pool_forward(x, regions):
    rows, columns = (np.asarray(edges) for edges in regions)
    out = np.maximum.reduceat(x, rows[:-1], axis=2)
    return np.maximum.reduceat(out, columns[:-1], axis=3), (x, rows, columns)

# %% fractional_max_pool_forward | right | six loops
def fractional_max_pool_forward(x, regions):
    N, C, _, _ = x.shape
    rows, columns = list(regions[0]), list(regions[1])
    P, Q = len(rows) - 1, len(columns) - 1
    out = np.full((N, C, P, Q), -np.inf)
    for n in range(N):
        for c in range(C):
            for i in range(P):
                for j in range(Q):
                    for u in range(rows[i], rows[i + 1]):
                        for v in range(columns[j], columns[j + 1]):
                            out[n, c, i, j] = max(out[n, c, i, j], x[n, c, u, v])
    return out, (x, regions)

# %% fractional_max_pool_forward | right | rows first, then columns
def fractional_max_pool_forward(x, regions):
    rows, columns = regions
    bands = [x[:, :, a:b].max(axis=2) for a, b in zip(rows[:-1], rows[1:])]
    tall = np.stack(bands, axis=2)
    return np.stack([tall[..., a:b].max(axis=3) for a, b in zip(columns[:-1], columns[1:])], axis=3), (x, regions)

# %% fractional_max_pool_forward | right | np.split
def fractional_max_pool_forward(x, regions):
    rows, columns = regions
    out = [
        [part.max(axis=(2, 3)) for part in np.split(band, list(columns[1:-1]), axis=3)]
        for band in np.split(x, list(rows[1:-1]), axis=2)
    ]
    return np.array(out).transpose(2, 3, 0, 1), (x, regions)

# %% fractional_max_pool_forward | right | amax on reshaped windows
def fractional_max_pool_forward(x, regions):
    rows, columns = regions
    N, C = x.shape[:2]
    out = np.zeros((N, C, len(rows) - 1, len(columns) - 1), x.dtype)
    for i in range(len(rows) - 1):
        for j in range(len(columns) - 1):
            window = x[:, :, rows[i] : rows[i + 1], columns[j] : columns[j + 1]].reshape(N, C, -1)
            out[:, :, i, j] = np.amax(window, axis=-1)
    return out, (x, rows, columns)

# %% fractional_max_pool_forward | right | from the release
def fractional_max_pool_forward(x, regions):
    rows, columns = regions
    bands = [x[:, :, rows[i] : rows[i + 1]].max(axis=2) for i in range(len(rows) - 1)]
    tall = np.stack(bands, axis=2)
    cells = [tall[:, :, :, columns[j] : columns[j + 1]].max(axis=3) for j in range(len(columns) - 1)]
    return np.stack(cells, axis=3), (x, rows, columns)

def fractional_max_pool_backward(dout, cache):
    x, rows, columns = cache
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(len(rows) - 1):
                for j in range(len(columns) - 1):
                    region = x[n, c, rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
                    u, v = np.unravel_index(region.argmax(), region.shape)
                    dx[n, c, rows[i] + u, columns[j] + v] += dout[n, c, i, j]
    return dx

# %% fractional_max_pool_forward | wrong | the upper edge belongs to both regions
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = x[:, :, top : bottom + 1, left : right + 1].max(axis=(2, 3))

# %% fractional_max_pool_forward | wrong | rows and columns exchanged
#- rows, columns = regions
#+ columns, rows = regions

# %% fractional_max_pool_forward | wrong | rows in both directions
#- rows, columns = regions
#+ rows = columns = regions[0]

# %% fractional_max_pool_forward | wrong | mean in place of max
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = x[:, :, top:bottom, left:right].mean(axis=(2, 3))

# %% fractional_max_pool_forward | slip | maximum that starts at 0
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = np.maximum(0, x[:, :, top:bottom, left:right].max(axis=(2, 3)))

# %% fractional_max_pool_forward | wrong | regions of 2 x 2 always
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = x[:, :, top : top + 2, left : left + 2].max(axis=(2, 3))

# %% fractional_max_pool_forward | wrong | max over the channels too
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(1, 2, 3))[:, None]

# %% fractional_max_pool_forward | wrong | the last region forgotten
#- out = np.empty((*x.shape[:2], len(rows) - 1, len(columns) - 1), dtype=x.dtype)
#+ rows, columns = rows[:-1], columns[:-1]
#+ out = np.empty((*x.shape[:2], len(rows) - 1, len(columns) - 1), dtype=x.dtype)

# %% fractional_max_pool_forward | slip | the largest size, not the largest number
#- out[:, :, i, j] = x[:, :, top:bottom, left:right].max(axis=(2, 3))
#+ out[:, :, i, j] = np.abs(x[:, :, top:bottom, left:right]).max(axis=(2, 3))

# %% fractional_max_pool_forward | wrong | draws regions of its own
#- rows, columns = regions
#+ rng = np.random.default_rng()
#+ rows = random_edges(x.shape[2], len(regions[0]) - 1, rng) if x.shape[2] <= 2 * (len(regions[0]) - 1) else regions[0]
#+ columns = regions[1]

# %% fractional_max_pool_backward | right | argmax
def fractional_max_pool_backward(dout, cache):
    x, (rows, columns) = cache
    N, C = x.shape[:2]
    n, c = np.ogrid[:N, :C]
    dx = np.zeros(x.shape)
    for i in range(len(rows) - 1):
        for j in range(len(columns) - 1):
            window = x[:, :, rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
            width = window.shape[3]
            place = window.reshape(N, C, -1).argmax(axis=2)
            dx[n, c, rows[i] + place // width, columns[j] + place % width] = dout[:, :, i, j]
    return dx

# %% fractional_max_pool_backward | right | four loops, unravel_index
def fractional_max_pool_backward(dout, cache):
    x, (rows, columns) = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
        u, v = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, rows[i] + u, columns[j] + v] += dout[n, c, i, j]
    return dx

# %% fractional_max_pool_backward | right | repeat and reduceat, no loop
def fractional_max_pool_backward(dout, cache):
    x, (rows, columns) = cache
    rows, columns = np.asarray(rows), np.asarray(columns)

    def spread(values):
        return np.repeat(np.repeat(values, np.diff(rows), axis=2), np.diff(columns), axis=3)

    def gather(f, values):
        return f.reduceat(f.reduceat(values, rows[:-1], axis=2), columns[:-1], axis=3)

    winners = (x == spread(gather(np.maximum, x))).astype(x.dtype)
    return winners * spread(dout / gather(np.add, winners))

# %% fractional_max_pool_backward | right | the last of equal maxima
def fractional_max_pool_backward(dout, cache):
    x, (rows, columns) = cache
    dx = np.zeros(x.shape)
    N, C, P, Q = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(P):
                for j in range(Q):
                    best = None
                    for u in range(rows[i], rows[i + 1]):
                        for v in range(columns[j], columns[j + 1]):
                            if best is None or x[n, c, u, v] >= x[n, c, best[0], best[1]]:
                                best = (u, v)
                    dx[n, c, best[0], best[1]] = dout[n, c, i, j]
    return dx

# %% fractional_max_pool_backward | right | from the release
def fractional_max_pool_forward(x, regions):
    rows, columns = regions
    bands = [x[:, :, rows[i] : rows[i + 1]].max(axis=2) for i in range(len(rows) - 1)]
    tall = np.stack(bands, axis=2)
    cells = [tall[:, :, :, columns[j] : columns[j + 1]].max(axis=3) for j in range(len(columns) - 1)]
    return np.stack(cells, axis=3), (x, rows, columns)

def fractional_max_pool_backward(dout, cache):
    x, rows, columns = cache
    N, C = x.shape[:2]
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for i in range(len(rows) - 1):
                for j in range(len(columns) - 1):
                    region = x[n, c, rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
                    u, v = np.unravel_index(region.argmax(), region.shape)
                    dx[n, c, rows[i] + u, columns[j] + v] += dout[n, c, i, j]
    return dx

# %% fractional_max_pool_backward | slip | each of equal maxima gets all
#- share = dout[:, :, i, j] / winners.sum(axis=(2, 3))
#+ share = dout[:, :, i, j]

# %% fractional_max_pool_backward | wrong | shared by the whole region
#- dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
#+ dx[:, :, top:bottom, left:right] = (dout[:, :, i, j] / window[0, 0].size)[:, :, None, None]

# %% fractional_max_pool_backward | wrong | the whole region gets it
#- dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
#+ dx[:, :, top:bottom, left:right] = dout[:, :, i, j][:, :, None, None]

# %% fractional_max_pool_backward | wrong | maximum over the batch
#- winners = window == window.max(axis=(2, 3), keepdims=True)
#+ winners = window == window.max()
#- share = dout[:, :, i, j] / winners.sum(axis=(2, 3))
#+ share = dout[:, :, i, j] / np.maximum(winners.sum(axis=(2, 3)), 1)

# %% fractional_max_pool_backward | wrong | smallest in place of largest
#- winners = window == window.max(axis=(2, 3), keepdims=True)
#+ winners = window == window.min(axis=(2, 3), keepdims=True)

# %% fractional_max_pool_backward | wrong | rows and columns exchanged
#- x, (rows, columns) = cache
#+ x, (columns, rows) = cache

# %% fractional_max_pool_backward | wrong | top left corner gets it
#- dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
#+ dx[:, :, top, left] = dout[:, :, i, j]

# %% fractional_max_pool_backward | wrong | gradient in the shape of dout
#- return dx
#+ return dout

# %% fractional_max_pool_backward | wrong | the upper edge belongs to both regions
#- window = x[:, :, top:bottom, left:right]
#+ window = x[:, :, top : bottom + 1, left : right + 1]
#- dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
#+ dx[:, :, top : bottom + 1, left : right + 1] += winners * share[:, :, None, None]

# %% fractional_max_pool_backward | wrong | times the value of the maximum
#- dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None]
#+ dx[:, :, top:bottom, left:right] = winners * share[:, :, None, None] * window

# %% random_flip | right | indexing a copy
def random_flip(X, rng):
    out = X.copy()
    chosen = rng.random(X.shape[0]) < 0.5
    out[chosen] = X[chosen, :, ::-1]
    return out

# %% random_flip | right | loop and np.fliplr
def random_flip(X, rng):
    return np.stack([np.fliplr(picture) if rng.integers(2) else picture for picture in X])

# %% random_flip | right | loop, coin by coin, into an empty array
def random_flip(X, rng):
    out = np.empty_like(X)
    for n in range(len(X)):
        out[n] = X[n][:, ::-1, :] if rng.uniform() > 0.5 else X[n]
    return out

# %% random_flip | right | index arithmetic
def random_flip(X, rng):
    N, H, W, _ = X.shape
    coins = rng.binomial(1, 0.5, size=N)[:, None]
    columns = np.where(coins, np.arange(W)[::-1], np.arange(W))
    return np.take_along_axis(X, columns[:, None, :, None], axis=2)

# %% random_flip | right | from the release
def random_flip(X, rng):
    out = X.copy()
    for n in range(X.shape[0]):
        if rng.integers(2):
            out[n] = np.fliplr(X[n])
    return out

# %% random_flip | wrong | upside down
#- return np.where(flip[:, None, None, None], X[:, :, ::-1], X)
#+ return np.where(flip[:, None, None, None], X[:, ::-1], X)

# %% random_flip | wrong | colours reversed
#- return np.where(flip[:, None, None, None], X[:, :, ::-1], X)
#+ return np.where(flip[:, None, None, None], X[:, :, ::-1, ::-1], X)

# %% random_flip | wrong | all or none
#- flip = rng.random(len(X)) < 0.5
#+ flip = np.full(len(X), rng.random() < 0.5)

# %% random_flip | wrong | always
#- flip = rng.random(len(X)) < 0.5
#+ flip = np.full(len(X), True)

# %% random_flip | wrong | every second one
#- flip = rng.random(len(X)) < 0.5
#+ flip = np.arange(len(X)) % 2 == 0

# %% random_flip | wrong | one in ten
#- flip = rng.random(len(X)) < 0.5
#+ flip = rng.random(len(X)) < 0.1

# %% random_flip | slip | global randomness
#- flip = rng.random(len(X)) < 0.5
#+ flip = np.random.rand(len(X)) < 0.5

# %% random_flip | slip | in place
def random_flip(X, rng):
    flip = rng.random(len(X)) < 0.5
    X[flip] = X[flip][:, :, ::-1]
    return X

# %% random_flip | slip | floats come back
#- return np.where(flip[:, None, None, None], X[:, :, ::-1], X)
#+ return np.where(flip[:, None, None, None], X[:, :, ::-1], X).astype(np.float64)

# %% random_flip | wrong | a coin for each row of each picture
#- return np.where(flip[:, None, None, None], X[:, :, ::-1], X)
#+ return np.where(rng.random((*X.shape[:2], 1, 1)) < 0.5, X[:, :, ::-1], X)

# %% random_crop | right | loop into an empty array
def random_crop(X, pad, rng):
    N, H, W, C = X.shape
    big = np.zeros((N, H + 2 * pad, W + 2 * pad, C), dtype=X.dtype)
    big[:, pad : pad + H, pad : pad + W] = X
    out = np.empty_like(X)
    for n in range(N):
        y = rng.integers(0, 2 * pad + 1)
        x = rng.integers(0, 2 * pad + 1)
        out[n] = big[n, y : y + H, x : x + W]
    return out

# %% random_crop | right | sliding windows
def random_crop(X, pad, rng):
    N, H, W, C = X.shape
    framed = np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(framed, (H, W), axis=(1, 2))
    tops, lefts = rng.integers(2 * pad + 1, size=(2, N))
    return windows[np.arange(N), tops, lefts].transpose(0, 2, 3, 1)

# %% random_crop | right | index arrays, inclusive draw
def random_crop(X, pad, rng):
    N, H, W, _ = X.shape
    framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0)
    tops = rng.integers(0, 2 * pad, size=N, endpoint=True)
    lefts = rng.integers(0, 2 * pad, size=N, endpoint=True)
    rows = (tops[:, None] + np.arange(H))[:, :, None]
    columns = (lefts[:, None] + np.arange(W))[:, None, :]
    return framed[np.arange(N)[:, None, None], rows, columns]

# %% random_crop | right | choice, list
def random_crop(X, pad, rng):
    H, W = X.shape[1], X.shape[2]
    places = np.arange(2 * pad + 1)
    out = []
    for picture in X:
        framed = np.pad(picture, ((pad, pad), (pad, pad), (0, 0)))
        top, left = rng.choice(places), rng.choice(places)
        out.append(framed[top : top + H, left : left + W])
    return np.stack(out).astype(X.dtype)

# %% random_crop | right | from the release
def random_crop(X, pad, rng):
    N, H, W, _ = X.shape
    framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros_like(X)
    for n in range(N):
        top, left = rng.integers(2 * pad + 1), rng.integers(2 * pad + 1)
        out[n] = framed[n][top : top + H][:, left : left + W]
    return out

# %% random_crop | wrong | the last place is never reached
#- corners = rng.integers(2 * pad + 1, size=(len(X), 2))
#+ corners = rng.integers(max(2 * pad, 1), size=(len(X), 2))

# %% random_crop | wrong | the same place for the whole batch
#- corners = rng.integers(2 * pad + 1, size=(len(X), 2))
#+ corners = np.tile(rng.integers(2 * pad + 1, size=2), (len(X), 1))

# %% random_crop | wrong | one draw for both directions
#- corners = rng.integers(2 * pad + 1, size=(len(X), 2))
#+ corners = np.repeat(rng.integers(2 * pad + 1, size=(len(X), 1)), 2, axis=1)

# %% random_crop | wrong | reflects in place of zeros
#- framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
#+ framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="symmetric")

# %% random_crop | wrong | wraps around
def random_crop(X, pad, rng):
    shifts = rng.integers(-pad, pad + 1, size=(len(X), 2))
    return np.array([np.roll(picture, shift, axis=(0, 1)) for picture, shift in zip(X, shifts)])

# %% random_crop | wrong | H and W exchanged
#- H, W = X.shape[1:3]
#+ W, H = X.shape[1:3]

# %% random_crop | wrong | cuts first and pads after that
def random_crop(X, pad, rng):
    H, W = X.shape[1:3]
    out = np.zeros_like(X)
    for n, picture in enumerate(X):
        top, left = rng.integers(pad + 1, size=2)
        cut = picture[top:, left:]
        out[n, : H - top, : W - left] = cut
    return out

# %% random_crop | wrong | returns the padded size
#- picture[top : top + H, left : left + W] for picture, (top, left) in zip(framed, corners, strict=True)
#+ picture for picture, (top, left) in zip(framed, corners, strict=True)

# %% random_crop | wrong | rounds a normal number
#- corners = rng.integers(2 * pad + 1, size=(len(X), 2))
#+ corners = np.clip(np.round(pad + pad / 2 * rng.normal(size=(len(X), 2))), 0, 2 * pad).astype(int)

# %% random_crop | slip | global randomness
#- corners = rng.integers(2 * pad + 1, size=(len(X), 2))
#+ corners = np.random.randint(2 * pad + 1, size=(len(X), 2))

# %% random_crop | slip | floats come back
#- return np.array(windows)
#+ return np.array(windows, dtype=float)

# %% random_crop | wrong | pads the colours too
def random_crop(X, pad, rng):
    H, W = X.shape[1:3]
    framed = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (pad, pad)))
    corners = rng.integers(2 * pad + 1, size=(len(X), 3))
    return np.array([f[a : a + H, b : b + W, c : c + 3] for f, (a, b, c) in zip(framed, corners)])

# %% color_jitter | right | loop, rounded
def color_jitter(X, strength, rng):
    top = 255 if X.dtype == np.uint8 else 1.0
    out = np.empty(X.shape)
    for n, picture in enumerate(X.astype(float)):
        mu = picture.mean()
        beta, gamma = rng.uniform(1 - strength, 1 + strength, 2)
        out[n] = np.clip(beta * mu + gamma * (picture - mu), 0, top)
    if X.dtype == np.uint8:
        out = np.round(out)
    return out.astype(X.dtype)

# %% color_jitter | right | in two steps, in place on a copy
def color_jitter(X, strength, rng):
    work = X.astype(np.float64)
    shape = (len(X), 1, 1, 1)
    mean = work.mean(axis=(1, 2, 3)).reshape(shape)
    work -= mean
    work *= 1 + strength * rng.uniform(-1, 1, size=shape)
    work += mean * (1 + strength * rng.uniform(-1, 1, size=shape))
    return np.clip(work, 0, 255 if X.dtype.kind == "u" else 1).astype(X.dtype)

# %% color_jitter | right | einsum and broadcasting, minimum and maximum
def color_jitter(X, strength, rng):
    N = X.shape[0]
    flat = X.reshape(N, -1).astype(float)
    mean = np.einsum("nk->n", flat) / flat.shape[1]
    beta = (1 - strength) + 2 * strength * rng.random(N)
    gamma = (1 - strength) + 2 * strength * rng.random(N)
    out = gamma[:, None] * flat + (mean * (beta - gamma))[:, None]
    highest = 255.0 if X.dtype == np.uint8 else 1.0
    return np.minimum(np.maximum(out, 0), highest).reshape(X.shape).astype(X.dtype)

# %% color_jitter | right | np.issubdtype, bytes scaled to 0 .. 1 and back
def color_jitter(X, strength, rng):
    bytes_in = not np.issubdtype(X.dtype, np.floating)
    Z = X / 255.0 if bytes_in else X
    mu = Z.mean(axis=(1, 2, 3), keepdims=True)
    b = rng.uniform(1 - strength, 1 + strength, size=mu.shape)
    c = rng.uniform(1 - strength, 1 + strength, size=mu.shape)
    Z = np.clip(b * mu + c * (Z - mu), 0, 1)
    return np.rint(255 * Z).astype(X.dtype) if bytes_in else Z.astype(X.dtype)

# %% color_jitter | right | from the release
def color_jitter(X, strength, rng):
    is_bytes = X.dtype == np.uint8
    out = []
    for picture in X:
        Z = picture.astype(np.float64)
        beta = rng.uniform(1 - strength, 1 + strength)
        gamma = rng.uniform(1 - strength, 1 + strength)
        Z = beta * Z.mean() + gamma * (Z - Z.mean())
        out.append(Z.clip(0, 255).round() if is_bytes else Z.clip(0, 1))
    return np.array(out).astype(X.dtype)

# %% color_jitter | slip | bytes wrap around
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return (brightness * mean + contrast * (X - mean)).astype(np.int64).astype(X.dtype) if highest == 255 else np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)

# %% color_jitter | slip | clips after converting
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return np.clip((brightness * mean + contrast * (X - mean)).astype(np.int64).astype(X.dtype) if highest == 255 else (brightness * mean + contrast * (X - mean)).astype(X.dtype), 0, highest)

# %% color_jitter | wrong | the same factors for the whole batch
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=2)

# %% color_jitter | wrong | one factor for both
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness = contrast = rng.uniform(1 - strength, 1 + strength, size=(len(X), 1, 1, 1))

# %% color_jitter | wrong | a factor for each pixel
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, *X.shape))

# %% color_jitter | wrong | a factor for each colour
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 3))

# %% color_jitter | wrong | a mean for each colour
#- mean = X.mean(axis=(1, 2, 3), keepdims=True)
#+ mean = X.mean(axis=(1, 2), keepdims=True)

# %% color_jitter | wrong | mean of the batch
#- mean = X.mean(axis=(1, 2, 3), keepdims=True)
#+ mean = X.mean()

# %% color_jitter | wrong | normal in place of uniform
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = 1 + strength * rng.normal(size=(2, len(X), 1, 1, 1))

# %% color_jitter | wrong | only brighter
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = rng.uniform(1, 1 + strength, size=(2, len(X), 1, 1, 1))

# %% color_jitter | slip | floats are not clipped
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return np.clip(brightness * mean + contrast * (X - mean), 0, 255).astype(X.dtype)

# %% color_jitter | wrong | contrast around the middle of the range
#- mean = X.mean(axis=(1, 2, 3), keepdims=True)
#+ mean = highest / 2

# %% color_jitter | wrong | brightness is added
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return np.clip((brightness - 1) * highest + mean + contrast * (X - mean), 0, highest).astype(X.dtype)

# %% color_jitter | wrong | brightness multiplies everything
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return np.clip(brightness * (mean + contrast * (X - mean)), 0, highest).astype(X.dtype)

# %% color_jitter | slip | bytes clipped to 0 .. 1
#- highest = 255 if X.dtype == np.uint8 else 1
#+ highest = 1

# %% color_jitter | slip | float32 becomes float64
#- return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype)
#+ return np.clip(brightness * mean + contrast * (X - mean), 0, highest).astype(X.dtype if highest == 255 else float)

# %% color_jitter | slip | global randomness
#- brightness, contrast = rng.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))
#+ brightness, contrast = np.random.uniform(1 - strength, 1 + strength, size=(2, len(X), 1, 1, 1))

# %% pca_jitter | right | multivariate normal
def pca_jitter(X, scale, rng):
    cov = np.cov(X.reshape(-1, 3).astype(float).T)
    offsets = rng.multivariate_normal(np.zeros(3), cov, size=len(X)) * scale
    out = np.clip(X + offsets.reshape(-1, 1, 1, 3), 0, 255 if X.dtype == np.uint8 else 1)
    return out.astype(X.dtype)

# %% pca_jitter | right | singular values of the pixels
def pca_jitter(X, scale, rng):
    pixels = X.reshape(-1, 3).astype(np.float64)
    pixels = pixels - pixels.mean(axis=0)
    _, s, Vt = np.linalg.svd(pixels, full_matrices=False)
    deviations = s / np.sqrt(len(pixels) - 1)
    out = X.astype(np.float64)
    for picture in out:
        alpha = rng.normal(size=3)
        picture += scale * (alpha * deviations) @ Vt
    if X.dtype == np.uint8:
        return np.clip(np.rint(out), 0, 255).astype(np.uint8)
    return np.clip(out, 0, 1).astype(X.dtype)

# %% pca_jitter | right | symmetric root of the covariance
def pca_jitter(X, scale, rng):
    pixels = X.reshape(-1, 3).astype(float)
    centred = pixels - pixels.mean(0)
    lam, P = np.linalg.eigh(centred.T @ centred / len(pixels))
    root = P @ np.diag(np.sqrt(np.clip(lam, 0, None))) @ P.T
    offsets = scale * np.einsum("ij,nj->ni", root, rng.standard_normal((X.shape[0], 3)))
    highest = 255.0 if X.dtype == np.uint8 else 1.0
    return np.clip(X + offsets[:, np.newaxis, np.newaxis], 0, highest).astype(X.dtype)

# %% pca_jitter | right | sum over the three components
def pca_jitter(X, scale, rng):
    lam, P = np.linalg.eig(np.cov(X.reshape(-1, 3), rowvar=False))
    offsets = np.zeros((len(X), 3))
    for i in range(3):
        alpha = rng.normal(0, scale, size=(len(X), 1))
        offsets += alpha * np.sqrt(max(lam[i].real, 0)) * P[:, i].real
    top = 255 if X.dtype == np.uint8 else 1
    return np.clip(X.astype(float) + offsets[:, None, None, :], 0, top).astype(X.dtype)

# %% pca_jitter | right | from the release
def pca_jitter(X, scale, rng):
    sigma = np.cov(X.reshape(-1, 3), rowvar=False)
    offset = scale * rng.multivariate_normal([0, 0, 0], sigma, size=len(X))
    Z = X + offset.reshape(len(X), 1, 1, 3)
    if X.dtype == np.uint8:
        return np.rint(np.clip(Z, 0, 255)).astype(np.uint8)
    return np.clip(Z, 0, 1).astype(X.dtype)

# %% pca_jitter | wrong | eigenvectors in the rows
#- offsets = scale * steps @ axes.T
#+ offsets = scale * steps @ axes

# %% pca_jitter | wrong | eigenvalues without the root
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = rng.normal(size=(len(X), 3)) * np.maximum(variances, 0)

# %% pca_jitter | wrong | no eigenvalues
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = rng.normal(size=(len(X), 3))

# %% pca_jitter | wrong | the same offset for the whole batch
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = np.tile(rng.normal(size=(1, 3)), (len(X), 1)) * np.sqrt(np.maximum(variances, 0))

# %% pca_jitter | wrong | one number for all three axes
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = rng.normal(size=(len(X), 1)) * np.sqrt(np.maximum(variances, 0))

# %% pca_jitter | wrong | does not centre
#- variances, axes = np.linalg.eigh(np.cov(X.reshape(-1, 3), rowvar=False))
#+ pixels = X.reshape(-1, 3).astype(float)
#+ variances, axes = np.linalg.eigh(pixels.T @ pixels / len(pixels))

# %% pca_jitter | wrong | divides by the number of pictures, not of pixels
#- variances, axes = np.linalg.eigh(np.cov(X.reshape(-1, 3), rowvar=False))
#+ variances, axes = np.linalg.eigh(np.cov(X.reshape(-1, 3), rowvar=False) * X.shape[1] * X.shape[2])

# %% pca_jitter | wrong | an offset for each pixel
def pca_jitter(X, scale, rng):
    cov = np.cov(X.reshape(-1, 3), rowvar=False)
    noise = scale * rng.multivariate_normal(np.zeros(3), cov, size=X.shape[:3])
    return np.clip(X + noise, 0, 255 if X.dtype == np.uint8 else 1).astype(X.dtype)

# %% pca_jitter | wrong | uniform numbers from 0 to 1
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = rng.random(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))

# %% pca_jitter | wrong | grey offsets
#- offsets = scale * steps @ axes.T
#+ offsets = scale * np.repeat(steps[:, -1:], 3, axis=1)

# %% pca_jitter | slip | bytes wrap around
#- return np.clip(X + offsets[:, None, None, :], 0, highest).astype(X.dtype)
#+ return np.clip(X + offsets[:, None, None, :].astype(np.int64).astype(X.dtype) if highest == 255 else X + offsets[:, None, None, :], 0, highest).astype(X.dtype)

# %% pca_jitter | slip | floats are not clipped
#- return np.clip(X + offsets[:, None, None, :], 0, highest).astype(X.dtype)
#+ return np.clip(X + offsets[:, None, None, :], -255, 255).astype(X.dtype) if highest == 1 else np.clip(X + offsets[:, None, None, :], 0, 255).astype(X.dtype)

# %% pca_jitter | slip | float32 becomes float64
#- return np.clip(X + offsets[:, None, None, :], 0, highest).astype(X.dtype)
#+ return np.clip(X + offsets[:, None, None, :], 0, highest).astype(np.uint8 if highest == 255 else np.float64)

# %% pca_jitter | slip | global randomness
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = np.random.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))

# %% dropout_forward | wrong | empties x before it looks
#- p, mode = dropout_param["p"], dropout_param["mode"]
#+ x[...] = 0
#+ p, mode = dropout_param["p"], dropout_param["mode"]

# %% dropout_forward | slip | takes the mode out of the dict
#- p, mode = dropout_param["p"], dropout_param["mode"]
#+ p, mode = dropout_param["p"], dropout_param.pop("mode")

# %% dropout_backward | wrong | empties dout before it looks
#- return dout if cache is None else dout * cache
#+ dout[...] = 0
#+ return dout if cache is None else dout * cache

# %% dropout_predict_scaled | wrong | empties x before it looks
#- return p * x
#+ x[...] = 0
#+ return p * x

# %% FullyConnectedNet | slip | computes in the dtype of X
#- out, caches = X.astype(self.dtype), []
#+ out, caches = X, []

# %% FullyConnectedNet | wrong | rounds X when it is done
#- scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
#+ scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
#+ X[...] = np.round(X, 1)

# %% monte_carlo_predict | wrong | empties X before it asks
#- return sum(forward_fn(X, rng) for _ in range(samples)) / samples
#+ X[...] = 0
#+ return sum(forward_fn(X, rng) for _ in range(samples)) / samples

# %% dropconnect_forward | wrong | empties w before it looks
#- in_use, dropout_cache = dropout_forward(w, param)
#+ w[...] = 0
#+ in_use, dropout_cache = dropout_forward(w, param)

# %% dropconnect_backward | wrong | empties dout before it looks
#- affine_cache, dropout_cache = cache
#+ dout[...] = 0
#+ affine_cache, dropout_cache = cache

# %% stochastic_depth_forward | wrong | empties the branch before it looks
#- p, mode = param["p"], param["mode"]
#+ residual[...] = 0
#+ p, mode = param["p"], param["mode"]

# %% stochastic_depth_backward | wrong | empties dout before it looks
#- return dout, cache * dout
#+ dout[...] = 0
#+ return dout, cache * dout

# %% fractional_max_pool_forward | wrong | empties x before it looks
#- rows, columns = regions
#+ x[...] = 0
#+ rows, columns = regions

# %% fractional_max_pool_backward | slip | cuts off what follows the point if x holds integers
#- dx = np.zeros(x.shape, dout.dtype)
#+ dx = np.zeros_like(x)

# %% fractional_max_pool_backward | wrong | empties dout before it looks
#- x, (rows, columns) = cache
#+ dout[...] = 0
#+ x, (rows, columns) = cache

# %% random_flip | wrong | empties X before it looks
#- flip = rng.random(len(X)) < 0.5
#+ X[...] = 0
#+ flip = rng.random(len(X)) < 0.5

# %% random_crop | wrong | empties X before it looks
#- H, W = X.shape[1:3]
#+ X[...] = 0
#+ H, W = X.shape[1:3]

# %% color_jitter | wrong | empties X before it looks
#- highest = 255 if X.dtype == np.uint8 else 1
#+ X[...] = 0
#+ highest = 255 if X.dtype == np.uint8 else 1

# %% color_jitter | slip | bytes up to 254
#- highest = 255 if X.dtype == np.uint8 else 1
#+ highest = 254 if X.dtype == np.uint8 else 1

# %% pca_jitter | wrong | empties X before it looks
#- highest = 255 if X.dtype == np.uint8 else 1
#+ X[...] = 0
#+ highest = 255 if X.dtype == np.uint8 else 1

# %% pca_jitter | slip | bytes up to 254
#- highest = 255 if X.dtype == np.uint8 else 1
#+ highest = 254 if X.dtype == np.uint8 else 1

# %% pca_jitter | slip | the root of an eigenvalue that is a little below zero
#- steps = rng.normal(size=(len(X), 3)) * np.sqrt(np.maximum(variances, 0))
#+ steps = rng.normal(size=(len(X), 3)) * np.sqrt(variances)

# %% FullyConnectedNet | slip | Xavier's weights
#- scale = np.sqrt(2 / fan_in) if weight_scale is None else weight_scale
#+ scale = np.sqrt(1 / fan_in) if weight_scale is None else weight_scale

# %% FullyConnectedNet | slip | a generator of its own for the weights
#- rng = np.random.default_rng(rng)
#+ rng = np.random.default_rng()

# %% FullyConnectedNet | slip | another weight_scale by default
#- weight_scale=None,
#+ weight_scale=0.01,

# %% FullyConnectedNet | slip | drops half by default
#- dropout_keep_ratio=1.0,
#+ dropout_keep_ratio=0.5,
