"""What a browser session holds: the settings, the checked uploads, and the pair that was last measured.

A plain object, fetched once a run. Widget callbacks get its methods: Streamlit ends a superseded run at its
next use of `st.session_state`, and a callback that dies there takes the user's change with it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from explorer.cache import budget_from_environment
from explorer.errors import ExplorerError, ImageError
from explorer.images import Picture, load
from explorer.names import cut, harmless
from explorer.places import opened_on
from explorer.places import page as file_of
from explorer.shares import Share, Shares
from explorer.views.common.apart import apart
from explorer.views.common.browser import tabs, this_tab
from explorer.views.common.guests import has_guests
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.projects import take_named
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.common.shown import Pair, Shown

S = TypeVar("S")
V = TypeVar("V", bound="PageView")

WHITE = "#ffffff"
READ_SECONDS = 1.5  # what stood on screen for less was not read: one gesture may start two runs
SETTING = "setting_"  # what keys of the common widgets begin with
OF_BACKBONE = f"{SETTING}of_"
VALUE = f"{SETTING}value_"  # of a distortion's parameter
TYPED = f"{SETTING}typed"  # whether values are typed, and no severity
ORIGIN = {"reference": "source", "distorted": "pairing"}  # role -> the setting of where it comes from
SETTLED_SECONDS = 1.0  # after this, an address that is not the written one was gone to by the user

_uploads = Shares(budget_from_environment("EXPLORER_UPLOADS_MB", 2000))


@dataclass(frozen=True)
class Upload:
    """An image file that was read without error, kept as bytes: the widget's value goes with its page."""

    name: str
    data: bytes
    picture: Picture  # on the background that was chosen

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return len(self.data) + self.picture.pixels.nbytes


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
class Session:
    """One browser tab's state, for all pages.

    Attributes:
        settings: What is measured, and how it is shown.
        problems: Sentences to show at the top of the page, with the time at which each was shown first. Each
            stays until the user's next action after it could be read.
        refused: Role -> the sentence about a file that could not be read, while the widget still holds it.
        uploads: Role ("reference", "distorted", "camera") -> the last good file.
        seen: Role -> the widget's file that was checked last, so that each is checked once.
        background: The colour under transparent places of uploads.
        shown: What was last measured; it stays on screen where something new fails.
        page: The path of the page that ran last.
        written: The link that was last written into this page's address, and when.
        gone_to: The link of an earlier view that the user has gone back to, until it is followed.
        own: Page -> the parameters of its link that it alone has (`OWN_PARAMETERS`), as text; the page reads
            them, and keeps there what `write_link` writes.
        pair: The pair that was last measured.
        chosen: Common widget -> the value that it is to have, whatever the user chose: that of a project.
        emptied: How often a project took the place of the files that the widgets hold.
        is_by_itself: Whether the page has started this run by itself (`run_anew`), and nobody has acted.
    """

    settings: Settings
    problems: list[tuple[str, float | None]]
    uploads: dict[str, Upload] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    background: str = WHITE
    shown: Shown | None = None
    page: str = ""
    written: tuple[dict[str, str], float] | None = None
    gone_to: dict[str, str] | None = None
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    pair: Pair | None = None
    chosen: dict[str, str] = field(default_factory=dict)
    emptied: int = 0
    is_by_itself: bool = False
    _starts_itself: bool = False
    _views: dict[str, PageView] = field(default_factory=dict)
    _fits: dict[tuple[str, str], str] = field(default_factory=dict)
    _states: dict[type, Any] = field(default_factory=dict)
    _share: Share = field(default_factory=Share)

    def follow(self, link: Mapping[str, str]) -> None:
        """Take the settings of a link, and report what in it is no good; other pages keep what is theirs."""
        link, here = dict(link), self.page.rpartition("/")[2]
        for page, names in OWN_PARAMETERS.items():
            own = {name: link.pop(name) for name in names if name in link}
            if own or page == here:
                self.own[page] = own
        self.settings, problems = Settings.from_link(link)
        for problem in problems:
            self.report(problem)
        self.gone_to = None

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

    def leave_pages(self) -> None:
        """End what goes on in the background for single pages; called on the way to another page."""
        for state in self._states.values():
            if isinstance(state, PageState):
                state.leave()

    def let_go(self) -> None:
        """Give back the memory of what can be made again; called when the tab has been closed.

        Streamlit keeps the sessions of over a hundred closed tabs, since any of them may come back.
        """
        self.shown = None
        for state in tuple(self._states.values()):
            for kept in vars(state).values():
                if isinstance(kept, Kept) and not kept.is_lasting:
                    kept.clear()

    def fit_of(self, reference: Picture, distorted: Picture) -> str | None:
        """The mend that was chosen for these two, if their sizes differ."""
        return self._fits.get((reference.digest, distorted.digest))

    def mend(self, reference: Picture, distorted: Picture, fit: str) -> None:
        """Choose how the sizes of these two, and of no others, are made one."""
        self._fits[reference.digest, distorted.digest] = fit

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

    def begin_run(self) -> None:
        """Find out whether the user has started this run, whose sentences then go."""
        self.is_by_itself, self._starts_itself = self._starts_itself, False
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

    def receive(self, role: str, name: str, data: bytes) -> None:
        """Check a new file; one that cannot be read is refused in words, and what was there stays."""
        name = harmless(name.rpartition("/")[2])  # a browser sends no folders; others might
        try:
            picture = apart("Reading an upload", partial(load, data, name=name, background=self.background))
            self._hold(role, picture, data)
        except ExplorerError as error:
            self.refused[role] = str(error)
            return
        self.refused.pop(role, None)
        self.uploads[role] = Upload(name, data, picture)

    def drop(self, role: str) -> None:
        """Let go of an upload."""
        self.uploads.pop(role, None)
        _uploads.take(self._share, sum(upload.bytes for upload in self.uploads.values()))

    def _hold(self, role: str, picture: Picture, data: bytes) -> None:
        """Hold a new file among this session's uploads, of which guests have a share.

        Raises:
            ImageError: there is no room for it.
        """
        if not has_guests():
            return
        others = (upload.bytes for key, upload in self.uploads.items() if key != role)
        if not _uploads.take(self._share, sum(others) + picture.pixels.nbytes + len(data)):
            raise ImageError(
                f"{cut(picture.name)} was not taken: this server has guests, and has not so much memory left "
                "for one of them; use a smaller picture, or remove others first."
            )

    def lay_on(self, background: str) -> None:
        """Put another colour under the transparent places of all uploads."""
        self.background = background
        for role, upload in self.uploads.items():
            again = partial(load, upload.data, name=upload.name, background=background)
            self.uploads[role] = replace(upload, picture=apart("Reading an upload", again))


