"""What a step may show: a view of this app, and never anything else.

It is written as pages' links are, `region?sample=cat&boxes=...`, or copied whole from the address bar, whose
host is dropped: what is left is an address of this app, or none.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from explorer.errors import SettingError
from explorer.lessons.lesson import Sight
from explorer.names import cut, harmless
from explorer.places import PACKAGE

LEARN = "learn"
FIRST = "inspect"  # what the app's own address opens
# What the page Learn can draw: the files and folders of `views/learn/scenes/`, but for `pair`, which draws
# what is on other pages.
SCENES = ("closer", "features", "cell", "ledger", "needles", "training", "failing", "quiz", "vote")
NO_STEPS = frozenset({"vote"})  # pages that are not in the menu
LONGEST = 4000  # letters of an address
LONGEST_NAME, LONGEST_VALUE, MOST_PARAMETERS = 40, 2000, 60
OF_LESSON = (
    "lesson",
    "chapter",
    "step",
    "classroom",
    "changed",
)  # what an address of Learn says of where it stands
PLACE = ("lesson", "chapter", "step")
NOT_OF_LINKS = ("scene", "classroom")  # how a reader reads is not the text's to say
_LESSON = re.compile(r"[a-z0-9][a-z0-9_-]*(~[0-9a-f]+)?")

_NAMES = {"quiz_at": "question"}

# The scene of a step, by what an address of Learn says: its parameters. None where that is no step known.
SceneOf = Callable[[dict[str, str]], str | None]


@cache
def pages() -> frozenset[str]:
    """The pages of the menu, by the names of their folders, which are their addresses."""
    found = (path.parent.name for path in (PACKAGE / "views").glob("*/page.py"))
    return frozenset(found) - NO_STEPS


def read_view(text: str, scene_of: SceneOf = lambda _address: None) -> Sight:
    """Read an address of the app.

    Args:
        text: `PAGE?parameters`, or a whole link of the address bar.
        scene_of: Finds the scene where an address of Learn names none, but a chapter.

    Raises:
        SettingError: it is none; the sentence begins in small letters and says how to mend it.
    """
    page, query = _page_of(text)
    parameters = _parameters(query)
    if page == LEARN:
        parameters = _scene(parameters, scene_of)
    return Sight(page, parameters)


def read_link(text: str, scene_of: SceneOf = lambda _address: None) -> str:
    """The address that a link in a text opens: of Learn a lesson's step, and not its scene alone.

    Args:
        text, scene_of: As of `read_view`.

    Raises:
        SettingError: as of `read_view`.
    """
    page, query = _page_of(text)
    if page != LEARN:
        return read_view(text, scene_of).address
    parameters = _parameters(query)
    if "scene" in parameters and parameters.keys().isdisjoint(PLACE):
        raise SettingError("a link in a text names a chapter of Learn, as in learn?chapter=3; write that.")
    _check_place(parameters)
    return Sight(page, {name: text for name, text in parameters.items() if name not in NOT_OF_LINKS}).address


def _check_place(parameters: dict[str, str]) -> None:
    """Refuse a place that no lesson has."""
    for name in ("chapter", "step"):
        number = parameters.get(name, "1")
        if not (number.isascii() and number.isdecimal() and len(number) <= 3 and int(number) >= 1):
            raise SettingError(f"the link’s {name}, {_quoted(number)}, must be a whole number from 1.")
    if not _LESSON.fullmatch(parameters.get("lesson", "a")):
        raise SettingError(f"no lesson is named {_quoted(parameters['lesson'])}; copy a link of Lessons.")


def in_words(sight: Sight) -> str:
    """What a view shows, for a step without a text: what its link asks for."""
    names = [name for name in sight.parameters if name.startswith(f"{sight.scene}_")] if sight.scene else []
    shown = names or [name for name in sight.parameters if name != "scene"]
    return ", ".join(
        f"{_NAMES.get(name, name.removeprefix(sight.scene + '_').replace('_', ' '))} {sight.parameters[name]}"
        for name in shown
    ).replace("~", " ")


def _page_of(text: str) -> tuple[str, str]:
    """The page's name, and the part behind "?"."""
    if not text:
        raise SettingError("a view is missing; write a page's address such as region?sample=cat.")
    if len(text) > LONGEST:
        raise SettingError(f"the view has more than {LONGEST:,} letters; shorten its link.")
    if harmless(text) != text or " " in text or "\\" in text:
        raise SettingError("the view has a letter that no address has, such as a space; write it as %20.")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise SettingError(f"{_quoted(text)} is no address; write PAGE?parameters.") from None
    is_whole = parts.scheme in ("http", "https") and parts.netloc
    if not is_whole and (parts.scheme or parts.netloc):
        raise SettingError(
            f"{_quoted(text)} leads out of the app; a view is PAGE?parameters, such as region?sample=cat."
        )
    if is_whole:  # an app may be served below a path of its own
        page = parts.path.rstrip("/").rpartition("/")[2] or FIRST
    else:
        page = parts.path.removeprefix("/") or (FIRST if text.startswith(("?", "/")) else "")
    if page not in pages():
        shown = _quoted(text) if is_whole else f"page {_quoted(page)}"
        raise SettingError(f"there is no {shown} in this app; {_meant(page)}")
    return page, parts.query


def _meant(page: str) -> str:
    """What to write in the place of a page that is none."""
    close = get_close_matches(page, sorted(pages()), 1)
    return f"did you mean {close[0]}?" if close else f"choose one of {', '.join(sorted(pages()))}."


def _parameters(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise SettingError(f"the view has more than {MOST_PARAMETERS} parameters; leave some out.") from None
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name in parameters:
            raise SettingError(f"the view names {_quoted(name)} twice; leave one out.")
        if not name or len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE or harmless(value) != value:
            raise SettingError(f"the view has a parameter that no page has, {_quoted(name)}; leave it out.")
        parameters[name] = value
    return parameters


def _scene(address: dict[str, str], scene_of: SceneOf) -> dict[str, str]:
    """The parameters of a view of Learn: its scene, and all but where it stands in a lesson."""
    name = address.get("scene") or (scene_of(address) if "chapter" in address else None)
    known = ", ".join(SCENES)
    if name is None:
        raise SettingError(f"a view of Learn names its scene, as in learn?scene=cell; choose one of {known}.")
    if name not in SCENES:
        raise SettingError(f"there is no scene {_quoted(name)}; choose one of {known}.")
    return {"scene": name} | {key: text for key, text in address.items() if key not in (*OF_LESSON, "scene")}


def _quoted(text: str) -> str:
    return f"“{cut(harmless(text))}”"
