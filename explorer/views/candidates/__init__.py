"""The page Candidates."""
