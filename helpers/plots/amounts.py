"""Amounts: bars, histograms, dots over seeds, a confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.plots.style import COLOURS, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike
from sklearn.metrics import ConfusionMatrixDisplay


def bars(values: Mapping[str, float], title: str, xlabel: str, log: bool = False) -> None:
    """Draw a bar a name, from the left, its value written at the end.

    Parameters
    ----------
    values
        Numbers by name.
    title
        The message of the figure.
    xlabel
        What the numbers are, with their unit.
    log
        Draw on a logarithmic scale.
    """
    figure, axis = plt.subplots(figsize=(7.0, 1.1 + 0.38 * len(values)))
    drawn = axis.barh(list(values), list(values.values()), color=COLOURS[0], log=log)
    axis.bar_label(drawn, fmt=number, padding=3)
    axis.margins(x=0.15)
    axis.invert_yaxis()
    axis.set(title=title, xlabel=xlabel)
    axis.grid(visible=False, axis="y")
    listed = "; ".join(
        say("{name}: {value}", name=name, value=number(value)) for name, value in values.items()
    )
    show(figure, say("{title}. {bars} ({xlabel}).", title=title, bars=listed, xlabel=xlabel))


def histogram(values: ArrayLike, title: str, xlabel: str, bins: int | Sequence[float] = 50) -> None:
    """Draw how often values occur.

    Parameters
    ----------
    values
        Numbers, any shape.
    title
        The message of the figure.
    xlabel
        What the numbers are, with their unit.
    bins
        Their number, or their edges.
    """
    numbers = np.ravel(values)
    figure, axis = plt.subplots()
    axis.hist(numbers, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.3)
    axis.set(title=title, xlabel=xlabel, ylabel=say("count"))
    facts = {
        "title": title,
        "count": number(numbers.size),
        "quartiles": number(np.percentile(numbers, (0, 25, 50, 75, 100)).tolist()),
    }
    show(
        figure,
        say("{title}. Histogram of {count} values; minimum and quartiles {quartiles}.", **facts),
    )


def spread(
    results: Mapping[str, ArrayLike],
    title: str,
    xlabel: str,
    published: float | None = None,
    dot: str = "seed",
    log: bool = False,
) -> None:
    """Draw a row of dots a setting, one dot a seed, and a bar at the mean.

    Parameters
    ----------
    results
        Numbers by the name of the setting; a pandas DataFrame with a column a setting will do.
    title
        The message of the figure.
    xlabel
        What the numbers are.
    published
        The lecture's number, drawn as a dotted line.
    dot
        What a dot stands for, if not for a seed.
    log
        Draw on a logarithmic scale.
    """
    names = list(results)
    figure, axis = plt.subplots(figsize=(7.4, 1.3 + 0.42 * len(names)))
    told = [
        say("{name}: mean {mean}, {low} to {high}.", **facts)
        for facts in _draw_spread(axis, results)
    ]
    if published is not None:
        label = say("published, {value}", value=number(published))
        axis.axvline(published, color="black", linestyle=":", label=label)
        axis.legend(loc="lower right", bbox_to_anchor=(1, 1))
        told.append(say("Published: {value}.", value=number(published)))
    axis.set(xlabel=xlabel, title=title, xscale="log" if log else "linear")
    facts = {"title": title, "dot": say(dot), "rows": " ".join(told)}
    show(figure, say("{title}. One dot a {dot}, a bar at the mean. {rows}", **facts))


def _draw_spread(axis: Axes, results: Mapping[str, ArrayLike]) -> list[dict[str, str]]:
    """Draw a row of dots a name and a bar at their mean; return each row's facts."""
    names, facts = list(results), []
    for row, name in enumerate(names):
        values = np.asarray(results[name], dtype=float)
        axis.plot(values, np.full(len(values), row), "o", color=COLOURS[0], alpha=0.6)
        axis.plot(values.mean(), row, "|", color=COLOURS[1], markersize=20, markeredgewidth=3)
        told = {"mean": values.mean(), "low": values.min(), "high": values.max()}
        facts.append({"name": name} | {key: number(value) for key, value in told.items()})
    axis.set(yticks=range(len(names)), yticklabels=names)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.grid(visible=False, axis="y")
    return facts


def confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, title: str, labels: Sequence[str] | None = None
) -> None:
    """Draw how often each true class was predicted as each class; the counts are written in.

    Parameters
    ----------
    y_true, y_pred
        Class numbers, shape (n,).
    title
        The message of the figure.
    labels
        Names of all classes in order, whether they occur or not; if None, the numbers that occur.

    Raises
    ------
    ValueError
        If there are names and a class number without one, or no prediction at all.
    """
    figure, axis = plt.subplots(figsize=(6.4, 5.4))
    try:
        facts = _draw_confusion(axis, y_true, y_pred, labels)
    except ValueError:
        plt.close(figure)
        raise
    axis.set(title=title, xlabel=say("predicted"), ylabel=say("true"))
    if facts["mistakes"]:
        mistake = say(
            "the most frequent mistake takes {true} for {predicted}, {mistakes} times", **facts
        )
    else:
        mistake = say("there is no mistake")
    facts |= {"title": title, "mistake": mistake}
    show(
        figure,
        say(
            "{title}. Confusion matrix of {classes} classes, {right} of {count} right; {mistake}.",
            **facts,
        ),
    )


def _draw_confusion(
    axis: Axes, y_true: ArrayLike, y_pred: ArrayLike, labels: Sequence[str] | None
) -> dict[str, Any]:
    """Draw the matrix; return how many are right, and the most frequent mistake."""
    occurring = np.unique([np.ravel(y_true), np.ravel(y_pred)])
    classes = occurring if labels is None else np.arange(len(labels))
    if not occurring.size or not np.isin(occurring, classes).all():
        raise ValueError(
            f"The class numbers {number(occurring.tolist()) or '(none)'} were given and "
            f"{len(classes)} names; give at least one prediction, and a name for each class from "
            "0 on."
        )
    drawn = ConfusionMatrixDisplay.from_predictions(
        y_true,
        y_pred,
        labels=classes,
        display_labels=labels,
        xticks_rotation=45 if labels else "horizontal",
        values_format="d",
        ax=axis,
        cmap="Blues",
        colorbar=False,
    )
    axis.grid(visible=False)
    matrix = drawn.confusion_matrix
    wrong = matrix - np.diag(np.diag(matrix))
    true, predicted = np.unravel_index(wrong.argmax(), wrong.shape)
    names = list(classes) if labels is None else list(labels)
    return {
        "classes": len(names),
        "right": number(np.trace(matrix)),
        "count": number(matrix.sum()),
        "true": names[true],
        "predicted": names[predicted],
        "mistakes": int(wrong.max()),
    }
