"""Reading photographs for training: the printed generator, and the course's pipeline.

``python -m tests.bench.images printed|course`` reads the 2,000 training photographs ten times, as
ten epochs would, and prints the pictures a second as JSON. The archive has to be at hand.
"""

import json
import sys
import time
from collections.abc import Iterator

from helpers.data import cats_and_dogs
from helpers.vision import pipeline

import keras

SIDE, BATCH_SIZE, PASSES = 150, 20, 10


def printed(folder) -> Iterator:
    """Listing 5.7: each picture is decoded, resized and scaled by itself, in every epoch."""
    import tensorflow as tf

    generator = tf.keras.preprocessing.image.ImageDataGenerator(rescale=1.0 / 255)
    batches = generator.flow_from_directory(
        folder, target_size=(SIDE, SIDE), batch_size=BATCH_SIZE, class_mode="binary"
    )
    for _ in range(PASSES * len(batches)):
        yield next(batches)


def course(folder) -> Iterator:
    """The same from `helpers.vision.pipeline`."""
    pictures = keras.utils.image_dataset_from_directory(
        folder,
        label_mode="binary",
        image_size=(SIDE, SIDE),
        batch_size=None,
        shuffle=False,
        verbose=False,
    )
    batches = pipeline.batches(pictures, BATCH_SIZE, shuffle=True)
    for _ in range(PASSES):
        yield from batches


if __name__ == "__main__":
    folder = cats_and_dogs.load_folders("full") / "train"
    started = time.perf_counter()
    count = sum(len(x) for x, _ in {"printed": printed, "course": course}[sys.argv[1]](folder))
    rate = count / (time.perf_counter() - started)
    print(json.dumps({"pictures": count, "pictures a second": round(rate)}))
