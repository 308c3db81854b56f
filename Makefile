# Every target sets up what it needs. On a fresh machine: Python 3.11–3.13 and make.
PYTHON ?= python3
PROFILE ?= sample
ONLY ?=
JOBS ?=

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
CHOICE = $(if $(ONLY),--only $(ONLY)) $(if $(JOBS),--jobs $(JOBS))

.DEFAULT_GOAL := help
.PHONY: help setup run test lab data outputs results bench lint format clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'
	@echo "  Variables: PROFILE=sample|full ONLY=05,07 JOBS=2 PYTHON=python3.13"

setup: $(STAMP)  ## create .venv with the tested versions

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "Python %d.%d does not do: choose 3.11 to 3.13, for example with make PYTHON=python3.13" % v)'
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); this takes a few minutes the first time."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

run: $(STAMP)  ## run the course (PROFILE=sample by default) and write the report
	$(PY) -m helpers.course run --profile $(PROFILE) $(CHOICE)

test: $(STAMP)  ## all that CI checks: lint, unit, notebooks in the sample profile, real data if cached
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m helpers.course results --check
	$(PY) -m pytest -n $(or $(JOBS),auto) --dist loadscope --cov --cov-report=term --cov-fail-under=95
	DL_PROFILE=sample $(PY) -m pytest notebooks --nbval-lax --nbval-current-env -n $(or $(JOBS),auto) --dist loadscope

lab: $(STAMP)  ## open the notebooks in JupyterLab
	$(PY) -m jupyter lab --notebook-dir notebooks

data: $(STAMP)  ## download and verify the real data (for PROFILE=full)
	$(PY) -m helpers.data fetch

outputs: $(STAMP)  ## re-run chapters in full and write their outputs back into notebooks/
	$(PY) -m helpers.course outputs $(CHOICE)

results: $(STAMP)  ## write RESULTS.md and README's chapter table from the committed notebooks
	$(PY) -m helpers.course results

bench: $(STAMP)  ## time and memory of each hot path beside the listing as the lecture prints it
	$(PY) -m tests.bench

lint: $(STAMP)  ## check and format the code, notebooks too
	$(PY) -m ruff check
	$(PY) -m ruff format --check

clean:  ## remove what these commands made; the data cache stays
	rm -rf $(VENV) runs dist build *.egg-info .pytest_cache .ruff_cache .hypothesis .coverage*
	find helpers tests notebooks -name __pycache__ -prune -exec rm -rf {} +
