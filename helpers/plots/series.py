"""Figures of a series: what happened, what was forecast, and where the known part ends."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import Any

from helpers.plots.style import looks, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter

__all__ = ["forecasts", "parts"]

_Facts = dict[str, Any]

# Forecasts may cover each other, so neighbours differ in more than colour; dashed is training.
_LINES = ("-", ":", "-.")


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
    errors = _draw_forecasts(axis, actual, forecast)
    if test_from is not None:
        _draw_border(axis, _times(actual.index)[actual.index.get_loc(test_from)])
    axis.set(title=title, ylabel=ylabel, xlabel=actual.index.name or say("time"))
    _write_dates_once(axis, actual.index)
    if forecast:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    alts = [
        say(
            "{title}. {ylabel}, {start} to {end}, {low} to {high}.",
            title=title,
            ylabel=ylabel,
            **_ends(actual),
        )
    ]
    phrase = "{name}: {count} forecasts, root-mean-square error {error}."
    alts += [say(phrase, name=name, **facts) for name, facts in errors.items()]
    if test_from is not None:
        alts.append(say("The test part begins at {test_from}.", test_from=test_from))
    show(figure, " ".join(alts))


def _draw_forecasts(
    axis: Axes, actual: pd.Series, forecast: Mapping[str, pd.Series]
) -> dict[str, _Facts]:
    """Draw a series and forecasts over it; return how many of each there are and their error."""
    axis.plot(_times(actual.index), actual, color="#555555", lw=1.2, label=say("actual"))
    facts = {}
    for (name, values), (colour, _, _), line in zip(
        forecast.items(), looks(len(forecast)), cycle(_LINES), strict=False
    ):
        values = values.reindex(actual.index)  # a gap in a forecast stays a gap
        axis.plot(_times(values.index), values, line, color=colour, lw=1.6, label=name)
        error = np.sqrt(((values - actual) ** 2).mean())
        facts[name] = {"count": number(values.count()), "error": number(error)}
    return facts


def _draw_border(axis: Axes, border: Any) -> None:
    """Mark where the training part ends and the test part begins."""
    axis.axvline(border, color="black", lw=1)
    place = axis.get_xaxis_transform()
    for text, side in ((f"{say('training')} ", "right"), (f" {say('test')}", "left")):
        axis.text(border, 0.02, text, ha=side, va="bottom", transform=place)


def _ends(part: pd.Series) -> _Facts:
    """Where a series begins and ends, its mean, its lowest and highest number."""
    return {
        "start": part.index[0],
        "end": part.index[-1],
        "mean": number(part.mean()),
        "low": number(part.min()),
        "high": number(part.max()),
    }


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
    facts = _draw_parts(axis, actual, cut)
    axis.set(ylabel=ylabel, xlabel=actual.index.name or say("time"))
    _write_dates_once(axis, actual.index)
    axis.set_title(title, pad=18)
    phrase = "{name}: {start} to {end}, mean {mean}, from {low} to {high}."
    listed = " ".join(say(phrase, name=name, **fact) for name, fact in facts.items())
    show(figure, say("{title}. {ylabel}. {parts}", title=title, ylabel=ylabel, parts=listed))


def _draw_parts(axis: Axes, actual: pd.Series, cut: Mapping[str, slice]) -> dict[str, _Facts]:
    facts = {}
    for (name, rows), (colour, _, line) in zip(cut.items(), looks(len(cut)), strict=True):
        part = actual.iloc[rows]
        times = _times(part.index)
        axis.plot(times, part, line, color=colour, lw=0.7)
        place: dict[str, Any] = {"ha": "center", "transform": axis.get_xaxis_transform()}
        axis.text(times[len(part) // 2], 1.01, name, color=colour, **place)
        facts[name] = _ends(part)
    return facts


def _times(index: pd.Index) -> pd.Index:
    """What Matplotlib can place: periods as the dates on which they begin."""
    return index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index


def _write_dates_once(axis: Axes, index: pd.Index) -> None:
    """Days or hours along the axis, and what they have in common at its end: labels stay short."""
    if isinstance(index, pd.DatetimeIndex):
        axis.xaxis.set_major_formatter(ConciseDateFormatter(axis.xaxis.get_major_locator()))
