import re

from helpers.course import catalog
from helpers.course.publish import index

import nbformat


def test_the_first_page_leads_to_every_chapter_and_needs_no_kernel():
    chapters = [path.name for path in catalog.notebooks(catalog.NOTEBOOKS).values()]
    nb = nbformat.reads(index.text(chapters), as_version=4)
    nbformat.validate(nb)
    assert {cell.cell_type for cell in nb.cells} == {"markdown"}
    assert re.findall(r"\]\((.*?)\)", nb.cells[1].source) == chapters
    assert "[MNIST with dense layers](05_" in nb.cells[1].source
    assert "make student" in nb.cells[-1].source


def test_a_students_first_page_promises_no_solutions():
    assert "make student" not in index.text(["05_x.ipynb"], solved=False)


def test_the_first_page_is_no_chapter():
    assert index.NAME not in [p.name for p in catalog.notebooks(catalog.NOTEBOOKS).values()]
    assert (catalog.NOTEBOOKS / index.NAME).exists()
