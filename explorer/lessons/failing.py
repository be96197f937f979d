"""Where the number fails: four small experiments, each measured live.

The size that is measured at, the range of what is fed in, a change of a few grey levels made by the metric's
own gradient, and a texture in the place of another piece of the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from explorer.distortions import Recipe, Step, distorted
from explorer.errors import ImageError, SettingError
from explorer.images import Picture, derive, resize
from explorer.metrics import Lpips, Measurement, Method, compare
from explorer.metrics.scores import scores
from explorer.samples import load_sample

SMALLER = (256, 128, 64)  # pixels of the longest side, below that as given
LEVELS = (1, 2, 4)  # of 255, that a value may be moved by
# The two versions whose order is to be turned: noise that nobody sees, and a blur that everybody does; of
# these blurs the weakest that the metric finds so many times as far as the noise.
FAINT = Step.at("gaussian_noise", 0.2)
PLAIN = tuple(Step.at("gaussian_blur", severity) for severity in (0.3, 0.4, 0.5, 0.7, 1.0))
CLEARLY = 3


@dataclass(frozen=True)
class AtSize:
    """A pair at one size.

    Attributes:
        side: The longest side that was asked for; None as given.
        measurement: None where the metric cannot have it.
        problem: Why not, in a sentence; else "".
    """

    side: int | None
    measurement: Measurement | None
    problem: str = ""


def at_sizes(reference: Picture, other: Picture, method: Method) -> tuple[AtSize, ...]:
    """The same pair as given, and at each smaller size, where the metric takes it.

    Args:
        reference, other: Of one size.
        method: Any; its own size is left aside.

    Raises:
        WeightsError: as `explorer.measure`.
        ImageError: the pair is too small as given.
    """
    found = [AtSize(None, _measured(reference, other, replace(method, size=None)))]
    for side in (side for side in SMALLER if side < max(reference.size)):
        try:
            found.append(AtSize(side, _measured(reference, other, replace(method, size=side))))
        except ImageError as error:
            found.append(AtSize(side, None, str(error)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Fed:
    """A pair fed to the network in its range, and in a wrong one.

    Attributes:
        right: The score of [-1, 1], as `explorer.measure` gives it.
        wrong: What comes out where [0, 1] is fed in its place, which nothing refuses.
        seen: Reference and distorted as the network then takes them: half the contrast, and pale.
    """

    right: float
    wrong: float
    seen: tuple[Picture, Picture]


def fed_wrongly(reference: Picture, other: Picture, method: Method) -> Fed:
    """What a score would be whose pictures were fed in [0, 1] and taken for [-1, 1].

    Args:
        reference, other: Of one size.
        method: One that compares place by place.

    Raises:
        SettingError: a metric without maps, which `explorer.Lpips` does not compute.
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = replace(method, size=None)
    lpips = Lpips(method.backbone, method.heads, method.weights, method.layers)
    with torch.inference_mode():
        wrong = float(lpips(_unit(reference), _unit(other)))
    return Fed(_measured(reference, other, method).score, wrong, (_as_seen(reference), _as_seen(other)))


@dataclass(frozen=True, eq=False)
class Ordered:
    """Two versions as a metric orders them.

    Attributes:
        faint, plain: The one that nobody tells from the reference, and the one that everybody does.
        step: What was done to the reference for the latter.
        scores: Of the two.
    """

    faint: Picture
    plain: Picture
    step: Step
    scores: tuple[float, float]


def faint_and_plain(reference: Picture, method: Method) -> Ordered:
    """The version that nobody tells from the reference, and one that everybody does.

    Args:
        reference: At the size that is measured.
        method: Any; its own size is left aside.

    Raises:
        ImageError, WeightsError: as `explorer.measure`.
    """
    method = replace(method, size=None)
    faint = distorted(reference, Recipe((FAINT,)))
    for step in PLAIN:
        plain = distorted(reference, Recipe((step,)))
        first, other = scores(method, reference, [faint, plain])
        if other > CLEARLY * first:
            break
    return Ordered(faint, plain, step, (first, other))


def beyond(one: Picture, other: Picture, times: int = 32) -> Picture:
    """The difference of two pictures, made visible: grey where they are equal, else `times` as strong."""
    difference = other.pixels.astype(np.int16) - one.pixels
    return derive(other, np.clip(128 + times * difference, 0, 255).astype(np.uint8), name="Difference")


@dataclass(frozen=True)
class Texture:
    """Two pieces of one material, cut from a sample.

    Attributes:
        label: What it is.
        sample: Where it is cut from.
        pieces: Left, top, right, bottom in pixels, of one size.
        blur: What is done to the first piece, for comparison.
    """

    label: str
    sample: str
    pieces: tuple[tuple[int, int, int, int], tuple[int, int, int, int]]
    blur: Step


TEXTURES: Mapping[str, Texture] = {
    "bricks": Texture(
        "Bricks", "brick", ((10, 300, 202, 492), (10, 200, 202, 392)), Step.at("gaussian_blur", 0.5)
    ),
    "leaves": Texture(
        "Leaves", "china", ((332, 345, 404, 417), (406, 345, 478, 417)), Step.at("gaussian_blur", 0.35)
    ),
    "wood": Texture(
        "Wood", "coffee", ((490, 20, 594, 124), (490, 130, 594, 234)), Step.at("gaussian_blur", 0.5)
    ),
}


@dataclass(frozen=True, eq=False)
class Swapped:
    """One piece of a texture held against another piece, and against itself, blurred.

    Attributes:
        texture: Which.
        piece, other, blurred: The pictures.
        of_other, of_blurred: The measurements, of the piece as the reference.
    """

    texture: Texture
    piece: Picture
    other: Picture
    blurred: Picture
    of_other: Measurement
    of_blurred: Measurement


def swapped(name: str, method: Method) -> Swapped:
    """Measure a texture against another piece of it, and against its own blur.

    Args:
        name: A key of `TEXTURES`.
        method: Any; its own size is left aside.

    Raises:
        SettingError: there is no such texture.
        ImageError, WeightsError: as `explorer.measure`.
    """
    if name not in TEXTURES:
        raise SettingError(f"There is no texture {name!r}; choose one of {', '.join(TEXTURES)}.")
    texture, method = TEXTURES[name], replace(method, size=None)
    whole = load_sample(texture.sample)
    piece, other = (
        derive(whole, whole.pixels[top:bottom, left:right], name=f"{texture.label} {number}")
        for number, (left, top, right, bottom) in enumerate(texture.pieces, 1)
    )
    blurred = distorted(piece, Recipe((texture.blur,)))
    return Swapped(
        texture,
        piece,
        other,
        blurred,
        _measured(piece, other, method),
        _measured(piece, blurred, method),
    )


def at_size(picture: Picture, side: int | None) -> Picture:
    """A picture as it is measured at a size."""
    return resize(picture, side)


def _measured(reference: Picture, other: Picture, method: Method) -> Measurement:
    return compare(reference, other, method).measurement(method.heads, method.layers)


def _unit(picture: Picture) -> torch.Tensor:
    """A picture as (1, 3, H, W) in [0, 1]."""
    return torch.tensor(picture.pixels).permute(2, 0, 1)[None].float() / 255


def _as_seen(picture: Picture) -> Picture:
    """What a value of 0..1 is, taken for one of -1..1: 0 is a mid grey, and 1 stays white."""
    levels = (picture.pixels.astype(np.float64) / 255 + 1) / 2 * 255
    return derive(picture, np.rint(levels).astype(np.uint8))
