"""A class in a browser: a session of three phones, one of which leaves and comes back; and a JND trial.

Every step goes on from the one before: a visit costs seconds.
"""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from explorer.judgments.store import opened_store
from tests.browser.support import Screen, fresh_page, new_page, without_faults

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "<b>7b</b>"
ANSWERS_MS = 150  # until a tap is seen
IN_TWO_ROWS = """row => {
  const [a, reference, b] = [...row.querySelectorAll(".frame")].map((frame) => frame.getBoundingClientRect());
  const isSharp = [...row.querySelectorAll("img")].every((image) =>
    image.width === image.height && Number.isInteger((image.width * devicePixelRatio) / image.naturalWidth)
  );
  const isWide = a.width + b.width > 0.95 * innerWidth; // the two have the whole of a phone
  return isSharp && isWide && reference.bottom <= a.top && a.right <= b.left && Math.abs(a.top - b.top) < 1;
}"""
# How long after a tap the button shows it: by the browser's clock, until the next frame.
TAP = """button => new Promise((done) => {
  const began = performance.now();
  button.click();
  button.click(); // a double tap
  requestAnimationFrame(() => done([performance.now() - began, button.ariaPressed]));
})"""


@pytest.fixture
def phones(browser):
    """Three phones that nobody has used."""
    with ExitStack() as stack:
        pages = [new_page(browser, **PHONE) for _ in range(3)]
        for page in pages:
            stack.callback(page.context.close)
            stack.enter_context(without_faults(page))
        yield pages


def join(page, link: str) -> None:
    """Open a link, and tap on Start."""
    page.goto(link)
    start_voting(page)


def start_voting(page) -> None:
    """Tap on Start, and wait for the first trial."""
    page.locator(".start").click()
    page.locator(".ballot[data-trial]").wait_for()


def answer(page, choice: str) -> float:
    """Tap twice on an answer, and wait for what comes; returns how long it took until the tap was seen."""
    ballot = page.locator(".ballot")
    before = ballot.get_attribute("data-trial")
    page.wait_for_timeout(400)  # nobody looks at pictures for less
    milliseconds, pressed = page.locator(f'.choice[data-answer="{choice}"]').evaluate(TAP)
    assert pressed == "true"
    page.wait_for_function(
        "([ballot, before]) => ballot.dataset.trial !== before || ballot.dataset.stage === 'finished'",
        arg=[ballot.element_handle(), before],
    )
    return milliseconds


def start(page) -> tuple[str, str]:
    """Start a session; returns its code and the participants' link."""
    page.get_by_role("button", name="Start", exact=True).click()
    code = page.locator(".invite .code")
    expect(code).to_be_visible()
    page.get_by_role("button", name="Link for the class").click()
    shown = page.locator(".st-key-class_link, [data-testid=stPopoverBody]").get_by_text("/vote?code=")
    return code.inner_text(), shown.inner_text().strip()


def test_three_phones_answer_a_session_and_its_teacher_sees_them_come(app, tab, phones):
    first, second, third = phones
    with fresh_page(tab) as teacher:
        screen = Screen(teacher, app.url).open(f"ask?trials=4&sentinels=0&title={TITLE}")
        code, link = start(teacher)
        assert link == f"{app.url}/vote?code={code}"
        expect(teacher.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(teacher.get_by_text("Phones cannot open this link")).to_be_visible()

        join(first, link)
        expect(first.locator(".title")).to_have_text(TITLE)
        row = first.locator(".of-2afc").element_handle()
        first.wait_for_function(IN_TWO_ROWS, arg=row)
        width = first.locator(".reference img").bounding_box()["width"]
        assert first.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(first.get_by_test_id("stSidebar")).to_be_hidden()
        took = [answer(first, choice) for choice in "ABAB"]
        assert max(took) < ANSWERS_MS
        expect(first.locator(".finished")).to_contain_text("4 of 4 answers are saved")
        assert len(opened_store().votes(code)) == 4

        # The second types the code, leaves in the middle, and comes back to the same trial.
        second.goto(f"{app.url}/vote")
        second.get_by_label("Code").fill(f"{code[:3].lower()} {code[3:]}")
        second.get_by_role("button", name="Go").click()
        start_voting(second)
        for choice in "AA":
            answer(second, choice)
        trial = second.locator(".ballot").get_attribute("data-trial")
        second.reload()
        expect(second.locator(f'.ballot[data-trial="{trial}"]')).to_be_visible()
        expect(second.locator(".place")).to_have_text(re.compile("3 of 4"))
        expect(second.locator('.choice[aria-pressed="true"]')).to_have_count(0)
        # With no connection an answer is kept, said to be, and sent when there is one again.
        second.context.set_offline(True)
        second.wait_for_timeout(400)
        second.locator('.choice[data-answer="B"]').tap()
        expect(second.locator(".sign")).to_contain_text("Your answer is kept here and sent again")
        second.context.set_offline(False)
        expect(second.locator(f'.ballot[data-trial="{trial}"]')).to_have_count(0)
        answer(second, "B")
        expect(second.locator(".finished")).to_be_visible()

        # The third is still at it when the session closes.
        join(third, link)
        third.wait_for_timeout(400)
        third.keyboard.press("ArrowLeft")
        expect(third.locator(".place")).to_have_text(re.compile("2 of 4"))
        expect(teacher.locator(".tile", has_text="Have joined").locator("strong")).to_have_text("3")
        expect(teacher.locator(".tile", has_text="Answers").locator("strong")).to_have_text("9")
        teacher.keyboard.press("Escape")
        teacher.get_by_role("button", name="Close the session").click()
        expect(teacher.get_by_role("button", name="Reopen it")).to_be_visible()
        third.locator('.choice[data-answer="A"]').tap()
        expect(third.locator(".closed")).to_contain_text("Your 1 answer is saved")
        votes = opened_store().votes(code)
        assert len({(vote.participant, vote.trial) for vote in votes}) == len(votes) == 9
        assert all(vote.milliseconds >= 300 for vote in votes)
        assert all(vote.scale >= 1 for vote in votes)  # patches are enlarged, and by how much is kept

        # The browser comes back to what it has started, until another session is set up.
        screen.open("ask?asks=jnd&trials=1&sentinels=0")
        expect(teacher.locator(".invite .code")).to_have_text(code)
        teacher.get_by_role("button", name="Set up another one").click()
        teacher.get_by_role("button", name="Leave this one").click()
        jnd, link = start(teacher)
        join(first, link)
        check_jnd(first, width)
        (vote,) = opened_store().votes(jnd)
        assert vote.choice == "same"
        assert vote.milliseconds >= 900  # from the second picture on, which is seen for a second


def check_jnd(phone, width: float) -> None:
    """One picture for a second, a gap, the other, and then an answer; as wide as those of a 2AFC trial."""
    same = phone.locator('.choice[data-answer="same"]')
    expect(same).to_be_disabled()
    phone.locator(".show").tap()  # who wants things still says when
    expect(phone.locator(".window img")).to_have_count(1)
    phone.locator('.choice[data-answer="same"]:enabled').wait_for()
    expect(phone.locator(".window img")).to_have_count(0)
    assert phone.locator(".window .frame").bounding_box()["width"] == width  # it keeps its picture's place
    same.tap()
    expect(phone.locator(".finished")).to_be_visible()
