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

# %% sigmoid_forward | right | from the release, clipped where it does not show
def sigmoid_forward(x):
    y = 1 / (1 + np.exp(-np.clip(x, -500, 500)))
    return y, {"y": y}

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

# %% sigmoid_forward | wrong | half of 1 + tanh, which is 0 far out
def sigmoid_forward(x):
    out = (1 + np.tanh(x / 2)) / 2
    return out, out

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

# %% leaky_relu_forward | right | from the release, slopes times x
def leaky_relu_forward(x, alpha=0.1):
    slope = np.ones(x.shape)
    slope[x <= 0] = alpha
    return slope * x, slope

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

# %% leaky_relu_forward | wrong | slopes in an array of integers
def leaky_relu_forward(x, alpha=0.1):
    slope = np.ones(x.shape, dtype=int)
    slope[x <= 0] = alpha
    return slope * x, slope

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

# %% elu_forward | right | from the release, expm1
def elu_forward(x, alpha=1.0):
    out = x.astype(np.float64)
    low = out <= 0
    out[low] = alpha * np.expm1(out[low])
    return out, (out, low, alpha)

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

# %% saturated_fraction | right | from the release, its own backward functions, counted
def saturated_fraction(activation, x):
    functions = {"sigmoid": (sigmoid_forward, sigmoid_backward, 0.25), "tanh": (tanh_forward, tanh_backward, 1.0)}
    if activation not in functions:
        raise ValueError("sigmoid or tanh")
    f, b, top = functions[activation]
    _, cache = f(x)
    slopes = b(np.ones(x.shape), cache)
    n = 0
    for s in slopes.ravel():
        if s < top / 100:
            n = n + 1
    return n / x.size

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

# %% preprocess | right | branches
def preprocess(X_train, X_other, kind):
    mu = X_train.mean(0)
    A, B = X_train - mu, X_other - mu
    if kind == "center":
        return A, B
    if kind == "normalize":
        sigma = X_train.std(0)
        sigma[sigma == 0] = 1
        return A / sigma, B / sigma
    if kind == "whiten":
        lam, U = np.linalg.eigh(A.T @ A / len(A))
        lam = np.maximum(lam, 0)
        return A @ U / np.sqrt(lam + 1e-5), B @ U / np.sqrt(lam + 1e-5)
    raise ValueError(kind)

# %% preprocess | right | singular values
def preprocess(X_train, X_other, kind):
    mu = np.mean(X_train, axis=0, keepdims=True)
    results = []
    U, S, _ = np.linalg.svd(np.cov((X_train - mu).T, bias=True).reshape(X_train.shape[1], -1))
    for X in (X_train, X_other):
        Z = X - mu
        if kind == "normalize":
            sigma = np.sqrt(np.mean((X_train - mu) ** 2, axis=0))
            Z = Z / np.where(sigma == 0, 1.0, sigma)
        elif kind == "whiten":
            Z = np.dot(Z, U) / np.sqrt(S + 1e-5)
        elif kind != "center":
            raise ValueError("unknown kind")
        results.append(Z)
    return results[0], results[1]

# %% preprocess | right | ZCA
def preprocess(X_train, X_other, kind):
    mu = X_train.mean(axis=0)
    C = X_train - mu
    if kind == "center":
        M = np.eye(C.shape[1])
    elif kind == "normalize":
        sd = np.sqrt((C * C).mean(axis=0))
        M = np.diag([1 / s if s > 0 else 1.0 for s in sd])
    elif kind == "whiten":
        lam, U = np.linalg.eigh(C.T @ C / C.shape[0])
        M = U @ np.diag(1 / np.sqrt(lam + 1e-5)) @ U.T
    else:
        raise ValueError(f"kind {kind}")
    return C @ M, (X_other - mu) @ M

# %% preprocess | right | in place on its own copies
def preprocess(X_train, X_other, kind):
    if kind not in ("center", "normalize", "whiten"):
        raise ValueError("kind")
    A, B = X_train.copy(), X_other.copy()
    mu = A.mean(axis=0)
    A -= mu
    B -= mu
    if kind == "normalize":
        sigma = A.std(axis=0)
        sigma = np.where(sigma > 0, sigma, 1)
        A /= sigma
        B /= sigma
    if kind == "whiten":
        lam, U = np.linalg.eigh(np.einsum("ni,nj->ij", A, A) / A.shape[0])
        W = U / np.sqrt(lam + 1e-5)
        A, B = A.dot(W), B.dot(W)
    return A, B

# %% preprocess | wrong | other data by their own mean
def preprocess(X_train, X_other, kind):
    def own(X):
        C = X - X.mean(axis=0)
        if kind == "center":
            return C
        if kind == "normalize":
            s = C.std(axis=0)
            return C / np.where(s > 0, s, 1)
        if kind == "whiten":
            lam, U = np.linalg.eigh(C.T @ C / len(C))
            return C @ U / np.sqrt(lam + 1e-5)
        raise ValueError(kind)
    return own(X_train), own(X_other)

# %% preprocess | wrong | statistics of both together
#- mean = X_train.mean(axis=0)
#+ mean = np.concatenate([X_train, X_other]).mean(axis=0)

# %% preprocess | wrong | one mean for all pixels
#- mean = X_train.mean(axis=0)
#+ mean = np.full(X_train.shape[1], X_train.mean())

# %% preprocess | wrong | mean of each example
def preprocess(X_train, X_other, kind):
    A = X_train - X_train.mean(axis=1, keepdims=True)
    B = X_other - X_other.mean(axis=1, keepdims=True)
    return A, B

# %% preprocess | wrong | divides by the variance
#- std = centred.std(axis=0)
#+ std = centred.var(axis=0)

# %% preprocess | wrong | 0 / 0 for a constant column
#- transform = np.diag(1 / np.where(std > 0, std, 1))
#+ transform = np.diag(1 / std)

# %% preprocess | wrong | one deviation for all
#- std = centred.std(axis=0)
#+ std = np.full(len(mean), centred.std())

# %% preprocess | wrong | decorrelates without scaling
#- transform = U / np.sqrt(eigenvalues + 1e-5)
#+ transform = U

# %% preprocess | wrong | divides by the eigenvalue
#- transform = U / np.sqrt(eigenvalues + 1e-5)
#+ transform = U / (eigenvalues + 1e-5)

# %% preprocess | wrong | eigenvectors in the rows
#- transform = U / np.sqrt(eigenvalues + 1e-5)
#+ transform = U.T / np.sqrt(eigenvalues + 1e-5)

# %% preprocess | wrong | whitens without centring
#- eigenvalues, U = np.linalg.eigh(centred.T @ centred / len(centred))
#+ eigenvalues, U = np.linalg.eigh(X_train.T @ X_train / len(centred))

# %% preprocess | wrong | no epsilon
#- transform = U / np.sqrt(eigenvalues + 1e-5)
#+ transform = U / np.sqrt(eigenvalues)

# %% preprocess | wrong | changes X_train in place
def preprocess(X_train, X_other, kind):
    if kind not in ("center", "normalize", "whiten"):
        raise ValueError("kind")
    mu = X_train.mean(axis=0)
    X_train -= mu
    A, B = X_train, X_other - mu
    if kind == "normalize":
        sigma = A.std(axis=0)
        sigma = np.where(sigma > 0, sigma, 1)
        return A / sigma, B / sigma
    if kind == "whiten":
        lam, U = np.linalg.eigh(A.T @ A / len(A))
        return A @ U / np.sqrt(lam + 1e-5), B @ U / np.sqrt(lam + 1e-5)
    return A, B

# %% preprocess | wrong | an unknown kind does nothing
#- raise ValueError(f"kind is 'center', 'normalize' or 'whiten', not {kind!r}")
#+ transform = np.eye(len(mean))

# %% preprocess | wrong | training data alone
#- return centred @ transform, (X_other - mean) @ transform
#+ return centred @ transform

# %% preprocess | wrong | a tiny number added to the deviation
def preprocess(X_train, X_other, kind):
    if kind not in ("center", "normalize", "whiten"):
        raise ValueError("unknown kind " + str(kind))
    m = X_train.mean(0); s = X_train.std(0) + 1e-8
    A, B = X_train - m, X_other - m
    if kind == "normalize":
        return A / s, B / s
    if kind == "whiten":
        lam, U = np.linalg.eigh(A.T @ A / len(A))
        return A @ U / np.sqrt(lam + 1e-5), B @ U / np.sqrt(lam + 1e-5)
    return A, B

