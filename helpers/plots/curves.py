"""Lines: a number by epoch, by step, by size or by rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Literal, TypeAlias

from helpers.plots.style import COLOURS, STYLES, best, direction, looks, show
from helpers.record import number, say

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras.callbacks import History
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike

Points: TypeAlias = ArrayLike | tuple[ArrayLike, ArrayLike] | pd.Series
Facts: TypeAlias = dict[str, Any]
Mode: TypeAlias = Literal["min", "max"] | None

_NAMES = {"loss": "loss", "accuracy": "accuracy", "mae": "mean absolute error"}


def lines(
    lines: Mapping[str, Points],
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    log: bool | Literal["x", "y", "xy"] = False,
    marks: bool = False,
    mode: Mode = None,
    published: ArrayLike | None = None,
    levels: Mapping[str, float] | None = None,
    words: str = "",
    **settings: Any,
) -> None:
    """Draw numbers as lines, each with its name.

    Parameters
    ----------
    lines
        By name, numbers of shape (n,), drawn over 1, 2, 3 …; or a pair (x, y) of such; or a pandas
        Series, drawn over its index. The lengths may differ; a DataFrame's columns will do.
    title
        The message of the figure.
    xlabel, ylabel
        What stands along the axes, with the units.
    log
        Which axis is logarithmic; True is ``"y"``.
    marks
        Draw a marker at each number.
    mode
        Mark each line's lowest number, ``"min"``, or highest, ``"max"``.
    published
        The lecture's numbers from 1 on, or its one number, drawn as a dotted line.
    levels
        Numbers by name to compare with, each drawn as a dotted line all across.
    words
        What else the alternative text should say, after where each line begins and ends.
    **settings
        Further settings of the axes, as for ``Axes.set``: ``ylim=0``.

    Raises
    ------
    ValueError
        If a line is no row of numbers, or x and y differ in length.
    """
    figure, axis = plt.subplots()
    facts = _draw(axis, lines, _scales(log), marks, mode)
    if published is not None:
        facts.append(_published(axis, published))
    facts += [_level(axis, name, value, "#888888") for name, value in (levels or {}).items()]
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel, **settings)
    if len(facts) > 1:
        axis.legend()
    _show(figure, title, xlabel, ylabel, facts, words)


def training_curves(
    histories: History | Mapping[str, History],
    title: str,
    metrics: Sequence[str] = ("loss", "accuracy"),
) -> None:
    """Draw each metric by epoch: training dashed, validation solid, the best epoch marked.

    Parameters
    ----------
    histories
        What ``fit`` returned, or several of these by name, drawn in one colour each.
    title
        The message of the figure.
    metrics
        A panel each; names as in ``history.history``, without ``val_``. The best is marked where
        the name tells what is good, see :func:`helpers.plots.style.best`.

    Raises
    ------
    ValueError
        If a history lacks a metric.
    """
    named = {"": histories} if isinstance(histories, History) else dict(histories)
    for metric, history in product(metrics, named.values()):
        if metric not in history.history:
            raise ValueError(f"The history has no {metric!r}; it has {', '.join(history.history)}.")
    width = 1.5 + 4.2 * len(metrics) + 1.5 * (len(named) > 1)  # several have their legend outside
    figure, axes = plt.subplots(1, len(metrics), figsize=(width, 3.6), squeeze=False)
    facts = []
    for axis, metric in zip(axes[0], metrics, strict=True):
        for (name, history), (colour, _, _) in zip(named.items(), looks(len(named)), strict=True):
            facts += _history(axis, history, metric, name, colour)
        axis.set(xlabel=say("epoch"), ylabel=say(_NAMES.get(metric, metric)))
        _whole(axis)
    kinds = [Line2D([], [], color="black", ls=ls, label=say(kind)) for kind, ls in STYLES.items()]
    models = zip(named, looks(len(named)), strict=True)
    colours = [Line2D([], [], color=colour, label=name) for name, (colour, _, _) in models if name]
    place = {"loc": "upper left", "bbox_to_anchor": (1, 1)} if len(named) > 1 else {}
    axes[0, -1].legend(handles=colours + kinds, **place)
    figure.suptitle(title, x=0.01, ha="left")
    _show(figure, title, say("epoch"), ", ".join(metrics), facts)


def _history(axis: Axes, history: History, metric: str, name: str, colour: str) -> list[Facts]:
    """Draw one model's training and validation curve of a metric."""
    try:
        mode = direction(None, metric)
    except ValueError:
        mode = None
    facts = []
    for kind, key in (("training", metric), ("validation", f"val_{metric}")):
        if key in history.history:
            values = history.history[key]
            label = f"{name}, {say(kind)} {metric}" if name else f"{say(kind)} {metric}"
            marked = mode if kind == "validation" else None
            epochs = np.arange(1, len(values) + 1)
            look = {"color": colour, "ls": STYLES[kind]}
            facts.append(_line(axis, label, epochs, values, marked, **look))
    return facts


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
    figure, axis = plt.subplots()
    folds = errors.shape[1]
    if folds > 1:
        axis.plot(errors.index, errors, color="#9A9A9A", lw=0.6)
        axis.plot([], [], color="#9A9A9A", lw=0.6, label=say("one fold"))
    name = say("mean of {folds}", folds=folds) if folds > 1 else str(errors.columns[0])
    facts = _line(axis, name, errors.index, errors.mean(axis=1), "min", color=COLOURS[0])
    axis.set(title=title, xlabel=say("epoch"), ylabel=ylabel)
    if folds > 1:
        axis.legend()
    _show(figure, title, say("epoch"), ylabel, [facts])


