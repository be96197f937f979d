"""What is shown of candidates: one reference, their pictures and maps, as plain arrays and numbers."""

import math
from dataclasses import dataclass

import numpy as np

WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, eq=False)
class CandidateLayer:
    """One layer's map of one candidate.

    Attributes:
        name: The layer's, the same for all candidates.
        values: Float (h, w) on the layer's own grid; their mean is the layer's distance.
    """

    name: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class CandidatePanel:
    """A candidate, or as much of it as has come.

    Attributes:
        key: Tells it from the others; the table of candidates has the same.
        name: As it is shown.
        pixels_key, layers_key: Digests of its pixel arrays and of its layers: the same key means the same.
        picture: uint8 (H, W, 3), as it was measured; None while it is to come.
        dissimilarity: 1 - SSIM, float (H, W), NaN where there is no data; None where there is none.
        squared_error: Float (H, W); None where it is that of `picture` and the reference.
        pixels_extent: What of the reference these cover: left, top, width, height, parts of its sides, 0..1.
        layers: The layers in the sum, none while they are to come and for a metric without maps.
        layers_extent: What of the reference those cover.
        score: As it is shown; the mean of the layers' maps together.
        message: A sentence in the place of what is missing ("to come", "DISTS has no map").
        spots: What is said of each hot spot ("12% of its distance").

    Raises:
        ValueError: arrays that do not belong together.
    """

    key: str
    name: str
    pixels_key: str = ""
    layers_key: str = ""
    picture: np.ndarray | None = None
    dissimilarity: np.ndarray | None = None
    squared_error: np.ndarray | None = None
    pixels_extent: tuple[float, float, float, float] = WHOLE
    layers: tuple[CandidateLayer, ...] = ()
    layers_extent: tuple[float, float, float, float] = WHOLE
    score: str = ""
    message: str = ""
    spots: tuple[str, ...] = ()

    def __post_init__(self):
        for name in ("dissimilarity", "squared_error"):
            values = getattr(self, name)
            if values is not None and (self.picture is None or values.shape != self.picture.shape[:2]):
                raise ValueError(f"{name} of {self.name} is not one value a pixel of its picture")


@dataclass(frozen=True, eq=False)
class CandidateScene:
    """Candidates of one reference.

    Attributes:
        key: Digest of all that is shown: the same key means the same arrays and numbers.
        reference: uint8 (H, W, 3); all panels lie on its pixels.
        candidates: At least one, in the order of the table before any click.
        metric: What the layers' maps are of, in labels ("LPIPS"); "" where no metric here has maps.
        spots: Places that are hot in all candidates: (x, y), parts of the reference's sides, 0..1.
        given: (width, height) of the reference as given, in whose pixels places are told.
        reference_name: Its short name.
        note: A sentence below the pictures.
        file: Name of the file of a saved view.
        colours: The scale of all maps: "magma" or "cividis".

    Raises:
        ValueError: no candidate, two of one key, or a place that is not finite.
    """

    key: str
    reference: np.ndarray
    candidates: tuple[CandidatePanel, ...]
    metric: str = "LPIPS"
    spots: tuple[tuple[float, float], ...] = ()
    given: tuple[int, int] | None = None
    reference_name: str = ""
    note: str = ""
    file: str = "candidates.png"
    colours: str = "magma"

    def __post_init__(self):
        keys = {each.key for each in self.candidates}
        if not keys or len(keys) < len(self.candidates):
            raise ValueError("a scene has candidates, each with a key of its own")
        if not all(math.isfinite(part) for spot in self.spots for part in spot):
            raise ValueError("a hot spot lies at a finite place")
