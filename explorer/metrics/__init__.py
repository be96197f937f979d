"""The metrics: how a pair is measured (`Method`), the perceptual distance with its maps, PSNR and SSIM."""

from explorer.metrics.measuring import compare, measure
from explorer.metrics.method import Method, choose_layers, read_method
from explorer.metrics.module import Lpips
from explorer.metrics.results import Comparison, LayerMeasurement, Measurement

__all__ = [
    "Comparison",
    "LayerMeasurement",
    "Lpips",
    "Measurement",
    "Method",
    "choose_layers",
    "compare",
    "measure",
    "read_method",
]
