"""Pages as a browser shows them: each picture in words, and nothing that keeps a reader out.

Skipped where there is no Chromium. With the environment variable AXE_CORE, the path of
``axe.min.js`` (``npm install axe-core``), the pages are also searched for barriers.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from helpers.course import catalog
from helpers.course.publish import report, slides
from helpers.plots import style
from tests.course.small_chapters import FINISH, begin, code, expectation, figure, folded, shown

import matplotlib.pyplot as plt
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
AXE = os.environ.get("AXE_CORE")
WORDS = "The loss falls from 2 to 1 & <stays> there."
TABLE = "<table><tr><th></th><th>a</th></tr><tr><th>0</th><td>1</td></tr></table>"
SOURCE = """\
# a comment
for i in range(10):
    if i is not None and i > 2.5:
        print("a", len([i]))"""
RUN_AXE = """
addEventListener("load", () => axe.run().then(found => {
  document.body.innerHTML = "<pre id=axe></pre>";
  document.getElementById("axe").textContent = JSON.stringify(found.violations);
}));
"""

SCHEMES = {"light": (), "dark": ("--blink-settings=preferredColorScheme=0",)}
BACKGROUND = """
addEventListener("load", () => {
  const ground = getComputedStyle(document.body).backgroundColor;
  document.body.innerHTML = `<pre id=ground>${ground}</pre>`;
});
"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"there is none of {', '.join(NAMES)}")


def displayed():
    """What `plots.show` leaves in a cell, as outputs."""
    caught = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            style,
            "display",
            lambda data, raw, metadata=None: caught.append(
                new_output("display_data", data=data, metadata=metadata or {})
            ),
        )
        drawing, axis = plt.subplots()
        axis.plot([2, 1])
        style.show(drawing, WORDS)
    return caught


def chapter():
    """A small chapter that has run: prose, a formula, a link, code, a picture, a table."""
    table = new_output("display_data", data={"text/html": TABLE, "text/plain": "a"})
    records = [begin(), figure("F05.3", 0.97, 0.9785, True), expectation("it learns"), FINISH]
    return new_notebook(
        cells=[
            new_markdown_cell("# 05 · Digits\n\nSee [chapter six](06_x.ipynb) before this."),
            new_markdown_cell("## 1. A section\n\nThe formula is $x^2$, and more."),
            code(SOURCE, outputs=[*displayed(), table], count=1),
            code("run", outputs=[shown(record) for record in records], count=2),
        ],
        metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}},
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of a chapter, the report's index, and the chapter as slides."""
    folder = tmp_path_factory.mktemp("pages")
    nbformat.write(chapter(), folder / "05_x.ipynb")
    entry = {"chapter": "05", "title": "Digits", "status": "passed", "seconds": 1.0, "error": None}
    entry |= {"notebook": "05_x.ipynb", "html": "05.html", "peak_mb": 9, "seed": 0}
    entry["figures"] = [figure("F05.3", 0.97, 0.9785, True)]
    entry["expectations"] = [expectation("it learns")]
    frame = {"profile": "full", "seed": 0, "device": "CPU", "versions": {}}
    index = report.write(folder, frame | {"chapters": [entry]})
    (folder / "notebooks").mkdir()
    nbformat.write(chapter(), folder / "notebooks" / "05_x.ipynb")
    (deck,) = slides.build(folder / "notebooks", folder / "slides")
    return {"chapter": folder / "05.html", "index": index, "deck": deck}


