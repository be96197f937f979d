import io
import json
import logging
import math
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.analysis import cost
from explorer.distortions import distort
from explorer.jobs import pool
from explorer.samples import SAMPLES, load_sample
from explorer.views.common import compute, progress
from explorer.views.common.compute import measuring_job
from explorer.views.common.settings import Settings
from explorer.views.inspect.state import InspectState
from tests.grid import few

APP = str(Path(__file__).parents[2] / "app.py")
SECONDS = 180  # a cold start loads the network


def open_app(**query: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def tiles(at: AppTest) -> list[str]:
    (body,) = (e.proto.body for e in at.get("html") if 'class="tiles"' in e.proto.body)
    return re.findall(r"<strong>(.*?)</strong>", body)


def expected(size: int, **settings) -> str:
    pixels = load_sample("cat").pixels
    measurement = explorer.measure(pixels, distort(pixels, "jpeg", 0.5), size=size, **settings)
    return f"{measurement.score:.4f}"


def viewer_notes(at: AppTest) -> list[str]:
    sent = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    return [data["note"] for data in sent if "note" in data]


def sentences(at: AppTest) -> list[str]:
    return [error.value for error in at.error]


def picture(width: int, height: int, seed: int = 0, mode: str = "RGB") -> bytes:
    channels = len(mode)
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels.squeeze()).save(buffer, "PNG")
    return buffer.getvalue()


def wait_for_measurement(at: AppTest) -> None:
    """Until what is measured in the background is on the page: here no browser asks for it by itself."""
    session = at.session_state["session"]
    job = measuring_job(session) or session.state(InspectState).following.latest
    assert job is not None
    assert job.wait(SECONDS)
    at.run()


def choose_uploads(at: AppTest, reference: bytes, distorted: bytes, names=("a.png", "b.png")) -> AppTest:
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.segmented_control(key="setting_pairing").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value((names[0], reference, "image/png")).run()
    at.file_uploader(key="file_distorted").set_value((names[1], distorted, "image/png")).run()
    assert not at.exception
    return at


def test_the_first_screen_is_measured_and_agrees_with_the_python_interface():
    at = open_app()
    default = Settings()
    reference = load_sample(default.sample)
    distorted = distort(reference.pixels, default.distortion, default.severity, default.seed)
    measurement = explorer.measure(reference, distorted)
    assert tiles(at) == [
        f"{measurement.score:.4f}",
        f"{measurement.psnr:.2f} dB",
        f"{measurement.ssim:.4f}",
    ]
    assert sentences(at) == []


def test_the_share_bar_adds_to_one():
    sent = [json.loads(component.proto.json) for component in open_app().get("bidi_component")]
    (segments,) = [data["segments"] for data in sent if "segments" in data]
    assert len(segments) == 5
    assert math.isclose(sum(segment["share"] for segment in segments), 1)


@pytest.mark.parametrize("sample", few(SAMPLES))
def test_every_sample_opens_from_its_link(sample):
    at = open_app(sample=sample, distortion="gaussian_blur", severity="0.4", seed="0")
    assert float(tiles(at)[0]) > 0
    assert sentences(at) == []


def test_the_link_follows_the_controls_and_reopens_the_same_numbers():
    at = open_app()
    at.selectbox(key="setting_distortion").set_value("contrast").run()
    at.slider(key="setting_severity").set_value(0.5).run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("uniform").run()
    at.pills(key="setting_of_alexnet_layers").set_value(["conv1", "conv4"]).run()
    link = {
        name: values[0] if isinstance(values, list) else values for name, values in at.query_params.items()
    }
    assert link == {
        "sample": "cat",
        "distortion": "contrast",
        "severity": "0.5",
        "seed": "0",
        "heads": "uniform",
        "layers": "conv1,conv4",
    }
    assert tiles(open_app(**link)) == tiles(at)


def test_swapping_changes_the_order_and_not_the_score():
    at = open_app()
    before = tiles(at)
    assert any(caption.value.startswith("Reference: Cat") for caption in at.caption)
    at.button(key="swap").click().run()
    assert tiles(at) == before
    assert any(caption.value.startswith("Reference: JPEG") for caption in at.caption)
    assert at.query_params["swapped"] in ("1", ["1"])


def test_a_bad_link_is_named_and_the_default_shown():
    at = open_app(sample="nobody", severity="nan", swapped="1")
    (box,) = sentences(at)
    for sentence, words in zip(box.split("\n\n"), (("nobody", "cat"), ("nan", "finite")), strict=True):
        assert all(word in sentence for word in words)
    assert len(tiles(at)) == 3


