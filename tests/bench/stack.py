"""Two epochs of chapter 19's stack: two layers fed by a generator, and the course's way.

``python -m tests.bench.stack printed|course`` prints the seconds of `fit` and the last loss as
JSON. A generator leaves the size of a batch open; :func:`helpers.series.batches` says it, and two
cells in one loop are the same network as the two layers, so both ways end with the same loss.
"""

import json
import sys
import time

from helpers import series

import keras
import numpy as np
from keras import layers

STEPS, EPOCHS, BATCH_SIZE, HOURS, COLUMNS = 50, 2, 128, 240, 6
OFTEN = {"dropout": 0.1, "recurrent_dropout": 0.5}


def printed() -> list[keras.Layer]:
    """Listing L19.11 (B6.41): one layer gives its whole sequence to the next."""
    lower = layers.GRU(32, return_sequences=True, **OFTEN)
    return [lower, layers.GRU(64, activation="relu", **OFTEN)]


def course() -> list[keras.Layer]:
    """The same as two cells that take each hour one after the other."""
    cells = layers.GRUCell(32, **OFTEN), layers.GRUCell(64, activation="relu", **OFTEN)
    return [layers.RNN(cells)]


if __name__ == "__main__":
    way = sys.argv[1]
    keras.utils.set_random_seed(0)
    stack = {"printed": printed, "course": course}[way]()
    model = keras.Sequential([keras.Input((HOURS, COLUMNS)), *stack, layers.Dense(1)])
    model.compile("rmsprop", "mae")
    rows = np.random.default_rng(0).normal(size=(STEPS * BATCH_SIZE + HOURS, COLUMNS))
    x, y = series.windows(rows.astype("float32"), HOURS)
    data = series.batches(x, y[:, 0], BATCH_SIZE).repeat()
    if way == "printed":
        data = (batch for batch in data.as_numpy_iterator())
    started = time.perf_counter()
    history = model.fit(data, steps_per_epoch=STEPS, epochs=EPOCHS, verbose=0)
    seconds = round(time.perf_counter() - started, 1)
    print(json.dumps({"seconds of fit": seconds, "loss": round(history.history["loss"][-1], 3)}))
