"""Random variants: the old generator's geometry, sampled once, and nothing outside training."""

from helpers.vision import variants
from helpers.vision.inputs import photograph

import keras
import numpy as np
import pytest
from scipy.ndimage import affine_transform

PICTURE = photograph("china", 90).astype("float32")[:, :80]
CASES = {
    "turn": {"angle": 0.6},
    "down": {"down": 0.15},
    "right": {"right": -0.2},
    "shear": {"shear": 0.2},
    "rows": {"rows": 0.83},
    "columns": {"columns": 1.17},
    "all": {"angle": -0.5, "down": 0.1, "right": 0.1, "shear": -0.15, "rows": 0.9, "columns": 1.1},
}
NONE = {"angle": 0, "down": 0, "right": 0, "shear": 0, "rows": 1, "columns": 1, "side": 1}


def moved(**changes):
    values = {k: np.array([v], "float32") for k, v in (NONE | changes).items()}
    where = variants.affine(PICTURE.shape[:2], **values)
    return np.asarray(
        keras.ops.image.affine_transform(
            PICTURE[None], where, interpolation="nearest", fill_mode="nearest"
        )
    )[0]


def by_generator(angle=0, down=0, right=0, shear=0, rows=1, columns=1):
    """As ``random_transform`` of Keras 2.0.8, but about the middle; its centre was a pixel off."""
    height, width = PICTURE.shape[:2]
    turn = [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    shift = [[1, 0, down * height], [0, 1, right * width], [0, 0, 1]]
    sheared = [[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]]
    to, back = np.eye(3), np.eye(3)
    to[:2, 2] = (height - 1) / 2, (width - 1) / 2
    back[:2, 2] = -to[:2, 2]
    matrix = to @ turn @ shift @ sheared @ np.diag([rows, columns, 1]) @ back
    channels = [
        affine_transform(channel, matrix[:2, :2], matrix[:2, 2], order=0, mode="nearest")
        for channel in np.moveaxis(PICTURE, 2, 0)
    ]
    return np.stack(channels, axis=2)


@pytest.mark.parametrize("case", CASES)
def test_a_transform_is_the_old_generators(case):
    ours, theirs = moved(**CASES[case]), by_generator(**CASES[case])
    same = (np.abs(ours - theirs) < 0.5).all(axis=-1).mean()
    assert same > 0.98  # ties between two pixels are rounded either way
    assert (np.abs(PICTURE - theirs) < 0.5).all(axis=-1).mean() < 0.5


def test_a_flip_comes_last():
    np.testing.assert_array_equal(moved(side=-1), PICTURE[:, ::-1])
    turned = (np.abs(moved(angle=0.5, side=-1) - moved(angle=0.5)[:, ::-1]) < 0.5).all(axis=-1)
    assert turned.mean() > 0.98


def test_no_grey_value_is_new_and_neighbours_differ_as_before():
    layer = variants.RandomAffine(rotation=40, shift=0.2, shear=0.2, zoom=0.2, flip=True, seed=1)
    several = np.asarray(layer(np.repeat(PICTURE[None], 20, axis=0)))
    known = {tuple(pixel) for pixel in PICTURE.reshape(-1, 3)}
    assert {tuple(pixel) for pixel in several.reshape(-1, 3)} <= known
    rough = [np.abs(np.diff(x, axis=-2)).mean() for x in (several, PICTURE)]
    assert rough[0] > 0.75 * rough[1]  # zoomed in and filled up at the border, it is a little less


def test_every_limit_is_kept_and_both_sides_occur(monkeypatch):
    seen = {}
    names = ("angle", "down", "right", "shear", "rows", "columns", "side")
    made = variants.affine

    def spy(size, *values):
        seen.update(zip(names, map(np.asarray, values), strict=True))
        return made(size, *values)

    monkeypatch.setattr(variants, "affine", spy)
    layer = variants.RandomAffine(rotation=90, shift=0.2, shear=0.3, zoom=0.4, flip=True, seed=0)
    layer(np.zeros((500, 4, 4, 1), "float32"))
    for name, low, high in (
        ("angle", -np.pi / 2, np.pi / 2),
        ("down", -0.2, 0.2),
        ("right", -0.2, 0.2),
        ("shear", -0.3, 0.3),
        ("rows", 0.6, 1.4),
        ("columns", 0.6, 1.4),
    ):
        assert low <= seen[name].min() < low + 0.05 * (high - low), name
        assert high >= seen[name].max() > high - 0.05 * (high - low), name
    assert abs(np.corrcoef(seen["rows"], seen["columns"])[0, 1]) < 0.2
    assert set(seen["side"]) == {-1, 1}
    assert 0.4 < (seen["side"] > 0).mean() < 0.6


def test_outside_of_training_nothing_changes_and_each_call_differs():
    layer = variants.RandomAffine(rotation=40, flip=True)
    pictures = PICTURE[None]
    np.testing.assert_array_equal(layer(pictures, training=False), pictures)
    assert not np.array_equal(layer(pictures), layer(pictures))


def test_it_comes_back_from_its_configuration():
    layer = variants.RandomAffine(rotation=40, shear=0.2, flip=True, seed=3)
    again = variants.RandomAffine.from_config(layer.get_config())
    np.testing.assert_array_equal(layer(PICTURE[None]), again(PICTURE[None]))


@pytest.mark.parametrize(
    ("limits", "message"),
    [({"shift": -0.1}, "shift is -0.1; it is a limit"), ({"zoom": 1}, "zoom is 1; below 1")],
)
def test_impossible_limits_are_refused(limits, message):
    with pytest.raises(ValueError, match=message):
        variants.RandomAffine(**limits)
