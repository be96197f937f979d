"""The page Distort: a recipe as a list of steps, and what all pages make of it."""

import io
import json
import time
import weakref
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.analysis.steps import StepLedger
from explorer.distortions import Recipe, Step, random_sequence
from explorer.distortions.recipe import LONGEST_TEXT
from explorer.errors import SettingError
from explorer.images import load
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.views.common import parts
from explorer.views.distort import files, measuring
from explorer.views.distort.sources import _read
from explorer.views.distort.state import DistortState
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences, tiles
from tests.views.test_typed_values import link_of

NOISE, BLUR = Step("gaussian_noise", {"sigma": 30}, 3), Step("gaussian_blur", {"sigma": 0.8})
JPEG = Step("jpeg", {"quality": 9})
THREE = Recipe([NOISE, BLUR, JPEG])
SETTINGS = {"sample": "cat", "size": "64"}


def open_distort(recipe: Recipe | None = THREE) -> AppTest:
    at = open_app(sample="cat", size="64")
    go_to(at, SETTINGS | ({"recipe": recipe.to_link()} if recipe else {}), "distort")
    return measured(at)


def measured(at: AppTest) -> AppTest:
    """The page once all is measured: here no browser asks for it by itself."""
    state, until = at.session_state["session"].state(DistortState), time.monotonic() + SECONDS
    while (job := state.measuring.latest) is not None and not job.is_over and time.monotonic() < until:
        time.sleep(0.05)
    at.run()
    assert not at.exception
    return at


def state(at: AppTest) -> DistortState:
    return at.session_state["session"].state(DistortState)


def recipe_of(at: AppTest) -> Recipe:
    return at.session_state["session"].settings.recipe


def number(at: AppTest, place: int) -> int:
    """The number of the row at a place, from 1."""
    return state(at).rows[place - 1].number


def press(at: AppTest, key: str) -> None:
    at.button(key=f"distort_{key}").click().run()
    assert not at.exception


def add(at: AppTest, name: str) -> None:
    at.selectbox(key=f"distort_new_{state(at).added}").set_value(name).run()
    assert not at.exception


def test_the_ledger_on_the_page_is_that_of_the_recipe_and_its_link_reopens_it():
    at = open_distort()
    ledger = state(at).shown.latest[1]
    cat, pixels = load_sample("cat"), load_sample("cat").pixels
    for step, score in zip(THREE, ledger.scores, strict=True):
        pixels = step.apply(pixels)
        assert score == pytest.approx(explorer.measure(cat, pixels, size=64).score, rel=1e-5)
    assert any(ledger.sentence in element.value for element in at.markdown)
    table = next(element.value for element in at.markdown if "Sum of the parts" in element.value)
    assert all(part in table for part in (*ledger.shown_parts, ledger.shown_scores[-1]))
    assert link_of(at) == SETTINGS | {"recipe": THREE.to_link()}
    (sent,) = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("lpips_candidates")
    ]
    assert [panel["name"] for panel in sent["candidates"]] == ["Gaussian noise", "Gaussian blur", "JPEG"]


def test_steps_are_moved_switched_off_removed_and_added_and_every_page_measures_the_rest():
    at = open_distort()
    press(at, f"{number(at, 3)}_arrow_upward")
    assert recipe_of(at) == Recipe([NOISE, JPEG, BLUR])
    at.toggle(key=f"distort_{number(at, 2)}_on").set_value(False).run()
    off = Recipe([NOISE, replace(JPEG, is_on=False), BLUR])
    assert recipe_of(at) == off
    add(at, "shift")
    press(at, f"{number(at, 1)}_close")
    left = Recipe([*off.steps[1:], Step.at("shift", 0.5)])
    assert recipe_of(at) == left
    assert link_of(measured(at))["recipe"] == left.to_link()
    visit(at, "inspect")
    cat = load_sample("cat")
    expected = explorer.measure(cat, left.apply(cat.pixels), size=64)
    assert tiles(at)[0] == f"{expected.score:.4f}"
    (shown,) = [element.proto.body for element in at.get("html") if 'class="recipe"' in element.proto.body]
    assert shown.count("<li") == 3
    assert shown.count('class="off"') == 1
    assert not [box for box in at.selectbox if box.key == "setting_distortion"]
    at.button(key="one_distortion").click().run()
    assert recipe_of(at) == Recipe([JPEG])
    assert at.selectbox(key="setting_distortion").value == "jpeg"
    assert sentences(at) == []


