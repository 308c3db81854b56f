"""What a submission's process may do: ``python -I confine.py RULES COMMAND …`` runs a command so.

Limits hold on every system that has them (``resource``). On Linux the process also becomes unable
to gain rights, and where the kernel has Landlock (5.13 and later; it needs neither root nor an
installation) it reads only the folders in the rules, writes only its own, opens no TCP connection
and sends no signal to a process outside. Where the grader is root and ``setpriv`` is there, each
submission runs as a user of its own. This file imports nothing of the course: it starts as
`COMMAND`'s own process.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

FIRST_USER = 61_000  # of those that stand for submissions; Debian's and systemd's ranges lie below
USERS = 3_000
# Landlock's calls have the same numbers on every architecture.
CREATE, ADD, RESTRICT = 444, 445, 446
READ = 0b1101  # execute, read a file, list a folder
ON_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # the rights that a file can have
# By version of Landlock, how many rights of the file system there are.
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
NO_NEW_PRIVILEGES = 38  # of prctl
DEVICES = ("null", "zero", "full", "random", "urandom")


def command(number: int, rules: dict[str, object]) -> list[str]:
    """What to put before a command so that it runs confined.

    Parameters
    ----------
    number
        Of the submission: each has a user of its own, where that can be had.
    rules
        ``read`` and ``write``, lists of folders, ``limits``, ``{"FSIZE": 10**9}``, and ``tcp``,
        whether it may open connections.
    """
    if os.name != "posix":
        return []
    inner = [sys.executable, "-I", "-S", __file__, json.dumps(rules)]
    own = user(number)
    return inner if own is None else [*_as(own), *inner]


def _as(user: int) -> list[str]:
    """What to put before a command so that another user runs it."""
    # It may read what root may, of the folders in the rules; nothing else is left of root's rights.
    only = "-all,+dac_read_search" if landlock() and _may_read_all() else "-all"
    sets = [f"--{name}={only}" for name in ("bounding-set", "inh-caps", "ambient-caps")]
    return ["setpriv", "--reuid", f"{user}", "--regid", f"{user}", "--clear-groups", *sets]


def _may_read_all() -> bool:
    """Whether this process has the capability DAC_READ_SEARCH, which containers often lack."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return bool(int(status.partition("CapEff:")[2].split()[0], 16) & 1 << 2)


@cache
def _others_can_run() -> bool:
    """Whether another user can run this Python."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    trial = [*_as(FIRST_USER), sys.executable, "-I", "-c", "import json"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def user(number: int) -> int | None:
    """The user that a submission runs as, or None: the one who grades."""
    return FIRST_USER + number % USERS if _others_can_run() else None


def landlock() -> int:
    """The version of Landlock, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, ctypes.CDLL(None).syscall(CREATE, None, 0, 1))


def means() -> str:
    """In words, what keeps submissions apart on this machine."""
    parts = []
    if landlock():
        parts.append("a file system of which they see the libraries and write their own folder")
    if user(0) is not None:
        parts.append("a user of their own")
    if parts:
        return f"submissions have {' and '.join(parts)}"
    return (
        "submissions run as you, and nothing keeps them from your files: this system has no "
        "Landlock. Grade in the container, or on a machine with nothing to lose"
    )


def _rule(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    if not Path(path).is_dir():
        rights &= ON_FILES
    rule = rights.to_bytes(8, sys.byteorder) + place.to_bytes(4, sys.byteorder)
    ctypes.CDLL(None).syscall(ADD, ruleset, 1, rule, 0)
    os.close(place)


def _lock(read: list[str], write: list[str], tcp: bool) -> None:
    """Take away from this process, and all that it starts, every file but these."""
    version = landlock()
    if not version:
        return
    every = (1 << RIGHTS.get(version, 16)) - 1
    # File system; from version 4 TCP, both ways; from 6 signals and abstract sockets.
    handled = [every, 0 if tcp else 0b11, 0b11][: 1 if version < 4 else 2 if version < 6 else 3]
    packed = b"".join(part.to_bytes(8, sys.byteorder) for part in handled)
    ruleset = ctypes.CDLL(None).syscall(CREATE, packed, len(packed), 0)
    for path in read:
        _rule(ruleset, path, READ)
    for path in write:
        _rule(ruleset, path, every)
    for name in DEVICES:
        _rule(ruleset, f"/dev/{name}", every)
    if ruleset < 0 or ctypes.CDLL(None).syscall(RESTRICT, ruleset, 0):
        raise OSError("Landlock is there and could not be used")
    os.close(ruleset)


def main() -> None:
    rules = json.loads(sys.argv[1])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _lock(rules["read"], rules["write"], rules["tcp"])
    if os.name == "posix":
        import resource

        for name, limit in rules["limits"].items():
            kind = getattr(resource, f"RLIMIT_{name}", None)
            if kind is not None:
                most = resource.getrlimit(kind)[1]
                least = limit if most == resource.RLIM_INFINITY else min(limit, most)
                resource.setrlimit(kind, (least, least))
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
