"""Names of files, as they may be shown and as they are made: they can hold anything, and come from strangers.

A name is made harmless where it enters, so that pictures, reports, figures and files hold it whole but tame;
it is cut where it is shown in a line. Only where a file must be found again by its name (the JSON and CSV of
two folders) it stands as it is, and JSON escapes what is not plain.
"""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 40  # letters of a name that are shown
LONGEST_SENTENCE = 700  # letters of one that quotes what is not known to be short
LONGEST_RUN = 160  # letters without a space in it
LONGEST_WORD = 40  # letters of a picture's name that the name of a file made from it keeps
MOST_BYTES = 80  # of these in UTF-8: most file systems take 255 for the whole
ODD = "\N{REPLACEMENT CHARACTER}"
# Letters to Unicode, and blank to the eye.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Of files that are taken for images in a folder; one that is named by itself is told by its content.
IMAGE_ENDINGS = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".avif")
)


def harmless(text: str) -> str:
    """Text on one line without what steers, hides or turns round: each such character becomes a "�".

    These are control characters, marks of direction, of zero width and of no meaning (any that Python calls
    not printable), and letters that are blank. All kinds of spaces become plain ones.
    """
    return "".join(map(_tame, text))


def cut(name: str, longest: int = LONGEST) -> str:
    """A name without its middle where it is long: its start and its ending tell the most.

    The folders of a path, which are needed to find it, stay whole.
    """
    folders, slash, last = name.rpartition("/")
    return f"{folders}{slash}{shortened(last, longest)}"


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text without its middle where it is long, path or not: for where there is no room for more."""
    if len(text) <= longest:
        return text
    kept = longest - 1
    end = text[len(text) - kept // 3 :]
    while end and unicodedata.combining(end[0]):  # an accent whose letter was cut off
        end = end[1:]
    return f"{text[: kept - kept // 3]}…{end}"


def as_meant(name: str) -> str:
    """An uploaded file's name as it stands on its owner's disk.

    A browser sends it in a form, where HTML has a quotation mark and breaks of lines as %22, %0D and %0A. It
    leaves all else as it is, "%" too, so that a name which holds these very letters cannot be told apart.
    """
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def in_short(sentence: str, longest: int = LONGEST_SENTENCE) -> str:
    """A sentence with what it quotes made `harmless`, and not endless: links and files may say anything.

    What has no space is cut in its middle when it is longer than any path is likely to be, and so is the
    sentence, whose end names the mend.
    """
    text = re.sub(
        rf"\S{{{LONGEST_RUN + 1},}}",
        lambda run: f"{run[0][: LONGEST_RUN // 2]}…{run[0][-LONGEST_RUN // 4 :]}",
        harmless(sentence),
    )
    return text if len(text) <= longest else f"{text[: longest - longest // 4]}…{text[1 - longest // 4 :]}"


def file_name(pictures: Sequence[str], how: str, size: tuple[int, int], what: str, ending: str) -> str:
    """A file's name that says what it is of: `cat_jpeg_alexnet-v0.1_300x300_maps.npz`.

    Letters (of any script), digits, dots, dashes and underscores, of which the underscores part the words; no
    name that a file system refuses, and at most 255 bytes.

    Args:
        pictures: Names of the pictures, reference first.
        how: The word for what was measured with (`Method.word`); "" for none.
        size: The measured (width, height).
        what: Which of several files of that it is; "" for the numbers themselves.
        ending: "json".
    """
    words = (*map(word, pictures), how, f"{size[0]}x{size[1]}", what)
    return f"{'_'.join(filter(None, words))}.{ending}"


def word(name: str) -> str:
    """A picture's name as a part of a file's name: without its ending, in small letters, and not long."""
    folder_free = unicodedata.normalize("NFC", name).rpartition("/")[2]
    stem, dot, ending = folder_free.rpartition(".")
    kept = stem if stem and f"{dot}{ending}".lower() in IMAGE_ENDINGS else folder_free
    dashed = "".join(character if _is_plain(character) else "-" for character in kept.lower())
    dashed = re.sub("-+", "-", dashed).strip("-_")[:LONGEST_WORD]
    # Half a letter that the cut in bytes leaves is dropped.
    return dashed.encode()[:MOST_BYTES].decode(errors="ignore").strip("-_") or "picture"


def as_cell(text: str) -> str:
    """Text for a cell of a table, `harmless`; what a spreadsheet takes for a formula begins with "'".

    Spreadsheets take that as a sign that the cell is text.
    """
    text = harmless(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _is_plain(character: str) -> bool:
    """Whether a character may stand in the name of a file as it is; accents and vowel signs may."""
    if character in BLANK or "VARIATION SELECTOR" in unicodedata.name(character, ""):  # marks that are unseen
        return False
    return character in "-_" or unicodedata.category(character)[0] in "LNM"


def _tame(character: str) -> str:
    if character.isprintable():
        return ODD if character in BLANK else character
    return " " if unicodedata.category(character) == "Zs" else ODD
