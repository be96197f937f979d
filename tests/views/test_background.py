"""What pages measure and fetch in the background: nothing of it is lost, and nobody keeps it from others."""

import logging
import threading
from dataclasses import dataclass, field, replace

from streamlit.testing.v1 import AppTest

from explorer.analysis import cost
from explorer.analysis.cost import peak_bytes
from explorer.backbones import find_backbone, graph_of
from explorer.distortions import distort
from explorer.errors import FetchCancelledError, SettingError
from explorer.files import fetching
from explorer.images import derive
from explorer.jobs import pool
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.views.common import compute
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings
from explorer.views.common.shown import Pair
from explorer.views.compare import columns

SECONDS = 60


def new_pair(severity: float) -> Pair:
    cat = load_sample("cat")
    return Pair(cat, derive(cat, distort(cat.pixels, "jpeg", severity)), linkable=True)


def new_session(**settings) -> Session:
    return Session(Settings(**settings), [])


@dataclass
class Ending:
    """A job that ends between two looks at it."""

    states: list[str] = field(default_factory=lambda: ["running"])

    @property
    def state(self) -> str:
        return self.states.pop() if self.states else "done"


def test_a_measurement_that_ends_while_it_is_looked_at_is_not_lost(monkeypatch):
    ending, session = Ending(), new_session()
    monkeypatch.setattr(compute, "job_for", lambda kept, key, _task: kept.keep(key, ending))
    assert not compute.measured_in_background(session, new_pair(0.31), Method(size=64))
    assert compute.measuring_job(session) is ending


def test_what_was_measured_in_the_background_is_known_to_all_with_the_exact_score_beside_it(
    monkeypatch, caplog
):
    monkeypatch.setattr(cost, "MEGAPIXEL", 64)
    caplog.set_level(logging.DEBUG, logger="explorer.compute")
    pair, method = new_pair(0.33), Method(size=64, device="cpu", precision="bf16")
    first, second = new_session(), new_session()
    if not compute.measured_in_background(first, pair, method):
        assert compute.measuring_job(first).wait(SECONDS)
        assert compute.measured_in_background(first, pair, method)
    assert compute.measuring_job(first) is None
    caplog.clear()
    for session in (first, second):
        assert compute.measured_in_background(session, pair, method)
        for each in (method, replace(method, precision="float32")):
            found, _ = compute.compared_by_job(session, pair, each)
            assert found.measurement(each.heads, each.layers).precision == each.precision
    assert [record for record in caplog.records if record.message.startswith("start")] == []


def test_a_column_that_is_too_large_for_the_machine_leaves_the_others_alone(monkeypatch):
    small, large = Method("alexnet", "uniform"), Method("vgg16", "uniform", weights="random")
    needed = [peak_bytes(graph_of(method.row), (64, 64)) for method in (small, large)]
    assert needed[0] < needed[1]
    monkeypatch.setattr(pool, "budget", sum(needed) // 2)
    session, pair = new_session(size=64), new_pair(0.35)
    found = columns.measure(session, pair, (small, large))
    assert found.job.wait(SECONDS)
    found = columns.measure(session, pair, (small, large))
    assert [column.method for column in found.shown] == [small]
    assert isinstance(found.columns[large], SettingError)
    assert "VGG16" in str(found.columns[large])
    assert "smaller size" in str(found.columns[large])
    assert found.is_complete


def fetch_page() -> None:
    from explorer.backbones import find_backbone
    from explorer.views.common.fetch_controls import draw_fetch
    from explorer.views.common.session import current

    current()
    draw_fetch(find_backbone("densenet121"), "list")


def test_a_fetch_that_somebody_else_started_goes_on_for_who_sees_it(tmp_path, monkeypatch):
    def endless(_name, _files, progress, cancelled):
        progress(1, 2)
        while not cancelled():
            threading.Event().wait(0.01)
        raise FetchCancelledError("The fetch was cancelled.")

    for variable in ("EXPLORER_CACHE", "TORCH_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(fetching, "fetch", endless)
    is_open = threading.Event()
    is_open.set()
    row = find_backbone("densenet121")
    job = fetching.start_fetch(row.name, row.weights, is_open.is_set)
    at = AppTest.from_function(fetch_page).run()
    assert not at.exception
    is_open.clear()  # the tab that started it is closed
    assert not job.wait(0.3)
    assert not job.is_ending

    at.button(key="cancel_list_densenet121").click().run()
    assert not at.exception
    assert job.wait(SECONDS)
    at.run()
    assert fetching.fetch_of(row.weights) is job  # none was started without a click
    assert any("Cancelled" in info.value for info in at.info)
    assert at.button(key="fetch_list_densenet121").label == "Fetch DenseNet-121 · 32 MB"
