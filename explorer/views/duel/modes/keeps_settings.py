"""What is asked where layers are to tell what they keep: which, grown from what, and drawn how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from explorer.backbones import BACKBONES
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.names import harmless
from explorer.samples import SAMPLES
from explorer.synthesis.keeping import (
    BETWEEN,
    MOST,
    TOGETHER,
    Group,
    checked,
    read_groups,
    run_of,
    text_of,
    usual_groups,
)
from explorer.synthesis.parametrisation import PARAMETRISATIONS
from explorer.synthesis.starts import GREY, NOISE, STARTS
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.settings import quoted, read_own
from explorer.views.common.tied import tied, untie
from explorer.views.common.tips import tip
from explorer.views.duel.asked import PAIR
from explorer.views.duel.widths import wide, wide_for

NO_ONE = "none"  # of the layers, in a link
FROM = {NOISE: "Weak noise", GREY: "Grey", **{name: each.label for name, each in SAMPLES.items()}}
MOST_WIDE = 440  # pixels that a row has for the layers
FROM[PAIR] = "Distorted image of Inspect"
ABOUT_LAYERS = (
    f"A picture is grown for each, at most {MOST}. Type conv1,conv2 for one that both are to take for the "
    "reference."
)
ABOUT_BY = (
    "Pixels follow the raw gradient, with the checkerboard that strides leave; Fourier adds up waves, the "
    "long ones first; Smooth holds down how much neighbours differ."
)


@dataclass(frozen=True)
class KeepsSettings:
    """What is asked.

    Attributes:
        groups: Of layers, which may be none yet; None for the usual ones of whatever network it is.
        start: A name of `STARTS`, or `PAIR`.
        by: A key of `PARAMETRISATIONS`.
    """

    groups: tuple[Group, ...] | None = None
    start: str = NOISE
    by: str = "pixels"

    def groups_of(self, method: Method) -> tuple[Group, ...]:
        """Those that this method has; the usual ones where it has none of them."""
        if self.groups == ():
            return ()
        known = set(method.row.layer_names) | set(method.layers)
        own = tuple(group for group in self.groups or () if set(group) <= known)
        return checked(own, method) if own else usual_groups(method.layers)

    def to_link(self) -> dict[str, str]:
        """What is not as at first."""
        texts = {
            "duel_layers": "" if self.groups is None else text_of(self.groups) or NO_ONE,
            "duel_from": self.start,
            "duel_by": self.by,
        }
        usual = ("", NOISE, "pixels")
        return {name: text for (name, text), own in zip(texts.items(), usual, strict=True) if text != own}


def read(link: Mapping[str, str]) -> tuple[KeepsSettings, tuple[str, ...]]:
    """The settings of a link, and a sentence for each parameter that was no good."""
    settings, problems = read_own(KeepsSettings(), _READERS, link)
    return settings, tuple(problems)


def _layers(settings: KeepsSettings, text: str) -> KeepsSettings:
    if text == NO_ONE:
        return replace(settings, groups=())
    groups = tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in read_groups(text)))
    _check_names(groups)
    if not groups or len(groups) > MOST:
        raise SettingError(f"name 1 to {MOST} layers, as in conv1;conv3;conv1,conv2.")
    return replace(settings, groups=groups)


def _check_names(groups: tuple[Group, ...]) -> None:
    """Raise SettingError for a layer that no network has: of which network these are is not known here."""
    known = {name for row in BACKBONES.values() for name in row.layer_names}
    for name in (name for group in groups for name in group):
        if name not in known:
            raise SettingError(f"no network has a layer {quoted(harmless(name))}.")


def _one_of(field_name: str, choices: tuple[str, ...]) -> Callable[[KeepsSettings, str], KeepsSettings]:
    def read_one(settings: KeepsSettings, text: str) -> KeepsSettings:
        if text not in choices:
            raise SettingError(f"choose one of {', '.join(choices)}.")
        return replace(settings, **{field_name: text})

    return read_one


_READERS = {
    "duel_layers": _layers,
    "duel_from": _one_of("start", (*STARTS, PAIR)),
    "duel_by": _one_of("by", tuple(PARAMETRISATIONS)),
}


def key_of_layers(method: Method) -> str:
    """Of the widget of layers: each backbone has its own."""
    return f"duel_layers_{method.backbone}"


def choose_layers(session: Session, settings: KeepsSettings, method: Method) -> KeepsSettings:
    """Which layers, and how the pictures are drawn."""
    groups = settings.groups_of(method)
    with _row("duel_keeping"):
        st.markdown("Layers", width="content", help=tip("inversion", also=ABOUT_LAYERS))
        names = [run_of(group) for group in groups]
        offered = list(dict.fromkeys((*method.layers, *names)))
        picked = tied(
            st.multiselect,
            session,
            key_of_layers(method),
            names,
            "Layers",
            offered,
            format_func=label_of,
            max_selections=MOST,
            accept_new_options=True,
            placeholder="Choose a layer",
            label_visibility="collapsed",
            width=wide_for(session, [label_of(name) for name in names], MOST_WIDE),
        )
        settings = _taken(session, settings, groups, picked, method)
    with _row("duel_drawing"):
        st.markdown("Drawn by", width="content", help=ABOUT_BY)
        by = tied(
            st.selectbox,
            session,
            "duel_by",
            settings.by,
            "Drawn by",
            list(PARAMETRISATIONS),
            format_func=lambda name: PARAMETRISATIONS[name].LABEL,
            label_visibility="collapsed",
            width=wide(session, 104),
        )
    return replace(settings, by=by)


def choose_start(session: Session, settings: KeepsSettings) -> KeepsSettings:
    """In the sidebar: what the pictures are grown from, with the seed of noise."""
    heading("Start")
    start = tied(
        st.selectbox,
        session,
        "duel_from",
        settings.start,
        "All pictures grow from",
        list(FROM),
        format_func=FROM.get,
        help="Nothing in it is of the reference: what comes of it in the pictures was kept by a layer.",
    )
    if start == NOISE:
        session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
    return replace(settings, start=start)


def label_of(run: str) -> str:
    """A group as users read it: "conv1 + conv2"."""
    return run.replace(",", " + ")


def _taken(
    session: Session, settings: KeepsSettings, groups: tuple[Group, ...], picked: list[str], method: Method
) -> KeepsSettings:
    """What was picked, or typed; what is no good is named, and what was there stays."""
    found = read_groups(BETWEEN.join(picked).replace("+", TOGETHER))  # as it is shown, and so typed
    if found:
        try:
            found = checked(found, method)
        except SettingError as error:
            session.report(error)
            untie(session, key_of_layers(method))
            session.run_anew()  # the widget shows what there was
    if found == groups:
        return settings
    return replace(settings, groups=None if found == usual_groups(method.layers) else found)


def _row(key: str) -> Any:
    return st.container(horizontal=True, vertical_alignment="center", width="content", key=key)
