"""What layers keep, as a plan: which layers, each alone or together, from which start, drawn how."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from explorer.analysis.rulers import Ruler
from explorer.backbones import find_device
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Method, choose_layers
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.inversion import Inversion
from explorer.synthesis.journey import Frame, Plan
from explorer.synthesis.objective import Objective, check_gradient, check_large_enough
from explorer.synthesis.parametrisation import find_parametrisation
from explorer.synthesis.process import Process
from explorer.synthesis.starts import NOISE, start_picture

STEPS = 200  # after which AlexNet's layers have less than 5% of their distance left, each of them
MOST = 5  # groups side by side
BETWEEN, TOGETHER = ";", ","  # groups, and layers of one, as text

Group = tuple[str, ...]  # layers whose distances are lowered together


@dataclass(frozen=True, eq=False)
class Keeping:
    """What is asked.

    Attributes:
        reference: At the size that is measured.
        groups: Of layers, each of which a picture is grown for; in the network's order.
        method: The metric whose layers these are, and by which all is told; its size is None.
        start: A name of `starts.STARTS`, or a picture.
        by: How it is drawn, a key of `parametrisation.PARAMETRISATIONS`.
        seed: Of the noise.
    """

    reference: Picture
    groups: tuple[Group, ...]
    method: Method
    start: Picture | str = NOISE
    by: str = "pixels"
    seed: int = 0

    def __post_init__(self):
        check_gradient(self.method)
        object.__setattr__(self, "groups", checked(self.groups, self.method))
        check_large_enough(self.told_by, self.reference)
        find_parametrisation(self.by, self._shape)
        start_picture(self.reference, self.start, self.seed)

    @property
    def told_by(self) -> Method:
        """The method, with layers in the sum that it lacks and a group has."""
        grown = (name for group in self.groups for name in group)
        layers = choose_layers(self.method.row, (*self.method.layers, *grown), self.method.heads)
        return replace(self.method, layers=layers, size=None)

    @property
    def key(self) -> Hashable:
        """Equal for questions whose pictures are the same."""
        start = self.start if isinstance(self.start, str) else self.start.digest
        seed = self.seed if start == NOISE else 0
        return "keeps", self.reference.digest, self.groups, self.told_by.identity, start, seed, self.by

    def plan(self, witnesses: tuple[Ruler, ...] = ()) -> "KeepingPlan":
        """What is to be made: a run a group, by the group's name.

        Args:
            witnesses: Other metrics that are asked at the ends.
        """
        return KeepingPlan(
            key=(self.key, witnesses),
            label=f"Growing {'a picture' if len(self.groups) == 1 else 'pictures'} for {self.said}",
            reference=self.reference,
            rulers=tuple(map(self._method_of, self.groups)),
            method=self.told_by,
            witnesses=witnesses,
            make=self._make,
            size=step_bytes(list(map(self._method_of, self.groups)), self.reference.size, len(self.groups)),
            keeping=self,
        )

    @property
    def said(self) -> str:
        """The groups in a sentence: "conv1, conv3 and conv5"."""
        *names, last = (" + ".join(group) for group in self.groups)
        return f"{', '.join(names)} and {last}" if names else last

    def _make(self) -> Mapping[str, Process]:
        start = start_picture(self.reference, self.start, self.seed)
        by = find_parametrisation(self.by, self._shape)
        device = find_device(self.method.device)
        return {
            run_of(group): Inversion(Objective(self._method_of(group), self.reference, device), start, by)
            for group in self.groups
        }

    @property
    def _shape(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.reference.height, self.reference.width

    def _method_of(self, group: Group) -> Method:
        return replace(self.method, layers=group, size=None)


@dataclass(frozen=True, eq=False)
class KeepingPlan(Plan):
    """A plan that says what it is of.

    Attributes:
        keeping: What was asked.
    """

    keeping: Keeping = field(kw_only=True)


def run_of(group: Group) -> str:
    """A group's name: "conv1", or "conv1,conv2"."""
    return TOGETHER.join(group)


def distance_in(frame: Frame, layers: Sequence[str], group: Group) -> float:
    """What a group's layers say of a frame, measured on its 8-bit picture.

    Args:
        frame: Of a plan of `Keeping`.
        layers: Those of the plan's method.
    """
    return sum(
        distance for name, distance in zip(layers, frame.standing.distances, strict=True) if name in group
    )


def usual_groups(layers: Sequence[str]) -> tuple[Group, ...]:
    """The first, the middle and the last of some layers, each alone."""
    places = dict.fromkeys((0, (len(layers) - 1) // 2, len(layers) - 1))
    return tuple((layers[place],) for place in places)


def read_groups(text: str) -> tuple[Group, ...]:
    """What `text_of` wrote: "conv1;conv3;conv1,conv2"; whether there are such layers is not asked."""
    groups = (tuple(name.strip() for name in part.split(TOGETHER)) for part in text.split(BETWEEN))
    return tuple(named for group in groups if (named := tuple(filter(None, group))))


def text_of(groups: Sequence[Group]) -> str:
    """As links and the shell hold them."""
    return BETWEEN.join(map(run_of, groups))


def checked(groups: Sequence[Group], method: Method) -> tuple[Group, ...]:
    """Groups in the network's order of layers, each once.

    Raises:
        SettingError: none, more than `MOST`, or a layer that the network or its heads do not have.
    """
    found = tuple(dict.fromkeys(choose_layers(method.row, group, method.heads) for group in groups))
    if not found:
        raise SettingError("No layer is chosen; choose at least one, whose distance is lowered.")
    if len(found) > MOST:
        raise SettingError(f"{len(found)} pictures side by side are too many; choose at most {MOST} layers.")
    return found
