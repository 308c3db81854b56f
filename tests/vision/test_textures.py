"""The drawn textures of chapter 26."""

from helpers.vision.textures import texture

import cv2
import numpy as np
import pytest

NAMES = ("strokes", "mosaic")


@pytest.mark.parametrize("name", NAMES)
def test_a_texture_is_a_picture_and_the_same_every_time(name):
    drawn = texture(name, 64, 96)
    assert drawn.shape == (64, 96, 3)
    assert drawn.dtype == np.uint8
    np.testing.assert_array_equal(drawn, texture(name, 64, 96))
    assert (drawn != texture(name, 64, 96, seed=1)).any()


def test_strokes_are_blue_and_tiles_are_warm():
    red, _, blue = texture("strokes", 96, 128).mean(axis=(0, 1))
    assert blue > red + 30
    red, _, blue = texture("mosaic", 96, 128).mean(axis=(0, 1))
    assert red > blue + 30


@pytest.mark.parametrize("name", NAMES)
def test_there_is_texture_everywhere(name):
    drawn = texture(name, 128, 192).astype("float32")
    rough = np.abs(drawn - cv2.GaussianBlur(drawn, (0, 0), 4)).mean(axis=-1)
    places = rough.reshape(4, 32, 6, 32).mean(axis=(1, 3))
    assert places.min() > 5  # grey values, in each square of 32 x 32


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"no texture 'oil'; choose 'strokes' or 'mosaic'"):
        texture("oil", 64, 64)
    with pytest.raises(ValueError, match="height"):
        texture("mosaic", 16, 64)
