import math
from dataclasses import replace

import pytest

from explorer.backbones import BACKBONES, HEADS
from explorer.distortions import CATALOGUE
from explorer.samples import SAMPLES
from explorer.viewer.display import Display
from explorer.views.settings import Settings

CHANGES = [
    {"sample": list(SAMPLES)[-1]},
    {"distortion": next(iter(CATALOGUE)), "severity": 0.31, "seed": 2**31 - 1},
    {"severity": 0.0},
    {"severity": 1.0},
    {"swapped": True},
    {"heads": "uniform"},
    {"heads": "lpips-0.0", "layers": ("conv2", "conv5")},
    {"size": "given"},
    {"size": 64},
    {"device": "cpu"},
    {"display": Display(mode="flip", map="layer", layer="conv4", overlay=0.25)},
    {"display": Display(cells="smooth", scale="fixed", fixed=0.0625)},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_link_reopens_the_settings_it_was_made_from(change):
    settings = replace(Settings(), **change)
    assert Settings.from_link(settings.to_link()) == (settings, ())


def test_the_first_screen_has_an_empty_link():
    assert Settings().to_link() == {}
    assert Settings.from_link({}) == (Settings(), ())


def test_a_link_of_uploads_leaves_out_the_pictures_and_keeps_the_rest():
    link = replace(Settings(), heads="uniform", sample="text").to_link(linkable=False)
    assert link == {"heads": "uniform"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sample", "nobody"),
        ("distortion", "melt"),
        ("severity", "nan"),
        ("severity", "inf"),
        ("severity", "1.01"),
        ("severity", "-0.1"),
        ("severity", "half"),
        ("severity", ""),
        ("seed", "-1"),
        ("seed", "1.5"),
        ("seed", str(2**31)),
        ("swapped", "yes"),
        ("backbone", "lenet"),
        ("heads", "lpips-0.2"),
        ("layers", "conv9"),
        ("layers", ""),
        ("size", "300"),
        ("size", "0"),
        ("device", "abacus"),
        ("mode", "spin"),
        ("map", "mood"),
        ("layer", "conv0"),
        ("overlay", "2"),
        ("cells", "round"),
        ("scale", "log"),
        ("fixed", "0"),
        ("fixed", "inf"),
        ("unheard", "of"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence_and_only_it_falls_back(name, text):
    settings, problems = Settings.from_link(
        {name: text, "swapped": "1"} if name != "swapped" else {name: text}
    )
    assert len(problems) == 1
    assert name in problems[0]
    assert "\n" not in problems[0]
    assert settings == replace(Settings(), swapped=name != "swapped")


def test_every_default_is_a_value_the_catalogues_know():
    default = Settings()
    assert default.sample in SAMPLES
    assert default.distortion in CATALOGUE
    assert default.heads in HEADS
    assert default.layers == BACKBONES[default.backbone].layer_names
    assert math.isfinite(default.severity)
