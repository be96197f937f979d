"""The pair that a step's link names, and how it is measured: what the app makes of it, without the app."""

from collections.abc import Mapping
from dataclasses import replace

from explorer.analysis.cost import first_size
from explorer.distortions import Recipe, Step, distorted
from explorer.errors import SettingError
from explorer.images import Picture, resize
from explorer.metrics import Method
from explorer.samples import load_sample

# Where a link says nothing; as the app's first screen has it.
SAMPLE, DISTORTION, SEVERITY = "cat", "jpeg_local_blur", 0.72
AS_GIVEN = "given"  # as a link says it of the size
OF_METHOD = ("backbone", "weights", "heads", "layers")  # in the order in which they are read
LONGEST = 300  # pixels of a lesson's pictures: what is changed on them is then answered at once

Pair = tuple[Picture, Picture]
Own = Picture | Pair  # a user's: a reference, to which is done what a step says, or both


def pair_of(parameters: Mapping[str, str], own: Own | None = None, longest: int | None = None) -> Pair:
    """The reference and the distorted picture of a link.

    Args:
        parameters: Of the link, by name.
        own: The user's, in the place of the link's sample; a pair is taken as it is.
        longest: Pixels of the longest side of a reference, which is made so small before anything is done
            to it; None leaves it as it is.

    Raises:
        SettingError: a sample, a distortion or a recipe that does not exist.
    """
    if isinstance(own, tuple):
        return resize(own[0], longest), resize(own[1], longest)
    reference = resize(own or load_sample(parameters.get("sample", SAMPLE)), longest)
    pair = reference, distorted(reference, recipe_of(parameters))
    return pair[::-1] if parameters.get("swapped") == "1" else pair


def recipe_of(parameters: Mapping[str, str]) -> Recipe:
    """What a link does to its reference."""
    if "recipe" in parameters:
        return Recipe.from_text(parameters["recipe"])
    try:
        severity, seed = float(parameters.get("severity", SEVERITY)), int(parameters.get("seed", 0))
    except ValueError:
        raise SettingError("A severity is a number from 0 to 1, and a seed a whole number.") from None
    return Recipe((Step.at(parameters.get("distortion", DISTORTION), severity, seed),))


def method_of(parameters: Mapping[str, str], method: Method) -> Method:
    """How a link measures, where it says so; else as `method`, which gives the device and the precision.

    The size is that of the picture, whatever the link says.
    """
    method = replace(method, size=None)
    for name in (name for name in OF_METHOD if name in parameters):
        text = parameters[name]
        method = method.with_backbone(text) if name == "backbone" else method.with_text(name, text)
    return method


def size_of(parameters: Mapping[str, str], given: tuple[int, int]) -> int | None:
    """The longest side at which a page measures a picture of (width, height) by its link; None as given."""
    text = parameters.get("size", "")
    if text.isdecimal() and len(text) < 6 and int(text):
        return int(text)
    return None if text == AS_GIVEN else first_size(given)
