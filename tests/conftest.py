"""Shared by all tests: figures are drawn without a screen, displays are caught, not shown."""

import matplotlib

matplotlib.use("Agg")

import pytest


@pytest.fixture
def shown(monkeypatch):
    """What helpers display, as a list of (data, metadata)."""
    caught = []

    def display(data, *, raw=False, metadata=None):
        caught.append((data, metadata))

    monkeypatch.setattr("helpers.lesson.display", display)
    monkeypatch.setattr("helpers.plots.display", display)
    return caught
