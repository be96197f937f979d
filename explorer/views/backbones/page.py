"""Backbones: which networks there are, and where their weights are or come from.

Reads top to bottom: a row a network with its state and what can be done, then the nodes of one of them.
"""

import streamlit as st

from explorer.backbones import BACKBONES, HEADS, Backbone, find_backbone, graph_of, heads_for
from explorer.files.weights import cache_folder, megabytes, status
from explorer.views.common import pair_controls, parts
from explorer.views.common.distorting import draw_distorting
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.guests import LIST, has_guests
from explorer.views.common.method_controls import draw_measure
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.tips import tip

PROBE = (256, 256)  # (width, height) for which grids are listed

# Has the server guests? -> who fetches.
WHO_FETCHES = {
    False: "Nothing is fetched without a click.",
    True: (
        "Guests fetch no weights. Whoever runs this server does, in a shell on the serving machine: "
        f"`python -m explorer weights fetch NAME`; `{LIST}` tells what is there."
    ),
}


def draw_row(row: Backbone) -> None:
    """One network: what it is, and where its weights are or come from."""
    about, weights = st.columns((5, 2), vertical_alignment="center")
    heads = ", ".join(HEADS[head].label for head in heads_for(row))
    facts = (
        f"{len(row.layers)} layers",
        f"{parts.millions(graph_of(row).parameters)} parameters",
        f"from {row.smallest_side} pixels a side",
        f"trained on {row.trained_on}",
    )
    with about:
        st.markdown(f"**{parts.plain(row.label)}** · {heads}  \n:gray[`{row.name}` · {' · '.join(facts)}]")
    with weights:
        now = status(row.weights)
        if now.ready:
            where = now.where[0].upper() + now.where[1:]
            st.markdown(f":material/check_circle: {where}, {megabytes(now.size)}")
        elif has_guests():
            words = "Not" if now.kind == "fetch" else "Not usable"
            st.markdown(f":material/cloud_off: {words} on the serving machine")
        else:
            if now.kind != "fetch":
                st.error(parts.plain(now.where), icon=":material/error:")
            draw_fetch(row, "list")


def draw_by_hand() -> None:
    """Which file to put where, for a machine that cannot fetch."""
    lines = [
        f"| {parts.plain(row.label)} | {' or '.join(f'`{file.file}`' for file in row.weights)} |"
        for row in BACKBONES.values()
        if status(row.weights).kind == "fetch"
    ]
    if not lines:
        return
    with st.expander("On a machine that cannot fetch"):
        st.markdown(
            f"Put the file into `{cache_folder()}`, or into the folder that the environment variable "
            "`EXPLORER_WEIGHTS` names. Its checksum is checked; a file that does not fit is refused.\n\n"
            "| Backbone | File |\n|:--|:--|\n" + "\n".join(lines)
        )


def draw_nodes(row: Backbone) -> None:
    """The layers of a network, and every other node that can be tapped."""
    graph = graph_of(row)
    grids = graph.grids(PROBE)
    names = {layer.node: layer.name for layer in row.layers}
    st.dataframe(
        [
            {
                "Layer": names.get(node, ""),
                "Node": node,
                "Channels": graph.channels(node),
                "Grid at 256 × 256": "{1} × {0}".format(*grids[node]),
            }
            for node in graph.nodes
        ],
        hide_index=True,
        height=420,
    )


def page(session: Session) -> None:
    """The whole page."""
    with st.sidebar:
        camera = st.container()
        pair, problem = pair_controls.choose_pair(session, camera)
        draw_measure(session, pair)
    parts.draw_problems(session.sentences(), problem)
    if pair is None and not problem:
        draw_distorting(session)

    st.markdown("## Backbones and their weights", help=tip("backbone", "weights", "parameters"))
    st.caption(
        f"{WHO_FETCHES[has_guests()]} Every file is checked against its checksum before it is used. "
        "Random weights, the paper’s control, need no file."
    )
    with st.spinner("Reading the networks …"), st.container(key="backbones"):
        for each in BACKBONES.values():
            draw_row(each)
    if not has_guests():
        draw_by_hand()

    st.markdown("## Layers and nodes", help=tip("layer", "node", "grid"))
    st.session_state.setdefault("listed", session.settings.method.backbone)
    chosen = st.selectbox(
        "Network",
        BACKBONES,
        format_func=lambda name: BACKBONES[name].label,
        key="listed",
        label_visibility="collapsed",
        persist_state="session",
    )
    st.caption(
        "A node is a value that the network computes on the way. Those with a name here are the default "
        "layers; with uniform heads any other can be added to the sum, in the sidebar."
    )
    draw_nodes(find_backbone(chosen))
    write_link(session, has_failed=problem is not None)


page(current())
