"""Make the versions of one picture in the background, and measure them by every metric."""

from collections.abc import Hashable, Mapping, Sequence

from explorer.analysis.cost import ENTRY_BYTES, rulers_bytes
from explorer.analysis.match import Check, Outcome, tuned_picture
from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.analysis.versions import Equality, Refusal, Version
from explorer.backbones.sizes import too_small
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, Step, distorted, find_distortion
from explorer.errors import ImageError, SettingError
from explorer.images import Picture, resize
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS, psnr, squared_error, ssim
from explorer.metrics.memory import enough_memory
from explorer.metrics.scores import scores_on

VIEW_SIDE = 320  # pixels of a version's longest side, as it is looked at among others

# What was found is kept for all: versions, and the steps to which a metric was tuned, which go with any
# method.
Tuned = tuple[Step, float, Outcome]
Known = ByteBudgetCache[Version | Tuned]


def check(reference: Picture, method: Method) -> None:
    """See whether versions of a picture can be measured, before any is made.

    Args:
        reference: At the size that is measured.

    Raises:
        ImageError: it is too small for the network, each of which asks for more than SSIM.
        WeightsError: as `Method.network`.
    """
    if problem := too_small(method.row, reference.size, method.layers, name="The reference"):
        raise ImageError(problem)
    _ = method.network


def version_key(reference: Picture, method: Method, equality: Equality, name: str, seed: int) -> Hashable:
    """What a version depends on."""
    return "version", reference.digest, method.identity, equality, name, find_distortion(name).seed_of(seed)


def versions_job(
    reference: Picture,
    method: Method,
    equality: Equality,
    names: Sequence[str],
    seed: int,
    known: Known,
) -> Task[Version | Refusal]:
    """Make and measure versions, each a result as soon as it is there.

    It can be left before any picture that a search makes. One that cannot be made, for want of a package or
    because its format holds no such size, is a `Refusal`, and the others go on.

    Args:
        reference: At the size that is measured.
        names: Keys of the catalogue.
        seed: Of the random ones.
        known: Where what is found is kept.
    """

    def work(job: Job[Version | Refusal]) -> None:
        for name in names:
            try:
                found = version_of(reference, method, equality, name, seed, known, job.go_on)
            except SettingError as error:
                found = Refusal(name, str(error))
            if isinstance(found, Version):
                key = version_key(reference, method, equality, name, seed)
                known.put(key, found, ENTRY_BYTES + found.seen.pixels.nbytes)
            job.add(found)

    return Task(
        "Making the versions",
        work,
        # The numbers of one pair, and what is kept to be looked at.
        size=rulers_bytes([method], reference.size)
        + len(names) * min(reference.pixels.nbytes, 3 * VIEW_SIDE**2),
        total=len(names),
        unit="versions",
        key=("versions", reference.digest, method.identity, equality, tuple(names), seed),
    )


def version_of(
    reference: Picture,
    method: Method,
    equality: Equality,
    name: str,
    seed: int,
    known: Known,
    check: Check,
) -> Version:
    """One version. What the search has measured of it is not measured again.

    Raises:
        SettingError: a package is missing, or a format can't hold a picture of this size.
        ImageError, WeightsError: as `explorer.metrics.scores.scores`.
    """
    ruler = equality.ruler(method)
    with enough_memory(reference.size):
        (step, value, outcome), picture = _made(
            reference, equality, ruler, name, find_distortion(name).seed_of(seed), known, check
        )
        check()
        has: Mapping[Ruler, float] = {} if ruler is None else {ruler: value}
        similarity = has.get(SSIM)
        if similarity is None and min(reference.size) > 2 * RADIUS:
            similarity = ssim(reference.pixels, picture.pixels)[0]
        ratio = has.get(PSNR)
        if ratio is None:
            ratio = psnr(squared_error(reference.pixels, picture.pixels))
        score = has.get(method)
        if score is None:
            (score,) = scores_on(method.network, reference, [picture], method.heads, method.layers)
        return Version(step, resize(picture, VIEW_SIDE), ratio, similarity, score, outcome)


def _made(
    reference: Picture,
    equality: Equality,
    ruler: Ruler | None,
    name: str,
    seed: int,
    known: Known,
    check: Check,
) -> tuple[Tuned, Picture]:
    """The step that has what is asked for, and the picture that it makes."""
    if ruler is None:
        check()
        step = Step.at(name, equality.target, seed)
        return (step, equality.target, "reached"), distorted(reference, Recipe((step,)))
    who = ruler if isinstance(ruler, str) else ruler.identity
    key = "step", reference.digest, who, equality, name, seed
    tuned = known.get(key)
    if tuned is not None:
        check()
        return tuned, distorted(reference, Recipe((tuned[0],)))
    match, picture = tuned_picture(reference, find_distortion(name), ruler, equality.target, seed, check)
    tuned = match.step, match.value, match.outcome
    known.put(key, tuned, ENTRY_BYTES)
    return tuned, picture
