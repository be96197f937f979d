"""Rows of the tables by what users hold: codes, teachers' keys, tokens; and votes to rows and back."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from explorer.errors import AskingError
from explorer.judgments.asking.trial import Vote
from explorer.judgments.store.keys import kept, typed_code
from explorer.judgments.store.schema import participants, sessions, shown, votes

NO_CODE = "No session has this code. Codes are six letters and digits; ask for yours again."
NO_TOKEN = "This browser takes part in no session here; the session may have been removed. Join with a code."
NO_TEACHER = "No session belongs to this link. It may have been removed, or the link was not copied whole."


def by_code(connection: Connection, code: str, locked: bool = False) -> Row[Any]:
    """The session of a code, however it was typed; `locked` until the transaction ends where it is to change.

    Raises:
        AskingError: none has it ("unknown").
    """
    typed = typed_code(code)
    found = typed and _session(connection, sessions.c.code == typed, locked)
    if not found:
        raise AskingError(NO_CODE, "unknown")
    return found


def by_teacher(connection: Connection, teacher: str, locked: bool = False) -> Row[Any]:
    """The session of a teacher's key.

    Raises:
        AskingError: none has it ("unknown").
    """
    found = _session(connection, sessions.c.teacher == kept(teacher), locked)
    if found is None:
        raise AskingError(NO_TEACHER, "unknown")
    return found


def by_token(connection: Connection, token: str) -> Row[Any]:
    """The participant of a token.

    Raises:
        AskingError: none has it ("unknown").
    """
    found = connection.execute(select(participants).where(participants.c.token == kept(token))).first()
    if found is None:
        raise AskingError(NO_TOKEN, "unknown")
    return found


def locked(connection: Connection, token: str) -> Row[Any]:
    """A participant's session, which nobody else changes until the transaction ends.

    The row has the participant's id as `participant`, its `number` and `pixels_per_degree`, and the
    columns of `sessions`; by one question, for PostgreSQL is asked over a network.

    Raises:
        AskingError: none has the token ("unknown").
    """
    own = participants.c.id.label("participant"), participants.c.number, participants.c.pixels_per_degree
    query = select(*own, sessions).join(sessions, sessions.c.id == participants.c.session)
    found = connection.execute(
        query.where(participants.c.token == kept(token)).with_for_update(of=sessions)
    ).first()
    if found is None:
        raise AskingError(NO_TOKEN, "unknown")
    return found


def _session(connection: Connection, condition: ColumnElement[bool], locked: bool) -> Row[Any] | None:
    query = select(sessions).where(condition)
    # Whoever changes something of a session waits here for others (SQLite has one writer anyway), so that
    # what is counted and checked after it holds until the end of the transaction.
    return connection.execute(query.with_for_update() if locked else query).first()


def seen(participant: int) -> Select[Any]:
    """What a participant has seen: trial, whether it was swapped, what was answered."""
    answered = and_(votes.c.participant == shown.c.participant, votes.c.trial == shown.c.trial)
    columns = shown.c.trial, shown.c.was_swapped, votes.c.choice
    return select(*columns).outerjoin(votes, answered).where(shown.c.participant == participant)


def all_votes() -> Select[Any]:
    """All votes of the store, as `vote_of` takes them."""
    columns = (
        participants.c.number,
        votes.c.trial,
        votes.c.choice,
        shown.c.was_swapped,
        votes.c.milliseconds,
        votes.c.at,
        votes.c.pixels_per_degree,
        votes.c.order,
        votes.c.scale,
        votes.c.frames,
    )
    was_shown = and_(shown.c.participant == votes.c.participant, shown.c.trial == votes.c.trial)
    return (
        select(*columns).join(shown, was_shown).join(participants, participants.c.id == votes.c.participant)
    )


def vote_of(row: Row[Any]) -> Vote:
    """A row of `all_votes`."""
    *others, scale, frames = row
    return Vote(*others, frames=tuple(json.loads(frames)) if frames else (), scale=scale)


def row_of(vote: Vote, participant: int, session: int) -> dict[str, Any]:
    """A vote as it is kept."""
    names = ("trial", "order", "choice", "milliseconds", "at", "pixels_per_degree", "scale")
    own = {name: getattr(vote, name) for name in names}
    frames = json.dumps(vote.frames) if vote.frames else None
    ids = {"participant": participant, "session": session}
    return {**own, **ids, "frames": frames}
