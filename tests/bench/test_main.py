"""The benchmarks can be started; what they measure takes too long to be tested."""

import importlib
from pathlib import Path

from tests.bench.__main__ import BENCHMARKS

import pytest


def test_every_benchmark_is_in_the_table():
    here = {path.stem for path in Path(__file__).parent.glob("[a-z]*.py")} - {"test_main"}
    assert {name.rsplit(".", 1)[-1] for name in BENCHMARKS.values()} == here


@pytest.mark.parametrize("name", BENCHMARKS.values())
def test_what_a_benchmark_needs_is_there(name):
    importlib.import_module(name)
