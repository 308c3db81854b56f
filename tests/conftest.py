"""Shared by all tests: figures are drawn without a screen, displays are caught, not shown."""

import matplotlib

matplotlib.use("Agg")

from helpers import record
from helpers.plots import style

import matplotlib.pyplot as plt
import numpy as np
import pytest


class Shown(list):
    """What helpers displayed, as (data, metadata), without the folded words below a picture."""

    def __init__(self):
        super().__init__()
        self.figures, self.folded = [], []

    @property
    def axes(self):
        """The axes of the last figure."""
        return self.figures[-1].axes

    @property
    def alt(self):
        """The alternative text of the last figure."""
        return self[-1][1]["image/png"]["alt"]


@pytest.fixture(autouse=True)
def no_figure_left_open():
    yield
    left = plt.get_fignums()
    plt.close("all")
    assert left == [], "a figure was left open"


@pytest.fixture
def course_style():
    """The course's plot style for one test."""
    from helpers import plots

    with plt.rc_context():
        plots.set_style()
        yield


@pytest.fixture
def shown(monkeypatch):
    caught = Shown()

    def display(data, *, raw=False, metadata=None):
        folded = "<details><summary>In words" in data.get("text/html", "")
        (caught.folded if folded else caught).append((data, metadata))

    def png(figure):
        caught.figures.append(figure)
        return draw(figure)

    draw = style._png
    monkeypatch.setattr(style, "_png", png)
    for module in (record, style):
        monkeypatch.setattr(module, "display", display)
    return caught


@pytest.fixture
def districts():
    """24 samples of 3 features on different scales, and a target."""
    rng = np.random.default_rng(0)
    x = rng.normal(5, 1, (24, 3)) * [1, 10, 100]
    return x, x @ [1, 0.1, -0.01] + rng.normal(size=24)
