"""The pages' questions as one function each, for Python: from files or arrays to what the page finds."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from explorer.analysis import candidates as candidate_rows
from explorer.analysis.candidates import PSNR, SSIM, Metric, Ranking, distinct_names
from explorer.analysis.region import Findings, as_box, fitted, investigate, name_of
from explorer.errors import SettingError
from explorer.images import Source, as_picture, match
from explorer.limits import MOST_BOXES
from explorer.metrics import Method, read_method
from explorer.metrics.scores import classic_scores, scores


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
    pair = match(
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
        pairs.append(match(base, picture, fit))
    if not pairs:
        raise SettingError("There are no candidates to rank; give at least one.")
    columns = [[scores(method, own, [other])[0] for own, other in pairs] for method in methods]
    classic = [classic_scores(own, other, size) for own, other in pairs]
    return candidate_rows.rank(
        [*(Metric(method.text, method.label) for method in methods), PSNR, SSIM],
        distinct_names(names),
        [[*values, *both] for *values, both in zip(*columns, classic, strict=True)],
    )


def _method(metric: str | Method, size: int | None, device: str) -> Method:
    if isinstance(metric, Method):
        return metric
    return replace(read_method(metric), size=size, device=device)
