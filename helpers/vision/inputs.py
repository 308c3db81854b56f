"""A picture on its way into a network that changes it, and out again.

Deep dreams, adversarial pictures and style transfer change a picture in the form in which their
network takes it. Each network was trained on a form of its own: -1 to 1, or blue before red with
ImageNet's mean taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers.arguments import whole

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from PIL import Image

__all__ = ["octave_sizes", "photograph", "resize", "to_input", "to_picture"]

_OWN = Path(__file__).with_name("photographs")
_NAMES = ("china", "flower", "raccoon", "cat")


def photograph(name: str, height: int | None = None) -> np.ndarray:
    """A photograph that comes with the course or its libraries, and may be shown.

    Parameters
    ----------
    name
        ``"china"``, a temple (danielbuechele on Flickr), or ``"flower"``, a dahlia (vultilion on
        Flickr), both CC BY 2.0 and 427 x 640: name the photographer where you show one.
        ``"raccoon"``, 384 x 384, cut from the one of ``scipy.datasets.face``, or ``"cat"``,
        300 x 300, cut from scikit-image's Chelsea (S. van der Walt); both CC0.
    height
        In pixels, the width follows; None: as it is.

    Returns
    -------
    np.ndarray
        RGB, ``(height, width, 3)``, uint8.

    Raises
    ------
    ValueError
        For another name.

    Examples
    --------
    >>> photograph("flower").shape, photograph("china", 200).shape
    ((427, 640, 3), (200, 299, 3))
    """
    if name not in _NAMES:
        raise ValueError(f"There is no photograph {name!r}; choose one of {', '.join(_NAMES)}.")
    picture = _read(name)
    if height is None:
        return picture
    whole("height", height)
    width = picture.shape[1] * height // picture.shape[0]
    smaller = resize(picture, (height, width), antialias=True)
    return np.clip(np.round(smaller), 0, 255).astype("uint8")


def _read(name: str) -> np.ndarray:
    if (_OWN / f"{name}.jpg").exists():
        return np.array(Image.open(_OWN / f"{name}.jpg"))
    from sklearn.datasets import load_sample_image

    return np.array(load_sample_image(f"{name}.jpg"))


def octave_sizes(
    size: tuple[int, int], count: int = 3, scale: float = 1.4
) -> list[tuple[int, int]]:
    """The sizes at which a picture is worked on one after the other, smallest first.

    Parameters
    ----------
    size
        Height and width of the picture, which is the last of the sizes.
    count
        How many sizes.
    scale
        How much larger each size is than the one before, above 1.

    Returns
    -------
    list
        Pairs ``(height, width)``: ``int(side / scale**i)``, at least 1.

    Raises
    ------
    ValueError
        If there is no size, or the scale does not grow.

    Notes
    -----
    Source: listing L25.5 (B8.12).

    Examples
    --------
    >>> octave_sizes((350, 350))
    [(178, 178), (250, 250), (350, 350)]
    """
    whole("count", count)
    if not scale > 1:
        raise ValueError(f"The scale is {scale!r}; give a number above 1, 1.4 for example.")
    height, width = size
    return [
        (max(1, int(height / scale**i)), max(1, int(width / scale**i)))
        for i in reversed(range(count))
    ]


def resize(pictures: ArrayLike, size: tuple[int, int], antialias: bool = False) -> np.ndarray:
    """Pictures in another size, each pixel mixed from its neighbours in proportion to distance.

    Parameters
    ----------
    pictures
        Shape ``(height, width, channels)`` or ``(n, height, width, channels)``, any values.
    size
        The new height and width.
    antialias
        Whether a smaller picture averages over all pixels that it leaves out. The book's zoom does
        not.

    Returns
    -------
    np.ndarray
        Float32, not rounded.

    Raises
    ------
    ValueError
        If the pictures have another number of axes.

    Notes
    -----
    Source: listing L25.6 (B8.13), ``scipy.ndimage.zoom`` of order 1.
    """
    shape = np.shape(pictures)
    if len(shape) not in (3, 4):
        raise ValueError(
            f"The pictures have shape {shape}; give (height, width, channels) or "
            "(n, height, width, channels)."
        )
    values = tf.cast(pictures, "float32")
    return tf.image.resize(values, size, method="bilinear", antialias=antialias).numpy()


def to_input(picture: ArrayLike, prepare: Callable) -> tf.Tensor:
    """A batch of one picture, in the form that a network takes.

    Parameters
    ----------
    picture
        RGB, ``(height, width, 3)``, 0 to 255.
    prepare
        The network's own: ``preprocess_input`` of its module in ``keras.applications``.

    Returns
    -------
    tf.Tensor
        Float32, ``(1, height, width, 3)``.

    Raises
    ------
    ValueError
        If it is no such picture.
    """
    shape = np.shape(picture)
    if len(shape) != 3 or shape[-1] != 3:
        raise ValueError(f"The picture has shape {shape}; give one picture (height, width, 3).")
    return prepare(tf.cast(picture, "float32")[None])


def to_picture(x: ArrayLike, prepare: Callable) -> np.ndarray:
    """The picture that a network's input shows: the way back from :func:`to_input`.

    Every network's preparation mixes the three colours of a pixel linearly and adds a constant, so
    four pixels tell what it does, and it can be undone whichever it is.

    Parameters
    ----------
    x
        ``(1, height, width, 3)`` or ``(height, width, 3)``, in the network's form.
    prepare
        As for :func:`to_input`.

    Returns
    -------
    np.ndarray
        RGB, ``(height, width, 3)``, uint8: rounded, and what is outside 0 to 255 cut off.

    Raises
    ------
    ValueError
        If it is no single picture, or holds values that are no numbers.

    Examples
    --------
    >>> picture = np.arange(12, dtype="uint8").reshape(2, 2, 3)
    >>> x = to_input(picture, lambda x: x / 127.5 - 1)
    >>> bool((to_picture(x, lambda x: x / 127.5 - 1) == picture).all())
    True
    """
    values = np.asarray(x, "float64")
    if values.ndim == 4 and len(values) == 1:
        values = values[0]
    if values.ndim != 3 or values.shape[-1] != 3:
        raise ValueError(
            f"The input has shape {np.shape(x)}; give one picture, (1, height, width, 3) or "
            "(height, width, 3)."
        )
    if not np.isfinite(values).all():
        raise ValueError("The input holds values that are no numbers; was a step too large?")
    black, *primaries = _four_pixels(prepare)
    mixing = np.subtract(primaries, black)
    colours = (values - black) @ np.linalg.inv(mixing) * 255
    return np.clip(np.round(colours), 0, 255).astype("uint8")


def _four_pixels(prepare: Callable) -> np.ndarray:
    """What a preparation makes of black, red, green and blue; shape ``(4, 3)``."""
    pixels = 255 * np.eye(4, 3, -1, dtype="float32")
    return np.asarray(prepare(tf.constant(pixels[None, None])), "float64")[0, 0]
