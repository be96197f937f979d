"""What is asked where directions are sought: who sees them, and at which PSNR they are shown."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.names import harmless
from explorer.synthesis.eigendistortions import HIGHEST, LOWEST, MOST_SEEN_BY, SUM, USUAL, check_psnr
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.settings import quoted, read_own
from explorer.views.common.tied import tied
from explorer.views.common.tips import tip
from explorer.views.duel.widths import wide, wide_for

APART = ";"  # between those who see, in a link
NAME = re.compile(r"[\w.]{1,64}", re.ASCII)  # a layer or a node: those of the catalogue have up to 48
UP_TO_THREE = "Up to three may be asked: all layers in sum, or layers each for itself."
SHOWN_AT = "The larger, the weaker the change; to show it anew, run it again."
NAMES = {SUM: "All layers"}
MOST_WIDE = 310  # pixels, in which three names stand in one line


@dataclass(frozen=True)
class DirectionsSettings:
    """What is asked.

    Attributes:
        by: "sum", or names of layers: one to three.
        at: In dB.
    """

    by: tuple[str, ...] = (SUM,)
    at: float = USUAL

    def of(self, method: Method) -> "DirectionsSettings":
        """The same without the layers that a method has not; where none is left, of all in sum."""
        known = tuple(name for name in self.by if name == SUM or name in method.layers)
        return self if known == self.by else replace(self, by=known or (SUM,))

    def to_link(self) -> dict[str, str]:
        """What is not as at first."""
        link = {} if self.by == (SUM,) else {"duel_of": APART.join(self.by)}
        return link if self.at == USUAL else link | {"duel_shown_at": f"{self.at:g}"}


def read(link: Mapping[str, str]) -> tuple[DirectionsSettings, tuple[str, ...]]:
    """The settings of a link, and a sentence for each parameter that was no good."""
    settings, problems = read_own(DirectionsSettings(), {"duel_of": _of, "duel_shown_at": _shown_at}, link)
    return settings, tuple(problems)


def _of(settings: DirectionsSettings, text: str) -> DirectionsSettings:
    names = tuple(dict.fromkeys(name for name in text.split(APART) if name))
    if not 1 <= len(names) <= MOST_SEEN_BY:
        raise SettingError(f"name 1 to {MOST_SEEN_BY} layers, as in conv1{APART}conv5, or {SUM} for all.")
    for name in names:  # what it may be called, since of which network it is is not known here
        if not NAME.fullmatch(name):
            raise SettingError(f"no layer is called {quoted(harmless(name))}.")
    return replace(settings, by=names)


def _shown_at(settings: DirectionsSettings, text: str) -> DirectionsSettings:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingError(f"choose a number from {LOWEST:g} to {HIGHEST:g}.")
    check_psnr(value)
    return replace(settings, at=value)


def choose_directions(session: Session, settings: DirectionsSettings, method: Method) -> DirectionsSettings:
    """Above the pictures: who sees, and how strong the change that is shown is."""
    known = settings.of(method)
    missing = [name for name in settings.by if name not in known.by]
    if missing:
        row = f"{method.row.label}, as chosen in the sidebar,"
        session.report(f"{row} has no {' and no '.join(missing)} to see a change; choose among its layers.")
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_seen_by"):
        st.markdown("Seen by", width="content", help=tip("eigendistortion", also=UP_TO_THREE))
        by = tied(
            st.multiselect,
            session,
            f"duel_of_{method.backbone}_{'_'.join(method.layers)}",
            list(known.by),
            "Seen by",
            [SUM, *method.layers],
            format_func=lambda name: NAMES.get(name, name),
            max_selections=MOST_SEEN_BY,
            placeholder="All layers",
            label_visibility="collapsed",
            width=wide_for(session, [NAMES.get(name, name) for name in known.by], MOST_WIDE),
        )
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_shown"):
        st.markdown("Shown at", width="content", help=tip("psnr", also=SHOWN_AT))
        at = tied(
            st.slider,
            session,
            "duel_shown_at",
            known.at,
            "PSNR at which they are shown",
            LOWEST,
            HIGHEST,
            step=0.5,
            format="%.1f dB",
            label_visibility="collapsed",
            width=wide(session, 136),
        )
    return DirectionsSettings(tuple(by) or (SUM,), at)


def choose_noise(session: Session) -> None:
    """In the sidebar: the noise that both directions start from."""
    heading("Start")
    st.caption("Noise, turned step by step until it is seen most, and least.")
    session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
