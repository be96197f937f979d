"""The page Disagree."""
