"""A stand-in for the cats and dogs: drawn heads of both, as JPEG files in folders.

A cat has pointed ears that stand, a small nose and whiskers; a dog has round ears that hang and a
long muzzle. All else is chance and says nothing: colours, where the head is, how large it is and
how far it is turned, blobs in front and behind, and the size of the picture.

The training heads are posed, upright and in the middle, the validation heads are not: a hundred of
each kind cannot show all that can happen.

Made to support: a small convnet learns the training pictures by heart and stalls far lower on the
others; turning, shifting, zooming and flipping the training pictures, together with dropout, brings
many points more.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

PARTS = {"train": 100, "validation": 150}  # pictures of each kind
POSE = {"train": 0.1, "validation": 1.0}  # how far heads are turned, shifted, resized
KINDS = ("cats", "dogs")
SIDES = (80, 128)  # of a picture, in pixels
BLOBS = 6
SIZE = 1.35  # of a head, times its drawing
Colour = tuple[int, ...]


def write(folder: Path) -> None:
    """Write ``PART/KIND/kind.N.jpg`` into `folder`; the numbers go on from part to part."""
    rng = np.random.default_rng(2013)
    first = 0
    for part, count in PARTS.items():
        for kind in KINDS:
            (folder / part / kind).mkdir(parents=True)
            for number in range(first, first + count):
                path = folder / part / kind / f"{kind[:-1]}.{number}.jpg"
                cv2.imwrite(str(path), draw(kind, rng, POSE[part]), [cv2.IMWRITE_JPEG_QUALITY, 90])
        first += count


def draw(kind: str, rng: np.random.Generator, pose: float = 1.0) -> np.ndarray:
    """One head.

    Parameters
    ----------
    kind
        ``"cats"`` or ``"dogs"``.
    rng
        Where chance comes from.
    pose
        1: turned up to 35 degrees, a quarter larger or smaller, shifted up to 22 of 128 pixels;
        less: less of each.

    Returns
    -------
    np.ndarray
        Shape ``(height, width, 3)``, BGR as OpenCV has it, uint8.
    """
    fur, ground, ear = (_colour(rng) for _ in range(3))
    canvas = np.full((128, 128, 3), ground, np.uint8)
    _blobs(canvas, rng)
    head = canvas.copy()
    cv2.ellipse(head, (64, 66), (26, 24), 0, 0, 360, fur, -1, cv2.LINE_AA)
    (_cat if kind == "cats" else _dog)(head, fur, ear)
    for x in (54, 74):
        cv2.circle(head, (x, 60), 4, (245, 245, 245), -1, cv2.LINE_AA)
        cv2.circle(head, (x, 60), 2, (20, 20, 20), -1, cv2.LINE_AA)
    posed = cv2.warpAffine(
        head, _pose(rng, pose), (128, 128), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    _blobs(posed, rng, count=2)
    grain = rng.normal(0, 8, posed.shape)
    width, height = rng.integers(*SIDES, size=2, endpoint=True)
    noisy = np.clip(posed + grain, 0, 255).astype("uint8")
    return cv2.resize(noisy, (int(width), int(height)), interpolation=cv2.INTER_AREA)


def _cat(head: np.ndarray, fur: Colour, ear: Colour) -> None:
    for side in (-1, 1):
        outer = [(64 + side * x, y) for x, y in ((24, 58), (22, 26), (5, 46))]
        inner = [(64 + side * x, y) for x, y in ((20, 50), (20, 34), (11, 46))]
        cv2.fillPoly(head, [np.array(outer)], fur, cv2.LINE_AA)
        cv2.fillPoly(head, [np.array(inner)], ear, cv2.LINE_AA)
        for rise in (-4, 1, 6):
            end = (64 + side * 30, 76 + rise)
            cv2.line(head, (64 + side * 8, 76), end, (235, 235, 235), 1, cv2.LINE_AA)
    cv2.fillPoly(head, [np.array([(60, 72), (68, 72), (64, 77)])], (90, 90, 200), cv2.LINE_AA)


def _dog(head: np.ndarray, fur: Colour, ear: Colour) -> None:
    for side in (-1, 1):
        cv2.ellipse(head, (64 + side * 26, 66), (8, 21), -side * 12, 0, 360, ear, -1, cv2.LINE_AA)
    lighter = tuple(min(255, c + 35) for c in fur)
    cv2.ellipse(head, (64, 80), (13, 15), 0, 0, 360, lighter, -1, cv2.LINE_AA)
    cv2.ellipse(head, (64, 73), (7, 5), 0, 0, 360, (30, 30, 30), -1, cv2.LINE_AA)


def _pose(rng: np.random.Generator, strength: float) -> np.ndarray:
    turn, size = rng.uniform(-35, 35) * strength, SIZE + rng.uniform(-0.25, 0.25) * strength
    pose = cv2.getRotationMatrix2D((64, 64), turn, size)
    pose[:, 2] = pose[:, 2] + rng.uniform(-22, 22, size=2) * strength
    return pose


def _blobs(canvas: np.ndarray, rng: np.random.Generator, count: int = BLOBS) -> None:
    """Ellipses of any colour at any place."""
    for _ in range(count):
        place = tuple(int(x) for x in rng.integers(0, 128, 2))
        axes = tuple(int(x) for x in rng.integers(4, 18, 2))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(canvas, place, axes, turn, 0, 360, _colour(rng), -1, cv2.LINE_AA)


def _colour(rng: np.random.Generator) -> Colour:
    return tuple(int(c) for c in rng.integers(30, 226, size=3))
