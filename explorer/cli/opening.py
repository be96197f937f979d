"""`open`: the app in the browser, on a pair or a project if one is named; what the shell does by itself."""

import errno
import os
import re
import runpy
import socket
import sys
from pathlib import Path

import click

from explorer.cli.files import PATH, existing, read
from explorer.cli.group import bad
from explorer.places import OPENED_ON, PROJECT, ROOT, app
from explorer.sharing import EVERYWHERE, SHARED, THIS_MACHINE, network_address

ENDING = ".zip"  # of a project
STREAMLITS_OWN = re.compile(r"--\w+(\.\w+)+(=.*)?")  # such as --theme.base or --server.address=0.0.0.0


class Opening(click.Command):
    """A command that hands Streamlit's own flags on, which are all those with a dot in their name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Set Streamlit's flags aside, each with its value, and read the others."""
        own, streamlits = [], []
        rest = iter(args)
        for arg in rest:
            if not STREAMLITS_OWN.fullmatch(arg):
                own.append(arg)
            elif "=" in arg:
                streamlits.append(arg)
            else:
                value = next(rest, None)
                if value is None:
                    raise click.BadOptionUsage(arg, f"Option {arg!r} requires an argument.", ctx)
                streamlits.append(f"{arg}={value}")
        ctx.obj = streamlits
        return super().parse_args(ctx, own)


def openable(context: click.Context, parameter: click.Parameter, value: tuple[Path, ...]) -> tuple[Path, ...]:
    """Refuse anything but a pair or a project, and files that are not there."""
    existing(context, parameter, value)
    is_project = len(value) == 1 and value[0].suffix.lower() == ENDING
    if len(value) not in (0, 2) and not is_project:
        raise click.UsageError(
            f"The app opens on a project ({ENDING}), or on two images, REFERENCE and DISTORTED, not on "
            f"{len(value)}; `measure` takes any number.",
            context,
        )
    return value


@click.command(
    "open",
    cls=Opening,
    short_help="Open the app in the browser; so does leaving out the command.",
)
@click.argument("files", type=PATH, callback=openable, nargs=-1, metavar="[REFERENCE DISTORTED | PROJECT]")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="The port to serve it on; by default the first free one from 8501.",
)
@click.option("--no-browser", is_flag=True, help="Serve it, and leave opening its address to you.")
@click.option(
    "--share",
    is_flag=True,
    help="Serve it to your network, and print the address to give out; guests fetch no weights.",
)
@click.option(
    "--root",
    type=PATH,
    metavar="FOLDER",
    help="Let the page Data set open tables and folders of images below FOLDER, and nothing outside of it.",
)
@click.pass_obj
def open_app(
    streamlits: list[str],
    files: tuple[Path, ...],
    port: int | None,
    no_browser: bool,
    share: bool,
    root: Path | None,
) -> None:
    """Open the app in the browser, on the pair REFERENCE and DISTORTED or on a PROJECT. Ctrl-C ends it.

    The word `open` may be left out. It is served to this machine alone, unless --share or --server.address
    says otherwise; every new tab starts with what is named, a guest's too. Streamlit's own flags, such as
    --theme.base dark, and its environment variables go before the project's settings.

    \b
    Examples:
      python -m explorer open
      python -m explorer open photo.png copy.jpg --port 8600 --no-browser
      python -m explorer open pair.zip
      python -m explorer open --share
      python -m explorer open --root datasets/
    """
    _name(files)
    if root is not None:
        if not root.is_dir():
            raise bad("--root", f"{click.format_filename(root)} is no folder; name one that holds data sets.")
        os.environ[ROOT] = str(root.resolve())
    if share:
        _share()
    if port and not any(flag.startswith("--server.") for flag in streamlits):  # those go before --port
        _check_port(port)
    flags = ["--server.headless=true"] if no_browser else []
    flags += [f"--server.port={port}"] if port else []
    # In this process, so that a signal to it is one to the server.
    sys.argv = ["streamlit", "run", str(app()), *flags, *streamlits]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _name(files: tuple[Path, ...]) -> None:
    """Tell the server what to open; what is no image or no project is refused here, and not by a page."""
    if len(files) == 1:
        from explorer.projects import open_project  # it brings torch

        _ = open_project(files[0]).given
        os.environ[PROJECT] = str(files[0].resolve())
        return
    for path in files:
        read(path)
    for variable, path in zip(OPENED_ON.values(), files, strict=False):
        os.environ[variable] = str(path.resolve())


def _check_port(port: int) -> None:
    """Refuse a port that cannot be had: Streamlit says so as well, but not what to do.

    Raises:
        click.BadParameter: it is taken, or not for this user.
    """
    with socket.socket() as probe:
        # As the server does it: a port that one has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("STREAMLIT_SERVER_ADDRESS", THIS_MACHINE), port))
        except PermissionError as error:
            raise bad("--port", f"{port} is not for every user; choose one from 1024 up.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                mend = "choose another, or leave --port out, which takes the first free one"
                raise bad("--port", f"{port} is taken by another program; {mend}.") from error


def _share() -> None:
    """Tell the server that it has guests, and Streamlit to listen to them and to print the address for them.

    By the environment, so that what the user says to Streamlit goes before it.
    """
    os.environ[SHARED] = "1"
    os.environ.setdefault("STREAMLIT_SERVER_ADDRESS", EVERYWHERE)
    own = network_address()
    if own is not None:
        # Else Streamlit would ask a service in the internet for the address, and print that as well.
        os.environ.setdefault("STREAMLIT_BROWSER_SERVER_ADDRESS", own)
