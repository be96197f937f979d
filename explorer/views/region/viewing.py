"""The Region page's view in a session: fitted to the pair, kept, and split from what the viewer reports."""

from collections.abc import Sequence
from dataclasses import replace

from explorer.analysis.region import Box, HotSpot, fitted, name_of
from explorer.errors import SettingError
from explorer.viewer import RegionDisplay
from explorer.viewer.pair.display import Display
from explorer.views.common.session import Session
from explorer.views.region.view import RegionView


def view_of(session: Session, size: tuple[int, int], spots: Sequence[HotSpot]) -> RegionView:
    """The page's view of a pair of (width, height): the last one, or that of a link followed since.

    Boxes that reach beyond the image are cut to it, and those outside left out, which is said.
    """
    view = session.view_of(RegionView)
    if view.boxes is None:
        first = tuple(spot.box for spot in spots[:1])
        return replace(view, boxes=None) if not first else replace(view, boxes=first, chosen=0)
    return _fitting(session, view, size)


def keep(session: Session, view: RegionView, spots: Sequence[HotSpot]) -> RegionView:
    """Make this the page's view; boxes that are just the first hot spot stay untouched ones."""
    # No box where there is no hot spot is nobody's choice; none that was taken away is.
    was_untouched = session.view_of(RegionView).boxes is None
    untouched = view.boxes == tuple(spot.box for spot in spots[:1]) and (bool(view.boxes) or was_untouched)
    session.keep_view(replace(view, boxes=None) if untouched else view)
    return view


def _fitting(session: Session, view: RegionView, size: tuple[int, int]) -> RegionView:
    boxes, chosen = [], view.chosen
    for place, box in enumerate(view.boxes):
        try:
            inside, sentence = fitted(box, size, f"Box {name_of(place)}")
        except SettingError as error:
            session.report(error)
            if len(boxes) < chosen:
                chosen -= 1
            continue
        if sentence:
            session.report(sentence)
        boxes.append(inside)
    return replace(view, boxes=tuple(boxes), chosen=max(0, min(chosen, len(boxes) - 1)))


def display_of(session: Session, view: RegionView) -> RegionDisplay:
    """The viewer's settings: how the pair is shown everywhere, and this page's boxes."""
    common = session.settings.display.to_json()
    boxes = tuple(box.numbers for box in view.boxes or ())
    return RegionDisplay(**common, boxes=boxes, chosen=view.chosen, tool=view.tool)


def take(session: Session, display: RegionDisplay) -> RegionView:
    """Split what the viewer reports into the common settings and the page's view."""
    values = display.to_json()
    boxes, chosen, tool = (values.pop(name) for name in ("boxes", "chosen", "tool"))
    session.change(display=Display(**values))
    return RegionView(tuple(Box(*numbers) for numbers in boxes), chosen, tool)
