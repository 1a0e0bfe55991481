"""Right and wrong answers to 02-linear-classifiers. docs/writing-exercises.md says how this file is read."""

# %% predict_linear | right | dot
def predict_linear(W, X):
    scores = X.dot(W)
    return scores.argmax(axis=1)

# %% predict_linear | right | transposed product
def predict_linear(W, X):
    return np.argmax(W.T @ X.T, axis=0)

# %% predict_linear | right | loop
def predict_linear(W, X):
    y_pred = np.zeros(X.shape[0], dtype=np.int64)
    for i in range(X.shape[0]):
        y_pred[i] = np.argmax(np.dot(X[i], W))
    return y_pred

# %% predict_linear | right | einsum
def predict_linear(W, X):
    return np.einsum("nd,dc->nc", X, W).argmax(1)

# %% predict_linear | wrong | argmax over the pictures
#- return np.argmax(X @ W, axis=1)
#+ return np.argmax(X @ W, axis=0)

# %% predict_linear | wrong | the score in place of the label
#- return np.argmax(X @ W, axis=1)
#+ return np.max(X @ W, axis=1)

# %% predict_linear | wrong | argmax of the whole matrix
#- return np.argmax(X @ W, axis=1)
#+ return np.argmax(X @ W)

# %% predict_linear | wrong | absolute scores
#- return np.argmax(X @ W, axis=1)
#+ return np.argmax(np.abs(X @ W), axis=1)

# %% predict_linear | wrong | the lowest score
#- return np.argmax(X @ W, axis=1)
#+ return np.argmin(X @ W, axis=1)

# %% predict_linear | wrong | keeps a second axis
#- return np.argmax(X @ W, axis=1)
#+ return np.argmax(X @ W, axis=1)[:, None]

# %% predict_linear | wrong | labels as floats
#- return np.argmax(X @ W, axis=1)
#+ return np.argmax(X @ W, axis=1).astype(float)

# %% predict_linear | wrong | of equal scores the last
#- return np.argmax(X @ W, axis=1)
#+ return W.shape[1] - 1 - np.argmax((X @ W)[:, ::-1], axis=1)

# %% predict_linear | wrong | argsort of the wrong end
#- return np.argmax(X @ W, axis=1)
#+ return np.argsort(X @ W, axis=1)[:, 0]

# %% predict_linear | wrong | forgets return
#- return np.argmax(X @ W, axis=1)
#+ np.argmax(X @ W, axis=1)

# %% predict_linear | wrong | centres X in place
#- return np.argmax(X @ W, axis=1)
#+ X -= X.mean()
#+ return np.argmax(X @ W, axis=1)

# %% numerical_gradient | right | nditer, as in the notes
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x).astype(np.float64)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        oldval = x[ix]
        x[ix] = oldval + h
        fxph = f(x)
        x[ix] = oldval - h
        fxmh = f(x)
        x[ix] = oldval
        grad[ix] = (fxph - fxmh) / (2 * h)
        it.iternext()
    return grad

# %% numerical_gradient | right | fresh copies
def numerical_gradient(f, x, h=1e-5):
    grad = np.empty(np.shape(x))
    for index in np.ndindex(*np.shape(x)):
        plus, minus = np.array(x, float), np.array(x, float)
        plus[index] += h
        minus[index] -= h
        grad[index] = (f(plus) - f(minus)) / (plus[index] - minus[index])
    return grad

# %% numerical_gradient | right | rows of the identity
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    steps = h * np.eye(x.size)
    slopes = [(f(x + e.reshape(x.shape)) - f(x - e.reshape(x.shape))) / (2 * h) for e in steps]
    return np.array(slopes).reshape(x.shape)

# %% numerical_gradient | right | flat view of a copy
def numerical_gradient(f, x, h=1e-5):
    point = x.astype("float64", copy=True)
    flat = point.reshape(-1)
    grad = np.zeros(flat.shape)
    for i in range(flat.size):
        keep = flat[i]
        values = []
        for sign in (+1, -1):
            flat[i] = keep + sign * h
            values.append(f(point))
        flat[i] = keep
        grad[i] = (values[0] - values[1]) / 2 / h
    return grad.reshape(x.shape)

# %% numerical_gradient | wrong | one-sided
#- gradient[index] = (above - f(point)) / (2 * h)
#+ point[index] = centre
#+ gradient[index] = (above - f(point)) / h

# %% numerical_gradient | wrong | divided by h
#- gradient[index] = (above - f(point)) / (2 * h)
#+ gradient[index] = (above - f(point)) / h

# %% numerical_gradient | wrong | entries are not put back
#- point[index] = centre
#+ pass

# %% numerical_gradient | wrong | changes x and does not put it back
#- point = np.array(x, dtype=np.float64)
#+ point = x
#- point[index] = centre
#+ pass

# %% numerical_gradient | wrong | works in the dtype of x
#- point = np.array(x, dtype=np.float64)
#+ point = x.copy()

# %% numerical_gradient | wrong | puts x back by adding the step again
#- point = np.array(x, dtype=np.float64)
#+ point = x if x.dtype == np.float64 else np.array(x, dtype=np.float64)
#- point[index] = centre
#+ point[index] += 0.1

# %% numerical_gradient | wrong | its own h
#- point = np.array(x, dtype=np.float64)
#+ h = 1e-5
#+ point = np.array(x, dtype=np.float64)

# %% numerical_gradient | wrong | first axis only
#- for index in np.ndindex(point.shape):
#+ for index in range(len(point)):

# %% numerical_gradient | wrong | sign flipped
#- gradient[index] = (above - f(point)) / (2 * h)
#+ gradient[index] = (f(point) - above) / (2 * h)

# %% numerical_gradient | wrong | result in the dtype of x
#- gradient = np.zeros(point.shape)
#+ gradient = np.zeros_like(x)

# %% numerical_gradient | wrong | moves all entries together
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones_like(x)

# %% svm_loss_naive | right | as in the notes
def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i, :]
                dW[:, y[i]] -= X[i, :]
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW

# %% svm_loss_naive | right | counts the violations
def svm_loss_naive(W, X, y, reg):
    N = len(X)
    total, dW = reg * (W**2).sum(), 2 * reg * W
    for i in range(N):
        s = X[i] @ W
        margins = np.maximum(0, s - s[y[i]] + 1)
        margins[y[i]] = 0
        total += margins.sum() / N
        violated = margins > 0
        dW[:, violated] += X[i][:, None] / N
        dW[:, y[i]] -= violated.sum() * X[i] / N
    return total, dW

# %% svm_loss_naive | right | scalar loops
def svm_loss_naive(W, X, y, reg):
    (N, D), C = X.shape, W.shape[1]
    loss = 0.0
    dW = np.zeros((D, C))
    for i in range(N):
        scores = [sum(X[i, d] * W[d, c] for d in range(D)) for c in range(C)]
        for j in range(C):
            m = scores[j] - scores[y[i]] + 1.0
            if j != y[i] and m >= 0:
                loss += m / N
                for d in range(D):
                    dW[d, j] += X[i, d] / N
                    dW[d, y[i]] -= X[i, d] / N
    for d in range(D):
        for c in range(C):
            loss += reg * W[d, c] ** 2
            dW[d, c] += 2 * reg * W[d, c]
    return loss, dW

