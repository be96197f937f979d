"""Every page in both themes: axe finds nothing serious, and all can be read and hit.

A page that is new in `explorer/views/` is looked at as well. Colours that are laid on in canvases and in
segments are held in Python (`tests/test_legible.py`, `tests/test_figures.py`). The contrast of all words is
held in both themes by `legible.js`, which takes a tenth of the time that axe does for it: axe is left the
icons', which are no words. What else it looks for is the same in any colours.
"""

import time
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.support import PAGES, Screen, fresh_page

PAIR = "sample=cat&distortion=jpeg&severity=0.5&seed=0&size=64"
# What a page shows beside the pair: all that has a look of its own. The severity of Inspect's link is no
# number, which brings the box of an error.
QUERIES = {
    "inspect": "sample=cat&distortion=jpeg&severity=much&seed=0&size=64",
    "region": f"{PAIR}&boxes=150,90,60,70",
    "match": f"{PAIR}&equal=severity&versions=contrast,jpeg,shift&picked=jpeg",
    "compare": f"{PAIR}&columns=alexnet:lpips-0.1,alexnet:uniform",
    "distort": "sample=cat&size=64&recipe=gaussian_noise~sigma~20~~jpeg~quality~9~on~0~~shift~shift~1",
    "sweep": "sample=cat&size=64&points=11&swept=gaussian_noise&beside=gaussian_blur",
    "disagree": "sample=cat&size=64&grid=contrast,gaussian_blur,jpeg,shift&between=psnr,ssim&verdicts=shown",
    "duel": "sample=cat&size=64&steps=4&made=1",
    "calibrate": "sample=cat&size=64",
    "threshold": "sample=cat&size=64&noticed=jpeg",
    "lessons": f"{PAIR}&of_lesson=restored-eye",
    "vote": "code=ZZZZZZ",  # which no session has
}
LAST = {
    "inspect": "[data-painted]",
    "match": ".version",
    "region": ".channels",
    "compare": ".st-key-agreement table",
    "distort": ".st-key-step_table table",
    "sweep": "[data-seen]",
    "disagree": ".card tbody",
    "duel": ".st-key-duel_more",
    "calibrate": ".st-key-keep",
    "threshold": ".card .choose:enabled",
    "lessons": ".chapters",
    "vote": ".stAlert",
}
LEGIBLE = Path(__file__).with_name("legible.js").read_text(encoding="utf-8")

HAS_GROUND = """scheme => {
  const [red] = getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g);
  return (scheme === 'dark') === (red < 128);
}"""

SEVERE = {"serious", "critical"}
OF_HEADINGS = {"heading-order", "page-has-heading-one"}  # which axe finds moderate, and a page needs


# All that does not depend on colours, or, of the icons, what does.
ALL_BUT_COLOURS = """() => axe.run(document, {
  resultTypes: ["violations"], rules: {"color-contrast": {enabled: false}},
})"""
# axe complains of a page that has none.
COLOURS_OF_ICONS = """() => document.querySelector("[data-testid=stIconMaterial]")
  ? axe.run({include: [["[data-testid=stIconMaterial]"]]}, {
      resultTypes: ["violations"], runOnly: ["color-contrast"],
    })
  : {violations: []}"""


def findings(page, run: str) -> list[str]:
    """What axe finds on the page, in Streamlit's own elements as well."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(run)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in SEVERE or rule["id"] in OF_HEADINGS
        for node in rule["nodes"]
    ]


def hard_to_read(page, *kinds: str) -> list[str]:
    """What is too pale or small, or too small to hit, once the page has taken its colours and its size."""
    deadline = time.monotonic() + 30
    while True:
        faults = page.evaluate(LEGIBLE)
        found = [f"{kind}: {fault}" for kind in kinds for fault in faults[kind]]
        if not found or time.monotonic() > deadline:
            return found
        page.wait_for_timeout(250)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_used_by_everybody_in_both_themes(app, tab, name):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url)
        page.goto(f"{app.url}/{'' if name == 'inspect' else name}?{QUERIES.get(name, PAIR)}")
        page.locator(LAST.get(name, ".stMain p:visible")).first.wait_for()
        screen.settle()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(HAS_GROUND, arg=scheme)
            assert hard_to_read(page, "texts", "sizes", "targets") == [], scheme
            assert findings(page, COLOURS_OF_ICONS) == [], scheme
        assert findings(page, ALL_BUT_COLOURS) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert hard_to_read(page, "targets") == []
