"""The small changes of a picture that a metric sees most and least: its eigendistortions.

Near the reference x0 a distance that compares features place by place is a quadratic form. With y(x) the
features as the metric compares them, each divided by its place's norm and multiplied by the root of its
weight over the number of places, the distance of x0 + e is |y(x0 + e) - y(x0)|^2, for small e |J e|^2 with
the Jacobian J of y at x0. The eigenvectors of J'J with the largest and the smallest eigenvalue are the
directions of one energy that the metric sees most and least.

J is never formed; it is applied to a picture, and its transpose to features. Power iteration on J'J finds the
most in about a hundred steps, the least hardly ever, since most eigenvalues are tiny beside the largest. The
locally optimal conjugate gradient takes the same two products a step, and finds the most in about fifteen.

Source: Berardino, Ballé, Laparra, Simoncelli, Eigen-distortions of hierarchical representations, NeurIPS 2017
(arXiv 1710.02266); Knyazev, Toward the optimal preconditioned eigensolver, SIAM Journal on Scientific
Computing 2001 (LOBPCG, here for one vector and without a preconditioner).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from explorer.backbones import computing_with, find_device
from explorer.images import Picture
from explorer.metrics import Lpips, Method, choose_layers
from explorer.metrics.lpips import unit
from explorer.metrics.perceptual import turn
from explorer.synthesis.levels import levels_of, scaled
from explorer.synthesis.networks import module_of
from explorer.synthesis.objective import check_gradient, check_large_enough
from explorer.synthesis.process import Point, Process
from explorer.synthesis.spheres import on_sphere, radius_of

CLOSE = 1e-5  # of the eigenvalue: with a larger rest it may still be that of a near neighbour
ANEW = 50  # steps after which a direction's image is made, where the others mix it from those before
PARALLEL = 1e-4  # what is left of a unit vector without its part along others; less is rounding


class Jacobian:
    """A function's derivative at one picture, as an operator that is applied and never formed.

    The graph is built once and kept: a product passes it once, forwards or backwards. It holds nothing of who
    asks, so that all who look for directions of one function share it.

    Building it and each product are passes: on CUDA they are exact, by switches that are the whole process's,
    so that whoever calls has the device's turn.

    Attributes:
        at: The picture, float (1, 3, H, W) in grey levels.
    """

    def __init__(self, function: Callable[[Tensor], Tensor], at: Tensor):
        """Args:
        function: From a picture as `at` to a vector (M,).
        at: Where it is derived.
        """
        self._device = at.device.type
        with self._differentiable():
            self.at = at.detach().clone()
            self._x = self.at.clone().requires_grad_()
            self._y = function(self._x)
            # Backwards the derivative is linear in what it is applied to, so its own derivative is J.
            self._u = torch.zeros_like(self._y, requires_grad=True)
            (self._back,) = torch.autograd.grad(self._y, self._x, self._u, create_graph=True)

    def __call__(self, change: Tensor) -> Tensor:
        """J applied to a change of the picture (1, 3, H, W): (M,)."""
        with self._differentiable():
            (found,) = torch.autograd.grad(self._back, self._u, change, retain_graph=True)
        return found

    def transposed(self, values: Tensor) -> Tensor:
        """J' applied to values (M,): (1, 3, H, W)."""
        with self._differentiable():
            (found,) = torch.autograd.grad(self._y, self._x, values, retain_graph=True)
        return found.contiguous()  # in the picture's order, as all else is

    @contextmanager
    def _differentiable(self) -> Iterator[None]:
        """Autograd at work, exactly, and others for operators that torch derives once alone.

        On CUDA convolutions would be in TF32, whose 10 bits are fewer than the digits of an eigenvalue.
        """
        with (
            torch.inference_mode(False),
            torch.enable_grad(),
            computing_with("float32", self._device),
            _DerivedTwice(),
        ):
            yield


def jacobian_of(method: Method, reference: Picture, layers: Sequence[str] | None = None) -> Jacobian:
    """That of a metric's weighted unit features at a reference: the squared norm of what it gives of a small
    change is the change's distance. Takes the device's turn; its products are for who has one.

    Args:
        method: A metric that compares place by place; its size is left aside.
        reference: At the size that is measured.
        layers: Of the method, alone or in sum; None for all of its own.

    Raises:
        SettingError: a metric without a gradient, or a layer that it has not.
        ImageError: a reference that is too small.
        WeightsError: a weights file is missing or damaged.
    """
    check_gradient(method)
    if layers is not None:
        method = replace(method, layers=choose_layers(method.row, layers, method.heads))
    check_large_enough(method, reference)
    device = find_device(method.device)
    module, at = module_of(method, device), levels_of(reference, device)
    with turn(device, reference.size):  # after what is loaded, for which nobody waits
        return Jacobian(lambda levels: compared(module, levels), at)


def compared(module: Lpips, levels: Tensor) -> Tensor:
    """What a metric compares of a picture, as one vector: squared distances of such vectors are scores.

    Args:
        levels: (1, 3, H, W) in grey levels.
    """
    weights = module.tensors()[1].values()
    features = module.features(scaled(levels))
    parts = [
        unit(each) * (weight / (each.shape[1] * each.shape[2])).sqrt()
        for each, weight in zip(features, weights, strict=True)
    ]
    return torch.cat([part.flatten() for part in parts])


