"""Whether what is chosen is a lesson's picture or the user's own, and in the latter case what of it."""

from explorer.images import Picture
from explorer.lessons.pictures import Own
from explorer.samples import load_sample
from explorer.views.common.compute import matched
from explorer.views.common.session import Session
from explorer.views.common.shown import MisfitError
from explorer.views.common.sources import ROLES


def has_own_picture(session: Session, *samples: str) -> bool:
    """Whether a picture is another than these samples: an upload, or another sample."""
    is_sample = session.origins["source"] == "sample" and session.origins["pairing"] == "distort"
    return not (is_sample and session.settings.sample in samples)


def own_pictures(session: Session) -> Own | None:
    """The reference that is chosen, as given; both, where the other one was brought as well.

    What is done to a reference in the sidebar is no part of it: a step of a lesson says what it does.

    Returns:
        None where the reference is still missing.
    """
    reference = _reference(session)
    other = _uploaded(session, "distorted") if session.origins["pairing"] == "upload" else None
    if reference is None or other is None:
        return reference
    two = (other, reference) if session.settings.swapped else (reference, other)
    try:
        return matched(session, *two)
    except MisfitError:  # the sidebar says so
        return None


def _reference(session: Session) -> Picture | None:
    source = session.origins["source"]
    return load_sample(session.settings.sample) if source == "sample" else _uploaded(session, ROLES[source])


def _uploaded(session: Session, role: str) -> Picture | None:
    upload = None if role in session.refused else session.uploads.get(role)
    return upload and upload.picture
