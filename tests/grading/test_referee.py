"""What a test sees of a student's functions and classes: as in one process, and never more than values."""

import socket
import threading

import numpy as np
import pytest

from cs231n_kit import checks, gradcheck
from cs231n_kit.grading.limits import Limits
from cs231n_kit.grading.referee.link import FRAME, LinkClosed
from cs231n_kit.grading.referee.process import Namespace
from cs231n_kit.grading.referee.proxies import RefereeLink
from cs231n_kit.grading.referee.student import StudentLink

NOTEBOOK = """
import copy

import numpy as np

def scale(x, factor=2.0):
    return x * factor

def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    v = config.get("velocity", np.zeros_like(w))
    config["velocity"] = 0.9 * v - config["learning_rate"] * dw
    return w + config["velocity"], config

def norm_forward(x, bn_param):
    bn_param["running_mean"] = bn_param.get("running_mean", np.zeros(x.shape[1]))
    bn_param["running_mean"] *= 0.9
    bn_param["running_mean"] += 0.1 * x.mean(0)
    return x - x.mean(0), (x, bn_param)

def norm_backward(dout, cache):
    x, bn_param = cache
    return dout * bn_param["running_mean"] + x.sum()

def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        grad[i] = (above - below) / (2 * h)
    return grad

def sample(X, rng):
    return X[rng.integers(0, len(X), 4)]

def refuse(mode):
    raise ValueError("mode must be train or test, not " + mode)

def batches(X, size):
    for i in range(0, len(X), size):
        yield X[i:i + size]

def train(model, steps):
    for _ in range(steps):
        model.params["W"] -= 0.1
    return model.loss()

def train_a_copy(model, steps):
    return train(copy.deepcopy(model), steps)

def call(f):
    return f()

def careful(f):
    try:
        return f()
    except ValueError:
        return "caught"

class TwoLayerNet:
    kinds = ("relu",)

    def __init__(self, size, scale=0.0):
        self.params = {"W": np.full(size, scale), "b": np.zeros(1)}
        self.steps = 0

    def loss(self, X=None):
        if X is None:
            return float((self.params["W"] ** 2).sum())
        return float((X @ self.params["W"]).sum()), {"W": X.sum(0), "b": np.zeros(1)}

class Value:
    def __init__(self, data):
        self.data, self.grad, self.parents = data, 0.0, ()
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data)
        out.parents = (self, other)
        return out
    __radd__ = __add__
    def __mul__(self, other):
        return Value(self.data * other.data)
    def backward(self):
        for parent in self.parents:
            parent.grad += 1.0
    def __eq__(self, other):
        return True
    __hash__ = None

class Trick:
    def __sub__(self, other): return np.zeros(3)
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
    def __eq__(self, other): return True
    def __float__(self): return 0.0
    def __array__(self, *a, **k): return np.zeros(3)
    def __bool__(self): return True
    def __len__(self): return 3
    def sqrt(self): return 0.0

values = [1, 2.5, {"a": np.arange(3)}]
"""


class Pair:
    """A referee and a student, the student's end served by a thread."""

    def __init__(self, notebook=NOTEBOOK, **limits):
        ours, theirs = socket.socketpair()
        self.limits = Limits(**limits)
        self.names = {"__name__": "__main__"}
        exec(compile(notebook, "notebook", "exec"), self.names)
        self.student = StudentLink(theirs, self.limits, self.names)
        self.space = Namespace()
        self.referee = self.space.link = RefereeLink(ours, self.limits, self.space)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.student.closed:
            self.student.serve()

    def test(self, text):
        """Run a text as a test cell."""
        self.space.update(np=np, checks=checks, gradcheck=gradcheck)
        try:
            exec(compile(text, "test", "exec"), self.space)
        finally:
            if not self.referee.closed:
                self.referee.end_test()
            self.space.forget_fetched()


@pytest.fixture
def pair(capsys):
    made = Pair()
    yield made
    made.referee.close("over")
    made.thread.join(5)


