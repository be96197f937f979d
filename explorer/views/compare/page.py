"""Compare: how do networks and heads differ about one pair?

Reads top to bottom: pair (in the sidebar), columns, what each measured, all maps at one zoom, a table, and at
last, because it takes time, the ladder of distortions: percentiles and how far the metrics agree. Each column
comes as soon as it is measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from explorer.analysis import comparison
from explorer.analysis.comparison import SCALES, UNITS, Classic, Column
from explorer.analysis.export import named_by_methods
from explorer.analysis.inspection import scale_end
from explorer.analysis.ladder import Standing
from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.analysis.wording import COMPARABLE, with_size
from explorer.backbones import graph_of
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.figures import layer_colours, share_bar_text, share_segments
from explorer.images import reduced, times
from explorer.metrics import Method
from explorer.names import cut
from explorer.viewer import GalleryMap, shares
from explorer.viewer.gallery.gallery import Gallery, GalleryDisplay, gallery
from explorer.views.common import ladders, method_controls, pair_controls, parts
from explorer.views.common.distorting import draw_distorting, offer_again
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import MisfitError, Pair
from explorer.views.common.stale import name_of, result_of
from explorer.views.common.tips import tip
from explorer.views.compare import columns, standing
from explorer.views.compare.files import draw_files
from explorer.views.compare.state import CompareState, Seen
from explorer.views.compare.view import CompareView

NOTE = "A map shows where features differ, not what caused it: features see beyond their own cell."
RAW = "Raw distances of different networks are not comparable: a larger number is not a larger difference."

Standings = Mapping[Ruler, Standing]


def draw_cards(results: Mapping[Method, Column | ExplorerError | None]) -> None:
    """A card a column: its score with the layers' shares, why there is none, or that it is still to come."""
    networks = list(dict.fromkeys(method.backbone for method in results))
    for place, (method, result) in zip(st.columns(len(results), gap="small"), results.items(), strict=True):
        with place:
            if isinstance(result, Column):
                draw_card(result, networks.index(method.backbone))
                continue
            st.markdown(f"**{parts.plain(method.label)}**")
            if result is None:
                st.caption("Not measured yet.")
                continue
            st.warning(parts.plain(columns.failure_sentence(method, result)))
            if isinstance(result, MissingWeightsError):
                draw_fetch(method.row, f"compare_{method.text}")


def draw_card(shown: Column, network: int) -> None:
    """One column's score and shares, in the hue of its network's place among those of the page."""
    layers = shown.measurement.layers
    colours = layer_colours([layer.name for layer in layers], network)
    parts.draw_score(with_size(shown.method.label, shown.measurement), f"{shown.measurement.score:.4f}")
    shares(
        share_segments(layers, colours),
        key=f"shares_{shown.method.text}",
        label=share_bar_text(layers),
    )


def gallery_of(
    view: CompareView,
    seen: Seen,
    shown: Sequence[Column],
    versus: tuple[Method, Method] | None,
    standings: Standings | None,
    key: str,
) -> Gallery:
    """All maps on the chosen scale, and the difference of two."""
    scale = view.scale if view.scale != "percentile" or standings is not None else "share"
    size = seen.reference.size
    maps = [panel(column, scale, standings, size) for column in shown]
    by_method = {column.method: column for column in shown}
    difference = None
    if versus:
        first, second = versus
        values = comparison.difference_map(by_method[first], by_method[second])
        difference = GalleryMap(
            "difference",
            "A − B",
            "difference of shares",
            reduced(values, size),
        )
    return Gallery(
        key=f"{key}-{scale}-{[method.text for method in versus or ()]}-{[entry.caption for entry in maps]}",
        reference=seen.reference.pixels,
        distorted=seen.distorted.pixels,
        maps=tuple(maps),
        maximum=scale_end(*(entry.values for entry in maps if entry.values is not None)),
        unit=UNITS[scale],
        difference=difference,
        difference_maximum=scale_end(difference.values) if difference else 0.0,
        difference_above=f"more in A, {versus[0].label}" if versus else "",
        difference_below=f"more in B, {versus[1].label}" if versus else "",
        difference_unit=UNITS["share"],
        warning=RAW if scale == "raw" else "",
        note=note_on(view, scale, seen, shown),
        reference_name=cut(seen.reference.name),
        distorted_name=cut(seen.distorted.name),
        file=named_by_methods(
            (seen.reference.name, seen.distorted.name),
            [column.method for column in shown],
            seen.size,
            "comparison",
            "png",
        ),
    )


def panel(shown: Column, scale: str, standings: Standings | None, size: tuple[int, int]) -> GalleryMap:
    """One column's map on a scale, with its score, or that score's percentile."""
    method, caption = shown.method, f"{shown.measurement.score:.4f}"
    if scale == "percentile":
        place = standings.get(method) if standings else None
        # The ladder's pictures may be too small for a network.
        caption = f"percentile {place.percentile:.0f}" if place else f"{caption}, no percentile"
    values = comparison.scaled(shown, scale)
    if values is None:
        return GalleryMap(method.text, method.label, caption, None, shown.without_map)
    return GalleryMap(method.text, method.label, caption, reduced(values, size))


def note_on(view: CompareView, scale: str, seen: Seen, shown: Sequence[Column]) -> str:
    """What must be known to read the maps."""
    notes = [NOTE if scale != view.scale else f"{SCALES[scale]} {NOTE}"]
    if scale != view.scale:
        notes.append("Scores stand above the maps until the ladder has been measured.")
    for column in shown:
        if column.cropped:
            width, height = column.cropped
            notes.append(
                f"{column.method.row.label} measures {width} × {height}, multiples of "
                f"{column.method.row.multiple}; the border that it leaves out is drawn as no data."
            )
    if seen.reference.size != seen.size:
        notes.append("Shown at {} × {}, measured at {} × {}.".format(*seen.reference.size, *seen.size))
    return " ".join(dict.fromkeys(notes))


