"""Arrays -> what a browser or a file can show: lossless PNG, planes of values, colour scales.

Pictures are uint8 of shape (H, W, 3). Planes are floating point of shape (h, w), finite or NaN, where NaN
means "no data" (SSIM's border).
"""

import base64
import io
import zlib
from functools import lru_cache

import numpy as np
import plotly.colors
from PIL import Image

from explorer.errors import SettingError
from explorer.images import measured_size, reduced

LARGEST_FLOAT_SIDE = 128  # a larger plane is sent as 16 bits a cell: half of its float32
# A larger one travels as PNG. Up to this, 16 bits as they are take a tenth of the time to make, in every
# run of a page, and are as many bytes: a PNG makes noise no smaller.
LARGEST_RAW_SIDE = 512
SIXTEEN_BITS = 65535  # the largest value, which is no data where a plane travels as it is
# zlib's fastest, looking for nothing but runs. The samples take a third of the default's time; photographs as
# many bytes, those that repeat themselves (a page of text, bricks) up to 1.6 times as many.
COMPRESSION = {"compress_level": 1, "compress_type": zlib.Z_RLE}
NO_DATA = (128, 128, 128)  # a grey, which none of the scales holds
OVERLAY = 0.5  # opacity of a map over the grey photograph where the map is 0, unless another is chosen
OVERLAY_GREY = 128  # of the photograph that an overlay's colour bar stands on: a mid grey

SEQUENTIAL = {"magma": plotly.colors.sequential.Magma, "cividis": plotly.colors.sequential.Cividis}
DIVERGING = {"PuOr": plotly.colors.diverging.PuOr}


def png(pixels: np.ndarray) -> bytes:
    """Encode a picture as PNG, lossless and fast rather than small.

    Args:
        pixels: uint8 of shape (H, W, 3).

    Raises:
        ValueError: another type or shape.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"a picture is uint8 of shape (H, W, 3), not {pixels.dtype} of {pixels.shape}")
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", **COMPRESSION)
    return buffer.getvalue()


def thumbnail_address(image: Image.Image) -> str:
    """A small picture as a data address: a JPEG, for it is recognised and not examined."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{text(buffer.getvalue())}"


def plane(values: np.ndarray) -> dict[str, object]:
    """Pack a plane of values so that it can travel as JSON.

    Up to 128 x 128 cells the values are exact: `{"rows", "columns", "kind": "float32", "data"}`,
    little-endian float32 in base64, NaN as NaN.

    A larger one holds the rounded steps `steps * (value - minimum) / (maximum - minimum)`, which err by at
    most half a step, (maximum - minimum) / steps / 2; it is
    `{"rows", "columns", "kind", "minimum", "maximum", "steps", "data"}`.

    - Up to 512 x 512 its kind is "uint16", little-endian in base64, with 65534 steps; 65535 is "no data".
    - Beyond, its kind is "png16", a PNG in base64, with 65535 steps: red and green are their high and low
      byte, and blue is 255 where there is no data and 0 elsewhere.

    Args:
        values: floating point of shape (h, w), finite or NaN.

    Raises:
        ValueError: an infinite value, or no plane.
    """
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"a plane has shape (h, w), not {values.shape}")
    if np.isinf(values).any():
        raise ValueError("a plane's values are finite, or NaN where there is no data")
    rows, columns = values.shape
    if max(rows, columns) <= LARGEST_FLOAT_SIDE:
        data = values.astype("<f4").tobytes()
        return {"rows": rows, "columns": columns, "kind": "float32", "data": text(data)}

    absent = np.isnan(values)
    present = np.where(absent, np.inf, values)
    minimum = 0.0 if absent.all() else float(present.min())
    maximum = 0.0 if absent.all() else float(np.nanmax(values))
    is_raw = max(rows, columns) <= LARGEST_RAW_SIDE
    last = SIXTEEN_BITS - is_raw
    scale = last / (maximum - minimum) if maximum > minimum else 0.0
    steps = np.rint((np.where(absent, minimum, values) - minimum) * scale).astype("<u2")
    packed = {"rows": rows, "columns": columns, "minimum": minimum, "maximum": maximum, "steps": last}
    if is_raw:
        steps[absent] = SIXTEEN_BITS
        return packed | {"kind": "uint16", "data": text(steps.tobytes())}
    pixels = np.empty((rows, columns, 3), np.uint8)
    pixels[..., 0] = steps >> 8
    pixels[..., 1] = steps & 255
    pixels[..., 2] = np.where(absent, 255, 0)
    return packed | {"kind": "png16", "data": text(png(pixels))}


def text(data: bytes) -> str:
    """Bytes as base64 text: raw bytes inside a component's data would arrive as a useless string."""
    return base64.b64encode(data).decode("ascii")


