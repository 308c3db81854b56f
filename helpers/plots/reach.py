"""Drawings of networks that slide along a sequence: which inputs reach one output."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.plots.style import COLOURS, show
from helpers.record import say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

__all__ = ["receptive_field"]

_Window = tuple[int, int, int]


def receptive_field(
    windows: Sequence[_Window], title: str, steps: int, causal: bool = False
) -> None:
    """Draw stacked windows over a sequence, and all that the last output of the top layer sees.

    Parameters
    ----------
    windows
        From the lowest layer to the highest: width, stride and dilation of its window.
    title
        The message of the figure.
    steps
        Length of the sequence.
    causal
        Draw an output above the last step that it sees, and fill up the steps before the sequence,
        so that with stride 1 every layer is as long as the sequence; else draw it above the middle
        of what it sees, and let each layer be shorter than the one below.

    Raises
    ------
    ValueError
        If the sequence is too short for a window.
    """
    layers, places = _stack(windows, steps, causal)
    figure, axis = plt.subplots(figsize=(min(7.4, 1.2 + 0.36 * steps), 0.9 + 0.62 * len(layers)))
    seen = _draw_reach(axis, layers, places)
    names = [_name(*window) for window in windows]
    axis.set(title=title, xlabel=say("step"), yticks=range(len(layers)))
    axis.set_yticklabels([say("input"), *names])
    alt = say(
        "{title}. {stack}. The last output sees {seen} of {steps} steps, from step {first} to step "
        "{last}.",
        title=title,
        stack=say(", then ").join(names),
        seen=len(seen),
        steps=steps,
        first=min(seen),
        last=max(seen),
    )
    show(figure, alt)


def _stack(
    windows: Sequence[_Window], steps: int, causal: bool
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """By layer: what each output reads in the layer below, and where it stands."""
    layers = [np.arange(steps)]
    places = [np.arange(steps, dtype=float)]
    for width, stride, dilation in windows:
        # A row for each output: the places of its window in the layer below, some before the start.
        offsets = (np.arange(width) - (width - 1 if causal else 0)) * dilation
        first, last = (0, 0) if causal else (0, offsets[-1])
        starts = np.arange(first, len(places[-1]) - last, stride)
        if not len(starts):
            raise ValueError(
                f"A window of width {width} and dilation {dilation} spans {last + 1} steps, and "
                f"the layer below has {len(places[-1])}; give more steps or fewer layers."
            )
        layers.append(starts[:, None] + offsets)
        below = places[-1][np.clip(layers[-1], 0, None)]
        places.append(below[:, -1] if causal else below.mean(axis=1))
    return layers, places


def _draw_reach(axis: Axes, layers: list[np.ndarray], places: list[np.ndarray]) -> set[int]:
    """Draw all outputs, top layer first; return the input steps that the last of the top sees."""
    seen = {len(places[-1]) - 1}
    for height in range(len(layers) - 1, -1, -1):
        colours = [COLOURS[0] if i in seen else "#CCCCCC" for i in range(len(places[height]))]
        axis.scatter(places[height], np.full(len(colours), height), c=colours, s=36, zorder=2)
        if height:
            links = [(i, int(j)) for i in sorted(seen) for j in layers[height][i] if j >= 0]
            for i, j in links:
                ends = places[height][i], places[height - 1][j]
                axis.plot(ends, (height, height - 1), color=COLOURS[0], lw=1, zorder=1)
            seen = {j for _, j in links}
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.grid(visible=False)
    axis.margins(y=0.15)
    return seen


def _name(width: int, stride: int, dilation: int) -> str:
    """A window in words, its stride and dilation only where they are more than 1."""
    parts = [say("width {width}", width=width)]
    if stride > 1:
        parts.append(say("stride {stride}", stride=stride))
    if dilation > 1:
        parts.append(say("dilation {dilation}", dilation=dilation))
    return ", ".join(parts)
