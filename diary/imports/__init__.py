"""What comes into the diary: a reader a format, each from a file to rows."""
