"""VGG16's convolutions with a choice of what pools between them (Simonyan and Zisserman, 2014, table 1 D)."""

from collections.abc import Callable, Iterable

from torch import nn

# Output channels of the convolutions, stage by stage; a pooling stands between two stages.
STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def vgg16_stages(pooling: Callable[[int], Iterable[nn.Module]]) -> list[list[nn.Module]]:
    """Return the five stages, each but the first with its pooling in front, each convolution with its ReLU.

    Args:
        pooling: Makes the modules that pool, from the number of channels that they get.
    """
    stages, channels = [], 3
    for number, outputs in enumerate(STAGES):
        stage = [*pooling(channels)] if number else []
        for output in outputs:
            stage += [_convolution(channels, output), nn.ReLU(inplace=True)]
            channels = output
        stages.append(stage)
    return stages


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    """A 3 x 3 convolution, at first with such random weights as torchvision gives its VGG."""
    convolution = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
    nn.init.zeros_(convolution.bias)
    return convolution
