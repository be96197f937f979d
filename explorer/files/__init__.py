"""Files that are fetched: where they come from, where they are kept, and that they are the right ones."""