# %% preprocess | wrong | deviation with N - 1
def preprocess(X_train, X_other, kind):
    if kind not in ("center", "normalize", "whiten"):
        raise ValueError("unknown kind " + str(kind))
    m = X_train.mean(0); s = X_train.std(0, ddof=1)
    A, B = X_train - m, X_other - m
    if kind == "normalize":
        return A / s, B / s
    if kind == "whiten":
        lam, U = np.linalg.eigh(np.cov(A.T))
        return A @ U / np.sqrt(lam + 1e-5), B @ U / np.sqrt(lam + 1e-5)
    return A, B

# %% preprocess | wrong | normalises without centring
def preprocess(X_train, X_other, kind):
    if kind == "center":
        return X_train - X_train.mean(0), X_other - X_train.mean(0)
    if kind == "normalize":
        s = X_train.std(0); s = np.where(s > 0, s, 1)
        return X_train / s, X_other / s
    if kind == "whiten":
        m = X_train.mean(0)
        A, B = X_train - m, X_other - m
        lam, U = np.linalg.eigh(A.T @ A / len(A))
        return A @ U / np.sqrt(lam + 1e-5), B @ U / np.sqrt(lam + 1e-5)
    raise ValueError

# %% initialize | right | branches
def initialize(fan_in, fan_out, scheme, rng):
    W = rng.standard_normal((fan_in, fan_out))
    if scheme == "small":
        return 0.01 * W
    if scheme == "large":
        return W
    if scheme == "xavier":
        return W / np.sqrt(fan_in)
    if scheme == "he":
        return W * np.sqrt(2.0 / fan_in)
    raise ValueError(f"unknown scheme {scheme}")

# %% initialize | right | match
def initialize(fan_in, fan_out, scheme, rng):
    match scheme:
        case "small":
            std = 1e-2
        case "large":
            std = 1
        case "xavier":
            std = fan_in**-0.5
        case "he":
            std = (fan_in / 2) ** -0.5
        case _:
            raise ValueError(scheme)
    return rng.normal(0, std, (fan_in, fan_out))

# %% initialize | right | drawn the other way round
def initialize(fan_in, fan_out, scheme, rng):
    std = {"small": 0.01, "large": 1, "xavier": 1 / np.sqrt(fan_in), "he": np.sqrt(2) / np.sqrt(fan_in)}
    try:
        return std[scheme] * rng.standard_normal((fan_out, fan_in)).T
    except KeyError:
        raise ValueError("scheme") from None

# %% initialize | right | float32
def initialize(fan_in, fan_out, scheme, rng):
    variance = {"small": 1e-4, "large": 1.0, "xavier": 1 / fan_in, "he": 2 / fan_in}
    if scheme not in variance:
        raise ValueError("scheme")
    W = rng.standard_normal(size=(fan_in, fan_out), dtype=np.float32)
    W *= np.float32(np.sqrt(variance[scheme]))
    return W

# %% initialize | right | from the release, row by row
def initialize(fan_in, fan_out, scheme, rng):
    if scheme == "small":
        s = 0.01
    elif scheme == "large":
        s = 1
    elif scheme == "xavier":
        s = fan_in**-0.5
    elif scheme == "he":
        s = (2 / fan_in) ** 0.5
    else:
        raise ValueError(scheme)
    W = np.zeros((fan_in, fan_out))
    for i in range(fan_in):
        W[i] = rng.normal(0, s, fan_out)
    return W

# %% initialize | wrong | fan-out
def initialize(fan_in, fan_out, scheme, rng):
    deviations = {"small": 0.01, "large": 1.0, "xavier": np.sqrt(1 / fan_out), "he": np.sqrt(2 / fan_out)}
    if scheme not in deviations:
        raise ValueError(scheme)
    return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | mean of both fans
def initialize(fan_in, fan_out, scheme, rng):
    n = (fan_in + fan_out) / 2
    deviations = {"small": 0.01, "large": 1.0, "xavier": np.sqrt(1 / n), "he": np.sqrt(2 / n)}
    if scheme not in deviations:
        raise ValueError(scheme)
    return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | no root
def initialize(fan_in, fan_out, scheme, rng):
    deviations = {"small": 0.01, "large": 1.0, "xavier": 1 / fan_in, "he": 2 / fan_in}
    if scheme not in deviations:
        raise ValueError(scheme)
    return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | he and xavier swapped
def initialize(fan_in, fan_out, scheme, rng):
    deviations = {"small": 0.01, "large": 1.0, "xavier": np.sqrt(2 / fan_in), "he": np.sqrt(1 / fan_in)}
    if scheme not in deviations:
        raise ValueError(scheme)
    return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | global generator
#- return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
#+ return np.random.normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | its own seed
#- return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
#+ return np.random.default_rng(0).normal(scale=deviations[scheme], size=(fan_in, fan_out))

# %% initialize | wrong | uniform from 0
#- return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
#+ return rng.uniform(size=(fan_in, fan_out)) * deviations[scheme]

# %% initialize | wrong | transposed
#- return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
#+ return rng.normal(scale=deviations[scheme], size=(fan_out, fan_in))

# %% initialize | wrong | unknown scheme falls through
#- raise ValueError(f"scheme is one of {', '.join(deviations)}, not {scheme!r}")
#+ scheme = "he"

# %% initialize | wrong | one random number for all
#- return rng.normal(scale=deviations[scheme], size=(fan_in, fan_out))
#+ return np.full((fan_in, fan_out), rng.normal(scale=deviations[scheme]))

# %% initialize | wrong | uniform
def initialize(fan_in, fan_out, scheme, rng):
    s = {"small": 0.01, "large": 1, "xavier": 1 / np.sqrt(fan_in), "he": np.sqrt(2 / fan_in)}.get(scheme)
    if s is None: raise ValueError(scheme)
    return rng.uniform(-s, s, (fan_in, fan_out))

# %% batchnorm_forward | right | as in the notes
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    out, cache = None, None
    if mode == "train":
        mu = x.mean(axis=0)
        var = x.var(axis=0)
        std = np.sqrt(var + eps)
        x_hat = (x - mu) / std
        out = gamma * x_hat + beta
        cache = (x_hat, gamma, std, x, mu)
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    elif mode == "test":
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache

# %% batchnorm_forward | right | graph of small steps
def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if bn_param["mode"] == "test":
        scale = gamma / np.sqrt(bn_param.get("running_var", 0 * gamma) + eps)
        return x * scale + (beta - bn_param.get("running_mean", 0 * gamma) * scale), None
    N = len(x)
    mu = np.sum(x, axis=0) / N
    xmu = x - mu
    sq = xmu**2
    var = np.sum(sq, axis=0) / N
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    for key, new in (("running_mean", mu), ("running_var", var)):
        bn_param[key] = m * bn_param.get(key, np.zeros_like(new)) + (1 - m) * new
    return out, (xhat, gamma, xmu, ivar, sqrtvar, var, eps)

# %% batchnorm_forward | right | running values in place
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, m = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean = bn_param.setdefault("running_mean", np.zeros(x.shape[1]))
    var = bn_param.setdefault("running_var", np.zeros(x.shape[1]))
    if mode == "test":
        return (x - mean) * (gamma / np.sqrt(var + eps)) + beta, None
    if mode != "train":
        raise ValueError(mode)
    mu, sigma2 = x.mean(0), x.var(0)
    mean += (1 - m) * (mu - mean)
    var += (1 - m) * (sigma2 - var)
    s = np.sqrt(sigma2 + eps)
    return gamma * ((x - mu) / s) + beta, ((x - mu) / s, gamma, s)

