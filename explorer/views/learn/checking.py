"""What a link asks for in vain: one sentence for the page and its scenes, and the default in its place."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.lessons.wishes import Read
from explorer.views.common.settings import in_vain


def checked(
    own: Mapping[str, str], readers: Mapping[str, Read], report: Callable[[str], object]
) -> dict[str, Any]:
    """The parameters of a scene that its link has, read.

    Args:
        own: As text; others than the scene's are left out.
        readers: By the parameters' names.
        report: Is given a sentence for each that is no good, which the result then lacks.
    """
    found = {}
    for name, read in readers.items():
        if name not in own:
            continue
        try:
            found[name] = read(own[name])
        except ValueError as error:
            report(in_vain(name, own[name], error))
    return found
