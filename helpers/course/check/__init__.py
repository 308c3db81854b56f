"""What a committed notebook must be."""
