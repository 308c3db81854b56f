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
from collections.abc import Callable
from types import CodeType, FunctionType, MethodType
from typing import Any

from helpers.course.classroom import guard, pristine

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

SEALED = "# sealed "
VERDICT = "application/x-course-verdict+json"
HIDDEN = "application/x-course-hidden+json"


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


class TestsSwitchedOff(Exception):  # noqa: N818
    """Something that the test relies on was replaced while it ran."""


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
    own = [f for f in frames if f.filename not in (test, __file__, pristine.__file__)]
    name, message = type(error).__name__, "".join(str(error)[:2_000])
    story = traceback.format_list(own)[-8:]
    return {"error": name, "message": message, "line": lines[0] if lines else 0, "frames": story}


def judging(
    key: bytes, imported: dict[str, Any], libraries: pristine.Libraries, guarding: guard.Guard
) -> Callable[..., Any]:
    """The function that runs a sealed test; the key is a constant of its code."""
    judge = _judging(imported, libraries, guarding)
    judge.__code__ = guard.with_constants(judge.__code__, {"the grader's key": key})
    guarding.judge = judge
    return judge


def _judging(imported: dict[str, Any], libraries: pristine.Libraries, guarding: guard.Guard) -> Any:
    loads, digest, dumps, mend = marshal.loads, hmac.digest, json.dumps, libraries.mend
    parts = pristine.Names.plain, pristine.Names.fail, pristine.Names.made_here
    own = dict(vars(builtins))

    def judge(kernel: Kernel, sealed: str) -> dict[str, Any]:
        shell: Any = kernel.shell
        space = shell.user_ns
        nonce, box = bytes.fromhex(sealed[:32]), bytes.fromhex(sealed[32:-64])
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        vars(builtins).update(own)
        changed = mend()
        key: Any = "the grader's key"
        if digest(key, nonce + box, "sha256").hex() != sealed[-64:]:
            raise ValueError("this is no test of the grader")
        name, test, functions, wanted, steps = loads(stream(key, nonce, box))
        for function, (definition, code) in functions.items():
            if function in space and not _same(space[function], code):
                exec(definition, space)
                changed.append(f"the lesson's {function}")
        names = pristine.Names(imported | own, libraries.known)
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

        plain, fail, made_here = parts
        names |= {"": MethodType(plain, names), "own": MethodType(made_here, names)}
        names |= {"fail": fail, "step": step}
        verdict: dict[str, Any] = {"passed": False, "changed": changed}
        try:
            running = guard.with_constants(test, {name: names})
            guarding.test = guard.codes(running)
            guarding.testing = True
            exec(running, space)
            guarding.testing = False
            shell.events.trigger("post_execute")
            if done != steps or sys.gettrace() or sys.getprofile():
                raise TestsSwitchedOff("the test was not run as it stands")
            during = mend()
            if during:
                raise TestsSwitchedOff(f"{during[0]} was replaced while the test ran")
            verdict["passed"] = True
        except BaseException as error:
            guarding.testing = False
            verdict |= _story(error, test.co_filename)
        guarding.testing = False
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
    imported: dict[str, Any] = {}
    for statement in spec["imports"]:
        try:
            exec(statement, imported)
        except Exception:  # the lesson's cell will say it
            continue
    libraries = pristine.Libraries(pristine.ALWAYS | set(spec["tops"]), set(spec["tolerated"]))
    judge = judging(spec["key"], imported, libraries, guard.Guard(__file__))
    Kernel.judge = staticmethod(judge)  # type: ignore[assignment]
    del spec
    for module in (guard, pristine):  # to import them again gives others
        del sys.modules[module.__name__]
    app.start()


if __name__ == "__main__":
    main()
