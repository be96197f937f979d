"""Chapter 4: from cells to one number. Each layer's map, its mean, and the sum, which can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from explorer.analysis.wording import listed, percent
from explorer.backbones import HEADS
from explorer.figures.colours import method_colours
from explorer.lessons.depth import layer_as_deep
from explorer.lessons.ledger import Ledger, LedgerEntry, ledger_of
from explorer.metrics import Comparison, Method
from explorer.metrics.method import RANDOM
from explorer.viewer.ledger.ledger import (
    MAPS,
    SUM,
    LedgerHeads,
    LedgerLayer,
    LedgerScene,
    ledger,
)
from explorer.views.common.compute import compared_by_job, is_known, one_at_a_time
from explorer.views.common.settings import in_vain
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView
from explorer.views.learn.whole_layers import draw_whole_layers

SHOWN, OFF, HEADS_NAME = "ledger_shown", "ledger_off", "ledger_heads"  # in the link
NONE = "none"  # no layer is off
CHOSEN = "chosen"  # heads: those of the method
NO_MAPS = "DISTS compares each layer as a whole: there are no cells to take a mean of."
ALREADY = "The heads are uniform already: nothing changes."
FIXED = (  # what the scene says beside the lesson's file: of the numbers, one sentence at a time
    "makes the most of the distance; the least; with it was.",
    ALREADY,
    "Heads, here",
    "Off in the sidebar",
)


def draw(stage: Stage) -> None:
    """The whole scene.

    Raises:
        ExplorerError: the pair cannot be measured.
    """
    method = stage.method
    if not method.has_maps:
        draw_whole_layers(stage.session, NO_MAPS)
        return
    choices = heads_of(method)
    faults: dict[str, str] = {}
    heads = _read(stage, HEADS_NAME, CHOSEN, (CHOSEN, *choices), faults)
    heads = method.heads if heads == CHOSEN else heads
    shown = int(_read(stage, SHOWN, str(SUM), tuple(map(str, range(MAPS, SUM + 1))), faults))
    comparison = _compared(stage, replace(method, heads=heads))
    never = tuple(name for name in comparison.layers if name not in method.layers)
    off = _read_off(stage, comparison.layers, method.layers, faults)
    _report(stage, faults)
    found, usual = ledger_of(comparison, heads, off, never), None
    if heads != method.heads:  # of the same layers: one change at a time is compared
        usual = ledger_of(_compared(stage, method), method.heads, off, never)
    elif off:
        usual = ledger_of(comparison, heads, (), never)
    ledger(
        scene_of(stage, found, usual, choices, method, shown),
        key="learn_ledger",
        on_off=partial(_switch, stage),
        on_heads=partial(_keep, stage, HEADS_NAME, method.heads),
    )


def heads_of(method: Method) -> tuple[str, ...]:
    """Heads to choose between: the learned ones, the chosen ones at least, and the uniform ones."""
    row = method.row
    if not set(method.layers) <= set(row.layer_names):
        return ("uniform",)  # other nodes have no weights in learned ones
    learned = [method.heads] if method.heads != "uniform" else list(row.heads)[:1]
    if method.weights == RANDOM and method.heads == "uniform":
        learned = []  # they were learned for trained features
    return tuple(dict.fromkeys((*learned, *(["uniform"] if row.uniform else []))))


def _compared(stage: Stage, method: Method) -> Comparison:
    """The pair, measured with all layers of the network; what is known is not measured again."""
    session, pair = stage.session, stage.pair
    if is_known(session, pair, method):
        return compared_by_job(session, pair, method)[0]
    with one_at_a_time("Measuring …"):
        return compared_by_job(session, pair, method)[0]


def _read(stage: Stage, name: str, usual: str, choices: Sequence[str], faults: dict[str, str]) -> str:
    """A parameter of the link that is one of a few words; the usual one, and a fault, where it is none."""
    asked = stage.own.get(name, usual)
    if asked in choices:
        return asked
    faults[name] = f"choose one of {listed(choices)}"
    return usual


def _read_off(
    stage: Stage, layers: Sequence[str], members: Sequence[str], faults: dict[str, str]
) -> tuple[str, ...]:
    """The method's layers that the link leaves out of the sum, in the network's order.

    Args:
        layers: All that are shown.
        members: The method's. One of them is left, for a lesson cannot know which they are.
    """
    asked = stage.own.get(OFF, NONE)
    named = [] if asked == NONE else [layer_as_deep(name, layers) for name in asked.split(",")]
    if None in named:
        faults[OFF] = f"the layers are {listed(layers)}"
    elif set(named) == set(layers):
        faults[OFF] = "the sum needs at least one layer"
    elif not set(members) <= set(named):
        return tuple(name for name in layers if name in named and name in members)
    return ()


def _report(stage: Stage, faults: Mapping[str, str]) -> None:
    """Say what in the link is no good, and leave it out."""
    for name, why in faults.items():
        stage.session.report(in_vain(name, stage.own[name], f"{why}."))
    if faults:
        stage.keep({name: text for name, text in stage.own.items() if name not in faults})


def _keep(stage: Stage, name: str, usual: str, text: str) -> None:
    """Make a parameter part of the link, unless it says what goes without saying.

    The others are those of now: a run that was superseded may have changed one after this scene was drawn.
    """
    now = stage.session.view_of(LearnView).own
    own = {each: value for each, value in now.items() if each != name}
    stage.keep(own if text == usual else {**own, name: text})


def _switch(stage: Stage, off: tuple[str, ...]) -> None:
    _keep(stage, OFF, NONE, ",".join(off) or NONE)


def scene_of(
    stage: Stage, found: Ledger, usual: Ledger | None, choices: Sequence[str], method: Method, shown: int
) -> LedgerScene:
    """What the viewer draws.

    Args:
        usual: The ledger before anything was changed; None where nothing was.
    """
    colours = method_colours(method)
    before = {} if usual is None else {entry.name: _percent(entry) for entry in usual.entries}
    measured = replace(method, heads=found.heads, layers=_counted(found))
    return LedgerScene(
        reference=stage.pair.reference.pixels,
        distorted=stage.pair.distorted.pixels,
        names=(stage.pair.reference.name, stage.pair.distorted.name),
        layers=tuple(
            LedgerLayer(
                entry.name,
                entry.map,
                entry.distance,
                entry.is_in_sum,
                not entry.is_of_method,
                entry.before,
                entry.after,
                entry.share,
                _percent(entry),
                before.get(entry.name, ""),
                colours[entry.name],
            )
            for entry in found.entries
        ),
        score=found.score,
        whole=found.whole,
        was=None if usual is None else usual.score,
        word=measured.name.metric,
        end=found.maximum,
        clipped=percent(found.clipped) if found.clipped else "",
        heads=tuple(LedgerHeads(name, HEADS[name].label) for name in choices),
        chosen=found.heads,
        shown=shown,
        sentence=_sentence(stage, found, usual, method),
    )


def _sentence(stage: Stage, found: Ledger, usual: Ledger | None, method: Method) -> str:
    """What the numbers say, and of other heads what they said with the method's own."""
    if stage.own.get(HEADS_NAME) == method.heads == "uniform":
        return f"{ALREADY} {found.sentence}"
    is_single = sum(entry.is_in_sum for entry in found.entries) == 1
    if usual is None or found.heads == usual.heads or is_single or not usual.score:
        return found.sentence
    most = max((entry for entry in usual.entries if entry.is_in_sum), key=lambda entry: entry.distance)
    return f"{found.sentence} With {HEADS[usual.heads].label} it was {most.name}, {_percent(most)}."


def _counted(found: Ledger) -> tuple[str, ...]:
    return tuple(entry.name for entry in found.entries if entry.is_in_sum)


def _percent(entry: LedgerEntry) -> str:
    return percent(entry.share) if entry.share >= 0 else ""  # NaN: it has none
