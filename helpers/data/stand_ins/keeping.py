"""Make a stand-in once, and hand out copies."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import TypeVar

__all__ = ["made_once"]

T = TypeVar("T")


def made_once(make: Callable[[], T]) -> Callable[[], T]:
    """Call `make` once a process, and give every caller a copy that is safe to change.

    Examples
    --------
    >>> @made_once
    ... def load():
    ...     return [1, 2]
    >>> load().clear()
    >>> load()
    [1, 2]
    """
    kept = functools.cache(make)

    @functools.wraps(make)
    def load() -> T:
        return copy.deepcopy(kept())

    return load
