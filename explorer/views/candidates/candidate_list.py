"""The candidates of a session, and what was measured of them."""

import base64
import io
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
from PIL import Image

from explorer.analysis.candidates import (
    MOST,
    SAMPLE_CANDIDATES,
    SAMPLE_SEED,
    distinct_names,
)
from explorer.cache import ByteBudgetCache
from explorer.distortions import CATALOGUE, Recipe
from explorer.errors import ExplorerError, ImageError
from explorer.images import Picture, match, resize
from explorer.metrics import Method
from explorer.metrics.classic import psnr_and_ssim
from explorer.views.common.compute import compared, distorted_by, identity, one_at_a_time
from explorer.views.common.method_controls import method_for
from explorer.views.common.session import Session, Upload
from explorer.views.common.shown import Pair

ROLE = "candidate_"  # of uploads in the session, before their number
THUMBNAIL = 112  # pixels of the longest side; shown at about half of that

# For all users together. A session's numbers are few, and cost seconds to make again.
_numbers: ByteBudgetCache[Any] = ByteBudgetCache(4_000_000)
ENTRY = 1000  # bytes, at most, of one entry with its key


@dataclass(frozen=True)
class Candidate:
    """A picture to be ranked: an upload, or a distortion of the reference.

    Attributes:
        role: Its key in the session's uploads, or the distortion's name.
        name: As it is shown, different from all others.
        picture: As given.
        severity: Of a distortion; None for an upload.
    """

    role: str
    name: str
    picture: Picture
    severity: float | None = None


@dataclass
class CandidateList:
    """Which candidates a session has; their files are among its uploads.

    Attributes:
        seen: The uploader's files that were taken or refused, so that each is checked once.
        count: Files received so far, which numbers their roles.
        rounds: How often the uploader was emptied; a part of its key.
        refused: Why files of the last upload were not taken, a sentence each.
        wants_samples: Whether sample candidates are shown although there are uploads.
        opening: (role, column) that was clicked, until it is opened in Inspect.
        metrics: The methods that the page's widget shows, as text.
    """

    seen: set[str] = field(default_factory=set)
    count: int = 0
    rounds: int = 0
    refused: list[str] = field(default_factory=list)
    wants_samples: bool = False
    opening: tuple[str, int] | None = None
    metrics: list[str] | None = None

    def uploads(self, session: Session) -> dict[str, Upload]:
        """By role, in the order in which they came."""
        return {role: upload for role, upload in session.uploads.items() if role.startswith(ROLE)}

    def take(self, session: Session, files: Sequence[Any]) -> None:
        """Check the uploader's new files; what cannot be taken is said."""
        new = [file for file in files if file.file_id not in self.seen]
        if new:
            self.refused, self.wants_samples = [], False
        beyond = []
        for file in new:
            self.seen.add(file.file_id)
            held = self.uploads(session)
            data = file.getvalue()
            twin = next((upload.name for upload in held.values() if upload.data == data), None)
            if twin is not None:
                self.refused.append(f"{file.name} is the same file as {twin}; it was not taken twice.")
            elif len(held) >= MOST:
                beyond.append(file.name)
            else:
                self._receive(session, file.name, data)
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

    def remove(self, session: Session, role: str | None = None) -> None:
        """Take one upload out, or all of them."""
        for each in [role] if role else list(self.uploads(session)):
            session.uploads.pop(each, None)
        self.refused = []

    def show_samples(self, wanted: bool) -> None:
        """Show the sample candidates in the uploads' place, or these again."""
        self.wants_samples = wanted

    def open(self, role: str, column: int) -> None:
        """Take a click on a candidate; the page then opens it."""
        self.opening = role, column

    def candidates(self, session: Session, reference: Picture) -> list[Candidate]:
        """Those to rank: the uploads, or the sample candidates where there are none or these are wanted."""
        uploads = self.uploads(session)
        if uploads and not self.wants_samples:
            names = distinct_names([upload.name for upload in uploads.values()])
            return [
                Candidate(role, name, upload.picture)
                for (role, upload), name in zip(uploads.items(), names, strict=True)
            ]
        return [
            Candidate(
                name,
                CATALOGUE[name].label,
                distorted_by(session, reference, Recipe.at(name, severity, SAMPLE_SEED)),
                severity,
            )
            for name, severity in SAMPLE_CANDIDATES
        ]


