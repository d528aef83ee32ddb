#include "lease.hpp"

#include <nanobind/stl/string.h>

#include <string>

#include "edgeadapt/swapper.hpp"
#include "edgeadapt/trial.hpp"
#include "onnx_session.hpp"
#include "python_activator.hpp"
#include "python_thread.hpp"
#include "wait_in_turns.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

const edgeadapt::Generation& generation_of(const std::shared_ptr<edgeadapt::HeldLease>& lease) {
    if (lease == nullptr) throw edgeadapt::NotServing("this lease has ended; take a new one");
    if (!lease->is_here()) throw edgeadapt::NotServing::after_fork();
    return *lease->generation();
}

const PythonBackend& backend_of(const edgeadapt::Generation& generation) {
    return *static_cast<const PythonBackend*>(generation.payload.get());
}

bool is_a(nb::handle error, const char* name) {
    const nb::object type = nb::module_::import_("edgeadapt.errors").attr(name);
    return PyErr_GivenExceptionMatches(error.ptr(), type.ptr()) != 0;
}

// What the caller got wrong, or wanted itself, says nothing about the variant.
bool is_callers(nb::handle error) {
    return is_a(error, "InputError") || is_a(error, "NotServing") ||
           PyErr_GivenExceptionMatches(error.ptr(), PyExc_Exception) == 0;
}

void blame(const edgeadapt::Generation& generation, nb::handle error) {
    edgeadapt::Trial* trial = generation.trial.get();
    if (trial == nullptr || !trial->is_open()) return;
    // How long is too long was the caller's wish; but what gave no answer has not passed either.
    if (is_a(error, "InferenceTimeout")) return;
    if (is_callers(error)) return trial->passed();
    trial->failed(nb::str(error.type().attr("__name__")).c_str(), share_python(nb::borrow(error).release().ptr()));
}

}  // namespace

namespace {

nb::object run(const PythonBackend& backend, nb::handle inputs) {
    if (backend.native != nullptr) {
        nb::object outputs = infer_native(*backend.native, inputs, std::nullopt);
        if (outputs.is_valid()) return outputs;
    }
    PyObject* arguments[] = {inputs.ptr()};
    PyObject* result = call_python(backend.infer, arguments, 1);
    if (result == nullptr) throw nb::python_error();
    return nb::steal(result);
}

// Calls `answer`; the generation notes how long that took, and its probation, where one lasts, how it went.
template <class Answer>
nb::object observed(const edgeadapt::Generation& generation, Answer&& answer) {
    const edgeadapt::Clock::time_point started = edgeadapt::Clock::now();
    try {
        nb::object outputs = answer();
        if (!outputs.is_valid()) return outputs;
        generation.call_times->add(edgeadapt::Clock::now() - started);
        edgeadapt::Trial* trial = generation.trial.get();
        if (trial != nullptr && trial->is_open()) trial->passed();
        return outputs;
    } catch (const nb::python_error& error) {
        blame(generation, error.value());
        throw;
    }
}

nb::object infer_native_within(const PythonLease& self, nb::handle inputs, double timeout_s) {
    const auto lease = self.lease;
    const edgeadapt::Generation& generation = generation_of(lease);
    const PythonBackend& backend = backend_of(generation);
    nb::object outputs = observed(generation, [&] {
        return backend.native == nullptr ? nb::object() : infer_native(*backend.native, inputs, moment_in(timeout_s));
    });
    return outputs.is_valid() ? outputs : nb::borrow(Py_NotImplemented);
}

}  // namespace

nb::object infer_on(const edgeadapt::Generation& generation, nb::handle inputs) {
    const PythonBackend& backend = backend_of(generation);
    if (backend.before == nullptr) [[likely]] return observed(generation, [&] { return run(backend, inputs); });
    // Not observed: what a host's function makes of one caller's inputs says nothing about the variant.
    PyObject* arguments[] = {inputs.ptr()};
    PyObject* prepared = call_python(backend.before, arguments, 1);
    if (prepared == nullptr) throw nb::python_error();
    const nb::object held = nb::steal(prepared);
    return observed(generation, [&] { return run(backend, held); });
}

namespace {

// An adapted backend takes and gives what its adapter says, where that can tell.
nb::object specs_of(const PythonLease& self, const char* name) {
    const auto lease = self.lease;
    const PythonBackend& payload = backend_of(generation_of(lease));
    if (payload.adapted != nullptr && nb::hasattr(payload.adapted, name)) return nb::handle(payload.adapted).attr(name);
    return nb::getattr(payload.backend, name, nb::tuple());
}

}  // namespace

void bind_lease(nb::module_& m) {
    nb::class_<PythonLease>(m, "Lease",
                            "Keeps one generation serving until it is released: one model for a sequence of inputs.")
        .def_prop_ro("variant", [](const PythonLease& self) { return generation_of(self.lease).variant; })
        .def_prop_ro("generation", [](const PythonLease& self) { return generation_of(self.lease).number; })
        .def_prop_ro(
            "backend",
            [](const PythonLease& self) {
                return nb::borrow(backend_of(generation_of(self.lease)).backend);
            },
            nb::sig("def backend(self) -> typing.Any"),
            "The backend itself; it is unloaded some time after the lease has ended.")
        .def_prop_ro(
            "inputs", [](const PythonLease& self) { return specs_of(self, "inputs"); },
            nb::sig("def inputs(self) -> tuple[typing.Any, ...]"), "What `infer` takes; empty where nobody can tell.")
        .def_prop_ro(
            "outputs", [](const PythonLease& self) { return specs_of(self, "outputs"); },
            nb::sig("def outputs(self) -> tuple[typing.Any, ...]"), "What `infer` gives; empty where nobody can tell.")
        .def_prop_ro("is_held", [](const PythonLease& self) { return self.lease != nullptr; })
        .def(
            "infer",
            [](const PythonLease& self, nb::handle inputs) {
                const auto lease = self.lease;
                return infer_on(generation_of(lease), inputs);
            },
            "inputs"_a.none(), nb::sig("def infer(self, inputs: object) -> typing.Any"), "Run the leased backend.")
        .def("infer_native", &infer_native_within, "inputs"_a.none(), "timeout_s"_a,
             nb::sig("def infer_native(self, inputs: object, timeout_s: float) -> typing.Any"),
             "Run the native session, which ends at the time-out; NotImplemented where there is none, or no plain arrays.")
        .def("release", [](PythonLease& self) { self.lease.reset(); }, "End the lease; once more does nothing.")
        .def("__enter__", [](nb::handle self) { return nb::borrow(self); },
             nb::sig("def __enter__(self) -> typing_extensions.Self"))
        .def(
            "__exit__", [](PythonLease& self, nb::args) { self.lease.reset(); },
            nb::sig("def __exit__(self, *error: object) -> None"));
}
