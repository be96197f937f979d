"""The four questions of the page: equal by one, turn the verdict, what a layer keeps, directions."""

from collections.abc import Mapping

from explorer.views.duel.modes.directions import Directions
from explorer.views.duel.modes.equal import Equal
from explorer.views.duel.modes.keeps import Keeps
from explorer.views.duel.modes.mode import Mode
from explorer.views.duel.modes.verdict import Verdict

# By their names in the link, in the order in which they are offered.
MODES: Mapping[str, Mode] = {mode.NAME: mode for mode in (Equal(), Verdict(), Keeps(), Directions())}
FIRST = next(iter(MODES))
