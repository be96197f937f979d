"""What the components share: how they are registered and mounted, their settings' way, css and scripts."""
