"""What the Region page is about: its boxes, which one is chosen, and the link that carries them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from explorer.analysis.region import Box, HotSpot, fitted, name_of, read_box
from explorer.analysis.region.boxes import MOST
from explorer.errors import SettingError
from explorer.viewer import RegionDisplay
from explorer.viewer.pair.display import Display
from explorer.views.common.session import Session


@dataclass(frozen=True)
class View:
    """The page's own state.

    Attributes:
        boxes: In pixels of the image as given, A first; None as long as the user has not touched them: then
            the first hot spot is box A.
        chosen: The place of the chosen box.
        tool: What a drag on the pictures does: "draw" or "pan".
    """

    boxes: tuple[Box, ...] | None = None
    chosen: int = 0
    tool: str = "draw"

    @property
    def box(self) -> Box | None:
        """The chosen box, if there is any."""
        return self.boxes[self.chosen] if self.boxes else None

    @property
    def name(self) -> str:
        """The chosen box's name."""
        return name_of(self.chosen)

    def with_box(self, box: Box) -> "View":
        """The same with another box in the chosen one's place, or as the first one."""
        if not self.boxes:
            return replace(self, boxes=(box,), chosen=0)
        return replace(
            self, boxes=tuple(box if i == self.chosen else old for i, old in enumerate(self.boxes))
        )

    def without_chosen(self) -> "View":
        """The same without the chosen box."""
        boxes = tuple(box for i, box in enumerate(self.boxes or ()) if i != self.chosen)
        return replace(self, boxes=boxes, chosen=max(0, min(self.chosen, len(boxes) - 1)))

    def to_link(self) -> dict[str, str]:
        """The page's own parameters; none as long as the boxes were not touched."""
        if self.boxes is None:
            return {}
        link = {"boxes": ";".join(map(str, self.boxes))}
        if self.chosen:
            link["box"] = self.name
        return link

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["View", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        problems: list[str] = []
        if "boxes" not in link:
            return cls(), ()
        texts = [text for text in link["boxes"].split(";") if text]
        if len(texts) > MOST:
            return cls(), (f"The link asks for {len(texts)} boxes; at most {MOST} can be shown.",)
        boxes = []
        for text in texts:
            try:
                boxes.append(read_box(text[:40]))
            except SettingError as error:
                problems.append(f"The link asks for a box that cannot be had: {error}")
        # A link whose boxes are all bad shows the hot spot; one without boxes shows none, as it was.
        view = cls(tuple(boxes) if boxes or not texts else None)
        if "box" in link:
            names = [name_of(place) for place in range(len(boxes))]
            if link["box"] in names:
                view = replace(view, chosen=names.index(link["box"]))
            else:
                known = f"choose one of {', '.join(names)}" if names else "there is none"
                problems.append(f"The link asks for the box “{link['box'][:10]}”; {known}.")
        return view, tuple(problems)


def view_of(session: Session, size: tuple[int, int], spots: Sequence[HotSpot]) -> View:
    """The page's view of a pair of (width, height): the last one, or that of a link followed since.

    Boxes that reach beyond the image are cut to it, and those outside left out, which is said.
    """
    view = session.recall("region", session.followed)
    if view is None:
        view, problems = View.from_link(session.own)
        for problem in problems:
            session.report(problem)
    if view.boxes is None:
        first = tuple(spot.box for spot in spots[:1])
        return replace(view, boxes=None) if not first else replace(view, boxes=first, chosen=0)
    return _fitting(session, view, size)


def keep(session: Session, view: View, spots: Sequence[HotSpot]) -> View:
    """Make this the page's view; boxes that are just the first hot spot stay untouched ones."""
    before = session.recall("region", session.followed)
    # No box where there is no hot spot is nobody's choice; none that was taken away is.
    was_untouched = before is None or before.boxes is None
    untouched = view.boxes == tuple(spot.box for spot in spots[:1]) and (bool(view.boxes) or was_untouched)
    session.remember("region", session.followed, replace(view, boxes=None) if untouched else view)
    return view


def _fitting(session: Session, view: View, size: tuple[int, int]) -> View:
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


def display_of(session: Session, view: View) -> RegionDisplay:
    """The viewer's settings: how the pair is shown everywhere, and this page's boxes."""
    common = session.settings.display.to_json()
    boxes = tuple(box.numbers for box in view.boxes or ())
    return RegionDisplay(**common, boxes=boxes, chosen=view.chosen, tool=view.tool)


def take(session: Session, display: RegionDisplay) -> View:
    """Split what the viewer reports into the common settings and the page's view."""
    values = display.to_json()
    boxes, chosen, tool = (values.pop(name) for name in ("boxes", "chosen", "tool"))
    session.change(display=Display(**values))
    return View(tuple(Box(*numbers) for numbers in boxes), chosen, tool)
