"""Chapter 24's network until it predicts a text well: one target a window, and one a position.

``python -m tests.bench.writer printed|course`` trains the same layers on the generated text until
the loss of the character after 60, on text that was held out, is below TARGET, and prints the
seconds of `fit`, those of the processor, that loss and how many windows were read as JSON.

What is the same: layers, optimizer, learning rate, training text, the loss that ends it. What is
not: the course learns from 60 characters a window and takes fewer windows a step, so it makes
other steps; in its training most characters are predicted from fewer than 60 others; and its
windows lie side by side where the printed ones overlap.
"""

import json
import sys
import time

from helpers.data.stand_ins import nietzsche

import keras
import numpy as np
from keras import layers

WINDOW, STEP, TARGET, MOST = 60, 3, 1.0, 60
BATCH_SIZE = {"printed": 128, "course": 16}
STEPS = {"printed": 50, "course": 20}  # of training between two looks at the held-out text


def read() -> tuple[np.ndarray, np.ndarray]:
    """The text's characters as one-hot rows, nine tenths to learn from and one held out."""
    text = nietzsche.load().lower()
    codes = np.unique(list(text), return_inverse=True)[1]
    one_hot = np.eye(codes.max() + 1, dtype="float32")[codes]
    return one_hot[: len(codes) * 9 // 10], one_hot[len(codes) * 9 // 10 :]


def cut(rows: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows, and the windows one character further on."""
    windows = np.lib.stride_tricks.sliding_window_view(rows, WINDOW, axis=0).swapaxes(1, 2)
    return windows[:-1:step], windows[1::step]


def build(way: str, classes: int) -> keras.Model:
    """The book's layers; the course's give a prediction at each position."""
    lstm = layers.LSTM(128, return_sequences=way == "course")
    dense = layers.Dense(classes, activation="softmax")
    model = keras.Sequential([keras.Input((WINDOW, classes)), lstm, dense])
    model.compile(keras.optimizers.RMSprop(0.01), "categorical_crossentropy")
    return model


def held_out_loss(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """Cross-entropy of the character after each window, in nats."""
    predicted = model.predict(x, 250, verbose=0)
    last = predicted[:, -1] if predicted.ndim == 3 else predicted
    return float(-np.log((last * y[:, -1]).sum(axis=1)).mean())


if __name__ == "__main__":
    way = sys.argv[1]
    keras.utils.set_random_seed(0)
    train, held_out = read()
    x, y = cut(train, STEP if way == "printed" else WINDOW)
    new = cut(held_out, 29)
    model = build(way, train.shape[1])
    rng = np.random.default_rng(0)
    seconds, processor, loss, looks = 0.0, 0.0, np.inf, 0
    while loss > TARGET and looks < MOST:
        rows = rng.integers(0, len(x), BATCH_SIZE[way] * STEPS[way])
        targets = y[rows] if way == "course" else y[rows, -1]
        started, worked = time.perf_counter(), time.process_time()
        model.fit(x[rows], targets, BATCH_SIZE[way], verbose=0)
        seconds += time.perf_counter() - started
        processor += time.process_time() - worked
        loss = held_out_loss(model, *new)
        looks += 1
    windows = looks * BATCH_SIZE[way] * STEPS[way]
    result = {"seconds of fit": round(seconds, 1), "of the processor": round(processor, 1)}
    print(json.dumps(result | {"loss": round(loss, 3), "windows": windows}))
