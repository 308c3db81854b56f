"""One submission, run in a confined kernel by a process of its own, judged in memory."""

from __future__ import annotations

import contextlib
import ctypes
import marshal
import multiprocessing
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from helpers.course import catalog
from helpers.course.classroom import confine, kernel, nbgrading, seal, watch

import matplotlib as mpl
import psutil

GRACE = 60  # seconds beyond a submission's own limit, for starting and ending its kernel
SUBREAPER, DUMPABLE = 36, 4  # of prctl
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH", "TF_CPP_MIN_LOG_LEVEL")
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/dev", "/opt", "/nix")

# Where the system can fork, a process begins with nbgrader loaded: that takes two seconds.
# Its socket lies in the folder for temporary files, and a socket's path must be short.
_FORKS = "forkserver" in multiprocessing.get_all_start_methods() and len(tempfile.gettempdir()) < 70
_METHOD = "forkserver" if _FORKS else "spawn"
_CONTEXT = multiprocessing.get_context(_METHOD)


@dataclass(frozen=True)
class Job:
    """A submission to be run.

    Attributes
    ----------
    nb, title
        The prepared notebook, and what its feedback page is called.
    lesson
        The chapter's tests and what they rely on.
    points
        The maximum of each test, by its name.
    seconds
        What the notebook may take.
    number
        Of the submission, from 0.
    variables
        The numbers of threads, the profile.
    tolerated
        What the chapter itself replaces in the libraries.
    limits
        Of memory, disk and processes.
    """

    nb: Any
    title: str
    lesson: seal.Lesson
    points: dict[str, float]
    seconds: float
    number: int
    variables: dict[str, str]
    tolerated: tuple[str, ...] = ()
    limits: watch.Limits = field(default_factory=watch.Limits)


@dataclass
class Outcome:
    """What came of it.

    Attributes
    ----------
    nb
        The notebook that was run, or None.
    marks
        Points and maximum of each test, ``{"X05_1_test": [2.0, 2.0]}``; empty where there are none.
    page, remark
        The feedback page, or why there is none.
    replaced
        What was replaced in the libraries before a test.
    problem
        Why there are no marks, or None.
    """

    nb: Any = None
    marks: dict[str, list[float]] = field(default_factory=dict)
    page: str = ""
    remark: str = ""
    replaced: list[str] = field(default_factory=list)
    problem: str | None = None


def attempt(job: Job) -> Outcome:
    """Run and judge a submission in a process that ends in any case, with all that it started."""
    here, there = _CONTEXT.Pipe(duplex=False)
    mark = secrets.token_hex(8)
    process = _CONTEXT.Process(target=_supervise, args=(job, mark, there), daemon=True)  # type: ignore[attr-defined]
    process.start()
    there.close()
    outcome, most = None, job.seconds + GRACE + nbgrading.STARTING
    try:
        if here.poll(most):
            outcome = here.recv()
            process.join(GRACE)
        problem = f"grading it took more than {most:g} s"
    except EOFError:  # it ended without a word
        process.join(GRACE)
        problem = f"grading it ended with status {process.exitcode}"
    status = process.exitcode
    process.kill()
    process.join()
    watch.sweep(mark)
    if outcome is None or (outcome.problem is None and status != 0):
        return Outcome(
            problem=problem if outcome is None else f"grading it ended with status {status}"
        )
    return outcome