# %% svm_loss_naive | right | outer products
def svm_loss_naive(W, X, y, reg):
    losses, dW = [], np.zeros_like(W)
    for xi, yi in zip(X, y):
        s = xi.dot(W)
        pull = (s - s[yi] + 1 > 0).astype(W.dtype)
        pull[yi] = 0
        losses.append(((s - s[yi] + 1) * pull).sum())
        pull[yi] = -pull.sum()
        dW += np.outer(xi, pull)
    return np.mean(losses) + reg * np.linalg.norm(W) ** 2, dW / len(X) + reg * 2 * W

# %% svm_loss_naive | right | without loops at all
def svm_loss_naive(W, X, y, reg):
    n = np.arange(len(y))
    S = X @ W
    M = (S.T - S[n, y] + 1).T
    M[n, y] = 0
    G = np.where(M > 0, 1.0, 0.0)
    G[n, y] -= G.sum(1)
    return np.maximum(M, 0).sum() / len(y) + reg * (W * W).sum(), X.T @ G / len(y) + 2 * reg * W

# %% svm_loss_naive | wrong | forgets the margin
#- margin = scores[j] - scores[label] + 1
#+ margin = scores[j] - scores[label]

# %% svm_loss_naive | wrong | the right class costs too
#- if j != label and margin > 0:
#+ if margin > 0:

# %% svm_loss_naive | wrong | difference the wrong way round
#- margin = scores[j] - scores[label] + 1
#+ margin = scores[label] - scores[j] + 1

# %% svm_loss_naive | wrong | negative margins count
#- if j != label and margin > 0:
#+ if j != label:

# %% svm_loss_naive | wrong | loss is a sum
#- loss = loss / len(X) + reg * np.sum(W * W)
#+ loss = loss + reg * np.sum(W * W)

# %% svm_loss_naive | wrong | gradient is a sum
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW + 2 * reg * W

# %% svm_loss_naive | wrong | no penalty in the gradient
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / len(X)

# %% svm_loss_naive | wrong | no penalty at all
#- loss = loss / len(X) + reg * np.sum(W * W)
#- dW = dW / len(X) + 2 * reg * W
#+ loss = loss / len(X)
#+ dW = dW / len(X)

# %% svm_loss_naive | wrong | reg * W
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / len(X) + reg * W

# %% svm_loss_naive | wrong | one half in the penalty
#- loss = loss / len(X) + reg * np.sum(W * W)
#- dW = dW / len(X) + 2 * reg * W
#+ loss = loss / len(X) + 0.5 * reg * np.sum(W * W)
#+ dW = dW / len(X) + reg * W

# %% svm_loss_naive | wrong | penalty averaged too
#- dW = dW / len(X) + 2 * reg * W
#+ dW = (dW + 2 * reg * W) / len(X)

# %% svm_loss_naive | wrong | penalty added for every picture
#- for j in range(W.shape[1]):
#+ dW += 2 * reg * W
#+ loss += reg * np.sum(W * W)
#+ for j in range(W.shape[1]):
#- loss = loss / len(X) + reg * np.sum(W * W)
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / len(X)

# %% svm_loss_naive | wrong | nothing taken from the right class
#- dW[:, label] -= x
#+ pass

# %% svm_loss_naive | wrong | nothing added to the others
#- dW[:, j] += x
#+ pass

# %% svm_loss_naive | wrong | taken from the right class once a picture
#- dW[:, label] -= x
#+ pass
#- for j in range(W.shape[1]):
#+ dW[:, label] -= x
#+ for j in range(W.shape[1]):

# %% svm_loss_naive | wrong | overwrites in place of accumulating
#- dW[:, j] += x
#+ dW[:, j] = x

# %% svm_loss_naive | wrong | sign flipped
#- dW[:, j] += x
#- dW[:, label] -= x
#+ dW[:, j] -= x
#+ dW[:, label] += x

# %% svm_loss_naive | wrong | divided by the classes
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / W.shape[1] + 2 * reg * W

# %% svm_loss_naive | wrong | transposed
#- return loss, dW
#+ return loss, dW.T

# %% svm_loss_naive | wrong | squared hinge
#- loss += margin
#+ loss += margin**2
#- dW[:, j] += x
#- dW[:, label] -= x
#+ dW[:, j] += 2 * margin * x
#+ dW[:, label] -= 2 * margin * x

# %% svm_loss_naive | wrong | gradient starts as W
#- loss, dW = 0.0, np.zeros(W.shape)
#+ loss, dW = 0.0, W.copy()

# %% svm_loss_naive | wrong | gradient written into W
#- loss, dW = 0.0, np.zeros(W.shape)
#+ loss, dW = 0.0, np.zeros(W.shape)
#+ kept = W.copy()
#- return loss, dW
#+ W += 0.01 * dW
#+ return loss, dW

# %% svm_loss_naive | wrong | labels clipped to the last class but one
#- for j in range(W.shape[1]):
#+ for j in range(W.shape[1] - 1):

# %% svm_loss_naive | wrong | returns the loss only
#- return loss, dW
#+ return loss

# %% svm_loss_naive | wrong | returns after the first picture
#- loss = loss / len(X) + reg * np.sum(W * W)
#+ loss = margin / len(X) + reg * np.sum(W * W)

# %% svm_loss_vectorized | right | as in the notes
def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    binary = margins
    binary[margins > 0] = 1
    binary[np.arange(num_train), y] = -np.sum(binary, axis=1)
    dW = X.T.dot(binary) / num_train + 2 * reg * W
    return loss, dW

