"""What must be known to read the numbers: whose judgments they are, and what was left out."""

import streamlit as st

from explorer.judgments.evaluation import Evaluation
from explorer.names import cut, harmless
from explorer.views.common.parts import plain
from explorer.views.evaluate.view import FOLDER, PAPER, UPLOAD, EvaluateView

MOST_TOLD = 100  # of what was skipped
ASK = {
    UPLOAD: "Upload votes in the sidebar: a table with the columns subset, name, judge, and d0_METRIC and "
    "d1_METRIC of each metric; or a ZIP file of the paper’s folders, whose pictures are then measured.",
    FOLDER: "Choose a data set or a table in the sidebar, or type its path from the folder that this server "
    "opens.",
}
ABOUT_PAPER = (
    "All votes of the paper’s validation set, without its pictures, with the distances of four metrics that "
    "were trained on its training votes. Both come from the release of shift-tolerant LPIPS (Ghildyal and "
    "Liu, ECCV 2022), under the 2-clause BSD licence. Grey: the paper’s Table 5 (Zhang et al., CVPR 2018)."
)
HOW = "Lines through marks and the band around people: 95% intervals, by drawing references anew."


def draw_remarks(view: EvaluateView, found: Evaluation) -> None:
    """A quiet line, and the list of what was skipped."""
    about = [ABOUT_PAPER] if view.source == PAPER else [f"{cut(harmless(found.name))}."]
    st.caption(plain(" ".join([*about, *map(harmless, found.notes), HOW])))
    if found.skipped:
        count, told = sum(each.count for each in found.skipped), found.skipped[:MOST_TOLD]
        with st.expander(f"{'1 entry was' if count == 1 else f'{count:,} entries were'} left out"):
            lines = [f"- {plain(harmless(each.what))}: {plain(harmless(each.why))}" for each in told]
            more = count - sum(each.count for each in told)
            st.markdown("\n".join(lines + [f"- and {more:,} more"] * (more > 0)))
