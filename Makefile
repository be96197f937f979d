# Each target sets up .venv when it is missing or older than the requirement files.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Two at a time: one computes while the other waits for a browser. Each holds torch and networks, 1.0 to 1.4 GB,
# beside the servers and browsers that both share.
# Small budgets, and large blocks given back at once: what a test has left is not there for the next.
# Python keeps what it has compiled, also where it is told not to: each worker and server would compile it all again.
PYTEST := PYTHONDONTWRITEBYTECODE= EXPLORER_MEMORY_MB=200 \
	MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1000000 MALLOC_TRIM_THRESHOLD_=8000000 \
	$(BIN)/python -m pytest -n 2

.PHONY: run test test-again test-all check bench lint format

run: .venv/.runtime  ## open the explorer in the browser; SHARE=1 serves it to the network
	$(BIN)/python -m explorer open $(if $(filter-out 0,$(SHARE)),--share)

test: .venv/.development  ## every property once; tests in Chromium skip where it is missing
	$(PYTEST)

test-again: .venv/.development  ## what failed in the last run, alone
	$(PYTEST) -n 0 --last-failed --last-failed-no-failures none

test-all: .venv/.development  ## with the long grids of samples, sizes, heads and seeds
	$(PYTEST) -m ""

check: lint  ## before a commit: lint, and the tests that need no browser
	$(PYTEST) --ignore=tests/browser

bench: .venv/.development  ## speed and memory beside other implementations
	$(BIN)/python -m benchmarks.compare
	$(BIN)/python -m benchmarks.causal
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.laboratory
	$(BIN)/python -m benchmarks.synthesis
	$(BIN)/python -m benchmarks.evaluation
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.lesson
	$(BIN)/python -m benchmarks.crowd
	$(BIN)/python -m benchmarks.crowd --chapter
	$(BIN)/python -m benchmarks.votes

lint: .venv/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/.runtime: requirements.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.11 run')"
	$(PYTHON) -m venv .venv
	$(PIP) install -r requirements.txt
	touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	$(PIP) install -r requirements-dev.txt
	touch $@
