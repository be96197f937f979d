"""What the Region page gives away: every file is downloaded, opened, and held against Python's numbers.

And what it shows of a causal map, on the same visit.

The page measures several heads in one product, which rounds differently from one: hence 1e-6.
"""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from explorer.analysis.region import causal_map, restore_each, tiles
from explorer.metrics import Method
from tests.browser.regions import TWO, answers, opened, pictures, start_map
from tests.browser.support import Viewer, fresh_page, new_page, without_faults

BOXES = parse_qs(TWO)["boxes"][0]


@dataclass(frozen=True)
class Seen:
    """One visit to the page: its files by their buttons' words, and what it says of its causal map."""

    files: dict[str, Path]
    titles: str
    sentence: str
    end: str  # of the causal map's scale
    boxes: str  # of the link, once the map's strongest tile was made one


def box_from_map(screen: Viewer) -> str:
    """Make the strongest tile the chosen box; returns the link's boxes."""
    screen.page.get_by_role("button", name="Box from the causal map").click()
    screen.page.wait_for_function(
        "before => ![null, before].includes(new URL(location).searchParams.get('boxes'))", arg=BOXES
    )
    screen.settle()
    boxes = parse_qs(urlsplit(screen.page.url).query)["boxes"][0]
    drawn = [list(map(int, box.split(","))) for box in boxes.split(";")]
    screen.wait_until(boxes=json.dumps(drawn, separators=(",", ":")))
    return boxes


@pytest.fixture(scope="module")
def seen(app, tab, tmp_path_factory) -> Seen:
    """The estimate stands before the start; the causal map is measured before the files are saved."""
    folder, saved = tmp_path_factory.mktemp("downloads"), {}
    with fresh_page(tab) as page:
        screen = opened(Viewer(page, app.url), TWO)
        page.get_by_text(re.compile(r"At most about .+ on CPU")).wait_for()
        start_map(screen, 4)
        gallery = page.locator(".st-key-causal_gallery")
        gallery.locator("[data-painted]").wait_for()
        screen.settle()

        def save(words):
            with page.expect_download() as download:
                page.get_by_role("button", name=words).click()
            saved[words] = folder / download.value.suggested_filename
            download.value.save_as(saved[words])

        for words in ("Ledger, CSV", "Ledger, JSON", "Maps, NPZ", "Project, ZIP"):
            save(words)
        page.get_by_role("button", name="Figure and report").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("img").wait_for()
        for words in ("Report, HTML", "Figure, PDF"):
            save(words)
        dialog.get_by_role("button", name="Layers' maps").click()
        dialog.get_by_role("radio", name="PNG").click()
        dialog.get_by_role("button", name="Figure, PNG").wait_for()
        screen.settle()
        save("Figure, PNG")
        dialog.get_by_role("button", name="Close").click()
        dialog.wait_for(state="detached")
        return Seen(
            files=saved,
            titles=" ".join(gallery.locator(".heading").all_inner_texts()),
            sentence=page.get_by_text(re.compile("rank correlation is")).inner_text(),
            end=gallery.locator("[data-scale=amount] .ends span").last.inner_text(),
            boxes=box_from_map(screen),
        )


@pytest.fixture(scope="module")
def files(seen) -> dict[str, Path]:
    """Every file that the page offers, by its button's words."""
    return seen.files


def test_the_causal_map_stands_beside_the_learned_one_and_its_strongest_tile_becomes_a_box(seen, found):
    assert "Learned map holds" in seen.titles
    assert "Causal: restoring removes" in seen.titles
    reference, distorted = pictures()
    method = Method(device="cpu")
    scores = [s for part in restore_each(reference, distorted, tiles((300, 300), 4), method) for s in part]
    row, column = divmod(int(np.argmin(scores)), 4)
    assert f"row {row + 1}, column {column + 1} removes the most" in seen.sentence
    causal = causal_map(scores, found.measurement.score, 4, found.frame, found.measurement)
    assert float(seen.end.removesuffix("% of the score")) == pytest.approx(100 * causal.end, rel=6e-3)
    first, _ = BOXES.split(";")
    assert seen.boxes == f"{first};{causal.strongest}"