# %% batchnorm_forward | right | column by column
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, m = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if mode not in ("train", "test"):
        raise ValueError(mode)
    N, D = x.shape
    old_mean = bn_param.get("running_mean", np.zeros(D))
    old_var = bn_param.get("running_var", np.zeros(D))
    out, new_mean, new_var = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for j in range(D):
        if mode == "train":
            mu = sum(x[:, j]) / N
            var = sum((x[:, j] - mu) ** 2) / N
            new_mean[j] = m * old_mean[j] + (1 - m) * mu
            new_var[j] = m * old_var[j] + (1 - m) * var
        else:
            mu, var = old_mean[j], old_var[j]
        out[:, j] = gamma[j] * (x[:, j] - mu) / (var + eps) ** 0.5 + beta[j]
    if mode == "train":
        bn_param.update(running_mean=new_mean, running_var=new_var)
    return out, None

# %% batchnorm_forward | right | float32 kept
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if mode == "train":
        mu = np.mean(x, axis=0, dtype=x.dtype)
        var = np.mean(np.square(x - mu), axis=0, dtype=x.dtype)
        rm = bn_param.get("running_mean", np.zeros_like(mu))
        rv = bn_param.get("running_var", np.zeros_like(var))
        bn_param["running_mean"] = (m * rm + (1 - m) * mu).astype(x.dtype)
        bn_param["running_var"] = (m * rv + (1 - m) * var).astype(x.dtype)
    elif mode == "test":
        mu, var = bn_param["running_mean"], bn_param["running_var"]
    else:
        raise ValueError(mode)
    s = np.sqrt(var + x.dtype.type(eps))
    x_hat = (x - mu) / s
    return gamma * x_hat + beta, (x_hat, gamma, s)

# %% batchnorm_forward | right | from the release, defaults written into the dict
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    bn_param.setdefault("eps", 1e-5)
    bn_param.setdefault("momentum", 0.9)
    D = x.shape[1]
    rm = bn_param.get("running_mean", np.zeros(D))
    rv = bn_param.get("running_var", np.zeros(D))
    if mode == "train":
        mu = x.mean(0)
        var = ((x - mu) ** 2).mean(0)
        p = bn_param["momentum"]
        bn_param["running_mean"] = p * rm + (1 - p) * mu
        bn_param["running_var"] = p * rv + (1 - p) * var
    elif mode == "test":
        mu, var = rm, rv
    else:
        raise ValueError("mode")
    return gamma * (x - mu) / np.sqrt(var + bn_param["eps"]) + beta, (x, gamma, mu, var, bn_param["eps"])

# %% batchnorm_forward | wrong | unbiased variance
#- mean, var = x.mean(axis=0), x.var(axis=0)
#+ mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)

# %% batchnorm_forward | wrong | eps outside the root
#- std = np.sqrt(var + eps)
#+ std = np.sqrt(var) + eps

# %% batchnorm_forward | wrong | no eps
#- std = np.sqrt(var + eps)
#+ std = np.sqrt(var)

# %% batchnorm_forward | wrong | eps written in
#- std = np.sqrt(var + eps)
#+ std = np.sqrt(var + 1e-5)

# %% batchnorm_forward | wrong | divides by the variance
#- std = np.sqrt(var + eps)
#+ std = var + eps

# %% batchnorm_forward | wrong | momentum weighs the new value
#- bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
#- bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
#+ bn_param["running_mean"] = (1 - momentum) * running_mean + momentum * mean
#+ bn_param["running_var"] = (1 - momentum) * running_var + momentum * var

# %% batchnorm_forward | wrong | running values not written back
#- bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
#- bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
#+ running_mean = momentum * running_mean + (1 - momentum) * mean
#+ running_var = momentum * running_var + (1 - momentum) * var

# %% batchnorm_forward | wrong | running values replaced each time
#- bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
#- bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
#+ bn_param["running_mean"] = (1 - momentum) * mean
#+ bn_param["running_var"] = (1 - momentum) * var

# %% batchnorm_forward | wrong | running deviation in place of variance
#- bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
#+ bn_param["running_var"] = momentum * running_var + (1 - momentum) * np.sqrt(var)

# %% batchnorm_forward | wrong | momentum written in
#- eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
#+ eps, momentum = bn_param.get("eps", 1e-5), 0.9

# %% batchnorm_forward | wrong | running values normalise in training
def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] not in ("train", "test"):
        raise ValueError("mode")
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean, var = bn_param.get("running_mean", np.zeros(x.shape[1])), bn_param.get("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "train":
        mean, var = m * mean + (1 - m) * x.mean(0), m * var + (1 - m) * x.var(0)
        bn_param["running_mean"], bn_param["running_var"] = mean, var
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, None

# %% batchnorm_forward | wrong | batch statistics at test time
#- mean, var = running_mean, running_var
#+ mean, var = x.mean(axis=0), x.var(axis=0)

# %% batchnorm_forward | wrong | updates at test time too
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    rm, rv = bn_param.get("running_mean", np.zeros(x.shape[1])), bn_param.get("running_var", np.zeros(x.shape[1]))
    mu, var = x.mean(0), x.var(0)
    bn_param["running_mean"], bn_param["running_var"] = m * rm + (1 - m) * mu, m * rv + (1 - m) * var
    if mode == "test":
        mu, var = rm, rv
    elif mode != "train":
        raise ValueError(mode)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, None

# %% batchnorm_forward | wrong | another mode passes as test
#- elif mode == "test":
#-     mean, var = running_mean, running_var
#- else:
#-     raise ValueError(f"mode is 'train' or 'test', not {mode!r}")
#+ else:
#+     mean, var = running_mean, running_var

# %% batchnorm_forward | wrong | forgets gamma and beta
#- return gamma * x_hat + beta, (x_hat, gamma, std)
#+ return x_hat, (x_hat, gamma, std)

# %% batchnorm_forward | wrong | gamma on the sum
#- return gamma * x_hat + beta, (x_hat, gamma, std)
#+ return gamma * (x_hat + beta), (x_hat, gamma, std)

# %% batchnorm_forward | wrong | along the rows
#- mean, var = x.mean(axis=0), x.var(axis=0)
#+ mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)

# %% batchnorm_forward | wrong | over the whole batch
#- mean, var = x.mean(axis=0), x.var(axis=0)
#+ mean, var = x.mean() + 0 * gamma, x.var() + 0 * gamma

# %% batchnorm_forward | wrong | changes x in place
#- x_hat = (x - mean) / std
#+ x -= mean
#+ x /= std
#+ x_hat = x

# %% batchnorm_forward | wrong | returns out alone
#- return gamma * x_hat + beta, (x_hat, gamma, std)
#+ return gamma * x_hat + beta

# %% batchnorm_forward | wrong | updates a copy of the dict
def batchnorm_forward(x, gamma, beta, bn_param):
    bn_param = dict(bn_param)
    rm = bn_param.get("running_mean", 0); rv = bn_param.get("running_var", 0); eps = bn_param.get("eps", 1e-5)
    if bn_param["mode"] == "train":
        mu, var = x.mean(0), x.var(0)
        bn_param["running_mean"] = 0.9 * rm + 0.1 * mu
        bn_param["running_var"] = 0.9 * rv + 0.1 * var
    else:
        mu, var = rm, rv
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, (x, gamma, mu, var, 1e-5)

# %% batchnorm_forward | wrong | takes every key for granted
def batchnorm_forward(x, gamma, beta, bn_param):
    rm = bn_param["running_mean"]; rv = bn_param["running_var"]; eps = bn_param["eps"]
    mu, var = x.mean(0), x.var(0)
    bn_param["running_mean"] = 0.9 * rm + 0.1 * mu
    bn_param["running_var"] = 0.9 * rv + 0.1 * var
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, (x, gamma, mu, var, 1e-5)

# %% batchnorm_backward | right | twelve small steps
def batchnorm_backward(dout, cache):
    xhat, gamma, s = cache
    N, D = dout.shape
    xmu, ivar = xhat * s, 1 / s
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (s**2) * divar
    dvar = 0.5 / s * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta

# %% batchnorm_backward | right | the paper's formulas
def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    mu, var = x.mean(0), x.var(0)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, (x, mu, var, eps, gamma)

def batchnorm_backward(dout, cache):
    x, mu, var, eps, gamma = cache
    m = x.shape[0]
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=0) + dvar * np.sum(-2 * (x - mu), axis=0) / m
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    return dx, np.sum(dout * (x - mu) / np.sqrt(var + eps), axis=0), np.sum(dout, axis=0)

