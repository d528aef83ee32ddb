// The swapper in Python, with its requests, events and held leases.
#pragma once

#include <nanobind/nanobind.h>

void bind_swapper(nanobind::module_& m);