def learning(
    histories: Mapping[str, History], baseline: float, title: str, ylabel: str, columns: int = 3
) -> None:
    """Draw a panel a model: its error by epoch, and the error of the simplest forecast.

    Parameters
    ----------
    histories
        What ``fit`` returned, by the name of the model; with ``loss`` and ``val_loss``.
    baseline
        The validation error that a model has to beat.
    title
        The message of the figure.
    ylabel
        What the error is, with its unit.
    columns
        Panels in a row.
    """
    rows = -(-len(histories) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(2.6 * columns, 2.3 * rows + 0.5), sharey=True, squeeze=False
    )
    panels = list(axes.flat)
    facts, ends = [], [baseline]
    for axis, (name, history) in zip(panels[: len(histories)], histories.items(), strict=True):
        drawn = _history(axis, history, "loss", name, COLOURS[0])
        _level(axis, say("simplest forecast"), baseline)
        axis.set_title(name)
        facts.append(drawn[-1])
        ends += [curve["last"] for curve in drawn if "last" in curve]
    for axis in panels[len(histories) :]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel(ylabel)
    for axis in panels[max(0, len(histories) - columns) : len(histories)]:
        axis.set_xlabel(say("epoch"))
    axes[0, 0].set_ylim(top=1.15 * max(ends))  # models that fail at first would press all flat
    kinds = [Line2D([], [], color=COLOURS[0], ls=ls, label=say(k)) for k, ls in STYLES.items()]
    handles, _ = axes[0, 0].get_legend_handles_labels()
    axes[0, 0].legend(handles=[*kinds, handles[-1]], fontsize="small")
    figure.suptitle(title, x=0.01, ha="left")
    level = {"name": say("simplest forecast"), "level": baseline}
    _show(figure, title, say("epoch"), ylabel, [level, *facts])


def by_rate(
    rates: ArrayLike,
    panels: Mapping[str, Mapping[str, ArrayLike]],
    title: str,
    ylabel: str,
    log: bool = False,
    mode: Mode = None,
) -> None:
    """Draw how well optimizers do at every learning rate, a line an optimizer.

    Parameters
    ----------
    rates
        Learning rates, shape (n,), drawn on a logarithmic scale.
    panels
        By panel and by optimizer: a number a rate, shape (n,); where it diverged, NaN or infinite.
    title
        The message of the figure.
    ylabel
        What the numbers are.
    log
        Draw them on a logarithmic scale as well.
    mode
        Whether low or high numbers are good; None goes by `ylabel`, which says loss or accuracy.

    Raises
    ------
    ValueError
        If neither `mode` nor `ylabel` tells which numbers are good.
    """
    pairs = {
        panel: {name: (rates, values) for name, values in optimizers.items()}
        for panel, optimizers in panels.items()
    }
    scales = "xy" if log else "x"
    _row(pairs, title, say("learning rate"), ylabel, scales, direction(mode, ylabel))


