import math
from dataclasses import replace

import pytest

from explorer.backbones import BACKBONES, HEADS
from explorer.distortions import CATALOGUE, Recipe, Step
from explorer.distortions.recipe import HIGHEST_SEED
from explorer.metrics import Method
from explorer.metrics.method import PARAMETERS
from explorer.samples import SAMPLES
from explorer.viewer.pair.display import Display
from explorer.views.common.settings import DISPLAY_READERS, MEASURED, OWN_PARAMETERS, READERS, Settings
from explorer.views.common.sources import PARAMETERS as SOURCES

JPEG, NOISE = Step("jpeg", {"quality": 9}), Step("gaussian_noise", {"sigma": 12.5}, 7)
OFF = replace(NOISE, is_on=False)

CHANGES = [
    {"sample": list(SAMPLES)[-1]},
    {"distortion": next(iter(CATALOGUE)), "severity": 0.31, "seed": HIGHEST_SEED},
    {"severity": 0.0},
    {"values": (("quality", 9), ("sigma", 1 / 3))},
    {"distortion": "gaussian_noise", "values": (("sigma", 1e-05),), "seed": HIGHEST_SEED},
    {"severity": 1.0},
    {"steps": (JPEG, OFF, Step.at("shift", 0.3))},
    {"steps": (OFF,)},
    {"steps": (Step.at("jpeg", 0.0), JPEG), "swapped": True},
    {"swapped": True},
    {"heads": "uniform"},
    {"heads": "lpips-0.0", "layers": ("conv2", "conv5")},
    {"size": "given"},
    {"size": 64},
    {"device": "cpu"},
    {"precision": "bf16", "device": "cpu"},
    {"weights": "random"},
    {"heads": "uniform", "layers": ("features.0", "conv2")},
    {"backbone": "vgg16", "layers": BACKBONES["vgg16"].layer_names},
    {"backbone": "vit_b_16", "heads": "uniform", "layers": ("block3", "block12"), "weights": "random"},
    {"backbone": "dists", "heads": "dists", "layers": BACKBONES["dists"].layer_names},
    {"display": Display(mode="flip", map="layer", layer="conv4", overlay=0.25)},
    {"projector": True},
    {"colours": "cividis"},
    {"display": Display(cells="smooth", scale="fixed", fixed=0.0625)},
    {"display": Display(zoom=37.125, middle_x=0.12345, middle_y=1.0)},
    {"display": Display(zoom=0.4)},
]


def changed(**change):
    """The first screen's settings with some changed, be they of the method or not."""
    of_method = {name: change.pop(name) for name in PARAMETERS if name != "size" and name in change}
    return replace(Settings(), method=Method(**of_method), **change)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_link_reopens_the_settings_it_was_made_from(change):
    settings = changed(**change)
    assert Settings.from_link(settings.to_link()) == (settings, ())


def test_a_link_of_typed_values_carries_a_recipe_and_no_severity():
    settings = replace(Settings(), distortion="gaussian_blur", values=(("sigma", 1.8),))
    assert settings.to_link() == {"recipe": "gaussian_blur~sigma~1.8", "sample": "cat"}
    assert settings.to_link(linkable=False) == {}
    assert settings.recipe == Recipe([("gaussian_blur", {"sigma": 1.8})])


def test_a_recipe_in_a_link_goes_before_the_severity_and_one_that_is_off_is_severity_0():
    link = {"distortion": "shift", "severity": "0.4", "seed": "5", "recipe": "jpeg~quality~9"}
    settings, problems = Settings.from_link(link)
    assert problems == ()
    assert settings.recipe == Recipe([("jpeg", {"quality": 9})])
    off, problems = Settings.from_link({"recipe": "jpeg~off"})
    assert problems == ()
    assert off.recipe == Recipe.at("jpeg", 0)
    assert (off.severity, off.values) == (0, None)


def test_a_recipe_of_several_steps_is_what_is_done_and_a_link_may_give_it_as_json():
    recipe = Recipe([JPEG, OFF, NOISE])
    settings, problems = Settings.from_link({"recipe": recipe.to_json()})
    assert problems == ()
    assert settings.recipe == recipe
    assert settings.to_link() == {"sample": "cat", "recipe": recipe.to_link()}
    assert settings.to_link(linkable=False) == {}
    assert Settings.from_link({"recipe": Recipe([JPEG]).to_json()})[0] == Settings().with_step(JPEG)


def test_one_distortion_takes_the_place_of_a_recipe_and_starts_from_one_of_its_steps():
    several = Settings().with_recipe(Recipe([JPEG, Step.at("shift", 0.3, 4)]))
    assert several.with_severity("jpeg", 0.5, 0).recipe == Recipe.at("jpeg", 0.5)
    assert several.with_step(NOISE).recipe == Recipe([NOISE])
    assert several.with_one(OFF).recipe == Recipe([NOISE])  # who goes back to one sees it done
    shift = several.with_one(several.steps[1])
    assert (shift.distortion, shift.severity, shift.values) == ("shift", 0.3, None)
    assert shift.recipe == Recipe(several.steps[1:])


