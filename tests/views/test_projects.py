"""A project in the app: what was saved on one page is there again in another session, to the last digit."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.distortions import distort
from explorer.places import app
from explorer.projects import Project, save_project
from explorer.render import png
from explorer.samples import FOLDER, load_sample
from explorer.views.common import parts, uploads

SECONDS = 180  # a cold start loads the network
SAMPLE = {"sample": "brick", "distortion": "gaussian_noise", "severity": "0.37", "seed": "5", "size": "128"}


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(app()), default_timeout=SECONDS)
    at.query_params.update(query)
    at.run()
    assert not at.exception
    return at


def session(at: AppTest):
    return at.session_state["session"]


def upload(at: AppTest, data: bytes, name: str = "pair.zip") -> AppTest:
    (place,) = (each for each in at.file_uploader if each.label == "Project")
    place.set_value((name, data, "application/zip")).run()
    assert not at.exception
    return at


def sentences(at: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in at.error]


@pytest.fixture
def saved(monkeypatch):
    """What makes the project of the page that an app has drawn last."""
    made = {}
    monkeypatch.setattr(
        parts, "draw_download", lambda label, make, file, *_, **__: made.update({label: (file, make)})
    )

    def save(at: AppTest) -> bytes:
        return made["Project, ZIP"][1]()

    return save


def test_a_sample_under_a_distortion_comes_back_as_such_with_equal_pixels_and_numbers(saved):
    first = opened(**SAMPLE, swapped="1", heads="uniform", map="layer", layer="conv2")
    data = saved(first)
    at = upload(opened(), data)
    then, now = session(first).shown, session(at).shown
    assert now.settings == then.settings
    assert now.pair.linkable
    assert [p.digest for p in (now.pair.reference, now.pair.distorted)] == [
        p.digest for p in (then.pair.reference, then.pair.distorted)
    ]
    assert now.inspection.measurement.to_dict() == then.inspection.measurement.to_dict()
    assert dict(at.query_params) == dict(first.query_params)
    assert sentences(at) == []
    assert saved(at) == data


@pytest.fixture
def files(tmp_path):
    """Two files of different sizes, the second with transparent places."""
    pixels = load_sample("coffee").pixels[:140, :180]
    reference, copy = tmp_path / "photo.jpg", tmp_path / "copy.png"
    Image.fromarray(pixels).save(reference, quality=92)
    alpha = np.full((120, 160, 1), 255, np.uint8)
    alpha[:30] = 90
    Image.fromarray(np.concatenate([distort(pixels, "jpeg", 0.7)[:120, :160], alpha], 2)).save(copy)
    return reference, copy


def numbers(at: AppTest) -> dict:
    return session(at).shown.inspection.measurement.to_dict()


def assert_measured_as(at: AppTest, made: Project) -> None:
    """Every number is Python's; the page measures several heads in one product, which rounds differently."""
    now = numbers(at)
    then = {key: made.results[key] for key in now}
    for each in (now, then):
        layers = each.pop("layers")
        each |= {f"{layer['name']}.{key}": value for layer in layers for key, value in layer.items()}
    assert now == {
        key: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
        for key, value in then.items()
    }


def test_two_uploads_come_back_on_region_with_boxes_fit_and_background(files, tmp_path, saved):
    boxes = [(10, 20, 30, 40), (0, 0, 25, 25)]
    path = tmp_path / "pair.zip"
    made = save_project(
        path, *files, boxes=boxes, fit="crop", background="#008080", heads="uniform", size=100
    )
    at = upload(opened(), path.read_bytes())
    assert sentences(at) == []
    assert "## Boxes" in [text.value for text in at.markdown]
    assert_measured_as(at, made)
    assert [at.number_input(key=f"region_{name}").value for name in ("x", "y", "width", "height")] == [
        10,
        20,
        30,
        40,
    ]
    assert at.color_picker(key="setting_background").value == "#008080"

    again = Project.from_bytes(saved(at))
    assert [again.reference, again.distorted] == [made.reference, made.distorted]
    assert (again.boxes, again.fit, again.background) == (made.boxes, "crop", "#008080")
    for box, first in zip(again.results["boxes"], made.results["boxes"], strict=True):
        assert box["box"] == first["box"]
        for key in ("share", "restore", "insert"):
            assert box[key] == pytest.approx(first[key], rel=1e-5)


def made_of(files, tmp_path, **how) -> Project:
    """Two equal sizes, measured small."""
    return save_project(tmp_path / "pair.zip", files[0], files[0], size=64, **how)