def draw_table(
    classic: Classic | None, shown: Sequence[Column], standings: Standings, is_complete: bool
) -> None:
    """A row a column, and PSNR and SSIM."""
    psnr = parts.decibels(classic.psnr) if classic else "…"
    ssim = ("–" if classic.ssim is None else f"{classic.ssim:.4f}") if classic else "…"

    def place(ruler: Ruler) -> str:
        if ruler in standings:
            return f"{standings[ruler].percentile:.0f}"
        return "–" if is_complete else "…"

    def row(column: Column) -> str:
        method = column.method
        cells = (
            parts.plain(method.label),
            f"{column.measurement.score:.4f}",
            place(method),
            parts.duration(column.pass_seconds),
            parts.millions(graph_of(method.row).parameters),
            parts.plain(comparison.trained_on(method)),
        )
        return f"| {' | '.join(cells)} |"

    lines = [
        "| Columns | Score | Ladder percentile | Warm pass | Parameters | Trained on |",
        "|:--|--:|--:|--:|--:|:--|",
        *map(row, shown),
        f"| PSNR, higher is closer | {psnr} | {place(PSNR)} | | | |",
        f"| SSIM, higher is closer | {ssim} | {place(SSIM)} | | | |",
    ]
    st.markdown("\n".join(lines))
    st.caption(
        f"Scores: lower is closer. {COMPARABLE} Percentile: how much of the ladder below is closer to the "
        "reference than this pair, by the same measure. Warm pass: how long one picture takes through the "
        "network, once that has seen the size; heads of one network share it.",
        help=tip("parameters", "percentile", "ladder"),
    )


def draw_gallery(session: Session, state: CompareState, maps: Gallery) -> None:
    """The maps, at the part of the pictures that all pages look at, which is part of the link."""

    def keep(shown: GalleryDisplay) -> None:
        state.display = shown
        session.change(display=session.settings.display.at(shown))

    keep(
        gallery(
            replace(maps, colours=session.settings.colours),
            key="gallery",
            display=state.display.at(session.settings.display),
            on_display=keep,
        )
    )


def draw_compared(
    session: Session, shown_pair: Pair, view: CompareView, is_stale: bool, has_failed: bool
) -> None:
    """What each column measured: cards, maps, table, and how far they agree."""
    state = session.state(CompareState)
    seen = columns.seen(session, shown_pair)
    found = columns.measure(session, shown_pair, view.methods)
    shown = found.shown
    measured = [column.method for column in shown]
    climbed = standing.climbed(session, shown_pair, measured)
    standings, is_complete = standing.known(session, shown_pair, measured)
    is_complete = is_complete and found.is_complete

    if found.job:
        draw_work(found.job, "columns", found.drawn, state.measuring.clear)
    draw_cards(found.columns)
    if shown:
        st.caption("Each network has a hue of its own, which deepens from its first layer to its last.")
    mapped = [column.method for column in shown if not column.without_map]
    versus = columns.choose_versus(view, mapped) if columns.is_versus_known(view, found) else None
    is_first = versus == tuple(mapped[:2]) and (found.is_complete or view.versus is None)
    view = CompareView(view.methods, None if is_first else versus or view.versus, view.scale)
    if shown or not found.is_complete:
        how = [session.settings.method.precision, *(method.text for method in measured)]
        key = "-".join((seen.reference.digest, seen.distorted.digest, "{}x{}".format(*seen.size), *how))
        maps = gallery_of(view, seen, shown, versus, standings if is_complete else None, key)
        draw_gallery(session, state, maps)
    draw_files(session, shown_pair, shown, is_stale)
    st.markdown(parts.plain(comparison.sentence(shown)))
    if seen.size != shown_pair.reference.size:
        st.caption(f"All numbers at {times(seen.size)}.")
    with st.container(key="compared"):
        draw_table(found.classic, shown, standings, is_complete)
    session.keep_view(view)
    write_link(session, view.PAGE, has_failed=has_failed)

    st.markdown("## Do they agree?", help=tip("ladder", "rank-agreement"))
    small, _ = ladders.small_pair(session, shown_pair)
    st.caption(f"{ladders.about(small.size)} The pair's own percentile is taken at that size too.")
    if not found.is_complete:
        st.caption("The ladder is measured once all columns are.")
    elif is_complete:
        standing.draw_agreement(session, standings)
    else:
        standing.draw_climb(session, shown_pair, measured, climbed)


def page(session: Session) -> None:
    """The whole page."""
    camera, messages = st.container(), st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera)
        parts.heading("Measure")
        method_controls.choose_size(session, pair)
        method_controls.choose_device(session)
    state = session.state(CompareState)
    shown_pair = pair or (None if session.asked_for else state.pair)  # nothing takes a link's pictures' place
    view = columns.view_of(session)
    with messages:
        parts.draw_problems(session.sentences(), problem)
        if isinstance(problem, MisfitError):
            pair_controls.offer_mends(session, problem)
        elif problem:
            offer_again(session)
        elif pair is None and not draw_distorting(session):
            pair_controls.say_missing(session)
    if shown_pair is None:
        write_link(session, view.PAGE)
        return
    state.pair = shown_pair

    view = columns.choose(session, view)
    if not view.methods:
        st.info("Choose at least one column: a backbone with its heads.")
        return
    is_stale = pair is None
    with result_of(name_of(shown_pair), is_stale):
        draw_compared(session, shown_pair, view, is_stale, has_failed=problem is not None)


page(current())
