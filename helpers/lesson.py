"""A chapter's run: begin it, record its figures, state its expectations, finish it.

Each of the four shows the reader one tidy line and carries the same facts as JSON in the cell's
output, under :data:`MIME`; the report of a run and the results table are made from that JSON.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any, TypeVar

from helpers import PERSON_VARIABLES, PROFILES, ledger, plots
from helpers.record import note
from helpers.training import quiet

import keras
import numpy as np

HOW_TO_GET_A_GPU = (
    "In Colab: Runtime > Change runtime type > T4 GPU, then run from the top. On your own NVIDIA "
    "card under Linux: pip install 'tensorflow[and-cuda]'. Or choose PROFILE = \"sample\"."
)

T = TypeVar("T")


class ExpectationError(AssertionError):
    """A claim of the chapter did not hold in this run."""


def resolve_profile(profile: str | None) -> str:
    """The profile to run: `profile`, else ``$DL_PROFILE``, else ``"full"``.

    Raises
    ------
    ValueError
        If the name is neither ``"sample"`` nor ``"full"``.
    """
    name = profile or os.environ.get("DL_PROFILE") or "full"
    if name not in PROFILES:
        raise ValueError(
            f"The profile is {name!r}; choose 'sample' (embedded data, quick) or 'full' (real "
            "data) in the parameters cell or in the environment variable DL_PROFILE."
        )
    return name


def begin(
    chapter: str, profile: str | None = None, seed: int = 0, *, without_gpu: str | None = None
) -> Run:
    """Begin a chapter: resolve the profile, seed Python, NumPy and Keras, set the plot style.

    Prints one line: profile, seed, versions, device; in ``full`` a second one where the chapter
    wants a GPU and there is none.

    Parameters
    ----------
    chapter
        Two digits, ``"07"``.
    profile
        ``"sample"``, ``"full"`` or None (``$DL_PROFILE``, else full).
    seed
        A whole number of 0 or more.
    without_gpu
        Given by a chapter that wants a GPU: how long ``full`` takes without one, ``"3 hours"``.

    Raises
    ------
    ValueError
        For an unknown chapter or profile, or a seed that is not a whole number of 0 or more.
    """
    chapters = sorted({c for row in ledger.rows().values() for c in row.chapters})
    if chapter not in chapters:
        raise ValueError(
            f"There is no chapter {chapter!r}; chapters are {chapters[0]!r} to {chapters[-1]!r}."
        )
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"The seed is {seed!r}; give a whole number of 0 or more.")
    run = Run(chapter, resolve_profile(profile), int(seed))
    device = describe_device()
    if keras.backend.backend() == "tensorflow":
        quiet.leave_tuner_out()
    random.seed(run.seed)
    keras.utils.set_random_seed(run.seed)
    plots.set_style()
    versions = {
        "python": platform.python_version(),
        "tensorflow": sys.modules["tensorflow"].__version__
        if "tensorflow" in sys.modules
        else None,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    line = (
        f"Profile {run.profile}, seed {run.seed} · "
        + ", ".join(f"{name} {version}" for name, version in versions.items() if version)
        + f" · {device}"
    )
    note(
        {
            "type": "begin",
            "chapter": chapter,
            "profile": run.profile,
            "seed": run.seed,
            "device": device,
            "versions": versions,
        },
        line,
    )
    if without_gpu and run.profile == "full" and not device.startswith("GPU"):
        note(
            None,
            f"This chapter wants a GPU and finds none: it will take about {without_gpu}. "
            f"{HOW_TO_GET_A_GPU}",
            colour="#E69F00",
        )
    return run


@dataclass
class Run:
    """One run of a chapter; made by :func:`begin`."""

    chapter: str
    profile: str
    seed: int
    started: float = field(default_factory=time.perf_counter)
    figures: dict[str, Any] = field(default_factory=dict)
    expectations: list[str] = field(default_factory=list)

    @property
    def verbose(self) -> int:
        """For ``fit(verbose=)``: 1, a progress bar, where a person watches; 0 in a headless run."""
        return int(any(name in os.environ for name in PERSON_VARIABLES))

    def pick(self, *, sample: T, full: T) -> T:
        """The value for this run's profile."""
        return sample if self.profile == "sample" else full

    def record(self, figure: str, value: float | list) -> None:
        """Record what this run measured for a published figure of the ledger.

        In ``full`` the value is held against the published one, if the ledger has a number and a
        tolerance for it. A stand-in's number never is.

        Parameters
        ----------
        figure
            The ledger id, ``"F07.3"``.
        value
            A number, or a list of numbers in the order that the ledger row names.

        Raises
        ------
        ValueError
            If the id is not a figure of this chapter, or the value is not finite or, in ``full``,
            not of the published figure's shape.
        helpers.ledger.UnknownRowError
            If the ledger has no such id.
        """
        row = ledger.row(figure)
        if row.kind != "figure" or self.chapter not in row.chapters:
            raise ValueError(f"{figure} is not a figure of chapter {self.chapter}.")
        value = _finite(figure, value)
        within = ledger.within(row, value) if self.profile == "full" else None
        self.figures[figure] = value
        parts = [f"{figure} · {row.title} · measured {_text(value)}"]
        if row.published is not None:
            parts.append(f"published {_text(row.published)}")
        if self.profile == "sample":
            parts.append("sample profile, not compared")
        elif within is not None:
            verdict = "within" if within else "outside"
            parts.append(f"{verdict} ±{_text(row.tolerance)}" if row.tolerance else _exact(within))
        note(
            {
                "type": "figure",
                "id": figure,
                "value": value,
                "published": row.published,
                "within": within,
            },
            " · ".join(parts),
            colour={True: "#009E73", False: "#D55E00", None: "#888888"}[within],
        )

    def expect(self, text: str, condition: bool) -> None:
        """State a claim that must hold in every profile.

        Raises
        ------
        ExpectationError
            If `condition` is false.
        TypeError
            If `condition` is not a single true or false.
        """
        if not isinstance(condition, bool | np.bool_):
            raise TypeError(
                f"Expectation {text!r} was given {type(condition).__name__}; give one True or "
                "False, for arrays with .all() or .any()."
            )
        held = bool(condition)
        note(
            {"type": "expectation", "text": text, "held": held},
            f"{'Expected and held' if held else 'Expected, but it did not hold'}: {text}",
            colour="#009E73" if held else "#D55E00",
        )
        if not held:
            raise ExpectationError(
                f"Chapter {self.chapter} expects that {text}; in this run "
                f"(profile {self.profile}, seed {self.seed}) it did not hold."
            )
        self.expectations.append(text)

    def finish(self) -> None:
        """Close the run: say how long it took and how much memory it needed at its peak."""
        seconds = time.perf_counter() - self.started
        peak = peak_mb()
        note(
            {"type": "finish", "seconds": round(seconds, 2), "peak_mb": peak},
            f"Chapter {self.chapter} finished: {len(self.figures)} figures recorded, "
            f"{len(self.expectations)} expectations held, {seconds:.1f} s, at most {peak:,} MB.",
        )


