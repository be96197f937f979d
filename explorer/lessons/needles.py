"""Why metrics disagree: one picture shifted, blurred and under noise, and what three metrics say of each.

Metrics are needles, whose right end is "identical", so that the three can be read against each other.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter

import numpy as np

from explorer.analysis.inspection import combined_of, scale_end
from explorer.cache import ByteBudgetCache
from explorer.images import Picture, derive
from explorer.jobs import Progress
from explorer.lessons.changes import CHANGES, CLOSE_ENOUGH, equal_amounts
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.measuring import crop_to_multiple, reference_at

PSNR, SSIM, SCORE = "psnr", "ssim", "lpips"
METRICS = (PSNR, SSIM, SCORE)

STEPS_OF_SCALE = (1, 2, 5)  # times a power of ten: where the scale of a distance may end
# Differences that count as none where it is said which is closest: half of the last digit on the screen.
TIES: Mapping[str, float] = {PSNR: 0.005, SSIM: 0.00005, SCORE: 0.00005}
NOTHING = "On this picture nothing can have the same PSNR."


@dataclass(frozen=True)
class Gauge:
    """A metric's scale, on which its needles lie.

    Attributes:
        key: Of `METRICS`.
        far, near: Its ends on the left and on the right, where a picture is closest.
        far_text, near_text: What is written there.
        about: What it compares.
        blind: What it cannot see.
    """

    key: str
    far: float
    near: float
    far_text: str
    near_text: str
    about: str
    blind: str

    def place(self, value: float) -> float:
        """Where a needle lies, 0 to 1; what is beyond an end lies at it."""
        if math.isinf(value):
            return 1.0 if (value > 0) == (self.near > self.far) else 0.0
        return min(max((value - self.far) / (self.near - self.far), 0.0), 1.0)


BLIND: Mapping[str, str] = {
    PSNR: "cannot see whether an edge moved or vanished.",
    SSIM: "cannot see that a picture only moved.",
    SCORE: "cannot see a move of a pixel or two.",
}
OF_PSNR = Gauge(PSNR, 10, 40, "10 dB", "40 dB, closer", "pixel error", BLIND[PSNR])
OF_SSIM = Gauge(SSIM, 0, 1, "0", "1, identical", "patterns in fixed windows", BLIND[SSIM])


def gauge_of(method: Method, scores: Sequence[float]) -> Gauge:
    """The scale of a network's distance: from 1 down to 0, or from further where scores are beyond it."""
    far = scale_from(max([1.0, *scores]))
    about = f"features of {method.name.network}"
    return Gauge(SCORE, far, 0, f"{far:g}", "0, identical", about, BLIND[SCORE])


def scale_from(largest: float) -> float:
    """The first of 1, 2, 5, 10, 20, … that is no smaller."""
    power = 10 ** math.floor(math.log10(largest))
    return next((step * power for step in STEPS_OF_SCALE if step * power >= largest * (1 - 1e-9)), 10 * power)


@dataclass(frozen=True, eq=False)
class Changed:
    """The picture under one change, and what is measured of it.

    Attributes:
        change: A key of `CHANGES`.
        amount: In its unit.
        picture: What was measured.
        measurement: As `explorer.measure` gives it.
        squared_error: Mean over channels, float32 (H, W).
        dissimilarity: 1 - SSIM, float32 (H, W), NaN in the border.
        combined: The network's map, float32 (H, W), whose mean is the score; None where it has none.
        key: Digest of all that is seen of it.
    """

    change: str
    amount: float
    picture: Picture
    measurement: Measurement
    squared_error: np.ndarray = field(repr=False)
    dissimilarity: np.ndarray = field(repr=False)
    combined: np.ndarray | None = field(repr=False)
    key: str

    def value(self, metric: str) -> float:
        """By "psnr", "ssim" or "lpips"."""
        found = self.measurement
        return {PSNR: found.psnr, SSIM: found.ssim, SCORE: found.score}[metric]

    def map(self, metric: str) -> np.ndarray | None:
        """Where it differs, by the metric: float32 (H, W)."""
        return {PSNR: self.squared_error, SSIM: self.dissimilarity, SCORE: self.combined}[metric]

    @property
    def is_reference(self) -> bool:
        """Whether the change leaves every pixel as it is."""
        return math.isinf(self.value(PSNR))

    @property
    def text(self) -> str:
        """The amount as people write it."""
        return CHANGES[self.change].text(self.amount)


