import copy
import json

from helpers.course.run import store

import pytest

ENTRY = {
    "chapter": "05",
    "seed": 0,
    "title": "MNIST",
    "status": "passed",
    "seconds": 1.5,
    "peak_mb": None,
    "error": None,
    "figures": [
        {
            "id": "F05.3",
            "value": 0.98,
            "published": [0.9, 0.8],
            "within": None,
            "names": [],
            "kind": "published",
            "noisy": False,
            "held": None,
        }
    ],
    "expectations": [{"text": "it beats a guess", "held": True}],
    "digest": "abc",
    "notebook": "05_chapter.ipynb",
    "html": "05.html",
}
RESULTS = {"profile": "full", "seed": 0, "device": "CPU", "versions": {}, "chapters": [ENTRY]}
EMPTY = {"profile": None, "seed": None, "device": None, "versions": {}, "chapters": []}


def test_what_was_saved_is_loaded(tmp_path):
    store.save(tmp_path, copy.deepcopy(RESULTS))
    assert store.load(tmp_path) == RESULTS


def test_no_file_is_no_results_and_nothing_to_say(tmp_path, capsys):
    assert store.load(tmp_path) == EMPTY
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", ""),
        ("[]", r"\[\] stands where"),
        ('{"chapters": 3}', "profile is missing"),
        (json.dumps(RESULTS | {"chapters": 3}), "chapters is 3"),
        (json.dumps(RESULTS | {"chapters": ["05"]}), "'05' stands where"),
        (json.dumps({k: v for k, v in RESULTS.items() if k != "device"}), "device is missing"),
        (json.dumps(RESULTS | {"versions": None}), "versions is None"),
        *(
            (json.dumps(RESULTS | {"chapters": [ENTRY | change]}), why)
            for change, why in [
                ({"seconds": "1.5"}, "seconds is '1.5'"),
                ({"digest": None}, "digest is None"),
                ({"seed": "0"}, "seed is '0'"),
                ({"figures": [{"id": "F05.3"}]}, "value is missing"),
                ({"expectations": [{"text": "x", "held": "yes"}]}, "held is 'yes'"),
            ]
        ),
    ],
)
def test_damaged_results_count_as_none_and_are_said(tmp_path, capsys, text, why):
    import re

    (tmp_path / store.NAME).write_text(text)
    assert store.load(tmp_path) == EMPTY
    said = capsys.readouterr().out
    assert "all chapters run again" in said
    assert re.search(why, said)
