"""One hand for all figures: the style, the looks of series, the best of numbers, showing."""

from itertools import combinations

from helpers import plots
from helpers.plots.style import COLOURS, best, looks

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

NAN, INF = float("nan"), float("inf")


def test_show_gives_the_figure_its_alternative_text_twice(shown):
    figure, _ = plt.subplots()
    plots.show(figure, "A <line>.")
    assert shown.figures == [figure]
    ((_, metadata),), ((folded, _),) = shown, shown.folded
    assert metadata == {"image/png": {"alt": "A <line>."}}
    assert "A &lt;line&gt;." in folded["text/html"]


def test_show_refuses_a_figure_without_alternative_text():
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="no alternative text"):
        plots.show(figure, " ")
    plt.close(figure)


def test_the_style_begins_from_matplotlibs_defaults():
    with plt.rc_context({"text.usetex": True, "axes.facecolor": "red"}):
        plots.set_style()
        assert not mpl.rcParams["text.usetex"]
        assert mpl.rcParams["axes.facecolor"] == "white"
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(COLOURS)


def test_the_style_leaves_the_backend():
    with plt.rc_context():
        before = mpl.get_backend()
        plots.set_style()
        assert mpl.get_backend() == before


def test_all_colours_of_the_palette_are_told_apart():
    apart = [np.abs(np.subtract(to_rgb(a), to_rgb(b))).max() for a, b in combinations(COLOURS, 2)]
    assert len(COLOURS) == 7
    assert min(apart) > 0.1


@given(st.integers(0, 168))
def test_every_series_has_a_look_of_its_own(n):
    assert len(set(looks(n))) == n


def test_more_series_than_looks_get_one_all_the_same():
    many = looks(500)
    assert len(many) == 500
    assert all("--" not in look for look in many)  # dashed is training


@pytest.mark.parametrize(
    ("name", "where"),
    [
        *[(name, 1) for name in ("loss", "val_loss", "mae", "mean absolute error", "error E")],
        ("val_cross-entropy", 1),
        *[(name, 0) for name in ("accuracy", "val_acc", "val_auc", "val_precision", "recall")],
    ],
)
def test_a_known_name_tells_the_direction(name, where):
    assert best([0.9, 0.3, 0.5, NAN], name=name) == where


def test_the_mode_goes_before_the_name():
    assert best([1, 2], "max", "loss") == 1
    assert best([1, 2], "min", "accuracy") == 0


@pytest.mark.parametrize("name", ["", "kullback", "accuracy loss", "maex"])
def test_a_name_that_tells_nothing_is_refused(name):
    with pytest.raises(ValueError, match=r"give mode='min' or mode='max'"):
        best([1, 2], name=name)


def test_another_mode_is_refused():
    with pytest.raises(ValueError, match="mode='lowest' was given"):
        best([1, 2], "lowest")


@pytest.mark.parametrize("values", [[], [NAN], [NAN, INF]])
def test_the_best_of_no_number_is_refused(values):
    with pytest.raises(ValueError, match="finite number"):
        best(values, "min")


@given(st.lists(st.sampled_from([NAN, INF, -INF, 0.0, 1.0, 2.0])))
def test_the_best_is_a_number_and_no_other_is_better(values):
    numbers = [v for v in values if np.isfinite(v)]
    if numbers:
        assert values[best(values, "min")] == min(numbers)
        assert values[best(values, "max")] == max(numbers)
        assert best(values, "min") == values.index(min(numbers))
