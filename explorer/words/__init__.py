"""The glossary: the words of this field as the pages use them, said once for tooltips and for the page Words.

A page's tooltip is an entry's one sentence; the page Words has all of it, at `/words?term=KEY`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from explorer.words.duelling import DUELLING
from explorer.words.entry import LPIPS, Entry, Source
from explorer.words.evaluating import EVALUATING
from explorer.words.learning import ALSO_WRITTEN, LEARNING
from explorer.words.people import PEOPLE

SSIM = Source(
    "Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment: From Error Visibility to Structural "
    "Similarity, IEEE TIP 2004",
    "https://doi.org/10.1109/TIP.2003.819861",
)
DISTS = Source(
    "Ding, Ma, Wang, Simoncelli: Image Quality Assessment: Unifying Structure and Texture Similarity, "
    "IEEE TPAMI 2020",
    "https://arxiv.org/abs/2004.07728",
)

# The whole answer to "What is LPIPS?", for who has never heard of it.
WHAT_IS_LPIPS = (
    "LPIPS is one number for how different two images look: 0 where they are identical, and larger the less "
    "alike they are. "
    "It sends both images through a network that was trained on photographs, and compares what the network’s "
    "layers compute at each place, weighted so that the result agrees better with what people see. "
    "So a small shift, which changes most pixels, can count for little, and a blur, which changes each pixel "
    "only slightly, for much."
)

_NETWORK = {
    "backbone": Entry(
        "backbone",
        "The network whose layers describe both images to the metric.",
        "Most backbones were trained to name what is on a photograph; the part that names it is left out. "
        "The metric compares what the layers compute for both images. Another backbone gives another "
        "distance, and the numbers of two backbones are not comparable.",
        ("layer", "heads", "weights", "parameters"),
        LPIPS,
    ),
    "layer": Entry(
        "layer",
        "A place in the backbone at which both images are compared.",
        "The metric looks at a few places of the backbone. Early layers have a fine grid, whose cells "
        "answer to small windows of the image; later ones have a coarser grid and larger windows. Each "
        "layer adds its own distance to the score.",
        ("node", "distance", "grid", "receptive-field"),
    ),
    "node": Entry(
        "node",
        "Any value that the network computes on the way, such as the result of one convolution.",
        "A network is a chain, or a net, of steps, and the result of each is a node. The metric’s layers "
        "are a few of them. With uniform heads, any other node that has a spatial grid can join the sum.",
        ("layer", "uniform", "grid"),
    ),
    "weights": Entry(
        "weights",
        "What the backbone has learned from data, or random numbers in its place.",
        "Trained weights come from the network’s own training, mostly on the photographs of ImageNet. "
        "Random weights keep the architecture and put random numbers in the place of what was learned, the "
        "same at each start. They are the paper’s control: what changes with them is what training adds.",
        ("backbone", "heads", "seed", "k-means"),
        LPIPS,
    ),
    "parameters": Entry(
        "parameters",
        "How many numbers make up the network, counted without its classifier.",
        "AlexNet is known for 61 million parameters. Most of them belong to the classifier, which names "
        "what is on a photograph and is not needed here. The layers that the metric uses have 2.5 million. "
        "So the counts here are smaller than those in the networks’ papers.",
        ("backbone", "weights"),
    ),
    "heads": Entry(
        "heads",
        "The numbers that say how much each channel’s squared difference counts.",
        "They are one number a channel, never negative, which multiplies the squared difference before all "
        "are added. Those of LPIPS were learned from people’s judgments: v0.1 is the current release and "
        "v0.0 the first. Uniform heads count all channels the same.",
        ("channel", "uniform", "lpips-score"),
        LPIPS,
    ),
    "uniform": Entry(
        "uniform",
        "Heads that count all channels the same, so that nothing in them was learned.",
        "It is the paper’s baseline: the network alone, without people’s judgments. It shows what the "
        "learned heads add. Its score is a distance, but not LPIPS, and the two are not comparable.",
        ("heads", "node"),
        LPIPS,
    ),
    "channel": Entry(
        "channel",
        "One of the many detectors of a layer, with a value in every cell of its grid.",
        "Each channel answers to some pattern, and its values over the grid are a small picture. AlexNet’s "
        "last layer has 256 of them. The metric compares both images channel by channel; the page Region "
        "shows those that make most of a box’s distance.",
        ("layer", "grid", "heads"),
    ),
    "grid": Entry(
        "grid",
        "How many cells a layer has across and down, each of which has a value of every channel.",
        "“17×17 · 256 ch” means 17 cells across, 17 down, and 256 channels in each. The number of cells "
        "grows with the image; the number of channels belongs to the network.",
        ("cell", "channel", "native-cells", "footprint"),
    ),
    "receptive-field": Entry(
        "receptive field",
        "The window of the image that a cell can answer to, often far larger than the cell.",
        "Each step of a network looks at a window of the one before, and so the windows grow: 11 × 11 "
        "pixels at AlexNet’s first layer, 163 × 163 at its last. A cell may thus be bright because of "
        "something beside it. In networks with attention a cell can see the whole image.",
        ("footprint", "map", "causal-map"),
    ),
}

_NUMBERS = {
    "lpips-score": Entry(
        "LPIPS score",
        "One number for how different two images look, 0 where they are identical and lower is closer.",
        "It is the sum of the layers’ distances. It is comparable only with scores for the same reference, "
        "at the same size, by the same network, weights, layers and heads: there is no value that is good "
        "or bad by itself. The letters stand for Learned Perceptual Image Patch Similarity.",
        ("distance", "share", "heads", "psnr", "ssim", "dists"),
        LPIPS,
    ),
    "distance": Entry(
        "distance",
        "What one layer adds to the score.",
        "At each cell, the channels of both images are scaled to length 1. Their differences are squared, "
        "multiplied by the heads and added; the mean over all cells is the layer’s distance. The layers’ "
        "distances sum to the score.",
        ("lpips-score", "share", "map", "heads"),
        LPIPS,
    ),
    "share": Entry(
        "share",
        "A part of the score, in percent.",
        "A layer’s share is its distance divided by the score; over the layers in the sum, shares make "
        "100%. A box has a share as well: the part of the score that the map has inside it. A share says "
        "where features differ, and not what caused it.",
        ("distance", "score-per-area", "causal-map"),
    ),
    "ledger": Entry(
        "ledger",
        "The table of layers whose distances add up to the score.",
        "Each row is a layer with its channels, its grid, its distance and its share; the last row is their "
        "sum. Region has one for each box, with what lies inside it.",
        ("distance", "share", "grid"),
    ),
    "score-per-area": Entry(
        "score ÷ area",
        "How much of the score a box holds, measured by how much of the image it covers.",
        "It is the share of the score divided by the share of the area. In the sum, 1 is what an average "
        "part of the image of this size holds, and 2 is twice as much. The rows of the layers are their "
        "parts of it, and add up to it.",
        ("region", "share"),
    ),
    "psnr": Entry(
        "PSNR",
        "How little the pixels differ on average, in decibels, where higher is closer.",
        "Peak signal-to-noise ratio is the mean squared error of the pixels on a logarithmic scale. It "
        "takes each pixel by itself and knows nothing of structure: a slight shift can cost it more than a "
        "visible blur. Identical images have an infinite PSNR.",
        ("ssim", "lpips-score"),
    ),
    "ssim": Entry(
        "SSIM",
        "How alike small windows of both images are in brightness, contrast and structure, where 1 is "
        "identical.",
        "Structural similarity compares means, variances and covariance in a window around each pixel, and "
        "averages over the image. It needs no network. The map 1 − SSIM shows where the windows differ.",
        ("psnr", "lpips-score"),
        SSIM,
    ),
    "dists": Entry(
        "DISTS",
        "A metric that compares each layer as a whole, and so has a ledger but no map.",
        "For each channel it compares the mean over the image, which stands for texture, and the "
        "covariance, which stands for structure. So it forgives a texture that is alike without being the "
        "same pixel by pixel.",
        ("lpips-score", "ledger", "channel"),
        DISTS,
    ),
}

_MAPS = {
    "map": Entry(
        "map",
        "Where a layer’s distance arises, with one value a cell, whose mean is the distance.",
        "A bright cell says that the features of both images differ there. It does not say what caused it, "
        "since a feature sees more of the image than its own cell.",
        ("combined-map", "native-cells", "receptive-field", "causal-map"),
    ),
    "combined-map": Entry(
        "combined map",
        "The maps of all layers in the sum, laid on the image and added, so that the mean is the score.",
        "Every cell is laid on the pixels that it stands for, and at each pixel the layers’ values are "
        "added. Being a sum, it has a colour scale of its own, beside it.",
        ("map", "footprint", "lpips-score"),
    ),
    "footprint": Entry(
        "footprint",
        "The pixels that a cell of a map stands for.",
        "A grid of 17 × 17 cells cuts the image into 17 × 17 equal parts, one a cell. A box that cuts "
        "through a cell takes the part of it that it covers. What the cell can see, its receptive field, is "
        "larger.",
        ("grid", "receptive-field", "combined-map"),
    ),
    "native-cells": Entry(
        "native cells",
        "A map drawn in the cells in which it was computed, without smoothing.",
        "A layer’s grid is coarser than the image, and its cells are drawn as large as they are: that is "
        "all that was measured.",
        ("grid", "smoothed", "footprint"),
    ),
    "smoothed": Entry(
        "smoothed",
        "A map with soft transitions between its cells, for looking only.",
        "Between the cells’ centres the colours are interpolated (bilinear). It is pleasant to look at, and "
        "finer than what was measured.",
        ("native-cells",),
    ),
    "shared-scale": Entry(
        "shared scale",
        "One range of colours for the maps of all layers, so that a colour means the same value in each.",
        "With a scale per layer faint maps show more, but colours are then not comparable between layers. A "
        "fixed scale ends where you say, so that several pairs can be compared.",
        ("clipped", "map", "combined-map"),
    ),
    "clipped": Entry(
        "clipped",
        "The part of a map that lies beyond the end of its colour scale, and has the colour of the end.",
        "A few extreme cells would leave the rest dark. So a scale ends where 99.5% of the values lie below "
        "it, and what is above is said, as in “0.5% clipped”. Only colours are clipped: the values under "
        "the pointer, and all sums, are whole.",
        ("shared-scale", "map"),
    ),
    "hot-spot": Entry(
        "hot spot",
        "A place where the combined map is high, with a number and a box of its own.",
        "They are numbered by the height of the map’s peaks. What a spot holds depends on its size as well, "
        "and so one with a lower peak may hold more. It is where features differ, which need not be the "
        "cause.",
        ("combined-map", "region", "causal-map"),
    ),
}

_QUESTIONS = {
    "region": Entry(
        "region",
        "A box, in pixels of the image as given, of which is asked what it holds and whether it is the "
        "cause.",
        "The map says how much of the score lies inside it. Whether it is the cause is measured: once with "
        "the box restored from the reference, and once with nothing but the box distorted.",
        ("share", "score-per-area", "causal-map", "hot-spot"),
    ),
    "causal-map": Entry(
        "causal map",
        "How much of the score goes when a tile of the distorted image is restored from the reference.",
        "Each tile is restored in turn, and the pair measured again. A learned map says where features "
        "differ; this one says what makes them differ. Tiles do not add up: a feature that sees two of them "
        "answers to both.",
        ("map", "receptive-field", "region"),
    ),
    "disagreement": Entry(
        "disagreement",
        "Two versions of an image that one metric orders one way, and another metric the other way round.",
        "How clear it is, is told in ranks over a whole grid of versions: each metric’s lead is a part of "
        "all ranks, and the smaller lead counts, since both must be sure. So decibels and distances can be "
        "held against each other. Who is right, only people can say.",
        ("rank-agreement", "severity", "seed"),
    ),
    "severity": Entry(
        "severity",
        "How strong a distortion is, from 0, which changes nothing, to 1.",
        "It stands for the distortion’s physical values, such as a JPEG quality or the width of a blur, "
        "which are shown beside it and can be typed instead.",
        ("percent-of-side", "seed", "ladder"),
    ),
    "percent-of-side": Entry(
        "% of side",
        "A length in percent of the image’s shorter side, so that it means the same at any size.",
        "A blur of σ 2.88% of side is 8.6 pixels wide (its standard deviation) where the shorter side has "
        "300 pixels, and 29 where it has 1,000.",
        ("severity",),
    ),
    "seed": Entry(
        "seed",
        "The number that random values start from, so that the same seed gives the same pattern.",
        "A random distortion has the same pattern at every severity as long as its seed stays. Another seed "
        "gives another pattern of the same kind.",
        ("severity",),
    ),
    "ladder": Entry(
        "ladder",
        "A fixed set of distortions of the reference, which scores are compared with.",
        "Scores of different networks are not comparable. So each network measures the same distortions of "
        "the reference, of several kinds and severities, and your pair gets a place among them.",
        ("percentile", "reading", "rank-agreement", "severity"),
    ),
    "percentile": Entry(
        "percentile",
        "How much of the ladder is closer to the reference than this pair, in percent.",
        "At 73, the metric finds 73% of the ladder’s distortions closer to the reference than the distorted "
        "image. Percentiles of different networks can be compared, while their scores cannot.",
        ("ladder", "lpips-score"),
    ),
    "reading": Entry(
        "reading",
        "As far as what: the strength of a distortion of the same reference that has the pair’s score.",
        "It gives a number without a unit a meaning, such as a Gaussian blur of 1.8 px. It holds for this "
        "reference, size and network alone. Of random distortions three seeds are read. Where the curve of "
        "scores falls again, other strengths are as far.",
        ("ladder", "stability", "seed"),
    ),
    "stability": Entry(
        "stability",
        "What the score becomes where both images are changed alike, as nobody sees.",
        "Both are moved by up to 3 pixels, mirrored, scaled by 1%, or dithered: noise of half a level, "
        "rounded, which moves a third of the values by one level. A lead of one candidate over another that "
        "does not survive this is none.",
        ("reading", "lpips-score"),
    ),
    "rank-agreement": Entry(
        "rank agreement",
        "How far two metrics put the same pictures into the same order, where 1 is the same order.",
        "It is Spearman’s rank correlation: 0 where the orders have nothing to do with each other, −1 where "
        "one is the reverse of the other. It looks at orders alone, since values of different metrics are "
        "not comparable.",
        ("ladder", "percentile"),
    ),
}

# Key, as in an address -> the entry.
WORDS: Mapping[str, Entry] = MappingProxyType(
    {**_NETWORK, **_NUMBERS, **_MAPS, **_QUESTIONS, **PEOPLE, **EVALUATING, **LEARNING, **DUELLING}
)

# What the viewers of pictures and maps explain, in this order.
OF_VIEWERS = (
    "map",
    "combined-map",
    "grid",
    "native-cells",
    "smoothed",
    "shared-scale",
    "clipped",
    "receptive-field",
)


def alphabetical() -> tuple[str, ...]:
    """The keys in the order of their terms; those that begin with a sign come first."""
    return tuple(sorted(WORDS, key=lambda key: WORDS[key].term.casefold()))


def key_of(term: str) -> str | None:
    """The key of the entry that a text means by a word, such as "Layers"; None where there is none."""
    word = term.casefold()
    for written in (word, word.removesuffix("s")):
        if written in ALSO_WRITTEN:
            return ALSO_WRITTEN[written]
        for key, entry in WORDS.items():
            if entry.term.casefold() == written:
                return key
    return None


def capitalised(term: str) -> str:
    """A term as it stands at the beginning of a line."""
    return term[:1].upper() + term[1:]
