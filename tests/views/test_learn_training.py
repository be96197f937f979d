"""Chapter 6 of the page Learn: what reaches its component is the ladder's own, and a link brings it back."""

import json
import time

import numpy as np
import pytest

from explorer.analysis import ladder
from explorer.lessons import kmeans
from explorer.lessons.emergence import climb, gathered
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.lessons.learned import few
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences

SECONDS = 120


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small ladder, and k-means of few patches."""
    monkeypatch.setattr(ladder, "LONGEST_SIDE", 64)
    monkeypatch.setattr(kmeans, "_state", few()[0])


def open_chapter(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, {"chapter": "6", "sample": "cat"} | link, "learn")
    deadline = time.monotonic() + SECONDS
    while (shown := sent(at)) is not None and shown["isWorking"] and time.monotonic() < deadline:
        time.sleep(0.3)
        at.run()
    return at


def sent(at):
    """What the component was sent."""
    found = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("training")
    ]
    return found[-1] if found else None


def test_the_numbers_are_those_of_the_ladder_and_the_link_chooses_the_network():
    at = open_chapter(training="learned", training_layers="first")
    shown = sent(at)
    assert sentences(at) == []
    assert (shown["chosen"], shown["part"]) == ("learned", "first")
    came = []
    climb(ladder.base_of(load_sample("cat")), Method(), lambda _done, steps: came.extend(steps))
    found = gathered(Method(), came)
    kinds = [network["kind"] for network in shown["networks"]]
    assert kinds == ["random", "k-means", "trained", "learned"]
    for part in ("all", "first"):
        told = found.agreement(part)
        for row, name in zip(shown["tables"][0]["rows"], ("PSNR", "SSIM", *kinds), strict=True):
            expected = told.correlations[told.names.index(name), 2:]
            values = [cell["value"] for cell in row["cells"][part]]
            assert [value for value in values if value is not None] == pytest.approx(
                [value for kind, value in zip(kinds, expected, strict=True) if kind != name]
            )
        for network in shown["networks"]:
            np.testing.assert_array_equal(network["ranks"][part], found.ranks(network["kind"], part))
    np.testing.assert_array_equal(shown["ranks"], found.ranks("PSNR"))


def test_what_a_link_asks_for_in_vain_is_said_in_a_sentence_and_the_first_network_is_shown():
    at = open_chapter(training="nobody", training_layers="last")
    said = " ".join(sentences(at)).replace("\\", "")
    assert "another training than there is; choose random, k-means, trained, learned." in said
    assert "other training_layers than there are; choose all or first." in said
    shown = sent(at)
    assert (shown["chosen"], shown["part"]) == ("random", "all")


def test_a_backbone_without_kmeans_says_so_and_one_without_a_ladder_names_the_mend():
    at = open_chapter(backbone="squeezenet1_1", training="k-means")
    assert sentences(at) == ["SqueezeNet 1.1 has no k-means filters here; Random is shown."]
    shown = sent(at)
    assert [network["kind"] for network in shown["networks"]] == ["random", "trained", "learned"]
    assert "k-means learns AlexNet’s layers alone." in shown["notes"]
    at = open_chapter(backbone="dists")
    (sentence,) = sentences(at)
    assert "choose another backbone" in sentence
    assert sent(at) is None
