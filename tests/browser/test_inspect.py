import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import explorer
from explorer.analysis.ladder import base_of, climb, standings
from explorer.analysis.place import place
from explorer.cache import ByteBudgetCache
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.browser.support import UPLOAD_MEGABYTES, Screen
from tests.grid import few

BLUR = "?sample=astronaut&distortion=gaussian_blur&severity=0.3&seed=0&size=256"


def png(width: int, height: int, seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def query(screen: Screen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(screen.page.url).query).items()}


def wait_for_number(screen: Screen, label: str, value: str) -> None:
    screen.page.locator(".tile", has_text=label).locator("strong", has_text=value).wait_for()


def wait_for_query(screen: Screen, name: str, value: str) -> None:
    screen.page.wait_for_function(
        "([name, value]) => new URL(location).searchParams.get(name) === value",
        arg=[name, value],
    )


def upload_pair(screen: Screen, first: bytes, second: bytes) -> None:
    screen.page.get_by_role("radio", name="Upload").nth(0).click()
    screen.page.locator(".st-key-file_reference input[type=file]").set_input_files(file("first.png", first))
    screen.page.get_by_text("In use: first.png").wait_for()  # a click while the page is redrawn may be lost
    screen.settle()
    screen.page.locator(".st-key-setting_pairing").get_by_role("radio", name="Upload").click()
    screen.page.locator(".st-key-file_distorted input[type=file]").set_input_files(file("second.png", second))


def test_the_first_screen_and_uploads_are_measured_without_any_other_host_and_a_bad_file_leaves_them(
    screen, app
):
    others = []
    screen.page.on(
        "request",
        lambda request: (
            others.append(request.url) if not request.url.startswith((app.url, "data:", "blob:")) else None
        ),
    )
    screen.open()
    screen.painted()
    assert float(screen.number("LPIPS")) > 0.1
    assert screen.errors() == []

    first, second = png(90, 70, 0), png(90, 70, 1)
    upload_pair(screen, first, second)
    score = f"{explorer.measure(first, second).score:.4f}"
    wait_for_number(screen, "LPIPS", score)
    screen.settle()  # the link is written at the run's end
    screen.page.get_by_text("a link only names them").wait_for()
    assert "sample" not in query(screen)

    for turn in range(2):  # the second takes the place of a bad one
        screen.page.locator(".st-key-file_reference input[type=file]").set_input_files(
            file(f"notes{turn}.png", b"my notes %d" % turn)
        )
        screen.page.get_by_test_id("stAlert").get_by_text(f"notes{turn}.png").wait_for()
        screen.settle()
        assert len(screen.errors()) == 1
        assert screen.number("LPIPS") == score

    # One over the upload limit is refused by the browser.
    big = file("big.png", bytes((UPLOAD_MEGABYTES + 1) * 2**20))
    screen.page.locator(".st-key-file_reference input[type=file]").set_input_files(big)
    screen.page.get_by_text(re.compile(f"must be {UPLOAD_MEGABYTES}.0 ?MB or smaller")).wait_for()
    assert screen.number("LPIPS") == score
    assert others == []


def change_severity(screen: Screen) -> None:
    """A change shows its own picture, numbers and link, and Back the view before."""
    before, number = screen.painted(), screen.number("LPIPS")
    screen.wait_for_entry()
    slider = screen.page.get_by_role("slider", name="Severity")
    slider.press("ArrowRight")
    reference = load_sample("astronaut")
    distorted = distort(reference.pixels, "gaussian_blur", 0.31)
    score = f"{explorer.measure(reference, distorted, size=256).score:.4f}"
    wait_for_number(screen, "LPIPS", score)
    wait_for_query(screen, "severity", "0.31")
    screen.page.locator(f'[data-painted]:not([data-painted="{before}"])').wait_for()
    screen.settle()
    assert screen.painted() != before
    assert screen.number("LPIPS") == score
    assert query(screen)["severity"] == "0.31"

    screen.page.go_back()
    wait_for_number(screen, "LPIPS", number)
    screen.settle()
    assert query(screen)["severity"] == "0.3"
    assert slider.input_value() == "0.3"