def test_one_step_is_the_sidebars_distortion_and_a_second_makes_a_recipe_of_it():
    at = open_distort(None)
    first = number(at, 1)
    at.slider(key=f"distort_{first}_severity").set_value(0.4).run()
    assert link_of(at)["severity"] == "0.4"
    add(at, "gaussian_noise")
    steps = (Step.at("jpeg_local_blur", 0.4), Step.at("gaussian_noise", 0.5))
    assert recipe_of(at) == Recipe(steps)
    assert number(at, 1) == first  # its slider stays
    noise = number(at, 2)
    at.toggle(key=f"distort_{noise}_typed").set_value(True).run()
    at.number_input(key=f"distort_{noise}_value_sigma").set_value(33.0).run()
    at.number_input(key=f"distort_{noise}_seed").set_value(2**53 - 1).run()
    typed = Step("gaussian_noise", {"sigma": 33}, 2**53 - 1)
    assert recipe_of(at) == Recipe([steps[0], typed])
    press(at, f"{first}_close")
    assert recipe_of(at) == Recipe([typed])
    assert link_of(at)["recipe"] == Recipe([typed]).to_link()
    visit(at, "inspect")
    assert at.number_input(key="setting_value_gaussian_noise_sigma").value == 33


def test_a_change_of_the_last_step_measures_that_one_alone(monkeypatch):
    asked = []
    make = measuring.compared_by_job

    def noted(session, pair, *rest):
        asked.append(pair.distorted.name)
        return make(session, pair, *rest)

    monkeypatch.setattr(measuring, "compared_by_job", noted)
    at = open_distort(Recipe([Step("gaussian_noise", {"sigma": 31}, 5), BLUR, JPEG]))
    assert len(asked) == 3
    last = number(at, 3)
    at.toggle(key=f"distort_{last}_typed").set_value(True).run()
    at.number_input(key=f"distort_{last}_value_quality").set_value(23).run()
    measured(at)
    assert asked[3:] == ["Gaussian noise, then Gaussian blur, then JPEG"]


def test_a_random_sequence_is_the_shells_of_the_same_seed():
    at = open_distort()
    at.number_input(key="distort_sequence_seed").set_value(7).run()
    press(at, "draw")
    assert recipe_of(at) == random_sequence(7)
    assert link_of(at)["recipe"] == random_sequence(7).to_link()


HOSTILE = [
    "[" * 20_000,
    '[{"name": "melt", "values": {}}]',
    json.dumps([{"name": "jpeg", "values": None}] * 1000),
    '[{"name": "jpeg", "values": {"quality": 1e999}}]',
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:30])
def test_what_is_no_recipe_is_said_in_one_sentence_and_the_steps_stay(text):
    at = open_distort()
    at.text_area(key="distort_text").set_value(text).run()
    press(at, "take")
    (sentence,) = sentences(at)
    assert "\n" not in sentence
    assert len(sentence) < 500
    assert recipe_of(at) == THREE
    at.text_area(key="distort_text").set_value(Recipe([JPEG, BLUR]).to_json()).run()
    press(at, "take")
    assert recipe_of(at) == Recipe([JPEG, BLUR])


def test_a_recipe_file_is_taken_and_one_that_is_too_large_or_no_text_is_refused():
    at = open_distort()
    for data, words in ((b" " * (4 * LONGEST_TEXT + 1), "bytes"), (b"\xff\xfe[", "UTF-8"), (b"{}", "list")):
        at.file_uploader(key="distort_file").set_value([("r.json", data, "application/json")]).run()
        assert any(words in sentence for sentence in sentences(at))
        assert recipe_of(at) == THREE
    good = Recipe([JPEG, replace(BLUR, is_on=False)])
    data = b"\xef\xbb\xbf" + good.to_json().encode()
    at.file_uploader(key="distort_file").set_value([("r.json", data, "application/json")]).run()
    assert recipe_of(at) == good
    assert _read("r.json", len(data), lambda: data) == good


