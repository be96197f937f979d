import itertools
import math
from dataclasses import replace

import pytest

from explorer.analysis.candidate_maps import PlacedLayerMaps
from explorer.analysis.candidate_numbers import Look, Wanted, candidates_task
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, distorted
from explorer.errors import ImageError, MissingWeightsError
from explorer.images import derive
from explorer.jobs import Pool
from explorer.metrics import Method, classic, compare, measure
from explorer.metrics.classic import ssim

LPIPS = Method("alexnet", "lpips-0.1", device="cpu")
UNIFORM = replace(LPIPS, heads="uniform")
RECIPES = (Recipe.at("jpeg", 0.6, 0), Recipe.at("gaussian_blur", 0.6, 0))


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (72, 48))


def ask(sources, *methods):
    return [Wanted(source, None, None, method) for method in methods for source in sources]


def compare_siblings(reference, candidate, method, progress):
    return compare(reference, candidate, method, siblings=True, progress=progress)


def task_of(reference, asked, numbers, make=distorted, compare=compare_siblings):
    return candidates_task(reference, asked, numbers, make, compare)


def run(task, is_wanted=lambda: True):
    job = Pool({"compute": 1}, budget=max(1, task.size)).start(task, is_wanted)
    assert job.wait(60)
    return job


def test_the_numbers_are_those_of_a_measurement_and_come_with_a_small_picture(reference):
    numbers = ByteBudgetCache(10**6)
    asked = ask(RECIPES, None, LPIPS)
    job = run(task_of(reference, asked, numbers))
    assert (job.state, job.done, job.total) == ("done", 4, 4)
    for index, recipe in enumerate(RECIPES):
        picture = distorted(reference, recipe)
        expected = measure(reference, picture)
        look, score = (numbers.get(asked[place].key(reference)) for place in (index, index + 2))
        assert isinstance(look, Look)
        assert (look.psnr, look.ssim) == (expected.psnr, expected.ssim)
        assert look.preview.digest == picture.digest  # it is small already
        assert score == pytest.approx(expected.score, rel=1e-5)  # a GPU's kernels depend on the batch's size
    assert dict(job.results) == {each.key(reference): numbers.get(each.key(reference)) for each in asked}


def test_a_size_and_a_fit_are_those_of_the_measurement(reference, photo):
    numbers = ByteBudgetCache(10**6)
    candidate = photo("coffee", (60, 60))
    method = replace(LPIPS, size=40)
    asked = [Wanted(candidate, "crop", 40, each) for each in (None, method)]
    run(task_of(reference, asked, numbers))
    expected = measure(reference, candidate, size=40, fit="crop")
    look, score = (numbers.get(each.key(reference)) for each in asked)
    assert look.psnr == expected.psnr
    assert score == pytest.approx(expected.score, rel=1e-6)


def test_heads_that_share_a_pass_are_measured_in_one(reference):
    passes = []

    def counted(*arguments):
        passes.append(arguments)
        return compare_siblings(*arguments)

    numbers = ByteBudgetCache(10**6)
    asked = ask(RECIPES, LPIPS, UNIFORM)
    run(task_of(reference, asked, numbers, compare=counted))
    assert len(passes) == len(RECIPES)
    assert all(numbers.get(each.key(reference)) for each in asked)


def test_maps_come_in_the_pass_of_the_numbers_and_count_for_what_they_hold(reference):
    passes = []

    def counted(*arguments):
        passes.append(arguments)
        return compare_siblings(*arguments)

    numbers = ByteBudgetCache(10**7)
    asked = [replace(each, with_maps=True) for each in ask(RECIPES, None, LPIPS)] + ask(RECIPES, UNIFORM)
    job = run(task_of(reference, asked, numbers, compare=counted))
    assert len(passes) == len(RECIPES)
    assert job.total == len(asked)
    looks, maps = (
        [numbers.get(each.key(reference)) for each in asked[start : start + 2]] for start in (0, 2)
    )
    held = sum(each.maps.bytes for each in looks) + sum(each.bytes for each in maps)
    assert held < numbers.used < 1.5 * held
    for recipe, look, own in zip(RECIPES, looks, maps, strict=True):
        assert isinstance(own, PlacedLayerMaps)
        assert look.maps.picture.digest == distorted(reference, recipe).digest
        expected = measure(reference, distorted(reference, recipe))
        assert own.measurement.score == pytest.approx(expected.score, rel=1e-5)


