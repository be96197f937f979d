"""The Region page's parts, one file a section."""