@dataclass(frozen=True)
class Measured:
    """All numbers of all candidates.

    Attributes:
        values: For each candidate its score by each method, then PSNR and SSIM; None where there is none.
        failures: Method -> the first error that kept it from a candidate.
        misfits: Roles of candidates whose size is not the reference's, and for which no mend was chosen.
    """

    values: list[list[float | None]]
    failures: Mapping[Method, ExplorerError]
    misfits: tuple[str, ...]


def measure_all(
    session: Session, reference: Picture, candidates: Sequence[Candidate], methods: Sequence[Method]
) -> Measured:
    """Measure what is not known yet, one after the other, with progress."""
    fits = {each.role: _fit(session, reference, each.picture) for each in candidates}
    misfits = tuple(
        each.role for each in candidates if fits[each.role] is None and each.picture.size != reference.size
    )
    wanted = [
        (each, method) for method in (*methods, None) for each in candidates if each.role not in misfits
    ]
    found: dict[tuple[str, Method | None], Any] = {}
    missing = []
    for each, method in wanted:
        key = _key(session, reference, each.picture, fits[each.role], method)
        found[each.role, method] = _numbers.get(key)
        if found[each.role, method] is None:
            missing.append((each, method, key))

    failures: dict[Method, ExplorerError] = {}
    for count, (each, method, key) in enumerate(missing, start=1):
        # A failure of one candidate is that of the others, too: they are of one size, and use one network.
        if method in failures and not isinstance(failures[method], ImageError):
            continue
        with one_at_a_time(f"Measuring {count} of {len(missing)} …"):
            try:
                numbers = _measure(session, reference, each.picture, fits[each.role], method)
            except ExplorerError as error:
                failures.setdefault(method, error)
                continue
            _numbers.put(key, numbers, ENTRY)
            found[each.role, method] = numbers
    values = [
        [
            *(found.get((each.role, method)) for method in methods),
            *(found.get((each.role, None)) or (None, None)),
        ]
        for each in candidates
    ]
    return Measured(values, failures, misfits)


def _fit(session: Session, reference: Picture, candidate: Picture) -> str | None:
    return None if candidate.size == reference.size else session.fit_of(reference, candidate)


def mend(session: Session, reference: Picture, candidates: Sequence[Candidate], fit: str) -> None:
    """Choose how the sizes of some candidates and the reference are made one."""
    for each in candidates:
        session.fit_of(reference, each.picture)  # names the two that are mended
        session.mend(fit)


def _key(
    session: Session, reference: Picture, candidate: Picture, fit: str | None, method: Method | None
) -> Hashable:
    how = _as_measured(session, reference, method).identity if method else session.settings.size
    return identity(reference), identity(candidate), fit, method, how


def _as_measured(session: Session, reference: Picture, method: Method) -> Method:
    """A column's method, at the session's size for such a pair, on its device and in its precision."""
    common = method_for(session, Pair(reference, reference, linkable=False))
    return replace(method, size=common.size, device=common.device, precision=common.precision)


def _measure(
    session: Session, reference: Picture, candidate: Picture, fit: str | None, method: Method | None
) -> float | tuple[float, float | None]:
    """The score by a method; PSNR and SSIM where that is None."""
    pair = Pair(*match(reference, candidate, fit), linkable=False)
    if method is None:
        size = method_for(session, pair).size
        return psnr_and_ssim(*(resize(picture, size).pixels for picture in (pair.reference, pair.distorted)))
    comparison, _ = compared(session, pair, _as_measured(session, pair.reference, method))
    return comparison.measurement(method.heads).score


def inspect_settings(session: Session, candidate: Candidate, method: Method | None) -> Mapping[str, str]:
    """The link that shows a candidate in Inspect, measured as in its column (None: as set before)."""
    settings = replace(session.settings, swapped=False)
    if method is not None:
        settings = settings.with_backbone(method.backbone)
        chosen = replace(settings.method, heads=method.heads, weights=method.weights)
        settings = replace(settings, method=chosen)
    if candidate.severity is not None:
        settings = settings.with_severity(candidate.role, candidate.severity, SAMPLE_SEED)
    return settings.to_link()


@st.cache_data(max_entries=64, show_spinner=False)
def thumbnail(digest: str, _picture: Picture) -> str:
    """A small picture as a data address; `digest` is the picture's."""
    image = Image.fromarray(_picture.pixels)
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
