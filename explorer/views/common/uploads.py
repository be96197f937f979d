"""The pictures that a session has uploaded, those that a link has named, and how two of them fit."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from explorer.cache import budget_from_environment
from explorer.errors import ExplorerError, ImageError
from explorer.images import Picture, load
from explorer.names import cut, harmless
from explorer.shares import Share, Shares
from explorer.views.common.apart import apart
from explorer.views.common.browser import new_key
from explorer.views.common.guests import has_guests
from explorer.views.common.shelves import File, Shelf, shelves
from explorer.views.common.sources import ROLES, WHITE, Named, Sources, digest_of

_uploads = Shares(budget_from_environment("EXPLORER_UPLOADS_MB", 2000))


@dataclass(frozen=True)
class Upload:
    """An image file that was read without error, kept as bytes: the widget's value goes with its page."""

    name: str
    data: bytes
    picture: Picture  # on the background that was chosen
    digest: str  # of the bytes, whole

    @property
    def named(self) -> Named:
        """How links name it."""
        return Named.of(self.name, self.digest)

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return len(self.data) + self.picture.pixels.nbytes


def other_file(name: str, wanted: str) -> str:
    """The warning where a file came in the place of the one that a link names."""
    return (
        f"{name} is not the {wanted} that the link was made with: its bytes differ, and so may all numbers."
    )


@dataclass(kw_only=True)
class Uploads(ABC):
    """The part of a session that is about uploads.

    Attributes:
        uploads: Role ("reference", "distorted", "camera") -> the last good file.
        seen: Role -> the widget's file that was checked last, so that each is checked once.
        refused: Role -> the sentence about a file that could not be read, while the widget still holds it.
        rounds: Role -> how often its uploader was emptied; a part of the widget's key.
        wanted: Role -> the file that a link names, and that this browser has to be asked for.
        origins: Where the pictures come from: "source" -> "sample" or a key of `ROLES`, "pairing" ->
            "distort" or "upload".
        background: The colour under transparent places of uploads.
        fit: How the pair's sizes were made one, "" where they were not.
        linked_fit: The same as a link has it, until both pictures are there; None where no link was followed.
        key: What opens this browser's shelf of uploads; nobody else is ever told.
    """

    uploads: dict[str, Upload] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, Named] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=lambda: {"source": "sample", "pairing": "distort"})
    background: str = WHITE
    fit: str = ""
    linked_fit: str | None = None
    key: str = field(default_factory=new_key, repr=False)
    _fits: dict[tuple[str, str], str] = field(default_factory=dict)
    _share: Share = field(default_factory=Share)
    _shelf: Shelf | None = None  # held, so that it stays as long as the tab is open

    @abstractmethod
    def report(self, problem: ExplorerError | str) -> None:
        """Show a sentence at the top of the page."""

    def take_pictures(self, sources: Sources) -> None:
        """Have the pictures that a link names; those that this browser has not uploaded are asked for."""
        self.origins = {"source": sources.source, "pairing": sources.pairing}
        if sources and sources.background != self.background:
            self.lay_on(sources.background)
        self.linked_fit = sources.fit
        self.wanted = {role: named for role, named in sources.files.items() if not self.restore(role, named)}
        for role in self.wanted:
            self.drop(role)  # no other picture takes its place in silence

    def open_shelf(self) -> Shelf:
        """The files that this browser has uploaded, in this session or in one before."""
        self._shelf = shelves.open(self.key)
        return self._shelf

    def close_shelf(self) -> None:
        """Hold them no longer; they stay for their time."""
        self._shelf = None

    def restore(self, role: str, named: Named) -> bool:
        """Make a file that this browser has uploaded before a role's again; False where it is not kept."""
        held = self.uploads.get(role)
        if held is not None and held.digest.startswith(named.digest):
            return True
        if self.seen.pop(role, None) is not None:
            # The widget may hold another file: it starts anew, and shows none that is not in use.
            self.rounds[role] = self.rounds.get(role, 0) + 1
        self.refused.pop(role, None)
        twin = next((each for each in self.uploads.values() if each.digest.startswith(named.digest)), None)
        if twin is not None:
            self.uploads[role] = twin
            return True
        file = self.open_shelf().find(named.digest)
        if file is None:
            return False
        self.receive(role, file.name, file.data)
        return self.refused.pop(role, None) is None

    @property
    def asked_for(self) -> dict[str, Named]:
        """Role -> the file that a link names and that is still missing, of the sources that are chosen."""
        roles = self._roles()
        return {role: named for role, named in self.wanted.items() if role in roles}

    def _roles(self) -> list[str]:
        """The roles of those pictures that are uploads."""
        roles = [ROLES[self.origins["source"]]] if self.origins["source"] in ROLES else []
        return roles + ["distorted"] * (self.origins["pairing"] == "upload")

    def sources(self, needs_distorted: bool = True) -> Sources | None:
        """What a link says of the pictures that are chosen; None where one of them is still missing.

        Args:
            needs_distorted: Whether one is missing where an uploaded distorted image is.
        """
        files = {}
        for role in self._roles():
            if role in self.uploads:
                files[role] = self.uploads[role].named
            elif role in self.wanted:
                files[role] = self.wanted[role]
            elif role != "distorted" or needs_distorted:
                return None
        return Sources(files, self.fit, self.background)

    def reference_sources(self) -> Sources:
        """What a link says of the reference alone."""
        sources = self.sources(needs_distorted=False) or Sources()
        files = {role: named for role, named in sources.files.items() if role != "distorted"}
        return replace(sources, files=files, fit="")

    def fit_of(self, reference: Picture, distorted: Picture) -> str | None:
        """The mend that was chosen for these two, if their sizes differ."""
        return self._fits.get((reference.digest, distorted.digest))

    def take_fit(self, reference: Picture, distorted: Picture) -> None:
        """Note how the chosen two are made one size, as a link that was followed says, if there was one."""
        if self.linked_fit is not None:
            self._fits.pop((reference.digest, distorted.digest), None)
            if self.linked_fit:
                self.mend(reference, distorted, self.linked_fit)
            self.linked_fit = None
        is_one_size = reference.size == distorted.size
        self.fit = "" if is_one_size else self.fit_of(reference, distorted) or ""

    def mend(self, reference: Picture, distorted: Picture, fit: str) -> None:
        """Choose how the sizes of these two, and of no others, are made one."""
        self._fits[reference.digest, distorted.digest] = fit

    def receive(self, role: str, name: str, data: bytes) -> None:
        """Check a new file; one that cannot be read is refused in words, and what was there stays.

        It is kept for the browser's next session as well, and said where a link has asked for another one.
        """
        name = harmless(name.rpartition("/")[2])  # a browser sends no folders; others might
        try:
            picture = apart("Reading an upload", partial(load, data, name=name, background=self.background))
            self._hold(role, picture, data)
        except ExplorerError as error:
            self.refused[role] = str(error)
            return
        self.refused.pop(role, None)
        digest = digest_of(data)
        self.uploads[role] = Upload(name, data, picture, digest)
        self.open_shelf().put(digest, File(name, data))
        wanted = self.wanted.pop(role, None)
        if wanted is not None and not digest.startswith(wanted.digest):
            self.report(other_file(cut(name), wanted.name))

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
        self.linked_fit = self.fit  # the pictures are others now, and fit as before
        for role, upload in self.uploads.items():
            again = partial(load, upload.data, name=upload.name, background=background)
            self.uploads[role] = replace(upload, picture=apart("Reading an upload", again))
