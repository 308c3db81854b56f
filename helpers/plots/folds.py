"""Validation: who trains and who validates."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.folds import Split
from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

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
    roles = np.zeros((len(splits), n))
    for row, split in zip(roles, splits, strict=True):
        row[split.train], row[split.validation] = 1, 2
    figure, axis = plt.subplots(figsize=(7.4, 1.4 + 0.28 * len(splits)))
    edges = np.arange(len(splits) + 1) + 0.5
    axis.pcolormesh(np.arange(n + 1), edges, roles, cmap=ListedColormap(_SHADES), vmin=0, vmax=2)
    axis.hlines(edges, 0, n, color="white", lw=3)
    axis.set(title=title, xlabel="sample", ylabel="split", ylim=edges[[-1, 0]])
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(visible=False)
    patches = [Patch(color=_SHADES[1], label="trains"), Patch(color=_SHADES[2], label="validates")]
    axis.legend(handles=patches, ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    sizes = "; ".join(f"{len(split.train)} and {len(split.validation)}" for split in splits[:4])
    sizes_of = f"{len(splits)} rows of {n} samples; training and validation samples of the first: "
    show(figure, f"{title}. {sizes_of}{sizes}.")
