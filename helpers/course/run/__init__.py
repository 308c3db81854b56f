"""Running chapters: what, where, and what is kept of it."""
