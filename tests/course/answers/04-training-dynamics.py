"""Right and wrong answers to 04-training-dynamics. docs/writing-exercises.md says how this file is read."""

# %% sigmoid_forward | right | masks
def sigmoid_forward(x):
    out = np.empty_like(x)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    z = np.exp(x[~positive])
    out[~positive] = z / (1 + z)
    return out, x

# %% sigmoid_forward | right | through tanh
def sigmoid_forward(x):
    out = 0.5 * (1 + np.tanh(0.5 * x))
    tiny = x < -15
    out = np.where(tiny, np.exp(np.minimum(x, 0)), out)
    out = np.where(tiny, out / (1 + out), out)
    return out, (out,)

# %% sigmoid_forward | right | SciPy
from scipy.special import expit as logistic

def sigmoid_forward(x):
    s = logistic(x)
    return s, s

# %% sigmoid_forward | right | textbook form, which only warns
def sigmoid_forward(x):
    out = 1.0 / (1.0 + np.exp(-x))
    return out, out

# %% sigmoid_forward | right | logaddexp
def sigmoid_forward(x):
    return np.exp(-np.logaddexp(0, -x)), x

# %% sigmoid_forward | right | one entry at a time
import math

def sigmoid_forward(x):
    out = np.zeros(x.shape, dtype=x.dtype)
    for index in np.ndindex(*x.shape):
        v = float(x[index])
        out[index] = 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))
    return out, out

# %% sigmoid_forward | wrong | infinity over infinity
def sigmoid_forward(x):
    out = np.exp(x) / (1 + np.exp(x))
    return out, out

# %% sigmoid_forward | wrong | sign of the exponent
def sigmoid_forward(x):
    out = 1 / (1 + np.exp(np.clip(x, -700, 700)))
    return out, out

# %% sigmoid_forward | wrong | clipped input
def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-np.clip(x, -20, 20)))
    return out, out

# %% sigmoid_forward | wrong | no cache
def sigmoid_forward(x):
    return 1 / (1 + np.exp(-x))

# %% sigmoid_forward | wrong | changes x in place
def sigmoid_forward(x):
    np.negative(x, out=x)
    out = 1 / (1 + np.exp(x))
    return out, out

# %% sigmoid_forward | wrong | positive half only
#- out = np.where(x >= 0, 1, z) / (1 + z)
#+ out = 1 / (1 + z)

# %% sigmoid_backward | right | in steps
def sigmoid_backward(dout, cache):
    s = cache
    local = s - s * s
    return local * dout

# %% sigmoid_backward | right | own forward that caches x
def sigmoid_forward(x):
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z), x

def sigmoid_backward(dout, cache):
    z = np.exp(-np.abs(cache))
    return dout * z / (1 + z) ** 2

# %% sigmoid_backward | right | in place on its own copy
def sigmoid_backward(dout, cache):
    dx = np.array(dout)
    dx *= cache
    dx *= 1 - cache
    return dx

# %% sigmoid_backward | right | einsum
def sigmoid_backward(dout, cache):
    return np.einsum("...,...,...->...", dout, cache, 1 - cache)

# %% sigmoid_backward | wrong | forgets dout
def sigmoid_backward(dout, cache):
    return cache * (1 - cache)

# %% sigmoid_backward | wrong | sigmoid of the sigmoid
def sigmoid_backward(dout, cache):
    s = sigmoid_forward(cache)[0]
    return dout * s * (1 - s)

# %% sigmoid_backward | wrong | slope of tanh
def sigmoid_backward(dout, cache):
    return dout * (1 - cache**2)

# %% sigmoid_backward | wrong | changes dout in place
def sigmoid_backward(dout, cache):
    dout *= cache * (1 - cache)
    return dout

# %% sigmoid_backward | wrong | exponential overflows
def sigmoid_forward(x):
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z), x

def sigmoid_backward(dout, cache):
    return dout * np.exp(-cache) / (1 + np.exp(-cache)) ** 2

# %% tanh_forward | right | through the sigmoid
def tanh_forward(x):
    out = 2 * sigmoid_forward(2 * x)[0] - 1
    return out, out

# %% tanh_forward | right | cache is a tuple
def tanh_forward(x):
    return np.tanh(x), (x, np.tanh(x))

# %% tanh_forward | right | stable quotient
def tanh_forward(x):
    z = np.exp(-2 * np.abs(x))
    out = np.sign(x) * (1 - z) / (1 + z)
    return out, out

