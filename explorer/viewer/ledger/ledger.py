"""A ledger that builds up: maps, their means, and the sum they add up to; the browser's side is `js/`."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import render
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

MAPS, MEANS, SUM = 1, 2, 3  # how much of it is seen


@dataclass(frozen=True, eq=False)
class LedgerLayer:
    """A layer's column.

    Attributes:
        name: Its own.
        map: float32 (rows, columns), >= 0.
        distance: The map's mean.
        is_on: Whether it counts.
        is_locked: Whether that cannot be changed here.
        before, after: Of the sum, without and with it.
        share: Of the score, 0..1; NaN where it has none.
        percent: The share as it is written; "" where there is none.
        was: The same before anything was changed; "" where nothing was.
        colour: Of the layer.
    """

    name: str
    map: np.ndarray
    distance: float
    is_on: bool
    is_locked: bool
    before: float
    after: float
    share: float
    percent: str
    was: str
    colour: str


@dataclass(frozen=True)
class LedgerHeads:
    """Heads that can be chosen: their name, and how they are called."""

    name: str
    label: str


@dataclass(frozen=True, eq=False)
class LedgerScene:
    """A pair's ledger.

    Attributes:
        reference, distorted: uint8 (H, W, 3).
        names: Of the two.
        layers: In the network's order.
        score, whole: The sum, and what it is with all layers that can be in it.
        was: The score before anything was changed; None where nothing was.
        word: What the score is called.
        end: Of the maps' one colour scale, > 0.
        clipped: What part of the cells lies beyond, as it is written; "" for none.
        heads: To choose from; of one alone there is no choice.
        chosen: The name of those that count.
        shown: `MAPS`, `MEANS` as well, or the `SUM` as well.
        sentence: What the numbers say.
    """

    reference: np.ndarray
    distorted: np.ndarray
    names: tuple[str, str]
    layers: tuple[LedgerLayer, ...]
    score: float
    whole: float
    was: float | None
    word: str
    end: float
    clipped: str
    heads: tuple[LedgerHeads, ...]
    chosen: str
    shown: int
    sentence: str


_component = register_small(
    "ledger",
    "ledger",
    read("ledger/ledger.html"),
    parts=("columns",),
    shared=("decode", "colour", "numbers"),
)


def ledger(
    scene: LedgerScene,
    *,
    key: str,
    on_off: Callable[[tuple[str, ...]], None],
    on_heads: Callable[[str], None],
) -> None:
    """Draw a ledger.

    Args:
        key: Of the component.
        on_off: Called with the names of all layers that no longer count.
        on_heads: Called with the name of other heads.
    """
    layers = {layer.name for layer in scene.layers if not layer.is_locked}
    heads = {each.name for each in scene.heads}

    def switched(names: Any) -> None:
        off = tuple(name for name in names["off"] if name in layers)
        if len(off) < len(layers):
            on_off(off)

    def chosen(name: Any) -> None:
        if name in heads:
            on_heads(name)

    _component(
        key=key,
        data=numbered(key, described(scene)),
        on_off_change=called(key, "off", switched),
        on_heads_change=called(key, "heads", chosen),
    )


def described(scene: LedgerScene) -> dict[str, Any]:
    """A scene as JSON."""
    return {
        "pictures": [
            {"name": name, "data": picture(pixels)}
            for name, pixels in zip(scene.names, (scene.reference, scene.distorted), strict=True)
        ],
        "aspect": scene.reference.shape[1] / scene.reference.shape[0],
        "layers": [_layer(layer) for layer in scene.layers],
        "score": scene.score,
        "whole": scene.whole,
        "was": scene.was,
        "word": scene.word,
        "end": scene.end,
        "clipped": scene.clipped,
        "heads": [{"name": each.name, "label": each.label} for each in scene.heads],
        "chosen": scene.chosen,
        "shown": scene.shown,
        "sentence": scene.sentence,
        "colours": render.colours("magma").flatten().tolist(),
    }


def _layer(layer: LedgerLayer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "plane": render.plane(layer.map),
        "cells": layer.map.size,
        "distance": layer.distance,
        "isOn": layer.is_on,
        "isLocked": layer.is_locked,
        "before": layer.before,
        "after": layer.after,
        "share": layer.share if math.isfinite(layer.share) else None,
        "percent": layer.percent,
        "was": layer.was,
        "colour": layer.colour,
    }
