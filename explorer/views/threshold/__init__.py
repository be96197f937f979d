"""The page Threshold."""
