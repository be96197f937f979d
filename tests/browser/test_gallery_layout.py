"""The gallery's place on the page: equal panels, nothing cut, all of it in sight."""

import pytest

from tests.browser.gallery_page import make_gallery
from tests.grid import few


def boxes(gallery):
    return [panel.bounding_box() for panel in gallery.page.locator(".panel").all()]


@pytest.mark.parametrize("size", few([(1280, 720), (1440, 900)]))
@pytest.mark.parametrize("shape", few(["landscape", "portrait", "square"], 2))
@pytest.mark.parametrize("networks", few([6, 2]))
def test_panels_are_equal_and_all_in_sight(gallery, size, shape, networks):
    gallery.page.set_viewport_size({"width": size[0], "height": size[1]})
    gallery.open(f"?networks={networks}&shape={shape}&difference")
    found = boxes(gallery)
    assert len(found) == networks + 3
    for side in ("width", "height"):
        assert max(box[side] for box in found) - min(box[side] for box in found) < 1.5
    assert found[0]["width"] >= 170
    top, bottom = found[0]["y"], found[-1]["y"] + found[-1]["height"]
    assert bottom - top < 0.84 * size[1]
    assert gallery.page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("width", few([390, 1280, 1440], 2))
def test_no_title_is_cut_and_none_lies_on_another(gallery, width):
    gallery.page.set_viewport_size({"width": width, "height": 844})
    gallery.open("?networks=6&difference&dists&warning")
    cut = gallery.page.locator(".heading, .heading *, .ends span, .message, .alarm").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.innerText)"
    )
    assert cut == []
    for heading in gallery.page.locator(".heading").all():
        name, number = (heading.locator(tag).bounding_box() for tag in ("b", "span"))
        assert name["x"] + name["width"] <= number["x"] + 0.5
    lines = gallery.page.locator(".heading span").evaluate_all(
        "all => all.map(e => e.clientHeight || e.offsetHeight)"
    )
    assert max(lines) < 60
    assert gallery.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_has_two_columns(gallery):
    gallery.page.set_viewport_size({"width": 390, "height": 844})
    gallery.open("?networks=2&difference")
    found = boxes(gallery)
    assert found[0]["y"] == pytest.approx(found[1]["y"], abs=1)
    assert found[2]["y"] > found[1]["y"] + 100
    legend = gallery.page.locator(".legend").bounding_box()
    assert legend["x"] >= found[-1]["x"] + found[-1]["width"]  # in the place that five panels leave
    assert legend["height"] < 2 * found[-1]["height"]


def test_the_legend_fills_the_last_row_or_has_its_own(gallery):
    gallery.open("?networks=4&difference")  # seven panels
    legend, last = gallery.page.locator(".legend").bounding_box(), boxes(gallery)[-1]
    assert legend["x"] > last["x"] + last["width"]
    assert legend["y"] < last["y"] + last["height"]
    gallery.page.get_by_role("slider", name="Networks").press("ArrowRight")
    gallery.wait_until(painted=make_gallery(networks=5).key)  # eight
    gallery.frame()
    legend, last = gallery.page.locator(".legend").bounding_box(), boxes(gallery)[-1]
    assert legend["y"] >= last["y"] + last["height"] - 1


def test_a_warning_stands_above_the_panels(gallery):
    gallery.open("?warning")
    warning = gallery.page.locator(".alarm")
    assert warning.inner_text() == "Raw distances of different networks are not comparable."
    assert warning.bounding_box()["y"] < boxes(gallery)[0]["y"]
    gallery.open()
    warning.wait_for(state="hidden")


def test_four_panels_stand_in_rows_of_equal_length_however_wide_the_window(gallery):
    gallery.open("?networks=2")
    panels = gallery.page.locator(".panel").element_handles()
    assert len(panels) == 4
    for width in (1440, 1280, 1000, 800, 390):
        gallery.page.set_viewport_size({"width": width, "height": 900})
        gallery.frame()
        gallery.page.wait_for_function(
            """panels => {
                const tops = panels.map((panel) => Math.round(panel.getBoundingClientRect().top));
                const lengths = [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
                return new Set(lengths).size === 1;
            }""",
            arg=panels,
        )