def shrunk(values: np.ndarray, side: int) -> np.ndarray:
    """A plane for a small picture: means of its cells where its longer side has more than `side`.

    Args:
        values: float32 (h, w); a cell with a NaN in it is NaN.
        side: Of the result, at most; a smaller plane keeps its own cells.
    """
    height, width = values.shape
    return reduced(values, measured_size((width, height), side))


@lru_cache
def colours(name: str) -> np.ndarray:
    """A colour scale as a table.

    Args:
        name: "magma" or "cividis" for amounts from 0 up, "PuOr" for differences around a neutral 0.

    Returns:
        uint8 of shape (256, 3), read-only: Plotly's colours of that name, interpolated linearly in sRGB.

    Raises:
        SettingError: an unknown name.
    """
    scales = SEQUENTIAL | DIVERGING
    if name not in scales:
        raise SettingError(f"There is no colour scale “{name}”; choose one of {', '.join(scales)}.")
    # A copy: plotly turns the list that it is given into numbers in place, and its own charts need the names.
    anchors = 255 * np.array(plotly.colors.validate_colors(list(scales[name]), "tuple"))
    places = np.linspace(0, len(anchors) - 1, 256)
    table = np.stack([np.interp(places, np.arange(len(anchors)), channel) for channel in anchors.T], axis=1)
    table = np.rint(table).astype(np.uint8)
    table.setflags(write=False)
    return table


def colourise(values: np.ndarray, name: str, maximum: float) -> np.ndarray:
    """Lay a colour scale on a plane, for exported pictures; the viewer does the same in the browser.

    Args:
        values: floating point of shape (h, w); values beyond the scale take its end's colour, NaN is grey.
        name: A scale of `colours`. Sequential scales run over 0..maximum, diverging ones over ±maximum.
        maximum: The scale's end, above 0.

    Returns:
        uint8 of shape (h, w, 3).

    Raises:
        SettingError: an unknown scale, or an end that is not above 0.
    """
    index, absent = _places(values, name, maximum)
    pixels = colours(name)[index]
    pixels[absent] = NO_DATA
    return pixels


@lru_cache
def overlaid(name: str, overlay: float) -> np.ndarray:
    """A colour scale as an overlay draws it on a grey photograph; `overlaidTable` is the same in the viewer.

    A plain mix with the photograph would show colours that the scale lacks, such as greens in magma. So the
    opacity rises with the value: the photograph is seen where there is little to say, and the scale's end is
    its own colour on any photograph.

    Args:
        name: A scale of `colours`.
        overlay: Opacity where the value is 0, 0..1; from there it rises to 1, linearly, at the scale's end,
            or at both ends of a diverging one.

    Returns:
        uint8 of shape (256, 4), RGB and opacity, read-only.

    Raises:
        SettingError: an unknown scale.
    """
    places = np.linspace(-1, 1, 256) if name in DIVERGING else np.linspace(0, 1, 256)
    opacity = 255 * (overlay + (1 - overlay) * np.abs(places))
    table = np.column_stack([colours(name), np.rint(opacity).astype(np.uint8)])
    table.setflags(write=False)
    return table


def overlay_bar(name: str, overlay: float) -> np.ndarray:
    """The colour bar of an overlay, uint8 (256, 3): `overlaid` on a mid grey, OVERLAY_GREY."""
    table = overlaid(name, overlay).astype(float)
    opacity = table[:, 3:] / 255
    return np.rint(opacity * table[:, :3] + (1 - opacity) * OVERLAY_GREY).astype(np.uint8)


def colourise_overlay(values: np.ndarray, name: str, maximum: float, overlay: float) -> np.ndarray:
    """As `colourise`, with the opacities of `overlaid`; where there is no data it is transparent.

    Returns:
        uint8 of shape (h, w, 4), to lie on a grey photograph.
    """
    index, absent = _places(values, name, maximum)
    pixels = overlaid(name, overlay)[index]
    pixels[absent] = 0
    return pixels


def _places(values: np.ndarray, name: str, maximum: float) -> tuple[np.ndarray, np.ndarray]:
    """Each value's place in a scale's table, and where there is none."""
    colours(name)  # a name that is unknown is named before a bad end
    if not (np.isfinite(maximum) and maximum > 0):
        raise SettingError(f"A colour scale must end above 0, not at {maximum}; choose a larger end.")
    fraction = values / maximum
    if name in DIVERGING:
        fraction = (fraction + 1) / 2
    absent = np.isnan(fraction)
    return np.floor(np.where(absent, 0, np.clip(fraction, 0, 1)) * 255 + 0.5).astype(np.intp), absent
