"""Pictures: in a grid, as one large picture, side by side."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from helpers.plots import style
from helpers.plots.style import show, show_picture
from helpers.record import say

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

_WIDTH = 7.2  # of a figure, in inches


_QUALITY = 72  # of a stored photograph
_STORED_COLOURS = 80  # of a stored figure: noisy patterns in all colours would fill megabytes


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
    for i, (axis, image) in enumerate(zip(axes[: len(images)], images, strict=True)):
        axis.imshow(image, cmap="binary" if images.ndim == 3 else None)
        if captions:
            axis.set_title(captions[i], fontsize=9, loc="center")
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, _alt(title, len(images), [" ".join(str(c).split()) for c in captions]))


def _alt(title: str, count: int, names: Sequence[str]) -> str:
    """How many pictures a figure has, and their names if they have any."""
    if not names:
        return say("{title}. {count} pictures.", title=title, count=count)
    listed = "; ".join(names)
    return say("{title}. {count} pictures: {names}.", title=title, count=count, names=listed)


def tile(pictures: ArrayLike, columns: int = 8, margin: int = 5) -> np.ndarray:
    """Put pictures of one size into one large picture, row by row.

    Parameters
    ----------
    pictures
        RGB pictures ``(n, height, width, 3)``, uint8, or maps ``(n, height, width)``. Each map is
        scaled to 0..1 by itself; one that has the same value everywhere becomes 0.
    columns
        Pictures in a row; the last row may stay short.
    margin
        Pixels between two pictures, white around pictures and not a number around maps.

    Returns
    -------
    np.ndarray
        ``(rows, columns, 3)`` of uint8, or ``(rows, columns)`` of float32.

    Raises
    ------
    ValueError
        If the pictures have another shape.

    Notes
    -----
    Source: listings L15.5 (B5.31) and L15.10 (B5.39), which fill the grid by two loops.
    """
    pictures = np.asarray(pictures)
    if pictures.ndim not in (3, 4) or not len(pictures):
        raise ValueError(
            f"The pictures have shape {pictures.shape}; give (n, height, width) or "
            "(n, height, width, 3) with n at least 1."
        )
    if pictures.ndim == 3:
        pictures = _each_to_unit(pictures)
    n, height, width, *colours = pictures.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    shape = (rows * columns, height + margin, width + margin, *colours)
    cells = np.full(shape, 255 if colours else np.nan, pictures.dtype)
    cells[:n, :height, :width] = pictures
    grid = cells.reshape(rows, columns, *shape[1:]).swapaxes(1, 2)
    whole = grid.reshape(rows * shape[1], columns * shape[2], *colours)
    return whole[: len(whole) - margin, : whole.shape[1] - margin]


def _each_to_unit(maps: np.ndarray) -> np.ndarray:
    low = maps.min(axis=(1, 2), keepdims=True)
    span = np.ptp(maps, axis=(1, 2), keepdims=True)
    return ((maps - low) / np.where(span > 0, span, 1)).astype("float32")


def show_pictures(
    pictures: Mapping[str, ArrayLike], title: str, columns: int = 4, *, photographs: bool = False
) -> None:
    """Draw pictures of any sizes, each with its name: RGB as it is, a map from dark to yellow.

    Parameters
    ----------
    pictures
        By name: ``(height, width, 3)`` RGB, or a map ``(height, width)``.
    title
        The message of the figure.
    columns
        Pictures in a row. Those twice as wide as high, or wider, fill the figure's width if each
        has a row of its own.
    photographs
        Whether to store the figure as JPEG, in all colours and without sharp edges; else as PNG in
        80 colours.
    """
    drawn = {name: np.asarray(picture) for name, picture in pictures.items()}
    columns = min(columns, len(drawn))
    rows = -(-len(drawn) // columns)
    slopes = [picture.shape[0] / picture.shape[1] for picture in drawn.values()]
    share = 1.4 if len(drawn) == 1 else max(columns, 2)
    side = _WIDTH / (1 if columns == 1 and max(slopes) <= 0.5 else share)
    heights = [side * max(slopes[r * columns : (r + 1) * columns]) for r in range(rows)]
    figure, axes = plt.subplots(
        rows,
        columns,
        squeeze=False,
        height_ratios=heights,
        figsize=(side * columns, sum(heights) + 0.3 * rows + 0.3),
    )
    for axis in axes.flat:
        axis.axis("off")
    for axis, (name, picture) in zip(axes.flat[: len(drawn)], drawn.items(), strict=True):
        axis.imshow(picture, cmap="viridis", interpolation="nearest")
        axis.set_title(name, fontsize=9, loc="center")
    figure.suptitle(title, x=0.01, ha="left")
    alt = _alt(title, len(drawn), list(drawn))
    if photographs:
        show_picture(_jpeg(style._png(figure)), alt, "image/jpeg")
    else:
        show_picture(_few_colours(style._png(figure)), alt)
    plt.close(figure)


def _jpeg(png: bytes) -> bytes:
    """The same picture as JPEG."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(file, format="jpeg", quality=_QUALITY)
    return file.getvalue()


def _few_colours(png: bytes) -> bytes:
    """The same picture in fewer colours: a third of the bytes."""
    picture, file = Image.open(io.BytesIO(png)).convert("RGB"), io.BytesIO()
    small = picture.quantize(_STORED_COLOURS, dither=Image.Dither.NONE)
    small.save(file, format="png", optimize=True)
    return file.getvalue()