@dataclass(frozen=True, eq=False)
class Needles:
    """One picture, changed three ways.

    Attributes:
        reference: As it was measured.
        method: The network's metric.
        changed: By shift, blur and noise.
        target: The PSNR that all were tuned to, in dB; None where they were not.
    """

    reference: Picture
    method: Method
    changed: tuple[Changed, ...]
    target: float | None = None

    @cached_property
    def gauges(self) -> tuple[Gauge, ...]:
        """In the order of `METRICS`."""
        scores = [each.value(SCORE) for each in self.changed]
        return OF_PSNR, OF_SSIM, gauge_of(self.method, scores)

    def label(self, metric: str) -> str:
        """A metric's name, as it is shown."""
        return {PSNR: "PSNR", SSIM: "SSIM", SCORE: self.method.name.metric}[metric]

    @cached_property
    def compared(self) -> tuple[Changed, ...]:
        """Those that differ from the reference at all; if none does, all."""
        return tuple(each for each in self.changed if not each.is_reference) or self.changed

    def closest(self, metric: str) -> tuple[str, ...]:
        """Keys of what is closest by a metric: of several where they are equal as far as can be read."""
        return self._first(metric, 1)

    def farthest(self, metric: str) -> tuple[str, ...]:
        """As `closest`, of what is farthest."""
        return self._first(metric, -1)

    def _first(self, metric: str, sign: int) -> tuple[str, ...]:
        gauge = next(each for each in self.gauges if each.key == metric)
        sign = sign if gauge.near > gauge.far else -sign
        values = [sign * each.value(metric) for each in self.compared]
        best = max(values)
        is_best = [value == best or best - value <= TIES[metric] for value in values]
        return tuple(each.change for each, is_it in zip(self.compared, is_best, strict=True) if is_it)

    @cached_property
    def scale_ends(self) -> Mapping[str, float]:
        """Where the one scale of the three maps of each metric ends; none where a metric has no maps."""
        maps = {metric: [each.map(metric) for each in self.changed] for metric in METRICS}
        return {metric: scale_end(*own) for metric, own in maps.items() if own[0] is not None}

    @cached_property
    def clipped(self) -> Mapping[str, float]:
        """Which part of the maps' known places lies beyond that end, 0..1."""
        return {
            metric: float(np.mean(np.concatenate([_known(each.map(metric)) for each in self.changed]) > end))
            for metric, end in self.scale_ends.items()
        }

    @property
    def missed(self) -> tuple[Changed, ...]:
        """Those that do not come to the PSNR that was asked for."""
        if self.target is None or math.isinf(self.target):
            return ()
        gaps = [abs(each.value(PSNR) - self.target) for each in self.changed]
        return tuple(each for each, gap in zip(self.changed, gaps, strict=True) if gap > 5 * CLOSE_ENOUGH)

    @property
    def sentence(self) -> str:
        """What is equal, in a sentence; "" where nothing was made so."""
        if self.target is None:
            return ""
        if math.isinf(self.target):
            return NOTHING
        if not self.missed:
            return f"All three have {self.target:.2f} dB."
        own = self.missed[0]
        label = CHANGES[own.change].label
        return f"{label} comes no further than {own.value(PSNR):.2f} dB."


def text_of(metric: str, value: float) -> str:
    """A metric's value as it is shown: "24.06 dB", "0.5410"."""
    if metric == PSNR:
        return "∞ dB" if math.isinf(value) else f"{value:.2f} dB"
    return f"{value:.4f}"


