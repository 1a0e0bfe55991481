# Right and wrong answers to 08-transfer-learning; see docs/writing-exercises.md.

# %% extract_features | right | a list and a loop
def extract_features(model, X, layer, batch_size=100):
    old = {}
    for name in model.bn_params:
        old[name] = model.bn_params[name]["mode"]
        model.bn_params[name]["mode"] = "test"
    parts = []
    start = 0
    while start < len(X):
        parts.append(model.forward(X[start:start + batch_size], layer))
        start += batch_size
    for name in old:
        model.bn_params[name]["mode"] = old[name]
    return np.vstack(parts)

# %% extract_features | right | fills an array of the right type
def extract_features(model, X, layer, batch_size=100):
    modes = [bn["mode"] for bn in model.bn_params.values()]
    for bn in model.bn_params.values():
        bn.update(mode="test")
    features = None
    for i in range(0, X.shape[0], batch_size):
        part = model.forward(X[i:i + batch_size], layer)
        if features is None:
            features = np.empty((X.shape[0], *part.shape[1:]), part.dtype)
        features[i:i + batch_size] = part
    for bn, mode in zip(model.bn_params.values(), modes):
        bn["mode"] = mode
    return features

# %% extract_features | right | array_split and try, finally
def extract_features(model, X, layer, batch_size=100):
    old = {block: dict(bn) for block, bn in model.bn_params.items()}
    try:
        for block in old:
            model.bn_params[block]["mode"] = "test"
        pieces = np.array_split(X, int(np.ceil(len(X) / batch_size)))
        return np.concatenate([model.forward(piece, layer) for piece in pieces], axis=0)
    finally:
        for block in old:
            model.bn_params[block]["mode"] = old[block]["mode"]

# %% extract_features | right | replaces the whole dicts, and puts the old ones back
def extract_features(model, X, layer, batch_size=100):
    kept = dict(model.bn_params)
    for block in kept:
        model.bn_params[block] = {**kept[block], "mode": "test"}
    batches = [X[i:i + batch_size] for i in range(0, len(X), batch_size)]
    out = np.array([row for batch in batches for row in model.forward(batch, layer)])
    for block in kept:
        model.bn_params[block] = kept[block]
    return out

# %% extract_features | right | from the release
def extract_features(model, X, layer, batch_size=100):
    before = {name: model.bn_params[name]["mode"] for name in model.bn_params}
    for name in before:
        model.bn_params[name]["mode"] = "test"
    out = []
    for first in range(0, len(X), batch_size):
        out.append(model.forward(X[first : first + batch_size], layer))
    for name in before:
        model.bn_params[name]["mode"] = before[name]
    return np.concatenate(out, axis=0)

# %% extract_features | wrong | leaves the modes as they are: the batch's statistics
def extract_features(model, X, layer, batch_size=100):
    return np.concatenate([model.forward(X[i:i + batch_size], layer) for i in range(0, len(X), batch_size)])

# %% extract_features | slip | does not put the modes back
#- for block, mode in modes.items():
#-     model.bn_params[block]["mode"] = mode
#- return np.concatenate(features)
#+ return np.concatenate(features)

# %% extract_features | slip | puts every mode back to train
#- model.bn_params[block]["mode"] = mode
#+ model.bn_params[block]["mode"] = "train"

# %% extract_features | wrong | only the block that is asked for is frozen
#- for bn_param in model.bn_params.values():
#-     bn_param["mode"] = "test"
#+ if layer in model.bn_params:
#+     model.bn_params[layer]["mode"] = "test"

# %% extract_features | wrong | drops what is left over
#- features = [model.forward(X[i : i + batch_size], layer) for i in range(0, len(X), batch_size)]
#+ features = [model.forward(X[i : i + batch_size], layer) for i in range(0, len(X) - batch_size + 1, batch_size)] or [model.forward(X, layer)]

# %% extract_features | slip | all at once
#- features = [model.forward(X[i : i + batch_size], layer) for i in range(0, len(X), batch_size)]
#+ features = [model.forward(X, layer)]

# %% extract_features | wrong | one row at a time, in training mode
def extract_features(model, X, layer, batch_size=100):
    return np.concatenate([model.forward(X[i:i + 1], layer) for i in range(len(X))])

# %% extract_features | wrong | flattened
#- return np.concatenate(features)
#+ return np.concatenate(features).reshape(len(X), -1)

# %% extract_features | wrong | always the last block
#- features = [model.forward(X[i : i + batch_size], layer) for i in range(0, len(X), batch_size)]
#+ features = [model.forward(X[i : i + batch_size], "block2") for i in range(0, len(X), batch_size)]

# %% extract_features | slip | into an array of zeros, float64
#- return np.concatenate(features)
#+ out = np.zeros((len(X), *features[0].shape[1:]))
#+ out[:] = np.concatenate(features)
#+ return out

# %% extract_features | wrong | returns a list of batches
#- return np.concatenate(features)
#+ return features

