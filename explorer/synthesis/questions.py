"""The page Duel's questions as one function each, for Python: from files or arrays to what is made."""

from collections.abc import Sequence

from explorer.analysis.rulers import read_ruler
from explorer.errors import SettingError
from explorer.images import Picture, Source, as_picture, resize, to_one_size
from explorer.jobs import Progress
from explorer.metrics import Method
from explorer.synthesis.bounds import Decibels, Levels
from explorer.synthesis.competition import NOISES, STEPS, Competition
from explorer.synthesis.eigendistortions import STEPS as DIRECTION_STEPS
from explorer.synthesis.eigendistortions import SUM, USUAL, Directions, found_in, plan_of
from explorer.synthesis.found import Found
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.keeping import STEPS as GROWING
from explorer.synthesis.keeping import Keeping, read_groups, usual_groups
from explorer.synthesis.process import check_steps
from explorer.synthesis.starts import STARTS
from explorer.synthesis.transfer import usual_witnesses
from explorer.synthesis.trial import STEPS as VERDICT_STEPS
from explorer.synthesis.trial import Trial


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


def turn_verdict(
    reference: Source,
    a: Source,
    b: Source,
    levels: int | None = None,
    psnr: float | None = None,
    same_score: bool = False,
    steps: int = VERDICT_STEPS,
    witnesses: Sequence[str] | None = None,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    told: Progress = _untold,
) -> Found:
    """Ask how small a change of the closer of two versions makes a metric prefer the other one.

    Args:
        a, b: The two versions, in any order.
        levels: By how many grey levels of 255 a value may move, 1 to 16; None looks for the fewest.
        psnr: In its place, the PSNR in dB that the change has at least, 20 to 60.
        same_score: In the place of both, the converse: the change that made `b` is scaled until the metric
            finds it as far as `a`, and then PSNR is lowered at that score, which is held within 1%.
        steps: At most.
        witnesses: Other metrics that are asked whether they fall for it, as "backbone:heads"; None takes the
            published ones whose weights are on this machine.
        reference, backbone, heads, layers, size, background, device, fit, weights: As in `explorer.measure`.
        told: Told the steps that are finished, and all.

    Returns:
        `Found`: `sentence` says it, `now.picture` is the changed version in 8 bits, `levels` by how much it
        was changed, `opinions()` what each metric said before, says now, and says of the other version.

    Raises:
        SettingError: two bounds at once, or one out of its range, a metric without a gradient, versions that
            are equally far; and as `explorer.measure`.
        ExplorerError: the same, where it came out in the work.
        ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    if (levels is not None) + (psnr is not None) + same_score > 1:
        raise SettingError("Of levels, psnr and same_score only one can be asked for; choose one.")
    bound = None if levels is None else Levels(levels)
    bound = bound if psnr is None else Decibels(psnr)
    method = Method(backbone, heads, layers, weights, device=device)
    check_steps(steps)
    base = as_picture(reference, "reference", background)
    versions = (as_picture(each, name, background) for each, name in ((a, "a"), (b, "b")))
    pairs = [to_one_size(base, each, fit) for each in versions]
    pictures = [resize(each, size) for each in (pairs[0][0], *(pair[1] for pair in pairs))]
    trial = Trial(*pictures, method, bound, same_score)
    if witnesses is None:
        rulers = usual_witnesses(method, trial.reference.size)
    else:
        rulers = tuple(read_ruler(name, method) for name in witnesses)
    return Found(travel(trial.plan(rulers), steps, told))


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


def invert(
    reference: Source,
    layers: str | Sequence[str] | None = None,
    start: Source = "noise",
    by: str = "pixels",
    steps: int = GROWING,
    seed: int = 0,
    backbone: str = "alexnet",
    heads: str | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    told: Progress = _untold,
) -> Journey:
    """Ask what layers keep of a picture: another one is grown until they take it for the reference.

    Args:
        layers: A picture is grown for each, at most five; layers that are to be met together are written
            "conv1,conv2". None takes the first, the middle and the last.
        start: "noise", "grey", a sample's name, or a picture, which is scaled and cropped to the reference.
        by: How it is drawn: "pixels" by the raw gradient, "fourier" as waves, or "smooth", with little
            variation.
        steps: For each picture.
        seed: Of the noise.
        heads: "uniform" compares without heads; None takes the backbone's first.
        reference, backbone, size, background, device, weights: As in `explorer.measure`.
        told: Told the steps that are finished, and all.

    Returns:
        `Journey`: `frames("conv3")` from the start, step 0, to the end; each has its `picture`, and by
        `standing` what every layer says of that.

    Raises:
        SettingError: an unknown name, more than five pictures, a metric without a gradient, or a start that
            is the reference; and as `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, None, weights, device=device)
    check_steps(steps)
    base = resize(as_picture(reference, "reference", background), size)
    if not (isinstance(start, str) and start in STARTS):
        start = as_picture(start, "start", background)
    named = [layers] if isinstance(layers, str) else layers
    groups = usual_groups(method.layers) if named is None else read_groups(";".join(named))
    return travel(Keeping(base, groups, method, start, by, seed).plan(), steps, told)
