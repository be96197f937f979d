"""Equal by one metric, worst and best by another: what is held holds, and what moves moves."""

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

import explorer
from benchmarks.others import lpips_model
from explorer import synthesis
from explorer.analysis.rulers import PSNR, SSIM
from explorer.distortions import distort
from explorer.errors import ExplorerError, ImageError, SettingError, SizeMismatchError
from explorer.images import derive, resize
from explorer.metrics import Method
from explorer.samples import SAMPLES, load_sample
from explorer.synthesis.competition import NOISES, RUNS, Competition
from explorer.synthesis.holding import holding_of
from explorer.synthesis.journey import Journey
from explorer.synthesis.mad import Competitor
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import StoppedError, run
from tests.grid import few

LPIPS = Method()
SIZE = (72, 64)


def by_the_package(reference, path):
    """LPIPS as `lpips` has it, of the picture in a file."""

    def tensor(pixels):
        return torch.tensor(np.array(pixels)).permute(2, 0, 1)[None] / 127.5 - 1

    with torch.no_grad(), Image.open(path) as image:
        return lpips_model()(tensor(reference.pixels), tensor(image)).item()


def saved(folder, picture):
    """The file of a picture."""
    path = folder / f"{picture.digest}.png"
    Image.fromarray(picture.pixels).save(path)
    return path


def alike(reference, *pixels):
    """The correlation of two pictures' changes from a reference."""
    return np.corrcoef(*(each.astype(float).ravel() - reference.pixels.ravel() for each in pixels))[0, 1]


HUNDRED = few([("cat", 64), *((sample, 256) for sample in SAMPLES)], tuples=True)


@pytest.mark.parametrize(("sample", "side"), HUNDRED)
def test_at_24_db_lpips_falls_below_3_percent_and_rises_above_4_times_by_the_package_on_the_files(
    sample, side, tmp_path
):
    reference = resize(load_sample(sample), side)
    made = synthesis.duel(reference, steps=30 if side < 256 else 100)
    start, *ends = (
        by_the_package(reference, saved(tmp_path, frame.picture))
        for frame in (made.frames("lowered")[0], *(made.frames(name)[-1] for name in RUNS))
    )
    assert ends[0] < 0.03 * start
    assert ends[1] > 4 * start
    for frame in (frame for name in RUNS for frame in made.frames(name)):
        assert frame.standing.values[PSNR] == pytest.approx(24, abs=0.02), (frame.run, frame.step)
    told = [made.frames(name)[-1].standing.values[LPIPS] for name in RUNS]
    assert told == pytest.approx(ends, rel=1e-4, abs=1e-5)


PSNRS = few(
    [("text", 20), ("cat", 30), *((s, at) for s in list(SAMPLES)[:5] for at in (20, 24, 30))], 2, True
)


@pytest.mark.parametrize(("sample", "at"), PSNRS)
@pytest.mark.parametrize("start", ["gaussian_noise", "salt_and_pepper"])
def test_psnr_of_every_8_bit_picture_is_held_within_two_hundredths_of_a_decibel(sample, at, start):
    reference = resize(load_sample(sample), 96)
    made = synthesis.duel(reference, at=at, start=start, steps=6)
    for frame in (frame for name in RUNS for frame in made.frames(name)):
        theirs = peak_signal_noise_ratio(reference.pixels, frame.picture.pixels, data_range=255)
        assert theirs == pytest.approx(at, abs=0.02), (frame.run, frame.step)
        assert frame.standing.values[PSNR] == pytest.approx(theirs, abs=1e-6)


SSIMS = few([("cat", 0.6), *((sample, at) for sample in SAMPLES for at in (0.4, 0.6, 0.9))], tuples=True)


@pytest.mark.parametrize(("sample", "at"), SSIMS)
def test_ssim_of_every_8_bit_picture_is_held_within_two_thousandths_by_scikit_image(sample, at):
    reference = resize(load_sample(sample), 96)
    made = synthesis.duel(reference, "ssim", at, steps=6)
    how = {"channel_axis": 2, "data_range": 255, "gaussian_weights": True, "sigma": 1.5}
    for frame in (frame for name in RUNS for frame in made.frames(name)):
        theirs = structural_similarity(
            reference.pixels, frame.picture.pixels, use_sample_covariance=False, **how
        )
        assert theirs == pytest.approx(at, abs=0.002), (frame.run, frame.step)
    lowest, highest = (made.frames(name)[-1].standing.values[LPIPS] for name in RUNS)
    start = made.frames("raised")[0].standing.values[LPIPS]
    assert 2 * lowest < start < highest / 2


