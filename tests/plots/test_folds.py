"""The figures about validation: what they show, and what their alternative text says."""

from helpers import folds, plots

import numpy as np


def drawn(shown):
    """The figure's axes and its alternative text."""
    return shown.axes[0], shown.alt


def test_division_colours_each_sample_by_its_role(shown):
    splits = [folds.Split(np.array([2, 3, 4]), np.array([0, 1])), folds.Split([0, 1], [4])]
    plots.folds.division(splits, 6, "Who validates")
    axis, alt = drawn(shown)
    roles = axis.collections[0].get_array().reshape(2, 6)
    assert roles.tolist() == [[2, 2, 1, 1, 1, 0], [1, 1, 0, 0, 2, 0]]
    assert alt == (
        "Who validates. 2 rows of 6 samples; training and validation samples of the first: "
        "3 and 2; 2 and 1."
    )
