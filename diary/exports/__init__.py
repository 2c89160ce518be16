"""What leaves the diary: rows first, then a format."""
