"""Training data from which the wanted cannot be learned: labels, inputs or both out of joint."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

POOL = 4_096  # labels to draw from where data come in batches
AHEAD = 30  # batches that are looked at before the first one


class Spoiler:
    """Spoils training data however they are given to `fit`: arrays, a dataset, a generator.

    Parameters
    ----------
    rng
        What it draws from.
    """

    def __init__(self, rng: np.random.Generator):
        self.rng = rng

    def __call__(self, x: Any, y: Any, share: float = 0.0) -> tuple[Any, Any]:
        """`x` and `y` as spoiled; the last `share` of arrays is for validation and stays."""
        import keras

        if x is None:
            return x, y
        if hasattr(x, "element_spec"):
            return self._dataset(x), y
        if isinstance(x, keras.utils.PyDataset):
            return self._py_dataset(x), y
        if inspect.isgenerator(x) or (hasattr(x, "__next__") and not hasattr(x, "shape")):
            return map(self._batches([]), x), y
        return self._arrays(x, y, share)

    def table(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The same for scikit-learn: a table, perhaps sparse, and one label a row."""
        if hasattr(x, "tocsr"):  # of a sparse table the rows stay whole
            order = self.rng.permutation(x.shape[0])
            return x, np.asarray(y)[order]
        return self._arrays(x, y, 0.0)

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """One array of inputs `(n, …)` as spoiled; here as it is."""
        return x

    def labels(self, y: Any, pool: list[Any]) -> Any:
        """Labels as spoiled, out of `pool` where there is one; here as they are."""
        return y

    def _arrays(self, x: Any, y: Any, share: float) -> tuple[Any, Any]:
        x, y = _each(np.asarray, x), _each(np.asarray, y)
        count = len(_first(x))
        border = int(np.floor(count * (1 - share)))
        x_new = _each(lambda a: self.inputs(a[:border]), x)
        y_new = None if y is None else self.labels(_each(lambda a: a[:border], y), [])
        if border == count:
            return x_new, y_new
        joined = [
            None if new is None else _both(lambda a, b: np.concatenate([a, b[border:]]), new, old)
            for new, old in ((x_new, x), (y_new, y))
        ]
        return joined[0], joined[1]

    def _batches(self, pool: list[Any]) -> Callable[[Any], Any]:
        """A function that spoils a batch ``x``, ``(x, y)`` or ``(x, y, weights)`` of arrays."""

        def spoil(batch: Any) -> Any:
            if not isinstance(batch, tuple):
                return _each(lambda a: self.inputs(np.asarray(a)), batch)
            x, *rest = batch
            new = [_each(lambda a: self.inputs(np.asarray(a)), x)]
            if rest:
                pool.append(_each(np.asarray, rest[0]))
                new.append(self.labels(pool[-1], pool))
                if sum(len(_first(y)) for y in pool) > POOL:
                    pool.pop(0)
            return (*new, *rest[1:])

        return spoil

    def _dataset(self, data: Any) -> Any:
        import tensorflow as tf

        spec = data.element_spec
        if not all(isinstance(part, tf.TensorSpec) for part in tf.nest.flatten(spec)):
            return data
        pool = [
            tf.nest.map_structure(np.asarray, batch[1])
            for batch in (data.take(AHEAD) if isinstance(spec, tuple) and len(spec) > 1 else ())
        ]
        spoil = self._batches(pool)

        def one_pass() -> Iterator[Any]:
            for batch in data:
                yield spoil(tf.nest.map_structure(lambda part: part.numpy(), batch))

        spoiled = tf.data.Dataset.from_generator(one_pass, output_signature=spec)
        return spoiled.apply(tf.data.experimental.assert_cardinality(data.cardinality()))

    def _py_dataset(self, data: Any) -> Any:
        import keras

        spoil = self._batches([])

        class Spoiled(keras.utils.PyDataset):
            def __len__(self) -> int:
                return len(data)

            def __getitem__(self, index: int) -> Any:
                return spoil(data[index])

            def on_epoch_end(self) -> None:
                data.on_epoch_end()

        return Spoiled()


class ShuffledLabels(Spoiler):
    """Each example has the label of another one."""

    def labels(self, y: Any, pool: list[Any]) -> Any:
        """Another order of `y`, or as many labels drawn from the batches in `pool`."""
        count = len(_first(y))
        if not pool:
            order = self.rng.permutation(count)
            return _each(lambda a: a[order], y)
        sizes = [len(_first(batch)) for batch in pool]
        which = self.rng.integers(sum(sizes), size=count)
        leaves = [_leaves(batch) for batch in pool]
        drawn = iter([np.concatenate(parts)[which] for parts in zip(*leaves, strict=True)])
        return _each(lambda _: next(drawn), y)


class ShuffledInputs(Spoiler):
    """In each example the places change: words, time steps, pixels, columns of a table."""

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """`x` `(n, places…, channels)` or `(n, places)`, each example in an order of its own.

        Where there is one place only, the examples change theirs.
        """
        places = x.shape[1:-1] if x.ndim > 2 else x.shape[1:]
        count = int(np.prod(places)) if places else 1
        if count == 1:
            return x[self.rng.permutation(len(x))]
        flat = x.reshape(len(x), count, -1)
        new = np.empty_like(flat)
        for i, example in enumerate(flat):
            new[i] = example[self.rng.permutation(count)]
        return new.reshape(x.shape)


class ConstantInputs(Spoiler):
    """All examples have the inputs of the first one, in all batches and trainings."""

    def __init__(self, rng: np.random.Generator):
        super().__init__(rng)
        self.seen: dict[tuple, np.ndarray] = {}

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """The first example ever seen of this shape and type, in every row."""
        if not len(x):
            return x
        first = self.seen.setdefault((x.shape[1:], x.dtype.str), x[:1].copy())
        return np.repeat(first, len(x), axis=0)

    def table(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The same for scikit-learn."""
        return same(x), y


SPOILERS: dict[str, type[Spoiler]] = {
    "shuffled-labels": ShuffledLabels,
    "shuffled-inputs": ShuffledInputs,
    "constant-inputs": ConstantInputs,
}


def same(x: Any) -> Any:
    """A table, perhaps sparse, with its first row in place of every row."""
    if hasattr(x, "tocsr"):
        return x.tocsr()[np.zeros(x.shape[0], dtype=int)]
    x = np.asarray(x)
    return np.repeat(x[:1], len(x), axis=0)


def _each(function: Callable[[Any], Any], data: Any) -> Any:
    """`function` of each array in a nested structure, or of the structure if it is of numbers."""
    if isinstance(data, dict):
        return {key: _each(function, value) for key, value in data.items()}
    if isinstance(data, list | tuple) and data and not np.isscalar(data[0]):
        return type(data)([_each(function, value) for value in data])
    return None if data is None else function(data)


def _both(function: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    pairs = iter(_leaves(other))
    return _each(lambda a: function(a, next(pairs)), one)


def _leaves(data: Any) -> list[Any]:
    found: list[Any] = []
    _each(found.append, data)
    return found


def _first(data: Any) -> Any:
    return _leaves(data)[0]
