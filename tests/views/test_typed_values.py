"""The sidebar's other way to a distortion: its values are typed, in the place of a severity."""

import pytest

import explorer
from explorer.distortions import CATALOGUE, Recipe, Step
from explorer.samples import load_sample
from tests.grid import few
from tests.views.test_inspect_page import open_app, sentences, tiles

BLUR = {"sample": "cat", "distortion": "gaussian_blur", "severity": "0.4", "seed": "3", "size": "64"}


def expected(recipe) -> str:
    cat = load_sample("cat")
    return f"{explorer.measure(cat, explorer.distort(cat, recipe), size=64).score:.4f}"


def link_of(at) -> dict[str, str]:
    return {
        name: values[0] if isinstance(values, list) else values for name, values in at.query_params.items()
    }


def test_typed_values_take_the_severitys_place_and_their_link_reopens_them():
    at = open_app(**BLUR)
    assert tiles(at)[0] == expected(Recipe.at("gaussian_blur", 0.4))
    assert link_of(at) == BLUR
    at.toggle(key="setting_typed").set_value(True).run()
    # They start from what the severity stands for, so that the picture stays.
    assert tiles(at)[0] == expected(Recipe.at("gaussian_blur", 0.4))
    assert not [slider for slider in at.slider if slider.key == "setting_severity"]
    at.number_input(key="setting_value_gaussian_blur_sigma").set_value(1.8).run()
    assert tiles(at)[0] == expected([("gaussian_blur", {"sigma": 1.8})])
    link = link_of(at)
    assert link == {"sample": "cat", "recipe": "gaussian_blur~sigma~1.8~seed~3", "size": "64"}
    again = open_app(**link)
    assert sentences(again) == []
    assert tiles(again) == tiles(at)
    assert again.toggle(key="setting_typed").value
    assert link_of(again) == link


def test_the_severity_is_taken_up_again_where_it_was_left_and_the_values_follow_it():
    at = open_app(**BLUR)
    at.toggle(key="setting_typed").set_value(True).run()
    at.number_input(key="setting_value_gaussian_blur_sigma").set_value(1.8).run()
    at.toggle(key="setting_typed").set_value(False).run()
    assert tiles(at)[0] == expected(Recipe.at("gaussian_blur", 0.4))
    assert link_of(at) == BLUR
    at.slider(key="setting_severity").set_value(0.5).run()
    at.toggle(key="setting_typed").set_value(True).run()
    value = at.number_input(key="setting_value_gaussian_blur_sigma").value
    assert value == CATALOGUE["gaussian_blur"].parameters[0].at(0.5)


@pytest.mark.parametrize("name", few(CATALOGUE, 2))
def test_every_parameter_of_a_distortion_can_be_typed_within_its_range(name):
    step = Step.at(name, 0.5, 3)
    at = open_app(sample="cat", size="64", recipe=Recipe((step,)).to_link())
    assert sentences(at) == []
    for parameter in CATALOGUE[name].parameters:
        box = at.number_input(key=f"setting_value_{name}_{parameter.name}")
        assert (box.min, box.max) == (parameter.low, parameter.high)
        assert parameter.range in box.label
    typed = {parameter.name: parameter.at(0.7) for parameter in CATALOGUE[name].parameters}
    for parameter, value in typed.items():
        at.number_input(key=f"setting_value_{name}_{parameter}").set_value(value)
    at.run()
    assert tiles(at)[0] == expected(Step(name, typed, 3))


def test_another_distortion_starts_from_the_severity_too():
    at = open_app(**BLUR)
    at.toggle(key="setting_typed").set_value(True).run()
    at.selectbox(key="setting_distortion").set_value("jpeg").run()
    assert tiles(at)[0] == expected(Recipe.at("jpeg", 0.4))
    assert link_of(at)["recipe"].startswith("jpeg~quality~")


def test_a_recipe_that_is_no_good_is_named_and_the_default_taken():
    at = open_app(recipe="gaussian_blur~sigma~200", size="64")
    (sentence,) = sentences(at)
    assert "recipe" in sentence
    assert "0 to 20% of side" in sentence
    assert tiles(at)[0] == expected(Recipe.at("jpeg_local_blur", 0.72))


def test_the_menu_of_distortions_names_the_family_where_the_label_leaves_it_open_and_is_never_cut():
    options = open_app(**BLUR).selectbox(key="setting_distortion").options
    assert {"Pink noise", "Shift · spatial", "Gamma · photometric"} <= set(options)
    assert len(options) == len(set(options)) == len(CATALOGUE)
    assert max(map(len, options)) <= 33
