"""`judgments`: the sessions of this machine's store: their votes as files, and who opens and ends them."""

from datetime import datetime
from pathlib import Path

import click

from explorer.analysis.tables import table
from explorer.cli.files import PATH, output
from explorer.cli.group import bad, note, printable


@click.group(no_args_is_help=False, short_help="List sessions of people, export votes, remove.")
def judgments() -> None:
    """What people have said in sessions that were asked on this machine's store.

    The store is a file of this user, a folder named in EXPLORER_VOTES, or a database named in
    EXPLORER_DATABASE.

    \b
    Examples:
      python -m explorer judgments list
      python -m explorer judgments export C4P7XM --csv votes.csv
      python -m explorer judgments new-link C4P7XM
    """


@judgments.command("list", short_help="List the sessions, the newest first.")
def list_sessions() -> None:
    """List the sessions: their codes, how they stand, and how many have answered.

    \b
    Example:
      python -m explorer judgments list
    """
    from explorer.judgments.store import opened_store

    found = opened_store().sessions()
    if not found:
        click.echo("There are no sessions yet; the page Ask starts one.")
        return
    rows = [("code", "started", "state", "kind", "trials", "joined", "answers", "title")]
    rows += [
        (
            info.code,
            f"{datetime.fromtimestamp(info.created):%Y-%m-%d %H:%M}",
            info.state,
            info.plan.kind,
            str(len(info.plan.trials)),
            str(info.participants),
            str(info.votes),
            printable(info.plan.title),
        )
        for info in found
    ]
    click.echo(table(rows, "<<<<>>><"))


@judgments.command(short_help="Write a session's votes as files.")
@click.argument("code")
@click.option("--csv", "csv_file", type=PATH, metavar="FILE", help="A row a vote, as pwcmp reads it.")
@click.option(
    "--folder",
    type=PATH,
    metavar="FOLDER",
    help="The paper's folders: pictures, and the share of votes of each trial.",
)
@click.option(
    "--leave-out",
    type=click.IntRange(1),
    metavar="N",
    help="Leave who failed N sentinels or more out of --folder; the table of votes has them all the same.",
)
def export(code: str, csv_file: Path | None, folder: Path | None, leave_out: int | None) -> None:
    """Write the votes of the session that has CODE; without a flag the table goes to standard output.

    \b
    Examples:
      python -m explorer judgments export C4P7XM > votes.csv
      python -m explorer judgments export C4P7XM --csv votes.csv --folder layout/
      python -m explorer evaluate layout/ --metric psnr --metric alexnet:lpips-0.1
    """
    from explorer.judgments.exporting import to_folder, to_table
    from explorer.judgments.store import opened_store

    if leave_out is not None and folder is None:
        raise bad(
            "--leave-out", "it leaves votes out of --folder; the table has them all. Name a folder too."
        )
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise bad("--folder", f"{folder} is not empty; name a new folder, so that no trials are mixed.")
    store = opened_store()
    info = store.session(code)
    votes = store.votes(info.code)
    if not votes:
        note("Nobody has voted yet.")
    text = to_table(info.plan, info.code, votes)
    if csv_file is not None:
        with output(csv_file, "--csv") as write:
            write(text.encode())
    if folder is not None:
        from explorer.judgments.class_results import participant_lines, tally_of

        at_most = None if leave_out is None else leave_out - 1
        out = {line.number for line in participant_lines(info.plan, votes, at_most) if line.is_left_out}
        tally = tally_of(info.plan, [vote for vote in votes if vote.participant not in out])
        try:
            to_folder(folder, info.plan, info.code, tally, store.picture)
        except OSError as error:
            raise bad("--folder", f"{folder} cannot be written ({error.strerror}).") from error
        if out:
            note(f"{len(out)} participant{'s were' if len(out) > 1 else ' was'} left out.")
    if csv_file is None and folder is None:
        click.echo(text, nl=False)


@judgments.command(short_help="Close a session: it takes no more votes.")
@click.argument("code")
def close(code: str) -> None:
    """Close the session that has CODE: nobody joins or votes any more, and what was answered stays.

    Its teacher opens it again on Results.

    \b
    Example:
      python -m explorer judgments close C4P7XM
    """
    from explorer.judgments.store import opened_store

    store = opened_store()
    store.close_code(code)
    click.echo(f"Session {store.session(code).code} is closed.")


@judgments.command(short_help="Remove a session with its votes and pictures.")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(code: str, yes: bool) -> None:
    """Remove the session that has CODE with its participants, votes and pictures, for good.

    \b
    Examples:
      python -m explorer judgments remove C4P7XM
      python -m explorer judgments remove C4P7XM --yes
    """
    from explorer.judgments.store import opened_store

    store = opened_store()
    info = store.session(code)
    if not yes:
        title = f" “{printable(info.plan.title)}”" if info.plan.title else ""
        what = f"Remove session {info.code}{title} with its {info.votes:,} votes, for good?"
        if not click.confirm(what, err=True):
            note("Nothing was removed.")
            return
    store.remove_code(code)
    click.echo(f"Session {info.code} is removed.")


@judgments.command("new-link", short_help="Give a session's teacher a new link, where theirs is lost.")
@click.argument("code")
def new_link(code: str) -> None:
    """Write a new teacher's link of the session that has CODE.

    The link before opens nothing any more: the store keeps only the hash of its key, so that nobody can show
    it again.

    \b
    Example:
      python -m explorer judgments new-link C4P7XM
    """
    from explorer.judgments.store import opened_store

    keys = opened_store().renew(code)
    click.echo(f"/results?teacher={keys.teacher}")
    note("Put the explorer's address before it, or paste it on Results. The old one is void.")
