"""What is measured and how it is shown, as one value that a link can carry.

A link holds a setting by its plain name (`?sample=cat&severity=0.4`). Whatever it asks for in vain is named
in a sentence, and the default taken instead.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from explorer.distortions import CATALOGUE, Recipe, Step
from explorer.distortions.base import Values
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.errors import SettingError
from explorer.metrics import Method, choose_layers
from explorer.metrics.method import PARAMETERS
from explorer.names import harmless
from explorer.samples import SAMPLES
from explorer.viewer.pair.display import Display
from explorer.views.common.sources import Sources

V = TypeVar("V")

SIZES = (1024, 512, 256, 128, 64)  # longest sides offered beside "as given"; links may name any
AS_GIVEN = "given"
AUTOMATIC = "auto"  # as given up to a megapixel, above that 1024

# Parameters that only one page has, by the end of its path. No two pages share a name.
OWN_PARAMETERS = {
    "compare": ("columns", "versus", "shares"),  # the two that are subtracted, and the scale
    "region": ("boxes", "box"),  # the chosen one
    "candidates": ("metrics", "files", "shown"),  # the uploads, and how they are shown
    "sweep": ("swept", "over", "from", "to", "beside", "points", "at", "overlaid", "mapped"),
    "match": ("equal", "target", "versions", "ordered", "picked"),
    "duel": (
        *("duel", "steps", "made", "duel_step", "duel_tile", "duel_curve", "duel_map"),
        *("duel_hold", "duel_at", "duel_moved", "duel_start"),
        *("duel_a", "duel_b", "duel_bound"),
        *("duel_layers", "duel_from", "duel_by"),
        *("duel_of", "duel_shown_at"),
    ),
    "disagree": ("between", "grid", "grid_seed", "verdicts"),
    "threshold": ("noticed",),
    "learn": (
        *("lesson", "chapter", "step", "scene", "classroom", "changed"),
        *("cell_layer", "cell_x", "cell_y", "cell_channel", "cell_shown"),
        *("seen_layer",),
        *("ledger_shown", "ledger_off", "ledger_heads"),
        *("needle_mode", "needle_shift", "needle_blur", "needle_noise", "needle_map"),
        *("closer_pair", "closer_choice", "closer_shown"),
        *("failing_of", "failing_size", "failing_seen", "failing_fed", "failing_levels"),
        *("failing_made", "failing_texture"),
        *("quiz_at", "quiz_said"),
        *("training", "training_layers"),
    ),
    "lessons": ("of_lesson",),
    "words": ("term",),
    "results": ("teacher", "class", "shows", "held", "dispute", "leave_out", "scaled"),
    "ask": (
        *("asks", "trials_of", "cut_from", "trials", "of_each", "sentinels", "each"),
        *("trial_seed", "choosing", "title"),
    ),
    "evaluate": (
        *("judgments", "set", "rulers", "rulers_at", "subsets", "judged_by"),
        *("contest", "part", "disputed", "leaf", "trial"),
    ),
    "calibrate": ("votes", "votes_set", "votes_of", "votes_without", "learn_seed"),
    "dataset": ("data", "table", "originals", "outputs", "unequal", "also", "metric", "against", "order"),
}

# Of the maps, as they are offered: cividis keeps its steps on a pale projector, and for all eyes.
COLOURS = {"magma": "Magma", "cividis": "Cividis"}

# Of the display, what says which part of the pictures is seen. Another part is no other entry of the history
# of a browser: history.js knows these names.
PLACE = ("zoom", "middle_x", "middle_y")


@dataclass(frozen=True)
class Settings:
    """All settings that a link carries; which pictures were uploaded is told by `Sources`.

    Attributes:
        distortion, severity, seed: What is done to the reference, unless its values were typed.
        values: Those that were typed in the place of the severity, which is kept to be taken up again.
        steps: Those of a recipe in the place of the one distortion; none where there is no such recipe.
        method: How pairs are measured, of whatever size.
        size: At which longest side: a number, `AS_GIVEN` or `AUTOMATIC`.
        projector: Whether the page is for a projector: large, and each layer's map on a scale of its own.
        colours: Of the maps: a key of `COLOURS`.
    """

    sample: str = "cat"
    distortion: str = "jpeg_local_blur"
    severity: float = 0.72
    values: Values | None = None
    seed: int = 0
    steps: tuple[Step, ...] = ()
    swapped: bool = False

    method: Method = field(default_factory=Method)
    size: int | str = AUTOMATIC

    projector: bool = False
    colours: str = "magma"
    display: Display = field(default_factory=Display)

    @property
    def recipe(self) -> Recipe:
        """What is done to the reference, where that is distorted."""
        if self.steps:
            return Recipe(self.steps)
        if self.values is None:
            return Recipe.at(self.distortion, self.severity, self.seed)
        return Recipe((Step(self.distortion, self.values, self.seed),))

    def with_severity(self, distortion: str, severity: float, seed: int) -> "Settings":
        """The same for a distortion by its severity, whatever was typed before."""
        return replace(self, distortion=distortion, severity=severity, values=None, seed=seed, steps=())

    def with_step(self, step: Step) -> "Settings":
        """The same for a distortion by its values; one that is off has none, but a severity of 0."""
        if step.values is None:
            return self.with_severity(step.name, 0.0, step.seed)
        return replace(self, distortion=step.name, values=step.values, seed=step.seed, steps=())

    def with_version(self, step: Step) -> "Settings":
        """As `with_step`, of what another page has made; the seed stays where the step is the same by any."""
        return self.with_step(step if step.entry.random else replace(step, seed=self.seed))

    def with_recipe(self, recipe: Recipe) -> "Settings":
        """The same for a recipe; that of one step, which is on, is the one distortion by its values."""
        first, *others = recipe
        return replace(self, steps=recipe.steps) if others or not first.is_on else self.with_step(first)

    def with_one(self, step: Step) -> "Settings":
        """The same for one distortion in the place of a recipe, by its severity where a hundredth is that."""
        severity = step.entry.severity_of(step.values)
        if severity is None:
            return self.with_step(replace(step, is_on=True))
        return self.with_severity(step.name, severity, step.seed)

    def with_backbone(self, name: str) -> "Settings":
        """The same for another backbone (`Method.with_backbone`), none of whose layers is chosen yet."""
        return replace(self, method=self.method.with_backbone(name), display=replace(self.display, layer=""))

    def with_method_of(self, method: Method) -> "Settings":
        """The same for another method's backbone, heads and weights; where it computes, and how, stays."""
        chosen = self.with_backbone(method.backbone)
        return replace(chosen, method=replace(chosen.method, heads=method.heads, weights=method.weights))

    def with_projector(self, is_on: bool) -> "Settings":
        """The same for a projector, or no longer: there a dark map would be lost beside a bright one.

        A scale that was chosen otherwise stays.
        """
        usual, projected = Display().scale, "layer"
        old, new = (usual, projected) if is_on else (projected, usual)
        scale = new if self.display.scale == old else self.display.scale
        return replace(self, projector=is_on, display=replace(self.display, scale=scale))

    @classmethod
    def from_link(
        cls, query: Mapping[str, str], is_strict: bool = False
    ) -> tuple["Settings", tuple[str, ...]]:
        """Read a link's parameters; returns the settings, and a sentence for each that was no good.

        Args:
            is_strict: Whether one that is no good is an error, as in a file, which nobody has typed.

        Raises:
            SettingError: the first that is no good, where it is strict.
        """
        settings, problems = cls(), []
        # In this order: what may follow depends on the backbone and its heads, and a recipe is the last word.
        known = (*READERS, "recipe", "projector", *MEASURED, *DISPLAY_READERS)
        unknown = [quoted(name) for name in query if name not in known]
        for name in (name for name in known if name in query):
            text = query[name]
            try:
                if name == "backbone":
                    settings = settings.with_backbone(text)
                elif name == "recipe":
                    settings = settings.with_recipe(Recipe.from_text(text))
                elif name == "projector":
                    settings = settings.with_projector(_flag(text))
                elif name in MEASURED:
                    settings = replace(settings, method=settings.method.with_text(name, text))
                elif name in READERS:
                    settings = replace(settings, **{name: READERS[name](text, settings)})
                else:
                    display = replace(settings.display, **{name: DISPLAY_READERS[name](text, settings)})
                    settings = replace(settings, display=display)
            except (ValueError, SettingError) as error:
                if is_strict:
                    raise SettingError(f"{name} {quoted(text)}: {error}", name) from error
                problems.append(in_vain(name, text, error))
        if unknown:
            more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
            names = f"{', '.join(unknown[:3])}{more}"
            if is_strict:
                raise SettingError(f"settings that do not exist: {names}.")
            problems.append(f"The link has settings that do not exist and were left out: {names}.")
        return settings, tuple(problems)

    def to_link(self, linkable: bool = True, sources: Sources | None = None) -> dict[str, str]:
        """The parameters that reopen this view; empty for the first screen.

        Args:
            linkable: False where pictures were uploaded.
            sources: Which these are, and how a link names them; where that is not known, what depends on
                them is left out.
        """
        place = self._place_to_link()
        if replace(self, display=self.display.whole) == Settings() and linkable:
            return place
        query = sources.to_link() if sources else {}
        if linkable or (sources and sources.source == "sample"):
            query["sample"] = self.sample
        if linkable or (sources and sources.pairing == "distort"):
            # A recipe says what distortion, severity and seed say, and to the last digit.
            is_recipe = bool(self.steps) or self.values is not None
            names = () if is_recipe else ("distortion", "severity", "seed")
            query |= {name: _as_text(getattr(self, name)) for name in names}
            query |= {"recipe": self.recipe.to_link()} if is_recipe else {}
        if self.seed != Settings.seed and (self.steps or "recipe" not in query):
            query["seed"] = str(self.seed)  # also of what pages distort that have no pair
        if linkable or sources:
            query |= {"swapped": "1"} if self.swapped else {}
        query |= self.method.to_link()
        query |= {} if self.size == AUTOMATIC else {"size": str(self.size)}
        query |= {"projector": "1"} if self.projector else {}
        query |= {} if self.colours == Settings.colours else {"colours": self.colours}
        plain = Settings().with_projector(self.projector).display
        for name in (entry.name for entry in fields(Display) if entry.name not in PLACE):
            value = getattr(self.display, name)
            if value != getattr(plain, name):
                query[name] = _as_text(value)
        return query | place

    def _place_to_link(self) -> dict[str, str]:
        """The parameters that say which part of the pictures is seen; none for the whole."""
        if self.display.zoom == 1:
            return {}
        return {name: _as_text(getattr(self.display, name)) for name in PLACE}


