"""The figures about validation: what they show, and what their alternative text says."""

from helpers import folds, plots

import numpy as np
from matplotlib.colors import same_color


def drawn(shown):
    """The figure's axes and its alternative text."""
    return shown.axes[0], shown.alt


def test_division_colours_each_sample_by_its_role(shown):
    splits = [folds.Split(np.array([2, 3, 4]), np.array([0, 1])), folds.Split([0, 1], [4])]
    plots.folds.division(splits, 6, "Who validates")
    axis, alt = drawn(shown)
    roles = axis.collections[0].get_array().reshape(2, 6)
    assert roles.tolist() == [[2, 2, 1, 1, 1, 0], [1, 1, 0, 0, 2, 0]]
    assert "2 rows of 6 samples" in alt
    assert "3 and 2; 2 and 1" in alt


def test_the_legend_names_the_colours_and_stands_beside_the_rows(shown):
    plots.folds.division([folds.Split([0, 1], [2])] * 9, 3, "t")
    figure, axis = shown.figures[-1], shown.axes[0]
    figure.canvas.draw()
    trains, validates = axis.get_legend().legend_handles
    colours = axis.collections[0].get_facecolors()
    assert same_color(trains.get_facecolor(), colours[0])
    assert same_color(validates.get_facecolor(), colours[2])
    assert axis.get_legend().get_window_extent().x0 >= axis.get_window_extent().x1
    assert axis.collections[0].get_array().size == 9 * 3
