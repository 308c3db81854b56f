"""Pictures of the ways that optimizers take on surfaces, and how far they get."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.plots.style import COLOURS, looks, show
from helpers.record import number, say
from helpers.surfaces import Surface

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d import Axes3D
from numpy.typing import ArrayLike

__all__ = ["paths", "race", "relief", "slopes"]

_Facts = dict[str, Any]
_Field = Callable[[np.ndarray], np.ndarray]

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
    phrase = "{name}: losses from {low} to {high}."
    alts = [
        say(phrase, name=surface.name, **_draw_relief(axis, surface))
        for axis, surface in zip(axes[0], surfaces, strict=True)
    ]
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, say("{title}. {panels}", title=title, panels=" ".join(alts)))


def _draw_relief(axis: Axes3D, surface: Surface) -> _Facts:
    x, y, loss = surface.grid(41)
    axis.plot_surface(x, y, loss, cmap="cividis", rstride=1, cstride=1, antialiased=False)
    # A label of the third axis would be cut off; the title says what the height is.
    axis.set(title=say("{surface} (height: loss)", surface=surface.name))
    axis.set(xlabel=say("first weight"), ylabel=say("second weight"))
    axis.view_init(elev=38, azim=-60)
    axis.set_box_aspect(None, zoom=0.85)  # room for the labels
    axis.locator_params(nbins=4)
    return {"low": number(loss.min()), "high": number(loss.max())}


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
    checked = {
        panel: (surface, {name: _checked(name, way) for name, way in ways.items()})
        for panel, (surface, ways) in panels.items()
    }
    names = dict.fromkeys(name for _, ways in checked.values() for name in ways)
    styles = dict(zip(names, looks(len(names)), strict=True))
    figure, axes = plt.subplots(
        1, len(checked), figsize=(3.1 * len(checked) + 1.2, 3.4), squeeze=False
    )
    alts = []
    phrase = "{panel}, {name}: {steps} steps from ({start}) to ({end}), loss {loss}."
    for axis, (panel, (surface, ways)) in zip(axes[0], checked.items(), strict=True):
        facts = _draw_paths(axis, surface, ways, styles)
        axis.set(title=panel, xlabel=say("first weight"), ylabel=say("second weight"))
        alts += [say(phrase, panel=panel, name=name, **fact) for name, fact in facts.items()]
    for name, (colour, marker, line) in styles.items():
        axes[0, -1].plot([], [], marker + line, color=colour, label=name)
    if len(names) > 1 and any(len(ways) > 1 for _, ways in checked.values()):
        axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title, x=0.01, ha="left")
    whole = "{title}. Paths on contour lines. {paths}"
    show(figure, say(whole, title=title, paths=" ".join(alts)))


def _draw_paths(
    axis: Axes,
    surface: Surface,
    ways: Mapping[str, np.ndarray],
    styles: Mapping[str, tuple[str, str, str]],
) -> dict[str, _Facts]:
    """Draw paths on contour lines; return the facts of each path by its name."""
    _contours(axis, surface)
    facts = {}
    for name, points in ways.items():
        colour, marker, line = styles[name]
        drawn = _drawable(points)
        axis.plot(*drawn.T, "." + line, ms=3, lw=1.1, color=colour)
        axis.plot(*drawn[-1], marker, ms=7, color=colour, mec="white")
        axis.plot(*drawn[0], "o", ms=5, color="black")
        facts[name] = {
            "steps": number(len(points) - 1),
            "start": _at(points[0]),
            "end": _at(points[-1]),
            "loss": number(_losses(surface.value, points[-1])),
        }
    axis.plot(*surface.minimum, "x", ms=8, mew=2, color="black")
    return facts


def _at(point: np.ndarray) -> str:
    """Two weights as a reader meets them: less than a ten-thousandth is 0."""
    return number([0 if abs(weight) < 1e-4 else weight for weight in point.tolist()])


def slopes(
    loss: _Field, ways: Mapping[str, ArrayLike], title: str, limits: tuple[float, float]
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
    alts = []
    phrase = "{name}: {steps} steps from {start} to {end}."
    for axis, (name, way) in zip(axes[0], ways.items(), strict=True):
        alts.append(say(phrase, name=name, **_draw_slope(axis, loss, way, limits)))
        axis.set(title=name, xlabel=say("weight"))
    axes[0, 0].set(ylabel=say("loss"))
    figure.suptitle(title, x=0.01, ha="left")
    whole = "{title}. Start a dot, end a diamond. {descents}"
    show(figure, say(whole, title=title, descents=" ".join(alts)))


def _draw_slope(axis: Axes, loss: _Field, way: ArrayLike, limits: tuple[float, float]) -> _Facts:
    points, grid = np.asarray(way, dtype=float), np.linspace(*limits, 400)
    curve, x, y = loss(grid), _drawable(points), _drawable(_losses(loss, points))
    axis.plot(grid, curve, color="#888888", lw=1.2)
    axis.plot(x, y, ".-", ms=6, lw=0.7, color=COLOURS[0])
    axis.plot(x[0], y[0], "o", color="black")
    axis.plot(x[-1], y[-1], "D", color=COLOURS[1])
    finite = curve[np.isfinite(curve)]
    margin = 0.05 * (np.ptp(finite) or 1.0)
    axis.set(xlim=limits, ylim=(finite.min() - margin, finite.max() + margin))
    ends = {"start": number(points[0]), "end": number(points[-1])}
    return {"steps": number(len(points) - 1), **ends}


def _losses(loss: _Field, points: np.ndarray) -> np.ndarray:
    """Losses, infinite or NaN where a descent diverges: that is no reason for a warning."""
    with np.errstate(all="ignore"):
        return loss(points)


def _drawable(points: np.ndarray) -> np.ndarray:
    """Points no farther off than Matplotlib can draw, a line to them leaving the picture."""
    return np.clip(np.nan_to_num(points, nan=np.nan, posinf=1e6, neginf=-1e6), -1e6, 1e6)


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
    runners = []
    for row, (name, points) in enumerate(tracks.items()):
        with np.errstate(all="ignore"):  # a descent may diverge
            inside = (points - corner) / span * size
        runners.append(_runner(name, inside, row, size))
    height = max(440, 24 + 22 * len(runners))  # the key may be longer than the picture
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}" width="560" '
        f'height="{height}"><rect width="560" height="{height}" fill="white"/>'
        f'<svg width="440" height="440"><image width="440" height="440" href="{_map(surface)}"/>'
        f"{''.join(track for track, _ in runners)}</svg>{''.join(key for _, key in runners)}</svg>"
    )
    ends = "; ".join(
        say("{name}, loss {loss}", name=name, loss=number(_losses(surface.value, points[-1])))
        for name, points in tracks.items()
    )
    alt = say(
        "{title}. On the contour lines of the {surface}, after {steps} steps: {ends}.",
        title=title,
        surface=surface.name,
        steps=number(next(iter(lengths.values()))),
        ends=ends,
    )
    picture = base64.b64encode(svg.encode()).decode()
    fragment = (
        f"<details><summary>{html.escape(say('Play: {title}', title=title))}</summary>"
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


def _contours(axis: Axes, surface: Surface) -> None:
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


def _runner(name: str, points: np.ndarray, row: int, size: np.ndarray) -> tuple[str, str]:
    """One path in SVG, a dot that draws its trail, and its line in the key."""
    colour, height = COLOURS[row % len(COLOURS)], 24 + 22 * row
    # Where the colours begin anew, the dots are rings.
    fill, edge = (colour, "white") if row // len(COLOURS) % 2 == 0 else ("white", colour)
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
        f'<circle r="6" fill="{fill}" stroke="{edge}"><animateTransform attributeName="transform" '
        f'type="translate" values="{at}" {timing}/></circle>'
    )
    key = (
        f'<circle cx="454" cy="{height - 5}" r="6" fill="{fill}" stroke="{edge}"/>'
        f'<text x="466" y="{height}" font-family="sans-serif" font-size="14">'
        f"{html.escape(name)}</text>"
    )
    return track, key
