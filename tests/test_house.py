"""The house rules: data runs one way, Streamlit stays in its rooms, and files stay small.

Imports are read from the source with `ast`, so the rules hold for code that no test runs, too.
"""

import ast
import importlib
from functools import lru_cache
from pathlib import Path

import pytest

from explorer.backbones import BACKBONES
from explorer.distortions import CATALOGUE
from explorer.distortions.base import Distortion

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400  # lines

# Stages in the order in which data runs. A room imports only from earlier stages, and from itself.
STAGES = [
    # The ground, which any room may stand on.
    {"cores", "errors", "limits", "names", "notes", "pace", "places", "shares", "sharing"}
    | {"version", "waiting", "words"},
    {"turns"},
    {"cache", "jobs"},
    {"decoding"},
    {"images"},
    {"samples", "files"},
    {"distortions", "backbones"},
    {"metrics"},
    {"analysis"},
    {"synthesis"},
    {"judgments"},
    {"lessons"},
    {"render"},
    {"figures", "notebook", "projects"},
    {"report"},
    {"cli"},
]
GROUND = STAGES[0] | STAGES[1] | STAGES[2]
STAGED = set().union(*STAGES)

MAY_IMPORT = {room: set().union(*STAGES[:stage]) for stage, rooms in enumerate(STAGES) for room in rooms}
MAY_IMPORT |= {
    # The public face.
    "__init__": GROUND | {"analysis", "distortions", "judgments", "metrics", "notebook", "projects"},
    "__main__": {"cli", "waiting"},
    "viewer": GROUND | {"render"},
    "views": STAGED - {"cli"} | {"viewer"},  # the last room, beside the shell
    "app": {"places", "views", "waiting"},
}
KNOW_STREAMLIT = {"app", "views", "viewer"}

# Inside the analysis, in the same order: what a question may build on.
QUESTIONS = [
    {"wording"},
    {"cell", "correlation", "cost", "pairing", "rows", "rulers"},
    {"candidate_maps", "folders", "inspection", "match", "stability", "summary", "sweep", "version_grid"},
    {
        "candidate_numbers",
        "comparison",
        "dataset",
        "export",
        "steps",
        "strongest",
        "sweep_curves",
        "sweep_files",
        "sweep_job",
        "tables",
        "viewing",
    },
    {"region"},
    {"ladder"},
    {"agreement", "candidate_spots", "candidates", "place", "readings"},
    {"disagreement", "versions"},
    {"questions", "versions_job"},
]


@lru_cache(1)  # several rules ask of one file after the other
def nodes(source):
    return list(ast.walk(ast.parse(source)))


def imported_modules(source, package):
    """All modules that a source in `package` imports anywhere, with `from a import b` as "a.b"."""
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room_of(module):
    """The room of explorer that "explorer.room.part" names; the public face for `explorer` and its names."""
    name = module.removeprefix("explorer").strip(".").partition(".")[0]
    return name if name in MAY_IMPORT else "__init__"


def violations(path, source):
    """What a file, named by its path from the root, imports against the rules."""
    parts = Path(path).with_suffix("").parts
    room = parts[1] if parts[0] == "explorer" else parts[0]
    if room not in MAY_IMPORT:
        return [f"{path}: the room {room!r} has no place in the order yet"]
    found = []
    for module in imported_modules(source, ".".join(parts[:-1])):
        top = module.split(".")[0]
        if top == "explorer":
            other = room_of(module)
            face_is_ready = other == "__init__" and "metrics" in MAY_IMPORT[room]
            if other != room and other not in MAY_IMPORT[room] and not face_is_ready:
                found.append(f"{path}: {room} may not import {module}")
        elif top == "streamlit" and room not in KNOW_STREAMLIT:
            found.append(f"{path}: {room} may not know Streamlit")
        elif top in ("app", "tests", "benchmarks"):
            found.append(f"{path}: {room} may not import {module}")
    return found


