"""The ledger's table is complete and sound, and its module reads and compares it rightly."""

import csv
import dataclasses
import math
import re
from collections import Counter
from pathlib import Path

from helpers import ledger
from helpers.course import catalog

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROWS = list(ledger.rows().values())
FIGURES = [row for row in ROWS if row.kind == "figure"]
KINDS = {"L": "listing", "F": "figure", "X": "exercise", "E": "erratum"}
CHAPTERS = [f"{n:02}" for n in range(1, 30)]
WITHDRAWN_ERRATA = ("E9", "E46", "E95")  # the source is right; their ids are not given again
# What the course owes: each id with its chapters.
CONTRACT = {
    id: chapters
    for id, *chapters in map(
        str.split, Path(__file__).with_name("ledger_ids.txt").read_text("utf-8").splitlines()
    )
}
OWN_IDS = {
    "F24.10": "the later half of F24.4, which a run on a CPU does not reach",
    "F27.10": "the later half of F27.1, ten epochs, where the committed run has a tenth of one",
}


def figure(published, tolerance=None) -> ledger.Row:
    return dataclasses.replace(
        ledger.row("F07.3"), published=published, tolerance=tolerance, title="Two numbers"
    )


def leaves(numbers) -> list:
    if not isinstance(numbers, list):
        return [numbers]
    return [leaf for item in numbers for leaf in leaves(item)]


# The table


def test_every_id_stands_in_the_table_once():
    with ledger.LEDGER_FILE.open(encoding="utf-8", newline="") as file:
        ids = [fields["id"] for fields in csv.DictReader(file)]
    assert [id for id, count in Counter(ids).items() if count > 1] == []
    assert ids == list(ledger.rows())


def test_the_columns_are_the_fields_of_a_row():
    header = ledger.LEDGER_FILE.read_text(encoding="utf-8").splitlines()[0]
    assert sorted(header.split(",")) == sorted(f.name for f in dataclasses.fields(ledger.Row))


def test_id_names_kind_and_chapter():
    for row in ROWS:
        assert re.fullmatch(r"[LFX]\d\d\.[1-9]\d?|E[1-9]\d{0,2}", row.id)
        assert row.kind == KINDS[row.id[0]], row
        if row.kind == "erratum":
            assert set(row.chapters) <= set(CHAPTERS), row
            assert list(row.chapters) == sorted(set(row.chapters)), row
        else:
            assert row.chapters == (row.id[1:3],), row


@pytest.mark.parametrize("kind", ["listing", "figure", "exercise"])
def test_each_chapter_numbers_its_rows_without_gaps(kind):
    numbers = {chapter: [] for chapter in CHAPTERS}
    for row in ROWS:
        if row.kind == kind:
            numbers[row.chapters[0]].append(int(row.id.split(".")[1]))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_the_table_and_the_contract_have_the_same_ids():
    """A chapter that has no notebook yet may lack some of its rows."""
    done = set(catalog.notebooks(catalog.NOTEBOOKS))
    owed = {id for id, chapters in CONTRACT.items() if not chapters or set(chapters) & done}
    assert sorted(owed - set(ledger.rows())) == []
    assert sorted(set(ledger.rows()) - set(CONTRACT) - set(OWN_IDS)) == []


def test_the_table_and_the_contract_have_the_same_chapters():
    assert {
        row.id: (list(row.chapters), CONTRACT[row.id])
        for row in ROWS
        if row.id in CONTRACT and list(row.chapters) != CONTRACT[row.id]
    } == {}


def test_withdrawn_errata_stand_nowhere():
    texts = [path.read_text("utf-8") for path in catalog.notebooks(catalog.NOTEBOOKS).values()]
    for id in WITHDRAWN_ERRATA:
        assert id not in ledger.rows()
        assert id not in CONTRACT
        assert not any(f'"{id}"' in text for text in texts), id


def test_rows_are_sorted_by_chapter_and_kind_with_errata_last():
    order = list(KINDS.values())
    places = [
        (row.kind == "erratum", row.chapters * (row.kind != "erratum"), order.index(row.kind))
        for row in ROWS
    ]
    assert places == sorted(places)


def test_title_is_one_short_sentence():
    for row in ROWS:
        assert 15 <= len(row.title) <= 160, row
        assert row.title[0].isupper() or row.title[0].isdigit(), row
        assert not row.title.endswith("."), row
        assert " ".join(row.title.split()) == row.title, row


def test_no_two_titles_of_a_chapter_are_equal():
    titles = Counter((row.chapters, row.title) for row in ROWS)
    assert [title for title, count in titles.items() if count > 1] == []