def current() -> Session:
    """This tab's session, its settings those of the link where that was opened, or gone back to."""
    if "session" not in st.session_state:
        session = Session(Settings(), [])
        session.follow(_link(urlsplit(st.context.url or "").path))
        _take_named_pair(session)
        page = take_named(session)
        st.session_state.session = session
        if page not in ("", "inspect"):  # the first page
            st.switch_page(file_of(page))
    session = st.session_state.session
    session.begin_run()
    tabs.let_closed_go()
    if (tab := this_tab()) is not None:
        tabs.watch(tab, session.let_go)
    page = urlsplit(st.context.url or "").path
    if page != session.page:
        # A widget that both pages draw is another one to Streamlit, which would start from nothing.
        for key in [key for key in st.session_state if str(key).startswith(SETTING)]:
            st.session_state[key] = st.session_state[key]
        # Streamlit empties the address on the way to another page: that is no going back to an earlier view.
        session.page, session.written = page, None
        session.refused.clear()  # their widgets have gone, and the files with them
        session.leave_pages()
    st.session_state.update({f"{SETTING}{name}": value for name, value in session.chosen.items()})
    session.chosen = {}
    if session.gone_to is not None:
        session.follow(session.gone_to)
        settings = session.settings
        for name, value in {**vars(settings.method), **vars(settings)}.items():
            key = f"{SETTING}{name}"
            if key in st.session_state:
                st.session_state[key] = value
        # A backbone's heads and layers are chosen by widgets of their own, and so are a distortion's values:
        # they start from the settings.
        for key in [key for key in st.session_state if str(key).startswith((OF_BACKBONE, VALUE, TYPED))]:
            del st.session_state[key]
    return session


def _take_named_pair(session: Session) -> None:
    """Start with the pictures that the command opened the app on, as if they had been uploaded.

    A link that names a sample goes before them; they are then there to be chosen.
    """
    for role, origin in ORIGIN.items():
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
        elif role in session.uploads and "sample" not in st.query_params:
            st.session_state[f"{SETTING}{origin}"] = "upload"


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


def write_link(session: Session, page: str = "", linkable: bool | None = None) -> None:
    """Make the page's address reopen what is on screen, or follow it where the user has gone back.

    Args:
        page: Whose own parameters it carries, a key of `OWN_PARAMETERS`.
        linkable: On a page that shows no pair: whether a link can bring back what it shows instead.
    """
    settings = session.settings
    if linkable is None:
        if session.shown is None:  # the tab was closed meanwhile
            return
        # What is measured as it is shown, also where newer settings failed; its display as it is now.
        linkable = session.shown.pair.linkable
        settings = replace(session.shown.settings, display=settings.display)
    link = settings.to_link(linkable) | session.own.get(page, {})
    address = st.query_params.to_dict()
    now = time.monotonic()
    known, when = session.written or (None, now)
    if address == link == known:
        return
    if address != link:
        # A run that the page has started by itself may come with the address of the run before.
        is_settled = now - when > SETTLED_SECONDS and not session.is_by_itself
        if linkable and link == known and is_settled:
            session.gone_to = address
            session.run_anew()
        st.query_params.from_dict(link)
    session.written = link, now  # also where the user has gone there: from there one may go back once more
