"""What the page Duel keeps in a session."""

from dataclasses import dataclass, field
from typing import Literal

from explorer.viewer.duel.scene import DuelScene
from explorer.views.common.kept import Kept, PageState
from explorer.views.duel.modes import MODES
from explorer.views.duel.running import Trip

Wish = Literal["", "run", "anew", "ask"]
Place = Literal["inspect", "region", "candidates"]
MOST_TRIPS, MOST_MODES = 8, 4
# Of memory, which all trips of a session may hold together: four of 512 pixels. What is looked at, or goes
# on, stays whatever it takes.
MOST_BYTES = 256_000_000


@dataclass
class DuelState(PageState):
    """What was made, what is on screen, and what was clicked.

    Attributes:
        trips: Journeys by what they depend on.
        last: Those that were on screen last, by their modes.
        scene: What is on screen.
        wish: The button that was pressed, until the page has done it.
        steps: How many in all that button has asked for.
        opening: Where pictures are to be opened, the tile, and its step (None: at the playhead).
        is_linked: Whether a link was followed that was not acted on yet.
        changed: Whether the viewer has reported another display, which the link is to carry.
    """

    trips: Kept[Trip] = field(default_factory=lambda: Kept(most=MOST_TRIPS))
    _under_way: Kept[Trip] = field(default_factory=lambda: Kept(most=MOST_MODES))
    last: Kept[Trip] = field(default_factory=lambda: Kept(most=MOST_MODES))
    scene: Kept[DuelScene] = field(default_factory=Kept)
    wish: Wish = ""
    steps: int | None = None
    opening: tuple[Place, str, int | None] | None = None
    is_linked: bool = False
    changed: bool = False

    @property
    def under_way(self) -> Trip | None:
        """The trip that was begun, or gone on with, last."""
        return self._under_way.latest

    def take_wish(self) -> Wish:
        """What was pressed; once."""
        wish, self.wish = self.wish, ""
        return wish

    def take_steps(self) -> int | None:
        """The number of steps that was asked for with it; once."""
        steps, self.steps = self.steps, None
        return steps

    def follow(self) -> None:
        """Take a link; the page then runs again what it was made of."""
        self.is_linked = True

    def press(self, wish: Wish, steps: int | None = None) -> None:
        """Take a click on one of the buttons; with a number of steps, where it asks for another one."""
        self.wish, self.steps = wish, steps

    def open(self, place: Place, tile: str = "", step: int | None = None) -> None:
        """Take a click on a way to another page."""
        self.opening = place, tile, step

    def on_screen(self, mode: str) -> Trip | None:
        """The trip of a mode that was on screen last."""
        return self.last.get(mode)

    def going(self, mode: str) -> Trip | None:
        """The trip of a mode that is under way; that of the example is none."""
        trip = self._under_way.get(mode)
        return trip if trip is not None and trip.is_under_way and not trip.is_bundled else None

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that was asked for."""
        return any(trip is not None and trip.is_asked for trip in map(self.going, MODES))

    def begin(self, trip: Trip) -> None:
        """Start a new trip, in the place of whatever goes on in its mode.

        Raises:
            SettingError: as `Trip.go_on`; then that goes on.
        """
        self.go_on(trip, trip.steps)
        self.trips.keep(trip.key, trip)

    def go_on(self, trip: Trip, steps: int) -> None:
        """Let a trip go on, and no other one of its mode meanwhile.

        Raises:
            SettingError: as `Trip.go_on`; then the other one goes on.
        """
        other = self._under_way.get(trip.mode)
        trip.go_on(steps, instead_of=None if other is trip else other)
        self._under_way.keep(trip.mode, trip)

    def pause(self, mode: str) -> None:
        """Take a click on Pause: end what is under way at its next step."""
        trip = self.going(mode)
        if trip is not None:
            trip.pause()

    def make_room(self, *shown: Trip | None) -> None:
        """Let go of what was begun first, until the rest is small enough; what is shown or goes on stays."""
        held = list(dict.fromkeys((*self.trips.results, *self._under_way.results, *self.last.results)))
        sizes = {trip: trip.journey.nbytes for trip in held}
        total = sum(sizes.values())
        for trip in held:
            if total <= MOST_BYTES:
                return
            if trip in shown or trip.is_under_way or trip.was_left:
                continue
            total -= sizes[trip]
            for kept, key in ((self.trips, trip.key), (self._under_way, trip.mode), (self.last, trip.mode)):
                if kept.get(key) is trip:
                    kept.forget(key)

    def leave(self) -> None:
        """End what runs, within a step; it goes on when the page is there again."""
        for mode in MODES:
            trip = self._under_way.get(mode)
            if trip is not None:
                trip.leave()
