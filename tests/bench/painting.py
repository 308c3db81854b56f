"""Chapter 26's style transfer: the loop as printed, and the course's, to the same loss.

The network is the drawn stand-in, so that no file is needed. ``python -m tests.bench.painting
printed|course`` prints the lowest loss, how many gradients it took, and the seconds of the loop
alone, as JSON.
"""

import json
import sys
import time
from functools import partial

from helpers import networks, vision

import numpy as np
import tensorflow as tf
from scipy import optimize

HEIGHT, ROUNDS, CALLS = 64, 20, 20
WANTED = 0.15  # the loss at which both stop
STYLE_LAYERS = [f"block{block}_conv1" for block in (1, 2, 3, 4)]
CONTENT_LAYER = "block4_conv2"
CONTENT, VARIATION = 0.05, 0.02  # the weights; the style's is 1


class ReachedError(Exception):
    """The loss is as small as wanted."""


def gram(maps: tf.Tensor) -> tf.Tensor:
    places = tf.reshape(maps, (-1, maps.shape[-1]))
    return tf.matmul(places, places, transpose_a=True)


def roughness(x: tf.Tensor) -> tf.Tensor:
    down = tf.square(x[:, :-1, :-1] - x[:, 1:, :-1])
    right = tf.square(x[:, :-1, :-1] - x[:, :-1, 1:])
    return tf.reduce_sum(tf.pow(down + right, 1.25))


def distances(content: tf.Tensor, grams: dict, maps: dict, x: tf.Tensor) -> tf.Tensor:
    """Content, each style layer, roughness: before they are brought to one scale."""
    styles = [tf.reduce_sum(tf.square(grams[n] - gram(maps[n][-1]))) for n in STYLE_LAYERS]
    content_part = tf.reduce_sum(tf.square(maps[CONTENT_LAYER][-1] - content))
    return tf.stack([content_part, *styles, roughness(x)])


def printed_measure(see, c, s, x):
    """Listings 8.16 to 8.20: three pictures as one batch, each time."""
    maps = see(tf.concat([c, s, x], axis=0))
    return distances(maps[CONTENT_LAYER][0], {n: gram(maps[n][1]) for n in STYLE_LAYERS}, maps, x)


def course_measure(see, c, s):
    """The same with what does not change computed once."""
    content, seen = see(c)[CONTENT_LAYER][0], see(s)
    grams = {name: gram(seen[name]) for name in STYLE_LAYERS}
    return lambda x: distances(content, grams, see(x), x)


def compiled(measure, scale, weights):
    @tf.function
    def both(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(weights * measure(x) / scale)
        return loss, tape.gradient(loss, x)

    return both


class Log:
    """Loss and gradient of a flat vector; notes the losses, and stops at the wanted one."""

    def __init__(self, both, shape):
        self.both, self.shape, self.losses = both, shape, []

    def __call__(self, x):
        loss, gradient = self.both(tf.constant(x.reshape(self.shape), "float32"))
        self.losses.append(float(loss))
        if self.losses[-1] <= WANTED:
            raise ReachedError
        return self.losses[-1], np.asarray(gradient, "float64").ravel()


def descend(log: Log, x: np.ndarray, rounds: int, calls: int) -> None:
    """That many calls of L-BFGS, each beginning where the one before ended."""
    limits = {"maxfun": calls, "maxiter": calls, "pgtol": 0, "factr": 0}
    try:
        for _ in range(rounds):
            x, _, _ = optimize.fmin_l_bfgs_b(log, x, **limits)
    except ReachedError:
        pass


def main(way: str) -> None:
    base = networks.load_base("drawn", HEIGHT)
    network = vision.activations(base.model, [*STYLE_LAYERS, CONTENT_LAYER])

    def see(x):
        return network.call(base.prepare(x), training=False)

    flower = vision.photograph("flower", HEIGHT)
    strokes = vision.texture("strokes", *flower.shape[:2])
    c, s = (tf.constant(picture[np.newaxis], "float32") for picture in (flower, strokes))
    quick = course_measure(see, c, s)
    of_content, of_style = quick(c), quick(s)
    scale = tf.concat([of_style[:1], of_content[1:-1], of_style[-1:]], axis=0)
    n = len(STYLE_LAYERS)
    weights = tf.constant([CONTENT, *[1 / n] * n, VARIATION], "float32")
    measure = partial(printed_measure, see, c, s) if way == "printed" else quick
    both = compiled(measure, scale, weights)
    both(c)  # compiling is not what is compared
    log, start = Log(both, c.shape), np.asarray(c, "float64").ravel()
    started = time.perf_counter()
    descend(log, start, *((ROUNDS, CALLS) if way == "printed" else (1, ROUNDS * CALLS)))
    seconds = time.perf_counter() - started
    told = {"loss": round(min(log.losses), 4), "gradients": len(log.losses)}
    print(json.dumps(told | {"loop_s": round(seconds, 1)}))


if __name__ == "__main__":
    main(sys.argv[1])
