"""A chapter's run: begin it, record its figures, state its expectations, finish it.

Each of the four shows the reader one tidy line and carries the same facts as JSON in the cell's
output, under :data:`helpers.record.MIME`; the report of a run and the results table are made from
that JSON.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from helpers import PERSON_VARIABLES, PROFILES, ledger, plots, record
from helpers.data.registry import cache_dir
from helpers.record import GREEN, ORANGE, RED, note, number, say
from helpers.training import quiet
from helpers.training.keep import Keeper

import keras
import numpy as np

__all__ = [
    "ExpectationError",
    "Run",
    "begin",
    "describe_device",
    "kept_network",
    "peak_mb",
    "resolve_profile",
]

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

    A user's own settings for all projects (``keras.json``, ``matplotlibrc``, NumPy's printing) are
    set aside for this process, since the chapters' outputs were made without. Prints one line:
    profile, seed, versions, device; a further one where Keras runs on another backend than
    TensorFlow, and, in ``full``, where the chapter wants a GPU and there is none.

    Parameters
    ----------
    chapter
        Two digits, ``"07"``.
    profile
        ``"sample"``, ``"full"`` or None (``$DL_PROFILE``, else full).
    seed
        A whole number from 0 to 4,294,967,295, which is as far as NumPy goes.
    without_gpu
        Given by a chapter that wants a GPU: how long ``full`` takes without one, ``"3 hours"``.

    Raises
    ------
    ValueError
        For an unknown chapter or profile, or a seed that is not such a number.
    """
    chapters = sorted({c for row in ledger.rows().values() for c in row.chapters})
    if chapter not in chapters:
        raise ValueError(
            f"There is no chapter {chapter!r}; chapters are {chapters[0]!r} to {chapters[-1]!r}."
        )
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < 2**32:
        raise ValueError(
            f"The seed is {seed!r}; give a whole number from 0 to {2**32 - 1:,}, without commas."
        )
    run = Run(chapter, resolve_profile(profile), int(seed))
    if keras.backend.backend() == "tensorflow":
        quiet.leave_tuner_out()
        quiet.hide_retracing_advice()
        quiet.let_gpu_memory_grow()
    _set_own_settings_aside()
    keras.utils.set_random_seed(run.seed)  # Python's and NumPy's generators, too
    device = describe_device()
    versions = {
        "python": platform.python_version(),
        "tensorflow": sys.modules["tensorflow"].__version__
        if "tensorflow" in sys.modules
        else None,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
    line = say(
        "Profile {profile}, seed {seed} · {versions} · {device}",
        profile=run.profile,
        seed=run.seed,
        versions=", ".join(f"{name} {version}" for name, version in versions.items() if version),
        device=device,
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
    if keras.backend.backend() != "tensorflow":
        line = say(
            "Keras runs on {backend} here, and the course was made on TensorFlow: cells that use "
            "TensorFlow itself fail. Set the environment variable KERAS_BACKEND to tensorflow, or "
            "correct {file}, and start the kernel again.",
            backend=keras.backend.backend(),
            file=cache_dir() / "keras.json",
        )
        note(None, line, ORANGE)
    if without_gpu and run.profile == "full" and not device.startswith("GPU"):
        line = say(
            "This chapter wants a GPU and finds none: it will take about {time}. {advice}",
            time=without_gpu,
            advice=say(HOW_TO_GET_A_GPU),
        )
        note(None, line, ORANGE)
    return run


def _set_own_settings_aside() -> None:
    """What a user set once for all projects, as the chapters' outputs were made: with defaults."""
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    np.set_printoptions(
        edgeitems=3,
        infstr="inf",
        linewidth=75,
        nanstr="nan",
        precision=8,
        suppress=False,
        threshold=1000,
        formatter=None,
        sign="-",
        floatmode="maxprec",
        legacy=False,
    )
    plots.set_style()


@dataclass
class Run:
    """One run of a chapter; made by :func:`begin`."""

    chapter: str
    profile: str
    seed: int
    started: float = field(default_factory=time.perf_counter)
    figures: dict[str, Any] = field(default_factory=dict)
    expectations: list[str] = field(default_factory=list)
    _folders: list[tempfile.TemporaryDirectory] = field(default_factory=list, repr=False)
    _keeper: Keeper = field(init=False, repr=False)

    def __post_init__(self) -> None:
        place = cache_dir() / "course" / self.chapter / f"seed-{self.seed}"
        self._keeper = Keeper(place if self.profile == "full" else None)

    @property
    def verbose(self) -> int:
        """For ``fit(verbose=)``: 1, a progress bar, where a person watches; 0 in a headless run."""
        return int(any(name in os.environ for name in PERSON_VARIABLES))

    def pick(self, *, sample: T, full: T) -> T:
        """The value for this run's profile."""
        return sample if self.profile == "sample" else full

    def folder(self) -> Path:
        """A new, empty folder that goes when the run finishes or the process ends."""
        self._folders.append(
            tempfile.TemporaryDirectory(prefix=f"{self.chapter}-", ignore_cleanup_errors=True)
        )
        return Path(self._folders[-1].name)

    def keep(
        self,
        build: Callable[[], keras.Model],
        fit: Callable[..., keras.callbacks.History],
        *,
        by_epoch: bool = False,
        **facts: object,
    ) -> tuple[keras.Model, keras.callbacks.History]:
        """Build a model and train it, or take what an interrupted run has kept of it and say so.

        In ``sample`` nothing is kept. In ``full`` a finished training lies in Keras's cache, under
        ``course/NN/seed-S``, until the run finishes. It is found again if nothing has changed that
        it depends on: see :func:`helpers.training.key.training_key`.

        Parameters
        ----------
        build
            Returns a fresh, compiled model. Called in both cases, after Keras and all random
            generators have been set to the run's seed.
        fit
            Is given the model, trains it, and returns what ``model.fit`` returns.
        by_epoch
            Whether to keep each epoch, too. `fit` then gets the model and a callback for
            ``model.fit``. What is left of an interrupted training draws other random numbers than
            it would have, and a callback of your own starts without a memory.
        **facts
            What else the result depends on and cannot be seen in the code of `build` and `fit`: the
            files behind a `tf.data.Dataset`, for example.

        Returns
        -------
        tuple
            The trained model, with its optimizer's state, and its history.

        Raises
        ------
        TypeError
            If `build` or `fit` returns something else, or a fact cannot be looked into.
        ValueError
            If the model is not compiled or has no weights yet.
        """
        return self._keeper.train(
            build, fit, self.seed, facts | {"the run's profile": self.profile}, by_epoch
        )

    def record(
        self, figure: str, value: float | list | None = None, /, **named: float | list
    ) -> None:
        """Record what this run measured for a figure of the ledger.

        In ``full`` the value is compared with the published or expected one, if the ledger has a
        number and a tolerance for it. A stand-in's number never is.

        Parameters
        ----------
        figure
            The ledger id, ``"F07.3"``.
        value
            A number, or a list of numbers in the order that the ledger row names.
        **named
            In place of `value`: the numbers by name, in that order,
            ``run.record("F07.3", loss=0.29, accuracy=0.88)``.

        Raises
        ------
        ValueError
            If the id is not a figure of this chapter, there is no value or one given both ways, the
            value is not finite or, in ``full``, not of the published figure's shape, or the figure
            has been recorded already. (Where a person runs a cell again, the new value replaces the
            old one.)
        helpers.ledger.UnknownRowError
            If the ledger has no such id.
        """
        if (value is None) != bool(named):
            raise ValueError(
                f"{figure} was given {value!r} and {named or 'nothing by name'}; record a number, "
                f"a list, or numbers by name: run.record({figure!r}, loss=0.3, accuracy=0.9)."
            )
        given = list(named.values()) if len(named) > 1 else next(iter(named.values()), value)
        row = ledger.row(figure)
        if row.kind != "figure" or self.chapter not in row.chapters:
            raise ValueError(f"{figure} is not a figure of chapter {self.chapter}.")
        if figure in self.figures and not self.verbose:
            raise ValueError(
                f"{figure} is recorded for the second time: first {number(self.figures[figure])}, "
                f"now {given!r}. Record a figure once; a list holds several numbers."
            )
        finite = _finite(figure, given)
        names = [name.replace("_", " ") for name in named]
        shown = record.figure(row, finite, self.profile, names)
        self.figures[figure] = finite
        note(*shown)

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
            say("Expected and held: {text}", text=text)
            if held
            else say("Expected, but it did not hold: {text}", text=text),
            GREEN if held else RED,
        )
        if not held:
            raise ExpectationError(
                f"Chapter {self.chapter} expects that {text}; in this run "
                f"(profile {self.profile}, seed {self.seed}) it did not hold."
            )
        self.expectations.append(text)

    def finish(self) -> None:
        """Close the run: say how long it took and how much memory it needed at its peak.

        What the run has kept, and its folders, are removed.
        """
        seconds = time.perf_counter() - self.started
        peak = peak_mb()
        self._keeper.discard()
        while self._folders:
            self._folders.pop().cleanup()
        line = say(
            "Chapter {chapter} finished: {figures} figures recorded, {expectations} expectations "
            "held, {seconds:.1f} s.",
            chapter=self.chapter,
            figures=len(self.figures),
            expectations=len(self.expectations),
            seconds=seconds,
        )
        if peak is not None:
            line += " " + say("It needed at most {peak:,} MB.", peak=peak)
        note({"type": "finish", "seconds": round(seconds, 2), "peak_mb": peak}, line)


def kept_network(chapter: str, profile: str) -> Path:
    """The file in which a chapter leaves its trained network to a later one.

    It lies in Keras's cache and stays when the run finishes; a new run overwrites it. The folder is
    made; where it cannot be, the file is named in a temporary one, so that a long training is not
    lost to a cache that cannot be written.

    Parameters
    ----------
    chapter
        The one that trains it, ``"13"``.
    profile
        ``"sample"`` or ``"full"``, whose networks do not get mixed up.

    Returns
    -------
    pathlib.Path
        A ``.keras`` file, which need not exist.

    Raises
    ------
    DataError
        If ``$KERAS_HOME`` names a file in place of a folder.

    Examples
    --------
    >>> file = kept_network("13", "sample")
    >>> file.name
    'network.keras'
    """
    folder = cache_dir() / "course" / chapter / profile
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        folder = Path(tempfile.mkdtemp(prefix=f"{chapter}-"))
        line = say(
            "The network is not left to later chapters: the cache cannot be written ({reason}).",
            reason=error.strerror,
        )
        note(None, line, colour=ORANGE)
    return folder / "network.keras"


def describe_device() -> str:
    """What the models run on, ``"GPU: Tesla T4"`` or ``"CPU, 2 cores"``."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        if gpus:
            details = tf.config.experimental.get_device_details(gpus[0])
            return f"GPU: {details.get('device_name', 'unnamed')}"
    elif any(name.startswith(("gpu", "cuda")) for name in keras.distribution.list_devices()):
        return f"GPU ({keras.backend.backend()})"
    return say("CPU, {cores} cores", cores=os.cpu_count())


def peak_mb() -> int | None:
    """Peak memory of this process so far, in megabytes (10**6 bytes); None if it is not known."""
    if sys.platform == "win32":
        try:
            import psutil  # which Jupyter's kernel brings along
        except ImportError:
            return None
        return psutil.Process().memory_info().peak_wset // 10**6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 10**6 if sys.platform == "darwin" else peak * 1024 // 10**6


def _finite(figure: str, value: Any) -> float | int | list:
    """`value` as plain finite numbers, or an error that says what was given."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.size == 0:
        raise ValueError(f"{figure} was given {value!r}; record a number or a list of numbers.")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{figure} was given {value!r}, which is not finite: the training diverged or a "
            "division by zero happened before it."
        )
    return array.tolist()
