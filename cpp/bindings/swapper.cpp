#include "swapper.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "edgeadapt/swapper.hpp"
#include "lease.hpp"
#include "python_activator.hpp"
#include "python_thread.hpp"
#include "wait_in_turns.hpp"

namespace nb = nanobind;
using namespace nb::literals;
using edgeadapt::Clock;
using edgeadapt::Event;
using edgeadapt::Serving;
using edgeadapt::Swapper;

namespace {

Clock::duration duration_of(double seconds) {
    // A year is for ever here, and more than a clock's type can hold would wrap around.
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::min(seconds, 3.15e7)));
}

// Closes a swapper that its owner forgot, without waiting; leaves one alone that belongs to a parent process.
class PythonSwapper {
public:
    PythonSwapper(nb::handle activation, nb::callable observer, std::size_t max_resident,
                  std::optional<double> load_timeout_s, double gap_timeout_s,
                  const std::optional<std::tuple<std::uint64_t, double, std::uint64_t>>& probation)
        : gap_timeout_s_(gap_timeout_s) {
        // With less, the next one could never be loaded beside the active one.
        if (max_resident < 2) throw nb::value_error("`max_resident` is at least 2: the one that serves and the next");
        if (load_timeout_s && !(*load_timeout_s > 0)) throw nb::value_error("`load_timeout_s` is above 0, or None");
        if (!(gap_timeout_s >= 0)) throw nb::value_error("`gap_timeout_s` is a number of seconds, not negative");
        edgeadapt::SwapperOptions options;
        options.max_resident = max_resident;
        if (load_timeout_s) options.load_timeout = duration_of(*load_timeout_s);
        if (probation) {
            const auto [inferences, seconds, errors] = *probation;
            if (inferences < 1) throw nb::value_error("a probation lasts at least 1 inference");
            if (!(seconds > 0)) throw nb::value_error("a probation lasts more than 0 seconds");
            options.probation = {inferences, duration_of(seconds), errors};
        }
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

    [[nodiscard]] Swapper* operator->() const noexcept { return swapper_.get(); }
    [[nodiscard]] double gap_timeout_s() const noexcept { return gap_timeout_s_; }

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

    const double gap_timeout_s_;
    std::shared_ptr<Swapper> swapper_;
};

// How long one call waits in gaps, counted from its first look. Thread rule: the call's own.
class GapWait {
public:
    GapWait(const PythonSwapper& swapper, std::optional<double> timeout_s) : swapper_(swapper), timeout_s_(timeout_s) {}

    // Called when nothing serves: returns once something does, or throws the NotServing that says why nothing does.
    void pass() {
        if (!until_) {
            const double gap_timeout_s = swapper_.gap_timeout_s();
            until_ = Clock::now() + duration_of(std::min(timeout_s_.value_or(gap_timeout_s), gap_timeout_s));
        }
        Serving found = Serving::nothing;
        wait_in_turns(until_, [&](Clock::time_point until) {
            found = swapper_->await_serving(until);
            return found != Serving::nothing_yet_in_a_gap;
        });
        if (found != Serving::something) swapper_->refuse();
    }

private:
    const PythonSwapper& swapper_;
    const std::optional<double> timeout_s_;
    std::optional<Clock::time_point> until_;
};

// Calls `use` with what serves, under a lease that lasts as long.
template <class Use>
auto on_active(const PythonSwapper& self, Use&& use) {
    for (GapWait wait(self, std::nullopt);; wait.pass()) {
        const edgeadapt::ReadLease lease = self->read();
        if (lease.generation() != nullptr) [[likely]] return use(*lease.generation());
    }
}

nb::object infer(const PythonSwapper& self, nb::handle inputs) {
    return on_active(self, [&](const edgeadapt::Generation& active) { return infer_on(active, inputs); });
}

nb::tuple infer_detailed(const PythonSwapper& self, nb::handle inputs) {
    return on_active(self, [&](const edgeadapt::Generation& active) {
        const nb::object outputs = infer_on(active, inputs);
        return nb::make_tuple(outputs, active.variant, active.number);
    });
}

PythonLease lease(const PythonSwapper& self, std::optional<double> timeout_s) {
    for (GapWait wait(self, timeout_s);; wait.pass()) {
        auto held = std::make_shared<edgeadapt::HeldLease>(self->hold());
        if (held->generation() != nullptr) return PythonLease{std::move(held)};
    }
}

std::optional<std::string> active_variant(const PythonSwapper& self) {
    const edgeadapt::ReadLease lease = self->read();
    if (lease.generation() == nullptr) return std::nullopt;
    return lease.generation()->variant;
}

std::shared_ptr<edgeadapt::CallTimes> active_call_times(const PythonSwapper& self) {
    const edgeadapt::ReadLease lease = self->read();
    return lease.generation() == nullptr ? nullptr : lease.generation()->call_times;
}

std::uint64_t active_number(const PythonSwapper& self) {
    const edgeadapt::ReadLease lease = self->read();
    return lease.generation() == nullptr ? 0 : lease.generation()->number;
}

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

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
    out["preloaded"] = counters.preloaded;
    out["preloads_failed"] = counters.preloads_failed;
    out["gaps"] = counters.gaps;
    out["rolled_back"] = counters.rolled_back;
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
    out["preloading"] = nb::cast(status.preloading);
    out["preloaded"] = nb::cast(status.preloaded);
    out["previous"] = nb::cast(status.previous);
    out["probation"] = nb::none();
    if (status.probation) {
        nb::dict probation;
        probation["variant"] = status.probation->variant;
        probation["inferences"] = status.probation->inferences;
        probation["errors"] = status.probation->errors;
        probation["seconds_left"] = std::max(0.0, seconds(status.probation->left));
        out["probation"] = probation;
    }
    out["in_gap"] = status.is_in_gap;
    out["resident"] = status.resident;
    out["oldest_lease_age_s"] = nb::none();
    if (status.oldest_lease_age) {
        out["oldest_lease_age_s"] = seconds(*status.oldest_lease_age);
    }
    out["closed"] = status.is_closed;
    return out;
}

