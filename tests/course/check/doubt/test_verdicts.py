from helpers.course.check.doubt import page, seen, verdicts
from tests.course.small_chapters import code, expectation, shown

import pytest
from nbformat.v4 import new_notebook

TEXTS = ("learned", "a tautology", "arithmetic", "a constant", "broken before")


def claims(*outcomes):
    return [
        {"cell": cell, "statement": 0, "number": i, "text": text, "outcome": outcome}
        for i, (text, cell, outcome) in enumerate(zip(TEXTS, "aabbc", outcomes, strict=False))
    ]


def entry(*outcomes, trials=()):
    return {
        "claims": claims(*outcomes),
        "trials": list(trials),
        "cells": ["a", "b", "c"],
        "exact": ["b"],
        "errors": {},
        "error": None,
        "seconds": 1.0,
    }


RUNS = {
    "no-learning": entry("failed", "held", "held", "held", "unclear"),
    "shuffled-labels": entry("failed", "held", "held", "held"),
    "changes": entry(
        *["held"] * 5,
        trials=[
            ["b", 0, 2, {"tried": 3, "broken_by": "2 → 3", "why": ""}],
            ["b", 0, 3, {"tried": 0, "broken_by": None, "why": "it stands on nothing"}],
            ["a", 0, 1, {"tried": 12, "broken_by": "axis=0 → axis=1", "why": ""}],
        ],
    ),
}


@pytest.fixture
def found():
    return {verdict.text: verdict for verdict in verdicts.of_chapter("05", RUNS)}


def test_a_claim_is_seen_to_fail_under_a_spoiler_or_if_exact_after_a_change(found):
    assert {text for text, verdict in found.items() if verdict.seen_to_fail} == {
        "learned",
        "arithmetic",
    }
    assert found["learned"].spoiled_by == ("no-learning", "shuffled-labels")
    assert found["arithmetic"].broken_by == "2 → 3"


def test_a_claim_that_errors_broke_or_that_was_not_reached_is_not_seen_to_fail(found):
    assert found["broken before"].outcomes == {
        "no-learning": "unclear",
        "shuffled-labels": "not reached",
    }


def test_a_change_that_breaks_an_untagged_claim_asks_for_the_tag(found):
    assert not found["a tautology"].seen_to_fail
    assert "tag its cell exact" in page.remark(found["a tautology"])


def test_claims_are_counted_within_their_cell(found):
    assert [(v.cell, v.ordinal) for v in found.values()] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
        ("c", 1),
    ]


def test_counts(found):
    assert verdicts.counts(list(found.values())) == {
        "claims": 5,
        "seen to fail": 2,
        "exact and seen to fail": 1,
        "never seen to fail": 3,
    }


def test_the_page_names_every_claim_and_what_broke_it(tmp_path):
    text = page.write(tmp_path, {"05": RUNS}).read_text(encoding="utf-8")
    assert all(claim in text for claim in TEXTS)
    assert "3 never seen to fail" in text
    assert "false after the change 2 → 3" in text


def executed(source="run.expect('learned', good)"):
    cells = [code(source, outputs=[shown(expectation("learned")), shown(expectation("more"))])]
    cells[0]["id"] = "a"
    return new_notebook(cells=cells)


def test_what_was_seen_counts_until_the_code_of_the_cell_changes(tmp_path, course, found):
    file = tmp_path / "seen.csv"
    notebook = course({"05": executed()}) / "05_chapter.ipynb"
    seen.write({"05": notebook}, found.values(), file)
    counts = seen.counts([("05", executed())], file)
    assert (counts["claims"], counts["seen to fail"], counts["never seen to fail"]) == (2, 1, 1)
    changed = seen.counts([("05", executed("other"))], file)
    assert (changed["seen to fail"], changed["never seen to fail"], changed["not tried"]) == (
        0,
        0,
        2,
    )
    assert "1 have never been seen" in seen.sentence([("05", executed())], file)


def test_writing_one_chapter_keeps_the_rows_of_the_others(tmp_path, course, found):
    file = tmp_path / "seen.csv"
    file.write_text("chapter,cell,ordinal,code,exact,seen,by,claim\n04,z,1,0,,yes,,old\n")
    seen.write({"05": course({"05": executed()}) / "05_chapter.ipynb"}, found.values(), file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("04,z")
    assert len(lines) == 7
