from helpers.course.publish import render
from tests.course.small_chapters import code, folded, picture

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook, new_output


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("Softmax: $$\\frac{e^{z_k}}{\\sum_j e^{z_j}}$$", 'math[display="block"] mfrac'),
        ("the rate $\\alpha$", "p > math mi"),
        ("\\begin{align}a &= b\\end{align}", "math mtable"),
        ("no formula: $\\nosuchcommand < 1$", "code"),
    ],
)
def test_formulas_are_typeset_without_a_script(markdown, found):
    nb = new_notebook(cells=[new_markdown_cell(markdown)])
    soup = BeautifulSoup(render.chapter_page(nb, "t"), "html.parser")
    assert soup.main.select(found)
    assert "$" not in soup.main.get_text()


def texts(nb):
    """What the outputs of a notebook's only cell say, its pictures marked."""
    return [
        ("picture: " if "image/png" in output.data else "") + output.data["text/plain"]
        for output in nb.cells[0].outputs
    ]


def test_folded_words_are_left_out_below_their_picture_in_any_language():
    other = folded("zwei Linien")
    other.data["text/html"] = "<details><summary>In Worten</summary>zwei Linien</details>"
    outputs = [picture("a line"), folded("a line"), picture("zwei Linien"), other]
    nb = new_notebook(cells=[code("1", outputs=outputs)])
    render.without_folded_words(nb)
    assert texts(nb) == ["picture: a line", "picture: zwei Linien"]


@pytest.mark.parametrize(
    "other",
    [
        folded("other words"),
        picture("a line"),
        new_output("display_data", data={"text/plain": "a line"}),
        new_output("display_data", data={"text/html": "<b>a line</b>", "text/plain": "a table"}),
    ],
    ids=["other words", "second picture", "text", "table"],
)
def test_other_outputs_below_a_picture_stay(other):
    nb = new_notebook(cells=[code("1", outputs=[picture("a line"), other])])
    render.without_folded_words(nb)
    assert len(nb.cells[0].outputs) == 2


def test_words_without_a_picture_stay():
    nb = new_notebook(cells=[code("1", outputs=[folded("a line")])])
    render.without_folded_words(nb)
    assert texts(nb) == ["a line"]


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_picture_has_its_words_in_its_alt(kind):
    words = 'Loss <falls> & "rises"'
    outputs = [picture(words, kind), folded(words)]
    soup = BeautifulSoup(
        render.chapter_page(new_notebook(cells=[code("1", outputs=outputs)]), "t"), "html.parser"
    )
    assert [image["alt"] for image in soup.find_all("img")] == [words]
    assert soup.img["src"].startswith(f"data:{kind};base64,")
    assert not soup.find("details")


def test_page_leaves_the_notebook_as_nbconvert_found_it():
    nb = new_notebook(cells=[code("1", outputs=[picture("a line"), folded("a line")])])
    render.ChapterExporter().from_notebook_node(nb)
    assert len(nb.cells[0].outputs) == 2
