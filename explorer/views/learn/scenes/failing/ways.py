"""The way from an experiment to the page that goes deeper, with the very pictures."""

from typing import NoReturn

import streamlit as st

from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.lessons import failing
from explorer.places import page as file_of
from explorer.render import png
from explorer.views.common.opening import ROLES, open_page
from explorer.views.common.settings import AS_GIVEN
from explorer.views.common.sources import Sources
from explorer.views.learn.scenes.failing.noise import Made
from explorer.views.learn.scenes.failing.own import GIVEN, OF, SIZE, TEXTURE, Own
from explorer.views.learn.stage import Stage


def open_deeper(stage: Stage, own: Own, making: Made | None) -> None:
    """Open the page; where the pictures cannot be taken along, say why."""
    session, topic = stage.session, own[OF]
    if topic == "size":
        size = own[SIZE]
        open_page(session, "inspect", {"size": AS_GIVEN if size == GIVEN else size})
    if topic == "range":
        open_page(session, "inspect", {})
    if topic == "texture":
        found = failing.swapped(own[TEXTURE], session.settings.method)
        _open_made(stage, "compare", found.piece, found.other)
    if making and making.verdict:
        _open_made(
            stage, "inspect", making.reference, making.verdict.picture, f"turned-{making.verdict.levels}"
        )


def _open_made(stage: Stage, page: str, reference: Picture, other: Picture, name: str = "other") -> None:
    """Take two pictures as if they had been uploaded, and open a page on them."""
    session = stage.session
    for role, picture, called in zip(ROLES, (reference, other), ("reference", name), strict=True):
        session.receive(role, f"{called}.png", png(picture.pixels))
        if role in session.refused:
            session.report(ExplorerError(session.refused.pop(role)))
            return
    _go(stage, page)


def _go(stage: Stage, page: str) -> NoReturn:
    session = stage.session
    files = {role: session.uploads[role].named for role in ROLES}
    session.gone_to = session.settings.to_link(False, Sources(files))
    st.switch_page(file_of(page))
