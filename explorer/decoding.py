"""Encoded bytes -> sRGB pixels: every format and colour quirk between a file and a plain (H, W, 3) array.

Pillow does the decoding. What it would do in silence is done here in the open: each conversion adds a note
in the user's words, and what cannot be converted exactly is refused with one sentence that says how to mend
it. The order is fixed: 16-bit to 8-bit, palette, colour profile, transparency, orientation.
"""

import io
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageColor, UnidentifiedImageError

from explorer.errors import ExplorerError, ImageError, SettingError
from explorer.notes import Note

MAX_PIXELS = 50_000_000
"""Largest image that is decoded, in pixels: 50 megapixels are 150 MB of RGB."""

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")  # "JPEG" opens phones' MPO files, too

_ORIENTATIONS = {  # EXIF 2.32, tag 0x0112: what turns the stored rows and columns upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow's raw modes of 16-bit colour; the last letter is the byte order: big, little or native.
_WIDE = re.compile("(LA|RGB[AXa]?|CMYK);16[BLN]")

_SIGNATURES = (  # first bytes of the formats that are read, to tell a damaged file from a foreign one
    (rb"\x89PNG\r\n", "PNG"),
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"RIFF.{4}WEBP", "WebP"),
    (rb"II[*+]\0|MM\0[*+]", "TIFF"),
    (rb"GIF8[79]a", "GIF"),
    (rb".{4}ftypavi[fs]", "AVIF"),
    (rb"BM.{4}\0\0\0\0", "BMP"),
)

_FOREIGN = (  # first bytes of what people hand in instead, with the way out
    (rb"\s*%PDF-", "is a PDF document; export the page as PNG first"),
    (rb"(?i)\s*<(?:!doctype html|html)", "is a web page, not an image; download the picture itself"),
    (
        rb"(?:\xef\xbb\xbf)?\s*<svg|(?:\xef\xbb\xbf)?\s*<[?!].*<svg",
        "is an SVG drawing; export it as PNG first",
    ),
    (rb".{4}ftyp(?:.{4}){0,9}?he[iv][cxms]", "is a HEIC photo; export it as JPEG or PNG first"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "is a JPEG XL image; export it as PNG first"),
    (rb"\xff\x4f\xff\x51|\0\0\0\x0cjP  ", "is a JPEG 2000 image; export it as PNG first"),
    (rb"PK\x03\x04", "is a zip file; take the image out of it, or open it as a project"),
    (rb"8BPS", "is a Photoshop document; export it as PNG first"),
)


@dataclass(frozen=True, eq=False)
class Decoded:
    """Pixels in sRGB with what was done to get them.

    Attributes:
        pixels: uint8 (H, W, 3).
        format: the container's name as Pillow gives it, "PNG" for example.
        notes: every conversion, in order.
    """

    pixels: np.ndarray
    format: str
    notes: tuple[Note, ...]


def decode(source: bytes | Image.Image, subject: str, background: str = "white") -> Decoded:
    """Decode a file's bytes, or convert a Pillow image, to 8-bit sRGB.

    Args:
        source: the bytes of a PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF file, told by content, or a Pillow
            image.
        subject: what error messages call the image, such as its file's name.
        background: colour under transparent pixels, in any form that Pillow's ImageColor knows.

    Raises:
        ImageError: the source is not an image that can be read exactly, or has more than MAX_PIXELS.
        SettingError: the background is not a colour.
    """
    paper = _paper(background)
    try:
        if isinstance(source, Image.Image):
            return _convert(source, None, subject, background, paper)
        with Image.open(io.BytesIO(source), formats=FORMATS) as image:
            return _convert(image, source, subject, background, paper)
    except (ExplorerError, MemoryError):  # the latter is no fault of the file
        raise
    except Exception as error:  # decoders meet damaged bytes with errors of nearly every class
        raise ImageError(f"{subject} {_reason(source, error)}.") from error


def check_size(width: int, height: int, subject: str) -> None:
    """Refuse an image without pixels and one with more than MAX_PIXELS.

    Raises:
        ImageError: with the size and the mend.
    """
    if width < 1 or height < 1:
        raise ImageError(f"{subject} has no pixels ({width} × {height}); choose another image.")
    if width * height > MAX_PIXELS:
        raise ImageError(f"{subject} is {width} × {height} pixels, {_too_large(width * height)}.")


