"""Feature networks: which there are, their layers, their weights and heads."""

from explorer.backbones.catalogue import BACKBONES, Backbone, Layer, find_backbone
from explorer.backbones.features import Network, available_devices, find_device, network
from explorer.backbones.heads import HEADS, Heads, find_heads, head_weights, heads_sharing_a_pass

__all__ = [
    "BACKBONES",
    "HEADS",
    "Backbone",
    "Heads",
    "Layer",
    "Network",
    "available_devices",
    "find_backbone",
    "find_device",
    "find_heads",
    "head_weights",
    "heads_sharing_a_pass",
    "network",
]