# %% svm_loss_vectorized | right | one-hot matrix
def svm_loss_vectorized(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    Y = np.eye(C)[y]
    S = X @ W
    M = np.maximum(0, S - (S * Y).sum(1, keepdims=True) + 1 - Y)
    G = (M > 0) * 1.0
    G = G - Y * G.sum(1, keepdims=True)
    return M.sum() / N + reg * np.sum(W**2), X.T @ G / N + 2 * reg * W

# %% svm_loss_vectorized | right | boolean mask
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    right = np.arange(W.shape[1]) == y[:, None]
    margins = scores - scores[right][:, None] + 1
    violated = (margins > 0) & ~right
    loss = margins[violated].sum() / len(X) + reg * np.sum(np.square(W))
    pull = violated - right * violated.sum(axis=1)[:, None]
    return loss, np.dot(X.T, pull) / len(X) + 2 * reg * W

# %% svm_loss_vectorized | right | transposed and einsum
def svm_loss_vectorized(W, X, y, reg):
    n = np.arange(y.size)
    S = W.T @ X.T
    M = np.clip(S - S[y, n] + 1.0, 0.0, None)
    M[y, n] = 0.0
    G = np.sign(M)
    G[y, n] = -np.count_nonzero(M, axis=0)
    loss = np.mean(np.sum(M, axis=0)) + reg * np.vdot(W, W)
    return loss, np.einsum("cn,nd->dc", G, X) / y.size + reg * (W + W)

# %% svm_loss_vectorized | right | sum minus the right class's own one
def svm_loss_vectorized(W, X, y, reg):
    scores = X @ W
    picked = np.take_along_axis(scores, y[:, None], axis=1)
    margins = scores - picked + 1
    positive = margins > 0
    loss = np.mean(np.sum(margins * positive, axis=1) - 1) + reg * np.sum(W * W)
    pull = positive.astype(float)
    np.put_along_axis(pull, y[:, None], 1.0 - positive.sum(axis=1, keepdims=True), axis=1)
    return loss, X.T @ pull / len(y) + 2 * reg * W

# %% svm_loss_vectorized | wrong | the right class costs too
#- margins[rows, y] = 0
#+ pass

# %% svm_loss_vectorized | wrong | the right class has an entry of one
#- pull[rows, y] = -pull.sum(axis=1)
#+ pull[rows, y] = -1

# %% svm_loss_vectorized | wrong | counts are not negative
#- pull[rows, y] = -pull.sum(axis=1)
#+ pull[rows, y] = pull.sum(axis=1)

# %% svm_loss_vectorized | wrong | counts along the wrong axis
#- pull[rows, y] = -pull.sum(axis=1)
#+ pull[rows, y] = -pull.sum(axis=0)[y]

# %% svm_loss_vectorized | wrong | whole columns are wiped
#- margins[rows, y] = 0
#+ margins[:, y] = 0

# %% svm_loss_vectorized | wrong | columns of scores
#- margins = np.maximum(0, scores - scores[rows, y, None] + 1)
#+ margins = np.maximum(0, scores - scores[:, y] + 1)

# %% svm_loss_vectorized | wrong | right scores broadcast along the wrong axis
#- margins = np.maximum(0, scores - scores[rows, y, None] + 1)
#+ margins = np.maximum(0, scores - scores[rows, y] + 1)

# %% svm_loss_vectorized | wrong | forgets the margin
#- margins = np.maximum(0, scores - scores[rows, y, None] + 1)
#+ margins = np.maximum(0, scores - scores[rows, y, None])

# %% svm_loss_vectorized | wrong | no cut at zero
#- margins = np.maximum(0, scores - scores[rows, y, None] + 1)
#+ margins = scores - scores[rows, y, None] + 1

# %% svm_loss_vectorized | wrong | np.max in place of np.maximum
#- margins = np.maximum(0, scores - scores[rows, y, None] + 1)
#+ margins = np.full_like(scores, np.max(scores - scores[rows, y, None] + 1))

# %% svm_loss_vectorized | wrong | loss is a sum
#- loss = margins.sum() / N + reg * np.sum(W * W)
#+ loss = margins.sum() + reg * np.sum(W * W)

# %% svm_loss_vectorized | wrong | loss is a mean over pictures and classes
#- loss = margins.sum() / N + reg * np.sum(W * W)
#+ loss = margins.mean() + reg * np.sum(W * W)

# %% svm_loss_vectorized | wrong | gradient is a sum
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = X.T @ pull + 2 * reg * W

# %% svm_loss_vectorized | wrong | reg * W
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = X.T @ pull / N + reg * W

# %% svm_loss_vectorized | wrong | no penalty in the gradient
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = X.T @ pull / N

# %% svm_loss_vectorized | wrong | penalty averaged too
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = (X.T @ pull + 2 * reg * W) / N

# %% svm_loss_vectorized | wrong | one half in the penalty
#- loss = margins.sum() / N + reg * np.sum(W * W)
#+ loss = margins.sum() / N + 0.5 * reg * np.sum(W * W)
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = X.T @ pull / N + reg * W

# %% svm_loss_vectorized | wrong | margins in place of counts
#- pull = (margins > 0).astype(W.dtype)
#+ pull = margins.copy()

# %% svm_loss_vectorized | wrong | sign flipped
#- dW = X.T @ pull / N + 2 * reg * W
#+ dW = -X.T @ pull / N + 2 * reg * W

# %% svm_loss_vectorized | wrong | transposed
#- return loss, dW
#+ return loss, dW.T

# %% svm_loss_vectorized | wrong | changes W in place
#- return loss, dW
#+ W -= 0.001 * dW
#+ return loss, dW

# %% svm_loss_vectorized | wrong | integer counts of unsigned bytes
#- pull = (margins > 0).astype(W.dtype)
#+ pull = (margins > 0).astype(np.uint8)

# %% svm_loss_vectorized | wrong | loops
def svm_loss_vectorized(W, X, y, reg):
    return svm_loss_naive(W, X, y, reg)

# %% svm_loss_vectorized | wrong | a loop over the pictures
def svm_loss_vectorized(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y):
        scores = x @ W
        margins = np.maximum(0, scores - scores[label] + 1)
        margins[label] = 0
        loss += margins.sum()
        pull = (margins > 0).astype(float)
        pull[label] = -pull.sum()
        dW += np.outer(x, pull)
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W

# %% regularization | right | as in the notes
def regularization(W, kind, strength, beta=0.5):
    if kind == "l2":
        R = np.sum(W**2)
        dW = 2 * W
    elif kind == "l1":
        R = np.sum(np.abs(W))
        dW = np.sign(W)
    elif kind == "elastic":
        R = beta * np.sum(W**2) + np.sum(np.abs(W))
        dW = 2 * beta * W + np.sign(W)
    else:
        raise ValueError("unknown kind")
    return strength * R, strength * dW

# %% regularization | right | two coefficients
def regularization(W, kind, strength, beta=0.5):
    table = {"l2": (1, 0), "l1": (0, 1), "elastic": (beta, 1)}
    if kind not in table:
        raise ValueError(f"{kind} is not one of {list(table)}")
    square, absolute = table[kind]
    penalty = strength * (square * (W * W) + absolute * abs(W)).sum()
    return penalty, strength * (2 * square * W + absolute * np.sign(W))

# %% regularization | right | match
def regularization(W, kind, strength, beta=0.5):
    match kind:
        case "l2":
            return strength * np.vdot(W, W), 2 * strength * W
        case "l1":
            return strength * np.abs(W).sum(), strength * ((W > 0).astype(float) - (W < 0))
        case "elastic":
            a, da = regularization(W, "l2", beta * strength)
            b, db = regularization(W, "l1", strength)
            return a + b, da + db
        case _:
            raise ValueError(kind)

# %% regularization | right | norms
def regularization(W, kind, strength, beta=0.5):
    l2, dl2 = np.linalg.norm(W.ravel()) ** 2, W + W
    l1, dl1 = np.linalg.norm(W.ravel(), ord=1), np.where(W > 0, 1.0, np.where(W < 0, -1.0, 0.0))
    try:
        R, dR = {"l2": (l2, dl2), "l1": (l1, dl1), "elastic": (beta * l2 + l1, beta * dl2 + dl1)}[kind]
    except KeyError:
        raise ValueError("kind must be l2, l1 or elastic") from None
    return float(strength * R), strength * dR

# %% regularization | wrong | strength * W in l2
#- return strength * np.sum(W * W), 2 * strength * W
#+ return strength * np.sum(W * W), strength * W

# %% regularization | wrong | one half in l2
#- return strength * np.sum(W * W), 2 * strength * W
#+ return 0.5 * strength * np.sum(W * W), strength * W

# %% regularization | wrong | l2 is the norm
#- return strength * np.sum(W * W), 2 * strength * W
#+ norm = np.sqrt(np.sum(W * W))
#+ return strength * norm, strength * W / norm

# %% regularization | wrong | mean in place of sum
#- return strength * np.sum(W * W), 2 * strength * W
#+ return strength * np.mean(W * W), 2 * strength * W / W.size

# %% regularization | wrong | l1 without absolute values
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(W), strength * np.ones_like(W)

# %% regularization | wrong | l1 gradient is abs
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(np.abs(W)), strength * np.abs(W)

# %% regularization | wrong | l1 gradient is a constant
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(np.abs(W)), strength * np.ones_like(W)

# %% regularization | wrong | W over its absolute value
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(np.abs(W)), strength * W / np.abs(W)

# %% regularization | wrong | slope one at a weight of zero
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(np.abs(W)), strength * np.where(W >= 0, 1.0, -1.0)

# %% regularization | wrong | no strength in the gradient
#- return strength * np.sum(np.abs(W)), strength * np.sign(W)
#+ return strength * np.sum(np.abs(W)), np.sign(W)

# %% regularization | wrong | beta without the 2
#- return penalty, strength * (2 * beta * W + np.sign(W))
#+ return penalty, strength * (beta * W + np.sign(W))

# %% regularization | wrong | beta on both parts
#- penalty = strength * np.sum(beta * W * W + np.abs(W))
#- return penalty, strength * (2 * beta * W + np.sign(W))
#+ penalty = strength * beta * np.sum(W * W + np.abs(W))
#+ return penalty, strength * beta * (2 * W + np.sign(W))

# %% regularization | wrong | beta and one minus beta
#- penalty = strength * np.sum(beta * W * W + np.abs(W))
#- return penalty, strength * (2 * beta * W + np.sign(W))
#+ penalty = strength * np.sum(beta * W * W + (1 - beta) * np.abs(W))
#+ return penalty, strength * (2 * beta * W + (1 - beta) * np.sign(W))

# %% regularization | wrong | beta on the absolute values
#- penalty = strength * np.sum(beta * W * W + np.abs(W))
#- return penalty, strength * (2 * beta * W + np.sign(W))
#+ penalty = strength * np.sum(W * W + beta * np.abs(W))
#+ return penalty, strength * (2 * W + beta * np.sign(W))

# %% regularization | wrong | strength on one part only
#- penalty = strength * np.sum(beta * W * W + np.abs(W))
#- return penalty, strength * (2 * beta * W + np.sign(W))
#+ penalty = strength * beta * np.sum(W * W) + np.sum(np.abs(W))
#+ return penalty, strength * 2 * beta * W + np.sign(W)

# %% regularization | wrong | beta always one half
#- penalty = strength * np.sum(beta * W * W + np.abs(W))
#+ beta = 0.5
#+ penalty = strength * np.sum(beta * W * W + np.abs(W))

# %% regularization | wrong | unknown kind is no error
#- raise ValueError(f"kind is 'l2', 'l1' or 'elastic', not {kind!r}")
#+ return 0.0, np.zeros_like(W)

# %% regularization | wrong | unknown kind prints
#- raise ValueError(f"kind is 'l2', 'l1' or 'elastic', not {kind!r}")
#+ print("unknown kind")

# %% regularization | wrong | returns the penalty only
#- return strength * np.sum(W * W), 2 * strength * W
#+ return strength * np.sum(W * W)

# %% regularization | wrong | changes W
#- return strength * np.sum(W * W), 2 * strength * W
#+ W *= 2 * strength
#+ return np.sum(W * W) / (4 * strength), W

# %% softmax | right | as in the notes
def softmax(scores):
    scores = scores - np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)

