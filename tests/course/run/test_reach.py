from helpers.course import catalog, notebook
from helpers.course.run import reach

import pytest

HOUSE = catalog.ROOT / "helpers"


def names(*sources, root=catalog.ROOT):
    return {path.relative_to(root / "helpers").as_posix() for path in reach.reached(sources, root)}


def of_chapter(number):
    nb = notebook.read(catalog.notebooks(catalog.NOTEBOOKS)[number])
    return {path.relative_to(HOUSE).as_posix() for path in reach.of_notebook(nb)}


@pytest.fixture
def house(tmp_path):
    """A small house: a lazy package, a package, modules, and data beside them."""
    files = {
        "__init__.py": "",
        "plots/__init__.py": "import lazy_loader",
        "plots/__init__.pyi": "from . import series as series\nfrom .amounts import bars as bars\n"
        "from .style import show as show",
        "plots/amounts.py": "from helpers.plots.style import show\nfrom numpy import pi",
        "plots/series.py": "from helpers import folds",
        "plots/style.py": "import helpers.words",
        "data/__init__.py": "",
        "data/mnist.py": "from helpers.data import registry",
        "data/registry.py": 'TABLE = Path(__file__).with_name("registry.csv")',
        "data/registry.csv": "file",
        "data/imdb.py": "",
        "folds.py": "",
        "words.py": 'FOLDER = Path(__file__).with_name("words")',
        "words/ru/helpers.mo": "",
        "words/.DS_Store": "",
        "course/report.py": "",
    }
    for name, text in files.items():
        path = tmp_path / "helpers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


STYLE = {"plots/style.py", "words.py", "words/ru/helpers.mo"}
PLOTS = {"__init__.py", "plots/__init__.py", "plots/__init__.pyi"}


@pytest.mark.parametrize(
    ("code", "reached"),
    [
        ("import numpy", set()),
        ("from helpers import plots", PLOTS),
        ("from helpers import plots\nplots.bars(1)", PLOTS | STYLE | {"plots/amounts.py"}),
        ("from helpers import plots as p\np.bars(1).show", PLOTS | STYLE | {"plots/amounts.py"}),
        ("from helpers.plots import bars", PLOTS | STYLE | {"plots/amounts.py"}),
        ("import helpers.plots\nhelpers.plots.show()", PLOTS | STYLE),
        (
            "from helpers import plots\nplots.series.forecasts(x)",
            PLOTS | {"plots/series.py", "folds.py"},
        ),
        ("from helpers.plots import series as s", PLOTS | {"plots/series.py", "folds.py"}),
        (
            "from helpers import plots\nhelp(plots)",
            PLOTS | STYLE | {"plots/amounts.py", "plots/series.py", "folds.py"},
        ),
        (
            "from helpers.data import mnist\nmnist.load_data('full')",
            {"__init__.py", "data/__init__.py", "data/mnist.py"}
            | {"data/registry.py", "data/registry.csv"},
        ),
        ("import helpers.data.imdb", {"__init__.py", "data/__init__.py", "data/imdb.py"}),
        ("# from helpers import folds\ns = 'from helpers import folds'", set()),
        ("%load_ext tensorboard\nfrom helpers import folds", {"__init__.py", "folds.py"}),
        ("this is no Python; from helpers import folds", set()),
    ],
)
def test_code_reaches_what_it_names_and_what_that_imports(house, code, reached):
    assert names(code, root=house) == reached


def test_one_cell_imports_and_another_uses(house):
    cells = ["from helpers import plots", "x = plots.show"]
    assert names(*cells, root=house) == PLOTS | STYLE


def test_what_the_chapters_reach_is_what_they_teach_with():
    by_chapter = {number: of_chapter(number) for number in catalog.notebooks(catalog.NOTEBOOKS)}
    everywhere = set.intersection(*by_chapter.values())
    assert {"lesson.py", "ledger.py", "ledger.csv", "record.py", "plots/style.py"} <= everywhere
    assert not [name for files in by_chapter.values() for name in files if "course/" in name]

    def chapters(name):
        return {number for number, files in by_chapter.items() if name in files}

    assert chapters("surfaces.py") == {"04"}
    assert chapters("plots/recurrent.py") == {"17"}
    assert chapters("data/cifar10.py") == {"12", "23", "28"}
    assert "14" in chapters("networks/stand_ins/drawn_base.npz")
    assert not chapters("networks/stand_ins/drawn_base.npz") & {"05", "11", "13"}
