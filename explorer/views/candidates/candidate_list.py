"""The candidates of a session: its uploads, or samples."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from PIL import Image

from explorer import render
from explorer.analysis.candidate_numbers import PREVIEW_SIDE, Answer, Number
from explorer.analysis.candidate_spots import CommonSpot
from explorer.analysis.candidates import MOST, SAMPLE_CANDIDATES, SAMPLE_SEED, distinct_names
from explorer.distortions import CATALOGUE, Recipe
from explorer.images import Picture
from explorer.jobs import Job
from explorer.metrics import Method
from explorer.names import as_meant, cut, harmless
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.viewer.ranking.ranking import TableSort
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import pause
from explorer.views.common.session import Session, Upload
from explorer.views.common.sources import Named
from explorer.views.common.uploads import other_file

ROLE = "candidate_"  # of uploads in the session, before their number
SAMPLES = "samples"  # in a link: sample candidates of an uploaded reference, which were asked for


@dataclass(frozen=True)
class Candidate:
    """A picture to be ranked: an upload, or a distortion of the reference.

    Attributes:
        role: Its key in the session's uploads, or the distortion's name.
        key: Tells it from the others, the same in each session: the digest of the file, as links have it, or
            the distortion's name.
        name: As it is shown, different from all others.
        full_name: As its files have it, different from all others, and not cut.
        picture: As given; None for a distortion, whose pixels are made where they are measured.
        severity: Of a distortion; None for an upload.
    """

    role: str
    key: str
    name: str
    picture: Picture | None = None
    severity: float | None = None
    full_name: str = ""

    @property
    def source(self) -> Picture | Recipe:
        """What its pixels come from."""
        return self.picture or Recipe.at(self.role, self.severity, SAMPLE_SEED)


@dataclass
class CandidateList(PageState):
    """Which candidates a session has; their files are among its uploads.

    Attributes:
        seen: The uploader's files that were taken or refused, so that each is checked once.
        count: Files received so far, which numbers their roles.
        rounds: How often the uploader was emptied; a part of its key.
        refused: Why files of the last upload were not taken, a sentence each.
        is_aside: Whether the uploads are put aside.
        wants_samples: Whether sample candidates were asked for; those of a sample reference need not be.
        opening: (key, column) that was clicked, until it is opened in Inspect.
        metrics: The methods that the page's widget shows, as text.
        measuring: The work on what is not known yet, running or over.
        known: What is shown of a reference's, by the key of what was asked.
        ranked: The last reference there was; its ranking stays on screen.
        is_sample: Whether that is a sample.
        spots: The hot spots that its candidates have in common.
        display: How they are shown.
        sort: How their table is sorted.
        linked: The uploads of the link that was written or followed last, as it has them.
        wanted: Those among them that this browser has to be asked for.
    """

    seen: set[str] = field(default_factory=set)
    count: int = 0
    rounds: int = 0
    refused: list[str] = field(default_factory=list)
    is_aside: bool = False
    wants_samples: bool = False
    opening: tuple[str, int] | None = None
    metrics: list[str] | None = None
    measuring: Kept[Job[Answer]] = field(default_factory=Kept)
    known: Kept[Mapping[Hashable, Number]] = field(default_factory=Kept)
    ranked: Picture | None = None
    is_sample: bool = True
    display: CandidatesDisplay = field(default_factory=CandidatesDisplay)
    sort: TableSort = field(default_factory=TableSort)
    spots: Kept[tuple[CommonSpot, ...]] = field(default_factory=Kept)
    linked: str = ""
    wanted: list[Named] = field(default_factory=list)

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)

    def uploads(self, session: Session) -> dict[str, Upload]:
        """By role, in the order in which they came."""
        return {role: upload for role, upload in session.uploads.items() if role.startswith(ROLE)}

    def take(self, session: Session, files: Sequence[Any]) -> None:
        """Check the uploader's new files; what cannot be taken is said."""
        new = [file for file in files if file.file_id not in self.seen]
        if new:
            self.refused, self.is_aside, self.wants_samples = [], False, False
        beyond = []
        for file in new:
            self.seen.add(file.file_id)
            held = self.uploads(session)
            data, given = file.getvalue(), as_meant(file.name)
            name = cut(harmless(given))
            twin = next((cut(upload.name) for upload in held.values() if upload.data == data), None)
            if twin is not None:
                self.refused.append(f"{name} is the same file as {twin}; it was not taken twice.")
            elif len(held) >= MOST:
                beyond.append(name)
            else:
                self._receive(session, given, data)
        if beyond:
            verb = "was" if len(beyond) == 1 else "were"
            self.refused.append(
                f"At most {MOST} candidates fit beside each other, so {', '.join(beyond)} {verb} not taken; "
                "remove others first."
            )

    def _receive(self, session: Session, name: str, data: bytes) -> None:
        role = f"{ROLE}{self.count}"
        self.count += 1
        session.receive(role, name, data)
        if role in session.refused:
            self.refused.append(session.refused.pop(role))
            return
        come = session.uploads[role].named
        if come.name in [named.name for named in self.wanted if named.digest != come.digest]:
            self.refused.append(other_file(come.name, come.name))
        self.wanted = [
            named for named in self.wanted if come.name != named.name and come.digest != named.digest
        ]

    def remove(self, session: Session, key: str = "") -> None:
        """Take one upload out, or all of them."""
        for role, upload in self.uploads(session).items():
            if key in ("", upload.named.digest):
                session.drop(role)
        self.refused = []
        if not key:
            self.wanted = []

    def to_link(self, session: Session) -> str:
        """The uploads that are ranked, as a link names them; "" for what is shown unasked."""
        files = [*(upload.named for upload in self.uploads(session).values()), *self.wanted]
        if files and not self.is_aside:
            self.linked = "/".join(map(str, files))  # no name holds a slash
        else:
            self.linked = SAMPLES if self.wants_samples and not self.is_sample else ""
        return self.linked

    def follow(self, session: Session, link: str) -> None:
        """Rank the uploads that a link names; those that this browser has to be asked for are wanted."""
        if link == self.linked:
            return
        self.linked, self.wants_samples, self.refused = link, link == SAMPLES, []
        self.is_aside = link in ("", SAMPLES)
        before, self.wanted = self.uploads(session), []
        if self.is_aside:
            return
        taken: set[str] = set()
        for text in link.split("/")[:MOST]:
            try:
                named = Named.read(text)
            except ValueError as error:
                session.report(f"The link asks for a candidate “{cut(harmless(text))}”: {error}")
                continue
            if named.digest in taken:
                continue  # each file is one candidate
            taken.add(named.digest)
            role = f"{ROLE}{self.count}"
            self.count += 1
            if not session.restore(role, named):
                self.wanted.append(named)
        for role in before:
            session.drop(role)

    def show_samples(self, wanted: bool) -> None:
        """Show the sample candidates in the uploads' place, or these again."""
        self.wants_samples = self.is_aside = wanted

    def meet(self, reference: Picture | None, is_sample: bool) -> None:
        """Take the chosen reference; sample candidates that were asked for were asked for another one."""
        if reference is None:
            return
        if self.ranked is not None and reference.digest != self.ranked.digest:
            self.wants_samples = False
        self.ranked, self.is_sample = reference, is_sample

    def open(self, key: str, column: int) -> None:
        """Take a click on a candidate; the page then opens it."""
        self.opening = key, column

    def keys(self, session: Session) -> set[str]:
        """Of all candidates, of uploads that stand aside, and of those that this browser is asked for."""
        uploads = {upload.named.digest for upload in self.uploads(session).values()}
        wanted = {named.digest for named in self.wanted}
        return {each.key for each in self.candidates(session)} | uploads | wanted

    def candidates(self, session: Session) -> list[Candidate]:
        """Those to rank: the uploads, else sample candidates, else none.

        Distortions of an upload are not measured unasked: its owner has candidates of their own.
        """
        uploads = self.uploads(session)
        if uploads and not self.is_aside:
            full = distinct_names([upload.name for upload in uploads.values()])
            names = distinct_names([cut(upload.name) for upload in uploads.values()])
            return [
                Candidate(role, upload.named.digest, name, upload.picture, full_name=whole)
                for (role, upload), name, whole in zip(uploads.items(), names, full, strict=True)
            ]
        if not (self.is_sample or self.wants_samples):
            return []
        return [
            Candidate(name, name, label, severity=severity, full_name=label)
            for name, severity in SAMPLE_CANDIDATES
            for label in [CATALOGUE[name].label]
        ]


