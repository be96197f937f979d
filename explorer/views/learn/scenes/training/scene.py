"""What the chapter shows of it: a column a network, the ladder's places, and how to look at another."""

import math
from collections.abc import Mapping
from functools import partial

import streamlit as st

from explorer.analysis.agreement import Agreement
from explorer.analysis.ladder import RUNGS
from explorer.analysis.rulers import PSNR, SSIM
from explorer.lessons.emergence import FIRST, LABELS, Emergence, Kind, Way, filters_of, ways_of
from explorer.lessons.filters import first_weights
from explorer.lessons.sides import sides_of
from explorer.metrics import Method
from explorer.viewer.training.training import (
    PARTS,
    WORDS,
    Known,
    Number,
    Row,
    Rung,
    Table,
    Training,
    training,
)
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.parts import plain
from explorer.views.common.progress import draw_work
from explorer.views.learn.scenes.training.measuring import Seen, again, look
from explorer.views.learn.scenes.training.telling import ABOUT, SAID, about, counted, printed, sentence
from explorer.views.learn.stage import Stage
from explorer.views.learn.whole_layers import draw_whole_layers

KIND, LAYERS = "training", "training_layers"  # parameters of the link
PAUSE = 0.4  # seconds between two pictures of a ladder that grows
TO_COME, NONE = Number("…"), Number("–")
COIN = 0.5  # of the votes, with which chance sides: from there bars go to what people reach themselves
LIKE_PSNR, WITH_PEOPLE, OTHERS = "Ranks like PSNR", "Sides with people", "Ranks like others"
TITLE = f"{len(RUNGS)} versions of this picture, ranked"
FIXED = (*ABOUT, *SAID, LIKE_PSNR, WITH_PEOPLE, OTHERS, TITLE, *WORDS.values())


def draw(stage: Stage) -> None:
    """The whole scene.

    Raises:
        ExplorerError: the ladder cannot be measured with this picture or backbone.
    """
    method = stage.method
    if not method.row.uniform:
        why = f"{method.row.label} compares whole layers with heads that random weights cannot have."
        draw_whole_layers(stage.session, why)
        return
    ways = ways_of(method)
    chosen, part = choice_of(stage, ways)
    seen = look(stage.session, stage.reference, method, ways)
    training(described(seen, ways, method, chosen, part), key="training", on_choose=partial(keep, stage))
    draw_below(stage, seen, ways, method)


def draw_below(stage: Stage, seen: Seen, ways: tuple[Way, ...], method: Method) -> None:
    """How far the work is; once it is over what must be known beside the numbers, or what can be fetched."""
    job = seen.job
    if job and job.state != "done":
        draw_work(
            job,
            "training",
            seen.drawn,
            partial(again, stage.session),
            kept="what was ranked is shown",
            pause=PAUSE,
        )
    elif len(seen.at_hand) < len(ways):
        draw_fetch(method.row, "training")
    elif said := counted(sides_of(method.backbone)):
        st.caption(plain(said))


def choice_of(stage: Stage, ways: tuple[Way, ...]) -> tuple[Kind, str]:
    """The network and the part of its layers that the link asks for; for a bad one the first."""
    kinds = [way.kind for way in ways]
    kind, part = stage.own.get(KIND, kinds[0]), stage.own.get(LAYERS, PARTS[0])
    if kind in kinds and part in PARTS:
        return kind, part
    if kind not in kinds and kind in LABELS:
        label, shown = stage.session.settings.method.row.label, LABELS[kinds[0]]
        what = "heads were learned" if kind == "learned" else "k-means filters were learned"
        stage.session.report(f"No {what} for {label}; {shown} is shown.")
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
    found, hand = seen.found, [way.kind for way in seen.at_hand]
    agreements = {part: found.agreement(part) for part in PARTS}
    first = method.row.layer_names[:FIRST]
    reference, *versions = seen.sheet
    agree = partial(agreeing, found, ways, agreements, hand)
    others = tuple(agree(name, LABELS.get(name, name)) for name in (SSIM, *(way.kind for way in ways)))
    return Training(
        networks=tuple(known(found, way, agreements, way.kind in hand) for way in ways),
        tables=(
            Table("", (agree(PSNR, LIKE_PSNR), siding(method, ways)), is_large=True),
            Table(OTHERS, others, is_large=False),
        ),
        rungs=tuple(
            Rung(rung.label, rung.distortion, version) for rung, version in zip(RUNGS, versions, strict=True)
        ),
        ranks=places(found, PSNR, "all"),
        parts={"all": "All layers", "first": " + ".join(first)},
        chosen=chosen,
        part=part,
        title=TITLE,
        reference=reference,
        notes=printed(sides_of(method.backbone), method),
    )


def known(found: Emergence, way: Way, agreements: Mapping[str, Agreement], is_there: bool) -> Known:
    """One network as a column."""
    ranks = {part: places(found, way.kind, part) for part in PARTS}
    outlier = {part: outlier_of(own, way.kind) for part, own in agreements.items()}
    filters = filters_of(way, found) if is_there else None
    weighs = way.kind == "learned" and is_there and first_weights(way.method) is not None
    return Known(
        way.kind,
        LABELS[way.kind],
        about(way) if is_there else "to be fetched",
        sentence(way, weighs),
        filters,
        ranks,
        outlier,
        is_there,
    )


def places(found: Emergence, name: str, part: str) -> tuple[float | None, ...]:
    """The rungs' ranks by a ruler, as JSON has them; none that PSNR's are not to be compared with."""
    if not found.is_in_step(name):
        return (None,) * len(RUNGS)
    return tuple(None if math.isnan(rank) else float(rank) for rank in found.ranks(name, part))


def outlier_of(agreement: Agreement, kind: Kind) -> int | None:
    """The rung about which PSNR and a network differ most."""
    if kind not in agreement.names or PSNR not in agreement.names:
        return None
    pair = agreement.names.index(PSNR), agreement.names.index(kind)
    return RUNGS.index(agreement.disputes[pair].rung)


def agreeing(
    found: Emergence,
    ways: tuple[Way, ...],
    agreements: Mapping[str, Agreement],
    hand: list[Kind],
    name: str,
    label: str,
) -> Row:
    """How far the networks' orders agree with that of a ruler, a kind or "PSNR" or "SSIM"."""

    def cell(agreement: Agreement, kind: Kind) -> Number:
        if kind == name or kind not in hand or (name in LABELS and name not in hand):
            return NONE
        if not (found.is_whole(name) and found.is_whole(kind)):
            return TO_COME
        value = float(agreement.correlations[agreement.names.index(name), agreement.names.index(kind)])
        return NONE if math.isnan(value) else Number(f"{value:.2f}", value, value)

    cells = {part: tuple(cell(own, way.kind) for way in ways) for part, own in agreements.items()}
    return Row(label, "", cells)


def siding(method: Method, ways: tuple[Way, ...]) -> Row:
    """How often the networks of the paper's Table 5 side with people."""
    sides = sides_of(method.backbone)

    def cell(kind: Kind) -> Number:
        row = sides.rows.get(kind)
        if row is None:
            return NONE
        return Number(f"{row.mean:.1%}", row.mean, (row.mean - COIN) / (sides.people.mean - COIN))

    cells = tuple(cell(way.kind) for way in ways)
    return Row(WITH_PEOPLE, "Table 5", dict.fromkeys(PARTS, cells))
