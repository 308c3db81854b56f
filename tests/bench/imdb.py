"""Chapter 07's two trainings on the real reviews: as printed, and as the course does it.

``python -m tests.bench.imdb printed|course`` prints the test loss and accuracy as JSON.
"""

import json
import sys

from helpers import text
from helpers.data import imdb

import keras
import numpy as np
from keras import layers


def compiled(inputs: keras.Input, first: layers.Layer, **options) -> keras.Sequential:
    """Chapter 07's network behind its first layer."""
    second, output = layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([inputs, first, second, output])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], **options)
    return model


def printed() -> list[float]:
    """Listings 3.1 to 3.11, with today's names: float64 rows filled in a loop."""

    def vectorize_sequences(sequences, dimension=10_000):
        results = np.zeros((len(sequences), dimension))
        for i, sequence in enumerate(sequences):
            results[i, sequence] = 1.0
        return results

    def model():
        return compiled(keras.Input(shape=(10_000,)), layers.Dense(16, activation="relu"))

    (train_data, train_labels), (test_data, test_labels) = keras.datasets.imdb.load_data(
        num_words=10_000
    )
    x_train, x_test = vectorize_sequences(train_data), vectorize_sequences(test_data)
    y_train = np.asarray(train_labels).astype("float32")
    y_test = np.asarray(test_labels).astype("float32")
    x_val, partial_x_train = x_train[:10_000], x_train[10_000:]
    y_val, partial_y_train = y_train[:10_000], y_train[10_000:]
    model().fit(
        partial_x_train,
        partial_y_train,
        epochs=20,
        batch_size=512,
        validation_data=(x_val, y_val),
        verbose=0,
    )
    final = model()
    final.fit(x_train, y_train, epochs=4, batch_size=512, verbose=0)
    return final.evaluate(x_test, y_test, verbose=0)


def course() -> list[float]:
    """The same with the course's loader and first layer, and several batches a call."""

    def model():
        first = text.MultiHotDense(16, 10_000, activation="relu")
        return compiled(keras.Input((None,), dtype="uint16"), first, steps_per_execution=30)

    (train_data, y_train), (test_data, y_test) = imdb.load_data("full", num_words=10_000)
    x_train = text.distinct_words(train_data, 10_000)
    x_test = text.distinct_words(test_data, 10_000)
    y_train, y_test = y_train.astype("float32"), y_test.astype("float32")
    model().fit(
        x_train[10_000:],
        y_train[10_000:],
        epochs=20,
        batch_size=512,
        validation_data=(x_train[:10_000], y_train[:10_000]),
        verbose=0,
    )
    final = model()
    final.fit(x_train, y_train, epochs=4, batch_size=512, verbose=0)
    return final.evaluate(x_test, y_test, batch_size=512, verbose=0)


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    loss, accuracy = {"printed": printed, "course": course}[sys.argv[1]]()
    print(json.dumps({"test loss": round(loss, 4), "test accuracy": round(accuracy, 4)}))
