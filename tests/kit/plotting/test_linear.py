"""The pictures of linear classifiers show what they are given."""

import numpy as np
import pytest

from cs231n_kit import plotting

SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])


def titles(axes):
    return [ax.get_title(loc) for ax in np.ravel(axes) for loc in ("left", "center") if ax.get_title(loc)]


def test_slack_tells_each_loss():
    axes = plotting.show_svm_slack(SCORES, [0, 1, 2], ["cat", "car", "frog"])
    assert titles(axes) == ["cat picture: loss 2.9", "car picture: loss 0.0", "frog picture: loss 12.9"]


def test_loss_curves_have_a_panel_each_and_begin_where_training_began():
    axes = plotting.show_loss_curves({"SVM": [9.0, 5, 4], "softmax": list(np.linspace(2.3, 1.5, 60))})
    assert [title.split(" to ")[0] for title in titles(axes)] == ["SVM: from 9.00", "softmax: from 2.30"]


def test_hyperparameters_write_the_accuracy_at_each_pair():
    results = {(0.1, 1.0): (0.5, 0.4), (0.01, 1.0): (0.3, 0.35), (0.1, 0.1): (0.25, 0.2)}
    left, right = plotting.show_hyperparameters(results, best=(0.1, 1.0))
    assert [text.get_text() for text in left.texts] == ["50", "30", "25"]
    assert [text.get_text() for text in right.texts] == ["40", "35", "20"]


@pytest.mark.parametrize("extra", [0, 1])  # with and without a row of biases
def test_templates_are_as_many_as_classes(extra):
    W = np.random.default_rng(0).normal(size=(3072 + extra, 7))
    axes = plotting.show_templates(W, list("abcdefg"))
    assert axes.shape == (2, 5)
    assert sum(bool(ax.images) for ax in axes.flat) == 7


def test_penalties_mark_the_cheapest_pair():
    def squares(W, kind, strength):
        return strength * np.sum(W * W), 2 * strength * W

    (ax,) = plotting.show_penalties(squares, kinds=("l2",))
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[0.5, 0.5]], atol=1e-9)


def test_centred_differences_are_drawn_as_the_better_ones():
    ax = plotting.show_difference_errors(np.exp, np.exp, 1.0)
    one_sided, centred = (line.get_ydata() for line in ax.lines[:2])
    assert centred.min() < 1e-2 * one_sided.min()
