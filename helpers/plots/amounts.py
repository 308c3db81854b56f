"""Amounts: bars, histograms, dots over seeds, a confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
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
    axis.bar_label(drawn, fmt=_number, padding=3)
    axis.margins(x=0.15)
    axis.invert_yaxis()
    axis.set(title=title, xlabel=xlabel)
    axis.grid(visible=False, axis="y")
    listed = "; ".join(f"{name}: {_number(value)}" for name, value in values.items())
    show(figure, f"{title}. {listed} ({xlabel}).")


def _number(value: float) -> str:
    """Whole numbers whole, others with four significant digits."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


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
    values = np.ravel(values)
    figure, axis = plt.subplots()
    axis.hist(values, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.3)
    axis.set(title=title, xlabel=xlabel, ylabel="count")
    quartiles = ", ".join(f"{q:.4g}" for q in np.percentile(values, (0, 25, 50, 75, 100)))
    show(
        figure, f"{title}. Histogram of {len(values):,} values; minimum and quartiles {quartiles}."
    )


def spread(
    results: Mapping[str, ArrayLike],
    title: str,
    xlabel: str,
    published: float | None = None,
    dot: str = "seed",
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
    """
    names = list(results)
    figure, axis = plt.subplots(figsize=(7.4, 1.3 + 0.42 * len(names)))
    alts = []
    for row, name in enumerate(names):
        values = np.asarray(results[name], dtype=float)
        axis.plot(values, np.full(len(values), row), "o", color=COLOURS[0], alpha=0.6)
        axis.plot(values.mean(), row, "|", color=COLOURS[1], markersize=20, markeredgewidth=3)
        alts.append(f"{name}: mean {values.mean():.4g}, {values.min():.4g} to {values.max():.4g}.")
    if published is not None:
        axis.axvline(published, color="black", linestyle=":", label=f"published, {published:g}")
        axis.legend(loc="lower right", bbox_to_anchor=(1, 1))
        alts.append(f"Published: {published:g}.")
    axis.set(yticks=range(len(names)), yticklabels=names, xlabel=xlabel, title=title)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.grid(visible=False, axis="y")
    show(figure, f"{title}. One dot a {dot}, a bar at the mean. {' '.join(alts)}")


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
        Names of the classes in order; class numbers if None.
    """
    figure, axis = plt.subplots(figsize=(6.4, 5.4))
    drawn = ConfusionMatrixDisplay.from_predictions(
        y_true,
        y_pred,
        display_labels=labels,
        xticks_rotation=45 if labels else "horizontal",
        ax=axis,
        cmap="Blues",
        colorbar=False,
    )
    axis.set(title=title, xlabel="predicted", ylabel="true")
    axis.grid(visible=False)
    counts = drawn.confusion_matrix - np.diag(np.diag(drawn.confusion_matrix))
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    names = drawn.display_labels
    show(
        figure,
        f"{title}. Confusion matrix of {len(names)} classes, "
        f"{np.trace(drawn.confusion_matrix):,} of {drawn.confusion_matrix.sum():,} right; the most "
        f"frequent mistake takes {names[true]} for {names[predicted]}, {counts.max()} times.",
    )
