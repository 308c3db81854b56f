"""What TensorFlow does or says that a chapter has no use for: every patch of it, in one file.

Nothing happens on import; :func:`helpers.lesson.begin` asks for what a chapter needs. (Only the
start-up log is quieted elsewhere, in ``helpers/__init__``: it must be before TensorFlow is loaded.)
"""

from __future__ import annotations

import functools
import logging
import os


@functools.cache
def leave_tuner_out() -> None:
    """Let `fit` and every other loop read its data without tf.data's tuner, in this process.

    The tuner sleeps twice as long each time, up to a minute, and TensorFlow 2.20 often fails to
    wake it when an epoch is over: `fit` then waits for it, and 7 s of steps took 10 s, or 20.
    Elements and their order do not depend on it, and the course's pipelines are no slower without.
    """
    import tensorflow as tf

    iterate = tf.data.Dataset.__iter__
    options = tf.data.Options()
    options.autotune.enabled = False
    tf.data.Dataset.__iter__ = lambda dataset: iterate(dataset.with_options(options))


def hide_retracing_advice() -> None:
    """Keep TensorFlow's advice against tracing many functions out of a chapter's outputs.

    A chapter trains many small models in one process, on purpose.
    """
    logging.getLogger("tensorflow").addFilter(_is_no_retracing_advice)  # a second time is ignored


def _is_no_retracing_advice(record: logging.LogRecord) -> bool:
    return "retracing" not in record.getMessage()


def let_gpu_memory_grow() -> None:
    """Take of a GPU's memory what is needed, not all of it, so that two notebooks can share it."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)


@functools.cache
def keep_xla_quiet() -> None:
    """Compile something while nobody listens.

    XLA says on standard error, once a process and past every switch, that it compiled; a chapter's
    outputs have no use for it.
    """
    import tensorflow as tf

    standard_error, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        tf.function(lambda x: x + 1, jit_compile=True)(0.0)
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        os.close(nowhere)
