"""The app's frame: page config, logging and navigation."""

import atexit
import gc
import logging
import os

import streamlit as st

from explorer.places import PACKAGE, assets
from explorer.views.common.history import settle_history, watch_history
from explorer.views.common.lesson_strip import draw_strip
from explorer.views.common.menu import VOTE, draw_head, grouped, make_pages, make_vote, opened
from explorer.views.common.projector import begin_projector, settle_projector
from explorer.views.common.runs import runs
from explorer.waiting import wait_asleep

# EXPLORER_LOG=debug tells on the console what is computed and when.
logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
logging.getLogger("explorer").setLevel(
    logging.getLevelNamesMapping().get(os.environ.get("EXPLORER_LOG", "").upper(), logging.WARNING)
)

st.set_page_config(
    page_title="LPIPS Explorer",
    page_icon=str(assets("brand") / "mark.svg"),
    layout="wide",
    initial_sidebar_state=290,  # pixels
    menu_items={
        "About": "**LPIPS Explorer** shows where, and in which layer, a deep perceptual distance arises.  \n"
        "Zhang, Isola, Efros, Shechtman, Wang: *The Unreasonable Effectiveness of Deep Features as a "
        "Perceptual Metric*, CVPR 2018.",
    },
)
st.logo(str(assets("brand") / "wordmark.svg"), size="large")
st.html(PACKAGE / "views" / "common" / "style.css")
watch_history()


@st.cache_resource(show_spinner="Starting …")
def start() -> None:
    """Load what all pages need, once, and keep it out of garbage collection.

    Python looks through all objects for garbage from time to time. With torch's among them that takes 0.2 s,
    in which nothing is sent to any browser.
    """
    wait_asleep()
    import explorer.views.common.compute  # noqa: F401 - it loads torch, which takes seconds

    gc.collect()
    gc.freeze()
    gc.collect()  # the next comes with a quarter more objects than the last has seen, which are now few
    atexit.register(gc.unfreeze)  # at the end they are garbage like all else


pages, vote = make_pages(), make_vote()
now = opened(st.context.url)
if now != VOTE:
    start()  # not for who votes: a class would wait for what no phone needs
menu = grouped(pages, now)
menu[""].append(vote)  # Streamlit must know it, and does not show it
page_of_this_run = st.navigation(menu, position="hidden" if now == VOTE else "top")
if page_of_this_run != vote:
    draw_head(pages)
st.html(f'<h1 class="spoken">{page_of_this_run.title}</h1>')  # the menu shows it
if page_of_this_run == vote:
    page_of_this_run.run()  # it has no pair, no settings and no view to come back to
    st.stop()
place, is_projected = begin_projector()
draw_strip(next(name for name, page in pages.items() if page == page_of_this_run))
with runs.drawing():
    page_of_this_run.run()
settle_projector(place, is_projected)
settle_history()
