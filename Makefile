# The doors of the course. `make` alone lists them; the logic is in Python.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/.ready
GRADING := $(PY) -m cs231n_kit.grading

.DEFAULT_GOAL := help
.PHONY: help release test test-newest lint lab lab-instructor roster collect autograde feedback grades demo doctor bench mutants course pretrained lock clean

help:
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

$(READY): requirements.txt pyproject.toml tools/setup_environment.py
	@$(PYTHON) tools/setup_environment.py

release: $(READY) ## build the students' notebooks and the bundle  [A=01-knn] [EXCHANGE=/path]
	@$(GRADING) release $(A) $(if $(EXCHANGE),--exchange "$(EXCHANGE)")

test: $(READY) ## run all tests  [T=tests/kit]
	@$(PY) -m pytest -n 2 --dist loadgroup $(or $(T),tests)

test-newest: $(READY) ## run the tests of grading against the newest versions of all libraries  [T=tests]
	@test -x build/newest/bin/python || $(PY) -m venv build/newest
	@build/newest/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager --editable ".[dev]"
	@build/newest/bin/python -m pytest -n 2 --dist loadgroup $(or $(T),tests/grading/test_leans_on.py tests/grading)

lint: $(READY) ## check style, formatting, and that imports go one way
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && .venv/bin/lint-imports --no-logo --no-cache

lab: $(READY) ## open JupyterLab on the students' notebooks
	@JUPYTER_CONFIG_PATH=tools/jupyter/student $(PY) -m jupyter lab --ServerApp.root_dir=assignments $(LAB)

lab-instructor: $(READY) ## open JupyterLab on the course, with formgrader
	@JUPYTER_CONFIG_PATH=tools/jupyter/instructor $(PY) -m jupyter lab --ServerApp.root_dir=. $(LAB)

roster: $(READY) ## read the class from a platform's export into students.csv and the gradebook  FROM=export.csv
	@$(GRADING) roster "$(FROM)"

collect: $(READY) ## sort a platform's download into submitted/  A=01-knn FROM=zip-or-folder [GO=1]
	@$(GRADING) collect "$(A)" "$(FROM)" $(if $(GO),--go)

autograde: $(READY) ## grade every submission, boxed  A=01-knn [UNBOXED=1]
	@$(GRADING) autograde "$(A)" $(if $(UNBOXED),--unboxed)

feedback: $(READY) ## write a feedback page for every graded submission  A=01-knn
	@$(GRADING) feedback "$(A)"

grades: $(READY) ## write grades.csv, and check the gradebook against the log  [A=01-knn] [HEAD=kept] [FORMAT=canvas|moodle|gradescope] [FROM=downloaded.csv]
	@$(GRADING) grades $(A) $(if $(FORMAT),--format "$(FORMAT)") $(if $(FROM),--from "$(FROM)") $(if $(HEAD),--head "$(HEAD)")

demo: $(READY) ## grade a made-up class of six; run this first  [KEEP=1]
	@$(GRADING) demo $(if $(KEEP),--keep)

doctor: $(READY) ## try every known attack on this machine's grading, and say which defence holds
	@$(GRADING) doctor

bench: $(READY) ## measure what the README claims  [B=name of one]
	@$(PY) -m benchmarks $(B)

mutants: $(READY) ## try every right and wrong answer against the tests  [A=01-knn]
	@$(PY) -m tests.course.harness $(A)

course: $(READY) ## run every solution from top to bottom: time, memory, points
	@$(PY) -m benchmarks course

pretrained: $(READY) ## train the network of 08-transfer-learning again; goes on where it was stopped
	@$(PY) tools/pretrain.py

lock: $(READY) ## write requirements.txt again from pyproject.toml: every version pinned, every file hashed
	@$(PY) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-package cs231n-kit --no-annotate --custom-compile-command "make lock" --quiet --output-file requirements.txt

clean: ## remove what the commands make, the environment too
	rm -rf .venv build dist .pytest_cache .ruff_cache