DISTANCES = few([("cat", 0.3), *((sample, at) for sample in SAMPLES for at in (0.05, 0.3, 0.6))], tuples=True)


@pytest.mark.parametrize(("sample", "at"), DISTANCES)
def test_lpips_of_every_8_bit_picture_is_held_within_a_percent_by_the_package(sample, at, tmp_path):
    reference = resize(load_sample(sample), 64 if sample == "cat" else 128)
    made = synthesis.duel(reference, "lpips", at, "psnr", steps=4)
    for frame in (frame for name in RUNS for frame in made.frames(name)):
        theirs = by_the_package(reference, saved(tmp_path, frame.picture))
        assert theirs == pytest.approx(at, rel=0.01), (frame.run, frame.step)
    low, high = (made.frames(name)[-1].standing.values[PSNR] for name in RUNS)
    start = made.frames("raised")[0].standing.values[PSNR]
    assert low + 1 < start < high - 1


def test_two_networks_can_be_played_against_each_other_and_both_are_told(photo):
    made = synthesis.duel(photo("cat", SIZE), "lpips", 0.2, "squeezenet1_1:uniform", steps=3)
    other = made.plan.method
    assert other.backbone == "squeezenet1_1"  # by whose layers it is told
    start, low, high = (
        made.frames(name)[place].standing.values[other]
        for name, place in (("lowered", 0), ("lowered", -1), ("raised", -1))
    )
    assert low < start < high
    for name in RUNS:
        assert made.said[name, 3][LPIPS] == pytest.approx(0.2, rel=0.01)


@pytest.mark.parametrize("noise", few(NOISES))
def test_a_start_of_noise_is_that_distortion_as_strong_as_the_value_asks(noise, photo):
    reference = photo("cat", SIZE)
    (tuned,) = explorer.match(reference, "psnr", 24.0, [noise], seed=3)
    frame = synthesis.duel(reference, start=noise, seed=3, steps=1).frames("lowered")[0]
    assert alike(reference, frame.picture.pixels, tuned.image) > 0.97


def test_the_start_may_be_a_picture_whose_change_is_scaled(photo):
    reference = photo("cat", SIZE)
    blurred = derive(reference, distort(reference.pixels, "gaussian_blur", 0.3))
    frame = synthesis.duel(reference, at=26.0, start=blurred, steps=1).frames("raised")[0]
    assert alike(reference, frame.picture.pixels, blurred.pixels) > 0.99
    assert frame.standing.values[PSNR] == pytest.approx(26, abs=0.02)


class Failing(Objective):
    """SSIM, which is not a number any more after some calls: what a broken network gives."""

    calls = 0

    def gradient(self, levels):
        value, slope = super().gradient(levels)
        self.calls += 1
        return (value, slope) if self.calls <= 4 else (float("nan"), slope * float("nan"))


@pytest.mark.parametrize("holds", [True, False], ids=["what is held", "what moves"])
def test_numbers_that_are_not_finite_stop_the_run_at_the_last_good_picture(holds, photo):
    reference = photo("cat", SIZE)
    failing, other = Failing(SSIM, reference, "cpu"), Objective(PSNR, reference, "cpu")
    held, at, moved = (failing, 0.6, other) if holds else (other, 24.0, failing)
    start = derive(reference, distort(reference.pixels, "gaussian_noise", 0.5))
    points, going = [], run(Competitor(moved, holding_of(held, at), start, raises=True), 20)
    with pytest.raises(StoppedError, match=r"not finite any more at step \d+; the picture of step \d+ is"):
        points.extend(going)  # keeps what came before the error
    assert 1 <= len(points) <= 5
    assert torch.isfinite(points[-1].levels).all()


class Broken(Objective):
    """SSIM that is never a number."""

    def __call__(self, levels):
        return super().__call__(levels) * float("nan")


def test_a_start_of_which_what_is_held_says_no_number_is_refused(photo):
    reference = photo("cat", SIZE)
    start = derive(reference, distort(reference.pixels, "gaussian_noise", 0.5))
    with pytest.raises(SettingError, match="What SSIM says of the start is no finite number"):
        holding_of(Broken(SSIM, reference, "cpu"), 0.6).start(start)


