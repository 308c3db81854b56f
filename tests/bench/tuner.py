"""Four epochs of two recurrent layers: `fit` as it comes, and without tf.data's tuner.

``python -m tests.bench.tuner printed|course`` prints the seconds of `fit` and the last loss as
JSON. Where both take the same time, TensorFlow wakes its tuner when an epoch ends, and
:func:`helpers.training.quiet.leave_tuner_out` can go.
"""

import json
import sys
import time

from helpers.training import quiet

import keras
import numpy as np
from keras import layers

WINDOWS, HOURS, COLUMNS = 40 * 128, 240, 6

if __name__ == "__main__":
    if sys.argv[1] == "course":
        quiet.leave_tuner_out()
    keras.utils.set_random_seed(0)
    often = {"dropout": 0.1, "recurrent_dropout": 0.5}
    lower = layers.GRU(32, return_sequences=True, **often)
    upper = layers.GRU(64, activation="relu", **often)
    model = keras.Sequential([keras.Input((HOURS, COLUMNS)), lower, upper, layers.Dense(1)])
    model.compile("rmsprop", "mae", jit_compile=True)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(WINDOWS, HOURS, COLUMNS)).astype("float32")
    y = x[:, -1, :1]
    started = time.perf_counter()
    history = model.fit(x, y, batch_size=128, epochs=4, verbose=0)
    seconds = round(time.perf_counter() - started, 1)
    print(json.dumps({"seconds of fit": seconds, "loss": round(history.history["loss"][-1], 3)}))
