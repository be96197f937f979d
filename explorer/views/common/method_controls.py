"""The common sidebar's lower half: how the pair is measured."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.analysis.cost import FIRST_SIZE, estimate_where_large, first_size
from explorer.backbones import (
    BACKBONES,
    HEADS,
    PRECISIONS,
    WEIGHTS,
    Backbone,
    available_devices,
    available_precisions,
    find_backbone,
    find_device,
    graph_of,
    heads_for,
)
from explorer.backbones.sizes import LARGER_SIZE, too_small
from explorer.files.weights import Status, megabytes, status
from explorer.images import measured_size, times
from explorer.metrics import Method, choose_layers
from explorer.metrics.method import RANDOM
from explorer.views.common.guests import has_guests
from explorer.views.common.parts import heading, plain
from explorer.views.common.session import Session, widget_key
from explorer.views.common.settings import AS_GIVEN, AUTOMATIC, SIZES
from explorer.views.common.shown import Pair
from explorer.views.common.tips import tip


def draw_measure(
    session: Session, pair: Pair | None, follows: bool = False, usual: int | None = None
) -> None:
    """Draw the controls for how the pair is measured; `follows` and `usual` as in `choose_size`."""
    heading("Measure")
    choose_method(session)
    choose_size(session, pair, follows, usual)
    choose_device(session)


def choose_method(session: Session) -> None:
    """Offer the networks, with their weights, heads and layers, whatever the pair."""
    row = choose_backbone(session)
    _choose_weights(session)
    method = session.settings.method
    # A link may name the user's own heads of before, whose file was replaced.
    offered = tuple(dict.fromkeys((*heads_for(row), method.heads)))
    if len(offered) > 1:
        # Trained and random weights have a control each: who comes back finds the heads from before.
        name = "random_heads" if method.weights == RANDOM else "heads"
        how = {
            "format_func": lambda name: HEADS[name].label,
            "help": tip("heads", also=_lines({HEADS[name].label: HEADS[name].summary for name in offered})),
            "width": "stretch",
        }
        if any(
            HEADS[each].own for each in offered
        ):  # of any number and length, which one row has no room for
            key = widget_key(f"{name}_listed", method.heads, row.name)
            heads = st.selectbox("Heads", offered, key=key, persist_state="session", **how)
        else:
            key = widget_key(name, method.heads, row.name)
            heads = st.segmented_control(
                "Heads", offered, key=key, required=True, persist_state="session", **how
            )
        session.change(method=method.with_heads(heads))
    layers = _choose_layers(session, row)
    session.change(method=replace(session.settings.method, layers=layers))
    _say_what_it_is(session.settings.method)


def choose_backbone(session: Session) -> Backbone:
    """Offer the catalogue, alone where a page takes a network by all of its weights and heads."""
    name = st.selectbox(
        "Backbone",
        BACKBONES,
        format_func=backbone_label,
        key=widget_key("backbone", session.settings.method.backbone),
        help=tip("backbone"),
        persist_state="session",
    )
    if name != session.settings.method.backbone:
        session.switch(name)
    return find_backbone(name)


def _choose_weights(session: Session) -> None:
    """Offer the trained or random weights of the chosen network."""
    weights = st.segmented_control(
        "Weights",
        WEIGHTS,
        format_func=str.capitalize,
        key=widget_key("weights", session.settings.method.weights),
        required=True,
        help=tip("weights", also=_lines({kind.capitalize(): text for kind, text in WEIGHTS.items()})),
        width="stretch",
        persist_state="session",
    )
    if weights != session.settings.method.weights:
        session.change(method=session.settings.method.with_weights(weights))


def _say_what_it_is(method: Method) -> None:
    """A word where learned heads are on what they were not learned for, and of what own heads are from."""
    if HEADS[method.heads].own:
        st.caption(plain(HEADS[method.heads].summary))
    elif method.heads != "uniform" and not method.is_published:
        st.caption(f"Not {HEADS[method.heads].metric} as published: {plain(method.name.how)}.")


def backbone_label(name: str) -> str:
    """A backbone as it is offered, with a mark where its weights are still to be fetched."""
    row = BACKBONES[name]
    now = status(row.weights)
    return row.label if now.ready else f"{row.label} · {_wanting(now)}"


def method_label(method: Method) -> str:
    """A method as it is offered, with the same mark."""
    return method.label if is_ready(method) else f"{method.label} · {_wanting(status(method.row.weights))}"


def _wanting(now: Status) -> str:
    if has_guests():
        return "not on the server"
    return f"{megabytes(now.size)} to fetch" if now.kind == "fetch" and now.size else "not fetched"


def is_ready(method: Method) -> bool:
    """Whether all weights that a method needs are on this machine."""
    return method.weights == RANDOM or status(method.row.weights).ready


def _lines(named: dict[str, str]) -> str:
    """What each of a few choices is, a line each."""
    return "  \n".join(f"**{name}**: {text}" for name, text in named.items())


def _choose_layers(session: Session, row: Backbone) -> tuple[str, ...]:
    """Offer the default set, and with uniform heads every other node that has a spatial grid."""
    method = session.settings.method
    default = [name for name in method.layers if name in row.layer_names]
    others = [name for name in method.layers if name not in row.layer_names]
    key = widget_key("layers", default, row.name)
    nodes_key = widget_key("nodes", others, row.name)
    uniform = method.heads == "uniform"
    nodes = st.session_state[nodes_key] if uniform else []
    if not st.session_state[key] and not nodes:
        # The last one was taken out: put it back before the widget is drawn.
        st.session_state[key] = default or list(row.layer_names)
        session.report("The sum needs at least one layer; choose another before you leave this one out.")
    chosen = st.pills(
        f"Layers in the sum · {len(st.session_state[key])} of {len(row.layers)}",
        row.layer_names,
        selection_mode="multi",
        key=key,
        help=tip("layer", "distance"),
        persist_state="session",
    )
    if uniform:
        nodes = st.multiselect(
            "Other nodes",
            graph_of(row).offered,
            key=nodes_key,
            placeholder="Add any other node",
            help=tip("node", also="All that have a spatial grid are here, in the order of computation."),
            wrap=True,  # chips in one row are cut
            persist_state="session",
        )
    return choose_layers(row, [*chosen, *nodes], method.heads)


def choose_device(session: Session) -> None:
    """Offer the devices where there are several, and on CUDA how exactly it computes."""
    devices = available_devices()
    if len(devices) == 1:
        return
    device = st.segmented_control(
        "Device",
        ("auto", *devices),
        key=widget_key("device", session.settings.method.device),
        required=True,
        persist_state="session",
    )
    session.change(method=session.settings.method.with_device(device))
    precisions = available_precisions(find_device(device))
    if find_device(device) != "cuda":
        session.change(method=replace(session.settings.method, precision="float32"))
        return
    precision = st.segmented_control(
        "Precision",
        precisions,
        key=widget_key("precision", session.settings.method.precision),
        required=True,
        help=_lines({name: PRECISIONS[name] for name in precisions}),
        persist_state="session",
    )
    session.change(method=replace(session.settings.method, precision=precision))


def choose_size(session: Session, pair: Pair | None, follows: bool = False, usual: int | None = None) -> None:
    """Offer the sizes to measure at; those that cannot be had are disabled and say why.

    Args:
        pair: None where there is none yet: then it is said which size waits for it.
        follows: Whether the page measures a large pair as given once it has shown its first numbers.
        usual: As in `size_for`.
    """
    if pair is None:
        if session.settings.size != AUTOMATIC:
            at = "as given" if session.settings.size == AS_GIVEN else f"at {session.settings.size}"
            st.caption(f"Measure {at}, once there is a pair")
        return
    if problem := _size_problem(session, pair, session.settings.size):
        session.report(f"The size {session.settings.size} cannot be had for this pair: {problem}")
        session.change(size=AUTOMATIC)
    given = pair.reference.size
    now = measured_size(given, size_for(session, given, usual))
    how = "as given" if now == given else "Lanczos"
    if follows and session.settings.size == AUTOMATIC and now != given:
        how, now = f"as given; first at {times(now)}", given
    st.caption(
        f"Measure at {times(now)}, {how}",
        help="Choose the longest side in pixels. A picture is never enlarged.",
    )
    with _row_of_sizes():
        for size in (AS_GIVEN, *SIZES):
            problem = _size_problem(session, pair, size)
            chosen = not problem and now == measured_size(given, None if size == AS_GIVEN else size)
            _draw_size(session, size, chosen, problem is not None, problem or _cost_of(session, pair, size))


def choose_size_for_all(session: Session) -> None:
    """Offer the longest sides, one for all pairs, so that their numbers are of one kind; and none."""
    now = size_for_all(session)
    st.caption(
        f"Measure at a longest side of {now}" if now else "Measure each pair as given",
        help="In pixels; smaller pictures are measured as given, for none is ever enlarged.",
    )
    with _row_of_sizes():
        _draw_size(
            session, AS_GIVEN, now is None, False, "Numbers of different sizes are of different kinds."
        )
        for size in SIZES:
            problem = too_small(session.settings.method.row, (size, size), mend=LARGER_SIZE)
            _draw_size(session, size, size == now, bool(problem), problem or None)


def _row_of_sizes() -> DeltaGenerator:
    return st.container(horizontal=True, gap="xxsmall", key="sizes")


def _draw_size(
    session: Session, size: int | str, is_chosen: bool, is_disabled: bool, hint: str | None
) -> None:
    """The button of a size, whose hint says why it is disabled, or what it would cost."""
    st.button(
        "as given" if size == AS_GIVEN else str(size),
        key=f"size_{size}",
        type="primary" if is_chosen else "secondary",
        disabled=is_disabled,
        help=hint,
        on_click=session.change,
        kwargs={"size": size},
    )


def offer_as_given(session: Session, place: DeltaGenerator) -> None:
    """Say what the size as given would cost, once a larger pair was measured at the first size."""
    pair, settings = session.pair, session.settings
    if settings.size == AUTOMATIC and method_for(session, pair).size is not None:
        cost = _cost_of(session, pair, AS_GIVEN) or "slower"
        place.caption(f"Above a megapixel the first measurement is at {FIRST_SIZE}. As given: {cost}.")


def method_for(session: Session, pair: Pair) -> Method:
    """How this pair is measured: as the settings say, at the size that they choose for it."""
    return replace(session.settings.method, size=size_for(session, pair.reference.size))


def size_for(session: Session, given: tuple[int, int], usual: int | None = None) -> int | None:
    """The longest side to measure a picture of (width, height) at, as the settings say; None as given.

    Args:
        usual: At which a page measures where nobody has chosen, since its work is long.
    """
    size = session.settings.size
    if size == AUTOMATIC:
        return first_size(given) if usual is None else usual
    return None if size == AS_GIVEN else size


def size_for_all(session: Session) -> int | None:
    """The longest side to measure many pairs at, as the settings say; None as given."""
    size = session.settings.size
    if size == AS_GIVEN:
        return None
    return size if isinstance(size, int) else FIRST_SIZE


def _size_problem(session: Session, pair: Pair, size: int | str) -> str | None:
    """Why a size cannot be had, or None."""
    if size in (AS_GIVEN, AUTOMATIC):
        return None
    longest = max(pair.reference.size)
    if size >= longest:
        return f"The picture's longest side is {longest}, and it is never enlarged."
    measured = measured_size(pair.reference.size, size)
    return too_small(session.settings.method.row, measured, mend=LARGER_SIZE) or None


def _cost_of(session: Session, pair: Pair, size: int | str) -> str | None:
    """An estimate for sizes at which it matters, once something was measured."""
    wanted = measured_size(pair.reference.size, None if size == AS_GIVEN else size)
    shown = session.shown
    if shown is None or shown.pair.reference.digest != pair.reference.digest:
        return None
    cost = estimate_where_large(graph_of(session.settings.method.row), wanted, *shown.cost)
    return cost and str(cost)