def test_the_json_file_holds_both_answers_of_both_boxes(files, found):
    content = json.loads(files["Ledger, JSON"].read_text(encoding="utf-8"))
    assert content["score"] == pytest.approx(found.measurement.score, rel=1e-6)
    assert np.shape(content["causal"]["removed"]) == (4, 4)
    assert np.sum(content["causal"]["learned"]) == pytest.approx(1, rel=1e-6)
    for entry, region in zip(content["boxes"], found.regions, strict=True):
        assert entry["box"] == list(region.box.numbers)
        assert entry["share"] == pytest.approx(region.held.share, rel=1e-6)
        assert entry["restore"] == pytest.approx(region.check.restore, rel=1e-6)
        assert entry["insert"] == pytest.approx(region.check.insert, rel=1e-6)


def test_the_csv_files_layers_add_up_to_each_boxs_sum(files, found):
    rows = list(csv.DictReader(files["Ledger, CSV"].read_text(encoding="utf-8").splitlines()))
    for region in found.regions:
        own = [row for row in rows if row["box"] == region.name]
        (total,) = (row for row in own if row["layer"] == "sum")
        parts = sum(float(row["distance"]) for row in own if row is not total)
        assert parts == pytest.approx(float(total["distance"]), rel=1e-6)
        assert float(total["distance"]) == pytest.approx(region.held.distance, rel=1e-6)


def test_the_maps_average_to_the_layers_distances(files, found):
    with np.load(files["Maps, NPZ"]) as maps:
        for layer in found.measurement.layers:
            assert maps[layer.name].mean(dtype=np.float64) == pytest.approx(layer.distance, rel=1e-6)


def test_the_figure_has_the_parts_that_are_chosen_in_the_dialog_when_it_is_downloaded(files, found):
    text = " ".join(PdfReader(files["Figure, PDF"]).pages[0].extract_text().split())
    assert f"{found.measurement.score:.4f}" in text
    assert "all layers" in text
    assert "Causal map" in text
    with Image.open(files["Figure, PNG"]) as figure:
        assert figure.format == "PNG"
        assert figure.width == 2400
        assert np.asarray(figure.convert("L")).std() > 10
        # Without the layers' maps, that of all layers is one of the large ones: another row of pictures.
        assert figure.height != pytest.approx(height_of(files["Figure, PDF"]), abs=2)


def height_of(pdf: Path) -> float:
    """Of its page, in pixels of the figure."""
    return float(PdfReader(pdf).pages[0].mediabox.height) * 300 / 72


def test_the_project_opens_in_another_tab_with_its_boxes_and_numbers(files, app, tab, found):
    path = files["Project, ZIP"]
    assert path.name == "cat_jpeg-then-local-blur_alexnet-v0.1_300x300_project.zip"
    with fresh_page(tab) as page:
        screen = Viewer(page, app.url).open("?sample=brick&distortion=jpeg&severity=0.2&seed=0")
        page.get_by_role("button", name="Open a project").click()
        page.locator("[class*=st-key-file_project] input[type=file]").set_input_files(path)
        page.get_by_role("button", name="Figure and report").wait_for()
        page.wait_for_url("**/region?**")
        screen.settle()
        screen.painted()
        for row, region in zip(answers(screen), found.regions, strict=True):
            assert row[0] == f"{region.name} · {region.box.words}"
            assert row[2] == f"{region.held.share:.1%}"
            assert row[3] == f"{region.check.restore:.4f}"
            assert row[5] == f"{region.check.insert:.4f}"
        assert screen.number("LPIPS") == f"{found.measurement.score:.4f}"
        assert page.get_by_role("radio", name="Box B").is_checked()
        assert screen.errors() == []


def test_the_report_opens_from_disk_without_a_network(files, browser, found):
    page, asked = new_page(browser), []
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    with without_faults(page):
        page.goto(files["Report, HTML"].as_uri())
        images = page.locator("img")
        assert images.count() >= 5
        assert images.evaluate_all("all => all.every(image => image.complete && image.naturalWidth > 0)")
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        text = page.locator("body").inner_text()
        assert f"{found.measurement.score:.4f}" in text
        for region in found.regions:
            assert f"{region.check.restore:.4f}" in text
            assert f"{region.check.insert:.4f}" in text
        assert "rank correlation" in text  # of the causal map
    page.context.close()
