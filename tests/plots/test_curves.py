"""Lines: every series is drawn and told, NaN breaks nothing, and the best is where it is."""

from helpers import plots

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import same_color

pytestmark = pytest.mark.usefixtures("course_style")
NAN, INF = float("nan"), float("inf")
MANY = [f"net {i}" for i in range(9)]  # more than there are colours


def make_history(**curves):
    history = keras.callbacks.History()
    history.history = curves
    return history


def named(axis):
    """The points of each line that has a name."""
    return {
        line.get_label(): line.get_xydata().tolist()
        for line in axis.lines
        if not line.get_label().startswith("_")
    }


def bests(axis):
    """The single points that are marked, in the order of their lines."""
    dots = [line.get_xydata().tolist() for line in axis.lines if line.get_label()[0] == "_"]
    return [dot for (dot,) in dots]


def legend(axis):
    return [text.get_text() for text in axis.get_legend().get_texts()]


def test_lines_are_drawn_over_1_2_3_over_their_x_or_over_their_index(shown):
    lines = {"a": [5, 6, 7], "b": ([0.5, 2], [1, 3]), "c": pd.Series([1.0, 2.0], [10, 20])}
    plots.lines(lines, "t", "steps", "loss")
    (axis,) = shown.axes
    assert named(axis) == {
        "a": [[1, 5], [2, 6], [3, 7]],
        "b": [[0.5, 1], [2, 3]],
        "c": [[10, 1], [20, 2]],
    }
    assert (axis.get_title("left"), axis.get_xlabel(), axis.get_ylabel()) == ("t", "steps", "loss")
    assert "a: 5 at 1, 7 at 3." in shown.alt
    assert not bests(axis)


def test_the_columns_of_a_table_are_lines(shown):
    plots.lines(pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]}, [2, 4, 8]), "t", "x", "y")
    assert named(shown.axes[0])["b"] == [[2, 4], [4, 5], [8, 6]]


def test_one_line_needs_no_legend(shown):
    plots.lines({"a": [1, 2]}, "t", "x", "y")
    assert shown.axes[0].get_legend() is None


@pytest.mark.parametrize(
    ("log", "scales"),
    [(False, "linear linear"), (True, "linear log"), ("x", "log linear"), ("xy", "log log")],
)
def test_log_names_the_logarithmic_axes(shown, log, scales):
    plots.lines({"a": [1, 2]}, "t", "x", "y", log=log)
    assert f"{shown.axes[0].get_xscale()} {shown.axes[0].get_yscale()}" == scales


def test_ticks_stand_at_whole_numbers_where_x_is_whole(shown):
    plots.lines({"a": [1, 2]}, "t", "epoch", "y")
    assert (shown.axes[0].get_xticks() % 1 == 0).all()
    plots.lines({"a": ([0.1, 0.4], [1, 2])}, "t", "x", "y")
    assert (shown.axes[0].get_xticks() % 1).any()


def test_marks_and_settings_reach_the_axes(shown):
    plots.lines({"a": [1, 2], "b": [2, 3]}, "t", "x", "y", marks=True, ylim=(0, 9), words="So.")
    first, second = shown.axes[0].lines
    assert {first.get_marker(), second.get_marker()} == {"o", "s"}
    assert shown.axes[0].get_ylim() == (0, 9)
    assert shown.alt.endswith(" So.")


@pytest.mark.parametrize(("mode", "best"), [("min", [2, 1]), ("max", [3, 8])])
def test_the_best_is_marked_and_told_when_asked_for(shown, mode, best):
    plots.lines({"a": [5, 1, 8, 2]}, "t", "x", "y", mode=mode)
    assert bests(shown.axes[0]) == [best]
    assert f"best {best[1]} at {best[0]}" in shown.alt


