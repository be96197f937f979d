"""Layers of one network for those of another: what a lesson says of AlexNet can be seen in any."""

from collections.abc import Sequence

from explorer.backbones import find_backbone

WRITTEN_FOR = "alexnet"  # whose layers the files of lessons name


def layer_as_deep(name: str, layers: Sequence[str]) -> str | None:
    """The layer of this name; else the one as deep as AlexNet's of this name; None where it is nobody's.

    Args:
        name: Of a layer.
        layers: Names of a network's layers in its order, at least one.
    """
    if name in layers:
        return name
    written = find_backbone(WRITTEN_FOR).layer_names
    if name not in written:
        return None
    depth = written.index(name) / (len(written) - 1)
    return layers[round(depth * (len(layers) - 1))]
