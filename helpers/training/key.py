"""What a training depends on, as one key: two trainings with the same key end alike."""

from __future__ import annotations

import dis
import functools
import hashlib
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import keras
import numpy as np
import pandas as pd

_PLAIN = (bool, int, float, complex, str, bytes, np.generic, np.dtype)


def training_key(
    model: keras.Model, build: Callable, fit: Callable, facts: Mapping[str, object]
) -> str:
    """A key of 16 hexadecimal digits for a training that has not begun.

    It holds Keras's version and backend, the model's architecture, what it is compiled with, its
    initial weights, the code of `build` and `fit`, and the facts. Code is followed into functions
    and classes of the same module, and to the numbers, texts, arrays, tables and models that it
    names there: another ``LEARNING_RATE`` or ``x_train`` in the notebook is another training. Of
    other things that it names, as a `tf.data.Dataset`, only the type counts.

    Parameters
    ----------
    model
        Just built and compiled.
    build, fit
        As for :meth:`helpers.lesson.Run.keep`.
    facts
        Numbers, texts, arrays, tables, paths (a file or folder counts with its content), functions,
        models, and lists and dictionaries of them.

    Raises
    ------
    TypeError
        If a fact is none of these.
    """
    digest = hashlib.sha256()
    walk = _Walk({getattr(getattr(f, "func", f), "__module__", "") for f in (build, fit)})
    parts = [("", part) for part in (keras.__version__, keras.backend.backend(), model, build, fit)]
    for name, part in parts + sorted(facts.items()):
        digest.update(name.encode())
        for piece in walk.pieces(part, fact=name):
            digest.update(piece)
    return digest.hexdigest()[:16]


