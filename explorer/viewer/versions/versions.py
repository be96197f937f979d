"""Versions of a reference in a grid and on the metrics' axes; ordered in the browser, whose side is `js/`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from explorer.errors import SettingError
from explorer.viewer.common.component import linked, reporting
from explorer.viewer.common.encoding import encoders
from explorer.viewer.common.encoding import picture as encoded
from explorer.viewer.common.settings import ViewerSettings
from explorer.viewer.common.small import called, numbered, register_small


@dataclass(frozen=True)
class VersionMetric:
    """What versions are ordered by, and its axis.

    Attributes:
        key: Its name.
        label: As it is shown.
        closest, farthest: What is written at the axis' ends; "" where no version has a value.
        held: What is said of the place where all stand, such as "26.0 dB, all 12"; "" where they do not.
        direction: "lower is closer".
    """

    key: str
    label: str
    direction: str
    closest: str = ""
    farthest: str = ""
    held: str = ""


@dataclass(frozen=True)
class VersionValue:
    """A version by one metric: its text, its rank if any, also in words, and its place on the axis, 0..1."""

    text: str
    rank: int | None
    ordinal: str
    place: float | None


@dataclass(frozen=True, eq=False)
class VersionTile:
    """A version.

    Attributes:
        key: What a click on it reports.
        name: The distortion's.
        picture: uint8 (H, W, 3).
        parameters: Its values in words.
        remark: How near it came, where that is worth a word; and the value that it came to, alone.
        values: In the metrics' order.
    """

    key: str
    name: str
    picture: np.ndarray
    parameters: str
    remark: str
    nearest: str
    values: tuple[VersionValue, ...]


@dataclass(frozen=True, eq=False)
class VersionScene:
    """All that is shown.

    Attributes:
        reference: uint8 (H, W, 3).
        reference_name, reference_note: Its name, and its size in words.
        metrics: In the order of the axes from top to bottom.
        tiles: In the order asked.
        coming: How many more are being made.
        opposed: Keys of the two that metrics order most differently.
        notes: Sentences below the reference.
        orders: Order's key -> the axes in words, for who cannot see them.
    """

    reference: np.ndarray
    reference_name: str
    reference_note: str
    metrics: tuple[VersionMetric, ...]
    tiles: tuple[VersionTile, ...]
    coming: int
    opposed: tuple[str, ...]
    notes: tuple[str, ...]
    orders: dict[str, str]


@dataclass(frozen=True)
class VersionsDisplay(ViewerSettings):
    """How they are shown.

    Attributes:
        order: Key of the metric that orders them.
        picked: Key of the version that was chosen; "" for none.

    Raises:
        SettingError: something else than text.
    """

    order: str = ""
    picked: str = ""

    def __post_init__(self):
        for name in ("order", "picked"):
            if not isinstance(getattr(self, name), str):
                raise SettingError(
                    f"The display setting “{name}” must be a name, not {getattr(self, name)!r}."
                )


_component = register_small("versions", "versions", parts=("tiles", "axes", "numbers"), shared=("holding",))


def versions(
    scene: VersionScene,
    *,
    key: str,
    display: VersionsDisplay,
    on_display: Callable[[VersionsDisplay], None],
    on_open: Callable[[str], None],
) -> VersionsDisplay:
    """Draw them.

    Args:
        key: Of the component.
        display, on_display: As of a `Viewer`.
        on_open: Called with the key of the version that is to be opened elsewhere.

    Returns:
        How they are shown now.
    """
    link = linked(VersionsDisplay, key=key, display=display)
    reference = encoders.submit(encoded, scene.reference)
    pictures = [encoders.submit(encoded, tile.picture) for tile in scene.tiles]
    height, width = scene.reference.shape[:2]
    data = {
        "reference": {
            "name": scene.reference_name,
            "note": scene.reference_note,
            "picture": reference.result(),
            "aspect": width / height,
        },
        "metrics": [asdict(metric) for metric in scene.metrics],
        "tiles": [
            {
                "key": tile.key,
                "name": tile.name,
                "picture": picture.result(),
                "parameters": tile.parameters,
                "remark": tile.remark,
                "nearest": tile.nearest,
                "values": [asdict(value) for value in tile.values],
            }
            for tile, picture in zip(scene.tiles, pictures, strict=True)
        ],
        "coming": scene.coming,
        "opposed": list(scene.opposed),
        "notes": list(scene.notes),
        "orders": scene.orders,
        "display": link.sent.to_json(),
        "ticket": link.ticket,
    }
    _component(
        key=key,
        data=numbered(key, data),
        on_display_change=reporting(link, key, on_display),
        on_open_change=called(key, "open", on_open),
    )
    return link.shown
