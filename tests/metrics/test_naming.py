"""What a way of measuring is called: the metric's name is for the metric as it was published."""

from dataclasses import replace

import pytest

import explorer
from explorer.backbones import BACKBONES, HEADS
from explorer.metrics import Method
from explorer.metrics.naming import DISTANCE, possessive

LEARNED = [(row.name, heads) for row in BACKBONES.values() for heads in row.heads]


@pytest.mark.parametrize(
    ("method", "label", "heading"),
    [
        (Method(), "AlexNet · LPIPS v0.1", "LPIPS · AlexNet · v0.1"),
        (Method(heads="lpips-0.0"), "AlexNet · LPIPS v0.0", "LPIPS · AlexNet · v0.0"),
        (Method("dists"), "VGG16 · DISTS", "DISTS · VGG16"),
        (Method("vgg16_shift"), "VGG16, shift-tolerant · ST-LPIPS", "ST-LPIPS · VGG16, shift-tolerant"),
        (Method(heads="uniform"), "AlexNet · uniform heads", "Distance · AlexNet · uniform heads"),
        (
            Method(weights="random"),
            "AlexNet · uniform heads on random weights",
            "Distance · AlexNet · uniform heads on random weights",
        ),
        (
            Method(weights="random", heads="lpips-0.1"),
            "AlexNet · LPIPS' v0.1 heads on random weights",
            "Distance · AlexNet · LPIPS' v0.1 heads on random weights",
        ),
        (
            Method(layers=("conv5",)),
            "AlexNet · conv5 alone, with LPIPS' v0.1 heads",
            "Distance · AlexNet · conv5 alone, with LPIPS' v0.1 heads",
        ),
        (
            Method(precision="bf16", device="cpu"),
            "AlexNet · LPIPS v0.1 · bf16",
            "LPIPS · AlexNet · v0.1 · bf16",
        ),
    ],
    ids=lambda value: value.text if isinstance(value, Method) else "",
)
def test_a_name_says_what_was_measured_with(method, label, heading):
    assert (method.label, method.name.label, method.name.heading) == (label, label, heading)


@pytest.mark.parametrize(("backbone", "heads"), LEARNED)
def test_learned_heads_have_the_metrics_name_on_trained_weights_and_all_their_layers_and_nowhere_else(
    backbone, heads
):
    method, metric = Method(backbone, heads), HEADS[heads].metric
    assert method.is_published
    assert method.name.metric == metric
    others = (replace(method, weights="random"), replace(method, layers=method.layers[1:]))
    for other in others:
        assert not other.is_published
        assert other.name.metric == DISTANCE
        # The name is left only as the owner of the heads.
        assert metric not in other.label.replace(possessive(metric), "")


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (("conv2", "conv4"), "conv2 and conv4 alone, with uniform heads"),
        (("conv1", "conv2", "conv3"), "3 of 5 layers, with uniform heads"),
        (("conv1", "features.2", "conv3"), "3 layers and nodes, with uniform heads"),
    ],
)
def test_a_choice_of_layers_is_said_in_a_few_words(layers, words):
    assert Method(heads="uniform", layers=layers).name.how == words


@pytest.mark.parametrize("how", [{}, {"weights": "random"}, {"layers": ("conv2",)}, {"heads": "uniform"}])
def test_a_measurement_is_called_as_the_method_that_made_it(how, pair):
    method = Method(**how)
    measurement = explorer.measure(pair.reference, pair.distorted, size=64, **how)
    assert (measurement.name, measurement.is_published) == (method.name, method.is_published)
    assert measurement.word == method.word
    said = measurement.to_dict()
    assert (said["metric"], said["published"]) == (method.label, method.is_published)


def test_the_version_of_heads_never_reads_as_a_value():
    for heads in HEADS.values():
        assert heads.label == (f"{heads.metric} {heads.version}" if heads.version else heads.label)
        assert not any(part.replace(".", "").isdecimal() for part in heads.label.split())


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({}, "alexnet-v0.1"),
        ({"heads": "lpips-0.0"}, "alexnet-v0.0"),
        ({"backbone": "vgg16_shift"}, "vgg16-shift-st-lpips"),
        ({"backbone": "dists"}, "dists"),
        ({"backbone": "dists", "heads": "dists", "weights": "random"}, "dists-heads-random"),
        ({"weights": "random"}, "alexnet-uniform-random"),
        ({"weights": "random", "heads": "lpips-0.1"}, "alexnet-lpips-0.1-random"),
        ({"layers": ("conv5",)}, "alexnet-lpips-0.1-conv5"),
        ({"heads": "uniform", "layers": ("conv1", "conv2", "conv3")}, "alexnet-uniform-3-of-5-layers"),
        ({"precision": "bf16"}, "alexnet-v0.1-bf16"),
    ],
)
def test_the_word_for_files_tells_a_published_metric_from_all_else(how, word):
    assert Method(**how).word == word