def dim_and_choose_again(screen: Screen) -> None:
    """A result is dimmed until the chosen pair is measured, and the viewer stays."""
    picture = screen.page.locator(".panel canvas").first
    expect(picture).to_have_css("opacity", "1")
    screen.page.locator("[data-painted]").evaluate("viewer => (viewer.dataset.before = '')")
    screen.page.get_by_role("radio", name="Upload").nth(0).click()
    screen.page.get_by_text("Shown dimmed: Astronaut and its Gaussian blur").wait_for()
    expect(picture).to_have_css("opacity", "0.45")
    screen.settle()
    screen.page.get_by_role("button", name="Numbers, JSON").and_(screen.page.locator(":disabled")).wait_for()
    assert screen.page.locator("[data-painted][data-before]").count() == 1
    screen.page.get_by_role("radio", name="Sample").click()
    expect(picture).to_have_css("opacity", "1")
    screen.page.locator(".st-key-stale").wait_for(state="detached")
    assert screen.page.locator("[data-painted][data-before]").count() == 1


def download_all(screen: Screen, folder: Path) -> None:
    """Every file holds what is shown."""

    def download(name: str) -> Path:
        with screen.page.expect_download() as waiting:
            screen.page.get_by_role("button", name=name).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    saved = download("Numbers, JSON")
    assert saved.name == "astronaut_gaussian-blur_alexnet-v0.1_256x256.json"
    numbers = json.loads(saved.read_text())
    assert f"{numbers['score']:.4f}" == screen.number("LPIPS")
    assert len(download("Numbers, CSV").read_text().splitlines()) == 2
    with np.load(download("Maps, NPZ")) as maps:
        assert maps["combined"].shape == (256, 256)
        assert maps["conv1"].mean(dtype=np.float64) == pytest.approx(
            numbers["layers"][0]["distance"], rel=1e-6
        )
    with Image.open(download("Save view")) as view:
        assert view.format == "PNG"
        assert min(view.size) > 200


def ask_for_the_place(screen: Screen) -> None:
    """What a score means is told by its place on the reference's ladder."""
    reference = load_sample("astronaut")
    distorted = derive(reference, distort(reference.pixels, "gaussian_blur", 0.3))
    base, small = base_of(reference), base_of(distorted)
    method, scores = Method("alexnet", "lpips-0.1"), ByteBudgetCache(10**6)
    list(climb(base, small, [method], scores))
    found = place(standings(base, small, [method], scores)[method], base.size)
    screen.page.get_by_role("button", name="a lot?").click()
    screen.page.get_by_text(found.sentence).wait_for()
    screen.page.locator(".st-key-ladder .js-plotly-plot").wait_for()


def test_one_pair_is_downloaded_changed_taken_back_dimmed_and_placed_on_its_ladder(screen, tmp_path):
    screen.open(BLUR)
    screen.painted()
    download_all(screen, tmp_path)
    change_severity(screen)
    dim_and_choose_again(screen)
    ask_for_the_place(screen)


def test_ten_quick_steps_end_with_the_last_and_never_compute_two_at_once(app, screen):
    log, page = app.log_from_now(), screen.page
    screen.open(BLUR.replace("size=256", "size=512"))
    screen.painted()
    slider = page.get_by_role("slider", name="Severity")
    for _ in range(10):
        slider.press("ArrowRight")
        page.wait_for_timeout(30)
    reference = load_sample("astronaut")
    last = distort(reference.pixels, "gaussian_blur", 0.4)
    wait_for_number(screen, "LPIPS", f"{explorer.measure(reference, last, size=512).score:.4f}")
    wait_for_query(screen, "severity", "0.4")
    running, most, starts = 0, 0, 0
    for event in re.findall(r"explorer\.compute (start|end)", log()):
        running += 1 if event == "start" else -1
        most = max(most, running)
        starts += event == "start"
    assert starts >= 2
    assert most == 1
    assert running == 0


