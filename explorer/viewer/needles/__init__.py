"""The component of three sliders on one picture, three metrics as needles, and maps of where they differ."""
