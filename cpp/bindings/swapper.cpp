#include "swapper.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "edgeadapt/swapper.hpp"
#include "lease.hpp"
#include "python_activator.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using edgeadapt::Clock;
using edgeadapt::Event;
using edgeadapt::Swapper;

namespace {

// Closes a swapper that its owner forgot, without waiting; leaves one alone that belongs to a parent process.
class PythonSwapper {
public:
    PythonSwapper(nb::handle activation, nb::callable observer, std::size_t max_resident) {
        // With less, the next one could never be loaded beside the active one.
        if (max_resident < 2) throw nb::value_error("`max_resident` is at least 2: the one that serves and the next");
        edgeadapt::SwapperOptions options;
        options.max_resident = max_resident;
        swapper_ = Swapper::start(std::make_unique<PythonActivator>(activation),
                                  [observer = share_python(nb::object(observer).release().ptr())](const Event& event) {
                                      with_gil([&] { tell(observer.get(), event); });
                                  },
                                  std::move(options));
    }
    PythonSwapper(const PythonSwapper&) = delete;
    PythonSwapper& operator=(const PythonSwapper&) = delete;
    ~PythonSwapper() {
        if (swapper_->is_here()) {
            swapper_->close(Clock::now());
        } else {
            // Its threads and locks are the parent's: to destroy it could hang, or end the process.
            static_cast<void>(new std::shared_ptr<Swapper>(std::move(swapper_)));
        }
    }

    [[nodiscard]] Swapper& operator*() const noexcept { return *swapper_; }
    [[nodiscard]] Swapper* operator->() const noexcept { return swapper_.get(); }

private:
    static void tell(PyObject* observer, const Event& event) {
        PyObject* argument = nb::cast(event).release().ptr();
        PyObject* arguments[] = {argument};
        PyObject* result = call_python(observer, arguments, 1);
        // The observer reports its own errors; one that still comes through has nobody to go to.
        if (result == nullptr) report_unraisable(observer);
        drop_python(result);
        drop_python(argument);
    }

    std::shared_ptr<Swapper> swapper_;
};

nb::object infer(const PythonSwapper& self, nb::handle inputs) {
    const edgeadapt::ReadLease lease = self->read();
    if (lease.generation() == nullptr) self->refuse();
    return infer_on(*lease.generation(), inputs);
}

nb::tuple infer_detailed(const PythonSwapper& self, nb::handle inputs) {
    const edgeadapt::ReadLease lease = self->read();
    if (lease.generation() == nullptr) self->refuse();
    const nb::object outputs = infer_on(*lease.generation(), inputs);
    return nb::make_tuple(outputs, lease.generation()->variant, lease.generation()->number);
}

std::optional<std::string> active_variant(const PythonSwapper& self) {
    const edgeadapt::ReadLease lease = self->read();
    if (lease.generation() == nullptr) return std::nullopt;
    return lease.generation()->variant;
}

std::uint64_t active_number(const PythonSwapper& self) {
    const edgeadapt::ReadLease lease = self->read();
    return lease.generation() == nullptr ? 0 : lease.generation()->number;
}

nb::dict counters(const PythonSwapper& self) {
    const edgeadapt::Counters counters = self->counters();
    nb::dict out;
    out["attempted"] = counters.attempted;
    out["succeeded"] = counters.succeeded;
    out["failed"] = counters.failed;
    out["superseded"] = counters.superseded;
    out["timed_out"] = counters.timed_out;
    out["cancelled"] = counters.cancelled;
    out["joined"] = counters.joined;
    out["untold"] = counters.untold;
    return out;
}

nb::dict status(const PythonSwapper& self) {
    const edgeadapt::Status status = self->status();
    nb::dict out;
    out["active"] = nb::cast(status.active);
    out["generation"] = status.generation;
    out["requested"] = nb::cast(status.requested);
    out["stage"] = nb::cast(name(status.stage));
    out["waiting_for_room"] = status.is_waiting_for_room;
    out["resident"] = status.resident;
    out["oldest_lease_age_s"] = nb::none();
    if (status.oldest_lease_age) {
        out["oldest_lease_age_s"] = std::chrono::duration<double>(*status.oldest_lease_age).count();
    }
    out["closed"] = status.is_closed;
    return out;
}

bool close_within(const PythonSwapper& self, double timeout_s) {
    if (!(timeout_s >= 0)) throw nb::value_error("`timeout_s` is a number of seconds, not negative");
    // A day is for ever here, and more than a clock's type can hold would wrap around.
    const std::chrono::duration<double> wait(std::min(timeout_s, 86400.0));
    bool is_over = false;
    without_gil([&] { is_over = self->close(Clock::now() + std::chrono::duration_cast<Clock::duration>(wait)); });
    return is_over;
}

}  // namespace

void bind_swapper(nb::module_& m) {
    nb::register_exception_translator([](const std::exception_ptr& error, void*) {
        try {
            std::rethrow_exception(error);
        } catch (const edgeadapt::NotServing& found) {
            PyErr_SetString(nb::module_::import_("edgeadapt.errors").attr("NotServing").ptr(), found.what());
        }
    });
    nb::class_<PythonSwapper>(m, "Swapper", nb::is_weak_referenceable(),
                              "One slot that serves, and the threads that load into it and clear up behind it.")
        .def(nb::init<nb::handle, nb::callable, std::size_t>(), "activation"_a, "observer"_a, "max_resident"_a,
             nb::sig("def __init__(self, activation: object, observer: collections.abc.Callable[[Event], object], "
                     "max_resident: int) -> None"))
        .def("swap_to", [](const PythonSwapper& self, const std::string& variant) { return self->swap_to(variant); },
             "variant"_a, "Ask for a variant; joins the request for the same one, supersedes any other.")
        .def("infer", &infer, "inputs"_a.none(), nb::sig("def infer(self, inputs: object) -> typing.Any"),
             "Run what serves now, and keep it until the answer is there.")
        .def("infer_detailed", &infer_detailed, "inputs"_a.none(),
             nb::sig("def infer_detailed(self, inputs: object) -> tuple[typing.Any, str, int]"),
             "Run what serves now; return its answer, variant and generation.")
        .def("lease", [](const PythonSwapper& self) {
            return PythonLease{std::make_shared<edgeadapt::HeldLease>(self->hold())};
        }, "Keep what serves now until the lease is released.")
        .def_prop_ro("active_variant", &active_variant)
        .def_prop_ro("generation", &active_number)
        .def_prop_ro("is_loader_thread", [](const PythonSwapper& self) { return self->is_loader_thread(); })
        .def("counters", &counters, nb::sig("def counters(self) -> dict[str, int]"))
        .def("status", &status, nb::sig("def status(self) -> dict[str, typing.Any]"))
        .def("close", &close_within, "timeout_s"_a, "Stop; True if by the time-out nothing is left but held leases.");
}
