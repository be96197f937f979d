"""Train heads and network together: the paper's *tune* (from trained weights) and *scratch* (from random).

Zhang et al., CVPR 2018, section 3. The loss, the ranking network, Adam, batches and epochs are those of
`training`, at the paper's own rate; here all weights of `explorer.Lpips` are learned, from the pictures
themselves, so an epoch takes a pass forward and back of each. Batch norm and dropout stay as they are at
inference. *tune* begins with the backbone's published heads where it has some (the paper: with random ones),
so that a small set begins at LPIPS. All pictures are held in memory, 37 KB for a trial of 64 pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import find_backbone, graph_of, stacked_weights
from explorer.backbones.loading import random_state
from explorer.files.own_heads import Provenance
from explorer.files.own_metrics import OwnMetric
from explorer.files.weights import load_state
from explorer.judgments import scores
from explorer.judgments.calibration.ranking import fresh_ranking, ranking_loss, uniform
from explorer.judgments.calibration.training import BATCH, BETAS, FALLING, FULL, RATE, Epoch, Split
from explorer.judgments.calibration.votes import Voted, check_enough, comparable_names
from explorer.metrics.module import Lpips
from explorer.version import __version__


@dataclass(frozen=True, eq=False)
class Tuned:
    """A metric as far as it is trained.

    Attributes:
        metric: The best one so far.
        epochs: Those that are finished; scores of the teaching trials are of the epoch's steps.
        best: The number of the best one's.
        held_out: How many trials taught nothing.
        before, ceiling: Of these, the score where the training began, and people among themselves; 0..1.
    """

    metric: OwnMetric
    epochs: tuple[Epoch, ...]
    best: int
    held_out: int
    before: float
    ceiling: float

    @property
    def sentence(self) -> str:
        """What it says, in one sentence."""
        return (
            f"The trained metric agrees with {self.metric.provenance.held_out:.1%} of the votes held out; it "
            f"began at {self.before:.1%}, and people among themselves reach {self.ceiling:.1%}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        told = self.metric.provenance
        scores_of = {"trained": told.held_out, "before": self.before, "people": self.ceiling}
        return {
            "way": self.metric.way,
            "held_out": {"trials": self.held_out, "scores": scores_of},
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "best_epoch": self.best,
            "learned_from": asdict(told),
        }


def tune(
    trials: Sequence[Voted],
    name: str,
    backbone: str,
    way: str,
    device: str = "cpu",
    seed: int = 0,
    size: int = 0,
    epochs: int = FULL + FALLING,
) -> Iterator[Tuned]:
    """Train, and tell after each epoch how far that is.

    Args:
        trials: With their pictures.
        name: Of the set, in a few words.
        backbone: A name of the catalogue.
        way: "tune" or "scratch".
        device: "cpu", "cuda" or "mps".
        seed: Of the split, of the first weights and of the order of trials.
        size: The longest side at which pictures were read, in pixels; 0 as they are.
        epochs: How many.

    Raises:
        SettingError: too few trials.
        WeightsError: the backbone's weights are missing.
        ImageError: pictures that are too small for the backbone.
    """
    places = {group: place for place, group in enumerate(dict.fromkeys(each.group for each in trials))}
    check_enough(len(trials), len(places))
    split = Split.by(np.array([places[each.group] for each in trials]), seed)
    trainer = _Trainer(trials, fresh(backbone, way, seed), device, seed)
    judge = np.array([trials[place].judge for place in split.held_out])
    before, ceiling = trainer.score(split.held_out)[1], scores.ceiling(judge)
    told, best, best_loss = [], None, np.inf
    for number in range(1, epochs + 1):
        trainer.slow_down(number)
        taught = trainer.epoch(split.teaching)
        stopping = trainer.score(split.stopping)
        told.append(Epoch(number, taught[0], stopping[0], taught[1], stopping[1]))
        if best is None or stopping[0] < best_loss:
            best_loss, score = stopping[0], trainer.score(split.held_out)[1]
            provenance = _provenance(trials, name, len(places), backbone, size, score, seed)
            best = trainer.metric(way, provenance), number
        yield Tuned(best[0], tuple(told), best[1], len(split.held_out), before, ceiling)


def fresh(backbone: str, way: str, seed: int) -> Lpips:
    """The metric with which training begins."""
    row = find_backbone(backbone)
    state = random_state(row, seed) if way == "scratch" else load_state(row.weights, row.name)
    generator, graph = torch.Generator().manual_seed(seed), graph_of(row)
    published = comparable_names(row) if way == "tune" else ()
    heads = {
        name: stacked_weights(row, published[:1], name)[:, 0]
        if published and published[0] != "uniform"
        else uniform((graph.channels(name),), graph.channels(name), generator).clamp(min=0)
        for name in row.layer_names
    }
    return Lpips.from_tensors(row.name, state, heads, way)


class _Trainer:
    """The weights that are learned, and the optimiser that moves them."""

    def __init__(self, trials: Sequence[Voted], model: Lpips, device: str, seed: int):
        self._trials, self._model, self._device = trials, model.to(device), device
        self._generator = torch.Generator().manual_seed(seed)
        network, heads = self._model.tensors()
        learned = set(dict(graph_of(find_backbone(model.backbone)).module.named_parameters()))
        with torch.inference_mode(False):
            self._heads = [each.requires_grad_() for each in heads.values()]
            moved = [each.requires_grad_() for key, each in network.items() if key in learned]
            self._ranking = [
                tuple(each.detach().to(device).requires_grad_() for each in layer)
                for layer in fresh_ranking(self._generator)
            ]
            small = [each for layer in self._ranking for each in layer]
            self._optimiser = torch.optim.Adam([*moved, *self._heads, *small], lr=RATE, betas=BETAS)

    def slow_down(self, number: int) -> None:
        """Take the rate of an epoch: full at first, then falling."""
        self._optimiser.param_groups[0]["lr"] = RATE * (1 - max(0, number - FULL - 1) / FALLING)

    def epoch(self, teaching: np.ndarray) -> tuple[float, float]:
        """Take the steps of one epoch; returns the mean loss of its trials, and their score."""
        order = teaching[torch.randperm(len(teaching), generator=self._generator).numpy()]
        with torch.inference_mode(False), torch.enable_grad():
            return self._mean(order, learns=True)

    def score(self, places: np.ndarray) -> tuple[float, float]:
        """Mean loss and 2AFC score of some trials, as it is now."""
        with torch.no_grad():
            return self._mean(places, learns=False)

    def metric(self, way: str, provenance: Provenance) -> OwnMetric:
        """A copy of what is learned so far."""
        network, heads = (_copied(each) for each in self._model.tensors())
        return OwnMetric(way, network, heads, provenance)

    def _mean(self, places: np.ndarray, learns: bool) -> tuple[float, float]:
        losses, distances, judges = 0.0, [], []
        for start in range(0, len(places), BATCH):
            batch = [self._trials[place] for place in places[start : start + BATCH]]
            found, judge = self._distances(batch)
            loss = ranking_loss(self._ranking, found, judge)
            if learns:
                self._step(loss)
            losses += loss.item() * len(batch)
            distances.append(found.detach().cpu().numpy())
            judges.append(judge.cpu().numpy())
        d0, d1 = np.concatenate(distances).T
        return losses / len(places), scores.two_afc(d0, d1, np.concatenate(judges))

    def _step(self, loss: Tensor) -> None:
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        with torch.no_grad():
            for each in self._heads:
                each.clamp_(min=0)

    def _distances(self, batch: Sequence[Voted]) -> tuple[Tensor, Tensor]:
        """d0 and d1 of trials (n, 2), and their judges (n,), in the order of sizes."""
        found, judges = [], []
        for _, same in groupby(sorted(batch, key=_size), key=_size):
            together = list(same)
            reference, p0, p1 = (
                self._batch([getattr(each, part).pixels for each in together])
                for part in ("reference", "p0", "p1")
            )
            scored = self._model(torch.cat((reference, reference)), torch.cat((p0, p1)))
            found.append(scored.reshape(2, -1).T)
            judges += (each.judge for each in together)
        return torch.cat(found), torch.tensor(judges, dtype=torch.float32, device=self._device)

    def _batch(self, pixels: Sequence[np.ndarray]) -> Tensor:
        """uint8 (H, W, 3) each -> (n, 3, H, W) in [-1, 1]."""
        batch = torch.from_numpy(np.stack(pixels)).to(self._device).permute(0, 3, 1, 2)
        return batch.float() / 127.5 - 1


def _size(trial: Voted) -> tuple[int, int]:
    return trial.p0.size


def _copied(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key: each.detach().cpu().clone() for key, each in tensors.items()}


def _provenance(
    trials: Sequence[Voted], name: str, references: int, backbone: str, size: int, score: float, seed: int
) -> Provenance:
    digest = blake2b(digest_size=6)
    for each in trials:
        said = (each.reference.digest, each.p0.digest, each.p1.digest, f"{each.judge:.6f}")
        digest.update("|".join(said).encode())
    date = datetime.now(UTC).date().isoformat()
    return Provenance(
        find_backbone(backbone).name,
        name,
        len(trials),
        references,
        digest.hexdigest(),
        size,
        score,
        seed,
        date,
        __version__,
    )
