// Where a model keeps its weights, in Python.
#pragma once

#include <nanobind/nanobind.h>

void bind_onnx_locations(nanobind::module_& m);
