"""Networks that know more and more: their first filters, one ladder by each, and how far orders agree.

The browser's side is `js/`. Which network is looked at, and by which layers, is changed there at once, and
told to the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

PARTS = ("all", "first")  # of the layers in the sum
WORDS = {  # that are always there
    "filters": "First filters",
    "across": "PSNR’s rank, closest first",
    "up": "This network’s rank",
    "above": "farther to the network",
    "below": "farther to PSNR",
}


@dataclass(frozen=True)
class Number:
    """A number as it is read, and with all its digits.

    Attributes:
        text: Such as "0.96"; "…" where it is still to come, "–" where there is none.
        value: None in these cases.
        share: How long its bar is, 0..1.
    """

    text: str
    value: float | None = None
    share: float = 0.0


@dataclass(frozen=True, eq=False)
class Known:
    """A network, as a column.

    Attributes:
        kind: Tells it from the others.
        label: As users read it.
        about: What it has learned from, in a few words.
        said: The same in a sentence.
        filters: Its first filters as a picture, uint8 (H, W, 3); None where they are still to come.
        ranks: Part of the layers -> a rank for each rung; None where that is not known yet.
        outlier: Part -> the rung about which it and PSNR differ most; None as long as it is not known.
        is_there: Whether its weights are; else nothing of it is to come.
    """

    kind: str
    label: str
    about: str
    said: str
    filters: np.ndarray | None
    ranks: Mapping[str, Sequence[float | None]]
    outlier: Mapping[str, int | None]
    is_there: bool


@dataclass(frozen=True)
class Row:
    """A row of numbers, one a network.

    Attributes:
        label, note: As users read it, and a word behind it.
        cells: Part of the layers -> a number a network.
    """

    label: str
    note: str
    cells: Mapping[str, Sequence[Number]]


@dataclass(frozen=True)
class Table:
    """Rows below each other.

    Attributes:
        title: Opens the rows where they are not large.
        is_large: Whether they are always seen, and large.
    """

    title: str
    rows: Sequence[Row]
    is_large: bool


@dataclass(frozen=True)
class Rung:
    """A version of the photograph.

    Attributes:
        label: What was done to it.
        distortion: What others of its kind share.
        address: Its small picture, as a data address.
    """

    label: str
    distortion: str
    address: str


@dataclass(frozen=True, eq=False)
class Training:
    """All that is seen.

    Attributes:
        networks: In order of what they know.
        tables: Of numbers.
        rungs: Of the ladder.
        ranks: PSNR's rank for each; None where that is not known yet.
        parts: Part of the layers -> its label.
        chosen, part: What is looked at.
        title: Above the chart.
        reference: The photograph's small picture, as a data address.
        notes: Below the numbers.
    """

    networks: Sequence[Known]
    tables: Sequence[Table]
    rungs: Sequence[Rung]
    ranks: Sequence[float | None]
    parts: Mapping[str, str]
    chosen: str
    part: str
    title: str
    reference: str
    notes: str


_component = register_small("training", "training", parts=("places",))


def training(shown: Training, *, key: str, on_choose: Callable[[str, str], None]) -> None:
    """Draw it.

    Args:
        key: Of the component.
        on_choose: Called with a network's kind, and the part of the layers.
    """
    kinds = {network.kind for network in shown.networks}

    def choose(sent: Any) -> None:
        if sent.get("kind") in kinds and sent.get("part") in PARTS:
            on_choose(sent["kind"], sent["part"])

    _component(key=key, data=numbered(key, described(shown)), on_choose_change=called(key, "choose", choose))


def described(shown: Training) -> dict[str, Any]:
    """It as JSON, pictures as PNG."""
    return {
        "networks": [
            {
                "kind": network.kind,
                "label": network.label,
                "about": network.about,
                "said": network.said,
                "isThere": network.is_there,
                "filters": None if network.filters is None else picture(network.filters),
                "ranks": {part: list(ranks) for part, ranks in network.ranks.items()},
                "outlier": dict(network.outlier),
            }
            for network in shown.networks
        ],
        "tables": [
            {
                "title": table.title,
                "isLarge": table.is_large,
                "rows": [
                    {
                        "label": row.label,
                        "note": row.note,
                        "cells": {part: [asdict(each) for each in own] for part, own in row.cells.items()},
                    }
                    for row in table.rows
                ],
            }
            for table in shown.tables
        ],
        "rungs": [asdict(rung) for rung in shown.rungs],
        "ranks": list(shown.ranks),
        "parts": dict(shown.parts),
        "chosen": shown.chosen,
        "part": shown.part,
        "title": shown.title,
        "reference": shown.reference,
        "notes": shown.notes,
        "words": WORDS,
    }