def test_a_recipe_whose_steps_are_all_off_is_the_reference_itself():
    off = Recipe([replace(JPEG, is_on=False)])
    at = open_distort(off)
    assert any("All steps are switched off" in element.value for element in at.markdown)
    assert link_of(at)["recipe"] == off.to_link()
    visit(at, "inspect")
    assert tiles(at)[0] == "0.0000"


def test_the_files_are_the_recipe_the_ledger_and_the_pictures_pixel_by_pixel(monkeypatch):
    found = {}
    monkeypatch.setattr(
        parts, "draw_download", lambda label, make, file, *_, **__: found.update({label: (make, file)})
    )
    off = Recipe([NOISE, replace(JPEG, is_on=False), BLUR])
    open_distort(off)
    assert Recipe.from_json(found["Recipe, JSON"][0]()) == off
    assert json.loads(found["Steps, JSON"][0]())["steps"][1]["step"] == 3
    assert found["Steps, CSV"][0]().count("\n") == 4
    assert found["Steps, CSV"][1].endswith("_64x64_steps.csv")
    with zipfile.ZipFile(io.BytesIO(found["Pictures, ZIP"][0]())) as archive:
        names = archive.namelist()
        pixels = [np.array(Image.open(io.BytesIO(archive.read(name)))) for name in names]
    assert names == ["00_reference.png", "01_gaussian_noise.png", "02_gaussian_blur.png"]
    cat = load_sample("cat").pixels
    np.testing.assert_array_equal(pixels[0], cat)
    np.testing.assert_array_equal(pixels[1], NOISE.apply(cat))
    np.testing.assert_array_equal(pixels[2], off.apply(cat))


def test_a_step_that_cannot_be_done_to_this_picture_is_said_and_those_before_it_stay():
    at = open_distort(Recipe([JPEG]))
    session = at.session_state["session"]
    wide = load(np.full((40, 16_384, 3), 90, np.uint8), name="wide.png")
    session.change(size="given")
    session.settings = session.settings.with_recipe(Recipe([Step.at("contrast", 0.4), Step.at("webp", 0.4)]))
    found = measuring.measure(session, wide)
    assert found.job.wait(SECONDS)
    found = measuring.measure(session, wide)
    assert len(found.ledger.found) == 1
    assert "16,383 pixels a side" in str(found.failure)


@pytest.mark.parametrize("fault", [SettingError("No room today."), RuntimeError("a bug")])
def test_what_has_failed_is_said_once_and_can_be_tried_again(monkeypatch, fault):
    make, tried = measuring.pictures_after, []

    def failing_once(*arguments):
        tried.append(True)
        if len(tried) == 1:
            raise fault
        yield from make(*arguments)

    monkeypatch.setattr(measuring, "pictures_after", failing_once)
    at = open_distort(Recipe([Step("contrast", {"contrast": 61 + isinstance(fault, SettingError)})]))
    assert len(at.error) == 1
    (again,) = [button for button in at.button if button.key in ("again_steps", "rest_steps")]
    again.click().run()
    measured(at)
    assert [*at.error] == []
    assert state(at).shown.latest[1].is_complete


def test_each_picture_is_in_the_archive_before_the_next_is_made(monkeypatch):
    alive = []

    def one_by_one(reference, recipe, first, _advance):
        for number in range(first, len(recipe.active) + 1):
            picture = load(np.full((8, 8, 3), number, np.uint8), name="x")
            alive.append(weakref.ref(picture))
            yield number, picture
            del picture
            assert sum(each() is not None for each in alive) <= 1

    monkeypatch.setattr(files, "pictures_after", one_by_one)
    ledger = StepLedger(THREE, Method(device="cpu"), ())
    with zipfile.ZipFile(io.BytesIO(files._zip(load_sample("cat"), ledger))) as archive:
        assert len(archive.namelist()) == 4
