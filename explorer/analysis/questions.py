"""The pages' questions as one function each, for Python: from files or arrays to what the page finds."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from explorer.analysis import candidates as candidate_rows
from explorer.analysis.candidates import PSNR, SSIM, Metric, Ranking, distinct_names
from explorer.analysis.disagreement import MOST, Disagreements, check_rulers
from explorer.analysis.disagreement import disagreements as found_disagreements
from explorer.analysis.match import USUAL, Match, matches
from explorer.analysis.readings import Readings, read_ladders
from explorer.analysis.region import Findings, as_box, fitted, investigate, name_of
from explorer.analysis.rulers import read_ruler
from explorer.analysis.stability import Stability, Verdict
from explorer.analysis.stability import stability as stability_of
from explorer.analysis.stability import verdict as verdict_of
from explorer.analysis.sweep import USUAL_POINTS, Sweep, measured, parameter_axis, severity_axis
from explorer.analysis.version_grid import SEVERITIES, check_severities, named_distortions
from explorer.analysis.version_grid import measured as measured_versions
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.images import Picture, Source, as_picture, resize, to_one_size
from explorer.limits import MOST_BOXES
from explorer.metrics import Method, read_method
from explorer.metrics.scores import classic_scores, scores

LADDER_BYTES = 1_000_000  # of the scores on one pair's ladders


def region(
    reference: Source,
    distorted: Source,
    boxes: Sequence[Any] | None = None,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Findings:
    """Ask which part of the distance lies in boxes, and whether they cause it: the page Region.

    Args:
        boxes: (x, y, width, height) each, or `explorer.analysis.region.Box`, in pixels of the image as given;
            None asks about the hot spots. One that reaches beyond the image is cut, with a warning.
        reference, distorted, backbone, heads, layers, size, background, device, fit, weights, precision: As
            in `explorer.measure`.

    Returns:
        `Findings`: `regions[0].held` is the map's answer (`distance`, `share`, a row a layer), and
        `regions[0].check` what exchanging the box's pixels does (`restore`, `insert`: scores); `measurement`
        is the pair's own.

    Raises:
        SettingError: a box that is none or lies outside the image, more than eight, or hot spots asked of
            heads without maps; and as `explorer.measure`.
        ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    pair = to_one_size(
        as_picture(reference, "reference", background), as_picture(distorted, "distorted", background), fit
    )
    if boxes is None:
        if not method.has_maps:
            raise SettingError(f"{method.heads} has no maps, and so no hot spots to ask about; give boxes.")
        return investigate(*pair, None, method)
    if len(boxes) > MOST_BOXES:
        raise SettingError(f"{len(boxes)} boxes were given, and {MOST_BOXES} are the most; leave some out.")
    inside = []
    for place, box in enumerate(boxes):
        cut, sentence = fitted(as_box(box), pair[0].size, f"Box {name_of(place)}")
        if sentence:
            warnings.warn(sentence, stacklevel=2)
        inside.append(cut)
    return investigate(*pair, inside, method)


