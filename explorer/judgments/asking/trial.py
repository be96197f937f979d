"""One question to people, a session of them, and one answer; plain values that a store keeps."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["2afc", "jnd"]
Choice = Literal["A", "B", "same", "different"]


@dataclass(frozen=True)
class Trial:
    """What is shown. Pictures are named by their digests; the store has their files.

    Attributes:
        number: Its place in the session's list, from 0; not the order in which somebody sees it.
        kind: "2afc": which of A and B is closer to the reference; "jnd": are A and B the same picture.
        family: What results are told by, such as "noise" or "blur against jpeg".
        scene: The reference, as `scene_of` names it.
        condition_a, condition_b: What was done to it: the text of a recipe in a link; "" where nothing was,
            or a file's name where the pictures were brought.
        reference, a, b: Digests; of a "jnd" trial the reference is that of A.
        expected: The right answer of a sentinel, an obvious trial; None of the others.
    """

    number: int
    kind: Kind
    family: str
    scene: str
    condition_a: str
    condition_b: str
    reference: str
    a: str
    b: str
    expected: Choice | None = None

    @property
    def is_sentinel(self) -> bool:
        """Whether its answer is known."""
        return self.expected is not None

    @property
    def choices(self) -> tuple[Choice, Choice]:
        """What can be answered."""
        return ("A", "B") if self.kind == "2afc" else ("same", "different")


@dataclass(frozen=True)
class Plan:
    """What a teacher sets up.

    Attributes:
        title: In their words; data, never markup.
        kind: Of all trials.
        trials: In the list's order.
        each: How many trials one participant sees, sentinels among them.
        seed: Of orders and sides.
        choosing: How the next trial is chosen: "random", or "active" where most is learned.
        most: Participants at most.
    """

    title: str
    kind: Kind
    trials: tuple[Trial, ...]
    each: int
    seed: int = 0
    choosing: Literal["random", "active"] = "random"
    most: int = 500


@dataclass(frozen=True)
class Shown:
    """A trial as one participant sees it.

    Attributes:
        trial: Its number in the plan.
        was_swapped: Whether B is on the left, or first.
        choice: What was answered; None where nothing is yet.
    """

    trial: int
    was_swapped: bool
    choice: Choice | None = None


@dataclass(frozen=True)
class Vote:
    """What one participant has answered of one trial, in the trial's own terms, whatever side it was on.

    Attributes:
        participant: Number in the session, from 1; never the token.
        trial: Number of the trial.
        choice: One of the trial's.
        was_swapped: Whether B was shown on the left, or first.
        milliseconds: From the picture's first frame to the answer, as the browser says.
        at: Seconds since 1970, UTC, when the store took it.
        pixels_per_degree: Of the participant's screen, where they measured it.
        order: Place among all votes of its session, from 1, as the store took them; 0 where no store has.
        frames: Of a "jnd" vote, milliseconds that the first picture, the gap and the second one were on the
            screen, by its frames, as the browser says; () where it does not.
        scale: How many pixels of the screen a pixel of the pictures took, along a side; None where the
            browser has not said it.
    """

    participant: int
    trial: int
    choice: Choice
    was_swapped: bool
    milliseconds: int
    at: float
    pixels_per_degree: float | None = None
    order: int = 0
    frames: tuple[float, ...] = ()
    scale: float | None = None
