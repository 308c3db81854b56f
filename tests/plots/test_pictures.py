"""Grids of maps and pictures, and their figures."""

import base64
import io

from helpers import plots
from helpers.plots import pictures as drawn

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.usefixtures("course_style")
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(5, 4, 4), (1, 4, 4), (5, 4, 4, 3), (20, 4, 4)])
def test_image_grid_draws_every_image_in_order_under_its_caption(shown, shape):
    images = np.arange(np.prod(shape)).reshape(shape) % 256
    plots.image_grid(images, "Digits", [f"no. {i}" for i in range(shape[0])], columns=3)
    used = [axis for axis in shown.axes if axis.images]
    assert [axis.get_title("center") for axis in used] == [f"no. {i}" for i in range(shape[0])]
    for axis, image in zip(used, images, strict=True):
        np.testing.assert_array_equal(axis.images[0].get_array(), image)
    assert shown.alt.startswith(f"Digits. {shape[0]} pictures: no. 0")
    assert f"no. {shape[0] - 1}" in shown.alt


def test_zero_is_white_in_a_grey_picture(shown):
    plots.image_grid([[[0, 9], [0, 9]]], "t")
    (image,) = shown.axes[0].images
    assert image.cmap(image.norm(0))[:3] == (1, 1, 1)


@pytest.mark.parametrize("shape", [(4, 4), (0, 4, 4), (2, 2, 2, 2, 2)])
def test_image_grid_rejects_other_shapes(shape):
    with pytest.raises(ValueError, match=r"give \(n, height, width\)"):
        plots.image_grid(np.zeros(shape), "t")


def test_image_grid_rejects_a_wrong_number_of_captions():
    with pytest.raises(ValueError, match="1 captions were given for 2 images"):
        plots.image_grid(np.zeros((2, 4, 4)), "t", ["a"])


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
    ((data, _),) = shown
    assert "3 pictures: noise; a map; wide" in shown.alt
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.mode == "P"
    assert abs(picture.width - 100 * drawn._WIDTH) < 40
    assert 64 < len(picture.getcolors()) <= 80


def test_more_pictures_than_a_row_holds_are_all_shown(shown):
    plots.show_pictures({str(i): np.zeros((2, 3)) for i in range(11)}, "t", columns=4)
    used = [axis for axis in shown.axes if axis.images]
    assert [axis.get_title("center") for axis in used] == [str(i) for i in range(11)]
    assert "10" in shown.alt


def test_a_wide_picture_alone_in_its_row_fills_the_width(shown):
    plots.show_pictures(
        {"two rows": np.zeros((20, 80)), "more": np.zeros((20, 80))}, "t", columns=1
    )
    plots.show_pictures(
        {"a square": np.zeros((80, 80)), "more": np.zeros((80, 80))}, "t", columns=1
    )
    wide, square = (
        Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width for data, _ in shown
    )
    assert wide > 1.8 * square


def test_photographs_keep_their_colours(shown):
    y, x = np.mgrid[0:200, 0:200]
    smooth = np.stack([y, x, 200 - (x + y) // 2], axis=-1).astype("uint8")
    plots.show_pictures({"a sky": smooth}, "One", photographs=True)
    ((data, metadata),) = shown
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/jpeg"])))
    assert picture.format == "JPEG"
    assert len(picture.getcolors(1 << 24)) > 1_000
    assert "a sky" in metadata["image/jpeg"]["alt"]
