"""A PostgreSQL server of our own, in a folder that goes with it: no port, no password, nobody else's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

# Debian keeps them beside each other by version, and only some of them on the path.
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is none."""
    on_path = shutil.which("initdb")
    return FOLDERS[-1] if FOLDERS else Path(on_path).parent if on_path else None


@contextmanager
def running(*settings: str) -> Iterator[URL]:
    """A server, and the address of its database "postgres".

    Args:
        settings: Lines of its configuration, such as "fsync=off".

    Raises:
        LookupError: PostgreSQL is not on this machine.
    """
    found = programs()
    if found is None:
        raise LookupError("PostgreSQL's initdb is not on this machine; apt-get install postgresql brings it")
    # A socket's path has at most 107 bytes, so not below pytest's folder.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_whom = {}
        if os.geteuid() == 0:  # which the server refuses to run as
            import pwd  # not on every system

            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        how = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **as_whom}
        data = ["-D", str(folder / "data")]
        subprocess.run([found / "initdb", *data, "-U", "explorer", "-A", "trust", "-N", "-E", "UTF8"], **how)
        options = " ".join(f"-c {setting}" for setting in ("listen_addresses=", *settings))
        control = [found / "pg_ctl", *data, "-w", "-s", "-l", str(folder / "log")]
        subprocess.run([*control, "-o", f"-k {folder} {options}", "start"], **how)
        try:
            yield URL.create(
                "postgresql+psycopg", username="explorer", database="postgres", query={"host": str(folder)}
            )
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **how)
