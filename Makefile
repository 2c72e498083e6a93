# make demo   install into .venv, copy the example to demo/, plan it and compare
# make test   install for development into .venv, then every check that CI runs
# make lint   the quick checks alone
# make clean  remove what was made here (not demo/, which may hold your work)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find cli.py lowhaul routing loading emissions scenarios examples \
	-type f -not -name '*.pyc' -not -path '*/results/*')

.PHONY: demo test lint clean

# Code 5 is a usable plan whose gap is still open: on a slow machine the demo goes on with it.
demo: $(VENV)/installed | demo/project.yaml
	$(BIN)/lowhaul run baseline base --project demo || test $$? -eq 5
	$(BIN)/lowhaul compare baseline base --project demo

demo/project.yaml: | $(VENV)/installed
	$(BIN)/lowhaul init demo

test: lint
	$(BIN)/python -m pytest -n 2 -m "not slow"
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/installed-for-development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A development install shows every change of the sources at once, so the demo takes it as it is.
$(VENV)/installed: pyproject.toml $(SOURCES) | $(BIN)/python
	test -e $(VENV)/installed-for-development || $(BIN)/pip install --quiet .
	touch $@

$(VENV)/installed-for-development: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@
