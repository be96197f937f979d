"""The controls of one distortion: its severity, or its values in the severity's place, and its seed."""

from collections.abc import Mapping

import streamlit as st

from explorer.distortions import CATALOGUE, Distortion
from explorer.distortions.base import PERCENT_OF_SIDE, Parameter
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.views.common.parts import plain
from explorer.views.common.tips import tip

LONGEST_CHOICE = 33  # characters that the sidebar shows uncut


def with_family(name: str) -> str:
    """A distortion in the menu, which is long: with its family, where the label leaves that open and room."""
    entry = CATALOGUE[name]
    both = f"{entry.label} · {entry.family}"
    return entry.label if entry.family in entry.label.lower() or len(both) > LONGEST_CHOICE else both


def draw_severity(entry: Distortion, key: str) -> float:
    """A slider from 0 to 1, which says what it stands for.

    Args:
        key: Of the widget, whose value the session holds already.
    """
    described = entry.describe(st.session_state[key])
    return st.slider(
        f"Severity · {described}",
        0.0,
        1.0,
        step=0.01,
        key=key,
        help=tip("severity", *_length_in(described), also=f"**{entry.label}**: {plain(entry.summary)}"),
        persist_state="session",
    )


def draw_values(entry: Distortion, key: str, start: Mapping[str, float]) -> dict[str, float]:
    """A box for each parameter; returns their values by name.

    Args:
        key: What the widgets' keys begin with.
        start: What the parameters are where nothing was typed yet.
    """
    values = {}
    for parameter in entry.parameters:
        own = f"{key}_{parameter.name}"
        st.session_state.setdefault(own, start[parameter.name])
        values[parameter.name] = st.number_input(
            f"{parameter.name.capitalize()} · {parameter.range}",
            min_value=parameter.checked(parameter.low, entry.name),
            max_value=parameter.checked(parameter.high, entry.name),
            step=parameter.increment,
            format="%d" if parameter.whole else "%.4g",
            key=own,
            help=_help_on(entry, parameter),
            persist_state="session",
        )
    return values


def draw_seed(key: str) -> int:
    """The seed of a random distortion; `key` is the widget's, whose value the session holds already."""
    return st.number_input("Seed", 0, HIGHEST_SEED, key=key, help=tip("seed"), persist_state="session")


def _length_in(words: str) -> tuple[str, ...]:
    """What must be known to read lengths, where the words name any."""
    return ("percent-of-side",) if PERCENT_OF_SIDE in words else ()


def _help_on(entry: Distortion, parameter: Parameter) -> str:
    """What the distortion does, and what its unit is where that needs a word."""
    about = f"**{entry.label}**: {plain(entry.summary)}"
    return tip("percent-of-side", also=about) if parameter.unit == PERCENT_OF_SIDE else about
