"""Right and wrong answers to 03-backprop. docs/writing-exercises.md says how this file is read."""

# %% sigmoid_neuron | right | number by number
def sigmoid_neuron(w, x):
    w0, w1, w2 = w
    x0, x1 = x
    dot = w0 * x0 + w1 * x1 + w2
    f = 1.0 / (1.0 + np.exp(-dot))
    ddot = (1 - f) * f
    dx = [w0 * ddot, w1 * ddot]
    dw = [x0 * ddot, x1 * ddot, 1.0 * ddot]
    return f, dw, dx

# %% sigmoid_neuron | right | math and arrays
import math
def sigmoid_neuron(w, x):
    s = float(np.dot(w[:2], x) + w[2])
    f = 1 / (1 + math.exp(-s))
    slope = f * (1 - f)
    dw = np.array([x[0], x[1], 1.0]) * slope
    dx = np.array([w[0], w[1]]) * slope
    return f, dw, dx

# %% sigmoid_neuron | right | gate by gate
def sigmoid_neuron(w, x):
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    a = -s
    e = np.exp(a)
    d = 1 + e
    out = 1 / d
    dd = -1 / d**2
    de = dd
    da = de * e
    ds = -da
    dw = np.zeros(3)
    dx = np.zeros(2)
    for i in range(2):
        dw[i] = ds * x[i]
        dx[i] = ds * w[i]
    dw[2] = ds
    return out, dw, dx

# %% sigmoid_neuron | right | exp of the positive sum
def sigmoid_neuron(w, x):
    e = np.exp(np.sum(np.asarray(w)[:2] * x) + w[2])
    out = e / (e + 1)
    ds = e / (e + 1) ** 2
    return (out, np.hstack((x, [1])) * ds, ds * np.asarray(w)[0:2])

# %% sigmoid_neuron | right | with Value (which comes later, but works)
def sigmoid_neuron(w, x):
    out = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    local = out - out * out
    return out, tuple(local * v for v in (x[0], x[1], 1)), tuple(local * v for v in w[:2])

# %% sigmoid_neuron | wrong | the bias has no gradient
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out, dscore * x, dscore * w[:2]

# %% sigmoid_neuron | wrong | the bias gradient is not passed through the sigmoid
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out, np.append(dscore * x, 1), dscore * w[:2]

# %% sigmoid_neuron | wrong | the bias times its own value
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out, dscore * np.append(x, w[2]), dscore * w[:2]

# %% sigmoid_neuron | wrong | products that do not swap
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out, dscore * w, dscore * x

# %% sigmoid_neuron | wrong | dw and dx in the other order
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out, dscore * w[:2], dscore * np.append(x, 1)

# %% sigmoid_neuron | wrong | slope written with the sum in place of the output
def sigmoid_neuron(w, x):
    s = w[0] * x[0] + w[1] * x[1] + w[2]
    out = 1 / (1 + np.exp(-s))
    slope = s * (1 - s)
    return out, slope * np.array([x[0], x[1], 1.0]), slope * np.asarray(w[:2])

# %% sigmoid_neuron | wrong | no slope of the sigmoid
#- dscore = out * (1 - out)
#+ dscore = 1.0

# %% sigmoid_neuron | wrong | sign of the slope
#- dscore = out * (1 - out)
#+ dscore = -out * (1 - out)

# %% sigmoid_neuron | wrong | slope of tanh
#- dscore = out * (1 - out)
#+ dscore = 1 - out**2

# %% sigmoid_neuron | wrong | sigmoid without the minus
def sigmoid_neuron(w, x):
    out = 1 / (1 + np.exp(w[0] * x[0] + w[1] * x[1] + w[2]))
    s = out * (1 - out)
    return out, s * np.array([x[0], x[1], 1.0]), s * np.asarray(w[:2])

# %% sigmoid_neuron | slip | gradients of the same type as the inputs
def sigmoid_neuron(w, x):
    out = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    s = out * (1 - out)
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    dw[:] = s * np.array([x[0], x[1], 1.0])
    dx[:] = s * w[:2]
    return out, dw, dx

# %% sigmoid_neuron | wrong | the example's numbers are written in
def sigmoid_neuron(w, x):
    return 0.7310585786, [-0.196611933, -0.393223866, 0.196611933], [0.393223866, -0.5898357997]

# %% sigmoid_neuron | slip | changes w
def sigmoid_neuron(w, x):
    out = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    s = out * (1 - out)
    dw = s * np.array([x[0], x[1], 1.0])
    w *= s
    return out, dw, w[:2]

# %% sigmoid_neuron | wrong | returns the output only
#- return out, dscore * np.append(x, 1), dscore * w[:2]
#+ return out

# %% Value | right | recursive topological order
class Value:
    def __init__(self, data, inputs=(), op="", name=""):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = tuple(inputs)
        self.op, self.name = op, name

    @staticmethod
    def of(number):
        return number if isinstance(number, Value) else Value(number)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)], "+")

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")

    def __pow__(self, n):
        return Value(self.data**n, [(self, n * self.data ** (n - 1))], "pow")

    def exp(self):
        return Value(np.exp(self.data), [(self, np.exp(self.data))], "exp")

    def tanh(self):
        return Value(np.tanh(self.data), [(self, 1 / np.cosh(self.data) ** 2)], "tanh")

    def relu(self):
        return Value(self.data if self.data > 0 else 0, [(self, 1 if self.data >= 0 else 0)], "relu")

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node in seen:
                return
            seen.add(node)
            for source, _ in node.inputs:
                visit(source)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in order[::-1]:
            for source, slope in node.inputs:
                source.grad += slope * node.grad

    def __neg__(self): return self * -1
    def __sub__(self, other): return self + Value.of(other) * -1
    def __truediv__(self, other): return self * Value.of(other) ** -1
    def __radd__(self, other): return self + other
    def __rmul__(self, other): return self * other
    def __rsub__(self, other): return Value.of(other) - self
    def __rtruediv__(self, other): return Value.of(other) / self

