// What happened to a swap request, and the request itself, in Python.
#pragma once

#include <nanobind/nanobind.h>

void bind_event(nanobind::module_& m);
