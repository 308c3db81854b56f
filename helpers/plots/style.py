"""The hand that draws the course's figures: colours, line styles, and how one is shown."""

from __future__ import annotations

import base64
import html
import io
import re
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

# Okabe and Ito's palette: told apart with every kind of colour vision, and in greyscale.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

STYLES = {"training": "--", "validation": "-"}

_MARKERS = "os^Dvp*X"
_LINES = ("-", ":", "-.")  # dashed is kept for training
_LOW = {
    "loss",
    "error",
    "mae",
    "mse",
    "rmse",
    "mape",
    "msle",
    "crossentropy",
    "entropy",
    "perplexity",
    "cost",
}
_HIGH = {"accuracy", "acc", "auc", "precision", "recall", "f1"}


def set_style() -> None:
    """Set the course's style, from Matplotlib's own defaults, whatever a matplotlibrc says.

    The backend, and what else is no style, stays as it is.
    """
    plt.style.use("default")
    plt.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.figsize": (6.4, 3.6),
            "figure.constrained_layout.use": True,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.titlesize": "medium",
            "axes.titlelocation": "left",
            "figure.titlesize": "medium",
            "grid.color": "#DDDDDD",
            "grid.linewidth": 0.6,
            "axes.axisbelow": True,
            "image.cmap": "gray",
            "legend.frameon": False,
            "lines.linewidth": 1.8,
        }
    )


def looks(n: int) -> list[tuple[str, str, str]]:
    """A colour, a marker and a line style for each of `n` series, so that none is left out.

    Parameters
    ----------
    n
        Number of series. The first 7 differ in their colours, the first 168 in the three together.

    Examples
    --------
    >>> looks(2)
    [('#0072B2', 'o', '-'), ('#D55E00', 's', '-')]
    """
    colours = len(COLOURS)
    return [
        (COLOURS[i % colours], _MARKERS[i % len(_MARKERS)], _LINES[i // colours % len(_LINES)])
        for i in range(n)
    ]


def best(values: ArrayLike, mode: Literal["min", "max"] | None = None, name: str = "") -> int:
    """Where the best of some numbers stands, counted from 0; NaN and infinity are never best.

    Parameters
    ----------
    values
        Numbers, shape (n,), for example an error by epoch.
    mode
        ``"min"`` if low numbers are good, ``"max"`` if high ones are; None asks `name`.
    name
        What the numbers are: a loss or an error is good where it is low, an accuracy, AUC,
        precision or recall where it is high. ``val_`` before it does not matter.

    Raises
    ------
    ValueError
        If neither `mode` nor `name` tells which numbers are good, or no value is a finite number.

    Examples
    --------
    >>> best([0.5, 0.3, float("nan")], name="val_loss"), best([0.5, 0.9, 0.7], name="val_auc")
    (1, 1)
    """
    numbers = np.asarray(values, dtype=float).ravel()
    finite = np.isfinite(numbers)
    if not finite.any():
        raise ValueError(
            f"None of the {len(numbers)} values{f' of {name!r}' if name else ''} is a finite "
            "number, so none is the best; did the training diverge, or has it not begun?"
        )
    find = np.nanargmin if direction(mode, name) == "min" else np.nanargmax
    return int(find(np.where(finite, numbers, np.nan)))


def direction(mode: Literal["min", "max"] | None, name: str) -> Literal["min", "max"]:
    """Whether low numbers are good, ``"min"``, or high ones, ``"max"``; as for :func:`best`."""
    if mode is not None:
        if mode not in ("min", "max"):
            raise ValueError(f"mode={mode!r} was given; give 'min', 'max', or None to go by name.")
        return mode
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    low, high = bool(words & _LOW), bool(words & _HIGH)
    if low == high:
        raise ValueError(
            f"Whether low or high values of {name!r} are good cannot be told from the name: "
            "give mode='min' or mode='max'."
        )
    return "min" if low else "max"


def show(figure: Figure, alt: str) -> None:
    """Show a figure with its alternative text, then close it.

    Parameters
    ----------
    figure
        Any Matplotlib figure.
    alt
        What a reader who does not see the figure needs: its message and the numbers that carry it.

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    if not alt.strip():
        raise ValueError("The figure has no alternative text; say in a sentence what it shows.")
    show_picture(_png(figure), alt)
    plt.close(figure)


def show_picture(data: bytes, alt: str, kind: str = "image/png") -> None:
    """Show an encoded picture with its alternative text, where every editor's readers find it.

    JupyterLab, Notebook, VS Code and Colab give a picture no ``alt``. So the text stands below it,
    folded, too; the report, the slides and the site put it into the picture and drop the fold.

    Parameters
    ----------
    data
        A PNG or JPEG file.
    alt
        As for :func:`show`.
    kind
        The MIME type of `data`.
    """
    encoded = base64.b64encode(data).decode()
    display({kind: encoded, "text/plain": alt}, metadata={kind: {"alt": alt}}, raw=True)
    folded = f"<details><summary>In words</summary>{html.escape(alt)}</details>"
    display({"text/html": folded, "text/plain": alt}, raw=True)


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return file.getvalue()