def test_identical_images_show_zero_and_infinity_and_no_nan():
    at = open_app(distortion="jpeg", severity="0")
    assert tiles(at) == ["0.0000", "∞ dB", "1.0000"]
    assert "nan" not in " ".join(m.value for m in at.markdown).lower()
    assert any("identical" in e.proto.body for e in at.get("html"))


def test_the_last_layer_cannot_leave_the_sum():
    at = open_app(layers="conv3")
    before = tiles(at)
    at.pills(key="setting_of_alexnet_layers").set_value([]).run()
    assert len(sentences(at)) == 1
    assert at.pills(key="setting_of_alexnet_layers").value == ["conv3"]
    assert tiles(at) == before


def test_two_uploads_are_measured_as_given():
    first, second = picture(70, 50, 0), picture(70, 50, 1)
    at = choose_uploads(open_app(), first, second)
    assert sentences(at) == []
    assert tiles(at)[0] == f"{explorer.measure(first, second).score:.4f}"
    assert "sample" not in at.query_params


@pytest.mark.parametrize(
    ("data", "word"),
    few(
        [
            (picture(64, 64)[:300], "cut short"),
            (b"", "empty"),
            (b"just some text", "text|not an image"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"%PDF-1.7\n%", "PDF"),
        ],
        tuples=True,
    ),
    ids=["truncated", "empty", "text", "svg", "pdf"],
)
def test_a_bad_upload_is_named_and_the_pair_on_screen_stays(data, word):
    at = choose_uploads(open_app(), picture(70, 50, 0), picture(70, 50, 1))
    before = tiles(at)
    at.file_uploader(key="file_reference").set_value(("broken.png", data, "image/png")).run()
    assert len(sentences(at)) == 1
    assert "broken.png" in sentences(at)[0]
    assert re.search(word, sentences(at)[0])
    assert tiles(at) == before


@pytest.mark.parametrize("side", few([20, 1]))
def test_an_upload_below_the_smallest_side_is_named_and_the_pair_on_screen_stays(side):
    at = open_app()
    before = tiles(at)
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value(("tiny.png", picture(side, side), "image/png")).run()
    assert len(sentences(at)) == 1
    assert "31" in sentences(at)[0]
    assert tiles(at) == before


@pytest.mark.parametrize("fit", ["resize", "crop"])
def test_two_sizes_offer_two_mends_that_work(fit):
    first, second = picture(70, 50, 0), picture(64, 60, 1)
    at = open_app()
    before = tiles(at)
    choose_uploads(at, first, second)
    assert len(sentences(at)) == 1
    assert "70 × 50" in sentences(at)[0]
    assert "64 × 60" in sentences(at)[0]
    assert tiles(at) == before
    at.button(key=f"fit_{fit}").click().run()
    assert sentences(at) == []
    assert tiles(at)[0] == f"{explorer.measure(first, second, fit=fit).score:.4f}"


@pytest.fixture
def large_is_small(monkeypatch):
    """Large is a pair of more than 40,000 pixels, which is measured at 256 first: all else is as it is."""
    monkeypatch.setattr(cost, "MEGAPIXEL", 40_000)
    monkeypatch.setattr(cost, "FIRST_SIZE", 256)


@pytest.mark.usefixtures("large_is_small")
def test_numbers_as_given_follow_those_of_a_large_pair_by_themselves(monkeypatch):
    monkeypatch.setattr(progress, "YOUNG", 0.0)  # so small a pair is measured while the page looks
    first, second = picture(300, 225, 0), picture(300, 225, 1)
    at = choose_uploads(open_app(), first, second)
    small, whole = (explorer.measure(first, second, size=size) for size in (256, None))
    assert tiles(at)[0] == f"{small.score:.4f}"
    assert any("as given; first at 256 × 192" in caption.value for caption in at.caption)
    wait_for_measurement(at)
    assert tiles(at)[0] == f"{whole.score:.4f}"
    assert tiles(at)[2] == f"{whole.ssim:.4f}"
    assert any(
        caption.value.startswith("Before, at 256 × 192") and f"{small.score:.4f}" in caption.value
        for caption in at.caption
    )
    again = at.run()
    assert tiles(again)[0] == f"{whole.score:.4f}"


def test_a_pair_that_would_not_fit_is_not_measured_as_given_by_itself(monkeypatch):
    monkeypatch.setattr(pool, "budget", 10_000_000)
    at = choose_uploads(open_app(), picture(1200, 900, 2), picture(1200, 900, 3))
    assert any("These numbers are at 1024 × 768" in each.value and "GB" in each.value for each in at.caption)
    assert not at.exception