# %% softmax | right | logarithm first
def softmax(scores):
    shifted = scores - scores.max(1)[:, None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(1))[:, None])

# %% softmax | right | row by row
def softmax(scores):
    out = np.zeros(scores.shape)
    for i, row in enumerate(scores):
        e = np.exp(row - max(row))
        out[i] = e / e.sum()
    return out

# %% softmax | right | transposed
def softmax(scores):
    e = np.exp((scores.T - scores.max(axis=-1)))
    return (e / e.sum(axis=0)).T

# %% softmax | right | in place on a copy
def softmax(scores):
    p = np.array(scores, dtype=float)
    p -= np.amax(p, axis=1).reshape(-1, 1)
    np.exp(p, out=p)
    p /= p.sum(axis=1).reshape(-1, 1)
    return p

# %% softmax | wrong | no shift
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores)

# %% softmax | wrong | one maximum for the whole matrix
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores - scores.max())

# %% softmax | wrong | maximum along the wrong axis
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores - scores.max(axis=0, keepdims=True))

# %% softmax | wrong | maximum without keepdims
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores - scores.max(axis=1))

# %% softmax | wrong | sum along the wrong axis
#- return powers / powers.sum(axis=1, keepdims=True)
#+ return powers / powers.sum(axis=0, keepdims=True)

# %% softmax | wrong | sum of the whole matrix
#- return powers / powers.sum(axis=1, keepdims=True)
#+ return powers / powers.sum()

# %% softmax | wrong | not divided
#- return powers / powers.sum(axis=1, keepdims=True)
#+ return powers

# %% softmax | wrong | the minimum is subtracted
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores - scores.min(axis=1, keepdims=True))

# %% softmax | wrong | the mean is subtracted
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(scores - scores.mean(axis=1, keepdims=True))

# %% softmax | wrong | changes the scores
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ scores -= scores.max(axis=1, keepdims=True)
#+ powers = np.exp(scores)

# %% softmax | wrong | clips the scores
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp(np.clip(scores, -500, 500))

# %% softmax | wrong | a constant in the denominator
#- return powers / powers.sum(axis=1, keepdims=True)
#+ return powers / (powers.sum(axis=1, keepdims=True) + 1e-3)

# %% softmax | wrong | powers of two
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#+ powers = np.exp2(scores - scores.max(axis=1, keepdims=True))

# %% softmax | wrong | logarithms of the probabilities
#- return powers / powers.sum(axis=1, keepdims=True)
#+ return np.log(powers / powers.sum(axis=1, keepdims=True))

