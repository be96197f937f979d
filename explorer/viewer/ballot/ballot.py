"""A ballot: what one participant of a session sees, from "Start" to "That was all"; its script is in `js/`.

The browser sends what is done on it as a `Said`, again and again until what it is sent says that it was
taken: another trial, or another stage. So no answer is lost, and none is counted twice, since the same one is
taken once. Pictures of the trials to come are sent ahead, each once, for the browser says which it has.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from explorer.render import text
from explorer.viewer.common.component import read
from explorer.viewer.common.settings import is_number, is_whole
from explorer.viewer.common.small import called, numbered, register_small

Stage = Literal["hello", "welcome", "vote", "finished", "closed"]
ACTIONS = ("hello", "start", "vote")
ANSWERS = ("A", "B", "same", "different")
LONGEST = 200  # letters of a token, and of a digest
MOST_HELD = 64  # pictures that a browser may say it has
LARGEST_SCALE = 1000.0  # pixels of a screen for one of a picture
LONGEST_MS = 24 * 3600 * 1000  # of an answer: who comes back another day has not thought for a day
FEWEST_PER_DEGREE, MOST_PER_DEGREE = (
    5.0,
    1000.0,
)  # of a screen: a wall seen from afar, a phone at arm's length


@dataclass(frozen=True)
class Turn:
    """A trial as it is laid out for one participant.

    Attributes:
        trial: Its number in the session.
        reference: Digest of the picture that both are compared with; of a JND trial it is not shown.
        first, second: Digests of what is called A and B on the screen, or shown first and second.
    """

    trial: int
    reference: str
    first: str
    second: str

    @property
    def digests(self) -> tuple[str, str, str]:
        """Of its pictures."""
        return self.reference, self.first, self.second


@dataclass(frozen=True)
class Ballot:
    """What a participant is shown.

    Attributes:
        code: Of the session.
        title: The teacher's words.
        kind: "2afc" or "jnd".
        stage: Where the participant is: "hello" until the browser has said who it is.
        token: Who the participant is; the browser keeps it, and comes back with it.
        done, each: How many trials are answered, and of how many.
        turns: The trial that is asked, and those to come whose pictures are sent ahead.
        problem: Why what was said last could not be taken, in a sentence; it is sent again.
    """

    code: str
    title: str
    kind: str
    stage: Stage
    token: str = ""
    done: int = 0
    each: int = 0
    turns: tuple[Turn, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Said:
    """What a browser says.

    Attributes:
        action: "hello" as it comes, "start" where its user wants to take part, "vote" for an answer.
        token: Who it is, as it was told once; "" where it was not.
        held: Digests of the pictures that it has.
        trial: Number of the trial that is answered; -1 for other actions.
        answer: One of `ANSWERS`, as things lie on the screen; "" for other actions.
        milliseconds: From the first frame of what is judged to the answer.
        frames: Of a JND trial, milliseconds that the first picture, the gap and the second one were on the
            screen, by its frames.
        pixels_per_degree: Of its screen, where the user has measured it.
        scale: Of an answer: how many pixels of the screen a pixel of the pictures took.
    """

    action: Literal["hello", "start", "vote"]
    token: str = ""
    held: frozenset[str] = frozenset()
    trial: int = -1
    answer: str = ""
    milliseconds: int = 0
    frames: tuple[float, ...] = field(default=())
    pixels_per_degree: float | None = None
    scale: float | None = None

    @classmethod
    def read(cls, sent: Any) -> "Said | None":
        """What came from a browser, which may be anything; None where it is nothing that a ballot says."""
        if not isinstance(sent, Mapping) or sent.get("action") not in ACTIONS:
            return None
        action, token, trial = sent["action"], sent.get("token", ""), sent.get("trial", -1)
        answer, taken, per_degree = (sent.get(name) for name in ("answer", "milliseconds", "perDegree"))
        scale = sent.get("scale")
        if not isinstance(token, str) or len(token) > LONGEST:
            return None
        is_vote = action == "vote"
        if is_vote and not (is_whole(trial) and answer in ANSWERS and is_number(taken)):
            return None
        return cls(
            action,
            token,
            frozenset(_texts(sent.get("held"))),
            trial if is_vote else -1,
            answer if is_vote else "",
            round(min(max(taken, 0), LONGEST_MS)) if is_vote else 0,
            _numbers(sent.get("frames")),
            float(per_degree) if _is_per_degree(per_degree) else None,
            float(scale) if is_vote and is_number(scale) and 0 < scale <= LARGEST_SCALE else None,
        )


_component = register_small("ballot", "ballot", read("ballot/ballot.html"), ("screen", "outbox", "flash"))


def ballot(
    shown: Ballot,
    picture: Callable[[str], bytes],
    held: frozenset[str],
    *,
    key: str,
    on_said: Callable[[Said], None],
) -> None:
    """Draw a ballot.

    Args:
        picture: The PNG of a digest.
        held: Digests of the pictures that the browser has; they are not sent.
        key: Of the component.
        on_said: Called with what the browser says.
    """

    def hear(sent: Any) -> None:
        said = Said.read(sent)
        if said is not None:
            on_said(said)

    wanted = dict.fromkeys(digest for turn in shown.turns for digest in turn.digests)
    _component(
        key=key,
        data=numbered(
            key,
            asdict(shown)
            | {"pictures": {digest: text(picture(digest)) for digest in wanted if digest not in held}},
        ),
        on_said_change=called(key, "said", hear),
    )


def _texts(sent: Any) -> Sequence[str]:
    known = sent if isinstance(sent, list) else []
    return [each for each in known[:MOST_HELD] if isinstance(each, str) and len(each) <= LONGEST]


def _numbers(sent: Any) -> tuple[float, ...]:
    known = sent if isinstance(sent, list) and len(sent) == 3 else []
    return tuple(float(each) for each in known) if all(map(is_number, known)) else ()


def _is_per_degree(sent: Any) -> bool:
    return is_number(sent) and FEWEST_PER_DEGREE <= sent <= MOST_PER_DEGREE
