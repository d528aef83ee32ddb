#include <nanobind/nanobind.h>

#include "evaluator.hpp"
#include "event.hpp"
#include "lease.hpp"
#include "lifecycle.hpp"
#include "swapper.hpp"

NB_MODULE(_core, m) {
    m.doc() = "EdgeAdapt's native core: the evaluator, and the slot that serves with its leases and its loader.";
    bind_evaluator(m);
    bind_lifecycle(m);
    bind_event(m);
    bind_lease(m);
    bind_swapper(m);
}
