"""`backbones`: the networks that there are, and what can be tapped in each."""

from typing import TYPE_CHECKING

import click

from explorer.analysis.tables import table
from explorer.cli.group import naming
from explorer.cli.notes import note_unfit_heads

if TYPE_CHECKING:
    from explorer.backbones import Backbone

SHOWN_AT = (256, 256)  # pixels, for the grids of the nodes


@click.command(short_help="List the backbones, or the layers and nodes of one.")
@click.argument("name", required=False)
def backbones(name: str | None) -> None:
    """List the backbones; with NAME, list one's layers and all nodes that --layers takes with uniform heads.

    \b
    Examples:
      python -m explorer backbones
      python -m explorer backbones vgg16
    """
    from explorer.backbones import BACKBONES, find_backbone  # brings torch

    if name is None:
        click.echo(_catalogue(tuple(BACKBONES.values())))
        note_unfit_heads()
    else:
        with naming("NAME"):
            click.echo(_nodes(find_backbone(name)))


def _catalogue(rows: "tuple[Backbone, ...]") -> str:
    from explorer.backbones import graph_of, heads_for
    from explorer.files.weights import status

    cells = [("name", "label", "heads", "least side", "parameters", "trained on", "weights", "layers")]
    cells += [
        (
            row.name,
            row.label,
            ", ".join(heads_for(row)),
            str(row.smallest_side),
            f"{graph_of(row).parameters / 1e6:.1f} M",
            row.trained_on,
            status(row.weights).where,
            ", ".join(row.layer_names),
        )
        for row in rows
    ]
    return table(cells, "<<<>><<<")


def _nodes(row: "Backbone") -> str:
    from explorer.backbones import graph_of, heads_for
    from explorer.files.weights import status

    graph = graph_of(row)
    grids = graph.grids(SHOWN_AT)
    width, height = SHOWN_AT

    def place(name: str) -> tuple[str, str]:
        rows, columns = grids[name]
        return f"{columns} × {rows}", str(graph.channels(name))

    facts = [
        ("heads", ", ".join(heads_for(row))),
        ("smallest side", f"{row.smallest_side} pixels"),
        ("parameters", f"{graph.parameters:,}"),
        ("trained on", row.trained_on),
        ("weights", status(row.weights).where),
    ]
    layers = [("layer", "grid", "channels", "node")]
    layers += [(layer.name, *place(layer.name), layer.node) for layer in row.layers]
    parts = [f"{row.name}: {row.label}; grids are those of an image of {width} × {height} pixels"]
    parts += [table(facts, "<<"), table(layers, "<>><")]
    if row.uniform:
        nodes = [("other node", "grid", "channels")]
        nodes += [(name, *place(name)) for name in graph.offered]
        parts.append(table(nodes, "<>>"))
    return "\n\n".join(parts)
