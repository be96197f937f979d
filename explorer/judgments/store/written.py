"""Sessions in the tables: checked, written, read and removed, within a transaction that is the caller's."""

import time
from collections.abc import Mapping
from dataclasses import astuple, fields, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from explorer.errors import SettingError, StoreError
from explorer.judgments.asking.limits import (
    LONGEST_TITLE,
    MOST_BYTES,
    MOST_PARTICIPANTS,
    MOST_SENTINELS,
    MOST_TRIALS,
)
from explorer.judgments.asking.trial import Plan, Trial
from explorer.judgments.store.keys import kept, new_code, new_key
from explorer.judgments.store.records import Keys, SessionInfo
from explorer.judgments.store.schema import pictures, sessions, trials
from explorer.names import harmless

LONGEST_DIGEST = 128  # letters, as many as SHA-512 has
LARGEST_PICTURE = 8_000_000  # bytes
PNG = b"\x89PNG\r\n\x1a\n"

_TRIAL_COLUMNS = [field.name for field in fields(Trial)]


def checked(plan: Plan, images: Mapping[str, bytes]) -> Plan:
    """The plan, its texts made harmless; what cannot be asked is refused.

    Args:
        plan: What a teacher sets up.
        images: By digest, at least those that the trials show; PNG.

    Raises:
        SettingError: in words, what does not fit.
    """
    count, most = len(plan.trials), MOST_TRIALS + MOST_SENTINELS
    if not 1 <= count <= most:
        raise SettingError(f"A session has 1 to {most} trials, not {count:,}.", "trials")
    if not 1 <= plan.each <= count:
        raise SettingError(f"Each participant sees 1 to {count} of {count} trials, not {plan.each}.", "each")
    if not 1 <= plan.most <= MOST_PARTICIPANTS:
        raise SettingError(
            f"A session has 1 to {MOST_PARTICIPANTS:,} participants, not {plan.most:,}.", "most"
        )
    if len(plan.title) > LONGEST_TITLE:
        raise SettingError(f"A title has at most {LONGEST_TITLE} letters, not {len(plan.title)}.", "title")
    if not -(2**63) <= plan.seed < 2**63:
        raise SettingError("A session's seed is a whole number of at most 63 bits.", "seed")
    if plan.choosing not in ("random", "active"):
        raise SettingError(
            f"The next trial is chosen at “random” or “active”, not {plan.choosing!r}.", "choosing"
        )
    for place, trial in enumerate(plan.trials):
        _check_trial(trial, place, plan)
    _check_pictures(plan, images)
    return replace(plan, title=harmless(plan.title).strip(), trials=tuple(map(_harmless, plan.trials)))


def _check_trial(trial: Trial, place: int, plan: Plan) -> None:
    if trial.number != place:
        raise SettingError(
            f"Trials are numbered from 0 in their order; trial {place} says {trial.number}.", "trials"
        )
    if plan.kind not in ("2afc", "jnd") or trial.kind != plan.kind:
        raise SettingError(
            f"All trials of a session are of one kind; trial {place} is {trial.kind!r}.", "kind"
        )
    if trial.expected is not None and trial.expected not in trial.choices:
        raise SettingError(f"Trial {place} cannot be answered {trial.expected!r}.", "trials")


def _check_pictures(plan: Plan, images: Mapping[str, bytes]) -> None:
    needed = needed_pictures(plan)
    missing = needed - images.keys()
    if missing:
        raise SettingError(
            f"{len(missing)} of the {len(needed)} pictures of the trials are missing.", "pictures"
        )
    for digest in needed:
        if not is_digest(digest):
            raise SettingError(f"{digest!r} is no digest of a picture.", "pictures")
        if not images[digest].startswith(PNG):
            raise SettingError("A picture of a trial is no PNG file.", "pictures")
        if len(images[digest]) > LARGEST_PICTURE:
            raise SettingError(
                f"A picture of a trial is over {LARGEST_PICTURE // 10**6} MB as PNG.", "pictures"
            )
    if sum(len(images[digest]) for digest in needed) > MOST_BYTES:
        raise SettingError(f"The pictures of a session are over {MOST_BYTES >> 20} MB together.", "pictures")


def _harmless(trial: Trial) -> Trial:
    texts = {
        name: harmless(getattr(trial, name)) for name in ("family", "scene", "condition_a", "condition_b")
    }
    return replace(trial, **texts)


def is_digest(text: str) -> bool:
    """Whether it can name a picture."""
    return text.isascii() and text.isalnum() and len(text) <= LONGEST_DIGEST


def needed_pictures(plan: Plan) -> set[str]:
    """Digests of the pictures that its trials show."""
    return {digest for trial in plan.trials for digest in (trial.reference, trial.a, trial.b)}


def check_room(connection: Connection, plan: Plan, images: Mapping[str, bytes], room: int) -> None:
    """Whether the pictures of one session more have room.

    Args:
        room: Bytes of the pictures of all sessions.

    Raises:
        StoreError: they would take more.
    """
    taken = connection.execute(select(func.sum(func.length(pictures.c.png)))).scalar() or 0
    if taken + sum(len(images[digest]) for digest in needed_pictures(plan)) > room:
        raise StoreError(
            f"The sessions of this server have as many pictures as they may ({room / 2**30:.3g} GB). Remove "
            "sessions that are over, on Results; whoever runs the server does it with `lpips-explorer "
            "judgments remove CODE`."
        )


def insert(connection: Connection, plan: Plan, images: Mapping[str, bytes]) -> Keys:
    """Write a session that was `checked`; returns its new keys."""
    code = new_code()
    while connection.execute(select(sessions.c.id).where(sessions.c.code == code)).first():
        code = new_code()
    keys = Keys(code, new_key())
    own = {name: getattr(plan, name) for name in ("title", "kind", "each", "seed", "choosing", "most")}
    row = {"code": code, "teacher": kept(keys.teacher), "is_open": True, "created": time.time()}
    inserted = connection.execute(sessions.insert().values(**own, **row, joined=0, voted=0))
    session = inserted.inserted_primary_key[0]
    lines = [
        {**dict(zip(_TRIAL_COLUMNS, astuple(trial), strict=True)), "session": session}
        for trial in plan.trials
    ]
    connection.execute(trials.insert(), lines)
    needed = sorted(needed_pictures(plan))
    connection.execute(
        pictures.insert(),
        [{"session": session, "digest": digest, "png": images[digest]} for digest in needed],
    )
    return keys


def plan_of(connection: Connection, session: Row[Any]) -> Plan:
    """The plan of a row of `sessions`."""
    columns = [trials.c[name] for name in _TRIAL_COLUMNS]
    rows = connection.execute(
        select(*columns).where(trials.c.session == session.id).order_by(trials.c.number)
    )
    own = {name: getattr(session, name) for name in ("title", "kind", "each", "seed", "choosing", "most")}
    return Plan(**own, trials=tuple(Trial(*row) for row in rows))


def info_of(session: Row[Any], plan: Plan) -> SessionInfo:
    """A row of `sessions` as it is handed out."""
    state = "open" if session.is_open else "closed"
    return SessionInfo(session.code, plan, state, session.joined, session.voted, session.created)


def remove(connection: Connection, session: int) -> None:
    """Take a session away with all that belongs to it."""
    connection.execute(delete(sessions).where(sessions.c.id == session))
