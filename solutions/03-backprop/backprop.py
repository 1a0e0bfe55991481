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
# # 3 · Backpropagation: the chain rule, made mechanical
#
# A network is a long formula, and to train it we need the derivative of its loss with respect to every weight. Writing three hundred
# thousand derivatives by hand is hopeless, and measuring them one by one takes three hundred thousand evaluations. Backpropagation gets
# all of them in one sweep, for about the price of two evaluations. It is nothing but the chain rule, applied gate by gate, from the end of the
# formula to its beginning. You will build it three times: by hand for one neuron, as a small machine for *any* formula, and with
# matrices, in the form in which real networks use it.
#
# | exercise | | points |
# |---|---|---|
# | 1 | One neuron, forwards and backwards | 8 |
# | 2 | `Value`: derivatives of any formula | 22 |
# | 3 | A network small enough to follow by hand | 10 |
# | 4 | The affine layer | 6 + 10 |
# | 5 | The ReLU layer | 3 + 5 |
# | 6 | Two losses | 8 + 8 |
# | 7 | A two-layer network | 12 |
# | | Two written questions | 8 |
#
# **How to work.** Run the cells from top to bottom (`Shift`+`Enter`). Where a cell says `raise NotImplementedError`, put
# your code in its place, then run the check below it. More tests, which you do not see, run when the notebook is graded; the text
# and the docstring say all that they ask for. About four hours. Notebooks 04 to 08 use the layers that you write here.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import checks, gradcheck, plotting
from cs231n_kit.data import load_picturebook
from cs231n_kit.solver import Solver

plt.style.use("cs231n_kit.plotting.course")

# %% [markdown]
# ## The one rule
#
# Let $z$ depend on $y$, and $y$ on $x$. If $y$ moves 3 times as fast as $x$, and $z$ moves 2 times as fast as $y$, then $z$ moves 6 times as
# fast as $x$:
#
# $$\frac{dz}{dx} = \frac{dz}{dy} \cdot \frac{dy}{dx}$$
#
# Seen from a gate that computes $y$ from $x$: the factor $dz/dy$ arrives from the right, from whatever comes after. That is the **upstream
# gradient**, and a gate need not know how it came about. The factor $dy/dx$ the gate knows by itself: its **local derivative**. It
# multiplies the two and hands the product to its input. Every gate does the same, so the whole formula is differentiated by
# gates that know nothing of each other.
#
# Three gates are worth knowing by heart. In each picture the gradient 2 arrives at the gate, and leaves through its inputs:

# %% tags=["explore"]
plotting.show_gates()
plt.show()

# %% [markdown]
# ## Exercise 1 · One neuron, forwards and backwards  `[8 points · ●○○ · 20 min]`
#
# A neuron with two inputs weighs them, adds a bias, and squashes the sum between 0 and 1:
#
# $$s = w_0 x_0 + w_1 x_1 + w_2, \qquad f = \sigma(s) = \frac{1}{1 + e^{-s}}$$
#
# Going forward, compute $s$ and then $f$. Going backward, start with $df/df = 1$ and pass it through the gates. The sigmoid could be
# taken apart into $\cdot(-1)$, exp, $+1$ and $1/\cdot$, but its derivative is so short that we treat it as a single gate:
#
# $$\frac{df}{ds} = f\,(1 - f)$$
#
# From there the sum hands this number to each of its three terms, and each product swaps: $w_0$ receives it times $x_0$, and
# $x_0$ receives it times $w_0$. What does $w_2$ receive?
#
# <details><summary>Hint</summary>
#
# Compute the one number $f(1-f)$ first and give it a name. Each of the five gradients is that number times something, and for $w_2$ the
# something is 1. The derivative of the sigmoid is written with its *output* f, not with its input s.
# </details>


# %% nbgrader={"grade": false, "grade_id": "sigmoid_neuron", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_neuron(w, x):
    """A neuron with two inputs: its output, and the gradient of the output with respect to weights and inputs.

    Parameters
    ----------
    w : (3,) weights w0 and w1, and the bias w2
    x : (2,) inputs x0 and x1

    Returns
    -------
    out : float, sigmoid(w0 * x0 + w1 * x1 + w2)
    dw : (3,) derivatives of out by w0, w1, w2
    dx : (2,) derivatives of out by x0, x1
    """
    ### BEGIN SOLUTION
    w, x = np.asarray(w), np.asarray(x)
    out = 1 / (1 + np.exp(-(w[:2] @ x + w[2])))
    dscore = out * (1 - out)
    return out, dscore * np.append(x, 1), dscore * w[:2]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_neuron_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the lecture's neuron. Its sum is 1; the sigmoid of 1 is 0.7311, and its slope there 0.7311 * 0.2689 = 0.1966.
result = sigmoid_neuron(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0]))
out, dw, dx = checks.unpack(result, "out", "dw", "dx", what="sigmoid_neuron")
checks.close(out, 0.731058579, "the output", rtol=1e-8, hint="w0 * x0 + w1 * x1 + w2 is -2 + 6 - 3 = 1")
checks.close(
    dw,
    [-0.196611933, -0.393223866, 0.196611933],
    "dw",
    rtol=1e-8,
    hint="0.1966 times x0, times x1, and times 1 for the bias",
)
checks.close(dx, [0.393223866, -0.589835800], "dx", rtol=1e-8, hint="0.1966 times w0, and times w1")
# Another neuron, against measured derivatives.
from scipy.special import expit

rng = np.random.default_rng(0)
for w, x in [(rng.normal(size=3), rng.normal(size=2)) for _ in range(1)]:
    out, dw, dx = checks.unpack(sigmoid_neuron(w.copy(), x.copy()), "out", "dw", "dx", what="sigmoid_neuron")
    checks.close(out, expit(w[0] * x[0] + w[1] * x[1] + w[2]), "the output of a random neuron")
    gradcheck.check(lambda v, x=x: expit(v[0] * x[0] + v[1] * x[1] + v[2]), w, dw, "dw of sigmoid_neuron")
    gradcheck.check(lambda v, w=w: expit(w[0] * v[0] + w[1] * v[1] + w[2]), x, dx, "dx of sigmoid_neuron")

# %% nbgrader={"grade": true, "grade_id": "sigmoid_neuron_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other numbers, against measured derivatives.
### BEGIN HIDDEN TESTS
from scipy.special import expit

rng = np.random.default_rng(31)  # one example may come out right by chance
for w, x in [(rng.normal(size=3), rng.normal(size=2)) for _ in range(4)]:
    out, dw, dx = checks.unpack(sigmoid_neuron(w.copy(), x.copy()), "out", "dw", "dx", what="sigmoid_neuron")
    checks.close(out, expit(w[0] * x[0] + w[1] * x[1] + w[2]), "the output of a random neuron")
    gradcheck.check(lambda v, x=x: expit(v[0] * x[0] + v[1] * x[1] + v[2]), w, dw, "dw of sigmoid_neuron")
    gradcheck.check(lambda v, w=w: expit(w[0] * v[0] + w[1] * v[1] + w[2]), x, dx, "dx of sigmoid_neuron")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "sigmoid_neuron_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: whole numbers, and inputs that stay as they are.
from scipy.special import expit

rng = np.random.default_rng(1)
for w, x in [(rng.normal(size=3), rng.normal(size=2)) for _ in range(1)]:
    out, dw, dx = checks.unpack(sigmoid_neuron(w.copy(), x.copy()), "out", "dw", "dx", what="sigmoid_neuron")
    checks.close(out, expit(w[0] * x[0] + w[1] * x[1] + w[2]), "the output of a random neuron")
    gradcheck.check(lambda v, x=x: expit(v[0] * x[0] + v[1] * x[1] + v[2]), w, dw, "dw of sigmoid_neuron")
    gradcheck.check(lambda v, w=w: expit(w[0] * v[0] + w[1] * v[1] + w[2]), x, dx, "dx of sigmoid_neuron")
# whole numbers: gradients stored in an integer array would all be 0
w, x = np.array([1, -2, 1]), np.array([3, 1])
out, dw, dx = checks.unpack(sigmoid_neuron(w, x), "out", "dw", "dx", what="sigmoid_neuron")
slope = expit(2.0) * expit(-2.0)
checks.close(out, expit(2.0), "the output for whole numbers")
checks.close(np.divide(dw, slope), [3, 1, 1], "dw for whole numbers", hint="gradients are floats")
checks.close(np.divide(dx, slope), [1, -2], "dx for whole numbers", hint="gradients are floats")
checks.unchanged(w, np.array([1, -2, 1]), "w")
checks.unchanged(x, np.array([3, 1]), "x")

# %% nbgrader={"grade": true, "grade_id": "sigmoid_neuron_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: whole numbers, far out, inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.special import expit

rng = np.random.default_rng(131)
for w, x in [(rng.normal(size=3), rng.normal(size=2)) for _ in range(1)]:
    out, dw, dx = checks.unpack(sigmoid_neuron(w.copy(), x.copy()), "out", "dw", "dx", what="sigmoid_neuron")
    checks.close(out, expit(w[0] * x[0] + w[1] * x[1] + w[2]), "the output of a random neuron")
    gradcheck.check(lambda v, x=x: expit(v[0] * x[0] + v[1] * x[1] + v[2]), w, dw, "dw of sigmoid_neuron")
    gradcheck.check(lambda v, w=w: expit(w[0] * v[0] + w[1] * v[1] + w[2]), x, dx, "dx of sigmoid_neuron")
# whole numbers: gradients stored in an integer array would all be 0
w, x = np.array([1, -2, 1]), np.array([3, 1])
out, dw, dx = checks.unpack(sigmoid_neuron(w, x), "out", "dw", "dx", what="sigmoid_neuron")
slope = expit(2.0) * expit(-2.0)
checks.close(out, expit(2.0), "the output for whole numbers")
checks.close(np.divide(dw, slope), [3, 1, 1], "dw for whole numbers", hint="gradients are floats")
checks.close(np.divide(dx, slope), [1, -2], "dx for whole numbers", hint="gradients are floats")
checks.unchanged(w, np.array([1, -2, 1]), "w")
checks.unchanged(x, np.array([3, 1]), "x")
# far out the neuron is saturated: hardly any gradient comes through
w, x = np.array([4.0, 4.0, 4.0]), np.array([3.0, 2.0])
_, dw, dx = sigmoid_neuron(w, x)
checks.close(dw, expit(24.0) * expit(-24.0) * np.array([3, 2, 1]), "dw of a saturated neuron", rtol=1e-4)
checks.close(dx, expit(24.0) * expit(-24.0) * np.array([4, 4]), "dx of a saturated neuron", rtol=1e-4)
checks.unchanged(w, np.array([4.0, 4.0, 4.0]), "w")
checks.unchanged(x, np.array([3.0, 2.0]), "x")
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The slope $f(1-f)$ that everything is multiplied by, for sums from -8 to 8. At best it is a quarter, and a few units from
# zero next to nothing is left. A neuron out there has stopped learning: it is **saturated**. Notebook 04 is about the consequences.

# %% tags=["explore"]
sums = np.linspace(-8, 8, 161)
neurons = [sigmoid_neuron(np.array([1.0, 0.0, 0.0]), np.array([s, 0.0])) for s in sums]
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax.plot(sums, [out for out, _, _ in neurons], label="output f")
ax.plot(sums, [dx[0] for _, _, dx in neurons], label="slope f (1 - f)")
ax.set(xlabel="sum s", title="A neuron learns only where its sigmoid is steep")
ax.legend()
plt.show()

# %% [markdown]
# ## Exercise 2 · `Value`: derivatives of any formula  `[22 points · ●●● · 60 min]`
#
# Exercise 1 took a formula apart by hand. A machine can do it: let every number remember **what it was computed from, and its local
# derivative by each of these inputs**. Then any formula, just by being computed, leaves behind a graph of gates, and walking the graph
# backwards differentiates it. PyTorch and its relatives are this idea with arrays in place of numbers.
#
# A `Value` holds `data` (its value), `grad` (the derivative of the final result by it, filled in later), and `inputs`, a
# tuple of pairs: an input, and the local derivative by that input. `__add__`, which Python calls for `a + b`, is given as an
# example: the derivative of $a + b$ is 1 by $a$ and 1 by $b$. Fill in the others:
#
# | gate | value | local derivative |
# |---|---|---|
# | product | $a\,b$ | $b$ by $a$, and $a$ by $b$ |
# | power, $n$ a plain number | $a^n$ | $n\,a^{n-1}$ |
# | exp | $e^a$ | $e^a$ |
# | tanh | $\tanh a$ | $1 - \tanh^2 a$ |
# | ReLU | $\max(0, a)$ | 1 where $a > 0$, else 0 |
#
# Subtraction and division are made of these, and given.
#
# Then `backward`. It sets the gradient of the final result to 1 (the derivative of a thing by itself), and goes through the graph from the
# result to the beginning. At each node: for every input, **add** (local derivative times the node's gradient) to the input's gradient. Two
# things can go wrong:
#
# - **A value that is used twice** gets a gradient from each use, and the right gradient is their *sum*. Add; do not overwrite.
# - **A node may pass on its gradient only when it is complete**, after *every* node that uses it has passed on its own. So the order matters. Put all nodes
#   into a list in which each node stands after its inputs (a **topological order**), and go through it from the end. Each node is visited once.
#
# <details><summary>Hint: a topological order</summary>
#
# To list a node: first list each of its inputs (in the same manner), then put the node itself at the end of the list. Skip nodes
# that have been listed already: keep a set of them. As a recursive function this is four lines. The deeper the formula, the deeper the
# recursion, and Python stops at about 1000; that is deep enough here. A stack of your own in place of the recursion has no such limit.
# </details>
#
# <details><summary>Hint: local derivatives</summary>
#
# Compute the output's number first, and build on it: the derivative of exp is the output itself, that of tanh is 1 minus the output squared.
# `np.exp` and `np.tanh` work on plain numbers.
# </details>


