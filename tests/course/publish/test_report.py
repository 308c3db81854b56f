from helpers import ledger
from helpers.course import catalog
from helpers.course.publish import report, spread, verdicts
from helpers.course.run import store
from tests.course.small_chapters import (
    FINISH,
    PIXEL,
    VERSIONS,
    begin,
    code,
    expectation,
    figure,
    folded,
    picture,
    shown,
)

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook

STARTED = {"start_time": "now"}
RECORDS = [
    begin(),
    figure("F05.3", 0.9771, 0.9785, True),
    figure("F05.8", [628_000, 320_400, 4_010, 95_241], [628_000, 320_400, 4_010, 952_410], False),
    figure("F05.12", 0.02),
    expectation("test accuracy is above 0.9"),
]


def executed(*cells):
    outputs = [shown(record) for record in RECORDS]
    return new_notebook(
        cells=[
            new_markdown_cell(
                "# Digits\n\nThe loss $x^2$ and a [link](https://example.org).\n\n"
                "See [seven](07_imdb.ipynb#part) and [eight](08_reuters.ipynb).\n\n## A section"
            ),
            code("PROFILE = None\nSEED = 0\nKNOB = 3", "parameters"),
            code('# Parameters\nPROFILE = "sample"\nSEED = 1', "injected-parameters"),
            code("run", outputs=outputs, papermill=STARTED),
            *cells,
        ]
    )


def entry(folder, number, nb, profile, **given):
    name = f"{number}_x.ipynb"
    nbformat.write(nb, folder / name)
    facts = store.facts(nb, profile)
    del facts["device"], facts["versions"]
    usual = {"status": "passed", "seconds": 12.34, "error": None, "digest": ""}
    usual |= {"chapter": number, "seed": 7, "title": catalog.CHAPTERS[number].title}
    return usual | facts | {"notebook": name, "html": f"{number}.html"} | given


@pytest.fixture(autouse=True)
def no_known_spread(tmp_path, monkeypatch):
    monkeypatch.setattr(spread, "FILE", tmp_path / "none.csv")


@pytest.fixture
def page(tmp_path):
    """Write the report of a run of two chapters, one failed, and parse it."""

    def write(profile):
        good = executed(
            code("plot", outputs=[picture("Loss falls & <rises>"), folded("Loss falls & <rises>")]),
            code("end", outputs=[shown(FINISH)]),
        )
        broken = executed(
            code("show", outputs=[shown(expectation("it <b>beats</b> a guess", held=False))]),
            code("if a < b:\n    raise ValueError", papermill=STARTED),
        )
        failed = {"status": "failed", "error": "Code cell 3: ValueError: \x1b[31ma < b\x1b[0m"}
        results = {
            "profile": profile,
            "seed": 7,
            "device": "GPU: Tesla T4",
            "versions": VERSIONS,
            "chapters": [
                entry(tmp_path, "05", good, profile),
                entry(tmp_path, "07", broken, profile, seconds=125.0, **failed),
            ],
        }
        return BeautifulSoup(report.write(tmp_path, results).read_text("utf-8"), "html.parser")

    return write


def words(node):
    return " ".join(node.get_text(" ").split())


def test_report_needs_no_script_and_no_network(page):
    soup = page("full")
    assert not soup.find_all(["script", "link", "iframe"])
    assert all(i["src"].startswith("data:image/png;base64,") for i in soup.find_all("img"))
    assert "http" not in str(soup)


def test_summary_says_profile_device_versions_seed_and_counts(page):
    header = words(page("full").header)
    assert "1 failed ( 07 ), 1 passed, 2 of 3 expectations held." in header
    assert "Trainings: 2 of 2 published results are met" in header
    assert "Arithmetic: 0 of 2 published counts" in header
    assert "Profile full, seed 7, GPU: Tesla T4." in header
    assert "Python 3.11.7, TensorFlow 2.20.0, Keras 3.13.2, NumPy 2.1.3" in header
    assert "stand-ins" not in header


