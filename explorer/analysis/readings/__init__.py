"""As far as what? A pair's score, read on several ladders of distortions of the same reference.

A score has no unit. A distortion's strength has one: where the same reference, distorted, has the same score
as the pair, that strength is the pair's *reading* on the distortion's ladder, such as "Gaussian blur of
1.8 px". Each is found by bisection at the measured size.
"""

from explorer.analysis.readings.ladders import LADDERS, SEEDS, Ladder, chosen_ladders
from explorer.analysis.readings.reading import read_ladders, readings_task
from explorer.analysis.readings.results import Reading, Readings

__all__ = [
    "LADDERS",
    "SEEDS",
    "Ladder",
    "Reading",
    "Readings",
    "chosen_ladders",
    "read_ladders",
    "readings_task",
]
