"""A run ends where its numbers do, and says which picture is the last good one."""

import math
from dataclasses import replace

import pytest
import torch

from explorer.jobs import pool
from explorer.metrics import Method
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.levels import levels_of
from explorer.synthesis.process import Point, Process, StoppedError, run

BAD = {
    "levels": lambda point: replace(point, levels=torch.full_like(point.levels, math.nan)),
    "value": lambda point: replace(point, value=math.inf),
    "slope": lambda point: replace(point, slope=torch.full_like(point.levels, math.nan)),
}


class Failing(Process):
    """A level more with each step, until one at which something is no number."""

    def __init__(self, start, at, what):
        self.start, self.at, self.what = levels_of(start), at, what

    def begin(self):
        return self.point(0)

    def advance(self, point):
        return self.point(point.step + 1)

    def point(self, step):
        good = Point(step, self.start + step, float(step), torch.ones_like(self.start))
        return BAD[self.what](good) if step == self.at else good


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_finite_stops_a_run_and_the_start_is_no_exception(what, photo):
    reference, points = photo("cat", (40, 32)), []
    with pytest.raises(
        StoppedError, match="not finite any more at step 2; the picture of step 1 is the last"
    ):
        points.extend(run(Failing(reference, 2, what), 5))  # keeps what came before the error
    assert [point.step for point in points] == [0, 1]
    with pytest.raises(
        StoppedError, match="numbers of the start are not finite, so that no picture was made"
    ):
        points.extend(run(Failing(reference, 0, what), 5))
    assert len(points) == 2


def test_of_a_start_that_is_not_finite_no_frame_is_shown(photo):
    reference = photo("cat", (40, 32))
    runs = {"good": Failing(reference, 9, "value"), "bad": Failing(reference, 0, "levels")}
    journey = Journey(Plan("bad", "Failing", reference, Method(device="cpu"), (), lambda: runs))
    job = pool.start(journey.task(3))
    assert job.wait(60)
    assert job.state == "failed"
    assert "start are not finite" in job.error
    assert [len(journey.frames(name)) for name in runs] == [1, 0]
    assert journey.runs == ("good",)
