"""The pipeline of pictures: decoded once, in batches, changed anew in each pass."""

from helpers.vision import pipeline, variants

import keras
import numpy as np
import pytest
import tensorflow as tf

PICTURES = np.arange(10 * 2 * 3 * 3, dtype="float32").reshape(10, 2, 3, 3)
PICTURES[::2] += 0.4
PICTURES[1::2] -= 0.4  # a cut, in place of rounding, would be a whole grey value off
LABELS = np.arange(10, dtype="float32")


def data():
    return tf.data.Dataset.from_tensor_slices((PICTURES, LABELS))


def labels(batches):
    return np.concatenate([y for _, y in batches])


def test_batches_are_rounded_pictures_in_order():
    batches = list(pipeline.batches(data(), 4).as_numpy_iterator())
    assert [x.shape for x, _ in batches] == [(4, 2, 3, 3), (4, 2, 3, 3), (2, 2, 3, 3)]
    assert batches[0][0].dtype == np.float32
    np.testing.assert_array_equal(
        np.concatenate([x for x, _ in batches]), np.arange(180).reshape(10, 2, 3, 3)
    )
    np.testing.assert_array_equal(labels(batches), LABELS)


def test_each_picture_is_decoded_in_the_first_pass_only():
    decoded = []

    def decode(x, y):
        tf.py_function(lambda: decoded.append(1), [], [])
        return x, y

    batches = pipeline.batches(data().map(decode), 4)
    for _ in range(3):
        labels(batches)
    assert len(decoded) == 10


def test_shuffled_passes_differ_and_hold_the_same():
    tf.random.set_seed(0)
    batches = pipeline.batches(data(), 4, shuffle=True)
    first, second = labels(batches), labels(batches)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(np.sort(first), LABELS)


def test_each_pass_is_changed_anew_whatever_the_seed():
    keras.utils.set_random_seed(0)
    turn = keras.layers.RandomRotation(0.5)
    batches = pipeline.batches(data(), 10, augment=lambda x: turn(x, training=True))
    (one, _), (two, _) = next(iter(batches)), next(iter(batches))
    assert not np.array_equal(one, two)


def test_a_seed_fixes_which_change_falls_on_which_picture():
    passes = []
    for _ in range(2):
        change = variants.RandomAffine(rotation=90, shift=0.3, seed=3)
        batches = pipeline.batches(data(), 1, augment=change)
        passes.append(np.concatenate([x for x, _ in batches]))
    np.testing.assert_array_equal(*passes)


@pytest.mark.parametrize("size", [0, 2.5])
def test_batches_have_a_whole_number_of_pictures(size):
    with pytest.raises(ValueError, match=rf"batch_size is {size}; give a whole number"):
        pipeline.batches(data(), size)


def test_batches_and_nothing_are_refused():
    with pytest.raises(ValueError, match=r"come in batches already; give single ones"):
        pipeline.batches(data().batch(2), 4)
    with pytest.raises(ValueError, match="holds no picture"):
        pipeline.batches(data().take(0), 4)
