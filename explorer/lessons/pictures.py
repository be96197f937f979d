"""The pair that a step's link names, and how it is measured: what the app makes of it, without the app."""

from collections.abc import Mapping
from dataclasses import replace

from explorer.distortions import Recipe, Step, distorted
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.samples import load_sample

# Where a link says nothing; as the app's first screen has it.
SAMPLE, DISTORTION, SEVERITY = "cat", "jpeg_local_blur", 0.72
OF_METHOD = ("backbone", "weights", "heads", "layers")  # in the order in which they are read

Pair = tuple[Picture, Picture]


def pair_of(parameters: Mapping[str, str]) -> Pair:
    """The reference and the distorted picture of a link.

    Args:
        parameters: Of the link, by name.

    Raises:
        SettingError: a sample, a distortion or a recipe that does not exist.
    """
    reference = load_sample(parameters.get("sample", SAMPLE))
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