def neighbours(path, source):
    """What a file of the analysis imports of a later question, and a page of another page."""
    parts = Path(path).with_suffix("").parts
    if parts[:2] not in (("explorer", "analysis"), ("explorer", "views")) or len(parts) < 3:
        return []
    room, own, found = ".".join(parts[:2]), parts[2], []
    for module in imported_modules(source, ".".join(parts[:-1])):
        other = module.removeprefix(room).strip(".").partition(".")[0]
        if not module.startswith(f"{room}.") or other == own or own == "__init__":
            continue
        if parts[1] == "views" and other != "common":
            found.append(f"{path}: a page, or what pages share, may not import {module}")
        elif parts[1] == "analysis" and stage_of(other) >= stage_of(own):
            found.append(f"{path}: {own} may not import {module}")
    return found


def stage_of(question):
    """Its place in `QUESTIONS`."""
    return next(stage for stage, names in enumerate(QUESTIONS) if question in names)


def sources(*patterns):
    """Each file's path from the root, and its text."""
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert paths
    return [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]


def test_every_file_imports_only_what_stands_before_it():
    found = []
    for path, source in sources("explorer/**/*.py", "app.py"):
        found += violations(path, source)
        found += neighbours(path, source)
    assert found == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("explorer/backbones/heads.py", "from explorer.metrics import measure"),
        ("explorer/backbones/heads.py", "from explorer import metrics"),
        ("explorer/backbones/heads.py", "import explorer.metrics.classic"),
        ("explorer/backbones/heads.py", "import explorer"),
        ("explorer/backbones/heads.py", "from explorer.distortions import distort"),  # its own stage
        ("explorer/backbones/heads.py", "from .. import metrics"),
        ("explorer/backbones/networks/vit.py", "from ...metrics import measure"),  # a folder in a room
        ("explorer/metrics/dists.py", "from explorer.analysis import folders"),
        ("explorer/backbones/heads.py", "from ..metrics import measure"),
        ("explorer/backbones/heads.py", "def later():\n    from explorer.analysis import inspection"),
        ("explorer/errors.py", "from explorer.cache import ByteBudgetCache"),
        ("explorer/jobs.py", "from explorer.files.fetching import fetch"),
        ("explorer/decoding.py", "from explorer.images import load"),
        ("explorer/images.py", "from explorer.samples import load_sample"),
        ("explorer/analysis/region.py", "from explorer.render import colour"),
        ("explorer/render.py", "from explorer.figures import bar"),
        ("explorer/viewer/common/link.py", "from explorer.metrics import Measurement"),
        ("explorer/viewer/common/link.py", "from explorer.views import sidebar"),
        ("explorer/cli/tables.py", "from explorer.views import session"),
        ("explorer/cli/tables.py", "from explorer.viewer import show"),
        ("explorer/views/inspect/page.py", "from explorer.cli import main"),
        ("explorer/__init__.py", "from explorer.views import inspect"),
        ("explorer/figures/shares.py", "import streamlit as st"),
        ("explorer/cli/tables.py", "from streamlit.runtime import exists"),
        ("explorer/metrics/classic.py", "if True:\n    import streamlit.components.v2"),
        ("explorer/metrics/classic.py", "from tests.conftest import Oracle"),
        ("explorer/cli/tables.py", "from benchmarks.others import lpips_model"),
        ("explorer/attic/old.py", ""),  # a room without a place
        ("app.py", "from explorer.metrics import measure"),
    ],
)
def test_the_check_finds_an_import_against_the_rules(path, source):
    assert len(violations(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("explorer/analysis/region/causal.py", "from explorer.analysis.ladder import RUNGS"),
        ("explorer/analysis/region/causal.py", "from explorer.analysis import agreement"),
        ("explorer/analysis/inspection.py", "from explorer.analysis.region import Box"),
        ("explorer/views/region/page.py", "from explorer.views.compare import columns"),
        ("explorer/views/common/parts.py", "from explorer.views.region.state import RegionState"),
    ],
)
def test_the_check_finds_a_question_or_a_page_that_leans_on_its_neighbour(path, source):
    assert len(neighbours(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("explorer/backbones/heads.py", "from explorer.cache import ByteBudgetCache\nimport torch"),
        ("explorer/files/fetching.py", "from explorer.jobs import pool"),
        ("explorer/backbones/heads.py", "from .catalogue import Backbone\nfrom . import weights"),
        ("explorer/metrics/measurement.py", "from explorer.backbones import network\nimport numpy as np"),
        ("explorer/metrics/measurement.py", "from ..images import Picture\nfrom ..errors import ImageError"),
        ("explorer/backbones/networks/vit.py", "from ..row import Backbone\nfrom . import vgg"),
        ("explorer/figures/shares.py", "from explorer.render import MAGMA"),
        ("explorer/viewer/common/link.py", "import streamlit as st\nfrom explorer.render import png"),
        ("explorer/views/inspect/page.py", "import streamlit\nfrom explorer import viewer, figures, samples"),
        ("explorer/cli/tables.py", "import explorer\nfrom explorer import measure"),
        ("explorer/__init__.py", "from explorer.metrics import measure"),
        ("explorer/__init__.py", "from explorer.distortions import distort"),
        ("app.py", "import streamlit as st\nfrom explorer.views import sidebar"),
        ("app.py", "from explorer.places import page"),
    ],
)
def test_the_check_lets_an_import_by_the_rules_pass(path, source):
    assert violations(path, source) == []


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {path: len(text.splitlines()) for path, text in sources("explorer/**/*.py", "app.py")}
    assert [path for path, length in lengths.items() if length > LONGEST_FILE] == []


