"""An experiment: pictures, one control, bars on one scale and a sentence; the browser's side is `js/`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen, by its key."""

    key: str
    label: str


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A picture and what stands under it.

    Attributes:
        pixels: uint8 (H, W, 3).
        label: What it is.
        note: More of it, such as its size; may be "".
        inset: A small picture of the same shape in its corner, and what that is; None for none.
    """

    pixels: np.ndarray
    label: str
    note: str = ""
    inset: np.ndarray | None = None
    inset_note: str = ""


@dataclass(frozen=True)
class Bar:
    """A score as a bar.

    Attributes:
        label: Of what.
        value: >= 0; None where there is none.
        shown: As it is read, or why there is none.
        is_chosen: Whether it is of what is seen.
    """

    label: str
    value: float | None
    shown: str
    is_chosen: bool = False


@dataclass(frozen=True, eq=False)
class FailingScene:
    """All that is shown.

    Attributes:
        topics: The experiments.
        topic: The key of the one that is shown.
        exhibits: Its pictures, from left to right.
        control: What its control is called.
        choices: What can be chosen there.
        chosen: The key of what is.
        metric: What the bars are of, such as "LPIPS".
        bars: Scores.
        said: What the numbers say, in a sentence; "" as long as they are to come.
        way: What the button says that opens another page; "" for none.
        start: What the button says that starts what takes time; "" where nothing is to be started.
        course: Scores that came one after the other, for a curve; may be empty.
        steps: How many of them there may be.
        mark: What the course is to pass: its name, its score, and that as it is read; None without one, and
            then there is no curve.
    """

    topics: Sequence[Choice]
    topic: str
    exhibits: Sequence[Exhibit]
    control: str
    choices: Sequence[Choice]
    chosen: str
    metric: str
    bars: Sequence[Bar]
    said: str
    way: str = ""
    start: str = ""
    course: Sequence[float] = ()
    steps: int = 0
    mark: tuple[str, float, str] | None = None


_component = register_small("failing", "failing", read("failing/failing.html"))


def failing_scene(
    scene: FailingScene,
    *,
    key: str,
    on_topic: Callable[[str], None],
    on_choose: Callable[[str], None],
    on_start: Callable[[], None],
    on_open: Callable[[], None],
) -> None:
    """Draw it.

    Args:
        key: Of the component.
        on_topic, on_choose: Called with the key of what was chosen.
        on_start, on_open: Called where the button of that name was pressed.
    """

    def one_of(known: Sequence[Choice], call: Callable[[str], None]) -> Callable[[Any], None]:
        def pass_on(sent: Any) -> None:
            if sent in {each.key for each in known}:
                call(sent)

        return pass_on

    _component(
        key=key,
        data=numbered(key, described(scene)),
        on_topic_change=called(key, "topic", one_of(scene.topics, on_topic)),
        on_choose_change=called(key, "choose", one_of(scene.choices, on_choose)),
        on_start_change=called(key, "start", lambda _sent: on_start()),
        on_open_change=called(key, "open", lambda _sent: on_open()),
    )


def described(scene: FailingScene) -> dict[str, Any]:
    """A scene as JSON, its pictures as PNG."""
    return {
        "topics": [asdict(each) for each in scene.topics],
        "topic": scene.topic,
        "exhibits": [
            {
                "picture": picture(each.pixels),
                "aspect": each.pixels.shape[1] / each.pixels.shape[0],
                "label": each.label,
                "note": each.note,
                "inset": "" if each.inset is None else picture(each.inset),
                "insetNote": each.inset_note,
            }
            for each in scene.exhibits
        ],
        "control": scene.control,
        "choices": [asdict(each) for each in scene.choices],
        "chosen": scene.chosen,
        "metric": scene.metric,
        "bars": [asdict(each) for each in scene.bars],
        "said": scene.said,
        "way": scene.way,
        "start": scene.start,
        "course": list(scene.course),
        "steps": scene.steps,
        "mark": scene.mark and dict(zip(("label", "value", "shown"), scene.mark, strict=True)),
    }
