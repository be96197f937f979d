"""Results in a browser: a teacher watches a class vote, reads a dispute, and removes the session."""

import re

from playwright.sync_api import expect

from explorer.judgments.store import opened_store
from tests.browser.support import Screen, fresh_page
from tests.judgments.classes import People, session, vote


def test_a_teacher_watches_a_class_reads_a_dispute_and_removes_the_session(app, tab):
    store = opened_store()
    keys, plan = session(store, count=6, title="<b>Class</b> 7b")
    people = People(store, plan, sharpness=0.0)
    with fresh_page(tab) as page:
        screen = Screen(page, app.url).open(f"results?teacher={keys.teacher}&held=psnr,ssim")
        expect(page.get_by_role("heading", name="<b>Class</b> 7b")).to_be_visible()
        expect(page.get_by_text("Nobody has voted yet.")).to_be_visible()
        expect(page).to_have_url(re.compile(f"class={keys.code}"))
        assert keys.teacher not in page.url  # a projector shows it to the class
        page.reload()
        expect(page.get_by_role("heading", name="<b>Class</b> 7b")).to_be_visible()
        # Nothing is clicked: votes come by themselves, the first and those after them.
        for count in (2, 3):
            vote(store, keys.code, plan, people, count - (count == 3) * 2)
            said = f"{count} participants have cast {6 * count} votes"
            expect(page.get_by_text(said)).to_be_visible()
        expect(page.locator(".st-key-results_agreement .errorbar")).to_have_count(3)  # people and two metrics
        screen.settle()
        page.get_by_text("Disputes", exact=True).click()
        expect(page.get_by_text("finds").first).to_be_visible()
        expect(page.locator("[data-painted]").first).to_be_visible()
        screen.settle()
        page.get_by_role("button", name="Remove …").click()
        page.get_by_role("button", name="Remove it for good").click()
        expect(page.get_by_text("Ask gives you a link")).to_be_visible()
        expect(page).not_to_have_url(re.compile(keys.code))
    codes = [info.code for info in store.sessions()]
    assert keys.code not in codes