# %% tanh_forward | right | one entry at a time
import math

def tanh_forward(x):
    out = np.array([math.tanh(v) for v in x.ravel()], dtype=x.dtype).reshape(x.shape)
    return out, out

# %% tanh_forward | wrong | quotient that overflows
def tanh_forward(x):
    a, b = np.exp(x), np.exp(-x)
    out = (a - b) / (a + b)
    return out, out

# %% tanh_forward | wrong | sigmoid of x in place of 2x
def tanh_forward(x):
    out = 2 * sigmoid_forward(x)[0] - 1
    return out, out

# %% tanh_forward | wrong | changes x in place
def tanh_forward(x):
    return np.tanh(x, out=x), x

# %% tanh_forward | wrong | no cache
def tanh_forward(x):
    return np.tanh(x)

# %% tanh_backward | right | product of sum and difference
def tanh_backward(dout, cache):
    return dout * (1 - cache) * (1 + cache)

# %% tanh_backward | right | own forward that caches x
def tanh_forward(x):
    return np.tanh(x), x

def tanh_backward(dout, cache):
    return (1 - np.tanh(cache) ** 2) * dout

# %% tanh_backward | right | difference
def tanh_backward(dout, cache):
    return dout - dout * cache * cache

# %% tanh_backward | right | in place on its own array
def tanh_backward(dout, cache):
    local = np.square(cache)
    np.subtract(1, local, out=local)
    local *= dout
    return local

# %% tanh_backward | wrong | tanh of tanh
def tanh_backward(dout, cache):
    return dout * (1 - np.tanh(cache) ** 2)

# %% tanh_backward | wrong | forgets the square
def tanh_backward(dout, cache):
    return dout * (1 - cache)

# %% tanh_backward | wrong | forgets dout
def tanh_backward(dout, cache):
    return 1 - cache**2

# %% tanh_backward | wrong | changes dout in place
def tanh_backward(dout, cache):
    dout *= 1 - cache**2
    return dout

# %% tanh_backward | wrong | slope of the sigmoid
def tanh_backward(dout, cache):
    return dout * cache * (1 - cache)

# %% leaky_relu_forward | right | maximum, for a slope below 1
def leaky_relu_forward(x, alpha=0.1):
    return np.maximum(x, alpha * x), (x, alpha)

# %% leaky_relu_forward | right | mask on a copy
def leaky_relu_forward(x, alpha=0.1):
    out = x.copy()
    out[out < 0] *= alpha
    return out, (x, alpha)

# %% leaky_relu_forward | right | two halves
def leaky_relu_forward(x, alpha=0.1):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0), (x, alpha)

# %% leaky_relu_forward | right | loop
def leaky_relu_forward(x, alpha=0.1):
    out = np.array([v if v > 0 else alpha * v for v in x.flatten()]).reshape(x.shape)
    return out, (x, alpha)

# %% leaky_relu_forward | wrong | alpha written in
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, 0.1 * x), x

# %% leaky_relu_forward | wrong | plain ReLU
def leaky_relu_forward(x, alpha=0.1):
    return np.maximum(x, 0), x

# %% leaky_relu_forward | wrong | constant alpha on the negative side
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha), x

# %% leaky_relu_forward | wrong | changes x in place
def leaky_relu_forward(x, alpha=0.1):
    x[x < 0] *= alpha
    return x, x

# %% leaky_relu_forward | wrong | sides swapped
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, alpha * x, x), x

# %% leaky_relu_backward | right | own forward that caches x
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout)

# %% leaky_relu_backward | right | masks add up
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return dout * (x >= 0) + alpha * dout * (x < 0)

# %% leaky_relu_backward | right | on a copy
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def leaky_relu_backward(dout, cache):
    x, alpha = cache
    dx = dout.copy()
    dx[x <= 0] *= alpha
    return dx

# %% leaky_relu_backward | right | cached slopes
def leaky_relu_backward(dout, cache):
    return np.multiply(cache, dout)

# %% leaky_relu_backward | wrong | sign of dout decides
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return np.where(dout > 0, dout, alpha * dout)

# %% leaky_relu_backward | wrong | changes dout in place
def leaky_relu_backward(dout, cache):
    dout *= cache
    return dout

# %% leaky_relu_backward | wrong | zero on the negative side
def leaky_relu_backward(dout, cache):
    return dout * (cache == 1)

# %% leaky_relu_backward | wrong | forgets dout
def leaky_relu_backward(dout, cache):
    return cache

