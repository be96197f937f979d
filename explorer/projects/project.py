"""A project as a value: both pictures as they were given, the settings, boxes and results; and its bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Self

from explorer.analysis.region import Box, name_of, read_box
from explorer.backbones import PRECISIONS, find_device
from explorer.backbones.devices import precision_on
from explorer.errors import ProjectError, SettingError
from explorer.images import Picture, load, to_one_size
from explorer.limits import MOST_BOXES
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.method import PARAMETERS
from explorer.metrics.provenance import explorer_and_packages
from explorer.names import cut, harmless, in_short
from explorer.projects.archive import DOCUMENT, RESULTS, ROLES, pack, unpack
from explorer.projects.document import (
    DISTORTION,
    FILE,
    LONGEST_NAME,
    WHITE,
    Document,
    Entry,
    packed,
    unpacked,
)
from explorer.projects.results import checked, difference
from explorer.render import png

LONGEST_QUOTE = 400  # letters of an error that are shown


@dataclass(frozen=True)
class PictureFile:
    """A picture as it was given.

    Attributes:
        name: What it is called.
        data: The bytes of the image file.
        origin: As `explorer.projects.document.Entry` has it.
    """

    name: str
    data: bytes = field(repr=False)
    origin: str = FILE

    @classmethod
    def of_pixels(cls, picture: Picture, origin: str = FILE) -> Self:
        """The file of a picture that has none: a PNG, which keeps every pixel."""
        return cls(picture.name, png(picture.pixels), origin)


@dataclass(frozen=True, eq=False)
class Project:
    """A pair with all that brings back what was seen of it; made by `of` and `from_bytes`, and never changed.

    Attributes:
        reference, distorted: As they were given.
        settings: As a link's parameters have them, the boxes among them; "size" is what was asked for.
        results: What was found, in the one shape of docs/files.md, as plain values.
        page: Where the app opens it, "inspect" or "region".
        background: Under transparent places, "#rrggbb".
        fit: How two sizes are made one; None where they are one.
    """

    reference: PictureFile
    distorted: PictureFile
    settings: Mapping[str, str]
    results: Mapping[str, Any]
    page: str = "inspect"
    background: str = WHITE
    fit: str | None = None

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "The project") -> Self:
        """Read a project's file.

        The pictures are unpacked and their checksums compared; `given` and `pictures` read them as images.

        Args:
            name: What errors call the file.

        Raises:
            ProjectError: it is no project, is damaged, of a newer version, or asks for what does not exist.
        """
        subject = cut(harmless(name.rpartition("/")[2])) or "The project"
        entries = unpack(data, subject)
        document = Document.from_json(entries[DOCUMENT], subject)
        files = {}
        for role, entry in document.pictures.items():
            content = entries.get(entry.file)
            if content is None or sha256(content).hexdigest() != entry.sha256:
                raise ProjectError(
                    f"{subject}: the {role} picture is not the one that was saved; get it once more."
                )
            files[role] = PictureFile(entry.name, content, entry.origin)
        if all(file.origin == DISTORTION for file in files.values()):
            raise ProjectError(f"{subject}: only one of the pictures can be a distortion of the other.")
        results = checked(unpacked(entries[RESULTS], f"{subject}: results.json"), subject)
        project = cls(
            **files,
            settings=document.settings,
            results=results,
            page=document.page,
            background=document.background,
            fit=document.fit,
        )
        try:
            _ = project.boxes, project.method
        except (SettingError, ValueError) as error:
            raise ProjectError(
                f"{subject} asks for what cannot be had: {in_short(str(error), LONGEST_QUOTE)}"
            ) from error
        return project

    def to_bytes(self) -> bytes:
        """The project's file; equal projects give equal bytes.

        Raises:
            ProjectError: it would be too large.
        """
        given = dict(zip(ROLES, self.given, strict=True))
        files = {role: getattr(self, role) for role in ROLES}
        names = {role: f"{role}.{given[role].format.lower()}" for role in ROLES}
        pictures = {
            role: Entry(
                cut(harmless(file.name.rpartition("/")[2]), LONGEST_NAME),
                names[role],
                sha256(file.data).hexdigest(),
                file.origin,
            )
            for role, file in files.items()
        }
        document = Document(self.page, self.settings, pictures, self.background, self.fit)
        return pack(
            {
                DOCUMENT: document.to_json(explorer_and_packages()),
                RESULTS: packed(self.results),
                **{names[role]: files[role].data for role in ROLES},
            }
        )

    @property
    def given(self) -> tuple[Picture, Picture]:
        """Reference and distorted picture as they were given, read anew.

        Raises:
            ImageError: one is damaged or too large.
        """
        return self._read(self.reference), self._read(self.distorted)

    @property
    def pictures(self) -> tuple[Picture, Picture]:
        """The same, made one size as the project says.

        Raises:
            ImageError: as `given`, or the sizes differ and the project does not say what to do.
        """
        return to_one_size(*self.given, self.fit)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes that were drawn, A first, in pixels of the pictures."""
        texts = [text for text in self.settings.get("boxes", "").split(";") if text]
        if len(texts) > MOST_BOXES:
            raise SettingError(f"it has {len(texts)} boxes, and {MOST_BOXES} are the most.")
        boxes = tuple(read_box(text[:80]) for text in texts)
        chosen = self.settings.get("box", name_of(0))
        if chosen != name_of(0) and chosen not in map(name_of, range(len(boxes))):
            raise SettingError(f"it has no box {chosen!r}.")
        return boxes

    @property
    def method(self) -> Method:
        """How the pair was measured; on the device of this machine, in a precision that it has."""
        method = Method()
        for name in PARAMETERS:
            if name in self.settings and name not in ("size", "device", "precision"):
                method = method.with_text(name, self.settings[name])
        precision, _ = self.precision_here
        return replace(method, precision=precision, size=self.results["longest_side"])

    @property
    def precision_here(self) -> tuple[str, str]:
        """The precision to measure in on this machine, and a sentence where it is another than the project's.

        Raises:
            SettingError: the project's is none.
        """
        asked = self.settings.get("precision", "float32")
        if asked not in PRECISIONS:
            raise SettingError(f"there is no precision {asked!r}; choose one of: {', '.join(PRECISIONS)}.")
        had = precision_on(find_device("auto"), asked)
        said = f"The project was measured in {asked}, which this machine lacks; here it is {had}."
        return had, "" if had == asked else said

    def measure(self) -> Measurement:
        """Measure the pair again, as it was measured.

        Raises:
            ExplorerError: as `explorer.measure`.
        """
        method = self.method
        return compare(*self.pictures, method).measurement(method.heads, method.layers)

    def difference(self, measurement: Measurement) -> str:
        """A sentence where this machine measures another score (`projects.results`); "" where not."""
        return difference(self.results, measurement)

    def _read(self, file: PictureFile) -> Picture:
        return load(file.data, name=file.name, background=self.background)
