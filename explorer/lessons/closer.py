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
from explorer.judgments.published import table_5
from explorer.lessons.amounts import amount_on
from explorer.lessons.changes import CHANGES, LEAST_SHIFT, SHIFT
from explorer.lessons.sides import Counted, sides_of
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.classic import squared_error

SIDES = ("A", "B")
DECIMALS = 4  # of SSIM and of a score, at least
LOWER, HIGHER = "lower is closer", "higher is closer"


@dataclass(frozen=True)
class Versions:
    """Two versions that are held against each other.

    Attributes:
        name: In links.
        label: What they are, in an order that does not tell which is A.
        words: What A and B are, in a word each.
        steps: What is done to the reference for A and for B, of which `on` makes whole pixels.
        reason: Why pixels and features answer differently, in a sentence or two; true of any picture.
    """

    name: str
    label: str
    words: tuple[str, str]
    steps: tuple[Step, Step]
    reason: str

    def on(self, side: int) -> tuple[Step, Step]:
        """What is done to a picture of this shorter side: a shift is chapter 5's, of one pixel at least."""
        return tuple(
            SHIFTED.step(_shift_on(side), side) if step.name == SHIFTED.distortion else step
            for step in self.steps
        )

    def notes(self, side: int) -> tuple[str, str]:
        """What was done for A and for B, with its values: "Shift 2 px", "Blur, σ 3.2 px"."""
        return tuple(_note(word, step, side) for word, step in zip(self.words, self.on(side), strict=True))

    def why(self, side: int) -> str:
        """The reason, with the pixels of this picture."""
        return self.reason.format(shift=f"{_shift_on(side):g}\N{NO-BREAK SPACE}px")


def _shift_on(side: int) -> float:
    return max(LEAST_SHIFT, SHIFTED.at_first(side))


def _note(word: str, step: Step, side: int) -> str:
    """A word and values, which no word begins twice."""
    values = amount_on(step, side)
    return values.capitalize() if values.startswith(word.lower()) else f"{word}, {values}"


SHIFTED = CHANGES[SHIFT]

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
            "PSNR subtracts pixel from pixel. Moved by {shift}, every pixel meets its neighbour.",
        ),
        Versions(
            "noise-blur",
            "Noise or blur",
            ("Blur", "Noise"),
            (Step.at("gaussian_blur", 0.5), Step.at("gaussian_noise", 0.58)),
            "PSNR adds errors up. It cannot see whether detail is gone, or noise lies on top.",
        ),
        Versions(
            "contrast-jpeg",
            "Contrast or JPEG",
            ("Contrast", "JPEG"),
            (Step.at("contrast", 0.35), Step.at("jpeg", 0.5)),
            "PSNR adds errors up. Less contrast moves every level, but no edge; JPEG adds edges.",
        ),
        Versions(
            "scaling-warp",
            "Detail or warp",
            ("Detail", "Warp"),
            (Step.at("scaling", 0.75), Step.at("cubic_warp", 0.35)),
            "PSNR subtracts pixel from pixel. A warp keeps detail and moves it; scaling loses it in place.",
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
        reference: What they are versions of.
        pictures: A and B.
        measured: Their measurements, by which `explorer.measure` gives the same numbers.
    """

    versions: Versions
    reference: Picture
    pictures: tuple[Picture, Picture]
    measured: tuple[Measurement, Measurement]

    @property
    def side(self) -> int:
        """The shorter side in pixels."""
        return min(self.pictures[0].size)

    @property
    def errors(self) -> tuple[np.ndarray, np.ndarray]:
        """Squared error at each pixel of A and B, float32 (H, W): what PSNR is the mean of."""
        return tuple(squared_error(self.reference.pixels, each.pixels) for each in self.pictures)

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
    pictures = tuple(distorted(reference, Recipe((step,))) for step in versions.on(min(reference.size)))
    measured = tuple(
        compare(reference, picture, method).measurement(method.heads, method.layers) for picture in pictures
    )
    return Closer(versions, reference, pictures, measured)


@dataclass(frozen=True)
class PeopleLine:
    """How often somebody sides with people.

    Attributes:
        who: A metric, or people themselves.
        share: The 2AFC score, 0..1, the mean of the data set's six subsets.
    """

    who: str
    share: float


@lru_cache(1)
def people() -> tuple[PeopleLine, ...]:
    """How often pixels, structure, a network and other people side with people: four rows of Table 5.

    They are those that chapter 6 has as well. PSNR orders any two versions as L2 does.
    """
    known = sides_of("alexnet")
    ssim = next(row for row in table_5() if row.name == "SSIM")
    return (
        PeopleLine("L2, as PSNR", known.squared_error.mean),
        PeopleLine("SSIM", ssim.mean),
        PeopleLine("LPIPS (alex-lin)", known.rows["learned"].mean),
        PeopleLine("People", known.people.mean),
    )


def counted_now() -> Counted:
    """What the bundled votes say today of AlexNet, as somebody has trained it on votes."""
    return sides_of("alexnet").counted


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


def _line(metric: Metric, values: tuple[float, float]) -> Line:
    a, b = values
    first, second = (a > b, b > a) if metric.higher_is_closer else (a < b, b < a)
    shown = texts(metric, values)
    if metric is not PSNR and len(shown[0].partition(".")[2]) < DECIMALS:
        shown = [f"{value:.{DECIMALS}f}" for value in values]
    direction = HIGHER if metric.higher_is_closer else LOWER
    return Line(
        metric.label, values, (shown[0], shown[1]), "A" if first else "B" if second else "", direction
    )


def _chooses(names: list[str]) -> str:
    return f"{listed(names)} {'choose' if len(names) > 1 else 'chooses'}"


def _do(names: list[str]) -> str:
    return f"{'do' if len(names) > 1 else 'does'} {listed(names)}"
