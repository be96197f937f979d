"""Which distortion the page Threshold asks about, as one value; and its link, with the common seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from explorer.distortions import CATALOGUE, Distortion
from explorer.views.common.settings import in_vain

NAME = "noticed"  # in the link


@dataclass(frozen=True)
class ThresholdView:
    """What a link of the page carries.

    Attributes:
        distortion: A key of the catalogue.
    """

    PAGE: ClassVar[str] = "threshold"

    distortion: str = "gaussian_blur"

    @property
    def entry(self) -> Distortion:
        """The distortion's row of the catalogue."""
        return CATALOGUE[self.distortion]

    def to_link(self) -> dict[str, str]:
        """The parameter, where it differs from the default."""
        return {} if self == ThresholdView() else {NAME: self.distortion}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["ThresholdView", tuple[str, ...]]:
        """Read a link's parameter; returns the view, and a sentence where it was no good."""
        name = link.get(NAME, cls.distortion)
        if name in CATALOGUE:
            return cls(name), ()
        return cls(), (in_vain(NAME, name, "there is no such distortion."),)
