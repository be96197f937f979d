"""The way from made pictures to other pages, which take them as if they had been uploaded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images import Picture, derive, times
from explorer.places import page as file_of
from explorer.render import png
from explorer.synthesis.journey import frame_at
from explorer.viewer.duel.duel import DuelDisplay
from explorer.viewer.duel.scene import DuelFrame, DuelScene, DuelTile
from explorer.views.common.session import Session, Upload
from explorer.views.common.settings import AS_GIVEN
from explorer.views.common.sources import Sources
from explorer.views.duel.running import Trip
from explorer.views.duel.state import Place

WAITING = "duel_made"  # the role of a picture on its way; the session's own uploads stay


def open_made(
    session: Session,
    trip: Trip,
    scene: DuelScene,
    display: DuelDisplay,
    place: Place,
    tile: str,
    step: int | None,
) -> None:
    """Open made pictures on another page, measured as they are; where one cannot be taken along, say why.

    Args:
        trip, scene: What is on screen.
        display: Where its playhead is.
        place: The page.
        tile: The key of the picture that is opened; "" for the one that is chosen.
        step: Its step; None for where the playhead is.
    """
    step = display.at if step is None else step
    reference = trip.journey.plan.reference
    chosen = _chosen(scene, tile or display.tile)
    tiles = scene.tiles if place == "candidates" else (chosen,)
    pictures = {f"{reference.name} at {times(reference.size)}.png": reference} | {
        _name(reference.name, each, at): picture_of(trip, each, at)
        for each in tiles
        for at in [frame_at(each.frames, step)]
    }
    try:
        given, *made = [_take(session, *named) for named in pictures.items()]
    except ExplorerError as error:
        session.report(error)
        return
    finally:
        session.drop(WAITING)
    _go(session, place, given, made)


def _chosen(scene: DuelScene, key: str) -> DuelTile:
    return next((tile for tile in scene.tiles if tile.key == key), scene.tiles[-1])


def picture_of(trip: Trip, tile: DuelTile, frame: DuelFrame) -> Picture:
    """A frame as it was measured; what is shown of a large one may be smaller."""
    for made in trip.journey.frames(tile.key):
        if made.step == frame.step:
            return made.picture
    return derive(trip.journey.plan.reference, frame.picture)


def _name(reference: str, tile: DuelTile, frame: DuelFrame) -> str:
    """What tells a picture from others of the same reference."""
    step = f", step {frame.step}" if len(tile.frames) > 1 or frame.step else ""
    return f"{reference}, {tile.label.lower()}{step}.png"


def _take(session: Session, name: str, picture: Picture) -> Upload:
    """Have a picture among the files that this browser has uploaded, where the page finds it by its name.

    Raises:
        ExplorerError: there is no room for it.
    """
    session.receive(WAITING, name.replace("/", "-"), png(picture.pixels))
    if WAITING in session.refused:
        raise ExplorerError(session.refused.pop(WAITING))
    return session.uploads[WAITING]


def _go(session: Session, place: Place, reference: Upload, made: Sequence[Upload]) -> NoReturn:
    files = {"reference": reference.named}
    if place != "candidates":
        files["distorted"] = made[0].named
    display = replace(session.settings.display, layer="").whole
    settings = replace(session.settings, size=AS_GIVEN, swapped=False, display=display)
    own = {"files": "/".join(str(each.named) for each in made)} if place == "candidates" else {}
    session.gone_to = settings.to_link(False, Sources(files)) | own
    st.switch_page(file_of(place))
