"""LPIPS as a module of torch: two batches of pictures -> a score each, for training and optimisation."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from explorer.backbones import (
    Backbone,
    Network,
    Scaling,
    find_backbone,
    find_heads,
    find_weights,
    graph_of,
    network,
    scaling_of,
    stacked_weights,
)
from explorer.backbones.passes.features import Features
from explorer.backbones.sizes import too_small
from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.files.own_metrics import read_metric
from explorer.files.tensors import check_fit
from explorer.metrics.lpips import Distance, lpips
from explorer.metrics.method import choose_layers

ROUNDING = 1e-5  # how far beyond its range a value may be: what a change of scale and back leaves


class Lpips(nn.Module):
    """The perceptual distance, differentiable: gradients flow to the pictures, and nothing in here trains.

    It computes as `explorer.measure` does, to 1e-5 * max(1, score), but by torch's public operators alone, so
    that autograd and `torch.compile` can follow. `.to`, `.double` and the like move it as any module; on CUDA
    torch's own switches hold, whose default is TF32 in convolutions. It has no parameters, and its state dict
    is empty: an optimiser or a checkpoint of yours does not see it.
    """

    def __init__(
        self,
        backbone: str = "alexnet",
        heads: str | None = None,
        weights: str = "trained",
        layers: Sequence[str] | None = None,
    ):
        """Load a backbone and its heads; the weights are shared with all others who use them.

        Args:
            backbone: A name of the catalogue, or `lpips`' own ("alex", "vgg", "squeeze").
            heads: Those of the backbone that have maps; None takes its first, and uniform ones on random
                weights.
            weights: "trained", or "random" for the control.
            layers: Those in the sum; None means all. With uniform heads also other nodes of the network.

        Raises:
            SettingError: an unknown name, or heads without maps.
            WeightsError: a weights file is missing or damaged.
        """
        super().__init__()
        row = find_backbone(backbone)
        weights = find_weights(weights)
        chosen = find_heads(heads, row, weights)
        if not chosen.has_maps:
            raise SettingError(
                f"explorer.Lpips compares features place by place, but {chosen.label} compares statistics of "
                f"whole layers; use explorer.measure for it, or choose another backbone, such as alexnet."
            )
        names = row.layer_names if layers is None else choose_layers(row, layers, chosen.name)
        self.heads, self.weights = chosen.name, weights
        with torch.inference_mode(False):  # autograd refuses that mode's tensors
            own = {name: stacked_weights(row, [chosen.name], name)[:, 0] for name in names}
        self._hold(network(row, "cpu", weights, plain=True), own, scaling_of(chosen, row))

    @classmethod
    def from_file(cls, path: str | Path) -> "Lpips":
        """A metric whose network was trained too, from a file of `lpips-explorer calibrate --tune`.

        Raises:
            WeightsError: the file is none, or does not fit its backbone.
        """
        found = read_metric(Path(path))
        return cls.from_tensors(found.provenance.backbone, found.network, found.heads, found.way)

    @classmethod
    def from_tensors(
        cls, backbone: str, network: Mapping[str, Tensor], heads: Mapping[str, Tensor], way: str
    ) -> "Lpips":
        """A metric of its own tensors, which nobody shares: `tensors` lends them to who trains them.

        Args:
            backbone: A name of the catalogue.
            network: By the keys of the builder's module; copied.
            heads: For each of the backbone's layers (C,), >= 0, on its own scaling of the input; copied.
            way: What `heads` and `weights` of the module say, such as "tune".

        Raises:
            SettingError: an unknown name.
            WeightsError: tensors that do not fit the backbone.
        """
        row = find_backbone(backbone)
        graph = graph_of(row)
        shapes = {name: torch.Size((graph.channels(name),)) for name in row.layer_names}
        check_fit(heads, shapes, f"the heads of {row.label}", way)
        self = cls.__new__(cls)
        nn.Module.__init__(self)
        self.heads = self.weights = way
        with torch.inference_mode(False):
            own = {key: each.clone() for key, each in network.items()}
            net = Network(row, own, "cpu", way, plain=True)
            self._hold(net, {name: heads[name].clone() for name in row.layer_names}, row.scaling)
        return self

    def tensors(self) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The network's tensors by the builder's keys, and the heads' by layer: the very ones in use.

        Those of a module that was made `from_tensors` can be trained; those of others are shared by all.
        """
        heads = {name: getattr(self, f"_w{place}") for place, name in enumerate(self.layers)}
        return self._features.tensors(), heads

    def _hold(self, network: Network, heads: Mapping[str, Tensor], scaling: Scaling) -> None:
        """Take what is computed with; heads are of the layers in the sum."""
        self.backbone, self.layers = network.backbone.name, tuple(heads)
        with torch.inference_mode(False):
            self._features = Features(network, self.layers)
            constants = {"_shift": torch.tensor(scaling.shift), "_scale": torch.tensor(scaling.scale)}
            for name, values in constants.items():
                self.register_buffer(name, values[:, None, None], persistent=False)
            for place, values in enumerate(heads.values()):
                self.register_buffer(f"_w{place}", values, persistent=False)

    def forward(self, a: Tensor, b: Tensor, normalize: bool = False) -> Tensor:
        """Measure pairs of pictures.

        Args:
            a, b: Float, (N, 3, H, W), RGB in [-1, 1], on the module's device. They are computed in the
                module's own precision, float32 unless it was moved.
            normalize: The pictures are in [0, 1] instead, as torchmetrics' argument of that name has it.

        Returns:
            The scores (N,), >= 0, lower is closer.

        Raises:
            ImageError: what is no such tensor, a picture that is too small, out of range or not finite. The
                last two need a look at the values, for which a GPU is waited for; compiled, there is none.
            SizeMismatchError: the sizes differ.
            SettingError: the pictures and the module are on two devices.
        """
        self._check(a, b, lowest=0 if normalize else -1)
        y, y0 = (self.features(pictures, normalize) for pictures in (a, b))
        return lpips(y, y0, self._weights()).score

    def features(self, pictures: Tensor, normalize: bool = False) -> tuple[Tensor, ...]:
        """What the network sees: for each layer (N, rows, columns, C); arguments as `forward`, unchecked."""
        return self._features(self._scaled(pictures, normalize))

    def against(self, b: Tensor) -> Callable[[Tensor], Distance]:
        """The distance from pictures that stay as they are: their features are computed once.

        Args:
            b: As `forward`.

        Returns:
            From a, of the same shape and not checked, to the score with its layers and maps.

        Raises:
            ImageError, SettingError: as `forward`.
        """
        self._check(b, b)
        with torch.no_grad():
            y0 = self.features(b)
        return lambda a: lpips(self.features(a), y0, self._weights())

    def _check(self, a: Tensor, b: Tensor, lowest: int = -1) -> None:
        """Raise what `forward` does, for pictures in [lowest, 1]."""
        row = find_backbone(self.backbone)
        _check_shapes(a, b, row)
        # To trace the layers' shapes inside another trace is not to be had.
        _check_size(a, row, () if torch.compiler.is_compiling() else self.layers)
        if a.device != self._scale.device or b.device != self._scale.device:
            raise SettingError(
                f"The pictures are on {a.device} and {b.device}, but this Lpips is on {self._scale.device}; "
                f"bring all to one device with .to()."
            )
        if not torch.compiler.is_compiling():  # what is compiled has no values yet
            for name, pictures in (("a", a), ("b", b)):
                _check_values(name, pictures, lowest)

    def extra_repr(self) -> str:
        """What it measures with, as `print` shows it."""
        method = f"backbone={self.backbone!r}, heads={self.heads!r}, weights={self.weights!r}"
        return f"{method}, layers={self.layers}"

    def _weights(self) -> list[Tensor]:
        """Of each layer's channels, (C,)."""
        return [getattr(self, f"_w{place}") for place in range(len(self.layers))]

    def _scaled(self, pictures: Tensor, normalize: bool) -> Tensor:
        """The network's input."""
        pictures = pictures.to(self._scale.dtype)
        return ((2 * pictures - 1 if normalize else pictures) - self._shift) / self._scale


