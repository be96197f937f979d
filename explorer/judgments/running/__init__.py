"""Measuring a set of judgments by many metrics: in batches, resumable, on one machine or a cluster.

way = read_way(["psnr", "alexnet:lpips-0.1"], size=64)
for outcome in measure(trials.trials, way): ...       # streamed, in the order of the set
gathered(trials, way, outcomes)                       # -> Distances, for `evaluation.evaluate`
"""

from explorer.judgments.running.evaluating import chosen, evaluate, measured_by
from explorer.judgments.running.gathering import distances_of, gathered
from explorer.judgments.running.measuring import Outcome, measure, room_for
from explorer.judgments.running.way import RESAMPLINGS, USUAL_METRICS, USUAL_SIZE, Way, read_way

__all__ = [
    "RESAMPLINGS",
    "USUAL_METRICS",
    "USUAL_SIZE",
    "Outcome",
    "Way",
    "chosen",
    "distances_of",
    "evaluate",
    "gathered",
    "measure",
    "measured_by",
    "read_way",
    "room_for",
]
