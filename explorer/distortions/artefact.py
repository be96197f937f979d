"""Artefacts: what displays, transmission and processing leave behind."""

import numpy as np

from explorer.distortions.base import PERCENT_OF_SIDE, Distortion, Parameter, side_pixels
from explorer.distortions.blur import blur_pixels

FEWEST_BANDS, FEWEST_DITHERED = 5, 3  # levels a channel at full severity
MAX_LOST = 40.0  # % of blocks
MAX_AREA = 25.0  # % of the image
MAX_AMOUNT = 300.0  # %
BLOCK = 16  # px: a macroblock of most video codecs

_STRIP_ROWS = 256  # of an image that are held in floats at a time
_GREY = 128  # what a decoder shows that has nothing to show


def banding(image: np.ndarray, levels: int) -> np.ndarray:
    """Leave each channel so many levels, evenly from 0 to 255: smooth gradients fall into bands.

    Each sRGB value goes to the nearest of the levels, which themselves are rounded to whole numbers.

    Args:
        image: uint8 (H, W, 3).
        levels: How many a channel has, 2 to 256.

    Returns:
        A new uint8 (H, W, 3).
    """
    step = 255 / (levels - 1)
    return np.rint(np.rint(np.arange(256) / step) * step).astype(np.uint8)[image]


