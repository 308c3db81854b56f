"""What a function that is tested may not ask Python for: the test's frames, its code, the key."""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Any

# Audit events: never, and not from a function that is being tested.
EXPLORING = {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
TRACING = {"sys.settrace", "sys.setprofile"}
READING = {"f_code", "tb_frame", "__code__"}


class Guard:
    """Keeps a test's code, frames and key from the functions that it calls, as far as can be had.

    Python's audit hooks cannot be taken away again. Libraries may look at frames: they need to.
    """

    def __init__(self, kernel: str) -> None:
        self.testing, self.asking, self.judge = False, False, None
        self.test: list[CodeType] = []  # the code that may ask, since it is the test's own
        self.ours = (sys.prefix, sys.base_prefix, __file__, kernel, os.environ["PYTHONPATH"])
        self.passing = {sys.modules[name].__file__ for name in ("inspect", "traceback")}
        self.frame = sys._getframe
        sys.addaudithook(self._hook)

    def _hook(self, event: str, given: tuple[Any, ...]) -> None:
        if event in EXPLORING:
            raise PermissionError(f"{event} is not for a submission")
        if event == "object.__getattr__":
            if given[0] is self.judge is not None:
                raise PermissionError("this is the grader's")
            wanted = given[1] in READING
        else:
            wanted = event == "sys._getframe" or event in TRACING
        if wanted and self.testing and not self.asking:
            self.asking = True
            try:
                stranger = self._asked_by_stranger()
            finally:
                self.asking = False
            if stranger:
                raise PermissionError(f"{event} is not for a function that is tested")

    def _asked_by_stranger(self) -> bool:
        frame = self.frame(2)
        while frame.f_back and frame.f_code.co_filename in self.passing:
            frame = frame.f_back
        code = frame.f_code
        return not (code.co_filename.startswith(self.ours) or any(code is c for c in self.test))


def codes(code: CodeType) -> list[CodeType]:
    """A code object, and those of the functions in it."""
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    return [code, *(one for each in inner for one in codes(each))]


def with_constants(code: CodeType, given: dict[Any, Any]) -> CodeType:
    """A code object with some of its constants replaced, in its functions too."""
    constants = [
        with_constants(c, given)
        if isinstance(c, CodeType)
        else given.get(c, c)
        if isinstance(c, str)
        else c
        for c in code.co_consts
    ]
    return code.replace(co_consts=tuple(constants))
