"""LPIPS Explorer: a perceptual distance, opened.

    import explorer

    measurement = explorer.measure("reference.png", "distorted.png")
    measurement.score                       # the distance
    measurement.layers[1].share             # how much of it conv2 makes
    measurement.layers[1].map               # and where, on the layer's own grid
    explorer.distort("reference.png", "gaussian_blur", sigma=1.8)  # a distorted twin, uint8 (H, W, 3)
    explorer.region("reference.png", "distorted.png", [(40, 30, 80, 60)])  # what a box holds, and causes
    explorer.rank("reference.png", ["a.png", "b.png"])  # which is closest, and do the metrics agree?
    explorer.readings("reference.png", "distorted.png").sentence  # as far as which blur, which JPEG ...
    explorer.stability("reference.png", "distorted.png").sentence  # its range under changes that nobody sees
    explorer.match("reference.png", "psnr", 26.0)  # its versions that all have 26 dB
    explorer.sweep("reference.png", "jpeg").scores()  # what a distortion costs, from weak to strong
    explorer.disagreements("reference.png", "psnr", "lpips").cards  # versions that they order differently
    explorer.evaluate("2afc/val", metrics=("psnr", "alexnet:lpips-0.1"))  # which metric agrees with people
    explorer.save_project("pair.zip", "reference.png", "distorted.png")  # all of it in one file for the app

Everything a user can mend is raised as an `ExplorerError`, whose text says how.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explorer.errors import (
    ExplorerError,
    ImageError,
    ProjectError,
    SettingError,
    SizeMismatchError,
    WeightsError,
)
from explorer.version import __version__

if TYPE_CHECKING:
    from explorer.analysis.questions import (
        disagreements,
        match,
        rank,
        readings,
        region,
        stability,
        sweep,
        verdict,
    )
    from explorer.distortions import Recipe, Step, distort
    from explorer.judgments.running import evaluate
    from explorer.metrics import LayerMeasurement, Lpips, Measurement, measure
    from explorer.projects import Project, open_project, save_project

__all__ = [
    "ExplorerError",
    "ImageError",
    "LayerMeasurement",
    "Lpips",
    "Measurement",
    "Project",
    "ProjectError",
    "Recipe",
    "SettingError",
    "SizeMismatchError",
    "Step",
    "WeightsError",
    "__version__",
    "disagreements",
    "distort",
    "evaluate",
    "match",
    "measure",
    "open_project",
    "rank",
    "readings",
    "region",
    "save_project",
    "stability",
    "sweep",
    "verdict",
]

_ROOMS = dict.fromkeys(("LayerMeasurement", "Lpips", "Measurement", "measure"), "metrics")
_ROOMS |= dict.fromkeys(("Recipe", "Step", "distort"), "distortions")
_ROOMS |= dict.fromkeys(
    ("disagreements", "match", "rank", "readings", "region", "stability", "sweep", "verdict"),
    "analysis.questions",
)
_ROOMS |= {"evaluate": "judgments.running"}
_ROOMS |= dict.fromkeys(("Project", "open_project", "save_project"), "projects")


def __getattr__(name: str) -> Any:
    """Import a room on first use (PEP 562): the metrics bring torch, for which `--help` need not wait."""
    if name in _ROOMS:
        room = import_module(f"explorer.{_ROOMS[name]}")
        if _ROOMS[name] != "distortions":  # it measures, and what it measures can be shown
            import_module("explorer.metrics").Measurement.as_html = staticmethod(_measurement_html)
        return globals().setdefault(name, getattr(room, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _measurement_html(measurement: "Measurement") -> str:
    """Draw a measurement for a notebook; what draws is imported when there is something to draw."""
    from explorer.notebook import measurement_html

    return measurement_html(measurement)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
