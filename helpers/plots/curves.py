"""Lines: a number by epoch, by step, by size or by rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, product

from helpers.plots.style import COLOURS, STYLES, show

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from keras.callbacks import History
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import ArrayLike

NAMES = {"loss": "loss", "accuracy": "accuracy", "mae": "mean absolute error"}


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
        A panel each; names as in ``history.history``, without ``val_``.

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
    alts = []
    for axis, metric in zip(axes[0], metrics, strict=True):
        for (name, history), colour in zip(named.items(), cycle(COLOURS), strict=False):
            alts.append(_curve(axis, name, history, metric, colour))
        axis.set(xlabel="epoch", ylabel=NAMES.get(metric, metric))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    styles = [Line2D([], [], color="black", ls=ls, label=label) for label, ls in STYLES.items()]
    models = zip(named, cycle(COLOURS), strict=False)
    colours = [Line2D([], [], color=colour, label=name) for name, colour in models if name]
    place = {"loc": "upper left", "bbox_to_anchor": (1, 1)} if len(named) > 1 else {}
    axes[0, -1].legend(handles=colours + styles, **place)
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {' '.join(alts)}")


def _curve(axis: plt.Axes, name: str, history: History, metric: str, colour: str) -> str:
    """Draw one model's training and validation curve; return its part of the alternative text."""
    curves = history.history
    prefix = f"{name}, " if name else ""
    epochs = np.arange(1, len(curves[metric]) + 1)
    axis.plot(epochs, curves[metric], STYLES["training"], color=colour)
    alt = f"{prefix}training {metric} ends at {curves[metric][-1]:.3g}"
    validation = curves.get(f"val_{metric}")
    if validation is None:
        return f"{alt}."
    axis.plot(epochs, validation, STYLES["validation"], color=colour)
    best = int(np.argmax(validation) if "acc" in metric else np.argmin(validation))
    axis.plot(epochs[best], validation[best], "o", color=colour)
    return (
        f"{alt}; validation {metric} is best at {validation[best]:.3g} in epoch {best + 1} "
        f"and ends at {validation[-1]:.3g}."
    )


def lines(
    values: Mapping[str, ArrayLike], title: str, xlabel: str, ylabel: str, log: bool = False
) -> None:
    """Draw sequences of numbers as lines over 1, 2, 3 …, each with its name.

    Parameters
    ----------
    values
        By name, numbers of shape (n,); the lengths may differ.
    title
        The message of the figure.
    xlabel, ylabel
        What is counted, and what the numbers are, with their units.
    log
        Draw the numbers on a logarithmic scale.
    """
    figure, axis = plt.subplots()
    alts = []
    for name, numbers in values.items():
        numbers = np.asarray(numbers, dtype=float)
        axis.plot(np.arange(1, len(numbers) + 1), numbers, label=name)
        alts.append(f"{name}: from {numbers[0]:.3g} to {numbers[-1]:.3g}, {len(numbers)} long.")
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if len(values) > 1:
        axis.legend()
    show(figure, f"{title}. {ylabel} over {xlabel}. {' '.join(alts)}")


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
    axis.plot(mean.index, mean, color=COLOURS[0], label="mean")
    axis.plot(mean.idxmin(), mean.min(), "o", color=COLOURS[0])
    axis.set(title=title, xlabel="epoch", ylabel=ylabel)
    if errors.shape[1] > 1:
        axis.legend()
    show(
        figure,
        f"{title}. {ylabel}, mean of {errors.shape[1]}: {mean.iloc[0]:.3g} in epoch "
        f"{mean.index[0]}, lowest at {mean.min():.3g} in epoch {mean.idxmin()}, and "
        f"{mean.iloc[-1]:.3g} in epoch {mean.index[-1]}.",
    )


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
    alts = []
    for axis, (name, history) in zip(axes.flat, histories.items(), strict=False):
        epochs = np.arange(1, len(history.history["loss"]) + 1)
        for key, label in (("loss", "training"), ("val_loss", "validation")):
            colour, style = COLOURS[0], STYLES[label]
            axis.plot(epochs, history.history[key], style, color=colour, label=label)
        axis.axhline(baseline, color="black", ls=":", label="simplest forecast")
        best = int(np.argmin(history.history["val_loss"]))
        lowest = history.history["val_loss"][best]
        axis.plot(best + 1, lowest, "o", color=COLOURS[1])
        axis.set_title(name)
        alts.append(f"{name}: validation error lowest in epoch {best + 1}, {lowest:.4g}.")
    for axis in axes.flat[len(histories) :]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel(ylabel)
    for axis in axes.flat[max(0, len(histories) - columns) : len(histories)]:
        axis.set_xlabel("epoch")
    # Models that fail at first would press all others flat.
    worst = max(max(h.history["val_loss"][-1], h.history["loss"][-1]) for h in histories.values())
    axes[0, 0].set_ylim(top=1.15 * max(worst, baseline))
    axes[0, 0].legend(fontsize="small")
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. The simplest forecast has {baseline:.4g}. {' '.join(alts)}")


