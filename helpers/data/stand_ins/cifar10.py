"""A stand-in for CIFAR-10: 1,300 small drawings of the ten things, in colour.

It imitates the real pictures' form (32 x 32, RGB, uint8), their ten balanced classes, and what
makes them hard: a thing is anywhere in the picture, of any size and colour, may look to either
side, and stands before a background that helps a little (ships on water, airplanes in the sky).
Noise lies over all of it, and some labels are wrong.

Made to support: the chapter's convnet learns far more than a guess, overfits without dropout and
less with it.
"""

from __future__ import annotations

from helpers.data.stand_ins.keeping import made_once

import cv2
import numpy as np

TRAIN, TEST = 1_000, 300
MISLABELLED = 0.15  # of all pictures show another thing, so that there is something to overfit
NOISE = 14.0  # standard deviation, in grey values

SKY, WATER, GRASS, ROAD, ROOM = (
    (150, 190, 230),
    (60, 110, 160),
    (90, 140, 70),
    (130, 130, 130),
    (180, 160, 130),
)

# Each thing on a field of 2 x 2 with its centre at (0, 0), x to the right and y down: polygons as
# lists of corners, discs as (x, y, radius). None of it pretends to be art.
SHAPES: dict[str, list] = {
    "airplane": [
        [(-0.9, -0.1), (0.9, -0.1), (0.9, 0.1), (-0.9, 0.1)],
        [(-0.1, 0), (0.2, 0), (-0.3, 0.8), (-0.5, 0.8)],
        [(-0.1, 0), (0.2, 0), (-0.3, -0.8), (-0.5, -0.8)],
        [(-0.9, 0), (-0.7, 0), (-0.9, -0.5)],
    ],
    "automobile": [
        [(-0.9, -0.1), (0.9, -0.1), (0.9, 0.4), (-0.9, 0.4)],
        [(-0.5, -0.1), (-0.3, -0.5), (0.3, -0.5), (0.55, -0.1)],
        (-0.5, 0.45, 0.2),
        (0.5, 0.45, 0.2),
    ],
    "bird": [
        (0, 0, 0.35),
        (0.4, -0.3, 0.18),
        [(0.5, -0.35), (0.85, -0.25), (0.5, -0.2)],
        [(-0.2, -0.1), (-0.9, 0.15), (-0.2, 0.25)],
        [(-0.05, 0.3), (0, 0.8), (0.05, 0.3)],
    ],
    "cat": [
        (0, 0.1, 0.55),
        [(-0.5, -0.1), (-0.45, -0.75), (-0.1, -0.35)],
        [(0.5, -0.1), (0.45, -0.75), (0.1, -0.35)],
    ],
    "deer": [
        [(-0.5, -0.1), (0.4, -0.1), (0.4, 0.2), (-0.5, 0.2)],
        [(-0.45, 0.2), (-0.35, 0.2), (-0.35, 0.9), (-0.45, 0.9)],
        [(0.25, 0.2), (0.35, 0.2), (0.35, 0.9), (0.25, 0.9)],
        [(0.3, -0.1), (0.45, -0.1), (0.6, -0.5), (0.45, -0.5)],
        [(0.45, -0.5), (0.25, -0.95), (0.35, -0.95), (0.55, -0.5)],
        [(0.5, -0.5), (0.75, -0.95), (0.85, -0.95), (0.6, -0.5)],
    ],
    "dog": [
        (0, 0.1, 0.55),
        [(-0.4, -0.3), (-0.75, -0.2), (-0.7, 0.45), (-0.5, 0.2)],
        [(0.4, -0.3), (0.75, -0.2), (0.7, 0.45), (0.5, 0.2)],
    ],
    "frog": [
        [(-0.9, 0.6), (-0.5, -0.1), (0.5, -0.1), (0.9, 0.6)],
        (-0.35, -0.2, 0.22),
        (0.35, -0.2, 0.22),
    ],
    "horse": [
        [(-0.6, -0.2), (0.5, -0.2), (0.5, 0.25), (-0.6, 0.25)],
        [(-0.55, 0.25), (-0.35, 0.25), (-0.35, 0.9), (-0.55, 0.9)],
        [(0.25, 0.25), (0.45, 0.25), (0.45, 0.9), (0.25, 0.9)],
        [(0.3, -0.2), (0.5, -0.1), (0.8, -0.7), (0.55, -0.8)],
        [(0.6, -0.8), (1.0, -0.5), (0.9, -0.35), (0.6, -0.55)],
    ],
    "ship": [
        [(-0.9, 0.1), (0.9, 0.1), (0.6, 0.55), (-0.6, 0.55)],
        [(-0.4, 0.1), (-0.4, -0.25), (0.2, -0.25), (0.2, 0.1)],
        [(0.0, -0.25), (0.0, -0.8), (0.1, -0.8), (0.1, -0.25)],
    ],
    "truck": [
        [(-0.9, -0.6), (0.35, -0.6), (0.35, 0.4), (-0.9, 0.4)],
        [(0.4, -0.2), (0.75, -0.2), (0.9, 0.1), (0.9, 0.4), (0.4, 0.4)],
        (-0.5, 0.45, 0.2),
        (0.6, 0.45, 0.2),
    ],
}
HOME = dict(
    zip(SHAPES, (SKY, ROAD, SKY, ROOM, GRASS, ROOM, GRASS, GRASS, WATER, ROAD), strict=True)
)

