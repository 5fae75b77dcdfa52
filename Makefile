# Words: setup, serve, test, check, fix, fuzz, lock, sbom. Everything they need, they install: into .venv, or by apt where a test
# drives a program of Debian's (DCMTK, Chromium) and apt can be used.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests run in so many processes, each with the services that it starts, the tests of one file in one; 0: in this one alone.
WORKERS ?= 2
# Node is in the environment too, so that npm finds it first.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix viewer --silent
# What a running service was built from: when it changes, so does what is served.
VIEWER := $(shell find hatch_build.py viewer -name node_modules -prune -o -name tests -prune -o -type f -print)

.PHONY: setup serve test check fix fuzz lock sbom samples image

serve: $(VENV)/.serve
	$(BIN)/hilum serve --demo --samples data_samples

setup: $(VENV)/.dev

test: $(VENV)/.dev
	scripts/install-peers
	$(MAKE) check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py
	$(NPM) run check
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python scripts/audit.py

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python hatch_build.py
	$(NPM) run fix

# The versions and hashes that the image is installed from, for every Python and processor; no index is named in them.
lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --extra oidc --universal --python-version 3.11 --generate-hashes --quiet --upgrade \
		--no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

# What ships, as CycloneDX.
sbom: $(VENV)/.dev
	$(BIN)/python -W ignore scripts/sbom.py > sbom.cdx.json

# The long run of the fuzzers: 200,000 inputs to the decoder, their shares to the others. FUZZ="--executions 1000000".
fuzz: $(VENV)/.dev
	-$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz $(FUZZ)
	$(BIN)/python -m tests.fuzz.interface
	$(BIN)/python -m tests.fuzz.interface --unknown --requests 5000

# The image, built and tried without Docker; needs root on Debian. With Docker: `docker build -t hilum .`
image: $(VENV)/.dev
	IMAGE=1 $(BIN)/python -m pytest -s tests/container

samples: $(VENV)/.dev
	$(BIN)/python -m data_samples

$(VENV)/bin/python:
	scripts/make-venv $(PYTHON) $(VENV)

$(VENV)/.serve: $(VENV)/bin/python pyproject.toml $(VIEWER)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[train,oidc,dev]'
	touch $@ $(VENV)/.serve
