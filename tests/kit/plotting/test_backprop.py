"""The pictures of backpropagation: what stands in them, for small examples."""

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import plotting
from cs231n_kit.plotting.graph import Node, draw_graph
from cs231n_kit.solver import Solver


def texts(ax):
    return [text.get_text() for text in ax.texts]


def expression():
    """(a * b) + a at a = 3, b = -4, differentiated."""
    a, b = Node(3.0, -3.0, name="a"), Node(-4.0, 3.0, name="b")
    product = Node(-12.0, 1.0, op="*", inputs=((a, -4.0), (b, 3.0)))
    return Node(-9.0, 1.0, op="+", inputs=((product, 1.0), (a, 1.0)))


def test_a_graph_shows_each_node_once_with_value_and_gradient_and_each_use_with_its_local_derivative():
    shown = texts(plotting.show_value_graph(expression()))
    assert shown.count("a") == shown.count("b") == shown.count("*") == shown.count("+") == 1
    assert {"-12", "-9", "-3"} <= set(shown)
    assert shown.count("1") == 2 + 2  # two arrows into the sum; two gradients of 1


def test_no_two_nodes_stand_in_one_place_and_inputs_stand_to_the_left():
    total = shared = Node(1.0, 1.0, name="x")
    for _ in range(12):
        total = Node(1.0, 1.0, op="*", inputs=((total, 1.0), (shared, 1.0)))
    ax = draw_graph(total)
    places = [text.get_position() for text in ax.texts if text.get_text() in ("x", "*")]
    assert len(places) == len(set(places)) == 13


def test_a_long_chain_is_no_problem():
    chain = Node(1.0, 1.0)
    for _ in range(1500):
        chain = Node(1.0, 1.0, op="+", inputs=((chain, 1.0),))
    draw_graph(chain, ax=plt.subplots()[1])


def test_gates_and_the_small_network():
    assert [ax.get_title(loc="left")[0] for ax in plotting.show_gates()] == ["+", "*", "m"]
    ax = plotting.show_two_two_two(np.arange(8.0), np.array([1, -1, 1, -1, 1, -1, 1, -2.0]))
    assert "w3 = 2.00\n+1" in texts(ax) and "w8 = 7.00\n-2" in texts(ax)


def test_matrices_show_their_numbers_and_no_negative_zero():
    axes = plotting.show_matrices({"x": [[1.25, -0.001]], "zero": np.zeros((1, 1))})
    assert texts(axes[0]) == ["1.25", "0.00"]
    assert [ax.get_title() for ax in axes] == ["x", "zero"]


def test_decision_regions_ask_for_points_around_the_data():
    asked = []

    def predict(points):
        asked.append(points)
        return (points[:, 0] > 0).astype(int)

    X = np.array([[-1.0, 0.0], [2.0, 1.0]], dtype=np.float32)
    ax = plotting.show_decision_regions(predict, X, np.array([0, 1]))
    assert asked[0].dtype == np.float32 and asked[0].min() < -1 and asked[0].max() > 2
    regions = ax.images[0].get_array()
    assert not regions[:, 0].any() and regions[:, -1].all()


def test_training_curves_and_first_layer():
    class Constant:
        def __init__(self):
            self.params = {"W": np.zeros((2, 2))}

        def loss(self, X, y=None):
            return np.zeros((len(X), 2)) if y is None else (1.0, {"W": np.zeros((2, 2))})

    data = {
        "X_train": np.zeros((40, 2)),
        "y_train": np.zeros(40, int),
        "X_val": np.zeros((4, 2)),
        "y_val": np.ones(4, int),
    }
    solver = Solver(Constant(), data, rng=0, batch_size=4, num_epochs=3, verbose=False)
    solver.train()
    left, right = plotting.show_training_curves(solver)
    assert len(left.lines[0].get_ydata()) == 30
    assert list(right.lines[0].get_ydata()) == [1, 1, 1, 1]
    weights = np.arange(5) * np.ones((12, 1))
    axes = plotting.show_first_layer(weights, shape=(2, 2, 3), count=3)
    assert sum(bool(ax.images) for ax in axes.flat) == 3
