"""Every distortion can be tuned by every metric: it reaches the target, or else the nearest step.

The tolerances are those that a user is promised: 0.02 dB of PSNR, 0.001 of SSIM, 0.5% of a distance.
"""

from itertools import chain

import pytest

from explorer.analysis.match import BESIDE, STRONGEST, WEAKEST, step_at, tuned
from explorer.analysis.rulers import PSNR, SSIM, value
from explorer.distortions import CATALOGUE, Recipe, Step, distorted
from explorer.metrics import Method
from tests.grid import few

RULERS = {"psnr": PSNR, "ssim": SSIM, "lpips": Method(device="cpu")}
WITHIN = {"psnr": lambda _: 0.02, "ssim": lambda _: 0.001, "lpips": lambda target: 0.005 * target}
AROUND = (0.55, 0.75)  # severities between whose values the target lies

# What goes in steps: whole qualities and levels, whole pixels, blocks or holes, and bytes of a file.
STEPS = {
    *("jpeg", "webp", "avif", "jpeg2000", "jpeg_xl", "jpeg_local_blur", "deblocking", "banding", "dithering"),
    *("scaling", "lanczos_scaling", "nearest_scaling", "super_resolution", "shift"),
    *("block_loss", "occlusion", "inpainting", "colourisation", "salt_and_pepper", "motion_blur"),
}

# In every run each distortion by one metric, and each metric by a third of them; in the grid all by all.
NAMES, METRICS = list(CATALOGUE), list(RULERS)
FIRST = [(name, METRICS[place % 3]) for place, name in enumerate(NAMES)]
ALL = [(name, metric) for name in NAMES for metric in METRICS]
CASES = few([*FIRST, *(case for case in ALL if case not in FIRST)], len(FIRST), tuples=True)


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (64, 64))


@pytest.mark.parametrize(("name", "metric"), CASES)
def test_a_target_within_reach_is_reached_or_lies_between_neighbouring_steps(reference, name, metric):
    ruler, entry = RULERS[metric], CATALOGUE[name]

    def told(step: Step) -> float:
        return value(ruler, reference, distorted(reference, Recipe((step,))))

    target = sum(told(Step.at(name, severity)) for severity in AROUND) / 2
    found = tuned(reference, entry, ruler, target)
    assert found.value == pytest.approx(value(ruler, reference, found.picture), abs=1e-9)
    gap = abs(found.value - target)
    if name not in STEPS or found.reached:
        assert gap <= WITHIN[metric](target)
        return
    assert found.outcome == "nearest step"
    beside = [told(step) for step in neighbours(reference, entry, found.step)]
    across = [other for other in beside if (other - target) * (found.value - target) < 0]
    # Of the two steps that the target lies between it is the nearer one. Where a curve turns back both may
    # lie on one side: then it is no farther than they, but for what nobody would tell apart.
    assert all(gap <= abs(other - target) + WITHIN[metric](target) for other in across or beside)
    if len(entry.parameters) == 1 and entry.parameters[0].whole:
        assert all(gap <= abs(other - target) for other in beside)


def neighbours(reference, entry, step):
    """The steps beside one that make other pictures: whole numbers, or the next places on either side."""
    if len(entry.parameters) == 1 and entry.parameters[0].whole:
        parameter, ((_, number),) = entry.parameters[0], step.values
        whole = chain(range(number - BESIDE, number), range(number + 1, number + BESIDE + 1))
        return [
            Step(entry.name, {parameter.name: each})
            for each in whole
            if parameter.low <= each <= parameter.high
        ]
    place, own = place_of(entry, step), step.apply(reference.pixels).tobytes()
    return [next_step(reference, entry, place, end, own) for end in (WEAKEST, STRONGEST)]


def place_of(entry, step):
    """Where on the way from weak to strong a step lies."""
    moving = next(
        i
        for i, parameter in enumerate(entry.parameters)
        if parameter.at(0.5) != parameter.at(1.0) and not parameter.whole
    )
    wanted = step.values[moving][1]
    sign = 1 if entry.parameters[moving].at(1.0) > entry.parameters[moving].at(0.5) else -1
    weak, strong = 2.0**-20, STRONGEST
    for _ in range(60):
        middle = (weak + strong) / 2
        if sign * step_at(entry, middle).values[moving][1] < sign * wanted:
            weak = middle
        else:
            strong = middle
    return strong


def next_step(reference, entry, place, end, own):
    """The next step towards an end whose picture is another."""
    same, other = place, place
    for power in range(-22, 2):
        other = place + (1 if end > place else -1) * min(2.0**power, abs(end - place))
        if step_at(entry, other).apply(reference.pixels).tobytes() != own:
            break
        same = other
    for _ in range(24):
        middle = (same + other) / 2
        if step_at(entry, middle).apply(reference.pixels).tobytes() != own:
            other = middle
        else:
            same = middle
    return step_at(entry, other)