def test_one_published_number_and_levels_are_dotted_lines_all_across(shown):
    plots.lines({"a": [1, 2]}, "t", "x", "y", published=1.5, levels={"chance": 0.5})
    _, published, chance = shown.axes[0].lines
    assert published.get_color() != chance.get_color()
    assert {published.get_linestyle(), chance.get_linestyle()} == {":"}
    assert (*published.get_ydata(), *chance.get_ydata()) == (1.5, 1.5, 0.5, 0.5)
    assert legend(shown.axes[0]) == ["a", "published", "chance"]
    assert "published: 1.5, a dotted line. chance: 0.5, a dotted line." in shown.alt


def test_published_numbers_begin_at_one(shown):
    plots.lines({"a": [1, 2]}, "t", "x", "y", published=[0.25, 1, 4])
    assert named(shown.axes[0])["published"] == [[1, 0.25], [2, 1], [3, 4]]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([NAN, INF, -INF, 0.0, 1.0, 2.5]), min_size=1))
def test_no_number_breaks_a_line(values):
    figures = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.plots.curves.show", lambda figure, alt: figures.append(figure))
        for log in (False, True):
            plots.lines({"a": values}, "t", "x", "y", mode="min", log=log)
    for figure in figures:
        assert np.isfinite(figure.axes[0].get_ylim()).all()
        plots.style.plt.close(figure)


def test_what_is_no_number_is_counted(shown):
    plots.lines({"a": [NAN, 3, 2, INF], "b": [NAN]}, "t", "x", "y")
    assert "a: 3 at 2, 2 at 3. 2 of 4 are no finite numbers." in shown.alt
    assert "b: none of 1 is a finite number." in shown.alt


@pytest.mark.parametrize("line", [[], 3.0, [[1, 2], [3, 4]], ([1, 2], [1, 2, 3])])
def test_what_is_no_line_is_refused_by_name(line):
    with pytest.raises(ValueError, match=r"The line 'odd' has .* give numbers \(n,\)"):
        plots.lines({"odd": line}, "t", "x", "y")
    plots.style.plt.close("all")