# %% nbgrader={"grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value:
    """A number that remembers how it was computed.

    Attributes
    ----------
    data : float, the number
    grad : float, derivative of the final result by this number; 0 until `backward` fills it in
    inputs : tuple of pairs (Value, local derivative), what this number was computed from
    op, name : words for the picture
    """

    def __init__(self, data, inputs=(), op="", name=""):
        self.data = float(data)
        self.grad = 0.0
        self.inputs = tuple(inputs)
        self.op = op
        self.name = name

    def __repr__(self):
        return f"Value({self.data:.6g}, grad={self.grad:.6g})"

    @staticmethod
    def of(number):
        """Make a plain number a Value; leave a Value as it is."""
        return number if isinstance(number, Value) else Value(number)

    def __add__(self, other):
        """self + other, where other is a Value or a plain number."""
        other = Value.of(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)], "+")

    def __mul__(self, other):
        """self * other, where other is a Value or a plain number."""
        other = Value.of(other)
        ### BEGIN SOLUTION
        return Value(self.data * other.data, [(self, other.data), (other, self.data)], "*")
        ### END SOLUTION

    def __pow__(self, exponent):
        """self ** exponent, where exponent is a plain number, not a Value."""
        ### BEGIN SOLUTION
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, [(self, slope)], f"**{exponent}")
        ### END SOLUTION

    def exp(self):
        """The exponential function."""
        ### BEGIN SOLUTION
        out = np.exp(self.data)
        return Value(out, [(self, out)], "exp")
        ### END SOLUTION

    def tanh(self):
        """The hyperbolic tangent."""
        ### BEGIN SOLUTION
        out = np.tanh(self.data)
        return Value(out, [(self, 1 - out**2)], "tanh")
        ### END SOLUTION

    def relu(self):
        """The larger of 0 and self."""
        ### BEGIN SOLUTION
        return Value(max(0.0, self.data), [(self, float(self.data > 0))], "relu")
        ### END SOLUTION

    def backward(self):
        """Add the derivative of self by each node of its formula to that node's `grad`.

        Nodes pass their gradient on once each, after all nodes that use them have. Before `backward` is
        called a second time on the same nodes, their gradients are to be set to 0.
        """
        ### BEGIN SOLUTION
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, inputs_listed = waiting.pop()
            if inputs_listed:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend((source, False) for source, _ in node.inputs)
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in node.inputs:
                source.grad += slope * node.grad
        ### END SOLUTION

    # The other operators are made of the ones above.
    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + Value.of(other) * -1

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __radd__(self, other):
        return Value.of(other) + self

    def __rmul__(self, other):
        return Value.of(other) * self

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self


# %% nbgrader={"grade": true, "grade_id": "Value_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: each gate going forward, and one step back through it.
for what, gate, value, slopes in [
    ("3 * -4", lambda a, b: a * b, -12, (-4, 3)),
    ("3 ** 2", lambda a, b: a**2, 9, (6, 0)),
    ("3 * 3, the same Value twice", lambda a, b: a * a, 9, (6, 0)),
    ("exp(3)", lambda a, b: a.exp(), np.exp(3), (np.exp(3), 0)),
    ("tanh(3)", lambda a, b: a.tanh(), np.tanh(3), (1 / np.cosh(3) ** 2, 0)),
    ("relu(3)", lambda a, b: a.relu(), 3, (1, 0)),
    ("relu(0.3)", lambda a, b: (a * 0.1).relu(), 0.3, (0.1, 0)),
    ("relu(-4)", lambda a, b: b.relu(), 0, (0, 0)),
]:
    a, b = Value(3.0), Value(-4.0)
    result = gate(a, b)
    checks.holds(
        isinstance(result, Value), f"{what} gives a Value", hint="return Value(number, inputs), not a number"
    )
    checks.close(result.data, value, what, hint="the value itself, before any derivative")
    result.backward()
    checks.close(
        [a.grad, b.grad],
        slopes,
        f"the gradients of {what}",
        hint="1 at the result, times the local derivative, added to what is there",
    )

# %% nbgrader={"grade": true, "grade_id": "Value_check_2", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Check: the lecture's circuit (x + y) * z at x = -2, y = 5, z = -4, and the neuron of exercise 1.
x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
result = (x + y) * z
result.backward()
checks.close(result.data, -12, "(x + y) * z")
checks.close([x.grad, y.grad, z.grad], [-4, -4, 3], "its gradients", hint="the sum hands -4 to both x and y")

w0, w1, w2, x0, x1 = (Value(number) for number in (2.0, -3.0, -3.0, -1.0, -2.0))
neuron = 1 / (1 + (-(w0 * x0 + w1 * x1 + w2)).exp())
neuron.backward()
checks.close(neuron.data, 0.731058579, "the neuron, gate by gate", rtol=1e-8)
checks.close(
    [w0.grad, w1.grad, w2.grad, x0.grad, x1.grad],
    [-0.196611933, -0.393223866, 0.196611933, 0.393223866, -0.589835800],
    "its gradients",
    rtol=1e-8,
    hint="go through the nodes from the result backwards, each after all that use it",
)
# every gate in one formula; nothing is used twice, and the ReLU sits at 0.3, where the slope is 1 all the same
a, b, d, e, f, g, h = (Value(number) for number in (1.5, 1.2, 0.8, -0.4, 2.5, 0.6, 2.0))
formula = 2 * (a - b).relu() + (g - 1).relu() * 5 + 3 / h + ((1.8 - d) * e).tanh() / 4 + (f**-0.5).exp() * 3
formula.backward()
slopes = [
    2,
    -2,
    0.1 / np.cosh(0.4) ** 2,
    0.25 / np.cosh(0.4) ** 2,
    -1.5 * np.exp(2.5**-0.5) * 2.5**-1.5,
    0,
    -0.75,
]
checks.close(formula.data, 2.1 + np.tanh(-0.4) / 4 + 3 * np.exp(2.5**-0.5), "a formula of all gates")
checks.close(
    [node.grad for node in (a, b, d, e, f, g, h)],
    slopes,
    "its gradients",
    hint="gate by gate, as in the table",
)

# %% nbgrader={"grade": true, "grade_id": "Value_hidden", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: every gate and operator, plain numbers on either side.
### BEGIN HIDDEN TESTS
# every gate in one formula; nothing is used twice, and the ReLU sits at 0.3, where the slope is 1 all the same
a, b, d, e, f, g, h = (Value(number) for number in (1.5, 1.2, 0.8, -0.4, 2.5, 0.6, 2.0))
formula = 2 * (a - b).relu() + (g - 1).relu() * 5 + 3 / h + ((1.8 - d) * e).tanh() / 4 + (f**-0.5).exp() * 3
formula.backward()
slopes = [
    2,
    -2,
    0.1 / np.cosh(0.4) ** 2,
    0.25 / np.cosh(0.4) ** 2,
    -1.5 * np.exp(2.5**-0.5) * 2.5**-1.5,
    0,
    -0.75,
]
checks.close(formula.data, 2.1 + np.tanh(-0.4) / 4 + 3 * np.exp(2.5**-0.5), "a formula of all gates")
checks.close(
    [node.grad for node in (a, b, d, e, f, g, h)],
    slopes,
    "its gradients",
    hint="gate by gate, as in the table",
)
rng = np.random.default_rng(32)
cases = [
    ("a * b", lambda a, b: a * b, lambda a, b: a * b),
    ("a - b", lambda a, b: a - b, lambda a, b: a - b),  # the minus sign must reach b
    ("a / b", lambda a, b: a / b, lambda a, b: a / b),
    ("-a * b", lambda a, b: -a * b, lambda a, b: -a * b),
    # a plain number on the left calls the reversed operators, for which order matters
    ("2 + a * 3", lambda a, b: 2 + a * 3, lambda a, b: 2 + a * 3),
    ("3 * a * b", lambda a, b: 3 * a * b, lambda a, b: 3 * a * b),
    ("2 - a", lambda a, b: 2 - a, lambda a, b: 2 - a),
    ("2 / a", lambda a, b: 2 / a, lambda a, b: 2 / a),
    ("a / 4 - 1", lambda a, b: a / 4 - 1, lambda a, b: a / 4 - 1),
    # exponents: odd, negative, fractional, 0 and 1, each with a slope of its own
    ("a ** 3 * b", lambda a, b: a**3 * b, lambda a, b: a**3 * b),
    ("a ** -2", lambda a, b: a**-2, lambda a, b: a**-2.0),
    ("a ** 0.5", lambda a, b: a**0.5, lambda a, b: a**0.5),
    ("a ** 1 + b ** 0", lambda a, b: a**1 + b**0, lambda a, b: a + 1 + 0 * b),
    # behind other gates the upstream gradient is not 1
    ("(a * b).exp() * 3", lambda a, b: (a * b).exp() * 3, lambda a, b: np.exp(a * b) * 3),
    ("(a * b).tanh() * b", lambda a, b: (a * b).tanh() * b, lambda a, b: np.tanh(a * b) * b),
    ("(a - b).relu() * a", lambda a, b: (a - b).relu() * a, lambda a, b: np.maximum(a - b, 0) * a),
    (
        "(a + b * b) ** 2 / a.exp()",
        lambda a, b: (a + b * b) ** 2 / a.exp(),
        lambda a, b: (a + b * b) ** 2 / np.exp(a),
    ),
]
for what, of_values, of_numbers in cases:
    for sign in (1, -1):
        point = rng.uniform(0.5, 2.0, size=2) * (1, sign)
        a, b = Value(point[0]), Value(point[1])
        out = of_values(a, b)
        checks.close(out.data, of_numbers(*point), what)
        out.backward()
        gradcheck.check(
            lambda v, f=of_numbers: f(v[0], v[1]), point, [a.grad, b.grad], f"the gradient of {what}"
        )
a = Value(3)  # a whole number: its powers and gradients are no whole numbers
out = a**-1
out.backward()
checks.close([out.data, a.grad], [1 / 3, -1 / 9], "3 ** -1")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "Value_check_3", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: a value that is used near the result and far from it; a second formula; a third that doubles ten times.
# every gate in one formula; nothing is used twice, and the ReLU sits at 0.3, where the slope is 1 all the same
a, b, d, e, f, g, h = (Value(number) for number in (1.5, 1.2, 0.8, -0.4, 2.5, 0.6, 2.0))
formula = 2 * (a - b).relu() + (g - 1).relu() * 5 + 3 / h + ((1.8 - d) * e).tanh() / 4 + (f**-0.5).exp() * 3
formula.backward()
slopes = [
    2,
    -2,
    0.1 / np.cosh(0.4) ** 2,
    0.25 / np.cosh(0.4) ** 2,
    -1.5 * np.exp(2.5**-0.5) * 2.5**-1.5,
    0,
    -0.75,
]
checks.close(formula.data, 2.1 + np.tanh(-0.4) / 4 + 3 * np.exp(2.5**-0.5), "a formula of all gates")
checks.close(
    [node.grad for node in (a, b, d, e, f, g, h)],
    slopes,
    "its gradients",
    hint="gate by gate, as in the table",
)
a = Value(0.7)
s = a * a
result = s * ((s * 2 + 1) * s + 3)
result.backward()
q = 0.49
checks.close(
    a.grad,
    (6 * q**2 + 2 * q + 3) * 1.4,
    "the gradient of s ((2 s + 1) s + 3), s = a * a",
    hint="a node passes its gradient on only after all nodes that use it have passed on theirs",
)
a = Value(0.7)
s = a * a
result = ((s * 2 + 1) * s + 3) * s
result.backward()
checks.close(
    a.grad, (6 * q**2 + 2 * q + 3) * 1.4, "the same, written the other way round", hint="order again"
)
keeps = "does `backward` keep a list or a set from call to call? Start each call with an empty one"
for node in (a, s, result):
    node.grad = 0.0
fresh = Value(5.0)
(fresh * 3).backward()
checks.close(fresh.grad, 3, "another formula, after the first one", hint=keeps)
checks.close([a.grad, s.grad], [0, 0], "the first one's values, left alone by the other", hint=keeps)
a, b = Value(1.2), Value(-0.3)
inner = a * b
outer = inner * inner
outer.backward()
for node in (a, b, inner, outer):
    node.grad = 0.0
