"""What the figures say: their alternative text, their lines, their errors."""

from helpers import plots

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from keras import layers
from matplotlib.figure import Figure

pytestmark = pytest.mark.usefixtures("course_style")


def make_history(**curves):
    history = keras.callbacks.History()
    history.history = curves
    return history


def test_show_gives_the_figure_its_alternative_text(shown):
    figure, _ = plt.subplots()
    plots.show(figure, "A line.")
    assert shown == [(figure, {"image/png": {"alt": "A line."}})]


def test_show_refuses_a_figure_without_alternative_text():
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="no alternative text"):
        plots.show(figure, " ")
    plt.close(figure)


def test_training_is_dashed_and_validation_solid(shown):
    history = make_history(loss=[2.0, 1.0, 0.5], val_loss=[2.0, 1.5, 1.8])
    plots.training_curves(history, "It turns", metrics=["loss"])
    training, validation, best = shown.axes[0].lines
    assert (training.get_linestyle(), validation.get_linestyle()) == ("--", "-")
    assert best.get_xydata().tolist() == [[2, 1.5]]
    assert shown.alt == (
        "It turns. training loss ends at 0.5; validation loss is best at 1.5 in epoch 2 "
        "and ends at 1.8."
    )


def test_best_accuracy_is_the_highest(shown):
    history = make_history(accuracy=[0.5, 0.6], val_accuracy=[0.7, 0.4])
    plots.training_curves(history, "t", metrics=["accuracy"])
    assert "best at 0.7 in epoch 1" in shown.alt


def test_curves_without_validation(shown):
    plots.training_curves(make_history(loss=[2.0, 1.0]), "t", metrics=["loss"])
    assert shown.alt == "t. training loss ends at 1."


def test_several_models_share_a_legend_of_names_and_styles(shown):
    names = [f"net {i}" for i in range(9)]
    histories = {name: make_history(loss=[1.0], val_loss=[2.0]) for name in names}
    plots.training_curves(histories, "t", metrics=["loss"])
    labels = [text.get_text() for text in shown.axes[0].get_legend().get_texts()]
    assert labels == [*names, "training", "validation"]
    assert all(f"{name}, training loss" in shown.alt for name in names)


def test_training_curves_names_the_metrics_that_there_are():
    with pytest.raises(ValueError, match="no 'accuracy'; it has loss"):
        plots.training_curves(make_history(loss=[1.0]), "t")


@pytest.mark.parametrize("shape", [(5, 4, 4), (1, 4, 4), (5, 4, 4, 3)])
def test_image_grid_draws_every_image(shown, shape):
    plots.image_grid(np.zeros(shape), "Digits", [str(i) for i in range(shape[0])], columns=3)
    assert sum(bool(axis.images) for axis in shown.axes) == shape[0]
    assert shown.alt.startswith(f"Digits. {shape[0]} pictures: 0")


@pytest.mark.parametrize("shape", [(4, 4), (0, 4, 4), (2, 2, 2, 2, 2)])
def test_image_grid_rejects_other_shapes(shape):
    with pytest.raises(ValueError, match=r"give \(n, height, width\)"):
        plots.image_grid(np.zeros(shape), "t")


def test_image_grid_rejects_a_wrong_number_of_captions():
    with pytest.raises(ValueError, match="1 captions were given for 2 images"):
        plots.image_grid(np.zeros((2, 4, 4)), "t", ["a"])


def test_confusion_matrix_names_the_most_frequent_mistake(shown):
    plots.confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 0, 0], "Mixed up", ["cat", "dog"])
    assert "2 of 5 right" in shown.alt
    assert "takes dog for cat, 2 times" in shown.alt


def test_spread_draws_a_dot_a_seed_and_the_published_line(shown):
    plots.spread({"a": [1.0, 3.0], "b": [2.0]}, "t", "accuracy", published=2.5)
    assert [len(line.get_xdata()) for line in shown.axes[0].lines] == [2, 1, 1, 1, 2]
    assert "a: mean 2, 1 to 3." in shown.alt
    assert "Published: 2.5." in shown.alt


def test_spread_without_a_published_figure(shown):
    plots.spread({"a": [1.0, 3.0]}, "t", "accuracy")
    assert "Published" not in shown.alt


def test_bars_write_their_values(shown):
    plots.bars({"loop": 12345.0, "NumPy": 1.23456}, "t", "ms", log=True)
    assert [text.get_text() for text in shown.axes[0].texts] == ["12,345", "1.235"]
    assert shown.alt == "t. loop: 12,345; NumPy: 1.235 (ms)."


def test_histogram_tells_the_quartiles(shown):
    plots.histogram(np.arange(101), "t", "words")
    assert "101 values; minimum and quartiles 0, 25, 50, 75, 100." in shown.alt


def test_every_figure_is_one_that_notebooks_can_show(shown):
    plots.histogram([1.0], "t", "x")
    assert isinstance(shown[-1][0], Figure)


@pytest.fixture
def model():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2)])


def test_model_diagram_without_graphviz_says_how_to_get_it(model, monkeypatch, capsys, shown):
    monkeypatch.setenv("PATH", "")
    plots.model_graph(model, "A net")
    assert "needs Graphviz" in capsys.readouterr().out
    assert shown == []


def test_model_diagram_is_a_picture_with_alternative_text(model, monkeypatch, shown):
    monkeypatch.setattr("pydot.Dot.create_png", lambda self: b"png", raising=False)
    monkeypatch.setattr("keras.src.utils.model_visualization.check_graphviz", lambda: True)
    plots.model_graph(model, "A net")
    data, metadata = shown[-1]
    assert data == {"image/png": "cG5n"}
    assert metadata["image/png"]["alt"] == "A net: Dense (None, 2)."


def test_cost_curves_are_log_log_with_a_panel_a_task(shown):
    ways = {"loop": ([1, 100], [5.0, 5.0]), "NumPy": ([1, 100], [5.0, 0.05])}
    plots.cost_curves({"add": ways, "dot": ways}, "Costs", "steps", "ns a step")
    assert [axis.get_title(loc="left") for axis in shown.axes] == ["add", "dot"]
    assert {axis.get_xscale() for axis in shown.axes} == {"log"}
    assert "add, NumPy: 5 at 1, 0.05 at 100." in shown.alt
