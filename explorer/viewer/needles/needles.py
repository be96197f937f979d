"""One picture changed three ways, by sliders: metrics as needles, maps below; the browser's side is `js/`.

What pointer and keys can do is done in the browser. What must be computed is asked for by a `Moved`, one at a
time: while an answer is to come the browser keeps what was moved since, and asks for the last of it. Pictures
and maps travel once: the browser says which it has.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import render
from explorer.cache import ByteBudgetCache
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import bytes_of
from explorer.viewer.common.encoding import picture as encoded
from explorer.viewer.common.settings import is_number, is_whole
from explorer.viewer.common.small import called, numbered, register_small

MODES = ("free", "equal")
MOST_HELD = 64  # keys of pictures that a browser may say it has
LONGEST = 100  # letters of such a key

_sent: ByteBudgetCache[dict[str, Any]] = ByteBudgetCache(64_000_000)  # as it travels; of all users


@dataclass(frozen=True, eq=False)
class NeedlePicture:
    """The picture under one change.

    Attributes:
        key: Digest of all that is seen of it.
        pixels: uint8 (H, W, 3).
        dissimilarity: 1 - SSIM, float32 (H, W), NaN in the border.
        layers: The network's maps in the sum, float32 (rows, columns); none where it has no maps.
    """

    key: str
    pixels: np.ndarray
    dissimilarity: np.ndarray
    layers: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class NeedleSlider:
    """A slider.

    Attributes:
        key, label: Its name, and that for people.
        symbol, unit: Before and behind the amount.
        amount, least, end, step: Where it stands, its ends, and what a key moves it by.
        is_idle: Whether its picture is the reference, and nothing to compare.
    """

    key: str
    label: str
    symbol: str
    unit: str
    amount: float
    least: float
    end: float
    step: float
    is_idle: bool


@dataclass(frozen=True)
class Needle:
    """What a metric says of a picture.

    Attributes:
        value, text: Its number.
        place: On the scale, 0..1.
        is_closest: Whether it is coloured.
        verdict: A word beside the number: "closest", "farthest"; "" for none.
    """

    value: float
    text: str
    place: float
    is_closest: bool
    verdict: str


@dataclass(frozen=True)
class NeedleGauge:
    """A metric.

    Attributes:
        label, about, blind: Its name, what it compares, and what it cannot see.
        word: What it is, from the glossary.
        far, near: What is written at the scale's ends; a picture is closest on the right.
        needles: One a picture.
    """

    label: str
    about: str
    blind: str
    word: str
    far: str
    near: str
    needles: tuple[Needle, ...]


@dataclass(frozen=True)
class NeedleMap:
    """A kind of map: its key ("psnr" for the squared error, "ssim", "lpips"), its name, and its one scale.

    Attributes:
        end: Where the scale ends; None where there are no maps, and `note` says why.
        note: A line about the maps.
        unit: Of its values; "" for none.
    """

    key: str
    label: str
    end: float | None
    note: str
    unit: str = ""


@dataclass(frozen=True, eq=False)
class NeedleScene:
    """All that is shown.

    Attributes:
        reference: uint8 (H, W, 3), and its digest.
        pictures, sliders: One a change.
        mode: "free", or "equal" where all have one PSNR.
        map: Key of the kind of map that is seen.
        sentence: What is equal, and what the colour says; "" for none.
        edge: Column and row of the pixel that is seen magnified at first.
        answers: The `Moved.serial` to which this is the answer; 0 for none.
        is_stale: Whether what was asked for last is still to come.
    """

    reference: np.ndarray
    digest: str
    pictures: tuple[NeedlePicture, ...]
    sliders: tuple[NeedleSlider, ...]
    gauges: tuple[NeedleGauge, ...]
    maps: tuple[NeedleMap, ...]
    mode: str
    map: str
    sentence: str
    edge: tuple[int, int]
    answers: int
    is_stale: bool


@dataclass(frozen=True)
class Moved:
    """What a browser asks for.

    Attributes:
        serial: Rises from one to the next.
        held: Keys of the pictures that it has.
        mode, map: As in a `NeedleScene`.
        moved: Key of the slider that was moved last; "" for none.
        amounts: Of the sliders, by key.
        rests: Whether nothing has moved for a while: then the link can be written.
    """

    serial: int
    held: frozenset[str]
    mode: str
    map: str
    moved: str
    amounts: Mapping[str, float]
    rests: bool

    @classmethod
    def read(cls, sent: Any) -> "Moved | None":
        """What came from a browser, which may be anything; None where it is nothing of this kind."""
        if not isinstance(sent, Mapping):
            return None
        serial, held, mode, map_, moved, amounts = (
            sent.get(name) for name in ("serial", "held", "mode", "map", "moved", "amounts")
        )
        texts = map_, moved, *(held if isinstance(held, list) else [None])
        if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            return None
        if not is_whole(serial) or mode not in MODES or not isinstance(amounts, Mapping):
            return None
        if not all(map(is_number, amounts.values())):
            return None
        return cls(
            serial,
            frozenset(held[:MOST_HELD]),
            mode,
            map_,
            moved,
            {str(key): float(amount) for key, amount in amounts.items()},
            sent.get("rests") is True,
        )


_component = register_small(
    "needles",
    "needles",
    read("needles/needles.html"),
    parts=("panels", "magnifier", "gauges", "controls"),
    shared=("decode", "numbers", "maps", "colour", "holding"),
)


def needles(
    scene: NeedleScene,
    held: frozenset[str],
    *,
    key: str,
    colours: str,
    on_moved: Callable[[Moved], None],
) -> None:
    """Draw it.

    Args:
        held: Keys of the pictures that the browser has; they are not sent.
        key: Of the component.
        colours: Of the maps, such as "magma".
        on_moved: Called with what the browser asks for.
    """

    def hear(sent: Any) -> None:
        moved = Moved.read(sent)
        if moved is not None:
            on_moved(moved)

    height, width = scene.reference.shape[:2]
    files = {own.key: _files(own) for own in scene.pictures if own.key not in held}
    if scene.digest not in held:
        files[scene.digest] = {"picture": encoded(scene.reference)}
    _component(
        key=key,
        data=numbered(
            key,
            {
                "width": width,
                "height": height,
                "reference": scene.digest,
                "pictures": [own.key for own in scene.pictures],
                "files": files,
                "sliders": [vars(each) | {"isIdle": each.is_idle} for each in scene.sliders],
                "gauges": [_gauge(each) for each in scene.gauges],
                "maps": [vars(each) for each in scene.maps],
                "mode": scene.mode,
                "map": scene.map,
                "sentence": scene.sentence,
                "edge": scene.edge,
                "answers": scene.answers,
                "isStale": scene.is_stale,
                "colours": render.text(render.colours(colours).tobytes()),
            },
        ),
        on_moved_change=called(key, "moved", hear),
    )


def _files(own: NeedlePicture) -> dict[str, Any]:
    """A picture and its maps as they travel; the squared error the browser makes from the pictures."""
    found = _sent.get(own.key)
    if found is None:
        found = {
            "picture": encoded(own.pixels),
            "dissimilarity": render.plane(own.dissimilarity),
            "layers": [render.plane(layer) for layer in own.layers],
        }
        _sent.put(own.key, found, bytes_of(found))
    return found


def _gauge(gauge: NeedleGauge) -> dict[str, Any]:
    needles = [
        {
            "value": each.value if math.isfinite(each.value) else None,
            "text": each.text,
            "place": each.place,
            "isClosest": each.is_closest,
            "verdict": each.verdict,
        }
        for each in gauge.needles
    ]
    return vars(gauge) | {"needles": needles}