def _too_large(pixels: int) -> str:
    return (
        f"{math.ceil(pixels / 1e6):,} megapixels, more than the {MAX_PIXELS / 1e6:.0f} that are read; "
        "make it smaller or cut out a part first"
    )


def _reason(source: bytes | Image.Image, error: Exception) -> str:
    """Say in the user's words why the source could not be decoded."""
    text = str(error)
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        # Pillow gives up on far too large headers before it tells the size, except in its message.
        pixels = re.search(r"\((\d+) pixels\)", text)
        return "is " + (_too_large(int(pixels[1])) if pixels else "far too large; make it smaller first")
    if isinstance(source, Image.Image):
        return "cannot be read by Pillow; give the path or the bytes of its file instead"
    if not source:
        return "is empty (0 bytes); choose another file"
    if "Decompressed data too large" in text or "text chunks" in text:
        return "carries far too much text besides the picture; export it again without metadata"
    head = source[:4096]
    known = next((name for pattern, name in _SIGNATURES if re.match(pattern, head, re.DOTALL)), None)
    if known and "truncated" in text.lower():
        return f"is cut short, the end of the {known} file is missing; download or export it again"
    if known and isinstance(error, UnidentifiedImageError):
        return f"is a damaged, incomplete or unusual {known} file; export it again as 8-bit PNG"
    if known:
        return f"is damaged or incomplete, its {known} data cannot be decoded; download or export it again"
    for pattern, reason in _FOREIGN:
        if re.match(pattern, head, re.DOTALL):
            return reason
    kind = "text, not an image" if _is_text(head) else "not an image that can be read"
    return f"is {kind}; choose a PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF file"


def _is_text(head: bytes) -> bool:
    text = head[:512].decode("utf-8", errors="ignore")
    return len(text.encode()) > 0.95 * len(head[:512]) and all(c.isprintable() or c.isspace() for c in text)


def _paper(background: str) -> np.ndarray:
    """The background as uint16 (3,), each 0..255."""
    try:
        colour = ImageColor.getrgb(background)
    except (ValueError, TypeError, AttributeError) as error:
        raise SettingError(_bad_background(background)) from error
    if max(colour) > 255 or colour[3:] not in {(), (255,)}:
        raise SettingError(_bad_background(background))
    return np.array(colour[:3], np.uint16)


def _bad_background(background: object) -> str:
    return (
        f"{background!r} is not an opaque colour; "
        'give the background (--background) as a name such as "white" or a code such as "#ffffff".'
    )


