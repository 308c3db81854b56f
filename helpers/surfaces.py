"""Loss surfaces of two weights, with their slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpers.arguments import whole

import numpy as np

__all__ = ["Surface", "ripples", "valley"]

_Field = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Surface:
    """A loss of two weights, with its slope.

    Attributes
    ----------
    name
        What the surface is, for titles.
    value, gradient
        Take weights of shape (..., 2), many points at once; return losses of shape (...) and
        gradients of shape (..., 2).
    minimum
        The weights with the lowest loss.
    reach
        Pictures show the square that far around the minimum, in each direction.
    """

    name: str
    value: _Field
    gradient: _Field
    minimum: tuple[float, float] = (0.0, 0.0)
    reach: float = 5.0

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """The square that pictures show: left, right, bottom, top."""
        x, y = self.minimum
        return x - self.reach, x + self.reach, y - self.reach, y + self.reach

    def grid(self, points: int = 161) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Both weights and the loss on a square grid, each of shape (points, points)."""
        whole("points", points, least=2)
        left, right, bottom, top = self.limits
        x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
        return x, y, self.value(np.stack([x, y], axis=-1))


def valley(steepness: float = 25.0, degrees: float = 0.0) -> Surface:
    """A convex valley, (u² + steepness·v²)/2: gentle along the axis u, steep across it.

    Parameters
    ----------
    steepness
        Curvature across the valley; along it the curvature is 1.
    degrees
        By how much the valley is turned, counter-clockwise.

    Raises
    ------
    ValueError
        If `steepness` is not positive: there would be no minimum.

    Examples
    --------
    >>> surface = valley(steepness=25)
    >>> w = np.array([[1.0, 0.0], [0.0, 1.0]])  # along the valley, and across
    >>> surface.value(w).tolist()
    [0.5, 12.5]
    >>> surface.gradient(w).tolist()
    [[1.0, 0.0], [0.0, 25.0]]
    """
    if steepness <= 0:
        raise ValueError(f"steepness is {steepness}; give a positive number, 25 for example.")
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    curvatures = np.array([1.0, steepness])

    def value(w: np.ndarray) -> np.ndarray:
        return ((np.asarray(w) @ turn) ** 2 @ curvatures) / 2

    def gradient(w: np.ndarray) -> np.ndarray:
        return (np.asarray(w) @ turn * curvatures) @ turn.T

    return Surface("valley" if degrees == 0 else "turned valley", value, gradient)


def ripples() -> Surface:
    """A shallow bowl full of dents, the sum of w²/20 + (1 − cos 2w)/2 over both weights.

    The dent at (0, 0) is the lowest; the others lie about 3 apart in both directions.
    """

    def value(w: np.ndarray) -> np.ndarray:
        return (np.square(w) / 20 + (1 - np.cos(2 * np.asarray(w))) / 2).sum(axis=-1)

    def gradient(w: np.ndarray) -> np.ndarray:
        return np.asarray(w) / 10 + np.sin(2 * np.asarray(w))

    return Surface("ripples", value, gradient)