# Widgets of Streamlit's that hold a value, and what gives it to them in each run.
VALUED = {
    "checkbox",
    "color_picker",
    "multiselect",
    "number_input",
    "pills",
    "radio",
    "segmented_control",
    "select_slider",
    "selectbox",
    "slider",
    "text_area",
    "text_input",
    "toggle",
}
GIVEN = {"default", "index", "value", "persist_state"}


def forgetful(source):
    """Lines of widgets whose value is written once, into the session: it goes with a superseded first run."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in VALUED
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "st"
        and GIVEN.isdisjoint(keyword.arg for keyword in node.keywords)
    ]


def test_a_widget_keeps_its_value_where_its_first_run_is_superseded():
    found = {path: forgetful(source) for path, source in sources("explorer/views/**/*.py")}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_check_finds_a_forgetful_widget():
    assert forgetful('st.slider("Seed", key=key)\nst.slider("Seed", key=key, persist_state="session")') == [1]


def test_no_chosen_name_is_cut_where_a_row_has_no_room_for_all():
    for path, source in sources("explorer/views/**/*.py"):
        for call in (node for node in nodes(source) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "multiselect":
                wraps = [keyword.value.value for keyword in call.keywords if keyword.arg == "wrap"]
                assert wraps == [True], f"{path}:{call.lineno}"


def family_files():
    """Those with entries: the other files of the room are about all distortions."""
    files = (ROOT / "explorer/distortions").glob("[!_]*.py")
    return sorted(path.stem for path in files if "\nENTRIES = (" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("family", family_files())
def test_every_distortion_of_a_familys_file_is_in_the_catalogue(family):
    module = importlib.import_module(f"explorer.distortions.{family}")
    assert module.ENTRIES
    for entry in module.ENTRIES:
        assert CATALOGUE[entry.name] is entry
    stray = [value for value in vars(module).values() if isinstance(value, Distortion)]
    assert all(entry in module.ENTRIES for entry in stray)


def test_the_catalogue_holds_nothing_that_no_family_has():
    families = [importlib.import_module(f"explorer.distortions.{family}") for family in family_files()]
    assert len(CATALOGUE) == sum(len(family.ENTRIES) for family in families)


def files_of(row):
    return {file.file for file in (*row.weights, *row.heads.values())}


@pytest.mark.parametrize("name", BACKBONES)
def test_every_weights_file_of_a_backbone_stands_in_its_row(name):
    bundled = {path.name for path in (ROOT / "assets/weights").glob(f"{name}[.-]*safetensors")}
    assert bundled <= files_of(BACKBONES[name])


def test_no_weights_file_comes_with_the_project_that_no_row_names():
    bundled = {path.name for path in (ROOT / "assets/weights").glob("*.safetensors")}
    assert bundled <= set().union(*map(files_of, BACKBONES.values()))


@pytest.mark.parametrize("name", BACKBONES)
def test_weights_that_do_not_come_with_the_project_can_be_fetched_and_the_heads_come_with_it(name):
    row = BACKBONES[name]
    folder = ROOT / "assets/weights"
    assert any(file.source or (folder / file.file).exists() for file in row.weights)
    assert all((folder / file.file).exists() for file in row.heads.values())
