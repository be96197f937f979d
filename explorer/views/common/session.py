"""What a browser session holds: the settings, the checked uploads, and the pair that was last measured.

A plain object, fetched once a run. Widget callbacks get its methods: Streamlit ends a superseded run at its
next use of `st.session_state`, and a callback that dies there takes the user's change with it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from explorer.errors import ExplorerError
from explorer.names import cut, harmless
from explorer.places import opened_on
from explorer.places import page as file_of
from explorer.views.common.browser import came_by_history, new_key, sent_key, tabs, this_tab
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.projects import take_named
from explorer.views.common.settings import OWN_PARAMETERS, PLACE, Settings
from explorer.views.common.shown import Pair, Shown
from explorer.views.common.sources import PARAMETERS, Sources
from explorer.views.common.uploads import Upload as Upload
from explorer.views.common.uploads import Uploads

S = TypeVar("S")
V = TypeVar("V", bound="PageView")

READ_SECONDS = 1.5  # what stood on screen for less was not read: one gesture may start two runs
SETTING = "setting_"  # what keys of the common widgets begin with
OF_BACKBONE = f"{SETTING}of_"
VALUE = f"{SETTING}value_"  # of a distortion's parameter
TYPED = f"{SETTING}typed"  # whether values are typed, and no severity
ORIGIN = {"reference": "source", "distorted": "pairing"}  # role -> the setting of where it comes from


class PageView(Protocol):
    """What is shown on one page alone, as a value that its link carries.

    Attributes:
        PAGE: The page, a key of `OWN_PARAMETERS`.
    """

    PAGE: ClassVar[str]

    def to_link(self) -> dict[str, str]:
        """The page's own parameters."""

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple[Self, tuple[str, ...]]:
        """Read these; returns the view, and a sentence for each that was no good."""


@dataclass
class Session(Uploads):
    """One browser tab's state, for all pages.

    Attributes:
        settings: What is measured, and how it is shown.
        problems: Sentences to show at the top of the page, with the time at which each was shown first. Each
            stays until the user's next action after it could be read.
        shown: What was last measured; it stays on screen where something new fails.
        page: The path of the page that ran last.
        ended: How many runs have come to their end.
        is_written: Whether this run has made the address as it should be.
        followed: The link that this run has followed, if any.
        same: An address that was followed and stays, and the link that says all that it means.
        bare: Paths of pages whose view had no parameters.
        keeps_history: Whether the browser is known to run history.js: it has sent the key that this sets.
        gone_to: The link of an earlier view that the user has gone back to, until it is followed.
        own: Page -> the parameters of its link that it alone has (`OWN_PARAMETERS`), as text; the page reads
            them, and keeps there what `write_link` writes.
        pair: The pair that was last measured.
        is_by_itself: Whether the page has started this run by itself (`run_anew`), and nobody has acted.
    """

    settings: Settings
    problems: list[tuple[str, float | None]]
    shown: Shown | None = None
    page: str = ""
    ended: int = 0
    is_written: bool = False
    followed: dict[str, str] | None = None
    same: tuple[dict[str, str], dict[str, str]] | None = None
    bare: set[str] = field(default_factory=set)
    keeps_history: bool = False
    gone_to: dict[str, str] | None = None
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    pair: Pair | None = None
    is_by_itself: bool = False
    _starts_itself: bool = False
    _was_cut: bool = False
    _ended_before: int = -1  # `ended` at the start of the run
    _views: dict[str, PageView] = field(default_factory=dict)
    _states: dict[type, Any] = field(default_factory=dict)

    def follow(self, link: Mapping[str, str]) -> None:
        """Take the settings of a link, and report what in it is no good; other pages keep what is theirs."""
        link, here = dict(link), self.page.rpartition("/")[2]
        named = {name: link.pop(name) for name in PARAMETERS if name in link}
        sources, faults = Sources.from_link(named)
        for page, names in OWN_PARAMETERS.items():
            own = {name: link.pop(name) for name in names if name in link}
            if own or page == here:
                self.own[page] = own
        self.settings, problems = Settings.from_link(link)
        for problem in (*faults, *problems):
            self.report(problem)
        self.take_pictures(sources)

    def view_of(self, kind: type[V], on_read: Callable[[], None] = lambda: None) -> V:
        """A page's view: the last one, or that of a link that was followed since, whose faults are reported.

        Args:
            on_read: Called where it is that of a link.
        """
        link, view = self.own.get(kind.PAGE, {}), self._views.get(kind.PAGE)
        if view is None or view.to_link() != link:
            view, problems = kind.from_link(link)
            for problem in problems:
                self.report(problem)
            on_read()
        return self.keep_view(view)

    def keep_view(self, view: V) -> V:
        """Make this its page's view, also after a visit to another page."""
        self.own[view.PAGE], self._views[view.PAGE] = view.to_link(), view
        return view

    def change(self, **settings: Any) -> None:
        """Change some settings."""
        self.settings = replace(self.settings, **settings)

    def switch(self, backbone: str) -> None:
        """Choose another backbone, with its own layers and heads."""
        self.settings = self.settings.with_backbone(backbone)

    def state(self, kind: type[S]) -> S:
        """The one object of this class in the session, where a page or a part keeps what is its own."""
        return self._states.setdefault(kind, kind())

    def leave_pages(self, kind: type[PageState] = PageState) -> None:
        """End what goes on in the background for single pages; called on the way to another page.

        Args:
            kind: Of what is left, where a page has several places that are left like pages.
        """
        for state in self._states.values():
            if isinstance(state, kind):
                state.leave()

    def let_go(self) -> None:
        """Give back the memory of what can be made again; called when the tab has been closed.

        Streamlit keeps the sessions of over a hundred closed tabs, since any of them may come back.
        """
        self.shown = None
        self.close_shelf()
        for state in tuple(self._states.values()):
            for kept in vars(state).values():
                if isinstance(kept, Kept) and not kept.is_lasting:
                    kept.clear()

    def report(self, problem: ExplorerError | str) -> None:
        """Show a sentence at the top of the page."""
        self.problems.append((str(problem), None))

    def run_anew(self) -> NoReturn:
        """Run the page anew, although nobody has acted: what is said stays, and the address is not followed.

        All pages use this and not `st.rerun`, whose runs look as if the user had started them.
        """
        st.session_state.get("session")  # a run that was superseded ends here: the one after it is the user's
        self._starts_itself = True
        st.rerun()

    @property
    def is_after_a_cut(self) -> bool:
        """Whether the run before did not come to its end, and nobody has gone to another view since."""
        return self._was_cut and self.followed is None

    def begin_run(self) -> None:
        """Find out whether the user has started this run, whose sentences then go."""
        self.is_by_itself, self._starts_itself = self._starts_itself, False
        self._was_cut, self._ended_before = self.ended == self._ended_before, self.ended
        self.is_written = False
        if not self.is_by_itself:
            now = time.monotonic()
            self.problems = [
                (problem, first)
                for problem, first in self.problems
                if first is None or now - first < READ_SECONDS
            ]

    def sentences(self) -> list[str]:
        """The sentences to show now."""
        now = time.monotonic()
        self.problems = [(problem, first or now) for problem, first in self.problems]
        return [*self.refused.values(), *(problem for problem, _ in self.problems)]


