"""The page Backbones."""