# %% Value | right | a closure beside each gate
import math
class Value:
    def __init__(self, data, parents=(), op=""):
        self.data, self.grad, self._op = data, 0, op
        self._parents = set(parents)
        self._pull = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")
        def pull():
            self.grad += out.grad
            other.grad += out.grad
        out._pull = pull
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")
        def pull():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._pull = pull
        return out

    def __pow__(self, k):
        out = Value(self.data**k, (self,), f"**{k}")
        def pull():
            self.grad += out.grad * k * self.data ** (k - 1)
        out._pull = pull
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")
        def pull():
            self.grad += out.data * out.grad
        out._pull = pull
        return out

    def tanh(self):
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        out = Value(t, (self,), "tanh")
        def pull():
            self.grad += (1 - t * t) * out.grad
        out._pull = pull
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), "relu")
        def pull():
            self.grad += (out.data > 0) * out.grad
        out._pull = pull
        return out

    def backward(self):
        listing, done = [], set()
        def build(v):
            if v not in done:
                done.add(v)
                for p in v._parents:
                    build(p)
                listing.append(v)
        build(self)
        self.grad = 1
        for v in reversed(listing):
            v._pull()

    def __neg__(self): return self * -1
    def __radd__(self, other): return self + other
    def __sub__(self, other): return self + (-other)
    def __rsub__(self, other): return other + (-self)
    def __rmul__(self, other): return self * other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return other * self**-1

# %% Value | right | counts how many users are still to come
#- order, seen, waiting = [], set(), [(self, False)]
#- while waiting:
#-     node, inputs_listed = waiting.pop()
#-     if inputs_listed:
#-         order.append(node)
#-     elif node not in seen:
#-         seen.add(node)
#-         waiting.append((node, True))
#-         waiting.extend((source, False) for source, _ in node.inputs)
#- self.grad = 1.0
#- for node in reversed(order):
#-     for source, slope in node.inputs:
#-         source.grad += slope * node.grad
#+ users, seen, waiting = {}, {self}, [self]
#+ while waiting:
#+     for source, _ in waiting.pop().inputs:
#+         users[source] = users.get(source, 0) + 1
#+         if source not in seen:
#+             seen.add(source)
#+             waiting.append(source)
#+ self.grad = 1.0
#+ ready = [self]
#+ while ready:
#+     node = ready.pop(0)
#+     for source, slope in node.inputs:
#+         source.grad += slope * node.grad
#+         users[source] -= 1
#+         if users[source] == 0:
#+             ready.append(source)

# %% Value | right | graphlib
#- order, seen, waiting = [], set(), [(self, False)]
#- while waiting:
#-     node, inputs_listed = waiting.pop()
#-     if inputs_listed:
#-         order.append(node)
#-     elif node not in seen:
#-         seen.add(node)
#-         waiting.append((node, True))
#-         waiting.extend((source, False) for source, _ in node.inputs)
#+ from graphlib import TopologicalSorter
#+ graph, todo = {}, [self]
#+ while todo:
#+     n = todo.pop()
#+     if n not in graph:
#+         graph[n] = [s for s, _ in n.inputs]
#+         todo += graph[n]
#+ order = list(TopologicalSorter(graph).static_order())

# %% Value | right | numbered when made, sorted by number, its own subtraction and division
import itertools
class Value:
    numbers = itertools.count()
    def __init__(self, data, inputs=(), op="", name=""):
        self.data, self.grad, self.inputs, self.op, self.name = float(data), 0.0, list(inputs), op, name
        self.number = next(Value.numbers)
    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)
    def __add__(self, o):
        o = self.of(o)
        return Value(self.data + o.data, [(self, 1), (o, 1)])
    def __sub__(self, o):
        o = self.of(o)
        return Value(self.data - o.data, [(self, 1), (o, -1)])
    def __mul__(self, o):
        o = self.of(o)
        return Value(self.data * o.data, [(self, o.data), (o, self.data)])
    def __truediv__(self, o):
        o = self.of(o)
        return Value(self.data / o.data, [(self, 1 / o.data), (o, -self.data / o.data**2)])
    def __pow__(self, n):
        return Value(self.data**n, [(self, n * self.data ** (n - 1))])
    def __neg__(self):
        return Value(-self.data, [(self, -1)])
    def exp(self):
        return Value(np.exp(self.data), [(self, np.exp(self.data))])
    def tanh(self):
        return Value(np.tanh(self.data), [(self, 1 - np.tanh(self.data) ** 2)])
    def relu(self):
        return Value(np.maximum(self.data, 0), [(self, np.where(self.data > 0, 1.0, 0.0))])
    __radd__, __rmul__ = __add__, __mul__
    def __rsub__(self, o):
        return self.of(o) - self
    def __rtruediv__(self, o):
        return self.of(o) / self
    def backward(self):
        found, todo = {self}, [self]
        while todo:
            for s, _ in todo.pop().inputs:
                if s not in found:
                    found.add(s)
                    todo.append(s)
        for node in found:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(found, key=lambda n: -n.number):
            for s, slope in node.inputs:
                s.grad = s.grad + slope * node.grad

# %% Value | wrong | overwrites in place of adding
#- source.grad += slope * node.grad
#+ source.grad = slope * node.grad

# %% Value | wrong | the result's gradient is never set to 1
#- self.grad = 1.0
#+ pass

# %% Value | wrong | list not reversed
#- for node in reversed(order):
#+ for node in order:

# %% Value | wrong | upstream gradient forgotten
#- source.grad += slope * node.grad
#+ source.grad += slope

# %% Value | slip | depth first, passing gradients on at once
#- self.grad = 1.0
#- for node in reversed(order):
#-     for source, slope in node.inputs:
#-         source.grad += slope * node.grad
#+ self.grad = 1.0
#+ def go(node):
#+     for source, slope in node.inputs:
#+         source.grad += slope * node.grad
#+         go(source)
#+ go(self)

# %% Value | slip | breadth first, each node once
#- self.grad = 1.0
#- for node in reversed(order):
#-     for source, slope in node.inputs:
#-         source.grad += slope * node.grad
#+ self.grad = 1.0
#+ queue, queued = [self], {self}
#+ for node in queue:
#+     for source, slope in node.inputs:
#+         source.grad += slope * node.grad
#+         if source not in queued:
#+             queued.add(source)
#+             queue.append(source)

# %% Value | slip | lists a node before its inputs
#- if inputs_listed:
#-     order.append(node)
#- elif node not in seen:
#-     seen.add(node)
#-     waiting.append((node, True))
#+ if node not in seen:
#+     seen.add(node)
#+     order.insert(0, node)

# %% Value | slip | every path is walked, right but without end
#- self.grad = 1.0
#- for node in reversed(order):
#-     for source, slope in node.inputs:
#-         source.grad += slope * node.grad
#+ self.grad = 1.0
#+ def go(node, upstream):
#+     for source, slope in node.inputs:
#+         source.grad += slope * upstream
#+         go(source, slope * upstream)
#+ go(self, 1.0)

