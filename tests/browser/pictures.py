"""The README's pictures, and every page at three sizes in both themes, as a real browser shows them.

    python -m tests.browser.pictures readme               # draws assets/screenshots/ anew
    python -m tests.browser.pictures pages FOLDER [PAGE ...]   # all pages, or some, to be looked at
    python -m tests.browser.pictures chapters FOLDER [3 3.5 ...]   # of the lesson, in class mode as well

A server of its own is started for them, whose data set and votes are made for the occasion.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image

from explorer.distortions import distort
from explorer.judgments.store import Keys, opened_store
from explorer.judgments.store.place import FOLDER
from explorer.lessons.reading import bundled
from explorer.samples import load_sample
from tests.browser.support import PAGES, ROOT, App, Screen, find_chromium, new_page
from tests.judgments.classes import People, session, vote

SCREENSHOTS = ROOT / "assets" / "screenshots"
WIDE, PROJECTED, PHONE = (1440, 900), (1280, 720), (390, 844)
HALL = (1920, 1080)  # a projector of a lecture hall
SCHEMES = ("light", "dark")

# Distortions that all reach 26 dB.
EQUAL = (
    *("lightness_shift", "colour_shift", "contrast"),
    *("affine_warp", "cubic_warp", "gaussian_noise"),
    *("chromatic_aberration", "pink_noise", "motion_blur"),
    *("salt_and_pepper", "jpeg", "gaussian_blur"),
)

# Links under which a page shows all that it can; others are shown as they open.
STATES = {
    "region": "boxes=112,150,75,60",
    "compare": "columns=alexnet:lpips-0.1,alexnet:uniform,alexnet:uniform:random,vgg16:lpips-0.1"
    "&versus=alexnet:lpips-0.1,alexnet:uniform",
    "candidates": "metrics=alexnet:lpips-0.1,alexnet:uniform",
    "distort": "sample=astronaut&size=256"
    "&recipe=gaussian_noise~sigma~20~~gaussian_blur~sigma~0.6~~jpeg~quality~22",
    "sweep": "swept=gaussian_blur&beside=gaussian_noise&at=13",
    "duel": "made=1&steps=100",
    "match": "equal=psnr&target=26&versions=" + ",".join(EQUAL),
    "disagree": "verdicts=shown",
    "threshold": "noticed=jpeg",
    "dataset": "data=folders&originals=originals&outputs=outputs&against=psnr",
}

# What is there once a page shows its answer.
DRAWN = {
    "inspect": "[data-painted]",
    "region": ".channels",
    "compare": ".st-key-agreement table",
    "candidates": "[data-painted]",
    "distort": ".st-key-step_table table",
    "sweep": "[data-seen]",
    "duel": ".st-key-duel_anew",
    "match": ".version",
    "disagree": ".card tbody",
    "dataset": ".st-key-dataset_rows canvas",
    "threshold": ".card .choose:enabled",
    "vote": ".trial:not([hidden]) canvas, .trial:not([hidden]) img",
    "results": ".js-plotly-plot",
    "evaluate": ".js-plotly-plot",
    "calibrate": ".js-plotly-plot",
}

CLICKED = {"vote": ".ballot .start"}  # before that


@dataclass(frozen=True)
class Picture:
    """One of the README's.

    Attributes:
        page: Whose state of `STATES` it shows.
        at: What is scrolled to the top; "" shows the page's beginning.
        state: Shown instead, as parameters of its link.
    """

    name: str
    page: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    at: str = ""
    state: str = ""


README = (
    Picture("inspect-light", "inspect"),
    Picture("inspect-dark", "inspect", scheme="dark"),
    Picture("inspect-phone", "inspect", PHONE),
    Picture("region", "region"),
    Picture("compare", "compare"),
    Picture("agreement", "compare", at=".st-key-agreement"),
    Picture("candidates", "candidates"),
    Picture("dataset", "dataset"),
    Picture("distort", "distort"),
    Picture("sweep", "sweep"),
    Picture("match", "match"),
    Picture("disagree", "disagree"),
    Picture("duel", "duel"),
    Picture("duel-verdict", "duel", state="duel=verdict&made=1"),
    Picture("duel-keeps", "duel", scheme="dark", state="duel=keeps&made=1"),
    Picture("ask", "ask"),
    Picture("vote-phone", "vote", PHONE),
    Picture("results", "results"),
    Picture("threshold", "threshold"),
    Picture("evaluate", "evaluate"),
    Picture("calibrate", "calibrate"),
    Picture("learn-cell", "learn", PROJECTED, state="classroom=1&chapter=3&step=5"),
    Picture("learn-disagree", "learn", PROJECTED, state="classroom=1&chapter=5&step=3"),
    Picture("learn-features", "learn", PROJECTED, "dark", state="classroom=1&chapter=2&step=2"),
    Picture("lessons", "lessons", PROJECTED),
)


def make_data_set(root: Path) -> None:
    """Twelve distorted versions of each of two photographs, where the page Data set may open them."""
    for sample in ("coffee", "rocket"):
        pixels = load_sample(sample).pixels[:256, :256]
        for name in ("gaussian_blur", "gaussian_noise", "jpeg", "contrast", "shift", "chromatic_aberration"):
            for number, severity in enumerate((0.3, 0.8)):
                for folder, shown in (("originals", pixels), ("outputs", distort(pixels, name, severity))):
                    (root / folder).mkdir(exist_ok=True)
                    Image.fromarray(shown).save(root / folder / f"{sample}_{name}_{number}.png")


def make_class() -> Keys:
    """A session that a class of twelve has answered, one of them carelessly."""
    store = opened_store()
    keys, plan = session(store, count=24, versions=6, title="Class 7b")
    vote(store, keys.code, plan, People(store, plan, careless=(5,)), 12)
    return keys


@contextmanager
def served() -> Iterator[tuple[App, dict[str, str]]]:
    """The explorer, and the link of each page's state, with a data set and a class."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        root.mkdir()
        make_data_set(root)
        os.environ[FOLDER] = str(Path(folder, "votes"))
        keys = make_class()
        people = {"vote": f"code={keys.code}", "results": f"teacher={keys.teacher}"}
        app = App(Path(folder, "log.txt"), EXPLORER_ROOT=str(root))
        try:
            yield app, STATES | people
        finally:
            app.stop()


