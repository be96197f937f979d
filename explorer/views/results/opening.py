"""A trial's pair, opened on Inspect as if its two pictures had been uploaded."""

from dataclasses import replace

import streamlit as st

from explorer.judgments.asking.trial import Trial
from explorer.judgments.class_distances import Fetch
from explorer.places import page as file_of
from explorer.views.common.session import Session
from explorer.views.common.settings import AS_GIVEN
from explorer.views.common.sources import Sources

ROLES = ("reference", "distorted")


def open_in_inspect(session: Session, code: str, trial: Trial, digest: str, side: str, fetch: Fetch) -> None:
    """Show a version beside its reference, at the size at which it was judged; what is refused is said.

    Raises:
        AskingError: the session was removed meanwhile.
    """
    names = (f"{code}-{trial.number}-reference.png", f"{code}-{trial.number}-{side.split()[-1]}.png")
    for role, name, picture in zip(ROLES, names, (trial.reference, digest), strict=True):
        session.receive(role, name, fetch(picture))
        if role in session.refused:
            session.report(session.refused.pop(role))
            return
    files = {role: session.uploads[role].named for role in ROLES}
    settings = replace(session.settings, size=AS_GIVEN, swapped=False)
    session.gone_to = settings.to_link(False, Sources(files))
    st.switch_page(file_of("inspect"))