def test_chapter_table_has_a_line_for_each_chapter(page):
    rows = page("full").select("table.chapters tbody tr")
    good, broken = ([words(cell) for cell in row.select("td")] for row in rows)
    assert good == [
        "05 MNIST with dense layers",
        "passed",
        "12.3 s",
        "123 MB",
        "1 within, 1 outside",
        "1 of 1 held",
    ]
    assert broken[1:] == ["failed", "2 min 5 s", "", "1 within, 1 outside", "1 of 2 held"]


def test_figures_stand_beside_the_published_ones(page):
    rows = page("full").select("#chapter-05 table tbody tr")
    cells = {words(row.td): [words(cell) for cell in row.select("td")[2:]] for row in rows}
    tolerance = ledger.row("F05.3").tolerance
    assert cells["F05.3"] == [f"0.9785 ± {tolerance}", "0.9771", "", "-0.0014", "within"]
    assert cells["F05.8"][3:] == ["≤ 8.6e+05", "outside"]
    assert cells["F05.8"][0] == "628,000, 320,400, 4,010, 952,410 exactly"
    assert cells["F05.12"] == ["", "0.02", "", "", "claim held"]
    assert "test accuracy" in words(rows[0].select("td")[1])


def test_seeds_of_a_chapter_are_one_section_with_their_spread(tmp_path):
    frame = {"device": None, "versions": {}, "profile": "full", "seed": 7}
    group = [
        entry(tmp_path, "05", executed(), "full", seed=seed, notebook=None, html=None)
        for seed in (5, 6, 7)
    ]
    for value, one in zip((0.97, 0.98, 0.99), group, strict=True):
        one["figures"][0]["value"] = value
    failed = group[0] | {"seed": 8, "figures": [], "status": "failed", "error": "it ended"}
    path = report.write(tmp_path, frame | {"chapters": [*group, failed]})
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    assert len(soup.select("section")) == 1
    assert words(soup.select("#chapter-05 table tbody tr")[0]).count("0.98 ± 0.01 (n = 3)") == 1
    assert "seeds 5, 6, 7, 8" in words(soup.select_one("#chapter-05"))
    assert "1 failed" in words(soup.header)
    assert words(soup.select_one(".failure")) == "Seed 8: it ended"


def test_a_claim_that_its_cell_refutes_did_not_hold():
    refuted = figure("F05.12", 0.02) | {"held": False}
    assert verdicts.verdict(refuted) == "did not hold"
    assert verdicts.verdict(figure("F05.12", 0.02)) == "recorded"
    assert verdicts.verdict(figure("F05.3", 0.9, 0.8, noisy=True)) == "too noisy to say"


def test_long_lists_of_names_give_way_to_numbers():
    assert verdicts.text([0.3, 0.9], ["loss", "accuracy"]) == "loss 0.3, accuracy 0.9"
    assert verdicts.text(list(range(9)), [str(n) for n in range(9)]) == "0, 1, 2, 3, … (9 numbers)"


def test_sample_says_that_its_numbers_are_stand_ins_and_compares_none(page):
    soup = page("sample")
    assert "come from stand-ins" in words(soup.header)
    assert "6 figures recorded" in words(soup.header)
    assert words(soup.select("table.chapters td")[4]) == "3 recorded"
    row = soup.select_one("#chapter-05 table tbody tr")
    assert len(row.select("td")) == 4
    for verdict in ("within", "outside", "recorded |", "claim held"):
        assert verdict not in words(soup.main)


def test_failed_chapter_shows_its_cell_and_message(page):
    box = page("full").select_one("#chapter-07 .failure")
    assert words(box.select_one(".message")) == "Code cell 3: ValueError: a < b"
    assert box.pre.get_text() == "if a < b:\n    raise ValueError"


def test_expectations_and_plots_are_shown_and_escaped(page):
    soup = page("full")
    assert "it <b>beats</b> a guess (did not hold)" in words(soup.select_one("#chapter-07 ul"))
    image = soup.select_one("#chapter-05 details img")
    assert image["alt"] == "Loss falls & <rises>"
    assert image["loading"] == "lazy"
    assert image["src"].endswith(PIXEL)


