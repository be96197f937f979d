"""The handout as a printer gets it: each chapter on one sheet of A4, also with a picture that is high."""

import io
from unicodedata import normalize

import pypdf
import pytest

from explorer.analysis import ladder
from explorer.images import as_picture, resize
from explorer.lessons import kmeans
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.report.handout import handout, handout_html
from explorer.samples import load_sample
from tests.lessons.learned import few

A4 = (595, 842)  # points


def printed(browser, html):
    """What each sheet says."""
    page = browser.new_page()
    page.set_content(html)
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    sheets = pypdf.PdfReader(io.BytesIO(data)).pages
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {A4}
    return [normalize("NFKC", sheet.extract_text()) for sheet in sheets]  # takes ligatures apart


def test_each_chapter_is_one_sheet_with_a_high_picture_too(browser, monkeypatch):
    monkeypatch.setattr(ladder, "LONGEST_SIDE", 64)
    monkeypatch.setattr(kmeans, "_state", few()[0])
    high = as_picture(resize(load_sample("cat"), 96).pixels[:, :64], "High.png")
    lesson = bundled()
    made = handout(lesson, Method(), high)
    sheets = printed(browser, handout_html(made))
    assert len(sheets) == len(lesson.chapters)
    for chapter, sheet in zip(lesson.chapters, sheets, strict=True):
        assert chapter.title in sheet
    needles, training, failing = sheets[4:7]
    assert "Squared error" in needles
    assert training.count("first filters") == 4
    assert "by ± 2 levels" in " ".join(failing.split())


@pytest.mark.grid
@pytest.mark.parametrize("backbone", ["alexnet", "squeezenet1_1", "vgg16", "dists"])
def test_each_chapter_of_any_network_is_one_sheet(browser, backbone):
    sheets = printed(browser, handout_html(handout(bundled(), Method(backbone))))
    assert len(sheets) == len(bundled().chapters)
