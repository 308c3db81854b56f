"""The course's figures: one message each, drawn in one hand, with alternative text.

Everywhere training is dashed and validation solid. Every function shows its figure and returns
nothing; :func:`show` does the same for a figure that a chapter draws by itself.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from itertools import cycle, product

import keras
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike
from sklearn.metrics import ConfusionMatrixDisplay

# Okabe and Ito's palette: told apart with every kind of colour vision, and in greyscale.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
NAMES = {"loss": "loss", "accuracy": "accuracy", "mae": "mean absolute error"}

STYLES = {"training": "--", "validation": "-"}

History = keras.callbacks.History


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
    display(figure, metadata={"image/png": {"alt": alt}})
    plt.close(figure)


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


def image_grid(
    images: ArrayLike, title: str, captions: Sequence[str] = (), columns: int = 8
) -> None:
    """Draw pictures side by side.

    Parameters
    ----------
    images
        Shape (n, height, width), grey with 0 shown white as on paper, or (n, height, width, 3),
        RGB, uint8 or floats in 0..1.
    title
        The message of the figure.
    captions
        One above each picture, or none.
    columns
        Pictures in a row.

    Raises
    ------
    ValueError
        If the images have another shape, or the captions another number.
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4) or not len(images):
        raise ValueError(
            f"The images have shape {images.shape}; give (n, height, width) or "
            "(n, height, width, 3) with n at least 1."
        )
    if captions and len(captions) != len(images):
        raise ValueError(f"{len(captions)} captions were given for {len(images)} images.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.15 * columns, (1.45 if captions else 1.15) * rows + 0.4)
    )
    axes = np.atleast_1d(axes).ravel()
    for axis in axes:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes, images, strict=False)):
        axis.imshow(image, cmap="binary" if images.ndim == 3 else None)
        if captions:
            axis.set_title(captions[i], fontsize=9, loc="center")
    figure.suptitle(title, x=0.01, ha="left")
    listed = f": {'; '.join(' '.join(str(c).split()) for c in captions)}" if captions else ""
    show(figure, f"{title}. {len(images)} pictures{listed}.")


def confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, title: str, labels: Sequence[str] | None = None
) -> None:
    """Draw how often each true class was predicted as each class; the counts are written in.

    Parameters
    ----------
    y_true, y_pred
        Class numbers, shape (n,).
    title
        The message of the figure.
    labels
        Names of the classes in order; class numbers if None.
    """
    figure, axis = plt.subplots(figsize=(6.4, 5.4))
    drawn = ConfusionMatrixDisplay.from_predictions(
        y_true,
        y_pred,
        display_labels=labels,
        xticks_rotation=45 if labels else "horizontal",
        ax=axis,
        cmap="Blues",
        colorbar=False,
    )
    axis.set(title=title, xlabel="predicted", ylabel="true")
    axis.grid(visible=False)
    counts = drawn.confusion_matrix - np.diag(np.diag(drawn.confusion_matrix))
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    names = drawn.display_labels
    show(
        figure,
        f"{title}. Confusion matrix of {len(names)} classes, "
        f"{np.trace(drawn.confusion_matrix):,} of {drawn.confusion_matrix.sum():,} right; the most "
        f"frequent mistake takes {names[true]} for {names[predicted]}, {counts.max()} times.",
    )


def spread(
    results: Mapping[str, ArrayLike],
    title: str,
    xlabel: str,
    published: float | None = None,
    dot: str = "seed",
) -> None:
    """Draw a row of dots a setting, one dot a seed, and a bar at the mean.

    Parameters
    ----------
    results
        Numbers by the name of the setting; a pandas DataFrame with a column a setting will do.
    title
        The message of the figure.
    xlabel
        What the numbers are.
    published
        The lecture's number, drawn as a dotted line.
    dot
        What a dot stands for, if not for a seed.
    """
    names = list(results)
    figure, axis = plt.subplots(figsize=(7.4, 1.3 + 0.42 * len(names)))
    alts = []
    for row, name in enumerate(names):
        values = np.asarray(results[name], dtype=float)
        axis.plot(values, np.full(len(values), row), "o", color=COLOURS[0], alpha=0.6)
        axis.plot(values.mean(), row, "|", color=COLOURS[1], markersize=20, markeredgewidth=3)
        alts.append(f"{name}: mean {values.mean():.4g}, {values.min():.4g} to {values.max():.4g}.")
    if published is not None:
        axis.axvline(published, color="black", linestyle=":", label=f"published, {published:g}")
        axis.legend(loc="lower right", bbox_to_anchor=(1, 1))
        alts.append(f"Published: {published:g}.")
    axis.set(yticks=range(len(names)), yticklabels=names, xlabel=xlabel, title=title)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.grid(visible=False, axis="y")
    show(figure, f"{title}. One dot a {dot}, a bar at the mean. {' '.join(alts)}")


def bars(values: Mapping[str, float], title: str, xlabel: str, log: bool = False) -> None:
    """Draw a bar a name, from the left, its value written at the end.

    Parameters
    ----------
    values
        Numbers by name.
    title
        The message of the figure.
    xlabel
        What the numbers are, with their unit.
    log
        Draw on a logarithmic scale.
    """
    figure, axis = plt.subplots(figsize=(7.0, 1.1 + 0.38 * len(values)))
    drawn = axis.barh(list(values), list(values.values()), color=COLOURS[0], log=log)
    axis.bar_label(drawn, fmt=_number, padding=3)
    axis.margins(x=0.15)
    axis.invert_yaxis()
    axis.set(title=title, xlabel=xlabel)
    axis.grid(visible=False, axis="y")
    listed = "; ".join(f"{name}: {_number(value)}" for name, value in values.items())
    show(figure, f"{title}. {listed} ({xlabel}).")


def _number(value: float) -> str:
    """Whole numbers whole, others with four significant digits."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def histogram(values: ArrayLike, title: str, xlabel: str, bins: int | Sequence[float] = 50) -> None:
    """Draw how often values occur.

    Parameters
    ----------
    values
        Numbers, any shape.
    title
        The message of the figure.
    xlabel
        What the numbers are, with their unit.
    bins
        Their number, or their edges.
    """
    values = np.ravel(values)
    figure, axis = plt.subplots()
    axis.hist(values, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.3)
    axis.set(title=title, xlabel=xlabel, ylabel="count")
    quartiles = ", ".join(f"{q:.4g}" for q in np.percentile(values, (0, 25, 50, 75, 100)))
    show(
        figure, f"{title}. Histogram of {len(values):,} values; minimum and quartiles {quartiles}."
    )


def model_diagram(model: keras.Model, title: str) -> None:
    """Draw a model's layers with their output shapes, or say that Graphviz is missing.

    Parameters
    ----------
    model
        A built model.
    title
        What the model is, for the alternative text.

    Notes
    -----
    Source: listing L05.11 (L:MNIST). ``keras.utils.plot_model`` draws the same, but into a file.
    """
    try:
        dot = keras.utils.model_to_dot(model, show_shapes=True, show_layer_names=False, dpi=72)
        png = dot.create_png()
    except (ImportError, OSError):
        print(
            "The drawing of the model is left out: it needs Graphviz. Install it with "
            "'conda install graphviz', 'apt install graphviz' or 'brew install graphviz'."
        )
        return
    layers = ", then ".join(f"{type(x).__name__} {x.output.shape}" for x in model.layers)
    display(
        {"image/png": base64.b64encode(png).decode()},
        metadata={"image/png": {"alt": f"{title}: {layers}."}},
        raw=True,
    )


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
