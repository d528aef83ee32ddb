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

// What nanobind's macro would export; ours stands before it.
#define PyInit__core init_core
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
#undef PyInit__core

// In a second interpreter of the process nanobind would replace what the first one's objects are known by: there every
// call would fail from then on, in the middle of serving.
extern "C" NB_EXPORT PyObject* PyInit__core() {
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return init_core();
    PyErr_SetString(PyExc_ImportError,
                    "edgeadapt serves in a process's main interpreter only, and this is a subinterpreter: run it in a process "
                    "of its own; under mod_wsgi set `WSGIApplicationGroup %{GLOBAL}`");
    return nullptr;
}
