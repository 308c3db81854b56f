"""A stand-in for VGG16 and its weights: a small network of the same kind, trained on drawn heads.

The heads have ears, a muzzle, a nose, eyes and a coat, each drawn by chance and independently of
the others: bears with a beak, rabbits with horns. The network is asked for all of them at once, so
it has to find parts of a head wherever they are. Nothing by which :mod:`.cats_and_dogs` tells its
cats and dogs apart is among the parts: no pointed or hanging ears, no whiskers, no such noses.

Made to support: a dense layer on its features tells the drawn cats from the drawn dogs much better
than the same network does that starts from random weights; its pictures have to be prepared in
its own way, VGG16's.

``python -m helpers.networks.stand_ins.drawn_base`` draws, trains (some minutes on two cores) and
writes the weights beside this file; they are then another set, with another digest.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers

WEIGHTS = Path(__file__).with_name("drawn_base.npz")
SIDE = 48  # of a picture, in pixels
FILTERS = (16, 32, 64, 96)  # of the two convolutions in each block
PARTS = {
    "ears": ("none", "round", "long", "horns"),
    "muzzle": ("none", "long", "beak"),
    "nose": ("none", "nostrils"),
    "eyes": ("round", "slits", "closed"),
    "coat": ("plain", "stripes", "spots"),
    "tongue": ("none", "some"),
}
PICTURES, EPOCHS, BATCH_SIZE = 16_000, 10, 64
Colour = tuple[int, ...]
preprocess_input = keras.applications.vgg16.preprocess_input


def build(side: int = SIDE) -> keras.Model:
    """Convolutions of 3 x 3 in four blocks with VGG16's names, pooling after each, no top.

    Parameters
    ----------
    side
        Of a picture in pixels, at least 16.

    Returns
    -------
    keras.Model
        Random weights; from ``(n, side, side, 3)`` to ``(n, side // 16, side // 16, 96)``.
    """
    x = inputs = keras.Input(shape=(side, side, 3))
    for block, filters in enumerate(FILTERS, start=1):
        for number in (1, 2):
            name = f"block{block}_conv{number}"
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(inputs, x, name="drawn")


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One head, and what it has.

    Parameters
    ----------
    rng
        Where chance comes from.

    Returns
    -------
    picture
        Shape ``(48, 48, 3)``, RGB, uint8.
    answers
        A number from 0 to 1 each: one-hot for every part of `PARTS` in order, then the colours of
        the fur, the ears and the ground. Float32, shape ``(26,)``.
    """
    has = {part: str(rng.choice(kinds)) for part, kinds in PARTS.items()}
    fur, ear, ground, other = (tuple(int(c) for c in rng.integers(30, 226, 3)) for _ in range(4))
    canvas = np.full((128, 128, 3), ground, np.uint8)
    _blobs(canvas, rng, 6)
    head = _Head(canvas, rng, fur, ear, other)
    head.draw(has)
    posed = cv2.warpAffine(
        head.canvas, _pose(rng), (128, 128), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    _blobs(posed, rng, 2)
    noisy = np.clip(posed + rng.normal(0, rng.uniform(2, 10), posed.shape), 0, 255).astype("uint8")
    sides = tuple(int(s) for s in rng.integers(80, 128, 2, endpoint=True))
    small = cv2.resize(noisy, sides, interpolation=cv2.INTER_AREA)
    picture = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    one_hot = [float(has[part] == kind) for part, kinds in PARTS.items() for kind in kinds]
    colours = np.divide([*fur, *ear, *ground], 255)
    return picture, np.array([*one_hot, *colours], "float32")


class _Head:
    """A head in the middle of a canvas of 128 x 128, drawn part by part."""

    def __init__(
        self,
        canvas: np.ndarray,
        rng: np.random.Generator,
        fur: Colour,
        ear: Colour,
        other: Colour,
    ) -> None:
        self.canvas, self.rng = canvas, rng
        self.fur, self.ear, self.other = fur, ear, other

    def draw(self, has: dict[str, str]) -> None:
        width, height = (int(s) for s in self.rng.integers(21, 31, 2))
        self._ellipse((64, 66), (width, height), self.fur)
        if has["coat"] != "plain":
            self._coat(has["coat"])
        self._ears(has["ears"])
        self._muzzle(has["muzzle"])
        self._nose(has["nose"])
        if has["tongue"] == "some":
            self._ellipse((64, 92 + self._by(3)), (4 + self._by(1), 7), (200, 80, 90))
        self._eyes(has["eyes"])

    def _by(self, most: int) -> int:
        """A whole number from -most to most."""
        return int(self.rng.integers(-most, most, endpoint=True))

    def _ellipse(
        self, centre: tuple[int, int], axes: tuple[int, int], colour: Colour, turn: float = 0.0
    ) -> None:
        cv2.ellipse(self.canvas, centre, axes, turn, 0, 360, colour, -1, cv2.LINE_AA)

    def _polygon(self, points: list[tuple[int, int]], colour: Colour) -> None:
        cv2.fillPoly(self.canvas, [np.array(points)], colour, cv2.LINE_AA)

    def _line(
        self, start: tuple[int, int], end: tuple[int, int], colour: Colour, width: int
    ) -> None:
        cv2.line(self.canvas, start, end, colour, width, cv2.LINE_AA)

    def _coat(self, kind: str) -> None:
        for _ in range(5):
            x, y = 64 + self._by(18), 62 + self._by(18)
            if kind == "spots":
                self._ellipse((x, y), (3, 3), self.other)
            else:
                self._line((x, y - 6), (x + self._by(3), y + 6), self.other, 2)

    def _ears(self, kind: str) -> None:
        apart, up, size = self._by(3), self._by(4), self._by(2)
        for side in (-1, 1):
            x = 64 + side * (18 + apart)
            if kind == "round":
                self._ellipse((x, 44 + up), (9 + size, 9 + size), self.fur)
                self._ellipse((x, 44 + up), (5, 5), self.ear)
            elif kind == "long":
                self._ellipse((x, 30 + up), (6 + size, 22), self.fur, side * (10.0 + self._by(8)))
                self._ellipse((x, 30 + up), (3, 16), self.ear, side * 10.0)
            elif kind == "horns":
                self._line((x, 48), (x + side * (8 + apart), 26 + up), self.ear, 4 + size)

    def _muzzle(self, kind: str) -> None:
        lighter = tuple(min(255, c + 20 + self._by(25) + 15) for c in self.fur)
        if kind == "long":
            self._ellipse((64, 88), (8 + self._by(2), 22 + self._by(3)), lighter)
        elif kind == "beak":
            self._polygon([(54, 70), (74, 70), (64, 92 + self._by(4))], self.ear)

    def _nose(self, kind: str) -> None:
        if kind == "nostrils":
            y = 74 + self._by(3)
            for side in (-1, 1):
                self._ellipse((64 + side * 4, y), (2, 3), (30, 30, 30))

    def _eyes(self, kind: str) -> None:
        apart, y = 10 + self._by(2), 60 + self._by(2)
        for x in (64 - apart, 64 + apart):
            if kind == "closed":
                self._line((x - 4, y), (x + 4, y), (20, 20, 20), 1)
                continue
            self._ellipse((x, y), (4, 4), (245, 245, 245))
            self._ellipse((x, y), (2, 2) if kind == "round" else (1, 4), (20, 20, 20))


def _pose(rng: np.random.Generator) -> np.ndarray:
    """Turned up to 45 degrees, up to a third larger or smaller, and shifted."""
    pose: np.ndarray = cv2.getRotationMatrix2D(
        (64, 64), rng.uniform(-45, 45), 1 + rng.uniform(-0.33, 0.33)
    )
    pose[:, 2] += rng.uniform(-25, 25, size=2)
    return pose


def _blobs(canvas: np.ndarray, rng: np.random.Generator, count: int) -> None:
    """Ellipses of any colour at any place."""
    for _ in range(count):
        place, axes = rng.integers(0, 128, 2).tolist(), rng.integers(4, 18, 2).tolist()
        colour = tuple(int(c) for c in rng.integers(30, 226, 3))
        cv2.ellipse(canvas, place, axes, rng.uniform(0, 180), 0, 360, colour, -1, cv2.LINE_AA)


def drawings(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures, uint8 of shape ``(count, 48, 48, 3)``, and answers, ``(count, 26)``."""
    rng = np.random.default_rng(seed)
    pictures, answers = zip(*(draw(rng) for _ in range(count)), strict=True)
    return np.stack(pictures), np.stack(answers)


def train(pictures: int = PICTURES, epochs: int = EPOCHS, verbose: int = 2) -> keras.Model:
    """The network of `build`, trained to tell what drawn heads have."""
    keras.utils.set_random_seed(14)
    base = build()
    x, y = drawings(pictures, seed=1)
    top = [layers.Flatten(), layers.Dropout(0.3), layers.Dense(y.shape[1], activation="sigmoid")]
    model = keras.Sequential([base, *top])
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, epochs * -(-pictures // BATCH_SIZE))
    model.compile(keras.optimizers.Adam(schedule), "binary_crossentropy", metrics=["mae"])
    model.fit(_batches(x, y), epochs=epochs, verbose=verbose)
    return base


def _batches(x: np.ndarray, y: np.ndarray) -> tf.data.Dataset:
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(BATCH_SIZE)
    return data.map(lambda x, y: (preprocess_input(tf.cast(x, "float32")), y)).prefetch(2)


if __name__ == "__main__":
    trained = train()
    np.savez_compressed(WEIGHTS, *[w.astype("float16") for w in trained.get_weights()])
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes")
