"""Lessons: chapters as files of steps, each a view of the app with a few words; and what chapters compute."""
