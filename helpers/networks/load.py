"""Networks that others trained, by name: with their top, or as a base; and two elephants.

All that the course knows of them stands in one table, a row a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from helpers.data import registry
from helpers.data.profile import announce, is_sample
from helpers.networks.weights import WeightsFile, load_weights

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

__all__ = ["ELEPHANTS", "Base", "Network", "load_base", "load_network", "load_photograph"]

ELEPHANTS = (386, 101, 385)  # African elephant, tusker, Indian elephant
_PHOTOGRAPH = "creative_commons_elephant.jpg"


@dataclass(frozen=True)
class _Row:
    """A network: how it is built, its files, and the layers that the course uses.

    Attributes
    ----------
    title
        Its name among people; that of its function in ``keras.applications`` is `builder`.
    without_top, with_top
        The weights' files; None where the course has no use for one.
    last_block
        The first layer of the last block of a chain: the lecture fine-tunes from there on. None
        where the layers form no chain.
    layers, last
        As in :class:`Network`.
    """

    title: str
    builder: str
    without_top: WeightsFile
    with_top: WeightsFile | None
    last_block: str | None
    layers: tuple[str, ...]
    last: str
    options: dict[str, Any] = field(default_factory=dict)
    elephants: tuple[int, int, int] = ELEPHANTS


_TABLE = {
    "vgg16": _Row(
        "VGG16",
        "VGG16",
        WeightsFile(
            "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
            md5="6d6bbae143d832006294945121d1f1fc",
        ),
        WeightsFile(
            "vgg16_weights_tf_dim_ordering_tf_kernels.h5", md5="64373286793e3c8b2b4e3219cbf3544b"
        ),
        "block5_conv1",
        tuple(f"block{block}_conv1" for block in (1, 2, 3, 4, 5)),
        "block5_conv3",
    ),
    "mobilenet": _Row(
        "MobileNet 0.75",
        "MobileNet",
        # Keras prints no hash of MobileNet's files.
        WeightsFile(
            "mobilenet_7_5_224_tf_no_top.h5",
            "a0432ad98318d46e38775a9d969f10ba4758d5a4c8aa1f04a86b6d5025bb6bc4",
        ),
        WeightsFile(
            "mobilenet_7_5_224_tf.h5",
            "d1775b21b9615876ea5721ad8d99caf8b7525f14e18ae6f6505b0f0ae95e0841",
        ),
        "conv_dw_13",
        # After batch normalisation and before ReLU: a channel that is off still has a gradient.
        tuple(f"conv_pw_{block}_bn" for block in (1, 3, 5, 11, 13)),
        "conv_pw_13_relu",
        {"alpha": 0.75},
    ),
    "vgg19": _Row(
        "VGG19",
        "VGG19",
        WeightsFile(
            "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
            md5="253f8cb515780f3b799900260a226db6",
        ),
        None,
        "block5_conv1",
        tuple(f"block{block}_conv1" for block in (1, 2, 3, 4, 5)),
        "block5_conv4",
    ),
    "inception_v3": _Row(
        "Inception V3",
        "InceptionV3",
        WeightsFile(
            "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
            md5="bcbd6486424b2319ff4ef7d526e38f63",
        ),
        None,
        None,
        ("mixed2", "mixed3", "mixed4", "mixed5"),
        "mixed10",
    ),
    # The stand-ins: two networks, since a base for cats and dogs must not know them.
    "drawn": _Row(
        "a small network",
        "build",
        WeightsFile(
            "drawn_base.npz", "415dfbd25c39cbf29d4f21bdce0867cd03244a67fc87eb650bca337ec4139d81"
        ),
        WeightsFile(
            "drawn_imagenet.npz", "11b64c3cd56315572a8dd388807785c02f1226867a89642fad2dcd6dadce535a"
        ),
        "block4_conv1",
        tuple(f"conv_{block}_bn" for block in (1, 2, 3, 4)),
        "conv_4_relu",
        elephants=(0, 1, 2),
    ),
}


class _Prepares:
    """What a network and a base have in common."""

    preprocess_input: Callable

    def prepare(self, pictures: ArrayLike) -> tf.Tensor:
        """The model's input from RGB pictures ``(n, side, side, 3)`` of 0..255, left as they are.

        Keras's own ``preprocess_input`` writes into an array of floats that it is given.
        """
        return self.preprocess_input(tf.cast(pictures, "float32"))


@dataclass(frozen=True)
class Base(_Prepares):
    """A network without its top.

    Attributes
    ----------
    model
        From prepared pictures ``(n, side, side, 3)`` to maps of features.
    preprocess_input
        The model's own, see :meth:`prepare`.
    last_block
        The first layer of the last block: the lecture fine-tunes from there on. None where the
        layers form no chain.
    """

    model: keras.Model
    preprocess_input: Callable
    last_block: str | None


@dataclass(frozen=True)
class Network(_Prepares):
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

    @property
    def side(self) -> int:
        """Of the pictures, in pixels."""
        return self.model.input_shape[1]


def load_base(name: str, side: int, trained: bool = True) -> Base:
    """A base by name.

    Parameters
    ----------
    name
        ``"vgg16"``, the lecture's; ``"mobilenet"``, with 0.75 of its filters, a tenth of the work;
        ``"vgg19"``; ``"inception_v3"``; or ``"drawn"``, the course's own small stand-in, see
        :mod:`helpers.networks.stand_ins.drawn_base`.
    side
        Of the square pictures, in pixels: at least 32, for Inception 75, for the drawn base 16.
    trained
        Whether to load the weights, from ImageNet or the drawn heads; else they are random.

    Raises
    ------
    ValueError
        For an unknown name.
    helpers.data.registry.DataError
        If the weights are missing, damaged, or others than expected.

    Notes
    -----
    Source: listing L14.1 (B5.16).

    Examples
    --------
    >>> base = load_base("drawn", 48, trained=False)
    >>> base.model.output.shape, base.last_block
    ((None, 3, 3, 96), 'block4_conv1')
    """
    if name not in _TABLE:
        raise ValueError(f"There is no base {name!r}; choose one of {_listed(_TABLE)}.")
    row = _TABLE[name]
    model, application = _build(name, side)
    if trained:
        load_weights(model, row.without_top)
        if name == "drawn":
            announce("VGG16 with ImageNet's weights", "a small network trained on drawn heads")
    return Base(model, application.preprocess_input, row.last_block)


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
    helpers.data.registry.DataError
        If the weights are missing, damaged, or others than expected.
    """
    known = [name for name, row in _TABLE.items() if row.with_top and name != "drawn"]
    if base not in known:
        raise ValueError(f"There is no network {base!r} with its top; choose {_listed(known)}.")
    name = "drawn" if is_sample(profile) else base
    row = _TABLE[name]
    model, application = _build(name, side=None)
    assert row.with_top is not None
    load_weights(model, row.with_top)
    if name == "drawn":
        announce("a network trained on ImageNet", "a small one, trained on drawings of four kinds")
    else:
        print(f"{row.title}, trained on ImageNet: {model.count_params():,} parameters.")
    prepare, decode = application.preprocess_input, application.decode_predictions
    return Network(model, prepare, decode, row.layers, row.last, row.elephants)


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
    helpers.data.registry.DataError
        If the photograph is missing and cannot be downloaded, or is another one.
    """
    if is_sample(profile):
        from helpers.networks.stand_ins import drawn_imagenet

        announce("the photograph", "a drawing of two elephants")
        return drawn_imagenet.draw_scene()
    return np.asarray(keras.utils.load_img(registry.fetch(_PHOTOGRAPH)))


def _build(name: str, side: int | None) -> tuple[keras.Model, ModuleType]:
    """The network with random weights, and the module that prepares its pictures.

    Without a side it has its top.
    """
    if name == "drawn":
        application = _drawn(top=side is None)
        return application.build(side or application.SIDE), application
    row, application = _TABLE[name], getattr(keras.applications, name)
    options = {} if side is None else {"include_top": False, "input_shape": (side, side, 3)}
    return getattr(application, row.builder)(weights=None, **row.options, **options), application


def _drawn(top: bool) -> ModuleType:
    """The stand-in for a network, or for a base; imported only where it is asked for."""
    if top:
        from helpers.networks.stand_ins import drawn_imagenet

        return drawn_imagenet
    from helpers.networks.stand_ins import drawn_base

    return drawn_base


def _listed(names: Iterable[str]) -> str:
    """Words for a list of names: "'a', 'b' or 'c'"."""
    *others, last = (repr(name) for name in names)
    return f"{', '.join(others)} or {last}"
