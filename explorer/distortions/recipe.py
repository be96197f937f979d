"""Recipes: what is done to a picture, as a value that a link or a file can carry.

A `Step` is one distortion with its physical values, a `Recipe` is one step after the other. How a step came
to its values does not matter: `Step.at` takes them from a severity, and who types them has them.

A recipe as JSON is a list of its steps, in their order:

    [{"name": "jpeg", "values": {"quality": 9}},
     {"name": "gaussian_noise", "values": {"sigma": 12.0}, "seed": 7}]

"values" holds every parameter of the distortion, in its unit, or is null for a step that changes nothing;
"seed" may be left out, and then is 0. A step that is switched off, and keeps its values, has `"on": false`.
A recipe in a link is `jpeg~quality~9~~gaussian_noise~sigma~12~seed~7`, with `~on~0` behind a step that is
switched off; `jpeg~off` is the step that changes nothing: only characters that links hold as they are.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from explorer.distortions.base import UNCHANGED, Distortion, Values, shown
from explorer.distortions.catalogue import find_distortion
from explorer.errors import SettingError

MOST_STEPS = 32
HIGHEST_SEED = (
    2**53 - 1
)  # the last whole number that every browser and every reader of JSON tells from the next
LONGEST_TEXT = 50_000  # characters of a recipe as JSON or in a link; 32 steps take a tenth of it

_PART, _STEP = "~", "~~"  # what parts a link's parts and steps: no name and no number holds it
_OFF, _SEED, _ON = "off", "seed", "on"
_FIELDS = ("name", "values", "seed", "on")  # of a step as JSON
_EXAMPLE = '{"name": "jpeg", "values": {"quality": 9}}'


@dataclass(frozen=True)
class Step:
    """One distortion with its values; equal steps make equal pixels.

    Attributes:
        name: A key of `CATALOGUE`.
        values: Parameter's name -> number, for all parameters; given in any order as a mapping or as pairs,
            kept as pairs in the catalogue's order. None changes nothing, which is what severity 0 stands for:
            no values do, since the best JPEG is still a JPEG.
        seed: Of the pattern of a random distortion; 0 to `HIGHEST_SEED`.
        is_on: Whether it is done at all. One that is switched off keeps its values.

    Raises:
        SettingError: an unknown name, a value that is missing, unknown or not in its range, a seed that is
            no such whole number, or a switch that is neither on nor off.
    """

    name: str
    values: Values | None
    seed: int = 0
    is_on: bool = True

    def __post_init__(self) -> None:
        entry = find_distortion(self.name)
        is_whole = isinstance(self.seed, Integral) and not isinstance(self.seed, bool)
        if not is_whole or not 0 <= self.seed <= HIGHEST_SEED:
            raise SettingError(
                f"The seed is {shown(self.seed)}; choose a whole number from 0 to {HIGHEST_SEED:,}."
            )
        if not isinstance(self.is_on, bool):
            raise SettingError(f"A step is switched on (true) or off (false), not {shown(self.is_on)}.")
        object.__setattr__(self, "seed", int(self.seed))
        if self.values is not None:
            object.__setattr__(self, "values", entry.checked(_by_name(self.values, self.name)))

    @classmethod
    def at(cls, name: str, severity: float, seed: int = 0) -> "Step":
        """The step with the values that a severity stands for.

        Args:
            name: A key of `CATALOGUE`.
            severity: 0 (every pixel as it was) to 1 (strongest).
            seed: The same seed is the same pattern at every severity.

        Raises:
            SettingError: an unknown name, a severity outside 0..1, or a seed that is none.
        """
        return cls(name, find_distortion(name).values(severity), seed)

    @property
    def changes(self) -> bool:
        """Whether it does anything: it is on, and has values."""
        return self.is_on and self.values is not None

    @property
    def entry(self) -> Distortion:
        """The catalogue's row."""
        return find_distortion(self.name)

    @property
    def label(self) -> str:
        """The values as people read them: "quality 9, σ 1.2% of side", or "unchanged"."""
        return self.entry.text(self.values)

    @property
    def note(self) -> str:
        """The label, and the seed where it matters."""
        return f"{self.label}, seed {self.seed}" if self.entry.random else self.label

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Distort an image; the same step always makes the same pixels, and one that is off leaves them.

        Args:
            image: uint8 (H, W, 3), sRGB. It is left as it is.

        Returns:
            A new uint8 (H, W, 3).

        Raises:
            SettingError: for an array of another type or shape, and where a format can't hold an image of
                this size.
        """
        _check_image(image)
        if not self.changes:
            return image.copy()
        arguments: dict[str, Any] = dict(self.values)
        if self.entry.random:
            arguments["rng"] = np.random.default_rng(self.seed)
        return self.entry.apply(image, **arguments)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the switch is left out where it is on."""
        return {
            "name": self.name,
            "values": None if self.values is None else dict(self.values),
            "seed": self.seed,
        } | ({} if self.is_on else {"on": False})

    @classmethod
    def from_dict(cls, found: Any) -> "Step":
        """The step that `to_dict` gave.

        Raises:
            SettingError: it is no such thing, or as `Step`.
        """
        if not isinstance(found, Mapping):
            raise SettingError(f"A step must be {_EXAMPLE}, but this one is {shown(found)}.")
        for name in found:
            if name not in _FIELDS:
                raise SettingError(f"A step has no {shown(name)}; write {_EXAMPLE}, with a seed if you like.")
        for name in ("name", "values"):
            if name not in found:
                raise SettingError(f"A step lacks its {name}; write {_EXAMPLE}.")
        return cls(found["name"], found["values"], found.get("seed", 0), found.get("on", True))

    def to_link(self) -> str:
        """The step as a part of a link; the seed is left out where it is 0, and the switch where it is on."""
        values = [_OFF] if self.values is None else _digits(self.values)
        seed = [_SEED, str(self.seed)] if self.seed else []
        switch = [] if self.is_on else [_ON, "0"]
        return _PART.join([self.name, *values, *seed, *switch])

    @classmethod
    def from_link(cls, text: str) -> "Step":
        """The step that `to_link` gave.

        Raises:
            SettingError: it is no such text, or as `Step`.
        """
        name, *parts = text.split(_PART)
        is_off = parts[:1] == [_OFF]
        parts = parts[is_off:]
        names = parts[::2]
        if not (is_off or parts) or len(parts) % 2 or len(set(names)) < len(names):
            raise SettingError(f"{shown(text)} is no step; write it like jpeg{_PART}quality{_PART}9.")
        numbers = dict(zip(names, map(_number, parts[1::2]), strict=True))
        seed, switch = numbers.pop(_SEED, 0), numbers.pop(_ON, 1)
        if switch not in (0, 1):
            raise SettingError(f"{shown(text)} is neither on nor off; write {_ON}{_PART}0 for off.")
        if is_off and numbers:
            raise SettingError(f"{shown(text)} is off and has values; leave one of the two out.")
        return cls(name, None if is_off else numbers, seed, bool(switch))


