"""Can a change that nobody sees turn a metric's verdict?

Of two versions of a picture a metric finds one closer. That one is changed by a few grey levels a pixel,
along the sign of the score's gradient, until the metric finds it farther than the other or the steps end.
Only whole levels count: the gradient is taken at the picture rounded to 8 bits, and what is left of the steps
below a half level is carried on, so that each frame is a picture that a file can hold.

Source: signed steps projected on a box are the attack of Madry et al., Towards Deep Learning Models Resistant
to Adversarial Attacks, ICLR 2018; on LPIPS Kettunen et al., E-LPIPS, 2019 (arXiv 1906.03973), and Ghazanfari
et al., R-LPIPS, 2023 (arXiv 2307.15157).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral

import numpy as np
import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.images import Picture, derive, to_one_size
from explorer.metrics import Lpips, Method
from explorer.metrics.scores import scores

STEPS = 12  # at most; two levels take AlexNet about seven, and what has not turned by then hardly does
PARTS = 4  # a step is this part of the bound, so that a pixel can still turn round
LARGEST = 16  # levels: more is seen by everybody
LEAD = 1.001  # how far beyond the other's score is enough: the exact path rounds otherwise, to 1e-5


@dataclass(frozen=True, eq=False)
class Frame:
    """The changed version after so many steps.

    Attributes:
        step: From 0, the version as it was.
        score: The metric's, of `pixels`, >= 0.
        pixels: uint8 (H, W, 3), nowhere more than the bound from the version as it was.
    """

    step: int
    score: float
    pixels: np.ndarray


@dataclass(frozen=True, eq=False)
class TurnedVerdict:
    """What became of a verdict; all scores are of 8-bit pictures, and as `explorer.measure` gives them.

    Attributes:
        levels: The bound, in grey levels of 255.
        before, after: The score of the changed version as it was, and as it is now.
        other: The score of the version that was farther.
        picture: The changed version.
        course: The score after each step, from 0 on.
    """

    levels: int
    before: float
    after: float
    other: float
    picture: Picture
    course: tuple[float, ...]

    @property
    def has_turned(self) -> bool:
        """Whether the metric now finds the changed version farther than the other one."""
        return self.after > self.other

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.course) - 1


def frames(
    reference: Picture, closer: Picture, farther: Picture, method: Method, levels: int = 2, steps: int = STEPS
) -> Iterator[Frame]:
    """Change the closer version until the metric finds it farther than the other; a frame a step.

    Args:
        reference, closer, farther: Of one size, which is the size they are measured at.
        method: A metric that compares place by place, and whose gradient there is; computed on the CPU.
        levels: How far each value of each pixel may go, in grey levels of 255.
        steps: At most.

    Raises:
        SettingError: a bound that is none, a metric without maps, or versions that are ordered otherwise.
        SizeMismatchError, ImageError, WeightsError: as `explorer.measure`.
    """
    _check(levels, steps)
    lpips = Lpips(method.backbone, method.heads, method.weights, method.layers)
    to_one_size(reference, closer)
    to_one_size(reference, farther)
    x0, start, other = (_levels(each) for each in (reference, closer, farther))
    with torch.no_grad():
        bound = float(lpips(_scaled(x0), _scaled(other)))
        first = float(lpips(_scaled(x0), _scaled(start)))
    if first >= bound:
        raise SettingError(
            f"{method.label} finds the version that is to be changed farther already; swap the two versions."
        )
    low, high = (start - levels).clamp(min=0), (start + levels).clamp(max=255)
    x = start.clone()
    for step in range(steps + 1):
        whole = _rounded(x)
        score, slope = _slope(lpips, x0, whole)
        yield Frame(step, score, _pixels(whole))
        if score > LEAD * bound:
            return
        x = torch.minimum(torch.maximum(x + levels / PARTS * slope.sign(), low), high)


def turned(
    reference: Picture, closer: Picture, farther: Picture, method: Method, levels: int, made: list[Frame]
) -> TurnedVerdict:
    """The result of frames so far, of which the last counts, by the exact path; arguments as `frames`.

    Raises:
        ExplorerError: as `explorer.measure`.
    """
    picture = derive(closer, made[-1].pixels)
    before, after, other = scores(method, reference, [closer, picture, farther])
    return TurnedVerdict(levels, before, after, other, picture, tuple(frame.score for frame in made))


def turn_verdict(
    reference: Picture, closer: Picture, farther: Picture, method: Method, levels: int = 2, steps: int = STEPS
) -> TurnedVerdict:
    """All frames and their result; arguments and errors as `frames`."""
    made = list(frames(reference, closer, farther, method, levels, steps))
    return turned(reference, closer, farther, method, levels, made)


def _check(levels: int, steps: int) -> None:
    """Raise SettingError unless these are whole numbers in their ranges."""
    for name, value, highest in (("bound", levels, LARGEST), ("number of steps", steps, 1000)):
        is_whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not is_whole or not 1 <= value <= highest:
            raise SettingError(f"The {name} is {value!r}; choose a whole number from 1 to {highest}.")


def _slope(lpips: Lpips, x0: Tensor, x: Tensor) -> tuple[float, Tensor]:
    """The score of a picture, and its gradient there."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        score = lpips(_scaled(x0), _scaled(x))
        (slope,) = torch.autograd.grad(score.sum(), x)
    return float(score.detach()), slope


def _levels(picture: Picture) -> Tensor:
    """A picture as float32 (1, 3, H, W), in grey levels of 255."""
    return torch.tensor(picture.pixels).permute(2, 0, 1)[None].float()


def _scaled(levels: Tensor) -> Tensor:
    return levels / 127.5 - 1


def _rounded(levels: Tensor) -> Tensor:
    """To whole levels; halves go up, so that all pixels of one step move alike."""
    return (levels + 0.5).floor()


def _pixels(levels: Tensor) -> np.ndarray:
    return levels[0].permute(1, 2, 0).to(torch.uint8).numpy().copy()
