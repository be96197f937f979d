"""Chapter 1, which is closer: you choose, then metrics and people answer."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field

from explorer.errors import AskingError, ExplorerError, StoreError
from explorer.judgments.store import opened_store
from explorer.lessons import closer
from explorer.viewer.closer.closer import CloserBar, CloserLine, CloserScene, closer_scene
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.kept import Kept
from explorer.views.common.parts import draw_problems
from explorer.views.common.settings import quoted
from explorer.views.common.teacher import teacher_keys
from explorer.views.learn.stage import Stage

PAIR, CHOICE, SHOWN = "closer_pair", "closer_choice", "closer_shown"
NONE, METRICS, PEOPLE = "none", "metrics", "people"  # how far the answer is shown; a choice shows all of it
TITLE = "How often they side with people"
ABOUT = "Of {trials:,} trials of the paper’s data set. ¹ Printed in its Table 5; the rest is counted now."


@dataclass
class CloserState:
    """What was measured last."""

    found: Kept[closer.Closer] = field(default_factory=lambda: Kept(most=8))


def draw(stage: Stage) -> None:
    """The pictures, and as much of the answer as is asked for."""
    own = _checked(stage)

    def keep(**changes: str) -> None:
        kept = own | changes
        stage.keep({name: text for name, text in kept.items() if text != DEFAULTS[name]})

    if any(own.get(name) != text for name, text in stage.own.items()):
        keep()  # what was no good is said once
    try:
        found = _found(stage, own[PAIR])
    except ExplorerError as error:
        draw_problems([], error)
        return
    closer_scene(
        _scene(stage, found, own),
        key="closer",
        on_choose=lambda side: keep(**{CHOICE: side}),
        on_pair=lambda name: keep(**{PAIR: name, CHOICE: NONE, SHOWN: NONE}),
        on_take_back=lambda: keep(**{CHOICE: NONE, SHOWN: NONE}),
    )


DEFAULTS = {PAIR: closer.USUAL, CHOICE: NONE, SHOWN: NONE}
ALLOWED = {PAIR: tuple(closer.VERSIONS), CHOICE: (NONE, *closer.SIDES), SHOWN: (NONE, METRICS, PEOPLE)}


def _checked(stage: Stage) -> dict[str, str]:
    """The scene's own parameters; of one that is no good the default is taken, and that is said."""
    found = dict(DEFAULTS)
    for name, text in stage.own.items():
        if name not in ALLOWED:
            continue
        if text in ALLOWED[name]:
            found[name] = text
        else:
            stage.session.report(
                f"The link asks for {name} {quoted(text)}, and the default was taken: "
                f"choose one of {', '.join(ALLOWED[name])}."
            )
    return found


def _found(stage: Stage, name: str) -> closer.Closer:
    """The two versions, measured once for the same picture and method."""
    method = stage.method
    key: Hashable = stage.reference.digest, stage.reference.name, method, name
    kept = stage.session.state(CloserState).found
    found = kept.get(key)
    if found is None:
        with one_at_a_time("Measuring …"):
            found = kept.keep(key, closer.closer(stage.reference, method, name))
    return found


def _scene(stage: Stage, found: closer.Closer, own: dict[str, str]) -> CloserScene:
    choice = "" if own[CHOICE] == NONE else own[CHOICE]
    has_metrics = bool(choice) or own[SHOWN] != NONE
    has_people = bool(choice) or own[SHOWN] == PEOPLE
    return CloserScene(
        reference=stage.reference.pixels,
        reference_name=stage.reference.name,
        versions=tuple(each.pixels for each in found.pictures),
        labels=found.versions.notes,
        lines=tuple(_line(line) for line in found.lines) if has_metrics else (),
        said=found.said(choice) if has_metrics else "",
        bars=tuple(_bar(line) for line in closer.people()) if has_people else (),
        bars_title=TITLE,
        bars_about=ABOUT.format(trials=closer.trials()),
        votes=_votes(stage, found.versions) if has_people else "",
        chosen=choice,
        pairs=tuple((each.name, each.label) for each in closer.VERSIONS.values()),
        pair=own[PAIR],
    )


def _votes(stage: Stage, versions: closer.Versions) -> str:
    """What the class of this browser has said of such versions, the last one that was asked; "" for none."""
    for teacher in teacher_keys.of(stage.session.key).values():
        try:
            info = opened_store().by_teacher(teacher)
            found = closer.class_share(info.plan, opened_store().votes(info.code), versions)
        except AskingError:  # it has gone
            continue
        except StoreError:
            return ""  # the chapter of the vote says so
        if found:
            return found.said(versions)
    return ""


def _line(line: closer.Line) -> CloserLine:
    values = tuple(value if math.isfinite(value) else None for value in line.values)
    return CloserLine(line.metric, line.direction, values, line.shown, line.prefers)


def _bar(line: closer.PeopleLine) -> CloserBar:
    return CloserBar(line.who, line.share, f"{line.share:.1%}", "1" if line.source == "table" else "")
