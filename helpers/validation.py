"""Figures about validation: who trains and who validates, the error by epoch, pairs."""

from __future__ import annotations

from collections.abc import Sequence

from helpers import plots
from helpers.folds import Split

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

SHADES = ("white", "#CFE3F1", plots.COLOURS[1])  # left out, training, validation


def division(splits: Sequence[Split], n: int, title: str) -> None:
    """Draw a row a split: which of n samples train and which validate.

    Parameters
    ----------
    splits
        Indices of training and of validation samples; what is in neither stays white.
    n
        The number of samples.
    title
        The message of the figure.
    """
    roles = np.zeros((len(splits), n))
    for row, split in zip(roles, splits, strict=True):
        row[split.train], row[split.validation] = 1, 2
    figure, axis = plt.subplots(figsize=(7.4, 1.4 + 0.28 * len(splits)))
    edges = np.arange(len(splits) + 1) + 0.5
    axis.pcolormesh(np.arange(n + 1), edges, roles, cmap=ListedColormap(SHADES), vmin=0, vmax=2)
    axis.hlines(edges, 0, n, color="white", lw=3)
    axis.set(title=title, xlabel="sample", ylabel="split", ylim=edges[[-1, 0]])
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(visible=False)
    patches = [Patch(color=SHADES[1], label="trains"), Patch(color=SHADES[2], label="validates")]
    axis.legend(handles=patches, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    sizes = "; ".join(f"{len(split.train)} and {len(split.validation)}" for split in splits[:4])
    show = f"{len(splits)} rows of {n} samples; training and validation samples of the first: "
    plots.show(figure, f"{title}. {show}{sizes}.")


def error_curves(errors: pd.DataFrame, title: str, ylabel: str) -> None:
    """Draw the mean over the columns by epoch, its lowest point marked, and each column thin.

    Parameters
    ----------
    errors
        A row an epoch (the index), a column a fold, as from
        :func:`helpers.fold_axis.cross_validate`.
    title
        The message of the figure.
    ylabel
        What the error is, with its unit.
    """
    mean = errors.mean(axis=1)
    figure, axis = plt.subplots()
    if errors.shape[1] > 1:
        axis.plot(errors.index, errors, color="#9A9A9A", lw=0.6)
        axis.plot([], [], color="#9A9A9A", lw=0.6, label="one fold")
    axis.plot(mean.index, mean, color=plots.COLOURS[0], label="mean")
    axis.plot(mean.idxmin(), mean.min(), "o", color=plots.COLOURS[0])
    axis.set(title=title, xlabel="epoch", ylabel=ylabel)
    if errors.shape[1] > 1:
        axis.legend()
    plots.show(
        figure,
        f"{title}. {ylabel}, mean of {errors.shape[1]}: {mean.iloc[0]:.3g} in epoch "
        f"{mean.index[0]}, lowest at {mean.min():.3g} in epoch {mean.idxmin()}, and "
        f"{mean.iloc[-1]:.3g} in epoch {mean.index[-1]}.",
    )


def dots(
    x: ArrayLike, y: ArrayLike, title: str, xlabel: str, ylabel: str, diagonal: bool = False
) -> None:
    """Draw pairs of numbers as dots.

    Parameters
    ----------
    x, y
        Shape (n,) or (n, 1).
    title
        The message of the figure.
    xlabel, ylabel
        What the numbers are, with their unit.
    diagonal
        Draw the line on which both are equal, for numbers in one unit.

    Raises
    ------
    ValueError
        If there are no numbers, or not as many across as up.
    """
    x, y = np.ravel(x), np.ravel(y)
    if len(x) != len(y) or not len(x):
        raise ValueError(f"{len(x)} numbers across and {len(y)} up make no pairs.")
    figure, axis = plt.subplots(figsize=(4.6, 4.4) if diagonal else None)
    axis.plot(x, y, "o", ms=4, alpha=0.5, color=plots.COLOURS[0])
    alt = (
        f"{title}. {len(x)} dots: {xlabel}, {x.min():.3g} to {x.max():.3g}, across; {ylabel}, "
        f"{y.min():.3g} to {y.max():.3g}, up"
    )
    if diagonal:
        both = np.concatenate([x, y])
        axis.axline((both.min(),) * 2, (both.max(),) * 2, color="black", ls=":", lw=1.2)
        axis.set(aspect="equal")
        alt += f"; {np.mean(y > x):.0%} lie above the line of equal values"
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    plots.show(figure, f"{alt}.")
