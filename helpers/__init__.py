"""What the course's notebooks import. Import this before TensorFlow: it quiets the start-up log."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
