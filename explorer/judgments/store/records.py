"""What the store hands out besides votes; plain values."""

from dataclasses import dataclass
from typing import Literal

from explorer.judgments.asking.trial import Plan, Shown


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
