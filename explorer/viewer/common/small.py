"""Components without settings: what they show comes as data, and what the user does there as calls."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.viewer.common.component import read
from explorer.viewer.common.markup import expanded


def register_small(name: str, script: str, html: str = "") -> Callable[..., Any]:
    """Make a component of `name/name.css`, `name/js/script.js`, and what small ones share.

    Args:
        name: Of the component, unique in the app, and of its folder.
        script: Of its one script.
        html: What it starts from; "" for an empty element of its name as a class.
    """
    return st.components.v2.component(
        name,
        html=expanded(html) or f'<div class="{name}"></div>',
        css=read(f"{name}/{name}.css"),
        js="\n".join((read("common/js/element.js"), read(f"{name}/js/{script}.js"))),
    )


def called(key: str, trigger: str, call: Callable[[Any], None] | None) -> Callable[[], None]:
    """What Streamlit is to call where a component has set a trigger: it passes on what the browser sent."""

    def pass_on() -> None:
        sent = st.session_state[key][trigger]
        if sent and call is not None:
            call(sent)

    return pass_on
