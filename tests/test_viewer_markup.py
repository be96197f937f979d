"""HTML that components have alike stands once, and is put into each with its own words."""

import re

import pytest

from explorer.viewer.common.component import read
from explorer.viewer.common.markup import FOLDER, expanded

VIEWERS = ("pair", "gallery", "candidates")


def test_a_piece_has_the_words_of_its_include_and_one_around_lines_holds_these():
    help_list = expanded(
        '<include src="help">\n<dt>A</dt>\n<include src="keys" key="7" whose="maps’" />\n</include>'
    )
    assert help_list.startswith("<dialog")
    assert help_list.index("<dt>A</dt>") < help_list.index("<kbd>7</kbd>") < help_list.index("</dl>")
    assert "each of the maps’ (1:1)" in help_list
    assert expanded("<p>{as it is}</p>") == "<p>{as it is}</p>"


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ('<include src="no_such_piece" />', FileNotFoundError),
        ('<include src="keys" key="0" />', KeyError),
        ('<include src="help" />', KeyError),
    ],
)
def test_an_include_of_nothing_or_without_a_word_is_an_error(html, error):
    with pytest.raises(error):
        expanded(html)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_every_include_of_a_viewer_is_replaced_and_no_part_stands_twice(viewer):
    html = expanded(read(f"{viewer}/{viewer}.html"))
    assert "<include" not in html
    assert not re.search(r"\{\w+\}", html)
    parts = re.findall(r'data-part="(\w+)"', html)
    assert {"toolbar", "stage", "zoom", "help", "words", "spoken"} <= set(parts)
    assert len(parts) == len(set(parts))


def test_every_piece_serves_more_than_one_viewer():
    texts = [read(f"{viewer}/{viewer}.html") for viewer in VIEWERS]
    for piece in FOLDER.glob("*.html"):
        assert sum(f'src="{piece.stem}"' in text for text in texts) > 1, piece.stem
