"""Loaded networks, shared by all users: each is loaded once, and the least recently used make room."""

import threading
from collections import defaultdict

import torch
from torch import Tensor

from explorer.backbones.graph import graph_of
from explorer.backbones.passes.network import Network, needed_state
from explorer.backbones.row import Backbone
from explorer.cache import ByteBudgetCache, budget_from_environment
from explorer.errors import SettingError
from explorer.files.weights import load_state

WEIGHTS = {
    "trained": "What the network has learned, for most of them from the photographs of ImageNet.",
    "random": "Random numbers, the same at each start: the paper's control for what training adds.",
}
SEED = 0  # of the random weights

networks: ByteBudgetCache[Network] = ByteBudgetCache(budget_from_environment("EXPLORER_NETWORKS_MB", 1500))
_loading: defaultdict[object, threading.Lock] = defaultdict(threading.Lock)
_drawing = threading.Lock()  # torch's generator of the CPU is the whole process's


def find_weights(name: str) -> str:
    """Check a name of `WEIGHTS`; SettingError names those that exist."""
    if not isinstance(name, str) or name not in WEIGHTS:
        raise SettingError(f"There are no weights {name!r}; choose one of: {', '.join(WEIGHTS)}.")
    return name


def network(
    backbone: Backbone,
    device: str,
    weights: str = "trained",
    precision: str = "float32",
    plain: bool = False,
) -> Network:
    """Return the one network of this backbone, device, kind of weights and precision; loads it on first use.

    Args:
        weights: A key of `WEIGHTS`.
        plain: For autograd, too: by torch's public operators alone, and nothing is overwritten.

    Raises:
        WeightsError: the file is missing (`MissingWeightsError`), damaged, or does not fit.
    """
    key = (backbone.name, backbone, device, weights, precision, plain)
    with _loading[key]:
        found = networks.get(key)
        if found is None:
            with torch.inference_mode(False):  # whoever asks first: autograd refuses that mode's tensors
                is_random = weights == "random"
                state = random_state(backbone) if is_random else load_state(backbone.weights, backbone.name)
                found = Network(backbone, state, device, weights, precision, plain)
            networks.put(key, found, found.bytes)
        return found


def random_state(backbone: Backbone, seed: int = SEED) -> dict[str, Tensor]:
    """The builder's own initial weights from a seed; torch's generators are left as they were."""
    with _drawing, torch.random.fork_rng(devices=[]):
        # `torch.manual_seed` would seed every GPU's generator as well, which nothing here draws from.
        torch.random.default_generator.manual_seed(seed)
        state = backbone.builder(weights=None).state_dict()
    return {key: state[key] for key in needed_state(graph_of(backbone))}