def gradients(norms: Mapping[str, ArrayLike], title: str) -> None:
    """Draw how strongly the last output depends on the state so many steps before, log scale.

    Parameters
    ----------
    norms
        By the name of the network, the norm of the gradient with respect to the state after each
        step, in the order of time, shape (T,); the last entry belongs to distance 0.
    title
        The message of the figure.
    """
    figure, axis = plt.subplots(figsize=(7.0, 3.8))
    back = {name: np.asarray(values, dtype=float)[::-1] for name, values in norms.items()}
    facts = _draw(axis, {n: (np.arange(len(v)), v) for n, v in back.items()}, "y", False, None)
    axis.set_ylim(bottom=max(axis.get_ylim()[0], 1e-16))  # less is nothing, in float32
    xlabel, ylabel = say("steps back, T - t"), say("norm of the gradient")
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    _show(figure, title, xlabel, ylabel, facts)


def scalars(
    curves: Mapping[str, pd.Series],
    title: str,
    ylabel: str,
    of: Literal["training", "validation"] = "validation",
    published: Sequence[float] | None = None,
    log: bool = False,
) -> None:
    """Draw a number by epoch, as TensorBoard does, one curve a run.

    Parameters
    ----------
    curves
        By the name of the run, a column of :func:`helpers.tensorboard.read_scalars`, written with
        the epoch as step.
    title
        The message of the figure.
    ylabel
        What the number is.
    of
        ``"training"``, drawn dashed, or ``"validation"``, drawn solid.
    published
        The lecture's numbers from epoch 1 on, drawn as a dotted line.
    log
        Draw on a logarithmic scale.
    """
    figure, axis = plt.subplots()
    facts = _draw(axis, curves, _scales(log), True, None, ls=STYLES[of])
    if published is not None:
        facts.append(_published(axis, published))
    if log:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.minorticks_off()
    axis.set(title=title, xlabel=say("epoch"), ylabel=ylabel)
    axis.legend()
    _show(figure, title, say("epoch"), ylabel, facts)


def cost_curves(
    panels: Mapping[str, Mapping[str, tuple[ArrayLike, ArrayLike]]],
    title: str,
    xlabel: str,
    ylabel: str,
) -> None:
    """Draw what ways of doing the same thing cost against its size, a panel a task, log-log.

    Parameters
    ----------
    panels
        By task and by way: sizes and costs, both positive, shape (n,).
    title
        The message of the figure.
    xlabel, ylabel
        What size and cost are, with their units.
    """
    _row(panels, title, xlabel, ylabel, "xy", None)


def _row(
    panels: Mapping[str, Mapping[str, Points]],
    title: str,
    xlabel: str,
    ylabel: str,
    scales: str,
    mode: Mode,
) -> None:
    """Panels side by side; what has the same name looks the same in all of them."""
    names = list(dict.fromkeys(name for lines in panels.values() for name in lines))
    look_of = dict(zip(names, looks(len(names)), strict=True))
    figure, axes = plt.subplots(
        1, len(panels), figsize=(1.6 + 3.2 * len(panels), 3.5), sharey=True, squeeze=False
    )
    facts: list[Facts] = []
    handles: dict[str, Any] = {}
    for axis, (panel, lines) in zip(axes[0], panels.items(), strict=True):
        drawn = _draw(axis, lines, scales, True, mode, look_of)
        facts += [fact | {"name": f"{panel}, {fact['name']}"} for fact in drawn]
        handles |= {line.get_label(): line for line in axis.get_legend_handles_labels()[0]}
        axis.set(title=panel, xlabel=xlabel)
    axes[0, 0].set_ylabel(ylabel)
    ordered = [handles[name] for name in names]
    axes[0, -1].legend(handles=ordered, loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title, x=0.01, ha="left")
    _show(figure, title, xlabel, ylabel, facts)


