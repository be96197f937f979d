"""About how long the work of the page Duel takes: told by what its steps do, and then by how they came."""

from types import SimpleNamespace

import pytest

from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import Method
from explorer.synthesis.competition import Competition
from explorer.synthesis.eigendistortions import plan_of
from explorer.synthesis.journey import Journey
from explorer.synthesis.keeping import Keeping
from explorer.synthesis.levels import levels_of
from explorer.synthesis.process import Point
from explorer.synthesis.trial import Trial
from explorer.views.duel import running
from explorer.views.duel.running import Trip, note_pace, seconds_of

ALEX, VGG = Method(device="cpu"), Method("vgg16", device="cpu")


@pytest.fixture
def reference(photo):
    return photo("cat", (64, 64))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """No work was done before; a metric's gradient takes a second, VGG16's ten, and PSNR's nothing."""
    monkeypatch.setattr(running, "_paces", type(running._paces)())
    seconds = {"alexnet": 1, "vgg16": 10}
    monkeypatch.setattr(
        running,
        "step_seconds",
        lambda rulers, *_: sum(seconds[each.backbone] for each in rulers if isinstance(each, Method)),
    )


def competition(reference, hold, at, moved):
    return Competition(reference, hold, at, moved, "gaussian_noise", moved).plan()


def trial(reference, keeps_score):
    versions = (derive(reference, distort(reference.pixels, name, 0.4)) for name in ("contrast", "jpeg"))
    return Trial(reference, *versions, ALEX, None, keeps_score).plan()


def test_the_first_guess_counts_every_gradient_of_a_step(reference):
    def step(plan):
        return seconds_of("any", plan, 1)

    assert step(competition(reference, "PSNR", 24.0, ALEX)) == 2  # two runs
    assert step(competition(reference, VGG, 0.3, ALEX)) == 2 * (1 + 3 * 10)
    groups = (("conv1",), ("conv2",), ("conv3",))
    assert step(Keeping(reference, groups, ALEX).plan()) == 3
    assert step(plan_of(reference, ALEX, ("sum",))) == 4  # there and back
    assert step(plan_of(reference, ALEX, ("sum", "conv1"))) == 8
    assert step(trial(reference, keeps_score=False)) == 1  # one version stays
    assert step(trial(reference, keeps_score=True)) == 3
    assert seconds_of("any", competition(reference, "PSNR", 24.0, ALEX), 10) == 20


def test_a_pace_is_of_its_own_kind_of_work_and_of_the_runs_that_move(reference):
    plan = competition(reference, "PSNR", 24.0, ALEX)
    journey = Journey(plan, curves={"a": [1.0], "b": [1.0, 0.9, 0.8]})
    journey.points["b"] = Point(2, levels_of(reference), 0.8)
    trip = Trip("equal", None, journey, 12)
    trip.job = SimpleNamespace(seconds_left=5.0, total=22, done=12, is_over=False)
    note_pace(trip)
    assert seconds_of("equal", plan, 8) == pytest.approx(4.0)  # half a second a step
    assert seconds_of("equal", competition(reference, VGG, 0.3, ALEX), 1) == 62
    # While the other metrics are asked, no step comes.
    trip.steps, trip.job.seconds_left = 2, 500.0
    note_pace(trip)
    assert seconds_of("equal", plan, 8) == pytest.approx(4.0)
