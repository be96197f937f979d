"""How wide the controls above the pictures are."""

from explorer.views.common.session import Session

LARGER = 1.25  # a projector's type, 17.5 px, against 14 px: style.css
LEAST = 132  # pixels: what says that a tag is to be chosen


def wide(session: Session, pixels: int) -> int:
    """The width of a control whose words take so many pixels in type of 14 px."""
    return round(pixels * LARGER) if session.settings.projector else pixels


def wide_for(session: Session, names: list[str], most: int) -> int:
    """Of one in which so many tags stand side by side, up to what a row has room for.

    A tag has 40 px beside its letters, of 7 px, and 64 are for what can be typed and for the arrow.
    """
    return wide(session, min(most, max(LEAST, 64 + sum(40 + 7 * len(name) for name in names))))
