"""The pictures of transfer learning show what they are given."""

import numpy as np

from cs231n_kit import plotting
from cs231n_kit.plotting.transfer import principal_plane, standard_error


def test_the_plane_keeps_the_two_directions_of_largest_variance():
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    rows = rng.normal(size=(300, 5)) * [9, 0.1, 4, 0.1, 0.1] @ turn + 7
    spread = principal_plane(rows).std(axis=0)
    assert np.allclose(spread, [9, 4], rtol=0.15) and spread[0] > spread[1]
    assert np.allclose(principal_plane(rows).mean(axis=0), 0)


def test_planes_show_the_chosen_classes_only():
    rng = np.random.default_rng(1)
    y = np.arange(40) % 4
    axes = plotting.show_planes(
        {"a": rng.normal(size=(40, 6)), "b": rng.normal(size=(40, 3))}, y, "wxyz", classes=(3, 1)
    )
    assert [ax.get_title("left") for ax in axes] == ["a", "b"]
    for ax in axes:
        assert [len(dots.get_offsets()) for dots in ax.collections] == [10, 10]
    legend = axes[0].figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["z", "x"]


def test_the_plane_is_that_of_the_chosen_classes():
    rng = np.random.default_rng(2)
    y = np.arange(60) % 3
    rows = rng.normal(size=(60, 4)) * [3, 2, 1, 1] + 100 * np.outer(y == 2, [0, 0, 0, 1])
    (ax,) = plotting.show_planes({"a": rows}, y, "uvw", classes=(0, 1))
    shown = principal_plane(rows[y < 2])[y[y < 2] == 0]
    assert np.allclose(ax.collections[0].get_offsets(), shown)


def test_a_stage_is_measured_against_the_pixels():
    ax = plotting.show_stage_probes({"thing": [0.3, 0.5], "scene": [0.7, 0.6]}, ("pixels", "block1"), 100)
    levels = [
        line.get_ydata()[0]
        for line in ax.lines
        if len(set(line.get_ydata())) == 1 and line.get_linestyle() == "--"
    ]
    assert levels[:2] == [0.3, 0.7]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "its probe on the pixels",
        "thing",
        "scene",
    ]


def test_error_bars_are_those_of_a_fraction():
    assert standard_error(0.5, 100) == 0.05 and standard_error(1.0, 100) == 0


def test_bars_carry_their_values():
    ax = plotting.show_accuracies({"a": 0.25, "b": 0.5}, 400, "what")
    assert [bar.get_width() for bar in ax.patches] == [0.25, 0.5]
    assert [text.get_text() for text in ax.texts] == ["25.0%", "50.0%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_a_cell_that_was_not_measured_says_so():
    titles = {(s, a): f"{s} {a}" for s in ("similar", "different") for a in ("little", "much")}
    table = {("similar", "little"): {"late probe": 0.5, "from scratch": 0.3}}
    axes = plotting.show_transfer_table(table, titles, 100)
    assert len(axes[0, 0].patches) == 2
    assert [text.get_text() for text in axes[1, 1].texts] == ["not measured"]
    assert axes[0, 1].get_title("left") == "similar, much · similar much"
