"""A notebook as a page that reads without a script or a network, and with its pictures in words.

The report's chapters, the slides and nbgrader's feedback pages are all drawn by it.
"""

from __future__ import annotations

import html
from typing import Any

from helpers.course import notebook

import jinja2
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# Images with the alternative text of their output.
PICTURE_BLOCKS = "".join(
    f"""
{{% block data_{name} scoped %}}
<div class="jp-RenderedImage jp-OutputArea-output">
<img alt="{{{{ (output | get_metadata('alt', '{kind}') or '') | escape_html }}}}"
src="data:{kind};base64,{{{{ output.data['{kind}'] | escape_html }}}}">
</div>
{{% endblock %}}
"""
    for name, kind in (("png", "image/png"), ("jpg", "image/jpeg"))
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

# The lab template as it is but for four things: it loads no script, its images have alternative
# text, everyone can read its colours, and there is a way back.
CHAPTER_PAGE = (
    """
{%- extends 'lab/index.html.j2' -%}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_css %}"""
    + READABLE
    + """
<style>main { max-width: 76rem; margin: 0 auto; }</style>
{% endblock %}
{% block body_header %}
{{ super() }}<p class="jp-RenderedHTMLCommon"><a href="index.html">All chapters</a></p>
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


def chapter_page(nb: Any, title: str) -> str:
    """An executed notebook as one HTML page that reads without a network.

    Parameters
    ----------
    nb
        The notebook; the cell that papermill added is left out.
    title
        What stands in the browser's tab.
    """
    nb.metadata["title"] = title
    nb.cells = [cell for cell in nb.cells if notebook.INJECTED not in notebook.tags(cell)]
    return ChapterExporter(raw_template=CHAPTER_PAGE).from_notebook_node(nb)[0]
