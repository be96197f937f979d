"""What a layer keeps: its distance falls, whatever others say, by the original's numbers."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

import explorer
from benchmarks.others import lpips_model
from explorer import synthesis
from explorer.errors import SettingError
from explorer.images import load
from explorer.metrics import Method
from explorer.synthesis.inversion import REDIRECTED, Inversion
from explorer.synthesis.keeping import (
    STEPS,
    Keeping,
    distance_in,
    read_groups,
    text_of,
    usual_groups,
)
from explorer.synthesis.objective import Objective
from explorer.synthesis.parametrisation import PARAMETRISATIONS, find_parametrisation
from explorer.synthesis.process import run
from explorer.synthesis.starts import STARTS, start_picture

LAYERS = Method().layers


def left(journey, name):
    """The distances of a run's own layers at the start and at the end."""
    frames, group = journey.frames(name), tuple(name.split(","))
    return [distance_in(frame, journey.plan.method.layers, group) for frame in (frames[0], frames[-1])]


def by_the_original(reference, picture):
    """Distances of AlexNet's layers by `lpips`, of a picture that was saved as PNG and read again."""
    stream = io.BytesIO()
    Image.fromarray(picture.pixels).save(stream, "PNG")
    saved = load(stream.getvalue())
    x0, x = (torch.tensor(each.pixels).permute(2, 0, 1)[None] / 127.5 - 1 for each in (reference, saved))
    with torch.no_grad():
        _, layers = lpips_model()(x0, x, retPerLayer=True)
    return [float(layer) for layer in layers]


def process(reference, layers, by="pixels", start="noise", seed=0):
    objective = Objective(Method(layers=layers, device="cpu"), reference)
    return Inversion(
        objective,
        start_picture(reference, start, seed),
        find_parametrisation(by, reference.pixels.shape[:2]),
    )


@pytest.mark.parametrize(
    ("layer", "size", "steps"),
    [
        ("conv2", 64, 60),
        *(pytest.param(layer, 128, STEPS, marks=pytest.mark.grid) for layer in LAYERS),
    ],
)
def test_a_layer_alone_comes_below_5_percent_of_the_start_by_the_original_on_the_saved_picture(
    photo, layer, size, steps
):
    reference = photo("cat", (size, size))
    made = synthesis.invert(reference, layer, steps=steps, device="cpu")
    before, after = left(made, layer)
    assert after < 0.05 * before
    frames = made.frames(layer)
    for frame, own in ((frames[0], before), (frames[-1], after)):
        distances = by_the_original(reference, frame.picture)
        assert own == pytest.approx(distances[LAYERS.index(layer)], abs=1e-5)
        assert frame.standing.values[made.plan.method] == pytest.approx(sum(distances), abs=1e-5)
    # What this layer keeps is not what all keep.
    assert frames[-1].standing.values[made.plan.method] > 3 * after


def test_several_layers_are_met_together_and_others_beside_them_alone(photo):
    reference = photo("astronaut", (48, 40))
    made = synthesis.invert(reference, ["conv1", "conv3,conv2"], steps=4, device="cpu")
    assert made.runs == ("conv1", "conv2,conv3")
    assert all(after < before for before, after in (left(made, name) for name in made.runs))
    alone, together = (made.frames(name)[-1] for name in made.runs)
    assert left(made, "conv1")[1] < together.standing.distances[0]
    layers = distance_in(alone, LAYERS, ("conv2", "conv3"))
    assert left(made, "conv2,conv3")[1] < layers
    assert not np.array_equal(alone.picture.pixels, together.picture.pixels)


def test_without_heads_the_distance_is_that_of_uniform_ones(photo):
    reference = photo("cat", (48, 48))
    made = synthesis.invert(reference, "conv2", heads="uniform", steps=3, device="cpu")
    before, after = left(made, "conv2")
    assert after < before
    measured = explorer.measure(
        reference, made.frames("conv2")[-1].picture, heads="uniform", layers=("conv2",), device="cpu"
    )
    assert after == pytest.approx(measured.score, rel=1e-5)


@pytest.mark.parametrize("by", PARAMETRISATIONS)
@pytest.mark.parametrize("start", ["noise", "grey", "coffee"])
def test_from_every_start_and_however_it_is_drawn_a_layer_comes_nearer(photo, by, start):
    reference = photo("cat", (45, 50))
    made = synthesis.invert(reference, "conv2", start, by, steps=12, device="cpu")
    before, after = left(made, "conv2")
    assert after < 0.5 * before
    first = made.frames("conv2")[0].picture.pixels.astype(int)
    # What a sigmoid cannot hold, black and white, begins a quarter of a level beside it.
    assert np.array_equal(first, start_picture(reference, start).pixels)


def test_smooth_pictures_vary_less_than_those_of_the_raw_gradient(photo):
    reference = photo("cat", (48, 48))

    def varies(by):
        pixels = synthesis.invert(reference, "conv1", by=by, steps=25, device="cpu").frames("conv1")[-1]
        return np.abs(np.diff(pixels.picture.pixels.astype(int), axis=0)).mean()

    assert varies("smooth") < 0.7 * varies("pixels")