# %% leaky_relu_backward | wrong | alpha not times dout
def leaky_relu_forward(x, alpha=0.1):
    return np.where(x > 0, x, alpha * x), (x, alpha)

def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha)

# %% prelu_forward | right | two halves
def prelu_forward(x, a):
    return np.maximum(x, 0) + np.minimum(x, 0) * a, (x, a)

# %% prelu_forward | right | slopes
def prelu_forward(x, a):
    slope = (x > 0) + a * (x <= 0)
    return slope * x, slope

# %% prelu_forward | right | column by column
def prelu_forward(x, a):
    out = np.zeros(x.shape)
    for j in range(x.shape[1]):
        column = x[:, j]
        out[:, j] = np.where(column > 0, column, a[j] * column)
    return out, (x, a)

# %% prelu_forward | right | mask on a copy
def prelu_forward(x, a):
    out, negative = x.copy(), x < 0
    out[negative] = (x * a)[negative]
    return out, (x, a, negative)

# %% prelu_forward | wrong | maximum, which needs a slope below 1
def prelu_forward(x, a):
    return np.maximum(x, a * x), (x, a)

# %% prelu_forward | wrong | one slope for all
def prelu_forward(x, a):
    return np.where(x > 0, x, a[0] * x), (x, a)

# %% prelu_forward | wrong | changes x in place
def prelu_forward(x, a):
    x *= np.where(x > 0, 1, a)
    return x, (x, a)

# %% prelu_forward | wrong | absolute slope
def prelu_forward(x, a):
    return np.where(x > 0, x, np.abs(a) * x), (x, a)

# %% prelu_backward | right | masks
def prelu_backward(dout, cache):
    x, a = cache
    negative = x <= 0
    dx = dout * (~negative + negative * a)
    return dx, (dout * x * negative).sum(0)

# %% prelu_backward | right | einsum
def prelu_backward(dout, cache):
    x, a = cache
    return dout * np.where(x > 0, 1, a), np.einsum("nd,nd->d", dout, np.minimum(0, x))

# %% prelu_backward | right | loops
def prelu_backward(dout, cache):
    x, a = cache
    dx, da = np.zeros(x.shape), np.zeros(a.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > 0:
                dx[i, j] = dout[i, j]
            else:
                dx[i, j] = a[j] * dout[i, j]
                da[j] += x[i, j] * dout[i, j]
    return dx, da

# %% prelu_backward | right | on a copy, list of two
def prelu_backward(dout, cache):
    x, a = cache
    dx = dout.copy()
    where = x < 0
    dx[where] = (dout * a)[where]
    da = np.where(where, x * dout, 0)
    return [dx, np.sum(da, axis=0)]

# %% prelu_backward | wrong | da not summed
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = dout * np.minimum(x, 0)

# %% prelu_backward | wrong | da meaned
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = np.mean(dout * np.minimum(x, 0), axis=0)

# %% prelu_backward | wrong | da over positive entries too
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = np.sum(dout * x, axis=0)

# %% prelu_backward | wrong | da without dout
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = np.sum(np.minimum(x, 0), axis=0)

# %% prelu_backward | wrong | da along the rows
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = np.sum(dout * np.minimum(x, 0), axis=1)

# %% prelu_backward | wrong | sign of dout decides
#- dx = np.where(x > 0, dout, a * dout)
#+ dx = np.where(dout > 0, dout, a * dout)

# %% prelu_backward | wrong | zero slope
#- dx = np.where(x > 0, dout, a * dout)
#+ dx = np.where(x > 0, dout, 0)

# %% prelu_backward | wrong | returns dx alone
#- return dx, da
#+ return dx

# %% prelu_backward | wrong | a single number for da
#- da = np.sum(dout * np.minimum(x, 0), axis=0)
#+ da = np.sum(dout * np.minimum(x, 0))

# %% elu_forward | right | where with exp
def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return out, (x, out, alpha)

# %% elu_forward | right | two halves
def elu_forward(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0)), (x, alpha)

# %% elu_forward | right | mask on a copy
def elu_forward(x, alpha=1.0):
    out = x.copy()
    negative = x < 0
    out[negative] = alpha * (np.exp(x[negative]) - 1)
    return out, (x, alpha)

# %% elu_forward | right | where that overflows in the unused branch
def elu_forward(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1)), (x, alpha)

# %% elu_forward | right | one entry at a time
import math

