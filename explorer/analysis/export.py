"""A measurement as files that other programs read: JSON, CSV and NumPy's NPZ."""

import csv
import io
import json

import numpy as np

from explorer.metrics import Comparison, Measurement
from explorer.metrics.perceptual import combined_map


def to_json(measurement: Measurement) -> str:
    """All numbers and settings as a JSON object; an infinite PSNR and undefined shares are null."""
    return json.dumps(measurement.to_dict(), indent=2, allow_nan=False) + "\n"


def to_csv(measurement: Measurement) -> str:
    """The table of layers, a row a layer: name, channels, rows, columns (of its grid), distance, share.

    Numbers have all their digits; an undefined share is empty.
    """
    stream = io.StringIO()
    # The csv module's own line ends would leave a carriage return in the last column of a shell pipeline.
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("name", "channels", "rows", "columns", "distance", "share"))
    for layer in measurement.to_dict()["layers"]:
        writer.writerow((layer["name"], layer["channels"], *layer["grid"], layer["distance"], layer["share"]))
    return stream.getvalue()


def to_npz(comparison: Comparison, measurement: Measurement) -> bytes:
    """All maps of a pair, with the numbers they belong to, as a NumPy archive; equal input gives equal bytes.

    `np.load(file)` reads it, without pickles:

    - one array a layer in the sum, by its name: float32 (rows, columns) on the layer's own grid, whose mean
      is the layer's distance;
    - `combined`: float32 (H, W), the layers' maps laid on the image and added, whose mean is the score;
    - `squared_error`: float32 (H, W), the mean over channels, 0..65025;
    - `one_minus_ssim`: float32 (H, W), 0..2, NaN in the border of 5 pixels;
    - `layers`, `distances`: names (str) and distances (float64) of the layers in the sum, shallow to deep;
    - `score`, `psnr` (dB, infinite for identical images), `ssim`: float64 scalars;
    - `settings`: a JSON text with backbone, heads, device, size ([width, height]) and notes.

    Args:
        comparison: The pair's maps.
        measurement: What `comparison.measurement` made of them for some heads and layers.
    """
    numbers = measurement.to_dict()
    settings = {key: numbers[key] for key in ("backbone", "heads", "device", "size", "notes")}
    stream = io.BytesIO()
    np.savez(  # deflating noise takes a second a megapixel, for a third of the size
        stream,
        **{layer.name: layer.map for layer in measurement.layers},
        combined=combined_map([layer.map for layer in measurement.layers], measurement.size),
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
