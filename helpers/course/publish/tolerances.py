"""Tolerances of the ledger: what a run misses, and how they come from the spread over seeds."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from helpers import ledger
from helpers.course import files
from helpers.course.publish import spread, verdicts
from helpers.course.run import store

FACTOR = "3√2 standard deviations"
OTHER_DATA = ("not compared: measured", "not compared: trained")
SEEDS = re.compile(r"over (\d+) (seeds|draws)")


def check(folder: Path) -> int:
    """Print the figures that are out of tolerance and for which the ledger gives no reason.

    Parameters
    ----------
    folder
        Results of a run, ``runs/full``.

    Returns
    -------
    int
        1 if there is such a figure, or no figure that could be compared; else 0.
    """
    recorded = [figure for entry in store.load(folder)["chapters"] for figure in entry["figures"]]
    rows = [verdicts.row(figure) for figure in recorded]
    compared = [row for row in rows if row["verdict"] in ("within", "outside", "too noisy to say")]
    if not compared:
        print(f"{folder} holds no figure to compare; run: make run PROFILE=full")
        return 1
    unexplained = [row for row in compared if row["verdict"] == "outside" and not row["reason"]]
    for row in unexplained:
        print(
            f"{row['id']} {row['title']}: measured {row['measured']}, "
            f"published {row['published']} {row['tolerance']}"
        )
    print(
        f"{len(compared)} figures compared, {len(unexplained)} out of tolerance without a reason."
    )
    return int(bool(unexplained))


def write(folder: Path, table: Path | None = None, seeds: Path | None = None) -> int:
    """Keep what the seeds of a run measured, and write the tolerances that follow from it.

    A tolerance is three times √2 standard deviations of single runs and half of the last printed
    digit. One that comes from more seeds stays; so does that of a figure which no run scatters.

    Parameters
    ----------
    folder
        Results of a run with ``--seeds``, ``runs/full``.
    table, seeds
        ``ledger.csv`` and ``seeds.csv``; by default the course's own.

    Returns
    -------
    int
        1 if the folder holds no figure that scatters over three seeds or more; else 0.
    """
    table = table or ledger.LEDGER_FILE
    results = store.load(folder)
    found = {
        name: values
        for name, values in spread.gather(results["chapters"]).items()
        if len(values) >= spread.LEAST and spread.scatters(list(values.values()))
    }
    if results["profile"] != "full" or not found:
        print(
            f"{folder} holds no figure that scatters over {spread.LEAST} seeds in full; run: "
            "python -m helpers.course run --profile full --seeds 0,1,2,3,4"
        )
        return 1
    kept = spread.load(seeds)
    kept |= {n: v for n, v in found.items() if len(v) >= len(kept.get(n, ()))}
    spread.save(kept, seeds)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")), restval=""))
    changed = [line for row in rows if (line := _set(row, found.get(row["id"], {})))]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    files.write_text(table, text.getvalue())
    print("\n".join([*changed, f"{len(found)} figures from seeds, {len(changed)} new tolerances."]))
    return 0


def _set(row: dict[str, str], values: dict[int, Any]) -> str | None:
    """Set the tolerance of a ledger row, if it is to change, and say so in a line."""
    measured = list(values.values())
    if not measured or not row["published"]:
        return None
    if row.get("number") == "arithmetic" or row["missed"].startswith(OTHER_DATA):
        return None
    former = SEEDS.search(row["basis"])
    if former and int(former[1]) > len(measured):
        return None
    basis = f"{FACTOR} over {len(measured)} seeds, and half of the last printed digit"
    amount = json.dumps(spread.tolerance(measured, row["published"]))
    if (row["tolerance"], row["basis"]) == (amount, basis):
        return None
    line = f"{row['id']}: ± {amount} (was {row['tolerance'] or 'none'})"
    row |= {"tolerance": amount, "basis": basis}
    if row["missed"] == ledger.NO_SPREAD:
        row["missed"] = ""
    return line
