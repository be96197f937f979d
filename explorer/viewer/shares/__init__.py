"""The component of a bar of shares."""
