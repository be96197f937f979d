"""The Candidates page: several uploads at once, ranked, and one of them opened in Inspect."""

import re
import time
from types import SimpleNamespace

import numpy as np
import pytest

import explorer
from explorer.analysis.candidates import SAMPLE_CANDIDATES
from explorer.analysis.inspection import combined_of, scale_end
from explorer.distortions import distort
from explorer.images import as_picture
from explorer.metrics import Comparison, Method, compare
from explorer.samples import load_sample
from tests.browser.support import Screen, Viewer, fresh_page, png
from tests.browser.test_viewer_values import magnify, said_of_map, said_of_picture, written

CAT = load_sample("cat").pixels
FIVE = {
    "jpeg.png": ("jpeg", 0.5),
    "blur.png": ("gaussian_blur", 0.4),
    "noise.png": ("gaussian_noise", 0.3),
    "contrast.png": ("contrast", 0.6),
    "shift.png": ("shift", 0.5),
}

# Networks that take their time: all numbers would come within about a minute.
SLOW = ",".join(f"{name}:uniform:random" for name in ("resnet50", "vgg16", "densenet121", "vit_b_16"))


def file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": data}


@pytest.fixture(scope="module")
def pictures():
    return {name: distort(CAT, *how) for name, how in FIVE.items()}


