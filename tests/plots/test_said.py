"""Whatever a figure says goes through the catalogue of phrases, so that it can be translated."""

import gettext

from helpers import folds, plots, record, surfaces

import numpy as np
import pandas as pd
import pytest

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]
OR = [0, 1, 1, 1]
SERIES = pd.Series(np.arange(4.0), pd.RangeIndex(4))
GATES = {"forget": np.ones((2, 3))}

FIGURES = {
    "dots": lambda: plots.dots([1, 2], [2, 1], "Title", "«x", "«y", diagonal=True),
    "vectors": lambda: plots.vectors({"a": (1, 2)}, "Title"),
    "point_clouds": lambda: plots.point_clouds({"a": np.eye(2)}, "Title"),
    "decision_lines": lambda: plots.decision_lines({"a": ([(1, 1, 1)], CORNERS, OR)}, "Title"),
    "decision_regions": lambda: plots.decision_regions(
        {"a": (lambda x: x[:, 0], CORNERS, OR)}, "Title"
    ),
    "functions": lambda: plots.neurons.functions_with_derivatives(
        {"sine": (np.sin, np.cos)}, "Title"
    ),
    "weight_graphs": lambda: plots.neurons.weight_graphs({"a": np.eye(2, k=1)}, "Title"),
    "timeline": lambda: plots.neurons.timeline([(1943, "a"), (1986, "b")], "Title"),
    "cells": lambda: plots.tensors.cells({"a": np.arange(3)}, "Title"),
    "matrix_product": lambda: plots.tensors.matrix_product(np.eye(2), np.eye(2), 0, 0, "Title"),
    "relief": lambda: plots.descent.relief([surfaces.valley()], "Title"),
    "paths": lambda: plots.descent.paths(
        {"a": (surfaces.valley(), {"SGD": [[1, 1], [0, 0]]})}, "Title"
    ),
    "slopes": lambda: plots.descent.slopes(np.square, {"a": [2.0, 1.0]}, "Title", (-3, 3)),
    "forecasts": lambda: plots.series.forecasts(SERIES, {"«a": SERIES}, "Title", "«y", 2),
    "parts": lambda: plots.series.parts(SERIES, {"a": slice(0, 4)}, "Title", "«y"),
    "unrolled": lambda: plots.recurrent.unrolled(["not", "bad"], "Title"),
    "gates": lambda: plots.recurrent.gates(
        ["not", "bad"], [0.5, 0.1], {f"«{name}": gate for name, gate in GATES.items()},
        np.ones((2, 3)), "Title",
    ),
    "receptive_field": lambda: plots.reach.receptive_field([(3, 1, 1)], "Title", steps=5),
    "division": lambda: plots.folds.division([folds.Split([0], [1])], 2, "Title"),
}  # fmt: skip


class Marked(gettext.NullTranslations):
    def gettext(self, message):
        return f"«{message}"


@pytest.mark.parametrize("name", FIGURES)
def test_all_that_a_figure_says_can_be_translated(name, shown, monkeypatch):
    monkeypatch.setattr(record, "_translations", lambda language: Marked())
    FIGURES[name]()
    figure = shown.figures[-1]
    legends = [*figure.legends, *(axis.get_legend() for axis in figure.axes)]
    said = [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    said += [label for axis in figure.axes for label in (axis.get_xlabel(), axis.get_ylabel())]
    said = [text for text in said if text and not text.startswith(("$", "F(S)"))]
    assert shown.alt.startswith("«Title")
    assert [text for text in said if not text.startswith("«")] == []
