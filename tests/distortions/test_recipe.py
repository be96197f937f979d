"""Recipes: the same pixels however their values were given, through JSON and through links."""

import io
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.distortions import CATALOGUE, Recipe, Step, as_recipe, distort, distorted
from explorer.distortions.recipe import HIGHEST_SEED, LONGEST_TEXT, MOST_STEPS
from explorer.errors import SettingError
from explorer.images import load
from explorer.notes import Note
from tests.grid import few

NAMES = list(CATALOGUE)
IMAGE = np.random.default_rng(5).integers(0, 256, (37, 53, 3), dtype=np.uint8)
SEEDS = (0, 7, HIGHEST_SEED)
TWO = Recipe([("jpeg", {"quality": 9}), ("gaussian_noise", {"sigma": 12}, 7)])


def odd_steps(name):
    """Steps with values of many digits, of none, very small, and at the ends of their ranges."""
    entry = CATALOGUE[name]
    for fill in (lambda p: p.low, lambda p: p.high, lambda p: p.low + (p.high - p.low) / 3, small):
        values = {p.name: round(fill(p)) if p.whole else fill(p) for p in entry.parameters}
        yield from (Step(name, values, seed) for seed in SEEDS)
    for severity in (0, 1e-9, 0.1, 1 / 3, 0.72, 1):
        yield from (Step.at(name, severity, seed) for seed in SEEDS)


def small(parameter):
    return max(parameter.low, 1.2345678901234567e-05)


@pytest.mark.parametrize("seed", few([3, 0]))
@pytest.mark.parametrize("name", NAMES)
def test_a_severity_and_the_values_that_it_stands_for_make_the_same_pixels(name, seed):
    for severity in (1e-6, 0.01, 0.1, 1 / 3, 0.5, 0.72, 1):
        by_severity = explorer.distort(IMAGE, name, severity=severity, seed=seed)
        values = dict(Step.at(name, severity, seed).values)
        steps = [[(name, values, seed)], Step(name, values, seed), Recipe.at(name, severity, seed)]
        found = [explorer.distort(IMAGE, name, seed=seed, **values)]
        found += [explorer.distort(IMAGE, recipe) for recipe in steps]
        for pixels in found:
            np.testing.assert_array_equal(pixels, by_severity, err_msg=str(severity))


@pytest.mark.parametrize("name", NAMES)
def test_a_step_survives_json_and_a_link_to_the_last_digit(name):
    for step in odd_steps(name):
        recipe = Recipe((step,))
        through_link = parse_qs(urlencode({"recipe": recipe.to_link()}))["recipe"][0]
        for copy in (Recipe.from_json(recipe.to_json()), Recipe.from_link(through_link)):
            assert copy == recipe
            assert hash(copy) == hash(recipe)  # and equal recipes make equal pixels, as the next test sees


@pytest.mark.parametrize("seed", SEEDS)
def test_a_recipe_of_the_whole_catalogue_survives_json_and_a_link(seed):
    for start in range(0, len(NAMES), MOST_STEPS):
        recipe = Recipe([Step.at(name, 0.37, seed) for name in NAMES[start : start + MOST_STEPS]])
        for copy in (Recipe.from_json(recipe.to_json()), Recipe.from_link(recipe.to_link())):
            assert copy == recipe
            np.testing.assert_array_equal(copy.apply(IMAGE), recipe.apply(IMAGE))


def test_a_links_text_is_short_and_holds_only_characters_that_links_leave_as_they_are():
    assert TWO.to_link() == "jpeg~quality~9~~gaussian_noise~sigma~12~seed~7"
    assert Recipe.at("jpeg", 0).to_link() == "jpeg~off"
    for name in NAMES:
        text = Recipe(list(odd_steps(name))[:MOST_STEPS]).to_link()
        assert urlencode({"recipe": text}) == f"recipe={text}"
        assert len(text) < LONGEST_TEXT / 10


