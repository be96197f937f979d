"""The page Data set."""
