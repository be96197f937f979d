"""What the Region page keeps in a session: its boxes, and what was found of the pair."""

from dataclasses import dataclass, field

from explorer.analysis.region import Box, CausalMap, Channels, Findings, HotSpot, Masked, Region
from explorer.images import Picture
from explorer.jobs import Job
from explorer.views.common.browser import browser_is_there
from explorer.views.common.kept import Kept, PageState, lasting


@dataclass
class RegionState(PageState):
    """What is `Kept` is keyed by what is shown.

    Attributes:
        drawn: The box whose numbers stand in the fields; None where they are to be written anew.
        regions: Both answers about each box.
        found: All that goes into files.
        seconds: Of the fastest restore check so far.
        causal: The last causal map of this pair, running or over; `causal_map` is what is known of it.
        running: The last causal map of any pair.
        mask: The last good mask image.
        mask_file: The widget's file that was checked last, so that each is checked once.
        mask_refused: The sentence about it, if it could not be read.
    """

    drawn: Box | None = None
    spots: Kept[tuple[HotSpot, ...]] = field(default_factory=Kept)
    regions: Kept[dict[Box, Region]] = field(default_factory=Kept)
    seconds: Kept[float] = field(default_factory=lasting)
    channels: Kept[Channels] = field(default_factory=Kept)
    found: Kept[Findings] = field(default_factory=Kept)
    masked: Kept[Masked] = field(default_factory=Kept)
    causal: Kept[Job[float]] = field(default_factory=lasting)
    causal_map: Kept[CausalMap] = field(default_factory=Kept)
    running: Job[float] | None = None
    mask: Picture | None = None
    mask_file: str = ""
    mask_refused: str = ""

    def leave(self) -> None:
        """Want the causal map no more; it is not forgotten, since its tiles are shown when one comes back."""
        if self.running is not None:
            self.running.leave(browser_is_there())