def in_browser(page: Path, *settings: str) -> BeautifulSoup:
    """The page as it stands once a browser has drawn it."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000"]
    options += [f"--user-data-dir={page.parent / 'browser'}", "--disable-background-networking"]
    command = [BROWSER, *options, *settings, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return BeautifulSoup(done.stdout, "html.parser")


@pytest.mark.parametrize("name", ["chapter", "index", "deck"])
def test_every_picture_of_our_pages_says_in_words_what_it_shows(pages, name):
    soup = in_browser(pages[name])
    assert [image["alt"] for image in soup.find_all("img")] == [WORDS]
    assert WORDS not in soup.get_text()  # once is enough


@pytest.mark.parametrize("name", ["chapter", "index"])
def test_a_page_is_dark_where_the_system_is(pages, name):
    page = pages[name]
    tried = page.with_name(f"ground-{page.name}")
    body = page.read_text(encoding="utf-8").rpartition("</body>")
    tried.write_text("".join([body[0], f"<script>{BACKGROUND}</script>", *body[1:]]), "utf-8")
    shades = {
        scheme: [
            int(n) for n in re.findall(r"\d+", in_browser(tried, *options).find(id="ground").text)
        ]
        for scheme, options in SCHEMES.items()
    }
    assert max(shades["dark"][:3]) < 60 < 200 < min(shades["light"][:3])


def test_words_of_a_picture_stand_in_the_page_where_the_editor_gives_it_no_alt(tmp_path):
    page = tmp_path / "lab.html"
    page.write_text(HTMLExporter(template_name="lab").from_notebook_node(chapter())[0], "utf-8")
    soup = in_browser(page)
    (fold,) = soup.find_all("details")
    assert fold.summary.get_text() == "In words"
    assert fold.get_text() == "In words" + WORDS


def test_what_a_figure_leaves_is_what_the_tests_take_for_it():
    picture, words = displayed()
    assert picture.metadata["image/png"]["alt"] == picture.data["text/plain"] == WORDS
    assert words == folded(WORDS)


MEASURE = """
addEventListener("load", () => {
  document.documentElement.classList.add("measuring");
  const found = [...document.querySelectorAll(".slides section:not(:has(section))")].map(slide =>
    [slide.getBoundingClientRect().height, slide.textContent.trim().slice(0, 40)]);
  document.body.innerHTML = "<pre id=measured></pre>";
  document.getElementById("measured").textContent = JSON.stringify(found);
});
"""


def heights(deck: Path) -> list:
    """The height of every slide of a deck in a browser, with its first words."""
    tried = deck.with_name(f"measured-{deck.name}")
    body = deck.read_text(encoding="utf-8").rpartition("</html>")
    tried.write_text("".join([body[0], f"<script>{MEASURE}</script>", body[1]]), encoding="utf-8")
    return json.loads(in_browser(tried).find(id="measured").get_text())


def test_what_does_not_fit_on_a_slide_goes_to_the_next_one(tmp_path):
    listing = "\n".join(f"x{n} = {n}" for n in range(22))
    table = "<table>" + "<tr><td>a</td></tr>" * 60 + "</table>"
    outputs = [*displayed(), new_output("display_data", data={"text/html": table})]
    cells = [
        new_markdown_cell("# 05 · Digits"),
        new_markdown_cell("## A section\n\nIts question.\n\nWhat the speaker says. " * 2),
        *[code(listing) for _ in range(3)],
        code("a_long_name = " + "1 + " * 60 + "1", outputs=outputs),
    ]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "05_x.ipynb")
    (deck,) = slides.build(tmp_path / "notebooks", tmp_path)
    measured = heights(deck)
    assert len(measured) > 5
    assert [one for one in measured if one[0] > slides.HEIGHT] == []


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(catalog.notebooks(catalog.NOTEBOOKS)))
def test_no_slide_of_a_chapter_is_taller_than_the_screen(number, tmp_path):
    (deck,) = slides.build(catalog.NOTEBOOKS, tmp_path, (number,))
    assert [one for one in heights(deck) if one[0] > slides.HEIGHT] == []


@pytest.mark.skipif(not AXE, reason="AXE_CORE does not name an axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["chapter", "index", "deck"])
def test_page_has_no_barrier_that_axe_knows(pages, name, scheme):
    page, script = pages[name], Path(AXE).read_text(encoding="utf-8")
    scripts = f"<script>{script.replace('</script>', '')}</script><script>{RUN_AXE}</script>"
    tried = page.with_name(f"axe-{page.name}")
    body = page.read_text(encoding="utf-8").rpartition("</body>")
    tried.write_text("".join([body[0], scripts, *body[1:]]), encoding="utf-8")
    found = json.loads(in_browser(tried, *SCHEMES[scheme]).find(id="axe").get_text())
    assert [
        (one["id"], node["html"])
        for one in found
        for node in one["nodes"]
        if one["impact"] in ("minor", "serious", "critical")
    ] == []