@pytest.mark.parametrize("by", PARAMETRISATIONS)
def test_a_run_that_was_interrupted_gives_the_same_bits_as_one_that_was_not(photo, by):
    reference = photo("cat", (40, 33))
    whole = list(run(process(reference, ("conv1",), by), REDIRECTED + 3))
    broken = whole[REDIRECTED - 2]
    *_, last = run(process(reference, ("conv1",), by), REDIRECTED + 3, broken)
    assert torch.equal(last.levels, whole[-1].levels)
    assert last.value == whole[-1].value


def test_the_seed_makes_another_noise_and_another_picture_and_the_same_one_the_same(photo):
    reference = photo("cat", (40, 40))
    ends = [
        [point.pixels.tobytes() for point in run(process(reference, ("conv2",), seed=seed), 3)]
        for seed in (1, 1, 2)
    ]
    assert ends[0] == ends[1]
    assert not set(ends[1]) & set(ends[2])


@pytest.mark.parametrize("start", STARTS)
def test_a_start_knows_nothing_of_the_reference_but_its_size(photo, start):
    pictures = [start_picture(photo(name, (52, 37)), start, 4) for name in ("brick", "china")]
    assert pictures[0].size == (52, 37)
    assert start in ("brick", "china") or pictures[0].digest == pictures[1].digest


def test_noise_is_weak_and_grey_is_flat(photo):
    noise, grey = (start_picture(photo("cat", (64, 64)), name).pixels for name in ("noise", "grey"))
    assert noise.std() == pytest.approx(8, rel=0.03)
    assert noise.mean() == pytest.approx(127.5, abs=0.3)
    assert np.unique(grey).tolist() == [128]


def test_deep_layers_come_farther_where_units_that_are_off_are_reached(photo, monkeypatch):
    reference = photo("cat", (64, 64))

    def after(steps):
        monkeypatch.setattr("explorer.synthesis.inversion.REDIRECTED", steps)
        *_, last = run(process(reference, ("conv5",)), 30)
        return last.value

    assert after(15) < 0.8 * after(0)


def test_what_is_asked_for_in_vain_is_said(photo):
    reference = photo("cat", (40, 40))
    for arguments, said in (
        ({"layers": "conv9"}, "no layer 'conv9'; choose from: conv1"),
        ({"layers": []}, "choose at least one"),
        ({"layers": ["conv1", "conv2", "conv3", "conv4", "conv5", "conv1,conv2"]}, "at most 5"),
        ({"by": "crayon"}, "choose one of pixels, fourier, smooth"),
        ({"start": reference}, "The start is the reference itself"),
        ({"backbone": "dists"}, "no gradient here"),
        ({"steps": 10_000}, "from 1 to 2000"),
    ):
        with pytest.raises(SettingError, match=said):
            synthesis.invert(reference, **arguments)
    with pytest.raises(SettingError, match="There is no start 'fog'; choose one of noise, grey"):
        Keeping(reference, (("conv1",),), Method(), "fog")
    with pytest.raises(explorer.ImageError, match="needs at least 31"):
        synthesis.invert(photo("cat", (24, 24)), steps=1)


def test_equal_questions_have_one_key_and_others_have_others(photo):
    asked = Keeping(photo("cat", (40, 40)), (("conv2", "conv1"),), Method())
    assert asked.key == replace(asked, groups=(("conv1", "conv2"),)).key
    assert replace(asked, start="grey").key == replace(asked, start="grey", seed=3).key
    others = [
        replace(asked, seed=3),
        replace(asked, by="smooth"),
        replace(asked, start="coffee"),
        replace(asked, groups=(("conv1",), ("conv2",))),
        replace(asked, method=Method(heads="uniform")),
        replace(asked, reference=photo("brick", (40, 40))),
    ]
    assert len({asked.key, *(each.key for each in others)}) == 1 + len(others)


def test_it_is_asked_how_a_picture_is_drawn_by_height_and_width(photo, monkeypatch):
    asked = []

    def found(name, size):
        asked.append(size)
        return find_parametrisation(name, size)

    monkeypatch.setattr("explorer.synthesis.keeping.find_parametrisation", found)
    Keeping(photo("cat", (40, 33)), (("conv1",),), Method(device="cpu"), by="fourier").plan().make()
    assert asked == [(33, 40)] * 2


def test_groups_are_read_back_as_they_were_written():
    groups = (("conv1",), ("conv3", "conv4"))
    assert read_groups(text_of(groups)) == groups
    assert read_groups(" conv1 ;; conv3,") == (("conv1",), ("conv3",))
    assert usual_groups(LAYERS) == (("conv1",), ("conv3",), ("conv5",))
    assert usual_groups(("conv1", "conv2")) == (("conv1",), ("conv2",))
    assert usual_groups(("conv4",)) == (("conv4",),)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
@pytest.mark.parametrize("by", PARAMETRISATIONS)
def test_on_a_gpu_a_picture_grows_as_on_the_cpu_and_stays_there(photo, by):
    reference = photo("cat", (64, 64))
    objective = Objective(Method(layers=("conv2",)), reference, "cuda")
    start = start_picture(reference, "noise")
    grown = Inversion(objective, start, find_parametrisation(by, (64, 64)))
    *_, there = run(grown, 5)
    *_, here = run(process(reference, ("conv2",), by), 5)
    assert {tensor.device.type for tensor in (there.levels, there.slope, *there.memory)} == {"cuda"}
    assert there.value == pytest.approx(here.value, rel=0.01)
