"""Chapter 6 of the page Learn in a browser: what is read there is what measuring says."""

import pytest
from playwright.sync_api import expect
from scipy import stats

import explorer
from explorer.analysis.ladder import RUNGS, base_of, rung_picture
from explorer.samples import load_sample
from tests.browser.support import Screen, fresh_page

MEASURED = {"random": {"weights": "random"}, "learned": {}}


def scores():
    """Of all rungs, by PSNR and by two of the networks, lower is closer."""
    base = base_of(load_sample("cat"))
    found = {"PSNR": [], **{kind: [] for kind in MEASURED}}
    for rung in RUNGS:
        picture = rung_picture(base, rung)
        for kind, settings in MEASURED.items():
            measurement = explorer.measure(base, picture, **settings)
            found[kind].append(measurement.score)
        found["PSNR"].append(-measurement.psnr)
    return found


def test_numbers_equal_what_is_measured_and_keys_and_clicks_look_at_others(app, tab):
    with fresh_page(tab) as page:
        screen = Screen(page, app.url).open("learn?chapter=6&classroom=1")
        psnr = page.locator("tbody tr", has=page.get_by_text("Ranks like PSNR", exact=True))
        # k-means comes last.
        expect(psnr.locator("td b[data-value]")).to_have_count(4)
        found = scores()
        values = [float(b.get_attribute("data-value")) for b in psnr.locator("td b").all()]
        for place, kind in ((0, "random"), (3, "learned")):
            assert values[place] == pytest.approx(
                stats.spearmanr(found["PSNR"], found[kind]).statistic, abs=1e-9
            )
            assert psnr.locator("td b").nth(place).inner_text() == f"{values[place]:.2f}"

        # A click looks at another network at once; the link follows.
        page.get_by_role("button", name="Learned heads").click()
        page.wait_for_function("() => location.search.includes('training=learned')")
        ranks = {name: stats.rankdata(own) for name, own in found.items()}
        rung = page.locator(".rung[tabindex='0']")
        expect(rung).to_have_count(1)
        place = int(rung.get_attribute("data-rung"))
        gaps = abs(ranks["PSNR"] - ranks["learned"])
        assert gaps[place] == gaps.max()
        seen = page.locator(".seen p b[data-value]")
        assert [float(b.get_attribute("data-value")) for b in seen.all()] == [
            ranks["PSNR"][place],
            ranks["learned"][place],
        ]

        # Keys go along PSNR's order, and leave the chapter where it is.
        rung.focus()
        page.keyboard.press("Home")
        closest = int(page.locator(".rung:focus").get_attribute("data-rung"))
        assert ranks["PSNR"][closest] == ranks["PSNR"].min()
        page.keyboard.press("ArrowRight")
        assert page.locator(".rung:focus").get_attribute("data-rung") != str(closest)
        screen.settle()
        assert "chapter=6" in page.url
        page.get_by_role("button", name="conv1 + conv2").click()
        page.wait_for_function("() => location.search.includes('training_layers=first')")
        assert screen.errors() == []