# %% extract_features | wrong | forgets to return
#- return np.concatenate(features)
#+ features = np.concatenate(features)

# %% extract_features | slip | another default
#- def extract_features(model, X, layer, batch_size=100):
#+ def extract_features(model, X, layer, batch_size=1000):

# %% linear_probe | right | gradient descent of its own
def linear_probe(features, y, num_classes, reg=0.01):
    X = np.asarray(features, dtype=float)
    N, D = X.shape
    W, b = np.zeros((D, num_classes)), np.zeros(num_classes)
    target = np.zeros((N, num_classes))
    target[np.arange(N), y] = 1
    for _ in range(3000):
        s = X @ W + b
        s = s - s.max(axis=1, keepdims=True)
        p = np.exp(s)
        p /= p.sum(axis=1, keepdims=True)
        d = (p - target) / N
        W = W - 0.15 * (X.T @ d + 2 * reg * W)
        b = b - 0.15 * d.sum(axis=0)
    return W, b

# %% linear_probe | right | gradient descent as hint 2 says
def linear_probe(features, y, num_classes, reg=0.01):
    W, b = np.zeros((features.shape[1], num_classes)), np.zeros(num_classes)
    for _ in range(1000):
        _, dscores = softmax_loss(features @ W + b, y)
        W -= 0.3 * (features.T @ dscores + 2 * reg * W)
        b -= 0.3 * dscores.sum(axis=0)
    return W, b

# %% linear_probe | right | BFGS on W and b laid flat one after the other
def linear_probe(features, y, num_classes, reg=0.01):
    D, C = features.shape[1], num_classes
    X = features.astype(np.float64)
    onehot = np.eye(C)[y]

    def f(v):
        W = v[:D * C].reshape(D, C)
        b = v[D * C:]
        s = X @ W + b
        m = s.max(axis=1, keepdims=True)
        logsum = m + np.log(np.exp(s - m).sum(axis=1, keepdims=True))
        g = (np.exp(s - logsum) - onehot) / len(X)
        return (logsum - s)[onehot == 1].mean() + reg * (W ** 2).sum(), np.concatenate([(X.T @ g + 2 * reg * W).ravel(), g.sum(0)])

    v = minimize(f, np.zeros(D * C + C), jac=True, method="BFGS", options={"maxiter": 400}).x
    return v[:D * C].reshape(D, C), v[D * C:]

# %% linear_probe | right | Nesterov momentum, a random start
def linear_probe(features, y, num_classes, reg=0.01):
    rng = np.random.default_rng(0)
    theta = 0.01 * rng.normal(size=(features.shape[1] + 1, num_classes))
    X = np.c_[features, np.ones(len(features))]
    velocity = np.zeros_like(theta)
    mask = np.ones((len(theta), 1))
    mask[-1] = 0
    for step in range(1500):
        look = theta + 0.9 * velocity
        _, d = softmax_loss(X @ look, y)
        velocity = 0.9 * velocity - 0.05 * (X.T @ d + 2 * reg * mask * look)
        theta = theta + velocity
    return theta[:-1], theta[-1]

# %% linear_probe | right | Adam from notebook 05
def linear_probe(features, y, num_classes, reg=0.01):
    params = {"W": np.zeros((features.shape[1], num_classes)), "b": np.zeros(num_classes)}
    configs = {"W": {}, "b": {}}
    for step in range(1500):
        _, dscores = softmax_loss(features @ params["W"] + params["b"], y)
        grads = {"W": features.T @ dscores + 2 * reg * params["W"], "b": dscores.sum(axis=0)}
        for name in params:
            configs[name]["learning_rate"] = 0.05 * (1 - step / 1500)
            params[name], configs[name] = adam(params[name], grads[name], configs[name])
    return params["W"], params["b"]