# %% batchnorm_backward | right | Jacobian of each column
def batchnorm_backward(dout, cache):
    x_hat, gamma, s = cache
    N, D = dout.shape
    dx = np.zeros(dout.shape)
    for j in range(D):
        h = x_hat[:, j : j + 1]
        J = gamma[j] / s[j] * (np.eye(N) - 1 / N - h @ h.T / N)
        dx[:, j] = J @ dout[:, j]
    return dx, np.einsum("nd,nd->d", dout, x_hat), dout.sum(0)

# %% batchnorm_backward | right | closed form straight away
def batchnorm_backward(dout, cache):
    x_hat, gamma, s = cache
    dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / s * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout)), dgamma, dbeta

# %% batchnorm_backward | right | list, in place on its own arrays
def batchnorm_backward(dout, cache):
    x_hat, gamma, s = cache
    g = np.array(dout) * gamma
    g -= g.mean(axis=0)
    g -= x_hat * np.mean(g * x_hat, axis=0)
    g /= s
    return [g, np.sum(dout * x_hat, 0), np.sum(dout, 0)]

# %% batchnorm_backward | wrong | mean and variance taken as constants
#- dx = dcentred - dcentred.mean(axis=0)
#+ dx = dx_hat / std

# %% batchnorm_backward | wrong | the branch through the mean is missing
#- dx = dcentred - dcentred.mean(axis=0)
#+ dx = dcentred

# %% batchnorm_backward | wrong | the branch through the variance is missing
#- dcentred = dx_hat / std + 2 * centred * dvar / len(dout)
#+ dcentred = dx_hat / std

# %% batchnorm_backward | wrong | the mean collects a sum in place of a mean
#- dx = dcentred - dcentred.mean(axis=0)
#+ dx = dcentred - dcentred.sum(axis=0)

# %% batchnorm_backward | wrong | 1/N forgotten in the variance
#- dcentred = dx_hat / std + 2 * centred * dvar / len(dout)
#+ dcentred = dx_hat / std + 2 * centred * dvar

# %% batchnorm_backward | wrong | factor 2 forgotten
#- dcentred = dx_hat / std + 2 * centred * dvar / len(dout)
#+ dcentred = dx_hat / std + centred * dvar / len(dout)

# %% batchnorm_backward | wrong | gamma forgotten
#- dx_hat = dout * gamma
#+ dx_hat = dout

# %% batchnorm_backward | wrong | sign of the variance's branch
#- dstd = -(dx_hat * centred).sum(axis=0) / std**2
#+ dstd = (dx_hat * centred).sum(axis=0) / std**2

# %% batchnorm_backward | wrong | D in place of N
#- dcentred = dx_hat / std + 2 * centred * dvar / len(dout)
#+ dcentred = dx_hat / std + 2 * centred * dvar / dout.shape[1]

# %% batchnorm_backward | wrong | dgamma without x_hat
#- dgamma = (dout * x_hat).sum(axis=0)
#+ dgamma = dout.sum(axis=0)

# %% batchnorm_backward | wrong | dgamma meaned
#- dgamma = (dout * x_hat).sum(axis=0)
#+ dgamma = (dout * x_hat).mean(axis=0)

# %% batchnorm_backward | wrong | changes dout in place
#- dx_hat = dout * gamma
#+ dout *= gamma
#+ dx_hat = dout

# %% batchnorm_backward | wrong | order of the results
#- return dx, dgamma, dbeta
#+ return dx, dbeta, dgamma

# %% batchnorm_backward_alt | right | gamma first
def batchnorm_backward_alt(dout, cache):
    x_hat, gamma, s = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / s
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)

# %% batchnorm_backward_alt | right | einsum
def batchnorm_backward_alt(dout, cache):
    x_hat, gamma, s = cache
    N = dout.shape[0]
    dbeta = np.einsum("nd->d", dout)
    dgamma = np.einsum("nd,nd->d", dout, x_hat)
    return (gamma / s) * (dout - (dbeta + x_hat * dgamma) / N), dgamma, dbeta

# %% batchnorm_backward_alt | right | projection matrix of each column
def batchnorm_backward_alt(dout, cache):
    x_hat, gamma, s = cache
    N = len(dout)
    basis = np.stack([np.ones_like(x_hat), x_hat])
    parts = (basis * dout).sum(axis=1, keepdims=True)
    dx = gamma / s * (dout - (basis * parts).sum(axis=0) / N)
    return dx, parts[1, 0], parts[0, 0]

# %% batchnorm_backward_alt | right | its own forward with inverse deviation
def batchnorm_forward(x, gamma, beta, bn_param):
    ivar = (x.var(axis=0) + bn_param.get("eps", 1e-5)) ** -0.5
    xhat = (x - x.mean(axis=0)) * ivar
    return gamma * xhat + beta, dict(xhat=xhat, gamma=gamma, ivar=ivar)

def batchnorm_backward(dout, cache):
    xhat, gamma, ivar = cache["xhat"], cache["gamma"], cache["ivar"]
    g = dout * gamma
    return ivar * (g - g.mean(0) - xhat * (g * xhat).mean(0)), (dout * xhat).sum(0), dout.sum(0)

def batchnorm_backward_alt(dout, cache):
    xhat, gamma, ivar = cache["xhat"], cache["gamma"], cache["ivar"]
    N = dout.shape[0]
    dbeta, dgamma = dout.sum(axis=0), (dout * xhat).sum(axis=0)
    dx = gamma * ivar / N * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta

# %% batchnorm_backward_alt | wrong | calls the staged version
def batchnorm_backward_alt(dout, cache):
    return batchnorm_backward(dout, cache)

# %% batchnorm_backward_alt | wrong | dbeta and dgamma swapped in dx
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / (n * s) * (n * dout - dgamma - x_hat * dbeta), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | N forgotten before dout
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / (n * s) * (dout - dbeta - x_hat * dgamma), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | 1/N forgotten
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / s * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | gamma forgotten
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return 1 / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | plus in place of minus
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / (n * s) * (n * dout - dbeta + x_hat * dgamma), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | divides by the variance
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / (n * s**2) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta

# %% batchnorm_backward_alt | wrong | D in place of N
#- n = len(dout)
#+ n = dout.shape[1]

# %% batchnorm_backward_alt | wrong | dx alone
#- return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma), dgamma, dbeta
#+ return gamma / (n * s) * (n * dout - dbeta - x_hat * dgamma)

# %% layernorm_forward | right | transposed
def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    xT = x.T
    mu, var = xT.mean(axis=0), xT.var(axis=0)
    std = np.sqrt(var + eps)
    x_hat = ((xT - mu) / std).T
    return x_hat * gamma + beta, (x_hat, gamma, std)

# %% layernorm_forward | right | row by row
def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    out = np.zeros(x.shape)
    for i, row in enumerate(x):
        out[i] = gamma * (row - row.mean()) / np.sqrt(row.var() + eps) + beta
    return out, None

# %% layernorm_forward | right | batchnorm of the transpose
def layernorm_forward(x, gamma, beta, ln_param):
    N = len(x)
    param = {"mode": "train", "eps": ln_param.get("eps", 1e-5)}
    x_hat, cache = batchnorm_forward(x.T, np.ones(N), np.zeros(N), param)
    return gamma * x_hat.T + beta, (gamma, x_hat.T, cache)

# %% layernorm_forward | right | float32 kept, sums
def layernorm_forward(x, gamma, beta, ln_param):
    D = x.shape[1]
    centred = x - (np.sum(x, axis=1) / D)[:, None]
    var = np.einsum("nd,nd->n", centred, centred) / D
    s = np.sqrt(var + x.dtype.type(ln_param.get("eps", 1e-5)))[:, np.newaxis]
    return centred / s * gamma + beta, (centred / s, gamma, s)

# %% layernorm_forward | right | from the release, one row at a time
def layernorm_forward(x, gamma, beta, ln_param):
    eps = 1e-5
    if "eps" in ln_param:
        eps = ln_param["eps"]
    rows = []
    for r in x:
        rows.append((r - r.mean()) / np.sqrt(r.var() + eps))
    z = np.array(rows)
    root = np.sqrt(x.var(axis=1) + eps)
    return z * gamma + beta, (z, root, gamma)

# %% layernorm_forward | wrong | over the batch
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var(axis=0, keepdims=True) + ln_param.get("eps", 1e-5))
    return gamma * (x - x.mean(axis=0, keepdims=True)) / s + beta, None

