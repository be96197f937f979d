"""The flags that say how to measure, once for all commands that do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from explorer.cli.asked import Asked
from explorer.images import FITS, measured_size

METHOD = ("backbone", "heads", "layers", "weights", "size", "device", "precision")  # as a `Method` has them


def _longest_side(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Turn --size into a number; what is none is refused in the same words as in Python."""
    if value is None:
        return None
    try:
        size = int(value)
    except ValueError:
        size = value
    measured_size((1, 1), size)
    return size


_OPTIONS = (
    click.option(
        "--backbone",
        metavar="NAME",
        default="alexnet",
        show_default=True,
        help="The feature network; `backbones` lists them. `measure` takes several, as in alexnet,vgg16.",
    ),
    click.option(
        "--heads",
        metavar="NAME",
        help="lpips-0.1, lpips-0.0, uniform ...; the backbone's first by default (AlexNet: lpips-0.1), and "
        "uniform with --weights random.",
    ),
    click.option(
        "--layers",
        metavar="A,B",
        help="Layers to add up, such as conv1,conv2; all by default. With --heads uniform also any node that "
        "`backbones NAME` lists.",
    ),
    click.option(
        "--weights",
        type=click.Choice(("trained", "random")),
        default="trained",
        show_default=True,
        help="Random ones are the control: the same network, untrained, with uniform heads.",
    ),
    click.option(
        "--size",
        callback=_longest_side,
        metavar="N",
        help="Longest side to measure at, in pixels (never upscaled); as given by default.",
    ),
    click.option(
        "--background",
        default="white",
        show_default=True,
        metavar="COLOUR",
        help="Laid under transparent images.",
    ),
    click.option(
        "--device", metavar="NAME", default="auto", show_default=True, help="auto, cuda, mps or cpu."
    ),
    click.option(
        "--precision",
        type=click.Choice(("float32", "tf32", "bf16")),
        default="float32",
        show_default=True,
        help="float32 is exact. On cuda the others are faster: tf32 (only there), and bf16, which moves a "
        "score by up to a few percent.",
    ),
)

_FIT = click.option(
    "--fit",
    type=click.Choice(FITS),
    help="Where sizes differ: resize the distorted image to the reference, or crop both to their centre.",
)


def method_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags that say how to measure a pair; it takes them together, as `asked`."""
    return _FIT(_collected(command))


def picture_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that makes the other image itself, so that no sizes differ."""
    return _collected(command)


def _collected(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def collected(*arguments: Any, background: str, fit: str | None = None, **flags: Any) -> Any:
        parameters = {name: flags.pop(name) for name in METHOD}
        return command(*arguments, asked=Asked(parameters, background, fit), **flags)

    for option in reversed(_OPTIONS):  # so that help lists them in their order
        collected = option(collected)
    return collected


def box_option(help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The flag --box, as often as there are boxes; `help` says what happens without any."""
    return click.option(
        "--box",
        "boxes",
        multiple=True,
        metavar="X,Y,W,H",
        help="A box in pixels of the image as given, before any --size (with --fit: of the fitted pair); "
        f"may be repeated. {help}",
    )