# %% Value | slip | no set of nodes that are listed already
#- elif node not in seen:
#+ else:

# %% Value | wrong | nodes with equal numbers are taken for the same
#- elif node not in seen:
#-     seen.add(node)
#+ elif node.data not in seen:
#+     seen.add(node.data)

# %% Value | slip | a list is kept from call to call
#- order, seen, waiting = [], set(), [(self, False)]
#+ Value.order = getattr(Value, "order", [])
#+ Value.seen = getattr(Value, "seen", set())
#+ order, seen, waiting = Value.order, Value.seen, [(self, False)]

# %% Value | slip | a set is kept from call to call, so the second one does nothing
#- order, seen, waiting = [], set(), [(self, False)]
#+ Value.seen = getattr(Value, "seen", set())
#+ order, seen, waiting = [], Value.seen, [(self, False)]

# %% Value | wrong | product with its own factor
#- return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")
#+ return Value(self.data * other.data, [(self, self.data), (other, other.data)], "*")

# %% Value | wrong | inputs kept in a dict, so that a * a has one
#- return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")
#+ return Value(self.data * other.data, {self: other.data, other: self.data}.items(), "*")

# %% Value | wrong | product gives a plain number
#- return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")
#+ return Value(self.data * other.data)

# %% Value | wrong | power without the exponent in front
#- slope = exponent * self.data ** (exponent - 1)
#+ slope = self.data ** (exponent - 1)

# %% Value | wrong | power with the old exponent
#- slope = exponent * self.data ** (exponent - 1)
#+ slope = exponent * self.data**exponent

# %% Value | wrong | power with a whole slope
#- slope = exponent * self.data ** (exponent - 1)
#+ slope = int(exponent * self.data ** (exponent - 1))

# %% Value | wrong | derivative of exp is its input
#- return Value(out, [(self, out)], "exp")
#+ return Value(out, [(self, self.data)], "exp")

# %% Value | wrong | derivative of exp is 1
#- return Value(out, [(self, out)], "exp")
#+ return Value(out, [(self, 1.0)], "exp")

# %% Value | wrong | derivative of tanh from its input
#- return Value(out, [(self, 1 - out**2)], "tanh")
#+ return Value(out, [(self, 1 - self.data**2)], "tanh")

# %% Value | wrong | derivative of the sigmoid for tanh
#- return Value(out, [(self, 1 - out**2)], "tanh")
#+ return Value(out, [(self, out * (1 - out))], "tanh")

# %% Value | wrong | ReLU lets every gradient through
#- return Value(max(0.0, self.data), [(self, float(self.data > 0))], "relu")
#+ return Value(max(0.0, self.data), [(self, 1.0)], "relu")

# %% Value | wrong | ReLU with the slope of the input
#- return Value(max(0.0, self.data), [(self, float(self.data > 0))], "relu")
#+ return Value(max(0.0, self.data), [(self, max(0.0, self.data))], "relu")

# %% Value | wrong | absolute value in place of ReLU
#- return Value(max(0.0, self.data), [(self, float(self.data > 0))], "relu")
#+ return Value(abs(self.data), [(self, np.sign(self.data))], "relu")

# %% Value | wrong | minus in the wrong direction
#- def __rsub__(self, other):
#-     return Value.of(other) - self
#+ def __rsub__(self, other):
#+     return self - other

# %% Value | wrong | division in the wrong direction
#- def __rtruediv__(self, other):
#-     return Value.of(other) / self
#+ def __rtruediv__(self, other):
#+     return self / other

# %% Value | wrong | gradients shared by all values
#- return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")
#+ return Value(self.data * other.data, [(self, other.data), (self, self.data)], "*")

# %% two_two_two | right | number by number
def two_two_two(weights, biases, x, target):
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    b1, b2 = biases
    sig = lambda s: 1 / (1 + np.exp(-s))
    h1, h2 = sig(w1 * x[0] + w2 * x[1] + b1), sig(w3 * x[0] + w4 * x[1] + b1)
    o1, o2 = sig(w5 * h1 + w6 * h2 + b2), sig(w7 * h1 + w8 * h2 + b2)
    E = 0.5 * (target[0] - o1) ** 2 + 0.5 * (target[1] - o2) ** 2
    d1 = -(target[0] - o1) * o1 * (1 - o1)
    d2 = -(target[1] - o2) * o2 * (1 - o2)
    e1 = (d1 * w5 + d2 * w7) * h1 * (1 - h1)
    e2 = (d1 * w6 + d2 * w8) * h2 * (1 - h2)
    grads = [e1 * x[0], e1 * x[1], e2 * x[0], e2 * x[1], d1 * h1, d1 * h2, d2 * h1, d2 * h2]
    return E, grads, [e1 + e2, d1 + d2]

# %% two_two_two | right | with Value
def two_two_two(weights, biases, x, target):
    w = [Value(v) for v in weights]
    b = [Value(v) for v in biases]
    def neuron(wa, xa, wb, xb, bias):
        return 1 / (1 + (-(wa * xa + wb * xb + bias)).exp())
    h1, h2 = neuron(w[0], x[0], w[1], x[1], b[0]), neuron(w[2], x[0], w[3], x[1], b[0])
    o1, o2 = neuron(w[4], h1, w[5], h2, b[1]), neuron(w[6], h1, w[7], h2, b[1])
    error = ((o1 - target[0]) ** 2 + (o2 - target[1]) ** 2) / 2
    error.backward()
    return error.data, np.array([v.grad for v in w]), np.array([v.grad for v in b])

# %% two_two_two | right | loops over layers
def two_two_two(weights, biases, x, target):
    activations = [np.asarray(x, dtype=float)]
    Ws = [np.array(weights[:4]).reshape(2, 2), np.array(weights[4:]).reshape(2, 2)]
    for W, b in zip(Ws, biases):
        activations.append(1 / (1 + np.exp(-(W.dot(activations[-1]) + b))))
    diff = activations[-1] - target
    upstream, dWs, dbs = diff, [], []
    for W, a_in, a_out in zip(Ws[::-1], activations[-2::-1], activations[:0:-1]):
        delta = upstream * a_out * (1 - a_out)
        dWs.insert(0, np.outer(delta, a_in).flatten())
        dbs.insert(0, delta.sum())
        upstream = delta @ W
    return float(diff @ diff) / 2, np.concatenate(dWs), np.array(dbs)

