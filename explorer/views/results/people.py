"""The participants: how long they took, and which sentinels they failed."""

from dataclasses import replace

import streamlit as st

from explorer.analysis.wording import counted
from explorer.judgments.asking.limits import MOST_FAILED
from explorer.judgments.class_results import ClassResults
from explorer.views.results.view import ResultsView

LEAVE_OUT = "results_leave_out"


def read_people(view: ResultsView) -> ResultsView:
    """The view with what the control says now: scores are made before it is drawn."""
    return replace(view, leave_out=int(st.session_state.get(LEAVE_OUT, view.leave_out)))


def draw_people(view: ResultsView, found: ClassResults) -> None:
    """Who is left out, and a line for each participant."""
    st.session_state.setdefault(LEAVE_OUT, view.leave_out)
    failed = [line.failed for line in found.participants]
    most = max((line.sentinels for line in found.participants), default=0)
    if most:
        st.selectbox(
            "Leave out who failed",
            range(max(min(most, MOST_FAILED), view.leave_out) + 1),  # a link may ask for more
            format_func=lambda number: _told(number, sum(each >= number for each in failed)),
            key=LEAVE_OUT,
            help="A sentinel is a trial whose answer is plain. Votes of those who are left out are in no "
            "score, no scale and no layout; the table of votes has them.",
            width=340,
            persist_state="session",
        )
    else:
        st.caption(
            "Nobody has answered a sentinel, a trial whose answer is plain, so nobody can be left out."
        )
    st.dataframe(
        {
            "Participant": [line.number for line in found.participants],
            "Votes": [line.votes for line in found.participants],
            "Median time": [round(line.seconds, 2) for line in found.participants],
            "Sentinels failed": [
                f"{line.failed} of {line.sentinels}" if line.sentinels else "–" for line in found.participants
            ],
            "In the scores": ["left out" if line.is_left_out else "yes" for line in found.participants],
        },
        key="results_people",
        hide_index=True,
        column_config={"Median time": st.column_config.NumberColumn(format="%.1f s")},
        alt=f"{counted(len(found.participants), 'participant', 'participants')}, a row each.",
    )


def _told(number: int, people: int) -> str:
    """A choice, with how many participants it leaves out."""
    if not number:
        return "nobody"
    whom = counted(people, "participant", "participants")
    return f"{counted(number, 'sentinel', 'sentinels')} or more: {whom}"


def forget() -> None:
    """Have the control start from a link that was followed."""
    st.session_state.pop(LEAVE_OUT, None)
