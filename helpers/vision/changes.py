"""What a change of a picture looks like in numbers: how fine it is, whether it lies on a grid."""

from __future__ import annotations

import io

from helpers.arguments import whole

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

__all__ = ["grid_share", "mean_frequency", "scramble", "through_jpeg"]


def mean_frequency(change: ArrayLike) -> float:
    """How fine a change is: the mean spatial frequency of its power, in waves a pixel.

    Parameters
    ----------
    change
        The difference of two pictures, ``(height, width, channels)``; its mean does not count.

    Returns
    -------
    float
        Between 0, broad areas, and 0.71, a chequerboard of single pixels; noise has 0.38.

    Raises
    ------
    ValueError
        If it has another number of axes, or there is no change.

    Examples
    --------
    >>> waves = np.sin(2 * np.pi * np.arange(40) / 8)  # eight pixels a wave
    >>> round(mean_frequency(np.tile(waves, (40, 1))[..., None]), 3)
    0.125
    """
    change = _checked(change)
    power = (np.abs(np.fft.fft2(change, axes=(0, 1))) ** 2).sum(axis=-1)
    power[0, 0] = 0
    height, width = power.shape
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    if not power.sum() > 0:
        raise ValueError("The change is the same everywhere, so it has no frequency.")
    return float((power * frequency).sum() / power.sum())


def scramble(change: ArrayLike, seed: int = 0) -> np.ndarray:
    """A change of the same strength, the same frequencies and colours, but without its shapes.

    The phase of each wave is drawn anew, alike for all channels.

    Parameters
    ----------
    change
        The difference of two pictures, ``(height, width, channels)``.
    seed
        Of the phases.

    Returns
    -------
    np.ndarray
        The same shape; each channel keeps its mean and its power at each frequency.

    Raises
    ------
    ValueError
        If it has another number of axes.
    """
    change = _checked(change)
    noise = np.fft.fft2(np.random.default_rng(seed).normal(size=change.shape[:2]))
    turn = noise / np.abs(noise)
    turn[0, 0] = 1
    spectrum = np.fft.fft2(change, axes=(0, 1)) * turn[..., None]
    return np.fft.ifft2(spectrum, axes=(0, 1)).real


def grid_share(change: ArrayLike, period: int) -> float:
    """How unevenly a change is spread over the cells of a grid: 0 where it has none.

    All squares of `period` pixels are laid over each other, and the change's mean square is taken
    at each place of the square.

    Parameters
    ----------
    change
        The difference of two pictures, ``(height, width, channels)``.
    period
        Pixels from one line of the grid to the next.

    Returns
    -------
    float
        The standard deviation of the mean squares divided by their mean. Chance alone gives about
        ``period / side`` for noise.

    Raises
    ------
    ValueError
        If it has another number of axes, or no square of that size fits.
    """
    change = _checked(change)
    height, width = (side // whole("period", period) for side in change.shape[:2])
    if not height or not width:
        raise ValueError(f"No square of {period} pixels fits into a change of {change.shape[:2]}.")
    cut = (change**2).mean(axis=-1)[: height * period, : width * period]
    squares = cut.reshape(height, period, width, period).mean(axis=(0, 2))
    return float(squares.std() / squares.mean())


def through_jpeg(picture: ArrayLike, quality: int = 75) -> np.ndarray:
    """A picture as it comes back from a JPEG file.

    Parameters
    ----------
    picture
        RGB, ``(height, width, 3)``, uint8.
    quality
        From 1 to 95; 75 is Pillow's own choice.

    Raises
    ------
    ValueError
        If the picture is of another type.
    """
    picture = np.asarray(picture)
    if picture.dtype != np.uint8:
        raise ValueError(f"The picture is of type {picture.dtype}; give uint8, 0 to 255.")
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "jpeg", quality=whole("quality", quality, most=95))
    return np.array(Image.open(file))


def _checked(change: ArrayLike) -> np.ndarray:
    array = np.asarray(change, "float64")
    if array.ndim != 3:
        raise ValueError(f"The change has shape {array.shape}; give (height, width, channels).")
    return array
