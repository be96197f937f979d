"""Values written into magnified pixels are those of the arrays, legible, and never under the readout."""

import numpy as np
import pytest

from tests.browser.test_viewer_numbers import area_exact
from tests.browser.viewer_page import SIZES, make_scene

WRITTEN = """() => {
  const { prototype } = CanvasRenderingContext2D, write = prototype.fillText;
  window.texts = [];
  prototype.fillText = function (text, ...place) {
    window.texts.push([text, this.fillStyle, this.font]);
    write.call(this, text, ...place);
  };
  window.restore = () => (prototype.fillText = write);
}"""


def written(viewer, panel: str) -> dict[tuple[int, int], str]:
    """What stands in a panel's pixels, by their x and y."""
    viewer.frame()
    entries = (viewer.canvas(panel).get_attribute("data-values") or "").split("; ")
    places = dict(entry.split(": ") for entry in entries if entry)
    return {tuple(map(int, place.split(","))): text for place, text in places.items()}


def magnify(viewer, scene, x: int, y: int, panel: str = "reference", wheel: int = 2350) -> None:
    """Zoom in at a pixel until values are written, and take the pointer away."""
    viewer.hover(panel, scene, x, y)
    viewer.page.keyboard.down("Control")
    viewer.page.mouse.wheel(0, -wheel)
    viewer.page.keyboard.up("Control")
    viewer.page.mouse.move(0, 0)
    viewer.frame()


def number(text: str) -> float:
    return np.nan if text == "–" else float(text.replace("−", "-"))


def said_of_picture(values: dict[tuple[int, int], str], picture: np.ndarray, least: int) -> None:
    """What is written of a picture are its own pixels, so many at least."""
    assert len(values) >= least
    for (x, y), text in values.items():
        assert text == " ".join(map(str, picture[y, x]))


def said_of_map(values: dict[tuple[int, int], str], plane: np.ndarray, atol: float, least: int) -> np.ndarray:
    """What is written of a map are its own values, to two digits or within `atol`; returns these."""
    assert len(values) >= least
    places = tuple(zip(*((y, x) for x, y in values), strict=True))
    said = np.array([number(text) for text in values.values()])
    np.testing.assert_allclose(said, plane[places], rtol=0.051, atol=atol)
    return said


def test_the_values_in_pixels_are_the_pictures_and_the_maps(viewer):
    scene = make_scene()
    viewer.open()
    magnify(viewer, scene, 2, 2)  # where 1 - SSIM has a border without data
    assert viewer.view()[0] * viewer.canvas("reference").bounding_box()["width"] / 256 >= 32
    for panel, picture in (("reference", scene.reference), ("distorted", scene.distorted)):
        said_of_picture(written(viewer, panel), picture, 21)
    combined = sum(area_exact(layer.values, 256, 256) for layer in scene.layers)
    error, dissimilar = (pixel_map.values for pixel_map in scene.pixel_maps)
    for name, plane in (("combined", combined), ("squared_error", error), ("one_minus_ssim", dissimilar)):
        viewer.page.locator(f"[data-setting=map] [data-value={name}]").click()
        viewer.wait_until(map=name)
        said = said_of_map(written(viewer, "map"), plane, 0.006 if plane is not combined else 0, 21)
    assert np.isnan(said).any()
    assert not np.isnan(said).all()


