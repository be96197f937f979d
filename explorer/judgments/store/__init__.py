"""Where sessions and votes are kept: SQLAlchemy on SQLite by default, on PostgreSQL by EXPLORER_DATABASE.

Every vote is on disk before `Store.vote` returns; that it counts once is a constraint of the database.

    store = opened_store()                # by the environment; one a process
    keys = store.create(plan, pictures)   # digest -> PNG; Keys: code for participants, teacher's secret
    store.session(code)                   # SessionInfo: plan, state "open"|"closed", participants, votes
    store.by_teacher(teacher)             # SessionInfo
    store.join(code)                      # Participant: token (unguessable), number
    store.resume(token)                   # Participant, with what it has seen and answered
    store.shown(token, trial, was_swapped)      # a vote for another is refused; the first sides stay
    store.vote(token, trial, choice, milliseconds)  # durable; the same answer again is no error, another is
    store.measured(token, pixels_per_degree)
    store.votes(code, since=0)            # Votes in their order; those after `since`, a vote's `order`
    store.picture(digest)                 # PNG
    store.close(teacher); store.reopen(teacher); store.remove(teacher)
    store.sessions()                      # all, the newest first
    store.close_code(code); store.remove_code(code); store.renew(code)   # for who runs the server

What a session does not take (a code that none has, a second answer) is an `AskingError`, whose `reason` tells
pages what to offer; a database that fails is a `StoreError`. Both are sentences for the user.
"""

from explorer.judgments.store.place import opened_store
from explorer.judgments.store.records import Keys, Participant, SessionInfo
from explorer.judgments.store.store import Store

__all__ = ["Keys", "Participant", "SessionInfo", "Store", "opened_store"]