def _draw(
    axis: Axes,
    lines: Mapping[str, Points],
    scales: str,
    marks: bool,
    mode: Mode,
    look_of: Mapping[str, tuple[str, str, str]] | None = None,
    **same: Any,
) -> list[Facts]:
    """Draw all lines in looks of their own, but for what is the `same`; return each one's facts."""
    drawn = {name: _points(name, points) for name, points in lines.items()}
    look_of = look_of or dict(zip(drawn, looks(len(drawn)), strict=True))
    facts = []
    for name, (x, y) in drawn.items():
        colour, marker, style = look_of[name]
        look = {"color": colour, "ls": style, "marker": marker if marks else "", "ms": 4} | same
        facts.append(_line(axis, name, x, y, mode, **look))
    axis.set_xscale("log" if "x" in scales else "linear")
    axis.set_yscale("log" if "y" in scales else "linear")
    if "x" not in scales and all((np.asarray(x) % 1 == 0).all() for x, _ in drawn.values()):
        _whole(axis)
    return facts


def _line(axis: Axes, name: str, x: ArrayLike, y: ArrayLike, mode: Mode, **look: Any) -> Facts:
    """Draw one line and mark its best; return where it begins, ends and is best.

    Numbers that are not finite are left out, and counted.
    """
    x, y = np.asarray(x), np.asarray(y, dtype=float)
    axis.plot(x, np.where(np.isfinite(y), y, np.nan), label=name, **look)
    finite = np.flatnonzero(np.isfinite(y))
    facts: Facts = {"name": name, "count": len(y), "missing": len(y) - len(finite)}
    if len(finite):
        first, last = finite[0], finite[-1]
        facts |= {"start": x[first], "first": y[first], "end": x[last], "last": y[last]}
    if len(finite) and mode:
        at = best(y, mode)
        axis.plot(x[at], y[at], "o", color=look["color"], ms=7)
        facts |= {"best": y[at], "at": x[at]}
    return facts


def _level(axis: Axes, name: str, value: float, colour: str = "black") -> Facts:
    axis.axhline(value, color=colour, ls=":", label=name)
    return {"name": name, "level": value}


def _published(axis: Axes, values: ArrayLike) -> Facts:
    """The lecture's numbers from 1 on, or its one number, dotted."""
    y = np.asarray(values, dtype=float)
    if not y.ndim:
        return _level(axis, say("published"), float(y))
    return _line(axis, say("published"), np.arange(1, len(y) + 1), y, None, color="black", ls=":")


def _points(name: str, points: Points) -> tuple[np.ndarray, np.ndarray]:
    """The x and the y of a line."""
    if isinstance(points, pd.Series):
        x, y = points.index.to_numpy(), points.to_numpy(dtype=float)
    elif isinstance(points, tuple) and len(points) == 2 and np.ndim(points[0]) == 1:
        x, y = np.asarray(points[0]), np.asarray(points[1], dtype=float)
    else:
        y = np.asarray(points, dtype=float)
        x = np.arange(1, y.size + 1).reshape(y.shape)
    if y.ndim != 1 or not y.size or x.shape != y.shape:
        raise ValueError(
            f"The line {name!r} has y of shape {y.shape} over x of shape {x.shape}; give numbers "
            "(n,), a pair (x, y) of these, or a pandas Series, with n at least 1."
        )
    return x, y


def _scales(log: bool | str) -> str:
    return log if isinstance(log, str) else "y" * log


def _whole(axis: Axes) -> None:
    """Ticks at whole numbers only."""
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _show(
    figure: Figure, title: str, xlabel: str, ylabel: str, facts: Iterable[Facts], words: str = ""
) -> None:
    """Show lines with their facts in words."""
    told = " ".join(filter(None, [*map(_words, facts), words]))
    texts = {"title": title, "xlabel": xlabel, "ylabel": ylabel, "lines": told}
    show(figure, say("{title}. {ylabel} over {xlabel}. {lines}", **texts))


def _words(facts: Facts) -> str:
    """One line in words."""
    texts = {key: fact if key == "name" else number(fact) for key, fact in facts.items()}
    if "level" in facts:
        return say("{name}: {level}, a dotted line.", **texts)
    if "first" not in facts:
        return say("{name}: none of {count} is a finite number.", **texts)
    if "best" in facts:
        told = say("{name}: {first} at {start}, best {best} at {at}, {last} at {end}.", **texts)
    else:
        told = say("{name}: {first} at {start}, {last} at {end}.", **texts)
    if facts["missing"]:
        told += " " + say("{missing} of {count} are no finite numbers.", **texts)
    return told
