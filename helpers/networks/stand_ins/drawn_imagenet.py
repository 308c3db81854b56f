"""A stand-in for an ImageNet network and for the photograph of two elephants.

The network tells four kinds of drawings apart: elephants, cats, dogs, and nothing but blobs. It
ends as MobileNet does, with global average pooling and one linear layer, and the functions here
have the names that they have in ``keras.applications.mobilenet``.

Made to support: the network recognises the elephants in a scene; the heat map for an animal lies
where this animal is, and not on another one beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.data.stand_ins import cats_and_dogs

import cv2
import keras
import numpy as np
from keras import layers

SIDE = 64  # pixels
NAMES = ("drawn_elephant", "drawn_cat", "drawn_dog", "blobs_only")
WEIGHTS = Path(__file__).with_name("drawn_imagenet.npz")
OF_EACH_KIND, ROUNDS, EPOCHS = 250, 14, 4  # of training, each round on new drawings
SCENE = (351, 525)  # height and width of the photograph


def build(side: int = SIDE) -> keras.Model:
    """The network, untrained: ``(n, side, side, 3)`` of -1..1 to four probabilities."""
    stack = [keras.Input((side, side, 3))]
    for number, filters in enumerate((16, 32, 48, 64), start=1):
        stack += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv_{number}"),
            layers.BatchNormalization(name=f"conv_{number}_bn", momentum=0.9),
            layers.ReLU(name=f"conv_{number}_relu"),
        ]
        stack += [layers.MaxPooling2D(name=f"pool_{number}")] if number < 4 else []
    stack += [layers.GlobalAveragePooling2D(), layers.Dense(len(NAMES), activation="softmax")]
    return keras.Sequential(stack, name="drawn_imagenet")


def train() -> None:
    """Train the network on drawings and write its weights, 16 bits each; some minutes."""
    keras.utils.set_random_seed(2012)
    rng = np.random.default_rng(2012)
    network = build()
    # Smoothed labels keep it from being so sure that a probability has no gradient left.
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    network.compile("adam", loss, metrics=["accuracy"])
    kinds = np.repeat(np.arange(len(NAMES)), OF_EACH_KIND)
    for _ in range(ROUNDS):
        pictures = np.stack([draw(kind, rng) for kind in kinds]).astype("float32")
        labels = keras.utils.to_categorical(kinds)
        network.fit(preprocess_input(pictures), labels, epochs=EPOCHS, verbose=2)
    np.savez_compressed(WEIGHTS, *(np.float16(weight) for weight in network.get_weights()))


def preprocess_input(x: Any) -> Any:
    """From 0..255 to -1..1."""
    return x / 127.5 - 1


def decode_predictions(predictions: np.ndarray, top: int = 5) -> list[list[tuple]]:
    """For each row the most probable classes: number, name and probability, best first."""
    return [
        [(f"drawn{i}", NAMES[i], row[i]) for i in np.argsort(row)[::-1][:top]]
        for row in np.asarray(predictions)
    ]


def draw(kind: int, rng: np.random.Generator) -> np.ndarray:
    """One drawing of the kind `NAMES[kind]`, RGB, ``(64, 64, 3)``, uint8."""
    if kind in (1, 2):
        picture = cats_and_dogs.draw(cats_and_dogs.KINDS[kind - 1], rng)[..., ::-1]
        picture = cv2.resize(picture, (128, 128))
    else:
        picture = _ground(rng, 128, 128)
        if kind == 0:
            place = (int(rng.integers(44, 84)), int(rng.integers(44, 84)))
            _elephant(picture, place, float(rng.uniform(0.6, 1.1)), rng)
    side = int(rng.integers(100, 210))  # the part of a larger ground, or of the drawing, to see
    if side > 128:
        ground = _ground(rng, side, side)
        y, x = rng.integers(0, side - 128, 2)
        ground[y : y + 128, x : x + 128] = picture
        picture = ground
    else:
        y, x = rng.integers(0, 129 - side, 2)
        picture = picture[y : y + side, x : x + side]
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    # Noise teaches filters to look for what is larger than a pixel.
    noisy = small + rng.normal(0, rng.uniform(0, 30), small.shape)
    return np.clip(noisy, 0, 255).astype("uint8")


def draw_scene() -> np.ndarray:
    """Two elephants, a large one and a calf, RGB, ``(351, 525, 3)``, uint8."""
    rng = np.random.default_rng(386)
    picture = _ground(rng, *SCENE)
    _elephant(picture, (330, 150), 3.0, rng)
    _elephant(picture, (140, 200), 1.9, rng)
    return np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype("uint8")


def _ground(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A plain ground with blobs of any colour, the larger the picture the larger."""
    picture = np.full((height, width, 3), rng.integers(30, 226, 3), np.uint8)
    for _ in range(6):
        place = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        axes = [int(a) for a in rng.integers(4, 18, 2) * height // 128]
        colour = [int(c) for c in rng.integers(30, 226, 3)]
        cv2.ellipse(
            picture, place, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA
        )
    return picture


def _elephant(
    picture: np.ndarray, place: tuple[int, int], scale: float, rng: np.random.Generator
) -> None:
    """An elephant's head from the front: wide ears, tusks, and a trunk to one side."""
    grey = rng.integers(90, 190)
    skin, inner = ([int(grey * f + s) for s in (6, 0, -4)] for f in (1.0, 0.78))
    side = rng.choice((-1, 1))

    def at(x: float, y: float) -> tuple[int, int]:
        return int(place[0] + scale * x), int(place[1] + scale * y)

    def size(length: float) -> int:
        return max(1, int(scale * length))

    for ear in (-1, 1):
        cv2.ellipse(
            picture, at(24 * ear, -4), (size(17), size(24)), 12 * ear, 0, 360, skin, -1, cv2.LINE_AA
        )
        cv2.ellipse(
            picture,
            at(24 * ear, -4),
            (size(11), size(18)),
            12 * ear,
            0,
            360,
            inner,
            -1,
            cv2.LINE_AA,
        )
    cv2.ellipse(picture, at(0, 0), (size(17), size(20)), 0, 0, 360, skin, -1, cv2.LINE_AA)
    trunk = [at(0, 8), at(0, 26), at(4 * side, 38), at(13 * side, 42)]
    cv2.polylines(picture, [np.array(trunk)], False, skin, size(10), cv2.LINE_AA)
    for tusk in (-1, 1):
        cv2.line(
            picture, at(8 * tusk, 15), at(13 * tusk, 27), (240, 240, 225), size(3), cv2.LINE_AA
        )
        cv2.circle(picture, at(8 * tusk, -3), size(2), (20, 20, 20), -1, cv2.LINE_AA)


if __name__ == "__main__":
    train()