# %% linear_probe | right | from the release
def linear_probe(features, y, num_classes, reg=0.01):
    N, D = features.shape

    def f(flat):
        M = flat.reshape(D + 1, num_classes)
        loss, dscores = softmax_loss(features @ M[:D] + M[D], y)
        dM = np.zeros_like(M)
        dM[:D] = features.T @ dscores + 2 * reg * M[:D]
        dM[D] = dscores.sum(axis=0)
        return loss + reg * (M[:D] ** 2).sum(), dM.ravel()

    result = minimize(f, np.zeros((D + 1) * num_classes), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    M = result.x.reshape(D + 1, num_classes)
    return M[:D], M[D]

# %% linear_probe | wrong | a penalty on the bias, too
#- dW = features.T @ dscores + 2 * reg * W
#- return loss + reg * np.sum(W * W), np.vstack([dW, dscores.sum(axis=0)]).ravel()
#+ dW = features.T @ dscores + 2 * reg * W
#+ return loss + reg * np.sum(W * W) + reg * np.sum(b * b), np.vstack([dW, dscores.sum(axis=0) + 2 * reg * b]).ravel()

# %% linear_probe | wrong | half the penalty
#- dW = features.T @ dscores + 2 * reg * W
#- return loss + reg * np.sum(W * W), np.vstack([dW, dscores.sum(axis=0)]).ravel()
#+ dW = features.T @ dscores + reg * W
#+ return loss + 0.5 * reg * np.sum(W * W), np.vstack([dW, dscores.sum(axis=0)]).ravel()

# %% linear_probe | wrong | no penalty
#- dW = features.T @ dscores + 2 * reg * W
#- return loss + reg * np.sum(W * W), np.vstack([dW, dscores.sum(axis=0)]).ravel()
#+ dW = features.T @ dscores
#+ return loss, np.vstack([dW, dscores.sum(axis=0)]).ravel()

# %% linear_probe | wrong | no bias
#- return best[:-1], best[-1]
#+ return best[:-1], np.zeros(num_classes)

# %% linear_probe | wrong | a hundred steps at a small rate
def linear_probe(features, y, num_classes, reg=0.01):
    W, b = np.zeros((features.shape[1], num_classes)), np.zeros(num_classes)
    for _ in range(100):
        _, dscores = softmax_loss(features @ W + b, y)
        W -= 0.01 * (features.T @ dscores + 2 * reg * W)
        b -= 0.01 * dscores.sum(axis=0)
    return W, b

# %% linear_probe | slip | counts the classes in y
#- size = features.shape[1]
#+ size = features.shape[1]
#+ num_classes = y.max() + 1

# %% linear_probe | wrong | the sum of the losses, not their mean
def linear_probe(features, y, num_classes, reg=0.01):
    W, b = np.zeros((features.shape[1], num_classes)), np.zeros(num_classes)
    for _ in range(3000):
        _, dscores = softmax_loss(features @ W + b, y)
        dscores = dscores * len(y)
        W -= 0.3 / len(y) * (features.T @ dscores + 2 * reg * W)
        b -= 0.3 / len(y) * dscores.sum(axis=0)
    return W, b

# %% linear_probe | wrong | standardises the features in place
#- size = features.shape[1]
#+ size = features.shape[1]
#+ features -= features.mean(axis=0)

# %% linear_probe | wrong | returns W with the bias in it
#- return best[:-1], best[-1]
#+ return best

# %% linear_probe | slip | another default penalty
#- def linear_probe(features, y, num_classes, reg=0.01):
#+ def linear_probe(features, y, num_classes, reg=0.0001):

# %% linear_probe | wrong | least squares
def linear_probe(features, y, num_classes, reg=0.01):
    X = np.c_[features, np.ones(len(features))]
    theta = np.linalg.solve(X.T @ X + len(X) * reg * np.eye(X.shape[1]), X.T @ np.eye(num_classes)[y])
    return theta[:-1], theta[-1]

# %% linear_probe | wrong | W the other way round
#- return best[:-1], best[-1]
#+ return best[:-1].T, best[-1]

# %% top_k_accuracy | right | ranks by counting
def top_k_accuracy(scores, y, k):
    right = 0
    for row, label in zip(scores, y):
        rank = 0
        for c in range(len(row)):
            if row[c] > row[label] or (row[c] == row[label] and c < label):
                rank += 1
        right += rank < k
    return right / len(y)

# %% top_k_accuracy | right | broadcasting
def top_k_accuracy(scores, y, k):
    own = np.take_along_axis(scores, y[:, None], axis=1)
    smaller = np.arange(scores.shape[1]) < y[:, None]
    return float((((scores > own) | ((scores == own) & smaller)).sum(axis=1) < k).mean())

# %% top_k_accuracy | right | Python's sort, which is stable
def top_k_accuracy(scores, y, k):
    hits = [label in sorted(range(len(row)), key=lambda c: -row[c])[:k] for row, label in zip(scores, y)]
    return sum(hits) / len(hits)

# %% top_k_accuracy | right | argmax k times on a copy
def top_k_accuracy(scores, y, k):
    left = np.array(scores, dtype=float)
    hit = np.zeros(len(y), dtype=bool)
    rows = np.arange(len(y))
    for _ in range(min(k, left.shape[1])):
        best = left.argmax(axis=1)
        hit |= best == y
        left[rows, best] = -np.inf
    return np.mean(hit)

# %% top_k_accuracy | right | from the release
def top_k_accuracy(scores, y, k):
    order = np.argsort(-scores, axis=1, kind="stable")
    place = np.argmax(order == np.asarray(y).reshape(-1, 1), axis=1)
    return float(np.mean(place < k))

# %% top_k_accuracy | wrong | the lowest scores
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(scores, axis=1, kind="stable")[:, :k]

# %% top_k_accuracy | slip | ties to the larger label
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(scores, axis=1, kind="stable")[:, -k:]

# %% top_k_accuracy | slip | ties always count
def top_k_accuracy(scores, y, k):
    own = scores[np.arange(len(y)), y]
    return np.mean((scores > own[:, None]).sum(axis=1) < k)

# %% top_k_accuracy | wrong | only the k-th guess
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(-scores, axis=1, kind="stable")[:, [min(k, scores.shape[1]) - 1]]

# %% top_k_accuracy | wrong | one guess too many
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(-scores, axis=1, kind="stable")[:, : k + 1]

# %% top_k_accuracy | wrong | k is ignored
#- return np.mean(np.any(guesses == y[:, None], axis=1))
#+ return np.mean(scores.argmax(axis=1) == y)

# %% top_k_accuracy | wrong | a count in place of a fraction
#- return np.mean(np.any(guesses == y[:, None], axis=1))
#+ return np.sum(np.any(guesses == y[:, None], axis=1))

# %% top_k_accuracy | wrong | divided by N times k
#- return np.mean(np.any(guesses == y[:, None], axis=1))
#+ return np.mean(guesses == y[:, None])

# %% top_k_accuracy | wrong | over the wrong axis
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(-scores, axis=0, kind="stable")[:, :k]

# %% top_k_accuracy | slip | negates the scores in place
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ scores *= -1
#+ guesses = np.argsort(scores, axis=1, kind="stable")[:, :k]

# %% confusion_matrix | right | a loop
def confusion_matrix(y_true, y_pred, num_classes):
    M = np.zeros((num_classes, num_classes), dtype=int)
    for t, p in zip(y_true, y_pred):
        M[t, p] += 1
    return M

# %% confusion_matrix | right | np.add.at
def confusion_matrix(y_true, y_pred, num_classes):
    M = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(M, (y_true, y_pred), 1)
    return M

# %% confusion_matrix | right | a product of one-hot matrices
def confusion_matrix(y_true, y_pred, num_classes):
    onehot = np.eye(num_classes, dtype=int)
    return onehot[y_true].T @ onehot[y_pred]

# %% confusion_matrix | right | comparisons
def confusion_matrix(y_true, y_pred, num_classes):
    classes = range(num_classes)
    return np.array([[((y_true == t) & (y_pred == p)).sum() for p in classes] for t in classes])

# %% confusion_matrix | right | histogram2d
def confusion_matrix(y_true, y_pred, num_classes):
    edges = np.arange(num_classes + 1) - 0.5
    return np.histogram2d(y_true, y_pred, bins=(edges, edges))[0].astype(int)

# %% confusion_matrix | right | from the release
def confusion_matrix(y_true, y_pred, num_classes):
    counts = np.zeros((num_classes, num_classes), int)
    for i in range(len(y_true)):
        counts[y_true[i]][y_pred[i]] += 1
    return counts

# %% confusion_matrix | wrong | counts a pair once
def confusion_matrix(y_true, y_pred, num_classes):
    M = np.zeros((num_classes, num_classes), dtype=int)
    M[y_true, y_pred] += 1
    return M

# %% confusion_matrix | wrong | columns are true
#- return pairs.reshape(num_classes, num_classes)
#+ return pairs.reshape(num_classes, num_classes).T

# %% confusion_matrix | wrong | shares of each row
#- return pairs.reshape(num_classes, num_classes)
#+ M = pairs.reshape(num_classes, num_classes)
#+ return M / np.maximum(M.sum(axis=1, keepdims=True), 1)

# %% confusion_matrix | slip | as large as the largest label
#- pairs = np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2)
#+ num_classes = max(y_true.max(initial=0), y_pred.max(initial=0)) + 1
#+ pairs = np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2)

# %% confusion_matrix | wrong | only the diagonal
#- return pairs.reshape(num_classes, num_classes)
#+ return np.diag(np.diag(pairs.reshape(num_classes, num_classes)))

# %% confusion_matrix | wrong | only the mistakes
#- return pairs.reshape(num_classes, num_classes)
#+ M = pairs.reshape(num_classes, num_classes)
#+ np.fill_diagonal(M, 0)
#+ return M

# %% confusion_matrix | slip | counts in floats
#- return pairs.reshape(num_classes, num_classes)
#+ return pairs.reshape(num_classes, num_classes) * 1.0

# %% confusion_matrix | slip | counts in a byte
#- return pairs.reshape(num_classes, num_classes)
#+ return pairs.reshape(num_classes, num_classes).astype(np.uint8)

# %% discriminative_learning_rates | right | digits from the end
def discriminative_learning_rates(params, base, factor):
    def number(name):
        i = len(name)
        while i > 0 and name[i - 1].isdigit():
            i -= 1
        return int(name[i:])

    top = max(number(name) for name in params)
    rates = {}
    for name in params:
        rate = base
        for _ in range(top - number(name)):
            rate = rate / factor
        rates[name] = rate
    return rates

# %% discriminative_learning_rates | right | rstrip
def discriminative_learning_rates(params, base, factor):
    layer = {name: int(name[len(name.rstrip("0123456789")):]) for name in params}
    last = max(layer.values())
    return {name: base * (1 / factor) ** (last - layer[name]) for name in params}

# %% discriminative_learning_rates | right | findall
import re
def discriminative_learning_rates(params, base, factor):
    numbers = [int(re.findall(r"[0-9]+", name)[-1]) for name in params]
    return dict(zip(params, (base * float(factor) ** (n - max(numbers)) for n in numbers)))

# %% discriminative_learning_rates | right | logarithms, and NumPy's floats
def discriminative_learning_rates(params, base, factor):
    import re
    names = list(params)
    numbers = np.array([re.fullmatch(r".*?(\d+)", name)[1] for name in names]).astype(int)
    rates = np.exp(np.log(base) - np.log(factor) * (numbers.max() - numbers))
    return {name: rate for name, rate in zip(names, rates)}

# %% discriminative_learning_rates | right | from the release
import re

def discriminative_learning_rates(params, base, factor):
    L = 0
    for name in params:
        L = max(L, int(re.search(r"\d+$", name).group()))
    rates = {}
    for name in params:
        i = int(re.search(r"\d+$", name).group())
        rates[name] = base / factor ** (L - i)
    return rates

# %% discriminative_learning_rates | wrong | larger in earlier layers
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ return {name: base * factor ** (deepest - i) for name, i in depth.items()}

# %% discriminative_learning_rates | wrong | the first layer gets the base
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ return {name: base * factor ** (i - 1) for name, i in depth.items()}

# %% discriminative_learning_rates | wrong | divided by the distance times the factor
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ return {name: base / (factor * (deepest - i) if deepest > i else 1) for name, i in depth.items()}

# %% discriminative_learning_rates | wrong | the head is divided once, too
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ return {name: base / factor ** (deepest - i + 1) for name, i in depth.items()}

# %% discriminative_learning_rates | slip | the last digit alone
#- depth = {name: int(re.search(r"\d+$", name).group()) for name in params}
#+ depth = {name: int(name[-1]) for name in params}

# %% discriminative_learning_rates | slip | the first number in the name
#- depth = {name: int(re.search(r"\d+$", name).group()) for name in params}
#+ depth = {name: int(re.search(r"\d+", name).group()) for name in params}

# %% discriminative_learning_rates | slip | every digit of the name
#- depth = {name: int(re.search(r"\d+$", name).group()) for name in params}
#+ depth = {name: int("".join(c for c in name if c.isdigit())) for name in params}

# %% discriminative_learning_rates | wrong | the place in the dict
#- depth = {name: int(re.search(r"\d+$", name).group()) for name in params}
#+ depth = {name: i for i, name in enumerate(params)}

# %% discriminative_learning_rates | slip | ranks in place of numbers
#- deepest = max(depth.values())
#+ order = sorted(set(depth.values()))
#+ depth = {name: order.index(i) for name, i in depth.items()}
#+ deepest = max(depth.values())

# %% discriminative_learning_rates | slip | the largest name as text
#- deepest = max(depth.values())
#+ deepest = int(max(str(i) for i in depth.values()))

# %% discriminative_learning_rates | wrong | a rate for each layer, not each name
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ return {i: base / factor ** (deepest - i) for name, i in depth.items()}

# %% discriminative_learning_rates | wrong | scales the parameters
#- return {name: base / factor ** (deepest - i) for name, i in depth.items()}
#+ for name, i in depth.items():
#+     params[name] = params[name] * base / factor ** (deepest - i)
#+ return params

# %% fine_tune | right | names first, then while loops
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    for layer in trainable:
        if layer not in model.layers:
            raise ValueError("there is no layer " + repr(layer))
    if rng is None:
        rng = np.random.default_rng()
    names, configs, losses = [], {}, []
    for layer in trainable:
        for name in model.layers[layer]:
            names.append(name)
            configs[name] = dict(learning_rate=learning_rates[name])
    for block in model.bn_params:
        if block in trainable:
            model.bn_params[block]["mode"] = "train"
        else:
            model.bn_params[block]["mode"] = "test"
    epoch = 0
    while epoch < num_epochs:
        order = rng.permutation(len(X))
        start = 0
        while start < len(X):
            chosen = order[start:start + batch_size]
            loss, grads = model.loss(X[chosen], y[chosen])
            losses.append(float(loss))
            for name in names:
                next_w, next_config = update_rule(model.params[name], grads[name], configs[name])
                model.params[name] = next_w
                configs[name] = next_config
            start += batch_size
        epoch += 1
    for block in model.bn_params:
        model.bn_params[block]["mode"] = "test"
    return losses

# %% fine_tune | right | writes into the arrays
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    missing = set(trainable) - set(model.layers)
    if missing:
        raise ValueError(f"unknown: {sorted(missing)}")
    rng = rng or np.random.default_rng()
    train = {name: {"learning_rate": learning_rates[name]} for layer, names in model.layers.items() if layer in trainable for name in names}
    for block, bn in model.bn_params.items():
        bn.update(mode=("test", "train")[block in trainable])
    losses = []
    for _ in range(num_epochs):
        shuffled = np.arange(len(X))
        rng.shuffle(shuffled)
        for rows in np.split(shuffled, range(batch_size, len(X), batch_size)):
            loss, grads = model.loss(X[rows], y[rows])
            losses += [loss]
            for name in train:
                w, train[name] = update_rule(model.params[name].copy(), grads[name], train[name])
                model.params[name][...] = w
    for bn in model.bn_params.values():
        bn.update(mode="test")
    return losses

# %% fine_tune | right | a generator of batches and a finally
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    def batches():
        for _ in range(num_epochs):
            order = generator.permutation(len(y))
            yield from (order[i:i + batch_size] for i in range(0, len(y), batch_size))

    generator = np.random.default_rng(rng)
    names = []
    for layer in trainable:
        try:
            names += model.layers[layer]
        except KeyError:
            raise ValueError(f"{layer} is none of {list(model.layers)}") from None
    configs = [{"learning_rate": learning_rates[n]} for n in names]
    for block in model.bn_params:
        model.bn_params[block]["mode"] = "train" if block in set(trainable) else "test"
    history = []
    try:
        for rows in batches():
            loss, grads = model.loss(X[rows], y[rows])
            history.append(loss)
            for k, n in enumerate(names):
                model.params[n], configs[k] = update_rule(model.params[n], grads[n], configs[k])
    finally:
        for block in model.bn_params:
            model.bn_params[block]["mode"] = "test"
    return history

# %% fine_tune | right | a shuffled copy of the data
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    if any(layer not in model.layers for layer in trainable):
        raise ValueError(f"{trainable} are not all layers")
    rng = np.random.default_rng(rng)
    [bn.__setitem__("mode", "train" if block in trainable else "test") for block, bn in model.bn_params.items()]
    trained = set().union(*(model.layers[layer] for layer in trainable))
    configs = {name: {"learning_rate": rate} for name, rate in learning_rates.items()}
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(X))
        Xs, ys = X[order], y[order]
        for i in range(int(np.ceil(len(X) / batch_size))):
            part = slice(i * batch_size, (i + 1) * batch_size)
            loss, grads = model.loss(Xs[part], ys[part])
            losses.append(loss)
            for name, gradient in grads.items():
                if name in trained:
                    model.params[name], configs[name] = update_rule(model.params[name], gradient, configs[name])
    for block in model.bn_params:
        model.bn_params[block]["mode"] = "test"
    return np.array(losses)