PAINT = dict(
    zip(
        SHAPES,
        (
            (230, 230, 240),
            (200, 40, 40),
            (40, 40, 60),
            (210, 140, 60),
            (150, 100, 60),
            (110, 70, 40),
            (90, 210, 60),
            (120, 50, 20),
            (240, 240, 240),
            (220, 180, 40),
        ),
        strict=True,
    )
)

Images = tuple[np.ndarray, np.ndarray]


@made_once
def load() -> tuple[Images, Images]:
    """The training and test pictures ``(n, 32, 32, 3)`` with labels ``(n, 1)``, all uint8."""
    rng = np.random.default_rng(10)
    labels = rng.permutation(np.resize(np.arange(10), TRAIN + TEST)).astype("uint8")
    shown = np.where(rng.random(labels.size) < MISLABELLED, rng.permutation(labels), labels)
    names = list(SHAPES)
    pictures = np.stack([draw(names[thing], rng) for thing in shown])
    labels = labels[:, np.newaxis]
    return (pictures[:TRAIN], labels[:TRAIN]), (pictures[TRAIN:], labels[TRAIN:])


def draw(name: str, rng: np.random.Generator) -> np.ndarray:
    """Draw one thing: anywhere, of any size and colour, looking left or right, in noise.

    Parameters
    ----------
    name
        A class of CIFAR-10, ``"ship"``.
    rng
        Where the chance comes from.

    Returns
    -------
    np.ndarray
        Shape ``(32, 32, 3)``, RGB, uint8.
    """
    homes = list(HOME.values())
    home = HOME[name] if rng.random() < 0.7 else homes[rng.integers(len(homes))]
    ground = np.clip(home + rng.normal(0, 25, 3), 0, 255)
    light = np.linspace(1, rng.uniform(0.6, 1.1), 32)[:, np.newaxis, np.newaxis]
    picture = np.broadcast_to(ground * light, (32, 32, 3)).clip(0, 255).astype("uint8")
    usual = rng.random() < 0.6
    colour = (
        np.clip(PAINT[name] + rng.normal(0, 30, 3), 0, 255) if usual else rng.uniform(0, 255, 3)
    )
    if np.abs(colour - ground).mean() < 50:  # would be hidden
        colour = (colour + 128) % 256
    paint = tuple(colour.tolist())
    scale = rng.uniform(9, 13) * np.array([rng.choice([-1, 1]), 1])
    centre = rng.uniform(13, 19, 2)
    for shape in SHAPES[name]:
        if isinstance(shape, tuple):
            x, y = np.rint(16 * (centre + scale * shape[:2])).astype(int)
            radius = int(16 * scale[1] * shape[2])
            cv2.circle(picture, (int(x), int(y)), radius, paint, cv2.FILLED, cv2.LINE_AA, 4)
        else:
            corners = np.rint(16 * (centre + scale * np.array(shape))).astype(np.int32)
            cv2.fillPoly(picture, [corners], paint, cv2.LINE_AA, 4)
    noisy = picture + rng.normal(0, NOISE, picture.shape)
    return np.clip(np.rint(noisy), 0, 255).astype("uint8")
