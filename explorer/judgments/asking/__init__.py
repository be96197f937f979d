"""What people are asked: trials, sessions of them, their order, and when enough is known."""