SERIES = {name: pd.Series([1.0, 2.0], [1, 2]) for name in MANY}
HISTORIES = {name: make_history(loss=[1.0, 2.0], val_loss=[2.0, 1.0]) for name in MANY}
FIGURES = {
    "lines": lambda: plots.lines(SERIES, "t", "x", "y"),
    "scalars": lambda: plots.scalars(SERIES, "t", "y"),
    "gradients": lambda: plots.gradients(SERIES, "t"),
    "by_rate": lambda: plots.by_rate([0.1, 1], {"p": SERIES}, "t", "loss"),
    "cost": lambda: plots.cost_curves({"p": {n: ([1, 2], [1, 2]) for n in MANY}}, "t", "x", "y"),
    "training_curves": lambda: plots.training_curves(HISTORIES, "t", ["loss"]),
    "learning": lambda: plots.learning(HISTORIES, 1.0, "t", "error"),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_no_line_is_left_out_of_a_figure_or_its_words(shown, draw):
    draw()
    assert all(f"{name}:" in shown.alt or f"{name}, " in shown.alt for name in MANY)
    texts = {axis.get_title("left") for axis in shown.axes}
    texts |= {text for axis in shown.axes if axis.get_legend() for text in legend(axis)}
    assert set(MANY) <= texts
    assert sum(len(line.get_xdata()) == 2 for a in shown.axes for line in a.lines) >= len(MANY)


def test_training_is_dashed_and_validation_solid(shown):
    history = make_history(loss=[2.0, 1.0, 0.5], val_loss=[2.0, 1.5, 1.8])
    plots.training_curves(history, "It turns", metrics=["loss"])
    training, validation, best = shown.axes[0].lines
    assert (training.get_linestyle(), validation.get_linestyle()) == ("--", "-")
    assert best.get_xydata().tolist() == [[2, 1.5]]
    assert "training loss: 2 at 1, 0.5 at 3." in shown.alt
    assert "validation loss: 2 at 1, best 1.5 at 2, 1.8 at 3." in shown.alt


@pytest.mark.parametrize("metric", ["accuracy", "auc", "precision"])
def test_the_best_of_what_should_be_high_is_the_highest(shown, metric):
    history = make_history(**{metric: [0.5, 0.6, 0.7], f"val_{metric}": [NAN, 0.7, 0.4]})
    plots.training_curves(history, "t", metrics=[metric])
    assert bests(shown.axes[0]) == [[2, 0.7]]


def test_no_best_is_claimed_where_the_name_does_not_tell(shown):
    plots.training_curves(make_history(share=[1.0], val_share=[2.0]), "t", metrics=["share"])
    assert bests(shown.axes[0]) == []


def test_curves_without_validation(shown):
    plots.training_curves(make_history(loss=[2.0, 1.0]), "t", metrics=["loss"])
    assert len(shown.axes[0].lines) == 1
    assert "validation" not in shown.alt


def test_a_training_that_diverges_is_drawn(shown):
    diverged = make_history(loss=[2.0, NAN, NAN], val_loss=[NAN, NAN, NAN])
    plots.training_curves(diverged, "t", metrics=["loss"])
    assert "none of 3 is a finite number" in shown.alt
    plots.learning(
        {"lost": diverged, "well": make_history(loss=[1.0], val_loss=[3.0])}, 2, "t", "e"
    )
    assert shown.axes[0].get_ylim()[1] == pytest.approx(1.15 * 3)


def test_several_models_share_a_legend_of_names_and_kinds(shown):
    histories = {name: make_history(loss=[1.0], val_loss=[2.0]) for name in MANY}
    plots.training_curves(histories, "t", metrics=["loss"])
    assert legend(shown.axes[0]) == [*MANY, "training", "validation"]


def test_training_curves_names_the_metrics_that_there_are():
    with pytest.raises(ValueError, match="no 'accuracy'; it has loss"):
        plots.training_curves(make_history(loss=[1.0]), "t")


def test_error_curves_are_a_thin_line_a_fold_and_the_mean_with_its_lowest(shown):
    errors = pd.DataFrame({0: [4.0, 1.0, 3.0], 1: [2.0, 3.0, 5.0]}, [1, 2, 3])
    plots.error_curves(errors, "t", "error")
    folds, (mean, dot) = shown.axes[0].lines[:2], shown.axes[0].lines[3:]
    assert [fold.get_ydata().tolist() for fold in folds] == [[4, 1, 3], [2, 3, 5]]
    assert mean.get_ydata().tolist() == [3, 2, 4]
    assert mean.get_linewidth() > folds[0].get_linewidth()
    assert dot.get_xydata().tolist() == [[2, 2]]
    assert "best 2 at 2" in shown.alt


def test_learning_has_a_panel_a_model_and_the_simplest_forecast_in_each(shown):
    history = make_history(loss=[5.0, 1.0], val_loss=[2.0, 3.0])
    plots.learning({"a": history, "b": history, "c": history, "d": history}, 2.5, "t", "error")
    used = [axis for axis in shown.axes if axis.axison]
    assert [axis.get_title("left") for axis in used] == ["a", "b", "c", "d"]
    assert len(shown.axes) == 6
    for axis in used:
        training, validation, best, level = axis.lines
        assert (training.get_linestyle(), validation.get_linestyle()) == ("--", "-")
        assert best.get_xydata().tolist() == [[1, 2]]
        assert (level.get_linestyle(), *level.get_ydata()) == (":", 2.5, 2.5)
    assert legend(used[0]) == ["training", "validation", "simplest forecast"]
    assert used[0].get_ylim()[1] == pytest.approx(1.15 * 3)
    assert [axis.get_xlabel() for axis in used] == ["", "epoch", "epoch", "epoch"]


@pytest.mark.parametrize(("log", "mode"), [(True, "max"), (False, "min"), (True, "min")])
def test_what_is_best_by_rate_does_not_hang_on_the_scale(shown, log, mode):
    rates, values = [0.01, 0.1, 1, 10], [3.0, 1.0, 9.0, NAN]
    plots.by_rate(rates, {"dents": {"Adam": values}}, "t", "share", log=log, mode=mode)
    assert bests(shown.axes[0]) == [[0.1, 1] if mode == "min" else [1, 9]]
    assert (shown.axes[0].get_xscale(), shown.axes[0].get_yscale()) == (
        "log",
        "log" if log else "linear",
    )


def test_by_rate_asks_for_the_direction_where_the_label_does_not_tell():
    with pytest.raises(ValueError, match="give mode='min' or mode='max'"):
        plots.by_rate([1], {"a": {"b": [1.0]}}, "t", "share")


def test_the_same_name_looks_the_same_in_every_panel(shown):
    panels = {"left": {"a": [1, 2], "b": [2, 1]}, "right": {"b": [1, 2], "c": [2, 1]}}
    plots.by_rate([0.1, 1], panels, "t", "loss")
    colours = [
        {line.get_label(): line.get_color() for line in axis.lines if line.get_label()[0] != "_"}
        for axis in shown.axes
    ]
    assert same_color(colours[0]["b"], colours[1]["b"])
    assert legend(shown.axes[1]) == ["a", "b", "c"]


def test_cost_curves_are_log_log_with_a_panel_a_task(shown):
    ways = {"loop": ([1, 100], [5.0, 5.0]), "NumPy": ([1, 100], [5.0, 0.05])}
    plots.cost_curves({"add": ways, "dot": ways}, "Costs", "steps", "ns a step")
    assert [axis.get_title(loc="left") for axis in shown.axes] == ["add", "dot"]
    assert {axis.get_xscale() for axis in shown.axes} == {"log"}
    assert {axis.get_yscale() for axis in shown.axes} == {"log"}
    assert named(shown.axes[1])["NumPy"] == [[1, 5], [100, 0.05]]
    assert "add, NumPy: 5 at 1, 0.05 at 100." in shown.alt


def test_gradients_are_drawn_back_in_time_and_no_lower_than_float32_reaches(shown):
    plots.gradients({"plain": [1e-30, 0.01, 1.0], "gone": [0.0, 0.0, 0.0]}, "t")
    assert named(shown.axes[0])["plain"] == [[0, 1], [1, 0.01], [2, 1e-30]]
    assert shown.axes[0].get_ylim()[0] == 1e-16
    assert shown.axes[0].get_yscale() == "log"


def test_scalars_of_several_runs_are_drawn_by_epoch(shown):
    costs = {"a": pd.Series([2.0, 1.0], [1, 2]), "b": pd.Series([3.0, 0.5, 0.25], [1, 2, 3])}
    plots.scalars(costs, "It falls", "cost", of="training", log=True)
    (axis,) = shown.axes
    assert named(axis) == {"a": [[1, 2], [2, 1]], "b": [[1, 3], [2, 0.5], [3, 0.25]]}
    assert {line.get_linestyle() for line in axis.lines} == {"--"}
    assert axis.get_yscale() == "log"
    assert "b: 3 at 1, 0.25 at 3." in shown.alt


def test_published_scalars_are_a_dotted_line_from_the_first_epoch(shown):
    measured = {"a": pd.Series([0.5, 0.75], [1, 2])}
    plots.scalars(measured, "t", "accuracy", published=[0.25, 1])
    drawn, published = shown.axes[0].lines
    assert (drawn.get_linestyle(), published.get_linestyle()) == ("-", ":")
    assert published.get_xydata().tolist() == [[1, 0.25], [2, 1]]
    assert shown.axes[0].get_yscale() == "linear"
    assert "published: 0.25 at 1, 1 at 2." in shown.alt
