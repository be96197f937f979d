"""What was made, as files: the pair at the playhead, a contact sheet, animations, a table, and all frames."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from explorer import report
from explorer.analysis import export
from explorer.analysis.cost import is_large
from explorer.images import Picture, derive
from explorer.metrics import Method
from explorer.report.duel import ANIMATIONS, Account, Told, animation, archive, contact_sheet, history
from explorer.report.duel.archive import png
from explorer.synthesis.journey import Frame, Journey, frame_at
from explorer.views.common import parts
from explorer.views.common.apart import apart
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.duel.modes import MODES

UNDER_WAY = "It is still being made: wait until it is done, or pause it."
NOTHING = "Nothing is made yet."
ABOUT = "Each says how it was made. WebP is without loss; GIF, which goes everywhere, has 256 colours."

# What is on the menu: what makes it, its ending, and what it is called.
SAVED: Mapping[str, tuple[Callable[[Account], str | bytes], str, str]] = {
    "Contact sheet, PDF": (partial(contact_sheet, ending="pdf"), "pdf", "sheet"),
    "Contact sheet, PNG": (partial(contact_sheet, ending="png"), "png", "sheet"),
    "Animation, WebP": (partial(animation, ending="webp"), "webp", "run"),
    "Animation, GIF": (partial(animation, ending="gif"), "gif", "run"),
    "History, CSV": (history, "csv", "history"),
    "All frames, ZIP": (archive, "zip", "frames"),
}
TYPES = report.FORMATS | ANIMATIONS | {"csv": "text/csv", "zip": "application/zip"}


@dataclass(frozen=True, eq=False)
class Taken:
    """What files are made of.

    Attributes:
        journey: What was made.
        told: What is said of it.
        at: The step that is looked at; None for the last one.
        tile: What is looked at: a run, or another of the labels for where runs begin; "" for the last run.
    """

    journey: Journey
    told: Told
    at: int | None = None
    tile: str = ""

    @property
    def shown(self) -> tuple[Frame, ...]:
        """A frame of each run where the playhead is, the one that is looked at first."""
        runs = self.journey.runs
        frames = [frame_at(own, self.at) for name in runs if (own := self.journey.frames(name))]
        if not frames:
            return ()
        if self.tile in self.told.labels and self.tile not in runs:
            first = self._start()
        else:
            seen = [name for name in self.told.labels if name in runs] or runs
            chosen = self.tile if self.tile in runs else seen[-1]
            first = next(frame for frame in frames if frame.run == chosen)
        return (first, *(frame for frame in frames if frame is not first))

    def label(self, frame: Frame) -> str:
        """What a frame is called."""
        labels = self.told.labels
        if self.tile in labels and self.tile not in self.journey.runs and frame is self._start():
            return labels[self.tile]
        return f"{labels.get(frame.run, frame.run.capitalize())}, step {frame.step}"

    def _start(self) -> Frame:
        """What a tile shows that is no run: where those that move begin."""
        all_frames = [self.journey.frames(name) for name in self.journey.runs]
        return max(all_frames, key=len)[0]


@dataclass
class DuelFiles(PageState):
    """What files are made of, which Streamlit is not to hold.

    Attributes:
        taken: Of what is on screen.
    """

    taken: Kept[Taken] = field(default_factory=Kept)

    def leave(self) -> None:
        """Let go of it."""
        self.taken.clear()


def draw_files(
    session: Session,
    journey: Journey,
    mode_name: str,
    settings: object,
    is_stale: bool,
    *,
    is_under_way: bool = False,
    sentence: str = "",
    labels: Mapping[str, str] | None = None,
    at: int | None = None,
    tile: str = "",
) -> None:
    """The row of files.

    Args:
        journey: What is on screen.
        mode_name, settings: Which question it answers, and with what.
        is_stale: Whether something else is chosen by now.
        is_under_way: Whether more comes.
        sentence: The answer.
        labels: What runs, and other tiles, are called on screen, in its order.
        at: The playhead's step; None for the last one.
        tile: Of these the one that is looked at; "" for the last run.
    """
    mode = MODES[mode_name]
    # A link leaves out what is as at first, and a file must not.
    chosen = mode.spelled(settings, journey) | settings.to_link()
    if mode.uses_pair(settings):
        chosen["distorted"] = _distorted(session)
    told = Told(mode_name, chosen, session.settings.seed, sentence, labels or {}, mode.TITLE)
    taken = session.state(DuelFiles).taken.keep("page", Taken(journey, told, at, tile))
    shown = taken.shown
    refusal = NO_FILE if is_stale else UNDER_WAY if is_under_way else "" if shown else NOTHING
    subjects = [_subject(session, taken, frame) for frame in shown]
    with take_away(session, subjects, refusal):
        _draw_all(session, taken, shown, refusal)


def _distorted(session: Session) -> str:
    """The session's distorted image, as its recipe, or as the name of its file."""
    if session.origins["pairing"] == "distort":
        return session.settings.recipe.to_link()
    upload = session.uploads.get("distorted")
    return "" if upload is None else upload.picture.name


def _draw_all(session: Session, taken: Taken, shown: tuple[Frame, ...], refusal: str) -> None:
    """A button for the picture that is looked at, and a menu of all that tells the course."""
    plan = taken.journey.plan
    named = partial(_named, plan.reference, plan.method)
    # While it grows the page around the pictures stays, and so would name a step that has long passed.
    first = "Picture" if refusal else taken.label(shown[0])
    name = named("png", f"{shown[0].run}-{shown[0].step}" if shown else "picture")
    call = partial(_picture, session)
    parts.draw_download(f"{first}, PNG", call, name, "image/png", width="content", refusal=refusal)
    with st.popover("Save the run", icon=":material/movie:", disabled=bool(refusal), help=refusal or None):
        for label, (make, ending, what) in SAVED.items():
            call, name = partial(_made, session, label, make), named(ending, what)
            parts.draw_download(label, call, name, TYPES[ending], refusal=refusal)
        st.caption(ABOUT)


def _held(session: Session) -> Taken:
    return parts.still_held(session.state(DuelFiles).taken.latest)


def _picture(session: Session) -> bytes:
    return png(_held(session).shown[0].picture)


def _made(session: Session, label: str, make: Callable[[Account], str | bytes]) -> str | bytes:
    """A file of the whole journey; of large pictures it is made in turns with that of other tabs."""
    taken = _held(session)
    account = Account.of(taken.journey, taken.told)
    work = partial(make, account)
    return apart(f"Making {label}", work) if is_large(account.reference.size) else work()


def _named(reference: Picture, method: Method, ending: str, what: str) -> str:
    return export.named_by_methods((reference.name,), (method,), reference.size, f"duel-{what}", ending)


def _subject(session: Session, taken: Taken, frame: Frame) -> Subject:
    plan, label = taken.journey.plan, taken.label(frame)

    def find():
        made = derive(frame.picture, frame.picture.pixels, name=f"{plan.reference.name}, {label.lower()}")
        return found_of(session, Pair(plan.reference, made, linkable=False), plan.method)

    return Subject((plan.reference.digest, frame.picture.digest, plan.method), label, find)
