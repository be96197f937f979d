"""What the store hands out besides votes; plain values."""

from dataclasses import dataclass
from typing import Literal

from explorer.judgments.asking.trial import Choice, Plan


@dataclass(frozen=True)
class Keys:
    """What a teacher gets for a new session, once.

    Attributes:
        code: For participants: six letters and digits.
        teacher: Their own secret; the store keeps only its hash.
    """

    code: str
    teacher: str


@dataclass(frozen=True)
class SessionInfo:
    """A session as it stands.

    Attributes:
        code: That participants type.
        plan: What was set up.
        state: Whether it takes participants and votes.
        participants, votes: How many so far.
        created: Seconds since 1970, UTC.
    """

    code: str
    plan: Plan
    state: Literal["open", "closed"]
    participants: int
    votes: int
    created: float

    @property
    def is_open(self) -> bool:
        """Whether it takes participants and votes."""
        return self.state == "open"


@dataclass(frozen=True)
class Shown:
    """A trial that a participant has seen.

    Attributes:
        trial: Its number.
        was_swapped: Whether B was on the left, or first.
        choice: What was answered; None where nothing was yet.
    """

    trial: int
    was_swapped: bool
    choice: Choice | None = None


@dataclass(frozen=True)
class Participant:
    """One browser in a session, and how far it has come.

    Attributes:
        token: Its secret, by which it comes back.
        number: In the session, from 1.
        code: The session's.
        shown: What it has seen, in this order.
        pixels_per_degree: Of its screen, where that was measured.
    """

    token: str
    number: int
    code: str
    shown: tuple[Shown, ...] = ()
    pixels_per_degree: float | None = None

    @property
    def answered(self) -> tuple[int, ...]:
        """Numbers of the trials that it has answered, in the order in which it saw them."""
        return tuple(each.trial for each in self.shown if each.choice is not None)

    @property
    def pending(self) -> Shown | None:
        """The first trial that it has seen and not answered: where it goes on."""
        return next((each for each in self.shown if each.choice is None), None)
