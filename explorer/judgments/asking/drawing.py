"""Which trials a session asks: drawn at random, brought by the teacher, or found where metrics disagree.

Each way returns a `Plan` and the pictures that it names, as PNG by their digests. Equal arguments give equal
plans, and pictures equal to the pixel.

**Random trials** follow the paper: patches of 64 px (`patches`), each under the laboratory's sequences of two
distortions. A 2AFC trial holds two such versions of a patch against it. With more than two `versions` of each
patch its trials are pairs of them, so that a scale can put all of them in one order. A JND trial holds a
patch against one version of `weakened` severities, since nearly all uniform ones would be seen. A family is
that of the step that changes the patch more when it stands alone: "noise", or "blur against noise".

Sentinels, the order of trials and the side of A are in `drafts` and `order`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb
from typing import get_args

import numpy as np

from explorer.analysis.disagreement import Disagreement
from explorer.distortions import Recipe, Step, random_sequence
from explorer.distortions.pictures import made_by
from explorer.distortions.sequences import DRAWN_SEEDS, pairs
from explorer.errors import ImageError, SettingError
from explorer.images import Picture, times
from explorer.jobs import Progress
from explorer.judgments.asking.drafts import Draft, Drawn, Setup, changed, check_count, planned
from explorer.judgments.asking.limits import MOST_TRIALS
from explorer.judgments.asking.patches import PATCH, patches
from explorer.judgments.asking.trial import Kind
from explorer.names import cut

__all__ = ["Brought", "Drawn", "Setup", "brought_plan", "card_plan", "random_plan", "weakened"]

MOST_VERSIONS = 20  # of one patch: 190 pairs
SMALLEST, LARGEST = 16, 1024  # pixels of a picture's shorter and longer side; a phone shows no more


@dataclass(frozen=True, eq=False)
class Brought:
    """A trial of a teacher's own pictures.

    Attributes:
        reference: What A and B are held against.
        a, b: Versions of it, of its size; a JND trial shows the reference and `a`, and `b` is None.
        family: What results are told by.
    """

    reference: Picture
    a: Picture
    b: Picture | None = None
    family: str = "own pictures"


def random_plan(
    pictures: Sequence[Picture],
    kind: Kind = "2afc",
    count: int = 20,
    setup: Setup | None = None,
    *,
    versions: int = 2,
    side: int = PATCH,
    progress: Progress | None = None,
) -> Drawn:
    """Trials of patches under random recipes, as the top of this file says.

    Args:
        pictures: What patches are cut from, of each as many, give or take one.
        kind: Of all trials.
        count: Trials beside the sentinels, 1 to `MOST_TRIALS`.
        setup: All else.
        versions: Of each patch, in 2AFC; two, as in the paper, make one trial a patch.
        side: Pixels of a patch.
        progress: Told after each trial.

    Raises:
        SettingError: a number out of its range.
        ImageError: a picture is too small for a patch, or flat; or there is none.
    """
    setup = setup or Setup()
    _check_kind(kind)
    check_count(count, 1, MOST_TRIALS, "trials")
    check_count(versions, 2, MOST_VERSIONS, "versions of a patch")
    check_count(side, SMALLEST, LARGEST, "pixels of a patch")
    rng = np.random.default_rng(setup.seed)
    of_one = comb(versions, 2) if kind == "2afc" else 1
    references = patches(pictures, -(-count // of_one), rng, side)
    obvious = patches(pictures, setup.sentinels, rng, side)
    drafts = (
        draft
        for each in references
        for draft in (_compared(each, versions, rng) if kind == "2afc" else _noticed(each, rng))
    )
    return planned(kind, islice(drafts, count), count, obvious, setup, progress)


def brought_plan(
    brought: Sequence[Brought],
    kind: Kind = "2afc",
    setup: Setup | None = None,
    *,
    progress: Progress | None = None,
) -> Drawn:
    """Trials of a teacher's own pictures; conditions are the pictures' names.

    Args:
        brought: 1 to `MOST_TRIALS`.
        kind: Of all trials: what has no `b` is no 2AFC trial, and a JND trial has none.
        setup: All else; sentinels are made of the references.
        progress: Told after each trial.

    Raises:
        SettingError: too many or too few trials, or one without B in 2AFC.
        ImageError: sizes that differ within a trial, too small or too large ones, or versions that are equal.
    """
    setup = setup or Setup()
    _check_kind(kind)
    check_count(len(brought), 1, MOST_TRIALS, "trials")
    for each in brought:
        _check_brought(each, kind)
    drafts = [
        Draft(each.family, each.reference, (each.a, each.a.name), (each.b, each.b.name))
        if kind == "2afc"
        else Draft(each.family, each.reference, (each.reference, ""), (each.a, each.a.name))
        for each in brought
    ]
    obvious = _in_turn([each.reference for each in brought], setup.sentinels)
    return planned(kind, drafts, len(drafts), obvious, setup, progress)


def card_plan(
    reference: Picture,
    cards: Sequence[Disagreement],
    setup: Setup | None = None,
    *,
    progress: Progress | None = None,
) -> Drawn:
    """2AFC trials of the pairs of versions on which two metrics disagree.

    Args:
        reference: At the size that was measured.
        cards: Those of a `Disagreements`.
        setup: All else; sentinels are made of the reference.
        progress: Told after each trial.

    Raises:
        SettingError: there is no card, or too many.
        ImageError: the reference is too small or too large.
    """
    setup = setup or Setup()
    check_count(len(cards), 1, MOST_TRIALS, "pairs on which metrics disagree")
    _check_size(reference)
    drafts = (_of_card(reference, card, setup.seed) for card in cards)
    return planned("2afc", drafts, len(cards), [reference] * setup.sentinels, setup, progress)


def weakened(drawn: float) -> float:
    """The severity of a JND trial's step from a uniform draw in 0..1: half its square, and so mostly weak.

    Half of all steps are below an eighth of the strongest, and none is above half of it. Ours: the paper says
    no more than that its pairs are near what can just be noticed.
    """
    return drawn**2 / 2


def _of_card(reference: Picture, card: Disagreement, seed: int) -> Draft:
    left, right = card.sides(seed)
    a, b = ((version.picture(reference), version.link) for version in (left, right))
    return Draft(_against(left.step.entry.family, right.step.entry.family), reference, a, b)


def _compared(patch: Picture, count: int, rng: np.random.Generator) -> Iterator[Draft]:
    """All pairs of so many random versions of a patch; any beginning of them is connected."""
    found: dict[str, tuple[Picture, Recipe]] = {}
    while len(found) < count:
        made, recipe = _version(patch, lambda: random_sequence(int(rng.integers(DRAWN_SEEDS))))
        found.setdefault(made.digest, (made, recipe))
    for (a, recipe_a), (b, recipe_b) in combinations(found.values(), 2):
        family = _against(_family(patch, recipe_a), _family(patch, recipe_b))
        yield Draft(family, patch, (a, recipe_a.to_link()), (b, recipe_b.to_link()))


def _noticed(patch: Picture, rng: np.random.Generator) -> Iterator[Draft]:
    """A patch and one weak version of it."""
    made, recipe = _version(patch, lambda: _weak_sequence(rng))
    yield Draft(_family(patch, recipe), patch, (patch, ""), (made, recipe.to_link()))


def _weak_sequence(rng: np.random.Generator) -> Recipe:
    known = pairs()
    names = known[rng.integers(len(known))]
    return Recipe(
        tuple(Step.at(name, weakened(1 - rng.random()), int(rng.integers(DRAWN_SEEDS))) for name in names)
    )


def _version(patch: Picture, draw: Callable[[], Recipe]) -> tuple[Picture, Recipe]:
    """A version that is not the patch: what rounding has swallowed can be noticed by nobody."""
    while True:
        recipe = draw()
        made = made_by(patch, recipe, recipe.apply(patch.pixels))
        if made.digest != patch.digest:
            return made, recipe


def _family(patch: Picture, recipe: Recipe) -> str:
    """The family of the step that changes a patch more when it stands alone, by squared error."""
    return max(recipe, key=lambda step: changed(patch.pixels, step.apply(patch.pixels))).entry.family


def _against(one: str, other: str) -> str:
    return one if one == other else " against ".join(sorted((one, other)))


def _in_turn(references: Sequence[Picture], count: int) -> list[Picture]:
    """So many of them, each once before one comes twice."""
    distinct = list({each.digest: each for each in references}.values())
    return [distinct[place % len(distinct)] for place in range(count)]


def _check_brought(brought: Brought, kind: Kind) -> None:
    reference, name = brought.reference, cut(brought.reference.name)
    _check_size(reference)
    if kind == "2afc" and brought.b is None:
        raise SettingError(f"The trial of {name} has one version; in 2AFC bring two, A and B.")
    if kind == "jnd" and brought.b is not None:
        raise SettingError(f"The trial of {name} has two versions; in JND bring one beside the reference.")
    versions = [each for each in (brought.a, brought.b) if each is not None]
    for each in versions:
        if each.size != reference.size:
            raise ImageError(
                f"{cut(each.name)} is {times(each.size)} pixels and its reference {name} "
                f"{times(reference.size)}; bring all pictures of a trial in one size."
            )
    if kind == "2afc" and versions[0].digest == versions[1].digest:
        raise ImageError(f"A and B of the trial of {name} are the same picture; bring two different ones.")


def _check_size(picture: Picture) -> None:
    if min(picture.size) < SMALLEST or max(picture.size) > LARGEST:
        raise ImageError(
            f"{cut(picture.name)} is {times(picture.size)} pixels; pictures to be judged have "
            f"{SMALLEST} to {LARGEST} pixels a side, so bring it in such a size."
        )


def _check_kind(kind: str) -> None:
    if kind not in get_args(Kind):
        raise SettingError(f"There are no trials {kind!r}; choose one of {', '.join(get_args(Kind))}.")
