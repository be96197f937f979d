"""The handout's HTML: a lesson on A4, each chapter a page; one file that needs no network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from explorer import __version__
from explorer.analysis.ladder import Scores
from explorer.errors import ExplorerError
from explorer.images import Picture, to_one_size
from explorer.jobs import Progress
from explorer.lessons import markup
from explorer.lessons.lesson import Chapter, Lesson
from explorer.lessons.pictures import LONGEST, Own, method_of, pair_of, size_of
from explorer.metrics import Method
from explorer.names import cut
from explorer.render import png, text
from explorer.report.handout import judged, seen
from explorer.report.handout.sheet import Boxes, Number, Room, Sheet, Shot, Table
from explorer.report.handout.subject import Subject
from explorer.words import WORDS, capitalised, key_of
from explorer.words.entry import Entry

MOST_SHEETS = 3  # of one chapter whose steps are views of other pages: more would be no page
# Rows of a page's tables above which its pictures and its type are smaller; fewer below two rows of pictures.
MANY_ROWS, FEWER_ROWS = 12, 4
WIDEST = (58, 40, 32)  # mm of a picture on a page with one, two or more rows of them
SCORE_BYTES = 4 << 20
MATHML = "http://www.w3.org/1998/Math/MathML"
TAGS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "ms",
        "mtext",
        "mspace",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "mtable",
        "mtr",
        "mtd",
    ]
)
ATTRIBUTES = frozenset(
    [
        "display",
        "stretchy",
        "fence",
        "form",
        "separator",
        "lspace",
        "rspace",
        "accent",
        "accentunder",
        "movablelimits",
        "largeop",
        "symmetric",
        "minsize",
        "maxsize",
        "mathvariant",
        "width",
        "height",
        "depth",
        "voffset",
        "linethickness",
        "notation",
        "displaystyle",
        "scriptlevel",
        "columnalign",
        "columnspacing",
        "rowspacing",
        "columnlines",
        "rowlines",
    ]
)
LIMITED = ("max", "min")  # whose condition stands below
NORM = ("\u2016", "\u2225")  # the bars of one

# What each scene of the page Learn shows on paper.
SCENES: Mapping[str, Callable[[Subject], Sheet]] = {
    "closer": seen.of_closer,
    "features": seen.of_features,
    "cell": seen.of_cell,
    "ledger": seen.of_ledger,
    "needles": judged.of_needles,
    "training": judged.of_training,
    "failing": judged.of_failing,
    "quiz": judged.of_quiz,
    "vote": judged.of_vote,
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # lessons and names of files may hold anything
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Page:
    """A chapter on paper.

    Attributes:
        number: Of the chapter, from 1.
        chapter: Its words.
        sheets: What it shows.
    """

    number: int
    chapter: Chapter
    sheets: tuple[Sheet, ...]

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """What belongs on the page of answers: (question, answer)."""
        own = ((self.chapter.question, self.chapter.answer),) if self.chapter.answer else ()
        return (*own, *(answer for sheet in self.sheets for answer in sheet.answers))


@dataclass(frozen=True)
class Handout:
    """A lesson on paper.

    Attributes:
        lesson: Whose.
        pages: Of its chapters.
        method: How all was measured that names nothing else.
        picture: Name of the user's own reference; "" where the lesson's are shown.
    """

    lesson: Lesson
    pages: tuple[Page, ...]
    method: Method
    picture: str = ""


def handout(
    lesson: Lesson,
    method: Method,
    own: Own | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Handout:
    """Measure all that a lesson shows.

    Args:
        lesson: Any that was read.
        method: How; a step may name another backbone. What Learn draws is measured at `LONGEST`, as there;
            a step on another page is measured as its link says.
        own: The user's reference, to which is done what each step says, or both pictures; None takes the
            samples that each step names.
        progress: Told after each chapter, and asked between whether to go on; what it raises ends the work.

    Raises:
        SizeMismatchError: the pair's sizes differ.
        ExplorerError: the pair cannot be measured.
    """
    if isinstance(own, tuple):
        own = to_one_size(*own)
    total, pages, scores = len(lesson.chapters), [], Scores(SCORE_BYTES)
    for number, chapter in enumerate(lesson.chapters, start=1):
        progress(number - 1, total)

        def check(done: int = number - 1) -> None:
            progress(done, total)

        pages.append(Page(number, chapter, tuple(_sheets(chapter, method, own, scores, check))))
    progress(total, total)
    name = "" if own is None else (own if isinstance(own, Picture) else own[0]).name
    return Handout(lesson, tuple(pages), method, name)


def handout_html(made: Handout, has_answers: bool = False) -> str:
    """The file.

    Args:
        made: What was measured.
        has_answers: Whether it ends with a page of answers.
    """
    return _templates.get_template("handout.html").render(
        lesson=made.lesson,
        pages=[_drawn(page) for page in made.pages],
        answers=[(page, page.answers) for page in made.pages if page.answers] if has_answers else [],
        method=made.method.label,
        picture=cut(made.picture),
        marked=lambda words: Markup(markup.as_html(words, is_linked=False)),  # escaped there
        capitalised=capitalised,
        is_number=lambda cell: isinstance(cell, Number),
        is_boxes=lambda cell: isinstance(cell, Boxes),
        is_room=lambda cell: isinstance(cell, Room),
        version=__version__,
    )


def file_of(lesson: Lesson) -> str:
    """What the file is called."""
    return f"{lesson.name.partition('~')[0]}-handout.html"


def _sheets(
    chapter: Chapter, method: Method, own: Own | None, scores: Scores, check: Callable[[], None]
) -> Iterator[Sheet]:
    """What a chapter shows: its last step of each scene, and the pairs of its steps on other pages."""
    chosen: dict[object, Mapping[str, str]] = {}
    for step in chapter.steps:
        chosen[step.sight.scene or step.sight.address] = step.sight.parameters
    for key, parameters in list(chosen.items())[:MOST_SHEETS]:
        try:
            is_scene = key in SCENES
            reference, distorted = pair_of(parameters, own, LONGEST if is_scene else None)
            size = None if is_scene else size_of(parameters, reference.size)
            how = replace(method_of(parameters, method), size=size)
            subject = Subject(reference, distorted, how, parameters, scores, check)
            yield SCENES.get(key, judged.of_pair)(subject)
        except ExplorerError as error:  # the rest of the lesson can be had
            yield Sheet(said=(str(error),))


def _drawn(page: Page) -> dict[str, object]:
    """A page as the template draws it."""
    rows = [_row(shots) for sheet in page.sheets for shots in sheet.shots if shots]
    tables = [table for sheet in page.sheets for table in sheet.tables]
    return {
        "number": page.number,
        "chapter": page.chapter,
        "formula": _mathml(next(iter(page.chapter.formulas), "")),
        "texts": [step.text for step in page.chapter.steps if step.text],
        "rows": rows,
        "widest": _widest(rows, tables),
        "aspect": _aspect(rows),
        "tables": tables,
        "words": _words(page.chapter),
        "is_full": _is_full(rows, tables),
        "is_beside": len(tables) > 1 and all(len(table.columns) == 2 for table in tables),
        "tryings": page.chapter.tryings,
        "said": [sentence for sheet in page.sheets for sentence in sheet.said if sentence],
    }


def _aspect(rows: Sequence[Sequence[object]]) -> float:
    """How wide the pictures are, as a part of their columns: one that is high takes no more of the page."""
    shots = (shot for row in rows for shot in row if isinstance(shot, dict))
    return round(min([1.0, *(shot["width"] / shot["height"] for shot in shots)]), 3)


def _widest(rows: Sequence[object], tables: Sequence[Table]) -> int:
    """Of a picture, in mm: two rows have the size of one where there is little else."""
    place = min(max(len(rows), 1), len(WIDEST)) - 1
    return WIDEST[0 if place == 1 and not _is_full(rows, tables) else place]


def _is_full(rows: Sequence[object], tables: Sequence[Table]) -> bool:
    """Whether a page holds so much that all of it is smaller."""
    lines = sum(len(table.rows) for table in tables)
    return len(rows) >= len(WIDEST) or lines > (MANY_ROWS if len(rows) < 2 else FEWER_ROWS)


def _words(chapter: Chapter) -> list[Entry]:
    """What the glossary says of the words that a chapter has in bold."""
    bold = [span.text for each in chapter.texts for span in markup.spans(each) if span.kind == "bold"]
    keys = dict.fromkeys(filter(None, map(key_of, bold)))
    return [WORDS[key] for key in keys]


def _row(shots: Sequence[Shot | str | None]) -> list[dict[str, object] | str | None]:
    return [_shot(shot) if isinstance(shot, Shot) else shot for shot in shots]


def _shot(shot: Shot) -> dict[str, object]:
    return {
        "label": shot.label,
        "note": shot.note,
        "is_named": shot.is_named,
        "source": f"data:image/png;base64,{text(png(shot.pixels))}",
        "width": shot.pixels.shape[1],
        "height": shot.pixels.shape[0],
        "mark": _mark(shot),
    }


def _mark(shot: Shot) -> str:
    """CSS that places what is marked; "" where nothing is."""
    if shot.window is None:
        return ""
    rows, columns = shot.pixels.shape[:2]
    x, y, width, height = shot.window
    places = {"left": x / columns, "top": y / rows, "width": width / columns, "height": height / rows}
    return ";".join(f"{name}:{100 * part:.3f}%" for name, part in places.items())


def _below_largest(drawn: ElementTree.Element) -> None:
    """Have a condition of "max" or "min" below it, where the converter puts it beside."""
    for element in drawn.iter():
        first = element[0] if len(element) else None
        if element.tag.endswith("msub") and first is not None and (first.text or "").strip() in LIMITED:
            element.tag = element.tag.replace("msub", "munder")
            first.set("movablelimits", "false")


def _equally_high(drawn: ElementTree.Element) -> None:
    """Have both bars of a norm as high as the type: of the two only the one without an index would grow."""
    for element in drawn.iter():
        if element.tag.endswith("mo") and (element.text or "").strip() in NORM:
            element.set("stretchy", "false")


def _mathml(formula: str) -> Markup | str:
    """A formula as MathML; what cannot be drawn is shown as it is written.

    It is read and written anew as XML: the converter lets signs through that would be markup.
    """
    if not formula:
        return ""
    from latex2mathml.converter import convert  # a quarter of a second

    try:
        drawn = ElementTree.fromstring(convert(formula, display="block"))
    except Exception:  # of many kinds; a lesson's file is checked for it when it is read
        return formula
    _below_largest(drawn)
    _equally_high(drawn)
    for element in drawn.iter():
        element.tag = element.tag.removeprefix(f"{{{MATHML}}}")  # HTML knows it without
        if element.tag not in TAGS or not element.attrib.keys() <= ATTRIBUTES:
            return formula
    return Markup(ElementTree.tostring(drawn, encoding="unicode"))