def test_links_lead_to_pages_that_are_there(page, tmp_path):
    soup = page("full")
    links = {a["href"] for a in soup.find_all("a")}
    assert {"05.html", "05_x.ipynb", "07.html", "07_x.ipynb"} <= links
    for link in links:
        target = soup.find(id=link[1:]) if link.startswith("#") else (tmp_path / link).exists()
        assert target, link


def test_chapter_page_reads_without_a_network(page, tmp_path):
    page("full")
    soup = BeautifulSoup((tmp_path / "05.html").read_text("utf-8"), "html.parser")
    assert soup.title.get_text() == "05 MNIST with dense layers"
    assert [i["alt"] for i in soup.find_all("img")] == ["Loss falls & <rises>"]
    assert soup.img["src"].endswith(PIXEL)
    assert soup.select_one("a[href='index.html']")
    assert soup.get_text().count("SEED") == 1
    parameters = words(soup.select_one(".celltag_parameters pre"))
    assert parameters == 'PROFILE = "sample" SEED = 1 KNOB = 3'
    assert not [script for script in soup.find_all("script") if script.get("src")]
    assert not soup.find_all("link", rel="stylesheet")


def test_chapter_page_leads_to_its_neighbours_its_sections_and_pages_that_are_there(page, tmp_path):
    page("full")
    soup = BeautifulSoup((tmp_path / "05.html").read_text("utf-8"), "html.parser")
    links = [a["href"] for a in soup.main.find_all("a") if not a.find_parent(["nav", "h1", "h2"])]
    assert links == ["https://example.org", "07.html#part"]
    assert "eight" in words(soup.main)
    for ways in soup.select("nav"):
        assert [a["href"] for a in ways.select("nav > a")] == ["index.html", "07.html"]
        (section,) = ways.select("details a")
        assert soup.find(id=section["href"][1:]).name == "h2"
        assert words(section) == "A section"
    assert len(soup.select("nav")) == 2


def test_report_says_when_it_ran_of_which_commit_and_how_long(tmp_path):
    frame = {"device": None, "versions": {}, "profile": "full", "seed": 0}
    ran = {"finished": "2026-03-01T09:05:00+00:00", "seconds": 75.0, "commit": "1a2b3c4"}
    one = entry(tmp_path, "05", executed(), "full")
    header = words(
        BeautifulSoup(
            report.write(tmp_path, frame | {"ran": ran, "chapters": [one]}).read_text("utf-8"),
            "html.parser",
        ).header
    )
    assert "Finished 1 March 2026, 09:05 UTC, commit 1a2b3c4." in header
    assert "This run took 1 min 15 s; the chapters add up to 12.3 s." in header


def test_failed_chapters_are_named_in_the_first_line_and_linked(page):
    lead = page("full").select_one(".lead")
    assert [(words(a), a["href"]) for a in lead.find_all("a")] == [("07", "#chapter-07")]


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/svg+xml"])
def test_pictures_of_every_kind_are_shown_with_their_words(tmp_path, kind):
    frame = {"device": None, "versions": {}, "profile": "full", "seed": 0}
    shown_picture = picture("a line", kind)
    if kind == "image/svg+xml":
        shown_picture.data[kind] = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    one = entry(tmp_path, "05", executed(code("plot", outputs=[shown_picture])), "full")
    index = report.write(tmp_path, frame | {"chapters": [one]})
    for path in (index, tmp_path / "05.html"):
        (image,) = BeautifulSoup(path.read_text("utf-8"), "html.parser").find_all("img")
        assert image["alt"] == "a line"
        assert image["src"].startswith(f"data:{kind};base64,")


def test_chapter_page_is_made_again_only_when_its_notebook_is_newer(page, tmp_path):
    page("full")
    first = tmp_path / "05.html"
    kept = "kept<!-- 05 07 -->"
    first.write_text(kept)
    import os

    later = first.stat().st_mtime + 60
    os.utime(first, (later, later))
    page("full")
    assert first.read_text() == kept
    os.utime(first, (1, 1))
    page("full")
    assert first.read_text("utf-8") != kept


