#include <nanobind/nanobind.h>

#include "evaluator.hpp"
#include "lifecycle.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the slot that serves, its leases, and the loader that swaps it.";
    bind_evaluator(m);
    bind_lifecycle(m);
}
