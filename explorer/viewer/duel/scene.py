"""What is shown of made pictures: tiles with numbers, curves with a playhead, ledger and maps of a tile."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DuelMetric:
    """A row of numbers under the tiles.

    Attributes:
        key: Of `Ruler`, as `rulers.text_of`, or "layer:conv1" for a distance of one layer.
        label: As users read it; the first row is written large.
        direction: "lower is closer", "higher is closer", or where neither is, what the value tells.
        is_held: Whether it is the one that all have in common.
        is_logarithmic: How the chart's axis is laid.
    """

    key: str
    label: str
    direction: str
    is_held: bool = False
    is_logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class DuelFrame:
    """One step of a tile.

    Attributes:
        key: Digest of picture and maps, by which what was encoded is kept.
        step: From 0.
        picture: uint8 (h, w, 3).
        values: Written out, one a metric; "" where it was not asked.
        marks: One a metric, a word beside its value such as "fooled"; "" for none. Empty for no marks at all.
        distances: A distance a layer, of the scene's `layers`.
        maps: A map a layer, float32 (h, w) on its own grid; empty for a metric without maps.
        score: The sum of the distances, written out.
    """

    key: str
    step: int
    picture: np.ndarray
    values: tuple[str, ...]
    distances: tuple[float, ...]
    maps: tuple[np.ndarray, ...]
    score: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DuelTile:
    """A picture, through its steps.

    Attributes:
        key: Of the run; what `at` and `tile` of the display mean.
        label: On its badge: "Lowered"; the step is added where there are several.
        frames: By their steps, one at least. While it is made, the last one alone.
        tone: Of its curve and its frame: "first", "second", or "plain" for what does not move.
        change: What was done to it, uint8 (h, w, 3) around grey, as strong as `change_note` says; None for
            no such picture. It is that of the last frame, and shown in its place while asked for.
        change_note: "changed by, × 16".
    """

    key: str
    label: str
    frames: tuple[DuelFrame, ...]
    tone: str = "plain"
    change: np.ndarray | None = None
    change_note: str = ""


@dataclass(frozen=True, eq=False)
class DuelCurve:
    """One metric over the steps of one tile.

    Attributes:
        metric, tile: Their keys.
        steps: Ascending.
        values: One a step; NaN and infinite ones leave a gap.
        texts: The same, written out.
    """

    metric: str
    tile: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class DuelScene:
    """All of it.

    Attributes:
        key: Of what is made; another one begins with the last step.
        reference, reference_name, reference_note: The picture, its name, and at which size.
        bracket: What all tiles have in common, above them; "" for nothing.
        metrics: Rows of numbers.
        tiles: In their order, beside the reference.
        curves: Of the chart, which shows one metric at a time, that of the first curve until another one is
            chosen; none where nothing moves.
        course: The chart's heading, such as "step by step", and a line beside it.
        layers, layer_colours: Names of the method's layers, and the share bar's colours (CSS).
        metric: The method's name, as in "Where LPIPS sees it, layer by layer".
        steps: How many are asked for in all; the axis' end.
        is_running: Whether more frames come.
        is_asking: Whether metrics are still to be asked, of the first and the last frames.
        is_over: Whether nothing is left to be done, however many steps were asked for; the axis ends there.
        colours: Of the maps: "magma" or "cividis".
        shows, does_not_show: Two sentences: what it proves, and what it does not.
        opens: What the button at a tile says, such as "Open in Inspect"; "" for no button.
    """

    key: str
    reference: np.ndarray
    reference_name: str
    reference_note: str
    bracket: str
    metrics: tuple[DuelMetric, ...]
    tiles: tuple[DuelTile, ...]
    curves: tuple[DuelCurve, ...]
    course: tuple[str, str]
    layers: tuple[str, ...]
    layer_colours: tuple[str, ...]
    metric: str
    steps: int
    is_running: bool
    colours: str
    shows: str
    does_not_show: str
    opens: str = "Open in Inspect"
    is_asking: bool = False
    is_over: bool = False

    @property
    def looked_at(self) -> str:
        """The tile that is chosen at first: the one that was raised or changed, of which the story is."""
        seconds = [tile.key for tile in self.tiles if tile.tone == "second"]
        return (seconds or [tile.key for tile in self.tiles])[-1]