def rank(
    reference: Source,
    candidates: Mapping[str, Source] | Sequence[Source],
    metrics: Sequence[str | Method] = ("alexnet:lpips-0.1",),
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
) -> Ranking:
    """Ask which of several pictures is closest to the reference, and whether metrics agree: Candidates.

    Args:
        candidates: By name, or in a row: those without a name of their own are "candidate 1" and so on.
        metrics: Methods as links and files write them, "backbone:heads" with ":random" behind it for random
            weights, or `explorer.metrics.Method`; PSNR and SSIM are always beside them.
        size, device: Of all metrics that are written as text.
        reference, background, fit: As in `explorer.measure`.

    Returns:
        `Ranking`: `sentence` says it, `rows[i].cells[j]` has value and rank of a candidate by a metric,
        `order` the rows by the first metric, closest first.

    Raises:
        SettingError: no candidates, or a metric that does not exist; and as `explorer.measure`.
        ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    methods = [_method(metric, size, device) for metric in metrics]
    named = candidates.items() if isinstance(candidates, Mapping) else ((None, each) for each in candidates)
    base = as_picture(reference, "reference", background)
    names, pairs = [], []
    for place, (name, source) in enumerate(named, 1):
        picture = as_picture(source, f"candidate {place}", background)
        names.append(name if name is not None else picture.name)
        pairs.append(to_one_size(base, picture, fit))
    if not pairs:
        raise SettingError("There are no candidates to rank; give at least one.")
    columns = [[scores(method, own, [other])[0] for own, other in pairs] for method in methods]
    classic = [classic_scores(own, other, size) for own, other in pairs]
    return candidate_rows.rank(
        [*(Metric(method.text, method.label) for method in methods), PSNR, SSIM],
        distinct_names(names),
        [[*values, *both] for *values, both in zip(*columns, classic, strict=True)],
    )


def sweep(
    reference: Source,
    name: str,
    parameter: str | None = None,
    start: float | None = None,
    stop: float | None = None,
    points: int = USUAL_POINTS,
    seed: int = 0,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    precision: str = "float32",
) -> Sweep:
    """Ask what every metric says of one distortion, from weak to strong.

    Args:
        name: A distortion, a key of `explorer.distortions.CATALOGUE`.
        parameter: One of its physical parameters, for the axis; None is its severity, from 0 to 1.
        start, stop: The parameter's ends, in its unit; None is where its severities begin and end.
        points: How many, from 2 to 201; fewer where a parameter has fewer whole numbers.
        seed: Of a random distortion: one pattern, at all strengths.
        reference, backbone, heads, layers, size, background, device, weights, precision: As in
            `explorer.measure`; the distortion is laid on the picture at the measured size.

    Returns:
        `Sweep`: `x`, `psnr`, `ssim`, `scores()` and `distances()` (a column a layer) are arrays with a row a
        point, and `picture(i)` is the picture.

    Raises:
        SettingError: an unknown name or parameter, ends out of its range; and as `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    if parameter is None:
        if (start, stop) != (None, None):
            raise SettingError("Ends belong to a parameter; name one, or leave them out for severity 0 to 1.")
        axis = severity_axis(name, points, seed)
    else:
        axis = parameter_axis(name, parameter, start, stop, points, seed)
    base = resize(as_picture(reference, "reference", background), size)
    return Sweep(base, axis, (method,), tuple(measured(base, axis, (method,))))


def match(
    reference: Source,
    metric: str,
    target: float,
    names: Sequence[str] = USUAL,
    seed: int = 0,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    precision: str = "float32",
) -> list[Match]:
    """Ask for versions of a picture that are equal by one metric, each under a distortion of its own.

    Args:
        metric: "psnr", "ssim" or "lpips", which is the method that the other arguments name.
        target: Its value; decibels for PSNR.
        names: Distortions, keys of `explorer.distortions.CATALOGUE`.
        seed: Of the random ones.
        reference, backbone, heads, layers, size, background, device, weights, precision: As in
            `explorer.measure`; the distortions are laid on the picture at the measured size.

    Returns:
        One `Match` a distortion, in the names' order: `name`, `parameters`, `value`, `image` (uint8), and
        `reached`, or else an `outcome` that says why not, with the nearest value that there is.

    Raises:
        SettingError: an unknown metric or distortion, a target that no picture has; as `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    ruler = read_ruler(metric, method)
    base = resize(as_picture(reference, "reference", background), size)
    return list(matches(base, ruler, target, names, seed))


