PYTHON ?= python3

.PHONY: test
test: .venv/.ready
	PYTHONPATH=src .venv/bin/python -m pytest -q tests

.venv/.ready: Makefile
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -q attrs pytest pytest-timeout hypothesis numpy psutil ruamel.yaml onnxruntime onnx lark interegular click rich
	touch $@
