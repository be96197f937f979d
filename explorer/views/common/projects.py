"""Projects in a session: opened from a file into it, and made of what it shows.

What a file holds is read and checked before anything of the session changes: where it is refused, all stays.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from explorer.distortions import distorted
from explorer.errors import ExplorerError, ProjectError, SettingError
from explorer.images import Picture
from explorer.names import cut, harmless, in_short
from explorer.places import opened_project
from explorer.projects import PictureFile, Project, open_project
from explorer.projects.document import DISTORTION, SAMPLE
from explorer.projects.results import difference
from explorer.samples import FOLDER, SAMPLES, load_sample
from explorer.views.common.apart import apart
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.common.shown import Given, Shown
from explorer.views.common.sources import Sources

if TYPE_CHECKING:  # it opens the project that the app was started on
    from explorer.views.common.session import Session

ROLE = "project"  # its key among what the session has seen, beside those of pictures
REGION = "region"  # the page whose own parameters a project holds
OTHER_PIXELS = (
    "The project's distortion makes other pixels here than where it was saved, so the picture that was saved "
    "is opened as an upload."
)


@dataclass
class OpenedProject:
    """What a session remembers of the project that was opened last.

    Attributes:
        refused: The sentence about a file that could not be opened, while the widget still holds it.
        results: Its results, until they were held against those of this machine.
        digests: Of its pictures as given.
    """

    refused: str = ""
    results: Mapping[str, Any] | None = None
    digests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ready:
    """A project that was read and checked whole.

    Attributes:
        link: Its settings for this machine, without the page's own.
        own: Region's own.
        given: Reference and distorted picture.
        uploads: Role -> the picture that is taken as an upload; the others can be made again.
        sentences: What to say of it.
    """

    project: Project
    link: dict[str, str]
    own: dict[str, str]
    given: tuple[Picture, Picture]
    uploads: dict[str, PictureFile]
    sentences: tuple[str, ...]


def read(project: Project, name: str) -> Ready:
    """Check a project whole: its settings, and its pictures, which are compared with what is made here.

    Args:
        name: What errors call the file.

    Raises:
        ExplorerError: a setting or a picture is no good.
    """
    own = {key: text for key, text in project.settings.items() if key in OWN_PARAMETERS[REGION]}
    link = {key: text for key, text in project.settings.items() if key not in own and key != "device"}
    precision, said = project.precision_here
    link |= {"precision": precision} if "precision" in link else {}
    try:
        settings, _ = Settings.from_link(link, is_strict=True)
    except SettingError as error:
        raise ProjectError(
            f"{cut(harmless(name))} has settings that cannot be had: {in_short(str(error))}"
        ) from error
    given, files = project.given, (project.reference, project.distorted)
    way = -1 if settings.swapped else 1
    (first, made), (first_file, made_file) = given[::way], files[::way]
    uploads, sentences = {}, [said] if said else []
    if first_file.origin != SAMPLE or load_sample(settings.sample).digest != first.digest:
        uploads["reference"] = first_file
    if made_file.origin != DISTORTION:
        uploads["distorted"] = made_file
    elif distorted(first, settings.recipe).digest != made.digest:
        uploads["distorted"] = made_file
        sentences.append(OTHER_PIXELS)
    return Ready(project, link, own, given, uploads, tuple(sentences))


def take(session: "Session", name: str, data: bytes) -> str:
    """Open a project's file in a session; returns the page that it opens on.

    Raises:
        ExplorerError: it was refused, and the session is as it was.
    """
    name = harmless(name.rpartition("/")[2])
    ready = apart("Reading a project", lambda: read(Project.from_bytes(data, name), name))
    return _take(session, ready)


def _take(session: "Session", ready: Ready) -> str:
    project = ready.project
    _receive(session, ready)
    files = {role: session.uploads[role].named for role in ready.uploads}
    sources = Sources(files, project.fit or "", project.background)
    session.own[REGION] = ready.own
    session.gone_to = ready.link | ready.own | sources.to_link()
    for sentence in ready.sentences:
        session.report(sentence)
    opened = session.state(OpenedProject)
    opened.results, opened.digests = project.results, tuple(picture.digest for picture in ready.given)
    return project.page


def _receive(session: "Session", ready: Ready) -> None:
    """Take the pictures as uploads: all of them, or none.

    Raises:
        ProjectError: a guest has no room for one.
    """
    uploads, background = dict(session.uploads), session.background
    refused, wanted = dict(session.refused), dict(session.wanted)
    for role in ("reference", "distorted"):
        session.refused.pop(role, None)
    if background != ready.project.background:
        session.lay_on(ready.project.background)
    session.wanted.clear()  # what a link has asked for is asked for no more
    for role, file in ready.uploads.items():
        session.receive(role, file.name, file.data)
    problems = [session.refused[role] for role in ready.uploads if role in session.refused]
    if problems:
        session.uploads, session.background = uploads, background
        session.refused, session.wanted = refused, wanted
        session.drop("")  # what is held is counted anew
        raise ProjectError(problems[0])
    for role in (ROLE, *ready.uploads):  # their widgets hold what was uploaded before
        session.rounds[role] = session.rounds.get(role, 0) + 1


def take_named(session: "Session", link: Mapping[str, str], names: Set[str]) -> str:
    """Start with the project that the command opened the app on; returns the page to go to, "" for this one.

    A link that names pictures goes before it, whose pictures are then there to be chosen; what else a link
    says goes before its settings.

    Args:
        names: The link's parameters that name pictures.
    """
    path = opened_project()
    if path is None:
        return ""
    try:
        project = open_project(path)
        ready = apart("Reading a project", partial(read, project, path.name))
        page = _take(session, ready)
    except ExplorerError as error:
        session.report(error)
        return ""
    if names.isdisjoint(link):
        session.gone_to |= link
        return "" if link else page
    session.gone_to, session.state(OpenedProject).results = None, None
    session.own.pop(REGION)
    return ""


def say_difference(session: "Session") -> None:
    """Say once where this machine measures another score than the project that was opened."""
    opened, shown = session.state(OpenedProject), session.shown
    if opened.results is None or shown is None or shown.pair.given is None:
        return
    measurement = shown.inspection.measurement
    is_its_pair = tuple(given.picture.digest for given in shown.pair.given) == opened.digests
    if is_its_pair and list(measurement.size) == list(opened.results["size"]):
        sentence = difference(opened.results, measurement)
        if sentence:
            session.report(sentence)
        opened.results = None


def made(session: "Session", page: str, shown: Shown, results: dict[str, Any]) -> bytes:
    """A project's file of what is shown.

    Args:
        page: Where it is to be opened.
        results: What was found, in the one shape of docs/files.md.

    Raises:
        ProjectError: it would be too large.
    """
    settings = replace(shown.settings, display=session.settings.display)
    files = tuple(_file(given, settings) for given in shown.pair.given)
    link = settings.to_link()
    origins = {file.origin for file in files}
    unused = {"device", "projector"}  # of the machine and of the room
    unused |= set() if SAMPLE in origins else {"sample"}
    unused |= set() if DISTORTION in origins else {"distortion", "severity", "seed", "recipe"}
    link = {key: text for key, text in link.items() if key not in unused} | session.own.get(REGION, {})
    fit = session.fit_of(*(given.picture for given in shown.pair.given))
    return Project(*files, link, results, page, session.background, fit).to_bytes()


def _file(given: Given, settings: Settings) -> PictureFile:
    """The file of a picture of a pair; what a distortion has made gets one."""
    picture = given.picture
    if given.data is not None:
        return PictureFile(picture.name, given.data)
    if any(note.kind == "distorted" for note in picture.notes):
        return PictureFile.of_pixels(picture, DISTORTION)
    return PictureFile(picture.name, (FOLDER / SAMPLES[settings.sample].file).read_bytes(), SAMPLE)