def quoted(text: str) -> str:
    """A value of a link, quoted, and cut where it is endless."""
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def in_vain(name: str, text: str, why: object) -> str:
    """The sentence about a parameter of a link that is no good.

    Args:
        why: In small letters, with its full stop.
    """
    return f"The link asks for {name} {quoted(harmless(text))}, and the default was taken: {why}"


def read_own(
    view: V, readers: Mapping[str, Callable[[V, str], V]], link: Mapping[str, str]
) -> tuple[V, list[str]]:
    """What a link's parameters make of a page's view, and a sentence for each that was no good.

    Args:
        view: As on a first visit.
        readers: For each parameter the view with its text read, in the order in which they are; a reader
            raises SettingError or ValueError for what is no good.
    """
    problems = []
    for name, reader in readers.items():
        if name in link:
            try:
                view = reader(view, link[name])
            except (SettingError, ValueError) as error:
                problems.append(in_vain(name, link[name], error))
    return view, problems


def _as_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else str(value)


Reader = Callable[[str, Settings], Any]  # a parameter's text, and the settings read so far


def _one_of(choices: Mapping[str, Any] | tuple[str, ...]) -> Callable[..., str]:
    def read(text: str, _settings: Settings | None = None) -> str:
        if text not in choices:
            raise ValueError(f"choose one of {', '.join(choices)}.")
        return text

    return read


