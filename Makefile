# `make demo` runs the main job, `make test` everything a change must pass; both set up what they need in .venv.
PYTHON ?= python3
CXX ?= c++
BIN := .venv/bin

# Warnings of the native code fail CI's build, not a user's.
STRICT := $(if $(CI),ON,OFF)
NATIVE := CMakeLists.txt $(wildcard cpp/CMakeLists.txt cpp/*/*.cpp cpp/*/*.hpp cpp/include/edgeadapt/*.hpp)

# `make picture` draws what requests notice of swaps under load; `make docs` builds the site, into build/site.
.PHONY: demo test check picture docs clean

demo: .venv/.ready
	$(BIN)/edgeadapt demo

picture: .venv/.ready
	$(BIN)/python benchmarks/swap_picture.py

# The variable silences an advertisement for the site generator's successor.
docs: .venv/.ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

test: .venv/.ready check
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

check: .venv/.ready
	$(BIN)/ruff format --check --quiet src tests families benchmarks policies docs examples
	$(BIN)/ruff check --quiet src tests families benchmarks policies docs examples
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

clean:
	rm -rf .venv build demo-output

.venv/.tools: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
	  echo "EdgeAdapt needs Python 3.10 or newer: install it, or name it with 'make PYTHON=python3.11'"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "this Python has no 'venv' module: install it (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' || { \
	  echo "Python's headers are missing: install them (on Debian and Ubuntu: apt install python3-dev)"; exit 1; }
	@echo '#include <stop_token>' | $(CXX) -std=c++20 -fsyntax-only -x c++ - 2>/dev/null || { \
	  echo "EdgeAdapt needs a C++20 compiler: install g++ 11 or newer, or name one with 'make CXX=g++-12'"; exit 1; }
	@echo "setting up .venv, once: first the tools that build the native core"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check scikit-build-core nanobind cmake ninja
	@touch $@

.venv/.ready: .venv/.tools pyproject.toml $(NATIVE)
	@echo "compiling the native core, and installing EdgeAdapt and what it works with: a minute or two, the first time"
	@CXX=$(CXX) $(BIN)/pip install -q --disable-pip-version-check --no-build-isolation \
	  --config-settings=cmake.define.EDGEADAPT_STRICT=$(STRICT) -e '.[dev]'
	@touch $@
