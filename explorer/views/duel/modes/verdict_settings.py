"""What is asked where a verdict is to be turned: two versions, and how far one of them may be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from explorer.cache import ByteBudgetCache
from explorer.distortions import CATALOGUE, Recipe, Step, distorted
from explorer.distortions.base import shown
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.synthesis.bounds import HIGHEST_PSNR, LARGEST, LOWEST_PSNR, Bound, Decibels, Levels, read_bound
from explorer.synthesis.trial import RUNS
from explorer.views.common.distortion_controls import draw_seed, draw_severity, with_family
from explorer.views.common.parts import heading
from explorer.views.common.session import Session, widget_key
from explorer.views.common.settings import read_own
from explorer.views.common.tied import chosen_below, tied
from explorer.views.common.tips import tip
from explorer.views.duel.asked import PAIR, Asked
from explorer.views.duel.widths import wide

# The ways in which the closer version may change, by their names in the link.
SMALLEST, LEVELS, DECIBELS, SAME = "smallest", "levels", "psnr", "score"
WAYS = {
    SMALLEST: "as little as it takes",
    LEVELS: "grey levels, at most",
    DECIBELS: "PSNR in dB, at least",
    SAME: "at one score",
}
HELP = (
    "The version that the metric finds closer is changed until it finds the other one closer: inside the "
    "fewest grey levels that are found to do, so many levels a value, or a PSNR of the change. “At one "
    "score” asks the converse: the change that made B is scaled until B is as far as A, and then grows where "
    "the metric does not look."
)
BOUNDS: Mapping[str, Bound] = {LEVELS: Levels(4), DECIBELS: Decibels(40.0)}  # what is asked first

_made: ByteBudgetCache[Picture] = ByteBudgetCache(32_000_000)  # versions, of all users


@dataclass(frozen=True)
class Version:
    """A version of the reference.

    Attributes:
        name: A distortion of the catalogue, or `PAIR`.
        severity: Of that, above 0 up to 1.
    """

    name: str
    severity: float = 0.5

    @property
    def label(self) -> str:
        """As users read it."""
        return "Distorted image" if self.name == PAIR else CATALOGUE[self.name].label

    @property
    def text(self) -> str:
        """As the link has it: "gaussian_noise:0.3", or "pair"."""
        return PAIR if self.name == PAIR else f"{self.name}:{self.severity:g}"

    def picture(self, asked: Asked) -> Picture:
        """It, at the size that is measured.

        Raises:
            SettingError: there is none, or the distortion cannot be laid on a picture of this size.
        """
        if self.name == PAIR:
            if asked.distorted is None:
                raise SettingError("The distorted image is still being made; it comes in a moment.")
            return asked.distorted
        step = Step.at(self.name, self.severity, asked.seed)
        key = asked.reference.digest, step
        found = _made.get(key)
        if found is None:
            found = distorted(asked.reference, Recipe((step,)))
            _made.put(key, found, found.pixels.nbytes)
        return found


ROOMY = Version("contrast", 0.5)  # which LPIPS hardly sees: in its direction there is much room at one score


@dataclass(frozen=True)
class VerdictSettings:
    """What is asked.

    Attributes:
        a, b: The two versions; the one that the metric finds closer is changed.
        way: A key of `WAYS`.
        bound: How far, where the way has one; else None.
    """

    a: Version = Version("gaussian_noise", 0.3)
    b: Version = Version("gaussian_blur", 0.4)
    way: str = SMALLEST
    bound: Bound | None = None

    @property
    def keeps_score(self) -> bool:
        """Whether it is the converse that is asked: a large change at the same score."""
        return self.way == SAME

    @property
    def bound_text(self) -> str:
        """As the link has it."""
        return self.way if self.bound is None else self.bound.text

    def to_link(self) -> dict[str, str]:
        """What is not as at first."""
        first = type(self)()
        texts = {"duel_a": (self.a.text, first.a.text), "duel_b": (self.b.text, first.b.text)}
        texts["duel_bound"] = (self.bound_text, first.bound_text)
        return {name: text for name, (text, usual) in texts.items() if text != usual}


def read(link: Mapping[str, str]) -> tuple[VerdictSettings, tuple[str, ...]]:
    """The settings of a link, and a sentence for each parameter that was no good."""
    settings, problems = read_own(VerdictSettings(), _READERS, link)
    return settings, tuple(problems)


def _version(letter: str) -> Callable[[VerdictSettings, str], VerdictSettings]:
    def reader(settings: VerdictSettings, text: str) -> VerdictSettings:
        name, _, number = text.partition(":")
        if text == PAIR:
            return replace(settings, **{letter: Version(PAIR)})
        if name not in CATALOGUE:
            raise SettingError(f"there is no distortion {shown(name)}.")
        try:
            severity = float(number)
        except ValueError:
            severity = 0.0
        if not 0 < severity <= 1:  # NaN fails it
            raise SettingError("a severity above 0 and up to 1 stands behind the colon.")
        return replace(settings, **{letter: Version(name, severity)})

    return reader


def _bound(settings: VerdictSettings, text: str) -> VerdictSettings:
    if text in (SMALLEST, SAME):
        return replace(settings, way=text, bound=None)
    bound = read_bound(text)
    return replace(settings, way=LEVELS if isinstance(bound, Levels) else DECIBELS, bound=bound)


_READERS = {"duel_a": _version("a"), "duel_b": _version("b"), "duel_bound": _bound}


def choose_change(session: Session, settings: VerdictSettings) -> VerdictSettings:
    """Above the pictures: how far the closer version may change."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="duel_change"):
        st.markdown("Change it", width="content", help=tip("adversarial", "transfer", also=HELP))
        way = tied(
            st.selectbox,
            session,
            "duel_way",
            settings.way,
            "Change it",
            list(WAYS),
            format_func=WAYS.get,
            label_visibility="collapsed",
            width=wide(session, 190),
        )
        if way != settings.way:
            settings = _with_way(settings, way)
        if way == LEVELS:
            most = _number(
                session, "duel_levels", settings.bound.most, "At most, of 255", 1, LARGEST, 1, "%d"
            )
            settings = replace(settings, bound=Levels(int(most)))
        elif way == DECIBELS:
            psnr = _number(
                session,
                "duel_psnr",
                settings.bound.psnr,
                "At least",
                LOWEST_PSNR,
                HIGHEST_PSNR,
                1.0,
                "%.1f",
            )
            settings = replace(settings, bound=Decibels(psnr))
    return settings