def _flag(text: str) -> bool:
    return _one_of(("0", "1"))(text) == "1"


def _text(text: str, _settings: Settings) -> str:
    return text


def _fraction(text: str, settings: Settings) -> float:
    value = _number(text, settings)
    if not 0 <= value <= 1:
        raise ValueError("it must lie between 0 and 1.")
    return round(value, 6) + 0.0  # the sum turns -0.0 into 0.0


def _number(text: str, _settings: Settings) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("it must be a number.") from None
    if not math.isfinite(value):
        raise ValueError("it must be a finite number.")
    return value


def read_seed(text: str, _settings: Settings | None = None) -> int:
    """A seed as links have it; ValueError for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_SEED))
    if not is_number or int(text) > HIGHEST_SEED:
        raise ValueError(f"it must be a whole number from 0 to {HIGHEST_SEED:,}.")
    return int(text)


def _size(text: str, _settings: Settings) -> int | str:
    if text in (AUTOMATIC, AS_GIVEN):
        return text
    if not text.isdecimal() or len(text) > 5 or int(text) < 1:
        known = ", ".join(map(str, SIZES))
        raise ValueError(
            f"choose one of {AUTOMATIC}, {AS_GIVEN}, {known}, or another whole number of pixels."
        )
    return int(text)


def _layer(text: str, settings: Settings) -> str:
    return choose_layers(settings.method.row, [text])[0]


READERS: dict[str, Reader] = {
    "sample": _one_of(SAMPLES),
    "distortion": _one_of(CATALOGUE),
    "severity": _fraction,
    "seed": read_seed,
    "swapped": lambda text, _: _flag(text),
    "colours": _one_of(COLOURS),
    "size": _size,
}
# What a `Method` reads itself; its size is chosen for each pair anew.
MEASURED = tuple(name for name in PARAMETERS if name != "size")
# Ranges and choices are checked by Display itself.
DISPLAY_READERS: dict[str, Reader] = {
    "mode": _text,
    "map": _text,
    "layer": _layer,
    "overlay": _number,
    "cells": _text,
    "scale": _text,
    "fixed": _number,
    "zoom": _number,
    "middle_x": _number,
    "middle_y": _number,
}