# %% layernorm_forward | wrong | over everything
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var() + ln_param.get("eps", 1e-5))
    return gamma * (x - x.mean()) / s + beta, None

# %% layernorm_forward | wrong | unbiased variance
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var(axis=1, keepdims=True, ddof=1) + ln_param.get("eps", 1e-5))
    return gamma * (x - x.mean(axis=1, keepdims=True)) / s + beta, None

# %% layernorm_forward | wrong | eps outside the root
def layernorm_forward(x, gamma, beta, ln_param):
    s = x.std(axis=1, keepdims=True) + ln_param.get("eps", 1e-5)
    return gamma * (x - x.mean(axis=1, keepdims=True)) / s + beta, None

# %% layernorm_forward | wrong | eps written in
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    return gamma * (x - x.mean(axis=1, keepdims=True)) / s + beta, None

# %% layernorm_forward | wrong | forgets beta
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    return gamma * (x - x.mean(axis=1, keepdims=True)) / s, None

# %% layernorm_forward | wrong | changes x in place
def layernorm_forward(x, gamma, beta, ln_param):
    s = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x -= x.mean(axis=1, keepdims=True)
    x /= s
    return gamma * x + beta, None

# %% layernorm_forward | wrong | takes eps for granted
def layernorm_forward(x, gamma, beta, ln_param):
    z = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + ln_param["eps"])
    return z * gamma + beta, 0

# %% layernorm_backward | right | transposed closed form
def layernorm_backward(dout, cache):
    x_hat, gamma, s = cache
    D = dout.shape[1]
    g, h = (dout * gamma).T, x_hat.T
    dx = (D * g - g.sum(axis=0) - h * (g * h).sum(axis=0)) / (D * s.T)
    return dx.T, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)

# %% layernorm_backward | right | Jacobian of each row
def layernorm_backward(dout, cache):
    x_hat, gamma, s = cache
    N, D = dout.shape
    dx = np.zeros((N, D))
    for i in range(N):
        J = (np.eye(D) - 1 / D - np.outer(x_hat[i], x_hat[i]) / D) / s[i, 0]
        dx[i] = J @ (gamma * dout[i])
    return dx, np.einsum("nd,nd->d", dout, x_hat), dout.sum(0)

# %% layernorm_backward | right | staged
def layernorm_backward(dout, cache):
    x_hat, gamma, s = cache
    D = dout.shape[1]
    c = x_hat * s
    dx_hat = dout * gamma
    ds = -np.sum(dx_hat * c, axis=1, keepdims=True) / s**2
    dc = dx_hat / s + 2 / D * c * ds / (2 * s)
    dx = dc - np.mean(dc, axis=1, keepdims=True)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)

# %% layernorm_backward | right | the batchnorm backward on the transpose
def layernorm_backward(dout, cache):
    x_hat, gamma, s = cache
    N = len(dout)
    dx = batchnorm_backward_alt((dout * gamma).T, (x_hat.T, np.ones(N), s[:, 0]))[0].T
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)

# %% layernorm_backward | right | from the release, one row at a time
def layernorm_forward(x, gamma, beta, ln_param):
    eps = 1e-5
    if "eps" in ln_param:
        eps = ln_param["eps"]
    rows = []
    for r in x:
        rows.append((r - r.mean()) / np.sqrt(r.var() + eps))
    z = np.array(rows)
    root = np.sqrt(x.var(axis=1) + eps)
    return z * gamma + beta, (z, root, gamma)

def layernorm_backward(dout, cache):
    z, root, gamma = cache
    dx = np.zeros_like(z)
    for i in range(len(z)):
        g = gamma * dout[i]
        dx[i] = (g - g.mean() - z[i] * (g * z[i]).mean()) / root[i]
    return dx, (dout * z).sum(0), dout.sum(0)

# %% layernorm_backward | wrong | gamma behind the sums
def layernorm_backward(dout, cache):
    x_hat, gamma, s = cache
    dx = gamma * (dout - dout.mean(axis=1, keepdims=True) - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / s
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)

# %% layernorm_backward | wrong | dgamma along the rows
#- return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
#+ return dx, (dout * x_hat).sum(axis=1), dout.sum(axis=1)

# %% layernorm_backward | wrong | sums over the batch
#- dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / s
#+ dx = (g - g.mean(axis=0, keepdims=True) - x_hat * (g * x_hat).mean(axis=0, keepdims=True)) / s

# %% layernorm_backward | wrong | N in place of D
#- dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / s
#+ n = len(dout)
#+ dx = (g - g.sum(axis=1, keepdims=True) / n - x_hat * (g * x_hat).sum(axis=1, keepdims=True) / n) / s

# %% layernorm_backward | wrong | gamma forgotten
#- g = dout * gamma
#+ g = dout

# %% layernorm_backward | wrong | statistics taken as constants
#- dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / s
#+ dx = g / s

# %% layernorm_backward | wrong | dgamma of gamma times dout
#- return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
#+ return dx, (g * x_hat).sum(axis=0), g.sum(axis=0)

# %% FullyConnectedNet | right | inline, as in public kits
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, normalization=None, weight_scale=None, reg=0.0, dtype=np.float32, rng=None):
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        rng = np.random.default_rng(rng)
        dims = np.hstack([input_dim, hidden_dims, num_classes]).astype(int)
        for i in range(self.num_layers):
            std = np.sqrt(2 / dims[i]) if weight_scale is None else weight_scale
            self.params["W" + str(i + 1)] = std * rng.standard_normal((dims[i], dims[i + 1]))
            self.params["b" + str(i + 1)] = np.zeros(dims[i + 1])
        if normalization in ("batchnorm", "layernorm"):
            for i in range(self.num_layers - 1):
                self.params["gamma" + str(i + 1)] = np.ones(dims[i + 1])
                self.params["beta" + str(i + 1)] = np.zeros(dims[i + 1])
        self.bn_params = []
        if normalization == "batchnorm":
            self.bn_params = [{"mode": "train"} for i in range(self.num_layers - 1)]
        if normalization == "layernorm":
            self.bn_params = [{} for i in range(self.num_layers - 1)]
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode
        cache = {}
        a = X
        for l in range(1, self.num_layers):
            z, cache["fc", l] = affine_forward(a, self.params[f"W{l}"], self.params[f"b{l}"])
            if self.normalization == "batchnorm":
                z, cache["norm", l] = batchnorm_forward(z, self.params[f"gamma{l}"], self.params[f"beta{l}"], self.bn_params[l - 1])
            elif self.normalization == "layernorm":
                z, cache["norm", l] = layernorm_forward(z, self.params[f"gamma{l}"], self.params[f"beta{l}"], self.bn_params[l - 1])
            a, cache["relu", l] = relu_forward(z)
        L = self.num_layers
        scores, cache["fc", L] = affine_forward(a, self.params[f"W{L}"], self.params[f"b{L}"])
        if mode == "test":
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        da, grads[f"W{L}"], grads[f"b{L}"] = affine_backward(dscores, cache["fc", L])
        for l in range(L - 1, 0, -1):
            dz = relu_backward(da, cache["relu", l])
            if self.normalization == "batchnorm":
                dz, grads[f"gamma{l}"], grads[f"beta{l}"] = batchnorm_backward(dz, cache["norm", l])
            elif self.normalization == "layernorm":
                dz, grads[f"gamma{l}"], grads[f"beta{l}"] = layernorm_backward(dz, cache["norm", l])
            da, grads[f"W{l}"], grads[f"b{l}"] = affine_backward(dz, cache["fc", l])
        for l in range(1, L + 1):
            loss += self.reg * np.sum(self.params[f"W{l}"] ** 2)
            grads[f"W{l}"] += 2 * self.reg * self.params[f"W{l}"]
        return loss, grads