def dithering(image: np.ndarray, levels: int) -> np.ndarray:
    """As `banding`, but each pixel hands its error on to the neighbours that follow: dots in place of bands.

    Floyd and Steinberg (1976), row by row from the left, on sRGB values: 7/16 of the error go to the right,
    3/16, 5/16 and 1/16 to the row below; what would leave the image is lost. Channels are independent, which
    is the same as dithering to the palette of all their combinations, 27 colours for three levels.

    Args:
        image: uint8 (H, W, 3).
        levels: How many a channel has, 2 to 256.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    step = np.float32(255 / (levels - 1))
    row = width + 2  # a margin of one pixel at the left and the right takes the errors that leave
    values = np.zeros((height + 1, row, 3), np.float32)
    values[:height, 1:-1] = image
    flat = values.reshape(-1, 3)

    # Pixel (x, y) waits for (x - 1, y) and (x + 1, y - 1), so all with the same x + 2 y can go at once; in
    # the flattened array one of them follows the other at a fixed distance.
    stride = row - 2
    for wave in range(width + 2 * (height - 1)):
        first, last = max(0, (wave - width + 2) // 2), min(height - 1, wave // 2)
        start, stop = first * stride + wave + 1, last * stride + wave + 2
        found = flat[start:stop:stride]
        kept = np.clip(np.rint(found / step), 0, levels - 1) * step
        error = found - kept
        found[...] = kept
        for offset, sixteenths in ((1, 7), (row - 1, 3), (row, 5), (row + 1, 1)):
            flat[start + offset : stop + offset : stride] += error * np.float32(sixteenths / 16)
    return np.rint(values[:height, 1:-1]).astype(np.uint8)


def block_loss(image: np.ndarray, lost: float, rng: np.random.Generator) -> np.ndarray:
    """Lose blocks of 16 x 16 pixels, and conceal each with the nearest one of its row that arrived.

    The block to the left is taken, copied as it is, or the one to the right where none to the left arrived;
    in a row without any, blocks are mid-grey. The order in which blocks are lost does not depend on `lost`: a
    larger one loses the same and more. Blocks at the right and the bottom may be cut.

    Args:
        image: uint8 (H, W, 3).
        lost: How many of the blocks, in percent; rounded to whole blocks.
        rng: Where the order is drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    height, width = image.shape[:2]
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    arrived = np.ones(rows * columns, bool)
    arrived[rng.permutation(rows * columns)[: round(rows * columns * lost / 100)]] = False
    result = image.copy(order="C")
    x = np.arange(width)
    for place, row in enumerate(arrived.reshape(rows, columns)):
        strip = np.s_[place * BLOCK : (place + 1) * BLOCK]
        if not row.any():
            result[strip] = _GREY
        elif not row.all():
            left = np.maximum.accumulate(np.where(row, np.arange(columns), -1))
            source = np.where(left < 0, np.argmax(row), left)
            # A block may be narrower than the one that it conceals: its last column goes on.
            result[strip] = image[strip, np.minimum(source[x // BLOCK] * BLOCK + x % BLOCK, width - 1)]
    return result


def occlusion(image: np.ndarray, area: float, rng: np.random.Generator) -> np.ndarray:
    """Cover a part of the image with a rectangle of its mean colour, at a random place.

    The rectangle has the image's proportions and lies within it. It grows around a point that does not
    depend on `area`, until it covers all. Its edges are whole pixels; the mean is that of the sRGB values.

    Args:
        image: uint8 (H, W, 3).
        area: How much is covered, in percent of the image.
        rng: Where the place is drawn from.

    Returns:
        A new uint8 (H, W, 3).
    """
    share = np.sqrt(area / 100)
    height, width = image.shape[:2]
    x, y = rng.uniform(size=2)
    rows, columns = (
        slice(round(place * (1 - share) * side), round((place * (1 - share) + share) * side))
        for place, side in ((y, height), (x, width))
    )
    result = image.copy(order="C")
    result[rows, columns] = np.rint(image.mean(axis=(0, 1)))
    return result


def sharpening(image: np.ndarray, amount: float, radius: float) -> np.ndarray:
    """Sharpen by unsharp masking: edges get dark and bright halos, noise grows, values clip.

    The difference of the sRGB values from their Gaussian blur, `gaussian_blur`, is added `amount` times; sums
    are rounded and clipped. There is no threshold. Beyond the border the image is mirrored.

    Args:
        image: uint8 (H, W, 3).
        amount: How much of the difference is added, in percent.
        radius: The blur's standard deviation, in percent of the shorter side: about how wide halos are.

    Returns:
        A new uint8 (H, W, 3).
    """
    blurred = blur_pixels(image, side_pixels(image, radius))
    result = np.empty_like(blurred)
    for top in range(0, len(image), _STRIP_ROWS):
        strip = np.s_[top : top + _STRIP_ROWS]
        values = image[strip].astype(np.float32)
        values += (values - blurred[strip]) * np.float32(amount / 100)
        result[strip] = np.clip(np.rint(values, out=values), 0, 255)
    return result


def _levels(fewest: int) -> Parameter:
    """From all 256 levels to the fewest; the exponent leaves most of the slider to what can be seen."""
    return Parameter(
        "levels", "", 2, 256, at=lambda severity: round(256 * (fewest / 256) ** severity**0.7), whole=True
    )


ENTRIES = (
    Distortion(
        name="banding",
        label="Banding",
        family="artefact",
        random=False,
        parameters=(_levels(FEWEST_BANDS),),
        apply=banding,
        summary="Few levels a channel, so that smooth gradients fall into bands.",
    ),
    Distortion(
        name="dithering",
        label="Dithering",
        family="artefact",
        random=False,
        parameters=(_levels(FEWEST_DITHERED),),
        apply=dithering,
        summary="Few levels a channel, with Floyd and Steinberg's dots in place of bands.",
    ),
    Distortion(
        name="block_loss",
        label="Lost blocks",
        family="artefact",
        random=True,
        parameters=(Parameter("lost", "%", 0, 100, at=lambda severity: MAX_LOST * severity**1.5),),
        apply=block_loss,
        summary="Blocks of 16 × 16 pixels are lost and concealed by their neighbours; the seed picks them.",
    ),
    Distortion(
        name="occlusion",
        label="Occlusion",
        family="artefact",
        random=True,
        parameters=(Parameter("area", "%", 0, 100, at=lambda severity: MAX_AREA * severity),),
        apply=occlusion,
        summary="A rectangle of the image's mean colour covers a part; the seed picks its place.",
    ),
    Distortion(
        name="sharpening",
        label="Sharpening halos",
        family="artefact",
        random=False,
        parameters=(
            Parameter("amount", "%", 0, 1000, at=lambda severity: MAX_AMOUNT * severity),
            Parameter("radius", PERCENT_OF_SIDE, 0, 20, at=lambda severity: 0.2 + 0.6 * severity),
        ),
        apply=sharpening,
        summary="Unsharp masking, which draws dark and bright halos along edges.",
    ),
)
