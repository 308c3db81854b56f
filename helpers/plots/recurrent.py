"""Recurrent networks: the loop drawn out in time, and what the gates of an LSTM do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.plots.style import COLOURS, show

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike


def unrolled(words: Sequence[str], title: str) -> None:
    """Draw a recurrent layer twice: as a loop, and step by step over some words.

    Parameters
    ----------
    words
        The input of each step.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If there are fewer than two words, so that nothing is handed on.
    """
    if len(words) < 2:
        raise ValueError(f"{len(words)} words were given; a state is handed on from two words on.")
    figure, axis = plt.subplots(figsize=(1.2 * len(words) + 2.6, 2.7))
    loop = {"arrowstyle": "-|>", "color": COLOURS[1], "connectionstyle": "arc3,rad=2"}
    axis.annotate("", (-1.73, 1.18), (-1.73, 0.82), arrowprops=loop)
    axis.text(-1.5, 0.45, "state", ha="center", color=COLOURS[1])
    _cell(axis, -2, "$x_t$", "$h_t$")
    axis.text(-1.05, 1, "=", ha="center", va="center", fontsize=16)
    for t, word in enumerate(words):
        _cell(axis, t, word, f"$h_{{{t + 1}}}$")
        start = f"$h_{{{t}}}$ = 0" if t == 0 else ""
        _arrow(axis, (t - 0.68, 1), (t - 0.27, 1), COLOURS[1])
        axis.text(t - 0.5, 1.08, start, ha="center", va="bottom", fontsize=9, color=COLOURS[1])
    axis.set(xlim=(-2.5, len(words) - 0.5), ylim=(-0.2, 2.3), title=title)
    axis.axis("off")
    show(
        figure,
        f"{title}. On the left a cell whose state returns to it; on the right the same cell drawn "
        f"{len(words)} times, for the words {', '.join(words)}, each handing on its state.",
    )


def _cell(axis: plt.Axes, x: float, below: str, above: str) -> None:
    """Draw one step: input below, the cell with its weights, output above."""
    axis.add_patch(plt.Rectangle((x - 0.27, 0.75), 0.54, 0.5, fc="#CFE3F1", ec=COLOURS[0], lw=1.5))
    axis.text(x, 1, "W, U, b", ha="center", va="center", fontsize=9)
    axis.text(x, 0, below, ha="center", va="center")
    axis.text(x, 2.0, above, ha="center", va="center")
    _arrow(axis, (x, 0.18), (x, 0.74), "black")
    _arrow(axis, (x, 1.26), (x, 1.82), "black")


def _arrow(axis: plt.Axes, start: tuple, end: tuple, colour: str) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour})


def gates(
    words: Sequence[str],
    opinion: ArrayLike,
    gates: Mapping[str, ArrayLike],
    carry: ArrayLike,
    title: str,
) -> None:
    """Draw an LSTM reading: what it would answer after each word, its gates, and what it carries.

    Parameters
    ----------
    words
        T words.
    opinion
        The probability that the network gives out if the text ends at this word, shape (T,).
    gates
        Values between 0 and 1 by the name of the gate, shape (T, units); their mean over the units
        is drawn.
    carry
        Shape (T, units).
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If something has another number of steps than there are words.
    """
    drawn = {"opinion": opinion, "carry": carry, **gates}
    for name, values in drawn.items():
        if len(values) != len(words):
            raise ValueError(f"{name!r} has {len(values)} steps for {len(words)} words.")
    opinion, carry = np.asarray(opinion), np.asarray(carry)
    figure, axes = plt.subplots(
        3,
        1,
        sharex=True,
        figsize=(1.6 + 0.3 * len(words), 6.2),
        gridspec_kw={"height_ratios": (1, 1.2, 1.4)},
    )
    steps = np.arange(len(words))
    axes[0].plot(steps, opinion, "o-", ms=4)
    axes[0].axhline(0.5, color="#888888", lw=0.8)
    axes[0].set(ylim=(-0.03, 1.03), ylabel="probability\nof kind")
    alts = []
    for (name, values), line, colour in zip(gates.items(), ("-", "--", ":"), COLOURS, strict=False):
        means = np.asarray(values).mean(axis=1)
        axes[1].plot(steps, means, line, color=colour, label=name)
        low = means.argmin()
        alts.append(f"{name} gate {means.mean():.2f}, lowest at {words[low]!r} ({means[low]:.2f})")
    axes[1].set(ylim=(0, 1), ylabel="gate, mean of units")
    axes[1].legend(loc="lower left", ncols=len(gates))
    limit = np.abs(carry).max() or 1.0
    image = axes[2].imshow(carry.T, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    figure.colorbar(image, ax=axes[2], label="carry", pad=0.01)
    axes[2].set(ylabel="unit", xticks=steps)
    axes[2].set_xticklabels(words, rotation=90)
    axes[2].grid(visible=False)
    figure.suptitle(title, x=0.01, ha="left")
    change = int(np.abs(np.diff(opinion)).argmax()) + 1 if len(words) > 1 else 0
    show(
        figure,
        f"{title}. {len(words)} words. Probability {opinion[0]:.2f} after the first and "
        f"{opinion[-1]:.2f} after the last; it moves most at {words[change]!r}. Means over the "
        f"units: {'; '.join(alts)}. The carry of {carry.shape[1]} units reaches ±{limit:.2f}.",
    )
