"""Every picture is drawn without a window, in the course's style, and closed again."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_window():
    plt.switch_backend("agg")
    with plt.style.context("cs231n_kit.plotting.course"):
        yield
    plt.close("all")
