"""Chapter 3 of the page Learn: what reaches its component is the map's cell, and links bring it back."""

import json
import math

import numpy as np
import pytest

import explorer
from explorer.analysis.cell import usual_place
from explorer.backbones import find_backbone, receptive_fields
from explorer.distortions import distort
from explorer.metrics import LayerMeasurement
from explorer.samples import load_sample
from explorer.views.learn.scenes.cell import CellLink
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

LINK = {"chapter": "3", "step": "5", "sample": "cat", "distortion": "gaussian_blur", "severity": "0.5"}
LINK |= {"size": "64"}


def open_chapter(**link):
    at = open_app(sample="cat")
    go_to(at, LINK | link, "learn")
    return at


def sent(at):
    """What the component was sent last; None where there is none."""
    found = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    return next((data for data in found if "terms" in data), None)


def measured(**settings):
    pixels = load_sample("cat").pixels
    measurement = explorer.measure(pixels, distort(pixels, "gaussian_blur", 0.5), **settings)
    return {layer.name: layer for layer in measurement.layers}


def check(data, layer):
    """The numbers that are sent are those of the cell that is marked."""
    products, fewer = [term["product"] for term in data["terms"]], data["fewer"]
    for shown, rest in ((products, data["rest"]), (products[: fewer["count"]], fewer["rest"])):
        assert math.fsum([*shown, rest["product"]]) == pytest.approx(data["value"], abs=1e-12)
        assert len(shown) + rest["channels"] == layer.channels
    assert data["value"] == pytest.approx(float(layer.map[tuple(data["place"])]), abs=1e-6)


def test_the_point_starts_at_the_usual_place_and_its_numbers_are_those_of_the_map():
    at = open_chapter()
    data, layer = sent(at), measured()["conv2"]
    assert (data["layer"], data["shown"]) == ("conv2", 5)
    field = receptive_fields(find_backbone("alexnet"))["conv2"]
    assert tuple(data["place"]) == usual_place(layer.map, field)
    check(data, layer)
    assert data["weightWords"] == "from votes"


def test_a_link_names_place_layer_channel_and_step_and_reopens_the_same():
    own = {"cell_layer": "conv1", "cell_x": "0.3", "cell_y": "0.9", "cell_channel": "21", "cell_shown": "4"}
    at = open_chapter(heads="uniform", **own)
    data, layer = sent(at), measured(heads="uniform")["conv1"]
    rows, columns = layer.grid
    assert data["place"] == [int(0.9 * rows), int(0.3 * columns)]
    assert (data["followed"], data["shown"], data["weightWords"]) == (21, 4, "all 1")
    check(data, layer)
    assert own.items() <= link_of(at).items()
    go_to(at, link_of(at))
    assert sent(at) == data


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("cell_layer", "conv9", "choose one of conv1"),
        ("cell_x", "1.5", "from 0 to 1"),
        ("cell_y", "nan", "from 0 to 1"),
        ("cell_channel", "-3", "from 0 to 383"),
        ("cell_shown", "6", "from 1 to 5"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_in_one_sentence(name, text, why):
    layers = tuple(
        LayerMeasurement(layer, channels, (3, 3), 0.1, 0.5, np.ones((3, 3), np.float32))
        for layer, channels in (("conv1", 64), ("conv3", 384))
    )
    own = {"cell_layer": "conv3", "cell_x": "0.5", "cell_y": "0.25", "cell_channel": "5", "cell_shown": "2"}
    whole, none = CellLink.from_own(own, layers)
    assert (none, whole.to_own()) == ((), own)
    found, (problem,) = CellLink.from_own(own | {name: text}, layers)
    assert f"“{text}”" in problem
    assert why in problem
    assert found.to_own() == {key: value for key, value in own.items() if key != name}


def test_a_bad_place_is_said_on_the_page_which_shows_the_default_and_drops_it_from_the_link():
    at = open_chapter(cell_x="seven", cell_y="0.5")
    (problem,) = sentences(at)
    assert "“seven”" in problem
    assert sent(at)["value"] > 0
    assert "cell_x" not in link_of(at)


def test_another_backbone_has_its_own_layers_and_no_sentence_about_the_old_one():
    at = open_chapter(cell_layer="conv4")
    assert sent(at)["layer"] == "conv4"
    at.segmented_control(key="setting_weights").set_value("random").run()
    assert (sent(at)["layer"], sent(at)["weightWords"]) == ("conv4", "all 1")
    at.selectbox(key="setting_backbone").set_value("resnet18").run()
    assert sentences(at) == []
    data = sent(at)
    assert data["layer"] == data["layers"][3]  # as deep as conv4
    check(data, measured(backbone="resnet18", weights="random")[data["layer"]])


def test_a_link_with_alexnets_layer_opens_one_as_deep_of_another_backbone():
    at = open_chapter(cell_layer="conv5", backbone="resnet18", weights="random")
    data = sent(at)
    assert (data["layer"], sentences(at)) == (data["layers"][-1], [])


def test_a_metric_without_cells_says_so_quietly_and_offers_one_that_has_them():
    at = open_chapter(backbone="dists", weights="random")
    assert sent(at) is None
    assert sentences(at) == []
    assert [note.value for note in at.info] == ["DISTS compares whole layers, so no cell has a value."]
    at.button(key="whole_layers_take").click().run()
    assert (sent(at)["layer"], sentences(at), list(at.info)) == ("conv2", [], [])
    assert at.selectbox(key="setting_backbone").value == "alexnet"
    assert link_of(at).get("backbone", "alexnet") == "alexnet"


def test_weights_that_are_missing_are_offered_and_nothing_is_drawn_without_them(monkeypatch, tmp_path):
    for place in ("EXPLORER_CACHE", "TORCH_HOME", "EXPLORER_WEIGHTS"):
        monkeypatch.setenv(place, str(tmp_path))
    at = open_chapter(backbone="mobilenet_v3_large")
    (problem,) = sentences(at)
    assert "mobilenet" in problem
    assert sent(at) is None
    assert any(button.label.startswith("Fetch MobileNet") for button in at.button)
