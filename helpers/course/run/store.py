"""results.json: what the chapters of one profile gave when they last ran."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers.course import files, notebook

NAME = "results.json"
KEYS = {"chapter", "title", "status", "seconds", "peak_mb", "error", "figures", "expectations"}
KEYS |= {"digest", "notebook", "html"}


def load(folder: Path) -> dict[str, Any]:
    """The results kept in `folder`, or an empty frame for new ones.

    A file that cannot be read as results counts as none, and one line says so.
    """
    path = folder / NAME
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        if all(entry.keys() >= KEYS for entry in results["chapters"]):
            return results
        raise ValueError("an entry lacks a key")
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError, AttributeError):
        print(f"{path} is damaged: all chapters run again.")
    return {"profile": None, "seed": None, "device": None, "versions": {}, "chapters": []}


def save(folder: Path, results: dict[str, Any]) -> None:
    """Write the results to `folder`, chapters in order, in one step."""
    results["chapters"].sort(key=lambda entry: entry["chapter"])
    files.write_text(folder / NAME, json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def facts(nb: Any, profile: str) -> dict[str, Any]:
    """What an executed notebook says about its run.

    Parameters
    ----------
    nb
        The executed notebook.
    profile
        ``"sample"`` or ``"full"``; in sample no figure is held against a published one.

    Returns
    -------
    dict
        ``peak_mb`` (None if it did not finish), ``figures``, ``expectations``, and ``device`` and
        ``versions`` (None if it did not begin).
    """
    found: dict[str, Any] = {"peak_mb": None, "figures": [], "expectations": []}
    found |= {"device": None, "versions": None}
    for record in notebook.records(nb):
        match record["type"]:
            case "begin":
                found["device"], found["versions"] = record["device"], record["versions"]
            case "figure":
                figure = {key: record[key] for key in ("id", "value", "published", "within")}
                found["figures"].append(figure | ({"within": None} if profile == "sample" else {}))
            case "expectation":
                found["expectations"].append({key: record[key] for key in ("text", "held")})
            case "finish":
                found["peak_mb"] = record["peak_mb"]
    return found
