"""The libraries as they were before a submission ran, for the tests to use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

ALWAYS = {"builtins", "math", "operator", "statistics", "traceback", "numpy", "linecache"}
NOT_INTO = {"tensorflow", "numpy"}  # of their classes, the attributes are not looked at
COMPARING = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__"}
COMPARING |= {"__array_function__", "__array_ufunc__"}
MANY = 2_000  # entries of a list that are looked at


class Libraries:
    """The libraries as they were before any of the student's code ran."""

    def __init__(self, tops: set[str], tolerated: set[str]) -> None:
        self.tolerated = tolerated
        self.attributes: list[tuple[Any, str, Any]] = []
        self.codes: dict[int, tuple[FunctionType, tuple[Any, ...]]] = {}
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] in tops - {"sys"} and isinstance(module, ModuleType):
                for attribute, value in list(vars(module).items()):
                    if callable(value):
                        self._keep(module, attribute, value)
                        if issubclass(type(value), type) and value.__module__ == name:
                            self._keep_class(value)
        self.known = {id(kind): kind for kind in _classes(object)}

    def _keep(self, owner: Any, attribute: str, value: Any) -> None:
        self.attributes.append((owner, attribute, value))
        plain = value
        if type(value).__module__.startswith("numpy"):  # its functions dispatch to others
            plain = getattr(value, "__wrapped__", None)
        if type(plain) is FunctionType:  # no other object is asked: some do things when they are
            self.codes[id(plain)] = plain, _insides(plain)

    def _keep_class(self, kind: type) -> None:
        if kind.__module__.split(".")[0] not in NOT_INTO:
            for attribute, value in list(vars(kind).items()):
                if type(value) in (FunctionType, property, classmethod, staticmethod):
                    self._keep(kind, attribute, value)

    def mend(self) -> list[str]:
        """Put back what was replaced; its names."""
        changed = []
        for owner, attribute, value in self.attributes:
            if vars(owner).get(attribute) is not value:
                name = f"{owner.__name__}.{attribute}"
                if name not in self.tolerated:
                    setattr(owner, attribute, value)
                    changed.append(name)
        for function, insides in self.codes.values():
            if any(a is not b for a, b in zip(_insides(function), insides, strict=True)):
                name = f"{function.__module__}.{function.__qualname__}"
                if name not in self.tolerated:
                    function.__code__, function.__defaults__, function.__kwdefaults__ = insides
                    changed.append(name)
        return changed


def _insides(function: FunctionType) -> tuple[Any, ...]:
    return function.__code__, function.__defaults__, function.__kwdefaults__


def _classes(kind: type) -> Iterator[type]:
    seen, left = set(), [kind]
    while left:
        kind = left.pop()
        if id(kind) not in seen:
            seen.add(id(kind))
            yield kind
            left += type.__subclasses__(kind)


class Disguised(Exception):  # noqa: N818  (students read its name)
    """A value that answers comparisons itself."""


class Names(dict):  # type: ignore[type-arg]
    """What a sealed test calls by name: the libraries' own, and its own ways to check."""

    def __init__(self, pristine: dict[str, Any], known: dict[int, type]) -> None:
        super().__init__()
        self.pristine, self.known, self.own = pristine, known, set()  # type: ignore[var-annotated]

    def __missing__(self, key: str) -> Any:
        name, *attributes = key.split(".")
        value = self.pristine[name]
        for attribute in attributes:
            value = getattr(value, attribute)
        self[key] = value
        return value

    def made_here(self, kind: type) -> type:
        """Remember a class that the test itself defines."""
        self.own.add(id(kind))
        return kind

    def plain(self, value: Any, depth: int = 0) -> Any:
        """The value, if comparing it means what it says."""
        kind = type(value)
        if id(kind) not in self.known and id(kind) not in self.own:
            for part in kind.__mro__:
                strange = id(part) not in self.known and id(part) not in self.own
                if strange and COMPARING & set(vars(part)) and not _of_a_library(part):
                    raise Disguised(f"{kind.__name__} answers comparisons itself")
        if kind in (list, tuple, set, dict) and depth < 3:
            parts = value.values() if kind is dict else value
            for _, part in zip(range(MANY), parts, strict=False):
                self.plain(part, depth + 1)
        return value

    @staticmethod
    def fail(message: object = "") -> None:
        raise AssertionError(message)


def _of_a_library(kind: type) -> bool:
    """Whether a class comes from a module that was loaded since."""
    module = sys.modules.get(kind.__module__)
    file = getattr(module, "__file__", None) or ""
    inside = file.startswith((sys.prefix, sys.base_prefix))
    return inside and getattr(module, kind.__name__, None) is kind
