"""The public face, `explorer.measure`: what it takes, what it returns, and what it refuses."""

import functools
import io
import json

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.backbones import BACKBONES
from explorer.distortions import distort
from explorer.samples import FOLDER

# Whatever else this machine has: only on the CPU do all ways to one number agree to the last bit.
measure = functools.partial(explorer.measure, device="cpu")


@pytest.fixture(scope="module")
def pixels(photo):
    """Reference and distorted, uint8 (H, W, 3)."""
    reference = photo("cat", (120, 90)).pixels
    return reference, distort(reference, "gaussian_blur", 0.5)


@pytest.fixture(scope="module")
def measured(pixels):
    return measure(*pixels)


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_the_result_says_what_was_measured_and_how(measured):
    assert (measured.backbone, measured.heads, measured.size) == ("alexnet", "lpips-0.1", (120, 90))
    assert (measured.weights, measured.device, measured.precision) == ("trained", "cpu", "float32")
    assert measured.is_published
    assert [layer.name for layer in measured.layers] == ["conv1", "conv2", "conv3", "conv4", "conv5"]
    assert [layer.channels for layer in measured.layers] == [64, 192, 384, 256, 256]
    assert measured.notes == ()
    assert 0 < measured.score < 2
    assert 0 < measured.psnr < 60
    assert 0 < measured.ssim < 1


@pytest.mark.parametrize("form", ["path", "text path", "bytes", "pillow", "picture"])
def test_every_form_of_the_same_image_gives_the_same_score(form, pixels, measured, tmp_path):
    def as_form(number):
        array = pixels[number]
        path = tmp_path / f"{number}.png"
        path.write_bytes(png(array))
        forms = {
            "path": path,
            "text path": str(path),
            "bytes": png(array),
            "pillow": Image.fromarray(array),
            "picture": explorer.images.load(array),
        }
        return forms[form]

    assert measure(as_form(0), as_form(1)).score == measured.score


def test_json_holds_the_named_keys_and_plain_values(measured):
    plain = json.loads(json.dumps(measured.to_dict(), allow_nan=False))
    assert plain == measured.to_dict()
    assert (plain["weights"], plain["precision"], plain["longest_side"]) == ("trained", "float32", None)
    assert plain["size"] == plain["given"] == [120, 90]
    assert plain["score"] == measured.score
    rows, columns = measured.layers[0].map.shape
    assert plain["layers"][0]["grid"] == [columns, rows]  # as sizes are
    assert plain["citation"].startswith("LPIPS (Zhang et al., CVPR 2018); LPIPS Explorer ")
    assert [file["name"] for file in plain["weights_files"]] == [
        "alexnet.safetensors",
        "alexnet-lpips-0.1.safetensors",
    ]


def test_a_measurement_knows_its_pictures_as_they_were_measured(pixels):
    reference = explorer.images.load(pixels[0], name="cat.png")
    small = measure(reference, pixels[1], size=60)
    assert (small.reference.name, small.distorted.name) == ("cat.png", "distorted")
    assert small.reference.digest == explorer.images.resize(reference, 60).digest != reference.digest
    assert (small.given, small.size, small.longest_side) == ((120, 90), (60, 45), 60)


def test_chosen_layers_equal_those_of_the_whole(pixels, measured):
    chosen = measure(*pixels, layers=["conv3", "conv1"])
    expected = [layer for layer in measured.layers if layer.name in ("conv1", "conv3")]
    assert [layer.name for layer in chosen.layers] == ["conv1", "conv3"]
    assert [layer.distance for layer in chosen.layers] == [layer.distance for layer in expected]
    assert chosen.score == pytest.approx(sum(layer.distance for layer in expected), rel=1e-12)


def test_one_layer_may_be_named_by_a_plain_string(pixels, measured):
    assert measure(*pixels, layers="conv2").score == measured.layers[1].distance


def test_layers_named_twice_count_once(pixels, measured):
    score = measured.layers[1].distance + measured.layers[2].distance
    assert measure(*pixels, layers=["conv2", "conv3", "conv2"]).score == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("backbone", ["alexnet", "vgg16"])
def test_without_a_name_the_backbones_first_heads_are_taken(backbone, pixels, vgg16_weights):
    measurement = measure(*pixels, backbone=backbone)
    assert measurement.heads == BACKBONES[backbone].head_names[0]


def test_a_node_of_the_network_is_measured_with_uniform_heads_and_is_not_as_published(pixels):
    measurement = measure(*pixels, heads="uniform", layers=["features.12", "conv1", "features.2"])
    assert [layer.name for layer in measurement.layers] == ["conv1", "features.2", "features.12"]
    assert [layer.channels for layer in measurement.layers] == [64, 64, 256]
    assert [layer.grid for layer in measurement.layers] == [(21, 29), (10, 14), (1, 2)]
    assert not measurement.is_published


def test_a_default_layer_by_its_nodes_name_is_that_layer(pixels, measured):
    measurement = measure(*pixels, layers=["features.4"])
    assert [layer.name for layer in measurement.layers] == ["conv2"]
    assert measurement.score == measured.layers[1].distance


