"""Looking into convnets: what layers answer, what filters like, which places of a picture count.

A *layer* is named as in ``model.summary()``; it may lie in a model inside the model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike


def activations(model: keras.Model, names: Sequence[str] | None = None) -> keras.Model:
    """A model that answers, for pictures, with the maps of its layers.

    Parameters
    ----------
    model
        A built Sequential or functional model. Of a model inside a model, give the inner one.
    names
        The layers; None: all that answer with maps, in their order.

    Returns
    -------
    keras.Model
        Its output is a dict: name of the layer, maps ``(n, height, width, channels)``.

    Raises
    ------
    ValueError
        If the model has no such layer, or a layer answers with something else than maps.

    Notes
    -----
    Source: listings L15.3 (B5.27, B5.28).
    """
    own = {layer.name: layer for layer in model.layers if _has_maps(layer)}
    for name in names or ():
        if name not in own:
            raise ValueError(_no_maps(model, name, own))
    if isinstance(model, keras.Sequential):
        outputs = _outputs_in_turn(model)
    else:
        outputs = {name: layer.output for name, layer in own.items()}
    return keras.Model(model.inputs[0], {name: outputs[name] for name in names or own})


def _outputs_in_turn(model: keras.Sequential) -> dict[str, keras.KerasTensor]:
    """The outputs of all layers as one chain.

    Where Keras 3 has read a Sequential from a file, every layer's own `output` hangs on a chain of
    its own back to the input, and a model of several of them computes the first layers many times.
    """
    outputs, x = {}, model.inputs[0]
    for layer in model.layers:
        outputs[layer.name] = x = layer(x)
    return outputs


def scores(model: keras.Model, x: ArrayLike) -> np.ndarray:
    """What the last layer says before softmax or sigmoid makes probabilities of it.

    Parameters
    ----------
    model
        A classifier.
    x
        Inputs as the model takes them, ``(n, height, width, channels)``.

    Returns
    -------
    np.ndarray
        Shape ``(n, outputs)``.
    """
    with _linear_end(model):
        return np.asarray(model(_checked(model, x), training=False))


def grad_cam(model: keras.Model, x: ArrayLike, layer: str, target: int | None = None) -> np.ndarray:
    """Which places of the pictures speak for a class: Grad-CAM on the scores before softmax.

    The channels' maps, weighted by their mean gradients, are added up:

    ``map[i, j] = sum_k alpha[k] * A[i, j, k]``, ``alpha[k] = mean_ij d score / d A[i, j, k]``.

    Where global average pooling and one linear layer follow, the sum of a map over its places is
    the score minus the bias.

    Parameters
    ----------
    model
        A classifier: Sequential, functional, or one that holds another model.
    x
        Inputs as the model takes them, ``(n, height, width, channels)``.
    layer
        The name of the layer whose maps are weighted.
    target
        The class. None: for each picture the one with the highest score. With a single output
        (sigmoid), 1 asks for what raises it and 0 for what lowers it.

    Returns
    -------
    np.ndarray
        Shape ``(n, map height, map width)``, positive where a place speaks for the class and
        negative where it speaks against it; not clipped.

    Raises
    ------
    ValueError
        If there is no such layer, or it has no maps, or the pictures or the class do not fit.

    Notes
    -----
    Source: listing L15.12 (B5.42), which averages over the channels instead: the same but for a
    factor. Selvaraju et al., Grad-CAM, ICCV 2017, equations 1 and 2, before the clipping.
    """
    _, watched = _find(model, layer)
    x = _checked(model, x)
    with (
        _linear_end(model),
        tf.GradientTape(watch_accessed_variables=False) as tape,
        _watching(watched, tape) as seen,
    ):
        raw = model(x, training=False)
        score = _score_of(raw, target)
    maps = seen[-1]
    gradients = tape.gradient(score, maps, unconnected_gradients="zero")
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    return tf.reduce_sum(weights * maps, axis=-1).numpy()


def heat_map(maps: ArrayLike) -> np.ndarray:
    """Clip at 0 and divide each map by its largest value; a map without positive places stays 0.

    Parameters
    ----------
    maps
        Shape ``(..., height, width)``, as from :func:`grad_cam`.

    Returns
    -------
    np.ndarray
        The same shape, values in 0..1.

    Notes
    -----
    Source: listing L15.13 (B5.43).
    """
    positive = np.maximum(maps, 0)
    top = positive.max(axis=(-2, -1), keepdims=True)
    return positive / np.where(top > 0, top, 1)


def overlay(picture: ArrayLike, heat: ArrayLike, intensity: float = 0.4) -> np.ndarray:
    """Lay a heat map over a picture, in OpenCV's colours from blue (0) to red (1).

    Parameters
    ----------
    picture
        RGB, ``(height, width, 3)``, values 0..255.
    heat
        Values in 0..1 of any height and width; it is resized to the picture.
    intensity
        The share of the heat map's colours that is added.

    Returns
    -------
    np.ndarray
        RGB, ``(height, width, 3)``, uint8.

    Raises
    ------
    ValueError
        If the shapes are others.

    Notes
    -----
    Source: listing L15.14 (B5.44).
    """
    picture, heat = np.asarray(picture, "float32"), np.asarray(heat, "float32")
    if picture.ndim != 3 or picture.shape[-1] != 3 or heat.ndim != 2:
        raise ValueError(
            f"The picture has shape {picture.shape} and the heat map {heat.shape}; give one "
            "picture (height, width, 3) and one map (height, width)."
        )
    size = (picture.shape[1], picture.shape[0])  # OpenCV wants the width first
    colours = cv2.applyColorMap(np.uint8(255 * cv2.resize(heat, size)), cv2.COLORMAP_JET)
    mixed = picture + intensity * cv2.cvtColor(colours, cv2.COLOR_BGR2RGB)
    return np.uint8(np.clip(mixed, 0, 255))


def ascend(
    model: keras.Model,
    layer: str,
    channels: Sequence[int] | None = None,
    *,
    size: int = 64,
    steps: int = 40,
    step: float = 1.0,
    prepare: Callable[[tf.Tensor], tf.Tensor] = lambda x: x,
    seed: int = 0,
) -> np.ndarray:
    """Pictures that channels of a layer like: gradient ascent from grey noise, all in one batch.

    Each picture climbs its own channel's mean response: picture i never sees channel j.

    Parameters
    ----------
    model
        A built model. A layer of a model inside it is climbed from the inner model's input.
    layer
        The name of the layer.
    channels
        Their numbers from 0; None: all of the layer.
    size
        The side of the pictures in pixels.
    steps
        How many.
    step
        Root mean square of the change of a picture in one step, in grey values.
    prepare
        Turns pictures of 0..255 into the model's input, ``preprocess_input`` for example.
    seed
        Of the noise, which is the same for all channels.

    Returns
    -------
    np.ndarray
        Shape ``(channels, size, size, 3)``, float32, around 0..255 but not clipped;
        :func:`to_pictures` makes them fit to show.

    Raises
    ------
    ValueError
        If there is no such layer or channel, or the layer has no maps.

    Notes
    -----
    Source: listings L15.6, L15.7, L15.9 (B5.32 to B5.38), which climb one channel at a time.
    """
    owner, found = _find(model, layer)
    part = keras.Model(owner.inputs[0], found.output)
    count = found.output.shape[-1]
    chosen = np.arange(count) if channels is None else np.asarray(channels)
    if not len(chosen) or chosen.min() < 0 or chosen.max() >= count:
        raise ValueError(
            f"The layer {layer!r} has the channels 0 to {count - 1}; "
            f"{np.asarray(channels).tolist()} was asked for."
        )
    noise = np.random.default_rng(seed).random((1, size, size, 3), dtype="float32") * 20 + 128
    pictures = tf.constant(np.repeat(noise, len(chosen), axis=0))
    rows = tf.constant(chosen, "int32")

    @tf.function
    def climb(pictures: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(pictures)
            # `call` does not insist on the side that the model was built for.
            maps = part.call(prepare(pictures), training=False)
            means = tf.reduce_mean(maps, axis=(1, 2))
            total = tf.reduce_sum(tf.gather(means, rows, axis=1, batch_dims=1))
        gradient = tape.gradient(total, pictures)
        root = tf.sqrt(tf.reduce_mean(gradient**2, axis=(1, 2, 3), keepdims=True))
        return pictures + step * gradient / (root + 1e-5)

    for _ in range(steps):
        pictures = climb(pictures)
    return pictures.numpy()


def to_pictures(x: ArrayLike) -> np.ndarray:
    """Make tensors fit to show: each to mean 0.5 and standard deviation 0.1, clipped, times 255.

    Parameters
    ----------
    x
        Shape ``(n, height, width, 3)``, any values.

    Returns
    -------
    np.ndarray
        The same shape, uint8.

    Notes
    -----
    Source: listing L15.8 (B5.37).
    """
    x = np.asarray(x, "float32")
    centred = x - x.mean(axis=(1, 2, 3), keepdims=True)
    spread = x.std(axis=(1, 2, 3), keepdims=True)
    return np.uint8(np.clip(centred / (spread + 1e-5) * 0.1 + 0.5, 0, 1) * 255)


def _all_layers(model: keras.Model) -> Iterator[tuple[keras.Model, keras.Layer]]:
    """Every layer with the model that it lies in, those of inner models after the inner model."""
    for layer in model.layers:
        yield model, layer
        if isinstance(layer, keras.Model):
            yield from _all_layers(layer)


def _has_maps(layer: keras.Layer) -> bool:
    """Whether the layer computes maps: ``(n, height, width, channels)``."""
    shape = getattr(getattr(layer, "output", None), "shape", ())
    return len(shape) == 4 and not isinstance(layer, keras.layers.InputLayer)


def _no_maps(model: keras.Model, name: str, names: Collection[str]) -> str:
    if not names:
        return (
            f"The model {model.name!r} has no layer that answers with maps; if it has "
            "convolutions, it is not built yet: begin it with keras.Input."
        )
    return (
        f"The model {model.name!r} has no layer {name!r} that answers with maps; "
        f"choose one of {', '.join(names)}."
    )


def _find(model: keras.Model, name: str) -> tuple[keras.Model, keras.Layer]:
    """The layer of that name with maps, and the model that it lies in, at any depth."""
    found = {layer.name: (owner, layer) for owner, layer in _all_layers(model) if _has_maps(layer)}
    if name not in found:
        raise ValueError(_no_maps(model, name, found))
    return found[name]


def _checked(model: keras.Model, x: ArrayLike) -> tf.Tensor:
    """`x` as a tensor, if it is a batch of what the model takes."""
    x = tf.convert_to_tensor(x, "float32")
    wanted = model.input_shape
    if len(x.shape) != len(wanted) or any(
        want not in (None, have) for want, have in zip(wanted, x.shape, strict=True)
    ):
        raise ValueError(
            f"The model takes inputs of shape {wanted}, where None is any number, and was given "
            f"{tuple(x.shape)}; resize the pictures, and make a batch of a single one: x[None]."
        )
    return x


def _score_of(raw: tf.Tensor, target: int | None) -> tf.Tensor:
    """The score of the class for each picture; for one output, 0 turns its sign."""
    classes = max(2, raw.shape[-1])
    if target is not None and target not in range(classes):
        raise ValueError(f"The class is {target!r}; the model has the classes 0 to {classes - 1}.")
    if raw.shape[-1] > 1:
        return tf.reduce_max(raw, axis=-1) if target is None else raw[:, target]
    return tf.abs(raw[:, 0]) if target is None else (2 * target - 1) * raw[:, 0]


@contextmanager
def _watching(layer: keras.Layer, tape: tf.GradientTape) -> Iterator[list[tf.Tensor]]:
    """While it lasts, what the layer answers is watched by the tape and put into the list."""
    seen: list[tf.Tensor] = []
    call = layer.call

    def watched(*args, **kwargs):
        maps = call(*args, **kwargs)
        tape.watch(maps)
        seen.append(maps)
        return maps

    layer.call = watched
    try:
        yield seen
    finally:
        layer.call = call


@contextmanager
def _linear_end(model: keras.Model) -> Iterator[None]:
    """While it lasts, the last layer's softmax or sigmoid is left out."""
    last = model.layers[-1]
    while isinstance(last, keras.Model):
        last = last.layers[-1]
    activation = getattr(last, "activation", None)
    squashes = activation in (keras.activations.softmax, keras.activations.sigmoid)
    if squashes:
        last.activation = keras.activations.linear
    try:
        yield
    finally:
        if squashes:
            last.activation = activation
