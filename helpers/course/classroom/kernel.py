"""A submission's kernel: ``python kernel.py SPEC -f CONNECTION``. It runs sealed tests.

A test comes as a program that `seal` compiled and encrypted, past IPython: its history, its
transformers and its way of reporting errors do not matter. Before the test all that the student's
code has replaced in the libraries is put back; its verdict carries a code that only the grader and
this file's functions can compute. What this cannot keep out stands in the package's docstring.
"""

from __future__ import annotations

import builtins
import hashlib
import hmac
import json
import marshal
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

SEALED = "# sealed "
VERDICT = "application/x-course-verdict+json"
HIDDEN = "application/x-course-hidden+json"
ALWAYS = {"builtins", "math", "operator", "statistics", "traceback", "numpy", "linecache"}
NOT_INTO = {"tensorflow", "numpy"}  # of their classes, the attributes are not looked at
COMPARING = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__"}
COMPARING |= {"__array_function__", "__array_ufunc__"}
# Audit events: never, and not from a function that is being tested.
EXPLORING = {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
TRACING = {"sys.settrace", "sys.setprofile"}
READING = {"f_code", "tb_frame", "__code__"}
MANY = 2_000  # entries of a list that are looked at


class Kernel(IPythonKernel):
    """IPython's kernel, but for sealed tests."""

    judge: Callable[[Kernel, str], dict[str, Any]]

    async def do_execute(self, code: str, *given: Any, **options: Any) -> dict[str, Any]:
        if not code.startswith(SEALED):
            return await super().do_execute(code, *given, **options)
        return type(self).judge(self, code[len(SEALED) :])


def stream(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """Encrypt or decrypt."""
    pad = hashlib.shake_256(key + nonce).digest(len(data))
    return bytes(a ^ b for a, b in zip(data, pad, strict=True))


class Libraries:
    """The libraries as they were before any of the student's code ran."""

    def __init__(self, tops: set[str], tolerated: set[str]) -> None:
        self.tolerated = tolerated
        self.attributes: list[tuple[Any, str, Any]] = []
        self.codes: dict[int, tuple[FunctionType, tuple[Any, ...]]] = {}
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] in tops and isinstance(module, ModuleType):
                for attribute, value in list(vars(module).items()):
                    if callable(value):
                        self._keep(module, attribute, value)
                        if isinstance(value, type) and value.__module__ == name:
                            self._keep_class(value)
        self.known = {id(kind): kind for kind in _classes(object)}

    def _keep(self, owner: Any, attribute: str, value: Any) -> None:
        self.attributes.append((owner, attribute, value))
        plain = getattr(value, "__wrapped__", value) if type(value) is not type else value
        if type(plain) is FunctionType:
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


class TestsSwitchedOff(Exception):  # noqa: N818
    """Something that the test relies on was replaced while it ran."""


class _Guard:
    """Keeps a test's code, frames and key from the functions that it calls, as far as can be had.

    Python's audit hooks cannot be taken away again. Libraries may look at frames: they need to.
    """

    def __init__(self) -> None:
        self.testing, self.asking, self.judge = False, False, None
        self.ours = (sys.prefix, sys.base_prefix, __file__, os.environ["PYTHONPATH"])
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
        return not frame.f_code.co_filename.startswith(self.ours)


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


def _shape(code: CodeType) -> tuple[Any, ...]:
    """What two functions with the same text have in common."""
    constants = (_shape(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, tuple(constants)


def _same(function: Any, code: CodeType) -> bool:
    return type(function) is FunctionType and _shape(function.__code__) == _shape(code)


def _story(error: BaseException, test: str) -> dict[str, Any]:
    """An error in words: where in the test it was, and the frames of the student's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == test]
    own = [f for f in frames if f.filename not in (test, __file__)]
    name, message = type(error).__name__, "".join(str(error)[:2_000])
    story = traceback.format_list(own)[-8:]
    return {"error": name, "message": message, "line": lines[0] if lines else 0, "frames": story}


def judging(
    key: bytes, pristine: dict[str, Any], libraries: Libraries, guard: _Guard
) -> Callable[..., Any]:
    """The function that runs a sealed test; the key is a constant of its code."""
    judge = _judging(pristine, libraries, guard)
    judge.__code__ = with_constants(judge.__code__, {"the grader's key": key})
    guard.judge = judge
    return judge


def _judging(pristine: dict[str, Any], libraries: Libraries, guard: _Guard) -> Any:
    loads, digest, dumps = marshal.loads, hmac.digest, json.dumps
    own = dict(vars(builtins))

    def judge(kernel: Kernel, sealed: str) -> dict[str, Any]:
        shell: Any = kernel.shell
        space = shell.user_ns
        nonce, box = bytes.fromhex(sealed[:32]), bytes.fromhex(sealed[32:-64])
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        vars(builtins).update(own)
        changed = libraries.mend()
        key: Any = "the grader's key"
        if digest(key, nonce + box, "sha256").hex() != sealed[-64:]:
            raise ValueError("this is no test of the grader")
        name, test, functions, wanted, steps = loads(stream(key, nonce, box))
        for function, (definition, code) in functions.items():
            if function in space and not _same(space[function], code):
                exec(definition, space)
                changed.append(f"the lesson's {function}")
        names = Names(pristine | own, libraries.known)
        for chain in wanted:
            try:
                names[chain]
            except Exception:  # it will be said where the test needs it
                continue

        done = 0

        def step(number: int, on: bool) -> None:
            nonlocal done
            if number != done:
                raise TestsSwitchedOff("a part of the test was left out")
            done += 1
            hide(on)

        def hide(on: bool) -> None:
            sys.stdout.flush()
            sys.stderr.flush()
            kernel.send_response(
                kernel.iopub_socket, "display_data", {"data": {HIDDEN: on}, "metadata": {}}
            )

        names |= {"": names.plain, "fail": names.fail, "step": step, "own": names.made_here}
        verdict: dict[str, Any] = {"passed": False, "changed": changed}
        try:
            guard.testing = True
            exec(with_constants(test, {name: names}), space)
            guard.testing = False
            shell.events.trigger("post_execute")
            if done != steps or sys.gettrace() or sys.getprofile():
                raise TestsSwitchedOff("the test was not run as it stands")
            during = libraries.mend()
            if during:
                raise TestsSwitchedOff(f"{during[0]} was replaced while the test ran")
            verdict["passed"] = True
        except BaseException as error:
            guard.testing = False
            verdict |= _story(error, test.co_filename)
        guard.testing = False
        hide(False)
        body = dumps(verdict)
        mac = digest(key, nonce + body.encode(), "sha256").hex()
        data = {"data": {VERDICT: {"body": body, "mac": mac}}, "metadata": {}}
        kernel.send_response(kernel.iopub_socket, "display_data", data)
        count = shell.execution_count
        return {"status": "ok", "execution_count": count, "payload": [], "user_expressions": {}}

    return judge


def main() -> None:
    spec_file = sys.argv.pop(1)
    with open(spec_file, "rb") as file:
        spec = marshal.load(file)
    os.unlink(spec_file)
    del sys.path[0]  # this file's folder
    app = IPKernelApp.instance(kernel_class=Kernel)
    app.initialize(sys.argv[1:])
    pristine: dict[str, Any] = {}
    for statement in spec["imports"]:
        try:
            exec(statement, pristine)
        except Exception:  # the lesson's cell will say it
            continue
    libraries = Libraries(ALWAYS | set(spec["tops"]), set(spec["tolerated"]))
    Kernel.judge = staticmethod(judging(spec["key"], pristine, libraries, _Guard()))  # type: ignore[assignment]
    del spec
    app.start()


if __name__ == "__main__":
    main()
