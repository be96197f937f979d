"""The browser's history: each step is one entry, and Back, Forward and a reload lose nothing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.views.common import history
from tests.browser.support import Screen, new_page, open_by_menu, png, without_faults

SMALL = "?sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64&columns=alexnet:uniform"
START = "/_stcore/health"  # a page of this server without scripts
ADDRESS = "location.pathname + location.search"


def picture(seed: int) -> dict[str, object]:
    """A file of 80 × 70 random pixels."""
    pixels = np.random.default_rng(seed).integers(0, 256, (70, 80, 3), dtype=np.uint8)
    return {"name": f"picture {seed}.png", "mimeType": "image/png", "buffer": png(pixels)}


class Visit:
    """A visitor who takes steps, and notes what each has shown."""

    def __init__(self, screen: Screen):
        self.page, self.screen = screen.page, screen
        self.views: list[tuple[str, list[str]]] = []
        self.entries = self.page.evaluate("history.length")

    @property
    def numbers(self):
        """What is measured on a page of any kind."""
        return self.page.locator(".tile strong, .score strong, .ranking td .value")

    def note(self, address: str) -> None:
        """Note the view once its address and its numbers are there and stand still."""
        self.page.wait_for_function("part => decodeURIComponent(location.href).includes(part)", arg=address)
        self.screen.settle()
        expect(self.page.get_by_text("Shown dimmed")).to_have_count(0)
        expect(self.numbers.filter(has_text="…")).to_have_count(0)
        expect(self.numbers).not_to_have_count(0)
        self.screen.wait_for_entry()
        self.views.append((self.page.url, self.numbers.all_inner_texts()))

    def open(self, name: str) -> None:
        """Another page, by the menu."""
        open_by_menu(self.page, name)

    def shows(self, view: tuple[str, list[str]]) -> None:
        """The view is there again."""
        self.page.wait_for_url(view[0])
        expect(self.numbers).to_have_text(view[1], use_inner_text=True)
        self.screen.settle()
        assert self.page.url == view[0]


def take_steps(visit: Visit) -> None:
    """Twelve views on four pages, of samples and of uploads."""
    page = visit.page
    visit.note("severity=0.5")
    page.locator(".st-key-setting_sample").get_by_role("radio").nth(1).click()
    visit.note("sample=astronaut")
    visit.open("Region")
    visit.note("/region?sample=astronaut")
    page.get_by_role("button", name="Remove A").click()
    visit.note("boxes=")
    visit.open("Compare")
    visit.note("/compare?sample=astronaut")
    visit.open("Candidates")
    visit.note("/candidates?sample=astronaut")
    page.locator(".ranking td .value").first.click()
    visit.note("/?sample=astronaut")
    for place, (role, origin) in enumerate((("reference", "source"), ("distorted", "pairing"))):
        page.locator(f".st-key-setting_{origin}").get_by_role("radio", name="Upload").click()
        page.locator(f".st-key-file_{role} input").set_input_files(picture(place))
        visit.note(f"{role}=picture {place}.png~".replace(" ", "+"))
    visit.open("Region")
    visit.note("/region?reference=picture")
    page.locator(".st-key-file_reference input").set_input_files(picture(2))
    visit.note("reference=picture+2.png~")
    visit.open("Compare")
    visit.note("/compare?reference=picture")


@pytest.fixture
def screen(app, browser) -> Iterator[Screen]:
    """The explorer in a tab of its own: Chromium keeps fifty entries, and the tests' shared tab has more."""
    page = new_page(browser)
    with without_faults(page):
        yield Screen(page, app.url)
    page.context.close()


def test_back_and_forward_show_every_view_as_it_was_on_all_pages_also_after_a_reload(screen):
    screen.open(SMALL)
    visit = Visit(screen)
    take_steps(visit)
    views, page = visit.views, screen.page
    assert page.evaluate("history.length") == visit.entries + len(views) - 1
    for view in views[-2:4:-1]:
        page.go_back()
        visit.shows(view)
    page.reload()
    visit.shows(views[5])
    for view in views[4::-1]:
        page.go_back()
        visit.shows(view)
    page.go_forward()
    visit.shows(views[1])
    for place, steps in ((4, 3), (8, 4), (len(views) - 1, len(views) - 9)):  # as from the browser's list
        page.evaluate("steps => history.go(steps)", steps)
        visit.shows(views[place])
    page.reload()
    visit.shows(views[-1])
    assert screen.errors() == []


