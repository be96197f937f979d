"""A backbone's traced graph: its nodes, their grids, and what each of their cells sees."""

from explorer.backbones.graph.receptive import ReceptiveField, receptive_fields
from explorer.backbones.graph.trace import Graph, Layout, graph_of

__all__ = ["Graph", "Layout", "ReceptiveField", "graph_of", "receptive_fields"]