# %% FullyConnectedNet | right | a tape of backward functions
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, normalization=None, weight_scale=None, reg=0.0, dtype=np.float32, rng=None):
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        self.depth = len(hidden_dims) + 1
        rng = np.random.default_rng(rng)
        self.params, width = {}, input_dim
        for i, size in enumerate([*hidden_dims, num_classes], start=1):
            W = rng.normal(size=(width, size))
            W *= np.sqrt(2 / width) if weight_scale is None else weight_scale
            layer = {"W": W, "b": np.zeros(size)}
            if normalization is not None and i < self.depth:
                layer |= {"gamma": np.ones(size), "beta": np.zeros(size)}
            self.params |= {f"{name}{i}": value.astype(dtype) for name, value in layer.items()}
            width = size

    def loss(self, X, y=None):
        p, grads, tape = self.params, {}, []

        def affine(x, i):
            out, cache = affine_forward(x, p[f"W{i}"], p[f"b{i}"])

            def back(d):
                dx, dw, db = affine_backward(d, cache)
                grads[f"W{i}"] = dw + 2 * self.reg * p[f"W{i}"]
                grads[f"b{i}"] = db
                return dx

            tape.append(back)
            return out

        def norm(x, i):
            kind = self.normalization
            param = {**self.bn_params[i - 1], "mode": "test" if y is None else "train"}
            forward = batchnorm_forward if kind == "batchnorm" else layernorm_forward
            backward = batchnorm_backward_alt if kind == "batchnorm" else layernorm_backward
            out, cache = forward(x, p[f"gamma{i}"], p[f"beta{i}"], param)
            self.bn_params[i - 1] = param

            def back(d):
                dx, grads[f"gamma{i}"], grads[f"beta{i}"] = backward(d, cache)
                return dx

            tape.append(back)
            return out

        def relu(x):
            out, cache = relu_forward(x)
            tape.append(lambda d: relu_backward(d, cache))
            return out

        out = X.astype(self.dtype)
        for i in range(1, self.depth):
            out = affine(out, i)
            if self.normalization:
                out = norm(out, i)
            out = relu(out)
        scores = affine(out, self.depth)
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        while tape:
            d = tape.pop()(d)
        return loss + self.reg * sum((p[f"W{i}"] ** 2).sum() for i in range(1, self.depth + 1)), grads

# %% FullyConnectedNet | right | inherits, recursive
class Layers:
    def up(self, x, i, mode, caches):
        out, fc = affine_forward(x, self.params[f"W{i}"], self.params[f"b{i}"])
        if i == self.num_layers:
            caches.append(fc)
            return out
        norm = None
        if self.normalization == "batchnorm":
            self.bn_params[i - 1]["mode"] = mode
            out, norm = batchnorm_forward(out, self.params[f"gamma{i}"], self.params[f"beta{i}"], self.bn_params[i - 1])
        if self.normalization == "layernorm":
            out, norm = layernorm_forward(out, self.params[f"gamma{i}"], self.params[f"beta{i}"], {})
        caches.append((fc, norm, out))
        return self.up(np.maximum(out, 0), i + 1, mode, caches)

class FullyConnectedNet(Layers):
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, normalization=None, weight_scale=None, reg=0.0, dtype=np.float32, rng=None):
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.num_layers = len(hidden_dims) + 1
        self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        rng = np.random.default_rng(rng)
        self.params = {}
        sizes = [input_dim] + list(hidden_dims) + [num_classes]
        for i, (m, n) in enumerate(zip(sizes[:-1], sizes[1:]), 1):
            W = initialize(m, n, "he", rng) if weight_scale is None else rng.normal(0, weight_scale, (m, n))
            self.params[f"W{i}"], self.params[f"b{i}"] = W.astype(dtype), np.zeros(n, dtype)
            if normalization and i < self.num_layers:
                self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.ones(n, dtype), np.zeros(n, dtype)

    def loss(self, X, y=None):
        caches = []
        scores = self.up(X.astype(self.dtype), 1, "train" if y is not None else "test", caches)
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {}
        for i in range(self.num_layers, 0, -1):
            cache = caches[i - 1]
            if i < self.num_layers:
                fc, norm, pre = cache
                d = d * (pre > 0)
                if norm is not None:
                    back = batchnorm_backward if self.normalization == "batchnorm" else layernorm_backward
                    d, grads[f"gamma{i}"], grads[f"beta{i}"] = back(d, norm)
            else:
                fc = cache
            d, dW, grads[f"b{i}"] = affine_backward(d, fc)
            W = self.params[f"W{i}"]
            grads[f"W{i}"] = dW + 2 * self.reg * W
            loss += self.reg * np.vdot(W, W)
        return loss, grads

# %% FullyConnectedNet | right | weights drawn from the global generator
#- self.params[f"W{i}"] = weight_scale * rng.normal(size=(fan_in, fan_out))
#+ self.params[f"W{i}"] = weight_scale * np.random.randn(fan_in, fan_out)

# %% FullyConnectedNet | right | from the release, a stack of caches
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, normalization=None,
                 weight_scale=None, reg=0.0, dtype=np.float32, rng=None):
        if normalization not in (None, "batchnorm", "layernorm"):
            raise ValueError(f"normalization is None, 'batchnorm' or 'layernorm', not {normalization!r}")
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.num_layers = len(hidden_dims) + 1
        self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        self.params = {}
        rng = np.random.default_rng(rng)
        sizes = [input_dim, *hidden_dims, num_classes]
        p = self.params
        for k, (n, m) in enumerate(zip(sizes[:-1], sizes[1:]), 1):
            if weight_scale is None:
                w = initialize(n, m, "he", rng)
            else:
                w = rng.normal(0, weight_scale, (n, m))
            p[f"W{k}"] = w
            p[f"b{k}"] = np.zeros(m)
            if normalization and k < self.num_layers:
                p[f"gamma{k}"] = np.ones(m)
                p[f"beta{k}"] = np.zeros(m)
        for key in p:
            p[key] = p[key].astype(dtype)

    def loss(self, X, y=None):
        p = self.params
        h = np.asarray(X, self.dtype)
        tape = []
        for k in range(1, self.num_layers):
            h, c1 = affine_forward(h, p[f"W{k}"], p[f"b{k}"])
            c2 = None
            if self.normalization == "batchnorm":
                bn = self.bn_params[k - 1]
                bn["mode"] = "test" if y is None else "train"
                h, c2 = batchnorm_forward(h, p[f"gamma{k}"], p[f"beta{k}"], bn)
            elif self.normalization == "layernorm":
                h, c2 = layernorm_forward(h, p[f"gamma{k}"], p[f"beta{k}"], {})
            h, c3 = relu_forward(h)
            tape.append((k, c1, c2, c3))
        L = self.num_layers
        scores, last = affine_forward(h, p[f"W{L}"], p[f"b{L}"])
        if y is None:
            return scores
        data, d = softmax_loss(scores, y)
        g = {}
        d, g[f"W{L}"], g[f"b{L}"] = affine_backward(d, last)
        while tape:
            k, c1, c2, c3 = tape.pop()
            d = relu_backward(d, c3)
            if self.normalization == "batchnorm":
                d, g[f"gamma{k}"], g[f"beta{k}"] = batchnorm_backward_alt(d, c2)
            elif self.normalization == "layernorm":
                d, g[f"gamma{k}"], g[f"beta{k}"] = layernorm_backward(d, c2)
            d, g[f"W{k}"], g[f"b{k}"] = affine_backward(d, c1)
        for k in range(1, L + 1):
            W = p[f"W{k}"]
            data += self.reg * (W**2).sum()
            g[f"W{k}"] = g[f"W{k}"] + 2 * self.reg * W
        return data, g

# %% FullyConnectedNet | wrong | penalty with one half
#- loss += self.reg * np.sum(W * W)
#- grads[f"W{i}"] = grads[f"W{i}"] + 2 * self.reg * W
#+ loss += 0.5 * self.reg * np.sum(W * W)
#+ grads[f"W{i}"] = grads[f"W{i}"] + self.reg * W

# %% FullyConnectedNet | wrong | penalty missing in the gradient
#- grads[f"W{i}"] = grads[f"W{i}"] + 2 * self.reg * W
#+ pass

# %% FullyConnectedNet | wrong | penalty on the last layer only
#- for i in range(1, self.num_layers + 1):
#-     W = self.params[f"W{i}"]
#+ for i in range(self.num_layers, self.num_layers + 1):
#+     W = self.params[f"W{i}"]

