"""Bars, histograms, dots and a confusion matrix show their numbers where they belong."""

from helpers import plots

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color, to_rgb

pytestmark = pytest.mark.usefixtures("course_style")


def test_bars_write_their_values_from_the_top_down(shown):
    plots.bars({"loop": 12345.0, "NumPy": 1.23456}, "t", "ms", log=True)
    (axis,) = shown.axes
    assert [text.get_text() for text in axis.texts] == ["12,345", "1.235"]
    assert [bar.get_width() for bar in axis.patches] == [12345, 1.23456]
    assert axis.transData.transform((1, 0))[1] > axis.transData.transform((1, 1))[1]
    assert (axis.get_xscale(), axis.get_xlabel()) == ("log", "ms")
    assert "loop: 12,345; NumPy: 1.235 (ms)" in shown.alt


def test_more_bars_than_colours_are_all_drawn(shown):
    plots.bars({str(i): i for i in range(20)}, "t", "x")
    assert len(shown.axes[0].patches) == 20
    assert "19: 19" in shown.alt


@pytest.mark.parametrize(("bins", "counts"), [(2, [50, 51]), ([0, 10, 20, 100], [10, 10, 81])])
def test_histogram_has_the_bins_that_were_asked_for(shown, bins, counts):
    plots.histogram(np.arange(101).reshape(1, 101), "t", "words", bins=bins)
    assert [bar.get_height() for bar in shown.axes[0].patches] == counts
    assert "101 values; minimum and quartiles 0, 25, 50, 75, 100" in shown.alt


def test_spread_draws_a_dot_a_seed_the_mean_and_the_published_line(shown):
    plots.spread({"a": [1.0, 1.0, 4.0], "b": [2.0]}, "t", "accuracy", published=2.5)
    first, mean, second, _, published = shown.axes[0].lines
    assert first.get_xydata().tolist() == [[1, 0], [1, 0], [4, 0]]
    assert mean.get_xydata().tolist() == [[2, 0]]
    assert second.get_xydata().tolist() == [[2, 1]]
    assert list(published.get_xdata()) == [2.5, 2.5]
    assert shown.axes[0].get_ylim() == (1.5, -0.5)
    assert [tick.get_text() for tick in shown.axes[0].get_yticklabels()] == ["a", "b"]
    assert "a: mean 2, 1 to 4." in shown.alt
    assert "Published: 2.5." in shown.alt


def test_spread_takes_a_table_and_needs_no_published_number(shown):
    table = pd.DataFrame({str(i): [i, i + 1.0] for i in range(12)})
    plots.spread(table, "t", "accuracy", dot="fold")
    assert len(shown.axes[0].lines) == 24
    assert "11: mean 11.5" in shown.alt
    assert "One dot a fold" in shown.alt
    assert "Published" not in shown.alt


def test_a_row_of_the_confusion_matrix_is_a_true_class(shown):
    plots.confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 0, 0], "Mixed up", ["cat", "dog"])
    (axis,) = shown.axes
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("predicted", "true")
    assert axis.images[0].get_array().tolist() == [[1, 1], [2, 1]]
    assert {t.get_position(): t.get_text() for t in axis.texts}[0, 1] == "2"
    assert "2 of 5 right" in shown.alt
    assert "takes dog for cat, 2 times" in shown.alt


def test_counts_are_whole_and_readable_on_every_cell(shown):
    plots.confusion_matrix([0] * 100_000 + [1], [0] * 100_000 + [1], "t")
    image, texts = shown.axes[0].images[0], shown.axes[0].texts
    assert {text.get_text() for text in texts} == {"100000", "0", "1"}
    for text in texts:
        column, row = map(int, text.get_position())
        cell = image.cmap(image.norm(image.get_array()[row, column]))[:3]
        assert abs(np.mean(cell) - np.mean(to_rgb(text.get_color()))) > 0.4
    assert not same_color(texts[0].get_color(), texts[1].get_color())


@pytest.mark.parametrize("y", [[0, 2, 2], [1], [0, 0]])
def test_classes_that_do_not_occur_keep_their_names(shown, y):
    plots.confusion_matrix(y, [2] * len(y), "t", ["a", "b", "c"])
    names = [tick.get_text() for tick in shown.axes[0].get_yticklabels()]
    assert names == ["a", "b", "c"]
    counts = shown.axes[0].images[0].get_array()
    assert counts.sum(axis=1).tolist() == np.bincount(y, minlength=3).tolist()
    assert "3 classes" in shown.alt


def test_numbers_name_the_classes_that_occur_where_there_are_no_names(shown):
    plots.confusion_matrix([3, 7], [7, 7], "t")
    assert [tick.get_text() for tick in shown.axes[0].get_yticklabels()] == ["3", "7"]
    assert "takes 3 for 7, 1 times" in shown.alt


def test_no_mistake_is_said_so(shown):
    plots.confusion_matrix([0, 1], [0, 1], "t", ["a", "b"])
    assert "no mistake" in shown.alt
    assert "takes" not in shown.alt


@pytest.mark.parametrize(("y", "labels"), [([0, 2], ["a", "b"]), ([-1], ["a"]), ([], None)])
def test_a_class_without_a_name_is_refused(y, labels):
    with pytest.raises(ValueError, match="a name for each class"):
        plots.confusion_matrix(y, y, "t", labels)


def test_spread_over_orders_of_magnitude_is_drawn_on_a_logarithmic_scale(shown):
    plots.spread({"a": [1, 1000], "b": [10]}, "t", "looks", log=True)
    assert shown.axes[0].get_xscale() == "log"
