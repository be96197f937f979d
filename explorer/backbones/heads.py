"""The heads: non-negative weights on squared channel differences, and the input scaling of each.

Beside those that were published there are a user's own (`files/own_heads.py`), learned from votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import torch

from explorer.backbones.graph import graph_of
from explorer.backbones.row import NO_SCALING, Backbone, Scaling
from explorer.errors import SettingError, WeightsError
from explorer.files import own_heads
from explorer.files.source import WeightsFile
from explorer.files.tensors import UnfitFileError, read_tensors
from explorer.files.weights import load_state


@dataclass(frozen=True)
class Heads:
    """A choice of heads by name.

    Attributes:
        scaling: Of the input, where it is not the backbone's own.
        has_maps: Whether each place has a term of its own; DISTS compares statistics of whole layers.
        trained_on: What they were trained on by themselves, on a finished network, in a few words; "" where
            that is not so.
        metric: What a score with these heads is called, where the rest is as it was published as well.
        version: Of the heads, where the metric has several.
        reference: The metric and its paper, as a citation begins.
        own: Where they are a user's own, their file; None of those that were published.
    """

    name: str
    label: str
    summary: str
    reference: str
    trained_on: str = ""
    metric: str = "LPIPS"
    version: str = ""
    scaling: Scaling | None = None
    has_maps: bool = True
    own: own_heads.OwnHeads | None = None


_PUBLISHED = {
    "lpips-0.1": Heads(
        "lpips-0.1",
        "LPIPS v0.1",
        "Learned from human judgments; the current release.",
        "LPIPS (Zhang et al., CVPR 2018)",
        version="v0.1",
        trained_on="human judgments",
    ),
    "lpips-0.0": Heads(
        "lpips-0.0",
        "LPIPS v0.0",
        "Learned; the first release, without input scaling.",
        "LPIPS (Zhang et al., CVPR 2018)",
        version="v0.0",
        trained_on="human judgments",
        scaling=NO_SCALING,
    ),
    "st-lpips": Heads(
        "st-lpips",
        "ST-LPIPS",
        "Learned together with a network that tolerates small shifts.",
        "ST-LPIPS (Ghildyal and Liu, ECCV 2022)",
        metric="ST-LPIPS",
    ),
    "uniform": Heads(
        "uniform",
        "Uniform",
        "All channels count the same; the paper's uncalibrated baseline.",
        "Uncalibrated deep feature distance (Zhang et al., CVPR 2018)",
        metric="Distance",
    ),
    "dists": Heads(
        "dists",
        "DISTS",
        "Compares each channel's mean (texture) and covariance (structure) over the whole image.",
        "DISTS (Ding et al., TPAMI 2020)",
        metric="DISTS",
        has_maps=False,
    ),
}


class _Catalogue(dict[str, Heads]):
    """The published heads by name; a user's own are found as well, by their name in full, but not listed."""

    def __missing__(self, name: str) -> Heads:
        own = own_heads.recall(name) if isinstance(name, str) else None
        if own is None:
            raise KeyError(name)
        return _of_own(own)


def _of_own(own: own_heads.OwnHeads) -> Heads:
    """A user's own heads, as a row of the catalogue."""
    told = own.provenance
    return Heads(
        own.name,
        own.short,
        told.sentence,
        f"{own.short}, learned as LPIPS (Zhang et al., CVPR 2018) from {told.trials:,} trials of "
        f"{told.votes} on {told.date} (votes {told.digest}, seed {told.seed}, LPIPS Explorer {told.version})",
        trained_on=f"votes: {told.votes}",
        metric="Distance",
        own=own,
    )


HEADS = _Catalogue(_PUBLISHED)


def find_heads(name: str | None, backbone: Backbone, weights: str = "trained") -> Heads:
    """Return a backbone's heads of that name; SettingError names those it has.

    None takes its first ones, and on random weights the uniform ones where it has them: learned heads were
    learned for trained features, and say nothing about which of the random ones count.
    """
    if name is None:
        is_plain = weights == "random" and backbone.uniform
        return HEADS["uniform" if is_plain else backbone.head_names[0]]
    if isinstance(name, str) and name in backbone.head_names:
        return HEADS[name]
    own = own_heads.find(name, backbone.name) if isinstance(name, str) else None
    if own is None:
        known = ", ".join(heads_for(backbone))
        raise SettingError(f"{backbone.label} has no heads {name!r}; choose one of: {known}.")
    return _of_own(own)


def heads_for(backbone: Backbone) -> tuple[str, ...]:
    """All heads that can be chosen for a backbone: those of the catalogue, then the user's own."""
    return (*backbone.head_names, *own_heads.names_for(backbone.name))


def file_of(backbone: Backbone, heads: str) -> WeightsFile | None:
    """The file that heads are read from; None of uniform ones, which have none."""
    own = HEADS[heads].own
    return backbone.heads.get(heads) if own is None else own.file


def scaling_of(heads: Heads, backbone: Backbone) -> Scaling:
    """How the input is scaled for these heads."""
    return heads.scaling or backbone.scaling


def heads_sharing_a_pass(heads: Heads, backbone: Backbone) -> tuple[str, ...]:
    """Names of a backbone's heads that use the same features, because their input scaling is the same.

    A user's own heads are among them where they are asked for themselves: their file may go at any time.
    """
    scaling = scaling_of(heads, backbone)
    names = (*backbone.head_names, *([heads.name] if heads.own else []))
    return tuple(name for name in names if scaling_of(HEADS[name], backbone) == scaling)


@cache
def head_weights(backbone: Backbone, heads: str) -> MappingProxyType[str, torch.Tensor]:
    """Learned channel weights by layer name, each float32 (C,), >= 0; they multiply *squared* differences.

    Raises:
        WeightsError: the file is missing, damaged, or does not fit the backbone's layers.
    """
    file = file_of(backbone, heads)
    own = HEADS[heads].own
    weights = load_state((file,)) if own is None else _read_own(own)
    for name in backbone.layer_names:
        if name not in weights or weights[name].shape != (graph_of(backbone).channels(name),):
            raise WeightsError(f"The weights file {file.file} does not fit {backbone.label}'s layer {name}.")
    return MappingProxyType(weights)


def _read_own(own: own_heads.OwnHeads) -> dict[str, torch.Tensor]:
    """The weights of a user's own heads, as they were when they were found."""
    try:
        if own_heads.is_changed(own):
            raise UnfitFileError("was changed or taken away")
        return read_tensors(own.path)
    except UnfitFileError as fault:
        raise WeightsError(
            f"The file of the heads {own.short}, {own.path}, {fault}; put it back, or choose other heads."
        ) from fault


def stacked_weights(backbone: Backbone, heads: Sequence[str], layer: str) -> torch.Tensor:
    """Weights of several heads for a layer or node, (C, number of heads); uniform ones are all 1."""
    uniform = torch.ones(graph_of(backbone).channels(layer))
    columns = [uniform if name == "uniform" else head_weights(backbone, name)[layer] for name in heads]
    return torch.stack(columns, dim=1)
