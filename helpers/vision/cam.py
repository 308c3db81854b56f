"""Which places of a picture speak for a class: Grad-CAM, and its heat map over the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from helpers.vision.maps import find

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

__all__ = ["grad_cam", "heat_map", "overlay", "scores"]

_SQUASHING = (
    keras.activations.softmax,
    keras.activations.sigmoid,
    keras.activations.log_softmax,
    keras.activations.log_sigmoid,
)


def scores(model: keras.Model, x: ArrayLike) -> np.ndarray:
    """What the last layer says before softmax or sigmoid makes probabilities of it.

    Parameters
    ----------
    model
        A classifier; its last layer is ``Softmax``, or has an activation, ``Dense`` for example.
    x
        Inputs as the model takes them, ``(n, height, width, channels)``.

    Returns
    -------
    np.ndarray
        Shape ``(n, outputs)``.

    Raises
    ------
    ValueError
        If the inputs do not fit, or the last layer is one that cannot be looked behind.
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
        If there is no such layer, or it has no maps, or the pictures or the class do not fit, or
        the last layer is one that cannot be looked behind, see :func:`scores`.

    Notes
    -----
    Source: listing L15.12 (B5.42), which averages over the channels instead: the same but for a
    factor. Selvaraju et al., Grad-CAM, ICCV 2017, equations 1 and 2, before the clipping.
    """
    _, watched = find(model, layer)
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

    Examples
    --------
    >>> heat_map([[[4.0, -1.0], [2.0, 0.0]]])
    array([[[1. , 0. ],
            [0.5, 0. ]]])
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
    levels = (255 * cv2.resize(heat, size)).astype("uint8")
    colours = cv2.applyColorMap(levels, cv2.COLORMAP_JET)
    mixed = picture + intensity * cv2.cvtColor(colours, cv2.COLOR_BGR2RGB)
    return np.clip(mixed, 0, 255).astype("uint8")


def _checked(model: keras.Model, x: ArrayLike) -> tf.Tensor:
    """`x` as a tensor, if it is a batch of what the model takes."""
    batch = tf.cast(x, "float32")
    wanted, given = model.input_shape, tuple(batch.shape)
    if len(given) != len(wanted) or any(
        want not in (None, have) for want, have in zip(wanted, given, strict=True)
    ):
        raise ValueError(
            f"The model takes inputs of shape {wanted}, where None is any number, and was given "
            f"{given}; resize the pictures, and make a batch of a single one: x[None]."
        )
    return batch


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

    def watched(*args: Any, **kwargs: Any) -> tf.Tensor:
        maps = call(*args, **kwargs)
        tape.watch(maps)
        seen.append(maps)
        return maps

    with _set(layer, "call", watched):
        yield seen


@contextmanager
def _linear_end(model: keras.Model) -> Iterator[None]:
    """While it lasts, the last layer's softmax or sigmoid is left out."""
    last = model.layers[-1]
    while isinstance(last, keras.Model):
        last = last.layers[-1]
    activation = getattr(last, "activation", None)
    if isinstance(last, keras.layers.Softmax):
        with _set(last, "call", _unchanged):
            yield
    elif activation in _SQUASHING:
        with _set(last, "activation", keras.activations.linear):
            yield
    elif activation in vars(keras.activations).values():
        yield
    else:
        raise ValueError(
            f"The model ends in {last.name!r}, a {type(last).__name__} layer"
            + (" with an activation that Keras has no name for" if activation else "")
            + ": what it says before softmax cannot be told. Let the model end in Dense, "
            "Activation or Softmax."
        )


def _unchanged(inputs: tf.Tensor, *args: Any, **kwargs: Any) -> tf.Tensor:
    return inputs


@contextmanager
def _set(layer: keras.Layer, name: str, value: Callable) -> Iterator[None]:
    """While it lasts, an attribute of the layer is another one."""
    own = name in vars(layer)
    before = getattr(layer, name)
    setattr(layer, name, value)
    try:
        yield
    finally:
        if own:
            setattr(layer, name, before)
        else:
            delattr(layer, name)
