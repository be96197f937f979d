"""A journey as a moving picture: the reference and all runs beside each other, step by step, with numbers."""

import io
from collections.abc import Iterator, Sequence
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw

from explorer.analysis.rulers import PSNR
from explorer.errors import SettingError
from explorer.images import measured_size
from explorer.report.canvas import INK, MUTED
from explorer.report.duel.account import Account, Course, written
from explorer.report.sheets import Type
from explorer.synthesis.journey import Frame, frame_at

ANIMATIONS = MappingProxyType({"webp": "image/webp", "gif": "image/gif"})  # ending -> type
LARGEST = 512  # longest side of a picture in it
SHORTEST, FIRST, LAST = 140, 900, 2400  # milliseconds of a frame, of the first and of the last one
GAP, LINE, WORDS = 8, 22, 16  # pixels: between pictures, of a line of text, and size of its type
LINES = 2
WHITE = (255, 255, 255)


def animation(account: Account, ending: str = "webp") -> bytes:
    """Compose it; it plays for ever, and stays at the last step for a while.

    WebP is without loss: at up to `LARGEST` pixels each picture in it has the very pixels that were measured.
    GIF has 256 colours.

    Args:
        account: What is told.
        ending: A key of `ANIMATIONS`.

    Raises:
        SettingError: another ending.
    """
    if ending not in ANIMATIONS:
        raise SettingError(
            f"An animation cannot be “{ending}”; choose one of {', '.join(ANIMATIONS)}.", "ending"
        )
    steps = steps_of(account)
    first, *others = _frames(account, steps)
    lasts = [FIRST, *[SHORTEST] * len(others)]
    lasts[-1] = LAST
    how = {"lossless": True, "quality": 0, "method": 0} if ending == "webp" else {"disposal": 1}
    if ending == "gif":
        first, *others = _in_colours((first, *others))
    stream = io.BytesIO()
    first.save(stream, ending.upper(), save_all=True, append_images=others, duration=lasts, loop=0, **how)
    return stream.getvalue()


def steps_of(account: Account) -> tuple[int, ...]:
    """The steps that it shows: those of which any run has a frame."""
    return tuple(sorted({frame.step for course in account.courses for frame in course.frames}))


def _frames(account: Account, steps: Sequence[int]) -> Iterator[Image.Image]:
    reference = account.reference
    size = measured_size(reference.size, LARGEST)
    first = _scaled(reference.pixels, size)
    width = (size[0] + GAP) * (1 + len(account.courses)) - GAP
    for step in steps:
        whole = Image.new("RGB", (width, size[1] + GAP + LINES * LINE), WHITE)
        whole.paste(first, (0, 0))
        _write(whole, 0, size, ("Reference",))
        for place, course in enumerate(account.courses, start=1):
            frame, left = frame_at(course.frames, step), place * (size[0] + GAP)
            whole.paste(_scaled(frame.picture.pixels, size), (left, 0))
            _write(whole, left, size, _words(account, course, frame))
        yield whole


def _words(account: Account, course: Course, frame: Frame) -> tuple[str, str]:
    method = account.method
    score = f"{method.name.metric} {written(method, course.value(method, frame))}"
    psnr = written(PSNR, course.value(PSNR, frame))
    return f"{course.label} · step {frame.step}", f"{score} · {psnr}"


def _write(image: Image.Image, left: int, size: tuple[int, int], lines: Sequence[str]) -> None:
    """Lines below a picture; one that is too wide leaves its end out, part by part."""
    draw = ImageDraw.Draw(image)
    for place, line in enumerate(lines):
        type_ = Type(WORDS, bold=place == 0)
        while type_.width(line) > size[0] and " · " in line:
            line = line.rpartition(" · ")[0]
        draw.text((left, size[1] + GAP + place * LINE - 2), line, MUTED if place else INK, type_.font)


def _scaled(pixels: object, size: tuple[int, int]) -> Image.Image:
    image = Image.fromarray(pixels)
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def _in_colours(images: Sequence[Image.Image]) -> Iterator[Image.Image]:
    """The images in 256 colours, which are those of the first, the middle and the last one.

    To find each image's own takes most of a second, and makes still parts flicker.
    """
    few = (images[0], images[len(images) // 2], images[-1])
    width, height = few[0].size
    together = Image.new("RGB", (width, height * len(few)))
    for place, image in enumerate(few):
        together.paste(image, (0, place * height))
    palette = together.quantize(256, Image.Quantize.MEDIANCUT)
    colours = np.array(palette.getpalette(), np.uint8).reshape(-1, 3)
    white = np.square(colours.astype(int) - WHITE).sum(axis=1).argmin()
    colours[white] = WHITE  # of which an average has made a grey
    palette.putpalette(colours.tobytes())
    for image in images:
        own = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
        places = np.where((np.asarray(image) == WHITE).all(axis=2), np.uint8(white), np.asarray(own))
        own.paste(Image.fromarray(places))
        yield own
