"""The arithmetic of one cell of a map."""
