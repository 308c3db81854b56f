"""Validation on few data: splits by index, scikit-learn's, and standardising without leakage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import KFold, RepeatedKFold, train_test_split


class Split(NamedTuple):
    """One division of a data set: indices of samples, or what was picked by them."""

    train: np.ndarray
    validation: np.ndarray


def hold_out(n: int, held_out: float, seed: int = 0) -> Split:
    """Shuffle n samples and hold some of them out.

    Parameters
    ----------
    n
        The number of samples.
    held_out
        How many to hold out, or, below 1, which share.
    seed
        Of the shuffle.

    Notes
    -----
    Source: listing L10.1 (B4.1), by :func:`sklearn.model_selection.train_test_split`.
    """
    return Split(*train_test_split(np.arange(n), test_size=held_out, random_state=seed))


def k_fold(n: int, folds: int = 4, repeats: int = 1, seed: int | None = None) -> list[Split]:
    """Divide n samples into folds, each of which validates once, the others training.

    Parameters
    ----------
    n
        The number of samples.
    folds
        K, at least 2; fold sizes differ by one at most.
    repeats
        P: divide again P times, each time after a new shuffle (*iterated* K-fold).
    seed
        Of the shuffles; with None the samples stay in their order.

    Returns
    -------
    list of Split
        P·K splits, index arrays in ascending order.

    Raises
    ------
    ValueError
        If `repeats` asks for shuffles and there is no seed, or the numbers do not go together.

    Notes
    -----
    Source: listings L09.4, L10.2 and L10.3 (B3.27, B4.2, B§4.2.1), by scikit-learn's ``KFold`` and
    ``RepeatedKFold``.
    """
    if seed is None:
        if repeats != 1:
            raise ValueError(
                f"{repeats} repeats without a shuffle would be one division {repeats} times: give "
                "a seed."
            )
        splitter = KFold(folds)
    else:
        splitter = RepeatedKFold(n_splits=folds, n_repeats=repeats, random_state=seed)
    return [Split(*indices) for indices in splitter.split(np.empty(n))]


def standardise(train: ArrayLike, *others: ArrayLike) -> tuple[np.ndarray, ...]:
    """Subtract the training mean and divide by the training deviation, everywhere.

    Parameters
    ----------
    train
        Shape ``(n, ...)``. Each feature, in each fold if there is a fold axis, has its own mean and
        deviation over the n samples; one that never varies becomes 0.
    others
        Validation and test data, shapes ``(m, ...)``: standardised by the numbers of `train`, since
        their own would tell the network about samples that it must not know.

    Returns
    -------
    tuple of numpy.ndarray
        As many arrays as were given, float32.

    Notes
    -----
    Source: listing L09.2 (B3.25). ``sklearn.preprocessing.StandardScaler`` does it for one fold.
    """
    mean, deviation = np.mean(train, axis=0), np.std(train, axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return tuple(((x - mean) / deviation).astype("float32") for x in (np.asarray(train), *others))
