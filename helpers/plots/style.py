"""The hand that draws the course's figures: colours, line styles, and how one is shown."""

from __future__ import annotations

import base64
import html
import io

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every kind of colour vision, and in greyscale.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


STYLES = {"training": "--", "validation": "-"}


def set_style() -> None:
    """Set Matplotlib's defaults for the course."""
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
