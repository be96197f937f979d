"""The competition that comes with the project is what a run makes, and its numbers are measured."""

import json

import numpy as np
import pytest

from explorer.analysis.rulers import PSNR, SSIM, value
from explorer.errors import ImageError
from explorer.metrics import Method
from explorer.synthesis import example as bundled
from explorer.synthesis.competition import RUNS
from explorer.synthesis.process import run

LPIPS, UNIFORM = Method(), Method(heads="uniform")
MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def journey():
    return bundled.example(bundled.asked().plan((UNIFORM,)))


def test_it_tells_the_story_with_numbers_of_the_exact_path(journey):
    start, low, high = (
        journey.frames(name)[place] for name, place in (("raised", 0), *((r, -1) for r in RUNS))
    )
    for frame in (start, low, high):
        exact = {ruler: value(ruler, journey.plan.reference, frame.picture) for ruler in (PSNR, SSIM, LPIPS)}
        assert frame.standing.values == pytest.approx(exact, rel=1e-5)
        assert exact[PSNR] == pytest.approx(24, abs=0.02)
        said = journey.said[frame.run, frame.step][UNIFORM]
        assert said == pytest.approx(value(UNIFORM, journey.plan.reference, frame.picture), rel=1e-4)
    scores = [frame.standing.values[LPIPS] for frame in (low, start, high)]
    assert scores[0] < 0.005 * scores[1]
    assert scores[2] > 7 * scores[1]


def test_its_curves_pass_through_its_pictures(journey):
    for name in RUNS:
        assert len(journey.curves[name]) == bundled.STEPS + 1
        for frame in journey.frames(name):
            exact = frame.standing.values[LPIPS]
            assert journey.curves[name][frame.step] == pytest.approx(exact, rel=0.05, abs=1e-4)


def test_a_recomputation_begins_at_the_same_picture_and_goes_the_same_way(journey):
    made = bundled.asked().plan().make()
    for name in RUNS:
        start, first = (point.pixels.astype(int) for point in run(made[name], 1))
        kept = [frame.picture.pixels.astype(int) for frame in journey.frames(name)[:2]]
        assert np.abs(kept[0] - start).max() <= 1
        # Adam's first step is as long in each value, whatever its slope: where that is next to nothing, its
        # sign is the machine's rounding, and another processor may turn a few of a hundred.
        one, other = ((each - start).ravel() for each in (kept[1], first))
        assert np.dot(one, other) > 0.95 * np.linalg.norm(one) * np.linalg.norm(other)


def test_it_is_read_once_and_only_for_who_asks_for_it(journey, photo):
    asked = bundled.asked()
    assert bundled.example(bundled.asked().plan((UNIFORM,))) is journey
    others = {"at": 25.0}, {"seed": 1}, {"start": "pink_noise"}, {"moved": UNIFORM}, {"moved": SSIM}
    for changes in (*others, {"reference": photo("cat", (64, 64))}):
        other = type(asked)(**vars(asked) | changes)
        assert bundled.example(other.plan()) is None


def test_a_damaged_file_is_told_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / bundled.CURVES).write_text(json.dumps([])[:1])
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    with pytest.raises(ImageError, match=r"curves.json of the bundled example is missing or damaged"):
        bundled.example(bundled.asked().plan((Method(layers=("conv1",)),)))


def test_it_is_small_enough_to_come_along():
    assert sum(path.stat().st_size for path in bundled.FOLDER.iterdir()) < MOST_BYTES
