"""What people say of pictures: judgments, what they agree with, and the file that other programs read."""

from explorer.judgments.answers import Answer, answered, tally
from explorer.judgments.judgment import Judgment, scene_of, to_csv

__all__ = ["Answer", "Judgment", "answered", "scene_of", "tally", "to_csv"]
