"""The pictures of optimisation: what they show of walks, failed trials and snapshots; the film's player."""

import base64
import re

import numpy as np

from cs231n_kit import plotting


def bowl(x, y):
    return x**2 + y**2


WALK = np.array([[2.0, 1.0], [1.0, 0.5], [0.5, 0.25]])
BOUNDS = (-3, 3, -3, 3)


def test_a_walk_ends_at_its_last_finite_place():
    blown_up = np.array([[2.0, 1.0], [1.0, 0.5], [np.nan, 0.0], [0.0, 0.0]])
    ax = plotting.show_trajectories(bowl, {"sgd": blown_up}, BOUNDS)
    line = next(line for line in ax.lines if line.get_label() == "sgd")
    np.testing.assert_array_equal(line.get_xydata(), blown_up[:2])


def test_a_broken_walk_says_where_it_stopped():
    axes = plotting.show_broken(bowl, {"B": (np.array([[2.0, 1.0], [np.nan, np.nan]]), WALK)}, BOUNDS)
    assert [text.get_text() for text in axes[0, 0].texts] == ["not finite after step 0"]


def test_failed_trials_are_crosses_and_the_others_are_dots():
    results = [
        (0.5, {"rate": 0.1, "reg": 1.0}),
        (0.3, {"rate": 0.01, "reg": 2.0}),
        (np.nan, {"rate": 1.0, "reg": 3.0}),
    ]
    ax = plotting.show_search({"coarse": results}, {"rate": (0.05, 0.2), "reg": (0.5, 2.0)}, ("rate", "reg"))
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), [[0.1, 1.0], [0.01, 2.0]])
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1.0, 3.0]])


def test_a_snapshot_stands_at_the_end_of_every_cycle():
    curve = np.arange(1, 7) / 10
    axes = plotting.show_snapshots({"restarts": curve}, {"snapshot 1": 0.3, "all, averaged": 0.4}, period=3)
    dots = next(line for line in axes[0].lines if line.get_label() == "snapshot")
    np.testing.assert_allclose(dots.get_xydata(), [[3, 0.3], [6, 0.6]])


def test_the_player_needs_no_network_and_shows_its_first_picture_before_it_runs():
    page = plotting.animate_landscapes([(bowl, {"sgd": WALK}, BOUNDS, "bowl")], frames=3).data
    assert "http" not in page and "fa-" not in page
    frames = re.findall(r"frames\[\d\] = \"data:image/png;base64,(.*?)\"", page, re.DOTALL)
    first, *others = (base64.b64decode(frame.replace("\\\n", "")) for frame in frames)
    shown = re.search(r'<img src="data:image/png;base64,([^"]*)" id=', page)[1]
    assert base64.b64decode(shown, validate=True) == first
    assert len(others) == 2 and first not in others
