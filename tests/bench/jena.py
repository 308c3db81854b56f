"""Reading 420,551 rows of weather: the loop of listings 6.28 and 6.29, and the course's loader.

``python -m tests.bench.jena printed|course`` reads a generated file of the public one's size and
form, made once in the folder for temporary files, and prints the seconds of reading as JSON.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from helpers.data import jena_climate
from helpers.data.stand_ins import jena_climate as sample

import numpy as np
import pandas as pd

ROWS = 420_551


def generated_file() -> Path:
    """43 MB of text, written to another name first: a broken run leaves nothing to mistake."""
    path = Path(tempfile.gettempdir()) / f"course-bench-jena-{ROWS}.csv"
    if not path.exists():
        partial = path.with_suffix(f".{os.getpid()}")
        years = sample.load()
        table = pd.concat([years, years])[:ROWS]  # the same four years twice, under other dates
        table.index = pd.date_range("2009-01-01 00:10", periods=len(table), freq="10min")
        table.to_csv(
            partial,
            index_label=jena_climate.TIME,
            date_format=jena_climate.TIME_FORMAT,
            lineterminator="\n",
        )
        partial.write_bytes(partial.read_bytes().rstrip())  # the public file ends without a newline
        partial.replace(path)
    return path


def printed(path: Path) -> np.ndarray:
    """Listings 6.28 and 6.29: split the text, and turn each line into numbers."""
    with path.open() as file:
        data = file.read()
    lines = data.split("\n")
    header = lines[0].split(",")
    lines = lines[1:]
    float_data = np.zeros((len(lines), len(header) - 1))
    for i, line in enumerate(lines):
        float_data[i, :] = [float(x) for x in line.split(",")[1:]]
    return float_data


def course(path: Path) -> np.ndarray:
    """The same with the course's loader, which reads the times too and checks every line."""
    return jena_climate.load_data("full", path).to_numpy()


if __name__ == "__main__":
    file = generated_file()
    started = time.perf_counter()
    table = {"printed": printed, "course": course}[sys.argv[1]](file)
    seconds = time.perf_counter() - started
    result = {"shape": table.shape, "mean temperature": round(float(table[:, 1].mean()), 3)}
    print(json.dumps(result | {"seconds of reading": round(seconds, 1)}))