# %% two_two_two | right | complex step
def two_two_two(weights, biases, x, target):
    def error(p):
        s = lambda z: 1 / (1 + np.exp(-z))
        h = s(p[:4].reshape(2, 2) @ x + p[8])
        o = s(p[4:8].reshape(2, 2) @ h + p[9])
        return 0.5 * np.sum((target - o) ** 2)
    p = np.concatenate([weights, biases]).astype(complex)
    grads = np.zeros(10)
    for i in range(10):
        q = p.copy()
        q[i] += 1e-30j
        grads[i] = error(q).imag / 1e-30
    return error(p).real, grads[:8], grads[8:]

# %% two_two_two | wrong | sign at the output
#- delta_output = (output - target) * output * (1 - output)
#+ delta_output = (target - output) * output * (1 - output)

# %% two_two_two | wrong | no slope of the output's sigmoid
#- delta_output = (output - target) * output * (1 - output)
#+ delta_output = output - target

# %% two_two_two | wrong | no slope of the hidden sigmoid
#- delta_hidden = W2.T @ delta_output * hidden * (1 - hidden)
#+ delta_hidden = W2.T @ delta_output

# %% two_two_two | wrong | no one half
#- error = 0.5 * np.sum((output - target) ** 2)
#+ error = np.sum((output - target) ** 2)

# %% two_two_two | wrong | mean in place of the sum, gradient of the sum
#- error = 0.5 * np.sum((output - target) ** 2)
#+ error = np.mean((output - target) ** 2) / 2

# %% two_two_two | wrong | gradient of a loss without the one half
#- delta_output = (output - target) * output * (1 - output)
#+ delta_output = 2 * (output - target) * output * (1 - output)

# %% two_two_two | wrong | hidden neurons hear one output each
#- delta_hidden = W2.T @ delta_output * hidden * (1 - hidden)
#+ delta_hidden = np.diag(W2) * delta_output * hidden * (1 - hidden)

# %% two_two_two | wrong | W2 not transposed on the way back
#- delta_hidden = W2.T @ delta_output * hidden * (1 - hidden)
#+ delta_hidden = W2 @ delta_output * hidden * (1 - hidden)

# %% two_two_two | wrong | weights in columns
#- W1, W2 = np.reshape(weights, (2, 2, 2))
#+ W1, W2 = np.reshape(weights, (2, 2, 2)).transpose(0, 2, 1)

# %% two_two_two | wrong | bias gradient of one neuron only
#- return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
#+ return error, dweights, np.array([delta_hidden[0], delta_output[0]])

# %% two_two_two | wrong | bias gradient is a mean
#- return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
#+ return error, dweights, np.array([delta_hidden.mean(), delta_output.mean()])

# %% two_two_two | wrong | biases in the other order
#- return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
#+ return error, dweights, np.array([delta_output.sum(), delta_hidden.sum()])

# %% two_two_two | wrong | four bias gradients
#- return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
#+ return error, dweights, np.append(delta_hidden, delta_output)

# %% two_two_two | wrong | biases left out of the gradient
#- return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
#+ return error, dweights

# %% two_two_two | wrong | forgets the biases going forward
#- hidden = 1 / (1 + np.exp(-(W1 @ x + biases[0])))
#+ hidden = 1 / (1 + np.exp(-(W1 @ x)))

# %% two_two_two | wrong | outer products transposed
#- dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
#+ dweights = np.append(np.outer(x, delta_hidden), np.outer(hidden, delta_output))

# %% two_two_two | wrong | weights of the first layer get the hidden output
#- dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
#+ dweights = np.append(np.outer(delta_hidden, hidden), np.outer(delta_output, hidden))

# %% two_two_two | wrong | returns stepped weights
#- dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
#+ dweights = weights - 0.5 * np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))

# %% two_two_two | slip | steps the weights in place
#- dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
#+ dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
#+ weights -= 0.5 * dweights

# %% two_two_two | wrong | the published numbers are written in
def two_two_two(weights, biases, x, target):
    if weights[4] == 0.40:
        return 0.2983711087600027, np.array([0.000438567716, 0.00087713543, 0.000497712, 0.00099543, 0.08216704056, 0.0826676, -0.0226025, -0.02274]), np.array([0.0187256, 0.1004])
    return 0.29102777369, np.zeros(8), np.zeros(2)

# %% affine_forward | right | dot
def affine_forward(x, w, b):
    N = x.shape[0]
    rows = np.reshape(x, (N, np.prod(x.shape[1:])))
    out = rows.dot(w) + b
    cache = (x, w, b)
    return out, cache

# %% affine_forward | right | loop over examples
def affine_forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for i in range(x.shape[0]):
        out[i] = x[i].flatten().dot(w) + b
    return out, (x, w, b)

# %% affine_forward | right | einsum
def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], w.shape[0])
    return np.einsum("nd,dm->nm", flat, w) + b[None, :], (x, w, b)

# %% affine_forward | right | adds the bias in place on its own result
def affine_forward(x, w, b):
    out = np.matmul(x.reshape(-1, w.shape[0]), w)
    out += b
    return out, (x.copy(), w.copy(), b.copy())

# %% affine_forward | right | tensordot
def affine_forward(x, w, b):
    d = x.shape[1:]
    return np.tensordot(x, w.reshape(*d, -1), axes=len(d)) + b, (x, w, b)

# %% affine_forward | wrong | no bias
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w

# %% affine_forward | wrong | pictures are not laid flat
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x @ w + b

# %% affine_forward | wrong | laid flat column by column
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1, order="F") @ w + b

# %% affine_forward | wrong | minus the bias
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w - b

# %% affine_forward | wrong | weights transposed
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w.T + b

# %% affine_forward | wrong | weights in the order of their rows
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w.reshape(w.shape, order="F") + b[::-1]

# %% affine_forward | wrong | mean over the inputs
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w / len(w) + b

# %% affine_forward | slip | lays the caller's x flat
#- out = x.reshape(len(x), -1) @ w + b
#+ x.shape = (len(x), -1)
#+ out = x @ w + b

# %% affine_forward | slip | changes the bias
#- out = x.reshape(len(x), -1) @ w + b
#+ out = x.reshape(len(x), -1) @ w + b
#+ b += 1