def test_a_refused_file_leaves_pictures_settings_and_page_as_they_were(files, tmp_path, monkeypatch):
    at = upload(opened(), made_of(files, tmp_path).to_bytes())
    before = session(at).settings, dict(session(at).uploads), numbers(at), dict(at.query_params)

    def still_there() -> bool:
        return (session(at).settings, dict(session(at).uploads), numbers(at), dict(at.query_params)) == before

    other = save_project(tmp_path / "other.zip", FOLDER / "cat.png", FOLDER / "cat.png", background="#123456")
    upload(at, other.to_bytes()[:-30], "broken.zip")
    assert sentences(at) == ["broken.zip is cut short, or has something behind its end; get it once more."]
    assert still_there()

    upload(at, png(load_sample("cat").pixels), "cat.png")
    assert sentences(at) == [
        "cat.png is no project: those are zip files, as Inspect, Region and the shell save them."
    ]
    assert still_there()

    strange = replace(other, settings={**other.settings, "severity": "7"})
    upload(at, strange.to_bytes(), "strange.zip")
    assert sentences(at) == [
        "strange.zip has settings that cannot be had: severity “7”: it must lie between 0 and 1."
    ]
    assert still_there()

    damaged = replace(other, distorted=replace(other.distorted, data=other.distorted.data[:900]))
    monkeypatch.setattr(Project, "given", property(lambda _: (load_sample("cat"),) * 2))  # to write it down
    data = damaged.to_bytes()
    monkeypatch.undo()
    upload(at, data, "damaged.zip")
    assert [text.startswith("cat.png is cut short") for text in sentences(at)] == [True]
    assert still_there()

    monkeypatch.setattr(uploads, "has_guests", lambda: True)
    monkeypatch.setattr(uploads, "_uploads", uploads.Shares(200_000))  # of which a guest has half
    upload(at, other.to_bytes(), "large.zip")
    assert [text.startswith("cat.png was not taken: this server has guests") for text in sentences(at)] == [
        True
    ]
    assert still_there()
    assert session(at).background == "#ffffff"


def test_a_distortion_that_makes_other_pixels_here_is_opened_as_the_picture_that_was_saved(saved):
    at = opened(**SAMPLE)
    made = Project.from_bytes(saved(at))
    changed = made.pictures[1].pixels.copy()
    changed[0, 0] ^= 1
    data = replace(made, distorted=replace(made.distorted, data=png(changed))).to_bytes()
    upload(at, data)
    (sentence,) = sentences(at)
    assert sentence.startswith("The project's distortion makes other pixels here")
    assert np.array_equal(session(at).shown.pair.distorted.pixels, changed)
    assert (
        at.segmented_control(key="setting_source").value,
        at.segmented_control(key="setting_pairing").value,
    ) == (
        "sample",
        "upload",
    )


def test_another_score_than_the_projects_is_said_in_one_sentence_until_one_acts(files, tmp_path):
    made = made_of(files, tmp_path)
    moved = replace(made, results={**made.results, "score": 0.25})
    at = upload(opened(), moved.to_bytes())
    (sentence,) = sentences(at)
    assert sentence.startswith(
        "The project was saved with a score of 0.250000, and measured here it is 0.000000"
    )
    session(at).problems = [(problem, 0.0) for problem, _ in session(at).problems]  # it was read long ago
    at.button(key="swap").click().run()
    assert sentences(at) == []


@pytest.fixture
def named(files, tmp_path, monkeypatch):
    """A server's environment as `lpips-explorer pair.zip` leaves it; what it was made of."""
    made = made_of(files, tmp_path, boxes=[(5, 6, 70, 80)], heads="uniform")
    monkeypatch.setenv("EXPLORER_PROJECT", str(tmp_path / "pair.zip"))
    return made


def test_an_app_that_was_opened_on_a_project_starts_on_its_page_with_its_boxes(named):
    at = opened()
    assert "## Boxes" in [text.value for text in at.markdown]
    assert_measured_as(at, named)
    assert at.query_params["boxes"] == "5,6,70,80"
    assert sentences(at) == []


def test_an_address_goes_before_the_project_and_a_reload_keeps_its_pictures(named):
    at = opened(heads="lpips-0.0")
    assert session(at).settings.method.heads == "lpips-0.0"
    assert numbers(at)["reference"] == named.results["reference"]
    at = opened(sample="brick", distortion="jpeg", severity="0.5", size="64")
    assert session(at).shown.pair.linkable


def test_a_project_that_is_gone_by_now_is_named_and_the_first_screen_opens(named, tmp_path):
    (tmp_path / "pair.zip").unlink()
    at = opened()
    (sentence,) = sentences(at)
    assert sentence.startswith("pair.zip cannot be read (No such file or directory)")
    assert session(at).shown.pair.linkable
