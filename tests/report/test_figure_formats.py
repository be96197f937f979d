"""A figure as SVG and PDF: text is text, shapes are shapes, and pictures are the panels' own pixels."""

import base64
import io
import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from explorer.analysis.region import Box
from explorer.analysis.region.text import sentences
from explorer.errors import SettingError
from explorer.report import FORMATS, Choice, figure
from explorer.report.layout import FINE, INNER, MARGIN, WIDTH
from explorer.report.panels import layer_panels, main_panels
from tests.processes import loaded
from tests.report.conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def svg(found):
    return ElementTree.fromstring(figure(found, "svg"))


@pytest.fixture(scope="module")
def pdf(found):
    return PdfReader(io.BytesIO(figure(found, "pdf")))


def svg_lines(root):
    return [element.text for element in root.findall(f".//{SVG}text")]


def svg_pictures(root):
    """(description, pixels, the size at which it is shown) of each."""
    for element in root.findall(f".//{SVG}image"):
        kind, data = element.get("href").split(",", 1)
        assert kind == "data:image/png;base64"
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data, validate=True))))
        yield (
            element.find(f"{SVG}title").text,
            pixels,
            (int(element.get("width")), int(element.get("height"))),
        )


def pdf_text(reader):
    (page,) = reader.pages
    return re.sub(r"\s+", " ", page.extract_text())


def words_of(found):
    """What stands in a figure wherever its lines are broken."""
    measurement = found.measurement
    yield from (f"{measurement.score:.4f}", f"{measurement.psnr:.2f} dB", f"{measurement.ssim:.4f}")
    yield from map(sentences, found.regions)
    yield found.causal.sentence
    yield from (layer.name for layer in measurement.layers)


def test_numbers_and_sentences_are_text_that_can_be_found(found, svg, pdf):
    for text in (" ".join(svg_lines(svg)), pdf_text(pdf)):
        assert [words for words in words_of(found) if words not in text] == []
    assert HOSTILE in svg.findtext(f"{SVG}title")


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_pictures_are_the_panels_own_pixels(found, svg, pdf, ending):
    sizes = {title: size for title, _, size in svg_pictures(svg)}
    expected = []
    for panel in (*main_panels(found), *layer_panels(found)):
        width, height = sizes[panel.alt]
        pixels = found.reference.size if panel.is_picture else (FINE * width, FINE * height)
        expected.append(np.asarray(panel.draw(pixels)))
    np.testing.assert_array_equal(expected[0], found.reference.pixels)
    np.testing.assert_array_equal(expected[1], found.distorted.pixels)
    if ending == "svg":
        embedded = [pixels for _, pixels, _ in svg_pictures(svg)]
    else:
        embedded = [np.asarray(image.image) for image in pdf.pages[0].images]
    embedded = [pixels for pixels in embedded if len(pixels) > 1]  # without colour bars
    for drawn in expected:
        assert any(np.array_equal(drawn, pixels) for pixels in embedded)
    assert len(embedded) == len(expected)


def test_the_share_bar_is_shapes_of_the_whole_width(svg):
    widths = {}
    for rectangle in svg.findall(f"{SVG}rect"):
        if rectangle.get("height") == "34":
            widths[rectangle.get("fill")] = float(rectangle.get("width"))
    assert len(widths) == 5
    assert sum(widths.values()) == INNER


def test_cells_stay_crisp_where_a_viewer_enlarges_them(svg):
    for element in svg.findall(f".//{SVG}image"):
        if element.findtext(f"{SVG}title").startswith(("Map of conv", "Colours")):
            assert element.get("style") == "image-rendering:pixelated"


def test_a_page_is_as_large_as_the_picture_would_be_printed(found, svg, pdf):
    with Image.open(io.BytesIO(figure(found))) as image:
        inches = [side / round(dots) for side, dots in zip(image.size, image.info["dpi"], strict=True)]
    assert inches[0] == 8
    (page,) = pdf.pages
    assert [float(side) / 72 for side in page.mediabox[2:]] == pytest.approx(inches, abs=0.01)
    assert [float(svg.get(side).removesuffix("in")) for side in ("width", "height")] == pytest.approx(
        inches, abs=0.01
    )
    assert svg.get("viewBox").split()[2] == str(WIDTH)
    assert "CreationDate" not in str(pdf.metadata)


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_equal_findings_give_equal_bytes_at_another_time(found, ending):
    choice = Choice(("numbers", "layers"))
    before = figure(found, ending, choice)
    time.sleep(1.1)  # dates count seconds
    assert figure(found, ending, choice) == before


def test_letters_are_in_the_file(svg, pdf):
    assert svg.findtext(f"{SVG}style").count("data:font/woff;base64,") == 2
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert len(descriptors) == 2
    assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_letters_that_the_font_lacks_break_no_format(investigate):
    found = investigate(name="漢字 & <é>\u202e.png", boxes=())
    for ending in FORMATS:
        assert figure(found, ending, Choice(("distorted", "numbers")))


def test_marks_stay_within_the_margins(svg):
    for shape in svg.findall(f"{SVG}rect")[1:]:
        left, width = float(shape.get("x")), float(shape.get("width"))
        assert left >= MARGIN - 6
        assert left + width <= MARGIN + INNER + 6


def test_what_writes_a_format_is_loaded_where_it_is_asked_for():
    with loaded("import sys, explorer.report; print({'fpdf', 'fontTools'} & set(sys.modules))") as child:
        stdout, stderr = child.communicate()
    assert stdout.strip() == "set()", stderr


def test_another_ending_is_refused(found):
    with pytest.raises(SettingError, match="png, svg, pdf"):
        figure(found, "jpg")


def test_a_crop_of_a_picture_has_its_pixels_alone(found):
    crop = Box(30, 20, 50, 40)
    root = ElementTree.fromstring(figure(found, "svg", Choice(("reference",), crop)))
    ((_, pixels, _),) = svg_pictures(root)
    np.testing.assert_array_equal(pixels, found.reference.pixels[20:60, 30:80])
