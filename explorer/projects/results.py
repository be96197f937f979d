"""`results.json`: a measurement in the one shape of docs/files.md, checked, and held against one of today."""

from collections.abc import Mapping
from typing import Any

from explorer.errors import ProjectError
from explorer.metrics import Measurement
from explorer.projects.archive import ROLES

TOLERANCE = (
    1e-5  # how far a score in float32 may move between machines, times the score where that is above 1
)
INEXACT = 0.05  # of the score, in another precision

_WAY = ("backbone", "heads", "weights", "precision")


def checked(found: dict[str, Any], subject: str) -> dict[str, Any]:
    """The results, once what is read of them has been checked; the rest is for people and other programs.

    Args:
        subject: What errors call the project.

    Raises:
        ProjectError: they are no measurement.
    """
    size, layers = found.get("size"), found.get("layers")
    is_good = (
        _is_number(found.get("score"))
        and found["score"] >= 0
        and all(isinstance(found.get(key), str) for key in _WAY)
        and isinstance(size, list)
        and len(size) == 2
        and all(map(_is_whole, size))
        and "longest_side" in found
        and (found["longest_side"] is None or _is_whole(found["longest_side"]))
        and isinstance(layers, list)
        and all(isinstance(layer, dict) and isinstance(layer.get("name"), str) for layer in layers)
    )
    if not is_good:
        raise ProjectError(f"{subject}: results.json holds no measurement as the explorer writes it.")
    return found


def difference(results: Mapping[str, Any], measurement: Measurement) -> str:
    """A sentence where the same pair, measured again in the same way, has another score; "" where not.

    Args:
        results: Those that were saved.
        measurement: One of the same pair. Where it was made in another way, by another network or at another
            size, another score is no surprise, and nothing is said.
    """
    here = measurement.to_dict()
    saved, score = results["score"], measurement.score
    allowed = TOLERANCE * max(1.0, score) if measurement.precision == "float32" else INEXACT * score
    if _way(results) != _way(here) or abs(saved - score) <= allowed:
        return ""
    return (
        f"The project was saved with a score of {saved:.6f}, and measured here it is {score:.6f}: "
        f"{_reason(results, here)}."
    )


def _way(results: Mapping[str, Any]) -> tuple:
    """In which way something was measured, but for the device, which hardly moves a score."""
    names = [layer["name"] for layer in results["layers"]]
    return tuple(results[key] for key in _WAY), list(results["size"]), names


def _reason(saved: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Why two scores differ, as far as the results tell."""
    if saved.get("weights_files") != here["weights_files"]:
        return "the weights here are other files"
    if any(_digest(saved, role) != _digest(here, role) for role in ROLES):
        return "its pictures are read as other pixels here"
    if saved.get("versions") != here["versions"]:
        return "it was saved with other versions of the explorer or of its packages"
    return "it was measured on another kind of machine, or changed since"


def _digest(results: Mapping[str, Any], role: str) -> Any:
    picture = results.get(role)
    return picture.get("digest") if isinstance(picture, dict) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
