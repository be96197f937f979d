"""A figure of versions of one picture: all of them, with their numbers, in the order that was asked for."""

import base64
import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from explorer.analysis.match import matches
from explorer.analysis.versions import Equality, Version, Versions
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.report.versions import figure_of_versions


@pytest.fixture(scope="module")
def versions(photo):
    reference = photo("cat", (96, 64))
    names = ("contrast", "gaussian_noise", "shift")
    found = tuple(
        Version(each.step, each.picture, each.value, 0.9 - place / 10, 0.2 - place / 20, each.outcome)
        for place, each in enumerate(matches(reference, "PSNR", 26.0, names))
    )
    return Versions(reference, Method(device="cpu"), Equality("psnr", 26.0), names, found)


def words(svg: bytes) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", svg.decode()))


def test_the_figure_says_what_the_page_says_and_has_every_version_in_its_order(versions):
    svg = figure_of_versions(versions, "ssim", "cat.png", "svg")
    text = words(svg)
    assert versions.sentence[:30] in text
    places = [text.index(each.entry.label) for each in versions.order("ssim")]
    assert places == sorted(places)
    assert "cat.png Reference" in text
    assert "AlexNet · LPIPS v0.1; distorted and measured at 96 × 64." in text
    assert svg.count(b"<image") == 4


def test_what_does_not_reach_the_target_says_how_near_it_came(versions):
    off = [each for each in versions.found if not versions.is_equal(each)]
    assert [each.name for each in off] == ["shift"]
    text = words(figure_of_versions(versions, "lpips", "cat.png", "svg"))
    assert versions.remark(off[0]) in text


def test_a_picture_is_held_no_larger_than_it_is_shown(versions, photo):
    large = replace(versions, reference=photo("cat", (1200, 800)))
    svg = figure_of_versions(large, "lpips", "cat.png", "svg").decode()
    images = re.findall(r'<image [^>]*?width="(\d+)" height="(\d+)"[^>]*base64,([^"]+)"', svg)
    assert len(images) == 4
    for width, height, data in images:
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert picture.size == (int(width), int(height))


def test_it_comes_in_every_format_and_in_no_other(versions):
    with Image.open(io.BytesIO(figure_of_versions(versions, "lpips", "cat.png", "png"))) as picture:
        assert picture.width == 2400
    assert figure_of_versions(versions, "lpips", "cat.png").startswith(b"%PDF")
    with pytest.raises(SettingError, match="choose one of"):
        figure_of_versions(versions, "lpips", "cat.png", "bmp")
