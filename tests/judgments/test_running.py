"""Trials by many metrics: as the original packages measure them, whatever they are measured with."""

import math
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

import explorer
from benchmarks.triplets import made_triplets, triplets_of
from explorer.errors import SettingError
from explorer.images import load, resize
from explorer.judgments.running import gathered, measure, measuring, read_way, reading
from explorer.judgments.running.distances import distances
from explorer.judgments.running.measuring import BATCH
from explorer.judgments.sets import Couple, Opinion, TrialSet, Triplet
from tests.grid import few
from tests.oracle import Oracle, Pair

FOUR = ("psnr", "ssim", "alexnet:lpips-0.1", "alexnet:uniform")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_triplets(tmp_path_factory.mktemp("made"), 6, side=96)


@pytest.fixture(scope="module")
def trials(folder):
    return triplets_of(folder)


def pictures_of(trial, size=64):
    return [resize(load(path), size) for path in (trial.reference, trial.p0, trial.p1)]


def test_distances_are_those_of_lpips_and_scikit_image(trials):
    found = list(measure(trials.trials, read_way(FOUR, size=64)))
    oracles = [Oracle(heads) for heads in ("lpips-0.1", "uniform")]
    for trial, outcome in zip(trials.trials, found, strict=True):
        reference, *others = pictures_of(trial)
        for side, picture in enumerate(others):
            psnr, ssim, *deep = (own[side] for own in outcome.distances)
            pair = reference.pixels, picture.pixels
            assert -psnr == pytest.approx(peak_signal_noise_ratio(*pair, data_range=255), abs=1e-9)
            assert -ssim == pytest.approx(
                structural_similarity(
                    *pair,
                    channel_axis=2,
                    data_range=255,
                    gaussian_weights=True,
                    sigma=1.5,
                    use_sample_covariance=False,
                ),
                abs=1e-9,
            )
            for oracle, value in zip(oracles, deep, strict=True):
                score = oracle(Pair("", reference, picture))[0]
                assert value == pytest.approx(score, abs=1e-5 * max(1, score))


def test_distances_are_those_of_a_measurement(trials):
    (outcome,) = measure(trials.trials[:1], read_way(("psnr", "ssim", "lpips"), size=48))
    trial = trials.trials[0]
    measurement = explorer.measure(trial.reference, trial.p1, size=48)
    psnr, ssim, lpips = (own[1] for own in outcome.distances)
    assert -psnr == pytest.approx(measurement.psnr, abs=1e-6)
    assert -ssim == pytest.approx(measurement.ssim, abs=1e-12)
    assert lpips == pytest.approx(measurement.score, abs=1e-6)


@pytest.mark.parametrize(
    "metrics",
    few(
        [
            ("psnr", "ssim", "alexnet:lpips-0.1", "alexnet:uniform", "alexnet:lpips-0.0"),
            ("resnet50:uniform:random",),
            ("vgg16:uniform:random", "squeezenet1_1:uniform:random"),
            ("vit_b_16:uniform:random",),
        ],
    ),
    ids=lambda metrics: metrics[-1],
)
def test_a_trial_has_the_same_numbers_to_the_bit_whatever_it_is_measured_with(trials, metrics):
    size = 224 if "vit" in metrics[0] else 64
    rulers = read_way(metrics, size=size).rulers
    random = np.random.default_rng(1)
    together = random.integers(0, 256, (7, 3, size, size, 3), dtype=np.uint8)
    found = distances(together, rulers)
    for part in (slice(3, 4), slice(2, 7)):
        again = distances(together[part], rulers)
        assert all((again[ruler] == found[ruler][part]).all() for ruler in rulers)
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if threads > 1 else 2)
    try:
        again = distances(together[:2], rulers)
    finally:
        torch.set_num_threads(threads)
    assert all((again[ruler] == found[ruler][:2]).all() for ruler in rulers)


def test_what_equals_its_reference_is_at_no_distance():
    way = read_way(("psnr", "ssim", "alexnet:lpips-0.1"), size=None)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 3, 40, 48, 3), dtype=np.uint8)
    pictures[1, 1] = pictures[1, 0]
    psnr, ssim, lpips = distances(pictures, way.rulers).values()
    assert psnr[1, 0] == -math.inf
    assert ssim[1, 0] == pytest.approx(-1)
    assert lpips[1, 0] == 0
    assert (lpips[[0, 0, 1], [0, 1, 1]] > 0).all()


def test_the_papers_own_resampling_gives_its_pixels(trials):
    """Their loader resizes with Pillow's bilinear filter."""
    trial = trials.trials[0]
    (outcome,) = measure([trial], read_way(("psnr",), size=32, resampling="bilinear"))
    small = [
        np.asarray(Image.open(path).resize((32, 32), Image.Resampling.BILINEAR))
        for path in (trial.reference, trial.p0, trial.p1)
    ]
    expected = [peak_signal_noise_ratio(small[0], other, data_range=255) for other in small[1:]]
    assert [-value for value in outcome.distances[0]] == pytest.approx(expected, abs=1e-9)


