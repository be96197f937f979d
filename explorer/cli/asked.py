"""From flags that say how to measure to a measurement: the one place of the shell that calls the metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.cli.files import read
from explorer.cli.group import bad, naming
from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.images import Picture, measured_size, to_one_size

if TYPE_CHECKING:
    from explorer.analysis.folders import Measure, Read
    from explorer.analysis.region import Box, Findings
    from explorer.metrics import Comparison, Measurement, Method


@dataclass(frozen=True)
class Asked:
    """What the flags say. A `Method` of it brings torch, and with it two seconds, so it is made when needed.

    Attributes:
        parameters: Of the method, by their names there.
        background: Laid under transparent images.
        fit: What is done where sizes differ; None refuses them.
    """

    parameters: dict[str, Any]
    background: str
    fit: str | None

    def method(self) -> "Method":
        """Check all names and load the network.

        Raises:
            click.BadParameter: an unknown name; says which flag gave it.
            WeightsError: the weights are not there.
        """
        parameters = dict(self.parameters)
        if "," in parameters["backbone"]:
            raise bad("--backbone", f"{parameters['backbone']} names several; `measure` alone takes them.")
        return self._method(parameters)

    def methods(self) -> "tuple[Method, ...]":
        """The same for each of several backbones, such as "alexnet,vgg16", in their order.

        Raises:
            click.BadParameter: also where one is named twice.
            WeightsError: the weights are not there.
        """
        names = [name.strip() for name in self.parameters["backbone"].split(",")]
        methods = tuple(self._method(self.parameters | {"backbone": name}) for name in names)
        backbones = [method.backbone for method in methods]
        twice = [name for name in backbones if backbones.count(name) > 1]
        if twice:
            raise bad("--backbone", f"{twice[0]} is named twice; name each backbone once.")
        return methods

    def _method(self, parameters: dict[str, Any]) -> "Method":
        from explorer.metrics import Method

        parameters = dict(parameters)
        if parameters["layers"] is not None:
            parameters["layers"] = tuple(name.strip() for name in parameters["layers"].split(","))
        try:
            method = Method(**parameters)
        except SettingError as error:
            raise bad(f"--{error.setting}", str(error)) from error
        _ = method.network  # missing weights are said before a picture is measured
        return method

    def columns(self, method: "Method") -> dict[str, str]:
        """How pairs are measured, as the columns of a table of pairs have it."""
        return {
            "backbone": method.backbone,
            "heads": method.heads,
            "weights": method.weights,
            "precision": method.precision,
            "longest_side": str(method.size or ""),
            "background": self.background,
            "fit": self.fit or "",
        }

    def read(self, path: Path) -> Picture:
        """Read one image."""
        return read(path, self.background)

    def matched(self, reference: Picture, distorted: Picture) -> tuple[Picture, Picture]:
        """Bring both to one size; the error says which of many files it is about.

        Raises:
            ImageError: the sizes differ and no --fit was given.
        """
        try:
            return to_one_size(reference, distorted, self.fit)
        except SizeMismatchError as error:
            sentence = str(error).removesuffix(".")
            raise ImageError(f"{distorted.name}: {sentence} (--fit resize or --fit crop).") from error

    def compare(
        self, method: "Method", reference: Picture, distorted: Picture
    ) -> "tuple[Comparison, Measurement]":
        """Measure one picture against another.

        Raises:
            ImageError: the sizes differ and no --fit was given, or a side is too small.
        """
        from explorer.metrics import compare

        pair = self.matched(reference, distorted)
        with naming("--size", unless=_is_as_given(pair[0], method)):
            comparison = compare(*pair, method)
        return comparison, comparison.measurement(method.heads, method.layers)

    def reader(self, methods: "Sequence[Method]") -> "Read":
        """Reads two files of many, to be measured by each of the methods; no flag is named in its errors.

        What it gives raises ImageError where a file is no image, the sizes differ and no --fit was given, or
        a side is too small.
        """
        from explorer.metrics import compare

        by_name = {method.backbone: method for method in methods}

        def read_pair(reference: Path, distorted: Path) -> "Measure":
            files = (read(path, self.background, full_name=True) for path in (reference, distorted))
            pair = self.matched(*files)

            def measure(backbone: str) -> "Measurement":
                method = by_name[backbone]
                return compare(*pair, method).measurement(method.heads, method.layers)

            return measure

        return read_pair


def investigate(
    method: "Method", reference: Picture, distorted: Picture, boxes: "Sequence[Box] | None"
) -> "Findings":
    """Measure a pair of one size and ask about boxes of it; None asks about its hot spots.

    Raises:
        ImageError: a side is too small.
    """
    from explorer.analysis import region

    with naming("--size", unless=_is_as_given(reference, method)):
        return region.investigate(reference, distorted, boxes, method)


def _is_as_given(picture: Picture, method: "Method") -> bool:
    """Whether --size changes nothing, and so is not to blame for anything."""
    return measured_size(picture.size, method.size) == picture.size
