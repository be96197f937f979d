"""The parameters of the link that the page Candidates alone has: metrics, uploads, and how they are shown."""

from collections.abc import Sequence

from explorer.analysis.candidates import PSNR, SSIM
from explorer.analysis.comparison import read_columns
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.viewer.ranking.ranking import TableSort
from explorer.views.candidates import display
from explorer.views.candidates.candidate_list import CandidateList
from explorer.views.common.session import Session

PAGE = "candidates"
METRICS, FILES, SHOWN = "metrics", "files", "shown"
FIRST_COLUMNS = (Method("alexnet", "lpips-0.1"), Method("alexnet", "uniform"))


def columns_of(session: Session) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    """The link's columns, or those of a first visit; and a sentence for each that is no good."""
    own = session.own.get(PAGE, {})
    if METRICS not in own:
        return FIRST_COLUMNS, ()
    columns, problems = read_columns(own[METRICS])
    return (FIRST_COLUMNS if problems and not columns else columns), problems


def keep_in_link(session: Session, name: str, text: str) -> None:
    """One of the page's own parameters; none for ""."""
    others = {other: own for other, own in session.own.get(PAGE, {}).items() if other != name}
    session.own[PAGE] = others | ({name: text} if text else {})


def keep_shown(session: Session, chosen: CandidateList, shown: CandidatesDisplay, sort: TableSort) -> None:
    """Keep how the candidates are shown, and have it in the link."""
    chosen.display, chosen.sort = shown, sort
    keep_in_link(session, SHOWN, display.to_link(shown, sort))


def follow_shown(session: Session, chosen: CandidateList, methods: Sequence[Method]) -> None:
    """Show the candidates as a link that was followed says, and by nothing that has gone since."""
    text = session.own.get(PAGE, {}).get(SHOWN, "")
    asked = chosen.display, chosen.sort
    is_new = text != display.to_link(*asked)
    if is_new:
        try:
            asked = display.from_link(text)
        except SettingError as error:
            session.report(str(error))
    metrics = [method.text for method in methods] + [PSNR.name, SSIM.name]
    shown, problems = display.held(*asked, chosen.keys(session), metrics)
    for problem in problems if is_new else ():
        session.report(problem)
    keep_shown(session, chosen, *shown)
