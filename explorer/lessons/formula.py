"""A formula in LaTeX, checked: it can be drawn on screen and on paper, and does nothing else."""

import re
from xml.etree import ElementTree

from explorer.errors import SettingError

LONGEST = 600  # letters
DEEPEST = 12  # braces within each other

# Commands that lead elsewhere, bring markup, define others, or take room without end.
_REFUSED = re.compile(
    r"\\(href|url|includegraphics|html\w*|class|cssId|style|require|input|include|write|csname"
    r"|[gex]?def|let|futurelet|global|long|(?:re|provide)?newcommand|renewcommand|newenvironment|catcode"
    r"|rule|[hvm]?space|[hm]?kern|[hvm]?skip|raisebox|above|genfrac)(?![A-Za-z])"
)
_HARMLESS = re.compile(
    r"(displaystyle|scriptlevel|mathvariant|stretchy|fence|form|separator|lspace|rspace|minsize|maxsize"
    r"|width|height|depth|voffset|linethickness|accent|accentunder|movablelimits|symmetric|largeop|display"
    r"|column\w+|row\w+|notation|frame|mathcolor|mathbackground|mathsize|scriptminsize|side)"
)


def checked(formula: str) -> str:
    """A formula on one line.

    Raises:
        SettingError: it cannot be drawn, or is more than a formula; the sentence begins in small letters.
    """
    formula = " ".join(formula.split())
    if not formula:
        return ""
    if len(formula) > LONGEST:
        raise SettingError(f"the formula has more than {LONGEST} letters; shorten it.")
    if "$" in formula:
        raise SettingError("the formula stands without $; leave them out.")
    if "<" in formula or ">" in formula:
        raise SettingError(r"the formula has < or >; write \lt or \gt.")
    if "%" in formula.replace(r"\%", ""):
        raise SettingError(r"the formula has %, behind which LaTeX reads nothing; write \%.")
    if re.search(r"\\\\\*?\s*\[", formula):
        raise SettingError(r"the formula has \\[, which moves lines apart; write \\ alone.")
    refused = _REFUSED.search(formula)
    if refused:
        raise SettingError(f"the formula may not use \\{refused[1]}; leave it out.")
    _check_braces(formula)
    _check_drawn(formula)
    return formula


def _check_braces(formula: str) -> None:
    depth = 0
    for brace in re.sub(r"\\.", "", formula):
        depth += (brace == "{") - (brace == "}")
        if depth < 0 or depth > DEEPEST:
            break
    if depth > DEEPEST:
        raise SettingError("the formula has too many braces within each other; take it apart.")
    if depth:
        raise SettingError("the formula has a brace without its partner; close each { with a }.")


def _check_drawn(formula: str) -> None:
    """Draw it as it is on paper, and look at what came out."""
    from latex2mathml.converter import convert  # a quarter of a second

    try:
        drawn = ElementTree.fromstring(convert(formula))
    except Exception:  # of many kinds, and a few of no kind of its own
        raise SettingError(
            "the formula is no LaTeX that can be drawn; look for what is not closed."
        ) from None
    for element in drawn.iter():
        unknown = re.search(r"\\[A-Za-z]+", element.text or "")
        if unknown:
            raise SettingError(f"the formula uses {unknown[0]}, which is not known; write it in another way.")
        odd = [name for name in element.attrib if not _HARMLESS.fullmatch(name)]
        if odd:
            raise SettingError(f"the formula may not set {odd[0]}; leave it out.")
