"""Pictures from codes: a small variational autoencoder, and how much pictures change along a line.

Shared by chapters 27, which derives the network, and 28, which compares it with a GAN.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from helpers.arguments import whole

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from numpy.typing import ArrayLike

__all__ = ["VAE", "build_vae", "jumps"]


class VAE(keras.Model):
    """A variational autoencoder; its loss is in nats a picture, summed over pixels and code.

    Parameters
    ----------
    encoder
        From pictures to ``(n, 2 * code)``: means, then logarithms of variances.
    decoder
        From codes ``(n, code)`` to pictures of logits, one for each value of a picture in 0..1.
    beta
        Weight of the divergence; 1 makes the loss the negative bound of Kingma and Welling (2013).
    """

    def __init__(self, encoder: keras.Model, decoder: keras.Model, beta: float = 1.0):
        super().__init__()
        self.encoder, self.decoder, self.beta = encoder, decoder, beta
        self.seeds = keras.random.SeedGenerator()
        self.parts = [keras.metrics.Mean(name) for name in ("loss", "reconstruction", "divergence")]

    @property
    def metrics(self) -> list[keras.Metric]:
        """The means that ``fit`` sets back after each epoch."""
        return self.parts

    def call(self, x: tf.Tensor, training: bool | None = None) -> tuple[tf.Tensor, ...]:
        """Logits of pictures decoded from drawn codes, and the means and log-variances."""
        mean, log_variance = ops.split(self.encoder(x, training=training), 2, axis=-1)
        noise = keras.random.normal(ops.shape(mean), seed=self.seeds)
        z = mean + ops.exp(0.5 * log_variance) * noise
        return self.decoder(z, training=training), mean, log_variance

    def costs(self, x: tf.Tensor, training: bool) -> tuple[tf.Tensor, tf.Tensor]:
        """Reconstruction error and divergence of each picture, in nats, ``(n,)`` each."""
        logits, mean, log_variance = self(x, training=training)
        error = ops.binary_crossentropy(x, logits, from_logits=True)
        divergence = 0.5 * (mean**2 + ops.exp(log_variance) - log_variance - 1)
        return ops.sum(error, axis=(1, 2, 3)), ops.sum(divergence, axis=1)

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step on a batch of pictures."""
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        with tf.GradientTape() as tape:
            error, divergence = self.costs(x, training=True)
            loss = ops.mean(error + self.beta * divergence)
        weights = self.trainable_weights
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return self._told(error, divergence)

    def test_step(self, data: Any) -> dict[str, Any]:
        """The loss of a batch that is not learned from, with drawn codes, too."""
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        return self._told(*self.costs(x, training=False))

    def _told(self, error: tf.Tensor, divergence: tf.Tensor) -> dict[str, Any]:
        values = (error + self.beta * divergence, error, divergence)
        for metric, value in zip(self.parts, values, strict=True):
            metric.update_state(value)
        return {metric.name: metric.result() for metric in self.parts}


def build_vae(
    shape: tuple[int, int, int], code: int = 2, beta: float = 1.0, width: int = 128
) -> VAE:
    """A small variational autoencoder of dense layers, built but not compiled.

    Parameters
    ----------
    shape
        Height, width and channels of a picture.
    code
        How many numbers a picture is encoded as.
    beta
        Weight of the divergence, see :class:`VAE`.
    width
        Units of the layer next to the code; the one next to the picture has twice as many.

    Raises
    ------
    ValueError
        If a size is less than 1.
    """
    code, width = whole("code", code), whole("width", width)
    values = math.prod(whole("shape", side) for side in shape)
    outer, inner = ({"units": n * width, "activation": "relu"} for n in (2, 1))
    wide, narrow = layers.Dense(**outer), layers.Dense(**inner)
    encoder = [keras.Input(shape), layers.Flatten(), wide, narrow, layers.Dense(2 * code)]
    narrow, wide = layers.Dense(**inner), layers.Dense(**outer)
    picture = [layers.Dense(values), layers.Reshape(shape)]
    decoder = [keras.Input((code,)), narrow, wide, *picture]
    return VAE(keras.Sequential(encoder), keras.Sequential(decoder), beta)


def jumps(
    decode: Callable[[np.ndarray], ArrayLike], starts: ArrayLike, ends: ArrayLike, steps: int
) -> np.ndarray:
    """How much the picture changes from step to step along straight lines between codes.

    Parameters
    ----------
    decode
        From codes ``(n, code)`` to pictures ``(n, ...)``.
    starts, ends
        Codes where the lines begin and end, ``(lines, code)``.
    steps
        Equal steps on each line.

    Returns
    -------
    np.ndarray
        ``(lines, steps)``: the root of the mean squared change of a pixel. Where the picture is a
        smooth function of the code, twice as many steps halve the largest.

    Raises
    ------
    ValueError
        If there is not an end for each start, or `steps` is less than 1.

    Examples
    --------
    >>> jumps(lambda z: z > 0.3, [[0.0]], [[1.0]], 4).tolist()  # a picture of one pixel
    [[0.0, 1.0, 0.0, 0.0]]
    """
    a, b = np.asarray(starts, dtype="float32"), np.asarray(ends, dtype="float32")
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(f"The starts are {a.shape}, the ends {b.shape}; give (lines, code) twice.")
    shares = np.linspace(0, 1, whole("steps", steps) + 1, dtype="float32")[:, np.newaxis]
    codes = (a[:, np.newaxis] * (1 - shares) + b[:, np.newaxis] * shares).reshape(-1, a.shape[1])
    pictures = np.asarray(decode(codes), dtype="float64").reshape(len(a), steps + 1, -1)
    return np.sqrt(np.mean(np.diff(pictures, axis=1) ** 2, axis=-1))
