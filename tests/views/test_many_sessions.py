"""What keeps a server quick while many tabs come and go; their numbers: `tests/views/test_many_tabs.py`."""

import gc
import subprocess
import sys

from streamlit.testing.v1 import AppTest

from benchmarks.streamlit_client import ROOT

SECONDS = 300  # on a busy machine


def test_the_server_is_told_not_to_collect_garbage_after_each_run():
    # AppTest never does so, and `streamlit config show` hides the option: ask a process that starts here.
    question = "from streamlit import config; print(config.get_option('runner.postScriptGC'))"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=True, capture_output=True)
    assert answer.stdout.split() == [b"False"]


def test_what_is_loaded_once_is_kept_out_of_garbage_collection():
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()
    assert not at.exception
    assert gc.get_freeze_count() > 100_000  # torch alone brings more
