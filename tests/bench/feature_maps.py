"""Chapter 15's patterns of 48 filters: a graph for each filter as printed, and all in one batch.

The filters are the drawn stand-in's, so that no file is needed. ``python -m
tests.bench.feature_maps printed|course`` prints the mean response of the filters to their patterns,
and the seconds of the climbing alone, as JSON.
"""

import json
import sys
import time

from helpers import networks
from helpers.networks.stand_ins import drawn_imagenet as imagenet
from helpers.vision.maps import ascend

import keras
import numpy as np
import tensorflow as tf

LAYER, FILTERS, SIZE, STEPS = "conv_3_bn", 48, 64, 40


def generate_pattern(part: keras.Model, filter_index: int) -> np.ndarray:
    """Listing 5.38 with today's names: a graph of its own for each filter."""

    @tf.function
    def iterate(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_mean(
                part.call(imagenet.preprocess_input(x), training=False)[..., filter_index]
            )
        gradients = tape.gradient(loss, x)
        return x + gradients / (tf.sqrt(tf.reduce_mean(tf.square(gradients))) + 1e-5)

    noise = np.random.default_rng(0).random((1, SIZE, SIZE, 3), dtype="float32")
    image = tf.constant(noise * 20 + 128)
    for _ in range(STEPS):
        image = iterate(image)
    return image[0].numpy()


def main(way: str) -> None:
    model = networks.load_network("sample").model
    prepare = imagenet.preprocess_input
    part = keras.Model(model.inputs[0], model.get_layer(LAYER).output)
    started = time.perf_counter()
    if way == "printed":
        patterns = np.stack([generate_pattern(part, index) for index in range(FILTERS)])
    else:
        patterns = ascend(model, LAYER, range(FILTERS), size=SIZE, steps=STEPS, prepare=prepare)
    seconds = time.perf_counter() - started
    maps = part.call(prepare(tf.constant(patterns)), training=False).numpy()
    response = float(np.mean(np.diagonal(maps.mean(axis=(1, 2)))))
    print(json.dumps({"response": float(f"{response:.3g}"), "climbing_s": round(seconds, 1)}))


if __name__ == "__main__":
    main(sys.argv[1])
