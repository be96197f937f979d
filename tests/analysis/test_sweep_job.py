"""Sweeps in the background: no point is measured twice, and a cancelled one keeps its own."""

import numpy as np
import pytest

from explorer.analysis import sweep_job
from explorer.analysis.sweep import measured, severity_axis
from explorer.analysis.sweep_job import Kept, sweep_task
from explorer.jobs import pool
from explorer.metrics import Method

METHOD = Method(device="cpu")


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (96, 64))


@pytest.fixture
def counted(monkeypatch):
    """The steps that are measured, in their order."""
    steps, make = [], sweep_job.measured_steps

    def noted(reference, asked, *rest, **how):
        for point in make(reference, asked, *rest, **how):
            steps.append(asked[point.place])
            yield point

    monkeypatch.setattr(sweep_job, "measured_steps", noted)
    return steps


def results(reference, axes, seen, kept):
    job = pool.start(sweep_task(reference, axes, seen, METHOD, kept))
    assert job.wait(120)
    assert job.state == "done", job.error
    return job.results


def test_points_are_those_of_the_sweep_with_the_maps_whose_means_they_are(reference):
    axis = severity_axis("gaussian_noise", 6)
    found = results(reference, [axis], 1, Kept(10**8))
    for own, point in zip(found, measured(reference, axis, (METHOD,)), strict=True):
        assert (own.point.place, own.point.psnr, own.point.scores) == (point.place, point.psnr, point.scores)
        assert own.point.ssim == pytest.approx(point.ssim, abs=1e-12)
        means = [layer.mean(dtype="float64") for layer in own.look.layers]
        assert means == pytest.approx(own.point.distances[0], abs=1e-7)
        assert own.look.picture.size == reference.size


def test_a_point_is_measured_once_whatever_asks_for_it(reference, counted):
    kept = Kept(10**8)
    coarse, fine = severity_axis("gaussian_noise", 5), severity_axis("gaussian_noise", 9)
    first = results(reference, [coarse], 1, kept)
    assert len(counted) == 5
    again = results(reference, [fine, severity_axis("gaussian_blur", 9)], 2, kept)
    assert len(counted) == 5 + 4 + 8  # what changes nothing is the same for all distortions
    noise = {found.point.place: found for found in again if found.curve == 0}
    assert sorted(noise) == list(range(9))
    assert [noise[2 * found.point.place].point.scores for found in first] == [
        found.point.scores for found in first
    ]


def test_seeds_have_numbers_alone_but_for_the_first(reference):
    axes = [severity_axis("gaussian_noise", 3, seed) for seed in range(3)]
    found = results(reference, axes, 1, Kept(10**8))
    assert {(own.curve, own.look is None) for own in found} == {(0, False), (1, True), (2, True)}
    assert len({own.point.scores for own in found if own.point.place == 2}) == 3


def test_a_cancelled_sweep_keeps_what_is_finished_and_goes_on_from_there(reference, counted, monkeypatch):
    kept, axis = Kept(10**8), severity_axis("gaussian_noise", 9)
    put = kept.put
    jobs = []

    def cancel_after_three(*entry):
        put(*entry)
        if len(counted) == 3:
            jobs[0].cancel()

    monkeypatch.setattr(kept, "put", cancel_after_three)
    task = sweep_task(reference, [axis], 1, METHOD, kept)
    begun = task.work

    def work(job):
        jobs.append(job)
        begun(job)

    object.__setattr__(task, "work", work)
    job = pool.start(task)
    assert job.wait(120)
    assert (job.state, len(job.results)) == ("cancelled", 3)
    monkeypatch.setattr(kept, "put", put)
    assert len(results(reference, [axis], 1, kept)) == 9
    assert len(counted) == 9


def test_maps_that_are_finer_than_what_is_shown_keep_their_means(photo):
    reference = photo("cat", (520, 300))
    (_, found) = results(reference, [severity_axis("gaussian_noise", 2)], 1, Kept(10**8))
    shapes = [layer.shape for layer in found.look.layers]
    assert max(map(max, shapes)) <= sweep_job.MAP_SIDE
    assert max(found.look.picture.size) == sweep_job.PICTURE_SIDE
    means = [layer.mean(dtype="float64") for layer in found.look.layers]
    np.testing.assert_allclose(means, found.point.distances[0], rtol=1e-5)


def test_its_memory_grows_with_its_points(reference):
    few, many = (
        sweep_task(reference, [severity_axis("jpeg", count)], 1, METHOD, Kept(10)).size for count in (3, 41)
    )
    assert many - few >= 38 * reference.pixels.nbytes