def test_sizes_that_cannot_be_had_are_disabled_with_their_reason():
    at = open_app(sample="text", distortion="gaussian_blur", severity="0.3", seed="0")  # 448 x 172
    assert at.button(key="size_64").disabled
    assert "31" in at.button(key="size_64").help
    assert at.button(key="size_512").disabled
    assert "enlarged" in at.button(key="size_512").help
    assert not at.button(key="size_256").disabled


def test_a_link_to_a_size_below_the_smallest_says_so_and_measures_as_given():
    at = open_app(sample="text", distortion="gaussian_blur", severity="0.3", seed="0", size="64")
    assert len(sentences(at)) == 1
    assert any("Measure at 448 × 172, as given" in caption.value for caption in at.caption)
    assert float(tiles(at)[0]) > 0


def test_what_was_converted_is_said():
    grey = picture(70, 50, 0, mode="L")
    at = choose_uploads(open_app(), grey, picture(70, 50, 1))
    assert any("grey" in caption.value for caption in at.caption)


def test_transparency_lies_on_the_colour_that_was_chosen():
    clear, plain = picture(70, 50, 0, mode="RGBA"), picture(70, 50, 1)
    at = choose_uploads(open_app(), clear, plain)
    assert tiles(at)[0] == f"{explorer.measure(clear, plain).score:.4f}"
    at.color_picker(key="setting_background").set_value("#102030").run()
    assert tiles(at)[0] == f"{explorer.measure(clear, plain, background='#102030').score:.4f}"


def test_only_a_new_pair_or_a_new_pass_is_computed(caplog):
    caplog.set_level(logging.DEBUG, logger="explorer.compute")

    def computed() -> int:
        count = sum(record.message.startswith("start") for record in caplog.records)
        caplog.clear()
        return count

    at = open_app(sample="brick", distortion="contrast", severity="0.37", seed="0")
    assert computed() == 1
    at.pills(key="setting_of_alexnet_layers").set_value(["conv2"]).run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("uniform").run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("lpips-0.1").run()
    assert computed() == 0
    at.segmented_control(key="setting_of_alexnet_heads").set_value("lpips-0.0").run()
    assert computed() == 1
    at.slider(key="setting_severity").set_value(0.38).run()
    assert computed() == 1
    at.slider(key="setting_severity").set_value(0.37).run()
    assert computed() == 0


@pytest.mark.usefixtures("large_is_small")
def test_what_is_too_large_for_the_shared_cache_is_still_computed_once(caplog, monkeypatch):
    caplog.set_level(logging.DEBUG, logger="explorer.compute")
    monkeypatch.setattr(compute._comparisons, "budget", 0)
    first, second = picture(300, 225, 0), picture(300, 225, 1)
    at = choose_uploads(open_app(), first, second)
    at.button(key="size_given").click().run()
    if measuring_job(at.session_state["session"]):  # which took longer than the page waits for it
        wait_for_measurement(at)
    caplog.clear()
    at.pills(key="setting_of_alexnet_layers").set_value(["conv2"]).run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("uniform").run()
    assert [record for record in caplog.records if record.message.startswith("start")] == []


def test_a_mend_is_for_the_pair_it_was_chosen_for_and_no_other():
    at = open_app()
    at.segmented_control(key="setting_pairing").set_value("upload").run()
    at.file_uploader(key="file_distorted").set_value(("small.png", picture(64, 60), "image/png")).run()
    at.button(key="fit_resize").click().run()
    assert sentences(at) == []
    at.pills(key="setting_sample").set_value("text").run()
    assert len(sentences(at)) == 1
    assert "448 × 172" in sentences(at)[0]


def test_what_stays_after_a_failure_keeps_its_own_name_and_link():
    at = choose_uploads(open_app(), picture(70, 50, 0), picture(70, 50, 1))
    before = tiles(at)
    for role in ("reference", "distorted"):
        at.file_uploader(key=f"file_{role}").set_value(("tiny.png", picture(20, 20), "image/png")).run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("uniform").run()
    assert len(sentences(at)) == 1
    assert tiles(at) == before
    assert any("LPIPS · AlexNet · v0.1" in e.proto.body for e in at.get("html"))
    assert "heads" not in at.query_params


def test_a_refused_file_is_named_as_long_as_its_widget_holds_it():
    at = choose_uploads(open_app(), picture(70, 50, 0), picture(70, 50, 1))
    at.file_uploader(key="file_reference").set_value(("notes.png", b"my notes", "image/png")).run()
    at.segmented_control(key="setting_of_alexnet_heads").set_value("uniform").run()
    assert len(sentences(at)) == 1
    at.file_uploader(key="file_reference").set_value(("a.png", picture(70, 50, 2), "image/png")).run()
    assert sentences(at) == []


