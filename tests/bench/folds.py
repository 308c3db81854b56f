"""Chapter 09's validation with four folds on the real districts: as printed, and as one network.

Batches of one sample, as in the book, but for 40 epochs a fold in place of its 100 and 500, so that
the printed way ends within two minutes. ``python -m tests.bench.folds printed|course`` prints the
mean absolute error over the folds, and the seconds of the training alone, as JSON.
"""

import json
import sys
import time

from helpers import fold_axis, folds
from helpers.data import boston_housing

import keras
import numpy as np
from keras import layers

EPOCHS = 40


def build_model() -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(shape=(13,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(1),
        ]
    )


def printed() -> float:
    """Listings 3.24 to 3.28, with today's names: a network a fold, one after the other."""
    (train_data, train_targets), _ = keras.datasets.boston_housing.load_data()
    train_data -= train_data.mean(axis=0)
    train_data /= train_data.std(axis=0)
    k = 4
    num_val_samples = len(train_data) // k
    all_mae_histories = []
    for i in range(k):
        val_data = train_data[i * num_val_samples : (i + 1) * num_val_samples]
        val_targets = train_targets[i * num_val_samples : (i + 1) * num_val_samples]
        partial_train_data = np.concatenate(
            [train_data[: i * num_val_samples], train_data[(i + 1) * num_val_samples :]], axis=0
        )
        partial_train_targets = np.concatenate(
            [train_targets[: i * num_val_samples], train_targets[(i + 1) * num_val_samples :]],
            axis=0,
        )
        model = build_model()
        model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
        history = model.fit(
            partial_train_data,
            partial_train_targets,
            validation_data=(val_data, val_targets),
            epochs=EPOCHS,
            batch_size=1,
            verbose=0,
        )
        all_mae_histories.append(history.history["val_mae"])
    return np.mean([history[-1] for history in all_mae_histories])


def course() -> float:
    """The same with a fold axis, and each epoch in one compiled call."""
    (x_train, y_train), _ = boston_housing.load_data("full")
    splits = folds.k_fold(len(x_train))
    errors = fold_axis.cross_validate(build_model, x_train, y_train, splits, EPOCHS)
    return errors.iloc[-1].mean()


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    started = time.perf_counter()
    error = {"printed": printed, "course": course}[sys.argv[1]]()
    seconds = time.perf_counter() - started
    print(
        json.dumps({"mean MAE": round(float(error), 3), "seconds of training": round(seconds, 1)})
    )
