"""The page Vote."""
