"""What the course's notebooks import. Import this before TensorFlow: it quiets the start-up log."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

PROFILES = ("sample", "full")
# Set by Jupyter Server, Colab and VS Code where a person sits in front of the notebook.
PERSON_VARIABLES = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG", "VSCODE_PID")
