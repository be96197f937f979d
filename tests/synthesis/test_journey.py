"""A journey: what it keeps when a job ends, how it goes on, and what a copy of one that grows has."""

import gc

import numpy as np
import pytest

from explorer.images import resize
from explorer.jobs import pool
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.synthesis.eigendistortions import plan_of
from explorer.synthesis.journey import Journey, Plan, travel
from explorer.synthesis.keeping import Keeping
from explorer.synthesis.levels import levels_of
from explorer.synthesis.process import Point, Process

SECONDS = 60


def reference():
    return resize(load_sample("cat"), 64)


def keeps(method, witnesses):
    return Keeping(reference(), (("conv1",), ("conv3",)), method).plan(witnesses)


def directions(method, witnesses):
    return plan_of(reference(), method, ("conv1", "sum"), witnesses=witnesses)


@pytest.mark.parametrize("plan_by", [keeps, directions])
def test_what_was_cancelled_and_gone_on_with_by_another_job_is_what_was_never_cancelled(plan_by):
    plan = plan_by(Method(), (Method(heads="uniform"),))
    journey = Journey(plan)
    job = pool.start(journey.task(2000))
    while journey.step < 2:
        assert not job.wait(0.01)
    job.cancel()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert not journey.is_over
    steps = journey.step + 3
    assert steps < 2000
    job = pool.start(journey.task(steps))
    assert job.wait(SECONDS)
    assert job.state == "done"
    whole = travel(plan, steps)
    assert journey.runs == whole.runs
    assert journey.curves == whole.curves
    for run in whole.runs:
        own, frames = journey.frames(run), whole.frames(run)
        assert [frame.step for frame in own] == [frame.step for frame in frames]
        assert [frame.picture.digest for frame in own] == [frame.picture.digest for frame in frames]
    assert journey.said == whole.said


class Darker(Process):
    """A level less with each step, to the fourth; made with some memory of its own."""

    def __init__(self, start):
        self.start = levels_of(start)

    def begin(self):
        return Point(0, self.start, 0.0)

    def advance(self, point):
        return Point(point.step + 1, point.levels - 1, float(point.step + 1), memory=(point.levels,))

    def is_over(self, point):
        return point.step >= 4


def darker(make=None):
    picture = reference()
    return Plan(
        "darker", "Darkening", picture, Method(), (), make or (lambda: {"darker": Darker(picture)}), 1
    )


def test_what_the_work_needs_goes_with_its_job_and_what_is_over_is_known_after_it():
    journey = travel(darker(), 3)
    gc.collect()
    assert not [each for each in gc.get_objects() if type(each) is Darker]
    assert journey.has_begun
    assert not journey.is_over
    job = pool.start(journey.task(9))
    assert job.wait(SECONDS)
    assert journey.step == 4
    assert journey.is_over


def test_a_copy_stays_as_it_was_and_knows_all_of_its_frames():
    journey = travel(darker(), 2)
    copy = journey.copy()
    job = pool.start(journey.task(4))
    assert job.wait(SECONDS)
    assert [frame.step for frame in copy.frames("darker")] == [0, 1, 2]
    assert copy.curves == {"darker": [0.0, 1.0, 2.0]}
    assert copy.step == 2
    assert copy.has_begun
    assert [frame.step for frame in journey.frames("darker")] == [0, 1, 2, 3, 4]


def test_a_journey_tells_its_bytes():
    journey = travel(darker(), 2)
    (first, *_) = frames = journey.frames("darker")
    maps = sum(values.nbytes for values in first.standing.maps.values())
    tensor = levels_of(journey.plan.reference)
    held = 2 * np.prod(tensor.shape) * tensor.element_size()
    assert journey.nbytes == len(frames) * (first.picture.pixels.nbytes + maps) + held
