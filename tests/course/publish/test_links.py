import json
import shutil

from helpers.course import __main__ as command_line
from helpers.course import catalog, notebook
from helpers.course.check import structure
from helpers.course.publish import links
from helpers.course.run import commit
from tests.course.small_chapters import chapter, code

import nbformat
import pytest
from nbformat.v4 import new_output

COMMITTED = catalog.notebooks(catalog.NOTEBOOKS)


@pytest.fixture
def root(course, tmp_path):
    """A project with one chapter and no repository yet."""
    course({"05": chapter(code("1", outputs=[new_output("stream", name="stdout", text="é\n")]))})
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(catalog.ROOT / name, tmp_path)
    links.write(tmp_path, "")
    return tmp_path


def texts(root):
    return {path: path.read_text() for path in root.rglob("*") if path.is_file()}


def test_the_project_agrees_with_its_repository():
    assert [path.name for path in links.stale()] == []


def test_a_repository_is_stamped_everywhere_and_taken_away_again(root, capsys):
    before = texts(root)
    assert command_line.main(["links", "--repository", "ann/course", "--root", str(root)]) == 0
    assert links.repository(root) == "ann/course"
    assert links.stale(root) == []
    assert all("ann/course" in text for text in texts(root).values())
    assert capsys.readouterr().out.count("written") == 3

    title, bootstrap, parameters = nbformat.read(
        root / "notebooks" / "05_chapter.ipynb", as_version=4
    ).cells[:3]
    assert title.source.startswith("# A chapter\n\n[![Open in Colab](")
    assert "/github/ann/course/blob/main/notebooks/05_chapter.ipynb)\n\nIts loss" in title.source
    assert "git+https://github.com/ann/course" in bootstrap.source
    assert notebook.tags(parameters) == ["parameters"]

    command_line.main(["links", "--repository", "", "--root", str(root)])
    assert texts(root) == before


def test_another_repository_takes_the_place_of_the_first(root):
    links.write(root, "ann/course")
    links.write(root, "bob/lessons")
    assert not any("ann/course" in text for text in texts(root).values())
    assert links.stale(root) == []


def test_links_without_an_address_stamp_the_kept_one(root, capsys):
    links.write(root, "ann/course")
    new = root / "notebooks" / "06_chapter.ipynb"
    nbformat.write(chapter(), new)
    assert links.stale(root) == [new]
    command_line.main(["links", "--root", str(root)])
    assert links.stale(root) == []


@pytest.mark.parametrize("wrong", ["course", "https://github.com/ann/course", "a/b/c", "a b/c"])
def test_wrong_address_is_said_and_changes_nothing(root, wrong):
    before = texts(root)
    with pytest.raises(ValueError, match="give it as owner/name"):
        links.write(root, wrong)
    assert texts(root) == before


def test_file_without_a_place_for_the_links_is_named(root):
    (root / "README.md").write_text("# A course\n")
    with pytest.raises(ValueError, match=r"README\.md needs the line <!-- links:begin -->"):
        links.write(root, "ann/course")


def test_notebook_without_a_title_is_named_and_nothing_changes(root):
    nbformat.write(nbformat.v4.new_notebook(cells=[code("1")]), root / "notebooks" / "06_x.ipynb")
    before = texts(root)
    with pytest.raises(ValueError, match=r"06_x\.ipynb needs its '# Title' in its first cell"):
        links.write(root, "ann/course")
    assert texts(root) == before


@pytest.mark.parametrize("number", sorted(COMMITTED))
def test_committed_notebook_survives_stamping_byte_for_byte(number):
    path = COMMITTED[number]
    before = path.read_text(encoding="utf-8")
    stamped = links.stamped(before, path.name, "ann/course")
    assert stamped != before
    assert links.stamped(stamped, path.name, links.repository()) == before

    old, new = json.loads(before)["cells"], json.loads(stamped)["cells"]
    assert new[2:] == old[1:]


def test_structure_check_wants_the_badge_exactly_when_there_is_a_repository(root, monkeypatch):
    path = root / "notebooks" / "05_chapter.ipynb"

    def complaints(repository):
        monkeypatch.setattr(links, "repository", lambda: repository)
        return [one for one in structure.check_file(path) if "badge" in one]

    assert complaints("") == []
    assert complaints("ann/course") == [
        "its badge and bootstrap cell are not those of ann/course; run: make links"
    ]
    links.write(root, "ann/course")
    assert complaints("ann/course") == []
    assert "no repository yet" in complaints("")[0]
    nbformat.write(nbformat.v4.new_notebook(cells=[code("1")]), path)  # another check's matter
    assert complaints("ann/course") == []


def test_bootstrap_cell_is_no_part_of_the_lesson(root):
    plain = nbformat.read(root / "notebooks" / "05_chapter.ipynb", as_version=4)
    links.write(root, "ann/course")
    stamped = nbformat.read(root / "notebooks" / "05_chapter.ipynb", as_version=4)
    assert notebook.code_cells(stamped) == notebook.code_cells(plain)
    assert structure.begins_with_parameters(stamped) == []
    counts = [cell.get("execution_count") for cell in commit.merge(stamped, stamped).cells]
    assert counts == [None, None, 1, 2, 3, 4, 5]


def test_bootstrap_does_nothing_where_the_helpers_are(monkeypatch):
    def run(*given, **options):
        raise AssertionError("pip was called")

    monkeypatch.setattr("subprocess.run", run)
    exec(links.BOOTSTRAP.format(repository="ann/course"), {})


def test_bootstrap_fetches_the_helpers_where_there_are_none(monkeypatch):
    called = []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("subprocess.run", lambda command, check: called.append((command, check)))
    exec(links.BOOTSTRAP.format(repository="ann/course"), {})
    ((command, check),) = called
    assert check
    assert command[-2:] == ["--no-deps", "git+https://github.com/ann/course"]
