"""Which small changes of a picture does a metric, or one of its layers, see most and least?

Both directions start from one noise, and are shown as the picture changed along them at one PSNR.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import torch

from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.analysis.wording import listed, times_text
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.classic import PEAK
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.eigen import Direction, is_settled, jacobian_of
from explorer.synthesis.journey import Frame, Journey, Plan
from explorer.synthesis.objective import check_gradient, check_large_enough
from explorer.synthesis.process import Process
from explorer.synthesis.standing import Standing

SUM = "sum"  # all layers of the method together; else a layer's name
MOST_SEEN_BY = 3  # at once: two pictures each
LOWEST, HIGHEST, USUAL = (
    24.0,
    56.0,
    40.0,
)  # dB: below, the box of grey levels bends a direction; above, rounding
GRAPH = 3  # times what a step of an optimisation takes: the graph of a gradient is kept, and that of its own
STEPS = 60  # the most is found in about fifteen; the least falls as long as one goes on

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class Seen:
    """One direction, as a picture.

    Attributes:
        by: What sees it: "sum", or a layer's name.
        is_most: Whether it is the direction that is seen most, or least.
        step: Of its run.
        eigenvalue: The distance, by the same layers, of 1 grey level (root mean square) along it, if the
            metric were quadratic so far. Of one that is not settled it is a bound: the largest is no smaller,
            the smallest no larger.
        is_settled: Whether more steps would not change it.
        picture: The reference changed along it, in 8 bits.
        standing: What PSNR, SSIM and the method say of that.
        distance: What `by` says of it: the standing's score, or one layer's distance.
    """

    by: str
    is_most: bool
    step: int
    eigenvalue: float
    is_settled: bool
    picture: Picture
    standing: Standing
    distance: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        psnr, ssim = self.standing.values[PSNR], self.standing.values[SSIM]
        return {
            "seen_by": self.by,
            "which": "most" if self.is_most else "least",
            "steps": self.step,
            "eigenvalue": self.eigenvalue,
            "settled": self.is_settled,
            "distance": self.distance,
            "score": math.fsum(self.standing.distances),
            "psnr": psnr if math.isfinite(psnr) else None,
            "ssim": ssim,
        }


@dataclass(frozen=True, eq=False)
class Directions:
    """What was found.

    Attributes:
        reference: At the size that was measured.
        method: How; its size is None.
        psnr: In dB, at which the directions are shown.
        seed: Of the noise that they start from.
        seen: The most and the least of each that was asked, in their order.
        start: What each says of the noise, at the same PSNR.
    """

    reference: Picture
    method: Method
    psnr: float
    seed: int
    seen: tuple[Seen, ...]
    start: Mapping[str, float]

    def pair(self, by: str) -> tuple[Seen, Seen]:
        """The direction that is seen most, and the one that is seen least."""
        most, least = (each for each in self.seen if each.by == by)
        return most, least

    def ratio(self, by: str) -> float:
        """The largest eigenvalue over the smallest; infinite where that is 0."""
        most, least = self.pair(by)
        return most.eigenvalue / least.eigenvalue if least.eigenvalue else math.inf

    @property
    def by(self) -> tuple[str, ...]:
        """Who sees, in their order."""
        return tuple(dict.fromkeys(each.by for each in self.seen))

    def named(self, by: str) -> str:
        """Who sees, in a sentence: "LPIPS", "conv1"."""
        return self.method.name.metric if by == SUM else by

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        lead = f"Of two changes of {self.psnr:g} dB each,"
        (first, *others) = ((self.named(by), self._contrast(by)) for by in self.by)
        rest = "".join(f", {name} {times} as much" for name, times in others)
        return f"{lead} {first[0]} sees one {first[1]} as much as the other{rest}."

    def _contrast(self, by: str) -> str:
        most, least = self.pair(by)
        return f"{times_text(most.distance / least.distance if least.distance > 0 else math.inf)} times"

    @property
    def bounds(self) -> str:
        """What the eigenvalues say, in half a sentence: they are of changes too small for whole levels."""
        parts = [f"{times_text(self.ratio(by))} times for {self.named(by)}" for by in self.by]
        said = f"{times_text(self.ratio(self.by[0]))} times" if len(self.by) == 1 else listed(parts)
        is_open = any(not each.is_settled for each in self.seen)
        return f"endlessly small ones differ {'at least ' * is_open}{said}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: names and numbers, but no pictures."""
        ratios = {by: self.ratio(by) for by in self.by}
        return {
            "reference": self.reference.name,
            "size": list(self.reference.size),
            "method": self.method.to_dict(),
            "shown_at_psnr": self.psnr,
            "seed": self.seed,
            "directions": [each.to_dict() for each in self.seen],
            "noise": dict(self.start),
            "ratio": {by: ratio if math.isfinite(ratio) else None for by, ratio in ratios.items()},
        }


@dataclass(frozen=True, eq=False)
class DirectionsPlan(Plan):
    """A plan that says what it is of.

    Attributes:
        by: Who sees: "sum", or layers of the method, in their order.
        psnr: In dB, at which the directions are shown.
        seed: Of the noise that they start from.
    """

    by: tuple[str, ...] = field(kw_only=True)
    psnr: float = field(kw_only=True)
    seed: int = field(kw_only=True)


