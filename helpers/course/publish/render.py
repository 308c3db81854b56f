"""A notebook as a page that reads without a script or a network, and with its pictures in words.

The report's chapters, the slides and nbgrader's feedback pages are all drawn by it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from helpers.course import notebook
from helpers.course.publish import links

import jinja2
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

PARAMETER = re.compile(r"^([A-Z_]+) = (.*)$", re.MULTILINE)
SECTION = re.compile(r'<h2 id="([^"]+)">(.*?)<a class="anchor-link"', re.DOTALL)

# Images with the alternative text of their output.
PICTURE_BLOCKS = "".join(
    f"""
{{% block data_{name} scoped %}}
<div class="jp-RenderedImage jp-OutputArea-output">
<img alt="{{{{ (output | get_metadata('alt', '{kind}') or '') | escape_html }}}}"
src="data:{kind};base64,{{{{ {data} | escape_html }}}}">
</div>
{{% endblock %}}
"""
    for name, kind, data in (
        ("png", "image/png", "output.data['image/png']"),
        ("jpg", "image/jpeg", "output.data['image/jpeg']"),
        ("svg", "image/svg+xml", "output.data['image/svg+xml'] | text_base64"),
    )
)

# Colours of code and prompts with a contrast of 4.5 to 1, and links told by more than a colour.
READABLE = """
<style>
:root {
  --jp-mirror-editor-comment-color: #2e6868; --jp-mirror-editor-number-color: #006b00;
  --jp-mirror-editor-builtin-color: #006b00; --jp-mirror-editor-keyword-color: #006b00;
  --jp-mirror-editor-operator-color: #8a14d6; --jp-mirror-editor-meta-color: #8a14d6;
  --jp-cell-prompt-not-active-font-color: #5f5f5f; --jp-cell-prompt-not-active-opacity: 1;
}
.jp-RenderedHTMLCommon a:not(.anchor-link) { text-decoration: underline; }
</style>
"""

# JupyterLab's own dark theme where the reader's system is dark, with the same contrast.
DARK = """
{{ resources.include_css("static/theme-dark.css")
   | replace('type="text/css"', 'media="(prefers-color-scheme: dark)"') }}
<style>
@media (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --jp-mirror-editor-comment-color: #7fb8b8; --jp-mirror-editor-number-color: #7bd88f;
    --jp-mirror-editor-builtin-color: #7bd88f; --jp-mirror-editor-keyword-color: #7bd88f;
    --jp-mirror-editor-operator-color: #d0a0ff; --jp-mirror-editor-meta-color: #d0a0ff;
    --jp-cell-prompt-not-active-font-color: #a8a8a8; --jp-content-link-color: #7cc0f2;
  }
  nav.course, nav.course a { color: #7cc0f2; }
  .jp-RenderedImage img { background: #fff; }
}
</style>
"""

# The lab template as it is but for five things: it loads no script, its images have alternative
# text, everyone can read its colours and lines, it has a dark theme, and there are ways to other
# chapters.
CHAPTER_PAGE = (
    """
{%- extends 'lab/index.html.j2' -%}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_css %}"""
    + READABLE
    + """