# %% fine_tune | right | from the release
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    for layer in trainable:
        if layer not in model.layers:
            raise ValueError(f"{layer} is not a layer of this model")
    if rng is None:
        rng = np.random.default_rng()
    for block, bn_param in model.bn_params.items():
        bn_param["mode"] = "test"
        if block in trainable:
            bn_param["mode"] = "train"
    to_train = []
    for layer in trainable:
        to_train.extend(model.layers[layer])
    configs = {}
    for name in to_train:
        configs[name] = {"learning_rate": learning_rates[name]}
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            batch = order[i:i + batch_size]
            loss, grads = model.loss(X[batch], y[batch])
            losses.append(loss)
            for name in to_train:
                model.params[name], configs[name] = update_rule(model.params[name], grads[name], configs[name])
    for block in model.bn_params:
        model.bn_params[block]["mode"] = "test"
    return losses

# %% fine_tune | wrong | trains everything
#- name: {"learning_rate": learning_rates[name]} for layer in trainable for name in model.layers[layer]
#+ name: {"learning_rate": learning_rates[name]} for layer in model.layers for name in model.layers[layer]

# %% fine_tune | wrong | gradients of zero for what is frozen
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    unknown = [layer for layer in trainable if layer not in model.layers]
    if unknown:
        raise ValueError(str(unknown))
    rng = np.random.default_rng(rng)
    for block, bn in model.bn_params.items():
        bn["mode"] = "train" if block in trainable else "test"
    configs = {name: {"learning_rate": learning_rates[name]} for name in model.params}
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            loss, grads = model.loss(X[order[i:i + batch_size]], y[order[i:i + batch_size]])
            losses.append(loss)
            for layer, names in model.layers.items():
                for name in names:
                    if layer not in trainable:
                        grads[name] = 0 * grads[name]
                    model.params[name], configs[name] = update_rule(model.params[name], grads[name], configs[name])
    for bn in model.bn_params.values():
        bn["mode"] = "test"
    return losses

