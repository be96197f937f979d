"""Limits that several rooms must agree on; the browser's side is told of them."""

MOST_BOXES = 8  # of one pair: A to H
