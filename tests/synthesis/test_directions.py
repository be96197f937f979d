"""Which small changes are seen most and least: as a question, from a picture to numbers that measure has."""

import json
import math

import pytest

import explorer
from explorer import synthesis
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.synthesis import eigendistortions
from explorer.synthesis.eigen import jacobian_of
from explorer.synthesis.eigendistortions import foretold, plan_of

SIZE = (64, 64)


@pytest.fixture(scope="module")
def found(photo):
    return synthesis.directions(
        photo("cat", SIZE), by=("sum", "conv1"), at=42.0, steps=6, seed=3, device="cpu"
    )


def test_every_number_is_that_of_measure_of_the_rounded_picture(found):
    for each in found.seen:
        measured = explorer.measure(found.reference, each.picture, device="cpu")
        layers = {layer.name: layer.distance for layer in measured.layers}
        expected = measured.score if each.by == "sum" else layers[each.by]
        assert each.distance == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert each.standing.values["PSNR"] == measured.psnr == pytest.approx(42.0, abs=0.02)
        assert each.standing.values["SSIM"] == measured.ssim


def test_what_is_seen_most_is_farther_than_the_noise_and_what_is_seen_least_closer(found):
    for by in ("sum", "conv1"):
        most, least = found.pair(by)
        assert most.is_most
        assert not least.is_most
        assert least.distance < found.start[by] < most.distance
        assert least.eigenvalue < most.eigenvalue
        assert found.ratio(by) == most.eigenvalue / least.eigenvalue > 100
    # Each for its own layers: nothing moves conv1 as far as its own direction.
    assert found.pair("conv1")[0].distance > found.pair("sum")[0].standing.distances[0]


def test_a_seed_repeats_to_the_bit_and_another_one_is_another_noise(photo, found):
    again, other = (
        synthesis.directions(photo("cat", SIZE), by=("conv1",), at=42.0, steps=6, seed=seed, device="cpu")
        for seed in (3, 4)
    )
    digests = [[each.picture.digest for each in result.seen] for result in (again, other)]
    assert digests[0] == [each.picture.digest for each in found.seen if each.by == "conv1"]
    assert digests[1] != digests[0]


def test_all_of_it_is_plain_values_for_json(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [(row["seen_by"], row["which"]) for row in plain["directions"]] == [
        *(("sum", "most"), ("sum", "least"), ("conv1", "most"), ("conv1", "least"))
    ]
    assert plain["ratio"]["conv1"] == found.ratio("conv1")
    assert plain["shown_at_psnr"] == 42.0


def test_what_the_eigenvalue_foretells_is_of_one_grey_level_at_48_13_decibels():
    one_level = 10 * math.log10(255**2)
    assert foretold(0.5, one_level) == pytest.approx(0.5)
    assert foretold(0.5, one_level - 10) == pytest.approx(5.0)


def test_a_plan_says_what_it_is_of_and_both_runs_of_one_that_sees_go_through_one_graph(photo, monkeypatch):
    graphs = []

    def counted(*asked):
        graphs.append(jacobian_of(*asked))
        return graphs[-1]

    monkeypatch.setattr(eigendistortions, "jacobian_of", counted)
    plan = plan_of(photo("cat", SIZE), Method(device="cpu"), ("conv2", "conv1", "conv2"), 30, seed=7)
    assert (plan.by, plan.psnr, plan.seed) == (("conv2", "conv1"), 30.0, 7)
    assert not graphs  # until it is made
    made = plan.make()
    assert list(made) == ["least-conv2", "most-conv2", "least-conv1", "most-conv1"]
    assert [process.jacobian for process in made.values()] == [each for each in graphs for _ in range(2)]
    assert len(graphs) == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": ("conv9",)}, "There is no 'conv9' to see a change; choose among sum, conv1"),
        ({"by": ("conv1", "conv2", "conv3", "sum")}, "4 were asked; choose 1 to 3"),
        ({"by": ()}, "0 were asked"),
        ({"psnr": 12.0}, "shown at 24 to 56 dB, not at 12"),
        ({"psnr": math.nan}, "not at nan"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(photo, asked, said):
    with pytest.raises(SettingError, match=said):
        plan_of(photo("cat", SIZE), Method(), **asked)
    with pytest.raises(SettingError, match="no gradient"):
        plan_of(photo("cat", SIZE), Method("dists"))


def test_a_picture_below_the_smallest_side_is_refused(photo):
    with pytest.raises(explorer.ImageError, match=r"The reference measures 24 × 24 pixels.*at least 31"):
        plan_of(photo("cat", (24, 24)), Method())  # before any work
