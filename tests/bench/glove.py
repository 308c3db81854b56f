"""Reading 400,000 word vectors of 100 numbers: the loop of listing 6.10, and the course's reader.

``python -m tests.bench.glove printed|course`` reads a generated file of GloVe's size and form, made
once in the folder for temporary files, and prints the seconds that reading takes as JSON.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from helpers.text.vectors import read

import numpy as np

WORDS, DIMENSIONS = 400_000, 100


def generated_file() -> Path:
    """347 MB of text, written to another name first: a broken run leaves nothing to mistake."""
    path = Path(tempfile.gettempdir()) / f"course-bench-glove-{WORDS}x{DIMENSIONS}.txt"
    if not path.exists():
        partial = path.with_suffix(f".{os.getpid()}")
        rows = np.random.default_rng(0).normal(0, 0.4, (4_000, DIMENSIONS))
        numbers = [" ".join(f"{x:.5g}" for x in row) for row in rows]
        with partial.open("w", encoding="utf-8") as file:
            for i in range(WORDS):  # the same 4,000 vectors again and again: made in a second
                file.write(f"w{i} {numbers[i % len(numbers)]}\n")
        partial.replace(path)
    return path


def printed(path: Path) -> tuple[int, np.ndarray]:
    """Listing 6.10: a dictionary of vectors."""
    embeddings_index = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            values = line.split()
            embeddings_index[values[0]] = np.asarray(values[1:], dtype="float32")
    return len(embeddings_index), embeddings_index[f"w{WORDS - 1}"]


def course(path: Path) -> tuple[int, np.ndarray]:
    """The same with `helpers.text.vectors`."""
    vectors = read(path)
    return len(vectors), vectors[f"w{WORDS - 1}"]


if __name__ == "__main__":
    file = generated_file()
    started = time.perf_counter()
    words, last = {"printed": printed, "course": course}[sys.argv[1]](file)
    seconds = time.perf_counter() - started
    result = {"words": words, "sum of the last": round(float(last.sum()), 4)}
    print(json.dumps(result | {"seconds of reading": round(seconds, 1)}))
