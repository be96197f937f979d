"""The report is one file that asks for nothing outside, and its numbers are those that were found."""

import base64
import io
import math
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from PIL import Image

from explorer.report import report_html
from explorer.report.page import LARGEST

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """A report taken apart: elements with their attributes, text, headings, and whether all tags close."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.headings, self._open = [], [], [], []
        self.source = text
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.words.append(data)
        if self._open and re.fullmatch("h[1-6]", self._open[-1]):
            self.headings.append((int(self._open[-1][1]), data))

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))

    def images(self):
        return [attributes for tag, attributes in self.elements if tag == "img"]

    def pictures(self):
        """Every image but the colour scales, with what it decodes to."""
        for image in self.images():
            kind, data = image["src"].split(",", 1)
            assert kind == "data:image/png;base64"
            decoded = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
            decoded.load()
            assert decoded.size == (int(image["width"]), int(image["height"]))
            if decoded.height > 1:
                yield image, decoded


@pytest.fixture(scope="module")
def page(found):
    return Page(report_html(found))


def test_nothing_outside_of_the_file_is_named(page):
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in {"href", "srcset", "action", "background", "data"}
            if name == "src":
                assert value.startswith("data:image/png;base64,")
    without_pictures = re.sub(r'"data:image/png;base64,[^"]*"', "", page.source)
    assert not re.search(r"url\(|@import|https?:|//", without_pictures)


def test_pictures_decode_to_the_shape_of_the_image(page, found):
    pictures = list(page.pictures())
    assert len(pictures) == 4 + len(found.measurement.layers) + 1
    for _, picture in pictures:
        assert picture.width / picture.height == pytest.approx(150 / 120, rel=0.01)


def test_hostile_names_are_text(page, found):
    name = found.distorted.name
    assert "<img" in name
    assert name in page.text
    assert "<img src=x" not in page.source
    # The panels and two colour scales; the layers and their sum, each with a scale.
    assert len(page.images()) == 4 + 2 + 6 + 2
    assert any(name in image["alt"] for image in page.images())


def test_a_name_turns_nothing_round_and_is_whole_in_the_settings_alone(investigate):
    name = "evil\u202egnp" + "x" * 230 + ".png"
    source = report_html(investigate(name=name))
    assert "\u202e" not in source
    assert source.count(name.replace("\u202e", "�")) == 1
    assert "evil�gnpxxx" in source.partition("</title>")[0]


def test_every_picture_says_its_numbers_in_words(page, found):
    by_words = [image["alt"] for image in page.images()]
    assert all(re.search(r"\d", words) for words in by_words)
    for layer in found.measurement.layers:
        assert any(words.startswith(f"Map of {layer.name}, ") for words in by_words)


def test_headings_go_down_a_step_at_a_time(page):
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_numbers_are_those_of_the_measurement(page, found):
    measurement = found.measurement
    assert f"{measurement.score:.4f}" in page.words
    assert f"{measurement.psnr:.2f} dB" in page.words
    assert f"{measurement.ssim:.4f}" in page.words
    assert page.words.count("lower is closer") == 1
    assert page.words.count("higher is closer") == 2
    for layer in measurement.layers:
        assert f"{layer.distance:.6f}" in page.words
        assert f"{layer.share:.1%}" in page.words


def test_boxes_have_the_maps_share_beside_restore_and_insert(page, found):
    for region in found.regions:
        assert f"Box {region.name}: {region.box.words}" in page.words
        assert f"{region.held.share:.1%}" in page.words
        assert f"{region.check.restore:.4f}" in page.words
        assert f"{region.check.insert:.4f}" in page.words
        assert region.held.sentence(f"Box {region.name}") in page.text
        for layer in region.held.layers:
            assert f"{layer.distance:.6f}" in page.words
    assert "A learned map is not a cause" in page.text
    assert "do not add up over boxes" in page.text


def test_hot_spots_and_the_causal_map_have_their_numbers(page, found):
    for spot in found.spots:
        assert f"x {int(spot.x)}, y {int(spot.y)}" in page.words
        assert spot.box.words in page.words
    assert found.causal.sentence in page.text
    assert f"The rank correlation, {found.causal.correlation:.2f}," in page.text
    assert "1 of 16 below 0" in page.text


def test_without_boxes_and_a_causal_map_there_are_no_such_parts(investigate):
    page = Page(report_html(investigate(boxes=())))
    assert {name for _, name in page.headings}.isdisjoint({"Boxes", "Causal map"})
    assert ("Hot spots") in {name for _, name in page.headings}


def test_dists_has_its_parts_in_place_of_maps(investigate):
    found = investigate(backbone="dists", weights="random", restored=[0.5, 0.9, 1.0, 0.8])
    page = Page(report_html(found))
    assert len(list(page.pictures())) == 3  # the pair and the causal map
    assert {"structure", "texture"} <= set(page.words)
    assert "no map" in page.words
    assert "has no maps" in page.text
    for layer in found.measurement.layers:
        assert {f"{value:.6f}" for value in layer.parts.values()} <= set(page.words)
    assert "DISTS (Ding et al., TPAMI 2020)" in page.text
    assert "random weights, seed 0" in page.text


def test_identical_images_have_words_for_what_is_no_number(investigate):
    page = Page(report_html(investigate(identical=True)))
    assert "infinite" in page.words
    assert "undefined" in page.words
    assert "nan" not in page.text.lower().split()
    assert "The two images are identical" in page.text


def test_large_pictures_are_reduced_and_that_is_said(investigate):
    found = investigate((1500, 300), longest=200, boxes=())
    page = Page(report_html(found))
    for _, picture in page.pictures():
        assert max(picture.size) <= LARGEST
        assert picture.height == pytest.approx(picture.width / 5, abs=1)
    assert f"reduced to {LARGEST} pixels" in page.text
    assert "resized from 1500 × 300 to 200 × 40 (Lanczos)" in page.text


def test_marks_lie_where_the_boxes_and_the_spots_are(page, found):
    def places(kind):
        for tag, attributes in page.elements:
            if tag == "span" and attributes.get("class") == kind:
                yield [float(number) for number in re.findall(r":([\d.]+)%", attributes["style"])]

    for region, place in zip(found.regions, places("box"), strict=True):
        x, y, width, height = region.box.numbers
        expected = (x / 1.5, y / 1.2, width / 1.5, height / 1.2)
        assert place == pytest.approx(expected, abs=0.001)
    for spot, place in zip(found.spots, places("spot"), strict=True):
        assert place == pytest.approx((spot.x / 1.5, spot.y / 1.2), abs=0.001)


def test_bar_of_shares_fills_the_whole_width(page):
    widths = [
        float(match[1])
        for tag, attributes in page.elements
        if tag == "span"
        and (match := re.match(r"width:([\d.]+)%;background:rgb", attributes.get("style", "")))
    ]
    assert math.fsum(widths) == pytest.approx(100, abs=0.01)
