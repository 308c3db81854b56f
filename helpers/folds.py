"""Validation on few data: splits by index, scikit-learn's, and standardising without leakage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import KFold, RepeatedKFold
from sklearn.preprocessing import StandardScaler

__all__ = ["Split", "k_fold", "standardise"]


class Split(NamedTuple):
    """One division of a data set: indices of samples, or what was picked by them."""

    train: np.ndarray
    validation: np.ndarray


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
    ``RepeatedKFold``. To hold samples out once, scikit-learn's ``train_test_split`` will do.

    Examples
    --------
    >>> for split in k_fold(6, folds=3):
    ...     print(split.train, split.validation)
    [2 3 4 5] [0 1]
    [0 1 4 5] [2 3]
    [0 1 2 3] [4 5]
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
    Source: listing L09.2 (B3.25), by :class:`sklearn.preprocessing.StandardScaler`, which also says
    what never varies: what differs by no more than rounding.

    Examples
    --------
    >>> train, test = standardise([[1.0, 5.0], [3.0, 5.0]], [[4.0, 6.0]])
    >>> train.tolist(), test.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[2.0, 1.0]])
    """
    arrays = [np.asarray(x, "float64") for x in (train, *others)]
    scaler = StandardScaler().fit(_flat(arrays[0]))
    return tuple(scaler.transform(_flat(x)).reshape(x.shape).astype("float32") for x in arrays)


def _flat(x: np.ndarray) -> np.ndarray:
    """All features, those of all folds too, side by side."""
    return x.reshape(len(x), -1)