# %% softmax | wrong | zeros in place of NaN
#- powers = np.exp(scores - scores.max(axis=1, keepdims=True))
#- return powers / powers.sum(axis=1, keepdims=True)
#+ powers = np.exp(scores)
#+ return np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))

# %% softmax_loss_naive | right | as in the notes
def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        f = X[i].dot(W)
        f = f - np.max(f)
        log_sum = np.log(np.sum(np.exp(f)))
        loss += -f[y[i]] + log_sum
        for j in range(num_classes):
            p = np.exp(f[j] - log_sum)
            if j == y[i]:
                dW[:, j] += (p - 1) * X[i]
            else:
                dW[:, j] += p * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW

# %% softmax_loss_naive | right | logaddexp
def softmax_loss_naive(W, X, y, reg):
    N = len(y)
    losses, dW = [], 2 * reg * W
    for i in range(N):
        s = X[i] @ W
        total = np.logaddexp.reduce(s)
        losses.append(total - s[y[i]])
        ds = np.exp(s - total)
        ds[y[i]] -= 1
        dW += np.outer(X[i], ds) / N
    return sum(losses) / N + reg * (W**2).sum(), dW

# %% softmax_loss_naive | right | scipy
from scipy.special import log_softmax

def softmax_loss_naive(W, X, y, reg):
    logp = log_softmax(X @ W, axis=1)
    loss, G = 0, np.zeros(logp.shape)
    for i in range(len(X)):
        loss = loss - logp[i][y[i]]
        for j in range(W.shape[1]):
            G[i, j] = np.exp(logp[i, j]) - (1 if y[i] == j else 0)
    return loss / len(X) + reg * np.sum(W * W), X.T.dot(G) / len(X) + reg * 2 * W

# %% softmax_loss_naive | right | scalar loops
import math

def softmax_loss_naive(W, X, y, reg):
    (N, D), C = X.shape, W.shape[1]
    loss, dW = 0.0, np.zeros((D, C))
    for i in range(N):
        s = [float(X[i] @ W[:, c]) for c in range(C)]
        top = max(s)
        total = sum(math.exp(v - top) for v in s)
        loss += (math.log(total) + top - s[y[i]]) / N
        for c in range(C):
            p = math.exp(s[c] - top) / total
            for d in range(D):
                dW[d, c] += X[i, d] * (p - (c == y[i])) / N
    return loss + reg * float((W * W).sum()), dW + 2 * reg * W

# %% softmax_loss_naive | wrong | logarithm of a rounded probability
#- loss += np.log(total) - shifted[label]
#+ loss -= np.log(np.exp(shifted[label]) / total)

# %% softmax_loss_naive | wrong | a small constant inside the logarithm
#- loss += np.log(total) - shifted[label]
#+ loss -= np.log(np.exp(shifted[label]) / total + 1e-10)

# %% softmax_loss_naive | wrong | a clipped probability
#- loss += np.log(total) - shifted[label]
#+ loss -= np.log(np.clip(np.exp(shifted[label]) / total, 1e-12, 1))

# %% softmax_loss_naive | wrong | no shift
#- shifted = shifted - shifted.max()
#+ pass

# %% softmax_loss_naive | wrong | no 1 taken from the right class
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ dW[:, j] += np.exp(shifted[j]) / total * x

# %% softmax_loss_naive | wrong | 1 taken from every class
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ dW[:, j] += (np.exp(shifted[j]) / total - 1) * x

# %% softmax_loss_naive | wrong | sign flipped
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ dW[:, j] -= (np.exp(shifted[j]) / total - (j == label)) * x

# %% softmax_loss_naive | wrong | overwrites in place of accumulating
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ dW[:, j] = (np.exp(shifted[j]) / total - (j == label)) * x

# %% softmax_loss_naive | wrong | exponentials not divided in the gradient
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ dW[:, j] += (np.exp(shifted[j]) - (j == label)) * x

# %% softmax_loss_naive | wrong | only the right class's column
#- dW[:, j] += (np.exp(shifted[j]) / total - (j == label)) * x
#+ if j == label:
#+     dW[:, j] += (np.exp(shifted[j]) / total - 1) * x

# %% softmax_loss_naive | wrong | loss is a sum
#- loss = loss / len(X) + reg * np.sum(W * W)
#+ loss = loss + reg * np.sum(W * W)

# %% softmax_loss_naive | wrong | gradient is a sum
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW + 2 * reg * W

# %% softmax_loss_naive | wrong | reg * W
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / len(X) + reg * W

# %% softmax_loss_naive | wrong | no penalty in the gradient
#- dW = dW / len(X) + 2 * reg * W
#+ dW = dW / len(X)

# %% softmax_loss_naive | wrong | no penalty in the loss
#- loss = loss / len(X) + reg * np.sum(W * W)
#+ loss = loss / len(X)

# %% softmax_loss_naive | wrong | one half in the penalty
#- loss = loss / len(X) + reg * np.sum(W * W)
#- dW = dW / len(X) + 2 * reg * W
#+ loss = loss / len(X) + 0.5 * reg * np.sum(W * W)
#+ dW = dW / len(X) + reg * W

# %% softmax_loss_naive | wrong | penalty averaged too
#- dW = dW / len(X) + 2 * reg * W
#+ dW = (dW + 2 * reg * W) / len(X)

# %% softmax_loss_naive | wrong | logarithm to the base 2
#- loss += np.log(total) - shifted[label]
#+ loss += (np.log(total) - shifted[label]) / np.log(2)

# %% softmax_loss_naive | wrong | minus forgotten
#- loss += np.log(total) - shifted[label]
#+ loss += shifted[label] - np.log(total)

# %% softmax_loss_naive | wrong | transposed
#- return loss, dW
#+ return loss, dW.T

# %% softmax_loss_naive | wrong | changes W in place
#- return loss, dW
#+ W -= 0.001 * dW
#+ return loss, dW

# %% softmax_loss_naive | wrong | centres X in place
#- loss, dW = 0.0, np.zeros(W.shape)
#+ X -= X.mean(axis=0)
#+ loss, dW = 0.0, np.zeros(W.shape)

# %% softmax_loss_naive | wrong | NaN to number
#- shifted = shifted - shifted.max()
#+ pass
#- return loss, dW
#+ return np.nan_to_num(loss), np.nan_to_num(dW)

# %% softmax_loss_vectorized | right | as in the notes
def softmax_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    log_probs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    loss = -np.sum(log_probs[np.arange(num_train), y]) / num_train + reg * np.sum(W * W)
    dscores = np.exp(log_probs)
    dscores[np.arange(num_train), y] -= 1
    dscores /= num_train
    dW = X.T.dot(dscores) + 2 * reg * W
    return loss, dW

# %% softmax_loss_vectorized | right | one-hot matrix and einsum
def softmax_loss_vectorized(W, X, y, reg):
    Y = np.eye(W.shape[1])[y]
    S = X @ W
    total = np.logaddexp.reduce(S, axis=1)
    loss = (total - (S * Y).sum(axis=1)).mean() + reg * np.square(W).sum()
    return loss, np.einsum("nd,nc->dc", X, np.exp(S - total[:, None]) - Y) / len(y) + reg * (W + W)

