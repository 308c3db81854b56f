"""TensorBoard's logs: read back what was written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

__all__ = ["read_graph", "read_scalars"]


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


def _events(folder: Path | str) -> EventAccumulator:
    """TensorBoard's reader, with everything in the folder's event files loaded."""
    if not any(Path(folder).glob("*tfevents*")):
        raise ValueError(
            f"There is no event file in {Path(folder).name!r}: give the folder that was given to "
            "tf.summary.create_file_writer, and close the writer first."
        )
    return EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()
