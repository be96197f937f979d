"""The metrics: the perceptual distance with its maps, PSNR and SSIM."""

from explorer.metrics.measurement import (
    Comparison,
    LayerMeasurement,
    Measurement,
    choose_layers,
    compare,
    measure,
)

__all__ = ["Comparison", "LayerMeasurement", "Measurement", "choose_layers", "compare", "measure"]
