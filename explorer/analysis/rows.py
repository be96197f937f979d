"""A measurement as one row of a CSV table: its JSON with the keys joined by dots, as docs/files.md describes.

Pages, shell and Python write the same columns. Nothing here needs a network: a table of two folders knows its
columns before the first pair is measured.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, str]  # a line of a table, by column

PICTURES = ("reference", "distorted")
SIZES = ("size", "given", "grid")  # [width, height] in JSON, and two columns here
_BEFORE = (
    *(f"{picture}.{key}" for picture in PICTURES for key in ("name", "digest")),
    *("score", "psnr", "ssim", "size.width", "size.height", "given.width", "given.height", "longest_side"),
    *("metric", "published", "backbone", "heads", "weights", "precision", "device"),
)
_OF_A_LAYER = ("channels", "grid.width", "grid.height", "distance", "share")
_AFTER = (
    *("notes", "weights_files"),
    *(f"versions.{name}" for name in ("explorer", "torch", "torchvision", "numpy", "pillow")),
    "citation",
)


def columns(layers: Sequence[str], parts: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of a row, in order.

    Args:
        layers: Names of the layers in the sum.
        parts: Names of the parts of which a layer's distance is the sum, where the metric has some.
    """
    return columns_of_all([(layers, parts)])


def columns_of_all(measured: Iterable[tuple[Sequence[str], Sequence[str]]]) -> tuple[str, ...]:
    """The columns of a table whose rows are of several backbones; a row leaves those of other layers empty.

    Args:
        measured: Of each backbone its layers and their parts, as `columns` takes them.
    """
    of_layers = dict.fromkeys(
        f"{layer}.{key}" for layers, parts in measured for layer in layers for key in (*_OF_A_LAYER, *parts)
    )
    return (*_BEFORE, *of_layers, *_AFTER)


def layers_of(header: Sequence[str]) -> tuple[str, ...]:
    """Names of the layers that a header has columns for."""
    end = ".distance"
    return tuple(name.removesuffix(end) for name in header if name.endswith(end))


def row_of(document: Mapping[str, Any]) -> Row:
    """The row of what `Measurement.to_dict` gave, in the order of `columns`.

    Numbers have all their digits. A PSNR that is infinite is "inf"; what else is undefined, or was not asked
    for, is empty. Lists of words are joined by "; ".
    """
    row: Row = {}
    for key, value in document.items():
        if key == "layers":
            for layer in value:
                row |= _flat(f"{layer['name']}.", {name: layer[name] for name in layer if name != "name"})
        elif key == "weights_files":
            row[key] = "; ".join(" ".join(filter(None, file.values())) for file in value)
        elif key == "psnr" and value is None:
            row[key] = str(math.inf)
        else:
            row |= _flat("", {key: value})
    return row


def _flat(before: str, values: Mapping[str, Any]) -> Row:
    row: Row = {}
    for key, value in values.items():
        name = before + key
        if key in SIZES:
            row |= {f"{name}.width": str(value[0]), f"{name}.height": str(value[1])}
        elif isinstance(value, Mapping):
            row |= _flat(f"{name}.", value)
        else:
            row[name] = _text(value)
    return row


def _text(value: str | float | bool | list[str] | None) -> str:
    """A field; str has all digits of a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()  # as JSON has it
    return "; ".join(value) if isinstance(value, list) else str(value)
