"""Trials of a session: what they show, that equal seeds draw equal ones, and what is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.disagreement import disagreements
from explorer.analysis.rulers import PSNR
from explorer.analysis.version_grid import GridRow, GridVersion
from explorer.distortions import Recipe, Step, distorted
from explorer.distortions.sequences import pairs
from explorer.errors import ImageError, SettingError
from explorer.images import derive, load
from explorer.judgments.asking.drafts import MOST_TRIALS, TELLING, changed
from explorer.judgments.asking.drawing import Brought, Setup, brought_plan, card_plan, random_plan, weakened
from explorer.judgments.asking.patches import STRUCTURE, patch, structure
from explorer.judgments.judgment import scene_of
from explorer.metrics import Method
from explorer.samples import load_sample


@pytest.fixture(scope="module")
def photos():
    return [load_sample(name) for name in ("cat", "text", "china")]


def pixels(images, digest):
    return np.asarray(Image.open(io.BytesIO(images[digest])))


def versions(plan, images):
    """(pixels of the reference, condition, pixels of the version) of every trial."""
    for trial in plan.trials:
        for condition, digest in ((trial.condition_a, trial.a), (trial.condition_b, trial.b)):
            yield pixels(images, trial.reference), condition, pixels(images, digest)


def asked(plan):
    return [trial for trial in plan.trials if not trial.is_sentinel]


def flat(side=100, value=200):
    return load(np.full((side, side, 3), value, np.uint8), name="sky.png")


@pytest.mark.parametrize("kind", ["2afc", "jnd"])
def test_a_condition_makes_what_is_shown_from_the_trials_reference(photos, kind):
    plan, images = random_plan(photos, kind, 6, Setup(sentinels=4, seed=3))
    for reference, condition, shown in versions(plan, images):
        made = Recipe.from_link(condition).apply(reference) if condition else reference
        assert reference.shape == (64, 64, 3)
        assert np.array_equal(made, shown)
    used = {digest for trial in plan.trials for digest in (trial.reference, trial.a, trial.b)}
    assert used == set(images)
    for trial in plan.trials:
        assert load(images[trial.reference], name="x").digest == trial.reference
        assert trial.scene.endswith(f" 64x64 {trial.reference[:12]}")


@pytest.mark.parametrize("kind", ["2afc", "jnd"])
def test_equal_seeds_draw_equal_sessions_and_others_do_not(photos, kind):
    drawn = [random_plan(photos, kind, 4, Setup(seed=seed)) for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1]
    assert not set(drawn[0][1]) & set(drawn[2][1])


def test_pictures_share_the_patches_and_none_of_them_is_flat(photos):
    plan, images = random_plan(photos, count=7, setup=Setup(sentinels=0))
    names = [trial.scene.split(" (")[0] for trial in plan.trials]
    assert sorted(names.count(photo.name) for photo in photos) == [2, 2, 3]
    assert all(structure(pixels(images, trial.reference)) >= STRUCTURE for trial in plan.trials)


def test_a_patch_is_cut_where_something_is_to_be_seen():
    half = flat(200).pixels.copy()
    half[:, 150:] = np.random.default_rng(0).integers(0, 255, (200, 50, 3))
    rng = np.random.default_rng(1)
    for _ in range(10):
        found = patch(derive(flat(), half, name="Half"), rng)
        left, top = map(int, found.name.removeprefix("Half (").removesuffix(")").split(", "))
        assert left + 64 > 150 + 16  # half of its four columns of parts at least
        assert np.array_equal(found.pixels, half[top : top + 64, left : left + 64])


def test_random_recipes_are_the_papers_sequences_and_a_jnd_trials_are_weak(photos):
    plan, _ = random_plan(photos, "jnd", 12, Setup(sentinels=0))
    for trial in plan.trials:
        assert trial.condition_a == ""
        assert tuple(step.name for step in Recipe.from_link(trial.condition_b)) in pairs()
    assert weakened(1) == 0.5
    assert np.median([weakened(drawn) for drawn in np.linspace(0, 1, 1001)]) == pytest.approx(1 / 8)


def test_more_versions_of_a_patch_are_compared_in_pairs_that_connect_them(photos):
    plan, _ = random_plan(photos, count=15, setup=Setup(sentinels=1), versions=5)
    pairs_of = {}
    for trial in asked(plan):
        pairs_of.setdefault(trial.reference, []).append({trial.a, trial.b})
    assert [len(found) for found in pairs_of.values()] == [10, 5]
    for found in pairs_of.values():
        assert all(len(pair) == 2 for pair in found)
        assert len(set(map(frozenset, found))) == len(found)
        reached = set(found[0])
        for _ in found:
            reached |= set().union(*(pair for pair in found if pair & reached))
        assert len(reached) == 5


def test_a_family_names_what_changes_most_on_either_side(photos):
    plan, images = random_plan(photos, count=8, setup=Setup(sentinels=0, seed=1))
    for trial in plan.trials:
        reference, families = pixels(images, trial.reference), []
        for condition in (trial.condition_a, trial.condition_b):
            steps = sorted(
                Recipe.from_link(condition), key=lambda step: changed(reference, step.apply(reference))
            )
            families.append(steps[-1].entry.family)
        assert trial.family == " against ".join(sorted(set(families)))


def test_sentinels_of_2afc_hold_the_reference_itself_against_an_obvious_change(photos):
    plan, images = random_plan(photos, count=1, setup=Setup(sentinels=8))
    sentinels = [trial for trial in plan.trials if trial.is_sentinel]
    assert [trial.expected for trial in sentinels] == ["A", "B"] * 4
    assert {trial.family for trial in sentinels} == {"sentinel"}
    for trial in sentinels:
        right, wrong = (trial.a, trial.b) if trial.expected == "A" else (trial.b, trial.a)
        assert right == trial.reference
        assert changed(pixels(images, right), pixels(images, wrong)) >= TELLING
    assert len({trial.condition_a or trial.condition_b for trial in sentinels}) > 4


def test_sentinels_of_jnd_are_the_same_picture_or_an_obviously_different_one(photos):
    plan, images = random_plan(photos, "jnd", 1, Setup(sentinels=4))
    same, different = plan.trials[1::2], plan.trials[2::2]
    assert all(trial.expected == "same" and trial.a == trial.b for trial in same)
    for trial in different:
        assert trial.expected == "different"
        assert changed(pixels(images, trial.a), pixels(images, trial.b)) >= TELLING


@pytest.fixture
def brought(photos):
    cat = derive(photos[0], photos[0].pixels[:40, :50], name="cat.png")
    return [
        Brought(cat, *(derive(cat, 255 - cat.pixels // part, name="p.png") for part in (one, one + 1)))
        for one in (1, 3)
    ]


def test_brought_pictures_are_shown_as_they_are_under_names_that_tell_them_apart(brought):
    plan, images = brought_plan(brought, setup=Setup("<b>Mine</b>\n", sentinels=3))
    assert plan.title == "<b>Mine</b>"
    for trial, each in zip(plan.trials, brought, strict=False):
        assert trial.scene == scene_of(each.reference)
        assert np.array_equal(pixels(images, trial.a), each.a.pixels)
        assert np.array_equal(pixels(images, trial.b), each.b.pixels)
    conditions = {(c, d) for t in asked(plan) for c, d in ((t.condition_a, t.a), (t.condition_b, t.b))}
    assert len(dict(conditions)) == len(conditions) == 4
    assert all(condition.startswith("p.png") for condition, _ in conditions)


def test_a_brought_jnd_trial_holds_the_reference_against_one_version(brought):
    plan, _ = brought_plan([Brought(each.reference, each.a) for each in brought], "jnd")
    assert [(trial.condition_a, trial.a) for trial in plan.trials[:2]] == [
        ("", each.reference.digest) for each in brought
    ]
    assert [trial.b for trial in plan.trials[:2]] == [each.a.digest for each in brought]


def test_the_pairs_on_which_metrics_disagree_become_trials(photos):
    reference = derive(photos[0], photos[0].pixels[:40, :40])
    jpeg = GridVersion(Step.at("jpeg", 0.5), "a", (30.0, 0.9))
    shift = GridVersion(Step.at("shift", 0.5), "b", (20.0, 0.1))
    rows = [GridRow("jpeg", (jpeg,)), GridRow("shift", (shift,))]
    found = disagreements(reference, (PSNR, Method(device="cpu")), rows)
    told = []
    plan, images = card_plan(
        reference, found.cards, Setup(sentinels=1), progress=lambda *done: told.append(done)
    )
    (trial,) = asked(plan)
    assert trial.family == "compression against spatial"
    left, right = found.cards[0].sides(0)
    assert (trial.condition_a, trial.condition_b) == (left.link, right.link)
    assert trial.b == distorted(reference, right.step).digest
    assert trial.a in images
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("ask", "error", "mend"),
    [
        (lambda photo: random_plan([photo], count=0), SettingError, "1 to 500"),
        (lambda photo: random_plan([photo], count=MOST_TRIALS + 1), SettingError, "1 to 500"),
        (lambda photo: random_plan([photo], count=True), SettingError, "whole number"),
        (lambda photo: random_plan([photo], versions=1), SettingError, "2 to 20"),
        (lambda photo: random_plan([photo], "3afc"), SettingError, "2afc, jnd"),
        (lambda photo: random_plan([]), ImageError, "at least one"),
        (lambda photo: random_plan([flat(63)]), ImageError, "at least 64 pixels"),
        (lambda photo: random_plan([photo, flat(63)], count=1), ImageError, "sky.png is 63 × 63"),
        (lambda photo: random_plan([flat()]), ImageError, "sky.png is flat"),
        (lambda photo: random_plan([photo], setup=Setup(each=23)), SettingError, "23 trials of 22"),
        (lambda photo: Setup(sentinels=51), SettingError, "0 to 50"),
        (lambda photo: Setup(seed=-1), SettingError, "seed"),
        (lambda photo: Setup(most=0), SettingError, "participants"),
        (lambda photo: Setup(each=0), SettingError, "each participant"),
        (lambda photo: Setup(choosing="best"), SettingError, "active"),
        (lambda photo: brought_plan([]), SettingError, "1 to 500"),
        (lambda photo: brought_plan([Brought(photo, photo)]), SettingError, "bring two"),
        (lambda photo: brought_plan([Brought(photo, photo, photo)]), ImageError, "same picture"),
        (lambda photo: brought_plan([Brought(photo, photo, photo)], "jnd"), SettingError, "bring one"),
        (lambda photo: brought_plan([Brought(photo, flat(), photo)]), ImageError, "in one size"),
        (lambda photo: brought_plan([Brought(flat(15), flat(15), flat(15))]), ImageError, "16 to 1024"),
        (lambda photo: brought_plan([Brought(flat(1025), flat(1025))]), ImageError, "16 to 1024"),
        (lambda photo: card_plan(photo, []), SettingError, "1 to 500"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(photos, ask, error, mend):
    with pytest.raises(error, match=mend) as raised:
        ask(photos[0])
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_a_session_of_too_many_bytes_is_refused_before_it_is_whole(photos, monkeypatch):
    monkeypatch.setattr("explorer.judgments.asking.drafts.MOST_BYTES", 100_000)
    made = []
    with pytest.raises(ImageError, match="more than the 0 MB of a session; bring fewer"):
        random_plan(photos, count=60, progress=lambda done, _: made.append(done))
    assert len(made) < 30
