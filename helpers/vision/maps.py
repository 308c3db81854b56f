"""What layers of a convnet answer with, and the pictures that their channels like.

A *layer* is named as in ``model.summary()``; it may lie in a model inside the model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

__all__ = ["activations", "ascend", "find", "to_pictures"]


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
    owner, found = find(model, layer)
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
    return (np.clip(centred / (spread + 1e-5) * 0.1 + 0.5, 0, 1) * 255).astype("uint8")


def find(model: keras.Model, name: str) -> tuple[keras.Model, keras.Layer]:
    """The layer of that name that answers with maps, and the model that it lies in, at any depth.

    Raises
    ------
    ValueError
        If there is none; it names those that there are.
    """
    found = {layer.name: (owner, layer) for owner, layer in _all_layers(model) if _has_maps(layer)}
    if name not in found:
        raise ValueError(_no_maps(model, name, found))
    return found[name]


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
