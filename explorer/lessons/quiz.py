"""The quiz: six of the chapters' questions about one picture. No answer is stored; all are measured.

Each question has a few answers with a number each, and the numbers say which is right. What has no clear
answer on a picture, such as a shift of a flat one, is not asked. The picture draws which questions it gets,
how strong the changes are, and the order of the answers, of which the right ones stand at each place about
equally often: the same picture has the same quiz.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from explorer.analysis.correlation import spearman
from explorer.analysis.ladder import Scores, base_of, climb, standings
from explorer.analysis.rulers import PSNR
from explorer.analysis.wording import decibels, listed
from explorer.backbones import receptive_fields
from explorer.distortions import Step, distorted
from explorer.images import Picture
from explorer.lessons.failing import at_sizes
from explorer.lessons.needles import CHANGES, at_equal_psnr
from explorer.lessons.question import MOST_OPTIONS, Option, Question
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.channels import LayerFeatures
from explorer.metrics.naming import DISTANCE

ASKED = 6  # questions of a quiz
CLEAR = 0.02  # how much more the first must have than the second, as a part of it: else nothing is asked
SHIFTS = (1, 2, 3, 4)  # pixels, one of which is drawn; the others are tuned to its PSNR
SHIFT, BLUR, NOISE = (CHANGES[key].label for key in ("shift", "blur", "noise"))
LADDER_BYTES = 1 << 20  # of the scores of one ladder


def questions(
    reference: Picture, method: Method, scores: Scores | None = None, check: Callable[[], None] = lambda: None
) -> Iterator[Question]:
    """The quiz of a picture, each question as soon as its answers are measured.

    Args:
        reference: At the size that is measured.
        method: How; its size is left aside.
        scores: Of the ladder, as far as they are known; what is missing is added.
        check: Called between two pieces of work; what it raises ends it.

    Yields:
        Six questions; fewer where the picture has fewer clear answers.

    Raises:
        ExplorerError: as `explorer.metrics.compare`, such as ImageError where the picture is too small.
    """
    scores = Scores(LADDER_BYTES) if scores is None else scores
    quiz = _Quiz(reference, replace(method, size=None), scores, check)
    drawn = np.random.default_rng(seed_of(reference))
    left_out = int(drawn.integers(len(MAKERS)))
    asked = 0
    for maker in (*MAKERS[:left_out], *MAKERS[left_out + 1 :], MAKERS[left_out], *SPARE):
        if asked == ASKED:
            return
        check()
        question = maker(quiz)
        if question is not None:
            asked += 1
            yield question


def seed_of(reference: Picture) -> int:
    """What a picture draws its quiz by."""
    return int(reference.digest[:8], 16)


class _Quiz:
    """A picture with what several questions ask about, each measured once."""

    def __init__(self, reference: Picture, method: Method, scores: Scores, check: Callable[[], None]):
        self.reference, self.method, self.scores, self.check = reference, method, scores, check
        self.rng = np.random.default_rng((seed_of(reference), 1))
        self.metric = "the distance" if method.name.metric == DISTANCE else method.name.metric
        self._shift = int(self.rng.choice(SHIFTS))
        self.used: Counter[int] = Counter()  # places that the right answers have had

    @cached_property
    def changed(self) -> dict[str, tuple[Picture, Measurement]]:
        """Shift, blur and noise of one PSNR with their measurements, by their labels; what reaches it."""
        self.check()
        found = at_equal_psnr(self.reference, self._shift, self.method)
        if found.target is None or not np.isfinite(found.target):
            return {}
        reached = (each for each in found.changed if each not in found.missed)
        return {CHANGES[each.change].label: (each.picture, each.measurement) for each in reached}

    @cached_property
    def blurred(self) -> tuple[Picture, Measurement]:
        """A clearly blurred picture."""
        picture = distorted(self.reference, Step.at("gaussian_blur", 0.5))
        return picture, self.measured(picture)

    def place(self, places: Sequence[int]) -> int:
        """Of places where a right answer may stand, one that fewest have had; which of them is drawn."""
        fewest = min(self.used[each] for each in places)
        return int(self.rng.choice([each for each in places if self.used[each] == fewest]))

    def some_of(self, values: list[int], right: int, most: int = MOST_OPTIONS) -> list[int]:
        """Neighbours of the right one of some values, in their order: at which place it is, is drawn."""
        most, at = min(most, len(values)), values.index(right)
        first = at - self.place(
            [at - each for each in range(len(values) - most + 1) if 0 <= at - each < most]
        )
        return values[first : first + most]

    def mixed(self, labels: Sequence[str], right: str) -> list[str]:
        """Labels in an order that is drawn."""
        others = [str(label) for label in self.rng.permutation([each for each in labels if each != right])]
        others.insert(self.place(range(len(labels))), right)
        return others

    def measured(self, picture: Picture) -> Measurement:
        """What the pages would say of it."""
        self.check()
        return compare(self.reference, picture, self.method).measurement(
            self.method.heads, self.method.layers
        )

    def shown(self, *others: tuple[str, Picture]) -> tuple[tuple[str, Picture], ...]:
        """The reference and others with their labels."""
        return (("Reference", self.reference), *others)


def closer(quiz: _Quiz) -> Question | None:
    """Chapter 1: one of two versions of one PSNR is closer."""
    pairs = [label for label in (SHIFT, BLUR) if label in quiz.changed]
    if len(pairs) < 2:
        return None
    scores = {label: quiz.changed[label][1] for label in pairs}
    (one, first), (other, second) = scores.items()
    return _asked(
        quiz,
        "closer",
        f"Which is closer by {quiz.metric}?",
        {label: (found.score, f"{found.score:.4f}") for label, found in scores.items()},
        min,
        quiz.metric,
        f"{one} has {first.score:.4f}, {other.lower()} {second.score:.4f}, and lower is closer. For PSNR "
        f"they are alike: {decibels(first.psnr)} and {decibels(second.psnr)}.",
        tuple((label, quiz.changed[label][0]) for label in pairs),
    )


def seen(quiz: _Quiz) -> Question | None:
    """Chapter 2: how much of the picture a cell sees."""
    fields = receptive_fields(quiz.method.row)
    widths = {name: fields[name].size[1] for name in quiz.method.layers if fields[name].kind == "cell"}
    if len(set(widths.values())) < 2:
        return None
    layer = str(quiz.rng.choice(list(widths)))
    chosen = quiz.some_of(sorted(set(widths.values())), widths[layer])
    return _question(
        quiz,
        "features",
        f"How many pixels across can one cell of {layer} see?",
        [Option(f"{width} pixels", float(width), f"{width} pixels") for width in chosen],
        chosen.index(widths[layer]),
        "width of the window",
        f"A cell of {layer} sees {fields[layer].words} of a picture of "
        f"{quiz.reference.width} × {quiz.reference.height}.",
        (),
    )


def channels(quiz: _Quiz) -> Question | None:
    """Chapter 3: how many channels make most of the highest cell."""
    picture, measurement = quiz.blurred
    layer = max(measurement.layers, key=lambda each: each.distance)
    if layer.map is None or not layer.distance > 0:
        return None
    method = quiz.method
    features = LayerFeatures(method.network, quiz.reference, picture, method.heads, layer.name)
    cell = np.zeros(features.grid)
    cell[np.unravel_index(int(np.argmax(layer.map)), layer.map.shape)] = 1
    parts = np.sort(features.contributions(cell) * cell.size)[::-1]
    most = int(np.searchsorted(np.cumsum(parts), 0.9 * parts.sum())) + 1
    around = {max(1, most // 9), max(1, most // 3), most, 3 * most, 9 * most}
    counts = [n for n in sorted(around) if n <= layer.channels]
    if len(counts) < 2 or most == layer.channels:
        return None
    counts = quiz.some_of(counts, most, 3)
    return _question(
        quiz,
        "cell",
        f"Blur: how many of {layer.name}’s {layer.channels} channels make 90% of its highest cell?",
        [Option(str(count), float(count), str(count)) for count in counts],
        counts.index(most),
        "channels",
        f"The strongest {most} make {parts[:most].sum():.3f} of the cell’s {parts.sum():.3f}.",
        ((BLUR, picture),),
    )


def layers(quiz: _Quiz) -> Question | None:
    """Chapter 4: which layer has the largest share."""
    noise = quiz.changed.get(NOISE)
    return noise and _of_layers(
        quiz, NOISE, noise, max, "Which layer adds most to the distance of this noise?", 0
    )


def farthest(quiz: _Quiz) -> Question | None:
    """Chapter 5: three changes of one PSNR."""
    if len(quiz.changed) < 3:
        return None
    found = {label: measurement for label, (_, measurement) in quiz.changed.items()}
    numbers = listed([f"{measurement.score:.4f}" for measurement in found.values()])
    return _asked(
        quiz,
        "needles",
        f"All three have one PSNR. Which is farthest by {quiz.metric}?",
        {label: (measurement.score, f"{measurement.score:.4f}") for label, measurement in found.items()},
        max,
        quiz.metric,
        f"At {decibels(next(iter(found.values())).psnr)}, {listed([label.lower() for label in found])} "
        f"have {numbers}.",
        tuple((label, picture) for label, (picture, _) in quiz.changed.items()),
    )


def alike(quiz: _Quiz) -> Question | None:
    """Chapter 6: whose order of the ladder is most like PSNR's."""
    method = quiz.method
    if method.weights != "trained":
        return None
    methods = {
        "Random weights": method.with_weights("random"),
        "Trained, uniform heads": method.with_heads("uniform"),
        "Trained, learned heads": method,
    }
    if method.heads == "uniform":
        del methods["Trained, learned heads"]
    base, scores = base_of(quiz.reference), quiz.scores
    rulers = (PSNR, *methods.values())
    for _ in climb(base, base, rulers, scores):
        quiz.check()
    found = {ruler: standing.scores for ruler, standing in standings(base, base, rulers, scores).items()}
    agree = {label: spearman(found[each], found[PSNR]) for label, each in methods.items()}
    if not all(map(np.isfinite, agree.values())):
        return None
    said = listed([f"{value:.2f} for {label.lower()}" for label, value in agree.items()])
    measured = {label: (value, f"{value:.2f}") for label, value in agree.items()}
    return _either(
        quiz,
        "training",
        lambda word: f"Who orders 45 changed versions {word} like PSNR does?",
        ("most", "least"),
        measured,
        "rank agreement with PSNR",
        f"The rank agreement with PSNR is {said}.",
        (),
    )


