"""results.json: what the chapters of one profile gave when they last ran."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.course import files, notebook
from helpers.course.publish import verdicts

NAME = "results.json"
NOTHING = type(None)
# What results.json must hold to be one of this version: the types of each value.
FRAME = {
    "profile": (str, NOTHING),
    "seed": (int, NOTHING),
    "device": (str, NOTHING),
    "versions": (dict,),
    "chapters": (list,),
}
ENTRY = {
    "chapter": (str,),
    "seed": (int,),
    "title": (str,),
    "status": (str,),
    "seconds": (int, float),
    "peak_mb": (int, float, NOTHING),
    "error": (str, NOTHING),
    "figures": (list,),
    "expectations": (list,),
    "digest": (str,),
    "notebook": (str, NOTHING),
    "html": (str, NOTHING),
}
FIGURE = {
    "id": (str,),
    "value": (int, float, list),
    "published": (int, float, list, NOTHING),
    "within": (bool, NOTHING),
    "names": (list,),
    "kind": (str,),
    "noisy": (bool,),
    "held": (bool, NOTHING),
}
EXPECTATION = {"text": (str,), "held": (bool,)}


def load(folder: Path) -> dict[str, Any]:
    """The results kept in `folder`, or an empty frame for new ones.

    A file that cannot be read as results, or is of another version, counts as none, and one line
    says so.
    """
    path = folder / NAME
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        _check(results)
        return results
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        print(f"{path} is damaged or of another version ({error}): all chapters run again.")
    return {"profile": None, "seed": None, "device": None, "versions": {}, "chapters": []}


def _check(results: Any) -> None:
    """Make sure that `results` are what this version writes.

    Raises
    ------
    ValueError
        If they are not; the message names the first key that is not as it must be.
    """
    _check_keys(results, FRAME)
    for entry in results["chapters"]:
        _check_keys(entry, ENTRY)
        for figure in entry["figures"]:
            _check_keys(figure, FIGURE)
        for expectation in entry["expectations"]:
            _check_keys(expectation, EXPECTATION)


def _check_keys(found: Any, types: Mapping[str, tuple[type, ...]]) -> None:
    if not isinstance(found, dict):
        raise ValueError(f"{found!r:.60} stands where names and values should")
    for key, allowed in types.items():
        if key not in found:
            raise ValueError(f"{key} is missing")
        if not isinstance(found[key], allowed):
            raise ValueError(f"{key} is {found[key]!r:.60}")


def save(folder: Path, results: dict[str, Any]) -> None:
    """Write the results to `folder`, chapters in order, in one step."""
    results["chapters"].sort(key=lambda entry: (entry["chapter"], entry["seed"]))
    files.write_text(folder / NAME, json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def facts(nb: Any, profile: str) -> dict[str, Any]:
    """What an executed notebook says about its run.

    Parameters
    ----------
    nb
        The executed notebook.
    profile
        ``"sample"`` or ``"full"``; in sample no figure is compared with a published one.

    Returns
    -------
    dict
        ``peak_mb`` (None if it did not finish), ``figures``, ``expectations``, and ``device`` and
        ``versions`` (None if it did not begin).
    """
    found: dict[str, Any] = {"peak_mb": None, "figures": [], "expectations": []}
    found |= {"device": None, "versions": None}
    of_sample = {"within": None, "noisy": False} if profile == "sample" else {}
    for figure in notebook.figures(nb):
        figure = {"names": [], "noisy": False, "kind": verdicts.kind(figure)} | figure | of_sample
        found["figures"].append({key: figure[key] for key in FIGURE})
    for record in notebook.records(nb):
        match record["type"]:
            case "begin":
                found["device"], found["versions"] = record["device"], record["versions"]
            case "expectation":
                found["expectations"].append({key: record[key] for key in ("text", "held")})
            case "finish":
                found["peak_mb"] = record["peak_mb"]
    return found