outer.backward()
checks.close([a.grad, b.grad], [0.216, -0.864], "a second backward, from fresh zeros", hint=keeps)


# each doubling uses the value before it twice: visiting every path takes 2 ** n visits, every node once takes n
def doubled(n):
    total = start = Value(1.0)
    for _ in range(n):
        total = total + total * 0.5
    total.backward()
    return start.grad


checks.close(doubled(10), 1.5**10, "ten values, each used twice", rtol=1e-9)
checks.faster(
    lambda: doubled(17),
    lambda: [doubled(8) for _ in range(24)],
    "each node is visited once",
    ratio=1.5,
    hint="keep a set of the nodes that are listed already, and skip them",
)

# %% nbgrader={"grade": true, "grade_id": "Value_hidden_2", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: values used again and again, large graphs, a second backward.
### BEGIN HIDDEN TESTS
# every gate in one formula; nothing is used twice, and the ReLU sits at 0.3, where the slope is 1 all the same
a, b, d, e, f, g, h = (Value(number) for number in (1.5, 1.2, 0.8, -0.4, 2.5, 0.6, 2.0))
formula = 2 * (a - b).relu() + (g - 1).relu() * 5 + 3 / h + ((1.8 - d) * e).tanh() / 4 + (f**-0.5).exp() * 3
formula.backward()
slopes = [
    2,
    -2,
    0.1 / np.cosh(0.4) ** 2,
    0.25 / np.cosh(0.4) ** 2,
    -1.5 * np.exp(2.5**-0.5) * 2.5**-1.5,
    0,
    -0.75,
]
checks.close(formula.data, 2.1 + np.tanh(-0.4) / 4 + 3 * np.exp(2.5**-0.5), "a formula of all gates")
checks.close(
    [node.grad for node in (a, b, d, e, f, g, h)],
    slopes,
    "its gradients",
    hint="gate by gate, as in the table",
)
accumulate = "a value that is used twice gets the sum of two gradients: += and not ="
in_order = "a node passes its gradient on only after all nodes that use it have passed on theirs"
a = Value(1.5)
out = a * a + a  # three uses
out.backward()
checks.close(a.grad, 4.0, "the gradient of a * a + a at 1.5", hint=accumulate)
a = Value(2.0)
out = a + a + a
out.backward()
checks.close(a.grad, 3.0, "the gradient of a + a + a", hint=accumulate)
# a node used near the out and far from it, in both orders: breadth first or depth first is not enough
for flip in (False, True):
    a = Value(0.7)
    shared = a * a
    far = (shared * 2 + 1) * shared
    out = shared * (far + 3) if flip else (far + 3) * shared
    out.backward()
    q = 0.49
    checks.close(out.data, ((q * 2 + 1) * q + 3) * q, "a value used near and far from the out")
    checks.close(a.grad, (6 * q**2 + 2 * q + 3) * 1.4, "its gradient", hint=in_order)
# a large random graph; the derivative is carried along with the values, forwards
rng = np.random.default_rng(33)
leaf, other = Value(0.4), Value(0.4)  # equal numbers, but not the same value
nodes, numbers, slopes = [leaf, other], [0.4, 0.4], [1.0, 0.0]
for _ in range(60):
    i, j = rng.integers(max(0, len(nodes) - 6), len(nodes), size=2)
    if rng.random() < 0.5:
        nodes.append((nodes[i] * nodes[j]).tanh())
        numbers.append(np.tanh(numbers[i] * numbers[j]))
        slope = slopes[i] * numbers[j] + slopes[j] * numbers[i]
        slopes.append((1 - numbers[-1] ** 2) * slope)
    else:
        nodes.append(nodes[i] * 0.8 + nodes[j])
        numbers.append(0.8 * numbers[i] + numbers[j])
        slopes.append(0.8 * slopes[i] + slopes[j])
nodes[-1].backward()
checks.close(nodes[-1].data, numbers[-1], "a random formula of 60 steps")
checks.close(leaf.grad, slopes[-1], "its gradient", rtol=1e-6, hint=in_order)
# another formula is none of the first one's business, nor the other way round
first = leaf.grad, other.grad
unrelated = Value(5.0)
(unrelated * 3).backward()
keeps = "does `backward` keep a list or a set from call to call? Start each call with an empty one"
checks.close(unrelated.grad, 3, "another formula, after the first one", hint=keeps)
checks.close([leaf.grad, other.grad], first, "the first formula's gradients, after the other one", hint=keeps)
a, b = Value(1.2), Value(-0.3)
inner = a * b
outer = inner * inner
outer.backward()
for node in (a, b, inner, outer):
    node.grad = 0.0
outer.backward()
checks.close(
    [a.grad, b.grad, inner.grad],
    [2 * 1.2 * 0.09, 2 * 1.44 * -0.3, -0.72],
    "a second backward, from fresh zeros",
    hint=keeps,
)
checks.close([a.data, b.data, outer.data], [1.2, -0.3, 0.1296], "backward leaves the data alone")
alone = Value(7.0)
alone.backward()
checks.close(alone.grad, 1.0, "a value by itself", hint="the derivative of a thing by itself is 1")


# each doubling uses the value before it twice: visiting every path takes 2 ** n visits, every node once takes n
def doublings(n):
    total = start = Value(1.0)
    for _ in range(n):
        total = total + total * 0.5
    total.backward()
    return start.grad


checks.close(doublings(10), 1.5**10, "ten values, each used twice", rtol=1e-9, hint=accumulate)
checks.faster(
    lambda: doublings(17),
    lambda: [doublings(8) for _ in range(24)],
    "each node is visited once",
    ratio=1.5,
    hint="keep a set of the nodes that are listed already, and skip them",
)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The neuron again, as your class took it apart. Follow the orange numbers from right to left: each is the orange number to its right, times
# the grey one on the arrow. Then change the formula, and draw your own.

# %% tags=["explore"]
w0, w1, w2 = Value(2.0, name="w0"), Value(-3.0, name="w1"), Value(-3.0, name="w2")
x0, x1 = Value(-1.0, name="x0"), Value(-2.0, name="x1")
neuron = ((w0 * x0 + w1 * x1 + w2) * -1).exp() + 1
neuron = neuron**-1
neuron.name = "f"
neuron.backward()
plotting.show_value_graph(neuron, "One neuron: values going forward, gradients coming back")
plt.show()

# %% [markdown]
# A value with two uses: two arrows leave `a`, and two gradients come back and add up.

# %% tags=["explore"]
a, b = Value(0.5, name="a"), Value(-3.0, name="b")
result = a + (a * b).tanh()
result.backward()
plotting.show_value_graph(result, "What is used twice receives the sum")
plt.show()

# %% [markdown]
# How deep can a formula be? If your `backward` is recursive, the chain of 10,000 gates below ends in a `RecursionError`, and earns all points all the same. Networks
# of a few dozen layers are no deeper than that many gates, when a gate works on whole arrays; that is the second half of this notebook.

# %% tags=["explore"]
chain = start = Value(1.0)
for _ in range(5000):
    chain = chain * 0.999 + 0.001
try:
    chain.backward()
    print(f"the derivative through 10000 gates is {start.grad:.6f}, and should be {0.999**5000:.6f}")
except RecursionError:
    print("too deep for recursion: with a list of nodes to visit, in place of calls, any depth will do")

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_accumulate", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · Sum, and in order  `[4 points]`
#
# Take $f = (a b + a)^2$. (a) Why is the gradient of $a$ a *sum*, and of what? (b) A friend's `backward` visits the nodes in the order in which it meets
# them from the result, and passes gradients on at once. Describe a formula for which it gives a wrong answer, and say which node passed on too early.
#
# ### BEGIN SOLUTION
# (a) Moving $a$ a little moves $f$ along every path from $a$ to $f$: through the product $ab$ and directly through the sum. To first order
# the changes add up, so the derivative is the sum over the uses of $a$ of (gradient of the node that uses it) times (local derivative there): here
# $2(ab + a) \cdot b + 2(ab + a) \cdot 1$.
#
# (b) Any formula in which a node is used both near the result and farther from it, such as $s \cdot g(s)$ with $s = a^2$. Coming from the result, $s$ is met as
# a factor of the product, before $g$ has been visited. If it then passes on its gradient to $a$, the part that reaches it later through $g$ is missing from
# $a$ (or, if $s$ is visited again, what was passed on already is passed on twice). $s$ must wait until both of its users are done.
# ### END SOLUTION

# %% [markdown]
# ## Exercise 3 · A network small enough to follow by hand  `[10 points · ●●○ · 30 min]`
#
# Two inputs, two hidden neurons, two outputs, all with sigmoids; a well-known example that many people have computed with paper and pencil:
#
# $$\begin{aligned}
# h_1 &= \sigma(w_1 x_1 + w_2 x_2 + b_1) & o_1 &= \sigma(w_5 h_1 + w_6 h_2 + b_2) \\
# h_2 &= \sigma(w_3 x_1 + w_4 x_2 + b_1) & o_2 &= \sigma(w_7 h_1 + w_8 h_2 + b_2)
# \end{aligned} \qquad E = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2$$
#
# Both hidden neurons share the bias $b_1$, both outputs the bias $b_2$. Return the error $E$ and its gradient by all weights and both biases. How, is up
# to you: by hand with numbers, with small matrices, or with your `Value`.
#
# By hand, the quantities to name are the gradients at the four *sums* inside the sigmoids. For the first output it is
# $\delta_{o_1} = (o_1 - t_1)\, o_1 (1 - o_1)$, and $\partial E / \partial w_5 = \delta_{o_1} h_1$. The hidden neuron $h_1$ is used by **both** outputs, so two
# gradients arrive there, through $w_5$ and through $w_7$.
#
# <details><summary>Hint</summary>
#
# A shared bias is a value that is used twice: its gradient is the sum of the two deltas of its layer. Check the sign at the output: where $o$ is larger than
# $t$, raising $o$ makes the error larger, so its gradient is positive.
# </details>


# %% nbgrader={"grade": false, "grade_id": "two_two_two", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_two_two(weights, biases, x, target):
    """Error and gradient of a network with two inputs, two hidden and two output neurons, all sigmoid.

    Parameters
    ----------
    weights : (8,) w1, ..., w8, in the order of the formulas above
    biases : (2,) b1 of the hidden neurons, b2 of the outputs
    x : (2,) inputs
    target : (2,) wanted outputs

    Returns
    -------
    error : float, half the sum of squared differences
    dweights : (8,) derivatives of the error by w1, ..., w8
    dbiases : (2,) derivatives of the error by b1, b2
    """
    ### BEGIN SOLUTION
    W1, W2 = np.reshape(weights, (2, 2, 2))
    hidden = 1 / (1 + np.exp(-(W1 @ x + biases[0])))
    output = 1 / (1 + np.exp(-(W2 @ hidden + biases[1])))
    error = 0.5 * np.sum((output - target) ** 2)

    delta_output = (output - target) * output * (1 - output)
    delta_hidden = W2.T @ delta_output * hidden * (1 - hidden)
    dweights = np.append(np.outer(delta_hidden, x), np.outer(delta_output, hidden))
    return error, dweights, np.array([delta_hidden.sum(), delta_output.sum()])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "two_two_two_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the published numbers, and one step of gradient descent on the weights with learning rate 0.5.
weights = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55])
biases, x, target = np.array([0.35, 0.60]), np.array([0.05, 0.10]), np.array([0.01, 0.99])
result = two_two_two(weights.copy(), biases.copy(), x.copy(), target.copy())
error, dweights, dbiases = checks.unpack(result, "error", "dweights", "dbiases", what="two_two_two")
checks.close(
    error,
    0.298371109,
    "the error",
    rtol=1e-8,
    hint="w1 and w2 lead to h1, w3 and w4 to h2; one half of each square",
)
checks.shape(dweights, (8,), "a gradient for each weight")
checks.close(dweights[4], 0.082167041, "the gradient of w5", rtol=1e-7, hint="(o1 - t1) * o1 * (1 - o1) * h1")
checks.close(
    dweights[0],
    0.000438568,
    "the gradient of w1",
    rtol=2e-6,
    hint="h1 is used by both outputs: add what comes back",
)
checks.shape(dbiases, (2,), "a gradient for each bias")
stepped = weights - 0.5 * np.asarray(dweights)
checks.close(stepped[[4, 0]], [0.35891648, 0.149780716], "w5 and w1 after one step", rtol=2e-8)
error, _, _ = two_two_two(stepped, biases, x, target)
checks.close(error, 0.291027774, "the error after one step", rtol=5e-9)
# Another network, all ten gradients against measured ones.
from scipy.special import expit


def error_by_formula(w, b, x, t):
    """The six formulas of the text, one after the other."""
    h1, h2 = expit(w[0] * x[0] + w[1] * x[1] + b[0]), expit(w[2] * x[0] + w[3] * x[1] + b[0])
    o1, o2 = expit(w[4] * h1 + w[5] * h2 + b[1]), expit(w[6] * h1 + w[7] * h2 + b[1])
    return ((t[0] - o1) ** 2 + (t[1] - o2) ** 2) / 2


