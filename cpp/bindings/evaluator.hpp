// The native evaluator in Python: single steps from a DeviceState, and batches over columns.
#pragma once

#include <nanobind/nanobind.h>

void bind_evaluator(nanobind::module_& m);
