"""Whether a run of the real data reproduces the published figures, as an exit status for CI."""

from __future__ import annotations

from pathlib import Path

from helpers.course.publish import verdicts
from helpers.course.run import store


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
    rows = [verdicts.row(figure) for figure in recorded if figure["within"] is not None]
    if not rows:
        print(f"{folder} holds no figure to compare; run: make run PROFILE=full")
        return 1
    unexplained = [row for row in rows if row["verdict"] == "outside" and not row["reason"]]
    for row in unexplained:
        print(
            f"{row['id']} {row['title']}: measured {row['measured']}, "
            f"published {row['published']} {row['tolerance']}"
        )
    print(f"{len(rows)} figures compared, {len(unexplained)} out of tolerance without a reason.")
    return int(bool(unexplained))
