// How long calls took, in Python.
#pragma once

#include <nanobind/nanobind.h>

void bind_call_times(nanobind::module_& m);