def fit_of(session: Session, reference: Picture, candidate: Candidate) -> str | None:
    """The mend that was chosen for a candidate of another size than the reference's."""
    if candidate.picture is None or candidate.picture.size == reference.size:
        return None
    return session.fit_of(reference, candidate.picture)


def inspect_settings(
    session: Session, reference: Picture, candidate: Candidate, method: Method | None
) -> Mapping[str, str]:
    """The link that shows a candidate in Inspect, measured as in its column (None: as set before)."""
    candidate_fit = fit_of(session, reference, candidate)
    settings = replace(session.settings, swapped=False)
    if method is not None:
        settings = settings.with_method_of(method)
    if candidate.severity is not None:
        settings = settings.with_severity(candidate.role, candidate.severity, SAMPLE_SEED)
    sources = session.reference_sources()
    files = dict(sources.files)
    if candidate.role in session.uploads:
        files["distorted"] = session.uploads[candidate.role].named
    sources = replace(sources, files=files, fit=candidate_fit or "")
    return settings.to_link(not sources, sources)


@st.cache_data(max_entries=64, show_spinner=False)
def thumbnail(digest: str, _picture: Picture) -> str:
    """A small picture as a data address; `digest` is the picture's."""
    image = Image.fromarray(_picture.pixels)
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return render.thumbnail_address(image)
