#include "call_times.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>

#include <chrono>
#include <memory>
#include <optional>

#include "edgeadapt/call_times.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using edgeadapt::CallTimes;
using Seconds = std::chrono::duration<double>;

namespace {

void add(CallTimes& self, double elapsed_s) {
    self.add(std::chrono::duration_cast<edgeadapt::Clock::duration>(Seconds(elapsed_s)));
}

std::optional<double> percentile(const CallTimes& self, double share) {
    const auto found = self.percentile(share);
    if (!found) return std::nullopt;
    return Seconds(*found).count();
}

}  // namespace

void bind_call_times(nb::module_& m) {
    nb::class_<CallTimes>(m, "CallTimes", "How long the latest inferences on one generation took, and how many there were.")
        .def(nb::init<>())
        .def("add", &add, "elapsed_s"_a, "Note the duration of one call, in seconds.")
        .def_prop_ro("calls", &CallTimes::calls)
        .def("percentile", &percentile, "share"_a,
             "Return the shortest kept duration that a share of them do not exceed, in seconds; None before the first.");
}
