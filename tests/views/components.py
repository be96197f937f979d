"""What pages send to their components, as the tests of views read it."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def sent_to(at: AppTest, component: str) -> dict[str, Any] | None:
    """What a component was sent last, by its name; None where it is not on the page."""
    found = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.rpartition(".")[2] == component
    ]
    return found[-1] if found else None
