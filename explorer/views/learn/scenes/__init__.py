"""What the chapters show: a file a scene, each with `draw`."""
