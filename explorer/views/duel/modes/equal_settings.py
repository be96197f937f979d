"""What is asked where pictures are equal by one metric: which stays and at what, which moves, from where."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from explorer.analysis.comparison import all_columns
from explorer.analysis.rulers import Ruler, label_of, read_ruler
from explorer.distortions import CATALOGUE
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.synthesis.competition import NOISES, find_noise
from explorer.synthesis.objective import check_gradient
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.method_controls import method_label
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.settings import read_own
from explorer.views.common.tied import tied
from explorer.views.common.tips import tip
from explorer.views.duel.asked import PAIR
from explorer.views.duel.widths import wide

LPIPS = "lpips"  # the method that is chosen in the sidebar
OTHER_THAN = {"psnr": LPIPS, "ssim": LPIPS, LPIPS: "psnr"}  # what moves, where that was what is held


@dataclass(frozen=True)
class Range:
    """What can be held: the slider's ends and step, how a value is written, and what is held first."""

    low: float
    high: float
    step: float
    form: str
    first: float


RANGES: Mapping[str, Range] = {
    "psnr": Range(14.0, 40.0, 0.5, "%.1f dB", 24.0),
    "ssim": Range(0.05, 0.99, 0.01, "%.2f", 0.6),
    LPIPS: Range(0.01, 1.2, 0.01, "%.2f", 0.2),
}
HELD = {"psnr": "PSNR", "ssim": "SSIM"}  # as they are offered; the third is the method


@dataclass(frozen=True)
class EqualSettings:
    """What is asked.

    Attributes:
        hold: A key of `RANGES`.
        at: Its value; None for what is held first.
        moved: "psnr", "ssim", "lpips", or another metric, as `rulers.text_of`; never what is held.
        start: A noise of the catalogue, or `PAIR`.
    """

    hold: str = "psnr"
    at: float | None = None
    moved: str = LPIPS
    start: str = "gaussian_noise"

    @property
    def value(self) -> float:
        """What is held."""
        return RANGES[self.hold].first if self.at is None else self.at

    def rulers(self, method: Method) -> tuple[Ruler, Ruler]:
        """What is held, and what moves."""
        return read_ruler(self.hold, method), read_ruler(self.moved, method)

    def holding(self, hold: str) -> "EqualSettings":
        """The same, but for what stays; what moves gives way to it."""
        if hold == self.hold:
            return self
        moved = OTHER_THAN[hold] if hold == self.moved else self.moved
        return replace(self, hold=hold, at=None, moved=moved)

    def with_value(self, at: float) -> "EqualSettings":
        """The same at another value."""
        return replace(self, at=None if at == RANGES[self.hold].first else at)

    def to_link(self) -> dict[str, str]:
        """What is not as at first."""
        at = None if self.at is None else f"{self.at:g}"
        texts = {"duel_hold": self.hold, "duel_at": at, "duel_moved": self.moved, "duel_start": self.start}
        usual = {"duel_hold": "psnr", "duel_at": None, "duel_start": "gaussian_noise"}
        usual["duel_moved"] = OTHER_THAN[self.hold]
        return {name: text for name, text in texts.items() if text != usual[name]}


def read(link: Mapping[str, str]) -> tuple[EqualSettings, tuple[str, ...]]:
    """The settings of a link, and a sentence for each parameter that was no good."""
    settings, problems = read_own(EqualSettings(), _READERS, link)
    return settings, tuple(problems)


def _hold(settings: EqualSettings, text: str) -> EqualSettings:
    if text not in RANGES:
        raise SettingError(f"choose one of {', '.join(RANGES)}.")
    return settings.holding(text)


def _at(settings: EqualSettings, text: str) -> EqualSettings:
    limits = RANGES[settings.hold]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not limits.low <= value <= limits.high:  # NaN fails it
        raise SettingError(f"choose a number from {limits.low:g} to {limits.high:g}.")
    return settings.with_value(value)


def _moved(settings: EqualSettings, text: str) -> EqualSettings:
    if text == settings.hold:
        raise SettingError("it is what stays; choose another metric.")
    check_gradient(read_ruler(text, Method()))
    return replace(settings, moved=text)


def _start(settings: EqualSettings, text: str) -> EqualSettings:
    if text != PAIR:
        find_noise(text)
    return replace(settings, start=text)


_READERS = {"duel_hold": _hold, "duel_at": _at, "duel_moved": _moved, "duel_start": _start}


def choose_equality(session: Session, settings: EqualSettings, method: Method) -> EqualSettings:
    """Above the pictures: what stays, and what is lowered and raised."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_equal"):
        st.markdown("Hold", width="content", help=tip("psnr", "ssim", "lpips-score"))
        hold = tied(
            st.selectbox,
            session,
            "duel_hold",
            settings.hold,
            "Hold",
            list(RANGES),
            format_func=lambda name: HELD.get(name, method.name.metric),
            label_visibility="collapsed",
            width=wide(session, 96),
        )
        settings, limits = settings.holding(hold), RANGES[hold]
        value = tied(
            st.slider,
            session,
            f"duel_at_{hold}",
            settings.value,
            "Value that stays",
            limits.low,
            limits.high,
            step=limits.step,
            format=limits.form,
            label_visibility="collapsed",
            width=wide(session, 130),
        )
        settings = settings.with_value(value)
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_moving"):
        st.markdown("Lower and raise", width="content")
        moved = tied(
            st.selectbox,
            session,
            f"duel_moved_of_{hold}",
            settings.moved,
            "Lower and raise",
            _offered(settings, method),
            format_func=lambda text: _label(text, method),
            label_visibility="collapsed",
            width=wide(session, 190),
        )
    return replace(settings, moved=moved)


def choose_start(session: Session, settings: EqualSettings) -> EqualSettings:
    """In the sidebar: noise of a kind with its seed, or the distorted image."""
    heading("Start")
    start = tied(
        st.selectbox,
        session,
        "duel_start",
        settings.start,
        "Both runs start from",
        [*NOISES, PAIR],
        format_func=lambda name: "Distorted image of Inspect" if name == PAIR else CATALOGUE[name].label,
        help="As strong as what is held asks; what a distorted image changes is scaled to that.",
    )
    if start != PAIR:
        session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
    return replace(settings, start=start)


def _offered(settings: EqualSettings, method: Method) -> list[str]:
    """All metrics that have a gradient, but for what stays; the method and the classic ones first."""
    others = (each for each in all_columns() if each.has_maps and each.text != method.text)
    names = dict.fromkeys((LPIPS, "psnr", "ssim", *(each.text for each in others), settings.moved))
    return [name for name in names if name != settings.hold]


def _label(text: str, method: Method) -> str:
    """A metric as it is offered, with a mark where its weights are still to be fetched."""
    ruler = read_ruler(text, method)
    return method_label(ruler) if isinstance(ruler, Method) else label_of(ruler)
