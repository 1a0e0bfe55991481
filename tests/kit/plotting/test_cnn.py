"""The pictures of convolutional networks: what stands in them, for small examples."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n_kit import plotting
from cs231n_kit.plotting.cnn import KINDS, ONE_BY_ONE, SEEN


def texts(ax):
    return [text.get_text() for text in ax.texts]


def colours(patches):
    return [plt.matplotlib.colors.to_hex(patch.get_facecolor()) for patch in patches]


def test_filtering_writes_each_number_in_its_cell():
    axes = plotting.show_filtering([[0, 300]] * 2, [[1, -1]], [[-300]] * 2)
    assert [ax.get_title() for ax in axes] == ["picture", "filter", "output"]
    assert [texts(ax) for ax in axes] == [["0", "300", "0", "300"], ["1", "-1"], ["-300", "-300"]]
    low, high = axes[0].images[0].get_clim()
    assert low == -high  # 0 is the middle of the colours


@pytest.mark.parametrize("count", [1, 5, 16, 33])
def test_feature_maps_share_one_scale_beside_the_picture(count):
    maps = np.arange(count, dtype=float)[:, None, None] * np.ones((count, 2, 3))
    axes = plotting.show_feature_maps(np.zeros((4, 4, 3), np.uint8), maps)
    assert len(axes) == 1 + count
    top = axes[-1].images[0].get_array()
    assert top.shape == (2, 3, 3)
    assert np.all(top == (255 if count > 1 else 0))
    assert np.all(axes[1].images[0].get_array() == 0)
    middle = count // 2
    grey = 255 * middle / max(count - 1, 1)
    assert abs(int(axes[1 + middle].images[0].get_array()[0, 0, 0]) - grey) <= 1


@pytest.mark.parametrize(
    ("layers", "pixels"), [([(7, 1)], 7), ([(3, 1)] * 3, 7), ([(3, 1), (2, 2), (3, 1)], 8), ([(1, 1)], 1)]
)
def test_a_receptive_field_colours_as_many_pixels_as_it_says(layers, pixels):
    specs = [{"field": field, "stride": stride} for field, stride in layers]
    (ax,) = plotting.show_receptive_fields({"a stack": specs})
    assert texts(ax) == [f"{pixels} pixels"]
    seen = [patch for patch, colour in zip(ax.patches, colours(ax.patches), strict=True) if colour == SEEN]
    levels = [round(patch.get_y() + patch.get_height() / 2) for patch in seen]
    assert levels.count(0) == pixels
    assert levels.count(len(layers)) == 1
    assert ax.get_yticklabels()[0].get_text() == "input"


def test_the_bars_of_a_network_add_up_and_wear_the_colours_of_their_kinds():
    layers = [("conv 3x3, 8", 60, 10, 75), ("pool 2x2", 20, 0, 0), ("fc 10", 20, 90, 25)]
    top, bottom = plotting.show_network_weights({"small": layers, "twice": layers * 2})
    assert [label.get_text() for label in top.get_yticklabels()] == [
        "activations: 100",
        "parameters: 100",
        "multiply-adds: 100",
    ]
    widths = np.array([patch.get_width() for patch in top.patches]).reshape(3, 3)
    np.testing.assert_allclose(widths, np.array([[60, 20, 20], [10, 0, 90], [75, 0, 25]]) / 100)
    assert colours(top.patches)[:3] == [KINDS["conv"], KINDS["pool"], KINDS["fc"]]
    assert bottom.get_yticklabels()[0].get_text() == "activations: 200"
    assert "conv 3x3, 8" in texts(top)
    (legend,) = top.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["convolution", "affine", "pooling"]


def test_stacks_stand_on_one_scale_with_their_sums():
    stacks = {"plain": [("conv 3x3, 256", 1_500_000)], "thin": [("conv 1x1, 64", 300), ("conv 3x3, 64", 700)]}
    ax = plotting.show_stacks(stacks, "weights", "Fewer")
    assert {"1.5 M", "1 k", "conv 3x3, 256"} <= set(texts(ax))
    assert [patch.get_width() for patch in ax.patches] == [1_500_000, 300, 700]
    assert colours(ax.patches) == [KINDS["conv"], ONE_BY_ONE, KINDS["conv"]]
    assert ax.get_xlabel() == "weights"
    assert ax.yaxis_inverted()  # the first stack on top


def test_company_and_gradient_depth_have_a_line_for_each_name():
    ax = plotting.show_company([2, 4], {"batch": [0.5, 0.2], "group": [0.0, 0.0]})
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "4"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["batch", "group"]
    ax = plotting.show_gradient_depth({"with": [1.0, 0.9, 0.8], "without": [1.0, 1e-3, 1e-6]})
    assert ax.get_yscale() == "log"
    assert [list(line.get_xdata()) for line in ax.lines] == [[0, 1, 2]] * 2
