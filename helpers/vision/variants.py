"""Random variants of pictures: turned, moved, sheared, zoomed and mirrored, and sampled once."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops

__all__ = ["RandomAffine"]


class RandomAffine(keras.layers.Layer):
    """Changes each picture by one random transform that takes, for a pixel, the nearest one.

    The changes are those of Keras 2's ``ImageDataGenerator`` in their order: turn, shift, shear
    and zoom are multiplied into one matrix, so that a picture is sampled once and stays sharp, and
    a flip comes last. (The generator turned about a point a pixel off the middle; this is the
    middle.) What lies outside of the picture is a copy of its nearest pixel.

    Source: listing L13.9 (B5.11), ``random_transform`` of Keras 2.0.8's preprocessing/image.py.

    Parameters
    ----------
    rotation
        Largest angle, in degrees, either way.
    shift
        Largest shift of rows, and of columns, as a part of the picture's height and width.
    shear
        Largest shear, in radians: an angle, as in Keras 2.0.8 to 2.1.2; later ones took degrees.
    zoom
        Largest change of the size; one factor is drawn for the rows and one for the columns.
    flip
        Whether half of the pictures are mirrored, left and right.
    seed
        Of all draws.

    Raises
    ------
    ValueError
        If a limit is negative, or `zoom` is not below 1.

    Examples
    --------
    >>> pictures = ops.ones((2, 4, 4, 3))
    >>> RandomAffine(rotation=40, shift=0.2)(pictures).shape
    TensorShape([2, 4, 4, 3])
    """

    def __init__(
        self,
        rotation: float = 0.0,
        shift: float = 0.0,
        shear: float = 0.0,
        zoom: float = 0.0,
        flip: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        limits = {"rotation": rotation, "shift": shift, "shear": shear, "zoom": zoom}
        for name, limit in limits.items():
            if not limit >= 0:
                raise ValueError(f"{name} is {limit}; it is a limit either way, so at least 0.")
        if not zoom < 1:
            raise ValueError(f"zoom is {zoom}; below 1, please: a factor of 0 leaves no picture.")
        self.limits, self.flip, self.seed = limits, flip, seed
        self.draw = keras.random.SeedGenerator(seed)

    def call(self, pictures: Any, training: bool = True) -> Any:
        """A variant of each picture, ``(n, height, width, channels)``; the same if not training."""
        if not training:
            return pictures
        n, height, width, _ = ops.shape(pictures)
        limits = self.limits

        def either_way(limit: float) -> Any:
            return keras.random.uniform((n,), -limit, limit, seed=self.draw)

        transforms = affine(
            (height, width),
            either_way(limits["rotation"] * math.pi / 180),
            either_way(limits["shift"]),
            either_way(limits["shift"]),
            either_way(limits["shear"]),
            1 + either_way(limits["zoom"]),
            1 + either_way(limits["zoom"]),
            ops.sign(either_way(1.0)) if self.flip else ops.ones((n,)),
        )
        return ops.image.affine_transform(
            pictures, transforms, interpolation="nearest", fill_mode="nearest"
        )

    def get_config(self) -> dict[str, Any]:
        """What the layer is built from."""
        return super().get_config() | self.limits | {"flip": self.flip, "seed": self.seed}


def affine(
    size: tuple[Any, Any],
    angle: Any,
    down: Any,
    right: Any,
    shear: Any,
    rows: Any,
    columns: Any,
    side: Any,
) -> Any:
    """Where each pixel is taken from: ``(n, 8)``, as ``keras.ops.image.affine_transform`` wants.

    Turn, shift, shear and zoom about the middle of a picture of this size; `side` is -1 for a
    mirrored one. All are of shape ``(n,)``, angles in radians, shifts as parts of the size.
    """
    height, width = (ops.cast(side_, "float32") for side_ in size)
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    down, right = down * height, right * width
    y_y, x_y = rows * ops.cos(angle), rows * ops.sin(angle)
    y_x, x_x = -columns * ops.sin(angle + shear) * side, columns * ops.cos(angle + shear) * side
    from_y = ops.cos(angle) * down - ops.sin(angle) * right
    from_x = ops.sin(angle) * down + ops.cos(angle) * right
    from_y = from_y + middle_y - y_y * middle_y - y_x * middle_x
    from_x = from_x + middle_x - x_y * middle_y - x_x * middle_x
    nothing = ops.zeros_like(angle)
    return ops.stack([x_x, x_y, from_x, y_x, y_y, from_y, nothing, nothing], axis=1)