def test_a_layers_value_stands_once_in_each_of_its_cells(viewer):
    scene = make_scene()
    viewer.open("?map=layer")
    viewer.page.locator(".thumb[data-map=conv1]").click()
    viewer.wait_until(layer="conv1")
    magnify(viewer, scene, 150, 100)
    values = written(viewer, "map")
    cells = {(x * 63 // 256, y * 63 // 256) for x, y in values}
    assert len(cells) == len(values) >= 4
    conv1 = scene.layers[0].values
    for (x, y), text in values.items():
        cell = conv1[int((y + 0.5) * 63 / 256), int((x + 0.5) * 63 / 256)]
        assert number(text) == pytest.approx(cell, rel=0.006)


def luminance(colour) -> float:
    part = np.asarray(colour) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_what_is_said_to_be_written_is_what_is_drawn_in_letters_that_stand_out(viewer):
    scene = make_scene()
    viewer.open()
    magnify(viewer, scene, 150, 100)
    viewer.page.evaluate(WRITTEN)
    viewer.press("ArrowRight")
    viewer.page.evaluate("void restore()")
    texts = viewer.page.evaluate("texts")
    expected = [text for panel in ("reference", "distorted") for text in written(viewer, panel).values()]
    lines = [line for text in expected for line in text.split()]
    lines += list(written(viewer, "map").values())
    # Of one painting: there may have been several.
    assert [text for text, *_ in texts][-len(lines) :] == lines
    places = list(written(viewer, "reference"))
    inks = [ink for _, ink, _ in texts[-len(lines) :]][: 3 * len(places) : 3]
    for (x, y), ink in zip(places, inks, strict=True):
        light, dark = sorted(
            (luminance(scene.reference[y, x]), 1.0 if ink == "#ffffff" else 0.0), reverse=True
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert min(float(font.split()[1].removesuffix("px")) for *_, font in texts) >= 12


def test_small_pixels_hold_no_values(viewer):
    viewer.open()
    assert written(viewer, "reference") == {}
    viewer.press(*["+"] * 5)
    assert written(viewer, "reference") == {}


COVERED = """async (root) => {
  const PLACES = [[0.1, 0.1], [0.5, 0.5], [0.9, 0.5], [0.5, 0.95], [0.95, 0.95], [0.3, 0.7]];
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const readout = root.querySelector(".readout");
  const canvases = [...root.querySelectorAll(".panel[data-panel] canvas")].filter((c) => c.checkVisibility());
  let read = 0;
  const covered = [];
  for (const canvas of canvases) {
    for (const [across, down] of PLACES) {
      const at = (box) => [box.left + across * box.width, box.top + down * box.height];
      const [clientX, clientY] = at(canvas.getBoundingClientRect());
      canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, pointerId: 1 }));
      await painted();
      if (readout.hidden) continue; // beside the picture
      read += 1;
      const { left, right, top, bottom } = readout.getBoundingClientRect();
      for (const other of canvases) {
        const [x, y] = at(other.getBoundingClientRect());
        if (x > left && x < right && y > top && y < bottom) covered.push([canvas.ariaLabel, across, down]);
      }
    }
  }
  return [read, covered];
}"""


@pytest.mark.parametrize(
    ("size", "query"),
    [
        ((1440, 900), "?shape=square"),
        ((390, 844), "?shape=photograph"),
        ((390, 844), "?shape=tall&mode=swipe"),
    ],
    ids=str,
)
def test_the_readout_covers_the_place_that_it_reads_on_no_panel(viewer, size, query):
    viewer.open(query)
    viewer.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    viewer.frame()
    read, covered = viewer.root.evaluate(COVERED)
    assert read >= 6
    assert not covered
    viewer.page.mouse.move(0, 0)


THUMB = """(canvas, [across, down]) => {
  const place = [across * canvas.width, down * canvas.height, 1, 1];
  return [...canvas.getContext("2d").getImageData(...place).data.slice(0, 3)];
}"""


def test_the_strip_shows_the_part_that_the_panels_show(viewer):
    viewer.open()
    viewer.frame()
    thumbs = viewer.page.locator(".thumb canvas")
    x, y = 160, 95  # well within a cell of every layer
    whole = [thumb.evaluate(THUMB, [(x + 0.5) / 256, (y + 0.5) / 256]) for thumb in thumbs.all()[:5]]
    magnify(viewer, make_scene(), x, y)
    box = viewer.canvas("reference").bounding_box()
    zoom, middle_x, middle_y = viewer.view()
    side = 256 / zoom  # image pixels across a panel, and across a small picture
    at = [0.5 + (x + 0.5 - middle_x) / side, 0.5 + (y + 0.5 - middle_y) / side]
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert [thumb.evaluate(THUMB, at) for thumb in thumbs.all()[:5]] == whole
    viewer.press("0")
    assert [t.evaluate(THUMB, [(x + 0.5) / 256, (y + 0.5) / 256]) for t in thumbs.all()[:5]] == whole


@pytest.mark.parametrize("shape", ["tall", "wide", "photograph"])
def test_pictures_fill_their_panels_and_panels_with_the_strip_the_width(viewer, shape):
    viewer.open(f"?shape={shape}")
    viewer.frame()
    height, width = SIZES[shape]
    boxes = [viewer.canvas(panel).bounding_box() for panel in ("reference", "distorted", "map")]
    for box in boxes:
        scale = min(box["width"] / width, box["height"] / height)
        assert scale**2 * width * height >= 0.75 * box["width"] * box["height"]
    page = viewer.root.bounding_box()
    strip = viewer.page.locator(".strip").bounding_box()
    bar = viewer.page.locator(".bar").bounding_box()
    used = bar["x"] + bar["width"] - page["x"] + (strip["width"] if shape == "tall" else 0)
    assert used >= 0.93 * page["width"]
    if shape == "wide":
        assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
        assert boxes[0]["width"] >= 0.9 * page["width"]
    else:
        assert boxes[1]["y"] == boxes[0]["y"]
    assert viewer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
