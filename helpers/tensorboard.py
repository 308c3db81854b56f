"""TensorBoard's logs: read back what was written, and what the real server makes of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.record import say

import numpy as np
import pandas as pd
import tensorflow as tf
from tensorboard import default, program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

__all__ = ["read_graph", "read_histograms", "read_scalars", "screenshot", "served"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def read_graph(folder: Path | str) -> tf.compat.v1.GraphDef:
    """The graph that ``tf.summary.graph`` wrote, as TensorBoard reads it.

    Parameters
    ----------
    folder
        The log folder given to ``tf.summary.create_file_writer``.

    Raises
    ------
    ValueError
        If the folder holds no event file, or no file holds a graph.
    """
    events = _events(folder)
    if not events.Tags()["graph"]:
        raise ValueError(
            f"The event file in {Path(folder).name!r} holds no graph: write one with "
            "tf.summary.graph(...) while the writer is the default, then close the writer."
        )
    # TensorBoard has its own copy of the message class; the bytes are the same.
    return tf.compat.v1.GraphDef.FromString(events.Graph().SerializeToString())


def read_scalars(folder: Path | str) -> pd.DataFrame:
    """What ``tf.summary.scalar`` wrote: a row a step (the index), a column a name.

    Parameters
    ----------
    folder
        The log folder given to ``tf.summary.create_file_writer``.

    Raises
    ------
    ValueError
        If the folder holds no event file, or no file holds a scalar.
    """
    events = _events(folder)
    columns = {
        tag: {e.step: float(tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)}
        for tag in events.Tags()["tensors"]
        if events.SummaryMetadata(tag).plugin_data.plugin_name == "scalars"
    }
    if not columns:
        raise ValueError(
            f"The event file in {Path(folder).name!r} holds no scalar: write one with "
            "tf.summary.scalar(name, value, step) while the writer is the default, then close it."
        )
    return pd.DataFrame(columns).rename_axis("step").sort_index()


def read_histograms(folder: Path | str) -> dict[str, list[tuple[int, np.ndarray]]]:
    """What ``tf.summary.histogram`` wrote, by name, in the order in which it was written.

    Parameters
    ----------
    folder
        The log folder given to ``tf.summary.create_file_writer``.

    Returns
    -------
    dict
        By name, pairs of a step and an array of shape (bins, 3): the left and the right edge of
        each bin and the number of values in it. A step may come several times.

    Raises
    ------
    ValueError
        If the folder holds no event file, or no file holds a histogram.
    """
    events = _events(folder)
    found = {
        tag: [(e.step, tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]
        for tag in events.Tags()["tensors"]
        if events.SummaryMetadata(tag).plugin_data.plugin_name == "histograms"
    }
    if not found:
        raise ValueError(
            f"The event file in {Path(folder).name!r} holds no histogram: write one with "
            "tf.summary.histogram(name, values, step) while the writer is the default."
        )
    return found


@contextmanager
def served(folder: Path | str) -> Iterator[str]:
    """The address at which the real TensorBoard shows a log folder, as long as the block runs.

    Parameters
    ----------
    folder
        The log folder, as for ``tensorboard --logdir``. The server listens on this machine only.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, of which TensorBoard itself would show an empty page.
    """
    if not Path(folder).is_dir():
        raise FileNotFoundError(f"There is no folder {Path(folder).name!r} to serve.")
    board = program.TensorBoard(default.get_plugins())
    board.configure(
        logdir=str(folder), host="127.0.0.1", port=0, load_fast="false", reload_multifile=True
    )
    server = board._make_server()  # launch() offers no way to stop
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.get_url()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def screenshot(address: str, seconds: float = 20, size: tuple[int, int] = (1200, 800)) -> bytes:
    """A PNG of a page, taken by Chromium or Chrome; empty, with a sentence, where there is none.

    Parameters
    ----------
    address
        Of the page, from :func:`served`.
    seconds
        How long the page may take to draw itself.
    size
        Width and height in pixels.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(say("No picture of the page: there is no Chromium or Chrome on this machine."))
        return b""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        picture = Path(folder) / "page.png"
        options = (
            "--headless=new --no-sandbox --hide-scrollbars --enable-unsafe-swiftshader "
            f"--virtual-time-budget={int(1000 * seconds)} --window-size={size[0]},{size[1]}"
        )
        command = [browser, *options.split(), f"--user-data-dir={folder}/profile"]
        command += [f"--screenshot={picture}", address]
        with suppress(subprocess.TimeoutExpired):  # who hangs has drawn nothing: said below
            subprocess.run(command, capture_output=True, timeout=60 + 2 * seconds)
        if picture.exists():
            return picture.read_bytes()
    print(say("No picture of the page: the browser on this machine does not draw it."))
    return b""


def _events(folder: Path | str) -> EventAccumulator:
    """TensorBoard's reader, with everything in the folder's event files loaded."""
    if not any(Path(folder).glob("*tfevents*")):
        raise ValueError(
            f"There is no event file in {Path(folder).name!r}: give the folder that was given to "
            "tf.summary.create_file_writer, and close the writer first."
        )
    return EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()
