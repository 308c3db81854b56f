"""Grad-CAM against closed forms and central differences; heat maps and overlays."""

from helpers.vision import cam, maps
from tests.convnets import BUILDS, X, convolutions, head

import cv2
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from keras import layers

RNG = np.random.default_rng(0)
WEIGHTS = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]], "float32")
BIAS = np.array([0.1, -0.2, 0.3], "float32")


def identity(name="same"):
    """A convolution of 1 x 1 that answers with its input."""
    return layers.Conv2D(2, 1, use_bias=False, kernel_initializer=one_hot_kernel, name=name)


def one_hot_kernel(shape, dtype=None):
    return np.eye(2, dtype="float32").reshape(shape)


def closed_form():
    """Identity, global average pooling, dense with known weights, softmax: the map is known."""
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            identity(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax", name="head"),
        ]
    )
    model.get_layer("head").set_weights([WEIGHTS, BIAS])
    return model


# Grad-CAM


@pytest.mark.parametrize("target", [0, 1, 2])
def test_map_of_a_known_model_is_the_known_one(target):
    found = cam.grad_cam(closed_form(), X, "same", target)
    np.testing.assert_allclose(found, X @ WEIGHTS[:, target] / 64, rtol=1e-5, atol=1e-7)


def test_without_a_class_each_picture_is_asked_for_its_own():
    model = closed_form()
    x = np.concatenate([X * [-1, 0], X * [0, 1]]).astype("float32")
    winners = cam.scores(model, x).argmax(axis=1)
    assert len(set(winners)) > 1
    expected = [cam.grad_cam(model, x[i : i + 1], "same", w)[0] for i, w in enumerate(winners)]
    np.testing.assert_allclose(cam.grad_cam(model, x, "same"), expected, rtol=1e-5)


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
@pytest.mark.parametrize("layer", ["one", "pool", "two"])
def test_map_agrees_with_central_differences(build, layer):
    keras.utils.set_random_seed(1)
    base, tops = convolutions(), head()
    model = build(base, tops)
    answers = maps.activations(base)(X)[layer].numpy()
    after = [*base.layers[base.layers.index(base.get_layer(layer)) + 1 :], *tops]

    def score(changed):
        for each in after[:-1]:
            changed = each(changed)
        return (changed @ after[-1].kernel + after[-1].bias).numpy()[:, 1]

    step, channels = 1e-2, answers.shape[-1]
    weights = np.zeros((len(X), channels))
    for k in range(channels):  # all places of a channel at once: that is their gradients' sum
        change = np.zeros_like(answers)
        change[..., k] = step
        weights[:, k] = (score(answers + change) - score(answers - change)) / (2 * step)
    weights /= answers.shape[1] * answers.shape[2]
    expected = np.einsum("nk,nijk->nij", weights, answers)
    found = cam.grad_cam(model, X, layer, 1)
    np.testing.assert_allclose(found, expected, rtol=2e-2, atol=2e-3 * np.abs(expected).max())


@pytest.mark.parametrize("activation", ["softmax", None])
def test_maps_before_pooling_and_a_linear_layer_share_out_the_score(activation):
    model = keras.Sequential(
        [
            convolutions(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation=activation, bias_initializer="normal"),
        ]
    )
    bias = model.layers[-1].bias.numpy()
    shared = cam.grad_cam(model, X, "two", 2).sum(axis=(1, 2))
    np.testing.assert_allclose(shared, cam.scores(model, X)[:, 2] - bias[2], rtol=1e-4)


def test_one_output_speaks_for_its_class_and_against_the_other():
    model = BUILDS["sequential"](convolutions(), head(1, "sigmoid"))
    for_one, for_zero = (cam.grad_cam(model, X, "two", target) for target in (1, 0))
    np.testing.assert_allclose(for_one, -for_zero)
    own = np.where(cam.scores(model, X) > 0, 1, 0)[:, 0]
    expected = np.where(own[:, np.newaxis, np.newaxis] == 1, for_one, for_zero)
    np.testing.assert_allclose(cam.grad_cam(model, X, "two"), expected)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_scores_are_what_the_last_activation_gets_and_the_model_is_left_as_it_was(activation):
    for tops in (head(3, activation), [*head(3, None), layers.Activation(activation)]):
        model = BUILDS["head in a model"](convolutions(), tops)
        before = model(X).numpy()
        squash = keras.activations.get(activation)
        np.testing.assert_allclose(squash(cam.scores(model, X)), before, rtol=1e-5)
        cam.grad_cam(model, X, "two")
        np.testing.assert_array_equal(model(X).numpy(), before)


def with_end(*end):
    """The known model, with another end in place of its softmax."""
    stack = [keras.Input((8, 8, 2)), identity(), layers.GlobalAveragePooling2D(), layers.Dense(3)]
    model = keras.Sequential([*stack, *end])
    model.layers[2].set_weights([WEIGHTS, BIAS])
    return model


ENDS = {
    "nothing": [],
    "Softmax": [layers.Softmax()],
    "Activation": [layers.Activation("softmax")],
    "sigmoid": [layers.Activation("sigmoid")],
    "in a model": [keras.Sequential([layers.Softmax()])],
    "log": [layers.Activation("log_softmax")],
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_scores_and_maps_do_not_depend_on_how_softmax_is_written(end):
    expected, model = closed_form(), with_end(*end)
    before = model(X).numpy()
    np.testing.assert_allclose(cam.scores(model, X), cam.scores(expected, X), rtol=1e-5)
    found, wanted = (cam.grad_cam(m, X, "same", 1) for m in (model, expected))
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(model(X).numpy(), before)


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (layers.Lambda(keras.ops.softmax, name="end"), "'end', a Lambda layer:"),
        (layers.Activation(keras.ops.softmax), "Activation layer with an activation that Keras"),
        (layers.Reshape((3,), name="end"), "'end', a Reshape layer:"),
    ],
)
def test_an_end_that_cannot_be_looked_behind_is_refused(end, message):
    for ask in (cam.scores, lambda model, x: cam.grad_cam(model, x, "same", 1)):
        with pytest.raises(ValueError, match=rf"{message}.*Let the model end in Dense"):
            ask(with_end(end), X)