bool close_within(const PythonSwapper& self, double timeout_s) {
    if (!(timeout_s >= 0)) throw nb::value_error("`timeout_s` is a number of seconds, not negative");
    bool is_over = false;
    without_gil([&] { is_over = self->close(Clock::now() + duration_of(timeout_s)); });
    return is_over;
}

}  // namespace

void bind_swapper(nb::module_& m) {
    nb::register_exception_translator([](const std::exception_ptr& error, void*) {
        try {
            std::rethrow_exception(error);
        } catch (const edgeadapt::NotServing& found) {
            PyErr_SetString(nb::module_::import_("edgeadapt.errors").attr("NotServing").ptr(), found.what());
        } catch (const edgeadapt::NoPrevious& found) {
            PyErr_SetString(PyExc_ValueError, found.what());
        }
    });
    nb::class_<PythonSwapper>(m, "Swapper", nb::is_weak_referenceable(),
                              "One slot that serves, and the threads that load into it and clear up behind it.")
        .def(nb::init<nb::handle, nb::callable, std::size_t, std::optional<double>, double,
                      std::optional<std::tuple<std::uint64_t, double, std::uint64_t>>>(),
             "activation"_a, "observer"_a, "max_resident"_a, "load_timeout_s"_a.none(), "gap_timeout_s"_a,
             "probation"_a.none(),
             nb::sig("def __init__(self, activation: object, observer: collections.abc.Callable[[Event], object], "
                     "max_resident: int, load_timeout_s: float | None, gap_timeout_s: float, "
                     "probation: tuple[int, float, int] | None) -> None"))
        .def("swap_to", [](const PythonSwapper& self, const std::string& variant) { return self->swap_to(variant); },
             "variant"_a, "Ask for a variant; joins the request for the same one, supersedes any other.")
        .def("infer", &infer, "inputs"_a.none(), nb::sig("def infer(self, inputs: object) -> typing.Any"),
             "Run what serves now, and keep it until the answer is there.")
        .def("infer_detailed", &infer_detailed, "inputs"_a.none(),
             nb::sig("def infer_detailed(self, inputs: object) -> tuple[typing.Any, str, int]"),
             "Run what serves now; return its answer, variant and generation.")
        .def("preload", [](const PythonSwapper& self, const std::string& variant) { return self->preload(variant); },
             "variant"_a, "Ask for a variant to be loaded and kept beside what serves.")
        .def("rollback", [](const PythonSwapper& self) { return self->roll_back(); },
             "Ask for what served before; ValueError where nothing did.")
        .def("cancel", [](const PythonSwapper& self) { return self->cancel(); },
             "Cancel the open request; False where none is open.")
        .def("lease", &lease, "timeout_s"_a = nb::none(),
             "Keep what serves now until the lease is released; wait in a gap, no longer than the gap's own time-out.")
        .def_prop_ro("active_variant", &active_variant)
        .def_prop_ro("generation", &active_number)
        .def_prop_ro("call_times", &active_call_times, nb::sig("def call_times(self) -> CallTimes | None"),
                     "How long the inferences on what serves now take; None where nothing does.")
        .def_prop_ro("is_loader_thread", [](const PythonSwapper& self) { return self->is_loader_thread(); })
        .def("counters", &counters, nb::sig("def counters(self) -> dict[str, int]"))
        .def("status", &status, nb::sig("def status(self) -> dict[str, typing.Any]"))
        .def("close", &close_within, "timeout_s"_a, "Stop; True if by the time-out nothing is left but held leases.");
}