def test_ssim_is_computed_once_a_candidate_for_its_look_its_maps_and_all_networks(photo, monkeypatch):
    reference = photo("coffee", (52, 44))  # of which no other test asks
    computed = []

    def counted(first, second):
        computed.append(first.shape)
        return ssim(first, second)

    monkeypatch.setattr(classic, "ssim", counted)
    vgg = Method("vgg16", "lpips-0.1", device="cpu")
    asked = [replace(each, with_maps=True) for each in ask(RECIPES, None, LPIPS)] + ask(RECIPES, vgg)
    job = run(task_of(reference, asked, ByteBudgetCache(10**7)))
    assert (job.state, len(job.results)) == ("done", len(asked))
    assert computed == [reference.pixels.shape] * len(RECIPES)
    answers = dict(job.results)
    for place in range(len(RECIPES)):
        look, own = (answers[each.key(reference)] for each in asked[place :: len(RECIPES)][:2])
        assert own.measurement.ssim == look.ssim


def test_a_candidate_is_made_once_for_all_that_is_asked_of_it(reference):
    made = []

    def make(picture, recipe):
        made.append(recipe)
        return distorted(picture, recipe)

    run(task_of(reference, ask(RECIPES, None, LPIPS), ByteBudgetCache(10**6), make))
    assert made == list(RECIPES)


def test_a_cancelled_job_keeps_what_came_and_the_rest_is_another_job(reference):
    numbers = ByteBudgetCache(10**6)
    asked = ask(RECIPES, None, LPIPS)
    answers = itertools.chain([True] * 3, itertools.repeat(False))
    job = run(task_of(reference, asked, numbers), lambda: next(answers))
    assert job.state == "cancelled"
    assert 0 < len(job.results) < len(asked)
    assert all(numbers.get(key) is not None for key, _ in job.results)
    missing = [each for each in asked if numbers.get(each.key(reference)) is None]
    assert len(missing) == len(asked) - len(job.results)
    assert run(task_of(reference, missing, numbers)).state == "done"
    assert all(numbers.get(each.key(reference)) is not None for each in asked)


def test_weights_that_are_missing_fail_one_column_once_and_the_others_go_on(reference):
    calls = []

    def without_weights(first, second, method, progress):
        calls.append(method)
        if method.heads == "uniform":
            raise MissingWeightsError("gone", "alexnet")
        return compare_siblings(first, second, method, progress)

    asked = ask(RECIPES, replace(UNIFORM, weights="random"), LPIPS)
    job = run(task_of(reference, asked, ByteBudgetCache(10**6), compare=without_weights))
    assert job.state == "done"
    found = [dict(job.results)[each.key(reference)] for each in asked]
    assert all(isinstance(answer, MissingWeightsError) for answer in found[:2])
    assert all(math.isfinite(answer) for answer in found[2:])
    assert len(calls) == 3


def test_a_picture_that_is_too_small_fails_alone(photo):
    reference = photo("cat", (72, 48))
    narrow = photo("cat", (72, 8))
    asked = [
        Wanted(narrow, "crop", None, LPIPS),
        Wanted(derive(reference, reference.pixels), None, None, LPIPS),
    ]
    job = run(task_of(reference, asked, ByteBudgetCache(10**6)))
    first, second = (dict(job.results)[each.key(reference)] for each in asked)
    assert isinstance(first, ImageError)
    assert second == 0


def test_it_waits_for_the_memory_of_its_largest_pass(reference):
    numbers = ByteBudgetCache(1)
    small = task_of(reference, ask(RECIPES, LPIPS), numbers).size
    large = task_of(reference, ask(RECIPES, LPIPS, Method("vgg16", device="cpu")), numbers).size
    assert task_of(reference, ask(RECIPES, None), numbers).size < small < large


def test_a_reference_that_is_too_small_for_a_network_is_told_and_has_its_psnr(photo):
    reference = photo("cat", (10, 10))
    asked = ask(RECIPES[:1], None, LPIPS)
    job = run(task_of(reference, asked, ByteBudgetCache(10**6)))
    look, score = (dict(job.results)[each.key(reference)] for each in asked)
    assert (look.ssim, math.isfinite(look.psnr)) == (None, True)
    assert isinstance(score, ImageError)