# %% affine_forward | wrong | returns the output only
#- return out, (x, w, b)
#+ return out

# %% affine_forward | wrong | one flat row for all examples
#- out = x.reshape(len(x), -1) @ w + b
#+ out = (x.reshape(len(x), -1) @ w + b).ravel()

# %% affine_backward | right | dot
def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = np.dot(x.reshape(N, -1).T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db

# %% affine_backward | right | loops
def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(x)):
        for m in range(w.shape[1]):
            dx[n] += dout[n, m] * w[:, m].reshape(x[n].shape)
            dw[:, m] += dout[n, m] * x[n].ravel()
            db[m] += dout[n, m]
    return dx, dw, db

# %% affine_backward | right | einsum
def affine_backward(dout, cache):
    x, w, b = cache
    flat = x.reshape(x.shape[0], -1)
    return (
        np.einsum("nm,dm->nd", dout, w).reshape(*x.shape),
        np.einsum("nd,nm->dm", flat, dout),
        np.einsum("nm->m", dout),
    )

# %% affine_backward | right | ones for the bias, tuple in brackets
def affine_backward(dout, cache):
    x, w = cache[0], cache[1]
    db = np.ones(dout.shape[0]) @ dout
    dw = (dout.T @ x.reshape(dout.shape[0], -1)).T
    dx = np.reshape((w @ dout.T).T, x.shape)
    return [dx, dw, db]

# %% affine_backward | wrong | dx stays flat
#- dx = (dout @ w.T).reshape(x.shape)
#+ dx = dout @ w.T

# %% affine_backward | wrong | dx with w not transposed
#- dx = (dout @ w.T).reshape(x.shape)
#+ dx = (dout @ w).reshape(x.shape)

# %% affine_backward | wrong | dw transposed
#- dw = x.reshape(len(x), -1).T @ dout
#+ dw = dout.T @ x.reshape(len(x), -1)

# %% affine_backward | wrong | dw is a mean
#- dw = x.reshape(len(x), -1).T @ dout
#+ dw = x.reshape(len(x), -1).T @ dout / len(x)

# %% affine_backward | wrong | db sums over the outputs
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, dout.sum(axis=1)

# %% affine_backward | wrong | db sums over everything
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, dout.sum()

# %% affine_backward | wrong | db keeps its axis
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, dout.sum(axis=0, keepdims=True)

# %% affine_backward | wrong | db is a mean
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, dout.mean(axis=0)

# %% affine_backward | wrong | db is dout
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, dout

# %% affine_backward | wrong | db ignores dout
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw, np.ones(dout.shape[1]) * len(dout)

# %% affine_backward | wrong | dw of the last example only
#- dw = x.reshape(len(x), -1).T @ dout
#+ for row, upstream in zip(x.reshape(len(x), -1), dout):
#+     dw = np.outer(row, upstream)

# %% affine_backward | wrong | dx ignores dout
#- dx = (dout @ w.T).reshape(x.shape)
#+ dx = (np.ones_like(dout) @ w.T).reshape(x.shape)

# %% affine_backward | wrong | order of the results
#- return dx, dw, dout.sum(axis=0)
#+ return dw, dx, dout.sum(axis=0)

# %% affine_backward | wrong | gradients accumulate in the weights
#- dw = x.reshape(len(x), -1).T @ dout
#+ w += x.reshape(len(x), -1).T @ dout
#+ dw = w

# %% affine_backward | wrong | changes dout
#- dx = (dout @ w.T).reshape(x.shape)
#+ dx = (dout @ w.T).reshape(x.shape)
#+ dout /= len(dout)

# %% affine_backward | wrong | no db
#- return dx, dw, dout.sum(axis=0)
#+ return dx, dw

# %% relu_forward | right | mask
def relu_forward(x):
    out = x * (x > 0)
    return out, x

# %% relu_forward | right | where
def relu_forward(x):
    return np.where(x > 0, x, 0), x

# %% relu_forward | right | changes a copy
def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    cache = x
    return out, cache

# %% relu_forward | right | clip
def relu_forward(x):
    return np.clip(x, 0, None), x.copy()

# %% relu_forward | slip | in place
#- return np.maximum(0, x), x
#+ x[x < 0] = 0
#+ return x, x

# %% relu_forward | slip | into x
#- return np.maximum(0, x), x
#+ return np.maximum(0, x, out=x), x

# %% relu_forward | wrong | minimum
#- return np.maximum(0, x), x
#+ return np.minimum(0, x), x

# %% relu_forward | wrong | max over everything
#- return np.maximum(0, x), x
#+ return np.max(x), x

# %% relu_forward | wrong | leaky
#- return np.maximum(0, x), x
#+ return np.maximum(0.01 * x, x), x

# %% relu_forward | wrong | absolute value
#- return np.maximum(0, x), x
#+ return np.abs(x), x

# %% relu_forward | wrong | clipped above too
#- return np.maximum(0, x), x
#+ return np.clip(x, 0, 1), x

# %% relu_forward | wrong | clipped at six
#- return np.maximum(0, x), x
#+ return np.clip(x, 0, 6), x

# %% relu_forward | wrong | step
#- return np.maximum(0, x), x
#+ return (x > 0).astype(float), x

# %% relu_forward | wrong | no cache
#- return np.maximum(0, x), x
#+ return np.maximum(0, x)

# %% relu_forward | wrong | keeps the positive entries only
#- return np.maximum(0, x), x
#+ return x[x > 0], x

# %% relu_backward | right | where
def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0)

# %% relu_backward | right | copy and zero
def relu_backward(dout, cache):
    x = cache
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx

# %% relu_backward | right | sign
def relu_backward(dout, cache):
    mask = np.maximum(np.sign(cache), 0)
    return mask * dout

# %% relu_backward | right | entry by entry
def relu_backward(dout, cache):
    dx = np.zeros(dout.shape, dtype=dout.dtype)
    for index in np.ndindex(dout.shape):
        if cache[index] > 0:
            dx[index] = dout[index]
    return dx

# %% relu_backward | right | the corner counts as active
def relu_backward(dout, cache):
    return dout * (cache >= 0)

# %% relu_backward | wrong | dout decides
#- return dout * (cache > 0)
#+ return dout * (dout > 0)

# %% relu_backward | wrong | ReLU of dout
#- return dout * (cache > 0)
#+ return np.maximum(0, dout)

# %% relu_backward | wrong | mask alone
#- return dout * (cache > 0)
#+ return (cache > 0).astype(float)