def _with_way(settings: VerdictSettings, way: str) -> VerdictSettings:
    """The same in another way; of the two versions that stand there at first, B fits the way."""
    usual = {True: ROOMY, False: VerdictSettings.b}
    b = usual[way == SAME] if settings.b == usual[settings.keeps_score] else settings.b
    return replace(settings, way=way, bound=BOUNDS.get(way), b=b)


def choose_versions(session: Session, settings: VerdictSettings) -> VerdictSettings:
    """In the sidebar: the two versions."""
    way = chosen_below(session, "duel_way", settings.way)
    if way != settings.way:
        settings = _with_way(settings, way)
    heading("Two versions")
    for letter in RUNS:
        version = _choose_version(session, letter, getattr(settings, letter))
        settings = replace(settings, **{letter: version})
    names = {getattr(settings, letter).name for letter in RUNS}
    if any(name != PAIR and CATALOGUE[name].random for name in names):
        session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
    return settings


def _choose_version(session: Session, letter: str, version: Version) -> Version:
    name = tied(
        st.selectbox,
        session,
        f"duel_{letter}_name",
        version.name,
        letter.upper(),
        [*CATALOGUE, PAIR],
        format_func=lambda name: "Distorted image of Inspect" if name == PAIR else with_family(name),
    )
    if name == PAIR:
        return Version(PAIR)
    severity = tied(
        lambda _label, key, **_how: draw_severity(CATALOGUE[name], key),
        session,
        f"duel_{letter}_severity",
        version.severity if version.name != PAIR else Version(name).severity,
        "Severity",
    )
    return Version(name, severity)


def _number(
    session: Session, key: str, value: float, label: str, low: float, high: float, step: float, form: str
) -> float:
    return tied(
        st.number_input,
        session,
        key,
        value,
        label,
        low,
        high,
        step=step,
        format=form,
        label_visibility="collapsed",
        width=wide(session, 130),
    )
