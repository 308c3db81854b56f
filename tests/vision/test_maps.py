"""Activations against the layers one after the other; patterns against a loop over channels."""

from helpers.vision import maps
from tests.convnets import BUILDS, X, convolutions, head

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

# Activations


def test_activations_are_those_of_the_layers_one_after_the_other():
    base = convolutions()
    found = maps.activations(base)(X)
    assert list(found) == ["one", "pool", "two"]
    x = X
    for layer in base.layers:
        x = layer(x)
        np.testing.assert_array_equal(found[layer.name], x)


def test_layers_of_a_sequential_from_a_file_are_computed_once(tmp_path, monkeypatch):
    convolutions().save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras")
    part, first = maps.activations(model), model.layers[0]
    calls, call = [], first.call
    monkeypatch.setattr(first, "call", lambda *given: (calls.append(1), call(*given))[1])
    part(X)
    assert len(calls) == 1


def test_vectors_are_left_out_unless_asked_for_and_then_refused():
    model = BUILDS["sequential"](convolutions(), head())
    assert list(maps.activations(model)(X)) == ["one", "pool", "two"]
    assert list(maps.activations(model, ["two"])(X)) == ["two"]


# Patterns


def colourful(layer="two"):
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Rescaling(1 / 128, -1, name="scaled"),
            layers.Conv2D(4, 3, activation="elu", name="one"),
            layers.Conv2D(6, 3, activation="elu", name=layer),
        ]
    )


def one_by_one(model, layer, channels, size, steps, step):
    """The lecture's listing, a channel at a time."""
    part = keras.Model(model.inputs[0], model.get_layer(layer).output)
    noise = np.random.default_rng(0).random((1, size, size, 3), dtype="float32") * 20 + 128
    found = []
    for channel in channels:
        x = tf.constant(noise)
        for _ in range(steps):
            with tf.GradientTape() as tape:
                tape.watch(x)
                loss = tf.reduce_mean(part(x)[..., channel])
            gradient = tape.gradient(loss, x)
            x = x + step * gradient / (tf.sqrt(tf.reduce_mean(gradient**2)) + 1e-5)
        found.append(x[0])
    return np.stack(found)


def test_all_at_once_is_one_by_one():
    model = colourful()
    expected = one_by_one(model, "two", range(6), 16, 4, 2.0)
    found = maps.ascend(model, "two", size=16, steps=4, step=2.0)
    np.testing.assert_allclose(found, expected, atol=0.05)
    some = maps.ascend(model, "two", [5, 2], size=16, steps=4, step=2.0)
    np.testing.assert_allclose(some, expected[[5, 2]], atol=0.05)


def test_the_response_rises_for_every_channel():
    model = colourful()
    part = keras.Model(model.inputs[0], model.get_layer("two").output)
    start, end = (maps.ascend(model, "two", size=16, steps=steps) for steps in (0, 10))
    before, after = (np.diag(part(x).numpy().mean(axis=(1, 2))) for x in (start, end))
    assert (after > before).all()


def test_patterns_may_be_larger_than_the_model_takes_and_are_climbed_in_a_base():
    base = colourful()
    model = keras.Sequential([base, layers.GlobalAveragePooling2D()])
    assert maps.ascend(model, "two", size=20, steps=1).shape == (6, 20, 20, 3)


def test_pictures_are_prepared_before_the_model_sees_them():
    seen = []

    def prepare(x):
        seen.append(x.shape)
        return x * 0

    found = maps.ascend(colourful(), "one", [0], size=12, steps=3, prepare=prepare)
    assert seen == [(1, 12, 12, 3)]  # traced once
    start = maps.ascend(colourful(), "one", [0], size=12, steps=0)
    np.testing.assert_array_equal(found, start)  # no gradient, no step


@pytest.mark.parametrize("channels", [[6], [-1], []])
def test_channels_that_do_not_exist_are_refused(channels):
    with pytest.raises(ValueError, match=r"has the channels 0 to 5; .* was asked for"):
        maps.ascend(colourful(), "two", channels)


def test_tensors_become_pictures_of_one_brightness():
    x = np.random.default_rng(0).normal(500, 80, (4, 20, 20, 3))
    pictures = maps.to_pictures(x)
    assert pictures.dtype == np.uint8
    np.testing.assert_allclose(pictures.mean(axis=(1, 2, 3)), 127.5, atol=1)
    np.testing.assert_allclose(pictures.std(axis=(1, 2, 3)), 25.5, atol=0.5)
    brighter = maps.to_pictures(x * 3 - 7)
    assert np.abs(brighter - pictures.astype(int)).max() <= 1, "but for rounding the same"
    assert (maps.to_pictures(np.ones((1, 2, 2, 3))) == 127).all()