rng = np.random.default_rng(0)
for _ in range(1):  # no symmetry, and targets on both sides of the outputs
    w, b, x, t = rng.normal(size=8), rng.normal(size=2), rng.normal(size=2), rng.random(2)
    arrays = w.copy(), b.copy(), x.copy(), t.copy()
    error, dw, db = checks.unpack(two_two_two(*arrays), "error", "dweights", "dbiases", what="two_two_two")
    checks.close(error, error_by_formula(w, b, x, t), "the error of a random network")
    gradcheck.check(
        lambda v, b=b, x=x, t=t: error_by_formula(v, b, x, t),
        w,
        dw,
        "the gradient of the weights of two_two_two",
    )
    gradcheck.check(
        lambda v, w=w, x=x, t=t: error_by_formula(w, v, x, t),
        b,
        db,
        "the gradient of the biases of two_two_two",
        hint="both neurons of a layer use the same bias: add their gradients",
    )

# %% nbgrader={"grade": true, "grade_id": "two_two_two_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: other networks, all ten gradients measured.
### BEGIN HIDDEN TESTS
from scipy.special import expit


def error_by_formula(w, b, x, t):
    """The six formulas of the text, one after the other."""
    h1, h2 = expit(w[0] * x[0] + w[1] * x[1] + b[0]), expit(w[2] * x[0] + w[3] * x[1] + b[0])
    o1, o2 = expit(w[4] * h1 + w[5] * h2 + b[1]), expit(w[6] * h1 + w[7] * h2 + b[1])
    return ((t[0] - o1) ** 2 + (t[1] - o2) ** 2) / 2


rng = np.random.default_rng(34)
for _ in range(4):  # no symmetry, and targets on both sides of the outputs
    w, b, x, t = rng.normal(size=8), rng.normal(size=2), rng.normal(size=2), rng.random(2)
    arrays = w.copy(), b.copy(), x.copy(), t.copy()
    error, dw, db = checks.unpack(two_two_two(*arrays), "error", "dweights", "dbiases", what="two_two_two")
    checks.close(error, error_by_formula(w, b, x, t), "the error of a random network")
    gradcheck.check(
        lambda v, b=b, x=x, t=t: error_by_formula(v, b, x, t),
        w,
        dw,
        "the gradient of the weights of two_two_two",
    )
    gradcheck.check(
        lambda v, w=w, x=x, t=t: error_by_formula(w, v, x, t),
        b,
        db,
        "the gradient of the biases of two_two_two",
        hint="both neurons of a layer use the same bias: add their gradients",
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "two_two_two_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: the arrays that are passed in stay as they are.
from scipy.special import expit


def error_by_formula(w, b, x, t):
    """The six formulas of the text, one after the other."""
    h1, h2 = expit(w[0] * x[0] + w[1] * x[1] + b[0]), expit(w[2] * x[0] + w[3] * x[1] + b[0])
    o1, o2 = expit(w[4] * h1 + w[5] * h2 + b[1]), expit(w[6] * h1 + w[7] * h2 + b[1])
    return ((t[0] - o1) ** 2 + (t[1] - o2) ** 2) / 2


rng = np.random.default_rng(1)
for _ in range(1):  # no symmetry, and targets on both sides of the outputs
    w, b, x, t = rng.normal(size=8), rng.normal(size=2), rng.normal(size=2), rng.random(2)
    arrays = w.copy(), b.copy(), x.copy(), t.copy()
    error, dw, db = checks.unpack(two_two_two(*arrays), "error", "dweights", "dbiases", what="two_two_two")
    checks.close(error, error_by_formula(w, b, x, t), "the error of a random network")
    gradcheck.check(
        lambda v, b=b, x=x, t=t: error_by_formula(v, b, x, t),
        w,
        dw,
        "the gradient of the weights of two_two_two",
    )
    gradcheck.check(
        lambda v, w=w, x=x, t=t: error_by_formula(w, v, x, t),
        b,
        db,
        "the gradient of the biases of two_two_two",
        hint="both neurons of a layer use the same bias: add their gradients",
    )
    for name, array, copy in zip(("weights", "biases", "x", "target"), arrays, (w, b, x, t), strict=True):
        checks.unchanged(array, copy, name)

# %% nbgrader={"grade": true, "grade_id": "two_two_two_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: inputs left alone.
### BEGIN HIDDEN TESTS
from scipy.special import expit


def error_by_formula(w, b, x, t):
    """The six formulas of the text, one after the other."""
    h1, h2 = expit(w[0] * x[0] + w[1] * x[1] + b[0]), expit(w[2] * x[0] + w[3] * x[1] + b[0])
    o1, o2 = expit(w[4] * h1 + w[5] * h2 + b[1]), expit(w[6] * h1 + w[7] * h2 + b[1])
    return ((t[0] - o1) ** 2 + (t[1] - o2) ** 2) / 2


rng = np.random.default_rng(134)
for _ in range(2):  # no symmetry, and targets on both sides of the outputs
    w, b, x, t = rng.normal(size=8), rng.normal(size=2), rng.normal(size=2), rng.random(2)
    arrays = w.copy(), b.copy(), x.copy(), t.copy()
    error, dw, db = checks.unpack(two_two_two(*arrays), "error", "dweights", "dbiases", what="two_two_two")
    checks.close(error, error_by_formula(w, b, x, t), "the error of a random network")
    gradcheck.check(
        lambda v, b=b, x=x, t=t: error_by_formula(v, b, x, t),
        w,
        dw,
        "the gradient of the weights of two_two_two",
    )
    gradcheck.check(
        lambda v, w=w, x=x, t=t: error_by_formula(w, v, x, t),
        b,
        db,
        "the gradient of the biases of two_two_two",
        hint="both neurons of a layer use the same bias: add their gradients",
    )
    for name, array, copy in zip(("weights", "biases", "x", "target"), arrays, (w, b, x, t), strict=True):
        checks.unchanged(array, copy, name)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Orange connections make the error larger when their weight grows, blue ones smaller; width says how much. The first layer's
# gradients are about eighty times smaller than the second's: the inputs they are multiplied by are smaller (7.5 times), they passed through one
# sigmoid more (about 4 times), and through weights whose contributions partly cancel (2.6 times). Then
# 10,000 steps of gradient descent: the error falls from 0.298 to 0.000035.

# %% tags=["explore"]
weights = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55])
example = {"biases": np.array([0.35, 0.60]), "x": np.array([0.05, 0.10]), "target": np.array([0.01, 0.99])}
error, dweights, _ = two_two_two(weights, **example)
plotting.show_two_two_two(weights, dweights)
plt.show()

learned, errors = weights.copy(), []
for _ in range(10000):
    error, dweights, _ = two_two_two(learned, **example)
    learned -= 0.5 * np.asarray(dweights)
    errors.append(error)
fig, ax = plt.subplots(figsize=(6.5, 3))
ax.loglog(np.arange(1, len(errors) + 1), errors)
ax.set(
    xlabel="step",
    ylabel="error",
    title=f"Eight weights learn one example: the error ends at {errors[-1]:.6f}",
)
plt.show()

# %% [markdown]
# ## From numbers to arrays
#
# A `Value` for every number would be far too slow: the network at the end of this notebook multiplies and adds thirty million times for a batch of 100 pictures. Real
# networks use few, large gates, **layers**, whose inputs and outputs are whole arrays. Every layer is a pair of functions:
#
# - `out, cache = layer_forward(x, ...)` computes the output, and keeps in `cache` what the way back will need;
# - `dx, ... = layer_backward(dout, cache)` receives `dout`, the upstream gradient, an array shaped like `out`: entry for entry the derivative of the *loss* by `out`. It
#   returns the derivatives of the loss by each of the layer's inputs, **each shaped like that input**.
#
# That last sentence is a great help: shapes leave hardly any choice of what to multiply with what.
#
# ## Exercise 4 · The affine layer  `[6 + 10 points · ●●○ · 35 min]`
#
# Each of $M$ outputs is a weighted sum of all $D$ inputs, plus a bias; for all $N$ examples at once:
#
# $$\text{out} = X W + b \qquad \text{out}_{nm} = \sum_{d} X_{nd} W_{dm} + b_m$$
#
# Pictures come as arrays $(N, 3, 32, 32)$: each example is first flattened into a row of $D = d_1 \cdots d_k$ numbers. The cache keeps the inputs
# as they came in, so that the way back can return a gradient of the same shape.
#
# <details><summary>Hint</summary>
#
# `x.reshape(len(x), -1)` makes rows; -1 stands for "whatever is left".
# </details>


# %% nbgrader={"grade": false, "grade_id": "affine_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_forward(x, w, b):
    """Forward pass of an affine (fully connected) layer.

    Parameters
    ----------
    x : (N, d_1, ..., d_k) N examples; d_1 * ... * d_k = D
    w : (D, M) weights
    b : (M,) biases

    Returns
    -------
    out : (N, M)
    cache : (x, w, b), for `affine_backward`
    """
    ### BEGIN SOLUTION
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: two examples of 2 x 2 numbers, three outputs. The first output is the sum, the second x_1 - x_2, the third x_3 + 10.
x = np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 3.0], [0.0, 7.0]]])
w = np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
out, _ = checks.unpack(
    affine_forward(x, w, np.array([0.0, 0.0, 10.0])), "out", "cache", what="affine_forward"
)
checks.close(
    out,
    [[10, -1, 13], [15, 2, 10]],
    "two examples, three outputs",
    hint="flatten each example, row by row, multiply by w, add b",
)

# %% nbgrader={"grade": true, "grade_id": "affine_forward_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: pictures, other sizes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(35)
# N = D, where a transpose has the right shape; pictures
for shape, m in [((4, 4), 4), ((3, 2, 4, 5), 6), ((5, 3, 2), 4)]:
    x = rng.normal(size=shape)
    dim = x[0].size
    w, b = rng.normal(size=(dim, m)), rng.normal(size=m)
    expected = [[sum(row.ravel()[d] * w[d, j] for d in range(dim)) + b[j] for j in range(m)] for row in x]
    before = [array.copy() for array in (x, w, b)]
    out, _ = checks.unpack(affine_forward(x, w, b), "out", "cache", what="affine_forward(x, w, b)")
    checks.close(out, expected, f"x of shape {shape}, {m} outputs", hint="is the bias there?")
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "affine_forward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: x, w and b stay as they are, shape and all.
rng = np.random.default_rng(0)
for shape, m in [((3, 2, 4), 5)]:
    x = rng.normal(size=shape)
    dim = x[0].size
    w, b = rng.normal(size=(dim, m)), rng.normal(size=m)
    expected = [[sum(row.ravel()[d] * w[d, j] for d in range(dim)) + b[j] for j in range(m)] for row in x]
    before = [array.copy() for array in (x, w, b)]
    out, _ = checks.unpack(affine_forward(x, w, b), "out", "cache", what="affine_forward(x, w, b)")
    checks.close(out, expected, f"x of shape {shape}, {m} outputs", hint="is the bias there?")
    for name, array, copy in zip("xwb", (x, w, b), before, strict=True):
        checks.unchanged(array, copy, name)

# %% nbgrader={"grade": true, "grade_id": "affine_forward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one example, one output, float32, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(135)
for shape, m in [((3, 2, 4), 5), ((1, 5), 3), ((6, 3, 2), 1)]:
    x = rng.normal(size=shape)
    dim = x[0].size
    w, b = rng.normal(size=(dim, m)), rng.normal(size=m)
    expected = [[sum(row.ravel()[d] * w[d, j] for d in range(dim)) + b[j] for j in range(m)] for row in x]
    before = [array.copy() for array in (x, w, b)]
    out, _ = checks.unpack(affine_forward(x, w, b), "out", "cache", what="affine_forward(x, w, b)")
    checks.close(out, expected, f"x of shape {shape}, {m} outputs", hint="is the bias there?")
    for name, array, copy in zip("xwb", (x, w, b), before, strict=True):
        checks.unchanged(array, copy, name)