# %% FullyConnectedNet | wrong | penalty on gamma and beta too
#- W = self.params[f"W{i}"]
#- loss += self.reg * np.sum(W * W)
#- grads[f"W{i}"] = grads[f"W{i}"] + 2 * self.reg * W
#+ for key in [k for k in self.params if k[-1] == str(i)]:
#+     loss += self.reg * np.sum(self.params[key] ** 2)
#+     grads[key] = grads[key] + 2 * self.reg * self.params[key]

# %% FullyConnectedNet | wrong | normalisation behind the last layer too
#- if normalization and i < self.num_layers:
#+ if normalization:

# %% FullyConnectedNet | wrong | always in mode train
#- mode = "test" if y is None else "train"
#+ mode = "train"

# %% FullyConnectedNet | wrong | stays in mode test
#- mode = "test" if y is None else "train"
#+ self.asked = getattr(self, "asked", False) or y is None
#+ mode = "test" if self.asked else "train"

# %% FullyConnectedNet | wrong | one set of running statistics for all layers
#- norm_cache, param = None, self.bn_params[i - 1]
#+ norm_cache, param = None, self.bn_params[0]

# %% FullyConnectedNet | wrong | a fresh bn_param in each call
#- norm_cache, param = None, self.bn_params[i - 1]
#+ norm_cache, param = None, {}

# %% FullyConnectedNet | wrong | gamma starts at 0
#- self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.ones(fan_out), np.zeros(fan_out)
#+ self.params[f"gamma{i}"], self.params[f"beta{i}"] = np.zeros(fan_out), np.zeros(fan_out)

# %% FullyConnectedNet | wrong | layers counted from 0
class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, normalization=None, weight_scale=None, reg=0.0, dtype=np.float32, rng=None):
        dims = [input_dim, *hidden_dims, num_classes]
        self.params = {}
        for i in range(len(dims) - 1):
            self.params[f"W{i}"] = 0.01 * np.random.randn(dims[i], dims[i + 1])
            self.params[f"b{i}"] = np.zeros(dims[i + 1])

    def loss(self, X, y=None):
        return None

# %% FullyConnectedNet | wrong | ignores weight_scale
#- if weight_scale is None:
#+ if True:

# %% FullyConnectedNet | wrong | He of the input layer for all
#- self.params[f"W{i}"] = initialize(fan_in, fan_out, "he", rng)
#+ self.params[f"W{i}"] = initialize(fan_in, fan_out, "he", rng) * np.sqrt(fan_in / input_dim)

# %% FullyConnectedNet | wrong | ReLU behind the last layer
#- scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
#+ scores, cache = affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
#+ scores = np.maximum(scores, 0)

# %% FullyConnectedNet | wrong | ReLU forgotten on the way back
#- dout = relu_backward(dout, relu_cache)
#+ pass

# %% FullyConnectedNet | wrong | ReLU before the normalisation
#- out, affine_cache = affine_forward(x, self.params[f"W{i}"], self.params[f"b{i}"])
#+ out, affine_cache = affine_forward(x, self.params[f"W{i}"], self.params[f"b{i}"])
#+ out, relu_cache = relu_forward(out)

# %% FullyConnectedNet | wrong | float64 throughout
#- for name, value in self.params.items():
#-     self.params[name] = value.astype(dtype)
#+ self.dtype = np.float64

# %% FullyConnectedNet | wrong | X not cast
#- out, caches = X.astype(self.dtype), []
#+ out, caches = X, []

# %% FullyConnectedNet | wrong | softmax loss without its gradient's way back through layer 1
#- for i in range(self.num_layers - 1, 0, -1):
#+ for i in range(1, self.num_layers):

# %% FullyConnectedNet | wrong | returns the loss alone
#- return loss, grads
#+ return loss

# %% FullyConnectedNet | wrong | bias not used
#- out, affine_cache = affine_forward(x, self.params[f"W{i}"], self.params[f"b{i}"])
#+ out, affine_cache = affine_forward(x, self.params[f"W{i}"], 0 * self.params[f"b{i}"])

# %% FullyConnectedNet | wrong | penalty on the biases too
#- loss += self.reg * np.sum(W * W)
#+ loss += self.reg * (np.sum(W * W) + np.sum(self.params[f"b{i}"] ** 2))

# %% FullyConnectedNet | wrong | weight_scale taken for a variance
#- self.params[f"W{i}"] = weight_scale * rng.normal(size=(fan_in, fan_out))
#+ self.params[f"W{i}"] = weight_scale**0.5 * rng.normal(size=(fan_in, fan_out))

# %% FullyConnectedNet | wrong | penalty in the gradients alone
#- loss += self.reg * np.sum(W * W)

# %% sanity_check | right | helper functions
def first_loss(model, X, y, reg):
    old, model.reg = model.reg, reg
    loss = model.loss(X, y)[0]
    model.reg = old
    return loss

def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    import copy

    saved = {k: np.array(v, copy=True) for k, v in model.params.items()}
    reg = model.reg
    C = np.shape(model.loss(X[:1]))[-1]
    a, b = first_loss(model, X, y, 0), first_loss(model, X, y, 1)
    model.reg = 0
    for _ in range(num_steps):
        grads = model.loss(X[:20], y[:20])[1]
        for k in grads:
            model.params[k] = model.params[k] - learning_rate * grads[k]
    correct = (model.loss(X[:20]).argmax(axis=1) == y[:20]).sum()
    for k, v in saved.items():
        model.params[k] = v
    model.reg = reg
    return {"initial loss": np.isclose(a, np.log(C), rtol=0, atol=0.5), "penalty": b > a, "overfits": correct == len(y[:20])}

# %% sanity_check | right | steps in place
def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    copies = {k: v.copy() for k, v in model.params.items()}
    strength = model.reg
    answers = {}
    try:
        model.reg = 0.0
        loss0 = model.loss(X, y)[0]
        answers["initial loss"] = abs(loss0 - np.log(model.loss(X).shape[1])) <= 0.5
        model.reg = 1.0
        answers["penalty"] = model.loss(X, y)[0] > loss0
        model.reg = 0.0
        n = min(20, len(X))
        for step in range(num_steps):
            loss, grads = model.loss(X[:n], y[:n])
            for k in model.params:
                model.params[k] -= learning_rate * grads[k]
        answers["overfits"] = bool((np.argmax(model.loss(X[:n]), 1) == y[:n]).all())
    finally:
        model.reg = strength
        for k in copies:
            model.params[k] = copies[k]
    return answers

# %% sanity_check | right | swaps the dict of parameters
def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    original, reg = dict(model.params), model.reg
    model.reg = 0
    plain = model.loss(X, y)[0]
    classes = len(model.loss(X)[0])
    model.reg = 1
    more = model.loss(X, y)[0]
    model.reg = 0
    x20, y20 = X[:20], y[:20]
    for _ in range(num_steps):
        grads = model.loss(x20, y20)[1]
        for name in original:
            model.params[name] = model.params[name] - learning_rate * grads[name]
    hits = [int(np.argmax(row)) == int(label) for row, label in zip(model.loss(x20), y20)]
    for name in original:
        model.params[name] = original[name]
    model.reg = reg
    return dict([("initial loss", -0.5 <= plain - np.log(classes) <= 0.5), ("penalty", more > plain), ("overfits", all(hits))])

# %% sanity_check | right | NumPy booleans
def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    keep_reg, keep = model.reg, {k: np.copy(model.params[k]) for k in model.params}
    losses = []
    for reg in (0.0, 1.0):
        model.reg = reg
        losses.append(model.loss(X, y)[0])
    model.reg = 0.0
    C = model.loss(X).shape[1]
    for _ in range(num_steps):
        g = model.loss(X[:20], y[:20])[1]
        for k, dk in g.items():
            model.params[k] = model.params[k] - learning_rate * dk
    acc = np.mean(model.loss(X[:20]).argmax(1) == y[:20])
    for k in keep:
        model.params[k] = keep[k]
    model.reg = keep_reg
    return {"initial loss": np.abs(losses[0] + np.log(1 / C)) <= 0.5, "penalty": np.greater(losses[1], losses[0]), "overfits": acc >= 1}

# %% sanity_check | wrong | ten classes written in
#- num_classes = model.loss(X).shape[1]
#+ num_classes = 10

# %% sanity_check | wrong | classes counted in y
#- num_classes = model.loss(X).shape[1]
#+ num_classes = len(np.unique(y))

