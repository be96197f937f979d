"""What is lowered, raised or held: a metric of one reference, as a function with a gradient."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import torch
from torch import Tensor

from explorer.analysis.rulers import PSNR, Ruler, label_of
from explorer.backbones import computing_with, find_device
from explorer.backbones.sizes import LARGER_IMAGE, LARGER_SIZE, too_small
from explorer.errors import ImageError, SettingError
from explorer.images import Picture
from explorer.metrics import Method, gradients
from explorer.synthesis.levels import levels_of, scaled
from explorer.synthesis.networks import module_of
from explorer.synthesis.pauses import own_turn, pause


class Objective:
    """A metric's value of pictures, from one reference.

    Attributes:
        ruler: The metric.
        device: Where it is computed.
        reference: (1, 3, H, W) in grey levels.
    """

    def __init__(self, ruler: Ruler, reference: Picture, device: str = "auto"):
        """Load what it needs, and look at the reference once, in a turn of its own.

        Args:
            ruler: PSNR, SSIM, or a method that compares place by place; its size is left aside.
            reference: At the size that is measured.

        Raises:
            SettingError: a metric without a gradient.
            ImageError: a reference that is too small.
            WeightsError: a weights file is missing or damaged.
        """
        self.ruler, self.device = ruler, find_device(device)
        self.reference = levels_of(reference, self.device)
        self._value = self._function(ruler, reference.size)

    def __call__(self, levels: Tensor) -> Tensor:
        """The value of a picture (1, 3, H, W) in grey levels, as a tensor without axes."""
        with self._exactly():
            return self._value(levels)

    def gradient(self, levels: Tensor) -> tuple[float, Tensor]:
        """The value of a picture, and its gradient there: float32, of the picture's shape."""
        with torch.inference_mode(False), torch.enable_grad(), self._exactly():
            levels = levels.detach().clone().requires_grad_()
            value = self(levels)
            (slope,) = torch.autograd.grad(value, levels)
        return float(value.detach()), slope.contiguous()  # in the picture's order, as all else is

    def value_of(self, picture: Picture) -> float:
        """The value of a picture of the reference's size, in a turn of its own: not for a process's steps."""
        pause()
        with own_turn(self.device, picture.size), torch.no_grad():
            return float(self(levels_of(picture, self.device)))

    def _exactly(self) -> AbstractContextManager[None]:
        """On CUDA, where TF32 would move a distance by more than what is held may leave its value.

        Entered in the device's turn alone: the switches are the whole program's.
        """
        return computing_with("float32", self.device)

    def _function(self, ruler: Ruler, size: tuple[int, int]) -> Callable[[Tensor], Tensor]:
        x0 = self.reference
        if isinstance(ruler, str):
            metric = gradients.psnr if ruler == PSNR else gradients.ssim
            metric(x0, x0)  # one that is too small is told now
            return lambda x: metric(x0, x)[0]
        check_gradient(ruler)
        module = module_of(ruler, self.device)
        pause()
        with own_turn(self.device, size), self._exactly():
            distance = module.against(scaled(x0))
        return lambda x: distance(scaled(x)).score[0]


def check_gradient(ruler: Ruler) -> None:
    """Raise SettingError for a metric without a gradient."""
    if isinstance(ruler, Method) and not ruler.has_maps:
        raise SettingError(
            f"{label_of(ruler)} has no gradient here, since it compares statistics of whole layers; choose "
            f"PSNR, SSIM, or a backbone with heads that compare place by place, such as alexnet."
        )


def check_large_enough(ruler: Ruler, reference: Picture) -> None:
    """Raise ImageError for a reference at which a network, or one of its layers, has nothing to see.

    Args:
        reference: At the size that is measured. Pictures are never enlarged, so that a larger size helps
            only where it was reduced.
    """
    if not isinstance(ruler, Method):
        return
    was_reduced = any(note.kind == "resized" for note in reference.notes)
    mend = LARGER_SIZE if was_reduced else LARGER_IMAGE
    if why := too_small(ruler.row, reference.size, ruler.layers, name="The reference", mend=mend):
        raise ImageError(why)
