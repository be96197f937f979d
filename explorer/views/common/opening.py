"""The way to another page, with what is chosen here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from explorer.places import page as file_of
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings
from explorer.views.common.sources import Sources


def open_version(session: Session, settings: Settings) -> NoReturn:
    """Open Inspect on the reference and a distortion of it; an uploaded distorted image is not of that pair.

    Args:
        settings: What is done to the reference, and how it is measured.
    """
    sources = session.reference_sources()
    session.gone_to = replace(settings, swapped=False).to_link(not sources, sources)
    st.switch_page(file_of("inspect"))


def open_page(session: Session, name: str, own: Mapping[str, str]) -> NoReturn:
    """Open a page on the same pair.

    Args:
        name: Of its folder.
        own: Parameters of the link that this page alone has.
    """
    sources = session.sources(needs_distorted=False) or Sources()
    session.gone_to = session.settings.to_link(not sources, sources) | dict(own)
    st.switch_page(file_of(name))
