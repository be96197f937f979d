"""The viewer of made pictures in Chromium: numbers, curves, pictures and maps are of the playhead's step."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.duel_page import KEPT, STEPS, frame, make_scene, reference, strength
from tests.browser.support import Screen, new_page, without_faults
from tests.browser.test_accessible import (
    ALL_BUT_COLOURS,
    HAS_GROUND,
    findings,
    hard_to_read,
)

MIDDLE = """canvas => [...canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1)
    .data.slice(0, 3)]"""


# Pictures take longer to decode than the next ones to come; what is seen together is noted in every frame.
SLOW = """() => {
    const decode = window.createImageBitmap;
    window.createImageBitmap = async (...given) => {
        const made = await decode(...given);
        await new Promise(done => setTimeout(done, 400));
        return made;
    };
    window.noted = [];
    window.watching = true;
    const text = (root, part) => root?.querySelector(part)?.textContent ?? "";
    const all = () => [...document.querySelectorAll("*")];
    const rooted = () => all().map(each => each.shadowRoot?.querySelector(".duel"));
    const parts = [".numbers tbody td:last-child", ".name.second + .value", "[data-part=mapMean]"];
    parts.push("[data-tile=raised] .chip");
    const note = () => {
        const root = rooted().find(each => each?.dataset.painted === "True False");
        if (root) window.noted.push(parts.map(part => text(root, part)).join("|"));
        if (window.watching) requestAnimationFrame(note);
        else window.createImageBitmap = decode;
    };
    note();
}"""


@pytest.fixture(scope="module")
def page(parts_app, browser):
    """The viewer alone, on one page that all tests of the file go on with."""
    opened = new_page(browser)
    opened.goto(f"{parts_app.url}/duel")
    with without_faults(opened):
        expect(opened.locator("[data-painted]")).to_have_count(1)
        yield opened
    opened.context.close()


def made(page, query: str = ""):
    """The viewer as in a fresh session, on which the picture is painted."""
    Screen(page, "").start_anew(query)
    root = page.locator(".duel")
    expect(root).to_have_attribute("data-seen", re.compile(":"))
    return root


def numbers(page) -> list[list[str]]:
    """What stands below each picture, a row a metric."""
    rows = page.locator(".numbers tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def seen(page, tile: str) -> list[int]:
    """The colour in the middle of a tile, as it is drawn."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(f"[data-tile={tile}] canvas").evaluate(MIDDLE)


def middle(picture) -> list[int]:
    height, width = picture.shape[:2]
    return picture[height // 2, width // 2].tolist()


def test_all_that_is_seen_is_of_the_playheads_step_and_python_hears_where_it_rests(page):
    root = made(page)
    reported = page.get_by_test_id("stText")
    head = page.get_by_role("slider", name="Step")
    expect(root).to_have_attribute("data-seen", f"{STEPS}:raised:")
    of = {run: [frame(run, step, strength(run, step)) for step in KEPT] for run in ("lowered", "raised")}
    start = frame("start", 0, 0.5)
    last = [of["lowered"][-1], start, of["raised"][-1]]
    assert numbers(page)[0] == [each.score for each in last]
    assert numbers(page)[2] == [last[0].values[2], "0.50", f"{last[2].values[2]} fooled"]

    # By the keys from one kept step to the next; a metric that was not asked there has a dash.
    head.focus()
    for step in (12, 8):
        page.keyboard.press("ArrowLeft")
        expect(root).to_have_attribute("data-seen", f"{step}:raised:")
    at = KEPT.index(8)
    assert numbers(page)[0] == [of["lowered"][at].score, start.score, of["raised"][at].score]
    assert numbers(page)[2] == ["–", "0.50", "–"]
    assert f"Raised {of['raised'][at].score}" in head.get_attribute("aria-valuetext")
    told = page.locator("[data-panel=map] canvas").get_attribute("aria-label")
    drawn = float(re.search(r"mean ([\d.]+)", told)[1])
    assert drawn == pytest.approx(sum(of["raised"][at].distances), rel=0.01)
    expect(reported).to_contain_text("at=8")

    # By a press on the chart, which goes to the nearest kept step.
    box = page.locator("[data-part=chart]").bounding_box()
    page.mouse.click(box["x"] + 47, box["y"] + 60)
    expect(root).to_have_attribute("data-seen", "0:raised:")
    assert numbers(page)[0] == [start.score] * 3
    expect(page.locator(".readout dt")).to_have_count(2)

    # It plays to the end, where it was at first.
    page.get_by_role("button", name="Play all steps").click()
    expect(root).to_have_attribute("data-seen", f"{STEPS}:raised:")
    expect(page.get_by_role("button", name="Play all steps")).to_be_visible()
    expect(reported).to_contain_text("at=None")

    # Another tile, another map, another curve.
    page.get_by_role("button", name="Lowered", exact=True).click()
    expect(root).to_have_attribute("data-seen", f"{STEPS}:lowered:")
    page.get_by_role("button", name="conv2").click()
    expect(root).to_have_attribute("data-seen", f"{STEPS}:lowered:conv2")
    page.get_by_role("button", name="PSNR").click()
    expect(page.locator("[data-part=courseTitle]")).to_have_text("PSNR, step by step")
    wanted = "at=None, tile='lowered', curve='psnr', layer='conv2'"
    expect(reported).to_contain_text(wanted)


def test_pictures_are_those_of_their_pixels_zoomed_together_and_the_reference_lies_below_each(page):
    root = made(page, "?at=4")
    expect(root).to_have_attribute("data-seen", "4:raised:")
    stage = page.locator(".stage")
    stage.focus()
    for _ in range(14):
        page.keyboard.press("+")
    lowered, raised = (frame(run, 4, strength(run, 4)).picture for run in ("lowered", "raised"))
    assert (seen(page, "lowered"), seen(page, "raised")) == (middle(lowered), middle(raised))
    page.keyboard.down("f")
    expect(page.locator("[data-tile=raised] .chip")).to_have_text("Reference")
    assert seen(page, "raised") == middle(reference())
    page.keyboard.up("f")
    assert seen(page, "raised") == middle(raised)

    # Held down it is that one alone; a short press chooses.
    aside = {"x": 12, "y": 60}  # where the pointer outlines no pixel that is looked at
    page.locator("[data-tile=lowered] canvas").hover(position=aside)
    page.mouse.down()
    expect(page.locator("[data-tile=lowered] .chip")).to_have_text("Reference")
    assert (seen(page, "lowered"), seen(page, "raised")) == (middle(reference()), middle(raised))
    page.mouse.up()
    expect(root).to_have_attribute("data-seen", "4:raised:")
    page.locator("[data-tile=lowered] canvas").click(position=aside)
    expect(root).to_have_attribute("data-seen", "4:lowered:")

    page.get_by_role("button", name="Open in Inspect: Lowered").click()
    expect(page.get_by_test_id("stText")).to_contain_text("opened ('lowered', 4)")

    # What was changed is that of the last step, and offered there alone.
    change = page.get_by_role("button", name="Change: Raised")
    expect(change).to_be_hidden()
    page.get_by_role("slider", name="Step", exact=True).focus()
    page.keyboard.press("End")
    change.click()
    expect(change).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-tile=raised] .chip")).to_have_text("changed by, × 4")
    assert seen(page, "raised") == middle(make_scene().tiles[2].change)


