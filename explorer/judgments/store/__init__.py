"""Where sessions and votes are kept: SQLAlchemy on SQLite by default, on PostgreSQL by EXPLORER_DATABASE.

Every vote is on disk before `Store.vote` returns; that it counts once is a constraint of the database.

    store = opened_store()                      # by the environment; one a process
    keys = store.create(plan, pictures)   # -> Keys: code for participants, teacher's secret
    store.session(code) -> SessionInfo  # plan, state "open"|"closed", participants
    store.by_teacher(teacher) -> SessionInfo
    store.join(code) -> Participant             # token (unguessable), number
    store.resume(token) -> Participant
    store.shown(token, trial, was_swapped)      # that a trial was shown: a vote for another is refused
    store.vote(token, trial, choice, milliseconds)  # durable; the same answer again is no error, another is
    store.votes(code) -> tuple[Vote, ...]       # only those after `since=` where given
    store.picture(digest) -> bytes              # PNG
    store.close(teacher) / store.reopen(teacher) / store.remove(teacher)
"""
