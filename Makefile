# make demo, make test: Python >= 3.11 and make are enough; the rest is set up in .venv
# from the hash-locked lists in requirements/. Without make: docs/install.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# where an operator's environment must not change what is installed
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX

.PHONY: help demo test test-real bench check lock words pictures clean
.DELETE_ON_ERROR:

help:
	@echo "make demo       a simulated stage, tonight's example show, a panel"
	@echo "make test       all tests that need no real peer"
	@echo "make test-real  installs real peers (Debian, root), tests against them"
	@echo "make bench      the speed of a GO beside the bare socket's, in one run"
	@echo "make check      style, types, imports, catalogues"
	@echo "make words      bring the catalogues up to the sources, and compile them"
	@echo "make pictures   draw the pictures of README and docs from the program"
	@echo "make lock       renew requirements/*.txt (make lock UPGRADE=1: to newer versions)"
	@echo "make clean      remove what these made"

demo: $(VENV)/.run
	@$(BIN)/stagectl demo

# a file's tests stay together, since they share what they started
test: $(VENV)/.dev
	$(BIN)/python -m pytest $(or $(ARGS),--numprocesses 3 --dist loadfile)

test-real: $(VENV)/.dev
	tests/rig/install.sh
	$(BIN)/python -m pytest $(or $(ARGS),tests/real tests/browser)

bench: $(VENV)/.run
	benchmarks/bench.sh $(BIN)/python

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache
	$(BIN)/python -m stagectl.words.catalogue --check

words: $(VENV)/.dev
	$(BIN)/python -m stagectl.words.catalogue

pictures: $(VENV)/.dev
	$(BIN)/python docs/picture.py

# ---- the environment: made once, renewed when a lock changes

define new_venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
  echo "stagectl needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo missing)." >&2; \
  echo "Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
  echo "'$(PYTHON)' comes without venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
@echo "Setting up $(@D) ..."
@$(PYTHON) -m venv $(@D) || { rm -rf $(@D); exit 1; }
endef

$(VENV)/pyvenv.cfg .venv-lock/pyvenv.cfg:
	$(new_venv)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-index --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-index --no-build-isolation --no-deps --editable .
	@touch $(VENV)/.run $@

# ---- the locks: every platform, every Python >= 3.11, hashes, and no word of where they came from

UV := .venv-lock/bin/uv
COMPILE := $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade) pyproject.toml

$(UV): | .venv-lock/pyvenv.cfg
	@.venv-lock/bin/python -m pip --quiet --disable-pip-version-check install "uv>=0.9,<1"

lock: $(UV)
	$(COMPILE) --group dev --output-file requirements/dev.txt
	$(COMPILE) --group build --constraints requirements/dev.txt --output-file requirements/run.txt
	@! grep -nE '://|--(index-url|extra-index-url|find-links)|file:|@ ' requirements/*.txt

clean:
	rm -rf $(VENV) .venv-lock .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf benchmarks/out build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