# %% fine_tune | slip | frozen parameters with a rate of zero, which a decay in the gradient survives
#- configs = {
#-     name: {"learning_rate": learning_rates[name]} for layer in trainable for name in model.layers[layer]
#- }
#+ chosen = [name for layer in trainable for name in model.layers[layer]]
#+ configs = {name: {"learning_rate": learning_rates.get(name, 0) if name in chosen else 1e-12} for name in model.params}

# %% fine_tune | wrong | batch normalisation in training mode everywhere
#- bn_param["mode"] = "train" if block in trainable else "test"
#+ bn_param["mode"] = "train"

# %% fine_tune | wrong | batch normalisation in test mode everywhere
#- bn_param["mode"] = "train" if block in trainable else "test"
#+ bn_param["mode"] = "test"

# %% fine_tune | wrong | the modes are left as they were
#- bn_param["mode"] = "train" if block in trainable else "test"
#+ pass

# %% fine_tune | slip | training mode in the end
#- for bn_param in model.bn_params.values():
#-     bn_param["mode"] = "test"
#- return losses
#+ return losses

# %% fine_tune | slip | puts frozen parameters back from a rounded copy
#- rng = np.random.default_rng(rng)
#+ rng = np.random.default_rng(rng)
#+ for name in model.params:
#+     model.params[name] = np.round(model.params[name], 12)

