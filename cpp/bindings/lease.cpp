#include "lease.hpp"

#include <nanobind/stl/string.h>

#include <string>

#include "edgeadapt/swapper.hpp"
#include "onnx_session.hpp"
#include "python_activator.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

const edgeadapt::Generation& generation_of(const std::shared_ptr<edgeadapt::HeldLease>& lease) {
    if (lease == nullptr) throw edgeadapt::NotServing("this lease has ended; take a new one");
    if (!lease->is_here()) throw edgeadapt::NotServing::after_fork();
    return *lease->generation();
}

}  // namespace

nb::object infer_on(const edgeadapt::Generation& generation, nb::handle inputs) {
    const auto* payload = static_cast<const PythonBackend*>(generation.payload.get());
    if (payload->native != nullptr) {
        nb::object outputs = infer_native(*payload->native, inputs, std::nullopt);
        if (outputs.is_valid()) return outputs;
    }
    PyObject* arguments[] = {inputs.ptr()};
    PyObject* result = call_python(payload->infer, arguments, 1);
    if (result == nullptr) throw nb::python_error();
    return nb::steal(result);
}

void bind_lease(nb::module_& m) {
    nb::class_<PythonLease>(m, "Lease",
                            "Keeps one generation serving until it is released: one model for a sequence of inputs.")
        .def_prop_ro("variant", [](const PythonLease& self) { return generation_of(self.lease).variant; })
        .def_prop_ro("generation", [](const PythonLease& self) { return generation_of(self.lease).number; })
        .def_prop_ro(
            "backend",
            [](const PythonLease& self) {
                return nb::borrow(static_cast<PythonBackend*>(generation_of(self.lease).payload.get())->backend);
            },
            nb::sig("def backend(self) -> typing.Any"),
            "The backend itself; it is unloaded some time after the lease has ended.")
        .def_prop_ro("is_held", [](const PythonLease& self) { return self.lease != nullptr; })
        .def(
            "infer",
            [](const PythonLease& self, nb::handle inputs) {
                const auto lease = self.lease;
                return infer_on(generation_of(lease), inputs);
            },
            "inputs"_a.none(), nb::sig("def infer(self, inputs: object) -> typing.Any"), "Run the leased backend.")
        .def("release", [](PythonLease& self) { self.lease.reset(); }, "End the lease; once more does nothing.")
        .def("__enter__", [](nb::handle self) { return nb::borrow(self); },
             nb::sig("def __enter__(self) -> typing_extensions.Self"))
        .def(
            "__exit__", [](PythonLease& self, nb::args) { self.lease.reset(); },
            nb::sig("def __exit__(self, *error: object) -> None"));
}
