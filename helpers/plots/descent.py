"""Pictures of the ways that optimizers take on surfaces, and how far they get."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from itertools import cycle

from helpers.plots.style import COLOURS, show
from helpers.surfaces import Field, Surface

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from numpy.typing import ArrayLike

_LEVELS = 10  # contour lines, closer together near the bottom


_SECONDS = 12  # an animation's length


def relief(surfaces: Sequence[Surface], title: str) -> None:
    """Draw surfaces side by side as landscapes, the loss as height.

    Parameters
    ----------
    surfaces
        One panel each.
    title
        The message of the figure.
    """
    figure, axes = plt.subplots(
        1,
        len(surfaces),
        figsize=(3.4 * len(surfaces), 3.2),
        subplot_kw={"projection": "3d"},
        squeeze=False,
    )
    alts = []
    for axis, surface in zip(axes[0], surfaces, strict=True):
        x, y, loss = surface.grid(41)
        axis.plot_surface(x, y, loss, cmap="cividis", rstride=1, cstride=1, antialiased=False)
        # A label of the third axis would be cut off; the title says what the height is.
        heading = f"{surface.name} (height: loss)"
        axis.set(xlabel="first weight", ylabel="second weight", title=heading)
        axis.view_init(elev=38, azim=-60)
        axis.set_box_aspect(None, zoom=0.85)  # room for the labels
        axis.locator_params(nbins=4)
        alts.append(f"{surface.name}: losses from {loss.min():.3g} to {loss.max():.3g}.")
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. {' '.join(alts)}")


def paths(panels: Mapping[str, tuple[Surface, Mapping[str, ArrayLike]]], title: str) -> None:
    """Draw descents on the contour lines of their surfaces, a panel a comparison.

    A path starts at a black dot; a marker shows where it ends, a cross the minimum.

    Parameters
    ----------
    panels
        By panel: a surface, and paths of shape (steps + 1, 2) by name. A name has one colour in
        all panels.
    title
        The message of the figure.

    Raises
    ------
    ValueError
        If a path has another shape.
    """
    panels = {
        panel: (surface, {name: _checked(name, way) for name, way in ways.items()})
        for panel, (surface, ways) in panels.items()
    }
    names = dict.fromkeys(name for _, ways in panels.values() for name in ways)
    looks = dict(zip(names, zip(cycle(COLOURS), cycle("os^Dvp*"), strict=False), strict=False))
    figure, axes = plt.subplots(
        1, len(panels), figsize=(3.1 * len(panels) + 1.2, 3.4), squeeze=False
    )
    alts = []
    for axis, (panel, (surface, ways)) in zip(axes[0], panels.items(), strict=True):
        _contours(axis, surface)
        for name, points in ways.items():
            colour, marker = looks[name]
            axis.plot(*points.T, ".-", ms=3, lw=1.1, color=colour)
            axis.plot(*points[-1], marker, ms=7, color=colour, mec="white")
            axis.plot(*points[0], "o", ms=5, color="black")
            alts.append(
                f"{panel}, {name}: {len(points) - 1} steps from {points[0].round(2)} to "
                f"{points[-1].round(2)}, loss {surface.value(points[-1]):.2g}."
            )
        axis.plot(*surface.minimum, "x", ms=8, mew=2, color="black")
        axis.set(title=panel, xlabel="first weight", ylabel="second weight")
    for name, (colour, marker) in looks.items():
        axes[0, -1].plot([], [], marker + "-", color=colour, label=name)
    if any(len(ways) > 1 for _, ways in panels.values()):
        axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. Paths on contour lines. {' '.join(alts)}")


def slopes(
    loss: Field, ways: Mapping[str, ArrayLike], title: str, limits: tuple[float, float]
) -> None:
    """Draw descents on the curve of a loss of one weight, a panel each.

    Parameters
    ----------
    loss
        Takes weights of shape (n,) and returns losses of the same shape.
    ways
        Paths of shape (steps + 1,) by name. Points outside of `limits` are not drawn.
    title
        The message of the figure.
    limits
        Smallest and largest weight shown.
    """
    figure, axes = plt.subplots(
        1, len(ways), figsize=(0.6 + 2.4 * len(ways), 2.7), sharey=True, squeeze=False
    )
    grid, alts = np.linspace(*limits, 400), []
    for axis, (name, way) in zip(axes[0], ways.items(), strict=True):
        points = np.asarray(way, float)
        axis.plot(grid, loss(grid), color="#888888", lw=1.2)
        axis.plot(points, loss(points), ".-", ms=6, lw=0.7, color=COLOURS[0])
        axis.plot(points[0], loss(points[0]), "o", color="black")
        axis.plot(points[-1], loss(points[-1]), "D", color=COLOURS[1])
        axis.set(title=name, xlabel="weight", xlim=limits)
        alts.append(f"{name}: {len(points) - 1} steps from {points[0]:.3g} to {points[-1]:.3g}.")
    top = loss(grid).max()
    axes[0, 0].set(ylabel="loss", ylim=(loss(grid).min() - 0.05 * top, 1.05 * top))
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, f"{title}. Start a dot, end a diamond. {' '.join(alts)}")


def race(surface: Surface, ways: Mapping[str, ArrayLike], title: str) -> None:
    """Show descents as a moving picture, folded away until the reader opens it.

    It is one SVG image in the page, without scripts, so it moves wherever pictures are shown.

    Parameters
    ----------
    surface
        Drawn as contour lines.
    ways
        Paths of shape (steps + 1, 2) by name, all with the same number of steps.
    title
        The message of the picture.

    Raises
    ------
    ValueError
        If a path has another shape, or the numbers of steps differ.
    """
    tracks = {name: _checked(name, way) for name, way in ways.items()}
    lengths = {name: len(points) - 1 for name, points in tracks.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"The paths have {lengths} steps; a race needs the same number for all.")
    left, right, bottom, top = surface.limits
    corner, span = np.array([left, top]), np.array([right - left, bottom - top])
    size = np.array([440.0, 440.0])
    runners = [
        _runner(name, (points - corner) / span * size, colour, 24 + 22 * row, size)
        for row, ((name, points), colour) in enumerate(
            zip(tracks.items(), cycle(COLOURS), strict=False)
        )
    ]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 440" width="560" height="440">'
        f'<rect width="560" height="440" fill="white"/>'
        f'<svg width="440" height="440"><image width="440" height="440" href="{_map(surface)}"/>'
        f"{''.join(track for track, _ in runners)}</svg>{''.join(key for _, key in runners)}</svg>"
    )
    ends = "; ".join(f"{k}, loss {surface.value(points[-1]):.2g}" for k, points in tracks.items())
    steps = next(iter(lengths.values()))
    alt = f"{title}. On the contour lines of the {surface.name}, after {steps} steps: {ends}."
    picture = base64.b64encode(svg.encode()).decode()
    fragment = (
        f"<details><summary>Play: {html.escape(title)}</summary>"
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{html.escape(alt)}"></details>'
    )
    display({"text/html": fragment, "text/plain": alt}, raw=True)


def _checked(name: str, way: ArrayLike) -> np.ndarray:
    points = np.asarray(way, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(
            f"The path {name!r} has shape {points.shape}; give the start and one point a step, "
            "each of two weights: (steps + 1, 2)."
        )
    return points


def _contours(axis: plt.Axes, surface: Surface) -> None:
    x, y, loss = surface.grid()
    levels = loss.min() + np.ptp(loss) * np.linspace(0, 1, _LEVELS + 1) ** 2
    axis.contourf(x, y, loss, levels=levels, cmap="Greys", alpha=0.4)  # the higher, the darker
    axis.contour(x, y, loss, levels=levels, colors="#AAAAAA", linewidths=0.6)
    left, right, bottom, top = surface.limits
    axis.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    axis.grid(visible=False)


def _map(surface: Surface) -> str:
    """The contour lines as a PNG in a data address, 440 points square, nothing around them."""
    figure = plt.figure(figsize=(4.4, 4.4), layout="none")
    axis = figure.add_axes((0, 0, 1, 1))
    _contours(axis, surface)
    axis.plot(*surface.minimum, "x", ms=10, mew=2, color="black")
    axis.axis("off")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100)
    plt.close(figure)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _runner(
    name: str, points: np.ndarray, colour: str, row: float, size: np.ndarray
) -> tuple[str, str]:
    """One path in SVG, a dot that draws its trail, and its line in the key."""
    # A path that diverges ends in numbers that a picture cannot hold; far outside is enough.
    points = np.clip(np.nan_to_num(points, nan=-size[0]), -size, 2 * size)
    drawn = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    share = drawn / (drawn[-1] or 1.0)
    # Standing still at the end for a quarter of the time lets the reader compare.
    hold = len(points) // 3
    at = ";".join(f"{x:z.1f},{y:z.1f}" for x, y in [*points, *points[-1:].repeat(hold, axis=0)])
    left = ";".join(f"{1 - s:.4f}" for s in [*share, *[1.0] * hold])
    timing = f'dur="{_SECONDS}s" repeatCount="indefinite"'
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    track = (
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6" '
        f'pathLength="1" stroke-dasharray="1 1"><animate attributeName="stroke-dashoffset" '
        f'values="{left}" {timing}/></polyline>'
        f'<circle r="6" fill="{colour}" stroke="white"><animateTransform attributeName="transform" '
        f'type="translate" values="{at}" {timing}/></circle>'
    )
    key = (
        f'<circle cx="454" cy="{row - 5}" r="6" fill="{colour}"/>'
        f'<text x="466" y="{row}" font-family="sans-serif" font-size="14">'
        f"{html.escape(name)}</text>"
    )
    return track, key
