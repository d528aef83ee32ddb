#include "python_activator.hpp"

#include <utility>

#include "onnx_session.hpp"
#include "python_thread.hpp"

namespace nb = nanobind;

namespace {

// Takes Python's current error; needs the GIL and an error set.
std::shared_ptr<PyObject> take_error() {
#if PY_VERSION_HEX >= 0x030C0000
    return share_python(PyErr_GetRaisedException());
#else
    PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    if (trace != nullptr) PyException_SetTraceback(value, trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
    return share_python(value);
#endif
}

[[noreturn]] void throw_failure(std::shared_ptr<PyObject> error) {
    if (error == nullptr) throw edgeadapt::ActivationFailure("the Python interpreter is shutting down");
    throw edgeadapt::ActivationFailure("the backend raised an error", std::move(error));
}

void destroy(void* object) noexcept {
    auto* payload = static_cast<PythonBackend*>(object);
    if (payload->backend != nullptr) with_gil([payload] {
        PyObject* arguments[] = {payload->backend};
        PyObject* result = call_python(payload->unload.get(), arguments, 1);
        // `unload` reports its own errors; one that still comes through has nobody to go to.
        if (result == nullptr) report_unraisable(payload->unload.get());
        drop_python(result);
        drop_python(payload->infer);
        drop_python(payload->backend);
    });
    delete payload;
}

}  // namespace

PythonActivator::PythonActivator(nb::handle activation)
    : check_(share_python(nb::object(activation.attr("check")).release().ptr())),
      load_(share_python(nb::object(activation.attr("load")).release().ptr())),
      unload_(share_python(nb::object(activation.attr("unload")).release().ptr())) {}

edgeadapt::Payload PythonActivator::check(const std::string& variant) {
    auto* made = new PythonBackend{nullptr, nullptr, unload_, nullptr};
    edgeadapt::Payload payload(made, &destroy);
    std::shared_ptr<PyObject> error;
    with_gil([&] {
        PyObject* name = PyUnicode_FromStringAndSize(variant.data(), static_cast<Py_ssize_t>(variant.size()));
        PyObject* arguments[] = {name};
        if (name != nullptr) made->backend = call_python(check_.get(), arguments, 1);
        Py_XDECREF(name);
        // Looked up here and now: an attribute that raises is a failed check, not a failed inference.
        if (made->backend != nullptr) {
            made->infer = guarded([=] { return PyObject_GetAttrString(made->backend, "infer"); });
        }
        if (made->infer == nullptr) error = take_error();
    });
    if (made->infer == nullptr) throw_failure(std::move(error));
    return payload;
}

void PythonActivator::load(const std::string& variant, void* object) {
    auto* payload = static_cast<PythonBackend*>(object);
    bool is_loaded = false;
    std::shared_ptr<PyObject> error;
    with_gil([&] {
        PyObject* name = PyUnicode_FromStringAndSize(variant.data(), static_cast<Py_ssize_t>(variant.size()));
        PyObject* arguments[] = {name, payload->backend};
        PyObject* result = name != nullptr ? call_python(load_.get(), arguments, 2) : nullptr;
        is_loaded = result != nullptr;
        if (!is_loaded) error = take_error();
        if (is_loaded) payload->native = native_session_of(payload->backend);
        drop_python(result);
        Py_XDECREF(name);
    });
    if (!is_loaded) throw_failure(std::move(error));
}
