"""Codecs: the files are what the parameters say, and what is missing is told."""

import io
import sys

import numpy as np
import pytest
import skimage.data
from PIL import Image, features

from explorer.distortions import CATALOGUE, Step, distort
from explorer.distortions.compression import jpeg_file
from explorer.errors import SettingError
from tests.distortions.values import value

IMAGE = skimage.data.chelsea()[60:188, 90:250]

# ITU-T T.81, Annex K.
LUMINANCE = """
16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99
"""
CHROMINANCE = (
    """
17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99
"""
    + "99 " * 32
)

CODECS = {
    "webp": ("WEBP", "webp", {"quality": 30}, {"quality": 30}),
    "avif": ("AVIF", "avif", {"quality": 30}, {"quality": 30, "speed": 10, "max_threads": 1}),
    "jpeg2000": (
        "JPEG2000",
        "jpg_2000",
        {"ratio": 40},
        {"quality_mode": "rates", "quality_layers": [40], "irreversible": True},
    ),
}
MODULES = {
    "scikit-image": "skimage.restoration",
    "PyWavelets": "pywt",
    "pillow-jxl-plugin": "pillow_jxl.JpegXLImagePlugin",
}
NEEDS = [(entry.name, package) for entry in CATALOGUE.values() for package in entry.needs]


@pytest.mark.parametrize("quality", [1, 9, 50, 75, 95])
def test_the_tables_of_a_jpeg_are_those_of_its_quality(quality):
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality  # libjpeg's formula
    with Image.open(io.BytesIO(jpeg_file(IMAGE, quality))) as file:
        for table, standard in ((0, LUMINANCE), (1, CHROMINANCE)):
            steps = (np.array(standard.split(), int) * scale + 50) // 100
            assert list(file.quantization[table]) == list(np.clip(steps, 1, 255))
        assert file.info["jfif"]
        assert [layer[1:3] for layer in file.layer] == [(2, 2), (1, 1), (1, 1)]  # 4:2:0


@pytest.mark.parametrize("name", CODECS)
def test_a_codec_is_what_pillow_decodes_at_the_named_value(name):
    format, _, values, options = CODECS[name]
    stream = io.BytesIO()
    Image.fromarray(IMAGE).save(stream, format, **options)
    with Image.open(stream) as decoded:
        np.testing.assert_array_equal(distort(IMAGE, name, **values), np.array(decoded.convert("RGB")))
    if name == "jpeg2000":
        assert len(stream.getvalue()) == pytest.approx(IMAGE.size / values["ratio"], rel=0.1)


def test_jpeg_xl_is_lossy_also_at_its_best():
    best = distort(IMAGE, "jpeg_xl", quality=100).astype(int)
    assert 0 < np.abs(best - IMAGE).mean() < 1


@pytest.mark.parametrize("name", CODECS)
def test_a_codec_that_pillow_lacks_is_named_with_the_mend(name, monkeypatch):
    monkeypatch.setattr(features, "check", lambda feature: feature != CODECS[name][1])
    with pytest.raises(SettingError, match=f"without {CATALOGUE[name].label}.*pip install"):
        distort(IMAGE, name, 0.5)


@pytest.mark.parametrize(("name", "package"), NEEDS)
def test_a_package_that_is_missing_is_named_with_the_mend(name, package, monkeypatch):
    monkeypatch.setitem(sys.modules, MODULES[package], None)
    with pytest.raises(SettingError, match=f"needs the package {package}.*`pip install {package}`"):
        distort(IMAGE, name, 0.5)


@pytest.mark.parametrize(("name", "side"), [("webp", 16_383), ("avif", 32_768), ("deblocking", 65_494)])
def test_an_image_longer_than_its_format_allows_is_refused_in_words(name, side):
    with pytest.raises(SettingError, match=f"at most {side:,} pixels a side"):
        Step.at(name, 0.5).apply(np.zeros((1, side + 1, 3), np.uint8))
    assert Step.at(name, 0.5).apply(np.zeros((1, side, 3), np.uint8)).shape == (1, side, 3)


@pytest.mark.parametrize("severity", [0.1, 0.5, 0.8, 1])
def test_jpeg_is_what_pillow_decodes_at_the_named_quality(severity, photo):
    stream = io.BytesIO()
    quality = value("jpeg", severity, "quality")
    Image.fromarray(photo).save(stream, "JPEG", quality=quality, subsampling=2)
    np.testing.assert_array_equal(distort(photo, "jpeg", severity), np.array(Image.open(stream)))
