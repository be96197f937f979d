"""Names that strangers have written: tame, and short enough for a line."""

import unicodedata

import pytest

from explorer.names import LONGEST, cut, harmless
from tests.grid import few

MARKS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]  # of direction
UNSEEN = [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x180E, 0x115F, 0x3164, 0xFFA0]
CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
BROKEN = [0xD800, 0xDCE9, 0xE000, 0xFFFF, 0xE0041]  # surrogates, of private use, none at all, tags


@pytest.mark.parametrize("code", MARKS + UNSEEN + CONTROLS + BROKEN, ids=hex)
def test_what_turns_hides_or_steers_becomes_one_visible_sign(code):
    assert harmless(f"a{chr(code)}b.png") == "a�b.png"


@pytest.mark.parametrize(
    "name",
    [
        "photo.png",
        "naïve é ü.png",
        "e\u0301.png",
        "漢字かな.png",
        "עברית.png",
        "عربي.png",
        "🐈.png",
        "<b>&\"'`.png",
        "",
    ],
)
def test_an_honest_name_stays_as_it_is(name):
    assert harmless(name) == name


def test_all_kinds_of_spaces_are_plain_ones():
    assert harmless("Screenshot at 1.23\u202fPM\u00a0copy\u3000.png") == "Screenshot at 1.23 PM copy .png"


def test_what_is_harmless_stays_so_and_is_printable():
    text = harmless("".join(map(chr, range(0x3000))))
    assert text.isprintable()
    assert harmless(text) == text


@pytest.mark.parametrize("length", few([41, 42, 43, 60, 240]))
def test_a_long_name_keeps_its_start_and_its_ending(length):
    name = "start" + "x" * (length - 12) + "end.png"
    assert len(name) == length
    short = cut(name)
    assert len(short) == LONGEST
    assert short.startswith("startx")
    assert short.endswith("xend.png")
    assert short.count("…") == 1


def test_a_name_that_fits_is_whole():
    assert cut("x" * LONGEST) == "x" * LONGEST
    assert cut("") == ""


def test_of_a_path_only_the_files_own_name_is_cut():
    folders = "/".join(["folder" * 3] * 9)
    assert cut(f"{folders}/{'x' * 99}.png").rpartition("/")[0] == folders
    assert cut(f"{folders}/a.png") == f"{folders}/a.png"


def test_no_accent_is_left_without_its_letter():
    for length in range(60, 70):
        end = cut("e\u0301" * length).partition("…")[2]
        assert not unicodedata.combining(end[0])
