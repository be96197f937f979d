"""What is read: one strength a ladder, and all of them in a sentence."""

from dataclasses import dataclass
from typing import Any, Literal

from explorer.analysis.readings.ladders import LADDERS, Ladder, number
from explorer.analysis.wording import listed
from explorer.distortions import Step, find_distortion

Outcome = Literal["reached", "between two steps", "beyond the strongest", "turns"]


@dataclass(frozen=True)
class Reading:
    """A pair's score on one ladder.

    Attributes:
        distortion: A key of `LADDERS`.
        unit: Of the strengths: "px" of the measured picture, "levels", "%", or "" for JPEG's quality.
        outcome: "reached" where a strength has the pair's score to 0.25%; "between two steps" where the score
            lies between neighbours, such as whole pixels; "beyond the strongest" where none is as far;
            "turns" where the curve falls below the score again behind its first such strength.
        value: The strength, of two neighbours the one that is nearer, of seeds the median; None where no
            strength is as far, or where the weakest is clearly farther.
        between: Of two neighbours the weaker, None for no change at all, and the stronger; empty where the
            score is reached or none is as far.
        low, high: The range over the seeds; None as `value`.
        seeds: How many there are; 1 where the distortion is not random.
        step: What comes nearest; laid on the measured reference it makes the picture again.
        score: That picture's.
        is_near: Whether that is the pair's own, or the neighbours are alike, to 5%.
    """

    distortion: str
    unit: str
    outcome: Outcome
    value: float | None
    between: tuple[float | None, ...]
    low: float | None
    high: float | None
    seeds: int
    step: Step
    score: float
    is_near: bool

    @property
    def ladder(self) -> Ladder:
        """Its distortion's."""
        return LADDERS[self.distortion]

    @property
    def label(self) -> str:
        """The distortion's, as users read it."""
        return find_distortion(self.distortion).label

    @property
    def is_below_all(self) -> bool:
        """Whether the pair is closer to the reference than the weakest strength that there is."""
        return self.value is None and bool(self.between)

    @property
    def words(self) -> str:
        """In a sentence: "Gaussian blur of 1.8 px", "shift between 1 and 2 px", or "any contrast"."""
        if self.outcome == "beyond the strongest":
            return f"any {self.ladder.noun}"
        if self.value is None or (self.between and not self.is_near):
            return self.ladder.words(*(amount for amount in self.between if amount is not None))
        return self.ladder.words(self.value)

    @property
    def spread(self) -> str:
        """The range over seeds in words: "σ 11 to 13 levels over 3 seeds"; "" where there is none to tell."""
        if self.seeds == 1 or self.value is None or self.low is None:
            return ""
        if self.high is None:
            return f"from {self.ladder.range(self.low, self.low)} to none as far, over {self.seeds} seeds"
        if number(self.low) == number(self.high):
            return f"alike with {self.seeds} seeds"
        return f"{self.ladder.range(self.low, self.high)} over {self.seeds} seeds"

    @property
    def strength(self) -> str:
        """The strength without the noun: "1.8 px", "1 to 2 px", or what there is in its place."""
        ladder = self.ladder
        if self.outcome == "beyond the strongest":
            return "farther than any"
        if self.is_below_all:
            return f"closer than {ladder.range(self.between[-1], self.between[-1])}"
        if self.between and not self.is_near:
            return ladder.range(*sorted(self.between))
        return ladder.range(self.value, self.value)

    @property
    def note(self) -> str:
        """What else is to be said of it; "" where nothing is."""
        if self.outcome == "turns":
            return "the curve turns, so other strengths are as far"
        return self.spread

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "distortion": self.distortion,
            "words": self.words,
            "unit": self.unit,
            "outcome": self.outcome,
            "value": self.value,
            "between": list(self.between) or None,
            "low": self.low,
            "high": self.high,
            "seeds": self.seeds,
            "step": self.step.to_dict(),
            "score": self.score,
        }


@dataclass(frozen=True)
class Readings:
    """A pair's score on several ladders.

    Attributes:
        size: (width, height) at which the pair was measured and the ladders laid.
        score: The pair's own, at that size.
        readings: A ladder each; none where the score is 0.
    """

    size: tuple[int, int]
    score: float
    readings: tuple[Reading, ...]

    @property
    def sentence(self) -> str:
        """All of them in words: "As far as Gaussian blur of 1.8 px, JPEG quality 22 and shift of 2 px." """
        if not self.readings:
            return "The score is 0: every distortion is farther."
        beyond = [each for each in self.readings if each.outcome == "beyond the strongest"]
        below = [each for each in self.readings if each.is_below_all]
        turned = [each for each in self.readings if each.outcome == "turns" and each not in below]
        plain = [each for each in self.readings if each not in (*turned, *beyond, *below)]
        parts = [
            f"{how} {listed([each.words for each in those])}."
            for how, those in (("As far as", plain), ("Closer than", below), ("Farther than", beyond))
            if those
        ]
        parts += [f"As far as {each.words}, and as other strengths: that curve turns." for each in turned]
        return " ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "size": list(self.size),
            "score": self.score,
            "sentence": self.sentence,
            "readings": [each.to_dict() for each in self.readings],
        }
