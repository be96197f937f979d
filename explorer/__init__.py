"""LPIPS Explorer: a perceptual distance, opened.

    import explorer

    measurement = explorer.measure("reference.png", "distorted.png")
    measurement.score                       # the distance
    measurement.layers[1].share             # how much of it conv2 makes
    measurement.layers[1].map               # and where, on the layer's own grid

Everything a user can mend is raised as an `ExplorerError`, whose text says how.
"""

from typing import TYPE_CHECKING, Any

from explorer.errors import ExplorerError, ImageError, SettingError, SizeMismatchError, WeightsError

if TYPE_CHECKING:
    from explorer.metrics import LayerMeasurement, Lpips, Measurement, measure

__version__ = "0.1.0"

__all__ = [
    "ExplorerError",
    "ImageError",
    "LayerMeasurement",
    "Lpips",
    "Measurement",
    "SettingError",
    "SizeMismatchError",
    "WeightsError",
    "measure",
]


def __getattr__(name: str) -> Any:
    """Import the metrics on first use (PEP 562): they bring torch, for which `--help` need not wait."""
    if name in {"LayerMeasurement", "Lpips", "Measurement", "measure"}:
        from explorer import metrics

        return globals().setdefault(name, getattr(metrics, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