@contextmanager
def photographer(app: App, states: dict[str, str]) -> Iterator[Callable[..., None]]:
    """Takes pictures: of a page, into a file, at a size and in a scheme, scrolled to an element."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])

        def take(page_name: str, file: Path, size: tuple[int, int], scheme: str, at: str = "") -> None:
            viewport = {"width": size[0], "height": size[1]}
            page = new_page(browser, viewport=viewport, color_scheme=scheme)
            page.goto(f"{app.url}/{'' if page_name == 'inspect' else page_name}?{states.get(page_name, '')}")
            if page_name in CLICKED:
                page.locator(CLICKED[page_name]).click()
            page.locator(DRAWN.get(page_name, ".stMain p:visible")).first.wait_for(state="attached")
            Screen(page, app.url).settle()
            if at:
                page.locator(at).first.evaluate("each => each.scrollIntoView({block: 'start'})")
            time.sleep(2)  # fonts, and what fades in
            page.screenshot(path=file)
            page.context.close()

        yield take
        browser.close()


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(required=True, dest="kind")
    readme = kinds.add_parser("readme")
    readme.add_argument("names", nargs="*", help="of pictures; all by default")
    pages = kinds.add_parser("pages")
    pages.add_argument("folder", type=Path)
    pages.add_argument("names", nargs="*", help="of pages; all by default")
    chapters = kinds.add_parser("chapters")
    chapters.add_argument("folder", type=Path)
    chapters.add_argument(
        "names", nargs="*", help="of chapters, as in 3 or 3.5, a step of it; all by default"
    )
    asked = parser.parse_args()
    with served() as (app, states), photographer(app, states) as take:
        if asked.kind == "readme":
            for each in README:
                if not asked.names or each.name in asked.names:
                    states |= {each.page: each.state} if each.state else {}
                    take(each.page, SCREENSHOTS / f"{each.name}.png", each.size, each.scheme, each.at)
            return
        asked.folder.mkdir(parents=True, exist_ok=True)
        if asked.kind == "chapters":
            for name in asked.names or map(str, range(1, len(bundled().chapters) + 1)):
                chapter, _, step = name.partition(".")
                states["learn"] = f"chapter={chapter}&step={step or 1}"
                for scheme, size in product(SCHEMES, (WIDE, PHONE)):
                    take("learn", asked.folder / f"{name}_{scheme}_{size[0]}.png", size, scheme)
                states["learn"] += "&classroom=1"
                for scheme, size in product(SCHEMES, (PROJECTED, HALL, PHONE)):
                    take("learn", asked.folder / f"{name}_{scheme}_{size[0]}_class.png", size, scheme)
            return
        for name in asked.names or PAGES:
            for scheme in SCHEMES:
                for width, height in (WIDE, PROJECTED, PHONE):
                    take(name, asked.folder / f"{name}_{scheme}_{width}.png", (width, height), scheme)


if __name__ == "__main__":
    main()
