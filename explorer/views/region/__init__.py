"""The page Region: a file a section."""
