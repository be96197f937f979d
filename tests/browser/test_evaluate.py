"""The page Evaluate in Chromium: a set is uploaded and measured, and a click opens one of its trials."""

import io
import re
import zipfile

from playwright.sync_api import expect

from benchmarks.triplets import made_triplets
from tests.browser.support import Screen, fresh_page

ROW = 35  # pixels of the list's head, and of each row


def packed(folder):
    """A data set as a ZIP file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    return stream.getvalue()


def test_an_uploaded_set_is_measured_a_trial_opens_at_a_click_and_its_version_in_inspect(app, tab, tmp_path):
    made_triplets(tmp_path, 12)
    file = {"name": "set.zip", "mimeType": "application/zip", "buffer": packed(tmp_path)}
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/evaluate?judgments=upload&rulers=psnr,alexnet:lpips-0.1")
        page.locator("input[type=file]").set_input_files(file)
        expect(page.get_by_text("Over 2 subsets with 12 trials")).to_be_visible()
        rows = page.locator(".st-key-evaluate_trials .dvn-scroller")
        rows.wait_for()
        screen.settle()
        screen.wait_for_entry()
        rows.click(position={"x": 60, "y": 2.5 * ROW})
        page.locator("[data-painted]").first.wait_for()
        expect(page).to_have_url(re.compile("trial="))
        expect(page.get_by_text(re.compile("of people find the second closer"))).to_be_visible()
        screen.settle()
        screen.wait_for_entry()
        page.get_by_role("button", name="Open second in Inspect").click()
        page.get_by_text(re.compile(r"Distorted: \d+\.png")).wait_for()
        page.go_back()
        expect(page.get_by_text(re.compile("of people find the second closer"))).to_be_visible()
