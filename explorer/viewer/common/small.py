"""Components without settings: what they show comes as data, and what the user does there as calls."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.viewer.common.component import read
from explorer.viewer.common.markup import expanded

# Numbers of what is sent: they rise, also beyond those of a program that ran before this one.
_numbers = itertools.count(int(1000 * time.time()))


def register_small(
    name: str, script: str, html: str = "", parts: tuple[str, ...] = (), shared: tuple[str, ...] = ()
) -> Callable[..., Any]:
    """Make a component of `name/name.css`, `name/js/script.js`, and what small ones share.

    Args:
        name: Of the component, unique in the app, and of its folder.
        script: Of its script.
        parts: Scripts beside it that this calls.
        shared: Scripts of all components that it calls.
        html: What it starts from; "" for an empty element of its name as a class.
    """
    scripts = [f"common/js/{each}.js" for each in ("element", *shared)]
    scripts += [f"{name}/js/{each}.js" for each in (*parts, script)]
    return st.components.v2.component(
        name,
        html=expanded(html) or f'<div class="{name}"></div>',
        css=read(f"{name}/{name}.css"),
        js="\n".join(map(read, scripts)),
    )


def called(key: str, trigger: str, call: Callable[[Any], None] | None) -> Callable[[], None]:
    """What Streamlit is to call where a component has set a trigger: it passes on what the browser sent."""

    def pass_on() -> None:
        sent = st.session_state[key][trigger]
        if sent and call is not None:
            call(sent)

    return pass_on


def numbered(key: str, data: dict[str, Any]) -> dict[str, Any]:
    """A component's data with a number that rises where the data change.

    While its script loads a browser may hand over what came later first; by the number the script knows what
    is old.
    """
    last: dict[str, tuple[dict[str, Any], int]] = st.session_state.setdefault("_numbered", {})
    if key not in last or last[key][0] != data:
        last[key] = data, next(_numbers)
    return data | {"number": last[key][1]}