def test_every_row_names_its_source():
    pattern = r"implied|(implied by )?([BSLWGN](\b|\d).*|E\d+|this course \[V\])"
    assert [row.id for row in ROWS if not re.fullmatch(pattern, row.source)] == []


def test_every_published_number_states_its_evidence():
    graded = re.compile(r" \[[PTFNV](, [PTFNV])*\]$")
    published = [row for row in FIGURES if row.published is not None]
    assert [row.id for row in published if not graded.search(row.source)] == []


def test_figures_are_finite_numbers_in_even_shape():
    for row in FIGURES:
        if row.published is None:
            assert row.tolerance is None, row
            continue
        shape = np.shape(row.published)  # raises if the nesting is uneven
        assert all(type(x) in (int, float) and math.isfinite(x) for x in leaves(row.published)), row
        if row.tolerance is not None:
            assert np.shape(row.tolerance) in ((), shape), row
            assert all(type(x) in (int, float) and 0 <= x < math.inf for x in leaves(row.tolerance))


def test_only_figures_carry_numbers_and_reasons():
    others = [row for row in ROWS if row.kind != "figure"]
    assert {(r.published, r.tolerance, r.basis, r.not_recorded) for r in others} == {
        (None, None, "", "")
    }
    assert {(r.number, r.names, r.trivial) for r in others} == {("", (), None)}


def test_every_number_is_a_training_arithmetic_or_expected_and_nothing_else_is():
    for row in FIGURES:
        kinds = {"training", "arithmetic", "expected"} if row.published is not None else {""}
        assert row.number in kinds, row


def test_what_only_this_course_computed_is_never_called_published():
    computed = [row for row in FIGURES if row.source.endswith(("[V]", "this course [V]"))]
    assert [row.id for row in computed if row.evidence == "published"] == []


def test_there_is_a_name_for_each_number_or_none():
    for row in FIGURES:
        if row.names and row.published is not None:
            many = len(row.published) if isinstance(row.published, list) else 1
            assert len(row.names) == many, row


def test_a_trivial_answer_is_one_for_all_or_one_for_each_number():
    for row in FIGURES:
        if row.trivial is not None:
            shape = np.shape(row.published) if row.published is not None else ()
            assert np.shape(row.trivial) in ((), shape), row


def test_published_scores_of_trainings_know_what_chance_would_give():
    """Only epochs, counted from 1, and losses of pictures have no trivial answer."""
    bare = [r.id for r in FIGURES if r.number == "training" and r.trivial is None and r.tolerance]
    assert bare == ["F07.2", "F08.1", "F20.1"]


def test_what_is_open_is_said_the_same_way():
    rows = [row for row in ROWS if row.open]
    assert all(row.open.startswith(ledger.TO_COME) for row in rows)
    assert all(len(row.open) > 30 for row in rows if row.open != ledger.TO_COME)


def test_a_tolerance_has_a_basis_and_only_a_tolerance():
    assert [row.id for row in FIGURES if (row.tolerance is None) != (row.basis == "")] == []


def test_an_exact_basis_means_tolerance_zero():
    assert [row.id for row in FIGURES if (row.basis == "exact") != (row.tolerance == 0)] == []


def test_a_figure_that_is_not_recorded_has_a_reason_and_nothing_to_compare():
    unrecorded = [row for row in FIGURES if row.not_recorded]
    assert unrecorded
    assert all(len(row.not_recorded) > 30 and row.not_recorded[-1] == "." for row in unrecorded)
    assert all(row.tolerance is None for row in unrecorded)


def test_published_arithmetic_is_right():
    published = {row.id: row.published for row in FIGURES}
    assert published["F05.6"] == 5 * math.ceil(60_000 / 128)
    assert published["F05.8"] == [785 * 800, 801 * 400, 401 * 10, 785 * 800 + 801 * 400 + 401 * 10]
    p = np.array([0.5, 0.3, 0.15, 0.05])
    tempered = [p ** (1 / t) / np.sum(p ** (1 / t)) for t in (0.2, 0.5, 1, 1.2)]
    assert ledger.within(ledger.row("F24.3"), [-np.sum(q * np.log(q)) for q in tempered])


# Looking up


def test_row_finds_a_row():
    row = ledger.row("F07.3")
    assert (row.chapters, row.kind, row.published) == (("07",), "figure", [0.293, 0.8833])


def test_an_erratum_can_belong_to_several_chapters_or_none():
    assert ledger.row("E27").chapters == ("05", "11", "12")
    assert ledger.row("E113").chapters == ()


def test_an_unknown_id_gets_a_sentence_with_close_ids():
    with pytest.raises(KeyError) as error:
        ledger.row("F07.33")
    assert str(error.value).startswith("The ledger has no row 'F07.33': look at F07.3 or ")