def _convert(
    image: Image.Image, data: bytes | None, subject: str, background: str, paper: np.ndarray
) -> Decoded:
    """Everything from an opened image to sRGB; `data` are the bytes it was opened from, if any."""
    check_size(*image.size, subject)
    notes: list[Note] = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        place = image.tell() + 1
        notes.append(
            Note("frame", f"first of {frames} frames" if place == 1 else f"frame {place} of {frames}")
        )
    # Pillow turns a TIFF upright while it loads, so its orientation is only seen before.
    orientation = _orientation(image, notes) if image.format == "TIFF" else 1
    base, alpha = _eight_bit(image, data, subject, notes)
    if image.format != "TIFF":
        orientation = _orientation(image, notes)
        base, alpha = (_upright(part, orientation) for part in (base, alpha))
    if orientation in _ORIENTATIONS:
        notes.append(Note("orientation", "EXIF orientation applied"))

    gamma = image.info.get("gamma")
    profile = image.info.get("icc_profile")
    if gamma and not profile and "srgb" not in image.info and abs(gamma - 1 / 2.2) > 0.01:
        notes.append(Note("colour", f"PNG gamma {gamma:g} ignored, values taken as sRGB"))
    pixels = np.array(_to_srgb(base, profile, notes))
    if alpha is not None and alpha.getextrema() != (255, 255):
        cover = np.asarray(alpha, np.uint16)[..., None]
        # Fits 16 bits: 255 * 255 + 127 < 65536. Blended in sRGB values, as browsers do.
        pixels = ((pixels * cover + paper * (255 - cover) + 127) // 255).astype(np.uint8)
        notes.append(Note("transparency", f"transparency composited on {background}"))
    return Decoded(pixels, image.format or "PIL", tuple(notes))


def _orientation(image: Image.Image, notes: list[Note]) -> int:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a damaged EXIF block must not cost the picture
        notes.append(Note("orientation", "EXIF data unreadable, orientation not applied"))
        return 1


def _upright(image: Image.Image | None, orientation: int) -> Image.Image | None:
    method = _ORIENTATIONS.get(orientation)
    return image if image is None or method is None else image.transpose(method)


def _eight_bit(
    image: Image.Image, data: bytes | None, subject: str, notes: list[Note]
) -> tuple[Image.Image, Image.Image | None]:
    """Decode to 8 bits and part colour from coverage.

    Returns:
        An image of mode L, RGB or CMYK, and its alpha channel (mode L) where it has one.
    """
    if data is not None and image.format == "TIFF" and not _is_whole(image.tag_v2):
        raise ImageError(f"{subject} is damaged, its TIFF file lacks a part of the picture; export it again.")
    rawmode = _rawmode(image)
    key = image.info.get("transparency")
    if rawmode == "I;12":
        raise ImageError(f"{subject} has 12 bits a pixel; export it as 8-bit or 16-bit PNG.")
    if image.mode.startswith("I;16") or _is_wide_colour(image, rawmode):
        values = _sixteen_bit(image, rawmode, data, subject)
        mode = {1: "L", 2: "LA", 3: "RGB", 4: image.mode}[values.shape[2]]
        opaque = None if key is None else (values != key).any(axis=2)
        notes.append(Note("depth", "16-bit scaled to 8-bit (÷257)"))
        scaled = ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)  # 257 is odd: there are no ties
        image = Image.frombytes(mode, scaled.shape[1::-1], scaled.tobytes())
    elif image.mode in {"P", "PA"}:
        notes.append(Note("palette", "palette expanded to RGB"))
        image, opaque = image.convert("RGBA"), None  # takes the palette's transparency along
    elif image.mode in {"1", "L", "RGB"}:
        image.load()
        image = image.convert("L") if image.mode == "1" else image
        if isinstance(key, int):
            key *= {"L;2": 85, "L;4": 17}.get(rawmode, 1)  # Pillow scales the pixels, but not the key
        opaque = None if key is None else (np.atleast_3d(image) != key).any(axis=2)
    elif image.mode in {"LA", "La", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"}:
        plain = {"La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB"}.get(image.mode, image.mode)
        image, opaque = image.convert(plain), None
    else:
        kind = {"I": "32-bit or signed whole numbers", "F": "floating-point numbers", "LAB": "Lab colours"}
        held = kind.get(image.mode, f"{image.mode} pixels")
        raise ImageError(f"{subject} holds {held}, whose range is not known; export it as 8-bit RGB PNG.")

    if opaque is not None:
        return image, Image.fromarray(np.where(opaque, np.uint8(255), np.uint8(0)))
    if image.mode in {"LA", "RGBA"}:
        return image.convert(image.mode[:-1]), image.getchannel("A")
    return image, None


def _rawmode(image: Image.Image) -> str:
    """How the file stores its pixels, in Pillow's raw mode names; empty once an image has been loaded."""
    for tile in getattr(image, "tile", ()):
        args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        return str(args[0]) if args else ""
    return ""


def _is_whole(tags: Mapping) -> bool:
    """Whether a TIFF lists enough strips or tiles to cover its picture; Pillow leaves the rest black."""
    width, height = tags[256], tags[257]
    across = tags.get(322, width)  # TileWidth
    down = tags.get(323, tags.get(278, height))  # TileLength, RowsPerStrip
    offsets = tags.get(324, tags.get(273, ()))  # TileOffsets, StripOffsets
    return len(offsets) >= math.ceil(width / across) * math.ceil(height / down)


def _is_wide_colour(image: Image.Image, rawmode: str) -> bool:
    """Whether the file holds 16-bit colour, of which the image's mode shows 8 bits."""
    depths = getattr(image, "tag_v2", {}).get(258, ())  # TIFF BitsPerSample, which outlives loading
    return bool(_WIDE.fullmatch(rawmode)) or (image.mode in {"RGB", "RGBA", "CMYK"} and 16 in depths)


def _sixteen_bit(image: Image.Image, rawmode: str, data: bytes | None, subject: str) -> np.ndarray:
    """All 16 bits of each sample, as uint16 (H, W, C).

    Pillow holds 16-bit grey whole, but of 16-bit colour only each sample's high byte. The low bytes come from
    decoding a second time in the other byte order: the same stream, of which the other half is kept.
    """
    tags = getattr(image, "tag_v2", {})
    if image.mode.startswith("I;16"):
        values = np.atleast_3d(np.asarray(image)).astype(np.uint16)
        # TIFF 6.0, PhotometricInterpretation (262) 0 is "white is zero"; Pillow minds it at 8 bits only.
        return 65535 - values if image.format == "TIFF" and tags.get(262, 0) == 0 else values
    if data is None:
        raise ImageError(
            f"{subject} has 16 bits a channel, of which a Pillow image keeps 8; "
            "give the path or the bytes of its file instead."
        )
    if rawmode.startswith("RGBa") or tags.get(284, 1) == 2:  # PlanarConfiguration 2: a plane a channel
        held = "premultiplied with alpha" if rawmode.startswith("RGBa") else "stored plane by plane"
        raise ImageError(
            f"{subject} is a 16-bit TIFF whose channels are {held}, which is not read; "
            "export it as 16-bit PNG."
        )
    with Image.open(io.BytesIO(data), formats=FORMATS) as twin:
        if rawmode == "LA;16B":  # four bytes a pixel, in order: grey high and low, alpha high and low
            _reread(twin, "RGBA")
            return np.ascontiguousarray(twin).view(">u2").astype(np.uint16)
        order = {"N": sys.byteorder[0].upper()}.get(rawmode[-1], rawmode[-1])
        _reread(twin, rawmode[:-1] + {"B": "L", "L": "B"}[order])
        return (np.asarray(image).astype(np.uint16) << 8) | np.asarray(twin)


def _reread(image: Image.Image, rawmode: str) -> None:
    """Have a file that is opened, but not yet loaded, unpacked in another raw mode of the same pixel size."""
    image.tile = [
        tile._replace(args=(rawmode, *tile.args[1:]) if isinstance(tile.args, tuple) else rawmode)
        for tile in image.tile
    ]


def _to_srgb(image: Image.Image, profile: bytes | None, notes: list[Note]) -> Image.Image:
    """Bring an L, RGB or CMYK image to RGB in sRGB, through its ICC profile where it has one."""
    transform, description = None, ""
    if profile:
        try:
            transform, description = _transform(image.mode, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            notes.append(Note("colour", "colour profile unreadable, values taken as sRGB"))
    if profile and description and transform is None:
        notes.append(
            Note("colour", f"colour profile '{description}' is for other channels, values taken as sRGB")
        )

    stored = image.mode
    if transform and transform.input_mode == stored == "L":
        converted = transform.apply(image)
    else:
        image = image.convert("RGB") if stored == "L" else image
        converted = transform.apply(image) if transform else image.convert("RGB")
    if stored == "L":
        notes.append(Note("grey", "greyscale repeated to three channels"))
    if stored == "CMYK":
        how = f"with its profile '{description}'" if transform else "by the plain formula, without a profile"
        notes.append(Note("colour", f"CMYK converted to sRGB {how}"))
    elif transform and not _is_identity(transform):
        notes.append(Note("colour", f"colour profile '{description}' converted to sRGB"))
    elif transform:
        return image.convert("RGB")  # sRGB under another name: keep the values to the last digit
    return converted


def _transform(mode: str, profile: bytes) -> tuple[ImageCms.ImageCmsTransform | None, str]:
    """Build the transform from a profile to sRGB, for images of the profile's own channels.

    Relative colorimetric with black point compensation: colours inside sRGB are kept, white stays white.

    Returns:
        The transform, or None where the profile is for other channels, and the profile's name.
    """
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    name = ImageCms.getProfileDescription(opened)
    name = "".join(c for c in name if c.isprintable()).strip()[:80] or "unnamed"
    space = {"GRAY": "L", "RGB ": "RGB", "CMYK": "CMYK"}.get(opened.profile.xcolor_space)
    if space is None or (space != mode and (mode, space) != ("L", "RGB")):
        return None, name
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    if space == "L":
        flags |= ImageCms.Flags.NOOPTIMIZE  # the optimised table errs by up to 10 in the darks of linear grey
    transform = ImageCms.buildTransform(
        opened,
        ImageCms.createProfile("sRGB"),
        space,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags,
    )
    return transform, name


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether a grid over all colours comes back unchanged but for rounding; names of profiles lie."""
    steps = np.linspace(0, 255, 18 if transform.input_mode == "RGB" else 256).round().astype(np.uint8)
    if transform.input_mode == "RGB":
        probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(18, -1, 3)
    else:
        probe = steps[None]
    image = Image.fromarray(probe)
    after = np.asarray(transform.apply(image), np.int16)
    return bool(abs(after - np.asarray(image.convert("RGB"), np.int16)).max() <= 1)
