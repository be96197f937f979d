"""Which is closer? The paper's figure 1 on any picture: two versions, what metrics say, what people say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.analysis.candidates import PSNR, SSIM, Metric, texts
from explorer.analysis.wording import counted, listed, percent
from explorer.distortions import Recipe, Step, distorted
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.judgments.asking.trial import Plan, Vote
from explorer.judgments.published import table_5, votes
from explorer.judgments.scores import self_agreement
from explorer.metrics import Measurement, Method, compare

SIDES = ("A", "B")
LOWER, HIGHER = "lower is closer", "higher is closer"


@dataclass(frozen=True)
class Versions:
    """Two versions that are held against each other.

    Attributes:
        name: In links.
        label: What they are, in an order that does not tell which is A.
        words: What A and B are, in a word each.
        steps: What is done to the reference for A and for B.
    """

    name: str
    label: str
    words: tuple[str, str]
    steps: tuple[Step, Step]

    @property
    def notes(self) -> tuple[str, str]:
        """What was done for A and for B, with its values: "Blur, σ 1.06% of side"."""
        return tuple(map(_note, self.words, self.steps))


def _note(word: str, step: Step) -> str:
    """A word and values, which no word begins twice."""
    values = step.label
    return values.capitalize() if values.startswith(word.lower()) else f"{word}, {values}"


# On the bundled cat PSNR orders each of these pairs one way, and LPIPS on AlexNet the other. The first is the
# paper's own point: what has moved looks the same, what is blurred does not.
VERSIONS: Mapping[str, Versions] = {
    each.name: each
    for each in (
        Versions(
            "shift-blur",
            "Shift or blur",
            ("Shift", "Blur"),
            (Step.at("shift", 0.2), Step.at("gaussian_blur", 0.5)),
        ),
        Versions(
            "noise-blur",
            "Noise or blur",
            ("Blur", "Noise"),
            (Step.at("gaussian_blur", 0.5), Step.at("gaussian_noise", 0.58)),
        ),
        Versions(
            "contrast-jpeg",
            "Contrast or JPEG",
            ("Contrast", "JPEG"),
            (Step.at("contrast", 0.35), Step.at("jpeg", 0.5)),
        ),
        Versions(
            "scaling-warp",
            "Detail or warp",
            ("Detail", "Warp"),
            (Step.at("scaling", 0.75), Step.at("cubic_warp", 0.35)),
        ),
    )
}
USUAL = "shift-blur"


@dataclass(frozen=True)
class Line:
    """What one metric says of the two.

    Attributes:
        metric: Its name.
        values: Of A and B, of full precision.
        shown: The same, as they are read.
        prefers: "A", "B", or "" where it finds none closer.
        direction: How to read them.
    """

    metric: str
    values: tuple[float, float]
    shown: tuple[str, str]
    prefers: str
    direction: str


@dataclass(frozen=True, eq=False)
class Closer:
    """The two versions, measured.

    Attributes:
        versions: Which.
        pictures: A and B.
        measured: Their measurements, by which `explorer.measure` gives the same numbers.
    """

    versions: Versions
    pictures: tuple[Picture, Picture]
    measured: tuple[Measurement, Measurement]

    @property
    def lines(self) -> tuple[Line, ...]:
        """What PSNR, SSIM and the perceptual metric say."""
        metric = self.measured[0].name
        return (
            _line(PSNR, tuple(each.psnr for each in self.measured)),
            _line(SSIM, tuple(each.ssim for each in self.measured)),
            _line(Metric("score", metric.metric), tuple(each.score for each in self.measured)),
        )

    def said(self, choice: str = "") -> str:
        """Who sides with whom, in one sentence.

        Args:
            choice: "A" or "B" where somebody has chosen, or "".
        """
        sides = {side: [line.metric for line in self.lines if line.prefers == side] for side in SIDES}
        if choice:
            with_you, against = sides[choice], sides[SIDES[choice == "A"]]
            if not with_you:
                return f"You chose {choice}, and no metric does."
            rest = f"; {_chooses(against)} {SIDES[choice == 'A']}" if against else ""
            return f"You chose {choice}, and so {_do(with_you)}{rest}."
        parts = [f"{_chooses(names)} {side}" for side, names in sides.items() if names]
        return f"{'; '.join(parts)}." if parts else "No metric finds one of them closer."


def closer(reference: Picture, method: Method, name: str = USUAL) -> Closer:
    """Make the two versions of a reference, and measure both.

    Args:
        reference: At the size that is measured.
        method: Any metric of the catalogue.
        name: A key of `VERSIONS`.

    Raises:
        SettingError: there is no such pair.
        ImageError, WeightsError: as `explorer.measure`.
    """
    if name not in VERSIONS:
        raise SettingError(f"There is no pair of versions {name!r}; choose one of {', '.join(VERSIONS)}.")
    versions = VERSIONS[name]
    pictures = tuple(distorted(reference, Recipe((step,))) for step in versions.steps)
    measured = tuple(
        compare(reference, picture, method).measurement(method.heads, method.layers) for picture in pictures
    )
    return Closer(versions, pictures, measured)


@dataclass(frozen=True)
class PeopleLine:
    """How often somebody sides with people.

    Attributes:
        who: A metric, or people themselves.
        share: The 2AFC score, 0..1, the mean of the data set's six subsets.
        source: "votes" where it is counted here, from all trials; "table" where the paper has printed it.
    """

    who: str
    share: float
    source: str


@lru_cache(1)
def people() -> tuple[PeopleLine, ...]:
    """How often pixels, structure, a network and other people side with people in the paper's data set.

    The bundled votes hold the distances of networks that were trained on such judgments, but neither L2 nor
    SSIM: those two are printed in the paper's Table 5. PSNR orders any two versions as L2 does.
    """
    known = votes()
    printed = {row.name: row.mean for row in table_5()}
    alexnet = known.agreements()[known.metrics.index("alex_vanilla")]
    return (
        PeopleLine("L2, as PSNR", printed["L2"], "table"),
        PeopleLine("SSIM", printed["SSIM"], "table"),
        PeopleLine("LPIPS, AlexNet", _mean_of_subsets(alexnet), "votes"),
        PeopleLine("One person with another", _mean_of_subsets(self_agreement(known.people)), "votes"),
    )


@dataclass(frozen=True)
class ClassShare:
    """What a class has said of versions like these.

    Attributes:
        votes: How many.
        for_a: How many of them chose what A is.
    """

    votes: int
    for_a: int

    def said(self, versions: Versions) -> str:
        """In one sentence."""
        sides = [word if word.isupper() else word.lower() for word in versions.words]
        most = 0 if 2 * self.for_a >= self.votes else 1
        share = percent(max(self.for_a, self.votes - self.for_a) / self.votes)
        asked = counted(self.votes, "answer", "answers")
        return f"Your class, in {asked}: {share} choose {sides[most]} over {sides[1 - most]}."


def class_share(plan: Plan, cast: Iterable[Vote], versions: Versions) -> ClassShare | None:
    """What a class has said where it was asked about the same two distortions, however strong.

    Args:
        plan: What it was asked.
        cast: Its votes.
        versions: The two.

    Returns:
        None where it was asked nothing of that kind, or has not answered yet.
    """
    wanted = tuple(step.name for step in versions.steps)
    asked = {}
    for trial in plan.trials if plan.kind == "2afc" else ():
        found = tuple(map(_distortion_of, (trial.condition_a, trial.condition_b)))
        if not trial.is_sentinel and found in (wanted, wanted[::-1]):
            asked[trial.number] = SIDES[found != wanted]  # the trial's side on which our A stands
    chosen = [vote.choice == asked[vote.trial] for vote in cast if vote.trial in asked]
    return ClassShare(len(chosen), sum(chosen)) if chosen else None


def _distortion_of(condition: str) -> str:
    """The one distortion of a trial's condition; "" where that is none, or several."""
    try:
        steps = Recipe.from_text(condition).active
    except SettingError:
        return ""
    return steps[0].name if len(steps) == 1 else ""


def trials() -> int:
    """How many trials of the data set are counted."""
    return len(votes().people)


def _mean_of_subsets(values: np.ndarray) -> float:
    subsets = votes().subsets
    return float(np.mean([values[subsets == name].mean() for name in np.unique(subsets)]))


def _line(metric: Metric, values: tuple[float, float]) -> Line:
    a, b = values
    first, second = (a > b, b > a) if metric.higher_is_closer else (a < b, b < a)
    shown = texts(metric, values)
    direction = HIGHER if metric.higher_is_closer else LOWER
    return Line(
        metric.label, values, (shown[0], shown[1]), "A" if first else "B" if second else "", direction
    )


def _chooses(names: list[str]) -> str:
    return f"{listed(names)} {'choose' if len(names) > 1 else 'chooses'}"


def _do(names: list[str]) -> str:
    return f"{'do' if len(names) > 1 else 'does'} {listed(names)}"