def _check_shapes(a: Tensor, b: Tensor, row: Backbone) -> None:
    """Raise ImageError for what is no batch of pictures, or does not go together."""
    for name, pictures in (("a", a), ("b", b)):
        if not isinstance(pictures, Tensor) or not pictures.is_floating_point():
            kind = pictures.dtype if isinstance(pictures, Tensor) else type(pictures).__name__
            raise ImageError(
                f"{name} must be a tensor of floats in [-1, 1], not {kind}; bring pixels of 0 to 255 there "
                f"with x / 127.5 - 1."
            )
        if pictures.ndim != 4 or pictures.shape[1] != 3:
            raise ImageError(
                f"{name} must have the shape (N, 3, height, width), not {tuple(pictures.shape)}; reorder its "
                f"axes with .permute(), add a first one with [None], or repeat a grey channel 3 times."
            )
    (height, width), (other_height, other_width) = a.shape[2:], b.shape[2:]
    if (height, width) != (other_height, other_width):
        raise SizeMismatchError(
            f"a measures {width} × {height} pixels and b {other_width} × {other_height}; resize or crop one.",
            (width, height),
            (other_width, other_height),
        )
    if len(a) != len(b):
        raise ImageError(
            f"a holds {len(a)} pictures and b {len(b)}; give as many of both; .expand() repeats one."
        )
    if width % row.multiple or height % row.multiple:
        raise ImageError(
            f"The pictures measure {width} × {height} pixels, but {row.label} takes sides that are multiples "
            f"of {row.multiple}; crop or resize them."
        )


def _check_size(pictures: Tensor, row: Backbone, layers: tuple[str, ...]) -> None:
    """Raise ImageError for pictures that are too small for the backbone, or for one of the layers."""
    size = (pictures.shape[3], pictures.shape[2])
    if why := too_small(row, size, layers, name="Each picture", mend="use larger pictures"):
        raise ImageError(why)


def _check_values(name: str, pictures: Tensor, lowest: int) -> None:
    """Raise ImageError where a value is not finite, or out of range."""
    if ((pictures >= lowest - ROUNDING) & (pictures <= 1 + ROUNDING)).all():
        return
    if not pictures.isfinite().all():
        raise ImageError(f"{name} holds values that are not finite; look for a division by 0 before it.")
    low, high = pictures.aminmax()
    hint = " Pictures in [0, 1] need normalize=True." if lowest < 0 else ""
    raise ImageError(
        f"{name} has values from {low:.4g} to {high:.4g}, beyond the range [{lowest}, 1]; scale them, or cut "
        f"them off with .clamp({lowest}, 1).{hint}"
    )
