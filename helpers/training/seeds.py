"""The best epoch of one run, and the spread over several."""

from __future__ import annotations

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