def test_json_is_a_list_of_names_values_and_seeds():
    assert json.loads(TWO.to_json()) == [
        {"name": "jpeg", "values": {"quality": 9}, "seed": 0},
        {"name": "gaussian_noise", "values": {"sigma": 12.0}, "seed": 7},
    ]
    assert json.loads(Recipe.at("jpeg", 0).to_json()) == [{"name": "jpeg", "values": None, "seed": 0}]
    assert Recipe.from_json('[{"name": "jpeg", "values": {"quality": 9.0}}]') == Recipe(TWO.steps[:1])


OFF = Recipe([TWO.steps[0], replace(TWO.steps[1], is_on=False), Step.at("shift", 0, 3)])


def test_a_step_that_is_switched_off_keeps_its_values_through_json_and_a_link_and_changes_nothing():
    assert OFF.to_link() == "jpeg~quality~9~~gaussian_noise~sigma~12~seed~7~on~0~~shift~off~seed~3"
    switched = json.loads(OFF.to_json())[1]
    assert switched == {"name": "gaussian_noise", "values": {"sigma": 12.0}, "seed": 7, "on": False}
    for text in (OFF.to_json(), OFF.to_link()):
        assert Recipe.from_text(text) == OFF != TWO
    np.testing.assert_array_equal(OFF.apply(IMAGE), TWO.steps[0].apply(IMAGE))
    assert (OFF.title, OFF.note) == ("JPEG, then Shift", "JPEG (quality 9), then Shift (unchanged)")
    nothing = Recipe(OFF.steps[1:2])
    assert (nothing.title, nothing.note) == ("Unchanged", "unchanged")
    np.testing.assert_array_equal(nothing.apply(IMAGE), IMAGE)
    off_twice = Recipe([Step("jpeg", None, is_on=False)])
    assert Recipe.from_link(off_twice.to_link()) == off_twice


def test_a_hundredth_of_severity_is_found_from_its_values_and_other_values_have_none():
    for name in NAMES:
        entry = CATALOGUE[name]
        for severity in (0, 0.07, 0.72, 1):
            found = entry.severity_of(entry.values(severity))
            assert entry.values(found) == entry.values(severity)  # whole numbers stand for several
    assert CATALOGUE["gaussian_blur"].severity_of((("sigma", 1.8001),)) is None


def test_steps_are_equal_by_value_however_it_was_given():
    step = Step("jpeg_local_blur", {"quality": 9, "sigma": 2})
    for same in (
        Step("jpeg_local_blur", {"sigma": 2.0, "quality": 9.0}),
        Step("jpeg_local_blur", (("sigma", np.float64(2)), ("quality", np.int64(9))), np.int64(0)),
    ):
        assert same == step
        assert hash(same) == hash(step)
        assert repr(same) == repr(step)
    assert step != Step("jpeg_local_blur", {"quality": 9, "sigma": 2}, 1)
    assert step != Step("jpeg_local_blur", {"quality": 9, "sigma": 2.0000000000000004})
    assert Step("gaussian_blur", {"sigma": -0.0}).label == "σ 0% of side"


def test_severity_0_is_a_step_that_is_off_and_leaves_every_pixel():
    for name, entry in CATALOGUE.items():
        step = Step.at(name, 0, 3)
        assert step.values is None, name
        assert step.label == entry.describe(0) == "unchanged", name
        result = step.apply(IMAGE)
        np.testing.assert_array_equal(result, IMAGE, err_msg=name)
        assert not np.shares_memory(result, IMAGE), name


def test_one_step_is_done_after_the_other():
    first, second = TWO
    np.testing.assert_array_equal(TWO.apply(IMAGE), second.apply(first.apply(IMAGE)))
    backwards = Recipe((second, first))
    assert backwards != TWO
    assert not np.array_equal(backwards.apply(IMAGE), TWO.apply(IMAGE))
    np.testing.assert_array_equal(
        distort(IMAGE, [("jpeg", {"quality": 9}), ("gaussian_noise", {"sigma": 12}, 7)]), TWO.apply(IMAGE)
    )


