"""Validation: who trains and who validates."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.folds import Split
from helpers.plots.style import COLOURS, show
from helpers.record import say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

__all__ = ["division"]

_SHADES = ("white", "#CFE3F1", COLOURS[1])  # left out, training, validation


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
    figure, axis = plt.subplots(figsize=(7.4, 1.4 + 0.28 * len(splits)))
    _draw_roles(axis, splits, n)
    axis.set(title=title, xlabel=say("sample"), ylabel=say("split"))
    labels = say("trains"), say("validates")
    patches = [
        Patch(color=shade, label=label) for shade, label in zip(_SHADES[1:], labels, strict=True)
    ]
    axis.legend(handles=patches, loc="upper left", bbox_to_anchor=(1, 1))
    sizes = [
        say("{train} and {validation}", train=len(split.train), validation=len(split.validation))
        for split in splits[:4]
    ]
    alt = say(
        "{title}. {rows} rows of {samples} samples; training and validation samples of the first: "
        "{sizes}.",
        title=title,
        rows=len(splits),
        samples=n,
        sizes="; ".join(sizes),
    )
    show(figure, alt)


def _draw_roles(axis: Axes, splits: Sequence[Split], n: int) -> None:
    roles = np.zeros((len(splits), n))
    for row, split in zip(roles, splits, strict=True):
        row[split.train], row[split.validation] = 1, 2
    edges = np.arange(len(splits) + 1) + 0.5
    axis.pcolormesh(np.arange(n + 1), edges, roles, cmap=ListedColormap(_SHADES), vmin=0, vmax=2)
    axis.hlines(edges, 0, n, color="white", lw=3)
    axis.set(ylim=edges[[-1, 0]])
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(visible=False)