@dataclass(frozen=True)
class Recipe:
    """One step after the other; equal recipes make equal pixels.

    Attributes:
        steps: From 1 to `MOST_STEPS`, each a `Step`, or (name, values), or (name, values, seed).

    Raises:
        SettingError: no step, too many, or one that is no good.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(_each(_as_step, self.steps)))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    @classmethod
    def at(cls, name: str, severity: float, seed: int = 0) -> "Recipe":
        """The recipe of one step, as `Step.at`."""
        return cls((Step.at(name, severity, seed),))

    @property
    def active(self) -> tuple[Step, ...]:
        """The steps that are on."""
        return tuple(step for step in self if step.is_on)

    @property
    def title(self) -> str:
        """The labels of the distortions that are on: "JPEG, then Gaussian noise"."""
        return ", then ".join(step.entry.label for step in self.active) or UNCHANGED.capitalize()

    @property
    def label(self) -> str:
        """What is done, in words: "quality 9", or "JPEG (quality 9), then Shift (shift 2% of side)"."""
        return self._told([step.label for step in self.active])

    @property
    def note(self) -> str:
        """The label, with the seeds where they matter."""
        return self._told([step.note for step in self.active])

    def _told(self, texts: list[str]) -> str:
        if len(texts) < 2:
            return texts[0] if texts else UNCHANGED
        return ", then ".join(
            f"{step.entry.label} ({text})" for step, text in zip(self.active, texts, strict=True)
        )

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Distort an image by one step after the other; arguments, result and errors as of `Step.apply`."""
        for step in self:
            image = step.apply(image)
        return image

    def to_json(self) -> str:
        """The recipe as JSON, as the top of this file says."""
        return json.dumps([step.to_dict() for step in self])

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """The recipe that JSON describes.

        Raises:
            SettingError: it is no JSON, no list of steps, or one of the steps is no good; the sentence says
                which.
        """
        _check_length(text)
        try:
            found = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            what = f"is not JSON{where}" if text.strip() else "is empty"
            raise SettingError(f"The recipe {what}; write a list such as [{_EXAMPLE}].") from error
        if not isinstance(found, list):
            raise SettingError(f"The recipe must be a list such as [{_EXAMPLE}], but is {shown(found)}.")
        return cls(_each(Step.from_dict, found))

    def to_link(self) -> str:
        """The recipe as a link's text, as the top of this file says."""
        return _STEP.join(step.to_link() for step in self)

    @classmethod
    def from_link(cls, text: str) -> "Recipe":
        """The recipe that `to_link` gave.

        Raises:
            SettingError: it is no such text; the sentence says which step is no good.
        """
        _check_length(text)
        return cls(_each(Step.from_link, text.split(_STEP)))

    @classmethod
    def from_text(cls, text: str) -> "Recipe":
        """The recipe that `to_json` or `to_link` gave, whichever it was.

        Raises:
            SettingError: as of the two.
        """
        is_json = text.lstrip().startswith(("[", "{"))  # with which no distortion's name begins
        return cls.from_json(text) if is_json else cls.from_link(text)