def by_rate(
    rates: ArrayLike,
    panels: Mapping[str, Mapping[str, ArrayLike]],
    title: str,
    ylabel: str,
    log: bool = False,
) -> None:
    """Draw how well optimizers do at every learning rate, a line an optimizer.

    Parameters
    ----------
    rates
        Learning rates, shape (n,), drawn on a logarithmic scale.
    panels
        By panel and by optimizer: a number a rate, shape (n,).
    title
        The message of the figure.
    ylabel
        What the numbers are.
    log
        Draw them on a logarithmic scale as well.
    """
    figure, axes = plt.subplots(
        1, len(panels), figsize=(1.6 + 3.4 * len(panels), 3.4), sharey=True, squeeze=False
    )
    alts = []
    for axis, (panel, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, values), marker in zip(lines.items(), cycle("os^Dvp*"), strict=False):
            axis.plot(rates, values, marker + "-", ms=4, lw=1.2, label=name)
            best = int(np.argmin(values) if log else np.argmax(values))
            alts.append(f"{panel}, {name}: best {values[best]:.2g} at rate {rates[best]:.2g}.")
        axis.set(title=panel, xlabel="learning rate", xscale="log")
        axis.set_yscale("log" if log else "linear")
    axes[0, 0].set_ylabel(ylabel)
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {ylabel} by learning rate. {' '.join(alts)}")


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
    alts = []
    for (name, values), line in zip(norms.items(), ("-", "--", ":", "-.", "-"), strict=False):
        back = np.asarray(values, dtype=float)[::-1]
        axis.semilogy(np.arange(len(back)), back, line, label=name)
        alts.append(f"{name}: {back[0]:.2g} at distance 0, {back[-1]:.1e} at {len(back) - 1}.")
    axis.set_ylim(bottom=max(axis.get_ylim()[0], 1e-16))  # less is nothing, in float32
    axis.set(title=title, xlabel="steps back, T - t", ylabel="norm of the gradient")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, f"{title}. {' '.join(alts)}")


def scalars(
    curves: Mapping[str, pd.Series],
    title: str,
    ylabel: str,
    of: str = "validation",
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
    alts = []
    for (name, curve), marker in zip(curves.items(), "os^D", strict=False):
        axis.plot(curve.index, curve, STYLES[of] + marker, label=name)
        alts.append(f"{name} from {curve.iloc[0]:.4g} to {curve.iloc[-1]:.4g}.")
    if published is not None:
        epochs = range(1, len(published) + 1)
        axis.plot(epochs, published, ":", color="black", label="published")
        alts.append(f"Published from {published[0]:.4g} to {published[-1]:.4g}.")
    if log:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.minorticks_off()
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axis.set(title=title, xlabel="epoch", ylabel=ylabel)
    axis.legend()
    show(figure, f"{title}. {ylabel} by epoch: {' '.join(alts)}")


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
    figure, axes = plt.subplots(
        1, len(panels), figsize=(1.0 + 2.9 * len(panels), 3.6), sharey=True, squeeze=False
    )
    alts = []
    for axis, (task, ways) in zip(axes[0], panels.items(), strict=True):
        for (way, (sizes, costs)), marker in zip(ways.items(), cycle("os^D"), strict=False):
            axis.loglog(sizes, costs, marker + "-", ms=5, label=way)
            alts.append(
                f"{task}, {way}: {costs[0]:.3g} at {sizes[0]:,}, {costs[-1]:.3g} at {sizes[-1]:,}."
            )
        axis.set(title=task, xlabel=xlabel)
    axes[0, 0].set_ylabel(ylabel)
    axes[0, 0].legend()
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {ylabel} against {xlabel}. {' '.join(alts)}")
