"""What the chapter shows of it: a column a network, the ladder's places, and how to look at another."""

import math
from collections.abc import Mapping
from functools import partial

from explorer.analysis.agreement import Agreement
from explorer.analysis.ladder import RUNGS
from explorer.analysis.rulers import PSNR, SSIM
from explorer.backbones import HEADS
from explorer.errors import MissingWeightsError
from explorer.lessons import kmeans
from explorer.lessons.emergence import FIRST, LABELS, Emergence, Kind, Way, ways_of
from explorer.lessons.filters import first_filters, first_weights, mosaic
from explorer.lessons.sides import Sides, sides_of
from explorer.metrics import Method
from explorer.viewer.training.training import PARTS, Known, Number, Row, Rung, Training, training
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.progress import draw_work
from explorer.views.learn.scenes.training.measuring import Seen, again, look
from explorer.views.learn.stage import Stage

KIND, LAYERS = "training", "training_layers"  # parameters of the link
PAUSE = 0.4  # seconds between two pictures of a ladder that grows
TO_COME, NONE = Number("…"), Number("–")


def draw(stage: Stage) -> None:
    """The whole scene.

    Raises:
        ExplorerError: the ladder cannot be measured with this picture or backbone.
    """
    method = stage.method
    ways = ways_of(method)
    chosen, part = choice_of(stage, ways)
    try:
        seen = look(stage.session, stage.reference, method)
    except MissingWeightsError:
        draw_fetch(method.row, "training")
        raise

    training(described(seen, ways, method, chosen, part), key="training", on_choose=partial(keep, stage))
    if seen.job:
        forget = partial(again, stage.session)
        draw_work(seen.job, "training", seen.drawn, forget, kept="what was ordered is shown", pause=PAUSE)


def choice_of(stage: Stage, ways: tuple[Way, ...]) -> tuple[Kind, str]:
    """The network and the part of its layers that the link asks for; for a bad one the first."""
    kinds = [way.kind for way in ways]
    kind, part = stage.own.get(KIND, kinds[0]), stage.own.get(LAYERS, PARTS[0])
    if kind in kinds and part in PARTS:
        return kind, part
    if kind not in kinds and kind in LABELS:
        label = ways[0].method.row.label
        stage.session.report(f"{label} has no {LABELS[kind]} filters here; {LABELS[kinds[0]]} is shown.")
    elif kind not in kinds:
        stage.session.report(f"The link asks for another {KIND} than there is; choose {', '.join(kinds)}.")
    if part not in PARTS:
        stage.session.report(f"The link asks for other {LAYERS} than there are; choose {' or '.join(PARTS)}.")
    kind, part = kind if kind in kinds else kinds[0], part if part in PARTS else PARTS[0]
    keep(stage, kind, part)  # else it would be said again with each run
    return kind, part


def keep(stage: Stage, kind: str, part: str) -> None:
    """Make this the network and the part of its layers that is looked at."""
    stage.keep({**stage.own, KIND: kind, LAYERS: part})


def described(seen: Seen, ways: tuple[Way, ...], method: Method, chosen: Kind, part: str) -> Training:
    """All that is seen of what is known."""
    found, sides = seen.found, sides_of(method.backbone)
    agreements = {part: found.agreement(part) for part in PARTS}
    first = method.row.layer_names[:FIRST]
    original, *versions = seen.sheet
    rulers = (PSNR, SSIM, *(way.kind for way in ways))
    return Training(
        networks=tuple(known(found, way, agreements) for way in ways),
        tables=(
            ("Agrees in rank with", tuple(agreeing(found, name, ways, agreements) for name in rulers)),
            ("", (siding(sides, ways),)),
        ),
        rungs=tuple(
            Rung(rung.label, rung.distortion, version) for rung, version in zip(RUNGS, versions, strict=True)
        ),
        ranks=places(found, PSNR, "all"),
        parts={"all": "All layers", "first": " + ".join(first)},
        chosen=chosen,
        part=part,
        title=f"{len(RUNGS)} changes, by two orders",
        original=original,
        notes=notes(sides, method),
        is_working=seen.job is not None and seen.job.state != "done",
    )


