"""What is asked of: the reference, the session's distorted image where a question wants it, and how."""

from dataclasses import replace

from explorer.errors import SettingError
from explorer.images import Picture, resize
from explorer.views.common.compute import matched
from explorer.views.common.distorting import distorted_picture, stop_distorting
from explorer.views.common.session import Session
from explorer.views.duel.asked import Asked
from explorer.views.duel.view import DuelView

USUAL = 256  # longest side, where nobody has chosen one: a step takes as long as two measurements


def uses_pair(view: DuelView) -> bool:
    """Whether what is chosen starts from the session's distorted image."""
    return view.asked.uses_pair(view.choice.settings)


def asked_of(session: Session, given: Picture, reference: Picture, with_pair: bool) -> Asked:
    """All that a question needs.

    Args:
        given, reference: As given, and at the measured size.
        with_pair: Whether it needs the distorted image.

    Raises:
        ExplorerError: there is no distorted image, or it does not fit.
    """
    distorted = None
    if with_pair:
        distorted = _distorted(session, given)
    else:
        stop_distorting(session)
    if distorted is not None:
        distorted = resize(distorted, max(reference.size))
    method = replace(session.settings.method, size=None)  # the pictures are at that size already
    return Asked(reference, distorted, method, session.settings.seed)


def _distorted(session: Session, given: Picture) -> Picture | None:
    """The distorted image as given; None while it is made."""
    if session.origins["pairing"] == "distort":
        return distorted_picture(session, given)
    stop_distorting(session)
    upload = session.uploads.get("distorted")
    if upload is None:
        raise SettingError("There is no distorted image yet: choose one in Inspect, or another start here.")
    return matched(session, given, upload.picture)[1]
