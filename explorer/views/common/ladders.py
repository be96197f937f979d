"""The ladders of all users' references, and the session's pair on one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from explorer.analysis import ladder
from explorer.analysis.ladder import DISTORTIONS, LONGEST_SIDE, RUNGS, SEVERITIES, Scores
from explorer.analysis.rulers import CLASSIC, SSIM, Ruler
from explorer.backbones.sizes import too_small
from explorer.cache import ByteBudgetCache
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS
from explorer.views.common.compute import identities
from explorer.views.common.kept import Kept
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair

# Of all users together; the pictures are known by their digests.
scores: Scores = ByteBudgetCache(16_000_000)


@dataclass
class Small:
    """The session's pair at the ladder's size."""

    pair: Kept[tuple[Picture, Picture]] = field(default_factory=Kept)


def small_pair(session: Session, pair: Pair) -> tuple[Picture, Picture]:
    """The pair at the ladder's size."""
    kept, key = session.state(Small).pair, identities(pair)
    return kept.get(key) or kept.keep(key, (ladder.base_of(pair.reference), ladder.base_of(pair.distorted)))


def rulers_for(session: Session, methods: Sequence[Method], size: tuple[int, int]) -> tuple[Ruler, ...]:
    """PSNR and SSIM, and the methods that can measure the ladder's pictures of (width, height)."""
    able = [method for method in (as_ruler(session, each, size) for each in methods) if method]
    return (*able, *(name for name in CLASSIC if name != SSIM or min(size) > 2 * RADIUS))


def as_ruler(session: Session, method: Method, size: tuple[int, int]) -> Method | None:
    """A method for the ladder's pictures of (width, height); None where they are too small for it."""
    common = session.settings.method
    if too_small(method.row, size, method.layers):
        return None
    return replace(method, size=None, device=common.device, precision=common.precision)


def about(size: tuple[int, int]) -> str:
    """What the ladder is, in words; the size is (width, height) of its pictures."""
    return (
        f"The ladder: {len(DISTORTIONS)} distortions of this reference at {len(SEVERITIES)} severities each, "
        f"always the same {len(RUNGS)}, at {size[0]} × {size[1]}: a longest side of at most {LONGEST_SIDE}."
    )
