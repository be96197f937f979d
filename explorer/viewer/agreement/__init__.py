"""The component of a table of agreement."""