# Each of these runs as it stands in one process too: `test_the_same_in_one_process`.
TESTS = {
    "a function of arrays": """
x = np.arange(6.0).reshape(2, 3)
checks.close(scale(x), 2 * x, "scale")
checks.close(scale(x.T, factor=np.float32(3)), 3 * x.T, "scale")
assert scale(x).dtype == np.float64
""",
    "a dict changed in place": """
config, w = {"learning_rate": 0.5}, np.ones(3)
new, back = sgd_momentum(w, np.ones(3), config)
assert back is config and set(config) == {"learning_rate", "velocity"}
new, config = sgd_momentum(new, np.ones(3), config)
checks.close(config["velocity"], np.full(3, -0.95), "velocity")
checks.unchanged(w, np.ones(3), "w")
""",
    "an array changed in place within a dict": """
bn, x = {"mode": "train", "running_mean": np.ones(2)}, np.arange(6.0).reshape(3, 2)
mean = bn["running_mean"]
out, cache = norm_forward(x, bn)
checks.close(mean, 0.9 + 0.1 * x.mean(0), "the running mean")
assert bn["running_mean"] is mean and cache[1] is bn
checks.close(norm_backward(np.ones(2), cache), mean + x.sum(), "backward")
""",
    "a function passed in": """
x = np.array([[1.0, 2.0], [3.0, 4.0]])
checks.close(numerical_gradient(lambda z: (z ** 3).sum(), x), 3 * x ** 2, "gradient", rtol=1e-6)
checks.close(numerical_gradient(lambda _: (x ** 2).sum(), x), 2 * x, "gradient of what f sees", rtol=1e-6)
gradcheck.check(lambda z: scale(z).sum(), x, np.full((2, 2), 2.0), "scale")
""",
    "a random generator": """
rng, twin = np.random.default_rng(1), np.random.default_rng(1)
X = np.arange(10)
checks.equal(sample(X, rng), X[twin.integers(0, 10, 4)], "rows")
assert rng.normal() == twin.normal()
""",
    "an exception": """
checks.raises(ValueError, refuse, "both", what="an unknown mode")
""",
    "a generator function": """
parts = list(batches(np.arange(5), 2))
assert [len(p) for p in parts] == [2, 2, 1]
""",
    "an object": """
net = TwoLayerNet(3, scale=1.0)
assert isinstance(net, TwoLayerNet) and net.kinds == ("relu",)
assert net.loss() == 3.0
net.params["W"] = np.zeros(3)
assert net.loss() == 0.0
net.params["W"] += 2.0
net.params["W"][0] = 5.0
assert net.loss() == 25.0 + 4.0 + 4.0
params = net.params
for step in range(3):
    loss, grads = net.loss(np.ones((2, 3)))
    for name in params:
        params[name] -= 0.5 * grads[name]
assert net.loss() == (5.0 - 3.0) ** 2 + 2 * (2.0 - 3.0) ** 2
net.steps = 4
assert net.steps == 4 and not hasattr(net, "nothing")
del net.steps
assert not hasattr(net, "steps")
""",
    "a parameter nudged in place, as a gradient check does": """
net = TwoLayerNet(2, scale=1.0)
W = net.params["W"]
W[1] += 1e-3
up = net.loss()
W[1] -= 2e-3
checks.close((up - net.loss()) / 2e-3, 2.0, "dW", rtol=1e-6)
""",
    "operators of a class": """
a, b = Value(2.0), Value(3.0)
c = a + b
c.backward()
assert (a.grad, b.grad, c.data) == (1.0, 1.0, 5.0)
assert (1 + a).data == 3.0 and (a * b).data == 6.0
""",
    "an object of the test's own": """
class Stub:
    def __init__(self):
        self.params = {"W": np.ones(2)}
    def loss(self):
        return float(self.params["W"].sum())
stub = Stub()
checks.close(train(stub, 3), 1.4, "training")
checks.close(stub.params["W"], [0.7, 0.7], "W")
""",
    "copies": """
import copy
class Stub:
    def __init__(self):
        self.params = {"W": np.ones(2)}
    def loss(self):
        return float(self.params["W"].sum())
stub = Stub()
checks.close(train_a_copy(stub, 3), 1.4, "training a copy")
checks.close(stub.params["W"], [1.0, 1.0], "W of the original")
net = TwoLayerNet(2, scale=1.0)
twin, alias = copy.deepcopy(net), copy.copy(net)
net.params["W"] += 1.0
assert (net.loss(), alias.loss(), twin.loss()) == (8.0, 8.0, 2.0) and isinstance(twin, TwoLayerNet)
assert copy.deepcopy({"f": scale, "class": TwoLayerNet})["f"](2.0) == 4.0
""",
    "values of the notebook": """
assert values[1] == 2.5 and values[2]["a"].tolist() == [0, 1, 2]
""",
    "a name that is not there": """
try:
    no_such_name
except NameError:
    pass
else:
    raise AssertionError
""",
    "the test's own exception passes through the student's code": """
def fail():
    raise ValueError("mine")
try:
    call(fail)
except ValueError as error:
    assert str(error) == "mine"
assert careful(fail) == "caught"
""",
}


