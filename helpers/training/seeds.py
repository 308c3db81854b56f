"""The best epoch of one run, and the spread over several."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from helpers import PERSON_VARIABLES
from helpers.plots.style import best

import keras
import pandas as pd
from tqdm import tqdm


def best_epoch(
    history: keras.callbacks.History,
    monitor: str = "val_loss",
    mode: Literal["min", "max"] | None = None,
) -> int:
    """The epoch, counted from 1, with the best value; one without a finite value is never best.

    Parameters
    ----------
    history
        What ``model.fit`` returned.
    monitor
        The name of its values, ``"val_accuracy"``.
    mode
        ``"min"`` or ``"max"``; None goes by the name: a loss or an error is best where it is
        lowest, an accuracy or AUC where it is highest.

    Raises
    ------
    ValueError
        If the history has no values of that name, none is finite, or the name does not tell
        whether low or high ones are good.

    Examples
    --------
    >>> history = keras.callbacks.History()
    >>> history.history = {"val_loss": [0.5, 0.3, 0.4, float("nan")]}
    >>> best_epoch(history)
    2
    """
    values = history.history.get(monitor)
    if not values:
        raise ValueError(f"The history has no {monitor!r}; it has {', '.join(history.history)}.")
    return best(values, mode, monitor) + 1


def over_seeds(
    train: Callable[[], Mapping[str, float]], seeds: Iterable[int], progress: bool | None = None
) -> pd.DataFrame:
    """Run an experiment once a seed: is its result a fact, or one draw from many?

    While it runs there is one progress bar, its own: whatever ``verbose`` says, ``fit`` shows none.

    Parameters
    ----------
    train
        Builds, fits and evaluates a fresh model; returns named numbers, the same names each time.
    seeds
        The seeds: Python's, NumPy's and Keras's generators are set to each in turn.
    progress
        Show a progress bar; None: where a person watches.

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
    if progress is None:
        progress = any(name in os.environ for name in PERSON_VARIABLES)
    shown = keras.config.is_interactive_logging_enabled()
    try:
        for seed in tqdm(list(seeds), disable=not progress, leave=False):
            keras.backend.clear_session()  # which turns the trainings' own bars on again
            keras.config.disable_interactive_logging()
            keras.utils.set_random_seed(seed)
            results[seed] = dict(train())
    finally:
        if shown:
            keras.config.enable_interactive_logging()
    keras.utils.set_random_seed(afterwards)
    return pd.DataFrame.from_dict(results, orient="index").rename_axis("seed")
