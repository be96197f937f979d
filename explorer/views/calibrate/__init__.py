"""The page Learn heads."""
