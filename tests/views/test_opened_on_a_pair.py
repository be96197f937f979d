"""The app that a command opened on two files: they are uploads, there from the start of every session."""

import re
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.distortions import distort
from explorer.places import app
from explorer.samples import FOLDER, load_sample

SECONDS = 180  # a cold start loads the network


@pytest.fixture
def pair(tmp_path, monkeypatch):
    """A server's environment as `lpips-explorer reference.png distorted.png` leaves it; the two files."""
    reference, distorted = tmp_path / "reference.png", tmp_path / "distorted.png"
    pixels = load_sample("brick").pixels[:128, :160]
    Image.fromarray(pixels).save(reference)
    Image.fromarray(distort(pixels, "jpeg", 0.8)).save(distorted)
    monkeypatch.setenv("EXPLORER_REFERENCE", str(reference))
    monkeypatch.setenv("EXPLORER_DISTORTED", str(distorted))
    return reference, distorted


def open_app(**query: str) -> AppTest:
    at = AppTest.from_file(str(app()), default_timeout=SECONDS)
    at.query_params.update(query)
    at.run()
    assert not at.exception
    return at


def score(at: AppTest) -> str:
    (body,) = (e.proto.body for e in at.get("html") if 'class="tiles"' in e.proto.body)
    return re.search(r"<strong>(.*?)</strong>", body)[1]


def measured(reference: object, distorted: object) -> str:
    return f"{explorer.measure(reference, distorted).score:.4f}"


def sentences(at: AppTest) -> list[str]:
    return [error.value for error in at.error]


def test_every_session_starts_with_the_pair_as_uploads(pair):
    for _ in range(2):
        at = open_app()
        assert score(at) == measured(*pair)
        assert sentences(at) == []
        captions = [caption.value for caption in at.caption]
        assert any("reference.png, 160 × 128" in caption for caption in captions)
        assert any("distorted.png, 160 × 128" in caption for caption in captions)


@pytest.mark.usefixtures("pair")
def test_the_link_names_the_pictures_and_does_not_hold_them():
    at = open_app(heads="uniform")
    link = dict(at.query_params)
    assert link.pop("heads") == "uniform"
    assert {name: text.partition("~")[0] for name, text in link.items()} == {
        "reference": "reference.png",
        "distorted": "distorted.png",
    }
    again = open_app(**link, heads="uniform")
    assert score(again) == score(at)  # the command gives every session the pair


def test_a_session_keeps_the_pair_whatever_becomes_of_the_files(pair):
    at = open_app()
    first = score(at)
    for path in pair:
        path.unlink()
    at.selectbox(key="setting_backbone").set_value("squeezenet1_1").run()
    at.selectbox(key="setting_backbone").set_value("alexnet").run()
    assert score(at) == first
    assert sentences(at) == []


def test_a_link_that_names_pictures_goes_before_the_pair(pair):
    at = open_app(sample="cat", distortion="jpeg", severity="0.5")
    pixels = load_sample("cat").pixels
    assert score(at) == measured(pixels, distort(pixels, "jpeg", 0.5))
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.segmented_control(key="setting_pairing").set_value("upload").run()
    assert score(at) == measured(*pair)


def test_a_file_that_is_gone_by_now_is_named_and_the_first_screen_opens(pair):
    for path in pair:
        path.unlink()
    at = open_app()
    (box,) = sentences(at)
    assert [text.split(" (")[0] for text in box.split("\n\n")] == [
        "reference.png cannot be read any more",
        "distorted.png cannot be read any more",
    ]
    pixels = load_sample("cat").pixels
    assert score(at) == measured(pixels, distort(pixels, "jpeg_local_blur", 0.72))


def test_a_file_that_is_broken_by_now_is_refused_as_an_upload_is(pair):
    pair[1].write_bytes(pair[1].read_bytes()[:200])
    at = open_app()
    assert any(text.startswith("distorted.png is cut short") for text in sentences(at))


def test_two_sizes_get_the_usual_mends(pair, monkeypatch):
    monkeypatch.setenv("EXPLORER_DISTORTED", str(FOLDER / "brick.png"))
    at = open_app()
    assert ["160 × 128" in text and "512 × 512" in text for text in sentences(at)] == [True]
    at.button(key="fit_crop").click().run()
    assert sentences(at) == []
    with Image.open(FOLDER / "brick.png") as brick:
        cropped = brick.convert("RGB").crop((176, 192, 336, 320))
    assert score(at) == measured(Path(pair[0]), cropped)