class _Walk:
    """Takes things apart into bytes; each function and class once."""

    def __init__(self, modules: set[str]):
        self.modules = modules
        self.seen: set[int] = set()

    def pieces(self, thing: Any, fact: str = "") -> Iterator[bytes | memoryview]:
        """The bytes of one thing; what cannot be looked into is refused if it is a fact."""
        yield f"<{type(thing).__module__}.{type(thing).__qualname__}>".encode()
        if thing is None or isinstance(thing, _PLAIN):
            yield repr(thing).encode()
        elif isinstance(thing, Path):
            yield from _content(thing)
        elif isinstance(thing, pd.DataFrame | pd.Series | pd.Index):
            yield pd.util.hash_pandas_object(thing).to_numpy().tobytes()
            names = thing.columns.tolist() if isinstance(thing, pd.DataFrame) else [thing.name]
            yield from self.pieces(names, fact)
        elif isinstance(thing, Mapping):
            if thing.get("class_name") == "__lambda__":  # the code that names it counts
                return
            yield str(len(thing)).encode()
            for name in sorted(thing, key=repr):
                yield from self.pieces(name, fact)
                yield from self.pieces(thing[name], fact)
        elif isinstance(thing, set | frozenset):
            yield repr(sorted(map(repr, thing))).encode()
        elif isinstance(thing, list | tuple | range):
            yield str(len(thing)).encode()
            for item in thing:
                yield from self.pieces(item, fact)
        elif isinstance(thing, functools.partial):
            yield from self.pieces([thing.func, thing.args, thing.keywords], fact)
        elif inspect.ismethod(thing) or isinstance(thing, classmethod | staticmethod):
            yield from self.pieces(thing.__func__)
        elif hasattr(thing, "python_function"):  # under @tf.function
            yield from self.pieces(thing.python_function)
        elif inspect.isbuiltin(thing):
            yield thing.__qualname__.encode()
        elif isinstance(thing, FunctionType | type):
            yield from self._code(thing)
        elif isinstance(thing, keras.Layer):
            yield from self._model(thing)
        elif hasattr(thing, "get_config"):  # optimizers, losses, metrics, initializers …
            yield from self.pieces(_quietly(thing.get_config))
        elif hasattr(thing, "__array__") and not isinstance(thing, keras.KerasTensor):
            yield from self._array(thing, fact)
        elif fact:
            raise TypeError(
                f"The fact {fact!r} is or holds {type(thing).__name__}, which cannot be looked "
                "into. Give numbers, texts, arrays, tables or paths that it was made from."
            )

    def _array(self, thing: Any, fact: str) -> Iterator[bytes | memoryview]:
        array = np.asarray(thing)
        yield f"{array.dtype}{array.shape}".encode()
        memory: Any = array
        while getattr(memory, "base", None) is not None:
            memory = memory.base
        if isinstance(memory, np.ndarray) and memory.nbytes < array.nbytes:
            # Windows on a series: the series and where they lie in it say the same in less.
            start = array.ctypes.data - memory.ctypes.data
            yield f"{start}{array.strides}".encode()
            array = memory
        if array.dtype.hasobject:
            yield from self.pieces(array.tolist(), fact)
        else:
            yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data

    def _model(self, model: keras.Layer) -> Iterator[bytes | memoryview]:
        yield from self.pieces(_quietly(model.get_config))
        yield from self.pieces(type(model))
        if getattr(model, "compiled", False):
            yield from self.pieces(_quietly(model.get_compile_config))
            for name, optimizer in optimizers(model).items():
                yield from self.pieces([name, optimizer.get_config()])
        for weight in model.weights:
            yield from self.pieces(keras.ops.convert_to_numpy(weight))

    def _code(self, thing: FunctionType | type) -> Iterator[bytes | memoryview]:
        """A function's or class's code, if it is of the module, and all that this code names."""
        yield thing.__qualname__.encode()
        if thing.__module__ not in self.modules or id(thing) in self.seen:
            return
        self.seen.add(id(thing))
        if isinstance(thing, type):
            for name, value in sorted(vars(thing).items()):
                if not name.startswith("__") or isinstance(value, FunctionType):
                    yield name.encode()
                    yield from self.pieces(getattr(value, "fget", value))
            return
        yield from _bytecode(thing.__code__)
        yield from self.pieces([thing.__defaults__, thing.__kwdefaults__])
        named = {name: thing.__globals__.get(name) for name in sorted(_names(thing.__code__))}
        for name, cell in zip(thing.__code__.co_freevars, thing.__closure__ or (), strict=True):
            try:
                named[name] = cell.cell_contents
            except ValueError:  # it has no value yet
                named[name] = None
        for name, value in named.items():
            yield name.encode()
            yield from self.pieces(value)


def optimizers(model: keras.Model) -> dict[str, keras.Optimizer]:
    """A model's optimizers by the names of its attributes."""
    found = {}
    for name, value in vars(model).items():
        if isinstance(value, keras.Optimizer):
            found[name] = value
    return found


def _quietly(config: Callable[[], Any]) -> Any:
    """A configuration; where a class of one's own cannot give it, nothing: its code counts too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of lambdas that could not be loaded again
        try:
            return config()
        except (NotImplementedError, TypeError, ValueError, AttributeError, OSError):
            return None


def _content(path: Path) -> Iterator[bytes]:
    """The content of a file, or of all files of a folder with their names there."""
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        if not file.is_file():
            raise FileNotFoundError(f"The fact names {file}, but there is no such file or folder.")
        yield file.relative_to(path).as_posix().encode()
        with file.open("rb") as opened:
            yield hashlib.file_digest(opened, "sha256").digest()


def _bytecode(code: CodeType) -> Iterator[bytes]:
    """What a function does: comments, places and the file do not count."""
    yield code.co_code
    yield repr((code.co_names, code.co_varnames, code.co_freevars)).encode()
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _bytecode(constant)
        elif isinstance(constant, frozenset):
            yield repr(sorted(map(repr, constant))).encode()
        else:
            yield repr(constant).encode()


def _names(code: CodeType) -> set[str]:
    """The global names that a function reads, those inside it too."""
    loads = ("LOAD_GLOBAL", "LOAD_NAME")
    names = {step.argval for step in dis.get_instructions(code) if step.opname in loads}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names
