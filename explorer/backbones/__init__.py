"""Feature networks: which there are, their layers, their weights and heads.

A new network of torchvision is one row in `catalogue.py`, which says how.
"""

from explorer.backbones.catalogue import BACKBONES, find_backbone
from explorer.backbones.devices import (
    PRECISIONS,
    available_devices,
    available_precisions,
    computing_with,
    find_device,
    find_precision,
    precision_on,
)
from explorer.backbones.graph import Graph, graph_of
from explorer.backbones.graph.receptive import ReceptiveField, receptive_fields
from explorer.backbones.heads import (
    HEADS,
    Heads,
    file_of,
    find_heads,
    heads_for,
    heads_sharing_a_pass,
    scaling_of,
    stacked_weights,
)
from explorer.backbones.loading import WEIGHTS, find_weights, network
from explorer.backbones.passes.network import Network
from explorer.backbones.row import Backbone, Layer, Scaling

__all__ = [
    "BACKBONES",
    "HEADS",
    "PRECISIONS",
    "WEIGHTS",
    "Backbone",
    "Graph",
    "Heads",
    "Layer",
    "Network",
    "ReceptiveField",
    "Scaling",
    "available_devices",
    "available_precisions",
    "computing_with",
    "file_of",
    "find_backbone",
    "find_device",
    "find_heads",
    "find_precision",
    "find_weights",
    "graph_of",
    "heads_for",
    "heads_sharing_a_pass",
    "network",
    "precision_on",
    "receptive_fields",
    "scaling_of",
    "stacked_weights",
]