class Direction(Process):
    """Turn a direction until a metric sees it most, or least; shown as the reference changed along it.

    A point's `value` is the direction's Rayleigh quotient: the distance of a change of 1 grey level (root
    mean square) along it, if the metric were quadratic so far; at the end, the eigenvalue in this unit. Its
    `levels` are the reference, changed along it at one PSNR. Its `memory` holds the direction, of mean square
    1, and J of it, and then the same of the last step's. Its `slope` is what is left of the direction's image
    under J'J without its part along the direction: 0 at an eigenvector.
    """

    def __init__(self, jacobian: Jacobian, start: Tensor, psnr: float, is_most: bool):
        """Args:
        jacobian: Of what is compared.
        start: Any change of the picture but 0, of its shape, such as noise.
        psnr: In dB, at which it is shown.
        is_most: Whether the value grows; else it falls.
        """
        self.jacobian, self.is_most = jacobian, is_most
        self._radius = radius_of(psnr, jacobian.at.numel())
        with torch.no_grad():
            start = start.to(jacobian.at)
            self._start = start / _size(start)

    def begin(self) -> Point:
        """The start."""
        return self._point(0, self._start, self.jacobian(self._start), ())

    def advance(self, point: Point) -> Point:
        """The best of what lies between the direction, its slope and the last step's direction.

        The direction's image is mixed as the direction is, which saves a product and lets rounding gather. So
        it is made anew at some steps: by their number alone, that one who goes on gets the same bits.
        """
        step = point.step + 1
        with torch.no_grad():
            vectors, images = _basis(self.jacobian, point)
            mixture = _best(images, self.is_most)
            # The direction's own part left out, it is what this step has gone.
            way = [0.0, *mixture[1:]]
            direction, image = _mixed(mixture, vectors), _mixed(mixture, images)
            size = _size(direction)
            direction, image = direction / size, image / size
            if step % ANEW == 0:
                image = self.jacobian(direction)
            gone = _mixed(way, vectors), _mixed(way, images)
            far = _size(gone[0])
            memory = tuple(each / far for each in gone) if far > 0 else ()
        return self._point(step, direction, image, memory)

    def is_over(self, point: Point) -> bool:
        """Whether it is an eigenvector, as near as makes a difference."""
        return is_settled(point)

    def _point(self, step: int, direction: Tensor, image: Tensor, gone: tuple[Tensor, ...]) -> Point:
        value = float(image.square().sum())
        slope = direction.numel() * self.jacobian.transposed(image) - value * direction
        at = self.jacobian.at
        levels = on_sphere(at, at + direction, self._radius)
        return Point(step, levels, value, slope, (direction, image, *gone))


def is_settled(point: Point) -> bool:
    """Whether a `Direction`'s point is an eigenvector: its value is no farther from one than this rest."""
    return _size(point.slope) <= CLOSE * point.value


def quotient(jacobian: Jacobian, change: Tensor) -> float:
    """A change's Rayleigh quotient: its distance were it 1 grey level (root mean square) and J all there is.

    Args:
        change: (1, 3, H, W), not 0, of any size.
    """
    return float(jacobian(change).square().sum()) / _size(change) ** 2


def _basis(jacobian: Jacobian, point: Point) -> tuple[list[Tensor], list[Tensor]]:
    """Directions of mean square 1 at right angles, the point's own first, and J of each."""
    direction, image, *gone = point.memory
    # What stands at right angles already is made to do so to the last digit.
    slope = _without(point.slope / _size(point.slope), None, [direction], [])[0]
    vectors, images = [direction, slope], [image, jacobian(slope)]
    if gone:
        last, last_image, rest = _without(gone[0], gone[1], vectors, images)
        if rest > PARALLEL:
            vectors.append(last)
            images.append(last_image)
    return vectors, images


def _without(
    vector: Tensor, image: Tensor | None, others: list[Tensor], images: list[Tensor]
) -> tuple[Tensor, Tensor | None, float]:
    """A vector without its parts along others, of mean square 1; J of that; how much was left of 1."""
    left = 1.0
    for _ in range(2):  # the second takes away what rounding has left
        for place, other in enumerate(others):
            part = float((vector * other).mean())
            vector = vector - part * other
            image = None if image is None else image - part * images[place]
        size = _size(vector)
        if size <= PARALLEL:
            return vector, image, 0.0
        left *= size
        vector = vector / size
        image = None if image is None else image / size
    return vector, image, left


def _best(images: list[Tensor], is_most: bool) -> list[float]:
    """The mixture of directions at right angles whose image is longest, or shortest (Rayleigh and Ritz)."""
    products = [[float((one * other).sum()) for other in images] for one in images]
    _, mixtures = torch.linalg.eigh(torch.tensor(products, dtype=torch.float64))
    best = mixtures[:, -1 if is_most else 0]
    return (best if best[0] >= 0 else -best).tolist()  # so that no step turns a direction round


def _mixed(mixture: Sequence[float], vectors: Sequence[Tensor]) -> Tensor:
    return sum(part * vector for part, vector in zip(mixture, vectors, strict=True))


def _size(change: Tensor) -> float:
    """Root mean square."""
    return math.sqrt(float(change.square().mean()))


class _DerivedTwice(TorchFunctionMode):
    """Of this thread alone, as torch's own switch of attention's operators is not."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is functional.hardsigmoid:
            return functional.relu6(args[0] + 3) / 6
        if func is functional.multi_head_attention_forward:  # who wants its weights gets it unfused
            return func(*args, **kwargs | {"need_weights": True})
        return func(*args, **kwargs)
