"""The metrics: the perceptual distance with its maps, PSNR and SSIM."""

from explorer.metrics.measurement import (
    Comparison,
    LayerMeasurement,
    Measurement,
    choose_layers,
    compare,
    measure,
)
from explorer.metrics.module import Lpips

__all__ = ["Comparison", "LayerMeasurement", "Lpips", "Measurement", "choose_layers", "compare", "measure"]