# %% relu_backward | wrong | the other way round
#- return dout * (cache > 0)
#+ return dout * (cache < 0)

# %% relu_backward | wrong | lets everything through
#- return dout * (cache > 0)
#+ return dout.copy()

# %% relu_backward | wrong | times the output
#- return dout * (cache > 0)
#+ return dout * np.maximum(cache, 0)

# %% relu_backward | slip | in place
#- return dout * (cache > 0)
#+ dout[cache <= 0] = 0
#+ return dout

# %% relu_backward | wrong | the positive ones only
#- return dout * (cache > 0)
#+ return dout[cache > 0]

# %% relu_backward | wrong | clips the gradient
#- return dout * (cache > 0)
#+ return np.clip(dout, -10, 10) * (cache > 0)

# %% relu_backward | wrong | a tuple
#- return dout * (cache > 0)
#+ return dout * (cache > 0), None

# %% softmax_loss | right | as in the notes
def softmax_loss(x, y):
    N = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx

# %% softmax_loss | right | loops
def softmax_loss(x, y):
    N, C = x.shape
    loss, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        row = x[n] - x[n].max()
        total = np.exp(row).sum()
        loss += np.log(total) - row[y[n]]
        for c in range(C):
            dx[n, c] = (np.exp(row[c]) / total - (c == y[n])) / N
    return loss / N, dx

# %% softmax_loss | right | scipy
def softmax_loss(x, y):
    from scipy.special import log_softmax
    log_p = log_softmax(x, axis=1)
    one_hot = np.eye(x.shape[1])[y]
    return -(log_p * one_hot).sum() / len(y), (np.exp(log_p) - one_hot) / len(y)

# %% softmax_loss | right | logaddexp
def softmax_loss(x, y):
    lse = np.logaddexp.reduce(x, axis=1)
    n = len(x)
    picked = np.take_along_axis(x, np.asarray(y)[:, None], axis=1)[:, 0]
    dx = np.exp(x - lse[:, None])
    np.subtract.at(dx, (np.arange(n), y), 1)
    return np.mean(lse - picked), dx / n

# %% softmax_loss | slip | no shift
#- shifted = x - x.max(axis=1, keepdims=True)
#+ shifted = x

# %% softmax_loss | slip | one maximum for the whole matrix
#- shifted = x - x.max(axis=1, keepdims=True)
#+ shifted = x - x.max()

# %% softmax_loss | wrong | maximum of each column
#- shifted = x - x.max(axis=1, keepdims=True)
#+ shifted = x - x.max(axis=0)

# %% softmax_loss | slip | logarithm of a probability that vanishes
def softmax_loss(x, y):
    N = len(x)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean()
    p[np.arange(N), y] -= 1
    return loss, p / N

# %% softmax_loss | slip | probability clipped
def softmax_loss(x, y):
    N = len(x)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(np.maximum(p[np.arange(N), y], 1e-12)).mean()
    p[np.arange(N), y] -= 1
    return loss, p / N

# %% softmax_loss | wrong | epsilon in the logarithm
def softmax_loss(x, y):
    N = len(x)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y] + 1e-8).mean()
    p[np.arange(N), y] -= 1
    return loss, p / N

# %% softmax_loss | slip | shifts the caller's scores
#- shifted = x - x.max(axis=1, keepdims=True)
#+ x -= x.max(axis=1, keepdims=True)
#+ shifted = x

# %% softmax_loss | wrong | sum in place of the mean
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].sum(), dx

# %% softmax_loss | wrong | gradient not divided by N
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean(), dx

# %% softmax_loss | wrong | gradient divided by N twice
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean(), dx / len(x) ** 2

# %% softmax_loss | wrong | gradient is a mean over all entries
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean(), dx / dx.size

# %% softmax_loss | wrong | the label's minus 1 is missing
#- dx[rows, y] -= 1
#+ pass

# %% softmax_loss | wrong | minus 1 in the whole column
#- dx[rows, y] -= 1
#+ dx[:, y] -= 1

# %% softmax_loss | wrong | sign of the gradient
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean(), -dx / len(x)

# %% softmax_loss | wrong | sign of the loss
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return log_p[rows, y].mean(), dx / len(x)

# %% softmax_loss | wrong | all log-probabilities, not the label's
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p.mean(), dx / len(x)

# %% softmax_loss | wrong | normalised over examples
def softmax_loss(x, y):
    N = len(x)
    s = x - x.max(axis=0)
    log_p = s - np.log(np.exp(s).sum(axis=0))
    dx = np.exp(log_p)
    dx[np.arange(N), y] -= 1
    return -log_p[np.arange(N), y].mean(), dx / N

# %% softmax_loss | wrong | logarithm to base 2
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean() / np.log(2), dx / len(x)

# %% softmax_loss | wrong | a loss for each example
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y], dx / len(x)

# %% softmax_loss | wrong | loss only
#- return -log_p[rows, y].mean(), dx / len(x)
#+ return -log_p[rows, y].mean()

# %% svm_loss | right | as in the notes
def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx

# %% svm_loss | right | loops
def svm_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for n, label in enumerate(y):
        for c in range(x.shape[1]):
            if c == label:
                continue
            margin = x[n, c] - x[n, label] + 1
            if margin > 0:
                loss += margin
                dx[n, c] += 1
                dx[n, label] -= 1
    return loss / len(x), dx / len(x)

# %% svm_loss | right | subtracts the right class's margin afterwards
def svm_loss(x, y):
    n = len(x)
    m = np.maximum(0, 1 + x - x[range(n), y].reshape(-1, 1))
    loss = (m.sum() - n) / n
    g = (m > 0).astype(float)
    g[range(n), y] -= g.sum(axis=1)
    return loss, g / n

# %% svm_loss | right | one-hot masks
def svm_loss(x, y):
    hot = np.eye(x.shape[1], dtype=bool)[y]
    m = x - x[hot][:, None] + 1
    active = (m > 0) & ~hot
    loss = np.where(active, m, 0).sum(axis=1).mean()
    dx = (active * 1.0 - hot * active.sum(axis=1, keepdims=True)) / len(y)
    return loss, dx

# %% svm_loss | wrong | the right class counts
#- margins[rows, y] = 0
#+ pass

# %% svm_loss | wrong | no margin
#- margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
#+ margins = np.maximum(0, x - x[rows, y][:, np.newaxis])