def test_an_id_like_no_other_is_sent_to_the_table():
    with pytest.raises(ledger.UnknownRowError, match=r"look at helpers/ledger\.csv\.$"):
        ledger.row("nothing")


# Comparing


def test_nothing_published_means_no_verdict():
    assert ledger.within(figure(None), [1, 2, 3]) is None


def test_no_tolerance_means_no_verdict():
    assert ledger.within(figure([1, 2]), [1, 2]) is None


def test_each_number_has_its_own_tolerance():
    row = figure([1, 100], [0.1, 10])
    assert ledger.within(row, [1.05, 105]) is True
    assert ledger.within(row, [1.2, 105]) is False
    assert ledger.within(row, [1.05, 111]) is False


def test_one_tolerance_serves_all_numbers():
    row = figure([[1, 2], [3, 4]], 0.5)
    assert ledger.within(row, [[1.5, 1.5], [3.5, 3.5]]) is True
    assert ledger.within(row, [[1, 2], [3, 4.6]]) is False


@pytest.mark.parametrize("tolerance", [None, 0.5])
@pytest.mark.parametrize(
    ("published", "value"),
    [
        ([1, 2], 1),
        ([1, 2], [1]),
        ([1, 2], [1, 2, 2]),
        ([1, 2], [[1, 2]]),
        (1, [1]),
        ([[1], [1]], 1),
    ],
)
def test_another_shape_is_an_error_and_never_broadcast(published, value, tolerance):
    with pytest.raises(ValueError, match=r"F07\.3 got numbers of shape .* 'Two numbers'\.$"):
        ledger.within(figure(published, tolerance), value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_never_within(value):
    assert ledger.within(figure(1.0, 1e9), value) is False


def test_arrays_compare_like_lists():
    assert ledger.within(figure([90, 28, 28], 0), np.array([90, 28, 28], "int32")) is True
    assert ledger.within(figure([90, 28, 28], 0), (90, 28, 27)) is False


def test_an_exact_count_allows_no_difference():
    assert ledger.within(figure(0, 0), 0) is True
    assert ledger.within(figure(106_168_320, 0), 106_168_320) is True
    assert ledger.within(figure(106_168_320, 0), 106_168_321) is False


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6), st.integers(1, 8))
def test_the_border_is_inside_and_a_hundredth_beyond_is_not(digits, half_units, places):
    published, tolerance = digits / 10**places, half_units / 10**places
    row = figure(published, tolerance)
    for sign in (-1, 1):
        assert ledger.within(row, (digits + sign * half_units) / 10**places)
        assert not ledger.within(row, published + sign * (tolerance + 0.01 / 10**places))


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(0, 1e6),
    st.floats(0, 1e6),
)
def test_a_wider_tolerance_never_takes_a_verdict_back(published, value, narrow, wider):
    if ledger.within(figure(published, narrow), value):
        assert ledger.within(figure(published, narrow + wider), value)


# Whether agreement would say anything


@pytest.mark.parametrize(
    ("published", "tolerance", "trivial", "tells"),
    [
        (0.98, 0.005, 0.1, True),
        (0.98, 0.005, None, True),
        (0.98, 0.98, None, False),  # as wide as the number
        (-0.5, 0.6, None, False),
        (0.56, 0.084, 0.5, False),  # holds chance
        (0.56, 0.06, 0.5, False),  # to the border
        (0, 0.1, None, True),  # a zero has no width
        ([0.3, 0.9], 0.05, [0.69, 0.5], True),
        ([0.3, 0.9], [0.05, 0.5], [0.69, 0.5], False),  # one of them is enough
        ([4, 0.9], 0.1, [None, 0.5], True),
        ([[1, 2], [3, 4]], 0.5, 1.9, False),
        (5, 0, 5, False),
        (None, None, None, False),
        (0.98, None, 0.1, False),
    ],
)
def test_agreement_tells_something_unless_an_untrained_answer_agrees_too(
    published, tolerance, trivial, tells
):
    row = dataclasses.replace(figure(published, tolerance), trivial=trivial)
    assert ledger.tells_something(row) is tells


def test_a_row_without_the_newer_columns_is_read(monkeypatch, tmp_path):
    header = "id,chapters,kind,title,source,published,tolerance,basis,not_recorded,missed"
    header += ",number,names,trivial,open"
    lines = [header, "F05.3,05,figure,A score,B,0.9,0.1,3√2 standard deviations,,"]
    (tmp_path / "ledger.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(ledger, "LEDGER_FILE", tmp_path / "ledger.csv")
    row = ledger.rows.__wrapped__()["F05.3"]
    assert (row.number, row.names, row.trivial, row.open) == ("training", (), None, "")
