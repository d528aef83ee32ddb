#include "event.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <optional>

#include "edgeadapt/request.hpp"
#include "edgeadapt/swapper.hpp"
#include "wait_in_turns.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using edgeadapt::Clock;
using edgeadapt::Event;
using edgeadapt::Request;

namespace {

nb::object error_of(const Event& event) {
    return event.cause == nullptr ? nb::none() : nb::borrow(static_cast<PyObject*>(event.cause.get()));
}

const Request& ours(const Request& request) {
    if (!request.is_here()) throw edgeadapt::NotServing::after_fork();
    return request;
}

bool wait_for(const Request& request, std::optional<double> timeout_s) {
    ours(request);
    return wait_in_turns(moment_in(timeout_s), [&](Clock::time_point until) { return request.await(until); });
}

}  // namespace

void bind_event(nb::module_& m) {
    nb::class_<Event>(m, "Event", "What happened to a swap request: accepted (state `idle`), or ended.")
        .def_ro("variant", &Event::variant)
        .def_prop_ro("kind", [](const Event& self) { return name(self.kind); })
        .def_prop_ro("state", [](const Event& self) { return name(self.state); })
        .def_prop_ro("stage", [](const Event& self) { return name(self.stage); })
        .def_ro("previous", &Event::previous)
        .def_ro("generation", &Event::generation)
        .def_ro("load_time_s", &Event::load_time_s)
        .def_ro("reason", &Event::reason)
        .def_prop_ro("error", &error_of, nb::sig("def error(self) -> BaseException | None"));

    nb::class_<Request>(m, "Request", "One swap request, to wait on.")
        .def_prop_ro("variant", &Request::variant)
        .def_prop_ro("done", [](const Request& self) { return ours(self).is_done(); })
        .def("wait", &wait_for, "timeout_s"_a = nb::none(), "Wait until it has ended; False at the time-out.")
        .def("outcome", [](const Request& self) { return ours(self).outcome(); },
             "Return how it ended, or None while it is open.");
}
