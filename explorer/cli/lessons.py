"""`lessons`: which lessons there are, whether a file is one, and the links that open their steps."""

from pathlib import Path

import click

from explorer.analysis.tables import table
from explorer.cli.files import PATH, existing
from explorer.cli.group import SOME_FAILED, bad, note, printable
from explorer.cli.handing_out import handout
from explorer.errors import LessonError
from explorer.lessons.document import MOST_BYTES
from explorer.lessons.lesson import Lesson, words_of
from explorer.lessons.library import address_of, find, library
from explorer.lessons.markup import plain
from explorer.lessons.reading import USUAL, read

HERE = "http://localhost:8501"
WHERE = {"bundled": "with the app", "folder": "in EXPLORER_LESSONS"}


@click.group(
    no_args_is_help=False, short_help="List lessons, check a lesson's file, print links to their steps."
)
def lessons() -> None:
    """List lessons, check a lesson's file, print the links that open its steps.

    Those that come with the app, and those of the folder that EXPLORER_LESSONS names.

    \b
    Examples:
      python -m explorer lessons list
      python -m explorer lessons check my-lesson.yaml
      python -m explorer lessons links restored-eye
      python -m explorer lessons handout ten-minutes -o handout.html
    """


lessons.add_command(handout)


@lessons.command("list", short_help="List all lessons.")
def list_lessons() -> None:
    """List all lessons; a file of the folder that is none is told on standard error.

    \b
    Example:
      python -m explorer lessons list
    """
    found = library()
    rows = [("name", "minutes", "chapters", "steps", "where", "title")]
    rows += [
        (
            file.lesson.name,
            str(file.lesson.minutes),
            str(len(file.lesson.chapters)),
            str(len(file.lesson.places)),
            WHERE[file.origin],
            printable(plain(file.lesson.title)),
        )
        for file in found.files
    ]
    click.echo(table(rows, "<>>><<"))
    for fault in found.faults:
        note(fault)


@lessons.command("check", short_help="Say whether a file is a lesson, or in which line it is not.")
@click.argument("files", type=PATH, callback=existing, nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[Path, ...]) -> None:
    """Say whether each FILE is a lesson, with the words of its chapters, or what is wrong in which line.

    Pages, scenes and what a scene of Learn is asked for are looked at, such as cell_x=nan; and not what links
    ask of all pages, such as severity=77: that does the page Lessons as the file is uploaded.

    Exit code 1: some are none.

    \b
    Example:
      python -m explorer lessons check my-lesson.yaml
    """
    is_good = [_tell(path) for path in files]
    if any(is_good):
        note("what links ask of all pages is not checked here; upload the file on Lessons.")
    if not all(is_good):
        click.get_current_context().exit(SOME_FAILED)


@lessons.command("links", short_help="Print the links to a lesson's steps.")
@click.argument("lesson", default=USUAL)
@click.option("--class", "classroom", is_flag=True, help="Links that open in class mode.")
@click.option(
    "--server",
    default=HERE,
    show_default=True,
    metavar="ADDRESS",
    help="Where the app is served, as the class reaches it.",
)
def links(lesson: str, classroom: bool, server: str) -> None:
    """Print the links to the steps of LESSON, a line each: link, chapter, step and title, with tabs between.

    \b
    Example:
      python -m explorer lessons links restored-eye --class --server https://lpips.example.org
    """
    if not server.startswith(("http://", "https://")) or printable(server) != server or " " in server:
        raise bad("--server", "it must be an address such as https://lpips.example.org.")
    try:
        found = find(lesson).lesson
    except LessonError:
        known = ", ".join(file.lesson.name for file in library().files)
        raise bad("LESSON", f"There is no lesson {lesson!r}; choose one of {known}.") from None
    for chapter, step in found.places:
        link = f"{server.rstrip('/')}/{address_of(found.name, chapter, step, classroom)}"
        title = printable(plain(found.chapters[chapter - 1].title))
        click.echo(f"{link}\t{chapter}\t{step}\t{title}")


def _tell(path: Path) -> bool:
    """Tell whether a file is a lesson; whether it is."""
    name = printable(click.format_filename(path))
    try:
        lesson = read(path.stem, _bytes(path))
        _check_scenes(lesson)
    except LessonError as error:
        click.echo(f"Error: {name}: {printable(str(error))}", err=True)
        return False
    click.echo(f"{name}: {_counts(lesson)}")
    return True


def _check_scenes(lesson: Lesson) -> None:
    from explorer.lessons import wishes  # here, because it loads torch

    wishes.check(lesson)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LessonError(f"it cannot be read ({error.strerror}); name a file that can.") from error


def _counts(lesson: Lesson) -> str:
    words = ", ".join(str(words_of(chapter)) for chapter in lesson.chapters)
    title = printable(plain(lesson.title))
    minutes, steps = _counted(lesson.minutes, "minute"), _counted(len(lesson.places), "step")
    return f"“{title}”, {minutes}, {steps}; words of its chapters: {words}."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
