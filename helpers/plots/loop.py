"""The training loop as a drawing: what goes where, each arrow beside its line of code."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.plots.style import COLOURS, show
from helpers.record import say

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

__all__ = ["training_loop"]

# Centre of each box, and its half width; the arrows go from box to box and back to the weights.
_BOXES = {
    "input x": (0.12, 0.82),
    "layers": (0.42, 0.82),
    "prediction": (0.74, 0.82),
    "loss": (0.74, 0.45),
    "optimizer": (0.42, 0.12),
    "weights": (0.12, 0.45),
    "target y": (0.96, 0.45),
}
_ARROWS = (
    ("input x", "layers", 0),
    ("layers", "prediction", 0),
    ("prediction", "loss", 1),
    ("target y", "loss", 1),
    ("loss", "optimizer", 2),
    ("optimizer", "weights", 3),
    ("weights", "layers", 0),
)


def training_loop(code: Sequence[str], title: str) -> None:
    """Draw the loop: predict, compare, differentiate, correct, with a number at each arrow.

    Parameters
    ----------
    code
        The four lines of code: prediction, loss, gradients, correction. They stand below the
        drawing with their numbers.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If there are not four lines.
    """
    if len(code) != 4:
        raise ValueError(f"{len(code)} lines were given; the loop has four steps.")
    figure, (axis, below) = plt.subplots(2, 1, figsize=(7.4, 5.0), height_ratios=(3, 1))
    _draw_loop(axis)
    for row, line in enumerate(code):
        text = f"{row + 1}  {line}"
        below.text(0.06, 0.9 - 0.26 * row, text, family="monospace", fontsize=10, va="center")
    below.axis("off")
    figure.suptitle(title, x=0.01, ha="left")
    arrows = "; ".join(f"{step + 1}: {say(a)} → {say(b)}" for a, b, step in _ARROWS)
    lines = "; ".join(f"{row + 1}: {line}" for row, line in enumerate(code))
    phrase = "{title}. Arrows with the number of the step: {arrows}. Lines of code: {lines}."
    show(figure, say(phrase, title=title, arrows=arrows, lines=lines))


def _draw_loop(axis: Axes) -> None:
    for name, (x, y) in _BOXES.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": COLOURS[0]}
        axis.text(x, y, say(name), ha="center", va="center", bbox=box, zorder=3)
    for start, end, step in _ARROWS:
        (x0, y0), (x1, y1) = _BOXES[start], _BOXES[end]
        gap = 18 if x0 == x1 else 38  # points; a box is wider than it is high
        look = {"arrowstyle": "-|>", "color": "#555555", "shrinkA": gap, "shrinkB": gap}
        axis.annotate("", (x1, y1), (x0, y0), arrowprops=look)
        circle = {"boxstyle": "circle,pad=0.25", "facecolor": COLOURS[4], "edgecolor": "none"}
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        axis.text(*middle, str(step + 1), fontsize=9, ha="center", va="center", bbox=circle)
    axis.set(xlim=(0, 1.08), ylim=(0, 0.95))
    axis.axis("off")
