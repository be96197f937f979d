"""What the Compare page compares, and how it is shown, as one value; and the link that carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from explorer.analysis import comparison
from explorer.analysis.comparison import SCALES, read_columns
from explorer.errors import SettingError
from explorer.files.weights import status
from explorer.metrics import Method, read_method
from explorer.views.common.settings import quoted


@dataclass(frozen=True)
class CompareView:
    """What the page compares, and how it is shown.

    Attributes:
        methods: The columns, at most `MOST`; how large, where and how exactly is the session's matter.
        versus: The two whose difference is shown; None for the first two that have maps.
        scale: A key of `SCALES`.
    """

    PAGE = "compare"

    methods: tuple[Method, ...]
    versus: tuple[Method, Method] | None = None
    scale: str = "share"

    def to_link(self) -> dict[str, str]:
        """The page's own parameters; the columns always, since the first ones depend on the machine."""
        link = {"columns": _joined(self.methods)}
        if self.versus:
            link["versus"] = _joined(self.versus)
        if self.scale != "share":
            link["shares"] = self.scale
        return link

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["CompareView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        methods, found = read_columns(link.get("columns", ""))
        problems = list(found)
        view = cls(methods or comparison.first_columns(lambda row: status(row.weights).ready))
        if "versus" in link:
            try:
                first, second = map(read_method, link["versus"].split(","))
                if first == second or not {first, second} <= set(view.methods):
                    raise SettingError("name two different ones of the columns.")
                view = replace(view, versus=(first, second))
            except (ValueError, SettingError) as error:
                reason = error if isinstance(error, SettingError) else "name two columns."
                problems.append(f"The link asks for the difference {quoted(link['versus'])}: {reason}")
        if link.get("shares", "share") not in SCALES:
            problems.append(
                f"The link asks for shares {quoted(link['shares'])}; choose one of {', '.join(SCALES)}."
            )
        elif "shares" in link:
            view = replace(view, scale=link["shares"])
        return view, tuple(problems)


def _joined(methods: Sequence[Method]) -> str:
    return ",".join(method.text for method in methods)
