"""Transfer: what a network has learned on other pictures, put to use on yours.

What lies below the layers that train gives the same answer to the same picture every time, so it
is computed once and kept: see :func:`cut`, :func:`copies` and :class:`Copies`.
"""

from __future__ import annotations

from helpers.arguments import whole

import keras
import numpy as np
import tensorflow as tf
from keras import layers

__all__ = ["Copies", "activations", "copies", "cut", "unfreeze"]


def cut(model: keras.Model, layer: str) -> tuple[keras.Model, keras.Model]:
    """A base as two models, one after the other, that share its layers and weights.

    Parameters
    ----------
    model
        A base whose layers form a chain.
    layer
        Name of the first layer of the second model.

    Returns
    -------
    below, above
        ``above(below(x))`` is ``model(x)``. Training `above` trains the base.

    Raises
    ------
    ValueError
        If the base has no such layer, or it is the first one.
    """
    first = model.layers[_position(model, layer)].input
    return keras.Model(model.input, first), keras.Model(first, model.output)


def unfreeze(model: keras.Model, layer: str) -> None:
    """Let the layers of a base train from this one on, and none before it.

    Batch normalisation stays frozen, and with that in inference mode: it goes on using the means
    and variances of the pictures that the base was trained on. Compile the network that uses the
    base afterwards: Keras builds the training step in the first ``fit`` after ``compile``, and what
    is unfrozen later does not train until the network is compiled again.

    Raises
    ------
    ValueError
        If the base has no such layer.

    Notes
    -----
    Source: listing L14.8 (B5.22).
    """
    position = _position(model, layer)
    model.trainable = True
    for number, one in enumerate(model.layers):
        one.trainable = number >= position and not isinstance(one, layers.BatchNormalization)


def _position(model: keras.Model, layer: str) -> int:
    """Where a layer that has something below it stands in the chain."""
    names = [one.name for one in model.layers]
    if layer not in names[1:]:
        raise ValueError(f"{model.name} has no layer {layer!r}; choose one of {names[1:]}.")
    return names.index(layer)


def activations(model: keras.Model, batches: tf.data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """What a model makes of all pictures, computed once.

    Parameters
    ----------
    model
        A base, or the lower part of one.
    batches
        Prepared pictures ``(n, side, side, 3)`` with their labels ``(n, 1)``.

    Returns
    -------
    activations, labels
        Float32, for all pictures in the order in which they came.

    Notes
    -----
    Source: listing L14.2 (B5.17).
    """
    run = tf.function(lambda x: model(x, training=False), reduce_retracing=True)
    pairs = [(run(x).numpy(), y.numpy()) for x, y in batches]
    x, y = zip(*pairs, strict=True)
    return np.concatenate(x), np.concatenate(y).astype("float32")


def copies(
    model: keras.Model, batches: tf.data.Dataset, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same for several passes over pictures that are augmented anew in each.

    Parameters
    ----------
    model, batches
        As for :func:`activations`.
    count
        Passes.

    Returns
    -------
    activations, labels
        Shapes ``(count, n, …)`` and ``(n, 1)``.

    Raises
    ------
    ValueError
        If the pictures come in another order in each pass: if their pipeline shuffles, or their
        labels come in another order. Augmented pictures look different in each pass, so a source
        of pictures of one class that has an order of its own, such as a generator, is not noticed.
    """
    whole("count", count)
    if _shuffles(batches):
        raise ValueError(_SHUFFLED)
    first, labels = activations(model, batches)
    stored = np.empty((count, *first.shape), "float32")
    stored[0] = first
    for number in range(1, count):
        stored[number], again = activations(model, batches)
        if not np.array_equal(again, labels):
            raise ValueError(_SHUFFLED)
    return stored, labels


_SHUFFLED = "The batches are shuffled; give them in the same order in each pass."


def _shuffles(data: tf.data.Dataset) -> bool:
    """Whether a dataset, or one that it is made from, is shuffled anew in each pass."""
    again = getattr(data, "_reshuffle_each_iteration", False)
    return bool(again) or any(_shuffles(source) for source in data._inputs())


class Copies(keras.utils.PyDataset):
    """Batches of cached copies: every epoch takes one of the copies of each picture.

    Parameters
    ----------
    copies, labels
        Shapes ``(count, n, …)`` and ``(n, 1)``, from :func:`copies`.
    batch_size
        Pictures a batch; the last one of an epoch may be smaller.
    seed
        For another order and other copies, drawn by chance, in every epoch. None: the pictures keep
        their order and their copies take turns; ``fit`` must be told ``shuffle=False`` then.
    """

    def __init__(
        self, copies: np.ndarray, labels: np.ndarray, batch_size: int, seed: int | None
    ) -> None:
        super().__init__()
        self.copies, self.labels, self.batch_size = copies, labels, batch_size
        self._rng = None if seed is None else np.random.default_rng(seed)
        self._epoch = -1
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.labels) // self.batch_size)

    def __getitem__(self, batch: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self._order[batch * self.batch_size : (batch + 1) * self.batch_size]
        return self.copies[self._which[rows], rows], self.labels[rows]

    def on_epoch_end(self) -> None:
        """Choose order and copies for the next epoch."""
        count, n = self.copies.shape[:2]
        self._epoch += 1
        if self._rng is None:
            self._order, self._which = np.arange(n), (self._epoch + np.arange(n)) % count
        else:
            self._order, self._which = self._rng.permutation(n), self._rng.integers(count, size=n)