# %% softmax_loss_vectorized | right | scipy
from scipy.special import logsumexp

def softmax_loss_vectorized(W, X, y, reg):
    N = y.shape[0]
    S = X @ W
    Z = logsumexp(S, axis=1, keepdims=True)
    P = np.exp(S - Z)
    loss = np.average(Z[:, 0] - np.take_along_axis(S, y[:, None], 1)[:, 0])
    right = np.arange(W.shape[1])[None, :] == y[:, None]
    return loss + reg * np.linalg.norm(W) ** 2, X.T @ (P - right) / N + 2 * reg * W

# %% softmax_loss_vectorized | right | uses softmax for the gradient
def softmax_loss_vectorized(W, X, y, reg):
    rows, n = np.arange(len(X)), len(X)
    scores = np.dot(X, W)
    top = scores.max(axis=1)
    loss = np.sum(np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - scores[rows, y]) / n
    dscores = softmax(scores)
    dscores[rows, y] = dscores[rows, y] - 1.0
    return loss + reg * np.sum(W**2), (dscores.T @ X).T / n + 2.0 * reg * W

# %% softmax_loss_vectorized | right | subtract.at
def softmax_loss_vectorized(W, X, y, reg):
    n = len(y)
    s = X @ W
    s = s - s[np.arange(n), y][:, None]
    top = s.max(axis=1)
    e = np.exp((s.T - top).T)
    loss = np.mean(top + np.log(e.sum(axis=1))) + reg * np.sum(W * W)
    dW = X.T @ (e / e.sum(axis=1)[:, None])
    np.subtract.at(dW.T, y, X)
    return loss, dW / n + 2 * reg * W

# %% softmax_loss_vectorized | wrong | logarithm of a rounded probability
#- loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)
#+ loss = -np.mean(np.log(powers[rows, y] / totals[:, 0])) + reg * np.sum(W * W)

# %% softmax_loss_vectorized | wrong | a small constant inside the logarithm
#- loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)
#+ loss = -np.mean(np.log(powers[rows, y] / totals[:, 0] + 1e-8)) + reg * np.sum(W * W)

# %% softmax_loss_vectorized | wrong | no shift
#- shifted = shifted - shifted.max(axis=1, keepdims=True)
#+ pass

# %% softmax_loss_vectorized | wrong | one maximum for the whole matrix
#- shifted = shifted - shifted.max(axis=1, keepdims=True)
#+ shifted = shifted - shifted.max()

# %% softmax_loss_vectorized | wrong | maximum along the wrong axis
#- shifted = shifted - shifted.max(axis=1, keepdims=True)
#+ shifted = shifted - shifted.max(axis=0, keepdims=True)

# %% softmax_loss_vectorized | wrong | sum along the wrong axis
#- totals = powers.sum(axis=1, keepdims=True)
#+ totals = powers.sum(axis=0, keepdims=True)

# %% softmax_loss_vectorized | wrong | whole columns lose one
#- dscores[rows, y] -= 1
#+ dscores[:, y] -= 1

# %% softmax_loss_vectorized | wrong | no 1 taken from the right class
#- dscores[rows, y] -= 1
#+ pass

# %% softmax_loss_vectorized | wrong | 1 taken from every class
#- dscores[rows, y] -= 1
#+ dscores -= 1

# %% softmax_loss_vectorized | wrong | 1 over N taken, then over N again
#- dscores[rows, y] -= 1
#+ dscores[rows, y] -= 1 / N

# %% softmax_loss_vectorized | wrong | all right scores from every row
#- loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)
#+ loss = np.mean(np.log(totals[:, 0]) - shifted[:, y]) + reg * np.sum(W * W)

# %% softmax_loss_vectorized | wrong | loss is a sum
#- loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)
#+ loss = np.sum(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)

# %% softmax_loss_vectorized | wrong | gradient is a sum
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = X.T @ dscores + 2 * reg * W

# %% softmax_loss_vectorized | wrong | averaged twice
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = X.T @ dscores / N / N + 2 * reg * W

# %% softmax_loss_vectorized | wrong | reg * W
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = X.T @ dscores / N + reg * W

# %% softmax_loss_vectorized | wrong | no penalty in the gradient
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = X.T @ dscores / N

# %% softmax_loss_vectorized | wrong | penalty averaged too
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = (X.T @ dscores + 2 * reg * W) / N

# %% softmax_loss_vectorized | wrong | one half in the penalty
#- loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + reg * np.sum(W * W)
#+ loss = np.mean(np.log(totals[:, 0]) - shifted[rows, y]) + 0.5 * reg * np.sum(W * W)
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = X.T @ dscores / N + reg * W

# %% softmax_loss_vectorized | wrong | sign flipped
#- dW = X.T @ dscores / N + 2 * reg * W
#+ dW = 2 * reg * W - X.T @ dscores / N

# %% softmax_loss_vectorized | wrong | exponentials not divided in the gradient
#- dscores = powers / totals
#+ dscores = powers

# %% softmax_loss_vectorized | wrong | transposed
#- return loss, dW
#+ return loss, dW.T

# %% softmax_loss_vectorized | wrong | changes W in place
#- return loss, dW
#+ W -= 0.001 * dW
#+ return loss, dW