def test_chapter_page_is_made_again_when_other_chapters_have_pages(page, tmp_path):
    page("full")
    one = entry(tmp_path, "05", executed(), "full")
    import os

    os.utime(tmp_path / "05_x.ipynb", (1, 1))
    frame = {"device": None, "versions": {}, "profile": "full", "seed": 0}
    report.write(tmp_path, frame | {"chapters": [one]})
    assert "07.html" not in (tmp_path / "05.html").read_text("utf-8")


def test_chapter_without_a_notebook_still_has_its_line(tmp_path):
    nothing = {"device": None, "versions": {}, "profile": "full", "seed": 0}
    lost = entry(tmp_path, "05", new_notebook(), "full", status="failed", error="it ended")
    lost |= {"notebook": None, "html": None}
    path = report.write(tmp_path, nothing | {"chapters": [lost]})
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    assert "it ended" in words(soup.select_one("#chapter-05"))
    assert "Read the chapter" not in words(soup)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.97, "1 min 0 s"),
        (60.0, "1 min 0 s"),
        (119.4, "1 min 59 s"),
        (119.7, "2 min 0 s"),
        (3599.6, "60 min 0 s"),
        (5400, "90 min 0 s"),
    ],
)
def test_time_has_never_sixty_seconds(seconds, text):
    assert report.duration(seconds) == text


def test_report_of_passed_chapters_says_so(tmp_path):
    frame = {"device": None, "versions": {}, "profile": "full", "seed": 0}
    one = entry(tmp_path, "05", executed(), "full")
    two = entry(tmp_path, "07", executed(), "full", status="skipped")
    for chapters, sentence in (
        ([one], "One chapter passed"),
        ([one, two], "All 2 chapters passed"),
        ([], "No chapter has finished"),
    ):
        path = report.write(tmp_path, frame | {"chapters": chapters})
        assert sentence in words(BeautifulSoup(path.read_text("utf-8"), "html.parser").header)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.97854, "0.9785"),
        (2345, "2,345"),
        (628000.0, "628,000"),
        (1370.49, "1,370"),
        (106168320.5, "106,168,320"),
        ([1, 0.5], "1, 0.5"),
        (12345.678, "12,346"),
        ([[1, 2], [3, 4], [5, 6]], "1, 2, 3, 4, … (6 numbers)"),
        (None, ""),
    ],
)
def test_numbers_are_shown_short(value, text):
    assert verdicts.text(value) == text


@pytest.mark.parametrize(
    ("value", "published", "text"),
    [
        (0.98, 0.9785, "+0.0015"),
        (0.1 + 0.2, 0.3, "0"),
        ([1.0, 2.5], [1.0, 2.0], "≤ 0.5"),
        (1.0, None, ""),
    ],
)
def test_difference(value, published, text):
    assert verdicts.difference(value, published) == text


def test_figure_that_the_ledger_does_not_know_is_shown_all_the_same(rows):
    assert verdicts.row(figure("F99.9", 1.5))["title"] == ""
    known = verdicts.row(figure("F05.3", 0.98, 0.9785, True))
    assert (known["title"], known["tolerance"]) == ("title of F05.3", "± 0.005")


def test_figure_that_is_missed_says_why(page, monkeypatch):
    import dataclasses

    real = ledger.row("F05.8")
    rows = {"F05.8": dataclasses.replace(real, missed="other layers")}
    monkeypatch.setattr(ledger, "rows", lambda: rows)
    texts = [words(cell) for cell in page("full").select("#chapter-05 td.head")]
    assert any("Missed: other layers" in text for text in texts)


def test_figure_that_cannot_be_compared_says_why(rows, monkeypatch):
    import dataclasses

    other = dataclasses.replace(rows["F05.3"], missed="not compared: another base")
    monkeypatch.setitem(rows, "F05.3", other)
    assert verdicts.row(figure("F05.3", 0.98, 0.9785))["reason"] == "not compared: another base"
    assert verdicts.row(figure("F05.3", 0.98, 0.9785, True))["reason"] == ""