def test_a_distorted_picture_says_how_it_was_made_and_is_of_no_file():
    picture = load(IMAGE, name="dots")
    for name, severity, seed, note in (
        ("gaussian_blur", 1, 3, "σ 3% of side"),
        ("gaussian_noise", 0.5, 3, "σ 12 levels, seed 3"),
        ("jpeg_local_blur", 0.5, 0, "quality 17, σ 2% of side, seed 0"),
        ("jpeg", 0, 0, "unchanged"),
    ):
        made = distorted(picture, Step.at(name, severity, seed))
        assert (made.name, made.notes, made.format) == (CATALOGUE[name].label, (Note("distorted", note),), "")
        np.testing.assert_array_equal(made.pixels, distort(IMAGE, name, severity, seed))
    made = distorted(picture, TWO)
    assert made.name == "JPEG, then Gaussian noise"
    assert [str(note) for note in made.notes] == [
        "JPEG (quality 9), then Gaussian noise (σ 12 levels, seed 7)"
    ]
    assert TWO.label == "JPEG (quality 9), then Gaussian noise (σ 12 levels)"


def test_an_image_may_come_from_a_path_bytes_pillow_an_array_or_a_picture(tmp_path):
    buffer = io.BytesIO()
    Image.fromarray(IMAGE).save(buffer, "PNG")
    (tmp_path / "dots.png").write_bytes(buffer.getvalue())
    expected = TWO.apply(IMAGE)
    for source in (
        tmp_path / "dots.png",
        str(tmp_path / "dots.png"),
        buffer.getvalue(),
        Image.fromarray(IMAGE),
        IMAGE,
        load(IMAGE),
    ):
        result = explorer.distort(source, TWO)
        np.testing.assert_array_equal(result, expected)
        assert result.flags.writeable


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty", "quality"]),
        ("{", ["not JSON (line 1)"]),
        ("[" * 20_000, ["not JSON"]),
        ('[{"name": "jpeg"', ["not JSON"]),
        ("[]", ["1 to 32 steps", "has 0"]),
        ('{"name": "jpeg", "values": {"quality": 9}}', ["must be a list"]),
        ("null", ["must be a list"]),
        ('["jpeg"]', ["step must be", "'jpeg'"]),
        ('[{"name": "melt", "values": {}}]', ["no distortion 'melt'", "lists all"]),
        ('[{"name": 3, "values": {}}]', ["no distortion 3"]),
        ('[{"values": {"quality": 9}}]', ["lacks its name"]),
        ('[{"name": "jpeg"}]', ["lacks its values"]),
        ('[{"name": "jpeg", "values": {"quality": 9}, "sead": 1}]', ["no 'sead'"]),
        ('[{"name": "jpeg", "values": {}}]', ["lacks a value for quality"]),
        ('[{"name": "jpeg", "values": {"quality": 9, "sigma": 1}}]', ["no parameter 'sigma'"]),
        ('[{"name": "jpeg", "values": [9]}]', ["values of jpeg are [9]", "by name"]),
        ('[{"name": "jpeg", "values": 9}]', ["values of jpeg are 9", "by name"]),
        ('[{"name": "jpeg", "values": {"quality": "9"}}]', ["'9'", "whole number"]),
        ('[{"name": "jpeg", "values": {"quality": 9.5}}]', ["9.5", "whole number"]),
        ('[{"name": "contrast", "values": {"contrast": NaN}}]', ["nan", "0 to 100%"]),
        ('[{"name": "contrast", "values": {"contrast": 1e999}}]', ["inf", "0 to 100%"]),
        ('[{"name": "jpeg", "values": {"quality": 9}, "seed": -1}]', ["seed is -1", "whole number"]),
        ('[{"name": "jpeg", "values": {"quality": 9}, "seed": "7"}]', ["seed is '7'"]),
        ('[{"name": "jpeg", "values": null}, {"name": "jpeg", "values": 1}]', ["Step 2: ", "by name"]),
        ('[{"name": "jpeg", "values": null, "on": 0}]', ["on (true) or off (false)", "0"]),
        ('[{"name": "jpeg", "values": null, "name": "shift"}]', ["'name' twice"]),
        ('[{"name": "jpeg", "values": {"quality": 9, "quality": 8}}]', ["'quality' twice"]),
        ('[{"name": ["jpeg"], "values": null}]', ["no distortion ['jpeg']"]),
        ('[{"name": "jpeg\\u0000\\u202e", "values": null}]', ["no distortion 'jpeg\\x00\\u202e'"]),
        (f'[{{"name": "jpeg", "values": null, "seed": {2**53}}}]', ["9,007,199,254,740,991"]),
        (json.dumps([{"name": "jpeg", "values": None}] * 33), ["1 to 32 steps", "has 33"]),
        (json.dumps([{"name": "jpeg", "values": None}] * 1000), ["1 to 32 steps", "has 1000"]),
        (" " * 50_001, ["50,001 characters"]),
        (json.dumps([{"name": "x" * 1000, "values": None}]), ["xxx …"]),
    ],
)
def test_json_that_is_no_recipe_is_refused_in_one_sentence_that_says_what_is_wrong(text, words):
    with pytest.raises(SettingError) as caught:
        Recipe.from_json(text)
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["''"]),
        ("jpeg", ["write it like jpeg~quality~9"]),
        ("jpeg~quality", ["write it like"]),
        ("jpeg~quality~", ["'' is no number"]),
        ("jpeg~quality~nine", ["'nine' is no number"]),
        ("jpeg~quality~9~quality~8", ["write it like"]),
        ("jpeg~quality~9~seed~1~seed~2", ["write it like"]),
        ("jpeg~quality~9~seed~1.5", ["seed is 1.5"]),
        ("jpeg~quality~9~seed~-1", ["seed is -1"]),
        ("jpeg~seed~1", ["lacks a value for quality"]),
        ("jpeg~off~quality~9", ["off and has values"]),
        ("jpeg~quality~9~on~2", ["neither on nor off"]),
        ("jpeg~quality~9~~", ["Step 2: "]),
        ("jpeg~quality~9~~~shift~shift~1", ["Step 2: "]),
        ("contrast~contrast~nan", ["nan", "0 to 100%"]),
        ("contrast~contrast~1e999", ["inf"]),
        ("contrast~contrast~" + "9" * 5000, ["0 to 100%|is no number"]),
        ("~~".join(["jpeg~off"] * 33), ["1 to 32 steps"]),
        ("~" * 50_001, ["50,001 characters"]),
    ],
)
def test_a_link_that_is_no_recipe_is_refused_in_one_sentence_that_says_what_is_wrong(text, words):
    with pytest.raises(SettingError) as caught:
        Recipe.from_link(text)
    assert all(any(each in str(caught.value) for each in word.split("|")) for word in words)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "source",
    [None, 3, [], "", b"jpeg", {"jpeg": {"quality": 9}}, ["jpeg"], [("jpeg",)], [("jpeg", 9)], [TWO]],
    ids=str,
)
def test_what_is_no_list_of_steps_is_refused_in_words(source):
    with pytest.raises(SettingError):
        as_recipe(source)


def test_a_value_that_is_given_twice_is_refused():
    with pytest.raises(SettingError, match="given twice"):
        Step("jpeg", (("quality", 9), ("quality", 8)))


@pytest.mark.parametrize("arguments", [{"severity": 0.5}, {"seed": 1}, {"sigma": 2}], ids=str)
def test_a_recipe_takes_no_argument_beside_it(arguments):
    with pytest.raises(SettingError, match="leave out all other arguments"):
        distort(IMAGE, TWO, **arguments)