@pytest.mark.parametrize("size", few([(8000, 40), (40, 20000)]), ids=str)
def test_very_long_pictures_are_measured_and_shown_smaller(size):
    first, second = picture(*size, 0), picture(*size, 1)
    at = choose_uploads(open_app(), first, second)
    assert sentences(at) == []
    assert tiles(at)[0] == f"{explorer.measure(first, second).score:.4f}"
    assert any(re.search(r"^Shown at \d+ × \d+, measured at", note) for note in viewer_notes(at))


SMALL = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}


def test_another_backbone_is_measured_with_its_own_heads_and_layers():
    at = open_app(**SMALL, weights="random")
    at.selectbox(key="setting_backbone").set_value("resnet18").run()
    assert not at.exception
    assert tiles(at)[0] == expected(64, backbone="resnet18", weights="random")
    assert at.query_params["backbone"] in ("resnet18", ["resnet18"])
    assert any(
        "Distance · ResNet-18 · uniform heads on random weights" in e.proto.body for e in at.get("html")
    )
    at.selectbox(key="setting_backbone").set_value("alexnet").run()
    # As its own widgets were left: the link is from when learned heads were the default on random weights.
    assert tiles(at)[0] == expected(64, weights="random", heads="lpips-0.1")


def test_random_weights_take_uniform_heads_and_trained_ones_those_from_before():
    at = open_app(**SMALL, heads="lpips-0.0")
    at.segmented_control(key="setting_weights").set_value("random").run()
    assert tiles(at)[0] == expected(64, weights="random", heads="uniform")
    assert at.query_params["heads"] in ("uniform", ["uniform"])
    at.segmented_control(key="setting_of_alexnet_random_heads").set_value("lpips-0.1").run()
    assert tiles(at)[0] == expected(64, weights="random", heads="lpips-0.1")
    assert any("Not LPIPS as published: LPIPS' v0.1 heads on random weights." in c.value for c in at.caption)
    assert not any("LPIPS · AlexNet" in e.proto.body for e in at.get("html"))
    at.segmented_control(key="setting_weights").set_value("trained").run()
    assert tiles(at)[0] == expected(64, heads="lpips-0.0")
    assert not any("as published" in caption.value for caption in at.caption)
    at.selectbox(key="setting_backbone").set_value("vgg16").run()
    at.selectbox(key="setting_backbone").set_value("alexnet").run()
    assert at.segmented_control(key="setting_of_alexnet_heads").value == "lpips-0.0"


def test_nodes_join_the_sum_with_uniform_heads_and_leave_it_with_learned_ones():
    at = open_app(**SMALL, heads="uniform")
    at.multiselect(key="setting_of_alexnet_nodes").set_value(["features.2", "features.5"]).run()
    layers = ["conv1", "conv2", "conv3", "conv4", "conv5", "features.2", "features.5"]
    assert tiles(at)[0] == expected(64, heads="uniform", layers=layers)
    words = "Distance · AlexNet · 7 layers and nodes, with uniform heads"
    assert any(words in element.proto.body for element in at.get("html"))
    at.segmented_control(key="setting_of_alexnet_heads").set_value("lpips-0.1").run()
    assert not at.exception
    assert sentences(at) == []
    assert tiles(at)[0] == expected(64)


def test_weights_that_are_nowhere_are_asked_for_and_what_was_shown_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    at = open_app(**SMALL)
    before = tiles(at)
    at.selectbox(key="setting_backbone").set_value("densenet121").run()
    assert not at.exception
    (sentence,) = sentences(at)
    assert "weights fetch densenet121" in sentence.replace("\\", "")
    assert tiles(at) == before
    assert at.button(key="fetch_inspect_densenet121").label == "Fetch DenseNet-121 · 32 MB"


def test_a_picture_too_small_for_a_backbone_is_told_which_could_take_it():
    at = choose_uploads(open_app(), picture(20, 20, 0), picture(20, 20, 1))
    (sentence,) = sentences(at)
    assert "AlexNet needs at least 31" in sentence
    assert "VGG16; SqueezeNet 1.1" in sentence


def test_dists_has_a_ledger_of_structure_and_texture_and_no_map():
    at = open_app(**SMALL, backbone="dists", weights="random")
    assert any("it has a ledger but no map" in note for note in viewer_notes(at))
    assert any("structure" in table.value.lower() for table in at.markdown)
    assert sentences(at) == []


def test_vision_transformers_say_that_they_cut_the_picture():
    at = open_app(**{**SMALL, "sample": "coffee", "size": "128"}, backbone="vit_b_16", weights="random")
    assert not at.exception
    width, height = (side // 16 * 16 for side in (128, round(128 * 2 / 3)))
    assert any(f"cropped to {width} × {height}, multiples of 16" in caption.value for caption in at.caption)