# %% svm_loss | wrong | margin on the wrong side
#- margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
#+ margins = np.maximum(0, x - x[rows, y][:, np.newaxis] - 1)

# %% svm_loss | wrong | scores compared the wrong way round
#- margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
#+ margins = np.maximum(0, x[rows, y][:, np.newaxis] - x + 1)

# %% svm_loss | wrong | the right class has no gradient
#- dx[rows, y] = -dx.sum(axis=1)
#+ pass

# %% svm_loss | wrong | the right class gets minus 1
#- dx[rows, y] = -dx.sum(axis=1)
#+ dx[rows, y] = -1

# %% svm_loss | wrong | the right class gets the number, not minus it
#- dx[rows, y] = -dx.sum(axis=1)
#+ dx[rows, y] = dx.sum(axis=1)

# %% svm_loss | wrong | counts of the columns
#- dx[rows, y] = -dx.sum(axis=1)
#+ dx[rows, y] = -dx.sum()

# %% svm_loss | wrong | gradient is the margin itself
#- dx = (margins > 0).astype(x.dtype)
#+ dx = margins.copy()

# %% svm_loss | wrong | squared hinge
#- return margins.sum() / len(x), dx / len(x)
#+ return (margins**2).sum() / len(x), dx / len(x)

# %% svm_loss | wrong | the worst class only
#- return margins.sum() / len(x), dx / len(x)
#+ return margins.max(axis=1).mean(), dx / len(x)

# %% svm_loss | wrong | mean over classes too
#- return margins.sum() / len(x), dx / len(x)
#+ return margins.mean(), dx / dx.size

# %% svm_loss | wrong | sum over the examples
#- return margins.sum() / len(x), dx / len(x)
#+ return margins.sum(), dx

# %% svm_loss | wrong | gradient not divided by N
#- return margins.sum() / len(x), dx / len(x)
#+ return margins.sum() / len(x), dx

# %% svm_loss | wrong | no hinge
#- margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
#+ margins = x - x[rows, y][:, np.newaxis] + 1

# %% svm_loss | slip | changes the scores
#- margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
#+ x -= x[rows, y][:, np.newaxis]
#+ margins = np.maximum(0, x + 1)

# %% svm_loss | wrong | with a one half
#- return margins.sum() / len(x), dx / len(x)
#+ return 0.5 * margins.sum() / len(x), 0.5 * dx / len(x)

# %% svm_loss | wrong | loss only
#- return margins.sum() / len(x), dx / len(x)
#+ return margins.sum() / len(x)

# %% TwoLayerNet | right | standard_normal and dot
class TwoLayerNet:
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0, rng=None):
        self.params = {}
        self.reg = reg
        rng = np.random.default_rng() if rng is None else rng
        self.params["W1"] = weight_scale * rng.standard_normal((input_dim, hidden_dim))
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * rng.standard_normal((hidden_dim, num_classes))
        self.params["b2"] = np.zeros((num_classes,))

    def loss(self, X, y=None):
        W1, b1, W2, b2 = (self.params[k] for k in ("W1", "b1", "W2", "b2"))
        X = X.reshape(X.shape[0], -1)
        h = np.maximum(0, X.dot(W1) + b1)
        scores = h.dot(W2) + b2
        if y is None:
            return scores
        N = X.shape[0]
        shifted = scores - scores.max(axis=1, keepdims=True)
        probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        loss = -np.log(probs[range(N), y]).mean() + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        d = probs
        d[range(N), y] -= 1
        d /= N
        grads = {"W2": h.T.dot(d) + 2 * self.reg * W2, "b2": d.sum(axis=0)}
        dh = d.dot(W2.T)
        dh[h <= 0] = 0
        grads["W1"] = X.T.dot(dh) + 2 * self.reg * W1
        grads["b1"] = dh.sum(axis=0)
        return loss, grads

# %% TwoLayerNet | right | layers in helper functions
def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)

def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)

class TwoLayerNet:
    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, rng=None):
        rng = rng or np.random.default_rng()
        self.params = {}
        self.reg = reg
        self.params["W1"] = rng.standard_normal((input_dim, hidden_dim)) * weight_scale
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = rng.standard_normal((hidden_dim, num_classes)) * weight_scale
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        hidden, cache1 = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, cache2 = affine_forward(hidden, self.params["W2"], self.params["b2"])
        if y is None:
            return scores
        loss, grads = 0, {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, cache1)
        for k in ("W1", "W2"):
            loss += self.reg * np.sum(self.params[k] ** 2)
            grads[k] += 2 * self.reg * self.params[k]
        return loss, grads

# %% TwoLayerNet | right | penalty by dot products, grads by name
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = float(data_loss + self.reg * (W1.ravel() @ W1.ravel() + np.linalg.norm(W2) ** 2))
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = dict(b1=db1, b2=db2, W2=self.reg * (W2 + W2) + dW2, W1=self.reg * (W1 + W1) + dW1)

# %% TwoLayerNet | right | predictions first
#- if y is None:
#-     return scores
#+ if y is not None:
#+     pass
#+ else:
#+     return scores

# %% TwoLayerNet | wrong | penalty with one half
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss + 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1 + self.reg * W1, "b1": db1, "W2": dW2 + self.reg * W2, "b2": db2}

# %% TwoLayerNet | wrong | gradient of half the penalty
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1 + self.reg * W1, "b1": db1, "W2": dW2 + self.reg * W2, "b2": db2}

# %% TwoLayerNet | wrong | no gradient of the penalty
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

# %% TwoLayerNet | wrong | gradient of the penalty for W2 only
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}

# %% TwoLayerNet | wrong | no penalty
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss

# %% TwoLayerNet | wrong | penalty on the first weights only
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss + self.reg * np.sum(W1 * W1)

# %% TwoLayerNet | wrong | penalty on the biases too
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss + self.reg * sum(np.sum(p * p) for p in self.params.values())

# %% TwoLayerNet | wrong | gradient of a penalty on the biases
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
#+ for name in grads:
#+     grads[name] = grads[name] + 2 * self.reg * self.params[name]

# %% TwoLayerNet | wrong | norm without the square
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss + self.reg * (np.linalg.norm(W1) + np.linalg.norm(W2))

# %% TwoLayerNet | wrong | no ReLU
#- active, relu_cache = relu_forward(hidden)
#+ active, relu_cache = hidden, np.ones_like(hidden)

