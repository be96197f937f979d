"""What stands in the place of a scene that asks a metric for cells which it does not have."""

import streamlit as st

from explorer.backbones import find_backbone
from explorer.views.common.markdown import plain
from explorer.views.common.session import Session, set_method

OTHER = "alexnet"  # which the lessons are written for


def draw_whole_layers(session: Session, why: str) -> None:
    """A quiet note, for it is no error, and the way to a backbone that has cells.

    Args:
        why: One sentence, "DISTS compares whole layers, so no cell has a value."
    """
    with st.container(key="whole_layers"):
        st.info(plain(why))
        label = f"Take {find_backbone(OTHER).label}"
        st.button(label, key="whole_layers_take", on_click=_take, args=(session,))


def _take(session: Session) -> None:
    session.switch(OTHER)
    set_method(session)
