"""The pictures of regularisation show what they are given."""

from types import SimpleNamespace

import numpy as np
import pytest

from cs231n_kit import plotting


def titles(axes):
    return [ax.get_title(loc) for ax in np.ravel(axes) for loc in ("left", "center") if ax.get_title(loc)]


def trained(train, val):
    return SimpleNamespace(train_acc_history=train, val_acc_history=val)


def test_thinned_networks_lose_the_connections_of_dropped_units():
    axes = plotting.show_thinned_networks((2, 3, 1), [[[True, False, True]], [[False] * 3]])
    assert titles(axes) == ["3 of 3 hidden units", "2 of 3 hidden units", "0 of 3 hidden units"]
    connections = [sum(len(line.get_xdata()) == 2 for line in ax.lines) for ax in axes]
    assert connections == [9, 6, 0]


def test_means_and_variances_of_both_forms_are_those_of_the_samples():
    samples = [np.array([0.0, 4.0]), np.array([1.0, 1.0])]
    left, right = plotting.show_mean_and_spread([0.25, 1.0], samples, [s / 4 for s in samples], [0.25, 1.0])
    dots = {line.get_label(): list(line.get_ydata()) for ax in (left, right) for line in ax.lines}
    assert dots["inverted, training"] == [2, 1] and dots["original, training"] == [0.5, 0.25]
    assert dots["inverted"] == [4, 0] and dots["original"] == [0.25, 0]
    assert dots["original, test"] == [0.25, 1]


def test_dropped_weights_are_blank_and_counted():
    axes = plotting.show_dropped_weights({"all": np.ones((2, 2)), "half": np.eye(2)})
    assert titles(axes) == ["all: 100% in use", "half: 50% in use"]
    assert axes[1].images[0].get_array().mask.tolist() == [[False, True], [True, False]]


def test_one_scale_of_colours_for_all_weight_matrices():
    axes = plotting.show_dropped_weights({"small": np.full((2, 2), 0.1), "large": np.full((2, 2), -3.0)})
    assert [ax.images[0].get_clim() for ax in axes] == [(-3, 3), (-3, 3)]


def test_surviving_blocks_are_filled_and_their_shares_measured():
    left, right = plotting.show_surviving_blocks([[1, 0], [1, 1], [1, 0], [1, 1]], np.array([1.0, 0.5]))
    assert titles(left) == ["1.5 of 2 blocks on average"]
    filled = np.asarray(left.images[0].get_array())[..., 0] == 0
    assert filled.tolist() == [[True] * 4, [False, True, False, True]]  # block 1 above block 2
    assert [bar.get_width() for bar in right.patches] == [1, 0.5]


def test_pooling_draws_the_cuts_between_pixels():
    picture, pooled = np.zeros((4, 6, 3)), np.zeros((2, 3, 3))
    axes = plotting.show_pooling_regions(picture, [([0, 1, 4], [0, 2, 3, 6])] * 2, [pooled] * 2)
    assert axes.shape == (2, 2)
    rows, columns = (np.array(lines.get_segments()) for lines in axes[0, 0].collections)
    assert rows[:, 0, 1].tolist() == [-0.5, 0.5, 3.5]
    assert columns[:, 0, 0].tolist() == [-0.5, 1.5, 2.5, 5.5]
    assert titles(axes[:, 0]) == ["4 x 6, with cuts", "pooled to 2 x 3"]


def test_augmented_batches_have_a_row_each_under_the_same_labels():
    batch = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    axes = plotting.show_augmented({"as it is": batch, "flip": batch[:, :, ::-1]}, ["boat", "car"])
    assert [row[0].get_ylabel() for row in axes] == ["as it is", "flip"]
    assert titles(axes) == ["boat", "car"]
    np.testing.assert_array_equal(axes[1, 1].images[0].get_array(), batch[1, :, ::-1])


def test_gap_curves_say_the_last_accuracies_and_the_gap():
    axes = plotting.show_gap_curves(
        {"plain": trained([0.1, 0.9], [0.1, 0.4]), "other": trained([0.2], [0.1])}
    )
    assert titles(axes) == ["plain: 90% and 40%", "other: 20% and 10%"]
    assert [text.get_text() for ax in axes for text in ax.texts] == ["gap 50 points", "gap 10 points"]


def test_gaps_put_both_accuracies_of_each_solver_in_its_row():
    ax = plotting.show_gaps(
        {"plain": trained([0.1, 0.9], [0.1, 0.4]), "flips": trained([0.1, 0.7], [0.1, 0.5])}
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == ["plain", "flips"]
    assert [text.get_text() for text in ax.texts] == ["40.0%", "90.0%", "50.0%", "70.0%"]
    assert list(ax.lines[0].get_xdata()) == [0.4, 0.4]  # the first one is the measure for the others


def test_monte_carlo_draws_every_repetition_and_their_mean():
    averaged = {"accuracy": [[0.2, 0.4], [0.5, 0.6]], "loss": [[2.0, 2.0], [1.0, 1.0]]}
    axes = plotting.show_monte_carlo([1, 4], averaged, {"accuracy": 0.55, "loss": 1.5})
    dots, means, one_pass = (list(line.get_ydata()) for line in axes[0].lines)
    assert dots == [0.2, 0.4, 0.5, 0.6] and means == pytest.approx([0.3, 0.55]) and one_pass == [0.55, 0.55]
    assert [label.get_text() for label in axes[0].get_xticklabels()] == ["1", "4"]
    assert axes[1].get_ylabel() == "validation loss" and list(axes[1].lines[2].get_ydata()) == [1.5, 1.5]
