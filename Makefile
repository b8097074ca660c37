# Two commands: `make demo` shows what Broadsheet does, `make test` proves that it works.
# Everything is set up in .venv on first use; PYTHON names another interpreter (3.11 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# More processes than cores: a third of what all tests take is waiting, for a bot to start or a clock to move on. The
# quick ones hardly wait, and each process takes eight seconds of work to find its tests.
PARALLEL := -n 4 --dist loadfile
FEWER := -n 2 --dist loadfile
# Translated modules are kept, whatever the surroundings say: a quarter of each start is translating.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help pictures setup demo sandbox run test quick near thorough mutants wheel lint check crash fuzz bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Broadsheet needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing the packages that pyproject.toml asks for (a minute; several on a slow line)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@echo "Set up: $(BIN)/broadsheet --help"
	@touch $(STAMP)

setup: $(STAMP) ## Set up .venv with everything that is needed

demo: $(STAMP) ## Load the sample corpus and deliver a digest to a channel, with no token and no account
	@echo "Starting a stand-in for Discord and the bot, loading the sample corpus, delivering one digest"
	$(BIN)/broadsheet sandbox --once

sandbox: $(STAMP) ## Open a page that works like a Discord channel, with the real bot in it
	$(BIN)/broadsheet sandbox

run: $(STAMP) ## Start the bot on Discord (needs config.toml and DISCORD_TOKEN)
	$(BIN)/broadsheet run

test: $(STAMP) ## Run all tests
	$(BIN)/pytest $(PARALLEL)

quick: $(STAMP) ## Run the tests without the slow ones, an eighth of their cases and a tenth of their examples
	TEST_EXAMPLES=quick $(BIN)/pytest $(FEWER) -m 'not slow'

near: $(STAMP) ## Run the tests that mirror what has changed since the last commit
	@TEST_EXAMPLES=quick $(BIN)/python -m tests.near

thorough: $(STAMP) ## Run all tests, property tests with ten times their examples; before a release
	TEST_EXAMPLES=thorough $(BIN)/pytest $(PARALLEL) --timeout 1200

mutants: $(STAMP) ## Put 150 faults into the core, one at a time, and list those that no test notices
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,mutants]'
	$(BIN)/python -m tests.mutants

wheel: $(STAMP) ## Build the wheel and try it in an environment of its own, from an empty folder
	@PYTHON=$(PYTHON) .ci/try-wheel

lint: $(STAMP) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test ## What has to pass before a change lands: lint and tests

pictures: $(STAMP) ## Draw every picture of README and docs again, through the real bot and the real browser
	$(BIN)/python docs/draw_pictures.py

crash: $(STAMP) ## Kill the real bot fifty times in each kind of trouble, and count what arrived; takes a while
	CRASH_KILLS=50 $(BIN)/pytest tests/crash

fuzz: $(STAMP) ## Feed the corpus reader arbitrary bytes for two minutes
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,fuzz]'
	$(BIN)/python -m tests.fuzz.atheris_reader -max_total_time=120

bench: $(STAMP) ## Measure everything beside what people would use instead; takes a while
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	$(BIN)/python -m benchmarks

clean: ## Remove what setup, tests and the demo made
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
