"""What stylesheets and canvases write is large enough, and stands out from what it lies on."""

import re
import tomllib

import pytest

from explorer.places import PACKAGE, app

SMALLEST = 12  # CSS pixels
CONTRAST = 4.5
STYLES = sorted(PACKAGE.glob("views/**/*.css")) + sorted(PACKAGE.glob("viewer/**/*.css"))
SCRIPTS = sorted(PACKAGE.glob("viewer/**/*.js"))

with (app().parent / ".streamlit" / "config.toml").open("rb") as file:
    ROOT = tomllib.load(file)["theme"]["baseFontSize"]


def name(path):
    return str(path.relative_to(PACKAGE))


def sizes(source):
    """All sizes of type in a stylesheet that are given in pixels or rem, in pixels."""
    found = re.findall(r"font(?:-size)?:[^;]*?([\d.]+)(px|rem)", source)
    return [float(number) * (ROOT if unit == "rem" else 1) for number, unit in found]


def ratio_of_white_on_black(opacity):
    """WCAG 2.2's contrast of white words on a black of this opacity over white, the worst that lies below."""
    part = 1 - opacity
    luminance = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    return 1.05 / (luminance + 0.05)


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_no_stylesheet_writes_smaller_than_12_pixels(path):
    assert [size for size in sizes(path.read_text(encoding="utf-8")) if size < SMALLEST] == []


def test_sizes_are_found_however_they_are_given():
    assert sizes("a { font: 600 11px/1.2 x; } b { font-size: 0.5rem; } c { font-size: inherit; }") == [11, 7]


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_no_canvas_writes_smaller_than_12_pixels(path):
    written = re.findall(r"font\s*=\s*`[^`]*?([\d.]+)px", path.read_text(encoding="utf-8"))
    assert [size for size in map(float, written) if size < SMALLEST] == []


@pytest.mark.parametrize("path", [*STYLES, *SCRIPTS], ids=name)
def test_dark_chips_hold_white_words_on_any_picture(path):
    source = path.read_text(encoding="utf-8")
    fills = re.findall(r"(?:fillStyle = \"|background: )rgb\(0 0 0 / ([\d.]+)\)", source)
    backdrops = re.findall(r"::backdrop \{ background: rgb\(0 0 0 / ([\d.]+)\)", source)
    chips = [float(opacity) for opacity in fills if opacity not in backdrops]
    assert [opacity for opacity in chips if ratio_of_white_on_black(opacity) < CONTRAST] == []