def _supervise(job: Job, mark: str, answer: Connection) -> None:
    """`grade` in a new process, of which the submission's own are descendants."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(SUBREAPER, 1, 0, 0, 0)  # what its processes leave behind becomes a child of this one
        prctl(DUMPABLE, 0, 0, 0, 0)  # no process of the same user looks into this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silent, stream)
    try:
        outcome = grade(job, mark)
    except Exception as error:  # whatever it is, it is the end of one submission alone
        outcome = Outcome(problem=f"it could not be graded: {_first_line(error)}")
    watch.end_descendants()
    watch.sweep(mark)
    answer.send(outcome)
    answer.close()


def _first_line(error: Exception) -> str:
    said = (str(error).strip() or "it gave no reason").splitlines()[0][:200]
    return f"{type(error).__name__}: {said}"


def grade(job: Job, mark: str) -> Outcome:
    """Run a submission in a fresh folder and judge it."""
    key = secrets.token_bytes(32)
    seals = {name: seal.seal(job.lesson, name, key) for name in job.points}
    with _folder(job) as folder:
        run = nbgrading.RunSubmission(job.seconds, seals)
        os.environ.clear()
        os.environ.update(_variables(job, folder, mark))
        manager = _manager(job, folder, key)
        args = (run, folder, job.limits)
        threading.Thread(target=watch.watch, args=args, daemon=True).start()
        nb, resources = job.nb, {"metadata": {"path": str(folder / "home")}}
        try:
            nb, _ = run.preprocess(nb, resources, km=manager)
        except Exception as error:
            raise RuntimeError(run.stop or _first_line(error)) from error
        finally:
            watch.end_descendants()
    marks = {
        name: [most if (run.verdicts.get(name) or {}).get("passed") is True else 0.0, most]
        for name, most in job.points.items()
    }
    said = [verdict for verdict in run.verdicts.values() if verdict]
    replaced = list(dict.fromkeys(name for verdict in said for name in verdict["changed"]))
    outcome = Outcome(nb, marks, replaced=replaced)
    try:
        outcome.page = nbgrading.page(nb, job.title, marks)
    except Exception as error:  # an output that no page can hold costs the page, not the marks
        outcome.remark = f"no feedback page: {_first_line(error)}"
    return outcome


@contextlib.contextmanager
def _folder(job: Job) -> Iterator[Path]:
    """A fresh folder: in it ``lib``, to be read, and ``home``, the submission's own."""
    folder = Path(tempfile.mkdtemp(prefix="work-"))
    try:
        folder.chmod(0o755)
        (folder / "lib").mkdir()
        with contextlib.suppress(OSError):  # Windows asks for a right
            (folder / "lib" / "helpers").symlink_to(catalog.ROOT / "helpers")
        home = folder / "home"
        cache = home / ".cache" / "matplotlib"
        cache.mkdir(parents=True)
        for fonts in Path(mpl.get_cachedir()).glob("fontlist*.json"):
            shutil.copy(fonts, cache)  # or each submission looks for fonts, which takes seconds
        (home / "tmp").mkdir()
        home.chmod(0o700)
        yield folder
    finally:
        for place in (Path(name) for name, _, _ in os.walk(folder)):
            with contextlib.suppress(OSError):
                place.chmod(0o700)  # for whoever took the right from himself
        shutil.rmtree(folder, ignore_errors=True)


def _variables(job: Job, folder: Path, mark: str) -> dict[str, str]:
    """The kernel's environment: nothing of the grader's but where programs and languages are."""
    home, temporary = str(folder / "home"), str(folder / "home" / "tmp")
    helpers = folder / "lib" if (folder / "lib" / "helpers").exists() else catalog.ROOT
    return (
        {name: os.environ[name] for name in KEPT if name in os.environ}
        | {"HOME": home, "USERPROFILE": home, "PYTHONPATH": str(helpers)}
        | dict.fromkeys(("TMPDIR", "TEMP", "TMP", "JUPYTER_RUNTIME_DIR"), temporary)
        | {"PYTHONDONTWRITEBYTECODE": "1", watch.MARK: mark}
        | job.variables
    )


def _manager(job: Job, folder: Path, key: bytes) -> nbgrading.Confined:
    """Starts the kernel, which is not started yet."""
    home, user = folder / "home", confine.user(job.number)
    spec = {
        "key": key,
        "imports": job.lesson.imports,
        "tops": sorted(job.lesson.tops),
        "tolerated": list(job.tolerated),
    }
    secret = home / "spec"  # the kernel removes it before any of the student's code runs
    secret.touch(mode=0o600)
    secret.write_bytes(marshal.dumps(spec))
    libraries = {sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)}
    rules: dict[str, object] = {
        "read": [*SYSTEM, *sorted(libraries), str(catalog.ROOT / "helpers"), str(folder / "lib")],
        "write": [str(home)],
        "tcp": not _has_sockets(home),
        "limits": {
            "CORE": 0,
            "FSIZE": int(job.limits.disk),
            "DATA": int(2 * job.limits.memory),
            "NPROC": _threads(job),
        },
    }
    before = confine.command(job.number, rules)
    start = [*before, sys.executable, kernel.__file__, str(secret)]
    manager = nbgrading.Confined(before=start, user=user)
    manager.connection_file = str(home / "kernel.json")
    if _has_sockets(home):
        manager.transport, manager.ip = "ipc", str(home / "k")
    if user is not None:
        for place, _, names in os.walk(home):
            for name in (".", *names):
                os.chown(os.path.join(place, name), user, user, follow_symlinks=False)
    return manager


def _has_sockets(home: Path) -> bool:
    """Whether grader and kernel can speak through files that no other submission sees."""
    return os.name == "posix" and len(str(home)) < 80  # a socket's path is short


def _threads(job: Job) -> int:
    """How many processes and threads the submission's user may have."""
    if os.name != "posix" or confine.user(job.number) is not None:
        return job.limits.threads
    mine = [
        p.info["num_threads"] or 0
        for p in psutil.process_iter(["num_threads", "uids"])
        if p.info["uids"] and p.info["uids"].real == os.getuid()
    ]
    return sum(mine) + job.limits.threads


if _FORKS:
    _CONTEXT.set_forkserver_preload([__name__])