def known(found: Emergence, way: Way, agreements: Mapping[str, Agreement]) -> Known:
    """One network as a column."""
    ranks = {part: places(found, way.kind, part) for part in PARTS}
    outlier = {part: outlier_of(own, way.kind) for part, own in agreements.items()}
    return Known(way.kind, LABELS[way.kind], about(way), filters_of(found, way), ranks, outlier)


def about(way: Way) -> str:
    """What a network has learned from, in a few words."""
    if way.kind == "random":
        return "from nothing"
    if way.kind == "k-means":
        return "from patches"
    return (
        "from labels" if way.kind == "trained" else f"from {HEADS[way.method.heads].trained_on or 'labels'}"
    )


def filters_of(found: Emergence, way: Way):
    """A network's first filters as a picture; None where they are still to be learned."""
    if way.method is None:
        return None if found.filters is None else mosaic(found.filters)
    filters = first_filters(way.method.network)
    return mosaic(filters, first_weights(way.method) if way.kind == "learned" else None)


def places(found: Emergence, name: str, part: str) -> tuple[float | None, ...]:
    """The rungs' places by a ruler, as JSON has them; none that PSNR's are not to be compared with."""
    if not found.is_in_step(name):
        return (None,) * len(RUNGS)
    return tuple(None if math.isnan(rank) else float(rank) for rank in found.ranks(name, part))


def outlier_of(agreement: Agreement, kind: Kind) -> int | None:
    """The rung about which PSNR and a network differ most."""
    if kind not in agreement.names or PSNR not in agreement.names:
        return None
    pair = agreement.names.index(PSNR), agreement.names.index(kind)
    return RUNGS.index(agreement.disputes[pair].rung)


def agreeing(found: Emergence, name: str, ways: tuple[Way, ...], agreements: Mapping[str, Agreement]) -> Row:
    """How far the networks' orders agree with that of a ruler."""

    def cell(agreement: Agreement, kind: Kind) -> Number:
        if kind == name:
            return NONE
        if not (found.is_whole(name) and found.is_whole(kind)):
            return TO_COME
        value = float(agreement.correlations[agreement.names.index(name), agreement.names.index(kind)])
        return NONE if math.isnan(value) else Number(f"{value:.2f}", value, value)

    cells = {part: tuple(cell(own, way.kind) for way in ways) for part, own in agreements.items()}
    return Row(LABELS.get(name, name), "", cells)


def siding(sides: Sides, ways: tuple[Way, ...]) -> Row:
    """How often the networks of the paper's Table 5 side with people."""

    def cell(kind: Kind) -> Number:
        row = sides.rows.get(kind)
        return NONE if row is None else Number(f"{row.mean:.1%}", row.mean, row.mean / sides.people.mean)

    cells = tuple(cell(way.kind) for way in ways)
    return Row("People", "Table 5", dict.fromkeys(PARTS, cells))


def notes(sides: Sides, method: Method) -> tuple[str, ...]:
    """What must be known beside the numbers."""
    said = [
        f"People: votes that it sides with; L2 {sides.squared_error.mean:.1%}, "
        f"people themselves {sides.people.mean:.1%}."
    ]
    if sides.counted:
        counted = sides.counted
        said.append(
            f"Counted now on {counted.trials:,} votes: {counted.metric.label} trained on votes "
            f"{counted.score:.1%}, people {counted.people:.1%}."
        )
    if method.backbone == kmeans.BACKBONE:
        said.append(f"k-means has {' and '.join(kmeans.LAYERS)} alone.")
    else:
        said.append("k-means learns AlexNet’s layers alone.")
    return tuple(said)
