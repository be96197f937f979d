"""What the session's present pair has, of what versions can be equal by."""

import math

from explorer.analysis.rulers import value
from explorer.analysis.versions import Equality
from explorer.errors import SettingError
from explorer.images import Picture, resize, times
from explorer.metrics import Method
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.distorting import distorted_picture
from explorer.views.common.session import Session
from explorer.views.match.view import RANGES


def of_this_pair(
    session: Session, reference: Picture, base: Picture, method: Method, equality: Equality
) -> float:
    """The severity, or what the metric says, of the reference and the distorted image beside it.

    Args:
        reference: As given.
        base: The same at the size that is measured.

    Raises:
        SettingError: there is no such value, or none that can be asked for.
        ExplorerError: as `explorer.analysis.rulers.value`.
    """
    if equality.by == "severity":
        settings = session.settings
        if session.origins["pairing"] == "upload" or settings.values is not None or settings.steps:
            raise SettingError("This pair has no severity; choose a metric by which versions are equal.")
        found = settings.severity
    else:
        found = _known(session, reference, method, equality.by)
        if found is None:
            distorted = _distorted(session, reference)
            with one_at_a_time("Measuring this pair …"):
                found = value(equality.ruler(method), base, resize(distorted, method.size))
    limits = RANGES[equality.by]
    if not math.isfinite(found) or not limits.low <= found <= limits.high:
        words = "identical" if math.isinf(found) else f"at {found:.4g}"
        raise SettingError(
            f"This pair is {words}; versions can be made equal from {limits.low:g} to {limits.high:g}."
        )
    return round(found, 4)


def _known(session: Session, reference: Picture, method: Method, by: str) -> float | None:
    """What Inspect has measured of the pair, if that is what is asked."""
    shown = session.shown
    if shown is None or shown.pair is not session.pair or shown.settings.recipe != session.settings.recipe:
        return None
    is_same = shown.pair.reference.digest == reference.digest and shown.method.identity == method.identity
    is_made = session.origins["pairing"] == "distort" and not session.settings.swapped
    if not (is_same and is_made):
        return None
    measurement = shown.inspection.measurement
    return {"psnr": measurement.psnr, "ssim": measurement.ssim, "lpips": measurement.score}[by]


def _distorted(session: Session, reference: Picture) -> Picture:
    """The distorted image, as given."""
    if session.origins["pairing"] == "distort":
        picture = distorted_picture(session, reference)
        if picture is None:
            raise SettingError("This pair is still being made; ask again once Inspect shows it.")
        return picture
    upload = session.uploads.get("distorted")
    if upload is None:
        raise SettingError("There is no pair yet: choose a distorted image in Inspect.")
    if upload.picture.size != reference.size:
        raise SettingError(
            f"The distorted image of this pair is {times(upload.picture.size)}, the reference "
            f"{times(reference.size)}; make them one size in Inspect first."
        )
    return upload.picture
