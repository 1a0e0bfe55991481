"""The pictures of 01-knn show what they are given, labelled, on the Axes they are handed."""

import matplotlib.pyplot as plt
import numpy as np

from cs231n_kit import plotting

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, size=(20, 8, 8, 3), dtype=np.uint8)
NAMES = ("cat", "dog")


def test_grid_has_a_picture_each_and_hides_the_rest():
    axes = plotting.show_grid(PICTURES[:7], list("abcdefg"), columns=4)
    assert axes.shape == (2, 4)
    assert [ax.get_title() for ax in axes.flat][:7] == list("abcdefg")
    np.testing.assert_array_equal(axes[1, 0].images[0].get_array(), PICTURES[4])
    assert not axes[1, 3].axison


def test_one_picture_of_floats_is_stretched_to_its_range():
    ax = plotting.show_picture(np.linspace(-3, 5, 48).reshape(4, 4, 3))
    shown = ax.images[0].get_array()
    assert (shown.min(), shown.max()) == (0, 1)
    plotting.show_picture(np.zeros((4, 4)))  # a constant picture has no range to stretch


def test_samples_stand_in_the_row_of_their_class():
    labels = np.arange(20) % 2
    axes = plotting.show_samples(PICTURES, labels, NAMES, per_class=3)
    assert [ax.get_ylabel() for ax in axes[:, 0]] == list(NAMES)
    np.testing.assert_array_equal(axes[1, 2].images[0].get_array(), PICTURES[5])


def test_samples_of_a_class_with_too_few_pictures():
    axes = plotting.show_samples(PICTURES[:1], np.array([0]), NAMES, per_class=2)
    assert axes.shape == (2, 2)
    assert not axes[1, 1].images


def test_distances_accuracy_timings_confusion_draw_where_told():
    ax = plt.subplots()[1]
    dists = RNG.random((3, 5))
    assert plotting.show_distances(dists, ax=ax) is ax
    np.testing.assert_array_equal(ax.images[0].get_array(), dists)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("training picture", "test picture")
    ax = plotting.show_accuracy_over_k({1: [0.2, 0.4], 5: [0.5, 0.5]}, chosen=5)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "5"]
    assert "chosen: k = 5" in [text.get_text() for text in ax.get_legend().get_texts()]
    ax = plotting.show_timings({"two loops": 2.0, "no loops": 0.002})
    assert [text.get_text() for text in ax.texts] == [" 2 s  (1x)", " 2 ms  (1,000x)"]
    ax = plotting.show_confusion([[3, 1], [0, 2]], NAMES)
    assert [text.get_text() for text in ax.texts] == ["3", "1", "2"]


def test_neighbours_are_framed_by_whether_the_class_agrees():
    axes = plotting.show_neighbours(PICTURES[:1], [0], PICTURES, np.arange(20) % 2, [[2, 3]], NAMES)
    right, wrong = (ax.spines["top"].get_edgecolor() for ax in axes[0, 1:])
    assert right != wrong
    assert [ax.get_title() for ax in axes[0]] == ["cat", "cat", "dog"]
