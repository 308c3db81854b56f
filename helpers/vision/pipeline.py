"""Pictures on their way to a network: decoded once, then shuffled, batched and prepared ahead."""

from __future__ import annotations

from collections.abc import Callable

from helpers.arguments import whole

import tensorflow as tf

__all__ = ["batches"]


def batches(
    pictures: tf.data.Dataset,
    batch_size: int,
    shuffle: bool = False,
    augment: Callable[[tf.Tensor], tf.Tensor] | None = None,
) -> tf.data.Dataset:
    """Batches of pictures that are read and decoded in the first pass and kept for all others.

    They are kept as uint8, a quarter of float32's memory, so a resized picture is off by half a
    grey value at most. The next batch is made while the network trains on this one.

    Parameters
    ----------
    pictures
        Single pictures with their labels, as ``keras.utils.image_dataset_from_directory`` gives
        with ``batch_size=None``: ``(height, width, 3)``, 0 to 255, and a label.
    batch_size
        Pictures a batch; the last batch of a pass may be smaller.
    shuffle
        Whether every pass has another order.
    augment
        Changes a batch ``(n, height, width, 3)`` of float32, after the pictures are kept: each
        pass sees other variants.

    Returns
    -------
    tf.data.Dataset
        Batches ``(n, height, width, 3)`` of float32, 0 to 255, with their labels.

    Raises
    ------
    ValueError
        If the pictures come in batches, or there are none, or the batches would have no picture.
    """
    whole("batch_size", batch_size)
    shape, count = pictures.element_spec[0].shape, int(pictures.cardinality())
    if len(shape) != 3:
        raise ValueError(
            f"The pictures have shape {tuple(shape)}, so they come in batches already; give single "
            "ones: image_dataset_from_directory(..., batch_size=None)."
        )
    if count == 0:
        raise ValueError("The data set holds no picture; look at the folder it was made from.")
    kept = pictures.map(_to_uint8, tf.data.AUTOTUNE).cache()
    if shuffle:
        kept = kept.shuffle(count if count > 0 else 10_000)
    batches = kept.batch(batch_size).map(
        lambda x, y: (tf.cast(x, "float32"), y), num_parallel_calls=tf.data.AUTOTUNE
    )
    if augment is not None:  # one batch after the other, or the seed would not fix the draws
        batches = batches.map(lambda x, y: (augment(x), y))
    return batches.prefetch(tf.data.AUTOTUNE)


def _to_uint8(picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.cast(tf.round(picture), "uint8"), label
