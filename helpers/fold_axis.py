"""K folds trained as one network with a fold axis.

The axis puts K networks of one shape side by side: features ``(n, K, features)``, kernels
``(K, inputs, units)``, answers ``(n, K, 1)``. Nothing flows from fold to fold, and the loss adds up
over the folds, so every fold learns what it would learn alone; but each operation is started once
instead of K times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from helpers.arguments import whole
from helpers.folds import Split, standardise
from helpers.training.quiet import keep_xla_quiet

import keras
import numpy as np
import pandas as pd
from keras import layers, ops
from numpy.typing import ArrayLike
from tqdm import tqdm

__all__ = ["SampleBySample", "as_one", "cross_validate", "squared_error", "stack"]


def stack(values: ArrayLike, splits: Sequence[Split]) -> Split:
    """What each split trains and validates on, with a fold axis behind the sample axis.

    Parameters
    ----------
    values
        Features or targets, shape ``(n, ...)``.
    splits
        K splits of n samples.

    Returns
    -------
    Split
        Shapes ``(training samples, K, ...)`` and ``(validation samples, K, ...)``.

    Raises
    ------
    ValueError
        If the splits differ in size.
    """
    sizes = sorted({len(split.validation) for split in splits})
    if len(sizes) > 1:
        raise ValueError(
            f"The folds hold {sizes[0]} and {sizes[-1]} samples; for a fold axis choose a number "
            "of folds that divides the number of samples, or leave a few samples out."
        )
    values = np.asarray(values)
    return Split(*(values[np.stack(part, axis=1)] for part in zip(*splits, strict=True)))


def as_one(models: Sequence[keras.Sequential]) -> keras.Sequential:
    """K networks of dense layers as one with a fold axis, starting from their weights.

    Parameters
    ----------
    models
        K built networks of the same shape, of ``Dense`` and ``Dropout`` layers. Kernels and biases
        may have regularizers that add up over their numbers, as L1 and L2 do; constraints and
        regularizers of what a layer answers are refused, since they may look at all folds at once.

    Returns
    -------
    keras.Sequential
        Input ``(n, K, features)``, output ``(n, K, units)``. Compile it with a loss that adds up
        over the folds, such as :func:`squared_error`.

    Raises
    ------
    ValueError
        If there is another kind of layer, one with a setting that has no counterpart, or the
        networks differ.
    """
    if len({str([_settings(layer) for layer in model.layers]) for model in models}) != 1:
        raise ValueError("The networks differ in their layers; build all by the same function.")
    parts = zip(*(model.layers for model in models), strict=True)
    shape = (len(models), *models[0].input_shape[1:])
    one = keras.Sequential([keras.Input(shape), *map(_side_by_side, parts)])
    for layer, *alone in zip(one.layers, *(model.layers for model in models), strict=True):
        weights = zip(*(x.get_weights() for x in alone), strict=True)
        layer.set_weights([np.stack(arrays) for arrays in weights])
    return one


def _side_by_side(same: Sequence[keras.Layer]) -> keras.Layer:
    """One layer with a fold axis for the same layer of K networks; its weights are not set."""
    first = same[0]
    if not isinstance(first, layers.Dense | layers.Dropout):
        raise ValueError(
            f"{first.name!r} is a {type(first).__name__} layer; networks that train side by side "
            "may have Dense and Dropout layers only."
        )
    config = first.get_config()
    left_out = [name for name in config.keys() - _CARRIED if config[name] is not None]
    if left_out:
        raise ValueError(
            f"The layer {first.name!r} has a {' and a '.join(sorted(left_out))}, which networks "
            "that train side by side cannot have; leave it out."
        )
    if isinstance(first, layers.Dropout):
        return layers.Dropout(first.rate, dtype=first.dtype_policy)
    return layers.EinsumDense(
        "nki,kij->nkj",
        output_shape=(len(same), first.units),
        activation=first.activation,
        bias_axes="kj" if first.use_bias else None,
        kernel_regularizer=first.kernel_regularizer,
        bias_regularizer=first.bias_regularizer,
        trainable=first.trainable,
        dtype=first.dtype_policy,
    )


# What a layer of the one network has from those of the K, or, as how its weights began, need not.
_FREE = {"name", "kernel_initializer", "bias_initializer", "seed"}
_CARRIED = _FREE | {
    "trainable",
    "dtype",
    "units",
    "activation",
    "use_bias",
    "kernel_regularizer",
    "bias_regularizer",
    "rate",
}


def _settings(layer: keras.Layer) -> tuple:
    """What has to be the same in all networks."""
    config = {name: value for name, value in layer.get_config().items() if name not in _FREE}
    return type(layer), layer.input.shape, layer.output.shape, config


def squared_error(y_true: Any, y_pred: Any) -> Any:
    """Mean squared error of each fold, added up over the folds.

    A fold's weights appear in its own term only, so their gradient is the one of that fold alone.
    The mean over folds would divide it by K.

    Parameters
    ----------
    y_true, y_pred
        Shapes ``(n, K, 1)``.

    Returns
    -------
    Tensor
        One loss for each sample, shape ``(n,)``.
    """
    return ops.sum(ops.mean(ops.square(y_true - y_pred), axis=-1), axis=-1)


class SampleBySample(keras.Sequential):
    """A network that takes each batch of ``fit`` apart: one update a sample, in one call.

    ``fit(batch_size=len(x))`` then does what ``fit(batch_size=1)`` does, in the same order, while
    the loop over the samples runs in compiled code: small steps cost Python more than arithmetic.
    Compile it with ``jit_compile=True``, which Keras leaves off on a CPU. Needs Keras's TensorFlow
    backend.
    """

    def __init__(self, layers: Sequence[keras.Layer] | None = None, **options: Any) -> None:
        super().__init__(layers, **options)
        keep_xla_quiet()

    def train_step(self, data: tuple) -> dict:
        """One epoch: as many updates as `data` has samples."""
        x, y = data
        one_step = super().train_step

        def update(sample: Any, done: Any) -> Any:
            one_step((ops.take(x, [sample], axis=0), ops.take(y, [sample], axis=0)))
            return done + 1

        ops.fori_loop(0, ops.shape(x)[0], update, 0)
        return self.get_metrics_result()


def cross_validate(
    build_model: Callable[[], keras.Sequential],
    x: ArrayLike,
    y: ArrayLike,
    splits: Sequence[Split],
    epochs: int,
    batch_size: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Train a fresh network for each split, all of them as one, and watch their errors.

    Features are standardised by each split's own training samples. The optimizer is RMSprop and the
    loss the squared error, as in the book.

    Parameters
    ----------
    build_model
        Makes a fresh network of dense layers with one output.
    x, y
        Features ``(n, features)`` and targets ``(n,)``.
    splits
        K splits of n samples, of one size.
    epochs, batch_size
        Of the training, at least 1.
    progress
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        The mean absolute error on the validation samples: a row an epoch, from 1; a column a split.

    Notes
    -----
    Source: listings L09.4 and L09.5 (B3.27, B3.28).
    """
    whole("epochs", epochs)
    whole("batch_size", batch_size)
    x_train, x_val = standardise(*stack(x, splits))
    y_train, y_val = (part[..., np.newaxis] for part in stack(np.asarray(y, "float32"), splits))
    model = as_one([build_model() for _ in splits])
    if batch_size == 1:
        model, batch_size = SampleBySample(model.layers), len(x_train)
        model.compile("rmsprop", squared_error, jit_compile=True)
    else:
        steps = -(-len(x_train) // batch_size)
        model.compile("rmsprop", squared_error, steps_per_execution=steps)
    errors = []
    with tqdm(total=epochs, unit="epoch", disable=not progress, leave=False) as bar:

        def watch(epoch: int, logs: dict) -> None:
            difference = ops.convert_to_numpy(model(x_val)) - y_val
            errors.append(np.abs(difference).mean(axis=(0, 2)))
            bar.update()

        watching = keras.callbacks.LambdaCallback(on_epoch_end=watch)
        model.fit(x_train, y_train, batch_size, epochs, verbose=0, callbacks=[watching])
    names = [f"fold {number}" for number in range(1, len(splits) + 1)]
    return pd.DataFrame(errors, pd.RangeIndex(1, epochs + 1, name="epoch"), names)
