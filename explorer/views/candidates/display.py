"""How candidates are shown, as one parameter of the page's link: what is not as at first, "mode:place"."""

from collections.abc import Collection
from dataclasses import replace

from explorer.errors import SettingError
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.viewer.ranking.ranking import TableSort
from explorer.views.common.settings import quoted

# As in the link: those of the viewer, and then of the table, where another name says more.
NUMBERS = ("overlay", "zoom", "middle_x", "middle_y")
OF_VIEWER = ("mode", "map", "layer", *NUMBERS, "spots", "first", "second")
OF_TABLE = {"sort": "by", "reversed": "reversed"}
SWITCHES = {"spots": "off", "reversed": "on"}  # what is said of one that is not as at first

Shown = tuple[CandidatesDisplay, TableSort]


def to_link(display: CandidatesDisplay, sort: TableSort) -> str:
    """The settings that are not the first ones, such as "mode:place,sort:psnr"; "" for none."""
    first = CandidatesDisplay()
    given = {
        name: getattr(display, name) for name in OF_VIEWER if getattr(display, name) != getattr(first, name)
    }
    if given.get("map", first.map) != "layer":
        given.pop("layer", None)
    given |= {name: value for name, own in OF_TABLE.items() if (value := getattr(sort, own))}
    return ",".join(f"{name}:{SWITCHES.get(name, value)}" for name, value in given.items())


def from_link(text: str) -> Shown:
    """Read what `to_link` wrote.

    Raises:
        SettingError: it is something else.
    """
    settings: dict[str, str | float | bool] = {}
    for entry in text.split(",") if text else ():
        name, _, value = entry.partition(":")  # values may hold more of them: a method does
        if name not in (*OF_VIEWER, *OF_TABLE) or SWITCHES.get(name, value) != value:
            raise SettingError(f"The link asks for candidates shown by {quoted(entry)}, which is no setting.")
        settings[name] = SWITCHES[name] == "on" if name in SWITCHES else value
    for name in set(NUMBERS) & set(settings):
        try:
            settings[name] = float(settings[name])
        except ValueError:
            text = quoted(str(settings[name]))
            raise SettingError(f"The link asks for the {name} {text}, which is no number.") from None
    of_table = {own: settings.pop(name) for name, own in OF_TABLE.items() if name in settings}
    return CandidatesDisplay.from_json(settings), TableSort.from_json(of_table)


def held(
    display: CandidatesDisplay, sort: TableSort, keys: Collection[str], metrics: Collection[str]
) -> tuple[Shown, tuple[str, ...]]:
    """The same without what names a candidate or a metric that is not there, and a sentence for each.

    Args:
        display, sort: As they were asked for.
        keys: Of all candidates.
        metrics: Keys of all metrics.
    """
    gone = {name: key for name in ("first", "second") if (key := getattr(display, name)) and key not in keys}
    problems = [
        f"The link asks for a difference with {quoted(key)}, which is none of the candidates."
        for key in gone.values()
    ]
    if sort.by and sort.by not in metrics:
        problems.append(
            f"The link asks for candidates sorted by {quoted(sort.by)}, which is none of the metrics."
        )
        sort = TableSort()
    return (replace(display, **dict.fromkeys(gone, "")), sort), tuple(problems)
