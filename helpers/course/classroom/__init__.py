"""The class: notebooks to hand out, and submissions to grade, both with nbgrader."""