def test_an_old_link_opens_what_it_always_did():
    settings, problems = Settings.from_link({"distortion": "gaussian_noise", "severity": "0.4", "seed": "3"})
    assert problems == ()
    assert settings.recipe == Recipe.at("gaussian_noise", 0.4, 3)
    assert settings.to_link()["severity"] == "0.4"


def test_the_first_screen_has_an_empty_link():
    assert Settings().to_link() == {}
    assert Settings.from_link({}) == (Settings(), ())


def test_a_part_of_the_first_screen_is_all_that_its_link_says():
    part = Settings(display=Display(zoom=4.0, middle_x=0.25, middle_y=0.75))
    assert part.to_link() == {"zoom": "4", "middle_x": "0.25", "middle_y": "0.75"}
    assert Settings.from_link(part.to_link()) == (part, ())


def test_a_link_of_uploads_leaves_out_the_pictures_and_keeps_the_rest():
    link = changed(heads="uniform", sample="text").to_link(linkable=False)
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
        ("seed", str(2**53)),
        ("swapped", "yes"),
        ("recipe", ""),
        ("recipe", "jpeg~quality~9.5"),
        ("recipe", "melt~heat~3"),
        ("recipe", "~~".join(["jpeg~quality~9"] * 33)),
        ("recipe", f"gaussian_noise~sigma~9~seed~{2**53}"),
        ("recipe", '[{"name": "jpeg", "values": {"quality": 96}}]'),
        ("recipe", "[" * 20_000),
        ("recipe", "{}"),
        ("backbone", "lenet"),
        ("heads", "lpips-0.2"),
        ("layers", "conv9"),
        ("layers", ""),
        ("size", "300.5"),
        ("size", "0"),
        ("device", "abacus"),
        ("precision", "fp8"),
        ("weights", "light"),
        ("layers", "features.2"),  # a node, which the learned heads have no weights for
        ("mode", "spin"),
        ("map", "mood"),
        ("layer", "conv0"),
        ("overlay", "2"),
        ("cells", "round"),
        ("scale", "log"),
        ("fixed", "0"),
        ("fixed", "inf"),
        ("zoom", "0"),
        ("zoom", "near"),
        ("middle_x", "1.01"),
        ("middle_y", "nan"),
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


@pytest.mark.parametrize("name", BACKBONES)
def test_another_backbone_brings_its_own_layers_and_keeps_the_heads_where_it_has_them(name):
    settings = changed(heads="uniform", layers=("conv2",)).with_backbone(name)
    row = BACKBONES[name]
    assert settings.method.layers == row.layer_names
    assert settings.method.heads == ("uniform" if row.uniform else row.head_names[0])
    assert Settings.from_link(settings.to_link()) == (settings, ())


def test_a_link_may_name_its_parameters_in_any_order():
    link = {"layers": "conv1_2,conv5_3", "heads": "lpips-0.0", "backbone": "vgg16"}
    settings, problems = Settings.from_link(link)
    assert problems == ()
    assert (settings.method.backbone, settings.method.heads) == ("vgg16", "lpips-0.0")
    assert settings.method.layers == ("conv1_2", "conv5_3")


def test_layers_of_another_backbone_are_named_and_this_ones_are_taken():
    settings, problems = Settings.from_link({"backbone": "vgg16", "layers": "conv1"})
    assert settings == Settings().with_backbone("vgg16")
    assert len(problems) == 1
    assert "VGG16 has no layer 'conv1'" in problems[0]


def test_a_version_brings_its_seed_where_it_has_one_and_a_method_its_network_alone():
    settings = Settings(seed=5, method=Method(device="cpu"))
    assert (settings.with_version(NOISE).seed, settings.with_version(JPEG).seed) == (7, 5)
    assert settings.with_version(JPEG).recipe == Recipe((replace(JPEG, seed=5),))
    other = Method("vgg16", "uniform", weights="random", size=64, device="cpu")
    assert settings.with_method_of(other).method == replace(other, size=None)


def test_every_default_is_a_value_the_catalogues_know():
    default = Settings()
    assert default.sample in SAMPLES
    assert default.distortion in CATALOGUE
    assert default.method.heads in HEADS
    assert default.method.layers == BACKBONES[default.method.backbone].layer_names
    assert math.isfinite(default.severity)


def test_no_two_pages_have_a_parameter_of_one_name_and_none_has_one_of_all_pages():
    own = [name for names in OWN_PARAMETERS.values() for name in names]
    common = {*READERS, *MEASURED, *DISPLAY_READERS, *SOURCES, "recipe", "projector"}
    assert len(set(own)) == len(own)
    assert not common & set(own)
