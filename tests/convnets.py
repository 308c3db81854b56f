"""Small convnets for pictures of 8 x 8 with two channels, built in every way that Keras has."""

import keras
import numpy as np
from keras import layers

X = np.random.default_rng(0).random((3, 8, 8, 2), "float32")


def convolutions(name="base"):
    stack = [keras.Input((8, 8, 2)), layers.Conv2D(4, 3, activation="relu", name="one")]
    stack += [layers.MaxPooling2D(2, name="pool"), layers.Conv2D(5, 2, name="two")]
    return keras.Sequential(stack, name=name)


def head(outputs=3, activation="softmax"):
    """Not linear in the maps: a hidden layer lies between."""
    stack = [layers.Flatten(), layers.Dense(6, activation="tanh", bias_initializer="normal")]
    return [*stack, layers.Dense(outputs, activation=activation, bias_initializer="normal")]


def functional(base, tops):
    x = inputs = keras.Input((8, 8, 2))
    for layer in [*base.layers, *tops]:
        x = layer(x)
    return keras.Model(inputs, x)


def nested_functional(base, tops):
    x = inputs = keras.Input((8, 8, 2))
    for layer in [base, *tops]:
        x = layer(x)
    return keras.Model(inputs, x)


BUILDS = {
    "sequential": lambda base, tops: keras.Sequential([base.inputs[0], *base.layers, *tops]),
    "functional": functional,
    "base in a sequential": lambda base, tops: keras.Sequential([base, *tops]),
    "base in a functional": nested_functional,
    "base in a base": lambda base, tops: keras.Sequential(
        [keras.Input((8, 8, 2)), keras.Sequential([base], name="outer"), *tops]
    ),
    "head in a model": lambda base, tops: keras.Sequential(
        [base.inputs[0], *base.layers, keras.Sequential(tops, name="top")]
    ),
}
