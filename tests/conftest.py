"""Shared by all tests: figures are drawn without a screen, displays are caught, not shown."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest


@pytest.fixture
def course_style():
    """The course's plot style for one test, after which no figure may be left open."""
    from helpers import plots

    with plt.rc_context():
        plots.set_style()
        yield
    assert plt.get_fignums() == [], "a figure was left open"


@pytest.fixture
def shown(monkeypatch):
    """What helpers display, as a list of (data, metadata)."""
    caught = []

    def display(data, *, raw=False, metadata=None):
        caught.append((data, metadata))

    monkeypatch.setattr("helpers.lesson.display", display)
    monkeypatch.setattr("helpers.plots.display", display)
    return caught
