"""Frames that are measured only to be seen: they leave what stays as it is."""

import pytest

from explorer.images import resize
from explorer.jobs import pool
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.synthesis import journey
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.levels import levels_of
from explorer.synthesis.process import Point, Process, is_kept

STEPS = 30


class Brighter(Process):
    """A level more with each step."""

    def __init__(self, start):
        self.start = levels_of(start)

    def begin(self):
        return Point(0, self.start, 0.0)

    def advance(self, point):
        return Point(point.step + 1, point.levels + 1, float(point.step + 1))


@pytest.fixture
def plan():
    reference = resize(load_sample("cat"), 64)
    return Plan("brighter", "Brightening", reference, Method(), (), lambda: {"brighter": Brighter(reference)})


def made(plan, steps=STEPS):
    """A journey, and the frames that its job has kept."""
    found = Journey(plan)
    job = pool.start(found.task(steps))
    assert job.wait(60)
    assert job.state == "done"
    return found, job.results


def test_each_frame_that_is_due_is_measured_and_only_those_of_their_steps_stay(plan, monkeypatch):
    monkeypatch.setattr(journey, "LIVE", 0.0)
    monkeypatch.setattr(journey, "REST", 0)
    measured = []
    monkeypatch.setattr(
        journey, "standing_of", lambda *args, of=journey.standing_of: measured.append(1) or of(*args)
    )
    found, kept = made(plan)
    assert len(measured) == STEPS + 1  # each step, for each is due
    stay = [step for step in range(STEPS + 1) if is_kept(step) or step == STEPS]
    assert [frame.step for frame in found.frames("brighter")] == stay
    assert [frame.step for frame in kept] == stay


def test_frames_that_are_only_to_be_seen_take_a_bounded_part_of_the_time(plan, monkeypatch):
    monkeypatch.setattr(journey, "LIVE", 1000.0)
    measured = []
    monkeypatch.setattr(
        journey, "standing_of", lambda *args, of=journey.standing_of: measured.append(1) or of(*args)
    )
    made(plan)
    assert len(measured) == len([step for step in range(STEPS + 1) if is_kept(step) or step == STEPS])


def test_a_journey_has_begun_with_a_frame_of_each_run_and_is_over_where_all_of_its_runs_are(plan):
    class Done(Brighter):
        def is_over(self, point):
            return point.step == 3

    assert not Journey(plan).has_begun
    found, _ = made(plan)
    assert found.has_begun
    assert not found.is_over
    over = Plan("done", "Brightening", plan.reference, Method(), (), lambda: {"a": Done(plan.reference)})
    found, _ = made(over)
    assert found.is_over
    assert found.step == 3
