import re
from html.parser import HTMLParser

from helpers.course import __main__ as command_line
from helpers.course.publish import slides
from tests.course import made_up_class
from tests.course.small_chapters import (
    PIXEL,
    chapter,
    code,
    expectation,
    figure,
    folded,
    picture,
    shown,
)

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

LOADS = {"src", "href", "data-src", "poster", "srcset"}


def marked(*cells):
    """What stands on slides and in notes below a title and a section: (slide type, source)."""
    nb = new_notebook(cells=[text("# Title"), text("## 1. Section"), *cells])
    slides.mark(nb)
    return [(cell.metadata.slideshow.slide_type, cell.source) for cell in nb.cells][2:]


def marks(*cells):
    return [kind for kind, _ in marked(*cells)]


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
    nb = new_notebook(cells=[text("# Title\n\nwords\n## 2. Next\nmore\n\n### Part")])
    slides.mark(nb)
    assert [(cell.metadata.slideshow.slide_type, cell.source) for cell in nb.cells] == [
        ("slide", "# Title"),
        ("-", "words"),
        ("slide", "## 2. Next"),
        ("-", "more"),
        ("subslide", "### Part"),
    ]


def test_comment_in_a_fenced_listing_is_no_heading():
    nb = new_notebook(cells=[text("```python\n# a comment\nx = 1\n# another\n```")])
    slides.mark(nb)
    assert [cell.source for cell in nb.cells] == ["```python\n# a comment\nx = 1\n# another\n```"]


def test_set_up_and_finish_and_solutions_and_tests_are_left_out():
    nb = made_up_class.exercises()
    nb.cells.insert(4, text("## 1. Section"))
    nb.cells.append(code("run.finish()"))
    slides.mark(nb)
    seen = [cell.source for cell in nb.cells if cell.metadata.slideshow.slide_type != "skip"]
    assert seen[2:4] == ["## 1. Section", "6 * 7"]
    assert "double(21)" in seen
    assert not [one for one in seen if "SOLUTION" in one or "TESTS" in one or "finish()" in one]


def test_what_follows_a_guess_appears_at_a_click():
    guess = text("*Угадайте: what is it?*", tags=["guess"])
    assert marks(guess, code("answer"), code("more")) == ["-", "fragment", "-"]


def test_guess_below_a_heading_hides_what_follows_its_cell():
    nb = new_notebook(
        cells=[text("# Title\n\n## 1. S\n\n*Which?*", tags=["guess"]), code("answer")]
    )
    slides.mark(nb)
    kinds = [cell.metadata.slideshow.slide_type for cell in nb.cells]
    assert kinds == ["slide", "slide", "-", "fragment"]


def test_what_is_only_said_between_guess_and_answer_does_not_end_the_hiding():
    kinds = marks(text("*Which?*", tags=["guess"]), text("Long. " * 40), code("answer"))
    assert kinds == ["-", "notes", "fragment"]


def test_text_that_says_guess_hides_nothing():
    assert marks(text("*Guess: which?*"), code("answer")) == ["-", "-"]


def test_prose_that_explains_is_for_the_speaker():
    said = "The loss falls for four epochs, and then it rises. " * 4
    cell = text(f"### How far?\n\nThe question.\n\n{said}\n\n- a list\n\n| a | b |\n| - | - |")
    assert marked(cell, code("1"), text("It fell."), text("A short one:"), code("2")) == [
        ("subslide", "### How far?"),
        ("-", "The question."),
        ("notes", said.strip()),
        ("-", "- a list"),
        ("-", "| a | b |\n| - | - |"),
        ("-", "1"),
        ("notes", "It fell."),
        ("-", "A short one:"),
        ("-", "2"),
    ]


@pytest.mark.parametrize("tag", ["guess", "answer"])
def test_guesses_and_their_answers_stand_on_the_slide(tag):
    assert marks(text("words " * 60, tags=[tag])) == ["-"]


def test_mark_of_a_cell_goes_before_the_rule():
    own = {"slideshow": {"slide_type": "subslide"}}
    assert marks(text("words", **own), code("1", "x", slideshow={"slide_type": "skip"})) == [
        "subslide",
        "skip",
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = 1", "x = 1"),
        ("import a\nfrom b import c\n\nx = 1", "x = 1"),
        ("x = 1\nrun.record('F1', x)\n# it holds\nrun.expect(\n    'x', x)", "x = 1"),
        ("plots.curves(history)", ""),
        ("figure, axes = plt.subplots(2)\naxes[0].plot(x)\nfor a in x:\n    axes[1].plot(a)", ""),
        (
            "for x in y:\n    axes[0].plot(x)\n    print(x)",
            "for x in y:\n    axes[0].plot(x)\n    print(x)",
        ),
        ("facts = plots.curves(history)", "facts = plots.curves(history)"),
        ("no python", "no python"),
    ],
)
def test_code_of_plots_and_bookkeeping_is_folded(source, shown):
    nb = new_notebook(cells=[text("# T"), text("## S"), code(source)])
    slides.mark(nb)
    assert nb.cells[2].source == shown
    assert nb.cells[2].metadata.get("folded") == (None if shown == source else source)


def test_expectations_that_held_are_for_the_speaker_and_others_for_all():
    held, broken = shown(expectation("it learns")), shown(expectation("it ends", held=False))
    number = shown(figure("F05.3", 0.98))
    nb = new_notebook(cells=[text("# T"), text("## S"), code("x", outputs=[held, broken, number])])
    slides.mark(nb)
    assert nb.cells[2].outputs == [broken, number]
    assert nb.cells[3].metadata.slideshow.slide_type == "notes"
    assert nb.cells[3].source == "- a record"


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
    nb.cells[4:4] = [
        text(
            "## 1. Formulas\n\n$$y = x^2$$ [six](06_keras_anatomy.ipynb#part) "
            "[5](05_chapter.ipynb#part)"
        )
    ]
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
    assert 'href="05_chapter.slides.html#part"' in page
    assert "06_keras_anatomy" not in page  # it has no deck here
    assert "<title>05 MNIST with dense layers slides</title>" in page
    assert page.count("<section") == page.count("</section>") == 4  # two slides in their stacks
    assert "Reveal.initialize" in page
