#include <nanobind/nanobind.h>

#include <cstdlib>

#include "call_times.hpp"
#include "evaluator.hpp"
#include "event.hpp"
#include "kernel_files.hpp"
#include "lease.hpp"
#include "lifecycle.hpp"
#include "onnx_locations.hpp"
#include "onnx_session.hpp"
#include "swapper.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the evaluator, and the slot that serves with its leases and its loader.";
    // A load that hangs, or a daemon thread, keeps its objects to the process's end: no news for a host's stderr.
    nanobind::set_leak_warnings(std::getenv("EDGEADAPT_LEAK_WARNINGS") != nullptr);
    bind_evaluator(m);
    bind_lifecycle(m);
    bind_call_times(m);
    bind_event(m);
    bind_kernel_files(m);
    bind_lease(m);
    bind_onnx_locations(m);
    bind_onnx_session(m);
    bind_swapper(m);
}
