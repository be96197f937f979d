"""How a pair is measured, as one value: network, weights, heads, layers, size, device and precision.

Whatever measures takes a `Method`; whatever keeps results keys them by it; links read and write it one
parameter at a time.
"""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from explorer.backbones import (
    HEADS,
    Backbone,
    Network,
    find_backbone,
    find_device,
    find_heads,
    find_precision,
    find_weights,
    graph_of,
    heads_for,
    heads_sharing_a_pass,
    loading,
    precision_on,
)
from explorer.errors import SettingError
from explorer.images import measured_size
from explorer.metrics.naming import Name, is_published, name_of, word_of

RANDOM = "random"


@dataclass(frozen=True)
class Method:
    """How a pair is measured. Checked as it is made, and complete from then on.

    Attributes:
        backbone: The feature network: a name of the catalogue, or lpips' own, such as "alex", which is
            replaced by that.
        heads: Those of the backbone; None takes its first, and uniform ones on random weights.
        layers: Those in the sum, in the network's order; with uniform heads also other nodes. None takes all
            of the backbone's own.
        weights: "trained", or "random" for the control.
        size: The longest side to measure at, in pixels (Lanczos, never upscaled); None measures as given.
        device: "auto" (cuda, then mps, then cpu) or one of these.
        precision: "float32" is exact; "tf32" (CUDA) and "bf16" are faster and move the score.

    Raises:
        SettingError: an unknown name or a value out of range; its `setting` tells which.
    """

    backbone: str = "alexnet"
    heads: str | None = None
    layers: tuple[str, ...] | None = None
    weights: str = "trained"
    size: int | None = None
    device: str = "auto"
    precision: str = "float32"

    def __post_init__(self):
        fill = partial(object.__setattr__, self)
        with _about("backbone"):
            row = find_backbone(self.backbone)
            fill("backbone", row.name)
        with _about("weights"):
            find_weights(self.weights)
        with _about("heads"):
            fill("heads", find_heads(self.heads, row, self.weights).name)
        with _about("layers"):
            own = self.layers is None or self.layers == row.layer_names
            fill("layers", row.layer_names if own else choose_layers(row, self.layers, self.heads))
        measured_size((1, 1), self.size)
        with _about("device"):
            device = find_device(self.device)
        with _about("precision"):
            find_precision(self.precision, device)

    @property
    def row(self) -> Backbone:
        """The backbone's row in the catalogue."""
        return find_backbone(self.backbone)

    @property
    def has_maps(self) -> bool:
        """Whether its metric has a term for each place."""
        return HEADS[self.heads].has_maps

    @property
    def network(self) -> Network:
        """The backbone, loaded once for all.

        Raises:
            WeightsError: a file is missing (`MissingWeightsError`) or damaged.
        """
        return loading.network(self.row, find_device(self.device), self.weights, self.precision)

    @property
    def is_published(self) -> bool:
        """Whether this is a metric as it was published: learned heads, trained weights, its own layers."""
        return is_published(self.row, self.heads, self.weights, self.layers)

    @property
    def name(self) -> Name:
        """What it is called."""
        return name_of(self.row, self.heads, self.weights, self.layers, self.precision)

    @property
    def label(self) -> str:
        """As users read it in lists and sentences: "VGG16 · LPIPS v0.1"."""
        return self.name.label

    @property
    def word(self) -> str:
        """In one word, for the names of files: "alexnet-v0.1", "alexnet-uniform-random"."""
        return word_of(self.row, self.heads, self.weights, self.layers, self.precision)

    @property
    def text(self) -> str:
        """As links and files hold it in one word: "vgg16:uniform", or "vgg16:uniform:random".

        With the backbone's own layers; `read_method` reads it back.
        """
        return f"{self.backbone}:{self.heads}" + (f":{RANDOM}" if self.weights == RANDOM else "")

    def to_dict(self) -> dict[str, str | list[str]]:
        """What a score depends on but for pictures, size and device, as plain values for JSON."""
        return {
            "backbone": self.backbone,
            "heads": self.heads,
            "weights": self.weights,
            "layers": list(self.layers),
            "precision": self.precision,
        }

    @property
    def identity(self) -> Hashable:
        """What a score depends on, beside the pair: equal for methods that give the same numbers."""
        return replace(self, device=find_device(self.device))

    @property
    def pass_identity(self) -> Hashable:
        """What the maps of `siblings` depend on: equal for methods that share a pass of the network."""
        heads, layers = self.siblings
        device = find_device(self.device)
        return self.backbone, self.weights, heads, layers, self.size, device, self.precision

    @property
    def siblings(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Heads and layers whose maps come in the same pass: the choice among them is then arithmetic."""
        row = self.row
        if set(self.layers) <= set(row.layer_names):
            return heads_sharing_a_pass(HEADS[self.heads], row), row.layer_names
        # With other nodes than the default set only uniform heads can be had.
        return ("uniform",), graph_of(row).ordered((*row.layer_names, *self.layers))

    def with_backbone(self, name: str) -> Self:
        """The same with another backbone: its layers, and its own heads where it lacks the chosen ones."""
        with _about("backbone"):
            row = find_backbone(name)
        heads = self.heads if self.heads in heads_for(row) else None
        return replace(self, backbone=row.name, heads=heads, layers=None)

    def with_heads(self, name: str) -> Self:
        """The same with other heads; nodes that they have no weights for leave the sum."""
        layers = self.layers
        if name != "uniform":
            layers = tuple(layer for layer in layers if layer in self.row.layer_names) or None
        return replace(self, heads=name, layers=layers)

    def with_weights(self, weights: str) -> Self:
        """The same on other weights, with the default heads for these."""
        return replace(self.with_heads(find_heads(None, self.row, weights).name), weights=weights)

    def with_device(self, name: str) -> Self:
        """The same on another device; exact where it lacks the chosen precision."""
        with _about("device"):
            device = find_device(name)
        return replace(self, device=name, precision=precision_on(device, self.precision))

    def with_text(self, name: str, text: str) -> Self:
        """The same with one of its parameters, as a link has it.

        The other parameters stay: a link with random weights and without heads is from a time when those
        were the first of the backbone, and still means them.

        Raises:
            SettingError: a value that this parameter cannot have.
        """
        if name == "backbone":
            return self.with_backbone(text)
        if name == "layers":
            return replace(self, layers=tuple(part.strip() for part in text.split(",") if part.strip()))
        if name == "size":
            return replace(self, size=int(text) if text.isdecimal() and len(text) < 10 else text)
        return replace(self, **{name: text})

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default for this backbone, as text.

        With random weights the heads are always among them: their default depends on who asks (`with_text`).
        """
        default = Method().with_backbone(self.backbone)
        link = {} if self.backbone == Method().backbone else {"backbone": self.backbone}
        for name in PARAMETERS[1:]:
            value = getattr(self, name)
            is_said = name == "heads" and self.weights == RANDOM
            if is_said or value != getattr(default, name):
                link[name] = ",".join(value) if name == "layers" else str(value)
        return link


# In the order in which they are read: what may follow depends on the backbone and its heads.
PARAMETERS = ("backbone", "weights", "heads", "layers", "size", "device", "precision")


def read_method(text: str) -> Method:
    """Read what `Method.text` wrote.

    Raises:
        SettingError: not that form, or a name that does not exist.
    """
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise SettingError(
            f"{text!r} is no method; write backbone:heads, such as vgg16:lpips-0.1, and :random behind it "
            "for random weights."
        )
    return Method(parts[0], parts[1], weights=(*parts, "trained")[2])


def choose_layers(backbone: Backbone, layers: Sequence[str], heads: str = "uniform") -> tuple[str, ...]:
    """Check names of layers, and of nodes where the heads are uniform, and put them in the network's order.

    Raises:
        SettingError: no layer, or one that the backbone or its heads do not have.
    """
    known = ", ".join(backbone.layer_names)
    try:
        layers = [layers] if isinstance(layers, str) else list(layers)
    except TypeError:
        raise SettingError(f"{layers!r} is no list of layers; choose from: {known}.") from None
    if not layers:
        raise SettingError(f"No layer is left in the sum; choose at least one of: {known}.")
    graph = graph_of(backbone)
    for name in layers if heads != "uniform" else ():
        if name not in (*backbone.layer_names, *graph.nodes):
            raise SettingError(f"{backbone.label} has no layer {name!r}; choose from: {known}.")
    names = graph.ordered(tuple(layers))
    for name in names if heads != "uniform" else ():
        if name not in backbone.layer_names:
            raise SettingError(
                f"{backbone.label}'s node {name} has no weights in the heads {heads}; choose the uniform "
                f"heads, or layers from: {known}."
            )
    return names


@contextmanager
def _about(setting: str) -> Iterator[None]:
    """Name the setting that an error is about."""
    try:
        yield
    except SettingError as error:
        error.setting = error.setting or setting
        raise
