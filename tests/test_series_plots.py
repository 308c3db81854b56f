"""What the figures of a series say: border, forecasts in their place, alternative text, errors."""

from helpers import series_plots

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("course_style")


@pytest.fixture
def actual():
    months = pd.period_range("1949-01", periods=24, freq="M", name="month")
    return pd.Series(np.arange(24.0), months)


def alt(shown):
    return shown[-1][1]["image/png"]["alt"]


def test_forecasts_say_their_error_and_where_the_test_begins(shown, actual):
    forecast = actual[12:] + 3
    series_plots.forecasts(
        actual, {"three too many": forecast}, "Too high", "passengers", actual.index[12]
    )
    assert alt(shown).startswith("Too high. passengers, 1949-01 to 1950-12, 0 to 23.")
    assert "three too many: 12 forecasts, root-mean-square error 3." in alt(shown)
    assert "test part begins at 1950-01" in alt(shown)


def test_forecasts_stand_at_the_times_for_which_they_were_made(shown, actual):
    series_plots.forecasts(actual, {"same": actual[5:]}, "t", "passengers")
    line = shown[-1][0].axes[0].lines[1]
    drawn = np.asarray(line.get_ydata(), dtype=float)
    assert np.isnan(drawn[:5]).all()
    assert np.array_equal(drawn[5:], actual[5:])
    assert "test part" not in alt(shown)


def test_the_border_is_drawn_at_the_first_test_month(shown, actual):
    series_plots.forecasts(actual, {}, "t", "passengers", actual.index[12])
    series_line, border = shown[-1][0].axes[0].lines
    assert border.get_xdata()[0] == series_line.get_xdata()[12]


def test_a_series_may_be_indexed_by_numbers(shown):
    hours = pd.Series(np.ones(10), pd.RangeIndex(10, name="hour"))
    series_plots.forecasts(hours, {"one": hours}, "Flat", "degrees", 6)
    assert shown[-1][0].axes[0].get_xlabel() == "hour"
    assert "error 0." in alt(shown)


def test_forecasts_refuse_a_time_that_never_was(actual):
    foreign = actual.rename(index=lambda month: month + 1)
    with pytest.raises(ValueError, match="'late' forecasts for 1951-01"):
        series_plots.forecasts(actual, {"late": foreign}, "t", "passengers")


def test_forecasts_refuse_a_border_outside_the_series(actual):
    with pytest.raises(ValueError, match=r"begin at 1999.*runs from 1949-01 to 1950-12"):
        series_plots.forecasts(actual, {}, "t", "passengers", 1999)
