"""Heads learned from people's votes, as the *lin* of Zhang et al., CVPR 2018.

`votes.measured` passes pictures through a network once, `learn` learns from that, and `files/own_heads.py`
keeps it.
"""

from explorer.judgments.calibration.learned import Learned, Standing, learn
from explorer.judgments.calibration.observer import Simulation, simulate
from explorer.judgments.calibration.votes import Voted, Votes, check_enough, measured, read_trials

__all__ = [
    "Learned",
    "Simulation",
    "Standing",
    "Voted",
    "Votes",
    "check_enough",
    "learn",
    "measured",
    "read_trials",
    "simulate",
]
