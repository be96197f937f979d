CREATE TABLE explorer_schema (
    version INTEGER NOT NULL
);

CREATE TABLE explorer_sessions (
    id SERIAL NOT NULL,
    code TEXT NOT NULL,
    teacher TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    each INTEGER NOT NULL,
    seed BIGINT NOT NULL,
    choosing TEXT NOT NULL,
    most INTEGER NOT NULL,
    is_open BOOLEAN NOT NULL,
    created FLOAT NOT NULL,
    joined INTEGER NOT NULL,
    voted INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT explorer_sessions_most CHECK (joined <= most),
    UNIQUE (code),
    UNIQUE (teacher)
);

CREATE TABLE explorer_participants (
    id SERIAL NOT NULL,
    session INTEGER NOT NULL,
    number INTEGER NOT NULL,
    token TEXT NOT NULL,
    joined FLOAT NOT NULL,
    pixels_per_degree FLOAT,
    PRIMARY KEY (id),
    UNIQUE (session, number),
    FOREIGN KEY(session) REFERENCES explorer_sessions (id) ON DELETE CASCADE,
    UNIQUE (token)
);

CREATE TABLE explorer_pictures (
    digest TEXT NOT NULL,
    session INTEGER NOT NULL,
    png BYTEA NOT NULL,
    PRIMARY KEY (digest, session),
    FOREIGN KEY(session) REFERENCES explorer_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_explorer_pictures_session ON explorer_pictures (session);

CREATE TABLE explorer_trials (
    session INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    family TEXT NOT NULL,
    scene TEXT NOT NULL,
    condition_a TEXT NOT NULL,
    condition_b TEXT NOT NULL,
    reference TEXT NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    expected TEXT,
    PRIMARY KEY (session, number),
    FOREIGN KEY(session) REFERENCES explorer_sessions (id) ON DELETE CASCADE
);

CREATE TABLE explorer_shown (
    participant INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    session INTEGER NOT NULL,
    place INTEGER NOT NULL,
    was_swapped BOOLEAN NOT NULL,
    PRIMARY KEY (participant, trial),
    UNIQUE (participant, place),
    FOREIGN KEY(session, trial) REFERENCES explorer_trials (session, number) ON DELETE CASCADE,
    FOREIGN KEY(participant) REFERENCES explorer_participants (id) ON DELETE CASCADE
);

CREATE TABLE explorer_votes (
    participant INTEGER NOT NULL,
    trial INTEGER NOT NULL,
    session INTEGER NOT NULL,
    "order" INTEGER NOT NULL,
    choice TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    at FLOAT NOT NULL,
    pixels_per_degree FLOAT,
    PRIMARY KEY (participant, trial),
    UNIQUE (session, "order"),
    FOREIGN KEY(participant, trial) REFERENCES explorer_shown (participant, trial) ON DELETE CASCADE,
    FOREIGN KEY(session) REFERENCES explorer_sessions (id) ON DELETE CASCADE
);