def test_what_a_step_may_take_is_told_of_both_metrics(photo):
    alone = competition(photo).plan().size
    assert competition(photo, hold=Method("squeezenet1_1"), at=0.2).plan().size > alone > SIZE[0] * SIZE[1]


def competition(photo, **changes):
    asked = {"reference": photo("cat", SIZE), "hold": PSNR, "at": 24.0, "moved": LPIPS, "method": LPIPS}
    return Competition(**asked | {"start": "gaussian_noise"} | changes)


@pytest.mark.parametrize("changes", [{}, {"hold": SSIM, "at": 0.6}], ids=["psnr", "ssim"])
def test_runs_repeat_bit_for_bit_and_going_on_equals_going_through(changes, photo):
    plan = competition(photo, **changes).plan()
    through, again, process = (plan.make()["raised"] for _ in range(3))
    *_, end = run(through, 5)
    *_, same = run(again, 5)
    *_, middle = run(process, 2)
    *_, later = run(process, 5, middle)
    for other in (same, later):
        assert torch.equal(end.levels, other.levels)
        assert end.value == other.value


def test_the_key_names_all_that_the_result_depends_on(photo):
    base = competition(photo)
    assert base.key == competition(photo).key
    others = [
        competition(photo, **changes)
        for changes in (
            {"reference": photo("coffee", SIZE)},
            {"hold": SSIM, "at": 0.5},
            {"at": 25.0},
            {"moved": SSIM},
            {"start": "pink_noise"},
            {"start": photo("coffee", SIZE)},
            {"seed": 1},
            {"runs": ("raised",)},
            {"moved": Method(heads="uniform")},
        )
    ]
    assert len({each.key for each in (base, *others)}) == len(others) + 1


def test_the_curve_is_of_what_moves_and_follows_the_exact_numbers(photo):
    made = synthesis.duel(photo("cat", SIZE), steps=4)
    assert isinstance(made, Journey)
    for name in RUNS:
        for frame in made.frames(name):
            exact = frame.standing.values[LPIPS]
            assert made.curves[name][frame.step] == pytest.approx(exact, rel=0.1, abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"moved": "psnr"}, SettingError, "PSNR is held, so it cannot move as well"),
        ({"at": 2.0}, ExplorerError, "the nearest that was reached has PSNR 5"),
        ({"hold": "ssim", "at": -0.9}, ExplorerError, "the nearest that was reached has SSIM"),
        (
            {"hold": "lpips", "at": 9.0, "moved": "psnr"},
            ExplorerError,
            "nearest that was reached has AlexNet",
        ),
        (
            {"hold": "lpips", "at": 0.2, "moved": "alexnet:lpips-0.1", "layers": ["conv1"]},
            SettingError,
            "v0.1 heads is held, so it cannot move as well, not even by other layers; choose two different",
        ),
        ({"at": float("nan")}, SettingError, "choose a number from 0 to 100"),
        ({"moved": "dists:dists"}, SettingError, "has no gradient here"),
        ({"start": "cat"}, ImageError, "There is no file cat"),
        ({"steps": 10_000}, SettingError, "choose a whole number from 1 to 2000"),
        ({"size": 20}, ExplorerError, "AlexNet needs at least 31"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(asked, error, sentence, photo):
    with pytest.raises(error, match=sentence):
        synthesis.duel(photo("cat", SIZE), **{"steps": 2} | asked)


def test_a_start_that_is_the_reference_or_of_another_size_is_refused(photo):
    reference = photo("cat", SIZE)
    with pytest.raises(SettingError, match="The start is the reference itself"):
        synthesis.duel(reference, start=reference.pixels)
    with pytest.raises(SizeMismatchError):
        synthesis.duel(reference, start=photo("cat", (64, 64)))


def test_random_weights_have_a_gradient_too(photo):
    made = synthesis.duel(photo("cat", (48, 40)), backbone="squeezenet1_1", weights="random", steps=2)
    method = made.plan.method
    low, high = (made.frames(name)[-1].standing.values[method] for name in RUNS)
    assert method.weights == "random"
    assert low < made.frames("lowered")[0].standing.values[method] < high
