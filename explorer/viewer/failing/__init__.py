"""Four experiments on where a number fails: pictures, bars and one control."""
