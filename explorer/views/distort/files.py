"""The recipe, its ledger and its pictures as files, and the pair after any step as a figure and a report."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial

from PIL import Image

from explorer.analysis.export import named
from explorer.analysis.region import Findings
from explorer.analysis.steps import StepLedger
from explorer.distortions import Recipe
from explorer.images import Picture
from explorer.names import word
from explorer.views.common import parts
from explorer.views.common.apart import apart
from explorer.views.common.compute import identity
from explorer.views.common.distorting import last_picture, pictures_after
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.distort.state import DistortState

NOT_YET = "The steps are not all measured yet."


def draw_files(session: Session, reference: Picture, ledger: StepLedger, is_stale: bool) -> None:
    """The row of files; the pair after the last step is offered first."""
    session.state(DistortState).shown.keep("page", (reference, ledger))
    refusal = NO_FILE if is_stale else "" if ledger.is_complete and ledger.found else NOT_YET
    with take_away(session, _subjects(session, reference, ledger), refusal):
        if not ledger.found:
            return
        measurement = ledger.found[-1].measurement
        for label, make, what, ending, mime in (
            ("Recipe, JSON", _recipe, "recipe", "json", "application/json"),
            ("Steps, JSON", _json, "steps", "json", "application/json"),
            ("Steps, CSV", _csv, "steps", "csv", "text/csv"),
            ("Pictures, ZIP", _zip, "steps", "zip", "application/zip"),
        ):
            file = named(measurement, what, ending)
            parts.draw_download(
                label, partial(_of_shown, session, make), file, mime, width="content", refusal=refusal
            )


def _of_shown(session: Session, make: Callable[[Picture, StepLedger], str | bytes]) -> str | bytes:
    return make(*parts.still_held(session.state(DistortState).shown.latest))


def _recipe(_reference: Picture, ledger: StepLedger) -> str:
    return ledger.recipe.to_json() + "\n"


def _json(_reference: Picture, ledger: StepLedger) -> str:
    return json.dumps(ledger.to_dict(), indent=2, allow_nan=False) + "\n"


def _csv(_reference: Picture, ledger: StepLedger) -> str:
    return ledger.to_csv()


def _subjects(session: Session, reference: Picture, ledger: StepLedger) -> list[Subject]:
    """A figure can be made of the pair after each step that was measured, the last one first."""
    return [
        Subject(
            (identity(reference), ledger.recipe.active[:count], ledger.method),
            f"After step {ledger.places[count - 1]}, {ledger.recipe.active[count - 1].entry.label}",
            partial(_found, session, reference, ledger, count),
        )
        for count in range(len(ledger.found), 0, -1)
    ]


def _found(session: Session, reference: Picture, ledger: StepLedger, count: int) -> tuple[Findings, ...]:
    make = partial(last_picture, reference, Recipe(ledger.recipe.active[:count]))
    pair = Pair(reference, apart("Distorting for the figure", make), linkable=False)
    return found_of(session, pair, ledger.method)


def _zip(reference: Picture, ledger: StepLedger) -> bytes:
    """The reference and the picture after each step as PNG files of the size as given, in their order."""
    recipe = ledger.recipe

    def work() -> bytes:  # each is written as it comes: all at once would fill the memory
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:  # PNG files are packed already
            _write(archive, 0, "reference", reference)
            for number, picture in pictures_after(reference, recipe, 1, lambda _done: None):
                _write(archive, number, word(recipe.active[number - 1].name), picture)
        return stream.getvalue()

    return apart("Making the pictures", work)


def _write(archive: zipfile.ZipFile, number: int, name: str, picture: Picture) -> None:
    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG")
    archive.writestr(f"{number:02d}_{name}.png", file.getvalue())
