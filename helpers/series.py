"""Forecasting: windows of a series, the simple forecasts to beat, and testing as time goes on.

A *window* is what a model sees, a *target* the later value that it has to tell. All forecasts here
take windows in the order of time and return one number for each. The simplest one, *persistence*,
needs no function: ``x[:, -1]``, the last value of each window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from helpers.arguments import whole

import numpy as np
import tensorflow as tf
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import TimeSeriesSplit

__all__ = ["Windows", "batches", "linear", "seasonal_naive", "walk_forward", "windows"]

_Forecast = Callable[[np.ndarray, np.ndarray, np.ndarray], ArrayLike]


class Windows(NamedTuple):
    """Windows in the order of time, and the value that follows each."""

    x: np.ndarray
    y: np.ndarray


def windows(
    series: ArrayLike, sequence_length: int, sampling_rate: int = 1, ahead: int = 1
) -> Windows:
    """Cut a series into all its windows, each with its target.

    Parameters
    ----------
    series
        Shape ``(n,)``, or ``(n, features)``; in the order of time, no value missing.
    sequence_length
        Values in a window.
    sampling_rate
        Take every so many-th row of the series into the window.
    ahead
        Rows from the last value of a window to its target, at least 1.

    Returns
    -------
    Windows
        ``x`` of shape ``(m, sequence_length)`` or ``(m, sequence_length, features)``, ``y`` of
        shape ``(m,)`` or ``(m, features)``, where
        m = n - (sequence_length - 1) * sampling_rate - ahead. Both are read-only views of the
        series, which cost no memory; what picks rows from them makes a copy.

    Raises
    ------
    ValueError
        If the series is too short for one window, misses a value or has another shape, or a number
        is below 1.

    Notes
    -----
    Source: listing L18.4 (G§16.7), which drops the last pair. The names are those of
    ``keras.utils.timeseries_dataset_from_array``, which makes batches of the same windows. The
    generator of L19.5 (B6.33) is ``windows(series, 240, sampling_rate=6, ahead=150)``: its windows
    end 6 rows before the row from which it counts 144 (E86).

    Examples
    --------
    >>> x, y = windows([10, 20, 30, 40, 50], sequence_length=3)
    >>> x.tolist(), y.tolist()
    ([[10, 20, 30], [20, 30, 40]], [40, 50])
    """
    whole("sequence_length", sequence_length)
    whole("sampling_rate", sampling_rate)
    whole("ahead", ahead)
    series = _complete(series)
    span = (sequence_length - 1) * sampling_rate + 1
    if len(series) < span + ahead:
        raise ValueError(
            f"The series has {len(series)} values; one window and its target reach over "
            f"{span + ahead}. Give a longer series or shorter windows."
        )
    # The view puts the time in a window last; a model wants it before the features.
    x = np.moveaxis(sliding_window_view(series, span, axis=0), -1, 1)[:-ahead, ::sampling_rate]
    y = series[span - 1 + ahead :]
    y.flags.writeable = False
    return Windows(x, y)


def batches(
    x: np.ndarray, y: np.ndarray, batch_size: int, steps: int | None = None, seed: int = 0
) -> tf.data.Dataset:
    """Batches of windows, copied out of the series only when it is their turn.

    Parameters
    ----------
    x, y
        Windows and their targets, as from :func:`windows`.
    batch_size
        Windows in a batch.
    steps
        None: all windows, in the order of time; the last batch may have fewer. A number: in each
        pass so many batches of windows drawn at random, as the generator of L19.5 (B6.33) draws
        them.
    seed
        Where the drawing begins; each pass goes on from the one before it.

    Returns
    -------
    tf.data.Dataset
        Pairs of windows and targets. Where all batches are full, their size is part of the
        dataset's type: with a size that is known, the gradient of a recurrent layer is a fifth
        faster, since it need not ask for it at each step in time.

    Raises
    ------
    ValueError
        If there are no windows, not as many targets, or a number is below 1.
    """
    if not len(x) or len(x) != len(y):
        raise ValueError(f"There are {len(x)} windows and {len(y)} targets; give as many.")
    whole("batch_size", batch_size)
    if steps is not None:
        whole("steps", steps)
    generator = np.random.default_rng(seed)

    def one_pass() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        chosen: Iterable[slice | np.ndarray]
        if steps is None:
            chosen = (slice(start, start + batch_size) for start in range(0, len(x), batch_size))
        else:
            chosen = generator.integers(len(x), size=(steps, batch_size))
        for rows in chosen:
            yield x[rows], y[rows]

    size = batch_size if steps or len(x) % batch_size == 0 else None
    types = tuple(tf.TensorSpec((size, *part.shape[1:]), part.dtype) for part in (x, y))
    data = tf.data.Dataset.from_generator(one_pass, output_signature=types)
    length = steps or -(-len(x) // batch_size)
    return data.apply(tf.data.experimental.assert_cardinality(length)).prefetch(2)


def _complete(series: ArrayLike) -> np.ndarray:
    """A view of the series as an array, or an error that says what is wrong with it."""
    array = np.asarray(series)
    if array.ndim not in (1, 2) or array.dtype.kind not in "iuf":
        raise ValueError(
            f"The series has shape {array.shape} and dtype {array.dtype}; give numbers of shape "
            "(n,) or (n, features)."
        )
    missing = np.isnan(array) if array.ndim == 1 else np.isnan(array).any(axis=1)
    if missing.any():
        raise ValueError(
            f"The series misses values in {missing.sum()} of {len(array)} rows, the first of them "
            f"row {missing.argmax()}; fill them, or cut the series there."
        )
    return array.view()


def seasonal_naive(x: ArrayLike, period: int, ahead: int = 1) -> np.ndarray:
    """Forecast that each season repeats: the value one period before the target.

    Parameters
    ----------
    x
        Windows with every row of the series, shape ``(m, sequence_length)`` or
        ``(m, sequence_length, features)``.
    period
        Rows in a season.
    ahead
        Rows from the last value of a window to its target, as in :func:`windows`.

    Raises
    ------
    ValueError
        If that value is not in the window, or a number is below 1.

    Notes
    -----
    Source: figure F18.4.

    Examples
    --------
    >>> x, y = windows([1, 5, 2, 1, 5, 2, 1], sequence_length=4)
    >>> seasonal_naive(x, period=3).tolist(), y.tolist()
    ([5, 2, 1], [5, 2, 1])
    """
    whole("period", period)
    whole("ahead", ahead)
    x = np.asarray(x)
    back = period - ahead  # rows from the end of the window
    if not 0 <= back < x.shape[1]:
        raise ValueError(
            f"A window has {x.shape[1]} values and its target lies {ahead} ahead, so the value "
            f"{period} before the target is not in it; give windows of at least {back + 1}."
            if back >= 0
            else f"A period of {period} is over before a target that lies {ahead} ahead; give a "
            "period of at least that."
        )
    return x[:, x.shape[1] - 1 - back]


def linear(x_train: ArrayLike, y_train: ArrayLike, x: ArrayLike) -> np.ndarray:
    """Forecast by a weight for each value of a window and a constant: least squares.

    Parameters
    ----------
    x_train, y_train
        Windows and targets to fit, shapes ``(m, sequence_length)`` or
        ``(m, sequence_length, features)``, and ``(m,)``.
    x
        Windows to forecast from.

    Returns
    -------
    numpy.ndarray
        One number a window of `x`.
    """
    seen, now = (part.reshape(len(part), -1) for part in map(np.asarray, (x_train, x)))
    return LinearRegression().fit(seen, y_train).predict(now)


def walk_forward(
    forecast: _Forecast, x: ArrayLike, y: ArrayLike, folds: int, test_size: int, ahead: int = 1
) -> np.ndarray:
    """Test a forecast as it would be used: learn from the past, forecast, move on, learn again.

    The last ``folds * test_size`` windows are forecast, `test_size` at a time, each time by a model
    that has learned from all windows whose targets were known by then.

    Parameters
    ----------
    forecast
        ``forecast(x_train, y_train, x_test)`` returns a number for each window of ``x_test``.
    x, y
        All windows and targets in the order of time, as from :func:`windows`.
    folds
        How often to learn.
    test_size
        Windows to forecast after each learning.
    ahead
        As in :func:`windows`: the last ``ahead - 1`` targets before a fold are not known yet.

    Returns
    -------
    numpy.ndarray
        Forecasts of ``y[-folds * test_size:]``.

    Raises
    ------
    ValueError
        If there are too few windows, a number is below 1, or `forecast` returns another number of
        values.

    Notes
    -----
    The division is :class:`sklearn.model_selection.TimeSeriesSplit`.
    """
    whole("test_size", test_size)
    whole("ahead", ahead)
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y):
        raise ValueError(f"There are {len(x)} windows but {len(y)} targets; give as many.")
    splits = TimeSeriesSplit(folds, test_size=test_size, gap=ahead - 1).split(x)
    forecasts = []
    for train, test in splits:
        values = np.ravel(forecast(x[train], y[train], x[test]))
        if len(values) != len(test):
            raise ValueError(
                f"The forecast has {len(values)} values for {len(test)} windows; return one each."
            )
        forecasts.append(values)
    return np.concatenate(forecasts)