<style>
main, nav.course { max-width: 62rem; margin: 0 auto; }
nav.course { padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
nav.course a { color: #005a94; margin-right: 1.2em; text-underline-offset: .15em; }
nav.course summary { cursor: pointer; }
</style>
"""
    + DARK
    + """
{% endblock %}
{% block body_header %}
{{ super() }}<!-- ways -->
{% endblock %}
{% block body_footer %}
<!-- ways -->{{ super() }}
{% endblock %}
"""
    + PICTURE_BLOCKS
)


class FormulaRenderer(IPythonRenderer):
    """Sets formulas as MathML, which browsers show without a script or a network."""

    def inline_math(self, text: str) -> str:
        return _formula(text, displaystyle=False)

    def block_math(self, text: str) -> str:
        return f"<p>{_formula(text, displaystyle=True)}</p>"

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def _formula(latex: str, displaystyle: bool) -> str:
    """A formula as MathML, or its LaTeX where that cannot be read."""
    try:
        return LatexToMathML().convert_with_local_state(latex, displaystyle=displaystyle)
    except LatexError:
        return f"<code>{html.escape(latex)}</code>"


class ChapterExporter(HTMLExporter):
    """nbconvert's HTML page, with formulas as MathML and words in the pictures, not below them."""

    escape_html = False  # of what Markdown holds

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.register_preprocessor(without_folded_words, enabled=True)

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **given: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The page; the empty corner of a table is no heading, as pandas has it."""
        page, resources = super().from_notebook_node(nb, resources, **given)
        return page.replace("<th></th>", "<td></td>"), resources

    @jinja2.pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        return MarkdownWithMath(renderer=FormulaRenderer(escape=self.escape_html)).render(source)


def without_folded_words(nb: Any, resources: Any = None) -> tuple[Any, Any]:
    """Leave out the folded words below each picture: here they stand in its ``alt``.

    `helpers.plots` writes them for editors, which give a picture no ``alt``. They are told by what
    they say, the picture's own words, not by a language.

    Parameters
    ----------
    nb
        A notebook, changed in place.
    resources
        What nbconvert hands from one step to the next, left as it is.
    """
    for cell in notebook.code_cells(nb):
        kept: list[Any] = []
        for output in cell.get("outputs", []):
            words = _alt(kept[-1]) if kept else ""
            data = output.get("data", {})
            if not (words and "text/html" in data and _text(data, "text/plain") == words):
                kept.append(output)
        cell["outputs"] = kept
    return nb, resources


def _alt(output: Any) -> str:
    """The alternative text of a picture, ``""`` where there is none."""
    kinds = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
    return next((output.metadata.get(kind, {}).get("alt", "") for kind in kinds), "")


def _text(data: Any, kind: str) -> str:
    return "".join(data.get(kind, ""))


def chapter_page(nb: Any, title: str, pages: Mapping[str, str] | None = None) -> str:
    """An executed notebook as one HTML page that reads without a network.

    Parameters
    ----------
    nb
        The notebook; what papermill put in as parameters stands in the parameters cell.
    title
        What stands in the browser's tab.
    pages
        Numbers and file names of the chapters whose pages lie beside it, ``"05.html"``: links to
        these chapters lead there, others are plain words.
    """
    pages = pages or {}
    nb.metadata["title"] = title
    _put_parameters_in(nb)
    nb.cells = [cell for cell in nb.cells if notebook.INJECTED not in notebook.tags(cell)]
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = links.LINK.sub(lambda match: _link(match, pages), cell.source)
    page = ChapterExporter(raw_template=CHAPTER_PAGE).from_notebook_node(nb)[0]
    ways = _navigation(page, title[:2], pages)
    page = page.replace("<!-- ways -->", ways, 1)
    return page.replace("<!-- ways -->", ways.replace("Course", "Course, below", 1))


def _put_parameters_in(nb: Any) -> None:
    """Let the parameters cell say what the run was given."""
    given = [cell for cell in nb.cells if notebook.INJECTED in notebook.tags(cell)]
    values = dict(PARAMETER.findall("\n".join(cell.source for cell in given)))
    for cell in nb.cells:
        if "parameters" in notebook.tags(cell):
            cell.source = PARAMETER.sub(
                lambda match: f"{match[1]} = {values.get(match[1], match[2])}", cell.source
            )


def _link(match: re.Match[str], pages: Mapping[str, str]) -> str:
    """A link to another chapter, as it is in a report."""
    number = match[2][:2]
    return f"[{match[1]}]({pages[number]}{match[3] or ''})" if number in pages else match[1]


def _navigation(page: str, number: str, pages: Mapping[str, str]) -> str:
    """The ways from a chapter's page: to all chapters, its neighbours and its sections."""
    before = [name for name in pages if name < number]
    after = [name for name in pages if name > number]
    ways = [("index.html", "All chapters")]
    ways += [(pages[before[-1]], f"← {before[-1]}")] if before else []
    ways += [(pages[after[0]], f"{after[0]} →")] if after else []
    sections = "".join(
        f'<li><a href="#{anchor}">{heading.strip()}</a></li>'
        for anchor, heading in SECTION.findall(page)
    )
    shown = " ".join(f'<a href="{address}">{words}</a>' for address, words in ways)
    if sections:
        shown += f"<details><summary>Contents</summary><ul>{sections}</ul></details>"
    return f'<nav class="course" aria-label="Course">{shown}</nav>'