RecipeSource = Recipe | Step | Sequence[Step | tuple]


def as_recipe(source: RecipeSource) -> Recipe:
    """A recipe from itself, from one step, or from a list of steps.

    Raises:
        SettingError: as `Recipe`.
    """
    if isinstance(source, Recipe):
        return source
    return Recipe((source,) if isinstance(source, Step) else source)


def _each(make: Callable[[Any], Step], found: Iterable[Any]) -> tuple[Step, ...]:
    """Make every step; an error says which one it is about, where there are several."""
    if isinstance(found, str | bytes | Mapping) or not isinstance(found, Iterable):
        raise SettingError(f'A recipe is a list such as [("jpeg", {{"quality": 9}})], not {shown(found)}.')
    found = tuple(found)
    if not 1 <= len(found) <= MOST_STEPS:
        raise SettingError(f"A recipe has 1 to {MOST_STEPS} steps, but this one has {len(found)}.")
    steps = []
    for number, each in enumerate(found, start=1):
        try:
            steps.append(make(each))
        except SettingError as error:
            raise SettingError(f"Step {number}: {error}" if len(found) > 1 else str(error)) from error
    return tuple(steps)


def _as_step(found: Any) -> Step:
    if isinstance(found, Step):
        return found
    if not isinstance(found, list | tuple) or len(found) not in (2, 3):
        raise SettingError(
            f'A step is (name, values), such as ("jpeg", {{"quality": 9}}), not {shown(found)}.'
        )
    return Step(*found)


def _by_name(values: Any, owner: str) -> dict[str, Any]:
    """Values given as a mapping or as pairs, each name once."""
    try:
        pairs = list(values.items() if isinstance(values, Mapping) else values)
        named = dict(pairs)
    except (TypeError, ValueError):
        raise SettingError(
            f'The values of {owner} are {shown(values)}; give numbers by name, such as {{"sigma": 1.8}}.'
        ) from None
    if len(named) < len(pairs):
        raise SettingError(f"A value of {owner} is given twice; leave one of the two out.")
    return named


def _digits(values: Values) -> list[str]:
    """Names and numbers in turn, each number with all its digits and no more."""
    return [text for name, value in values for text in (name, repr(value).removesuffix(".0"))]


def _number(text: str) -> float:
    """A number of a link; its range is checked later."""
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise SettingError(f"{shown(text)} is no number; write digits, such as 1.8.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, whose names must differ: Python would take the last of two, others the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise SettingError(f"The recipe gives {shown(twice)} twice in one place; leave one of the two out.")
    return found


def _check_length(text: str) -> None:
    if not isinstance(text, str):
        raise SettingError(f"The recipe is no text, but {shown(text)}; write a list such as [{_EXAMPLE}].")
    if len(text) > LONGEST_TEXT:
        raise SettingError(
            f"The recipe has {len(text):,} characters; write at most {MOST_STEPS} steps, "
            f"in no more than {LONGEST_TEXT:,}."
        )


def _check_image(image: np.ndarray) -> None:
    is_rgb = isinstance(image, np.ndarray) and image.ndim == 3 and image.shape[2] == 3 and image.size > 0
    if not is_rgb or image.dtype != np.uint8:
        found = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
        raise SettingError(
            f"A distortion needs a uint8 array of shape (height, width, 3), but got {found}; "
            "convert the image to 8-bit RGB first."
        )
