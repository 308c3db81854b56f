"""The committed chapters: their structure, their coverage of the ledger, their records."""

from helpers import ledger
from helpers.course import catalog
from helpers.course.check import structure
from helpers.course.notebook import outputs_profile, records
from helpers.course.publish import refresh

import nbformat
import pytest

CHAPTERS = catalog.notebooks(catalog.NOTEBOOKS)


@pytest.fixture(params=sorted(CHAPTERS))
def notebook(request):
    return nbformat.read(CHAPTERS[request.param], as_version=4)


@pytest.mark.parametrize("number", sorted(CHAPTERS))
def test_chapter_keeps_every_rule(number):
    assert structure.check_file(CHAPTERS[number]) == []


def figures(notebook):
    return [record for record in records(notebook) if record["type"] == "figure"]


def test_every_figure_with_a_published_number_has_a_measured_tolerance(notebook):
    if outputs_profile(notebook) == "sample":
        pytest.skip("its outputs are from the sample profile, whose figures nothing compares")
    rows = [ledger.row(record["id"]) for record in figures(notebook)]
    bare = [row for row in rows if row.published is not None and row.tolerance is None]
    assert [row.id for row in bare if not row.not_compared] == []


def test_a_missed_figure_has_its_reason_in_the_ledger(notebook):
    outside = [record["id"] for record in figures(notebook) if record["within"] is False]
    assert [id for id in outside if not ledger.row(id).missed] == []


def test_recorded_verdicts_are_those_of_the_ledger_today(notebook):
    # python -m helpers.course results --refresh mends it
    assert refresh.refreshed(notebook) == notebook


def test_a_figure_that_is_not_recorded_stands_in_no_outputs(notebook):
    assert [r["id"] for r in figures(notebook) if ledger.row(r["id"]).not_recorded] == []
