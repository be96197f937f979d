"""The experiments that are answered at once, as scenes: size, input range, texture."""

from collections.abc import Callable, Mapping

import numpy as np

from explorer.backbones import find_backbone
from explorer.errors import ExplorerError, SettingError
from explorer.images import times
from explorer.lessons import failing
from explorer.lessons.amounts import amount_on
from explorer.metrics import Method
from explorer.viewer.failing.failing import Bar, Choice, Exhibit, FailingScene
from explorer.views.common.parts import told
from explorer.views.learn.scenes.failing.own import FED, GIVEN, OF, SIZE, TEXTURE, TOPICS, Own
from explorer.views.learn.stage import Stage

OTHER = "alexnet"  # which can do all experiments
OF_PLACES = ("range", "noise")  # experiments that need a term for each place
SAME = "The two pictures are the same: distort one to see a difference."
RANGES = {"right": "[−1, 1]", "wrong": "[0, 1]"}


def score(value: float) -> str:
    """A score as it is read."""
    return f"{value:.4f}"


def sizes(stage: Stage, own: Own) -> FailingScene:
    """One pair at several sizes; the score of one that was not asked for is still to be guessed."""
    found = failing.at_sizes(stage.pair.reference, stage.pair.distorted, stage.method)
    texts = {_size_key(each.side): each for each in found}
    chosen = own[SIZE] if own[SIZE] in texts else GIVEN
    seen = texts[chosen]
    given = max(stage.pair.reference.size)
    pictures = [failing.at_size(each, seen.side) for each in (stage.pair.reference, stage.pair.distorted)]
    measured = [each for each in found if each.measurement]
    known = [each for each in measured if _size_key(each.side) in own.sizes_seen]
    first, last = known[0], known[-1]
    is_guessed = len(known) < 2 <= len(measured)
    is_same = np.array_equal(stage.pair.reference.pixels, stage.pair.distorted.pixels)
    said = said_of_sizes(
        {each.side or given: each.measurement.score for each in (first, last)}, is_same=is_same
    )
    if is_guessed and not is_same:
        said = ""
    return FailingScene(
        topics=TOPICS,
        topic=own[OF],
        exhibits=[
            Exhibit(picture.pixels, label, f"{times(picture.size)} pixels")
            for label, picture in zip(("Reference", "Distorted"), pictures, strict=True)
        ],
        control="Longest side, pixels",
        choices=[Choice(key, str(each.side or given)) for key, each in texts.items()],
        chosen=chosen,
        metric=first.measurement.name.metric,
        bars=[_bar_of(each, given, each is seen, is_known=each in known) for each in found],
        said=said if seen.measurement else seen.problem,
        way=f"Inspect it at {seen.side or given} pixels",
    )


def ranges(stage: Stage, own: Own) -> FailingScene:
    """One pair, fed in its range and in a wrong one."""
    method = stage.method
    need_places(method)
    found = failing.fed_wrongly(stage.pair.reference, stage.pair.distorted, method)
    is_same = np.array_equal(stage.pair.reference.pixels, stage.pair.distorted.pixels)
    is_wrong = own[FED] == "wrong"
    pair = stage.pair.reference, stage.pair.distorted
    return FailingScene(
        topics=TOPICS,
        topic=own[OF],
        exhibits=[
            Exhibit(picture.pixels, label, "as the network takes it" if is_wrong else "")
            for label, picture in zip(
                ("Reference", "Distorted"), found.seen if is_wrong else pair, strict=True
            )
        ],
        control="Pixels are fed in",
        choices=[Choice(key, label) for key, label in RANGES.items()],
        chosen=own[FED],
        metric=method.name.metric,
        bars=[
            Bar(label, value, score(value), key == own[FED])
            for (key, label), value in zip(RANGES.items(), (found.right, found.wrong), strict=True)
        ],
        said=said_of_ranges(found.right, found.wrong, is_same=is_same),
        way="Inspect it",
    )


def textures(stage: Stage, own: Own) -> FailingScene:
    """A piece of a texture, another piece of it, and the first one blurred."""
    found = failing.swapped(own[TEXTURE], stage.method)
    other, blurred = found.of_other, found.of_blurred
    is_farther = other.score > blurred.score
    return FailingScene(
        topics=TOPICS,
        topic=own[OF],
        exhibits=[
            Exhibit(found.piece.pixels, "Reference", times(found.piece.size)),
            Exhibit(found.other.pixels, "Another piece"),
            Exhibit(found.blurred.pixels, "Blurred", amount_on(found.texture.blur, min(found.piece.size))),
        ],
        control="Material",
        choices=[Choice(key, each.label) for key, each in failing.TEXTURES.items()],
        chosen=own[TEXTURE],
        metric=other.name.metric,
        bars=[
            Bar("Another piece", other.score, score(other.score), is_farther),
            Bar("Blurred", blurred.score, score(blurred.score), not is_farther),
        ],
        said=(
            "Another piece: farther than the blur."
            if is_farther
            else "Another piece: here nearer than the blur."
        ),
        way="Compare networks",
    )


def need_places(method: Method) -> None:
    """Raise SettingError for a metric that has no term for each place, and so no module to feed."""
    if not method.has_maps:
        raise SettingError(
            f"{method.name.metric} compares statistics of whole layers, and this experiment needs features "
            f"place by place; choose another backbone, such as AlexNet."
        )


def refused(stage: Stage, own: Own, error: ExplorerError) -> FailingScene:
    """What is shown where a metric cannot do an experiment: why, and the other experiments."""
    return FailingScene(
        topics=TOPICS,
        topic=own[OF],
        exhibits=[Exhibit(stage.pair.reference.pixels, "Reference")],
        control="",
        choices=(),
        chosen="",
        metric="",
        bars=(),
        said=told(error),
        way="" if is_possible(own[OF], stage.method) else f"Take {find_backbone(OTHER).label}",
    )


def is_possible(topic: str, method: Method) -> bool:
    """Whether a metric can do an experiment: some need a term for each place."""
    return method.has_maps or topic not in OF_PLACES


def said_of_sizes(scores: Mapping[int, float], is_same: bool) -> str:
    """What one pair's scores at its longest sides say."""
    if is_same:
        return SAME
    if len(scores) == 1:
        return "This picture is too small to be measured smaller."
    (side, value), (smaller, other) = scores.items()
    if score(value) == score(other):
        return f"{score(value)} at {side} pixels, and at {smaller} as well."
    return f"One pair: {score(value)} at {side} pixels, {score(other)} at {smaller}. A score needs its size."


def said_of_ranges(right: float, wrong: float, is_same: bool) -> str:
    """What the scores of one pair say that is fed in its range, and in a wrong one."""
    if is_same:
        return SAME
    if score(right) == score(wrong):
        return f"[0, 1] taken for [−1, 1]: {score(wrong)} as well, and no error."
    return f"[0, 1] taken for [−1, 1]: {score(wrong)}, not {score(right)}, and no error."


def _size_key(side: int | None) -> str:
    return GIVEN if side is None else str(side)


def _bar_of(each: failing.AtSize, given: int, is_chosen: bool, is_known: bool) -> Bar:
    label = f"{each.side or given} px"
    if each.measurement is None:
        return Bar(label, None, "–", is_chosen)
    if not is_known:
        return Bar(label, None, "?")
    return Bar(label, each.measurement.score, score(each.measurement.score), is_chosen)


MAKERS: Mapping[str, Callable[[Stage, Own], FailingScene]] = {
    "size": sizes,
    "range": ranges,
    "texture": textures,
}
