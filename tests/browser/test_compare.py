"""The Compare page: columns, the gallery, the ladder, and links."""

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import explorer
from explorer.distortions import distort
from explorer.samples import load_sample
from tests.browser.support import Gallery, fresh_page, png

PAIR = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64"
# The first is there at once, the others take their time.
SLOW = ",".join(
    (
        "alexnet:lpips-0.1",
        *(f"{name}:uniform:random" for name in ("vgg16", "vgg16_shift")),
    )
)


@pytest.fixture
def compare(app, tab):
    with fresh_page(tab) as page:
        yield Gallery(page, app.url)


def score(**settings) -> str:
    pixels = load_sample("cat").pixels
    return f"{explorer.measure(pixels, distort(pixels, 'jpeg', 0.5), size=64, **settings).score:.4f}"


def opened(screen: Gallery, query: str, without: str = "-") -> Gallery:
    """Open a link, and wait until all columns are in the gallery, but for a backbone that cannot be."""
    screen.page.goto(f"{screen._url}/compare?{query}")
    columns = [name for name in parse_qs(query)["columns"][0].split(",") if not name.startswith(without)]
    painted = "".join(f'[data-painted*="{name}"]' for name in columns)
    screen.page.locator(painted).first.wait_for()
    return screen


def wait_for_ladder(screen: Gallery) -> None:
    screen.page.locator(".st-key-agreement").wait_for()
    screen.settle()


def query(screen: Gallery) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(screen.page.url).query).items()}


def check_difference(compare: Gallery) -> None:
    """The first two columns' maps are subtracted, and the legend says which side is which."""
    assert any(text.startswith("A − B") for text in compare.headings())
    assert compare.canvas("difference").bounding_box()["width"] > 100
    legend = compare.page.locator(".viewer").inner_text()
    assert "more in A, AlexNet · LPIPS v0.1" in legend.replace("\n", " ")
    assert "more in B, AlexNet · uniform heads" in legend.replace("\n", " ")


def check_percentiles(compare: Gallery) -> None:
    """They stand in the table, and can be the maps' scale."""
    wait_for_ladder(compare)
    row = compare.page.locator(".st-key-compared tr", has_text="AlexNet · LPIPS v0.1")
    assert 0 <= float(row.inner_text().split("\t")[2]) <= 100
    compare.page.get_by_role("radio", name="Percentile").click()
    compare.page.locator(".heading", has_text="percentile").first.wait_for()
    compare.page.get_by_role("radio", name="Raw").click()
    compare.page.get_by_text("Raw distances of different networks are not comparable").first.wait_for()
    compare.settle()


def check_pair_in_dispute(compare: Gallery) -> None:
    """A click on a cell of the agreement opens it, and so do keys."""
    before = query(compare)
    compare.page.get_by_role("button", name=re.compile(r"^AlexNet · LPIPS v0\.1 and PSNR: ")).click()
    said = compare.page.get_by_text(re.compile(r"^Showing .* rank \d+ of 45 for AlexNet · LPIPS v0\.1"))
    said.wait_for()
    compare.settle()
    after = query(compare)
    assert (after["distortion"], after["severity"]) != (before["distortion"], before["severity"])
    slider = compare.page.get_by_role("slider", name="Severity")
    assert float(slider.input_value()) == pytest.approx(float(after["severity"]))
    cell = compare.page.get_by_role("button", name=re.compile("^AlexNet · LPIPS v0.1 and PSNR: "))
    cell.press("ArrowRight")
    compare.page.keyboard.press("Enter")
    compare.page.get_by_text(re.compile(r"^Showing .* for AlexNet · LPIPS v0\.1, .* for SSIM")).wait_for()


def test_one_switch_sets_trained_and_random_side_by_side_with_scores_difference_percentiles_and_dispute(
    compare,
):
    opened(compare, f"{PAIR}&columns=alexnet:lpips-0.0")
    compare.page.get_by_text("Trained or random?").click()
    compare.page.locator(".heading", has_text="random weights").wait_for()
    assert [text for text in compare.headings() if text.startswith("AlexNet")] == [
        f"AlexNet · LPIPS v0.1 {score()}",
        f"AlexNet · uniform heads {score(heads='uniform')}",
        f"AlexNet · uniform heads on random weights {score(heads='uniform', weights='random')}",
    ]
    check_difference(compare)
    check_percentiles(compare)
    check_pair_in_dispute(compare)


def test_a_link_reopens_all_its_columns_and_those_without_maps_or_weights_leave_the_others_alone(compare):
    columns = "alexnet:uniform,dists:dists:random,densenet121:uniform,alexnet:lpips-0.1"
    link = f"{PAIR}&versus=alexnet:lpips-0.1,alexnet:uniform&shares=raw&columns={columns}"
    opened(compare, link, without="densenet121")
    compare.page.get_by_role("button", name="Fetch DenseNet-121").wait_for()
    compare.settle()
    again = query(compare)
    assert again["columns"] == columns
    assert again["versus"] == "alexnet:lpips-0.1,alexnet:uniform"
    assert again["shares"] == "raw"
    text = compare.page.locator(".viewer").inner_text()
    assert "it has a score but no map" in text.replace("\n", " ")
    assert f"AlexNet · LPIPS v0.1 {score()}" in compare.headings()


def test_a_new_upload_is_on_the_page_before_its_columns_are_and_cancelled_ones_can_be_measured_later(compare):
    page = compare.page
    page.goto(f"{compare._url}/compare?columns={SLOW}")
    # Clicked as soon as it is there: a run that was superseded before its end takes no column with it.
    page.locator(".st-key-setting_source").get_by_role("radio", name="Upload").click()
    noise = np.random.default_rng(5).integers(0, 256, (640, 800, 3), dtype=np.uint8)
    page.locator(".st-key-file_reference input[type=file]").set_input_files(
        {"name": "noise.png", "mimeType": "image/png", "buffer": png(noise)}
    )
    page.get_by_text("In use: noise.png").wait_for()
    compare.settle()  # until then the sample's columns may be on the page
    page.get_by_text(re.compile(r"^Measuring 3 columns: ")).wait_for()
    score = page.get_by_text(re.compile(r"^\d\.\d{4}$"))
    card = page.get_by_test_id("stColumn").filter(has_text="AlexNet · LPIPS v0.1").filter(has=score).first
    card.wait_for()
    page.get_by_text("Not measured yet.").first.wait_for()
    page.get_by_text("The ladder is measured once all columns are.").wait_for()

    page.locator(".st-key-cancel_columns button").click()
    page.get_by_text(re.compile(r"^Cancelled: \d+ of \d+ steps were finished")).wait_for()
    compare.settle()
    card.wait_for()
    page.get_by_text("Not measured yet.").first.wait_for()
    page.get_by_role("button", name="Measure the rest").click()
    page.get_by_text(re.compile(r"^Measuring .+: ")).wait_for()  # one column or two
    card.wait_for()