def current() -> Session:
    """This tab's session, its settings those of the link where that was opened, or gone back to."""
    page, followed = urlsplit(st.context.url or "").path, None
    if "session" not in st.session_state:
        key = sent_key()
        session = Session(Settings(), [], key=key or new_key(), keeps_history=key is not None)
        _take_named_pair(session)
        first = take_named(session, followed := _link(page), names={"sample", *PARAMETERS})
        session.follow(followed)
        if not followed.keys() & {"sample", *PARAMETERS}:
            _choose_named_pair(session)
        st.session_state.session = session
        if first not in ("", "inspect"):  # the first page
            st.switch_page(file_of(first))
    session = st.session_state.session
    session.open_shelf()
    session.begin_run()
    tabs.let_closed_go()
    if (tab := this_tab()) is not None:
        tabs.watch(tab, session.let_go)
    # An address without parameters may be none that a page has written: see history.js.
    if came_by_history() and (_link(page) or page in session.bare or session.keeps_history):
        session.gone_to = _link(page)
    if page != session.page:
        # A widget that both pages draw is another one to Streamlit, which would start from nothing.
        for key in [key for key in st.session_state if str(key).startswith(SETTING)]:
            st.session_state[key] = st.session_state[key]
        session.page = page
        session.refused.clear()  # their widgets have gone, and the files with them
        session.leave_pages()
    session.followed = followed
    if session.gone_to is not None:
        go_to(session, session.gone_to)
        session.gone_to = None
    return session


def go_to(session: Session, link: Mapping[str, str]) -> None:
    """Have this run show what a link says; to be called before a widget of the page is drawn."""
    session.follow(link)
    _set_widgets(session)
    session.followed = link