def test_a_node_without_a_cell_at_this_size_is_refused_by_its_name(photo):
    small = photo("cat", (48, 40)).pixels
    assert measure(small, small, heads="uniform").score == 0
    with pytest.raises(
        explorer.ImageError, match=r"48 × 40 pixels, at which AlexNet's layer features\.12 has no"
    ):
        measure(small, small, heads="uniform", layers=["conv1", "features.12"])


def test_a_size_measures_both_images_smaller_and_notes_it(pixels):
    measurement = measure(*pixels, size=80)
    assert measurement.size == (80, 60)
    assert len(measurement.notes) == 2
    assert str(measurement.notes[0]).startswith("reference: resized from 120 × 90 to 80 × 60")


def test_a_size_never_scales_up(pixels, measured):
    larger = measure(*pixels, size=4096)
    assert (larger.size, larger.score, larger.notes) == ((120, 90), measured.score, ())


def test_conversions_of_either_image_are_noted():
    rocket = FOLDER / "rocket.jpg"  # Adobe RGB
    notes = [str(note) for note in measure(rocket, rocket, size=64).notes]
    assert any(note.startswith("reference:") and "Adobe RGB" in note for note in notes)
    assert any(note.startswith("distorted:") and "Adobe RGB" in note for note in notes)


@pytest.mark.parametrize(("fit", "size"), [("resize", (120, 90)), ("crop", (100, 80))])
def test_two_sizes_are_fitted_in_the_way_asked_for(fit, size, pixels):
    measurement = measure(pixels[0], pixels[1][:80, :100], fit=fit)
    assert measurement.size == size
    assert measurement.notes


def test_two_sizes_are_refused_with_both_mends(pixels):
    with pytest.raises(explorer.SizeMismatchError, match=r"120 × 90.*100 × 80.*resize.*crop") as caught:
        measure(pixels[0], pixels[1][:80, :100])
    assert (caught.value.reference_size, caught.value.distorted_size) == ((120, 90), (100, 80))


@pytest.mark.parametrize("side", [1, 20, 30])
def test_an_image_below_the_smallest_side_is_refused(side):
    small = np.zeros((side, side, 3), dtype=np.uint8)
    with pytest.raises(explorer.ImageError, match=rf"{side} × {side} pixels, but AlexNet needs at least 31"):
        measure(small, small)


def test_a_size_that_makes_the_short_side_too_small_is_refused(pixels):
    with pytest.raises(explorer.ImageError, match=r"40 × 30 pixels, but AlexNet needs at least 31"):
        measure(*pixels, size=40)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"backbone": "vgg99"}, r"no backbone 'vgg99'; choose one of: .*alexnet"),
        ({"backbone": None}, r"no backbone None; choose one of: .*alexnet"),
        ({"heads": "lpips-9"}, r"no heads 'lpips-9'; choose one of: lpips-0.1, lpips-0.0, uniform"),
        ({"heads": ["uniform"]}, r"no heads \['uniform'\]; choose one of: lpips-0.1"),
        (
            {"backbone": "resnet18", "heads": "lpips-0.1"},
            r"ResNet-18 has no heads .*; choose one of: uniform",
        ),
        ({"layers": ["conv9"]}, r"no layer 'conv9'; choose from: conv1, .*conv5"),
        ({"layers": [None]}, r"no layer None; choose from: conv1, .*conv5"),
        ({"layers": 5}, r"5 is no list of layers; choose from: conv1, .*conv5"),
        ({"layers": []}, r"choose at least one of: conv1, .*conv5"),
        ({"layers": "features.2"}, r"AlexNet's node features\.2 has no weights in the heads lpips-0\.1"),
        ({"layers": ["conv1", "features.99"], "heads": "uniform"}, r"no layer 'features\.99'"),
        ({"weights": "pretrained"}, r"no weights 'pretrained'; choose one of: trained, random"),
        ({"precision": "fp16"}, r"no precision 'fp16' on the device cpu; choose one of: float32, bf16"),
        ({"precision": "tf32"}, r"no precision 'tf32' on the device cpu"),
        ({"device": "tpu"}, r"no device 'tpu' on this machine; choose one of: auto, .*cpu"),
        ({"size": 0}, r"0 is no size"),
        ({"size": float("nan")}, r"nan is no size"),
        ({"fit": "stretch"}, r"'stretch' is no way to fit"),
    ],
)
def test_a_bad_setting_is_refused_with_what_may_stand_there(settings, message, pixels):
    with pytest.raises(explorer.SettingError, match=message):
        measure(*pixels, **settings)


@pytest.mark.parametrize("source", [b"", b"not an image", "nowhere.png", np.zeros((40, 40), np.uint8), 5])
def test_what_is_no_image_is_refused_on_either_side(source, pixels):
    for arguments in ((source, pixels[0]), (pixels[0], source)):
        with pytest.raises(explorer.ImageError):
            measure(*arguments)


def test_every_error_that_a_user_can_mend_is_an_explorer_error():
    for error in (explorer.ImageError, explorer.SettingError, explorer.WeightsError):
        assert issubclass(error, explorer.ExplorerError)
    assert issubclass(explorer.SizeMismatchError, explorer.ImageError)


def test_the_default_backbone_is_in_the_catalogue(measured):
    assert measured.backbone in BACKBONES
