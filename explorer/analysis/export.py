"""A measurement as files that other programs read: JSON, CSV and NumPy's NPZ."""

import csv
import io
import json

import numpy as np

from explorer.metrics import Comparison, Measurement


def to_json(measurement: Measurement) -> str:
    """All numbers and settings as a JSON object; an infinite PSNR and undefined shares are null."""
    return json.dumps(measurement.to_dict(), indent=2, allow_nan=False) + "\n"


def to_csv(measurement: Measurement) -> str:
    """The table of layers, a row a layer: name, channels, rows, columns (of its grid), distance, share.

    Numbers have all their digits; an undefined share is empty. DISTS has two more columns: the structure and
    the texture of which each distance is the sum.
    """
    stream = io.StringIO()
    # The csv module's own line ends would leave a carriage return in the last column of a shell pipeline.
    writer = csv.writer(stream, lineterminator="\n")
    parts = tuple(measurement.layers[0].parts)
    writer.writerow(("name", "channels", "rows", "columns", "distance", "share", *parts))
    for layer in measurement.to_dict()["layers"]:
        numbers = (layer[key] for key in ("distance", "share", *parts))
        writer.writerow((layer["name"], layer["channels"], *layer["grid"], *numbers))
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
    - `settings`: a JSON text with metric, published, backbone, heads, weights, device, precision, size
      ([width, height]) and notes.

    Args:
        comparison: The pair's maps.
        measurement: What `comparison.measurement` made of them for some heads and layers.
        combined: Its combined map (`combined_of`); None where the metric has no maps.
    """
    numbers = measurement.to_dict()
    kept = ("metric", "published", "backbone", "heads", "weights", "device", "precision", "size", "notes")
    settings = {key: numbers[key] for key in kept}
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
        settings=np.array(json.dumps(settings, allow_nan=False)),
    )
    return stream.getvalue()
