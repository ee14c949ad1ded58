# Every target sets up what it needs, in .venv and node_modules only. Nothing here is needed to use the
# program: `pip install .` does without make and without Node.
.POSIX:
.NOTPARALLEL:
.PHONY: help demo serve test test-fast test-extended test-clients clients check bench docs vendor format \
	lock clean .venv browser firefox strangers all-strangers

PYTHON = python3
BIN = .venv/bin
# Node's own tools find the Node that scripts/node.py put into .venv, if it had to.
NODE = PATH="$(BIN):$$PATH" node
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header $(LOCKARGS)

LOCKONLY = --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: .venv/.demo browser ## the whole way, with nothing but this machine (ASK="…" asks one question)
	@$(BIN)/lmarena-bridge demo $${ASK:+--ask "$$ASK"}

serve: .venv/.browser ## the API server (ARGS="--port 5102 --browser …")
	@$(BIN)/lmarena-bridge serve $(ARGS)

test: check browser clients strangers ## everything: checks, all tests in real Chromium, coverage
	$(BIN)/coverage erase
	$(BIN)/python -m scripts.per_file_coverage
	$(BIN)/coverage run -m pytest --ignore=tests/core --ignore=tests/test_architecture.py
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-fast: .venv/.dev ## the core alone: no browser, no sockets
	$(BIN)/pytest tests/core

test-extended: test firefox all-strangers ## everything, and what takes longer (Firefox, strangers' tools)
	$(BIN)/pytest -m extended

test-clients: .venv/.dev node_modules/.installed browser ## large programs of others, installed (4 GB) and run
	$(BIN)/python -m scripts.clients
	$(BIN)/pytest -m clients

check: .venv/.dev node_modules/.installed ## format, lint, types of Python and userscript, docs, architecture
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json
	$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 .
	$(BIN)/python -m scripts.configuration --check
	$(BIN)/python -m scripts.vendor --check
	$(BIN)/pytest -q tests/test_architecture.py

docs: .venv/.dev ## renew what docs/ says about the settings, from their declaration
	$(BIN)/python -m scripts.configuration

vendor: node_modules/.installed ## renew the library of the start page, from package-lock.json
	$(BIN)/python -m scripts.vendor

bench: .venv/.dev ## figures, side by side with others (PEER=path of an earlier bridge; benchmarks/README.md)
	$(BIN)/python -m benchmarks.large_upload
	$(BIN)/python -m benchmarks $${PEER:+--peer "$$PEER"} $(WRITE) $(BENCH)

format: .venv/.dev ## put all Python files into shape
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: .venv/.dev ## renew requirements/*.txt and package-lock.json (LOCKARGS=--upgrade for new versions)
	$(COMPILE) pyproject.toml --extra browser --extra demo --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/run.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt --extra browser -o requirements/browser.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt --extra demo -o requirements/demo.txt
	$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) --group node -o requirements/node.txt
	$(COMPILE) --group schemathesis -o requirements/schemathesis.txt
	$(COMPILE) --group atheris -c requirements/dev.txt -o requirements/atheris.txt
	for name in libraries frameworks aider; do \
		$(COMPILE) requirements/clients-$$name.in -o requirements/clients-$$name.txt || exit 1; done
	$(COMPILE) requirements/clients-open-webui.in --override requirements/clients-open-webui.overrides \
		-o requirements/clients-open-webui.txt
	PATH="$(BIN):$$PATH" npm install $(LOCKONLY)
	for folder in tests/clients/npm/*; do \
		PATH="$(CURDIR)/$(BIN):$$PATH" npm install --prefix $$folder $(LOCKONLY) || exit 1; done
	@! grep -nE '://|--(extra-)?index-url|--find-links' requirements/*.txt
	@! grep -n '"resolved"' package-lock.json tests/clients/npm/*/package-lock.json

clean: ## remove everything that make has made
	rm -rf .venv .clients node_modules dist htmlcov .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.*
	find src tests scripts -name __pycache__ -prune -exec rm -rf {} +

.venv: .venv/.dev

.venv/.browser: requirements/browser.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -m scripts.environment browser

.venv/.demo: requirements/demo.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -m scripts.environment demo

.venv/.dev: requirements/dev.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -m scripts.environment dev

node_modules/.installed: package.json package-lock.json .npmrc .venv/.dev
	@$(BIN)/python -m scripts.node

clients: .venv/.dev node_modules/.installed
	@$(BIN)/python -m scripts.clients libraries node-libraries

browser: .venv/.demo
	@$(BIN)/python -m scripts.browser chromium

strangers: .venv/.dev
	@$(BIN)/python -m scripts.strangers schemathesis

all-strangers: .venv/.dev
	@$(BIN)/python -m scripts.strangers schemathesis atheris slowhttptest autobahn

firefox: .venv/.dev
	@$(BIN)/python -m scripts.browser firefox