def test_what_cannot_be_measured_is_told_and_stops_nothing(folder, tmp_path):
    own = shutil.copytree(folder, tmp_path / "val")
    Image.new("RGB", (80, 80)).save(own / "cnn/p0/000000.png")
    (own / "cnn/p1/000001.png").write_bytes(b"no picture")
    trials = triplets_of(own)
    (own / "color/ref/000003.png").unlink()
    found = list(measure(trials.trials, read_way(("psnr",))))
    assert [each.place for each in found] == list(range(6))
    assert "of one size" in found[0].error
    assert "p1/000001.png is text, not an image" in found[1].error
    assert "cannot be read" in found[3].error
    assert [each.distances is None for each in found] == [True, True, False, True, False, False]
    distances = gathered(trials, read_way(("psnr",)), found)
    assert distances.first.shape == distances.second.shape == (1, 3)
    assert [each.what for each in distances.skipped] == ["cnn/000000", "cnn/000001", "color/000003"]
    assert distances.notes[-1] == "Measured at 64 pixels (lanczos)."


def test_couples_and_opinions_have_one_distance_each(trials):
    triplets = trials.trials[:2]
    expected = [own.distances[0][1] for own in measure(triplets, read_way(("psnr",)))]
    couples = [Couple("cnn", each.name, each.reference, each.p1, 0.5) for each in triplets]
    opinions = [Opinion("all", each.name, each.reference, each.p1, 3.5, False) for each in triplets]
    for kind, own in (("jnd", couples), ("mos", opinions)):
        found = list(measure(own, read_way(("psnr",))))
        assert [each.distances for each in found] == [((value,),) for value in expected]
        set_ = gathered(TrialSet("own", kind, own), read_way(("psnr",)), found)
        assert set_.second is None
        assert set_.first.tolist() == [expected]
        assert set_.people.tolist() == [0.5, 0.5] if kind == "jnd" else [3.5, 3.5]
    assert not set_.higher_is_closer


def test_some_trials_come_in_their_order_and_alone(trials):
    many = trials.trials * (2 * BATCH // len(trials.trials))
    places = [BATCH + 3, 1, BATCH - 1]
    found = list(measure(many, read_way(("psnr",)), places))
    assert [each.place for each in found] == sorted(places)


@pytest.mark.parametrize(
    ("metrics", "size", "why"),
    [
        ((), 64, "No metric is named"),
        (("psnr", "PSNR"), 64, "psnr is named twice"),
        (("niqe",), 64, "no metric 'niqe'"),
        (("alexnet:lpips-9",), 64, "no heads 'lpips-9'"),
        (("ssim",), 10, "at least 11 × 11"),
        (("psnr", "alexnet:lpips-0.1"), 16, "larger"),
        (("psnr",), 0, "is no size"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_is_read(metrics, size, why):
    with pytest.raises(SettingError, match=why):
        read_way(metrics, size)


def flat_triplets(folder, count, side):
    """Pictures that are small as files and large in memory."""
    for part in ("ref", "p0", "p1"):
        (folder / part).mkdir()
        for place in range(count):
            Image.new("RGB", (side, side), (place, len(part), 7)).save(folder / part / f"{place}.png")
    return [
        Triplet("flat", str(place), *(folder / part / f"{place}.png" for part in ("ref", "p0", "p1")), 0.5)
        for place in range(count)
    ]


def test_large_pictures_are_not_held_together_however_small_their_files_are(tmp_path, monkeypatch):
    trials, held = flat_triplets(tmp_path, 2, 128), []
    monkeypatch.setattr(measuring, "MOST_PIXELS", 5 * 128 * 128)
    way = read_way(("psnr",), size=None)
    monkeypatch.setattr(
        measuring, "distances", lambda pictures, *how: held.append(pictures.size) or distances(pictures, *how)
    )
    assert all(each.distances for each in measure(trials, way))
    assert held == [3 * 3 * 128 * 128] * 2
    small = read_way(("psnr",), size=32)
    held.clear()
    list(measure(trials, small))
    assert held == [2 * 3 * 3 * 32 * 32]  # all in one stack


def test_the_memory_that_is_reserved_grows_with_the_pictures_and_the_networks(tmp_path):
    trials = flat_triplets(tmp_path, 1, 1024)
    rooms = [
        measuring.room_for(trials, read_way(("psnr", metric), size))
        for metric, size in [
            ("ssim", 64),
            ("alexnet:uniform", 64),
            ("vgg16:uniform", 64),
            ("vgg16:uniform", None),
        ]
    ]
    assert rooms == sorted(rooms)
    assert rooms[-1] > 2 * rooms[-2] > 2 * rooms[0] > 0


@pytest.mark.parametrize("why", ["is larger than 0 MB", "cannot be read (No such file"])
def test_an_error_does_not_say_where_on_the_server_a_file_lies(tmp_path, monkeypatch, why):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    folder = tmp_path / "secret"
    folder.mkdir()
    (trial,) = flat_triplets(folder, 1, 32)
    if "cannot" in why:
        trial.reference.unlink()
    (outcome,) = measure([trial], read_way(("psnr",)))
    assert outcome.error.startswith(f"ref/0.png {why}")
    assert "secret" not in outcome.error
