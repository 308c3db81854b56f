"""Fine-tuning the last block on augmented photographs: through all of the base, and from the cache.

MobileNet on 2,000 photographs, a few epochs at the lecture's rate. ``python -m tests.bench.transfer
printed|course`` prints the seconds of the training alone, those of filling the cache, and the
validation accuracy as JSON. The archive and the weights have to be at hand.
"""

import json
import sys
import time

from helpers.data import cats_and_dogs
from helpers.networks import load, transfer
from helpers.vision import pipeline, variants

import keras
from keras import layers

SIDE, BATCH_SIZE, EPOCHS, COPIES = 150, 20, 4, 2


def read(part: str):
    folder = cats_and_dogs.load_folders("full")
    return keras.utils.image_dataset_from_directory(
        folder / part,
        label_mode="binary",
        image_size=(SIDE, SIDE),
        batch_size=None,
        shuffle=False,
        verbose=False,
    )


def batches(base, part: str, **options):
    """Prepared pictures in batches."""
    kept = pipeline.batches(read(part), BATCH_SIZE, **options)
    return kept.map(lambda x, y: (base.prepare(x), y))


def augmentation():
    """What both ways do to the training pictures: listing 5.11, as the course's layer."""
    return variants.RandomAffine(rotation=40, shift=0.2, shear=0.2, zoom=0.2, flip=True)


def fit(model, data) -> float:
    """Train with the classifier on top; the seconds that it takes."""
    model.compile(keras.optimizers.RMSprop(1e-5), "binary_crossentropy")
    started = time.perf_counter()
    model.fit(data, epochs=EPOCHS, verbose=0)
    return time.perf_counter() - started


def printed(base, top) -> dict:
    """Listing 5.23: every augmented picture goes through the whole base in every epoch."""
    data = batches(base, "train", shuffle=True, augment=augmentation())
    for _ in data:  # decoding is chapter 13's matter: both ways start from decoded pictures
        pass
    return {"seconds of training": fit(keras.Sequential([base.model, top]), data)}


def course(base, top) -> dict:
    """What is frozen runs once for each of a few variants: `helpers.networks.transfer`."""
    below, above = transfer.cut(base.model, base.last_block)
    started = time.perf_counter()
    stored, labels = transfer.copies(below, batches(base, "train", augment=augmentation()), COPIES)
    filling = time.perf_counter() - started
    data = transfer.Copies(stored, labels, BATCH_SIZE, seed=0)
    seconds = fit(keras.Sequential([above, top]), data)
    return {"seconds of training": seconds, "of filling the cache": filling}


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    base = load.load_base("mobilenet", SIDE)
    top = keras.Sequential(
        [layers.Flatten(), layers.Dense(256, "relu"), layers.Dense(1, "sigmoid")]
    )
    transfer.unfreeze(base.model, base.last_block)
    result = {"printed": printed, "course": course}[sys.argv[1]](base, top)
    whole = keras.Sequential([base.model, top])
    whole.compile(loss="binary_crossentropy", metrics=["accuracy"])
    accuracy = whole.evaluate(batches(base, "validation"), verbose=0)[1]
    seconds = {name: round(value, 1) for name, value in result.items()}
    print(json.dumps(seconds | {"validation accuracy": round(accuracy, 3)}))
