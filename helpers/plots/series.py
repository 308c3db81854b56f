"""Figures of a series: what happened, what was forecast, and where the known part ends."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.dates import ConciseDateFormatter


def forecasts(
    actual: pd.Series,
    forecast: Mapping[str, pd.Series],
    title: str,
    ylabel: str,
    test_from: object = None,
) -> None:
    """Draw a series, forecasts over it, and the border between training and test part.

    Parameters
    ----------
    actual
        The series; its index may hold numbers, dates or periods.
    forecast
        Forecasts by name, each with the index of the times *for* which it was made; may be empty.
    title
        The message of the figure.
    ylabel
        What the series is, with its unit.
    test_from
        The first index of the test part; None draws no border.

    Raises
    ------
    ValueError
        If a forecast is for a time that the series does not have, or `test_from` is none of them.
    """
    for name, values in forecast.items():
        foreign = values.index.difference(actual.index)
        if len(foreign):
            raise ValueError(
                f"{name!r} forecasts for {foreign[0]}, which the series does not have; give each "
                "forecast the index of the times for which it was made."
            )
    if test_from is not None and test_from not in actual.index:
        raise ValueError(
            f"The test part is said to begin at {test_from}, but the series runs from "
            f"{actual.index[0]} to {actual.index[-1]}."
        )
    figure, axis = plt.subplots(figsize=(7.4, 3.8))
    axis.plot(_times(actual.index), actual, color="#555555", lw=1.2, label="actual")
    alts = []
    styles = zip(COLOURS, cycle(("-", "--", ":")), strict=False)
    for (name, values), (colour, line) in zip(forecast.items(), styles, strict=False):
        values = values.reindex(actual.index)  # a gap in a forecast stays a gap
        axis.plot(_times(values.index), values, line, color=colour, lw=1.6, label=name)
        error = np.sqrt(((values - actual) ** 2).mean())
        alts.append(f"{name}: {values.count()} forecasts, root-mean-square error {error:.4g}.")
    if test_from is not None:
        border = _times(actual.index)[actual.index.get_loc(test_from)]
        axis.axvline(border, color="black", lw=1)
        for text, side in (("training ", "right"), (" test", "left")):
            axis.text(
                border, 0.02, text, ha=side, va="bottom", transform=axis.get_xaxis_transform()
            )
        alts.append(f"The test part begins at {test_from}.")
    axis.set(title=title, ylabel=ylabel, xlabel=actual.index.name or "time")
    _write_dates_once(axis, actual.index)
    axis.legend(loc="upper left")
    ends = f"{actual.index[0]} to {actual.index[-1]}, {actual.min():.4g} to {actual.max():.4g}"
    show(figure, " ".join([f"{title}. {ylabel}, {ends}.", *alts]))


def parts(actual: pd.Series, cut: Mapping[str, slice], title: str, ylabel: str) -> None:
    """Draw a series in parts, each in a colour and with a name: training, validation, test.

    Parameters
    ----------
    actual
        The series.
    cut
        The rows of each part by its name.
    title
        The message of the figure.
    ylabel
        What the series is, with its unit.

    Raises
    ------
    ValueError
        If a part has no rows.
    """
    empty = [name for name, rows in cut.items() if actual.iloc[rows].empty]
    if empty:
        raise ValueError(f"The part {empty[0]!r} has no rows; the series has {len(actual)}.")
    figure, axis = plt.subplots(figsize=(7.4, 3.4))
    alts = []
    for (name, rows), colour in zip(cut.items(), cycle(COLOURS), strict=False):
        part = actual.iloc[rows]
        axis.plot(_times(part.index), part, color=colour, lw=0.7)
        axis.text(
            _times(part.index)[len(part) // 2],
            1.01,
            name,
            color=colour,
            ha="center",
            transform=axis.get_xaxis_transform(),
        )
        alts.append(
            f"{name}: {part.index[0]} to {part.index[-1]}, mean {part.mean():.3g}, from "
            f"{part.min():.3g} to {part.max():.3g}."
        )
    axis.set(ylabel=ylabel, xlabel=actual.index.name or "time")
    _write_dates_once(axis, actual.index)
    axis.set_title(title, pad=18)
    show(figure, f"{title}. {ylabel}. {' '.join(alts)}")


def _times(index: pd.Index) -> pd.Index:
    """What Matplotlib can place: periods as the dates on which they begin."""
    return index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index


def _write_dates_once(axis: plt.Axes, index: pd.Index) -> None:
    """Days or hours along the axis, and what they have in common at its end: labels stay short."""
    if isinstance(index, pd.DatetimeIndex):
        axis.xaxis.set_major_formatter(ConciseDateFormatter(axis.xaxis.get_major_locator()))
