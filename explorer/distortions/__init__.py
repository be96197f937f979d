"""Distortions after Table 2 of Zhang et al., CVPR 2018 (arXiv 1801.03924), each with one slider.

`CATALOGUE` lists them for menus. A `Recipe` of `Step`s says what is done, by a severity or by physical
values; `distort` makes the pixels, `distorted` a picture that says how it was made.
"""

from explorer.distortions.base import Distortion, Family, Parameter
from explorer.distortions.catalogue import CATALOGUE, find_distortion
from explorer.distortions.pictures import distort, distorted
from explorer.distortions.recipe import Recipe, RecipeSource, Step, as_recipe
from explorer.distortions.sequences import random_sequence, table_2

__all__ = [
    "CATALOGUE",
    "Distortion",
    "Family",
    "Parameter",
    "Recipe",
    "RecipeSource",
    "Step",
    "as_recipe",
    "distort",
    "distorted",
    "find_distortion",
    "random_sequence",
    "table_2",
]
