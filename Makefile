# Everything a developer or a small practice does with this repository. `make` alone explains.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

ifneq (4,$(firstword $(sort 4 $(MAKE_VERSION))))
$(error GNU make 4 or later is needed; this is $(MAKE_VERSION))
endif

PYTHON ?= python3
BIN := .venv/bin
PEER := tests/peer
JUDGE := tests/judge
BROWSER := tests/browser
ENGINE := tests/medplum
PAGE := bot/page/web
NODE_INSTALLED := $(PEER)/node_modules/.installed $(JUDGE)/node_modules/.installed $(BROWSER)/node_modules/.installed \
	$(ENGINE)/node_modules/.installed
NODE_LOCKED := $(PEER) $(JUDGE) $(BROWSER) $(ENGINE) $(PAGE)
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
NPM_LOCK := npm install --package-lock-only --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
ONE_MORE = $(shell $(PYTHON) -c 'import os; print(1 + len(os.sched_getaffinity(0)))')  # tests often wait for a homeserver
DEBIAN := chromium dcmtk firefox-esr orthanc orthanc-dicomweb poppler-utils zbar-tools
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
PIP_WHEEL := -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index

.PHONY: help install dist demo test lint types layers pytest format page lock flood copies fuzz crash corpus mutants pages browsers soak histories bench packages clean

help: ## What can be made (this list)
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

install: .venv/.installed .venv-synapse/.installed bot/page/built/.installed $(NODE_INSTALLED) ## Set up all that is needed, in this directory only
	@echo "Installed. Try: make demo"

page: $(PAGE)/node_modules/.installed ## Build the web page anew; ACCEPT=1 after a change, so that its new digest counts
	@cd $(PAGE) && node build.mjs $(if $(filter-out 0,$(ACCEPT)),--accept)
	@touch bot/page/built/.installed

dist: install ## Pack what a practice installs, without Node and without tests, into dist/, and try it there once
	rm -rf build dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python $(PIP_WHEEL) --wheel-dir dist .
	rm -rf build
	cp requirements/{build,practice,synapse}.lock requirements/install.sh config.example.toml LICENSE dist
	cd dist && sha256sum * > SHA256SUMS
	CONSENTRY_DIST=dist $(BIN)/python -m pytest tests/integration/test_wheel.py

demo: install $(if $(RECORD),.venv-records/.installed) ## Play the whole story on this machine; KEEP=1 leaves it running to join in; RECORD=fhir (or dicomweb, hl7-folder, folder) adds a record
	@$(BIN)/consentry demo $(if $(filter-out 0,$(KEEP)),--keep) $(if $(RECORD),--record $(RECORD))

test: lint types layers pytest ## Style, types, layers, and every test

lint: .venv/.installed ## Only the style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.installed ## Only the types, those of the tests too
	$(BIN)/mypy

layers: .venv/.installed ## Only that imports point downward
	$(BIN)/lint-imports

pytest: install .venv-records/.installed ## Only the tests, in one process more than there are cores, each file in one; ARGS="-k purger" chooses
	$(BIN)/python -m pytest -n $(or $(JOBS),$(ONE_MORE)) --dist loadfile $(ARGS)

format: .venv/.installed ## Put the style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

flood: install ## Floods of 10,000 events and of 10,000 media ids, and how long others wait; EVENTS=50000 for more
	CONSENTRY_FLOOD=$(or $(EVENTS),10000) $(BIN)/python -m pytest -s -k flood \
		tests/integration/test_attacks_on_the_bot.py tests/integration/test_flood_of_media.py

