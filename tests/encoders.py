"""Image files and colour profiles made for the tests, and what they must look like once read."""

import io
import struct
import zlib

import numpy as np
import tifffile
from PIL import Image

NOISE = np.random.default_rng(0).integers(0, 256, (37, 53, 3), dtype=np.uint8)
ALPHA = np.random.default_rng(1).integers(0, 256, (37, 53), dtype=np.uint8)
SMOOTH = np.stack(np.broadcast_arrays(*np.ogrid[20:200:37j, 30:240:53j], 128.0), -1).round().astype(np.uint8)
GREY = NOISE[..., 0]
GREY_NOTE = "greyscale repeated to three channels"
WIDE_NOTE = "16-bit scaled to 8-bit (÷257)"


def encode(image, format, **options):
    """The bytes of an array or a Pillow image in a format."""
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(values, bits=16, extra=b"", interlaced=False):
    """A PNG written from the specification, since Pillow writes neither 16-bit colour nor Adam7."""
    height, width, channels = values.shape
    passes = [(0, 0, 1, 1)]
    if interlaced:  # PNG specification, 8.2: start and step of each pass, (x, y)
        passes = [
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ]
    rows = [
        b"\0" + row.astype(f">u{bits // 8}").tobytes()
        for x, y, dx, dy in passes
        for row in values[y::dy, x::dx]
        if row.size
    ]
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def tiff(values, **options):
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, **options)
    return stream.getvalue()


def wide(*shape):
    """16-bit noise with both ends of the range and the values next to a rounding step."""
    values = np.random.default_rng(shape).integers(0, 65536, shape, dtype=np.uint16)
    values.flat[:6] = 0, 128, 129, 65535, 65535 - 128, 65535 - 129
    return values


def narrowed(values):
    return np.round(values / 257).astype(np.uint8)


def composited(colour, alpha, paper=255):
    """The oracle: blending in floating point."""
    cover = alpha[..., None] / 255
    return np.round(colour * cover + np.asarray(paper) * (1 - cover))


def upright(pixels, orientation):
    """The oracle: EXIF 2.32, tag 274, "the 0th row is the visual ..., the 0th column the visual ..."."""
    if orientation >= 5:
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels[:, ::-1] if orientation in (2, 3, 6, 7) else pixels


def xyz(*values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def icc(space, connection, tags, description="Test profile"):
    """A version 2 ICC profile from its tags, written from ICC.1:2001-04."""
    name = description.encode() + b"\0"
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {b"desc": desc, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz(0.9642, 1, 0.8249), **tags}
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for signature, data in tags.items():
        data += bytes(-len(data) % 4)
        table += signature + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = struct.pack(">I", offset + len(body))
    device = b"prtr" if space == b"CMYK" else b"mntr"
    header = size + b"lcms" + b"\x02\x10\0\0" + device + space + connection + bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)  # D50
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


LINEAR = b"curv\0\0\0\0" + struct.pack(">I", 0)


LINEAR_RGB = icc(
    b"RGB ",
    b"XYZ ",
    {
        b"rXYZ": xyz(0.43607, 0.22249, 0.01392),  # sRGB's primaries, adapted to D50
        b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": xyz(0.14307, 0.06061, 0.71410),
        **dict.fromkeys([b"rTRC", b"gTRC", b"bTRC"], LINEAR),
    },
    "Linear light",
)


LINEAR_GREY = icc(b"GRAY", b"XYZ ", {b"kTRC": LINEAR}, "Linear grey")
