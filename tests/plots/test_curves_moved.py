"""Curves whose tests stood with the subjects that they serve."""

from helpers import plots

import keras
import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("course_style")


def test_error_curves_mark_the_lowest_mean(shown):
    errors = pd.DataFrame({"a": [3.0, 1, 2], "b": [5.0, 3, 6]}, index=[11, 12, 13])
    plots.error_curves(errors, "It turns", "error")
    axis, alt = shown.axes[0], shown.alt
    mean, dot = axis.lines[-2:]
    assert mean.get_ydata().tolist() == [4, 2, 4]
    assert dot.get_xydata().tolist() == [[12, 2]]
    assert alt.endswith("4 in epoch 11, lowest at 2 in epoch 12, and 4 in epoch 13.")
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one fold", "mean"]


def test_a_single_error_curve_needs_no_legend(shown):
    plots.error_curves(pd.DataFrame({"mean": [2.0, 1]}), "Smooth", "error")
    axis, alt = shown.axes[0], shown.alt
    assert axis.get_legend() is None
    assert "error, mean of 1: 2 in epoch 0" in alt


def history(loss, val_loss):
    made = keras.callbacks.History()
    made.history = {"loss": loss, "val_loss": val_loss}
    return made


def test_learning_draws_a_panel_a_model_beside_the_simplest_forecast(shown):
    histories = {
        "good": history([3.0, 1.0, 0.5], [2.0, 0.8, 0.9]),
        "bad": history([90.0, 2.0], [80.0, 1.5]),
    }
    plots.learning(histories, 1.2, "One beats it", "error, °C")
    good, bad, unused = shown.axes
    assert tuple(axis.get_title(loc="left") for axis in (good, bad)) == ("good", "bad")
    assert not unused.axison
    assert list(good.lines[2].get_ydata()) == [1.2, 1.2]
    assert good.get_ylim()[1] == pytest.approx(1.15 * 2.0)  # the first epochs of bad are cut off
    assert shown.alt == (
        "One beats it. The simplest forecast has 1.2. good: validation error lowest in epoch 2, "
        "0.8. bad: validation error lowest in epoch 2, 1.5."
    )


def test_gradients_are_drawn_against_the_distance_back(shown):
    plots.gradients({"plain": [1e-6, 1e-3, 1]}, "It vanishes")
    line = shown.axes[0].lines[0]
    assert line.get_xdata().tolist() == [0, 1, 2]
    assert line.get_ydata().tolist() == [1, 1e-3, 1e-6]
    assert "plain: 1 at distance 0, 1.0e-06 at 2." in shown.alt
