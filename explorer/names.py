"""Names of files, as they may be shown: they can hold anything, and are written by strangers.

A name is made harmless where it enters, so that pictures, reports, figures and files hold it whole but tame;
it is cut where it is shown in a line. Only where a file must be found again by its name (the JSON and CSV of
two folders) it stands as it is, and JSON escapes what is not plain.
"""

import unicodedata

LONGEST = 40  # letters of a name that are shown
ODD = "\N{REPLACEMENT CHARACTER}"
# Letters to Unicode, and blank to the eye.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


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
    if len(last) <= longest:
        return name
    kept = longest - 1
    end = last[len(last) - kept // 3 :]
    while end and unicodedata.combining(end[0]):  # an accent whose letter was cut off
        end = end[1:]
    return f"{folders}{slash}{last[: kept - kept // 3]}…{end}"


def _tame(character: str) -> str:
    if character.isprintable():
        return ODD if character in BLANK else character
    return " " if unicodedata.category(character) == "Zs" else ODD
