"""Chapter 2: a picture as features. The network as it is, strongest channels, and what a cell sees."""

from functools import partial

from explorer.analysis.inspection import scale_end
from explorer.analysis.strongest import Seen, SeenLayer, strongest
from explorer.cache import ByteBudgetCache
from explorer.figures.colours import method_colours
from explorer.images import Picture
from explorer.lessons.depth import layer_as_deep
from explorer.metrics import Method
from explorer.viewer.network.network import ChannelPicture, NetworkLayer, NetworkScene, network
from explorer.views.common.compute import identity, one_at_a_time
from explorer.views.common.settings import quoted
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView

LAYER = "seen_layer"  # in the link

_seen: ByteBudgetCache[Seen] = ByteBudgetCache(64_000_000)  # of all users: a class looks at one picture


def draw(stage: Stage) -> None:
    """The whole scene.

    Raises:
        ImageError: the picture is too small for the network.
        WeightsError: the network's files are missing or damaged.
    """
    method = stage.method
    seen = _seen_of(stage.reference, method)
    opened = _opened(stage, seen, method)
    network(scene_of(seen, opened, method), key="learn_network", on_layer=partial(_open, stage))


def _seen_of(picture: Picture, method: Method) -> Seen:
    key = (identity(picture), method.pass_identity)
    seen = _seen.get(key)
    if seen is None:
        with one_at_a_time("Looking at the layers …"):
            seen = strongest(picture, method)
            _seen.put(key, seen, seen.bytes)
    return seen


def _opened(stage: Stage, seen: Seen, method: Method) -> SeenLayer:
    """The layer that the link asks for; else the first."""
    names = [layer.name for layer in seen.layers]
    asked = stage.own.get(LAYER, names[0])
    name = layer_as_deep(asked, names)
    if name is None:
        stage.session.report(
            f"The link asks for the layer {quoted(asked)}, and {names[0]} was taken: "
            f"{method.row.label} has no such layer."
        )
        stage.keep({each: text for each, text in stage.own.items() if each != LAYER})
    return seen.layers[names.index(name or names[0])]


def _open(stage: Stage, name: str) -> None:
    stage.keep({**stage.session.view_of(LearnView).own, LAYER: name})


def scene_of(seen: Seen, opened: SeenLayer, method: Method) -> NetworkScene:
    """What the viewer draws of a picture in a network, with one of its layers open."""
    colours = method_colours(method)
    width, height = seen.picture.size
    return NetworkScene(
        key=f"{identity(seen.picture)}|{method.pass_identity}|{opened.name}",
        photograph=seen.picture.pixels,
        name=seen.picture.name,
        layers=tuple(
            NetworkLayer(
                layer.name,
                layer.channels,
                layer.grid,
                layer.field.words,
                layer.field.size if layer.field.kind == "cell" else None,
                layer.strongest[0].values,
                colours[layer.name],
            )
            for layer in seen.layers
        ),
        chosen=opened.name,
        strongest=tuple(
            ChannelPicture(each.channel, each.strength, each.values) for each in opened.strongest
        ),
        end=scale_end(*(each.values for each in opened.strongest)),
        across=opened.columns_of(width),
        down=opened.rows_of(height),
    )