def elu_forward(x, alpha=1.0):
    out = [v if v > 0 else alpha * math.expm1(v) for v in x.ravel().tolist()]
    return np.array(out).reshape(x.shape), (x, alpha)

# %% elu_forward | wrong | mask times infinity
def elu_forward(x, alpha=1.0):
    return x * (x > 0) + alpha * (np.exp(x) - 1) * (x <= 0), (x, alpha)

# %% elu_forward | wrong | forgets minus one
def elu_forward(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0))), (x, alpha)

# %% elu_forward | wrong | alpha on the exponential only
def elu_forward(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1), (x, alpha)

# %% elu_forward | wrong | alpha in the exponent
def elu_forward(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(np.minimum(alpha * x, 0))), (x, alpha)

# %% elu_forward | wrong | ignores alpha
def elu_forward(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0))), (x, alpha)

# %% elu_forward | wrong | changes x in place
def elu_forward(x, alpha=1.0):
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x, (x, alpha)

# %% elu_backward | right | from the output
def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return out, (out, alpha)

def elu_backward(dout, cache):
    out, alpha = cache
    return np.where(out > 0, dout, dout * (out + alpha))

# %% elu_backward | right | mask on a copy
def elu_backward(dout, cache):
    x, alpha = cache
    dx = np.array(dout, copy=True)
    dx[x < 0] *= alpha * np.exp(x[x < 0])
    return dx

# %% elu_backward | right | two masks
def elu_backward(dout, cache):
    x, alpha = cache
    return dout * (x > 0) + dout * alpha * np.exp(np.minimum(x, 0)) * (x <= 0)

# %% elu_backward | right | where that overflows in the unused branch
def elu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, 1.0, alpha * np.exp(x)) * dout

# %% elu_backward | wrong | mask times infinity
def elu_backward(dout, cache):
    x, alpha = cache
    return dout * ((x > 0) + alpha * np.exp(x) * (x <= 0))

# %% elu_backward | wrong | ignores alpha
def elu_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1, np.exp(np.minimum(x, 0)))

# %% elu_backward | wrong | slope is the value
def elu_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1, alpha * np.expm1(np.minimum(x, 0)))

# %% elu_backward | wrong | forgets dout
def elu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))

# %% elu_backward | wrong | changes dout in place
def elu_backward(dout, cache):
    x, alpha = cache
    dout *= np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))
    return dout

# %% maxout_forward | right | where
def maxout_forward(x, w1, b1, w2, b2):
    z1, z2 = x.dot(w1) + b1, x.dot(w2) + b2
    return np.where(z1 >= z2, z1, z2), (x, w1, w2, z1 >= z2)

# %% maxout_forward | right | stacked
def maxout_forward(x, w1, b1, w2, b2):
    z = np.stack([x @ w1 + b1, x @ w2 + b2])
    return z.max(axis=0), (x, w1, w2, z.argmax(axis=0))

# %% maxout_forward | right | difference through ReLU
def maxout_forward(x, w1, b1, w2, b2):
    second = x @ w2 + b2
    gap = x @ (w1 - w2) + (b1 - b2)
    return second + np.maximum(gap, 0), (x, w1, w2, gap > 0)

# %% maxout_forward | right | one product of both
def maxout_forward(x, w1, b1, w2, b2):
    both = x @ np.hstack([w1, w2]) + np.concatenate([b1, b2])
    first, second = np.split(both, 2, axis=1)
    return np.maximum(first, second), (x, w1, w2, first > second)

# %% maxout_forward | right | einsum
def maxout_forward(x, w1, b1, w2, b2):
    W, b = np.array([w1, w2]), np.array([b1, b2])
    z = np.einsum("nd,kdh->knh", x, W) + b[:, None]
    return np.amax(z, axis=0), z

# %% maxout_forward | wrong | maximum of the weights
def maxout_forward(x, w1, b1, w2, b2):
    return x @ np.maximum(w1, w2) + np.maximum(b1, b2), None

# %% maxout_forward | wrong | biases behind the maximum
def maxout_forward(x, w1, b1, w2, b2):
    return np.maximum(x @ w1, x @ w2) + b1, None

# %% maxout_forward | wrong | forgets the second bias
def maxout_forward(x, w1, b1, w2, b2):
    return np.maximum(x @ w1 + b1, x @ w2), None

# %% maxout_forward | wrong | one winner for the whole row
def maxout_forward(x, w1, b1, w2, b2):
    z1, z2 = x @ w1 + b1, x @ w2 + b2
    return np.where(z1.sum(1, keepdims=True) > z2.sum(1, keepdims=True), z1, z2), None

