"""What the figures of a series say: border, forecasts in their place, alternative text, errors."""

from itertools import pairwise

from helpers import plots

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("course_style")


@pytest.fixture
def actual():
    months = pd.period_range("1949-01", periods=24, freq="M", name="month")
    return pd.Series(np.arange(24.0), months)


def test_forecasts_say_their_error_and_where_the_test_begins(shown, actual):
    forecast = actual[12:] + 3
    plots.series.forecasts(
        actual, {"three too many": forecast}, "Too high", "passengers", actual.index[12]
    )
    assert "1949-01 to 1950-12, 0 to 23" in shown.alt
    assert "three too many: 12 forecasts, root-mean-square error 3." in shown.alt
    assert "test part begins at 1950-01" in shown.alt


def test_forecasts_stand_at_the_times_for_which_they_were_made(shown, actual):
    plots.series.forecasts(actual, {"same": actual[5:]}, "t", "passengers")
    line = shown.axes[0].lines[1]
    drawn = np.asarray(line.get_ydata(), dtype=float)
    assert np.isnan(drawn[:5]).all()
    assert np.array_equal(drawn[5:], actual[5:])
    assert "test part" not in shown.alt


def test_the_border_is_drawn_at_the_first_test_month(shown, actual):
    plots.series.forecasts(actual, {}, "t", "passengers", actual.index[12])
    series_line, border = shown.axes[0].lines
    assert border.get_xdata()[0] == series_line.get_xdata()[12]


def test_a_series_may_be_indexed_by_numbers(shown):
    hours = pd.Series(np.ones(10), pd.RangeIndex(10, name="hour"))
    plots.series.forecasts(hours, {"one": hours}, "Flat", "degrees", 6)
    assert shown.axes[0].get_xlabel() == "hour"
    assert "error 0." in shown.alt


def test_forecasts_refuse_a_time_that_never_was(actual):
    foreign = actual.rename(index=lambda month: month + 1)
    with pytest.raises(ValueError, match="'late' forecasts for 1951-01"):
        plots.series.forecasts(actual, {"late": foreign}, "t", "passengers")


def test_forecasts_refuse_a_border_outside_the_series(actual):
    with pytest.raises(ValueError, match=r"begin at 1999.*runs from 1949-01 to 1950-12"):
        plots.series.forecasts(actual, {}, "t", "passengers", 1999)


def test_parts_are_drawn_where_they_lie_and_described(shown, actual):
    cut = {"training": slice(0, 12), "test": slice(12, None)}
    plots.series.parts(actual, cut, "Two years", "passengers")
    first, second = shown.axes[0].lines
    assert (len(first.get_xdata()), len(second.get_xdata())) == (12, 12)
    assert first.get_color() != second.get_color()
    assert "training: 1949-01 to 1949-12, mean 5.5, from 0 to 11" in shown.alt
    assert "test: 1950-01 to 1950-12, mean 17.5, from 12 to 23." in shown.alt


def test_a_part_without_rows_is_refused(actual):
    with pytest.raises(ValueError, match="'test' has no rows; the series has 24"):
        plots.series.parts(actual, {"test": slice(24, None)}, "t", "passengers")


def test_labels_of_dates_do_not_repeat_the_year(shown):
    hours = pd.date_range("2011-02-02", periods=240, freq="h", name="time")
    plots.series.forecasts(pd.Series(np.arange(240.0), hours), {}, "Ten days", "degrees")
    figure = shown.figures[-1]
    figure.canvas.draw()
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len(labels) > 5
    assert not any("2011" in label for label in labels)


def test_every_forecast_is_drawn_and_named_with_a_look_of_its_own(shown, actual):
    told = {f"method {i}": actual[12:] + i for i in range(9)}
    plots.series.forecasts(actual, told, "Nine", "passengers")
    _, *lines = shown.axes[0].lines
    assert [line.get_label() for line in lines] == list(told)
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 9
    assert all(
        f"method {i}: 12 forecasts, root-mean-square error {i}." in shown.alt for i in range(9)
    )


def test_neighbouring_forecasts_differ_in_line_style_and_none_looks_like_training(shown, actual):
    told = {f"method {i}": actual for i in range(9)}
    plots.series.forecasts(actual, told, "Nine", "passengers")
    styles = [line.get_linestyle() for line in shown.axes[0].lines[1:]]
    assert all(one != other for one, other in pairwise(styles))
    assert plots.STYLES["training"] not in styles


def test_a_forecast_that_diverges_leaves_the_limits_finite(shown, actual):
    told = actual[12:] * np.inf
    plots.series.forecasts(actual, {"lost": told}, "t", "passengers")
    assert np.isfinite(shown.axes[0].axis()).all()
    assert "error inf" in shown.alt


def test_the_legend_stands_beside_the_series(shown, actual):
    plots.series.forecasts(actual, {"same": actual}, "t", "passengers")
    figure, axis = shown.figures[-1], shown.axes[0]
    figure.canvas.draw()
    assert axis.get_legend().get_window_extent().x0 >= axis.get_window_extent().x1


def test_every_part_is_drawn_and_named(shown, actual):
    cut = {f"part {i}": slice(2 * i, 2 * i + 2) for i in range(9)}
    plots.series.parts(actual, cut, "Nine", "passengers")
    assert len(shown.axes[0].lines) == 9
    assert [text.get_text() for text in shown.axes[0].texts] == list(cut)
    assert all(name in shown.alt for name in cut)