def test_what_a_page_sends_after_another_was_opened_says_nothing_of_that_ones_entry(entries):
    assert entries("""({ open, tell }) => {
        open("/region");
        open("/region?sample=cat");
        tell("/region?sample=cat");
        open("/compare");
        tell("/region?sample=cat"); // too late
        open("/compare?sample=cat");
        tell("/compare?sample=cat");
        open("/compare?sample=coffee");
    }""") == [START, "/region?sample=cat", "/compare?sample=cat", "/compare?sample=coffee"]


@pytest.mark.parametrize("links_before", [[], ["/duel?sample=coffee"]])
def test_a_link_that_comes_before_its_page_leaves_no_entry_of_the_page_that_a_script_has_left(
    entries, links_before
):
    assert entries(
        """({ open, tell }, links) => {
        open("/duel");
        open("/duel?sample=cat");
        tell("/duel?sample=cat");
        open("/duel"); // a script opens another page
        links.forEach(open);
        open("/?sample=coffee");
        tell("/?sample=coffee");
        open("/"); // bare, and a view of the page
        tell("/");
        open("/?sample=brick");
    }""",
        links_before,
    ) == [START, "/duel?sample=cat", "/?sample=coffee", "/", "/?sample=brick"]


def test_a_link_that_comes_before_its_page_leaves_no_entry_of_the_page_that_the_menu_has_left(entries):
    assert entries("""({ open, tell }) => {
        open("/region");
        open("/region?sample=cat");
        tell("/region?sample=cat");
        open("/region?sample=cat&columns=vgg16"); // Compare's
        tell("/region?sample=cat"); // drawn again
        open("/compare?sample=cat&columns=vgg16");
        tell("/compare?sample=cat&columns=vgg16");
    }""") == [START, "/region?sample=cat", "/compare?sample=cat&columns=vgg16"]


def test_a_run_that_the_page_before_began_by_itself_leaves_no_entry_after_back(entries):
    assert entries("""async ({ open, tell, back }) => {
        for (const link of ["/region?sample=cat", "/compare?sample=cat&columns=vgg16"]) {
            open(link);
            tell(link);
        }
        await back();
        open("/compare?sample=cat"); // such a run's page, with the parameters gone back to
        tell("/compare?sample=cat&columns=vgg16");
        open("/region?sample=cat");
        tell("/region?sample=cat");
    }""") == [START, "/region?sample=cat"]


def test_a_page_whose_settings_are_no_good_is_somewhere_to_come_back_to_from_another_page(entries):
    assert entries("""({ open, tell }) => {
        open("/region?reference=gone");
        tell("/region?reference=gone", false);
        open("/compare?sample=cat");
        tell("/compare?sample=cat");
        open("/compare?reference=gone");
        tell("/compare?reference=gone", false);
        open("/compare?sample=brick"); // chosen instead
    }""") == [START, "/region?reference=gone", "/compare?sample=cat", "/compare?sample=brick"]


@pytest.mark.parametrize("embedding", ["", "&embed=true&embed_options=light_theme"])
def test_a_view_is_known_by_its_parameters_in_any_order_and_spelling(entries, embedding):
    link = f"/region?name=a%20b%2Bc&x=1&x=2{embedding}"
    assert entries(
        """({ open, tell }, link) => {
        open(link);
        tell("/region?x=2&name=a+b%2bc");
        open("/region?sample=cat");
    }""",
        link,
    ) == [START, link, "/region?sample=cat"]


@pytest.fixture
def entries(app, browser):
    """Runs a script of opened pages and ended runs in a new tab; returns the entries that Back shows."""
    page = new_page(browser)
    page.goto(f"{app.url}{START}")
    source = Path(history.__file__).with_name("history.js").read_text(encoding="utf-8")

    def run(script: str, given=None) -> list[str]:
        page.evaluate(
            """async ([source, script, start, given]) => {
                const component = await import(`data:text/javascript,${encodeURIComponent(source)}`);
                const open = (url) => history.pushState(null, "", url);
                const tell = (address, is_view = true) => {
                    const { pathname, searchParams } = new URL(address, location.href);
                    const page = pathname.replace(/\\/$/, "");
                    component.default({ data: { page, link: Object.fromEntries(searchParams), is_view } });
                };
                window.back = () => new Promise((seen) => {
                    addEventListener("popstate", seen, { once: true });
                    history.back();
                });
                tell(start);
                await eval(script)({ open, tell, back }, given);
            }""",
            [source, script, START, given],
        )
        found = [page.evaluate(ADDRESS)]
        while found[0] != START:
            page.evaluate("back()")
            found.insert(0, page.evaluate(ADDRESS))
        return found

    yield run
    page.context.close()
