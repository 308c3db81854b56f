"""Chapter 27's variational autoencoder until it encodes held-out digits well.

``python -m tests.bench.digits printed|course`` trains on the stand-in for MNIST until the loss on
its test pictures, in the book's scaling, is below TARGET, and prints the seconds of `fit`, those
of the processor, that loss and how many pictures were seen as JSON.

What is the same: pictures, two numbers a code, the loss that ends it. What is not: the printed
network is convolutional, draws with the exponential of the log-variance as printed, and learns
with RMSprop from 16 pictures a step; the course's is :func:`helpers.latent.build_vae`, dense
layers that learn with Adam from 128.
"""

import json
import sys
import time

from helpers import latent
from helpers.data.stand_ins import mnist

import keras
import numpy as np
from keras import layers, ops

TARGET, MOST = 0.2, 60
BATCH_SIZE = {"printed": 16, "course": 128}
STEPS = {"printed": 50, "course": 15}  # of training between two looks at the test pictures
CONV = {"padding": "same", "activation": "relu"}


class Draw(layers.Layer):
    """Listing B8.24, as printed."""

    def __init__(self) -> None:
        super().__init__()
        self.seeds = keras.random.SeedGenerator()

    def call(self, encoded: list) -> object:
        mean, log_variance = encoded
        noise = keras.random.normal(ops.shape(mean), seed=self.seeds)
        return mean + ops.exp(log_variance) * noise


class BookLoss(layers.Layer):
    """Listing B8.26."""

    def call(self, parts: list) -> object:
        x, decoded, mean, log_variance = parts
        error = ops.mean(
            ops.binary_crossentropy(ops.reshape(x, (-1,)), ops.reshape(decoded, (-1,)))
        )
        terms = 1 + log_variance - mean**2 - ops.exp(log_variance)
        self.add_loss(error - 5e-4 * ops.mean(terms))
        return decoded


def printed() -> keras.Model:
    """Listings B8.23 to B8.27."""
    picture = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, **CONV)(picture)
    x = layers.Conv2D(64, 3, strides=2, **CONV)(x)
    x = layers.Conv2D(64, 3, **CONV)(layers.Conv2D(64, 3, **CONV)(x))
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    encoded = [layers.Dense(2)(x), layers.Dense(2)(x)]
    x = layers.Dense(14 * 14 * 64, activation="relu")(Draw()(encoded))
    x = layers.Conv2DTranspose(32, 3, strides=2, **CONV)(layers.Reshape((14, 14, 64))(x))
    decoded = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    model = keras.Model(picture, BookLoss()([picture, decoded, *encoded]))
    model.compile("rmsprop", loss=None)
    return model


def course() -> keras.Model:
    """The same two terms, weighted as in the book, in nats a picture."""
    model = latent.build_vae((28, 28, 1), beta=784 * 5e-4)
    model.compile(keras.optimizers.Adam(0.002))
    return model


if __name__ == "__main__":
    way = sys.argv[1]
    keras.utils.set_random_seed(0)
    x, new = (pictures[..., np.newaxis] / np.float32(255) for pictures, _ in mnist.load())
    model = {"printed": printed, "course": course}[way]()
    rng = np.random.default_rng(0)
    seconds, processor, loss, looks = 0.0, 0.0, np.inf, 0
    while loss > TARGET and looks < MOST:
        rows = rng.integers(0, len(x), BATCH_SIZE[way] * STEPS[way])
        started, worked = time.perf_counter(), time.process_time()
        model.fit(x[rows], None, BATCH_SIZE[way], verbose=0)
        seconds += time.perf_counter() - started
        processor += time.process_time() - worked
        loss = model.evaluate(new, None, 250, verbose=0, return_dict=True)["loss"]
        loss /= 784 if way == "course" else 1
        looks += 1
    pictures = looks * BATCH_SIZE[way] * STEPS[way]
    result = {"seconds of fit": round(seconds, 1), "of the processor": round(processor, 1)}
    print(json.dumps(result | {"loss": round(loss, 4), "pictures": pictures}))
