"""A choice of network, weights and heads as one value, short enough for a link: `alexnet:uniform:random`."""

from dataclasses import dataclass

from explorer.backbones.catalogue import find_backbone
from explorer.backbones.heads import HEADS, find_heads
from explorer.backbones.loading import find_weights
from explorer.backbones.row import Backbone
from explorer.errors import SettingError

MOST_CHOICES = 6  # that are shown beside each other


@dataclass(frozen=True)
class Choice:
    """One way to measure: a column beside others."""

    backbone: str
    heads: str
    weights: str = "trained"

    @property
    def row(self) -> Backbone:
        """The backbone's row of the catalogue."""
        return find_backbone(self.backbone)

    @property
    def label(self) -> str:
        """What it is called, such as "AlexNet · LPIPS 0.1" or "VGG16, random · Uniform"."""
        weights = f", {self.weights}" if self.weights != "trained" else ""
        # A backbone that has one kind of heads, called as it is, needs no second name.
        heads = HEADS[self.heads].label
        return f"{self.row.label}{weights}" + ("" if heads in self.row.label else f" · {heads}")

    def __str__(self) -> str:
        """As a link holds it; `parse` reads it."""
        return ":".join((self.backbone, self.heads, *([self.weights] if self.weights != "trained" else [])))

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """Read "backbone", "backbone:heads" or "backbone:heads:weights".

        Without heads the backbone's first are taken, without weights the trained ones.

        Raises:
            SettingError: a part is unknown, or there are more than three.
        """
        backbone, *rest = text.split(":")
        row = find_backbone(backbone)
        if len(rest) > 2:
            raise SettingError(f"{text!r} has more parts than backbone:heads:weights; leave the others out.")
        heads = find_heads(rest[0] if rest else None, row).name
        return cls(row.name, heads, find_weights(rest[1] if len(rest) == 2 else "trained"))


def format_choices(choices: tuple[Choice, ...]) -> str:
    """Several choices as a link holds them; `read_choices` reads them."""
    return ",".join(map(str, choices))


def read_choices(text: str, most: int = MOST_CHOICES) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Read choices that are divided by commas.

    Returns:
        The good ones in their order, each once and no more than `most`; and a sentence for each thing that
        was left out.
    """
    choices, problems = [], []
    for part in filter(None, text.split(",")):
        try:
            choice = Choice.parse(part)
        except SettingError as error:
            problems.append(f"The link asks for the column “{_short(part)}”, which was left out: {error}")
            continue
        if choice not in choices:
            choices.append(choice)
    if len(choices) > most:
        names = ", ".join(choice.label for choice in choices[most:])
        problems.append(f"The link asks for more than {most} columns; left out: {names}.")
    return tuple(choices[:most]), tuple(problems)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
