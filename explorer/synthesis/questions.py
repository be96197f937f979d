"""The page Duel's questions as one function each, for Python: from files or arrays to what is made."""

from collections.abc import Sequence

from explorer.analysis.rulers import read_ruler
from explorer.images import Picture, Source, as_picture, resize, to_one_size
from explorer.jobs import Progress
from explorer.metrics import Method
from explorer.synthesis.competition import NOISES, STEPS, Competition
from explorer.synthesis.eigendistortions import STEPS as DIRECTION_STEPS
from explorer.synthesis.eigendistortions import SUM, USUAL, Directions, found_in, plan_of
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.process import check_steps


def _untold(_done: int, _total: int) -> None:
    """Nobody asks how far it is."""


def duel(
    reference: Source,
    hold: str = "psnr",
    at: float = 24.0,
    moved: str = "lpips",
    start: Source = "gaussian_noise",
    steps: int = STEPS,
    seed: int = 0,
    witnesses: Sequence[str] = (),
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    told: Progress = _untold,
) -> Journey:
    """Ask how different pictures can be that are equal by one metric: lower and raise another one.

    Args:
        hold: What stays: "psnr", "ssim", "lpips", which is the method that the other arguments name, or
            another as "backbone:heads".
        at: Its value; decibels for PSNR.
        moved: What is lowered and raised, named in the same way.
        start: A noise (`explorer.synthesis.competition.NOISES`), laid on as strongly as `at` asks; or a
            picture, whose change from the reference is scaled to that.
        steps: Of each of both runs.
        seed: Of the noise.
        witnesses: Other metrics that are asked at the ends, named in the same way.
        reference, backbone, heads, layers, size, background, device, fit, weights: As in
            `explorer.measure`.
        told: Told the steps that are finished, and all.

    Returns:
        `Journey`: `frames("lowered")` and `frames("raised")` from the start, step 0, to the end; each has its
        `picture` and `standing.values`. PSNR is held within 0.02 dB, SSIM within 0.002, a distance within 1%.

    Raises:
        SettingError: an unknown metric or noise, one metric twice, one without a gradient, a start that is
            the reference, a value that no picture has; and as `explorer.measure`.
        ExplorerError: a value out of the start's reach, which says the nearest that was reached.
        ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, device=device)
    check_steps(steps)
    base = as_picture(reference, "reference", background)
    first: Picture | str = start if isinstance(start, str) else as_picture(start, "start", background)
    if isinstance(start, str) and start not in NOISES:
        first = as_picture(start, "start", background)
    if isinstance(first, Picture):
        base, first = (resize(each, size) for each in to_one_size(base, first, fit))
    else:
        base = resize(base, size)
    rulers = [read_ruler(name, method) for name in (hold, moved, *witnesses)]
    competition = Competition(base, rulers[0], at, rulers[1], first, method, seed)
    return travel(competition.plan(tuple(rulers[2:])), steps, told)


def directions(
    reference: Source,
    by: Sequence[str] = (SUM,),
    at: float = USUAL,
    steps: int = DIRECTION_STEPS,
    seed: int = 0,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    told: Progress = _untold,
) -> Directions:
    """Ask which small changes of a picture the metric sees most and least: its eigendistortions.

    Args:
        by: What sees them: "sum" for the layers together, or names among these; up to three.
        at: The PSNR in dB, from 24 to 56, at which they are shown.
        steps: Of each; the most is found in about fifteen, the least falls as long as one goes on.
        seed: Of the noise that they start from.
        reference, backbone, heads, layers, size, background, device, weights: As in `explorer.measure`.
        told: Told the steps that are finished, and all.

    Returns:
        `Directions`: `pair("sum")` is the most and the least seen one, each with its `eigenvalue`, its
        `picture` and the `distance` of that; `ratio("sum")` is that of both eigenvalues.

    Raises:
        SettingError: a metric without a gradient, an unknown layer, a PSNR out of range; and as
            `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, device=device)
    check_steps(steps)
    base = resize(as_picture(reference, "reference", background), size)
    return found_in(travel(plan_of(base, method, by, at, seed), steps, told))