def sizes(quiz: _Quiz) -> Question | None:
    """Chapter 7: one pair at several sizes."""
    if not quiz.changed:
        return None
    change = str(quiz.rng.choice(list(quiz.changed)))
    picture = quiz.changed[change][0]
    measured = at_sizes(quiz.reference, picture, quiz.method)
    found = {
        f"{each.side} pixels": each.measurement.score
        for each in reversed(measured)
        if each.side is not None and each.measurement is not None
    }
    if len(found) < 2:
        return None
    numbers = listed([f"{score:.4f} at {label}" for label, score in found.items()])
    return _either(
        quiz,
        "failing",
        lambda word: f"One pair, resized before measuring. At which size is its distance {word}?",
        ("largest", "smallest"),
        {label: (score, f"{score:.4f}") for label, score in found.items()},
        quiz.metric,
        f"The same {change.lower()} has {numbers}.",
        ((change, picture),),
    )


def weights(quiz: _Quiz) -> Question | None:
    """Chapter 4, where another has no clear answer: which layer has the smallest share."""
    return _of_layers(
        quiz, BLUR, quiz.blurred, min, "Which layer adds least to the distance of this blur?", 1
    )


def patterns(quiz: _Quiz) -> Question | None:
    """Chapter 5, likewise: changes of one PSNR, by SSIM."""
    found = {label: measurement.ssim for label, (_, measurement) in quiz.changed.items()}
    if len(found) < 2:
        return None
    numbers = listed([f"{ssim:.3f}" for ssim in found.values()])
    return _asked(
        quiz,
        "needles",
        "All have one PSNR. Which is closest by SSIM?",
        {label: (ssim, f"{ssim:.3f}") for label, ssim in found.items()},
        max,
        "SSIM",
        f"{listed(list(found))} have {numbers}, and higher is closer.",
        tuple((label, picture) for label, (picture, _) in quiz.changed.items()),
    )