crash: install ## Die at every commit and effect, singly and in pairs; ONCE=1 singly; ARGS="-k advice" chooses (all takes hours)
	CONSENTRY_CRASH=$(if $(ONCE),once,all) $(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist worksteal \
		tests/crash/test_crash.py tests/crash/test_emoji.py $(ARGS)

copies: install .venv-records/.installed ## Kill whoever gets copies, of each kind, and who delivers them, 25 times each, and fail each request; DEATHS=100 for more
	CONSENTRY_COPIES=$(or $(DEATHS),25) $(BIN)/python -m pytest tests/crash/test_delivering.py tests/crash/test_fhir_server.py \
		tests/crash/test_image_archive.py tests/contract/test_fhir_faults.py tests/contract/test_image_archives.py

fuzz: .venv/.installed ## Every reader of what others write, against made-up input; EXAMPLES=20000 for more
	CONSENTRY_FUZZ=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest tests/fuzz

mutants: install ## Break each promise on purpose and see its test fail; ARGS="R17" chooses, ARGS=histories others
	$(BIN)/python -m tests.mutants $(ARGS)

pages: install ## Kill bot, page process and homeserver while photos are sent from a browser, and by ten pages, 25 times; DEATHS=100 for more
	CONSENTRY_PAGES=$(or $(DEATHS),25) $(BIN)/python -m pytest tests/integration/test_page_hazards.py -k killed
	$(BIN)/python -m tests.pages_soak --deaths $(or $(DEATHS),25)

browsers: install ## Every test of the page in Chromium and in Firefox; make test plays what a browser does itself in both, the rest in one
	CONSENTRY_BROWSERS=all $(BIN)/python -m pytest -n $(or $(JOBS),auto) --dist loadfile tests/integration/test_page{,_*}.py $(ARGS)

soak: install ## Kill bot, purger and homeserver over 200 photos and 40 forwards; ARGS="--images 50 --seed 7"
	$(BIN)/python -m tests.soak $(ARGS)

histories: .venv/.installed ## Judge 2,000 histories by the rules, on every core (an hour); COUNT=100 fewer, SEED=7 others
	$(BIN)/python -m tests.histories $(or $(COUNT),2000) $(or $(SEED),1)

corpus: install ## Drive all hostile files of the corpus through the bot, and SEEDS=5 further rounds of damaged ones
	CONSENTRY_CORPUS=$(or $(SEEDS),5) $(BIN)/python -m pytest tests/integration/test_corpus.py tests/integration/test_documents.py

bench: install ## Measure; bench/ says what
	$(BIN)/python -m bench $(ARGS)

packages: ## Install the Debian packages that the tests want, those that are missing: DEBIAN in this file lists them
	@missing="$$(for name in $(DEBIAN); do \
		[ "$$(dpkg-query --show --showformat='$${db:Status-Status}' $$name 2>/dev/null)" = installed ] || echo $$name; done)"; \
	[ -z "$$missing" ] || $(if $(filter 0,$(shell id -u)),,sudo) sh -c 'apt-get -qq update && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$$@"' packages $$missing
	@echo "Also needed: python3 (3.11+, with venv), node (20+) with npm, perl, and make."

clean: ## Remove what install and tests made; data is never touched
	rm -rf .venv .venv-synapse .venv-records .work bot/page/built *.egg-info build dist
	rm -rf $(NODE_LOCKED:%=%/node_modules)
	rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find bot handlers storage tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what install is made of: each stamp is newer than what it was made from, so a second run does nothing

.venv/.installed: requirements/build.lock requirements/consentry.lock pyproject.toml
	@$(check-python)
	@echo "Setting up .venv"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python $(PIP_INSTALL) -r requirements/build.lock
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation -r requirements/consentry.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv-synapse/.installed: requirements/synapse.lock
	@$(check-python)
	@echo "Setting up .venv-synapse (the homeserver)"
	@$(PYTHON) -m venv --clear .venv-synapse
	@.venv-synapse/bin/python $(PIP_INSTALL) -r requirements/synapse.lock
	@touch $@

.venv-records/.installed: requirements/records.lock
	@$(check-python)
	@echo "Setting up .venv-records (other records to file to, and judges of what is filed; only tests need them)"
	@$(PYTHON) -m venv --clear .venv-records
	@.venv-records/bin/python $(PIP_INSTALL) -r requirements/records.lock
	@touch $@

$(PEER)/node_modules/.installed: $(PEER)/package-lock.json $(PEER)/package.json
	@$(check-node)
	@echo "Setting up $(PEER) (the independent Matrix client of the tests)"
	@cd $(PEER) && $(NPM_CI) --omit=optional
	@touch $@

$(JUDGE)/node_modules/.installed: $(JUDGE)/package-lock.json $(JUDGE)/package.json
	@$(check-node)
	@command -v perl >/dev/null || { echo "perl is needed: it runs exiftool (Debian: perl-base)." >&2; exit 1; }
	@echo "Setting up $(JUDGE) (exiftool, the judge of outgoing copies)"
	@cd $(JUDGE) && $(NPM_CI)
	@touch $@

$(BROWSER)/node_modules/.installed: $(BROWSER)/package-lock.json $(BROWSER)/package.json $(BROWSER)/unpack.mjs
	@$(check-node)
	@echo "Setting up $(BROWSER) (a browser, for the tests of the page)"
	@cd $(BROWSER) && $(NPM_CI) && node unpack.mjs
	@touch $@

$(ENGINE)/node_modules/.installed: $(ENGINE)/package-lock.json $(ENGINE)/package.json
	@$(check-node)
	@echo "Setting up $(ENGINE) (another engine of FHIR servers, for the tests)"
	@cd $(ENGINE) && $(NPM_CI)
	@touch $@

$(PAGE)/node_modules/.installed: $(PAGE)/package-lock.json $(PAGE)/package.json
	@$(check-node)
	@echo "Setting up $(PAGE) (what the page is built from)"
	@cd $(PAGE) && $(NPM_CI)
	@touch $@

bot/page/built/.installed: $(PAGE)/node_modules/.installed $(PAGE)/build.mjs $(wildcard $(PAGE)/src/*) bot/page/bundle.sha256
	@echo "Building the page"
	@cd $(PAGE) && node build.mjs
	@touch $@

define check-python
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| { echo "Python 3.11 or later is needed: $$($(PYTHON) --version 2>&1 | head -1). Choose one with PYTHON=..." >&2; exit 1; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo "Python's venv module is needed (Debian: python3-venv)." >&2; exit 1; }
endef

define check-node
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null \
	|| { echo "Node 20 or later is needed: $$(node --version 2>&1 | head -1)" >&2; exit 1; }; \
command -v npm >/dev/null || { echo "npm is needed beside Node." >&2; exit 1; }
endef

# --- the locks: every version and hash pinned, and no download host named, so that any mirror serves

UV := .work/uv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate $(if $(filter-out 0,$(UPGRADE)),--upgrade)

lock: .work/uv/.installed ## Pin what is installed; UPGRADE=1 takes the newest that fits
	@$(check-node)
	$(COMPILE) --extra dev pyproject.toml requirements/consentry.in -o requirements/consentry.lock
	$(COMPILE) pyproject.toml --constraints requirements/consentry.lock -o requirements/practice.lock
	$(COMPILE) requirements/consentry.in --constraints requirements/consentry.lock -o requirements/build.lock
	$(COMPILE) requirements/synapse.in -o requirements/synapse.lock
	$(COMPILE) requirements/records.in -o requirements/records.lock
	$(COMPILE) requirements/uv.in -o requirements/uv.lock
	for place in $(NODE_LOCKED); do (cd $$place && $(NPM_LOCK)); done
	$(PYTHON) requirements/strip_addresses.py requirements/*.lock $(NODE_LOCKED:%=%/package-lock.json)

.work/uv/.installed: requirements/uv.lock
	@$(check-python)
	@$(PYTHON) -m venv --clear .work/uv
	@.work/uv/bin/python $(PIP_INSTALL) -r requirements/uv.lock
	@touch $@
