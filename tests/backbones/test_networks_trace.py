"""What all networks of our own must be: traceable, of known shapes at any size, and loadable by key."""

import pytest
import torch
from torch import fx
from torchvision.models.feature_extraction import NodePathTracer

from explorer.backbones.networks import alexnet_shift, dists, vgg16_shift, vit_b_16

# Builder; then for each size (width, height): the grid (rows, columns) of each tapped node.
SHIFT_ALEX = ("net.slice1.2", "net.slice2.6", "net.slice3.10", "net.slice4.12", "net.slice5.14")
SHIFT_VGG = ("net.slice1.3", "net.slice2.9", "net.slice3.17", "net.slice4.25", "net.slice5.33")
DISTS = ("picture", "features.3", "features.8", "features.15", "features.22", "features.29")
SHAPES = [
    (alexnet_shift, SHIFT_ALEX, (320, 256), ((126, 158), (63, 79), (32, 40), (32, 40), (32, 40))),
    (alexnet_shift, SHIFT_ALEX, (301, 207), ((102, 149), (51, 75), (26, 38), (26, 38), (26, 38))),
    (alexnet_shift, SHIFT_ALEX, (31, 31), ((14, 14), (7, 7), (4, 4), (4, 4), (4, 4))),
    (vgg16_shift, SHIFT_VGG, (320, 256), ((256, 320), (129, 161), (65, 81), (33, 41), (17, 21))),
    (vgg16_shift, SHIFT_VGG, (301, 207), ((207, 301), (104, 151), (53, 76), (27, 39), (14, 20))),
    (vgg16_shift, SHIFT_VGG, (31, 31), ((31, 31), (16, 16), (9, 9), (5, 5), (3, 3))),
    (dists, DISTS, (320, 256), ((256, 320), (256, 320), (128, 160), (64, 80), (32, 40), (16, 20))),
    (dists, DISTS, (301, 207), ((207, 301), (207, 301), (104, 151), (52, 76), (26, 38), (13, 19))),
    (dists, DISTS, (31, 31), ((31, 31), (31, 31), (16, 16), (8, 8), (4, 4), (2, 2))),
]
CHANNELS = {
    alexnet_shift: (64, 192, 384, 256, 256),
    vgg16_shift: (64, 128, 256, 512, 512),
    dists: (3, 64, 128, 256, 512, 512),
}
SMALLEST = [(alexnet_shift, 21), (vgg16_shift, 18), (dists, 1), (vit_b_16, 16)]


def on_meta(builder):
    """The network where tensors have shapes and no values."""
    with torch.device("meta"):
        return builder(weights=None).eval()


class Values(fx.Interpreter):
    """A run of a trace that keeps a copy of each node's value by the name that torchvision gives the node."""

    def __init__(self, module):
        tracer = NodePathTracer()
        graph = tracer.trace(module)
        names = tracer.node_to_qualname
        super().__init__(fx.GraphModule(module, graph))
        self.names = dict(zip(self.graph.nodes, (names.get(node) for node in graph.nodes), strict=True))
        self.values = {}

    def __call__(self, batch):
        with torch.inference_mode():
            self.run(batch)
        return self.values

    def run_node(self, n):
        value = super().run_node(n)
        if isinstance(value, torch.Tensor):
            self.values[self.names[n]] = value.clone()
        return value


@pytest.mark.parametrize(("builder", "taps", "size", "grids"), SHAPES)
def test_the_taps_are_nodes_of_the_trace_with_these_shapes(builder, taps, size, grids):
    width, height = size
    values = Values(on_meta(builder))(torch.empty((2, 3, height, width), device="meta"))
    expected = [(2, channels, *grid) for channels, grid in zip(CHANNELS[builder], grids, strict=True)]
    assert [tuple(values[tap].shape) for tap in taps] == expected


@pytest.mark.parametrize("size", [(320, 256), (288, 192), (224, 224), (16, 16)])
def test_the_transformers_tokens_follow_the_images_grid(size):
    width, height = size
    values = Values(on_meta(vit_b_16))(torch.empty((2, 3, height, width), device="meta"))
    for block in range(12):
        shape = values[f"encoder.layers.encoder_layer_{block}.add_1"].shape
        assert tuple(shape) == (2, 1 + (height // 16) * (width // 16), 768)


@pytest.mark.parametrize(("builder", "side"), SMALLEST)
def test_the_smallest_side_is_the_smallest_that_works_on_values_and_on_shapes_alike(builder, side):
    module = builder(weights=None).eval()
    for device, network in (("cpu", module), ("meta", on_meta(builder))):
        with torch.inference_mode():
            network(torch.zeros((1, 3, side, side), device=device))
            with pytest.raises(RuntimeError):
                network(torch.zeros((1, 3, side - 1, side), device=device))
            with pytest.raises(RuntimeError):
                network(torch.zeros((1, 3, side, side - 1), device=device))


@pytest.mark.parametrize(("builder", "taps"), [(alexnet_shift, SHIFT_ALEX), (vgg16_shift, SHIFT_VGG)])
def test_a_network_built_on_the_meta_device_gets_all_its_values_from_a_state(builder, taps):
    torch.manual_seed(0)
    built = builder(weights=None).eval()
    filled = on_meta(builder)
    filled.load_state_dict(built.state_dict(), strict=True, assign=True)
    batch = torch.randn((1, 3, 40, 50))
    values, expected = Values(filled)(batch), Values(built)(batch)
    assert all(torch.equal(values[tap], expected[tap]) for tap in taps)
    assert all(values[tap].abs().max() > 0 for tap in taps)