# In the order of the chapters, but for the sixth: it measures for seconds, while the others are answered.
MAKERS = (closer, seen, channels, layers, farthest, sizes, alike)
SPARE = (weights, patterns)  # where some of these have no clear answer


def _of_layers(
    quiz: _Quiz,
    label: str,
    changed: tuple[Picture, Measurement],
    best: Callable[..., float],
    text: str,
    digits: int,
) -> Question | None:
    """Which layer has the largest or the smallest share; of many those are offered that come nearest to it.

    Args:
        label: Of the changed picture.
        best: `max` or `min`.
        digits: Of the shares, after the point of the percentage.
    """
    picture, measurement = changed
    if len(measurement.layers) < 2 or not measurement.score > 0:
        return None
    ranked = sorted(measurement.layers, key=lambda layer: layer.share, reverse=best is max)[:MOST_OPTIONS]
    first = ranked[0]
    return _asked(
        quiz,
        "ledger",
        text,
        {
            layer.name: (layer.distance, f"{layer.share:.{digits}%}")
            for layer in measurement.layers
            if layer in ranked
        },
        best,
        "share of the score",
        f"{first.name} adds {first.distance:.4f} of {measurement.score:.4f}, which is "
        f"{first.share:.{digits}%}.",
        ((label, picture),),
    )