# %% maxout_forward | wrong | minimum
def maxout_forward(x, w1, b1, w2, b2):
    return np.minimum(x @ w1 + b1, x @ w2 + b2), None

# %% maxout_forward | wrong | changes the weights in place
def maxout_forward(x, w1, b1, w2, b2):
    out = np.maximum(x @ w1 + b1, x @ w2 + b2)
    w1 += 0.0
    b1 *= 2
    return out, None

# %% maxout_backward | right | where
def maxout_backward(dout, cache):
    x, w1, w2, won = cache
    d1, d2 = np.where(won, dout, 0), np.where(won, 0, dout)
    dx = d1.dot(w1.T) + d2.dot(w2.T)
    return dx, x.T.dot(d1), np.sum(d1, axis=0), x.T.dot(d2), np.sum(d2, axis=0)

# %% maxout_backward | right | einsum
def maxout_backward(dout, cache):
    x, w1, w2, won = cache
    d = np.stack([dout * won, dout * ~won])
    w = np.stack([w1, w2])
    dx = np.einsum("knh,kdh->nd", d, w)
    dw = np.einsum("nd,knh->kdh", x, d)
    db = d.sum(axis=1)
    return dx, dw[0], db[0], dw[1], db[1]

# %% maxout_backward | right | the affine layer's own backward
def maxout_backward(dout, cache):
    x, w1, w2, won = cache
    dx1, dw1, db1 = affine_backward(dout * won, (x, w1, None))
    dx2, dw2, db2 = affine_backward(dout * (1 - won), (x, w2, None))
    return dx1 + dx2, dw1, db1, dw2, db2

# %% maxout_backward | right | ties in halves
def maxout_forward(x, w1, b1, w2, b2):
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, 0.5 * (1 + np.sign(first - second)))

def maxout_backward(dout, cache):
    x, w1, w2, share = cache
    d1, d2 = dout * share, dout * (1 - share)
    return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(0), x.T @ d2, d2.sum(0)

# %% maxout_backward | right | loops
def maxout_backward(dout, cache):
    x, w1, w2, won = cache
    dx, dw1, dw2 = np.zeros(x.shape), np.zeros(w1.shape), np.zeros(w2.shape)
    db1, db2 = np.zeros(w1.shape[1]), np.zeros(w2.shape[1])
    for i in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            w, dw, db = (w1, dw1, db1) if won[i, j] else (w2, dw2, db2)
            dx[i] += dout[i, j] * w[:, j]
            dw[:, j] += dout[i, j] * x[i]
            db[j] += dout[i, j]
    return dx, dw1, db1, dw2, db2

# %% maxout_backward | wrong | ties counted twice
def maxout_forward(x, w1, b1, w2, b2):
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first, second)

def maxout_backward(dout, cache):
    x, w1, w2, first, second = cache
    d1, d2 = dout * (first >= second), dout * (second >= first)
    return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(0), x.T @ d2, d2.sum(0)

# %% maxout_backward | wrong | ties lost
def maxout_forward(x, w1, b1, w2, b2):
    first, second = x @ w1 + b1, x @ w2 + b2
    return np.maximum(first, second), (x, w1, w2, first, second)

def maxout_backward(dout, cache):
    x, w1, w2, first, second = cache
    d1, d2 = dout * (first > second), dout * (second > first)
    return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(0), x.T @ d2, d2.sum(0)

# %% maxout_backward | wrong | both pieces get all
#- d1 = dout * first_won
#- d2 = dout - d1
#+ d1 = dout
#+ d2 = dout

# %% maxout_backward | wrong | dx of one piece only
#- return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
#+ return d1 @ w1.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)

# %% maxout_backward | wrong | pieces swapped
#- return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
#+ return d1 @ w1.T + d2 @ w2.T, x.T @ d2, d2.sum(axis=0), x.T @ d1, d1.sum(axis=0)

# %% maxout_backward | wrong | biases meaned
#- return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
#+ return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.mean(axis=0), x.T @ d2, d2.mean(axis=0)

# %% maxout_backward | wrong | order of the results
#- return d1 @ w1.T + d2 @ w2.T, x.T @ d1, d1.sum(axis=0), x.T @ d2, d2.sum(axis=0)
#+ return d1 @ w1.T + d2 @ w2.T, x.T @ d1, x.T @ d2, d1.sum(axis=0), d2.sum(axis=0)

