"""The Region page's own settings as one value: its boxes, the chosen one, and the link that carries them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from explorer.analysis.region import Box, name_of, read_box
from explorer.errors import SettingError
from explorer.limits import MOST_BOXES


@dataclass(frozen=True)
class RegionView:
    """The page's own state.

    Attributes:
        boxes: In pixels of the image as given, A first; None as long as the user has not touched them: then
            the first hot spot is box A.
        chosen: The place of the chosen box.
        tool: What a drag on the pictures does: "draw" or "pan".
    """

    PAGE = "region"

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

    def with_box(self, box: Box) -> "RegionView":
        """The same with another box in the chosen one's place, or as the first one."""
        if not self.boxes:
            return replace(self, boxes=(box,), chosen=0)
        return replace(
            self, boxes=tuple(box if i == self.chosen else old for i, old in enumerate(self.boxes))
        )

    def without_chosen(self) -> "RegionView":
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
    def from_link(cls, link: Mapping[str, str]) -> tuple["RegionView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        problems: list[str] = []
        if "boxes" not in link:
            return cls(), ()
        texts = [text for text in link["boxes"].split(";") if text]
        if len(texts) > MOST_BOXES:
            return cls(), (f"The link asks for {len(texts)} boxes; at most {MOST_BOXES} can be shown.",)
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