def _either(
    quiz: _Quiz, chapter: str, text: Callable[[str], str], words: tuple[str, str], *rest: Any
) -> Question | None:
    """A question about the largest or the smallest, as is drawn; the other one where that is not clear."""
    asked = [(words[0], max), (words[1], min)][:: int(quiz.rng.choice([1, -1]))]
    measured, *others = rest
    made = (_asked(quiz, chapter, text(word), measured, best, *others) for word, best in asked)
    return next(filter(None, made), None)


def _asked(
    quiz: _Quiz,
    chapter: str,
    text: str,
    measured: dict[str, tuple[float, str]],
    best: Callable[..., str],
    what: str,
    said: str,
    pictures: Sequence[tuple[str, Picture]],
) -> Question | None:
    """A question whose right answer has the largest or the smallest number; None where that is not clear."""
    values = {label: value for label, (value, _) in measured.items()}
    right = best(values, key=values.get)
    rest = [value for label, value in values.items() if label != right]
    nearest = best(rest)
    if not abs(values[right] - nearest) > CLEAR * abs(nearest):
        return None
    labels = quiz.mixed(list(measured), right)
    options = [Option(label, *measured[label]) for label in labels]
    return _question(quiz, chapter, text, options, labels.index(right), what, said, pictures)


def _question(
    quiz: _Quiz,
    chapter: str,
    text: str,
    options: Sequence[Option],
    right: int,
    what: str,
    said: str,
    pictures: Sequence[tuple[str, Picture]],
) -> Question:
    quiz.used[right] += 1
    return Question(chapter, text, tuple(options), right, what, said, quiz.shown(*pictures))
