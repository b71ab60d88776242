# Paths are relative to this folder, whatever characters it lies under.
PORT ?= 8000
ARGS ?=
PYTHON ?= python3
PY := .venv/bin/python
BROWSER = CHROMIUM="$$($(PY) tools/ensure_browser.py)" && export CHROMIUM
# Whatever ends make, even kill -9, ends what it started.
SUPERVISOR = $(PY) -m config.supervisor --with-parent
# Some tests wait for a clock or a browser: three processes keep two cores busy.
SUITE = $(SUPERVISOR) exec --instance test -- $(PY) -m pytest -n 3 --dist worksteal $(ARGS)
# A part of the suite says nothing about the floor of coverage, and to trace it all would take make test a minute more.
COVER = $(if $(ARGS),,--cov --cov-report=)

.PHONY: help setup run manage check test soak bench

help:
	@echo "make run [PORT=8000]        start everything; Ctrl-C stops it"
	@echo "make manage ARGS='...'      a Django command, beside make run"
	@echo "make test [ARGS='...']      the checks and the suite"
	@echo "make check                  the checks alone"
	@echo "make soak                   the suite at its full counts, and the floor of coverage"
	@echo "make bench                  the measurements"

setup:
	@PYTHON='$(PYTHON)' sh tools/setup.sh

# exec: what stops make reaches the supervisor itself.
run: setup
	@exec $(SUPERVISOR) run --port $(PORT)

manage: setup
	@exec $(PY) manage.py $(ARGS)

check: setup
	@exec $(PY) tools/check.py

test: setup check
	@$(BROWSER) && exec $(SUITE)

soak: setup
	@$(BROWSER) && export OWNPACE_SOAK=1 && exec $(SUITE) $(COVER)

bench: setup
	@$(BROWSER) && exec $(SUPERVISOR) exec --instance bench -- $(PY) -m bench
