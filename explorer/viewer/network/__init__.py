"""The component of a network drawn as it is, and of what it sees of a picture."""
