"""What takes many passes lets others go first, can be left, and has the device's turn in each of them."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from explorer.analysis.rulers import PSNR, SSIM
from explorer.distortions import distort
from explorer.images import derive
from explorer.jobs import pool
from explorer.metrics import Method
from explorer.metrics.perceptual import turn
from explorer.synthesis import objective, pauses
from explorer.synthesis.bounds import Levels
from explorer.synthesis.competition import Competition
from explorer.synthesis.holding import holding_of
from explorer.synthesis.journey import Journey, Plan, travel
from explorer.synthesis.keeping import Keeping
from explorer.synthesis.levels import levels_of
from explorer.synthesis.objective import Objective
from explorer.synthesis.pauses import pause, pausing
from explorer.synthesis.process import Point, Process
from explorer.synthesis.trial import Trial

LPIPS, SIZE = Method(device="cpu"), (48, 40)


class LeftError(Exception):
    """Nobody wants it any more."""


def leave_at(count):
    """What ends the work at the pause of this number."""
    made = []

    def does():
        made.append(1)
        if len(made) == count:
            raise LeftError

    return does


def test_pauses_do_what_those_around_them_do_too_and_nothing_afterwards():
    done = []
    with pausing(lambda: done.append("outer")):
        with pausing(lambda: done.append("inner")):
            pause()
        pause()
    pause()
    assert done == ["outer", "inner", "outer"]


def test_the_way_onto_a_surface_pauses_before_each_further_gradient(photo, monkeypatch):
    reference, done = photo("cat", SIZE), []
    noisy = levels_of(derive(reference, distort(reference.pixels, "gaussian_noise", 0.5)))
    holding = holding_of(Objective(SSIM, reference, "cpu"), 0.6)
    monkeypatch.setattr(Objective, "gradient", lambda self, levels: (0.0, levels))  # never arrives
    with pausing(lambda: done.append(1)):
        assert holding.back(noisy) is None
    assert len(done) == 6
    with pausing(leave_at(3)), pytest.raises(LeftError):
        holding.back(noisy)


def test_a_start_is_left_inside_the_search_for_the_surface(photo):
    reference = photo("cat", SIZE)
    noisy = derive(reference, distort(reference.pixels, "gaussian_noise", 0.5))
    holding = holding_of(Objective(SSIM, reference, "cpu"), 0.6)
    with pausing(leave_at(4)), pytest.raises(LeftError):
        holding.start(noisy)
    levels, _ = holding.start(noisy)  # nothing half made is kept
    assert levels.shape == (1, 3, *reversed(SIZE))


def test_making_is_left_while_the_noise_is_tuned(photo):
    asked = Competition(photo("cat", SIZE), PSNR, 24.0, SSIM, "gaussian_noise", LPIPS)
    with pausing(leave_at(4)), pytest.raises(LeftError):
        asked.plan().make()


class Endless(Process):
    """A step without an end, but for its pauses."""

    def __init__(self, start, began):
        self.start, self.began = start, began

    def begin(self):
        return Point(0, levels_of(self.start), 0.0)

    def advance(self, point):
        wait_in_pauses(self.began)
        return point


def wait_in_pauses(began):
    """Tell that it has begun, and pause for ever, or until a test has failed anyway."""
    began.set()
    for _ in range(1_000_000):
        pause()


@pytest.mark.parametrize("where", ["a step", "the making"])
def test_a_job_that_is_cancelled_ends_in_the_next_pause_and_keeps_what_it_had(where, photo):
    reference, began = photo("cat", SIZE), threading.Event()

    def make():
        if where == "the making":
            wait_in_pauses(began)
        return {"endless": Endless(reference, began)}

    journey = Journey(Plan(where, "Waiting", reference, LPIPS, (), make))
    job = pool.start(journey.task(3))
    assert began.wait(60)
    job.cancel()
    assert job.wait(60)
    assert job.state == "cancelled"
    assert [frame.step for frame in journey.frames("endless")] == [0] * (where == "a step")


def plans(photo):
    """One of each kind that is made by objectives."""
    reference = photo("cat", SIZE)
    noisy, pale = (
        derive(reference, distort(reference.pixels, name, 0.5)) for name in ("gaussian_noise", "contrast")
    )
    trial = Trial(reference, noisy, pale, LPIPS, Levels(2))
    return {
        "equal": Competition(reference, LPIPS, 0.2, PSNR, "gaussian_noise", LPIPS).plan(),
        "verdict": trial.plan(),
        "smallest": replace(trial, bound=None).plan(),
        "converse": replace(trial, keeps_score=True).plan(),
        "keeps": Keeping(reference, (("conv1",), ("conv2",)), LPIPS).plan(),
    }


@pytest.mark.parametrize("name", ["equal", "verdict", "smallest", "converse", "keeps"])
def test_precision_is_set_in_the_devices_turn_alone_in_the_making_as_in_the_steps(name, photo, monkeypatch):
    of_thread, passes = threading.local(), []

    @contextmanager
    def watched(*asked):
        with turn(*asked) as give_way:
            of_thread.has_turn = True
            yield give_way
            of_thread.has_turn = False

    @contextmanager
    def computing_with(_precision, _device):
        passes.append(getattr(of_thread, "has_turn", False))
        yield

    monkeypatch.setattr(pauses, "turn", watched)
    monkeypatch.setattr(objective, "computing_with", computing_with)
    travel(plans(photo)[name], 2)
    assert len(passes) > 2
    assert all(passes)