def describe_device() -> str:
    """What the models run on, ``"GPU: Tesla T4"`` or ``"CPU, 2 cores"``; GPU memory set to grow."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        if gpus:
            details = tf.config.experimental.get_device_details(gpus[0])
            return f"GPU: {details.get('device_name', 'unnamed')}"
    elif any(name.startswith(("gpu", "cuda")) for name in keras.distribution.list_devices()):
        return f"GPU ({keras.backend.backend()})"
    return f"CPU, {os.cpu_count()} cores"


def peak_mb() -> int:
    """Peak memory of this process so far, in megabytes (10**6 bytes)."""
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset // 10**6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 10**6 if sys.platform == "darwin" else peak * 1024 // 10**6


def _finite(figure: str, value: Any) -> float | int | list:
    """`value` as plain finite numbers, or an error that says what was given."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise ValueError(f"{figure} was given {value!r}; record a number or a list of numbers.")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{figure} was given {value!r}, which is not finite: the training diverged or a "
            "division by zero happened before it."
        )
    return array.tolist()


def _text(value: Any) -> str:
    """Numbers for a reader: four significant digits, whole numbers whole."""
    if isinstance(value, list):
        return ", ".join(_text(v) for v in value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _exact(within: bool) -> str:
    return "equal" if within else "not equal"