def plan_of(
    reference: Picture,
    method: Method,
    by: Sequence[str] = (SUM,),
    psnr: float = USUAL,
    seed: int = 0,
    witnesses: tuple[Ruler, ...] = (),
) -> DirectionsPlan:
    """What is to be made: for each that sees two runs, `run_of` it.

    Args:
        reference: At the size that is measured.
        method: A metric that compares place by place.
        by: "sum" for the method's layers together, or names among them; up to three.
        psnr: In dB, at which the directions are shown.
        seed: Of the noise.
        witnesses: Other metrics that are asked of the ends.

    Raises:
        SettingError: a metric without a gradient, an unknown layer, too many, or a PSNR out of range.
        ImageError: a reference that is too small.
    """
    method = replace(method, size=None)
    check_gradient(method)
    by = check_seen_by(by, method)
    check_psnr(psnr)
    check_large_enough(method, reference)
    psnr = float(psnr)
    return DirectionsPlan(
        key=("directions", reference.digest, method.identity, by, psnr, seed, witnesses),
        label="Looking for the directions that are seen most and least",
        # Two runs for each that sees, and in each step there and back.
        rulers=tuple(4 * [replace(method, layers=_layers_of(method, name)) for name in by]),
        reference=reference,
        method=method,
        witnesses=witnesses,
        make=partial(_processes, reference, method, by, psnr, seed),
        size=memory_of(method, by, reference.size),
        by=by,
        psnr=psnr,
        seed=seed,
    )


def check_seen_by(by: Sequence[str], method: Method) -> tuple[str, ...]:
    """Each name once, in their order; SettingError for one that the method has not, or for too many."""
    names = tuple(dict.fromkeys(by))
    for name in names:
        if name not in (SUM, *method.layers):
            known = ", ".join((SUM, *method.layers))
            raise SettingError(f"There is no {name!r} to see a change; choose among {known}.")
    if not 1 <= len(names) <= MOST_SEEN_BY:
        known = ", ".join((SUM, *method.layers))
        raise SettingError(f"{len(names)} were asked; choose 1 to {MOST_SEEN_BY}, of {known}.")
    return names


def check_psnr(psnr: float) -> None:
    """Raise SettingError unless directions can be shown at it."""
    if not LOWEST <= psnr <= HIGHEST:
        raise SettingError(
            f"Directions are shown at {LOWEST:.0f} to {HIGHEST:.0f} dB, not at {psnr:g}; below that the "
            f"range of grey levels bends them, and above it whole levels hide them."
        )


def memory_of(method: Method, by: Sequence[str], size: tuple[int, int]) -> int:
    """About the bytes that the work holds: a graph for each that sees, forwards and back, all at once.

    Args:
        size: (width, height) of the picture.
    """
    layers = (_layers_of(method, name) for name in by)
    return sum(GRAPH * step_bytes([replace(method, layers=each)], size) for each in layers)


def _layers_of(method: Method, by: str) -> tuple[str, ...]:
    return method.layers if by == SUM else (by,)


def run_of(by: str, is_most: bool) -> str:
    """The name of a run."""
    return f"{'most' if is_most else 'least'}-{by}"


def found_in(journey: Journey) -> Directions:
    """What a journey with `plan_of` has found so far; each of its runs has begun."""
    plan = journey.plan
    seen = tuple(seen_in(journey, name, is_most) for name in plan.by for is_most in (True, False))
    start = {name: distance_by(plan.method, name, first_of(journey, name).standing) for name in plan.by}
    return Directions(plan.reference, plan.method, plan.psnr, plan.seed, seen, start)


def first_of(journey: Journey, by: str) -> Frame:
    """The noise."""
    return journey.frames(run_of(by, True))[0]


def seen_in(journey: Journey, by: str, is_most: bool) -> Seen:
    """One direction, as far as it has been measured."""
    name = run_of(by, is_most)
    frame, point = journey.frames(name)[-1], journey.points[name]
    eigenvalue = journey.curves[name][frame.step]
    settled = frame.step == point.step and is_settled(point)
    distance = distance_by(journey.plan.method, by, frame.standing)
    return Seen(by, is_most, frame.step, eigenvalue, settled, frame.picture, frame.standing, distance)


def distance_by(method: Method, by: str, standing: Standing) -> float:
    """What the sum of the layers, or one of them, says of a picture."""
    if by == SUM:
        return math.fsum(standing.distances)
    return standing.distances[method.layers.index(by)]


def foretold(eigenvalue: float, psnr: float) -> float:
    """The distance of a change of this PSNR, in dB, if the metric were quadratic so far."""
    return eigenvalue * PEAK**2 * 10 ** (-psnr / 10)


def distance_text(value: float) -> str:
    """A distance with four digits, as everywhere, and where these tell nothing in powers of ten."""
    return f"{value:.4f}" if value >= 1e-3 or value <= 0 else small_text(value)


def small_text(value: float) -> str:
    """A number that may be tiny, with two digits that tell something: "0.52", "0.0029", "2.6 × 10⁻⁷"."""
    if value >= 1e-3 or value <= 0:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻{str(abs(int(exponent))).translate(RAISED)}"


def _processes(
    reference: Picture, method: Method, by: tuple[str, ...], psnr: float, seed: int
) -> dict[str, Process]:
    """A run a direction; both of one that sees go through one graph, which takes most of the memory."""
    made: dict[str, Process] = {}
    for name in by:
        jacobian = jacobian_of(method, reference, None if name == SUM else [name])
        # Drawn on the CPU, so that all devices start from the same.
        noise = torch.randn(jacobian.at.shape, generator=torch.Generator().manual_seed(seed))
        for is_most in (False, True):  # in the order in which they are shown
            made[run_of(name, is_most)] = Direction(jacobian, noise, psnr, is_most)
    return made
