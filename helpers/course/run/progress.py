"""What a person sees while chapters run: bars on a terminal, one line a chapter elsewhere."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from helpers.course.catalog import CHAPTERS

from tqdm import tqdm


def line(entry: dict[str, Any]) -> str:
    """One finished chapter in a line: ``05 MNIST with dense layers: passed in 12.3 s, 810 MB``."""
    name = label(entry["chapter"], entry["seed"])
    if entry["status"] == "skipped":
        return f"{name}: skipped, unchanged since it passed in {entry['seconds']:.1f} s"
    if entry["status"] == "failed":
        reason = (entry["error"].splitlines() or [""])[0]
        return f"{name}: failed after {entry['seconds']:.1f} s. {reason}"
    memory = f", {entry['peak_mb']:,} MB" if entry["peak_mb"] else ""
    return f"{name}: passed in {entry['seconds']:.1f} s{memory}"


def label(chapter: str, seed: int) -> str:
    """A chapter as it is called here, with its seed if that is not 0."""
    return f"{chapter} {CHAPTERS[chapter].title}{f', seed {seed}' if seed else ''}"


class Progress:
    """Shows the chapters that run: a bar each on a terminal, else a line when each is done."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.bars: dict[str, tqdm] = {}
        self.whole: tqdm | None = None

    def begin(self, chapters: int) -> None:
        """Say how many chapters are to be run: on a terminal a bar counts them all."""
        if self.live and chapters > 1:
            self.whole = self._bar("All", chapters, "chapters")

    def end(self) -> None:
        """Take all bars away."""
        for name in list(self.bars):
            self.close(name)
        if self.whole is not None:
            self.whole.close()
            self.whole = None

    def _bar(self, name: str, total: int, unit: str) -> tqdm:
        shape = "{desc:<42.42} {bar:20} {n_fmt} of {total_fmt} " + unit + ", {elapsed}"
        return tqdm(desc=name, total=total, leave=False, file=self.stream, bar_format=shape)

    def step(self, name: str, cell: int, of: int) -> None:
        """Say that cell number `cell` of `of` has started in the chapter with this `label`."""
        if not self.live:
            return
        if name not in self.bars:
            self.bars[name] = self._bar(name, of, "cells")
        self.bars[name].n = cell - 1
        self.bars[name].refresh()

    def tick(self) -> None:
        """Redraw the bars, so that their clocks go on during a long cell."""
        for bar in [*self.bars.values(), *([self.whole] if self.whole else [])]:
            bar.refresh()

    def close(self, name: str) -> None:
        """Take the bar of the chapter with this `label` away."""
        if name in self.bars:
            self.bars.pop(name).close()

    def done(self, entry: dict[str, Any]) -> None:
        """Say how a chapter ended."""
        self.close(label(entry["chapter"], entry["seed"]))
        if self.whole is not None and entry["status"] != "skipped":
            self.whole.update()
        tqdm.write(line(entry), file=self.stream)
        self.stream.flush()
