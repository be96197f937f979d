"""How candidates are shown, as one parameter of the page's link: what is not as at first, "mode:place"."""

from explorer.errors import SettingError
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.views.common.settings import quoted

FIELDS = ("mode", "map", "layer", "overlay", "spots")  # uploads have other keys in each session
OFF = "off"


def to_link(display: CandidatesDisplay) -> str:
    """The settings that are not the first ones, such as "mode:place,map:squared_error"; "" for none."""
    first = CandidatesDisplay()
    given = {
        name: getattr(display, name) for name in FIELDS if getattr(display, name) != getattr(first, name)
    }
    if given.get("map", first.map) != "layer":
        given.pop("layer", None)
    return ",".join(f"{name}:{OFF if value is False else value}" for name, value in given.items())


def from_link(text: str) -> CandidatesDisplay:
    """Read what `to_link` wrote.

    Raises:
        SettingError: it is something else.
    """
    settings: dict[str, str | float | bool] = {}
    for entry in text.split(",") if text else ():
        name, _, value = entry.partition(":")
        if name not in FIELDS or (name == "spots" and value != OFF):
            raise SettingError(f"The link asks for candidates shown by {quoted(entry)}, which is no setting.")
        settings[name] = False if name == "spots" else value
    if "overlay" in settings:
        try:
            settings["overlay"] = float(settings["overlay"])
        except ValueError:
            raise SettingError(
                f"The link asks for the overlay {quoted(str(settings['overlay']))}, which is no number."
            ) from None
    return CandidatesDisplay.from_json(settings)
