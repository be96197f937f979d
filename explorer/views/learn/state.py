"""What the page Learn keeps in a session: where it is, and pictures that it has made small."""

from explorer.images import Picture, resize
from explorer.lessons.pictures import LONGEST
from explorer.views.common.compute import identity
from explorer.views.common.kept import Kept
from explorer.views.common.shown import Pair


class LearnState:
    """One session's.

    Attributes:
        pair: The last one that could be had: the lesson stays on it where another cannot.
        scene: What the last step showed; "" before the first.
    """

    def __init__(self):
        self.pair: Pair | None = None
        self.scene = ""
        self._small: Kept[Picture] = Kept(most=3)

    def small(self, picture: Picture, least: int = 1) -> Picture:
        """A picture at a longest side of at most `LONGEST` (Lanczos); the same where it has that.

        Args:
            least: Pixels that the short side keeps, if it has them; a long strip then stays longer.
        """
        key = identity(picture), least
        longest = max(LONGEST, -(-least * max(picture.size) // min(picture.size)))
        return self._small.get(key) or self._small.keep(key, resize(picture, longest))
