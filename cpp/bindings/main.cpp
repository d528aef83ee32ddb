#include <nanobind/nanobind.h>

#include "event.hpp"
#include "lease.hpp"
#include "lifecycle.hpp"
#include "swapper.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the slot that serves, its leases, and the loader that swaps it.";
    bind_lifecycle(m);
    bind_event(m);
    bind_lease(m);
    bind_swapper(m);
}
