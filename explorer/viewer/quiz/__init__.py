"""The component of the quiz."""
