"""What a link may ask of a scene of Learn: its own parameters by name, each read and checked.

The scenes read their links by these, and a lesson's file is checked by them, so that a teacher hears of a
slip at home and not in class. What depends on the picture or the network of the moment, such as how far a
picture can be shifted, is checked here as wide as it can be, and by the scene as it is drawn.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from explorer.backbones import HEADS, find_backbone
from explorer.errors import LessonError, SettingError
from explorer.lessons import closer, failing
from explorer.lessons.changes import CHANGES
from explorer.lessons.depth import WRITTEN_FOR, layer_as_deep
from explorer.lessons.emergence import LABELS
from explorer.lessons.lesson import Lesson, LessonStep
from explorer.lessons.needles import METRICS
from explorer.lessons.pictures import LONGEST
from explorer.lessons.question import MOST_OPTIONS
from explorer.lessons.quiz import ASKED
from explorer.names import cut, harmless

Read = Callable[[str], Any]  # a parameter's value from its text; ValueError, SettingError: why there is none

NONE = "none"
END = "score"  # the step behind the last question of the quiz
OPEN = "-"  # in the answers of the quiz, for a question without one
CELL_STEPS, LEDGER_STEPS = 5, 3  # how much is seen of a cell's arithmetic, and of the ledger
PARTS = ("all", "first")  # of the layers, where networks are ranked
MODES = ("free", "equal")  # of the needles
MOST_DIGITS = 5  # of a channel's number


def one_of(choices: Mapping[str, Any] | Sequence[str]) -> Read:
    """Reads one of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}.")
        return text

    return read


def some_of(choices: Sequence[str]) -> Read:
    """Reads some of a few words, with commas between them; "" for none."""

    def read(text: str) -> str:
        if text and not set(text.split(",")) <= set(choices):
            raise ValueError(f"choose some of {', '.join(choices)}.")
        return text

    return read


def whole(least: int, most: int) -> Read:
    """Reads a whole number between two others, which it may be."""

    def read(text: str) -> int:
        is_number = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
        if not is_number or not least <= int(text) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}.")
        return int(text)

    return read


def part(text: str) -> float:
    """A part of a picture's width or height."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError("it must be a number from 0 to 1.")
    return value


def layer_of(names: Sequence[str]) -> Read:
    """Reads a layer of a network, or one of AlexNet for the one as deep."""

    def read(text: str) -> str:
        name = layer_as_deep(text, names)
        if name is None:
            raise ValueError(f"choose one of {', '.join(names)}.")
        return name

    return read


def layers_off(names: Sequence[str]) -> Read:
    """Reads the layers that are left out of a sum, of which one must be left."""

    def read(text: str) -> tuple[str, ...]:
        off = () if text == NONE else tuple(map(layer_of(names), text.split(",")))
        if set(off) >= set(names):
            raise ValueError("the sum needs at least one layer.")
        return off

    return read


def amount(change: str, side: int) -> Read:
    """Reads an amount of one of the three changes.

    Args:
        side: The shorter one of the picture, in pixels.
    """

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        return CHANGES[change].checked(value, side)

    return read


def answers(text: str) -> tuple[int | None, ...]:
    """The answers to a quiz, counted from 0; None for a question without one."""
    known = {OPEN: None} | {str(place + 1): place for place in range(MOST_OPTIONS)}
    if len(text) > ASKED or not set(text) <= known.keys():
        raise ValueError(f"there are {ASKED} answers of 1 to {MOST_OPTIONS}, with {OPEN} for none.")
    return tuple(known[letter] for letter in text.ljust(ASKED, OPEN))


@cache
def readers(layers: tuple[str, ...] = ()) -> Mapping[str, Mapping[str, Read]]:
    """How the parameters of each scene are read, by the names of both.

    Args:
        layers: Of the network in which they are looked for; without one, those that lessons are written for.
    """
    names = layers or find_backbone(WRITTEN_FOR).layer_names
    layer = layer_of(names)
    return {
        "closer": {
            "closer_pair": one_of(tuple(closer.VERSIONS)),
            "closer_choice": one_of((NONE, *closer.SIDES)),
            "closer_shown": one_of((NONE, "metrics", "people")),
        },
        "features": {"seen_layer": layer},
        "cell": {
            "cell_layer": layer,
            "cell_x": part,
            "cell_y": part,
            "cell_channel": whole(0, 10**MOST_DIGITS - 1),
            "cell_shown": whole(1, CELL_STEPS),
        },
        "ledger": {
            "ledger_shown": whole(1, LEDGER_STEPS),
            "ledger_off": layers_off(names),
            "ledger_heads": one_of(("chosen", *HEADS)),
        },
        "needles": {
            "needle_mode": one_of(MODES),
            "needle_map": one_of(METRICS),
            **{f"needle_{change}": amount(change, LONGEST) for change in CHANGES},
        },
        "training": {"training": one_of(tuple(LABELS)), "training_layers": one_of(PARTS)},
        "failing": {
            "failing_of": one_of(("size", "range", "noise", "texture")),
            "failing_size": one_of(("given", *map(str, failing.SMALLER))),
            "failing_seen": some_of(tuple(map(str, failing.SMALLER))),
            "failing_fed": one_of(("right", "wrong")),
            "failing_levels": one_of(tuple(map(str, failing.LEVELS))),
            "failing_made": one_of(("0", "1")),
            "failing_texture": one_of(tuple(failing.TEXTURES)),
        },
        "quiz": {
            "quiz_at": one_of((*map(str, range(1, ASKED + 1)), END)),
            "quiz_said": answers,
        },
        "vote": {},
    }


def check(lesson: Lesson) -> None:
    """Refuse a lesson that asks a scene for what it cannot show.

    Raises:
        LessonError: with the line of the step.
    """
    for step in (step for chapter in lesson.chapters for step in chapter.steps if step.sight.scene):
        try:
            _check_step(step)
        except (ValueError, SettingError) as error:
            raise LessonError(f"the view cannot be had: {error}", step.line) from error


def _check_step(step: LessonStep) -> None:
    scene, parameters = step.sight.scene, step.sight.parameters
    scenes = readers(_layers(parameters))
    known = scenes[scene]
    of_others = {name for each in scenes.values() for name in each} - known.keys()
    for name, text in parameters.items():
        if name in of_others:
            raise ValueError(f"scene {scene} has no “{name}”; leave it out.")
        if name not in known:
            continue
        try:
            known[name](text)
        except (ValueError, SettingError) as error:
            raise ValueError(f"{name} “{cut(harmless(text))}”: {error}") from error


def _layers(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """The layers that a view's network has, and the nodes that it measures beside them."""
    row = find_backbone(parameters.get("backbone", WRITTEN_FOR))
    nodes = (name.strip() for name in parameters.get("layers", "").split(","))
    return tuple(dict.fromkeys((*row.layer_names, *filter(None, nodes))))
