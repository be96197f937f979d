"""What the glossary is made of: entries, and the sources that they come from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a word comes from: a citation, and its address."""

    citation: str
    address: str


@dataclass(frozen=True)
class Entry:
    """A word.

    Attributes:
        term: As pages write it, in the middle of a sentence.
        short: What it is, in one sentence without markup, for a tooltip.
        long: More about it, in at most 60 words.
        see: Keys of the entries to read next.
        source: The paper that it comes from, where there is one.
    """

    term: str
    short: str
    long: str
    see: tuple[str, ...] = ()
    source: Source | None = None


LPIPS = Source(
    "Zhang, Isola, Efros, Shechtman, Wang: The Unreasonable Effectiveness of Deep Features as a Perceptual "
    "Metric, CVPR 2018",
    "https://arxiv.org/abs/1801.03924",
)
