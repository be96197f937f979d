"""A booth: one participant at one browser; what it says goes into the store, and the next trial comes out.

Plain Python on a `Store`, which keeps all that must not be lost: a booth can be made anew at any time.
"""

from collections.abc import Sequence

from explorer.errors import AskingError, ExplorerError, StoreError
from explorer.judgments.asking.active import following
from explorer.judgments.asking.trial import Choice, Plan, Shown
from explorer.judgments.store import Participant, SessionInfo, Store
from explorer.viewer.ballot.ballot import Ballot, Said, Stage, Turn
from explorer.views.common.often import Often
from explorer.views.vote.guesses import joins

AHEAD = 2  # trials whose pictures are sent before they are asked
SWAPPED: dict[str, Choice] = {"A": "B", "B": "A"}  # what lies on the screen as A is B where sides are swapped


class Booth:
    """One participant at one browser.

    Attributes:
        info: The session, as it stood when it was last asked for.
        held: Digests of the pictures that the browser has.
        is_removed: Whether there is no such session any more.
    """

    def __init__(self, store: Store, info: SessionInfo, address: str = "", joined: Often = joins):
        """Open a booth for whoever comes.

        Args:
            info: The session that the code belongs to.
            address: Of the browser, as `network_of` gives it.
            joined: How often each address takes part.
        """
        self.info = info
        self.held: frozenset[str] = frozenset()
        self.is_removed = False
        self._store = store
        self._address, self._joined = address, joined
        self._who: Participant | None = None
        self._is_known = False  # whether the browser has said who it is
        self._answered: set[int] = set()
        self._turns: list[Shown] = []  # what is asked, and what comes then
        self._problem = ""
        self._is_closed = not info.is_open

    @property
    def plan(self) -> Plan:
        """What the teacher has set up."""
        return self.info.plan

    def hear(self, said: Said) -> None:
        """Take what the browser says; where the store cannot, the ballot says why, and it is said again."""
        self.held = said.held
        self._problem = ""
        try:
            if said.action == "hello":
                self._come(said.token)
            elif said.action == "start":
                self._start()
            else:
                self._vote(said)
            self._measure(said.pixels_per_degree)
        except AskingError as error:
            self._follow(error)
        except StoreError as error:
            self._problem = str(error)

    def ballot(self) -> Ballot:
        """What is shown now."""
        return Ballot(
            code=self.info.code,
            title=self.plan.title,
            kind=self.plan.kind,
            stage=self._stage,
            token=self._who.token if self._who else "",
            done=len(self._answered),
            each=self.plan.each,
            turns=tuple(map(self._laid_out, self._turns)) if self._stage == "vote" else (),
            problem=self._problem,
        )

    @property
    def _stage(self) -> Stage:
        if not self._is_known:
            return "hello"
        if self._who and len(self._answered) >= self.plan.each:
            return "finished"
        if self._is_closed:
            return "closed"
        return "vote" if self._who and self._turns else "welcome"

    def _come(self, token: str) -> None:
        """Take back who was here before; a token of another session, or of none, is no one's.

        Who has been told a number by this booth stays that one, whatever token comes later: a browser takes
        part once. Where the store fails, all stays as it was.
        """
        info = self._store.session(self.info.code)
        token = self._who.token if self._who else token
        try:
            who = self._store.resume(token) if token else None
        except AskingError:
            who = None
        if who and who.code != info.code:
            who = None
        answered = set(who.answered) if who else set()
        turns = self._asked(who, answered, ()) if who and info.is_open else []
        self.info, self._is_closed, self._is_known = info, not info.is_open, True
        self._who, self._answered, self._turns = who, answered, turns

    def _start(self) -> None:
        """Let somebody take part, once, however often they tap."""
        if self._who is None:
            if self._joined.seconds_to_wait(self._address):
                self._problem = "Very many have just joined from your network. Wait a minute."
                return
            self._who = self._store.join(self.info.code)
            self._joined.note(self._address)
        if not self._turns:
            self._go_on()

    def _vote(self, said: Said) -> None:
        """Keep an answer; only when it is on the disk the next trial is asked."""
        if self._who is None:
            return
        now = next((turn for turn in self._turns if turn.trial == said.trial), None)
        if said.trial not in self._answered:
            is_swapped = now is not None and now.was_swapped
            choice = SWAPPED.get(said.answer, said.answer) if is_swapped else said.answer
            self._store.vote(self._who.token, said.trial, choice, said.milliseconds, said.frames, said.scale)
            self._answered.add(said.trial)
        self._go_on()

    def _go_on(self) -> None:
        """Ask the next trial."""
        self._turns = self._asked(self._who, self._answered, self._turns)

    def _asked(self, who: Participant, answered: set[int], ahead: Sequence[Shown]) -> list[Shown]:
        """The next trial, which the store is told before the browser is, and those to come.

        Args:
            answered: What the participant has answered.
            ahead: What it has been sent already.
        """
        turns = self._coming(who, answered, ahead)
        if turns and len(answered) < self.plan.each:
            turns[0] = self._store.shown(who.token, turns[0].trial, turns[0].was_swapped)
        return turns

    def _coming(self, who: Participant, answered: set[int], ahead: Sequence[Shown]) -> list[Shown]:
        """What this participant has not answered yet: first what it has seen, then what is chosen to come.

        Where votes so far choose the next trial, they do so while the one before is looked at: its
        pictures are there when that is answered.
        """
        known = {each.trial: each for each in (*who.shown, *ahead)}
        turns = [each for trial, each in known.items() if trial not in answered]
        seen = list({*known, *answered})
        is_active = self.plan.choosing == "active"
        votes = self._store.votes(self.info.code) if is_active else ()
        while len(turns) < 1 + (1 if is_active else AHEAD):
            chosen = following(self.plan, who.number, seen, votes)
            if chosen is None:
                break
            turns.append(chosen)
            seen.append(chosen.trial)
        return turns

    def _measure(self, pixels_per_degree: float | None) -> None:
        """Keep what the participant has measured of its screen, where that is news."""
        if self._who is None or pixels_per_degree in (None, self._who.pixels_per_degree) or self._is_closed:
            return
        self._store.measured(self._who.token, pixels_per_degree)
        self._who = self._store.resume(self._who.token)

    def _follow(self, error: AskingError) -> None:
        """What the session does not take: the stage follows, or the store says anew what is asked."""
        self._problem = str(error)
        if error.reason in ("closed", "full"):
            self._is_closed = True
            self._problem = "" if error.reason == "closed" else str(error)
        elif error.reason == "unknown":
            self.is_removed = True  # with all its participants
        elif self._who is not None:  # another tab of this browser has answered it
            try:
                self._come(self._who.token)
            except ExplorerError as other:
                self._problem = str(other)

    def _laid_out(self, shown: Shown) -> Turn:
        trial = self.plan.trials[shown.trial]
        first, second = (trial.b, trial.a) if shown.was_swapped else (trial.a, trial.b)
        return Turn(trial.number, trial.reference, first, second)


def known_booth(store: Store, code: str, address: str, said: Said) -> Booth | None:
    """A booth for who has a place in a session already; None for anybody else, and where the store fails."""
    try:
        if said.token and store.resume(said.token).code == code:
            return Booth(store, store.session(code), address)
    except (AskingError, StoreError):
        pass
    return None
