"""What a metric has learned from: the groups in which the paper's figure 4 draws metrics.

Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR 2018, section 4.
"""

from collections.abc import Mapping
from typing import Literal

from explorer.analysis.rulers import CLASSIC, Ruler, label_of, read_ruler
from explorer.errors import SettingError
from explorer.judgments.published import METRICS
from explorer.metrics import Method
from explorer.metrics.method import RANDOM
from explorer.names import shortened

Training = Literal["none", "random", "self-supervised", "supervised", "tuned", "scratch", "unknown"]

# In the figure's order, from what has learned nothing to what has learned from people alone. The rows of the
# paper's table have all but the last two.
TRAININGS: Mapping[str, str] = {
    "none": "No network",
    "random": "Random weights",
    "self-supervised": "Trained without labels",
    "supervised": "Trained to classify",
    "tuned": "Heads learned from people",
    "scratch": "All learned from people",
    "unknown": "Others",
}

BUNDLED = {metric.name: metric.label for metric in METRICS}


def training_of(name: str) -> Training:
    """The group of a metric, by its name in files: "psnr", "alexnet:lpips-0.1", or one of the bundled votes.

    Returns:
        "unknown" where nothing is known of it, as of a column of somebody's own table.
    """
    if name in BUNDLED:
        return "scratch"
    ruler = _ruler(name)
    if ruler is None:
        return "unknown"
    if ruler in CLASSIC:
        return "none"
    if ruler.weights == RANDOM:
        return "random"
    if ruler.heads == "uniform":
        return "supervised"
    return "scratch" if ruler.heads == "st-lpips" else "tuned"


def label_of_metric(name: str) -> str:
    """A metric as users read it; what nothing is known of is called as its file calls it, if not as long."""
    if name in BUNDLED:
        return BUNDLED[name]
    ruler = _ruler(name)
    return shortened(name) if ruler is None else label_of(ruler)


def sign_of(name: str) -> int:
    """By what a distance is multiplied to be read: -1 of PSNR and SSIM, whose negatives stand for it."""
    return -1 if training_of(name) == "none" else 1


def _ruler(name: str) -> Ruler | None:
    try:
        return read_ruler(name, Method())
    except SettingError:
        return None
