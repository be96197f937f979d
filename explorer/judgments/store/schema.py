"""The tables in which sessions and votes are kept; what must hold of them is a constraint, not a check.

A participant sees a trial once, and answers a trial that was shown, once: the keys of `shown` and `votes`
say so. What belongs to a session goes with it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 4  # of the tables below

metadata = MetaData()

# Ids are never given twice, also after a removal (SQLite would, otherwise).
_IDENTITY = {"sqlite_autoincrement": True}


def _of_session() -> ForeignKey:
    return ForeignKey("explorer_sessions.id", ondelete="CASCADE")


schema = Table("explorer_schema", metadata, Column("version", Integer, nullable=False))

sessions = Table(
    "explorer_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("teacher", Text, nullable=False, unique=True),  # the hash of their key
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("each", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("choosing", Text, nullable=False),
    Column("most", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("joined", Integer, nullable=False),  # participants so far
    Column("voted", Integer, nullable=False),  # votes so far
    CheckConstraint("joined <= most", name="explorer_sessions_most"),
    **_IDENTITY,
)

trials = Table(
    "explorer_trials",
    metadata,
    Column("session", _of_session(), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("scene", Text, nullable=False),
    Column("condition_a", Text, nullable=False),
    Column("condition_b", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("a", Text, nullable=False),
    Column("b", Text, nullable=False),
    Column("expected", Text),
)

# A picture in two sessions is kept twice: then a session's removal takes its own, and no other's.
pictures = Table(
    "explorer_pictures",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("session", _of_session(), primary_key=True, index=True),
    Column("png", LargeBinary, nullable=False),
)

participants = Table(
    "explorer_participants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session", _of_session(), nullable=False),
    Column("number", Integer, nullable=False),
    Column("token", Text, nullable=False, unique=True),  # its hash
    Column("joined", Float, nullable=False),  # seconds since 1970
    Column("pixels_per_degree", Float),
    UniqueConstraint("session", "number"),
    **_IDENTITY,
)

shown = Table(
    "explorer_shown",
    metadata,
    Column("participant", ForeignKey("explorer_participants.id", ondelete="CASCADE"), primary_key=True),
    Column("trial", Integer, primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("place", Integer, nullable=False),  # in the participant's order, from 0
    Column("was_swapped", Boolean, nullable=False),
    UniqueConstraint("participant", "place"),
    # Since version 2: a session's removal looks for who has seen each of its trials. Beside 300,000 that were
    # shown in other sessions it took 16 s without.
    Index("explorer_shown_trials", "session", "trial"),
    ForeignKeyConstraint(
        ["session", "trial"], ["explorer_trials.session", "explorer_trials.number"], ondelete="CASCADE"
    ),
)

votes = Table(
    "explorer_votes",
    metadata,
    Column("participant", Integer, primary_key=True, autoincrement=False),
    Column("trial", Integer, primary_key=True, autoincrement=False),
    Column("session", _of_session(), nullable=False),
    Column("order", Integer, nullable=False),  # among the session's votes, from 1
    Column("choice", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970
    Column("pixels_per_degree", Float),
    Column("frames", Text),  # since version 3: a list of numbers as JSON
    Column("scale", Float),  # since version 4
    UniqueConstraint("session", "order"),
    ForeignKeyConstraint(
        ["participant", "trial"], ["explorer_shown.participant", "explorer_shown.trial"], ondelete="CASCADE"
    ),
)
