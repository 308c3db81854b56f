import re
from html.parser import HTMLParser

from helpers.course import __main__ as command_line
from helpers.course import catalog
from helpers.course.publish import slides
from tests.course import made_up_class
from tests.course.small_chapters import PIXEL, chapter, code, folded, picture

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

LOADS = {"src", "href", "data-src", "poster", "srcset"}


def marks(*cells):
    """The slide types of the cells of a notebook."""
    nb = new_notebook(cells=[text("# Title"), text("## 1. Section"), *cells])
    slides.mark(nb)
    return [cell.metadata.slideshow.slide_type for cell in nb.cells][2:]


def text(source, **metadata):
    return new_markdown_cell(source, metadata=metadata)


def test_title_and_sections_begin_slides_and_subsections_slides_below():
    assert marks(text("## 2. Next"), text("words"), code("1"), text("### A part")) == [
        "slide",
        "-",
        "-",
        "subslide",
    ]


def test_heading_inside_a_cell_begins_a_slide_of_its_own():
    nb = new_notebook(cells=[text("# Title\n\nwords\n\n## 2. Next\n\nmore\n\n### Part")])
    slides.mark(nb)
    assert [cell.source for cell in nb.cells] == [
        "# Title\n\nwords",
        "## 2. Next\n\nmore",
        "### Part",
    ]
    assert [cell.metadata.slideshow.slide_type for cell in nb.cells] == [
        "slide",
        "slide",
        "subslide",
    ]


def test_comment_in_a_fenced_listing_is_no_heading():
    nb = new_notebook(cells=[text("```python\n# a comment\nx = 1\n# another\n```")])
    slides.mark(nb)
    assert len(nb.cells) == 1


def test_set_up_and_finish_and_solutions_and_tests_are_left_out():
    nb = made_up_class.exercises()
    nb.cells.insert(4, text("## 1. Section"))
    nb.cells.append(code("run.finish()"))
    slides.mark(nb)
    skipped = [cell.metadata.slideshow.slide_type == "skip" for cell in nb.cells]
    assert skipped == [False, True, True, True, False, False, *[True] * 6, False, False, True]


def test_what_follows_a_guess_appears_at_a_click():
    guess = text("*Угадайте: what is it?*", tags=["guess"])
    assert marks(guess, code("answer"), code("more")) == ["-", "fragment", "-"]


def test_guess_below_a_heading_hides_what_follows_its_own_part():
    nb = new_notebook(
        cells=[
            text("# Title\n\n## 1. Section\n\n### Part\n\n*Which?*", tags=["guess"]),
            code("answer"),
        ]
    )
    slides.mark(nb)
    kinds = [cell.metadata.slideshow.slide_type for cell in nb.cells]
    assert kinds == ["slide", "slide", "subslide", "fragment"]
    assert [cell.metadata["tags"] for cell in nb.cells[:3]] == [[], [], ["guess"]]


def test_text_that_says_guess_hides_nothing():
    assert marks(text("*Guess: which?*"), code("answer")) == ["-", "-"]


def test_cell_that_no_longer_fits_continues_below():
    most = "\n".join(["x = 1"] * slides.LINES)
    assert marks(code(most), text("short"), code("y\ny\ny\ny")) == ["-", "-", "subslide"]
    assert marks(text("*Which?*", tags=["guess"]), code(most), code(most)) == [
        "-",
        "fragment",
        "subslide",
    ]


def test_mark_of_a_cell_goes_before_the_rule():
    own = {"slideshow": {"slide_type": "subslide"}}
    assert marks(text("words", **own), code("1", "x", slideshow={"slide_type": "skip"})) == [
        "subslide",
        "skip",
    ]


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        (text("one line"), 2),
        (text("a\n\nb"), 4),
        (text("x" * (slides.COLUMNS + 1)), 3),
        (code("a\nb"), 2.5),
        (code("a", outputs=[new_output("stream", text="1\n2\n")]), 4.25),
        (code("a", outputs=[picture("a plot")]), 1.75 + 1 / slides.LINE),
        (code("a", outputs=[picture("a", "image/jpeg")]), 1.75 + slides.PICTURE / slides.LINE),
        (code("a", outputs=[new_output("display_data", data={"text/html": "<tr>" * 10})]), 15.75),
    ],
)
def test_lines_of_a_cell_count_its_outputs(cell, lines):
    assert slides.lines(cell) == pytest.approx(lines)


def test_most_slides_of_every_chapter_fit():
    for path in catalog.notebooks(catalog.NOTEBOOKS).values():
        nb = nbformat.read(path, as_version=4)
        slides.mark(nb)
        heights = []
        for cell in nb.cells:
            kind = cell.metadata.slideshow.slide_type
            if kind in ("slide", "subslide"):
                heights.append(0)
            if kind != "skip":
                heights[-1] += slides.lines(cell)
        assert nb.cells[0].metadata.slideshow.slide_type == "slide"
        fit = sum(height <= slides.LINES for height in heights)
        assert fit >= 0.9 * len(heights), path.name


class Loaded(HTMLParser):
    """Collects what a page asks its browser to load, and the tags it has."""

    def __init__(self, page):
        super().__init__()
        self.addresses, self.images = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag != "a":
            self.addresses += [value for key, value in attrs if key in LOADS]
        if tag == "img":
            self.images.append(attributes.get("alt"))


@pytest.fixture
def folder(course, tmp_path, capsys):
    """The folder of the deck of a small chapter."""
    nb = chapter(
        code("'kept'", outputs=[picture("a rising line"), folded("a rising line")]),
        code("1", nbgrader={"grade_id": "x", "solution": True}),
    )
    nb.cells[4:4] = [text("## 1. Formulas\n\n$$y = x^2$$ and [six](06_keras_anatomy.ipynb#part)")]
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    out = tmp_path / "slides"
    command = ["slides", "--notebooks", str(course({"05": nb})), "--out", str(out)]
    assert command_line.main(command) == 0
    assert "1 decks" in capsys.readouterr().out
    return out


def test_deck_loads_nothing_but_what_lies_beside_it(folder):
    page = (folder / "05_chapter.slides.html").read_text(encoding="utf-8")
    loaded = Loaded(page)
    outside = [address for address in loaded.addresses if not address.startswith("data:")]
    assert set(outside) == {f"reveal.js/{name}" for name in slides.NEEDED}
    assert all((folder / address).exists() for address in outside)
    styles = [page, *(p.read_text(encoding="utf-8") for p in folder.rglob("*.css"))]
    assert not re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", "".join(styles))
    assert "import(" not in page
    assert (folder / "reveal.js" / "LICENSE").exists()


def test_deck_shows_formulas_alternative_texts_and_links_to_decks(folder):
    page = (folder / "05_chapter.slides.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert Loaded(page).images == ["a rising line"]
    assert "In words" not in page
    assert PIXEL in page
    assert 'href="06_keras_anatomy.slides.html#part"' in page
    assert page.count("<section") == page.count("</section>") == 4  # two slides in their stacks
    assert "Reveal.initialize" in page
