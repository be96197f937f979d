"""Sweeps as files that other programs read: CSV and NumPy's NPZ."""

import csv
import io
import json
from collections.abc import Sequence

import numpy as np

from explorer.analysis.sweep import Sweep


def to_csv(sweeps: Sequence[Sweep]) -> str:
    """A row a point, with all digits, below the names of the columns that any of the sweeps has."""
    tables = [sweep.table() for sweep in sweeps]
    heads = list(dict.fromkeys(name for head, *_ in tables for name in head))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, heads, lineterminator="\n")
    writer.writeheader()
    for head, *rows in tables:
        writer.writerows(dict(zip(head, row, strict=True)) for row in rows)
    return stream.getvalue()


def to_npz(sweeps: Sequence[Sweep]) -> bytes:
    """All numbers of sweeps over one axis as a NumPy archive; equal input gives equal bytes.

    `np.load(file)` reads it, without pickles; n is the number of places on the axis, and a place that was not
    measured is NaN:

    - `x`: float64 (sweeps, n), the axis' values of each sweep;
    - `psnr` (dB, infinite for identical images), `ssim`, `score`: float64 (sweeps, n);
    - `distances`: float64 (sweeps, n, layers), which sum to the scores; `layers`: their names (str);
    - `sweeps`: all of it as a JSON list of what `Sweep.to_dict` gives.

    Args:
        sweeps: Of one method, over axes of one length.
    """
    count, (method,) = len(sweeps[0].axis.steps), sweeps[0].methods
    psnr, ssim, score = (np.full((len(sweeps), count), np.nan) for _ in range(3))
    distances = np.full((len(sweeps), count, len(method.layers)), np.nan)
    for row, sweep in enumerate(sweeps):
        places = [point.place for point in sweep.points]
        psnr[row, places], ssim[row, places], score[row, places] = sweep.psnr, sweep.ssim, sweep.scores()
        distances[row, places] = sweep.distances()
    stream = io.BytesIO()
    np.savez(
        stream,
        x=np.array([sweep.axis.values for sweep in sweeps]),
        psnr=psnr,
        ssim=ssim,
        score=score,
        distances=distances,
        layers=np.array(method.layers),
        sweeps=np.array(json.dumps([sweep.to_dict() for sweep in sweeps], allow_nan=False)),
    )
    return stream.getvalue()
