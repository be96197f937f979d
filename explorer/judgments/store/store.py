"""The store: sessions, who takes part in them, what was shown, and what was answered."""

import math
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Row, Select, select, update

from explorer.errors import AskingError
from explorer.judgments.asking.trial import Plan, Shown, Trial, Vote
from explorer.judgments.store import rows, written
from explorer.judgments.store.database import PATIENCE, Database
from explorer.judgments.store.keys import kept, new_key
from explorer.judgments.store.records import Keys, Participant, SessionInfo
from explorer.judgments.store.schema import participants, pictures, sessions, shown, votes
from explorer.judgments.store.versions import prepare

PLANS_KEPT = 32  # in memory: a plan never changes, and every page of a phone asks for it
LONGEST = 2**31 - 1  # milliseconds of an answer
LARGEST_SCALE = 1000.0  # pixels of a screen for one of a picture
MOST_FRAMES = 8  # times of pictures and gaps of one answer
DEGREES = (5.0, 1000.0)  # pixels of a screen: a wall seen from afar, a phone at arm's length

ROOM = 4 << 30  # bytes of the pictures of all sessions: guests start some, and the disk is not theirs

CLOSED = "This session is closed and takes no more answers. Those that were given are kept."


class Store:
    """Sessions and votes in one database. All methods may be called from many threads and processes at once.

    Args:
        url: Of a SQLite file or a PostgreSQL database.
        patience: Seconds to wait for a database that another program has locked.
        room: Bytes that the pictures of all sessions may take.

    Raises:
        StoreError: the database cannot be opened, or is of a newer version; every method raises it where the
            database fails.
    """

    def __init__(self, url: URL, patience: float = PATIENCE, room: int = ROOM):
        self._database = Database(url, patience)
        self._room = room
        self._plans: dict[int, Plan] = {}
        self._plans_lock = threading.Lock()
        try:
            prepare(self._database)
        except BaseException:
            self._database.release()
            raise

    def release(self) -> None:
        """Close the connections; a later question opens others."""
        self._database.release()

    # Of a teacher

    def create(self, plan: Plan, images: Mapping[str, bytes]) -> Keys:
        """Keep a new session.

        Args:
            plan: What is asked. Its texts are kept `harmless`.
            images: PNG by digest, at least those that the trials show.

        Raises:
            SettingError: the plan cannot be asked.
            StoreError: the pictures of all sessions would take more than they may.
        """
        plan = written.checked(plan, images)
        with self._database.writing() as connection:
            written.check_room(connection, plan, images, self._room)
            return written.insert(connection, plan, images)

    def by_teacher(self, teacher: str) -> SessionInfo:
        """The session that a teacher's key opens.

        Raises:
            AskingError: none ("unknown").
        """
        with self._database.reading() as connection:
            return self._info(connection, rows.by_teacher(connection, teacher))

    def close(self, teacher: str) -> None:
        """Take no more participants and votes.

        Raises:
            AskingError: the key opens no session ("unknown").
        """
        self._set_open(teacher, False)

    def reopen(self, teacher: str) -> None:
        """Take participants and votes again.

        Raises:
            AskingError: the key opens no session ("unknown").
        """
        self._set_open(teacher, True)

    def remove(self, teacher: str) -> None:
        """Remove a session with its participants, votes and pictures, for good.

        Raises:
            AskingError: the key opens no session ("unknown").
        """
        with self._database.writing() as connection:
            written.remove(connection, rows.by_teacher(connection, teacher, locked=True).id)
        self._database.overwrite_removed()

    # Of who runs the server, by code: no page calls these

    def close_code(self, code: str) -> None:
        """Take no more participants and votes of the session of a code.

        Raises:
            AskingError: no session has it ("unknown").
        """
        with self._database.writing() as connection:
            session = rows.by_code(connection, code, locked=True)
            connection.execute(update(sessions).where(sessions.c.id == session.id).values(is_open=False))

    def remove_code(self, code: str) -> None:
        """Remove the session of a code with all that belongs to it, for good.

        Raises:
            AskingError: no session has it ("unknown").
        """
        with self._database.writing() as connection:
            written.remove(connection, rows.by_code(connection, code, locked=True).id)
        self._database.overwrite_removed()

    def renew(self, code: str) -> Keys:
        """Give a session a new teacher's key; the one before opens nothing any more.

        Raises:
            AskingError: no session has the code ("unknown").
        """
        teacher = new_key()
        with self._database.writing() as connection:
            session = rows.by_code(connection, code, locked=True)
            change = update(sessions).where(sessions.c.id == session.id)
            connection.execute(change.values(teacher=kept(teacher)))
        return Keys(session.code, teacher)

    def _set_open(self, teacher: str, is_open: bool) -> None:
        with self._database.writing() as connection:
            session = rows.by_teacher(connection, teacher, locked=True)
            connection.execute(update(sessions).where(sessions.c.id == session.id).values(is_open=is_open))

    # Of all

    def sessions(self) -> tuple[SessionInfo, ...]:
        """All sessions, the newest first."""
        with self._database.reading() as connection:
            found = connection.execute(select(sessions).order_by(sessions.c.id.desc())).all()
            return tuple(self._info(connection, row) for row in found)

    def session(self, code: str) -> SessionInfo:
        """A session by the code of its participants, however they type it.

        Raises:
            AskingError: no session has it ("unknown").
        """
        with self._database.reading() as connection:
            return self._info(connection, rows.by_code(connection, code))

    def picture(self, digest: str) -> bytes:
        """A picture of a trial, as PNG.

        Raises:
            AskingError: no session has it ("unknown").
        """
        with self._database.reading() as connection:
            png = (
                written.is_digest(digest)
                and connection.execute(
                    select(pictures.c.png).where(pictures.c.digest == digest).limit(1)
                ).scalar()
            )
        if not png:
            raise AskingError(
                "This picture belongs to no session; its session may have been removed.", "unknown"
            )
        return bytes(png)

    def votes(self, code: str, since: int = 0) -> tuple[Vote, ...]:
        """A session's votes, in the order in which they were taken.

        Args:
            code: Of the session.
            since: Only those after the vote of this `order`; none is missed, for later ones have larger ones.

        Raises:
            AskingError: no session has the code ("unknown").
        """
        with self._database.reading() as connection:
            session = rows.by_code(connection, code)
            query = rows.all_votes().where(votes.c.session == session.id, votes.c.order > since)
            return tuple(map(rows.vote_of, connection.execute(query.order_by(votes.c.order))))

    # Of a participant

    def join(self, code: str) -> Participant:
        """Take part in a session.

        Raises:
            AskingError: no session has the code ("unknown"), it is closed ("closed"), or has as many
                participants as it may ("full").
        """
        token = new_key()
        with self._database.writing() as connection:
            session = rows.by_code(connection, code, locked=True)
            if not session.is_open:
                raise AskingError("This session is closed and takes nobody any more.", "closed")
            if session.joined >= session.most:
                raise AskingError(
                    f"This session is full: it has all of its {session.most} participants.", "full"
                )
            number = session.joined + 1
            connection.execute(update(sessions).where(sessions.c.id == session.id).values(joined=number))
            connection.execute(
                participants.insert().values(
                    session=session.id, number=number, token=kept(token), joined=time.time()
                )
            )
        return Participant(token, number, session.code)

    def resume(self, token: str) -> Participant:
        """A participant that comes back, with all that it has seen; of a closed session, too.

        Raises:
            AskingError: the token is of no session ("unknown").
        """
        with self._database.reading() as connection:
            found = rows.by_token(connection, token)
            seen = connection.execute(rows.seen(found.id).order_by(shown.c.place)).all()
            code = connection.execute(
                select(sessions.c.code).where(sessions.c.id == found.session)
            ).scalar_one()
        return Participant(
            token, found.number, code, tuple(Shown(*row) for row in seen), found.pixels_per_degree
        )

    def measured(self, token: str, pixels_per_degree: float) -> None:
        """Keep what a participant has measured of its screen; votes that come carry it.

        Raises:
            AskingError: the token is of no session ("unknown"), or no screen is like that ("refused").
        """
        least, most = DEGREES
        if not (math.isfinite(pixels_per_degree) and least <= pixels_per_degree <= most):
            raise AskingError(f"A screen has {least:g} to {most:g} pixels per degree. Measure it again.")
        with self._database.writing() as connection:
            who = rows.locked(connection, token)
            change = update(participants).where(participants.c.id == who.participant)
            connection.execute(change.values(pixels_per_degree=float(pixels_per_degree)))

    def shown(self, token: str, trial: int, was_swapped: bool) -> Shown:
        """Note that a trial is shown to a participant; only then it can be answered.

        Returns it as it is kept: a trial that was shown before stays on the sides on which it was.

        Raises:
            AskingError: the token is of no session ("unknown"), this is closed ("closed"), has no such trial
                or the participant has seen as many as each does ("refused").
        """
        with self._database.writing() as connection:
            who = rows.locked(connection, token)
            seen = {row.trial: Shown(*row) for row in connection.execute(rows.seen(who.participant))}
            if type(trial) is int and trial in seen:
                return seen[trial]
            if not who.is_open:
                raise AskingError(CLOSED, "closed")
            if type(trial) is not int or trial not in range(len(self._plan(connection, who).trials)):
                raise AskingError("This session has no such trial. Reload the page to go on.")
            if len(seen) >= who.each:
                raise AskingError(f"You have seen all of your {who.each} trials. Thank you.")
            row = {
                "participant": who.participant,
                "trial": trial,
                "session": who.id,
                "place": len(seen),
            }
            connection.execute(shown.insert().values(**row, was_swapped=bool(was_swapped)))
        return Shown(trial, bool(was_swapped))

    def vote(
        self,
        token: str,
        trial: int,
        choice: str,
        milliseconds: int,
        frames: Sequence[float] = (),
        scale: float | None = None,
    ) -> Vote:
        """Keep an answer; it is on the disk when this returns. The same answer again returns the first.

        Args:
            token: Of the participant.
            trial: A trial that was `shown` to it.
            choice: One of the trial's.
            milliseconds: From the picture's first frame to the answer.
            frames, scale: As of a `Vote`.

        Raises:
            AskingError: the token is of no session ("unknown"), which is closed ("closed"); the trial was not
                shown, cannot be answered so, or was answered otherwise before ("refused").
        """
        timed = _times(milliseconds, frames)
        if scale is not None and not (math.isfinite(scale) and 0 < scale <= LARGEST_SCALE):
            raise AskingError("No screen enlarges pictures like that. Answer again.")
        with self._database.writing() as connection:
            who = rows.locked(connection, token)
            seen = {row.trial: Shown(*row) for row in connection.execute(rows.seen(who.participant))}
            asked = self._asked(connection, who, trial, choice, seen)
            if seen[trial].choice is not None:
                return rows.vote_of(connection.execute(_one(who.participant, trial)).one())
            if not who.is_open:
                raise AskingError(CLOSED, "closed")
            order = who.voted + 1
            connection.execute(update(sessions).where(sessions.c.id == who.id).values(voted=order))
            vote = Vote(
                participant=who.number,
                trial=asked.number,
                choice=choice,
                was_swapped=seen[trial].was_swapped,
                milliseconds=milliseconds,
                at=time.time(),
                pixels_per_degree=who.pixels_per_degree,
                order=order,
                frames=timed,
                scale=scale,
            )
            connection.execute(votes.insert().values(rows.row_of(vote, who.participant, who.id)))
        return vote

    def _asked(
        self, connection: Connection, who: Row[Any], trial: int, choice: str, seen: Mapping[int, Shown]
    ) -> Trial:
        """The trial that an answer is to, if it may be given."""
        if type(trial) is not int or trial not in seen:
            raise AskingError(
                "This trial was not shown to you, so it takes no answer. Reload the page to go on."
            )
        asked = self._plan(connection, who).trials[trial]
        if choice not in asked.choices:
            raise AskingError(
                f"This trial is answered with {' or '.join(asked.choices)}. Choose one of them."
            )
        if seen[trial].choice not in (None, choice):
            raise AskingError("You have answered this trial already; the first answer counts.")
        return asked

    def _info(self, connection: Connection, session: Row[Any]) -> SessionInfo:
        return written.info_of(session, self._plan(connection, session))

    def _plan(self, connection: Connection, session: Row[Any]) -> Plan:
        with self._plans_lock:
            plan = self._plans.get(session.id)
        if plan is None:
            plan = written.plan_of(connection, session)
            with self._plans_lock:
                self._plans[session.id] = plan
                while len(self._plans) > PLANS_KEPT:
                    del self._plans[next(iter(self._plans))]
        return plan


def _one(participant: int, trial: int) -> Select[Any]:
    return rows.all_votes().where(votes.c.participant == participant, votes.c.trial == trial)


def _times(milliseconds: int, frames: Sequence[float]) -> tuple[float, ...]:
    """The times of an answer's pictures, if they and its own can be times."""
    if type(milliseconds) is not int or not 0 <= milliseconds <= LONGEST:
        raise AskingError("The time of this answer is no number of milliseconds. Answer again.")
    timed = tuple(map(float, frames))
    if len(timed) > MOST_FRAMES or not all(map(math.isfinite, timed)):
        raise AskingError("The times of the pictures are no milliseconds. Answer again.")
    return timed
