"""pyproject.toml, constraints.txt and environment.yml agree, and so does what is installed."""

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OPTIONAL = PROJECT["optional-dependencies"]
REQUIREMENTS = {
    canonicalize_name(requirement.name): requirement
    for text in [*PROJECT["dependencies"], *OPTIONAL["run"], *OPTIONAL["class"], *OPTIONAL["test"]]
    if (requirement := Requirement(text)).name != PROJECT["name"]
}
PINS = {
    canonicalize_name(pin.name): pin
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
    for pin in [Requirement(line)]
}
# Versions of Colab's runtime for everything a chapter computes with.
COLAB = {
    "tensorflow": "2.20.0",
    "keras": "3.13.2",
    "numpy": "2.1.3",
    "pandas": "2.2.3",
    "matplotlib": "3.10.0",
    "scikit-learn": "1.6.1",
    "scipy": "1.16.3",
    "h5py": "3.16.0",
    "opencv-python": "5.0.0.93",
    "pillow": "11.3.0",
}


@pytest.mark.parametrize("name", sorted(REQUIREMENTS))
def test_every_dependency_has_an_exact_pin_that_it_allows(name):
    (pin,) = PINS[name].specifier
    assert pin.operator == "=="
    assert pin.version in REQUIREMENTS[name].specifier


@pytest.mark.parametrize("name", sorted(COLAB))
def test_the_science_stack_is_colabs(name):
    assert str(PINS[name].specifier) == f"=={COLAB[name]}"


def test_conda_users_get_the_same_pins_and_a_python_that_is_supported():
    text = (ROOT / "environment.yml").read_text()
    listed = re.findall(r"^\s*- (\S.*?)\s*$", text, re.MULTILINE)
    assert {"-c constraints.txt", "-e .[test]", "graphviz"} <= set(listed)
    (python,) = [entry.removeprefix("python=") for entry in listed if entry.startswith("python=")]
    assert python in SpecifierSet(PROJECT["requires-python"])
    # Whatever pip installs for them comes from pyproject and is pinned by the constraints.
    assert not [entry for entry in listed if "==" in entry]


@pytest.mark.parametrize("name", sorted(REQUIREMENTS))
def test_installed_versions_are_the_pinned_ones(name):
    installed = importlib.metadata.version(name)
    if f"{sys.prefix}" == f"{ROOT / '.venv'}":
        assert installed in PINS[name].specifier
    else:  # another environment, such as the newest versions: only the ranges hold
        assert installed in REQUIREMENTS[name].specifier
