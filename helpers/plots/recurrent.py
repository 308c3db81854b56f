"""Recurrent networks: the loop drawn out in time, and what the gates of an LSTM do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from helpers.plots.style import COLOURS, looks, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

__all__ = ["gates", "unrolled"]

_Facts = dict[str, Any]
_Point = tuple[float, float]


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
    _draw_unrolled(axis, words)
    axis.set(title=title)
    alt = say(
        "{title}. On the left a cell whose state returns to it; on the right the same cell drawn "
        "{count} times, for the words {words}, each handing on its state.",
        title=title,
        count=len(words),
        words=", ".join(words),
    )
    show(figure, alt)


def _draw_unrolled(axis: Axes, words: Sequence[str]) -> None:
    loop = {"arrowstyle": "-|>", "color": COLOURS[1], "connectionstyle": "arc3,rad=2"}
    axis.annotate("", (-1.73, 1.18), (-1.73, 0.82), arrowprops=loop)
    axis.text(-1.5, 0.45, say("state"), ha="center", color=COLOURS[1])
    _cell(axis, -2, "$x_t$", "$h_t$")
    axis.text(-1.05, 1, "=", ha="center", va="center", fontsize=16)
    for t, word in enumerate(words):
        _cell(axis, t, word, f"$h_{{{t + 1}}}$")
        start = f"$h_{{{t}}}$ = 0" if t == 0 else ""
        _arrow(axis, (t - 0.68, 1), (t - 0.27, 1), COLOURS[1])
        axis.text(t - 0.5, 1.08, start, ha="center", va="bottom", fontsize=9, color=COLOURS[1])
    axis.set(xlim=(-2.5, len(words) - 0.5), ylim=(-0.2, 2.3))
    axis.axis("off")


def _cell(axis: Axes, x: float, below: str, above: str) -> None:
    """Draw one step: input below, the cell with its weights, output above."""
    axis.add_patch(plt.Rectangle((x - 0.27, 0.75), 0.54, 0.5, fc="#CFE3F1", ec=COLOURS[0], lw=1.5))
    axis.text(x, 1, "W, U, b", ha="center", va="center", fontsize=9)
    axis.text(x, 0, below, ha="center", va="center")
    axis.text(x, 2.0, above, ha="center", va="center")
    _arrow(axis, (x, 0.18), (x, 0.74), "black")
    _arrow(axis, (x, 1.26), (x, 1.82), "black")


def _arrow(axis: Axes, start: _Point, end: _Point, colour: str) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour})


def gates(
    words: Sequence[str],
    opinion: ArrayLike,
    gates: Mapping[str, ArrayLike],
    carry: ArrayLike,
    title: str,
) -> None:
    """Draw an LSTM reading: what it would answer after each word, its gates, and its cell state.

    Parameters
    ----------
    words
        T words.
    opinion
        The probability of the positive class if the text ends at this word, shape (T,).
    gates
        Values by the name of the gate, shape (T, units), between 0 and 1, or between -1 and 1 for
        the candidate; their mean over the units is drawn.
    carry
        The cell state, shape (T, units).
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If something has another number of steps than there are words, or another shape.
    """
    answers, state = np.asarray(opinion, dtype=float), np.asarray(carry, dtype=float)
    values = {name: np.asarray(gate, dtype=float) for name, gate in gates.items()}
    for name, drawn in {"opinion": answers, "carry": state, **values}.items():
        if len(drawn) != len(words):
            raise ValueError(f"{name!r} has {len(drawn)} steps for {len(words)} words.")
        if drawn.ndim != (1 if name == "opinion" else 2):
            axes = "(T,)" if name == "opinion" else "(T, units)"
            raise ValueError(f"{name!r} has shape {drawn.shape}; give {axes}, a row a word.")
    figure, panels = plt.subplots(
        3,
        1,
        sharex=True,
        figsize=(max(5.2, 1.6 + 0.3 * len(words)), 6.2),
        gridspec_kw={"height_ratios": (1, 1.2, 1.4)},
    )
    facts = _draw_opinion(panels[0], answers)
    means = _draw_gates(panels[1], values)
    limit = _draw_state(figure, panels[2], state)
    panels[2].set(xticks=np.arange(len(words)))
    panels[2].set_xticklabels(words, rotation=90)
    figure.suptitle(title, x=0.01, ha="left")
    phrase = "{name} gate {mean:.2f}, lowest at {word!r} ({low:.2f})"
    alt = say(
        "{title}. {count} words. Probability of the positive class {first:.2f} after the first and "
        "{last:.2f} after the last; it moves most at {word!r}. Means over the units: {gates}. The "
        "cell state of {units} units reaches ±{limit}.",
        title=title,
        count=len(words),
        word=words[facts["step"]],
        gates="; ".join(
            say(phrase, name=name, word=words[fact["step"]], **fact) for name, fact in means.items()
        ),
        units=state.shape[1],
        limit=number(limit),
        **facts,
    )
    show(figure, alt)


def _draw_opinion(axis: Axes, opinion: np.ndarray) -> _Facts:
    axis.plot(np.arange(len(opinion)), opinion, "o-", ms=4)
    axis.axhline(0.5, color="#888888", lw=0.8)
    axis.set(ylim=(-0.03, 1.03), ylabel=say("probability of\nthe positive class"))
    moves = np.nan_to_num(np.abs(np.diff(opinion)), nan=-1.0)
    step = int(moves.argmax()) + 1 if len(moves) else 0
    return {"first": opinion[0], "last": opinion[-1], "step": step}


def _draw_gates(axis: Axes, gates: Mapping[str, np.ndarray]) -> dict[str, _Facts]:
    facts = {}
    styles = zip(looks(len(gates)), cycle(("-", ":", "-.")), strict=False)
    for (name, values), ((colour, _, _), line) in zip(gates.items(), styles, strict=False):
        means = values.mean(axis=1)
        axis.plot(np.arange(len(means)), means, line, color=colour, label=name)
        step = int(np.where(np.isfinite(means), means, np.inf).argmin())
        facts[name] = {"mean": means.mean(), "low": means[step], "step": step}
    negative = any(fact["low"] < 0 for fact in facts.values())
    axis.set(ylim=(-1 if negative else 0, 1), ylabel=say("gate, mean of units"))
    axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0.2)
    return facts


def _draw_state(figure: Figure, axis: Axes, state: np.ndarray) -> float:
    """Draw the cell state, a row a unit; return how far from 0 it goes."""
    finite = np.abs(state[np.isfinite(state)])
    limit = float(finite.max()) if finite.size and finite.max() else 1.0
    image = axis.imshow(state.T, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    figure.colorbar(image, ax=axis, label=say("cell state"), pad=0.01)
    axis.set(ylabel=say("unit"))
    axis.grid(visible=False)
    return limit
