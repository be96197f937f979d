"""`lessons handout`: a lesson on paper, each chapter a page with a picture's numbers."""

from pathlib import Path

import click

from explorer.cli.asked import Asked
from explorer.cli.files import PATH, existing, output, spare
from explorer.cli.group import bad, printable
from explorer.cli.options import method_options
from explorer.cli.progress import ProgressBar
from explorer.errors import LessonError
from explorer.lessons.document import MOST_BYTES
from explorer.lessons.lesson import Lesson
from explorer.lessons.library import find, library
from explorer.lessons.reading import read
from explorer.names import harmless

ENDING = ".html"


@click.command("handout", short_help="Write a lesson as pages to print, with a picture's numbers.")
@click.argument("lesson")
@click.argument("pair", type=PATH, callback=existing, nargs=-1, metavar="[REFERENCE DISTORTED]")
@click.option(
    "-o",
    "--output",
    "target",
    type=PATH,
    metavar="FILE.html",
    required=True,
    help="Where it goes: one file with its pictures in it, which opens without a network and prints on A4.",
)
@click.option("--answers", "has_answers", is_flag=True, help="End with a page of answers, for the teacher.")
@method_options
def handout(lesson: str, pair: tuple[Path, ...], target: Path, has_answers: bool, asked: Asked) -> None:
    """Write LESSON, one of `lessons list` or a file of your own, as pages to print.

    Each chapter is a page with its pictures, its formula and all numbers, measured now: on the lesson's own
    picture, or on REFERENCE and DISTORTED. Pictures are reduced to 300 pixels, as Learn shows them.

    \b
    Examples:
      python -m explorer lessons handout ten-minutes -o handout.html --answers
      python -m explorer lessons handout ten-minutes photo.png copy.jpg -o handout.html
    """
    if target.suffix.lower() != ENDING:
        raise bad("--output", f"{click.format_filename(target)} must end in {ENDING}.")
    if len(pair) not in (0, 2):
        raise bad("[REFERENCE DISTORTED]", "Name two images, the reference first, or none.")
    spare(target, "--output", *pair, what="one of the images")
    if asked.parameters["size"] is not None:
        raise bad("--size", "A handout measures at 300 pixels, as Learn does; leave it out.")
    found = _lesson(lesson)
    with output(target, "--output") as write:
        pictures = asked.matched(*(asked.read(path) for path in pair)) if pair else None
        method = asked.method()

        from explorer.report import handout as paper

        total = len(found.chapters)
        with ProgressBar(total, lambda done, total: f"{done} of {total} chapters") as bar:
            made = paper.handout(found, method, pictures, bar.at)
        write(paper.handout_html(made, has_answers).encode())
    click.echo(harmless(click.format_filename(target)))


def _lesson(name: str) -> Lesson:
    """The lesson of this name, or of a file."""
    path = Path(name)
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            with path.open("rb") as file:
                return read(path.stem, file.read(MOST_BYTES + 1))
        return find(name).lesson
    except OSError as error:
        raise bad("LESSON", f"{printable(name)} cannot be read ({error.strerror}).") from error
    except LessonError as error:
        known = ", ".join(file.lesson.name for file in library().files)
        words = str(error) if path.suffix else f"There is no lesson {name!r}; choose one of {known}."
        raise bad("LESSON", words) from error
