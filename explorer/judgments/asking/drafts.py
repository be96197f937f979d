"""From what a trial shows to a session: the sentinels added, all numbered, and their pictures encoded.

Sentinels are trials whose answer is plain. In 2AFC: the reference unchanged against a distortion at its
strongest, the unchanged one being A and B in turn. In JND, in turn: the reference twice, and the reference
and a distortion at its strongest.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from PIL import Image

from explorer.distortions import Recipe, find_distortion
from explorer.distortions.base import shown
from explorer.distortions.pictures import made_by
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.distortions.sequences import DRAWN_SEEDS
from explorer.errors import ImageError, SettingError
from explorer.images import Picture
from explorer.jobs import Progress
from explorer.judgments.asking.limits import (
    LONGEST_TITLE,
    MOST_BYTES,
    MOST_PARTICIPANTS,
    MOST_SENTINELS,
    MOST_TRIALS,
)
from explorer.judgments.asking.trial import Choice, Kind, Plan, Trial
from explorer.judgments.judgment import DIGITS, scene_of
from explorer.names import harmless

OBVIOUS = ("gaussian_noise", "jpeg", "colour_shift", "gaussian_blur")  # in turn, at severity 1
TELLING = 12.0  # levels, root mean square, that a sentinel's distortion changes; the noise always does

Drawn = tuple[Plan, dict[str, bytes]]


@dataclass(frozen=True)
class Setup:
    """What a teacher says of a session, whatever its trials are.

    Attributes:
        title: In their words; made harmless, and at most `LONGEST_TITLE` letters.
        each: How many trials one participant sees, sentinels among them; None for all.
        sentinels: How many trials with a plain answer there are beside the others.
        seed: Of what is drawn, of orders and of sides.
        choosing: How the next trial is chosen, as in a `Plan`.
        most: Participants at most.

    Raises:
        SettingError: a number out of its range.
    """

    title: str = ""
    each: int | None = None
    sentinels: int = 2
    seed: int = 0
    choosing: Literal["random", "active"] = "random"
    most: int = 500

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", harmless(self.title.strip())[:LONGEST_TITLE])
        check_count(self.sentinels, 0, MOST_SENTINELS, "sentinels")
        check_count(self.most, 1, MOST_PARTICIPANTS, "participants")
        check_count(self.seed, 0, HIGHEST_SEED, "the seed")
        if self.each is not None:
            check_count(self.each, 1, MOST_TRIALS + MOST_SENTINELS, "trials for each participant")
        if self.choosing not in ("random", "active"):
            raise SettingError(f"Trials are chosen “random” or “active”, not {self.choosing!r}.")


@dataclass(frozen=True, eq=False)
class Draft:
    """A trial before it has a number.

    Attributes:
        family: What results are told by.
        reference: What the versions are of.
        a, b: A picture, and the condition that it stands for; "" for the reference itself.
        expected: Of a sentinel.
    """

    family: str
    reference: Picture
    a: tuple[Picture, str]
    b: tuple[Picture, str]
    expected: Choice | None = None


def planned(
    kind: Kind,
    drafts: Iterable[Draft],
    count: int,
    references: Sequence[Picture],
    setup: Setup,
    progress: Progress | None = None,
) -> Drawn:
    """A session of these trials and of sentinels behind them.

    Args:
        kind: Of all trials.
        drafts: May be made one after the other, as they are taken.
        count: How many they are.
        references: What the sentinels are made of, one each.
        setup: All else.
        progress: Told after each trial.

    Raises:
        SettingError: each participant would see more trials than there are.
        ImageError: the pictures take too many bytes.
    """
    total = count + len(references)
    each = total if setup.each is None else setup.each
    if each > total:
        raise SettingError(
            f"Nobody can see {each} trials of {total}; let each participant see fewer, or draw more trials."
        )
    sentinels = (_sentinel(kind, each, place, setup.seed) for place, each in enumerate(references))
    trials: list[Trial] = []
    images: dict[str, bytes] = {}
    named: dict[tuple[str, str], str] = {}  # (scene, condition) -> digest
    for draft in chain(drafts, sentinels):
        for picture in (draft.reference, draft.a[0], draft.b[0]):
            if picture.digest not in images:
                images[picture.digest] = _png(picture)
        trials.append(_numbered(draft, len(trials), kind, named))
        _check_bytes(sum(map(len, images.values())))
        if progress is not None:
            progress(len(trials), total)
    return Plan(setup.title, kind, tuple(trials), each, setup.seed, setup.choosing, setup.most), images


def _numbered(draft: Draft, number: int, kind: Kind, named: dict[tuple[str, str], str]) -> Trial:
    scene = scene_of(draft.reference)
    conditions = (_told(named, scene, condition, picture.digest) for picture, condition in (draft.a, draft.b))
    digests = (picture.digest for picture in (draft.reference, draft.a[0], draft.b[0]))
    return Trial(number, kind, draft.family, scene, *conditions, *digests, draft.expected)


def _sentinel(kind: Kind, reference: Picture, place: int, seed: int) -> Draft:
    """An obvious trial; `place` among the sentinels says which kind of obvious."""
    plain = (reference, "")
    turn, is_odd = divmod(place, 2)
    if kind == "jnd":
        if not is_odd:
            return Draft("sentinel", reference, plain, plain, "same")
        return Draft("sentinel", reference, plain, _ruined(reference, turn, seed), "different")
    ruined = _ruined(reference, place, seed)
    a, b = (ruined, plain) if is_odd else (plain, ruined)
    return Draft("sentinel", reference, a, b, "B" if is_odd else "A")


def _ruined(reference: Picture, first: int, seed: int) -> tuple[Picture, str]:
    """The reference under the first obvious distortion, in their order from `first` on, that tells on it."""
    for step in range(len(OBVIOUS)):
        entry = find_distortion(OBVIOUS[(first + step) % len(OBVIOUS)])
        recipe = Recipe.at(entry.name, 1, entry.seed_of((seed + first) % DRAWN_SEEDS))
        pixels = recipe.apply(reference.pixels)
        if changed(reference.pixels, pixels) >= TELLING:
            break
    return made_by(reference, recipe, pixels), recipe.to_link()


def _told(named: dict[tuple[str, str], str], scene: str, condition: str, digest: str) -> str:
    """A condition's name, which stands for one picture of a scene: "p0.png" of several folders is not."""
    if named.setdefault((scene, condition), digest) == digest:
        return condition
    return f"{condition} {digest[:DIGITS]}"


def _png(picture: Picture) -> bytes:
    """A picture as a small PNG: it is encoded once, and sent to each participant."""
    buffer = io.BytesIO()
    Image.fromarray(picture.pixels).save(buffer, "PNG")
    return buffer.getvalue()


def changed(before: np.ndarray, after: np.ndarray) -> float:
    """Root mean square of the difference of two uint8 pictures, in levels of 0..255."""
    return float(np.sqrt(np.mean(np.square(after.astype(np.float32) - before))))


def _check_bytes(found: int) -> None:
    if found > MOST_BYTES:
        raise ImageError(
            f"The pictures of these trials take {found / 1e6:.0f} MB, more than the "
            f"{MOST_BYTES / 1e6:.0f} MB of a session; bring fewer or smaller ones."
        )


def check_count(value: object, low: int, high: int, what: str) -> None:
    """Raise `SettingError` unless a value is a whole number in this range."""
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole or not low <= value <= high:
        raise SettingError(f"{shown(value)} is no good for {what}; choose a whole number, {low} to {high:,}.")