def _set_widgets(session: Session) -> None:
    """Make the common widgets show the settings of a link that was followed."""
    settings = session.settings
    values = {**vars(settings.method), **vars(settings), **session.origins, "background": session.background}
    for name, value in values.items():
        key = f"{SETTING}{name}"
        if key in st.session_state:
            st.session_state[key] = value
    # A backbone's heads and layers are chosen by widgets of their own, and so are a distortion's values:
    # they start from the settings.
    for key in [key for key in st.session_state if str(key).startswith((OF_BACKBONE, VALUE, TYPED))]:
        del st.session_state[key]


def set_distortion(session: Session) -> None:
    """Make the sidebar's controls of the distortion show one that was chosen elsewhere on a page.

    To be called where these are not drawn, or in a callback: Streamlit lets nobody write what is on screen.
    """
    settings = session.settings
    values = {"pairing": session.origins["pairing"], "distortion": settings.distortion}
    values |= {"severity": settings.severity, "seed": settings.seed}
    for name, value in values.items():
        if f"{SETTING}{name}" in st.session_state:
            st.session_state[f"{SETTING}{name}"] = value
    for key in [key for key in st.session_state if str(key).startswith((VALUE, TYPED))]:
        del st.session_state[key]  # they start from the settings


def set_method(session: Session) -> None:
    """Make the controls of the method show one that was chosen elsewhere on a page; to be called as above."""
    for name, value in vars(session.settings.method).items():
        if f"{SETTING}{name}" in st.session_state:
            st.session_state[f"{SETTING}{name}"] = value
    for key in [key for key in st.session_state if str(key).startswith(OF_BACKBONE)]:
        del st.session_state[key]  # they start from the settings


def _take_named_pair(session: Session) -> None:
    """Have the pictures that the command opened the app on, as if they had been uploaded."""
    for role in ORIGIN:
        path = opened_on(role)
        if path is None:
            continue
        try:
            session.receive(role, path.name, path.read_bytes())
        except OSError as error:
            name = cut(harmless(path.name))
            session.report(f"{name} cannot be read any more ({error.strerror}); put it back and reload.")
        problem = session.refused.pop(role, None)  # it would go with the widget, which holds no file
        if problem:
            session.report(problem)


def _choose_named_pair(session: Session) -> None:
    """Start with these pictures; where a link names others, they are there to be chosen."""
    for role, origin in ORIGIN.items():
        if opened_on(role) is not None and role in session.uploads:
            session.origins[origin] = "upload"


def _link(page: str) -> dict[str, str]:
    """The address's parameters, the older ones under the names that they have now."""
    link = st.query_params.to_dict()
    if page.endswith("/candidates") and "columns" in link:  # once shared with Compare
        link.setdefault("metrics", link.pop("columns"))
    return link


def widget_key(name: str, value: Any, backbone: str = "") -> str:
    """Key of a setting's widget, which starts from the setting's value.

    Args:
        backbone: Where the widget's choices are those of one backbone.
    """
    key = f"{OF_BACKBONE}{backbone}_{name}" if backbone else f"{SETTING}{name}"
    st.session_state.setdefault(key, value)
    return key


def write_link(
    session: Session, page: str = "", has_failed: bool = False, needs_distorted: bool = True
) -> None:
    """Make the page's address reopen what is chosen; to be called at the end of each run.

    It is what is chosen and not what is on screen, which may be of something else while that is measured: an
    address that was gone back to would be lost to the one on screen.

    Args:
        page: Whose own parameters it carries, a key of `OWN_PARAMETERS`.
        has_failed: Whether what is chosen cannot be had: the address then stays that of the view before,
            where it has one.
        needs_distorted: As in `Session.sources`.
    """
    sources = session.sources(needs_distorted)
    if sources is None or (has_failed and (st.query_params or session.page in session.bare)):
        return
    link = session.settings.to_link(not sources, sources) | session.own.get(page, {})
    if not link:
        session.bare.add(session.page)
    address = st.query_params.to_dict()
    names_all = sources.to_link().items() <= address.items()
    if session.followed == address and names_all and not session.problems:
        # It may say less than a written link, but means the same: another entry would be no other view.
        session.same = address, link
    if session.same is not None:
        followed, meant = map(_without_place, session.same)
        if _without_place(address) == followed and _without_place(link) == meant:
            # Only another part of the pictures is seen: the address keeps its own words for all else.
            link = followed | {name: link[name] for name in PLACE if name in link}
    if address != link:
        st.query_params.from_dict(link)
    session.is_written = True


def _without_place(link: Mapping[str, str]) -> dict[str, str]:
    """A link's parameters but for those that say which part of the pictures is seen."""
    return {name: text for name, text in link.items() if name not in PLACE}
