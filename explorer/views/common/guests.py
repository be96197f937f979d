"""What pages do differently on a server that others reach: they change nothing there, and name no folder."""

import streamlit as st
from streamlit import runtime

from explorer.backbones import Backbone
from explorer.errors import ExplorerError, MissingWeightsError, WeightsError
from explorer.sharing import THIS_MACHINE, is_shared

LIST = "python -m explorer weights list"


def has_guests() -> bool:
    """Whether others than who started the server may look at its pages.

    No page can tell who sits at the serving machine from who does not: on such a server all are guests.
    """
    # A script that no server runs listens to nobody.
    return is_shared(st.get_option("server.address") if runtime.exists() else THIS_MACHINE)


def who_fetches(row: Backbone) -> str:
    """Who can bring a backbone's weights to a server with guests, and how; Markdown."""
    return (
        "Guests fetch no weights. Whoever runs this server does, in a shell on the serving machine: "
        f"`python -m explorer weights fetch {row.name}`."
    )


def told(error: ExplorerError) -> str:
    """An error's sentence; for guests without the machine's folders, which are no concern of theirs."""
    if not isinstance(error, WeightsError) or not has_guests():
        return str(error)
    if isinstance(error, MissingWeightsError):
        return f"The weights of {error.name} are not on the serving machine."
    return f"A file of weights on the serving machine cannot be used; `{LIST}` says there why."
