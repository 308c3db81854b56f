"""Spoilers: what takes the learning out of a chapter's run, for training data alone.

They replace methods of Keras, TensorFlow and scikit-learn in this process. What a chapter tests and
validates on stays as it is. Steps that a chapter writes in NumPy are out of their reach.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from helpers.course.check.doubt import training_data

import numpy as np

NO_LEARNING = "no-learning"
NAMES = (NO_LEARNING, *training_data.SPOILERS)


def install(name: str, seed: int = 0) -> None:
    """Set a spoiler in this process, before a chapter begins.

    Parameters
    ----------
    name
        ``"no-learning"``: optimizers and ``assign_sub`` change nothing, estimators of scikit-learn
        see the same inputs at every example. ``"shuffled-labels"``, ``"shuffled-inputs"`` and
        ``"constant-inputs"``: see `helpers.course.check.doubt.training_data`.
    seed
        Of what is drawn.

    Raises
    ------
    ValueError
        If there is no such spoiler.
    """
    if name not in NAMES:
        raise ValueError(f"There is no spoiler {name!r}; choose among {', '.join(NAMES)}.")
    if name == NO_LEARNING:
        _stop_optimizers()
        _spoil_estimators(lambda x, y: (training_data.same(x), y))
        return
    spoiler = training_data.SPOILERS[name](np.random.default_rng(seed))
    _spoil_models(spoiler)
    _spoil_estimators(spoiler.table)


def _stop_optimizers() -> None:
    import keras
    import tensorflow as tf

    def stay(self: Any, *_: object, **__: object) -> None:
        """In place of an update."""

    keras.optimizers.Optimizer._backend_apply_gradients = stay  # type: ignore[method-assign]
    keras.Variable.assign_sub = lambda self, value: self.value
    kind = type(tf.Variable(0.0))  # its own class, which tf.Variable only stands for
    kind.assign_sub = lambda self, *_, **__: self


def _spoil_models(spoiler: training_data.Spoiler) -> None:
    import keras

    for name in ("fit", "train_on_batch"):
        method = getattr(keras.Model, name)
        signature = inspect.signature(method)

        @functools.wraps(method)
        def spoiled(
            *args: Any,
            _method: Callable = method,
            _signature: inspect.Signature = signature,
            **options: Any,
        ) -> Any:
            given = _signature.bind(*args, **options)
            share = given.arguments.get("validation_split") or 0.0
            if given.arguments.get("validation_data") is not None:
                share = 0.0
            x, y = given.arguments.get("x"), given.arguments.get("y")
            given.arguments |= dict(zip("xy", spoiler(x, y, share), strict=True))
            return _method(*given.args, **given.kwargs)

        setattr(keras.Model, name, spoiled)


def _spoil_estimators(spoil: Callable[[Any, Any], tuple[Any, Any]]) -> None:
    """Wrap `fit` and `partial_fit` of the classifiers and regressors that are imported so far.

    `refresh` does so again for those that a chapter imports later.
    """
    global _spoil
    _spoil = spoil
    refresh()


def refresh() -> None:
    """Wrap the estimators of scikit-learn that have been imported since the last call."""
    if _spoil is None:
        return
    from sklearn.base import ClassifierMixin, RegressorMixin

    for kind in (*_below(ClassifierMixin), *_below(RegressorMixin)):
        for name in ("fit", "partial_fit"):
            method = getattr(kind, name, None)
            if method is not None and not hasattr(method, "is_spoiled"):
                setattr(kind, name, _wrapped(method))


_spoil: Callable[[Any, Any], tuple[Any, Any]] | None = None
_depth = 0  # an estimator that fits others within its own fit is spoiled once


def _wrapped(method: Callable) -> Callable:
    @functools.wraps(method)
    def fit(self: Any, X: Any, y: Any = None, *args: Any, **options: Any) -> Any:
        global _depth
        if y is not None and not _depth and _spoil is not None:
            X, y = _spoil(X, y)
        _depth += 1
        try:
            return method(self, X, y, *args, **options)
        finally:
            _depth -= 1

    fit.is_spoiled = True  # type: ignore[attr-defined]
    return fit


def _below(kind: type) -> Iterator[type]:
    child: type
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
