"""Compare's columns: which are chosen, the link that carries them, and what each measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from explorer.analysis import comparison
from explorer.analysis.comparison import MOST, SCALES, Choice, Column, read_choice, read_choices
from explorer.analysis.viewing import LARGEST_SIDE
from explorer.backbones import BACKBONES, find_device
from explorer.errors import ExplorerError, MissingWeightsError, SettingError
from explorer.files.weights import megabytes, status
from explorer.images import Picture, measured_size, resize
from explorer.views.common.compute import compared, identity, one_at_a_time
from explorer.views.common.session import Pair, Session

WIDGETS = "compare_"  # what the keys of the page's own widgets begin with


@dataclass(frozen=True)
class View:
    """What the page compares, and how it is shown.

    Attributes:
        choices: The columns, at most `MOST`.
        versus: The two whose difference is shown; None for the first two that have maps.
        scale: A key of `SCALES`.
    """

    choices: tuple[Choice, ...]
    versus: tuple[Choice, Choice] | None = None
    scale: str = "share"

    def to_link(self) -> dict[str, str]:
        """The page's own parameters; the columns always, since the first ones depend on the machine."""
        link = {"columns": ",".join(map(str, self.choices))}
        if self.versus:
            link["versus"] = ",".join(map(str, self.versus))
        if self.scale != "share":
            link["shares"] = self.scale
        return link

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["View", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        choices, found = read_choices(link.get("columns", ""))
        problems = list(found)
        view = cls(choices or comparison.first_choices(lambda row: status(row.weights).ready))
        if "versus" in link:
            try:
                first, second = map(read_choice, link["versus"].split(","))
                if first == second or not {first, second} <= set(view.choices):
                    raise SettingError("name two different ones of the columns.")
                view = replace(view, versus=(first, second))
            except (ValueError, SettingError) as error:
                reason = error if isinstance(error, SettingError) else "name two columns."
                problems.append(f"The link asks for the difference {_quoted(link['versus'])}: {reason}")
        if link.get("shares", "share") not in SCALES:
            problems.append(
                f"The link asks for shares {_quoted(link['shares'])}; choose one of {', '.join(SCALES)}."
            )
        elif "shares" in link:
            view = replace(view, scale=link["shares"])
        return view, tuple(problems)


def _quoted(text: str) -> str:
    """A value of a link, cut where it is endless."""
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def view_of(session: Session) -> View:
    """The page's view: the last one, or that of a link that the session has followed since."""
    key = tuple(sorted(session.own.items()))
    view = session.recall("compare", key)
    if view is None:
        view, problems = View.from_link(session.own)
        for problem in problems:
            session.report(problem)
        for name in [name for name in st.session_state if str(name).startswith(WIDGETS)]:
            del st.session_state[name]
        keep(session, view)
    return view


def keep(session: Session, view: View) -> None:
    """Make this the page's view, also after a visit to another page."""
    session.own = view.to_link()
    session.remember("compare", tuple(sorted(session.own.items())), view)


def choose(session: Session, view: View) -> View:
    """Draw what is compared, and how: the columns, or the three versions of one backbone; and the scale."""
    columns, switch, scales = st.columns([5.4, 2.4, 3.2], vertical_alignment="bottom")
    with switch:
        trio = st.toggle(
            "Trained or random?",
            key=f"{WIDGETS}trio",
            help="One backbone beside itself: with learned heads, with uniform heads, and with random "
            "weights, which show what training adds.",
        )
    with columns:
        choices = _choose_backbone(view) if trio else _choose_columns(session, view)
    with scales:
        key = _starting_from("scale", view.scale)
        scale = st.segmented_control(
            "Scale of the maps",
            SCALES,
            format_func={"share": "Share", "percentile": "Percentile", "raw": "Raw"}.get,
            key=key,
            required=True,
            help="  \n".join(f"**{name.capitalize()}**: {text}" for name, text in SCALES.items()),
            width="stretch",
        )
    return replace(view, choices=choices, scale=scale)


def _choose_columns(session: Session, view: View) -> tuple[Choice, ...]:
    chosen = session.recall("columns before", "trio") or view.choices
    names = st.multiselect(
        f"Columns, up to {MOST}",
        [str(choice) for choice in comparison.all_choices()],
        format_func=_offered,
        key=_starting_from("columns", [str(choice) for choice in chosen]),
        max_selections=MOST,
        placeholder="Choose a backbone with its heads",
    )
    choices = tuple(map(read_choice, names))
    session.remember("columns before", "trio", choices)
    return choices


def _choose_backbone(view: View) -> tuple[Choice, ...]:
    first = view.choices[0].backbone if view.choices else next(iter(BACKBONES))
    backbone = st.selectbox(
        "Backbone",
        BACKBONES,
        format_func=lambda name: BACKBONES[name].label,
        key=_starting_from("backbone", first),
    )
    return comparison.trained_or_random(backbone)


def _offered(text: str) -> str:
    """A choice as it is offered, with the size of what is still to be fetched for it."""
    choice = read_choice(text)
    now = status(choice.row.weights)
    if choice.weights == "random" or now.ready:
        return choice.label
    return f"{choice.label} · {megabytes(now.size)} to fetch" if now.size else f"{choice.label} · not fetched"


def choose_versus(view: View, mapped: Sequence[Choice]) -> tuple[Choice, Choice] | None:
    """Draw which two are subtracted; None where fewer than two columns have shares to subtract."""
    if len(mapped) < 2:
        return None
    wish = view.versus if view.versus and set(view.versus) <= set(mapped) else mapped[:2]
    names = [str(choice) for choice in mapped]
    left, right = st.columns(2, gap="small")
    with left:
        first = _choose_one("Difference map: A", "first", names, str(wish[0]))
    others = [name for name in names if name != first]
    with right:
        second = _choose_one("minus B", "second", others, next(str(c) for c in wish if str(c) != first))
    return read_choice(first), read_choice(second)


def _choose_one(label: str, name: str, names: Sequence[str], start: str) -> str:
    key = f"{WIDGETS}{name}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = start
    return st.selectbox(label, names, format_func=lambda text: read_choice(text).label, key=key)


def _starting_from(name: str, value: object) -> str:
    """Key of one of the page's widgets, which starts from this value."""
    st.session_state.setdefault(f"{WIDGETS}{name}", value)
    return f"{WIDGETS}{name}"


@dataclass(frozen=True, eq=False)
class Seen:
    """The pair as it is looked at, with what needs no network."""

    reference: Picture
    distorted: Picture
    size: tuple[int, int]  # (width, height) that is measured; larger pictures are reduced to be looked at
    psnr: float
    ssim: float


def seen(session: Session, pair: Pair, longest: int | None) -> Seen:
    """The pair at the measured size, or smaller where no screen could show it."""
    key = (identity(pair.reference), identity(pair.distorted), longest)
    known = session.recall("seen", key)
    if known is None:
        with one_at_a_time("Measuring PSNR and SSIM …"):
            reference, distorted = resize(pair.reference, longest), resize(pair.distorted, longest)
            numbers = comparison.classic_numbers(reference, distorted)
            small = resize(reference, LARGEST_SIDE), resize(distorted, LARGEST_SIDE)
            known = Seen(*small, reference.size, *numbers)
            session.remember("seen", key, known)
    return known


def measure(
    session: Session, pair: Pair, choices: Sequence[Choice], longest: int | None
) -> dict[Choice, Column | ExplorerError]:
    """What each choice measures of the pair, or the error that says why it cannot.

    Each is kept as soon as it is known, so that a superseded run loses nothing.
    """
    settings = session.settings
    key = (
        identity(pair.reference),
        identity(pair.distorted),
        longest,
        find_device(settings.device),
        settings.precision,
    )
    known: dict[Choice, Column] | None = session.recall("columns", key)
    if known is None:
        known = {}
        session.remember("columns", key, known)
    for choice in set(known) - set(choices):
        del known[choice]
    size = measured_size(pair.reference.size, longest)
    failures: dict[Choice, ExplorerError] = {}
    for choice in choices:
        if choice in known:
            continue
        asked = replace(
            settings,
            backbone=choice.backbone,
            weights=choice.weights,
            heads=choice.heads,
            layers=choice.row.layer_names,
        )
        try:
            with one_at_a_time(f"Measuring with {choice.label} …"):
                result, seconds = compared(session, pair, asked, longest)
                known[choice] = comparison.column(choice, result, size, seconds)
        except ExplorerError as error:
            failures[choice] = error
    return {choice: known.get(choice) or failures[choice] for choice in choices}


def failure_sentence(choice: Choice, error: ExplorerError, size: tuple[int, int]) -> str:
    """Why a choice has no column, and how to mend it."""
    if isinstance(error, MissingWeightsError):
        where = status(choice.row.weights).where
        return f"The weights of {choice.row.label} are not on this machine: {where}."
    return comparison.too_small(choice, size) or str(error)
