"""Is the score a lot? Its place on the ladder, as far as what it is, and how sure: once somebody asks."""

import streamlit as st

from explorer.analysis import ladder
from explorer.analysis.place import Place, place
from explorer.analysis.wording import listed, note_on_size
from explorer.errors import SettingError
from explorer.figures import ladder_chart, ladder_text
from explorer.images import Picture
from explorer.metrics import Method
from explorer.views.common.ladders import about, as_ruler, scores, small_pair
from explorer.views.common.meaning import readings_of, stability_of
from explorer.views.common.parts import plain, table, text_colour
from explorer.views.common.progress import draw_work, job_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Shown
from explorer.views.common.tips import tip
from explorer.views.inspect.state import InspectState

LADDER, READINGS, STABILITY = "On the ladder", "As far as what?", "How sure is it?"


def draw_standing(session: Session, shown: Shown) -> None:
    """A small button that asks, and what it opens."""
    measurement = shown.inspection.measurement
    asks = st.popover(
        f"Is {measurement.score:.4f} a lot?",
        type="tertiary",
        key="standing",
        on_change="rerun",
        width="content",
    )
    if not asks.open:
        return
    with asks:
        question = st.segmented_control(
            "What the score means",
            (LADDER, READINGS, STABILITY),
            default=LADDER,
            required=True,
            key="meaning",
            persist_state="session",
            label_visibility="collapsed",
        )
        if question == READINGS:
            _draw_readings(session, shown)
        elif question == STABILITY:
            _draw_stability(session, shown)
        else:
            _draw_place(session, shown)


def _draw_readings(session: Session, shown: Shown) -> None:
    """As far as which blur, which JPEG and so on."""
    found = readings_of(session, shown.pair, shown.method, "inspect")
    if found is None:
        return
    st.markdown(plain(found.sentence), help=tip("reading"))
    if found.readings:
        rows = [(plain(each.label), plain(each.strength), plain(each.note)) for each in found.readings]
        st.markdown(table(("Of the reference", "As far as", ""), rows))
    _draw_note(shown, found.size, found.score, "Lengths are in pixels.")


def _draw_stability(session: Session, shown: Shown) -> None:
    """What the score becomes under changes of both pictures."""
    found = stability_of(session, shown.pair, shown.method, "inspect")
    if found is None:
        return
    st.markdown(plain(found.sentence), help=tip("stability"))
    rows = [(plain(each.label), f"{each.score:.4f}") for each in found.changed]
    st.markdown(table(("Where both are", "The score is"), rows))
    left_out = f"Too small for it: {listed(found.left_out)}." if found.left_out else ""
    _draw_note(shown, found.size, found.score, left_out)


def _draw_note(shown: Shown, size: tuple[int, int], score: float, also: str) -> None:
    """At which size it was asked, where that is not the measured one, and what else is to be said."""
    note = f"{note_on_size(size, shown.inspection.measurement.size, score)} {also}".strip()
    if note:
        st.caption(plain(note))


def _draw_place(session: Session, shown: Shown) -> None:
    """Its place on the ladder."""
    base, distorted = small_pair(session, shown.pair)
    ruler = as_ruler(session, shown.method, base.size)
    if ruler is None:
        st.markdown(
            f"{plain(shown.method.row.label)} needs larger pictures than those of the ladder, "
            f"{base.size[0]} × {base.size[1]}, so the score has no place on it."
        )
        return
    found = ladder.standings(base, distorted, [ruler], scores)
    if found:
        _draw(place(found[ruler], base.size), shown, base.size)
    else:
        _draw_climb(session, base, distorted, ruler)


def _draw(found: Place, shown: Shown, size: tuple[int, int]) -> None:
    st.markdown(plain(found.sentence))
    st.plotly_chart(
        ladder_chart(found, text_colour()),
        key="ladder",
        config={"displayModeBar": False},
        alt=ladder_text(found),
    )
    measured = shown.inspection.measurement
    own = "" if measured.size == size else f" The pair's own score at that size is {found.score:.4f}."
    st.caption(f"{about(size)}{own} By {plain(measured.name.label)}; lower is closer.")


def _draw_climb(session: Session, base: Picture, distorted: Picture, ruler: Method) -> None:
    """Measure what is missing, in the background; the page runs anew once it is there."""
    kept = session.state(InspectState).ladder
    try:
        job = job_for(
            kept,
            (base.digest, distorted.digest, ruler),
            lambda: ladder.ladder_task(base, distorted, [ruler], scores),
        )
    except SettingError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if job.state == "done":  # it was quick; or another pair of this reference was measured by it
        kept.clear()
        session.run_anew()
    draw_work(
        job,
        "standing",
        drawn=0,
        again=kept.clear,
        offer="Measure the rest of the ladder",
        kept="these scores of the ladder are kept",
    )
