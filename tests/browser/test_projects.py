"""A project, saved in one tab and opened in another: the boxes are there, and the numbers are the same."""

from tests.browser.regions import TWO, opened
from tests.browser.support import Viewer, fresh_page


def answers(screen: Viewer) -> str:
    return screen.page.locator(".st-key-answers table").inner_text()


def test_a_project_that_one_tab_saved_opens_in_another_with_its_boxes_and_numbers(app, tab, tmp_path):
    with fresh_page(tab) as page:
        screen = opened(Viewer(page, app.url), TWO)
        saved, chosen = answers(screen), screen.number("LPIPS")
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name="Project, ZIP").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
    assert path.name == "cat_jpeg-then-local-blur_alexnet-v0.1_300x300_project.zip"

    with fresh_page(tab) as page:
        screen = Viewer(page, app.url).open("?sample=brick&distortion=jpeg&severity=0.2&seed=0")
        page.get_by_role("button", name="Open a project").click()
        page.locator("[class*=st-key-file_project] input[type=file]").set_input_files(path)
        page.get_by_role("button", name="Figure and report").wait_for()
        page.wait_for_url("**/region?**")
        screen.settle()
        screen.painted()
        assert answers(screen) == saved
        assert screen.number("LPIPS") == chosen
        assert page.get_by_role("radio", name="Box B").is_checked()
        assert screen.errors() == []
