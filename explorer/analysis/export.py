"""A measurement as files that other programs read: JSON, CSV and NumPy's NPZ."""

import csv
import io
import json
from collections.abc import Sequence

import numpy as np

from explorer.analysis.rows import row_of
from explorer.metrics import Comparison, Measurement, Method
from explorer.metrics.naming import MOST_NAMED
from explorer.names import file_name


def named(measurement: Measurement, what: str, ending: str) -> str:
    """The name of a file about a pair: `cat_jpeg_alexnet-v0.1_300x300_maps.npz`.

    Args:
        what: Which of several files of the pair it is ("maps"); "" for the numbers themselves.
        ending: "npz".
    """
    pictures = measurement.reference.name, measurement.distorted.name
    return file_name(pictures, measurement.word, measurement.size, what, ending)


def named_by_methods(
    pictures: Sequence[str], methods: Sequence[Method], size: tuple[int, int], what: str, ending: str
) -> str:
    """The same for a file of several methods, which are named up to two, and counted from three on.

    Args:
        pictures: Names of the pictures, reference first.
        size: The measured (width, height).
    """
    words = [method.word for method in methods]
    how = "_".join(words) if len(words) <= MOST_NAMED else f"{len(words)}-metrics"
    return file_name(pictures, how, size, what, ending)


def to_json(measurement: Measurement) -> str:
    """All numbers and settings as a JSON object, in the shape that docs/files.md describes."""
    return json.dumps(measurement.to_dict(), indent=2, allow_nan=False) + "\n"


def to_csv(measurement: Measurement) -> str:
    """A row below the names of its columns: the same that a table of two folders has for each pair."""
    row = row_of(measurement.to_dict())
    stream = io.StringIO()
    # The csv module's own line ends would leave a carriage return in the last column of a shell pipeline.
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows((row.keys(), row.values()))
    return stream.getvalue()


def to_npz(comparison: Comparison, measurement: Measurement, combined: np.ndarray | None) -> bytes:
    """All maps of a pair, with the numbers they belong to, as a NumPy archive; equal input gives equal bytes.

    `np.load(file)` reads it, without pickles:

    - one array a layer in the sum, by its name: float32 (rows, columns) on the layer's own grid, whose mean
      is the layer's distance;
    - `combined`: float32 (H, W), the layers' maps laid on the image and added, whose mean is the score
      (DISTS has no maps, and so neither of these);
    - `squared_error`: float32 (H, W), the mean over channels, 0..65025;
    - `one_minus_ssim`: float32 (H, W), 0..2, NaN in the border of 5 pixels;
    - `layers`, `distances`: names (str) and distances (float64) of the layers in the sum, shallow to deep;
    - `score`, `psnr` (dB, infinite for identical images), `ssim`: float64 scalars;
    - `measurement`: all numbers and settings as the JSON text that `to_json` gives.

    Args:
        comparison: The pair's maps.
        measurement: What `comparison.measurement` made of them for some heads and layers.
        combined: Its combined map (`combined_of`); None where the metric has no maps.
    """
    maps = {layer.name: layer.map for layer in measurement.layers}
    stream = io.BytesIO()
    np.savez(  # deflating noise takes a second a megapixel, for a third of the size
        stream,
        **({} if combined is None else maps | {"combined": combined}),
        squared_error=comparison.squared_error,
        one_minus_ssim=(1 - comparison.ssim_map).astype(np.float32),
        layers=np.array([layer.name for layer in measurement.layers]),
        distances=np.array([layer.distance for layer in measurement.layers]),
        score=np.float64(measurement.score),
        psnr=np.float64(measurement.psnr),
        ssim=np.float64(measurement.ssim),
        measurement=np.array(to_json(measurement)),
    )
    return stream.getvalue()