# %% saturated_fraction | right | thresholds on x
def saturated_fraction(activation, x):
    edge = {"sigmoid": 2 * np.arccosh(10), "tanh": np.arccosh(10)}
    if activation not in edge:
        raise ValueError(activation)
    return (np.abs(x) > edge[activation]).mean()

# %% saturated_fraction | right | from the outputs
def saturated_fraction(activation, x):
    if activation == "tanh":
        slope = 1 - np.tanh(x) ** 2
        limit = 0.01
    elif activation == "sigmoid":
        s, _ = sigmoid_forward(x)
        slope = s * (1 - s)
        limit = 0.0025
    else:
        raise ValueError("unknown activation")
    return np.count_nonzero(slope < limit) / slope.size

# %% saturated_fraction | right | match
def saturated_fraction(activation, x):
    match activation:
        case "sigmoid":
            slope = 4 * sigmoid_backward(1.0, sigmoid_forward(x)[1])
        case "tanh":
            slope = tanh_backward(1.0, tanh_forward(x)[1])
        case _:
            raise ValueError(f"no activation {activation}")
    return float((slope < 0.01).sum() / x.size)

# %% saturated_fraction | right | both are one function
def saturated_fraction(activation, x):
    scale = {"sigmoid": 0.5, "tanh": 1.0}
    if activation not in scale:
        raise ValueError("sigmoid or tanh")
    flat = (scale[activation] * x).reshape(-1)
    return sum(1 - np.tanh(v) ** 2 < 0.01 for v in flat) / len(flat)

# %% saturated_fraction | wrong | 1 % absolute for the sigmoid
#- return np.mean(slope < 0.01 * steepest)
#+ return np.mean(slope < 0.01)

# %% saturated_fraction | wrong | the upper side only
def saturated_fraction(activation, x):
    edge = {"sigmoid": 2 * np.arccosh(10), "tanh": np.arccosh(10)}
    if activation not in edge:
        raise ValueError(activation)
    return (x > edge[activation]).mean()

# %% saturated_fraction | wrong | the outputs near 1
def saturated_fraction(activation, x):
    if activation not in ("sigmoid", "tanh"):
        raise ValueError(activation)
    out = np.tanh(x) if activation == "tanh" else sigmoid_forward(x)[0]
    return np.mean(np.abs(out) > 0.99)

# %% saturated_fraction | wrong | a count
#- return np.mean(slope < 0.01 * steepest)
#+ return np.sum(slope < 0.01 * steepest)

# %% saturated_fraction | wrong | the healthy share
#- return np.mean(slope < 0.01 * steepest)
#+ return np.mean(slope >= 0.01 * steepest)

# %% saturated_fraction | wrong | no ValueError
def saturated_fraction(activation, x):
    edge = np.arccosh(10) if activation == "tanh" else 2 * np.arccosh(10)
    return (np.abs(x) > edge).mean()

# %% dead_fraction | right | any
def dead_fraction(out):
    return 1 - np.any(out, axis=0).mean()

# %% dead_fraction | right | maximum
def dead_fraction(out):
    return np.mean(out.max(axis=0) <= 0)

# %% dead_fraction | right | loop
def dead_fraction(out):
    dead = 0
    for j in range(out.shape[1]):
        if not out[:, j].any():
            dead += 1
    return dead / out.shape[1]

# %% dead_fraction | right | counting
def dead_fraction(out):
    return float(np.sum(np.count_nonzero(out, axis=0) == 0)) / len(out.T)

# %% dead_fraction | wrong | share of zeros
def dead_fraction(out):
    return np.mean(out == 0)

# %% dead_fraction | wrong | along the rows
def dead_fraction(out):
    return np.mean(np.all(out == 0, axis=1))

# %% dead_fraction | wrong | zero once is dead
def dead_fraction(out):
    return np.mean(np.any(out == 0, axis=0))

# %% dead_fraction | wrong | a count
def dead_fraction(out):
    return np.sum(np.all(out == 0, axis=0))

# %% dead_fraction | wrong | nearly zero is dead
def dead_fraction(out):
    return np.mean(np.all(np.abs(out) < 1e-8, axis=0))

# %% dead_fraction | wrong | divides by the examples
def dead_fraction(out):
    return np.sum(np.all(out == 0, axis=0)) / len(out)

# %% dead_fraction | wrong | small mean
def dead_fraction(out):
    return np.mean(out.mean(axis=0) < 0.05)
