"""Simulated classes: a session of random trials in a store, and people who answer by a rule of their own."""

import io

import numpy as np
from PIL import Image

from explorer.judgments.asking.drawing import Setup, random_plan
from explorer.judgments.asking.order import order
from explorer.judgments.asking.trial import Kind, Plan, Trial
from explorer.judgments.store import Keys, Store
from explorer.samples import load_sample

TITLE = "Class *7b* <b>bold</b> | $x$"  # data, never markup


def pixels_of(png: bytes) -> np.ndarray:
    """A picture of a session, float (H, W, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)), float)


def session(
    store: Store,
    kind: Kind = "2afc",
    count: int = 12,
    versions: int = 2,
    each: int | None = None,
    title: str = TITLE,
) -> tuple[Keys, Plan]:
    """A session of random patches of samples, with two sentinels."""
    setup = Setup(title=title, each=each, sentinels=2, seed=3)
    pictures = [load_sample(name) for name in ("cat", "coffee")]
    plan, images = random_plan(pictures, kind, count, setup, versions=versions)
    return store.create(plan, images), plan


class People:
    """Who prefers the version whose pixels differ less, more surely the clearer that is.

    Args:
        store: With the session's pictures.
        plan: Of the session.
        careless: Numbers of those who answer by chance, and all sentinels wrong.
        sharpness: 0 is chance for all.
        seed: Of their doubts.
    """

    def __init__(
        self, store: Store, plan: Plan, careless: tuple[int, ...] = (), sharpness: float = 6.0, seed: int = 0
    ):
        self._careless, self._rng, self._plan = careless, np.random.default_rng(seed), plan
        self._chances = [self._chance(store, trial, sharpness) for trial in plan.trials]

    def answer(self, person: int, number: int) -> str:
        """What somebody says of a trial."""
        trial = self._plan.trials[number]
        if trial.is_sentinel:
            wrong = next(each for each in trial.choices if each != trial.expected)
            return wrong if person in self._careless else trial.expected
        chance = 0.5 if person in self._careless else self._chances[number]
        return trial.choices[int(self._rng.random() < chance)]

    def _chance(self, store: Store, trial: Trial, sharpness: float) -> float:
        """Of B, or of "different"."""
        reference, a, b = (pixels_of(store.picture(each)) for each in (trial.reference, trial.a, trial.b))
        first, second = (float(np.sqrt(np.mean((each - reference) ** 2))) for each in (a, b))
        if trial.kind == "jnd":
            return 1 / (1 + np.exp(-(second - 15) / 5))
        return 1 / (1 + np.exp(-sharpness * (first - second) / (first + second + 1e-9)))


def vote(store: Store, code: str, plan: Plan, people: People, count: int, milliseconds: int = 1500) -> None:
    """Have so many join and answer all that they are shown."""
    for _ in range(count):
        who = store.join(code)
        for shown in order(plan, who.number):
            store.shown(who.token, shown.trial, shown.was_swapped)
            choice = people.answer(who.number, shown.trial)
            store.vote(who.token, shown.trial, choice, milliseconds + 10 * who.number)