# %% fine_tune | wrong | one config for all
#- model.params[name], configs[name] = update_rule(model.params[name], grads[name], config)
#+ config = configs[next(iter(configs))]
#+ model.params[name], new = update_rule(model.params[name], grads[name], config)
#+ config["calls"] = new.get("calls", 0)

# %% fine_tune | wrong | the config is lost after every step
#- model.params[name], configs[name] = update_rule(model.params[name], grads[name], config)
#+ model.params[name], _ = update_rule(model.params[name], grads[name], {"learning_rate": learning_rates[name]})

# %% fine_tune | wrong | the same rate for all
#- name: {"learning_rate": learning_rates[name]} for layer in trainable for name in model.layers[layer]
#+ name: {"learning_rate": max(learning_rates.values())} for layer in trainable for name in model.layers[layer]

# %% fine_tune | wrong | no update rule, plain descent
#- model.params[name], configs[name] = update_rule(model.params[name], grads[name], config)
#+ model.params[name] = model.params[name] - config["learning_rate"] * grads[name]

# %% fine_tune | slip | no shuffling
#- order = rng.permutation(len(X))
#+ order = np.arange(len(X))

# %% fine_tune | slip | one order for all epochs
#- for _ in range(num_epochs):
#-     order = rng.permutation(len(X))
#+ order = rng.permutation(len(X))
#+ for _ in range(num_epochs):

