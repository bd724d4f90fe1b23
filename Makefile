# Every target makes and uses .venv (Python 3.11 to 3.13). Arguments go through ARGS, e.g. make demo ARGS=--exit
PYTHON := .venv/bin/python
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make requirements" ../.venv/bin/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
ARGS ?=
PYTEST := $(PYTHON) -m pytest -n auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help demo test chaos check format bench stop messages requirements clean

help: ## show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.venv/installed-base: requirements/base.txt requirements/elsewhere.txt .ci/venv
	@.ci/venv base

.venv/installed-dev: requirements/base.txt requirements/elsewhere.txt requirements/dev.txt .ci/venv
	@.ci/venv dev

.venv/installed-bench: requirements/base.txt requirements/elsewhere.txt requirements/dev.txt requirements/bench.txt .ci/venv
	@.ci/venv bench

demo: .venv/installed-base ## pull the five sandbox systems and serve the workspace (ARGS=--exit: pull, sum up, stop)
	$(PYTHON) manage.py demo $(ARGS)

test: .venv/installed-dev ## run the tests, browser tests included where there is a Chromium
	@.ci/browser
	$(PYTEST) $(ARGS)

chaos: .venv/installed-dev ## kill processes under thousands of vouchers and invoices, as the tests do under hundreds
	INVOICEHUB_CHAOS=true $(PYTEST) --timeout=14400 tests/durability $(ARGS)

check: .venv/installed-dev ## run the guards: lint, types, layers, requirements, migrations, deployment, translations
	@.ci/check

format: .venv/installed-dev ## format Python, templates, scripts and styles
	.venv/bin/ruff format .
	.venv/bin/djangofmt templates
	.ci/biome check --write

bench: .venv/installed-bench ## measure ingest, pull, lists and the search for duplicates (ARGS="duplicates --corpus 1000000")
	$(PYTHON) manage.py bench $(ARGS)

stop: .venv/installed-base ## stop embedded servers that killed processes left running
	@$(PYTHON) -m invoicehub.embedded stop $${INVOICEHUB_DATA_DIR:-.data} .data/test

messages: .venv/installed-dev ## collect and compile the translations (needs gettext)
	$(PYTHON) .ci/translations.py --write

requirements: .venv/installed-dev ## compile requirements/*.in; ARGS=--upgrade for newer versions
	cd requirements && for name in base dev bench elsewhere; do $(PIP_COMPILE) $(ARGS) -o $$name.txt $$name.in || exit 1; done

clean: stop ## stop everything and remove .venv, data and caches
	rm -rf .venv .data node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
