"""Reading and pairing images: every format and conversion, every refusal, and damaged bytes of all kinds."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from explorer.errors import ExplorerError, ImageError, SettingError, SizeMismatchError
from explorer.images import MAX_PIXELS, derive, load, match, measured_size, resize
from explorer.samples import FOLDER

RNG = np.random.default_rng(0)
NOISE = RNG.integers(0, 256, (37, 53, 3), dtype=np.uint8)
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
    values = RNG.integers(0, 65536, shape, dtype=np.uint16)
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


# ---- formats


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "packbits"}),
    ],
)
def test_lossless_formats_come_back_to_the_pixel(format, options):
    picture = load(encode(NOISE, format, **options), name="photo")
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert (picture.format, picture.size, picture.name, picture.notes) == (format, (53, 37), "photo", ())


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_come_back_close(format):
    picture = load(encode(SMOOTH, format, quality=95))
    assert abs(picture.pixels.astype(int) - SMOOTH).max() <= 8
    assert (picture.format, picture.notes) == (format, ())


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_tiff_of_separate_planes_comes_back_to_the_pixel(compression):
    planes = np.moveaxis(NOISE, 2, 0)
    data = tiff(planes, photometric="rgb", planarconfig="separate", compression=compression)
    np.testing.assert_array_equal(load(data).pixels, NOISE)


def test_format_is_told_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(NOISE, "PNG"))
    picture = load(path)
    assert (picture.format, picture.name) == ("PNG", "photo.jpg")
    np.testing.assert_array_equal(load(str(path)).pixels, picture.pixels)


def test_palette_is_expanded():
    image = Image.fromarray(NOISE).quantize(16)
    for format in ("PNG", "GIF", "BMP", "TIFF"):
        picture = load(encode(image, format))
        np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))
        assert picture.notes == ("palette expanded to RGB",)


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_is_repeated(format):
    picture = load(encode(GREY, format))
    np.testing.assert_array_equal(picture.pixels, np.dstack([GREY] * 3))
    assert GREY_NOTE in picture.notes or format == "GIF"  # a GIF's grey is a palette


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF"])
def test_one_bit_is_black_and_white(format):
    picture = load(encode(Image.fromarray(GREY > 127), format))
    np.testing.assert_array_equal(picture.pixels[..., 1], np.where(GREY > 127, 255, 0))


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF", "MPO"])
def test_first_of_several_frames_is_taken_and_noted(format):
    frames = [Image.fromarray(np.full_like(SMOOTH, value)) for value in (40, 120, 200)]
    picture = load(encode(frames[0], format, save_all=True, append_images=frames[1:]))
    assert abs(picture.pixels.astype(int) - 40).max() <= 2
    assert picture.notes[0] == "first of 3 frames"


# ---- orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_orientation_is_applied(format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = load(encode(NOISE, format, exif=exif, lossless=True))
    np.testing.assert_array_equal(picture.pixels, upright(NOISE, orientation))
    assert picture.notes == (() if orientation == 1 else ("EXIF orientation applied",))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_jpeg_and_avif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format in ("JPEG", "AVIF"):
        picture = load(encode(SMOOTH, format, exif=exif, quality=95))
        assert abs(picture.pixels.astype(int) - upright(SMOOTH, orientation)).max() <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_sixteen_bits(orientation):
    values = wide(9, 5, 3)
    exif = Image.Exif()
    exif[0x0112] = orientation
    expected = upright(narrowed(values), orientation)
    tag = [(274, "H", 1, orientation, True)]
    notes = (WIDE_NOTE,) if orientation == 1 else (WIDE_NOTE, "EXIF orientation applied")
    for data in (
        png(values, extra=chunk(b"eXIf", exif.tobytes()[6:])),
        tiff(values, photometric="rgb", extratags=tag),
        tiff(values, photometric="rgb", extratags=tag, compression="zlib"),
    ):
        picture = load(data)
        np.testing.assert_array_equal(picture.pixels, expected)
        assert picture.notes == notes


def test_nonsense_orientation_is_left_alone():
    exif = Image.Exif()
    exif[0x0112] = 9
    picture = load(encode(NOISE, "PNG", exif=exif))
    np.testing.assert_array_equal(picture.pixels, NOISE)


# ---- 16 bits


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bit_png_is_rounded_from_all_its_bits(channels, interlaced):
    values = wide(37, 53, channels)
    picture = load(png(values, interlaced=interlaced))
    np.testing.assert_array_equal(picture.pixels, np.broadcast_to(narrowed(values), (37, 53, 3)))
    assert picture.notes[0] == WIDE_NOTE


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [2, 4])
def test_sixteen_bit_png_with_alpha_is_composited(channels, interlaced):
    values = wide(37, 53, channels)
    picture = load(png(values, interlaced=interlaced), background="#204060")
    eight = narrowed(values)
    expected = composited(eight[..., :-1], eight[..., -1], (32, 64, 96))
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes[-1] == "transparency composited on #204060"


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"rowsperstrip": 8},
        {"tile": (16, 16)},
        {"compression": "zlib"},
        {"compression": "zlib", "predictor": True},
        {"compression": "zlib", "tile": (16, 32)},
    ],
    ids=str,
)
def test_sixteen_bit_tiff_is_rounded_from_all_its_bits(byteorder, layout):
    values = wide(37, 53, 3)
    data = tiff(values, photometric="rgb", byteorder=byteorder, **layout)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(data)), values)
    picture = load(data)
    np.testing.assert_array_equal(picture.pixels, narrowed(values))
    assert picture.notes == (WIDE_NOTE,)


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sixteen_bit_tiff_with_alpha_or_a_spare_channel(byteorder, compression):
    values = wide(37, 53, 4)
    options = {"photometric": "rgb", "byteorder": byteorder, "compression": compression}
    eight = narrowed(values)
    picture = load(tiff(values, extrasamples=["unassalpha"], **options))
    np.testing.assert_array_equal(picture.pixels, composited(eight[..., :3], eight[..., 3]))
    picture = load(tiff(values, extrasamples=["unspecified"], **options))
    np.testing.assert_array_equal(picture.pixels, eight[..., :3])


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sixteen_bit_grey_tiff_in_both_polarities(byteorder, compression):
    values = wide(37, 53)
    options = {"byteorder": byteorder, "compression": compression}
    dark = load(tiff(values, photometric="minisblack", **options))
    np.testing.assert_array_equal(dark.pixels[..., 0], narrowed(values))
    assert dark.notes == (WIDE_NOTE, GREY_NOTE)
    light = load(tiff(65535 - values, photometric="miniswhite", **options)) if byteorder == "<" else dark
    np.testing.assert_array_equal(light.pixels, dark.pixels)


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_sixteen_bit_pillow_images_are_scaled_and_not_clipped(mode):
    values = wide(37, 53)
    order = ">u2" if mode == "I;16B" else "<u2"
    picture = load(Image.frombytes(mode, (53, 37), values.astype(order).tobytes()))
    np.testing.assert_array_equal(picture.pixels[..., 2], narrowed(values))


def test_sixteen_bit_colour_given_as_a_pillow_image_is_refused_while_it_can_be_told():
    scan = Image.open(io.BytesIO(tiff(wide(5, 5, 3), photometric="rgb")))
    scan.load()
    for image in (Image.open(io.BytesIO(png(wide(5, 5, 3)))), scan):
        with pytest.raises(ImageError, match="path or the bytes"):
            load(image)


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (tiff(wide(3, 20, 30), photometric="rgb", planarconfig="separate"), "plane by plane"),
        (
            tiff(wide(3, 20, 30), photometric="rgb", planarconfig="separate", compression="zlib"),
            "plane by plane",
        ),
        (tiff(wide(20, 30, 4), photometric="rgb", extrasamples=["assocalpha"]), "premultiplied"),
        (tiff(wide(20, 30).astype(np.float32)), "floating-point"),
        (tiff(wide(20, 30).astype(np.int32)), "whole numbers"),
        (tiff(wide(20, 30, 3).astype(np.float32), photometric="rgb"), "unusual TIFF"),
    ],
)
def test_tiff_that_cannot_be_read_exactly_is_refused(data, mend):
    with pytest.raises(ImageError, match=f"^scan.tif .*{mend}.*export it"):
        load(data, name="scan.tif")


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("values", [NOISE, wide(37, 53, 3)], ids=["8 bits", "16 bits"])
def test_tiff_that_lacks_strips_is_refused_and_not_filled_with_black(values, compression):
    data = tiff(values, photometric="rgb", rowsperstrip=37, compression=compression)
    height = struct.pack("<HHII", 257, 4, 1, 37)
    assert data.count(height) == 1
    with pytest.raises(ImageError, match="lacks a part"):
        load(data.replace(height, struct.pack("<HHII", 257, 4, 1, 3700)))


@pytest.mark.parametrize("mode", ["I", "F", "LAB", "HSV"])
def test_pillow_modes_without_a_known_range_are_refused(mode):
    with pytest.raises(ImageError, match="export it as 8-bit RGB PNG"):
        load(Image.new(mode, (4, 4)))


def test_sixteen_bit_cmyk_keeps_its_rounding():
    values = wide(20, 30, 4)
    eight = Image.frombytes("CMYK", (30, 20), narrowed(values).tobytes())
    for byteorder in "<>":
        picture = load(tiff(values, photometric="separated", byteorder=byteorder))
        np.testing.assert_array_equal(picture.pixels, np.asarray(eight.convert("RGB")))


# ---- transparency


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_composited_on_the_background(format):
    alpha = RNG.integers(0, 256, (37, 53), dtype=np.uint8)
    data = encode(np.dstack([NOISE, alpha]), format, lossless=True, exact=True)
    for background, paper in [("white", 255), ("black", 0), ("#0af", (0, 170, 255)), ("teal", (0, 128, 128))]:
        picture = load(data, background=background)
        np.testing.assert_array_equal(picture.pixels, composited(NOISE, alpha, paper))
        assert picture.notes == (f"transparency composited on {background}",)


def test_grey_with_alpha_is_composited():
    alpha = RNG.integers(0, 256, (37, 53), dtype=np.uint8)
    picture = load(encode(np.dstack([GREY, alpha]), "PNG"))
    np.testing.assert_array_equal(picture.pixels, composited(np.dstack([GREY] * 3), alpha))
    assert picture.notes == (GREY_NOTE, "transparency composited on white")


def test_opaque_alpha_is_dropped_without_a_word():
    picture = load(encode(np.dstack([NOISE, np.full_like(GREY, 255)]), "PNG"))
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert picture.notes == ()


@pytest.mark.parametrize("transparency", [3, bytes(range(0, 256, 16))])
def test_transparent_palette_entries_are_composited(transparency):
    image = Image.fromarray(NOISE).quantize(16)
    indices, colours = np.asarray(image), np.array(image.getpalette()).reshape(-1, 3)
    alphas = np.full(16, 255)
    alphas[:] = [*transparency] if isinstance(transparency, bytes) else np.where(np.arange(16) == 3, 0, 255)
    picture = load(encode(image, "PNG", transparency=transparency), background="red")
    np.testing.assert_array_equal(picture.pixels, composited(colours[indices], alphas[indices], (255, 0, 0)))
    assert picture.notes == ("palette expanded to RGB", "transparency composited on red")


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_transparent_colour_of_a_png_is_matched_in_all_its_bits(channels, bits):
    values = wide(8, 8, channels) if bits == 16 else NOISE[:8, :8, :channels].copy()
    values[1, 1] = key = values[0, 0] + 1  # at 16 bits the two share their high byte
    picture = load(
        png(values, bits, extra=chunk(b"tRNS", key.astype(">u2").tobytes())), background="rgb(1,2,3)"
    )
    opaque = np.where((values == key).all(-1), 0, 255)
    eight = narrowed(values) if bits == 16 else values
    np.testing.assert_array_equal(
        picture.pixels, composited(np.broadcast_to(eight, (8, 8, 3)), opaque, (1, 2, 3))
    )
    assert tuple(picture.pixels[1, 1]) == (1, 2, 3) != tuple(picture.pixels[0, 0])


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_transparent_grey_of_few_bits_is_matched(bits):
    header = struct.pack(">IIBBBBB", 8 // bits, 1, bits, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tRNS", b"\0\1")
    packed = {1: 0b01010101, 2: 0b00011011, 4: 0b00010011}[bits]
    data += chunk(b"IDAT", zlib.compress(bytes([0, packed]))) + chunk(b"IEND", b"")
    stored = [packed >> shift & (2**bits - 1) for shift in range(8 - bits, -1, -bits)]
    expected = [77 if value == 1 else value * 255 // (2**bits - 1) for value in stored]
    assert load(data, background="#4d4d4d").pixels[0, :, 0].tolist() == expected


@pytest.mark.parametrize("background", ["nonsense", "", "#fff8", "#ffffff80", "rgb(300,0,0)", None, 7])
def test_background_that_is_no_opaque_colour_is_refused(background):
    with pytest.raises(SettingError, match=r'--background.*"#ffffff"'):
        load(encode(NOISE, "PNG"), background=background)


# ---- colour profiles


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


def xyz(*values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


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


def cmyk_profile():
    """Lightness falls with black and with the mean of the inks; no colour at all."""
    ink = np.indices((2, 2, 2, 2)).reshape(4, -1)
    lightness = (1 - ink[3]) * (1 - ink[:3].mean(0))
    table = np.stack([np.round(255 * lightness), np.full(16, 128), np.full(16, 128)], -1).astype(np.uint8)
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(np.eye(3, dtype=int).ravel() * 65536).tolist())
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + table.tobytes() + ramp * 3
    return icc(b"CMYK", b"Lab ", {b"A2B0": lut}, "Test press")


def srgb(linear):
    """IEC 61966-2-1: linear light 0..1 to 8 bits."""
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def test_colour_profile_is_applied():
    picture = load(encode(NOISE, "PNG", icc_profile=LINEAR_RGB))
    assert abs(picture.pixels - srgb(NOISE / 255)).max() <= 2
    assert picture.notes == ("colour profile 'Linear light' converted to sRGB",)


def test_adobe_rgb_photograph_is_converted_as_its_specification_says():
    picture = load(FOLDER / "rocket.jpg")
    stored = np.asarray(Image.open(FOLDER / "rocket.jpg")) / 255
    matrix = [[1.39836, -0.39836, 0], [0, 1, 0], [0, -0.04293, 1.04293]]  # Adobe RGB to sRGB, both D65
    expected = srgb(stored ** (563 / 256) @ np.transpose(matrix))
    inside = (expected > 20).all(-1) & (expected < 254).all(-1)
    assert inside.mean() > 0.5
    assert abs(picture.pixels - expected)[inside].max() <= 2
    assert picture.notes == ("colour profile 'Adobe RGB (1998)' converted to sRGB",)


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_profile_that_is_srgb_changes_nothing(format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = load(encode(NOISE, format, icc_profile=profile, lossless=True))
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert picture.notes == ()


def test_grey_profile_is_applied():
    picture = load(encode(GREY, "PNG", icc_profile=LINEAR_GREY))
    assert abs(picture.pixels - srgb(np.dstack([GREY] * 3) / 255)).max() <= 2
    assert picture.notes == (GREY_NOTE, "colour profile 'Linear grey' converted to sRGB")


def test_rgb_profile_on_grey_is_applied():
    picture = load(encode(GREY, "PNG", icc_profile=LINEAR_RGB))
    assert abs(picture.pixels - srgb(np.dstack([GREY] * 3) / 255)).max() <= 2


def test_profile_is_applied_to_the_colour_but_not_to_the_alpha():
    alpha = RNG.integers(0, 256, (37, 53), dtype=np.uint8)
    picture = load(encode(np.dstack([NOISE, alpha]), "PNG", icc_profile=LINEAR_RGB), background="black")
    assert abs(picture.pixels - composited(srgb(NOISE / 255), alpha, 0)).max() <= 2


def test_profile_is_applied_to_sixteen_bits():
    values = wide(9, 9, 3)
    compressed = b"p\0\0" + zlib.compress(LINEAR_RGB)
    picture = load(png(values, extra=chunk(b"iCCP", compressed)))
    assert abs(picture.pixels - srgb(narrowed(values) / 255)).max() <= 2
    assert picture.notes == (WIDE_NOTE, "colour profile 'Linear light' converted to sRGB")


def test_profile_for_other_channels_and_an_unreadable_one_are_noted():
    picture = load(encode(NOISE, "PNG", icc_profile=LINEAR_GREY))
    assert picture.notes == ("colour profile 'Linear grey' is for other channels, values taken as sRGB",)
    broken = load(encode(NOISE, "PNG", icc_profile=b"nonsense" * 20))
    assert broken.notes == ("colour profile unreadable, values taken as sRGB",)
    np.testing.assert_array_equal(picture.pixels, NOISE)
    np.testing.assert_array_equal(broken.pixels, NOISE)


def test_cmyk_is_converted_with_its_profile():
    inks = np.zeros((16, 256, 4), np.uint8)
    inks[..., 3] = np.arange(256)
    image = Image.frombytes("CMYK", (256, 16), inks.tobytes())
    picture = load(encode(image, "TIFF", icc_profile=cmyk_profile()))
    lightness = 100 * (1 - np.arange(256) / 255)
    linear = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness / 903.3)  # CIE 1976
    assert abs(picture.pixels[3] - srgb(linear)[:, None]).max() <= 2
    assert picture.notes == ("CMYK converted to sRGB with its profile 'Test press'",)


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_cmyk_without_a_profile_is_converted_by_the_plain_formula(format):
    ramp = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None], 32, 0)
    inks = np.stack([ramp, ramp[:, ::-1], 0 * ramp, ramp // 2], -1)
    image = Image.frombytes("CMYK", (64, 32), inks.tobytes())
    picture = load(encode(image, format, **({"quality": 100} if format == "JPEG" else {})))
    expected = (255 - inks[..., :3].astype(float)) * (255 - inks[..., 3:]) / 255
    assert abs(picture.pixels - expected).max() <= (1 if format == "TIFF" else 6)
    assert picture.notes == ("CMYK converted to sRGB by the plain formula, without a profile",)


def test_unusual_png_gamma_is_noted():
    data = png(NOISE, 8, extra=chunk(b"gAMA", struct.pack(">I", 100_000)))
    assert load(data).notes == ("PNG gamma 1 ignored, values taken as sRGB",)
    assert load(png(NOISE, 8, extra=chunk(b"gAMA", struct.pack(">I", 45_455)))).notes == ()


# ---- other sources


def test_arrays_are_copied_and_checked():
    array = NOISE.copy()
    picture = load(array)
    array[:] = 0
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert (picture.name, picture.format, picture.notes) == ("array", "array", ())
    np.testing.assert_array_equal(load(NOISE[::-1, ::2]).pixels, NOISE[::-1, ::2])


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (NOISE / 255, "float64 values"),
        (NOISE.astype(np.int64), "int64 values"),
        (NOISE > 127, "bool values"),
        (GREY, r"shape \(37, 53\)"),
        (np.dstack([NOISE, GREY]), r"shape \(37, 53, 4\)"),
        (NOISE.transpose(2, 0, 1), r"shape \(3, 37, 53\)"),
        (NOISE[None], r"shape \(1, 37, 53, 3\)"),
        (NOISE[:0], "no pixels"),
    ],
)
def test_other_arrays_are_refused_and_never_guessed(array, reason):
    with pytest.raises(ImageError, match=reason):
        load(array)


@pytest.mark.parametrize("source", [None, 3, [NOISE], object()])
def test_other_objects_are_refused(source):
    with pytest.raises(ImageError, match="path, bytes, a Pillow image or a uint8 array"):
        load(source)


def test_pillow_images_are_converted_like_their_files_and_left_as_they_were():
    alpha = np.dstack([NOISE, GREY])
    image = Image.fromarray(alpha)
    picture = load(image, name="mine")
    np.testing.assert_array_equal(picture.pixels, load(encode(image, "PNG")).pixels)
    assert (picture.name, picture.format, picture.notes) == (
        "mine",
        "PIL",
        ("transparency composited on white",),
    )
    np.testing.assert_array_equal(np.asarray(image), alpha)
    exif = Image.Exif()
    exif[0x0112] = 6
    opened = Image.open(io.BytesIO(encode(NOISE, "PNG", exif=exif)))
    np.testing.assert_array_equal(load(opened).pixels, upright(NOISE, 6))


def test_empty_pillow_image_is_refused():
    with pytest.raises(ImageError, match="no pixels"):
        load(Image.new("RGB", (0, 5)))


def test_missing_file_folder_and_impossible_path_are_named(tmp_path):
    with pytest.raises(ImageError, match=r"There is no file .*nowhere\.png"):
        load(tmp_path / "nowhere.png")
    with pytest.raises(ImageError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(ImageError, match="cannot be read"):
        load("a\0b.png")


def test_message_stays_one_line_whatever_the_name():
    with pytest.raises(ImageError) as error:
        load(b"", name="a\nb\x1b[31m.png")
    assert str(error.value).isprintable()


# ---- refusals by content

FTYP = struct.pack(">I", 24) + b"ftyp"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"hello, this is text\n" * 9, "is text, not an image"),
        (bytes(range(256)) * 4, "is not an image"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg/>', "is an SVG drawing"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "is a web page"),
        (FTYP + b"heic\0\0\0\0mif1heic" + bytes(99), "is a HEIC photo"),
        (FTYP + b"mif1\0\0\0\0mif1heix" + bytes(99), "is a HEIC photo"),
        (b"\xff\x0a" + bytes(50), "is a JPEG XL image"),
        (b"8BPS\0\1" + bytes(50), "is a Photoshop document"),
        (encode(NOISE, "JPEG2000"), "is a JPEG 2000 image"),
        (encode(NOISE, "PPM"), "is not an image that can be read"),
        (encode(NOISE, "PNG")[:900], "PNG file is missing"),
        (encode(NOISE, "JPEG")[:900], "JPEG file is missing"),
        (encode(NOISE, "GIF")[:-900], "GIF file is missing"),
        (encode(NOISE, "BMP")[:-900], "BMP file is missing"),
        (encode(NOISE, "TIFF")[:-900], "TIFF file is missing"),
        (encode(NOISE, "WEBP")[:-300], "incomplete, its WebP data"),
        (encode(NOISE, "AVIF")[:-300], "AVIF file"),
        (encode(NOISE, "PNG")[:20], "PNG file"),
    ],
)
def test_each_kind_of_wrong_file_has_a_sentence_of_its_own(data, reason):
    with pytest.raises(ImageError, match=rf"^photo\.png .*{reason}.*;.*\.$"):
        load(data, name="photo.png")


def test_each_refusal_without_a_name_speaks_of_the_image():
    with pytest.raises(ImageError, match=r"^The image is empty"):
        load(b"")


@pytest.mark.parametrize("warnings_are", ["error", "ignore"])
@pytest.mark.parametrize(
    ("side", "megapixels"), [(30_000, 900), (10_000, 100), (2**31 - 1, 4_611_686_014_133)]
)
def test_far_too_large_image_is_refused_by_its_header(side, megapixels, warnings_are):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with warnings.catch_warnings():
        warnings.simplefilter(warnings_are)
        with pytest.raises(
            ImageError, match=f"{megapixels:,} megapixels, more than the 50 .* make it smaller"
        ):
            load(data, name="huge.png")


def test_largest_image_allowed_is_a_matter_of_pixels():
    width = MAX_PIXELS // 1000 + 1
    with pytest.raises(ImageError, match="50001 × 1000 pixels, 51 megapixels, more than the 50"):
        load(np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (1000, width, 3)))


def test_text_bomb_in_a_png_is_refused():
    bomb = chunk(b"zTXt", b"comment\0\0" + zlib.compress(bytes(5_000_000)))
    with pytest.raises(ImageError, match="far too much text"):
        load(png(NOISE, 8, extra=bomb))


def damaged(seed):
    """Every format in turn, with bits flipped, bytes cut off the end or pieces cut out of the middle."""
    grey = Image.fromarray(GREY)
    files = [
        encode(NOISE, "PNG"),
        encode(SMOOTH, "JPEG"),
        encode(SMOOTH, "WEBP"),
        encode(NOISE, "TIFF", icc_profile=LINEAR_RGB),
        encode(SMOOTH, "TIFF", compression="tiff_lzw"),
        encode(SMOOTH, "TIFF", compression="jpeg"),
        encode(NOISE, "BMP"),
        encode(SMOOTH, "GIF", save_all=True, append_images=[grey]),
        encode(SMOOTH, "AVIF"),
        encode(SMOOTH, "MPO", save_all=True, append_images=[grey]),
        encode(SMOOTH, "PNG", icc_profile=LINEAR_RGB, save_all=True, append_images=[grey]),
        encode(Image.fromarray(NOISE).quantize(16), "PNG", transparency=bytes(range(16))),
        encode(SMOOTH, "JPEG", icc_profile=LINEAR_RGB, exif=b"Exif\0\0MM\0*\0\0\0\x08" + bytes(30)),
        png(wide(20, 20, 3)),
        png(wide(20, 20, 2), extra=chunk(b"tRNS", bytes(2))),
        tiff(wide(20, 20, 4), photometric="rgb", extrasamples=["unassalpha"], compression="zlib"),
        tiff(wide(20, 20)),
    ]
    rng = np.random.default_rng(seed)
    for data in files:
        for turn in range(30):
            bad = bytearray(data)
            # Headers decide most, so half of all damage goes there.
            reach = len(bad) if turn % 2 else min(200, len(bad))
            for place in rng.integers(0, reach, rng.integers(1, 9)):
                bad[place] ^= 1 << int(rng.integers(8))
            if turn % 5 == 0:
                bad = bad[: rng.integers(1, len(bad))]
            elif turn % 7 == 0:
                start = rng.integers(0, len(bad))
                del bad[start : start + rng.integers(1, 50)]
            yield bytes(bad)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of odd metadata; in use, that stops nobody
@pytest.mark.parametrize("seed", range(3))
def test_damaged_bytes_give_a_picture_or_one_sentence(seed):
    refusals = []
    for data in damaged(seed):
        try:
            picture = load(data, name="photo")
        except ExplorerError as error:
            refusals.append(str(error))
        else:
            assert picture.pixels.shape == (picture.height, picture.width, 3)
    assert len(refusals) > 50
    for sentence in refusals:
        assert sentence.startswith("photo ")
        assert sentence.endswith(".")
        assert sentence.isprintable()


# ---- pictures


def test_pixels_are_fixed_contiguous_bytes():
    for picture in (load(NOISE[:, ::-1]), load(encode(NOISE, "PNG")), resize(load(NOISE), 20)):
        assert picture.pixels.dtype == np.uint8
        assert picture.pixels.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            picture.pixels[0, 0] = 0


def test_digest_is_that_of_the_pixels():
    digest = load(NOISE).digest
    assert len(digest) == 32
    assert load(encode(NOISE, "PNG")).digest == load(encode(NOISE, "BMP"), name="other").digest == digest
    changed = NOISE.copy()
    changed[20, 20, 1] ^= 1
    assert load(changed).digest != digest
    assert load(NOISE.reshape(53, 37, 3)).digest != digest


def test_derived_picture_keeps_its_past():
    picture = load(encode(GREY, "PNG"), name="photo.png")
    derived = derive(picture, NOISE, name="blurred", note="Gaussian blur")
    assert (derived.name, derived.format) == ("blurred", "PNG")
    assert derived.notes == (GREY_NOTE, "Gaussian blur")
    assert derived.digest == load(NOISE).digest
    assert derive(picture, NOISE).name == "photo.png"
    with pytest.raises(ImageError, match="float64"):
        derive(picture, NOISE / 255)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1024, 768), 512, (512, 384)),
        ((768, 1024), 512, (384, 512)),
        ((53, 37), 20, (20, 14)),
        ((4, 3), 2, (2, 2)),  # 1.5 rounds up
        ((1000, 1), 10, (10, 1)),
        ((53, 37), 53, (53, 37)),
        ((53, 37), 4000, (53, 37)),
        ((53, 37), None, (53, 37)),
        ((50, 40), np.int64(5), (5, 4)),
    ],
)
def test_measured_size_holds_the_longest_side_and_never_grows(size, longest, expected):
    assert measured_size(size, longest) == expected
    picture = load(np.zeros((size[1], size[0], 3), np.uint8))
    assert resize(picture, longest).size == expected


def test_resize_is_pillows_lanczos_and_is_noted():
    picture = load(NOISE)
    smaller = resize(picture, 20)
    expected = Image.fromarray(NOISE).resize((20, 14), Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(smaller.pixels, np.asarray(expected))
    assert smaller.notes == ("resized from 53 × 37 to 20 × 14 (Lanczos)",)


@pytest.mark.parametrize("longest", [None, 53, 54])
def test_resize_that_changes_nothing_gives_the_same_object(longest):
    picture = load(NOISE)
    assert resize(picture, longest) is picture


@pytest.mark.parametrize("longest", [0, -1, 2.5, float("nan"), "big"])
def test_size_below_one_is_refused(longest):
    with pytest.raises(SettingError, match="--size"):
        resize(load(NOISE), longest)


# ---- pairs


def test_pictures_of_one_size_are_a_pair_already():
    reference, distorted = load(NOISE), load(NOISE[::-1])
    for fit in (None, "resize", "crop"):
        assert match(reference, distorted, fit) == (reference, distorted)


def test_two_sizes_are_refused_with_both_mends():
    reference, distorted = load(NOISE), load(NOISE[:30, :20])
    with pytest.raises(SizeMismatchError, match=r"53 × 37.*20 × 30.*--fit resize.*--fit crop") as error:
        match(reference, distorted)
    assert (error.value.reference_size, error.value.distorted_size) == ((53, 37), (20, 30))


@pytest.mark.parametrize("size", [(20, 30), (90, 70)])
def test_fit_by_resizing_changes_the_distorted_picture_only(size):
    reference, distorted = load(NOISE), load(np.asarray(Image.fromarray(NOISE).resize(size)))
    first, second = match(reference, distorted, "resize")
    assert first is reference
    assert second.size == reference.size
    assert second.notes == (f"resized from {size[0]} × {size[1]} to 53 × 37 (Lanczos)",)


def test_fit_by_cropping_keeps_the_common_centre():
    wide_picture, tall = (
        load(NOISE),
        load(np.arange(60 * 21 * 3, dtype=np.int64).reshape(60, 21, 3).astype(np.uint8)),
    )
    first, second = match(wide_picture, tall, "crop")
    np.testing.assert_array_equal(first.pixels, NOISE[:, 16:37])
    np.testing.assert_array_equal(second.pixels, tall.pixels[11:48])
    assert first.notes == ("cropped from 53 × 37 to 21 × 37 about the centre",)
    assert second.notes == ("cropped from 21 × 60 to 21 × 37 about the centre",)
    inside = match(wide_picture, load(NOISE[5:15, 5:15]), "crop")[1]
    assert inside.notes == ()


def test_unknown_fit_is_refused():
    with pytest.raises(SettingError, match="resize or crop"):
        match(load(NOISE), load(NOISE), "stretch")
