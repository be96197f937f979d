"""The menu: groups of pages, so that it stays a few words however many pages there are, and what LPIPS is.

Streamlit puts a group behind a word, also where it has one page alone, unless the group has no word: such
pages stand by themselves, before all groups, and style.css puts them behind. On a phone it puts the menu into
the sidebar, behind an arrow: there all pages stand in a row above the page.
"""

from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from explorer.places import page
from explorer.words import LPIPS, WHAT_IS_LPIPS

FIRST = "inspect"
VOTE = "vote"  # has an address and no place in the menu: who votes has come for that alone

# Word of the menu -> its pages, by the names of their folders, which are their addresses, and their titles.
GROUPS = {
    "Look": {
        "inspect": "Inspect",
        "region": "Region",
        "candidates": "Candidates",
        "compare": "Compare",
        "dataset": "Data set",
    },
    "Laboratory": {
        "distort": "Distort",
        "sweep": "Sweep",
        "match": "Match",
        "disagree": "Disagree",
        "duel": "Duel",
    },
    "People": {
        "ask": "Ask",
        "results": "Results",
        "threshold": "Threshold",
        "evaluate": "Evaluate",
        "calibrate": "Learn heads",
    },
    "Learn": {"learn": "Chapters", "lessons": "Lessons", "words": "Words"},
    "Networks": {"backbones": "Backbones"},
}


def make_pages() -> dict[str, StreamlitPage]:
    """All pages of the menu by their names, in its order."""
    return {
        name: st.Page(page(name), title=title, url_path=name, default=name == FIRST)
        for group in GROUPS.values()
        for name, title in group.items()
    }


def make_vote() -> StreamlitPage:
    """The page of those who are asked."""
    return st.Page(page(VOTE), title="Vote", url_path=VOTE, visibility="hidden")


def opened(address: str | None) -> str:
    """The name of the page that an address opens; the first one's where it names none."""
    name = urlsplit(address or "").path.rstrip("/").rpartition("/")[2]
    return name if name == VOTE or any(name in group for group in GROUPS.values()) else FIRST


def grouped(pages: dict[str, StreamlitPage], now: str) -> dict[str, list[StreamlitPage]]:
    """The pages as `st.navigation` takes them.

    Args:
        pages: From `make_pages`.
        now: The page that is open: its group says so, since it is closed as long as nobody chooses.
    """
    sections: dict[str, list[StreamlitPage]] = {"": []}
    for word, group in GROUPS.items():
        label = f"{word} · {group[now]}" if now in group else word
        sections.setdefault("" if len(group) == 1 else label, []).extend(pages[name] for name in group)
    return sections


def draw_head(pages: dict[str, StreamlitPage]) -> None:
    """What stands above every page: on a phone a row of all pages, and everywhere what LPIPS is."""
    with st.container(horizontal=True, key="head"):
        with st.container(horizontal=True, key="pages"):
            for each in pages.values():
                st.page_link(each, width="content")
        with st.popover("What is LPIPS?", type="tertiary", key="what_is_lpips"):
            st.markdown(WHAT_IS_LPIPS)
            authors, _, title = LPIPS.citation.partition(": ")
            st.caption(f"{authors}: [{title}]({LPIPS.address})")
            st.page_link(pages["words"], label="All words, from A to Z", icon=":material/menu_book:")
