// The lease that Python holds: it may change threads and outlive the swapper.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "edgeadapt/slot.hpp"

// Thread rule: the GIL guards `lease`. A call in progress keeps its own share of it, so releasing is safe at any time.
struct PythonLease {
    std::shared_ptr<edgeadapt::HeldLease> lease;
};

// Runs a generation's backend on `inputs`, and tells its probation of it, where one lasts.
nanobind::object infer_on(const edgeadapt::Generation& generation, nanobind::handle inputs);

void bind_lease(nanobind::module_& m);
