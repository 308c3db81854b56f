import os

from helpers.course import catalog
from helpers.course.run import local


def test_environment_puts_these_helpers_first(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    path = local.environment(1)["PYTHONPATH"]
    assert path == f"{catalog.ROOT}{os.pathsep}elsewhere"