@pytest.fixture
def candidates(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/candidates?sample=cat&columns=alexnet:lpips-0.1")
        wait_for_numbers(screen)
        yield screen


def upload(screen: Screen, *files: dict) -> None:
    screen.page.locator("[class*=st-key-file_candidates] input[type=file]").set_input_files(list(files))


def wait_for_numbers(screen: Screen, name: str = "") -> None:
    """Until all numbers are in the table, and a candidate is among them."""
    table = screen.page.locator(".ranking:has(tbody tr)").filter(has_text=name)
    table.filter(has_not_text="…").wait_for()
    screen.settle()


def rows(screen: Screen) -> list[str]:
    return [" ".join(text.split()) for text in screen.page.locator(".ranking tbody tr").all_inner_texts()]


def test_samples_and_then_uploads_are_ranked_with_the_numbers_of_a_measurement_and_one_opens_in_inspect(
    candidates, pictures
):
    assert len(rows(candidates)) == 5
    candidates.page.get_by_text("Sample candidates").wait_for()
    upload(candidates, *(file(name, png(pixels)) for name, pixels in pictures.items()))
    wait_for_numbers(candidates, "shift.png")
    measured = {name: explorer.measure(CAT, pixels) for name, pixels in pictures.items()}
    order = sorted(measured, key=lambda name: measured[name].score)
    shown = rows(candidates)
    assert [next(name for name in measured if name in row) for row in shown] == order
    by_psnr = sorted(measured, key=lambda name: -measured[name].psnr)
    for rank, (name, row) in enumerate(zip(order, shown, strict=True), start=1):
        assert f"{measured[name].score:.4f}{rank} " in row
        assert f"{measured[name].psnr:.2f} dB{by_psnr.index(name) + 1} " in row
    assert any("≠" in row for row in shown)

    # A click opens one in Inspect, with the same score.
    candidates.page.locator(".ranking tbody tr", has_text="noise.png").get_by_text("noise.png").click()
    score = f"{measured['noise.png'].score:.4f}"
    tile = candidates.page.locator(".tile", has_text="LPIPS")
    tile.locator("strong", has_text=score).wait_for()
    candidates.page.get_by_text("Distorted: noise.png").wait_for()


# Does what a key does, and tells who is then seen in place, and after how long.
PRESS = """(viewer, [kind, key]) => new Promise((done) => {
  const start = performance.now();
  new MutationObserver((_, watch) => {
    watch.disconnect();
    done([viewer.dataset.seen, performance.now() - start]);
  }).observe(viewer, { attributes: true, attributeFilter: ["data-seen"] });
  viewer.querySelector(".stage").dispatchEvent(new KeyboardEvent(kind, { key, bubbles: true }));
})"""


def press(viewer, key: str, kind: str = "keydown") -> str:
    """Press a key in the viewer, or lift it; returns who is seen in place once that is painted."""
    seen, milliseconds = viewer.evaluate(PRESS, [kind, key])
    print(f"{kind} {key}: {milliseconds:.0f} ms")
    return seen


def linked(screen: Screen, part: str) -> str:
    """Wait until the address says so, as an entry of its own; returns it."""
    screen.page.wait_for_function("part => decodeURIComponent(location.href).includes(part)", arg=part)
    screen.settle()
    screen.wait_for_entry()
    return screen.page.url


def order_of(page, keys: list[str]) -> None:
    """Wait for the viewer's order."""
    page.locator(f'.viewer.candidates[data-order="{" ".join(keys)}"]').wait_for()


def check_values(viewer: Viewer, found: dict[str, Comparison], order: list[str]) -> None:
    """In place and beside each other, what is written are the pixels and the maps of what was measured."""
    reference = found[order[0]].reference
    scene = SimpleNamespace(reference=reference.pixels)
    magnify(viewer, scene, 5, 5, "front", 1400)  # where 1 - SSIM has a border without data
    seen = found[press(viewer.root, "2")]
    said_of_picture(written(viewer, "front"), seen.distorted.pixels, 16)
    viewer.page.locator("[data-setting=map] [data-value=one_minus_ssim]").click()
    viewer.wait_until(map="one_minus_ssim")
    said = said_of_map(written(viewer, "back"), 1 - seen.ssim_map, 0.006, 16)
    assert np.isnan(said).any()
    assert not np.isnan(said).all()
    press(viewer.root, "0")
    said_of_picture(written(viewer, "front"), reference.pixels, 16)
    press(viewer.root, "0", "keyup")

    viewer.page.get_by_role("button", name="Side by side").click()
    viewer.page.locator("[data-setting=map] [data-value=combined]").click()
    viewer.wait_until(mode="side", map="combined")
    viewer.page.get_by_role("button", name="Fit", exact=True).click()
    magnify(viewer, scene, 5, 5, "front")
    said_of_picture(written(viewer, "front"), reference.pixels, 6)
    maps = {name: combined_of(each.measurement("lpips-0.1")) for name, each in found.items()}
    for name, each in found.items():
        said_of_picture(written(viewer, f"picture:{name}"), each.distorted.pixels, 6)
        said_of_map(written(viewer, f"map:{name}"), maps[name], 0, 6)
    first, second = order[4], order[1]
    for field, key in (("first", first), ("second", second)):
        viewer.page.locator(f"select[data-field={field}]").select_option(key)
    viewer.wait_until(difference=f"{first} {second}")
    # Small numbers are written with one digit where there is no room for more.
    said_of_map(written(viewer, "back"), maps[first] - maps[second], 5.1e-4, 4)


def test_flipping_asks_the_server_for_nothing_all_maps_are_on_one_scale_and_values_are_theirs(app, tab):
    sent = []

    def listen(socket) -> None:
        socket.on("framesent", lambda data: sent.append(data))

    with fresh_page(tab) as page:
        page.once("websocket", listen)
        screen = Viewer(page, app.url)
        page.goto(f"{app.url}/candidates?sample=cat&metrics=alexnet:lpips-0.1&size=128")
        wait_for_numbers(screen)
        viewer, titles = page.locator(".viewer.candidates"), page.locator(".ranking thead button")
        method = Method("alexnet", "lpips-0.1", size=128)
        found = {
            name: compare(as_picture(CAT, "cat"), as_picture(distort(CAT, name, severity), name), method)
            for name, severity in SAMPLE_CANDIDATES
        }
        measured = {name: each.measurement("lpips-0.1") for name, each in found.items()}
        closest = sorted(measured, key=lambda name: measured[name].score)
        order_of(page, closest)
        facts = viewer.locator("[data-part=facts]", has_text="one scale for all 5")
        shown = float(re.search(r"0 – ([\d.]+)", facts.inner_text()).group(1))
        end = scale_end(*(combined_of(each) for each in measured.values()))
        assert shown == pytest.approx(end, rel=0.006)  # of which three digits are shown

        page.get_by_role("button", name="In place").click()
        page.locator('.viewer.candidates[data-mode="place"]').wait_for()
        page.wait_for_timeout(500)  # the setting was reported by then
        screen.settle()
        before = len(sent)
        assert before  # what is sent is heard
        assert press(viewer, "3") == closest[2]
        assert press(viewer, "1") == closest[0]
        assert press(viewer, "0") == ""  # the reference, as long as it is held
        assert press(viewer, "0", "keyup") == closest[0]
        page.wait_for_timeout(500)
        assert len(sent) == before
        check_values(screen, found, closest)

        titles.nth(1).click()
        by_psnr = sorted(measured, key=lambda name: -measured[name].psnr)
        order_of(page, by_psnr)
        assert page.locator(".ranking th[aria-sort]").get_attribute("aria-sort") == "descending"
        linked(screen, "sort:psnr")
        titles.nth(1).press("Enter")
        order_of(page, by_psnr[::-1])
        link = linked(screen, "reversed:on")
        page.go_back()
        order_of(page, by_psnr)
        page.goto("about:blank")
        page.goto(link)
        order_of(page, by_psnr[::-1])
        screen.wait_until(mode="side", difference=f"{closest[4]} {closest[1]}")
        assert linked(screen, "reversed:on") == link


def test_another_size_is_named_and_can_be_mended_and_values_stand_where_the_candidate_lies(
    candidates, pictures
):
    small = pictures["jpeg.png"][:200, :180]
    upload(candidates, file("small.png", png(small)))
    candidates.page.get_by_text(
        re.compile(r"small\.png \(180 × 200\) is not of the reference’s size")
    ).wait_for()
    assert candidates.page.get_by_role("button", name="Resize to 300 × 300").is_visible()
    candidates.page.get_by_role("button", name="Crop each").click()
    candidates.page.locator(".ranking", has_text="cropped").wait_for()
    wait_for_numbers(candidates, "small.png")
    viewer = Viewer(candidates.page, "")
    viewer.page.locator("[data-setting=map] [data-value=squared_error]").click()
    viewer.wait_until(map="squared_error")
    key = viewer.root.get_attribute("data-order")
    viewer.canvas(f"map:{key}").wait_for()  # in the place of "measuring"
    magnify(viewer, SimpleNamespace(reference=CAT), 62, 52, "front")
    lies = np.s_[50:250, 60:240]  # of the reference
    picture, error = np.zeros_like(CAT), np.full((300, 300), np.nan)
    picture[lies] = small
    error[lies] = np.mean((CAT[lies].astype(float) - small) ** 2, axis=2)
    values = written(viewer, f"picture:{key}")
    said_of_picture(values, picture, 9)
    assert not any(np.isnan(error[y, x]) for x, y in values)
    said = said_of_map(written(viewer, f"map:{key}"), error, 0.06, 16)
    assert np.isnan(said).any()
    assert not np.isnan(said).all()


def open_slow(page, url: str) -> None:
    """The page while its numbers come: PSNR and SSIM are there, others are not."""
    page.goto(f"{url}/candidates?sample=coffee&metrics={SLOW}")
    page.get_by_text(re.compile(r"^Measuring the candidates: ")).wait_for()
    page.locator(".ranking", has_text=" dB").filter(has_text="…").wait_for()


def test_the_table_stands_before_its_numbers_cancelled_ones_can_be_measured_and_a_closed_page_stops_them(
    app, tab
):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        open_slow(page, app.url)
        assert len(rows(screen)) == 5
        page.locator(".st-key-cancel_candidates button").click()
        said = page.get_by_text(re.compile(r"^Cancelled: \d+ of 25 measurements"))
        said.wait_for()
        screen.settle()
        finished = int(re.search(r"\d+", said.inner_text()).group())
        assert 0 < finished < 25
        shown = " ".join(rows(screen))
        assert " dB" in shown
        assert shown.count("…") == 30 - finished - shown.count(" dB")  # PSNR and SSIM are one measurement
        page.get_by_role("button", name="Measure the rest").click()
        page.get_by_text(re.compile(rf"^Measuring the candidates: \d+ of {25 - finished}")).wait_for()
        assert " dB" in " ".join(rows(screen))
        log = app.log_from_now()
    deadline = time.monotonic() + 60
    while not (over := re.search(r"Measuring the candidates: (\w+) after \d+ of", log())):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert over.group(1) == "cancelled"
