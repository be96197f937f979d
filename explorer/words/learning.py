"""The words of the lessons that no page had used before, and how lessons write those of other entries."""

from collections.abc import Mapping
from types import MappingProxyType

from explorer.words.entry import LPIPS, Entry, Source

K_MEANS = Source(
    "Coates, Ng: Learning Feature Representations with K-means, 2012",
    "https://doi.org/10.1007/978-3-642-35289-8_30",
)

LEARNING = {
    "cell": Entry(
        "cell",
        "One place of a layer’s grid, which holds a value of every channel.",
        "A map has one value a cell: how far the features of both images differ there. The cell stands for "
        "its part of the image, its footprint, and answers to a larger one, its receptive field.",
        ("grid", "channel", "footprint", "receptive-field"),
    ),
    "feature": Entry(
        "feature",
        "What a layer says of a place: one number for each of its channels.",
        "Features were learned for another task, mostly to name what is on a photograph. That their "
        "differences follow what people see, without being made for it, is what the paper found.",
        ("channel", "layer", "unit-length"),
        LPIPS,
    ),
    "unit-length": Entry(
        "unit length",
        "A list of numbers over its own length, so that its pattern counts and its strength does not.",
        "The length is the root of the sum of the squares. Both images’ features at a place are brought to "
        "length 1 over the channels before they are compared, so that a place that answers strongly counts "
        "no more than a faint one.",
        ("feature", "channel", "distance"),
        LPIPS,
    ),
    "k-means": Entry(
        "k-means",
        "A way to learn filters from photographs alone, by sorting patches of them into groups.",
        "Each group’s middle becomes a filter, and the next layer learns from what these make of the "
        "photographs. Nobody is asked what they show. What such a network has in common with people needs "
        "no labels.",
        ("weights", "backbone", "feature"),
        K_MEANS,
    ),
}

# How lessons write a word -> the key of its entry, where that has another term.
ALSO_WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "random": "weights",
        "trained": "weights",
        "learned heads": "heads",
        "lpips": "lpips-score",
    }
)