# %% fine_tune | wrong | batches with replacement
#- rows = order[start : start + batch_size]
#+ rows = rng.choice(len(X), min(batch_size, len(X)))

# %% fine_tune | wrong | drops what is left over
#- for start in range(0, len(X), batch_size):
#+ for start in range(0, max(1, len(X) - batch_size + 1), batch_size):

# %% fine_tune | wrong | labels in the old order
#- loss, grads = model.loss(X[rows], y[rows])
#+ loss, grads = model.loss(X[rows], y[start : start + batch_size])

# %% fine_tune | slip | np.random in place of rng
#- order = rng.permutation(len(X))
#+ order = np.random.permutation(len(X))

# %% fine_tune | slip | shuffles the inputs in place
#- order = rng.permutation(len(X))
#+ order = rng.permutation(len(X))
#+ X[:], y[:] = X[order], y[order]
#+ order = np.arange(len(X))

# %% fine_tune | slip | an unknown layer is skipped
#- unknown = [layer for layer in trainable if layer not in model.layers]
#+ unknown = []
#+ trainable = [layer for layer in trainable if layer in model.layers]

# %% fine_tune | slip | an unknown layer is a KeyError
#- unknown = [layer for layer in trainable if layer not in model.layers]
#+ unknown = []

# %% fine_tune | slip | an unknown layer is noticed after the training
def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
    rng = np.random.default_rng(rng)
    for block, bn in model.bn_params.items():
        bn["mode"] = "train" if block in trainable else "test"
    configs = {name: {"learning_rate": learning_rates[name]} for layer in trainable for name in model.layers.get(layer, [])}
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            loss, grads = model.loss(X[order[i:i + batch_size]], y[order[i:i + batch_size]])
            losses.append(loss)
            for name, config in configs.items():
                model.params[name], configs[name] = update_rule(model.params[name], grads[name], config)
    for bn in model.bn_params.values():
        bn["mode"] = "test"
    for layer in trainable:
        if layer not in model.layers:
            raise ValueError(f"no layer {layer}")
    return losses

# %% fine_tune | wrong | a loss for each epoch
#- for start in range(0, len(X), batch_size):
#+ losses.append(0.0)
#+ for start in range(0, len(X), batch_size):
#- losses.append(loss)
#+ losses[-1] = loss

# %% fine_tune | wrong | returns the model
#- return losses
#+ return model.params

# %% fine_tune | slip | writes the rates of a step into learning_rates
#- rng = np.random.default_rng(rng)
#+ rng = np.random.default_rng(rng)
#+ for name in model.params:
#+     learning_rates[name] = learning_rates[name] if any(name in model.layers[layer] for layer in trainable) else 0.0

# %% choose_strategy | right | two ifs
def choose_strategy(num_examples, similarity):
    if similarity not in ("similar", "different"):
        raise ValueError("similar or different?")
    if num_examples < 1000:
        return "late probe" if similarity == "similar" else "early probe"
    return "fine-tune" if similarity == "similar" else "train all"

