"""Where the files lie that are no code, and what the app was opened on.

In a checkout `app.py`, `assets/` and `.streamlit/` stand beside the package; where it is installed they lie
inside it, as `explorer/_app/`, into which pyproject.toml puts them. Whatever needs one of them asks here.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
IN_WHEEL = PACKAGE / "_app"

# Role of a picture -> the environment variable that names its file to the app's server.
OPENED_ON = {"reference": "EXPLORER_REFERENCE", "distorted": "EXPLORER_DISTORTED"}
PROJECT = "EXPLORER_PROJECT"  # the same for a project, which has both
ROOT = "EXPLORER_ROOT"  # the same for the folder below which pages open data sets


def is_installed() -> bool:
    """Whether this is an installed package and no checkout."""
    return IN_WHEEL.is_dir()


def app() -> Path:
    """The script that Streamlit runs; beside it Streamlit finds `.streamlit/config.toml` by itself."""
    return _top() / "app.py"


def assets(room: str) -> Path:
    """A folder of assets: "brand", "duel", "judgments", "lessons", "samples" or "weights"."""
    return _top() / "assets" / room


def page(name: str) -> Path:
    """The script of a page, by the name of its folder in `views/`."""
    return PACKAGE / "views" / name / "page.py"


def opened_on(role: str) -> Path | None:
    """The file that the app was opened on as "reference" or "distorted", if any was named."""
    named = os.environ.get(OPENED_ON[role])
    return Path(named) if named else None


def opened_project() -> Path | None:
    """The project that the app was opened on, if any was named."""
    named = os.environ.get(PROJECT)
    return Path(named) if named else None


def opened_root() -> Path | None:
    """The folder below which pages may open files of this machine, if one was named and is one."""
    named = os.environ.get(ROOT)
    return Path(os.path.realpath(named)) if named and os.path.isdir(named) else None


def _top() -> Path:
    return IN_WHEEL if is_installed() else PACKAGE.parent
