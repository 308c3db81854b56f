"""``make bench``: each hot path beside the listing as the lecture prints it.

Every way runs in a process of its own, one after the other, so that the operating system's
accounting gives its whole time and its peak memory. The result of both is printed too: a faster
way that answers something else would be no improvement.
"""

import json
import os
import resource
import subprocess
import sys
import time

BENCHMARKS = {
    "IMDB, both trainings (chapter 07)": "tests.bench.imdb",
    "Boston housing, four folds (chapter 09)": "tests.bench.folds",
    "Cats and dogs, ten passes over the photographs (chapter 13)": "tests.bench.images",
    "Fine-tuning the last block of MobileNet (chapter 14)": "tests.bench.transfer",
    "Patterns of 48 filters (chapter 15)": "tests.bench.feature_maps",
    "GloVe, 400,000 words of 100 numbers (chapter 16)": "tests.bench.glove",
    "The weather of Jena, 420,551 rows (chapter 19)": "tests.bench.jena",
    "Two epochs of a stack, its batches and its loops (chapter 19)": "tests.bench.stack",
    "Four epochs of two recurrent layers (chapter 19)": "tests.bench.tuner",
    "A network that predicts a generated text well (chapter 24)": "tests.bench.writer",
    "A variational autoencoder of digits (chapter 27)": "tests.bench.digits",
    "A flower painted with strokes, to one loss (chapter 26)": "tests.bench.painting",
}
WAYS = ("printed", "course")
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


def measure(module: str, way: str) -> tuple[float, float, dict]:
    """Seconds, peak memory in MB, and what ``python -m module way`` prints as JSON."""
    started = time.perf_counter()
    command = [sys.executable, "-m", module, way]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed; what it said stands above.")
    seconds = time.perf_counter() - started
    return seconds, usage.ru_maxrss * PEAK_UNIT / 1e6, json.loads(printed.splitlines()[-1])


def main() -> None:
    """Measure all benchmarks and print a table of each."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for title, module in BENCHMARKS.items():
        print(title)
        measured = {way: measure(module, way) for way in WAYS}
        for way, (seconds, peak, result) in measured.items():
            print(f"  {way:8} {seconds:7.1f} s {peak:8,.0f} MB  {result}", flush=True)
        (slow, large, _), (quick, small, _) = measured.values()
        print(f"  ratio    {slow / quick:7.1f} times {large / small:4.1f} times")


if __name__ == "__main__":
    main()
