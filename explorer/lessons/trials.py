"""What a class is asked about a picture: shifted, blurred and noisy, all of one PSNR, two at a time."""

import math
from itertools import combinations

from explorer.distortions import Recipe, distorted
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.judgments.asking.drafts import Draft, Drawn, Setup, planned
from explorer.lessons.changes import CHANGES, CLOSE_ENOUGH, decibels_of, equal_amounts

SHIFT = 2  # pixels, which nobody sees
FAMILY = "one PSNR"  # of the trials


def title_of(condition: str, side: int) -> str:
    """What was done to a version, as chapter 5 says it: "Shift 2 px".

    Args:
        condition: Of a trial of `class_plan`.
        side: Pixels of the reference's shorter side.
    """
    (step,) = Recipe.from_link(condition).steps
    change = next(each for each in CHANGES.values() if each.distortion == step.name)
    amount = dict(step.values or ()).get(change.parameter, 0.0)
    return f"{change.label} {change.text(amount * side / 100 if change.is_length else amount)}"


def class_plan(reference: Picture, setup: Setup) -> Drawn:
    """Trials for a class: any two of the changed pictures, beside the reference.

    Args:
        reference: 16 to 1024 pixels a side.
        setup: All else that is said of a session.

    Raises:
        SettingError: the picture has no two such versions.
    """
    amounts, target = equal_amounts(reference, SHIFT)
    versions = []
    for change, amount in zip(CHANGES.values(), amounts, strict=True):
        if math.isinf(target) or abs(decibels_of(reference, change.key, amount) - target) > 5 * CLOSE_ENOUGH:
            continue
        recipe = Recipe((change.step(amount, min(reference.size)),))
        # The condition that results are told by is the recipe.
        versions.append((distorted(reference, recipe), recipe.to_link()))
    pairs = list(combinations(versions, 2))
    if not pairs:
        raise SettingError("Shift, blur and noise cannot be told apart on this picture; choose another one.")
    drafts = [Draft(FAMILY, reference, *pair) for pair in pairs]
    return planned("2afc", drafts, len(drafts), [reference] * setup.sentinels, setup)
