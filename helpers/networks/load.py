"""Networks that know ImageNet's thousand classes, and the photograph of two elephants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from helpers.data import registry
from helpers.data.profile import announce, is_sample
from helpers.networks.stand_ins import drawn_imagenet as sample

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

MOBILENET = "mobilenet_7_5_224_tf.h5"
VGG16 = "vgg16_weights_tf_dim_ordering_tf_kernels.h5"
PHOTOGRAPH = "creative_commons_elephant.jpg"
ELEPHANTS = (386, 101, 385)  # African elephant, tusker, Indian elephant


@dataclass(frozen=True)
class Network:
    """A classifier with what belongs to it.

    Attributes
    ----------
    model
        From ``(n, side, side, 3)`` to class probabilities.
    preprocess_input
        The model's own, see :meth:`prepare`.
    decode_predictions
        As in ``keras.applications``: the names of the most probable classes.
    layers
        Names of layers from shallow to deep, each one's channels worth a look; the last of them is
        the counterpart of VGG16's ``block5_conv1``.
    last
        The layer with the last maps before the head.
    elephants
        The numbers of the three classes that the lecture found in the photograph.
    """

    model: keras.Model
    preprocess_input: Callable
    decode_predictions: Callable
    layers: tuple[str, ...]
    last: str
    elephants: tuple[int, int, int]

    def prepare(self, pictures: ArrayLike) -> tf.Tensor:
        """The model's input from RGB pictures ``(n, side, side, 3)`` of 0..255, left as they are.

        Keras's own ``preprocess_input`` writes into an array of floats that it is given.
        """
        return self.preprocess_input(tf.convert_to_tensor(pictures, "float32"))

    @property
    def side(self) -> int:
        """Of the pictures, in pixels."""
        return self.model.input_shape[1]


def load_network(profile: str, base: str = "mobilenet") -> Network:
    """A trained network with its top, and a line that says which it is.

    Parameters
    ----------
    profile
        ``"full"``: trained on ImageNet. ``"sample"``: a small one trained on drawings of four
        kinds, whatever the base, see :mod:`helpers.networks.stand_ins.drawn_imagenet`.
    base
        ``"vgg16"``, the lecture's, or ``"mobilenet"``: MobileNet with 0.75 of its channels.

    Raises
    ------
    ValueError
        For an unknown profile or base.
    DataError
        If the weights are missing or others.
    """
    if base not in ("vgg16", "mobilenet"):
        raise ValueError(f"The base is {base!r}; choose 'mobilenet' or 'vgg16'.")
    if is_sample(profile):
        announce("a network trained on ImageNet", "a small one, trained on drawings of four kinds")
        return Network(
            sample.load_network(),
            sample.preprocess_input,
            sample.decode_predictions,
            tuple(f"conv_{block}_bn" for block in (1, 2, 3, 4)),
            "conv_4_relu",
            (0, 1, 2),
        )
    return _vgg16() if base == "vgg16" else _mobilenet()


def load_photograph(profile: str) -> np.ndarray:
    """Two elephants: the lecture's photograph, or a drawing with a line that says so.

    Returns
    -------
    np.ndarray
        RGB, ``(351, 525, 3)``, uint8.

    Raises
    ------
    ValueError
        For an unknown profile.
    DataError
        If the photograph is missing and cannot be downloaded, or is another one.
    """
    if is_sample(profile):
        announce("the photograph", "a drawing of two elephants")
        return sample.draw_scene()
    return np.asarray(keras.utils.load_img(registry.fetch(PHOTOGRAPH)))


def _mobilenet() -> Network:
    application = keras.applications.mobilenet
    model = application.MobileNet(alpha=0.75, weights=None)
    # After batch normalisation and before ReLU: a channel that is off still has a gradient.
    names = tuple(f"conv_pw_{block}_bn" for block in (1, 3, 5, 11, 13))
    return _trained("MobileNet 0.75", application, model, MOBILENET, names, "conv_pw_13_relu")


def _vgg16() -> Network:
    application = keras.applications.vgg16
    names = tuple(f"block{block}_conv1" for block in (1, 2, 3, 4, 5))
    model = application.VGG16(weights=None)
    return _trained("VGG16", application, model, VGG16, names, "block5_conv3")


def _trained(
    name: str,
    application: ModuleType,
    model: keras.Model,
    weights: str,
    names: tuple[str, ...],
    last: str,
) -> Network:
    weights.load_weights(model, weights)
    print(f"{name}, trained on ImageNet: {model.count_params():,} parameters.")
    prepare, decode = application.preprocess_input, application.decode_predictions
    return Network(model, prepare, decode, names, last, ELEPHANTS)