def test_layers_have_nothing_of_their_own_afterwards():
    model = with_end(layers.Softmax())
    before = [set(vars(layer)) for layer in model.layers]
    cam.grad_cam(model, X, "same", 1)
    assert [set(vars(layer)) for layer in model.layers] == before
    assert not any("call" in vars(layer) for layer in model.layers)


def test_a_failing_call_leaves_the_model_as_it_was():
    model = closed_form()
    before = model(X).numpy()
    with pytest.raises(ValueError, match="class"):
        cam.grad_cam(model, X, "same", 7)
    np.testing.assert_array_equal(model(X).numpy(), before)


def test_a_loaded_model_has_the_same_maps(tmp_path):
    model = BUILDS["base in a sequential"](convolutions(), head())
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    one, two = (cam.grad_cam(m, X, "two", 0) for m in (model, loaded))
    np.testing.assert_allclose(one, two, rtol=1e-5)


def test_dropout_and_batch_normalisation_stand_still():
    tops = [layers.Dropout(0.5), layers.BatchNormalization(), *head()]
    model = BUILDS["base in a functional"](convolutions(), tops)
    one, two = (cam.grad_cam(model, X, "two", 0) for _ in range(2))
    np.testing.assert_array_equal(one, two)


# What is refused


@pytest.mark.parametrize("wrong", ["twoo", "dense", "base"])
def test_a_wrong_layer_is_answered_by_the_right_ones(wrong):
    model = BUILDS["sequential"](convolutions(), head())
    with pytest.raises(ValueError, match=rf"no layer '{wrong}' .* one of one, pool, two\.$"):
        cam.grad_cam(model, X, wrong)
    with pytest.raises(ValueError, match=r"one of one, pool, two\.$"):
        maps.ascend(model, wrong)
    with pytest.raises(ValueError, match=r"one of one, pool, two\.$"):
        maps.activations(model, [wrong])


def test_layers_of_a_base_are_among_the_right_ones():
    model = BUILDS["base in a base"](convolutions(), head())
    with pytest.raises(ValueError, match=r"one of outer, base, one, pool, two\.$"):
        cam.grad_cam(model, X, "three")


def test_a_model_that_is_not_built_is_named():
    model = keras.Sequential([layers.Conv2D(2, 3, name="one"), layers.Flatten()])
    for ask in (
        lambda: cam.grad_cam(model, X, "one"),
        lambda: maps.ascend(model, "one"),
    ):
        with pytest.raises(ValueError, match=r"not built yet: begin it with keras\.Input"):
            ask()


@pytest.mark.parametrize("x", [X[0], X[..., :1], X[:, :4], X[0, 0, 0]])
def test_pictures_of_another_shape_are_refused(x):
    with pytest.raises(ValueError, match=r"inputs of shape \(None, 8, 8, 2\).*x\[None\]\.$"):
        cam.grad_cam(closed_form(), x, "same")


@pytest.mark.parametrize(("outputs", "target"), [(3, 3), (3, -1), (1, 2)])
def test_a_class_that_does_not_exist_is_refused(outputs, target):
    model = BUILDS["sequential"](convolutions(), head(outputs, "sigmoid"))
    with pytest.raises(ValueError, match=rf"is {target}; .* 0 to {max(outputs, 2) - 1}\.$"):
        cam.grad_cam(model, X, "two", target)


# Heat maps


@given(npst.arrays("float32", (2, 3, 4), elements=st.floats(-10, 10, width=32)))
def test_heat_maps_lie_in_0_to_1_and_keep_the_order_of_what_is_positive(maps):
    heat = cam.heat_map(maps)
    assert heat.shape == maps.shape
    assert (heat >= 0).all()
    assert (heat[maps <= 0] == 0).all()
    for one, before in zip(heat, maps, strict=True):
        assert one.max() == (1 if before.max() > 0 else 0)


def test_an_overlay_is_the_picture_plus_the_stretched_colours():
    picture = RNG.integers(0, 256, (6, 9, 3)).astype("uint8")
    heat = np.array([[0, 1], [0.5, 0]], "float32")
    colours = cv2.applyColorMap(np.uint8(255 * cv2.resize(heat, (9, 6))), cv2.COLORMAP_JET)
    expected = np.uint8(np.clip(picture + 0.4 * colours[..., ::-1], 0, 255))
    found = cam.overlay(picture, heat)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.uint8


def test_hot_is_red_and_cold_is_blue():
    black = np.zeros((2, 2, 3))
    hot, cold = (cam.overlay(black, np.full((1, 1), heat), 1)[0, 0] for heat in (1.0, 0.0))
    assert hot.argmax() == 0
    assert cold.argmax() == 2


@pytest.mark.parametrize(("picture", "heat"), [((4, 4), (2, 2)), ((4, 4, 3), (1, 2, 2))])
def test_an_overlay_wants_one_picture_and_one_map(picture, heat):
    with pytest.raises(ValueError, match=r"give one picture .* one map \(height, width\)"):
        cam.overlay(np.zeros(picture), np.zeros(heat))