@pytest.mark.parametrize("text", TESTS.values(), ids=TESTS.keys())
def test_as_in_one_process(pair, text):
    pair.test(text)


@pytest.mark.parametrize("text", TESTS.values(), ids=TESTS.keys())
def test_the_same_in_one_process(text, capsys):
    space = {"__name__": "__main__", "np": np, "checks": checks, "gradcheck": gradcheck}
    exec(NOTEBOOK, space)
    exec(text, space)


FOOLED = [
    "abs(trick - 3) < 1",
    "np.abs(np.zeros(3) - trick).max() < 1",
    "np.allclose(trick, 0)",
    "np.asarray(trick)",
    "np.sqrt(trick)",
    "float(trick)",
    "trick < 1",
    "trick - 1",
    "trick == 0 or 1 / 0",
    "Value(1) == Value(2) or 1 / 0",
    "checks.close(trick, np.zeros(3), 'zeros')",
    "checks.equal(trick, np.zeros(3), 'zeros')",
]


@pytest.mark.parametrize("expression", FOOLED)
def test_an_object_never_passes_for_a_number(pair, expression):
    with pytest.raises((TypeError, ZeroDivisionError, AssertionError)):
        pair.test(f"trick = Trick()\nassert {expression}")


def test_names_are_looked_up_anew_for_each_test(pair):
    pair.test("assert scale(1.0) == 2.0")
    pair.names["scale"] = lambda x: 7.0
    pair.test("assert scale(1.0) == 7.0")


def test_a_module_of_the_students_does_not_cross(pair):
    del pair.space
    with pytest.raises(RuntimeError, match="module"):
        pair.referee.lookup("np")


def test_builtins_cannot_be_replaced(pair):
    pair.names["len"] = lambda x: 0
    pair.test("assert len([1, 2]) == 2")


def test_the_text_of_a_function_is_the_notebooks(pair):
    pair.space.sources = {"scale": "def scale(x):\n    return [2 * v for v in x]\n"}
    with pytest.raises(checks.CheckFailed, match="comprehension"):
        pair.test("checks.no_loops(scale, 'no loops')")
    with pytest.raises(LookupError, match="no cell that defines"):
        pair.test("checks.no_loops(refuse, 'no loops')")


def test_what_nobody_uses_is_forgotten(pair):
    pair.test("for _ in range(50):\n    net = TwoLayerNet(3)\n    net.params['W'] += 1\n    net.loss()")
    pair.space.pop("net")
    pair.test("scale(1.0)\nscale(1.0)")
    assert len(pair.student.objects) < 10
    assert len(pair.student.book.entries) < 5


@pytest.mark.parametrize("name", ["__globals__", "__code__", "_link", "__class__", "params"])
def test_a_function_of_the_tests_can_only_be_called(pair, name):
    pair.names["pry"] = lambda f: f._link.ask("get", f, name)
    with pytest.raises((TypeError, AttributeError)):
        pair.test("pry(lambda: 0)")


def test_private_attributes_of_the_tests_objects_stay_private(pair):
    pair.names["pry"] = lambda o: o._link.ask("get", o, "__init__")
    with pytest.raises(AttributeError):
        pair.test("class Stub:\n    def __init__(self): self.x = 1\npry(Stub())")


def test_a_test_cannot_hand_over_what_it_did_not_make(pair):
    with pytest.raises(TypeError, match="cannot hand a"):
        pair.test("import io\nscale(io.StringIO())")


def test_the_message_of_a_tests_own_failure_is_not_told(pair):
    told = []

    def listen(f):
        try:
            f()
        except ValueError as error:
            told.append(str(error))

    pair.names["listen"] = listen
    pair.test("def fail():\n    raise ValueError('the secret')\nlisten(fail)")
    assert told and "secret" not in told[0]