# %% sanity_check | wrong | logarithm to base 10
#- "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
#+ "initial loss": bool(abs(plain - np.log10(num_classes)) <= 0.5),

# %% sanity_check | wrong | only losses that are too high count
#- "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
#+ "initial loss": bool(plain - np.log(num_classes) <= 0.5),

# %% sanity_check | wrong | tolerance too tight
#- "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
#+ "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.05),

# %% sanity_check | wrong | reg is not set to 0 for the first loss
#- model.reg = 0.0
#- plain, _ = model.loss(X, y)
#+ plain, _ = model.loss(X, y)

# %% sanity_check | wrong | parameters are not put back
#- model.params.update(params)
#+ pass

# %% sanity_check | wrong | keeps references, and steps in place
#- reg, params = model.reg, {name: np.copy(value) for name, value in model.params.items()}
#+ reg, params = model.reg, dict(model.params)
#- model.params[name] = model.params[name] - learning_rate * grads[name]
#+ model.params[name] -= learning_rate * grads[name]

# %% sanity_check | wrong | reg is not put back
#- model.reg = reg
#+ pass

# %% sanity_check | wrong | fits all examples
#- few, labels = X[:20], y[:20]
#+ few, labels = X, y

# %% sanity_check | wrong | nineteen of twenty will do
#- "overfits": bool(np.all(right)),
#+ "overfits": bool(np.mean(right) >= 0.95),

# %% sanity_check | wrong | a falling loss will do
#- right = np.argmax(model.loss(few), axis=1) == labels
#+ right = model.loss(few, labels)[0] < plain

# %% sanity_check | wrong | climbs itself
#- model.params[name] = model.params[name] - learning_rate * grads[name]
#+ model.params[name] = model.params[name] + learning_rate * grads[name]

# %% sanity_check | wrong | other keys
#- "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
#+ "initial_loss": bool(abs(plain - np.log(num_classes)) <= 0.5),

# %% sanity_check | wrong | number of steps written in
#- for _ in range(num_steps):
#+ for _ in range(200):
#- model.params[name] = model.params[name] - learning_rate * grads[name]
#+ model.params[name] = model.params[name] - 0.05 * grads[name]

# %% sanity_check | wrong | penalty without a comparison
#- "penalty": bool(penalised > plain),
#+ "penalty": bool(penalised != plain),

# %% sanity_check | wrong | a list of answers
#- return {
#-     "initial loss": bool(abs(plain - np.log(num_classes)) <= 0.5),
#-     "penalty": bool(penalised > plain),
#-     "overfits": bool(np.all(right)),
#- }
#+ return [bool(abs(plain - np.log(num_classes)) <= 0.5), bool(penalised > plain), bool(np.all(right))]

# %% sanity_check | right | works on a deep copy
import copy


def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    m = copy.deepcopy(model)
    m.reg = 0
    C = m.loss(X).shape[1]
    first, _ = m.loss(X, y)
    m.reg = 1
    second, _ = m.loss(X, y)
    m.reg = 0
    X, y = X[:20], y[:20]
    for _ in range(num_steps):
        _, grads = m.loss(X, y)
        for k in grads:
            m.params[k] = m.params[k] - learning_rate * grads[k]
    return {
        "initial loss": abs(first - np.log(C)) <= 0.5,
        "penalty": second > first,
        "overfits": (m.loss(X).argmax(axis=1) == y).all(),
    }

# %% sanity_check | right | works on a shallow copy
import copy


def sanity_check(model, X, y, learning_rate=0.05, num_steps=200):
    m = copy.copy(model)
    m.params = dict(model.params)
    m.reg = 0
    C = m.loss(X).shape[1]
    first, _ = m.loss(X, y)
    m.reg = 1
    second, _ = m.loss(X, y)
    m.reg = 0
    X, y = X[:20], y[:20]
    for _ in range(num_steps):
        _, grads = m.loss(X, y)
        for k in grads:
            m.params[k] = m.params[k] - learning_rate * grads[k]
    return {
        "initial loss": abs(first - np.log(C)) <= 0.5,
        "penalty": second > first,
        "overfits": (m.loss(X).argmax(axis=1) == y).all(),
    }

# %% update_ratio | right | sums of squares
def update_ratio(param, update):
    return np.sqrt(np.sum(update**2) / np.sum(param**2))

# %% update_ratio | right | flattened norms
def update_ratio(param, update):
    return float(np.linalg.norm(update.flatten()) / np.linalg.norm(param.flatten()))

# %% update_ratio | right | norm without an axis
def update_ratio(param, update):
    return np.linalg.norm(update) / np.linalg.norm(param)

# %% update_ratio | right | dot products
def update_ratio(param, update):
    u, p = update.ravel(), param.ravel()
    return (u @ u) ** 0.5 / (p @ p) ** 0.5

# %% update_ratio | wrong | upside down
def update_ratio(param, update):
    return np.linalg.norm(param) / np.linalg.norm(update)

# %% update_ratio | wrong | no root
def update_ratio(param, update):
    return np.sum(update**2) / np.sum(param**2)

# %% update_ratio | wrong | parameter after the update
def update_ratio(param, update):
    return np.linalg.norm(update) / np.linalg.norm(param + update)

# %% update_ratio | wrong | mean of the ratios
def update_ratio(param, update):
    return np.mean(np.abs(update) / np.abs(param))

# %% update_ratio | wrong | spectral norm
def update_ratio(param, update):
    return np.linalg.norm(update, 2) / np.linalg.norm(param, 2)

# %% update_ratio | wrong | sums of absolute values
def update_ratio(param, update):
    return np.abs(update).sum() / np.abs(param).sum()

# %% diagnose_curves | right | pairs turned round
def diagnose_curves():
    pairs = {"good": "AJ", "rate too low": "BK", "rate too high": "EL", "bad initialisation": "DI", "overfitting": "CG", "bug": "FH"}
    return {letter: name for name, letters in pairs.items() for letter in letters}

# %% diagnose_curves | right | dict and zip
def diagnose_curves():
    names = {"g": "good", "l": "rate too low", "h": "rate too high", "i": "bad initialisation", "o": "overfitting", "b": "bug"}
    return dict(zip("ABCDEFGHIJKL", [names[c] for c in "gloihbobiglh"]))

# %% diagnose_curves | right | one assignment each
def diagnose_curves():
    d = {}
    d["A"] = d["J"] = "good"
    d["B"] = d["K"] = "rate too low"
    d["C"] = d["G"] = "overfitting"
    d["D"] = d["I"] = "bad initialisation"
    d["E"] = d["L"] = "rate too high"
    d["F"] = d["H"] = "bug"
    return d

# %% diagnose_curves | right | keywords
def diagnose_curves():
    good, low, high = "good", "rate too low", "rate too high"
    init, over, bug = "bad initialisation", "overfitting", "bug"
    return dict(A=good, B=low, C=over, D=init, E=high, F=bug, G=over, H=bug, I=init, J=good, K=low, L=high)

# %% diagnose_curves | wrong | memorised noise taken for overfitting
#- "G": "overfitting",
#- "H": "bug",
#+ "G": "bug",
#+ "H": "overfitting",

# %% diagnose_curves | wrong | a flat start taken for a low rate
#- "B": "rate too low",
#+ "B": "bad initialisation",
#- "D": "bad initialisation",
#+ "D": "rate too low",

# %% diagnose_curves | wrong | a rising loss taken for a high rate
#- "E": "rate too high",
#- "F": "bug",
#+ "E": "bug",
#+ "F": "rate too high",

# %% diagnose_curves | wrong | one letter is missing
#- "L": "rate too high",
#+

# %% diagnose_curves | wrong | misspelt
#- "A": "good",
#+ "A": "Good",

# %% diagnose_curves | wrong | all good
def diagnose_curves():
    return {letter: "good" for letter in "ABCDEFGHIJKL"}

# %% diagnose_curves | wrong | guessed in order
def diagnose_curves():
    names = ["good", "rate too low", "rate too high", "bad initialisation", "overfitting", "bug"]
    return {letter: names[i % 6] for i, letter in enumerate("ABCDEFGHIJKL")}

# %% diagnose_curves | wrong | a list
def diagnose_curves():
    return ["good"] * 12
