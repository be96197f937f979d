"""Chapter 1, which is closer: you choose, then metrics and people answer."""

import math
from collections.abc import Hashable

from explorer.cache import ByteBudgetCache
from explorer.errors import AskingError, ExplorerError, StoreError
from explorer.judgments.store import opened_store
from explorer.lessons import closer
from explorer.lessons.lesson import Lesson
from explorer.lessons.wishes import NONE, readers
from explorer.viewer.closer.closer import CloserBar, CloserLine, CloserPart, CloserScene, closer_scene
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.lessons import lesson_of
from explorer.views.common.parts import draw_problems
from explorer.views.common.teacher import teacher_keys
from explorer.views.learn import going
from explorer.views.learn.checking import checked
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView

# What the scene says beside the lesson's words; of the reasons one is seen at a time, here the longest.
TITLE = "On {trials:,} other pairs, how often each agrees with people"
PRINTED, COUNTED = "Table 5. Counted now: a network trained on votes", ", people"
OPEN, ASK = "Here your class decides", "Ask the class"
FIXED = (
    TITLE,
    *(PRINTED, COUNTED, OPEN, ASK),
    *("Squared error", "one scale", "50% = a coin"),
    max((each.reason for each in closer.VERSIONS.values()), key=len),
)

PAIR, CHOICE, SHOWN = "closer_pair", "closer_choice", "closer_shown"
METRICS, PEOPLE = "metrics", "people"  # how far the answer is shown
VOTE = "vote"  # the scene where a class is asked


# Of all users together: a class opens the first chapter at once, with one picture.
_known: ByteBudgetCache[closer.Closer] = ByteBudgetCache(32_000_000)
SHARES = 4  # about how much one takes, in pictures: two of them, and their maps


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
    # A choice shows what the metrics say; people are the last step's.
    shown = own[SHOWN] if own[SHOWN] != NONE else METRICS
    of_step = going.own_of(stage.step).get(SHOWN, NONE)
    closer_scene(
        _scene(stage, found, own),
        key="closer",
        on_choose=lambda side: keep(**{CHOICE: side, SHOWN: shown}),
        on_pair=lambda name: keep(**{PAIR: name, CHOICE: NONE, SHOWN: of_step}),
        on_take_back=lambda: keep(**{CHOICE: NONE, SHOWN: NONE}),
        on_ask=lambda: _go_and_ask(stage),
    )


def _go_and_ask(stage: Stage) -> None:
    """Turn to the chapter where the class is asked."""
    lesson, chapter = _asking(stage)
    if chapter:
        going.go(stage.session, lesson, chapter, 1)


def _asking(stage: Stage) -> tuple[Lesson, int]:
    """The lesson, and which of its chapters asks the class, counted from 1; 0 for none."""
    lesson = lesson_of(stage.session, stage.session.view_of(LearnView).lesson).lesson
    scenes = [chapter.steps[0].sight.scene for chapter in lesson.chapters]
    return lesson, scenes.index(VOTE) + 1 if VOTE in scenes else 0


DEFAULTS = {PAIR: closer.USUAL, CHOICE: NONE, SHOWN: NONE}


def _checked(stage: Stage) -> dict[str, str]:
    """The scene's own parameters; of one that is no good the default is taken, and that is said."""
    return DEFAULTS | checked(stage.own, readers()["closer"], stage.session.report)


def _found(stage: Stage, name: str) -> closer.Closer:
    """The two versions, measured once for the same picture and method."""
    method = stage.method
    key: Hashable = stage.reference.digest, stage.reference.name, method, name
    found = _known.get(key)
    if found is None:
        with one_at_a_time("Measuring …"):
            found = closer.closer(stage.reference, method, name)
        _known.put(key, found, SHARES * stage.reference.pixels.nbytes)
    return found


def _scene(stage: Stage, found: closer.Closer, own: dict[str, str]) -> CloserScene:
    choice = "" if own[CHOICE] == NONE else own[CHOICE]
    has_metrics = bool(choice) or own[SHOWN] != NONE
    has_people = own[SHOWN] == PEOPLE
    votes = _votes(stage, found.versions) if has_people else ""
    return CloserScene(
        reference=stage.reference.pixels,
        reference_name=stage.reference.name,
        versions=tuple(each.pixels for each in found.pictures),
        labels=found.versions.notes(found.side) if has_metrics else ("", ""),
        lines=tuple(_line(line, has_metrics) for line in found.lines),
        errors=found.errors if has_metrics else None,
        said=found.said(choice) if has_metrics else "",
        why=found.versions.why(found.side) if has_metrics else "",
        bars=tuple(map(_bar, closer.people())) if has_people else (),
        bars_title=TITLE.format(trials=closer.counted_now().trials) if has_people else "",
        bars_about=_about() if has_people else (),
        votes=(votes or OPEN) if has_people else "",
        ask=ASK if has_people and not votes and _asking(stage)[1] else "",
        chosen=choice,
        pairs=tuple((each.name, each.label) for each in closer.VERSIONS.values()),
        pair=own[PAIR],
    )


def _about() -> tuple[CloserPart, ...]:
    """Where the bars come from, and what the bundled votes say today."""
    now = closer.counted_now()
    return (
        CloserPart(f"{PRINTED} "),
        CloserPart(f"{now.score:.1%}", now.score),
        CloserPart(f"{COUNTED} "),
        CloserPart(f"{now.people:.1%}", now.people),
        CloserPart("."),
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


def _line(line: closer.Line, is_shown: bool) -> CloserLine:
    """What a metric says; question marks as long as that is hidden."""
    if not is_shown:
        return CloserLine(line.metric, line.direction, (None, None), ("?", "?"), "")
    values = tuple(value if math.isfinite(value) else None for value in line.values)
    return CloserLine(line.metric, line.direction, values, line.shown, line.prefers)


def _bar(line: closer.PeopleLine) -> CloserBar:
    return CloserBar(line.who, line.share, f"{line.share:.1%}")
