#include <nanobind/nanobind.h>

#include "lifecycle.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the slot that serves, its leases, and the loader that swaps it.";
    bind_lifecycle(m);
}