# %% choose_strategy | right | pairs as keys
def choose_strategy(num_examples, similarity):
    amount = "much" if num_examples >= 1000 else "little"
    strategies = {
        ("little", "similar"): "late probe",
        ("little", "different"): "early probe",
        ("much", "similar"): "fine-tune",
        ("much", "different"): "train all",
    }
    try:
        return strategies[amount, similarity]
    except KeyError:
        raise ValueError(f"unknown similarity {similarity}")

# %% choose_strategy | right | match
def choose_strategy(num_examples, similarity):
    match similarity, num_examples > 999:
        case "similar", False:
            return "late probe"
        case "similar", True:
            return "fine-tune"
        case "different", False:
            return "early probe"
        case "different", True:
            return "train all"
    raise ValueError(similarity)

# %% choose_strategy | right | arithmetic on an index
def choose_strategy(num_examples, similarity):
    row = ["similar", "different"].index(similarity)  # ValueError if it is neither
    return ["late probe", "fine-tune", "early probe", "train all"][2 * row + int(num_examples >= 1000)]

# %% choose_strategy | right | from the release
def choose_strategy(num_examples, similarity):
    if similarity == "similar":
        return "fine-tune" if num_examples >= 1000 else "late probe"
    if similarity == "different":
        return "train all" if num_examples >= 1000 else "early probe"
    raise ValueError(f"similar or different, not {similarity}")

# %% choose_strategy | slip | 1000 is little
#- return table[similarity][num_examples >= 1000]
#+ return table[similarity][num_examples > 1000]

# %% choose_strategy | wrong | little and much the other way round
#- return table[similarity][num_examples >= 1000]
#+ return table[similarity][num_examples < 1000]

# %% choose_strategy | slip | anything else is different
#- if similarity not in table:
#-     raise ValueError(f"similarity is 'similar' or 'different'; came {similarity!r}")
#+ similarity = similarity if similarity == "similar" else "different"

# %% choose_strategy | slip | capital letters are let through
#- if similarity not in table:
#+ similarity = similarity.lower()
#+ if similarity not in table:

# %% choose_strategy | slip | an unknown similarity is a KeyError
#- if similarity not in table:
#-     raise ValueError(f"similarity is 'similar' or 'different'; came {similarity!r}")
#+ pass

# %% choose_strategy | slip | an unknown similarity gives None
#- raise ValueError(f"similarity is 'similar' or 'different'; came {similarity!r}")
#+ return None

# %% choose_strategy | wrong | the probes exchanged
#- table = {"similar": ("late probe", "fine-tune"), "different": ("early probe", "train all")}
#+ table = {"similar": ("early probe", "fine-tune"), "different": ("late probe", "train all")}

# %% choose_strategy | wrong | always fine-tunes
#- table = {"similar": ("late probe", "fine-tune"), "different": ("early probe", "train all")}
#+ table = {"similar": ("fine-tune", "fine-tune"), "different": ("train all", "train all")}

# %% choose_strategy | wrong | 100 is much
#- return table[similarity][num_examples >= 1000]
#+ return table[similarity][num_examples > 100]

# %% extract_features | wrong | empties X before it looks
#- modes = {block: bn_param["mode"] for block, bn_param in model.bn_params.items()}
#+ X[:] = 0
#+ modes = {block: bn_param["mode"] for block, bn_param in model.bn_params.items()}

# %% linear_probe | wrong | empties the features before it looks
#- size = features.shape[1]
#+ features[:] = 0
#+ size = features.shape[1]

# %% top_k_accuracy | wrong | empties the scores before it looks
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ scores[:] = 0
#+ guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]

# %% top_k_accuracy | slip | a sort that is not stable
#- guesses = np.argsort(-scores, axis=1, kind="stable")[:, :k]
#+ guesses = np.argsort(-scores, axis=1, kind="heapsort")[:, :k]

# %% confusion_matrix | wrong | empties the labels before it looks
#- pairs = np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2)
#+ y_true[:] = 0
#+ pairs = np.bincount(num_classes * y_true + y_pred, minlength=num_classes**2)

# %% discriminative_learning_rates | wrong | removes names from params
#- deepest = max(depth.values())
#+ deepest = max(depth.values())
#+ del params[next(iter(params))]
#+ depth = {name: depth[name] for name in params}

# %% fine_tune | wrong | empties X and y before it looks
#- rng = np.random.default_rng(rng)
#+ X[:], y[:] = 0, 0
#+ rng = np.random.default_rng(rng)

# %% fine_tune | slip | no generator of its own
#- rng = np.random.default_rng(rng)
#+ assert rng is not None

# %% fine_tune | slip | empties trainable while it reads
#- losses = []
#+ losses = []
#+ trainable.clear()

# %% fine_tune | slip | other defaults
#- def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=5, batch_size=50, rng=None):
#+ def fine_tune(model, X, y, trainable, learning_rates, update_rule, num_epochs=10, batch_size=64, rng=None):
