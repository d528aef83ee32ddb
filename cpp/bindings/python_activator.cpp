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

// An error's text as one line; needs the GIL.
std::string words_of(PyObject* error) {
    PyObject* told = guarded([error]() -> PyObject* {
        PyObject* wording = PyImport_ImportModule("edgeadapt.wording");
        if (wording == nullptr) return nullptr;
        PyObject* words = PyObject_CallMethod(wording, "in_words", "O", error);
        Py_DECREF(wording);
        return words;
    });
    const char* text = told == nullptr ? nullptr : PyUnicode_AsUTF8(told);
    std::string words = text == nullptr ? "" : text;
    drop_python(told);
    // An error that does not tell its text is an error all the same.
    PyErr_Clear();
    return words.empty() ? Py_TYPE(error)->tp_name : words;
}

[[noreturn]] void throw_failure(std::shared_ptr<PyObject> error) {
    std::string reason;
    if (error != nullptr) with_gil([&] { reason = words_of(error.get()); });
    if (reason.empty()) throw edgeadapt::ActivationFailure("the Python interpreter is shutting down", std::move(error));
    throw edgeadapt::ActivationFailure(reason, std::move(error));
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
        drop_python(payload->before);
        drop_python(payload->adapted);
        drop_python(payload->backend);
    });
    delete payload;
}

std::shared_ptr<PyObject> attribute(nb::handle object, const char* name) {
    return share_python(nb::object(object.attr(name)).release().ptr());
}

PyObject* text(const std::string& value) {
    return PyUnicode_DecodeUTF8(value.data(), static_cast<Py_ssize_t>(value.size()), nullptr);
}

// A new reference to an attribute; null, with no error set, where there is none or None. Needs the GIL.
PyObject* found(PyObject* object, const char* name) {
    PyObject* value = guarded([=] { return PyObject_GetAttrString(object, name); });
    if (value == nullptr) PyErr_Clear();
    if (value != Py_None) return value;
    drop_python(value);
    return nullptr;
}

// Takes apart what a check returns; needs the GIL.
void read_checked(PyObject* result, PythonBackend& made, bool& needs_gap) {
    if (PyTuple_Check(result) == 0 || PyTuple_GET_SIZE(result) != 2) {
        PyErr_SetString(PyExc_TypeError, "a check returns a backend and whether it needs a gap");
        return;
    }
    PyObject* backend = PyTuple_GET_ITEM(result, 0);
    Py_INCREF(backend);
    made.backend = backend;
    needs_gap = PyTuple_GET_ITEM(result, 1) == Py_True;
    // Looked up here and now: an attribute that raises is a failed check, not a failed inference.
    made.infer = guarded([=] { return PyObject_GetAttrString(backend, "infer"); });
}

}  // namespace

PythonActivator::PythonActivator(nb::handle activation)
    : check_(attribute(activation, "check")),
      load_(attribute(activation, "load")),
      warm_(attribute(activation, "warm")),
      validate_(attribute(activation, "validate")),
      unload_(attribute(activation, "unload")),
      end_(attribute(activation, "end")),
      cancel_(attribute(activation, "cancel")) {}

edgeadapt::Checked PythonActivator::check(std::uint64_t load, const std::string& variant,
                                          const std::optional<std::string>& active) {
    auto* made = new PythonBackend{};
    made->unload = unload_;
    edgeadapt::Checked checked{edgeadapt::Payload(made, &destroy), false};
    std::shared_ptr<PyObject> error;
    with_gil([&] {
        PyObject* name = text(variant);
        PyObject* other = active ? text(*active) : Py_NewRef(Py_None);
        PyObject* arguments[] = {name, other};
        PyObject* result = name != nullptr && other != nullptr ? call_python(check_.get(), arguments, 2) : nullptr;
        if (result != nullptr) read_checked(result, *made, checked.needs_gap);
        if (made->infer == nullptr) error = take_error();
        drop_python(result);
        Py_XDECREF(other);
        Py_XDECREF(name);
        load_number_ = load;
        loading_ = Py_XNewRef(made->backend);
    });
    if (made->infer == nullptr) throw_failure(std::move(error));
    return checked;
}

PyObject* PythonActivator::call_stage(const std::shared_ptr<PyObject>& stage, const std::string& variant,
                                      const PythonBackend& payload) const {
    PyObject* result = nullptr;
    std::shared_ptr<PyObject> error;
    with_gil([&] {
        PyObject* name = text(variant);
        PyObject* arguments[] = {name, payload.backend};
        if (name != nullptr) result = call_python(stage.get(), arguments, 2);
        if (result == nullptr) error = take_error();
        Py_XDECREF(name);
    });
    if (result == nullptr) throw_failure(std::move(error));
    return result;
}

void PythonActivator::load(const std::string& variant, void* object) {
    PyObject* result = call_stage(load_, variant, *static_cast<PythonBackend*>(object));
    with_gil([=] { drop_python(result); });
}

void PythonActivator::warm(const std::string& variant, void* object) {
    PyObject* result = call_stage(warm_, variant, *static_cast<PythonBackend*>(object));
    with_gil([=] { drop_python(result); });
}

void PythonActivator::validate(const std::string& variant, void* object) {
    auto* payload = static_cast<PythonBackend*>(object);
    PyObject* result = call_stage(validate_, variant, *payload);
    with_gil([=] {
        if (result == Py_None) {
            drop_python(result);
            payload->native = native_session_of(payload->backend);
        } else {
            drop_python(payload->infer);
            payload->adapted = result;
            payload->before = found(result, "before");
            PyObject* rest = payload->before == nullptr ? nullptr : found(result, "infer");
            payload->infer = rest == nullptr ? Py_NewRef(result) : rest;
        }
    });
}

void PythonActivator::end(const std::string& variant) noexcept {
    with_gil([&] {
        drop_python(std::exchange(loading_, nullptr));
        PyObject* name = text(variant);
        PyObject* arguments[] = {name};
        PyObject* result = name != nullptr ? call_python(end_.get(), arguments, 1) : nullptr;
        if (result == nullptr) report_unraisable(end_.get());
        drop_python(result);
        Py_XDECREF(name);
    });
}

void PythonActivator::cancel(std::uint64_t load) noexcept {
    with_gil([&] {
        if (loading_ == nullptr || load_number_ != load) return;
        PyObject* arguments[] = {Py_NewRef(loading_)};
        PyObject* result = call_python(cancel_.get(), arguments, 1);
        if (result == nullptr) report_unraisable(cancel_.get());
        drop_python(result);
        drop_python(arguments[0]);
    });
}
