#include <nanobind/nanobind.h>

#include <cstdlib>

#include "event.hpp"
#include "lease.hpp"
#include "lifecycle.hpp"
#include "swapper.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the slot that serves, its leases, and the loader that swaps it.";
    // A load that hangs, or a daemon thread, keeps its objects to the process's end: no news for a host's stderr.
    nanobind::set_leak_warnings(std::getenv("EDGEADAPT_LEAK_WARNINGS") != nullptr);
    bind_lifecycle(m);
    bind_event(m);
    bind_lease(m);
    bind_swapper(m);
}
