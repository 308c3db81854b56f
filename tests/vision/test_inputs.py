"""A picture into a network's form and back, in other sizes, and the two photographs."""

from helpers.vision.inputs import octave_sizes, photograph, resize, to_input, to_picture

import keras
import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

PREPARATIONS = [
    keras.applications.inception_v3.preprocess_input,  # -1 to 1
    keras.applications.vgg16.preprocess_input,  # BGR minus ImageNet's mean
    keras.applications.densenet.preprocess_input,  # 0 to 1, then standardised
]


def noise(height=5, width=7):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype="uint8")


@pytest.mark.parametrize("prepare", PREPARATIONS)
def test_the_way_into_a_network_and_back_changes_no_picture(prepare):
    picture = noise()
    before = picture.copy()
    x = to_input(picture, prepare)
    assert x.shape == (1, 5, 7, 3)
    assert x.dtype == "float32"
    assert np.array_equal(to_picture(x, prepare), before)
    assert np.array_equal(to_picture(x[0], prepare), before)
    assert np.array_equal(picture, before)


def test_the_input_is_what_keras_makes_of_the_picture():
    prepare = keras.applications.vgg16.preprocess_input
    expected = prepare(noise()[None].astype("float32"))
    np.testing.assert_allclose(to_input(noise(), prepare), expected, atol=1e-4)


def test_what_has_left_the_range_is_cut_off_not_wrapped():
    x = np.array([[[1.5, -1.5, 0.0]]])
    assert to_picture(x, PREPARATIONS[0]).tolist() == [[[255, 0, 128]]]


def test_octaves_are_those_of_the_book():
    assert octave_sizes((350, 350)) == [(178, 178), (250, 250), (350, 350)]


@given(st.tuples(st.integers(1, 500), st.integers(1, 500)), st.integers(1, 6), st.floats(1.01, 3.0))
def test_octaves_grow_up_to_the_picture_and_have_pixels(size, count, scale):
    sizes = octave_sizes(size, count, scale)
    assert len(sizes) == count
    assert sizes[-1] == size
    assert sizes == sorted(sizes)
    assert min(map(min, sizes)) >= 1


def test_a_picture_in_its_own_size_is_unchanged():
    assert np.array_equal(resize(noise(), (5, 7)), noise())


def test_resizing_mixes_linearly_and_does_not_round():
    ramp = np.arange(4.0).reshape(1, 4, 1)
    np.testing.assert_allclose(resize(ramp, (1, 8))[0, 3:5, 0], [1.25, 1.75])


def test_a_smooth_picture_is_enlarged_as_the_books_zoom_does_it():
    y, x = np.mgrid[0:40, 0:60]
    smooth = np.stack([np.sin(x / 20), np.cos(y / 15), np.sin((x + y) / 25)], -1)
    zoomed = scipy.ndimage.zoom(smooth, (1.5, 1.5, 1), order=1, grid_mode=True, mode="nearest")
    np.testing.assert_allclose(resize(smooth, (60, 90)), zoomed, atol=1e-3)


def test_a_batch_is_resized_picture_by_picture():
    pictures = np.stack([noise(), noise()[::-1]])
    together = resize(pictures, (9, 4))
    assert np.array_equal(together[1], resize(pictures[1], (9, 4)))


@pytest.mark.parametrize(
    ("name", "sides"),
    {"china": (427, 640), "flower": (427, 640), "raccoon": (384, 384), "cat": (300, 300)}.items(),
)
def test_photographs_come_in_their_own_size_and_in_another(name, sides):
    assert photograph(name).shape == (*sides, 3)
    small = photograph(name, 120)
    assert small.shape == (120, sides[1] * 120 // sides[0], 3)
    assert small.dtype == "uint8"
    assert abs(small.mean() - photograph(name).mean()) < 1
    small[:] = 0  # a copy of one's own
    assert photograph(name, 120).any()


def test_messages_say_what_to_give():
    with pytest.raises(ValueError, match="choose one of china, flower"):
        photograph("panda")
    with pytest.raises(ValueError, match="scale is 1"):
        octave_sizes((10, 10), 3, 1)
    with pytest.raises(ValueError, match="count"):
        octave_sizes((10, 10), 0)
    with pytest.raises(ValueError, match=r"shape \(4, 4\); give"):
        resize(np.zeros((4, 4)), (2, 2))
    with pytest.raises(ValueError, match="one picture"):
        to_input(np.zeros((2, 4, 4, 3)), PREPARATIONS[0])
    with pytest.raises(ValueError, match="one picture"):
        to_picture(np.zeros((2, 4, 4, 3)), PREPARATIONS[0])
    with pytest.raises(ValueError, match="step too large"):
        to_picture(np.full((4, 4, 3), np.nan), PREPARATIONS[0])
