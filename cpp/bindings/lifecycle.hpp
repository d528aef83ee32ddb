// The request lifecycle in Python: its table as data, and the machine that walks it.
#pragma once

#include <nanobind/nanobind.h>

void bind_lifecycle(nanobind::module_& m);
