# Every target sets up what it needs. On a fresh machine: Python 3.11–3.13 and make.
PYTHON ?= python3
PROFILE ?= sample
ONLY ?=
JOBS ?=

VENV := .venv
PY := $(VENV)/bin/python
PINS := -c constraints.txt
THESE = $(if $(ONLY),--only "$(ONLY)")
CHOICE = $(THESE) $(if $(JOBS),--jobs $(JOBS))

# In an unpacked offline bundle: install from the wheels that came with it.
ifneq ($(wildcard wheels),)
export PIP_NO_INDEX := 1
export PIP_FIND_LINKS := $(CURDIR)/wheels
endif

.DEFAULT_GOAL := help
.PHONY: help setup run doubt test test-quick lab data outputs results bench lint format clean colab links offline-bundle test-latest student grade slides

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "  Variables: PROFILE=sample|full ONLY=05,07 JOBS=2 PYTHON=python3.13"
	@echo "  The first command sets up .venv: about 3 GB, a few minutes."

setup:  ## create .venv with the tested versions, or bring it up to date
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON) here: choose Python 3.11 to 3.13, for example with make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) helpers/course/environment.py $(VENV) $(PINS)

run: setup  ## run the course (PROFILE=sample by default) and write the report
	$(PY) -m helpers.course run --profile $(PROFILE) $(CHOICE)

doubt: setup  ## run the course where its claims must fail, and say which never do
	$(PY) -m helpers.course doubt $(if $(SPOILERS),--spoilers $(SPOILERS)) $(CHOICE)

test: setup  ## all that CI checks: lint, unit, notebooks in the sample profile, real data if cached
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m helpers.course results --check
	$(PY) -m pytest -n $(or $(JOBS),auto) --dist loadscope --cov --cov-report=term --cov-fail-under=90
	DL_PROFILE=sample $(PY) -m pytest notebooks --nbval-lax --nbval-current-env -n $(or $(JOBS),auto) --dist loadscope

test-quick: setup  ## lint, and the unit tests that take no more than seconds: under two minutes
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m pytest -n $(or $(JOBS),auto) --dist loadscope -m "not slow"

test-latest:  ## the same on the newest versions of everything, in an environment of its own
	rm -f .venv-latest/.installed  # newer versions may be there
	$(MAKE) test VENV=.venv-latest PINS=--upgrade

lab: setup  ## open the notebooks in JupyterLab
	$(PY) -m jupyter lab --notebook-dir notebooks --LabApp.default_url=/lab/tree/index.ipynb $(if $(filter 0,$(shell id -u)),--allow-root)

data: setup  ## download and verify the real data (for PROFILE=full), and say what it cannot fetch
	$(PY) -m helpers.data fetch

outputs: setup  ## re-run chapters in full and write their outputs back into notebooks/
	$(PY) -m helpers.course outputs $(CHOICE)

results: setup  ## write RESULTS.md and README's chapter table from the committed notebooks
	$(PY) -m helpers.course results

bench: setup  ## time and memory of each hot path beside the listing as the lecture prints it
	$(PY) -m tests.bench

colab: setup  ## build dist/colab: notebooks that need no other file, to upload to Colab (STUDENT=1: without solutions)
	$(PY) -m helpers.course colab $(THESE) $(if $(STUDENT),--student)

links: setup  ## stamp the repository's address everywhere: REPO=owner/name; REPO= removes it
	$(PY) -m helpers.course links $(if $(filter undefined,$(origin REPO)),,--repository "$(REPO)")

offline-bundle: setup  ## build dist/offline: one archive for a room without a network
	$(PY) -m helpers.course bundle

lint: setup  ## check and format the code, notebooks too
	$(PY) -m ruff check
	$(PY) -m ruff format --check

student: setup  ## build dist/student: notebooks without solutions, and what they need to run
	$(PY) -m helpers.course student $(THESE)

grade: setup  ## grade a folder of submissions: make grade SUBMISSIONS=folder
	$(PY) -m helpers.course grade "$(or $(SUBMISSIONS),$(error say which: make grade SUBMISSIONS=folder))" $(CHOICE)

slides: setup  ## build each chapter as slides that need no network
	$(PY) -m helpers.course slides $(THESE)

clean:  ## remove what these commands made; the data cache stays
	rm -rf $(VENV) .venv-latest runs dist build *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage*
	find helpers tests notebooks -name __pycache__ -prune -exec rm -rf {} +
