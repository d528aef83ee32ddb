// The lease that Python holds: it may change threads and outlive the swapper.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>

#include "edgeadapt/slot.hpp"

// Thread rule: the GIL guards `lease`. A call in progress keeps its own share of it, so releasing is safe at any time.
struct PythonLease {
    std::shared_ptr<edgeadapt::HeldLease> lease;
};

// Runs a generation's backend on `inputs`, and tells its probation where one lasts. A native session ends the run at
// `until`; a Python backend knows no time.
nanobind::object infer_on(const edgeadapt::Generation& generation, nanobind::handle inputs,
                          std::optional<edgeadapt::Clock::time_point> until = std::nullopt);

void bind_lease(nanobind::module_& m);
