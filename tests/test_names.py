"""Names that strangers have written: tame, and short enough for a line."""

import unicodedata

import pytest

from explorer.names import (
    LONGEST,
    LONGEST_SENTENCE,
    as_meant,
    cut,
    file_name,
    harmless,
    in_short,
    word,
)
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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_1234.JPG", "img_1234"),
        ("JPEG, then Gaussian noise", "jpeg-then-gaussian-noise"),
        ("scan.0001.png", "scan-0001"),
        ("CON.png", "con"),
        ("../../etc/passwd", "passwd"),
        ('a\\b:c*?"<>|d.webp', "a-b-c-d"),
        ("a\u202egnp.exe", "a-gnp-exe"),
        ("a\ufe0f\u3164b\u200b.png", "a-b"),
        ("e\u0301t\u00e9.png", "été"),
        ("हिन्दी.png", "हिन्दी"),
        ("漢字" * 60 + ".png", "漢字" * 13),
        ("x" * 300, "x" * 40),
        ("-._.png", "picture"),
        ("", "picture"),
    ],
)
def test_a_pictures_name_becomes_a_word_that_any_file_system_takes(name, expected):
    assert word(name) == expected


def test_a_files_name_has_its_parts_in_order_and_fits_into_any_file_system():
    assert file_name(("Cat", "JPEG"), "alexnet-v0.1", (300, 200), "maps", "npz") == (
        "cat_jpeg_alexnet-v0.1_300x200_maps.npz"
    )
    assert file_name(("Cat",), "", (3, 2), "", "csv") == "cat_3x2.csv"
    longest = file_name(
        ("漢" * 99, "漢" * 99), "vgg16-shift-st-lpips", (10_000, 10_000), "comparison", "json"
    )
    assert len(longest.encode()) < 255


def test_an_uploaded_name_is_the_one_on_the_disk():
    assert as_meant("a %22b%22%0A.png") == 'a "b"\n.png'
    assert as_meant("100%25 %2F.png") == "100%25 %2F.png"  # browsers leave a "%" as it is


@pytest.mark.parametrize("value", ["a" * 3000, "b " * 1500, "\u202e\n" * 900], ids=["run", "words", "marks"])
def test_a_sentence_that_quotes_a_stranger_is_short_tame_and_keeps_both_ends(value):
    said = in_short(f"There is no backbone {value}; choose alexnet.")
    assert len(said) <= LONGEST_SENTENCE
    assert said.isprintable()
    assert said.startswith("There is no backbone ")
    assert said.endswith("; choose alexnet.")


def test_a_sentence_with_a_path_stays_as_it_is():
    said = f"Put the file into /{'folder/' * 20}weights, or fetch it."
    assert in_short(said) == said
