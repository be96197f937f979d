"""ViT-B/16 for any size: torchvision's own where that can run, and its way to another size elsewhere."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.models import VisionTransformer
from torchvision.models import vit_b_16 as torchvisions
from torchvision.models.feature_extraction import create_feature_extractor
from torchvision.models.vision_transformer import interpolate_embeddings

from explorer.backbones import Layer, Network, computing_with, find_backbone
from explorer.backbones.networks import vit_b_16
from explorer.backbones.networks.vit import AnySizeVisionTransformer, positions_for

SMALL = {"patch_size": 16, "num_layers": 2, "num_heads": 2, "hidden_dim": 32, "mlp_dim": 48}


def batch(height, width):
    return torch.randn((2, 3, height, width), generator=torch.Generator().manual_seed(1))


def random_state(module):
    """Every weight random; torchvision's own start is all zeros for its class token and classifier."""
    generator = torch.Generator().manual_seed(0)
    state = module.state_dict()
    return {key: 0.05 * torch.randn(value.shape, generator=generator) for key, value in state.items()}


@pytest.fixture(scope="module")
def small():
    """A small network that learned its positions at 224 x 224, and its state."""
    network = AnySizeVisionTransformer(image_size=224, **SMALL).eval()
    state = random_state(network)
    network.load_state_dict(state)
    return network, state


def test_the_keys_and_shapes_are_torchvisions():
    with torch.device("meta"):
        ours, theirs = vit_b_16(weights=None).state_dict(), torchvisions(weights=None).state_dict()
    assert {key: value.shape for key, value in ours.items()} == {k: v.shape for k, v in theirs.items()}


def test_at_224_the_output_is_torchvisions_own():
    with torch.device("meta"):
        ours, theirs = vit_b_16(weights=None).eval(), torchvisions(weights=None).eval()
    state = random_state(ours)
    for network in (ours, theirs):
        network.load_state_dict(state, strict=True, assign=True)
    image = batch(224, 224)
    with torch.inference_mode():
        output, expected = ours(image), theirs(image)
    assert torch.equal(output, expected)
    assert expected.std() > 0


@pytest.mark.parametrize("side", [16, 48, 208, 240, 512])
def test_at_another_size_it_is_torchvisions_network_with_its_weights_adapted_to_that_size(side, small):
    network, state = small
    theirs = VisionTransformer(image_size=side, **SMALL).eval()
    theirs.load_state_dict(interpolate_embeddings(side, 16, dict(state)))
    with torch.inference_mode():
        torch.testing.assert_close(network(batch(side, side)), theirs(batch(side, side)))


def test_tokens_of_a_block_are_what_torchvisions_block_returns(small):
    network, _ = small
    outputs = []
    handles = [
        layer.register_forward_hook(lambda _module, _input, output: outputs.append(output))
        for layer in network.encoder.layers
    ]
    with torch.inference_mode():
        network(batch(64, 96))
    for handle in handles:
        handle.remove()
    taps = [f"encoder.layers.encoder_layer_{block}.add_1" for block in range(2)]
    with torch.inference_mode():
        values = create_feature_extractor(network, taps)(batch(64, 96))
    assert outputs[0].shape == (2, 1 + 4 * 6, 32)
    assert all(torch.equal(values[tap], output) for tap, output in zip(taps, outputs, strict=True))


class FastAttention(TorchDispatchMode):
    """Counts attentions by torch's "fast path"."""

    def __init__(self):
        super().__init__()
        self.seen = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen += "_native_multi_head_attention" in str(func)
        return func(*args, **(kwargs or {}))


def test_attention_is_off_its_fast_path_here_and_nowhere_else(small):
    module, _ = small
    row = replace(find_backbone("vit_b_16"), builder=lambda weights: AnySizeVisionTransformer(224, **SMALL))
    row = replace(row, layers=(Layer("block2", "encoder.layers.encoder_layer_1.add_1"),))
    network = Network(row, module.state_dict(), "cpu")
    image = batch(64, 96)
    with torch.inference_mode(), computing_with("float32", "cpu"):
        with FastAttention() as theirs:
            module(image)
        with FastAttention() as ours:
            list(network.activations(image, ("block2",)))
    assert (ours.seen, theirs.seen) == (0, 2)


@pytest.mark.parametrize("grid", [(14, 14), (3, 20), (40, 2), (1, 5)])
def test_the_class_tokens_position_stays_as_it_is(grid):
    positions = torch.randn((1, 197, 8), generator=torch.Generator().manual_seed(0))
    fitted = positions_for(torch.Size(grid), positions)
    assert fitted.shape == (1, 1 + grid[0] * grid[1], 8)
    assert torch.equal(fitted[:, 0], positions[:, 0])


def test_on_the_learned_grid_positions_are_not_touched():
    positions = torch.randn((1, 197, 8), generator=torch.Generator().manual_seed(0))
    assert positions_for(torch.Size((14, 14)), positions) is positions


def test_rows_stay_rows_and_corners_stay_on_corners():
    rows = torch.arange(14.0)[:, None].expand(14, 14)
    columns = 100 * torch.arange(14.0)[None, :].expand(14, 14)
    grid = torch.stack([rows, columns], dim=-1)  # (14, 14, 2)
    positions = F.pad(grid.flatten(0, 1), (0, 0, 1, 0))[None]
    fitted = positions_for(torch.Size((5, 30)), positions)[0, 1:].unflatten(0, (5, 30))
    assert fitted[..., 0].std(dim=1).max() < 1e-5  # the same along a row
    assert fitted[..., 1].std(dim=0).max() < 1e-3
    assert (fitted[..., 0].diff(dim=0) > 0).all()
    assert (fitted[..., 1].diff(dim=1) > 0).all()
    for row in (0, -1):
        for column in (0, -1):
            torch.testing.assert_close(fitted[row, column], grid[row, column])