FRAMES = {
    "noise": b"\xff" * 64,
    "a promise of too much": FRAME.pack(2**31, 2**60),
    "nothing": b"",
    "a frame of no known kind": FRAME.pack(2, 0) + b"\x91\xa1",
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES.keys())
def test_a_frame_that_is_not_understood_ends_the_conversation(pair, frame):
    def answer(head, body):
        pair.student.sock.sendall(frame)
        pair.student.close("done")

    pair.student._answer = answer
    with pytest.raises(LinkClosed):
        pair.test("scale(1.0)")
    with pytest.raises(LinkClosed):
        pair.referee.lookup("scale")


def test_calls_do_not_nest_without_end(capsys):
    pair = Pair("def nest(f):\n    return f(nest)\n", call_depth=8)
    with pytest.raises(RecursionError):
        pair.test("def again(g):\n    return g(again)\nnest(again)")
    pair.referee.close("over")


def test_too_much_is_an_error_of_that_call_alone(capsys):
    pair = Pair(NOTEBOOK + "def much(n):\n    return np.zeros(n)\n", value_bytes=2**16)
    with pytest.raises(RuntimeError, match="larger than"):
        pair.test("much(10**6)")
    pair.test("assert much(3).sum() == 0")
    pair.referee.close("over")


UNWRITABLE = {  # what a function returns: (expression, words of the message)
    "objects": ("np.array([object()])", "dtype object"),
    "ragged": ("np.array([[1], [1, 2]], dtype=object)", "rows of unequal length"),
    "dates": ("np.array(['2026-01-01'], dtype='datetime64[D]')", "datetime64"),
    "records": ("np.zeros(2, dtype=[('a', int)])", "cannot be compared"),
    "long text": ("np.array(['x' * 20_000])", "U20000"),
    "huge integer": ("2 ** 1_000_000", "an integer of 1,000,001 bits"),
    "inside": ("(1.0, {'W': np.array([None])})", r"at \[1\]\['W'\] of the result"),
    "inside a list": ("[[1, 2], [2 ** 100_000]]", r"at \[1\]\[0\] of the result"),
    "lone surrogate": (r"'\ud800'", ""),
    "many axes": (
        "np.zeros((1,) * 33) if np.lib.NumpyVersion(np.__version__) >= '2.0.0' else [2**100_000]",
        "",
    ),
    "deep": ("functools.reduce(lambda a, _: [a], range(1000), [])", "nested deeper"),
    "itself": ("itself()", "nested deeper|cannot"),
    "unhashable": ("{Hashable([1]): 2}", "key of a dict"),
}
ODD = (
    NOTEBOOK
    + """
import functools

class Hashable(list):
    __hash__ = object.__hash__

def itself():
    kept = {}
    for i in range(500):
        kept = {"a": kept}
    return kept

def odd(which):
    return eval(which)

def spoil(x):
    x.append(np.array([None]))
    return 1.0

class Spoiled:
    def __init__(self):
        self.params = {"W": np.ones(2)}

    def loss(self):
        self.params["W"] = np.array([None, 1])
        return 1.0
"""
)


@pytest.mark.parametrize(("expression", "words"), UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_a_value_that_cannot_cross_costs_its_own_call_alone(expression, words, capsys):
    pair = Pair(ODD)
    for _ in range(2):
        with pytest.raises(RuntimeError, match=words):
            pair.test(f"odd({expression!r})")
        pair.test("assert scale(np.ones(3)).tolist() == [2, 2, 2]")
        pair.test("w, config = sgd_momentum(np.ones(2), np.ones(2), {})\nassert 'velocity' in config")
    pair.referee.close("over")


def test_an_input_that_is_changed_into_what_cannot_cross(capsys):
    pair = Pair(ODD)
    with pytest.raises(RuntimeError, match="dtype object"):
        pair.test("spoil([1.0])")
    pair.test("assert scale(np.ones(3)).tolist() == [2, 2, 2]")
    pair.referee.close("over")


def test_a_model_whose_parameters_cannot_cross(capsys):
    pair = Pair(ODD)
    with pytest.raises(RuntimeError, match="dtype object"):
        pair.test("net = Spoiled()\nparams = net.params\nnet.loss()\nparams['W'].sum()")
    pair.test("net = TwoLayerNet(2, scale=1.0)\nnet.params['W'] += 1.0\nassert net.loss() == 8.0")
    pair.referee.close("over")
