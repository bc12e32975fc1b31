# make setup   a virtual environment in .venv, from the lock
# make demo    a sample company: train, score, and show tonight's list
# make test    the tests, but for those marked slow
# make test-all  all tests
# make fuzz    20,000 requests of any kind to the endpoint; some half an hour
# make mutants  how many small faults, planted one at a time in the core, its tests notice; some hours
# make spark   the engine for more than one machine (pyspark, which needs Java 17), and its tests
# make check   lint, types, imports
# make docs    the pages that are written from the code
# make site    the documentation as a site in site/html/, with the notebooks run; a broken link fails
# make lock    the locks anew, from pyproject.toml

PYTHON ?= python3
PINCH = .venv/bin/pinch
DEMO = demo
DEMO_DATE = 2026-11-21
GALLERY = docs/gallery
IN_TWO = -n 2 --dist loadgroup --no-loadscope-reorder

.PHONY: setup demo test test-all fuzz mutants spark check docs site lock clean

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch .venv/ready

demo: setup
	$(PINCH) sample $(DEMO)/book --accounts 1200
	$(PINCH) check $(DEMO)/book
	$(PINCH) train $(DEMO)/book --store $(DEMO)/store --out $(DEMO)/training
	$(PINCH) promote --store $(DEMO)/store
	$(PINCH) score $(DEMO)/book --as-of $(DEMO_DATE) --out $(DEMO)/night --store $(DEMO)/store
	$(PINCH) report $(DEMO)/book --out $(DEMO)/report
	@echo
	@echo "Now try:"
	@echo "  open $(DEMO)/report/report.html, $(DEMO)/training/training.html and $(DEMO)/night/quadrants.png"
	@echo "  $(PINCH) serve --store $(DEMO)/store          the endpoint; the README has a curl line for it"
	@echo "  $(PINCH) evaluate $(DEMO)/book --as-of 2026-07-01   the models beside the baselines on a past date"
	@echo "  $(PINCH) forecast $(DEMO)/book --store $(DEMO)/store --out $(DEMO)/forecast   the next quarter, beside the past ones"
	@echo "  $(PINCH) whatif $(DEMO)/book --store $(DEMO)/store --all-reps   whom the book hangs on"
	@echo "  .venv/bin/mlflow ui --backend-store-uri sqlite:///$(DEMO)/store/mlflow.db   all trainings"
	@echo
	@echo "Tonight's list: $(DEMO)/night/tonight.html, and beside it worklist.xlsx and worklist.csv"

test: setup
	.venv/bin/pytest $(IN_TWO) -m "not slow"
	@echo "left out: the tests marked slow; make test-all runs them as well"

test-all: setup
	PINCH_GALLERY=$(GALLERY) .venv/bin/pytest $(IN_TWO)
	touch $(GALLERY)/ran

fuzz: setup
	PINCH_FUZZ=20000 .venv/bin/pytest tests/serving/test_fuzz.py --hypothesis-show-statistics

mutants: setup
	.venv/bin/python .ci/mutants.py

spark: setup
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements-spark.lock
	.venv/bin/pytest -n 2 --dist load tests/features/test_on_spark.py

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

docs: setup
	.venv/bin/python -c "from features.themes.dictionary import page; print(page(), end='')" > docs/features.md
	.venv/bin/python -c "from models.score.reasons_page import page; print(page(), end='')" > docs/reasons.md

$(GALLERY)/ran: $(wildcard notebooks/*.ipynb) | .venv/ready
	PINCH_GALLERY=$(GALLERY) .venv/bin/pytest tests/test_notebooks.py
	touch $@

site: setup $(GALLERY)/ran
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements-docs.lock
	.venv/bin/python -m typer pinch utils docs --name pinch --title Commands --output docs/commands.md
	.venv/bin/sphinx-build --quiet --fresh-env --fail-on-warning docs site/html

LOCK = .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml

lock: setup
	$(LOCK) --extra train --extra postgres --extra dev --output-file requirements.lock
	$(LOCK) --constraint requirements.lock --output-file serving/requirements.lock
	$(LOCK) --extra spark --constraint requirements.lock --output-file requirements-spark.lock
	$(LOCK) --extra docs --constraint requirements.lock --output-file requirements-docs.lock

clean:
	rm -rf .venv $(DEMO) site docs/commands.md $(GALLERY) docs/reference