# %% softmax_loss_vectorized | wrong | loops
def softmax_loss_vectorized(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for x, label in zip(X, y):
        s = x @ W
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss += np.log(np.exp(s).sum()) - s[label]
        p[label] -= 1
        dW += np.outer(x, p)
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W

# %% softmax_loss_vectorized | wrong | hands over to the loops
def softmax_loss_vectorized(W, X, y, reg):
    return softmax_loss_naive(W, X, y, reg)

# %% sample_batch | right | rng.choice
def sample_batch(X, y, batch_size, rng):
    idx = rng.choice(X.shape[0], batch_size, replace=True)
    return X[idx], y[idx]

# %% sample_batch | right | take
def sample_batch(X, y, batch_size, rng):
    rows = rng.integers(0, y.shape[0] - 1, size=(batch_size,), endpoint=True)
    return np.take(X, rows, axis=0), np.take(y, rows)

# %% sample_batch | right | one draw at a time
def sample_batch(X, y, batch_size, rng):
    rows = [int(rng.integers(len(y))) for _ in range(batch_size)]
    return np.stack([X[i] for i in rows]), np.array([y[i] for i in rows])

# %% sample_batch | right | uniform numbers cut down
def sample_batch(X, y, batch_size, rng):
    rows = np.floor(rng.random(batch_size) * len(X)).astype(int)
    return X[rows, ...], y[rows]

# %% sample_batch | wrong | without replacement
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = rng.choice(len(X), batch_size, replace=False)

# %% sample_batch | wrong | without replacement where it can
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = rng.choice(len(X), batch_size, replace=batch_size > len(X))

# %% sample_batch | wrong | a permutation's beginning
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = rng.permutation(len(X))[:batch_size]

# %% sample_batch | wrong | X and y drawn separately
#- return X[rows], y[rows]
#+ return X[rows], y[rng.integers(len(X), size=batch_size)]

# %% sample_batch | wrong | the first rows
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = np.arange(batch_size) % len(X)

# %% sample_batch | wrong | leaves out the last row
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = rng.integers(0, len(X) - 1, size=batch_size)

# %% sample_batch | wrong | leaves out the first row
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = rng.integers(1, len(X), size=batch_size)

# %% sample_batch | wrong | global random state
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = np.random.choice(len(X), batch_size)

# %% sample_batch | wrong | seeds inside
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = np.random.default_rng(0).integers(len(X), size=batch_size)

# %% sample_batch | wrong | neighbouring rows
#- rows = rng.integers(len(X), size=batch_size)
#+ rows = (rng.integers(len(X)) + np.arange(batch_size)) % len(X)

# %% sample_batch | wrong | a batch of one loses its axis
#- return X[rows], y[rows]
#+ return X[rows].squeeze(), y[rows].squeeze()

# %% sample_batch | wrong | returns X only
#- return X[rows], y[rows]
#+ return X[rows]

# %% sample_batch | wrong | shuffles X in place
#- rows = rng.integers(len(X), size=batch_size)
#+ rng.shuffle(X)
#+ rows = rng.integers(len(X), size=batch_size)

# %% train_linear | right | as in the notes
def train_linear(loss_fn, X, y, *, learning_rate, reg, num_iters, batch_size, rng):
    num_train, dim = X.shape
    num_classes = np.max(y) + 1
    W = 0.001 * rng.standard_normal((dim, num_classes))
    loss_history = []
    for it in range(num_iters):
        X_batch, y_batch = sample_batch(X, y, batch_size, rng)
        loss, grad = loss_fn(W, X_batch, y_batch, reg)
        loss_history.append(loss)
        W += -learning_rate * grad
    return W, loss_history

# %% train_linear | right | normal with a scale
def train_linear(loss_fn, X, y, *, learning_rate, reg, num_iters, batch_size, rng):
    W = rng.normal(0, 0.001, (X.shape[1], int(max(y)) + 1))
    history = np.zeros(num_iters)
    for step in range(num_iters):
        batch = sample_batch(X, y, batch_size, rng)
        history[step], dW = loss_fn(W, batch[0], batch[1], reg)
        W = W - learning_rate * dW
    return W, history.tolist()

# %% train_linear | right | draws rows itself
def train_linear(loss_fn, X, y, *, learning_rate, reg, num_iters, batch_size, rng):
    D, C = X.shape[1], y.max() + 1
    W = rng.standard_normal(size=(D, C)) * 1e-3
    losses = []
    while len(losses) < num_iters:
        i = rng.choice(len(X), size=batch_size)
        loss, dW = loss_fn(W, X[i], y[i], reg)
        losses += [loss]
        W -= learning_rate * dW
    return W, losses

# %% train_linear | right | class by random matrix products
def train_linear(loss_fn, X, y, *, learning_rate, reg, num_iters, batch_size, rng):
    W = np.array([rng.normal(scale=1e-3, size=np.unique(y).max() + 1) for _ in range(X.shape[1])])

    def step():
        nonlocal W
        loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
        W = W - np.multiply(dW, learning_rate)
        return loss

    history = [step() for _ in range(num_iters)]
    return W, history

# %% train_linear | wrong | uphill
#- W = W - learning_rate * dW
#+ W = W + learning_rate * dW

# %% train_linear | wrong | no learning rate
#- W = W - learning_rate * dW
#+ W = W - dW

# %% train_linear | wrong | overwritten with the step
#- W = W - learning_rate * dW
#+ W = -learning_rate * dW

# %% train_linear | wrong | a learning rate that decays
#- W = W - learning_rate * dW
#+ W = W - learning_rate * dW
#+ learning_rate *= 0.99

# %% train_linear | wrong | starts at zero
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = np.zeros((X.shape[1], y.max() + 1))

# %% train_linear | wrong | starts at normal numbers
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = rng.normal(size=(X.shape[1], y.max() + 1))

# %% train_linear | wrong | starts at uniform numbers
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * rng.random(size=(X.shape[1], y.max() + 1))

# %% train_linear | wrong | starts at centred uniform numbers
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * rng.uniform(-1.73, 1.73, size=(X.shape[1], y.max() + 1))

# %% train_linear | wrong | global random state
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * np.random.randn(X.shape[1], y.max() + 1)

# %% train_linear | wrong | seeds inside
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ rng = np.random.default_rng(0)
#+ W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))

# %% train_linear | wrong | counts the different labels
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * rng.normal(size=(X.shape[1], len(np.unique(y))))

# %% train_linear | wrong | one class too few
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * rng.normal(size=(X.shape[1], y.max()))

# %% train_linear | wrong | transposed weights
#- W = 0.001 * rng.normal(size=(X.shape[1], y.max() + 1))
#+ W = 0.001 * rng.normal(size=(y.max() + 1, X.shape[1]))

# %% train_linear | wrong | all pictures in each step
#- loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
#+ loss, dW = loss_fn(W, X, y, reg)

# %% train_linear | wrong | one batch for all steps
#- loss_history = []
#+ loss_history = []
#+ batch = sample_batch(X, y, batch_size, rng)
#- loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
#+ loss, dW = loss_fn(W, *batch, reg)

# %% train_linear | wrong | labels drawn separately
#- loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
#+ loss, dW = loss_fn(W, sample_batch(X, y, batch_size, rng)[0], sample_batch(X, y, batch_size, rng)[1], reg)

# %% train_linear | wrong | reg is not handed on
#- loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
#+ loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), 0.0)

# %% train_linear | wrong | decays the weights besides
#- W = W - learning_rate * dW
#+ W = W - learning_rate * (dW + 2 * reg * W)

# %% train_linear | wrong | one step too many
#- for _ in range(num_iters):
#+ for _ in range(num_iters + 1):

# %% train_linear | wrong | one step too few
#- for _ in range(num_iters):
#+ for _ in range(1, num_iters):

# %% train_linear | wrong | every tenth loss
#- loss_history.append(loss)
#+ if _ % 10 == 0:
#+     loss_history.append(loss)

# %% train_linear | wrong | returns the last loss
#- return W, loss_history
#+ return W, loss

# %% train_linear | wrong | returns inside the loop
#- W = W - learning_rate * dW
#+ W = W - learning_rate * dW
#+ return W, loss_history

# %% train_linear | wrong | results the other way round
#- return W, loss_history
#+ return loss_history, W

# %% train_linear | wrong | its own loss function
#- loss, dW = loss_fn(W, *sample_batch(X, y, batch_size, rng), reg)
#+ loss, dW = softmax_loss_vectorized(W, *sample_batch(X, y, batch_size, rng), reg)

# %% train_linear | wrong | shuffles X in place
#- loss_history = []
#+ loss_history = []
#+ rng.shuffle(X)

# %% choose_hyperparameters | right | as in the notes
def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    results = {}
    best_val = -1
    best = None
    for lr in learning_rates:
        for rs in regs:
            W, _ = train_linear(loss_fn, X_train, y_train, learning_rate=lr, reg=rs, num_iters=num_iters, batch_size=batch_size, rng=rng)
            train_acc = np.mean(y_train == predict_linear(W, X_train))
            val_acc = np.mean(y_val == predict_linear(W, X_val))
            results[(lr, rs)] = (train_acc, val_acc)
            if val_acc > best_val:
                best_val = val_acc
                best = (lr, rs)
    return best, results

# %% choose_hyperparameters | right | product and sorting
from itertools import product

def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    options = dict(num_iters=num_iters, batch_size=batch_size, rng=rng)
    results = {}
    for pair in product(learning_rates, regs):
        W = train_linear(loss_fn, X_train, y_train, learning_rate=pair[0], reg=pair[1], **options)[0]
        results[pair] = tuple(float((predict_linear(W, X) == y).mean()) for X, y in ((X_train, y_train), (X_val, y_val)))
    best = sorted(results, key=lambda pair: -results[pair][1])[0]
    return best, results

# %% choose_hyperparameters | right | lists and argmax
def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    pairs = [(a, b) for a in learning_rates for b in regs]
    def run(pair):
        W, history = train_linear(loss_fn, X_train, y_train, learning_rate=pair[0], reg=pair[1], num_iters=num_iters, batch_size=batch_size, rng=rng)
        return [np.sum(predict_linear(W, X_train) == y_train) / len(y_train), np.sum(predict_linear(W, X_val) == y_val) / len(y_val)]
    accuracies = [run(pair) for pair in pairs]
    return pairs[int(np.argmax([a[1] for a in accuracies]))], dict(zip(pairs, accuracies))

# %% choose_hyperparameters | right | a seed for each pair
def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    results, best = {}, None
    seed = int(rng.integers(2**31))
    for lr in learning_rates:
        for reg in regs:
            W, _ = train_linear(
                loss_fn, X_train, y_train, learning_rate=lr, reg=reg, num_iters=num_iters, batch_size=batch_size, rng=np.random.default_rng(seed)
            )
            results[lr, reg] = np.mean(predict_linear(W, X_train) == y_train), np.mean(predict_linear(W, X_val) == y_val)
            if best is None or results[lr, reg][1] > results[best][1]:
                best = lr, reg
    return best, results

# %% choose_hyperparameters | wrong | best in training
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = max(results, key=lambda pair: results[pair][0])

# %% choose_hyperparameters | wrong | best sum of both
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = max(results, key=lambda pair: 2 * results[pair][0] + results[pair][1])

# %% choose_hyperparameters | wrong | the worst
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = min(results, key=lambda pair: results[pair][1])

# %% choose_hyperparameters | wrong | the last
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = (learning_rate, reg)

# %% choose_hyperparameters | wrong | of equals the last
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = max(reversed(results), key=lambda pair: results[pair][1])

# %% choose_hyperparameters | wrong | the accuracy in place of the pair
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = max(accuracies[1] for accuracies in results.values())

# %% choose_hyperparameters | wrong | the weights in place of the pair
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = W

# %% choose_hyperparameters | wrong | pair the other way round
#- best = max(results, key=lambda pair: results[pair][1])
#+ best = max(results, key=lambda pair: results[pair][1])[::-1]

# %% choose_hyperparameters | wrong | keys the other way round
#- results[learning_rate, reg] = (
#+ results[reg, learning_rate] = (

# %% choose_hyperparameters | wrong | accuracies the other way round
#- np.mean(predict_linear(W, X_train) == y_train),
#- np.mean(predict_linear(W, X_val) == y_val),
#+ np.mean(predict_linear(W, X_val) == y_val),
#+ np.mean(predict_linear(W, X_train) == y_train),

# %% choose_hyperparameters | wrong | error rates
#- np.mean(predict_linear(W, X_val) == y_val),
#+ np.mean(predict_linear(W, X_val) != y_val),

# %% choose_hyperparameters | wrong | counts in place of shares
#- np.mean(predict_linear(W, X_train) == y_train),
#- np.mean(predict_linear(W, X_val) == y_val),
#+ np.sum(predict_linear(W, X_train) == y_train),
#+ np.sum(predict_linear(W, X_val) == y_val),

# %% choose_hyperparameters | wrong | trains on the validation pictures
#- X_train,
#- y_train,
#- learning_rate=learning_rate,
#+ X_val,
#+ y_val,
#+ learning_rate=learning_rate,

# %% choose_hyperparameters | wrong | trains on both
#- X_train,
#- y_train,
#- learning_rate=learning_rate,
#+ np.concatenate([X_train, X_val]),
#+ np.concatenate([y_train, y_val]),
#+ learning_rate=learning_rate,

# %% choose_hyperparameters | wrong | reg and learning rate swapped
#- learning_rate=learning_rate,
#- reg=reg,
#+ learning_rate=reg,
#+ reg=learning_rate,

# %% choose_hyperparameters | wrong | the first penalty only
#- for reg in regs:
#+ for reg in regs[:1]:

# %% choose_hyperparameters | wrong | zip in place of a grid
def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    results = {}
    for lr, reg in zip(learning_rates, regs):
        W, _ = train_linear(loss_fn, X_train, y_train, learning_rate=lr, reg=reg, num_iters=num_iters, batch_size=batch_size, rng=rng)
        results[lr, reg] = (np.mean(predict_linear(W, X_train) == y_train), np.mean(predict_linear(W, X_val) == y_val))
    return max(results, key=lambda pair: results[pair][1]), results

# %% choose_hyperparameters | wrong | its own number of steps
#- num_iters=num_iters,
#+ num_iters=100,

# %% choose_hyperparameters | wrong | its own batch size
#- batch_size=batch_size,
#+ batch_size=2,

# %% choose_hyperparameters | wrong | returns the pair only
#- return best, results
#+ return best

# %% choose_hyperparameters | wrong | only the best result
#- return best, results
#+ return best, {best: results[best]}

# %% choose_hyperparameters | wrong | returns inside the loop
def choose_hyperparameters(X_train, y_train, X_val, y_val, *, loss_fn, learning_rates, regs, num_iters, batch_size, rng):
    results = {}
    for lr in learning_rates:
        for reg in regs:
            W, _ = train_linear(loss_fn, X_train, y_train, learning_rate=lr, reg=reg, num_iters=num_iters, batch_size=batch_size, rng=rng)
            results[lr, reg] = (np.mean(predict_linear(W, X_train) == y_train), np.mean(predict_linear(W, X_val) == y_val))
        return max(results, key=lambda pair: results[pair][1]), results
