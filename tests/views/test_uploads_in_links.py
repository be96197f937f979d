"""Links that were made with uploads: they name the files, find them for their own browser, and ask others."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.views.common import session as session_module
from explorer.views.common.settings import Settings
from explorer.views.common.shelves import shelves
from explorer.views.common.sources import DIGITS, Named, Sources, digest_of
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import choose_uploads, open_app, picture, sentences, tiles
from tests.views.test_typed_values import link_of

A, B = picture(70, 50, 0), picture(70, 50, 1)
DIGEST = "1a2b3c4d5e6f"
FILES = {"reference": f"photo.png~{DIGEST}", "distorted": f"worse.png~{DIGEST}"}


def infos(at: AppTest) -> list[str]:
    return [info.value.replace("\\", "") for info in at.info]


def captions(at: AppTest) -> list[str]:
    return [caption.value.replace("\\", "") for caption in at.caption]


@pytest.fixture
def one_browser(monkeypatch) -> str:
    """All sessions are of one browser, whose key this is."""
    key = digest_of(str(np.random.default_rng().integers(1 << 60)).encode())
    monkeypatch.setattr(session_module, "sent_key", lambda: key)
    return key


# The link alone


@pytest.mark.parametrize("role", ["reference", "camera"])
def test_a_link_brings_back_what_it_says_of_the_files(role):
    files = {role: Named("a~b c/ä.png".replace("/", ""), DIGEST), "distorted": Named("b.png", DIGEST)}
    for sources in (
        Sources(),
        Sources(files, "crop", "#102030"),
        Sources({role: files[role]}),
        Sources({"distorted": files["distorted"]}, "resize"),
    ):
        assert Sources.from_link(sources.to_link()) == (sources, ())


def test_only_the_part_of_the_settings_that_the_files_leave_open_is_in_the_link():
    reference, distorted = ({role: Named("a.png", DIGEST)} for role in ("reference", "distorted"))
    named = f"a.png~{DIGEST}"
    settings = Settings(swapped=True)
    made = {"distortion": "jpeg_local_blur", "severity": "0.72", "seed": "0"}
    assert settings.to_link(False, Sources(reference)) == {"reference": named, "swapped": "1"} | made
    assert settings.to_link(False, Sources(distorted)) == {
        "distorted": named,
        "sample": "cat",
        "swapped": "1",
    }
    both = reference | distorted
    assert settings.to_link(False, Sources(both)) == dict.fromkeys(both, named) | {"swapped": "1"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("evil\u202egnp.exe", "evil�gnp.exe"),
        ("a\nb\x00.png", "a�b�.png"),
        ("../../etc/passwd", "passwd"),
        ("~~", "~~"),
        ("/", "picture"),
        ("<script>alert(1)</script>", "script>"),
    ],
)
def test_a_name_in_a_link_is_made_harmless(name, shown):
    assert Named.read(f"{name}~{DIGEST}") == Named(shown, DIGEST)


def test_an_endless_name_is_cut_and_its_digest_is_found_all_the_same():
    named = Named.read(f"{'x' * 100_000}~{DIGEST}")
    assert len(named.name) == 40
    assert named.digest == DIGEST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "photo.png",
        f"~{DIGEST}",
        "photo.png~",
        f"photo.png~{DIGEST[:-1]}",
        f"photo.png~{DIGEST}0~",
        "a~Z",
    ],
)
def test_a_file_that_is_named_badly_is_said_and_left_out(text):
    sources, (problem,) = Sources.from_link({"reference": text})
    assert not sources
    assert f"~ and the first {DIGITS} digits" in problem


def test_odd_fits_colours_and_a_second_reference_are_said_and_left_out():
    link = {**FILES, "camera": FILES["reference"], "fit": "stretch", "background": "url(//evil)"}
    sources, problems = Sources.from_link(link)
    assert sources.to_link() == FILES
    for word, problem in zip(("camera", "stretch", "colour"), problems, strict=True):
        assert word in problem


# Elsewhere


def test_who_opens_a_link_elsewhere_is_asked_for_its_files_and_its_settings_wait():
    link = FILES | {"backbone": "vgg16", "heads": "uniform", "layers": "conv1_2,conv3_3", "size": "64"}
    at = open_app(**link)
    (info,) = infos(at)
    assert "upload **photo.png** as the reference and upload **worse.png** as the distorted image" in info
    assert sentences(at) == []
    assert not any('class="tiles"' in element.proto.body for element in at.get("html"))
    assert at.selectbox(key="setting_backbone").value == "vgg16"
    assert at.pills(key="setting_of_vgg16_layers").value == ["conv1_2", "conv3_3"]
    assert "Measure at 64, once there is a pair" in captions(at)
    assert link_of(at) == link
    at.segmented_control(key="setting_of_vgg16_heads").set_value("lpips-0.1").run()
    assert link_of(at) == {name: text for name, text in link.items() if name != "heads"}
    at.selectbox(key="setting_backbone").set_value("alexnet").run()
    at.file_uploader(key="file_reference").set_value(("photo.png", A, "image/png")).run()
    assert len(infos(at)) == 1
    at.file_uploader(key="file_distorted").set_value(("worse.png", B, "image/png")).run()
    assert infos(at) == []
    assert len(tiles(at)) == 3


def test_a_file_that_is_not_the_one_of_the_link_is_taken_with_one_warning_and_the_right_one_without():
    link = {
        "sample": "cat",
        "size": "64",
        "distorted": str(Named.of("worse.png", digest_of(picture(300, 300)))),
    }
    at = open_app(**link)
    at.file_uploader(key="file_distorted").set_value(("any name.png", picture(300, 300), "image/png")).run()
    assert sentences(at) == infos(at) == []
    at = open_app(**link)
    at.file_uploader(key="file_distorted").set_value(("worse.png", picture(300, 300, 1), "image/png")).run()
    (warning,) = sentences(at)
    assert "bytes differ" in warning
    assert len(tiles(at)) == 3
    assert link_of(at)["distorted"] != link["distorted"]


def test_a_camera_picture_of_another_browser_is_to_be_taken_anew():
    at = open_app(camera=f"camera picture~{DIGEST}", distortion="jpeg", severity="0.5", seed="0")
    (info,) = infos(at)
    assert "take **camera picture** anew" in info
    assert at.segmented_control(key="setting_source").value == "camera"
    assert "camera" in link_of(at)


def test_boxes_wait_for_the_picture_that_they_were_drawn_on():
    at = open_app()
    boxes = "400,300,60,50"  # beyond the cat
    go_to(at, FILES | {"boxes": boxes}, "region")
    assert sentences(at) == []
    assert len(infos(at)) == 1
    assert link_of(at)["boxes"] == boxes
    for role, seed in (("reference", 0), ("distorted", 1)):
        upload = (f"{role}.png", picture(500, 400, seed), "image/png")
        at.file_uploader(key=next(key for key in keys(at) if role in key)).set_value(upload).run()
    assert not any("box" in sentence.lower() for sentence in sentences(at))
    assert link_of(at)["boxes"] == boxes


def keys(at: AppTest) -> list[str]:
    """Of the file widgets."""
    found = (uploader.key for uploader in at.get("file_uploader"))
    return [key for key in found if not key.startswith("file_project")]


def test_hostile_names_are_shown_tame_and_as_text():
    at = open_app(reference=f"[x](evil) \u202e<b>~{DIGEST}", distorted="nothing~12")
    (info,) = at.info
    assert r"\[x\](evil) �\<b>" in info.value
    assert "\u202e" not in info.value
    (sentence,) = sentences(at)
    assert r"nothing\~12" in sentence


# The same browser


def test_back_and_forward_bring_back_uploads_that_others_have_replaced():
    at = choose_uploads(open_app(), A, B)
    first, link = tiles(at), link_of(at)
    at.file_uploader(key="file_reference").set_value(("c.png", picture(70, 50, 2), "image/png")).run()
    second, link_of_second = tiles(at), link_of(at)
    assert second != first
    go_to(at, link)
    assert (tiles(at), link_of(at), infos(at)) == (first, link, [])
    assert any("Still in use" in caption and "a.png" in caption for caption in captions(at))
    go_to(at, link_of_second)
    assert (tiles(at), link_of(at)) == (second, link_of_second)
    # Whoever then uploads is heard.
    at.file_uploader(key=keys(at)[0]).set_value(("a.png", A, "image/png")).run()
    assert tiles(at) == first


def test_back_leads_from_a_sample_to_the_uploads_before_and_from_a_page_to_the_one_before():
    at = choose_uploads(open_app(), A, B)
    before, link = tiles(at), link_of(at)
    at.segmented_control(key="setting_source").set_value("sample").run()
    at.segmented_control(key="setting_pairing").set_value("distort").run()
    assert link_of(at) == {}
    visit(at, "region")
    go_to(at, link, "")
    assert at.segmented_control(key="setting_source").value == "upload"
    assert (tiles(at), link_of(at)) == (before, link)
    go_to(at, {})
    assert at.segmented_control(key="setting_pairing").value == "distort"
    assert tiles(at) != before


def test_a_reload_finds_the_uploads_of_its_own_browser_how_they_fit_and_on_which_colour(one_browser):
    pixels = np.random.default_rng(5).integers(0, 256, (64, 64, 4), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    at = choose_uploads(open_app(), buffer.getvalue(), picture(80, 72, 1))
    at.button(key="fit_crop").click().run()
    at.color_picker(key="setting_background").set_value("#102030").run()
    link = link_of(at)
    assert (link["fit"], link["background"]) == ("crop", "#102030")
    again = open_app(**link)
    assert (tiles(again), link_of(again), infos(again)) == (tiles(at), link, [])


def test_a_digest_alone_brings_no_picture_to_another_browser(monkeypatch):
    at = choose_uploads(open_app(), A, B)
    link = link_of(at)
    monkeypatch.setattr(session_module, "sent_key", lambda: "f" * 64)
    other = open_app(**link)
    assert len(infos(other)) == 1
    assert other.session_state["session"].uploads == {}


def test_uploads_that_the_server_has_let_go_are_asked_for_after_a_reload(one_browser):
    link = link_of(choose_uploads(open_app(), A, B))
    shelves.open(one_browser)._files.clear()
    at = open_app(**link)
    (info,) = infos(at)
    assert "or no longer" in info
    assert sentences(at) == []


def test_candidates_that_were_uploaded_are_there_after_going_back_and_after_a_reload(one_browser):
    at = open_app(sample="cat", size="64")
    visit(at, "candidates")
    bare = link_of(at)
    files = [(f"{seed}.png", picture(300, 300, seed), "image/png") for seed in (1, 2)]
    at.file_uploader(key="file_candidates_0").set_value(files).run()
    link = link_of(at)
    assert [text.partition("~")[0] for text in link["files"].split("/")] == ["1.png", "2.png"]
    at.button(key="remove_all").click().run()
    assert link_of(at) == bare
    go_to(at, link, "candidates")
    assert any("Your files**: 2 of" in caption for caption in captions(at))
    assert link_of(at) == link
    at.session_state["session"].leave_pages()
    shelves.open(one_browser)._files.clear()
    at = open_app(sample="cat", size="64")
    go_to(at, link | {"files": f"{link['files']}/odd"}, "candidates")
    assert any("**1.png**, **2.png**" in info for info in infos(at))
    assert any("odd" in sentence for sentence in sentences(at))
    assert link_of(at)["files"] == link["files"]
    at.session_state["session"].leave_pages()


def test_a_distorted_upload_is_back_after_a_cell_of_the_agreement_has_replaced_it():
    at = open_app(sample="cat", size="64")
    at.segmented_control(key="setting_pairing").set_value("upload").run()
    at.file_uploader(key="file_distorted").set_value(("own.png", picture(300, 300), "image/png")).run()
    before, link = tiles(at), link_of(at)
    session = at.session_state["session"]
    session.settings = session.settings.with_severity("contrast", 0.4, 0)  # as the cell does
    at.session_state["setting_pairing"] = "distort"
    at.run()
    assert "distorted" not in link_of(at)
    go_to(at, link)
    assert (tiles(at), link_of(at)) == (before, link)
