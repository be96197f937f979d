"""A page that feeds the viewer of made pictures with some made on the spot; the tests import its scenes."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import streamlit as st

from explorer.images import resize
from explorer.samples import load_sample
from explorer.viewer.duel.duel import DuelDisplay, duel
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelMetric, DuelScene, DuelTile
from tests.browser import anew

SIDE = 64
STEPS = 16
KEPT = (0, 1, 2, 4, 8, 12, 16)
LIVE = 0.25  # seconds from one step to the next while they are made
GRIDS = {"conv1": 16, "conv2": 8}
COLOURS = ("rgb(194, 238, 229)", "rgb(19, 67, 59)")
METRICS = (
    DuelMetric("lpips", "LPIPS · AlexNet", "lower is closer", is_logarithmic=True),
    DuelMetric("psnr", "PSNR", "higher is closer", is_held=True),
    DuelMetric("dists", "DISTS", "lower is closer"),
)


@lru_cache
def reference() -> np.ndarray:
    """A photograph, uint8 (64, 64, 3)."""
    return resize(load_sample("cat"), SIDE).pixels


@lru_cache
def frame(run: str, step: int, strength: float) -> DuelFrame:
    """A picture with noise, as maps and distances its error; the distances are the means of the maps."""
    noise = np.random.default_rng(0).normal(0, 40 * strength, (SIDE, SIDE, 3))
    picture = np.rint(np.clip(reference() + noise, 0, 255)).astype(np.uint8)
    error = np.square((picture.astype(float) - reference()) / 255).mean(2)
    maps = tuple(
        np.float32(error.reshape(cells, SIDE // cells, cells, -1).mean((1, 3))) for cells in GRIDS.values()
    )
    distances = tuple(float(values.mean()) for values in maps)
    score = f"{sum(distances):.4f}"
    asked = f"{strength:.2f}" if step in (0, STEPS) else ""
    marks = ("", "", "fooled") if run == "raised" and step == STEPS else ()
    key = f"test {run if step else 'start'} {step}"
    return DuelFrame(key, step, picture, (score, "24.00 dB", asked), distances, maps, score, marks)


def strength(run: str, step: int) -> float:
    """How strong the noise of a step is."""
    return 0.5 * (1 + step / 4 if run == "raised" else 0.9**step)


def frames(run: str, is_running: bool, last: int) -> tuple[DuelFrame, ...]:
    """Those that were kept; while more come, the last alone."""
    steps = (last,) if is_running else [step for step in KEPT if step <= last]
    return tuple(frame(run, step, strength(run, step)) for step in steps)


def curve(run: str, last: int) -> DuelCurve:
    """A value a step."""
    values = [sum(frame(run, step, strength(run, step)).distances) for step in range(last + 1)]
    return DuelCurve("lpips", run, tuple(range(last + 1)), tuple(values), tuple(f"{v:.4f}" for v in values))


def make_scene(
    is_running: bool = False, still: bool = False, opens: str = "Open in Inspect", last: int = STEPS
) -> DuelScene:
    """Two runs from one start.

    Args:
        is_running: Whether more comes.
        still: Without curves.
        opens: On the button.
        last: The step up to which it was made; where no more comes, it is over there.
    """
    start = frame("start", 0, 0.5)
    end = frame("raised", STEPS, strength("raised", STEPS)).picture
    change = np.clip(128 + 4 * (end.astype(int) - reference()), 0, 255).astype(np.uint8)
    texts = ("24.00 dB",) * len(KEPT)
    held = [DuelCurve("psnr", run, KEPT, (24.0,) * len(KEPT), texts) for run in ("lowered", "raised")]
    return DuelScene(
        key=f"{is_running} {still}",
        reference=reference(),
        reference_name="Cat",
        reference_note="64 × 64",
        bracket="Equal: each 24.00 dB from the reference",
        metrics=METRICS,
        tiles=(
            DuelTile("lowered", "Lowered", frames("lowered", is_running, last), "first"),
            DuelTile("start", "Start · Gaussian noise", (start,)),
            DuelTile(
                "raised", "Raised", frames("raised", is_running, last), "second", change, "changed by, × 4"
            ),
        ),
        curves=() if still else (curve("lowered", last), curve("raised", last), *held),
        course=("step by step", "PSNR stays 24.00 dB"),
        layers=tuple(GRIDS),
        layer_colours=COLOURS,
        metric="LPIPS",
        steps=STEPS,
        is_running=is_running,
        colours="magma",
        shows="Shows that LPIPS can be led astray by a picture made for it.",
        does_not_show="Does not show that it errs on ordinary pictures.",
        opens=opens,
        is_over=last < STEPS and not is_running,
        is_asking=last < STEPS,
    )


def _live(show: Callable[[DuelScene], DuelDisplay]) -> None:
    """One kept step after the other, as while they are made."""
    place = st.session_state.get("place", 0)
    show(make_scene(is_running=True, last=KEPT[place]))
    st.session_state.place = min(place + 1, len(KEPT) - 1)


def page() -> None:
    """Settings in the address, the viewer, and what it reported."""
    st.set_page_config(layout="wide")
    st.markdown("<style>.stMainBlockContainer{padding:3.7rem 1.5rem 1rem}</style>", unsafe_allow_html=True)
    query, number = anew.start()
    st.title("Made pictures", anchor=False)
    st.header("Some of one, some of the other", anchor=False)

    def remember(display: DuelDisplay) -> None:
        st.session_state.display = display

    def note(tile: str, step: int) -> None:
        st.session_state.opened = tile, step

    asked = DuelDisplay(at=int(query["at"]) if "at" in query else None, tile=query.get("tile", ""))
    st.session_state.setdefault("display", asked)

    def show(scene: DuelScene) -> DuelDisplay:
        display = st.session_state.display
        return duel(scene, key=f"duel{number}", display=display, on_display=remember, on_open=note)

    if "live" in query:
        st.fragment(_live, run_every=LIVE)(show)
        return
    last = int(query.get("last", STEPS))
    shown = show(make_scene("running" in query, "still" in query, last=last))
    st.text(f"{shown}; opened {st.session_state.get('opened')}")
