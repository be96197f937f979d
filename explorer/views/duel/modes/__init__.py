"""The four questions of the page: equal by one, turn the verdict, what a layer keeps, directions."""
