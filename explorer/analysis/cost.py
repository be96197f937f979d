"""What a measurement at another size would cost, from the network's own shapes and a time already taken."""

from collections.abc import Iterable
from dataclasses import dataclass

from explorer.backbones import Graph, graph_of
from explorer.backbones.passes.bands import BAND_BYTES
from explorer.backbones.passes.chain import is_chain
from explorer.metrics.method import Method
from explorer.metrics.perceptual import reference_cache

FLOAT32, FLOAT64 = 4, 8
MEGAPIXEL = 2**20  # above it a measurement takes seconds
FIRST_SIZE = 1024  # longest side at which a larger pair is measured first
BAND_COPIES = 5  # of a band, one of its values is made from another, with its rows beside the kept ones
ENTRY_BYTES = 1000  # about what a score takes in a cache, with its key


@dataclass(frozen=True)
class Cost:
    """An estimate, good to a factor of about 2."""

    seconds: float
    bytes: int  # at the peak, above what is held now

    def __str__(self) -> str:
        seconds = f"{self.seconds:.0f} s" if self.seconds >= 1 else "under 1 s"
        if self.bytes >= 1e9:
            return f"about {seconds} and {self.bytes / 1e9:.1f} GB"
        return f"about {seconds} and {self.bytes / 1e6:.0f} MB"


def estimate(graph: Graph, size: tuple[int, int], known_size: tuple[int, int], known_seconds: float) -> Cost:
    """Estimate time and peak memory for a pair of `size` (width, height).

    Args:
        known_size, known_seconds: What a measurement of the same kind has taken; time grows with the pixels.
    """
    seconds = known_seconds * size[0] * size[1] / (known_size[0] * known_size[1])
    return Cost(seconds, peak_bytes(graph, size))


def estimate_where_large(
    graph: Graph, size: tuple[int, int], known_size: tuple[int, int], known_seconds: float
) -> Cost | None:
    """As `estimate`, for sizes whose cost is worth a word; None for others, and where too little is known."""
    # In a smaller measurement the fixed costs, which do not grow, are too large a part.
    if not is_large(size) or known_size[0] * known_size[1] < MEGAPIXEL / 4:
        return None
    return estimate(graph, size, known_size, known_seconds)


def is_large(size: tuple[int, int]) -> bool:
    """Whether measuring a pair of (width, height) takes seconds."""
    return size[0] * size[1] > MEGAPIXEL


def first_size(size: tuple[int, int]) -> int | None:
    """The longest side at which a pair of (width, height) is measured first; None where that is as given."""
    return FIRST_SIZE if is_large(size) else None


def peak_bytes(graph: Graph, size: tuple[int, int]) -> int:
    """About the memory that measuring a pair of `size` (width, height) takes, above what is held now."""
    pixels = size[0] * size[1]
    grids = graph.grids(size)
    activations = [
        FLOAT32 * graph.channels(name) * grids[name][0] * grids[name][1]
        for name in graph.backbone.layer_names
        if name in grids  # a pair that is too small has no deeper ones, and is refused before them
    ]
    names = graph.backbone.layer_names
    if sum(activations) > reference_cache.budget and is_chain(graph, names):
        passing = 2 * BAND_COPIES * BAND_BYTES  # of each image's bands, and nothing as a whole
    else:
        # Both images pass in step: their input (and its copy), and one's layer beside two of the other's.
        passing = 2 * (2 * FLOAT32 * 3 * pixels) + 3 * max(activations, default=0)
    return passing + pixel_bytes(size)


def rulers_bytes(rulers: Iterable[Method | str], size: tuple[int, int]) -> int:
    """About the memory that measuring a pair of (width, height) takes, by one ruler after the other.

    Args:
        rulers: Methods; and "PSNR" and "SSIM", which take no network.
    """
    networks = (peak_bytes(graph_of(each.row), size) for each in rulers if isinstance(each, Method))
    return max(networks, default=pixel_bytes(size))  # a network's holds that of the pixels


def pixel_bytes(size: tuple[int, int]) -> int:
    """About the memory that the part without a network takes: PSNR and SSIM of a pair of (width, height)."""
    # Pictures, the pixel maps and the combined map, as float64 while they are made.
    return size[0] * size[1] * (2 * 3 + 4 * FLOAT64)