out, _ = affine_forward(x.astype(np.float32), w.astype(np.float32), b.astype(np.float32))
checks.close(out, expected, "float32 input", rtol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# And back. Three gradients, each shaped like what it belongs to. Think of one number at a time: the weight $W_{dm}$ touches output $m$ of every example, each
# time multiplied with $X_{nd}$, so its gradient is a *sum over the examples* of $X_{nd}\,\text{dout}_{nm}$. The bias $b_m$ touches the same outputs, multiplied with 1. And
# $X_{nd}$ touches all $M$ outputs of example $n$.
#
# $$dW = X^T\, \text{dout} \qquad db = \sum_n \text{dout}_n \qquad dX = \text{dout}\; W^T$$
#
# If you forget which side gets transposed: `dout` is $(N, M)$, $W$ is $(D, M)$, and $dX$ must be $(N, D)$. There is only one product that fits.
#
# <details><summary>Hint</summary>
#
# The examples were flattened going forward: flatten x for dw, and give dx the shape of x at the end. `axis=0` sums over examples.
# </details>


# %% nbgrader={"grade": false, "grade_id": "affine_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affine_backward(dout, cache):
    """Backward pass of an affine layer.

    Parameters
    ----------
    dout : (N, M) upstream gradient
    cache : (x, w, b) from `affine_forward`; x is (N, d_1, ..., d_k), w is (D, M)

    Returns
    -------
    dx : same shape as x
    dw : (D, M)
    db : (M,)
    """
    ### BEGIN SOLUTION
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    return dx, dw, dout.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "affine_backward_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: three examples of 2 x 3 numbers, four outputs; each gradient against a measured one.
rng = np.random.default_rng(0)
for shape, m in [((3, 2, 3), 4)]:
    x = rng.normal(size=shape)
    w, b = rng.normal(size=(x[0].size, m)), rng.normal(size=m)
    dout = rng.normal(size=(len(x), m))  # all ones would hide a sum over the wrong axis
    given = [array.copy() for array in (x, w, b, dout)]
    _, cache = checks.unpack(affine_forward(*given[:3]), "out", "cache", what="affine_forward")
    dx, dw, db = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.shape(dx, shape, "dx is shaped like x", hint="the examples were flattened: give dx x's shape back")
    checks.shape(dw, w.shape, "dw is shaped like w")
    checks.shape(db, b.shape, "db is shaped like b", hint="sum over the examples: axis 0")
    rows = x.reshape(len(x), -1)
    gradcheck.check(
        lambda v, w=w, b=b: np.tensordot(v.reshape(len(v), -1), w, 1) + b,
        x,
        dx,
        f"dx for x of shape {shape}",
        df=dout,
    )
    gradcheck.check(
        lambda v, rows=rows, b=b: np.tensordot(rows, v, 1) + b, w, dw, f"dw for x of shape {shape}", df=dout
    )
    gradcheck.check(
        lambda v, rows=rows, w=w: np.tensordot(rows, w, 1) + v, b, db, f"db for x of shape {shape}", df=dout
    )

# %% nbgrader={"grade": true, "grade_id": "affine_backward_hidden", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: all three gradients, measured, for batches and pictures.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(36)
for shape, m in [((4, 4), 4), ((3, 2, 4, 5), 6)]:
    x = rng.normal(size=shape)
    w, b = rng.normal(size=(x[0].size, m)), rng.normal(size=m)
    dout = rng.normal(size=(len(x), m))  # all ones would hide a sum over the wrong axis
    given = [array.copy() for array in (x, w, b, dout)]
    _, cache = checks.unpack(affine_forward(*given[:3]), "out", "cache", what="affine_forward")
    dx, dw, db = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.shape(dx, shape, "dx is shaped like x", hint="the examples were flattened: give dx x's shape back")
    checks.shape(dw, w.shape, "dw is shaped like w")
    checks.shape(db, b.shape, "db is shaped like b", hint="sum over the examples: axis 0")
    rows = x.reshape(len(x), -1)
    gradcheck.check(
        lambda v, w=w, b=b: np.tensordot(v.reshape(len(v), -1), w, 1) + b,
        x,
        dx,
        f"dx for x of shape {shape}",
        df=dout,
    )
    gradcheck.check(
        lambda v, rows=rows, b=b: np.tensordot(rows, v, 1) + b, w, dw, f"dw for x of shape {shape}", df=dout
    )
    gradcheck.check(
        lambda v, rows=rows, w=w: np.tensordot(rows, w, 1) + v, b, db, f"db for x of shape {shape}", df=dout
    )
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "affine_backward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: dout, x and w stay as they are, and a second call gives the same.
rng = np.random.default_rng(1)
for shape, m in [((4, 3, 2), 5)]:
    x = rng.normal(size=shape)
    w, b = rng.normal(size=(x[0].size, m)), rng.normal(size=m)
    dout = rng.normal(size=(len(x), m))  # all ones would hide a sum over the wrong axis
    given = [array.copy() for array in (x, w, b, dout)]
    _, cache = checks.unpack(affine_forward(*given[:3]), "out", "cache", what="affine_forward")
    dx, dw, db = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.shape(dx, shape, "dx is shaped like x", hint="the examples were flattened: give dx x's shape back")
    checks.shape(dw, w.shape, "dw is shaped like w")
    checks.shape(db, b.shape, "db is shaped like b", hint="sum over the examples: axis 0")
    rows = x.reshape(len(x), -1)
    gradcheck.check(
        lambda v, w=w, b=b: np.tensordot(v.reshape(len(v), -1), w, 1) + b,
        x,
        dx,
        f"dx for x of shape {shape}",
        df=dout,
    )
    gradcheck.check(
        lambda v, rows=rows, b=b: np.tensordot(rows, v, 1) + b, w, dw, f"dw for x of shape {shape}", df=dout
    )
    gradcheck.check(
        lambda v, rows=rows, w=w: np.tensordot(rows, w, 1) + v, b, db, f"db for x of shape {shape}", df=dout
    )
    for name, array, copy in zip(("x", "w", "b", "dout"), given, (x, w, b, dout), strict=True):
        checks.unchanged(array, copy, name)
    again = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.close(
        again[1],
        dw,
        "a second call gives the same dw",
        hint="gradients are new arrays, not added to older ones",
    )

# %% nbgrader={"grade": true, "grade_id": "affine_backward_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one example, one output, float32, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(136)
for shape, m in [((4, 3, 2), 5), ((1, 5), 3), ((7, 3, 2), 1)]:
    x = rng.normal(size=shape)
    w, b = rng.normal(size=(x[0].size, m)), rng.normal(size=m)
    dout = rng.normal(size=(len(x), m))  # all ones would hide a sum over the wrong axis
    given = [array.copy() for array in (x, w, b, dout)]
    _, cache = checks.unpack(affine_forward(*given[:3]), "out", "cache", what="affine_forward")
    dx, dw, db = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.shape(dx, shape, "dx is shaped like x", hint="the examples were flattened: give dx x's shape back")
    checks.shape(dw, w.shape, "dw is shaped like w")
    checks.shape(db, b.shape, "db is shaped like b", hint="sum over the examples: axis 0")
    rows = x.reshape(len(x), -1)
    gradcheck.check(
        lambda v, w=w, b=b: np.tensordot(v.reshape(len(v), -1), w, 1) + b,
        x,
        dx,
        f"dx for x of shape {shape}",
        df=dout,
    )
    gradcheck.check(
        lambda v, rows=rows, b=b: np.tensordot(rows, v, 1) + b, w, dw, f"dw for x of shape {shape}", df=dout
    )
    gradcheck.check(
        lambda v, rows=rows, w=w: np.tensordot(rows, w, 1) + v, b, db, f"db for x of shape {shape}", df=dout
    )
    for name, array, copy in zip(("x", "w", "b", "dout"), given, (x, w, b, dout), strict=True):
        checks.unchanged(array, copy, name)
    again = checks.unpack(affine_backward(given[3], cache), "dx", "dw", "db", what="affine_backward")
    checks.close(
        again[1],
        dw,
        "a second call gives the same dw",
        hint="gradients are new arrays, not added to older ones",
    )
_, cache = affine_forward(x.astype(np.float32), w.astype(np.float32), b.astype(np.float32))
single = affine_backward(dout.astype(np.float32), cache)
for name, one, two in zip(("dx", "dw", "db"), single, (dx, dw, db), strict=True):
    checks.close(one, two, f"{name} for float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** Five examples, four inputs, three outputs, and the loss depends on a single output of a single example. Which entries
# of `dx` and `dw` are not zero, and why those?

# %% tags=["explore"]
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
dout = np.zeros((5, 3))
dout[1, 2] = 1.0
_, cache = affine_forward(x, w, b)
dx, dw, db = affine_backward(dout, cache)
plotting.show_matrices(
    {"x": x, "w": w, "dout": dout, "dx": dx, "dw": dw},
    "One output of one example: row 1 of x meets column 2 of w",
)
plt.show()

# %% [markdown]
# ## Exercise 5 · The ReLU layer  `[3 + 5 points · ●○○ · 15 min]`
#
# The **rectified linear unit** keeps what is positive and sets the rest to zero, entry by entry, for arrays of any shape:
#
# $$\text{out} = \max(0, x)$$
#
# Without it two affine layers in a row would be no more than one: a product of two matrices is a matrix.
#
# <details><summary>Hint</summary>
#
# `np.maximum(a, b)` compares entry by entry. Changing x in place (`x[x < 0] = 0`) changes the caller's array too: do not.
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_forward(x):
    """Forward pass of a layer of rectified linear units.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : same shape as x, its entries where they are positive, 0 elsewhere
    cache : x, for `relu_backward`
    """
    ### BEGIN SOLUTION
    return np.maximum(0, x), x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_forward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: negative entries become 0, the others stay, small and large.
out, _ = checks.unpack(
    relu_forward(np.array([[-2.0, 3.0, 8.0], [0.5, -0.1, -70.0]])), "out", "cache", what="relu_forward"
)
checks.close(out, [[0, 3, 8], [0.5, 0, 0]], "six entries", hint="the larger of 0 and x, entry by entry")

# %% nbgrader={"grade": true, "grade_id": "relu_forward_hidden", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(37)
for shape in [(7,), (1, 4), (3, 2, 4, 5)]:
    x = rng.normal(scale=9, size=shape)
    expected = (x + np.abs(x)) / 2
    out, _ = checks.unpack(relu_forward(x), "out", "cache", what="relu_forward")
    checks.close(out, expected, f"x of shape {shape}", rtol=1e-12)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "relu_forward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: x stays as it is; float32; very large and very small entries.
x = np.array([[-2.0, 3.0, 8.0], [0.5, -0.1, -70.0]])
before = x.copy()
out, _ = checks.unpack(relu_forward(x), "out", "cache", what="relu_forward")
checks.close(out, [[0, 3, 8], [0.5, 0, 0]], "six entries")
checks.unchanged(x, before, "x", hint="`x[x < 0] = 0` changes the caller's array: make a new one")
out, _ = relu_forward(before.astype(np.float32))
checks.close(out, [[0, 3, 8], [0.5, 0, 0]], "float32 input", rtol=1e-6)
out, _ = relu_forward(np.array([-1e30, 1e30, -1e-30, 1e-30]))  # positive means any size
checks.close(out, [0, 1e30, 0, 1e-30], "very large and very small entries", rtol=1e-12, atol=0)

# %% [markdown]
# And back: the local derivative is 1 where $x$ was positive and 0 where it was negative. So the layer is a **router**: it lets the upstream gradient
# through where the unit was active, and stops it elsewhere. (At exactly 0 there is a corner and no derivative; 0 is the usual choice.)
#
# <details><summary>Hint</summary>
#
# `x > 0` is an array of True and False, and counts as 1 and 0 in a product. It is x that decides, not dout.
# </details>


# %% nbgrader={"grade": false, "grade_id": "relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dout, cache):
    """Backward pass of a layer of rectified linear units.

    Parameters
    ----------
    dout : upstream gradient, same shape as x
    cache : x from `relu_forward`

    Returns
    -------
    dx : same shape as x
    """
    ### BEGIN SOLUTION
    return dout * (cache > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_backward_check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: two units were active, two were not; upstream gradients of both signs.
_, cache = relu_forward(np.array([-2.0, 3.0, 0.5, -0.1]))
dx = relu_backward(np.array([5.0, -6.0, 7.0, -8.0]), cache)
checks.close(
    dx, [0, -6, 7, 0], "the gradient passes where x was positive", hint="x decides, not the sign of dout"
)
# Any shape, against measured gradients.
rng = np.random.default_rng(0)
for shape in [(3, 2, 4)]:
    x, dout = rng.normal(size=shape), 50 * rng.normal(size=shape)
    given = dout.copy()
    _, cache = checks.unpack(relu_forward(x.copy()), "out", "cache", what="relu_forward")
    dx = relu_backward(given, cache)
    gradcheck.check(lambda v: (v + np.abs(v)) / 2, x, dx, f"dx for x of shape {shape}", df=dout)

# %% nbgrader={"grade": true, "grade_id": "relu_backward_hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: any shape, against measured derivatives.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(38)
for shape in [(7,), (1, 4), (3, 2, 4, 5)]:
    x, dout = rng.normal(size=shape), 50 * rng.normal(size=shape)
    given = dout.copy()
    _, cache = checks.unpack(relu_forward(x.copy()), "out", "cache", what="relu_forward")
    dx = relu_backward(given, cache)
    gradcheck.check(lambda v: (v + np.abs(v)) / 2, x, dx, f"dx for x of shape {shape}", df=dout)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "relu_backward_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: dout stays as it is.
rng = np.random.default_rng(1)
for shape in [(3, 4)]:
    x, dout = rng.normal(size=shape), 50 * rng.normal(size=shape)
    given = dout.copy()
    _, cache = checks.unpack(relu_forward(x.copy()), "out", "cache", what="relu_forward")
    dx = relu_backward(given, cache)
    gradcheck.check(lambda v: (v + np.abs(v)) / 2, x, dx, f"dx for x of shape {shape}", df=dout)
    checks.unchanged(given, dout, "dout", hint="`dout[...] = 0` changes the caller's array: make a new one")

# %% nbgrader={"grade": true, "grade_id": "relu_backward_hidden_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: float32, dout left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(138)
for shape in [(3, 4), (1, 5)]:
    x, dout = rng.normal(size=shape), 50 * rng.normal(size=shape)
    given = dout.copy()
    _, cache = checks.unpack(relu_forward(x.copy()), "out", "cache", what="relu_forward")
    dx = relu_backward(given, cache)
    gradcheck.check(lambda v: (v + np.abs(v)) / 2, x, dx, f"dx for x of shape {shape}", df=dout)
    checks.unchanged(given, dout, "dout")
_, cache = relu_forward(x.astype(np.float32))
expected = np.where(x > 0, dout, 0)
checks.close(relu_backward(dout.astype(np.float32), cache), expected, "float32 input", rtol=1e-6)

### END HIDDEN TESTS

# %% [markdown]
# **See it.** Where `x` is negative, `dx` is zero, whatever `dout` says.

# %% tags=["explore"]
rng = np.random.default_rng(1)
x, dout = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
out, cache = relu_forward(x)
plotting.show_matrices(
    {"x": x, "out": out, "dout": dout, "dx": relu_backward(dout, cache)},
    "ReLU lets gradients through where it was active",
)
plt.show()

# %% [markdown]
# ## Exercise 6 · Two losses  `[8 + 8 points · ●●○ · 30 min]`
#
# The last gate of the network turns scores into one number, the loss, and starts the way back. Here `x` are the scores, $(N, C)$, and `y` the right
# labels. There is nothing upstream (the derivative of the loss by itself is 1), so one function returns the loss and `dx` at once.
#
# **Softmax.** The scores are unnormalised log-probabilities. The loss of an example is minus the logarithm of the probability of the right class, and the
# whole loss the mean over the $N$ examples:
#
# $$p_{nc} = \frac{e^{x_{nc}}}{\sum_k e^{x_{nk}}} \qquad L = -\frac1N \sum_n \log p_{n y_n} \qquad \frac{\partial L}{\partial x_{nc}} = \frac1N\,\big(p_{nc} - [c = y_n]\big)$$
#
# **Watch out.** $e^{1000}$ overflows. Subtracting the largest score of a row from the whole row changes no probability, and keeps the exponentials at most 1. And $\log 0$ is
# minus infinity: do not take the logarithm of a probability that may have vanished, but write out $\log p_{nc} = x_{nc} - \log \sum_k e^{x_{nk}}$ (after the shift).
#
# <details><summary>Hint</summary>
#
# `x.max(axis=1, keepdims=True)` has one column, and is subtracted from every row. `log_p[np.arange(N), y]` picks from every row the entry of its label. Do not
# write `x -= ...`: that changes the caller's scores.
# </details>


# %% nbgrader={"grade": false, "grade_id": "softmax_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_loss(x, y):
    """Mean cross-entropy loss of a softmax classifier, and its gradient.

    Parameters
    ----------
    x : (N, C) scores
    y : (N,) labels, integers in 0 .. C - 1

    Returns
    -------
    loss : float
    dx : (N, C)
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dx = np.exp(log_p)
    dx[rows, y] -= 1
    return -log_p[rows, y].mean(), dx / len(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: scores log 1, log 2, log 5 have the probabilities 1/8, 2/8, 5/8. Two examples, right classes 2 and 0.
scores = np.log([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0]])
loss, dx = checks.unpack(softmax_loss(scores, np.array([2, 0])), "loss", "dx", what="softmax_loss")
checks.close(
    loss,
    (np.log(8 / 5) + np.log(8)) / 2,
    "the loss of two examples",
    hint="-log 5/8 and -log 1/8, and their mean",
)
checks.close(
    dx * 16,
    [[1, 2, -3], [-7, 2, 5]],
    "16 times the gradient",
    hint="probability, less 1 at the label, divided by N",
)
# Random scores: the gradient against a measured one.


def mean_cross_entropy(x, y):
    return np.mean([np.logaddexp.reduce(row) - row[label] for row, label in zip(x, y, strict=True)])


rng = np.random.default_rng(0)
for n, c in [(5, 4)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(softmax_loss(*given), "loss", "dx", what="softmax_loss")
    checks.close(
        loss, mean_cross_entropy(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N"
    )
    gradcheck.check(
        lambda v, y=y: mean_cross_entropy(v, y), x, dx, "dx of softmax_loss", sizes={"N": n, "C": c}
    )


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: random scores.
### BEGIN HIDDEN TESTS
def mean_cross_entropy(x, y):
    return np.mean([np.logaddexp.reduce(row) - row[label] for row, label in zip(x, y, strict=True)])


rng = np.random.default_rng(39)
for n, c in [(5, 2), (3, 7), (10, 10)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(softmax_loss(*given), "loss", "dx", what="softmax_loss")
    checks.close(
        loss, mean_cross_entropy(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N"
    )
    gradcheck.check(
        lambda v, y=y: mean_cross_entropy(v, y), x, dx, "dx of softmax_loss", sizes={"N": n, "C": c}
    )
### END HIDDEN TESTS


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: scores of 1000, rows far apart, and scores that stay as they are.
def mean_cross_entropy(x, y):
    return np.mean([np.logaddexp.reduce(row) - row[label] for row, label in zip(x, y, strict=True)])


rng = np.random.default_rng(1)
for n, c in [(4, 3)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(softmax_loss(*given), "loss", "dx", what="softmax_loss")
    checks.close(
        loss, mean_cross_entropy(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N"
    )
    gradcheck.check(
        lambda v, y=y: mean_cross_entropy(v, y), x, dx, "dx of softmax_loss", sizes={"N": n, "C": c}
    )
    checks.unchanged(given[0], x, "x", hint="`x -= ...` and `x[...] = ...` change the caller's scores")
    checks.unchanged(given[1], y, "y")
with np.errstate(all="ignore"):
    loss, dx = softmax_loss(np.array([[1000.0, 0.0], [-2000.0, -2001.0]]), np.array([1, 0]))
checks.close(
    loss,
    (1000 + np.log(1 + np.exp(-1))) / 2,
    "the loss of a large mistake, and of a row far from it",
    hint="subtract each row's own maximum first; log of the sum, not of p",
)
checks.finite(dx, "its gradient", hint="subtract each row's own maximum first")


# %% nbgrader={"grade": true, "grade_id": "softmax_loss_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: scores times 1000, one example, float32, inputs left alone.
### BEGIN HIDDEN TESTS
def mean_cross_entropy(x, y):
    return np.mean([np.logaddexp.reduce(row) - row[label] for row, label in zip(x, y, strict=True)])


rng = np.random.default_rng(139)
for n, c in [(4, 3), (1, 4), (10, 10)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(softmax_loss(*given), "loss", "dx", what="softmax_loss")
    checks.close(
        loss, mean_cross_entropy(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N"
    )
    gradcheck.check(
        lambda v, y=y: mean_cross_entropy(v, y), x, dx, "dx of softmax_loss", sizes={"N": n, "C": c}
    )
    checks.unchanged(given[0], x, "x", hint="`x -= ...` and `x[...] = ...` change the caller's scores")
    checks.unchanged(given[1], y, "y")
shift = "subtract from each row its own maximum"
# logits times 1000, as from an untamed network; clipping the probabilities would make the loss too small
with np.errstate(all="ignore"):
    loss, dx1000 = softmax_loss(x * 1000, y.copy())
checks.close(loss, mean_cross_entropy(x * 1000, y), "scores times 1000", hint=shift)
checks.finite(dx1000, "the gradient for scores times 1000", hint=shift)
# rows far apart: the largest score of the whole matrix is no help to the other rows
apart = np.array([[0.0, 1.0, 2.0], [-2000.0, -2001.0, -2002.0], [3000.0, 3000.0, 3000.0]])
with np.errstate(all="ignore"):
    loss, dapart = softmax_loss(apart.copy(), np.array([0, 0, 0]))
checks.close(loss, mean_cross_entropy(apart, [0, 0, 0]), "rows far apart", hint=shift)
checks.close(np.sum(dapart, axis=1), np.zeros(3), "each row of the gradient sums to 0", atol=1e-9)
loss, dx32 = softmax_loss(x.astype(np.float32), y.copy())
checks.close(loss, mean_cross_entropy(x, y), "float32 input", rtol=1e-5)
checks.close(dx32, dx, "the gradient for float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **SVM.** The multiclass hinge loss asks that the right score beats every other by a margin of 1. It sums the shortfalls over all *wrong* classes; and again the mean over $N$:
#
# $$L = \frac1N \sum_n \sum_{c \ne y_n} \max(0,\; x_{nc} - x_{n y_n} + 1)$$
#
# Back: every term above zero pushes its wrong score down and the right score up. So $\partial L/\partial x_{nc}$ is $1/N$ for a wrong class within the margin, 0 for
# one outside, and for the right class minus the *number* of wrong ones within the margin, divided by $N$.
#
# <details><summary>Hint</summary>
#
# Compute the margins of all classes at once, then set those of the right class to 0: they would count 1 each.
# </details>


# %% nbgrader={"grade": false, "grade_id": "svm_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss(x, y):
    """Mean multiclass hinge loss with margin 1, and its gradient.

    Parameters
    ----------
    x : (N, C) scores
    y : (N,) labels, integers in 0 .. C - 1

    Returns
    -------
    loss : float
    dx : (N, C)
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1)
    margins[rows, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "svm_loss_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: the first example misses the margin by 0.5 and by 2; the second keeps it.
scores = np.array([[3.0, 2.5, 4.0], [1.0, 6.0, 2.0]])
loss, dx = checks.unpack(svm_loss(scores, np.array([0, 1])), "loss", "dx", what="svm_loss")
checks.close(
    loss,
    1.25,
    "the loss of two examples",
    hint="2.5 - 3 + 1, and 4 - 3 + 1; the right class does not count; then the mean",
)
checks.close(
    dx * 2,
    [[-2, 1, 1], [0, 0, 0]],
    "twice the gradient",
    hint="the right class gets minus the number of classes within the margin",
)


# Random scores: the gradient against a measured one.
def mean_hinge(x, y):
    terms = [
        sum(max(0, s - row[label] + 1) for c, s in enumerate(row) if c != label)
        for row, label in zip(x, y, strict=True)
    ]
    return np.mean(terms)


rng = np.random.default_rng(0)
for n, c in [(5, 4)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(svm_loss(*given), "loss", "dx", what="svm_loss")
    checks.close(loss, mean_hinge(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N")
    gradcheck.check(lambda v, y=y: mean_hinge(v, y), x, dx, "dx of svm_loss", sizes={"N": n, "C": c})


# %% nbgrader={"grade": true, "grade_id": "svm_loss_hidden", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: random scores.
### BEGIN HIDDEN TESTS
def mean_hinge(x, y):
    terms = [
        sum(max(0, s - row[label] + 1) for c, s in enumerate(row) if c != label)
        for row, label in zip(x, y, strict=True)
    ]
    return np.mean(terms)


rng = np.random.default_rng(40)
for n, c in [(5, 2), (3, 7), (10, 10)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(svm_loss(*given), "loss", "dx", what="svm_loss")
    checks.close(loss, mean_hinge(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N")
    gradcheck.check(lambda v, y=y: mean_hinge(v, y), x, dx, "dx of svm_loss", sizes={"N": n, "C": c})
### END HIDDEN TESTS


# %% nbgrader={"grade": true, "grade_id": "svm_loss_check_2", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Check: scores that stay as they are, and examples that keep every margin.
def mean_hinge(x, y):
    terms = [
        sum(max(0, s - row[label] + 1) for c, s in enumerate(row) if c != label)
        for row, label in zip(x, y, strict=True)
    ]
    return np.mean(terms)


rng = np.random.default_rng(1)
for n, c in [(4, 3)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(svm_loss(*given), "loss", "dx", what="svm_loss")
    checks.close(loss, mean_hinge(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N")
    gradcheck.check(lambda v, y=y: mean_hinge(v, y), x, dx, "dx of svm_loss", sizes={"N": n, "C": c})
    checks.unchanged(given[0], x, "x", hint="`x -= ...` and `x[...] = ...` change the caller's scores")
    checks.unchanged(given[1], y, "y")
loss, dx = svm_loss(np.eye(4) * 50, np.arange(4))
checks.close(loss, 0, "four clear cases: no loss")
checks.close(dx, np.zeros((4, 4)), "and no gradient")


# %% nbgrader={"grade": true, "grade_id": "svm_loss_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: one example, clear cases, scores alike, float32, inputs left alone.
### BEGIN HIDDEN TESTS
def mean_hinge(x, y):
    terms = [
        sum(max(0, s - row[label] + 1) for c, s in enumerate(row) if c != label)
        for row, label in zip(x, y, strict=True)
    ]
    return np.mean(terms)


rng = np.random.default_rng(140)
for n, c in [(4, 3), (1, 4), (10, 10)]:
    x, y = rng.normal(scale=2, size=(n, c)), rng.integers(c, size=n)
    given = x.copy(), y.copy()
    loss, dx = checks.unpack(svm_loss(*given), "loss", "dx", what="svm_loss")
    checks.close(loss, mean_hinge(x, y), f"the loss of {n} examples, {c} classes", hint="the mean over N")
    gradcheck.check(lambda v, y=y: mean_hinge(v, y), x, dx, "dx of svm_loss", sizes={"N": n, "C": c})
    checks.unchanged(given[0], x, "x", hint="`x -= ...` and `x[...] = ...` change the caller's scores")
    checks.unchanged(given[1], y, "y")
# far beyond the margin there is no loss; all scores alike cost 1 for each wrong class
loss, dclear = svm_loss(np.eye(4) * 50, np.arange(4))
checks.close(loss, 0, "four clear cases")
checks.close(dclear, np.zeros((4, 4)), "their gradient")
loss, dalike = svm_loss(np.full((3, 5), 0.25), np.array([4, 0, 2]))
checks.close(loss, 4, "five scores alike", hint="margin 1, for each of the four wrong classes")
checks.close(np.sum(dalike, axis=1), np.zeros(3), "each row of the gradient sums to 0", atol=1e-12)
loss, dx32 = svm_loss(x.astype(np.float32), y.copy())
checks.close(loss, mean_hinge(x, y), "float32 input", rtol=1e-5)
checks.close(dx32, dx, "the gradient for float32 input", rtol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **See it.** The same four examples, gradients times $N$. The first is clearly right, the last clearly wrong. The SVM says nothing to an example
# that keeps its margin; softmax is never quite content. Each row sums to zero: what one class gains, others lose.

# %% tags=["explore"]
scores = np.array([[6.0, 1.0, 0.0], [2.0, 1.6, 0.0], [2.0, 2.4, 0.0], [0.0, 4.0, 2.0]])
labels = np.zeros(4, dtype=int)
_, softmax_dx = softmax_loss(scores, labels)
_, svm_dx = svm_loss(scores, labels)
plotting.show_matrices(
    {"scores": scores, "softmax": 4 * softmax_dx, "SVM": 4 * svm_dx}, "The right class is the first"
)
plt.show()

# %% [markdown]
# ## Exercise 7 · A two-layer network  `[12 points · ●●○ · 30 min]`
#
# All the parts are there. Put them in a row:
#
# $$\text{affine} \to \text{ReLU} \to \text{affine} \to \text{softmax}$$
#
# with the penalty $\text{reg} \cdot \big(\sum W_1^2 + \sum W_2^2\big)$ added to the loss: no one half in front, and nothing for the biases. Its gradient $2\,\text{reg}\,W$ is added to that of the
# weights.
#
# The parameters live in a dict `params` with the keys `W1`, `b1`, `W2`, `b2`. Weights start as normal random numbers times `weight_scale`, from the generator that is
# given; biases start at 0. `loss(X, y)` returns the loss and a dict of gradients with the same keys. `loss(X)`, without labels, returns the scores: that is what
# predictions are made of.
#
# Use your layers: forwards, keep each cache; backwards, call the backward functions in the opposite order, each with the cache of its own forward.
#
# <details><summary>Hint</summary>
#
# `rng.normal(scale=weight_scale, size=(input_dim, hidden_dim))` draws W1. Going back, the first upstream gradient is the dx of `softmax_loss`. If the
# gradient check names the penalty, it is 2 * reg * W that is missing.
# </details>


# %% nbgrader={"grade": false, "grade_id": "TwoLayerNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class TwoLayerNet:
    """A network affine - ReLU - affine - softmax, with an L2 penalty.

    Parameters
    ----------
    input_dim : D, numbers in an example
    hidden_dim : H, hidden units
    num_classes : C
    weight_scale : standard deviation of the initial weights
    reg : strength of the penalty reg * sum(W * W) on both weight matrices
    rng : numpy.random.Generator for the initial weights

    Attributes
    ----------
    params : dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
    """

    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0, rng=None):
        self.reg = reg
        rng = np.random.default_rng() if rng is None else rng
        ### BEGIN SOLUTION
        self.params = {
            "W1": rng.normal(scale=weight_scale, size=(input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": rng.normal(scale=weight_scale, size=(hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores of a batch; with labels, loss and gradients.

        Parameters
        ----------
        X : (N, d_1, ..., d_k) examples; d_1 * ... * d_k = D
        y : (N,) labels, or None

        Returns
        -------
        scores : (N, C), if y is None
        loss, grads : float and dict with the keys of `params`, otherwise
        """
        ### BEGIN SOLUTION
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, affine1_cache = affine_forward(X, W1, self.params["b1"])
        active, relu_cache = relu_forward(hidden)
        scores, affine2_cache = affine_forward(active, W2, self.params["b2"])
        if y is None:
            return scores

        data_loss, dscores = softmax_loss(scores, y)
        loss = data_loss + self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dactive, dW2, db2 = affine_backward(dscores, affine2_cache)
        _, dW1, db1 = affine_backward(relu_backward(dactive, relu_cache), affine1_cache)
        grads = {"W1": dW1 + 2 * self.reg * W1, "b1": db1, "W2": dW2 + 2 * self.reg * W2, "b2": db2}
        return loss, grads
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "TwoLayerNet_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Check: the scores and loss of a network with known weights, and its gradients.
model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.1)
# One hidden unit of five is alive: it doubles the first input. Class 0 gets it once, class 1 twice, class 2 not at all.
model.params["W1"], model.params["b1"] = np.zeros((4, 5)), np.array([0.0, -1.0, -1.0, -1.0, -1.0])
model.params["W1"][0, 0] = 2.0
model.params["W2"], model.params["b2"] = np.zeros((5, 3)), np.array([0.0, 0.0, -0.5])
model.params["W2"][0] = [1.0, 2.0, 0.0]
X, y = np.array([[1.5, 7.0, 7.0, 7.0], [-1.0, 7.0, 7.0, 7.0]]), np.array([1, 2])
checks.close(
    model.loss(X),
    [[3, 6, -0.5], [0, 0, -0.5]],
    "the scores",
    hint="affine, ReLU, affine; and no ReLU at the end",
)
loss, grads = checks.unpack(model.loss(X, y), "loss", "grads", what="loss(X, y)")
by_hand = (np.log(np.exp([3, 6, -0.5]).sum()) - 6 + np.log(np.exp([0, 0, -0.5]).sum()) + 0.5) / 2
checks.close(
    loss,
    by_hand + 0.1 * (4 + 1 + 4),
    "the loss with penalty",
    hint="reg * sum(W * W) of both matrices, no one half, no biases",
)

# Every gradient against one measured on the model's own loss: five pictures of 2 x 2, a penalty, random biases.
rng = np.random.default_rng(0)
model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.3)
values = {
    "W1": rng.normal(size=(4, 5)),
    "b1": rng.normal(size=5),
    "W2": rng.normal(size=(5, 3)),
    "b2": rng.normal(size=3),
}
for name in ("W1", "W2"):
    checks.holds(name in model.params, f"params has the key {name}")
    checks.shape(model.params[name], values[name].shape, f"the shape of {name}")
for name, value in values.items():
    model.params[name] = value.copy()
X, y = rng.normal(size=(5, 2, 2)), rng.integers(3, size=5)
_, grads = checks.unpack(model.loss(X.copy(), y.copy()), "loss", "grads", what="loss(X, y)")


def loss_at(name, value):
    model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.3)
    for other in values:
        model.params[other] = values[other].copy()
    model.params[name] = value.copy()
    return model.loss(X.copy(), y.copy())[0]


for name in values:
    checks.holds(name in grads, f"grads has the key {name}")
    gradcheck.check(
        lambda value, name=name: loss_at(name, value),
        values[name],
        grads[name],
        f"the gradient of {name}",
        terms={f"the penalty's gradient 2 * reg * {name}": 0.6 * values[name]} if name[0] == "W" else None,
    )

# %% nbgrader={"grade": true, "grade_id": "TwoLayerNet_hidden", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: all gradients, with and without penalty, pictures.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(41)
keys = {"W1", "b1", "W2", "b2"}


def expected_loss(p, X, y, reg):
    hidden = np.einsum("nd,dh->nh", X.reshape(len(X), -1), p["W1"]) + p["b1"]
    scores = np.einsum("nh,hc->nc", (hidden + np.abs(hidden)) / 2, p["W2"]) + p["b2"]
    data = np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(y)), y])
    return data + reg * np.sum(p["W1"] ** 2) + reg * np.sum(p["W2"] ** 2)


# a penalty, or none; pictures. Biases are not zero, so that their gradients and the ReLU are put to the test
for shape, hidden, classes, reg in [((3, 6), 4, 3, 0.0), ((5, 7), 6, 4, 0.7), ((4, 2, 3, 3), 5, 6, 0.05)]:
    X = rng.normal(size=shape)
    y = rng.integers(classes, size=len(X))
    net = TwoLayerNet(X[0].size, hidden, classes, reg=reg)
    p = {
        "W1": rng.normal(size=(X[0].size, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    for name, array in p.items():
        if array.ndim == 2:
            checks.holds(name in net.params, f"params has the key {name}")
            checks.shape(net.params[name], array.shape, f"the shape of {name}")
        net.params[name] = array.copy()
    scores = net.loss(X.copy())
    checks.shape(scores, (len(X), classes), "without labels, loss returns the scores")
    loss, grads = checks.unpack(
        net.loss(X.copy(), y.copy()), "loss", "grads", what="loss of labelled examples"
    )
    checks.close(
        loss,
        expected_loss(p, X, y, reg),
        f"the loss with reg = {reg}",
        hint="reg * sum(W * W), no one half, no biases",
    )
    checks.holds(
        keys <= set(grads), "the keys of grads", f"expected {sorted(keys)}", f"got      {sorted(grads)}"
    )
    for name in p:
        terms = (
            {f"the penalty's gradient 2 * reg * {name}": 2 * reg * p[name]}
            if reg and name[0] == "W"
            else None
        )
        gradcheck.check(
            lambda v, name=name, p=p, X=X, y=y, reg=reg: expected_loss(p | {name: v}, X, y, reg),
            p[name],
            grads[name],
            f"the gradient of {name}, reg = {reg}",
            terms=terms,
        )
# training reads and writes params: the network that is trained is the one that is asked
net.params["b2"] = p["b2"] + 3.0
checks.close(
    net.loss(X),
    np.asarray(scores) + 3.0,
    "params that were replaced are used",
    hint="read self.params in loss",
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "TwoLayerNet_check_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Check: what a fresh network looks like, and that `loss` changes nothing.
model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.1)
for name, shape in [("W1", (4, 5)), ("b1", (5,)), ("W2", (5, 3)), ("b2", (3,))]:
    checks.holds(
        name in model.params,
        f"params has the key {name}",
        hint="self.params is a dict with the keys W1, b1, W2, b2",
    )
    checks.shape(model.params[name], shape, f"the shape of {name}")
model = TwoLayerNet(
    input_dim=60, hidden_dim=50, num_classes=40, weight_scale=0.2, rng=np.random.default_rng(5)
)
for name in ("W1", "W2"):
    W = np.array(model.params[name])
    checks.close(
        W.std(),
        0.2,
        f"the standard deviation of {name}",
        rtol=0.08,
        hint="normal random numbers times weight_scale",
    )
    checks.close(W.mean(), 0, f"the mean of {name}", atol=0.02)
    checks.holds(
        min(W.std(axis=0).min(), W.std(axis=1).min()) > 0.1,
        f"the weights of {name} differ",
        hint="random, not constant",
    )
    checks.holds(np.abs(W).max() > 0.45, f"the weights of {name} are normal", hint="normal, not uniform")
for name in ("b1", "b2"):
    checks.equal(np.array(model.params[name]), np.zeros_like(model.params[name]), f"{name} starts at 0")
twin = TwoLayerNet(60, 50, 40, weight_scale=0.2, rng=np.random.default_rng(5))
checks.equal(
    twin.params["W1"], model.params["W1"], "the same generator, the same weights", hint="draw from rng"
)
fresh = TwoLayerNet(60, 50, 40)
checks.close(np.std(fresh.params["W2"]), 1e-3, "weight_scale is 1e-3 when not given", rtol=0.1)
fresh.params["W1"], fresh.params["W2"] = np.ones((60, 50)), np.zeros((50, 40))
loss, _ = checks.unpack(fresh.loss(np.ones((3, 60)), np.array([0, 1, 2])), "loss", "grads", what="loss(X, y)")
checks.close(
    loss, np.log(40), "no penalty when reg is not given", hint="equal scores for 40 classes cost log 40"
)
# Every gradient against one measured on the model's own loss: five pictures of 2 x 2, a penalty, random biases.
rng = np.random.default_rng(2)
model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.3)
values = {
    "W1": rng.normal(size=(4, 5)),
    "b1": rng.normal(size=5),
    "W2": rng.normal(size=(5, 3)),
    "b2": rng.normal(size=3),
}
for name in ("W1", "W2"):
    checks.holds(name in model.params, f"params has the key {name}")
    checks.shape(model.params[name], values[name].shape, f"the shape of {name}")
for name, value in values.items():
    model.params[name] = value.copy()
X, y = rng.normal(size=(5, 2, 2)), rng.integers(3, size=5)
_, grads = checks.unpack(model.loss(X.copy(), y.copy()), "loss", "grads", what="loss(X, y)")


def loss_with(name, value):
    model = TwoLayerNet(input_dim=4, hidden_dim=5, num_classes=3, reg=0.3)
    for other in values:
        model.params[other] = values[other].copy()
    model.params[name] = value.copy()
    return model.loss(X.copy(), y.copy())[0]


for name in values:
    checks.holds(name in grads, f"grads has the key {name}")
    gradcheck.check(
        lambda value, name=name: loss_with(name, value),
        values[name],
        grads[name],
        f"the gradient of {name}",
        terms={f"the penalty's gradient 2 * reg * {name}": 0.6 * values[name]} if name[0] == "W" else None,
    )

again = model.loss(X, y)[1]["W1"]
checks.close(
    model.loss(X, y)[1]["W1"],
    again,
    "calling loss again gives the same gradient",
    hint="gradients start anew",
)
for name in values:
    checks.close(
        model.params[name], values[name], f"{name} after calling loss", hint="loss changes no parameters"
    )
scores = model.loss(X)
checks.shape(scores, (5, 3), "without labels, loss returns the scores")
scores = np.array(scores)
model.params["b2"] = values["b2"] + 3.0
checks.close(
    model.loss(X), scores + 3.0, "params that were replaced are used", hint="read self.params in loss"
)

# %% nbgrader={"grade": true, "grade_id": "TwoLayerNet_hidden_2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# More tests run here when the notebook is graded: initial weights, one example, a second call, inputs left alone.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(141)
net = TwoLayerNet(input_dim=300, hidden_dim=80, num_classes=50, weight_scale=0.07)
keys = {"W1", "b1", "W2", "b2"}
checks.holds(
    keys <= set(net.params),
    "the keys of params",
    f"expected {sorted(keys)}",
    f"got      {sorted(net.params)}",
)
for name in ("W1", "W2"):
    W = np.array(net.params[name])
    checks.close(
        W.std(),
        0.07,
        f"the standard deviation of {name}",
        rtol=0.08,
        hint="normal random numbers times weight_scale",
    )
    checks.close(W.mean(), 0, f"the mean of {name}", atol=0.01)
    # weights that are equal stay equal: hidden units must differ from the start
    checks.holds(
        W.std(axis=0).min() > 0.03 and W.std(axis=1).min() > 0.03,
        f"the weights of {name} differ",
        hint="random, not constant",
    )
for name in ("b1", "b2"):
    checks.equal(np.array(net.params[name]), np.zeros_like(net.params[name]), f"{name} starts at 0")
for name, shape in [("W1", (300, 80)), ("b1", (80,)), ("W2", (80, 50)), ("b2", (50,))]:
    checks.shape(net.params[name], shape, f"the shape of {name}")
# without penalty a fresh network is undecided: the loss is log C
X, y = rng.normal(size=(20, 300)), rng.integers(50, size=20)
checks.close(
    TwoLayerNet(300, 80, 50).loss(X, y)[0],
    np.log(50),
    "the loss of a fresh network",
    rtol=0.01,
    hint="small weights give scores near 0",
)


def expected_loss(p, X, y, reg):
    hidden = np.einsum("nd,dh->nh", X.reshape(len(X), -1), p["W1"]) + p["b1"]
    scores = np.einsum("nh,hc->nc", (hidden + np.abs(hidden)) / 2, p["W2"]) + p["b2"]
    data = np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(y)), y])
    return data + reg * np.sum(p["W1"] ** 2) + reg * np.sum(p["W2"] ** 2)


# one example; a penalty, or none; pictures. Biases are not zero, so that their gradients and the ReLU are put to the test
for shape, hidden, classes, reg in [((1, 6), 4, 3, 0.0), ((5, 7), 6, 4, 0.7), ((4, 2, 3, 3), 5, 6, 0.05)]:
    X = rng.normal(size=shape)
    y = rng.integers(classes, size=len(X))
    net = TwoLayerNet(X[0].size, hidden, classes, reg=reg)
    p = {
        "W1": rng.normal(size=(X[0].size, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    for name, array in p.items():
        net.params[name] = array.copy()
    X_before = X.copy()
    scores = net.loss(X)
    checks.shape(scores, (len(X), classes), "without labels, loss returns the scores")
    loss, grads = checks.unpack(net.loss(X, y), "loss", "grads", what="loss of labelled examples")
    checks.close(
        loss,
        expected_loss(p, X, y, reg),
        f"the loss with reg = {reg}",
        hint="reg * sum(W * W), no one half, no biases",
    )
    checks.holds(
        keys <= set(grads), "the keys of grads", f"expected {sorted(keys)}", f"got      {sorted(grads)}"
    )
    for name in p:
        checks.close(
            net.params[name],
            p[name],
            f"{name} after calling loss",
            hint="loss does not change the parameters",
        )
    checks.unchanged(X, X_before, "X")
    checks.close(
        net.loss(X, y)[1]["W1"],
        grads["W1"],
        "calling loss again gives the same gradient",
        hint="gradients start anew",
    )
    for name in p:
        terms = (
            {f"the penalty's gradient 2 * reg * {name}": 2 * reg * p[name]}
            if reg and name[0] == "W"
            else None
        )
        gradcheck.check(
            lambda v, name=name, p=p, X=X, y=y, reg=reg: expected_loss(p | {name: v}, X, y, reg),
            p[name],
            grads[name],
            f"the gradient of {name}, reg = {reg}",
            terms=terms,
        )
twins = [TwoLayerNet(6, 5, 4, rng=np.random.default_rng(9)).params for _ in range(2)]
for name in ("W1", "W2"):
    checks.equal(twins[0][name], twins[1][name], f"{name} comes from the generator that is given")
checks.close(np.std(TwoLayerNet(60, 50, 40).params["W2"]), 1e-3, "weight_scale when not given", rtol=0.1)
X, y = rng.normal(size=(3, 6)), np.array([0, 1, 2])
model = TwoLayerNet(6, 5, 4, weight_scale=2.0)
p = {name: np.array(array) for name, array in model.params.items()}
checks.close(model.loss(X, y)[0], expected_loss(p, X, y, 0.0), "no penalty when reg is not given")
scores = model.loss(X)
checks.shape(scores, (3, 4), "without labels, loss returns the scores")
scores = np.array(scores)
model.params["b2"] = p["b2"] + 3.0
checks.close(
    model.loss(X), scores + 3.0, "params that were replaced are used", hint="read self.params in loss"
)
### END HIDDEN TESTS

# %% [markdown]
# ## Training
#
# Before a network is trained for long, three quick tests tell whether it can work at all. Ten classes and small weights: the loss must start near
# $\ln 10 = 2.303$. A penalty must raise it. And the network must be able to learn twenty examples by heart.

# %% tags=["explore"]
data = load_picturebook(num_train=5000, num_val=1000, num_test=1000)
tensors = data.tensors(layout="flat")
small = tensors.subset(num_train=20, num_val=100)

for reg in (0.0, 1.0):
    model = TwoLayerNet(3072, 100, 10, weight_scale=1e-2, reg=reg, rng=np.random.default_rng(0))
    print(f"reg = {reg}: the loss is {model.loss(small.X_train, small.y_train)[0]:.3f}")

model = TwoLayerNet(3072, 100, 10, weight_scale=1e-2, rng=np.random.default_rng(0))
overfit = Solver(
    model,
    small,
    optim_config={"learning_rate": 0.2},
    batch_size=20,
    num_epochs=60,
    rng=np.random.default_rng(1),
)
overfit.train()
plotting.show_training_curves(overfit, "Twenty pictures, learned by heart")
plt.show()

# %% [markdown]
# **A spiral.** Three classes wound around each other: no straight line separates them. Each hidden unit adds one fold to the network's
# boundary. Three units are not enough, ten do most of it, a hundred draw it smoothly. What do you expect far outside the points?


# %% tags=["explore"]
def spiral(count, rng):
    """Three arms of `count` points each."""
    radius = np.tile(np.linspace(0.05, 1, count), 3)
    arm = np.repeat(np.arange(3), count)
    angle = 4.2 * (arm + radius) + rng.normal(scale=0.2, size=radius.size)
    return radius[:, np.newaxis] * np.stack([np.sin(angle), np.cos(angle)], axis=1), arm


rng = np.random.default_rng(7)
points = dict(
    zip(("X_train", "y_train", "X_val", "y_val"), (*spiral(100, rng), *spiral(100, rng)), strict=True)
)
fig, axes = plt.subplots(1, 3, figsize=(11, 4))
for ax, hidden_dim in zip(axes, (3, 10, 100), strict=True):
    model = TwoLayerNet(2, hidden_dim, 3, weight_scale=0.5, reg=1e-4, rng=np.random.default_rng(0))
    solver = Solver(
        model,
        points,
        optim_config={"learning_rate": 0.5},
        batch_size=50,
        num_epochs=300,
        rng=np.random.default_rng(1),
    )
    solver.train()
    plotting.show_decision_regions(
        lambda grid, model=model: np.argmax(model.loss(grid), axis=1),
        points["X_train"],
        points["y_train"],
        f"{hidden_dim} hidden units: {solver.best_val_acc:.0%} on new points",
        ax=ax,
    )
plt.show()

# %% [markdown]
# **Pictures.** Now 5000 pictures of ten things, a hundred hidden units, 308,000 weights and biases. `Solver` does what you did in notebook 02: batches, steps downhill, and
# keeps the parameters that were best on the validation set. Single precision (`float32`) halves the work, and no gradient needs sixteen digits.

# %% tags=["explore"]
model = TwoLayerNet(3072, 100, 10, weight_scale=1e-2, reg=1e-3, rng=np.random.default_rng(0))
model.params = {name: array.astype(np.float32) for name, array in model.params.items()}
solver = Solver(
    model,
    tensors,
    optim_config={"learning_rate": 0.1},
    lr_schedule=lambda lr0, epoch: lr0 * 0.95**epoch,
    batch_size=100,
    num_epochs=30,
    rng=np.random.default_rng(1),
)
solver.train()
plotting.show_training_curves(solver, "Two layers on the picture book")
plt.show()
print(
    f"validation accuracy {solver.best_val_acc:.1%}, test accuracy {solver.check_accuracy(tensors.X_test, tensors.y_test):.1%}"
)

# %% [markdown]
# About half of the pictures are named right: 51% on the validation set and 50% on the test set when this notebook was written, where
# chance is 10%. Yet 60% of the training pictures are: the network has begun to learn them by heart. Change one thing at a time and see what
# helps: more hidden units, another rate, a stronger penalty. Keep your hands off the test set until you have chosen.
#
# A hidden unit is a weighted sum of pixels, so its weights are a picture: what it answers to most. Linear classifiers had one template for each
# class; here are forty of the hundred that the network mixes.

# %% tags=["explore"]
plotting.show_first_layer(model.params["W1"])
plt.show()

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_random_weights", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### Question · All weights zero  `[4 points]`
#
# What if the weights of a `TwoLayerNet` start at zero, like the biases? (a) Which of the four gradients are zero in the first step, and which are not? (b) What does the network learn in
# the long run? (c) Suppose that they all start at the same number, 0.01, instead. Why does the network then behave as if it had one hidden unit?
#
# ### BEGIN SOLUTION
# (a) All hidden sums are 0, so the hidden outputs are 0. The gradient of W2 is (hidden outputs) transposed times dscores: zero. What comes back to the hidden layer is dscores times W2
# transposed: zero, so the gradients of W1 and b1 are zero too (and ReLU passes nothing at 0 besides). Only b2 has a gradient: the mean of probability minus one at the label.
#
# (b) Nothing but b2 ever changes, so the network learns how frequent the classes are, and gives the same scores to every picture.
#
# (c) All hidden units compute the same number, so they receive the same gradient, step after step, and stay equal: H copies of one unit. Random initial weights break the symmetry.
# ### END SOLUTION

# %% [markdown]
# ## What you have now
#
# - The chain rule as a machine: gates that know their local derivative, and a sweep from the loss backwards.
# - Two rules that hold in every framework: gradients of a value that is used twice **add up**, and a node waits for all its users.
# - Layers as pairs of functions, forward and backward, with a cache between them. Gradients have the shape of what they belong to.
# - A network that learns, and three quick tests for networks that may not.
# - Notebook 04 takes these layers, stacks more of them, and finds out why that does not work at first.