def disagreements(
    reference: Source,
    first: str,
    second: str,
    names: Sequence[str] | str = USUAL,
    severities: Sequence[float] = SEVERITIES,
    seed: int = 0,
    most: int = MOST,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    weights: str = "trained",
    precision: str = "float32",
) -> Disagreements:
    """Ask on which two versions of a picture two metrics disagree most.

    Args:
        first, second: "psnr", "ssim", "lpips", which is the method that the other arguments name, or another
            as "backbone:heads".
        names: Distortions, keys of `explorer.distortions.CATALOGUE`, or "all".
        severities: At which each is laid on the picture, above 0 and up to 1.
        seed: Of the random ones.
        most: Pairs that are told.
        reference, backbone, heads, layers, size, background, device, weights, precision: As in
            `explorer.measure`; the distortions are laid on the picture at the measured size.

    Returns:
        `Disagreements`: `sentence` says how often the metrics disagree, and `cards` are the clearest pairs:
        `first` is the version that the first metric prefers, `second` that of the other one.

    Raises:
        SettingError: an unknown metric or distortion, one metric twice; and as `explorer.measure`.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    rulers = read_ruler(first, method), read_ruler(second, method)
    check_rulers(rulers)
    base = resize(as_picture(reference, "reference", background), size)
    rows = list(measured_versions(base, rulers, named_distortions(names), check_severities(severities), seed))
    return found_disagreements(base, rulers, rows, most)


def readings(
    reference: Source,
    distorted: Source,
    names: Sequence[str] | None = None,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Readings:
    """Ask as far as what a pair is: the strengths of distortions of its reference that have its score.

    Args:
        names: Ladders, keys of `explorer.analysis.readings.LADDERS`; None takes all.
        reference, distorted, backbone, heads, layers, size, background, device, fit, weights, precision: As
            in `explorer.measure`; the distortions are laid on the reference at the measured size.

    Returns:
        `Readings`: `sentence` says it, and `readings` has one a ladder: its `value` in its `unit` (pixels of
        the measured size), `low` and `high` over the seeds of a random one, and the `outcome`.

    Raises:
        SettingError: a ladder that is none; and as `explorer.measure`.
        ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    pair = _measured_pair(reference, distorted, background, fit, size)
    return read_ladders(*pair, method, ByteBudgetCache(LADDER_BYTES), names)


def stability(
    reference: Source,
    distorted: Source,
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Stability:
    """Ask how sure a score is: what it becomes under changes of both pictures that nobody sees.

    Args:
        reference, distorted, backbone, heads, layers, size, background, device, fit, weights, precision: As
            in `explorer.measure`; the changes are made at the measured size.

    Returns:
        `Stability`: `sentence` says it; `score`, `mean`, `low`, `high`, `spread` (of the range, as a share of
        the score), and `changed`, the score under each change.

    Raises:
        SettingError, ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    method = Method(backbone, heads, layers, weights, size, device, precision)
    return stability_of(*_measured_pair(reference, distorted, background, fit, size), method)


def verdict(
    reference: Source,
    one: Source,
    other: Source,
    metric: str = "lpips",
    backbone: str = "alexnet",
    heads: str | None = None,
    layers: Sequence[str] | None = None,
    size: int | None = None,
    background: str = "white",
    device: str = "auto",
    fit: str | None = None,
    weights: str = "trained",
    precision: str = "float32",
) -> Verdict:
    """Ask which of two candidates is closer, and whether changes that nobody sees leave it so.

    Args:
        one, other: The candidates, as `distorted` in `explorer.measure`.
        metric: "psnr", "ssim" or "lpips", which is the method that the other arguments name.
        reference, backbone, heads, layers, size, background, device, fit, weights, precision: As in
            `explorer.measure`.

    Returns:
        `Verdict`: `sentence` says it; `names` (the closer one first), `survived` and `turned`, the changes
        under which it is closer no more.

    Raises:
        SettingError, ImageError, SizeMismatchError, WeightsError: as `explorer.measure`.
    """
    ruler = read_ruler(metric, Method(backbone, heads, layers, weights, size, device, precision))
    base = as_picture(reference, "reference", background)
    pictures = [
        as_picture(each, f"candidate {place}", background) for place, each in enumerate((one, other), 1)
    ]
    pairs = [_measured_pair(base, each, background, fit, size) for each in pictures]
    return verdict_of(pairs, distinct_names([each.name for each in pictures]), ruler)


def _measured_pair(
    reference: Source, distorted: Source, background: str, fit: str | None, size: int | None
) -> tuple[Picture, Picture]:
    """Two pictures of one size, at the longest side that is measured."""
    pair = to_one_size(
        as_picture(reference, "reference", background), as_picture(distorted, "distorted", background), fit
    )
    one, other = (resize(each, size) for each in pair)
    return one, other


def _method(metric: str | Method, size: int | None, device: str) -> Method:
    if isinstance(metric, Method):
        return metric
    return replace(read_method(metric), size=size, device=device)
