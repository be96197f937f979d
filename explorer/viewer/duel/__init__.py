"""The component of made pictures: beside each other, with numbers, their course, and where they differ."""
