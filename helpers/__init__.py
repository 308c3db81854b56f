"""What the course's notebooks import. Import this before TensorFlow: it quiets the start-up log."""

import logging
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# A chapter trains many small models in one process on purpose; TensorFlow's advice against
# tracing many functions would fill its outputs.
logging.getLogger("tensorflow").addFilter(lambda record: "retracing" not in record.getMessage())

PROFILES = ("sample", "full")
# Set by Jupyter Server, Colab and VS Code where a person sits in front of the notebook.
PERSON_VARIABLES = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID")
