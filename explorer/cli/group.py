"""How commands are found, and how they fail: every error is one line that names the mend."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from explorer.errors import ExplorerError, ImageError, SettingError
from explorer.names import harmless

INTERRUPTED = 130  # what shells report for a process that Ctrl-C has ended: 128 + SIGINT
SOME_FAILED = 1  # the command did its work, but not for every pair or file


class Shell(click.Group):
    """All commands: every error is told in one line, and where no command is named the app opens."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and exit: 0 when done, 2 on bad input, 130 on Ctrl-C, 1 on a closed pipe."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal without "σ" or "×" still gets the numbers
        try:
            sys.exit(super().main(*args, **{**kwargs, "standalone_mode": False}))
        except click.Abort:
            sys.exit(INTERRUPTED)
        except (click.ClickException, ExplorerError) as error:
            click.echo(f"Error: {_one_line(error)}", err=True)
            sys.exit(2)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `open` before what has no command: nothing at all, flags of that command, or files."""
        return super().parse_args(ctx, ["open", *args] if self._opens_the_app(ctx, args) else args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none is answered with the list of them."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise click.UsageError(
                f"No such command {args[0]!r}; choose one of {', '.join(self.commands)}, or name two images, "
                "or a project, to open the app on.",
                ctx,
            )
        return super().resolve_command(ctx, args)

    def _opens_the_app(self, ctx: click.Context, args: list[str]) -> bool:
        if ctx.resilient_parsing:  # a shell completes the name of a command
            return False
        if not args:
            return True
        first = args[0]
        if first.startswith("-"):
            return not any(first in option.opts for option in self.get_params(ctx))
        looks_like_a_file = "." in first or "/" in first or os.sep in first or os.path.exists(first)
        return looks_like_a_file and first not in self.commands


def printable(text: str) -> str:
    """Text on one line, without what could steer a terminal: names of files may hold anything."""
    return harmless(" ".join(text.split()))


def note(text: str) -> None:
    """Say something beside the results, on standard error."""
    click.echo(f"Note: {printable(text)}", err=True)


def bad(parameter: str, message: str) -> click.BadParameter:
    """The error for a flag or argument, by its name."""
    return click.BadParameter(message, param_hint=f"'{parameter}'")


@contextmanager
def naming(flag: str, unless: bool = False) -> Iterator[None]:
    """Name the flag that an error is about, `unless` it is not to blame."""
    try:
        yield
    except (SettingError, ImageError) as error:
        if unless:
            raise
        raise bad(flag, str(error)) from error


def _one_line(error: Exception) -> str:
    text = error.format_message() if isinstance(error, click.ClickException) else str(error)
    names_the_mend = isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter)
    if isinstance(error, click.UsageError) and error.ctx and not names_the_mend:
        text += f" Try '{error.ctx.command_path} --help'."
    return printable(text)  # click lists choices on lines of their own
