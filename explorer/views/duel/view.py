"""What the page Duel asks, and what of it is looked at, as one value; and the link that carries it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from explorer.synthesis.process import MOST_STEPS, check_steps
from explorer.viewer.duel.duel import DuelDisplay
from explorer.views.common.settings import read_own
from explorer.views.duel.modes import FIRST, MODES
from explorer.views.duel.modes.mode import Mode

# What the display's settings are called in a link.
TEXTS = {"duel_tile": "tile", "duel_curve": "curve", "duel_map": "layer"}
LONGEST = 200  # characters of a name in it: a metric with all its layers has fewer


@dataclass(frozen=True)
class Choice:
    """What is chosen for one of the questions.

    Attributes:
        settings: Of the mode's own kind.
        steps: How many are asked for in all.
    """

    settings: Any
    steps: int


def _first_choices() -> dict[str, Choice]:
    return {name: Choice(mode.read({})[0], mode.STEPS) for name, mode in MODES.items()}


@dataclass(frozen=True)
class DuelView:
    """Which question is asked, and what is chosen for each of them.

    Attributes:
        mode: A key of `MODES`.
        choices: One a mode; a link carries that of the mode which is asked.
        is_made: Whether it was run; a link with it runs it again by itself.
        display: What of the pictures is looked at.
    """

    PAGE: ClassVar[str] = "duel"

    mode: str = FIRST
    choices: Mapping[str, Choice] = field(default_factory=_first_choices)
    is_made: bool = False
    display: DuelDisplay = field(default_factory=DuelDisplay)

    @property
    def asked(self) -> Mode:
        """The mode itself."""
        return MODES[self.mode]

    @property
    def choice(self) -> Choice:
        """What is chosen for it."""
        return self.choices[self.mode]

    def with_mode(self, mode: str) -> "DuelView":
        """Another question, of which nothing is chosen yet on screen."""
        return self if mode == self.mode else replace(self, mode=mode, is_made=False, display=DuelDisplay())

    def with_choice(self, **changed: Any) -> "DuelView":
        """The same with other settings, or another number of steps, of the mode that is asked."""
        return replace(self, choices={**self.choices, self.mode: replace(self.choice, **changed)})

    def to_link(self) -> dict[str, str]:
        """The page's own parameters: those that are not as on a first visit."""
        link = {} if self.mode == FIRST else {"duel": self.mode}
        link |= self.choice.settings.to_link()
        link |= {} if self.choice.steps == self.asked.STEPS else {"steps": str(self.choice.steps)}
        link |= {"made": "1"} if self.is_made else {}
        link |= {} if self.display.at is None else {"duel_step": str(self.display.at)}
        texts = {name: getattr(self.display, own) for name, own in TEXTS.items()}
        return link | {name: text for name, text in texts.items() if text}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["DuelView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        view, problems = read_own(cls(), READERS, link)
        asked = view.asked
        settings, faults = asked.read({name: link[name] for name in asked.PARAMETERS if name in link})
        return view.with_choice(settings=settings), (*problems, *faults)


def _mode(view: DuelView, text: str) -> DuelView:
    if text not in MODES:
        raise ValueError(f"choose one of {', '.join(MODES)}.")
    return view.with_mode(text)


def _steps(view: DuelView, text: str) -> DuelView:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError(f"choose a whole number from 1 to {MOST_STEPS}.")
    check_steps(int(text))
    return view.with_choice(steps=int(text))


def _made(view: DuelView, text: str) -> DuelView:
    if text not in ("0", "1"):
        raise ValueError("choose one of 0, 1.")
    return replace(view, is_made=text == "1")


def _at(view: DuelView, text: str) -> DuelView:
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        raise ValueError("it must be the number of a step, counted from 0.")
    return replace(view, display=replace(view.display, at=int(text)))


def _shown(own: str) -> Callable[[DuelView, str], DuelView]:
    def read(view: DuelView, text: str) -> DuelView:
        if len(text) > LONGEST:
            raise ValueError(f"it must be a name of at most {LONGEST} characters.")
        return replace(view, display=replace(view.display, **{own: text}))

    return read


# In this order: the number of steps is of a mode.
READERS = {
    "duel": _mode,
    "steps": _steps,
    "made": _made,
    "duel_step": _at,
    **{name: _shown(own) for name, own in TEXTS.items()},
}
