"""Measure candidates in the background: the numbers that are ranked, with pictures and maps where asked."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from explorer.analysis.candidate_maps import PixelMaps, PlacedLayerMaps, pixel_maps, placed_layer_maps
from explorer.analysis.cost import ENTRY_BYTES, peak_bytes, pixel_bytes
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe
from explorer.errors import ExplorerError, ImageError
from explorer.images import Picture, measured_size, resize, to_one_size
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Method
from explorer.metrics.memory import enough_memory

PREVIEW_SIDE = 112  # pixels of a small picture's longest side


@dataclass(frozen=True, eq=False)
class Look:
    """What of a candidate needs no network.

    Attributes:
        psnr, ssim: Of the reference and the candidate; below 11 × 11 pixels there is no SSIM.
        preview: The candidate as given, made small.
        maps: What is seen of it in the viewer; None where that was not asked for.
    """

    psnr: float
    ssim: float | None
    preview: Picture
    maps: PixelMaps | None = None


@dataclass(frozen=True)
class Wanted:
    """What is asked of a candidate: its score by a method, or its look.

    Attributes:
        source: The candidate as given, or the recipe that makes it from the reference.
        fit: How the two are made one size, where they are not (`explorer.images.to_one_size`).
        size: The longest side to measure at.
        method: At that size; None asks for the `Look`.
        with_maps: Whether its maps are asked for, too: of a `Look` those of pixels, else `PlacedLayerMaps` in
            the score's place.
    """

    source: Picture | Recipe
    fit: str | None
    size: int | None
    method: Method | None = None
    with_maps: bool = False

    @property
    def candidate(self) -> Hashable:
        """What tells it from other candidates of its reference."""
        return self.source if isinstance(self.source, Recipe) else self.source.digest, self.fit

    @property
    def together(self) -> Hashable:
        """Equal for what is found in one pass."""
        return self.candidate, self.size, self.method and self.method.pass_identity

    def key(self, reference: Picture) -> Hashable:
        """What the answer depends on."""
        return (
            reference.digest,
            self.candidate,
            self.size,
            self.method and self.method.identity,
            self.with_maps,
        )


Number = float | PlacedLayerMaps | Look
Numbers = ByteBudgetCache[Number]
Answer = tuple[Hashable, Number | ExplorerError]  # by the key of what was asked
Compare = Callable[[Picture, Picture, Method, Progress], Comparison]


def candidates_task(
    reference: Picture,
    asked: Sequence[Wanted],
    numbers: Numbers,
    make: Callable[[Picture, Recipe], Picture],
    compare: Compare,
) -> Task[Answer]:
    """Measure candidates in the background; its results are what was asked, each kept as soon as it is known.

    A failure of a network is that of all candidates, which are measured with it at one size, and so is met
    once. One that lies in a picture is that candidate's alone.

    Args:
        reference: As given.
        asked: In the order in which it is to be known.
        numbers: Where what is found is kept for all.
        make: Makes a candidate from the reference.
        compare: Measures two pictures of one size by a method, with its siblings.
    """
    passes: dict[Hashable, list[Wanted]] = {}
    for each in asked:
        passes.setdefault(each.together, []).append(each)

    def work(job: Job[Answer]) -> None:
        made: dict[Hashable, Picture | ExplorerError] = {}
        broken: dict[Hashable, ExplorerError] = {}  # networks
        for together in passes.values():
            first = together[0]
            network = first.method and first.method.pass_identity
            if first.candidate not in made:
                made[first.candidate] = _made(reference, first.source, make)
            candidate = made[first.candidate]
            failure = candidate if isinstance(candidate, ExplorerError) else broken.get(network)
            if failure is None:
                try:
                    found = _answers(reference, candidate, together, compare, job)
                except ExplorerError as error:
                    failure = error
                    if network and not isinstance(error, ImageError):
                        broken[network] = error
            if failure is not None:
                found = [failure] * len(together)
            answers = [(each.key(reference), answer) for each, answer in zip(together, found, strict=True)]
            for key, answer in answers:
                if not isinstance(answer, ExplorerError):
                    numbers.put(key, answer, ENTRY_BYTES + _kept_bytes(answer))
            job.add(*answers)

    return Task(
        "Measuring the candidates",
        work,
        size=_bytes(reference, asked),
        total=len(asked),
        unit="measurements",
    )


def _made(
    reference: Picture, source: Picture | Recipe, make: Callable[[Picture, Recipe], Picture]
) -> Picture | ExplorerError:
    """A candidate's picture, or why it can't be made."""
    try:
        return make(reference, source) if isinstance(source, Recipe) else source
    except ExplorerError as error:
        return error


def _answers(
    reference: Picture, candidate: Picture, together: Sequence[Wanted], compare: Compare, job: Job[Answer]
) -> list[Number]:
    """What was asked of one candidate and is found in one pass."""

    def progress(step: int, steps: int) -> None:
        if step < steps:  # what is finished is kept
            job.go_on()

    first = together[0]
    if first.method is None:
        with enough_memory(candidate.size):
            preview = resize(candidate, PREVIEW_SIDE)
        psnr, ssim, maps = pixel_maps(reference, candidate, first.fit, first.size)
        return [Look(psnr, ssim, preview, maps if each.with_maps else None) for each in together]
    comparison = compare(*to_one_size(reference, candidate, first.fit), first.method, progress)
    return [
        placed_layer_maps(reference, candidate, each.fit, comparison, each.method)
        if each.with_maps
        else comparison.measurement(each.method.heads, each.method.layers).score
        for each in together
    ]


def _kept_bytes(answer: Number) -> int:
    """What an answer holds besides its numbers."""
    if isinstance(answer, PlacedLayerMaps):
        return answer.bytes
    if isinstance(answer, Look):
        return answer.preview.pixels.nbytes + (answer.maps.bytes if answer.maps else 0)
    return 0


def _bytes(reference: Picture, asked: Sequence[Wanted]) -> int:
    """About the memory that it takes: of the largest pass, and of the candidates that are made for it."""
    passing = max(
        (
            peak_bytes(graph_of(each.method.row), measured_size(reference.size, each.size))
            if each.method
            else pixel_bytes(measured_size(reference.size, each.size))
            for each in asked
        ),
        default=0,
    )
    made = {each.candidate for each in asked if isinstance(each.source, Recipe)}
    return passing + len(made) * reference.pixels.nbytes
