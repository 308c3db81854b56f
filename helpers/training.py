"""Training: the best epoch of one run, the spread over several, and no waiting between epochs."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Mapping

import keras
import numpy as np
import pandas as pd
from tqdm import tqdm


def best_epoch(history: keras.callbacks.History, monitor: str = "val_loss") -> int:
    """The epoch, counted from 1, with the lowest loss or error, or the highest accuracy.

    Raises
    ------
    ValueError
        If the history has no values of that name.
    """
    values = history.history.get(monitor)
    if not values:
        raise ValueError(f"The history has no {monitor!r}; it has {', '.join(history.history)}.")
    best = np.argmax if "acc" in monitor else np.argmin
    return int(best(values)) + 1


def over_seeds(
    train: Callable[[], Mapping[str, float]], seeds: Iterable[int], progress: bool = False
) -> pd.DataFrame:
    """Run an experiment once a seed: is its result a fact, or one draw from many?

    Parameters
    ----------
    train
        Builds, fits and evaluates a fresh model; returns named numbers, the same names each time.
    seeds
        The seeds: Python's, NumPy's and Keras's generators are set to each in turn.
    progress
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A row a seed (the index), a column a number.

    Notes
    -----
    What is drawn afterwards depends on the seed that was set before the call, not on the last one.
    """
    results = {}
    afterwards = random.getrandbits(32)
    for seed in tqdm(list(seeds), disable=not progress, leave=False):
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        results[seed] = dict(train())
    keras.utils.set_random_seed(afterwards)
    return pd.DataFrame.from_dict(results, orient="index").rename_axis("seed")


@functools.cache
def leave_tuner_out() -> None:
    """Let `fit` and every other loop read its data without tf.data's tuner, in this process.

    The tuner sleeps twice as long each time, up to a minute, and TensorFlow 2.20 often fails to
    wake it when an epoch is over: `fit` then waits for it, and 7 s of steps took 10 s, or 20.
    Elements and their order do not depend on it, and the course's pipelines are no slower without.
    """
    import tensorflow as tf

    iterate = tf.data.Dataset.__iter__
    options = tf.data.Options()
    options.autotune.enabled = False
    tf.data.Dataset.__iter__ = lambda dataset: iterate(dataset.with_options(options))
