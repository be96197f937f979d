"""The page Distort."""
