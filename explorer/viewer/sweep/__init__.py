"""The viewer of a sweep: curves with a playhead, whose picture and map follow in the browser."""
