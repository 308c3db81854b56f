"""Grids of maps and pictures, and their figures."""

import base64
import io

from helpers import plots

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.usefixtures("course_style")
RNG = np.random.default_rng(0)


def test_pictures_stand_row_by_row_with_margins_between():
    pictures = np.arange(5 * 2 * 3 * 3, dtype="uint8").reshape(5, 2, 3, 3)
    whole = plots.tile(pictures, columns=3, margin=1)
    assert whole.shape == (2 * 2 + 1, 3 * 3 + 2, 3)
    for i, picture in enumerate(pictures):
        top, left = 3 * (i // 3), 4 * (i % 3)
        np.testing.assert_array_equal(whole[top : top + 2, left : left + 3], picture)
    assert (whole[2] == 255).all()
    assert (whole[:, 3] == 255).all()
    assert (whole[3:, 8:] == 255).all()


def test_a_short_row_is_not_filled_up_when_it_is_the_only_one():
    assert plots.tile(np.zeros((2, 4, 4, 3), "uint8"), columns=8).shape == (4, 13, 3)


def test_maps_are_scaled_each_by_itself_and_a_blank_one_is_zero():
    maps = np.stack([RNG.random((4, 4)), 100 * RNG.random((4, 4)), np.full((4, 4), 7.0)])
    whole = plots.tile(maps, columns=3, margin=0)
    one, two, blank = np.split(whole, 3, axis=1)
    for found in (one, two):
        assert found.min() == 0
        assert found.max() == 1
    assert (blank == 0).all()
    assert np.isnan(plots.tile(maps, margin=2)[:, 4]).all()


@pytest.mark.parametrize("shape", [(4, 4), (0, 4, 4), (1, 1, 2, 2, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"with n at least 1"):
        plots.tile(np.zeros(shape))


def test_a_figure_names_its_pictures_and_is_small(shown):
    noise = RNG.integers(0, 256, (300, 300, 3)).astype("uint8")
    pictures = {"noise": noise, "a map": RNG.random((5, 7)), "wide": noise[:40]}
    plots.show_pictures(pictures, "Three of them", columns=2)
    ((data, metadata),) = shown
    alt = metadata["image/png"]["alt"]
    assert alt == "Three of them. 3 pictures: noise; a map; wide."
    drawn = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert drawn.mode == "P"
    assert abs(drawn.width - 100 * plots.WIDTH) < 40
