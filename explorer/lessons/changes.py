"""A picture shifted, blurred and noisy, all of one PSNR: what quiz, class and handout ask about."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from explorer.analysis.match import tuned_picture
from explorer.analysis.rulers import PSNR, value
from explorer.distortions import Recipe, Step, distorted, find_distortion
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.judgments.asking.drafts import Draft, Drawn, Setup, planned

SHIFT, BLUR, NOISE = "Shift", "Blur", "Noise"
TUNED = {BLUR: "gaussian_blur", NOISE: "gaussian_noise"}
USUAL = 0.1  # severity of the shift: 0.6% of the shorter side, which nobody sees
FAMILY = "one PSNR"  # of the class's trials

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Changed:
    """A changed picture.

    Attributes:
        step: What was done.
        picture: What it made.
    """

    step: Step
    picture: Picture


def of_one_psnr(
    reference: Picture, severity: float = USUAL, check: Check = lambda: None
) -> dict[str, Changed]:
    """The picture shifted, and blurred and noisy to the same PSNR, by `SHIFT`, `BLUR` and `NOISE`.

    Args:
        reference: At the size that is measured.
        severity: Of the shift, 0..1.
        check: Called before each picture that is made; what it raises ends the work.

    Returns:
        Those that reach it; none where the shift changes nothing, as of a flat picture.
    """
    step = Step.at("shift", severity)
    shifted = distorted(reference, Recipe((step,)))
    target = value(PSNR, reference, shifted)
    if not np.isfinite(target):
        return {}
    found = {SHIFT: Changed(step, shifted)}
    for label, name in TUNED.items():
        match, picture = tuned_picture(reference, find_distortion(name), PSNR, target, check=check)
        if match.reached:
            found[label] = Changed(match.step, picture)
    return found


def class_plan(reference: Picture, setup: Setup, check: Check = lambda: None) -> Drawn:
    """Trials for a class: any two of the changed pictures, beside the reference.

    Args:
        reference: 16 to 1024 pixels a side.
        setup: All else that is said of a session.
        check: As of `of_one_psnr`.

    Raises:
        SettingError: the picture has no two such versions.
    """
    found = of_one_psnr(reference, check=check)
    pairs = list(combinations(found.values(), 2))
    if not pairs:
        raise SettingError("Shift, blur and noise cannot be told apart on this picture; choose another one.")
    drafts = [Draft(FAMILY, reference, *map(_shown, pair)) for pair in pairs]
    return planned("2afc", drafts, len(drafts), [reference] * setup.sentinels, setup)


def _shown(changed: Changed) -> tuple[Picture, str]:
    """A picture with the condition that results are told by: its recipe."""
    return changed.picture, Recipe((changed.step,)).to_link()