def test_while_more_comes_the_last_is_seen_and_the_playhead_waits(page):
    root = made(page, "?running=1&at=4")
    expect(root).to_have_attribute("data-seen", f"{STEPS}:raised:")
    expect(page.get_by_role("slider", name="Step")).to_be_disabled()
    expect(page.locator("[data-tile=raised] .chip")).to_have_text(f"Raised · step {STEPS}")
    made(page, "?still=1")
    expect(page.locator(".course")).to_be_hidden()
    expect(page.locator(".said")).to_contain_text("Does not show that it errs")


def test_numbers_pictures_and_maps_are_of_one_step_however_fast_the_next_one_comes(page):
    page.evaluate(SLOW)
    root = made(page, "?live=1")
    expect(root).to_have_attribute("data-seen", f"{STEPS}:raised:")
    page.evaluate("() => { window.watching = false }")
    seen = set(page.evaluate("() => window.noted"))
    of = {step: frame("raised" if step else "start", step, strength("raised", step)).score for step in KEPT}
    together = {f"{of[step]}|{of[step]}|mean {of[step]}|Raised · step {step}" for step in KEPT}
    assert seen - together == set()
    assert len(seen) >= 3


def test_a_run_that_is_over_ends_the_axis_and_what_is_still_asked_is_to_come(page):
    made(page, "?last=8")
    expect(page.locator("[data-part=at]")).to_have_text("8 of 8")
    expect(page.locator("[data-part=chart] .tick").last).to_have_text("8")
    assert numbers(page)[2] == ["…", "0.50", "…"]
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-part=at]")).to_have_text("4 of 8")
    assert numbers(page)[2] == ["–", "0.50", "–"]


def test_badges_tell_the_step_wherever_they_have_room_for_it(page):
    made(page)
    page.set_viewport_size({"width": 520, "height": 800})
    chips = page.locator(".made .chip")
    expect(chips).to_have_text(
        ["Reference", f"Lowered · step {STEPS}", "Start · Gaussian noise", f"Raised · step {STEPS}"]
    )
    page.set_viewport_size({"width": 320, "height": 800})
    expect(chips).to_have_text(["Reference", f"Lowered · step {STEPS}", "Start", f"Raised · step {STEPS}"])
    page.set_viewport_size({"width": 520, "height": 800})
    expect(chips.nth(2)).to_have_text("Start · Gaussian noise")
    page.set_viewport_size({"width": 1280, "height": 720})


def test_it_can_be_read_by_everybody_and_on_a_phone(page):
    made(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(HAS_GROUND, arg=scheme)
        assert hard_to_read(page, "texts", "sizes", "targets") == [], scheme
    assert findings(page, ALL_BUT_COLOURS) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert hard_to_read(page, "targets") == []
    expect(page.locator(".numbers thead th").first).to_be_visible()
    tiles = [tile.bounding_box() for tile in page.locator(".made").all()]
    assert [round(tile["x"]) for tile in tiles[:2]] == [round(tile["x"]) for tile in tiles[2:]]
    assert all(tile["x"] + tile["width"] <= 390 for tile in tiles)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
