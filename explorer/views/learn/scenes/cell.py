"""One cell of a map, by hand: reads the place from the link, asks for its terms, and draws them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from explorer.analysis.cell import ByHand, by_hand, cell_at, is_at_hand, usual_place
from explorer.backbones import HEADS, receptive_fields
from explorer.lessons.wishes import readers, whole
from explorer.metrics import LayerMeasurement, Method
from explorer.viewer.cell.cell import FEWER, STEPS, CellScene, cell
from explorer.views.common.compute import one_at_a_time, show
from explorer.views.common.shown import Shown
from explorer.views.learn.checking import checked
from explorer.views.learn.stage import Stage
from explorer.views.learn.whole_layers import draw_whole_layers

OWN = "cell_"  # what its parameters of the link begin with
NO_CELLS = "DISTS compares whole layers, so no cell has a value."
FIXED = (  # all that the scene itself says, beside numbers and names of layers
    "Reference",
    "Distorted",
    "The cell sees … pixels",
    "this cell",
    "… cells, its own scale",
    "One place of equation 1",
    "Channel … more",
    "Features … and … long",
    "Unit length, each over its length … long",
    "Difference, squared",
    "Times head weight, from votes",
    "Sum is the map’s value",
)


@dataclass(frozen=True)
class CellLink:
    """What of the scene a link carries; None stands for what the scene chooses itself.

    Attributes:
        layer: Whose map is seen; by default the second, where features are no longer single edges.
        x, y: The place, as parts of the picture's width and height, 0..1: the same on every layer's grid. By
            default `usual_place`.
        channel: Whose numbers are written out; by default that of the largest product.
        shown: How many steps are seen; by default all.
    """

    layer: str | None = None
    x: float | None = None
    y: float | None = None
    channel: int | None = None
    shown: int | None = None

    def to_own(self) -> dict[str, str]:
        """As parameters of the link."""
        texts = {"layer": self.layer, "channel": self.channel, "shown": self.shown}
        texts |= {
            name: None if part is None else f"{part:.5g}" for name, part in (("x", self.x), ("y", self.y))
        }
        return {f"{OWN}{name}": str(text) for name, text in texts.items() if text is not None}

    @classmethod
    def from_own(
        cls, own: Mapping[str, str], layers: tuple[LayerMeasurement, ...]
    ) -> tuple[Self, tuple[str, ...]]:
        """Read these; returns the values, and a sentence for each that was no good."""
        problems: list[str] = []
        most = max(layer.channels for layer in layers) - 1
        known = readers(tuple(layer.name for layer in layers))["cell"] | {f"{OWN}channel": whole(0, most)}
        found = checked(own, known, problems.append)
        return cls(**{name.removeprefix(OWN): value for name, value in found.items()}), tuple(problems)


def draw(stage: Stage) -> None:
    """The whole scene.

    Raises:
        ExplorerError: the pair cannot be measured.
    """
    session = stage.session
    if not session.settings.method.has_maps:
        draw_whole_layers(session, NO_CELLS)
        return
    shown = show(session, stage.pair, stage.method)
    layers = shown.inspection.measurement.layers
    link, problems = CellLink.from_own(stage.own, layers)
    if problems:
        # A layer that another backbone has was no fault of the link: it was followed before.
        for problem in problems if session.followed is not None else ():
            session.report(problem)
        stage.keep(link.to_own())
        session.run_anew()
    layer = next((each for each in layers if each.name == link.layer), layers[min(1, len(layers) - 1)])
    place = _place(link, layer, shown.method)
    _draw_cell(stage, shown, link, layer, _found(shown, layer.name, place))


def _found(shown: Shown, layer: str, place: tuple[int, int]) -> ByHand:
    """The cell's arithmetic; a layer that is opened first takes another pass of the network."""
    asked = shown.pair.reference, shown.pair.distorted, shown.method, layer
    if is_at_hand(*asked):
        return by_hand(*asked, place)
    with one_at_a_time(f"Opening {layer} …"):
        return by_hand(*asked, place)


def _place(link: CellLink, layer: LayerMeasurement, method: Method) -> tuple[int, int]:
    """The cell that is meant: (row, column)."""
    if link.x is None or link.y is None:
        return usual_place(layer.map, receptive_fields(method.row)[layer.name])
    return cell_at(layer.grid, link.x, link.y)


def _draw_cell(stage: Stage, shown: Shown, link: CellLink, layer: LayerMeasurement, found: ByHand) -> None:
    comparison, measurement = shown.inspection.comparison, shown.inspection.measurement
    rest, more = found.rest(), found.rest(FEWER)
    cell(
        CellScene(
            key="-".join((comparison.reference.digest, comparison.distorted.digest, measurement.word)),
            reference=comparison.reference.pixels,
            distorted=comparison.distorted.pixels,
            layers=tuple(each.name for each in measurement.layers),
            layer=layer.name,
            values=layer.map,
            place=found.place,
            is_chosen=link.x is not None and link.y is not None,
            window=found.window,
            field=found.field,
            lengths=(found.length, found.length0),
            terms=found.strongest(),
            rest=rest if rest.channels else None,
            rest_of_fewer=more if more.channels else None,
            value=found.value,
            followed=link.channel,
            shown=link.shown or STEPS,
            weight_words=_weight_words(shown.method.heads),
            colours=stage.session.settings.colours,
        ),
        key="learn_cell",
        on_see=lambda sight: stage.keep(CellLink(**asdict(sight)).to_own()),
    )


def _weight_words(heads: str) -> str:
    """Where the weights come from."""
    if heads == "uniform":
        return "all 1"
    return "from votes" if HEADS[heads].trained_on else "learned"
