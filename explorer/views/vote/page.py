"""Vote: which of two pictures is closer to a third, or are two the same? Asked of who has a session's code.

Reads top to bottom: the code, from the link or typed, and the ballot. It has no sidebar, no menu and no pair:
who votes comes to vote. A vote is on the disk before the next trial is shown; that one's pictures are in the
browser by then.
"""

import math
from dataclasses import dataclass, field

import streamlit as st

from explorer.cache import ByteBudgetCache
from explorer.errors import AskingError, StoreError
from explorer.judgments.store import Store, opened_store
from explorer.judgments.store.keys import typed_code
from explorer.viewer.ballot.ballot import Ballot, Said, ballot
from explorer.views.common.markdown import plain
from explorer.views.common.often import network_of
from explorer.views.vote.booth import Booth, known_booth
from explorer.views.vote.guesses import Guesses, wrong_codes

LONGEST_CODE = 40  # letters that are looked at
LOOK = 1.0  # seconds between two looks whether a code may be tried again
REMOVED = "This session has been removed. You can take part in another one."
ENTRY = "vote_code"

_pictures: ByteBudgetCache[bytes] = ByteBudgetCache(32_000_000)  # of all participants


@dataclass
class VoteState:
    """What the page keeps in a tab.

    Attributes:
        booths: By the code of their session.
        guesses: Wrong codes so far.
        refused: Codes that are looked at no more until they are typed again, and why.
        is_blank: Whether no code was typed where one was asked for.
    """

    booths: dict[str, Booth] = field(default_factory=dict)
    guesses: Guesses = field(default_factory=lambda: Guesses(wrong_codes))
    refused: dict[str, str] = field(default_factory=dict)
    is_blank: bool = False


def address_now() -> str:
    """What counts as the browser's address."""
    return network_of(st.context.ip_address)


def booth_of(store: Store, state: VoteState, typed: str) -> Booth | None:
    """The booth for a code; None where it is not looked at yet, for many before it were wrong.

    Raises:
        AskingError: no session has it.
        StoreError: the store fails.
    """
    if typed in state.booths:
        return state.booths[typed]
    if typed in state.refused:
        raise AskingError(state.refused[typed], "unknown")
    address = address_now()
    if state.guesses.seconds_to_wait(address):
        return None
    try:
        info = store.session(typed)
    except AskingError as error:
        state.guesses.note_wrong(address)
        state.refused = {typed: str(error)}
        raise
    state.guesses.note_right()
    return state.booths.setdefault(info.code, Booth(store, info, address))


def draw_door(store: Store, state: VoteState, typed: str) -> None:
    """Let in who has a place in the session already, although others have tried out codes beside them.

    The browser alone knows: it is asked as by a ballot, out of sight, and shows its token, which
    nobody guesses.
    """
    code = typed_code(typed)
    if code is None:
        return

    def hear(said: Said) -> None:
        booth = known_booth(store, code, address_now(), said)
        if booth is not None:
            state.booths[code] = state.booths[typed] = booth

    with st.container(key="vote_door"):
        asked = Ballot(code=code, title="", kind="2afc", stage="hello")
        ballot(asked, store.picture, frozenset(), key=f"door_{code}", on_said=hear)


def draw_entry(state: VoteState, problem: str = "", waits: bool = False) -> None:
    """The box for a code, below the reason why the one before does not do, or not yet."""
    problem = problem or ("Type the code of your session." if state.is_blank else "")
    with st.container(key="vote_entry"):
        st.markdown("## Take part")
        st.markdown("You compare pictures for a few minutes. Type the code that you were given.")
        if problem:
            st.error(plain(problem), icon=":material/error:")
        if waits:
            draw_wait(state)
        with st.form("vote_form", border=False):
            st.text_input("Code", key=ENTRY, max_chars=LONGEST_CODE, value="", placeholder="such as K7M-4PX")
            st.form_submit_button("Go", type="primary", on_click=_go, args=(state,), width="stretch")


def _go(state: VoteState) -> None:
    st.query_params["code"] = typed = st.session_state[ENTRY].strip()
    state.is_blank = not typed
    state.refused.clear()


@st.fragment(run_every=LOOK)
def draw_wait(state: VoteState) -> None:
    """How long a code is not looked at; then it is, by itself."""
    wait = math.ceil(state.guesses.seconds_to_wait(address_now()))
    if not wait:
        st.rerun()
    st.warning(
        f"Too many wrong codes. Yours has not been looked at yet; it will be, by itself, in {wait} "
        f"{'second' if wait == 1 else 'seconds'}.",
        icon=":material/hourglass:",
    )


def _picture(store: Store, digest: str) -> bytes:
    found = _pictures.get(digest)
    if found is None:
        found = store.picture(digest)
        _pictures.put(digest, found, len(found))
    return found


@st.fragment  # a vote runs this alone
def draw_ballot(store: Store, state: VoteState, booth: Booth) -> None:
    """What the participant sees."""
    if booth.is_removed:
        state.booths = {code: other for code, other in state.booths.items() if other is not booth}
        state.refused = {booth.info.code: REMOVED}
        st.rerun()
    try:
        ballot(
            booth.ballot(),
            lambda digest: _picture(store, digest),
            booth.held,
            key=f"ballot_{booth.info.code}",
            on_said=booth.hear,
        )
    except (AskingError, StoreError) as error:  # a picture that cannot be read
        st.error(plain(f"{error} Your answers are kept; reload the page to go on."), icon=":material/error:")


def page() -> None:
    """The whole page."""
    state: VoteState = st.session_state.setdefault("vote_state", VoteState())
    typed = st.query_params.get("code", "")[:LONGEST_CODE]
    with st.container(key="vote"):
        if not typed:
            return draw_entry(state)
        try:
            store = opened_store()
            booth = booth_of(store, state, typed)
        except (AskingError, StoreError) as error:
            return draw_entry(state, str(error))
        if booth is None:
            draw_entry(state, waits=True)
            return draw_door(store, state, typed)
        if st.query_params["code"] != booth.info.code:
            st.query_params["code"] = booth.info.code
        return draw_ballot(store, state, booth)


page()