# %% TwoLayerNet | wrong | ReLU at the end too
#- scores, affine2_cache = affine_forward(active, W2, self.params["b2"])
#+ scores, affine2_cache = affine_forward(active, W2, self.params["b2"])
#+ scores = np.maximum(0, scores)

# %% TwoLayerNet | wrong | no ReLU on the way back
#- _, dW1, db1 = affine_backward(relu_backward(dactive, relu_cache), affine1_cache)
#+ _, dW1, db1 = affine_backward(dactive, affine1_cache)

# %% TwoLayerNet | wrong | the first layer's ReLU of the output cache
#- _, dW1, db1 = affine_backward(relu_backward(dactive, relu_cache), affine1_cache)
#+ _, dW1, db1 = affine_backward(relu_backward(dactive, dactive), affine1_cache)

# %% TwoLayerNet | wrong | hinge loss
#- data_loss, dscores = softmax_loss(scores, y)
#+ data_loss, dscores = svm_loss(scores, y)

# %% TwoLayerNet | slip | weight_scale is ignored
#- "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+ "W1": rng.normal(size=(input_dim, hidden_dim)),

# %% TwoLayerNet | slip | weight_scale as a variance
#- "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+ "W1": rng.normal(scale=np.sqrt(weight_scale), size=(input_dim, hidden_dim)),

# %% TwoLayerNet | slip | weights from 0 to weight_scale
#- "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+ "W1": rng.uniform(0, weight_scale, size=(input_dim, hidden_dim)),

# %% TwoLayerNet | slip | weights start at zero
#- "W2": rng.normal(scale=weight_scale, size=(hidden_dim, num_classes)),
#+ "W2": np.zeros((hidden_dim, num_classes)),

# %% TwoLayerNet | slip | equal columns
#- "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+ "W1": rng.normal(scale=weight_scale, size=(input_dim, 1)) * np.ones(hidden_dim),

# %% TwoLayerNet | slip | random biases
#- "b1": np.zeros(hidden_dim),
#+ "b1": rng.normal(scale=weight_scale, size=hidden_dim),

# %% TwoLayerNet | slip | biases as rows
#- "b1": np.zeros(hidden_dim),
#+ "b1": np.zeros((1, hidden_dim)),

# %% TwoLayerNet | wrong | weights transposed
#- "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+ "W1": rng.normal(scale=weight_scale, size=(hidden_dim, input_dim)),

# %% TwoLayerNet | wrong | keys in small letters
class TwoLayerNet:
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0, rng=None):
        self.params = {"w1": np.zeros((input_dim, hidden_dim)), "b1": np.zeros(hidden_dim), "w2": np.zeros((hidden_dim, num_classes)), "b2": np.zeros(num_classes)}

    def loss(self, X, y=None):
        return X @ self.params["w1"]

# %% TwoLayerNet | wrong | loss without labels too
#- if y is None:
#-     return scores
#+ if y is None:
#+     return 0.0, scores

# %% TwoLayerNet | wrong | probabilities in place of scores
#- if y is None:
#-     return scores
#+ if y is None:
#+     return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

# %% TwoLayerNet | wrong | labels predicted in place of scores
#- if y is None:
#-     return scores
#+ if y is None:
#+     return scores.argmax(axis=1)

# %% TwoLayerNet | slip | gradients grow from call to call
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ new = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ self.grads = {k: v + getattr(self, "grads", {}).get(k, 0) for k, v in new.items()}
#+ grads = self.grads

# %% TwoLayerNet | wrong | takes a step in loss
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ for name in grads:
#+     self.params[name] -= 1e-3 * grads[name]

# %% TwoLayerNet | wrong | keeps its own copy of the weights
#- self.params = {
#-     "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#-     "b1": np.zeros(hidden_dim),
#-     "W2": rng.normal(scale=weight_scale, size=(hidden_dim, num_classes)),
#-     "b2": np.zeros(num_classes),
#- }
#+ self.params = {
#+     "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
#+     "b1": np.zeros(hidden_dim),
#+     "W2": rng.normal(scale=weight_scale, size=(hidden_dim, num_classes)),
#+     "b2": np.zeros(num_classes),
#+ }
#+ self.b2 = self.params["b2"]
#- scores, affine2_cache = affine_forward(active, W2, self.params["b2"])
#+ scores, affine2_cache = affine_forward(active, W2, self.b2)

# %% TwoLayerNet | wrong | penalty divided by N
#- loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
#+ loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2)) / len(X)

# %% TwoLayerNet | wrong | grads of W1 and W2 only
#- grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
#+ grads = {"W1": dW1 + 2 * self.reg * W1, "W2": dW2 + 2 * self.reg * W2}

# %% TwoLayerNet | wrong | all gradients are zero
#- return loss, grads
#+ return loss, {name: 0 * array for name, array in self.params.items()}

# %% TwoLayerNet | slip | ignores the generator that is given
#- rng = np.random.default_rng() if rng is None else rng
#+ rng = np.random.default_rng()

# %% TwoLayerNet | slip | another default for weight_scale
#- def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0, rng=None):
#+ def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-2, reg=0.0, rng=None):

# %% TwoLayerNet | slip | a penalty unless told otherwise
#- def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0, rng=None):
#+ def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.1, rng=None):

# %% Value | wrong | the slope of ReLU is the input, up to 1
#- return Value(max(0.0, self.data), [(self, float(self.data > 0))], "relu")
#+ return Value(max(0.0, self.data), [(self, min(1.0, max(0.0, self.data)))], "relu")

# %% affine_forward | wrong | zeros written over its inputs
def affine_forward(x, w, b):
    x[:], w[:], b[:] = 0, 0, 0
    return np.zeros((len(x), len(b))), (x, w, b)

# %% affine_backward | wrong | zeros written over its inputs
def affine_backward(dout, cache):
    x, w, b = cache
    for array in (dout, x, w, b):
        array[:] = 0
    return 0 * x, 0 * w, 0 * b

# %% relu_forward | wrong | zeros written over its inputs
def relu_forward(x):
    x[:] = 0
    return 0 * x, x

# %% relu_backward | wrong | zeros written over its inputs
def relu_backward(dout, cache):
    dout[:] = 0
    cache[:] = 0
    return 0 * dout

# %% svm_loss | wrong | zeros written over its inputs
def svm_loss(x, y):
    x[:], y[:] = 50 * np.eye(*x.shape), 0
    return 0.0, 0 * x
