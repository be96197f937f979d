"""What a way of measuring is called: the one place where names for users are made.

A metric's name is for the metric as it was published: its heads on trained weights, over all of its own
layers. Whatever else those heads are put on gives a distance, which is called one and says how it came about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.backbones import HEADS, Backbone

DISTANCE = "Distance"  # what the layers' distances add up to where that is no published metric
MOST_NAMED = 2  # layers that a name lists; of more it says how many


@dataclass(frozen=True)
class Name:
    """What a pair is measured with.

    Attributes:
        metric: "LPIPS", "ST-LPIPS" or "DISTS" where it is that, and else `DISTANCE`.
        network: "AlexNet".
        how: Of a published metric its version, such as "v0.1", or ""; of another distance how it comes about,
            such as "uniform heads" or "LPIPS' v0.1 heads on random weights".
        precision: "" where that is exact.
    """

    metric: str
    network: str
    how: str
    precision: str = ""

    @property
    def label(self) -> str:
        """In sentences, lists and titles: "AlexNet · LPIPS v0.1", "AlexNet · uniform heads"."""
        what = self.how if self.metric == DISTANCE else f"{self.metric} {self.how}".rstrip()
        return _joined(self.network, what, self.precision)

    @property
    def heading(self) -> str:
        """Above a number, where PSNR and SSIM stand beside it: "LPIPS · AlexNet · v0.1"."""
        return _joined(self.metric, self.network, self.how, self.precision)


def is_published(backbone: Backbone, heads: str, weights: str, layers: Sequence[str]) -> bool:
    """Whether this is a metric as it was published: learned heads, trained weights, its own layers."""
    return heads in backbone.heads and weights == "trained" and tuple(layers) == backbone.layer_names


def name_of(
    backbone: Backbone, heads: str, weights: str, layers: Sequence[str], precision: str = "float32"
) -> Name:
    """What measuring with these is called; the layers stand in the network's order."""
    own = HEADS[heads]
    network = backbone.label.removeprefix(f"{own.metric}, ")  # "DISTS, VGG16" says both
    less = "" if precision == "float32" else precision
    if is_published(backbone, heads, weights, layers):
        return Name(own.metric, network, own.version, less)
    named = own.label if own.own else f"{possessive(own.metric)} {own.version}"
    what = "uniform heads" if heads == "uniform" else f"{named} heads"
    words = " ".join(what.split())  # those without a version leave a gap
    words += "" if weights == "trained" else f" on {weights} weights"
    if chosen := _choice(backbone, layers):
        words = f"{chosen}, with {words}"
    return Name(DISTANCE, network, words, less)


def word_of(
    backbone: Backbone, heads: str, weights: str, layers: Sequence[str], precision: str = "float32"
) -> str:
    """What measuring with these is called in the name of a file: ASCII letters, digits, dots and dashes.

    A metric as it was published is "alexnet-v0.1", "vgg16-shift-st-lpips" or "dists"; another distance says
    its heads in full, and what else is not as published: "alexnet-uniform-random", "alexnet-lpips-0.1-conv5".
    """
    own, network = HEADS[heads], backbone.name.replace("_", "-")
    less = () if precision == "float32" else (precision,)
    if is_published(backbone, heads, weights, layers):
        version = own.version or ("" if network == heads else heads)
        return "-".join(filter(None, (network, version, *less)))
    parts = [network, "heads" if network == heads else heads.replace("_", "-")]
    if tuple(layers) != backbone.layer_names:
        few = len(layers) <= MOST_NAMED
        names = [name.replace("_", "-") for name in layers]
        parts += names if few else [f"{len(layers)}-of-{len(backbone.layer_names)}-layers"]
    return "-".join((*parts, *(() if weights == "trained" else (weights,)), *less))


def possessive(name: str) -> str:
    """A name as an owner: "LPIPS'", "DISTS'"."""
    return f"{name}'" if name.casefold().endswith("s") else f"{name}'s"


def _choice(backbone: Backbone, layers: Sequence[str]) -> str:
    """The layers in the sum in a few words; "" for the backbone's own."""
    if tuple(layers) == backbone.layer_names:
        return ""
    if len(layers) <= MOST_NAMED:
        return f"{' and '.join(layers)} alone"
    if set(layers) <= set(backbone.layer_names):
        return f"{len(layers)} of {len(backbone.layer_names)} layers"
    return f"{len(layers)} layers and nodes"


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))
