"""What the Compare page keeps in a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.analysis.agreement import Agreement
from explorer.analysis.comparison import Classic, Column, Found
from explorer.analysis.ladder import Standing
from explorer.analysis.rulers import Ruler
from explorer.images import Picture
from explorer.jobs import Job
from explorer.metrics import Method
from explorer.viewer.gallery.gallery import GalleryDisplay
from explorer.views.common.kept import Kept, PageState, lasting
from explorer.views.common.progress import pause
from explorer.views.common.shown import Pair


@dataclass(frozen=True, eq=False)
class Seen:
    """The pair as it is looked at."""

    reference: Picture
    distorted: Picture
    size: tuple[int, int]  # (width, height) that is measured; larger pictures are reduced to be looked at


@dataclass
class Known:
    """What was measured of a pair so far: PSNR and SSIM, and its columns."""

    classic: Classic | None = None
    columns: dict[Method, Column] = field(default_factory=dict)


@dataclass
class CompareState(PageState):
    """What was chosen, and what was found of the pair.

    Attributes:
        columns_before: Those that were chosen before one backbone was set beside itself.
        known: What was measured of the pair.
        measuring: The work on what is missing of that, running or over.
        pair: The last one there was; it stays on screen where another choice makes none.
        standings: Where the pair stands on the ladder, at the ladder's size.
        ladder: The work on it, running or over.
        agreement: That is on screen, whose cells can be opened.
        opened: What was opened from a cell, by its recipe: a sentence.
        display: How the maps are shown, but for the view, which is that of all pages.
    """

    columns_before: tuple[Method, ...] = ()
    seen: Kept[Seen] = field(default_factory=Kept)
    known: Kept[Known] = field(default_factory=Kept)
    measuring: Kept[Job[Found]] = field(default_factory=Kept)
    pair: Pair | None = None
    standings: Kept[Mapping[Ruler, Standing]] = field(default_factory=lasting)
    ladder: Kept[Job[Ruler]] = field(default_factory=lasting)
    agreement: Agreement | None = None
    opened: Kept[str] = field(default_factory=lasting)
    display: GalleryDisplay = field(default_factory=GalleryDisplay)

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.measuring)
        pause(self.ladder)
