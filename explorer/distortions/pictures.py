"""Pictures made by recipes: the one way from a picture to its distorted twin."""

from dataclasses import replace
from typing import Any

import numpy as np

from explorer.distortions.catalogue import find_distortion
from explorer.distortions.recipe import Recipe, RecipeSource, Step, as_recipe
from explorer.errors import SettingError
from explorer.images import Picture, Source, as_picture, derive
from explorer.notes import Note


def distort(
    image: Source,
    name: str | RecipeSource,
    severity: float | None = None,
    seed: int = 0,
    **parameters: float,
) -> np.ndarray:
    """Distort an image; the same arguments always give the same pixels.

    Args:
        image: A path, the bytes of an image file, a PIL image, a uint8 array of shape (H, W, 3) in sRGB, or a
            `Picture`. It is left as it is; transparent places are laid on white.
        name: A distortion, a key of `explorer.distortions.CATALOGUE`; or a whole recipe, a `Recipe` or a list
            of (name, {parameter: value}), which takes no other argument.
        severity: 0 (every pixel as it was) to 1 (strongest).
        seed: Of the pattern of a random distortion; the same pattern at every severity. At least 0.
        **parameters: In the place of a severity, every parameter of the distortion, in its unit.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: an unknown name or parameter, a value out of its range, a severity and parameters at
            once, or neither; also where a format can't hold an image of this size.
        ImageError: the image cannot be read.
    """
    recipe = _recipe(name, severity, seed, parameters)
    return recipe.apply(as_picture(image, "image").pixels)


def distorted(picture: Picture, recipe: RecipeSource) -> Picture:
    """The picture that a recipe makes of another one; its name and its last note say what was done.

    Raises:
        SettingError: where a format can't hold a picture of this size.
    """
    recipe = as_recipe(recipe)
    return made_by(picture, recipe, recipe.apply(picture.pixels))


def made_by(picture: Picture, recipe: Recipe, pixels: np.ndarray) -> Picture:
    """As `distorted`, where a recipe has made these pixels of the picture already."""
    note = Note("distorted", recipe.note)
    return replace(derive(picture, pixels, name=recipe.title, note=note), format="")  # it has no file


def _recipe(
    name: str | RecipeSource, severity: float | None, seed: int, parameters: dict[str, Any]
) -> Recipe:
    if not isinstance(name, str):
        if severity is not None or seed != 0 or parameters:
            raise SettingError(
                "The steps of a recipe hold their own values and seeds; leave out all other arguments."
            )
        return as_recipe(name)
    entry = find_distortion(name)
    if severity is not None and parameters:
        given = ", ".join(parameters)
        raise SettingError(f"{name} is given both a severity and {given}; leave one of the two out.")
    if parameters:
        return Recipe((Step(name, parameters, seed),))
    if severity is None:
        raise SettingError(
            f"{name} needs a severity, a number from 0 (unchanged) to 1 (strongest), or else {entry.ranges}."
        )
    return Recipe.at(name, severity, seed)