def needles(
    reference: Picture,
    shift: int,
    blur: float,
    noise: float,
    method: Method,
    progress: Progress = lambda _done, _total: None,
) -> Needles:
    """Change one picture three ways, and measure each.

    Args:
        reference: As given; it is measured at the method's size.
        shift: To the right, in whole pixels of what is measured.
        blur: Standard deviation of a Gaussian, in pixels.
        noise: Standard deviation of white noise, in levels of 0..255.
        progress: Told how many of the three are measured; what it raises ends the work.

    Raises:
        SettingError: an amount that the picture cannot have.
        ImageError: the picture is too small to be measured.
        WeightsError: a weights file is missing or damaged.
    """
    base, method = base_of(reference, method)
    return Needles(base, method, _all_changed(base, (shift, blur, noise), method, progress))


def at_equal_psnr(
    reference: Picture, shift: int, method: Method, progress: Progress = lambda _done, _total: None
) -> Needles:
    """As `needles`, blur and noise tuned until they have the PSNR of the shift.

    The shift leads, since it goes in whole pixels: between two of them there is nothing. PSNRs agree to
    0.001 dB, so that the same is read of all three; what cannot come so far is as strong as it gets, and
    stands in `missed`.
    """
    base, method = base_of(reference, method)
    amounts, target = equal_amounts(base, shift)
    return Needles(base, method, _all_changed(base, amounts, method, progress), target)


def base_of(reference: Picture, method: Method) -> tuple[Picture, Method]:
    """The picture as the method measures it, and the method for that size."""
    base = crop_to_multiple(reference_at(reference, method.size), method.row)
    return base, replace(method, size=None)


# Of all users, by the pixels: a class looks at one picture.
_changed: ByteBudgetCache[Changed] = ByteBudgetCache(128_000_000)
_seconds: dict[object, float] = {}  # that a change has taken at best, by the method


def seconds_for(base: Picture, amounts: Sequence[float], method: Method) -> float:
    """How long the three will take, by what others have taken; infinite where none was measured yet."""
    count = len(_missing(base, amounts, method))
    return count * _seconds.get(method.pass_identity, math.inf) if count else 0.0


def _missing(base: Picture, amounts: Sequence[float], method: Method) -> list[str]:
    named = zip(CHANGES, amounts, strict=True)
    return [change for change, amount in named if _changed.get(_key(base, change, amount, method)) is None]


def _key(base: Picture, change: str, amount: float, method: Method) -> tuple:
    return base.digest, change, amount, method.identity


def _all_changed(
    base: Picture, amounts: Sequence[float], method: Method, progress: Progress
) -> tuple[Changed, ...]:
    made = []
    for change, amount in zip(CHANGES, amounts, strict=True):
        made.append(_changed_picture(base, change, amount, method))
        progress(len(made), len(CHANGES))
    return tuple(made)


def _changed_picture(base: Picture, change: str, amount: float, method: Method) -> Changed:
    """The picture under one change, measured; what is known is not measured again."""
    key = _key(base, change, amount, method)
    found = _changed.get(key)
    if found is None:
        found = _measured(base, change, amount, method)
        _changed.put(key, found, 15 * base.width * base.height)  # the picture, and three maps of float32
    return found


def _measured(base: Picture, change: str, amount: float, method: Method) -> Changed:
    own, side = CHANGES[change], min(base.size)
    step = own.step(own.checked(amount, side), side)
    picture = derive(base, step.apply(base.pixels), name=own.label)
    network = method.network  # loading it is no part of the seconds
    began = perf_counter()
    comparison = compare(base, picture, method)
    measurement = comparison.measurement(method.heads, method.layers)
    combined = combined_of(measurement)
    identity = method.pass_identity
    _seconds[identity] = min(_seconds.get(identity, math.inf), perf_counter() - began)
    words = f"{base.digest} {picture.digest} {method.identity} {network.weights}"
    return Changed(
        change,
        amount,
        picture,
        measurement,
        comparison.squared_error,
        (1 - comparison.ssim_map).astype(np.float32),
        combined,
        hashlib.sha256(words.encode()).hexdigest()[:24],
    )


def _known(values: np.ndarray) -> np.ndarray:
    return values[np.isfinite(values)]