def test_bar_and_small_maps_select_a_layer_by_mouse_and_keyboard_and_the_link_reopens_it(screen):
    screen.open(BLUR)
    screen.painted()
    bars = screen.page.locator(".st-key-share_bar").get_by_role("button")
    bars.nth(1).click()
    wait_for_query(screen, "layer", "conv2")
    screen.page.locator('[data-painted][data-map="layer"][data-layer="conv2"]').wait_for()
    assert query(screen)["map"] == "layer"

    # Later changes redraw the bar, which must not select again what was clicked before.
    screen.page.locator(".strip").get_by_role("button", name=re.compile("conv4")).click()
    wait_for_query(screen, "layer", "conv4")
    screen.page.get_by_role("slider", name="Severity").press("ArrowRight")
    wait_for_query(screen, "severity", "0.31")
    screen.settle()
    assert query(screen)["layer"] == "conv4"
    expect(bars.nth(3)).to_have_attribute("aria-pressed", "true")
    bars.nth(3).press("ArrowLeft")
    expect(bars.nth(2)).to_be_focused()
    bars.nth(2).press("ArrowLeft")
    bars.nth(1).press("Enter")
    wait_for_query(screen, "layer", "conv2")
    screen.open(f"?{urlsplit(screen.page.url).query}")
    screen.page.locator('[data-painted][data-map="layer"][data-layer="conv2"]').wait_for()
    screen.settle()
    assert query(screen)["layer"] == "conv2"


def test_a_layers_cells_stay_cells_where_the_photograph_is_shrunk(screen):
    screen.open("?sample=coffee&distortion=jpeg&severity=0.6&seed=0&map=layer&layer=conv5&overlay=1")
    screen.painted()
    changes = screen.page.locator("[data-panel=map] canvas").evaluate("""canvas => {
      const row = canvas.getContext('2d').getImageData(0, canvas.height >> 1, canvas.width, 1).data;
      let changes = 0;
      for (let i = 4; i < row.length; i += 4) changes += [0, 1, 2].some(c => row[i + c] !== row[i + c - 4]);
      return [changes, canvas.width];
    }""")
    assert changes[1] < 600  # the photograph's width
    assert 5 < changes[0] < 36  # at most one change between two of the 36 columns of cells


def test_the_camera_is_mounted_only_when_chosen_and_its_picture_is_measured(screen):
    screen.open()
    before = screen.painted()
    assert screen.page.get_by_test_id("stCameraInput").count() == 0
    screen.page.get_by_role("radio", name="Camera").click()
    screen.page.get_by_text("arrives as a JPEG").wait_for()
    # The button does nothing before the camera's first frame.
    screen.page.locator("video").evaluate(
        "video => video.readyState >= 2 || new Promise(ready => video.addEventListener('loadeddata', ready))"
    )
    screen.page.get_by_role("button", name="Take Photo").click()
    screen.page.get_by_text(re.compile("camera picture.* JPEG")).wait_for()
    screen.page.locator(f'[data-painted]:not([data-painted="{before}"])').wait_for()
    screen.settle()
    assert screen.errors() == []


@pytest.mark.parametrize("scheme", few(["dark", "light"]))
def test_nothing_is_wider_than_the_screen(screen, scheme):
    screen.page.emulate_media(color_scheme=scheme)
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        screen.page.set_viewport_size({"width": width, "height": height})
        if width == 1440:
            screen.open("?layers=conv1,conv2").painted()  # its score has a long name
        # Streamlit scrolls the main section, not the document.
        screen.page.wait_for_function(
            "() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth <= main.clientWidth; }"
        )
    # A name in a third of a phone's width has a line a word.
    screen.page.wait_for_function(
        "() => { const tiles = document.querySelector('.tiles'), label = tiles.querySelector('.tile span');"
        " return tiles.querySelector('.tile').clientWidth > tiles.clientWidth - 3"
        " && label.clientHeight < 3 * parseFloat(getComputedStyle(label).fontSize) * 1.5; }"
    )


@pytest.mark.grid
def test_identical_images_show_zero_infinity_and_no_nan(screen):
    screen.open("?sample=cat&distortion=jpeg&severity=0&seed=0")
    screen.painted()
    assert screen.number("LPIPS") == "0.0000"
    assert screen.number("PSNR") == "∞ dB"
    assert "NaN" not in screen.page.locator("body").inner_text()
    assert screen.page.locator(".strip").inner_text().count("NaN") == 0
