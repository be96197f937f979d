"""A simulated observer: hidden heads that vote, so that one can see whether learning finds them.

Patches of the samples are distorted as the paper does it, several ways each, and an observer who measures
with hidden non-negative weights says of any two which is closer: more surely so the larger the difference of
the two distances (the logistic law of Bradley and Terry). Everything is drawn from one seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from explorer.backbones import Network
from explorer.distortions import random_sequence
from explorer.errors import SettingError
from explorer.images import Picture, derive
from explorer.judgments.calibration.votes import Progress, Votes, check_enough
from explorer.metrics.vectors import channel_vectors
from explorer.samples import SAMPLES, load_sample

SIDE = 64  # pixels of a patch, as in the paper
PATCHES = 300
VERSIONS = 4  # of each patch: six pairs of them are asked about
PEOPLE = 5  # as many answers to each trial as the paper's validation set has
SURENESS = 3.0  # a median difference is told apart by 1 / (1 + exp(-3)) = 95% of the answers
# What the observer looks at: shallow layers much, deep ones little, of each a few channels.
DEPTHS = (4.0, 0.1)  # how strongly, from the first layer to the last
SPARSITY = 0.5  # the shape of the gamma law of the weights
TOGETHER = 8  # patches that are made and passed at once


@dataclass(frozen=True, eq=False)
class Simulation:
    """An observer and what they said.

    Attributes:
        votes: Of `PEOPLE` answers each.
        hidden: The observer's weights, float64 (channels,), >= 0.
    """

    votes: Votes
    hidden: np.ndarray


def simulate(
    network: Network,
    seed: int = 0,
    patches: int = PATCHES,
    progress: Progress = lambda _done, _total: None,
) -> Simulation:
    """Make triplets from the samples, and let an observer vote.

    Args:
        network: Whose channels the observer sees.
        seed: Of patches, distortions, weights and votes.
        patches: References; six trials are about each.
        progress: Told the patches that are finished, and all of them; what it raises ends the work.

    Raises:
        SettingError: too few patches.
    """
    check_enough(patches * len(PAIRS), patches)
    if network.backbone.smallest_side > SIDE:
        raise SettingError(f"{network.backbone.label} sees no patches of {SIDE} pixels; choose another.")
    found, made = [], made_patches(seed, patches)
    for start in range(0, patches, TOGETHER):
        trials = [next(made) for _ in range(min(TOGETHER, patches - start))]
        found.append(channel_vectors(network, trials))
        progress(start + len(trials), patches)
    vectors = np.concatenate(found)  # (patches, versions, channels)
    pairs = np.stack([vectors[:, pair] for pair in PAIRS], axis=1).reshape(-1, 2, vectors.shape[2])
    widths = [network.graph.channels(name) for name in network.backbone.layer_names]
    rng = np.random.default_rng(seed)
    hidden = hidden_weights(widths, rng)
    votes = Votes(
        f"a simulated observer, seed {seed}",
        network.backbone.name,
        pairs,
        np.zeros(len(pairs)),
        np.repeat(np.arange(patches), len(PAIRS)),
        SIDE,
        f"simulated-{seed}-{patches}",
    )
    return Simulation(replace(votes, judge=answers(votes.distances(hidden), rng)), hidden)


PAIRS = tuple(map(list, combinations(range(VERSIONS), 2)))


def hidden_weights(widths: list[int], rng: np.random.Generator) -> np.ndarray:
    """An observer: float64 (sum of widths,), >= 0, of few channels and mostly of shallow layers."""
    depths = np.geomspace(*DEPTHS, len(widths))
    return np.concatenate(
        [depth * rng.gamma(SPARSITY, size=width) for depth, width in zip(depths, widths, strict=True)]
    )


def answers(distances: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shares of `PEOPLE` who prefer the second: float64 (trials,), from distances (trials, 2)."""
    lead = distances[:, 0] - distances[:, 1]
    surely = SURENESS * lead / max(float(np.median(np.abs(lead))), 1e-12)
    return rng.binomial(PEOPLE, 1 / (1 + np.exp(-np.clip(surely, -50, 50)))) / PEOPLE


def made_patches(seed: int, patches: int) -> Iterator[list[Picture]]:
    """Patches of the samples in turn, each with its distorted versions behind it."""
    rng = np.random.default_rng((seed, 1))
    samples = [load_sample(name) for name in SAMPLES]
    for number in range(patches):
        sample = samples[number % len(samples)]
        top, left = (int(rng.integers(side - SIDE)) for side in (sample.height, sample.width))
        patch = derive(sample, sample.pixels[top : top + SIDE, left : left + SIDE])
        recipes = (random_sequence(int(rng.integers(2**31))) for _ in range(VERSIONS))
        yield [patch, *(derive(patch, recipe.apply(patch.pixels)) for recipe in recipes)]
