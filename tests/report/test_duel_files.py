"""The files of a duel: what they tell is what was measured of the very pictures that are in them."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageSequence
from skimage.metrics import peak_signal_noise_ratio

from explorer.analysis.rulers import PSNR, SSIM
from explorer.distortions import distort
from explorer.errors import SettingError
from explorer.images import derive, load
from explorer.metrics import Method, measure
from explorer.report.duel import Account, Told, animation, archive, contact_sheet, history, to_json
from explorer.report.duel.account import Course
from explorer.report.duel.animation import FIRST, GAP, LARGEST, LAST, steps_of
from explorer.report.duel.chart import HEIGHT, Scale, _apart
from explorer.report.duel.sheet import MOVED, chosen
from explorer.report.layout import SMALL
from explorer.synthesis.competition import Competition
from explorer.synthesis.journey import Journey, travel
from tests.oracle import Pair

STEPS = 12
METHOD, WITNESS = Method(device="cpu"), Method("squeezenet1_1", "uniform", weights="random", device="cpu")
TOLD = Told(
    "equal",
    {"duel_hold": "psnr", "duel_at": "24.0"},
    7,
    "LPIPS calls one of them near, and the other far.",
    {"lowered": "Lowered"},
)
SCORE = "alexnet:lpips-0.1.score"


def plan_of(reference, witnesses=(SSIM, METHOD, WITNESS)):
    noisy = derive(reference, distort(reference.pixels, "gaussian_noise", 0.5, seed=7))
    plan = Competition(reference, PSNR, 24.0, METHOD, noisy, METHOD).plan()
    return replace(plan, witnesses=witnesses)


@pytest.fixture(scope="module")
def journey(photo):
    return travel(plan_of(photo("cat", (72, 64))), STEPS)


@pytest.fixture(scope="module")
def account(journey):
    return Account.of(journey, TOLD)


@pytest.fixture(scope="module")
def packed(account):
    with zipfile.ZipFile(io.BytesIO(archive(account))) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def svg(account):
    return contact_sheet(account, "svg")


def rows(account):
    return list(csv.DictReader(io.StringIO(history(account))))


def words(svg: bytes) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", svg.decode()))


def test_history_has_a_row_for_each_step_of_each_run_with_all_digits(account, journey):
    table = rows(account)
    assert [(row["run"], int(row["step"])) for row in table] == [
        (name, step) for name in ("lowered", "raised") for step in range(STEPS + 1)
    ]
    for name in journey.runs:
        assert [float(row["value"]) for row in table if row["run"] == name] == journey.curves[name]
    measured = {(row["run"], int(row["step"])) for row in table if row[SCORE]}
    assert measured == {(name, frame.step) for name in journey.runs for frame in journey.frames(name)}
    assert len(measured) < len(table)  # what was not measured is not told


def test_each_row_of_the_history_says_how_it_was_made(account):
    for row in rows(account):
        said = {name: row[name] for name in ("seed", "size.width", "size.height", "backbone", "settings")}
        assert said == {
            "seed": "7",
            "size.width": "72",
            "size.height": "64",
            "backbone": "alexnet",
            "settings": "duel_hold=psnr; duel_at=24.0",
        }
        assert re.search(r"explorer \S+; torch \d", row["versions"])


def test_numbers_of_the_history_are_those_of_the_saved_png_by_other_implementations(account, packed, oracles):
    reference = load(packed["reference.png"])
    for row in rows(account):
        if not row[SCORE]:
            continue
        saved = load(packed[f"{row['run']}/{int(row['step']):04}.png"])
        assert saved.digest == row["digest"]
        score, layers, _ = oracles["lpips-0.1"](Pair("saved", reference, saved))
        assert float(row[SCORE]) == pytest.approx(score, abs=1e-5 * max(1, score))
        own = [float(row[f"alexnet:lpips-0.1.{name}.distance"]) for name in METHOD.layers]
        assert own == pytest.approx(layers, abs=1e-5)
        theirs = peak_signal_noise_ratio(reference.pixels, saved.pixels, data_range=255)
        assert float(row["psnr"]) == pytest.approx(theirs, abs=1e-6)


def test_witnesses_stand_where_they_were_asked_and_none_that_is_told_anyway(account):
    column = f"{WITNESS.text}.score"
    for row in rows(account):
        assert bool(row[column]) == (int(row["step"]) in (0, STEPS))
    assert list(rows(account)[0]).count("ssim") == 1
    assert account.witnesses == (WITNESS,)


def test_the_archive_holds_every_frame_and_its_json_the_last_ones_measurement_whole(account, packed):
    document = json.loads(packed["journey.json"])
    named = {"journey.json", "history.csv", "reference.png"}
    for run in document["runs"]:
        for frame in run["frames"]:
            picture = load(packed[frame["picture"]])
            assert picture.digest == frame["digest"]
            named.add(frame["picture"])
        whole = measure(load(packed["reference.png"]), picture, device="cpu").to_dict()
        told = run["last"]
        assert list(told) == list(whole)
        for key in set(whole) - {"reference", "distorted", "layers", "score", "notes"}:
            assert told[key] == whole[key], key
        assert told["score"] == pytest.approx(whole["score"], abs=1e-6)
        assert told["distorted"]["name"] == f"Cat, {run['name']}, step {STEPS}"
        assert frame["step"] == STEPS
        assert frame["witnesses"].keys() == {WITNESS.text}
    assert set(packed) == named
    assert (document["seed"], document["settings"]) == (7, dict(TOLD.settings))
    assert document["sentence"] == TOLD.sentence


def test_equal_journeys_give_equal_files(account, journey, svg):
    again = Account.of(journey, TOLD)
    assert archive(again) == archive(account)
    assert contact_sheet(again, "svg") == svg
    assert animation(again) == animation(account)


def test_webp_shows_the_very_pixels_of_reference_and_runs(account):
    with Image.open(io.BytesIO(animation(account))) as moving:
        steps = steps_of(account)
        frames = [np.array(frame.convert("RGB")) for frame in ImageSequence.Iterator(moving)]
        durations = []
        for place in range(moving.n_frames):
            moving.seek(place)
            moving.load()
            durations.append(moving.info["duration"])
    assert len(frames) == len(steps)
    assert (durations[0], durations[-1]) == (FIRST, LAST)
    width, height = account.reference.size
    for step, pixels in zip(steps, frames, strict=True):
        assert np.array_equal(pixels[:height, :width], account.reference.pixels)
        for place, course in enumerate(account.courses, start=1):
            (frame,) = (each for each in course.frames if each.step == step)
            left = place * (width + GAP)
            assert np.array_equal(pixels[:height, left : left + width], frame.picture.pixels)


def test_gif_has_all_frames_and_looks_alike(account):
    with Image.open(io.BytesIO(animation(account, "gif"))) as moving:
        assert moving.n_frames == len(steps_of(account))
        moving.seek(moving.n_frames - 1)
        last = np.array(moving.convert("RGB")).astype(float)
    assert tuple(last[-1, -1]) == (255, 255, 255)  # paper stays white
    width, height = account.reference.size
    difference = last[:height, :width] - account.reference.pixels
    assert np.abs(difference.mean()) < 2
    assert np.sqrt(np.square(difference).mean()) < 20


def test_a_run_that_ends_early_keeps_its_last_picture_while_others_go_on(account):
    first, second = account.courses
    short = replace(account, courses=(first, replace(second, frames=second.frames[:2])))
    assert steps_of(short) == steps_of(account)
    with Image.open(io.BytesIO(animation(short))) as moving:
        moving.seek(moving.n_frames - 1)
        last = np.array(moving.convert("RGB"))
    width, height = account.reference.size
    left = 2 * (width + GAP)
    assert np.array_equal(last[:height, left : left + width], second.frames[1].picture.pixels)


def test_an_animation_of_large_pictures_is_bounded(account, photo):
    large = photo("cat", (900, 450))
    courses = tuple(
        replace(course, frames=(replace(course.frames[0], picture=large),)) for course in account.courses
    )
    with Image.open(io.BytesIO(animation(replace(account, reference=large, courses=courses)))) as moving:
        assert moving.width == 3 * LARGEST + 2 * GAP


def test_the_sheet_tells_what_was_made_with_numbers_seed_and_the_line_to_cite(account, svg):
    text = words(svg)
    assert TOLD.sentence in text
    for course in account.courses:
        for frame in (course.frames[0], course.frames[-1]):
            assert f"{frame.standing.values[METHOD]:.4f}" in text
            assert f"{frame.standing.values[PSNR]:.2f} dB" in text
            assert f"{course.said[frame.step][WITNESS]:.4f}" in text
    assert f"Step {STEPS}" in text
    assert f"{STEPS} steps, seed 7; hold psnr, at 24.0." in text
    assert "sha256" in text
    assert "torch" in text
    assert svg.count(b"<image") == sum(1 + len(chosen(course, 5)) for course in account.courses) + 1


def test_of_many_frames_the_sheet_shows_the_first_the_last_and_some_between(account):
    frames = account.courses[0].frames
    assert len(frames) > 5
    shown = chosen(account.courses[0], 5)
    assert (shown[0], shown[-1], len(shown)) == (frames[0], frames[-1], 5)
    assert [frame.step for frame in shown] == sorted({frame.step for frame in shown})
    few = replace(account.courses[0], frames=frames[:3])
    assert chosen(few, 5) == frames[:3]


def test_a_picture_that_stays_stands_beside_what_is_held_against_it(account):
    first, second = account.courses
    still = replace(second, label="B, blurred", values=second.values[:1], frames=second.frames[:1])
    text = words(contact_sheet(replace(account, courses=(first, still)), "svg"))
    assert text.count("Reference") == text.count("Start") == 1
    assert text.count("B, blurred") == 2  # below its picture, and at its line in the chart
    assert f"Step {STEPS}" in text
    alone = words(contact_sheet(replace(account, courses=(still,)), "svg"))
    assert "As it is" in alone


def test_what_a_run_moves_has_a_row_of_its_own_where_it_is_not_the_score(account, svg):
    assert MOVED not in words(svg)
    course = account.courses[0]
    layer = replace(course, values=tuple(value / 3 for value in course.values))
    text = words(contact_sheet(replace(account, courses=(layer,)), "svg"))
    assert text.count(MOVED) == 1
    assert f"{layer.values[STEPS]:.4g}" in text


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_the_sheet_comes_in_other_formats(account, ending):
    data = contact_sheet(account, ending)
    if ending == "pdf":
        assert data.startswith(b"%PDF")
    else:
        with Image.open(io.BytesIO(data)) as image:
            assert image.width == 2400


def test_an_unknown_format_is_refused_with_those_that_there_are(account):
    with pytest.raises(SettingError, match=r"cannot be “mp4”; choose one of webp, gif"):
        animation(account, "mp4")
    with pytest.raises(SettingError, match=r"cannot be “bmp”; choose one of"):
        contact_sheet(account, "bmp")


def test_of_nothing_there_is_no_file(journey):
    with pytest.raises(SettingError, match="run it first"):
        Account.of(Journey(journey.plan), TOLD)


def test_what_was_taken_stays_as_it_was_while_the_journey_goes_on(photo):
    plan = plan_of(photo("cat", (64, 64)), witnesses=())
    short = travel(plan, 2)
    before = Account.of(short, TOLD)
    table = history(before)
    short.curves["lowered"].append(0.0)
    short.said["lowered", 2] = {WITNESS: 1.0}
    assert history(before) == table


def test_a_picture_too_small_for_ssim_has_none_in_any_file(account):
    def without(course: Course) -> Course:
        return replace(
            course,
            frames=tuple(
                replace(frame, standing=replace(frame.standing, values={**frame.standing.values, SSIM: None}))
                for frame in course.frames
            ),
        )

    small = replace(account, courses=tuple(map(without, account.courses)))
    assert {row["ssim"] for row in rows(small)} == {""}
    document = json.loads(to_json(small))
    assert document["runs"][0]["last"]["ssim"] is None
    assert document["runs"][0]["frames"][0]["ssim"] is None
    assert "SSIM" not in words(contact_sheet(small, "svg"))


def test_the_scale_of_the_course_is_logarithmic_only_where_values_are_far_apart():
    wide, narrow = Scale.of([0.001, 2.0]), Scale.of([20.0, 24.0])
    assert wide.ticks == [0.001, 0.01, 0.1, 1.0]
    assert (wide.height(0.001), wide.height(2.0)) == (0, 1)
    assert narrow.words == ""
    assert Scale.of([0.03, 0.24]).ticks == pytest.approx([0.05, 0.1, 0.15, 0.2])
    assert 0 < narrow.height(20.0) < narrow.height(24.0) < 1
    assert Scale.of([-1.0, 100.0]).words == ""  # there is no logarithm
    assert 0 < Scale.of([3.0]).height(3.0) < 1


def test_names_beside_the_curves_do_not_lie_on_each_other_nor_below_the_chart():
    heights = sorted(_apart([500.0, 501.0, 502.0, 10.0, float("nan")]))
    assert min(np.diff(heights)) >= SMALL
    assert max(heights) < HEIGHT
