"""Side by side with other implementations; reports, not tests."""
